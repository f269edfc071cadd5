"""Commands of every kind, fitting or not, for the case they are given to."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, NotACase, Reopen, UndoMerge
from recovery.core.vocabulary.common import Command, Customer, Mood, Said, Severity
from recovery.core.vocabulary.following_up import (
    FollowUp,
    PassFollowUp,
    RecordFollowUpAnswer,
    RecordSurveyAnswers,
    SurveyAnswer,
    Then,
    Topic,
)
from recovery.core.vocabulary.keeping_in_touch import (
    Ask,
    Inform,
    KeepPromise,
    MakePromise,
    MovePromise,
    RecordAnswer,
    RecordDeferral,
    RecordPromise,
    WaiveAnswer,
)
from recovery.core.vocabulary.known import Again
from recovery.core.vocabulary.losing import AskLostCustomer, Estimate, Finding, PlanMakeUp, PlannedStep, ReviewLoss, WinBack
from recovery.core.vocabulary.ownership import (
    AcceptHandover,
    ConsultHistory,
    DeclineHandover,
    MoveCase,
    OfferHandover,
    RecordFact,
)
from recovery.core.vocabulary.proposing import (
    Citing,
    DenyException,
    GrantException,
    Investigate,
    Propose,
    RecordDecline,
    RecordRemedySought,
    RequestException,
)
from recovery.core.vocabulary.receiving import (
    Assess,
    CompleteTask,
    Correct,
    Delivery,
    Identify,
    MergeIn,
    MergeOut,
    MovePolicy,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    Wake,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import (
    ArrivalSource,
    CheckArrival,
    ConfirmArrival,
    MoveDelivery,
    RecordAcceptance,
    RecordDispatch,
    Resolution,
    Resolve,
    Sending,
)
from recovery.core.vocabulary.responsibility import CauseKind, JoinIncident, NameAgain, RecordAccountable, RecordCause
from recovery.testing.strategies.words import (
    OPTIONS,
    SEARCHED,
    channels,
    contacts,
    customers,
    dates,
    heard,
    maybe_words,
    moments,
    moneys,
    one_of_ids,
    staff,
    words,
    words_spoken,
)

__all__ = ["a_delivery", "a_wake", "is_somebody", "losing", "pieces", "survey_answers"]


FACTS = st.sampled_from(("order_number", "Serial no.", "name"))
asked_again = st.sampled_from((None, None, *Again))


def _receiving(case: Case, now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    receiving = case.receiving
    known = [note.message_id for note in receiving.contacts if note.message_id is not None]
    messages = [out.id for out in receiving.outgoing]
    endings = (Delivery.SENT, Delivery.SENT, Delivery.GIVEN_UP, Delivery.BOUNCED, Delivery.NOT_REACHED, Delivery.NOT_NEEDED)
    when = st.one_of(st.none(), moments(now))
    wishes = st.one_of(
        st.builds(Wish, kind=st.just(WishKind.NOT_ON_CHANNEL), channel=channels),
        st.builds(Wish, kind=st.just(WishKind.NOT_BEFORE), until=dates(now)),
        st.sampled_from((Wish(kind=WishKind.ANOTHER_PERSON), Wish(kind=WishKind.DO_NOT_CONTACT))),
    )
    mended = st.builds(
        Correct,
        by=staff,
        reason=words,
        issue=maybe_words,
        customer=st.one_of(st.none(), customers()),
        category=st.sampled_from((None, "engines")),
        outcome=st.sampled_from((None, "done", "not_agreed")),
    )
    return [
        lambda: st.builds(Receive, contact=contacts(now, known=known)),
        lambda: st.builds(Receive, contact=contacts(now, known=known)),
        lambda: st.builds(
            ReportDelivery,
            message_id=one_of_ids(messages),
            delivery=st.sampled_from(endings),
            note=maybe_words,
            at=when,
        ),
        lambda: st.builds(ReportDelivery, message_id=one_of_ids(messages[-2:]), delivery=st.sampled_from(endings), at=when),
        lambda: st.builds(RecordWish, by=staff, wish=wishes, said=heard(case, now), at=when),
        lambda: st.builds(
            SetTask, by=staff, what=words, due_at=st.one_of(st.none(), dates(now)), owner=st.one_of(st.none(), staff)
        ),
        lambda: st.builds(
            CompleteTask, by=staff, task_id=one_of_ids([task.id for task in receiving.tasks]), note=maybe_words, at=when
        ),
        lambda: mended,
        lambda: st.builds(
            Assess,
            by=staff,
            severity=st.sampled_from(Severity),
            mood=st.sampled_from((None, *Mood)),
            category=st.sampled_from((None, "engines")),
        ),
        lambda: st.builds(Identify, by=staff, customer=customers().filter(is_somebody), issue=maybe_words, at=when),
        lambda: st.builds(MergeIn, by=staff, merged_id=st.just("case-9"), wrote_at=when, reference=st.just("R9")),
        lambda: st.builds(MergeOut, by=staff, merged_id=st.just("case-9"), reference=st.just("R9")),
        lambda: st.builds(MovePolicy, by=staff, reason=st.just("new hours")),
    ]


def is_somebody(customer: Customer) -> bool:
    """Whether a customer names anybody."""
    return bool(customer.name or customer.id or customer.addresses)


def _ownership(case: Case, now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    return [
        lambda: st.builds(OfferHandover, by=staff, to=staff, briefing=maybe_words),
        lambda: st.builds(AcceptHandover, by=staff),
        lambda: st.builds(DeclineHandover, by=staff, reason=words),
        lambda: st.builds(MoveCase, by=staff, to=staff, reason=maybe_words),
        lambda: st.builds(RecordFact, by=staff, key=FACTS, value=words, said=heard(case, now), again=asked_again),
        lambda: st.builds(
            ConsultHistory, by=staff, cases=st.sampled_from(((), ("earlier-1",), ("E1", "elsewhere"))), note=maybe_words
        ),
        lambda: st.builds(UndoMerge, by=staff, reason=words),
    ]


def _keeping(case: Case, now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    word, when = words_spoken(now), st.one_of(st.none(), moments(now))
    questions = [question.id for question in case.keeping.questions]
    promises = [promise.id for promise in case.keeping.promises]
    numbers = [note.seq for note in case.receiving.contacts]
    said = sorted({part.about for out in case.receiving.outgoing for part in out.parts if part.about is not None})
    named = st.one_of(st.none(), dates(now))
    return [
        lambda: st.builds(
            Acknowledge, by=staff, word=word, next_word_at=named, name=st.sampled_from(("", "Ana")), reach=maybe_words
        ),
        lambda: st.builds(
            Inform,
            by=staff,
            word=word,
            next_word_at=named,
            no_proposal_yet=st.booleans(),
            repeats=st.sampled_from((None, None, 999, *said)),
        ),
        lambda: st.builds(Ask, by=staff, word=word, question=maybe_words),
        lambda: st.builds(Ask, by=staff, word=word, question=words, fact=FACTS, again=asked_again, confirms=st.booleans()),
        lambda: st.builds(
            RecordAnswer, by=staff, question_id=one_of_ids(questions), said=heard(case, now), value=maybe_words, at=when
        ),
        lambda: st.builds(WaiveAnswer, by=staff, contact=st.sampled_from((999, *numbers)), reason=words),
        lambda: st.builds(MakePromise, by=staff, what=words, due_at=dates(now), word=st.one_of(st.none(), word)),
        lambda: st.builds(RecordPromise, by=staff, what=words, due_at=named, at=when),
        lambda: st.builds(MovePromise, by=staff, word=word, promise_id=one_of_ids(promises), due_at=dates(now)),
        lambda: st.builds(KeepPromise, by=staff, promise_id=one_of_ids(promises), note=maybe_words, at=when),
        lambda: st.builds(RecordDeferral, by=staff, until=dates(now), said=heard(case, now)),
    ]


def _settling(case: Case, now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    word, when = words_spoken(now), st.one_of(st.none(), moments(now))
    deliveries = [delivery.id for delivery in case.resolving.deliveries]
    exceptions = [one.id for one in case.proposing.exceptions]
    options = st.lists(st.sampled_from(OPTIONS), unique=True, max_size=2).map(tuple)
    named = st.one_of(st.none(), dates(now))
    return [
        lambda: st.builds(Investigate, by=staff),
        lambda: st.builds(
            Propose,
            by=staff,
            word=word,
            options=options,
            explanation=maybe_words,
            tried=st.sampled_from(((), SEARCHED)),
            second_person=st.one_of(st.none(), staff),
            counter_answer=maybe_words,
            cites=st.sampled_from(((), (), ("usual",), ("nothing",))),
            citing=st.one_of(st.none(), st.sampled_from(Citing)),
        ),
        lambda: st.builds(
            RecordRemedySought, by=staff, said=heard(case, now), remedy=st.sampled_from((None, "refund", "gold")), at=when
        ),
        lambda: st.builds(
            RequestException,
            by=staff,
            remedy=st.sampled_from(("refund", "gold")),
            reason=words,
            value=moneys,
            approver=st.one_of(st.none(), staff),
        ),
        lambda: st.builds(
            GrantException, by=staff, exception_id=one_of_ids(exceptions), until=dates(now), value=moneys, note=maybe_words
        ),
        lambda: st.builds(DenyException, by=staff, exception_id=one_of_ids(exceptions), reason=words),
        lambda: st.builds(RecordDecline, by=staff, said=heard(case, now), counter_offer=maybe_words, at=when),
        lambda: st.builds(
            RecordAcceptance, by=staff, option=st.sampled_from(("refund", "repair", "gold")), said=heard(case, now), at=when
        ),
        lambda: st.builds(
            Resolve,
            by=staff,
            word=word,
            outcome=st.sampled_from(Resolution),
            done=maybe_words,
            reasons=maybe_words,
            elsewhere=st.sampled_from(("", "the ombudsman")),
            delivers=st.sampled_from((None, "a pump")),
            deliver_by=named,
            tried=st.sampled_from(((), SEARCHED)),
            second_person=st.one_of(st.none(), staff),
        ),
        lambda: st.builds(
            RecordDispatch,
            by=staff,
            delivery_id=one_of_ids(deliveries),
            sent_as=st.sampled_from(Sending),
            carrier=st.sampled_from(("", "the post")),
            tracking=maybe_words,
            at=when,
        ),
        lambda: st.builds(MoveDelivery, by=staff, word=word, delivery_id=one_of_ids(deliveries), by_date=dates(now)),
        lambda: st.builds(CheckArrival, by=staff, word=word, delivery_id=one_of_ids(deliveries)),
        lambda: st.builds(
            ConfirmArrival,
            by=staff,
            delivery_id=one_of_ids(deliveries),
            source=st.sampled_from(ArrivalSource),
            said=heard(case, now),
            at=when,
        ),
    ]


def _responsible(now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    when = st.one_of(st.none(), moments(now))
    return [
        lambda: st.builds(RecordCause, by=staff, kind=st.sampled_from(CauseKind), text=words, external=st.booleans(), at=when),
        lambda: st.builds(RecordCause, by=staff, find_out_by=dates(now), at=when),
        lambda: st.builds(JoinIncident, by=staff, incident=st.sampled_from(("tyres", "bills")), key=st.just("")),
        lambda: st.builds(NameAgain, by=staff, incident=st.just("tyres"), key=st.sampled_from(("a", "b")), told=maybe_words),
        lambda: st.builds(
            RecordAccountable,
            by=staff,
            unit=st.sampled_from((None, "workshop", "sales")),
            task=maybe_words,
            due_at=st.one_of(st.none(), dates(now)),
        ),
    ]


def _ending(case: Case, now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    word, when = words_spoken(now), st.one_of(st.none(), moments(now))
    return [
        lambda: st.builds(
            FollowUp, by=staff, word=word, topics=st.sets(st.sampled_from(Topic), min_size=1), issue=maybe_words, reach=maybe_words
        ),
        lambda: st.builds(
            _follow_up_answer, said=heard(case, now), solved=st.booleans(), extra=maybe_words, then=st.booleans(), at=when
        ),
        lambda: st.builds(PassFollowUp, by=staff),
        lambda: st.builds(
            Close,
            by=staff,
            reason=st.sampled_from(CloseReason),
            said=st.one_of(st.none(), heard(case, now)),
            survivor=st.sampled_from((None, "case-8")),
            kind=st.one_of(st.none(), st.sampled_from(NotACase)),
            explanation=maybe_words,
            second_person=st.one_of(st.none(), staff),
        ),
        lambda: st.builds(Reopen, by=staff, reason=words, channel=channels, at=when),
    ]


def _follow_up_answer(said: Said, solved: bool, extra: str, then: bool, at: DateTime | None) -> RecordFollowUpAnswer:
    decided = Then.LINKED_CASE if then else Then.STEP
    return RecordFollowUpAnswer(
        by="ana", said=said, solved=solved, something_else=extra, then=decided if extra.strip() else None, at=at
    )


def pieces(case: Case, now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    """Return a strategy for each command class, made only when it is drawn from."""
    return [
        *_receiving(case, now),
        *_ownership(case, now),
        *_keeping(case, now),
        *_settling(case, now),
        *_responsible(now),
        *_ending(case, now),
        *_losing(now),
    ]


def _losing(now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    return [lambda: survey_answers(now), lambda: losing(now)]


def survey_answers(now: DateTime) -> SearchStrategy[Command]:
    """Draw answers to the survey, inside and outside its scales, to questions that it has and one that it has not."""
    scores = st.builds(SurveyAnswer, question=st.sampled_from(("easy", "treated", "odd")), score=st.integers(0, 6))
    told = st.builds(SurveyAnswer, question=st.just("better"), text=words)
    solved = st.builds(SurveyAnswer, question=st.just("solved"), yes=st.booleans())
    answers = st.lists(st.one_of(scores, told, solved), min_size=1, max_size=3, unique_by=lambda one: one.question).map(tuple)
    return st.builds(RecordSurveyAnswers, answers=answers, at=st.one_of(st.none(), moments(now)))


def losing(now: DateTime) -> SearchStrategy[Command]:
    """Draw what is done about a customer who left: they are asked, the loss is reviewed, its unit plans, or the case ends."""
    finding = st.one_of(st.builds(Finding, text=words), st.builds(Finding, unknown_because=words))
    complete = Estimate(cost=100, chance=(0.1, 0.4), years=3, purchases=500, margin=0.3, discount=0.05)
    step = st.builds(PlannedStep, what=words, owner=st.one_of(st.none(), staff), due_at=st.one_of(st.none(), dates(now)))
    steps = st.lists(step, max_size=2).map(tuple)
    review = st.builds(
        ReviewLoss,
        by=staff,
        should_have_taken=finding,
        turned=finding,
        needed=finding,
        estimate=st.sampled_from((complete, complete, Estimate())),
        decision=st.sampled_from(WinBack),
        reason=maybe_words,
        steps=steps,
    )
    return st.one_of(
        review,
        st.builds(AskLostCustomer, by=staff, word=words_spoken(now)),
        st.builds(PlanMakeUp, by=staff, plan=words, steps=steps),
        st.builds(Close, by=staff, reason=st.just(CloseReason.LOST), explanation=maybe_words),
    )


def a_wake() -> SearchStrategy[Command]:
    """The clocks are looked at."""
    return st.just(Wake())


def a_delivery(case: Case) -> SearchStrategy[Command]:
    """Draw what becomes of a message that is on its way, or of a call that is owed."""
    waiting = [out for out in case.receiving.outgoing if out.state in (Delivery.QUEUED, Delivery.OWED)]
    ends = st.sampled_from((Delivery.SENT, Delivery.SENT, Delivery.SENT, Delivery.BOUNCED, Delivery.NOT_REACHED))
    names = st.sampled_from([out.id for out in waiting] or ["nothing"])
    return st.builds(ReportDelivery, message_id=names, delivery=ends)
