"""Cases, events, outbox, keys and timings in one SQLite file."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Any

from attrs import frozen
from pendulum import DateTime

from recovery.codec import Undecodable, instant_from_text, instant_to_text
from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.place import Lookup
from recovery.core.values import later
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.ownership import Load
from recovery.ports.values import Backlog, Change, Finding, KeyRecord, Query, Queued
from recovery.stores.common import examine, with_survivors
from recovery.stores.sqlite import rows
from recovery.stores.sqlite.file import File
from recovery.stores.sqlite.queries import MENTIONS, page_of
from recovery.stores.sqlite.recent import Recent
from recovery.stores.sqlite.saving import Writing, use_key
from recovery.stores.texts import digest, encodable, instant_of, message_of, message_or_none, rebuilt, timing_of, timing_text

__all__ = ["SQLiteStore", "Waiting"]

_log = logging.getLogger("recovery.stores")

_SNAPSHOT = "SELECT version, public, personal FROM cases WHERE case_id = ?"
_HISTORY = "SELECT seq, recorded_at, kind, schema, public, personal FROM events WHERE case_id = ? ORDER BY seq"

_FOUND = "SELECT case_id FROM lookups WHERE kind = ? AND digest = ?"
_QUEUED = "SELECT message_id, public, personal FROM outbox WHERE state = 'queued' AND case_id = ? ORDER BY message_id"
_TIMING = "INSERT INTO timings (policy_id, data) VALUES (?, ?) ON CONFLICT DO NOTHING"

_CLAIM_DUE = """UPDATE cases SET claimed_until = :until WHERE case_id IN (
        SELECT case_id FROM cases
        WHERE wake_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now)
        ORDER BY wake_at, case_id LIMIT :limit
    ) RETURNING wake_at, case_id"""
_CLAIM = """UPDATE outbox SET claimed_until = :until WHERE message_id IN (
        SELECT message_id FROM outbox AS row
        WHERE state = 'queued' AND next_at <= :now AND (claimed_until IS NULL OR claimed_until <= :now) AND NOT EXISTS (
            SELECT 1 FROM outbox AS earlier
            WHERE earlier.state = 'queued' AND earlier.case_id = row.case_id AND earlier.person IS row.person
                AND (earlier.seq, earlier.message_id) < (row.seq, row.message_id)
        )
        ORDER BY next_at, message_id LIMIT :limit
    ) RETURNING next_at, message_id, public, personal, tries"""
_RETRY = """UPDATE outbox SET next_at = ?, tries = tries + 1, claimed_until = NULL, last_error = ?
    WHERE message_id = ? AND state = 'queued'"""
_LAST = "SELECT max((SELECT recorded_at FROM events WHERE case_id = cases.case_id AND seq = cases.version)) FROM cases"
_LOAD = """SELECT (SELECT count(*) FROM cases WHERE owner = :owner AND NOT ended AND NOT in_tray),
    (SELECT max(assigned_at) FROM cases WHERE owner = :owner)"""
_WAITING = "SELECT message_id, tries, next_at, last_error FROM outbox WHERE state = 'queued' ORDER BY next_at, message_id"
_BACKLOG = """SELECT
    (SELECT count(*) FROM cases WHERE NOT ended AND NOT in_tray),
    (SELECT count(*) FROM cases WHERE wake_at <= :now),
    (SELECT count(*) FROM outbox WHERE state = 'queued'),
    (SELECT count(*) FROM outbox WHERE state = 'given_up'),
    (SELECT count(*) FROM cases WHERE in_tray AND NOT ended),
    (SELECT min(wake_at) FROM cases WHERE wake_at <= :now)"""


class SQLiteStore:
    """Keeps everything in the SQLite file at ``path``, which is made if it is not there.

    What :meth:`save` has returned from is on the disk (write-ahead log, ``synchronous = FULL``). Several threads and several
    processes of one machine may use one file; a store may be taken across a fork. Use it as a context manager, or :meth:`close` it.

    Raises :class:`~recovery.core.errors.StoreUnusable` for a file that is damaged, of another program, of a newer version,
    read-only, or in a folder that does not exist; and later, when the disk is full or the file stays locked.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._file = File(path, ((MENTIONS, 2, rows.json_mentions),))
        self._timings: dict[str, Timing] = {}
        self._recent = Recent()
        self._stored_timings: set[str] = set()

    @property
    def path(self) -> str:
        """The path of the file."""
        return self._file.path

    def __repr__(self) -> str:
        return f"SQLiteStore({self.path!r})"

    def __enter__(self) -> SQLiteStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the file in all threads of this process."""
        self._file.close()

    # ---------------------------------------------------------------- cases

    def load(self, case_id: str) -> Case | None:
        """Return the case as last saved, or ``None``. A snapshot that cannot be read is rebuilt from the events.

        Raises :class:`~recovery.codec.Undecodable` where the events cannot be read either.
        """
        row = self._one(_SNAPSHOT, case_id)
        return None if row is None else self._case(case_id, *row)

    def _case(self, case_id: str, version: int, public: str, personal: str | None) -> Case:
        found = self._recent.get(case_id, (public, personal))
        if found is not None:
            return found
        try:
            case = rows.case_of(case_id, version, public, personal)
            self._recent.put(case, (public, personal))
            return case
        except Undecodable as error:
            return rebuilt(case_id, lambda: self.history(case_id), error)

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Return every event of the case in the order of their numbers. Raises :class:`~recovery.codec.Undecodable`."""
        with self._file.reading() as connection:
            found = connection.execute(_HISTORY, (encodable(case_id),)).fetchall()
        return tuple(rows.event_of(case_id, row) for row in found)

    # ---------------------------------------------------------------- saving

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Store all changes or none; ``ConflictingChange`` where one of them, or the key, comes too late."""
        writings = [Writing(change) for change in changes]
        fresh = None if timing is None or timing.id in self._stored_timings else (timing.id, timing_text(timing))
        with self._file.writing() as connection:
            for writing in writings:
                writing.case(connection)
            if key is not None:
                use_key(connection, key)
            for writing in writings:
                writing.rest(connection)
            if fresh is not None:
                connection.execute(_TIMING, fresh)
        for writing in writings:
            self._recent.put(*writing.remembered)
        if timing is not None:
            self._stored_timings.add(timing.id)

    def key(self, key: str) -> KeyRecord | None:
        """Return what is on record for an idempotency key."""
        row = self._one("SELECT key, fingerprint, case_id, version FROM keys WHERE key = ?", key)
        return None if row is None else KeyRecord(key=row[0], fingerprint=row[1], case_id=row[2], version=row[3])

    def timing(self, policy_id: str) -> Timing | None:
        """Return the clocks and the calendar that were stored under that id. Raises :class:`~recovery.codec.Undecodable`."""
        if policy_id not in self._timings:
            row = self._one("SELECT data FROM timings WHERE policy_id = ?", policy_id)
            if row is None:
                return None
            self._timings[policy_id] = timing_of(row[0])
        return self._timings[policy_id]

    def _one(self, sql: str, name: str) -> tuple[Any, ...] | None:
        with self._file.reading() as connection:
            found: tuple[Any, ...] | None = connection.execute(sql, (encodable(name),)).fetchone()
            return found

    # ---------------------------------------------------------------- finding

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Return every case that one of ``lookups`` finds, and the survivors of merged ones, the oldest first."""
        with self._file.reading() as connection:
            found = {row[0] for lookup in lookups for row in connection.execute(_FOUND, digest(lookup))}
        return with_survivors((case for case in map(self.load, sorted(found)) if case is not None), self.load)

    def find(self, query: Query) -> tuple[Case, ...]:
        """Return one page of the cases that fit ``query``, by id. One that cannot be read is left out, and logged."""
        with self._file.reading() as connection:
            found = connection.execute(*page_of(query)).fetchall()
        return tuple(case for row in found if (case := self._readable(*row)) is not None)

    def _readable(self, case_id: str, version: int, public: str, personal: str | None) -> Case | None:
        try:
            return self._case(case_id, version, public, personal)
        except Undecodable as error:
            _log.error("a case cannot be read", extra={"case_id": case_id, "why": str(error)})
            return None

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Return how many open cases each of ``people`` has, and when they were last given one."""
        with self._file.reading() as connection:
            found = {name: connection.execute(_LOAD, {"owner": encodable(name)}).fetchone() for name in people}
        return {name: Load(open_cases=many, assigned_at=instant_of(last)) for name, (many, last) in found.items()}

    # ---------------------------------------------------------------- claims

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Claim up to ``limit`` cases whose ``wake_at`` has come, and return their ids, the longest overdue first."""
        with self._file.writing() as connection:
            claimed = connection.execute(_CLAIM_DUE, _until(now, limit, lease)).fetchall()
        return tuple(case_id for _, case_id in sorted(claimed))

    def release(self, case_id: str) -> None:
        """End the claim on a case that needs no change."""
        with self._file.writing() as connection:
            connection.execute("UPDATE cases SET claimed_until = NULL WHERE case_id = ?", (encodable(case_id),))

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Claim up to ``limit`` messages that are due; at most one per case and recipient. One that cannot be read is logged."""
        with self._file.writing() as connection:
            claimed = connection.execute(_CLAIM, _until(now, limit, lease)).fetchall()
        return tuple(queued for _, *row in sorted(claimed) if (queued := _queued(*row)) is not None)

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Put a queued message off until ``at`` and count one more failed try; ``error`` is kept beside it."""
        with self._file.writing() as connection:
            connection.execute(_RETRY, (instant_to_text(at), encodable(error), encodable(message_id)))

    # ---------------------------------------------------------------- how it stands

    def doctor(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with what is stored: the file first, then each case, then the outbox."""
        with self._file.reading() as connection:
            faults = [row[0] for row in connection.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
            ids = [row[0] for row in connection.execute("SELECT case_id FROM cases ORDER BY case_id")]
        way_out = "Restore the file from a backup."
        found = [Finding(case_id="", what=f"the file is damaged: {fault}", way_out=way_out) for fault in faults]
        return (*found, *(finding for case_id in ids for finding in self._examined(case_id)))

    def _examined(self, case_id: str) -> Iterator[Finding]:
        with self._file.reading_at_once() as connection:
            snapshot = connection.execute(_SNAPSHOT, (case_id,)).fetchone()
            (wake_at,) = connection.execute("SELECT wake_at FROM cases WHERE case_id = ?", (case_id,)).fetchone()
            history = connection.execute(_HISTORY, (case_id,)).fetchall()
            queued = connection.execute(_QUEUED, (case_id,)).fetchall()
        yield from examine(
            case_id,
            lambda: rows.case_of(case_id, *snapshot),
            lambda: tuple(rows.event_of(case_id, row) for row in history),
            wake_at=instant_of(wake_at),
            queued=[row[0] for row in queued],
            has_timing=self._has_timing,
        )
        for message_id, *row in queued:
            try:
                message_of(message_id, *row)
            except Undecodable as error:
                yield Finding(case_id=case_id, what=f"message {message_id}: {error}", way_out=error.hint)

    def _has_timing(self, policy_id: str) -> bool:
        return self._one("SELECT 1 FROM timings WHERE policy_id = ?", policy_id) is not None

    def backlog(self, now: DateTime) -> Backlog:
        """Return how much there is to do at ``now``."""
        with self._file.reading() as connection:
            row = connection.execute(_BACKLOG, {"now": instant_to_text(now)}).fetchone()
        open_cases, due, unsent, given_up, tray, oldest = row
        return Backlog(
            open_cases=open_cases,
            due=due,
            unsent=unsent,
            given_up=given_up,
            tray=tray,
            oldest_due_at=instant_of(oldest),
        )

    def waiting(self) -> tuple[Waiting, ...]:
        """Return every message that has not left yet, the soonest first. Nothing is claimed by looking."""
        with self._file.reading() as connection:
            found = connection.execute(_WAITING).fetchall()
        return tuple(
            Waiting(message_id=message_id, tries=tries, next_at=instant_from_text(next_at), error=error or "")
            for message_id, tries, next_at, error in found
        )

    def last_entry_at(self) -> DateTime | None:
        """Return when the last event of all was recorded, ``None`` where there is none."""
        with self._file.reading() as connection:
            (last,) = connection.execute(_LAST).fetchone()
        return instant_of(last)


@frozen(kw_only=True)
class Waiting:
    """A message that has not left yet: how often sending it has failed, when it is tried (again), and the last error."""

    message_id: str
    tries: int
    next_at: DateTime
    error: str


def _until(now: DateTime, limit: int, lease: timedelta) -> dict[str, object]:
    return {"now": instant_to_text(now), "until": instant_to_text(later(now, lease)), "limit": max(limit, 0)}


def _queued(message_id: str, public: str, personal: str | None, tries: int) -> Queued | None:
    message = message_or_none(message_id, public, personal)
    return None if message is None else Queued(message=message, tries=tries)
