"""Where things are printed, and how instants look: local to the working hours of the policy, ready to be pasted after ``--at``."""

from __future__ import annotations

import os
import sys
from datetime import datetime

from pendulum import DateTime
from rich.console import Console

from recovery import BusinessCalendar

__all__ = ["WIDTH", "brief", "clock_time", "day", "errors", "local", "moment", "screen", "typed", "whole"]

WIDTH = 100
"""How wide tables are where there is no terminal to fit them into."""


def screen() -> Console:
    """Return the console for results: without colours, and of one width, where nobody watches."""
    return _console(stderr=False)


def errors() -> Console:
    """Return the console for what is not a result: progress, and what went wrong."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    fixed = None if stream.isatty() or os.environ.get("COLUMNS", "").isdigit() else WIDTH
    return Console(stderr=stderr, width=fixed, highlight=False, emoji=False, markup=False)


def local(at: datetime, calendar: BusinessCalendar) -> DateTime:
    """Return ``at`` in the zone of the working hours."""
    return DateTime.instance(at).in_timezone(calendar.timezone)


def moment(at: datetime | None, calendar: BusinessCalendar) -> str:
    """Return an instant as tables show it: the weekday, the day, and the time to the minute."""
    return "-" if at is None else local(at, calendar).format("ddd D MMM HH:mm", locale="en")


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
