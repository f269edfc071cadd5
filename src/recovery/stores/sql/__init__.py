"""One store over SQL: one schema and one set of statements for SQLite and PostgreSQL, on connections of its own or of the host."""

from __future__ import annotations

from recovery.stores.sql.store import SQLStore, Waiting

__all__ = ["SQLStore", "Waiting"]
