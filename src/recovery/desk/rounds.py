"""Working round after round: until nothing is left to do, or until somebody says stop.

The clocks live in the store, not here: whoever calls may come late, twice, or at the same time as others, and may die at any point.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from pendulum import DateTime

from recovery.core.errors import InvalidValue
from recovery.core.values import apart, invalid, later
from recovery.desk.ending import Either, Ending, Time, sleep
from recovery.desk.knowing import now_of
from recovery.desk.values import Retries, Round, Work
from recovery.desk.working import deliver, lag_of, run_due
from recovery.ports.upcoming import Upcoming

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["BATCH", "LONGEST", "catch_up", "keep_working"]

log = logging.getLogger("recovery")

LONGEST = timedelta(seconds=30)
"""No sleep is longer, whatever is due next: somebody may have set the clock, or put something in that is due sooner.

Nor does a round go on sending for longer, but for the batch in hand: then the clocks are looked at first.
"""

BATCH = 10
"""How many messages a worker claims at a time: so many wait for their lease where it is told to stop in the middle."""

_DOWN = Retries(first=timedelta(seconds=1), most=timedelta(seconds=24))
"""How long to wait while the store is down: with the quarter that chance adds, never longer than LONGEST."""


def catch_up(desk: Desk, limit: int, within: timedelta | None, stop: Ending | None) -> Work:
    """Work until nothing is left to do, time is up, or somebody says stop; return all that was done."""
    _some("limit", limit)
    ending: Ending = Time(time.monotonic() + _seconds("within", timedelta.max if within is None else within))
    if stop is not None:
        ending = Either(ending, stop)
    done = Work(lag=lag_of(desk))
    while not ending.is_set():
        more = _round(desk, limit, ending)
        if more.idle:
            break
        done = _both(done, more)
    return done


def keep_working(desk: Desk, stop: Ending, every: timedelta, limit: int, tell: Callable[[Round], object]) -> None:
    """Work whenever there is something to do, until ``stop`` is set, after the piece of work in hand."""
    _some("limit", limit)
    longest, failed = min(_seconds("every", every), LONGEST.total_seconds()), 0
    while not stop.is_set():
        try:
            done, pause = _worked(desk, limit, stop, longest)
        except Exception as error:
            failed += 1
            if failed == 1:
                log.exception("nothing can be done at present; it is tried again")
                _tell(tell, Round(trouble=error))
            pause = _DOWN.wait(failed, desk.chance).total_seconds()
        else:
            if not done.idle:
                _tell(tell, Round(work=done))
            if failed:
                log.warning("it works again", extra={"tried": failed})
                _tell(tell, Round(works_again=True))
            failed = 0
        sleep(stop, pause)


def _tell(tell: Callable[[Round], object], round: Round) -> None:
    """Tell of a round. What is raised harms nobody, as with a listener: what it was told of is done."""
    try:
        tell(round)
    except Exception:
        log.exception("whoever is told of a worker's rounds failed")


def _worked(desk: Desk, limit: int, stop: Ending, longest: float) -> tuple[Work, float]:
    """Work a round; return what it did, and how many seconds to wait before the next."""
    began = now_of(desk)
    # Another store would count all that is due for it, in every round; its worker leaves that to whoever asks for the health.
    lag = lag_of(desk) if isinstance(desk.store, Upcoming) else timedelta()
    done = _round(desk, limit, stop, lag)
    return done, 0.0 if not done.idle else _pause(desk, began, longest)


def _round(desk: Desk, limit: int, stop: Ending, lag: timedelta = timedelta()) -> Work:
    ticked, stuck = run_due(desk, limit, stop)
    sent, failed = _delivered(desk, limit, stop)
    return Work(ticked=ticked, sent=sent, failed=stuck + failed, lag=lag)


def _delivered(desk: Desk, limit: int, stop: Ending) -> tuple[int, int]:
    """Deliver batch by batch, until it is time to look at the clocks again: a mail server that is slow does not stop them."""
    ends, sent, failed = later(now_of(desk), LONGEST), 0, 0
    while sent + failed < limit and not stop.is_set():
        more = deliver(desk, min(BATCH, limit - sent - failed), stop)
        sent, failed = sent + more[0], failed + more[1]
        if more == (0, 0) or now_of(desk) >= ends:
            break
    return sent, failed


def _pause(desk: Desk, began: DateTime, longest: float) -> float:
    """Return how long to sleep after a round in which there was nothing to do."""
    due = desk.store.next_due(now_of(desk)) if isinstance(desk.store, Upcoming) else None
    if due is None or due <= began:
        return longest  # what was due already and could not be had is with somebody else, or waits for another message
    return min(max(apart(now_of(desk), due).total_seconds(), 0.0), longest)


def _both(one: Work, other: Work) -> Work:
    return Work(ticked=one.ticked + other.ticked, sent=one.sent + other.sent, failed=one.failed + other.failed, lag=one.lag)


def _some(name: str, number: int) -> None:
    if number < 1:
        raise InvalidValue("the worker", [invalid(name, "is none at all: nothing would ever be done", "Give 1 or more.")])


def _seconds(name: str, length: timedelta) -> float:
    if length <= timedelta():
        raise InvalidValue("the worker", [invalid(name, "is no length of time", "Give more than nothing: timedelta(seconds=30).")])
    return length.total_seconds()
