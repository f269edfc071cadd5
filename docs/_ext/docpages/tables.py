"""The tables of the SQL stores, from the files of SQL and the comments in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from attrs import frozen

from recovery.stores.sql import schema

__all__ = ["Column", "Index", "Table", "page", "tables"]

_TABLE = re.compile(r"CREATE TABLE (recovery_\w+) \((.*?)\)(?: WITH \((.*)\))?(?: WITHOUT ROWID)?", re.DOTALL)
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX (\w+) ON (\w+) (.*)", re.DOTALL)
_COMMENT = re.compile(r"COMMENT ON (?:TABLE|COLUMN|INDEX) (\S+) IS '(.*)'", re.DOTALL)
_PARTS = re.compile(r",\s*\n\s*")


@frozen
class Column:
    """A column: its name, and what stands behind it."""

    name: str
    declared: str


@frozen
class Index:
    """An index: its name, and over what it is."""

    name: str
    over: str
    unique: bool


@frozen
class Table:
    """A table: its columns, the conditions that stand for themselves, its settings and its indexes."""

    name: str
    columns: tuple[Column, ...]
    conditions: tuple[str, ...]
    settings: str
    indexes: tuple[Index, ...]


@cache
def tables(dialect: str) -> Mapping[str, Table]:
    """Return every table of ``sqlite`` or ``postgres`` as a new database has it, by name."""
    statements = schema.statements(dialect)
    indexes = [(m[3], Index(m[2], " ".join(m[4].split()), bool(m[1]))) for text in statements if (m := _INDEX.fullmatch(text))]
    made = (m for text in statements if (m := _TABLE.fullmatch(text)))
    return {m[1]: _table(m, tuple(index for table, index in indexes if table == m[1])) for m in made}


def _table(found: re.Match[str], indexes: tuple[Index, ...]) -> Table:
    parts = [" ".join(part.split()) for part in _PARTS.split(found[2].strip())]
    if found[2].count("\n") == 0:
        parts = [part.strip() for part in found[2].split(",")]
    columns = tuple(Column(*part.split(" ", 1)) for part in parts if part.split(" ", 1)[0].islower())
    conditions = tuple(part for part in parts if not part.split(" ", 1)[0].islower())
    return Table(found[1], columns, conditions, found[3] or "", indexes)


def comments() -> Mapping[str, str]:
    """Return what is said about each table, column (``table.column``) and index."""
    found = (m for text in schema.statements("postgres") if (m := _COMMENT.fullmatch(text)))
    return {m[1]: m[2].replace("''", "'") for m in found}


def page() -> str:
    """Return every table with its columns and indexes, those that others refer to first."""
    return "\n".join(line for name in schema.TABLES for line in _entry(name))


def _entry(name: str) -> Iterator[str]:
    told, postgres, sqlite = comments(), tables("postgres")[name], tables("sqlite")[name]
    yield from (f"### {name}", "", told[name], "", "| column | PostgreSQL | SQLite | what it is |", "|---|---|---|---|")
    theirs = {column.name: column.declared for column in sqlite.columns}
    for column in postgres.columns:
        other = f"`{theirs[column.name]}`" if column.name in theirs else "not there"
        yield f"| `{column.name}` | `{column.declared}` | {other} | {told[f'{name}.{column.name}']} |"
    yield ""
    if postgres.conditions:
        yield f"Beside them: {', '.join(f'`{condition}`' for condition in postgres.conditions)}."
        yield ""
    if postgres.indexes:
        yield from ("| index | over | what it serves |", "|---|---|---|")
        for index in postgres.indexes:
            yield f"| `{index.name}` | {'unique, ' if index.unique else ''}`{index.over}` | {told[index.name]} |"
        yield ""
    if postgres.settings:
        yield from (f"PostgreSQL is told: `{postgres.settings}`.", "")
