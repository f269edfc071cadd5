"""The disk takes no more: the first, second, third ... page that SQLite would write is refused, also in the middle of it.

The system refuses by itself, through the limit on the size of a file (``RLIMIT_FSIZE``): no mount, no rights, and every write that
crosses the limit is cut short just there.
"""

from __future__ import annotations

import logging
import os
import resource
from collections.abc import Generator
from contextlib import contextmanager, suppress
from itertools import count

import pytest

from faults.five_weeks import SCENES, Stage, insisting, standing
from faults.grounds import Files
from recovery.core.errors import StoreUnusable
from recovery.notifiers import RecordingNotifier
from recovery.testing import FrozenNow
from recovery.testing.simulator import Call, Witness, watched

ALL = os.environ.get("RECOVERY_FAULTS") == "all"
STEP = 1024 if ALL else 17 * 1024
"""How many bytes more are written each time before the disk takes no more; a page has 4096, and 24 before it in the log."""
NUMBERS = range(len(SCENES)) if ALL else (0, 13)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return the files as they stood before each scene."""
    return Files(tmp_path_factory.mktemp("five-weeks"))


@contextmanager
def only(room: int) -> Generator[None, None, None]:
    """Let no file of this process grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: SCENES[number].name)
def test_wherever_the_disk_is_full_the_story_goes_on(files: Files, number: int, caplog: pytest.LogCaptureFixture) -> None:
    """The log of SQLite may grow to so many bytes and no further, then a little more, until all has room: nothing is half done."""
    caplog.set_level(logging.CRITICAL)
    room = 0
    for room in count(0, STEP):
        if _played_in(files, number, room):
            break
    assert room > 4 * STEP


def _played_in(files: Files, number: int, room: int) -> bool:
    """Play a scene in so much room, and again with enough; return whether there was enough at once."""
    with files.before(number) as store:
        store.load("nobody")
        witness, now = Witness(store=store).knows(), FrozenNow(SCENES[number].when)
        under_way: list[Call] = []

        def after(call: Call) -> None:
            under_way.pop()
            witness.saw(call)

        stage = Stage(store=watched(store, before=under_way.append, after=after), notifier=RecordingNotifier(now=now), now=now)
        with only(room), suppress(StoreUnusable):
            stage.play(SCENES[number])
        failed = len(under_way)  # also those that workers took for a passing trouble
        insisting(stage, SCENES[number], witness.check_all)
        witness.check_all()
        assert standing(store) == files.endings[number]
    return not failed
