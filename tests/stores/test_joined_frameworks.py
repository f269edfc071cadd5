"""SQLAlchemy and Django: what is called after the commit, which connections are taken, how the tables are made."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, redirect_stdout
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy
from alembic.migration import MigrationContext
from alembic.operations import Operations
from django.core.management import call_command
from django.db import connections
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from recovery import Acknowledge, ConflictingChange, Desk, InvalidValue, StoreUnusable
from recovery.ports.store import Store
from recovery.ports.values import Query
from recovery.stores import alembic
from recovery.stores.django import DjangoStore, empty_tables, worker_store
from recovery.stores.joined import JoinedStore
from recovery.stores.postgres import PostgresStore
from recovery.stores.sql import schema
from recovery.stores.sql.store import SQLStore
from recovery.stores.sqlalchemy import SQLAlchemyStore, create_tables
from recovery.stores.sqlite import SQLiteStore
from servers import Database
from servers.hosts import Alchemy, Djangos, RollBack, atomic, host_on, make_file
from support import MONDAY, POLICY, a_contact, by_mail


def complain(store: Store, number: int = 1) -> str:
    """Open the case of an order, and return its id."""
    desk = Desk(store=store, policy=POLICY, now=lambda: MONDAY)
    return desk.receive(a_contact(ticket=f"order-{number}"), key=f"order-{number}").case.id


def acknowledge(store: Store, case_id: str) -> None:
    """Acknowledge."""
    told = Acknowledge(by="ana", word=by_mail("I am on it."), next_word_at=POLICY.calendar.add_days(MONDAY, 1))
    Desk(store=store, policy=POLICY, now=lambda: MONDAY).handle(case_id, told)


def again(act: Callable[[], None]) -> None:
    """Do all of it again, as long as somebody else was faster."""
    while True:
        try:
            act()
        except ConflictingChange:
            time.sleep(0.005)
        else:
            return


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of a host's, with its tables and ours."""
    make_file(tmp_path / "host.db")
    return tmp_path / "host.db"


@pytest.fixture
def engine(file: Path) -> Iterator[sqlalchemy.Engine]:
    """SQLAlchemy on that file."""
    made = sqlalchemy.create_engine(f"sqlite:///{file}")
    yield made
    made.dispose()


@pytest.fixture
def alias(file: Path) -> Iterator[str]:
    """Django on that file, as one of its databases."""
    host = host_on("django-sqlite", str(file))
    assert isinstance(host, Djangos)
    with host.known():
        yield host.alias


class TestAfterTheCommit:
    """What the host wants to be told, so as to wake a worker at once, or to refresh a screen."""

    def test_a_session_tells_which_cases_were_saved(self, engine: sqlalchemy.Engine) -> None:
        """Nothing is told before the commit, and everything once after it."""
        told: list[tuple[str, ...]] = []
        with Session(engine) as session:
            store = SQLAlchemyStore(session, after_commit=told.append)
            cases = [complain(store, number) for number in (1, 2)]
            assert told == []
            session.commit()
            assert told == [(case_id,) for case_id in cases]
            session.commit()
            session.execute(sqlalchemy.text("SELECT 1"))
            session.rollback()
            assert len(told) == 2

    def test_what_a_session_takes_back_is_not_told(self, engine: sqlalchemy.Engine) -> None:
        """Neither after a rollback, nor after the next commit."""
        told: list[tuple[str, ...]] = []
        with Session(engine) as session:
            store = SQLAlchemyStore(session, after_commit=told.append)
            complain(store, 1)
            session.rollback()
            kept = complain(store, 2)
            session.commit()
        assert told == [(kept,)]

    def test_savepoints_count_when_the_outermost_is_committed(self, engine: sqlalchemy.Engine) -> None:
        """What was saved in a savepoint is told with the rest, unless the savepoint was rolled back, however deep it was."""
        told: list[tuple[str, ...]] = []
        with Session(engine) as session:
            session.execute(sqlalchemy.text("INSERT INTO orders VALUES (1)"))
            store = SQLAlchemyStore(session, after_commit=told.append)
            with session.begin_nested():
                kept = complain(store, 1)
                with pytest.raises(RollBack), session.begin_nested():  # noqa: PT012
                    complain(store, 2)
                    raise RollBack
            with pytest.raises(RollBack), session.begin_nested():  # noqa: PT012
                with session.begin_nested():
                    complain(store, 3)
                raise RollBack
            assert told == []
            session.commit()
        assert told == [(kept,)]

    def test_a_call_may_begin_anew(self, engine: sqlalchemy.Engine) -> None:
        """What is called may use the same session, and save again."""
        told: list[str] = []

        def more(cases: tuple[str, ...]) -> None:
            told.extend(cases)
            if len(told) == 1:
                complain(store, 2)
                session.commit()

        with Session(engine) as session:
            store = SQLAlchemyStore(session, after_commit=more)
            complain(store, 1)
            session.commit()
        assert len(told) == 2

    def test_django_tells_what_was_saved(self, alias: str) -> None:
        """By ``transaction.on_commit``: after the outermost ``atomic()``, and not what one in it has taken back."""
        told: list[tuple[str, ...]] = []
        store = DjangoStore(alias, after_commit=told.append)
        with atomic(alias):
            kept = complain(store, 1)
            with pytest.raises(RollBack), atomic(alias):  # noqa: PT012
                complain(store, 2)
                raise RollBack
            assert told == []
        assert told == [(kept,)]
        with pytest.raises(RollBack), atomic(alias):  # noqa: PT012
            complain(store, 3)
            raise RollBack
        assert told == [(kept,)]

    def test_what_cannot_tell_is_refused_at_once(self, engine: sqlalchemy.Engine, file: Path) -> None:
        """A bare connection, and one of SQLAlchemy without a session, do not say when they commit: the error says what to do."""
        with engine.connect() as connection, closing(sqlite3.connect(file)) as bare:
            makes: list[Callable[[], JoinedStore]] = [
                lambda: SQLAlchemyStore(connection, after_commit=print),
                lambda: JoinedStore(bare, after_commit=print),
            ]
            for make in makes:
                with pytest.raises(InvalidValue, match="after_commit") as refused:
                    make()
                assert refused.value.reasons[0].field == "after_commit"
                assert "after your commit" in refused.value.reasons[0].hint


class TestOneStoreForAll:
    """A desk is built once, when the application starts."""

    def test_threads_of_a_scoped_session(self, engine: sqlalchemy.Engine) -> None:
        """Each thread works in the transaction of its own session."""
        sessions = scoped_session(sessionmaker(engine))
        store = SQLAlchemyStore(sessions)

        def work(number: int) -> None:
            again(lambda: in_session(number))
            sessions.remove()

        def in_session(number: int) -> None:
            try:
                complain(store, number)
                if number % 2:
                    sessions.commit()
            finally:
                sessions.rollback()

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(work, range(6)))
        assert len(store.find(Query())) == 3
        sessions.remove()

    def test_threads_of_django(self, alias: str) -> None:
        """Each thread works in the ``atomic()`` of its own connection."""
        store = DjangoStore(alias)

        def work(number: int) -> None:
            try:
                again(lambda: in_atomic(number))
            except RollBack:
                pass
            finally:
                connections[alias].close()

        def in_atomic(number: int) -> None:
            with atomic(alias):
                complain(store, number)
                if number % 2:
                    raise RollBack

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(work, range(6)))
        assert len(store.find(Query())) == 3

    def test_stores_on_one_engine_remember_the_same_cases(self, engine: sqlalchemy.Engine) -> None:
        """A host makes a store for each request, and a case that was read in one of them is not read anew in the next."""
        with Session(engine) as session, session.begin():
            case_id = complain(SQLAlchemyStore(session))
        with Session(engine) as first, Session(engine) as second:
            assert SQLAlchemyStore(first).load(case_id) is SQLAlchemyStore(second).load(case_id)

    def test_stores_on_one_database_of_django_remember_the_same_cases(self, alias: str) -> None:
        """So does Django."""
        with atomic(alias):
            case_id = complain(DjangoStore(alias))
        assert DjangoStore(alias).load(case_id) is DjangoStore(alias).load(case_id)

    def test_a_session_after_its_commit(self, engine: sqlalchemy.Engine) -> None:
        """The next transaction of a session has another connection; the store finds it."""
        with Session(engine) as session:
            store = SQLAlchemyStore(session)
            complain(store, 1)
            session.commit()
            complain(store, 2)
            session.commit()
            assert len(store.find(Query())) == 2


class TestWhoBegins:
    @pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
    @pytest.mark.parametrize("commits", [True, False])
    def test_a_connection_of_sqlalchemy_that_has_not_begun(
        self, dialect: str, commits: bool, request: pytest.FixtureRequest, file: Path
    ) -> None:
        """It begins with the first call, as with any statement, and what is not committed is not kept."""
        where = str(file) if dialect == "sqlite" else request.getfixturevalue("one_emptied")()
        host = host_on(f"sqlalchemy-connection-{dialect}", where)
        assert isinstance(host, Alchemy)
        with host.engine.connect() as connection:
            case_id = complain(SQLAlchemyStore(connection))
            assert connection.in_transaction()
            if commits:
                connection.commit()
        with host.engine.connect() as connection:
            assert (SQLAlchemyStore(connection).load(case_id) is not None) is commits

    def test_django_without_atomic_is_told_of_it(self, alias: str) -> None:
        """The way out is Django's own."""
        with pytest.raises(StoreUnusable, match=r"transaction\.atomic\(\), or set ATOMIC_REQUESTS"):
            complain(DjangoStore(alias))

    def test_django_where_the_host_manages_transactions_itself(self, alias: str) -> None:
        """With autocommit switched off there is always a transaction, which the host ends."""
        store, connection = DjangoStore(alias), connections[alias]
        connection.set_autocommit(False)
        complain(store, 1)
        connection.rollback()
        case_id = complain(store, 2)
        connection.commit()
        connection.set_autocommit(True)
        assert [case.id for case in store.find(Query())] == [case_id]


class TestAsynchronousSessions:
    @pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
    def test_inside_run_sync(self, dialect: str, request: pytest.FixtureRequest, file: Path) -> None:
        """An application that awaits gives the desk the session of ``run_sync``; all else is as elsewhere."""
        worker: SQLStore
        if dialect == "sqlite":
            engine, worker = create_async_engine(f"sqlite+aiosqlite:///{file}"), SQLiteStore(file, upgrade=False)
        else:
            where = request.getfixturevalue("one_emptied")()
            told = {name: conninfo_to_dict(where)[name] for name in ("host", "port", "dbname", "user")}
            engine = create_async_engine("postgresql+psycopg://", connect_args=told)
            worker = PostgresStore(where, upgrade=False)
        told_of: list[tuple[str, ...]] = []

        def work(session: Session, number: int) -> str:
            return complain(SQLAlchemyStore(session, after_commit=told_of.append), number)

        def lose(session: Session, case_id: str) -> None:
            store = SQLAlchemyStore(session)
            case = store.load(case_id)
            store.load = lambda case_id: case  # type: ignore[method-assign]  # as it was before the worker was faster
            acknowledge(worker, case_id)
            with pytest.raises(ConflictingChange) as lost:
                acknowledge(store, case_id)
            assert lost.value.final

        async def play() -> str:
            try:
                return await told_in_sessions()
            finally:
                await engine.dispose()

        async def told_in_sessions() -> str:
            async with AsyncSession(engine) as session:
                await session.run_sync(work, 1)
                await session.rollback()
                kept = await session.run_sync(work, 2)
                await session.commit()
                assert told_of == [(kept,)]
            with pytest.raises(InvalidValue, match="run_sync"):
                SQLAlchemyStore(session)  # type: ignore[arg-type]
            async with AsyncSession(engine) as session:
                await session.run_sync(lose, kept)
            return kept

        with worker:
            assert asyncio.run(play()) in {case.id for case in worker.find(Query())}
            assert len(worker.find(Query())) == 1
            assert worker.doctor() == ()


class TestWhatIsTaken:
    @pytest.mark.parametrize("given", ["a text", 7, object()])
    def test_what_is_no_connection_is_refused(self, given: Any) -> None:
        """The error names the field and what to give instead."""
        for kind in (JoinedStore, SQLAlchemyStore):
            with pytest.raises(InvalidValue, match="is none that is known") as refused:
                kind(given)
            assert refused.value.reasons[0].field == "connection"

    def test_an_asynchronous_connection_is_refused(self, one_database: Database) -> None:
        """A desk does not await: what would need it is refused when the store is made, not in the middle."""

        async def give() -> None:
            connection = await psycopg.AsyncConnection.connect(one_database.conninfo)
            try:
                with pytest.raises(InvalidValue, match="not its async one"):
                    JoinedStore(connection)  # type: ignore[arg-type]
            finally:
                await connection.close()

        asyncio.run(give())

    def test_another_database_is_refused(self) -> None:
        """SQL is written for SQLite and PostgreSQL: another one is named when the store is made."""
        engine = sqlalchemy.create_mock_engine("mysql://", executor=lambda *_: None)
        session = Session(engine)  # type: ignore[arg-type]
        with pytest.raises(InvalidValue, match="mysql is a database that is not supported"):
            SQLAlchemyStore(session)

    @pytest.mark.parametrize("driver", ["asyncpg", "psycopg2", "pg8000"])
    def test_another_driver_is_refused(self, driver: str) -> None:
        """At once, with those that work, and not by an error about a placeholder in the middle."""
        engine = sqlalchemy.create_mock_engine(f"postgresql+{driver}://", executor=lambda *_: None)
        with pytest.raises(InvalidValue, match=rf"{driver} is a driver that is not supported.*postgresql\+psycopg://"):
            SQLAlchemyStore(Session(engine))  # type: ignore[arg-type]

    def test_a_database_that_cannot_be_reached(self) -> None:
        """Where SQLAlchemy gets no connection, the store says so as it says everything: ``StoreUnusable`` with the way out."""
        engine = sqlalchemy.create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
        with Session(engine) as session, pytest.raises(StoreUnusable, match="nothing was saved"):
            SQLAlchemyStore(session).load("c-1")


def tables(connection: Any, dialect: str) -> list[Any]:
    """Return everything that describes our tables in a database, from its own catalogue."""
    if dialect == "sqlite":
        sql = "SELECT type, name, sql FROM sqlite_master WHERE name LIKE 'recovery%' ORDER BY name"
    else:
        sql = """SELECT table_name::text, column_name::text, data_type::text, column_default::text, is_nullable::text,
                collation_name::text FROM information_schema.columns WHERE table_name LIKE 'recovery%'
            UNION ALL SELECT tablename, indexname, indexdef, '', '', '' FROM pg_indexes WHERE tablename LIKE 'recovery%'
            ORDER BY 1, 2"""
    return [tuple(row) for row in connection.execute(sql).fetchall()]


class TestTheTables:
    """They come into the host's database by the host's own migrations, and are the same as everywhere."""

    @pytest.fixture(params=["sqlite", "postgresql"])
    def bare(self, request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str, list[Any]]:
        """A database of a host's without our tables: its dialect, where it is, and how the tables look where a store makes them."""
        if request.param == "sqlite":
            SQLiteStore(tmp_path / "own.db").close()
            with closing(sqlite3.connect(tmp_path / "own.db")) as own, closing(sqlite3.connect(tmp_path / "host.db")) as host:
                for table in ("cases", "events", "outbox", "keys", "lookups", "timings"):  # as others may well call theirs
                    host.execute(f"CREATE TABLE {table} (theirs integer)")
                return request.param, str(tmp_path / "host.db"), tables(own, "sqlite")
        database: Database = request.getfixturevalue("one_database")
        made: Database = request.getfixturevalue("one_desk_database")
        with made.connect() as connection:
            return request.param, database.conninfo, tables(connection, "postgresql")

    @staticmethod
    def look(dialect: str, where: str) -> list[Any]:
        """Return how our tables look in the host's database."""
        with closing(sqlite3.connect(where) if dialect == "sqlite" else psycopg.connect(where)) as connection:
            return tables(connection, dialect)

    @staticmethod
    def engine(dialect: str, where: str) -> sqlalchemy.Engine:
        """Return SQLAlchemy on the host's database."""
        if dialect == "sqlite":
            return sqlalchemy.create_engine(f"sqlite:///{where}")
        return sqlalchemy.create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(where))

    def test_a_revision_of_alembic_makes_them_and_drops_them(self, bare: tuple[str, str, list[Any]]) -> None:
        """One call in ``upgrade`` and one in ``downgrade``, among tables of the host's, whatever those are called."""
        dialect, where, wanted = bare
        engine = self.engine(dialect, where)
        with engine.begin() as connection:
            op = Operations(MigrationContext.configure(connection))
            alembic.upgrade(op, to=3)
        assert self.look(dialect, where) == wanted
        with engine.begin() as connection:
            alembic.downgrade(Operations(MigrationContext.configure(connection)))
        assert self.look(dialect, where) == []
        engine.dispose()

    def test_a_revision_that_dies_half_way_has_changed_nothing(self, bare: tuple[str, str, list[Any]]) -> None:
        """In SQLite too, where Alembic by itself begins no transaction: the next run makes all of it."""
        dialect, where, wanted = bare
        dying = f"""
import os, sqlalchemy
from alembic.migration import MigrationContext
from alembic.operations import Operations
from recovery.stores import alembic

class Dying(Operations):
    done = 0
    def execute(self, *given):
        self.done += 1
        os._exit(7) if self.done == 6 else super().execute(*given)

with sqlalchemy.create_engine({self.engine(dialect, where).url.render_as_string()!r}{
            "" if dialect == "sqlite" else f", creator=lambda: __import__('psycopg').connect({where!r})"
        }).connect() as connection:
    context = MigrationContext.configure(connection)
    with context.begin_transaction(), context.begin_transaction(_per_migration=True):  # as its env.py and it do
        alembic.upgrade(Dying(context), to=3)
"""
        assert subprocess.run([sys.executable, "-c", dying], check=False).returncode == 7
        assert self.look(dialect, where) == []
        engine = self.engine(dialect, where)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection)
            with context.begin_transaction(), context.begin_transaction(_per_migration=True):  # as its env.py and it do
                alembic.upgrade(Operations(context), to=3)
        assert self.look(dialect, where) == wanted
        engine.dispose()

    def test_create_tables_makes_them_beside_create_all(self, bare: tuple[str, str, list[Any]]) -> None:
        """Once or many times, in the transaction of the host, whose rollback takes them back."""
        dialect, where, wanted = bare
        engine = self.engine(dialect, where)
        with engine.connect() as connection:
            create_tables(connection)
            connection.rollback()
        assert self.look(dialect, where) == []
        for _ in range(2):
            with engine.begin() as connection:
                create_tables(connection)
        assert self.look(dialect, where) == wanted
        with engine.begin() as connection:
            connection.execute(sqlalchemy.text("UPDATE recovery_schema SET version = 99"))
        with engine.begin() as connection, pytest.raises(StoreUnusable, match="Upgrade customer-recovery"):
            create_tables(connection)
        engine.dispose()

    def test_many_who_start_at_once_make_them_once(self, bare: tuple[str, str, list[Any]]) -> None:
        """Processes of an application that start together do not fall over each other."""
        dialect, where, wanted = bare
        engine = self.engine(dialect, where)

        def start(_: int) -> None:
            with engine.begin() as connection:
                create_tables(connection)

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(start, range(4)))
        assert self.look(dialect, where) == wanted
        engine.dispose()

    def test_alembic_prints_the_same(self, bare: tuple[str, str, list[Any]]) -> None:
        """With ``--sql`` it prints what ``recovery schema sql`` prints, for whoever runs migrations by hand."""
        printed = io.StringIO()
        told = {"as_sql": True, "output_buffer": printed}
        alembic.upgrade(Operations(MigrationContext.configure(dialect_name=bare[0], opts=told)), to=3)
        flat = "".join(printed.getvalue().split())
        wanted = schema.script({"postgresql": "postgres"}.get(bare[0], bare[0]))
        assert flat == "".join("".join(line for line in wanted.splitlines() if not line.startswith("--")).split())

    def test_autogenerate_leaves_them_alone(self) -> None:
        """Alembic would drop what no model of the host's stands for; the filter keeps it from ours, and from nothing else."""
        kept = [alembic.include_name(name, "table", {}) for name in ("recovery_cases", "orders", None)]
        assert kept == [False, True, True]
        assert alembic.include_name("recovery_cases", "column", {})

    @pytest.mark.parametrize(("after", "to"), [(0, 2), (0, 4), (1, 3), (3, 3), (4, 3)])
    def test_a_way_that_leads_nowhere_is_refused(self, after: int, to: int) -> None:
        """Versions that do not follow on each other are named before anything is run."""
        with pytest.raises(InvalidValue, match="nothing leads from version"):
            schema.statements("postgres", after=after, to=to)

    def test_migrate_of_django_makes_them_and_drops_them(self, bare: tuple[str, str, list[Any]]) -> None:
        """The app of the library brings its migration; ``migrate recovery zero`` takes it back."""
        dialect, where, wanted = bare
        host = host_on(f"django-{dialect}", where)
        assert isinstance(host, Djangos)
        with host.known(), redirect_stdout(io.StringIO()) as said:
            call_command("migrate", "recovery", database=host.alias, verbosity=1)
            assert self.look(dialect, where) == wanted
            assert "0001_version_3... OK" in said.getvalue()
            call_command("sqlmigrate", "recovery", "0001", database=host.alias)
            assert "CREATE TABLE recovery_cases" in said.getvalue()
            call_command("makemigrations", "recovery", check=True, dry_run=True)
            call_command("migrate", "recovery", "zero", database=host.alias, verbosity=0)
        assert self.look(dialect, where) == []

    def test_a_test_of_django_empties_them(self, bare: tuple[str, str, list[Any]]) -> None:
        """Django's ``flush`` leaves alone what no model stands for; so a test that commits empties them."""
        dialect, where, _ = bare
        host = host_on(f"django-{dialect}", where)
        assert isinstance(host, Djangos)
        with host.known():
            call_command("migrate", "recovery", database=host.alias, verbosity=0)
            store = DjangoStore(host.alias)
            for _ in range(2):
                with atomic(host.alias):
                    complain(store)
                assert len(store.find(Query())) == 1
                assert store.doctor() == ()
                empty_tables(host.alias)
                assert store.find(Query()) == ()

    def test_a_worker_of_django_uses_the_same_tables(self, bare: tuple[str, str, list[Any]]) -> None:
        """``worker_store`` reads where they are from the settings, and has connections of its own."""
        dialect, where, _ = bare
        host = host_on(f"django-{dialect}", where)
        assert isinstance(host, Djangos)
        if dialect == "postgresql":
            host.database["OPTIONS"] = {"application_name": "the helpdesk", "connect_timeout": 5, "server_side_binding": True}
        with host.known():
            with pytest.raises(StoreUnusable, match=r"recovery schema"):
                worker_store(host.alias)
            call_command("migrate", "recovery", database=host.alias, verbosity=0)
            with atomic(host.alias):
                case_id = complain(DjangoStore(host.alias))
            with worker_store(host.alias) as store:
                assert isinstance(store, SQLiteStore if dialect == "sqlite" else PostgresStore)
                assert store.load(case_id) is not None
                assert Desk(store=store, policy=POLICY, now=lambda: MONDAY).work() is not None

    def test_tables_of_another_version_are_not_touched(self, bare: tuple[str, str, list[Any]]) -> None:
        """What the host has to migrate, a store of a worker does not migrate behind its back."""
        dialect, where, _ = bare
        engine = self.engine(dialect, where)
        with engine.begin() as connection:
            alembic.upgrade(Operations(MigrationContext.configure(connection)), to=3)
            connection.execute(sqlalchemy.text("UPDATE recovery_schema SET version = 2"))
        with pytest.raises(StoreUnusable, match="have version 2, and 3 is needed"):
            SQLiteStore(where) if dialect == "sqlite" else PostgresStore(where, upgrade=False)
        engine.dispose()


def test_nothing_of_the_frameworks_is_imported_before_it_is_used() -> None:
    """The extras are optional: every module can be imported without them, and the error names the extra."""
    code = """
import sys
for name in ("sqlalchemy", "django", "psycopg", "psycopg_pool", "alembic"):
    sys.modules[name] = None
import recovery.stores.sqlalchemy, recovery.stores.django, recovery.stores.alembic, recovery.stores.joined, recovery.stores.postgres
from recovery import MissingExtra
for make in (
    lambda: recovery.stores.sqlalchemy.SQLAlchemyStore(object()),
    lambda: recovery.stores.django.DjangoStore(),
    lambda: recovery.stores.postgres.PostgresStore(),
    lambda: recovery.stores.alembic.downgrade(None),
):
    try:
        make()
    except MissingExtra as missing:
        print(missing.extra)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["sqlalchemy", "django", "postgres", "sqlalchemy"]
