"""One simulated story: customers, people of ours, workers and the clock take turns, and whatever can fail fails at times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from attrs import Factory, define, field, frozen

from recovery.core.case import Case
from recovery.core.errors import ConflictingChange, KeyReused, RecoveryError, Refused, StoreUnusable
from recovery.core.policy import Policy
from recovery.core.reference import Identity, reference
from recovery.core.values import instant, later
from recovery.core.vocabulary.common import Command, kind_of
from recovery.core.vocabulary.receiving import Contact, SetTask
from recovery.desk import Desk, Outcome, Retries, Work
from recovery.desk.turns import as_strangers
from recovery.ports.notifier import Notifier
from recovery.ports.store import Store
from recovery.ports.values import OutboxMessage
from recovery.testing.desks import Away
from recovery.testing.moments import FrozenNow
from recovery.testing.simulator.acts import Acting
from recovery.testing.simulator.post import WHIMS, FaultyNotifier
from recovery.testing.simulator.turns import Turns
from recovery.testing.simulator.watching import Call, watched
from recovery.testing.simulator.witness import ANSWERED, ONCE, REACHED, REFUSED, LawBroken, Witness, holds

__all__ = ["Mishaps", "Played", "Playing"]

BEGINNINGS = (
    "2026-03-02T09:00",
    "2026-03-06T15:30",
    "2026-03-27T15:30",
    "2026-10-23T14:00",
    "2026-10-30T14:00",
    "2026-12-23T10:00",
)
"""Where stories begin, in the zone of the desk: an ordinary Monday; the Fridays before the clocks of America and of Europe are put
on, and back; and before Christmas."""

MOVES = tuple(timedelta(minutes=minutes) for minutes in (1, 7, 20, 61, 61 * 3, 60 * 9, 60 * 24, 60 * 24 * 2, 60 * 24 * 4))
LENGTHS = (2, 3, 3, 3, 3, 4, 4, 4, 5, 15)
"""How often each of the five acts: most stories are short, since a fault shows in few steps; one in ten goes a long way."""

LEASE = timedelta(minutes=5)
PATIENCE = 100
"""How often somebody asks who gets no answer: so many mishaps in a row are no accident."""

_BACK, _FORWARD = timedelta(hours=-1), timedelta(days=1)


class Killed(BaseException):
    """The process of whoever acts is killed, wherever it stands; another takes its place."""


@frozen(kw_only=True)
class Mishaps:
    """How likely what goes wrong is, each time it could: a call of the store, a send, a move of the clock.

    ``refused``: the store raises and has done nothing; ``lost``: it has done it, and raises; ``killed``: whoever acts is killed,
    before or after. ``fails``, ``hangs``, ``stalls`` (hangs, and fails then), ``forgets`` (sends, and loses the answer) and
    ``unknown`` (nobody there) are whims of the mail server. ``jumps``: the clock jumps an hour back, or a day ahead.
    """

    refused: float = 0.01
    lost: float = 0.01
    killed: float = 0.004
    fails: float = 0.06
    hangs: float = 0.04
    stalls: float = 0.02
    forgets: float = 0.04
    unknown: float = 0.03
    jumps: float = 0.15


@frozen(kw_only=True)
class Played:
    """What came of a story: how many cases, entries, messages, sends and mishaps there were, and its ``trace``, step by step."""

    seed: int
    cases: int
    entries: int
    messages: int
    mishaps: int
    trace: tuple[str, ...] = field(repr=False)


class _Still(Random):
    """Draws no waits: nobody sleeps in a simulated story."""

    def random(self) -> float:
        return 0.0


@define(kw_only=True)
class Playing:
    """A story being played on ``store``, as ``seed`` has it."""

    seed: int
    store: Store
    policy: Policy
    notifier: Notifier | None = None
    mishaps: Mishaps = field(factory=Mishaps)
    chance: Random = field(init=False, default=Factory(lambda self: Random(self.seed), takes_self=True))
    acts: int = field(init=False, default=Factory(lambda self: self.chance.choice(LENGTHS), takes_self=True))
    now: FrozenNow = field(init=False, default=Factory(lambda self: self._clock(), takes_self=True))
    turns: Turns = field(init=False, default=Factory(lambda self: Turns(self.chance), takes_self=True))
    witness: Witness = field(init=False, default=Factory(lambda self: self._witness(), takes_self=True))
    acting: Acting = field(init=False, default=Factory(lambda self: Acting(self.chance, self.policy), takes_self=True))
    away: Away = field(init=False, factory=Away)
    trace: list[str] = field(init=False, factory=list[str])
    contacts: list[Contact] = field(init=False, factory=list[Contact])
    went_wrong: int = field(init=False, default=0)
    numbers: int = field(init=False, default=0)
    calm: bool = field(init=False, default=False)

    def _clock(self) -> FrozenNow:
        calendar = self.policy.calendar
        return FrozenNow(datetime.fromisoformat(self.chance.choice(BEGINNINGS)).isoformat(), calendar=calendar)

    def _witness(self) -> Witness:
        return Witness(store=self.store, acting=lambda: self.turns.acting)

    # ------------------------------------------------------------ the whole story

    def play(self) -> Played:
        """Play it to the end. Raises :class:`LawBroken` at the first step after which a law does not hold."""
        cast: list[tuple[str, Callable[[], None]]] = [(f"person {number}", self._person) for number in (1, 2)]
        cast += [(f"worker {number}", self._worker) for number in (1, 2)]
        with as_strangers():
            self.turns.play([*cast, ("clock", self._time)])
        self._come_to_rest()
        entries = sum(map(len, self.witness.histories.values()))
        sent = len(self.witness.arrived)
        cases = len(self.witness.histories)
        return Played(seed=self.seed, cases=cases, entries=entries, messages=sent, mishaps=self.went_wrong, trace=(*self.trace,))

    def note(self, what: str) -> None:
        """Put a line on the trace."""
        self.trace.append(f"{self.now.local[:16]}  {self.turns.acting or 'at the end':<10} {what}")

    def desk(self) -> Desk:
        """Return a desk as a fresh process would make it."""
        return Desk(
            store=watched(self.store, before=self._before, after=self._after),
            policy=self.policy,
            notifier=FaultyNotifier(
                now=self.now,
                sending=self.witness.sending,
                left=self.witness.left,
                whim=self._whim,
                hangs=LEASE * 1.5,
                meanwhile=self.turns.pause,
                notifier=self.notifier,
            ),
            directory=self.away,
            now=self.now,
            identities=self._identity,
            retries=Retries(tries=4),
            lease=LEASE,
            chance=_Still(),
        )

    def _identity(self) -> Identity:
        self.numbers += 1
        return Identity(case_id=f"case-{self.numbers}", reference=reference(self.numbers))

    # ------------------------------------------------------------ what goes wrong

    def _before(self, call: Call) -> None:
        self.turns.pause()
        self._mishap(call, self.mishaps.refused, "the store is down")

    def _after(self, call: Call) -> None:
        self.witness.saw(call)
        self._mishap(call, self.mishaps.lost, "the answer of the store is lost")

    def _mishap(self, call: Call, likely: float, why: str) -> None:
        if self.calm:
            return
        drawn = self.chance.random()
        if drawn < likely:
            self._goes_wrong(f"{call}: {why}")
            raise StoreUnusable("simulated", why, "Do it again.")
        if drawn < likely + self.mishaps.killed:
            self._goes_wrong(f"{call}: killed")
            raise Killed

    def _goes_wrong(self, what: str) -> None:
        self.went_wrong += 1
        self.note(f"  ! {what}")

    def _whim(self, message: OutboxMessage) -> str:
        if self.calm:
            return ""
        drawn, found = self.chance.random(), self.mishaps
        likely = (found.fails, found.hangs, found.stalls, found.forgets, found.unknown)
        for whim, share in zip(WHIMS, likely, strict=True):
            if drawn < share:
                self._goes_wrong(f"sending {message.id}: {whim}")
                return whim
            drawn -= share
        return ""

    # ------------------------------------------------------------ customers, and people of ours

    def _person(self) -> None:
        desk = self.desk()
        for _ in range(self.acts):
            self.turns.pause()
            if not self.witness.histories or self.chance.random() < 0.25:
                self._writes(desk)
            else:
                self._acts(desk)

    def _writes(self, desk: Desk) -> None:
        """A customer writes; or what came before comes again. Whoever takes it tries until it is taken."""
        if self.contacts and self.chance.random() < 0.2:
            contact = self.chance.choice(self.contacts)
        else:
            contact = self.acting.contact(len(self.contacts), self._cases(), instant(self.now()))
            self.contacts.append(contact)
        outcome = self._insisting(f"receive {contact.message_id}", partial(desk.receive, contact))
        if outcome is not None and self.chance.random() < 0.2:
            with self.witness.nothing_saved(ONCE, f"{contact.message_id} was taken a second time"):
                again = self._insisting(f"receive {contact.message_id} again", partial(desk.receive, contact))
            holds(ONCE, again is not None and again.repeated, f"{contact.message_id} came again, and was no repeat")

    def _cases(self) -> tuple[Case, ...]:
        found = (self.store.load(case_id) for case_id in sorted(self.witness.histories))
        return tuple(case for case in found if case is not None)

    def _acts(self, desk: Desk) -> None:
        """Somebody does something about a case, under a key or not, and at times twice."""
        cases = self._cases()
        case = self.chance.choice(cases)
        others = tuple(other for other in cases if other.id != case.id)
        commands = self.acting.commands(case, others, instant(self.now()))
        self.numbers += 1
        key = f"key-{self.numbers}" if self.chance.random() < 0.6 else None
        what = f"{case.id}: {' + '.join(kind_of(type(command)) for command in commands)}"
        pinned = case.version if self.chance.random() < 0.15 else None
        call = partial(desk.handle, case.id, *commands, key=key, expected_version=pinned)
        outcome = self._insisting(what, call, once=key is None)
        if outcome is not None and key is not None and self.chance.random() < 0.5:
            self._twice(desk, case.id, commands, key)

    def _twice(self, desk: Desk, case_id: str, commands: tuple[Command, ...], key: str) -> None:
        with self.witness.nothing_saved(ONCE, f"{key} came a second time, and something was saved"):
            again = self._insisting(f"{case_id}: the same under {key}", partial(desk.handle, case_id, *commands, key=key))
            holds(ONCE, again is not None and again.repeated, f"{key} came again, and was no repeat")
            other = SetTask(by="ana", what="something else")
            try:
                self._insisting(f"{case_id}: something else under {key}", partial(desk.handle, case_id, other, key=key))
            except KeyReused:
                return
        holds(ONCE, False, f"{key} was used for something else, and that was done")

    def _insisting(self, what: str, call: Callable[[], Outcome], *, once: bool = False) -> Outcome | None:
        """Call until there is an answer, as a client does who does not know whether it was done; ``None`` where it is refused.

        Refused is also who pinned a case that somebody else has changed meanwhile.
        """
        for _ in range(PATIENCE):
            before = self.witness.saves[self.turns.acting]
            try:
                outcome = call()
            except (Refused, ConflictingChange) as no:
                self.note(f"{what}: refused, {no.reasons[0].rule if isinstance(no, Refused) else 'somebody else was faster'}")
                holds(REFUSED, self.witness.saves[self.turns.acting] == before, f"{what} was refused, and something was saved")
                return None
            except (StoreUnusable, Killed):
                if once:
                    return None
                continue
            self.note(f"{what}: {'repeated' if outcome.repeated else outcome.case.stage.value}")
            self.witness.acknowledged(outcome)
            return outcome
        raise LawBroken(ANSWERED, f"{what}: no answer to the same call, given {PATIENCE} times")

    # ------------------------------------------------------------ workers and time

    def _worker(self) -> None:
        desk = self.desk()
        for _ in range(self.acts):
            self.turns.pause()
            try:
                done = desk.work(limit=20)
            except (RecoveryError, Killed):
                desk = self.desk()
                continue
            if done.ticked or done.sent or done.failed:
                self.note(f"looked at {done.ticked}, sent {done.sent}, failed {done.failed}")

    def _time(self) -> None:
        for _ in range(self.acts):
            self.turns.pause()
            self.away.people = self.chance.choice((frozenset[str](), frozenset[str](), frozenset({"ben"}), None))
            if self.chance.random() < self.mishaps.jumps:
                jump = self.chance.choice((_BACK, _FORWARD))
                self.now.back(later(instant(self.now()), jump))
                self.note(f"  ! the clock jumps by {jump.total_seconds() / 3600:+.0f} h")
            else:
                self.now.move(self.chance.choice(MOVES))

    def _come_to_rest(self) -> None:
        """Let everything work from now on, wait until nothing is left to do, and hold all of it against the laws."""
        self.calm = True
        desk = self.desk()
        for days in (0, 3):
            self.now.move(days=days, minutes=10)
            self._work_through(desk)
        self.witness.at_rest(desk)

    def _work_through(self, desk: Desk) -> None:
        for _ in range(200):
            done = desk.work(limit=50)
            backlog = desk.backlog()
            if done == Work() and not backlog.unsent:
                return
            if done == Work():
                self.now.move(hours=5)  # what could not be sent is tried again then
        holds(REACHED, False, "work does not come to rest")
