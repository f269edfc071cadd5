"""Stores that forget what is due, and doctors that see too little or too much. Each has one fault."""

from __future__ import annotations

from datetime import timedelta

import attrs
from pendulum import DateTime

from recovery.core.values import later
from recovery.ports.values import Backlog, Change, Finding, Queued
from recovery.stores.memory import MemoryStore
from testing.contracts.breaking import breaks, nothing

# ---------------------------------------------------------------- what is due


@breaks("a-claim-ends-with-a-save")
class KeepsTheClaim(MemoryStore):
    """Leaves a case claimed when it is saved."""

    def _store(self, change: Change) -> None:
        before = self._cases.get(change.case.id)
        super()._store(change)
        if before is not None:
            self._cases[change.case.id].claimed_until = before.claimed_until


@breaks("due-cases-come-longest-overdue-first")
class GivesOutById(MemoryStore):
    """Gives out what is due in the order of the ids."""

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Do as the class says."""
        return tuple(sorted(super().claim_due(now, limit, lease)))


@breaks("a-month-of-silence-loses-nothing")
class DropsWhatIsLate(MemoryStore):
    """Does not look at what was due more than a week ago."""

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Do as the class says."""
        claimed = super().claim_due(now, limit, lease)
        early = later(now, -timedelta(days=7))
        return tuple(each for each in claimed if (at := self._cases[each].wake_at) is not None and at > early)


@breaks(
    "a-claim-ends-with-its-lease",
    "a-claimed-message-is-given-out-again-after-the-lease",
    "any-order-of-calls-gives-what-memory-gives",
)
class IgnoresTheLease(MemoryStore):
    """Gives out again what is claimed, as if nobody had it."""

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Do as the class says."""
        return super().claim_due(now, limit, timedelta())

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        return super().claim(now, limit, timedelta())


@breaks("a-claim-ends-with-its-lease", "a-claimed-message-is-given-out-again-after-the-lease")
class NeverGivesOutAgain(MemoryStore):
    """Lets a claim last for ever."""

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Do as the class says."""
        return super().claim_due(now, limit, timedelta(days=10_000))

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        return super().claim(now, limit, timedelta(days=10_000))


@breaks("a-claim-can-be-given-back")
class ReleasesNothing(MemoryStore):
    """Keeps every claim until its lease is over."""

    def release(self, case_id: str) -> None:
        """Do as the class says."""
        return


@breaks("the-backlog-counts")
class CountsTheTray(MemoryStore):
    """Counts what waits in the tray as an open case."""

    def backlog(self, now: DateTime) -> Backlog:
        """Do as the class says."""
        found = super().backlog(now)
        return attrs.evolve(found, open_cases=found.open_cases + found.tray)


# ---------------------------------------------------------------- the doctor


@breaks(
    "the-doctor-finds-who-would-be-forgotten",
    "the-doctor-finds-who-has-no-owner",
    "the-doctor-finds-a-case-that-is-not-its-history",
    "the-doctor-finds-messages-that-got-lost",
    "the-doctor-finds-messages-nobody-waits-for",
    "the-doctor-finds-clocks-that-are-not-stored",
    "the-doctor-changes-nothing",
)
@breaks("the-doctor-finds-a-gap", lose_event=nothing)
@breaks("the-doctor-finds-what-cannot-be-read", garble=nothing)
class BlindDoctor(MemoryStore):
    """Finds nothing, ever."""

    def doctor(self) -> tuple[Finding, ...]:
        """Do as the class says."""
        return ()


@breaks("the-doctor-finds-nothing-where-all-is-well", "the-doctor-finds-who-has-no-owner")
class DoctorThatSeesGhosts(MemoryStore):
    """Finds something everywhere."""

    def doctor(self) -> tuple[Finding, ...]:
        """Do as the class says."""
        return (*super().doctor(), *(Finding(case_id=each, what="It looks pale.", way_out="Tea.") for each in ("", *self._cases)))


@breaks("the-doctor-changes-nothing")
class DoctorThatOperates(MemoryStore):
    """Ends all claims while it looks."""

    def doctor(self) -> tuple[Finding, ...]:
        """Do as the class says."""
        for case_id in self._cases:
            self.release(case_id)
        return super().doctor()
