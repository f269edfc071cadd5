"""Cases of the same customer: which of them came earlier, and which are likely the same problem told twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence

from attrs import field, frozen

from recovery.core.case import Case
from recovery.core.vocabulary.closing import CloseReason
from recovery.core.vocabulary.known import Earlier, Twin

__all__ = ["LIKELY", "CaseWords", "Likeness", "as_earlier", "earlier_cases", "likely_twins", "normal_words", "same_words"]

Likeness = Callable[[str, str], float]
"""How alike two texts are: 0 for nothing in common, 1 for the same words."""

LIKELY = 0.85
"""From which likeness on two texts of one customer are suggested as the same problem."""

_WORD = re.compile(r"\w+")
_NO_FAILURE = frozenset({CloseReason.DUPLICATE, CloseReason.NOT_A_CASE, CloseReason.NOT_AFFECTED})


def as_earlier(case: Case) -> Earlier:
    """Return ``case`` as a later case of the same customer remembers it."""
    return Earlier(
        case_id=case.id,
        reference=case.reference,
        stage=case.stage,
        opened_at=case.opened_at,
        category=case.receiving.category,
        outcome=_outcome(case),
        reopened=case.closing.reopened,
    )


def _outcome(case: Case) -> str | None:
    if case.closing.reason is not None:
        return case.closing.reason.value
    resolution = case.resolving.resolution
    return None if resolution is None else resolution.value


def counts(case: Case) -> bool:
    """Whether its customer was let down in ``case``: not in one that lives on in another, nor where nothing was wrong."""
    return case.closing.reason not in _NO_FAILURE and not case.in_tray and case.losing.lost_case is None


def earlier_cases(found: Iterable[Case], before: Case | None = None) -> tuple[Earlier, ...]:
    """Return those of ``found`` that were opened before the case ``before``, or all where there is none yet; the oldest first."""
    limit = None if before is None else (before.opened_at, before.id)
    kept = {case.id: case for case in found if counts(case) and (limit is None or (case.opened_at, case.id) < limit)}
    return tuple(as_earlier(case) for case in sorted(kept.values(), key=lambda case: (case.opened_at, case.id)))


# ---------------------------------------------------------------- likely twins


@frozen(kw_only=True)
class CaseWords:
    """A case and what its customer has written on it, message by message."""

    case: Case
    words: tuple[str, ...] = field(default=(), repr=False)


def normal_words(text: str) -> str:
    """Return the words of ``text`` alone: without case, accents written apart, punctuation and white space."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def same_words(one: str, other: str) -> float:
    """Return 1 where two texts have the same words in the same order, else 0."""
    words = normal_words(one)
    return float(bool(words) and words == normal_words(other))


def likely_twins(
    words: Sequence[str], others: Iterable[CaseWords], *, likeness: Likeness = same_words, at_least: float = LIKELY
) -> tuple[Twin, ...]:
    """Return those of ``others`` in which the customer wrote much the same as ``words``, the most alike first.

    ``others`` are cases of the same customer; what lives on in another case, spam and the tray are left out. Nothing is merged: a
    person decides, with :class:`~recovery.Close` and the id of the case that lives on. ``likeness`` compares two texts, by default
    word for word. Raises ``ValueError`` where ``at_least`` lies outside 0 to 1.
    """
    if not 0 <= at_least <= 1:
        raise ValueError(f"at_least is {at_least}, not between 0 and 1")
    found: list[Twin] = []
    for other in others:
        best = max((likeness(one, two) for one in words for two in other.words), default=0.0)
        if best >= at_least and best > 0 and counts(other.case):
            found.append(Twin(case_id=other.case.id, reference=other.case.reference, likeness=round(100 * best)))
    return tuple(sorted(found, key=lambda twin: (-twin.likeness, twin.case_id)))
