"""Resolving: accepted by the customer, simply done, or a final no; and chased until it has arrived."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.agenda import Outcome
from recovery.core.errors import InvalidValue
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import Close, CloseReason, Reopen
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.keeping_in_touch import Ask, RecordDeferral
from recovery.core.vocabulary.proposing import Investigate, Option, Propose
from recovery.core.vocabulary.receiving import Correct
from recovery.core.vocabulary.resolving import (
    ArrivalSource,
    CheckArrival,
    ConfirmArrival,
    MoveDelivery,
    RecordAcceptance,
    Resolution,
    Resolve,
)
from support import (
    BERLIN,
    MONDAY,
    POLICY,
    REFUND,
    ROUTED,
    TRIED,
    Story,
    acknowledged,
    at_stage,
    broken,
    by_mail,
    called,
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

DONE = Resolve(by="ana", word=by_mail("It is repaired."), done="The display was changed.")
FINAL_NO = Resolve(
    by="ana",
    word=by_mail("We cannot."),
    outcome=Resolution.NOT_AGREED,
    tried=TRIED,
    second_person="ben",
    reasons="The display was opened by somebody else.",
    elsewhere="The ombudsman for boats, Kiel.",
)
ACCEPT = RecordAcceptance(by="ana", option="repair", said=said("Yes please."))


def investigating(**fields: object) -> Story:
    """Return a case that is being looked into, on Monday morning."""
    story = acknowledged(Story.begins(**fields).deliver())  # type: ignore[arg-type]
    story.do(Investigate(by="ana"))
    return story


def on_its_way(option: Option = REFUND, **fields: object) -> Story:
    """Return a case whose customer accepted an option that must still arrive."""
    story = proposed(investigating(**fields), option)
    story.do(RecordAcceptance(by="ana", option=option.id, said=said("Yes please.")))
    return story


def arrives(story: Story, source: ArrivalSource = ArrivalSource.CARRIER, **fields: object) -> ConfirmArrival:
    """Return the report that the last delivery has arrived."""
    last = story.told.resolving.deliveries[-1]
    return ConfirmArrival(by="ana", delivery_id=last.id, source=source, **fields)  # type: ignore[arg-type]


# ---------------------------------------------------------------- resolve.accepted


def test_resolved_means_the_customer_accepted() -> None:
    """A yes in the customer's words resolves the case, on the channel it came by; accepted is not solved."""
    story = proposed(investigating())
    decision = story.do(evolve(ACCEPT, said=said("Yes.", Channel.PHONE)))
    resolving = story.told.resolving
    assert (story.told.stage, resolving.resolution, resolving.option) == (Stage.RESOLVED, Resolution.ACCEPTED, "repair")
    assert (resolving.settled_via, resolving.settled_at) == (frozenset({Channel.PHONE}), story.now)
    assert decision.events[0].event.said.words == "Yes."  # type: ignore[attr-defined]
    assert story.told.following_up.days is None
    assert story.told.proposing.proposal is None


def test_what_was_asked_for_was_simply_done() -> None:
    """What the customer asked for may be done without a proposal; it says what was done."""
    story = investigating()
    decision = story.do(DONE)
    assert (story.told.stage, story.told.resolving.resolution) == (Stage.RESOLVED, Resolution.DONE)
    assert letters(decision) == [("case_resolved", "email")]
    assert decision.messages[0].sayings[0].values["done"] == "The display was changed."


def test_a_final_no_gives_reasons_and_says_where_else_to_turn() -> None:
    """A final no is told with its reasons and where else to turn, and counts as not agreed."""
    story = proposed(investigating())
    decision = story.do(FINAL_NO)
    assert (story.told.stage, story.told.resolving.resolution) == (Stage.RESOLVED, Resolution.NOT_AGREED)
    values = decision.messages[0].sayings[0].values
    assert (values["reasons"], values["elsewhere"]) == (FINAL_NO.reasons, FINAL_NO.elsewhere)


def test_after_a_final_no_both_follow_ups_still_happen() -> None:
    """Whoever heard a final no is asked all the same, after days and after weeks."""
    story = investigating()
    story.do(FINAL_NO)
    assert step_of(story, "follow-up.days").due_at == MONDAY.add(days=3)


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (evolve(DONE, done=" "), "done"),
        (evolve(DONE, outcome=Resolution.ACCEPTED), "outcome"),
        (evolve(FINAL_NO, reasons=""), "reasons"),
        (evolve(FINAL_NO, elsewhere=""), "elsewhere"),
    ],
)
def test_nothing_is_resolved_by_our_word_alone(command: Resolve, field: str) -> None:
    """We cannot accept for the customer, nor resolve without saying what was done, why not, or where else to turn."""
    (reason,) = refusal(investigating(), command).reasons
    assert (reason.rule, reason.field, bool(reason.hint)) == ("resolve.accepted", field, True)


def test_a_reported_resolution_that_lacks_its_contents_is_a_word() -> None:
    """A call that named no reasons is kept with a warning and resolves nothing."""
    story = investigating()
    decision = story.do(evolve(FINAL_NO, reasons="", word=called(story.now, "We cannot.")))
    assert (named(decision), warned(decision)) == (["CustomerInformed", "Warned"], {"resolve.accepted"})
    assert story.told.stage is Stage.INVESTIGATING
    assert outcomes(story, "resolve.whole-case") == [Outcome.OPEN]


def test_a_yes_to_what_was_not_proposed_is_kept_and_looked_into() -> None:
    """Accepting what was not proposed moves nothing; it is kept with a warning that names the options, and becomes a step."""
    story = proposed(investigating())
    decision = story.do(evolve(ACCEPT, option="refund"))
    (warning,) = decision.warnings
    assert (warning.rule, warning.field, warning.hint) == ("resolve.accepted", "option", "The options are: repair.")
    assert story.told.stage is Stage.RESOLUTION_PROPOSED
    assert tasks(story) == [("resolve.accepted", "find out what the customer accepts")]
    noted = decision.events[0].event
    assert noted.said.words == "Yes please."  # type: ignore[attr-defined]


def test_a_yes_to_a_no_accepts_nothing() -> None:
    """There is nothing to accept in an explained no."""
    story = investigating()
    story.do(Propose(by="ana", word=by_mail("We cannot."), explanation="It is too old.", tried=TRIED, second_person="ben"))
    (warning,) = story.do(evolve(ACCEPT, option="no")).warnings
    assert warning.hint == "The options are: none."


def test_a_mistaken_outcome_is_mended() -> None:
    """An outcome that was put down wrongly is corrected with a reason; where nothing was resolved there is none to mend."""
    story = investigating()
    mend = Correct(by="ana", reason="a slip of the mouse", outcome="not_agreed")
    story.do(mend)
    assert story.told.resolving.resolution is None
    story.do(DONE)
    story.do(mend)
    assert story.told.resolving.resolution is Resolution.NOT_AGREED


# ---------------------------------------------------------------- resolve.delivered


def test_a_remedy_that_must_arrive_has_a_date() -> None:
    """Without a date of its own it is due five working days after acceptance; with one, at that date."""
    assert step_of(on_its_way(), "resolve.delivered").due_at == MONDAY.add(days=7)
    dated = on_its_way(evolve(REFUND, by=MONDAY.add(days=2)))
    assert step_of(dated, "resolve.delivered").due_at == MONDAY.add(days=2)


def test_what_the_guideline_says_must_arrive_is_awaited() -> None:
    """An option that leaves out what must be delivered has it from its guideline, with the time that takes."""
    story = investigating()
    story.do(Propose(by="ana", word=by_mail("Your money back."), options=(evolve(REFUND, delivers=None),)))
    story.deliver().do(RecordAcceptance(by="ana", option="refund", said=said()))
    (delivery,) = story.told.resolving.deliveries
    assert (delivery.what, delivery.by, story.told.resolving.settled_at) == ("the refund", MONDAY.add(days=7), None)
    assert step_of(story, "resolve.delivered").due_at == MONDAY.add(days=7)


def test_what_was_done_may_have_to_arrive_too() -> None:
    """A resolution that sends something has a date for it, like an accepted option."""
    story = investigating()
    story.do(evolve(DONE, delivers="a new display", deliver_by=MONDAY.add(days=3)))
    assert step_of(story, "resolve.delivered").due_at == MONDAY.add(days=3)
    assert (story.told.resolving.deliveries[0].what, story.told.resolving.settled_at) == ("a new display", None)


@pytest.mark.parametrize(
    ("source", "words"),
    [(ArrivalSource.CUSTOMER, said("It is here.")), (ArrivalSource.CARRIER, None), (ArrivalSource.BANK, None)],
)
def test_customer_carrier_or_bank_confirm_the_arrival(source: ArrivalSource, words: object) -> None:
    """When it has arrived, says the customer, the carrier or the bank, the case is settled and the follow-ups start."""
    story = on_its_way()
    assert no_step(story, "follow-up.days")
    story.wait(days=1).do(arrives(story, source, said=words))
    assert outcomes(story, "resolve.delivered") == [Outcome.MET]
    assert story.told.resolving.settled_at == story.now
    assert step_of(story, "follow-up.days").due_at == MONDAY.add(days=4)


def test_the_customers_confirmation_needs_the_customers_words() -> None:
    """Only the customer can say that the customer has it."""
    with pytest.raises(InvalidValue) as caught:
        arrives(on_its_way(), ArrivalSource.CUSTOMER)
    assert [reason.field for reason in caught.value.reasons] == ["said"]


def test_it_is_chased_until_the_arrival_is_confirmed() -> None:
    """Three arrival checks, the first on the working day after the date, two working days apart; then it passes as unconfirmed."""
    story = on_its_way(evolve(REFUND, by=MONDAY.add(days=2)), policy=ROUTED)
    story.now = MONDAY.add(days=1)
    assert rung(story, "ben", "resolve.delivered")
    for days in (3, 7, 9):
        story.now = MONDAY.add(days=days)
        assert [pair for pair in letters(story.wake()) if pair[1] == "email"] == [("arrival_check", "email")], days
        story.deliver()
    story.now = MONDAY.add(days=11)
    assert "ArrivalUnconfirmed" in named(story.wake())
    (delivery,) = story.told.resolving.deliveries
    assert (delivery.unconfirmed, delivery.arrived_at, story.told.resolving.settled_at) == (True, None, story.now)
    assert outcomes(story, "resolve.delivered") == [Outcome.MISSED]
    assert outcomes(story, "follow-up.days") == [Outcome.OPEN]


def test_what_was_passed_on_as_unconfirmed_can_still_arrive() -> None:
    """A late confirmation is on file, and does not start the follow-ups a second time."""
    story = on_its_way(evolve(REFUND, by=MONDAY.add(days=2))).wait(days=30)
    for _ in range(4):
        story.wait(days=4).wake()
    settled = story.told.resolving.settled_at
    assert settled is not None
    story.wait(days=1).do(arrives(story))
    assert (story.told.resolving.deliveries[0].arrived_at, story.told.resolving.settled_at) == (story.now, settled)


def test_a_person_may_always_ask_whether_it_has_arrived() -> None:
    """An arrival check by a person is allowed at any time, and is no follow-up."""
    story = on_its_way()
    (delivery,) = story.told.resolving.deliveries
    decision = story.do(CheckArrival(by="ana", delivery_id=delivery.id, word=by_mail("Is it there?")))
    assert letters(decision) == [("arrival_checked", "email")]
    assert (story.told.stage, story.told.following_up.attempts) == (Stage.RESOLVED, ())
    unknown = CheckArrival(by="ana", delivery_id="99", word=by_mail("Is it there?"))
    assert broken(story, unknown) == {("input.reference", "delivery_id")}


def test_a_new_date_is_told_and_runs() -> None:
    """A new date for what is on its way, told before the old one passes, takes its place."""
    story = on_its_way()
    (delivery,) = story.told.resolving.deliveries
    later = MONDAY.add(days=14)
    decision = story.do(MoveDelivery(by="ana", delivery_id=delivery.id, by_date=later, word=by_mail("A week later, sorry.")))
    assert letters(decision) == [("delivery_moved", "email")]
    assert step_of(story, "resolve.delivered").due_at == later
    assert outcomes(story, "resolve.delivered") == [Outcome.MET, Outcome.OPEN]


def test_nothing_is_moved_or_confirmed_twice() -> None:
    """What has arrived has no new date; a report about it is kept with a warning and starts no chase."""
    story = on_its_way()
    again = arrives(story)
    story.do(again)
    decision = story.do(again)
    assert ("ReportNoted" in named(decision), warned(decision)) == (True, {"input.reference"})
    move = MoveDelivery(by="ana", delivery_id=again.delivery_id, by_date=MONDAY.add(days=14), word=by_mail("Later."))
    assert broken(story, move) == {("input.reference", "delivery_id")}
    told = story.do(evolve(move, word=called(story.now, "Later.")))
    assert (named(told), warned(told)) == (["CustomerInformed", "Warned"], {"input.reference"})
    assert no_step(story, "resolve.delivered")


def test_a_machines_note_confirms_no_arrival() -> None:
    """An arrival on the word of a message that is not there is noted, and it stays on its way."""
    story = on_its_way()
    decision = story.do(arrives(story, ArrivalSource.CUSTOMER, said=said("", contact=99)))
    assert warned(decision) == {"contact.automatic-mail"}
    assert story.told.resolving.settled_at is None


def test_with_two_things_on_their_way_the_last_one_settles() -> None:
    """A case is settled when the last thing has arrived, those of an earlier round included."""
    story = on_its_way()
    first = arrives(story)
    story.do(Reopen(by="ana", reason="The display is dark as well."))
    story.do(evolve(DONE, delivers="a new display"))
    second = arrives(story)
    assert first.delivery_id != second.delivery_id
    story.wait(days=1).do(second)
    assert story.told.resolving.settled_at is None
    story.wait(days=1).do(first)
    assert story.told.resolving.settled_at == story.now


def test_an_arrival_settles_nothing_while_the_case_is_being_looked_into() -> None:
    """What arrives after the case was reopened is on file, and does not start the follow-ups."""
    story = on_its_way()
    story.do(Reopen(by="ana", reason="It is dark again."))
    story.do(arrives(story))
    assert (story.told.stage, story.told.resolving.settled_at) == (Stage.INVESTIGATING, None)
    assert no_step(story, "follow-up.days")


def test_the_delivery_waits_while_the_customer_puts_us_off() -> None:
    """A date the customer named puts off the delivery, which is a service clock."""
    story = on_its_way()
    story.do(RecordDeferral(by="ana", until=MONDAY.add(days=14), said=said("I am away for two weeks.")))
    due = step_of(story, "resolve.delivered").due_at
    assert due is not None
    assert due > MONDAY.add(days=14)


def test_what_is_on_its_way_outlives_the_closing() -> None:
    """A refund under way on a closed case is still chased until it has arrived."""
    story = on_its_way()
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Leave it.")))
    story.now = BERLIN.add_days(MONDAY, 6)
    assert ("arrival_check", "email") in letters(story.wake())


# ---------------------------------------------------------------- resolve.whole-case


def test_thirty_days_from_receipt() -> None:
    """The whole case is due thirty local days after receipt, summer time or not, and warned about and escalated."""
    story = investigating(policy=ROUTED)
    due = MONDAY.in_timezone("Europe/Berlin").add(days=30)
    assert step_of(story, "resolve.whole-case").due_at == due
    story.now = BERLIN.add_days(due, -1)
    assert rung(story, "ben", "resolve.whole-case")
    story.now = due
    assert rung(story, "cleo", "resolve.whole-case")
    story.now = BERLIN.add_days(due, 1)
    assert rung(story, "fay", "resolve.whole-case")
    assert outcomes(story, "resolve.whole-case") == [Outcome.MISSED]


def test_nothing_pauses_it() -> None:
    """Neither a question nor a date the customer named puts off the limit of the whole case."""
    story = investigating()
    story.do(Ask(by="ana", word=by_mail("Which model?"), question="Which model?"))
    story.deliver().do(RecordDeferral(by="ana", until=MONDAY.add(days=25), said=said("I am away.")))
    assert step_of(story, "resolve.whole-case").due_at == MONDAY.in_timezone("Europe/Berlin").add(days=30)


@pytest.mark.parametrize("command", [DONE, FINAL_NO])
def test_resolved_or_a_final_no_meets_it(command: Resolve) -> None:
    """It stops at resolved, and at a final no."""
    story = investigating()
    story.do(command)
    assert outcomes(story, "resolve.whole-case") == [Outcome.MET]


def test_on_reopening_it_goes_on_from_where_it_stopped() -> None:
    """Time that passed while the case was resolved does not count; what was used up before is used up."""
    story = at_stage(Stage.RESOLVED)
    resolved = story.now
    story.wait(days=2).do(Reopen(by="ana", reason="It is dark again."))
    due = MONDAY.in_timezone("Europe/Berlin").add(days=30)
    assert step_of(story, "resolve.whole-case").due_at == due.add(seconds=(story.now - resolved).in_seconds())


def test_reopened_too_late_it_stays_missed() -> None:
    """A case that was resolved after its limit is missed, and reopening does not mend that."""
    story = investigating().wait(days=40)
    story.do(DONE)
    story.wait(days=1).do(Reopen(by="ana", reason="It is dark again."))
    assert outcomes(story, "resolve.whole-case") == [Outcome.MISSED]
    assert POLICY.timing.by_id["resolve.whole-case"].may_pause is False
