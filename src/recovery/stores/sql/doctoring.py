"""What must not be, found case by case: a page of them as they are at one instant, each held against its history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from attrs import frozen

from recovery.codec import Undecodable, instant_to_text
from recovery.core.case import Case
from recovery.core.place import lookups_of
from recovery.core.reference import normal_reference
from recovery.core.values import ERASED
from recovery.core.vocabulary.common import Recorded
from recovery.ports.values import Examined, Finding, Wrong
from recovery.stores.examining import check_case, check_history, folded, no_clocks, unreadable
from recovery.stores.sql import rows
from recovery.stores.sql.glancing import contradictions
from recovery.stores.sql.session import Row, Session, Source
from recovery.stores.texts import digest, message_of, timing_of

__all__ = ["COLUMNS", "doctored", "found_by", "look_at", "look_through"]

PAGE = 100
"""How many cases are read at a time."""

LOOKS = 5
"""How often a case is looked at again inside a host's transaction, whose statements may each see another state."""

V = TypeVar("V")

# Those of rows.case_row, but for the snapshot.
COLUMNS = ("version", "stage", "owner", "assigned_at", "category", "policy_id", "opened_at", "ended", "in_tray")
_POLICY = 2 + COLUMNS.index("policy_id")  # behind the case's id and its reference

_CASES = f"""SELECT case_id, reference, {", ".join(COLUMNS)}, public, personal FROM recovery_cases
    WHERE case_id > ? ORDER BY case_id LIMIT ?"""
_CASE = f"SELECT case_id, reference, {', '.join(COLUMNS)}, public, personal FROM recovery_cases WHERE case_id = ?"
_EVENTS = """SELECT case_id, seq, recorded_at, kind, schema, public, personal FROM recovery_events
    WHERE case_id >= ? AND case_id <= ? ORDER BY case_id, seq"""
_QUEUED = """SELECT case_id, message_id, public, personal FROM recovery_outbox
    WHERE state = 'queued' AND case_id >= ? AND case_id <= ? ORDER BY case_id, message_id"""
_LOOKUPS = "SELECT case_id, kind, digest FROM recovery_lookups WHERE case_id >= ? AND case_id <= ? ORDER BY case_id"
_WAKES = "SELECT case_id, wake_at FROM recovery_wakes WHERE case_id >= ? AND case_id <= ? ORDER BY case_id"
_TIMINGS = "SELECT policy_id FROM recovery_timings"
_TIMING = "SELECT data FROM recovery_timings WHERE policy_id = ?"


@frozen
class _Page:
    """Cases as they are at one instant, with all that is stored of them."""

    cases: Sequence[Row]
    events: Mapping[str, list[Row]]
    queued: Mapping[str, list[Row]]
    lookups: Mapping[str, list[Row]]
    wakes: Mapping[str, list[Row]]
    timings: frozenset[str]
    unreadable_timings: Mapping[str, Undecodable]

    def examined(self) -> Iterator[Examined]:
        """Look at each of them."""
        for row in self.cases:
            yield self._examined(*row)

    def _examined(self, case_id: str, reference: str, *row: object) -> Examined:
        columns, snapshot = row[: len(COLUMNS)], row[len(COLUMNS) :]
        wake = self.wakes.get(case_id)
        wake_at = rows.at_of(wake[0][0]) if wake else None
        findings: list[Finding] = []
        events = self._history(case_id, findings)
        stored = _told(findings, case_id, lambda: rows.case_of(case_id, columns[0], *snapshot))  # type: ignore[arg-type]
        if events is not None:
            findings += check_history(case_id, events, stored)
        case = None if events is None else folded(events)
        known = stored or case
        if known is not None:
            findings += self._about(known, wake_at, has_wake=bool(wake))
            findings += _columns(known, (reference, *columns))
        return Examined(case_id=case_id, case=case, wake_at=wake_at, findings=(*findings, *self._messages(case_id)))

    def _history(self, case_id: str, findings: list[Finding]) -> tuple[Recorded, ...] | None:
        return _told(findings, case_id, lambda: tuple(rows.event_of(case_id, row) for row in self.events.get(case_id, ())))

    def _about(self, case: Case, wake_at: datetime | None, *, has_wake: bool) -> Iterator[Finding]:
        yield from check_case(case, rows.at_of(wake_at), [row[0] for row in self.queued.get(case.id, ())])
        if not has_wake and case.ended:
            what = "it has no row in recovery_wakes, so that nothing would wake it if it were reopened"
            yield Finding(case_id=case.id, what=what, way_out=_MEND, rule=Wrong.FORGOTTEN)
        wanted, erased = found_by(case)
        held = {(str(kind), bytes(found)) for kind, found in self.lookups.get(case.id, ())}
        many, few = set[tuple[str, bytes]]() if erased else held - wanted, wanted - held
        if many or few:
            what = f"it is found by {len(many)} things too many and by {len(few)} too few"
            yield Finding(case_id=case.id, what=what, way_out=_MEND, rule=Wrong.LOOKUPS)
        if case.policy_id not in self.timings:
            yield no_clocks(case.id, case.policy_id)
        elif case.policy_id in self.unreadable_timings:
            yield unreadable(case.id, self.unreadable_timings[case.policy_id])

    def _messages(self, case_id: str) -> Iterator[Finding]:
        for message_id, public, personal in self.queued.get(case_id, ()):
            try:
                message_of(message_id, public, personal)
            except Undecodable as error:
                yield unreadable(case_id, error, f"message {message_id}: ")


_MEND = "Have it mended: it is made from the events."


def found_by(case: Case) -> tuple[set[tuple[str, bytes]], bool]:
    """Return the digests of all that a case is found by, and whether there was more that has been erased."""
    lookups = lookups_of(case)
    known = {digest(lookup) for lookup in lookups if ERASED not in lookup.value}
    return known, len(known) < len(lookups)


def _told(findings: list[Finding], case_id: str, read: Callable[[], V]) -> V | None:
    """Return what is read; where it cannot be, that is a finding."""
    try:
        return read()
    except Undecodable as error:
        findings.append(unreadable(case_id, error))
        return None


def _columns(case: Case, held: Sequence[object]) -> Iterator[Finding]:
    """Find columns that say something else than the case."""
    wanted = (normal_reference(case.reference), *rows.case_row(case)[: len(COLUMNS)])
    pairs = zip(("reference", *COLUMNS), held, wanted, strict=True)
    wrong = [name for name, is_, should in pairs if _plain(is_) != should]
    if wrong:
        what = f"its columns {', '.join(wrong)} say something else than its events"
        yield Finding(case_id=case.id, what=what, way_out=_MEND, rule=Wrong.COLUMNS)


def _plain(value: object) -> object:
    return instant_to_text(rows.instant_of(value)) if isinstance(value, datetime) else value


def doctored(source: Source) -> Iterator[Finding]:
    """Yield what is wrong: with the database itself, beside the cases, then case by case."""
    yield from contradictions(source, beside=True)
    after = ""
    while page := look_through(source, after, PAGE):
        for each in page:
            yield from each.findings
        after = page[-1].case_id


def look_through(source: Source, after: str, limit: int) -> tuple[Examined, ...]:
    """Look at a page of cases."""
    with source.reading_at_once() as session:
        page = _page(session, session.all(_CASES, (after, max(limit, 0))))
    return tuple(_settled(source, each) for each in page.examined())


def look_at(source: Source, case_id: str) -> Examined | None:
    """Look at one case."""
    with source.reading_at_once() as session:
        page = _page(session, session.all(_CASE, (case_id,)))
    return next(page.examined(), None)


def _page(session: Session, cases: Sequence[Row]) -> _Page:
    bounds = (cases[0][0], cases[-1][0]) if cases else ("", "")
    events, queued, lookups, wakes = (_by_case(session.all(sql, bounds)) for sql in (_EVENTS, _QUEUED, _LOOKUPS, _WAKES))
    timings = frozenset(row[0] for row in session.all(_TIMINGS))
    pinned = timings.intersection(row[_POLICY] for row in cases)
    return _Page(
        cases=cases,
        events=events,
        queued=queued,
        lookups=lookups,
        wakes=wakes,
        timings=timings,
        unreadable_timings=dict(_unreadable_timings(session, pinned)),
    )


def _unreadable_timings(session: Session, policies: Iterable[str]) -> Iterator[tuple[str, Undecodable]]:
    """Yield the policies whose clocks cannot be read, each with the reason."""
    for policy_id in policies:
        try:
            for row in session.all(_TIMING, (policy_id,)):
                timing_of(row[0], policy_id)
        except Undecodable as error:
            yield policy_id, error


def _by_case(found: Iterable[Row]) -> dict[str, list[Row]]:
    return {case_id: [row[1:] for row in group] for case_id, group in groupby(found, key=itemgetter(0))}


def _settled(source: Source, found: Examined) -> Examined:
    """Return what is found twice in a row where others may have changed the case between two statements."""
    for _ in range(LOOKS if source.joined and found.findings else 0):
        again = look_at(source, found.case_id)
        if again is None or again.findings == found.findings:
            break
        found = again
    return found
