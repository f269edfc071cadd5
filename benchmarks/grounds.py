"""The databases that commands are measured on: a store of ours, and beside it a bare connection that is as durable."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import Protocol

from attrs import frozen

from benchmarks import floor
from benchmarks.needs import Need
from recovery import SQLiteStore
from recovery.ports.store import Store

__all__ = ["SQLITE", "Ground", "Kind"]


class Closing(Store, Protocol):
    """A store that is closed when it is done with."""

    def close(self) -> None:
        """Close it."""


@frozen(kw_only=True)
class Ground:
    """A database with nothing in it but tables. ``store`` opens a store of ours; ``peer`` is what eventsourcing is told.

    ``execute`` runs a statement on the bare connection, ``begin`` and ``commit`` are the ends of its transactions.
    """

    store: Callable[[], Closing]
    peer: Mapping[str, str]
    execute: floor.Execute
    begin: Callable[[], object]
    commit: Callable[[], object]


@frozen(kw_only=True)
class Kind:
    """A kind of database, by name, and how to make one."""

    name: str
    made: Callable[[], AbstractContextManager[Ground]]
    needs: tuple[Need, ...] = ()


@contextmanager
def _sqlite() -> Iterator[Ground]:
    """Two files, written ahead, each transaction on the disk before it is over."""
    with tempfile.TemporaryDirectory() as folder:
        bare = sqlite3.connect(Path(folder) / "theirs.db", isolation_level=None)
        bare.execute("PRAGMA journal_mode = WAL")
        bare.execute("PRAGMA synchronous = FULL")
        for table in floor.TABLES:
            bare.execute(table)
        yield Ground(
            store=partial(SQLiteStore, Path(folder) / "ours.db"),
            peer={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(Path(folder) / "peer.db")},
            execute=bare.execute,
            begin=lambda: bare.execute("BEGIN IMMEDIATE"),
            commit=lambda: bare.execute("COMMIT"),
        )
        bare.close()


SQLITE = Kind(name="SQLite", made=_sqlite)
