"""Commands for a case as it stands: what usually comes next, what fits, anything at all, or the clocks' tick."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import cast

import pendulum
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pendulum import DateTime

from recovery.core.calendar import office_hours
from recovery.core.case import Case
from recovery.core.decide import decide
from recovery.core.policy import Policy
from recovery.core.reference import Identity
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, NotACase, Reopen, UndoMerge
from recovery.core.vocabulary.common import Channel, Command, Customer, Said, Word
from recovery.core.vocabulary.following_up import FollowUp, PassFollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import (
    Ask,
    Inform,
    KeepPromise,
    MakePromise,
    MovePromise,
    RecordAnswer,
    RecordDeferral,
    RecordPromise,
)
from recovery.core.vocabulary.known import Earlier
from recovery.core.vocabulary.ownership import (
    AcceptHandover,
    ConsultHistory,
    DeclineHandover,
    Load,
    MoveCase,
    OfferHandover,
    RecordFact,
)
from recovery.core.vocabulary.proposing import Investigate, Propose, RecordDecline
from recovery.core.vocabulary.receiving import (
    CompleteTask,
    Contact,
    Identify,
    MovePolicy,
    OpenCase,
    Receive,
    SetTask,
)
from recovery.core.vocabulary.resolving import (
    ArrivalSource,
    CheckArrival,
    ConfirmArrival,
    MoveDelivery,
    RecordAcceptance,
    RecordDispatch,
    Resolve,
    Sending,
)
from recovery.core.vocabulary.responsibility import CauseKind, RecordAccountable, RecordCause
from recovery.testing.strategies.pieces import a_delivery, a_wake, is_somebody, losing, pieces, survey_answers
from recovery.testing.strategies.words import (
    OPTIONS,
    UTTERED,
    ahead,
    contacts,
    customers,
    mails,
    maybe_words,
    words,
    words_spoken,
)

__all__ = ["batches", "commands", "contexts"]


LONG_AGO = pendulum.datetime(2025, 3, 3, 9, 0, tz="UTC")
EARLIER = Earlier(case_id="earlier-1", reference="E1", stage=Stage.FOLLOWED_UP_WEEKS, opened_at=LONG_AGO, category="engines")
SURVIVOR = "case-8"


def _onward(case: Case, now: DateTime) -> SearchStrategy[Command]:
    """Draw what usually comes next, so that walks get far."""
    word, said = mails(), words.map(lambda told: Said(channel=Channel.PHONE, words=told))
    called = Word(via=frozenset({Channel.PHONE}), text=UTTERED, said_at=now)
    owner, options = st.just(case.owner), st.sampled_from((OPTIONS, OPTIONS[1:], OPTIONS[:1]))
    match case.stage:
        case Stage.RECEIVED:
            return st.builds(Acknowledge, by=owner, word=word, next_word_at=ahead(now))
        case Stage.ACKNOWLEDGED:
            return st.builds(Investigate, by=owner)
        case Stage.INVESTIGATING:
            remedy = st.sampled_from((None, "refund", "repair"))
            done = st.builds(Resolve, by=owner, word=word, done=words, delivers=st.sampled_from((None, "a pump")), remedy=remedy)
            return st.one_of(st.builds(Propose, by=owner, word=word, options=options), done)
        case Stage.RESOLUTION_PROPOSED:
            offered = () if case.proposing.proposal is None else case.proposing.proposal.options
            yes = st.sampled_from([option.id for option in offered] or ["refund"])
            no = st.builds(RecordDecline, by=owner, said=said, counter_offer=maybe_words)
            return st.one_of(*[st.builds(RecordAcceptance, by=owner, option=yes, said=said)] * 3, no)
        case Stage.RESOLVED | Stage.FOLLOWED_UP_DAYS:
            if under_way := [d.id for d in case.resolving.deliveries if d.arrived_at is None and not d.unconfirmed]:
                return st.builds(ConfirmArrival, by=owner, delivery_id=st.just(under_way[0]), source=st.just(ArrivalSource.BANK))
            if case.stage is Stage.FOLLOWED_UP_DAYS and case.responsibility.cause is None:
                return st.builds(RecordCause, by=owner, kind=st.sampled_from(CauseKind), text=words)
            asked = st.builds(FollowUp, by=owner, word=st.one_of(st.just(called), words_spoken(now)))
            solved = st.sampled_from((True, True, True, False))
            answered = st.builds(RecordFollowUpAnswer, by=owner, said=said, solved=solved)
            return st.one_of(asked, answered, answered)
        case _:
            fresh = st.builds(Receive, contact=contacts(now))
            return st.one_of(st.builds(Reopen, by=owner, reason=words), fresh)


Making = Callable[[], SearchStrategy[Command]]


def _apt(case: Case, now: DateTime) -> list[Making]:
    """Return what fits the case as it stands: an answer to an open question, a word kept, a handover accepted."""
    owner, word = st.just(case.owner), mails()
    said = words.map(lambda told: Said(channel=Channel.EMAIL, words=told))
    supervisor = st.sampled_from(("cleo", "ana"))
    found: list[Making] = [
        lambda: st.builds(Receive, contact=contacts(now)),
        lambda: st.builds(
            Inform, by=owner, word=word, next_word_at=st.one_of(st.none(), ahead(now)), no_proposal_yet=st.booleans()
        ),
        lambda: st.builds(Ask, by=owner, word=word, question=words),
        lambda: st.builds(MakePromise, by=owner, what=words, due_at=ahead(now), word=st.one_of(st.none(), word)),
        lambda: st.builds(RecordPromise, by=owner, what=words, due_at=st.one_of(st.none(), ahead(now))),
        lambda: st.builds(RecordDeferral, by=owner, until=ahead(now), said=said),
        lambda: st.builds(SetTask, by=owner, what=words),
        lambda: st.builds(OfferHandover, by=owner, to=st.sampled_from(("ana", "ben", "cleo")), briefing=words),
        lambda: st.builds(MoveCase, by=supervisor, to=st.sampled_from(("ana", "ben")), reason=words),
        lambda: st.builds(MovePolicy, by=owner, reason=st.just("new hours")),
        lambda: st.builds(Acknowledge, by=owner, word=word, override=st.just({"acknowledge.says": UTTERED})),
        lambda: st.builds(PassFollowUp, by=owner),
        lambda: st.builds(RecordAccountable, by=owner, unit=st.just("workshop"), task=maybe_words),
        lambda: st.builds(RecordCause, by=owner, find_out_by=ahead(now)),
        lambda: _closing(owner, said),
        lambda: st.builds(RecordFact, by=owner, key=st.just("serial"), value=words, said=said),
        lambda: st.builds(Ask, by=owner, word=word, question=words, fact=st.just("serial")),
        lambda: st.builds(ConsultHistory, by=owner, cases=st.just((EARLIER.case_id,))),
        lambda: a_delivery(case),
        lambda: a_delivery(case),
        lambda: a_delivery(case),
    ]
    if case.closing.survivor is not None:
        found += [_made(UndoMerge, by=owner, reason=words)] * 9
    found += [_made(RecordAnswer, by=owner, question_id=question.id, said=said) for question in case.keeping.questions]
    found += [_made(KeepPromise, by=owner, promise_id=promise.id) for promise in case.keeping.promises]
    found += [
        _made(MovePromise, by=owner, word=word, promise_id=promise.id, due_at=ahead(now)) for promise in case.keeping.promises
    ]
    found += [_made(CompleteTask, by=owner, task_id=task.id) for task in case.receiving.tasks]
    if case.following_up.survey is not None:
        found += [lambda: survey_answers(now)] * 3
    if case.losing.lost_case is not None:
        found += [lambda: losing(now)] * 4
    for delivery in case.resolving.deliveries:
        moved = _made(MoveDelivery, by=owner, word=word, delivery_id=delivery.id, by_date=ahead(now))
        left = _made(RecordDispatch, by=owner, delivery_id=delivery.id, sent_as=st.sampled_from(Sending), tracking=words)
        found += [moved, left, _made(CheckArrival, by=owner, word=word, delivery_id=delivery.id)]
    if case.ownership.offer is not None:
        found += [_made(AcceptHandover, by=case.ownership.offer.to)] * 2
        found.append(_made(DeclineHandover, by=case.ownership.offer.to, reason=words))
    if case.in_tray:
        found += [_made(Identify, by=owner, customer=customers().filter(is_somebody), issue=maybe_words)] * 9
    return found


def _made(kind: type[Command], **parts: object) -> Making:
    fields = {name: _drawn(part) for name, part in parts.items()}
    return lambda: st.builds(kind, **fields)


def _drawn(part: object) -> SearchStrategy[object]:
    return cast("SearchStrategy[object]", part) if isinstance(part, SearchStrategy) else st.just(part)


def _closing(owner: SearchStrategy[str], said: SearchStrategy[Said]) -> SearchStrategy[Command]:
    spam = {"kind": st.just(NotACase.SPAM), "explanation": words, "second_person": st.just("cleo")}
    return st.one_of(
        st.builds(Close, by=owner, reason=st.just(CloseReason.WITHDRAWN), said=said),
        st.builds(Close, by=owner, reason=st.just(CloseReason.NO_ANSWER)),
        st.builds(Close, by=owner, reason=st.just(CloseReason.DUPLICATE), survivor=st.just(SURVIVOR)),
        st.builds(Close, by=st.just("ben"), reason=st.just(CloseReason.NOT_A_CASE), **spam),
        st.builds(Close, by=owner, reason=st.just(CloseReason.LOST), said=said),
    )


def commands(case: Case, now: DateTime) -> SearchStrategy[Command]:
    """Draw a command for ``case`` at ``now``: what usually comes next, what fits, anything at all, or the clocks' tick."""
    onward: list[Making] = [lambda: _onward(case, now)]
    apt, anything = _apt(case, now), pieces(case, now)
    some = st.sampled_from((onward, onward, apt, apt, apt, anything, anything, [a_wake]))
    return some.flatmap(st.sampled_from).flatmap(lambda making: making())


def batches(case: Case, now: DateTime) -> SearchStrategy[tuple[Command, ...]]:
    """Draw one command, at times two."""
    one = commands(case, now)
    return st.one_of(one.map(lambda command: (command,)), one.map(lambda command: (command,)), st.tuples(one, one))


_loads = st.one_of(
    st.none(), st.dictionaries(st.sampled_from(("ana", "ben", "cleo")), st.builds(Load, open_cases=st.integers(0, 3)))
)


def contexts(number: int) -> SearchStrategy[Context]:
    """Draw what is known of the world: who is away, who has how much to do, and under which name a linked case would be opened."""
    fresh = Identity(case_id=f"linked-{number}", reference=f"L{number}")
    away = (None, frozenset[str](), frozenset({"ana"}), frozenset({"ben", "cleo"}), frozenset({"ana", "cleo"}))
    earlier = ((), (), (), None, (EARLIER,))
    return st.builds(
        Context,
        away=st.sampled_from(away),
        loads=_loads,
        new_case=st.just(fresh),
        earlier=st.sampled_from(earlier),
        survivor=st.sampled_from((None, survivor())),
    )


@cache
def survivor() -> Case:
    """Return another case, in which a duplicate can live on."""
    contact = Contact(channel=Channel.LETTER, sender=Customer(name="Bo"), text="It went dark.", received_at=LONG_AGO)
    opening = OpenCase(case_id=SURVIVOR, reference="R8", contact=contact)
    policy = Policy(fallback_owner="ana", calendar=office_hours("Europe/Berlin"))
    return decide(None, opening, policy=policy, now=LONG_AGO).case
