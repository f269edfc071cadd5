"""A command inside the transaction of a host: on a connection that SQLAlchemy or Django has open, beside four statements there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

from attrs import frozen

from benchmarks.floor import Execute, by_hand, opened
from benchmarks.grounds import POSTGRES, SQLITE, Ground, Kind
from benchmarks.needs import Need, library
from benchmarks.pairing import Pair, Prepare, Scale, Side, both
from benchmarks.sample import COMMAND
from benchmarks.storing import FULL, QUICK, desk_on, received
from recovery.ports.store import Store
from recovery.stores.sql.store import Caches

__all__ = ["PAIRS"]

LEAST = 0.85

Transaction = Callable[[], AbstractContextManager[tuple[Store, Execute]]]
"""One transaction of the host: a store that has joined it, and what runs a statement on it by hand."""


@frozen(kw_only=True)
class Host:
    """A host by name; ``on`` lends what begins a transaction of its on a database, and closes its connections afterwards."""

    name: str
    on: Callable[[Kind, str, Caches], AbstractContextManager[Transaction]]
    needs: tuple[Need, ...]


# ---------------------------------------------------------------- SQLAlchemy


@contextmanager
def _sqlalchemy(kind: Kind, where: str, caches: Caches) -> Iterator[Transaction]:
    from sqlalchemy import create_engine, event  # noqa: PLC0415
    from sqlalchemy.orm import Session  # noqa: PLC0415

    from recovery.stores.sqlalchemy import SQLAlchemyStore  # noqa: PLC0415

    if kind is POSTGRES:
        import psycopg  # noqa: PLC0415

        engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(where))
    else:
        engine = create_engine(f"sqlite:///{where}")
        event.listen(engine, "connect", _durable)

    @contextmanager
    def transaction() -> Iterator[tuple[Store, Execute]]:
        with Session(engine) as session, session.begin():

            def execute(statement: str, values: Any) -> object:
                marked = statement if kind is SQLITE else statement.replace("?", "%s")
                return session.connection().exec_driver_sql(marked, tuple(values))

            yield SQLAlchemyStore(session, caches), execute

    yield transaction
    engine.dispose()


def _durable(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


# ---------------------------------------------------------------- Django

ALIASES = count(1)


@contextmanager
def _django(kind: Kind, where: str, caches: Caches) -> Iterator[Transaction]:
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    if not settings.configured:
        settings.configure(INSTALLED_APPS=[], USE_TZ=True)
        django.setup()
    from django.db import connections, transaction  # noqa: PLC0415

    from recovery.stores.django import DjangoStore  # noqa: PLC0415

    alias = f"benchmark{next(ALIASES)}"
    databases: Any = connections
    databases.settings[alias] = databases.configure_settings({"default": {}, alias: _database(kind, where)})[alias]

    @contextmanager
    def begun() -> Iterator[tuple[Store, Execute]]:
        atomic: Any = transaction.atomic(using=alias)
        with atomic, connections[alias].cursor() as cursor:
            yield DjangoStore(alias, caches), lambda statement, values: cursor.execute(statement.replace("?", "%s"), values)

    yield begun
    connections[alias].close()


def _database(kind: Kind, where: str) -> dict[str, object]:
    if kind is SQLITE:
        durable = {"init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL", "transaction_mode": "IMMEDIATE"}
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": where, "OPTIONS": durable}
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    told = conninfo_to_dict(where)
    names = {"NAME": "dbname", "USER": "user", "HOST": "host", "PORT": "port"}
    return {"ENGINE": "django.db.backends.postgresql", **{name: str(told.get(key, "")) for name, key in names.items()}}


# ---------------------------------------------------------------- both


def hosted(kind: Kind, host: Host) -> Prepare:
    """Compare commands in transactions of a host with four statements by hand in such transactions."""

    @contextmanager
    def prepare(scale: Scale) -> Iterator[tuple[Side, Side]]:
        numbers, many, caches = count(), scale.of(QUICK, FULL), Caches()
        with (
            kind.made() as ground,
            ground.store(),  # makes the tables
            host.on(kind, ground.ours, caches) as ours,
            host.on(kind, ground.theirs, caches) as theirs,
            both(lambda: _ours(ours, numbers, many), lambda: _theirs(ground, theirs, numbers, many)) as sides,
        ):
            yield sides

    return prepare


def _ours(transaction: Transaction, numbers: Iterator[int], many: int) -> float:
    with transaction() as (store, _):
        ids = received(store, numbers, many)  # as the host receives them, so it has seen them before
    begun = time.perf_counter()
    for case_id in ids:
        with transaction() as (store, _):
            desk_on(store).handle(case_id, COMMAND)
    return (time.perf_counter() - begun) / len(ids)


def _theirs(ground: Ground, transaction: Transaction, numbers: Iterator[int], many: int) -> float:
    names = [f"by-hand-{next(numbers)}" for _ in range(many)]
    ground.begin()
    opened(ground.execute, names)
    ground.commit()
    begun = time.perf_counter()
    for name in names:
        with transaction() as (_, execute):
            by_hand(execute, name)
    return (time.perf_counter() - begun) / many


HOSTS = (
    Host(name="SQLAlchemy", on=_sqlalchemy, needs=(library("sqlalchemy"),)),
    Host(name="Django", on=_django, needs=(library("django"),)),
)
PAIRS = tuple(
    Pair(
        name=f"handle in {host.name} on {kind.name}",
        ours=f"`desk.handle` of an acknowledgement in a transaction of {host.name}'s, on {kind.name}",
        theirs=f"four statements by hand in a transaction of {host.name}'s, the rows ready made",
        prepare=hosted(kind, host),
        rate=True,
        at_least=LEAST,
        needs=(*kind.needs, *host.needs),
    )
    for kind in (SQLITE, POSTGRES)
    for host in HOSTS
)
