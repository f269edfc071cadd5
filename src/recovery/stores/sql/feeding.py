"""The feed of committed events: in the order of the commits as far as anybody can see, so that none is ever skipped.

SQLite has one writer at a time, so positions are given out in the order of the commits. On PostgreSQL a transaction that began
earlier may commit later, and its rows have lower numbers than rows that were read long ago. There a position is the transaction
and the number; what a running transaction might still come before is not told yet. So one that writes and stays open, in any
database of that server, holds the feed back, and never makes it skip.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import cast

from recovery.codec import Undecodable
from recovery.core.errors import InvalidValue, StoreUnusable
from recovery.core.values import invalid
from recovery.ports.values import Committed
from recovery.stores.sql.rows import EventRow, event_of
from recovery.stores.sql.session import Row, Source

__all__ = ["feed"]

_COLUMNS = "case_id, seq, recorded_at, kind, schema, public, personal"
_SQLITE = f"SELECT position, {_COLUMNS} FROM recovery_events WHERE position > ? ORDER BY position LIMIT ?"
_POSTGRES = f"""SELECT txid::text || '-' || position, {_COLUMNS} FROM recovery_events
    WHERE (txid, position) > (?::text::xid8, ?::bigint) AND txid < pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY txid, position LIMIT ?"""
_FOREIGN = """SELECT 1 FROM recovery_events WHERE txid >= pg_snapshot_xmax(pg_current_snapshot())
    AND txid IS DISTINCT FROM pg_current_xact_id_if_assigned() LIMIT 1"""
_GIVEN = {
    "sqlite": "SELECT 1 FROM recovery_events WHERE position = ?",
    "postgres": "SELECT 1 FROM recovery_events WHERE (txid, position) = (?::text::xid8, ?::bigint)",
}
_RESTORED = "Where a backup was restored, read the feed from the beginning; what you know already comes again."
_FORM = {"sqlite": re.compile(r"([0-9]{1,18})"), "postgres": re.compile(r"([0-9]{1,19})-([0-9]{1,18})")}


def feed(source: Source, after: str, limit: int) -> tuple[Committed, ...]:
    """Return the events after a position."""
    dialect = source.dialect.name
    begin = "0" if dialect == "sqlite" else "0-0"
    found = _FORM[dialect].fullmatch(after or begin)
    if found is None:
        hint = "Pass the position of the last event you have taken, or nothing to begin."
        raise InvalidValue("the feed", [invalid("after", f"{after!r} is no position", hint)])
    with source.reading() as session:
        if dialect == "postgres" and session.one(_FOREIGN):
            raise StoreUnusable(
                "recovery_events", "it was copied from another server, whose transactions do not count here", _MOVED
            )
        rows = session.all(_SQLITE if dialect == "sqlite" else _POSTGRES, (*found.groups(), max(limit, 0)))
        if not rows and limit > 0 and after not in ("", begin) and session.one(_GIVEN[dialect], found.groups()) is None:
            raise InvalidValue("the feed", [invalid("after", f"{after!r} is not in this feed", _RESTORED)])
    return _told(rows)


def _told(rows: Sequence[Row]) -> tuple[Committed, ...]:
    """Return the events of a page up to the first that cannot be read; raise ``Undecodable`` where that is the very first."""
    told: list[Committed] = []
    for position, case_id, *row in rows:
        try:
            told.append(Committed(position=str(position), case_id=case_id, recorded=event_of(case_id, cast(EventRow, tuple(row)))))
        except Undecodable as error:
            if told:
                break
            way_out = f"{error.hint} To read on without this event, begin behind position {str(position)!r}."
            raise Undecodable(error.kind, error.why, way_out, case_id=case_id, seq=error.seq) from error
    return tuple(told)


_MOVED = (
    "Its transactions do not count here. Run: UPDATE recovery_events SET txid = '0'. "
    "Then read the feed from the beginning; what you know already comes again."
)
