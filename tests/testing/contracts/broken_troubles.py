"""Stores that lose what is in trouble, or let it block the others. Each has one fault."""

from __future__ import annotations

from datetime import timedelta

import attrs
from pendulum import DateTime

from recovery.core.values import later
from recovery.ports.values import Backlog, Change, Trouble
from recovery.stores.memory import MemoryStore
from recovery.testing.contracts.samples import LEASE
from testing.contracts.breaking import breaks


@breaks("a-case-put-off-waits-for-its-instant")
class TriesAgainAtOnce(MemoryStore):
    """Counts the failure and gives the case out again at once."""

    def put_off(self, case_id: str, at: DateTime, error: str) -> None:
        """Do as the class says."""
        super().put_off(case_id, later(at, -timedelta(hours=1)), error)


@breaks("a-case-put-off-is-no-longer-claimed")
class WaitsForTheLease(MemoryStore):
    """Lets a case that was put off wait for the end of its lease at least."""

    def put_off(self, case_id: str, at: DateTime, error: str) -> None:
        """Do as the class says."""
        kept = self._cases.get(case_id)
        until = None if kept is None else kept.claimed_until
        super().put_off(case_id, at if until is None else max(at, until), error)


@breaks("a-case-put-off-is-not-counted-as-due")
class CountsWhatWaits(MemoryStore):
    """Calls a case due whatever it was put off to."""

    def backlog(self, now: DateTime) -> Backlog:
        """Do as the class says."""
        due = [kept.wake_at for kept in self._cases.values() if kept.wake_at is not None and kept.wake_at <= now]
        return attrs.evolve(super().backlog(now), due=len(due), oldest_due_at=min(due, default=None))


@breaks("who-was-too-slow-puts-nothing-off")
class PutsOffWhatNobodyClaimed(MemoryStore):
    """Puts a case off whoever holds it."""

    def put_off(self, case_id: str, at: DateTime, error: str) -> None:
        """Do as the class says."""
        kept = self._cases.get(case_id)
        if kept is not None and kept.claimed_until is None:
            kept.claimed_until = at
        super().put_off(case_id, at, error)


@breaks("what-is-in-trouble-is-told")
class TellsTheFirstError(MemoryStore):
    """Keeps the first error instead of the last."""

    def put_off(self, case_id: str, at: DateTime, error: str) -> None:
        """Do as the class says."""
        super().put_off(case_id, at, self._cases[case_id].error or error)


@breaks("what-is-in-trouble-is-told", "what-is-asked-for-is-told-alone")
class TellsOfCasesAlone(MemoryStore):
    """Says nothing of messages."""

    def troubles(self, saying: str = "") -> tuple[Trouble, ...]:
        """Do as the class says."""
        return tuple(each for each in super().troubles(saying) if each.message_id is None)


@breaks("what-is-asked-for-is-told-alone")
class TellsAllTheSame(MemoryStore):
    """Tells of every message, whatever it is asked for."""

    def troubles(self, saying: str = "") -> tuple[Trouble, ...]:
        """Do as the class says."""
        return super().troubles()


@breaks("what-works-again-is-in-trouble-no-more")
class NeverForgives(MemoryStore):
    """Goes on counting where a case was released."""

    def release(self, case_id: str) -> None:
        """Do as the class says."""
        kept = self._cases.get(case_id)
        before = None if kept is None else (kept.tries, kept.error)
        super().release(case_id)
        if kept is not None and before is not None and before[0]:
            kept.tries, kept.error = before
            kept.claimed_until = kept.wake_at


@breaks("what-works-again-is-in-trouble-no-more")
class KeepsTroubleThroughASave(MemoryStore):
    """Goes on counting where a case was saved."""

    def _store(self, change: Change) -> None:
        before = self._cases.get(change.case.id)
        super()._store(change)
        if before is not None and before.tries:
            kept = self._cases[change.case.id]
            kept.tries, kept.error, kept.claimed_until = before.tries, before.error, later(change.case.opened_at, LEASE)


@breaks("the-soonest-of-all-that-waits-is-told")
class LooksAtCasesAlone(MemoryStore):
    """Does not say when a message is due."""

    def next_due(self, now: DateTime) -> DateTime | None:
        """Do as the class says."""
        return min((kept.wake_at for kept in self._cases.values() if kept.wake_at is not None), default=None)


@breaks("what-is-claimed-or-put-off-is-not-told")
class CountsWhatOthersDo(MemoryStore):
    """Names what somebody is at already."""

    def next_due(self, now: DateTime) -> DateTime | None:
        """Do as the class says."""
        return super().next_due(DateTime.max.replace(tzinfo=now.tzinfo))


@breaks("the-case-that-is-due-longest-is-told")
class ForgetsWhatIsClaimed(MemoryStore):
    """Leaves out of what is due what somebody is at."""

    def oldest_due(self, now: DateTime) -> DateTime | None:
        """Do as the class says."""
        found = self.next_due(now)
        return found if found is not None and found <= now else None
