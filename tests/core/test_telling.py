"""Timelines can be read aloud: each event has a sentence, and none of them repeats what people said."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from golden.samples import sample
from recovery.codec import EVENTS, personal_texts
from recovery.core.errors import Reason
from recovery.core.telling import tell
from recovery.core.vocabulary.closing import CaseClosed, CloseReason
from recovery.core.vocabulary.common import Channel, Event, Mood
from recovery.core.vocabulary.following_up import (
    SURVEY,
    FollowUpAnswered,
    FollowUpMade,
    FollowUpOutcome,
    FollowUpPassed,
    SurveySent,
    Topic,
    Which,
)
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed, PromiseKept
from recovery.core.vocabulary.ownership import CaseMoved, HandoverOffered
from recovery.core.vocabulary.proposing import Proposed
from recovery.core.vocabulary.receiving import (
    AlarmRung,
    Assessed,
    CaseOpened,
    ContactJoined,
    Corrected,
    Delivery,
    DeliveryReported,
    MessagePrepared,
    MessageWithheld,
    Part,
    ReportNoted,
    TaskSet,
    Warned,
    Wish,
    WishKind,
    WishRecorded,
)
from recovery.core.vocabulary.resolving import ArrivalConfirmed, ArrivalSource, CaseResolved, ProposalAccepted, Resolution
from recovery.core.vocabulary.responsibility import AccountableRecorded, CauseKind, CauseRecorded
from support import MONDAY, REFUND, REPAIR, a_contact, by_mail, called, said

SECRET = "SECRET"


def opened(*tray: str) -> CaseOpened:
    """Return an opening, or a contact in the tray."""
    contact = a_contact(SECRET)
    return CaseOpened(
        at=MONDAY,
        by="recovery",
        case_id="c",
        reference="R",
        policy_id="p",
        owner="ana",
        contact=contact,
        key=contact.key,
        issue=SECRET,
        tray=tray,
    )


def joined(*, automatic: bool) -> ContactJoined:
    """Return a contact that joined."""
    contact = a_contact(SECRET, automatic=automatic)
    return ContactJoined(at=MONDAY, by="recovery", contact=contact, key=contact.key)


def prepared(person: str | None = None, *, manual: bool = False) -> MessagePrepared:
    """Return a message that was written."""
    parts = (Part(template="chase_again"),)
    return MessagePrepared(
        at=MONDAY, by="recovery", message_id="c:4:phone", channel=Channel.PHONE, person=person, parts=parts, manual=manual
    )


def rang(whom: str, person: str | None = None) -> AlarmRung:
    """Return a rung that rang."""
    return AlarmRung(at=MONDAY, by="recovery", clock="k", rule="a.rule", run="k/1/", rung=0, whom=whom, person=person)


def proposed(*options: object) -> Proposed:
    """Return a proposal."""
    return Proposed(at=MONDAY, by="ana", word=by_mail(SECRET), options=options, explanation=SECRET)  # type: ignore[arg-type]


def accepted(delivers: str | None) -> ProposalAccepted:
    """Return an acceptance."""
    return ProposalAccepted(at=MONDAY, by="ana", said=said(SECRET), option="refund", delivers=delivers, settles=delivers is None)


def closed(survivor: str | None = None) -> CaseClosed:
    """Return a closing."""
    reason = CloseReason.NO_ANSWER if survivor is None else CloseReason.DUPLICATE
    return CaseClosed(at=MONDAY, by="ana", reason=reason, survivor=survivor, explanation=SECRET)


CASES: list[tuple[Event, str]] = [
    (opened(), "A contact by email became a case, owned by ana."),
    (opened("nobody wrote it", "nothing in it"), "A contact by email waits in the tray: nobody wrote it; nothing in it."),
    (joined(automatic=False), "The customer wrote again, by email."),
    (joined(automatic=True), "A machine's note came by email; it answers nothing."),
    (prepared(), "Written to the customer by phone: chase again."),
    (prepared("ben"), "Written to ben by phone: chase again."),
    (prepared(manual=True), "The owner is to get in touch by phone: chase again."),
    (
        MessageWithheld(at=MONDAY, by="recovery", message_id="c:4:in_person", rule="a.rule"),
        "Message 4 (in person) was held back (a.rule).",
    ),
    (
        DeliveryReported(at=MONDAY, by="ana", message_id="a:b:4:phone", delivery=Delivery.NOT_REACHED, note=SECRET),
        "Message 4 (phone): not reached.",
    ),
    (rang("owner", "ben"), "a.rule rang for ben."),
    (rang("customer"), "a.rule rang for the customer."),
    (rang("nobody"), "a.rule rang for the library itself."),
    (TaskSet(at=MONDAY, by="ana", rule="a.rule", what=SECRET), "A dated step for the owner (a.rule)."),
    (TaskSet(at=MONDAY, by="ana", rule="a.rule", what=SECRET, owner="ben"), "A dated step for ben (a.rule)."),
    (Warned(at=MONDAY, by="ana", reasons=(Reason(rule="a.b", message="x"), Reason(rule="c.d", message="y"))), "Warned: a.b; c.d."),
    (
        ReportNoted(at=MONDAY, by="ana", report="record_decline", said=said(SECRET)),
        "Reported and kept, moving nothing: record decline.",
    ),
    (
        WishRecorded(at=MONDAY, by="ana", said=said(SECRET), wish=Wish(kind=WishKind.DO_NOT_CONTACT)),
        "The customer's wish is on file: do not contact.",
    ),
    (Corrected(at=MONDAY, by="ana", reason=SECRET), "A mistake was mended."),
    (CustomerInformed(at=MONDAY, by="ana", word=by_mail(SECRET)), "The customer was given a word, by email."),
    (
        CustomerInformed(at=MONDAY, by="ana", word=called(MONDAY, SECRET, reached=False)),
        "The customer was given a word, by phone, but nobody was reached.",
    ),
    (CaseMoved(at=MONDAY, by="cleo", owner="ben", reason=SECRET), "A supervisor moved the case to ben."),
    (HandoverOffered(at=MONDAY, by="ana", to="ben", briefing=SECRET), "The case is on offer to ben."),
    (proposed(REFUND), "The customer was offered 1 option, by email."),
    (proposed(REFUND, REPAIR), "The customer was offered 2 options, by email."),
    (proposed(), "The customer was told no, with the reasons, by email."),
    (accepted("the refund"), "The customer accepted 'refund'; on its way: the refund."),
    (accepted(None), "The customer accepted 'refund'."),
    (
        CaseResolved(at=MONDAY, by="ana", word=by_mail(SECRET), outcome=Resolution.NOT_AGREED, reasons=SECRET, settles=True),
        "Resolved (not agreed), by email.",
    ),
    (
        ArrivalConfirmed(at=MONDAY, by="ana", delivery_id="7", source=ArrivalSource.BANK, settles=True),
        "It has arrived, says the bank.",
    ),
    (closed(), "Closed: no answer."),
    (closed("c-2"), "Closed: duplicate, lives on as c-2."),
    (
        FollowUpMade(
            at=MONDAY, by="ana", word=called(MONDAY, SECRET), which=Which.DAYS, topics=frozenset(Topic), issue=SECRET, reach=SECRET
        ),
        "The customer was asked whether it is solved, after days, by phone.",
    ),
    (
        FollowUpAnswered(at=MONDAY, by="ana", said=said(SECRET), which=Which.DAYS, solved=True),
        "The customer says that it is solved.",
    ),
    (
        FollowUpAnswered(at=MONDAY, by="ana", said=said(SECRET), which=Which.WEEKS, solved=False),
        "The customer says that it is not solved.",
    ),
    (
        FollowUpPassed(at=MONDAY, by="recovery", which=Which.WEEKS, outcome=FollowUpOutcome.UNANSWERED),
        "The follow-up after weeks has ended: unanswered.",
    ),
    (SurveySent(at=MONDAY, by="recovery", survey=SURVEY), "The survey goes to the customer: 4 questions."),
    (PromiseKept(at=MONDAY, by="ana", promise_id="7", note=SECRET), "What was promised has been done."),
    (attrs.evolve(opened(), quiet=True), "A case was opened from our side, owned by ana."),
    (Assessed(at=MONDAY, by="ana", mood=Mood.ANGRY, category="tyres"), "Assessed: the customer is angry, tyres."),
    (
        AccountableRecorded(at=MONDAY, by="ana", unit="Sales", head="cleo", by_default=True),
        "Accountable for it: Sales, which accepted the customer; cleo has a task.",
    ),
    (
        CauseRecorded(at=MONDAY, by="ana", kind=CauseKind.SUPPLY, text=SECRET, external=True),
        "Why it happened is on record: supply, outside the company.",
    ),
]


@pytest.mark.parametrize(("event", "sentence"), CASES, ids=lambda value: type(value).__name__)
def test_an_event_is_told_in_a_sentence(event: Event, sentence: str) -> None:
    """What happened is said plainly, and what people wrote or said is not repeated."""
    assert tell(event) == sentence
    assert SECRET not in sentence


@pytest.mark.parametrize("kind", EVENTS)
def test_no_sentence_repeats_what_people_said(kind: str) -> None:
    """Whatever is filled in, each kind of event has one sentence, and no personal text is in it."""
    event = sample(EVENTS[kind])
    told = event if not hasattr(event, "message_id") else attrs.evolve(event, message_id="c:4:email")  # type: ignore[call-arg]
    sentence = tell(told)
    assert sentence.endswith(".")
    assert [text for text in personal_texts(told) if text in sentence] == []


def every_kind(kind: type[Event] = Event) -> Iterator[type[Event]]:
    """Yield the kinds of events that nothing inherits from."""
    below = kind.__subclasses__()
    yield from (one for inner in below for one in every_kind(inner)) if below else (kind,)


@pytest.mark.parametrize("kind", [one for one in every_kind() if tell.dispatch(one) is tell.dispatch(Event)])
def test_what_an_event_says_of_itself_has_no_signs_of_programmers(kind: type[Event]) -> None:
    """Its first line is read by people as it stands."""
    sentence = tell(object.__new__(kind))
    assert sentence.endswith(".")
    assert "`" not in sentence
