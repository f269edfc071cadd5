"""Rows that this version cannot read, written by a newer one or damaged: they stop their own case, and no other."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from faults.five_weeks import CASE, IDAS, LEASE, POLICY, SCENES, Stage, standing
from recovery.codec import Undecodable
from recovery.core.errors import StoreUnusable
from recovery.core.vocabulary.receiving import SetTask
from recovery.notifiers import RecordingNotifier
from recovery.ports.store import Store
from recovery.stores.postgres import PostgresStore
from recovery.stores.sqlite import SQLiteStore
from recovery.testing import FrozenNow
from servers import Server

UPTO = 8
"""How many scenes are played before: three cases are there, and clocks run on two of them."""


class Base:
    """A database: what opens a store on it, and what runs a statement behind its back."""

    def __init__(self, opens: Callable[[], Store], connect: Callable[[], Any]) -> None:
        self.opens = opens
        self._connect = connect

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a statement, and return what it finds."""
        with closing(self._connect()) as connection:
            cursor = connection.execute(sql)
            found = cursor.fetchall() if cursor.description else []
            connection.commit()
            return list(found)


@contextmanager
def _postgres(server: Server) -> Generator[Base, None, None]:
    with server.database() as database:
        yield Base(lambda: PostgresStore(database.conninfo), database.connect)


@pytest.fixture(params=["sqlite", "postgres"])
def base(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Base]:
    """Yield a database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "recovery.db"
        yield Base(lambda: SQLiteStore(path), lambda: sqlite3.connect(path))
    else:
        with _postgres(request.getfixturevalue("one_server")) as made:
            yield made


def begun(store: Store) -> Stage:
    """Return a stage on which the first scenes have been played."""
    now = FrozenNow(SCENES[0].when)
    stage = Stage(store=store, notifier=RecordingNotifier(now=now), now=now)
    for scene in SCENES[:UPTO]:
        stage.play(scene)
    return stage


LAST = f"case_id = '{CASE}' AND seq = (SELECT max(seq) FROM recovery_events WHERE case_id = '{CASE}')"
SPOILED = {
    "a newer version of an event": f"UPDATE recovery_events SET schema = 99 WHERE {LAST}",
    "a kind that only a newer version knows": f"UPDATE recovery_events SET kind = 'case_teleported' WHERE {LAST}",
    "a row that is damaged": f"UPDATE recovery_events SET public = '{{' WHERE {LAST}",
}


@pytest.mark.parametrize("spoils", SPOILED.values(), ids=list(SPOILED))
def test_a_case_that_cannot_be_read_waits_and_the_others_go_on(base: Base, spoils: str, caplog: pytest.LogCaptureFixture) -> None:
    """Its case is refused with the way out and set aside; clocks ring and messages leave elsewhere; read again, it goes on."""
    caplog.set_level(logging.CRITICAL)
    with base.opens() as store:  # type: ignore[attr-defined]
        stage = begun(store)
    kept = base.run(f"SELECT schema, kind, public FROM recovery_events WHERE {LAST}")[0]
    snapshot = base.run(f"SELECT public FROM recovery_cases WHERE case_id = '{CASE}'")[0][0]
    base.run(spoils)
    base.run(f"UPDATE recovery_cases SET public = '{{' WHERE case_id = '{CASE}'")
    with base.opens() as store:  # type: ignore[attr-defined]
        stage.store = store
        _others_go_on(stage)
    schema, kind, public = (str(part).replace("'", "''") for part in kept)
    base.run(f"UPDATE recovery_events SET schema = {schema}, kind = '{kind}', public = '{public}' WHERE {LAST}")
    base.run(f"UPDATE recovery_cases SET public = '{snapshot.replace(chr(39), chr(39) * 2)}' WHERE case_id = '{CASE}'")
    with base.opens() as store:  # type: ignore[attr-defined]
        stage.store = store
        _all_go_on(stage)


def _others_go_on(stage: Stage) -> None:
    desk, before = stage.desk, standing_of(stage, IDAS)
    for refused in (lambda: desk.load(CASE), lambda: desk.handle(CASE, SetTask(by="ben", what="Ring."))):
        with pytest.raises(Undecodable) as caught:
            refused()
        assert caught.value.case_id == CASE
        assert caught.value.hint
    assert CASE in {finding.case_id for finding in desk.doctor()}
    assert CASE not in {case.id for case in desk.find()}
    stage.now.move(days=2)
    for _ in range(5):
        desk.work()
    assert standing_of(stage, IDAS) > before
    assert [trouble.case_id for trouble in desk.troubles()] == [CASE]
    assert desk.handle(IDAS, SetTask(by="ben", what="Ring.")).events


def standing_of(stage: Stage, case_id: str) -> int:
    """Return how many entries a case has."""
    return len(stage.store.history(case_id))


def _all_go_on(stage: Stage) -> None:
    before = standing_of(stage, CASE)
    stage.now.move(timedelta(days=1) + LEASE)
    stage.work()
    assert standing_of(stage, CASE) > before
    assert stage.desk.doctor() == ()
    assert stage.desk.troubles() == ()
    assert set(standing(stage.store)) == {case.id for case in stage.desk.find()}
    assert stage.desk.policy == POLICY


def test_tables_of_a_newer_version_are_refused(base: Base) -> None:
    """A process of an older version does not touch tables that it does not know, and says to upgrade; nothing was changed."""
    with base.opens() as store:  # type: ignore[attr-defined]
        begun(store)
    there = base.run("SELECT count(*) FROM recovery_events")
    base.run("UPDATE recovery_schema SET version = 99")
    with pytest.raises(StoreUnusable, match="99") as caught:
        base.opens()
    assert "Upgrade" in caught.value.hint
    assert base.run("SELECT count(*) FROM recovery_events") == there
