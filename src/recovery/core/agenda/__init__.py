"""The agenda: every dated step of a case, and how its clocks stand, computed from its marks and never kept as a timer.

``due_at`` is what people see; ``wake_at`` is the next rung of the ladder that has not rung yet, so that a worker knows when to look
again. Nothing here reads the time of day.
"""

from __future__ import annotations

from recovery.core.agenda.readings import readings
from recovery.core.agenda.reckoning import Reckoning
from recovery.core.agenda.running import Run, pauses, runs
from recovery.core.agenda.steps import due_by_rule, soonest, steps, wakes_at
from recovery.core.agenda.values import Outcome, Reading, Step

__all__ = [
    "Outcome",
    "Reading",
    "Reckoning",
    "Run",
    "Step",
    "due_by_rule",
    "pauses",
    "readings",
    "runs",
    "soonest",
    "steps",
    "wakes_at",
]
