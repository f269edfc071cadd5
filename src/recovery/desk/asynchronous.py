"""The desk for an event loop: the same desk, each call in a thread, so that nobody waits who need not.

There is no second desk in here. A decision is pure and takes a fraction of a millisecond; what takes time are the database and the
mail server, and waiting for these is what threads are good at.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial, wraps
from itertools import islice
from threading import Event
from types import TracebackType
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar, Unpack, cast

import attrs
from attrs import field, frozen

from recovery.core.errors import InvalidValue, RecoveryError
from recovery.core.values import invalid
from recovery.core.vocabulary.common import Channel
from recovery.desk.desk import Desk
from recovery.desk.ending import Either, Ending, checked
from recovery.ports.notifier import AsyncNotifier
from recovery.ports.values import OutboxMessage, Receipt

if TYPE_CHECKING:
    from recovery.core.case import Case
    from recovery.desk.values import Criteria
    from recovery.ports.values import Query

__all__ = ["AsyncDesk"]

P = ParamSpec("P")
R = TypeVar("R")

PAGE = 100
"""How many cases ``find`` reads ahead, so that not every one of them is a turn of a thread."""

_loop: contextvars.ContextVar[asyncio.AbstractEventLoop] = contextvars.ContextVar("recovery_loop")


def _awaits(method: Callable[Concatenate[Desk, P], R]) -> Callable[Concatenate[AsyncDesk, P], Coroutine[None, None, R]]:
    """Return the method of a desk as one that is awaited, with the same parameters."""

    @wraps(method)
    async def awaited(self: AsyncDesk, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self.run(partial(method, self.inner, *args, **kwargs))

    return awaited


def _keeps_on(method: Callable[Concatenate[Desk, P], R]) -> Callable[Concatenate[AsyncDesk, P], Coroutine[None, None, R]]:
    """Do the same for what may take long: it has a thread of its own, and ends after the piece of work in hand."""

    @wraps(method)
    async def awaited(self: AsyncDesk, /, *args: P.args, **kwargs: P.kwargs) -> R:
        cancelled, given = Event(), checked(cast("Ending | None", kwargs.get("stop")))  # each of these methods has it
        # The host's own is looked at and never set: others may share it.
        kwargs["stop"] = cancelled if given is None else Either(cancelled, given)
        with ThreadPoolExecutor(1, "recovery-worker") as threads:
            return await _finished(threads, partial(method, self.inner, *args, **kwargs), cancelled)

    return awaited


@frozen(kw_only=True)
class AsyncDesk:
    """A :class:`Desk` of which every method is awaited: ``await desk.handle(...)``, ``async for case in desk.find(...)``.

    Up to ``threads`` calls are at work at a time; who comes later waits without blocking the loop. With an async ``notifier``
    messages are sent in the loop; else by the notifier of the desk, in a thread. Context variables are seen in the threads.

    What is cancelled before it was begun does not happen. What was begun is finished first, and then the cancellation goes on: a
    command is never half done, and never goes on unseen; under a ``key`` it can be repeated without harm. The methods that work
    by themselves (``work``, ``catch_up``, ``keep_working``, ``run_due``, ``deliver``) end after the piece of work in hand.

    Use it as an async context manager, or call :meth:`aclose`. The store is yours to close. Callbacks that a method takes
    (``progress``, ``tell``) are called in the thread.
    """

    desk: Desk
    notifier: AsyncNotifier | None = None
    threads: int = 4
    inner: Desk = field(init=False, repr=False)
    _pool: ThreadPoolExecutor = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if self.threads < 1:
            raise InvalidValue("AsyncDesk", [invalid("threads", "is none at all", "Give 1 or more.")])
        inner = self.desk if self.notifier is None else attrs.evolve(self.desk, notifier=_InTheLoop(self.notifier))
        object.__setattr__(self, "inner", inner)
        object.__setattr__(self, "_pool", ThreadPoolExecutor(self.threads, "recovery"))

    async def __aenter__(self) -> AsyncDesk:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Wait for what is at work, and end the threads. The store stays open."""
        await asyncio.to_thread(self._pool.shutdown)

    async def run(self, call: Callable[[], R]) -> R:
        """Return what ``call`` returns, called in a thread of the desk: for what you do with the store beside the desk."""
        return await _finished(self._pool, call, Event())

    # ------------------------------------------------------------ what comes in

    receive = _awaits(Desk.receive)
    open = _awaits(Desk.open)
    adopt = _awaits(Desk.adopt)
    handle = _awaits(Desk.handle)
    open_incident = _awaits(Desk.open_incident)
    update_incident = _awaits(Desk.update_incident)
    close_incident = _awaits(Desk.close_incident)
    incident = _awaits(Desk.incident)

    # ------------------------------------------------------------ what can be asked

    why_not = _awaits(Desk.why_not)
    permitted = _awaits(Desk.permitted)
    draft = _awaits(Desk.draft)
    preview = _awaits(Desk.preview)
    suggest = _awaits(Desk.suggest)
    load = _awaits(Desk.load)
    agenda = _awaits(Desk.agenda)
    earlier = _awaits(Desk.earlier)
    twins = _awaits(Desk.twins)
    clocks = _awaits(Desk.clocks)
    explain_route = _awaits(Desk.explain_route)
    briefing = _awaits(Desk.briefing)
    timeline = _awaits(Desk.timeline)
    at = _awaits(Desk.at)
    policy_for = _awaits(Desk.policy_for)
    doctor = _awaits(Desk.doctor)
    feed = _awaits(Desk.feed)
    backlog = _awaits(Desk.backlog)
    health = _awaits(Desk.health)
    troubles = _awaits(Desk.troubles)
    risk = _awaits(Desk.risk)
    learn = _awaits(Desk.learn)

    async def find(self, query: Query | None = None, **criteria: Unpack[Criteria]) -> AsyncIterator[Case]:
        """Yield every case that fits, page by page: ``async for case in desk.find(owner="ana", open_only=True)``."""
        cases = self.inner.find(query, **criteria)
        while page := await self.run(lambda: list(islice(cases, PAGE))):
            for case in page:
                yield case

    # ------------------------------------------------------------ what happens by itself

    work = _keeps_on(Desk.work)
    catch_up = _keeps_on(Desk.catch_up)
    keep_working = _keeps_on(Desk.keep_working)
    run_due = _keeps_on(Desk.run_due)
    deliver = _keeps_on(Desk.deliver)


@frozen
class _InTheLoop:
    """Has an async notifier send in the event loop, and waits for it in the thread."""

    notifier: AsyncNotifier

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels it can send on."""
        return self.notifier.channels

    def send(self, message: OutboxMessage) -> Receipt:
        """Hand the message on, in the loop that awaits this piece of work."""
        loop = _loop.get(None)
        if loop is None:
            raise RecoveryError("An async notifier sends inside an event loop: call the methods of the AsyncDesk, not of its desk.")
        return asyncio.run_coroutine_threadsafe(self.notifier.send(message), loop).result()


async def _finished(threads: ThreadPoolExecutor, call: Callable[[], R], stop: Event) -> R:
    """Return what ``call`` returns in a thread. Cancelled, it is not begun; or ``stop`` is set and its end is waited for."""
    context = contextvars.copy_context()
    context.run(_loop.set, asyncio.get_running_loop())
    begun: Future[R] = threads.submit(context.run, call)
    try:
        return await asyncio.shield(asyncio.wrap_future(begun))
    except asyncio.CancelledError:
        stop.set()
        if not begun.cancel():
            await _ended(begun)
        raise


async def _ended(begun: Future[R]) -> None:
    """Wait until a call has ended, however often that is cancelled; what it returned or raised goes with the cancellation."""
    over = asyncio.Event()
    loop = asyncio.get_running_loop()
    begun.add_done_callback(lambda _: loop.call_soon_threadsafe(over.set))
    while not over.is_set():
        try:
            await over.wait()
        except asyncio.CancelledError:
            continue
