"""A store inside the transaction that an SQLAlchemy ``Session`` or ``Connection`` has open: the extra ``sqlalchemy``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from attrs import evolve

from recovery.core.errors import InvalidValue, MissingExtra, StoreUnusable
from recovery.core.values import invalid
from recovery.stores.joined import (
    BEGIN,
    AfterCommit,
    Host,
    HostConnection,
    JoinedStore,
    Lent,
    host_of,
    is_aborted,
    no_hook,
    sqlite_says,
)
from recovery.stores.sql import schema
from recovery.stores.sql.dialect import POSTGRES, SQLITE, Dialect
from recovery.stores.sql.session import Cursor
from recovery.stores.sql.session import Session as Statements
from recovery.stores.sql.store import Caches

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.orm import Session, SessionTransaction, scoped_session

    _Waiting = tuple[SessionTransaction | None, Callable[[], None]]

__all__ = ["SQLAlchemyStore", "create_tables"]

_DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRES}
_DRIVERS = {"pysqlite", "aiosqlite", "psycopg"}
_KEPT = "recovery.host"
_SHARED: WeakKeyDictionary[Engine, Caches] = WeakKeyDictionary()
"""What is remembered of the cases of each engine, as long as the engine lives."""
_AGAIN = "Begin anew with a session or connection that works; nothing was saved."
_KNOWN = (
    "Give a Session, scoped_session or Connection of an engine for sqlite:// or postgresql+psycopg:// (psycopg 3). "
    "With an AsyncSession (sqlite+aiosqlite://, postgresql+psycopg://): await session.run_sync(lambda session: ...)."
)


class SQLAlchemyStore(JoinedStore):
    """A :class:`~recovery.stores.joined.JoinedStore` on what SQLAlchemy 2 has open: its commit and its rollback decide.

    ``connection`` is a ``Session``, a ``scoped_session`` (then one store serves all threads, each with its session) or a
    ``Connection``, over sqlite3 or psycopg 3; of an ``AsyncSession`` (aiosqlite, psycopg) the one that ``run_sync`` gives. With a
    session, ``after_commit`` is called with the ids of the cases that were saved, once they are committed. Raises
    :class:`~recovery.core.errors.InvalidValue` for anything else, and
    :class:`~recovery.core.errors.MissingExtra` without SQLAlchemy. Stores on one engine share what they remember of cases, so make
    one for each request as you like.
    """

    def __init__(
        self,
        connection: Session | scoped_session[Session] | Connection,
        caches: Caches | None = None,
        *,
        after_commit: AfterCommit | None = None,
    ) -> None:
        opened = _Open(connection)
        super().__init__(opened, opened.caches() if caches is None else caches, after_commit=after_commit)


def create_tables(connection: Connection) -> None:
    """Make the tables of the desk, or bring them up to date, as ``metadata.create_all`` does for yours; the commit is yours.

    With Alembic, let :func:`recovery.stores.alembic.upgrade` do it in a revision instead. Raises
    :class:`~recovery.core.errors.StoreUnusable` for tables of a newer version.
    """
    opened = _Open(connection)
    host = opened.now()
    with Lent(host):
        _begin_to_make(opened, connection, host)
        if opened.dialect is POSTGRES:
            from recovery.stores.postgres.pool import upgrade_schema  # noqa: PLC0415  (only where it is needed)

            upgrade_schema(host.session, host.where)
        else:
            _upgrade_sqlite(host)


def _begin_to_make(opened: _Open, connection: Connection, host: Host) -> None:
    driver: Any = connection.connection.driver_connection
    if opened.dialect is SQLITE and not driver.in_transaction:
        host.session.run("BEGIN IMMEDIATE")  # so that those who start at once wait for the first before they look
    else:
        host.begun()


def _upgrade_sqlite(host: Host) -> None:
    there = host.session.one("SELECT 1 FROM sqlite_master WHERE name = 'recovery_schema'")
    found = host.session.one("SELECT version FROM recovery_schema") if there else None
    version = 0 if found is None else int(found[0])
    if version > schema.VERSION:
        raise schema.newer(host.where, version)
    if version < schema.VERSION:
        host.session.script(schema.statements("sqlite", after=version))


class _Open(HostConnection):
    """Where SQLAlchemy has its connection: a session gets it from the pool anew for every transaction."""

    def __init__(self, given: object) -> None:
        try:
            from sqlalchemy import Connection  # noqa: PLC0415  (an extra)
            from sqlalchemy.orm import Session, scoped_session  # noqa: PLC0415
        except ImportError:
            raise MissingExtra("sqlalchemy", "sqlalchemy") from None
        if not isinstance(given, Connection | Session | scoped_session):
            raise _unknown(f"{type(given).__module__}.{type(given).__qualname__} is none that is known")
        if isinstance(given, Connection):
            self.silent = "a Connection does not tell when it has committed, a Session does"
        self._given: Connection | Session | scoped_session[Session] = cast("Connection | Session | scoped_session[Session]", given)
        bind = given if isinstance(given, Connection) else given.get_bind()
        self.dialect, self._engine = _dialect(bind), bind.engine

    def caches(self) -> Caches:
        """Return what all stores on this engine share."""
        return _SHARED.setdefault(self._engine, Caches()).shared()

    def now(self) -> Host:
        """Return the driver's own connection, in the transaction that SQLAlchemy has begun on it."""
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415  (as above)

        try:
            connection = self._connection()
            if not connection.in_transaction():
                connection.begin()  # as SQLAlchemy does by itself before a statement of its own
            if connection.dialect.is_async:
                return self._awaited(connection)
            return self._direct(connection)
        except SQLAlchemyError as error:
            raise StoreUnusable(repr(self), f"SQLAlchemy says: {str(error).splitlines()[0]}", _AGAIN) from error

    def _direct(self, connection: Connection) -> Host:
        """Its statements go to the driver's connection itself, in the same transaction: SQLAlchemy takes longer than the database.

        What is known of that connection is kept beside it, where SQLAlchemy forgets both at once.
        """
        kept: dict[Any, Any] = connection.info
        if _KEPT not in kept:
            kept[_KEPT] = evolve(host_of(connection.connection.driver_connection), where=repr(self))
        return cast("Host", kept[_KEPT])

    def _awaited(self, connection: Connection) -> Host:
        """Inside ``run_sync`` SQLAlchemy itself waits for an asynchronous driver, so every statement goes through it."""
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415  (as above)

        postgres = self.dialect is POSTGRES
        driver: Any = connection.connection.driver_connection

        def execute(sql: str, values: Sequence[object]) -> Cursor:
            return cast("Cursor", connection.exec_driver_sql(sql, tuple(values)))

        def execute_many(sql: str, rows: Sequence[Sequence[object]]) -> Cursor:
            return cast("Cursor", connection.exec_driver_sql(sql, [tuple(row) for row in rows]))

        def begun() -> None:
            if postgres and driver.autocommit:
                raise StoreUnusable(repr(self), "no transaction is open on it", BEGIN)
            if not postgres and not driver.in_transaction:
                execute("BEGIN", ())

        statements = Statements(self.dialect, execute, execute_many, "%s" if postgres else "?")
        aborted = partial(is_aborted, driver) if postgres else lambda: False
        return Host(session=statements, where=repr(self), begun=begun, errors=(DBAPIError,), says=self._says, aborted=aborted)

    def _says(self, where: str, error: Exception) -> StoreUnusable:
        found = getattr(error, "orig", None)
        driver = error if found is None else found
        if self.dialect is SQLITE:
            return sqlite_says(where, driver)
        from recovery.stores.postgres.pool import unusable  # noqa: PLC0415  (only where it is needed)

        return unusable(where, driver)

    def _connection(self) -> Connection:
        from sqlalchemy import Connection  # noqa: PLC0415  (as above)

        return self._given if isinstance(self._given, Connection) else self._given.connection()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call at the end of the outermost transaction, unless it, or the savepoint that is open now, is rolled back."""
        from sqlalchemy import event  # noqa: PLC0415  (as above)
        from sqlalchemy.orm import scoped_session  # noqa: PLC0415

        if self.silent:
            raise no_hook(self.silent)
        given = cast("Session | scoped_session[Session]", self._given)
        session: Session = given() if isinstance(given, scoped_session) else given
        if not event.contains(session, "after_commit", _committed):
            event.listen(session, "after_commit", _committed)
            event.listen(session, "after_transaction_end", _ended)
        _waiting(session).append((_innermost(session), call))

    def __repr__(self) -> str:
        return "the host's SQLAlchemy connection"


# What waits for its commit: each call with the transaction that has to be committed next, ``None`` after the outermost.


def _waiting(session: Session) -> list[_Waiting]:
    waiting: list[_Waiting] = session.info.setdefault("recovery.after_commit", [])
    return waiting


def _innermost(session: Session) -> SessionTransaction | None:
    return session.get_nested_transaction() or session.get_transaction()


def _committed(session: Session) -> None:
    done = _innermost(session)
    assert done is not None
    waiting = _waiting(session)
    waiting[:] = [(done.parent if within is done else within, call) for within, call in waiting]


def _ended(session: Session, transaction: SessionTransaction) -> None:
    waiting = _waiting(session)
    waiting[:] = [(within, call) for within, call in waiting if within is not transaction]
    if transaction.parent is None:
        calls = [call for _, call in waiting]
        waiting.clear()
        for call in calls:
            call()


def _dialect(bind: Connection | Engine) -> Dialect:
    if bind.dialect.name not in _DIALECTS:
        raise _unknown(f"{bind.dialect.name} is a database that is not supported")
    if bind.dialect.driver not in _DRIVERS:
        raise _unknown(f"{bind.dialect.driver} is a driver that is not supported")
    return _DIALECTS[bind.dialect.name]


def _unknown(told: str) -> InvalidValue:
    return InvalidValue("the store", [invalid("connection", told, _KNOWN)])
