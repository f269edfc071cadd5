"""Bad input: acts are refused with the field and the way out; facts are kept with a warning or a step; nothing is half done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from attrs import evolve

from recovery.core.agenda import Outcome
from recovery.core.decide import clocks, decide, permitted
from recovery.core.errors import BadDefinition, InvalidValue, Strength
from recovery.core.fold import fold
from recovery.core.messages import compose
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Reopen
from recovery.core.vocabulary.common import Channel, Customer, Recorded, Word
from recovery.core.vocabulary.following_up import FollowUp
from recovery.core.vocabulary.keeping_in_touch import Inform, MakePromise, RecordDeferral, RecordPromise
from recovery.core.vocabulary.ownership import OfferHandover
from recovery.core.vocabulary.proposing import Investigate, Propose
from recovery.core.vocabulary.receiving import (
    Attachment,
    CaseOpened,
    Contact,
    Correct,
    Delivery,
    DeliveryReported,
    Identify,
    OpenCase,
    Receive,
    RecordWish,
    ReportDelivery,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import ConfirmArrival, ProposalAccepted, RecordAcceptance
from support import (
    BO,
    EMAIL,
    MONDAY,
    POLICY,
    REFUND,
    ROUTED,
    THANKS,
    Story,
    a_contact,
    acknowledged,
    at_stage,
    broken,
    by_mail,
    called,
    letters,
    named,
    outcomes,
    proposed,
    refusal,
    said,
    step_of,
    tasks,
    warned,
)

NAIVE = datetime(2026, 3, 2, 9, 0)
BOTH = frozenset({Channel.EMAIL, Channel.PHONE})


# ---------------------------------------------------------------- instants


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: Contact(channel=Channel.EMAIL, received_at=NAIVE), "received_at"),
        (lambda: Word(via=BOTH, text="x", said_at=NAIVE), "said_at"),
        (lambda: MakePromise(by="ana", what="x", due_at=NAIVE), "due_at"),
        (lambda: Acknowledge(by="ana", word=by_mail(), next_word_at=NAIVE), "next_word_at"),
        (lambda: Reopen(by="ana", reason="dark", at=NAIVE), "at"),
        (lambda: Wish(kind=WishKind.NOT_BEFORE, until=NAIVE), "until"),
    ],
)
def test_a_naive_instant_is_refused_with_the_way_out(build: Any, field: str) -> None:
    """An instant without a zone cannot be written down; the error names the field and how to give an aware one."""
    with pytest.raises(InvalidValue) as caught:
        build()
    (reason,) = caught.value.reasons
    assert (reason.rule, reason.field, reason.message) == ("input.value", field, f"{field} has no time zone.")
    assert "pendulum.now('UTC')" in reason.hint


def test_a_naive_now_is_refused() -> None:
    """Neither a decision, nor what is permitted, nor the clocks can be asked about an instant without a zone."""
    story = Story.begins()
    for ask in (
        lambda: decide(story.told, Investigate(by="ana"), policy=POLICY, now=NAIVE),
        lambda: permitted(story.told, policy=POLICY, now=NAIVE),
        lambda: clocks(story.told, POLICY, NAIVE),
    ):
        with pytest.raises(InvalidValue) as caught:
            ask()
        assert [reason.field for reason in caught.value.reasons] == ["now"]


def test_a_report_from_the_future_is_taken_as_now_with_a_warning() -> None:
    """What has happened cannot lie ahead: the report is kept, taken to have happened now, and warned about."""
    story = Story.begins().deliver()
    ahead = MONDAY.add(hours=5)
    decision = story.do(Acknowledge(by="ana", word=called(ahead, THANKS), next_word_at=MONDAY.add(days=1)))
    (warning,) = decision.warnings
    assert (warning.rule, warning.field, warning.params["at"]) == ("input.future", "at", ahead)
    assert decision.events[0].event.at == MONDAY
    assert outcomes(story, "acknowledge.immediately") == [Outcome.MET]


def test_a_contact_from_the_future_is_logged_now() -> None:
    """A contact whose clock is ahead opens a case now, and its clocks count from now."""
    story = Story()
    decision = story.do(OpenCase(case_id="case-1", reference="R1", contact=a_contact(at=MONDAY.add(days=1))))
    assert warned(decision) == {"input.future"}
    assert (story.told.opened_at, step_of(story, "acknowledge.immediately").due_at) == (MONDAY, MONDAY.add(hours=1))


def test_a_promise_told_in_the_future_is_told_now() -> None:
    """A word beside a promise that claims to have been said ahead of time counts as said now."""
    story = Story.begins()
    promise = MakePromise(by="ana", what="x", due_at=MONDAY.add(days=1), word=called(MONDAY.add(hours=3), "Tomorrow."))
    assert all(recorded.event.at == MONDAY for recorded in story.do(promise).events)


def test_out_of_order_is_kept_and_judged_by_its_own_instant() -> None:
    """A call logged after another one that came later is kept in the order of logging, and measured by its instant."""
    story = acknowledged(Story.begins().deliver()).wait(days=6)
    story.do(Inform(by="ana", word=called(MONDAY.add(days=5), "Second.")))
    story.do(Inform(by="ana", word=called(MONDAY.add(days=2), "First.")))
    spoken = [recorded for recorded in story.events if type(recorded.event).__name__ == "CustomerInformed"]
    assert [recorded.event.at for recorded in spoken] == [MONDAY.add(days=5), MONDAY.add(days=2)]
    assert spoken[0].seq < spoken[1].seq
    assert spoken[0].recorded_at == spoken[1].recorded_at == story.now


def test_a_deferral_ends_after_it_began() -> None:
    """A date the customer named lies after the instant they named it."""
    with pytest.raises(InvalidValue) as caught:
        RecordDeferral(by="ana", at=MONDAY, until=MONDAY, said=said())
    assert [reason.field for reason in caught.value.reasons] == ["until"]


# ---------------------------------------------------------------- contacts


def test_no_sender_and_no_words_are_two_faults_of_one_contact() -> None:
    """A contact with neither sender nor words is kept in the tray for both reasons."""
    story = Story.begins(Contact(channel=Channel.FAX, received_at=MONDAY))
    assert len(story.told.receiving.tray) == 2
    assert [reason.field for reason in story.decisions[0].warnings] == ["contact.sender", "contact.text"]
    assert step_of(story, "contact.logged").wake_at is not None


STRANGE = {
    "a megabyte": "boat " * 209_716,
    "NUL": "dark\x00ness",
    "lone surrogates": "dark \ud800 and \udfff",
    "right to left": "\u200f\u0627\u0644\u0633 \u05e9\u05dc\u05d5\u05dd \u202egnorw\u202c",
    "emoji": "⛵😡👩‍🔧🏴‍☠️",
    "combining": "e\u0301\u0301\u0301",
    "control": "\x1b[31mred\x07",
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_strange_words_are_kept_as_they_are(text: str) -> None:
    """Whatever the words are made of, they open a case, are kept sign by sign, and are known when they come again."""
    contact = a_contact(text, subject=text[:200])
    story = Story.begins(contact)
    assert not story.told.in_tray
    assert story.events[0].event.contact.text == text  # type: ignore[attr-defined]
    assert story.do(Receive(contact=contact)).events == ()
    assert fold(story.events) == story.told


def test_the_issue_is_no_longer_than_sixty_words() -> None:
    """A megabyte of words is restated in sixty."""
    story = Story.begins(a_contact(STRANGE["a megabyte"]))
    assert story.told.receiving.issue == " ".join(["boat"] * 60)


def test_a_name_may_be_anything_too() -> None:
    """Names and addresses in any script reach the receipt unchanged."""
    sender = Customer(name="\u200f\u0639\u0645\u0631\u200f 🦊", addresses=(evolve(EMAIL, value="用户@例子.广告"),))
    receipt = next(out for out in Story.begins(a_contact(sender=sender)).decisions[0].messages if out.person is None)
    assert (receipt.values["customer"], receipt.to) == ("\u200f\u0639\u0645\u0631\u200f 🦊", sender.addresses[0])


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"channel": "email"}, "channel"),
        ({"text": None}, "text"),
        ({"text": b"bytes"}, "text"),
        ({"message_id": "a\nb"}, "message_id"),
        ({"message_id": "x" * 201}, "message_id"),
        ({"replies_to": ["<1@x>"]}, "replies_to"),
        ({"sender": "Bo"}, "sender"),
        ({"automatic": "yes"}, "automatic"),
        ({"attachments": ("photo.jpg",)}, "attachments"),
    ],
)
def test_what_is_no_contact_cannot_be_written_down(fields: dict[str, object], field: str) -> None:
    """A field of the wrong kind is named with what to give instead."""
    with pytest.raises(InvalidValue) as caught:
        a_contact(**fields)  # type: ignore[arg-type]
    assert [(reason.rule, reason.field, bool(reason.hint)) for reason in caught.value.reasons] == [("input.value", field, True)]


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: Identify(by="ana", customer=Customer()), "customer"),
        (lambda: Correct(by="ana", reason="a slip"), "customer"),
        (lambda: Correct(by="ana", reason="a slip", outcome="great"), "outcome"),
        (lambda: Wish(kind=WishKind.NOT_ON_CHANNEL), "channel"),
        (lambda: Wish(kind=WishKind.NOT_BEFORE), "until"),
        (lambda: ReportDelivery(message_id="m", delivery=Delivery.QUEUED), "delivery"),
        (lambda: Attachment(name=""), "name"),
        (lambda: Investigate(by=" "), "by"),
        (lambda: RecordAcceptance(by="ana", option="repair", said=None), "said"),  # type: ignore[arg-type]
        (lambda: ConfirmArrival(by="ana", delivery_id="1", source="bank"), "source"),  # type: ignore[arg-type]
        (lambda: FollowUp(by="ana", word=by_mail(), topics={"solved"}), "topics"),  # type: ignore[arg-type]
    ],
)
def test_a_command_that_says_nothing_cannot_be_written_down(build: Any, field: str) -> None:
    """A command that lacks what it is about is refused when it is built, with the field and the way out."""
    with pytest.raises(InvalidValue) as caught:
        build()
    assert [(reason.field, bool(reason.hint)) for reason in caught.value.reasons] == [(field, True)]


# ---------------------------------------------------------------- people


def test_a_customer_who_cannot_be_reached_is_a_step() -> None:
    """A customer without any address keeps a case, with a step to find a way; mails to them are refused with the way out."""
    story = Story.begins(a_contact(sender=Customer(name="Bo")))
    assert tasks(story) == [("contact.logged", "find out how the customer can be reached")]
    (reason,) = refusal(story, Inform(by="ana", word=by_mail())).reasons
    assert (reason.rule, reason.field) == ("input.address", "word.via")
    assert "Correct" in reason.hint
    assert named(story.do(Inform(by="ana", word=called(MONDAY, "He came by."))))[0] == "CustomerInformed"


def test_what_the_library_would_tell_an_unreachable_customer_is_a_step() -> None:
    """A chase that reaches nobody becomes a step of the owner instead of nothing."""
    story = acknowledged(Story.begins().deliver())
    story.do(Investigate(by="ana"))
    proposed(story)
    story.do(Correct(by="ana", reason="the address is dead", customer=Customer(name="Bo")))
    story.wait(days=3).wake()
    assert tasks(story) == [("case.never-forgotten", "nothing reaches the customer; find a way to say: chase")]


def test_an_owner_who_does_not_exist_or_is_away_gets_nothing() -> None:
    """Nobody hands a case to a ghost, or to somebody on leave."""
    story = Story.begins(policy=ROUTED)
    story.context = Context(away=frozenset({"cleo"}))
    for person in ("ghost", "cleo"):
        assert broken(story, OfferHandover(by="ben", to=person, briefing="Dark.")) == {("owner.named", "to")}


# ---------------------------------------------------------------- proposals, follow-ups, endings


def test_a_proposal_of_nothing_is_refused() -> None:
    """A proposal with no options and no explanation is refused with the field and the way out."""
    (reason,) = refusal(at_stage(Stage.INVESTIGATING), Propose(by="ana", word=by_mail())).reasons
    assert (reason.rule, reason.field) == ("propose.options-or-no", "options")
    assert "explanation" in reason.hint


def test_accepting_what_was_not_proposed_is_kept() -> None:
    """A yes to something else is a fact: kept, warned about, looked into, and nothing is resolved."""
    story = at_stage(Stage.RESOLUTION_PROPOSED)
    decision = story.do(RecordAcceptance(by="ana", option="a new boat", said=said()))
    assert (warned(decision), story.told.stage) == ({"resolve.accepted"}, Stage.RESOLUTION_PROPOSED)
    assert [rule for rule, _ in tasks(story)] == ["resolve.accepted"]


def test_a_follow_up_is_refused_with_every_reason() -> None:
    """Too soon, before delivery, on the settled channel alone and with half the questions: all four are told at once."""
    story = proposed(at_stage(Stage.INVESTIGATING), REFUND)
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    hasty = FollowUp(by="ana", word=by_mail("Happy?"), topics=frozenset())
    assert broken(story, hasty) == {
        ("follow-up.not-too-soon", None),
        ("follow-up.after-delivery", None),
        ("follow-up.other-channel", "word.via"),
        ("follow-up.says", "topics"),
    }


@pytest.mark.parametrize("days", [1, 30])
def test_a_word_on_a_closed_case_is_never_lost(days: int) -> None:
    """A customer's word on a closed case reopens it or opens a linked one, and never errs."""
    story = at_stage(Stage.CLOSED).wait(days=days)
    decision = story.do(Receive(contact=a_contact("It is dark again.", at=story.now)))
    heard = story.told.stage is Stage.INVESTIGATING or decision.opens
    assert heard
    assert story.do(RecordPromise(by="ana", what="call")).events
    assert story.do(RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said())).events


# ---------------------------------------------------------------- unknown names


def test_an_unknown_stage_is_no_stage() -> None:
    """A stage that does not exist cannot be named."""
    with pytest.raises(ValueError, match="asleep"):
        Stage("asleep")


def test_an_unknown_rule_or_policy_key_is_named() -> None:
    """A policy that names a rule nobody knows is refused, and so is an override."""
    with pytest.raises(BadDefinition) as caught:
        evolve(POLICY, strengths={"no.such": Strength.OFF})
    assert caught.value.faults == ("rules.no.such: there is no such rule",)
    (reason,) = refusal(Story.begins(), Inform(by="ana", word=by_mail(), override={"no.such": "because"})).reasons
    assert "no.such" in reason.message
    assert "acknowledge.says" in reason.hint


def test_a_command_nobody_knows_leads_to_nothing() -> None:
    """A command without a handler is a mistake of the program, and nothing happens to the case."""
    story = Story.begins()
    before = story.told

    class Unknown(Investigate):
        """A command nobody has taught the library."""

    with pytest.raises(InvalidValue) as caught:
        story.do(Unknown(by="ana"))
    assert [reason.rule for reason in caught.value.reasons] == ["input.command"]
    assert story.told == before


# ---------------------------------------------------------------- histories


def test_a_history_that_was_not_decided_here_is_refused() -> None:
    """A case cannot be folded from nothing, from the middle, with a gap, or along a way the table does not have."""
    story = at_stage(Stage.RESOLVED)
    with pytest.raises(ValueError, match="no events"):
        fold([])
    with pytest.raises(ValueError, match="begins with CaseOpened"):
        fold(story.events[1:])
    with pytest.raises(ValueError, match="does not follow"):
        fold([story.events[0], story.events[2]])
    resolved = next(recorded for recorded in story.events if isinstance(recorded.event, ProposalAccepted))
    twice = evolve(resolved, seq=len(story.events) + 1)
    with pytest.raises(ValueError, match="cannot resolve from resolved"):
        fold([*story.events, twice])


def test_a_history_may_tell_of_a_message_that_is_not_on_the_case() -> None:
    """A delivery of a message that no entry prepared changes nothing but the number of entries."""
    story = Story.begins()
    unknown = DeliveryReported(at=MONDAY, by="recovery", message_id="who-knows", delivery=Delivery.BOUNCED)
    folded = fold([*story.events, Recorded(seq=len(story.events) + 1, recorded_at=MONDAY, event=unknown)])
    assert folded.receiving == story.told.receiving
    assert folded.version == story.told.version + 1


def test_only_a_message_can_be_composed() -> None:
    """What is no message cannot be put into words."""
    story = Story.begins()
    with pytest.raises(TypeError, match="CaseOpened is no message"):
        compose(story.told, story.events[0], {}, POLICY.terms)


def test_a_person_without_an_address_is_told_all_the_same() -> None:
    """A message to somebody whose address nobody knows has no address, and its place on the record."""
    decision = Story.begins(policy=evolve(POLICY, people=())).decisions[0]
    assigned = next(out for out in decision.messages if out.person == "ana")
    assert assigned.to is None
    assert ("assigned", "ana") in letters(decision)
    assert BO.name is not None


def test_an_endless_word_does_not_become_the_issue() -> None:
    """A megabyte without a space is kept whole in the history, and the issue that every letter repeats stays short."""
    story = Story.begins(a_contact("x" * 1_000_000))
    assert len(story.told.receiving.issue) == 600
    opened = story.events[0].event
    assert isinstance(opened, CaseOpened)
    assert len(opened.contact.text) == 1_000_000
