"""What must not be, found in the tables."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.codec import Undecodable
from recovery.ports.values import Finding
from recovery.stores.common import examine
from recovery.stores.sql import rows
from recovery.stores.sql.session import Source
from recovery.stores.texts import encodable, message_of

__all__ = ["examined"]

PAGE = 500
"""How many ids are asked for at a time."""

_IDS = "SELECT case_id FROM recovery_cases WHERE case_id > ? ORDER BY case_id LIMIT ?"
_CASE = """SELECT version, public, personal, (SELECT wake_at FROM recovery_wakes AS w WHERE w.case_id = c.case_id)
    FROM recovery_cases AS c WHERE case_id = ?"""
_HISTORY = "SELECT seq, recorded_at, kind, schema, public, personal FROM recovery_events WHERE case_id = ? ORDER BY seq"
_QUEUED = "SELECT message_id, public, personal FROM recovery_outbox WHERE state = 'queued' AND case_id = ? ORDER BY message_id"
_TIMING = "SELECT 1 FROM recovery_timings WHERE policy_id = ?"


def examined(source: Source) -> Iterator[Finding]:
    """Yield what is wrong: with the database itself, then case by case."""
    for fault in source.faults():
        yield Finding(case_id="", what=f"the file is damaged: {fault}", way_out="Restore the file from a backup.")
    after = ""
    while ids := _ids(source, after):
        for case_id in ids:
            yield from _examined(source, case_id)
        after = ids[-1]


def _ids(source: Source, after: str) -> list[str]:
    with source.reading() as session:
        return [row[0] for row in session.all(_IDS, (after, PAGE))]


def _examined(source: Source, case_id: str) -> Iterator[Finding]:
    with source.reading_at_once() as session:
        found = session.one(_CASE, (case_id,))
        history = session.all(_HISTORY, (case_id,))
        queued = session.all(_QUEUED, (case_id,))
    if found is None:
        return
    *snapshot, wake_at = found
    yield from examine(
        case_id,
        lambda: rows.case_of(case_id, *snapshot),
        lambda: tuple(rows.event_of(case_id, row) for row in history),
        wake_at=rows.at_of(wake_at),
        queued=[row[0] for row in queued],
        has_timing=lambda policy_id: _has_timing(source, policy_id),
    )
    for message_id, *row in queued:
        try:
            message_of(message_id, *row)
        except Undecodable as error:
            yield Finding(case_id=case_id, what=f"message {message_id}: {error}", way_out=error.hint)


def _has_timing(source: Source, policy_id: str) -> bool:
    with source.reading() as session:
        return session.one(_TIMING, (encodable(policy_id),)) is not None
