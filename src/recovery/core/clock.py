"""Clocks as data: a clock starts on one mark and stops on another; the case remembers only the marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import Enum
from functools import cached_property

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar
from recovery.core.case import Case
from recovery.core.values import later

__all__ = [
    "IDLE",
    "LADDER",
    "MARKS",
    "Base",
    "Clock",
    "Ends",
    "Extension",
    "Kind",
    "Length",
    "Meaning",
    "Rung",
    "Timing",
    "Unit",
    "Whom",
]

IDLE = "case.never-forgotten"


class Unit(Enum):
    """What a length of time is counted in."""

    MINUTES = "min"
    HOURS = "h"
    BUSINESS_HOURS = "bh"
    CALENDAR_DAYS = "cd"
    BUSINESS_DAYS = "bd"


class Kind(Enum):
    """A clock we set ourselves, or one the law sets: the second kind never pauses."""

    SERVICE = "service"
    STATUTORY = "statutory"


class Ends(Enum):
    """Where on its last day a clock ends."""

    SAME_TIME = "same_time"
    WORKING_TIME = "working_time"
    CLOSE_OF_BUSINESS = "close_of_business"
    END_OF_DAY = "end_of_day"


class Base(Enum):
    """What the time of a rung is counted from: the start, the due instant, or the rung before it as it was rung."""

    START = "start"
    DUE = "due"
    PREVIOUS = "previous"


class Whom(Enum):
    """Whom a rung tells. ``NOBODY`` rings for the library itself: what has lapsed is passed on."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    FALLBACK = "fallback"
    CUSTOMER = "customer"
    NOBODY = "nobody"


_LENGTH = re.compile(r"\s*(-?\d+)\s*(min|h|bh|cd|bd)\s*")


@frozen
class Length:
    """A length of time: ``Length(5, Unit.BUSINESS_DAYS)``, in policies written ``"5 bd"``."""

    n: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Length:
        """Read ``"90 min"``, ``"48 h"``, ``"4 bh"``, ``"30 cd"`` or ``"5 bd"``; raises ``ValueError`` on anything else."""
        found = _LENGTH.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is no length of time: write a number and min, h, bh, cd or bd, such as '5 bd'")
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        return f"{self.n} {self.unit.value}"

    def after(self, at: DateTime, calendar: BusinessCalendar) -> DateTime:
        """Return the instant this long after ``at`` (before it, where ``n`` is negative)."""
        if self.elapsed is not None:
            return later(at, self.elapsed)
        match self.unit:
            case Unit.BUSINESS_DAYS:
                return calendar.add_days(at, self.n)
            case Unit.CALENDAR_DAYS:
                return calendar.add_local_days(at, self.n)
            case _:
                return calendar.add(at, timedelta(hours=self.n))

    @cached_property
    def elapsed(self) -> timedelta | None:
        """How long it is, whatever the calendar says; ``None`` where the calendar says it."""
        match self.unit:
            case Unit.MINUTES:
                return timedelta(minutes=self.n)
            case Unit.HOURS:
                return timedelta(hours=self.n)
            case _:
                return None

    @property
    def least(self) -> timedelta | None:
        """How long it is at the least, in any calendar; ``None`` for one that goes back."""
        if self.n < 0:
            return None
        match self.unit:
            case Unit.MINUTES:
                return timedelta(minutes=self.n)
            case Unit.HOURS | Unit.BUSINESS_HOURS:
                return timedelta(hours=self.n)
            case _:
                # A zone may skip a date, and a day may be two hours short.
                return max(timedelta(), timedelta(days=self.n - 1, hours=-2))

    @cached_property
    def least_back(self) -> timedelta:
        """How long before an instant it is at the least, in any calendar, where it goes back."""
        match self.unit:
            case Unit.MINUTES:
                return timedelta(minutes=-self.n)
            case Unit.HOURS | Unit.BUSINESS_HOURS:
                return timedelta(hours=-self.n)
            case Unit.BUSINESS_DAYS:
                # A date that a zone skips is no business day, and no zone has made a day more than three hours short.
                return max(timedelta(), timedelta(days=-self.n, hours=-4))
            case _:
                return max(timedelta(), timedelta(days=-self.n - 1, hours=-4))

    @property
    def in_business_time(self) -> bool:
        """Whether it is counted in opening hours or working days."""
        return self.unit in (Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS)


@frozen(kw_only=True)
class Rung:
    """One rung of a ladder: when, counted from what, whom it tells, and which text it uses."""

    when: Length
    base: Base = Base.DUE
    whom: Whom
    says: str = "reminder"


@frozen(kw_only=True)
class Extension:
    """What may put off the due instant: a mark that names a date, or a length after the mark.

    It must come before the limit unless ``late``.
    """

    mark: str
    by: Length | None = None
    late: bool = False


LADDER: tuple[Rung, ...] = (
    Rung(when=Length(-1, Unit.BUSINESS_DAYS), whom=Whom.OWNER),
    Rung(when=Length(0, Unit.HOURS), whom=Whom.SUPERVISOR, says="escalation"),
    Rung(when=Length(1, Unit.BUSINESS_DAYS), whom=Whom.FALLBACK, says="escalation"),
)
"""The ladder unless stated: the owner before, the supervisor at the due instant, the fallback owner one day after and daily."""


@frozen(kw_only=True)
class Clock:
    """A dated obligation, as data. The seven parts: start, first day, length, end of day, stop, extension, ladder.

    ``id`` names the clock and ``rule`` the practice rule it serves. ``stops`` meet it, ``ends`` end it unmet, ``continues`` let a
    stopped clock go on from where it stopped, with ``repeats`` each stop starts it anew, ``after`` are marks that must have come
    since the start before it shows. While the first mark of ``holds`` has come and the second has not, its rungs wait, and
    then for the whole length again. ``contacts`` says that it asks for a word to the customer, so that the customer's wishes stand
    above it. ``when`` narrows it to cases with such a ``category``, ``channel``, ``brand`` or ``region``; ``valid_from`` and
    ``valid_until`` to cases received then.
    """

    id: str
    rule: str
    what: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    length: Length
    kind: Kind = Kind.SERVICE
    may_pause: bool = False
    contacts: bool = False
    first_day_counts: bool = False
    day_ends: Ends = Ends.SAME_TIME
    extends: tuple[Extension, ...] = ()
    ladder: tuple[Rung, ...] = LADDER
    ends: tuple[str, ...] = ("closed",)
    continues: tuple[str, ...] = ()
    repeats: bool = False
    after: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    when: Mapping[str, str] = field(factory=dict[str, str], hash=False)
    citation: str = ""
    valid_from: DateTime | None = None
    valid_until: DateTime | None = None

    @cached_property
    def hears(self) -> frozenset[str]:
        """The marks that mean something to this clock."""
        stretching = (extension.mark for extension in self.extends)
        return frozenset((*self.starts, *self.stops, *self.ends, *self.continues, *self.after, *stretching))

    def means(self, name: str) -> Meaning:
        """Return what the mark ``name`` means to this clock."""
        return Meaning(
            clock=self,
            starts=name in self.starts,
            stops=name in self.stops,
            ends=name in self.ends,
            continues=name in self.continues,
            arms=name in self.after,
            extends=tuple(extension for extension in self.extends if extension.mark == name),
        )

    @cached_property
    def silence(self) -> timedelta | None:
        """How long after its start no rung can ring, whatever the calendar says; ``None`` where that cannot be told.

        Closed hours, pauses, extensions and wishes only ever put off.
        """
        length = self.length
        if self.first_day_counts and length.unit in (Unit.CALENDAR_DAYS, Unit.BUSINESS_DAYS):
            length = Length(length.n - 1, length.unit)
        due = None if self.day_ends is Ends.CLOSE_OF_BUSINESS else length.least
        told = [_silence(rung, due) for rung in self.ladder]
        found = [one for one in told if one is not None]
        return min(found) if len(found) == len(told) and found else None

    @cached_property
    def passes(self) -> bool:
        """Whether a rung rings for the library itself, which passes on what has lapsed."""
        return any(rung.whom is Whom.NOBODY for rung in self.ladder)

    @cached_property
    def narrowed(self) -> bool:
        """Whether this clock is for some cases only: :meth:`applies` says for which."""
        return bool(self.when) or self.valid_from is not None or self.valid_until is not None

    def applies(self, case: Case) -> bool:
        """Whether this clock is for such a case."""
        if self.valid_from is not None and case.opened_at < self.valid_from:
            return False
        if self.valid_until is not None and case.opened_at >= self.valid_until:
            return False
        return not self.when or all(_trait(case, name) == wanted for name, wanted in self.when.items())

    def reckon(self, start: DateTime, calendar: BusinessCalendar) -> DateTime:
        """Return when a clock that starts at ``start`` is due, before pauses and extensions."""
        length = self.length
        if self.first_day_counts and length.unit in (Unit.CALENDAR_DAYS, Unit.BUSINESS_DAYS):
            length = Length(length.n - 1, length.unit)
        due = length.after(start, calendar)
        match self.day_ends:
            case Ends.SAME_TIME:
                return due
            case Ends.WORKING_TIME:
                return calendar.next_opening(due)
            case Ends.CLOSE_OF_BUSINESS:
                return calendar.closing_of_day(due)
            case _:
                return calendar.end_of_day(due)


@frozen(kw_only=True)
class Meaning:
    """What one mark means to one clock: whether it starts, stops, ends, continues or arms it, and what it puts off."""

    clock: Clock
    starts: bool
    stops: bool
    ends: bool
    continues: bool
    arms: bool
    extends: tuple[Extension, ...]

    @cached_property
    def stretches(self) -> bool:
        """Whether it changes a run that goes on."""
        return self.arms or bool(self.extends)


def _silence(rung: Rung, due: timedelta | None) -> timedelta | None:
    """Return how long after the start of a clock, due after ``due`` at the earliest, a rung cannot ring."""
    least = rung.when.least
    if due is None:
        return None
    if least is None:  # what rings before the due instant rings in its second half
        return due / 2 if due and rung.base is Base.DUE else None
    return min(least, due) if rung.base is Base.START else due  # while it is paused, what counts from the start rings when due


def _trait(case: Case, name: str) -> str | None:
    if name == "channel":
        contacts = case.receiving.contacts
        return contacts[0].channel.value if contacts else None
    value: str | None = getattr(case.receiving, name, None)
    return value


@frozen(kw_only=True, slots=False)
class Timing:
    """The clocks and the calendar that a case is pinned to. ``id`` is a digest of both."""

    id: str
    calendar: BusinessCalendar
    clocks: tuple[Clock, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Clock]:
        """The clocks by their ids."""
        return {clock.id: clock for clock in self.clocks}

    @cached_property
    def heard(self) -> Heard:
        """For each mark what it means to which clocks, by their ids."""
        names = {name for clock in self.clocks for name in clock.hears}
        return {name: tuple((c.id, c.means(name)) for c in self.clocks if name in c.hears) for name in names}


Heard = Mapping[str, tuple[tuple[str, Meaning], ...]]
"""For each mark what it means to which clocks, by their ids."""


MARKS: frozenset[str] = frozenset(
    {
        "acknowledged", "adopted", "answered", "asked", "call_owed", "call_settled", "cause_owed", "cause_recorded", "cause_sought",
        "cause_waived", "closed", "contact", "contact_by_hand", "declined", "declined_thrice", "deferred", "delivered",
        "delivery_due", "delivery_moved", "dispatched", "first_word", "follow_up_answered", "follow_up_asked_days",
        "follow_up_asked_weeks", "follow_up_attempted", "followed_up_days", "followed_up_weeks", "handover_offered",
        "handover_settled", "held", "identified", "investigated", "loss_opened", "loss_planned", "loss_reviewed", "lost",
        "no_proposal_yet", "other_person_wished", "owner_away", "owner_changed", "promise_kept", "promise_moved", "promised",
        "proposed", "reached_out", "receipted", "received", "reopened", "replied", "resolved", "settled", "spoke", "survey_off",
        "survey_planned", "survey_settled", "task_done", "task_set", "word_promised", "wrote",
    }
)  # fmt: skip
"""Every mark an event can leave: what clocks of a policy may start, stop and stretch on."""
