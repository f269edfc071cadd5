"""Working round after round: until nothing is left to do, or until somebody says stop.

The clocks live in the store, not here: whoever calls may come late, twice, or at the same time as others, and may die at any point.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import frozen
from pendulum import DateTime

from recovery.core.errors import InvalidValue
from recovery.core.values import apart, invalid
from recovery.desk.knowing import now_of
from recovery.desk.values import Retries, Round, Work
from recovery.desk.working import Ending, deliver, lag_of, run_due
from recovery.ports.upcoming import Upcoming

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["BATCH", "LONGEST", "catch_up", "keep_working"]

log = logging.getLogger("recovery")

LONGEST = timedelta(seconds=30)
"""No sleep is longer, whatever is due next: somebody may have set the clock, or put something in that is due sooner."""

BATCH = 10
"""How many messages a worker claims at a time: so many wait for their lease where it is told to stop in the middle."""

_DOWN = Retries(first=timedelta(seconds=1), most=timedelta(seconds=24))
"""How long to wait while the store is down: with the quarter that chance adds, never longer than LONGEST."""


def catch_up(desk: Desk, limit: int, within: timedelta | None, stop: threading.Event | None) -> Work:
    """Work until nothing is left to do, time is up, or somebody says stop; return all that was done."""
    ends = time.monotonic() + _seconds("within", timedelta.max if within is None else within)
    ending, done = _Ending(ends, stop), Work(lag=lag_of(desk))
    while not ending.is_set():
        more = _round(desk, limit, ending)
        if more == Work():
            break
        done = _both(done, more)
    return done


@frozen
class _Ending:
    """The end of a call of a scheduler: when its time is up, or somebody says stop."""

    at: float
    stop: threading.Event | None

    def is_set(self) -> bool:
        return time.monotonic() >= self.at or (self.stop is not None and self.stop.is_set())


def keep_working(desk: Desk, stop: threading.Event, every: timedelta, limit: int, tell: Callable[[Round], object]) -> None:
    """Work whenever there is something to do, until ``stop`` is set, after the piece of work in hand."""
    longest, failed = min(_seconds("every", every), LONGEST.total_seconds()), 0
    while not stop.is_set():
        try:
            pause = _worked(desk, limit, stop, tell, longest)
        except Exception as error:
            failed += 1
            if failed == 1:
                log.exception("nothing can be done at present; it is tried again")
                tell(Round(trouble=error))
            pause = _DOWN.wait(failed, desk.chance).total_seconds()
        else:
            if failed:
                log.warning("it works again", extra={"tried": failed})
                tell(Round(works_again=True))
            failed = 0
        stop.wait(pause)


def _worked(desk: Desk, limit: int, stop: threading.Event, tell: Callable[[Round], object], longest: float) -> float:
    """Work a round and return how many seconds to wait before the next."""
    began = now_of(desk)
    done = _round(desk, limit, stop)
    if done != Work():
        tell(Round(work=done))
        return 0.0
    return _pause(desk, began, longest)


def _round(desk: Desk, limit: int, stop: Ending) -> Work:
    ticked, stuck = run_due(desk, limit, stop)
    sent, failed = deliver(desk, limit, stop, BATCH)
    return Work(ticked=ticked, sent=sent, failed=stuck + failed)


def _pause(desk: Desk, began: DateTime, longest: float) -> float:
    """Return how long to sleep after a round in which there was nothing to do."""
    due = desk.store.next_due(now_of(desk)) if isinstance(desk.store, Upcoming) else None
    if due is None or due <= began:
        return longest  # what was due already and could not be had is with somebody else, or waits for another message
    return min(max(apart(now_of(desk), due).total_seconds(), 0.0), longest)


def _both(one: Work, other: Work) -> Work:
    return Work(ticked=one.ticked + other.ticked, sent=one.sent + other.sent, failed=one.failed + other.failed, lag=one.lag)


def _seconds(name: str, length: timedelta) -> float:
    if length <= timedelta():
        raise InvalidValue("the worker", [invalid(name, "is no length of time", "Give more than nothing: timedelta(seconds=30).")])
    return length.total_seconds()
