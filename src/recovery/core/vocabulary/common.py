"""Words every heading uses: channels, people, words spoken and heard, and the bases of commands and events.

An **act** is something we are about to do; rules may refuse it. A **report** is what the customer said or what has happened; it
carries its own ``at`` and is always kept. A command that speaks carries a :class:`Word`: without ``said_at`` it is an act, with it
a report. What the customer said comes as :class:`Said`: their own words, or the message they came in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import ClassVar, cast

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.stages import Trigger
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
    maker,
    maybe,
    maybe_instant,
    unique,
)

__all__ = [
    "ANSWERABLE",
    "MACHINE",
    "Address",
    "Channel",
    "Claim",
    "ClaimKind",
    "Command",
    "Customer",
    "Event",
    "Heard",
    "Mark",
    "Mood",
    "Need",
    "Recorded",
    "Report",
    "Said",
    "Severity",
    "Speaking",
    "Spoken",
    "Tried",
    "Word",
    "kind_of",
]

MACHINE = "recovery"
"""The name under which the library itself acts."""


class Channel(Enum):
    """How a word travels between a customer and us."""

    __hash__ = object.__hash__  # members are what they are: Enum's own hash of the name is many times slower

    LETTER = "letter"
    EMAIL = "email"
    PHONE = "phone"
    FAX = "fax"
    WEB_FORM = "web_form"
    CHAT = "chat"
    SMS = "sms"
    SOCIAL = "social"
    IN_PERSON = "in_person"


class Severity(Enum):
    """How serious a problem is for the customer, from the least to the most."""

    MINOR = "minor"
    NORMAL = "normal"
    SERIOUS = "serious"
    CRITICAL = "critical"


class Mood(Enum):
    """How the customer feels about it, as a person of ours sees it; no machine guesses it from their words."""

    CALM = "calm"
    UPSET = "upset"
    ANGRY = "angry"


def channels(given: Iterable[Channel]) -> frozenset[Channel]:
    """Return the channels as a set; what is no collection is left for the field's check."""
    return cast("frozenset[Channel]", unique(given))


ANSWERABLE = frozenset({Channel.EMAIL, Channel.SMS, Channel.CHAT, Channel.SOCIAL})
"""Where answering a message is a way back to whoever sent it."""


@frozen(kw_only=True)
class Address(Value):
    """A way to reach somebody on one channel: an e-mail address, a number, a postal address."""

    channel: Channel = field(metadata=checked(either(Channel)))
    value: str = field(repr=False, metadata=checked(is_some_text, personal=True))


@frozen(kw_only=True)
class Customer(Value):
    """Who a case is for, as far as known. ``id`` is the host's own customer number; ``timezone`` an IANA name.

    ``accepted_by`` is the unit of ours that accepted the customer when sales handed them over.
    """

    name: str | None = field(default=None, repr=False, metadata=checked(maybe(is_text), personal=True))
    id: str | None = field(default=None, metadata=checked(maybe(is_id)))
    addresses: tuple[Address, ...] = field(default=(), metadata=checked(every(either(Address))))
    language: str | None = field(default=None, metadata=checked(maybe(is_id)))
    timezone: str | None = field(default=None, metadata=checked(maybe(is_id)))
    accepted_by: str | None = field(default=None, metadata=checked(maybe(is_id)))

    def address(self, channel: Channel) -> Address | None:
        """Return the first address on ``channel``, if there is one."""
        for address in self.addresses:
            if address.channel is channel:
                return address
        return None


class ClaimKind(Enum):
    """What a message may claim to have happened: something was sent, money was sent back, it was decided, an exception was made."""

    SENT = "sent"
    REFUNDED = "refunded"
    DECIDED = "decided"
    EXCEPTED = "excepted"


@frozen(kw_only=True)
class Claim(Value):
    """One thing a word claims to have happened. The library says it, from the event that is on the case (rule ``own.true``).

    ``about`` is the id of the delivery that was sent or refunded, or of the exception; left out, it is the latest such.
    """

    kind: ClaimKind = field(metadata=checked(either(ClaimKind)))
    about: str | None = field(default=None, metadata=checked(maybe(is_id)))


@frozen(kw_only=True)
class Word(Value):
    """What a person of ours says to the customer, on one or more channels.

    Without ``said_at`` it is about to be said; with it, it has been said. ``reached=False`` is a voicemail or an unanswered ring:
    an attempt, not contact. ``answers=False`` leaves earlier messages of the customer unanswered. ``claims`` are what it says has
    happened: the library adds the sentence for each, with its date, and only where the event is on the case.
    """

    via: frozenset[Channel] = field(converter=channels, metadata=checked(every(either(Channel))))
    text: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))
    said_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))
    reached: bool = field(default=True, metadata=checked(either(bool)))
    answers: bool = field(default=True, metadata=checked(either(bool)))
    claims: tuple[Claim, ...] = field(default=(), metadata=checked(every(either(Claim))))

    def faults(self) -> list[Reason]:
        """A word travels somewhere and, before it is said, has a text; only what has been said can have failed to reach."""
        found: list[Reason] = []
        if not self.via:
            found.append(invalid("via", "names no channel", "Give at least one, for example {Channel.EMAIL}."))
        if self.said_at is None and not self.text.strip():
            found.append(invalid("text", "is empty", "Write what the customer is to hear, or give said_at if it was said."))
        if self.said_at is None and not self.reached:
            found.append(invalid("reached", "is known only afterwards", "Give said_at: the instant of the attempt."))
        return found


@frozen(kw_only=True)
class Said(Value):
    """What the customer said: their words, or the number (``contact``) of the message on the case that holds them."""

    channel: Channel = field(metadata=checked(either(Channel)))
    words: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    contact: int | None = field(default=None, metadata=checked(maybe(either(int))))
    at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))

    def faults(self) -> list[Reason]:
        """Only the customer can say it: there are words, or a message they came in."""
        if self.contact is None and not self.words.strip():
            return [invalid("words", "are missing", "Give the customer's words, or contact=the number of their message.")]
        return []


@frozen(kw_only=True)
class Tried(Value):
    """An alternative that somebody looked at before saying no, and why it failed."""

    alternative: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    failed: str = field(repr=False, metadata=checked(is_some_text, personal=True))


@frozen(kw_only=True)
class Mark:
    """A dated fact that clocks start, stop or stretch on. ``key`` tells several of one kind apart; ``until`` is a date it names."""

    name: str
    at: DateTime
    seq: int
    key: str = ""
    until: DateTime | None = None
    word: int | None = None


_mark = maker(Mark)


class Need(Enum):
    """What a command must know of the world beyond its case; the desk fetches just that."""

    AWAY = "away"
    EARLIER = "earlier"
    NEW_CASE = "new_case"
    PRECEDENTS = "precedents"
    REPEATS = "repeats"
    SURVIVOR = "survivor"
    LOADS = "loads"
    TWINS = "twins"


_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_KINDS: dict[type, str] = {}


def kind_of(kind: type) -> str:
    """Return the public name of a command or event class: ``RecordAcceptance`` is ``record_acceptance``."""
    name = _KINDS.get(kind)
    if name is None:
        name = _KINDS[kind] = _HUMPS.sub("_", kind.__name__).lower()
    return name


def is_overrides(value: object) -> tuple[str, str] | None:
    """Hold for a mapping of rule ids to reasons in words."""
    if isinstance(value, Mapping):
        told = cast("Mapping[object, object]", value)
        if all(isinstance(rule, str) and isinstance(why, str) and why.strip() for rule, why in told.items()):
            return None
    return "is not a mapping of rule ids to reasons", "Give {'rule.id': 'why it is right to go past it here'}."


@frozen(kw_only=True)
class Command(Value):
    """Something to do or to put on record. ``by`` is who says so; ``override`` goes past a rule, with a reason."""

    by: str = field(metadata=checked(is_id))
    override: Mapping[str, str] = field(factory=dict[str, str], repr=False, hash=False, metadata=checked(is_overrides))

    needs: ClassVar[frozenset[Need]] = frozenset()

    @property
    def reported_at(self) -> DateTime | None:
        """When what is reported happened; ``None`` for an act, which happens now."""
        return None

    @property
    def is_report(self) -> bool:
        """Whether this says what has happened, rather than what we are about to do."""
        return self.reported_at is not None


@frozen(kw_only=True)
class Report(Command):
    """A command that says what has happened. ``at`` is when; left out, it is taken as now."""

    at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))

    @property
    def reported_at(self) -> DateTime | None:
        """When it happened, if given."""
        return self.at

    @property
    def is_report(self) -> bool:
        """Always: whatever it says, it is kept."""
        return True


@frozen(kw_only=True)
class Speaking(Command):
    """A command by which a person speaks to the customer."""

    word: Word = field(metadata=checked(either(Word), public=True))

    def faults(self) -> list[Reason]:
        """A machine may send receipts and chases, but it does not speak in a person's name."""
        if self.by == MACHINE:
            return [invalid("by", "is the library itself, which speaks to no customer", "Give the id of the person who speaks.")]
        return []

    @property
    def reported_at(self) -> DateTime | None:
        """When it was said, if it has been said."""
        return self.word.said_at


@frozen(kw_only=True)
class Event:
    """Something that happened. ``at`` is when it happened, which is not always when it was recorded."""

    at: DateTime = field(converter=instant)
    by: str

    trigger: ClassVar[Trigger | None] = None
    marks: ClassVar[tuple[str, ...]] = ()

    @property
    def waives(self) -> int | None:
        """The number of the customer's message that owes no answer (any more) because of this."""
        return None

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """Return the marks that clocks read from this event on."""
        return tuple([_mark(name=name, at=self.at, seq=seq) for name in self.marks]) if self.marks else ()


@frozen(kw_only=True)
class Spoken(Event):
    """A person's word to the customer. Its fields marked ``public`` are what the message may hold beside the word itself."""

    word: Word = field(metadata={"public": True})

    def says(self, seq: int) -> tuple[Mark, ...]:
        """Return the marks that count only once, and only while, the word reaches the customer."""
        spoke = _mark(name="spoke", at=self.at, seq=seq)
        return (spoke, _mark(name="answered", at=self.at, seq=seq)) if self.word.answers else (spoke,)


@frozen(kw_only=True)
class Heard(Event):
    """A word of the customer that a person put on record."""

    said: Said


@frozen(kw_only=True)
class Recorded:
    """One entry of a case's history: its number (from 1, without gaps), when it was recorded, and what happened."""

    seq: int
    recorded_at: DateTime = field(converter=instant)
    event: Event
