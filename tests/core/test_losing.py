"""Losing: nothing faces a customer who left, the loss is reviewed on a case of its own, and its unit makes up for it."""

from __future__ import annotations

import math
from itertools import product

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from recovery.core.decide import agenda
from recovery.core.errors import InvalidValue, Strength
from recovery.core.policy import Policy
from recovery.core.rule import Context
from recovery.core.stages import OPEN, Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, Reopen
from recovery.core.vocabulary.common import Channel, Customer
from recovery.core.vocabulary.keeping_in_touch import Ask, RecordPromise
from recovery.core.vocabulary.losing import (
    AskLostCustomer,
    Estimate,
    Finding,
    PlanMakeUp,
    PlannedStep,
    Range,
    Segment,
    WinBack,
)
from recovery.core.vocabulary.proposing import Investigate
from recovery.core.vocabulary.receiving import Receive, SetTask
from recovery.core.vocabulary.resolving import RecordAcceptance
from recovery.testing import a_case, a_desk
from support import (
    BERLIN,
    BO,
    ESTIMATE,
    REFUND,
    ROUTED,
    Story,
    a_contact,
    a_review,
    acknowledged,
    at_stage,
    broken,
    by_mail,
    letters,
    lost,
    no_step,
    proposed,
    refusal,
    said,
    step_of,
    tasks,
    warned,
)

LOST = Close(by="ben", reason=CloseReason.LOST, said=said("From today on I buy elsewhere.", Channel.PHONE))


ANYHOW = evolve(ROUTED, strengths={"own.accountable": Strength.OFF})
"""A policy in which a customer may be lost though nobody knows whose loss it is."""


def left(policy: Policy = ROUTED) -> Story:
    """Return a case on which much is owed to a customer who then leaves."""
    story = acknowledged(Story.begins(policy=policy).deliver())
    story.do(Ask(by="ben", word=by_mail("Which model?"), question="Which model?"))
    story.deliver()
    story.do(RecordPromise(by="ben", what="call back"))
    story.do(Receive(contact=a_contact("Hello? Anybody there?", at=story.now)))
    story.deliver()
    story.do(LOST)
    return story


# ---------------------------------------------------------------- closing as lost


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage in OPEN])
def test_a_customer_may_leave_at_every_open_stage(stage: Stage) -> None:
    """Whenever the customer goes, the case is closed as lost and exactly one win-back case is opened, linked both ways."""
    story = at_stage(stage, ROUTED)
    (opened,) = story.do(LOST).opens
    assert (story.told.stage, story.told.closing.reason) == (Stage.CLOSED, CloseReason.LOST)
    assert story.told.receiving.links == (opened.case.id,)
    assert opened.case.receiving.links == ("case-1",)
    assert opened.case.losing.lost_case == "case-1"


def test_who_leaves_twice_is_reviewed_twice() -> None:
    """A customer who came back and leaves again opens a win-back case of its own, which no store takes for the first."""
    desk = a_desk()
    case_id = a_case(Stage.INVESTIGATING, desk=desk).id
    desk.handle(case_id, LOST)
    desk.handle(case_id, Reopen(by="ben", reason="She gives us another chance."))
    desk.handle(case_id, LOST)
    assert len(desk.load(case_id).receiving.links) == 2
    assert {step.rule for step in desk.agenda(owner="cleo")} == {"loss.reviewed"}


def test_nothing_faces_a_customer_who_left() -> None:
    """Questions, promises and owed answers are off the agenda, and in a year the library writes the customer no word."""
    story = left()
    assert agenda(story.told, ROUTED) == ()
    count = len(story.decisions)
    story.work_until(story.now.add(years=1))
    assert [out for decision in story.decisions[count:] for out in decision.messages] == []


def test_a_delivery_is_not_chased_for_a_customer_who_left() -> None:
    """What is on its way is not asked about any more."""
    story = proposed(at_stage(Stage.INVESTIGATING, ROUTED), REFUND)
    story.do(RecordAcceptance(by="ben", option="refund", said=said()))
    assert not no_step(story, "resolve.delivered")
    story.do(LOST)
    assert no_step(story, "resolve.delivered")


def test_a_step_of_ours_stays_on_a_lost_case() -> None:
    """Over means over, but a step that somebody has to take keeps its owner and its date."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    story.do(SetTask(by="ben", what="take the pump back into stock"))
    story.do(LOST)
    assert [what for _, what in tasks(story)] == ["take the pump back into stock"]


def test_how_we_know_is_said() -> None:
    """A case is closed as lost in the customer's words, or with a reason how we know; not on a feeling."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    assert broken(story, evolve(LOST, said=None)) == {("close.reasons", "said")}
    story.do(evolve(LOST, said=None, explanation="She cancelled the contract on the website."))
    assert story.told.ended


def test_nobody_is_lost_from_the_tray() -> None:
    """Whose contact it is has to be known first."""
    story = Story.begins(a_contact(sender=Customer()), policy=ROUTED)
    assert ("close.reasons", "reason") in broken(story, LOST)


def test_a_word_of_the_customer_brings_a_lost_case_back() -> None:
    """Who comes back by themselves is welcome: the case reopens like any other."""
    story = left()
    story.do(Receive(contact=a_contact("I have thought about it.", at=story.now)))
    assert story.told.stage is Stage.INVESTIGATING


# ---------------------------------------------------------------- the win-back case


def test_a_win_back_case_begins_quietly() -> None:
    """No receipt, no clock that faces the customer: the review in ten working days, the plan of the unit in twenty."""
    story = lost()
    assert {(step.clock, step.whom, step.due_at) for step in agenda(story.told, ROUTED)} == {
        ("loss.reviewed", "cleo", BERLIN.add_days(story.now, 10)),
        ("loss.made-up", "dora", BERLIN.add_days(story.now, 20)),
    }
    assert letters(story.decisions[-1]) == [("loss_to_review", "cleo"), ("loss_to_make_up", "dora")]
    story.work_until(story.now.add(days=60))
    assert all(out.person is not None for decision in story.decisions[-20:] for out in decision.messages)


@pytest.mark.parametrize(
    ("accepted_by", "reviewer"),
    [("sales", "cleo"), ("service", "fay"), (None, "cleo")],
)
def test_the_reviewer_is_outside_the_accountable_unit(accepted_by: str | None, reviewer: str) -> None:
    """Somebody above the owner reviews the loss, but nobody of the unit that is accountable for it."""
    story = lost(ANYHOW, contact=a_contact(sender=evolve(BO, accepted_by=accepted_by)))
    assert (story.told.owner, story.told.losing.accountable) == (reviewer, accepted_by)


def test_a_plan_that_is_charged_to_nobody_is_owed_by_the_fallback_owner() -> None:
    """Where no unit is on record, the last rung of every ladder plans."""
    assert step_of(lost(ANYHOW, contact=a_contact(sender=evolve(BO, accepted_by=None))), "loss.made-up").whom == "fay"


def test_who_reviews_may_be_named() -> None:
    """A reviewer who is named is taken, warned about if they belong to the unit, and refused if they are nobody or away."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    assert broken(story, evolve(LOST, reviewer="ghost")) == {("close.reasons", "reviewer")}
    story.context = Context(away=frozenset({"ana"}))
    assert broken(story, evolve(LOST, reviewer="ana")) == {("close.reasons", "reviewer")}
    story.context = Context()
    decision = story.do(evolve(LOST, reviewer="dora"))
    assert warned(decision) == {"loss.independent"}
    assert decision.opens[0].case.owner == "dora"


def test_who_is_away_does_not_get_the_review() -> None:
    """The review goes to somebody who is there."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    story.context = Context(away=frozenset({"cleo"}))
    assert story.do(LOST).opens[0].case.owner == "fay"


def test_a_word_of_the_lost_customer_owes_an_answer() -> None:
    """A customer who writes on the win-back case is answered like anybody."""
    story = lost()
    story.do(Receive(contact=a_contact("Why do you ask?", at=story.now)))
    assert step_of(story, "contact.answer-owed").whom == "cleo"


def test_a_customer_who_left_is_asked_and_not_chased() -> None:
    """They owe us nothing: the question why they left is no question that a machine asks again."""
    story = lost()
    decision = story.do(AskLostCustomer(by="cleo", word=by_mail("What made you go?")))
    assert letters(decision) == [("lost_customer_asked", "email")]
    assert story.told.losing.asked_at == story.now
    assert no_step(story.deliver(), "customer.chased")


def test_who_comes_back_goes_the_usual_way() -> None:
    """A win-back that succeeds is a case like any other from then on."""
    story = lost()
    story.do(a_review())
    story.do(Acknowledge(by="cleo", word=by_mail("I am glad that you talk to us."), next_word_at=BERLIN.add_days(story.now, 1)))
    story.do(Investigate(by="cleo"))
    assert story.told.stage is Stage.INVESTIGATING


# ---------------------------------------------------------------- the review


def test_the_review_is_kept_and_its_steps_are_dated() -> None:
    """Findings, the complete estimate and the decision are on the case, and each step is on somebody's agenda."""
    story = lost()
    due = BERLIN.add_days(story.now, 3)
    steps = (PlannedStep(what="Call him.", due_at=due), PlannedStep(what="Send the spare part.", owner="ben"))
    story.do(a_review(steps=steps))
    review = story.told.losing.review
    assert review is not None
    assert (review.decision, review.needed.unknown_because, review.estimate) == (WinBack.TRY, "He does not wish to say.", ESTIMATE)
    found = {(step.what, step.whom) for step in agenda(story.told, ROUTED) if step.rule == "loss.win-back"}
    assert found == {("Call him.", "cleo"), ("Send the spare part.", "ben")}
    assert no_step(story, "loss.reviewed")


def test_a_second_review_takes_the_place_of_the_first() -> None:
    """The steps of a decision go with it: whoever is let go is not called all the same."""
    story = lost()
    story.do(a_review())
    story.do(a_review(decision=WinBack.LET_GO, steps=(PlannedStep(what="Write to him that we are sorry."),)))
    assert tasks(story) == [("loss.win-back", "Write to him that we are sorry.")]


@pytest.mark.parametrize("figure", ["cost", "chance", "years", "purchases", "margin", "discount"])
def test_each_figure_is_estimated(figure: str) -> None:
    """A review names every figure it lacks, where no segment has it."""
    assert broken(lost(), a_review(estimate=evolve(ESTIMATE, **{figure: None}))) == {("loss.win-back", f"estimate.{figure}")}


def test_a_segment_fills_in_what_nobody_knows() -> None:
    """The figures of the customer's kind hold where the review has none, and never instead of one it has."""
    usual = Segment(id="yards", defaults=Estimate(chance=0.5, discount=0.1, margin=0.9, currency="EUR"))
    story = lost(evolve(ROUTED, segments=(usual,)))
    story.do(a_review(segment="yards", estimate=evolve(ESTIMATE, chance=None, discount=None)))
    review = story.told.losing.review
    assert review is not None
    assert (review.estimate.chance, review.estimate.discount, review.estimate.margin) == (Range(0.5), Range(0.1), Range(0.3))
    assert (review.estimate.currency, review.segment) == ("EUR", "yards")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"segment": "nobody"}, "segment"),
        ({"reason": " "}, "reason"),
        ({"steps": ()}, "steps"),
        ({"steps": (PlannedStep(what="Call.", owner="ghost"),)}, "steps.0.owner"),
    ],
)
def test_a_review_decides_with_a_reason_and_a_first_step(change: dict[str, object], field: str) -> None:
    """No decision without a reason, none to try without a step, and no step of nobody."""
    assert broken(lost(), a_review(**change)) == {("loss.win-back", field)}


def test_the_step_of_a_plan_lies_ahead() -> None:
    """A step for yesterday would be taken by nobody."""
    story = lost()
    late = (PlannedStep(what="Call.", due_at=story.now),)
    assert broken(story, a_review(steps=late)) == {("loss.win-back", "steps.0.due_at")}
    assert broken(story, PlanMakeUp(by="dora", plan="More yards.", steps=late)) == {("loss.made-up", "steps.0.due_at")}


def test_letting_go_needs_no_step_and_may_be_against_the_figures() -> None:
    """Whoever decides against the figures is warned, and decides."""
    sure = evolve(ESTIMATE, cost=10, chance=(0.5, 0.9))
    story = lost()
    decision = story.do(a_review(decision=WinBack.LET_GO, estimate=sure, steps=()))
    (warning,) = decision.warnings
    assert (warning.rule, warning.field, warning.strength) == ("loss.win-back", "decision", Strength.SHOULD)
    assert story.told.losing.review is not None
    dear = evolve(ESTIMATE, cost=100_000)
    assert [reason.field for reason in lost().do(a_review(estimate=dear)).warnings] == ["decision"]


def test_only_a_win_back_case_is_reviewed_and_planned_for() -> None:
    """Where nobody left there is nothing to review and nothing to make up for."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    assert broken(story, a_review()) == {("loss.win-back", None)}
    assert broken(story, PlanMakeUp(by="dora", plan="More yards.")) == {("loss.made-up", None)}


def test_a_customer_is_let_go_after_the_review_only() -> None:
    """The win-back case is closed as lost when the loss has been reviewed, and opens no further one."""
    story = lost()
    assert broken(story, evolve(LOST, by="cleo")) == {("close.reasons", "reason")}
    story.do(a_review(decision=WinBack.LET_GO, steps=()))
    decision = story.do(evolve(LOST, by="cleo"))
    assert (story.told.stage, decision.opens) == (Stage.CLOSED, ())


def test_a_policy_may_do_without_the_estimate() -> None:
    """Where the policy has switched the rule off, a review without figures is kept as it is."""
    story = lost(evolve(ROUTED, strengths={"loss.win-back": Strength.OFF}))
    story.do(a_review(estimate=Estimate()))
    assert story.told.losing.review is not None
    assert story.events[-1].event is not None


def test_what_nobody_knows_is_said_with_the_reason() -> None:
    """A finding is known, or it is said why it is not."""
    for wrong in ({}, {"text": " "}, {"text": "Yes.", "unknown_because": "No idea."}):
        with pytest.raises(InvalidValue) as caught:
            Finding(**wrong)
        assert [reason.field for reason in caught.value.reasons] == ["text"]


# ---------------------------------------------------------------- the plan


def test_the_unit_plans_and_its_head_has_the_steps() -> None:
    """The plan comes from the unit, and what it does not give to anybody is its head's."""
    story = lost()
    refused = refusal(story, PlanMakeUp(by="cleo", plan="They should try harder."))
    assert [(reason.rule, reason.field) for reason in refused.reasons] == [("loss.made-up", "by")]
    story.do(PlanMakeUp(by="dora", plan="Two yards by the summer.", steps=(PlannedStep(what="Visit Kiel."),)))
    assert (story.told.losing.plan, no_step(story, "loss.made-up")) == ("Two yards by the summer.", True)
    assert [(step.rule, step.whom) for step in agenda(story.told, ROUTED) if step.what == "Visit Kiel."] == [
        ("loss.made-up", "dora")
    ]


def test_the_plan_is_owed_even_when_the_customer_was_let_go() -> None:
    """Who is gone is gone; the loss still has to be made up for."""
    story = lost()
    story.do(a_review(decision=WinBack.LET_GO, steps=()), evolve(LOST, by="cleo"))
    assert [(step.clock, step.whom) for step in agenda(story.told, ROUTED)] == [("loss.made-up", "dora")]


# ---------------------------------------------------------------- what it is worth


def test_the_estimate_follows_the_formula() -> None:
    """Expected profit = chance * sum over the years of purchases * margin / (1 + discount)^year - cost, in ranges."""
    worth = ESTIMATE.worth()
    value = [bought * 0.3 * sum(1.05**-year for year in (1, 2, 3)) for bought in (900, 1400)]
    assert worth.value.low == pytest.approx(value[0])
    assert worth.value.high == pytest.approx(value[1])
    assert worth.profit.low == pytest.approx(0.2 * value[0] - 400)
    assert worth.profit.high == pytest.approx(0.4 * value[1] - 200)
    assert worth.break_even_at_best == pytest.approx(200 / value[1])
    assert worth.break_even_at_worst == pytest.approx(400 / value[0])


def test_at_the_break_even_chance_the_profit_is_nothing() -> None:
    """The break-even chance is the one at which what it brings is what it costs."""
    exact = Estimate(cost=300, chance=1, years=4, purchases=10, margin=50, discount=0.08)
    chance = exact.worth().break_even_at_best
    assert chance is not None
    assert evolve(exact, chance=chance).worth().profit.high == pytest.approx(0, abs=1e-6)


def test_what_never_pays_has_no_break_even() -> None:
    """A customer who brings less than winning them back costs pays at no chance, and one on whom we lose never."""
    assert Estimate(cost=300, chance=1, years=1, purchases=1, margin=50, discount=0).worth().break_even_at_best is None
    loss = Estimate(cost=0, chance=1, years=2, purchases=3, margin=(-10, -5), discount=0).worth()
    assert (loss.profit, loss.break_even_at_best) == (Range(-60, -30), None)
    assert Estimate(cost=0, chance=0, years=0, purchases=0, margin=0, discount=0).worth().break_even_at_worst == 0


def ranges(low: float, high: float) -> st.SearchStrategy[Range]:
    """Draw a range between two numbers."""
    return st.lists(st.floats(low, high), min_size=2, max_size=2).map(lambda ends: Range(min(ends), max(ends)))


@given(
    cost=ranges(0, 1000), chance=ranges(0, 1), years=st.integers(0, 9), purchases=ranges(0, 2000), margin=ranges(-1, 1),
    discount=ranges(0, 0.3), at=st.lists(st.floats(0, 1), min_size=5, max_size=5),
)  # fmt: skip
def test_whatever_lies_in_the_ranges_comes_to_something_in_the_range(
    cost: Range, chance: Range, years: int, purchases: Range, margin: Range, discount: Range, at: list[float]
) -> None:
    """Any figures within the estimate come to a profit within its profit."""
    estimate = Estimate(cost=cost, chance=chance, years=years, purchases=purchases, margin=margin, discount=discount)
    picked = [
        one.low + share * (one.high - one.low) for one, share in zip((cost, chance, purchases, margin, discount), at, strict=True)
    ]
    exact = sum(picked[2] * picked[3] / (1 + picked[4]) ** year for year in range(1, years + 1)) * picked[1] - picked[0]
    profit = estimate.worth().profit
    assert profit.low - 1e-5 <= exact <= profit.high + 1e-5


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        ("chance", -0.1), ("chance", (0.5, 1.5)), ("cost", -1), ("purchases", (-5, 5)), ("discount", -0.01), ("years", 2.5),
        ("years", 101), ("cost", "much"), ("chance", math.nan), ("margin", math.inf), ("chance", True),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_is_told(figure: str, value: object) -> None:
    """A negative chance, half a year, a rate below nothing: the field is named, and nothing is made."""
    with pytest.raises(InvalidValue) as caught:
        Estimate(**{figure: value})  # type: ignore[arg-type]
    assert [reason.field for reason in caught.value.reasons] == [figure]


def test_a_range_runs_upwards() -> None:
    """The smaller number comes first."""
    for low, high in product((3, 5), (1, 2)):
        with pytest.raises(InvalidValue):
            Range(low, high)


def test_an_estimate_that_lacks_figures_comes_to_nothing() -> None:
    """Every figure that is missing is named at once."""
    with pytest.raises(InvalidValue) as caught:
        Estimate(cost=1, years=3).worth()
    assert {reason.field for reason in caught.value.reasons} == {"chance", "purchases", "margin", "discount"}
