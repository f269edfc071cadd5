"""Business time as a picture: one week of a calendar, and where four working hours end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pendulum
from pendulum import DateTime

from docpages import svg
from recovery import BusinessCalendar

__all__ = ["CALENDAR", "START", "WORK", "picture"]

ZONE = "Europe/Berlin"
CALENDAR = BusinessCalendar(
    timezone=ZONE,
    week={
        "monday": (("09:00", "12:30"), ("13:30", "17:00")),
        "tuesday": (("09:00", "12:30"), ("13:30", "17:00")),
        "wednesday": (("09:00", "12:30"), ("13:30", "17:00")),
        "thursday": (("09:00", "12:30"), ("13:30", "19:00")),
        "friday": (("09:00", "14:00"),),
    },
    holidays=[date(2026, 4, 6)],
)
"""A desk with a lunch break, a long Thursday and a short Friday, around an Easter Monday."""

START = pendulum.datetime(2026, 4, 3, 11, 0, tz=ZONE)
WORK = timedelta(hours=4)
FIRST, DAYS = pendulum.datetime(2026, 4, 2, 0, 0, tz=ZONE), 7
LEFT, TOP, COLUMN, HOUR, EARLY, LATE = 52, 34, 92, 22, 8, 20


def _x(day: int) -> float:
    return LEFT + COLUMN * day


def _y(at: DateTime) -> float:
    return TOP + HOUR * (at.hour + at.minute / 60 - EARLY)


def _day(at: DateTime) -> int:
    return (at.date() - FIRST.date()).days


def _open(start: DateTime, end: DateTime) -> Iterator[tuple[DateTime, DateTime]]:
    """Yield the open hours between two instants, as the calendar tells them."""
    at = CALENDAR.next_opening(start)
    while at < end:
        closing = min(CALENDAR.next_closing(at), end)
        yield at.in_timezone(ZONE), closing.in_timezone(ZONE)
        at = CALENDAR.next_opening(closing)


def picture() -> str:
    """Return a week with its open hours, and the four of them that a clock uses up from Friday at eleven."""
    end = CALENDAR.add(START, WORK).in_timezone(ZONE)
    shapes = [*_grid()]
    for opening, closing in _open(FIRST, FIRST.add(days=DAYS)):
        shapes.append(svg.box(_x(_day(opening)) + 4, _y(opening), COLUMN - 8, _y(closing) - _y(opening), fill=0.08, stroke=0.8))
    for opening, closing in _open(START, end):
        shapes.append(svg.box(_x(_day(opening)) + 12, _y(opening), COLUMN - 24, _y(closing) - _y(opening), fill=0.5, look="accent"))
    shapes += [*_point(START, "starts", -5), *_point(end, "due", 14)]
    title = f"Four working hours from {START.format('dddd H:mm')} end on {end.format('dddd [at] H:mm')}"
    return svg.on_page(LEFT + COLUMN * DAYS + 4, TOP + HOUR * (LATE - EARLY) + 10, shapes, title=title)


def _grid() -> Iterator[str]:
    for hour in range(EARLY, LATE + 1, 2):
        y = TOP + HOUR * (hour - EARLY)
        yield svg.text(LEFT - 8, y + 4, f"{hour}:00", size=11, anchor="end", look="soft")
        yield svg.line([(LEFT, y), (LEFT + COLUMN * DAYS, y)], look="soft", dashed=True)
    for day in range(DAYS):
        at = FIRST.add(days=day)
        free = "holiday" if at.date() in CALENDAR.holidays else "" if any(True for _ in _open(at, at.add(days=1))) else "closed"
        yield svg.text(_x(day) + COLUMN / 2, 18, at.format("ddd D MMM"), size=12, anchor="middle", weight="bold")
        yield svg.text(_x(day) + COLUMN / 2, TOP + 20, free, size=12, anchor="middle", look="soft")


def _point(at: DateTime, label: str, below: float) -> Iterator[str]:
    yield svg.dot(_x(_day(at)) + 12, _y(at), 4, look="accent")
    yield svg.text(_x(_day(at)) + 20, _y(at) + below, f"{label} {at.format('H:mm')}", size=11, weight="bold", look="accent")
