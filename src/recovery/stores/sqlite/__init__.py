"""A store in one SQLite file, on the standard library alone: safe for several threads and several processes on one machine."""

from __future__ import annotations

from recovery.stores.sqlite.store import SQLiteStore, Waiting

__all__ = ["SQLiteStore", "Waiting"]
