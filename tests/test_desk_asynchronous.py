"""The desk in an event loop: the same desk, nothing blocks the loop, and whatever is cancelled is neither lost nor doubled."""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import attrs
import pytest

from recovery import (
    AsyncDesk,
    Case,
    Channel,
    Delivery,
    Desk,
    Inform,
    InvalidValue,
    MemoryStore,
    OutboxMessage,
    Receipt,
    SQLiteStore,
)
from recovery.core.clock import Timing
from recovery.core.errors import Refused
from recovery.core.vocabulary.following_up import FollowUp
from recovery.desk.rounds import BATCH
from recovery.ports.values import Change, KeyRecord
from support import a_contact, by_mail
from test_desk import World, a_world

R = TypeVar("R")

tenant: contextvars.ContextVar[str] = contextvars.ContextVar("tenant", default="nobody")


def test_it_has_every_method_of_a_desk_with_the_same_parameters() -> None:
    """Whoever adds a method to Desk adds the line for it in desk/asynchronous.py: ``name = _awaits(Desk.name)``."""
    methods = {name: method for name, method in vars(Desk).items() if inspect.isfunction(method) and not name.startswith("_")}
    assert len(methods) > 30
    assert set(methods) <= set(vars(AsyncDesk)), "a method of Desk is missing in AsyncDesk"
    for name, method in methods.items():
        ours, other = inspect.signature(getattr(AsyncDesk, name)), inspect.signature(method)
        assert ours.parameters == other.parameters, name
        assert name == "find" or (ours, getattr(AsyncDesk, name).__doc__) == (other, method.__doc__)
        assert inspect.iscoroutinefunction(getattr(AsyncDesk, name)) or name == "find"


class Slow(MemoryStore):
    """Takes its time to save, and says when it has begun."""

    def __init__(self) -> None:
        super().__init__()
        self.saving, self.go_on = threading.Event(), threading.Event()
        self.slow = False
        self.seen: list[str] = []

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Wait until the test lets it go on."""
        self.seen.append(tenant.get())
        if self.slow:
            self.saving.set()
            assert self.go_on.wait(20)
        super().save(changes, key=key, timing=timing)


def an_async_world(store: MemoryStore | None = None) -> tuple[World, AsyncDesk]:
    """Return a world and its desk for an event loop."""
    world = a_world(store)
    return world, AsyncDesk(desk=world.desk)


def inform(text: str) -> Inform:
    """Return a word to the customer."""
    return Inform(by="ana", word=by_mail(text))


def run(story: Callable[[], Coroutine[object, object, R]]) -> R:
    """Run a story in an event loop that complains of whatever blocks it or is never awaited."""
    return asyncio.run(asyncio.wait_for(story(), 60))


# ---------------------------------------------------------------- the same desk


def test_a_story_goes_as_on_the_desk_itself() -> None:
    """Receive, look, refuse, work and find: what comes back and what is raised is what the desk returns and raises."""

    async def story() -> None:
        """Act it out in the loop."""
        world, desk = an_async_world()
        async with desk:
            case = (await desk.receive(a_contact())).case
            assert await desk.load(case.id) == world.desk.load(case.id)
            assert (await desk.work()).sent == 2
            with pytest.raises(Refused):
                await desk.handle(case.id, FollowUp(by="ana", word=by_mail("Is all well?")))
            assert await desk.agenda(owner="ana") == world.desk.agenda(owner="ana")
            assert [case.id async for case in desk.find(owner="ana")] == [case.id]
            assert await desk.doctor() == ()

    run(story)


def test_find_yields_page_by_page() -> None:
    """However many there are, they come in order, and whoever stops early reads no further."""

    async def story() -> None:
        """Act it out in the loop."""
        world, desk = an_async_world()
        ids = sorted(world.desk.receive(a_contact(str(n), message_id=f"<{n}@x>")).case.id for n in range(230))
        assert [case.id async for case in desk.find()] == ids
        async for case in desk.find():
            assert case.id == ids[0]
            break
        await desk.aclose()

    run(story)


def test_the_loop_goes_on_while_the_database_is_slow() -> None:
    """A command that waits for the disk holds up its own task and nobody else's."""

    async def story() -> None:
        """Act it out in the loop."""
        store = Slow()
        world, desk = an_async_world(store)
        case_id = world.opened()
        store.slow = True
        command = asyncio.create_task(desk.handle(case_id, inform("It is on its way.")))
        await asyncio.to_thread(store.saving.wait, 20)
        assert await desk.load(case_id) == world.desk.load(case_id)
        assert not command.done()
        store.go_on.set()
        assert (await command).events
        await desk.aclose()

    run(story)


def test_so_many_calls_are_at_work_at_a_time_and_no_more() -> None:
    """Four tasks use four threads; who comes later waits."""

    async def story() -> None:
        """Act it out in the loop."""
        world = a_world()
        async with AsyncDesk(desk=world.desk, threads=2) as desk:
            at_work, most, lock = [0], [0], threading.Lock()

            def call() -> None:
                with lock:
                    at_work[0] += 1
                    most[0] = max(most[0], at_work[0])
                time.sleep(0.01)
                with lock:
                    at_work[0] -= 1

            await asyncio.gather(*(desk.run(call) for _ in range(8)))
            assert most == [2]

    run(story)
    with pytest.raises(InvalidValue, match="threads"):
        AsyncDesk(desk=a_world().desk, threads=0)


def test_context_variables_are_seen_in_the_threads() -> None:
    """Whoever keeps the tenant or the request id in a context variable finds it where the store is called."""

    async def story() -> None:
        """Act it out in the loop."""
        store = Slow()
        _, desk = an_async_world(store)

        async def one(name: str) -> None:
            """Do one part of it."""
            tenant.set(name)
            await desk.receive(a_contact(name, message_id=f"<{name}@x>"))

        await asyncio.gather(*(one(name) for name in ("blue", "green", "red")))
        assert sorted(store.seen) == ["blue", "green", "red"]
        await desk.aclose()

    run(story)


# ---------------------------------------------------------------- cancellation


def test_a_command_that_is_cancelled_in_the_middle_is_finished_first() -> None:
    """It is neither lost nor done twice: repeated under its key, it is there already."""

    async def story() -> None:
        """Act it out in the loop."""
        store = Slow()
        world, desk = an_async_world(store)
        case_id = world.opened()
        store.slow = True
        command = asyncio.create_task(desk.handle(case_id, inform("It is on its way."), key="k-1"))
        await asyncio.to_thread(store.saving.wait, 20)
        command.cancel()
        await asyncio.sleep(0)
        command.cancel()
        await asyncio.sleep(0.01)
        assert not command.done()
        store.go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await command
        version = world.desk.load(case_id).version
        again = await desk.handle(case_id, inform("It is on its way."), key="k-1")
        assert (again.repeated, again.case.version) == (True, version)
        assert [entry.kind for entry in world.desk.timeline(case_id)].count("customer_informed") == 1
        await desk.aclose()

    run(story)


def test_what_is_cancelled_before_it_began_does_not_happen() -> None:
    """A call that waits for a thread is taken off the list."""

    async def story() -> None:
        """Act it out in the loop."""
        store = Slow()
        world = a_world(store)
        case_id = world.opened()
        async with AsyncDesk(desk=world.desk, threads=1) as desk:
            store.slow = True
            first = asyncio.create_task(desk.handle(case_id, inform("First.")))
            await asyncio.to_thread(store.saving.wait, 20)
            second = asyncio.create_task(desk.handle(case_id, inform("Second.")))
            await asyncio.sleep(0.01)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            store.go_on.set()
            await first
        assert [entry.kind for entry in world.desk.timeline(case_id)].count("customer_informed") == 1

    run(story)


def test_a_timeout_ends_a_command_whole() -> None:
    """``asyncio.timeout`` is a cancellation: what was begun is done, and the timeout is raised."""

    async def story() -> None:
        """Act it out in the loop."""
        store = Slow()
        world, desk = an_async_world(store)
        case_id = world.opened()
        store.slow = True
        threading.Timer(0.2, store.go_on.set).start()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await desk.handle(case_id, inform("It is on its way."))
        assert [entry.kind for entry in world.desk.timeline(case_id)].count("customer_informed") == 1
        await desk.aclose()

    run(story)


def test_commands_cancelled_at_random_are_all_there_or_not_at_all(tmp_path: Path) -> None:
    """Fifty commands under keys, most of them cancelled at some moment and sent again: each is on the case exactly once."""

    async def story() -> None:
        """Act it out in the loop."""
        with SQLiteStore(tmp_path / "desk.db") as store:
            world = a_world(store)
            case_id = world.opened()
            async with AsyncDesk(desk=world.desk, threads=3) as desk:

                async def one(number: int) -> None:
                    """Do one part of it."""
                    sent = asyncio.create_task(desk.handle(case_id, inform(f"Word {number}."), key=f"k-{number}"))
                    await asyncio.sleep(world.desk.chance.random() * 0.05)
                    sent.cancel()
                    await asyncio.wait([sent])
                    await desk.handle(case_id, inform(f"Word {number}."), key=f"k-{number}")

                await asyncio.gather(*(one(number) for number in range(50)))
            assert [entry.kind for entry in world.desk.timeline(case_id)].count("customer_informed") == 50
            assert world.desk.doctor() == ()

    run(story)


# ---------------------------------------------------------------- working


@attrs.define
class Post:
    """An async notifier that keeps what it was given, in the loop."""

    world: World
    channels: frozenset[Channel] = frozenset(Channel)
    sent: list[tuple[str, str, int]] = attrs.field(factory=list)
    before: Callable[[], Coroutine[object, object, None]] | None = None

    async def send(self, message: OutboxMessage) -> Receipt:
        """Keep it."""
        if self.before is not None:
            await self.before()
        await asyncio.sleep(0)
        self.sent.append((message.id, tenant.get(), threading.get_ident()))
        return Receipt(at=self.world.time[0])


def test_an_async_notifier_sends_in_the_loop() -> None:
    """With its context, in the thread of the loop; what became of it is on record."""

    async def story() -> None:
        """Act it out in the loop."""
        world = a_world()
        post = Post(world)
        async with AsyncDesk(desk=world.desk, notifier=post) as desk:
            case = (await desk.receive(a_contact())).case
            tenant.set("blue")
            assert await desk.deliver() == (2, 0)
            assert {(name, thread) for _, name, thread in post.sent} == {("blue", threading.get_ident())}
            assert {out.state for out in (await desk.load(case.id)).receiving.outgoing} == {Delivery.SENT}
        assert not world.post.sent

    run(story)


def test_an_async_notifier_that_fails_is_tried_again() -> None:
    """As any other: with growing waits, and given up in the end."""

    async def story() -> None:
        """Act it out in the loop."""
        world = a_world()
        post = Post(world)

        async def fail() -> None:
            """Do one part of it."""
            raise ConnectionError

        post.before = fail
        async with AsyncDesk(desk=world.desk, notifier=post) as desk:
            await desk.receive(a_contact())
            assert await desk.deliver() == (0, 2)
            post.before = None
            world.wait(minutes=2)
            assert await desk.deliver() == (2, 0)

    run(story)


def test_outside_a_loop_an_async_notifier_says_so() -> None:
    """Nothing hangs and nothing is lost where somebody works with the desk inside by mistake."""
    world = a_world()
    desk = AsyncDesk(desk=world.desk, notifier=Post(world))
    desk.desk.receive(a_contact())
    assert desk.inner.deliver() == (0, 2)
    told = [trouble.error for trouble in world.desk.store.troubles()]  # type: ignore[attr-defined]
    assert ["call the methods of the AsyncDesk" in error for error in told] == [True, True]


def test_a_worker_is_a_task_that_ends_after_the_piece_of_work_in_hand() -> None:
    """Cancelled, it sends the message in hand and puts it on record; the others come back when their lease is over."""

    async def story() -> None:
        """Act it out in the loop."""
        world = a_world()
        post, begun, go_on = Post(world), asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            """Do one part of it."""
            begun.set()
            await go_on.wait()

        post.before = hold
        async with AsyncDesk(desk=world.desk, notifier=post) as desk:
            case = (await desk.receive(a_contact())).case
            worker = asyncio.create_task(desk.keep_working(every=timedelta(seconds=0.01)))
            await begun.wait()
            worker.cancel()
            await asyncio.sleep(0.05)
            assert not worker.done()
            go_on.set()
            with pytest.raises(asyncio.CancelledError):
                await worker
            assert len(post.sent) == 1
            states = sorted(out.state.value for out in (await desk.load(case.id)).receiving.outgoing)
            assert states == ["queued", "sent"]
            world.wait(minutes=5)
            post.before = None
            assert (await desk.catch_up()).sent == 1

    run(story)


def test_an_application_that_ends_takes_its_worker_along() -> None:
    """``asyncio.run`` cancels what still runs: nothing hangs, and every message leaves at least once."""
    world = a_world()
    post = Post(world)

    async def application() -> None:
        """Do one part of it."""
        desk = AsyncDesk(desk=world.desk, notifier=post)
        await desk.receive(a_contact())
        worker = asyncio.create_task(desk.keep_working())
        await asyncio.sleep(0.2)
        assert not worker.done()

    asyncio.run(application())
    world.wait(minutes=10)
    world.desk.catch_up()
    assert len({message_id for message_id, _, _ in post.sent} | {message.id for message in world.post.sent}) == 2
    assert {out.state for case in world.desk.find() for out in case.receiving.outgoing} == {Delivery.SENT}


def test_workers_do_not_take_the_threads_of_the_commands() -> None:
    """With one thread for commands and two workers going on for ever, commands are done all the same."""

    async def story() -> None:
        """Act it out in the loop."""
        world = a_world()
        async with AsyncDesk(desk=world.desk, threads=1) as desk:
            workers = [asyncio.create_task(desk.keep_working(every=timedelta(seconds=0.01))) for _ in range(2)]
            cases: list[Case] = [(await desk.receive(a_contact(str(n), message_id=f"<{n}@x>"))).case for n in range(BATCH)]
            while (await desk.backlog()).unsent:
                await asyncio.sleep(0.01)
            for worker in workers:
                worker.cancel()
            await asyncio.wait(workers)
            assert len(world.post.sent) == 2 * len(cases)

    run(story)


@pytest.mark.parametrize("method", ["work", "run_due", "deliver", "catch_up", "keep_working"])
def test_whoever_has_a_stop_of_their_own_may_use_it(method: str) -> None:
    """An event that is set ends what works by itself, from whatever thread it was set."""

    async def story() -> None:
        """Act it out in the loop."""
        _, desk = an_async_world()
        stop = threading.Event()
        stop.set()
        await getattr(desk, method)(stop=stop)
        await desk.aclose()

    run(story)


def test_a_stop_of_an_event_loop_ends_a_worker() -> None:
    """An ``asyncio.Event`` is the nearest at hand in a loop; it is heard as any other."""

    async def story() -> None:
        """Act it out in the loop."""
        _, desk = an_async_world()
        stop = asyncio.Event()
        worker = asyncio.create_task(desk.keep_working(stop=stop))
        await asyncio.sleep(0.01)
        assert not worker.done()
        stop.set()
        await asyncio.wait_for(worker, 20)
        await desk.aclose()

    run(story)


def test_whoever_cancels_one_worker_does_not_stop_the_others() -> None:
    """A stop that several share is theirs to set: a cancellation ends its own task and leaves it alone."""

    async def story() -> None:
        """Act it out in the loop."""
        _, desk = an_async_world()
        stop = threading.Event()
        one, other = (asyncio.create_task(desk.keep_working(stop=stop)) for _ in range(2))
        await asyncio.sleep(0.01)
        one.cancel()
        await asyncio.wait([one])
        assert (one.cancelled(), stop.is_set(), other.done()) == (True, False, False)
        stop.set()
        await asyncio.wait_for(other, 20)
        await desk.aclose()

    run(story)


def test_a_stop_that_cannot_say_when_to_end_is_refused() -> None:
    """It is not replaced in silence by one that nobody can set."""

    async def story() -> None:
        """Act it out in the loop."""
        _, desk = an_async_world()
        with pytest.raises(InvalidValue, match="stop"):
            await desk.keep_working(stop=object())  # type: ignore[arg-type]
        await desk.aclose()

    run(story)
