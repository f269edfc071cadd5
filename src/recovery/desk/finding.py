"""Finding the cases that somebody may mean, where one of them cannot be read: it is named, and the others come."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from recovery.codec import Undecodable
from recovery.core.case import Case
from recovery.core.place import Lookup, Unreadable
from recovery.ports.store import Store
from recovery.stores.common import with_survivors

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["Found", "found"]

log = logging.getLogger("recovery")


@frozen(kw_only=True)
class Found:
    """The cases that lookups find, with the survivors of merged ones, the oldest first; and those that cannot be read."""

    cases: tuple[Case, ...]
    unreadable: tuple[Unreadable, ...] = ()


def found(desk: Desk, lookups: Sequence[Lookup]) -> Found:
    """Return what ``lookups`` find. Only where something cannot be read is each case read alone."""
    try:
        return Found(cases=desk.store.candidates(lookups))
    except Undecodable:
        return _apart(desk.store, lookups)


def _apart(store: Store, lookups: Sequence[Lookup]) -> Found:
    holders: dict[str, set[Lookup]] = {}
    for lookup in lookups:
        for case_id in store.found_by(lookup):
            holders.setdefault(case_id, set()).add(lookup)
    reading = _Reading(store)
    cases = with_survivors((case for case in map(reading.load, sorted(holders)) if case is not None), reading.load)
    unreadable = tuple(
        Unreadable(case_id=case_id, lookups=frozenset(holders.get(case_id, ())), why=why) for case_id, why in reading.failed.items()
    )
    return Found(cases=cases, unreadable=unreadable)


@frozen
class _Reading:
    """Reads case by case, and remembers which of them could not be read, and why."""

    store: Store
    failed: dict[str, str] = field(factory=dict[str, str])

    def load(self, case_id: str) -> Case | None:
        """Return the case, ``None`` where there is none that can be read."""
        if case_id in self.failed:
            return None
        try:
            return self.store.load(case_id)
        except Undecodable as error:
            log.error("a case cannot be read", extra={"case_id": case_id, "why": str(error)})
            self.failed[case_id] = str(error)
            return None
