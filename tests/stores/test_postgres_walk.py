"""The walk of the desk on PostgreSQL, on each version: the same model beside it, the same laws after every step."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from recovery.ports.store import Store
from recovery.stores.postgres import PostgresStore
from test_desk_walk import DeskWalk

_HEALTH = (HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.function_scoped_fixture)


def test_a_desk_walks_on_postgres(emptied: Callable[[], str]) -> None:
    """Whatever comes in, fails, is repeated or starts anew, the history only grows, nobody is forgotten, and nothing is wrong."""

    class Walk(DeskWalk):
        """A walk on empty tables; each restart opens them anew."""

        def a_store(self) -> Store:
            """Return a store on empty tables."""
            self.where = emptied()
            return PostgresStore(self.where, upgrade=False)

        def reopened(self, store: Store) -> Store:
            """Close the store and open it again."""
            assert isinstance(store, PostgresStore)
            store.close()
            return PostgresStore(self.where, upgrade=False)

        def teardown(self) -> None:
            """Close the store."""
            assert isinstance(self.desk.store, PostgresStore)
            self.desk.store.close()

    few = settings(max_examples=max(settings().max_examples // 10, 1), stateful_step_count=20, suppress_health_check=_HEALTH)
    run_state_machine_as_test(Walk, settings=few)
