"""The runs of clocks: from the mark that started one to the mark that stopped or ended it, read off the marks of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from attrs import define
from pendulum import DateTime

from recovery.core.case import Case, Rang
from recovery.core.clock import Clock, Extension, Heard, Meaning
from recovery.core.vocabulary.common import Mark

__all__ = ["Pause", "Run", "all_runs", "pauses", "runs"]


@define(eq=False)
class Run:
    """One running of a clock: from the mark that started it to the mark that stopped (met) or ended it, if one has.

    ``reckoned`` is when it is due, or how much is left, and ``climbs`` the last rung and the next, once these have been looked up.
    """

    clock: Clock
    started: Mark
    armed: bool
    stopped: Mark | None = None
    ended: Mark | None = None
    extended: tuple[tuple[Extension, Mark], ...] = ()
    gaps: tuple[tuple[DateTime, DateTime], ...] = ()
    reckoned: tuple[DateTime | None, timedelta | None] | None = None
    climbs: tuple[Rang | None, tuple[int, DateTime] | None] | None = None

    @property
    def id(self) -> str:
        """A name for this run that no later run of the same clock shares."""
        return f"{self.clock.id}/{self.started.seq}/{self.started.key}"

    @property
    def over(self) -> bool:
        """Whether it has stopped or ended."""
        return self.stopped is not None or self.ended is not None

    @property
    def last(self) -> Mark | None:
        """The mark that stopped or ended it, if one has."""
        return self.stopped or self.ended


def _heard(going: list[Run], mark: Mark, means: Meaning, found: list[Run]) -> list[Run]:
    """Return the runs of a clock that go on after the next mark; one that begins is added to ``found`` as well."""
    clock, key = means.clock, mark.key
    left: list[Run] = []
    for run in going:
        if key and key != run.started.key:
            left.append(run)
            continue
        if means.stops:
            run.stopped = mark
        elif means.ends:
            run.ended = mark
        else:
            left.append(run)
        if means.stretches:
            _stretch(run, mark, means)
    if not left and means.continues:
        left.append(_go_on(next(run for run in reversed(found) if run.clock is clock), mark))
    again = means.stops and clock.repeats and any(run.stopped is mark for run in going)
    if again or (means.starts and all(run.over or run.started.key != key for run in going)):
        run = Run(clock, mark, not clock.after)
        found.append(run)
        left.append(run)
    return left


def _stretch(run: Run, mark: Mark, means: Meaning) -> None:
    if means.arms:
        run.armed = True
    for extension in means.extends:
        run.extended = (*run.extended, (extension, mark))


def _go_on(run: Run, mark: Mark) -> Run:
    stop = cast(Mark, run.last)  # only what is over can go on
    run.gaps = (*run.gaps, (stop.at, max(stop.at, mark.at)))
    run.stopped = run.ended = None
    return run


def runs(clock: Clock, marks: Iterable[Mark]) -> list[Run]:
    """Return every run of ``clock`` over the marks of a case, in the order they started."""
    return all_runs({name: ((clock.id, clock.means(name)),) for name in clock.hears}, marks, going=False)


def all_runs(heard: Heard, marks: Iterable[Mark], *, going: bool) -> list[Run]:
    """Return the runs of many clocks, of each in the order they started; with ``going`` only those that are not over.

    ``heard`` says which clocks each mark means something to: what no mark of the case has started costs nothing.
    """
    found: list[Run] = []
    by_clock: dict[str, list[Run]] = {}
    for mark in marks:
        for name, means in heard.get(mark.name, ()):
            running = by_clock.get(name)
            if running is None:
                if means.starts:
                    run = Run(means.clock, mark, not means.clock.after)
                    found.append(run)
                    by_clock[name] = [run]
            elif running or means.starts or means.continues:
                by_clock[name] = _heard(running, mark, means, found)
    return [run for running in by_clock.values() for run in running] if going else found


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
