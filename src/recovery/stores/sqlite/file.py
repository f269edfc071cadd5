"""The file: connections (one a thread, none across a fork), transactions, the schema, and what can be wrong with a file."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

from recovery.core.errors import StoreUnusable
from recovery.stores.sql import schema
from recovery.stores.sql.dialect import SQLITE, Dialect
from recovery.stores.sql.session import Raced, Session

__all__ = ["File", "unusable"]

PATIENCE = 30.0
"""How many seconds to wait for a lock that another process or thread holds."""

_RETURNING = (3, 35, 0)

_WRONG: Mapping[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space and do it again; nothing was half saved."),
    sqlite3.SQLITE_READONLY: ("it cannot be written to", "Let this process write to the file and to its folder."),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "Let this process read and write the file and its folder."),
    sqlite3.SQLITE_NOTADB: ("it is not an SQLite database", "Give the path of another file, or of one that is not there yet."),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", "Restore it from a backup, or save what can be read: sqlite3 FILE .recover"),
    sqlite3.SQLITE_IOERR: ("the disk reports an error", "Check the disk; what was acknowledged before is on it."),
    sqlite3.SQLITE_BUSY: ("somebody else has kept it locked too long", "Do it again; if it stays so, end who holds the lock."),
    sqlite3.SQLITE_LOCKED: ("somebody else has kept it locked too long", "Do it again; if it stays so, end who holds the lock."),
    sqlite3.SQLITE_CONSTRAINT: ("its rows contradict what is to be saved", "Run doctor() to see what is wrong; nothing was saved."),
}

_inherited: list[sqlite3.Connection] = []


class _Link:
    """A connection and the process that opened it. Closed with its thread, but never by a forked child: it is the parent's."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.session = Session(SQLITE, connection.execute, connection.executemany)
        self.pid = os.getpid()
        self.close = weakref.finalize(self, _close, connection, self.pid)


def _close(connection: sqlite3.Connection, pid: int) -> None:
    if os.getpid() == pid:
        connection.close()
    else:
        _inherited.append(connection)


class File:
    """One SQLite file of ours."""

    def __init__(self, path: str | os.PathLike[str], synchronous: str = "FULL", *, upgrade: bool = True) -> None:
        self.path = os.fspath(path)
        self._synchronous = synchronous
        self._local = threading.local()
        self._closers: list[weakref.finalize[..., _Link]] = []
        self._lock = threading.Lock()
        self._pid = os.getpid()
        self._closed = False
        self._check_path()
        if not upgrade and not Path(self.path).exists():
            raise self._unusable("there is no such file", "Make it: recovery init, or recovery.SQLiteStore(path).")
        try:
            self.found_version = self._opened(upgrade=upgrade)
        except BaseException:
            self.close()
            raise

    def _opened(self, *, upgrade: bool) -> int:
        """See that the file is one of ours, and return the version of the tables that was found."""
        with _Use(self):
            return (self._prepare if upgrade else self._check)(self.connection())

    def close(self) -> None:
        """Close the connections of all threads of this process. What comes afterwards is refused."""
        self._closed = True
        with self._lock:
            for close in self._closers:
                close()
            self._closers.clear()

    # ---------------------------------------------------------------- connections

    @property
    def dialect(self) -> Dialect:
        """SQLite."""
        return SQLITE

    @property
    def where(self) -> str:
        """The path of the file."""
        return self.path

    @property
    def joined(self) -> bool:
        """The transactions are our own."""
        return False

    def connection(self) -> sqlite3.Connection:
        """Return the connection of this thread in this process."""
        return self.link().connection

    def link(self) -> _Link:
        """Return the connection of this thread with the session on it."""
        link: _Link | None = getattr(self._local, "link", None)
        if self._closed:
            raise self._unusable("it has been closed", "Open another store on the file.")
        if link is None or link.pid != os.getpid():
            link = self._local.link = self._open()
        return link

    def _open(self) -> _Link:
        if os.getpid() != self._pid:
            # A lock that another thread of the parent held while it forked would stay locked in this process for ever.
            self._lock, self._closers, self._pid = threading.Lock(), [], os.getpid()
        link = _Link(_connect(self.path))
        with self._lock:
            self._closers = [close for close in self._closers if close.alive]
            self._closers.append(link.close)
        link.connection.execute(f"PRAGMA synchronous = {self._synchronous}")
        link.connection.execute("PRAGMA foreign_keys = ON")
        return link

    # ---------------------------------------------------------------- transactions

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session for single statements that read."""
        return _Use(self)

    def reading_at_once(self) -> AbstractContextManager[Session]:
        """Give a session on which several statements see the same state."""
        return _Transaction(self, "BEGIN")

    def writing(self, *, single: bool = False, safe: bool = False) -> AbstractContextManager[Session]:
        """Give a session on which everything is stored, or nothing."""
        return _Transaction(self, "BEGIN IMMEDIATE")

    def claiming(self) -> AbstractContextManager[Session]:
        """Give a session for a single statement that claims."""
        return self.writing()

    def faults(self) -> list[str]:
        """Return what SQLite finds damaged in the file."""
        with self.reading() as session:
            return [row[0] for row in session.all("PRAGMA integrity_check(10)") if row[0] != "ok"]

    # ---------------------------------------------------------------- what can be wrong

    def _unusable(self, why: str, way_out: str) -> StoreUnusable:
        return StoreUnusable(self.path, why, way_out)

    def told(self, error: sqlite3.Error) -> StoreUnusable:
        """Return what an error of SQLite means here."""
        if self._closed:
            return self._unusable("it has been closed", "Open another store on the file.")
        return unusable(self.path, error)

    def _check_path(self) -> None:
        if self.path in ("", ":memory:") or self.path.startswith("file:"):
            raise self._unusable("it is not the path of a file", "Give one, or use recovery.stores.memory.MemoryStore.")
        if sqlite3.sqlite_version_info < _RETURNING:
            raise self._unusable(f"SQLite {sqlite3.sqlite_version} is too old", "Use a Python with SQLite 3.35 or newer.")
        if Path(self.path).is_dir():
            raise self._unusable("it is a folder", "Give the path of a file in it.")
        if not Path(self.path).absolute().parent.is_dir():
            raise self._unusable("its folder does not exist", "Make the folder first, or give another path.")

    # ---------------------------------------------------------------- schema

    def _check(self, connection: sqlite3.Connection) -> int:
        """Recognise the file, and see that its tables are up to date; nothing is written."""
        with _Transaction(self, "BEGIN"):
            version = self._version(connection)
        if version < schema.VERSION:
            raise schema.older(self.path, version)
        return version

    def _prepare(self, connection: sqlite3.Connection) -> int:
        """Recognise the file before anything is written to it, then bring its schema up to date; return the version it had."""
        with _Transaction(self, "BEGIN"):
            # One snapshot: another process may be making the tables between two looks.
            self._version(connection)
        _use_wal(connection, self._unusable)
        with _Transaction(self, "BEGIN IMMEDIATE") as session:
            version = self._version(connection)
            for step in schema.steps("sqlite"):
                session.script(step.statements if step.version > version else ())
            # Even where it changes nothing, this is what finds out that the file cannot be written to.
            connection.execute("UPDATE recovery_schema SET version = ? WHERE version < ?", (schema.VERSION, schema.VERSION))
        return version

    def _version(self, connection: sqlite3.Connection) -> int:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (things,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if application == 0 and things == 0:
            self._check_empty(connection)
            return 0
        hosts = application != schema.APPLICATION_ID
        if hosts and not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'recovery_schema'").fetchone():
            way_out = "Give the path of a file that is not there yet, or make our tables in it: recovery schema sql."
            raise self._unusable("it is the SQLite database of another program", way_out)
        version = next((row[0] for row in connection.execute("SELECT version FROM recovery_schema")), None)
        if version is None:
            raise self._unusable(*_WRONG[sqlite3.SQLITE_CORRUPT])
        if version > schema.VERSION:
            raise schema.newer(self.path, version)
        if hosts and version < schema.VERSION:
            raise schema.older(self.path, version)
        return int(version)

    def _check_empty(self, connection: sqlite3.Connection) -> None:
        # SQLite takes a file that is shorter than its own header for an empty database, and would write over it. Look at its size
        # alone: to open and close the file here would drop the locks that SQLite holds on it for this process (POSIX), and another
        # process could then throw away a log that is still written to.
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        if not pages and Path(self.path).stat().st_size:
            raise self._unusable(*_WRONG[sqlite3.SQLITE_NOTADB])


class _Use:
    """The session of this thread for as long as it is used: what SQLite reports meanwhile is raised as ``StoreUnusable``.

    A class, and not a function that yields: every command passes here several times.
    """

    def __init__(self, file: File) -> None:
        self._file = file

    def __enter__(self) -> Session:
        try:
            return self._begun(self._file.link())
        except sqlite3.Error as error:
            raise self._file.told(error) from error

    def _begun(self, link: _Link) -> Session:
        return link.session

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, sqlite3.Error):
            raise self._file.told(error) from error


class _Transaction(_Use):
    """A transaction: committed where nothing was raised in it, else rolled back."""

    def __init__(self, file: File, begin: str) -> None:
        super().__init__(file)
        self._begin = begin

    def _begun(self, link: _Link) -> Session:
        self._connection = link.connection
        link.connection.execute(self._begin)
        return link.session

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if error is None:
                self._commit()
            else:
                self._roll_back()
        except sqlite3.Error as failed:
            raise self._file.told(failed) from failed
        super().__exit__(kind, error, trace)

    def _commit(self) -> None:
        try:
            self._connection.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


def _connect(path: str) -> sqlite3.Connection:
    # Another thread may close the connection, but none uses it meanwhile: each has its own.
    return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)


def _use_wal(connection: sqlite3.Connection, unusable: Callable[[str, str], StoreUnusable]) -> None:
    """Let readers and one writer work side by side. SQLite does not wait here by itself while another process does the same."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
            continue
        if mode != "wal":
            raise unusable("its file system cannot share it between processes", "Put the file on a local disk.")
        return


def unusable(where: str, error: Exception) -> StoreUnusable:
    """Return what an error of SQLite means, with the way out: :class:`Raced` where the state that was read is out of date."""
    code = getattr(error, "sqlite_errorcode", 0)
    why, way_out = _WRONG.get(code & 0xFF, (f"SQLite says: {error}", "Check the file with sqlite3 FILE 'PRAGMA integrity_check'."))
    kind = Raced if code == sqlite3.SQLITE_BUSY_SNAPSHOT else StoreUnusable
    return kind(where, why, way_out, passing=code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED))
