"""The line promised in four weeks that takes six."""

from __future__ import annotations

from itertools import pairwise

from docpages.situations import played
from recovery import Channel
from telling import HOW, Kind, local

STORY = "the_line_promised_in_four_weeks"


def test_a_promise_given_in_the_shop_is_ours() -> None:
    """What a colleague promised elsewhere stands on the case with its date, and is no secret of the shop any more."""
    told = played(STORY)
    made = next(entry for entry in told.desk.timeline("case-1") if entry.kind == "promise_made")
    assert (getattr(made.event, "elsewhere", False), getattr(made.event, "due_at", None)) == (True, local("2026-03-30 12:00"))


def test_the_date_is_moved_before_it_is_missed() -> None:
    """The new date comes thirteen days ahead: the old promise was moved in time, the new one kept, none broken."""
    told = played(STORY)
    runs = [found for found in told.desk.clocks("case-1") if found.clock == "promise.tracked"]
    assert sorted((found.outcome.value, found.by) for found in runs) == [
        ("met", "promise_kept"),
        ("met", "promise_kept"),
        ("met", "promise_moved"),
    ]
    moved = next(line for line in told.mails("Ole Hansen") if line.subject.startswith("A new date"))
    assert moved.at == local("2026-03-17 10:00")
    assert "Monday 13 April 2026, 16:00" in moved.text


def test_nobody_offers_a_date_on_which_nobody_works() -> None:
    """A Sunday is refused as a date for the customer, and the next possible one is named."""
    told = played(STORY)
    assert "promise.realistic" in told.refused
    reasons = [reason for line in told.lines if line.kind is Kind.REFUSED for reason in line.reasons]
    assert any("2026-04-13T09:00" in reason.hint for reason in reasons if reason.rule == "promise.realistic")


def test_until_the_line_is_there_he_hears_every_third_working_day() -> None:
    """No word is more than three working days after the one before, whatever there is to say."""
    told = played(STORY)
    words = [line.at for line in told.mails("Ole Hansen") if not line.machine and line.at < local("2026-04-13 14:30")]
    calendar = told.desk.policy.calendar
    assert len(words) > 6
    assert all(after <= calendar.add_days(before, 3) for before, after in pairwise(words))
    outcomes = [found.outcome.value for found in told.desk.clocks("case-1") if found.clock == "contact.keep-informed"]
    assert set(outcomes) <= {"met", "ended"}


def test_it_counts_as_there_when_the_customer_says_so() -> None:
    """The follow-ups count from the day on which Ole said that it works, and are made by phone, since it was settled by mail."""
    told = played(STORY)
    days = next(found for found in told.desk.clocks("case-1") if found.clock == "follow-up.days")
    assert days.started_at == local("2026-04-13 14:30")
    asked = [line for line in told.lines if line.kind is Kind.SAID and "really solved" in line.text]
    assert [line.how for line in asked] == [HOW[Channel.PHONE]] * 2


def test_nobody_else_is_blamed() -> None:
    """The draft that puts it on the network operator is refused; what Ole reads says that we promised, and that we are sorry."""
    told = played(STORY)
    assert told.refused.count("own.no-blame") == 2
    read = "\n".join(line.text for line in told.mails("Ole Hansen"))
    assert "operator" not in read
    assert "We promised you 30 March and cannot keep it; I am sorry" in read
