"""The store in one SQLite file keeps the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery.stores.sqlite import SQLiteStore
from stores.contract import StoreContract


class TestSQLiteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[SQLiteStore]:
        """Yield an empty store on a file of its own."""
        with SQLiteStore(tmp_path / "recovery.db") as store:
            yield store
