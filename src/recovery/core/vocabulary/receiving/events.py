"""The events of receiving."""

from __future__ import annotations

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.values import instant
from recovery.core.vocabulary.common import Address, Channel, Customer, Event, Heard, Mark, Mood, Said, Severity
from recovery.core.vocabulary.known import Earlier, Fact, Twin
from recovery.core.vocabulary.receiving.values import Contact, Delivery, Part, Receipting, Wish, WishKind


def _receipt_due(receipt: Receipting, at: DateTime, seq: int) -> tuple[Mark, ...]:
    names = {Receipting.MACHINE: "contact", Receipting.BY_HAND: "contact_by_hand"}
    return (Mark(name=names[receipt], at=at, seq=seq, key=str(seq)),) if receipt in names else ()


@frozen(kw_only=True)
class CaseOpened(Event):
    """A contact became a case with an owner, or, where ``tray`` says why it cannot yet, waits in the tray.

    ``key`` is that of the contact as it came in, so that a repeat is known as one after the words have been erased. ``procedure``
    is what the route says is to be done, ``passed_over`` whom routing passed over, and why.
    ``quiet`` cases begin with us and not with a customer's word: no clock that faces the customer runs until they or a person of
    ours speak. ``facts`` is what the customer told on the case it grew out of; ``earlier`` are the customer's earlier cases, and
    ``twins`` those that are likely the same problem, as they were known then.
    """

    case_id: str
    reference: str
    policy_id: str
    owner: str
    contact: Contact
    key: str
    issue: str = field(default="", repr=False, metadata={"personal": True})
    tray: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    receipt: Receipting = Receipting.MACHINE
    procedure: str = ""
    passed_over: tuple[str, ...] = ()
    quiet: bool = False
    facts: tuple[Fact, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    twins: tuple[Twin, ...] = ()

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """A case has been received; a contact in the tray is only held, and nobody outside has written to a quiet case."""
        if self.quiet:
            return ()
        if self.tray:
            return (Mark(name="held", at=self.at, seq=seq),)
        return (Mark(name="received", at=self.at, seq=seq), *_receipt_due(self.receipt, self.at, seq))


@frozen(kw_only=True)
class ContactJoined(Event):
    """A contact joined the case. ``owes_answer`` is false for automatic mail and for a contact that waits in the tray."""

    contact: Contact
    key: str
    owes_answer: bool = True
    receipt: Receipting = Receipting.MACHINE

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """A person's word owes an answer and a receipt, and ends our waiting for the customer."""
        if not self.owes_answer:
            return ()
        return (Mark(name="wrote", at=self.at, seq=seq), *_receipt_due(self.receipt, self.at, seq))


@frozen(kw_only=True)
class LinkedCaseOpened(Event):
    """A new case grew out of this one."""

    case_id: str


@frozen(kw_only=True)
class CaseMergedIn(Event):
    """Another case was closed as a duplicate of this one; its history belongs here now, and the facts told there."""

    merged_id: str
    wrote_at: DateTime | None = None
    reference: str = ""
    facts: tuple[Fact, ...] = ()

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """What nobody has acknowledged there is owed an answer here."""
        return () if self.wrote_at is None else (Mark(name="wrote", at=self.wrote_at, seq=seq),)


@frozen(kw_only=True)
class CaseMergedOut(Event):
    """A case that had been merged into this one is a case of its own again, with its history and what is owed there.

    ``merged_at`` is the number of the entry that had merged it in.
    """

    merged_id: str
    reference: str = ""
    merged_at: int | None = None

    @property
    def waives(self) -> int | None:
        """What was owed for it here is owed there again."""
        return self.merged_at


@frozen(kw_only=True)
class Identified(Event):
    """Somebody found out who a contact in the tray is from: it is a case now."""

    customer: Customer
    owner: str
    issue: str = field(default="", repr=False, metadata={"personal": True})
    received_at: DateTime = field(converter=instant)
    receipt: Receipting = Receipting.MACHINE
    procedure: str = ""
    passed_over: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    twins: tuple[Twin, ...] = ()

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """It is out of the tray now; the clocks run from the instant the contact came in."""
        identified = Mark(name="identified", at=self.at, seq=seq)
        received = Mark(name="received", at=self.received_at, seq=seq)
        return (identified, received, *_receipt_due(self.receipt, self.received_at, seq))


@frozen(kw_only=True)
class WishRecorded(Heard):
    """The customer wishes to be contacted otherwise, later, by somebody else, or not at all."""

    wish: Wish

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """A wish for another person starts the clock of the supervisor's move."""
        if self.wish.kind is not WishKind.ANOTHER_PERSON:
            return ()
        return (Mark(name="other_person_wished", at=self.at, seq=seq),)


@frozen(kw_only=True)
class MessagePrepared(Event):
    """A message of ours was written: into the outbox, or, where no software can send it, onto the owner's agenda."""

    message_id: str
    channel: Channel
    to: Address | None = None
    person: str | None = None
    parts: tuple[Part, ...]
    manual: bool = False

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """A call or letter that is owed is a dated step until it is done."""
        if not self.manual:
            return ()
        return (Mark(name="call_owed", at=self.at, seq=seq, key=self.message_id),)


@frozen(kw_only=True)
class MessageWithheld(Event):
    """A message was held back before it left, because of a wish of the customer or because it is no longer needed."""

    message_id: str
    rule: str

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """A call that is not needed any more is off the agenda."""
        return (Mark(name="call_settled", at=self.at, seq=seq, key=self.message_id),)


@frozen(kw_only=True)
class DeliveryReported(Event):
    """A message or call ended so: sent, not reached, given up, bounced, not needed."""

    message_id: str
    delivery: Delivery
    note: str = field(default="", repr=False, metadata={"personal": True})

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The step is taken, unless nobody was reached: a voicemail is an attempt, and the call is still owed."""
        if self.delivery is Delivery.NOT_REACHED:
            return ()
        return (Mark(name="call_settled", at=self.at, seq=seq, key=self.message_id),)


@frozen(kw_only=True)
class TaskSet(Event):
    """A dated step was put on somebody's agenda, and ``rule`` says why."""

    rule: str
    what: str = field(repr=False, metadata={"personal": True})
    owner: str | None = None
    due_at: DateTime | None = None
    about: str | None = None

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The step runs until it is done."""
        return (Mark(name="task_set", at=self.at, seq=seq, key=str(seq), until=self.due_at),)


@frozen(kw_only=True)
class TaskDone(Event):
    """A dated step has been taken."""

    task_id: str
    note: str = field(default="", repr=False, metadata={"personal": True})

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The step is off the agenda."""
        return (Mark(name="task_done", at=self.at, seq=seq, key=self.task_id),)


@frozen(kw_only=True)
class Assessed(Event):
    """A person of ours said how serious it is, how the customer feels, or what kind of problem it is; ``None``: as it was."""

    severity: Severity | None = None
    mood: Mood | None = None
    category: str | None = None


@frozen(kw_only=True)
class Corrected(Event):
    """A mistake was mended; ``None`` means left as it was. ``earlier`` are the earlier cases of whoever it turned out to be."""

    reason: str = field(repr=False, metadata={"personal": True})
    customer: Customer | None = None
    issue: str | None = field(default=None, repr=False, metadata={"personal": True})
    category: str | None = None
    region: str | None = None
    brand: str | None = None
    outcome: str | None = None
    earlier: tuple[Earlier, ...] | None = None


@frozen(kw_only=True)
class PolicyMoved(Event):
    """The case runs on other clocks and another calendar from now on."""

    policy_id: str
    reason: str


@frozen(kw_only=True)
class ReportNoted(Event):
    """Something was reported that has no step in the present stage: kept as it was said, moving nothing."""

    report: str
    said: Said | None = None
    details: tuple[tuple[str, str], ...] = field(default=(), repr=False, metadata={"personal": True})


@frozen(kw_only=True)
class Warned(Event):
    """Warnings about what was just allowed or reported."""

    reasons: tuple[Reason, ...]


@frozen(kw_only=True)
class RuleOverridden(Event):
    """Somebody went past a rule that the policy lets people go past, with a reason."""

    rule: str
    reason: str = field(repr=False, metadata={"personal": True})


@frozen(kw_only=True)
class AlarmRung(Event):
    """A rung of a clock's ladder was reached and somebody was told (or the customer written to)."""

    clock: str
    rule: str
    run: str
    rung: int
    whom: str
    person: str | None = None
