"""Connections to SQLite files, one for each thread: closed only where nobody is at work on them, and never taken across a fork.

SQLite notes in the memory of the process which locks it holds on a file. A forked child inherits the note and not the locks, so
that a connection of its own would lock nothing, and what it commits can get lost and damage the file
(https://www.sqlite.org/howtocorrupt.html, section 2.6). Therefore every connection is closed before a fork; parent and child open
theirs again when they need one. Where one could not be closed, the child is refused the file.
"""

from __future__ import annotations

import atexit
import logging
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import suppress

from recovery.core.errors import StoreUnusable
from recovery.stores.sql.dialect import SQLITE
from recovery.stores.sql.session import Session

__all__ = ["PATIENCE", "Link", "links_of"]

PATIENCE = 30.0
"""How many seconds a fork waits for threads that are at work: as long as one of them waits for a lock on the file."""

_log = logging.getLogger("recovery.stores")


class Link:
    """The connection of one thread to one file, for one ``owner``: opened when it is needed, also after it has been closed.

    Its thread brackets all work by :meth:`take` and :meth:`leave`, and nobody else closes it in between. ``at_work`` outlasts the
    work only where the thread was interrupted (by a signal handler that raises) and could not leave: then give it up.
    """

    def __init__(self, path: str, owner: object, connect: Callable[[], sqlite3.Connection]) -> None:
        self.path, self.owner, self.pid, self.thread = path, owner, os.getpid(), threading.get_ident()
        self.at_work = False
        self.lock = threading.RLock()
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._session: Session | None = None
        self._end: weakref.finalize[..., Link] | None = None
        _ours.add(self)

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._connection is not None

    def take(self) -> Session:
        """Begin to work. Call :meth:`leave` whatever happens here."""
        self.at_work = True
        self.lock.acquire()
        return self._session or self._open()

    def _open(self) -> Session:
        _ours.check(self.path)
        connection = self._connection = self._connect()
        # Not at the end of the process: a daemon thread may be in the middle of a statement then.
        end = self._end = weakref.finalize(self, _close, connection, self.path, self.pid)
        end.atexit = False
        session = self._session = Session(SQLITE, connection.execute, connection.executemany)
        return session

    def commit(self) -> None:
        """Store what was done since the transaction began."""
        if self._connection is None:
            raise sqlite3.ProgrammingError("Cannot operate on a closed database.")
        self._connection.execute("COMMIT")

    def leave(self) -> None:
        """End the work; a transaction that is still open is rolled back."""
        try:
            if self._connection is not None and self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            self.close()  # which ends it as well
        finally:
            try:  # noqa: SIM105 (every reading passes here, and to suppress costs as much as the rest)
                self.lock.release()
            except RuntimeError:
                pass  # interrupted before the lock was there
            self.at_work = False

    def close(self) -> None:
        """Close the connection, as its thread or with the lock; what is open on it is rolled back."""
        connection, end = self._connection, self._end
        self._session = self._connection = self._end = None
        if end is not None:
            end.detach()  # and not called: it does nothing any more at the end of the process
        if connection is not None:
            _close(connection, self.path, self.pid)

    def close_if_idle(self) -> None:
        """Close the connection, unless another thread is at work on it."""
        if self.lock.acquire(blocking=False):
            try:
                self.close()
            finally:
                self.lock.release()


def _close(connection: sqlite3.Connection, path: str, pid: int) -> None:
    if os.getpid() == pid:
        connection.close()
    else:
        _ours.inherit(connection, path)


def _keep_for_ever(connection: sqlite3.Connection) -> None:
    """Keep even the end of the interpreter from closing a connection."""
    import ctypes  # noqa: PLC0415 (not everywhere, and hardly ever needed)

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))


class _Ours:
    """What this process has open, and what it has inherited."""

    def __init__(self) -> None:
        self._spoilt: set[str] = set()
        self._inherited: list[sqlite3.Connection] = []
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._links: weakref.WeakSet[Link] = weakref.WeakSet()
        self._held: list[Link] = []
        # A lock that another thread of the parent held while it forked would stay locked in the child for ever.
        self._gate = threading.RLock()

    def add(self, link: Link) -> None:
        """Know of a connection from now on."""
        self._see_process()
        with self._gate:
            self._links.add(link)

    def all(self) -> list[Link]:
        """Return all connections there are."""
        self._see_process()
        with self._gate:
            return list(self._links)

    def check(self, path: str) -> None:
        """Refuse a file on which SQLite takes itself to hold the locks of the parent."""
        if self._spoilt and os.path.realpath(path) in self._spoilt:
            why = "this process was forked in the middle of work on it, and SQLite cannot share what was open"
            raise StoreUnusable(path, why, "Fork where nobody is at work on it, or start the process anew: spawn, not fork.")

    def inherit(self, connection: sqlite3.Connection, path: str) -> None:
        """Keep a connection of the parent's open, since to close it would touch the parent's file; its file is spoilt here."""
        self._spoilt.add(os.path.realpath(path))
        self._inherited.append(connection)
        with suppress(ImportError, AttributeError):
            _keep_for_ever(connection)

    # ---------------------------------------------------------------- forks

    def before_fork(self) -> None:
        """Close every connection, and let none be opened until the fork is over."""
        self._gate.acquire()
        until, links, me = time.monotonic() + PATIENCE, list(self._links), threading.get_ident()
        # Others may be waiting for what this thread has in hand: there is no sense in waiting for them.
        in_hand = {link.path for link in links if link.at_work and link.thread == me}
        for link in links:
            wait = 0.0 if link.path in in_hand else max(until - time.monotonic(), 0.0)
            if not (link.at_work and link.thread == me) and link.lock.acquire(timeout=wait):
                self._held.append(link)
                link.close()
        for path in sorted({link.path for link in links if link.is_open}):
            _log.warning("forked in the middle of work on a file, which the child is refused", extra={"path": path})

    def after_fork_in_parent(self) -> None:
        """Let everybody go on."""
        while self._held:
            self._held.pop().lock.release()
        self._gate.release()

    def after_fork_in_child(self) -> None:
        """Begin with nothing; what is still open is the parent's."""
        links = list(self._links)
        self._begin()
        for link in links:
            link.close()

    def _see_process(self) -> None:
        # Who forks without Python's help (a server written in C) closes nothing before.
        if os.getpid() != self._pid:
            self.after_fork_in_child()

    def close_idle(self) -> None:
        """Close what nobody is at work on: at the end of the process, where daemon threads may be at work."""
        for link in self.all():
            link.close_if_idle()


_ours = _Ours()
atexit.register(_ours.close_idle)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_ours.before_fork,
        after_in_parent=_ours.after_fork_in_parent,
        after_in_child=_ours.after_fork_in_child,
    )


def links_of(owner: object) -> list[Link]:
    """Return every connection that this process has for ``owner``."""
    return [link for link in _ours.all() if link.owner is owner]
