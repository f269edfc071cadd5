"""Hypothesis strategies: contacts, waits, and commands that fit, or do not fit, the case they are given to.

Whatever a person could have written carries :data:`PERSONAL`, so that a test can look for it where it must not be.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.rule import Context, Identity
from recovery.core.stages import Stage
from recovery.core.values import later
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, NotACase, Reopen
from recovery.core.vocabulary.common import Address, Channel, Command, Customer, Said, Word
from recovery.core.vocabulary.following_up import FollowUp, PassFollowUp, RecordFollowUpAnswer, Then, Topic
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
from recovery.core.vocabulary.ownership import AcceptHandover, DeclineHandover, MoveCase, OfferHandover
from recovery.core.vocabulary.proposing import Investigate, Option, Propose, RecordDecline
from recovery.core.vocabulary.receiving import (
    Attachment,
    CompleteTask,
    Contact,
    Correct,
    Delivery,
    Identify,
    MergeIn,
    MovePolicy,
    OpenCase,
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
    Resolution,
    Resolve,
)
from support import BERLIN

__all__ = ["PERSONAL", "UTTERED", "batches", "commands", "contacts", "contexts", "openings", "pieces", "waits"]

PERSONAL = "Zyxq"
"""What every personal text drawn here begins with."""

UTTERED = f"{PERSONAL} the pump leaks"

_WORDS = (UTTERED, f"{PERSONAL} $text ${{owner}} 100 %", f"{PERSONAL} ünï \u202e\U0001f600\nsecond line")

words: SearchStrategy[str] = st.sampled_from(_WORDS)
"""Something to read."""

maybe_words: SearchStrategy[str] = st.sampled_from((*_WORDS, "", " "))
"""Something to read, or not."""

staff: SearchStrategy[str] = st.sampled_from(("ana", "ana", "ben", "cleo", "zoe"))
"""Who acts; nobody is called zoe."""

channels: SearchStrategy[Channel] = st.sampled_from((Channel.EMAIL, Channel.PHONE, Channel.SMS, Channel.LETTER, Channel.WEB_FORM))

waits: SearchStrategy[timedelta] = st.one_of(
    st.just(timedelta()),
    st.sampled_from(
        [timedelta(minutes=7), timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=3), timedelta(days=8)]
    ),
    st.sampled_from([timedelta(days=22), timedelta(days=40)]),
    st.integers(1, 60 * 24 * 9).map(lambda minutes: timedelta(minutes=minutes)),
)
"""From no time at all to some weeks."""


@st.composite
def customers(draw: st.DrawFn) -> Customer:
    """Draw a customer, known or hardly known."""
    wanted = draw(
        st.sampled_from(((Channel.EMAIL, Channel.PHONE), (Channel.EMAIL,), (Channel.PHONE,), (Channel.SMS, Channel.EMAIL), ()))
    )
    return Customer(
        name=draw(st.sampled_from((f"{PERSONAL} Bo", None, ""))),
        id=draw(st.sampled_from((None, "c-1"))),
        addresses=tuple(Address(channel=channel, value=f"{PERSONAL}@{channel.value}") for channel in wanted),
        timezone=draw(st.sampled_from((None, "Asia/Kolkata", "Nowhere/Land"))),
    )


def moments(now: DateTime) -> SearchStrategy[DateTime]:
    """Draw an instant around ``now``: weeks before it, at it, and a little after it."""
    return st.sampled_from((0, 0, -1, -60, -60 * 26, -60 * 24 * 9, 30)).map(lambda minutes: later(now, timedelta(minutes=minutes)))


def dates(now: DateTime) -> SearchStrategy[DateTime]:
    """Draw a date somebody may name: mostly ahead, in and out of hours, sometimes past."""
    return st.sampled_from((-60, 30, 60 * 3, 60 * 24, 60 * 24 * 2, 60 * 24 * 5, 60 * 24 * 12)).map(
        lambda minutes: later(now, timedelta(minutes=minutes))
    )


def ahead(now: DateTime) -> SearchStrategy[DateTime]:
    """Draw a date that can be kept: ahead, and in working time."""
    days = st.sampled_from((1, 2, 5, 12))
    return days.map(lambda count: BERLIN.add_days(later(now, timedelta(minutes=1)), count))


@st.composite
def contacts(draw: st.DrawFn, now: DateTime, *, known: Sequence[str] = ()) -> Contact:
    """Draw a contact; ``known`` are message ids that may come a second time."""
    return Contact(
        channel=draw(channels),
        sender=draw(customers()),
        text=draw(maybe_words),
        subject=draw(maybe_words),
        received_at=draw(moments(now)),
        message_id=draw(st.sampled_from((None, None, f"m-{now.isoformat()}", *known))),
        automatic=draw(st.sampled_from((False, False, False, True))),
        attachments=draw(st.sampled_from(((), (Attachment(name=f"{PERSONAL}.jpg"),)))),
        category=draw(st.sampled_from((None, "boats"))),
    )


def openings(case_id: str, now: DateTime) -> SearchStrategy[OpenCase]:
    """Draw the opening of a case: three times in four from a contact that is one."""
    usual = Contact(
        channel=Channel.EMAIL,
        sender=Customer(
            name=f"{PERSONAL} Bo",
            addresses=(
                Address(channel=Channel.EMAIL, value=f"{PERSONAL}@mail.example"),
                Address(channel=Channel.PHONE, value=f"{PERSONAL} 1234"),
            ),
        ),
        text=UTTERED,
        received_at=now,
    )
    plain = st.just(usual)
    return st.one_of(plain, plain, plain, contacts(now)).map(
        lambda contact: OpenCase(case_id=case_id, reference=f"R-{case_id}", contact=contact)
    )


_WAYS = ({Channel.EMAIL}, {Channel.PHONE}, {Channel.EMAIL, Channel.PHONE}, {Channel.SMS, Channel.LETTER})


@st.composite
def words_spoken(draw: st.DrawFn, now: DateTime) -> Word:
    """Draw what a person says: about to be said, said before, or said to a voicemail."""
    via = draw(st.sampled_from(_WAYS))
    said_at = draw(st.one_of(st.none(), st.none(), moments(now)))
    return Word(
        via=frozenset(via),
        text=draw(words if said_at is None else maybe_words),
        said_at=said_at,
        reached=said_at is None or draw(st.sampled_from((True, True, False))),
        answers=draw(st.sampled_from((True, True, True, False))),
    )


def mails() -> SearchStrategy[Word]:
    """Draw what a person is about to mail."""
    return words.map(lambda text: Word(via=frozenset({Channel.EMAIL}), text=text))


@st.composite
def heard(draw: st.DrawFn, case: Case, now: DateTime) -> Said:
    """Draw what the customer said: in words, or in a message that is on the case, or is not."""
    numbers = [note.seq for note in case.receiving.contacts]
    contact = draw(st.sampled_from((None, None, *numbers, 999)))
    return Said(
        channel=draw(channels),
        words=draw(words if contact is None else maybe_words),
        contact=contact,
        at=draw(st.one_of(st.none(), moments(now))),
    )


def _of(ids: Sequence[str]) -> SearchStrategy[str]:
    return st.sampled_from((*ids, *ids, *ids, "nothing"))


_OPTIONS = (
    Option(id="refund", text=f"{PERSONAL} your money back", delivers="the refund"),
    Option(id="repair", text=f"{PERSONAL} we repair it"),
)


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
            message_id=_of(messages),
            delivery=st.sampled_from(endings),
            note=maybe_words,
            at=when,
        ),
        lambda: st.builds(ReportDelivery, message_id=_of(messages[-2:]), delivery=st.sampled_from(endings), at=when),
        lambda: st.builds(RecordWish, by=staff, wish=wishes, said=heard(case, now), at=when),
        lambda: st.builds(
            SetTask, by=staff, what=words, due_at=st.one_of(st.none(), dates(now)), owner=st.one_of(st.none(), staff)
        ),
        lambda: st.builds(CompleteTask, by=staff, task_id=_of([task.id for task in receiving.tasks]), note=maybe_words, at=when),
        lambda: mended,
        lambda: st.builds(Identify, by=staff, customer=customers().filter(_is_somebody), issue=maybe_words, at=when),
        lambda: st.builds(MergeIn, by=staff, merged_id=st.just("case-9"), wrote_at=when),
        lambda: st.builds(MovePolicy, by=staff, reason=st.just("new hours")),
    ]


def _is_somebody(customer: Customer) -> bool:
    return bool(customer.name or customer.id or customer.addresses)


def _ownership() -> list[Callable[[], SearchStrategy[Command]]]:
    return [
        lambda: st.builds(OfferHandover, by=staff, to=staff, briefing=maybe_words),
        lambda: st.builds(AcceptHandover, by=staff),
        lambda: st.builds(DeclineHandover, by=staff, reason=words),
        lambda: st.builds(MoveCase, by=staff, to=staff, reason=maybe_words),
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
        lambda: st.builds(RecordAnswer, by=staff, question_id=_of(questions), said=heard(case, now), at=when),
        lambda: st.builds(WaiveAnswer, by=staff, contact=st.sampled_from((999, *numbers)), reason=words),
        lambda: st.builds(MakePromise, by=staff, what=words, due_at=dates(now), word=st.one_of(st.none(), word)),
        lambda: st.builds(RecordPromise, by=staff, what=words, due_at=named, at=when),
        lambda: st.builds(MovePromise, by=staff, word=word, promise_id=_of(promises), due_at=dates(now)),
        lambda: st.builds(KeepPromise, by=staff, promise_id=_of(promises), note=maybe_words, at=when),
        lambda: st.builds(RecordDeferral, by=staff, until=dates(now), said=heard(case, now)),
    ]


def _settling(case: Case, now: DateTime) -> list[Callable[[], SearchStrategy[Command]]]:
    word, when = words_spoken(now), st.one_of(st.none(), moments(now))
    deliveries = [delivery.id for delivery in case.resolving.deliveries]
    options = st.lists(st.sampled_from(_OPTIONS), unique=True, max_size=2).map(tuple)
    named = st.one_of(st.none(), dates(now))
    return [
        lambda: st.builds(Investigate, by=staff),
        lambda: st.builds(Propose, by=staff, word=word, options=options, explanation=maybe_words),
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
        ),
        lambda: st.builds(MoveDelivery, by=staff, word=word, delivery_id=_of(deliveries), by_date=dates(now)),
        lambda: st.builds(CheckArrival, by=staff, word=word, delivery_id=_of(deliveries)),
        lambda: st.builds(
            ConfirmArrival,
            by=staff,
            delivery_id=_of(deliveries),
            source=st.sampled_from(ArrivalSource),
            said=heard(case, now),
            at=when,
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
    return [*_receiving(case, now), *_ownership(), *_keeping(case, now), *_settling(case, now), *_ending(case, now)]


def _wake() -> SearchStrategy[Command]:
    return st.just(Wake())


def _deliver(case: Case) -> SearchStrategy[Command]:
    """Draw what becomes of a message that is on its way, or of a call that is owed."""
    waiting = [out for out in case.receiving.outgoing if out.state in (Delivery.QUEUED, Delivery.OWED)]
    ends = st.sampled_from((Delivery.SENT, Delivery.SENT, Delivery.SENT, Delivery.BOUNCED, Delivery.NOT_REACHED))
    names = st.sampled_from([out.id for out in waiting] or ["nothing"])
    return st.builds(ReportDelivery, message_id=names, delivery=ends)


def _onward(case: Case, now: DateTime) -> SearchStrategy[Command]:
    """Draw what usually comes next, so that walks get far."""
    word, said = mails(), words.map(lambda told: Said(channel=Channel.PHONE, words=told))
    called = Word(via=frozenset({Channel.PHONE}), text=UTTERED, said_at=now)
    owner, options = st.just(case.owner), st.sampled_from((_OPTIONS, _OPTIONS[1:], _OPTIONS[:1]))
    match case.stage:
        case Stage.RECEIVED:
            return st.builds(Acknowledge, by=owner, word=word, next_word_at=ahead(now))
        case Stage.ACKNOWLEDGED:
            return st.builds(Investigate, by=owner)
        case Stage.INVESTIGATING:
            done = st.builds(Resolve, by=owner, word=word, done=words, delivers=st.sampled_from((None, "a pump")))
            return st.one_of(st.builds(Propose, by=owner, word=word, options=options), done)
        case Stage.RESOLUTION_PROPOSED:
            offered = () if case.proposing.proposal is None else case.proposing.proposal.options
            yes = st.sampled_from([option.id for option in offered] or ["refund"])
            no = st.builds(RecordDecline, by=owner, said=said, counter_offer=maybe_words)
            return st.one_of(*[st.builds(RecordAcceptance, by=owner, option=yes, said=said)] * 3, no)
        case Stage.RESOLVED | Stage.FOLLOWED_UP_DAYS:
            if under_way := [d.id for d in case.resolving.deliveries if d.arrived_at is None and not d.unconfirmed]:
                return st.builds(ConfirmArrival, by=owner, delivery_id=st.just(under_way[0]), source=st.just(ArrivalSource.BANK))
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
        lambda: _closing(owner, said),
        lambda: _deliver(case),
        lambda: _deliver(case),
        lambda: _deliver(case),
    ]
    found += [_made(RecordAnswer, by=owner, question_id=question.id, said=said) for question in case.keeping.questions]
    found += [_made(KeepPromise, by=owner, promise_id=promise.id) for promise in case.keeping.promises]
    found += [
        _made(MovePromise, by=owner, word=word, promise_id=promise.id, due_at=ahead(now)) for promise in case.keeping.promises
    ]
    found += [_made(CompleteTask, by=owner, task_id=task.id) for task in case.receiving.tasks]
    for delivery in case.resolving.deliveries:
        moved = _made(MoveDelivery, by=owner, word=word, delivery_id=delivery.id, by_date=ahead(now))
        found += [moved, _made(CheckArrival, by=owner, word=word, delivery_id=delivery.id)]
    if case.ownership.offer is not None:
        found += [_made(AcceptHandover, by=case.ownership.offer.to)] * 2
        found.append(_made(DeclineHandover, by=case.ownership.offer.to, reason=words))
    if case.in_tray:
        found += [_made(Identify, by=owner, customer=customers().filter(_is_somebody), issue=maybe_words)] * 9
    return found


def _made(kind: type[Command], **parts: object) -> Making:
    fields = {name: part if isinstance(part, SearchStrategy) else st.just(part) for name, part in parts.items()}
    return lambda: st.builds(kind, **fields)


def _closing(owner: SearchStrategy[str], said: SearchStrategy[Said]) -> SearchStrategy[Command]:
    spam = {"kind": st.just(NotACase.SPAM), "explanation": words, "second_person": st.just("cleo")}
    return st.one_of(
        st.builds(Close, by=owner, reason=st.just(CloseReason.WITHDRAWN), said=said),
        st.builds(Close, by=owner, reason=st.just(CloseReason.NO_ANSWER)),
        st.builds(Close, by=st.just("ben"), reason=st.just(CloseReason.NOT_A_CASE), **spam),
    )


def commands(case: Case, now: DateTime) -> SearchStrategy[Command]:
    """Draw a command for ``case`` at ``now``: what usually comes next, what fits, anything at all, or the clocks' tick."""
    onward: list[Making] = [lambda: _onward(case, now)]
    apt, anything = _apt(case, now), pieces(case, now)
    some = st.sampled_from((onward, onward, apt, apt, apt, anything, anything, [_wake]))
    return some.flatmap(st.sampled_from).flatmap(lambda making: making())


def batches(case: Case, now: DateTime) -> SearchStrategy[tuple[Command, ...]]:
    """Draw one command, at times two."""
    one = commands(case, now)
    return st.one_of(one.map(lambda command: (command,)), one.map(lambda command: (command,)), st.tuples(one, one))


def contexts(number: int) -> SearchStrategy[Context]:
    """Draw what is known of the world: who is away, and under which name a linked case would be opened."""
    fresh = Identity(case_id=f"linked-{number}", reference=f"L{number}")
    return st.sampled_from(
        (None, frozenset[str](), frozenset({"ana"}), frozenset({"ben", "cleo"}), frozenset({"ana", "cleo"}))
    ).map(lambda away: Context(away=away, new_case=fresh))
