"""The tables, step by step: numbered files of SQL for each dialect, which lead from one version of the schema to the next.

A file that has been released never changes again. Both dialects share the numbers; PostgreSQL began at version 3. In SQLite
instants are UTC text of fixed width, so that text compares as time does. What is personal lies in the columns ``personal`` and
``last_error`` alone. ``recovery_cases`` and ``recovery_wakes`` are caches of the events.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from attrs import frozen

from recovery.core.errors import StoreUnusable

__all__ = ["APPLICATION_ID", "TABLES", "VERSION", "Step", "newer", "script", "steps"]

APPLICATION_ID = 0x52435652
"""What tells a file of ours from other SQLite files (``PRAGMA application_id``): "RCVR"."""

VERSION = 3
"""The version that this library reads and writes."""

TABLES = tuple(f"recovery_{name}" for name in ("cases", "wakes", "events", "outbox", "lookups", "keys", "timings", "schema"))
"""Every table, those that others refer to first."""

_END = re.compile(r";[ \t]*(?:\n|\Z)")
_COMMENT = re.compile(r"^--[^\n]*\n", re.MULTILINE)


@frozen
class Step:
    """What leads to ``version``: the statements, one by one, and the whole text as it stands in the package."""

    version: int
    statements: tuple[str, ...]
    text: str


@cache
def steps(dialect: str) -> tuple[Step, ...]:
    """Return every step of ``sqlite`` or ``postgres``, in order."""
    folder = files(__name__) / dialect
    found = sorted((entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(Step(int(name.removesuffix(".sql")), _statements(text), text) for name, text in found)


def _statements(text: str) -> tuple[str, ...]:
    parts = (_COMMENT.sub("", part).strip() for part in _END.split(text))
    return tuple(part for part in parts if part)


def script(dialect: str, after: int = 0) -> str:
    """Return the SQL that leads from version ``after`` to :data:`VERSION`, for a migration of the host's own."""
    parts = [
        f"{step.text}\nUPDATE recovery_schema SET version = {step.version};\n" for step in steps(dialect) if step.version > after
    ]
    return "\n".join(parts)


def newer(where: str, version: int) -> StoreUnusable:
    """Return the error about a schema that a later version of the library has made."""
    why = f"its schema has version {version}, and this library knows versions up to {VERSION}"
    return StoreUnusable(where, why, "Upgrade customer-recovery: a newer version has written this.")
