"""The agenda: every dated step of a case, and how its clocks stand, computed from its marks and never kept as a timer.

``due_at`` is what people see; ``wake_at`` is the next rung of the ladder that has not rung yet, so that a worker knows when to look
again. Nothing here reads the time of day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import Enum
from typing import cast

import attrs
from attrs import define, field, frozen
from pendulum import DateTime

from recovery.core.case import Case, Rang
from recovery.core.clock import IDLE, Base, Clock, Ends, Extension, Kind, Length, Rung, Unit, Whom
from recovery.core.rule import Terms
from recovery.core.stages import ENDED
from recovery.core.values import UTC, apart, later
from recovery.core.vocabulary.common import Mark
from recovery.core.vocabulary.known import Priority
from recovery.core.vocabulary.receiving import Task

__all__ = ["Outcome", "Reading", "Run", "Step", "pauses", "readings", "runs", "steps"]

_NEVER = DateTime.max.replace(tzinfo=UTC)


class Outcome(Enum):
    """How a clock stands: met or missed, open or paused, or ended with its case before it was due."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    PAUSED = "paused"
    ENDED = "ended"


@define(kw_only=True)
class Run:
    """One running of a clock: from the mark that started it to the mark that stopped (met) or ended it, if one has."""

    clock: Clock
    started: Mark
    armed: bool
    stopped: Mark | None = None
    ended: Mark | None = None
    extended: list[tuple[Extension, Mark]] = field(factory=list[tuple[Extension, Mark]])
    gaps: list[tuple[DateTime, DateTime]] = field(factory=list[tuple[DateTime, DateTime]])

    @property
    def id(self) -> str:
        """A name for this run that no later run of the same clock shares."""
        return f"{self.clock.id}/{self.started.seq}/{self.started.key}"

    @property
    def over(self) -> bool:
        """Whether it has stopped or ended."""
        return self.stopped is not None or self.ended is not None


@frozen(kw_only=True)
class Step:
    """One dated step of a case. ``due_at`` is shown, ``wake_at`` is when the library looks again; paused, only ``left`` is known.

    ``whom`` is the person whose step it is, and ``priority`` that of the case. ``left`` is measured in opening hours for
    clocks that run in business time.
    """

    case_id: str
    rule: str
    clock: str
    run: str
    what: str = field(repr=False)
    whom: str
    due_at: DateTime | None
    wake_at: DateTime | None
    key: str = ""
    left: timedelta | None = None
    rung: Rung | None = None
    index: int = 0
    priority: Priority = Priority.NORMAL


@frozen(kw_only=True)
class Reading:
    """How one run of a clock stands, or ended: met (when), missed (since when), open or paused (what is left), or ended.

    ``by`` is the mark that stopped or ended it, so that a promise kept (``promise_kept``) and one moved in time
    (``promise_moved``) can be told apart.
    """

    rule: str
    clock: str
    key: str
    outcome: Outcome
    started_at: DateTime
    due_at: DateTime | None
    at: DateTime | None
    left: timedelta | None = None
    by: str | None = None


def runs(clock: Clock, marks: Iterable[Mark]) -> list[Run]:
    """Return every run of ``clock`` over the marks of a case, in the order they started."""
    found: list[Run] = []
    hears = clock.hears
    for mark in marks:
        name = mark.name
        if name not in hears:
            continue
        going = [run for run in found if not run.over] if found else found
        for run in going:
            if not mark.key or mark.key == run.started.key:
                _follow(run, mark)
        if name in clock.continues and found and all(run.over for run in found):
            _go_on(found[-1], mark)
        again = clock.repeats and any(run.stopped is mark for run in going)
        if again or (name in clock.starts and not any(not run.over and run.started.key == mark.key for run in going)):
            found.append(Run(clock=clock, started=mark, armed=not clock.after))
    return found


def _follow(run: Run, mark: Mark) -> None:
    clock = run.clock
    if mark.name in clock.stops:
        run.stopped = mark
    elif mark.name in clock.ends:
        run.ended = mark
    if mark.name in clock.after:
        run.armed = True
    run.extended.extend((extension, mark) for extension in clock.extends if extension.mark == mark.name)


def _go_on(run: Run, mark: Mark) -> None:
    stop = cast(Mark, run.stopped or run.ended)  # only what is over can go on
    run.gaps.append((stop.at, max(stop.at, mark.at)))
    run.stopped = run.ended = None


Pause = tuple[DateTime, "DateTime | None"]


def pauses(case: Case) -> tuple[Pause, ...]:
    """Return when we waited for the customer: from a question until its answer, or until a date the customer named.

    Closing and reopening end the waiting: nobody chases a question of before, so nothing may stand still for it.
    """
    asked: dict[str, DateTime] = {}
    found: list[Pause] = []
    for mark in case.marks:
        if mark.name == "asked":
            asked.setdefault(mark.key, mark.at)
        elif mark.name == "replied" and mark.key in asked:
            found.append((asked.pop(mark.key), mark.at))
        elif mark.name == "deferred":
            found.append((mark.at, mark.until))
        elif mark.name in ("closed", "reopened"):
            found.extend((since, mark.at) for since in asked.values())
            asked.clear()
    found.extend((since, None) for since in asked.values())
    return _merged(found)


def _merged(found: list[Pause]) -> tuple[Pause, ...]:
    merged: list[Pause] = []
    for pause in sorted(found, key=lambda pause: pause[0]):
        start, end = merged[-1] if merged else pause
        if merged and (end is None or pause[0] <= end):
            merged[-1] = (start, None if end is None or pause[1] is None else max(end, pause[1]))
        else:
            merged.append(pause)
    return tuple(merged)


class _Reckoning:
    """Computes the instants of one case: due instants, pauses, and the next rung of each ladder."""

    def __init__(self, case: Case, terms: Terms) -> None:
        self.case = case
        self.terms = terms
        self.calendar = terms.calendar
        self.pauses = pauses(case)
        self.not_before = case.not_before
        self.adopted = case.adopted
        self.anew = case.marks if self.adopted is None else _anew(case.marks, self.adopted)

    def runs(self, clock: Clock) -> list[Run]:
        """Return the runs of ``clock``: on an adopted case a service clock begins with the adoption, a statutory one did before."""
        return runs(clock, self.case.marks if clock.kind is Kind.STATUTORY else self.anew)

    def from_elsewhere(self, run: Run) -> bool:
        """Whether a run began in the system that the case was adopted from."""
        return self.adopted is not None and run.started.seq == self.adopted.seq

    def ended_elsewhere(self, run: Run) -> bool:
        """Whether a run was over before the case was adopted: what came of it is that system's word, and counts for nothing."""
        last = run.stopped or run.ended
        return last is not None and self.from_elsewhere(run) and last.seq == run.started.seq

    def measure(self, clock: Clock, start: DateTime, end: DateTime) -> timedelta:
        return self.calendar.between(start, end) if clock.length.in_business_time else apart(start, end)

    def advance(self, clock: Clock, start: DateTime, by: timedelta) -> DateTime:
        return self.calendar.add(start, by) if clock.length.in_business_time else later(start, by)

    def shifted(self, run: Run, target: DateTime) -> tuple[DateTime | None, timedelta | None]:
        """Return ``target`` moved by the gaps and pauses of the run; while one is open only what is left."""
        stops: list[Pause] = [*run.gaps, *(self.pauses if run.clock.may_pause else ())]
        last = run.stopped or run.ended
        for since, until in sorted(stops, key=lambda pause: pause[0]):
            start = max(since, run.started.at)
            if last is not None and start >= last.at:
                break  # what is over waits for nobody
            if start >= target or (until is not None and until <= start):
                continue
            left = self.measure(run.clock, start, target)
            if until is None:
                return None, left
            target = self.advance(run.clock, until, left)
        return target, None

    def due(self, run: Run) -> tuple[DateTime | None, timedelta | None]:
        """Return when the run is due, or, while it is paused, how much of it is left."""
        clock, start = run.clock, run.started
        due, left = self.shifted(run, start.until or clock.reckon(start.at, self.calendar))
        if due is None:
            return None, left
        for extension, mark in run.extended:
            if extension.late or mark.at <= due:
                due = max(due, mark.until or (extension.by or clock.length).after(mark.at, self.calendar))
        due = self.wished(due) if clock.contacts else due
        return self.calendar.next_opening(due) if clock.day_ends is Ends.WORKING_TIME else due, None

    def wished(self, at: DateTime) -> DateTime:
        """Return ``at``, or the later instant before which the customer wants no contact."""
        return at if self.not_before is None else max(at, self.not_before)

    def next_rung(self, run: Run, due: DateTime) -> tuple[int, DateTime] | None:
        """Return the number and the instant of the next rung; the last rung repeats every working day."""
        ladder, rang = run.clock.ladder, self.case.rungs.get(run.id)
        index = 0 if rang is None else rang.rung + 1
        if run.clock.holds and self.case.since(*run.clock.holds) is not None:
            return None
        if index < len(ladder):
            at = self.resumed(run, self.rung_at(run, ladder[index], due, rang))
            if self.adopted is not None and self.from_elsewhere(run):
                at = max(at, self.adopted.at)
            asks = run.clock.contacts or ladder[index].whom is Whom.CUSTOMER
            if run.clock.contacts and self.case.silenced:
                at = max(at, due)  # nobody is reminded to get in touch: at the due instant it is passed
            return index, self.wished(at) if asks else at
        if rang is None or ladder[-1].whom is Whom.NOBODY:
            return None
        return rang.rung, self.calendar.add_days(rang.at, 1)

    def resumed(self, run: Run, at: DateTime) -> DateTime:
        """Return ``at``, or, where the rungs had to wait meanwhile, the clock's whole length after the wait was over."""
        if not run.clock.holds:
            return at
        held, free = run.clock.holds
        wait = self.case.last(held)
        over = [] if wait is None else [mark for mark in self.case.marks if mark.name == free and mark.seq > wait.seq]
        if not over or over[0].seq < run.started.seq:
            return at
        return max(at, run.clock.length.after(over[0].at, self.calendar))

    def rung_at(self, run: Run, rung: Rung, due: DateTime, rang: Rang | None) -> DateTime:
        match rung.base:
            case Base.START:
                at, _ = self.shifted(run, rung.when.after(run.started.at, self.calendar))
                return due if at is None else at
            case Base.PREVIOUS:
                return rung.when.after(due if rang is None else rang.at, self.calendar)
            case _:
                at = rung.when.after(due, self.calendar)
                start = run.started.at
                return max(at, later(start, apart(start, due) / 2)) if rung.when.n < 0 and due > start else at


def _anew(marks: tuple[Mark, ...], adopted: Mark) -> tuple[Mark, ...]:
    """Return the marks with all that the adoption left dated at the instant from which its clocks count."""
    return tuple(attrs.evolve(mark, at=adopted.at) if mark.seq == adopted.seq else mark for mark in marks)


def steps(case: Case, terms: Terms) -> tuple[Step, ...]:
    """Return every dated step of the case, the soonest to wake first.

    An open case always has one that wakes: where no clock runs, ``case.never-forgotten`` itself does, a working day after the last
    entry. An ended case keeps what it still owes.
    """
    reckoning = _Reckoning(case, terms)
    found = [_step(reckoning, run) for run in _running(reckoning)]
    if not any(step.wake_at for step in found) and case.stage not in ENDED:
        found.append(_idle(case, terms))
    return tuple(sorted(found, key=_soonest))


def _running(reckoning: _Reckoning) -> Iterator[Run]:
    """Yield the runs that are on the agenda: on a case that has ended, only of clocks that do not end with it."""
    case = reckoning.case
    silenced, ended = case.silenced, case.ended
    for clock in reckoning.terms.timing.clocks:
        out = (silenced and clock.contacts and not _passes(clock)) or (ended and "closed" in clock.ends)
        if not out and clock.applies(case):
            yield from (run for run in reckoning.runs(clock) if run.armed and not run.over)


def _passes(clock: Clock) -> bool:
    return any(rung.whom is Whom.NOBODY for rung in clock.ladder)


def _step(reckoning: _Reckoning, run: Run) -> Step:
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
        priority=case.priority,
    )


def _task(case: Case, run: Run) -> Task | None:
    if run.started.name != "task_set":
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


def _idle(case: Case, terms: Terms) -> Step:
    clock = terms.timing.by_id[IDLE]
    due = clock.length.after(case.recorded_at, terms.calendar)
    if case.adopted is not None:
        due = max(due, case.adopted.at)
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


def _soonest(step: Step) -> tuple[bool, DateTime, str]:
    return step.wake_at is None, step.wake_at or step.due_at or _NEVER, step.run


def readings(case: Case, terms: Terms, now: DateTime) -> tuple[Reading, ...]:
    """Return how every clock of the case stands at ``now``, those of earlier rounds included, in the order they started."""
    reckoning = _Reckoning(case, terms)
    found = [run for clock in terms.timing.clocks if clock.applies(case) for run in reckoning.runs(clock) if run.armed]
    ours = (run for run in found if not reckoning.ended_elsewhere(run))
    return tuple(_reading(reckoning, run, now) for run in sorted(ours, key=lambda run: (run.started.seq, run.clock.id)))


def _reading(reckoning: _Reckoning, run: Run, now: DateTime) -> Reading:
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
        by=None if (stop := run.stopped or run.ended) is None else stop.name,
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
