"""Keeping in touch and keeping one's word: the customer hears from the owner, gets an answer, and can count on a date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import Base, Clock, Length, Rung, Unit, Whom
from recovery.core.practice.common import happened, step_for_owner
from recovery.core.rule import Moment, Problem, rule
from recovery.core.values import altered
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Command, Event, Mark, Recorded
from recovery.core.vocabulary.keeping_in_touch import (
    AnswerWaived,
    Ask,
    CustomerInformed,
    DeferralRecorded,
    Inform,
    KeepingPart,
    KeepPromise,
    MakePromise,
    MovePromise,
    Promise,
    PromiseKept,
    PromiseMade,
    PromiseMoved,
    Question,
    QuestionAnswered,
    QuestionAsked,
    RecordAnswer,
    RecordDeferral,
    RecordPromise,
    WaiveAnswer,
)
from recovery.core.vocabulary.proposing import Propose
from recovery.core.vocabulary.receiving import ASKED, CaseAdopted, ContactJoined, ReportNoted
from recovery.core.vocabulary.resolving import MoveDelivery, Resolve

HEADING = "keeping_in_touch"

# ---------------------------------------------------------------- rules


@rule(
    "promise.realistic",
    heading=HEADING,
    source="O, L",
    on=(Acknowledge, Inform, MakePromise, RecordPromise, MovePromise, MoveDelivery, Propose, Resolve),
    blocks=False,
)
def promise_realistic(_case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a date nobody can keep: it lies ahead, and in working time where people are needed."""
    calendar, now = moment.terms.calendar, moment.now
    for field, date, needs_people in _dates(command):
        if date <= now:
            fault = "the date is not in the future"
        elif needs_people and not (calendar.is_open(date) or calendar.previous_closing(date) == date):
            fault = "nobody works at that time"
        else:
            continue
        possible = calendar.local_text(calendar.next_opening(max(date, now)))
        yield Problem(fault, field=field, hint=f"The next possible date is {possible}.", params={"date": date})


def _dates(command: Command) -> Iterator[tuple[str, DateTime, bool]]:
    """Yield each date a command offers, and whether people of ours are needed then; a parcel may arrive at any hour."""
    for field in ("next_word_at", "due_at", "by_date", "deliver_by"):
        date: DateTime | None = getattr(command, field, None)
        if date is not None:
            yield field, date, field in ("next_word_at", "due_at")
    if isinstance(command, Propose):
        yield from ((f"options.{number}.by", option.by, False) for number, option in enumerate(command.options) if option.by)


@rule("pause.only-for-customer", heading=HEADING, source="H", on=(Ask, RecordDeferral), fixed=True)
def pause_only_for_customer(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from clocks that stand still for our sake: only a question, or a date they named, pauses one."""
    match command:
        case Ask(question=question) if not question.strip():
            yield Problem(
                "it asks nothing, so there is nothing to wait for", field="question", hint="Say what the customer is asked."
            )
        case RecordDeferral(until=until) if until <= moment.now:
            yield Problem("the date the customer named is past", field="until", hint="There is nothing left to wait for.")
        case _:
            return


# ---------------------------------------------------------------- clocks

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="contact.keep-informed",
        rule="contact.keep-informed",
        what="give the customer a word, news or no news",
        starts=("received", "reopened", "first_word"),
        stops=("spoke",),
        repeats=True,
        ends=("settled", "reopened", "closed"),
        length=Length(3, Unit.BUSINESS_DAYS),
        contacts=True,
        ladder=(
            Rung(when=Length(-1, Unit.BUSINESS_DAYS), whom=Whom.OWNER),
            Rung(when=Length(7, Unit.CALENDAR_DAYS), base=Base.START, whom=Whom.SUPERVISOR, says="escalation"),
            Rung(when=Length(8, Unit.CALENDAR_DAYS), base=Base.START, whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="E: over a month without the slightest hint",
    ),
    Clock(
        id="contact.answer-owed",
        rule="contact.answer-owed",
        what="answer the customer",
        starts=("wrote",),
        stops=("answered",),
        ends=("lost",),
        length=Length(1, Unit.BUSINESS_DAYS),
        contacts=True,
        citation="L, H",
    ),
    Clock(
        id="promise.tracked",
        rule="promise.tracked",
        what="keep the promise, or announce a new date before it is missed",
        starts=("promised",),
        stops=("promise_kept", "promise_moved"),
        ends=("lost",),
        length=Length(2, Unit.BUSINESS_DAYS),
        citation="O, L; undated, it is due in two working days",
    ),
    Clock(
        id="promise.tracked.next-word",
        rule="promise.tracked",
        what="give the word that was promised for this date",
        starts=("word_promised",),
        stops=("spoke",),
        length=Length(2, Unit.BUSINESS_DAYS),
        contacts=True,
        citation="E, H; the date in the acknowledgement is a promise",
    ),
    Clock(
        id="customer.chased",
        rule="customer.chased",
        what="the customer owes us an answer: ask again",
        starts=("asked",),
        stops=("replied",),
        ends=("reopened", "closed"),
        length=Length(48, Unit.HOURS),
        contacts=True,
        holds=("wrote", "answered"),
        ladder=(
            Rung(when=Length(0, Unit.HOURS), whom=Whom.CUSTOMER, says="chase"),
            Rung(when=Length(5, Unit.BUSINESS_DAYS), base=Base.PREVIOUS, whom=Whom.CUSTOMER, says="chase_again"),
            Rung(when=Length(5, Unit.BUSINESS_DAYS), base=Base.PREVIOUS, whom=Whom.OWNER, says="reminder"),
            Rung(when=Length(1, Unit.BUSINESS_DAYS), base=Base.PREVIOUS, whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="H; 48 elapsed hours, then 5 working days",
    ),
)

PROTECTS = {
    "contact.keep-informed": "Protects the customer from weeks without a hint: they hear at a set pace, news or no news.",
    "contact.answer-owed": "Protects the customer from a message that nobody answers, however often they chase.",
    "promise.tracked": "Protects the customer from a date that passes in silence.",
    "customer.chased": "Protects the customer from a case that dies because one mail went unread.",
}
SOURCES = {
    "contact.keep-informed": "E",
    "contact.answer-owed": "H",
    "promise.tracked": "O, L",
    "customer.chased": "H",
}
FIXED_CLOCKS: frozenset[str] = frozenset()

# ---------------------------------------------------------------- what a command leads to


def inform(case: Case, command: Inform, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The customer has had a word, or will; what it repeats counts as said again."""
    yield CustomerInformed(
        at=happened(command, moment),
        by=command.by,
        word=command.word,
        next_word_at=command.next_word_at,
        proposal_by=command.next_word_at if command.no_proposal_yet else None,
        again=() if command.repeats is None else _marks_of(case, command.repeats),
    )


def _marks_of(case: Case, seq: int) -> tuple[Mark, ...]:
    parts = (part for out in case.receiving.outgoing for part in out.parts if part.about == seq)
    marks = next((part.marks for part in parts if part.marks), ())
    return tuple(mark for mark in marks if mark.name not in ("spoke", "answered"))


def ask(case: Case, command: Ask, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The customer has been asked; what asks nothing is a word, no more."""
    at = happened(command, moment)
    if defects:
        yield CustomerInformed(at=at, by=command.by, word=command.word)
    else:
        on_file = case.on_file(command.fact) if command.confirms and command.fact is not None else None
        yield QuestionAsked(
            at=at,
            by=command.by,
            word=command.word,
            question=command.question,
            fact=command.fact,
            again=command.again,
            confirms=command.confirms,
            on_file=on_file or "",
        )


def record_answer(case: Case, command: RecordAnswer, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The question is answered; an answer to no open question is only noted."""
    at = happened(command, moment)
    if defects or not any(question.id == command.question_id for question in case.keeping.questions):
        yield ReportNoted(at=at, by=command.by, report="record_answer", said=command.said)
    else:
        yield QuestionAnswered(at=at, by=command.by, question_id=command.question_id, said=command.said, value=command.value)


def waive_answer(case: Case, command: WaiveAnswer, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The message owes no answer any more."""
    yield AnswerWaived(at=moment.now, by=command.by, contact=command.contact, reason=command.reason)


def make_promise(_case: Case, command: MakePromise, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The promise is on the case, and the customer hears of it."""
    yield PromiseMade(at=moment.now, by=command.by, what=command.what, due_at=command.due_at)
    if command.word is not None:
        said_at = min(command.word.said_at or moment.now, moment.now)
        yield CustomerInformed(at=said_at, by=command.by, word=command.word)


def record_promise(_case: Case, command: RecordPromise, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The promise is on the case, whatever is wrong with it."""
    at = happened(command, moment)
    due_at = command.due_at or moment.terms.undated_promise.after(moment.now, moment.terms.calendar)
    yield PromiseMade(at=at, by=command.by, what=command.what, due_at=due_at, elsewhere=True)


def move_promise(case: Case, command: MovePromise, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The customer hears the new date; one for no open promise is a promise of its own."""
    at = happened(command, moment)
    if any(promise.id == command.promise_id for promise in case.keeping.promises):
        yield PromiseMoved(at=at, by=command.by, word=command.word, promise_id=command.promise_id, due_at=command.due_at)
    else:
        yield CustomerInformed(at=at, by=command.by, word=command.word, next_word_at=command.due_at)


def keep_promise(case: Case, command: KeepPromise, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The promise is kept; one that is not open is only noted."""
    at = happened(command, moment)
    if any(promise.id == command.promise_id for promise in case.keeping.promises):
        yield PromiseKept(at=at, by=command.by, promise_id=command.promise_id, note=command.note)
    else:
        yield ReportNoted(at=at, by=command.by, report=f"keep_promise {command.promise_id}")


def record_deferral(_case: Case, command: RecordDeferral, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The clocks that may pause wait until the date the customer named."""
    at = happened(command, moment)
    if defects:
        yield ReportNoted(at=at, by=command.by, report="record_deferral", said=command.said)
        yield step_for_owner("pause.only-for-customer", "ask the customer until when they want to wait", moment.now)
    else:
        yield DeferralRecorded(at=at, by=command.by, until=command.until, said=command.said)


# ---------------------------------------------------------------- how an event folds in


def adopted(part: KeepingPart, case: Case, recorded: Recorded, event: CaseAdopted) -> KeepingPart:
    """The other system says that it waits for the customer."""
    if event.asked_at is None:
        return part
    return altered(part, questions=(Question(id=ASKED, asked_at=event.asked_at, text=event.question),))


def asked(part: KeepingPart, case: Case, recorded: Recorded, event: QuestionAsked) -> KeepingPart:
    """One more open question."""
    question = Question(id=str(recorded.seq), asked_at=event.at, text=event.question, fact=event.fact, confirms=event.confirms)
    return altered(part, questions=(*part.questions, question))


def answered(part: KeepingPart, case: Case, recorded: Recorded, event: QuestionAnswered) -> KeepingPart:
    """One open question less."""
    return altered(part, questions=tuple(q for q in part.questions if q.id != event.question_id))


def wrote(part: KeepingPart, case: Case, recorded: Recorded, event: ContactJoined) -> KeepingPart:
    """Whoever writes is no longer waited for: we read it, answer, and ask again if need be."""
    return altered(part, questions=()) if event.owes_answer else part


def replies(case: Case, recorded: Recorded, event: ContactJoined) -> Iterable[Mark]:
    """A word of the customer ends the waiting for every open question."""
    if event.owes_answer:
        for question in case.keeping.questions:
            yield Mark(name="replied", at=event.at, seq=recorded.seq, key=question.id)


def promised(part: KeepingPart, case: Case, recorded: Recorded, event: PromiseMade) -> KeepingPart:
    """One more promise to keep."""
    promise = Promise(id=str(recorded.seq), what=event.what, due_at=event.due_at, made_at=event.at)
    return altered(part, promises=(*part.promises, promise))


def moved(part: KeepingPart, case: Case, recorded: Recorded, event: PromiseMoved) -> KeepingPart:
    """The promise has a new date."""
    changed = (altered(p, due_at=event.due_at) if p.id == event.promise_id else p for p in part.promises)
    return altered(part, promises=tuple(changed))


def kept(part: KeepingPart, case: Case, recorded: Recorded, event: PromiseKept) -> KeepingPart:
    """One promise less to keep."""
    return altered(part, promises=tuple(p for p in part.promises if p.id != event.promise_id))


CHECKS = (promise_realistic, pause_only_for_customer)
HANDLERS = {
    Inform: inform,
    Ask: ask,
    RecordAnswer: record_answer,
    WaiveAnswer: waive_answer,
    MakePromise: make_promise,
    RecordPromise: record_promise,
    MovePromise: move_promise,
    KeepPromise: keep_promise,
    RecordDeferral: record_deferral,
}
FOLDS = {
    CaseAdopted: adopted,
    QuestionAsked: asked,
    QuestionAnswered: answered,
    ContactJoined: wrote,
    PromiseMade: promised,
    PromiseMoved: moved,
    PromiseKept: kept,
}
MARKS = {ContactJoined: replies}
