"""Statements on somebody's connection: all that a store needs of a driver, of SQLAlchemy or of Django."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any, Protocol

from attrs import frozen

from recovery.core.errors import StoreUnusable
from recovery.stores.sql.dialect import Dialect

__all__ = ["Cursor", "Raced", "Row", "Session", "Source"]

Row = tuple[Any, ...]


class Raced(StoreUnusable):
    """Somebody else was faster, and the database says so with an error; what was to be saved is not."""


class Cursor(Protocol):
    """What comes back from a statement."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def fetchall(self) -> Sequence[Any]:
        """Return the rows that were found."""
        ...

    def fetchone(self) -> Any:
        """Return the next row that was found."""
        ...


@frozen
class Session:
    """A connection on which statements run. ``mark`` is what the driver writes for a value: ``?`` or ``%s``."""

    dialect: Dialect
    execute: Callable[[str, Sequence[object]], Cursor]
    execute_many: Callable[[str, Sequence[Sequence[object]]], Cursor]
    mark: str = "?"

    def all(self, sql: str, values: Sequence[object] = ()) -> Sequence[Row]:
        """Return every row that a statement finds."""
        return self.execute(sql if self.mark == "?" else _marked(sql, self.mark), values).fetchall()

    def one(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """Return the first row that a statement finds."""
        found: Row | None = self.execute(sql if self.mark == "?" else _marked(sql, self.mark), values).fetchone()
        return found

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        return self.execute(sql if self.mark == "?" else _marked(sql, self.mark), values).rowcount

    def run_many(self, sql: str, rows: Sequence[Sequence[object]]) -> int:
        """Run a statement for each of ``rows`` and return how many rows were changed in all."""
        if len(rows) == 1:
            return self.run(sql, rows[0])
        return self.execute_many(sql if self.mark == "?" else _marked(sql, self.mark), rows).rowcount if rows else 0

    def script(self, statements: Iterable[str]) -> None:
        """Run statements without values, one after the other."""
        for statement in statements:
            self.execute(statement, ())


@lru_cache(maxsize=512)
def _marked(sql: str, mark: str) -> str:
    # No statement of ours holds a question mark or a per cent sign in any other meaning.
    return sql.replace("?", mark)


class Source(Protocol):
    """Where a store takes its connections from, and what it does about transactions.

    Each context raises ``StoreUnusable`` for whatever the driver reports, with the way out.
    """

    @property
    def dialect(self) -> Dialect:
        """The dialect that is spoken."""
        ...

    @property
    def where(self) -> str:
        """Which database it is, as errors name it; no user and no password."""
        ...

    @property
    def joined(self) -> bool:
        """Whether the transaction is the host's, who alone commits it or rolls it back."""
        ...

    def reading(self) -> AbstractContextManager[Session]:
        """Give a session for single statements that read."""
        ...

    def reading_at_once(self) -> AbstractContextManager[Session]:
        """Give a session on which several statements see one state."""
        ...

    def writing(self, *, single: bool = False) -> AbstractContextManager[Session]:
        """Give a session on which everything is stored or nothing.

        ``single``: one statement stores all by itself. Raises :class:`Raced` where one failed of what others did meanwhile.
        """
        ...

    def claiming(self) -> AbstractContextManager[Session]:
        """Give a session for a single statement that claims, or ends a claim."""
        ...

    def faults(self) -> Sequence[str]:
        """Return what the database itself finds damaged."""
        ...

    def close(self) -> None:
        """Close what was opened here. What comes afterwards is refused."""
        ...
