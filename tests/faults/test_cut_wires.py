"""The wire to PostgreSQL is cut at everything the story says: the statement never arrives, or it is done and the answer is lost.

By default three scenes are played, cut in each eleventh place; ``RECOVERY_FAULTS=all`` cuts all scenes in every place.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from faults.five_weeks import SCENES, Ending, Stage, insisting, standing
from faults.grounds import Memory
from faults.proxy import Wire, wire_to
from recovery.notifiers import RecordingNotifier
from recovery.ports.store import Store
from recovery.stores.postgres import PostgresStore
from recovery.testing import FrozenNow
from recovery.testing.simulator import Witness, watched
from servers import Database, Server

ALL = os.environ.get("RECOVERY_FAULTS") == "all"
EVERY = 1 if ALL else 11
NAMES = tuple(scene.name for scene in SCENES)
PLAYED = NAMES if ALL else ("bo-writes", "ida-is-settled", "bo-accepts")


@pytest.fixture(scope="module")
def endings() -> list[Ending]:
    """Return how the story stands after each scene, as it is told in memory."""
    return Memory().endings


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Keep what is meant to fail out of the log."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@contextmanager
def before(server: Server, number: int) -> Generator[Database, None, None]:
    """Lend a database as it stood before a scene."""

    def prepare(conninfo: str) -> None:
        with PostgresStore(conninfo) as store:
            stage = _stage(store, 0)
            for scene in SCENES[:number]:
                stage.play(scene)

    with server.database(f"before {SCENES[number].name}", prepare) as database:
        yield database


def _stage(store: Store, number: int) -> Stage:
    now = FrozenNow(SCENES[number].when)
    return Stage(store=store, notifier=RecordingNotifier(now=now), now=now)


@pytest.mark.parametrize("answered", [False, True], ids=["it-never-arrives", "its-answer-is-lost"])
@pytest.mark.parametrize("name", PLAYED)
def test_wherever_the_wire_is_cut_the_story_goes_on(one_server: Server, endings: list[Ending], name: str, answered: bool) -> None:
    """Cut at the first, second, third ... thing said: the laws hold, and the scene ends as ever once it is played again."""
    number, place = NAMES.index(name), 0
    for place in count(number % EVERY, EVERY):
        with before(one_server, number) as database, wire_to(database.tcp, answered=answered) as wire:
            _play(wire, database, number, place, endings[number])
            if wire.after is not None:
                break
    assert place > 5


def _play(wire: Wire, database: Database, number: int, place: int, ending: Ending) -> None:
    with PostgresStore(database.conninfo) as bare, PostgresStore(wire.conninfo) as store:
        witness = Witness(store=bare).knows()
        wire.after = place
        insisting(_stage(watched(store), number), SCENES[number], lambda: _looked(witness, bare))
        _looked(witness, bare)
        assert standing(bare) == ending


def _looked(witness: Witness, bare: Store) -> None:
    """Hold what is stored against the laws: what was said through the wire, nobody else can tell."""
    Witness(store=bare).knows().check_all()
    for case_id, events in witness.histories.items():
        assert bare.history(case_id)[: len(events)] == events
