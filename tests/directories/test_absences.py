"""The directory from written days: who is away on a day is away on it from midnight to midnight, in the zone of the desk."""

from __future__ import annotations

from datetime import date, datetime

import pendulum
import pytest

from recovery.core.errors import BadDefinition
from recovery.directories import Absences


def test_days_may_be_dates_or_text() -> None:
    """Days come from a program or from a file; several times away count each."""
    directory = Absences(days={"ana": [(date(2026, 3, 2), "2026-03-02"), ["2026-05-01", "2026-05-03"]]}, timezone="UTC")
    away = [
        bool(directory.away(pendulum.datetime(2026, month, day, 12))) for month, day in ((3, 1), (3, 2), (3, 3), (5, 2), (5, 4))
    ]
    assert away == [False, True, False, True, False]


def test_everybody_who_is_away_is_named() -> None:
    """Several people may be away on one day."""
    directory = Absences(days={name: [("2026-03-02", "2026-03-06")] for name in ("ana", "ben")}, timezone="Asia/Tokyo")
    assert directory.away(pendulum.datetime(2026, 3, 1, 15, 0)) == {"ana", "ben"}
    assert directory.away(pendulum.datetime(2026, 3, 1, 14, 59)) == frozenset()


def test_every_fault_is_told_at_once() -> None:
    """What cannot be a day, ends before it begins, or is nobody's id is refused when it is written down."""
    days = {"ana": [("2026-03-06", "2026-03-02")], "ben": [("next week", "2026-03-02")], "": [], "cid": [(datetime(2026, 3, 2), 7)]}
    with pytest.raises(BadDefinition) as caught:
        Absences(days=days, timezone="UTC")  # type: ignore[arg-type]
    told = "\n".join(caught.value.faults)
    assert len(caught.value.faults) == 4
    for word in ("ana: 2026-03-06 to 2026-03-02 ends before it begins", "ben: ('next week'", "'' is not an id", "cid: (datetime"):
        assert word in told


def test_a_zone_that_does_not_exist_is_named() -> None:
    """A slip in the zone is told at once, with what a zone looks like."""
    with pytest.raises(BadDefinition, match=r"'Europe/Berlni' is no time zone.*Europe/Berlin"):
        Absences(days={}, timezone="Europe/Berlni")
