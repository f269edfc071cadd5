"""Bringing the tables up to date: by several at once, by one that dies half way, and by those who may not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recovery.core.errors import StoreUnusable
from recovery.stores.named import is_postgres, open_store
from recovery.stores.sql import schema
from recovery.stores.sqlite import SQLiteStore
from recovery.testing.contracts.samples import TIMING, opening
from servers import Database

OPENS = """
import sys
from recovery.stores.named import open_store
print("ready", flush=True)
sys.stdin.readline()
with open_store(sys.argv[1]) as store:
    print(store.found_version)
"""

STOPS_HALF_WAY = """
import sys, time
from recovery.stores.named import open_store
from recovery.stores.sql.session import Session
def script(self, statements):
    for number, statement in enumerate(statements):
        self.execute(statement, ())
        if number == 7:
            print("half", flush=True)
            time.sleep(60)
Session.script = script
open_store(sys.argv[1])
"""


@pytest.fixture(params=["sqlite", "postgres"])
def name(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database in which there is nothing yet, by its name."""
    if request.param == "sqlite":
        return str(tmp_path / "recovery.db")
    database: Database = request.getfixturevalue("one_database")
    return database.address


def started(code: str, name: str) -> subprocess.Popen[str]:
    """Start a process that opens the database, and wait until it says that it is there."""
    process = subprocess.Popen([sys.executable, "-c", code, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline().strip() in ("ready", "half")
    return process


def found_in(name: str) -> int:
    """Open a database, and return the version of the tables that were there."""
    with open_store(name) as store:
        return store.found_version


def test_several_that_open_an_empty_database_at_once_make_its_tables_once(name: str) -> None:
    """A host starts many processes at a time: none of them fails of it, and one of them makes the tables."""
    processes = [started(OPENS, name) for _ in range(2)]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    found = [process.communicate(timeout=60)[0].strip() for process in processes]
    assert sorted(found) == ["0", str(schema.VERSION)]


def test_one_that_is_killed_half_way_has_changed_nothing(name: str) -> None:
    """Who is killed while the tables are made leaves none behind, and the next one makes them."""
    with started(STOPS_HALF_WAY, name) as process:
        os.kill(process.pid, signal.SIGKILL)
    with open_store(name) as store:
        assert store.found_version == 0
        store.save([opening()], timing=TIMING)
        assert store.doctor() == ()


def test_tables_that_are_not_there_are_not_made_unasked(name: str) -> None:
    """Whoever says upgrade=False is told that the tables are missing and how to make them; nothing is made."""
    for _ in range(2):
        with pytest.raises(StoreUnusable, match=r"there is no such file|its tables are not there.*recovery schema upgrade"):
            open_store(name, upgrade=False)


def test_tables_that_are_up_to_date_are_taken_as_they_are(name: str) -> None:
    """Whoever may not change the tables can work on them, and is told which version they are."""
    open_store(name).close()
    with open_store(name, upgrade=False) as store:
        assert store.found_version == schema.VERSION
        store.save([opening()], timing=TIMING)


def test_tables_of_an_older_version_are_upgraded_by_those_who_may(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step is taken once, by whoever may; whoever may not is told the way out."""
    open_store(name).close()
    step = schema.Step(schema.VERSION + 1, ("CREATE TABLE recovery_more (one integer)",), "")
    taken = schema.steps
    monkeypatch.setattr(schema, "steps", lambda dialect: (*taken(dialect), step))
    monkeypatch.setattr(schema, "VERSION", step.version)
    with pytest.raises(StoreUnusable, match=f"version {step.version - 1}, and {step.version} is needed"):
        open_store(name, upgrade=False)
    with open_store(name) as first, open_store(name) as second:
        assert (first.found_version, second.found_version) == (step.version - 1, step.version)


def test_a_step_that_breaks_off_leaves_the_tables_as_they_were(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An upgrade is made in full or not at all, so that the version before goes on."""
    open_store(name).close()
    step = schema.Step(schema.VERSION + 1, ("CREATE TABLE recovery_more (one integer)", "CREATE TABLE nonsense"), "")
    taken = schema.steps
    with monkeypatch.context() as patched:
        patched.setattr(schema, "steps", lambda dialect: (*taken(dialect), step))
        patched.setattr(schema, "VERSION", step.version)
        with pytest.raises(StoreUnusable):
            open_store(name)
    with open_store(name, upgrade=False) as store:
        assert store.found_version == schema.VERSION


def test_a_newer_version_is_refused_whoever_asks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Old code does not write into tables it does not know, and says what to do."""
    monkeypatch.setattr(schema, "VERSION", 99)
    open_store(name).close()
    monkeypatch.undo()
    for upgrade in (True, False):
        with pytest.raises(StoreUnusable, match=r"its schema has version 99.*Upgrade customer-recovery"):
            open_store(name, upgrade=upgrade)


class TestOnPostgres:
    def test_whatever_the_database_takes_for_granted_who_waits_sees_what_was_made(self, one_database: Database) -> None:
        """Who waits for another that makes the tables finds them, also where transactions keep their first view by default."""
        with one_database.connect() as connection:
            told = f"ALTER DATABASE \"{one_database.name}\" SET default_transaction_isolation = 'repeatable read'"
            connection.execute(told.encode())
        name = one_database.address
        with ThreadPoolExecutor(3) as threads:
            found = list(threads.map(found_in, [name] * 3))
        assert sorted(found) == [0, schema.VERSION, schema.VERSION]

    def test_a_server_that_is_not_there_is_named_at_once(self) -> None:
        """Nobody waits half a minute to read that a port is wrong; no password is told."""
        with pytest.raises(StoreUnusable, match=r"shop on 127.0.0.1:1.*refused") as caught:
            open_store("postgresql://bob:secret@127.0.0.1:1/shop")
        assert "secret" not in str(caught.value)

    def test_the_printed_sql_makes_the_tables(self, one_database: Database) -> None:
        """What `recovery schema sql` prints is all that a database administrator has to run."""
        with one_database.connect() as connection:
            connection.execute(schema.script("postgres").encode())
        with open_store(one_database.address, upgrade=False) as store:
            store.save([opening()], timing=TIMING)
            assert store.doctor() == ()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("postgresql://desk@db/shop", True),
        ("postgres://", True),
        ("postgresql+psycopg://desk@db/shop", True),
        ("recovery.db", False),
        ("/var/postgresql/recovery.db", False),
    ],
)
def test_a_database_is_known_by_its_name(name: str, meant: bool) -> None:
    """A setting names a file or a server, as people write it for other libraries."""
    assert is_postgres(name) is meant


def test_a_path_opens_a_file(tmp_path: Path) -> None:
    """What is no address is a path."""
    with open_store(str(tmp_path / "recovery.db")) as store:
        assert isinstance(store, SQLiteStore)
        assert store.where == str(tmp_path / "recovery.db")


def test_nothing_leads_on_from_the_present_version() -> None:
    """Who asks for the SQL of an upgrade that is not needed gets nothing to run."""
    assert schema.script("postgres", schema.VERSION) == ""
