"""Proposing: looking for a resolution, proposing one (or a no), and hearing a decline."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.stages import Trigger
from recovery.core.values import (
    Value,
    checked,
    either,
    every,
    invalid,
    is_id,
    is_instant,
    is_some_text,
    is_text,
    maybe,
    maybe_instant,
)
from recovery.core.vocabulary.common import Command, Event, Heard, Mark, Report, Said, Speaking, Spoken


@frozen(kw_only=True)
class Option(Value):
    """One thing we can do. ``delivers`` names what must arrive with the customer (a refund, a part), ``by`` the date for it."""

    id: str = field(metadata=checked(is_id))
    text: str = field(repr=False, metadata=checked(is_some_text, personal=True, public=True))
    delivers: str | None = field(default=None, metadata=checked(maybe(is_some_text), public=True))
    by: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant), public=True))


@frozen(kw_only=True)
class Proposal:
    """What the customer has been offered and has not answered yet. Without options it is a no, and explained."""

    seq: int
    at: DateTime
    options: tuple[Option, ...] = field(metadata={"public": True})
    explanation: str = field(default="", repr=False, metadata={"personal": True, "public": True})


@frozen(kw_only=True)
class ProposingPart:
    """The proposal on the table, how often the customer declined, and what they asked for instead."""

    proposal: Proposal | None = None
    declines: int = 0
    counter_offer: str = field(default="", repr=False, metadata={"personal": True})


@frozen(kw_only=True)
class Investigate(Command):
    """Begin to look for the resolution."""


@frozen(kw_only=True)
class Propose(Speaking):
    """Propose at least one option, or say no and explain it."""

    options: tuple[Option, ...] = field(default=(), metadata=checked(every(either(Option)), public=True))
    explanation: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))

    def faults(self) -> list[Reason]:
        """No two options share an id, or an acceptance could not tell them apart."""
        ids = [option.id for option in self.options]
        if len(set(ids)) < len(ids):
            return [invalid("options", "hold one id twice", "Give each option an id of its own.")]
        return super().faults()


@frozen(kw_only=True)
class RecordDecline(Report):
    """Put on file that the customer declined, in their words, and what they would accept."""

    said: Said = field(metadata=checked(either(Said)))
    counter_offer: str = field(default="", repr=False, metadata=checked(is_text, personal=True))


@frozen(kw_only=True)
class InvestigationStarted(Event):
    """Somebody is looking for the resolution."""

    trigger: ClassVar[Trigger | None] = Trigger.INVESTIGATE
    marks: ClassVar[tuple[str, ...]] = ("investigated",)


@frozen(kw_only=True)
class Proposed(Spoken):
    """The customer has been offered something, or told no with the reason."""

    options: tuple[Option, ...] = field(metadata={"public": True})
    explanation: str = field(default="", repr=False, metadata={"personal": True, "public": True})

    trigger: ClassVar[Trigger | None] = Trigger.PROPOSE

    def says(self, seq: int) -> tuple[Mark, ...]:
        """A proposal is an open question as well."""
        asked = Mark(name="asked", at=self.at, seq=seq, key="proposal")
        return (*super().says(seq), Mark(name="proposed", at=self.at, seq=seq), asked)


@frozen(kw_only=True)
class ProposalDeclined(Heard):
    """The customer said no to the proposal."""

    counter_offer: str = field(default="", repr=False, metadata={"personal": True})

    trigger: ClassVar[Trigger | None] = Trigger.DECLINE

    @property
    def waives(self) -> int | None:
        """A decline owes the next proposal, which has a clock of its own."""
        return self.said.contact

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The question is answered, and the next proposal is due."""
        return (Mark(name="replied", at=self.at, seq=seq, key="proposal"), Mark(name="declined", at=self.at, seq=seq))
