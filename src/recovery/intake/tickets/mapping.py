"""The map: which column holds what, which state is which stage, how dates are written. TOML in, one error with every fault."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from os import PathLike
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import field, fields, frozen

from recovery.codec import from_dict
from recovery.core.errors import BadDefinition, InvalidValue, Reason
from recovery.core.stages import Stage
from recovery.core.values import Value, invalid
from recovery.core.vocabulary.common import Channel

__all__ = ["Columns", "DateForms", "Defaults", "FileForm", "Means", "RowsPer", "TicketMap", "Updates", "Which", "load_map"]

UNKNOWN = ("", "?", "-", "--", "null", "none", "nil", "nan", "nat", "n/a", "na", "#n/a", "unknown", "undefined")
"""What stands for "not known" unless the map says otherwise; compared without regard to case."""

Names = tuple[str, ...]


class Means(Enum):
    """What a state of the other system means here: one of the stages, or one of four things beside them.

    ``ENDED`` is over there; a ticket that was resolved a short while ago is adopted all the same, for its follow-ups. ``SKIP`` is
    nothing of ours (deleted, a test). ``SAME`` is an update that changes no state.
    """

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    RESOLUTION_PROPOSED = "resolution_proposed"
    RESOLVED = "resolved"
    FOLLOWED_UP_DAYS = "followed_up_days"
    FOLLOWED_UP_WEEKS = "followed_up_weeks"
    ENDED = "ended"
    SKIP = "skip"
    SAME = "same"

    @property
    def stage(self) -> Stage | None:
        """The stage this stands for, if it stands for one."""
        if self in (Means.SKIP, Means.SAME):
            return None
        return Stage.CLOSED if self is Means.ENDED else Stage(self.value)


class RowsPer(Enum):
    """What one row of the file is: a whole ticket, or one update of a ticket."""

    TICKET = "ticket"
    UPDATE = "update"


class Which(Enum):
    """Which row dates a stage: the first in which the ticket came to it, or the last time it came to it (after going elsewhere)."""

    FIRST = "first"
    LAST = "last"


@frozen(kw_only=True)
class FileForm:
    """How the file is written. Left out, the encoding is UTF-8 or else Windows (cp1252), and the delimiter is found out."""

    encoding: str | None = None
    delimiter: str | None = None
    unknown: Names = UNKNOWN


@frozen(kw_only=True)
class DateForms:
    """How dates are written: ``strptime`` forms, or ``iso``, ``unix`` (seconds), ``unix_ms``; the zone of dates without offset."""

    formats: Names = ("iso",)
    timezone: str | None = None


@frozen(kw_only=True)
class Updates:
    """For one row per update: the columns that hold when it was made and its place in the order, and which row dates a stage."""

    at: Names
    order: Names = ()
    stage_dated_by: Which = Which.LAST


@frozen(kw_only=True)
class Columns:
    """Which column holds what; several are joined by a blank. Those in ``reached`` hold the date a stage was reached."""

    ticket: Names = ()
    state: Names = ()
    opened: Names = ()
    since: Names = ()
    customer_id: Names = ()
    customer_name: Names = ()
    language: Names = ()
    timezone: Names = ()
    channel: Names = ()
    subject: Names = ()
    text: Names = ()
    category: Names = ()
    region: Names = ()
    brand: Names = ()
    owner: Names = ()
    thread: Names = ()
    question: Names = ()
    offer: Names = ()
    addresses: Mapping[str, Names] = field(factory=dict[str, Names], hash=False)
    reached: Mapping[str, Names] = field(factory=dict[str, Names], hash=False)

    def all(self) -> Iterable[tuple[str, str]]:
        """Yield every key, and each column that it names."""
        for found in fields(Columns):
            told = getattr(self, found.name)
            nested = cast("Mapping[str, Names]", told) if isinstance(told, Mapping) else {"": cast(Names, told)}
            for key, names in nested.items():
                yield from ((f"{found.name}.{key}" if key else found.name, name) for name in names)


@frozen(kw_only=True)
class Defaults:
    """What stands where the file says nothing. ``subject`` may name columns: ``"Incident {number}"``."""

    channel: Channel | None = None
    owner: str | None = None
    subject: str = ""
    question: str = ""
    offer: str = ""


@frozen(kw_only=True)
class TicketMap(Value):
    """How the tickets of one system are read. Raises :class:`~recovery.core.errors.InvalidValue` with every fault."""

    columns: Columns
    states: Mapping[str, Means] = field(factory=dict[str, Means], hash=False)
    system: str = "another system"
    one_row_per: RowsPer = RowsPer.TICKET
    file: FileForm = field(factory=FileForm)
    dates: DateForms = field(factory=DateForms)
    updates: Updates | None = None
    waiting: Names = ()
    channels: Mapping[str, Channel] = field(factory=dict[str, Channel], hash=False)
    owners: Mapping[str, str] = field(factory=dict[str, str], hash=False)
    keep: Names = ()
    defaults: Defaults = field(factory=Defaults)

    def means(self, state: str) -> Means | None:
        """Return what a state means: by its own line, else by the longest that ends in ``*`` and begins as it does."""
        told = plain(state)
        names = {plain(name): means for name, means in self.states.items()}
        begun = [name for name in names if name.endswith("*") and told.startswith(name[:-1])]
        return names.get(told) or (names[max(begun, key=len)] if told and begun else None)

    def faults(self) -> list[Reason]:
        """What does not fit together."""
        return [*self._state_faults(), *self._date_faults(), *self._name_faults()]

    def _state_faults(self) -> Iterable[Reason]:
        if not self.columns.ticket:
            yield invalid("columns.ticket", "names no column", "Name the column with the ticket's number.")
        if self.columns.state and not self.states:
            yield invalid("states", "is empty", 'Say what each state means, such as "In Progress" = "investigating".')
        if not self.columns.state and not self.columns.reached:
            yield invalid(
                "columns.state", "is missing", "Name the column with the state, or columns with dates in columns.reached."
            )
        for state in self.waiting:
            if self.means(state) is None:
                yield invalid("waiting", f"names {state!r}, which is not among the states", "Give it a line in [states] too.")
        if self.one_row_per is RowsPer.UPDATE and (self.updates is None or not self.columns.state):
            yield invalid("updates", "is missing", "One row per update needs updates.at, and columns.state.")

    def _date_faults(self) -> Iterable[Reason]:
        if self.one_row_per is RowsPer.TICKET and not self.columns.opened:
            yield invalid("columns.opened", "is missing", "Name the column with the date of receipt.")
        if not self.dates.formats:
            yield invalid("dates.formats", "is empty", 'Give at least one, such as "%d.%m.%Y %H:%M" or "iso".')
        for form in self.dates.formats:
            if not _is_form(form):
                hint = 'Write it as strptime does, such as "%d.%m.%Y %H:%M", or "iso", "unix" or "unix_ms".'
                yield invalid("dates.formats", f"has {form!r}, which is no form of dates", hint)
        if self.dates.timezone is not None and not _is_zone(self.dates.timezone):
            yield invalid("dates.timezone", f"is no zone: {self.dates.timezone!r}", "Give an IANA name, such as Europe/Berlin.")

    def _name_faults(self) -> Iterable[Reason]:
        for table, allowed in (("addresses", [c.value for c in Channel]), ("reached", [s.value for s in Stage])):
            for key in getattr(self.columns, table):
                if key not in allowed:
                    yield invalid(f"columns.{table}.{key}", "is not known", f"Use one of {', '.join(allowed)}.")
        if self.file.delimiter is not None and len(self.file.delimiter) != 1:
            yield invalid("file.delimiter", "is not one character", r'Give one, such as ";" or "\t".')


def plain(text: str) -> str:
    """Return a state or a channel as people mean it: without regard to case, and to white space around and within."""
    return " ".join(text.split()).casefold()


def _is_form(form: str) -> bool:
    """Whether dates can be read so; any of its signs that is none is told before it is looked for in the text."""
    if form in ("iso", "unix", "unix_ms"):
        return True
    try:
        datetime.strptime("", form)  # noqa: DTZ007  (nothing is read)
    except ValueError as error:
        return "%" in form and "does not match" in str(error)
    except re.error:  # the same sign twice
        return False
    return False


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def load_map(path: str | PathLike[str]) -> TicketMap:
    """Read a map from a TOML file. Raises ``BadDefinition`` where it cannot be read, and lists every fault with its path."""
    what = f"the map {str(path)!r}"
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
        return from_dict(TicketMap, _with_lists(data))
    except InvalidValue as error:
        raise BadDefinition(what, [f"{reason.message} {reason.hint}".strip() for reason in error.reasons]) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadDefinition(what, [str(error)]) from error


def _with_lists(data: Mapping[str, object]) -> dict[str, object]:
    """Let one column be named without a list around it."""
    listed = {key: _listed(data[key]) for key in ("columns", "updates") if key in data}
    updates = listed.get("updates")
    if isinstance(updates, dict) and isinstance(data["updates"], Mapping):
        told = cast("Mapping[str, object]", data["updates"])
        listed["updates"] = {**cast("dict[str, object]", updates), **{k: v for k, v in told.items() if k == "stage_dated_by"}}
    dates = data.get("dates")
    if isinstance(dates, Mapping) and isinstance(cast("Mapping[str, object]", dates).get("formats"), str):
        told = cast("Mapping[str, object]", dates)
        listed["dates"] = {**told, "formats": [told["formats"]]}
    return {**data, **listed}


def _listed(value: object) -> object:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return {key: _listed(inner) for key, inner in cast("Mapping[str, object]", value).items()}
    return value
