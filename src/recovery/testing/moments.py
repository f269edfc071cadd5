"""Instants as people write them in a test: aware, or local to the desk, or a length from now; and a clock that can be moved."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TypedDict, Unpack

from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar, office_hours
from recovery.core.clock import Length
from recovery.core.errors import InvalidValue
from recovery.core.values import instant, invalid, later

__all__ = ["BERLIN", "MONDAY", "FrozenNow", "Told", "Units", "instant_of", "is_relative", "length_of"]

BERLIN = office_hours("Europe/Berlin")
"""Monday to Friday, 9 to 17, in Berlin: the calendar of everything here unless another is given."""

MONDAY = instant(datetime.fromisoformat("2026-03-02T09:00:00+00:00"))
"""Monday 2 March 2026, 10:00 in Berlin, in working time: where every story begins unless told otherwise."""

Told = datetime | date | str
"""An instant as people write it: aware; without a zone, then in the desk's own; or a length from now, such as ``"+3 bd"``."""

_RELATIVE = re.compile(r"\s*[+-]\s*\d+\s*(min|h|bh|cd|bd)\s*")


class Units(TypedDict, total=False):
    """A length of elapsed time by its units."""

    weeks: float
    days: float
    hours: float
    minutes: float
    seconds: float


def is_relative(told: object) -> bool:
    """Whether ``told`` is a length from now, such as ``"+3 bd"`` or ``"-2 h"``: the sign says so."""
    return isinstance(told, str) and _RELATIVE.fullmatch(told) is not None


def length_of(told: str | Length) -> Length:
    """Return the length that ``"3 cd"`` or ``"+3 cd"`` names. Raises :class:`InvalidValue` on anything else."""
    if isinstance(told, Length):
        return told
    try:
        return Length.parse(told.replace("+", "", 1).replace("- ", "-", 1))
    except ValueError as error:
        raise InvalidValue("length", [invalid("length", f"{told!r} is none", str(error))]) from None


def instant_of(told: Told, now: DateTime, calendar: BusinessCalendar) -> DateTime:
    """Return the instant, in UTC, that ``told`` names at ``now``; what has no zone is local to ``calendar``.

    A date alone is its midnight. Raises :class:`InvalidValue` where it names none.
    """
    if isinstance(told, str) and is_relative(told):
        return length_of(told).after(now, calendar)
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else told
    except ValueError:
        moment = None
    if isinstance(moment, datetime):
        return instant(moment) if moment.tzinfo is not None else calendar.at_local_time(moment.date(), moment.time())
    if isinstance(moment, date):
        return calendar.at_local_time(moment, time())
    hint = 'Write "2026-03-05 10:00" (local to the desk), "2026-03-05T09:00:00Z", or a length from now: "+3 bd".'
    raise InvalidValue("instant", [invalid("instant", f"{told!r} is none", hint)])


class FrozenNow:
    """A clock that stands still until it is moved: hand it to a desk as ``now``, and call it to read it.

    >>> now = FrozenNow("2026-03-02 10:00")
    >>> now.move(days=3).move("4 bh").local
    '2026-03-05T14:00:00+01:00'
    >>> now()
    DateTime(2026, 3, 5, 13, 0, 0, tzinfo=Timezone('UTC'))

    ``at`` and everything it is moved to is aware, or local to ``calendar`` (office hours in Berlin unless given). It holds UTC and
    never goes back, unless told to with :meth:`back`. It is not shared between threads that move it.
    """

    def __init__(self, at: Told = MONDAY, *, calendar: BusinessCalendar = BERLIN) -> None:
        self.calendar = calendar
        self._now = instant_of(at, MONDAY, calendar)

    def __call__(self) -> DateTime:
        """Return the present instant, in UTC."""
        return self._now

    def __repr__(self) -> str:
        return f"FrozenNow({self.local!r})"

    @property
    def local(self) -> str:
        """The present instant as the desk reads it: local time with its offset."""
        return self.calendar.local_text(self._now)

    def move(self, length: str | Length | timedelta = "0 h", **units: Unpack[Units]) -> FrozenNow:
        """Let time pass: ``move(days=3)``, ``move("4 bh")`` (open hours), ``move("2 bd")`` (working days). Returns the clock.

        Raises :class:`InvalidValue` for a length that would lead back.
        """
        ahead = later(self._now, length) if isinstance(length, timedelta) else length_of(length).after(self._now, self.calendar)
        return self.to(later(ahead, timedelta(**units)))

    def to(self, at: Told) -> FrozenNow:
        """Let it be ``at``: an instant, ``"2026-03-05 10:00"`` (local to the desk) or ``"+3 bd"``. Returns the clock.

        Raises :class:`InvalidValue` where that has passed.
        """
        wanted = instant_of(at, self._now, self.calendar)
        if wanted < self._now:
            named = self.calendar.local_text(wanted)
            raise InvalidValue(
                "now", [invalid("now", f"would go back from {self.local} to {named}", "Say back(...) if that is meant.")]
            )
        self._now = wanted
        return self

    def to_opening(self) -> FrozenNow:
        """Let it be working time: the next opening, unless it is open now. Returns the clock."""
        return self.to(self.calendar.next_opening(self._now))

    def to_closing(self) -> FrozenNow:
        """Let it be the next closing. Returns the clock."""
        return self.to(self.calendar.next_closing(self._now))

    def back(self, at: Told) -> FrozenNow:
        """Go back to an earlier instant, as a machine with a wrong clock does: ``back("-5 min")``. Returns the clock."""
        self._now = instant_of(at, self._now, self.calendar)
        return self
