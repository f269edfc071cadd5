"""Django's connections, as a store joins them, and as a worker of its own uses the same database."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownArgumentType=false
# pyright: reportUnknownVariableType=false, reportUnknownParameterType=false
# Django has no types of its own.

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attrs import evolve

from recovery.core.errors import InvalidValue, MissingExtra, StoreUnusable
from recovery.core.values import invalid
from recovery.stores.joined import AfterCommit, Host, HostConnection, JoinedStore, host_of
from recovery.stores.sql import schema
from recovery.stores.sql.dialect import POSTGRES, SQLITE
from recovery.stores.sql.store import Caches, SQLStore

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["DjangoStore", "empty_tables", "worker_store"]

_DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRES}
_SHARED: dict[str, Caches] = {}
"""What the stores on each database of ``DATABASES`` remember of their cases."""
_KEPT = {"recovery_schema", "recovery_timings"}
_ATOMIC = "Do it inside django.db.transaction.atomic(), or set ATOMIC_REQUESTS."


class DjangoStore(JoinedStore):
    """A :class:`~recovery.stores.joined.JoinedStore` on a database of Django, inside ``atomic()``: its end decides.

    ``using`` is an alias of ``DATABASES``. One store serves all threads, each with its connection, so build the desk once.
    Reading needs no ``atomic()``, changing does: outside of it ``StoreUnusable`` is raised. ``after_commit`` is called with the ids
    of the cases that were saved, by ``transaction.on_commit``. Raises :class:`~recovery.core.errors.InvalidValue` for another
    database than SQLite and PostgreSQL with psycopg 3, and :class:`~recovery.core.errors.MissingExtra` without Django.
    """

    def __init__(self, using: str = "default", caches: Caches | None = None, *, after_commit: AfterCommit | None = None) -> None:
        alias = _Alias(using)
        super().__init__(
            alias, _SHARED.setdefault(using, Caches()).shared() if caches is None else caches, after_commit=after_commit
        )


class _Alias(HostConnection):
    """One of the databases of Django: in every thread a connection of its own."""

    def __init__(self, using: str) -> None:
        self._using = using
        vendor = _connection(using).vendor
        if vendor not in _DIALECTS:
            hint = "Use one with the backend sqlite3 or postgresql."
            raise InvalidValue("the store", [invalid("using", f"{using!r} is a database of {vendor}", hint)])
        self.dialect = _DIALECTS[vendor]
        self._local = threading.local()

    def now(self) -> Host:
        """Return the driver's own connection of this thread."""
        connection = _connection(self._using)
        if not connection.in_atomic_block:
            connection.close_if_health_check_failed()  # as Django does before a statement of its own
        connection.ensure_connection()
        known: tuple[object, Host] | None = getattr(self._local, "known", None)
        if known is None or known[0] is not connection.connection:
            known = self._local.known = connection.connection, self._host(connection)
        return known[1]

    def _host(self, connection: BaseDatabaseWrapper) -> Host:
        host = host_of(connection.connection)

        def begun() -> None:
            if connection.get_autocommit():
                raise StoreUnusable(repr(self), "no transaction is open on it", _ATOMIC)
            connection.validate_no_broken_transaction()
            host.begun()

        def says(where: str, error: Exception) -> StoreUnusable:
            connection.errors_occurred = True  # so that Django looks, when the request ends, whether it still works
            return host.says(where, error)

        def over() -> None:
            connection.needs_rollback = connection.in_atomic_block

        return evolve(host, where=repr(self), begun=begun, says=says, over=over)

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call after the outermost ``atomic()``, unless it or the one that is open now is rolled back."""
        from django.db import transaction  # noqa: PLC0415  (an extra)

        transaction.on_commit(call, using=self._using)

    def __repr__(self) -> str:
        return f"Django's database {self._using!r}"


def _connection(using: str) -> BaseDatabaseWrapper:
    try:
        from django.db import connections  # noqa: PLC0415  (an extra)
    except ImportError:
        raise MissingExtra("django", "django") from None
    return connections[using]


def worker_store(using: str = "default", **settings: Any) -> SQLStore:
    """Return a store of its own connections on a database of Django, for a worker: claims and sending need that.

    The tables are those of the migrations. ``settings`` go to :class:`~recovery.stores.postgres.PostgresStore` or
    :class:`~recovery.stores.sqlite.SQLiteStore`. Close it when the worker ends.
    """
    connection = _connection(using)
    told: dict[str, Any] = connection.get_connection_params()
    if connection.vendor == "sqlite":
        from recovery.stores.sqlite import SQLiteStore  # noqa: PLC0415  (only one of the two is needed)

        return SQLiteStore(told["database"], upgrade=False, **settings)
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415  (an extra)
    from psycopg.pq import Conninfo  # noqa: PLC0415

    from recovery.stores.postgres import PostgresStore  # noqa: PLC0415

    # What Django itself adds is for its own cursors.
    libpq = {option.keyword.decode() for option in Conninfo.get_defaults()} - {"client_encoding"}
    return PostgresStore(make_conninfo("", **{key: told[key] for key in libpq & told.keys()}), upgrade=False, **settings)


def empty_tables(using: str = "default") -> None:
    """Delete every case and all that belongs to it: for the ``tearDown`` of a ``TransactionTestCase``, and for nothing else.

    Django's ``flush`` empties the tables of models, and there are none here. Clocks stay: a store knows that they are there.
    """
    from django.db import transaction  # noqa: PLC0415  (an extra)

    connection = _connection(using)
    atomic: Any = transaction.atomic(using=using)
    with atomic, connection.cursor() as cursor:
        for table in reversed(schema.TABLES):
            if table not in _KEPT:
                cursor.execute(f"DELETE FROM {table}")
