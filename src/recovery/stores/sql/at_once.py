"""Saving on PostgreSQL in one statement: the case with the check of its version, and in its wake, only where that held, the rest.

The parts are data-modifying common table expressions. They see one state, that before the statement; what refers to a row that
another part writes is checked at the end. Where a version did not hold, nothing is written, and the transaction stays usable.
"""

from __future__ import annotations

from collections.abc import Sequence
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

_SET = "version stage owner assigned_at category policy_id opened_at ended in_tray public personal".split()
_COLUMNS = ", ".join(_SET)


def _given(name: str, columns: str) -> str:
    """Return a part that gives arrays, one for each column, as rows."""
    pairs = [column.split() for column in columns.split(",")]
    arrays = ", ".join(f"?::{kind}[]" for _, kind in pairs)
    return f"{name} AS MATERIALIZED (SELECT * FROM unnest({arrays}) AS given({', '.join(column for column, _ in pairs)}))"


_PARTS = {
    "case": f"""{_given("new", f"{_CASE}, {_SNAPSHOT}")},
updated AS (UPDATE recovery_cases AS c SET {", ".join(f"{name} = new.{name}" for name in _SET)}
    FROM new WHERE new.base > 0 AND c.case_id = new.case_id AND c.version = new.base RETURNING c.case_id),
inserted AS (INSERT INTO recovery_cases (case_id, reference, {_COLUMNS})
    SELECT case_id, reference, {_COLUMNS} FROM new WHERE base = 0 ON CONFLICT DO NOTHING RETURNING case_id),
written AS (SELECT case_id FROM updated UNION ALL SELECT case_id FROM inserted),
held AS (SELECT (SELECT count(*) FROM written) = (SELECT count(*) FROM new) AS all_of_them),
woken AS (UPDATE recovery_wakes AS w SET wake_at = new.wake_at, claimed_until = NULL, tries = 0, last_error = NULL
    FROM new, held WHERE held.all_of_them AND new.base > 0 AND w.case_id = new.case_id),
wakes AS (INSERT INTO recovery_wakes (case_id, wake_at) SELECT case_id, wake_at FROM new, held
    WHERE held.all_of_them AND base = 0)""",
    "events": f"""{_given("said", _EVENTS)},
events AS (INSERT INTO recovery_events (case_id, seq, recorded_at, kind, schema, public, personal)
    SELECT said.* FROM said, held WHERE held.all_of_them)""",
    "messages": f"""{_given("written_down", _MESSAGES)},
messages AS (INSERT INTO recovery_outbox (message_id, case_id, seq, channel, person, next_at, public, personal, state)
    SELECT written_down.* FROM written_down, held WHERE held.all_of_them)""",
    "settled": f"""{_given("became", "message_id text, state text")},
settled AS (UPDATE recovery_outbox AS o SET state = became.state, claimed_until = NULL
    FROM became, held WHERE held.all_of_them AND o.message_id = became.message_id)""",
    "lookups": f"""{_given("found", "kind text, digest bytea, case_id text")},
gone AS (DELETE FROM recovery_lookups AS l USING new, held WHERE held.all_of_them AND new.base > 0 AND l.case_id = new.case_id
    AND NOT EXISTS (SELECT 1 FROM found WHERE found.kind = l.kind AND found.digest = l.digest AND found.case_id = l.case_id)),
fresh AS (INSERT INTO recovery_lookups (kind, digest, case_id) SELECT found.* FROM found, held WHERE held.all_of_them
    ON CONFLICT (kind, digest, case_id) DO NOTHING)""",
    "key": """used AS (INSERT INTO recovery_keys (key, fingerprint, case_id, version)
    SELECT ?, ?, ?, ?::int FROM held WHERE held.all_of_them)""",
}


_LONE_KEY = "INSERT INTO recovery_keys (key, fingerprint, case_id, version) VALUES (?, ?, ?, ?)"


@lru_cache(maxsize=64)
def _statement(parts: tuple[str, ...]) -> str:
    return f"WITH {', '.join(_PARTS[part] for part in parts)}\nSELECT all_of_them FROM held"


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
    messages = [(*row, became.pop(row[0], "queued")) for w in wave for row in w.messages]
    given = {
        "case": _columns(cases),
        "events": _columns([row for w in wave for row in w.events]),
        "messages": _columns(messages),
        "settled": _columns(list(became.items())),
        "lookups": _columns([(*found, w.case_id) for w in wave for found in sorted(w.lookups)]),
        "key": [] if key is None else list(_key(key)),
    }
    parts = tuple(part for part, values in given.items() if values)
    found = session.one(_statement(parts), [value for part in parts for value in given[part]])
    if found is None or not found[0]:
        raise conflict(session, _late(session, wave))


def _late(session: Session, wave: list[Writing]) -> Writing:
    """Return the change that came too late, as far as that can still be told."""
    there = {w.case_id: session.one("SELECT version FROM recovery_cases WHERE case_id = ?", (w.case_id,)) for w in wave}
    late = (w for w in wave if (0 if (row := there[w.case_id]) is None else row[0]) != w.base)
    return next(late, wave[0])


def _columns(rows: Sequence[Sequence[object]]) -> list[object]:
    return [list(column) for column in zip(*rows, strict=True)]


def _key(key: KeyRecord) -> tuple[object, ...]:
    return key.key, key.fingerprint, key.case_id, key.version
