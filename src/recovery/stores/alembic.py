"""The tables in a database that Alembic migrates: the same SQL, from revisions of your own.

``recovery`` keeps no version table of Alembic's and adds no branch to your history: a revision of yours calls :func:`upgrade`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

from recovery.core.errors import InvalidValue, MissingExtra
from recovery.core.values import invalid
from recovery.stores.sql import schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, Executable

__all__ = ["downgrade", "include_name", "upgrade"]

_DIALECTS = {"sqlite": "sqlite", "postgresql": "postgres"}


class _Dialect(Protocol):
    @property
    def name(self) -> str: ...


class _Context(Protocol):
    as_sql: bool

    @property
    def dialect(self) -> _Dialect: ...


class Operations(Protocol):
    """What is needed of ``alembic.op``."""

    def get_context(self) -> _Context:
        """Return the context of the migration."""
        ...

    def get_bind(self) -> Connection:
        """Return the connection that is migrated."""
        ...

    def execute(self, statement: Executable, /) -> None:
        """Run a statement, or print it with ``--sql``."""
        ...


def upgrade(op: Operations, *, after: int = 0, to: int) -> None:
    """Bring the tables from version ``after`` of the schema (0: there are none) to version ``to``; ``op`` is ``alembic.op``.

    Write the numbers down in the revision, so that it does the same for ever; ``recovery schema check`` tells the present one.
    It is done whole or not at all, in SQLite too. ``alembic upgrade --sql`` prints the statements.

    Raises :class:`~recovery.core.errors.InvalidValue` for a version that this
    library does not know, and for another database than SQLite and PostgreSQL.
    """
    name = op.get_context().dialect.name
    if name not in _DIALECTS:
        raise InvalidValue(
            "the migration", [invalid("op", f"{name} is a database that is not supported", "Use PostgreSQL or SQLite.")]
        )
    _run(op, schema.statements(_DIALECTS[name], after=after, to=to))


def downgrade(op: Operations) -> None:
    """Drop the tables, with everything in them."""
    _run(op, schema.dropping())


def include_name(name: str | None, type_: str, parent_names: Mapping[str, str | None]) -> bool:
    """Keep ``--autogenerate`` from dropping the tables: for ``context.configure(include_name=...)`` in ``env.py``."""
    return not (type_ == "table" and name in schema.TABLES)


def _run(op: Operations, statements: Iterable[str]) -> None:
    try:
        from sqlalchemy import DDL  # noqa: PLC0415  (an extra)
    except ImportError:
        raise MissingExtra("sqlalchemy", "sqlalchemy") from None
    if op.get_context().dialect.name == "sqlite" and not op.get_context().as_sql:
        _begin(op.get_bind())
    for statement in statements:
        op.execute(DDL(statement))  # type: ignore[no-untyped-call]  # SQLAlchemy's own


def _begin(connection: Connection) -> None:
    """Begin a transaction of SQLite, which Alembic ends with the revision: the driver itself begins none to make tables."""
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction and getattr(driver, "autocommit", None) is not True:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
