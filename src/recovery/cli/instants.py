"""Instants as people type them: dates, times of day, ``tomorrow``, ``2 bd``; without an offset local to the working hours.

A date alone does not say when on that day. What lies ahead is meant by the close of business, what lies behind by now or the end
of that day, a rehearsal begins when the doors open, and whoever looks back means the evening.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum

from pendulum import DateTime

from recovery import BusinessCalendar, InvalidValue, Length, Reason

__all__ = ["Alone", "instant_of"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RELATIVE: Mapping[str, int] = {"yesterday": -1, "today": 0, "tomorrow": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

FORMS = "2026-03-19, 2026-03-19T10:30, 2026-03-19T10:30:00-04:00"
AHEAD = "tomorrow, friday 12:00, 2 bd (two working days from now)"
BEHIND = "now, 10:30 (today), yesterday 16:00"


class Alone(Enum):
    """When on a day a date without a time means."""

    EVENING = "its end"
    CLOSING = "its close of business"
    HAPPENED = "its end, or now if that is today"
    OPENING = "when the doors open"
    MORNING = "its beginning"


def instant_of(
    field: str, text: str, calendar: BusinessCalendar, *, alone: Alone = Alone.EVENING, now: DateTime | None = None
) -> DateTime:
    """Read an instant as people type it. Raises ``InvalidValue`` that names ``field`` and shows how instants are written.

    ``now`` lets it be told from now: a time of day, a day by its name, and, where it lies ahead, a length of time.
    """
    words = " ".join(text.strip().lower().split())
    found = _written(text.strip(), calendar, alone, now)
    if found is None and now is not None:
        found = _from_now(words, calendar, alone, now)
    if found is None:
        examples = FORMS if now is None else f"{FORMS}, {AHEAD if alone is Alone.CLOSING else BEHIND}"
        told = Reason(rule="input.instant", field=field, message=f"{text!r} is no instant.", hint=f"Write {examples}.")
        raise InvalidValue("the instant", [told])
    return found


def _written(text: str, calendar: BusinessCalendar, alone: Alone, now: DateTime | None) -> DateTime | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    if told.tzinfo is not None:
        return DateTime.instance(told).in_timezone("UTC")
    if _DAY.fullmatch(text):
        return _ON_DAY[alone](told.date(), calendar, now)
    return calendar.at_local_time(told.date(), told.time())


def _from_now(words: str, calendar: BusinessCalendar, alone: Alone, now: DateTime) -> DateTime | None:
    if words == "now":
        return now
    if alone is Alone.CLOSING and (length := _length(words)) is not None:
        return length.after(now, calendar)
    name, _, clock = words.partition(" ")
    if ":" in name:
        name, clock = "today", words
    day = _day_called(name, calendar.local_date(now), ahead=alone is not Alone.HAPPENED)
    if day is None:
        return None
    if not clock:
        return _ON_DAY[alone](day, calendar, now)
    at = _time(clock)
    return None if at is None else calendar.at_local_time(day, at)


def _length(words: str) -> Length | None:
    try:
        return Length.parse(words.removeprefix("in "))
    except ValueError:
        return None


def _day_called(name: str, today: date, *, ahead: bool) -> date | None:
    """Return the day of that name: today's neighbours, or the next weekday of that name, the last one where it lies behind."""
    if name in _RELATIVE:
        return today + timedelta(days=_RELATIVE[name])
    weekday = next((number for number, known in enumerate(_WEEKDAYS) if len(name) >= 3 and known.startswith(name)), None)
    if weekday is None:
        return None
    distance = (weekday - today.weekday()) % 7
    return today + timedelta(days=distance or 7) if ahead else today - timedelta(days=7 - distance)


def _time(text: str) -> time | None:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is None else None


# ---------------------------------------------------------------- a date alone


def _evening(day: date, calendar: BusinessCalendar, now: DateTime | None) -> DateTime:
    return calendar.at_local_time(day + timedelta(days=1), time()) - timedelta(microseconds=1)


def _happened(day: date, calendar: BusinessCalendar, now: DateTime | None) -> DateTime:
    evening = _evening(day, calendar, now)
    return evening if now is None else min(evening, max(now, calendar.at_local_time(day, time())))


def _closing(day: date, calendar: BusinessCalendar, now: DateTime | None) -> DateTime:
    midnight = calendar.at_local_time(day, time())
    opening = calendar.next_opening(midnight)
    return calendar.closing_of_day(opening) if calendar.local_date(opening) == day else _evening(day, calendar, now)


def _opening(day: date, calendar: BusinessCalendar, now: DateTime | None) -> DateTime:
    midnight = calendar.at_local_time(day, time())
    opening = calendar.next_opening(midnight)
    return opening if calendar.local_date(opening) == day else midnight


def _morning(day: date, calendar: BusinessCalendar, _now: DateTime | None) -> DateTime:
    return calendar.at_local_time(day, time())


_ON_DAY: Mapping[Alone, Callable[[date, BusinessCalendar, DateTime | None], DateTime]] = {
    Alone.EVENING: _evening,
    Alone.CLOSING: _closing,
    Alone.HAPPENED: _happened,
    Alone.OPENING: _opening,
    Alone.MORNING: _morning,
}
