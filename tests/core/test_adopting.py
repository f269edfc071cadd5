"""Adopting tickets of another system: at their true stage, silently, on that system's word and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pendulum import DateTime

from recovery.core.agenda import Outcome
from recovery.core.case import Case
from recovery.core.clock import LADDER, Clock, Kind, Length, Unit
from recovery.core.decide import agenda, clocks, decide, permitted
from recovery.core.errors import BadDefinition, InvalidValue, Refused, Strength
from recovery.core.fold import fold
from recovery.core.place import Place, place
from recovery.core.policy import Policy
from recovery.core.practice.receiving.adopting import APART, AT_ONCE, OFFERED
from recovery.core.rule import Context
from recovery.core.stages import OPEN, Stage
from recovery.core.telling import tell
from recovery.core.values import redact
from recovery.core.vocabulary.closing import Close, CloseReason, Reopen
from recovery.core.vocabulary.common import Channel, Command, Recorded
from recovery.core.vocabulary.following_up import FollowUp, FollowUpOutcome, PassFollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Inform, RecordAnswer
from recovery.core.vocabulary.ownership import Choice, MoveCase, Route, Team
from recovery.core.vocabulary.proposing import Investigate, Propose, RecordDecline
from recovery.core.vocabulary.receiving import AdoptCase, CaseAdopted, Correct, MovePolicy, Reached, Receive, Ticket, Wake
from recovery.core.vocabulary.receiving.adopting import MARKS
from recovery.core.vocabulary.resolving import RecordAcceptance, Resolve
from recovery.testing import moves
from strategies import PERSONAL, adoptions, batches, contexts, waits
from support import (
    BERLIN,
    MONDAY,
    POLICY,
    REPAIR,
    ROUTED,
    Story,
    a_contact,
    acknowledged,
    broken,
    by_mail,
    called,
    named,
    outcomes,
    said,
    step_of,
    warned,
    why,
)

WAY = [stage for stage in Stage if stage in OPEN]
RECEIPT = MONDAY - timedelta(days=20)
CALM = POLICY.adoption_grace.after(MONDAY, BERLIN)


def a_ticket(stage: Stage = Stage.INVESTIGATING, **fields: object) -> Ticket:
    """Return a ticket that was received twenty days ago."""
    told = {"number": "INC-7", "contact": a_contact(at=RECEIPT), "stage": stage, **fields}
    return Ticket(**told)  # type: ignore[arg-type]


def adopting(ticket: Ticket, turn: int = 0) -> AdoptCase:
    """Return the command that adopts ``ticket``."""
    return AdoptCase(case_id="case-1", reference="R1", ticket=ticket, turn=turn)


def adopted(stage: Stage = Stage.INVESTIGATING, policy: Policy = POLICY, **fields: object) -> Story:
    """Return a story that begins with an adoption on Monday morning."""
    story = Story(policy=policy)
    story.do(adopting(a_ticket(stage, **fields)))
    return story


# ---------------------------------------------------------------- at its true stage, silently


@pytest.mark.parametrize("stage", WAY)
def test_a_ticket_is_adopted_at_its_stage_without_a_word(stage: Stage) -> None:
    """One event, no message, no step set: the case stands where the ticket stood, received when it was received."""
    story = adopted(stage)
    (decision,) = story.decisions
    assert named(decision) == ["CaseAdopted"]
    assert (decision.messages, decision.warnings, decision.opens) == ((), (), ())
    assert (story.told.stage, story.told.opened_at, story.told.owner) == (stage, RECEIPT, "ana")
    assert story.told.receiving.contacts[0].ticket == "INC-7"


def test_every_open_stage_can_be_adopted() -> None:
    """The marks that an adoption leaves are told for each open stage of the table, in the order of the way through."""
    assert list(MARKS) == WAY


@pytest.mark.parametrize("stage", WAY)
def test_an_adopted_case_has_an_owner_a_step_and_a_next_look(stage: Stage) -> None:
    """It is never forgotten: there is a dated step with a person, and an instant at which it is looked at."""
    story = adopted(stage)
    steps = agenda(story.told, POLICY)
    assert steps
    assert all(step.whom == "ana" and step.due_at is not None and step.wake_at is not None for step in steps)
    assert story.decisions[0].wake_at == steps[0].wake_at


@pytest.mark.parametrize("stage", WAY)
def test_no_rung_of_any_ladder_rings_before_the_grace_is_over(stage: Stage) -> None:
    """Whatever the dates of the ticket, and however late it is, nobody is told of it until the grace is over."""
    old = a_contact(at=MONDAY - timedelta(days=300))
    story = adopted(stage, contact=old, asked_at=MONDAY - timedelta(days=200))
    assert all(step.wake_at is None or step.wake_at >= CALM for step in agenda(story.told, POLICY))
    while story.now < CALM - timedelta(minutes=30):
        story.wait(minutes=30)
        assert story.wake().events == ()


def test_service_clocks_begin_with_the_grace_and_statutory_ones_with_the_receipt() -> None:
    """What we owe the customer from now on counts from now on; what the law counts from the receipt, counts from the receipt."""
    story = adopted(Stage.RECEIVED)
    assert step_of(story, "acknowledge.immediately").due_at == BERLIN.add(CALM, timedelta(hours=1))
    assert step_of(story, "contact.keep-informed").due_at == BERLIN.add_days(CALM, 3)
    assert step_of(story, "propose.in-time").due_at == BERLIN.add_days(CALM, 5)
    assert step_of(story, "resolve.whole-case").due_at == BERLIN.add_local_days(RECEIPT, 30)


def test_what_is_past_a_statutory_limit_is_shown_as_what_it_is() -> None:
    """The agenda says since when the limit is missed; whom it concerns is told once the grace is over, and not before."""
    story = adopted(contact=a_contact(at=MONDAY - timedelta(days=50)))
    step = step_of(story, "resolve.whole-case")
    assert step.due_at == BERLIN.add_local_days(MONDAY - timedelta(days=50), 30)
    assert step.wake_at == CALM
    assert outcomes(story, "resolve.whole-case") == [Outcome.MISSED]
    story.now = CALM
    assert sorted(str(message.person) for message in story.wake().messages) == ["ana", "cleo"]


def test_the_ladder_of_a_late_case_is_climbed_in_one_look() -> None:
    """Owner, supervisor and fallback each hear once of a limit that was missed before the adoption."""
    assert ROUTED.terms.supervisor("ben") == "cleo"
    story = adopted(policy=ROUTED, contact=a_contact(at=MONDAY - timedelta(days=50)))
    story.now = CALM
    assert sorted(str(message.person) for message in story.wake().messages) == ["ben", "cleo", "fay"]
    assert story.told.owner == "ben"
    assert story.wait(minutes=1).wake().messages == ()


def test_a_customer_who_writes_during_the_grace_is_answered_as_ever() -> None:
    """The calm is for what the old system left; a new word gets its receipt at once, and its answer is due in time."""
    story = adopted()
    decision = story.wait(hours=1).do(Receive(contact=a_contact("Any news?", at=story.now, ticket="INC-7")))
    assert [message.person for message in decision.messages] == ["ana", None]
    assert step_of(story, "contact.answer-owed").due_at == BERLIN.add_days(story.now, 1)


# ---------------------------------------------------------------- not all at once


def clocks_begin(turn: int, policy: Policy = POLICY) -> DateTime:
    """Return when the clocks of the ``turn``-th ticket begin."""
    case = decide(None, adopting(a_ticket(), turn), policy=policy, now=MONDAY).case
    assert case.adopted is not None
    return case.adopted.at


def test_thousands_of_clocks_do_not_begin_in_one_second() -> None:
    """Ten at a time, ten minutes of working time apart, and none later than the spread of the policy after the grace."""
    begun = [clocks_begin(turn) for turn in range(0, 3000, 5)]
    assert begun[0] == begun[1] == CALM
    assert begun[2] == BERLIN.add(CALM, APART)
    assert max(begun.count(at) for at in begun) * 5 <= AT_ONCE
    assert max(begun) <= POLICY.adoption_spread.after(CALM, BERLIN)
    assert all(BERLIN.is_open(at) or BERLIN.previous_closing(at) == at for at in begun)


def test_beyond_the_spread_it_goes_on_from_the_beginning_a_minute_later() -> None:
    """However many tickets there are, none waits longer, and no two groups share a minute."""
    room = BERLIN.between(CALM, POLICY.adoption_spread.after(CALM, BERLIN))
    around = int(room / APART) * AT_ONCE
    assert clocks_begin(around) == BERLIN.add(CALM, timedelta(minutes=1))
    begun = [clocks_begin(turn) for turn in range(0, 5 * around, AT_ONCE)]
    assert len(set(begun)) == len(begun)
    assert max(begun) <= POLICY.adoption_spread.after(CALM, BERLIN)


def test_a_policy_without_a_spread_lets_all_begin_at_once() -> None:
    """Who wants no spread gets none."""
    policy = attrs.evolve(POLICY, adoption_spread=Length(0, Unit.HOURS))
    assert clocks_begin(2999, policy) == clocks_begin(0, policy) == CALM


def test_one_person_is_told_of_few_cases_at_one_instant() -> None:
    """Sixty unanswered tickets with one owner ring over an hour, never more than ten in one look."""
    cases = [decide(None, adopting(a_ticket(Stage.RECEIVED), turn), policy=POLICY, now=MONDAY).case for turn in range(60)]
    rung = [agenda(case, POLICY)[0].wake_at for case in cases]
    assert max(rung.count(at) for at in rung) == AT_ONCE
    assert len(set(rung)) == 6


@pytest.mark.parametrize(
    ("grace", "due"), [("0 h", MONDAY), ("48 h", MONDAY + timedelta(hours=48)), ("2 bd", BERLIN.add_days(MONDAY, 2))]
)
def test_the_grace_is_a_setting_of_the_policy(grace: str, due: DateTime) -> None:
    """A policy may give more time, or none."""
    policy = attrs.evolve(POLICY, adoption_grace=Length.parse(grace))
    assert clocks_begin(0, policy) == due


def test_the_settings_are_read_from_a_policy_file_and_cannot_be_negative() -> None:
    """Both lengths may stand in a policy's data; a negative one is named."""
    data = {"fallback_owner": "ana", "calendar": BERLIN.to_data(), "adoption_grace": "2 bd", "adoption_spread": "10 bd"}
    policy = Policy.from_dict(data)
    assert (str(policy.adoption_grace), str(policy.adoption_spread)) == ("2 bd", "10 bd")
    with pytest.raises(BadDefinition, match=r"adoption_grace: -1 bd is negative[\s\S]*adoption_spread: -2 h is negative"):
        Policy.from_dict({**data, "adoption_grace": "-1 bd", "adoption_spread": "-2 h"})


# ---------------------------------------------------------------- from every stage to the end


def ready(story: Story) -> Story:
    """Let the grace pass."""
    story.now = CALM + timedelta(minutes=1)
    return story


def followed(story: Story, days: int) -> Story:
    """Call after some days; the customer says that it is solved, and by the second time it is known why it happened."""
    moves.record_cause(story.wait(days=days), "ana")
    call = FollowUp(by="ana", word=called(story.now, "Is it solved?"))
    story.do(call, RecordFollowUpAnswer(by="ana", solved=True, said=said("It is.", Channel.PHONE)))
    return story


def accept(story: Story) -> object:
    """Let the customer accept what is on the table."""
    assert story.told.proposing.proposal is not None
    return story.do(RecordAcceptance(by="ana", option=story.told.proposing.proposal.options[0].id, said=said()))


ONWARD: dict[Stage, Callable[[Story], object]] = {
    Stage.RECEIVED: acknowledged,
    Stage.ACKNOWLEDGED: lambda s: s.do(Investigate(by="ana")),
    Stage.INVESTIGATING: lambda s: s.do(Propose(by="ana", word=by_mail("We can do this."), options=(REPAIR,))),
    Stage.RESOLUTION_PROPOSED: accept,
    Stage.RESOLVED: lambda s: followed(s, 4),
    Stage.FOLLOWED_UP_DAYS: lambda s: followed(s, 20),
}


@pytest.mark.parametrize("stage", WAY)
def test_every_adopted_stage_can_be_driven_to_the_end(stage: Stage) -> None:
    """From wherever it was adopted a case goes the usual way, to the second follow-up, and after the survey it owes nothing."""
    story = ready(adopted(stage))
    for step in WAY[WAY.index(stage) :]:
        assert story.told.stage is step
        ONWARD[step](story)
        story.deliver().wake()
    assert story.told.stage is Stage.FOLLOWED_UP_WEEKS
    story.wait(days=2).wake()
    assert agenda(story.told, POLICY) == ()
    assert story.told.following_up.weeks is FollowUpOutcome.SOLVED


@pytest.mark.parametrize("stage", WAY)
def test_every_adopted_stage_can_be_closed(stage: Stage) -> None:
    """The customer withdraws, and the case is over with nothing on its agenda."""
    story = ready(adopted(stage, asked_at=MONDAY - timedelta(days=3)))
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert story.told.ended
    assert agenda(story.told, POLICY) == ()


@pytest.mark.parametrize("stage", [Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS])
def test_an_adopted_resolution_can_be_reopened(stage: Stage) -> None:
    """Not solved after all: back to investigating, where the statutory clock goes on from where it stopped."""
    at = RECEIPT + timedelta(days=10)
    story = ready(adopted(stage, reached={Stage.RESOLVED: at}))
    assert outcomes(story, "resolve.whole-case") == []
    story.do(Reopen(by="ana", reason="It is dark again."))
    assert story.told.stage is Stage.INVESTIGATING
    assert step_of(story, "resolve.whole-case").due_at == story.now + timedelta(days=20)
    assert step_of(story, "propose.in-time").due_at == BERLIN.add_days(story.now, 5)
    assert story.told.resolving.at is None


@pytest.mark.parametrize("solved", [True, False])
def test_an_adopted_resolution_is_followed_up_when_enough_time_has_passed(solved: bool) -> None:
    """It was resolved days ago, so the customer can be asked today; what they say counts, unlike what the old system said."""
    story = ready(adopted(Stage.RESOLVED, reached={Stage.RESOLVED: MONDAY - timedelta(days=3)}))
    answer = RecordFollowUpAnswer(by="ana", solved=solved, said=said("So so.", Channel.PHONE))
    story.do(FollowUp(by="ana", word=called(story.now, "Is it solved?")), answer)
    assert story.told.stage is (Stage.FOLLOWED_UP_DAYS if solved else Stage.INVESTIGATING)
    assert story.told.following_up.days is (FollowUpOutcome.SOLVED if solved else None)


def test_a_fresh_resolution_is_not_asked_about_too_soon() -> None:
    """Resolved an hour ago in the old system is as fresh as resolved here, and a first follow-up there puts off the second."""
    story = adopted(Stage.RESOLVED, reached={Stage.RESOLVED: MONDAY - timedelta(hours=1)})
    asking = FollowUp(by="ana", word=called(MONDAY, "Is it solved?"))
    assert [reason.rule for reason in permitted(story.told, policy=POLICY, now=MONDAY)["follow_up"]] == ["follow-up.not-too-soon"]
    story.do(asking)  # what was said is kept, and is a word, no more
    assert story.told.following_up.attempts == ()
    later = adopted(Stage.FOLLOWED_UP_DAYS, reached={Stage.FOLLOWED_UP_DAYS: MONDAY - timedelta(days=6)})
    assert ("follow-up.not-too-soon", None) in broken(later, FollowUp(by="ana", word=by_mail("Is it solved?")))


def test_an_adopted_proposal_can_be_declined() -> None:
    """What was offered there can be turned down here; a new proposal is due from then on."""
    story = ready(adopted(Stage.RESOLUTION_PROPOSED, offer="A voucher."))
    assert story.told.proposing.proposal is not None
    assert [option.text for option in story.told.proposing.proposal.options] == ["A voucher."]
    story.do(RecordDecline(by="ana", said=said("No."), counter_offer="Money."))
    assert (story.told.stage, story.told.proposing.declines) == (Stage.INVESTIGATING, 1)
    assert step_of(story, "propose.in-time").due_at == BERLIN.add_days(story.now, 5)


def test_an_adopted_proposal_is_chased_with_its_own_words() -> None:
    """The customer owes an answer, so they are asked again: two days after the clocks began, not before."""
    story = adopted(Stage.RESOLUTION_PROPOSED)
    assert step_of(story, "customer.chased").due_at == CALM + timedelta(hours=48)
    story.now = CALM + timedelta(hours=48)
    (chase,) = [message for message in story.wake().messages if message.person is None]
    assert chase.sayings[0].values["proposal"] == f"- {OFFERED}"


@pytest.mark.parametrize("stage", [Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.INVESTIGATING])
def test_waiting_for_the_customer_pauses_what_may_pause(stage: Stage) -> None:
    """The old system waits for an answer: so do we, with the clocks that may pause standing still until it comes."""
    story = adopted(stage, asked_at=MONDAY - timedelta(days=3), question="Which model?")
    paused = step_of(story, "propose.in-time")
    assert (paused.due_at, paused.wake_at) == (None, None)
    assert paused.left == BERLIN.between(CALM, BERLIN.add_days(CALM, 5))
    assert step_of(story, "contact.keep-informed").due_at == BERLIN.add_days(CALM, 3)
    (question,) = story.told.keeping.questions
    assert question.text == "Which model?"
    ready(story).do(RecordAnswer(by="ana", question_id=question.id, said=said("Blue.")))
    assert step_of(story, "propose.in-time").due_at is not None
    assert story.told.keeping.questions == ()


def test_a_word_of_the_customer_ends_the_waiting() -> None:
    """Who writes is no longer waited for, also where the question was asked in the old system."""
    story = ready(adopted(asked_at=MONDAY - timedelta(days=3)))
    story.do(Receive(contact=a_contact("Blue.", at=story.now, ticket="INC-7")))
    assert story.told.keeping.questions == ()
    assert step_of(story, "propose.in-time").due_at is not None


def test_nobody_waits_for_the_customer_behind_a_proposal() -> None:
    """A proposal is the question itself, and after the resolution nothing is asked but the follow-ups."""
    for stage in (Stage.RESOLUTION_PROPOSED, Stage.RESOLVED):
        assert adopted(stage, asked_at=MONDAY - timedelta(days=1), question="Which?").told.keeping.questions == ()


# ---------------------------------------------------------------- adopted, not confirmed


@pytest.mark.parametrize("stage", WAY)
def test_what_the_old_system_claims_is_never_counted(stage: Stage) -> None:
    """No clock was met by it, nothing was accepted, resolved somehow, or said to be solved by anybody."""
    story = adopted(stage)
    case = story.told
    assert {reading.outcome for reading in clocks(case, POLICY, MONDAY)} <= {Outcome.OPEN, Outcome.PAUSED}
    assert (case.resolving.resolution, case.resolving.option) == (None, None)
    assert (case.following_up.days, case.following_up.weeks, case.following_up.treated_well) == (None, None, None)
    assert case.acknowledging.at is None


def test_a_claimed_resolution_is_not_made_one_by_a_correction() -> None:
    """How it was resolved nobody here has heard, so there is no outcome to mend; the follow-up asks."""
    story = ready(adopted(Stage.RESOLVED))
    story.do(Correct(by="ana", reason="a slip", outcome="accepted"))
    assert story.told.resolving.resolution is None


def test_a_missed_limit_that_ended_elsewhere_is_not_ours() -> None:
    """Resolved there after fifty days: that clock was over before the case came here, and counts neither as met nor as missed."""
    old = MONDAY - timedelta(days=60)
    story = adopted(Stage.RESOLVED, contact=a_contact(at=old), reached={Stage.RESOLVED: old + timedelta(days=50)})
    assert outcomes(story, "resolve.whole-case") == []


@pytest.mark.parametrize("stage", WAY)
def test_the_timeline_says_that_it_was_adopted_and_not_confirmed(stage: Stage) -> None:
    """The sentence names the system, the stage it claims and the owner, and repeats no word of the customer."""
    event = adopted(stage, system="OldDesk", claims=(("secret", "hush"),)).events[0].event
    told = tell(event)
    assert told.startswith("Adopted from OldDesk: ")
    assert stage.value.replace("_", " ") in told
    assert "nobody has confirmed" in told
    assert "owned by ana" in told
    assert "hush" not in told
    assert "boat" not in told


def test_the_sentence_says_that_it_waits_for_the_customer() -> None:
    """Waiting is part of where a case stands."""
    assert "investigating and waiting for the customer" in tell(adopted(asked_at=RECEIPT).events[0].event)


def test_claims_are_kept_word_for_word() -> None:
    """What else the old system said stays in the history, as its words."""
    claims = (("priority", "1"), ("made_sla", "true"))
    event = adopted(claims=claims).events[0].event
    assert isinstance(event, CaseAdopted)
    assert event.claims == claims


# ---------------------------------------------------------------- what is over


@pytest.mark.parametrize("days", [0, 1, 20])
def test_a_ticket_closed_a_short_while_ago_is_adopted_as_resolved(days: int) -> None:
    """Nobody asked yet whether it is really solved, and problems come back until three weeks later: so it is asked."""
    resolved = MONDAY - timedelta(days=days)
    story = adopted(Stage.CLOSED, contact=a_contact(at=MONDAY - timedelta(days=40)), reached={Stage.RESOLVED: resolved})
    assert story.told.stage is Stage.RESOLVED
    assert story.told.resolving.settled_at == resolved
    assert step_of(story, "follow-up.days").due_at == BERLIN.add_local_days(CALM, 3)


@pytest.mark.parametrize(
    ("stage", "reached"),
    [
        (Stage.CLOSED, {Stage.RESOLVED: RECEIPT - timedelta(days=10)}),
        (Stage.CLOSED, {}),
        (Stage.CLOSED, {Stage.CLOSED: MONDAY}),
        (Stage.FOLLOWED_UP_WEEKS, {Stage.RESOLVED: MONDAY}),
    ],
)
def test_what_is_over_is_not_adopted(stage: Stage, reached: dict[Stage, DateTime]) -> None:
    """Resolved long ago, closed without a resolution, or followed up twice: there is nothing left to ask."""
    story = Story()
    contact = a_contact(at=MONDAY - timedelta(days=90))
    assert broken(story, adopting(a_ticket(stage, contact=contact, reached=reached))) == {("input.ticket", "stage")}


def test_without_follow_ups_a_closed_ticket_is_over() -> None:
    """A policy that asks nobody afterwards has nothing to adopt a closed ticket for; one that asks once has that."""
    ticket = a_ticket(Stage.CLOSED, reached={Stage.RESOLVED: MONDAY - timedelta(days=2)})
    never = attrs.evolve(POLICY, strengths={"follow-up.days": Strength.OFF, "follow-up.weeks": Strength.OFF})
    once = attrs.evolve(POLICY, strengths={"follow-up.weeks": Strength.OFF})
    assert broken(Story(policy=never), adopting(ticket)) == {("input.ticket", "stage")}
    assert Story(policy=once).do(adopting(ticket)).case.stage is Stage.RESOLVED


def test_dates_that_cannot_be_are_refused_with_every_reason() -> None:
    """Whatever lies ahead, or before the receipt, is named with its field."""
    ahead, before = MONDAY + timedelta(hours=1), RECEIPT - timedelta(hours=1)
    ticket = a_ticket(reached={Stage.ACKNOWLEDGED: before, Stage.INVESTIGATING: ahead}, asked_at=ahead)
    wrong = {("input.ticket", "reached.acknowledged"), ("input.ticket", "reached.investigating"), ("input.ticket", "asked_at")}
    assert broken(Story(), adopting(ticket)) == wrong
    assert broken(Story(), adopting(a_ticket(contact=a_contact(at=ahead)))) == {("input.ticket", "received_at")}


def test_a_case_is_adopted_once_and_only_as_its_beginning() -> None:
    """A case that is there cannot be adopted again."""
    (reason,) = why(adopted(), adopting(a_ticket()))
    assert reason.rule == "stage.open"


def test_a_history_that_adopts_what_is_over_was_not_decided_here() -> None:
    """Folding refuses an adoption at an ended stage."""
    event = attrs.evolve(adopted().events[0].event, stage=Stage.CLOSED)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="no case is adopted as closed"):
        fold([Recorded(seq=1, recorded_at=MONDAY, event=event)])


# ---------------------------------------------------------------- whose it is, and how it is found


@pytest.mark.parametrize(
    ("owner", "policy", "owned_by"),
    [
        ("ben", POLICY, "ben"),
        ("nobody-here", POLICY, "ana"),
        (None, POLICY, "ana"),
        (None, ROUTED, "ben"),
        ("anybody", Policy(fallback_owner="ana", calendar=BERLIN), "anybody"),
    ],
)
def test_the_owner_stays_if_known_and_else_the_routes_name_one(owner: str | None, policy: Policy, owned_by: str) -> None:
    """A named person of ours keeps the case; nobody's case falls through the routes to the fallback owner."""
    assert adopted(policy=policy, owner=owner).told.owner == owned_by


def test_adopted_tickets_of_nobody_go_round_a_team() -> None:
    """A thousand tickets without an owner do not all fall on the first of a team; a team by name goes by name."""
    for choose, wanted in ((Choice.ROUND_ROBIN, "ben"), (Choice.LEAST_LOADED, "ben"), (Choice.NAMED, "ana")):
        team = Team(id="all", members=("ana", "ben", "cleo"), choose=choose)
        policy = attrs.evolve(ROUTED, teams=(team,), routes=(Route(team="all", procedure="Ring first."),))
        command = AdoptCase(case_id="case-1", reference="R1", ticket=a_ticket(), turn=4)
        decision = decide(None, command, policy=policy, now=MONDAY)
        assert (decision.case.owner, decision.case.ownership.procedure) == (wanted, "Ring first.")


def test_the_ticket_and_the_thread_lead_to_the_adopted_case() -> None:
    """Later contacts with the ticket's number, or that answer its first message, join; that message itself is known."""
    case = adopted(contact=a_contact(at=RECEIPT, message_id="m1@shop")).told
    fresh = {"text": "Any news?", "at": MONDAY}
    for contact in (a_contact(**fresh, ticket="INC-7"), a_contact(**fresh, replies_to=("m1@shop",))):  # type: ignore[arg-type]
        assert place(contact, [case]).place is Place.JOIN
    assert place(a_contact(at=RECEIPT, message_id="m1@shop"), [case]).place is Place.REPEAT
    assert place(a_contact(**fresh), [case]).place is Place.OPEN  # type: ignore[arg-type]


def test_stages_without_a_date_take_that_of_the_stage_before() -> None:
    """Where nobody says when, the last date that is told stands, and at first the receipt."""
    event = adopted(Stage.RESOLVED, reached={Stage.INVESTIGATING: RECEIPT + timedelta(days=2)}).events[0].event
    assert isinstance(event, CaseAdopted)
    assert event.came_to(Stage.ACKNOWLEDGED) == RECEIPT
    assert event.came_to(Stage.RESOLVED) == RECEIPT + timedelta(days=2)


def test_a_duplicate_that_was_adopted_is_answered_from_the_adoption_on() -> None:
    """Whoever tidies up what was brought makes no alarm of it: the word nobody has acknowledged counts when its clocks begin."""
    survivor, duplicate = Story.begins().deliver(), Story()
    duplicate.do(attrs.evolve(adopting(a_ticket(Stage.RECEIVED)), case_id="case-9", reference="R9"))
    duplicate.context = Context(survivor=survivor.told)
    decision = duplicate.do(Close(by="ana", reason=CloseReason.DUPLICATE, survivor="case-1"))
    (merged,) = decision.opens
    (step,) = [step for step in agenda(merged.case, POLICY) if step.clock == "contact.answer-owed"]
    assert step.due_at == BERLIN.add_days(CALM, 1)
    assert merged.messages == ()


def test_a_ticket_says_when_it_came_to_a_stage() -> None:
    """The last date counts where several are told; dates may come as a mapping or as a list of values."""
    listed = a_ticket(reached=[Reached(stage=Stage.RESOLVED, at=RECEIPT), Reached(stage=Stage.RESOLVED, at=MONDAY)])
    assert (listed.when(Stage.RESOLVED), listed.when(Stage.CLOSED)) == (MONDAY, None)
    assert a_ticket(reached={Stage.RESOLVED: MONDAY}).reached == (Reached(stage=Stage.RESOLVED, at=MONDAY),)


@pytest.mark.parametrize(
    ("field", "value"),
    [("reached", 7), ("claims", ("a", "b")), ("claims", (("a", 1),)), ("claims", "ab"), ("number", " "), ("stage", "x")],
)
def test_a_ticket_that_cannot_be_is_refused_with_its_field(field: str, value: object) -> None:
    """Bad input is named before anything is adopted."""
    with pytest.raises(InvalidValue) as caught:
        a_ticket(**{field: value})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert [reason.field for reason in caught.value.reasons] == [field]


# ---------------------------------------------------------------- policies of their own


def test_a_clock_of_a_policy_may_start_on_the_adoption() -> None:
    """A policy can ask that each adopted case is looked through within some days."""
    looked = Clock(
        id="our.review",
        rule="our.review",
        what="look through the adopted case",
        starts=("adopted",),
        stops=("spoke",),
        length=Length(2, Unit.BUSINESS_DAYS),
    )
    story = adopted(policy=attrs.evolve(POLICY, clocks=(*POLICY.clocks, looked)))
    assert step_of(story, "our.review").due_at == BERLIN.add_days(CALM, 2)
    ready(story).do(Inform(by="ana", word=by_mail("It is with us now.")))
    assert outcomes(story, "our.review") == [Outcome.MET]


def test_a_statutory_clock_of_a_policy_counts_true_dates() -> None:
    """A limit that the law counts from the acknowledgement counts from the acknowledgement there."""
    limit = Clock(
        id="our.limit",
        rule="our.limit",
        what="answer in full",
        kind=Kind.STATUTORY,
        starts=("acknowledged",),
        stops=("resolved",),
        length=Length(56, Unit.CALENDAR_DAYS),
        ladder=LADDER,
    )
    at = RECEIPT + timedelta(days=1)
    story = adopted(policy=attrs.evolve(POLICY, clocks=(*POLICY.clocks, limit)), reached={Stage.ACKNOWLEDGED: at})
    assert step_of(story, "our.limit").due_at == BERLIN.add_local_days(at, 56)


def test_where_no_clock_runs_the_case_itself_is_looked_at_after_the_grace() -> None:
    """A policy may switch off all that runs while a case is resolved; it is never forgotten, and never rings too early."""
    off = dict.fromkeys(("follow-up.days", "follow-up.weeks"), Strength.OFF)
    policy = attrs.evolve(POLICY, strengths=off, adoption_grace=Length(3, Unit.BUSINESS_DAYS))
    story = adopted(Stage.RESOLVED, policy=policy)
    (step,) = agenda(story.told, policy)
    assert (step.rule, step.wake_at) == ("case.never-forgotten", BERLIN.add_days(MONDAY, 3))


def test_an_adopted_case_can_be_moved_to_other_clocks_and_to_other_people() -> None:
    """A supervisor gives it away, and the clocks of another policy go on from where the adoption began."""
    story = ready(adopted())
    story.do(MoveCase(by="cleo", to="ben", reason="Ben knows the boat."))
    before = step_of(story, "contact.keep-informed").due_at
    story.policy = attrs.evolve(POLICY, clocks=tuple(attrs.evolve(c, citation="ours") for c in POLICY.clocks))
    story.do(MovePolicy(by="cleo", reason="new clocks"))
    assert (story.told.owner, step_of(story, "contact.keep-informed").due_at) == ("ben", before)


def test_what_is_out_of_place_is_refused_as_ever() -> None:
    """An adopted resolution is resolved: nothing is resolved a second time, and no follow-up is passed without a try."""
    story = ready(adopted(Stage.RESOLVED, reached={Stage.RESOLVED: MONDAY - timedelta(days=5)}))
    assert {reason.rule for reason in why(story, PassFollowUp(by="ana"))} == {"follow-up.unreachable"}
    assert [reason.rule for reason in why(story, Resolve(by="ana", word=by_mail("Done."), done="repaired"))] == ["stage.resolve"]


# ---------------------------------------------------------------- the laws, on walks that begin with an adoption

HEALTH = (HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow)
walks = settings(suppress_health_check=HEALTH, max_examples=settings().max_examples // 2)


def walked(data: st.DataObject) -> Iterable[tuple[Case, list[Recorded], DateTime]]:
    """Walk on from a drawn adoption; yield the case, its events and the instant after each step."""
    now = MONDAY + data.draw(waits)
    policy = attrs.evolve(POLICY, overridable=frozenset({"acknowledge.says"}))
    decision = decide(None, data.draw(adoptions("case-1", now)), policy=policy, now=now)
    case, events = decision.case, list(decision.events)
    yield case, events, now
    for number in range(data.draw(st.integers(0, 12))):
        now = now + data.draw(waits)
        tried: tuple[Command, ...] = data.draw(batches(case, now))
        if any(isinstance(command, MovePolicy) for command in tried):
            continue
        try:
            decision = decide(case, *tried, policy=policy, now=now, context=data.draw(contexts(number)))
        except Refused:
            continue
        case, events = decision.case, [*events, *decision.events]
        assert decision.wake_at == next((step.wake_at for step in agenda(case, policy)), None)
        yield case, events, now


@walks
@given(data=st.data())
def test_the_laws_hold_for_adopted_cases(data: st.DataObject) -> None:
    """Fold, never forgotten, erased alike, and nothing of the adoption rings before its clocks begin, whatever happens to it."""
    for case, events, now in walked(data):
        assert fold(events) == case
        steps = agenda(case, POLICY)
        assert case.ended or (case.owner and steps and steps[0].wake_at is not None)
        erased = redact(case)
        assert fold([redact(recorded) for recorded in events]) == erased
        assert PERSONAL not in repr(events)
        assert [step.due_at for step in agenda(erased, POLICY)] == [step.due_at for step in steps]
        assert clocks(erased, POLICY, now) == clocks(case, POLICY, now)
        assert case.adopted is not None
        theirs = [step for step in steps if step.run.split("/")[1] == "1"]
        assert all(step.wake_at is None or step.wake_at >= case.adopted.at for step in theirs)


@walks
@given(data=st.data())
def test_looking_at_an_adopted_case_twice_changes_nothing_the_second_time(data: st.DataObject) -> None:
    """One look at an instant rings all there is to ring."""
    for case, _, now in walked(data):
        first = decide(case, Wake(), policy=POLICY, now=now)
        assert decide(first.case, Wake(), policy=POLICY, now=now).events == ()


def test_warnings_of_an_adopted_case_are_those_of_any_case() -> None:
    """Nothing is warned about at the adoption; a report that is out of place later is."""
    story = ready(adopted(Stage.RECEIVED))
    assert warned(story.do(RecordAcceptance(by="ana", option="x", said=said()))) == {"stage.resolve"}
