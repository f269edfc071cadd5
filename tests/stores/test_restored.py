"""A database that was dumped on one server and restored on another: its feed says what to do, and goes on."""

from __future__ import annotations

import re

import pytest

from recovery.core.errors import StoreUnusable
from recovery.stores.postgres import PostgresStore
from recovery.testing.contracts.samples import TIMING, following, opening, task
from servers import Database


def test_a_feed_from_another_server_says_what_to_run_and_goes_on(one_database: Database) -> None:
    """Positions name transactions of the server that wrote them; where they lie ahead, nothing is guessed and nothing is lost."""
    with PostgresStore(one_database.conninfo) as store:
        change = opening()
        store.save([change, following(change.case, task())], timing=TIMING)
        before = [committed.recorded for committed in store.feed()]
        with one_database.connect() as connection:
            connection.execute("UPDATE recovery_events SET txid = '4000000000000'")
        with pytest.raises(StoreUnusable, match="copied from another server") as refused:
            store.feed()
        [statement] = re.findall(r"UPDATE recovery_events SET txid = '0'", str(refused.value))
        assert store.doctor() == ()
        with one_database.connect() as connection:
            connection.execute(statement)
        found = store.feed()
        assert [committed.recorded for committed in found] == before
        assert store.feed(found[-1].position) == ()
        store.save([following(following(change.case, task()).case, task())])
        assert len(store.feed(found[-1].position)) == 1
