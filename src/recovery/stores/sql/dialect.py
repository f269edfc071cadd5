"""Where the two dialects differ, in one place; every statement is written once, with ``?`` for its values."""

from __future__ import annotations

from attrs import frozen

__all__ = ["POSTGRES", "SQLITE", "Dialect"]


@frozen(kw_only=True)
class Dialect:
    """A dialect: the ``name`` of its files of SQL, and the earliest instant."""

    name: str
    earliest: str


SQLITE = Dialect(name="sqlite", earliest="")
POSTGRES = Dialect(name="postgres", earliest="-infinity")
