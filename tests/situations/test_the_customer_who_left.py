"""The customer who left."""

from __future__ import annotations

from docpages.situations import played
from recovery import CloseReason, Stage
from recovery.core.vocabulary.losing import WinBack
from telling import Kind, local

STORY = "the_customer_who_left"


def test_a_case_that_is_lost_faces_the_customer_no_more() -> None:
    """Closed as lost, in the customer's own words: no chase, no follow-up, no survey, and it is nowhere called solved."""
    told = played(STORY)
    lost, _ = told.cases()
    assert (lost.stage, lost.closing.reason) == (Stage.CLOSED, CloseReason.LOST)
    assert (lost.resolving.resolution, lost.following_up.days, lost.following_up.weeks) == (None, None, None)
    after = [line for line in told.mails("Hanne Roth") if line.at > local("2026-03-04 10:00") and line.case_id == lost.id]
    assert after == []


def test_the_loss_is_reviewed_on_a_case_of_its_own_by_somebody_from_outside() -> None:
    """The review is Eva's, in ten working days; the plan is the head's of the unit that took her on, in twenty."""
    told = played(STORY)
    lost, back = told.cases()
    assert lost.id in back.receiving.links
    shown = [(line.who, line.how) for line in told.lines if line.kind is Kind.STEP and line.at == local("2026-03-04 10:00")]
    assert shown == [("Eva Brandt", "by Wednesday 18 March, 10:00"), ("Tom Hauer", "by Wednesday 1 April, 10:00")]
    people = {person.id: person.unit for person in told.desk.policy.people}
    assert (back.losing.accountable, people[back.owner]) == ("sales", "quality")
    assert "loss.independent" not in told.warned


def test_a_feeling_is_no_review() -> None:
    """Without the figures, and with nobody to do anything, the decision to win her back is refused."""
    told = played(STORY)
    assert set(told.refused) == {"loss.win-back"}
    fields = {reason.field for line in told.lines if line.kind is Kind.REFUSED for reason in line.reasons}
    assert fields == {*(f"estimate.{name}" for name in ("cost", "chance", "years", "purchases", "margin", "discount")), "steps"}


def test_the_review_answers_four_questions_with_a_sum() -> None:
    """Three findings in words, the fourth as a range, reckoned from the figures and the segment's defaults."""
    told = played(STORY)
    review = told.cases()[1].losing.review
    assert review is not None
    assert all(finding.text for finding in (review.should_have_taken, review.turned, review.needed))
    assert (review.decision, review.estimate.missing) == (WinBack.TRY, ())
    profit = review.estimate.worth().profit
    # 0.1 x (4000 x 0.2 x two years at 5 %) - 200, and 0.3 x (4000 x 0.2 x four years at 5 %) - 120
    assert (round(profit.low, 2), round(profit.high, 2)) == (-51.25, 731.03)
    assert any("between -51 and 731 euros" in line.text for line in told.lines)


def test_whoever_lost_her_makes_up_for_it() -> None:
    """The plan of the accountable unit is on file before its date, and each of its steps was taken by somebody with a name."""
    told = played(STORY)
    back = told.cases()[1]
    assert back.losing.plan.startswith("Whoever signs with us is asked what they ship")
    assert {found.clock: found.outcome.value for found in told.desk.clocks(back.id) if found.rule.startswith("loss.")} == {
        "loss.reviewed": "met",
        "loss.made-up": "met",
    }
    done = [entry.by for entry in told.desk.timeline(back.id) if entry.kind == "task_done"]
    assert done == ["tom", "eva", "tom"]


def test_who_does_not_want_a_call_gets_none() -> None:
    """Her wish not to be called is on file before the case ends, and nobody of ours rings."""
    told = played(STORY)
    assert [entry.kind for entry in told.desk.timeline(told.cases()[0].id) if entry.kind == "wish_recorded"] == ["wish_recorded"]
    assert not [line for line in told.lines if line.kind is Kind.SAID]
