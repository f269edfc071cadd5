"""``recovery schema``: the tables of a database, and the SQL that makes them."""

from __future__ import annotations

from rich.text import Text

from recovery.cli.console import screen
from recovery.cli.opening import database_of
from recovery.cli.reporting import print_json
from recovery.stores.named import is_postgres, open_store
from recovery.stores.postgres import PostgresStore
from recovery.stores.sql import schema as tables
from recovery.stores.sqlite import SQLiteStore

__all__ = ["checked", "printed", "upgraded"]


def printed(dialect: str | None, after: int, db: str | None, *, as_json: bool) -> int:
    """Print the SQL that leads on from a version, ready to be run."""
    name = dialect or ("postgres" if is_postgres(database_of(db)) else "sqlite")
    sql = tables.script(name, after)
    if as_json:
        print_json({"dialect": name, "after": after, "version": tables.VERSION, "sql": sql})
    else:
        print(sql, end="")
    return 0


def checked(db: str | None, *, as_json: bool) -> int:
    """Say that the tables are up to date. Raises ``StoreUnusable`` where they are not; nothing is changed."""
    with open_store(database_of(db), upgrade=False) as store:
        return _told(store, "is what this program needs", as_json=as_json)


def upgraded(db: str | None, *, as_json: bool) -> int:
    """Make the tables, or bring them up to date."""
    with open_store(database_of(db)) as store:
        before = store.found_version
        changed = f"was made from version {before}" if before else "was made; there was none before"
        return _told(store, "is what was there" if before == tables.VERSION else changed, as_json=as_json)


def _told(store: SQLiteStore | PostgresStore, what: str, *, as_json: bool) -> int:
    if as_json:
        print_json({"db": store.where, "found": store.found_version, "version": tables.VERSION})
    else:
        screen().print(Text(f"{store.where}: version {tables.VERSION} of the tables {what}."), soft_wrap=True)
    return 0
