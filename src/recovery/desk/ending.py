"""When a piece of work is to end: what says so, and how to sleep until it does."""

from __future__ import annotations

import time
from typing import Protocol, TypeVar, cast, runtime_checkable

from attrs import frozen

from recovery.core.errors import InvalidValue
from recovery.core.values import invalid

__all__ = ["Either", "Ending", "Time", "checked", "sleep"]

MOMENT = 0.1
"""So many seconds pass at most until a sleeping worker hears that it is to stop."""


@runtime_checkable
class Ending(Protocol):
    """What says when to end: anything with ``is_set()``, so an event of threading, asyncio or multiprocessing, or your own.

    It is only looked at, in the thread that works, about ten times a second while that sleeps. Nothing waits on it, so a
    ``threading.Event`` may be set in a signal handler as well.
    """

    def is_set(self) -> bool:
        """Whether it is time."""
        ...


Asked = TypeVar("Asked", bound=Ending | None)


@frozen
class Either:
    """The end as soon as one of two says so."""

    one: Ending
    other: Ending

    def is_set(self) -> bool:
        """Whether one of them says that it is time."""
        return self.one.is_set() or self.other.is_set()


@frozen
class Time:
    """The end at an instant of ``time.monotonic``."""

    at: float

    def is_set(self) -> bool:
        """Whether it is past."""
        return time.monotonic() >= self.at


def checked(stop: Asked) -> Asked:
    """Return what a host gave, or ``None``. Raises ``InvalidValue`` where it cannot say when to end."""
    if stop is None or isinstance(cast(object, stop), Ending):
        return stop
    hint = "Give something with is_set(): threading.Event(), asyncio.Event()."
    raise InvalidValue("the worker", [invalid("stop", "does not say when to end", hint)])


def sleep(stop: Ending, seconds: float) -> None:
    """Sleep so long, or until somebody says stop.

    To wait on an event takes its lock, and a signal handler that sets it in the same thread would then wait for that lock for ever.
    So it is looked at again and again, for which no lock is needed.
    """
    ends = time.monotonic() + seconds
    while not stop.is_set() and (left := ends - time.monotonic()) > 0:
        time.sleep(min(left, MOMENT))
