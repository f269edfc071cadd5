"""Proposing: in time, with at least one option, or with a no that is explained."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.agenda import Outcome
from recovery.core.errors import InvalidValue
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import Close, CloseReason, Reopen
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.keeping_in_touch import Inform
from recovery.core.vocabulary.proposing import Investigate, Propose, RecordDecline, RecordRemedySought
from recovery.core.vocabulary.receiving import Delivery
from recovery.core.vocabulary.resolving import Resolve
from support import (
    BERLIN,
    MONDAY,
    REFUND,
    REPAIR,
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
    rung,
    said,
    step_of,
    tasks,
    warned,
)

PROPOSE = Propose(by="ana", word=by_mail("Here is what we can do."), options=(REPAIR, REFUND))
WISH = RecordRemedySought(by="ana", said=said("I want it to work.", Channel.PHONE))
FIVE_DAYS = MONDAY.add(days=7)


def investigating(**fields: object) -> Story:
    """Return a case that is being looked into, on Monday morning."""
    story = acknowledged(Story.begins(**fields).deliver())  # type: ignore[arg-type]
    story.do(Investigate(by="ana"))
    return story


# ---------------------------------------------------------------- propose.in-time


def test_a_proposal_within_five_working_days_is_in_time() -> None:
    """The clock runs from receipt for five working days, and a proposal meets it."""
    story = investigating()
    assert step_of(story, "propose.in-time").due_at == FIVE_DAYS
    story.now = FIVE_DAYS
    proposed(story)
    assert (story.told.stage, outcomes(story, "propose.in-time")) == (Stage.RESOLUTION_PROPOSED, [Outcome.MET])


def test_a_late_proposal_is_missed_and_was_escalated() -> None:
    """The owner is warned a day before, the supervisor at the limit, the fallback a day later; then it stays missed."""
    story = investigating(policy=ROUTED)
    for days, whom in ((6, "ben"), (7, "cleo"), (8, "fay")):
        story.now = MONDAY.add(days=days) if days != 6 else MONDAY.add(days=4)
        assert rung(story, whom, "propose.in-time"), days
    proposed(story)
    assert outcomes(story, "propose.in-time") == [Outcome.MISSED]


def test_word_that_there_is_none_yet_and_when_puts_it_off() -> None:
    """Before the limit, word that there is no proposal yet and when there will be puts the clock off to that date."""
    story = investigating()
    there = MONDAY.add(days=10)
    story.do(Inform(by="ana", word=by_mail("Not yet."), no_proposal_yet=True, next_word_at=there))
    assert step_of(story, "propose.in-time").due_at == there
    assert step_of(story, "promise.tracked.next-word").due_at == there


def test_word_that_comes_too_late_or_names_no_date_puts_nothing_off() -> None:
    """After the limit, or without saying when, word that there is none yet changes no limit."""
    story = investigating()
    story.do(Inform(by="ana", word=by_mail("Not yet."), no_proposal_yet=True))
    assert step_of(story, "propose.in-time").due_at == FIVE_DAYS
    story.now = FIVE_DAYS.add(hours=1)
    story.do(Inform(by="ana", word=by_mail("Not yet."), no_proposal_yet=True, next_word_at=MONDAY.add(days=10)))
    assert step_of(story, "propose.in-time").due_at == FIVE_DAYS
    assert outcomes(story, "propose.in-time") == [Outcome.MISSED]


def test_it_starts_again_at_each_decline() -> None:
    """Each decline owes the next proposal within five working days."""
    story = proposed(investigating()).wait(days=1)
    story.do(RecordDecline(by="ana", said=said("No."), counter_offer="My money back."))
    assert (story.told.stage, story.told.proposing.declines) == (Stage.INVESTIGATING, 1)
    assert story.told.proposing.counter_offer == "My money back."
    assert step_of(story, "propose.in-time").due_at == BERLIN.add_days(story.now, 5)
    proposed(story)
    assert (story.told.proposing.counter_offer, outcomes(story, "propose.in-time")) == ("", [Outcome.MET, Outcome.MET])


def test_it_starts_again_at_each_reopening() -> None:
    """A reopened case owes a proposal within five working days of the reopening."""
    story = at_stage(Stage.RESOLVED).wait(days=1)
    story.do(Reopen(by="ana", reason="It is dark again."))
    assert step_of(story, "propose.in-time").due_at == BERLIN.add_days(story.now, 5)


def test_simply_doing_it_meets_it_and_closing_ends_it() -> None:
    """What was done needs no proposal, and what was withdrawn none either."""
    story = investigating()
    story.do(Resolve(by="ana", word=by_mail("Your money is on its way."), done="refunded"))
    assert outcomes(story, "propose.in-time") == [Outcome.MET]
    story = investigating()
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert outcomes(story, "propose.in-time") == [Outcome.ENDED]


def test_a_proposal_that_never_arrived_is_still_owed() -> None:
    """A proposal that bounced meets nothing: the clock runs from where it ran."""
    story = investigating()
    story.do(PROPOSE)
    story.deliver(Delivery.BOUNCED)
    assert step_of(story, "propose.in-time").due_at == FIVE_DAYS
    assert no_step(story, "customer.chased")


# ---------------------------------------------------------------- propose.options-or-no


def test_a_proposal_has_an_option() -> None:
    """A proposal reaches the customer with its options, and is on the table until it is answered."""
    story = investigating()
    decision = story.do(PROPOSE)
    assert letters(decision) == [("proposed", "email")]
    (saying,) = decision.messages[0].sayings
    assert saying.values["options"] == (
        "- We repair it while you wait. The coffee is on us.\n- We send your money back. You may keep the old one."
    )
    proposal = story.told.proposing.proposal
    assert proposal is not None
    assert proposal.options == (REPAIR, REFUND)


def test_no_is_an_answer_too_with_an_explanation() -> None:
    """A no that is explained is a proposal; it can be declined, and turned into something better."""
    story = investigating()
    no = Propose(by="ana", word=by_mail("We cannot."), explanation="The warranty ended in 2019.", tried=TRIED, second_person="ben")
    story.do(no)
    stages = [story.told.stage]
    story.do(RecordDecline(by="ana", said=said("That will not do.")))
    assert [*stages, story.told.stage] == [Stage.RESOLUTION_PROPOSED, Stage.INVESTIGATING]


@pytest.mark.parametrize("explanation", ["", " \n"])
def test_a_proposal_that_proposes_nothing_is_refused(explanation: str) -> None:
    """Neither an option nor an explained no is no proposal."""
    story = investigating()
    empty = evolve(PROPOSE, options=(), explanation=explanation)
    assert broken(story, empty) == {("propose.options-or-no", "options")}


def test_a_reported_proposal_of_nothing_is_a_word() -> None:
    """A call in which nothing was proposed is kept as a word, with a warning; it moves nothing and pauses nothing."""
    story = investigating()
    story.do(WISH)
    decision = story.do(evolve(PROPOSE, options=(), word=called(story.now, "I am on it, still thinking.")))
    assert (named(decision), warned(decision)) == (["CustomerInformed", "Warned"], {"propose.options-or-no"})
    assert story.told.stage is Stage.INVESTIGATING
    assert step_of(story, "propose.in-time").due_at == FIVE_DAYS


def test_options_are_told_apart_by_their_ids() -> None:
    """Two options with one id cannot be accepted apart."""
    with pytest.raises(InvalidValue) as caught:
        evolve(PROPOSE, options=(REPAIR, evolve(REFUND, id="repair")))
    assert [(reason.rule, reason.field) for reason in caught.value.reasons] == [("input.value", "options")]


def test_a_decline_nobody_can_prove_is_noted_and_looked_into() -> None:
    """A decline that cites no message of the customer is kept and moves nothing; the owner finds out what they said."""
    story = proposed(investigating())
    decision = story.do(RecordDecline(by="ana", said=said("", contact=99)))
    assert warned(decision) == {"contact.automatic-mail"}
    assert story.told.stage is Stage.RESOLUTION_PROPOSED
    assert tasks(story) == [("propose.options-or-no", "find out what the customer says to the proposal")]
