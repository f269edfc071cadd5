"""What happens on the way to a resolution."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.money import Money
from recovery.core.stages import Trigger
from recovery.core.vocabulary.common import Event, Heard, Mark, Spoken, Tried
from recovery.core.vocabulary.proposing.values import Citing, Option


@frozen(kw_only=True)
class InvestigationStarted(Event):
    """Somebody is looking for the resolution."""

    trigger: ClassVar[Trigger | None] = Trigger.INVESTIGATE
    marks: ClassVar[tuple[str, ...]] = ("investigated",)


@frozen(kw_only=True)
class RemedySought(Heard):
    """The customer said what they wish as the outcome."""

    remedy: str | None = None


@frozen(kw_only=True)
class Proposed(Spoken):
    """The customer has been offered something, or told no with the reason.

    ``history`` are the ids of the earlier cases that a person had looked at; ``None`` where it was not known whether there are any.
    """

    options: tuple[Option, ...] = field(metadata={"public": True})
    explanation: str = field(default="", repr=False, metadata={"personal": True, "public": True})
    tried: tuple[Tried, ...] = ()
    second_person: str | None = None
    counter_answer: str = field(default="", repr=False, metadata={"personal": True, "public": True})
    cites: tuple[str, ...] = ()
    citing: Citing | None = None
    guideline: str = field(default="", metadata={"public": True})
    history: tuple[str, ...] | None = None

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


@frozen(kw_only=True)
class ExceptionRequested(Event):
    """Somebody asked to go beyond the guideline; its number is the id of the exception."""

    remedy: str
    value: Money | None
    reason: str = field(repr=False, metadata={"personal": True})
    approver: str


@frozen(kw_only=True)
class ExceptionGranted(Event):
    """Somebody with authority granted an exception, until a date."""

    exception_id: str
    value: Money | None
    until: DateTime
    note: str = field(default="", repr=False, metadata={"personal": True})


@frozen(kw_only=True)
class ExceptionDenied(Event):
    """An exception was turned down."""

    exception_id: str
    reason: str = field(repr=False, metadata={"personal": True})
