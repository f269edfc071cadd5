"""Connections to PostgreSQL: a pool of them, made anew after a fork; what its errors mean."""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any

from recovery.core.errors import MissingExtra, StoreUnusable
from recovery.stores.sql import schema
from recovery.stores.sql.dialect import POSTGRES, Dialect
from recovery.stores.sql.session import Cursor, Raced, Session

if TYPE_CHECKING:
    import psycopg
    from psycopg_pool import ConnectionPool

    Connection = psycopg.Connection[tuple[object, ...]]

__all__ = ["Pool", "check_schema", "session_on", "unusable", "upgrade_schema"]

PATIENCE = 30.0
"""How many seconds to wait for a free connection, and for one to be made."""

_LIMITS: Mapping[str, int] = {
    "connect_timeout": int(PATIENCE),
    "tcp_user_timeout": int(PATIENCE * 1000),
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
}
"""After how long a server that has vanished without a word is given up: what libpq leaves to the system may take hours."""

_LOCK = 0x5265636F76657279
"""The advisory lock under which the tables are changed: "Recovery"."""

_RACES = frozenset({"recovery_contacts_once", "recovery_keys_pkey", "recovery_cases_pkey", "recovery_cases_reference_key"})
_RACED = frozenset({"40001", "40P01"})

# A statement that opens a table, here one of the catalog, first hears what others have made. Without one, who has waited for the
# lock would go on believing what it was told before: that there is no such table.
_THERE = "SELECT count(*) > 0 FROM pg_class WHERE oid = to_regclass('recovery_schema')"
_VERSION = "SELECT version FROM recovery_schema"

_AGAIN = "Nothing was half saved. See that the server runs and can be reached, and do it again."
_WRONG: Mapping[str, tuple[str, str]] = {
    "23": ("its rows contradict what is to be saved", "Run doctor() to see what is wrong; nothing was saved."),
    "25006": ("it is read-only", "Connect to the primary server; nothing was saved."),
    "25P02": ("your transaction has failed already", "Roll it back, and do all of it again."),
    "28": ("it does not let this user in", "Check user and password in the connection string."),
    "3D000": ("there is no such database", "Make it first: createdb NAME"),
    "42501": ("this user may not do that", "Give the user rights on the tables recovery_..., and on the schema they are in."),
    "42P01": ("its tables are not there", "Make them: recovery schema upgrade, or run what recovery schema sql prints."),
    "53": ("the server has no more room or connections", "Free some, and do it again; nothing was half saved."),
    "55P03": ("somebody else has kept it locked too long", "Do it again; if it stays so, end who holds the lock."),
    "57P03": ("it is starting or stopping", "Wait a moment and do it again; nothing was half saved."),
    "57014": (
        "a statement took too long and was cancelled",
        "Do it again; if it stays so, look for a lock.",
    ),
}


_PASSING = frozenset(("08", "53", "57P01", "57P02", "57P03", "55P03"))
"""The codes of what may pass by itself: no connection, no room, a server that stops or starts, a lock."""

_SAID = (
    ("password", "28"),
    ("role ", "28"),
    ("pg_hba", "28"),
    ("too many", "53"),
    ("slots are", "53"),
    ("database system is", "57P03"),
    ("database ", "3D000"),
)
"""What PostgreSQL says where no connection came about: there is no code, but words. In another language they go unnoticed."""


class Pool:
    """The connections of one store."""

    def __init__(self, conninfo: str, *, connections: int, prepare: bool) -> None:
        self._conninfo = conninfo
        self._connections = connections
        self.where = _named(conninfo)
        self._limits = _limits(conninfo)
        self._kwargs: dict[str, object] = {"autocommit": True, "prepare_threshold": 5 if prepare else None, **self._limits}
        self._closed = self._stricter = False
        self._pid = os.getpid()
        self._pool = self._made()

    @property
    def dialect(self) -> Dialect:
        """PostgreSQL."""
        return POSTGRES

    @property
    def joined(self) -> bool:
        """The transactions are our own."""
        return False

    def close(self) -> None:
        """Close the connections of this process. What comes afterwards is refused."""
        self._closed = True
        if self._pid == os.getpid():
            self._pool.close()

    def _made(self) -> ConnectionPool[Connection]:
        try:
            from psycopg_pool import ConnectionPool  # noqa: PLC0415
        except ImportError:
            raise MissingExtra("psycopg_pool", "postgres") from None
        return ConnectionPool(
            self._conninfo,
            kwargs=self._kwargs,
            min_size=0,
            max_size=self._connections,
            timeout=PATIENCE,
            reconnect_timeout=PATIENCE,  # who waits while the server is away is served when it is back
            open=True,
            name="recovery",
        )

    # ---------------------------------------------------------------- transactions

    def take(self) -> tuple[ConnectionPool[Connection], Connection]:
        """Take a connection for a while; it goes back to the pool that is given with it. Raises ``StoreUnusable``."""
        if self._closed:
            raise StoreUnusable(self.where, "it has been closed", "Open another store on the database.")
        if self._pid != os.getpid():
            # The threads of a pool do not live on in a forked child, and its connections are the parent's.
            self._pid, self._pool = os.getpid(), self._made()
        import psycopg  # noqa: PLC0415  (an extra)
        import psycopg_pool  # noqa: PLC0415

        pool = self._pool
        try:
            return pool, pool.getconn()
        except psycopg_pool.PoolTimeout as error:
            self.reach()  # where that fails, it says better why than a pool does
            raise unusable(self.where, error) from error
        except (psycopg.Error, psycopg_pool.PoolClosed) as error:
            raise unusable(self.where, error) from error

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session for single statements that read."""
        return _Lease(self)

    @contextmanager
    def reading_at_once(self) -> Generator[Session, None, None]:
        """Give a session on which several statements see the same state."""
        with self._transaction() as session:
            session.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield session

    def writing(self, *, single: bool = False) -> AbstractContextManager[Session]:
        """Give a session on which everything is stored, or nothing. A single statement is a transaction of its own."""
        return _Lease(self) if single else self._transaction()

    @contextmanager
    def _transaction(self) -> Generator[Session, None, None]:
        lease = _Lease(self)
        with lease as session, lease.connection.transaction():
            yield session

    @contextmanager
    def claiming(self) -> Generator[Session, None, None]:
        """Give a session for a single statement that claims.

        It passes by what others claim, which a stricter isolation level of the database forbids: where one shows, the next
        statement gets a transaction of its own that is not stricter than it must be.
        """
        try:
            with self.writing(single=not self._stricter) as session:
                if self._stricter:
                    session.run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                yield session
        except Raced:
            self._stricter = True
            raise

    def faults(self) -> tuple[str, ...]:
        """PostgreSQL checks its own files (``amcheck``, checksums), and not on request of a client."""
        return ()

    def reach(self) -> None:
        """See that the server lets us in, past the pool, which keeps trying and says nothing. Raises ``StoreUnusable``."""
        import psycopg  # noqa: PLC0415  (an extra)
        from psycopg.conninfo import make_conninfo  # noqa: PLC0415

        try:
            psycopg.connect(make_conninfo(self._conninfo, **self._limits)).close()
        except psycopg.Error as error:
            raise unusable(self.where, error) from error

    # ---------------------------------------------------------------- schema

    def prepare(self, *, upgrade: bool) -> int:
        """Make the tables, or bring them up to date; or see that they are. Return the version that was there, 0 for none."""
        self.reach()
        with self.writing() as session:
            # Whoever has waited for the lock must see what was made meanwhile, whatever the database's own default says.
            session.run("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            return (upgrade_schema if upgrade else check_schema)(session, self.where)


class _Lease:
    """A connection of a pool for as long as it is used; what psycopg reports meanwhile is raised as ``StoreUnusable``.

    A class, and not a function that yields, and without the pool's own, which would commit what has committed itself: every command
    passes here several times.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def __enter__(self) -> Session:
        self._home, self.connection = self._pool.take()
        return session_on(self.connection)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        import psycopg  # noqa: PLC0415  (an extra)

        self._home.putconn(self.connection)
        if isinstance(error, psycopg.Error):
            raise unusable(self._pool.where, error) from error


def _limits(conninfo: str) -> dict[str, int]:
    """Return the limits that a connection string does not set itself."""
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  (an extra)

    return {name: limit for name, limit in _LIMITS.items() if name not in conninfo_to_dict(conninfo)}


def upgrade_schema(session: Session, where: str) -> int:
    """Bring the tables up to date, in the transaction that is open; return the version they had, 0 where there were none.

    Two processes that do it at once wait for each other.
    """
    there = _version(session)
    if there != schema.VERSION:
        session.run("SELECT pg_advisory_xact_lock(?)", (_LOCK,))
        there = _version(session)
    if there > schema.VERSION:
        raise schema.newer(where, there)
    for step in schema.steps("postgres"):
        session.script(step.statements if step.version > there else ())
    if there != schema.VERSION:
        session.run("UPDATE recovery_schema SET version = ?", (schema.VERSION,))
    return there


def check_schema(session: Session, where: str) -> int:
    """Return the version of the tables. Raises ``StoreUnusable`` where they are not there, or of another version than is needed."""
    there = _version(session)
    if there > schema.VERSION:
        raise schema.newer(where, there)
    if there < schema.VERSION:
        raise schema.older(where, there)
    return there


def _version(session: Session) -> int:
    there = session.one(_THERE)
    found = session.one(_VERSION) if there is not None and there[0] else None
    return 0 if found is None else int(found[0])


# ---------------------------------------------------------------- sessions and errors


def session_on(connection: psycopg.Connection[Any]) -> Session:
    """Return a session on a connection of psycopg, whatever kind of cursor and of rows its owner has set on it."""
    import psycopg  # noqa: PLC0415  (an extra)
    from psycopg.rows import tuple_row  # noqa: PLC0415

    def execute(sql: str, values: Sequence[object]) -> Cursor:
        # Binary, because the text of an instant depends on the DateStyle that somebody has set.
        return psycopg.Cursor(connection, row_factory=tuple_row).execute(_literal(sql), values, binary=True)

    def execute_many(sql: str, rows: Sequence[Sequence[object]]) -> Cursor:
        cursor = psycopg.Cursor(connection, row_factory=tuple_row)
        cursor.executemany(_literal(sql), rows)
        return cursor

    return Session(POSTGRES, execute, execute_many, "%s")


@lru_cache(maxsize=512)
def _literal(sql: str) -> bytes:
    # psycopg wants text that stands in a source file, or bytes; every statement of ours does stand in one.
    return sql.encode()


def unusable(where: str, error: Exception) -> StoreUnusable:
    """Return what an error of psycopg means, with the way out: :class:`Raced` where somebody else was faster."""
    state = getattr(error, "sqlstate", None) or ""
    constraint = getattr(getattr(error, "diag", None), "constraint_name", None)
    if state in _RACED or (state == "23505" and constraint in _RACES):
        return Raced(where, "somebody else was faster", "Load the case and decide again.")
    first = (str(error).splitlines() or [type(error).__name__])[0]
    hint = next((_WRONG[code][1] for words, code in _SAID if words in str(error)), _AGAIN)
    why, way_out = _WRONG.get(state) or _WRONG.get(state[:2]) or (f"PostgreSQL says: {first}", hint)
    return StoreUnusable(where, why, way_out, passing=_passes(error, state, hint))


def _passes(error: Exception, state: str, hint: str) -> bool:
    """Whether it may pass by itself: a server that is away, that has no room, or whose name is not known yet, may come."""
    import psycopg  # noqa: PLC0415  (an extra)

    if state:
        return state[:2] in _PASSING or state in _PASSING
    # Where no connection came about there is no code: what is not known by its words to be wrong for good, may pass.
    return isinstance(error, psycopg.OperationalError) and hint in (_AGAIN, _WRONG["53"][1], _WRONG["57P03"][1])


def _named(conninfo: str) -> str:
    try:
        from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415
    except ImportError:
        raise MissingExtra("psycopg", "postgres") from None
    try:
        told = conninfo_to_dict(conninfo)
    except Exception as error:
        raise StoreUnusable("conninfo", "it is no connection string", 'Write one: "postgresql://user@host/name".') from error
    name, host, port = (told.get(part) or "" for part in ("dbname", "host", "port"))
    return f"{name or 'the default database'}{f' on {host}' if host else ''}{f':{port}' if port else ''}"
