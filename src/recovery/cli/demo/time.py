"""Simulated time: a heap of what will happen, and a hand that only moves forward."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import timedelta

from attrs import define, field
from pendulum import DateTime

from recovery import BusinessCalendar

__all__ = ["Time"]

Happening = Callable[[], None]


@define(kw_only=True)
class Time:
    """What happens when. ``now`` is read by the desk; nothing here looks at the real time."""

    now: DateTime
    calendar: BusinessCalendar
    _ahead: list[tuple[DateTime, int, Happening]] = field(factory=list[tuple[DateTime, int, Happening]], init=False)
    _count: int = field(default=0, init=False)

    def at(self, when: DateTime, happening: Happening) -> None:
        """Let something happen at ``when``, or now if that is past."""
        self._count += 1
        heapq.heappush(self._ahead, (max(when, self.now), self._count, happening))

    def after(self, minutes: float, happening: Happening) -> None:
        """Let something happen after some minutes."""
        self.at(self.now + timedelta(minutes=minutes), happening)

    def at_work(self, minutes: float, happening: Happening) -> None:
        """Let something happen after some minutes of working time."""
        self.at(self.calendar.add(self.now, timedelta(minutes=minutes)), happening)

    def run(self, until: DateTime, passed: Callable[[DateTime], None]) -> None:
        """Let everything happen up to ``until``; ``passed`` hears how far time has come."""
        while self._ahead and self._ahead[0][0] <= until:
            self.now, _, happening = heapq.heappop(self._ahead)
            happening()
            passed(self.now)
        self.now = until
