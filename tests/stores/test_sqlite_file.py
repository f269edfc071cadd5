"""What can be wrong with a file, and what a store on a file owes besides the contract: restarts, threads, forks, the schema."""

from __future__ import annotations

import builtins
import gc
import io
import os
import sqlite3
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from recovery.core.errors import StoreUnusable
from recovery.core.vocabulary.ownership import Load
from recovery.ports.values import Query
from recovery.stores.sql import schema
from recovery.stores.sqlite import SQLiteStore, file
from recovery.stores.sqlite.links import links_of
from recovery.testing.contracts.samples import KEY, LEASE, NOW, TIMING, following, moved, opening, saying, task

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a store may be made."""
    return tmp_path / "recovery.db"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Yield a folder that every user may look into, which those of pytest are not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


@contextmanager
def as_nobody() -> Iterator[None]:
    """Give up the rights of root for a while: root may write to what is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def made(path: Path) -> Path:
    """Make a store with one case at ``path``."""
    with SQLiteStore(path) as store:
        store.save([opening()], timing=TIMING)
    return path


def run(path: Path, *statements: str) -> list[tuple[object, ...]]:
    """Run statements on the file behind the store's back, and return what the last one finds."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return [connection.execute(statement).fetchall() for statement in statements][-1]


def overwrite(path: Path, at: int, what: bytes) -> None:
    """Damage the file."""
    with path.open("r+b") as opened:
        opened.seek(at)
        opened.write(what)


class TestRestart:
    def test_everything_is_there_after_a_restart(self, path: Path) -> None:
        """A store that is closed and opened again has lost nothing: cases, histories, outbox, keys, timings, claims."""
        change = opening()
        with SQLiteStore(path) as store:
            store.save([change], key=KEY, timing=TIMING)
            store.save([saying(change.case)])
            store.claim_due(NOW, 9, LEASE)
        with SQLiteStore(path) as store:
            assert store.load("c-1") == saying(change.case).case
            assert store.history("c-1") == (*change.events, *saying(change.case).events)
            assert store.key("k-1") == KEY
            assert store.timing(TIMING.id) == TIMING
            assert store.claim_due(NOW, 9, LEASE) == ()
            assert [queued.message for queued in store.claim(NOW, 9, LEASE)] == list(saying(change.case).messages)
            assert store.doctor() == ()

    def test_an_empty_file_is_a_store_to_be(self, path: Path) -> None:
        """A file that somebody has made beforehand is taken."""
        path.touch()
        made(path)
        with SQLiteStore(str(path)) as store:
            assert len(store.find(Query())) == 1

    def test_the_file_is_durable_and_shared(self, path: Path) -> None:
        """The write-ahead log is on, every commit reaches the disk, and references between tables hold."""
        with SQLiteStore(path) as store, store._file.reading() as session:
            pragmas = {name: session.all(f"PRAGMA {name}")[0][0] for name in PRAGMAS}
        assert pragmas == PRAGMAS

    def test_the_repr_names_the_file(self, path: Path) -> None:
        """Whoever debugs sees which file it is."""
        with SQLiteStore(path) as store:
            assert repr(store) == f"SQLiteStore({str(path)!r})"


PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000, "application_id": 0x52435652}


class TestUnusable:
    @pytest.mark.parametrize("name", [":memory:", "", "file::memory:?cache=shared"])
    def test_no_file_is_refused(self, name: str) -> None:
        """A store in memory has a class of its own, and the error says so."""
        with pytest.raises(StoreUnusable, match="not the path of a file") as caught:
            SQLiteStore(name)
        assert "MemoryStore" in caught.value.hint

    def test_a_missing_folder_is_refused(self, tmp_path: Path) -> None:
        """A slip in the path makes no new folders."""
        with pytest.raises(StoreUnusable, match="folder does not exist"):
            SQLiteStore(tmp_path / "nowhere" / "recovery.db")

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        """A folder is no file."""
        with pytest.raises(StoreUnusable, match="it is a folder"):
            SQLiteStore(tmp_path)

    @pytest.mark.parametrize("content", [b"x", b"hello\n", b"id;name\n" * 500, b"SQLite format 4\0" + b"\0" * 5000, b"\0" * 4096])
    def test_what_is_no_database_is_refused(self, path: Path, content: bytes) -> None:
        """Another kind of file is named as such and left as it is."""
        path.write_bytes(content)
        with pytest.raises(StoreUnusable, match="not an SQLite database") as caught:
            SQLiteStore(path)
        assert caught.value.hint
        assert path.read_bytes() == content

    @pytest.mark.parametrize("statement", ["CREATE TABLE cases (id TEXT)", "PRAGMA application_id = 7"])
    def test_the_database_of_another_program_is_refused(self, path: Path, statement: str) -> None:
        """A database that is not ours is left as it is, even if it has tables of the same name."""
        run(path, statement)
        before = path.read_bytes()
        with pytest.raises(StoreUnusable, match="of another program"):
            SQLiteStore(path)
        assert path.read_bytes() == before

    def test_a_newer_schema_is_refused(self, path: Path) -> None:
        """A file that a newer version has written is not touched, and the error says to upgrade."""
        run(made(path), "UPDATE recovery_schema SET version = 99")
        with pytest.raises(StoreUnusable, match=r"version 99.*Upgrade customer-recovery"):
            SQLiteStore(path)

    @pytest.mark.parametrize("statement", ["DROP TABLE recovery_schema", "DELETE FROM recovery_schema"])
    def test_a_schema_without_a_version_is_refused(self, path: Path, statement: str) -> None:
        """Nobody guesses the version of a schema."""
        run(made(path), statement)
        with pytest.raises(StoreUnusable):
            SQLiteStore(path)

    def test_a_damaged_beginning_is_refused(self, path: Path) -> None:
        """A file whose first pages are damaged is refused when it is opened."""
        overwrite(made(path), 100, b"\xff" * 3000)
        with pytest.raises(StoreUnusable, match="damaged") as caught:
            SQLiteStore(path)
        assert "backup" in caught.value.hint

    def test_damage_further_down_is_named_when_it_is_met(self, path: Path) -> None:
        """Damage that is met later raises the same error, with the way out, and the doctor finds it."""
        with SQLiteStore(path) as store:
            store.save([opening(f"c-{number}") for number in range(50)])
        page = int(str(run(path, "SELECT rootpage FROM sqlite_master WHERE name = 'recovery_cases'")[0][0]))
        overwrite(path, (page - 1) * 4096, b"\xff" * 4096)
        with SQLiteStore(path) as store:
            with pytest.raises(StoreUnusable, match="damaged"):
                store.load("c-1")
            with pytest.raises(StoreUnusable, match="damaged"):
                store.save([opening("c-99")])

    def test_the_doctor_reports_a_damaged_index(self, path: Path) -> None:
        """The doctor looks at the file as well as at the cases."""
        run(made(path), "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name = 'recovery_cases_owned'")
        with SQLiteStore(path) as store:
            assert any("the file is damaged" in finding.what for finding in store.doctor())

    def test_a_read_only_file_is_refused(self, open_folder: Path) -> None:
        """Who may not write is told when the store is opened, not with the first customer."""
        path = made(open_folder / "recovery.db")
        path.chmod(0o444)
        with as_nobody(), pytest.raises(StoreUnusable) as caught:
            SQLiteStore(path)
        assert "Let this process" in caught.value.hint

    def test_a_read_only_folder_is_refused(self, open_folder: Path) -> None:
        """A folder in which no file can be made is named."""
        folder = open_folder / "folder"
        folder.mkdir()
        folder.chmod(0o555)
        with as_nobody(), pytest.raises(StoreUnusable, match="cannot be opened") as caught:
            SQLiteStore(folder / "recovery.db")
        assert "Let this process" in caught.value.hint

    def test_a_file_that_turns_read_only_is_named(self, path: Path) -> None:
        """A disk that is mounted read-only while the store is open is no crash."""
        with SQLiteStore(path) as store:
            with store._file.reading() as session:
                session.run("PRAGMA query_only = ON")
            with pytest.raises(StoreUnusable, match="cannot be written to"):
                store.save([opening()])

    def test_a_lock_held_too_long_is_named(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Who waits in vain for another writer is told so, and may do it again."""
        monkeypatch.setattr(file, "PATIENCE", 0.05)
        with SQLiteStore(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnusable, match="locked too long") as told:
                store.save([opening()])
            assert told.value.passing
            assert store.load("c-1") is None
            other.execute("ROLLBACK")
            store.save([opening()])
            assert store.load("c-1") is not None

    def test_sqlite_must_be_new_enough(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An SQLite without the statements that are needed is refused at once."""
        monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
        with pytest.raises(StoreUnusable, match="too old"):
            SQLiteStore(path)

    def test_a_file_system_that_cannot_share_is_refused(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the write-ahead log cannot be used, two processes would not see each other."""

        class Stubborn(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                return super().execute("SELECT 'delete'" if sql == "PRAGMA journal_mode = WAL" else sql, *values)

        monkeypatch.setattr(file, "_connect", lambda path: sqlite3.connect(path, isolation_level=None, factory=Stubborn))
        with pytest.raises(StoreUnusable, match="local disk"):
            SQLiteStore(path)

    def test_the_log_is_turned_on_with_patience(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two processes that make the same file at once wait for each other here, where SQLite itself does not."""
        busy = [True, True, False]

        class Busy(sqlite3.Connection):
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                if sql == "PRAGMA journal_mode = WAL" and busy and busy.pop(0):
                    error = sqlite3.OperationalError("database is locked")
                    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
                    raise error
                return super().execute(sql, *values)

        monkeypatch.setattr(file, "_connect", lambda path: sqlite3.connect(path, isolation_level=None, factory=Busy))
        made(path)
        assert busy == []
        busy.append(True)
        monkeypatch.setattr(file, "PATIENCE", -1)
        with pytest.raises(StoreUnusable, match="locked too long"):
            SQLiteStore(path)


class TestClosing:
    def test_a_closed_store_says_so(self, path: Path) -> None:
        """Whatever is asked of a closed store, in whichever thread, is refused with the way out; closing twice is fine."""
        store = SQLiteStore(path)
        store.close()
        store.close()
        for ask in (lambda: store.load("c-1"), lambda: store.save([opening()]), lambda: store.find(Query())):
            with pytest.raises(StoreUnusable, match="has been closed"):
                ask()
        assert in_thread(lambda: refused(store)) == ["has been closed"]

    def test_closing_in_the_middle_of_a_reading_says_so(self, path: Path) -> None:
        """Whoever is reading while another thread closes the store is told that, and not what SQLite makes of it."""
        store = SQLiteStore(path)

        def read() -> None:
            with store._file.reading() as connection:
                store.close()
                connection.all("SELECT 1")

        with pytest.raises(StoreUnusable, match="has been closed"):
            read()

    def test_closing_closes_the_connections_of_all_threads(self, path: Path) -> None:
        """A thread that is still there meets the closed store at its next call, and no connection is left to the collector."""
        store = SQLiteStore(path)
        ready, go = threading.Event(), threading.Event()
        told: list[str] = []

        def work() -> None:
            store.find(Query())
            ready.set()
            go.wait(10)
            told.extend(refused(store))

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        ready.wait(10)
        store.close()
        go.set()
        thread.join()
        assert told == ["has been closed"]

    def test_a_thread_takes_its_connection_with_it(self, path: Path) -> None:
        """Connections of threads that have ended are closed, so that they do not add up."""
        with SQLiteStore(path) as store, warnings.catch_warnings():
            warnings.simplefilter("error")
            for _ in range(5):
                in_thread(lambda: store.find(Query()))
                gc.collect()
            assert len(links_of(store._file._owner)) <= 2


def in_thread(work: Callable[[], object]) -> object:
    """Return what ``work`` returns in a thread of its own."""
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    thread.join()
    return found[0]


def refused(store: SQLiteStore) -> list[str]:
    """Return how a store refuses to work."""
    try:
        store.find(Query())
    except StoreUnusable as error:
        return [part for part in ("has been closed",) if part in str(error)]
    return []


def older(path: Path) -> None:
    """Turn a file into one of version 1."""
    head = "case_id, reference, version, stage, owner, category, policy_id, opened_at, ended, in_tray"
    cases = f"{head}, wake_at, claimed_until, public, personal"
    held = cases.replace("wake_at, claimed_until", "(SELECT wake_at FROM recovery_wakes AS w WHERE w.case_id = c.case_id), NULL")
    events = "case_id, seq, recorded_at, kind, schema, public, personal"
    copies = (
        f"INSERT INTO cases ({cases}) SELECT {held} FROM recovery_cases AS c",
        f"INSERT INTO events ({events}) SELECT {events} FROM recovery_events",
        "INSERT INTO lookups SELECT kind, digest, case_id FROM recovery_lookups",
        "INSERT INTO timings SELECT policy_id, data FROM recovery_timings",
    )
    drops = (f"DROP TABLE {table}" for table in ("recovery_events", *reversed(schema.TABLES)) if table != "recovery_schema")
    first = (statement for statement in schema.steps("sqlite")[0].statements if "recovery_schema" not in statement)
    run(path, *first, *copies, *dict.fromkeys(drops), "UPDATE recovery_schema SET version = 1")


GOLDEN = Path(__file__).parent.parent / "golden"


def grown(monkeypatch: pytest.MonkeyPatch, *more: tuple[str, ...]) -> None:
    """Do as if the schema had more steps."""
    steps = schema.steps("sqlite")
    added = tuple(schema.Step(schema.VERSION + number, statements, "") for number, statements in enumerate(more, 1))
    monkeypatch.setattr(schema, "steps", lambda dialect: (*steps, *added))
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + len(more))


class TestSchema:
    def test_steps_are_taken_in_order_and_once(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An older file is brought up to date when it is opened, with what it holds; opened again, nothing is done."""
        made(path)
        grown(monkeypatch, ("ALTER TABLE recovery_cases ADD COLUMN mood TEXT",), ("UPDATE recovery_cases SET mood = 'good'",))
        for _ in range(2):
            SQLiteStore(path).close()
        assert run(path, "SELECT version FROM recovery_schema") == [(schema.VERSION,)]
        assert run(path, "SELECT mood FROM recovery_cases") == [("good",)]

    @pytest.mark.parametrize("there", [True, False])
    def test_a_step_that_breaks_off_leaves_the_file_as_it_was(
        self, path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
    ) -> None:
        """A change of the schema is made in full or not at all, and can be tried again."""
        if there:
            made(path)
        with monkeypatch.context() as patch:
            grown(patch, ("ALTER TABLE recovery_cases ADD COLUMN mood TEXT", "NONSENSE"))
            with pytest.raises(StoreUnusable, match="syntax error"):
                SQLiteStore(path)
        assert "mood" not in [row[1] for row in run(made(path) if not there else path, "PRAGMA table_info(recovery_cases)")]
        with SQLiteStore(path) as store:
            assert store.load("c-1") == opening().case

    def test_a_file_of_version_2_is_taken_over_with_all_that_it_holds(self, path: Path) -> None:
        """Cases, histories, messages, failed tries, claims, keys and clocks of an older file are there, and nothing is wrong."""
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.executescript((GOLDEN / "schema-2.sql").read_text(encoding="utf-8"))
        with SQLiteStore(path) as store:
            assert store.doctor() == ()
            assert [entry.seq for entry in store.history("c-1")] == [1, 2, 3, 4]
            assert [(case.id, case.owner) for case in store.find(Query())] == [("c-0", "ana"), ("c-1", "ben")]
            assert (store.key("k-1"), store.timing(TIMING.id)) == (KEY, TIMING)
            assert [(one.message_id, one.tries, one.error) for one in store.waiting() if one.tries] == [
                ("c-1:2:email", 1, "mail server is down")
            ]
            assert store.claim_due(NOW, 9, LEASE) == ("c-1",)
            assert [(each.case_id, each.recorded.seq) for each in store.feed()][:1] == [("c-0", 1)]
            assert len(store.feed()) == len(store.history("c-0")) + len(store.history("c-1"))
            assert {name: load.open_cases for name, load in store.loads(("ana", "ben")).items()} == {"ana": 1, "ben": 1}

    def test_a_file_that_never_kept_who_was_given_a_case_when_learns_it_from_the_history(self, path: Path) -> None:
        """Whoever takes turns goes on where the desk stood before: the last owner's date is in the events, and is filled in."""
        with SQLiteStore(path) as store:
            store.save([opening()], timing=TIMING)
            change = following(opening().case, task(), moved("ben"), task())
            store.save([change], timing=TIMING)
            before = store.loads(("ana", "ben"))
        older(path)
        with SQLiteStore(path) as store:
            assert store.loads(("ana", "ben")) == before
            assert store.doctor() == ()
        assert before == {"ana": Load(), "ben": Load(open_cases=1, assigned_at=change.case.ownership.since)}

    @pytest.mark.parametrize(
        ("sql", "index"),
        [
            (
                "SELECT case_id FROM recovery_wakes WHERE wake_at <= '2' AND wake_at >= '' ORDER BY wake_at, case_id",
                "recovery_wakes_due",
            ),
            ("SELECT case_id FROM recovery_wakes WHERE tries > 0", "recovery_wakes_failed"),
            (
                "SELECT case_id FROM recovery_outbox WHERE state = 'queued' AND next_at <= '2' ORDER BY next_at, message_id",
                "recovery_outbox_due",
            ),
            ("SELECT 1 FROM recovery_outbox WHERE state = 'queued' AND case_id = 'c' AND person = ''", "recovery_outbox_line"),
            ("SELECT count(*) FROM recovery_outbox WHERE state = 'given_up'", "recovery_outbox_given_up"),
            ("SELECT case_id FROM recovery_cases WHERE owner = 'ana' AND case_id > 'c' ORDER BY case_id", "recovery_cases_owned"),
            ("SELECT count(*) FROM recovery_cases WHERE NOT ended AND NOT in_tray", "recovery_cases_open"),
            ("SELECT count(*) FROM recovery_cases WHERE owner = 'ana' AND NOT ended AND NOT in_tray", "recovery_cases_open"),
            ("SELECT max(assigned_at) FROM recovery_cases WHERE owner = 'ana'", "recovery_cases_assigned"),
            ("SELECT position FROM recovery_events WHERE position > 7 ORDER BY position", "PRIMARY KEY"),
        ],
    )
    def test_what_is_asked_often_has_an_index(self, path: Path, sql: str, index: str) -> None:
        """What workers ask all the time does not read the whole table, and is not sorted anew."""
        plan = " ".join(str(row[-1]) for row in run(made(path), f"EXPLAIN QUERY PLAN {sql}"))
        assert index in plan
        assert "TEMP B-TREE" not in plan


def test_nothing_but_sqlite_opens_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """To open and close the file beside SQLite drops the locks of this process on it, and acknowledged commits could be lost."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the file was opened beside SQLite")

    with monkeypatch.context() as patch:
        for where in (builtins, io, os, Path):
            patch.setattr(where, "open", refuse)
        with SQLiteStore(path) as store:
            store.save([opening()], timing=TIMING)
            found = store.doctor()
        with SQLiteStore(path) as store:
            assert store.load("c-1") is not None
    assert found == ()
