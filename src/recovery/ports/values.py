"""The values that pass between the desk and the ports. All instants are in UTC."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.messages import Origin
from recovery.core.stages import Stage
from recovery.core.values import ERASED, Value, checked, either, every, instant, is_id, is_instant, is_text, maybe, maybe_instant
from recovery.core.vocabulary.common import Address, Channel, Recorded
from recovery.core.vocabulary.receiving import Delivery

__all__ = [
    "MENDABLE",
    "Backlog",
    "Change",
    "Committed",
    "Examined",
    "Finding",
    "KeyRecord",
    "OutboxMessage",
    "Query",
    "Queued",
    "Receipt",
    "Trouble",
    "Wrong",
]


@frozen(kw_only=True)
class OutboxMessage(Value):
    """A message as it will be said, word for word. ``id`` is stable and unique: a notifier may use it to tell repeats.

    ``body`` is plain text, and ``html`` the same with markup, empty where there is none. ``to`` is where it goes, ``None`` for a
    colleague of whom the policy knows no address; ``person`` is the colleague it is for,
    ``None`` for the customer; ``name`` is how the reader is called. ``seq`` is the number of the event that prepared it,
    ``reference`` the case's, ``templates`` what it is made of. ``origin`` tells a person's word from a machine's. ``replies_to``
    are the messages before it, the oldest first: the reader's by the ids they came with, ours by their ``id``.
    """

    id: str = field(metadata=checked(is_id))
    case_id: str = field(metadata=checked(is_id))
    seq: int = field(metadata=checked(either(int)))
    channel: Channel = field(metadata=checked(either(Channel)))
    to: Address | None = field(default=None, metadata=checked(maybe(either(Address))))
    person: str | None = field(default=None, metadata=checked(maybe(is_id)))
    subject: str = field(default="", repr=False, metadata=checked(either(str), personal=True))
    body: str = field(repr=False, metadata=checked(either(str), personal=True))
    html: str = field(default="", repr=False, metadata=checked(either(str), personal=True))
    created_at: DateTime = field(converter=instant, metadata=checked(is_instant))
    name: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    reference: str = field(default="", metadata=checked(is_text))
    templates: tuple[str, ...] = field(default=(), metadata=checked(every(is_text)))
    origin: Origin = field(default=Origin.PERSON, metadata=checked(either(Origin)))
    replies_to: tuple[str, ...] = field(default=(), metadata=checked(every(is_text)))

    @property
    def erased(self) -> bool:
        """Whether words or address have been erased meanwhile, so that there is nothing to send, or nowhere."""
        return ERASED in (self.subject, self.body, self.html) or (self.to is not None and self.to.value == ERASED)


@frozen(kw_only=True)
class Queued:
    """A message that was claimed for sending; ``tries`` is how often sending it has failed so far.

    ``fault`` says why its row cannot be read, and is empty where it can: ``message`` then holds what is known of it beside the row,
    and no words.
    """

    message: OutboxMessage
    tries: int = 0
    fault: str = ""


@frozen(kw_only=True)
class Change:
    """One case as it shall be stored: what happened since ``base_version`` (0 for a new case), and what follows from it.

    ``wake_at`` is when to look at the case again. ``messages`` go into the outbox; ``settled`` closes outbox rows: the id of the
    message and what became of it. ``before`` is the case at ``base_version``, where it is at hand: a store may save itself looking
    for what has changed. Raises ``ValueError`` when the events do not lead from ``base_version`` to the case's version.
    """

    case: Case
    base_version: int
    events: tuple[Recorded, ...]
    wake_at: DateTime | None = field(converter=maybe_instant)
    messages: tuple[OutboxMessage, ...] = ()
    settled: tuple[tuple[str, Delivery], ...] = ()
    before: Case | None = None

    def __attrs_post_init__(self) -> None:
        numbers = [recorded.seq for recorded in self.events]
        if numbers != list(range(self.base_version + 1, self.case.version + 1)):
            raise ValueError(f"events {numbers} do not lead from version {self.base_version} to {self.case.version}")
        if self.case.version < 1:
            raise ValueError("a case begins with an event")


@frozen(kw_only=True)
class KeyRecord(Value):
    """An idempotency key that was used: the ``fingerprint`` of what came with it, and the case and version that it led to."""

    key: str = field(metadata=checked(is_id))
    fingerprint: str = field(metadata=checked(is_id))
    case_id: str = field(metadata=checked(is_id))
    version: int = field(metadata=checked(either(int)))


@frozen(kw_only=True)
class Query:
    """Which cases to find: all that is given must hold. Pages go by case id: pass the last id of a page as ``after``.

    ``customer`` is the host's customer number, ``ticket`` the host's number of a contact, ``incident`` an incident's id;
    ``reference`` and ``address`` are compared without regard to case and white space, ``text`` is looked for, without regard to
    case, in every personal text of the history. ``in_tray`` tells the tray from the cases, ``None`` takes both; ``open_only``
    leaves out what has ended.
    """

    owner: str | None = None
    stage: Stage | None = None
    category: str | None = None
    customer: str | None = None
    address: str | None = field(default=None, repr=False)
    reference: str | None = None
    ticket: str | None = None
    incident: str | None = None
    text: str | None = field(default=None, repr=False)
    open_only: bool = False
    in_tray: bool | None = None
    limit: int = 100
    after: str | None = None


class Wrong(Enum):
    """What can be wrong with what is stored; see :data:`MENDABLE` for what can be rebuilt from the histories."""

    DAMAGED = "database.damaged"
    UNREADABLE = "row.unreadable"
    NO_CASE = "row.no-case"
    GAP = "history.gap"
    SNAPSHOT = "case.differs"
    COLUMNS = "case.columns"
    LOOKUPS = "case.lookups"
    NO_OWNER = "case.no-owner"
    FORGOTTEN = "case.never-looked-at"
    LATE = "case.looked-at-too-late"
    NO_CLOCKS = "policy.no-clocks"
    CLOCKS_FAIL = "policy.clocks-fail"
    NOT_IN_OUTBOX = "message.not-in-outbox"
    NOT_WAITED_FOR = "message.not-waited-for"
    NO_EVENT = "message.no-event"
    SET_ASIDE = "work.set-aside"


MENDABLE = frozenset(
    (Wrong.UNREADABLE, Wrong.NO_CASE, Wrong.SNAPSHOT, Wrong.COLUMNS, Wrong.LOOKUPS, Wrong.FORGOTTEN, Wrong.LATE, Wrong.NO_CLOCKS)
)
"""What can be mended, as far as the history of the case can be read, and the clocks are those of the desk's own policy."""


@frozen(kw_only=True)
class Finding:
    """Something that a doctor found wrong: in which case (empty: in none), what, and the way out.

    ``rule`` says which kind of thing it is, ``None`` where a store has kinds of its own. ``mended`` says that it was wrong and is
    right now.
    """

    case_id: str
    what: str
    way_out: str
    rule: Wrong | None = None
    mended: bool = False


@frozen(kw_only=True)
class Examined:
    """A case that a doctor has looked at: as its history makes it, ``None`` where that cannot be read, and what is wrong with it.

    ``wake_at`` is when it is looked at next by what is stored.
    """

    case_id: str
    case: Case | None
    wake_at: DateTime | None
    findings: tuple[Finding, ...] = ()


@frozen(kw_only=True)
class Backlog:
    """How much there is: open cases, cases that are due, messages unsent, contacts in the tray.

    ``given_up`` counts the messages that will not arrive, of cases that have not ended: their owners have a step for each.
    ``oldest_due_at`` is the wake instant of the case that has waited longest, ``None`` when nothing is due. ``set_aside`` is how
    many cases could not be looked at, and messages not put on record, so that a person has to look; the desk counts them, see
    :meth:`recovery.Desk.troubles`.
    """

    open_cases: int
    due: int
    unsent: int
    given_up: int
    tray: int
    oldest_due_at: DateTime | None = None
    set_aside: int = 0


@frozen(kw_only=True)
class Trouble:
    """Something that failed and is tried again: a case that could not be looked at, or (``message_id``) a message of it.

    ``owner`` is the owner of the case, empty where it has none; ``error`` is what went wrong the last time, ``tries`` how often
    it has, ``next_at`` when it is tried again.
    """

    case_id: str
    owner: str
    error: str
    tries: int
    next_at: DateTime = field(converter=instant)
    message_id: str | None = None


@frozen(kw_only=True)
class Committed:
    """One entry of a feed: an event that was put on record, in which case, and the position to go on from."""

    position: str
    case_id: str
    recorded: Recorded


@frozen(kw_only=True)
class Receipt:
    """What a notifier returns: when it handed the message on, and the provider's own id for it."""

    at: DateTime = field(converter=instant)
    provider_id: str | None = None
