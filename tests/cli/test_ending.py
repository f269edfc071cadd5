"""Hearing that it is time to end: what is in hand is finished, however often it is said, unless a person insists."""

from __future__ import annotations

import os
import signal
import threading
import time
from itertools import cycle

import pytest

from recovery.cli.ending import ending
from recovery.desk.ending import sleep


def told(*numbers: int) -> None:
    """Send signals to this process, and let them be heard."""
    for number in numbers:
        os.kill(os.getpid(), number)
        time.sleep(0)


def test_sigterm_never_breaks_off() -> None:
    """A service manager may send it to the group and to the process: what is in hand is finished all the same."""
    with ending() as over:
        assert not over.is_set()
        told(signal.SIGTERM, signal.SIGTERM, signal.SIGINT, signal.SIGTERM)
        assert over.is_set()


def test_only_a_second_ctrl_c_breaks_off() -> None:
    """A round that hangs can be ended by the person at the keyboard."""
    with ending() as over:
        told(signal.SIGINT)
        assert over.is_set()
        with pytest.raises(KeyboardInterrupt):
            told(signal.SIGINT)


def test_where_another_process_decides_nothing_breaks_off() -> None:
    """One of several hears what the whole group hears, and what its parent says besides; the parent has a harder way."""
    with ending(breaks_off=False) as over:
        told(signal.SIGINT, signal.SIGTERM, signal.SIGINT, signal.SIGTERM)
        assert over.is_set()


def test_the_signals_are_left_as_they_were() -> None:
    """Whoever runs a command in a process of theirs keeps their handlers."""
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    with ending():
        assert signal.getsignal(signal.SIGTERM) is not before[0]
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before


def test_a_signal_may_come_at_any_moment() -> None:
    """Amid a sleep, a look, or another signal: there is no lock on which the process could hang for ever."""
    with ending(breaks_off=False) as over:
        ended = threading.Event()

        def shoot() -> None:
            for number in cycle((signal.SIGTERM, signal.SIGINT)):
                if ended.is_set():
                    return
                os.kill(os.getpid(), number)
                time.sleep(0.0001)

        shooter = threading.Thread(target=shoot)
        shooter.start()
        until = time.monotonic() + 0.3
        while time.monotonic() < until:
            sleep(over, 0.001)
            over.set()
        ended.set()
        shooter.join()
