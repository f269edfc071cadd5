"""Where the two dialects differ, in one place; every statement is written once, with ``?`` for its values."""

from __future__ import annotations

from attrs import frozen

__all__ = ["POSTGRES", "SQLITE", "Dialect"]


@frozen(kw_only=True)
class Dialect:
    """A dialect: the ``name`` of its files of SQL, what leaves rows that somebody else holds alone, and the earliest instant."""

    name: str
    skip_locked: str
    earliest: str


SQLITE = Dialect(name="sqlite", skip_locked="", earliest="")
POSTGRES = Dialect(name="postgres", skip_locked="FOR UPDATE SKIP LOCKED", earliest="-infinity")
