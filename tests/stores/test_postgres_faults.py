"""PostgreSQL as its administrators run it: limits, defaults and rights of others, forks, threads, connections that are cut."""

from __future__ import annotations

import os
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from recovery import Acknowledge, Delivery, Desk, Investigate, StoreUnusable
from recovery.notifiers.recording import RecordingNotifier
from recovery.ports.store import Store
from recovery.ports.values import Query
from recovery.stores.joined import JoinedStore
from recovery.stores.postgres import PostgresStore
from recovery.stores.postgres.pool import unusable
from recovery.stores.sql import schema
from recovery.testing.contracts.samples import LEASE, NOW, opening
from servers import Database, Server
from support import MONDAY, POLICY, a_contact, by_mail

ALL = Query(limit=1000)


def desk_on(store: Store) -> Desk:
    """Return a desk on Monday morning, whose post goes nowhere."""
    return Desk(store=store, policy=POLICY, now=lambda: MONDAY, notifier=RecordingNotifier(now=lambda: MONDAY))


def complain(store: Store, number: int = 1) -> str:
    """Open a case."""
    return desk_on(store).receive(a_contact(ticket=f"order-{number}"), key=f"order-{number}").case.id


def acknowledge(store: Store, case_id: str, key: str | None = None) -> None:
    """Acknowledge."""
    told = Acknowledge(by="ana", word=by_mail("I am on it."), next_word_at=POLICY.calendar.add_days(MONDAY, 1))
    desk_on(store).handle(case_id, told, key=key)


def run(database: Database, statement: str) -> None:
    """Do what an administrator does."""
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        connection.execute(statement.encode())


@pytest.fixture
def store(desk_database: Database) -> Iterator[PostgresStore]:
    """A store on empty tables, on each version."""
    with PostgresStore(desk_database.conninfo) as opened:
        yield opened


class TestLimits:
    def test_a_statement_that_waits_too_long_is_cancelled_and_nothing_is_half_there(self, desk_database: Database) -> None:
        """A limit that the administrator has set is an error with its way out, and the next try finds everything as it was."""
        with PostgresStore(make_conninfo(desk_database.conninfo, options="-c statement_timeout=200")) as store:
            case_id = complain(store)
            with desk_database.connect() as holder:
                holder.execute("SELECT 1 FROM recovery_cases FOR UPDATE")
                with pytest.raises(StoreUnusable, match="took too long and was cancelled"):
                    acknowledge(store, case_id, "once")
            acknowledge(store, case_id, "once")
            assert store.doctor() == ()

    def test_a_lock_that_takes_too_long_is_told(self, desk_database: Database) -> None:
        """So is the limit for locks alone."""
        with PostgresStore(make_conninfo(desk_database.conninfo, options="-c lock_timeout=200")) as store:
            case_id = complain(store)
            with desk_database.connect() as holder:
                holder.execute("SELECT 1 FROM recovery_cases FOR UPDATE")
                with pytest.raises(StoreUnusable, match="locked too long"):
                    acknowledge(store, case_id)
            acknowledge(store, case_id)

    def test_claims_pass_by_what_others_hold(self, store: PostgresStore, desk_database: Database) -> None:
        """A worker never waits for a row that another one, or a person at a console, has locked: it takes the next."""
        store.save([opening(f"c-{number}") for number in range(4)])
        with desk_database.connect() as holder:
            holder.execute("SELECT 1 FROM recovery_wakes WHERE case_id IN ('c-0', 'c-2') FOR UPDATE")
            begun = time.monotonic()
            assert store.claim_due(NOW.add(years=1), 10, LEASE) == ("c-1", "c-3")
            assert time.monotonic() - begun < 10
        assert store.claim_due(NOW.add(years=1), 10, LEASE) == ("c-0", "c-2")

    def test_more_threads_than_connections_take_turns(self, desk_database: Database) -> None:
        """A pool of two serves eight threads, and opens no third connection."""
        with PostgresStore(desk_database.conninfo, connections=2) as store, ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: complain(store, number), range(16)))
            assert len(store.find(ALL)) == 16
            with desk_database.connect() as connection:
                told = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").fetchone()
            assert told is not None
            assert told[0] <= 3

    def test_a_server_without_room_for_another_connection_is_told(self, one_desk_database: Database) -> None:
        """Too many connections are the server's limit: the error says so, instead of waiting for ever."""
        run(one_desk_database, f"ALTER DATABASE {one_desk_database.name} CONNECTION LIMIT 0")
        run(one_desk_database, "CREATE ROLE guest LOGIN")
        try:
            with pytest.raises(StoreUnusable, match="Free some") as told:
                PostgresStore(make_conninfo(one_desk_database.conninfo, user="guest"))
            assert told.value.passing
        finally:
            run(one_desk_database, "DROP ROLE guest")


class TestDefaultsOfOthers:
    @pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
    def test_whatever_level_of_isolation_the_database_has(self, desk_database: Database, level: str) -> None:
        """Many on one case lose nothing and get through, whichever level the administrator has made the default."""
        run(desk_database, f"ALTER DATABASE {desk_database.name} SET default_transaction_isolation = '{level}'")
        with PostgresStore(desk_database.conninfo) as store, ThreadPoolExecutor(4) as pool:
            case_id = complain(store)
            mails = [a_contact(f"And {n}.", ticket="order-1", message_id=f"<{n}@x>") for n in range(24)]
            cases = list(pool.map(lambda mail: desk_on(store).receive(mail, key=mail.message_id).case.id, mails))
            assert set(cases) == {case_id}
            case = store.load(case_id)
            assert case is not None
            assert len(case.receiving.contacts) == 25
            desk_on(store).work()
            assert store.doctor() == ()
            assert len(store.feed(limit=1000)) == case.version + len(store.history(case_id)) - case.version

    @pytest.mark.parametrize("setting", ["TimeZone = 'Pacific/Chatham'", "DateStyle = 'German'", "client_encoding = 'LATIN1'"])
    def test_whatever_zone_order_of_dates_and_encoding(self, desk_database: Database, setting: str) -> None:
        """Instants and words come back as they were, whatever the database has as its default."""
        run(desk_database, f"ALTER DATABASE {desk_database.name} SET {setting}")
        with PostgresStore(desk_database.conninfo) as store:
            case_id = complain(store)
            acknowledge(store, case_id)
            assert desk_on(store).work().sent
            history = store.history(case_id)
            assert history[0].recorded_at == MONDAY
        with PostgresStore(desk_database.conninfo) as store:
            assert store.history(case_id) == history
            assert store.doctor() == ()

    def test_in_a_schema_of_its_own(self, one_database: Database) -> None:
        """The tables may stand in any schema that the search path of the user begins with."""
        run(one_database, "CREATE SCHEMA desk")
        where = make_conninfo(one_database.conninfo, options="-c search_path=desk")
        with PostgresStore(where) as store:
            complain(store)
        with PostgresStore(where, upgrade=False) as store:
            assert len(store.find(ALL)) == 1
        with pytest.raises(StoreUnusable, match="not there"):
            PostgresStore(one_database.conninfo, upgrade=False)

    def test_a_database_that_may_only_be_read(self, one_desk_database: Database) -> None:
        """On a standby, or where the administrator says so, reading works, and what would write says why it cannot."""
        with PostgresStore(one_desk_database.conninfo) as store:
            case_id = complain(store)
        run(one_desk_database, f"ALTER DATABASE {one_desk_database.name} SET default_transaction_read_only = on")
        with PostgresStore(one_desk_database.conninfo, upgrade=False) as store:
            assert store.load(case_id) is not None
            with pytest.raises(StoreUnusable, match=r"read-only\. Connect to the primary"):
                acknowledge(store, case_id)

    def test_a_user_with_the_rights_on_the_tables_is_enough(self, one_desk_database: Database) -> None:
        """The desk needs to read and write its own tables, and no right to make any; the error of too few rights says which."""
        run(one_desk_database, "CREATE ROLE clerk LOGIN")
        where = make_conninfo(one_desk_database.conninfo, user="clerk")
        try:
            with pytest.raises(StoreUnusable, match="this user may not do that"):
                PostgresStore(where, upgrade=False)
            names = ", ".join(schema.TABLES)
            run(one_desk_database, f"GRANT SELECT, INSERT, UPDATE, DELETE ON {names} TO clerk")
            with PostgresStore(where) as store:
                case_id = complain(store)
                acknowledge(store, case_id)
                assert desk_on(store).work().sent
        finally:
            run(one_desk_database, "DROP OWNED BY clerk")
            run(one_desk_database, "DROP ROLE clerk")


class TestAwayInTheMiddle:
    def test_connections_that_were_cut_are_replaced(self, store: PostgresStore, desk_database: Database) -> None:
        """After every connection was ended from outside a call may fail, once for each; then all is as before."""
        case_id = complain(store)
        others = "pid <> pg_backend_pid() AND datname = current_database()"
        run(desk_database, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
        with pytest.raises(StoreUnusable, match="do it again"):
            store.load(case_id)
        assert store.load(case_id) is not None
        acknowledge(store, case_id)
        assert store.doctor() == ()

    def test_no_password_in_what_is_told(self, one_server: Server) -> None:
        """Errors and names of a store go to logs: neither the password nor the user's words are in them."""
        with one_server.database() as database:
            with PostgresStore(database.tcp) as store:
                assert one_server._password not in repr(store)
            wrong = make_conninfo(database.tcp, password="hush-hush")
            with pytest.raises(StoreUnusable) as refused:
                PostgresStore(wrong)
        told = "".join(traceback.format_exception(refused.value)) + repr(refused.value)
        assert "hush-hush" not in told
        assert "Check user and password" in str(refused.value)
        assert not refused.value.passing

    @pytest.mark.parametrize("wrong", ["nonsense", "postgresql://[::1", "dbname='"])
    def test_what_is_no_connection_string_is_refused(self, wrong: str) -> None:
        """A slip in the configuration is told as what it is, with an example, and nothing of it is repeated."""
        with pytest.raises(StoreUnusable, match="connection string") as refused:
            PostgresStore(wrong)
        assert "postgresql://user@host/name" in str(refused.value)

    def test_what_may_pass_by_itself_is_told_from_what_somebody_has_to_mend(self, one_database: Database) -> None:
        """A worker waits for a server that is not there yet, and does not wait for a database that nobody has made."""
        with pytest.raises(StoreUnusable) as away:
            PostgresStore(make_conninfo(one_database.tcp, port=1))
        with pytest.raises(StoreUnusable, match="createdb") as missing:
            PostgresStore(make_conninfo(one_database.conninfo, dbname="nothing_of_that_name"))
        with pytest.raises(StoreUnusable, match="schema upgrade") as bare:
            PostgresStore(one_database.conninfo, upgrade=False)
        assert [away.value.passing, missing.value.passing, bare.value.passing] == [True, False, False]

    @pytest.mark.parametrize("doing", ["starting up", "shutting down", "in recovery mode", "not yet accepting connections"])
    def test_a_server_that_is_starting_or_stopping_is_waited_for(self, doing: str) -> None:
        """It says so in words that name a database, and yet nobody has to make one."""
        told = unusable("shop", psycopg.OperationalError(f"connection failed: FATAL:  the database system is {doing}"))
        assert told.passing
        assert told.hint == "Wait a moment and do it again; nothing was half saved."


class TestForksAndProcesses:
    def test_a_child_of_a_fork_has_connections_of_its_own(self, store: PostgresStore) -> None:
        """A server that loads the application and then forks may open the store before: parent and children work side by side."""
        case_id = complain(store)
        children = []
        for number in range(3):
            child = os.fork()
            if child == 0:
                try:
                    complain(store, 10 + number)
                    store.close()
                    os._exit(0)
                except BaseException:  # noqa: BLE001  (the child must not go on as a test)
                    traceback.print_exc()
                    os._exit(1)
            children.append(child)
            acknowledge(store, case_id) if number == 0 else complain(store, 20 + number)
        assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0]
        assert len(store.find(ALL)) == 6
        assert store.doctor() == ()

    def test_many_who_open_an_empty_database_at_once_make_one_schema(self, postgres_server: Server) -> None:
        """Those who start together wait for the first, and none of them fails."""
        for _ in range(3):
            with postgres_server.database() as database, ThreadPoolExecutor(6) as pool:
                stores = list(pool.map(PostgresStore, [database.conninfo] * 6))
                assert sorted(store.found_version for store in stores) == [0, *[schema.VERSION] * 5]
                complain(stores[0])
                for store in stores:
                    store.close()

    def test_who_dies_while_making_the_tables_has_made_none(self, postgres_server: Server) -> None:
        """The tables come all at once: whoever is killed in the middle leaves nothing, and the next one makes them."""
        for after in (1, 10, 30):
            with postgres_server.database() as database:
                with closing(database.connect()) as connection:
                    for statement in schema.statements("postgres")[:after]:
                        connection.execute(statement.encode())
                    with pytest.raises(psycopg.OperationalError):
                        connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
                with PostgresStore(database.conninfo) as store:
                    assert store.found_version == 0
                    complain(store)

    def test_a_newer_schema_is_left_alone(self, one_desk_database: Database) -> None:
        """What a later version of the library has made, an older one does not touch, and says what to do."""
        run(one_desk_database, "UPDATE recovery_schema SET version = 99")
        for upgrade in (True, False):
            with pytest.raises(StoreUnusable, match="Upgrade customer-recovery"):
                PostgresStore(one_desk_database.conninfo, upgrade=upgrade)

    def test_several_on_two_cases_in_both_orders_get_through(self, store: PostgresStore) -> None:
        """Changes of several cases at once are written in one order, so that nobody waits crosswise for ever."""
        one, two = complain(store, 1), complain(store, 2)
        errors: list[BaseException] = []
        barrier = threading.Barrier(2)

        def both(first: str, second: str, number: int) -> Callable[[], None]:
            def act() -> None:
                try:
                    for turn in range(10):
                        barrier.wait(30)
                        for case, other in ((first, second), (second, first)):
                            mail = a_contact(f"{turn} {case} {other}", ticket="order-1" if case == one else "order-2")
                            desk_on(store).receive(mail, key=f"{number}-{turn}-{case}")
                except BaseException as error:  # noqa: BLE001  (looked at below)
                    errors.append(error)

            return act

        threads = [threading.Thread(target=both(*given), daemon=True) for given in ((one, two, 1), (two, one, 2))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert errors == []
        assert store.doctor() == ()


class TestStricterThanNeeded:
    @pytest.mark.parametrize("level", ["serializable", "repeatable read"])
    def test_workers_share_a_database_that_lets_one_at_a_time(self, desk_database: Database, level: str) -> None:
        """Where the administrator has set a stricter isolation level, claims that hinder each other are made again."""
        run(desk_database, f"ALTER DATABASE {desk_database.name} SET default_transaction_isolation = '{level}'")
        with PostgresStore(desk_database.conninfo) as store:
            store.save([opening(f"c-{number:03}") for number in range(80)])

            def claim_all(_worker: int) -> list[str]:
                found: list[str] = []
                while claimed := store.claim_due(NOW, 2, LEASE):
                    found += claimed
                return found

            with ThreadPoolExecutor(4) as workers:
                found = [case_id for claimed in workers.map(claim_all, range(4)) for case_id in claimed]
        assert len(found) == len(set(found))
        assert len(found) >= 60


class TestTheFeed:
    def test_events_of_a_case_come_in_their_order_whoever_began_first(self, desk_database: Database) -> None:
        """A host that had begun before somebody else wrote on the case, and writes on it afterwards, comes behind in the feed."""
        with PostgresStore(desk_database.conninfo) as store, desk_database.connect() as host:
            host.autocommit = True
            host.execute("CREATE TABLE orders (number int)")
            host.autocommit = False
            case_id = complain(store)
            host.execute("INSERT INTO orders VALUES (1)")
            acknowledge(store, case_id)
            desk_on(JoinedStore(host)).handle(case_id, Investigate(by="ana"))
            held_back = len(store.feed())
            host.commit()
            told = [committed.recorded for committed in store.feed()]
            assert told == list(store.history(case_id))
            assert held_back < len(told)


class TestAMessage:
    def test_of_a_newer_version_stops_no_other(self, desk_database: Database) -> None:
        """A message on a channel that this version does not know is given up on record, and the others leave."""
        with PostgresStore(desk_database.conninfo) as store:
            first, second = complain(store, 1), complain(store, 2)
            run(
                desk_database,
                f"UPDATE recovery_outbox SET channel = 'pigeon', public = '{{}}' WHERE case_id = '{first}' AND person = ''",
            )
            desk = desk_on(store)
            desk.work()
            desk.work()
            assert {out.state for out in desk.load(second).receiving.outgoing} == {Delivery.SENT}
            assert [out.state for out in desk.load(first).receiving.outgoing if out.person is None] == [Delivery.GIVEN_UP]
