"""Accepted but not solved."""

from __future__ import annotations

from docpages.situations import played
from recovery import Stage
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import Kind, local

STORY = "accepted_but_not_solved"


def test_a_yes_to_the_proposal_is_no_yes_to_solved() -> None:
    """Words from before the resolution are kept when filed as the answer, with a warning, and the follow-up stays to be made."""
    told = played(STORY)
    (warned,) = [line for line in told.lines if line.kind is Kind.WARNED]
    assert [reason.rule for reason in warned.reasons] == ["follow-up.solved"]
    case = told.desk.at("case-1", local("2026-03-09 09:05"))
    assert (case.stage, case.following_up.days) == (Stage.RESOLVED, None)
    noted = [entry for entry in told.desk.timeline("case-1") if entry.kind == "report_noted"]
    assert [entry.at for entry in noted] == [local("2026-03-09 09:05")]
    shown = [line.text for line in told.lines if line.kind is Kind.STEP and line.at == local("2026-03-09 09:05")]
    assert "ask the customer whether it is really solved" in shown


def test_not_solved_goes_on_where_it_stopped() -> None:
    """The same case is open again at investigating, in the same hands, with nothing left of the resolution that did not hold."""
    told = played(STORY)
    case = told.desk.at("case-1", local("2026-03-09 09:30"))
    assert (case.stage, case.owner, case.closing.reopened) == (Stage.INVESTIGATING, "ana", 1)
    assert case.resolving.resolution is None
    assert len(told.cases()) == 1


def test_service_clocks_start_anew_and_the_statutory_one_goes_on() -> None:
    """A new proposal is due five working days after the answer; the limit for the whole case counts from the first letter."""
    told = played(STORY)
    proposals = [found for found in told.desk.clocks("case-1") if found.clock == "propose.in-time"]
    assert [found.started_at for found in proposals] == [local("2026-03-02 10:05"), local("2026-03-09 09:30")]
    assert proposals[1].due_at == local("2026-03-16 09:30")
    whole = [found for found in told.desk.clocks("case-1") if found.clock == "resolve.whole-case"]
    assert next(found.started_at for found in whole) == local("2026-03-02 10:05")
    assert {found.outcome.value for found in whole} == {"met"}


def test_both_follow_ups_are_made_of_the_second_resolution() -> None:
    """What the customer said of the first resolution counts for nothing; of the second she is asked after days and after weeks."""
    told = played(STORY)
    (case,) = told.cases()
    assert case.stage is Stage.FOLLOWED_UP_WEEKS
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)
    answers = [entry for entry in told.desk.timeline("case-1") if entry.kind == "follow_up_answered"]
    assert [getattr(entry.event, "solved", None) for entry in answers] == [False, True, True]
