"""A store in memory: for trying things out, for tests, and as the shortest example of a store. It forgets with its process."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from operator import itemgetter
from typing import cast

from attrs import define
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.errors import ConflictingChange, InvalidValue
from recovery.core.place import Lookup, lookups_changed, lookups_of
from recovery.core.reference import normal_reference
from recovery.core.values import invalid, later
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.ownership import Load
from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.outbox import LAPSED
from recovery.ports.values import Backlog, Change, Committed, Examined, Finding, KeyRecord, OutboxMessage, Query, Queued, Trouble
from recovery.stores.common import fits, loads_of, with_survivors
from recovery.stores.examining import examine, folded

__all__ = ["MemoryStore"]


@define(kw_only=True)
class _Kept:
    case: Case
    events: tuple[Recorded, ...]
    wake_at: DateTime | None
    claimed_until: DateTime | None = None
    tries: int = 0
    error: str = ""

    def due(self, now: DateTime) -> bool:
        """Whether it wants to be looked at; what was put off waits for its instant."""
        put_off = self.tries and not _free(self, now)
        return self.wake_at is not None and self.wake_at <= now and not put_off

    @property
    def trouble(self) -> Trouble:
        """What is wrong with it, where something is."""
        until = cast(DateTime, self.claimed_until)  # what was put off waits for an instant
        return Trouble(case_id=self.case.id, owner=self.case.owner, error=self.error, tries=self.tries, next_at=until)


@define(kw_only=True)
class _Row:
    message: OutboxMessage
    next_at: DateTime
    state: Delivery = Delivery.QUEUED
    tries: int = 0
    claimed_until: DateTime | None = None
    error: str = ""

    @property
    def line(self) -> tuple[str, str | None]:
        """Whom it is for: messages of one line keep their order."""
        return self.message.case_id, self.message.person

    def trouble(self, owner: str) -> Trouble:
        """Return what is wrong with it, where something is."""
        return Trouble(
            case_id=self.message.case_id,
            owner=owner,
            error=self.error,
            tries=self.tries,
            next_at=self.next_at,
            message_id=self.message.id,
        )


class MemoryStore:
    """Keeps everything in dictionaries under one lock, so that several threads may use it."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._cases: dict[str, _Kept] = {}
        self._found_by: dict[Lookup, set[str]] = {}
        self._ids: list[str] = []
        self._wakes: list[tuple[DateTime, str]] = []
        self._outbox: dict[str, _Row] = {}
        self._waiting: dict[str, _Row] = {}
        self._keys: dict[str, KeyRecord] = {}
        self._timings: dict[str, Timing] = {}
        self._committed: list[tuple[str, int]] = []

    def load(self, case_id: str) -> Case | None:
        """Return the case as last saved, or ``None`` where there is none."""
        kept = self._cases.get(case_id)
        return None if kept is None else kept.case

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Return every event of the case in the order of their numbers."""
        kept = self._cases.get(case_id)
        return () if kept is None else kept.events

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Store all changes or none; ``ConflictingChange`` where one of them, or the key, comes too late."""
        with self._lock:
            self._check(changes, key)
            for change in changes:
                self._store(change)
            if key is not None:
                self._keys[key.key] = key
            if timing is not None:
                self._timings.setdefault(timing.id, timing)

    def _check(self, changes: Sequence[Change], key: KeyRecord | None) -> None:
        coming: dict[str, int] = {}
        references: set[Lookup] = set()
        for change in changes:
            case = change.case
            kept, reference = self._cases.get(case.id), Lookup("reference", normal_reference(case.reference))
            found = coming.get(case.id, None if kept is None else kept.case.version)
            taken = found is None and (reference in references or reference in self._found_by)
            taken = taken or any(self._elsewhere(lookup, case.id) for lookup in lookups_of(case))
            if (found or 0) != change.base_version or taken:
                raise ConflictingChange(case.id, change.base_version, found)
            coming[case.id] = case.version
            references.add(reference)
        if key is not None and key.key in self._keys:
            raise ConflictingChange(key.case_id, key.version, self._keys[key.key].version)

    def _elsewhere(self, lookup: Lookup, case_id: str) -> bool:
        return lookup.kind == "contact" and bool(self._found_by.get(lookup, set[str]()) - {case_id})

    def _store(self, change: Change) -> None:
        case, before = change.case, self._cases.get(change.case.id)
        self._index(case, before)
        self._wake(case.id, None if before is None else before.wake_at, change.wake_at)
        if before is None:
            insort(self._ids, case.id)
        events = change.events if before is None else (*before.events, *change.events)
        self._cases[case.id] = _Kept(case=case, events=events, wake_at=change.wake_at)
        self._committed += [(case.id, recorded.seq) for recorded in change.events]
        for message in change.messages:
            self._outbox[message.id] = self._waiting[message.id] = _Row(message=message, next_at=message.created_at)
        for message_id, became in change.settled:
            if message_id in self._outbox:
                self._outbox[message_id].state = became
                self._waiting.pop(message_id, None)

    def _wake(self, case_id: str, before: DateTime | None, now: DateTime | None) -> None:
        if before is not None:
            del self._wakes[bisect_left(self._wakes, (before, case_id))]
        if now is not None:
            insort(self._wakes, (now, case_id))

    def _index(self, case: Case, before: _Kept | None) -> None:
        gone, fresh = (frozenset[Lookup](), lookups_of(case)) if before is None else lookups_changed(before.case, case)
        for lookup in gone:
            self._found_by[lookup].discard(case.id)
        for lookup in fresh:
            self._found_by.setdefault(lookup, set()).add(case.id)

    def key(self, key: str) -> KeyRecord | None:
        """Return what is on record for an idempotency key."""
        return self._keys.get(key)

    def timing(self, policy_id: str) -> Timing | None:
        """Return the clocks and the calendar that were stored under that id."""
        return self._timings.get(policy_id)

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Return every case that one of ``lookups`` finds, and the survivors of merged ones, the oldest first."""
        with self._lock:
            ids = {case_id for lookup in lookups for case_id in self._found_by.get(lookup, ())}
            return with_survivors((self._cases[case_id].case for case_id in ids), self.load)

    def found_by(self, lookup: Lookup) -> tuple[str, ...]:
        """Return the ids of the cases that hold ``lookup`` now."""
        with self._lock:
            return tuple(sorted(self._found_by.get(lookup, ())))

    def find(self, query: Query) -> tuple[Case, ...]:
        """Return one page of the cases that fit ``query``, by id."""
        with self._lock:
            first = 0 if query.after is None else bisect_right(self._ids, query.after)
            kept = (self._cases[case_id] for case_id in islice(self._ids, first, None))
            found = (k.case for k in kept if fits(k.case, query, k.events))
            return tuple(islice(found, max(query.limit, 0)))

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Return how many open cases each of ``people`` has, and when they were last given one."""
        with self._lock:
            return loads_of(people, (kept.case for kept in self._cases.values()))

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Claim up to ``limit`` cases whose ``wake_at`` has come, and return their ids, the longest overdue first."""
        with self._lock:
            claimed = list(islice(self._due(now), max(limit, 0)))
            for case_id in claimed:
                self._cases[case_id].claimed_until = later(now, lease)
            return tuple(claimed)

    def _due(self, now: DateTime) -> Iterator[str]:
        """Yield the cases that are due and that nobody holds, the longest overdue first."""
        for wake_at, case_id in self._wakes:
            if wake_at > now:
                return
            if _free(self._cases[case_id], now):
                yield case_id

    def release(self, case_id: str) -> None:
        """End the claim on a case that needs no change; it is in no trouble any more."""
        with self._lock:
            kept = self._cases.get(case_id)
            if kept is not None:
                kept.claimed_until, kept.tries, kept.error = None, 0, ""

    def put_off(self, case_id: str, at: DateTime, error: str) -> None:
        """Put a claimed case off until ``at``, count one more failed look, and keep what went wrong."""
        with self._lock:
            kept = self._cases.get(case_id)
            if kept is not None and kept.claimed_until is not None:
                kept.claimed_until, kept.tries, kept.error = at, kept.tries + 1, error

    def troubles(self, saying: str = "") -> tuple[Trouble, ...]:
        """Return the cases that failed and are tried again, and messages whose error begins with ``saying``, the soonest first."""
        with self._lock:
            found = [k.trouble for k in self._cases.values() if k.tries]
            rows = [row for row in self._waiting.values() if row.tries and row.error.startswith(saying)]
            found += [row.trouble(self._cases[row.message.case_id].case.owner) for row in rows]
        return tuple(sorted(found, key=lambda each: (each.next_at, each.case_id, each.message_id or "")))

    def next_due(self, now: DateTime) -> DateTime | None:
        """Return the soonest instant at which there is something to do."""
        with self._lock:
            cases = (wake_at for wake_at, case_id in self._wakes if _free(self._cases[case_id], now))
            return min([*islice(cases, 1), *(row.next_at for row in self._first_in_line() if _free(row, now))], default=None)

    def oldest_due(self, now: DateTime) -> DateTime | None:
        """Return the wake instant of the case that has been due longest."""
        with self._lock:
            coming = (wake_at for wake_at, case_id in self._wakes if wake_at <= now and self._cases[case_id].due(now))
            return next(coming, None)

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Return up to ``limit`` events that were put on record after a position, the oldest first."""
        with self._lock:
            start = self._place(after)
            page = self._committed[start : start + max(limit, 0)]
            return tuple(
                Committed(position=str(place), case_id=case_id, recorded=self._cases[case_id].events[seq - 1])
                for place, (case_id, seq) in enumerate(page, start=start + 1)
            )

    def _place(self, after: str) -> int:
        place = int(after or 0) if after.isascii() and (after or "0").isdigit() else -1
        if not 0 <= place <= len(self._committed):
            fault = invalid("after", "is no position of this feed", 'Give Committed.position, or "" for the beginning.')
            raise InvalidValue("the position in a feed", [fault])
        return place

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Claim up to ``limit`` messages that are due; at most one per case and recipient."""
        with self._lock:
            due = [row for row in self._first_in_line() if row.next_at <= now and _free(row, now)]
            claimed = _without_lapsed(sorted(due, key=lambda row: (row.next_at, row.message.id))[:limit])
            for row in claimed:
                if row.claimed_until is not None:
                    row.tries, row.error = row.tries + 1, LAPSED
                row.claimed_until = later(now, lease)
            return tuple(Queued(message=row.message, tries=row.tries) for row in claimed)

    def _first_in_line(self) -> Iterable[_Row]:
        first: dict[tuple[str, str | None], _Row] = {}
        for row in sorted(self._waiting.values(), key=lambda row: (row.message.seq, row.message.id)):
            first.setdefault(row.line, row)
        return first.values()

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Put a queued message off until ``at`` and count one more failed try."""
        with self._lock:
            row = self._outbox.get(message_id)
            if row is not None and row.state is Delivery.QUEUED:
                row.next_at, row.tries, row.claimed_until, row.error = at, row.tries + 1, None, error

    def doctor(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with what is stored."""
        with self._lock:
            queued = self._queued()
            return tuple(finding for case_id in self._ids for finding in self._examined(case_id, queued).findings)

    def contradictions(self, *, beside: bool = False) -> Iterator[Finding]:
        """Yield nothing: dictionaries have no rows that could contradict each other."""
        yield from ()

    def look_through(self, after: str = "", limit: int = 100) -> tuple[Examined, ...]:
        """Look at up to ``limit`` cases whose ids come after ``after``."""
        with self._lock:
            first, queued = bisect_right(self._ids, after), self._queued()
            return tuple(self._examined(case_id, queued) for case_id in self._ids[first : first + max(limit, 0)])

    def look_at(self, case_id: str) -> Examined | None:
        """Look at one case."""
        with self._lock:
            return self._examined(case_id, self._queued()) if case_id in self._cases else None

    def rebuild(self, case_id: str, wake_at: Callable[[Case], DateTime | None]) -> None:
        """Write a case anew, as its history makes it, and its wake instant."""
        with self._lock:
            kept = self._cases.get(case_id)
            case = None if kept is None else folded(kept.events)
            if kept is not None and case is not None:
                self._index(case, kept)
                self._wake(case_id, kept.wake_at, at := wake_at(case))
                kept.case, kept.wake_at = case, at

    def _queued(self) -> Mapping[str, Sequence[str]]:
        queued: dict[str, list[str]] = {}
        for row in self._waiting.values():
            queued.setdefault(row.message.case_id, []).append(row.message.id)
        return queued

    def _examined(self, case_id: str, queued: Mapping[str, Sequence[str]]) -> Examined:
        kept = self._cases[case_id]
        found = examine(
            case_id,
            lambda: kept.case,
            lambda: kept.events,
            wake_at=kept.wake_at,
            queued=queued.get(case_id, ()),
            has_timing=self._timings.__contains__,
        )
        return Examined(case_id=case_id, case=folded(kept.events), wake_at=kept.wake_at, findings=tuple(found))

    def backlog(self, now: DateTime) -> Backlog:
        """Return how much there is to do at ``now``."""
        with self._lock:
            kept = tuple(self._cases.values())
            ongoing = {k.case.id for k in kept if not k.case.ended}
            coming = self._wakes[: bisect_right(self._wakes, now, key=itemgetter(0))]
            due = [wake_at for wake_at, case_id in coming if self._cases[case_id].due(now)]
            return Backlog(
                open_cases=sum(not k.case.ended and not k.case.in_tray for k in kept),
                due=len(due),
                unsent=len(self._waiting),
                given_up=sum(row.state is Delivery.GIVEN_UP and row.message.case_id in ongoing for row in self._outbox.values()),
                tray=sum(k.case.in_tray and not k.case.ended for k in kept),
                oldest_due_at=min(due, default=None),
            )


def _without_lapsed(rows: Sequence[_Row]) -> list[_Row]:
    """Leave out all but the first of those whose lease ran out."""
    lapsed = [row for row in rows if row.claimed_until is not None]
    return [row for row in rows if row not in lapsed[1:]]


def _free(claimable: _Kept | _Row, now: DateTime) -> bool:
    return claimable.claimed_until is None or claimable.claimed_until <= now
