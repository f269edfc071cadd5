"""What a command would have the customer read, held against the wording of the policy.

Only fields marked ``public`` are looked at, so an internal note is never checked. All texts of a command are read one after the
other, as the customer will read them, in one pass for all rules of wording; each finding is told with its field and its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import attrs
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
from recovery.core.wording import Sign, TextKind, WordingFinding

__all__ = ["Passage", "ill_worded", "kind_of_text", "lacking", "names_a_date", "passages", "prose"]

APART = "\n\n"
"""What stands between two texts: no sentence goes on from one to the next."""


@frozen
class Passage:
    """One text of a command: the path of its field, and its words."""

    field: str
    text: str


def passages(command: Command) -> tuple[Passage, ...]:
    """Return every text of ``command`` that the customer will read, in the order they read it."""
    return tuple(_texts(command, ""))


def _texts(value: object, path: str) -> Iterator[Passage]:
    for name in public_fields(type(value)):
        held: object = getattr(value, name)
        inside = f"{path}{name}"
        if isinstance(held, str):
            if held.strip():
                yield Passage(inside, held)
        elif isinstance(held, tuple):
            for number, member in enumerate(cast("tuple[object, ...]", held)):
                if attrs.has(type(member)):
                    yield from _texts(member, f"{inside}.{number}.")
        elif attrs.has(type(held)):
            yield from _texts(held, f"{inside}.")


def prose(command: Command) -> str:
    """Return all that the customer will read of ``command``, one text after the other."""
    return APART.join(passage.text for passage in passages(command))


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


def names_a_date(command: Command) -> bool:
    """Whether a date that the customer will read is declared in ``command``: of the next word, of a delivery, of an option."""
    return any(isinstance(value, DateTime) for value in _read_by_the_customer(command))


def _read_by_the_customer(value: object) -> Iterator[object]:
    for name in public_fields(type(value)):
        held: object = getattr(value, name)
        for one in cast("tuple[object, ...]", held) if isinstance(held, tuple) else (held,):
            yield one
            if attrs.has(type(one)):
                yield from _read_by_the_customer(one)


def ill_worded(rule_id: str, case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Yield a problem for each phrase in the words of ``command`` that ``rule_id`` does not allow."""
    for finding in _findings(case, command, moment):
        if finding.rule == rule_id:
            yield _problem(finding, passages(command))


def _findings(case: Case, command: Command, moment: Moment) -> tuple[WordingFinding, ...]:
    """Look once for all rules: a decision remembers what it has looked up."""
    found = moment.memo.get(id(command))
    if found is None:
        told, language, dated = prose(command), language_of(case), names_a_date(command)
        found = moment.terms.wording.check(told, kind_of_text(command), language=language, next_step=dated) if told else ()
        moment.memo[id(command)] = found
    return found


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
    return moment.terms.wording.lacks(prose(command), *wanted, language=language_of(case))
