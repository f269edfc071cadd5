"""Numbers and lengths of time, as people type them after an option."""

from __future__ import annotations

import re
from collections.abc import Mapping

from recovery import InvalidValue, Reason

__all__ = ["seconds_in", "some"]

_LENGTH = re.compile(r"(\d+)\s*(s|min|h)?")
_SECONDS: Mapping[str | None, int] = {None: 1, "s": 1, "min": 60, "h": 3600}


def seconds_in(option: str, text: str) -> float:
    """Return how many seconds a length of time has that an option gives. Raises ``InvalidValue`` where it is none."""
    found = _LENGTH.fullmatch(text.strip())
    if found is None or not int(found[1]):
        raise _wrong(option, f"{text!r} is no length of time.", "Write 30s, 5min or 1h.")
    return float(int(found[1]) * _SECONDS[found[2]])


def some(option: str, number: int) -> int:
    """Return a number that an option gives. Raises ``InvalidValue`` where it is not 1 or more."""
    if number < 1:
        raise _wrong(option, f"{number} is none at all.", "Write 1 or more.")
    return number


def _wrong(option: str, message: str, hint: str) -> InvalidValue:
    return InvalidValue("the command line", [Reason(rule="input.value", field=option, message=message, hint=hint)])
