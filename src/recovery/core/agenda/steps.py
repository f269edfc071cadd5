"""The steps of a case: what has to be done next, by whom and by when; and when the library itself has to look again."""

from __future__ import annotations

from datetime import timedelta

from pendulum import DateTime

from recovery.core.agenda.reckoning import Reckoning
from recovery.core.agenda.running import Run
from recovery.core.agenda.values import Step
from recovery.core.case import Case
from recovery.core.clock import IDLE, Length, Rung, Unit, Whom
from recovery.core.rule import Terms
from recovery.core.stages import ENDED
from recovery.core.values import UTC, apart
from recovery.core.vocabulary.known import Priority
from recovery.core.vocabulary.receiving import Task

__all__ = ["due_by_rule", "soonest", "steps", "wakes_at"]

_TASK = "task_set"
"""What starts the clock of a task, which serves the rule that the task serves."""
_NEVER = DateTime.max.replace(tzinfo=UTC)


def steps(case: Case, terms: Terms) -> tuple[Step, ...]:
    """Return every dated step of the case, the soonest to wake first.

    An open case always has one that wakes: where no clock runs, ``case.never-forgotten`` itself does, a working day after the last
    entry. An ended case keeps what it still owes.
    """
    reckoning = Reckoning(case, terms)
    found = [_step(reckoning, run, case.priority) for run in reckoning.on_agenda()]
    if not any(step.wake_at for step in found) and case.stage not in ENDED:
        found.append(_idle(case, terms))
    return tuple(sorted(found, key=_sooner))


def due_by_rule(case: Case, terms: Terms, *rules: str) -> DateTime | None:
    """Return when the first step to wake of one of ``rules`` is due, as :func:`steps` has them; nothing else is reckoned."""
    reckoning = Reckoning(case, terms)
    found: list[tuple[tuple[bool, DateTime, str], DateTime]] = []
    for run in reckoning.on_agenda():
        task = _task(case, run)
        if (run.clock.rule if task is None else task.rule) in rules:
            due, _ = reckoning.due(run)
            if due is not None:
                upcoming = reckoning.next_rung(run, due)
                found.append((_order(None if upcoming is None else upcoming[1], due, run.id), due))
    return min(found)[1] if found else None


def wakes_at(case: Case, terms: Terms) -> DateTime | None:
    """Return when the library has to look at the case again: the ``wake_at`` of the first of its :func:`steps`, and no more."""
    first = _first(Reckoning(case, terms))
    if first is not None:
        return first[0]
    return None if case.stage in ENDED else _idle_at(case, terms)


def soonest(reckoning: Reckoning) -> Step | None:
    """Return the step that wakes first, if one does."""
    case, terms = reckoning.case, reckoning.terms
    first = _first(reckoning)
    if first is not None:
        return _step(reckoning, first[1], case.priority)
    return None if case.stage in ENDED else _idle(case, terms)


Waking = tuple[DateTime, Run]


def _first(reckoning: Reckoning) -> Waking | None:
    """Return the run that wakes first, and when; those that are silent until after another wakes are not looked at."""
    first: Waking | None = None
    silent: list[tuple[timedelta, Run]] = []
    for run in reckoning.on_agenda():
        silence = reckoning.silence(run)
        if silence is None:
            first = _sooner_of(first, reckoning, run)
        else:
            silent.append((silence, run))
    for silence, run in silent:
        if first is None or apart(run.started.at, first[0]) >= silence:
            first = _sooner_of(first, reckoning, run)
    return first


def _sooner_of(first: Waking | None, reckoning: Reckoning, run: Run) -> Waking | None:
    """Return what wakes sooner, ``first`` or ``run``; of two at one instant the one whose name comes first."""
    due, _ = reckoning.due(run)
    upcoming = None if due is None else reckoning.next_rung(run, due)
    if upcoming is None:
        return first
    at = upcoming[1]
    if first is None or at < first[0] or (at == first[0] and run.id < first[1].id):
        return at, run
    return first


def _step(reckoning: Reckoning, run: Run, priority: Priority) -> Step:
    case, clock = reckoning.case, run.clock
    due, left = reckoning.due(run)
    upcoming = None if due is None else reckoning.next_rung(run, due)
    index, wake_at = upcoming if upcoming is not None else (len(clock.ladder), None)
    task = _task(case, run)
    return Step(
        case_id=case.id,
        rule=clock.rule if task is None else task.rule,
        clock=clock.id,
        run=run.id,
        what=_what(case, run) if task is None else task.what,
        whom=_whose(case, run, reckoning.terms) if task is None else task.owner or case.owner,
        due_at=due,
        wake_at=wake_at,
        key=run.started.key,
        left=left,
        rung=clock.ladder[index] if index < len(clock.ladder) else None,
        index=index,
        priority=priority,
    )


def _task(case: Case, run: Run) -> Task | None:
    if run.started.name != _TASK:
        return None
    return next((task for task in case.receiving.tasks if task.id == run.started.key), None)


def _what(case: Case, run: Run) -> str:
    if run.started.name != "call_owed":
        return run.clock.what
    owed = next(out for out in case.receiving.outgoing if out.id == run.started.key)
    return f"get in touch by {owed.channel.value}: {owed.parts[0].template}".replace("_", " ")


def _whose(case: Case, run: Run, terms: Terms) -> str:
    if run.started.name == "handover_offered" and case.ownership.offer is not None:
        return case.ownership.offer.to
    if run.started.name == "other_person_wished":
        return terms.supervisor(case.owner)
    if run.clock.stops == ("loss_planned",):
        return terms.fallback_owner if case.losing.accountable is None else terms.head_of(case.losing.accountable)
    return case.owner


def _idle_at(case: Case, terms: Terms) -> DateTime:
    due = terms.timing.by_id[IDLE].length.after(case.recorded_at, terms.calendar)
    return due if case.adopted is None else max(due, case.adopted.at)


def _idle(case: Case, terms: Terms) -> Step:
    clock, due = terms.timing.by_id[IDLE], _idle_at(case, terms)
    return Step(
        case_id=case.id,
        rule=clock.rule,
        clock=clock.id,
        run=f"{clock.id}/idle/",
        what="decide what happens next",
        whom=case.owner,
        due_at=due,
        wake_at=due,
        rung=Rung(when=Length(0, Unit.HOURS), whom=Whom.OWNER),
        priority=case.priority,
    )


def _sooner(step: Step) -> tuple[bool, DateTime, str]:
    return _order(step.wake_at, step.due_at, step.run)


def _order(wake_at: DateTime | None, due_at: DateTime | None, run: str) -> tuple[bool, DateTime, str]:
    return wake_at is None, wake_at or due_at or _NEVER, run
