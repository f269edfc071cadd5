"""The survey: short, once, after "solved"; what the customer answers is read by a person, and "not solved" brings the case back."""

from __future__ import annotations

import pytest
from attrs import asdict, evolve

from recovery.core.agenda import Outcome
from recovery.core.decide import agenda
from recovery.core.errors import InvalidValue, Strength
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.following_up import (
    SURVEY,
    AnswerKind,
    FollowUp,
    RecordFollowUpAnswer,
    RecordSurveyAnswers,
    Survey,
    SurveyAnswer,
    SurveyQuestion,
)
from recovery.core.vocabulary.receiving import Contact, RecordWish, Wish, WishKind
from recovery.testing.cases import Given
from support import (
    BO,
    PHONE,
    ROUTED,
    Story,
    a_contact,
    at_stage,
    by_mail,
    called,
    followed_up,
    letters,
    named,
    no_step,
    outcomes,
    said,
    step_of,
    tasks,
    warned,
)

WELL = (SurveyAnswer(question="solved", yes=True), SurveyAnswer(question="treated", score=5))
BETTER = SurveyQuestion(id="better", text="What could we have done better?", answer=AnswerKind.TEXT, asks_better=True)


def surveyed(policy: Policy = ROUTED) -> Story:
    """Return a case whose customer has the survey."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, policy).wait(days=2)
    story.wake()
    return story.deliver()


def with_contact(contact: Contact) -> Story:
    """Return a case that began with ``contact``, whose customer said that it is solved."""
    told = Given(stage=Stage.FOLLOWED_UP_DAYS, contact=contact).story(ROUTED)
    return Story(**asdict(told, recurse=False))


def answers(*given: SurveyAnswer) -> RecordSurveyAnswers:
    """Return the customer's answers, as they come from a form."""
    return RecordSurveyAnswers(answers=given)


# ---------------------------------------------------------------- sending


def test_the_survey_goes_out_two_days_after_solved() -> None:
    """Not at once, and not later: two days after the customer said that it is solved, by machine."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED)
    assert step_of(story, "survey.short").due_at == story.now.add(days=2)
    assert letters(story.wait(days=1).wake()) == []
    decision = story.wait(days=1).wake()
    assert letters(decision) == [("survey", "email")]
    assert outcomes(story, "survey.short") == [Outcome.MET]


def test_the_survey_counts_from_the_yes_and_not_from_when_it_was_put_on_file() -> None:
    """What the customer said yesterday is surveyed tomorrow."""
    story = at_stage(Stage.RESOLVED, ROUTED).wait(days=5)
    yes = story.now.subtract(days=1)
    story.do(RecordFollowUpAnswer(by="ben", at=yes, solved=True, said=said("It works.", Channel.PHONE)))
    assert step_of(story, "survey.short").due_at == yes.add(days=2)


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            None,
            ("1. Is it still solved?", "3. How well were you treated? (1 to 5; 5 is best)", "4. What could we have done better?"),
        ),
        ("de-AT", ("1. Ist es noch immer gelöst?", "3. Wie gut sind Sie behandelt worden? (1 bis 5; 5 ist am besten)")),
    ],
)
def test_the_survey_asks_its_questions_in_the_customers_language(language: str | None, lines: tuple[str, ...]) -> None:
    """The mail holds each question, and how a scale is meant, in the language of the reader."""
    story = with_contact(a_contact(sender=evolve(BO, language=language))).wait(days=2)
    (message,) = story.wake().messages
    asked = message.sayings[0].values["asks"].splitlines()
    assert [line for line in lines if line not in asked] == []
    assert len(asked) == 4


def test_the_survey_goes_out_once_per_case() -> None:
    """Whoever says twice that it is solved is asked once; also after the case came back and was solved again."""
    story = surveyed()
    story.reach(max(step.due_at for step in agenda(story.told, ROUTED) if step.clock == "follow-up.weeks" and step.due_at))
    followed_up(story)
    assert story.told.stage is Stage.FOLLOWED_UP_WEEKS
    assert no_step(story, "survey.short")
    story.work_until(story.now.add(days=30))
    sent = [name for decision in story.decisions for name, _ in letters(decision)]
    assert sent.count("survey") == 1


def test_only_solved_is_surveyed() -> None:
    """Who says that it is not solved gets help, and no survey."""
    story = at_stage(Stage.RESOLVED, ROUTED).wait(days=3)
    call = FollowUp(by="ben", word=called(story.now, "Does it work?"))
    story.do(call, RecordFollowUpAnswer(by="ben", solved=False, said=said("No.", Channel.PHONE)))
    assert no_step(story, "survey.short")


def test_a_case_that_comes_back_is_not_surveyed_meanwhile() -> None:
    """A survey that was planned does not go out while the case is worked on again."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED)
    story.do(RecordFollowUpAnswer(by="ben", solved=False, said=said("It came back.", Channel.PHONE)))
    assert no_step(story, "survey.short")
    assert outcomes(story, "survey.short") == [Outcome.ENDED]


def test_a_case_that_is_closed_is_not_surveyed() -> None:
    """Nobody who left or withdrew is asked how we did."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED)
    story.do(Close(by="ben", reason=CloseReason.LOST, said=said("I buy elsewhere.")))
    assert no_step(story, "survey.short")


def test_a_case_that_has_gone_the_whole_way_is_surveyed_all_the_same() -> None:
    """A yes at the second follow-up is a yes: the survey of the ended case keeps its date."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, evolve(ROUTED, survey=None))
    story.policy = ROUTED
    story.reach(story.now.add(days=18))
    followed_up(story)
    assert (story.told.ended, no_step(story, "survey.short")) == (True, False)
    assert letters(story.wait(days=2).wake()) == [("survey", "email")]


def test_who_wants_no_contact_gets_no_survey() -> None:
    """The customer's wish stands above it; that it was not sent is on record."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED)
    story.do(RecordWish(by="ben", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Do not write.")))
    decision = story.wait(days=2).wake()
    assert "SurveySkipped" in named(decision)
    assert letters(decision) == []


def test_a_survey_is_no_call() -> None:
    """A customer whom no software reaches is not rung up for a survey: that is no step of anybody."""
    story = with_contact(a_contact(sender=evolve(BO, addresses=(PHONE,)))).wait(days=2)
    decision = story.wake()
    assert "SurveySkipped" in named(decision)
    assert [rule for rule, _ in tasks(story)] == []


def test_a_policy_may_have_no_survey() -> None:
    """Without one nothing is planned, and what was planned before is skipped."""
    bare = evolve(ROUTED, survey=None)
    assert no_step(at_stage(Stage.FOLLOWED_UP_DAYS, bare), "survey.short")
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED)
    story.policy = bare
    assert "SurveySkipped" in named(story.wait(days=2).wake())


def test_a_follow_up_announces_the_survey_if_there_is_one() -> None:
    """The customer knows that questions will come; where there are none, or they came already, nothing is announced."""

    def announced(policy: Policy) -> bool:
        story = at_stage(Stage.RESOLVED, policy).wait(days=3)
        decision = story.do(
            FollowUp(by="ben", word=evolve(by_mail("Does it work?"), via=frozenset({Channel.EMAIL, Channel.PHONE})))
        )
        (mail,) = [out for out in decision.messages if out.channel is Channel.EMAIL]
        return bool(mail.values["asks_survey"])

    assert announced(ROUTED)
    assert not announced(evolve(ROUTED, survey=None))


def test_the_link_names_the_case() -> None:
    """Where the policy has a form, the mail leads to it, with the reference of the case."""
    story = surveyed(evolve(ROUTED, survey=evolve(SURVEY, link="https://shop.example/survey/$reference")))
    event = next(r.event for r in story.events if type(r.event).__name__ == "SurveySent")
    assert event.link == "https://shop.example/survey/R1"  # type: ignore[attr-defined]


# ---------------------------------------------------------------- answering


def test_answers_are_on_file() -> None:
    """What the customer answers is kept as it was meant: a number, a yes, their words."""
    story = surveyed()
    words = SurveyAnswer(question="better", text="I told it three times.")
    decision = story.do(answers(*WELL, words))
    told = story.told.following_up.survey
    assert told is not None
    assert (told.answers, told.unhappy, told.late, decision.warnings) == ((*WELL, words), False, False, ())


@pytest.mark.parametrize("bad", [SurveyAnswer(question="treated", score=2), SurveyAnswer(question="solved", yes=False)])
def test_an_unhappy_customer_is_heard_by_a_person(bad: SurveyAnswer) -> None:
    """Somebody above the owner has the step to call them."""
    story = surveyed()
    story.do(answers(bad))
    (step,) = [step for step in agenda(story.told, ROUTED) if step.rule == "survey.short"]
    assert (step.whom, "unhappy" in step.what) == ("cleo", True)


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        (SurveyAnswer(question="treated", score=6), "answers.0.score"),
        (SurveyAnswer(question="treated", score=0), "answers.0.score"),
        (SurveyAnswer(question="treated", yes=True), "answers.0.score"),
        (SurveyAnswer(question="solved", score=1), "answers.0.yes"),
        (SurveyAnswer(question="better", score=1), "answers.0.text"),
        (SurveyAnswer(question="shoe-size", score=5), "answers.0.question"),
    ],
)
def test_an_answer_that_is_none_is_kept_and_counts_nowhere(answer: SurveyAnswer, field: str) -> None:
    """What lies outside its scale, or answers another question, is kept as a note, warned about, and asked again by a person."""
    story = surveyed()
    decision = story.do(answers(answer))
    assert [(reason.rule, reason.field) for reason in decision.warnings] == [("survey.short", field)]
    told = story.told.following_up.survey
    assert told is not None
    assert told.answers == ()
    assert tasks(story) == [("survey.short", "ask the customer what they meant in the survey")]


def test_a_survey_answered_twice_counts_once() -> None:
    """The first answers count; the second are kept as a note, and said so."""
    story = surveyed()
    story.do(answers(*WELL))
    decision = story.do(answers(SurveyAnswer(question="treated", score=1)))
    told = story.told.following_up.survey
    assert told is not None
    assert (told.answers, warned(decision), "ReportNoted" in named(decision)) == (WELL, {"survey.short"}, True)


def test_a_late_answer_counts_and_is_marked() -> None:
    """A survey answered after its time still reaches the reports, marked late."""
    story = surveyed().wait(days=31)
    decision = story.do(answers(*WELL))
    told = story.told.following_up.survey
    assert told is not None
    assert (told.late, told.answers, warned(decision)) == (True, WELL, {"survey.short"})


def test_answers_to_no_survey_are_a_step() -> None:
    """What was never sent cannot be answered; whatever the customer said is kept and read."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    decision = story.do(answers(*WELL))
    assert (warned(decision), "SurveyAnswered" in named(decision)) == ({"survey.short"}, False)
    assert [rule for rule, _ in tasks(story)] == ["survey.short"]


def test_not_solved_in_the_survey_brings_the_case_back() -> None:
    """The customer need not write again: their no reopens the case."""
    story = surveyed()
    story.do(answers(SurveyAnswer(question="solved", yes=False)))
    assert story.told.stage is Stage.INVESTIGATING


def test_long_after_the_end_not_solved_is_a_linked_case() -> None:
    """After the window has closed it becomes a case of its own, linked to the old one."""
    story = surveyed()
    story.reach(story.now.add(days=16))
    followed_up(story)
    story.wait(days=20)
    decision = story.do(answers(SurveyAnswer(question="solved", yes=False)))
    assert (story.told.stage, len(decision.opens)) == (Stage.FOLLOWED_UP_WEEKS, 1)
    assert "reopen.window" in warned(decision)


def test_a_policy_may_take_the_rule_as_a_warning() -> None:
    """Moved to should, what does not fit counts nowhere all the same."""
    story = surveyed(evolve(ROUTED, strengths={"survey.short": Strength.SHOULD}))
    story.do(answers(SurveyAnswer(question="treated", score=9)))
    told = story.told.following_up.survey
    assert told is not None
    assert told.answered_at is None


# ---------------------------------------------------------------- what a survey may be


@pytest.mark.parametrize(
    ("questions", "field"),
    [
        ((*SURVEY.questions, SurveyQuestion(id="five", text="And?"), SurveyQuestion(id="six", text="And?")), "questions"),
        ((), "questions"),
        (SURVEY.questions[:3], "questions"),
        ((BETTER, BETTER), "questions"),
    ],
)
def test_a_survey_is_short_and_asks_what_could_have_been_better(questions: tuple[SurveyQuestion, ...], field: str) -> None:
    """A sixth question, none, one that is there twice, or none about what could have been better: no such survey is made."""
    with pytest.raises(InvalidValue) as caught:
        Survey(questions=questions)
    assert {(reason.rule, reason.field) for reason in caught.value.reasons} == {("survey.short", field)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "Was it good? And cheap?"}, "text"),
        ({"text": " ".join(["word"] * 26)}, "text"),
        ({"highest": 1}, "highest"),
        ({"highest": 100}, "highest"),
        ({"asks_better": True}, "asks_better"),
        ({"asks_solved": True}, "asks_solved"),
    ],
)
def test_a_question_is_simple(change: dict[str, object], field: str) -> None:
    """One thing at a time, in few words, on a scale that people can use."""
    with pytest.raises(InvalidValue) as caught:
        evolve(SurveyQuestion(id="one", text="Was it good?"), **change)  # type: ignore[arg-type]
    assert [(reason.rule, reason.field) for reason in caught.value.reasons] == [("survey.short", field)]


def test_what_a_form_sends_is_read() -> None:
    """Texts of a form become answers; what was left empty is left out."""
    read = SURVEY.read(
        {
            "solved": "Yes",
            "easy": 3,
            "treated": " 5 ",
            "better": "The first call.",
        }
    )
    assert read == (
        SurveyAnswer(question="solved", yes=True),
        SurveyAnswer(question="easy", score=3),
        SurveyAnswer(question="treated", score=5),
        SurveyAnswer(question="better", text="The first call."),
    )
    assert SURVEY.read({"easy": "4", "better": "  ", "treated": None}) == (SurveyAnswer(question="easy", score=4),)


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"easy": "6"}, "easy"), ({"easy": "4.5"}, "easy"), ({"easy": True}, "easy"), ({"solved": "perhaps"}, "solved"),
        ({"shoe-size": "44"}, "shoe-size"), ({}, "answers"), ({"easy": ""}, "answers"),
    ],
)  # fmt: skip
def test_what_a_form_cannot_mean_is_told(form: dict[str, object], field: str) -> None:
    """An answer outside its scale is told with the rule and the question, and nothing is made of the form."""
    with pytest.raises(InvalidValue) as caught:
        SURVEY.read(form)
    assert [(reason.rule, reason.field) for reason in caught.value.reasons] == [("survey.short", field)]


def test_an_answer_says_one_thing_and_a_form_answers_once() -> None:
    """No answer is a number and a word, none says nothing, and no question is answered twice."""
    for wrong in ({}, {"score": 1, "yes": True}, {"text": " "}):
        with pytest.raises(InvalidValue):
            SurveyAnswer(question="treated", **wrong)  # pyright: ignore[reportArgumentType]
    for given in ((), (WELL[0], WELL[0])):
        with pytest.raises(InvalidValue):
            RecordSurveyAnswers(answers=given)
