"""The survey: at most five simple questions after "solved", and what the customer answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import Enum
from typing import ClassVar, cast

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import InvalidValue, Reason
from recovery.core.values import Value, checked, either, every, invalid, is_id, is_some_text, is_text, maybe
from recovery.core.vocabulary.common import MACHINE, Channel, Event, Need, Report

MOST_QUESTIONS = 5
"""How many questions a survey may have (practice: ``survey.short``)."""
MOST_WORDS = 25
"""How many words a simple question may have."""


class AnswerKind(Enum):
    """How a question of the survey is answered: a number on a scale, yes or no, or in the customer's own words."""

    SCALE = "scale"
    YES_NO = "yes_no"
    TEXT = "text"


def _short(field_name: str, message: str, hint: str) -> Reason:
    return Reason(rule="survey.short", field=field_name, message=f"{field_name} {message}.", hint=hint)


@frozen(kw_only=True)
class SurveyQuestion(Value):
    """One simple question of the survey. On a scale ``highest`` is best; up to ``unhappy_to`` the customer is unhappy.

    A question for yes or no is put so that *no* is bad. ``asks_better`` marks the one that asks, in the customer's own words, what
    could have been better; ``asks_solved`` the one to which *no* brings the case back. ``translated`` holds the text in other
    languages: ``{"de": "..."}``.
    """

    id: str = field(metadata=checked(is_id))
    text: str = field(metadata=checked(is_some_text))
    answer: AnswerKind = field(default=AnswerKind.SCALE, metadata=checked(either(AnswerKind)))
    lowest: int = field(default=1, metadata=checked(either(int)))
    highest: int = field(default=5, metadata=checked(either(int)))
    unhappy_to: int = field(default=2, metadata=checked(either(int)))
    asks_better: bool = field(default=False, metadata=checked(either(bool)))
    asks_solved: bool = field(default=False, metadata=checked(either(bool)))
    translated: Mapping[str, str] = field(factory=dict[str, str], hash=False)

    def faults(self) -> list[Reason]:
        """It asks one thing, shortly, and its scale runs upwards."""
        found: list[Reason] = []
        if len(self.text.split()) > MOST_WORDS or self.text.count("?") > 1:
            found.append(_short("text", "is not one simple question", f"Ask one thing, in at most {MOST_WORDS} words."))
        if self.answer is AnswerKind.SCALE and not 1 <= self.highest - self.lowest <= 10:
            found.append(_short("highest", "makes no scale", "A scale has 2 to 11 numbers, and the highest is best."))
        if self.asks_better and self.answer is not AnswerKind.TEXT:
            found.append(_short("asks_better", "goes with an answer in words", "Give answer=AnswerKind.TEXT."))
        if self.asks_solved and self.answer is not AnswerKind.YES_NO:
            found.append(_short("asks_solved", "goes with yes or no", "Give answer=AnswerKind.YES_NO."))
        return found

    def said(self, language: str | None) -> str:
        """Return the question in a customer's language, where it is translated."""
        wanted = (language or "").partition("-")[0]
        return self.translated.get(wanted, self.text)


@frozen(kw_only=True)
class SurveyAnswer(Value):
    """The answer to one question: a number (``score``), yes or no (``yes``), or the customer's own words (``text``)."""

    question: str = field(metadata=checked(is_id))
    score: int | None = field(default=None, metadata=checked(maybe(either(int))))
    yes: bool | None = field(default=None, metadata=checked(maybe(either(bool))))
    text: str = field(default="", repr=False, metadata=checked(is_text, personal=True))

    def faults(self) -> list[Reason]:
        """It says one thing."""
        if (self.score is not None) + (self.yes is not None) + bool(self.text.strip()) != 1:
            return [invalid("score", "is not the only answer, or none is given", "Give one of score, yes and text.")]
        return []

    def unfit(self, question: SurveyQuestion) -> tuple[str, str] | None:
        """Return the field in which this is no answer to ``question``, and why; ``None`` where it is one."""
        given = {AnswerKind.SCALE: self.score, AnswerKind.YES_NO: self.yes, AnswerKind.TEXT: self.text.strip() or None}
        fields = {AnswerKind.SCALE: "score", AnswerKind.YES_NO: "yes", AnswerKind.TEXT: "text"}
        if given[question.answer] is None:
            return fields[question.answer], f"{question.id} is answered by {question.answer.value.replace('_', ' or ')}"
        if self.score is not None and not question.lowest <= self.score <= question.highest:
            return "score", f"{self.score} lies outside the scale of {question.id}, {question.lowest} to {question.highest}"
        return None

    def is_unhappy(self, question: SurveyQuestion) -> bool:
        """Whether the customer says here that it was not good."""
        return self.yes is False or (self.score is not None and self.score <= question.unhappy_to)


def in_order(given: Iterable[SurveyQuestion]) -> tuple[SurveyQuestion, ...]:
    """Return questions as a tuple; what is no collection is left for the field's check."""
    return tuple(given) if isinstance(given, (list, tuple)) else cast("tuple[SurveyQuestion, ...]", given)


@frozen(kw_only=True)
class Survey(Value):
    """The survey that goes out once per case, after the customer has said that it is solved: at most five simple questions.

    One of them asks what could have been better. Answers count for ``open_days`` days, and after that as late. ``link`` is the
    address of your form, in which ``$reference`` stands for the case's; without one the customer answers the message. Raises
    :class:`InvalidValue` for a sixth question, or where none asks what could have been better.
    """

    questions: tuple[SurveyQuestion, ...] = field(converter=in_order, metadata=checked(every(either(SurveyQuestion))))
    open_days: int = field(default=30, metadata=checked(either(int)))
    link: str = field(default="", metadata=checked(is_text))

    def faults(self) -> list[Reason]:
        """It is short, its questions can be told apart, and it asks what could have been better."""
        found: list[Reason] = []
        if not 1 <= len(self.questions) <= MOST_QUESTIONS:
            message = f"are {len(self.questions)}, and a survey has 1 to {MOST_QUESTIONS}"
            found.append(_short("questions", message, "Leave out what you would not act upon."))
        ids = [question.id for question in self.questions]
        if len(set(ids)) < len(ids):
            found.append(_short("questions", "hold one id twice", "Give each question an id of its own."))
        if not any(question.asks_better for question in self.questions):
            hint = "Mark the one that does with asks_better."
            found.append(_short("questions", "do not ask what could have been better", hint))
        if self.open_days < 1:
            found.append(_short("open_days", "is less than a day", "Give the customer time to answer."))
        return found

    @property
    def open_for(self) -> timedelta:
        """How long answers are in time, from the sending on."""
        return timedelta(days=self.open_days)

    def question(self, question_id: str) -> SurveyQuestion | None:
        """Return the question with that id, if there is one."""
        return next((question for question in self.questions if question.id == question_id), None)

    def read(self, form: Mapping[str, object]) -> tuple[SurveyAnswer, ...]:
        """Return the answers in what a form sends: ``{"treated": "4", "solved": "yes", "better": "The first call."}``.

        What was left empty is left out. Raises :class:`InvalidValue` that names every question that is unknown, every number
        outside its scale, and a form in which nothing is answered.
        """
        found: list[SurveyAnswer] = []
        wrong: list[Reason] = []
        for name, given in form.items():
            question = self.question(name)
            if question is None:
                known = ", ".join(each.id for each in self.questions)
                wrong.append(_short(name, "is no question of the survey", f"There are: {known}."))
            elif given is not None and str(given).strip():
                answer = _answer(question, given)
                unfit = ("", f"{given!r} is no answer to it") if answer is None else answer.unfit(question)
                if answer is None or unfit is not None:
                    wrong.append(_short(name, f"cannot be: {unfit[1] if unfit else ''}", _takes(question)))
                else:
                    found.append(answer)
        if wrong or not found:
            raise InvalidValue("the survey", wrong or [_short("answers", "are missing", "Answer at least one question.")])
        return tuple(found)


def _answer(question: SurveyQuestion, given: object) -> SurveyAnswer | None:
    told = str(given).strip()
    match question.answer:
        case AnswerKind.TEXT:
            return SurveyAnswer(question=question.id, text=told)
        case AnswerKind.SCALE:
            whole = re.fullmatch(r"[+-]?\d{1,9}", told)
            return SurveyAnswer(question=question.id, score=int(told)) if whole and not isinstance(given, bool) else None
        case _:
            yes = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(told.casefold())
            return None if yes is None else SurveyAnswer(question=question.id, yes=yes)


def _takes(question: SurveyQuestion) -> str:
    scale = f"Give a whole number from {question.lowest} to {question.highest}."
    return {AnswerKind.SCALE: scale, AnswerKind.YES_NO: "Give yes or no.", AnswerKind.TEXT: "Give words."}[question.answer]


@frozen(kw_only=True)
class Surveying:
    """How far the survey of a case has come: what was sent and when, and what the customer answered."""

    survey: Survey | None = None
    sent_at: DateTime | None = None
    answered_at: DateTime | None = None
    answers: tuple[SurveyAnswer, ...] = ()
    late: bool = False
    unhappy: bool = False

    def says_unsolved(self, answers: Iterable[SurveyAnswer]) -> bool:
        """Whether one of ``answers`` says that it is not solved after all."""
        asked = () if self.survey is None else self.survey.questions
        solved = {question.id for question in asked if question.asks_solved}
        return any(answer.yes is False and answer.question in solved for answer in answers)


@frozen(kw_only=True)
class RecordSurveyAnswers(Report):
    """Put the customer's answers to the survey on file, as they stand in a form or as told by phone.

    What a form brings is made into answers by the method read of a Survey.
    """

    by: str = field(default=MACHINE, metadata=checked(is_id))
    answers: tuple[SurveyAnswer, ...] = field(metadata=checked(every(either(SurveyAnswer))))
    channel: Channel = field(default=Channel.WEB_FORM, metadata=checked(either(Channel)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.NEW_CASE})

    def faults(self) -> list[Reason]:
        """Something is answered, and nothing twice."""
        asked = [answer.question for answer in self.answers]
        if not asked:
            return [invalid("answers", "are missing", "Give at least one.")]
        if len(set(asked)) < len(asked):
            return [invalid("answers", "answer one question twice", "Give one answer to each.")]
        return []


@frozen(kw_only=True)
class SurveyPlanned(Event):
    """The customer says that it is solved, so the survey goes out in a while."""

    marks: ClassVar[tuple[str, ...]] = ("survey_planned",)


@frozen(kw_only=True)
class SurveySent(Event):
    """The survey goes out: the questions, and as what they are put to the customer, in their language."""

    survey: Survey
    asks: str = field(default="", metadata={"public": True})
    link: str = field(default="", metadata={"public": True})

    marks: ClassVar[tuple[str, ...]] = ("survey_settled",)


@frozen(kw_only=True)
class SurveySkipped(Event):
    """The survey does not go out, and why."""

    why: str

    marks: ClassVar[tuple[str, ...]] = ("survey_settled",)


@frozen(kw_only=True)
class SurveyAnswered(Event):
    """The customer answered the survey.

    ``late`` is after its time; ``unhappy`` where an answer says so.
    """

    answers: tuple[SurveyAnswer, ...]
    channel: Channel
    late: bool = False
    unhappy: bool = False


def _default() -> Survey:
    return Survey(
        questions=(
            SurveyQuestion(
                id="solved",
                text="Is it still solved?",
                answer=AnswerKind.YES_NO,
                asks_solved=True,
                translated={"de": "Ist es noch immer gelöst?"},
            ),
            SurveyQuestion(
                id="easy",
                text="How easy was it to get it solved with us?",
                translated={"de": "Wie leicht war es, mit uns zu einer Lösung zu kommen?"},
            ),
            SurveyQuestion(
                id="treated",
                text="How well were you treated?",
                translated={"de": "Wie gut sind Sie behandelt worden?"},
            ),
            SurveyQuestion(
                id="better",
                text="What could we have done better?",
                answer=AnswerKind.TEXT,
                asks_better=True,
                translated={"de": "Was hätten wir besser machen können?"},
            ),
        )
    )


SURVEY: Survey = _default()
"""The survey unless a policy has its own: still solved, how easy, how well treated, and what could have been better."""
