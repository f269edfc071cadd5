"""What must hold after every step, whatever went wrong: the laws of the design, asked of a store from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Self, cast

from attrs import define, field
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.decide import agenda
from recovery.core.fold import apply, begin, fold
from recovery.core.values import later, redact
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.receiving import Delivery, MessagePrepared
from recovery.desk import Desk, Outcome, Work
from recovery.ports.feed import Feed
from recovery.ports.store import Store
from recovery.ports.values import Change, OutboxMessage, Query, Queued
from recovery.testing.simulator.watching import Call

__all__ = ["LawBroken", "Witness", "holds"]


class LawBroken(BaseException):
    """Something that must not be: the ``law``, and what was ``found``.

    No ``Exception``: a desk goes on after most of what a store raises, and must not go on after this.
    """

    def __init__(self, law: str, found: str) -> None:
        self.law, self.found = law, found
        super().__init__(f"{law}: {found}")

    def __reduce__(self) -> tuple[type[LawBroken], tuple[str, str]]:
        return LawBroken, (self.law, self.found)


def holds(law: str, kept: bool, found: str) -> None:
    """Raise :class:`LawBroken` unless the law is ``kept``."""
    if not kept:
        raise LawBroken(law, found)


FOLD = "a case is the fold of its history"
KEPT = "what was saved is kept, in order, without a gap, and nothing else is there"
FORGOTTEN = "nobody is forgotten"
ONCE = "what comes twice is done once"
SAID = "nothing leaves before it is saved, and always in the same words under one id"
ALONE = "what was claimed or put off is given to nobody before its instant"
ORDERED = "messages to one reader leave in their order"
REACHED = "every message leaves, or its owner is told that it cannot"
TIME = "the time of record never runs back"
FED = "every event is fed once, in the order of its case"
ERASED = "erasing commutes with folding"
REFUSED = "a refusal changes nothing"
ANSWERED = "whoever asks again and again is answered"
STORED = "what was acknowledged is stored"


@define
class Witness:
    """Sees every save and every message of a desk over ``store``, and raises :class:`LawBroken` where a law is broken.

    Hand :meth:`saw` to :func:`watched` as ``after``, call :meth:`sending` whenever a message is about to leave, and
    :meth:`at_rest` once there is nothing left to do. ``store`` must be the store itself, whose calls do not fail.
    """

    store: Store
    histories: dict[str, tuple[Recorded, ...]] = field(factory=dict[str, "tuple[Recorded, ...]"])
    folded: dict[str, Case] = field(factory=dict[str, Case])
    sent: dict[str, OutboxMessage] = field(factory=dict[str, OutboxMessage])
    arrived: set[str] = field(factory=set[str])
    held: dict[str, DateTime] = field(factory=dict[str, DateTime])
    acting: Callable[[], str] = field(default=str)
    saves: Counter[str] = field(factory=Counter[str])
    broken: LawBroken | None = None

    def knows(self) -> Self:
        """Take what is stored already for right. Returns the witness."""
        page = self.store.find(Query(limit=100))
        while page:
            for case in page:
                self.histories[case.id], self.folded[case.id] = self.store.history(case.id), case
            page = self.store.find(Query(limit=100, after=page[-1].id))
        return self

    # ------------------------------------------------------------ step by step

    def saw(self, call: Call) -> None:
        """Look at what a call of the store has done."""
        self._raise_again()
        match call.name, call.arguments:
            case "save", (changes, *_):
                self.saved(cast("Sequence[Change]", changes))
            case "claim", (DateTime() as now, _, timedelta() as lease):
                for queued in cast("tuple[Queued, ...]", call.result):
                    self.claimed(queued)
                    self._gives(f"message {queued.message.id}", now, later(now, lease))
            case "claim_due", (DateTime() as now, _, timedelta() as lease):
                for case_id in cast("tuple[str, ...]", call.result):
                    self._gives(f"case {case_id}", now, later(now, lease))
            case "release", (case_id,):
                self.held.pop(f"case {case_id}", None)
            case "put_off", (case_id, DateTime() as at, _) if f"case {case_id}" in self.held:
                self.held[f"case {case_id}"] = at
            case "retry", (message_id, DateTime() as at, _):
                self.held[f"message {message_id}"] = at
            case _:
                pass

    def _gives(self, what: str, now: DateTime, until: DateTime) -> None:
        held = self.held.get(what, now)
        holds(ALONE, held <= now, f"{what} was handed out at {now}, and was not to be had before {held}")
        self.held[what] = until

    def saved(self, changes: Sequence[Change]) -> None:
        """Hold what is stored against what was to be saved."""
        self.saves[self.acting()] += 1
        for change in changes:
            seen = self.histories.get(change.case.id, ())
            found = f"{change.case.id}: a change of version {change.base_version} was stored on version {len(seen)}"
            holds(KEPT, change.base_version == len(seen), found)
            self.histories[change.case.id] = (*seen, *change.events)
            self.folded[change.case.id] = _folded(self.folded.get(change.case.id), change.events)
            self.held.pop(f"case {change.case.id}", None)
        for case_id in dict.fromkeys(change.case.id for change in changes):
            self.check(case_id)
        for change in changes:
            holds(FORGOTTEN, _looked_after(change), f"{change.case.id} has no owner, or no next look")

    def check_all(self) -> None:
        """Hold everything that is stored against all that was saved: what can be asked at any time, whatever broke off."""
        self._raise_again()
        findings = self.store.doctor()
        holds(FORGOTTEN, findings == (), f"doctor() finds {[(found.case_id, found.what) for found in findings]}")
        for case_id in self.histories:
            self.check(case_id)

    def check(self, case_id: str) -> None:
        """Hold one case against all that was saved of it."""
        wanted, there, case = self.histories[case_id], self.store.history(case_id), self.store.load(case_id)
        holds(KEPT, there == wanted, f"{case_id}: the history is {_numbers(there)}, and {_numbers(wanted)} were saved")
        holds(KEPT, [entry.seq for entry in there] == list(range(1, len(there) + 1)), f"{case_id}: {_numbers(there)}")
        holds(FOLD, case == self.folded[case_id], f"{case_id} at version {None if case is None else case.version}")
        ordered = all(one.recorded_at <= other.recorded_at for one, other in pairwise(there))
        holds(TIME, ordered, f"{case_id}: {[str(entry.recorded_at) for entry in there]}")

    def claimed(self, queued: Queued) -> None:
        """A message that is handed out waits in its case, and no earlier one to its reader does."""
        message, case = queued.message, self.store.load(queued.message.case_id)
        outgoing = () if case is None else case.receiving.outgoing
        state = {out.id: out.state for out in outgoing}.get(message.id)
        holds(SAID, state is Delivery.QUEUED, f"{message.id} was handed out, and its case says {state}")
        line = [
            (out.seq, out.id)
            for out in outgoing
            if out.person == message.person and out.state is Delivery.QUEUED and not out.manual
        ]
        holds(ORDERED, min(line)[1] == message.id, f"{message.id} was handed out before {min(line)[1]}")

    def sending(self, message: OutboxMessage) -> None:
        """A message that leaves stands in the history under its id, and says what it said before.

        What is raised here goes through a desk, which goes on after whatever a notifier raises: the next step raises it again.
        """
        try:
            self._leaves(message)
        except LawBroken as broken:
            self.broken = broken
            raise

    def left(self, message: OutboxMessage) -> None:
        """A message has left, whatever the desk hears of it."""
        self.arrived.add(message.id)

    def _raise_again(self) -> None:
        if self.broken is not None:
            raise self.broken

    def _leaves(self, message: OutboxMessage) -> None:
        history = self.store.history(message.case_id)
        found = history[message.seq - 1].event if 0 < message.seq <= len(history) else None
        told = found if isinstance(found, MessagePrepared) else None
        holds(SAID, told is not None and told.message_id == message.id, f"{message.id} leaves, and is not in the history")
        before = self.sent.setdefault(message.id, message)
        holds(SAID, before == message, f"{message.id} says something else than when it left before")

    # ------------------------------------------------------------ what came of a call

    def acknowledged(self, outcome: Outcome) -> None:
        """What a caller was told is stored, each entry once and at its place."""
        name, there = outcome.case.id, self.store.history(outcome.case.id)
        numbers = [recorded.seq for recorded in outcome.events]
        found = tuple(there[number - 1] for number in numbers if number <= len(there))
        holds(STORED, found == outcome.events, f"{name}: entries {numbers} were acknowledged and are not there")
        holds(ONCE, not (outcome.repeated and outcome.events), f"{name}: a repeated call has made entries")

    @contextmanager
    def nothing_saved(self, law: str, what: str) -> Generator[None, None, None]:
        """Raise :class:`LawBroken` where whoever acts saves something meanwhile."""
        before = self.saves[self.acting()]
        yield
        holds(law, self.saves[self.acting()] == before, what)

    # ------------------------------------------------------------ when nothing is left to do

    def at_rest(self, desk: Desk) -> None:
        """Hold everything that is stored against the laws; ``desk`` works over the store itself, and has nothing left to do."""
        self.check_all()
        holds(KEPT, {case.id for case in desk.find()} == set(self.histories), "other cases are found than were saved")
        for case_id in self.histories:
            self._told(case_id)
            self._erased(case_id)
            self._rung(desk, case_id)
        self._fed()
        backlog = desk.backlog()
        holds(FORGOTTEN, backlog.due == 0, f"{backlog.due} cases are due, and nobody looks at them")
        holds(REACHED, backlog.unsent == 0, f"{backlog.unsent} messages wait, and nobody sends them")
        with self.nothing_saved(ONCE, "working again at the same instant has stored something"):
            holds(ONCE, desk.work() == Work(), "working again at the same instant has found something to do")

    def _fed(self) -> None:
        """Where the store feeds events to whoever polls, each comes once, and those of a case in their order."""
        if not isinstance(self.store, Feed):
            return
        fed: dict[str, tuple[Recorded, ...]] = {}
        after = ""
        while page := self.store.feed(after, limit=20):
            for one in page:
                fed[one.case_id] = (*fed.get(one.case_id, ()), one.recorded)
            after = page[-1].position
        holds(FED, fed == self.histories, f"the feed gave {[(name, len(events)) for name, events in fed.items()]}")

    def _told(self, case_id: str) -> None:
        case = self.store.load(case_id)
        for out in () if case is None else case.receiving.outgoing:
            holds(REACHED, out.state is not Delivery.QUEUED, f"{out.id} has neither left nor been given up")
            left = out.manual or out.state is not Delivery.SENT or out.id in self.arrived
            holds(REACHED, left, f"{out.id} is said to have been sent, and never left")

    def _erased(self, case_id: str) -> None:
        history, case = self.store.history(case_id), self.store.load(case_id)
        holds(FOLD, case == fold(history), case_id)
        holds(ERASED, fold(tuple(redact(entry) for entry in history)) == redact(case), case_id)

    def _rung(self, desk: Desk, case_id: str) -> None:
        case, now = desk.load(case_id), desk.now()
        late = [step.rule for step in agenda(case, desk.policy_for(case)) if step.wake_at is not None and step.wake_at <= now]
        holds(FORGOTTEN, not late or case.recorded_at > now, f"{case_id}: {late} should have rung")


def _folded(case: Case | None, events: Sequence[Recorded]) -> Case:
    for recorded in events:
        case = begin(recorded) if case is None else apply(case, recorded)
    if case is None:
        raise LawBroken(KEPT, "a case was saved without an event")
    return case


def _looked_after(change: Change) -> bool:
    return bool(change.case.owner) and (change.wake_at is not None or change.case.ended)


def _numbers(history: Sequence[Recorded]) -> str:
    return ", ".join(f"{entry.seq} {type(entry.event).__name__}" for entry in history[-6:]) or "empty"
