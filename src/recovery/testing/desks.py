"""A desk in memory whose time stands still, and a story that is told on a desk."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random

from attrs import Factory, define, field, frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import InvalidValue
from recovery.core.policy import Policy
from recovery.core.reference import Identity, reference
from recovery.core.values import instant, invalid
from recovery.core.vocabulary.common import Command
from recovery.desk import Desk
from recovery.notifiers.recording import RecordingNotifier
from recovery.stores.memory import MemoryStore
from recovery.testing.content import NARRATIVES, a_contact, a_policy
from recovery.testing.moments import FrozenNow, Told
from recovery.testing.story import unseen_on

__all__ = ["Away", "DeskStory", "MemoryDesk", "a_desk", "clock_of", "numbered", "sent_by"]


@define
class Away:
    """A directory that says what it was told: ``people`` are away; ``None`` means that nobody can tell."""

    people: frozenset[str] | None = frozenset()

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Return who is away, whatever the time."""
        return self.people


def _recording(desk: MemoryDesk) -> RecordingNotifier:
    return RecordingNotifier(now=desk.now)


@frozen(kw_only=True)
class MemoryDesk(Desk):
    """A desk in memory, of which a type checker knows what a test looks at: ``desk.now.move(days=3)``, ``desk.notifier.sent``."""

    store: MemoryStore = field(factory=MemoryStore)
    now: FrozenNow = field(factory=FrozenNow)  # pyright: ignore[reportIncompatibleMethodOverride]  (it is a callable too)
    notifier: RecordingNotifier = field(default=Factory(_recording, takes_self=True))
    directory: Away = field(factory=Away)


def numbered() -> Callable[[], Identity]:
    """Return what makes ids and references in order, so that a test reads the same every time: ``case-1``, ``case-2`` ..."""
    numbers = count(1)

    def fresh() -> Identity:
        number = next(numbers)
        return Identity(case_id=f"case-{number}", reference=reference(number))

    return fresh


def a_desk(
    policy: Policy | None = None,
    *,
    now: FrozenNow | Told | None = None,
    away: tuple[str, ...] = (),
) -> MemoryDesk:
    """Return a desk in memory: a frozen clock, ids in order, a notifier that keeps what it sends, nobody away but ``away``.

    ``policy`` is :func:`a_policy` unless given. ``now`` is the clock, or where a new one begins, local to the policy's calendar.
    """
    held = a_policy() if policy is None else policy
    begin = () if now is None or isinstance(now, FrozenNow) else (now,)
    clock = now if isinstance(now, FrozenNow) else FrozenNow(*begin, calendar=held.calendar)
    return MemoryDesk(
        policy=held,
        directory=Away(frozenset(away)),
        now=clock,
        identities=numbered(),
        chance=Random(0),
    )


def clock_of(desk: Desk) -> FrozenNow:
    """Return the frozen clock of a desk. Raises :class:`InvalidValue` where its time is not frozen."""
    if isinstance(desk.now, FrozenNow):
        return desk.now
    hint = "Give the desk a FrozenNow, or take a_desk()."
    raise InvalidValue("the desk", [invalid("now", "runs by itself, so time cannot be moved", hint)])


def sent_by(desk: Desk) -> RecordingNotifier:
    """Return the notifier that kept what the desk sent. Raises :class:`InvalidValue` where it has another."""
    if isinstance(desk.notifier, RecordingNotifier):
        return desk.notifier
    hint = "Give the desk a RecordingNotifier, or take a_desk()."
    raise InvalidValue("the desk", [invalid("notifier", "keeps nothing of what it sends", hint)])


@frozen
class DeskStory:
    """A case told on a desk: what :class:`~recovery.testing.story.Story` is without one. The desk's clock moves with it."""

    desk: Desk
    case_id: str

    @property
    def policy(self) -> Policy:
        """The policy with the clocks that the case is pinned to."""
        return self.desk.policy_for(self.told)

    @property
    def now(self) -> DateTime:
        """The desk's present instant."""
        return instant(self.desk.now())

    @property
    def told(self) -> Case:
        """The case as it is stored."""
        return self.desk.load(self.case_id)

    def do(self, *commands: Command) -> object:
        """Hand commands to the desk, all or none; raises :class:`recovery.Refused`."""
        return self.desk.handle(self.case_id, *commands)

    def deliver(self) -> object:
        """Let the desk send what is in its outbox."""
        return self.desk.deliver()

    def reach(self, at: DateTime) -> object:
        """Move the desk's clock to ``at``, unless that is past. Raises :class:`InvalidValue` where its time is not frozen."""
        return clock_of(self.desk).to(at) if at > self.now else None

    def unseen(self) -> tuple[str, ...] | None:
        """Return the ids of the earlier cases that nobody has looked at; ``None`` where nobody can tell, and nobody has looked."""
        return unseen_on(self.told, self.desk.earlier(self.case_id))

    def another(self) -> str:
        """Open another case on the desk, and return its id."""
        return self.desk.open(a_contact(NARRATIVES[1].words, self.now)).case.id
