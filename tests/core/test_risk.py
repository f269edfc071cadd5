"""Next to leave: a score that anybody can check, each signal shown with what it adds."""

from __future__ import annotations

import math

import pytest
from attrs import evolve

from recovery.core.case import Case
from recovery.core.errors import BadDefinition, InvalidValue
from recovery.core.policy import Policy
from recovery.core.risk import AtRisk, customers_at_risk, of_one_customer, signals_of
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import Close, CloseReason, NotACase
from recovery.core.vocabulary.common import Address, Channel, Customer, Mood, Severity
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer, RecordSurveyAnswers, SurveyAnswer
from recovery.core.vocabulary.keeping_in_touch import RecordPromise
from recovery.core.vocabulary.losing import SIGNALS, WEIGHTS, Risk, Signal
from recovery.core.vocabulary.ownership import MoveCase
from recovery.core.vocabulary.receiving import Assess
from recovery.core.vocabulary.resolving import Resolution
from recovery.testing.cases import Given
from support import BERLIN, BO, MONDAY, ROUTED, Story, a_contact, at_stage, lost, said

ANN = Customer(name="Ann", id="C-1", addresses=(Address(channel=Channel.EMAIL, value="ann@customer.example"),))


def seen(story: Story) -> dict[Signal, int]:
    """Return the signals on the case of a story."""
    return dict(signals_of(story.told, ROUTED.terms, story.now))


def at_risk(*cases: Case, risk: Risk | None = None, days: int = 0) -> tuple[AtRisk, ...]:
    """Return who may leave, some days after Monday."""
    return customers_at_risk(cases, risk or Risk(alert=0), MONDAY.add(days=days), lambda _: ROUTED.terms)


def assessed(**fields: object) -> Story:
    """Return a case that a person has judged."""
    story = Story.begins(policy=ROUTED)
    story.do(Assess(by="ben", **fields))  # type: ignore[arg-type]
    return story


# ---------------------------------------------------------------- each signal


def test_a_case_that_goes_well_shows_no_signal() -> None:
    """Who was looked after as the practice asks gives no sign of leaving."""
    assert seen(at_stage(Stage.FOLLOWED_UP_WEEKS, ROUTED)) == {}


def test_a_broken_promise_is_a_signal() -> None:
    """A promise whose date has passed counts, each once."""
    story = Story.begins(policy=ROUTED)
    for what in ("a part", "a call"):
        story.do(RecordPromise(by="ben", what=what, due_at=story.now.add(days=1)))
    assert seen(story.wait(days=2))[Signal.BROKEN_PROMISE] == 2


def test_waiting_is_a_signal() -> None:
    """Every clock that the customer waited past counts."""
    assert seen(Story.begins(policy=ROUTED).deliver().wait(days=10))[Signal.KEPT_WAITING] >= 2


def test_a_case_that_came_back_is_a_signal() -> None:
    """What we took for solved was not, and the customer says how they were treated."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED)
    story.do(RecordFollowUpAnswer(by="ben", solved=False, said=said("It is back.", Channel.PHONE)))
    assert seen(story) == {Signal.REOPENED: 1}


def test_how_a_customer_felt_treated_is_not_forgotten() -> None:
    """A customer treated badly counts as unhappy though the case came back, and though nobody asked them again."""
    rude = said("You were rude.", Channel.PHONE)
    back, still = at_stage(Stage.RESOLVED, ROUTED).wait(days=3), at_stage(Stage.RESOLVED, ROUTED).wait(days=3)
    back.do(RecordFollowUpAnswer(by="ben", solved=False, treated_well=False, said=rude))
    still.do(RecordFollowUpAnswer(by="ben", solved=True, treated_well=False, said=rude))
    still.wait(days=18).do(RecordFollowUpAnswer(by="ben", solved=True, said=said("It works.", Channel.PHONE)))
    assert (still.told.stage, seen(back)[Signal.UNHAPPY], seen(still)[Signal.UNHAPPY]) == (Stage.FOLLOWED_UP_WEEKS, 1, 1)


def test_an_unhappy_survey_is_a_signal() -> None:
    """Who says in the survey that we did not treat them well is unhappy."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED).wait(days=2)
    story.wake()
    story.do(RecordSurveyAnswers(answers=(SurveyAnswer(question="treated", score=1),)))
    assert seen(story) == {Signal.UNHAPPY: 1}


def test_a_final_no_is_a_signal() -> None:
    """A customer who was told no has less reason to stay."""
    told = Given(stage=Stage.RESOLVED, settled=Resolution.NOT_AGREED).story(ROUTED).told
    assert signals_of(told, ROUTED.terms, MONDAY) == {Signal.NOT_AGREED: 1}


@pytest.mark.parametrize(
    ("fields", "signal"),
    [({"mood": Mood.ANGRY}, Signal.ANGRY), ({"severity": Severity.CRITICAL}, Signal.SERIOUS)],
)
def test_what_a_person_sees_is_a_signal(fields: dict[str, object], signal: Signal) -> None:
    """Anger and gravity count as a person of ours judged them."""
    assert seen(assessed(**fields)) == {signal: 1}
    assert seen(assessed(mood=Mood.UPSET, severity=Severity.MINOR)) == {}


def test_being_handed_on_is_a_signal() -> None:
    """Each change of hands counts."""
    story = Story.begins(policy=ROUTED)
    story.do(MoveCase(by="cleo", to="ana", reason="Ben is ill."))
    assert seen(story) == {Signal.HANDED_OVER: 1}


# ---------------------------------------------------------------- customers


def test_the_cases_of_one_customer_count_together() -> None:
    """Cases with one customer number, or one address, are one customer's; the same kind of problem again is a signal."""
    first = Story.begins(a_contact(sender=ANN, category="pumps"), policy=ROUTED).told
    second = evolve(Story.begins(a_contact("Again.", sender=ANN, category="pumps"), policy=ROUTED).told, id="case-2")
    third = evolve(Story.begins(a_contact(category="pumps"), policy=ROUTED).told, id="case-3")
    assert [[case.id for case in group] for group in of_one_customer((second, third, first))] == [["case-1", "case-2"], ["case-3"]]
    (ann,) = at_risk(first, second, third)
    assert (ann.customer_id, ann.name, ann.cases) == ("C-1", "Ann", ("case-1", "case-2"))
    assert [(one.signal, one.cases) for one in ann.contributions] == [(Signal.REPEATED, ("case-2",))]


def test_an_address_joins_what_two_numbers_do_not() -> None:
    """A case that shares the number with one and the address with another makes them all one customer's."""
    number = Story.begins(a_contact(sender=Customer(name="Ann", id="C-1")), policy=ROUTED).told
    address = evolve(Story.begins(a_contact(sender=evolve(ANN, id=None)), policy=ROUTED).told, id="case-2")
    both = evolve(Story.begins(a_contact(sender=ANN), policy=ROUTED).told, id="case-3")
    assert [len(group) for group in of_one_customer((number, address, both))] == [3]


def test_the_score_is_the_sum_of_what_is_shown() -> None:
    """Every point of a score is in one of its contributions, the greatest first."""
    (customer,) = at_risk(assessed(mood=Mood.ANGRY, severity=Severity.SERIOUS).told, days=20)
    points = [one.points for one in customer.contributions]
    assert points == sorted(points, reverse=True)
    assert customer.score == sum(points) > 0
    assert all(one.points == one.weight * one.counted and one.counted <= one.seen for one in customer.contributions)


def test_who_scores_less_than_the_alert_is_not_named() -> None:
    """The policy says from which score on somebody is named."""
    told = assessed(mood=Mood.ANGRY).told
    assert [one.score for one in at_risk(told, risk=Risk(alert=2))] == [2]
    assert at_risk(told, risk=Risk(alert=2.5)) == ()


def test_who_has_left_is_not_named() -> None:
    """Whoever has gone is no longer the next to go; nor is their win-back case a customer's problem."""
    story = assessed(mood=Mood.ANGRY)
    story.do(Close(by="ben", reason=CloseReason.LOST, said=said("I am off.")))
    assert at_risk(story.told, lost().told, days=30) == ()


def test_spam_says_nothing_about_anybody() -> None:
    """What is no case gives no signal."""
    story = assessed(mood=Mood.ANGRY)
    spam = Close(by="ben", reason=CloseReason.NOT_A_CASE, kind=NotACase.SPAM, explanation="Pills.", second_person="cleo")
    story.do(spam)
    assert at_risk(story.told) == ()


def test_old_troubles_are_forgotten_unless_they_are_still_open() -> None:
    """A closed case counts for as long as the policy says, an open one always."""
    story = assessed(mood=Mood.ANGRY)
    assert at_risk(story.told, days=400)
    story.do(Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert at_risk(story.told, days=300)
    assert at_risk(story.told, days=400) == ()


# ---------------------------------------------------------------- weights


def test_every_signal_has_words_and_a_weight() -> None:
    """No signal is without what it says and what it weighs."""
    assert set(SIGNALS) == set(WEIGHTS) == set(Signal)


def test_a_policy_weighs_signals_its_own_way() -> None:
    """What is not named keeps its weight; a weight of nothing takes a signal out of the account."""
    risk = Risk(weights={"angry": 10, "serious": 0})
    assert (risk.weights[Signal.ANGRY], risk.weights[Signal.REOPENED]) == (10, 3)
    (customer,) = at_risk(assessed(mood=Mood.ANGRY, severity=Severity.CRITICAL).told, risk=evolve(risk, alert=0))
    assert [one.signal for one in customer.contributions] == [Signal.ANGRY]


def test_a_signal_counts_only_so_often() -> None:
    """Twenty moves do not drown a broken promise."""
    assert Risk(most=2).score({Signal.HANDED_OVER: 20, Signal.BROKEN_PROMISE: 1}) == 2 * 0.5 + 3


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"weights": {"angry": "much"}}, "weights.angry"),
        ({"weights": {"angry": math.nan}}, "weights.angry"),
        ({"weights": {"angry": True}}, "weights.angry"),
        ({"weights": {"bored": 1}}, "weights.bored"),
        ({"weights": 3}, "weights"),
        ({"most": 0}, "most"),
        ({"days": 0}, "days"),
        ({"alert": -1}, "alert"),
    ],
)
def test_a_weight_is_a_number_of_a_signal(given: dict[str, object], field: str) -> None:
    """A weight that is no number, or of no signal, is told with its path."""
    with pytest.raises(InvalidValue) as caught:
        Risk(**given)  # type: ignore[arg-type]
    assert [reason.field for reason in caught.value.reasons] == [field]


def data(**more: object) -> dict[str, object]:
    """Return a policy as a file holds it."""
    return {"fallback_owner": "ana", "calendar": BERLIN.to_data(), "way_back": "desk@shop.example", **more}


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"risk": {"weights": {"angry": "much"}}}, "risk.weights.angry: 'much' is of type str, which is no number"),
        ({"risk": {"weights": {"bored": 1}}}, "risk.weights.bored: weights.bored is no signal."),
        ({"risk": {"weight": {}}}, "risk.weight: there is no such key; did you mean weights?"),
        ({"survey": {"questions": []}}, "survey.questions"),
        ({"survey": {"questions": [{"id": "q", "text": "Good?"}]}}, "survey.questions: questions do not ask"),
        ({"segments": {"yards": {"chance": -0.1}}}, "segments.yards.chance: chance cannot be -0.1."),
        ({"segments": {"yards": {"chance": [1, 2, 3]}}}, "segments.yards.chance: [1, 2, 3] is no range"),
    ],
)
def test_a_policy_file_names_what_cannot_be(more: dict[str, object], fault: str) -> None:
    """Every fault of the risk, the survey and the segments is told with its path."""
    with pytest.raises(BadDefinition) as caught:
        Policy.from_dict(data(**more))
    assert any(line.startswith(fault) for line in caught.value.faults), caught.value.faults


def test_a_policy_file_may_say_it_all() -> None:
    """Weights, segments and the survey come from the file; what it does not say is as it was."""
    policy = Policy.from_dict(
        data(
            risk={"weights": {"angry": 5}, "alert": 4},
            segments={"yards": {"chance": [0.1, 0.3], "years": 3, "currency": "EUR"}},
            survey={"open_days": 20, "link": "https://shop.example/$reference"},
        )
    )
    assert (policy.risk.weights[Signal.ANGRY], policy.risk.alert, policy.risk.most) == (5, 4, 3)
    assert str(policy.segments[0].defaults.chance) == "0.1 to 0.3"
    assert policy.survey is not None
    assert (policy.survey.open_days, len(policy.survey.questions)) == (20, 4)
    assert Policy.from_dict(data(survey={"send": False})).survey is None


def test_bo_is_known_by_his_address() -> None:
    """A customer without a number is told apart by address."""
    (customer,) = at_risk(assessed(mood=Mood.ANGRY).told)
    assert (customer.customer_id, customer.name, customer.owner) == (None, BO.name, "ben")
