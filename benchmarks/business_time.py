"""Business time: opening hours and working days, beside plain time, beside a loop, and beside two libraries that know them too.

Every side has the same week (Monday to Friday, nine to five) and the same five holidays a year, and comes to the same instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from datetime import time as hour
from typing import Any

from benchmarks.needs import Need, library
from benchmarks.pairing import Pair, Prepare, Scale, Side, both, repeated, simple
from benchmarks.sample import NOW
from recovery import policies

__all__ = ["PAIRS"]

FREE = frozenset(
    date(year, month, day) for year in range(2026, 2046) for month, day in ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
)
HOURS = policies.office_hours("Europe/Berlin", holidays=FREE)
SPANS = {"20 opening hours": 20, "a year of opening hours": 2_000, "ten years of opening hours": 20_000}


def _ours(hours: int) -> Callable[[], datetime]:
    return lambda: HOURS.add(NOW, timedelta(hours=hours))


def _by_pandas(hours: int) -> Callable[[], datetime]:
    import pandas  # noqa: PLC0415

    span = pandas.offsets.CustomBusinessHour(n=hours, start="09:00", end="17:00", holidays=sorted(FREE))
    start: Any = pandas.Timestamp(NOW).tz_convert("Europe/Berlin")
    return lambda: start + span


def _by_businesstimedelta(hours: int) -> Callable[[], datetime]:
    import businesstimedelta  # noqa: PLC0415
    import pytz  # noqa: PLC0415

    berlin = pytz.timezone("Europe/Berlin")
    week = businesstimedelta.WorkDayRule(start_time=hour(9), end_time=hour(17), working_days=[0, 1, 2, 3, 4], tz=berlin)
    holidays = businesstimedelta.HolidayRule(dict.fromkeys(FREE, "free"), tz=berlin)
    span: Any = businesstimedelta.BusinessTimeDelta(businesstimedelta.Rules([week, holidays]), hours=hours)
    start = datetime.fromtimestamp(NOW.timestamp(), berlin)
    return lambda: start + span


def beside(theirs: Callable[[int], Callable[[], datetime]], hours: int, times: int) -> Prepare:
    """Compare adding opening hours with another way that comes to the same instant."""

    @contextmanager
    def prepare(scale: Scale) -> Iterator[tuple[Side, Side]]:
        mine, other = _ours(hours), theirs(hours)
        if mine().timestamp() != other().timestamp():
            raise ValueError(f"{hours} hours lead to {mine()} here, and to {other()} there")
        with both(repeated(mine, scale.of(20, 5_000)), repeated(other, scale.of(1, times))) as sides:
            yield sides

    return prepare


def _loop(at: datetime, days: int) -> datetime:
    while days:
        at += timedelta(days=1)
        if at.weekday() < 5 and at.date() not in FREE:
            days -= 1
    return at


def _peer(name: str, span: str, theirs: Callable[[int], Callable[[], datetime]], times: int, rounds: int | None = None) -> Pair:
    needs: tuple[Need, ...] = (library(name),)
    return Pair(
        name=f"{span}, {name}",
        ours=f"`calendar.add` of {span}",
        theirs=f"{name} adding the same",
        prepare=beside(theirs, SPANS[span], times),
        needs=needs,
        rounds=rounds,
    )


PAIRS = (
    Pair(
        name="opening hours",
        ours="`calendar.add` of 20 opening hours",
        theirs="pendulum adding 20 plain hours",
        prepare=simple(lambda: _ours(20), lambda: lambda: NOW.add(hours=20), (20_000, 20_000)),
    ),
    Pair(
        name="opening hours, flat",
        ours="`calendar.add` of ten years of opening hours",
        theirs="`calendar.add` of 20 opening hours",
        prepare=simple(lambda: _ours(20_000), lambda: _ours(20), (10_000, 10_000)),
        at_most=2.0,
    ),
    *(_peer("pandas", span, _by_pandas, 500) for span in SPANS),
    _peer("businesstimedelta", "20 opening hours", _by_businesstimedelta, 50),
    _peer("businesstimedelta", "a year of opening hours", _by_businesstimedelta, 1, rounds=9),
    _peer("businesstimedelta", "ten years of opening hours", _by_businesstimedelta, 1, rounds=5),
    Pair(
        name="working days",
        ours="`calendar.add_days` of ten working days",
        theirs="a loop over ten days that skips weekends and holidays, blind to hours and summer time",
        prepare=simple(lambda: lambda: HOURS.add_days(NOW, 10), lambda: lambda: _loop(NOW, 10), (20_000, 20_000)),
    ),
)
