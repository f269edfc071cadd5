"""When a mail came in: what its headers say, as far as that can be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from recovery.intake.headers import Headers

__all__ = ["NEVER_SAID", "came_in", "instant_in"]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""No mail is older: what says so comes from a clock that was never set."""
NEVER_SAID = datetime(1970, 1, 1, tzinfo=UTC)
"""What stands where neither the mail nor the caller says when it came in."""

_ENVELOPE = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .{10,40}$")


def came_in(headers: Headers, envelope: str, now: datetime | None) -> datetime:
    """Return when a mail came in: what the server that took it last wrote (Received), else its Date, else ``now``.

    What lies before 1990 or after ``now`` is passed over. Where nothing is left and no ``now`` was given, it is 1 January 1970.
    """
    latest = now or datetime.max.replace(tzinfo=UTC)
    return next((at for at in _told(headers, envelope) if EARLIEST <= at <= latest), now or NEVER_SAID)


def _told(headers: Headers, envelope: str) -> Iterator[datetime]:
    received = [value.rpartition(";")[2] for value in headers.every("received")]
    found = _ENVELOPE.search(envelope)
    dates = (*received, *headers.every("delivery-date"), *headers.every("date"), found.group() if found else "")
    for text in (*dates, *headers.every("resent-date"), *headers.every("x-original-arrival-time")):
        at = instant_in(text)
        if at is not None:
            yield at


def instant_in(text: str) -> datetime | None:
    """Return the instant in a date as mails write it; without a zone it is taken as UTC. ``None`` where there is none."""
    from email.utils import parsedate_tz  # noqa: PLC0415  (email is loaded only by those who take in mail)

    told = text.strip()[:100]
    try:
        found = parsedate_tz(told)
        if found is None:
            at = datetime.fromisoformat(told.split(" (")[0].strip())
            return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
        zone = timezone(timedelta(seconds=found[9] or 0))
        return datetime(*found[:5], min(found[5], 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
