"""The file: transactions, the schema, and what can be wrong with a file."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from types import TracebackType

from recovery.core.errors import StoreUnusable
from recovery.stores.sql import schema
from recovery.stores.sql.dialect import SQLITE, Dialect
from recovery.stores.sql.session import Raced, Session
from recovery.stores.sqlite.links import Link, links_of

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

_BROKEN_INTO = (
    "it was used in the middle of a command by the same thread, as a signal handler may do, and nothing of the command is stored",
    "Do it again, and let the handler set an event and no more.",
)


class File:
    """One SQLite file of ours."""

    def __init__(self, path: str | os.PathLike[str], synchronous: str = "FULL", *, upgrade: bool = True) -> None:
        self.path = os.fspath(path)
        self._place = Path(self.path).absolute()  # every thread opens it for itself, perhaps from another folder by then
        self._connect = partial(_configured, str(self._place), synchronous)
        self._local = threading.local()
        self._owner = object()
        self.closed = False
        self._check_path()
        if not upgrade and not self._place.exists():
            raise self._unusable("there is no such file", "Make it: recovery init, or recovery.SQLiteStore(path).")
        try:
            self.found_version = (self._prepare if upgrade else self._check)()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close all connections of this process; where another thread is at work, as soon as it is done. No more work is begun."""
        self.closed = True
        for link in links_of(self._owner):
            link.close_if_idle()

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

    def link(self) -> Link:
        """Return the connection of this thread in this process."""
        if self.closed:
            raise self._unusable("it has been closed", "Open another store on the file.")
        link: Link | None = getattr(self._local, "link", None)
        if link is None or link.at_work or link.pid != os.getpid():
            link = self._local.link = self._another(link)
        return link

    def _another(self, before: Link | None) -> Link:
        if before is not None:
            # Whoever was at work on it was interrupted and could not leave. What it has begun may not be gone on with.
            before.close()
        return Link(str(self._place), self._owner, self._connect)

    # ---------------------------------------------------------------- transactions

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session for single statements that read."""
        return _Use(self)

    def reading_at_once(self) -> AbstractContextManager[Session]:
        """Give a session on which several statements see the same state."""
        return _Transaction(self, "BEGIN")

    def writing(self, *, single: bool = False) -> AbstractContextManager[Session]:
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

    def told(self, error: sqlite3.Error, link: Link) -> StoreUnusable:
        """Return what an error of SQLite means that was raised while this thread was at work on ``link``."""
        if isinstance(error, sqlite3.ProgrammingError) and self.closed:
            return self._unusable("it has been closed", "Open another store on the file.")
        if isinstance(error, sqlite3.ProgrammingError) and getattr(self._local, "link", None) is not link:
            return self._unusable(*_BROKEN_INTO)
        return unusable(self.path, error)

    def _check_path(self) -> None:
        if self.path in ("", ":memory:") or self.path.startswith("file:"):
            raise self._unusable("it is not the path of a file", "Give one, or use recovery.stores.memory.MemoryStore.")
        if sqlite3.sqlite_version_info < _RETURNING:
            raise self._unusable(f"SQLite {sqlite3.sqlite_version} is too old", "Use a Python with SQLite 3.35 or newer.")
        if self._place.is_dir():
            raise self._unusable("it is a folder", "Give the path of a file in it.")
        if not self._place.parent.is_dir():
            raise self._unusable("its folder does not exist", "Make the folder first, or give another path.")

    # ---------------------------------------------------------------- schema

    def _check(self) -> int:
        """Recognise the file, and see that its tables are up to date; nothing is written."""
        with _Transaction(self, "BEGIN") as session:
            version = self._version(session)
        if version < schema.VERSION:
            raise schema.older(self.path, version)
        return version

    def _prepare(self) -> int:
        """Recognise the file before anything is written to it, then bring its schema up to date; return the version it had."""
        with _Transaction(self, "BEGIN") as session:
            # One snapshot: another process may be making the tables between two looks.
            self._version(session)
        with _Use(self) as session:
            _use_wal(session, self._unusable)
        with _Transaction(self, "BEGIN IMMEDIATE") as session:
            version = self._version(session)
            for step in schema.steps("sqlite"):
                session.script(step.statements if step.version > version else ())
            # Even where it changes nothing, this is what finds out that the file cannot be written to.
            session.run("UPDATE recovery_schema SET version = ? WHERE version < ?", (schema.VERSION, schema.VERSION))
        return version

    def _version(self, session: Session) -> int:
        [(application,)] = session.all("PRAGMA application_id")
        [(things,)] = session.all("SELECT count(*) FROM sqlite_master")
        if application == 0 and things == 0:
            self._check_empty(session)
            return 0
        hosts = application != schema.APPLICATION_ID
        if hosts and not session.one("SELECT 1 FROM sqlite_master WHERE name = 'recovery_schema'"):
            way_out = "Give the path of a file that is not there yet, or make our tables in it: recovery schema sql."
            raise self._unusable("it is the SQLite database of another program", way_out)
        version = next((row[0] for row in session.all("SELECT version FROM recovery_schema")), None)
        if version is None:
            raise self._unusable(*_WRONG[sqlite3.SQLITE_CORRUPT])
        if version > schema.VERSION:
            raise schema.newer(self.path, version)
        if hosts and version < schema.VERSION:
            raise schema.older(self.path, version)
        return int(version)

    def _check_empty(self, session: Session) -> None:
        # SQLite takes a file that is shorter than its own header for an empty database, and would write over it. Look at its size
        # alone: to open and close the file here would drop the locks that SQLite holds on it for this process (POSIX), and another
        # process could then throw away a log that is still written to.
        [(pages,)] = session.all("PRAGMA page_count")
        if not pages and self._place.stat().st_size:
            raise self._unusable(*_WRONG[sqlite3.SQLITE_NOTADB])


class _Use:
    """The session of this thread for as long as it is used: what SQLite reports meanwhile is raised as ``StoreUnusable``.

    A class, and not a function that yields: every command passes here several times. A signal handler may raise at any moment
    (Ctrl-C, a time limit): the link is left in any case, and where even that is interrupted, :meth:`File.link` gives it up.
    """

    _begin = ""

    def __init__(self, file: File) -> None:
        self._file = file

    def __enter__(self) -> Session:
        link = self._link = self._file.link()
        try:
            session = link.take()
            if self._begin:
                session.execute(self._begin, ())
        except BaseException as error:
            self._leave()
            if isinstance(error, sqlite3.Error):
                raise self._file.told(error, self._link) from error
            raise
        return session

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._leave()
        if isinstance(error, sqlite3.Error):
            raise self._file.told(error, self._link) from error

    def _leave(self) -> None:
        self._link.leave()
        if self._file.closed:
            self._link.close_if_idle()


class _Transaction(_Use):
    """A transaction: committed where nothing was raised in it, else rolled back."""

    def __init__(self, file: File, begin: str) -> None:
        super().__init__(file)
        self._begin = begin

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if error is None:
                self._link.commit()
        except sqlite3.Error as failed:
            raise self._file.told(failed, self._link) from failed
        finally:
            super().__exit__(kind, error, trace)


def _connect(path: str) -> sqlite3.Connection:
    # Another thread may close the connection, but none uses it meanwhile: each has its own.
    return sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)


def _configured(path: str, synchronous: str) -> sqlite3.Connection:
    connection = _connect(path)
    try:
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(session: Session, unusable: Callable[[str, str], StoreUnusable]) -> None:
    """Let readers and one writer work side by side. SQLite does not wait here by itself while another process does the same."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            [(mode,)] = session.all("PRAGMA journal_mode = WAL")
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
