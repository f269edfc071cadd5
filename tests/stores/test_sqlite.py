"""The store in one SQLite file keeps the contract, between threads, stores, processes, and when something fails."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from recovery.stores.sqlite import SQLiteStore, file
from recovery.testing import contracts


@contextmanager
def fresh() -> Generator[SQLiteStore, None, None]:
    """Yield an empty store on a file of its own."""
    with tempfile.TemporaryDirectory() as folder, SQLiteStore(Path(folder) / "recovery.db") as store:
        yield store


def reopen(store: SQLiteStore) -> Callable[[], SQLiteStore]:
    """Return what opens the file once more."""
    return partial(SQLiteStore, store.path)


@contextmanager
def fragile(faults: contracts.Faults) -> Generator[SQLiteStore, None, None]:
    """Yield an empty store whose connections fail when they are told to."""
    connect = file._connect
    with patch.object(file, "_connect", lambda path: faults.wrap(connect(path), sqlite3.OperationalError)), fresh() as store:
        yield store


def run(store: SQLiteStore, statement: str, *values: object) -> None:
    """Run a statement on the file behind the store's back."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute(statement, values)


def lose_event(store: SQLiteStore, case_id: str, seq: int) -> None:
    """Delete one event."""
    run(store, "DELETE FROM recovery_events WHERE case_id = ? AND seq = ?", case_id, seq)


def garble(store: SQLiteStore, case_id: str) -> None:
    """Make what is stored of one case unreadable."""
    for table in ("recovery_cases", "recovery_events", "recovery_outbox"):
        run(store, f"UPDATE {table} SET public = '?' WHERE case_id = ?", case_id)


CHECKS = contracts.store_checks(
    fresh,
    reopen=reopen,
    processes=True,
    fragile=fragile,
    spoil=SQLiteStore.close,
    lose_event=lose_event,
    garble=garble,
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_sqlite_keeps(check: contracts.Check) -> None:
    """Every obligation of a store is kept."""
    check()
