"""What a command would have the customer read, held against the wording of the policy.

Only fields marked ``public`` are looked at, so an internal note is never checked. All texts of a command are read one after the
other, as the customer will read them, in one pass for all rules of wording; each finding is told with its field and its place.
"""

from __future__ import annotations

from typing import cast

from attrs import frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.rule import Moment, Problem
from recovery.core.values import public_fields
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Command
from recovery.core.vocabulary.proposing import Propose
from recovery.core.vocabulary.resolving import Resolution, Resolve
from recovery.core.wording import Reading, Sign, TextKind, Wording, WordingFinding

__all__ = ["Passage", "Words", "ill_worded", "kind_of_text", "lacking", "passages", "words_of"]

APART = "\n\n"
"""What stands between two texts: no sentence goes on from one to the next."""


@frozen
class Passage:
    """One text of a command: the path of its field, and its words."""

    field: str
    text: str


class Words:
    """All that a command would have the customer read, gathered once: its texts, and whether a date is declared in it.

    ``dated`` says that the customer reads a date: of the next word, of a delivery, of an option.
    """

    def __init__(self, command: Command) -> None:
        self.dated = False
        found: list[Passage] = []
        self._gather(command, "", found)
        self.passages = tuple(found)
        self.prose = APART.join([passage.text for passage in found])

    def _gather(self, value: object, path: str, found: list[Passage]) -> None:
        for name in public_fields(type(value)):
            held: object = getattr(value, name)
            if isinstance(held, str):
                if held.strip():
                    found.append(Passage(path + name, held))
            elif isinstance(held, DateTime):
                self.dated = True
            elif isinstance(held, tuple):
                for number, member in enumerate(cast("tuple[object, ...]", held)):
                    self.dated = self.dated or isinstance(member, DateTime)
                    self._gather(member, f"{path}{name}.{number}.", found)
            elif held is not None:
                self._gather(held, f"{path}{name}.", found)


def passages(command: Command) -> tuple[Passage, ...]:
    """Return every text of ``command`` that the customer will read, in the order they read it."""
    return Words(command).passages


class _Judged:
    """The words of one command as one decision has looked them up, so that all rules of wording look at them once."""

    __slots__ = ("findings", "reading", "words")

    def __init__(self, case: Case, command: Command, wording: Wording) -> None:
        self.words = words = Words(command)
        self.reading: Reading = wording.read(words.prose, language_of(case))
        self.findings = self.reading.findings(kind_of_text(command), next_step=words.dated) if words.prose else ()


def _judged(case: Case, command: Command, moment: Moment) -> _Judged:
    found = moment.memo.get(id(command))
    if found is None:
        found = moment.memo[id(command)] = _Judged(case, command, moment.terms.wording)
    return cast(_Judged, found)


def words_of(case: Case, command: Command, moment: Moment) -> Words:
    """Return what ``command`` would have the customer read."""
    return _judged(case, command, moment).words


def kind_of_text(command: Command) -> TextKind:
    """Return what the words of ``command`` are for."""
    match command:
        case Acknowledge():
            return TextKind.ACKNOWLEDGEMENT
        case Propose():
            return TextKind.PROPOSAL
        case Resolve(outcome=Resolution.NOT_AGREED):
            return TextKind.FINAL_NO
        case _:
            return TextKind.MESSAGE


def language_of(case: Case) -> str | None:
    """Return the language the customer reads, where it is known."""
    return case.receiving.customer.language


def ill_worded(rule_id: str, case: Case, command: Command, moment: Moment) -> list[Problem]:
    """Return a problem for each phrase in the words of ``command`` that ``rule_id`` does not allow."""
    judged = _judged(case, command, moment)
    passages = judged.words.passages
    return [_problem(finding, passages) for finding in judged.findings if finding.rule == rule_id]


def _place(finding: WordingFinding, texts: tuple[Passage, ...]) -> tuple[Passage, int, int]:
    """Return in which of the texts a finding lies, and from where to where there."""
    offset = 0
    for passage in texts[:-1]:
        after = offset + len(passage.text) + len(APART)
        if finding.start < after:
            return passage, finding.start - offset, finding.end - offset
        offset = after
    return texts[-1], finding.start - offset, finding.end - offset


def _problem(finding: WordingFinding, texts: tuple[Passage, ...]) -> Problem:
    passage, start, end = _place(finding, texts)
    return Problem(
        f"{finding.reason} (characters {start + 1} to {end})",
        field=passage.field,
        hint=finding.better,
        params={"phrase": finding.id, "start": start, "end": end, "source": finding.source},
        strength=Strength.SHOULD if finding.strength is Strength.SHOULD else None,
    )


def lacking(case: Case, command: Command, moment: Moment, *wanted: Sign) -> frozenset[Sign]:
    """Return which of the wanted signs the words of ``command`` lack; none where nobody has said how they look in the language."""
    return _judged(case, command, moment).reading.lacks(*wanted)
