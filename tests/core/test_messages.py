"""Messages: what is due to one reader goes out as one, under a name that stays the same, before anybody has put it into words."""

from __future__ import annotations

from datetime import timedelta

import attrs
import pytest

from recovery.core.decide import Decision
from recovery.core.messages import Message, compose, drafts_for_word, prepare
from recovery.core.policy import Policy
from recovery.core.practice.common import Draft
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Address, Channel, Customer, Event, Recorded, Word
from recovery.core.vocabulary.following_up import FollowUp
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform, MakePromise, MovePromise
from recovery.core.vocabulary.ownership import MoveCase, OfferHandover
from recovery.core.vocabulary.proposing import Investigate, Propose
from recovery.core.vocabulary.receiving import (
    AlarmRung,
    Delivery,
    MessagePrepared,
    OpenCase,
    Part,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    TaskSet,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import MoveDelivery, RecordAcceptance, Resolution, Resolve
from support import (
    BERLIN,
    BO,
    EMAIL,
    MONDAY,
    PHONE,
    POLICY,
    REFUND,
    REPAIR,
    THANKS,
    TRIED,
    Story,
    a_contact,
    at_stage,
    by_mail,
    called,
    letters,
    said,
)

SMS = Address(channel=Channel.SMS, value="+49 170 1")
TWO_WAYS = attrs.evolve(BO, addresses=(EMAIL, SMS, PHONE))


def to_customer(decision: Decision) -> list[Message]:
    """Return what a decision says to the customer."""
    return [message for message in decision.messages if message.person is None]


def test_a_batch_of_four_words_makes_one_mail() -> None:
    """A case settled on the spot, four words in one batch, gets one mail that says all four in order."""
    story = Story.begins().deliver()
    decision = story.do(
        Acknowledge(by="ana", word=by_mail("I am Ana."), next_word_at=MONDAY.add(days=1)),
        Inform(by="ana", word=by_mail("I have looked.")),
        Investigate(by="ana"),
        Ask(by="ana", word=by_mail("One thing."), question="Which engine?"),
        Resolve(by="ana", word=by_mail("Done."), done="It is repaired."),
    )
    (mail,) = to_customer(decision)
    assert [saying.template for saying in mail.sayings] == ["acknowledged", "customer_informed", "question_asked", "case_resolved"]
    assert [saying.text for saying in mail.sayings] == ["I am Ana.", "I have looked.", "One thing.", "Done."]
    assert story.told.stage is Stage.RESOLVED


def test_words_on_two_channels_make_one_message_for_each() -> None:
    """Each channel gets one message with what is due on it, and no more."""
    story = Story.begins(a_contact(sender=TWO_WAYS)).deliver()
    both = Word(via=frozenset({Channel.EMAIL, Channel.SMS}), text="I am Ana.")
    decision = story.do(
        Acknowledge(by="ana", word=both, next_word_at=MONDAY.add(days=1)), Inform(by="ana", word=by_mail("I have looked."))
    )
    told = {message.channel: [saying.text for saying in message.sayings] for message in to_customer(decision)}
    assert told == {Channel.EMAIL: ["I am Ana.", "I have looked."], Channel.SMS: ["I am Ana."]}


def test_ids_are_case_number_and_channel_and_stay_the_same() -> None:
    """A message is called ``case:number:channel`` after its entry, and deciding again gives it the same name."""
    first, second = Story.begins(), Story.begins()
    ids = [message.id for message in first.decisions[0].messages]
    assert ids == [message.id for message in second.decisions[0].messages]
    for entry in first.events:
        if isinstance(entry.event, MessagePrepared):
            assert entry.event.message_id == f"case-1:{entry.seq}:{entry.event.channel.value}"
    assert ids == ["case-1:2:email", "case-1:3:email"]


def test_what_was_said_already_needs_no_message() -> None:
    """A call that was made, or a letter that was sent, makes no message."""
    story = at_stage(Stage.INVESTIGATING)
    decision = story.do(Inform(by="ana", word=called(story.now, "It is under way.")))
    assert decision.messages == ()


def test_receipts_come_at_most_once_a_day() -> None:
    """Whoever writes gets a receipt at once, and not a second one within a day; the next day again."""
    story = Story.begins()
    assert letters(story.decisions[0]) == [("assigned", "ana"), ("receipt", "email")]
    again = story.wait(hours=23, minutes=59).do(Receive(contact=a_contact("And another thing.", at=story.now)))
    assert letters(again) == [("wrote", "ana")]
    next_day = story.wait(minutes=1).do(Receive(contact=a_contact("Hello?", at=story.now)))
    assert letters(next_day) == [("wrote", "ana"), ("receipt", "email")]


def test_machine_mail_is_never_answered() -> None:
    """An out-of-office note gets no receipt and wakes nobody."""
    story = Story.begins().wait(days=2)
    assert story.do(Receive(contact=a_contact("I am away.", at=story.now, automatic=True))).messages == ()


def test_a_receipt_goes_back_where_the_contact_came_from() -> None:
    """The receipt takes the channel of the contact where software can write on it, else the best that is known."""
    for channel, goes_to in ((Channel.SMS, "sms"), (Channel.EMAIL, "email"), (Channel.LETTER, "email"), (Channel.PHONE, "email")):
        story = Story.begins(a_contact(sender=TWO_WAYS, channel=channel))
        assert letters(story.decisions[0])[-1] == ("receipt", goes_to)


def test_whom_nothing_reaches_becomes_a_step_of_the_owner() -> None:
    """What is meant for a customer without any address is a dated step of the owner, not a lost message."""
    story = Story.begins(a_contact(sender=Customer(name="Bo")))
    draft = Draft(part=Part(template="chase", values=(("key", "1"),)))
    (event,) = prepare(story.told, [draft], POLICY.moment(story.now, Context()))
    assert isinstance(event, TaskSet)
    assert "chase" in event.what


def test_a_customer_who_wants_no_contact_gets_no_message_and_makes_no_step() -> None:
    """Where the customer wants no contact, what the library would say is dropped, and nobody is told to say it instead."""
    story = at_stage(Stage.ACKNOWLEDGED)
    story.do(RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Leave me alone.")))
    draft = Draft(part=Part(template="chase", values=(("key", "1"),)))
    assert prepare(story.told, [draft], POLICY.moment(story.now, Context())) == []


def test_what_the_library_would_say_too_early_is_a_step_for_later() -> None:
    """Before the date the customer named the library says nothing to them: the owner has a step for that date."""
    story = at_stage(Stage.ACKNOWLEDGED)
    later = story.now.add(days=9)
    story.do(RecordWish(by="ana", wish=Wish(kind=WishKind.NOT_BEFORE, until=later), said=said("Not before the 11th.")))
    draft = Draft(part=Part(template="no_answer_notice"))
    (event,) = prepare(story.told, [draft], POLICY.moment(story.now, Context()))
    assert isinstance(event, TaskSet)
    assert (event.due_at, "no_answer_notice" in event.what) == (later, True)
    (event,) = prepare(story.told, [draft], POLICY.moment(later, Context()))
    assert isinstance(event, MessagePrepared)
    (event,) = prepare(story.told, [Draft(part=draft.part, person="ben")], POLICY.moment(story.now, Context()))
    assert isinstance(event, MessagePrepared)


def test_an_unwelcome_channel_is_left_out() -> None:
    """What the library says goes by a channel the customer does not mind."""
    story = Story.begins(a_contact(sender=TWO_WAYS))
    story.do(RecordWish(by="ana", wish=Wish(kind=WishKind.NOT_ON_CHANNEL, channel=Channel.EMAIL), said=said("No mails.")))
    draft = Draft(part=Part(template="chase"), channel=Channel.EMAIL)
    (event,) = prepare(story.told, [draft], POLICY.moment(story.now, Context()))
    assert isinstance(event, MessagePrepared)
    assert event.channel is Channel.SMS


@pytest.mark.parametrize(("avoid", "taken"), [(None, Channel.EMAIL), (Channel.EMAIL, Channel.SMS), (Channel.SMS, Channel.EMAIL)])
def test_a_channel_to_avoid_is_taken_last(avoid: Channel | None, taken: Channel) -> None:
    """What should go by another channel does, where there is one."""
    story = Story.begins(a_contact(sender=TWO_WAYS))
    (event,) = prepare(story.told, [Draft(part=Part(template="chase"), avoid=avoid)], POLICY.moment(story.now, Context()))
    assert isinstance(event, MessagePrepared)
    assert event.channel is taken


def test_a_channel_to_avoid_is_taken_where_it_is_the_only_one() -> None:
    """With one way to the customer, that way is taken however often."""
    story = Story.begins(a_contact(sender=attrs.evolve(BO, addresses=(EMAIL,))))
    (event,) = prepare(story.told, [Draft(part=Part(template="chase"), avoid=Channel.EMAIL)], POLICY.moment(story.now, Context()))
    assert isinstance(event, MessagePrepared)
    assert event.channel is Channel.EMAIL


def test_what_no_software_can_send_is_owed_and_not_sent() -> None:
    """A call or a letter makes no message: it is an entry that somebody owes it, under the same kind of name."""
    story = at_stage(Stage.INVESTIGATING)
    decision = story.do(Inform(by="ana", word=Word(via=frozenset({Channel.PHONE, Channel.EMAIL}), text="News.")))
    assert [message.channel for message in decision.messages] == [Channel.EMAIL]
    owed = story.told.receiving.outgoing[-1]
    assert (owed.manual, owed.state, owed.channel) == (True, Delivery.OWED, Channel.PHONE)


def test_a_letter_to_nobody_knows_where_is_owed_all_the_same() -> None:
    """A word on a channel without an address on file, that a person must use anyway, is owed without one."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Inform(by="ana", word=Word(via=frozenset({Channel.LETTER}), text="News.")))
    prepared = story.events[-1].event
    assert isinstance(prepared, MessagePrepared)
    assert (prepared.manual, prepared.to) == (True, None)


def test_colleagues_are_written_to_at_their_own_address() -> None:
    """A message to somebody on our side goes to the e-mail on file, or nowhere known where there is none."""
    policy = attrs.evolve(POLICY, people=(*POLICY.people[:1], *(attrs.evolve(p, addresses=()) for p in POLICY.people[1:])))
    story = Story.begins(policy=policy)
    (mail, _) = story.decisions[0].messages
    assert mail.to is not None
    assert (mail.person, mail.to.value) == ("ana", "ana@desk.example")
    assert _to_cleo(story.do(OfferHandover(by="ana", to="cleo", briefing="The display."))).to is None
    stranger = Story.begins(policy=Policy(fallback_owner="zoe", calendar=POLICY.calendar))
    first = stranger.decisions[0].messages[0]
    assert (first.person, first.to) == ("zoe", None)


def _to_cleo(decision: Decision) -> Message:
    return next(message for message in decision.messages if message.person == "cleo")


def test_dates_are_for_the_reader() -> None:
    """A customer's message is read in the customer's zone, a colleague's in the desk's."""
    story = Story.begins(a_contact(sender=attrs.evolve(BO, timezone="Asia/Kolkata")))
    zones = {
        message.person: (message.values["timezone"], message.values["desk_timezone"]) for message in story.decisions[0].messages
    }
    assert zones == {"ana": ("", "Europe/Berlin"), None: ("Asia/Kolkata", "Europe/Berlin")}


def test_every_message_carries_names_reference_and_way_back() -> None:
    """Whatever a text may want to name is there: the reference, the names, the issue, a way back; and empty where unknown."""
    policy = attrs.evolve(POLICY, company="Boats & Co", way_back="+49 30 99")
    story = Story.begins(policy=policy)
    values = to_customer(story.decisions[0])[0].values
    assert values["reference"] == "R1"
    assert (values["customer"], values["owner_name"], values["company"]) == ("Bo Lind", "Ana Sola", "Boats & Co")
    assert (values["reach"], values["issue"]) == ("ana@desk.example", "The display of my boat went dark.")
    nobody = Story(policy=Policy(fallback_owner="zoe", calendar=POLICY.calendar, way_back="+49 30 99"))
    decision = nobody.do(OpenCase(case_id="case-1", reference="R1", contact=a_contact(sender=Customer(addresses=(EMAIL,)))))
    values = to_customer(decision)[0].values
    assert (values["customer"], values["owner_name"], values["reach"]) == ("", "zoe", "+49 30 99")


def test_a_word_is_signed_by_whoever_says_it() -> None:
    """What a colleague of the owner writes bears the colleague's name, the one that was given if one was."""
    story = Story.begins()
    word = by_mail("Thank you for telling us. I am sorry, and I look into it.")
    said = story.do(Acknowledge(by="ben", name="Benno", word=word, next_word_at=BERLIN.add_days(MONDAY, 1)))
    informed = story.do(Inform(by="ben", word=by_mail("I order the part today.")))
    assert [to_customer(one)[0].values["owner_name"] for one in (said, informed)] == ["Benno", "Ben Otto"]


def test_the_way_back_is_the_one_the_customer_was_given() -> None:
    """Once acknowledged, messages name the way back that the customer was told."""
    story = Story.begins().deliver()
    story.do(Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY.add(days=1), reach="my desk, 1st floor"))
    assert to_customer(story.do(Inform(by="ana", word=by_mail())))[0].values["reach"] == "my desk, 1st floor"


def test_a_reminder_says_what_it_is_about() -> None:
    """A reminder or a chase carries in words what it is about: the task, the question, the proposal, the delivery, the promise."""
    task = at_stage(Stage.ACKNOWLEDGED)
    task.do(SetTask(by="ana", what="order the part"))
    assert "order the part" in _rung(task, "case.never-forgotten", "what")

    asked = at_stage(Stage.INVESTIGATING)
    asked.do(Ask(by="ana", word=by_mail(), question="Which engine?"))
    assert _rung(asked.deliver(), "customer.chased", "question") == ["Which engine?"]

    offer = at_stage(Stage.RESOLUTION_PROPOSED)
    assert _rung(offer, "customer.chased", "proposal") == ["- We repair it while you wait. The coffee is on us."]

    promise = at_stage(Stage.INVESTIGATING)
    promise.do(MakePromise(by="ana", what="We call you.", due_at=promise.now.add(hours=6)))
    told = "keep the promise, or announce a new date before it is missed: We call you."
    assert _rung(promise, "promise.tracked", "what") == [told]

    refund = at_stage(Stage.INVESTIGATING)
    refund.do(Propose(by="ana", word=by_mail(), options=(REFUND,)))
    refund.deliver().do(RecordAcceptance(by="ana", option="refund", said=said()))
    assert _rung(refund, "resolve.delivered", "delivery")[-1] == "the refund"

    call = at_stage(Stage.INVESTIGATING)
    call.do(Inform(by="ana", word=Word(via=frozenset({Channel.PHONE}), text="I call.")))
    assert _rung(call, "case.never-forgotten", "what") == ["get in touch by phone: customer informed"]


def test_a_chase_for_a_no_repeats_its_explanation() -> None:
    """A customer who has not answered a no is asked again with the explanation it came with."""
    story = at_stage(Stage.INVESTIGATING)
    no = Propose(by="ana", word=by_mail(), explanation="The part is not made any more.", tried=TRIED, second_person="ben")
    story.do(no)
    assert _rung(story.deliver(), "customer.chased", "proposal") == ["The part is not made any more."]


def _rung(story: Story, rule: str, value: str) -> list[str]:
    """Wake the case until ``rule`` has rung for somebody; return the given value of what is said."""
    for _ in range(30):
        decision = story.wake()
        rang = any(isinstance(entry.event, AlarmRung) and entry.event.rule == rule for entry in decision.events)
        told = [(m.person, s) for m in decision.messages for s in m.sayings if m.person is None or s.values.get("rule") == rule]
        said_now = [s.values[value] for person, s in told if value in s.values and (person or rang)]
        if said_now and said_now[-1]:
            return said_now
        assert decision.wake_at is not None
        story.now = decision.wake_at
    raise AssertionError(f"{rule} has not rung")


def test_two_rungs_of_one_clock_in_one_tick_are_told_once() -> None:
    """After an outage one person hears of one matter once, with the most urgent text."""
    story = Story.begins().deliver().wait(days=3)
    decision = story.wake()
    said_to_ana = [
        (s.values["rule"], s.template) for m in decision.messages if m.person == "ana" for s in m.sayings if s.values.get("rule")
    ]
    assert ("acknowledge.immediately", "escalation") in said_to_ana
    assert len({rule for rule, _ in said_to_ana}) == len(said_to_ana)


def test_values_of_an_event_are_told_as_plain_text() -> None:
    """Texts and dates of what was said are there to be named; options are listed, topics are flags."""
    story = at_stage(Stage.INVESTIGATING)
    offer = to_customer(story.do(Propose(by="ana", word=by_mail(), options=(REFUND, REPAIR))))[0].sayings[0]
    assert offer.values["options"] == (
        "- We send your money back. You may keep the old one.\n- We repair it while you wait. The coffee is on us."
    )
    story = at_stage(Stage.RESOLVED).wait(days=3)
    asked = to_customer(story.do(FollowUp(by="ana", word=Word(via=frozenset({Channel.EMAIL, Channel.PHONE}), text="Well?"))))[
        0
    ].sayings[0]
    assert (asked.template, asked.values["asks_solved"], asked.values["asks_treatment"]) == ("follow_up_made_days", "yes", "yes")
    story = at_stage(Stage.INVESTIGATING)
    story.do(MakePromise(by="ana", what="We call you.", due_at=story.now.add(days=2)))
    promise = story.told.keeping.promises[0]
    moved = to_customer(story.do(MovePromise(by="ana", word=by_mail(), promise_id=promise.id, due_at=story.now.add(days=4))))[0]
    assert moved.sayings[0].values["due_at"] == story.now.add(days=4).isoformat()


def test_a_follow_up_after_weeks_has_words_of_its_own() -> None:
    """The second follow-up is another text than the first."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS).wait(days=18)
    both = Word(via=frozenset({Channel.EMAIL, Channel.PHONE}), text="Well?")
    assert to_customer(story.do(FollowUp(by="ana", word=both)))[0].sayings[0].template == "follow_up_made_weeks"


def test_a_word_is_drafted_once_for_each_channel() -> None:
    """A word about to be said makes a draft for each channel, in a fixed order; anything else makes none."""
    story = Story.begins(a_contact(sender=TWO_WAYS))
    decision = story.do(Inform(by="ana", word=Word(via=frozenset({Channel.SMS, Channel.EMAIL, Channel.PHONE}), text="x")))
    spoken = decision.events[0]
    assert [draft.channel for draft in drafts_for_word(story.told, spoken)] == [Channel.EMAIL, Channel.PHONE, Channel.SMS]
    assert all(draft.exact for draft in drafts_for_word(story.told, spoken))
    assert drafts_for_word(story.told, story.events[0]) == []


def test_only_a_prepared_message_is_composed() -> None:
    """Composing anything but a prepared message is a mistake of the caller, and named."""
    story = Story.begins()
    with pytest.raises(TypeError, match="CaseOpened is no message"):
        compose(story.told, story.events[0], {}, POLICY.terms)


def test_a_message_composed_later_has_its_values_and_not_the_words() -> None:
    """Composed from its entry alone a message says to whom, on which channel and which text; the words are in the history."""
    story = Story.begins()
    prepared = [entry for entry in story.events if isinstance(entry.event, MessagePrepared)]
    composed = [compose(story.told, entry, _spoken(story), POLICY.terms) for entry in prepared]
    assert composed == list(story.decisions[0].messages)
    assert compose(story.told, prepared[0], {}, POLICY.terms).sayings[0].text == ""


def _spoken(story: Story) -> dict[int, Event]:
    return {entry.seq: entry.event for entry in story.events}


def test_nothing_personal_shows_when_a_message_is_printed() -> None:
    """Names, addresses and words of a message are not in its repr."""
    story = Story.begins()
    shown = repr(story.decisions[0].messages)
    assert "Bo Lind" not in shown
    assert "customer.example" not in shown
    assert "display" not in shown


@pytest.mark.parametrize("delivery", [Delivery.GIVEN_UP, Delivery.BOUNCED])
def test_several_lost_messages_are_one_step(delivery: Delivery) -> None:
    """However many mails to one reader are lost, the owner has one step about it until that is done."""
    story = Story.begins()
    mails = [out.id for out in story.told.receiving.outgoing if out.person is None]
    story.wait(days=2).do(Receive(contact=a_contact("Hello?", at=story.now)))
    mails = [out.id for out in story.told.receiving.outgoing if out.person is None]
    assert len(mails) == 2
    for mail in mails:
        story.do(ReportDelivery(message_id=mail, delivery=delivery))
    assert [task.about for task in story.told.receiving.tasks] == ["undelivered:email"]


def test_the_same_report_twice_is_one_entry() -> None:
    """A delivery report that comes again, even after the bounce that followed it, leaves no entry."""
    story = Story.begins()
    mail = story.told.receiving.outgoing[-1]
    for delivery in (Delivery.SENT, Delivery.SENT, Delivery.BOUNCED, Delivery.BOUNCED, Delivery.SENT):
        story.wait(minutes=1).do(ReportDelivery(message_id=mail.id, delivery=delivery))
    assert story.kinds().count("DeliveryReported") == 2
    assert story.told.receiving.outgoing[-1].state is Delivery.BOUNCED


def test_a_call_tried_twice_is_two_entries_and_one_reported_twice_is_one() -> None:
    """Each try of a call is an entry; the same try reported again is none."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Inform(by="ana", word=Word(via=frozenset({Channel.PHONE}), text="I call.")))
    call = story.told.receiving.outgoing[-1]
    tried = [story.now, story.now + timedelta(minutes=5), story.now + timedelta(minutes=5)]
    story.wait(minutes=10)
    for at in tried:
        story.do(ReportDelivery(by="ana", message_id=call.id, delivery=Delivery.NOT_REACHED, at=at))
    assert story.kinds().count("DeliveryReported") - at_stage(Stage.INVESTIGATING).kinds().count("DeliveryReported") == 2
    assert story.told.receiving.outgoing[-1].state is Delivery.OWED


def test_a_mail_that_reached_nobody_is_given_up() -> None:
    """Software cannot ring again: a mail reported as not reached is given up, and somebody has a step."""
    story = Story.begins()
    mail = story.told.receiving.outgoing[-1]
    story.do(ReportDelivery(message_id=mail.id, delivery=Delivery.NOT_REACHED))
    assert story.told.receiving.outgoing[-1].state is Delivery.GIVEN_UP
    assert [task.about for task in story.told.receiving.tasks] == ["undelivered:email"]


def test_a_moved_case_tells_its_new_owner() -> None:
    """Whoever gets a case hears of it, and whoever keeps it after an offer too."""
    story = at_stage(Stage.ACKNOWLEDGED)
    moved = [("assigned", "ben"), ("case_moved", "ana")]
    assert letters(story.do(MoveCase(by="cleo", to="ben", reason="Ana is ill."))) == moved


def test_a_new_date_for_a_delivery_is_named() -> None:
    """The new date of a delivery is there to be told."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(
        Resolve(
            by="ana", word=by_mail("Done."), outcome=Resolution.DONE, done="Sent.", delivers="a pump", deliver_by=MONDAY.add(days=4)
        )
    )
    delivery = story.told.resolving.deliveries[0]
    told = to_customer(
        story.do(MoveDelivery(by="ana", word=by_mail("Later."), delivery_id=delivery.id, by_date=MONDAY.add(days=9)))
    )
    assert told[0].sayings[0].values["by_date"] == MONDAY.add(days=9).isoformat()


def test_an_entry_knows_its_message() -> None:
    """The message of a decision carries the number of its entry and the instant it was prepared."""
    story = Story.begins()
    by_seq: dict[int, Recorded] = {entry.seq: entry for entry in story.events}
    for message in story.decisions[0].messages:
        event = by_seq[message.seq].event
        assert isinstance(event, MessagePrepared)
        assert (event.message_id, event.at) == (message.id, message.at)


def test_whoever_writes_signs_whoever_owns_the_case() -> None:
    """A stand-in's word carries the stand-in's name: a mail that says "my name is Ben" is not signed by Ana."""
    story = Story.begins(a_contact())
    assert story.told.owner == "ana"
    (mail,) = to_customer(story.do(Acknowledge(by="ben", word=by_mail(THANKS), next_word_at=story.now.add(days=1))))
    assert mail.values["owner_name"] == "Ben Otto"
    (mail,) = to_customer(story.do(Inform(by="ana", word=by_mail("I am back today."))))
    assert mail.values["owner_name"] == "Ana Sola"
