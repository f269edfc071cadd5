"""A store in one SQLite file, on the standard library alone: safe for several threads and several processes on one machine."""

from __future__ import annotations

import os

from recovery.core.errors import InvalidValue
from recovery.core.values import invalid
from recovery.stores.sql.store import SQLStore, Waiting
from recovery.stores.sqlite.file import File

__all__ = ["SQLiteStore", "Waiting"]

_SYNCHRONOUS = ("FULL", "NORMAL", "EXTRA")


class SQLiteStore(SQLStore):
    """Keeps everything in the SQLite file at ``path``, which is made if it is not there.

    What :meth:`save` has returned from is on the disk (write-ahead log, ``synchronous = FULL``). With ``synchronous="NORMAL"``
    it survives the end of the process, and a loss of power may take the last commits, never parts of one; no commit
    waits for the disk then. Several threads and several processes of one machine may use one file. Use it as a context manager, or
    :meth:`close` it: a thread that is at work then finishes it. A relative ``path`` is meant from the folder of this moment.

    A store may be taken across a fork by :func:`os.fork` or :mod:`multiprocessing`: before it every connection of every such store
    is closed, once nobody is at work on it, and opened again when it is needed. In a child that was forked in the middle of a
    transaction of its own thread, or while another has been at work for 30 seconds, or behind Python's back, the file is refused,
    since SQLite cannot share it then. Connections of the host's to the same file are the host's to close before.

    Its tables are brought up to date when it is opened; with ``upgrade=False`` nothing is made or changed, and a file that is not
    up to date is refused. ``found_version`` is the version of its tables when it was opened, 0 where there were none. A database of
    the host's in which our tables have been made (``recovery schema sql``) is used as it is, and never upgraded here.

    Raises :class:`~recovery.core.errors.StoreUnusable` for a file that is damaged, of another program, of a newer version,
    read-only, or in a folder that does not exist; and later, when the disk is full or the file stays locked.
    """

    def __init__(self, path: str | os.PathLike[str], *, synchronous: str = "FULL", upgrade: bool = True) -> None:
        if synchronous not in _SYNCHRONOUS:
            reason = invalid("synchronous", f"{synchronous!r} is none of {', '.join(_SYNCHRONOUS)}", "FULL is the safe one.")
            raise InvalidValue("the store", [reason])
        self._file = File(path, synchronous, upgrade=upgrade)
        self.found_version = self._file.found_version
        super().__init__(self._file)

    @property
    def path(self) -> str:
        """The path of the file, as it was given."""
        return self._file.path

    def __repr__(self) -> str:
        return f"SQLiteStore({self.path!r})"
