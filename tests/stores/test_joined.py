"""Inside the host's transaction: its commit keeps the case, its rollback takes it back with every message."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.db import connections
from psycopg import IsolationLevel
from psycopg.rows import class_row, dict_row, kwargs_row

from recovery import Acknowledge, Case, ConflictingChange, Desk, Investigate, StoreUnusable
from recovery.core.vocabulary.receiving import CaseOpened
from recovery.notifiers.recording import RecordingNotifier
from recovery.ports.store import Store
from recovery.ports.values import Query
from recovery.stores.joined import JoinedStore
from recovery.stores.postgres import PostgresStore
from recovery.stores.sql.store import SQLStore
from recovery.stores.sqlite import SQLiteStore
from servers.hosts import HOSTS, Djangos, Host, Open, RollBack, host_on, make_file
from support import MONDAY, POLICY, a_contact, by_mail

EVERYTHING = Query()


def desk_on(store: Store) -> Desk:
    """Return the desk of the application, on Monday morning; nothing is sent by it."""
    return Desk(store=store, policy=POLICY, now=lambda: MONDAY)


def complain(store: Store, number: int = 1) -> str:
    """Open the case of an order, and return its id."""
    return desk_on(store).receive(a_contact(ticket=f"order-{number}"), key=f"order-{number}").case.id


def acknowledge(store: Store, case_id: str, **how: Any) -> None:
    """Acknowledge."""
    told = Acknowledge(by="ana", word=by_mail("I am on it."), next_word_at=POLICY.calendar.add_days(MONDAY, 1))
    desk_on(store).handle(case_id, told, **how)


def sent_by_a_worker(store: SQLStore) -> list[str]:
    """Let a worker of the same desk send what there is, and return which cases it was about."""
    post = RecordingNotifier(now=lambda: MONDAY)
    Desk(store=store, policy=POLICY, now=lambda: MONDAY, notifier=post).work()
    return [message.case_id for message in post.sent]


class Place:
    """A host, and a store of its own connections on the same database, as a worker has it."""

    def __init__(self, host: Host, worker: Callable[[], SQLStore], select: Callable[[str], list[Any]]) -> None:
        self.host = host
        self.worker = worker
        self.select = select

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is a file."""
        return "sqlite" in self.host.name


@pytest.fixture(params=HOSTS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Every kind of host, on empty tables."""
    if "sqlite" in request.param:
        return on_file(request.param, tmp_path / "host.db")
    return on_database(request.param, request.getfixturevalue("one_emptied")())


def on_file(name: str, path: Path) -> Place:
    """Return a host on a file of its own."""
    make_file(path)

    def select(sql: str) -> list[Any]:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(sql).fetchall()

    return Place(host_on(name, str(path)), lambda: SQLiteStore(path), select)


def on_database(name: str, conninfo: str) -> Place:
    """Return a host on a database of PostgreSQL."""

    def select(sql: str) -> list[Any]:
        with psycopg.connect(conninfo) as connection:
            return connection.execute(sql.encode()).fetchall()

    with psycopg.connect(conninfo) as connection:
        connection.execute("DROP TABLE IF EXISTS orders; CREATE TABLE orders (id integer)")
    return Place(host_on(name, conninfo), lambda: PostgresStore(conninfo, upgrade=False), select)


class TestOneTransaction:
    def test_what_the_host_commits_is_there_and_is_sent(self, place: Place) -> None:
        """The row of the host and the case are kept together, and the worker sends what was to be said."""
        with place.host.transaction() as opened:
            opened.execute("INSERT INTO orders VALUES (1)")
            case_id = complain(opened.store)
            acknowledge(opened.store, case_id)
            assert [case.id for case in opened.store.find(EVERYTHING)] == [case_id]
        assert place.select("SELECT id FROM orders") == [(1,)]
        with place.worker() as worker:
            found = worker.load(case_id)
            assert found is not None
            assert found.stage.value == "acknowledged"
            assert set(sent_by_a_worker(worker)) == {case_id}
            assert worker.doctor() == ()

    def test_what_the_host_takes_back_never_was_and_nothing_is_sent(self, place: Place) -> None:
        """A rollback takes the case, its messages and its key: the same call made again is made for the first time."""
        with pytest.raises(RollBack), place.host.transaction() as opened:  # noqa: PT012
            opened.execute("INSERT INTO orders VALUES (1)")
            case_id = complain(opened.store)
            acknowledge(opened.store, case_id)
            assert opened.store.load(case_id) is not None
            raise RollBack
        with place.worker() as worker:
            assert worker.find(EVERYTHING) == ()
            assert sent_by_a_worker(worker) == []
            assert worker.key("order-1") is None
        assert place.select("SELECT id FROM orders") == []
        with place.host.transaction() as opened:
            assert opened.store.load(complain(opened.store)) is not None

    def test_clocks_that_the_host_takes_back_are_stored_with_the_next_case(self, place: Place) -> None:
        """However often they were seen in the transaction that was rolled back: a case without its clocks would fall to others."""
        with place.host.transaction() as opened:
            opened.execute("SAVEPOINT mine")
            acknowledge(opened.store, complain(opened.store))
            opened.execute("ROLLBACK TO SAVEPOINT mine")
            complain(opened.store)
        with place.worker() as worker:
            assert worker.timing(POLICY.id) == POLICY.timing
            assert worker.doctor() == ()

    @pytest.mark.parametrize("kind", ["sqlite3", "psycopg"])
    def test_clocks_that_another_store_saw_before_the_rollback(
        self, kind: str, request: pytest.FixtureRequest, tmp_path: Path
    ) -> None:
        """What a store sees may be what the host has not committed, whoever wrote it: it is not remembered before it is."""
        if kind == "sqlite3":
            place = on_file(kind, tmp_path / "host.db")
            opened: Any = sqlite3.connect(tmp_path / "host.db")
        else:
            place = on_database(kind, request.getfixturevalue("one_emptied")())
            opened = psycopg.connect(where(place))
        with closing(opened) as connection:
            other = JoinedStore(connection)
            complain(JoinedStore(connection), 1)
            complain(other, 2)
            connection.rollback()
            complain(other, 3)
            connection.commit()
        with place.worker() as worker:
            assert worker.doctor() == ()

    def test_clocks_are_stored_before_anybody_needs_them(self, place: Place) -> None:
        """At the start of an application, so that no long transaction of the first customer holds up all others."""
        with place.worker() as worker:
            worker.save((), timing=POLICY.timing)
            with place.host.transaction() as opened:
                complain(opened.store)
                assert worker.timing(POLICY.id) == POLICY.timing
                if not place.on_sqlite:
                    complain(worker, 2)  # the other transaction is open still, and holds up nobody

    def test_nobody_sees_it_before_the_host_commits(self, place: Place) -> None:
        """Nothing is committed by the store itself, not even when a save is over."""
        with place.host.transaction() as opened:
            complain(opened.store)
            assert place.select("SELECT case_id FROM recovery_cases") == []
        assert len(place.select("SELECT case_id FROM recovery_cases")) == 1

    def test_a_savepoint_of_the_host_takes_back_what_came_after_it(self, place: Place) -> None:
        """The host may change its mind about a part of what it does."""
        with place.host.transaction() as opened:
            kept = complain(opened.store, 1)
            opened.execute("SAVEPOINT mine")
            complain(opened.store, 2)
            acknowledge(opened.store, kept)
            opened.execute("ROLLBACK TO SAVEPOINT mine")
        with place.worker() as worker:
            assert [(case.id, case.stage.value) for case in worker.find(EVERYTHING)] == [(kept, "received")]

    def test_an_error_in_the_middle_leaves_the_hosts_own_work_alone(self, place: Place) -> None:
        """What is refused has written nothing, and the host goes on in the same transaction."""
        with place.host.transaction() as opened:
            opened.execute("INSERT INTO orders VALUES (1)")
            case_id = complain(opened.store)
            for wrong in (9, 1):
                with pytest.raises(ConflictingChange):
                    acknowledge(opened.store, case_id, expected_version=wrong)
            opened.execute("INSERT INTO orders VALUES (2)")
        assert place.select("SELECT id FROM orders ORDER BY id") == [(1,), (2,)]
        with place.worker() as worker:
            assert worker.doctor() == ()

    def test_the_feed_tells_only_what_is_committed(self, place: Place) -> None:
        """What the host may still take back is told to nobody; where SQLite could not tell the two apart, the feed is refused."""
        with place.host.transaction() as opened:
            first = complain(opened.store, 1)
        with place.host.transaction() as opened:
            complain(opened.store, 2)
            if place.on_sqlite:
                with pytest.raises(StoreUnusable, match="SQLiteStore"):
                    opened.store.feed()
            else:
                assert {entry.case_id for entry in opened.store.feed()} == {first}


class TestOutsideATransaction:
    def test_nothing_is_changed_where_no_transaction_is_open(self, place: Place) -> None:
        """Half of it would be committed before the rest is there; so it is refused, with the way out."""
        with place.host.outside() as store, pytest.raises(StoreUnusable, match=r"no transaction is open on it\. \w"):
            complain(store)
        assert place.select("SELECT case_id FROM recovery_cases") == []

    def test_reading_needs_none(self, place: Place) -> None:
        """A page that shows a case changes nothing."""
        with place.host.transaction() as opened:
            case_id = complain(opened.store)
        with place.host.outside() as store:
            assert store.load(case_id) is not None
            assert desk_on(store).agenda(case_id=case_id)

    def test_a_worker_needs_connections_of_its_own(self, place: Place) -> None:
        """A claim must be seen by others at once, and nothing is sent while a transaction is open: refused, with the way out."""
        with place.host.transaction() as opened:
            complain(opened.store)
            with pytest.raises(StoreUnusable, match="PostgresStore"):
                desk_on(opened.store).work()


@pytest.fixture
def postgres(emptied: Callable[[], str]) -> Place:
    """An application on psycopg, on each version."""
    return on_database("psycopg", emptied())


def beaten_to_it(opened: Open, place: Place, case_id: str) -> None:
    """Let somebody else change the case between the look of the host and its save."""
    load = opened.store.load

    def looked(wanted: str) -> Case | None:
        found = load(wanted)
        opened.store.load = load  # type: ignore[method-assign]
        with place.worker() as other:
            acknowledge(other, case_id)
        return found

    opened.store.load = looked  # type: ignore[method-assign, assignment]


class TestALostRace:
    def test_it_leaves_the_hosts_transaction_usable(self, postgres: Place) -> None:
        """Under READ COMMITTED the host may tell its user, or load anew, and keeps what it wrote before."""
        with postgres.host.transaction() as opened:
            case_id = complain(opened.store)
        with postgres.host.transaction() as opened:
            opened.execute("INSERT INTO orders VALUES (1)")
            beaten_to_it(opened, postgres, case_id)
            with pytest.raises(ConflictingChange) as lost:
                acknowledge(opened.store, case_id)
            assert lost.value.final
            opened.execute("INSERT INTO orders VALUES (2)")
            desk_on(opened.store).handle(case_id, Investigate(by="ana"))
        assert postgres.select("SELECT id FROM orders ORDER BY id") == [(1,), (2,)]
        with postgres.worker() as worker:
            assert [recorded.seq for recorded in worker.history(case_id)] == list(range(1, 1 + len(worker.history(case_id))))
            assert worker.doctor() == ()

    @pytest.mark.parametrize("level", [IsolationLevel.REPEATABLE_READ, IsolationLevel.SERIALIZABLE])
    def test_a_transaction_that_sees_one_state_has_to_be_done_again(self, postgres: Place, level: IsolationLevel) -> None:
        """There nothing new is to be seen by looking again: the error says so at once, and nothing is overwritten."""
        postgres.host.isolation = level  # type: ignore[attr-defined]
        with postgres.host.transaction() as opened:
            case_id = complain(opened.store)
        with postgres.host.transaction() as opened:
            beaten_to_it(opened, postgres, case_id)
            with pytest.raises(ConflictingChange, match="do all of it again") as lost:
                acknowledge(opened.store, case_id)
            assert lost.value.final
        with postgres.host.transaction() as opened:
            desk_on(opened.store).handle(case_id, Investigate(by="ana"))

    def test_sqlite_has_to_do_it_again(self, tmp_path: Path) -> None:
        """A transaction of SQLite that has read cannot write once somebody else has: the error says to do all of it again."""
        place = on_file("sqlite3", tmp_path / "host.db")
        with place.host.transaction() as opened:
            case_id = complain(opened.store)
        with pytest.raises(ConflictingChange, match="do all of it again") as lost, place.host.transaction() as opened:  # noqa: PT012
            opened.execute("BEGIN")
            beaten_to_it(opened, place, case_id)
            acknowledge(opened.store, case_id)
        assert lost.value.final
        with place.host.transaction() as opened:
            desk_on(opened.store).handle(case_id, Investigate(by="ana"))

    def test_two_who_file_one_message_at_once_make_one_case(self, postgres: Place) -> None:
        """The second waits for the first, hears that it came too late, keeps its own work, and finds the case by looking again."""
        mail = a_contact(message_id="<1@boat.example>")
        with postgres.host.transaction() as first, postgres.host.transaction() as second, ThreadPoolExecutor(1) as pool:
            case_id = desk_on(first.store).receive(mail).case.id
            second.execute("INSERT INTO orders VALUES (2)")
            waiting = pool.submit(lambda: desk_on(second.store).receive(mail))
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            first.execute("COMMIT")
            with pytest.raises(ConflictingChange) as lost:
                waiting.result(timeout=20)
            assert lost.value.final
            assert desk_on(second.store).receive(mail).case.id == case_id
        assert postgres.select("SELECT id FROM orders") == [(2,)]

    def test_two_who_use_one_key_at_once_do_it_once(self, postgres: Place) -> None:
        """A form that was sent twice, to two processes: one of them does it, the other hears of it."""
        with postgres.host.transaction() as first, postgres.host.transaction() as second, ThreadPoolExecutor(1) as pool:
            case_id = complain(first.store)
            waiting = pool.submit(lambda: complain(second.store))
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            first.execute("COMMIT")
            with pytest.raises(ConflictingChange):
                waiting.result(timeout=20)
            assert complain(second.store) == case_id

    def test_who_waited_goes_on_when_the_first_takes_it_back(self, postgres: Place) -> None:
        """What was rolled back stands in nobody's way."""
        with postgres.host.transaction() as second, postgres.host.transaction() as first, ThreadPoolExecutor(1) as pool:
            complain(first.store)
            waiting = pool.submit(lambda: complain(second.store))
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.3)
            first.execute("ROLLBACK")
            case_id = waiting.result(timeout=20)
        with postgres.worker() as worker:
            assert [case.id for case in worker.find(EVERYTHING)] == [case_id]

    def test_a_deadlock_is_a_lost_race(self, postgres: Place) -> None:
        """Two hosts take two cases crosswise: one is told to do it again, and when it has rolled back, the other is whole."""
        with postgres.host.transaction() as opened:
            one, two = complain(opened.store, 1), complain(opened.store, 2)
        with postgres.host.transaction() as first, postgres.host.transaction() as second, ThreadPoolExecutor(1) as pool:
            acknowledge(first.store, one)
            acknowledge(second.store, two)

            def cross(opened: Open, case_id: str) -> str:
                told = outcome_of(lambda: acknowledge(opened.store, case_id))
                opened.execute("SELECT 1")  # whoever lost may still read, and see what to tell
                opened.execute("ROLLBACK" if told else "COMMIT")
                return told

            waiting = pool.submit(cross, second, one)
            told = [cross(first, two), waiting.result(timeout=20)]
        assert sorted(told) == ["", "ConflictingChange: somebody else was faster"]
        with postgres.worker() as worker:
            assert {case.stage.value for case in worker.find(EVERYTHING)} == {"acknowledged"}
            assert worker.doctor() == ()

    def test_many_hosts_on_one_case_lose_nothing(self, postgres: Place) -> None:
        """Whoever lost does all of it again, and in the end everything that was acknowledged is in the history, once."""
        with postgres.host.transaction() as opened:
            case_id = complain(opened.store)

        def write(number: int) -> None:
            while True:
                try:
                    with postgres.host.transaction() as opened:
                        opened.execute(f"INSERT INTO orders VALUES ({number})")
                        desk_on(opened.store).receive(a_contact(f"And {number}.", ticket="order-1", message_id=f"<{number}@x>"))
                    return
                except ConflictingChange:
                    continue

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(write, range(20)))
        with postgres.worker() as worker:
            case = worker.load(case_id)
            assert case is not None
            assert len(case.receiving.contacts) == 21
            assert worker.doctor() == ()
        assert postgres.select("SELECT count(*) FROM orders") == [(20,)]


ON_POSTGRES = [name for name in HOSTS if "sqlite" not in name]


class TestAnErrorOfTheDatabase:
    """It undoes the one call, or says that the transaction is over."""

    @pytest.mark.parametrize("kind", ON_POSTGRES)
    def test_a_call_that_waited_too_long_is_taken_back_alone(self, kind: str, one_emptied: Callable[[], str]) -> None:
        """What the host did before, and the case that it filed, are kept; and it may go on."""
        conninfo = one_emptied()
        place = on_database(kind, conninfo)
        with place.worker() as worker:
            case_id = complain(worker)
        with psycopg.connect(conninfo) as other, place.host.transaction() as opened:
            other.execute("SELECT 1 FROM recovery_cases FOR UPDATE")
            opened.execute("INSERT INTO orders VALUES (1)")
            opened.execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(StoreUnusable, match="kept it locked too long") as told:
                acknowledge(opened.store, case_id)
            assert "over" not in told.value.hint
            opened.execute("INSERT INTO orders VALUES (2)")
        assert place.select("SELECT id FROM orders ORDER BY id") == [(1,), (2,)]

    @pytest.mark.parametrize("kind", ON_POSTGRES)
    def test_a_look_that_failed_ends_the_transaction_and_says_so(self, kind: str, one_emptied: Callable[[], str]) -> None:
        """PostgreSQL ends a transaction with any error, and there is no savepoint for what only looks."""
        conninfo = one_emptied()
        place = on_database(kind, conninfo)
        with pytest.raises(StoreUnusable, match=r"not there\. Your transaction is over"), place.host.transaction() as opened:  # noqa: PT012
            opened.execute("SET LOCAL search_path = pg_catalog")
            opened.store.load("c-1")

    def test_a_full_disk_is_told_by_its_name(self, tmp_path: Path) -> None:
        """SQLite ends the transaction by itself then; what cannot be cleaned up any more does not hide why."""
        on_file("sqlite3", tmp_path / "host.db")
        with closing(sqlite3.connect(tmp_path / "host.db")) as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 4}")
            with pytest.raises(StoreUnusable, match=r"the disk is full\. Your transaction is over"):  # noqa: PT012
                for number in range(50):
                    complain(JoinedStore(connection), number)

    def test_django_is_told_that_its_transaction_is_over(self, one_emptied: Callable[[], str]) -> None:
        """A connection that was cut: Django itself rolls back then, and says so to whoever goes on."""
        conninfo = one_emptied()
        place = on_database("django-postgresql", conninfo)
        assert isinstance(place.host, Djangos)
        with pytest.raises(StoreUnusable, match="Your transaction is over"), place.host.transaction() as opened:  # noqa: PT012
            cut_off(conninfo)
            try:
                complain(opened.store)
            finally:
                assert connections[place.host.alias].needs_rollback


class TestAConnectionThatWasCut:
    """A page that only shows a case, in a worker of Django that keeps its connection."""

    @pytest.mark.parametrize("checks", [True, False])
    def test_django_makes_another_one(self, checks: bool, one_emptied: Callable[[], str]) -> None:
        """With CONN_HEALTH_CHECKS before the request fails, and without them after it, as for Django's own queries."""
        conninfo = one_emptied()
        place = on_database("django-postgresql", conninfo)
        assert isinstance(place.host, Djangos)
        place.host.database.update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=checks)
        with place.host.outside() as store:
            connection = connections[place.host.alias]
            assert store.find(EVERYTHING) == ()
            connection.close_if_unusable_or_obsolete()  # what Django does where a request begins, and where it ends
            cut_off(conninfo)
            if not checks:
                with pytest.raises(StoreUnusable):
                    store.find(EVERYTHING)
                connection.close_if_unusable_or_obsolete()
            assert store.find(EVERYTHING) == ()


def cut_off(conninfo: str) -> None:
    """End the connections of the host on a database, as a server that restarts does."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(
            """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )


def outcome_of(act: Callable[[], object]) -> str:
    """Return the name of the error that something ended with; empty where it ended well."""
    try:
        act()
    except Exception as error:  # noqa: BLE001
        faster = "somebody else was faster"
        return f"{type(error).__name__}{f': {faster}' if faster in str(error) else ''}"
    return ""


class TestConnectionsAsHostsHaveThem:
    """What an application has set on its connection for its own good."""

    @pytest.mark.parametrize("rows", [dict_row, class_row(SimpleNamespace), kwargs_row(dict)])
    def test_rows_of_another_shape(self, postgres: Place, rows: Any) -> None:
        """A psycopg connection whose rows are dicts or objects works as any other, and stays as it was."""
        with psycopg.connect(where(postgres), row_factory=rows) as connection:
            case_id = complain(JoinedStore(connection))
            assert desk_on(JoinedStore(connection)).agenda(case_id=case_id)
            assert connection.row_factory is rows

    def test_rows_of_sqlite_in_another_shape(self, tmp_path: Path) -> None:
        """So does one of sqlite3 with a row factory, which it keeps."""
        place = on_file("sqlite3", tmp_path / "host.db")
        for factory in (sqlite3.Row, lambda cursor, row: dict(zip([name for name, *_ in cursor.description], row, strict=True))):
            with closing(sqlite3.connect(tmp_path / "host.db")) as connection:
                connection.row_factory = factory
                case_id = complain(JoinedStore(connection))
                assert desk_on(JoinedStore(connection)).agenda(case_id=case_id)
                assert connection.row_factory is factory
        assert place.on_sqlite

    @pytest.mark.parametrize(
        "settings",
        ["TimeZone=Pacific/Chatham", "client_encoding=LATIN1", "DateStyle=German,DMY", "standard_conforming_strings=off"],
    )
    def test_settings_of_the_session(self, postgres: Place, settings: str) -> None:
        """Another zone, encoding or order of dates on the connection changes nothing of what is stored."""
        text = "Ünïcödé \\ 'quoted' \u2028 \U0001f600 %s ? :name"
        with psycopg.connect(where(postgres), options=f"-c {settings}") as connection:
            store = JoinedStore(connection)
            case_id = desk_on(store).receive(a_contact(text)).case.id
            acknowledge(store, case_id)
        with postgres.worker() as worker:
            opened = worker.history(case_id)[0].event
            assert isinstance(opened, CaseOpened)
            assert opened.contact.text == text
            assert worker.doctor() == ()

    @pytest.mark.parametrize("factory", [psycopg.ClientCursor, psycopg.RawCursor], ids=lambda factory: factory.__name__)
    def test_cursors_of_another_kind(self, postgres: Place, factory: Any) -> None:
        """A connection that puts values in on its own side, or numbers them, works as any other."""
        with psycopg.connect(where(postgres), cursor_factory=factory) as connection:
            case_id = complain(JoinedStore(connection))
            acknowledge(JoinedStore(connection), case_id)
        with postgres.worker() as worker:
            assert worker.doctor() == ()

    def test_a_transaction_in_autocommit(self, postgres: Place) -> None:
        """``with connection.transaction()`` on a connection in autocommit is a transaction as any other."""
        with psycopg.connect(where(postgres), autocommit=True) as connection:
            with connection.transaction():
                case_id = complain(JoinedStore(connection))
            with pytest.raises(RollBack), connection.transaction():  # noqa: PT012
                acknowledge(JoinedStore(connection), case_id)
                raise RollBack
            found = JoinedStore(connection).load(case_id)
            assert found is not None
            assert found.stage.value == "received"

    def test_a_pipeline_of_the_hosts(self, postgres: Place) -> None:
        """A host that sends its statements in a pipeline may call the desk in the middle of it."""
        with psycopg.connect(where(postgres)) as connection, connection.pipeline():
            connection.execute("INSERT INTO orders VALUES (1)")
            case_id = complain(JoinedStore(connection))
        with postgres.worker() as worker:
            assert worker.load(case_id) is not None

    @pytest.mark.parametrize("autocommit", [True, False])
    def test_the_autocommit_of_sqlite(self, tmp_path: Path, autocommit: bool) -> None:
        """In autocommit a transaction is open only where the host says BEGIN; otherwise one is begun, and the host commits it."""
        place = on_file("sqlite3", tmp_path / "host.db")
        newest = sys.version_info >= (3, 12)  # which has a setting of this name, and ignores the older one beside it
        told: dict[str, Any] = {"autocommit": autocommit} if newest else {"isolation_level": None if autocommit else ""}
        with closing(sqlite3.connect(tmp_path / "host.db", **told)) as connection:
            if autocommit:
                with pytest.raises(StoreUnusable, match="no transaction is open"):
                    complain(JoinedStore(connection))
                connection.execute("BEGIN")
            complain(JoinedStore(connection))
            assert place.select("SELECT case_id FROM recovery_cases") == []
            if autocommit:
                connection.execute("COMMIT")
            else:
                connection.commit()
        assert len(place.select("SELECT case_id FROM recovery_cases")) == 1

    def test_a_transaction_that_has_failed_already(self, postgres: Place) -> None:
        """Where the host's own statement has failed, the desk says what that means instead of what PostgreSQL says."""
        with pytest.raises(StoreUnusable, match="Roll it back"), postgres.host.transaction() as opened:  # noqa: PT012
            with pytest.raises(psycopg.Error):
                opened.execute("SELECT 1/0")
            complain(opened.store)

    def test_a_statement_that_takes_too_long(self, postgres: Place) -> None:
        """A lock that somebody holds meets the host's own patience; nothing is half there, and its earlier work can be kept."""
        with postgres.host.transaction() as opened:
            case_id = complain(opened.store)
        with postgres.host.transaction() as holder, postgres.host.transaction() as opened:
            holder.execute("SELECT 1 FROM recovery_cases FOR UPDATE")
            opened.execute("INSERT INTO orders VALUES (1)")
            opened.execute("SET LOCAL statement_timeout = '200ms'")
            with pytest.raises(StoreUnusable, match="took too long"):
                acknowledge(opened.store, case_id, key="once")
            opened.execute("SET LOCAL statement_timeout = 0")
            holder.execute("ROLLBACK")
            acknowledge(opened.store, case_id, key="once")
        assert postgres.select("SELECT id FROM orders") == [(1,)]

    def test_a_connection_that_is_cut(self, postgres: Place) -> None:
        """Where the server ends the connection in the middle, the error says so, and nothing of it is there."""
        with pytest.raises(StoreUnusable, match="Nothing was half saved"), postgres.host.transaction() as opened:  # noqa: PT012
            complain(opened.store)
            ((pid,),) = opened.execute("SELECT pg_backend_pid()")
            postgres.select(f"SELECT pg_terminate_backend({pid})")
            complain(opened.store, 2)
        assert postgres.select("SELECT case_id FROM recovery_cases") == []


def where(place: Place) -> str:
    """Return the connection string of a host."""
    return str(place.host.conninfo)  # type: ignore[attr-defined]
