"""The commands of receiving."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.values import checked, either, every, invalid, is_id, is_instant, is_some_text, is_text, maybe, maybe_instant
from recovery.core.vocabulary.common import MACHINE, Command, Customer, Mood, Need, Report, Said, Severity
from recovery.core.vocabulary.known import Fact
from recovery.core.vocabulary.receiving.values import Contact, Delivery, Wish


@frozen(kw_only=True)
class OpenCase(Report):
    """Open a case from a contact. The desk makes ``case_id`` and ``reference``; ``links`` names the cases it grew out of.

    ``facts`` is what the customer told there: they need not tell it again here.
    """

    by: str = field(default=MACHINE, metadata=checked(is_id))
    case_id: str = field(metadata=checked(is_id))
    reference: str = field(metadata=checked(is_id))
    contact: Contact = field(metadata=checked(either(Contact)))
    links: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    owner: str | None = field(default=None, metadata=checked(maybe(is_id)))
    facts: tuple[Fact, ...] = field(default=(), metadata=checked(every(either(Fact))))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.EARLIER, Need.LOADS, Need.TWINS})

    @property
    def reported_at(self) -> DateTime | None:
        """When the contact came in."""
        return self.contact.received_at


@frozen(kw_only=True)
class Receive(Report):
    """Put a contact on an existing case: it joins, reopens, or opens a linked case, as the case stands.

    One that any case has already is a repeat, and leaves no entry.
    """

    by: str = field(default=MACHINE, metadata=checked(is_id))
    contact: Contact = field(metadata=checked(either(Contact)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.LOADS, Need.NEW_CASE, Need.REPEATS})

    @property
    def reported_at(self) -> DateTime | None:
        """When the contact came in."""
        return self.contact.received_at


@frozen(kw_only=True)
class Identify(Report):
    """Say who a contact in the tray is from, or what it is about: it leaves the tray and becomes a case."""

    customer: Customer = field(metadata=checked(either(Customer)))
    issue: str = field(default="", repr=False, metadata=checked(is_text, personal=True))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.EARLIER, Need.LOADS, Need.TWINS})

    def faults(self) -> list[Reason]:
        """Somebody is named, or a way to reach them."""
        if not (self.customer.name or self.customer.id or self.customer.addresses):
            return [invalid("customer", "names nobody", "Give a name, an id or an address.")]
        return []


@frozen(kw_only=True)
class RecordWish(Report):
    """Put a wish of the customer on file: no contact, not on this channel, not before a date, another person."""

    wish: Wish = field(metadata=checked(either(Wish)))
    said: Said = field(metadata=checked(either(Said)))


@frozen(kw_only=True)
class ReportDelivery(Report):
    """Say what became of a message or of a call that was owed: sent, not reached, given up, bounced, not needed."""

    by: str = field(default=MACHINE, metadata=checked(is_id))
    message_id: str = field(metadata=checked(is_id))
    delivery: Delivery = field(metadata=checked(either(Delivery)))
    note: str = field(default="", repr=False, metadata=checked(is_text, personal=True))

    def faults(self) -> list[Reason]:
        """A report says how it ended."""
        if self.delivery in (Delivery.QUEUED, Delivery.OWED, Delivery.WITHHELD):
            return [invalid("delivery", "is not an ending", "Give SENT, NOT_REACHED, GIVEN_UP, BOUNCED or NOT_NEEDED.")]
        return []


@frozen(kw_only=True)
class SetTask(Command):
    """Put a dated step on the agenda of a named person; without ``due_at`` the policy's length holds."""

    what: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    due_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))
    owner: str | None = field(default=None, metadata=checked(maybe(is_id)))


@frozen(kw_only=True)
class CompleteTask(Report):
    """Say that a dated step has been taken."""

    task_id: str = field(metadata=checked(is_id))
    note: str = field(default="", repr=False, metadata=checked(is_text, personal=True))


@frozen(kw_only=True)
class Assess(Report):
    """Say how serious the case is, how the customer feels about it, and what kind of problem it is, as a person sees it."""

    severity: Severity | None = field(default=None, metadata=checked(maybe(either(Severity))))
    mood: Mood | None = field(default=None, metadata=checked(maybe(either(Mood))))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))

    def faults(self) -> list[Reason]:
        """Something is said, by a person: no machine can tell how a customer feels."""
        found: list[Reason] = []
        if self.severity is None and self.mood is None and self.category is None:
            found.append(invalid("severity", "is not given, nor mood or category", "Say how the case looks to you."))
        if self.by == MACHINE:
            found.append(invalid("by", "is the library itself, which judges no customer", "Give the id of a person."))
        return found


@frozen(kw_only=True)
class Correct(Report):
    """Mend a mistake without rewriting history: what is given replaces what was on file, with a reason.

    ``outcome`` mends how the resolution ended: ``accepted``, ``done`` or ``not_agreed``.
    """

    reason: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    customer: Customer | None = field(default=None, metadata=checked(maybe(either(Customer))))
    issue: str | None = field(default=None, repr=False, metadata=checked(maybe(is_text), personal=True))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    region: str | None = field(default=None, metadata=checked(maybe(is_id)))
    brand: str | None = field(default=None, metadata=checked(maybe(is_id)))
    outcome: str | None = field(default=None, metadata=checked(maybe(is_id)))

    def faults(self) -> list[Reason]:
        """Something is mended, and an outcome is one that a resolution can have."""
        mended = (self.customer, self.issue, self.category, self.region, self.brand, self.outcome)
        if all(field is None for field in mended):
            return [invalid("customer", "is not given, nor anything else to mend", "Give what should stand instead.")]
        if self.outcome not in (None, "accepted", "done", "not_agreed"):
            return [invalid("outcome", "is unknown", "Give accepted, done or not_agreed.")]
        return []


@frozen(kw_only=True)
class MergeIn(Report):
    """Say that another case was closed as a duplicate of this one. Filed by the closing, not by hand.

    ``wrote_at`` is when its customer wrote, where nobody has acknowledged that yet: then an answer is owed here. ``facts`` is what
    the customer told there.
    """

    merged_id: str = field(metadata=checked(is_id))
    wrote_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))
    reference: str = field(default="", metadata=checked(is_text))
    facts: tuple[Fact, ...] = field(default=(), metadata=checked(every(either(Fact))))


@frozen(kw_only=True)
class MergeOut(Report):
    """Say that a case merged into this one is a case of its own again. Filed by the undoing (UndoMerge), not by hand."""

    merged_id: str = field(metadata=checked(is_id))
    reference: str = field(default="", metadata=checked(is_text))


@frozen(kw_only=True)
class MovePolicy(Command):
    """Move the case to the clocks and the calendar of the desk's present policy, with a reason."""

    reason: str = field(metadata=checked(is_some_text))


@frozen(kw_only=True)
class Wake(Command):
    """Look at the clocks: ring what is due, send the chases that are due, pass on what has lapsed. Filed by the worker."""

    by: str = field(default=MACHINE, metadata=checked(is_id))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY})
