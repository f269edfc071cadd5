"""What the desk answers, and how it waits before it tries again."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from random import Random
from typing import TYPE_CHECKING, TypedDict

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.reference import SPACE, Identity, reference
from recovery.core.vocabulary.common import Channel, Command, Event, Recorded

if TYPE_CHECKING:
    from recovery.core.case import Case
    from recovery.core.stages import Stage

__all__ = [
    "CHANCE",
    "Adoption",
    "Criteria",
    "Drafted",
    "Entry",
    "Health",
    "IncidentStanding",
    "IncidentWork",
    "LeftOut",
    "News",
    "NotTold",
    "Outcome",
    "Preview",
    "PreviewKind",
    "Retries",
    "Round",
    "Work",
    "new_identity",
]


class Criteria(TypedDict, total=False):
    """What cases can be found by; see :class:`recovery.ports.values.Query`."""

    owner: str | None
    stage: Stage | None
    category: str | None
    customer: str | None
    address: str | None
    reference: str | None
    ticket: str | None
    incident: str | None
    text: str | None
    open_only: bool
    in_tray: bool | None


@frozen(kw_only=True)
class Outcome:
    """What came of a contact or of commands. ``repeated`` says that it had been done before, and nothing was done again.

    ``opened`` are the other cases that were opened or changed with this one.
    """

    case: Case
    events: tuple[Recorded, ...] = ()
    warnings: tuple[Reason, ...] = ()
    opened: tuple[Case, ...] = ()
    repeated: bool = False


@frozen(kw_only=True)
class News:
    """What a listener of a desk is told: a case as it has been committed, and the events that made it so."""

    case: Case
    events: tuple[Recorded, ...]


@frozen(kw_only=True)
class LeftOut:
    """A ticket of another system that was not adopted, and every reason."""

    number: str
    reasons: tuple[Reason, ...]


@frozen(kw_only=True)
class Adoption:
    """What came of the tickets of another system: how many became cases at each stage, and of the others, why not.

    ``ended`` were over long ago, ``known`` are on a case already or came twice, ``left_out`` cannot be adopted as they are.
    ``rerouted`` of the adopted ones had an owner whom nobody here knows, and got one by the policy's routes.
    """

    stages: Mapping[Stage, int]
    ended: int = 0
    known: int = 0
    rerouted: int = 0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def adopted(self) -> int:
        """How many became cases."""
        return sum(self.stages.values())


@frozen(kw_only=True)
class NotTold:
    """Somebody in an incident whom a step did not reach: their case, where there is one, who they are, and every reason."""

    case_id: str
    customer: str
    reasons: tuple[Reason, ...]


@frozen(kw_only=True)
class IncidentWork:
    """What came of one step of an incident, person by person.

    ``opened`` got a case and, where they can be reached, our word; ``joined`` had complained already; ``known`` had their case from
    an earlier run, and nothing was done again; ``named_again`` were on the list more than once. ``told`` were given a word now,
    ``repeated`` had been given this one before. ``by_hand`` of the opened are told by a person: nothing reaches them but a
    letter or a call, if that, or they had asked for silence. ``left_out`` could not be told, each with every reason.
    """

    opened: int = 0
    joined: int = 0
    known: int = 0
    named_again: int = 0
    told: int = 0
    repeated: int = 0
    by_hand: int = 0
    left_out: tuple[NotTold, ...] = ()


@frozen(kw_only=True)
class IncidentStanding:
    """How an incident stands: its cases by stage, how many had complained, how many have said a word since.

    ``not_affected`` after all are so many; ``untold`` have a case and have not been reached yet. ``unreadable`` are the cases that
    nobody can read, so that nobody knows how they stand; :meth:`recovery.Desk.doctor` names them.
    """

    id: str
    stages: Mapping[Stage, int]
    complained: int = 0
    spoke: int = 0
    not_affected: int = 0
    untold: int = 0
    unreadable: int = 0

    @property
    def cases(self) -> int:
        """How many people have a case."""
        return sum(self.stages.values()) + self.unreadable


@frozen(kw_only=True)
class Work:
    """What a round of work did: cases looked at, messages sent, what failed, and how far behind the oldest due case was."""

    ticked: int = 0
    sent: int = 0
    failed: int = 0
    lag: timedelta = timedelta()

    @property
    def idle(self) -> bool:
        """Whether there was nothing that could be done, however far behind it is."""
        return not (self.ticked or self.sent or self.failed)


@frozen(kw_only=True)
class Health:
    """How the desk stands, for a monitor: a few numbers, all of which are small where all is well.

    ``lag_seconds`` is how long the case that is overdue the longest has been due; ``due``, ``unsent``, ``given_up``, ``set_aside``,
    ``tray`` and ``open_cases`` are those of :class:`recovery.ports.Backlog`.
    """

    lag_seconds: float
    due: int
    unsent: int
    given_up: int
    set_aside: int
    tray: int
    open_cases: int


@frozen(kw_only=True)
class Round:
    """What a worker tells: what a round did; or ``trouble``, once, where nothing could be done; or that it ``works_again``."""

    work: Work = Work()
    trouble: Exception | None = None
    works_again: bool = False


@frozen(kw_only=True)
class Entry:
    """One line of a case's timeline. ``told`` says in a sentence what such an event means; the words are in ``event``."""

    case_id: str
    seq: int
    at: DateTime
    recorded_at: DateTime
    by: str
    kind: str
    told: str
    event: Event


@frozen(kw_only=True)
class Retries:
    """How long to wait before a message is tried again: from ``first``, by ``factor``, up to ``most``; given up after ``tries``.

    Each wait is stretched by up to a quarter at random, so that a thousand messages do not come back at the same second.
    """

    first: timedelta = timedelta(minutes=1)
    factor: float = 2.0
    most: timedelta = timedelta(hours=4)
    tries: int = 10

    def wait(self, tried: int, chance: Random) -> timedelta:
        """Return how long to wait after the ``tried``-th failure, counted from 1."""
        try:
            wait = min(self.first * self.factor ** (tried - 1), self.most)
        except OverflowError:  # longer than Python can tell, so longer than the longest
            wait = self.most
        return wait * (1 + chance.random() / 4)


class PreviewKind(Enum):
    """Why a message is in a preview: how it would come about, if nothing else happened before."""

    WAITS = "waits"
    BY_HAND = "by_hand"
    DRAFT = "draft"
    RECEIPT = "receipt"
    BY_ITSELF = "by_itself"


@frozen(kw_only=True)
class Preview:
    """A message as it would go out: in which words, to whom, by which channel, and when; nothing has been sent or stored.

    ``kind`` says how it would come about: it ``waits`` to be sent; it is to be done ``by_hand`` (a call, a letter: the body is the
    script or the sheet); it is the ``draft`` of what a person might say; it is the ``receipt`` of the customer's next message; or
    a clock would send it ``by_itself``. ``because`` is the rule or the command behind it, ``at`` the instant it would be said.
    ``person`` is the id of a colleague, ``None`` for the customer; ``to`` is an address, empty where none is known.
    """

    kind: PreviewKind
    because: str
    at: DateTime
    channel: Channel
    person: str | None
    to: str = field(repr=False)
    templates: tuple[str, ...]
    subject: str = field(repr=False)
    body: str = field(repr=False)
    html: str = field(repr=False)


@frozen(kw_only=True)
class Drafted:
    """What a person might say: the ``command`` to hand to the desk, as it is or changed, and the ``text`` in its word.

    ``messages`` are what the customer would get: the words with all that the library adds to them; none while it cannot be
    said. ``reasons`` are those for which the desk would refuse the command as it stands; each names the field that is missing.
    """

    command: Command
    text: str = field(repr=False)
    messages: tuple[Preview, ...]
    reasons: tuple[Reason, ...] = ()


CHANCE = Random()
"""What spreads the retries of every desk that brings no chance of its own: to seed one takes longer than to make the whole desk."""

if hasattr(os, "register_at_fork"):
    # A child that went on with the parent's numbers would come back when the parent does.
    os.register_at_fork(after_in_child=CHANCE.seed)


def new_identity() -> Identity:
    """Return a fresh id and a fresh reference, at random.

    The id has the layout of UUID version 7 (RFC 9562): it begins with the millisecond, so that cases of one hour stand side by side
    in every index of a database, and those of all years are not stirred into one another.
    """
    drawn = secrets.randbits(74)
    head = (time.time_ns() // 1_000_000 << 16) | (7 << 12) | (drawn >> 62)
    number = (head << 64) | (0b10 << 62) | (drawn & ((1 << 62) - 1))
    return Identity(case_id=f"{number:032x}", reference=reference(secrets.randbelow(SPACE)))
