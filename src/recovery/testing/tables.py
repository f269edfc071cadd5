"""Small tables of plain text: reasons, agendas, clocks and histories, as a failing test shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap

from pendulum import DateTime

from recovery.core.agenda import Reading, Step
from recovery.core.calendar import BusinessCalendar
from recovery.core.errors import Reason
from recovery.testing.moments import MONDAY

__all__ = ["agenda_table", "clock_table", "local", "reason_table", "table"]

WIDEST = 60
"""How many signs a cell may be wide before its text goes on below."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, indent: str = "") -> str:
    """Return rows under a head, in columns as wide as they need to be; ``(none)`` where there are no rows."""
    lines = [[wrap(cell, WIDEST) or [""] for cell in row] for row in [head, *rows]]
    if len(lines) == 1:
        return f"{indent}(none)"
    widths = [max(len(part) for row in lines for part in row[column]) for column in range(len(head))]
    found: list[str] = []
    for row in lines:
        for number in range(max(len(cell) for cell in row)):
            parts = (cell[number] if number < len(cell) else "" for cell in row)
            found.append((indent + "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))).rstrip())
    return "\n".join(found)


def local(at: DateTime | None, calendar: BusinessCalendar | None = None) -> str:
    """Return an instant to read: ``Thu 2026-03-05 10:00``, local to ``calendar`` if there is one, else in UTC and saying so."""
    if at is None:
        return "-"
    if calendar is None:
        return at.format("ddd YYYY-MM-DD HH:mm[Z]")
    return at.in_timezone(calendar.timezone).format("ddd YYYY-MM-DD HH:mm")


def reason_table(reasons: Iterable[Reason], *, indent: str = "  ") -> str:
    """Return reasons as a table: the rule, the field, what is wrong and the way out."""
    rows = [(reason.rule, reason.field or "", f"{reason.message} {reason.hint}".strip()) for reason in reasons]
    return table(("rule", "field", "why"), rows, indent=indent)


def agenda_table(steps: Iterable[Step], calendar: BusinessCalendar | None = None, *, indent: str = "  ") -> str:
    """Return an agenda as a table, the soonest due first: when, under which rule and clock, whose step it is, and what it is."""
    listed = sorted(steps, key=lambda step: (step.due_at is None, step.due_at or MONDAY))
    clocks = any(step.clock != step.rule for step in listed)
    rows = [(_due(step, calendar), step.rule, *((step.clock,) if clocks else ()), step.whom, step.what) for step in listed]
    return table(("due", "rule", *(("clock",) if clocks else ()), "whose", "what"), rows, indent=indent)


def _due(step: Step, calendar: BusinessCalendar | None) -> str:
    return local(step.due_at, calendar) if step.due_at is not None else f"waits, {step.left} left"


def clock_table(readings: Iterable[Reading], calendar: BusinessCalendar | None = None, *, indent: str = "  ") -> str:
    """Return how clocks stand as a table: the clock, how it stands, when it began, was due, and was met or missed."""
    rows = [
        (
            reading.clock,
            reading.outcome.value,
            local(reading.started_at, calendar),
            local(reading.due_at, calendar),
            local(reading.at, calendar),
        )
        for reading in readings
    ]
    return table(("clock", "outcome", "began", "due", "since"), rows, indent=indent)
