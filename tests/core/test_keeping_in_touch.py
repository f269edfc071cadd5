"""Keeping in touch and keeping one's word: a set pace, answers, promises, pauses and chases."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.agenda import Outcome
from recovery.core.decide import agenda, clocks
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, Reopen
from recovery.core.vocabulary.common import Channel, Command, Customer
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
from recovery.core.vocabulary.proposing import Investigate, Option, Propose, RecordDecline
from recovery.core.vocabulary.receiving import Delivery, Receive, ReportDelivery
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival, MoveDelivery, RecordAcceptance, Resolve
from support import (
    BERLIN,
    BO,
    EMAIL,
    MONDAY,
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

TOMORROW = MONDAY.add(days=1)
FRIDAY = MONDAY.add(days=4)
ASK = Ask(by="ana", word=by_mail("Which model is it?"), question="Which model is it?")


def informed(story: Story, **fields: object) -> Story:
    """Tell the customer on the phone that there is no news."""
    story.do(Inform(by="ana", word=called(story.now, "No news yet."), **fields))  # type: ignore[arg-type]
    return story


def wrote(story: Story, text: str = "Hello? Anybody there?") -> int:
    """Let the customer write; return the number of the message."""
    story.do(Receive(contact=a_contact(text, at=story.now)))
    return story.told.receiving.contacts[-1].seq


def investigating(**fields: object) -> Story:
    """Return a case that is being looked into, on Monday morning."""
    story = acknowledged(Story.begins(**fields).deliver())  # type: ignore[arg-type]
    story.do(Investigate(by="ana"))
    return story


def asked(**fields: object) -> Story:
    """Return a case whose customer has been asked something."""
    story = investigating(**fields)
    story.do(ASK)
    return story.deliver()


# ---------------------------------------------------------------- contact.keep-informed


def test_the_customer_hears_at_a_set_pace() -> None:
    """Every word of a person starts the next three working days; before they are over, the clock is met."""
    story = Story.begins().deliver()
    assert step_of(story, "contact.keep-informed").due_at == MONDAY.add(days=3)
    informed(story.wait(days=2))
    assert outcomes(story, "contact.keep-informed") == [Outcome.MET, Outcome.OPEN]
    assert step_of(story, "contact.keep-informed").due_at == MONDAY.add(days=7)


def test_silence_is_warned_about_missed_and_escalated() -> None:
    """Silence warns a working day before, is missed at three, and goes up the ladder at seven days of it."""
    story = Story.begins(policy=ROUTED).deliver()
    for days, whom in ((2, "ben"), (7, "cleo"), (8, "fay"), (9, "fay")):
        story.now = MONDAY.add(days=days)
        assert rung(story, whom, "contact.keep-informed"), days
    assert outcomes(story, "contact.keep-informed") == [Outcome.MISSED]
    informed(story)
    assert outcomes(story, "contact.keep-informed") == [Outcome.MISSED, Outcome.OPEN]


def test_machines_never_keep_the_customer_informed() -> None:
    """Receipts and chases are words of a machine: they break no silence."""
    story = asked()
    informed_by = step_of(story, "contact.keep-informed").due_at
    story.wait(days=2)
    assert ("chase", "email") in letters(story.wake())
    story.deliver()
    assert step_of(story, "contact.keep-informed").due_at == informed_by


def test_a_word_that_is_given_up_broke_no_silence() -> None:
    """The clock runs again as it did before when the word that met it never arrived."""
    story = Story.begins().deliver().wait(days=1)
    story.do(Inform(by="ana", word=by_mail()))
    story.deliver(Delivery.GIVEN_UP)
    assert step_of(story, "contact.keep-informed").due_at == MONDAY.add(days=3)


def test_it_ends_when_the_case_is_resolved_and_delivered() -> None:
    """Until what was promised has arrived the customer is kept informed; then the follow-ups take over."""
    story = proposed(investigating(), Option(id="refund", text="Your money back.", delivers="the refund"))
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    assert step_of(story, "contact.keep-informed").due_at is not None
    (delivery,) = story.told.resolving.deliveries
    story.do(ConfirmArrival(by="ana", delivery_id=delivery.id, source=ArrivalSource.BANK))
    assert no_step(story, "contact.keep-informed")


def test_it_starts_anew_when_the_case_is_reopened() -> None:
    """A reopened case is kept informed again, from the reopening."""
    story = at_stage(Stage.RESOLVED).wait(days=1)
    story.do(Reopen(by="ana", reason="It is dark again."))
    assert step_of(story, "contact.keep-informed").due_at == BERLIN.add_days(story.now, 3)


def test_a_word_repeated_after_it_was_lost_counts_as_that_word() -> None:
    """Whoever says again what bounced does not have to acknowledge anew: it meets what the first word had met."""
    story = Story.begins().deliver()
    story.do(Acknowledge(by="ana", word=by_mail(), next_word_at=TOMORROW))
    story.deliver(Delivery.BOUNCED)
    seq = next(recorded.seq for recorded in story.events if type(recorded.event).__name__ == "Acknowledged")
    story.do(Inform(by="ana", word=called(story.now, "We have it."), repeats=seq))
    assert no_step(story, "acknowledge.immediately")
    assert step_of(story, "promise.tracked.next-word").due_at == TOMORROW


# ---------------------------------------------------------------- contact.answer-owed


def test_an_answer_is_owed_from_the_oldest_unanswered_message() -> None:
    """Chasing neither resets nor lengthens the answer that is owed."""
    story = investigating()
    wrote(story)
    due = step_of(story, "contact.answer-owed").due_at
    assert due == BERLIN.add_days(story.now, 1)
    wrote(story.wait(hours=5), "Please answer!")
    assert step_of(story, "contact.answer-owed").due_at == due


def test_the_owner_hears_that_the_customer_wrote() -> None:
    """A word of the customer is told to the owner at once, and to the supervisor when nobody has answered in time."""
    story = investigating(policy=ROUTED)
    wrote(story)
    assert ("wrote", "ben") in letters(story.decisions[-1])
    story.now = BERLIN.add_days(story.now, 1)
    assert rung(story, "cleo", "contact.answer-owed")


def test_the_first_contact_is_answered_by_the_acknowledgement() -> None:
    """The contact that opens a case owes the acknowledgement, and no second answer beside it."""
    assert no_step(Story.begins().deliver(), "contact.answer-owed")


def test_each_word_of_a_person_answers_all_earlier_messages() -> None:
    """One word answers every message that came before it."""
    story = investigating()
    wrote(story)
    wrote(story.wait(hours=1), "Please!")
    informed(story.wait(hours=1))
    assert outcomes(story, "contact.answer-owed") == [Outcome.MET]
    assert no_step(story, "contact.answer-owed")


def test_a_word_that_says_so_answers_nothing() -> None:
    """A word that was not meant as an answer leaves the answer owed."""
    story = investigating()
    wrote(story)
    story.do(Inform(by="ana", word=evolve(called(story.now, "Soon."), answers=False)))
    assert outcomes(story, "contact.answer-owed") == [Outcome.OPEN]


def test_a_word_covers_only_messages_before_it() -> None:
    """A call that is logged late answers by its number, whatever its instant says."""
    story = investigating()
    story.do(Inform(by="ana", word=called(story.now, "News.")))
    wrote(story)
    assert outcomes(story, "contact.answer-owed") == [Outcome.OPEN]
    story.do(Inform(by="ana", word=called(story.now.subtract(hours=3), "News.")))
    assert no_step(story, "contact.answer-owed")


def test_an_answer_that_bounces_is_owed_again() -> None:
    """An answer that did not arrive is still owed, from the same message."""
    story = investigating()
    wrote(story)
    due = step_of(story, "contact.answer-owed").due_at
    (mail,) = story.do(Inform(by="ana", word=by_mail())).messages
    assert no_step(story, "contact.answer-owed")
    story.wait(hours=1).do(ReportDelivery(message_id=mail.id, delivery=Delivery.BOUNCED))
    assert step_of(story, "contact.answer-owed").due_at == due


def test_machines_answer_nothing() -> None:
    """A receipt leaves the answer owed."""
    story = investigating()
    wrote(story.wait(days=2))
    assert ("receipt", "email") in letters(story.decisions[-1])
    story.deliver()
    assert outcomes(story, "contact.answer-owed") == [Outcome.OPEN]


def test_the_owner_may_say_with_a_reason_that_a_message_needs_no_answer() -> None:
    """A message that needs none owes none; a later one owes its own from its own instant."""
    story = investigating()
    first = wrote(story, "Thanks!")
    wrote(story.wait(hours=2), "And the bill?")
    story.do(WaiveAnswer(by="ana", contact=first, reason="They only said thanks."))
    assert step_of(story, "contact.answer-owed").due_at == BERLIN.add_days(story.now, 1)


def test_a_message_that_is_not_there_cannot_be_waived() -> None:
    """Waiving names a message that is on the case; the refusal says which there are."""
    story = investigating()
    (reason,) = refusal(story, WaiveAnswer(by="ana", contact=99, reason="nothing to say")).reasons
    assert (reason.rule, reason.field, reason.hint) == ("input.reference", "contact", "There are: 1.")


@pytest.mark.parametrize("accepts", [True, False])
def test_a_yes_or_a_decline_owes_the_next_step_and_no_answer(accepts: bool) -> None:
    """The message that holds a yes or a decline is answered by what follows from it, which has a clock of its own."""
    story = proposed(investigating())
    number = wrote(story, "Hm.")
    assert outcomes(story, "contact.answer-owed") == [Outcome.OPEN]
    words = said("", contact=number)
    story.do(RecordAcceptance(by="ana", option="repair", said=words) if accepts else RecordDecline(by="ana", said=words))
    assert no_step(story, "contact.answer-owed")


# ---------------------------------------------------------------- promise.tracked


def test_a_promise_is_warned_about_before_its_date_and_escalated_after() -> None:
    """A promise warns its owner a working day before, the supervisor at the date, and is missed after it."""
    story = investigating(policy=ROUTED)
    story.do(MakePromise(by="ben", what="a spare part", due_at=FRIDAY))
    assert step_of(story, "promise.tracked").due_at == FRIDAY
    story.now = FRIDAY.subtract(days=1)
    assert rung(story, "ben", "promise.tracked")
    story.now = FRIDAY
    assert rung(story, "cleo", "promise.tracked")
    story.now = FRIDAY.add(days=3)
    assert rung(story, "fay", "promise.tracked")
    assert outcomes(story, "promise.tracked") == [Outcome.MISSED]


def test_a_short_promise_warns_at_half_its_span() -> None:
    """A promise for the same day warns halfway, and not before it was made."""
    story = investigating()
    story.do(MakePromise(by="ana", what="call back", due_at=story.now.add(hours=4)))
    assert step_of(story, "promise.tracked").wake_at == story.now.add(hours=2)


def test_a_promise_is_kept() -> None:
    """A promise that was kept is off the agenda, judged by when it was kept and not by when that was logged."""
    story = investigating()
    story.do(MakePromise(by="ana", what="a spare part", due_at=FRIDAY, word=by_mail("You get a part by Friday.")))
    assert ("customer_informed", "email") in letters(story.decisions[-1])
    (promise,) = story.told.keeping.promises
    story.now = FRIDAY.add(days=5)
    story.do(KeepPromise(by="ana", promise_id=promise.id, at=FRIDAY.subtract(hours=1)))
    assert outcomes(story, "promise.tracked") == [Outcome.MET]
    assert story.told.keeping.promises == ()


def test_a_promise_kept_too_late_is_broken() -> None:
    """A promise that is kept after its date has been broken."""
    story = investigating()
    story.do(MakePromise(by="ana", what="a spare part", due_at=FRIDAY))
    (promise,) = story.told.keeping.promises
    story.now = FRIDAY.add(days=5)
    story.do(KeepPromise(by="ana", promise_id=promise.id))
    assert outcomes(story, "promise.tracked") == [Outcome.MISSED]


def test_a_promise_moved_in_time_is_not_broken() -> None:
    """A new date that is announced before the old one passes settles the old one and runs; afterwards it is a broken promise."""
    for days, outcome in ((-1, Outcome.MET), (3, Outcome.MISSED)):
        story = investigating()
        story.do(MakePromise(by="ana", what="a spare part", due_at=FRIDAY))
        (promise,) = story.told.keeping.promises
        story.now = FRIDAY.add(days=days)
        later = FRIDAY.add(days=7)
        decision = story.do(MovePromise(by="ana", promise_id=promise.id, due_at=later, word=by_mail("A week later, sorry.")))
        assert named(decision)[0] == "PromiseMoved"
        assert story.told.keeping.promises[0].due_at == later
        assert outcomes(story, "promise.tracked") == [outcome, Outcome.OPEN]
        assert step_of(story, "promise.tracked").due_at == later


def test_a_new_date_the_customer_never_heard_moves_nothing() -> None:
    """A new date that bounces leaves the old date on the agenda."""
    story = investigating()
    story.do(MakePromise(by="ana", what="a spare part", due_at=FRIDAY))
    (promise,) = story.told.keeping.promises
    story.do(MovePromise(by="ana", promise_id=promise.id, due_at=FRIDAY.add(days=7), word=by_mail("Later, sorry.")))
    story.deliver(Delivery.BOUNCED)
    assert step_of(story, "promise.tracked").due_at == FRIDAY


def test_an_undated_promise_gets_the_policys_date() -> None:
    """An undated "I'll call back" is due in two working days."""
    story = investigating()
    story.do(RecordPromise(by="ana", what="call back"))
    assert step_of(story, "promise.tracked").due_at == BERLIN.add_days(story.now, 2)


def test_a_promise_that_is_not_open_can_neither_be_moved_nor_kept() -> None:
    """An act about no promise is refused; a report about none is kept, warns, and the new date is tracked all the same."""
    story = investigating()
    move = MovePromise(by="ana", promise_id="99", due_at=FRIDAY, word=by_mail("Friday."))
    assert broken(story, move) == {("input.reference", "promise_id")}
    decision = story.do(KeepPromise(by="ana", promise_id="99"))
    assert ("ReportNoted" in named(decision), warned(decision)) == (True, {"input.reference"})
    told = story.do(evolve(move, word=called(story.now, "Friday.")))
    assert (named(told)[0], warned(told)) == ("CustomerInformed", {"input.reference"})
    assert step_of(story, "promise.tracked.next-word").due_at == FRIDAY


def test_a_promise_outlives_the_closing() -> None:
    """A promise still open on an ended case keeps its owner and its date until it is kept."""
    story = investigating()
    story.do(MakePromise(by="ana", what="a voucher", due_at=FRIDAY))
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    step = step_of(story, "promise.tracked")
    assert (step.rule, step.whom, step.due_at) == ("promise.tracked", "ana", FRIDAY)
    assert {step.rule for step in agenda(story.told, POLICY)} == {"promise.tracked"}


# ---------------------------------------------------------------- promise.realistic


OFFERED: list[tuple[str, Command]] = [
    ("next_word_at", Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY)),
    ("next_word_at", Inform(by="ana", word=by_mail(), next_word_at=MONDAY)),
    ("due_at", MakePromise(by="ana", what="call", due_at=MONDAY)),
]


@pytest.mark.parametrize(("field", "command"), OFFERED)
@pytest.mark.parametrize(
    ("offset", "what"),
    [({}, "not in the future"), ({"days": -1}, "not in the future"), ({"hours": 9}, "nobody works"), ({"days": 5}, "nobody works")],
)
def test_no_date_is_offered_that_nobody_can_keep(field: str, command: Command, offset: dict[str, int], what: str) -> None:
    """A date that is past, now, at night or on a Saturday is refused, and the hint names the next possible one."""
    story = Story.begins()
    unreal = evolve(command, **{field: MONDAY.add(**offset)})  # type: ignore[arg-type]
    (reason,) = refusal(story, unreal).reasons
    assert (reason.rule, reason.field) == ("promise.realistic", field)
    assert what in reason.message
    possible = BERLIN.next_opening(max(MONDAY, MONDAY.add(**offset))).in_timezone("Europe/Berlin")
    assert reason.hint == f"The next possible date is {possible.to_iso8601_string()}."


@pytest.mark.parametrize("offset", [{"minutes": 1}, {"hours": 7}, {"days": 7}])
def test_a_date_in_working_time_is_fine(offset: dict[str, int]) -> None:
    """A minute ahead, closing time to the minute, or in a week: those dates can be kept."""
    story = Story.begins()
    assert named(story.do(MakePromise(by="ana", what="call", due_at=MONDAY.add(**offset))))[0] == "PromiseMade"


def test_a_promise_given_elsewhere_is_logged_with_a_warning() -> None:
    """A promise for a Sunday that somebody has already given is on the case, warned about, and tracked."""
    story = investigating()
    sunday = MONDAY.add(days=6)
    decision = story.do(RecordPromise(by="ana", what="call on Sunday", due_at=sunday))
    assert (named(decision), warned(decision)) == (["PromiseMade", "Warned"], {"promise.realistic"})
    assert step_of(story, "promise.tracked").due_at == sunday


@pytest.mark.parametrize("offset", [{}, {"days": -1}])
def test_nothing_is_offered_for_a_date_that_is_past(offset: dict[str, int]) -> None:
    """By when an option, or what was simply done, arrives is a date that is offered: it lies ahead."""
    past = MONDAY.add(**offset)
    option = Option(id="refund", text="Your money back.", delivers="the refund", by=past, beyond="Keep it.")
    offer = Propose(by="ana", word=by_mail("Here is what we can do."), options=(option,))
    assert ("promise.realistic", "options.0.by") in broken(investigating(), offer)
    done = Resolve(by="ana", word=by_mail("It is done."), done="a refund", delivers="the refund", deliver_by=past)
    assert ("promise.realistic", "deliver_by") in broken(investigating(), done)


def test_a_parcel_may_arrive_on_a_saturday() -> None:
    """A date for an arrival needs nobody in the office, but lies in the future."""
    story = proposed(investigating(), Option(id="refund", text="Your money back.", delivers="the refund"))
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    (delivery,) = story.told.resolving.deliveries
    move = MoveDelivery(by="ana", delivery_id=delivery.id, by_date=MONDAY.add(days=5), word=by_mail("Saturday."))
    assert broken(story, evolve(move, by_date=MONDAY)) == {("promise.realistic", "by_date")}
    story.do(move)
    assert story.told.resolving.deliveries[0].by == MONDAY.add(days=5)


# ---------------------------------------------------------------- pause.only-for-customer


def test_a_service_clock_pauses_while_the_customer_is_asked() -> None:
    """An open question pauses the proposal's clock, showing only what is left; the answer lets it run on."""
    story = asked()
    step = step_of(story, "propose.in-time")
    assert (step.due_at, step.wake_at) == (None, None)
    assert outcomes(story, "propose.in-time") == [Outcome.PAUSED]
    left = step.left
    (question,) = story.told.keeping.questions
    story.wait(days=2).do(RecordAnswer(by="ana", question_id=question.id, said=said("The blue one.")))
    assert left is not None
    assert step_of(story, "propose.in-time").due_at == BERLIN.add(story.now, left)
    assert step_of(story, "propose.in-time").due_at == MONDAY.add(days=9)


def test_a_date_the_customer_named_pauses_until_then() -> None:
    """Until the date the customer named the clocks that may pause do, and no longer."""
    story = investigating()
    due = step_of(story, "propose.in-time").due_at
    story.do(RecordDeferral(by="ana", until=story.now.add(days=7), said=said("I am away for a week.")))
    assert due is not None
    assert step_of(story, "propose.in-time").due_at == due.add(days=7)


def test_overlapping_pauses_count_once() -> None:
    """A question asked while the customer has put us off pauses the clock once, not twice."""
    story = asked()
    story.do(RecordDeferral(by="ana", until=MONDAY.add(days=7), said=said("I am away for a week.")))
    (question,) = story.told.keeping.questions
    story.wait(days=2).do(RecordAnswer(by="ana", question_id=question.id, said=said("Blue.")))
    due = step_of(story, "propose.in-time").due_at
    assert due == MONDAY.add(days=14)


def test_what_may_not_pause_does_not() -> None:
    """Promises, answers, the pace of news and the limit of the whole case run on while the customer is asked."""
    story = asked()
    story.do(MakePromise(by="ana", what="a voucher", due_at=FRIDAY))
    wrote(proposed(story.wait(hours=1)))
    for clock in ("promise.tracked", "contact.answer-owed", "contact.keep-informed", "resolve.whole-case"):
        assert step_of(story, clock).due_at is not None, clock


def test_our_own_busyness_pauses_nothing() -> None:
    """A word that asks nothing, however often it is said, pauses no clock; an empty question is refused."""
    story = informed(investigating())
    assert step_of(story, "propose.in-time").due_at == MONDAY.add(days=7)
    assert broken(story, evolve(ASK, question=" ")) == {("pause.only-for-customer", "question")}


def test_a_call_that_asked_nothing_is_a_word() -> None:
    """An empty question that was put by phone is kept as a word, warned about, and pauses nothing."""
    story = investigating()
    decision = story.do(evolve(ASK, question=" ", word=called(story.now, "Hello.")))
    assert (named(decision), warned(decision)) == (["CustomerInformed", "Warned"], {"pause.only-for-customer"})
    assert step_of(story, "propose.in-time").due_at is not None


def test_a_date_that_is_past_pauses_nothing() -> None:
    """A date the customer named that is past by now is noted; the owner asks until when they want to wait."""
    story = investigating().wait(days=3)
    due = step_of(story, "propose.in-time").due_at
    past = RecordDeferral(by="ana", at=MONDAY.add(hours=1), until=TOMORROW, said=said("Not before tomorrow."))
    decision = story.do(past)
    assert (warned(decision), "ReportNoted" in named(decision)) == ({"pause.only-for-customer"}, True)
    assert tasks(story) == [("pause.only-for-customer", "ask the customer until when they want to wait")]
    assert step_of(story, "propose.in-time").due_at == due


def test_a_question_that_never_arrived_pauses_nothing() -> None:
    """A question that bounced is no question: the clock runs as if it had never been asked."""
    story = investigating()
    due = step_of(story, "propose.in-time").due_at
    story.do(ASK)
    story.deliver(Delivery.BOUNCED)
    assert step_of(story, "propose.in-time").due_at == due


def test_closing_ends_the_waiting() -> None:
    """A question nobody will chase any more holds nothing up: what an ended case still owes keeps its date."""
    story = proposed(investigating(), Option(id="refund", text="Your money back.", delivers="the refund"))
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    story.do(ASK)
    story.deliver()
    assert step_of(story, "resolve.delivered").due_at is None
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Leave it.")))
    assert step_of(story, "resolve.delivered").due_at is not None
    assert story.decisions[-1].wake_at is not None


def test_reopening_ends_the_waiting_for_a_proposal_that_is_gone() -> None:
    """A case that comes back after its proposal went unanswered owes a new one, and the clock for it runs."""
    story = proposed(investigating())
    for days in (2, 9, 16):
        story.now = MONDAY.add(days=days)
        story.wake()
        story.deliver()
        for out in story.told.receiving.outgoing:
            if out.state is Delivery.OWED:
                story.do(ReportDelivery(by="ana", message_id=out.id, delivery=Delivery.SENT))
    story.do(Close(by="ana", reason=CloseReason.NO_ANSWER))
    wrote(story.wait(days=1), "I was ill.")
    assert story.told.stage is Stage.INVESTIGATING
    assert step_of(story, "propose.in-time").due_at == BERLIN.add_days(story.now, 5)


# ---------------------------------------------------------------- customer.chased


def test_a_customer_who_owes_an_answer_is_chased_by_machine() -> None:
    """After 48 hours the machine asks again, even on a weekend, and five working days later a second time."""
    story = asked()
    assert step_of(story, "customer.chased").wake_at == MONDAY.add(hours=48)
    story.now = MONDAY.add(hours=48)
    assert ("chase", "email") in letters(story.wake())
    story.deliver()
    assert step_of(story, "customer.chased").wake_at == BERLIN.add_days(story.now, 5)


def test_the_second_chase_takes_a_second_channel() -> None:
    """The second chase goes where the first did not: the phone is a step of the owner, a second mail address is not asked."""
    story = asked()
    story.now = MONDAY.add(hours=48)
    story.wake()
    story.deliver()
    story.now = BERLIN.add_days(story.now, 5)
    story.wake()
    assert story.told.receiving.outgoing[-1].channel is Channel.PHONE
    assert step_of(story, "case.never-forgotten").what == "get in touch by phone: chase again"


def test_with_one_channel_both_chases_take_it() -> None:
    """A customer with an e-mail address alone is chased there twice."""
    story = investigating(contact=a_contact(sender=Customer(name="Bo", addresses=(EMAIL,))))
    story.do(ASK)
    for days in (2, 9):
        story.now = MONDAY.add(days=days)
        assert any(to == "email" for _, to in letters(story.wake())), days
        story.deliver()


def test_after_the_chases_the_owner_decides() -> None:
    """A customer who is silent after two chases is on the owner's agenda, and then the fallback owner's daily."""
    story = asked(policy=ROUTED)
    story.do(Inform(by="ben", word=evolve(called(story.now, "Hello."), answers=True)))
    start = step_of(story, "customer.chased").wake_at
    assert start is not None
    told: list[str] = []
    for days in range(30):
        story.now = start.add(days=days)
        told += [to for template, to in letters(story.wake()) if template in ("chase", "chase_again")]
        story.deliver()
    rungs = [
        (recorded.event.rung, recorded.event.whom)  # type: ignore[attr-defined]
        for recorded in story.events
        if getattr(recorded.event, "clock", "") == "customer.chased"
    ]
    assert rungs[:4] == [(0, "customer"), (1, "customer"), (2, "owner"), (3, "fallback")]
    assert set(rungs[4:]) == {(3, "fallback")}
    assert told == ["email"]


def test_an_outage_of_a_month_fires_one_chase() -> None:
    """After a month in which nothing ran, the customer is chased once, and a second time five working days later."""
    story = asked().wait(days=30)
    sent = [pair for pair in letters(story.wake()) if pair[1] == "email"]
    assert sent == [("chase", "email")]
    assert step_of(story, "customer.chased").wake_at == BERLIN.add_days(story.now, 5)


def test_an_answer_ends_the_chase() -> None:
    """Whoever has answered, on file or by writing, is chased no more."""
    story = asked()
    (question,) = story.told.keeping.questions
    story.do(RecordAnswer(by="ana", question_id=question.id, said=said("Blue.")))
    assert no_step(story, "customer.chased")
    story = asked()
    wrote(story, "The blue one.")
    assert no_step(story, "customer.chased")


def test_nobody_is_chased_while_we_owe_an_answer() -> None:
    """A customer whose own message about the proposal lies unanswered is not chased."""
    story = proposed(investigating())
    wrote(story)
    story.now = MONDAY.add(days=3)
    assert all(template != "chase" for template, _ in letters(story.wake()))
    informed(story)
    assert step_of(story, "customer.chased").wake_at is not None


def test_a_proposal_is_chased_like_a_question() -> None:
    """A proposal is an open question too, and is chased as one."""
    story = proposed(investigating())
    story.now = MONDAY.add(days=3)
    assert ("chase", "email") in letters(story.wake())


def test_a_chase_names_the_question() -> None:
    """The chase says what it was that we asked."""
    story = asked()
    story.now = MONDAY.add(hours=48)
    (chase,) = [said for out in story.wake().messages for said in out.sayings if said.template == "chase"]
    assert chase.values["question"] == "Which model is it?"


def test_readings_of_a_met_clock_say_when() -> None:
    """A reading of a clock names when it was met, or since when it is missed, and what is left while it is open."""
    story = informed(Story.begins().deliver().wait(days=1))
    first, second = [reading for reading in clocks(story.told, POLICY, story.now) if reading.clock == "contact.keep-informed"]
    assert (first.outcome, first.at, first.due_at, first.left) == (Outcome.MET, TOMORROW, MONDAY.add(days=3), None)
    assert second.left == BERLIN.between(TOMORROW, BERLIN.add_days(TOMORROW, 3))


def test_an_ended_case_hears_nothing_more() -> None:
    """On a case that is over, nothing new is begun with the customer."""
    story = followed_up(at_stage(Stage.FOLLOWED_UP_DAYS).wait(days=18))
    assert broken(story, ASK) == {("stage.ask", None)}
    promise = MakePromise(by="ana", what="a voucher", due_at=BERLIN.add_days(story.now, 1))
    assert broken(story, promise) == {("stage.make_promise", None)}
    assert story.told.receiving.customer == BO


def test_an_answer_of_ours_gives_the_customer_the_whole_time_again() -> None:
    """Who asks something back is answered first, and then has the whole time again; a word of ours alone puts nothing off."""
    story = at_stage(Stage.RESOLUTION_PROPOSED)
    asked = story.now
    chase = step_of(story, "customer.chased").wake_at
    assert chase == asked.add(hours=48)
    story.wait(hours=20).do(Inform(by="ana", word=by_mail("The offer stands.")))
    assert step_of(story, "customer.chased").wake_at == chase
    story.wait(hours=5).do(Receive(contact=a_contact("Does it cost me anything?", at=story.now, message_id="<2@x>")))
    assert step_of(story, "customer.chased").wake_at is None
    story.wait(hours=20).do(Inform(by="ana", word=by_mail("Nothing at all.")))
    assert step_of(story, "customer.chased").wake_at == story.now.add(hours=48)


def test_waiving_an_answer_does_not_rewrite_how_an_earlier_one_was_met() -> None:
    """A message that was answered long ago keeps its reading when somebody cites or waives it later."""
    story = investigating()
    number = wrote(story)
    informed(story)
    before = [reading for reading in clocks(story.told, POLICY, story.now) if reading.clock == "contact.answer-owed"]
    story.do(WaiveAnswer(by="ana", contact=number, reason="answered by phone as well"))
    assert [reading for reading in clocks(story.told, POLICY, story.now) if reading.clock == "contact.answer-owed"] == before
    assert before[0].outcome is Outcome.MET
