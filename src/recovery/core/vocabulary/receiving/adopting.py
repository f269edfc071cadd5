"""Adopting: a running ticket of another system becomes a case at its true stage, on that system's word and no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.stages import Stage
from recovery.core.values import (
    Value,
    checked,
    either,
    every,
    instant,
    is_id,
    is_instant,
    is_some_text,
    is_text,
    maybe,
    maybe_instant,
)
from recovery.core.vocabulary.common import MACHINE, Command, Event, Mark
from recovery.core.vocabulary.receiving.commands import OpenCase
from recovery.core.vocabulary.receiving.values import Contact

__all__ = ["ANOTHER_SYSTEM", "ASKED", "BEGINNINGS", "AdoptCase", "CaseAdopted", "Reached", "Ticket"]

ANOTHER_SYSTEM = "another system"
ASKED = "1"
"""The id of the question that an adopted case waits for: the number of its first event."""


@frozen(kw_only=True)
class Reached(Value):
    """When the other system says that a ticket came to a stage."""

    stage: Stage = field(metadata=checked(either(Stage)))
    at: DateTime = field(converter=instant, metadata=checked(is_instant))


def reached_when(given: Mapping[Stage, datetime] | Iterable[Reached]) -> tuple[Reached, ...]:
    """Return the dates of stages as a tuple, also where they come as a mapping; what is neither is left for the field's check."""
    if isinstance(given, Mapping):
        told = cast("Mapping[Stage, datetime]", given)
        return tuple(Reached(stage=stage, at=at) for stage, at in told.items())
    return tuple(given) if isinstance(given, (list, tuple)) else cast("tuple[Reached, ...]", given)


def is_claims(value: object) -> tuple[str, str] | None:
    """Hold for pairs of texts."""
    pairs = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
    for pair in pairs:
        both = cast("tuple[object, ...]", pair) if isinstance(pair, tuple) else ()
        if len(both) != 2 or not all(isinstance(text, str) for text in both):
            return "is not a tuple of pairs of texts", "Give (('priority', '3'), ...)."
    return None


@frozen(kw_only=True)
class Ticket(Value):
    """A ticket of another system, as that system tells it. Nothing in it is confirmed.

    ``number`` is its identity: a ticket is adopted once. ``contact`` is the first message, ``contact.received_at`` the true
    receipt. ``stage`` is where it stands, ``reached`` when it came to that stage and to earlier ones, as far as known.
    ``asked_at`` says that the customer has been asked something (``question``) and has not answered. ``offer`` is what has been
    proposed. ``owner`` is the id of a person of ours. ``claims`` are any other texts of the old system, kept word for word. All
    instants are aware.
    """

    number: str = field(metadata=checked(is_id))
    contact: Contact = field(metadata=checked(either(Contact)))
    stage: Stage = field(metadata=checked(either(Stage)))
    reached: tuple[Reached, ...] = field(default=(), converter=reached_when, metadata=checked(every(either(Reached))))
    asked_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))
    question: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    offer: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    owner: str | None = field(default=None, metadata=checked(maybe(is_id)))
    claims: tuple[tuple[str, str], ...] = field(default=(), repr=False, metadata=checked(is_claims, personal=True))
    system: str = field(default=ANOTHER_SYSTEM, metadata=checked(is_some_text))

    def when(self, stage: Stage) -> DateTime | None:
        """Return when the ticket came to ``stage``, the last time if several are told, or ``None`` where nobody says."""
        return max((told.at for told in self.reached if told.stage is stage), default=None)


@frozen(kw_only=True)
class AdoptCase(Command):
    """Take over a running ticket of another system, silently. The desk makes ``case_id`` and ``reference``.

    ``turn`` is its place in the row of tickets that are adopted together, from 0: their clocks begin a few at a time.
    """

    by: str = field(default=MACHINE, metadata=checked(is_id))
    case_id: str = field(metadata=checked(is_id))
    reference: str = field(metadata=checked(is_id))
    ticket: Ticket = field(metadata=checked(either(Ticket)))
    turn: int = field(default=0, metadata=checked(either(int)))


BEGINNINGS: tuple[type[Command], ...] = (OpenCase, AdoptCase)
"""What a case begins with."""

MARKS: Mapping[Stage, tuple[str, ...]] = {
    Stage.RECEIVED: ("received",),
    Stage.ACKNOWLEDGED: ("acknowledged",),
    Stage.INVESTIGATING: ("investigated",),
    Stage.RESOLUTION_PROPOSED: ("proposed",),
    Stage.RESOLVED: ("resolved", "settled"),
    Stage.FOLLOWED_UP_DAYS: ("followed_up_days",),
}
"""What each open stage leaves for the clocks, in the order of the way through."""

_WAY = tuple(MARKS)


@frozen(kw_only=True)
class CaseAdopted(Event):
    """A running ticket of another system became a case, at the stage that system claims: adopted, not confirmed.

    ``clocks_from`` is when its service clocks begin; statutory clocks count from ``received_at``. ``reached`` are the dates the
    other system gives. ``key`` keeps the ticket from being adopted twice.
    """

    case_id: str
    reference: str
    policy_id: str
    owner: str
    contact: Contact
    key: str
    stage: Stage
    received_at: DateTime = field(converter=instant)
    clocks_from: DateTime = field(converter=instant)
    reached: tuple[Reached, ...] = ()
    issue: str = field(default="", repr=False, metadata={"personal": True})
    asked_at: DateTime | None = None
    question: str = field(default="", repr=False, metadata={"personal": True})
    offer: str = field(default="", repr=False, metadata={"personal": True})
    claims: tuple[tuple[str, str], ...] = field(default=(), repr=False, metadata={"personal": True})
    system: str = ANOTHER_SYSTEM
    procedure: str = ""

    def came_to(self, stage: Stage) -> DateTime:
        """Return when the case came to ``stage``: as told, else when it came to the stage before."""
        dates = {told.stage: told.at for told in self.reached}
        before = reversed(_WAY[: _WAY.index(stage) + 1])
        return next((dates[earlier] for earlier in before if earlier in dates), self.received_at)

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The clocks begin at the adoption, and each stage that is passed counts as passed for them."""
        marks = [Mark(name="adopted", at=self.clocks_from, seq=seq)]
        for stage in _WAY[: _WAY.index(self.stage) + 1]:
            if stage is not Stage.RESOLUTION_PROPOSED or stage is self.stage:
                marks += [Mark(name=name, at=self.came_to(stage), seq=seq) for name in MARKS[stage]]
        if self.stage is Stage.RESOLUTION_PROPOSED:
            marks.append(Mark(name="asked", at=self.came_to(self.stage), seq=seq, key="proposal"))
        if self.asked_at is not None:
            marks.append(Mark(name="asked", at=self.asked_at, seq=seq, key=ASKED))
        return tuple(marks)
