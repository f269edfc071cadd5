"""Dates as other systems write them: forms, offsets, zones, and local times that a change of the clocks skips or repeats."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pendulum import DateTime

from recovery.core.values import instant

__all__ = ["FORMS", "Dates"]

FORMS = (
    "iso",
    "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y",
    "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y",
    "%m/%d/%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y",
    "%d-%m-%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y",
    "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d",
    "%d.%m.%y %H:%M", "%d.%m.%y", "%d/%m/%y %H:%M", "%m/%d/%y %H:%M", "%d/%m/%y", "%m/%d/%y",
    "%m/%d/%y %I:%M %p", "%d/%m/%Y %I:%M %p", "%d/%m/%Y %I:%M:%S %p", "%Y-%m-%d %I:%M %p", "%Y-%m-%d %I:%M:%S %p",
    "%d.%m.%y %H:%M:%S", "%d.%m.%Y, %H:%M", "%d.%m.%Y, %H:%M:%S", "%m/%d/%Y, %I:%M:%S %p", "%m/%d/%Y, %I:%M %p",
    "%d %b %Y %H:%M", "%d %b %Y %H:%M:%S", "%d-%b-%Y %H:%M", "%d-%b-%Y %H:%M:%S", "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%b %d, %Y",
    "%d/%b/%y %I:%M %p", "%d/%b/%y %H:%M", "%d/%b/%Y %I:%M %p", "%d %b %Y %I:%M %p", "%b %d, %Y %I:%M %p",
    "%b %d, %Y, %I:%M %p", "%B %d, %Y %I:%M %p", "%B %d, %Y", "%a %b %d %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S %z",
    "unix", "unix_ms",
)  # fmt: skip
"""The forms that are tried when a map is suggested, the commonest first; day before month where both fit."""

_LOOSE_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")
_LONG_FRACTION = re.compile(r"(?<=\.\d{6})\d+")


class Dates:
    """Reads dates in any of ``formats``; a date without an offset is local to ``zone``.

    A local time that does not exist, because the clocks were put forward, is moved forward by the gap; one that comes twice is the
    first of the two.
    """

    def __init__(self, formats: Sequence[str], zone: str) -> None:
        self.formats = tuple(formats)
        self.zone = ZoneInfo(zone)
        self._readers = [_reader(form) for form in self.formats]

    def read(self, text: str) -> DateTime:
        """Return the instant that ``text`` means. Raises ``ValueError`` where it is in none of the forms."""
        for reader in self._readers:
            try:
                told = reader(text)
                aware = told if told.utcoffset() is not None else told.replace(tzinfo=self.zone, fold=0)
                return instant(aware.astimezone(UTC))
            except (ValueError, OverflowError, OSError):
                continue
        raise ValueError(f"{text!r} is no date in the form {' or '.join(self.formats)}")


def _reader(form: str) -> Callable[[str], datetime]:
    match form:
        case "iso":
            return _iso
        case "unix":
            return lambda text: datetime.fromtimestamp(float(text), UTC)
        case "unix_ms":
            return lambda text: datetime.fromtimestamp(float(text) / 1000, UTC)
        case _:
            return lambda text: datetime.strptime(text, form)  # noqa: DTZ007  (the zone is put on by the reader)


def _iso(text: str) -> datetime:
    told = _LOOSE_OFFSET.sub("", text.removesuffix(" UTC") + "Z" if text.endswith(" UTC") else text)
    return datetime.fromisoformat(_LONG_FRACTION.sub("", told))
