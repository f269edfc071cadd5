"""A language: how a letter begins and ends in it, how a date is told, and what is said around a call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from importlib.util import find_spec
from string import Formatter
from zoneinfo import ZoneInfo

from attrs import field, frozen

from recovery.core.practice.common import JUST_ANSWER
from recovery.templates.text import Text

__all__ = ["Language", "Sheet", "faults_of_language", "zone_of"]


_PARTS = frozenset({"weekday", "day", "month", "year", "time"})


@frozen(kw_only=True)
class Sheet:
    """What stands around the words on a sheet for our own people, who are to make a call or a visit.

    ``how`` is what to do, in person and by telephone. ``opening`` is said first, ``ending`` last; the others are headings and
    hints for whoever calls. A line may name the values of the message, ``$address``, ``$how``, ``$whom`` (the customer, else their
    address) and ``$subject``; one whose value is
    empty is left out.
    """

    subject: str
    how: tuple[str, str]
    whom: tuple[str, ...]
    say: str
    opening: tuple[str, ...]
    ending: tuple[str, ...]
    answer: str
    afterwards: str
    then: tuple[str, ...]


@frozen(kw_only=True)
class Language:
    """A language texts are written in, by its tag (``de``, ``pt-br``).

    ``greeting`` names the reader (``$name``), ``hello`` does not; ``answer`` is the way back where a message can just be
    answered. ``closing`` stands below a person's word to a customer, ``machine`` below what the library says by itself
    (``$signed`` is the company, else the owner), ``ours`` below what colleagues read. ``sheet`` is what stands around a call;
    without one, that of the desk's own language. ``texts`` come with it, and ``drafts``: the paragraphs of what a person might
    say. ``months``, ``weekdays`` (Monday first) and ``date``, a pattern of them (``{weekday} {day} {month} {year}, {time}``), say
    how a date is told, ``day`` how it stands above a letter; without them Babel tells it (extra ``i18n``).
    """

    code: str
    greeting: str
    hello: str
    closing: tuple[str, ...]
    answer: str = JUST_ANSWER
    machine: tuple[str, ...] = ("$signed",)
    ours: tuple[str, ...] = ()
    sheet: Sheet | None = None
    texts: Mapping[str, Text] = field(factory=dict[str, Text], repr=False, hash=False)
    drafts: Mapping[str, tuple[str, ...]] = field(factory=dict[str, "tuple[str, ...]"], repr=False, hash=False)
    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    date: str = ""
    day: str = ""

    def instant(self, value: str, zone: tzinfo) -> str:
        """Return an instant (ISO 8601) as it is told in this language, where the reader is."""
        return self._told(datetime.fromisoformat(value).astimezone(zone), self.date)

    def date_of(self, at: datetime, zone: tzinfo) -> str:
        """Return the day of an instant as it stands at the head of a letter."""
        return self._told(at.astimezone(zone), self.day, timed=False)

    def _told(self, local: datetime, pattern: str, *, timed: bool = True) -> str:
        if not pattern:
            return _by_babel(local, self.code, timed=timed)
        # Names of our own: what strftime says depends on the process, and a customer's date must not.
        return pattern.format(
            weekday=self.weekdays[local.weekday()],
            day=local.day,
            month=self.months[local.month - 1],
            year=f"{local.year:04}",
            time=f"{local.hour:02}:{local.minute:02}",
        )


def _by_babel(local: datetime, code: str, *, timed: bool) -> str:
    from babel.dates import format_date, format_time  # noqa: PLC0415  (the extra i18n: loaded only where it is needed)

    locale = code.replace("-", "_")
    day = format_date(local.date(), "full" if timed else "long", locale=locale)
    return f"{day}, {format_time(local.time(), 'short', locale=locale)}" if timed else day


def faults_of_language(language: object) -> Iterator[str]:
    """Yield what is wrong with a language: a date that could not be told, or half a calendar."""
    if not isinstance(language, Language):
        yield f"languages: is of type {type(language).__name__}. Give a Language."
        return
    label, names = f"languages: {language.code}", (language.months, language.weekdays, language.date, language.day)
    if any(names) and not (len(language.months) == 12 and len(language.weekdays) == 7 and language.date and language.day):
        yield f"{label}: give twelve months, seven weekdays, date and day, or none of them."
    if not any(names):
        yield from _without_names(label, language.code)
    elif all(names):
        yield from _pattern_faults(label, language)


def _without_names(label: str, code: str) -> Iterator[str]:
    if find_spec("babel") is None:
        yield f"{label}: has no months and weekdays, and Babel is not there: install customer-recovery[i18n], or give them."
        return
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  (the extra i18n)

    try:
        Locale.parse(code.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        yield f"{label}: Babel knows no such language. Give months, weekdays, date and day."


def _pattern_faults(label: str, language: Language) -> Iterator[str]:
    for name in ("date", "day"):
        try:
            parts = [
                (field, spec or kind) for _, field, spec, kind in Formatter().parse(getattr(language, name)) if field is not None
            ]
        except ValueError:
            parts = [("", None)]
        if any(field not in _PARTS or more for field, more in parts):
            yield f"{label}: {name} may hold {{weekday}}, {{day}}, {{month}}, {{year}} and {{time}}, and nothing else in braces."


def zone_of(values: Mapping[str, str]) -> tzinfo:
    """Return the reader's zone, or the desk's where the reader's is unknown or does not exist; at last UTC."""
    zones = (_zone(values[name]) for name in ("timezone", "desk_timezone") if values.get(name))
    return next((zone for zone in zones if zone is not None), UTC)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None
