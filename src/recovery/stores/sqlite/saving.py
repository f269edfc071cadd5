"""What one change writes: the case first, with the check of its version, then all that follows from it."""

from __future__ import annotations

import sqlite3

from recovery.core.errors import ConflictingChange
from recovery.core.place import lookups_of
from recovery.core.reference import normal_reference
from recovery.ports.values import Change, KeyRecord
from recovery.stores.sqlite import rows
from recovery.stores.texts import digest

__all__ = ["Writing", "use_key"]

_INSERT = """INSERT INTO cases (version, stage, owner, assigned_at, category, policy_id, opened_at, ended, in_tray, wake_at, public,
    personal, case_id, reference) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_UPDATE = """UPDATE cases SET version = ?, stage = ?, owner = ?, assigned_at = ?, category = ?, policy_id = ?, opened_at = ?,
    ended = ?, in_tray = ?, wake_at = ?, public = ?, personal = ?, claimed_until = NULL WHERE case_id = ? AND version = ?"""
_EVENT = "INSERT INTO events (case_id, seq, recorded_at, kind, schema, public, personal) VALUES (?, ?, ?, ?, ?, ?, ?)"
_MESSAGE = """INSERT INTO outbox (message_id, case_id, seq, channel, person, next_at, public, personal, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued')"""
_SETTLE = "UPDATE outbox SET state = ?, claimed_until = NULL WHERE message_id = ?"
_LOOKUPS = "SELECT kind, digest FROM lookups WHERE case_id = ?"
_LOOKUP = "INSERT INTO lookups (kind, digest, case_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_NO_LOOKUP = "DELETE FROM lookups WHERE kind = ? AND digest = ? AND case_id = ?"
_KEY = "INSERT INTO keys (key, fingerprint, case_id, version) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


class Writing:
    """The rows of one change, made before the transaction begins, so that the file is locked for writing alone."""

    def __init__(self, change: Change) -> None:
        case = change.case
        self._change = change
        self._case = rows.case_row(case, change.wake_at)
        self.remembered = case, rows.snapshot_in(self._case)
        self._events = [rows.event_row(case.id, recorded) for recorded in change.events]
        self._messages = [rows.message_row(message) for message in change.messages]
        self._settled = [(became.value, message_id) for message_id, became in change.settled]
        self._lookups = {digest(lookup) for lookup in lookups_of(case)}

    def case(self, connection: sqlite3.Connection) -> None:
        """Write the case; raises ``ConflictingChange`` where it is at another version, or there already."""
        case, base = self._change.case, self._change.base_version
        if base:
            written = connection.execute(_UPDATE, (*self._case, case.id, base))
        else:
            written = connection.execute(_INSERT, (*self._case, case.id, normal_reference(case.reference)))
        if written.rowcount == 0:
            there = connection.execute("SELECT version FROM cases WHERE case_id = ?", (case.id,)).fetchone()
            raise ConflictingChange(case.id, base, None if there is None else there[0])

    def rest(self, connection: sqlite3.Connection) -> None:
        """Write what happened, what is to be said, what became of what was said, and what the case is found by."""
        connection.executemany(_EVENT, self._events)
        if self._messages:
            connection.executemany(_MESSAGE, self._messages)
        if self._settled:
            connection.executemany(_SETTLE, self._settled)
        self._find_by(connection)

    def _find_by(self, connection: sqlite3.Connection) -> None:
        case_id, base = self._change.case.id, self._change.base_version
        old: set[tuple[str, bytes]] = set()
        if base:
            old.update(connection.execute(_LOOKUPS, (case_id,)))
        if gone := old - self._lookups:
            connection.executemany(_NO_LOOKUP, [(*found, case_id) for found in gone])
        if fresh := self._lookups - old:
            written = connection.executemany(_LOOKUP, [(*found, case_id) for found in sorted(fresh)])
            if written.rowcount < len(fresh):
                # Somebody else has logged the same contact under another case. This one is where it was, or is not there.
                raise ConflictingChange(case_id, base, base or None)


def use_key(connection: sqlite3.Connection, key: KeyRecord) -> None:
    """Write the key; raises ``ConflictingChange`` where it has been used."""
    written = connection.execute(_KEY, (key.key, key.fingerprint, key.case_id, key.version))
    if written.rowcount == 0:
        used = connection.execute("SELECT version FROM keys WHERE key = ?", (key.key,)).fetchone()
        raise ConflictingChange(key.case_id, key.version, used[0])
