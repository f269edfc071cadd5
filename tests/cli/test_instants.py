"""Instants as people type them: local to the working hours, and meant as people mean them."""

from __future__ import annotations

import pytest
from pendulum import UTC, DateTime

from recovery import BusinessCalendar, InvalidValue, office_hours
from recovery.cli.instants import Alone, instant_of

BERLIN = office_hours("Europe/Berlin")
MONDAY = DateTime(2026, 3, 2, 9, 40, tzinfo=UTC)  # 10:40 in Berlin


def read(text: str, alone: Alone, calendar: BusinessCalendar = BERLIN) -> str:
    """Return an instant as local text, to the minute."""
    return calendar.local_text(instant_of("--x", text, calendar, alone=alone, now=MONDAY))[:16]


class TestWhatLiesAhead:
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("2026-03-05", "2026-03-05T17:00"),
            ("2026-03-07", "2026-03-07T23:59"),  # a Saturday has no close of business
            ("2026-03-05T12:30", "2026-03-05T12:30"),
            ("2026-03-05 12:30", "2026-03-05T12:30"),
            ("2026-03-05T12:30+00:00", "2026-03-05T13:30"),
            ("today", "2026-03-02T17:00"),
            ("tomorrow", "2026-03-03T17:00"),
            ("Tomorrow 09:30", "2026-03-03T09:30"),
            ("wednesday 12:00", "2026-03-04T12:00"),
            ("wed", "2026-03-04T17:00"),
            ("monday", "2026-03-09T17:00"),  # the next one: today is said "today"
            ("15:00", "2026-03-02T15:00"),
            ("2 bd", "2026-03-04T10:40"),
            ("in 2 bd", "2026-03-04T10:40"),
            ("4 bh", "2026-03-02T14:40"),
            ("90 min", "2026-03-02T12:10"),
            ("now", "2026-03-02T10:40"),
        ],
    )
    def test_it_is_meant_so(self, text: str, meant: str) -> None:
        """A date alone is the close of business."""
        assert read(text, Alone.CLOSING) == meant


class TestWhatHasHappened:
    @pytest.mark.parametrize(
        ("text", "meant"),
        [
            ("2026-02-27", "2026-02-27T23:59"),
            ("2026-03-02", "2026-03-02T10:40"),  # today cannot be later than now
            ("now", "2026-03-02T10:40"),
            ("10:30", "2026-03-02T10:30"),
            ("yesterday 16:00", "2026-03-01T16:00"),
            ("friday", "2026-02-27T23:59"),
            ("monday 09:00", "2026-02-23T09:00"),
        ],
    )
    def test_it_is_meant_so(self, text: str, meant: str) -> None:
        """Never in the future because of a date alone."""
        assert read(text, Alone.HAPPENED) == meant


class TestWhenARehearsalBegins:
    @pytest.mark.parametrize(("text", "meant"), [("2026-03-05", "2026-03-05T09:00"), ("2026-03-07", "2026-03-07T00:00")])
    def test_it_is_when_the_doors_open(self, text: str, meant: str) -> None:
        """Or midnight, on a day they stay shut."""
        assert read(text, Alone.OPENING) == meant


class TestSlips:
    @pytest.mark.parametrize("text", ["soon", "2026-13-01", "someday 12:00", "tomorrow noon", "25:00", "", "tu", "10:00+01:00"])
    def test_what_is_no_instant_is_refused_with_examples(self, text: str) -> None:
        """The field, and how instants are written."""
        with pytest.raises(InvalidValue) as caught:
            read(text, Alone.CLOSING)
        (reason,) = caught.value.reasons
        assert reason.field == "--x"
        assert "2026-03-19T10:30" in reason.hint
        assert "2 bd" in reason.hint

    def test_a_length_of_time_does_not_lie_behind(self) -> None:
        """Two working days from now is no past."""
        with pytest.raises(InvalidValue, match="yesterday 16:00"):
            read("2 bd", Alone.HAPPENED)

    def test_the_skipped_hour_of_spring_is_the_one_after(self) -> None:
        """The clocks go forward; nobody is refused for it."""
        assert read("2026-03-29T02:30", Alone.CLOSING) == "2026-03-29T03:30"
