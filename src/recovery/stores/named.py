"""A database by its name, as people write it into a setting: the path of an SQLite file, or ``postgresql://user@host/name``."""

from __future__ import annotations

import re

from recovery.stores.postgres import PostgresStore
from recovery.stores.sqlite import SQLiteStore

__all__ = ["is_postgres", "open_store"]

_ADDRESS = re.compile(r"postgres(ql)?(\+\w+)?://", re.IGNORECASE)


def is_postgres(name: str) -> bool:
    """Whether a database's name is the address of one of PostgreSQL, and no path."""
    return _ADDRESS.match(name) is not None


def open_store(name: str, *, upgrade: bool = True) -> SQLiteStore | PostgresStore:
    """Open the store that a setting names: ``open_store(os.environ["RECOVERY_DB"])``.

    That is the path of an SQLite file, or the address of a PostgreSQL database (``postgresql://user@host/name``; as SQLAlchemy
    writes it, ``postgresql+psycopg://``, will do). Its tables are made or brought up to date; with ``upgrade=False`` they have to
    be. Raises :class:`~recovery.core.errors.StoreUnusable`, and :class:`~recovery.core.errors.MissingExtra` without psycopg.
    """
    if is_postgres(name):
        return PostgresStore(_ADDRESS.sub("postgresql://", name, count=1), upgrade=upgrade)
    return SQLiteStore(name, upgrade=upgrade)
