"""The store in memory keeps the contract."""

from __future__ import annotations

import pytest

from recovery.stores.memory import MemoryStore
from recovery.testing import contracts


@pytest.mark.parametrize("check", contracts.store_checks(MemoryStore), ids=lambda check: check.id)
def test_memory_keeps(check: contracts.Check) -> None:
    """Every obligation that a store without a file can keep is kept."""
    check()
