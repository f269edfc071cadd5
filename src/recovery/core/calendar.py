"""Business time: weekly hours, holidays, special days and one zone.

Hours are half-open: open at an opening, closed at a closing. Lengths of time are elapsed *open* time, days are local days. A
local time that the clocks skip is moved forward by as much as they skip; of one that comes twice the first is taken.

Every instant may be given in any zone and is returned in UTC. Answers depend on the calendar's data alone: a zone is read once
when a calendar is built, never a file, a clock or the environment afterwards. Asking about years before 3 or after 9997, or for
an answer more than 200 years away, raises :class:`~recovery.core.errors.InvalidValue`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import cast
from zoneinfo import ZoneInfo

from attrs import field, frozen
from pendulum import DateTime, Duration, Interval

from recovery.core._timetable import MICROSECOND, Span, Timetable, day_number, merged, microseconds
from recovery.core.errors import BadDefinition, InvalidValue
from recovery.core.values import UTC, apart, instant, invalid, is_instant, later

__all__ = ["BusinessCalendar", "Holidays", "Hours", "Overrides", "Week", "office_hours"]

Hours = tuple[tuple[str, str], ...]
"""The hours of one day as pairs of "HH:MM", opening and closing."""

Pairs = Iterable[tuple[str, str]]
Week = Mapping[int, Pairs] | Mapping[str, Pairs] | Mapping[int | str, Pairs]
Overrides = Mapping[date, Pairs] | Mapping[str, Pairs]
Holidays = Container[date] | Iterable[date] | Iterable[str]

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS = (1990, 2060)
KEYS = ("timezone", "week", "holidays", "overrides")

_EPOCH = DateTime(1970, 1, 1, tzinfo=UTC)
_WHOLE_DAY = 1440
_TIME = re.compile(r"(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))")
_OF_THIS_MACHINE = ("localtime", "posixrules")  # names that mean another zone on every machine


@frozen(init=False, repr=False)
class BusinessCalendar:
    """When people are at work: an immutable value, equal by its data, safe to share between threads.

    ``timezone`` is an IANA name. ``week`` maps weekdays (0 or "monday" or "Mon" to 6 or "sunday") to pairs of "HH:MM"; a day
    may have several. A closing at or before its opening lies on the next day, and such hours belong to the day they start on:
    ("22:00", "06:00") is a night shift, ("00:00", "24:00") a whole day. Hours that touch or overlap are merged.

    ``overrides`` gives single dates other hours, or none: ``()``. ``holidays`` are closed and win over overrides. They are
    copied when the calendar is built and not looked at again: a set, frozenset, list, tuple, dict or iterator is read in full;
    anything else that answers ``date in holidays`` is asked about each day of ``years`` (first and last, both included).

    Raises :class:`~recovery.core.errors.BadDefinition` with every fault, each named by its path, such as ``week.monday[0]``; a
    calendar that is never open is one.
    """

    timezone: str
    week: tuple[Hours, ...]
    holidays: frozenset[date]
    overrides: tuple[tuple[date, Hours], ...]
    _times: Timetable = field(init=False, eq=False)

    def __init__(
        self,
        *,
        timezone: str,
        week: Week,
        holidays: Holidays = (),
        overrides: Overrides | None = None,
        years: tuple[int, int] = YEARS,
    ) -> None:
        faults: list[str] = []
        weekly = _weekly(week, faults)
        special = _special({} if overrides is None else overrides, faults)
        free = _free(holidays, years, faults)
        if not faults and not any(weekly) and not any(spans for day, spans in special.items() if day not in free):
            faults.append("week: no open time at all. Give at least one day hours, such as {0: (('09:00', '17:00'),)}.")
        zone = _zone(timezone, faults)
        if zone is None or faults:
            raise BadDefinition("BusinessCalendar", faults)
        days = {day_number(day): spans for day, spans in special.items()} | dict.fromkeys(map(day_number, free), ())
        values = (timezone, tuple(map(_text, weekly)), free, tuple((day, _text(special[day])) for day in sorted(special)))
        for name, value in zip((*KEYS, "_times"), (*values, Timetable(zone, weekly, days)), strict=True):
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        days = ",".join(name[:3] for name, hours in zip(DAYS, self.week, strict=True) if hours)
        return f"<BusinessCalendar {self.timezone} {days or '-'} holidays={len(self.holidays)} overrides={len(self.overrides)}>"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self).from_data, (self.to_data(),)

    def to_data(self) -> dict[str, object]:
        """Return the calendar as plain data for JSON, the same for equal calendars; :meth:`from_data` reads it back.

        That is also the way to a changed copy: ``from_data({**calendar.to_data(), "timezone": "Europe/Paris"})``.
        """
        return {
            "timezone": self.timezone,
            "week": {name: _plain(hours) for name, hours in zip(DAYS, self.week, strict=True) if hours},
            "holidays": [day.isoformat() for day in sorted(self.holidays)],
            "overrides": {day.isoformat(): _plain(hours) for day, hours in self.overrides},
        }

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> BusinessCalendar:
        """Return the calendar that :meth:`to_data` wrote; ``holidays`` and ``overrides`` may be left out.

        Raises :class:`~recovery.core.errors.BadDefinition` with every fault, unknown keys among them.
        """
        if not isinstance(cast(object, data), Mapping):
            raise BadDefinition("BusinessCalendar", [f"the calendar is {_kind(data)}. Give a mapping with {_or(KEYS)}."])
        faults = [f"{key}: no such key. Use {_or(KEYS)}." for key in data if key not in KEYS]
        try:
            found = cls(
                timezone=cast(str, data.get("timezone")),
                week=cast(Week, data.get("week")),
                holidays=cast(Holidays, data.get("holidays", ())),
                overrides=cast(Overrides, data.get("overrides", {})),
            )
        except BadDefinition as bad:
            raise BadDefinition(bad.what, (*faults, *bad.faults)) from None
        if faults:
            raise BadDefinition("BusinessCalendar", faults)
        return found

    # --- open and closed

    def is_open(self, at: datetime) -> bool:
        """Tell whether ``at`` is open: yes at an opening, no at a closing."""
        return self._times.is_open(_moment(at))

    def next_opening(self, at: datetime) -> DateTime:
        """Return the first open instant at or after ``at``, in UTC: ``at`` itself when it is open."""
        return _told(self._times.opening_from(_moment(at)))

    def next_closing(self, at: datetime) -> DateTime:
        """Return the end of the present or the next open hours, in UTC, always after ``at``.

        Hours that touch at midnight are one. A calendar that never closes has no answer and raises
        :class:`~recovery.core.errors.InvalidValue`; :meth:`closing_of_day` has one there too.
        """
        return _told(self._times.closing_after(_moment(at)))

    def previous_closing(self, at: datetime) -> DateTime:
        """Return the last instant at or before ``at`` up to which there was open time, in UTC.

        The mirror of :meth:`next_opening`: ``at`` itself inside hours and at a closing; at an opening, the closing before it.
        """
        return _told(self._times.closing_until(_moment(at)))

    def closing_of_day(self, at: datetime) -> DateTime:
        """Return the last closing of the business day of ``at``, in UTC, or of the next business day where that one has none.

        After hours it lies before ``at``. Hours across midnight belong to the day they start on, up to their closing and with
        it; where they overlap the next day's hours, the next day counts. A day open around the clock closes at midnight.
        """
        return _told(self._times.last_closing(_moment(at)))

    # --- open time

    def add(self, at: datetime, duration: timedelta) -> DateTime:
        """Return the instant, in UTC, at which ``duration`` of open time after ``at`` is used up; negative goes back.

        Time used up to the minute ends at the closing (going back, at the opening). Nothing leads to :meth:`next_opening`.
        ``timedelta(days=1)`` is 24 open hours: see :meth:`add_days` for business days.
        """
        moment, length = _moment(at), _length(duration)
        if length > 0:
            return _told(self._times.ahead(moment, length))
        return _told(self._times.back(moment, -length) if length else self._times.opening_from(moment))

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Return the open time from ``a`` to ``b``, negative where ``b`` is the earlier."""
        return timedelta(microseconds=self._times.between(_moment(a, "a"), _moment(b, "b")))

    # --- days

    def add_days(self, at: datetime, n: int) -> DateTime:
        """Return ``n`` business days (days with any open time) after ``at``, at the same local time of day, in UTC.

        A start outside hours first moves to the next opening, and so does a landing; ``n=0`` does just that. Negative ``n``
        goes back and moves to the previous closing instead, where a closing itself counts as inside.
        An instant in hours across midnight belongs to the day they start on: 02:00 in Monday's night shift, one day on, is
        02:00 in Tuesday's.
        """
        return _told(self._times.shift(_moment(at), n if type(n) is int else _count(n)))

    def add_local_days(self, at: datetime, n: int) -> DateTime:
        """Return the same local time ``n`` calendar days later (earlier if negative), in UTC; ``n=0`` is ``at``."""
        return _told(self._times.days_on(_moment(at), _count(n)))

    def local_date(self, at: datetime) -> date:
        """Return the date that ``at`` has in the calendar's zone."""
        return self._times.local_date(_moment(at))

    def local_text(self, at: datetime) -> str:
        """Return ``at`` as people there read it: local time with its offset, in ISO 8601."""
        return self._times.shown(_moment(at))

    def end_of_day(self, at: datetime) -> DateTime:
        """Return the instant, in UTC, at which the local day of ``at`` ends, always after ``at``."""
        return _told(self._times.end_of_day(_moment(at)))

    def at_local_time(self, day: date, at: time) -> DateTime:
        """Return the instant, in UTC, at which the local clock shows ``at`` (without a zone) on ``day``."""
        if not isinstance(cast(object, day), date) or isinstance(day, datetime):
            raise _asked("day", f"is {_kind(day)}, not a date", "Give a datetime.date.")
        if not isinstance(cast(object, at), time) or at.tzinfo is not None:
            raise _asked("at", "is not a local time of day", "Give a datetime.time without a zone.")
        return _told(self._times.instant(microseconds(datetime.combine(day, at) - datetime(1970, 1, 1))))


def office_hours(
    timezone: str,
    *,
    opens: str = "09:00",
    closes: str = "17:00",
    holidays: Holidays = (),
    overrides: Overrides | None = None,
    years: tuple[int, int] = YEARS,
) -> BusinessCalendar:
    """Return a calendar with the same hours from Monday to Friday; everything else as in :class:`BusinessCalendar`."""
    week = dict.fromkeys(range(5), ((opens, closes),))
    return BusinessCalendar(timezone=timezone, week=week, holidays=holidays, overrides=overrides, years=years)


# --- what is asked and told


def _moment(at: datetime, name: str = "at") -> int:
    if type(at) is DateTime and at.tzinfo is UTC:  # as every instant inside the library is
        return datetime.__sub__(at, _EPOCH) // MICROSECOND
    moment = instant(at)
    fault = is_instant(moment)
    if fault:
        raise _asked(name, *fault)
    return microseconds(apart(_EPOCH, moment))


def _length(duration: timedelta) -> int:
    if not isinstance(cast(object, duration), timedelta):
        raise _asked("duration", f"is {_kind(duration)}, not a length of time", "Give a datetime.timedelta.")
    if _has_months(duration):
        raise _asked("duration", "has months or years, which have no fixed length", "Give days or less, or use add_days().")
    return microseconds(duration)


def _has_months(duration: object) -> bool:
    # The months of an Interval are only a way to show it: it knows its elapsed time. Those of a Duration are a guess.
    return isinstance(duration, Duration) and not isinstance(duration, Interval) and bool(duration.years or duration.months)


def _count(n: int) -> int:
    if isinstance(cast(object, n), int) and not isinstance(n, bool):
        return n
    raise _asked("n", f"is {_kind(n)}, not a number of days", "Give an int.")


def _told(number: int) -> DateTime:
    return later(_EPOCH, MICROSECOND * number)


def _asked(name: str, fault: str, hint: str) -> InvalidValue:
    return InvalidValue("Question to a calendar", [invalid(name, fault, hint)])


def _kind(value: object) -> str:
    return "missing" if value is None else f"of type {type(value).__name__}"


# --- reading a definition: what cannot be read becomes a fault with its path


def _zone(name: object, faults: list[str]) -> ZoneInfo | None:
    if isinstance(name, str) and name not in _OF_THIS_MACHINE:
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            pass
    faults.append(f"timezone: {name!r} is not a known zone. Give an IANA name such as 'Europe/Berlin'.")
    return None


def _weekly(week: object, faults: list[str]) -> tuple[tuple[Span, ...], ...]:
    found: dict[int, tuple[Span, ...]] = {}
    for key, pairs in _items(week, "week", faults):
        day = _weekday(key)
        if day is None:
            faults.append(f"week.{key}: no such weekday. Use 0 (Monday) to 6, or {_or(DAYS)}.")
        elif day in found:
            faults.append(f"week.{key}: {DAYS[day]} is given twice. Put all its hours under one key.")
        else:
            found[day] = _spans(pairs, f"week.{DAYS[day]}", faults)
    return tuple(found.get(day, ()) for day in range(7))


def _weekday(key: object) -> int | None:
    if isinstance(key, int) and not isinstance(key, bool):
        return key if 0 <= key < len(DAYS) else None
    name = key.strip().lower() if isinstance(key, str) else ""
    shortest = 3
    return next((day for day, full in enumerate(DAYS) if len(name) >= shortest and full.startswith(name)), None)


def _special(overrides: object, faults: list[str]) -> dict[date, tuple[Span, ...]]:
    found: dict[date, tuple[Span, ...]] = {}
    for key, pairs in _items(overrides, "overrides", faults):
        day = _date(key, f"overrides.{key}", faults)
        if day is not None and day in found:
            faults.append(f"overrides.{key}: {day} is given twice. Put all its hours under one key.")
        elif day is not None:
            found[day] = _spans(pairs, f"overrides.{day}", faults)
    return found


def _items(given: object, path: str, faults: list[str]) -> list[tuple[object, object]]:
    if isinstance(given, Mapping):
        return list(cast("Mapping[object, object]", given).items())
    faults.append(f"{path}: is {_kind(given)}. Give a mapping from days to hours.")
    return []


def _spans(pairs: object, path: str, faults: list[str]) -> tuple[Span, ...]:
    if isinstance(pairs, str) or not isinstance(pairs, Iterable):
        faults.append(f"{path}: is {_kind(pairs)}. Give pairs such as (('09:00', '17:00'),), or () for closed.")
        return ()
    read = [_span(pair, f"{path}[{place}]", faults) for place, pair in enumerate(cast("Iterable[object]", pairs))]
    return tuple(merged(span for span in read if span))


def _span(pair: object, path: str, faults: list[str]) -> Span | None:
    ends = tuple(cast("Iterable[object]", pair)) if isinstance(pair, (tuple, list)) else ()
    match ends:
        case (opens, closes):
            start, end = _minutes(opens, path, faults), _minutes(closes, path, faults)
        case _:
            faults.append(f"{path}: {pair!r} is not a pair of times. Give ('09:00', '17:00').")
            return None
    if start == _WHOLE_DAY:
        faults.append(f"{path}: 24:00 ends a day and cannot open one. Give '00:00' of the next day.")
    if start is None or end is None:
        return None
    return start, end if end > start else end + _WHOLE_DAY


def _minutes(text: object, path: str, faults: list[str]) -> int | None:
    match = _TIME.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        faults.append(f"{path}: {text!r} is not a time of day. Give 'HH:MM' from '00:00' to '24:00'.")
        return None
    hour, minute = (int(part) for part in match.groups() if part)
    return hour * 60 + minute


def _free(holidays: object, years: object, faults: list[str]) -> frozenset[date]:
    if type(holidays) in (set, frozenset, list, tuple, dict) or isinstance(holidays, Iterator):
        read = (_date(day, f"holidays[{day!r}]", faults) for day in cast("Iterable[object]", holidays))
        return frozenset(day for day in read if day)
    match years:
        case (int(first), int(last)) if date.min.year <= first <= last <= date.max.year:
            asked = range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)
        case _:
            faults.append(f"years: {years!r} is not a range of years. Give the first and the last, such as {YEARS}.")
            return frozenset()
    try:
        return frozenset(day for day in map(date.fromordinal, asked) if day in cast("Container[date]", holidays))
    except TypeError:
        faults.append(f"holidays: is {_kind(holidays)} and cannot be asked for a date. Give dates, such as a set of them.")
        return frozenset()


def _date(value: object, path: str, faults: list[str]) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        faults.append(f"{path}: {value!r} is not a date. Give a datetime.date or 'YYYY-MM-DD'.")
        return None


# --- writing it


def _text(spans: tuple[Span, ...]) -> Hours:
    return tuple(pair for start, end in spans for pair in _pairs(start, end))


def _pairs(start: int, end: int) -> Iterator[tuple[str, str]]:
    if end - start > _WHOLE_DAY:  # longer than a pair can say: a whole day from the opening, and one up to the closing
        yield _clock(start), _closing(start + _WHOLE_DAY)
        start = end - _WHOLE_DAY
    yield _clock(start), _closing(end)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _closing(minutes: int) -> str:
    return _clock(minutes if minutes <= _WHOLE_DAY else minutes - _WHOLE_DAY)


def _plain(hours: Hours) -> list[list[str]]:
    return [list(pair) for pair in hours]


def _or(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}"
