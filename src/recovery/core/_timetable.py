"""Open time as plain numbers: the engine under :class:`recovery.core.calendar.BusinessCalendar`.

Instants are microseconds since 1970-01-01 UTC, days are counted from 1970-01-01, hours of a day are minutes after its midnight,
and a *wall* is what a local clock shows, counted as if it were UTC. Nothing here reads a file, a clock or the environment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from recovery.core.errors import InvalidValue
from recovery.core.values import invalid

__all__ = ["Span", "Timetable", "day_number", "merged", "microseconds"]

Span = tuple[int, int]
"""From (inclusive) and until (exclusive)."""

MICROSECOND = timedelta(microseconds=1)
MINUTE = 60_000_000
DAY = 1440 * MINUTE

REACH = 200
"""No answer lies more than so many years from its question: a search that finds nothing must end."""

_EPOCH = datetime(1970, 1, 1)
_EPOCH_DAY = _EPOCH.toordinal()
_THURSDAY = 3  # the weekday of the epoch
_FIRST_YEAR, _LAST_YEAR = 3, 9997  # two years of room to either end of what a datetime can say
_REMEMBERED = 2 * REACH  # year tables kept; a calendar that meets wild dates must not grow for ever


def day_number(day: date) -> int:
    """Return ``day`` counted from 1970-01-01."""
    return day.toordinal() - _EPOCH_DAY


def microseconds(length: timedelta) -> int:
    """Return ``length`` as whole microseconds, exactly, for every subclass of ``timedelta``."""
    return timedelta.__floordiv__(length, MICROSECOND)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return ``spans`` in order, with those that touch or overlap made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


class Year(NamedTuple):
    """The open time of one UTC year, and the business days among the local days that bear its number."""

    first: int
    after: int
    """The instants at which it begins, and is over."""
    opens: list[int]
    closes: list[int]
    before: list[int]
    """For each opening, how much open time of the year lies before it."""
    total: int
    days: list[int]
    hours: dict[int, list[Span]]
    """The hours of every day of the year and of some to either side, as instants."""
    plain: list[int | None]
    """For each of ``days`` its local midnight, where it is a plain day: of 24 hours, with one opening that is no other day's."""
    place: dict[int, int]
    """For the opening of each plain day its place in ``days``."""

    def worked(self, at: int) -> int:
        """Return the open time of this year before ``at``."""
        piece = bisect_right(self.opens, at) - 1
        if piece < 0:
            return 0
        return self.before[piece] + min(at, self.closes[piece]) - self.opens[piece]


class Timetable:
    """Weekly hours, special days and a zone, answering by bisection in year tables that are built when first needed.

    The tables depend on the data alone, so two threads that build the same one do no harm.
    """

    __slots__ = ("_epoch", "_latest", "_special", "_week", "_years", "_zone")

    def __init__(self, zone: ZoneInfo, week: tuple[tuple[Span, ...], ...], special: Mapping[int, tuple[Span, ...]]) -> None:
        self._zone = zone
        self._week = week
        self._special = special
        self._epoch = _EPOCH.replace(tzinfo=zone)
        self._years: dict[int, Year] = {}
        self._latest: Year | None = None

    # --- the local clock

    def wall(self, at: int) -> int:
        """Return what the local clock shows at an instant."""
        local = self._zone.fromutc(self._epoch + timedelta(microseconds=_within(at)))
        return at + microseconds(cast(timedelta, local.utcoffset()))

    def instant(self, wall: int, fold: int = 0) -> int:
        """Return the instant at which the local clock shows ``wall``: a gap shifts forward, an overlap takes the first."""
        shown = _EPOCH + timedelta(microseconds=_within(wall))
        # The first of two, and before a gap the old offset, which lands after the gap: both are what fold=0 means.
        return wall - microseconds(cast(timedelta, self._zone.utcoffset(shown.replace(fold=fold) if fold else shown)))

    def local_date(self, at: int) -> date:
        """Return the date that the local calendar shows at an instant."""
        return date.fromordinal(self.wall(at) // DAY + _EPOCH_DAY)

    def shown(self, at: int) -> str:
        """Return an instant as the local clock shows it, with its offset, in ISO 8601."""
        return self._zone.fromutc(self._epoch + timedelta(microseconds=_within(at))).isoformat()

    def days_on(self, at: int, count: int) -> int:
        """Return the instant ``count`` calendar days on, at the same local time."""
        return self.instant(self.wall(at) + count * DAY) if count else at

    def end_of_day(self, at: int) -> int:
        """Return the instant at which the local day of ``at`` ends, always after ``at``."""
        midnight = (self.wall(at) // DAY + 1) * DAY
        end = self.instant(midnight)
        # Where clocks go back just after midnight, the day comes again and ends a second time.
        return end if end > at else self.instant(midnight, fold=1)

    # --- open and closed

    def is_open(self, at: int) -> bool:
        """Tell whether ``at`` is open: yes at an opening, no at a closing."""
        year = self._year_at(at)
        piece = bisect_right(year.opens, at) - 1
        return piece >= 0 and at < year.closes[piece]

    def opening_from(self, at: int) -> int:
        """Return the first open instant at or after ``at``."""
        years = self._walk(at, 1)
        year = next(years)
        piece = bisect_right(year.closes, at)
        while piece == len(year.closes):
            year, piece = next(years), 0
        return max(at, year.opens[piece])

    def closing_until(self, at: int) -> int:
        """Return the last instant at or before ``at`` that has open time right before it (the mirror of an opening)."""
        years = self._walk(at, -1)
        year = next(years)
        piece = bisect_left(year.opens, at) - 1
        while piece < 0:
            year = next(years)
            piece = len(year.opens) - 1
        return min(at, year.closes[piece])

    def closing_after(self, at: int) -> int:
        """Return the end of the present or next open time, after ``at``."""
        years = self._walk(at, 1)
        year = next(years)
        piece = bisect_right(year.closes, at)
        while piece == len(year.closes):
            year, piece = next(years), 0
        # A table ends with its UTC year, open time does not: go on where the next table begins with the very same instant.
        while piece == len(year.closes) - 1:
            following = next(years)
            if following.opens[:1] != [year.closes[piece]]:
                break
            year, piece = following, 0
        return year.closes[piece]

    # --- lengths of open time

    def ahead(self, at: int, length: int) -> int:
        """Return where a ``length`` above 0 of open time after ``at`` is used up: a closing rather than an opening."""
        years = self._walk(at, 1)
        year = next(years)
        rest = year.worked(at) + length
        while rest > year.total:
            rest -= year.total
            year = next(years)
        piece = bisect_left(year.before, rest) - 1
        return year.opens[piece] + rest - year.before[piece]

    def back(self, at: int, length: int) -> int:
        """Return the mirror of :meth:`ahead`: an opening rather than a closing."""
        years = self._walk(at, -1)
        year = next(years)
        rest = year.worked(at) - length
        while rest < 0:
            year = next(years)
            rest += year.total
        piece = bisect_right(year.before, rest) - 1
        return year.opens[piece] + rest - year.before[piece]

    def between(self, start: int, end: int) -> int:
        """Return the open time from ``start`` to ``end``, negative where ``end`` is the earlier."""
        if end < start:
            return -self.between(end, start)
        first, last = _year_of(start), _year_of(end)
        if last - first > REACH:
            raise _too_far()
        whole = sum(self._year(number).total for number in range(first, last))
        return whole + self._year(last).worked(end) - self._year(first).worked(start)

    # --- business days

    def day_of(self, at: int) -> int | None:
        """Return the business day whose hours hold ``at`` (or end at it), the later of two; none when closed."""
        moment = at if self.is_open(at) else at - 1
        day = self.wall(at) // DAY
        hours = self._year(_year_of(at)).hours
        for near in (day + 1, day, day - 1, day - 2):  # the day after only where midnight comes twice
            for start, end in hours[near]:
                if start <= moment < end:
                    return near
        return None

    def nth_day(self, day: int, count: int) -> int:
        """Return the business day that lies ``count`` (not 0) business days after ``day``, or before it."""
        at, step = day * DAY, 1 if count > 0 else -1
        years = self._walk(at, step)
        days = next(years).days
        place = bisect_right(days, day) + count - 1 if count > 0 else bisect_left(days, day) + count
        while not 0 <= place < len(days):
            passed, days = len(days), next(years).days
            place += len(days) if count < 0 else -passed
        return days[place]

    def shift(self, at: int, count: int) -> int:
        """Return the instant ``count`` business days on, at the same local time of day, inside hours."""
        if count == 0:
            return self.opening_from(at)
        landed = self._plainly_on(at, count)
        return self._days_on(at, count) if landed is None else landed

    def _plainly_on(self, at: int, count: int) -> int | None:
        """Return what :meth:`shift` does, from one plain day of a year to another, as nearly all are; else nothing."""
        year = self._year_at(at)
        piece = bisect_right(year.opens, at) - 1
        if piece < 0 or at >= year.closes[piece]:
            return None
        place = year.place.get(year.opens[piece])
        if place is None or not 0 <= place + count < len(year.days):
            return None
        midnight, target = year.plain[place], year.plain[place + count]
        if midnight is None or target is None:
            return None
        landed = at - midnight + target
        ((opens, closes),) = year.hours[year.days[place + count]]
        return landed if opens <= landed < closes else None

    def _days_on(self, at: int, count: int) -> int:
        start = at if self.is_open(at) else self._into_hours(at, count)
        day = cast(int, self.day_of(start))
        shown, into = divmod(self.wall(start), DAY)
        if shown != day:  # after midnight; a day too early only where midnight comes twice
            into = into + DAY if shown > day else 0
        landed = self.instant(self.nth_day(day, count) * DAY + into)
        return landed if self.is_open(landed) else self._into_hours(landed, count)

    def last_closing(self, at: int) -> int:
        """Return the last closing of the business day of ``at``, or of the next one where that day has none."""
        day = self.day_of(at)
        if day is None:
            day = self.nth_day(self.wall(at) // DAY - 1, 1)
        return max(end for _, end in self._year(_year_of(day * DAY)).hours[day])

    def _into_hours(self, at: int, count: int) -> int:
        return self.opening_from(at) if count > 0 else self.closing_until(at)

    # --- the year tables

    def _walk(self, at: int, step: int) -> Iterator[Year]:
        first = _year_of(at)
        for number in range(first, first + step * (REACH + 1), step):
            yield self._year(number)
        raise _too_far()

    def _year_at(self, at: int) -> Year:
        """Return the table of the year that holds ``at``; most questions are about the year of the one before."""
        year = self._latest
        if year is None or not year.first <= at < year.after:
            year = self._latest = self._year(_year_of(at))
        return year

    def _year(self, number: int) -> Year:
        found = self._years.get(number)
        if found is None:
            if len(self._years) >= _REMEMBERED:
                self._years.clear()
            found = self._years[number] = self._tabled(number)
        return found

    def _tabled(self, number: int) -> Year:
        if not _FIRST_YEAR <= number <= _LAST_YEAR:
            raise _too_far()
        first, last = day_number(date(number, 1, 1)), day_number(date(number + 1, 1, 1))
        # Offsets of most of a day, nights and skipped dates reach over the edges; a week to either side holds them all.
        hours = {day: self._hours(day) for day in range(first - 7, last + 7)}
        low, high = first * DAY, last * DAY
        cut = ((max(start, low), min(end, high)) for spans in hours.values() for start, end in spans)
        pieces = merged((start, end) for start, end in cut if start < end)
        before: list[int] = []
        total = 0
        for start, end in pieces:
            before.append(total)
            total += end - start
        days = [day for day, spans in hours.items() if spans and first <= day < last]
        plain = [self._plain_midnight(day, hours) for day in days]
        place = {hours[day][0][0]: at for at, day in enumerate(days) if plain[at] is not None}
        opens, closes = [start for start, _ in pieces], [end for _, end in pieces]
        return Year(low, high, opens, closes, before, total, days, hours, plain, place)

    def _plain_midnight(self, day: int, hours: Mapping[int, list[Span]]) -> int | None:
        """Return the local midnight of a plain day: of 24 hours, with one opening inside it that the days around do not touch."""
        midnight, after = self.instant(day * DAY), self.instant((day + 1) * DAY)
        if after - midnight != DAY or len(hours[day]) != 1:
            return None
        ((opens, closes),) = hours[day]
        around = (span for near in (day - 2, day - 1, day + 1, day + 2) for span in hours[near])
        inside = midnight <= opens and closes <= after and all(end < opens or closes < start for start, end in around)
        steady = self.wall(opens) - opens == self.wall(closes) - closes == day * DAY - midnight
        return midnight if inside and steady else None

    def _hours(self, day: int) -> list[Span]:
        """Return the hours of one day as instants, each with some length; they may run into the next day."""
        spans = self._special.get(day, self._week[(day + _THURSDAY) % 7])
        midnight = day * DAY
        if not spans or self.instant(midnight) >= self.instant(midnight + DAY):
            return []  # the second is a date that was skipped, as when Samoa changed sides of the date line
        found = ((self.instant(midnight + start * MINUTE), self.instant(midnight + end * MINUTE)) for start, end in spans)
        return [(start, end) for start, end in found if start < end]


def _year_of(at: int) -> int:
    return date.fromordinal(at // DAY + _EPOCH_DAY).year


_LOW = day_number(date(_FIRST_YEAR - 1, 1, 1)) * DAY
_HIGH = day_number(date(_LAST_YEAR + 2, 1, 1)) * DAY


def _within(number: int) -> int:
    if _LOW <= number < _HIGH:
        return number
    raise _too_far()


def _too_far() -> InvalidValue:
    fault = invalid("at", f"is more than {REACH} years from the answer, or there is none", "Ask for something nearer.", "reach")
    return InvalidValue("Question to a calendar", [fault])
