"""A store inside the transaction that the host has open: its rollback takes the case back too, and nothing is sent."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from attrs import frozen

from recovery.core.errors import InvalidValue, StoreUnusable
from recovery.core.values import invalid
from recovery.stores.sql.dialect import SQLITE, Dialect
from recovery.stores.sql.session import Session
from recovery.stores.sql.store import Caches, SQLStore
from recovery.stores.sqlite.file import unusable as sqlite_says

if TYPE_CHECKING:
    import psycopg

    Connection = sqlite3.Connection | psycopg.Connection[tuple[object, ...]]

__all__ = ["Host", "JoinedStore", "host_of"]

_BEGIN = "Begin a transaction on the connection first, and commit it afterwards."
_OWN = "Let the worker use a store of its own connections (SQLiteStore, PostgresStore): no transaction is open while it sends."


@frozen(kw_only=True)
class Host:
    """A connection of the host: the ``session`` on it, and what is to be known of the driver.

    ``where`` names it in errors. ``begun`` makes sure that a transaction of the host's is open, or raises ``StoreUnusable``.
    ``errors`` are those of the driver, and ``says`` what one of them means.
    """

    session: Session
    where: str
    begun: Callable[[], None]
    errors: tuple[type[Exception], ...]
    says: Callable[[str, Exception], StoreUnusable]


class JoinedStore(SQLStore):
    """Keeps everything in tables ``recovery_...`` of the host's database, inside the transaction that the host has open there.

    ``connection`` is one of :mod:`sqlite3` or psycopg 3 (or a :class:`Host`, for what is neither). Nothing is ever committed or
    rolled back here: what was saved is there when the host commits, and gone when it rolls back, with every message. The tables
    are the host's to make: ``recovery schema sql``.

    A lost race raises :class:`~recovery.core.errors.ConflictingChange` with ``final``: under READ COMMITTED the host's transaction
    stays usable; REPEATABLE READ and SQLite end it. Without an open transaction, saving raises
    :class:`~recovery.core.errors.StoreUnusable`; so does every claim, since a worker needs connections of its own.
    ``caches`` of other stores on the same database may be shared, as long as the process lives.
    """

    def __init__(self, connection: Connection | Host, caches: Caches | None = None) -> None:
        self.host = connection if isinstance(connection, Host) else host_of(connection)
        super().__init__(_Joined(self.host), caches)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.host.where!r})"


class _Joined:
    """The one connection of the host as a source."""

    def __init__(self, host: Host) -> None:
        self._host = host

    @property
    def dialect(self) -> Dialect:
        """The host's."""
        return self._host.session.dialect

    @property
    def where(self) -> str:
        """What the host's connection is called in errors."""
        return self._host.where

    @property
    def joined(self) -> bool:
        """The transaction is the host's."""
        return True

    @contextmanager
    def reading(self) -> Generator[Session, None, None]:
        """Give the host's session."""
        try:
            yield self._host.session
        except self._host.errors as error:
            raise self._host.says(self._host.where, error) from error

    reading_at_once = reading

    @contextmanager
    def writing(self, *, single: bool = False, safe: bool = False) -> Generator[Session, None, None]:
        """Give the host's session, inside a savepoint of our own unless one statement does all and cannot fail."""
        self._host.begun()
        with self.reading() as session:
            if single and safe and self.dialect.name != "sqlite":
                yield session
            else:
                with _savepoint(session):
                    yield session

    def claiming(self) -> AbstractContextManager[Session]:
        """Refuse: a claim must be seen by others at once, and no transaction may be open while something is sent."""
        raise StoreUnusable(self._host.where, "nothing is claimed inside a transaction of yours", _OWN)

    def faults(self) -> tuple[str, ...]:
        """The host's database is the host's to examine."""
        return ()

    def close(self) -> None:
        """Nothing was opened here."""


@contextmanager
def _savepoint(session: Session) -> Generator[None, None, None]:
    session.run("SAVEPOINT recovery")
    try:
        yield
    except BaseException:
        session.run("ROLLBACK TO SAVEPOINT recovery")
        session.run("RELEASE SAVEPOINT recovery")
        raise
    session.run("RELEASE SAVEPOINT recovery")


# ---------------------------------------------------------------- bare connections


def host_of(connection: object) -> Host:
    """Return what is to be known of a bare connection of sqlite3 or psycopg. Raises ``InvalidValue`` for anything else."""
    if isinstance(connection, sqlite3.Connection):
        return _sqlite(connection)
    if type(connection).__module__.partition(".")[0] == "psycopg":
        return _psycopg(connection)  # type: ignore[arg-type]
    told = f"{type(connection).__name__} is none that is known"
    hint = "Give a connection of sqlite3 or psycopg; for SQLAlchemy and Django there are stores of their own."
    raise InvalidValue("the store", [invalid("connection", told, hint)])


def _sqlite(connection: sqlite3.Connection) -> Host:
    where = "the host's SQLite connection"

    def begun() -> None:
        if connection.in_transaction:
            return
        if connection.isolation_level is None:
            raise StoreUnusable(where, "no transaction is open on it", _BEGIN)
        # What the driver itself would do at the first statement that writes; a savepoint alone would be committed with its release.
        connection.execute(f"BEGIN {connection.isolation_level}")

    return Host(
        session=Session(SQLITE, connection.execute, connection.executemany),
        where=where,
        begun=begun,
        errors=(sqlite3.Error,),
        says=lambda at, error: (
            sqlite_says(at, error) if isinstance(error, sqlite3.Error) else StoreUnusable(at, str(error), _BEGIN)
        ),
    )


def _psycopg(connection: psycopg.Connection[tuple[object, ...]]) -> Host:
    import psycopg  # noqa: PLC0415

    from recovery.stores.postgres.pool import session_on, unusable  # noqa: PLC0415

    where = "the host's PostgreSQL connection"

    def begun() -> None:
        idle = connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        if idle and connection.autocommit:
            raise StoreUnusable(where, "no transaction is open on it", _BEGIN)

    return Host(session=session_on(connection), where=where, begun=begun, errors=(psycopg.Error,), says=unusable)
