"""Hosts: each way in which an application may have a transaction open, and the store that joins it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import django
import psycopg
import sqlalchemy
from attrs import define, field, frozen
from django.conf import settings
from django.db import connections, transaction
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.orm import Session

from recovery.stores.django import DjangoStore
from recovery.stores.joined import JoinedStore
from recovery.stores.sql.schema import statements
from recovery.stores.sqlalchemy import SQLAlchemyStore

__all__ = ["HOSTS", "Alchemy", "Djangos", "Host", "Open", "RollBack", "atomic", "host_on", "make_file"]


class RollBack(Exception):
    """The host changes its mind."""


Execute = Callable[[str], Sequence[Any]]


@frozen
class Open:
    """A transaction of the host's: a store inside it, and a way to run statements of the host's own."""

    store: JoinedStore
    execute: Execute


class Host(Protocol):
    """An application with a database of its own, in which the tables of a desk are, and a table ``orders``."""

    name: str

    def transaction(self) -> AbstractContextManager[Open]:
        """Open a transaction; it is committed at the end of the block, and rolled back where that raises."""
        ...

    def outside(self) -> AbstractContextManager[JoinedStore]:
        """Give a store where no transaction is open, nor begins by itself."""
        ...


def make_file(path: Path) -> None:
    """Make the database of a host in a file: its own table, and ours."""
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode = WAL", "CREATE TABLE orders (id integer)", *statements("sqlite")):
        connection.execute(statement)
    connection.close()


# ---------------------------------------------------------------- the drivers themselves


@define
class BareSQLite:
    """An application that uses sqlite3 itself."""

    path: Path
    name: str = "sqlite3"

    @contextmanager
    def transaction(self) -> Iterator[Open]:
        """As the driver does it by itself."""
        connection = sqlite3.connect(self.path)
        try:
            with connection:
                yield Open(JoinedStore(connection), lambda sql: connection.execute(sql).fetchall())
        finally:
            connection.close()

    @contextmanager
    def outside(self) -> Iterator[JoinedStore]:
        """In autocommit, as it is switched on here."""
        connection = sqlite3.connect(self.path, isolation_level=None)
        yield JoinedStore(connection)
        connection.close()


@define
class BarePsycopg:
    """An application that uses psycopg itself."""

    conninfo: str
    isolation: psycopg.IsolationLevel | None = None
    name: str = "psycopg"

    @contextmanager
    def transaction(self) -> Iterator[Open]:
        """As the driver does it by itself."""
        with psycopg.connect(self.conninfo) as connection:
            connection.isolation_level = self.isolation
            yield Open(JoinedStore(connection), lambda sql: _fetched(connection.execute(sql.encode())))

    @contextmanager
    def outside(self) -> Iterator[JoinedStore]:
        """In autocommit."""
        with psycopg.connect(self.conninfo, autocommit=True) as connection:
            yield JoinedStore(connection)


def _fetched(cursor: psycopg.Cursor[Any]) -> Sequence[Any]:
    return cursor.fetchall() if cursor.description else []


# ---------------------------------------------------------------- SQLAlchemy


@define
class Alchemy:
    """An application on SQLAlchemy, with a session or with a connection."""

    url: sqlalchemy.URL | str
    name: str
    connect: Callable[[], Any] | None = None
    sessions: bool = True
    engine: sqlalchemy.Engine = field(init=False)

    def __attrs_post_init__(self) -> None:
        more = {} if self.connect is None else {"creator": self.connect}
        self.engine = sqlalchemy.create_engine(self.url, poolclass=sqlalchemy.NullPool, **more)

    @contextmanager
    def transaction(self) -> Iterator[Open]:
        """A session, or a connection, that begins."""
        with Session(self.engine) if self.sessions else self.engine.connect() as opened, opened.begin():
            yield Open(SQLAlchemyStore(opened), lambda sql: _rows(opened.execute(sqlalchemy.text(sql))))

    @contextmanager
    def outside(self) -> Iterator[JoinedStore]:
        """With the isolation level AUTOCOMMIT."""
        engine = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        with Session(engine) if self.sessions else engine.connect() as opened:
            yield SQLAlchemyStore(opened)


def _rows(result: Any) -> Sequence[Any]:
    return [tuple(row) for row in result] if result.returns_rows else []


# ---------------------------------------------------------------- Django

_numbers = count(1)


def atomic(using: str) -> AbstractContextManager[None]:
    """Return Django's ``atomic()``, with a type."""
    found: Any = transaction.atomic
    made: AbstractContextManager[None] = found(using=using)
    return made


@define
class Djangos:
    """A project of Django, with a database of its own."""

    database: dict[str, object]
    name: str
    alias: str = field(factory=lambda: f"host{next(_numbers)}")

    @contextmanager
    def known(self) -> Iterator[None]:
        """Let Django know the database, as long as the block lasts."""
        if not settings.configured:
            settings.configure(USE_TZ=True, TIME_ZONE="Europe/Berlin", INSTALLED_APPS=["recovery.stores.django"])
            django.setup()
        known: Any = connections  # Django has no types
        known.settings[self.alias] = known.configure_settings({"default": {}, self.alias: self.database})[self.alias]
        try:
            yield
        finally:
            known[self.alias].close()
            del known[self.alias]
            del known.settings[self.alias]

    @contextmanager
    def transaction(self) -> Iterator[Open]:
        """``atomic()``."""
        with self.known(), atomic(self.alias), connections[self.alias].cursor() as cursor:

            def execute(sql: str) -> Sequence[Any]:
                cursor.execute(sql)
                return cursor.fetchall() if cursor.description else []

            yield Open(DjangoStore(self.alias), execute)

    @contextmanager
    def outside(self) -> Iterator[JoinedStore]:
        """Without ``atomic()``."""
        with self.known():
            yield DjangoStore(self.alias)


# ---------------------------------------------------------------- all of them

HOSTS = (
    "sqlite3",
    "psycopg",
    "sqlalchemy-session-sqlite",
    "sqlalchemy-connection-sqlite",
    "sqlalchemy-session-postgresql",
    "sqlalchemy-connection-postgresql",
    "django-sqlite",
    "django-postgresql",
)


def host_on(name: str, where: str) -> Host:
    """Return a host by its name, on the file or the database at ``where``."""
    if name == "sqlite3":
        return BareSQLite(Path(where))
    if name == "psycopg":
        return BarePsycopg(where)
    if name.startswith("sqlalchemy"):
        sessions = "session" in name
        if "sqlite" in name:
            return Alchemy(f"sqlite:///{where}", name, sessions=sessions)
        return Alchemy("postgresql+psycopg://", name, connect=lambda: psycopg.connect(where), sessions=sessions)
    if name == "django-sqlite":
        return Djangos({"ENGINE": "django.db.backends.sqlite3", "NAME": where}, name)
    told = conninfo_to_dict(where)
    named = {"NAME": told["dbname"], "HOST": told["host"], "PORT": told["port"], "USER": told["user"]}
    return Djangos({"ENGINE": "django.db.backends.postgresql", **named}, name)
