"""What all rows together show at a glance: one query for each thing that must not be, a page at a time, without reading a case."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from recovery.ports.values import Finding, Wrong
from recovery.stores.sql.session import Source

__all__ = ["contradictions"]

PAGE = 1000
"""How many faults of a kind are asked for at a time."""


@frozen
class _Glance:
    """A query for one thing that must not be: rows of a case id and a word about it. ``beside`` says that there is no case."""

    rule: Wrong
    sql: str
    what: str
    way_out: str
    beside: bool = False


_MEND = "Have it mended: it is made from the events."
_LOOK = "See what wrote it: nothing of this library does. Then delete the row."


def _without_case(table: str, way_out: str = _LOOK) -> _Glance:
    sql = f"""SELECT t.case_id, count(*) AS word FROM recovery_{table} AS t
        WHERE NOT EXISTS (SELECT 1 FROM recovery_cases AS c WHERE c.case_id = t.case_id) GROUP BY t.case_id"""
    return _Glance(Wrong.NO_CASE, sql, f"rows in recovery_{table} without a case: {{}}", way_out, beside=True)


_GLANCES = (
    _without_case("events", "Have it mended: the case is made from them."),
    _without_case("wakes"),
    _without_case("outbox"),
    _without_case("lookups"),
    _Glance(
        Wrong.NO_EVENT,
        """SELECT o.case_id, min(o.message_id) AS word FROM recovery_outbox AS o
        WHERE NOT EXISTS (SELECT 1 FROM recovery_events AS e WHERE e.case_id = o.case_id AND e.seq = o.seq) GROUP BY o.case_id""",
        "message {} is in the outbox, and no event has prepared it",
        _LOOK,
        beside=True,
    ),
    _Glance(
        Wrong.NO_OWNER,
        "SELECT case_id, '' AS word FROM recovery_cases WHERE owner = ''",
        "it has no owner",
        "Give it to somebody with MoveCase.",
    ),
    _Glance(
        Wrong.FORGOTTEN,
        """SELECT c.case_id, '' AS word FROM recovery_cases AS c WHERE NOT c.ended
        AND NOT EXISTS (SELECT 1 FROM recovery_wakes AS w WHERE w.case_id = c.case_id AND w.wake_at IS NOT NULL)""",
        "it will never be looked at again",
        _MEND,
    ),
    _Glance(
        Wrong.GAP,
        """SELECT case_id, count(*) AS word FROM recovery_events GROUP BY case_id
        HAVING min(seq) <> 1 OR max(seq) <> count(*)""",
        "its history has a gap: there are {} events",
        "Restore its events from a backup.",
    ),
    _Glance(
        Wrong.COLUMNS,
        """SELECT c.case_id, c.version AS word FROM recovery_cases AS c
        WHERE c.version <> (SELECT coalesce(max(e.seq), 0) FROM recovery_events AS e WHERE e.case_id = c.case_id)""",
        "its version {} is not that of its last event",
        _MEND,
    ),
    _Glance(
        Wrong.LOOKUPS,
        """SELECT c.case_id, '' AS word FROM recovery_cases AS c
        WHERE NOT EXISTS (SELECT 1 FROM recovery_lookups AS l WHERE l.case_id = c.case_id AND l.kind = 'reference')""",
        "it is not found by its own reference",
        _MEND,
    ),
    _Glance(
        Wrong.NO_CLOCKS,
        """SELECT c.case_id, c.policy_id AS word FROM recovery_cases AS c
        WHERE NOT EXISTS (SELECT 1 FROM recovery_timings AS t WHERE t.policy_id = c.policy_id)""",
        "the clocks of policy {} are not stored",
        "Save a case of that policy once more with its timing, or move this one with MovePolicy.",
    ),
)


def contradictions(source: Source, *, beside: bool) -> Iterator[Finding]:
    """Yield what the database finds damaged, and what all rows together show; each query sees one state."""
    for fault in source.faults():
        what, way_out = f"the file is damaged: {fault}", "Restore the file from a backup."
        yield Finding(case_id="", what=what, way_out=way_out, rule=Wrong.DAMAGED)
    for glance in _GLANCES:
        if glance.beside or not beside:
            yield from _found(source, glance)


def _found(source: Source, glance: _Glance) -> Iterator[Finding]:
    after, sql = "", f"SELECT case_id, word FROM ({glance.sql}) AS f WHERE case_id > ? ORDER BY case_id LIMIT ?"
    while True:
        with source.reading() as session:
            page = session.all(sql, (after, PAGE))
        for case_id, word in page:
            yield Finding(case_id=case_id, what=glance.what.format(word), way_out=glance.way_out, rule=glance.rule)
        if len(page) < PAGE:
            return
        after = page[-1][0]
