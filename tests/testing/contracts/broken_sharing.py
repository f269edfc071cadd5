"""Stores that cannot be shared, and stores that fail badly. Each has one fault."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.values import later
from recovery.ports.store import Store
from recovery.ports.values import Change, KeyRecord, Queued
from recovery.stores.memory import MemoryStore
from recovery.testing.contracts import Faults
from testing.contracts.breaking import breaks, nothing

# ---------------------------------------------------------------- several at once


@breaks("threads-claim-no-case-twice", "threads-claim-no-message-twice")
class LooksAndThenTakes(MemoryStore):
    """Looks what is due, and takes it a moment later."""

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Do as the class says."""
        free = [each for each, kept in sorted(self._cases.items()) if kept.claimed_until is None][:limit]
        time.sleep(0.001)
        for case_id in free:
            self._cases[case_id].claimed_until = later(now, lease)
        return tuple(free)

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        free = [row for _, row in sorted(self._outbox.items()) if row.claimed_until is None][:limit]
        time.sleep(0.001)
        for row in free:
            row.claimed_until = later(now, lease)
        return tuple(Queued(message=row.message) for row in free)


@breaks("nobody-sees-half-a-save", "threads-that-change-one-case-lose-nothing")
class UndoesWhatIsRefused(MemoryStore):
    """Writes first, looks afterwards, and takes back what it has written."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        before = dict(self._cases)
        for change in changes:
            self._store(change)
        time.sleep(0.002)
        self._cases, written = before, self._cases
        super()._check(changes, key)
        self._cases = written


class Shared(MemoryStore):
    """A store over data that another store in the same process has as well."""

    def __init__(self, other: MemoryStore | None = None) -> None:
        super().__init__()
        if other is not None:
            self.__dict__.update({name: held for name, held in vars(other).items() if name != "_lock"})


def another(store: Store) -> Callable[[], Store]:
    """Open the data of a store once more."""
    return lambda: type(store)(store)  # type: ignore[call-arg]


@breaks("stores-on-the-same-data-see-each-other", reopen=another)
class RemembersWhatItRead(Shared):
    """Reads every case once, and does not see what others make of it."""

    def __init__(self, other: MemoryStore | None = None) -> None:
        super().__init__(other)
        self.seen: dict[str, Case | None] = {}

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        super().save(changes, key=key, timing=timing)
        self.seen.update({change.case.id: change.case for change in changes})

    def load(self, case_id: str) -> Case | None:
        """Do as the class says."""
        if case_id not in self.seen:
            self.seen[case_id] = super().load(case_id)
        return self.seen[case_id]


@breaks("stores-on-the-same-data-lose-nothing", reopen=another)
class LooksAtOnceAndWritesLater(Shared):
    """Has a lock of its own, so that two stores look at one version and both write."""

    def _check(self, changes: Sequence[Change], key: KeyRecord | None) -> None:
        super()._check(changes, key)
        time.sleep(0.002)


@breaks("everything-is-there-for-whoever-opens-it-next", reopen=lambda _: MemoryStore)
@breaks("of-two-processes-one-wins", "processes-claim-no-case-twice", reopen=lambda _: MemoryStore, processes=True)
@breaks("what-was-acknowledged-survives-a-kill", reopen=lambda _: MemoryStore, processes=True)
class ForgetsWithItsProcess(MemoryStore):
    """Keeps nothing for whoever comes next."""


# ---------------------------------------------------------------- when something fails


class Fragile(MemoryStore):
    """A store whose every step can fail, and that translates no error."""

    def __init__(self, faults: Faults) -> None:
        super().__init__()
        self.faults = faults

    def _check(self, changes: Sequence[Change], key: KeyRecord | None) -> None:
        self.faults.hit("check")
        super()._check(changes, key)

    def _store(self, change: Change) -> None:
        self.faults.hit("store")
        super()._store(change)


@breaks("whichever-operation-fails-nothing-is-half-saved", fragile=Fragile)
@breaks("a-failing-operation-is-told-with-the-way-out", fragile=Fragile)
@breaks("a-store-that-cannot-work-says-so", spoil=nothing)
@breaks("what-cannot-be-read-stops-no-other", garble=lambda store, case_id: store.spoiled.add(case_id))
class TellsNothing(MemoryStore):
    """Goes on as if nothing had happened, or stops everything."""

    def __init__(self) -> None:
        super().__init__()
        self.spoiled: set[str] = set()

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        claimed = super().claim(now, limit, lease)
        if self.spoiled & {queued.message.case_id for queued in claimed}:
            raise ValueError("this row is no JSON")
        return claimed
