"""Suggesting remedies from the first facts on: by guideline, and by what similar cases got and how those ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import attrs
from attrs import field, frozen

from recovery.core.case import Case
from recovery.core.guideline import Guideline, Remedy, guideline_for
from recovery.core.money import Money
from recovery.core.policy import Policy
from recovery.core.precedent import Precedent, nearest_rank, similar_to
from recovery.core.values import instant
from recovery.core.vocabulary.proposing import Option

__all__ = ["Suggestion", "suggest"]


@frozen(kw_only=True)
class Suggestion:
    """A remedy that may be offered, with every reason, for a person to judge. ``option`` is ready to be proposed.

    Its ``value`` is the middle of what similar cases got, inside the ceiling; empty while none did. ``goodwill`` is the most that
    may be given beyond what is owed. ``taken`` counts similar cases that took this remedy, ``at_once`` those that did so without
    declining first, ``solved`` and ``unsolved`` those whose customer has said so. ``cases`` are their references.
    """

    option: Option
    reasons: tuple[str, ...]
    needs_exception: bool = False
    goodwill: Money | None = None
    taken: int = 0
    at_once: int = 0
    solved: int = 0
    unsolved: int = 0
    cases: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """How often it ended well, from 0 to 1: accepted at once and solved, each counted with one success and one failure more.

        (Laplace's rule of succession, so that one lucky case does not outrank twenty good ones.)
        """
        good, tried = self.at_once + self.solved, self.taken + self.solved + self.unsolved
        return (good + 1) / (tried + 2)


@frozen(kw_only=True)
class _Ground:
    case: Case
    guideline: Guideline | None
    now: datetime
    policy: Policy
    similar: tuple[Precedent, ...] = field(default=())


def suggest(case: Case, policy: Policy, precedents: Iterable[Precedent] = (), *, now: datetime) -> tuple[Suggestion, ...]:
    """Return what may be offered on ``case``, best first: the guideline's remedies, then what only an exception allows.

    What the customer wishes comes before what they do not, what they have declined last; among equals the better ended, then the
    guideline's own order. ``precedents`` of another kind, severity or year are left out. A contact in the tray gets none.
    """
    if case.in_tray:
        return ()
    at = instant(now)
    wanted = similar_to(case, at)
    similar = tuple(precedent for precedent in precedents if wanted.fits(precedent))
    ground = _Ground(case=case, guideline=guideline_for(case, policy.guidelines), now=at, policy=policy, similar=similar)
    found = [_suggestion(name, ground) for name in _remedies(ground)]
    return tuple(sorted(found, key=lambda one: _rank(one, case)))


def _remedies(ground: _Ground) -> Iterator[str]:
    known = () if ground.guideline is None else tuple(remedy.id for remedy in ground.guideline.remedies)
    yield from dict.fromkeys((*known, *(precedent.remedy for precedent in ground.similar)))


def _rank(one: Suggestion, case: Case) -> tuple[bool, bool, bool, float]:
    name = one.option.named
    return name in case.proposing.declined, one.needs_exception, name not in _wished(case), -one.score


def _wished(case: Case) -> frozenset[str]:
    return frozenset(wish.remedy for wish in case.proposing.sought if wish.remedy is not None)


def _suggestion(name: str, ground: _Ground) -> Suggestion:
    guideline = ground.guideline
    remedy = None if guideline is None else guideline.remedy(name)
    took = [precedent for precedent in ground.similar if precedent.remedy == name]
    made = Suggestion(
        option=_option(name, remedy, took, ground),
        reasons=(),
        needs_exception=guideline is not None and remedy is None,
        goodwill=None if guideline is None else guideline.goodwill,
        taken=len(took),
        at_once=sum(precedent.at_once for precedent in took),
        solved=sum(precedent.solved is True for precedent in took),
        unsolved=sum(precedent.solved is False for precedent in took),
        cases=tuple(precedent.reference for precedent in sorted(took, key=lambda one: (one.at, one.case_id))),
    )
    return attrs.evolve(made, reasons=tuple(_reasons(made, remedy, ground)))


def _option(name: str, remedy: Remedy | None, took: Sequence[Precedent], ground: _Ground) -> Option:
    if remedy is None:
        return Option(id=name, text=name, value=_middle(took, None))
    calendar = ground.policy.calendar
    by = None if remedy.takes is None else calendar.next_opening(remedy.takes.after(instant(ground.now), calendar))
    return Option(id=name, text=remedy.text, delivers=remedy.delivers, by=by, value=_middle(took, remedy.ceiling))


def _middle(took: Sequence[Precedent], ceiling: Money | None) -> Money | None:
    """Return the middle of what was given, in the ceiling's currency (else the latest one), and never above the ceiling."""
    worth = [precedent.worth for precedent in took if precedent.worth is not None]
    if not worth:
        return None
    currency = worth[-1].currency if ceiling is None else ceiling.currency
    amounts = [money.amount for money in worth if money.currency == currency]
    if not amounts:
        return None
    middle = Money(amount=nearest_rank(amounts, 50), currency=currency)
    return ceiling if ceiling is not None and middle.above(ceiling) else middle


def _reasons(made: Suggestion, remedy: Remedy | None, ground: _Ground) -> Iterator[str]:
    name = made.option.named
    if name in _wished(ground.case):
        yield "it is what the customer wishes"
    if name in ground.case.proposing.declined:
        yield "the customer has declined it before"
    if ground.guideline is not None and remedy is not None:
        limit = "" if remedy.ceiling is None else f", up to {remedy.ceiling}"
        yield f"the guideline {ground.guideline.id} has it{limit}"
    elif ground.guideline is not None:
        yield f"the guideline {ground.guideline.id} does not have it: ask for an exception (RequestException)"
    else:
        yield "there is no guideline for this kind of problem"
    if made.taken:
        yield f"{made.taken} similar case{' took' if made.taken == 1 else 's took'} it, {made.at_once} of them at once"
    if made.solved or made.unsolved:
        yield f"{made.solved} of {made.solved + made.unsolved} said afterwards that it was solved"
