"""Processes are killed at random moments, the server is killed, and connections are cut; nothing is lost, doubled or torn.

This is a small campaign; a large one is ``python -m crash --kills 300`` in the folder ``tests``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from recovery.core.errors import StoreUnusable
from recovery.stores.postgres import PostgresStore
from recovery.stores.postgres.pool import PATIENCE
from servers import Database, Server, running

Campaign = subprocess.Popen[str]


def campaign(store: str, *options: str) -> Campaign:
    """Begin a campaign in a process of its own, which forks before it has a thread; return when everybody is at work."""
    command = [sys.executable, "-m", "crash", "--store", store, *options]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    pipe = subprocess.PIPE
    begun = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, text=True, env=env)
    assert begun.stdout is not None
    told = begun.stdout.readline()
    assert told == "begun\n", told + begun.communicate()[0]
    return begun


def found(under_way: Campaign) -> dict[str, float]:
    """Let a campaign end, and return its numbers; no fault may be among them."""
    told = under_way.communicate(timeout=300)[0]
    assert under_way.returncode == 0, told
    numbers: dict[str, float] = json.loads(told.splitlines()[-1])
    assert {name: numbers[name] for name in NEVER} == dict.fromkeys(NEVER, 0), told
    assert numbers["acknowledged"] > 0
    assert numbers["messages"] > 0
    return numbers


NEVER = ("lost", "doubled", "torn", "out_of_order", "forgotten", "unsent", "unfounded")


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """Yield a server that nobody else needs."""
    with running() as server:
        yield server


class TestKilled:
    def test_processes_on_a_file(self) -> None:
        """Ten processes are killed while they open cases, act, look at clocks and deliver on one SQLite file."""
        assert found(campaign("sqlite", "--kills", "10"))["kills"] == 10

    def test_processes_on_postgres(self, one_database: Database) -> None:
        """Ten processes are killed in the same way on PostgreSQL."""
        assert found(campaign(f"postgres:{one_database.conninfo}", "--kills", "10"))["kills"] == 10

    def test_connections_that_are_cut(self, one_database: Database) -> None:
        """The server ends connections in the middle of whatever they do: people ask again, and all is there, once."""
        under_way = campaign(f"postgres:{one_database.conninfo}", "--kills", "0", "--until-told")
        ended = 0
        with one_database.connect() as connection:
            connection.autocommit = True
            while ended < 15:
                time.sleep(0.15)
                ended += len(connection.execute(_END_ONE).fetchall())
        found(under_way)

    def test_the_server(self, own_server: Server) -> None:
        """PostgreSQL is killed under load, and shut down at once, and started again: all is there, and work goes on."""
        with own_server.database() as database:
            under_way = campaign(f"postgres:{database.conninfo}", "--kills", "0", "--until-told")
            for dies in (Server.kill, _shut_down_at_once):
                time.sleep(0.7)
                dies(own_server)
                time.sleep(0.2)
                own_server.start()
            time.sleep(0.7)
            found(under_way)


def _shut_down_at_once(server: Server) -> None:
    """Let the server drop everything, as its administrator does in an emergency; it has ended when its lock is gone."""
    os.kill(server.pid, signal.SIGQUIT)
    until = time.monotonic() + 20
    while list(server.folder.glob(".s.PGSQL.*.lock")) and time.monotonic() < until:
        time.sleep(0.02)
    server.kill()  # there is nothing left to kill: whoever keeps the server takes note of its end


_END_ONE = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"""


def test_many_on_a_few_hot_cases() -> None:
    """Four people act on four cases while two workers look at the same: the order is a serial one, and nobody starves.

    Nobody was passed over: each of the four was answered, and no command lost more races than it may try again.
    """
    numbers = found(campaign("sqlite", "--kills", "0", "--seconds", "4", "--people", "4"))
    assert numbers["fewest"] > 0


class TestAway:
    """A server that is not there, or no more."""

    def test_who_opens_a_store_is_told_at_once_why_not(self, one_database: Database) -> None:
        """A database that is not there, or a server that nobody listens for, is named with its reason; nobody waits for it."""
        for conninfo, why in (
            (one_database.server.conninfo("nowhere"), "does not exist"),
            (f"host={one_database.server.folder} port=1 dbname=x user=x", "failed"),
        ):
            begun = time.monotonic()
            with pytest.raises(StoreUnusable, match=why):
                PostgresStore(conninfo)
            assert time.monotonic() - begun < PATIENCE / 2

    def test_who_waits_is_served_when_the_server_is_back(self, own_server: Server) -> None:
        """A call that finds no server waits for it, and is answered when it is back."""
        with own_server.database() as database, PostgresStore(database.conninfo, connections=1) as store:
            assert store.load("nobody") is None
            own_server.kill()
            with pytest.raises(StoreUnusable):
                store.load("nobody")
            back = threading.Timer(0.3, own_server.start)
            back.start()
            assert store.load("nobody") is None
            back.join()
