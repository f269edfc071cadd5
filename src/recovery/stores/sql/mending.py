"""Writing anew what is stored of a case, from its history: its row, when it is looked at, and what it is found by."""

from __future__ import annotations

from collections.abc import Callable

from pendulum import DateTime

from recovery.codec import Undecodable
from recovery.core.case import Case
from recovery.core.reference import normal_reference
from recovery.stores.examining import folded
from recovery.stores.sql import rows
from recovery.stores.sql.doctoring import COLUMNS, found_by
from recovery.stores.sql.session import Session, Source
from recovery.stores.texts import instant_text

__all__ = ["rebuild"]

_LOCK = "UPDATE recovery_cases SET version = version WHERE case_id = ?"
_HISTORY = "SELECT seq, recorded_at, kind, schema, public, personal FROM recovery_events WHERE case_id = ? ORDER BY seq"
_COLUMNS = ("reference", *COLUMNS, "public", "personal")
_CASE = f"""INSERT INTO recovery_cases (case_id, {", ".join(_COLUMNS)}) VALUES (?{", ?" * len(_COLUMNS)})
    ON CONFLICT (case_id) DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in _COLUMNS)}"""
_WAKE = """INSERT INTO recovery_wakes (case_id, wake_at) VALUES (?, ?)
    ON CONFLICT (case_id) DO UPDATE SET wake_at = excluded.wake_at"""
_HELD = "SELECT kind, digest FROM recovery_lookups WHERE case_id = ?"
_GONE = "DELETE FROM recovery_lookups WHERE kind = ? AND digest = ? AND case_id = ?"
_FRESH = "INSERT INTO recovery_lookups (kind, digest, case_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


def rebuild(source: Source, case_id: str, wake_at: Callable[[Case], DateTime | None]) -> None:
    """Write a case anew; whoever saves it at the same time waits, and what they have saved is in the history that is read."""
    with source.writing() as session:
        session.run(_LOCK, (case_id,))
        case = _made(session, case_id)
        if case is not None:
            session.run(_CASE, (case_id, normal_reference(case.reference), *rows.case_row(case)))
            session.run(_WAKE, (case_id, instant_text(wake_at(case))))
            _find_by(session, case)


def _made(session: Session, case_id: str) -> Case | None:
    try:
        return folded(tuple(rows.event_of(case_id, row) for row in session.all(_HISTORY, (case_id,))))
    except Undecodable:
        return None


def _find_by(session: Session, case: Case) -> None:
    wanted, erased = found_by(case)
    held = {(str(kind), bytes(found)) for kind, found in session.all(_HELD, (case.id,))}
    session.run_many(_GONE, [(*found, case.id) for found in sorted(set() if erased else held - wanted)])
    session.run_many(_FRESH, [(*found, case.id) for found in sorted(wanted - held)])
