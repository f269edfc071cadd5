"""What happens by itself, with many workers: nothing is lost or doubled, and what is broken blocks nobody and is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import attrs
import pytest
from pendulum import DateTime

from recovery import Case, Delivery, Desk, MemoryStore, OutboxMessage, Policy, Receipt, SQLiteStore, Step, Undeliverable
from recovery.codec import Undecodable
from recovery.core import decide as deciding
from recovery.core.clock import Timing
from recovery.core.values import redact
from recovery.core.vocabulary.receiving import AlarmRung, MessagePrepared
from recovery.desk import Retries, acting
from recovery.ports.values import Change, KeyRecord, Queued
from support import BERLIN, MONDAY, PEOPLE, a_contact
from test_desk import World, a_world

LEASE = timedelta(minutes=5)


class Poisoned(MemoryStore):
    """Cannot load, or cannot save, the cases that are named."""

    def __init__(self) -> None:
        super().__init__()
        self.unloadable = set[str]()
        self.unsavable = set[str]()

    def load(self, case_id: str) -> Case | None:
        """Raise for a case whose history cannot be read."""
        if case_id in self.unloadable:
            raise Undecodable("history", "makes no case", "Restore its events from a backup.", case_id=case_id)
        return super().load(case_id)

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Raise something odd for a case that cannot be written."""
        if any(change.case.id in self.unsavable for change in changes):
            raise OverflowError("bo@customer.example does not fit into 12 bits")
        super().save(changes, key=key, timing=timing)

    def mend(self) -> None:
        """Be whole again."""
        self.unloadable.clear()
        self.unsavable.clear()


def poisoned() -> tuple[World, Poisoned]:
    """Return a world whose store can be poisoned."""
    store = Poisoned()
    return a_world(store), store


def rung(world: World, case_id: str) -> int:
    """Return how many alarms have rung on a case."""
    return sum(isinstance(recorded.event, AlarmRung) for recorded in world.desk.store.history(case_id))


# ---------------------------------------------------------------- a case that cannot be looked at


def _unloadable(store: Poisoned, case_id: str, _patch: pytest.MonkeyPatch) -> str:
    store.unloadable.add(case_id)
    return "history makes no case"


def _unsavable(store: Poisoned, case_id: str, _patch: pytest.MonkeyPatch) -> str:
    store.unsavable.add(case_id)
    return "OverflowError in test_desk_working.py, line "


def _undecidable(_store: Poisoned, case_id: str, patch: pytest.MonkeyPatch) -> str:
    def decide(case: Case | None, *commands: object, **given: object) -> object:
        if case is not None and case.id == case_id:
            raise ZeroDivisionError("bo@customer.example")
        return deciding.decide(case, *commands, **given)  # type: ignore[arg-type]

    patch.setattr(acting, "decide", decide)
    return "ZeroDivisionError in test_desk_working.py, line "


POISON: tuple[Callable[[Poisoned, str, pytest.MonkeyPatch], str], ...] = (_unloadable, _unsavable, _undecidable)


@pytest.mark.parametrize("poison", POISON)
def test_a_poisoned_case_blocks_nobody_and_is_told(
    poison: Callable[[Poisoned, str, pytest.MonkeyPatch], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong with a case, the others are looked at; it stands on its owner's agenda with the error, never its words."""
    world, store = poisoned()
    bad, good = world.opened(), world.desk.receive(a_contact("another")).case.id
    world.desk.work()
    told = poison(store, bad, monkeypatch)
    world.wait(hours=3)
    assert world.desk.run_due() == (1, 1)
    assert (rung(world, bad), rung(world, good)) == (0, 1)
    [trouble] = world.desk.troubles()
    assert (trouble.case_id, trouble.owner, trouble.tries, trouble.message_id) == (bad, "ana", 1, None)
    assert told in trouble.error
    assert "customer.example" not in trouble.error
    [step] = [step for step in world.desk.agenda(owner="ana") if step.what.startswith("find out why this case cannot")]
    assert (step.case_id, step.due_at, trouble.error in step.what) == (bad, world.time[0], True)
    assert world.desk.backlog().set_aside == 1
    assert [finding.case_id for finding in world.desk.doctor() if trouble.error in finding.what] == [bad]


@pytest.mark.parametrize("poison", POISON)
def test_a_poisoned_case_comes_back_by_itself(
    poison: Callable[[Poisoned, str, pytest.MonkeyPatch], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once it works again it is looked at as if nothing had been, and nobody is told any more."""
    world, store = poisoned()
    bad = world.opened()
    with monkeypatch.context() as patch:
        poison(store, bad, patch)
        world.wait(hours=3)
        assert world.desk.run_due() == (0, 1)
    store.mend()
    assert world.desk.run_due() == (0, 0)
    world.wait(minutes=2)
    assert world.desk.run_due() == (1, 0)
    assert rung(world, bad) == 1
    assert world.desk.troubles() == ()
    assert world.desk.backlog().set_aside == 0
    assert world.desk.doctor() == ()


def test_the_waits_of_a_poisoned_case_grow_up_to_a_limit() -> None:
    """It is tried after a minute, two, four ... then every four hours, for as long as it takes, each wait stretched a little."""
    world, store = poisoned()
    store.unloadable.add(world.opened())
    world.wait(hours=3)
    looks: list[DateTime] = []
    for _ in range(24 * 60 * 2):
        looks += [world.time[0]] if world.desk.run_due()[1] else []
        world.wait(minutes=1)
    waits = [(later - sooner).total_seconds() / 60 for sooner, later in pairwise(looks)]
    assert [wait // 1 for wait in waits[:3]] == [2, 3, 5]
    assert all(240 <= wait <= 301 for wait in waits[9:])
    assert len(waits) > 15


def test_what_cannot_be_looked_at_does_not_count_as_lag() -> None:
    """How far behind the worker is, is told by what can be done: one poisoned case does not ring the alarm for ever."""
    world, store = poisoned()
    bad = world.opened()
    world.wait(hours=3)
    world.desk.work()
    store.unloadable.add(bad)
    world.wait(days=2)
    world.desk.work()
    assert world.desk.work().lag == timedelta()
    assert (world.desk.backlog().due, world.desk.backlog().oldest_due_at, world.desk.backlog().set_aside) == (0, None, 1)


def test_where_nobody_can_be_told_the_fallback_owner_is() -> None:
    """A case whose owner nobody knows any more does not stand on the agenda of nobody."""
    world, store = poisoned()
    bad = world.opened()
    store.unloadable.add(bad)
    world.wait(hours=3)
    world.desk.run_due()
    ana, *others = PEOPLE
    last = others[-1]
    without_ana = attrs.evolve(world.desk, policy=Policy(fallback_owner=last.id, calendar=BERLIN, people=tuple(others)))
    assert [trouble.owner for trouble in without_ana.troubles()] == [ana.id]
    found = [step.whom for step in without_ana.agenda() if step.case_id == bad and "cannot be looked at" in step.what]
    assert found == [last.id]


def test_a_case_whose_steps_nobody_can_tell_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agenda of everybody else is there, and that case is one step of its owner."""
    world = a_world()
    bad, good = world.opened(), world.desk.receive(a_contact("another")).case.id

    whole = deciding.agenda

    def agenda(case: Case, policy: Policy) -> tuple[Step, ...]:
        if case.id == bad:
            raise KeyError("bo@customer.example")
        return whole(case, policy)

    monkeypatch.setattr(deciding, "agenda", agenda)
    steps = world.desk.agenda()
    assert {step.case_id for step in steps} == {bad, good}
    [only] = [step for step in steps if step.case_id == bad]
    assert only.what.startswith("find out why this case cannot be looked at: KeyError in ")
    assert "customer" not in only.what


def test_on_a_store_that_keeps_no_trouble_a_poisoned_case_comes_back_with_its_lease() -> None:
    """A store of one's own that fills only what it must still loses nothing."""

    class Plain(Poisoned):
        put_off = troubles = None  # type: ignore[assignment]

    store = Plain()
    world = a_world(store)
    bad = world.opened()
    store.unloadable.add(bad)
    world.wait(hours=3)
    assert [world.desk.run_due(), world.desk.run_due()] == [(0, 1), (0, 0)]
    store.mend()
    world.wait(minutes=5)
    assert world.desk.run_due() == (1, 0)
    assert world.desk.troubles() == ()


def test_a_wake_instant_that_is_wrong_is_put_right_by_a_look() -> None:
    """A case that was due too early is looked at once, and not again and again until it is due."""
    world = a_world()
    case_id = world.opened()
    case = world.desk.load(case_id)
    world.desk.store.save([Change(case=case, base_version=case.version, events=(), wake_at=MONDAY)])
    assert world.desk.run_due() == (1, 0)
    assert world.desk.run_due() == (0, 0)
    assert world.desk.load(case_id) == case
    world.wait(hours=1)
    assert world.desk.run_due() == (1, 0)
    assert rung(world, case_id) == 1


def test_a_case_from_which_nothing_follows_is_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case that is due for ever would keep every worker busy for ever."""
    world = a_world()
    case_id = world.opened()
    world.wait(hours=1)
    now = world.time[0]
    monkeypatch.setattr(acting, "decide", lambda case, *_, **__: deciding.Decision(before=case, case=case, events=(), wake_at=now))
    assert [world.desk.run_due(), world.desk.run_due()] == [(0, 1), (0, 0)]
    assert [(each.case_id, "nothing follows" in each.error) for each in world.desk.troubles()] == [(case_id, True)]


# ---------------------------------------------------------------- notifiers that misbehave


class Rude(BaseException):
    """What some libraries raise on a timeout: no Exception."""


def test_a_notifier_that_raises_no_exception_at_all_is_tried_again() -> None:
    """A timeout that is not even an Exception kills no worker, and loses no message."""
    world = a_world()
    world.opened()
    world.post.failing = lambda _: Rude()  # type: ignore[assignment,return-value]
    assert world.desk.deliver() == (0, 2)
    world.post.failing = None
    world.wait(minutes=2)
    assert world.desk.deliver() == (2, 0)


@pytest.mark.parametrize("ending", [KeyboardInterrupt, SystemExit])
def test_whoever_ends_the_process_while_it_sends_loses_nothing(ending: type[BaseException]) -> None:
    """Ctrl-C and SystemExit pass through; the message comes back when its lease is over, under the same id."""
    world = a_world()
    world.opened()
    world.post.failing = lambda _: ending()  # type: ignore[assignment,return-value]
    with pytest.raises(ending):
        world.desk.deliver()
    world.post.failing = None
    assert world.desk.deliver() == (0, 0)
    world.wait(minutes=5)
    assert world.desk.deliver() == (2, 0)
    assert {out.state for case in world.desk.find() for out in case.receiving.outgoing} == {Delivery.SENT}


@attrs.define
class LosesAnswers:
    """Hands every message on; the answer to the first gets lost."""

    world: World
    channels: frozenset[object] = attrs.field(init=False)
    handed: list[str] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.channels = frozenset(self.world.post.channels)

    def send(self, message: OutboxMessage) -> Receipt:
        """Hand it on, and time out the first time."""
        self.handed.append(message.id)
        if self.handed.count(message.id) == 1:
            raise TimeoutError
        return self.world.post.send(message)


def test_a_lost_answer_sends_twice_under_one_id_and_files_once() -> None:
    """At least once, never a second entry, and the provider can tell the repeat by its id."""
    world = a_world()
    case_id = world.opened()
    notifier = LosesAnswers(world)
    desk = attrs.evolve(world.desk, notifier=notifier)  # type: ignore[arg-type]
    assert desk.deliver() == (0, 2)
    world.wait(minutes=2)
    assert desk.deliver() == (2, 0)
    assert set(Counter(notifier.handed).values()) == {2}
    assert [entry.kind for entry in desk.timeline(case_id)].count("delivery_reported") == 2


def test_no_transaction_is_open_while_a_notifier_runs(tmp_path: Path) -> None:
    """A mail server that takes its time keeps nobody from working: another process may write meanwhile."""
    with SQLiteStore(tmp_path / "desk.db") as store, SQLiteStore(tmp_path / "desk.db") as other:
        world = a_world(store)
        world.opened()
        second = a_world(other, notifier=None)
        opened: list[str] = []

        def meanwhile(message: OutboxMessage) -> None:
            opened.append(second.desk.receive(a_contact(message_id=f"<{message.id}>")).case.id)

        world.post.failing = meanwhile
        assert world.desk.deliver(limit=2) == (2, 0)
        assert len(opened) == 2


# ---------------------------------------------------------------- messages nobody can file


class Unreadable(MemoryStore):
    """Cannot read the rows of its messages any more."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Hand out what is known beside the row."""
        return tuple(_without_words(each) for each in super().claim(now, limit, lease))


def _without_words(queued: Queued) -> Queued:
    message = attrs.evolve(queued.message, subject="", body="", to=None)
    return Queued(message=message, tries=queued.tries, fault="its row is no JSON object")


def test_a_message_that_cannot_be_read_is_given_up_on_record() -> None:
    """What cannot be read is not sent empty: its owner gets a step, as for all that could not be delivered."""
    world = a_world(Unreadable())
    case_id = world.opened()
    assert world.desk.work().sent == 0
    case = world.desk.load(case_id)
    assert {out.state for out in case.receiving.outgoing} == {Delivery.GIVEN_UP}
    assert not world.post.sent
    notes = [getattr(entry.event, "note", "") for entry in world.desk.timeline(case_id) if entry.kind == "delivery_reported"]
    assert set(notes) == {"its row is no JSON object"}
    assert {step.what for step in world.desk.agenda(owner="ana") if step.clock == "case.never-forgotten"} == {
        f"reach {whom} another way: a message by email could not be delivered" for whom in ("ana", "the customer")
    }
    assert world.desk.doctor() == ()


class Emptied(MemoryStore):
    """Somebody has erased what its messages say."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Hand out what is left."""
        return tuple(attrs.evolve(each, message=redact(each.message)) for each in super().claim(now, limit, lease))


def test_a_message_that_was_erased_is_given_up_on_record() -> None:
    """Nobody is sent "(erased)", and nothing claims that the customer was answered: its owner gets a step."""
    world = a_world(Emptied())
    case_id = world.opened()
    assert world.desk.work().sent == 0
    assert not world.post.sent
    case = world.desk.load(case_id)
    assert {out.state for out in case.receiving.outgoing} == {Delivery.GIVEN_UP}
    notes = [getattr(entry.event, "note", "") for entry in world.desk.timeline(case_id) if entry.kind == "delivery_reported"]
    assert set(notes) == {"its words have been erased"}
    assert world.desk.doctor() == ()


@pytest.mark.parametrize("poison", [_unloadable, _undecidable])
def test_what_could_not_be_filed_is_not_sent(
    poison: Callable[[Poisoned, str, pytest.MonkeyPatch], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail whose sending nobody can put on record would go out again and again: it waits, is told, and the others go."""
    world, store = poisoned()
    bad = world.opened()
    world.desk.receive(a_contact("another"))
    with monkeypatch.context() as patch:
        told = poison(store, bad, patch)
        assert world.desk.deliver() == (2, 2)
        assert bad not in {message.case_id for message in world.post.sent}
        troubles = world.desk.troubles()
        assert {(each.case_id, each.message_id is not None, told in each.error) for each in troubles} == {(bad, True, True)}
        steps = [step for step in world.desk.agenda() if step.what.startswith("find out why nothing can be put on record")]
        assert [(step.case_id, step.whom) for step in steps] == [(bad, "ana")] * 2
        assert world.desk.backlog().set_aside == 2
    store.mend()
    world.wait(minutes=2)
    assert world.desk.deliver() == (2, 0)
    assert world.desk.troubles() == ()


def test_a_message_for_which_no_case_waits_is_not_sent() -> None:
    """A row of the outbox without its event is the doctor's business, not the customer's."""
    world = a_world()
    case_id = world.opened()
    case, [first, *_] = world.desk.load(case_id), world.desk.store.claim(MONDAY, 9, timedelta())
    stray = attrs.evolve(first.message, id=f"{case_id}:77:email", seq=77, person="cid")
    world.desk.store.save([Change(case=case, base_version=case.version, events=(), wake_at=MONDAY, messages=(stray,))])
    assert world.desk.deliver() == (2, 1)
    assert stray.id not in {message.id for message in world.post.sent}
    assert ["does not wait for it" in trouble.error for trouble in world.desk.troubles()] == [True]
    assert world.desk.load(case_id).receiving.tasks == case.receiving.tasks


def test_what_was_sent_and_cannot_be_filed_ends_after_the_last_try() -> None:
    """Where only saving fails, a message goes out ten times at most, with growing waits; then its owner gets a step."""
    world, store = poisoned()
    case_id = world.opened()
    store.unsavable.add(case_id)
    for _ in range(24 * 60):
        world.desk.deliver()
        world.wait(minutes=1)
    assert set(Counter(message.id for message in world.post.sent).values()) == {Retries().tries}
    store.mend()
    world.wait(hours=5)
    assert world.desk.deliver() == (0, 2)
    assert {out.state for out in world.desk.load(case_id).receiving.outgoing} == {Delivery.GIVEN_UP}
    assert world.desk.troubles() == ()


# ---------------------------------------------------------------- whoever wakes after the lease ran out


@attrs.define
class Hanging:
    """Hangs until the lease is over and another worker has done it; then what the test says happens here."""

    world: World
    other: Desk
    after: Callable[[OutboxMessage], Receipt]
    hung: bool = False

    @property
    def channels(self) -> frozenset[object]:
        """The channels of the post."""
        return frozenset(self.world.post.channels)

    def send(self, message: OutboxMessage) -> Receipt:
        """Hang once."""
        if not self.hung:
            self.hung = True
            self.world.wait(minutes=6)
            self.other.work()
        return self.after(message)


def _undeliverable(_message: OutboxMessage) -> Receipt:
    raise Undeliverable("no such mailbox")


def _unreachable(_message: OutboxMessage) -> Receipt:
    raise TimeoutError


@pytest.mark.parametrize("after", [None, _undeliverable, _unreachable])
@pytest.mark.parametrize("shared", ["memory", "sqlite"])
def test_a_report_that_comes_after_the_lease_doubles_nothing(
    after: Callable[[OutboxMessage], Receipt] | None, shared: str, tmp_path: Path
) -> None:
    """Whatever the slow worker has to say, what the quick one has filed stands, once, and nobody gets a step for it."""
    memory = MemoryStore()
    open_store = (lambda: memory) if shared == "memory" else (lambda: SQLiteStore(tmp_path / "desk.db"))
    world = a_world(open_store())
    case_id = world.opened()
    other = attrs.evolve(world.desk, store=open_store())
    slow = attrs.evolve(world.desk, notifier=Hanging(world, other, after or world.post.send))  # type: ignore[arg-type]
    slow.work()
    other.work()
    case = other.load(case_id)
    assert {out.state for out in case.receiving.outgoing} == {Delivery.SENT}
    assert [entry.kind for entry in other.timeline(case_id)].count("delivery_reported") == 2
    assert (case.receiving.tasks, other.troubles(), other.backlog().unsent) == ((), (), 0)
    for store in (world.desk.store, other.store):
        if isinstance(store, SQLiteStore):
            store.close()


class Slow(MemoryStore):
    """Lets something happen once, right after a case was read."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], object] | None = None

    def load(self, case_id: str) -> Case | None:
        """Read the case, and fall asleep."""
        found, meanwhile = super().load(case_id), self.meanwhile
        if meanwhile is not None:
            self.meanwhile = None
            meanwhile()
        return found


def test_a_tick_that_comes_after_the_lease_doubles_nothing() -> None:
    """The slow worker decides anew on what the quick one has saved: one alarm, one mail, and it counts as looked at."""
    store = Slow()
    world = a_world(store)
    case_id = world.opened()
    world.desk.work()
    sent = len(world.post.sent)
    world.wait(hours=1)
    other = attrs.evolve(world.desk, store=store)

    def another_does_it() -> None:
        world.wait(minutes=6)
        assert other.run_due() == (1, 0)

    store.meanwhile = another_does_it
    assert world.desk.run_due() == (1, 0)
    world.desk.deliver()
    assert rung(world, case_id) == 1
    assert len(world.post.sent) == sent + 1
    assert other.troubles() == ()


def test_whoever_fails_after_the_lease_sets_nothing_aside() -> None:
    """A worker that wakes up late and breaks does not put off what another has looked at since."""
    store = Slow()
    world = a_world(store)
    case_id = world.opened()
    world.wait(hours=1)

    def another_does_it() -> None:
        world.wait(minutes=6)
        assert attrs.evolve(world.desk).run_due() == (1, 0)
        raise ConnectionError

    store.meanwhile = another_does_it
    assert world.desk.run_due() == (0, 1)
    assert (rung(world, case_id), world.desk.troubles()) == (1, ())


def _hangs_and_fails(world: World) -> Exception:
    world.wait(minutes=6)
    return TimeoutError()


def _takes_the_worker_along(_world: World) -> Exception:
    raise SystemExit


@pytest.mark.parametrize("befalls", [_hangs_and_fails, _takes_the_worker_along])
@pytest.mark.parametrize("shared", ["memory", "sqlite"])
def test_a_message_that_nobody_survives_is_given_up_and_blocks_nobody(
    befalls: Callable[[World], Exception], shared: str, tmp_path: Path
) -> None:
    """Where sending hangs beyond every lease and fails, or ends the process: all others leave, and its case gets a step."""
    world = a_world(MemoryStore() if shared == "memory" else SQLiteStore(tmp_path / "desk.db"))
    bad, *others = (world.desk.receive(a_contact(str(n), message_id=f"<{n}@x>")).case.id for n in range(4))
    world.post.failing = lambda message: befalls(world) if (message.case_id, message.person) == (bad, None) else None
    for _ in range(3 * Retries().tries):
        with suppress(SystemExit):
            world.desk.deliver()
        world.wait(minutes=5)
    states = {case_id: {out.person is None: out.state for out in world.desk.load(case_id).receiving.outgoing} for case_id in others}
    assert all(set(state.values()) == {Delivery.SENT} for state in states.values())
    assert [out.state for out in world.desk.load(bad).receiving.outgoing if out.person is None] == [Delivery.GIVEN_UP]
    assert len(world.post.sent) == 4 + len(others)
    if isinstance(world.desk.store, SQLiteStore):
        world.desk.store.close()


def test_whoever_is_slow_leaves_the_rest_to_others() -> None:
    """Half the lease is enough for one batch: what was claimed and not looked at comes back before two do the same."""
    store = Slow()
    world = a_world(store)
    for number in range(3):
        world.desk.receive(a_contact(str(number), message_id=f"<{number}@x>"))
    world.wait(hours=1)
    store.meanwhile = lambda: world.wait(minutes=3)
    assert [world.desk.run_due(), world.desk.run_due()] == [(1, 0), (0, 0)]
    world.wait(minutes=2)
    assert world.desk.run_due() == (2, 0)


# ---------------------------------------------------------------- after a long silence


def test_after_a_month_everything_overdue_runs_the_oldest_first() -> None:
    """No grace time: what was due four weeks ago is done first, and one look tells one person one thing."""
    world = a_world()
    ids: list[str] = []
    for number in range(6):
        ids.append(world.desk.receive(a_contact(str(number), at=world.time[0], message_id=f"<{number}@x>")).case.id)
        world.wait(hours=1 if number % 2 else 25)
    world.desk.deliver()
    due = {case_id: min(step.wake_at for step in world.desk.agenda(case_id=case_id) if step.wake_at) for case_id in ids}
    world.wait(days=30)
    looked: list[str] = []
    for _ in ids:
        before = {case_id: len(world.desk.timeline(case_id)) for case_id in ids}
        assert world.desk.run_due(limit=1) == (1, 0)
        [case_id] = [each for each in ids if len(world.desk.timeline(each)) > before[each]]
        events = [recorded.event for recorded in world.desk.store.history(case_id)[before[case_id] :]]
        prepared = Counter(event.person for event in events if isinstance(event, MessagePrepared))
        assert set(prepared.values()) == {1}
        looked.append(case_id)
    assert looked == sorted(ids, key=lambda case_id: due[case_id])
    assert world.desk.work().failed == 0
