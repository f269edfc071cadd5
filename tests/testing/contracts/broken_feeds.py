"""Feeds that pass over, repeat or mix up what was put on record. Each has one fault."""

from __future__ import annotations

import time
from collections.abc import Sequence

from recovery.codec import Undecodable
from recovery.core.clock import Timing
from recovery.ports.values import Change, Committed, KeyRecord
from recovery.stores.memory import MemoryStore
from testing.contracts.breaking import breaks
from testing.contracts.broken_sharing import Shared, another


@breaks("every-event-comes-once-and-in-order")
class TellsCaseByCase(MemoryStore):
    """Tells all events of one case, and then all of the next."""

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Do as the class says."""
        self._committed.sort()
        return super().feed(after, limit)


@breaks("every-event-comes-once-and-in-order")
class RepeatsTheLast(MemoryStore):
    """Begins with the position it was given instead of behind it."""

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Do as the class says."""
        found = super().feed(after, limit)
        return super().feed(str(int(after) - 1), limit) if found and after not in ("", "0") else found


@breaks("what-was-not-saved-does-not-come", "a-position-stays-where-it-is")
class TellsBeforeItSaves(MemoryStore):
    """Puts into the feed what it is asked to save, before it knows whether it can."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        told = [(change.case.id, recorded.seq) for change in changes for recorded in change.events]
        kept = [(case_id, seq) for case_id, seq in told if case_id in self._cases]
        self._committed = [*kept, *self._committed]
        super().save(changes, key=key, timing=timing)


@breaks("what-is-saved-late-is-not-passed-over")
class NumbersBeforeItSaves(MemoryStore):
    """Draws the position before it saves, as a database sequence does: whoever draws first may be saved last."""

    def __init__(self) -> None:
        super().__init__()
        self._drawn = 0
        self._numbered: list[tuple[int, str, int]] = []

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        told = [(change.case.id, recorded.seq) for change in changes for recorded in change.events]
        with self._lock:
            rows = [(self._drawn + place, *each) for place, each in enumerate(told, start=1)]
            self._drawn += len(rows)
        time.sleep(0.001 * (self._drawn % 3))
        super().save(changes, key=key, timing=timing)
        self._numbered += rows

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Do as the class says."""
        rows = sorted(row for row in list(self._numbered) if row[0] > int(after or 0))[:limit]
        return tuple(
            Committed(position=str(place), case_id=case_id, recorded=self.history(case_id)[seq - 1]) for place, case_id, seq in rows
        )


@breaks("a-position-stays-where-it-is")
class CountsFromTheEnd(MemoryStore):
    """Numbers its events anew whenever one is added."""

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Do as the class says."""
        found, many = super().feed("", 10**6), len(self._committed)
        numbered = [(int(each.position) - many - 1, each) for each in found]
        later = [(place, each) for place, each in numbered if place > int(after or -(10**6))][:limit]
        return tuple(Committed(position=str(place), case_id=each.case_id, recorded=each.recorded) for place, each in later)


@breaks("a-position-holds-for-everybody", reopen=another)
class KeepsItsFeedToItself(Shared):
    """Feeds only what was saved through itself."""

    def __init__(self, other: MemoryStore | None = None) -> None:
        super().__init__(other)
        self._committed = []


@breaks("an-entry-that-cannot-be-read-is-not-passed-over", garble=lambda store, case_id: store.spoiled.add(case_id))
class PassesOverWhatItCannotRead(MemoryStore):
    """Leaves out the entries that cannot be read."""

    def __init__(self) -> None:
        super().__init__()
        self.spoiled = set[str]()

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Do as the class says."""
        return tuple(each for each in super().feed(after, limit) if each.case_id not in self.spoiled)


@breaks("an-entry-that-cannot-be-read-is-not-passed-over", garble=lambda store, case_id: store.spoiled.add(case_id))
class KeepsBackWhatItCanRead(PassesOverWhatItCannotRead):
    """Raises for a page with an entry that cannot be read, and tells nothing of what comes before."""

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Do as the class says."""
        found = MemoryStore.feed(self, after, limit)
        if any(each.case_id in self.spoiled for each in found):
            raise Undecodable("event", "is no JSON object", "Restore it.")
        return found


@breaks("a-position-of-elsewhere-is-refused")
class TakesAnything(MemoryStore):
    """Begins anew where it is given nonsense."""

    def _place(self, after: str) -> int:
        return int(after) if after.isascii() and after.isdigit() else 0
