"""The store on PostgreSQL keeps the contract on each version, between threads and processes, and when something fails."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest

from recovery.stores.postgres import PostgresStore, pool
from recovery.stores.sql.session import Cursor, Session
from recovery.stores.sql.store import SQLStore
from recovery.stores.sqlite import SQLiteStore
from recovery.testing import contracts

WHERE: list[Callable[[], str]] = []
"""Where the checks make their stores: what the fixture says, since the checks are there before it."""


@contextmanager
def fresh() -> Generator[SQLStore, None, None]:
    """Yield a store on empty tables; while tests are collected, when only its ports are asked for, one in a file."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        store = PostgresStore(WHERE[-1](), upgrade=False) if WHERE else SQLiteStore(folder / "recovery.db")
        yield stack.enter_context(store)


def reopen(store: PostgresStore) -> Callable[[], PostgresStore]:
    """Return what opens the database once more."""
    return partial(PostgresStore, conninfo(store), upgrade=False)


def conninfo(store: PostgresStore) -> str:
    """Return where a store is."""
    return store._pool._conninfo


@contextmanager
def fragile(faults: contracts.Faults) -> Generator[SQLStore, None, None]:
    """Yield an empty store whose statements fail when they are told to."""
    made = pool.session_on

    def failing(connection: psycopg.Connection) -> Session:
        session = made(connection)

        def execute(sql: str, values: Sequence[object]) -> Cursor:
            faults.hit(sql, psycopg.OperationalError)
            return session.execute(sql, values)

        return Session(session.dialect, execute, session.execute_many, session.mark)

    with patch.object(pool, "session_on", failing), fresh() as store:
        yield store


def run(store: PostgresStore, statement: str, *values: object) -> None:
    """Run a statement behind the store's back."""
    with psycopg.connect(conninfo(store)) as connection:
        connection.execute(statement.encode(), values)


def lose_event(store: PostgresStore, case_id: str, seq: int) -> None:
    """Delete one event."""
    run(store, "DELETE FROM recovery_events WHERE case_id = %s AND seq = %s", case_id, seq)


def garble(store: PostgresStore, case_id: str) -> None:
    """Make what is stored of one case unreadable."""
    for table in ("recovery_cases", "recovery_events", "recovery_outbox"):
        run(store, f"UPDATE {table} SET public = '?' WHERE case_id = %s", case_id)


CHECKS = contracts.store_checks(
    fresh,
    reopen=reopen,
    processes=True,
    fragile=fragile,
    spoil=PostgresStore.close,
    lose_event=lose_event,
    garble=garble,
)


ALL = os.environ.get("RECOVERY_FAULTS") == "all"
SLOW = ("every-character", "as-it-was-written", "any-order-of-calls", "process", "survives-a-kill", "half-a-save")
"""What takes seconds, most of them in Python or in starting it: held on the oldest version, and with RECOVERY_FAULTS=all on the
newest as well."""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_oldest_keeps(check: contracts.Check, one_emptied: Callable[[], str]) -> None:
    """Every obligation of a store is kept on the oldest version that is supported and here."""
    WHERE[:] = [one_emptied]
    check()


@pytest.mark.parametrize(
    "check", [check for check in CHECKS if ALL or not any(slow in check.id for slow in SLOW)], ids=lambda check: check.id
)
def test_the_newest_keeps(check: contracts.Check, newest_emptied: Callable[[], str]) -> None:
    """So it is on the newest one."""
    WHERE[:] = [newest_emptied]
    check()
