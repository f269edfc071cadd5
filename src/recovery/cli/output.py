"""How instants look: local to the working hours of the policy, ready to be pasted after ``--at``."""

from __future__ import annotations

from datetime import datetime, timedelta

from pendulum import DateTime

from recovery import BusinessCalendar

__all__ = ["brief", "clock_time", "day", "local", "moment", "typed", "whole"]


def local(at: datetime, calendar: BusinessCalendar) -> DateTime:
    """Return ``at`` in the zone of the working hours."""
    return DateTime.instance(at).in_timezone(calendar.timezone)


FAR = timedelta(days=180)
"""So far from now a day without its year could be taken for that of another year."""


def moment(at: datetime | None, calendar: BusinessCalendar, now: datetime | None = None) -> str:
    """Return an instant as tables show it: the weekday, the day, and the time to the minute; the year if it is far from ``now``."""
    if at is None:
        return "-"
    year = " YYYY" if now is not None and abs(at - now) > FAR else ""
    return local(at, calendar).format(f"ddd D MMM{year} HH:mm", locale="en")


def brief(at: datetime | None, calendar: BusinessCalendar) -> str:
    """Return an instant where there is little room."""
    return "" if at is None else local(at, calendar).format("D MMM HH:mm", locale="en")


def whole(at: datetime, calendar: BusinessCalendar) -> str:
    """Return an instant with its year, as headings show it."""
    return local(at, calendar).format("dddd D MMMM YYYY, HH:mm", locale="en")


def day(at: datetime, calendar: BusinessCalendar) -> str:
    """Return the day of an instant in words."""
    return local(at, calendar).format("dddd D MMMM YYYY", locale="en")


def clock_time(at: datetime, calendar: BusinessCalendar) -> str:
    """Return the time of day of an instant."""
    return local(at, calendar).format("HH:mm", locale="en")


def typed(at: datetime, calendar: BusinessCalendar) -> str:
    """Return an instant as it can be typed after ``--at``, exact to the second."""
    return local(at, calendar).format("YYYY-MM-DDTHH:mm:ssZ", locale="en")
