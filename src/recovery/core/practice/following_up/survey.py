"""The survey: its rule, its clock, what its answers lead to, how they fold in, and the message it makes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from string import Template

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import Clock, Length, Rung, Unit, Whom
from recovery.core.errors import Strength
from recovery.core.practice.common import Draft, happened, linked, step_for_owner, told_to_us
from recovery.core.routing import choose_again
from recovery.core.rule import Moment, Problem, rule
from recovery.core.stages import Trigger, next_stage
from recovery.core.values import altered, later
from recovery.core.vocabulary.closing import CaseClosed, CaseReopened
from recovery.core.vocabulary.common import MACHINE, Command, Event, Mark, Recorded
from recovery.core.vocabulary.following_up import (
    AnswerKind,
    FollowingUpPart,
    RecordSurveyAnswers,
    Survey,
    SurveyAnswer,
    SurveyAnswered,
    Surveying,
    SurveyPlanned,
    SurveyQuestion,
    SurveySent,
    SurveySkipped,
)
from recovery.core.vocabulary.ownership import OwnerAway
from recovery.core.vocabulary.receiving import Part, ReportNoted, TaskSet

HEADING = "following_up"

# ---------------------------------------------------------------- rules


@rule("survey.short", heading=HEADING, source="D", on=(RecordSurveyAnswers,))
def survey_short(case: Case, command: RecordSurveyAnswers, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being asked for ever: once, shortly, and what they answer is read as they meant it."""
    told = case.following_up.survey
    if told is None or told.survey is None or told.sent_at is None:
        yield Problem("no survey was sent", hint="What the customer says goes on file as their answer to the follow-up.")
        return
    if told.answered_at is not None:
        yield Problem("the survey has been answered already", hint="The first answers count; these are kept as a note.")
    for number, answer in enumerate(command.answers):
        yield from _unfit(told.survey, answer, f"answers.{number}")
    if happened(command, moment) > later(told.sent_at, told.survey.open_for):
        hint = "It counts all the same, marked as late."
        yield Problem("the survey was answered after its time", field="at", hint=hint, strength=Strength.SHOULD)


def _unfit(survey: Survey, answer: SurveyAnswer, path: str) -> Iterator[Problem]:
    question = survey.question(answer.question)
    if question is None:
        known = ", ".join(each.id for each in survey.questions)
        message = f"{answer.question!r} is no question of the survey"
        yield Problem(message, field=f"{path}.question", hint=f"There are: {known}.", params={"question": answer.question})
    elif (unfit := answer.unfit(question)) is not None:
        field, message = unfit
        yield Problem(message, field=f"{path}.{field}", hint="Ask the customer what they meant.", params={"question": question.id})


# ---------------------------------------------------------------- clocks

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="survey.short",
        rule="survey.short",
        what="send the survey",
        starts=("survey_planned",),
        stops=("survey_settled",),
        ends=("reopened", "survey_off"),
        length=Length(2, Unit.CALENDAR_DAYS),
        contacts=True,
        ladder=(Rung(when=Length(0, Unit.HOURS), whom=Whom.NOBODY),),
        citation="D; two days after a follow-up that was answered 'solved'",
    ),
)

# ---------------------------------------------------------------- what a command leads to


def planned(case: Case, at: DateTime, moment: Moment) -> Iterator[SurveyPlanned]:
    """Yield the plan to send the survey, counted from the customer's yes: once per case, and only where the policy has one."""
    asked = case.following_up.survey
    waits = case.since("survey_planned", "survey_settled", "reopened") is not None
    if moment.terms.survey is not None and (asked is None or asked.sent_at is None) and not waits:
        yield SurveyPlanned(at=at, by=MACHINE)


def goes_out(case: Case, _key: str, moment: Moment) -> Iterator[Event]:
    """The survey leaves, unless the customer wants no contact or nothing of ours reaches them: it is no duty of a person."""
    survey, customer = moment.terms.survey, case.receiving.customer
    if survey is None:
        yield SurveySkipped(at=moment.now, by=MACHINE, why="there is no survey any more")
    elif case.silenced:
        yield SurveySkipped(at=moment.now, by=MACHINE, why="the customer wishes not to be contacted")
    elif not case.reachable(moment.terms.machine_channels):
        yield SurveySkipped(at=moment.now, by=MACHINE, why="no software of ours reaches the customer")
    else:
        link = Template(survey.link).safe_substitute(reference=case.reference)
        yield SurveySent(at=moment.now, by=MACHINE, survey=survey, asks=_listed(survey, customer.language), link=link)


LAPSES = {"survey.short": goes_out}


def _listed(survey: Survey, language: str | None) -> str:
    return "\n".join(f"{number}. {_put(question, language)}" for number, question in enumerate(survey.questions, start=1))


_SCALE = {"de": "({lowest} bis {highest}; {highest} ist am besten)"}


def _put(question: SurveyQuestion, language: str | None) -> str:
    if question.answer is not AnswerKind.SCALE:
        return question.said(language)
    scale = _SCALE.get((language or "").partition("-")[0], "({lowest} to {highest}; {highest} is best)")
    return f"{question.said(language)} {scale.format(lowest=question.lowest, highest=question.highest)}"


def record_survey_answers(
    case: Case, command: RecordSurveyAnswers, moment: Moment, defects: frozenset[str]
) -> Iterator[Event | Command]:
    """The answers are on file; who is unhappy is a step of somebody above the owner, and "not solved" brings the case back."""
    asked = case.following_up.survey
    if asked is None or asked.survey is None or asked.sent_at is None or asked.answered_at is not None:
        yield _noted(command.answers, command, moment)
        if asked is None or asked.sent_at is None:
            yield step_for_owner("survey.short", "answers to a survey came that was never sent: read them", moment.now)
        return
    fitting = tuple(answer for answer in command.answers if _fits(asked.survey, answer))
    rest = tuple(answer for answer in command.answers if answer not in fitting)
    if fitting:
        yield _answered(asked, fitting, command, moment)
    if rest:
        yield _noted(rest, command, moment)
        yield step_for_owner("survey.short", "ask the customer what they meant in the survey", moment.now)
    if _unhappy(asked.survey, fitting):
        yield _to_hear(case, moment)
    if asked.says_unsolved(fitting):
        yield from _not_solved(case, command, moment, defects)


def _fits(survey: Survey, answer: SurveyAnswer) -> bool:
    question = survey.question(answer.question)
    return question is not None and answer.unfit(question) is None


def _unhappy(survey: Survey, answers: Iterable[SurveyAnswer]) -> bool:
    return any((q := survey.question(answer.question)) is not None and answer.is_unhappy(q) for answer in answers)


def _answered(asked: Surveying, answers: tuple[SurveyAnswer, ...], command: RecordSurveyAnswers, moment: Moment) -> SurveyAnswered:
    at = happened(command, moment)
    survey, sent_at = asked.survey, asked.sent_at
    return SurveyAnswered(
        at=at,
        by=command.by,
        answers=answers,
        channel=command.channel,
        late=survey is not None and sent_at is not None and at > later(sent_at, survey.open_for),
        unhappy=survey is not None and _unhappy(survey, answers),
    )


def _noted(answers: Iterable[SurveyAnswer], command: RecordSurveyAnswers, moment: Moment) -> ReportNoted:
    details = tuple((answer.question, _told(answer)) for answer in answers)
    return ReportNoted(at=happened(command, moment), by=command.by, report="record_survey_answers", details=details)


def _told(answer: SurveyAnswer) -> str:
    if answer.yes is not None:
        return "yes" if answer.yes else "no"
    return str(answer.score) if answer.score is not None else answer.text


def _to_hear(case: Case, moment: Moment) -> TaskSet:
    what = "the customer is unhappy in the survey: call them, and hear what could have been better"
    step = step_for_owner("survey.short", what, moment.now)
    return attrs.evolve(step, owner=moment.terms.supervisor(case.owner))


def _not_solved(case: Case, command: RecordSurveyAnswers, moment: Moment, defects: frozenset[str]) -> Iterator[Event | Command]:
    if "reopen.window" in defects:
        told = told_to_us(case, command.channel, "not solved after all, says the survey", happened(command, moment))
        yield from linked(case, told, command, moment)
    elif next_stage(case.stage, Trigger.REOPEN) is not None:
        chosen = choose_again(case, moment.terms, moment.context)
        reason = "the customer says in the survey that it is not solved"
        yield CaseReopened(at=happened(command, moment), by=command.by, owner=chosen.owner, reason=reason)
        if chosen.nobody_there:
            yield OwnerAway(at=moment.now, by=MACHINE, owner=chosen.owner)


# ---------------------------------------------------------------- how an event folds in


def sent(part: FollowingUpPart, case: Case, recorded: Recorded, event: SurveySent) -> FollowingUpPart:
    """It has gone out, with these questions."""
    return altered(part, survey=Surveying(survey=event.survey, sent_at=event.at))


def answers(part: FollowingUpPart, case: Case, recorded: Recorded, event: SurveyAnswered) -> FollowingUpPart:
    """The first answers count."""
    asked = part.survey or Surveying()
    told = attrs.evolve(asked, answered_at=event.at, answers=event.answers, late=event.late, unhappy=event.unhappy)
    return altered(part, survey=told)


def off(case: Case, recorded: Recorded, event: CaseClosed) -> Iterator[Mark]:
    """A case that is closed is not surveyed; one that has gone the whole way is."""
    yield Mark(name="survey_off", at=event.at, seq=recorded.seq)


FOLDS: dict[type[Event], object] = {SurveySent: sent, SurveyAnswered: answers}
MARKS: dict[type[Event], object] = {CaseClosed: off}

# ---------------------------------------------------------------- which messages it makes


def survey_to_customer(case: Case, recorded: Recorded, event: SurveySent, moment: Moment) -> Iterator[Draft]:
    """The customer gets the questions."""
    yield Draft(part=Part(template="survey", about=recorded.seq))


MESSAGES = {SurveySent: survey_to_customer}
