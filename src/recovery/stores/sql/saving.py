"""What one change writes: the case first, with the check of its version, then all that follows from it.

SQLite takes it statement by statement; PostgreSQL, where every statement is a journey, takes all of it in one (``at_once.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from recovery.core.case import Case
from recovery.core.errors import ConflictingChange
from recovery.core.place import lookups_changed, lookups_of
from recovery.core.reference import normal_reference
from recovery.ports.values import Change, KeyRecord
from recovery.stores.sql import rows
from recovery.stores.sql.session import Session
from recovery.stores.texts import digest, instant_text

__all__ = ["Writing", "conflict", "use_key", "write"]

Digest = tuple[str, bytes]

_INSERT = """INSERT INTO recovery_cases (version, stage, owner, assigned_at, category, policy_id, opened_at, ended, in_tray, public,
    personal, case_id, reference) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_UPDATE = """UPDATE recovery_cases SET version = ?, stage = ?, owner = ?, assigned_at = ?, category = ?, policy_id = ?,
    opened_at = ?, ended = ?, in_tray = ?, public = ?, personal = ? WHERE case_id = ? AND version = ?"""
_CARRY_ON = "UPDATE recovery_cases SET version = ?, stage = ?, public = ?, personal = ? WHERE case_id = ? AND version = ?"
_NEW_WAKE = "INSERT INTO recovery_wakes (wake_at, case_id) VALUES (?, ?)"
_WAKE = "UPDATE recovery_wakes SET wake_at = ?, claimed_until = NULL, tries = 0, last_error = NULL WHERE case_id = ?"
_EVENT = "INSERT INTO recovery_events (case_id, seq, recorded_at, kind, schema, public, personal) VALUES (?, ?, ?, ?, ?, ?, ?)"
_MESSAGE = """INSERT INTO recovery_outbox (message_id, case_id, seq, channel, person, next_at, public, personal, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued')"""
_SETTLE = "UPDATE recovery_outbox SET state = ?, claimed_until = NULL WHERE message_id = ?"
_LOOKUPS = "SELECT kind, digest FROM recovery_lookups WHERE case_id = ?"
_LOOKUP = "INSERT INTO recovery_lookups (kind, digest, case_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_NO_LOOKUP = "DELETE FROM recovery_lookups WHERE kind = ? AND digest = ? AND case_id = ?"
_KEY = "INSERT INTO recovery_keys (key, fingerprint, case_id, version) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_VERSION = "SELECT version FROM recovery_cases WHERE case_id = ?"
_USED = "SELECT version FROM recovery_keys WHERE key = ?"


class Writing:
    """The rows of one change, made before the transaction begins, so that nobody waits for what Python does."""

    def __init__(self, change: Change) -> None:
        case = change.case
        self.case_id, self.base, self.version = case.id, change.base_version, case.version
        self.case = rows.case_row(case)
        self.stays = change.before is not None and _place_of(change.before) == _place_of(case)
        self.reference = None if self.base else normal_reference(case.reference)
        self.remembered = case, rows.snapshot_in(self.case)
        self.wake_at = instant_text(change.wake_at)
        self.events = [rows.event_row(case.id, recorded) for recorded in change.events]
        self.messages = [rows.message_row(message) for message in change.messages]
        self.settled = [(became.value, message_id) for message_id, became in change.settled]
        self.gone, self.fresh = _found_by(change)


def _place_of(case: Case) -> tuple[object, ...]:
    """Return what the columns with an index of their own hold, the stage apart, which most commands change."""
    since, category = case.ownership.since, case.receiving.category
    return case.owner, since, category, case.policy_id, case.opened_at, case.ended, case.in_tray


def _found_by(change: Change) -> tuple[set[Digest] | None, set[Digest]]:
    """Return what the case is no longer found by, ``None`` where that is to be looked up, and what it is found by anew."""
    if change.before is None:
        now = {digest(lookup) for lookup in lookups_of(change.case)}
        return (None if change.base_version else set()), now
    gone, fresh = lookups_changed(change.before, change.case)
    return {digest(lookup) for lookup in gone}, {digest(lookup) for lookup in fresh}


def write(session: Session, writings: Sequence[Writing], key: KeyRecord | None) -> None:
    """Write every case, then the key, then the rest; raises ``ConflictingChange`` before anything but cases is written."""
    for writing in writings:
        _write_case(session, writing)
    if key is not None:
        use_key(session, key)
    for writing in writings:
        _write_rest(session, writing)


def _write_case(session: Session, writing: Writing) -> None:
    if writing.base and writing.stays:
        # SQLite writes every index anew whose columns are named, though nothing changes in them.
        version, stage, *_, public, personal = writing.case
        written = session.run(_CARRY_ON, (version, stage, public, personal, writing.case_id, writing.base))
    elif writing.base:
        written = session.run(_UPDATE, (*writing.case, writing.case_id, writing.base))
    else:
        written = session.run(_INSERT, (*writing.case, writing.case_id, writing.reference))
    if not written:
        raise conflict(session, writing)


def conflict(session: Session, writing: Writing) -> ConflictingChange:
    """Return the error of a change that came too late."""
    there = session.one(_VERSION, (writing.case_id,))
    return ConflictingChange(writing.case_id, writing.base, None if there is None else there[0])


def use_key(session: Session, key: KeyRecord) -> None:
    """Write the key; raises ``ConflictingChange`` where it has been used."""
    if not session.run(_KEY, (key.key, key.fingerprint, key.case_id, key.version)):
        used = session.one(_USED, (key.key,))
        raise ConflictingChange(key.case_id, key.version, None if used is None else used[0])


def _write_rest(session: Session, writing: Writing) -> None:
    """Write what happened, what is to be said, what became of what was said, when to look again, and what it is found by."""
    session.run_many(_EVENT, writing.events)
    session.run_many(_MESSAGE, writing.messages)
    session.run_many(_SETTLE, writing.settled)
    session.run(_WAKE if writing.base else _NEW_WAKE, (writing.wake_at, writing.case_id))
    _find_by(session, writing)


def _find_by(session: Session, writing: Writing) -> None:
    gone, fresh = writing.gone, writing.fresh
    if gone is None:
        old = {(str(kind), bytes(found)) for kind, found in session.all(_LOOKUPS, (writing.case_id,))}
        gone, fresh = old - fresh, fresh - old
    session.run_many(_NO_LOOKUP, [(*found, writing.case_id) for found in gone])
    if session.run_many(_LOOKUP, [(*found, writing.case_id) for found in sorted(fresh)]) < len(fresh):
        # Somebody else has logged the same contact under another case. This one is where it was, or is not there.
        raise ConflictingChange(writing.case_id, writing.base, writing.base or None)
