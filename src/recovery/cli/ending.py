"""Hearing that it is time to end: Ctrl-C on a terminal, SIGTERM from a service manager."""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Over", "ending"]


class Over:
    """Whether it is time to end. It has no lock, so that a signal may say so in the middle of whatever goes on."""

    def __init__(self) -> None:
        self._told = False

    def is_set(self) -> bool:
        """Whether somebody has said so."""
        return self._told

    def set(self) -> None:
        """Say so."""
        self._told = True


@contextmanager
def ending(*, breaks_off: bool = True) -> Generator[Over, None, None]:
    """Hear Ctrl-C and SIGTERM, so that the piece of work in hand is finished, however often they come.

    Only Ctrl-C a second time, by a person who does not want to wait, breaks it off: never SIGTERM, which a service manager may send
    to a process twice, as one of a group and by its id. Where another process decides for this one, nothing ``breaks_off``.
    """
    over, interrupted = Over(), False

    def end(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        over.set()
        if number == signal.SIGINT:
            if interrupted and breaks_off:
                raise KeyboardInterrupt
            interrupted = True

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
