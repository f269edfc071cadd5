"""Reckoning: the due instants of one case, moved by pauses and extensions, and the next rung of each ladder."""

from __future__ import annotations

from datetime import timedelta

from pendulum import DateTime

from recovery.core.agenda.running import Pause, Run, all_runs, pauses
from recovery.core.case import Case, Rang
from recovery.core.clock import Base, Clock, Ends, Kind, Rung, Whom
from recovery.core.rule import Terms
from recovery.core.values import altered, apart, later
from recovery.core.vocabulary.common import Mark

__all__ = ["Reckoning"]


class Reckoning:
    """Computes the instants of one case: due instants, pauses, and the next rung of each ladder.

    ``before`` is the reckoning of the case before its last entries. Where these have only rung, its runs stand as they did.
    """

    def __init__(self, case: Case, terms: Terms, before: Reckoning | None = None) -> None:
        self.case = case
        self.terms = terms
        self.calendar = terms.calendar
        self.not_before = case.not_before
        self.silenced = case.silenced
        self.adopted = case.adopted
        self._pauses: tuple[Pause, ...] | None = None
        self._going: list[Run] | None = None if before is None or _has_moved(before.case, case) else before._going

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """When we waited for the customer."""
        if self._pauses is None:
            self._pauses = pauses(self.case)
        return self._pauses

    def runs(self, *, going: bool = False) -> list[Run]:
        """Return the armed runs of the clocks that are for such a case; with ``going`` only those that are not over.

        On an adopted case a service clock begins with the adoption, a statutory one did before.
        """
        heard, case = self.terms.timing.heard, self.case
        if self.adopted is None:
            found = all_runs(heard, case.marks, going=going)
        else:
            anew = all_runs(heard, _anew(case.marks, self.adopted), going=going)
            found = [run for run in anew if run.clock.kind is not Kind.STATUTORY]
            found += [run for run in all_runs(heard, case.marks, going=going) if run.clock.kind is Kind.STATUTORY]
        return [run for run in found if run.armed and (not run.clock.narrowed or run.clock.applies(case))]

    def on_agenda(self) -> list[Run]:
        """Return the runs that are on the agenda: on a case that has ended, only of clocks that do not end with it."""
        if self._going is None:
            self._going = self._on_agenda()
        return self._going

    def _on_agenda(self) -> list[Run]:
        running = self.runs(going=True)
        if self.silenced:
            running = [run for run in running if not run.clock.contacts or run.clock.passes]
        return [run for run in running if "closed" not in run.clock.ends] if self.case.ended else running

    def silence(self, run: Run) -> timedelta | None:
        """Return how long after its start no rung of a run can ring, whatever the calendar says; ``None`` where none can tell."""
        if run.started.until is not None or (self.case.rungs and run.id in self.case.rungs):
            return None
        return run.clock.silence

    def from_elsewhere(self, run: Run) -> bool:
        """Whether a run began in the system that the case was adopted from."""
        return self.adopted is not None and run.started.seq == self.adopted.seq

    def ended_elsewhere(self, run: Run) -> bool:
        """Whether a run was over before the case was adopted: what came of it is that system's word, and counts for nothing."""
        return run.last is not None and self.from_elsewhere(run) and run.last.seq == run.started.seq

    def measure(self, clock: Clock, start: DateTime, end: DateTime) -> timedelta:
        """Return how long it is from ``start`` to ``end``, in opening hours for a clock that runs in business time."""
        return self.calendar.between(start, end) if clock.length.in_business_time else apart(start, end)

    def _advance(self, clock: Clock, start: DateTime, by: timedelta) -> DateTime:
        return self.calendar.add(start, by) if clock.length.in_business_time else later(start, by)

    def _shifted(self, run: Run, target: DateTime) -> tuple[DateTime | None, timedelta | None]:
        """Return ``target`` moved by the gaps and pauses of the run; while one is open only what is left."""
        stops: list[Pause] = [*run.gaps, *(self.pauses if run.clock.may_pause else ())]
        for since, until in sorted(stops, key=lambda pause: pause[0]):
            start = max(since, run.started.at)
            if run.last is not None and start >= run.last.at:
                break  # what is over waits for nobody
            if start >= target or (until is not None and until <= start):
                continue
            left = self.measure(run.clock, start, target)
            if until is None:
                return None, left
            target = self._advance(run.clock, until, left)
        return target, None

    def due(self, run: Run) -> tuple[DateTime | None, timedelta | None]:
        """Return when the run is due, or, while it is paused, how much of it is left."""
        if run.reckoned is None:
            run.reckoned = self._due(run)
        return run.reckoned

    def _due(self, run: Run) -> tuple[DateTime | None, timedelta | None]:
        clock, start = run.clock, run.started
        due = start.until or clock.reckon(start.at, self.calendar)
        if run.gaps or clock.may_pause:
            shifted, left = self._shifted(run, due)
            if shifted is None:
                return None, left
            due = shifted
        for extension, mark in run.extended:
            if extension.late or mark.at <= due:
                due = max(due, mark.until or (extension.by or clock.length).after(mark.at, self.calendar))
        if clock.contacts and self.not_before is not None:
            due = max(due, self.not_before)
        return self.calendar.next_opening(due) if clock.day_ends is Ends.WORKING_TIME else due, None

    def next_rung(self, run: Run, due: DateTime) -> tuple[int, DateTime] | None:
        """Return the number and the instant of the next rung; the last rung repeats every working day."""
        rungs = self.case.rungs
        rang = rungs.get(run.id) if rungs else None
        if run.climbs is None or run.climbs[0] is not rang:
            run.climbs = rang, self._next_rung(run, due, rang)
        return run.climbs[1]

    def _next_rung(self, run: Run, due: DateTime, rang: Rang | None) -> tuple[int, DateTime] | None:
        clock, ladder = run.clock, run.clock.ladder
        index = 0 if rang is None else rang.rung + 1
        if clock.holds and self.case.since(*clock.holds) is not None:
            return None
        if index < len(ladder):
            return index, self._rings_at(run, ladder[index], due, rang)
        if rang is None or ladder[-1].whom is Whom.NOBODY:
            return None
        return rang.rung, self.calendar.add_days(rang.at, 1)

    def _rings_at(self, run: Run, rung: Rung, due: DateTime, rang: Rang | None) -> DateTime:
        contacts = run.clock.contacts
        at = self._rung_at(run, rung, due, rang)
        if run.clock.holds:
            at = self._resumed(run, at)
        if self.adopted is not None and self.from_elsewhere(run):
            at = max(at, self.adopted.at)
        if contacts and self.silenced:
            at = max(at, due)  # nobody is reminded to get in touch: at the due instant it is passed
        if self.not_before is not None and (contacts or rung.whom is Whom.CUSTOMER):
            at = max(at, self.not_before)
        return at

    def _resumed(self, run: Run, at: DateTime) -> DateTime:
        """Return ``at``, or, where the rungs had to wait meanwhile, the clock's whole length after the wait was over."""
        held, free = run.clock.holds
        wait = self.case.last(held)
        over = [] if wait is None else [mark for mark in self.case.marks if mark.name == free and mark.seq > wait.seq]
        if not over or over[0].seq < run.started.seq:
            return at
        return max(at, run.clock.length.after(over[0].at, self.calendar))

    def _rung_at(self, run: Run, rung: Rung, due: DateTime, rang: Rang | None) -> DateTime:
        when, base, start = rung.when, rung.base, run.started.at
        if base is Base.START:
            at, _ = self._shifted(run, when.after(start, self.calendar))
            return due if at is None else at
        if base is Base.PREVIOUS:
            return when.after(due if rang is None else rang.at, self.calendar)
        if when.n >= 0 or due <= start:
            return when.after(due, self.calendar)
        half = apart(start, due) / 2  # what rings before the due instant rings in the second half of the time there is
        if when.least_back <= half:
            at = when.after(due, self.calendar)
            if apart(start, at) >= half:
                return at
        return later(start, half)


def _has_moved(before: Case, case: Case) -> bool:
    """Whether anything has happened to a case that its runs depend on."""
    return not (before.marks is case.marks and before.receiving is case.receiving and before.stage is case.stage)


def _anew(marks: tuple[Mark, ...], adopted: Mark) -> tuple[Mark, ...]:
    """Return the marks with all that the adoption left dated at the instant from which its clocks count."""
    return tuple(altered(mark, at=adopted.at) if mark.seq == adopted.seq else mark for mark in marks)
