"""Resolving: the customer accepted, or it was simply done, or a final no; and what must still arrive."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.money import Money
from recovery.core.stages import Trigger
from recovery.core.values import (
    checked,
    either,
    every,
    instant,
    invalid,
    is_id,
    is_instant,
    is_some_text,
    is_text,
    maybe,
    maybe_instant,
)
from recovery.core.vocabulary.common import Channel, Event, Heard, Mark, Need, Report, Said, Speaking, Spoken, Tried


class Resolution(Enum):
    """How a case was resolved. ``NOT_AGREED`` is a final no; it never counts as solved."""

    ACCEPTED = "accepted"
    DONE = "done"
    NOT_AGREED = "not_agreed"


class ArrivalSource(Enum):
    """Who says that it has arrived."""

    CUSTOMER = "customer"
    CARRIER = "carrier"
    BANK = "bank"


class Sending(Enum):
    """How something leaves us: as goods, or as money."""

    GOODS = "goods"
    MONEY = "money"


@frozen(kw_only=True)
class Delivering:
    """Something that must reach the customer: what, by when, when it left us, and whether it has arrived or passed on unconfirmed.

    ``sent_at`` with ``sent_as``, ``carrier`` and ``tracking`` say that it has left us, and how.
    """

    id: str
    what: str
    by: DateTime | None
    arrived_at: DateTime | None = None
    unconfirmed: bool = False
    sent_at: DateTime | None = None
    sent_as: Sending | None = None
    carrier: str = ""
    tracking: str = field(default="", repr=False, metadata={"personal": True})


@frozen(kw_only=True)
class ResolvingPart:
    """How and when it was resolved, on which channels it was settled, and what is on its way."""

    resolution: Resolution | None = None
    at: DateTime | None = None
    option: str | None = None
    settled_via: frozenset[Channel] = frozenset()
    deliveries: tuple[Delivering, ...] = ()
    settled_at: DateTime | None = None


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class RecordAcceptance(Report):
    """Put on file that the customer accepted an option of the proposal, in their words."""

    option: str = field(metadata=checked(is_id))
    said: Said = field(metadata=checked(either(Said)))


@frozen(kw_only=True)
class Resolve(Speaking):
    """Tell the customer that what they asked for is done (``done``), or give the final no.

    The final no (``outcome=Resolution.NOT_AGREED``) gives its ``reasons`` and says where else the customer can turn
    (``elsewhere``), after a search:
    what was ``tried``, and the ``second_person`` who looked. ``delivers`` and ``deliver_by`` name what must still arrive.
    ``remedy`` names what was done as the guideline does, with its ``value``, the ``goodwill`` beyond what was owed, and the
    ``exception`` that allows it: it is held against the guideline as an offer is, and the next case learns from it.
    """

    outcome: Resolution = field(default=Resolution.DONE, metadata=checked(either(Resolution)))
    done: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))
    reasons: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))
    elsewhere: str = field(default="", metadata=checked(is_text, public=True))
    delivers: str | None = field(default=None, metadata=checked(maybe(is_some_text), public=True))
    deliver_by: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant), public=True))
    tried: tuple[Tried, ...] = field(default=(), metadata=checked(every(either(Tried))))
    second_person: str | None = field(default=None, metadata=checked(maybe(is_id)))
    remedy: str | None = field(default=None, metadata=checked(maybe(is_id)))
    value: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    goodwill: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    exception: str | None = field(default=None, metadata=checked(maybe(is_id)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.EARLIER, Need.PRECEDENTS})

    def faults(self) -> list[Reason]:
        """What it is worth is counted in one currency, and goes with a remedy that was done, and said to be."""
        found = super().faults()
        given = [name for name in ("value", "goodwill", "exception") if getattr(self, name) is not None]
        if self.remedy is None:
            found += [invalid(name, "is given, but not for what", "Name the remedy.") for name in given]
        elif self.outcome is not Resolution.DONE or not self.done.strip():
            found.append(
                invalid("remedy", "is given, but nothing is said to be done", "Say what was done (done), or leave it out.")
            )
        if self.value is not None and self.goodwill is not None and self.value.currency != self.goodwill.currency:
            found.append(
                invalid("goodwill", f"is in {self.goodwill.currency}, the value in {self.value.currency}", "Give both in one.")
            )
        return found


@frozen(kw_only=True)
class RecordDispatch(Report):
    """Put on file that what the customer is to get has left us: as goods or money, with whom, and how it can be followed.

    ``delivery_id`` is its number on the case; ``carrier`` is a carrier or a bank. From then on a message may claim that it was sent
    (or refunded, for money), and the library says when and how. Sent once more, the latest counts.
    """

    delivery_id: str = field(metadata=checked(is_id))
    sent_as: Sending = field(default=Sending.GOODS, metadata=checked(either(Sending)))
    carrier: str = field(default="", metadata=checked(is_text))
    tracking: str = field(default="", repr=False, metadata=checked(is_text, personal=True))


@frozen(kw_only=True)
class MoveDelivery(Speaking):
    """Tell the customer a new date for what is on its way, before the old one is missed."""

    delivery_id: str = field(metadata=checked(is_id))
    by_date: DateTime = field(converter=instant, metadata=checked(is_instant, public=True))


@frozen(kw_only=True)
class CheckArrival(Speaking):
    """Ask the customer whether it has arrived. Always allowed, and no follow-up."""

    delivery_id: str = field(metadata=checked(is_id))


@frozen(kw_only=True)
class ConfirmArrival(Report):
    """Put on file that it has arrived, and who says so; the customer says it in their own words."""

    delivery_id: str = field(metadata=checked(is_id))
    source: ArrivalSource = field(metadata=checked(either(ArrivalSource)))
    said: Said | None = field(default=None, metadata=checked(maybe(either(Said))))

    def faults(self) -> list[Reason]:
        """Only the customer can say that the customer has it."""
        if self.source is ArrivalSource.CUSTOMER and self.said is None:
            return [invalid("said", "is missing", "Give the customer's words, or the message they came in.")]
        return []


# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class ProposalAccepted(Heard):
    """The customer accepted an option. Accepted is not solved, and not delivered either."""

    option: str
    settles: bool
    delivers: str | None = None
    deliver_by: DateTime | None = None

    trigger: ClassVar[Trigger | None] = Trigger.RESOLVE

    @property
    def waives(self) -> int | None:
        """A yes owes the next step, which has a clock of its own."""
        return self.said.contact

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The question is answered; what must arrive is on its way."""
        replied = Mark(name="replied", at=self.at, seq=seq, key="proposal")
        return (replied, *_resolved(self, seq))


@frozen(kw_only=True)
class CaseResolved(Spoken):
    """What was asked for was done, or a final no was told.

    ``history`` are the ids of the earlier cases that a person had looked at; ``None`` where it was not known whether there are any.
    """

    outcome: Resolution
    done: str = field(default="", repr=False, metadata={"personal": True, "public": True})
    reasons: str = field(default="", repr=False, metadata={"personal": True, "public": True})
    elsewhere: str = field(default="", metadata={"public": True})
    settles: bool
    delivers: str | None = field(default=None, metadata={"public": True})
    deliver_by: DateTime | None = field(default=None, metadata={"public": True})
    tried: tuple[Tried, ...] = ()
    second_person: str | None = None
    history: tuple[str, ...] | None = None
    remedy: str | None = None
    value: Money | None = None
    goodwill: Money | None = None
    exception: str | None = None

    trigger: ClassVar[Trigger | None] = Trigger.RESOLVE

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The resolution does not wait for the word to arrive."""
        replied = Mark(name="replied", at=self.at, seq=seq, key="proposal")
        return (replied, *_resolved(self, seq))


def _resolved(event: ProposalAccepted | CaseResolved, seq: int) -> tuple[Mark, ...]:
    marks = [Mark(name="resolved", at=event.at, seq=seq)]
    if event.delivers is not None:
        marks.append(Mark(name="delivery_due", at=event.at, seq=seq, key=str(seq), until=event.deliver_by))
    if event.settles:
        marks.append(Mark(name="settled", at=event.at, seq=seq))
    return tuple(marks)


@frozen(kw_only=True)
class DeliveryDispatched(Event):
    """What the customer is to get has left us."""

    delivery_id: str
    sent_as: Sending
    carrier: str = ""
    tracking: str = field(default="", repr=False, metadata={"personal": True})

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """It is on its way, and that alone stops no clock: it has to arrive."""
        return (Mark(name="dispatched", at=self.at, seq=seq, key=self.delivery_id),)


@frozen(kw_only=True)
class DeliveryMoved(Spoken):
    """The customer was told a new date for what is on its way."""

    delivery_id: str
    by_date: DateTime = field(metadata={"public": True})

    def says(self, seq: int) -> tuple[Mark, ...]:
        """The old date is settled, the new one runs."""
        moved = Mark(name="delivery_moved", at=self.at, seq=seq, key=self.delivery_id)
        again = Mark(name="delivery_due", at=self.at, seq=seq, key=self.delivery_id, until=self.by_date)
        return (*super().says(seq), moved, again)


@frozen(kw_only=True)
class ArrivalChecked(Spoken):
    """A person asked the customer whether it has arrived."""

    delivery_id: str


@frozen(kw_only=True)
class ArrivalConfirmed(Event):
    """It has arrived, says the customer, the carrier or the bank. ``settles`` when nothing else is on its way."""

    delivery_id: str
    source: ArrivalSource
    said: Said | None = None
    settles: bool

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The delivery is off the agenda; with the last one the case is settled."""
        return _arrived(self.at, seq, self.delivery_id, settles=self.settles)


@frozen(kw_only=True)
class ArrivalUnconfirmed(Event):
    """Nobody confirmed the arrival after the last check; the case goes on with that on record."""

    delivery_id: str
    settles: bool

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The delivery is off the agenda; with the last one the case is settled."""
        return _arrived(self.at, seq, self.delivery_id, settles=self.settles)


def _arrived(at: DateTime, seq: int, delivery_id: str, *, settles: bool) -> tuple[Mark, ...]:
    delivered = Mark(name="delivered", at=at, seq=seq, key=delivery_id)
    return (delivered, Mark(name="settled", at=at, seq=seq)) if settles else (delivered,)
