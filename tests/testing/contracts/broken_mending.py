"""Stores whose doctor passes over cases, or makes things worse. Each has one fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.ports.values import Examined, Finding
from recovery.stores.memory import MemoryStore
from testing.contracts.breaking import breaks, nothing


@breaks("a-glance-sees-no-ghosts")
class GlancesAtGhosts(MemoryStore):
    """Finds something wrong with whoever is there."""

    def contradictions(self, *, beside: bool = False) -> Iterator[Finding]:
        """Do as the class says."""
        for case_id in () if beside else tuple(self._cases):
            yield Finding(case_id=case_id, what="It looks pale.", way_out="Tea.")


@breaks("every-case-is-looked-at-once-and-in-order")
class BeginsThePageAgain(MemoryStore):
    """Gives the last case of a page once more on the next."""

    def look_through(self, after: str = "", limit: int = 100) -> tuple[Examined, ...]:
        """Do as the class says."""
        return super().look_through(after[:-1], limit)


@breaks("every-case-is-looked-at-once-and-in-order")
class BelievesWhatIsStored(MemoryStore):
    """Gives the case that is stored for the one that its history makes."""

    def look_through(self, after: str = "", limit: int = 100) -> tuple[Examined, ...]:
        """Do as the class says."""
        return tuple(attrs.evolve(each, case=self.load(each.case_id)) for each in super().look_through(after, limit))


@breaks("looking-changes-nothing")
class MendsUnasked(MemoryStore):
    """Mends what it looks at."""

    def look_through(self, after: str = "", limit: int = 100) -> tuple[Examined, ...]:
        """Do as the class says."""
        for case_id in self._cases:
            self.rebuild(case_id, lambda case: case.opened_at)
        return super().look_through(after, limit)


@breaks("one-case-is-looked-at-as-in-a-page")
class LooksAwayAlone(MemoryStore):
    """Finds nothing wrong with a case it is asked about alone."""

    def look_at(self, case_id: str) -> Examined | None:
        """Do as the class says."""
        found = super().look_at(case_id)
        return None if found is None else attrs.evolve(found, findings=())


@breaks("what-the-history-tells-is-rebuilt")
class ForgetsToWake(MemoryStore):
    """Rebuilds a case, and leaves its wake instant as it was."""

    def rebuild(self, case_id: str, wake_at: Callable[[Case], DateTime | None]) -> None:
        """Do as the class says."""
        kept = self._cases.get(case_id)
        super().rebuild(case_id, lambda _: None if kept is None else kept.wake_at)


@breaks("what-the-history-tells-is-rebuilt")
class EndsClaims(MemoryStore):
    """Rebuilds a case, and ends the claim on it."""

    def rebuild(self, case_id: str, wake_at: Callable[[Case], DateTime | None]) -> None:
        """Do as the class says."""
        super().rebuild(case_id, wake_at)
        self.release(case_id)


def lose(store: MemoryStore, case_id: str, seq: int) -> None:
    """Lose an event."""
    kept = store._cases[case_id]
    kept.events = tuple(recorded for recorded in kept.events if recorded.seq != seq)


@breaks("what-cannot-be-rebuilt-stays", lose_event=lose)
class DropsWhatItCannotMend(MemoryStore):
    """Throws away a case whose history is broken."""

    def rebuild(self, case_id: str, wake_at: Callable[[Case], DateTime | None]) -> None:
        """Do as the class says."""
        self._cases.pop(case_id, None)


@breaks("what-cannot-be-rebuilt-stays", lose_event=nothing)
class HasNothingToFind(MemoryStore):
    """Is whole where an event should be missing."""
