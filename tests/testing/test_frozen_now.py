"""The frozen clock: it stands still, moves as people say, and never goes back by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pendulum import DateTime

from recovery import InvalidValue, Length, Unit
from recovery.core.values import UTC as OURS
from recovery.testing import FrozenNow
from recovery.testing.moments import BERLIN, MONDAY, instant_of


def test_it_stands_still_on_a_monday_morning() -> None:
    """A test that says nothing about time begins in working time, and finds the same instant twice."""
    now = FrozenNow()
    assert now() == now() == MONDAY
    assert BERLIN.is_open(now())
    assert now.local == "2026-03-02T10:00:00+01:00"


@pytest.mark.parametrize(
    ("length", "there"),
    [
        ("90 min", "2026-03-02T11:30:00+01:00"),
        ("8 bh", "2026-03-03T10:00:00+01:00"),
        ("5 bd", "2026-03-09T10:00:00+01:00"),
        ("+48 h", "2026-03-04T10:00:00+01:00"),
        (Length(27, Unit.CALENDAR_DAYS), "2026-03-29T10:00:00+02:00"),
        (timedelta(days=27), "2026-03-29T11:00:00+02:00"),
    ],
)
def test_it_moves_in_elapsed_time_and_in_business_time(length: str | Length | timedelta, there: str) -> None:
    """A length moves it as the clocks of the practice count: open hours, working days, local days over the change of the clocks."""
    assert FrozenNow().move(length).local == there


def test_it_moves_by_units() -> None:
    """Days, hours and minutes can be said in words, and add up."""
    now = FrozenNow().move(weeks=1).move(days=1, hours=2, minutes=3)
    assert now() == MONDAY + timedelta(days=8, hours=2, minutes=3)


def test_it_goes_to_an_instant_in_any_form() -> None:
    """An instant without a zone is local to the desk; one with a zone is taken as it is; a date is its midnight."""
    assert FrozenNow().to("2026-03-05 10:00").local == "2026-03-05T10:00:00+01:00"
    assert FrozenNow().to("2026-03-05T10:00:00Z")() == datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert FrozenNow().to(datetime(2026, 3, 5, 10, tzinfo=timezone(timedelta(hours=5))))() == datetime(2026, 3, 5, 5, tzinfo=UTC)
    assert FrozenNow().to(date(2026, 3, 5)).local == "2026-03-05T00:00:00+01:00"


def test_it_holds_utc() -> None:
    """Whatever it is told, it answers in UTC, as the desk wants it."""
    told = FrozenNow("2026-03-05 10:00")()
    assert isinstance(told, DateTime)
    assert told.tzinfo is OURS


def test_it_goes_to_openings_and_closings() -> None:
    """A test about working hours need not reckon them."""
    now = FrozenNow("2026-03-07 12:00")
    assert now.to_opening().local == "2026-03-09T09:00:00+01:00"
    assert now.to_opening().local == "2026-03-09T09:00:00+01:00"
    assert now.to_closing().local == "2026-03-09T17:00:00+01:00"


@pytest.mark.parametrize("back", ["-1 min", "2026-03-01 10:00"])
def test_it_never_goes_back_by_itself(back: str) -> None:
    """A slip of the pen does not turn the clock back; who means it says so."""
    now = FrozenNow()
    with pytest.raises(InvalidValue, match="would go back from 2026-03-02T10:00:00\\+01:00") as refused:
        now.to(back)
    assert "back(...)" in refused.value.hint
    assert now() == MONDAY
    assert now.back(back)() < MONDAY


@pytest.mark.parametrize("wrong", ["soon", "2026-13-01", "3 weeks", 7])
def test_what_is_no_instant_is_refused_with_the_way_out(wrong: object) -> None:
    """The error shows what may be written."""
    with pytest.raises(InvalidValue, match="is none") as refused:
        FrozenNow(wrong)  # type: ignore[arg-type]
    assert "+3 bd" in refused.value.hint


def test_what_is_no_length_is_refused() -> None:
    """The error shows the units there are."""
    with pytest.raises(InvalidValue, match="min, h, bh, cd or bd"):
        FrozenNow().move("3 weeks")


def test_a_length_counts_from_now() -> None:
    """A date of a test can be said as a distance, which stays right when the test is moved."""
    assert instant_of("-2 h", MONDAY, BERLIN) == MONDAY - timedelta(hours=2)
    assert repr(FrozenNow("+1 bd")) == "FrozenNow('2026-03-03T10:00:00+01:00')"
