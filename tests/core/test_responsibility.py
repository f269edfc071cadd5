"""Taking responsibility: claims are true, causes are on record, a unit answers for it, and incidents keep each person once."""

from __future__ import annotations

import attrs
import pytest

from recovery.core.agenda import Outcome
from recovery.core.decide import decide, permitted
from recovery.core.errors import InvalidValue, Refused
from recovery.core.policy import Policy
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Channel, Claim, ClaimKind, Customer, Word
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Inform
from recovery.core.vocabulary.ownership import BusinessUnit
from recovery.core.vocabulary.receiving import Receive
from recovery.core.vocabulary.resolving import RecordAcceptance, RecordDispatch, Sending
from recovery.core.vocabulary.responsibility import (
    CauseKind,
    Incident,
    NameAgain,
    OpenAffected,
    RecordAccountable,
    RecordCause,
)
from recovery.testing import moves
from support import (
    BERLIN,
    BO,
    MONDAY,
    POLICY,
    REFUND,
    Story,
    a_contact,
    agenda_of,
    at_stage,
    broken,
    called,
    letters,
    named,
    no_step,
    outcomes,
    proposed,
    said,
    step_of,
    tasks,
    warned,
)

UNKNOWN = Customer(name="Bo", addresses=BO.addresses)
"""Somebody of whom nobody knows which unit accepted them."""

SENT, REFUNDED = Claim(kind=ClaimKind.SENT), Claim(kind=ClaimKind.REFUNDED)


def claiming(*claims: Claim, said_at: object = None) -> Inform:
    """Return a word by e-mail that claims something."""
    text = "I have seen to it myself, and on Friday I look whether it is there."
    word = Word(via=frozenset({Channel.EMAIL}), text=text, claims=claims, said_at=said_at)  # type: ignore[arg-type]
    return Inform(by="ana", word=word)


def refund_due() -> Story:
    """Return a case with a refund that has to reach the customer."""
    story = proposed(at_stage(Stage.INVESTIGATING), REFUND)
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    return story


# ---------------------------------------------------------------- what is claimed


@pytest.mark.parametrize("kind", ClaimKind)
def test_nothing_is_claimed_that_has_not_happened(kind: ClaimKind) -> None:
    """On a case where nothing was sent, refunded, decided or excepted no message can say that it was."""
    assert broken(at_stage(Stage.INVESTIGATING), claiming(Claim(kind=kind))) == {("own.true", "word.claims")}


def test_what_left_us_can_be_claimed_and_the_library_says_it() -> None:
    """The date, the carrier and the number come from the record of the sending, not from what somebody typed."""
    story = refund_due()
    delivery = story.told.resolving.deliveries[0].id
    story.do(RecordDispatch(by="ana", delivery_id=delivery, sent_as=Sending.MONEY, carrier="our bank", tracking="RF-18"))
    decision = story.do(claiming(REFUNDED))
    assert ("claim_refunded", "email") in letters(decision)
    values = decision.messages[0].sayings[1].values
    assert (values["delivery"], values["carrier"], values["tracking"]) == ("the refund", "our bank", "RF-18")
    assert values["sent_at"] == story.now.isoformat()


def test_goods_are_no_refund() -> None:
    """A parcel that left us can be said to be sent, and not to be money."""
    story = refund_due()
    story.do(RecordDispatch(by="ana", delivery_id=story.told.resolving.deliveries[0].id, carrier="the post"))
    assert broken(story, claiming(REFUNDED)) == {("own.true", "word.claims")}
    assert ("claim_sent", "email") in letters(story.do(claiming(SENT)))


def test_a_claim_about_another_delivery_is_not_true() -> None:
    """What is claimed of one delivery is not shown by another."""
    story = refund_due()
    story.do(RecordDispatch(by="ana", delivery_id=story.told.resolving.deliveries[0].id))
    assert broken(story, claiming(Claim(kind=ClaimKind.SENT, about="99"))) == {("own.true", "word.claims")}


def test_a_proposal_can_be_said_to_be_decided() -> None:
    """Once there is a proposal, a message may say that it was decided, and when."""
    story = at_stage(Stage.RESOLUTION_PROPOSED)
    assert ("claim_decided", "email") in letters(story.do(claiming(Claim(kind=ClaimKind.DECIDED))))


def test_an_untrue_word_that_was_said_is_kept_and_set_right() -> None:
    """What somebody has told the customer already is on record, with a warning and a dated step; the step comes once."""
    story = refund_due()
    decision = story.do(claiming(SENT, said_at=story.now))
    assert warned(decision) == {"own.true"}
    story.do(claiming(SENT, said_at=story.now))
    assert [rule for rule, _ in tasks(story)] == ["own.true"]


def test_the_sending_is_on_record_once_and_stops_no_clock() -> None:
    """The same report twice is one entry, one about nothing is noted, and the refund is still awaited."""
    story = refund_due()
    left = RecordDispatch(by="ana", delivery_id=story.told.resolving.deliveries[0].id, carrier="our bank", at=story.now)
    assert named(story.do(left)) == ["DeliveryDispatched"]
    assert named(story.do(left)) == []
    assert named(story.do(RecordDispatch(by="ana", delivery_id="99")))[:1] == ["ReportNoted"]
    assert step_of(story, "resolve.delivered").due_at is not None


# ---------------------------------------------------------------- why it happened


def test_the_second_follow_up_asks_why_it_happened() -> None:
    """Without a cause nobody asks the second time; with one, or a date by which it will be known, they do."""
    story = at_stage(Stage.RESOLVED)
    story.do(RecordCause(by="ana", find_out_by=MONDAY.add(days=9)))
    moves.follow_up(story, "ana")
    assert story.told.responsibility.cause is None
    assert step_of(story, "own.cause").due_at == MONDAY.add(days=9)
    moves.follow_up(story, "ana")
    assert story.told.stage is Stage.FOLLOWED_UP_WEEKS
    assert agenda_of(story, "own.cause") is not None
    story.do(RecordCause(by="ana", kind=CauseKind.SKILL, text="Nobody knew the old displays."))
    assert no_step(story, "own.cause")
    assert outcomes(story, "own.cause") == [Outcome.MISSED]


def test_a_cause_that_is_on_record_owes_nothing() -> None:
    """Whoever knows it from the start has no step for it after the first follow-up."""
    story = at_stage(Stage.RESOLVED)
    story.do(RecordCause(by="ana", kind=CauseKind.SUPPLY, text="The part came late.", external=True))
    moves.follow_up(story, "ana")
    assert no_step(story, "own.cause")


def unexplained() -> Story:
    """Return a case after its first follow-up, on which nobody has said why it happened."""
    story = at_stage(Stage.RESOLVED).wait(days=4)
    call = FollowUp(by="ana", word=called(story.now, "Does it work?"))
    story.do(call, RecordFollowUpAnswer(by="ana", solved=True, said=said("It works.", Channel.PHONE)))
    return story


def test_a_cause_to_be_found_out_in_the_past_is_a_note_and_a_step() -> None:
    """Such a report is kept, but it is no date by which it will be known, and the second follow-up still waits for one."""
    story = unexplained()
    decision = story.do(RecordCause(by="ana", find_out_by=story.now.subtract(days=1)))
    assert (named(decision)[0], warned(decision)) == ("ReportNoted", {"own.cause"})
    assert story.told.responsibility.find_out_by is None
    assert "own.cause" in {task.rule for task in story.told.receiving.tasks}


def test_what_waits_for_the_cause_is_said_beforehand() -> None:
    """The second follow-up is not permitted while nobody has said why it happened; saying it always is."""
    story = unexplained()
    found = permitted(story.told, policy=story.policy, now=story.now, context=story.context)
    ruled_out = {kind for kind, reasons in found.items() if "own.cause" in {reason.rule for reason in reasons}}
    assert ruled_out == {"follow_up", "pass_follow_up"}


def test_a_closed_case_looks_for_no_cause_unless_a_date_was_named() -> None:
    """Over means over; a dated step that somebody set keeps its date."""
    withdrawn = Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind."))
    story = at_stage(Stage.FOLLOWED_UP_DAYS)
    story.do(withdrawn)
    assert no_step(story, "own.cause")
    dated = at_stage(Stage.RESOLVED)
    dated.do(RecordCause(by="ana", find_out_by=MONDAY.add(days=9)), withdrawn)
    assert step_of(dated, "own.cause").due_at == MONDAY.add(days=9)


def test_a_cause_never_reaches_the_customer() -> None:
    """No message to the customer holds a word of why it happened or of who answers for it."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(RecordCause(by="ana", kind=CauseKind.SUPPLY, text="Zwiebelkuchen", external=True))
    decision = story.do(RecordAccountable(by="ana", unit="workshop", task="Zwiebelkuchen"), claiming())
    told = [
        str(dict(saying.values)) + str(dict(out.values)) for out in decision.messages if not out.person for saying in out.sayings
    ]
    assert told
    assert not any("Zwiebelkuchen" in text or "workshop" in text for text in told)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "kind"),
        ({"kind": CauseKind.SKILL, "text": " "}, "text"),
        ({"kind": CauseKind.SKILL, "text": "x", "find_out_by": MONDAY}, "find_out_by"),
    ],
)
def test_a_cause_is_known_or_dated(fields: dict[str, object], field: str) -> None:
    """It is known, in words, or it is not known yet, with a date; anything else cannot be said."""
    with pytest.raises(InvalidValue) as caught:
        RecordCause(by="ana", **fields)  # type: ignore[arg-type]
    assert [reason.field for reason in caught.value.reasons] == [field]


# ---------------------------------------------------------------- who answers for it


def test_the_unit_that_accepted_the_customer_answers_for_it_unless_another_is_named() -> None:
    """The default is who took the customer on; its head hears of the task, which is on the agenda with a date."""
    units = (BusinessUnit(id="sales", head="cleo"), BusinessUnit(id="workshop", head="ben"))
    people = tuple(attrs.evolve(person, unit=None) for person in POLICY.people)
    policy = Policy(fallback_owner="ana", calendar=BERLIN, people=people, units=units)
    sender = Customer(name="Bo", addresses=BO.addresses, accepted_by="sales")
    story = Story.begins(a_contact(sender=sender), policy=policy)
    decision = story.do(RecordAccountable(by="ana", task="Say what was promised."))
    assert ("accountable", "cleo") in letters(decision)
    assert (story.told.responsibility.accountable, [task.owner for task in story.told.receiving.tasks]) == ("sales", ["cleo"])
    story.do(RecordAccountable(by="ana", unit="workshop", due_at=MONDAY.add(days=2)))
    assert [(task.owner, task.due_at) for task in story.told.receiving.tasks] == [("ben", MONDAY.add(days=2))]
    assert broken(story, RecordAccountable(by="ana", unit="moon")) == {("own.accountable", "unit")}
    assert broken(story, RecordAccountable(by="ana", unit="sales", due_at=MONDAY)) == {("own.accountable", "due_at")}


def test_nobody_is_accountable_by_guess() -> None:
    """Where nobody knows which unit accepted the customer, one has to be named."""
    assert broken(Story.begins(a_contact(sender=UNKNOWN)), RecordAccountable(by="ana")) == {("own.accountable", "unit")}


def test_no_customer_is_lost_to_nobody() -> None:
    """A case is closed as lost only when it is known which unit lost the customer."""
    lost = Close(by="ana", reason=CloseReason.LOST, said=said("I go elsewhere."))
    story = Story.begins(a_contact(sender=UNKNOWN))
    assert ("own.accountable", "reason") in broken(story, lost)
    story.do(RecordAccountable(by="ana", unit="service"), lost)
    assert story.told.closing.reason is CloseReason.LOST


# ---------------------------------------------------------------- the case of somebody an incident affects

TYRES = Incident(
    id="tyres-1",
    what="The tyres we fitted in March may lose their tread.",
    owner="ana",
    text="Please do not drive on them. We change them at your door this week, at no cost to you.",
    next_word_at=BERLIN.add_days(MONDAY, 2),
    category="tyres",
)


def affected(customer: Customer = BO, **fields: object) -> Story:
    """Return the case of somebody who has not complained, with our first word to them on its way."""
    story = Story()
    opening = OpenAffected(
        by="ana",
        case_id="case-1",
        reference="R1",
        incident=TYRES,
        customer=customer,
        key="incident:tyres-1:1",
        **fields,  # type: ignore[arg-type]
    )
    word = Word(via=frozenset({Channel.EMAIL}), text=TYRES.text)
    story.do(opening, Acknowledge(by="ana", word=word, next_word_at=TYRES.next_word_at))
    return story.deliver()


def test_our_first_word_is_the_acknowledgement_and_no_contact_clock_runs() -> None:
    """Who has not complained gets no receipt, is acknowledged by our word, and is not owed an answer to nothing."""
    story = affected()
    assert story.told.stage is Stage.ACKNOWLEDGED
    for clock in ("contact.receipt", "acknowledge.immediately", "contact.keep-informed", "propose.in-time", "resolve.whole-case"):
        assert no_step(story, clock), clock
    assert step_of(story, "promise.tracked.next-word").due_at == TYRES.next_word_at
    assert step_of(story, "own.reach-out-first").due_at is not None
    assert [template for decision in story.decisions for template, _ in letters(decision)] == ["incident_outreach"]


def test_the_clocks_of_being_in_touch_start_with_the_first_word_of_the_person() -> None:
    """From their first word on they hear from us at the set pace and are owed an answer; the second word starts nothing anew."""
    story = affected().wait(days=1)
    story.do(Receive(contact=a_contact("When do you come?", at=story.now)))
    assert step_of(story, "contact.answer-owed").due_at is not None
    assert step_of(story, "contact.keep-informed").due_at is not None
    assert step_of(story, "propose.in-time").due_at is not None
    assert story.told.responsibility.affected is not None
    assert story.told.responsibility.affected.spoke
    story.wait(hours=1).do(Receive(contact=a_contact("Hello?", at=story.now)))
    assert sum(mark.name == "first_word" for mark in story.told.marks) == 1


def test_not_affected_after_all_is_an_end_for_incidents_alone() -> None:
    """A case that an incident opened may end so, with how it was found out; a complaint may not."""
    story = affected()
    bare = Close(by="ana", reason=CloseReason.NOT_AFFECTED)
    assert broken(story, bare) == {("close.reasons", "explanation")}
    story.do(Close(by="ana", reason=CloseReason.NOT_AFFECTED, explanation="Her tyres are from May."))
    assert (story.told.stage, story.told.closing.reason) == (Stage.CLOSED, CloseReason.NOT_AFFECTED)
    why = Close(by="ana", reason=CloseReason.NOT_AFFECTED, explanation="I think so.")
    assert broken(Story.begins(), why) == {("close.reasons", "reason")}


def test_somebody_named_again_is_a_note_once() -> None:
    """A second line of the list about the same person leaves one entry, however often it is read."""
    story = affected()
    again = NameAgain(by="ana", incident="tyres-1", key="incident:tyres-1:2", told="Bo L.")
    assert named(story.do(again)) == ["AffectedNamedAgain"]
    assert named(story.do(again)) == []


def test_somebody_whom_nothing_reaches_is_a_step() -> None:
    """Who is known by name alone has a case, an owner, and the step to find a way to them; so has who wants silence."""
    story = Story()
    quiet = OpenAffected(
        by="ana", case_id="c", reference="R", incident=TYRES, customer=Customer(name="Eva"), key="incident:tyres-1:3", silent=True
    )
    story.do(quiet)
    assert [rule for rule, _ in tasks(story)] == ["contact.logged", "contact.wishes"]
    assert story.told.owner == "ana"


def test_an_incident_is_signed_by_somebody_who_is_there() -> None:
    """Whoever signs is a person we know, and not away."""
    opening = OpenAffected(by="zoe", case_id="c", reference="R", incident=TYRES, customer=BO, key="k")
    with pytest.raises(Refused) as refused:
        decide(None, opening, policy=POLICY, now=MONDAY, context=Context(away=frozenset({"ana"})))
    assert [(reason.rule, reason.field) for reason in refused.value.reasons] == [("owner.named", "owner")]


@pytest.mark.parametrize("field", ["what", "text", "owner", "id"])
def test_an_incident_says_what_is_wrong(field: str) -> None:
    """An incident without a fault, a word, an owner or a name cannot be built."""
    told = {"id": "x", "what": "x", "owner": "ana", "text": "x", "next_word_at": MONDAY, field: " "}
    with pytest.raises(InvalidValue) as caught:
        Incident(**told)  # type: ignore[arg-type]
    assert [reason.field for reason in caught.value.reasons] == [field]
