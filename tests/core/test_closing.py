"""Closing and reopening: each reason brings its proof, over means over, and any word of the customer brings it back."""

from __future__ import annotations

from copy import deepcopy

import pytest
from attrs import evolve

from recovery.core.agenda import Outcome
from recovery.core.decide import agenda, why_not
from recovery.core.errors import InvalidValue
from recovery.core.rule import Context
from recovery.core.stages import OPEN, Stage
from recovery.core.vocabulary.closing import Close, CloseReason, NotACase, Reopen
from recovery.core.vocabulary.common import Channel, Customer
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform, WaiveAnswer
from recovery.core.vocabulary.receiving import (
    Attachment,
    Correct,
    Delivery,
    OpenCase,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import RecordAcceptance
from support import (
    BERLIN,
    EMAIL,
    MONDAY,
    PHONE,
    POLICY,
    REFUND,
    Story,
    a_contact,
    acknowledged,
    at_stage,
    broken,
    by_mail,
    letters,
    named,
    no_step,
    outcomes,
    proposed,
    refusal,
    said,
    step_of,
    tasks,
    warned,
)

WITHDRAWN = Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind."))
SPAM = Close(by="ana", reason=CloseReason.NOT_A_CASE, kind=NotACase.SPAM, explanation="It sells pills.", second_person="ben")
NO_ANSWER = Close(by="ana", reason=CloseReason.NO_ANSWER)
DUPLICATE = Close(by="ana", reason=CloseReason.DUPLICATE, survivor="case-9")
ONLY_MAIL = Customer(name="Bo", addresses=(EMAIL,))


def wrote(story: Story, text: str = "It is dark again.") -> int:
    """Let the customer write; return the number of the message."""
    story.do(Receive(contact=a_contact(text, at=story.now)))
    return story.told.receiving.contacts[-1].seq


def asked(**fields: object) -> Story:
    """Return a case whose customer was asked something on Monday morning."""
    story = acknowledged(Story.begins(**fields).deliver())  # type: ignore[arg-type]
    story.do(Ask(by="ana", word=by_mail("Which model?"), question="Which model?"))
    return story.deliver()


def chased(story: Story, times: int = 2) -> Story:
    """Let the machine chase the customer, and the owner make the call that it asks for."""
    for _ in range(times):
        due = step_of(story, "customer.chased").wake_at
        assert due is not None
        story.now = due
        story.wake()
        story.deliver()
        for out in story.told.receiving.outgoing:
            if out.state is Delivery.OWED:
                story.do(ReportDelivery(by="ana", message_id=out.id, delivery=Delivery.SENT))
    return story


# ---------------------------------------------------------------- close.reasons


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage in OPEN])
def test_withdrawn_in_the_customers_words_closes_from_every_open_stage(stage: Stage) -> None:
    """The customer may withdraw at any time, in their own words."""
    story = at_stage(stage)
    story.do(WITHDRAWN)
    assert (story.told.stage, story.told.closing.reason, story.told.ended_at) == (Stage.CLOSED, CloseReason.WITHDRAWN, story.now)
    assert story.told.ended


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (evolve(WITHDRAWN, said=None), "said"),
        (evolve(DUPLICATE, survivor=None), "survivor"),
        (evolve(SPAM, kind=None), "kind"),
        (evolve(SPAM, explanation=" "), "explanation"),
        (evolve(SPAM, second_person=None), "second_person"),
        (evolve(SPAM, second_person="ana"), "second_person"),
        (NO_ANSWER, "reason"),
    ],
)
def test_each_reason_brings_its_proof(command: Close, field: str) -> None:
    """Without the customer's words, a survivor, a kind, an explanation, a second person or a chase, no case is closed."""
    story = acknowledged(Story.begins().deliver())
    (reason,) = refusal(story, command).reasons
    assert (reason.rule, reason.field, bool(reason.hint)) == ("close.reasons", field, True)


def test_not_a_case_needs_a_second_pair_of_eyes() -> None:
    """Spam, misdirected mail and tests are closed with a reason and a second person."""
    for kind in NotACase:
        story = Story.begins()
        story.do(evolve(SPAM, kind=kind))
        assert story.told.closing.reason is CloseReason.NOT_A_CASE


def test_no_answer_needs_two_chases_and_sends_a_notice() -> None:
    """After two chases on two channels the case may close; the customer hears that any word reopens it."""
    story = asked()
    (reason,) = refusal(story, NO_ANSWER).reasons
    assert reason.params == {"chases": 0, "wanted": 2}
    chased(story, 1)
    assert refusal(story, NO_ANSWER).reasons[0].params == {"chases": 1, "wanted": 2}
    chased(story, 1)
    decision = story.do(NO_ANSWER)
    assert story.told.stage is Stage.CLOSED
    assert letters(decision) == [("no_answer_notice", "email")]


def test_a_call_that_was_not_made_is_no_chase() -> None:
    """A chase that is still on the owner's list has not been made."""
    story = chased(asked(), 1)
    due = step_of(story, "customer.chased").wake_at
    assert due is not None
    story.now = due
    story.wake()
    assert refusal(story, NO_ANSWER).reasons[0].params == {"chases": 1, "wanted": 2}


def test_two_chases_on_one_channel_are_enough_where_there_is_no_other() -> None:
    """A customer with one channel, or who allows one, is chased there twice and that will do."""
    story = chased(asked(contact=a_contact(sender=ONLY_MAIL)))
    story.do(NO_ANSWER)
    assert story.told.stage is Stage.CLOSED


def test_two_chases_on_one_channel_are_not_enough_where_there_is_another() -> None:
    """A customer who can be called is not given up after two mails."""
    story = asked(contact=a_contact(sender=ONLY_MAIL))
    chased(story)
    story.do(Receive(contact=a_contact("Out of office", at=story.now, automatic=True)))
    phone = evolve(ONLY_MAIL, addresses=(EMAIL, PHONE))
    story.do(Correct(by="ana", reason="found a number", customer=phone))
    assert broken(story, NO_ANSWER) == {("close.reasons", "reason")}


def test_a_chase_that_bounced_is_no_chase() -> None:
    """A second chase that bounced was not made."""
    story = chased(asked(contact=a_contact(sender=ONLY_MAIL)), 1)
    due = step_of(story, "customer.chased").wake_at
    assert due is not None
    story.now = due
    story.wake()
    story.deliver(Delivery.BOUNCED)
    assert refusal(story, NO_ANSWER).reasons[0].params["chases"] == 1


def test_an_unanswered_proposal_may_close_for_want_of_an_answer() -> None:
    """A proposal is a question too: two chases about it are enough."""
    story = chased(proposed(at_stage(Stage.INVESTIGATING)))
    story.do(NO_ANSWER)
    assert story.told.closing.reason is CloseReason.NO_ANSWER


def test_never_while_an_answer_is_owed() -> None:
    """A case with an unanswered message does not close, until it is answered or waived; spam and duplicates may."""
    story = acknowledged(Story.begins().deliver())
    number = wrote(story)
    (reason,) = refusal(story, WITHDRAWN).reasons
    assert (reason.rule, reason.params) == ("close.reasons", {"contact": number})
    spam, duplicate = deepcopy(story), deepcopy(story)
    spam.do(SPAM)
    other = Story()
    other.do(OpenCase(case_id="case-9", reference="R9", contact=a_contact("The same.")))
    duplicate.context = Context(survivor=other.told)
    duplicate.do(DUPLICATE)
    assert (spam.told.stage, duplicate.told.stage) == (Stage.CLOSED, Stage.CLOSED)
    story.do(WaiveAnswer(by="ana", contact=number, reason="It only said thanks."))
    story.do(WITHDRAWN)
    assert story.told.stage is Stage.CLOSED


def test_an_answered_message_holds_nothing_up() -> None:
    """Once the answer is on its way, the case may close."""
    story = acknowledged(Story.begins().deliver())
    wrote(story)
    story.do(Inform(by="ana", word=by_mail("Here is your answer.")))
    story.deliver().do(WITHDRAWN)
    assert story.told.stage is Stage.CLOSED


def test_words_of_withdrawal_owe_no_answer() -> None:
    """The message in which the customer withdraws closes the case and owes nothing, but an earlier question still does."""
    story = acknowledged(Story.begins().deliver())
    number = wrote(story, "Forget it.")
    story.do(evolve(WITHDRAWN, said=said("", contact=number)))
    assert story.told.stage is Stage.CLOSED
    assert no_step(story, "contact.answer-owed")
    story = acknowledged(Story.begins().deliver())
    wrote(story, "And what about the horn?")
    number = wrote(story.wait(hours=1), "Oh, forget it.")
    assert broken(story, evolve(WITHDRAWN, said=said("", contact=number))) == {("close.reasons", "reason")}


def test_the_clock_never_closes_a_case() -> None:
    """However long nothing happens, only people close a case before its second follow-up is done."""
    story = at_stage(Stage.RESOLVED)
    for _ in range(40):
        story.wait(days=5).wake()
    assert story.told.stage is Stage.RESOLVED
    assert story.decisions[-1].wake_at is not None


def test_over_means_over() -> None:
    """On a closed case every clock of its own has ended, and nobody is woken."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Inform(by="ana", word=by_mail("No news.")))
    story.deliver().do(WITHDRAWN)
    assert agenda(story.told, POLICY) == ()
    assert story.decisions[-1].wake_at is None
    assert outcomes(story, "resolve.whole-case") == [Outcome.ENDED]


def test_a_silenced_customer_gets_no_notice() -> None:
    """A customer who wants no contact is not even told that we stop asking."""
    story = chased(asked())
    wish = Wish(kind=WishKind.DO_NOT_CONTACT)
    story.do(RecordWish(by="ana", wish=wish, said=said("Leave me alone.")))
    assert letters(story.do(NO_ANSWER)) == []


# ---------------------------------------------------------------- reopen.window


@pytest.mark.parametrize("stage", [Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS])
def test_on_a_resolved_case_a_word_joins_and_owes_an_answer(stage: Stage) -> None:
    """Between resolution and the second follow-up a customer's word joins the case, and does not by itself reopen it."""
    story = at_stage(stage)
    wrote(story, "Thank you, and where is the bill?")
    assert story.told.stage is stage
    assert step_of(story, "contact.answer-owed").due_at == BERLIN.add_days(story.now, 1)


@pytest.mark.parametrize("stage", [Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS, Stage.FOLLOWED_UP_WEEKS, Stage.CLOSED])
def test_a_persons_report_reopens(stage: Stage) -> None:
    """Somebody who says that the case is not over brings it back to investigating, with every service clock anew."""
    story = at_stage(stage).wait(days=1)
    story.do(Reopen(by="ana", reason="The harbour master called: it is dark again."))
    assert (story.told.stage, story.told.closing.reopened, story.told.owner) == (Stage.INVESTIGATING, 1, "ana")
    assert step_of(story, "propose.in-time").due_at == BERLIN.add_days(story.now, 5)
    assert step_of(story, "contact.keep-informed").due_at == BERLIN.add_days(story.now, 3)
    assert step_of(story, "resolve.whole-case").due_at is not None
    assert no_step(story, "acknowledge.immediately")


@pytest.mark.parametrize("stage", [Stage.FOLLOWED_UP_WEEKS, Stage.CLOSED])
def test_a_word_on_an_ended_case_reopens_it_inside_the_window(stage: Stage) -> None:
    """Up to seven local days after the end, to the minute, any word of the customer reopens the case and owes an answer."""
    story = at_stage(stage)
    ended = story.told.ended_at
    assert ended is not None
    story.now = BERLIN.add_local_days(ended, 7)
    decision = story.do(Receive(contact=a_contact("Dark again.", at=story.now)))
    assert named(decision)[:2] == ["ContactJoined", "CaseReopened"]
    assert story.told.stage is Stage.INVESTIGATING
    assert step_of(story, "contact.answer-owed").due_at is not None


@pytest.mark.parametrize("stage", [Stage.FOLLOWED_UP_WEEKS, Stage.CLOSED])
def test_later_it_opens_a_linked_case(stage: Stage) -> None:
    """After the window a word opens a linked case with a receipt; the old one stays ended, and nothing errs."""
    story = at_stage(stage)
    ended = story.told.ended_at
    assert ended is not None
    story.now = BERLIN.add_local_days(ended, 7).add(seconds=1)
    decision = story.do(Receive(contact=a_contact("Dark again.", at=story.now)))
    assert story.told.stage is stage
    assert (named(decision)[0], warned(decision)) == ("LinkedCaseOpened", {"reopen.window"})
    (opened,) = decision.opens
    assert (opened.case.id, opened.case.reference, opened.case.receiving.links) == ("case-2", "R2", ("case-1",))
    assert ("receipt", "email") in letters(opened)
    assert story.told.receiving.links == ("case-2",)


def test_nobody_looks_for_the_sender_of_spam() -> None:
    """What is no case ends the steps the library set to understand it; what a person set stays theirs until it is done."""
    story = Story.begins(a_contact("", sender=Customer(name="Pills"), attachments=(Attachment(name="pills.jpg"),)))
    story.do(SetTask(by="ana", what="tell the mail provider"))
    story.do(SPAM)
    assert [what for _, what in tasks(story)] == ["tell the mail provider"]


def test_each_late_contact_of_one_batch_opens_a_case_of_its_own_once() -> None:
    """Two letters that are logged together after the window are two linked cases; the same letter twice is one."""
    story = at_stage(Stage.CLOSED).wait(days=30)
    words = ("Dark again.", "An invoice.", "Dark again.")
    decision = story.do(*(Receive(contact=a_contact(text, at=story.now, message_id=None)) for text in words))
    assert [opened.case.receiving.issue for opened in decision.opens] == ["Dark again.", "An invoice."]
    assert len({opened.case.id for opened in decision.opens}) == len({opened.case.reference for opened in decision.opens}) == 2
    assert len(story.told.receiving.links) == 2


def test_what_came_in_time_reopens_however_late_it_is_logged() -> None:
    """A letter that arrived inside the window reopens the case, though it was typed in weeks later."""
    story = at_stage(Stage.CLOSED)
    arrived = story.now.add(days=5)
    story.now = story.now.add(days=20)
    story.do(Receive(contact=a_contact("Dark again.", at=arrived)))
    assert story.told.stage is Stage.INVESTIGATING


def test_automatic_mail_never_reopens() -> None:
    """Neither inside the window nor after it does a machine's note reopen or link anything."""
    for days in (1, 30):
        story = at_stage(Stage.CLOSED).wait(days=days)
        decision = story.do(Receive(contact=a_contact("Out of office", at=story.now, automatic=True)))
        assert (story.told.stage, decision.opens) == (Stage.CLOSED, ())


def test_a_late_report_opens_a_linked_case() -> None:
    """Somebody's report long after the end opens a linked case with their words."""
    story = at_stage(Stage.CLOSED).wait(days=30)
    decision = story.do(Reopen(by="ana", reason="It is dark again.", channel=Channel.PHONE))
    (opened,) = decision.opens
    assert (opened.case.receiving.issue, opened.case.receiving.contacts[0].channel) == ("It is dark again.", Channel.PHONE)
    assert story.told.stage is Stage.CLOSED


def test_nobody_there_at_reopening_is_escalated() -> None:
    """A case that comes back while everybody is away is escalated at once, by a word or by a report."""
    for command in (Receive(contact=a_contact("Dark again.", at=MONDAY.add(days=1))), Reopen(by="ben", reason="Dark again.")):
        story = at_stage(Stage.CLOSED).wait(days=1)
        story.context = Context(away=frozenset({"ana", "cleo"}))
        assert "OwnerAway" in named(story.do(command))
        assert step_of(story, "owner.named").wake_at is not None


def test_a_case_that_is_not_over_cannot_come_back() -> None:
    """A report that an open case is not over is kept as a note with a step; it never errs."""
    story = at_stage(Stage.INVESTIGATING)
    decision = story.do(Reopen(by="ana", reason="It is dark again."))
    assert ("ReportNoted" in named(decision), warned(decision)) == (True, {"stage.reopen"})
    assert ("reason", "It is dark again.") in decision.events[0].event.details  # type: ignore[attr-defined]
    assert step_of(story, "case.never-forgotten").rule == "stage.reopen"


def test_what_was_on_its_way_stays_on_its_way() -> None:
    """Reopening keeps what is still to arrive, with its date."""
    story = proposed(at_stage(Stage.INVESTIGATING), REFUND)
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    due = step_of(story, "resolve.delivered").due_at
    story.do(RecordFollowUpAnswer(by="ana", solved=False, said=said("Dark again.")))
    assert step_of(story, "resolve.delivered").due_at == due


def test_a_second_person_exists() -> None:
    """Where people are listed, whoever is named as the second one is among them."""
    story = Story.begins()
    close = Close(by="ana", reason=CloseReason.NOT_A_CASE, kind=NotACase.SPAM, explanation="an advertisement", second_person="zoe")
    assert [(reason.rule, reason.field) for reason in why_not(story.told, close, policy=POLICY, now=story.now)] == [
        ("close.reasons", "second_person")
    ]


def test_nothing_is_merged_into_what_nobody_knows() -> None:
    """A case cannot live on in a contact that waits in the tray."""
    tray, story = Story.begins(a_contact(sender=Customer())), Story.begins()
    story.context = Context(survivor=tray.told)
    close = Close(by="ana", reason=CloseReason.DUPLICATE, survivor="case-2")
    reasons = why_not(story.told, close, policy=POLICY, now=story.now, context=story.context)
    assert [(reason.rule, reason.field) for reason in reasons] == [("case.one-thread", "survivor")]


def test_a_machine_speaks_to_no_customer() -> None:
    """An acknowledgement, a proposal or a follow-up is the act of a person with a name."""
    with pytest.raises(InvalidValue, match="speaks to no customer"):
        Inform(by="recovery", word=by_mail())
