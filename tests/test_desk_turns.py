"""Whoever loses races tries again in turn, and does not wait for ever: nothing is lost by politeness."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from recovery import Case, ConflictingChange, MemoryStore
from recovery.core.clock import Timing
from recovery.core.vocabulary.receiving import SetTask
from recovery.desk import turns
from recovery.desk.turns import pause, turn
from recovery.ports.values import Change, KeyRecord
from test_desk import a_world


class Breathless(MemoryStore):
    """Takes a moment to read, so that whoever decides is mostly too late."""

    def load(self, case_id: str) -> Case | None:
        """Read, and take a moment."""
        found = super().load(case_id)
        time.sleep(0.002)
        return found


def test_everybody_gets_through_on_one_hot_case() -> None:
    """Eight people give one command after the other on one case, without a pause: each is heard, in the order they spoke."""
    world = a_world(Breathless())
    case_id = world.opened()

    def speak(person: int) -> None:
        for number in range(15):
            world.desk.handle(case_id, SetTask(by="ana", what=f"{person}-{number:02}"))

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(speak, range(8)))
    tasks = [task.what for task in world.desk.load(case_id).receiving.tasks]
    assert len(tasks) == 120
    for person in range(8):
        mine = [what for what in tasks if what.startswith(f"{person}-")]
        assert mine == sorted(mine)


class LosesOnce(MemoryStore):
    """Loses the first race, and says so."""

    def __init__(self) -> None:
        super().__init__()
        self.armed, self.lost, self.saved = False, threading.Event(), threading.Event()

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Lose once."""
        if self.armed:
            self.armed = False
            self.lost.set()
            raise ConflictingChange(changes[0].case.id, changes[0].base_version)
        super().save(changes, key=key, timing=timing)
        self.saved.set()


def test_whoever_has_lost_a_race_waits_for_its_turn() -> None:
    """The first try is made at once; after a lost race it is tried again when the other threads have had their turn."""
    store = LosesOnce()
    world = a_world(store)
    case_id = world.opened()
    store.armed = True
    store.saved.clear()
    speaker = threading.Thread(target=world.desk.handle, args=(case_id, SetTask(by="ana", what="Call the plumber.")), daemon=True)
    with turn(case_id):
        speaker.start()
        assert store.lost.wait(20)
        assert not store.saved.wait(0.2)
    speaker.join(20)
    assert store.saved.is_set()


def test_one_thread_has_its_turn_at_a_time() -> None:
    """On one case; whoever comes back to it inside its own turn does not wait for itself."""
    at_work, most = [0], [0]

    def visit(_: int) -> None:
        with turn("c-1"), turn("c-1"):
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
            time.sleep(0.002)
            at_work[0] -= 1

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(visit, range(12)))
    assert most == [1]


def test_nobody_waits_for_ever_for_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the one before is stuck, it is tried without a turn."""
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    stuck, over = threading.Event(), threading.Event()

    def hold() -> None:
        with turn("c-1"):
            stuck.set()
            over.wait(20)

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    assert stuck.wait(20)
    with turn("c-1"):
        over.set()
    holder.join(20)


def test_strangers_wait_for_nobody() -> None:
    """In a simulation each thread stands for a process: it gets through at once, whoever has the turn."""
    held, over = threading.Event(), threading.Event()

    def hold() -> None:
        with turn("case-1"):
            held.set()
            over.wait(30)

    thread = threading.Thread(target=hold, daemon=True)
    thread.start()
    held.wait(30)
    begun = time.monotonic()
    with turns.as_strangers(), turn("case-1"):
        pass
    assert time.monotonic() - begun < turns.PATIENCE / 2
    over.set()
    thread.join()
    with turn("case-1"):
        pass


@pytest.mark.skipif(not hasattr(os, "register_at_fork"), reason="there is no fork here")
def test_a_fork_takes_no_turn_along() -> None:
    """What another thread held when a process was forked is free in the new one."""
    with turn("c-1"):
        before = list(turns._seats)
        turns._fresh()
        assert not any(seat in before for seat in turns._seats)


def test_pauses_follow_how_long_a_try_takes() -> None:
    """As long as a try at first and up to eight times as long, on any machine; a slow one is no reason to sleep for minutes."""
    chance = Random(1)
    assert max(pause(1, 0.01, chance) for _ in range(1000)) <= 0.01
    assert 0.04 < max(pause(20, 0.01, chance) for _ in range(1000)) <= 0.08
    assert max(pause(200, 60.0, chance) for _ in range(1000)) <= 2.0


FORKED = """
import os
from recovery.desk.values import CHANCE
child = os.fork()
if child:
    os.waitpid(child, 0)
print(CHANCE.random(), flush=True)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_has_chances_of_its_own() -> None:
    """Two processes that drew the same pauses would meet again and again."""
    drawn = subprocess.run([sys.executable, "-c", FORKED], capture_output=True, text=True, check=True).stdout.split()
    assert len(set(drawn)) == 2
