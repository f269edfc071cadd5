"""Receiving: every contact is logged and receipted, wishes stand above clocks, nothing is forgotten, one thread."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from recovery.core.agenda import Outcome
from recovery.core.clock import Length, Unit
from recovery.core.decide import agenda
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, NotACase
from recovery.core.vocabulary.common import Address, Channel, Command, Customer
from recovery.core.vocabulary.following_up import FollowUp, FollowUpOutcome
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform, MakePromise, RecordAnswer
from recovery.core.vocabulary.ownership import MoveCase
from recovery.core.vocabulary.proposing import Investigate, Option
from recovery.core.vocabulary.receiving import (
    Attachment,
    CompleteTask,
    Contact,
    Correct,
    Delivery,
    Identify,
    MovePolicy,
    OpenCase,
    Receive,
    RecordWish,
    ReportDelivery,
    ReportNoted,
    SetTask,
    TaskDone,
    Wake,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import RecordAcceptance
from support import (
    BO,
    EMAIL,
    MONDAY,
    PHONE,
    POLICY,
    ROUTED,
    Story,
    a_contact,
    acknowledged,
    at_stage,
    broken,
    by_mail,
    called,
    followed_up,
    letters,
    named,
    no_step,
    outcomes,
    proposed,
    refusal,
    rung,
    said,
    step_of,
    tasks,
    warned,
)

PHOTO = Attachment(name="photo.jpg", media_type="image/jpeg", size=1234, digest="abc")
UNSIGNED = Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=MONDAY)


def wish(kind: WishKind, **fields: object) -> RecordWish:
    """Return the report of a customer's wish."""
    return RecordWish(by="ana", wish=Wish(kind=kind, **fields), said=said("Please do it so."))  # type: ignore[arg-type]


# ---------------------------------------------------------------- contact.logged


@pytest.mark.parametrize("channel", list(Channel))
def test_a_contact_on_any_channel_becomes_a_case(channel: Channel) -> None:
    """Every contact on whatever channel becomes a case with an owner and its contact on file."""
    story = Story.begins(a_contact(channel=channel, attachments=(PHOTO,)))
    assert (story.told.stage, story.told.owner, story.told.in_tray) == (Stage.RECEIVED, "ana", False)
    assert [note.channel for note in story.told.receiving.contacts] == [channel]
    assert story.events[0].event.contact.attachments == (PHOTO,)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (UNSIGNED, "contact.sender"),
        (a_contact(text=""), "contact.text"),
        (a_contact(text=" \n\t\u200b\x00 "), "contact.text"),
        (a_contact(sender=Customer(name=" ")), "contact.sender"),
    ],
)
def test_what_cannot_become_a_case_waits_in_the_tray(contact: Contact, field: str) -> None:
    """What names nobody, or holds nothing, waits byte for byte in the tray, with an owner and a dated step."""
    story = Story.begins(contact)
    assert story.told.in_tray
    assert story.events[0].event.contact == contact  # type: ignore[attr-defined]
    step = step_of(story, "contact.logged")
    assert (step.whom, step.due_at) == ("ana", MONDAY.add(days=1))
    assert [(reason.rule, reason.field) for reason in story.decisions[0].warnings] == [("contact.logged", field)]
    assert letters(story.decisions[0]) == [("tray", "ana")]


def test_a_tray_nobody_looks_at_escalates() -> None:
    """The tray warns its owner, then the supervisor at the due instant, then the fallback owner every working day."""
    story = Story.begins(UNSIGNED, policy=ROUTED)
    assert rung(story.wait(hours=12), "ben", "contact.logged")
    story.now = MONDAY.add(days=1)
    assert rung(story, "cleo", "contact.logged")
    story.now = MONDAY.add(days=2)
    assert rung(story, "fay", "contact.logged")
    story.now = MONDAY.add(days=3)
    assert rung(story, "fay", "contact.logged")


@pytest.mark.parametrize(
    ("contact", "step"),
    [
        (a_contact(sender=Customer(name="Bo")), "find out how the customer can be reached"),
        (a_contact(text="", attachments=(PHOTO,)), "read the attachment: there are no words with it"),
    ],
)
def test_a_name_or_an_attachment_alone_opens_a_case_with_a_step(contact: Contact, step: str) -> None:
    """A name alone, or an attachment alone, is enough for a case; what is missing is a dated step."""
    story = Story.begins(contact)
    assert not story.told.in_tray
    assert ("contact.logged", step) in tasks(story)


@pytest.mark.parametrize(
    "command",
    [
        Correct(by="ana", reason="she called", customer=BO),
        Identify(by="ana", customer=BO),
        Receive(contact=a_contact("It is me, Bo.", at=MONDAY, message_id="<2@x>")),
    ],
    ids=lambda command: type(command).__name__,
)
def test_once_there_is_a_way_to_the_customer_nobody_has_to_find_one(command: Command) -> None:
    """A correction, an identification or a further word that brings an address ends the step to look for one."""
    story = Story.begins(a_contact(sender=Customer(name="Bo"), message_id="<1@x>"))
    story.do(command)
    assert tasks(story) == []


@pytest.mark.parametrize(
    "command",
    [
        Correct(by="ana", reason="a slip", category="display"),
        Correct(by="ana", reason="a slip", customer=Customer(name="Bo Lind")),
        Receive(contact=a_contact("Out of office", at=MONDAY, automatic=True, message_id="<2@x>")),
    ],
    ids=["category", "name", "machine"],
)
def test_without_a_way_to_the_customer_the_step_stays(command: Command) -> None:
    """A correction of something else, or a machine's note, is no way to the customer."""
    story = Story.begins(a_contact(sender=Customer(name="Bo"), message_id="<1@x>"))
    story.do(command)
    assert tasks(story)[0] == ("contact.logged", "find out how the customer can be reached")


@pytest.mark.parametrize("known", [{"reference": "R9"}, {"ticket": "T-7"}])
def test_a_reference_alone_says_whose_it_is(known: dict[str, Any]) -> None:
    """A contact that names neither person nor address but a reference or a ticket is a case."""
    assert not Story.begins(evolve(UNSIGNED, **known)).told.in_tray


def test_a_contact_is_never_logged_twice() -> None:
    """The same message again leaves no entry, no message and no second answer that is owed."""
    story = Story.begins(a_contact(message_id="<1@x>"))
    version = story.told.version
    again = story.wait(hours=1).do(Receive(contact=a_contact("other words", at=story.now, message_id="<1@x>")))
    assert (again.events, again.messages, story.told.version) == ((), (), version)


def test_the_digest_stands_for_a_missing_message_id() -> None:
    """Without a message id, sender, words and instant make a message itself; other words are another message."""
    story = Story.begins()
    assert story.do(Receive(contact=a_contact())).events == ()
    assert named(story.do(Receive(contact=a_contact("It is still dark."))))[0] == "ContactJoined"


def test_out_of_the_tray_the_clocks_count_from_receipt() -> None:
    """A contact that is identified becomes a case whose clocks count from the instant it came in, with a receipt."""
    story = Story.begins(UNSIGNED).wait(hours=5)
    decision = story.do(Identify(by="ana", customer=BO, issue="The display is dark."))
    assert not story.told.in_tray
    assert no_step(story, "contact.logged")
    assert step_of(story, "resolve.whole-case").due_at == MONDAY.in_timezone("Europe/Berlin").add(days=30)
    assert ("receipt", "email") in letters(decision)
    assert (story.told.receiving.customer, story.told.receiving.issue) == (BO, "The display is dark.")


def test_identified_by_name_alone_the_way_to_reach_them_is_a_step() -> None:
    """Whoever leaves the tray with a name alone still has to be found."""
    story = Story.begins(UNSIGNED)
    story.do(Identify(by="ana", customer=Customer(name="Bo")))
    assert tasks(story) == [("contact.logged", "find out how the customer can be reached")]


def test_the_tray_goes_to_whoever_is_there_when_it_is_identified() -> None:
    """A contact identified while everybody is away is escalated at once."""
    story = Story.begins(UNSIGNED, policy=ROUTED)
    story.context = Context(away=frozenset({"ben", "ana", "fay"}))
    story.do(Identify(by="cleo", customer=BO))
    assert story.told.owner == "fay"
    assert step_of(story, "owner.named").wake_at == story.now


def test_identifying_a_known_customer_is_a_correction() -> None:
    """Outside the tray, saying who it is replaces what was on file and keeps the history."""
    story = Story.begins()
    story.do(Identify(by="ana", customer=Customer(name="Bo B. Lind", addresses=(EMAIL,))))
    assert story.kinds()[-1] == "Corrected"
    assert story.told.receiving.customer.name == "Bo B. Lind"
    assert story.told.receiving.issue == "The display of my boat went dark."


@pytest.mark.parametrize(
    "command",
    [
        Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY.add(days=1)),
        Inform(by="ana", word=by_mail()),
        Investigate(by="ana"),
    ],
)
def test_nobody_is_written_to_from_the_tray(command: Acknowledge | Inform | Investigate) -> None:
    """While nobody knows whose contact it is, acts towards the customer are refused by the stage, with the way out."""
    (reason,) = refusal(Story.begins(UNSIGNED), command).reasons
    assert reason.rule == "stage.tray"
    assert "Identify" in reason.hint


def test_a_second_contact_in_the_tray_joins_and_owes_nothing() -> None:
    """What joins a contact in the tray waits with it; no answer is owed to nobody."""
    story = Story.begins(UNSIGNED)
    decision = story.do(Receive(contact=evolve(UNSIGNED, text="It broke again.")))
    assert named(decision) == ["ContactJoined"]
    assert no_step(story, "contact.answer-owed")


# ---------------------------------------------------------------- contact.receipt


def test_whoever_writes_gets_a_receipt_at_once() -> None:
    """A contact gets a receipt by machine at once, with the reference and the owner's name, even on a Sunday night."""
    sunday = MONDAY.subtract(hours=11)
    story = Story.begins(a_contact(at=sunday), now=sunday)
    decision = story.decisions[0]
    assert ("receipt", "email") in letters(decision)
    message = next(out for out in decision.messages if out.person is None)
    assert (message.to, message.at, message.values["reference"], message.values["owner_name"]) == (EMAIL, sunday, "R1", "Ana Sola")
    assert outcomes(story, "contact.receipt") == [Outcome.MET]
    assert story.told.stage is Stage.RECEIVED


def test_the_receipt_is_not_the_acknowledgement() -> None:
    """A machine's receipt leaves the acknowledgement and the next word due."""
    story = Story.begins().deliver()
    assert outcomes(story, "acknowledge.immediately") == [Outcome.OPEN]
    assert outcomes(story, "contact.keep-informed") == [Outcome.OPEN]


def test_a_receipt_that_cannot_be_delivered_is_owed_again() -> None:
    """A receipt that was given up is owed again, is a step of the owner, and rings an hour after the contact, at night too."""
    night = MONDAY.add(hours=12)
    story = Story.begins(a_contact(at=night), now=night).deliver(Delivery.GIVEN_UP)
    assert outcomes(story, "contact.receipt") == [Outcome.OPEN]
    assert ("case.never-forgotten", "reach the customer another way: a message by email could not be delivered") in tasks(story)
    assert step_of(story, "contact.receipt").wake_at == night.add(hours=1)
    assert rung(story.wait(hours=1), "ana", "contact.receipt")


def test_the_acknowledgement_meets_the_receipt_too() -> None:
    """Whoever has been acknowledged needs no receipt any more."""
    story = acknowledged(Story.begins().deliver(Delivery.GIVEN_UP))
    assert no_step(story, "contact.receipt")


def test_where_no_machine_reaches_the_sender_the_receipt_is_a_step() -> None:
    """A caller without an e-mail address gets the receipt by hand, due at the next opening; any word of a person meets it."""
    caller = Customer(name="Bo", addresses=(PHONE,))
    saturday = MONDAY.add(days=5)
    story = Story.begins(a_contact(sender=caller, channel=Channel.PHONE, at=saturday), now=saturday)
    assert [out.person for out in story.decisions[0].messages] == ["ana"]
    assert step_of(story, "contact.receipt.by-hand").due_at == MONDAY.add(days=7).subtract(hours=1)
    story.now = MONDAY.add(days=7)
    story.do(Inform(by="ana", word=called(story.now, "We have it.")))
    assert outcomes(story, "contact.receipt.by-hand") == [Outcome.MISSED]
    assert no_step(story, "contact.receipt.by-hand")


def test_a_case_gets_at_most_one_receipt_a_day() -> None:
    """A second message within a day gets no second receipt; the day after, the next one does."""
    story = Story.begins().deliver().wait(hours=23)
    assert ("receipt", "email") not in letters(story.do(Receive(contact=a_contact("Hello?", at=story.now))))
    story.wait(hours=1)
    assert ("receipt", "email") in letters(story.do(Receive(contact=a_contact("Anybody?", at=story.now))))


# ---------------------------------------------------------------- contact.automatic-mail


@pytest.mark.parametrize("stage", list(Stage))
def test_automatic_mail_moves_nothing_and_is_never_answered(stage: Stage) -> None:
    """An out-of-office note joins the case, and neither reopens it, owes an answer, stops a clock nor gets a reply."""
    story = at_stage(stage)
    standing = {(step.clock, step.due_at) for step in agenda(story.told, POLICY)}
    decision = story.do(Receive(contact=a_contact("I am on holiday.", at=story.now, automatic=True)))
    assert named(decision) == ["ContactJoined", "Warned"]
    assert warned(decision) == {"contact.automatic-mail"}
    assert (story.told.stage, decision.messages) == (stage, ())
    assert {(step.clock, step.due_at) for step in agenda(story.told, POLICY)} == standing


def test_automatic_mail_alone_waits_in_the_tray() -> None:
    """Automatic mail that belongs to no case waits in the tray, and gets no receipt."""
    story = Story.begins(a_contact(automatic=True))
    assert story.told.in_tray
    assert letters(story.decisions[0]) == [("tray", "ana")]


def test_automatic_mail_does_not_end_the_waiting_for_the_customer() -> None:
    """An out-of-office note is no answer to our question."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Ask(by="ana", word=by_mail("Which model?"), question="Which model?"))
    story.deliver().do(Receive(contact=a_contact("I am on holiday.", at=story.now, automatic=True)))
    assert len(story.told.keeping.questions) == 1
    assert outcomes(story, "customer.chased") == [Outcome.OPEN]


def test_a_machines_note_is_not_the_customers_word() -> None:
    """What a machine wrote cannot be cited as the customer's yes: the report is kept, warned about, and moves nothing."""
    story = at_stage(Stage.RESOLUTION_PROPOSED)
    story.do(Receive(contact=a_contact("Out of office.", at=story.now, automatic=True)))
    number = story.told.receiving.contacts[-1].seq
    decision = story.do(RecordAcceptance(by="ana", option="repair", said=said("", contact=number)))
    assert "contact.automatic-mail" in warned(decision)
    assert "ReportNoted" in named(decision)
    assert story.told.stage is Stage.RESOLUTION_PROPOSED


def test_a_withdrawal_cannot_cite_a_machine() -> None:
    """A case is not closed on the word of a machine."""
    story = Story.begins().deliver()
    story.do(Receive(contact=a_contact("Unsubscribed.", at=story.now, automatic=True)))
    number = story.told.receiving.contacts[-1].seq
    close = Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("", contact=number))
    assert broken(story, close) == {("contact.automatic-mail", "said")}


def test_a_bounce_voids_the_word_and_gives_the_owner_a_step() -> None:
    """An acknowledgement that bounces no longer counts: its clock runs again, and the owner has a step."""
    story = Story.begins().deliver().wait(minutes=10)
    decision = story.do(Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY.add(days=1)))
    assert no_step(story, "acknowledge.immediately")
    (message,) = decision.messages
    bounce = story.wait(minutes=1).do(ReportDelivery(message_id=message.id, delivery=Delivery.BOUNCED))
    assert step_of(story, "acknowledge.immediately").due_at == MONDAY.add(hours=1)
    assert no_step(story, "promise.tracked.next-word")
    assert [rule for rule, _ in tasks(story)] == ["contact.automatic-mail"]
    assert bounce.settled == ((message.id, Delivery.BOUNCED),)


def test_a_second_failure_on_the_same_channel_is_not_a_second_step() -> None:
    """The owner is told once to find another way, however many messages fail on one channel."""
    story = Story.begins().deliver(Delivery.BOUNCED)
    before = tasks(story)
    story.do(Inform(by="ana", word=by_mail()))
    story.deliver(Delivery.BOUNCED)
    assert tasks(story) == before


def test_the_same_delivery_report_twice_is_one_entry() -> None:
    """A delivery that is reported twice leaves one entry in the history."""
    story = Story.begins().deliver()
    sent = story.told.receiving.outgoing[0].id
    assert story.do(ReportDelivery(message_id=sent, delivery=Delivery.SENT)).events == ()


def test_a_delivery_report_about_nothing_we_sent_becomes_a_step() -> None:
    """A delivery report that fits no message is kept, and somebody has to look at it."""
    story = Story.begins()
    decision = story.do(ReportDelivery(message_id="who-knows", delivery=Delivery.BOUNCED))
    assert named(decision) == ["ReportNoted", "TaskSet"]
    assert tasks(story) == [("case.never-forgotten", "find out which message this delivery report is about")]


# ---------------------------------------------------------------- contact.wishes


def test_no_contact_means_no_contact() -> None:
    """A customer who wants no contact is written to by nobody: acts are refused, queued messages withheld, on record."""
    story = Story.begins()
    decision = story.do(wish(WishKind.DO_NOT_CONTACT))
    receipt = next(out for out in story.told.receiving.outgoing if out.person is None)
    assert receipt.state is Delivery.WITHHELD
    assert decision.settled == ((receipt.id, Delivery.WITHHELD),)
    withheld = decision.events[-1].event
    assert withheld.rule == "contact.wishes"  # type: ignore[attr-defined]
    acknowledge = Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY.add(days=1))
    assert ("contact.wishes", None) in broken(story, acknowledge)
    assert all(no_step(story, clock) for clock in ("acknowledge.immediately", "contact.keep-informed", "contact.receipt"))
    assert step_of(story, "resolve.whole-case").wake_at is not None


def test_no_contact_passes_both_follow_ups_as_declined() -> None:
    """Follow-ups of a customer who wants no contact are passed as declined when they fall due, never as solved."""
    story = at_stage(Stage.RESOLVED)
    story.do(wish(WishKind.DO_NOT_CONTACT))
    story.wait(days=3).wake()
    assert (story.told.stage, story.told.following_up.days) == (Stage.FOLLOWED_UP_DAYS, FollowUpOutcome.DECLINED)
    decision = story.wait(days=18).wake()
    assert (story.told.stage, story.told.following_up.weeks) == (Stage.FOLLOWED_UP_WEEKS, FollowUpOutcome.DECLINED)
    assert all(out.person is not None for out in decision.messages)


def test_silence_during_the_tries_passes_the_follow_up_as_declined() -> None:
    """A wish for no contact that comes between the tries of a follow-up passes it as declined."""
    story = at_stage(Stage.RESOLVED).wait(days=3)
    story.do(FollowUp(by="ana", word=called(story.now, reached=False)))
    story.do(wish(WishKind.DO_NOT_CONTACT))
    story.wait(days=5).wake()
    assert story.told.following_up.days is FollowUpOutcome.DECLINED


def test_an_unwelcome_channel_is_not_used() -> None:
    """A customer who does not want calls is not called; the machine and the owner take another channel."""
    story = Story.begins().deliver()
    story.do(wish(WishKind.NOT_ON_CHANNEL, channel=Channel.EMAIL))
    assert broken(story, Inform(by="ana", word=by_mail())) == {("contact.wishes", "word.via")}
    story.wait(days=2).do(Receive(contact=a_contact("Hello?", at=story.now)))
    assert [out for out in story.decisions[-1].messages if out.person is None] == []
    assert step_of(story, "contact.receipt.by-hand").due_at is not None


def test_only_what_the_wish_forbids_is_withheld() -> None:
    """A wish against calls withholds the call that is owed and lets the mail go."""
    story = Story.begins().deliver()
    both = frozenset({Channel.EMAIL, Channel.PHONE})
    story.do(Inform(by="ana", word=evolve(by_mail(), via=both)))
    story.do(wish(WishKind.NOT_ON_CHANNEL, channel=Channel.PHONE))
    states = {out.channel: out.state for out in story.told.receiving.outgoing if out.seq > 5}
    assert states == {Channel.EMAIL: Delivery.QUEUED, Channel.PHONE: Delivery.WITHHELD}


def test_not_before_a_date_stands_above_every_contact_clock() -> None:
    """Until the date a customer named, no clock asks for a word, no machine writes, and acts are refused with the date."""
    story = at_stage(Stage.RESOLUTION_PROPOSED)
    until = story.now.add(days=14)
    story.do(wish(WishKind.NOT_BEFORE, until=until))
    (reason,) = refusal(story, Inform(by="ana", word=by_mail())).reasons
    assert (reason.rule, reason.params["until"]) == ("contact.wishes", until)
    for clock in ("contact.keep-informed", "customer.chased"):
        assert step_of(story, clock).due_at == until
    story.wait(days=13)
    assert [out for out in story.wake().messages if out.person is None] == []
    story.do(Receive(contact=a_contact("One thing more", at=story.now)))
    assert [out for out in story.decisions[-1].messages if out.person is None] == []
    story.now = until.add(days=1)
    assert named(story.do(Inform(by="ana", word=by_mail())))[0] == "CustomerInformed"


def test_no_machine_asks_about_an_arrival_before_the_date_the_customer_named() -> None:
    """An arrival check waits for the date before which the customer wants no contact."""
    story = at_stage(Stage.INVESTIGATING)
    proposed(story, Option(id="refund", text="Your money back.", delivers="the refund"))
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    until = story.now.add(days=20)
    story.do(wish(WishKind.NOT_BEFORE, until=until))
    story.wait(days=19)
    assert [out for out in story.wake().messages if out.person is None] == []
    story.now = until
    assert ("arrival_check", "email") in letters(story.wake())


def test_of_two_dates_the_later_holds() -> None:
    """A customer who names two dates is not written to before the later one."""
    story = Story.begins()
    for days in (9, 4):
        story.do(wish(WishKind.NOT_BEFORE, until=MONDAY.add(days=days)))
    assert story.told.not_before == MONDAY.add(days=9)


def test_another_person_please() -> None:
    """Once the customer asks for another person, the owner's acts are refused and a supervisor's move is due at once."""
    story = acknowledged(Story.begins(policy=ROUTED).deliver())
    story.do(wish(WishKind.ANOTHER_PERSON))
    assert broken(story, Inform(by="ben", word=by_mail())) == {("contact.wishes", "by")}
    step = step_of(story, "contact.wishes")
    assert (step.whom, step.wake_at) == ("cleo", story.now)
    assert rung(story, "cleo", "contact.wishes")
    story.do(MoveCase(by="cleo", to="ana", reason="The customer asked for somebody else."))
    assert no_step(story, "contact.wishes")
    assert named(story.do(Inform(by="ana", word=by_mail())))[0] == "CustomerInformed"


def test_a_promise_told_against_the_wish_is_refused() -> None:
    """A promise that is told to the customer is a word like any other."""
    story = Story.begins()
    promise = MakePromise(by="ana", what="call you", due_at=MONDAY.add(days=1), word=by_mail())
    silent = evolve(promise, word=None)
    story.do(wish(WishKind.DO_NOT_CONTACT))
    assert ("contact.wishes", None) in broken(story, promise)
    assert named(story.do(silent)) == ["PromiseMade"]


def test_a_call_that_was_made_against_the_wish_is_kept_and_warned_about() -> None:
    """A word that has been said is on file, whatever the customer had wished; it is a warning."""
    story = acknowledged(Story.begins().deliver())
    story.do(wish(WishKind.DO_NOT_CONTACT))
    decision = story.do(Inform(by="ana", word=called(story.now, "Sorry. I write on Friday.")))
    assert (named(decision), warned(decision)) == (["CustomerInformed", "Warned"], {"contact.wishes"})


def test_a_wish_that_cites_no_message_of_the_customer_is_noted_and_asked_about() -> None:
    """A wish on the word of a message that is not there binds nobody; the owner asks the customer."""
    story = Story.begins()
    silent = RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("", contact=99))
    decision = story.do(silent)
    assert warned(decision) == {"contact.automatic-mail"}
    assert not story.told.silenced
    assert tasks(story) == [("contact.wishes", "ask the customer what they wish")]


# ---------------------------------------------------------------- case.never-forgotten


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage not in (Stage.CLOSED, Stage.FOLLOWED_UP_WEEKS)])
def test_every_open_case_has_a_dated_next_step(stage: Stage) -> None:
    """In every open stage something will happen by itself, on somebody's agenda."""
    story = at_stage(stage)
    assert story.decisions[-1].wake_at is not None
    first = agenda(story.told, POLICY)[0]
    assert (first.wake_at, bool(first.whom)) == (story.decisions[-1].wake_at, True)


def test_where_no_clock_runs_the_owner_is_asked_what_happens_next() -> None:
    """With every other clock switched off, an open case still comes back a working day after its last entry, and daily."""
    bare = evolve(
        POLICY,
        clocks=tuple(
            clock
            for clock in POLICY.clocks
            if clock.id in ("case.never-forgotten", "contact.logged", "contact.wishes", "owner.named", "owner.handover")
        ),
    )
    story = Story.begins(policy=bare).deliver()
    (step,) = agenda(story.told, bare)
    assert (step.rule, step.what, step.wake_at) == ("case.never-forgotten", "decide what happens next", MONDAY.add(days=1))
    story.now = MONDAY.add(days=1)
    assert rung(story, "ana", "case.never-forgotten")
    assert agenda(story.told, bare)[0].wake_at == MONDAY.add(days=2)


def test_a_step_that_is_set_warns_and_escalates_until_it_is_done() -> None:
    """A dated step warns its owner, goes up the ladder daily, and is off the agenda when done."""
    story = acknowledged(Story.begins(policy=ROUTED).deliver())
    story.do(SetTask(by="ben", what="ring the harbour", due_at=MONDAY.add(days=2)))
    (task,) = story.told.receiving.tasks
    step = step_of(story, "case.never-forgotten")
    assert (step.what, step.whom, step.due_at) == ("ring the harbour", "ben", MONDAY.add(days=2))
    story.now = MONDAY.add(days=2)
    assert rung(story, "cleo", "case.never-forgotten")
    story.now = MONDAY.add(days=3)
    assert rung(story, "fay", "case.never-forgotten")
    story.now = MONDAY.add(days=4)
    assert rung(story, "fay", "case.never-forgotten")
    done = story.do(CompleteTask(by="ben", task_id=task.id, note="they know"))
    assert isinstance(done.events[0].event, TaskDone)
    assert no_step(story, "case.never-forgotten")


def test_an_undated_step_is_due_in_a_working_day() -> None:
    """A step without a date gets the policy's, and may belong to somebody else than the owner."""
    story = Story.begins()
    story.do(SetTask(by="ana", what="look at the photo", owner="ben"))
    step = step_of(story, "case.never-forgotten")
    assert (step.whom, step.due_at) == ("ben", MONDAY.add(days=1))


def test_a_step_that_is_not_there_cannot_be_missed() -> None:
    """A report that a step was taken which is not on the list is kept as a note, with a warning."""
    story = Story.begins()
    decision = story.do(CompleteTask(by="ana", task_id="99"))
    assert "ReportNoted" in named(decision)
    assert warned(decision) == {"input.reference"}


def test_a_step_on_a_closed_case_keeps_its_owner_and_date() -> None:
    """Over means over, but a step still on an ended case stays on the agenda until it is done."""
    story = Story.begins()
    story.do(SetTask(by="ana", what="send the photo back", due_at=MONDAY.add(days=1)))
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert [step.what for step in agenda(story.told, POLICY)] == ["send the photo back"]
    assert story.decisions[-1].wake_at is not None


def test_an_ended_case_that_owes_nothing_sleeps() -> None:
    """A case that has gone the whole way and owes nothing wakes nobody."""
    story = at_stage(Stage.FOLLOWED_UP_WEEKS)
    assert agenda(story.told, POLICY) == ()
    assert story.wait(days=400).wake().events == ()


def test_what_no_software_can_send_is_a_step_of_the_owner() -> None:
    """A call that is to be made is on the agenda until it was made; a voicemail leaves it there."""
    story = acknowledged(Story.begins().deliver())
    decision = story.do(Inform(by="ana", word=evolve(by_mail("News."), via=frozenset({Channel.PHONE}))))
    assert decision.messages == ()
    call = story.told.receiving.outgoing[-1]
    assert (call.state, call.manual) == (Delivery.OWED, True)
    assert step_of(story, "case.never-forgotten").what == "get in touch by phone: customer informed"
    story.do(ReportDelivery(by="ana", message_id=call.id, delivery=Delivery.NOT_REACHED))
    assert step_of(story, "case.never-forgotten").key == call.id
    story.do(ReportDelivery(by="ana", message_id=call.id, delivery=Delivery.NOT_REACHED))
    story.do(ReportDelivery(by="ana", message_id=call.id, delivery=Delivery.SENT))
    assert no_step(story, "case.never-forgotten")


def test_a_call_counts_when_it_is_made() -> None:
    """A clock that a call is to meet is met when the call was made, not when it was planned."""
    story = Story.begins().deliver()
    word = evolve(by_mail("We have it."), via=frozenset({Channel.PHONE}))
    story.do(Acknowledge(by="ana", word=word, next_word_at=MONDAY.add(days=1)))
    assert outcomes(story, "acknowledge.immediately") == [Outcome.OPEN]
    call = story.told.receiving.outgoing[-1]
    story.wait(minutes=30).do(ReportDelivery(by="ana", message_id=call.id, delivery=Delivery.SENT))
    assert outcomes(story, "acknowledge.immediately") == [Outcome.MET]


# ---------------------------------------------------------------- case.one-thread


def duplicate(story: Story, survivor: Story, **context: object) -> Close:
    """Return the closing of ``story`` as a duplicate of ``survivor``, whom the world knows."""
    story.context = Context(survivor=survivor.told, **context)  # type: ignore[arg-type]
    return Close(by="ana", reason=CloseReason.DUPLICATE, survivor=survivor.told.id)


def another(case_id: str = "case-9") -> Story:
    """Return the story of another case."""
    story = Story()
    story.do(OpenCase(case_id=case_id, reference=case_id.upper(), contact=a_contact("The other half.")))
    return story


def test_a_merged_case_lives_on_in_the_survivor() -> None:
    """A duplicate is closed and the survivor takes over its history, and the answer nobody gave there."""
    story, survivor = Story.begins(), another()
    decision = story.do(duplicate(story, survivor))
    assert (story.told.stage, story.told.closing.survivor) == (Stage.CLOSED, "case-9")
    (merged,) = decision.opens
    assert merged.case.id == "case-9"
    assert merged.case.receiving.merged == ("case-1",)
    survivor.case = merged.case
    assert step_of(survivor, "contact.answer-owed").due_at == MONDAY.add(days=1)


def test_merging_an_acknowledged_case_owes_no_second_answer() -> None:
    """What has been acknowledged before the merge owes no answer in the survivor."""
    story, survivor = acknowledged(Story.begins().deliver()), another()
    survivor.case = story.do(duplicate(story, survivor)).opens[0].case
    assert no_step(survivor, "contact.answer-owed")


def test_the_survivor_keeps_the_clocks_it_is_pinned_to() -> None:
    """A merge decides about the survivor by the survivor's own clocks, whatever the duplicate runs on."""
    story, survivor = Story.begins(), another()
    slow = Length(3, Unit.BUSINESS_DAYS)
    clocks = tuple(evolve(clock, length=slow) if clock.id == "contact.answer-owed" else clock for clock in POLICY.clocks)
    pinned = evolve(POLICY, clocks=clocks).timing
    (kept,) = story.do(duplicate(story, survivor, survivor_timing=pinned)).opens
    assert kept.wake_at is not None
    survivor.case, survivor.policy = kept.case, POLICY.pinned(pinned)
    assert step_of(survivor, "contact.answer-owed").due_at == MONDAY.add(days=3)


def test_merging_cannot_form_a_circle() -> None:
    """A case cannot be merged into itself, into nothing, or into a case that was merged into it, however far back."""
    story, survivor = Story.begins(), another()
    itself = duplicate(story, story)
    assert broken(story, itself) == {("case.one-thread", "survivor")}
    unknown = duplicate(story, survivor)
    story.context = Context()
    assert broken(story, unknown) == {("case.one-thread", "survivor")}
    longer = duplicate(story, survivor, lineage=("case-5", "case-1"))
    assert broken(story, longer) == {("case.one-thread", "survivor")}
    assert all("UndoMerge" in reason.hint for reason in refusal(story, longer).reasons)
    survivor.context = Context(survivor=story.told)
    survivor.do(Close(by="ana", reason=CloseReason.DUPLICATE, survivor="case-1"))
    assert broken(story, duplicate(story, survivor)) == {("case.one-thread", "survivor")}


def test_a_word_that_joins_brings_a_way_to_reach_the_customer() -> None:
    """An address that was not on file is learnt from a message that joins, and one of a machine is not."""
    story = Story.begins(a_contact(sender=Customer(name="Bo", addresses=(PHONE,)), channel=Channel.PHONE))
    story.do(Receive(contact=a_contact("Out of office", at=story.now, automatic=True)))
    assert story.told.receiving.customer.address(Channel.EMAIL) is None
    story.do(Receive(contact=a_contact("Here is my mail.", at=story.now)))
    assert story.told.receiving.customer.address(Channel.EMAIL) == EMAIL


# ---------------------------------------------------------------- mending


def test_a_correction_mends_and_keeps_the_history() -> None:
    """A mistake is mended by a new entry; what was on file before is still in the history."""
    story = Story.begins()
    new = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value="new@customer.example"),))
    story.do(Correct(by="ana", reason="a slip", customer=new, issue="Dark.", category="display", region="north", brand="acme"))
    receiving = story.told.receiving
    assert (receiving.customer, receiving.issue, receiving.category) == (new, "Dark.", "display")
    assert (receiving.region, receiving.brand) == ("north", "acme")
    assert story.events[0].event.contact.sender == BO  # type: ignore[attr-defined]


def test_a_case_moves_to_the_present_policy_by_a_command() -> None:
    """Moving a case to other clocks is a command with a reason; where it is there already, nothing changes."""
    story = Story.begins()
    assert story.do(MovePolicy(by="cleo", reason="new hours")).events == ()
    quick = tuple(evolve(c, ladder=c.ladder[1:]) if c.id == "propose.in-time" else c for c in POLICY.clocks)
    story.policy = evolve(POLICY, clocks=quick)
    assert named(story.do(MovePolicy(by="cleo", reason="new hours"))) == ["PolicyMoved"]
    assert story.told.policy_id == story.policy.id


def test_spam_leaves_the_tray_with_two_pairs_of_eyes() -> None:
    """What is no case leaves the tray for a reason, with a second person; a withdrawal by nobody is refused."""
    story = Story.begins(UNSIGNED)
    nobody = Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind."))
    assert broken(story, nobody) == {("close.reasons", "reason")}
    story.do(Close(by="ana", reason=CloseReason.NOT_A_CASE, kind=NotACase.SPAM, explanation="pills", second_person="ben"))
    assert (story.told.stage, agenda(story.told, POLICY)) == (Stage.CLOSED, ())


def test_what_the_customer_wrote_is_answered_once_asked() -> None:
    """A message ends the waiting for an open question; the question recorded as answered twice is only noted."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Ask(by="ana", word=by_mail("Which model?"), question="Which model?"))
    (question,) = story.told.keeping.questions
    story.do(Receive(contact=a_contact("The blue one", at=story.now)))
    assert story.told.keeping.questions == ()
    decision = story.do(RecordAnswer(by="ana", question_id=question.id, said=said("The blue one")))
    assert "ReportNoted" in named(decision)
    assert warned(decision) == {"input.reference"}


def test_followed_up_cases_stay_quiet() -> None:
    """A wish recorded on an ended case is on file: not even the survey goes out, and nothing wakes any more."""
    story = followed_up(at_stage(Stage.FOLLOWED_UP_DAYS).wait(days=18))
    story.do(wish(WishKind.DO_NOT_CONTACT))
    assert story.told.silenced
    passed = story.do(Wake())
    assert (passed.messages, passed.wake_at) == ((), None)


@pytest.mark.parametrize(
    "report",
    [
        CompleteTask(by="ana", task_id="99", note="They ring back."),
        ReportDelivery(by="ana", message_id="nobody's", delivery=Delivery.SENT, note="They ring back."),
    ],
    ids=lambda report: type(report).__name__,
)
def test_what_is_noted_with_a_report_about_nothing_is_kept(report: CompleteTask | ReportDelivery) -> None:
    """A report about a step or a message that is not there, because another was faster, loses none of its words."""
    noted = [r.event for r in Story.begins().do(report).events if isinstance(r.event, ReportNoted)]
    assert [one.details for one in noted] == [(("note", "They ring back."),)]
