"""What is broken in a database blocks nobody: rows that cannot be read, on SQLite and on PostgreSQL, and what is told of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from attrs import define

from cli.running import run
from recovery import Delivery
from recovery.stores.named import open_store
from recovery.stores.sql.store import SQLStore
from servers import Database
from support import a_contact
from test_desk import World, a_world

Execute = Callable[..., object]


@define
class Ground:
    """A world on a database, whatever stands behind it, and a way to change its rows behind its back."""

    name: str
    world: World
    execute: Execute

    def garble(self, case_id: str) -> None:
        """Make unreadable what is stored of a case, but for its messages."""
        self.execute("UPDATE recovery_events SET public = '?' WHERE case_id = '{}'", case_id)
        self.execute("UPDATE recovery_cases SET public = '?' WHERE case_id = '{}'", case_id)


def _on_file(path: str) -> Execute:
    def execute(sql: str, *names: str) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(sql.format(*names))

    return execute


def _on_server(database: Database) -> Execute:
    def execute(sql: str, *names: str) -> None:
        with database.connect() as connection:
            connection.execute(sql.format(*names).encode())

    return execute


@pytest.fixture(params=["sqlite", "postgres"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    """A world on each database."""
    if request.param == "sqlite":
        name = str(tmp_path / "recovery.db")
        execute = _on_file(name)
    else:
        database: Database = request.getfixturevalue("one_database")
        name, execute = database.address, _on_server(database)
    with open_store(name) as store:
        yield Ground(name, a_world(store), execute)


def test_a_case_that_cannot_be_read_blocks_nobody_and_comes_back(ground: Ground) -> None:
    """The others are looked at, its owner is told, and when its rows are mended it goes on as if nothing had been."""
    world = ground.world
    bad, good = world.opened(), world.desk.receive(a_contact("another")).case.id
    assert world.desk.deliver() == (4, 0)
    before = world.desk.load(bad)
    ground.execute("CREATE TABLE kept AS SELECT * FROM recovery_events WHERE case_id = '{}'", bad)
    ground.garble(bad)
    world.wait(hours=1)
    assert world.desk.run_due() == (1, 1)
    assert [entry.kind for entry in world.desk.timeline(good)].count("alarm_rung") == 1
    assert [(each.case_id, each.owner, each.tries) for each in world.desk.troubles()] == [(bad, "ana", 1)]
    assert [step.case_id for step in world.desk.agenda(owner="ana") if "cannot be looked at" in step.what] == [bad]
    assert (world.desk.backlog().set_aside, world.desk.health().set_aside) == (1, 1)
    assert {finding.case_id for finding in world.desk.doctor()} == {bad}
    mended = "SELECT public FROM kept WHERE kept.seq = recovery_events.seq"
    ground.execute(f"UPDATE recovery_events SET public = ({mended}) WHERE case_id = '{{}}'", bad)
    world.wait(minutes=2)
    assert world.desk.run_due() == (1, 0)
    assert world.desk.troubles() == ()
    assert world.desk.load(bad).version > before.version
    assert [entry.kind for entry in world.desk.timeline(bad)].count("alarm_rung") == 1


def test_a_message_whose_row_cannot_be_read_is_a_step_of_the_owner(ground: Ground) -> None:
    """It is given up on record, and every other message leaves."""
    world = ground.world
    case_id = world.opened()
    ground.execute("UPDATE recovery_outbox SET public = '?' WHERE case_id = '{}' AND person = ''", case_id)
    assert world.desk.deliver() == (1, 1)
    assert [message.person for message in world.post.sent] == ["ana"]
    states = {out.person: out.state for out in world.desk.load(case_id).receiving.outgoing}
    assert states == {None: Delivery.GIVEN_UP, "ana": Delivery.SENT}
    assert "reach the customer another way: a message by email could not be delivered" in {s.what for s in world.desk.agenda()}


def test_messages_of_a_case_that_cannot_be_read_wait_and_are_told(ground: Ground) -> None:
    """They are not sent, for nobody could put it on record; the post of the others leaves."""
    world = ground.world
    bad = world.opened()
    world.desk.receive(a_contact("another"))
    ground.garble(bad)
    assert world.desk.deliver() == (2, 2)
    assert {message.case_id for message in world.post.sent} == {case.id for case in world.desk.find()}
    assert {(each.case_id, each.message_id is not None) for each in world.desk.troubles()} == {(bad, True)}


def test_the_shell_shows_what_was_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Agenda, doctor and health tell of it, by its id where even its reference cannot be read; a monitor gets exit code 1."""
    monkeypatch.chdir(tmp_path)
    for name in ("RECOVERY_NOW", "RECOVERY_DB", "RECOVERY_POLICY"):
        monkeypatch.delenv(name, raising=False)
    run("init", "--person", "ana=Ana Brook <ana@boats.example>", "--company", "Boat Displays", "--zone", "Europe/Berlin")
    told = run("receive", "--channel", "phone", "--name", "Bo", "--email", "bo@boat.example", "--text", "Dark.", "--json", "--now",
               "2026-03-02T09:40")[1]  # fmt: skip
    case_id = json.loads(told)["case"]["id"]
    execute = _on_file("recovery.db")
    for table in ("recovery_events", "recovery_cases"):
        execute("UPDATE {} SET public = '?'", table)
    code, out, _ = run("worker", "--once")
    assert (code, "1 failed" in out) == (1, True)
    agenda = " ".join(run("agenda", "--owner", "ana")[1].split())
    assert "find out why this case cannot be looked at" in agenda
    assert case_id in agenda
    assert run("doctor")[0] == 1
    code, out, _ = run("health", "--max-set-aside", "0")
    assert (code, "set aside 1 what fails and is tried again" in " ".join(out.split())) == (1, True)


def test_every_shipped_database_keeps_troubles() -> None:
    """What is told above is no matter of luck: the stores over SQL fill the ports for it."""
    assert all(hasattr(SQLStore, name) for name in ("put_off", "troubles", "next_due", "feed"))
