"""Databases of PostgreSQL with the tables of a desk in them: new ones for single tests, one that is emptied for the many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from recovery.stores.postgres import PostgresStore
from recovery.stores.sql.schema import TABLES
from servers import Database, Server

EMPTIED = tuple(table for table in reversed(TABLES) if table != "recovery_schema")


def make_tables(conninfo: str) -> None:
    """Make the tables."""
    PostgresStore(conninfo).close()


@contextmanager
def lent(server: Server) -> Iterator[Database]:
    """Lend a database with empty tables."""
    with server.database("desk", make_tables) as database:
        yield database


@pytest.fixture
def desk_database(postgres_server: Server) -> Iterator[Database]:
    """A database with the tables of a desk, on each version."""
    with lent(postgres_server) as database:
        yield database


@pytest.fixture
def one_desk_database(one_server: Server) -> Iterator[Database]:
    """A database with the tables of a desk, where the version makes no difference."""
    with lent(one_server) as database:
        yield database


@pytest.fixture(scope="module")
def shared_database(postgres_server: Server) -> Iterator[Database]:
    """One database for many tests, on each version."""
    with lent(postgres_server) as database:
        yield database


@pytest.fixture(scope="module")
def one_shared_database(one_server: Server) -> Iterator[Database]:
    """One database for many tests, where the version makes no difference."""
    with lent(one_server) as database:
        yield database


@pytest.fixture(scope="module")
def newest_shared_database(newest_server: Server) -> Iterator[Database]:
    """One database for many tests, on the newest version."""
    with lent(newest_server) as database:
        yield database


@pytest.fixture
def newest_emptied(newest_shared_database: Database) -> Callable[[], str]:
    """What empties that one."""
    return partial(empty, newest_shared_database)


@pytest.fixture
def emptied(shared_database: Database) -> Callable[[], str]:
    """What empties the tables of the shared database and returns where it is: quicker than a database for each test."""
    return partial(empty, shared_database)


@pytest.fixture
def one_emptied(one_shared_database: Database) -> Callable[[], str]:
    """The same, where the version makes no difference."""
    return partial(empty, one_shared_database)


def empty(database: Database) -> str:
    """Empty the tables of a desk, and return where they are."""
    with database.connect() as connection:
        for table in EMPTIED:
            connection.execute(f"DELETE FROM {table}".encode())
    return database.conninfo
