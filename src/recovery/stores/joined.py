"""A store inside the transaction that the host has open: its rollback takes the case back too, and nothing is sent."""

from __future__ import annotations

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast

from attrs import frozen

from recovery.core.clock import Timing
from recovery.core.errors import InvalidValue, StoreUnusable
from recovery.core.values import invalid
from recovery.ports.values import Change, Committed, KeyRecord
from recovery.stores.sql.dialect import SQLITE, Dialect
from recovery.stores.sql.session import Raced, Session
from recovery.stores.sql.store import Caches, SQLStore
from recovery.stores.sqlite.file import unusable

if TYPE_CHECKING:
    import psycopg

__all__ = ["AfterCommit", "Host", "HostConnection", "JoinedStore", "host_of"]

AfterCommit = Callable[[tuple[str, ...]], None]
"""Called with the ids of the cases that were saved, once the host has committed them."""

BEGIN = "Begin a transaction on the connection first, and commit it afterwards."
_ASIDE = "Read the feed with a SQLiteStore on the file."
_OVER = "Roll your transaction back, and do all of it again; one that begins with BEGIN IMMEDIATE waits instead."
_ENDED = "Your transaction is over, with all that was done in it: roll it back."
_OWN = "Let the worker use a store of its own connections (SQLiteStore, PostgresStore): no transaction is open while it sends."


@frozen(kw_only=True)
class Host:
    """A connection of the host as it is now: the ``session`` on it, and what is to be known of the driver.

    ``where`` names it in errors. ``begun`` makes sure that a transaction of the host's is open, or raises ``StoreUnusable``.
    ``errors`` are those of the driver, and ``says`` what one of them means. ``aborted`` tells whether an error has ended the
    transaction, and ``over`` is called where one has, so that the host's framework hears of it.
    """

    session: Session
    where: str
    begun: Callable[[], None]
    errors: tuple[type[Exception], ...]
    says: Callable[[str, Exception], StoreUnusable]
    aborted: Callable[[], bool]
    over: Callable[[], None] = lambda: None


class HostConnection(ABC):
    """Where the host's connection is found whenever it is needed; ``dialect`` is what it speaks.

    ``silent`` says why it does not tell when it commits, and is empty where it does.
    """

    dialect: Dialect
    silent: str = ""

    @abstractmethod
    def now(self) -> Host:
        """Return the connection that the host has at this moment. Raises ``StoreUnusable`` where it has none."""

    @abstractmethod
    def after_commit(self, call: Callable[[], None]) -> None:
        """Have something called when the transaction that is open now has been committed, and not when it is rolled back."""


class JoinedStore(SQLStore):
    """Keeps everything in tables ``recovery_...`` of the host's database, inside the transaction that the host has open there.

    ``connection`` is one of :mod:`sqlite3` or psycopg 3; for SQLAlchemy and Django there are stores of their own. Nothing is ever
    committed or rolled back here: what was saved is there when the host commits, and gone when it rolls back, with every message.
    The tables are the host's to make: ``recovery schema sql``.

    A lost race raises :class:`~recovery.core.errors.ConflictingChange` with ``final``: under READ COMMITTED the host's transaction
    stays usable; REPEATABLE READ and SQLite end it. Without an open transaction, saving raises
    :class:`~recovery.core.errors.StoreUnusable`; so does every claim, since a worker needs connections of its own.
    ``caches`` of other stores on the same database may be shared, as long as the process lives.
    """

    def __init__(
        self,
        connection: sqlite3.Connection | psycopg.Connection[Any] | HostConnection,
        caches: Caches | None = None,
        *,
        after_commit: AfterCommit | None = None,
    ) -> None:
        self._host = connection if isinstance(connection, HostConnection) else _Bare(connection)
        if after_commit is not None and self._host.silent:
            raise no_hook(self._host.silent)
        self._after_commit = after_commit
        super().__init__(_Joined(self._host), caches)

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Store all changes or none in the host's transaction; ``ConflictingChange`` where one, or the key, comes too late."""
        super().save(changes, key=key, timing=timing)
        if self._after_commit is not None and changes:
            saved = tuple(dict.fromkeys(change.case.id for change in changes))
            self._host.after_commit(partial(self._after_commit, saved))

    @property
    def announces(self) -> bool:
        """Whether the host's connection tells when it commits: a bare one does not, nor does a ``Connection`` of SQLAlchemy."""
        return not self._host.silent

    def after_commit(self, call: Callable[[], None]) -> None:
        """Have something called once the host has committed what was saved so far, and never where that is rolled back.

        Raises :class:`~recovery.core.errors.InvalidValue` where the host's connection does not tell.
        """
        self._host.after_commit(call)

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Return the next committed events after a position. In SQLite a transaction sees its own as if they were: refused."""
        if self._host.dialect.name == "sqlite":
            raise StoreUnusable(repr(self._host), "what is committed cannot be told from what is not, from inside", _ASIDE)
        return super().feed(after, limit)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._host!r})"


class _Joined:
    """The one connection of the host as a source."""

    def __init__(self, host: HostConnection) -> None:
        self._host = host

    @property
    def dialect(self) -> Dialect:
        """The host's."""
        return self._host.dialect

    @property
    def where(self) -> str:
        """What the host's connection is called in errors."""
        return repr(self._host)

    @property
    def joined(self) -> bool:
        """The transaction is the host's."""
        return True

    def reading(self) -> AbstractContextManager[Session]:
        """Give the host's session."""
        return Lent(self._host.now())

    reading_at_once = reading

    def writing(self, *, single: bool = False) -> AbstractContextManager[Session]:
        """Give the host's session, inside a savepoint of our own: any statement may fail, of a lock or a deadlock."""
        return _Savepoint(self._host.now())

    def claiming(self) -> AbstractContextManager[Session]:
        """Refuse: a claim must be seen by others at once, and no transaction may be open while something is sent."""
        raise StoreUnusable(repr(self._host), "nothing is claimed inside a transaction of yours", _OWN)

    def faults(self) -> tuple[str, ...]:
        """The host's database is the host's to examine."""
        return ()

    def close(self) -> None:
        """Nothing was opened here."""


class Lent:
    """The host's session for as long as it is used: what the driver reports meanwhile is raised as ``StoreUnusable``."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def __enter__(self) -> Session:
        try:
            self._begin()
        except self._host.errors as error:
            raise self._host.says(self._host.where, error) from error
        return self._host.session

    def _begin(self) -> None:
        """Nothing is needed to read."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if isinstance(error, self._host.errors):
            raise self._told(error, over=self._host.aborted()) from error

    def _told(self, error: Exception, *, over: bool) -> StoreUnusable:
        """Return what an error of the driver means, and tell the host where its transaction is ``over`` with it."""
        told = self._host.says(self._host.where, error)
        if not over:
            return told
        self._host.over()
        return type(told)(told.where, told.why, f"{_ENDED} {told.hint}", passing=told.passing)


class _Savepoint(Lent):
    """In a savepoint of ours, so that what failed half way is taken back whatever the host does then.

    The transaction is open, or begins here as the driver itself would begin it.
    """

    def _begin(self) -> None:
        self._host.begun()
        self._host.session.run("SAVEPOINT recovery")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self._released()
        elif not self._taken_back() and isinstance(error, self._host.errors):
            raise self._told(error, over=True) from error
        super().__exit__(kind, error, trace)

    def _released(self) -> None:
        try:
            self._host.session.run("RELEASE SAVEPOINT recovery")
        except self._host.errors as error:
            raise self._told(error, over=True) from error

    def _taken_back(self) -> bool:
        """Undo what was written here; ``False`` where the whole transaction is gone, as on a full disk or a connection cut."""
        try:
            self._host.session.run("ROLLBACK TO SAVEPOINT recovery")
            self._host.session.run("RELEASE SAVEPOINT recovery")
        except self._host.errors:
            return False
        return True


def no_hook(why: str) -> InvalidValue:
    """Return the error of a connection that cannot call back."""
    return InvalidValue("the store", [invalid("after_commit", why, "Leave it out, and do it yourself after your commit.")])


# ---------------------------------------------------------------- bare connections


class _Bare(HostConnection):
    """A connection of a driver itself."""

    silent = "a bare connection does not tell when it commits"

    def __init__(self, connection: object) -> None:
        self._host = host_of(connection)
        self.dialect = self._host.session.dialect

    def now(self) -> Host:
        return self._host

    def after_commit(self, call: Callable[[], None]) -> None:
        raise no_hook(self.silent)

    def __repr__(self) -> str:
        return repr(self._host)


def host_of(connection: object) -> Host:
    """Return what is to be known of a connection of sqlite3 or psycopg. Raises ``InvalidValue`` for anything else."""
    if isinstance(connection, sqlite3.Connection):
        return _sqlite(connection)
    if type(connection).__module__.partition(".")[0] == "psycopg":
        import psycopg  # noqa: PLC0415  (only where the host has it)

        if isinstance(connection, psycopg.Connection):
            return _psycopg(cast("psycopg.Connection[object]", connection))
    told = f"a connection of {type(connection).__module__}.{type(connection).__qualname__} is none that is known"
    hint = "Give one of sqlite3 or psycopg 3 (not its async one); for SQLAlchemy and Django there are stores of their own."
    raise InvalidValue("the store", [invalid("connection", told, hint)])


def _sqlite(connection: sqlite3.Connection) -> Host:
    where = "the host's SQLite connection"

    def cursor() -> sqlite3.Cursor:
        made = connection.cursor()
        made.row_factory = None  # the host may have another one
        return made

    def begun() -> None:
        if connection.in_transaction:
            return
        if connection.isolation_level is None or getattr(connection, "autocommit", None) is True:
            raise StoreUnusable(where, "no transaction is open on it", BEGIN)
        # What the driver itself would do at the first statement that writes; a savepoint alone would be committed with its release.
        connection.execute(f"BEGIN {connection.isolation_level}")

    return Host(
        session=Session(
            SQLITE, lambda sql, values: cursor().execute(sql, values), lambda sql, rows: cursor().executemany(sql, rows)
        ),
        where=where,
        begun=begun,
        errors=(sqlite3.Error,),
        says=sqlite_says,
        aborted=lambda: False,
    )


def sqlite_says(where: str, error: Exception) -> StoreUnusable:
    """Return what an error of SQLite means inside a transaction of the host's."""
    # A transaction that has read does not wait for a lock, and by the time it is free what was read is out of date.
    busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
    return Raced(where, "somebody else was faster", _OVER) if busy else unusable(where, cast("sqlite3.Error", error))


def _psycopg(connection: psycopg.Connection[object]) -> Host:
    import psycopg  # noqa: PLC0415  (as above)

    from recovery.stores.postgres.pool import session_on, unusable  # noqa: PLC0415

    where = "the host's PostgreSQL connection"

    def begun() -> None:
        idle = connection.info.transaction_status is psycopg.pq.TransactionStatus.IDLE
        if idle and connection.autocommit:
            raise StoreUnusable(where, "no transaction is open on it", BEGIN)

    return Host(
        session=session_on(connection),
        where=where,
        begun=begun,
        errors=(psycopg.Error,),
        says=unusable,
        aborted=lambda: is_aborted(connection),
    )


def is_aborted(connection: psycopg.Connection[object]) -> bool:
    """Return whether an error has ended the transaction that was open on a connection of psycopg."""
    from psycopg.pq import TransactionStatus  # noqa: PLC0415  (only where the host has it)

    cut = connection.closed and not connection.autocommit
    return cut or connection.info.transaction_status is TransactionStatus.INERROR
