"""Business time: laws against a slow oracle, answers worked out by hand, and every way a definition can be wrong."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import attrs
import pendulum
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pendulum import DateTime

from recovery.core import _timetable
from recovery.core.calendar import BusinessCalendar, office_hours
from recovery.core.clock import Length, Unit
from recovery.core.errors import BadDefinition, InvalidValue
from recovery.core.values import instant

Pairs = tuple[tuple[str, str], ...]
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)

# --- the oracle: walks minutes and asks the zone about each; knows no bisection, no merging of instants, no year tables


class Walk(NamedTuple):
    """What the local clock shows in each minute of 48 days, and the first minute at which it shows it."""

    start: datetime
    walls: list[datetime]
    first: dict[datetime, int]
    days: list[date]


@lru_cache
def walk(zone: str, around: date) -> Walk:
    """Walk through every minute of the 48 days around a date."""
    start = datetime(around.year, around.month, around.day, tzinfo=UTC) - timedelta(days=24)
    local = ZoneInfo(zone)
    walls = [(start + n * MINUTE).astimezone(local).replace(tzinfo=None, fold=0) for n in range(48 * 1440)]
    first: dict[datetime, int] = {}
    for n, wall in enumerate(walls):
        first.setdefault(wall, n)
    return Walk(start, walls, first, sorted({wall.date() for wall in walls}))


class Definition(NamedTuple):
    """What a calendar is made of, drawn at random."""

    zone: str
    around: date
    week: Mapping[int, Pairs]
    holidays: frozenset[date]
    overrides: Mapping[date, Pairs]

    def build(self) -> BusinessCalendar:
        """The calendar itself."""
        return BusinessCalendar(timezone=self.zone, week=self.week, holidays=self.holidays, overrides=self.overrides)


class Oracle:
    """Open or closed, and whose business day, for each minute of a walk."""

    def __init__(self, given: Definition) -> None:
        self.walk = walk(given.zone, given.around)
        self.given = given
        self.open = bytearray(len(self.walk.walls))
        self.owner: list[date | None] = [None] * len(self.open)
        self.ends: dict[date, int] = {}
        for day in self.walk.days[4:-4]:
            for start, end in self.runs(day):
                self.hold(day, self.find(day, start), self.find(day, end))
        self.days = sorted(self.ends)

    def hold(self, day: date, start: int, end: int) -> None:
        """Open the minutes of one run, and let them belong to the day."""
        if start < end:
            self.open[start:end] = b"\1" * (end - start)
            self.owner[start:end] = [day] * (end - start)
            self.ends[day] = max(self.ends.get(day, 0), end)

    def runs(self, day: date) -> list[tuple[int, int]]:
        """The hours of a day as runs of minutes after its midnight."""
        if day in self.given.holidays:
            return []
        marked: set[int] = set()
        for opens, closes in self.given.overrides.get(day, self.given.week.get(day.weekday(), ())):
            start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (opens, closes))
            marked.update(range(start, end if end > start else end + 1440))
        starts = sorted(n for n in marked if n - 1 not in marked)
        ends = sorted(n + 1 for n in marked if n + 1 not in marked)
        return list(zip(starts, ends, strict=True))

    def find(self, day: date, minutes: int) -> int:
        """The minute at which the clock shows it for the first time; where it never does, as long after the last it showed."""
        wanted = datetime.combine(day, time()) + minutes * MINUTE
        shown = wanted
        while shown not in self.walk.first:
            shown -= MINUTE
        return self.walk.first[shown] + (wanted - shown) // MINUTE

    def at(self, n: int) -> datetime:
        """The instant of a minute."""
        return self.walk.start + n * MINUTE

    def next_opening(self, n: int) -> int:
        """The first open minute from there on."""
        return self.open.index(1, n)

    def previous_closing(self, n: int) -> int:
        """The end of the last open minute before."""
        return self.open.rindex(1, 0, n) + 1

    def next_closing(self, n: int) -> int:
        """The first closed minute after the next opening."""
        return self.open.index(0, self.next_opening(n))

    def add(self, n: int, minutes: int) -> int:
        """Walk on, or back, until so many open minutes are used up."""
        while minutes > 0:
            minutes -= self.open[n]
            n += 1
        while minutes < 0:
            n -= 1
            minutes += self.open[n]
        return n

    def add_days(self, n: int, count: int) -> int:
        """The same time of day so many days with open hours later."""
        if count == 0:
            return self.next_opening(n)
        if not self.open[n]:
            n = self.next_opening(n) if count > 0 else self.previous_closing(n)
        day = self.owned(n if self.open[n] else n - 1)
        shown = self.walk.walls[n]
        into = shown.hour * 60 + shown.minute + 1440 * (shown.date() > day) if shown.date() >= day else 0
        place = self.days.index(day) + count
        if place < 0:
            raise IndexError
        landed = self.find(self.days[place], into)
        if self.open[landed]:
            return landed
        return self.next_opening(landed) if count > 0 else self.previous_closing(landed)

    def owned(self, n: int) -> date:
        """The day an open minute belongs to."""
        day = self.owner[n]
        assert day is not None
        return day

    def closing_of_day(self, n: int) -> int:
        """The last closing of its business day, or of the next one."""
        for held in (n, n - 1):
            if self.open[held]:
                return self.ends[self.owned(held)]
        today = self.walk.walls[n].date()
        return self.ends[next(day for day in self.days if day >= today)]

    def end_of_day(self, n: int) -> int:
        """The minute at which the local date changes."""
        midnight = datetime.combine(self.walk.walls[n].date(), time()) + timedelta(days=1)
        if midnight not in self.walk.first:
            return self.find(midnight.date(), 0)
        return self.walk.walls.index(midnight, n + 1)


PLACES = (
    ("Europe/Berlin", date(2024, 3, 31)),
    ("Europe/Berlin", date(2024, 10, 27)),
    ("Europe/Berlin", date(2024, 1, 1)),
    ("America/New_York", date(2024, 3, 10)),
    ("America/New_York", date(2024, 11, 3)),
    ("America/St_Johns", date(2010, 3, 14)),  # a gap at 00:01
    ("America/St_Johns", date(2010, 11, 7)),  # at 00:01 back into yesterday
    ("America/Sao_Paulo", date(2017, 10, 15)),  # no midnight
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("Australia/Lord_Howe", date(2024, 4, 7)),  # half an hour
    ("Australia/Lord_Howe", date(2024, 10, 6)),
    ("Asia/Kathmandu", date(2023, 12, 31)),  # +05:45
    ("Africa/Casablanca", date(2024, 3, 10)),  # back for Ramadan
    ("Africa/Casablanca", date(2024, 4, 14)),
    ("Pacific/Apia", date(2011, 12, 30)),  # a date that never was
    ("Antarctica/Troll", date(2024, 3, 31)),  # two hours
    ("Antarctica/Casey", date(2009, 10, 18)),  # three hours
)

some_minutes = st.integers(0, 95).map(lambda n: n * 15) | st.integers(0, 1439) | st.sampled_from((0, 120, 150, 180, 1380))


def clock(minutes: int) -> str:
    """Return a time of day as it is given in a definition."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


some_pairs = st.lists(st.tuples(some_minutes.map(clock), (some_minutes | st.just(1440)).map(clock)), max_size=3).map(tuple)
short_pairs = st.tuples(st.integers(0, 1200), st.integers(1, 400)).map(lambda t: ((clock(t[0]), clock((t[0] + t[1]) % 1440)),))


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Draw a definition near a change of clocks, with anything from no hours to three shifts on each weekday."""
    zone, around = draw(st.sampled_from(PLACES))
    near = st.integers(-5, 5).map(lambda n: around + timedelta(days=n))
    week = draw(st.dictionaries(st.integers(0, 6), some_pairs | short_pairs, min_size=1).filter(lambda w: any(w.values())))
    holidays = draw(st.frozensets(near, max_size=3))
    overrides = draw(st.dictionaries(near, some_pairs | short_pairs, max_size=2))
    return Definition(zone, around, week, holidays, overrides)


class Case(NamedTuple):
    """One definition, with the minutes of its walk to ask about."""

    calendar: BusinessCalendar
    oracle: Oracle


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a calendar together with the oracle for it."""
    given = draw(definitions())
    return Case(given.build(), Oracle(given))


minutes_near = st.integers(20 * 1440, 28 * 1440)  # minutes of a walk, within four days of its middle
middling = st.integers(-4 * 1440 * 60_000_000, 4 * 1440 * 60_000_000)  # microseconds from there
# Every example is another calendar, so building one counts; there is no deadline since none of these tests is about speed.
thorough = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def asked(oracle: Oracle, question: Callable[[], int]) -> datetime:
    """What the oracle says; the example is dropped where the walk is too short to tell."""
    try:
        n = question()
    except (ValueError, IndexError, StopIteration):
        n = 0
    assume(6 * 1440 < n < 42 * 1440)
    return oracle.at(n)


def moments(given: Definition, *offsets: int) -> list[datetime]:
    """Return the instants so many microseconds from the middle of the walk."""
    middle = datetime.combine(given.around, time(), UTC)
    return [middle + offset * TICK for offset in offsets]


# --- the oracle agrees


@thorough
@given(cases(), minutes_near)
def test_open_and_closed_are_what_a_walk_along_the_local_clock_finds(case: Case, n: int) -> None:
    """Whether an instant is open is what a walk minute by minute finds."""
    assert case.calendar.is_open(case.oracle.at(n)) is bool(case.oracle.open[n])


@thorough
@given(cases(), minutes_near)
def test_openings_and_closings_are_what_a_walk_finds(case: Case, n: int) -> None:
    """The next opening, the next closing and the previous closing are what a walk minute by minute finds."""
    calendar, oracle, at = case.calendar, case.oracle, case.oracle.at(n)
    assert calendar.next_opening(at) == asked(oracle, lambda: oracle.next_opening(n))
    assert calendar.previous_closing(at) == asked(oracle, lambda: oracle.previous_closing(n))
    assert calendar.next_closing(at) == asked(oracle, lambda: oracle.next_closing(n))


@thorough
@given(cases(), minutes_near, st.integers(-3000, 3000).filter(bool))
def test_adding_time_is_counting_open_minutes(case: Case, n: int, minutes: int) -> None:
    """Adding a length of time forward or back ends where a walk has counted as many open minutes."""
    expected = asked(case.oracle, lambda: case.oracle.add(n, minutes))
    assert case.calendar.add(case.oracle.at(n), minutes * MINUTE) == expected


@thorough
@given(cases(), minutes_near, minutes_near)
def test_time_between_is_the_number_of_open_minutes(case: Case, a: int, b: int) -> None:
    """The time between two instants is the number of open minutes between them, with the sign of the direction."""
    low, high = min(a, b), max(a, b)
    expected = sum(case.oracle.open[low:high]) * MINUTE
    assert case.calendar.between(case.oracle.at(low), case.oracle.at(high)) == expected
    assert case.calendar.between(case.oracle.at(high), case.oracle.at(low)) == -expected


@thorough
@given(cases(), minutes_near, st.integers(-6, 6))
def test_adding_days_is_counting_business_days(case: Case, n: int, count: int) -> None:
    """Adding days lands on the business day a walk finds, at the same local time, moved into hours where needed."""
    expected = asked(case.oracle, lambda: case.oracle.add_days(n, count))
    assert case.calendar.add_days(case.oracle.at(n), count) == expected


@thorough
@given(cases(), minutes_near)
def test_the_end_of_a_day_is_what_a_walk_finds(case: Case, n: int) -> None:
    """Local dates, the end of the local day and the last closing of the business day are what a walk finds."""
    calendar, oracle, at = case.calendar, case.oracle, case.oracle.at(n)
    assert calendar.local_date(at) == oracle.walk.walls[n].date()
    assert calendar.end_of_day(at) == oracle.at(oracle.end_of_day(n))
    assert calendar.closing_of_day(at) == asked(oracle, lambda: oracle.closing_of_day(n))


@thorough
@given(cases(), minutes_near, st.integers(-9, 9).filter(bool))
def test_calendar_days_keep_the_local_time(case: Case, n: int, count: int) -> None:
    """A number of calendar days on, the local clock shows the same time; a gap shifts forward, an overlap takes the first."""
    wall = case.oracle.walk.walls[n]
    expected = case.oracle.at(case.oracle.find(wall.date() + timedelta(days=count), wall.hour * 60 + wall.minute))
    assert case.calendar.add_local_days(case.oracle.at(n), count) == expected
    assert case.calendar.at_local_time(wall.date() + timedelta(days=count), wall.time()) == expected
    assert case.calendar.add_local_days(case.oracle.at(n), 0) == case.oracle.at(n)


# --- the laws, to the microsecond


@thorough
@given(definitions(), middling, middling)
def test_adding_what_lies_between_leads_there(given: Definition, a: int, b: int) -> None:
    """Adding the time between two instants to the first gives the second, where the second lies in open time."""
    calendar = given.build()
    t, u = moments(given, a, b)
    forward, back = max(t, u), min(t, u)
    for target in (forward, calendar.previous_closing(forward)):
        if target > back and calendar.is_open(target - TICK):
            assert calendar.add(back, calendar.between(back, target)) == target
    for target in (back, calendar.next_opening(back)):
        if target < forward and calendar.is_open(target):
            assert calendar.add(forward, calendar.between(forward, target)) == target


@thorough
@given(definitions(), middling, st.integers(-(10**11), 10**11).filter(bool))
def test_between_measures_what_was_added(given: Definition, a: int, length: int) -> None:
    """What was added lies between, exactly, and time used up to the end stops at a closing, never at the next opening."""
    calendar, (t,) = given.build(), moments(given, a)
    u = calendar.add(t, length * TICK)
    assert calendar.between(t, u) == length * TICK
    assert calendar.is_open(u - TICK) if length > 0 else calendar.is_open(u)


@thorough
@given(definitions(), middling, middling, middling)
def test_between_is_additive(given: Definition, a: int, b: int, c: int) -> None:
    """The time from a to b and from b to c is the time from a to c, in whatever order they lie."""
    calendar, (x, y, z) = given.build(), moments(given, a, b, c)
    assert calendar.between(x, y) + calendar.between(y, z) == calendar.between(x, z)


lengths = st.integers(-(10**11), 10**11) | st.sampled_from((0, 1, -1, 3_600_000_000))


@thorough
@given(definitions(), middling, middling, lengths, lengths)
def test_adding_is_monotone(given: Definition, a: int, b: int, first: int, second: int) -> None:
    """A later start and a longer time never lead to an earlier end."""
    calendar, (t, u) = given.build(), sorted(moments(given, a, b))
    short, long = sorted((first * TICK, second * TICK))
    assert calendar.add(t, short) <= calendar.add(t, long)
    assert calendar.add(t, short) <= calendar.add(u, short)


@thorough
@given(definitions(), middling, st.integers(0, 10**11) | st.just(0), st.integers(-5, 5))
def test_a_holiday_only_delays(given: Definition, a: int, length: int, off: int) -> None:
    """One holiday more never brings an end forward, neither of a length of time nor of an opening."""
    more = given._replace(holidays=given.holidays | {given.around + timedelta(days=off)})
    (at,) = moments(given, a)
    calendar, closed_more = given.build(), more.build()
    assert closed_more.add(at, length * TICK) >= calendar.add(at, length * TICK)
    assert closed_more.next_opening(at) >= calendar.next_opening(at)


@thorough
@given(definitions(), middling)
def test_plain_data_and_back_is_the_same_calendar(given: Definition, a: int) -> None:
    """A calendar written to JSON and read back is equal, has the same hash and writes the same data."""
    calendar = given.build()
    again = BusinessCalendar.from_data(json.loads(json.dumps(calendar.to_data())))
    assert again == calendar
    assert hash(again) == hash(calendar)
    assert again.to_data() == calendar.to_data()
    (at,) = moments(given, a)
    assert again.next_opening(at) == calendar.next_opening(at)


# --- worked out by hand

BERLIN, NEW_YORK, APIA = "Europe/Berlin", "America/New_York", "Pacific/Apia"
NINE_TO_FIVE = (("09:00", "17:00"),)
LUNCH = (("09:00", "12:30"), ("13:30", "17:00"))
NIGHT = (("22:00", "06:00"),)
ALL_DAY = (("00:00", "24:00"),)


def weekly(zone: str, pairs: Pairs, days: range = range(5), **more: object) -> BusinessCalendar:
    """Return a calendar with the same hours on all of ``days``."""
    return BusinessCalendar(timezone=zone, week=dict.fromkeys(days, pairs), **more)  # type: ignore[arg-type]


CALENDARS = {
    "office": office_hours(BERLIN, holidays={date(2024, 3, 29), date(2024, 4, 1), date(2024, 5, 1)}),
    "lunch": weekly(BERLIN, LUNCH, holidays=[date(2024, 5, 1)], overrides={date(2024, 12, 24): (("09:00", "12:00"),)}),
    "night": weekly(BERLIN, NIGHT, holidays=[date(2024, 3, 6)]),
    "nights": weekly(BERLIN, NIGHT, range(7)),
    "always": weekly(BERLIN, ALL_DAY, range(7)),
    "saturday": BusinessCalendar(timezone=BERLIN, week={**dict.fromkeys(range(5), NINE_TO_FIVE), 5: (("09:00", "12:00"),)}),
    "early": weekly(BERLIN, (("01:00", "04:00"),), range(7)),
    "gap": weekly(BERLIN, (("02:30", "10:00"),), range(7)),
    "twice": weekly(BERLIN, (("02:30", "03:30"),), range(7)),
    "york": office_hours(NEW_YORK),
    "lord": weekly("Australia/Lord_Howe", (("02:10", "04:00"),), range(7)),
    "kathmandu": office_hours("Asia/Kathmandu"),
    "apia": weekly(APIA, NINE_TO_FIVE, range(7)),
    "apia nights": weekly(APIA, NIGHT, range(7)),
    "johns": weekly("America/St_Johns", ALL_DAY, range(7)),
    "hawaii": weekly("Pacific/Honolulu", (("23:00", "22:00"),), range(5, 6)),
    "sao": weekly("America/Sao_Paulo", ALL_DAY, range(7)),
    "mixed": BusinessCalendar(timezone=BERLIN, week={0: NIGHT, 1: (("05:00", "17:00"),)}),
}

# All of March 2024: Fri 1, Mon 4, Fri 8, Mon 11, Good Friday 29, Sun 31 with the clocks going forward at 02:00 in Berlin.
KNOWN: tuple[tuple[str, str, str, object, object], ...] = (
    # time used up to the minute ends at the closing, and a minute more at the next opening
    ("office", "add", "2024-03-08 16:00", "1:00", "2024-03-08 17:00"),
    ("office", "add", "2024-03-08 16:00", "1:01", "2024-03-11 09:01"),
    ("office", "add", "2024-03-08 17:00", "1:00", "2024-03-11 10:00"),
    ("office", "add", "2024-03-08 20:00", "8:00", "2024-03-11 17:00"),
    ("office", "add", "2024-03-09 12:00", "0:00", "2024-03-11 09:00"),
    ("office", "add", "2024-03-08 17:00", "0:00", "2024-03-11 09:00"),
    ("office", "add", "2024-03-08 12:00", "0:00", "2024-03-08 12:00"),
    ("office", "add", "2024-03-28 16:00", "2:00", "2024-04-02 10:00"),  # Easter
    ("office", "add", "2024-03-04 09:00", "40:00", "2024-03-08 17:00"),
    ("office", "add", "2024-03-04 09:00", "80:00", "2024-03-15 17:00"),
    # back, the mirror
    ("office", "add", "2024-03-11 10:00", "-1:00", "2024-03-11 09:00"),
    ("office", "add", "2024-03-11 10:00", "-2:00", "2024-03-08 16:00"),
    ("office", "add", "2024-03-11 09:00", "-1:00", "2024-03-08 16:00"),
    ("office", "add", "2024-03-10 12:00", "-8:00", "2024-03-08 09:00"),
    ("office", "add", "2024-04-02 10:00", "-2:00", "2024-03-28 16:00"),
    # several hours a day
    ("lunch", "add", "2024-03-04 12:00", "0:30", "2024-03-04 12:30"),
    ("lunch", "add", "2024-03-04 12:00", "1:00", "2024-03-04 14:00"),
    ("lunch", "add", "2024-03-04 13:00", "7:00", "2024-03-05 12:30"),
    ("lunch", "add", "2024-12-24 11:00", "2:00", "2024-12-25 10:00"),  # an override closes at noon
    ("lunch", "add", "2024-04-30 16:30", "1:00", "2024-05-02 09:30"),
    # between
    ("office", "between", "2024-03-08 16:00", "2024-03-11 10:00", "2:00"),
    ("office", "between", "2024-03-11 10:00", "2024-03-08 16:00", "-2:00"),
    ("office", "between", "2024-03-09 10:00", "2024-03-10 16:00", "0:00"),
    ("lunch", "between", "2024-03-04 00:00", "2024-03-05 00:00", "7:00"),
    ("always", "between", "2024-03-31 00:00", "2024-04-01 00:00", "23:00"),
    ("always", "between", "2024-10-27 00:00", "2024-10-28 00:00", "25:00"),
    # openings and closings
    ("office", "is_open", "2024-03-08 09:00", None, True),
    ("office", "is_open", "2024-03-08 16:59", None, True),
    ("office", "is_open", "2024-03-08 17:00", None, False),
    ("office", "is_open", "2024-03-29 12:00", None, False),
    ("office", "next_opening", "2024-03-08 12:00", None, "2024-03-08 12:00"),
    ("office", "next_opening", "2024-03-08 17:00", None, "2024-03-11 09:00"),
    ("office", "next_closing", "2024-03-08 09:00", None, "2024-03-08 17:00"),
    ("office", "next_closing", "2024-03-08 17:00", None, "2024-03-11 17:00"),
    ("office", "previous_closing", "2024-03-08 12:00", None, "2024-03-08 12:00"),
    ("office", "previous_closing", "2024-03-08 17:00", None, "2024-03-08 17:00"),
    ("office", "previous_closing", "2024-03-11 09:00", None, "2024-03-08 17:00"),
    ("lunch", "next_closing", "2024-03-04 10:00", None, "2024-03-04 12:30"),
    ("lunch", "closing_of_day", "2024-03-04 10:00", None, "2024-03-04 17:00"),
    ("lunch", "closing_of_day", "2024-03-04 20:00", None, "2024-03-04 17:00"),
    ("lunch", "closing_of_day", "2024-03-09 10:00", None, "2024-03-11 17:00"),
    ("lunch", "closing_of_day", "2024-12-24 08:00", None, "2024-12-24 12:00"),
    ("always", "closing_of_day", "2024-03-04 10:00", None, "2024-03-05 00:00"),
    # hours across midnight belong to the day they start on
    ("night", "is_open", "2024-03-09 05:59", None, True),  # Friday's shift on a Saturday
    ("night", "is_open", "2024-03-09 22:00", None, False),
    ("night", "is_open", "2024-03-06 05:00", None, True),  # Tuesday's shift runs into the holiday
    ("night", "is_open", "2024-03-07 05:00", None, False),  # the holiday's own does not begin
    ("night", "closing_of_day", "2024-03-05 03:00", None, "2024-03-05 06:00"),
    ("night", "closing_of_day", "2024-03-05 06:00", None, "2024-03-05 06:00"),
    ("night", "closing_of_day", "2024-03-05 06:01", None, "2024-03-06 06:00"),
    ("night", "add_days", "2024-03-05 02:00", 1, "2024-03-06 02:00"),
    ("night", "add_days", "2024-03-09 02:00", 1, "2024-03-12 02:00"),  # Friday's shift, then Monday's
    ("night", "add_days", "2024-03-12 02:00", -1, "2024-03-09 02:00"),
    ("night", "add_days", "2024-03-06 02:00", 1, "2024-03-08 02:00"),  # past the holiday
    ("night", "add_days", "2024-03-09 06:00", -1, "2024-03-08 06:00"),
    ("nights", "between", "2024-03-30 20:00", "2024-03-31 12:00", "7:00"),
    ("nights", "between", "2024-10-26 20:00", "2024-10-27 12:00", "9:00"),
    ("mixed", "next_closing", "2024-03-04 23:00", None, "2024-03-05 17:00"),
    ("mixed", "closing_of_day", "2024-03-05 04:59", None, "2024-03-05 06:00"),
    ("mixed", "closing_of_day", "2024-03-05 05:30", None, "2024-03-05 17:00"),
    # business days
    ("office", "add_days", "2024-03-08 10:00", 1, "2024-03-11 10:00"),
    ("office", "add_days", "2024-03-08 17:00", 1, "2024-03-12 09:00"),  # a start at the closing is outside
    ("office", "add_days", "2024-03-09 10:00", 1, "2024-03-12 09:00"),
    ("office", "add_days", "2024-03-28 10:00", 1, "2024-04-02 10:00"),
    ("office", "add_days", "2024-03-08 10:00", 0, "2024-03-08 10:00"),
    ("office", "add_days", "2024-03-09 10:00", 0, "2024-03-11 09:00"),
    ("office", "add_days", "2024-03-11 10:00", -1, "2024-03-08 10:00"),
    ("office", "add_days", "2024-03-11 09:00", -1, "2024-03-08 09:00"),
    ("office", "add_days", "2024-03-11 17:00", -1, "2024-03-08 17:00"),
    ("office", "add_days", "2024-03-10 10:00", -1, "2024-03-07 17:00"),
    ("office", "add_days", "2024-03-04 10:00", 20, "2024-04-03 10:00"),
    ("office", "add_days", "2024-04-03 10:00", -20, "2024-03-04 10:00"),
    ("office", "add_days", "2023-12-29 10:00", 1, "2024-01-01 10:00"),
    ("office", "add_days", "2024-01-01 10:00", -1, "2023-12-29 10:00"),
    ("saturday", "add_days", "2024-03-08 16:00", 1, "2024-03-11 09:00"),  # Saturday at four is closed
    ("saturday", "add_days", "2024-03-11 16:00", -1, "2024-03-09 12:00"),
    ("saturday", "add_days", "2024-03-08 10:00", 1, "2024-03-09 10:00"),
    # clocks that change
    ("always", "add", "2024-03-31 00:00", "3:00", "2024-03-31 04:00"),
    ("early", "add", "2024-03-31 01:00", "2:00", "2024-03-31 04:00"),
    ("early", "add_days", "2024-03-30 02:30", 1, "2024-03-31 03:30"),
    ("gap", "next_opening", "2024-03-31 00:00", None, "2024-03-31 03:30"),
    ("twice", "is_open", "2024-03-31 03:29", None, False),  # would open when it has closed
    ("twice", "next_opening", "2024-03-31 01:00", None, "2024-04-01 02:30"),
    ("twice", "add_days", "2024-03-30 02:40", 1, "2024-04-01 02:40"),  # so that day is none
    ("twice", "between", "2024-10-27 00:00", "2024-10-28 00:00", "2:00"),
    ("york", "add", "2024-03-08 16:00", "2:00", "2024-03-11 10:00"),
    ("lord", "next_opening", "2024-10-06 00:00", None, "2024-10-06 02:40"),
    ("kathmandu", "add", "2024-03-08 16:00", "2:00", "2024-03-11 10:00"),
    ("apia", "add_days", "2011-12-29 10:00", 1, "2011-12-31 10:00"),
    ("apia", "between", "2011-12-29 00:00", "2012-01-01 00:00", "16:00"),
    ("apia", "end_of_day", "2011-12-29 10:00", None, "2011-12-31 00:00"),
    ("apia", "add_local_days", "2011-12-29 10:00", 1, "2011-12-31 10:00"),
    ("apia nights", "next_closing", "2011-12-29 23:00", None, "2011-12-31 06:00"),
    ("apia nights", "closing_of_day", "2011-12-31 03:00", None, "2011-12-31 06:00"),  # still the shift of the 29th
    ("apia nights", "add_days", "2011-12-31 03:00", 1, "2012-01-01 03:00"),
    ("apia nights", "add_days", "2011-12-31 03:00", -1, "2011-12-29 03:00"),
    ("hawaii", "next_closing", "2023-12-31 16:00", None, "2023-12-31 22:00"),  # already the new year in UTC
    ("sao", "between", "2017-10-15 01:00", "2017-10-16 00:00", "23:00"),
    ("sao", "end_of_day", "2017-10-14 12:00", None, "2017-10-15 01:00"),
    ("sao", "add_local_days", "2017-10-14 00:00", 1, "2017-10-15 01:00"),
    ("office", "end_of_day", "2024-03-30 23:59", None, "2024-03-31 00:00"),
    ("office", "end_of_day", "2024-03-31 00:00", None, "2024-04-01 00:00"),
    ("office", "add_local_days", "2024-03-30 02:30", 1, "2024-03-31 03:30"),
    ("office", "add_local_days", "2024-10-26 02:30", 1, "2024-10-27 02:30"),
    ("office", "add_local_days", "2024-10-28 02:30", -1, "2024-10-27 02:30"),
    ("office", "local_date", "2024-03-31 00:00", None, date(2024, 3, 31)),
)


def read(text: object, zone: str) -> object:
    """A local time, a length of hours and minutes, or whatever else it is."""
    if not isinstance(text, str):
        return text
    if "-" in text[1:]:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    hours, minutes = text.lstrip("-").split(":")
    return (-1 if text.startswith("-") else 1) * timedelta(hours=int(hours), minutes=int(minutes))


@pytest.mark.parametrize(("name", "question", "at", "more", "answer"), KNOWN)
def test_answers_worked_out_by_hand(name: str, question: str, at: str, more: object, answer: object) -> None:
    """A calendar answers what a person with a paper calendar would."""
    calendar = CALENDARS[name]
    values = [read(at, calendar.timezone), *([] if more is None else [read(more, calendar.timezone)])]
    found = getattr(calendar, question)(*values)
    expected = read(answer, calendar.timezone)
    if isinstance(expected, datetime):
        expected = expected.astimezone(UTC)  # comparing within a zone would compare what the clocks show
    assert found == expected


def test_the_first_of_a_repeated_hour_is_taken_and_the_second_is_known() -> None:
    """A local time that comes twice is taken for the first, and an instant in the second hour is kept apart from it."""
    calendar = CALENDARS["office"]
    first, second = (datetime(2024, 10, 27, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert calendar.at_local_time(date(2024, 10, 27), time(2, 30)) == first
    assert calendar.at_local_time(date(2024, 10, 27), time(2, 30, fold=1)) == first
    assert calendar.add_local_days(second, 0) == second
    assert calendar.add_local_days(second, 1) == datetime(2024, 10, 28, 1, 30, tzinfo=UTC)


def test_a_day_that_ends_twice_ends_after_every_instant_in_it() -> None:
    """Where the clocks go back over midnight, the end of a day still lies after each of its instants."""
    calendar = office_hours("America/St_Johns")
    second_pass = datetime(2010, 11, 7, 3, 0, tzinfo=UTC)  # 23:30 on the 6th again
    assert calendar.local_date(second_pass) == date(2010, 11, 6)
    assert calendar.end_of_day(second_pass) == datetime(2010, 11, 7, 3, 30, tzinfo=UTC)
    assert CALENDARS["johns"].closing_of_day(second_pass) == datetime(2010, 11, 8, 3, 30, tzinfo=UTC)
    assert CALENDARS["johns"].add_days(second_pass, 1) == datetime(2010, 11, 8, 3, 30, tzinfo=UTC)
    assert calendar.end_of_day(second_pass - timedelta(hours=1)) == datetime(2010, 11, 7, 2, 30, tzinfo=UTC)


def test_microseconds_are_kept() -> None:
    """Nothing is rounded: microseconds of instants and lengths come back exactly."""
    calendar, at = CALENDARS["office"], pendulum.datetime(2024, 3, 8, 15, 59, 59, 999_999)
    assert calendar.add(at, timedelta(microseconds=2)) == pendulum.datetime(2024, 3, 11, 8, 0, 0, 1)
    assert calendar.between(at, at.add(days=3)) == timedelta(hours=8)
    assert calendar.add_days(at, 1) == pendulum.datetime(2024, 3, 11, 15, 59, 59, 999_999)
    assert calendar.add_local_days(at, -1) == pendulum.datetime(2024, 3, 7, 15, 59, 59, 999_999)


def test_ten_years_on_the_calendar_still_counts_right() -> None:
    """Ten years of office hours are counted to the hour, forward and back."""
    calendar, at = office_hours("UTC"), pendulum.datetime(2024, 1, 1, 9)
    end = pendulum.datetime(2034, 1, 2, 9)
    weekdays = sum(date.fromordinal(n).weekday() < 5 for n in range(date(2024, 1, 1).toordinal(), date(2034, 1, 2).toordinal()))
    assert calendar.between(at, end) == timedelta(hours=8 * weekdays)
    assert calendar.add(end, -calendar.between(at, end)) == at
    assert calendar.add_days(at, weekdays) == end
    assert calendar.add_days(end, -weekdays) == at


def test_hours_over_new_year_are_one() -> None:
    """A shift that runs over the end of a year, in the zone or in UTC, is one shift."""
    calendar = weekly("America/New_York", (("16:00", "04:00"),), range(7))
    at = pendulum.datetime(2023, 12, 31, 22)
    assert calendar.next_closing(at) == pendulum.datetime(2024, 1, 1, 9)
    assert calendar.add(at, timedelta(hours=2)) == pendulum.datetime(2024, 1, 1, 0)
    assert calendar.add(pendulum.datetime(2024, 1, 1, 1), timedelta(hours=-1)) == pendulum.datetime(2024, 1, 1, 0)
    assert calendar.next_opening(pendulum.datetime(2024, 1, 1)) == pendulum.datetime(2024, 1, 1)
    assert calendar.previous_closing(pendulum.datetime(2024, 1, 1)) == pendulum.datetime(2024, 1, 1)


def test_weeks_without_open_time_are_skipped_over_years() -> None:
    """Where open time is years away it is found, and so is its end."""
    calendar = BusinessCalendar(timezone="UTC", week={}, overrides={date(2024, 12, 31): ALL_DAY, date(2030, 1, 1): NINE_TO_FIVE})
    at = pendulum.datetime(2026, 6, 1)
    assert calendar.next_opening(at) == pendulum.datetime(2030, 1, 1, 9)
    assert calendar.next_closing(at) == pendulum.datetime(2030, 1, 1, 17)
    assert calendar.next_closing(pendulum.datetime(2024, 12, 31, 5)) == pendulum.datetime(2025, 1, 1)
    assert calendar.previous_closing(at) == pendulum.datetime(2025, 1, 1)
    assert calendar.add_days(at, 0) == pendulum.datetime(2030, 1, 1, 9)
    assert calendar.add(at, timedelta(hours=-25) + timedelta(hours=1)) == pendulum.datetime(2024, 12, 31)
    assert calendar.add_days(pendulum.datetime(2030, 1, 1, 10), -1) == pendulum.datetime(2024, 12, 31, 10)
    assert calendar.add_days(pendulum.datetime(2024, 12, 31, 10), 1) == pendulum.datetime(2030, 1, 1, 10)


# --- what comes in and goes out


def every_answer(calendar: BusinessCalendar, at: datetime) -> list[object]:
    """Ask everything that is answered with an instant."""
    hour = timedelta(hours=1)
    return [
        *(calendar.next_opening(at), calendar.next_closing(at), calendar.previous_closing(at), calendar.closing_of_day(at)),
        *(calendar.add(at, hour), calendar.add(at, -hour), calendar.add(at, 0 * hour), calendar.add_days(at, 3)),
        *(calendar.add_days(at, -3), calendar.add_local_days(at, 3), calendar.end_of_day(at)),
        calendar.at_local_time(date(2024, 3, 8), time(12)),
    ]


def test_every_instant_comes_back_in_utc() -> None:
    """Whatever zone an instant came in, the answers are the same pendulum instants in UTC."""
    calendar, at = CALENDARS["office"], datetime(2024, 3, 8, 15, 30, tzinfo=UTC)
    answers = every_answer(calendar, at)
    assert all(isinstance(answer, DateTime) and answer.tzinfo is pendulum.UTC for answer in answers)
    for other in (at.astimezone(ZoneInfo("Asia/Tokyo")), pendulum.instance(at).in_timezone("America/New_York")):
        assert every_answer(calendar, other) == answers


Question = Callable[[BusinessCalendar, datetime], object]
QUESTIONS: dict[str, Question] = {
    "is_open": lambda c, at: c.is_open(at),
    "next_opening": lambda c, at: c.next_opening(at),
    "next_closing": lambda c, at: c.next_closing(at),
    "previous_closing": lambda c, at: c.previous_closing(at),
    "closing_of_day": lambda c, at: c.closing_of_day(at),
    "add": lambda c, at: c.add(at, timedelta(hours=1)),
    "between": lambda c, at: c.between(pendulum.datetime(2024, 1, 1), at),
    "add_days": lambda c, at: c.add_days(at, 1),
    "add_local_days": lambda c, at: c.add_local_days(at, 1),
    "local_date": lambda c, at: c.local_date(at),
    "end_of_day": lambda c, at: c.end_of_day(at),
}


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("at", [datetime(2024, 3, 8, 12), date(2024, 3, 8), "2024-03-08", None], ids=repr)
def test_an_instant_without_a_zone_is_refused_with_the_way_out(name: str, at: datetime) -> None:
    """What is not an aware instant is refused by every question, with the field and the way out."""
    with pytest.raises(InvalidValue) as caught:
        QUESTIONS[name](CALENDARS["office"], at)
    (reason,) = caught.value.reasons
    assert reason.field == ("b" if name == "between" else "at")
    assert "aware datetime" in reason.hint


@pytest.mark.parametrize("length", [5, 1.5, None, "1h", pendulum.duration(months=1), pendulum.duration(years=1, hours=2)], ids=repr)
def test_a_length_must_be_elapsed_time(length: timedelta) -> None:
    """What is no length of time, or has months and years of no fixed length, is refused with the way out."""
    with pytest.raises(InvalidValue) as caught:
        CALENDARS["office"].add(pendulum.datetime(2024, 3, 8), length)
    (reason,) = caught.value.reasons
    assert reason.field == "duration"
    assert reason.hint


def test_pendulum_lengths_of_fixed_size_are_taken() -> None:
    """A pendulum duration of days or less and an interval between two instants are elapsed time like any other."""
    calendar, at = CALENDARS["always"], pendulum.datetime(2024, 3, 8)
    assert calendar.add(at, pendulum.duration(weeks=1, microseconds=3)) == at.add(weeks=1, microseconds=3)
    assert calendar.add(at, pendulum.duration(days=-2)) == at.subtract(days=2)
    long_ago = pendulum.datetime(2021, 1, 1, tz="America/New_York")
    assert calendar.add(at, long_ago - at) == pendulum.datetime(2021, 1, 1, tz="America/New_York")


@pytest.mark.parametrize("count", [1.0, True, None, "1"], ids=repr)
def test_a_number_of_days_is_a_whole_number(count: int) -> None:
    """What is no whole number of days is refused."""
    for question in (CALENDARS["office"].add_days, CALENDARS["office"].add_local_days):
        with pytest.raises(InvalidValue, match="not a number of days"):
            question(pendulum.datetime(2024, 3, 8), count)


@pytest.mark.parametrize(
    ("day", "at", "field"),
    [
        (pendulum.datetime(2024, 3, 8), time(12), "day"),
        ("2024-03-08", time(12), "day"),
        (date(2024, 3, 8), time(12, tzinfo=UTC), "at"),
        (date(2024, 3, 8), "12:00", "at"),
    ],
    ids=repr,
)
def test_a_local_time_is_a_date_and_a_time_without_a_zone(day: date, at: time, field: str) -> None:
    """A local time is made of a date and a time of day without a zone; anything else is refused."""
    with pytest.raises(InvalidValue) as caught:
        CALENDARS["office"].at_local_time(day, at)
    assert caught.value.reasons[0].field == field


TOO_FAR: dict[str, Callable[[], object]] = {
    "never closes": lambda: CALENDARS["always"].next_closing(pendulum.datetime(2024, 1, 1)),
    "a length of centuries": lambda: CALENDARS["always"].add(pendulum.datetime(2024, 1, 1), timedelta(days=80_000)),
    "a length back over centuries": lambda: CALENDARS["always"].add(pendulum.datetime(2024, 1, 1), timedelta(days=-80_000)),
    "centuries between": lambda: CALENDARS["office"].between(pendulum.datetime(1800, 1, 1), pendulum.datetime(2024, 1, 1)),
    "days for centuries": lambda: CALENDARS["office"].add_local_days(pendulum.datetime(2024, 1, 1), 10**20),
    "before all tables": lambda: CALENDARS["office"].is_open(pendulum.datetime(2, 6, 1)),
    "after all tables": lambda: CALENDARS["office"].is_open(pendulum.datetime(9998, 6, 1)),
    "the first local day": lambda: CALENDARS["office"].local_date(pendulum.datetime(1, 1, 1)),
    "the last local day": lambda: CALENDARS["office"].end_of_day(pendulum.datetime(9999, 12, 31)),
}


@pytest.mark.parametrize("name", TOO_FAR)
def test_an_answer_beyond_reach_is_refused(name: str) -> None:
    """A question without an answer within reach is refused instead of searching for ever."""
    with pytest.raises(InvalidValue) as caught:
        TOO_FAR[name]()
    (reason,) = caught.value.reasons
    assert (reason.rule, reason.field) == ("input.reach", "at")


def test_an_answer_two_hundred_years_away_is_found() -> None:
    """What lies up to 200 years away is found, and what lies beyond is refused."""
    calendar = BusinessCalendar(timezone="UTC", week={}, overrides={date(2224, 12, 31): ALL_DAY})
    assert calendar.next_opening(pendulum.datetime(2024, 1, 1)) == pendulum.datetime(2224, 12, 31)
    with pytest.raises(InvalidValue, match="200 years"):
        calendar.next_opening(pendulum.datetime(2023, 12, 31))


def test_the_edges_of_time_can_be_asked() -> None:
    """The first and the last year with tables answer like any other."""
    calendar = office_hours("Asia/Tokyo")
    assert calendar.is_open(pendulum.datetime(3, 1, 1, 1)) is True  # a Wednesday
    assert calendar.is_open(pendulum.datetime(9997, 12, 31, 1)) is True


# --- definitions


@pytest.mark.parametrize(
    ("key", "day"),
    [(0, 0), ("monday", 0), ("Mon", 0), ("TUES", 1), (" Wednesday ", 2), ("Thu", 3), ("fri", 4), ("saturday", 5), (6, 6)],
)
def test_weekdays_have_numbers_and_names(key: int | str, day: int) -> None:
    """A weekday may be given by number from Monday as 0, or by its English name or the beginning of it, in any case."""
    calendar = BusinessCalendar(timezone="UTC", week={key: NINE_TO_FIVE})
    assert [n for n in range(7) if calendar.week[n]] == [day]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ((("13:00", "17:00"), ("09:00", "13:00")), (("09:00", "17:00"),)),
        ((("09:00", "14:00"), ("13:00", "17:00")), (("09:00", "17:00"),)),
        ((("09:00", "17:00"), ("10:00", "11:00")), (("09:00", "17:00"),)),
        ((("00:00", "00:00"),), (("00:00", "24:00"),)),
        ((("22:00", "00:00"),), (("22:00", "24:00"),)),
        ((("22:00", "06:00"), ("23:00", "24:00")), (("22:00", "06:00"),)),
        ((("12:00", "12:00"),), (("12:00", "12:00"),)),
        ((("00:00", "24:00"), ("22:00", "06:00")), (("00:00", "24:00"), ("06:00", "06:00"))),
        ((("09:00", "08:00"), ("23:59", "23:59")), (("09:00", "09:00"), ("23:59", "23:59"))),
        ((), ()),
    ],
)
def test_hours_are_sorted_and_merged(pairs: Pairs, expected: Pairs) -> None:
    """Hours of a day are kept in order, merged where they touch or overlap, and written in one way only."""
    calendar = BusinessCalendar(timezone="UTC", week={0: pairs, 6: NINE_TO_FIVE})
    assert calendar.week[0] == expected
    assert BusinessCalendar(timezone="UTC", week={0: expected, 6: NINE_TO_FIVE}) == calendar


def test_a_holiday_wins_over_an_override() -> None:
    """A date that is both a holiday and an override is closed."""
    day = date(2024, 12, 24)
    calendar = office_hours(BERLIN, holidays=[day], overrides={day: (("09:00", "12:00"),)})
    assert not calendar.is_open(pendulum.datetime(2024, 12, 24, 10))
    assert calendar.overrides == ((day, (("09:00", "12:00"),)),)


def test_an_override_may_open_or_close_a_day() -> None:
    """An override gives a date other hours or none, and a date that is closed otherwise some."""
    calendar = office_hours("UTC", overrides={date(2024, 3, 8): (), "2024-03-09": (("10:00", "11:00"),)})  # type: ignore[arg-type]
    assert calendar.next_opening(pendulum.datetime(2024, 3, 8)) == pendulum.datetime(2024, 3, 9, 10)


GOOD: dict[str, object] = {"timezone": BERLIN, "week": {0: NINE_TO_FIVE}}
NO_OPEN_TIME = "week: no open time at all."
REFUSED: tuple[tuple[dict[str, object], tuple[str, ...]], ...] = (
    ({"week": {}}, (NO_OPEN_TIME,)),
    ({"week": {0: ()}}, (NO_OPEN_TIME,)),
    ({"week": {}, "overrides": {date(2024, 3, 8): NINE_TO_FIVE}, "holidays": {date(2024, 3, 8)}}, (NO_OPEN_TIME,)),
    ({"week": {}, "timezone": "Mars/Base"}, (NO_OPEN_TIME, "timezone: 'Mars/Base'")),
    ({"week": None}, ("week: is missing.",)),
    ({"week": [NINE_TO_FIVE]}, ("week: is of type list.",)),
    ({"week": {7: NINE_TO_FIVE}}, ("week.7: no such weekday.",)),
    ({"week": {-1: NINE_TO_FIVE}}, ("week.-1: no such weekday.",)),
    ({"week": {True: NINE_TO_FIVE}}, ("week.True: no such weekday.",)),
    ({"week": {"funday": NINE_TO_FIVE}}, ("week.funday: no such weekday.",)),
    ({"week": {"mo": NINE_TO_FIVE}}, ("week.mo: no such weekday.",)),
    ({"week": {1.0: NINE_TO_FIVE}}, ("week.1.0: no such weekday.",)),
    ({"week": {0: NINE_TO_FIVE, "Mon": NINE_TO_FIVE}}, ("week.Mon: monday is given twice.",)),
    ({"week": {0: ("09:00", "17:00")}}, ("week.monday[0]: '09:00' is not a pair", "week.monday[1]: '17:00' is not a pair")),
    ({"week": {"Tue": "09:00-17:00"}}, ("week.tuesday: is of type str.",)),
    ({"week": {0: 9}}, ("week.monday: is of type int.",)),
    ({"week": {0: (("09:00",),)}}, ("week.monday[0]: ('09:00',) is not a pair",)),
    ({"week": {0: (("09:00", "25:00"),)}}, ("week.monday[0]: '25:00' is not a time of day.",)),
    ({"week": {0: (("09:60", "nine"),)}}, ("week.monday[0]: '09:60' is", "week.monday[0]: 'nine' is")),
    ({"week": {0: ((9, 17),)}}, ("week.monday[0]: 9 is", "week.monday[0]: 17 is")),
    ({"week": {0: (*NINE_TO_FIVE, ("9:00", "24:01"))}}, ("week.monday[1]: '9:00' is", "week.monday[1]: '24:01' is")),
    ({"week": {0: (("24:00", "06:00"),)}}, ("week.monday[0]: 24:00 ends a day and cannot open one.",)),
    ({"week": {0: (("09:00\n", "17:00"),)}}, ("week.monday[0]: '09:00\\n' is not a time of day.",)),
    ({"timezone": "Europe/Atlantis"}, ("timezone: 'Europe/Atlantis' is not a known zone.",)),
    ({"timezone": "Europe"}, ("timezone: 'Europe'",)),
    ({"timezone": "../zone"}, ("timezone: '../zone'",)),
    ({"timezone": "localtime"}, ("timezone: 'localtime'",)),
    ({"timezone": ""}, ("timezone: ''",)),
    ({"timezone": None}, ("timezone: None",)),
    ({"timezone": 1}, ("timezone: 1",)),
    ({"overrides": []}, ("overrides: is of type list.",)),
    ({"overrides": {"christmas": ()}}, ("overrides.christmas: 'christmas' is not a date.",)),
    ({"overrides": {datetime(2024, 12, 24): ()}}, ("overrides.2024-12-24 00:00:00: datetime.datetime(2024, 12, 24, 0, 0) is",)),
    ({"overrides": {date(2024, 12, 24): (("10", "12:00"),)}}, ("overrides.2024-12-24[0]: '10' is not a time of day.",)),
    ({"overrides": {date(2024, 12, 24): (), "2024-12-24": ()}}, ("overrides.2024-12-24: 2024-12-24 is given twice.",)),
    ({"holidays": [date(2024, 12, 24), "soon"]}, ("holidays['soon']: 'soon' is not a date.",)),
    ({"holidays": {datetime(2024, 12, 24)}}, ("holidays[datetime.datetime(2024, 12, 24, 0, 0)]:",)),
    ({"holidays": (20241224,)}, ("holidays[20241224]: 20241224 is not a date.",)),
    ({"holidays": "2024-12-24"}, ("holidays: is of type str and cannot be asked",)),
    ({"holidays": 5}, ("holidays: is of type int and cannot be asked",)),
    ({"holidays": range(0), "years": (2060, 1990)}, ("years: (2060, 1990) is not a range of years.",)),
    ({"holidays": range(0), "years": 2024}, ("years: 2024 is not a range of years.",)),
    ({"holidays": range(0), "years": (0, 2024)}, ("years: (0, 2024) is not a range of years.",)),
    (
        {"timezone": "Mars", "week": {"x": (), 0: (("a", "10:00"),)}, "holidays": ["never"], "overrides": {"no": ()}},
        ("week.x:", "week.monday[0]: 'a'", "overrides.no:", "holidays['never']:", "timezone: 'Mars'"),
    ),
)


@pytest.mark.parametrize(("given", "faults"), REFUSED, ids=lambda value: repr(value)[:60])
def test_a_definition_that_cannot_work_is_refused_with_every_fault(given: dict[str, object], faults: tuple[str, ...]) -> None:
    """A bad definition is refused when it is built, with every fault named by its path and the way out."""
    with pytest.raises(BadDefinition) as caught:
        BusinessCalendar(**{**GOOD, **given})  # type: ignore[arg-type]
    assert len(caught.value.faults) == len(faults)
    for found, expected in zip(caught.value.faults, faults, strict=True):
        assert found.startswith(expected)
        assert ". Give " in found or ". Use " in found or ". Put " in found


def test_office_hours_are_monday_to_friday() -> None:
    """Office hours are the same hours from Monday to Friday, with holidays and overrides like any calendar."""
    calendar = office_hours("UTC", opens="08:00", closes="16:00", holidays=[date(2024, 3, 8)])
    assert calendar == weekly("UTC", (("08:00", "16:00"),), holidays=(date(2024, 3, 8),))
    assert calendar.week[5:] == ((), ())


# --- holidays from elsewhere


class Container:
    """Answers ``in`` and counts how often it was asked."""

    def __init__(self, *days: date) -> None:
        self.days = days
        self.asked = 0

    def __contains__(self, day: object) -> bool:
        self.asked += 1
        return day in self.days


def test_a_container_is_asked_when_the_calendar_is_built_and_never_again() -> None:
    """A container of holidays is asked about each day of the years when the calendar is built, and never afterwards."""
    container = Container(date(2024, 3, 8), date(2030, 3, 8))
    calendar = office_hours("UTC", holidays=container, years=(2024, 2025))
    assert calendar.holidays == {date(2024, 3, 8)}
    assert container.asked == 366 + 365
    container.days = ()
    assert not calendar.is_open(pendulum.datetime(2024, 3, 8, 12))
    assert container.asked == 366 + 365


@pytest.mark.parametrize(
    "holidays",
    [
        {date(1950, 3, 8)},
        frozenset({date(1950, 3, 8)}),
        [pendulum.date(1950, 3, 8)],
        ("1950-03-08",),
        {date(1950, 3, 8): "a name"},
        (day for day in [date(1950, 3, 8)]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_plain_collections_are_read_in_full(holidays: set[date]) -> None:
    """A plain collection or an iterator of holidays is read in full, whatever the years, into plain dates."""
    calendar = office_hours("UTC", holidays=holidays)
    assert calendar.holidays == {date(1950, 3, 8)}
    assert {type(day) for day in calendar.holidays} == {date}


def test_the_holidays_package_can_be_given_as_it_is() -> None:
    """An object of the package holidays, which fills itself when asked, gives a calendar that does not change any more."""
    package = pytest.importorskip("holidays")
    calendar = office_hours(BERLIN, holidays=package.country_holidays("DE"))
    assert date(2024, 5, 1) in calendar.holidays
    assert date(2055, 12, 25) in calendar.holidays
    assert BusinessCalendar.from_data(calendar.to_data()) == calendar
    assert calendar.add_days(pendulum.datetime(2024, 4, 30, 10), 1) == pendulum.datetime(2024, 5, 2, 10)


# --- a value


def test_equal_data_makes_equal_calendars() -> None:
    """Calendars are equal, and hash the same, when their data are, however they were written down."""
    mixed: dict[int | str, Pairs] = {"Monday": LUNCH[::-1], 1: NINE_TO_FIVE, 2: ()}
    one = BusinessCalendar(timezone=BERLIN, week={0: LUNCH, 1: NINE_TO_FIVE}, holidays=[date(2024, 5, 1)])
    two = BusinessCalendar(timezone=BERLIN, week=mixed, holidays={date(2024, 5, 1): "May"})
    assert one == two
    assert len({one, two}) == 1
    assert one != BusinessCalendar(timezone="Europe/Paris", week={0: LUNCH, 1: NINE_TO_FIVE}, holidays=[date(2024, 5, 1)])
    assert one != office_hours(BERLIN)


@pytest.mark.parametrize("name", CALENDARS)
def test_copies_and_pickles_are_equal_and_answer_the_same(name: str) -> None:
    """A copy, a deep copy and a pickle are equal to their calendar and give the same answers."""
    calendar, at = CALENDARS[name], pendulum.datetime(2024, 3, 8, 15, 30)
    for other in (copy.copy(calendar), copy.deepcopy(calendar), pickle.loads(pickle.dumps(calendar))):
        assert other == calendar
        assert other.add_days(at, 2) == calendar.add_days(at, 2)


def test_a_calendar_cannot_be_changed() -> None:
    """No field of a calendar can be set, and its data are immutable all the way down."""
    calendar = CALENDARS["lunch"]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        calendar.timezone = "UTC"  # type: ignore[misc]
    assert isinstance(hash((calendar.week, calendar.holidays, calendar.overrides)), int)


def test_the_repr_is_short() -> None:
    """A calendar of many holidays is still shown on one line."""
    assert repr(CALENDARS["office"]) == "<BusinessCalendar Europe/Berlin mon,tue,wed,thu,fri holidays=3 overrides=0>"
    only = BusinessCalendar(timezone="UTC", week={}, overrides={date(2024, 3, 8): NINE_TO_FIVE})
    assert repr(only) == "<BusinessCalendar UTC - holidays=0 overrides=1>"


def test_plain_data_reads_well() -> None:
    """The plain data name the days, list the hours as pairs and the dates in order."""
    calendar = BusinessCalendar(
        timezone=BERLIN,
        week={4: (("22:00", "06:00"),), 0: LUNCH},
        holidays={date(2024, 12, 25), date(2024, 5, 1)},
        overrides={date(2024, 12, 31): (), date(2024, 12, 24): (("09:00", "12:00"),)},
    )
    assert json.loads(json.dumps(calendar.to_data())) == {
        "timezone": "Europe/Berlin",
        "week": {"monday": [["09:00", "12:30"], ["13:30", "17:00"]], "friday": [["22:00", "06:00"]]},
        "holidays": ["2024-05-01", "2024-12-25"],
        "overrides": {"2024-12-24": [["09:00", "12:00"]], "2024-12-31": []},
    }


def test_plain_data_may_leave_out_what_is_empty() -> None:
    """Holidays and overrides may be left out of plain data."""
    data = {"timezone": "UTC", "week": {"mon": [["09:00", "17:00"]]}}
    assert BusinessCalendar.from_data(data) == weekly("UTC", NINE_TO_FIVE, range(1))


@pytest.mark.parametrize(
    ("data", "faults"),
    [
        ({"timezone": "UTC", "week": {"mon": [["09:00", "17:00"]]}, "weak": 1}, ("weak: no such key.",)),
        ({"zone": "UTC"}, ("zone: no such key.", "week: is missing.", "timezone: None")),
        (
            {"timezone": "UTC", "week": {"mon": [["9", "17:00"]]}, "holidays": "x"},
            ("week.monday[0]:", "holidays: is of type str"),
        ),
        ([], ("the calendar is of type list.",)),
        (None, ("the calendar is missing.",)),
    ],
    ids=repr,
)
def test_plain_data_that_cannot_be_read_are_refused_with_every_fault(data: dict[str, object], faults: tuple[str, ...]) -> None:
    """Plain data with unknown keys or values that cannot be are refused with every fault and its path."""
    with pytest.raises(BadDefinition) as caught:
        BusinessCalendar.from_data(data)
    assert len(caught.value.faults) == len(faults)
    assert all(found.startswith(expected) for found, expected in zip(caught.value.faults, faults, strict=True))


@thorough
@given(definitions(), middling, st.integers(1, 6), st.sampled_from(Unit))
def test_a_length_of_time_is_never_shorter_than_its_least(given: Definition, offset: int, n: int, unit: Unit) -> None:
    """What is looked at only after the least length of a clock is not looked at too late, whatever hours and zone there are."""
    calendar, at = given.build(), instant(moments(given, offset)[0])
    ahead, back = Length(n, unit), Length(-n, unit)
    assert ahead.least is not None
    assert ahead.after(at, calendar) >= at + ahead.least
    assert back.after(at, calendar) <= at - back.least_back


def test_a_calendar_may_be_shared_between_threads() -> None:
    """Threads that ask one calendar at once get the answers one of them would get alone."""
    calendar, alone = office_hours(BERLIN), office_hours(BERLIN)
    at = pendulum.datetime(2024, 3, 8, 15, 30)
    hours = [timedelta(hours=200 * n) for n in range(100)]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda length: calendar.add(at, length), hours))
    assert together == [alone.add(at, length) for length in hours]


def test_a_calendar_forgets_tables_rather_than_growing_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """A calendar asked about many years keeps a bounded number of tables and answers as before."""
    monkeypatch.setattr(_timetable, "_REMEMBERED", 2)
    calendar = office_hours("UTC")
    for year in (2020, 2021, 2022, 2023, 2020):
        assert calendar.next_opening(pendulum.datetime(year, 2, 29 if year == 2020 else 28)) >= pendulum.datetime(year, 2, 28)
    assert calendar.add(pendulum.datetime(2020, 1, 1, 9), timedelta(hours=8 * 1000)) == pendulum.datetime(2023, 10, 31, 17)
