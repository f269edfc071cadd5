"""Following up: after days and after weeks, not too soon, not before it arrived, on another channel, in the customer's words."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.agenda import Outcome
from recovery.core.decide import agenda
from recovery.core.errors import InvalidValue
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import Reopen
from recovery.core.vocabulary.common import Channel, Customer, Said, Word
from recovery.core.vocabulary.following_up import (
    FollowUp,
    FollowUpOutcome,
    PassFollowUp,
    RecordFollowUpAnswer,
    Then,
    Topic,
)
from recovery.core.vocabulary.keeping_in_touch import Inform, RecordDeferral
from recovery.core.vocabulary.proposing import Investigate
from recovery.core.vocabulary.receiving import Attachment, Delivery, Receive, RecordWish, ReportDelivery, Wish, WishKind
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival, RecordAcceptance, Resolve
from support import (
    BERLIN,
    EMAIL,
    MONDAY,
    POLICY,
    REFUND,
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

BOTH = frozenset({Channel.EMAIL, Channel.PHONE})
SOLVED = RecordFollowUpAnswer(by="ana", solved=True, said=said("It works."))
NOT_SOLVED = RecordFollowUpAnswer(by="ana", solved=False, said=said("Dark again."))


def resolved(days: int = 0, **fields: object) -> Story:
    """Return a case that was resolved by mail on Monday, some days later."""
    return at_stage(Stage.RESOLVED, **fields).wait(days=days)  # type: ignore[arg-type]


def asks(story: Story, via: frozenset[Channel] = BOTH, **fields: object) -> FollowUp:
    """Return the follow-up question, about to be asked."""
    return FollowUp(by="ana", word=Word(via=via, text="Does it work?"), **fields)  # type: ignore[arg-type]


def on_the_phone(story: Story, *, reached: bool = True, **fields: object) -> FollowUp:
    """Return the follow-up question as it was asked on the phone just now."""
    return FollowUp(by="ana", word=called(story.now, "Does it work?", reached=reached), **fields)  # type: ignore[arg-type]


def on_its_way() -> Story:
    """Return a case that was resolved with a refund that has not arrived."""
    story = proposed(at_stage(Stage.INVESTIGATING), REFUND)
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    return story


# ---------------------------------------------------------------- follow-up.days


def test_a_few_days_later_the_customer_is_asked() -> None:
    """Three days after it was settled the follow-up is due; asking in time meets it, and the answer moves the case."""
    story = resolved()
    settled = story.now
    assert step_of(story, "follow-up.days").due_at == settled.add(days=3)
    story.wait(days=2)
    story.do(on_the_phone(story))
    assert outcomes(story, "follow-up.days") == [Outcome.MET]
    story.do(evolve(SOLVED, treated_well=True))
    assert (story.told.stage, story.told.following_up.days) == (Stage.FOLLOWED_UP_DAYS, FollowUpOutcome.SOLVED)
    assert story.told.following_up.treated_well is True


def test_a_follow_up_nobody_makes_is_escalated() -> None:
    """The owner is warned, the supervisor told at the due instant, the fallback a day later; asked late, it stays missed."""
    story = resolved(policy=ROUTED)
    due = step_of(story, "follow-up.days").due_at
    assert due is not None
    for at, whom in ((BERLIN.add_days(due, -1), "ben"), (due, "cleo"), (BERLIN.add_days(due, 1), "fay")):
        story.now = at
        assert rung(story, whom, "follow-up.days"), whom
    assert story.told.stage is Stage.RESOLVED
    story.do(on_the_phone(story))
    assert outcomes(story, "follow-up.days") == [Outcome.MISSED]


def test_the_follow_up_moves_into_working_time() -> None:
    """Three days after a Thursday is a Sunday, so the call is due on Monday at opening."""
    story = resolved()
    thursday = MONDAY.add(days=3)
    later = acknowledged(Story.begins(now=thursday).deliver())
    later.do(Investigate(by="ana"))
    proposed(later).do(RecordAcceptance(by="ana", option="repair", said=said()))
    assert step_of(later, "follow-up.days").due_at == MONDAY.add(days=7).subtract(hours=1)
    assert step_of(story, "follow-up.days").due_at == story.now.add(days=3)


def test_the_follow_up_waits_until_a_date_the_customer_named() -> None:
    """A customer who is away until a date is asked after it."""
    story = resolved()
    story.do(RecordDeferral(by="ana", until=story.now.add(days=10), said=said("I try it when I am back.")))
    due = step_of(story, "follow-up.days").due_at
    assert due == BERLIN.next_opening(story.now.add(days=13))


# ---------------------------------------------------------------- follow-up.weeks


@pytest.mark.parametrize("first", ["solved", "unanswered"])
def test_a_few_weeks_later_again_whatever_the_first_one_said(first: str) -> None:
    """Twenty-one days after it was settled the customer is asked again, after a yes as after no answer."""
    story = resolved()
    settled = story.now
    assert no_step(story, "follow-up.weeks")
    story.wait(days=3)
    if first == "solved":
        followed_up(story)
    else:
        tried_in_vain(story)
    assert step_of(story, "follow-up.weeks").due_at == settled.add(days=21)
    story.now = settled.add(days=21)
    followed_up(story)
    assert (story.told.stage, story.told.following_up.weeks) == (Stage.FOLLOWED_UP_WEEKS, FollowUpOutcome.SOLVED)
    assert outcomes(story, "follow-up.weeks") == [Outcome.MET]
    assert story.told.ended_at == story.now


def test_a_second_follow_up_nobody_makes_is_escalated() -> None:
    """The second follow-up goes up the ladder like the first; nothing ends a case by the clock alone."""
    story = followed_up(resolved(3, policy=ROUTED))
    due = step_of(story, "follow-up.weeks").due_at
    assert due is not None
    story.now = due
    assert rung(story, "cleo", "follow-up.weeks")
    story.now = BERLIN.add_days(due, 30)
    assert rung(story, "fay", "follow-up.weeks")
    assert story.told.stage is Stage.FOLLOWED_UP_DAYS
    assert outcomes(story, "follow-up.weeks") == [Outcome.MISSED]


def test_a_late_first_follow_up_pushes_the_second() -> None:
    """The second is due at least seven days after the first was done, even where that is later than three weeks."""
    story = followed_up(resolved(18))
    assert step_of(story, "follow-up.weeks").due_at == story.now.add(days=7)


# ---------------------------------------------------------------- follow-up.not-too-soon


def test_a_day_after_it_was_settled_the_customer_may_be_asked() -> None:
    """Twenty-four hours after the resolution the follow-up is allowed, and not a minute before."""
    story = resolved()
    settled = story.now
    story.now = settled.add(hours=23, minutes=59)
    (reason,) = refusal(story, asks(story)).reasons
    assert (reason.rule, reason.params["from"]) == ("follow-up.not-too-soon", settled.add(hours=24))
    assert BERLIN.local_text(settled.add(hours=24)) in reason.hint
    story.now = settled.add(hours=24)
    assert named(story.do(asks(story)))[0] == "FollowUpMade"


def test_the_second_comes_a_week_after_the_first_at_the_earliest() -> None:
    """Between the two follow-ups lie at least seven days."""
    story = followed_up(resolved(3))
    assert broken(story.wait(days=6, hours=23), asks(story)) == {("follow-up.not-too-soon", None)}
    assert named(story.wait(hours=1).do(asks(story)))[0] == "FollowUpMade"


def test_a_call_made_too_soon_is_a_word_and_no_follow_up() -> None:
    """A call that asked too early is kept with a warning, and the follow-up is still due."""
    story = resolved().wait(hours=2)
    decision = story.do(on_the_phone(story))
    assert (named(decision), warned(decision)) == (["CustomerInformed", "Warned"], {"follow-up.not-too-soon"})
    assert outcomes(story, "follow-up.days") == [Outcome.OPEN]
    assert story.told.following_up.attempts == ()


def test_solved_is_not_believed_too_soon_but_not_solved_is() -> None:
    """A yes within the day is noted and moves nothing; a no reopens whenever it comes."""
    story = resolved().wait(hours=2)
    decision = story.do(SOLVED)
    assert (warned(decision), story.told.stage) == ({"follow-up.not-too-soon"}, Stage.RESOLVED)
    assert "ReportNoted" in named(decision)
    story.do(NOT_SOLVED)
    assert story.told.stage is Stage.INVESTIGATING


# ---------------------------------------------------------------- follow-up.after-delivery


def test_nobody_is_asked_before_it_has_arrived() -> None:
    """Before the refund has arrived no follow-up is made; the refusal says what is missing and how to confirm it."""
    story = on_its_way().wait(days=3)
    (reason,) = refusal(story, asks(story)).reasons
    assert (reason.rule, reason.message) == ("follow-up.after-delivery", "the refund has not arrived yet.")
    (delivery,) = story.told.resolving.deliveries
    assert reason.params["delivery"] == delivery.id
    assert delivery.id in reason.hint
    story.do(ConfirmArrival(by="ana", delivery_id=delivery.id, source=ArrivalSource.BANK))
    assert named(story.wait(days=1).do(asks(story)))[0] == "FollowUpMade"


def test_both_reasons_are_told_at_once() -> None:
    """Too soon and not arrived are two reasons of one refusal."""
    story = on_its_way()
    assert {rule for rule, _ in broken(story, asks(story))} == {"follow-up.not-too-soon", "follow-up.after-delivery"}


def test_passed_on_as_unconfirmed_the_customer_may_be_asked() -> None:
    """Once the last arrival check has gone unanswered, the follow-up asks all the same."""
    story = on_its_way().wait(days=30)
    for _ in range(5):
        story.wait(days=4).wake()
    assert story.told.resolving.deliveries[0].unconfirmed
    assert named(story.wait(days=1).do(asks(story)))[0] == "FollowUpMade"


def test_a_yes_before_it_arrived_solves_nothing() -> None:
    """A customer cannot have said that it works before it was there: the report is kept and moves nothing."""
    story = on_its_way().wait(days=3)
    decision = story.do(SOLVED)
    assert (warned(decision), story.told.stage) == ({"follow-up.after-delivery"}, Stage.RESOLVED)


# ---------------------------------------------------------------- follow-up.other-channel


def test_settled_by_mail_needs_a_mail_and_a_call() -> None:
    """Settled by e-mail, the mail goes and the call is owed; once the mail is answered the call is no longer needed."""
    story = resolved(3)
    decision = story.do(asks(story))
    assert letters(decision) == [("follow_up_made_days", "email")]
    call = next(out for out in story.told.receiving.outgoing if out.state is Delivery.OWED)
    assert call.channel is Channel.PHONE
    answer = story.deliver().do(SOLVED)
    assert (call.id, Delivery.WITHHELD) in answer.settled
    assert no_step(story, "case.never-forgotten")
    assert story.told.stage is Stage.FOLLOWED_UP_DAYS


def test_settled_by_mail_a_mail_alone_is_refused() -> None:
    """Asked only where the case was settled, the customer may not be reading any more."""
    story = resolved(3)
    (reason,) = refusal(story, asks(story, frozenset({Channel.EMAIL}))).reasons
    assert (reason.rule, reason.field, reason.hint) == ("follow-up.other-channel", "word.via", "Add one of: phone.")


def test_settled_by_phone_a_mail_will_do() -> None:
    """Settled by phone, the e-mail is the other channel."""
    story = proposed(at_stage(Stage.INVESTIGATING))
    story.do(RecordAcceptance(by="ana", option="repair", said=said("Yes.", Channel.PHONE)))
    story.wait(days=3)
    assert named(story.do(asks(story, frozenset({Channel.EMAIL}))))[0] == "FollowUpMade"


def test_once_the_other_channel_was_tried_a_mail_alone_will_do() -> None:
    """After a try by phone, the next one may be a mail."""
    story = resolved(3)
    story.do(on_the_phone(story, reached=False))
    assert named(story.wait(days=1).do(asks(story, frozenset({Channel.EMAIL}))))[0] == "FollowUpMade"


def test_a_customer_with_one_channel_is_asked_there() -> None:
    """Where the customer has no other channel, or allows none, the one there is will do."""
    only_mail = Customer(name="Bo", addresses=(EMAIL,))
    story = acknowledged(Story.begins(a_contact(sender=only_mail)).deliver())
    story.do(Investigate(by="ana"))
    proposed(story).do(RecordAcceptance(by="ana", option="repair", said=said()))
    assert named(story.wait(days=3).do(asks(story, frozenset({Channel.EMAIL}))))[0] == "FollowUpMade"


def test_a_mail_that_was_sent_alone_counts_as_no_follow_up() -> None:
    """A mail already sent on the settled channel alone is kept and breaks the silence, but the follow-up is still due."""
    story = resolved(3)
    sent = Word(via=frozenset({Channel.EMAIL}), text="Does it work?", said_at=story.now)
    decision = story.do(FollowUp(by="ana", word=sent))
    assert warned(decision) == {"follow-up.other-channel"}
    assert outcomes(story, "follow-up.days") == [Outcome.OPEN]


# ---------------------------------------------------------------- follow-up.says


def test_it_restates_the_issue_and_asks_both_questions_with_a_way_back() -> None:
    """The message says what it was about, asks whether it is solved and how we treated them, and how to reach us."""
    story = resolved(3)
    (saying,) = story.do(asks(story)).messages[0].sayings
    assert saying.values["issue"] == "The display of my boat went dark."
    assert (saying.values["asks_solved"], saying.values["asks_treatment"]) == ("yes", "yes")
    assert saying.values["reach"] == "ana@desk.example"


@pytest.mark.parametrize("topic", list(Topic))
def test_a_follow_up_that_does_not_ask_is_refused(topic: Topic) -> None:
    """Leaving out either question is refused, and the refusal names it."""
    story = resolved(3)
    (reason,) = refusal(story, asks(story, topics=frozenset(Topic) - {topic})).reasons
    assert (reason.rule, reason.field, reason.hint) == ("follow-up.says", "topics", f"Add Topic.{topic.name}.")


def test_without_an_issue_on_file_it_must_be_given() -> None:
    """A case without words has no issue to restate, until somebody states it."""
    photo = a_contact(text="", attachments=(Attachment(name="photo.jpg"),))
    story = acknowledged(Story.begins(photo).deliver())
    story.do(Investigate(by="ana"), Resolve(by="ana", word=by_mail("It is done."), done="the display is new"))
    story.deliver().wait(days=3)
    assert broken(story, asks(story)) == {("follow-up.says", "issue")}
    (saying,) = story.do(asks(story, issue="The display.")).messages[0].sayings
    assert saying.values["issue"] == "The display."


def test_without_a_way_back_it_is_refused() -> None:
    """A call by somebody whose address nobody knows has no way back."""
    story = resolved(3, policy=evolve(POLICY, people=()))
    call = asks(story, frozenset({Channel.PHONE}))
    assert broken(story, call) == {("follow-up.says", "reach")}
    assert named(story.do(evolve(call, reach="+49 30 99")))[0] == "FollowUpMade"


def test_a_call_that_left_a_question_out_is_no_follow_up() -> None:
    """A call that asked only half is a word, with a warning; the follow-up is still due."""
    story = resolved(3)
    decision = story.do(on_the_phone(story, topics=[Topic.SOLVED]))
    assert (named(decision), warned(decision)) == (["CustomerInformed", "Warned"], {"follow-up.says"})
    assert outcomes(story, "follow-up.days") == [Outcome.OPEN]


# ---------------------------------------------------------------- follow-up.solved


def test_not_solved_reopens_at_investigating() -> None:
    """Not solved goes back to investigating with the same owner; service clocks start anew, the statutory one does not."""
    story = resolved()
    limit = step_of(at_stage(Stage.RESOLUTION_PROPOSED), "resolve.whole-case").due_at
    settled = story.now
    story.wait(days=3)
    story.do(on_the_phone(story), NOT_SOLVED)
    assert (story.told.stage, story.told.owner, story.told.closing.reopened) == (Stage.INVESTIGATING, "ana", 1)
    assert step_of(story, "propose.in-time").due_at == BERLIN.add_days(story.now, 5)
    assert step_of(story, "contact.keep-informed").due_at == BERLIN.add_days(story.now, 3)
    assert limit is not None
    assert step_of(story, "resolve.whole-case").due_at == limit.add(seconds=(story.now - settled).in_seconds())
    assert outcomes(story, "acknowledge.immediately") == [Outcome.MET]
    assert story.told.following_up.days is None
    assert no_step(story, "follow-up.days")


@pytest.mark.parametrize("stage", [Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS, Stage.FOLLOWED_UP_WEEKS])
def test_not_solved_reopens_from_every_stage_after_resolved(stage: Stage) -> None:
    """Whenever the customer says that it is not solved, it is not."""
    story = at_stage(stage)
    story.do(NOT_SOLVED)
    assert story.told.stage is Stage.INVESTIGATING


def test_a_yes_to_the_proposal_is_not_a_yes_to_the_follow_up() -> None:
    """The message in which the customer accepted cannot be cited again as "it works"."""
    story = proposed(at_stage(Stage.INVESTIGATING))
    story.do(Receive(contact=a_contact("Yes please.", at=story.now)))
    number = story.told.receiving.contacts[-1].seq
    yes = Said(channel=Channel.EMAIL, contact=number)
    story.do(RecordAcceptance(by="ana", option="repair", said=yes))
    story.wait(days=3).do(on_the_phone(story))
    decision = story.do(evolve(SOLVED, said=yes))
    assert (warned(decision), story.told.stage) == ({"follow-up.solved"}, Stage.RESOLVED)
    early = evolve(SOLVED, said=said("It works.", at=MONDAY))
    assert warned(story.do(early)) == {"follow-up.solved"}
    story.do(evolve(SOLVED, said=said("It works.", at=story.now)))
    assert story.told.following_up.days is FollowUpOutcome.SOLVED


# ---------------------------------------------------------------- follow-up.something-else


def test_something_else_becomes_a_linked_case_in_the_same_breath() -> None:
    """What else the customer needs becomes a case of its own, linked to this one, or nothing is decided at all."""
    story = resolved(3)
    decision = story.do(evolve(SOLVED, something_else="The horn is silent too.", then=Then.LINKED_CASE))
    (opened,) = decision.opens
    assert (opened.case.id, opened.case.receiving.links) == ("case-2", ("case-1",))
    assert opened.case.receiving.issue == "The horn is silent too."
    assert story.told.receiving.links == ("case-2",)
    assert ("receipt", "email") in letters(opened)
    assert story.told.stage is Stage.FOLLOWED_UP_DAYS


def test_something_else_becomes_a_dated_step() -> None:
    """What else the customer needs may be a dated step of the owner."""
    story = resolved(3)
    due = BERLIN.add_days(story.now, 2)
    story.do(evolve(SOLVED, something_else="A second key.", then=Then.STEP, step_due_at=due))
    assert tasks(story) == [("follow-up.something-else", "the customer needs something else: A second key.")]
    assert step_of(story, "case.never-forgotten").due_at == due


def test_an_afterthought_nobody_decided_about_is_a_step_meanwhile() -> None:
    """Without a decision the report is kept, warned about, and a step of the owner; the answer counts."""
    story = resolved(3)
    decision = story.do(evolve(SOLVED, something_else="A second key."))
    (warning,) = decision.warnings
    assert (warning.rule, warning.field) == ("follow-up.something-else", "then")
    assert [rule for rule, _ in tasks(story)] == ["follow-up.something-else"]
    assert story.told.stage is Stage.FOLLOWED_UP_DAYS


def test_nothing_else_cannot_become_a_case() -> None:
    """A linked case about nothing cannot be asked for."""
    with pytest.raises(InvalidValue) as caught:
        evolve(SOLVED, then=Then.LINKED_CASE)
    assert [reason.field for reason in caught.value.reasons] == ["something_else"]


# ---------------------------------------------------------------- follow-up.unreachable


def tried_in_vain(story: Story) -> None:
    """Try three times on two channels, a working day apart, and let the clock pass the follow-up."""
    story.do(on_the_phone(story, reached=False))
    for number in range(2):
        story.now = BERLIN.add_days(story.now, 1)
        story.do(asks(story, frozenset({Channel.EMAIL})) if number else on_the_phone(story, reached=False))
        story.deliver()
    story.now = BERLIN.add_days(story.now, 2)
    story.wake()


def test_three_tries_on_two_channels_pass_the_stage_as_unanswered() -> None:
    """After three tries a working day apart, on two channels, the stage is passed as unanswered, never as satisfied."""
    story = resolved(3)
    tried_in_vain(story)
    assert (story.told.stage, story.told.following_up.days) == (Stage.FOLLOWED_UP_DAYS, FollowUpOutcome.UNANSWERED)
    assert step_of(story, "follow-up.weeks").due_at is not None


def test_a_person_may_pass_it_as_soon_as_enough_was_tried() -> None:
    """Right after the third try a person may pass the follow-up; nobody need wait for the clock."""
    story = resolved(3)
    for number in range(3):
        story.do(on_the_phone(story, reached=False) if number else asks(story))
        story.deliver()
        if number < 2:
            assert ("follow-up.unreachable", None) in broken(story, PassFollowUp(by="ana"))
            story.now = BERLIN.add_days(story.now, 1)
    story.do(PassFollowUp(by="ana"))
    assert story.told.following_up.days is FollowUpOutcome.UNANSWERED


@pytest.mark.parametrize("by_itself", [True, False])
def test_once_it_is_passed_nobody_owes_a_call_for_it(by_itself: bool) -> None:
    """A call for a follow-up that has been passed is off the agenda: it would ring for somebody every working day, for ever."""
    story = resolved(3)
    for _ in range(3):
        story.do(asks(story))
        story.deliver()
        call = next(out for out in story.told.receiving.outgoing if out.state is Delivery.OWED)
        story.do(ReportDelivery(by="ana", message_id=call.id, delivery=Delivery.NOT_REACHED))
        story.now = BERLIN.add_days(story.now, 1)
    if by_itself:
        story.now = BERLIN.add_days(story.now, 1)
        story.wake()
    else:
        story.do(PassFollowUp(by="ana"))
    assert story.told.following_up.days is FollowUpOutcome.UNANSWERED
    assert no_step(story, "case.never-forgotten")


def test_tries_in_one_hour_count_once() -> None:
    """Three rings in one afternoon are one try."""
    story = resolved(3)
    for _ in range(3):
        story.do(on_the_phone(story.wait(minutes=10), reached=False))
    (reason, channels) = refusal(story, PassFollowUp(by="ana")).reasons
    assert reason.params == {"tries": 1, "wanted": 3}
    assert channels.hint == "Try one of: email."


def test_three_tries_on_one_channel_do_not_pass() -> None:
    """Where the customer has a second channel, three calls are not enough; the owner and the ladder hear of it."""
    story = resolved(3, policy=ROUTED)
    for _ in range(3):
        story.do(on_the_phone(story, reached=False))
        story.now = BERLIN.add_days(story.now, 1)
    assert {rule for rule, _ in broken(story, PassFollowUp(by="ana"))} == {"follow-up.unreachable"}
    story.now = BERLIN.add_days(story.now, 1)
    assert rung(story, "ben", "follow-up.unreachable")
    story.now = BERLIN.add_days(story.now, 1)
    assert rung(story, "cleo", "follow-up.unreachable")
    story.now = BERLIN.add_days(story.now, 1)
    assert rung(story, "fay", "follow-up.unreachable")
    assert story.told.stage is Stage.RESOLVED


def test_a_try_by_a_planned_call_counts_when_it_is_made() -> None:
    """A call that is owed is a try once it was made, reached or not; the message on the way is another."""
    story = resolved(3)
    story.do(asks(story))
    assert [attempt.via for attempt in story.told.following_up.attempts] == [frozenset({Channel.EMAIL})]
    call = next(out for out in story.told.receiving.outgoing if out.state is Delivery.OWED)
    story.wait(days=1).do(ReportDelivery(by="ana", message_id=call.id, delivery=Delivery.NOT_REACHED))
    assert [attempt.via for attempt in story.told.following_up.attempts][-1] == frozenset({Channel.PHONE})
    mail = next(out for out in story.told.receiving.outgoing if out.state is Delivery.QUEUED)
    story.do(ReportDelivery(message_id=mail.id, delivery=Delivery.SENT))
    assert len(story.told.following_up.attempts) == 2


def test_a_try_that_was_asked_waits_two_days_for_the_answer() -> None:
    """While the customer may still answer, the next try is not due."""
    story = resolved(3)
    story.do(asks(story))
    story.deliver()
    assert step_of(story, "follow-up.unreachable").due_at == BERLIN.add_days(story.now, 2)
    story.do(SOLVED)
    assert no_step(story, "follow-up.unreachable")


def test_a_wish_for_no_contact_between_the_tries_passes_it_as_declined() -> None:
    """Asked once and then told to leave it, we try no more: the follow-up is passed as declined when the next try is due."""
    story = resolved(3)
    story.do(asks(story))
    story.deliver().do(RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Leave it.")))
    story.now = BERLIN.add_days(story.now, 2)
    story.wake()
    assert (story.told.stage, story.told.following_up.days) == (Stage.FOLLOWED_UP_DAYS, FollowUpOutcome.DECLINED)


# ---------------------------------------------------------------- other stages


def test_an_answer_nobody_can_prove_moves_nothing() -> None:
    """An answer that cites no message of the customer is noted; the case stays where it is."""
    story = resolved(3)
    decision = story.do(evolve(SOLVED, said=said("", contact=99)))
    assert (warned(decision), story.told.stage) == ({"contact.automatic-mail"}, Stage.RESOLVED)


def test_long_after_the_end_not_solved_opens_a_linked_case() -> None:
    """After the time in which a case reopens, "not solved" opens a linked case with the customer's words."""
    story = at_stage(Stage.FOLLOWED_UP_WEEKS).wait(days=30)
    decision = story.do(NOT_SOLVED)
    assert story.told.stage is Stage.FOLLOWED_UP_WEEKS
    assert warned(decision) == {"reopen.window"}
    (opened,) = decision.opens
    assert (opened.case.receiving.issue, opened.case.receiving.links) == ("Dark again.", ("case-1",))


def test_a_linked_case_has_an_identity_of_its_own() -> None:
    """Where the shell brought no identity, the linked case takes one from this case and its number."""
    story = resolved(3)
    story.context = Context()
    (opened,) = story.do(evolve(SOLVED, something_else="The horn.", then=Then.LINKED_CASE)).opens
    assert opened.case.id.startswith("case-1+")
    assert opened.case.reference.startswith("R1-")


def test_solved_twice_is_noted() -> None:
    """On a case that has gone the whole way, another yes is kept as a note with a step."""
    story = at_stage(Stage.FOLLOWED_UP_WEEKS)
    decision = story.do(evolve(SOLVED, said=said("Still fine."), something_else="A key."))
    assert "ReportNoted" in named(decision)
    assert ("something_else", "A key.") in decision.events[0].event.details  # type: ignore[attr-defined]
    assert agenda(story.told, POLICY)[0].rule == "stage.follow_up"


def test_a_reopened_case_is_followed_up_anew() -> None:
    """After the second resolution both follow-ups come again, and the tries of before do not count."""
    story = resolved(3)
    story.do(on_the_phone(story, reached=False))
    story.do(Reopen(by="ana", reason="Dark again."))
    assert story.told.following_up.attempts == ()
    proposed(story).do(RecordAcceptance(by="ana", option="repair", said=said()))
    assert step_of(story, "follow-up.days").due_at is not None


def test_news_is_no_follow_up() -> None:
    """A word that asks nothing leaves the follow-up due."""
    story = resolved(3)
    story.do(Inform(by="ana", word=by_mail("All the best.")))
    assert outcomes(story, "follow-up.days") == [Outcome.OPEN]
