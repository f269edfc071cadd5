"""Finding the cases that somebody may mean, where one of them cannot be read: it is named, and the others come."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import field, frozen

from recovery.codec import Undecodable
from recovery.core.case import Case
from recovery.core.place import Lookup, Unreadable
from recovery.core.vocabulary.common import Recorded
from recovery.ports.store import Store
from recovery.stores.common import with_survivors

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["Found", "ReadingApart", "found"]

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
    reading = ReadingApart(store)
    cases = with_survivors((case for case in map(reading.load, sorted(holders)) if case is not None), reading.load)
    unreadable = tuple(
        Unreadable(case_id=case_id, lookups=frozenset(holders.get(case_id, ())), why=why) for case_id, why in reading.failed.items()
    )
    return Found(cases=cases, unreadable=unreadable)


@frozen
class ReadingApart:
    """Reads case by case, and remembers which of them could not be read, and why; what cannot is logged."""

    store: Store
    failed: dict[str, str] = field(factory=dict[str, str])

    def load(self, case_id: str) -> Case | None:
        """Return the case, ``None`` where there is none that can be read."""
        if case_id in self.failed:
            return None
        try:
            return self.store.load(case_id)
        except Undecodable as error:
            self._failed(case_id, error)
            return None

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Return the history of a case, nothing where it cannot be read."""
        try:
            return self.store.history(case_id)
        except Undecodable as error:
            self._failed(case_id, error)
            return ()

    def _failed(self, case_id: str, error: Undecodable) -> None:
        log.error("a case cannot be read", extra={"case_id": case_id, "why": str(error)})
        self.failed[case_id] = str(error)
