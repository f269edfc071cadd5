"""The databases that commands are measured on: a store of ours, and beside it a bare connection that is as durable."""

from __future__ import annotations

import atexit
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from benchmarks import floor
from benchmarks.needs import Need
from recovery import JoinedStore, SQLiteStore
from recovery.ports.store import Store
from recovery.stores.sql.store import Caches

if TYPE_CHECKING:
    from servers import Server

__all__ = ["LASTING", "POSTGRES", "SQLITE", "Closing", "Ground", "Kind", "in_percents", "server"]


TESTS = Path(__file__).parent.parent / "tests"
"""Where the tests keep what starts a server for them, and for us."""
WAY_OUT = 'python -m pip install -e ".[benchmarks,test]"'


class Closing(Store, AbstractContextManager["Closing"], Protocol):
    """A store that is closed when it is done with."""

    def close(self) -> None:
        """Close it."""


@frozen(kw_only=True)
class Ground:
    """A database with nothing in it but tables: at ``ours`` those of the library, at ``theirs`` those written by hand.

    ``store`` opens a store of ours; ``peer`` is what eventsourcing is told.

    ``joined`` lends a store on one transaction of a bare connection, which is committed at the end. ``execute`` runs a statement on
    another bare connection, ``many`` one for many rows; ``begin`` and ``commit`` are the ends of its transactions.
    """

    ours: str
    theirs: str
    store: Callable[[], Closing]
    peer: Mapping[str, str]
    joined: Callable[[], AbstractContextManager[Store]]
    execute: floor.Execute
    many: floor.Many
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
            ours=str(Path(folder) / "ours.db"),
            theirs=str(Path(folder) / "theirs.db"),
            store=partial(SQLiteStore, Path(folder) / "ours.db"),
            peer={"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(Path(folder) / "peer.db")},
            joined=partial(_joined, Path(folder) / "ours.db", Caches()),
            execute=bare.execute,
            many=bare.executemany,
            begin=lambda: bare.execute("BEGIN IMMEDIATE"),
            commit=lambda: bare.execute("COMMIT"),
        )
        bare.close()


@contextmanager
def _joined(path: Path, caches: Caches) -> Iterator[Store]:
    host = sqlite3.connect(path, isolation_level=None)
    host.execute("PRAGMA synchronous = FULL")
    host.execute("BEGIN IMMEDIATE")
    yield JoinedStore(host, caches)
    host.execute("COMMIT")
    host.close()


# ---------------------------------------------------------------- PostgreSQL

LASTING = ExitStack()
"""What lasts as long as this process: the server, big tables. Closed when it ends."""
atexit.register(LASTING.close)


@cache
def server() -> Server:
    """Return a server of the newest version that is to be had here, for all measurements of this run."""
    from servers import installations, running  # noqa: PLC0415

    return LASTING.enter_context(running(installations()[-1]))


def _no_server() -> str:
    if find_spec("psycopg") is None:
        return WAY_OUT
    if str(TESTS) not in sys.path:
        sys.path.append(str(TESTS))
    from servers import NoServer, installations  # noqa: PLC0415

    try:
        return "" if installations() else WAY_OUT
    except NoServer as missing:
        return str(missing)


def _version() -> str:
    with server().database() as database, database.connect() as connection:
        (told,) = connection.execute("SHOW server_version").fetchone() or ("",)
        return f"PostgreSQL {told}"


@contextmanager
def _postgres() -> Iterator[Ground]:
    """A database as the server's makers ship it: each transaction on the disk before it is over."""
    import psycopg  # noqa: PLC0415
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    from recovery.stores.postgres import PostgresStore  # noqa: PLC0415

    with server().database() as database, psycopg.connect(database.conninfo) as bare, psycopg.connect(database.conninfo) as host:
        for table in floor.TABLES:
            bare.execute(table)
        bare.commit()

        def execute(statement: str, values: Sequence[object]) -> object:
            return bare.execute(in_percents(statement), values)

        def many(statement: str, rows: Sequence[Sequence[object]]) -> None:
            bare.cursor().executemany(in_percents(statement), rows)

        caches = Caches()

        @contextmanager
        def joined() -> Iterator[Store]:
            yield JoinedStore(host, caches)
            host.commit()

        yield Ground(
            ours=database.conninfo,
            theirs=database.conninfo,
            store=partial(PostgresStore, database.conninfo),
            peer=_peer(conninfo_to_dict(database.conninfo)),
            joined=joined,
            execute=execute,
            many=many,
            begin=lambda: None,
            commit=bare.commit,
        )


@cache
def in_percents(statement: str) -> bytes:
    """Return a statement with psycopg's marks."""
    return statement.replace("?", "%s").encode()


def _peer(told: Mapping[str, object]) -> Mapping[str, str]:
    names = {"DBNAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    given = {f"POSTGRES_{name}": str(told.get(key, "")) for name, key in names.items()}
    return {"PERSISTENCE_MODULE": "eventsourcing.postgres", **given}


SQLITE = Kind(name="SQLite", made=_sqlite)
POSTGRES = Kind(name="PostgreSQL", made=_postgres, needs=(Need(name="a PostgreSQL server", lacking=_no_server, version=_version),))
