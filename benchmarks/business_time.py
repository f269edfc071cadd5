"""Business time: opening hours and working days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from benchmarks.pairing import Pair, simple
from benchmarks.sample import FREE, HOURS, NOW

__all__ = ["PAIRS"]


def _loop(at: datetime, days: int, free: frozenset[date]) -> datetime:
    while days:
        at += timedelta(days=1)
        if at.weekday() < 5 and at.date() not in free:
            days -= 1
    return at


PAIRS = (
    Pair(
        name="opening hours",
        ours="`calendar.add` of 20 opening hours",
        theirs="pendulum adding 20 plain hours",
        prepare=simple(
            lambda: lambda: HOURS.add(NOW, timedelta(hours=20)),
            lambda: lambda: NOW.add(hours=20),
            (20_000, 20_000),
        ),
    ),
    Pair(
        name="working days",
        ours="`calendar.add_days` of ten working days",
        theirs="a loop over ten days that skips weekends and holidays, blind to hours and summer time",
        prepare=simple(
            lambda: lambda: HOURS.add_days(NOW, 10),
            lambda: lambda: _loop(NOW, 10, FREE),
            (20_000, 20_000),
        ),
    ),
)
