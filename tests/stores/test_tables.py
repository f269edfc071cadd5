"""The tables as a database administrator meets them: everything says what it is for, in both dialects alike."""

from __future__ import annotations

import pytest

from docpages import tables
from recovery.stores.postgres import PostgresStore
from recovery.stores.sql import schema
from servers import Database

ONLY_THERE = {"recovery_events.txid"}
"""What SQLite, with its one writer at a time, does not need."""


def columns(dialect: str) -> set[str]:
    """Return every column of a dialect, with its table."""
    return {f"{name}.{column.name}" for name, table in tables.tables(dialect).items() for column in table.columns}


def test_every_table_column_and_index_says_what_it_is(one_database: Database) -> None:
    """An administrator who looks into the database reads what everything serves, without this documentation."""
    PostgresStore(one_database.conninfo).close()
    with one_database.connect() as connection:
        untold = connection.execute(
            """SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
            WHERE c.relname LIKE 'recovery_%' AND c.relkind = 'r' AND a.attnum > 0 AND col_description(c.oid, a.attnum) IS NULL
            UNION ALL SELECT c.relname, '' FROM pg_class AS c
            WHERE c.relname LIKE 'recovery_%' AND c.relkind IN ('r', 'i') AND obj_description(c.oid, 'pg_class') IS NULL
                AND NOT EXISTS (SELECT 1 FROM pg_constraint AS k WHERE k.conindid = c.oid)"""
        ).fetchall()
        there = connection.execute(
            """SELECT c.relname, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
            WHERE c.relname LIKE 'recovery_%' AND c.relkind = 'r' AND a.attnum > 0"""
        ).fetchall()
    assert untold == []
    assert {f"{table}.{column}" for table, column in there} == columns("postgres") == set(filter(_column, tables.comments()))


def _column(name: str) -> bool:
    return "." in name


def test_both_dialects_have_the_same_tables() -> None:
    """What is said of one holds for the other."""
    assert set(tables.tables("sqlite")) == set(tables.tables("postgres")) == set(schema.TABLES)
    assert columns("postgres") - columns("sqlite") == ONLY_THERE
    assert columns("sqlite") < columns("postgres")
    indexes = {
        dialect: {index.name for table in tables.tables(dialect).values() for index in table.indexes}
        for dialect in ("sqlite", "postgres")
    }
    assert indexes["postgres"] - indexes["sqlite"] == {"recovery_events_feed"}
    assert indexes["sqlite"] <= indexes["postgres"]


@pytest.mark.parametrize("name", schema.TABLES)
def test_the_page_has_every_table_with_its_columns_and_indexes(name: str) -> None:
    """The page for the administrator is made from the SQL, and leaves nothing out."""
    table, page = tables.tables("postgres")[name], tables.page()
    assert f"### {name}\n" in page
    assert all(f"| `{column.name}` | `{column.declared}` |" in page for column in table.columns)
    assert all(f"| `{index.name}` |" in page for index in table.indexes)
