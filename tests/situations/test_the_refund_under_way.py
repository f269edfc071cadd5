"""The refund under way at follow-up time."""

from __future__ import annotations

from docpages.situations import played
from recovery import Reading
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import Kind, Situation, local

STORY = "the_refund_under_way"


def reading(told: Situation, clock: str) -> list[Reading]:
    """Return the runs of one clock of the story's case."""
    return [found for found in told.desk.clocks("case-1") if found.clock == clock]


def test_nobody_is_asked_before_the_money_is_there() -> None:
    """Three days after the yes the follow-up is refused because the refund is under way; the hint says what to do."""
    (first, second) = [line for line in played(STORY).lines if line.kind is Kind.REFUSED]
    assert "follow-up.after-delivery" in {reason.rule for reason in first.reasons}
    assert any("CheckArrival" in reason.hint for reason in first.reasons)
    assert first.at == local("2026-03-06 09:15")
    assert "follow-up.not-too-soon" in {reason.rule for reason in second.reasons}
    assert second.at == local("2026-03-13 10:00")


def test_the_customer_hears_of_the_new_date_before_the_old_one_is_missed() -> None:
    """The refund has a date, and moving it is announced in time: neither date is ever missed."""
    told = played(STORY)
    assert [found.outcome.value for found in reading(told, "resolve.delivered")] == ["met", "met"]
    moved = next(line for line in told.mails("Mona Reis") if "Friday 13 March 2026, 12:00" in line.text)
    assert moved.at < local("2026-03-09 12:00")


def test_both_follow_ups_count_from_the_arrival() -> None:
    """The first is due three days and the second three weeks after the bank's word, not after the customer's yes."""
    told = played(STORY)
    (days,), (weeks,) = reading(told, "follow-up.days"), reading(told, "follow-up.weeks")
    assert (days.due_at, weeks.due_at) == (local("2026-03-16 10:00"), local("2026-04-03 10:00"))
    (case,) = told.cases()
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)


def test_the_customer_is_never_left_without_a_word() -> None:
    """While the money is under way Mona hears from Ana at least every three working days, news or no news."""
    told = played(STORY)
    assert {found.outcome.value for found in reading(told, "contact.keep-informed")} <= {"met", "ended"}
    assert len([line for line in told.mails("Mona Reis") if not line.machine]) == 5
