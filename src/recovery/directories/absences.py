"""Who is away, from days that somebody has written down: for a small desk, and for everybody who tries things out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import BadDefinition
from recovery.core.values import is_id

__all__ = ["Absences"]

Days = tuple[date, date]


def _days(given: Mapping[str, Sequence[Sequence[date | str]]]) -> Mapping[str, tuple[Days, ...]]:
    """Return the days as dates. Raises :class:`BadDefinition` that lists every fault."""
    faults: list[str] = []
    found = {person: tuple(_span(person, span, faults) for span in spans) for person, spans in given.items()}
    faults += [f"{person!r} {fault[0]}. {fault[1]}" for person in given if (fault := is_id(person))]
    if faults:
        raise BadDefinition("the absences", faults)
    return found


def _span(person: str, span: Sequence[date | str], faults: list[str]) -> Days:
    try:
        first, last = (_date(day) for day in span)
    except (TypeError, ValueError):
        faults.append(f'{person}: {span!r} is no first and last day. Give two dates: ["2026-03-02", "2026-03-06"]')
        return date.min, date.min
    if last < first:
        faults.append(f"{person}: {first} to {last} ends before it begins")
    return first, last


def _date(day: date | str) -> date:
    if isinstance(day, datetime):
        raise TypeError("an instant is no day")
    return date.fromisoformat(day) if isinstance(day, str) else day


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (LookupError, ValueError, OSError) as error:
        raise BadDefinition("the absences", [f'{timezone!r} is no time zone. Give a name such as "Europe/Berlin".']) from error


@frozen(kw_only=True)
class Absences:
    """A directory from days of absence: ``Absences(days={"ana": [("2026-03-02", "2026-03-06")]}, timezone="Europe/Berlin")``.

    ``days`` holds for each person the first and the last day away, both included, as dates or as ISO text; the days are those of
    ``timezone``. Who is not named is never away, so write everybody's days down, or keep a directory of your own that says
    ``None`` where it does not know. Raises :class:`~recovery.core.errors.BadDefinition` that lists every fault.
    """

    days: Mapping[str, Sequence[Sequence[date | str]]] = field(hash=False)
    timezone: str
    _spans: Mapping[str, tuple[Days, ...]] = field(init=False, repr=False, hash=False, eq=False)
    _in: ZoneInfo = field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_spans", _days(self.days))
        object.__setattr__(self, "_in", _zone(self.timezone))

    def away(self, now: DateTime) -> frozenset[str]:
        """Return the ids of the people who are away on the day that ``now`` falls on."""
        return frozenset(self._away(datetime.fromtimestamp(now.timestamp(), self._in).date()))

    def _away(self, today: date) -> Iterator[str]:
        for person, spans in self._spans.items():
            if any(first <= today <= last for first, last in spans):
                yield person
