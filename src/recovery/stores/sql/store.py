"""The store over SQL: every method once, for SQLite and PostgreSQL, on connections of its own or inside the host's transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from types import TracebackType
from typing import Self

from attrs import evolve, field, frozen
from pendulum import DateTime

from recovery.codec import Undecodable, instant_to_text
from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.errors import ConflictingChange, StoreUnusable
from recovery.core.place import Lookup
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.ownership import Load
from recovery.ports.values import Backlog, Change, Committed, Examined, Finding, KeyRecord, Query, Queued, Trouble
from recovery.stores.common import mentions, with_survivors
from recovery.stores.sql import claiming, doctoring, feeding, glancing, mending, rows
from recovery.stores.sql.at_once import write_at_once
from recovery.stores.sql.queries import page_of
from recovery.stores.sql.recent import Recent
from recovery.stores.sql.saving import Writing, write
from recovery.stores.sql.session import Raced, Row, Source
from recovery.stores.texts import digest, encodable, rebuilt, timing_of, timing_text

__all__ = ["Caches", "SQLStore", "Waiting"]

_log = logging.getLogger("recovery.stores")

_SNAPSHOT = "SELECT version, public, personal FROM recovery_cases WHERE case_id = ?"
_HISTORY = "SELECT seq, recorded_at, kind, schema, public, personal FROM recovery_events WHERE case_id = ? ORDER BY seq"
_PERSONAL = "SELECT personal FROM recovery_events WHERE case_id = ? AND personal IS NOT NULL"
_FOUND = "SELECT case_id FROM recovery_lookups WHERE kind = ? AND digest = ?"
_AT_ONCE = 100  # how many lookups are asked for in one statement
_KEY = "SELECT key, fingerprint, case_id, version FROM recovery_keys WHERE key = ?"
_TIMING = "SELECT data FROM recovery_timings WHERE policy_id = ?"
_TIMING_THERE = "SELECT {committed} FROM recovery_timings WHERE policy_id = ?"
_VERSION = "SELECT version FROM recovery_cases WHERE case_id = ?"
_NEW_TIMING = "INSERT INTO recovery_timings (policy_id, data) VALUES (?, ?) ON CONFLICT DO NOTHING"
_LAST = {
    "sqlite": "SELECT recorded_at FROM recovery_events ORDER BY position DESC LIMIT 1",
    "postgres": "SELECT recorded_at FROM recovery_events ORDER BY txid DESC, position DESC LIMIT 1",
}
_LOAD = """SELECT (SELECT count(*) FROM recovery_cases WHERE owner = ? AND NOT ended AND NOT in_tray),
    (SELECT max(assigned_at) FROM recovery_cases WHERE owner = ?)"""
_WAITING = """SELECT message_id, tries, next_at, last_error FROM recovery_outbox WHERE state = 'queued'
    ORDER BY next_at, message_id"""
_OLDEST = """SELECT min(wake_at) FROM recovery_wakes
    WHERE wake_at <= ? AND wake_at >= ? AND (tries = 0 OR claimed_until IS NULL OR claimed_until <= ?)"""
_BACKLOG = f"""SELECT
    (SELECT count(*) FROM recovery_cases WHERE NOT ended AND NOT in_tray),
    (SELECT count(*) FROM recovery_wakes WHERE wake_at <= ?)
        - (SELECT count(*) FROM recovery_wakes WHERE tries > 0 AND wake_at <= ? AND claimed_until > ?),
    (SELECT count(*) FROM recovery_outbox WHERE state = 'queued'),
    (SELECT count(*) FROM recovery_outbox AS o JOIN recovery_cases AS c ON c.case_id = o.case_id
        WHERE o.state = 'given_up' AND NOT c.ended),
    (SELECT count(*) FROM recovery_cases WHERE in_tray AND NOT ended),
    ({_OLDEST})"""


@frozen
class Caches:
    """What stores on the same tables may share: nothing in it can be wrong, whatever becomes of a transaction.

    ``stored_timings`` are the clocks that are known to be there: committed, so that no rollback of a host's takes them away.
    """

    recent: Recent = field(factory=Recent)
    timings: dict[str, Timing] = field(factory=dict[str, Timing])
    stored_timings: set[str] = field(factory=set[str])

    def shared(self) -> Caches:
        """Return caches for a store on the same connections, whose tables may be others: a host may have a schema a client."""
        return evolve(self, stored_timings=set[str]())


class SQLStore:
    """Keeps cases, their histories, outbox, keys and clocks in tables named ``recovery_...``, over a source of connections.

    Use :class:`~recovery.stores.sqlite.SQLiteStore`, :class:`~recovery.stores.postgres.PostgresStore` or
    :class:`~recovery.stores.joined.JoinedStore`. A store is a context manager; leaving it closes what it opened.
    Whatever the database reports is raised as :class:`~recovery.core.errors.StoreUnusable`, with the way out.
    """

    def __init__(self, source: Source, caches: Caches | None = None) -> None:
        self._source = source
        self._caches = Caches() if caches is None else caches
        self._due = claiming.LowWater(source.dialect)
        self._waiting = claiming.LowWater(source.dialect, claiming.OUTBOX_SWEEP)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection of this store, in all threads of this process."""
        self._source.close()

    @property
    def where(self) -> str:
        """Which database it is, without user and password."""
        return self._source.where

    # ---------------------------------------------------------------- cases

    def load(self, case_id: str) -> Case | None:
        """Return the case as last saved, or ``None``. A snapshot that cannot be read is rebuilt from the events.

        Raises :class:`~recovery.codec.Undecodable` where the events cannot be read either.
        """
        row = self._one(_SNAPSHOT, case_id)
        return None if row is None else self._case(case_id, *row)

    def _case(self, case_id: str, version: int, public: str, personal: str | None) -> Case:
        found = self._caches.recent.get(case_id, (public, personal))
        if found is not None:
            return found
        try:
            case = rows.case_of(case_id, version, public, personal)
            self._caches.recent.put(case, (public, personal))
            return case
        except Undecodable as error:
            return rebuilt(case_id, lambda: self.history(case_id), error)

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Return every event of the case in the order of their numbers. Raises :class:`~recovery.codec.Undecodable`."""
        return tuple(rows.event_of(case_id, row) for row in self._all(_HISTORY, (encodable(case_id),)))

    # ---------------------------------------------------------------- saving

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Store all changes or none; ``ConflictingChange`` where one of them, or the key, comes too late."""
        writings = [Writing(change) for change in changes]
        fresh = None if timing is None or self._there(timing) else timing
        single = len(writings) == 1 and fresh is None
        try:
            with self._source.writing(single=single) as session:
                (write if session.dialect.name == "sqlite" else write_at_once)(session, writings, key)
                if fresh is not None:
                    session.run(_NEW_TIMING, (fresh.id, timing_text(fresh)))
        except Raced as lost:
            raise self._lost(writings, key) from lost
        except ConflictingChange as lost:
            if not self._source.joined:
                raise
            raise ConflictingChange(lost.case_id, lost.expected, lost.found, final=True) from lost
        for writing in writings:
            self._caches.recent.put(*writing.remembered)
        if fresh is not None and not self._source.joined:
            self._caches.stored_timings.add(fresh.id)

    def _there(self, timing: Timing) -> bool:
        """Return whether clocks are stored already. Remembered is only what is committed: a host may roll back what it sees."""
        if timing.id in self._caches.stored_timings:
            return True
        committed = self._source.dialect.committed if self._source.joined else "true"
        found = self._one(_TIMING_THERE.format(committed=committed), timing.id)
        if found is not None and found[0]:
            self._caches.stored_timings.add(timing.id)
        return found is not None

    def _lost(self, writings: Sequence[Writing], key: KeyRecord | None) -> ConflictingChange:
        """Return the error of who lost a race that the database itself noticed."""
        if not writings and key is not None:
            return ConflictingChange(key.case_id, key.version, final=self._source.joined)
        late = writings[0]
        return ConflictingChange(late.case_id, late.base, self._version(late.case_id), final=self._source.joined)

    def _version(self, case_id: str) -> int | None:
        """Return the version of a case, ``None`` also where that cannot be told any more."""
        try:
            row = self._one(_VERSION, case_id)
        except StoreUnusable:
            return None
        return None if row is None else int(row[0])

    def key(self, key: str) -> KeyRecord | None:
        """Return what is on record for an idempotency key."""
        row = self._one(_KEY, key)
        return None if row is None else KeyRecord(key=row[0], fingerprint=row[1], case_id=row[2], version=row[3])

    def timing(self, policy_id: str) -> Timing | None:
        """Return the clocks and the calendar that were stored under that id. Raises :class:`~recovery.codec.Undecodable`."""
        known = self._caches.timings
        if policy_id not in known:
            row = self._one(_TIMING, policy_id)
            if row is None:
                return None
            known[policy_id] = timing_of(row[0], policy_id)
        return known[policy_id]

    def _one(self, sql: str, name: str) -> Row | None:
        with self._source.reading() as session:
            return session.one(sql, (encodable(name),))

    def _all(self, sql: str, values: Sequence[object] = ()) -> Sequence[Row]:
        with self._source.reading() as session:
            return session.all(sql, values)

    # ---------------------------------------------------------------- finding

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Return every case that one of ``lookups`` finds, and the survivors of merged ones, the oldest first.

        Raises :class:`~recovery.codec.Undecodable` where one of them cannot be read.
        """
        found = {
            case_id for first in range(0, len(lookups), _AT_ONCE) for case_id in self._found(lookups[first : first + _AT_ONCE])
        }
        return with_survivors((case for case in map(self.load, sorted(found)) if case is not None), self.load)

    def found_by(self, lookup: Lookup) -> tuple[str, ...]:
        """Return the ids of the cases that hold ``lookup`` now, also of those that cannot be read."""
        return tuple(self._found((lookup,)))

    def _found(self, lookups: Sequence[Lookup]) -> Iterator[str]:
        # One statement, one journey. Given as a list of pairs, SQLite would walk over the whole table.
        sql = " UNION ALL ".join([_FOUND] * len(lookups))
        return (row[0] for row in self._all(sql, [value for lookup in lookups for value in digest(lookup)]))

    def find(self, query: Query) -> tuple[Case, ...]:
        """Return one page of the cases that fit ``query``, by id. One that cannot be read is left out, and logged."""
        return tuple(islice(self._fitting(query), max(query.limit, 0)))

    def _fitting(self, query: Query) -> Iterator[Case]:
        """Yield the cases of a page; where words are looked for, of as many pages as it takes."""
        while page := self._all(*page_of(query, self._source.dialect.name)):
            told = page if query.text is None else (row for row in page if self._mentions(row[0], query.text))
            yield from (case for row in told if (case := self._readable(*row)) is not None)
            if len(page) < query.limit:
                return
            query = evolve(query, after=page[-1][0])

    def _mentions(self, case_id: str, words: str) -> bool:
        found = self._all(_PERSONAL, (case_id,))
        return mentions((text for row in found for text in rows.personal_words(row[0])), words)

    def _readable(self, case_id: str, version: int, public: str, personal: str | None) -> Case | None:
        try:
            return self._case(case_id, version, public, personal)
        except Undecodable as error:
            _log.error("a case cannot be read", extra={"case_id": case_id, "why": str(error)})
            return None

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Return how many open cases each of ``people`` has, and when they were last given one."""
        with self._source.reading() as session:
            found = {name: session.all(_LOAD, (encodable(name),) * 2)[0] for name in people}
        return {name: Load(open_cases=many, assigned_at=rows.at_of(last)) for name, (many, last) in found.items()}

    # ---------------------------------------------------------------- claims

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Claim up to ``limit`` cases whose ``wake_at`` has come, and return their ids, the longest overdue first."""
        found = claiming.claim(self._source, claiming.DUE, self._due, now, limit, lease)
        return tuple(case_id for _, case_id in found)

    def release(self, case_id: str) -> None:
        """End the claim on a case that needs no change, and forget its failures."""
        self._run(claiming.RELEASE, (encodable(case_id),))

    def put_off(self, case_id: str, at: DateTime, error: str) -> None:
        """End the claim on a case that could not be looked at, and keep it from being claimed before ``at``; keep the error."""
        self._run(claiming.PUT_OFF, (instant_to_text(at), encodable(error), encodable(case_id)))

    def troubles(self, saying: str = "") -> tuple[Trouble, ...]:
        """Return the cases that could not be looked at, and the messages that could not be sent, the soonest tried again first.

        Of messages only those whose error begins with ``saying``.
        """
        return tuple(
            Trouble(
                case_id=case_id,
                owner=owner,
                error=error or "",
                tries=tries,
                next_at=rows.instant_of(at),
                message_id=message_id or None,
            )
            for case_id, owner, error, tries, at, message_id in self._all(claiming.TROUBLES, (len(saying), saying))
        )

    def next_due(self, now: DateTime) -> DateTime | None:
        """Return the soonest instant at which there is something to do."""
        [found] = self._all(claiming.NEXT_DUE, (instant_to_text(now),) * 2)
        return min((at for at in map(rows.at_of, found) if at is not None), default=None)

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Claim up to ``limit`` messages that are due; at most one per case and recipient."""
        found = claiming.claim(self._source, claiming.OUTBOX, self._waiting, now, limit, lease)
        return tuple(claiming.queued_of(*row) for _, *row in found)

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Put a queued message off until ``at`` and count one more failed try; ``error`` is kept beside it."""
        self._run(claiming.RETRY, (instant_to_text(at), encodable(error), encodable(message_id)))

    def _run(self, sql: str, values: Sequence[object]) -> None:
        claiming.undisturbed(self._source, lambda session: session.run(sql, values))

    # ---------------------------------------------------------------- how it stands

    def oldest_due(self, now: DateTime) -> DateTime | None:
        """Return the wake instant of the case that has been due longest."""
        # In a backlog from where the claims look as well: with every round it would walk past all that was claimed before.
        told = instant_to_text(now)
        return rows.at_of(self._all(_OLDEST, (told, self._due.since, told))[0][0])

    def feed(self, after: str = "", limit: int = 100) -> tuple[Committed, ...]:
        """Return the next committed events after the position ``after``, in an order in which no later commit comes before.

        Raises :class:`~recovery.core.errors.InvalidValue` for a position that is none, and
        :class:`~recovery.codec.Undecodable` where the next event cannot be read; the error says from which position to go on.
        """
        return feeding.feed(self._source, after, limit)

    def doctor(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with what is stored: the database first, then each case, then the outbox."""
        return tuple(doctoring.doctored(self._source))

    def contradictions(self, *, beside: bool = False) -> Iterator[Finding]:
        """Yield what a glance at all rows together shows, without reading a case; with ``beside`` only what belongs to no case."""
        return glancing.contradictions(self._source, beside=beside)

    def look_through(self, after: str = "", limit: int = 100) -> tuple[Examined, ...]:
        """Look at up to ``limit`` cases whose ids come after ``after``, each with everything that is wrong with it."""
        return doctoring.look_through(self._source, encodable(after), limit)

    def look_at(self, case_id: str) -> Examined | None:
        """Look at one case; ``None`` where there is no such case."""
        return doctoring.look_at(self._source, encodable(case_id))

    def rebuild(self, case_id: str, wake_at: Callable[[Case], DateTime | None]) -> None:
        """Write what is stored of a case anew, as its history makes it, with the wake instant that is given for it."""
        self._caches.stored_timings.clear()  # what is taken to be there may be what is missing
        mending.rebuild(self._source, encodable(case_id), wake_at)

    def backlog(self, now: DateTime) -> Backlog:
        """Return how much there is to do at ``now``."""
        told = instant_to_text(now)
        values = (*(told,) * 4, self._source.dialect.earliest, told)
        open_cases, due, unsent, given_up, tray, oldest = self._all(_BACKLOG, values)[0]
        return Backlog(
            open_cases=open_cases,
            due=due,
            unsent=unsent,
            given_up=given_up,
            tray=tray,
            oldest_due_at=rows.at_of(oldest),
        )

    def waiting(self) -> tuple[Waiting, ...]:
        """Return every message that has not left yet, the soonest first. Nothing is claimed by looking."""
        return tuple(
            Waiting(message_id=message_id, tries=tries, next_at=rows.instant_of(next_at), error=error or "")
            for message_id, tries, next_at, error in self._all(_WAITING)
        )

    def last_entry_at(self) -> DateTime | None:
        """Return when the event that was put on record last was recorded, ``None`` where there is none."""
        found = self._all(_LAST[self._source.dialect.name])
        return rows.at_of(found[0][0]) if found else None


@frozen(kw_only=True)
class Waiting:
    """A message that has not left yet: how often sending it has failed, when it is tried (again), and the last error."""

    message_id: str
    tries: int
    next_at: DateTime
    error: str
