"""The runs of clocks: from the mark that started one to the mark that stopped or ended it, read off the marks of a case."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import cast

from attrs import define
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import Clock, Extension, Heard
from recovery.core.vocabulary.common import Mark

__all__ = ["Pause", "Run", "all_runs", "pauses", "runs"]


@define(kw_only=True)
class Run:
    """One running of a clock: from the mark that started it to the mark that stopped (met) or ended it, if one has.

    ``reckoned`` is when it is due, or how much is left, once that has been looked up.
    """

    clock: Clock
    started: Mark
    armed: bool
    stopped: Mark | None = None
    ended: Mark | None = None
    extended: tuple[tuple[Extension, Mark], ...] = ()
    gaps: tuple[tuple[DateTime, DateTime], ...] = ()
    reckoned: tuple[DateTime | None, timedelta | None] | None = None

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


class _Hearing:
    """One clock while it is told the marks of a case: all its runs so far, and those still going."""

    __slots__ = ("clock", "found", "going")

    def __init__(self, clock: Clock, started: Mark) -> None:
        run = Run(clock=clock, started=started, armed=not clock.after)
        self.clock = clock
        self.found = [run]
        self.going = [run]

    def hear(self, mark: Mark) -> None:
        """Take the next mark, one that means something to the clock."""
        clock, name, going = self.clock, mark.name, self.going
        for run in going:
            if not mark.key or mark.key == run.started.key:
                _follow(run, mark)
        left = [run for run in going if run.stopped is None and run.ended is None]
        if not left and name in clock.continues:
            left = [_go_on(self.found[-1], mark)]
        again = clock.repeats and any(run.stopped is mark for run in going)
        if again or (name in clock.starts and not any(not run.over and run.started.key == mark.key for run in going)):
            run = Run(clock=clock, started=mark, armed=not clock.after)
            self.found.append(run)
            left.append(run)
        self.going = left


def _follow(run: Run, mark: Mark) -> None:
    clock, name = run.clock, mark.name
    if name in clock.stops:
        run.stopped = mark
    elif name in clock.ends:
        run.ended = mark
    if name in clock.after:
        run.armed = True
    for extension in clock.extends:
        if extension.mark == name:
            run.extended = (*run.extended, (extension, mark))


def _go_on(run: Run, mark: Mark) -> Run:
    stop = cast(Mark, run.last)  # only what is over can go on
    run.gaps = (*run.gaps, (stop.at, max(stop.at, mark.at)))
    run.stopped = run.ended = None
    return run


def runs(clock: Clock, marks: Iterable[Mark]) -> list[Run]:
    """Return every run of ``clock`` over the marks of a case, in the order they started."""
    return all_runs({name: ((clock, name in clock.starts),) for name in clock.hears}, marks, going=False)


def all_runs(heard: Heard, marks: Iterable[Mark], *, going: bool) -> list[Run]:
    """Return the runs of many clocks, of each in the order they started; with ``going`` only those that are not over.

    ``heard`` says which clocks each mark means something to: what no mark of the case has started costs nothing.
    """
    hearings: dict[str, _Hearing] = {}
    for mark in marks:
        for clock, starts in heard.get(mark.name, ()):
            hearing = hearings.get(clock.id)
            if hearing is not None:
                hearing.hear(mark)
            elif starts:
                hearings[clock.id] = _Hearing(clock, mark)
    return [run for hearing in hearings.values() for run in (hearing.going if going else hearing.found)]


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
