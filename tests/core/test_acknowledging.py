"""Acknowledging: the owner contacts the customer at once, and says what must be said."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.agenda import Outcome
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Channel, Mood, Word
from recovery.core.vocabulary.keeping_in_touch import Inform
from recovery.core.vocabulary.ownership import Person
from recovery.core.vocabulary.proposing import Investigate
from recovery.core.vocabulary.receiving import Assess, Delivery, RecordWish, ReportDelivery, Wish, WishKind
from support import (
    EMAIL,
    MONDAY,
    POLICY,
    ROUTED,
    Story,
    a_contact,
    acknowledged,
    broken,
    by_mail,
    called,
    letters,
    named,
    no_step,
    outcomes,
    refusal,
    rung,
    said,
    step_of,
    tasks,
    warned,
)

TOMORROW = MONDAY.add(days=1)
ACK = Acknowledge(by="ana", word=by_mail("We have it, and are sorry."), next_word_at=TOMORROW)


# ---------------------------------------------------------------- acknowledge.immediately


def test_within_a_working_hour_the_clock_is_met() -> None:
    """A mail within the hour meets the clock, and moves the case to acknowledged."""
    story = Story.begins().deliver().wait(minutes=59)
    decision = story.do(ACK)
    story.deliver()
    assert story.told.stage is Stage.ACKNOWLEDGED
    assert outcomes(story, "acknowledge.immediately") == [Outcome.MET]
    assert letters(decision) == [("acknowledged", "email")]


def test_after_the_hour_the_clock_is_missed_for_good() -> None:
    """An acknowledgement that comes too late is kept, and the clock stays missed."""
    story = Story.begins().deliver().wait(hours=2)
    story.do(ACK)
    assert outcomes(story, "acknowledge.immediately") == [Outcome.MISSED]
    assert story.told.stage is Stage.ACKNOWLEDGED


def test_the_ladder_climbs_at_the_hour_at_four_and_at_a_working_day() -> None:
    """The owner is told at the due instant, the supervisor at four hours, the fallback owner at a working day and daily."""
    story = Story.begins(policy=ROUTED).deliver()
    assert step_of(story, "acknowledge.immediately").due_at == MONDAY.add(hours=1)
    for hours, whom in ((1, "ben"), (4, "cleo"), (24, "fay"), (48, "fay"), (72, "fay")):
        story.now = MONDAY.add(hours=hours)
        assert rung(story, whom, "acknowledge.immediately"), hours


def test_the_hour_is_a_working_hour() -> None:
    """What comes in on Friday half an hour before closing is due half an hour after opening on Monday."""
    friday = MONDAY.add(days=4, hours=6, minutes=30)
    story = Story.begins(a_contact(at=friday), now=friday)
    assert step_of(story, "acknowledge.immediately").due_at == MONDAY.add(days=7).subtract(minutes=30)


def test_a_call_that_reached_the_customer_is_an_acknowledgement() -> None:
    """A call that was made is judged by the instant it was made, however late it is logged."""
    story = Story.begins().deliver().wait(hours=30)
    story.do(evolve(ACK, word=called(MONDAY.add(minutes=20), "We have it."), next_word_at=MONDAY.add(days=3)))
    assert outcomes(story, "acknowledge.immediately") == [Outcome.MET]
    assert story.told.acknowledging.at == MONDAY.add(minutes=20)


def test_a_voicemail_is_an_attempt_not_contact() -> None:
    """A voicemail is kept with a warning, moves nothing, and the clock runs on."""
    story = Story.begins().deliver().wait(minutes=10)
    decision = story.do(evolve(ACK, word=called(story.now, "Please call back.", reached=False)))
    assert warned(decision) == {"acknowledge.says"}
    assert story.told.stage is Stage.RECEIVED
    assert outcomes(story, "acknowledge.immediately") == [Outcome.OPEN]
    assert outcomes(story, "contact.keep-informed") == [Outcome.OPEN]


def test_any_other_word_is_no_acknowledgement() -> None:
    """A progress note breaks the silence, but does not acknowledge."""
    story = Story.begins().deliver()
    story.do(Inform(by="ana", word=called(MONDAY, "We are looking.")))
    assert outcomes(story, "acknowledge.immediately") == [Outcome.OPEN]


def test_a_closed_case_needs_no_acknowledgement() -> None:
    """The customer who withdraws within the hour is not acknowledged any more."""
    story = Story.begins().deliver()
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert outcomes(story, "acknowledge.immediately") == [Outcome.ENDED]
    assert no_step(story, "acknowledge.immediately")


def test_a_case_closed_too_late_stays_missed() -> None:
    """Closing a case after its hour does not hide that nobody got in touch."""
    story = Story.begins().deliver().wait(hours=3)
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert outcomes(story, "acknowledge.immediately") == [Outcome.MISSED]


# ---------------------------------------------------------------- acknowledge.says


def test_it_says_who_and_how_and_when() -> None:
    """The acknowledgement carries a name, a way back and the date of the next word; the library fills in what is on file."""
    story = Story.begins().deliver()
    decision = story.do(ACK)
    event = decision.events[0].event
    assert (event.name, event.reach) == ("Ana Sola", "ana@desk.example")  # type: ignore[attr-defined]
    (message,) = decision.messages
    (saying,) = message.sayings
    assert saying.text == "We have it, and are sorry."
    assert (saying.values["name"], saying.values["reach"]) == ("Ana Sola", "ana@desk.example")
    assert saying.values["next_word_at"] == TOMORROW.isoformat()
    assert (story.told.acknowledging.name, story.told.acknowledging.reach) == ("Ana Sola", "ana@desk.example")


def test_a_work_name_will_do() -> None:
    """Whoever gives a name and a number of their own is introduced by them."""
    story = Story.begins().deliver()
    story.do(evolve(ACK, name="Sunny", reach="+49 30 99"))
    assert (story.told.acknowledging.name, story.told.acknowledging.reach) == ("Sunny", "+49 30 99")


def test_the_date_becomes_a_promise() -> None:
    """The date of the next word is on the agenda until that word is given, and missed when it passes in silence."""
    story = Story.begins().deliver().wait(minutes=5)
    story.do(ACK)
    story.deliver()
    step = step_of(story, "promise.tracked.next-word")
    assert (step.rule, step.due_at) == ("promise.tracked", TOMORROW)
    story.now = TOMORROW.add(hours=1)
    assert outcomes(story, "promise.tracked.next-word") == [Outcome.MISSED]
    story.do(Inform(by="ana", word=called(TOMORROW, "No news yet.")))
    assert outcomes(story, "promise.tracked.next-word") == [Outcome.MET]


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (evolve(ACK, next_word_at=None), "next_word_at"),
        (evolve(ACK, by="zoe", word=Word(via=frozenset({Channel.PHONE}), text="Hello.")), "reach"),
    ],
)
def test_a_hollow_acknowledgement_is_refused(command: Acknowledge, field: str) -> None:
    """An acknowledgement without a date, or without a way back, is refused with the field and the way out."""
    story = Story.begins().deliver()
    (reason,) = refusal(story, command).reasons
    assert (reason.rule, reason.field, bool(reason.hint)) == ("acknowledge.says", field, True)
    assert outcomes(story, "acknowledge.immediately") == [Outcome.OPEN]


def test_answering_a_mail_is_a_way_back() -> None:
    """Without any address on file, a mail is answered by answering it, and the company's address serves for a letter."""
    bare = evolve(POLICY, people=())
    story = Story.begins(policy=bare).deliver()
    story.do(ACK)
    assert story.told.acknowledging.reach == "just answer this message"
    letter = Word(via=frozenset({Channel.LETTER}), text="We have it.")
    story = Story.begins(policy=bare).deliver()
    assert broken(story, evolve(ACK, word=letter)) == {("acknowledge.says", "reach"), ("contact.way-back", "word.via")}
    story = Story.begins(policy=evolve(bare, way_back="Quay 1, Berlin")).deliver()
    story.do(evolve(ACK, word=letter))
    assert story.told.acknowledging.reach == "Quay 1, Berlin"


def test_somebody_without_a_name_cannot_acknowledge() -> None:
    """Where the name on file is blank, the acknowledgement needs one."""
    people = (Person(id="ana", name=" ", addresses=(EMAIL,)),)
    assert broken(Story.begins(policy=evolve(POLICY, people=people)), ACK) == {("acknowledge.says", "name")}


def test_a_hollow_report_is_a_word_and_no_acknowledgement() -> None:
    """A call that said nothing of what must be said is kept, warns, and breaks the silence, but acknowledges nothing."""
    story = Story.begins().deliver().wait(minutes=10)
    decision = story.do(evolve(ACK, word=called(story.now), next_word_at=None, name=""))
    assert {(reason.rule, reason.field) for reason in decision.warnings} == {
        ("acknowledge.says", "word.text"),
        ("acknowledge.says", "next_word_at"),
    }
    assert named(decision) == ["CustomerInformed", "Warned"]
    assert story.told.stage is Stage.RECEIVED
    assert outcomes(story, "acknowledge.immediately") == [Outcome.OPEN]
    assert outcomes(story, "contact.keep-informed") == [Outcome.MET, Outcome.OPEN]


# ---------------------------------------------------------------- the angry letter


def angry() -> Story:
    """Return a case whose customer wrote in anger, and has had our acknowledgement by mail."""
    story = acknowledged(Story.begins())
    story.do(Assess(by="ana", mood=Mood.ANGRY))
    return story


def test_the_angry_letter_gets_a_call_too_and_the_step_ends_with_it() -> None:
    """Going on without the call is warned about and puts it on the agenda; the call takes it off again."""
    story = angry()
    assert warned(story.do(Investigate(by="ana"))) == {"acknowledge.letter-and-call"}
    assert [rule for rule, _ in tasks(story)] == ["acknowledge.letter-and-call"]
    story.do(Inform(by="ana", word=called(story.now, "I am sorry. I see to it myself, and call you on Friday.")))
    assert tasks(story) == []


@pytest.mark.parametrize("rings", [1, 2])
def test_two_rings_that_nobody_answers_are_enough(rings: int) -> None:
    """Once in vain is not enough, twice is: the customer was tried."""
    story = angry()
    for _ in range(rings):
        story.wait(hours=1).do(Inform(by="ana", word=called(story.now, "Please call back.", reached=False)))
    assert (warned(story.do(Investigate(by="ana"))) == set()) is (rings == 2)


def test_a_call_that_is_owed_counts_when_it_is_made() -> None:
    """Meaning to call is no call; the report that it was made is."""
    story = angry()
    story.do(Inform(by="ana", word=Word(via=frozenset({Channel.PHONE}), text="I call you on Friday.")))
    owed = story.told.receiving.outgoing[-1]
    assert "acknowledge.letter-and-call" in warned(story.do(Investigate(by="ana")))
    story.do(ReportDelivery(by="ana", message_id=owed.id, delivery=Delivery.SENT))
    assert tasks(story) == []


def test_a_mail_that_bounced_is_no_answer_in_writing() -> None:
    """Called, but the mail came back: the written answer is still missing."""
    story = angry()
    mails = [out for out in story.told.receiving.outgoing if any(mark.name == "spoke" for part in out.parts for mark in part.marks)]
    story.do(Inform(by="ana", word=called(story.now, "I call you on Friday.")))
    story.do(ReportDelivery(message_id=mails[-1].id, delivery=Delivery.BOUNCED))
    assert "acknowledge.letter-and-call" in warned(story.do(Investigate(by="ana")))


def test_nobody_is_called_who_does_not_want_it_and_the_calm_need_not_be() -> None:
    """A wish not to be called stands above it, and a customer who is not angry needs one answer."""
    story = angry()
    wish = Wish(kind=WishKind.NOT_ON_CHANNEL, channel=Channel.PHONE)
    story.do(RecordWish(by="ana", wish=wish, said=said("Do not call me.")))
    assert warned(story.do(Investigate(by="ana"))) == set()
    calm = acknowledged(Story.begins())
    calm.do(Assess(by="ana", mood=Mood.CALM))
    assert warned(calm.do(Investigate(by="ana"))) == set()
