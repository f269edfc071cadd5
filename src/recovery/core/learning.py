"""What there is to learn: causes, losses, training needs and broken promises, by the unit that is accountable and by period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from enum import Enum

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.agenda import Outcome, Reading, readings
from recovery.core.calendar import BusinessCalendar
from recovery.core.case import Case
from recovery.core.practice.common import accountable_of
from recovery.core.rule import Terms
from recovery.core.vocabulary.closing import CloseReason
from recovery.core.vocabulary.following_up import AnswerKind, FollowUpOutcome, Surveying, SurveyQuestion
from recovery.core.vocabulary.losing import Range, WinBack
from recovery.core.vocabulary.resolving import Resolution
from recovery.core.vocabulary.responsibility import CauseKind

__all__ = [
    "Learning",
    "Loss",
    "LossOutcome",
    "Per",
    "PromiseCount",
    "QuestionReport",
    "SurveyReport",
    "UnitReport",
    "learn",
    "periods",
]

TermsOf = Callable[[Case], Terms]


class Per(Enum):
    """How a time is cut into periods, by local days of the desk."""

    WHOLE = "whole"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class LossOutcome(Enum):
    """How far a loss has come: not reviewed yet, being won back, won back, or let go."""

    IN_REVIEW = "in_review"
    TRYING = "trying"
    WON_BACK = "won_back"
    LET_GO = "let_go"


@frozen(kw_only=True)
class Loss:
    """A customer who left. ``value`` is what they would be worth if they came back, by the estimate of the review."""

    lost_case: str
    win_back_case: str
    at: DateTime
    outcome: LossOutcome
    value: Range | None = None
    currency: str | None = None
    planned: bool = False


@frozen(kw_only=True)
class PromiseCount:
    """What became of the promises that were due: kept in time, moved in time, or broken."""

    kept: int = 0
    moved: int = 0
    broken: int = 0


@frozen(kw_only=True)
class UnitReport:
    """What one unit is accountable for. ``unit`` is ``None`` where nobody is on record.

    ``causes`` are the kinds of causes that were found, the most frequent first; ``training`` how many of them point at skill.
    """

    unit: str | None
    name: str
    cases: int = 0
    causes: Mapping[str, int] = field(factory=dict[str, int], hash=False)
    training: int = 0
    losses: tuple[Loss, ...] = ()
    promises: PromiseCount = field(factory=PromiseCount)


@frozen(kw_only=True)
class QuestionReport:
    """How one question of the survey was answered: how often each answer came, the mean of a scale, and the words."""

    id: str
    text: str
    counts: Mapping[str, int] = field(factory=dict[str, int], hash=False)
    mean: float | None = None
    words: tuple[tuple[str, str], ...] = field(default=(), repr=False, metadata={"personal": True})


@frozen(kw_only=True)
class SurveyReport:
    """The survey: how many were sent and answered, how many late, how many unhappy, and each question.

    A survey counts in the period in which it was sent, an answer in the one in which it came.
    """

    sent: int = 0
    answered: int = 0
    late: int = 0
    unhappy: int = 0
    questions: tuple[QuestionReport, ...] = ()


@frozen(kw_only=True)
class Learning:
    """What there is to learn from the time from ``since`` until before ``until``.

    ``units`` has one report for each unit that something is charged to, the policy's order first. ``opened``, ``solved`` and
    ``not_agreed`` count cases: a final no is never counted as solved.
    """

    since: DateTime
    until: DateTime
    opened: int = 0
    solved: int = 0
    not_agreed: int = 0
    units: tuple[UnitReport, ...] = ()
    survey: SurveyReport = field(factory=SurveyReport)


def periods(since: DateTime, until: DateTime, per: Per, calendar: BusinessCalendar) -> tuple[tuple[DateTime, DateTime], ...]:
    """Return the periods from ``since`` until ``until``: calendar months, quarters or years of the desk's zone, or the whole."""
    if per is Per.WHOLE or since >= until:
        return ((since, until),) if since < until else ()
    found: list[tuple[DateTime, DateTime]] = []
    start = since
    while start < until:
        end = min(_next_period(start, per, calendar), until)
        found.append((start, end))
        start = end
    return tuple(found)


def _next_period(start: DateTime, per: Per, calendar: BusinessCalendar) -> DateTime:
    months = {Per.MONTH: 1, Per.QUARTER: 3}.get(per, 12)
    today = calendar.local_date(start)
    ahead = today.year * 12 + (today.month - 1) // months * months + months
    return calendar.at_local_time(date(ahead // 12, ahead % 12 + 1, 1), time())


def learn(cases: Iterable[Case], since: DateTime, until: DateTime, now: DateTime, terms: Terms, terms_of: TermsOf) -> Learning:
    """Return what there is to learn from ``cases``. ``terms_of`` says by which terms each is timed, ``terms`` names the units."""
    counted = [case for case in cases if not case.in_tray]
    ordinary = [case for case in counted if case.losing.lost_case is None]
    opened = [case for case in ordinary if since <= case.opened_at < until]
    resolved = [case for case in ordinary if case.resolving.at is not None and since <= case.resolving.at < until]
    return Learning(
        since=since,
        until=until,
        opened=len(opened),
        solved=sum(_solved(case) for case in resolved),
        not_agreed=sum(case.resolving.resolution is Resolution.NOT_AGREED for case in resolved),
        units=tuple(_units(counted, since, until, now, terms, terms_of)),
        survey=_survey([case for case in counted if case.following_up.survey is not None], since, until),
    )


def _solved(case: Case) -> bool:
    """Whether the customer says that it is solved: a final no never is."""
    said = FollowUpOutcome.SOLVED in (case.following_up.days, case.following_up.weeks)
    return said and case.resolving.resolution is not Resolution.NOT_AGREED


# ---------------------------------------------------------------- by unit


def _units(
    cases: Sequence[Case], since: DateTime, until: DateTime, now: DateTime, terms: Terms, terms_of: TermsOf
) -> Iterator[UnitReport]:
    by_unit: dict[str | None, list[Case]] = {unit.id: [] for unit in terms.units}
    for case in cases:
        by_unit.setdefault(_unit(case), []).append(case)
    for unit_id, theirs in by_unit.items():
        known = None if unit_id is None else terms.unit(unit_id)
        name = unit_id if known is None or not known.name else known.name
        causes = Counter(kind for case in theirs if (kind := _cause(case, since, until)) is not None)
        report = UnitReport(
            unit=unit_id,
            name=name or "nobody on record",
            cases=sum(since <= case.opened_at < until for case in theirs if case.losing.lost_case is None),
            causes=dict(causes.most_common()),
            training=causes[CauseKind.SKILL.value],
            losses=tuple(loss for case in theirs if (loss := _loss(case)) is not None and since <= loss.at < until),
            promises=_promises([r for case in theirs for r in readings(case, terms_of(case), now)], since, until),
        )
        if unit_id is not None or report.cases or report.losses or report.promises != PromiseCount() or report.causes:
            yield report


def _unit(case: Case) -> str | None:
    return case.losing.accountable if case.losing.lost_case is not None else accountable_of(case)


def _cause(case: Case, since: DateTime, until: DateTime) -> str | None:
    cause = case.responsibility.cause
    return cause.kind.value if cause is not None and since <= cause.at < until else None


def _loss(case: Case) -> Loss | None:
    losing = case.losing
    if losing.lost_case is None or losing.lost_at is None:
        return None
    estimate = None if losing.review is None or losing.review.estimate.missing else losing.review.estimate
    return Loss(
        lost_case=losing.lost_case,
        win_back_case=case.id,
        at=losing.lost_at,
        outcome=_loss_outcome(case),
        value=None if estimate is None else estimate.worth().value,
        currency=None if estimate is None else estimate.currency,
        planned=losing.planned_at is not None,
    )


def _loss_outcome(case: Case) -> LossOutcome:
    review = case.losing.review
    if case.closing.reason is CloseReason.LOST or (review is not None and review.decision is WinBack.LET_GO):
        return LossOutcome.LET_GO
    if case.resolving.resolution in (Resolution.ACCEPTED, Resolution.DONE):
        return LossOutcome.WON_BACK
    return LossOutcome.IN_REVIEW if review is None else LossOutcome.TRYING


def _promises(found: Iterable[Reading], since: DateTime, until: DateTime) -> PromiseCount:
    due = [r for r in found if r.rule == "promise.tracked" and r.due_at is not None and since <= r.due_at < until]
    kept = [r for r in due if r.outcome is Outcome.MET]
    moved = sum(r.by == "promise_moved" for r in kept)
    return PromiseCount(kept=len(kept) - moved, moved=moved, broken=sum(r.outcome is Outcome.MISSED for r in due))


# ---------------------------------------------------------------- the survey


def _survey(cases: Sequence[Case], since: DateTime, until: DateTime) -> SurveyReport:
    asked = [(case, case.following_up.survey) for case in cases if case.following_up.survey is not None]
    told = [(case, each) for case, each in asked if each.answered_at is not None and since <= each.answered_at < until]
    sent = sum(each.sent_at is not None and since <= each.sent_at < until for _, each in asked)
    return SurveyReport(
        sent=sent,
        answered=len(told),
        late=sum(each.late for _, each in told),
        unhappy=sum(each.unhappy for _, each in told),
        questions=tuple(_questions(told)),
    )


def _questions(told: Iterable[tuple[Case, Surveying]]) -> Iterator[QuestionReport]:
    answers: dict[str, list[tuple[str, object]]] = {}
    asked: dict[str, SurveyQuestion] = {}
    for case, surveying in told:
        for question in () if surveying.survey is None else surveying.survey.questions:
            asked.setdefault(question.id, question)
        for answer in surveying.answers:
            value = answer.score if answer.score is not None else answer.yes if answer.yes is not None else answer.text
            answers.setdefault(answer.question, []).append((case.reference, value))
    for question in asked.values():
        yield _question(question, answers.get(question.id, []))


def _question(question: SurveyQuestion, answers: Sequence[tuple[str, object]]) -> QuestionReport:
    if question.answer is AnswerKind.TEXT:
        words = tuple((reference, str(value)) for reference, value in answers)
        return QuestionReport(id=question.id, text=question.text, words=words)
    if question.answer is AnswerKind.YES_NO:
        said = Counter("yes" if value else "no" for _, value in answers)
        return QuestionReport(id=question.id, text=question.text, counts={"yes": said["yes"], "no": said["no"]})
    scores = [value for _, value in answers if isinstance(value, int)]
    counts = {str(number): scores.count(number) for number in range(question.lowest, question.highest + 1)}
    mean = sum(scores) / len(scores) if scores else None
    return QuestionReport(id=question.id, text=question.text, counts=counts, mean=mean)
