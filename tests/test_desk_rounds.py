"""Working round after round: nothing due is overslept, a store that is down is waited for, and whoever says stop is heard."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import attrs
import pytest
from pendulum import DateTime

from recovery import Case, InvalidValue, MemoryStore, Round, StoreUnusable, Work
from recovery.desk import Ending
from recovery.desk.rounds import BATCH
from recovery.ports.values import Backlog, Queued
from support import a_contact
from test_desk import World, a_world

LONGEST = 30.0


class Nights(threading.Event):
    """A stop that is set after so many sleeps; each lets the time of the world pass, and is written down."""

    def __init__(self, world: World, many: int) -> None:
        super().__init__()
        self.world, self.many = world, many
        self.slept: list[float] = []

    def sleep(self, stop: Ending, seconds: float) -> None:
        """Sleep, in no time."""
        assert stop is self
        if seconds:
            self.slept.append(seconds)
            self.world.wait(seconds=seconds)
        if len(self.slept) >= self.many:
            self.set()


class Flag:
    """A stop of one's own."""

    told = False

    def set(self) -> None:
        """Say stop."""
        self.told = True

    def is_set(self) -> bool:
        """Whether that was said."""
        return self.told


class Down(MemoryStore):
    """Cannot be used for as many claims as the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.down = 0

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Raise while it is down."""
        if self.down:
            self.down -= 1
            raise StoreUnusable("recovery.db", "the server does not answer", "Start it.")
        return super().claim_due(now, limit, lease)


def kept(world: World, nights: int, **options: object) -> tuple[list[float], list[Round]]:
    """Keep working for so many nights; return how long each was, and what was told."""
    stop, told = Nights(world, nights), list[Round]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recovery.desk.rounds.sleep", stop.sleep)
        world.desk.keep_working(stop=stop, tell=told.append, **options)  # type: ignore[arg-type]
    return stop.slept, told


def many(world: World, cases: int) -> list[str]:
    """Return the ids of so many cases."""
    return [world.desk.receive(a_contact(str(n), at=world.time[0], message_id=f"<{n}@x>")).case.id for n in range(cases)]


# ---------------------------------------------------------------- a worker


def test_a_worker_wakes_when_something_is_due() -> None:
    """It sleeps 30 seconds at most, and less where an instant lies nearer: a clock that is due at ten is rung at ten."""
    world = a_world()
    [case_id] = many(world, 1)
    due = min(step.wake_at for step in world.desk.agenda() if step.wake_at)
    begin = world.time[0]
    many_nights = int((due - begin).total_seconds() / LONGEST) + 2
    world.wait(seconds=7)
    slept, told = kept(world, many_nights)
    assert max(slept) == LONGEST
    assert sorted(slept)[0] == pytest.approx(23)
    [rang] = [entry for entry in world.desk.timeline(case_id) if entry.kind == "alarm_rung"]
    assert rang.at == due
    assert [round.work.ticked for round in told] == [0, 1]
    assert sum(round.work.sent for round in told) == len(world.post.sent)


def test_a_worker_sends_again_at_the_very_instant() -> None:
    """A message that was put off for a minute does not wait for the end of a night."""
    world = a_world()
    many(world, 1)
    world.post.failing = lambda _: ConnectionError()
    world.desk.deliver()
    world.post.failing = None
    next_at = world.desk.store.next_due(world.time[0])  # type: ignore[attr-defined]
    kept(world, 4)
    assert next_at is not None
    assert next_at in {entry.at for case in world.desk.find() for entry in world.desk.timeline(case.id)}


@pytest.mark.parametrize(("every", "wanted"), [(5, 5.0), (3600, LONGEST)])
def test_a_worker_never_sleeps_longer_than_30_seconds(every: int, wanted: float) -> None:
    """Whatever was asked for, and whatever is due next: somebody may have set the clock meanwhile."""
    slept, told = kept(a_world(), 3, every=timedelta(seconds=every))
    assert slept == [wanted] * 3
    assert told == []


def test_without_the_next_instant_a_worker_looks_in_every_pause() -> None:
    """A store of one's own that does not say when to wake is looked at all the same."""

    class Plain(MemoryStore):
        next_due = None  # type: ignore[assignment]

    world = a_world(Plain())
    [case_id] = many(world, 1)
    slept, _ = kept(world, 130)
    assert set(slept) == {LONGEST}
    assert any(entry.kind == "alarm_rung" for entry in world.desk.timeline(case_id))


def test_what_somebody_else_has_claimed_does_not_keep_a_worker_awake() -> None:
    """What is due and cannot be had is waited for; it comes when the lease of the other is over."""
    world = a_world()
    many(world, 2)
    world.desk.deliver()
    world.wait(hours=2)
    world.desk.store.claim_due(world.time[0], 9, world.desk.lease)
    slept, told = kept(world, 12)
    assert sum(round.work.ticked for round in told) == 2
    assert all(1 < night <= LONGEST for night in slept)


def test_a_message_behind_another_does_not_keep_a_worker_awake() -> None:
    """A message in line behind one that was put off is not tried, and not waited for, again and again."""
    world = a_world()
    many(world, 1)
    world.post.failing = lambda _: ConnectionError()
    world.wait(hours=2)
    slept, _ = kept(world, 20)
    assert all(night > 0.5 for night in slept)


def test_what_is_said_to_be_due_and_cannot_be_had_does_not_keep_a_worker_awake() -> None:
    """A store may count a message that waits for an earlier one: a worker that finds nothing to do sleeps all the same."""

    class Eager(MemoryStore):
        def next_due(self, now: DateTime) -> DateTime | None:
            return now - timedelta(hours=1)

    slept, _ = kept(a_world(Eager()), 3)
    assert slept == [LONGEST] * 3


def test_a_store_that_is_down_is_waited_for_and_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """The waits grow, never beyond 30 seconds; then everything is done, and it is said that it works again."""
    store = Down()
    world = a_world(store)
    many(world, 1)
    store.down = 9
    slept, told = kept(world, 10)
    assert [isinstance(round.trouble, StoreUnusable) for round in told] == [True, False, False]
    assert [round.works_again for round in told] == [False, False, True]
    assert told[1].work.sent == 2
    waits = slept[:9]
    assert all(2 ** min(n, 4) <= wait <= LONGEST for n, wait in enumerate(waits))
    assert waits[:5] == sorted(waits[:5])
    assert [record.levelname for record in caplog.records if "present" in record.message or "again" in record.message] == [
        "ERROR",
        "WARNING",
    ]


def test_a_worker_ends_after_the_piece_of_work_in_hand() -> None:
    """Whoever says stop gets the message in hand put on record, and no other is begun."""
    world = a_world()
    many(world, 2)
    stop = threading.Event()
    world.post.failing = lambda _: stop.set()
    world.desk.keep_working(stop=stop)
    assert len(world.post.sent) == 1
    assert world.desk.backlog().unsent == 3
    world.post.failing = None
    world.wait(minutes=5)
    assert world.desk.catch_up().sent == 3


class Stopping(MemoryStore):
    """Says stop when a case was saved."""

    stop: threading.Event | None = None

    def load(self, case_id: str) -> Case | None:
        """Read it, and say stop."""
        if self.stop is not None:
            self.stop.set()
        return super().load(case_id)


def test_whoever_stops_gives_back_the_cases_it_did_not_look_at() -> None:
    """They need not wait for a lease: the next worker has them at once."""
    store = Stopping()
    world = a_world(store)
    many(world, 5)
    world.desk.deliver()
    world.wait(hours=2)
    store.stop = threading.Event()
    world.desk.keep_working(stop=store.stop)
    store.stop = None
    assert world.desk.backlog().due == 4
    assert world.desk.run_due() == (4, 0)


def test_a_worker_claims_few_messages_at_a_time() -> None:
    """So that few of them wait for their lease where it is killed."""
    claims: list[int] = []

    class Counting(MemoryStore):
        def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
            claims.append(limit)
            return super().claim(now, limit, lease)

    world = a_world(Counting())
    many(world, 12)
    kept(world, 1)
    assert max(claims) == BATCH
    assert len(world.post.sent) == 24


def test_a_worker_tells_how_far_behind_it_was() -> None:
    """As it was before the round, so that whoever watches sees that another worker is needed."""
    world = a_world()
    many(world, 2)
    world.wait(hours=3)
    _, told = kept(world, 1)
    assert told == [Round(work=Work(ticked=2, sent=6, lag=timedelta(hours=2)))]


def test_what_is_due_and_cannot_be_had_is_no_work_however_late_it_is() -> None:
    """A lag alone keeps nobody busy: what another has claimed is waited for, and nothing is told of it."""
    world = a_world(Late())
    slept, told = kept(world, 3)
    assert (slept, told) == ([LONGEST] * 3, [])
    assert world.desk.catch_up() == Work(lag=timedelta(hours=1))
    assert world.desk.catch_up().idle


class Late(MemoryStore):
    """Says that a case has been due for an hour, and gives it to nobody."""

    def oldest_due(self, now: DateTime) -> DateTime | None:
        """An hour ago."""
        return now - timedelta(hours=1)

    def backlog(self, now: DateTime) -> Backlog:
        """Count as ever, but for that."""
        return attrs.evolve(super().backlog(now), oldest_due_at=now - timedelta(hours=1))


def test_a_store_that_would_have_to_count_is_not_asked_in_every_round() -> None:
    """How far behind it is costs a worker no walk through all cases; ``desk.health()`` counts when somebody wants to know."""

    class Plain(MemoryStore):
        next_due = None  # type: ignore[assignment]

        def backlog(self, now: DateTime) -> Backlog:
            raise AssertionError("a worker has counted")

    world = a_world(Plain())
    many(world, 1)
    world.wait(hours=3)
    _, told = kept(world, 2)
    assert [round.work.ticked for round in told] == [1]


@pytest.mark.parametrize("working", ["keep_working", "catch_up"])
def test_a_slow_mail_server_does_not_stop_the_clocks(working: str) -> None:
    """Between two looks at them lie the batch in hand and the round's half minute at most, however much waits to be sent."""
    looks: list[DateTime] = []

    class Watched(MemoryStore):
        def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
            looks.append(now)
            return super().claim_due(now, limit, lease)

    world = a_world(Watched())
    many(world, 30)
    world.post.failing = lambda _: world.wait(seconds=14)
    if working == "catch_up":
        world.desk.catch_up()
    else:
        kept(world, 1)
    assert len(world.post.sent) == 60
    assert max(later - sooner for sooner, later in pairwise(looks)) <= timedelta(seconds=14 * BATCH)


def test_a_fast_mail_server_gets_many_batches_in_one_round() -> None:
    """Clocks and messages take turns a hundred at a time, so that a month's clocks do not come before the first message."""
    world = a_world()
    many(world, 30)
    _, told = kept(world, 1)
    assert [round.work.sent for round in told] == [60]


def test_what_is_raised_by_whoever_is_told_ends_no_worker(caplog: pytest.LogCaptureFixture) -> None:
    """A metrics server that is away is no store that is down: it is logged, nothing waits, and nothing is told twice."""
    store = Down()
    world = a_world(store)
    many(world, 12)
    store.down = 1
    stop, heard = Nights(world, 2), list[Round]()

    def tell(round: Round) -> None:
        heard.append(round)
        raise ConnectionError("the metrics server is away")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recovery.desk.rounds.sleep", stop.sleep)
        world.desk.keep_working(stop=stop, limit=10, tell=tell)
    assert [(round.work.sent, bool(round.trouble), round.works_again) for round in heard] == [
        (0, True, False),
        (10, False, False),
        (0, False, True),
        (10, False, False),
        (4, False, False),
    ]
    assert stop.slept[1:] == [LONGEST]
    logged = [record.getMessage() for record in caplog.records]
    assert logged.count("whoever is told of a worker's rounds failed") == 5
    assert logged.count("nothing can be done at present; it is tried again") == 1


def test_an_event_may_be_set_by_a_signal_handler() -> None:
    """A worker never waits on its stop, so a signal in the thread that sleeps finds no lock that it would wait for."""

    class Unwaited(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            raise AssertionError("a worker waits on its stop")

    stop = Unwaited()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    begun = time.monotonic()
    try:
        alarm = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM))
        alarm.start()
        a_world().desk.keep_working(stop=stop)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert time.monotonic() - begun < 20
    alarm.join()


@pytest.mark.parametrize("make", [threading.Event, asyncio.Event, multiprocessing.Event, Flag], ids=str)
def test_whatever_has_is_set_may_be_a_stop(make: Callable[[], Flag]) -> None:
    """An event of any library, or an object of one's own."""
    world, stop = a_world(), make()
    many(world, 2)
    world.post.failing = lambda _: stop.set()
    world.desk.keep_working(stop=stop)
    assert len(world.post.sent) == 1


@pytest.mark.parametrize("method", ["work", "run_due", "deliver", "catch_up", "keep_working"])
def test_a_stop_that_cannot_say_when_to_end_is_refused(method: str) -> None:
    """Before anything is claimed, with the field and the way out."""
    world = a_world()
    many(world, 1)
    with pytest.raises(InvalidValue, match=r"is_set\(\)") as caught:
        getattr(world.desk, method)(stop=lambda: False)
    assert [reason.field for reason in caught.value.reasons] == ["stop"]
    assert world.desk.deliver() == (2, 0)


def test_keyboard_interrupt_ends_a_worker() -> None:
    """Ctrl-C where nobody handles the signal is no error of a round to be tried again."""
    world = a_world()
    many(world, 1)
    world.post.failing = lambda _: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        world.desk.keep_working()


def test_several_workers_share_the_work() -> None:
    """Four workers in four threads on one store: every message leaves once, every clock rings once."""
    world = a_world()
    ids = many(world, 40)
    world.wait(hours=1)
    stop = threading.Event()
    told: list[Round] = []

    def tell(round: Round) -> None:
        told.append(round)
        backlog = world.desk.store.backlog(world.time[0])
        if backlog.unsent == 0 and backlog.oldest_due_at is None:
            stop.set()

    workers = [
        threading.Thread(
            target=world.desk.keep_working,
            kwargs={"stop": stop, "every": timedelta(seconds=0.01), "limit": 3, "tell": tell},
            daemon=True,
        )
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not any(worker.is_alive() for worker in workers)
    assert len({message.id for message in world.post.sent}) == len(world.post.sent) == 120
    rung = [entry for case_id in ids for entry in world.desk.timeline(case_id) if entry.kind == "alarm_rung"]
    assert len(rung) == 40
    assert world.desk.doctor() == ()


# ---------------------------------------------------------------- one call of a scheduler


def test_catching_up_does_everything_that_is_left() -> None:
    """However much there is: not one batch, but all of it, and the sum is told."""
    world = a_world()
    many(world, 12)
    world.wait(hours=3)
    assert world.desk.catch_up(5) == Work(ticked=12, sent=36, lag=timedelta(hours=2))
    assert world.desk.catch_up(5) == Work()


@pytest.mark.parametrize(
    ("ending", "least"),
    [(lambda stop: {"within": timedelta(microseconds=1)}, 0), (lambda stop: {"stop": stop}, 1)],
)
def test_catching_up_ends_when_it_is_told_to(ending: Callable[[threading.Event], dict[str, object]], least: int) -> None:
    """After its time, or when somebody says stop; the rest is done by the next call."""
    world = a_world()
    many(world, 4)
    stop = threading.Event()
    world.post.failing = lambda _: stop.set()
    first = world.desk.catch_up(**ending(stop))  # type: ignore[arg-type]
    assert least <= first.sent <= 1
    world.post.failing = None
    world.wait(minutes=5)
    assert world.desk.catch_up().sent == 8 - first.sent


def test_catching_up_says_when_the_store_is_down() -> None:
    """A scheduler wants to know: it is raised, and the next call does what this one could not."""
    store = Down()
    world = a_world(store)
    many(world, 1)
    store.down = 1
    with pytest.raises(StoreUnusable):
        world.desk.catch_up()
    assert world.desk.catch_up().sent == 2


@pytest.mark.parametrize("wrong", [timedelta(), timedelta(seconds=-1)])
def test_a_pause_is_more_than_nothing(wrong: timedelta) -> None:
    """Whoever gives no length of time is told which field it was."""
    for call in (lambda: a_world().desk.catch_up(within=wrong), lambda: a_world().desk.keep_working(every=wrong)):
        with pytest.raises(InvalidValue) as caught:
            call()
        assert [reason.field in ("within", "every") for reason in caught.value.reasons] == [True]


@pytest.mark.parametrize("wrong", [0, -1])
def test_a_limit_is_more_than_nothing(wrong: int) -> None:
    """A worker that may do nothing would look like one on a quiet day."""
    for call in (lambda: a_world().desk.catch_up(wrong), lambda: a_world().desk.keep_working(limit=wrong)):
        with pytest.raises(InvalidValue) as caught:
            call()
        assert [reason.field for reason in caught.value.reasons] == ["limit"]
