"""The store in memory keeps the contract."""

from __future__ import annotations

import pytest

from recovery.stores.memory import MemoryStore
from stores.contract import StoreContract


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> MemoryStore:
        """Return an empty store."""
        return MemoryStore()
