"""How the clocks of a case stand: met, missed, open, paused or ended."""

from __future__ import annotations

from pendulum import DateTime

from recovery.core.agenda.reckoning import Reckoning
from recovery.core.agenda.running import Run
from recovery.core.agenda.values import Outcome, Reading
from recovery.core.case import Case
from recovery.core.rule import Terms

__all__ = ["readings"]


def readings(case: Case, terms: Terms, now: DateTime) -> tuple[Reading, ...]:
    """Return how every clock of the case stands at ``now``, those of earlier rounds included, in the order they started."""
    reckoning = Reckoning(case, terms)
    ours = (run for run in reckoning.runs() if not reckoning.ended_elsewhere(run))
    return tuple(_reading(reckoning, run, now) for run in sorted(ours, key=lambda run: (run.started.seq, run.clock.id)))


def _reading(reckoning: Reckoning, run: Run, now: DateTime) -> Reading:
    due, left = reckoning.due(run)
    outcome, at = _outcome(run, due, now)
    if outcome is Outcome.OPEN and due is not None:
        left = reckoning.measure(run.clock, now, due)
    return Reading(
        rule=run.clock.rule,
        clock=run.clock.id,
        key=run.started.key,
        outcome=outcome,
        started_at=run.started.at,
        due_at=due,
        at=at,
        left=left if outcome in (Outcome.OPEN, Outcome.PAUSED) else None,
        by=None if run.last is None else run.last.name,
    )


def _outcome(run: Run, due: DateTime | None, now: DateTime) -> tuple[Outcome, DateTime | None]:
    if run.stopped is not None:
        late = due is not None and run.stopped.at > due
        return (Outcome.MISSED, due) if late else (Outcome.MET, run.stopped.at)
    if run.ended is not None:
        late = due is not None and run.ended.at > due
        return (Outcome.MISSED, due) if late else (Outcome.ENDED, run.ended.at)
    if due is None:
        return Outcome.PAUSED, None
    return (Outcome.MISSED, due) if now > due else (Outcome.OPEN, None)
