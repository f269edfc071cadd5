"""When something goes wrong half way: a full disk, a statement that fails, a process that is killed, rows that cannot be read."""

from __future__ import annotations

import logging
import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import attrs
import pytest

from recovery.codec import Undecodable
from recovery.core.errors import StoreUnusable
from recovery.core.values import redact
from recovery.ports.values import Change, Query, Wrong
from recovery.stores.sql import schema
from recovery.stores.sql.recent import Recent
from recovery.stores.sql.store import Caches
from recovery.stores.sqlite import SQLiteStore, file
from recovery.testing.contracts import Faults
from recovery.testing.contracts.samples import (
    KEY,
    LEASE,
    NOW,
    TIMING,
    after,
    contact,
    following,
    moved,
    opening,
    reported,
    saying,
    task,
)
from recovery.testing.contracts.stores.bench import loaded, saved

SECRET = "Zwiebelkuchen"
TABLES = tuple(table for table in schema.TABLES if table != "recovery_schema")
SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a store may be made."""
    return tmp_path / "recovery.db"


@pytest.fixture
def store(path: Path) -> Iterator[SQLiteStore]:
    """Yield a store with two cases, one of which has a message."""
    with SQLiteStore(path) as store:
        store.save([opening("c-0"), opening("c-1")], timing=TIMING)
        store.save([saying(opening("c-1").case)])
        yield store


def run(path: Path, *statements: str) -> list[tuple[object, ...]]:
    """Run statements on the file behind the store's back, and return what the last one finds."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements][-1]


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return everything in the file."""
    return {table: sorted(run(path, f"SELECT * FROM {table}"), key=repr) for table in TABLES}


def at(store: SQLiteStore, statement: str) -> Sequence[tuple[Any, ...]]:
    """Run a statement on the connection that the store has for this thread."""
    with store._file.reading() as session:
        return session.all(statement)


def batch() -> list[Change]:
    """Return changes that write to every table: one on a case that is there, one that opens another."""
    more = opening("c-2", of=contact("x" * 50_000))
    return [following(saying(opening("c-1").case).case, moved("ben"), task()), more, saying(more.case)]


class TestHalfWay:
    def test_a_full_disk_saves_nothing_of_a_change(self, store: SQLiteStore, path: Path) -> None:
        """When the disk fills up during a save, the error says so, nothing of it is kept, and it can be done again."""
        [(pages,)] = at(store, "PRAGMA page_count")
        before = tables(path)
        for more in range(12):
            at(store, f"PRAGMA max_page_count = {pages + more}")
            with pytest.raises(StoreUnusable, match="the disk is full") as caught:
                store.save(batch(), key=KEY)
            assert "nothing was half saved" in caught.value.hint
            assert tables(path) == before
        at(store, "PRAGMA max_page_count = 1000000")
        store.save(batch(), key=KEY)
        assert store.doctor() == ()

    def test_whichever_statement_fails_nothing_is_half_saved(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The first, second, third... statement of a save fails, until none does: each time the file is as before, or as after."""
        with SQLiteStore(path) as store:
            store.save([opening("c-0"), opening("c-1")], timing=TIMING)
            store.save([saying(opening("c-1").case)])
        before = tables(path)
        faults, connect = Faults(), file._connect
        monkeypatch.setattr(file, "_connect", lambda path: faults.wrap(connect(path), sqlite3.OperationalError))
        with SQLiteStore(path) as store:
            failures = 0
            while True:
                faults.after = failures
                try:
                    store.save(batch(), key=KEY, timing=attrs.evolve(TIMING, id="policy-2"))
                except StoreUnusable:
                    assert tables(path) == before
                    failures += 1
                    continue
                break
            faults.after = None
            assert failures > 12
            assert [entry.seq for entry in store.history("c-1")] == [1, 2, 3, 4]
            assert store.doctor() == ()

    def test_an_interrupt_leaves_nothing_behind(self, store: SQLiteStore, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Ctrl-C in the middle of a save rolls it back, and the store goes on working."""
        before = tables(path)
        monkeypatch.setattr("recovery.stores.sql.saving._write_rest", interrupted)
        with pytest.raises(KeyboardInterrupt):
            store.save(batch())
        monkeypatch.undo()
        assert tables(path) == before
        store.save(batch())

    def test_rows_that_contradict_each_other_are_named(self, store: SQLiteStore, path: Path) -> None:
        """An event that is there although the case does not know of it stops the save, and points to the doctor."""
        run(path, "UPDATE recovery_cases SET version = 1 WHERE case_id = 'c-1'")
        with pytest.raises(StoreUnusable, match="contradict") as caught:
            store.save([following(opening("c-1").case, task())])
        assert "doctor()" in caught.value.hint


def interrupted(*_: object) -> None:
    """Do as if somebody had pressed Ctrl-C."""
    raise KeyboardInterrupt


class TestUnreadable:
    @pytest.mark.parametrize(
        "change",
        [
            "public = '{'",
            "public = '[]'",
            'public = \'{"v":99,"data":{}}\'',
            'public = replace(public, \'"stage":"received"\', \'"stage":"singing"\')',
            "personal = '{}'",
            "personal = 'x'",
            "public = replace(public, '\"version\":2', '\"version\":1')",
        ],
    )
    def test_a_snapshot_is_a_cache(self, store: SQLiteStore, path: Path, caplog: pytest.LogCaptureFixture, change: str) -> None:
        """A snapshot that cannot be read is rebuilt from the events; the log names the case and nothing personal."""
        case = store.load("c-1")
        run(path, f"UPDATE recovery_cases SET {change} WHERE case_id = 'c-1'")
        with caplog.at_level(logging.WARNING):
            assert store.load("c-1") == case
            assert [found.id for found in store.find(Query())] == ["c-0", "c-1"]
        assert [(record.name, vars(record)["case_id"]) for record in caplog.records] == [("recovery.stores", "c-1")] * 2
        assert not any(word in str(vars(record)) for record in caplog.records for word in ("kettle", "Ann", "example.org"))
        assert [finding.case_id for finding in store.doctor()] == ["c-1"]

    def test_a_broken_event_stops_its_case_alone(self, store: SQLiteStore, path: Path, caplog: pytest.LogCaptureFixture) -> None:
        """Where an event cannot be read, its case raises and says which row; all other cases go on."""
        run(
            path,
            "UPDATE recovery_events SET public = '{' WHERE case_id = 'c-1' AND seq = 2",
            "UPDATE recovery_cases SET public = '{' WHERE case_id = 'c-1'",
        )
        for ask in (store.load, store.history):
            with pytest.raises(Undecodable) as caught:
                ask("c-1")
            assert (caught.value.case_id, caught.value.seq, caught.value.kind) == ("c-1", 2, "message_prepared")
        with caplog.at_level(logging.ERROR):
            assert [case.id for case in store.find(Query())] == ["c-0"]
        assert [vars(record)["case_id"] for record in caplog.records if record.levelno == logging.ERROR] == ["c-1"]
        assert store.load("c-0") is not None
        assert len(store.claim_due(NOW, 9, LEASE)) == 2
        assert [finding.case_id for finding in store.doctor()] == ["c-1", "c-1"]

    @pytest.mark.parametrize("seq", [1, 2])
    def test_a_gap_in_a_history_is_found(self, store: SQLiteStore, path: Path, seq: int) -> None:
        """The doctor counts the events."""
        run(path, f"DELETE FROM recovery_events WHERE case_id = 'c-1' AND seq = {seq}")
        # Without its last event a history has no gap, but the case is another one.
        wrong = Wrong.GAP if seq == 1 else Wrong.SNAPSHOT
        assert wrong in [finding.rule for finding in store.doctor()]

    def test_a_history_that_makes_no_case_is_found(self, store: SQLiteStore, path: Path) -> None:
        """A history that does not begin with the opening of a case is no history."""
        run(
            path,
            "DELETE FROM recovery_events WHERE case_id = 'c-1' AND seq = 1",
            "UPDATE recovery_events SET seq = 1 WHERE case_id = 'c-1' AND seq = 2",
        )
        assert [finding.rule for finding in store.doctor()] == [Wrong.NO_EVENT, Wrong.SNAPSHOT]

    def test_a_case_without_a_history_is_named(self, store: SQLiteStore, path: Path) -> None:
        """A snapshot that cannot be read over a history that is gone is an error of its own."""
        run(
            path, "DELETE FROM recovery_events WHERE case_id = 'c-1'", "UPDATE recovery_cases SET public = '' WHERE case_id = 'c-1'"
        )
        with pytest.raises(Undecodable, match="history makes no case"):
            store.load("c-1")

    def test_a_broken_message_stops_no_other(self, store: SQLiteStore, path: Path, caplog: pytest.LogCaptureFixture) -> None:
        """A message that cannot be read is logged, handed out with its fault and no words, and found; the others are sent."""
        store.save([saying(opening("c-0").case)])
        run(path, "UPDATE recovery_outbox SET public = '{}' WHERE case_id = 'c-1'")
        with caplog.at_level(logging.ERROR):
            claimed = store.claim(NOW, 9, LEASE)
        assert [(queued.message.case_id, bool(queued.fault), bool(queued.message.body)) for queued in claimed] == [
            ("c-0", False, True),
            ("c-1", True, False),
        ]
        assert [vars(record)["message_id"] for record in caplog.records] == ["c-1:2:email"]
        assert [(finding.case_id, "message c-1:2:email" in finding.what) for finding in store.doctor()] == [("c-1", True)]

    def test_broken_timing_is_an_error_of_its_own(self, store: SQLiteStore, path: Path) -> None:
        """Clocks that cannot be read stop who asks for them."""
        run(path, "UPDATE recovery_timings SET data = '[]'")
        with pytest.raises(Undecodable, match="timing"):
            store.timing(TIMING.id)


class TestRemembering:
    def test_many_cases_do_not_add_up(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A store remembers the cases it read lately, a bounded number of them, and gives the same answers either way."""
        with SQLiteStore(path) as store:
            monkeypatch.setattr(store, "_caches", Caches(recent=Recent(limit=3)))
            store.save([opening(f"c-{number}") for number in range(8)])
            for _ in range(2):
                assert [store.load(f"c-{number}") for number in range(8)] == [opening(f"c-{n}").case for n in range(8)]

    def test_a_case_that_was_changed_elsewhere_is_read_anew(self, store: SQLiteStore, path: Path) -> None:
        """What is remembered stands only as long as the very same text is in the file."""
        assert store.load("c-0") == opening("c-0").case
        run(path, "UPDATE recovery_cases SET personal = NULL WHERE case_id = 'c-0'")
        assert store.load("c-0") == redact(opening("c-0").case)


class TestPersonalData:
    def test_personal_texts_stand_in_columns_of_their_own(self, path: Path) -> None:
        """No personal text stands in any column but ``personal`` and ``last_error``; addresses to find by are digests."""
        sender = attrs.evolve(contact().sender, name=SECRET, addresses=(attrs.evolve(contact().sender.addresses[0], value=SECRET),))
        change = opening(of=contact(SECRET, subject=SECRET, sender=sender))
        with SQLiteStore(path) as store:
            store.save([change, saying(change.case, body=SECRET)], timing=TIMING)
            assert len(store.find(Query(text=SECRET, address=SECRET))) == 1
        for table in TABLES:
            columns = [str(row[1]) for row in run(path, f"PRAGMA table_info({table})")]
            for column in set(columns) - {"personal", "last_error"}:
                assert run(path, f"SELECT count(*) FROM {table} WHERE instr(lower({column}), lower('{SECRET}'))") == [(0,)]

    def test_emptying_those_columns_erases(self, store: SQLiteStore, path: Path) -> None:
        """With the personal columns emptied every case is the redacted case, and everything goes on."""
        cases, history = store.find(Query()), store.history("c-1")
        run(path, *(f"UPDATE {table} SET personal = NULL" for table in ("recovery_cases", "recovery_events", "recovery_outbox")))
        assert store.find(Query()) == redact(cases)
        assert store.history("c-1") == redact(history)
        assert [queued.message.body for queued in store.claim(NOW, 9, LEASE)] == ["(erased)"]
        assert store.doctor() == ()


# ---------------------------------------------------------------- several processes


def make_and_save(path: str, number: int, pipe: Connection) -> None:
    """Make the store and save a case in it, as soon as told."""
    pipe.send("ready")
    pipe.recv()
    with SQLiteStore(path) as store:
        store.save([opening(f"c-{number}")], timing=TIMING)
    pipe.send("saved")


def together(target: Callable[[str, Any, Connection], None], path: Path, arguments: list[object]) -> list[object]:
    """Start a process for each argument, let them all begin at once, and return what they report."""
    pipes, processes = [], []
    for argument in arguments:
        ours, theirs = SPAWN.Pipe()
        process = SPAWN.Process(target=target, args=(str(path), argument, theirs))
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    for pipe in pipes:
        assert pipe.recv() == "ready"
    for pipe in pipes:
        pipe.send("go")
    reports = [pipe.recv() for pipe in pipes]
    for process, pipe in zip(processes, pipes, strict=True):
        process.join(30)
        process.close()
        pipe.close()
    return reports


class TestProcesses:
    def test_processes_may_make_one_file_at_once(self, path: Path) -> None:
        """However many processes find no file and make it, there is one schema and nothing is lost."""
        assert together(make_and_save, path, [1, 2, 3, 4]) == ["saved"] * 4
        with SQLiteStore(path) as store:
            assert [case.id for case in store.find(Query())] == ["c-1", "c-2", "c-3", "c-4"]
            assert store.doctor() == ()

    @pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
    def test_a_store_may_be_taken_across_a_fork(self, store: SQLiteStore, path: Path) -> None:
        """A forked child works on a connection of its own and leaves the parent's alone; both go on."""
        program = FORKING.format(path=str(path))
        done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False, env=ENV)
        assert (done.returncode, done.stderr) == (0, "")
        assert [entry.seq for entry in store.history("c-0")] == [1, 2, 3, 4]
        assert store.doctor() == ()


ENV = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent.parent), *sys.path])}

FORKING = """
import os, sys, threading
from recovery.testing.contracts.samples import following, task
from recovery.stores.sqlite import SQLiteStore

def add():
    store.save([following(store.load("c-0"), task())])

store = SQLiteStore({path!r})
add()
child = os.fork()
if child == 0:
    add()
    store.close()
    os._exit(0)
_, status = os.waitpid(child, 0)
add()
store.close()
sys.exit(os.waitstatus_to_exitcode(status))
"""


class TestABacklog:
    def test_the_second_letter_to_a_reader_does_not_wait_for_the_whole_backlog(self, tmp_path: Path) -> None:
        """In a backlog a worker looks on from where it was; what has become free behind it is found within some twenty claims."""
        with SQLiteStore(tmp_path / "desk.db") as store:
            for number in range(100):
                change = saying(saved(store, opening(f"c-{number:03}")), due=after(number / 100))
                saved(store, change)
            first = saved(store, saying(loaded(store, "c-010"), due=after(0.1)))
            claimed = [queued.message.case_id for _ in range(30) for queued in store.claim(after(9), 1, LEASE)]
            assert claimed == [f"c-{number:03}" for number in range(30)]
            saved(store, following(first, reported("c-010:2:email")))
            later = [queued.message.id for _ in range(20) for queued in store.claim(after(9), 1, LEASE)]
        assert "c-010:3:email" in later
