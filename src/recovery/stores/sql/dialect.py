"""Where the two dialects differ, in one place; every statement is written once, with ``?`` for its values."""

from __future__ import annotations

from attrs import frozen

__all__ = ["POSTGRES", "SQLITE", "Dialect"]


@frozen(kw_only=True)
class Dialect:
    """A dialect: the ``name`` of its files of SQL, the ``earliest`` instant, and what tells whether a row is ``committed``.

    In PostgreSQL that is a row of another transaction than the one that looks, begun before it; in SQLite nothing tells.
    """

    name: str
    earliest: str
    committed: str


SQLITE = Dialect(name="sqlite", earliest="", committed="false")
POSTGRES = Dialect(name="postgres", earliest="-infinity", committed="age(xmin) > 0")
