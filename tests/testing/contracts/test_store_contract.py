"""The contract of stores catches what it is there for: every check fails on a store that is broken in just that."""

from __future__ import annotations

import pytest

from recovery.ports import CaseFinder, CaseStore, Feed, Mending, Outbox, Store, Troubles, Upcoming
from recovery.stores.memory import MemoryStore
from recovery.testing import contracts
from recovery.testing.contracts import Check, ContractBroken, StoreOptions, obligations
from testing.contracts import (
    broken_feeds,
    broken_finders,
    broken_keeping,
    broken_mending,
    broken_outboxes,
    broken_sharing,
    broken_troubles,
    broken_watching,
)
from testing.contracts.breaking import BROKEN, Fault, nothing

MODULES = (
    broken_keeping,
    broken_watching,
    broken_sharing,
    broken_finders,
    broken_outboxes,
    broken_troubles,
    broken_feeds,
    broken_mending,
)
EVERYTHING = StoreOptions(
    reopen=nothing,  # type: ignore[typeddict-item]
    processes=True,
    fragile=nothing,
    spoil=nothing,
    lose_event=nothing,
    garble=nothing,
)
ALL = contracts.store_checks(MemoryStore, **EVERYTHING)
CASES = [(name, fault) for name, faults in BROKEN.items() for fault in faults]


def named(check: Check) -> str:
    """Return the name of a check without its obligation."""
    return check.id.split("/")[1]


def check_of(name: str, fault: Fault) -> Check:
    """Return the check of that name, bound to a broken store."""
    return next(check for check in contracts.store_checks(fault.make, **fault.options) if named(check) == name)


def test_every_check_has_something_to_catch() -> None:
    """No check stands there that was never seen to fail, and none is expected that is not there."""
    assert all(module.__doc__ for module in MODULES)
    assert {named(check) for check in ALL} == set(BROKEN)


@pytest.mark.parametrize("port", [CaseStore, CaseFinder, Outbox, Store, Troubles, Upcoming, Feed, Mending])
def test_every_obligation_has_a_check(port: type) -> None:
    """Whatever a docstring of a port demands is looked at."""
    assert {check.obligation for check in ALL if check.obligation.port == port.__name__} == set(obligations(port))


@pytest.mark.parametrize(("name", "fault"), CASES, ids=[f"{name}-{fault.make.__name__}" for name, fault in CASES])
def test_a_broken_store_is_caught(name: str, fault: Fault) -> None:
    """A store with one fault is caught by the check of that obligation, which names it and the way out."""
    check = check_of(name, fault)
    with pytest.raises(ContractBroken) as caught:
        check()
    told = str(caught.value)
    assert check.obligation.id in told
    assert check.obligation.text in told
    assert f"way out  {check.way_out}" in told
    assert [broken.check.id for broken in caught.value.report.broken] == [check.id]
