"""Big tables: one real case, opened by a desk, multiplied by the database itself, so that a million of them take minutes at most.

Every copy is a whole case with an id, a reference, an owner (one of a thousand) and a next look of its own. A fifth of them is
overdue by up to ten days, the rest comes due in the next forty, in no order of their ids. Above a million a copy has no words.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from attrs import frozen

from benchmarks.grounds import LASTING, SQLITE, Closing, Kind, in_percents, server
from benchmarks.sample import NOW, POLICY, letter
from recovery import Desk, SQLiteStore

__all__ = ["OWNERS", "Filled", "filled", "fresh", "owner"]

OWNERS = 1_000
DAYS = 50
"""Over how many days the next looks are spread."""
WORDS = 1_000_000
"""Up to how many cases each has its words."""

NUMBERED = {"position", "txid"}
"""Columns that number themselves."""

Rows = Callable[[str, Sequence[object]], Sequence[Sequence[Any]]]
"""Runs one statement, a transaction of its own, with its values, and returns what it found."""


@frozen(kw_only=True)
class SQL:
    """What the two dialects say differently, each about the number ``i`` of a copy."""

    numbers: str
    case_id: str
    wake_at: str
    digest: str
    columns: str


IN_SQLITE = SQL(
    numbers="WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {many})",
    case_id="printf('%032x', i)",
    wake_at="strftime('%Y-%m-%dT%H:%M:%S', {epoch}, 'unixepoch') || '.000000Z'",
    digest="randomblob(16)",
    columns="SELECT name FROM pragma_table_info(?)",
)
IN_POSTGRES = SQL(
    numbers="WITH numbers(i) AS (SELECT generate_series(1::bigint, {many}))",
    case_id="lpad(to_hex(i), 32, '0')",
    wake_at="to_timestamp({epoch})",
    digest="decode(md5(random()::text), 'hex')",
    columns="SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position",
)


@frozen(kw_only=True)
class Filled:
    """A database full of cases. ``store`` opens a store on it, ``rows`` is a bare connection, ``snapshot`` keeps one open."""

    where: str
    store: Callable[[], Closing]
    rows: Rows
    snapshot: Callable[[], AbstractContextManager[None]]


def owner(number: int) -> str:
    """Return one of the owners."""
    return f"owner-{number % OWNERS}"


@cache
def filled(kind: Kind, many: int, name: str = "") -> Filled:
    """Return a database with ``many`` cases, one of that name for all measurements of this run."""
    return LASTING.enter_context(fresh(kind, many, whole=name == "whole"))


@contextmanager
def fresh(kind: Kind, many: int, *, whole: bool = False) -> Iterator[Filled]:
    """Lend a database with ``many`` cases; ``whole`` with their histories, messages and what they are found by, too."""
    with _sqlite() if kind is SQLITE else _postgres() as made:
        _multiply(made, IN_SQLITE if kind is SQLITE else IN_POSTGRES, many, whole=whole)
        yield made


def _multiply(made: Filled, sql: SQL, many: int, *, whole: bool) -> None:
    with made.store() as store:
        case_id = Desk(store=store, policy=POLICY, now=lambda: NOW).receive(letter(0)).case.id
    for table in ("cases", "wakes", "events", "outbox", "lookups") if whole else ("cases", "wakes"):
        made.rows(_copies(f"recovery_{table}", made.rows, sql, case_id, many - 1), ())
    if sql is IN_POSTGRES:
        # As its autovacuum would, after a while; SQLite is never told to.
        made.rows("VACUUM ANALYZE", ())


def _copies(table: str, rows: Rows, sql: SQL, case_id: str, many: int) -> str:
    names = [str(row[0]) for row in rows(sql.columns, (table,)) if row[0] not in NUMBERED]
    values = ", ".join(_value(name, sql, case_id, many) for name in names)
    numbers = sql.numbers.format(many=many)
    # The real row is named by its id, so that it alone is multiplied, and none of the copies.
    found = f"SELECT {values} FROM {table} AS real, numbers WHERE real.case_id = '{case_id}'"
    return f"{numbers} INSERT INTO {table} ({', '.join(names)}) {found}"


def _value(name: str, sql: SQL, case_id: str, many: int) -> str:
    words = f"replace(real.{name}, '{case_id}', {sql.case_id})"
    own = f"""replace({words}, '"owner":"ana"', '"owner":"owner-' || (i % {OWNERS}) || '"')"""
    epoch = f"{int(NOW.timestamp())} + ((i * 48271) % 2147483647 % {many} - {many // 5}) * {DAYS * 86_400} / {many}"
    told: Mapping[str, str] = {
        "case_id": sql.case_id,
        "reference": "'copy-' || i",
        "owner": f"'owner-' || (i % {OWNERS})",
        "message_id": words,
        "public": own if many <= WORDS else "'{}'",
        "personal": own if many <= WORDS else "NULL",
        "wake_at": sql.wake_at.format(epoch=epoch),
        "digest": sql.digest,
    }
    return told.get(name, f"real.{name}")


# ---------------------------------------------------------------- the two databases


@contextmanager
def _sqlite() -> Iterator[Filled]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.db"
        with SQLiteStore(path):
            pass
        bare = sqlite3.connect(path, isolation_level=None, timeout=60)
        bare.execute("PRAGMA synchronous = OFF")
        yield Filled(
            where=str(path),
            store=partial(SQLiteStore, path),
            rows=lambda statement, values: bare.execute(statement, tuple(values)).fetchall(),
            snapshot=lambda: _old_in_sqlite(path),
        )
        bare.close()


@contextmanager
def _old_in_sqlite(path: Path) -> Iterator[None]:
    old = sqlite3.connect(path, isolation_level=None)
    old.execute("BEGIN")
    old.execute("SELECT count(*) FROM recovery_timings").fetchone()
    yield
    old.close()


@contextmanager
def _postgres() -> Iterator[Filled]:
    import psycopg  # noqa: PLC0415

    from recovery.stores.postgres import PostgresStore  # noqa: PLC0415

    with server().database() as database, psycopg.connect(database.conninfo, autocommit=True) as bare:
        with PostgresStore(database.conninfo):
            pass

        def rows(statement: str, values: Sequence[object]) -> Sequence[Sequence[Any]]:
            # Without values nothing in a statement is a mark, and a modulo is one.
            found = bare.execute(in_percents(statement), values) if values else bare.execute(in_percents(statement))
            return found.fetchall() if found.description else ()

        yield Filled(
            where=database.conninfo,
            store=partial(PostgresStore, database.conninfo),
            rows=rows,
            snapshot=lambda: _old_in_postgres(database.conninfo),
        )


@contextmanager
def _old_in_postgres(conninfo: str) -> Iterator[None]:
    import psycopg  # noqa: PLC0415

    with psycopg.connect(conninfo) as old:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT count(*) FROM recovery_timings")
        yield
        old.rollback()
