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

from recovery.core.errors import InvalidValue, StoreUnusable
from recovery.core.values import invalid

__all__ = ["APPLICATION_ID", "TABLES", "VERSION", "Step", "dropping", "newer", "older", "script", "statements", "steps"]

APPLICATION_ID = 0x52435652
"""What tells a file of ours from other SQLite files (``PRAGMA application_id``): "RCVR"."""

VERSION = 3
"""The version that this library reads and writes."""

TABLES = tuple(f"recovery_{name}" for name in ("cases", "wakes", "events", "outbox", "lookups", "keys", "timings", "schema"))
"""Every table, those that others refer to first."""

_NAMED = 3
"""From which version on every name begins with recovery_; before that the tables stood in a file of ours."""

_OURS = re.compile(r"CREATE (UNIQUE )?(TABLE|INDEX) recovery_|INSERT INTO recovery_schema ")

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


def statements(dialect: str, *, after: int = 0, to: int = VERSION) -> tuple[str, ...]:
    """Return the statements that lead a database of the host's from version ``after`` (0: nothing is there) to version ``to``.

    Only what begins with ``recovery_`` is touched. Raises :class:`~recovery.core.errors.InvalidValue` for versions that do not
    lead from one to the other.
    """
    if not (after == 0 or after >= _NAMED) or not max(after + 1, _NAMED) <= to <= VERSION:
        hint = f"Versions of a host's database go from {_NAMED} to {VERSION}; after=0 says that there are no tables yet."
        raise InvalidValue("the schema", [invalid("to", f"nothing leads from version {after} to version {to}", hint)])
    found = (step for step in steps(dialect) if after < step.version <= to)
    made = [statement for step in found for statement in step.statements if step.version > _NAMED or _named(dialect, statement)]
    return (*made, f"UPDATE recovery_schema SET version = {to}")


def _named(dialect: str, statement: str) -> bool:
    """Return whether a statement of the steps up to :data:`_NAMED` makes one of the tables as they have been called since."""
    return dialect == "postgres" or _OURS.match(statement) is not None


def script(dialect: str, after: int = 0) -> str:
    """Return the SQL that leads from version ``after`` to :data:`VERSION`, for a host's own migration; none leads from there."""
    if after == VERSION:
        return ""
    found = "".join(f"{statement};\n\n" for statement in statements(dialect, after=after))
    return f"-- The tables of customer-recovery, from version {after} to {VERSION}. Run it in one transaction.\n\n{found}"


def dropping() -> tuple[str, ...]:
    """Return the statements that drop all of it, those tables first that refer to others."""
    return tuple(f"DROP TABLE {name}" for name in reversed(TABLES))


def newer(where: str, version: int) -> StoreUnusable:
    """Return the error about a schema that a later version of the library has made."""
    why = f"its schema has version {version}, and this library knows versions up to {VERSION}"
    return StoreUnusable(where, why, "Upgrade customer-recovery: a newer version has written this.")


def older(where: str, version: int) -> StoreUnusable:
    """Return the error about tables of the host's that have to be brought up to date first, or made."""
    why = f"its tables have version {version}, and {VERSION} is needed" if version else "its tables are not there"
    return StoreUnusable(where, why, "Run your migrations, or: recovery schema upgrade.")
