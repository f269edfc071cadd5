"""The values of receiving: contacts, wishes, tasks, messages on their way, and the part of the case."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.values import (
    Value,
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
from recovery.core.vocabulary.common import Channel, Customer, Mark, Mood, Severity
from recovery.core.vocabulary.known import Earlier, Twin


@frozen(kw_only=True)
class Attachment(Value):
    """Something that came with a contact. The bytes stay with the host; ``digest`` says which bytes they are."""

    name: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    media_type: str = field(default="application/octet-stream", metadata=checked(is_id))
    size: int | None = field(default=None, metadata=checked(maybe(either(int))))
    digest: str | None = field(default=None, metadata=checked(maybe(is_id)))


@frozen(kw_only=True)
class Bounce(Value):
    """What a notice of final failure says of the mail that came back: its ids, the addresses that failed, the status and why.

    ``messages`` are ids as in ``Contact.replies_to``; mails of ours are named by their ids in the outbox. ``status`` is an enhanced
    status code (RFC 3463) such as ``5.1.1``. A notice of delay is no bounce: the mail may still arrive.
    """

    messages: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    addresses: tuple[str, ...] = field(default=(), repr=False, metadata=checked(every(is_some_text), personal=True))
    status: str | None = field(default=None, metadata=checked(maybe(is_id)))
    why: str = field(default="", repr=False, metadata=checked(is_text, personal=True))


@frozen(kw_only=True)
class Contact(Value):
    """A message from outside, on whatever channel, as it came in.

    ``text`` is what its sender wrote; ``quoted`` what it repeats of earlier messages, and ``signature`` what stands below it, where
    they could be told apart. ``message_id`` is the channel's own id of the message, ``replies_to`` the ids it answers,
    ``reference`` our case reference, ``ticket`` the host's own ticket number. ``automatic`` marks bounces, out-of-office notes and
    list mail; ``bounce`` says which message came back. Photos and proof of delivery are attachments. ``severity`` and ``mood`` are
    what whoever took it in makes of it, if they say. Nothing here is judged: what cannot become a case waits in the tray.
    """

    channel: Channel = field(metadata=checked(either(Channel)))
    received_at: DateTime = field(converter=instant, metadata=checked(is_instant))
    sender: Customer = field(factory=Customer, metadata=checked(either(Customer)))
    text: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    subject: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    message_id: str | None = field(default=None, metadata=checked(maybe(is_id)))
    replies_to: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    reference: str | None = field(default=None, metadata=checked(maybe(is_text)))
    ticket: str | None = field(default=None, metadata=checked(maybe(is_id)))
    attachments: tuple[Attachment, ...] = field(default=(), metadata=checked(every(either(Attachment))))
    automatic: bool = field(default=False, metadata=checked(either(bool)))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    region: str | None = field(default=None, metadata=checked(maybe(is_id)))
    brand: str | None = field(default=None, metadata=checked(maybe(is_id)))
    quoted: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    signature: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    bounce: Bounce | None = field(default=None, metadata=checked(maybe(either(Bounce))))
    severity: Severity | None = field(default=None, metadata=checked(maybe(either(Severity))))
    mood: Mood | None = field(default=None, metadata=checked(maybe(either(Mood))))

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Contact:
        """Return the contact that plain ``data`` describes: see :func:`recovery.contact_from_dict`, which this is.

        Raises :class:`~recovery.core.errors.InvalidValue` with a reason per fault; its ``field`` is the dotted path.
        """
        from recovery.codec.inputs import contact_from_dict  # noqa: PLC0415  (stated in pyproject.toml as the one way up)

        return contact_from_dict(data)

    def faults(self) -> list[Reason]:
        """Only a machine reports a bounce: what a person says about a mail that came back is their own word."""
        if self.bounce is not None and not self.automatic:
            return [invalid("bounce", "is given, but the contact is not automatic", "Give automatic=True as well.")]
        return []

    @property
    def key(self) -> str:
        """What makes this message itself: its channel and id, else a digest of sender, words and the instant it came in."""
        if self.message_id:
            return f"{self.channel.value}:{self.message_id}"
        told = [self.channel.value, self.received_at.isoformat(), self.sender.name or "", self.sender.id or ""]
        told += [f"{a.channel.value}={a.value}" for a in self.sender.addresses]
        told += [self.reference or "", self.ticket or "", self.subject, self.text]
        told += [f"{a.name}/{a.digest or ''}" for a in self.attachments]
        told += [f"{name}={text}" for name, text in (("quoted", self.quoted), ("signature", self.signature)) if text]
        plain = "\x1f".join(told).encode("utf-8", "surrogatepass")
        return f"sha256:{hashlib.sha256(plain).hexdigest()}"


class WishKind(Enum):
    """What a customer may ask of the way we get in touch."""

    DO_NOT_CONTACT = "do_not_contact"
    NOT_ON_CHANNEL = "not_on_channel"
    NOT_BEFORE = "not_before"
    ANOTHER_PERSON = "another_person"


@frozen(kw_only=True)
class Wish(Value):
    """One wish of the customer. It stands above every clock that would have us get in touch."""

    kind: WishKind = field(metadata=checked(either(WishKind)))
    channel: Channel | None = field(default=None, metadata=checked(maybe(either(Channel))))
    until: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))

    def faults(self) -> list[Reason]:
        """A channel goes with *not on this channel*, a date with *not before*."""
        found: list[Reason] = []
        if self.kind is WishKind.NOT_ON_CHANNEL and self.channel is None:
            found.append(invalid("channel", "is missing", "Name the channel the customer does not want."))
        if self.kind is WishKind.NOT_BEFORE and self.until is None:
            found.append(invalid("until", "is missing", "Give the instant before which the customer wants no contact."))
        return found


@frozen(kw_only=True)
class ContactNote:
    """What a case remembers of a contact; its words stay in the history."""

    seq: int
    at: DateTime
    channel: Channel
    key: str
    automatic: bool
    message_id: str | None
    ticket: str | None


@frozen(kw_only=True)
class Task:
    """A dated step that somebody has to take, and why it is there (``rule``). Without ``due_at`` the policy's length holds."""

    id: str
    rule: str
    what: str = field(repr=False, metadata={"personal": True})
    set_at: DateTime
    owner: str | None
    due_at: DateTime | None
    about: str | None


class Delivery(Enum):
    """What became of an outgoing message or call."""

    __hash__ = object.__hash__  # members are what they are: Enum's own hash of the name is many times slower

    QUEUED = "queued"
    OWED = "owed"
    SENT = "sent"
    NOT_REACHED = "not_reached"
    GIVEN_UP = "given_up"
    BOUNCED = "bounced"
    WITHHELD = "withheld"
    NOT_NEEDED = "not_needed"


class Receipting(Enum):
    """How a contact gets its receipt: by machine, by the owner's hand, or not (again) at all."""

    MACHINE = "machine"
    BY_HAND = "by_hand"
    NOT_DUE = "not_due"


LIVE = frozenset({Delivery.QUEUED, Delivery.SENT})


@frozen(kw_only=True)
class Part:
    """One thing a message says: a template by name, the number of the event it is about, plain values for it.

    ``marks`` is what it leaves once, and while, it reaches the customer.
    """

    template: str
    about: int | None = None
    values: tuple[tuple[str, str], ...] = ()
    marks: tuple[Mark, ...] = ()


@frozen(kw_only=True)
class Outgoing:
    """A message of ours as the case remembers it: where it goes, what it says, what became of it.

    ``manual`` means that no software of ours can send it (a call, a letter, a visit): it is a step of the owner. ``tried_at`` is
    when it was last tried in vain.
    """

    id: str
    seq: int
    channel: Channel
    person: str | None
    parts: tuple[Part, ...]
    manual: bool
    state: Delivery
    at: DateTime
    tried_at: DateTime | None = None


@frozen(kw_only=True)
class Merge:
    """A duplicate that was merged into the case, by the entry with number ``seq``."""

    case_id: str
    seq: int


@frozen(kw_only=True)
class ReceivingPart:
    """What the case knows about its customer, what came in and what is on its way out.

    ``earlier`` are the customer's earlier cases, and ``twins`` those that are likely the same problem, as they were known when the
    case was opened.
    """

    customer: Customer = field(default=Customer())
    contacts: tuple[ContactNote, ...] = ()
    wishes: tuple[Wish, ...] = ()
    issue: str = field(default="", repr=False, metadata={"personal": True})
    category: str | None = None
    region: str | None = None
    brand: str | None = None
    tray: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    links: tuple[str, ...] = ()
    merges: tuple[Merge, ...] = ()
    receipted_at: DateTime | None = None
    severity: Severity = Severity.NORMAL
    mood: Mood | None = None
    earlier: tuple[Earlier, ...] = ()
    twins: tuple[Twin, ...] = ()

    @property
    def merged(self) -> tuple[str, ...]:
        """The ids of the duplicates that were merged into the case."""
        return tuple(merge.case_id for merge in self.merges)
