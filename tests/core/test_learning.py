"""Learning: causes, losses, training needs and broken promises, by the unit that is accountable and by period."""

from __future__ import annotations

from itertools import pairwise

from attrs import evolve
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.learning import Learning, LossOutcome, Per, PromiseCount, UnitReport, learn, periods
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Customer
from recovery.core.vocabulary.following_up import RecordSurveyAnswers, SurveyAnswer
from recovery.core.vocabulary.keeping_in_touch import KeepPromise, MovePromise, RecordPromise
from recovery.core.vocabulary.losing import PlanMakeUp, WinBack
from recovery.core.vocabulary.resolving import Resolution
from recovery.core.vocabulary.responsibility import CauseKind, RecordAccountable, RecordCause
from recovery.testing.cases import Given
from support import BERLIN, BO, ESTIMATE, MONDAY, ROUTED, Story, a_contact, a_review, at_stage, by_mail, lost

ANYHOW = evolve(ROUTED, strengths={"own.accountable": Strength.OFF})
"""A policy in which a customer may be lost though nobody knows whose loss it is."""

SUNDAY = MONDAY.subtract(days=1)


def learned(*cases: Case, since: DateTime = SUNDAY, days: int = 60, policy: Policy = ROUTED) -> Learning:
    """Return what there is to learn from some cases."""
    return learn(cases, since, since.add(days=days), since.add(days=days), policy.terms, lambda _: policy.terms)


def unit(told: Learning, name: str | None) -> UnitReport:
    """Return the report of one unit."""
    return next(report for report in told.units if report.unit == name)


def test_a_loss_is_charged_to_the_accountable_unit() -> None:
    """Each loss stands under one unit, with how far it has come, what it is worth and whether the plan is there."""
    story = lost()
    (loss,) = unit(learned(story.told), "sales").losses
    assert (loss.lost_case, loss.win_back_case, loss.outcome, loss.value, loss.planned) == (
        "case-1", "case-2", LossOutcome.IN_REVIEW, None, False,
    )  # fmt: skip
    assert unit(learned(story.told), "service").losses == ()
    story.do(a_review(), PlanMakeUp(by="dora", plan="Two yards."))
    (loss,) = unit(learned(story.told), "sales").losses
    assert (loss.outcome, loss.value, loss.planned) == (LossOutcome.TRYING, ESTIMATE.worth().value, True)


def test_a_loss_ends_won_back_or_let_go() -> None:
    """A customer who was let go stays a loss; one who came back is told apart."""
    gone = lost()
    gone.do(a_review(decision=WinBack.LET_GO, steps=()))
    assert unit(learned(gone.told), "sales").losses[0].outcome is LossOutcome.LET_GO
    gone.do(Close(by="cleo", reason=CloseReason.LOST, explanation="She stays away."))
    assert unit(learned(gone.told), "sales").losses[0].outcome is LossOutcome.LET_GO
    back = lost().told
    settled = at_stage(Stage.RESOLVED, ROUTED).told
    won = evolve(back, resolving=settled.resolving)
    assert unit(learned(won), "sales").losses[0].outcome is LossOutcome.WON_BACK


def test_a_loss_that_is_nobodys_is_told() -> None:
    """What is charged to no unit is not swept under the carpet."""
    told = learned(lost(ANYHOW, contact=a_contact(sender=evolve(BO, accepted_by=None))).told)
    assert (unit(told, None).name, len(unit(told, None).losses)) == ("nobody on record", 1)


def test_promises_are_kept_moved_or_broken() -> None:
    """Each promise counts once, in the period in which it was due."""
    story = Story.begins(policy=ROUTED)
    due = BERLIN.add_days(story.now, 2)
    for what in ("a call", "a part", "a letter"):
        story.do(RecordPromise(by="ben", what=what, due_at=due))
    kept, moved, _ = (promise.id for promise in story.told.keeping.promises)
    story.do(KeepPromise(by="ben", promise_id=kept))
    story.do(MovePromise(by="ben", promise_id=moved, due_at=BERLIN.add_days(story.now, 50), word=by_mail("It takes longer.")))
    story.deliver()
    assert unit(learned(story.told, days=30), "sales").promises == PromiseCount(kept=1, moved=1, broken=1)
    assert unit(learned(story.told, since=due.add(days=1), days=10), "sales").promises == PromiseCount()


def test_causes_are_counted_by_unit_and_skill_is_a_training_need() -> None:
    """Why it happened is counted under the unit that is accountable; what points at skill is what it has to train."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    story.do(RecordAccountable(by="ben", unit="service"), RecordCause(by="ben", kind=CauseKind.SKILL, text="Fitted the old way."))
    other = at_stage(Stage.INVESTIGATING, ROUTED)
    other.do(RecordCause(by="ben", kind=CauseKind.PRODUCT, text="The seal is too thin."))
    told = learned(story.told, evolve(other.told, id="case-2"))
    assert (unit(told, "service").causes, unit(told, "service").training) == ({"skill": 1}, 1)
    assert (unit(told, "sales").causes, unit(told, "sales").training) == ({"product": 1}, 0)
    assert unit(learned(story.told, since=MONDAY.add(days=9)), "service").causes == {}


def test_only_the_period_counts() -> None:
    """What happened before or after is not in it."""
    story = lost()
    assert unit(learned(story.told), "sales").losses
    later = learned(story.told, since=MONDAY.add(days=30))
    assert (unit(later, "sales").losses, later.opened) == ((), 0)


def test_solved_is_what_the_customer_says() -> None:
    """A final no is never counted as solved, whatever was said at the follow-up."""
    solved = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED).told
    no = Given(stage=Stage.FOLLOWED_UP_DAYS, settled=Resolution.NOT_AGREED).story(ROUTED).told
    resolved = at_stage(Stage.RESOLVED, ROUTED).told
    told = learned(solved, evolve(no, id="case-2"), evolve(resolved, id="case-3"))
    assert (told.opened, told.solved, told.not_agreed) == (3, 1, 1)


def test_the_survey_reaches_the_reports() -> None:
    """Numbers are counted and averaged, words are told with their case, late answers count as late."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED).wait(days=2)
    story.wake()
    given = (
        SurveyAnswer(question="solved", yes=True),
        SurveyAnswer(question="treated", score=2),
        SurveyAnswer(question="better", text="The first call."),
    )
    story.do(RecordSurveyAnswers(answers=given))
    survey = learned(story.told).survey
    assert (survey.sent, survey.answered, survey.late, survey.unhappy) == (1, 1, 0, 1)
    by_id = {question.id: question for question in survey.questions}
    assert by_id["solved"].counts == {"yes": 1, "no": 0}
    assert (by_id["treated"].counts["2"], by_id["treated"].mean) == (1, 2)
    assert (by_id["easy"].mean, by_id["better"].words) == (None, (("R1", "The first call."),))


def test_the_tray_teaches_nothing_yet() -> None:
    """A contact that nobody knows is no case."""
    assert learned(Story.begins(a_contact(sender=Customer()), policy=ROUTED).told).opened == 0


def test_a_time_is_cut_by_local_days() -> None:
    """Months, quarters and years of the desk's zone; the first and the last may be shorter, and nothing is counted twice."""
    start, end = BERLIN.add_days(MONDAY, 1), MONDAY.add(months=5)
    months = periods(start, end, Per.MONTH, BERLIN)
    assert [BERLIN.local_date(since).isoformat() for since, _ in months] == [
        "2026-03-03", "2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01", "2026-08-01",
    ]  # fmt: skip
    assert all(before[1] == after[0] for before, after in pairwise(months))
    assert (months[0][0], months[-1][1]) == (start, end)
    assert [len(periods(start, end, per, BERLIN)) for per in (Per.WHOLE, Per.QUARTER, Per.YEAR)] == [1, 3, 1]
    assert periods(end, start, Per.MONTH, BERLIN) == periods(end, start, Per.WHOLE, BERLIN) == ()
