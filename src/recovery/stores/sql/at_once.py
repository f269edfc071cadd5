"""Saving on PostgreSQL in one statement: the case with the check of its version, and in its wake, only where that held, the rest.

The parts are data-modifying common table expressions. They see one state, that before the statement; what refers to a row that
another part writes is checked at the end. Where a version did not hold, nothing is written, and the transaction stays usable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter

from recovery.ports.values import KeyRecord
from recovery.stores.sql.saving import Writing, conflict
from recovery.stores.sql.session import Session

__all__ = ["write_at_once"]

_CASE = "case_id text, base int, reference text, wake_at timestamptz, version int, stage text, owner text, assigned_at timestamptz"
_SNAPSHOT = "category text, policy_id text, opened_at timestamptz, ended bool, in_tray bool, public text, personal text"
_EVENTS = "case_id text, seq int, recorded_at timestamptz, kind text, schema int, public text, personal text"
_MESSAGES = """message_id text, case_id text, seq int, channel text, person text, next_at timestamptz, public text,
    personal text, state text"""

_SET = ["version", "stage", "owner", "assigned_at", "category", "policy_id", "opened_at", "ended", "in_tray", "public", "personal"]
_COLUMNS = ", ".join(_SET)


_HELD = "held WHERE held.all_of_them"

_CASES = f"""updated AS (UPDATE recovery_cases AS c SET {", ".join(f"{name} = new.{name}" for name in _SET)}
    FROM new WHERE new.base > 0 AND c.case_id = new.case_id AND c.version = new.base RETURNING c.case_id),
inserted AS (INSERT INTO recovery_cases (case_id, reference, {_COLUMNS})
    SELECT case_id, reference, {_COLUMNS} FROM new WHERE base = 0 ON CONFLICT DO NOTHING RETURNING case_id),
written AS (SELECT case_id FROM updated UNION ALL SELECT case_id FROM inserted),
held AS (SELECT (SELECT count(*) FROM written) = (SELECT count(*) FROM new) AS all_of_them),
woken AS (UPDATE recovery_wakes AS w SET wake_at = new.wake_at, claimed_until = NULL, tries = 0, last_error = NULL
    FROM new, {_HELD} AND new.base > 0 AND w.case_id = new.case_id),
wakes AS (INSERT INTO recovery_wakes (case_id, wake_at) SELECT case_id, wake_at FROM new, {_HELD} AND base = 0)"""

_PARTS: Mapping[str, tuple[str, str]] = {
    "new": (f"{_CASE}, {_SNAPSHOT}", _CASES),
    "said": (
        _EVENTS,
        # A host may have begun before somebody who has committed on the case since: in the feed its events come behind those.
        f"""events AS (INSERT INTO recovery_events (case_id, seq, recorded_at, kind, schema, public, personal, txid)
    SELECT said.*, greatest(pg_current_xact_id(),
        (SELECT e.txid FROM recovery_events AS e WHERE e.case_id = said.case_id ORDER BY e.seq DESC LIMIT 1))
    FROM said, {_HELD})""",
    ),
    "told": (
        _MESSAGES,
        f"""messages AS (INSERT INTO recovery_outbox (message_id, case_id, seq, channel, person, next_at, public, personal, state)
    SELECT told.* FROM told, {_HELD})""",
    ),
    "became": (
        "message_id text, state text",
        f"""settled AS (UPDATE recovery_outbox AS o SET state = became.state, claimed_until = NULL
    FROM became, {_HELD} AND o.message_id = became.message_id)""",
    ),
    "whole": (
        "kind text, digest bytea, case_id text",
        f"""outdated AS (DELETE FROM recovery_lookups AS l USING new, {_HELD} AND l.case_id = new.case_id
        AND new.case_id IN (SELECT case_id FROM whole)
        AND NOT EXISTS (SELECT 1 FROM whole AS w WHERE w.kind = l.kind AND w.digest = l.digest AND w.case_id = l.case_id))""",
    ),
    "gone": (
        "kind text, digest bytea, case_id text",
        f"""dropped AS (DELETE FROM recovery_lookups AS l USING gone, {_HELD}
        AND l.kind = gone.kind AND l.digest = gone.digest AND l.case_id = gone.case_id)""",
    ),
    "fresh": (
        "kind text, digest bytea, case_id text",
        f"""found AS (INSERT INTO recovery_lookups (kind, digest, case_id) SELECT fresh.* FROM fresh, {_HELD}
    ON CONFLICT (kind, digest, case_id) DO NOTHING)""",
    ),
    "key": (
        "key text, fingerprint text, case_id text, version int",
        f"""used AS (INSERT INTO recovery_keys (key, fingerprint, case_id, version) SELECT key.* FROM key, {_HELD})""",
    ),
}
_LONE_KEY = "INSERT INTO recovery_keys (key, fingerprint, case_id, version) VALUES (?, ?, ?, ?)"

FEW = 8
"""Up to how many rows are given value by value; more of them as arrays, one for each column."""


def _given(name: str, columns: str, rows: int) -> str:
    """Return a part that gives ``rows`` rows of ``columns``; 0: as arrays, however many there are."""
    pairs = [column.split() for column in columns.split(",")]
    names = ", ".join(column for column, _ in pairs)
    if not rows:
        # In binary: in an array of texts psycopg marks every quote and backslash by itself, which costs more than all the rest.
        arrays = ", ".join(f"%b::{kind}[]" for _, kind in pairs)
        return f"{name} ({names}) AS MATERIALIZED (SELECT * FROM unnest({arrays}))"
    first = ", ".join(f"?::{kind}" for _, kind in pairs)
    others = f", ({', '.join('?' * len(pairs))})" * (rows - 1)
    return f"{name} ({names}) AS MATERIALIZED (VALUES ({first}){others})"


@lru_cache(maxsize=512)
def _statement(shape: tuple[tuple[str, int], ...]) -> str:
    given = [_given(name, _PARTS[name][0], rows) for name, rows in shape]
    return f"WITH {', '.join((*given, *(_PARTS[name][1] for name, _ in shape)))}\nSELECT all_of_them FROM held"


def write_at_once(session: Session, writings: Sequence[Writing], key: KeyRecord | None) -> None:
    """Write changes, and ``key`` with the last of them. Raises ``ConflictingChange``.

    The errors of the driver for a contact, a key or an event that is there already are for the caller to turn into one.
    """
    waves = list(_waves(writings))
    for number, wave in enumerate(waves, 1):
        _write(session, wave, key if number == len(waves) else None)
    if key is not None and not waves:
        session.run(_LONE_KEY, _key(key))


def _waves(writings: Sequence[Writing]) -> list[list[Writing]]:
    """Part the changes so that none of the parts holds a case twice: a statement writes a row once."""
    waves: list[dict[str, Writing]] = []
    times: dict[str, int] = {}
    for writing in writings:
        turn = times[writing.case_id] = times.get(writing.case_id, -1) + 1
        if turn == len(waves):
            waves.append({})
        waves[turn][writing.case_id] = writing
    return [list(wave.values()) for wave in waves]


_ORDER = attrgetter("case_id")


def _write(session: Session, wave: list[Writing], key: KeyRecord | None) -> None:
    # Two who save the same cases take their rows in the same order, so that they wait for each other and not crosswise.
    cases = [(w.case_id, w.base, w.reference, w.wake_at, *w.case) for w in sorted(wave, key=_ORDER)]
    became = {message_id: state for w in wave for state, message_id in w.settled}
    messages = [(*row, became.pop(str(row[0]), "queued")) for w in wave for row in w.messages]
    given: dict[str, Sequence[Sequence[object]]] = {
        "new": cases,
        "said": [row for w in wave for row in w.events],
        "told": messages,
        "became": list(became.items()),
        "whole": [(*found, w.case_id) for w in wave if w.gone is None for found in w.fresh],
        "gone": [(*found, w.case_id) for w in wave for found in w.gone or ()],
        "fresh": [(*found, w.case_id) for w in wave for found in sorted(w.fresh)],
        "key": [] if key is None else [_key(key)],
    }
    shape = tuple((name, len(rows) if len(rows) <= FEW else 0) for name, rows in given.items() if rows)
    values = [value for name, rows in shape for value in _values(given[name], rows)]
    found = session.one(_statement(shape), values)
    if found is None or not found[0]:
        raise conflict(session, _late(session, wave))


def _values(rows: Sequence[Sequence[object]], few: int) -> Iterable[object]:
    return (value for row in rows for value in row) if few else (list(column) for column in zip(*rows, strict=True))


def _late(session: Session, wave: list[Writing]) -> Writing:
    """Return the change that came too late, as far as that can still be told."""
    there = {w.case_id: session.one("SELECT version FROM recovery_cases WHERE case_id = ?", (w.case_id,)) for w in wave}
    late = (w for w in wave if (0 if (row := there[w.case_id]) is None else row[0]) != w.base)
    return next(late, wave[0])


def _key(key: KeyRecord) -> tuple[object, ...]:
    return key.key, key.fingerprint, key.case_id, key.version
