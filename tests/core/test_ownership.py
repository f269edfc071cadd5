"""Ownership: exactly one owner, a named person; a handover is briefed and accepted; a supervisor moves a case at once."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Inform
from recovery.core.vocabulary.ownership import AcceptHandover, DeclineHandover, Load, MoveCase, OfferHandover, Person, Route
from recovery.core.vocabulary.receiving import OpenCase, RecordWish, SetTask, Wish, WishKind
from support import (
    MONDAY,
    PEOPLE,
    POLICY,
    ROUTED,
    Story,
    a_contact,
    at_stage,
    broken,
    by_mail,
    letters,
    named,
    no_step,
    refusal,
    rung,
    said,
    step_of,
    warned,
)

OFFER = OfferHandover(by="ben", to="ana", briefing="The display is dark; a repair was promised for Friday.")
EVERYBODY = frozenset({"ana", "ben", "cleo", "fay"})


def routed(*away: str, contact: object = None, **changes: object) -> Story:
    """Return a case that was routed while ``away`` were away."""
    policy = evolve(ROUTED, **changes)  # type: ignore[arg-type]
    return Story.begins(contact, policy=policy, context=Context(away=frozenset(away)))  # type: ignore[arg-type]


# ---------------------------------------------------------------- owner.named


def test_a_case_has_exactly_one_owner_who_hears_of_it() -> None:
    """Every case has one owner, a named person, who is told at once."""
    story = routed()
    assert story.told.owner == "ben"
    assert ("assigned", "ben") in letters(story.decisions[0])
    assert no_step(story, "owner.named")


@pytest.mark.parametrize(("away", "owner"), [(("ben",), "ana"), (("ben", "ana"), "fay"), (("ana", "fay"), "ben")])
def test_routing_falls_through_to_stand_ins_and_the_fallback(away: tuple[str, ...], owner: str) -> None:
    """Whoever is away is passed over: the stand-in, then the fallback owner."""
    story = routed(*away)
    assert story.told.owner == owner
    assert no_step(story, "owner.named")


def test_nobody_there_is_escalated_at_once() -> None:
    """With even the fallback owner away the case is hers all the same, and is escalated at once and daily."""
    story = routed("ben", "ana", "fay")
    assert story.told.owner == "fay"
    assert story.kinds()[1] == "OwnerAway"
    assert step_of(story, "owner.named").wake_at == MONDAY
    assert rung(story, "fay", "owner.named")
    story.wait(days=1)
    assert rung(story, "fay", "owner.named")
    story.context = Context()
    story.do(MoveCase(by="fay", to="ben", reason="Ben is back."))
    assert no_step(story, "owner.named")


def test_what_is_due_to_somebody_away_goes_to_whoever_stands_above() -> None:
    """A reminder for an owner who is away goes to the supervisor, and to the fallback owner when that one is away too."""
    story = routed()
    story.now, story.context = MONDAY.add(hours=1), Context(away=frozenset({"ben"}))
    assert rung(story, "cleo", "acknowledge.immediately")
    story = routed()
    story.now, story.context = MONDAY.add(hours=1), Context(away=frozenset({"ben", "cleo"}))
    assert rung(story, "fay", "acknowledge.immediately")


def test_the_first_route_that_fits_names_the_owner() -> None:
    """Channel, category, region and brand choose the route; where none fits, the fallback owner takes the case."""
    routes = (
        Route(owner="cleo", channel=Channel.LETTER),
        Route(owner="ana", category="refund", region="north", brand="acme"),
        Route(owner="ben", category="refund"),
    )
    assert routed(routes=routes, contact=a_contact(channel=Channel.LETTER)).told.owner == "cleo"
    assert routed(routes=routes, contact=a_contact(category="refund", region="north", brand="acme")).told.owner == "ana"
    assert routed(routes=routes, contact=a_contact(category="refund", region="south", brand="acme")).told.owner == "ben"
    assert routed(routes=routes, contact=a_contact(category="other")).told.owner == "fay"


def test_unknown_is_not_away() -> None:
    """Where nobody knows who is away, nobody counts as away."""
    assert Story.begins(policy=ROUTED, context=Context(away=None)).told.owner == "ben"


def test_a_case_is_not_opened_for_somebody_who_does_not_exist_or_is_away() -> None:
    """A case that is opened for nobody, or for somebody away, is kept with a warning and goes the usual route."""
    for owner in ("ghost", "cleo"):
        story = Story(policy=ROUTED, context=Context(away=frozenset({"cleo"})))
        decision = story.do(OpenCase(case_id="case-1", reference="R1", contact=a_contact(), owner=owner))
        assert warned(decision) == {"owner.named"}
        assert story.told.owner == "ben"


def test_a_case_may_be_opened_for_a_named_person() -> None:
    """A case that is opened for somebody who is there is theirs."""
    story = Story(policy=ROUTED)
    story.do(OpenCase(case_id="case-1", reference="R1", contact=a_contact(), owner="cleo"))
    assert story.told.owner == "cleo"


@pytest.mark.parametrize(
    ("command", "field"),
    [
        (evolve(OFFER, to="ghost"), "to"),
        (evolve(OFFER, to="fay"), "to"),
        (evolve(OFFER, to="ben"), "to"),
        (MoveCase(by="cleo", to="ghost", reason="now"), "to"),
        (MoveCase(by="cleo", to="fay", reason="now"), "to"),
        (SetTask(by="ben", what="ring", owner="ghost"), "owner"),
        (SetTask(by="ben", what="ring", owner="fay"), "owner"),
    ],
)
def test_nothing_goes_to_nobody(command: OfferHandover | MoveCase | SetTask, field: str) -> None:
    """A case or a step cannot go to somebody who does not exist, is away, or has it already; the refusal says who is there."""
    story = routed()
    story.context = Context(away=frozenset({"fay"}))
    (reason,) = refusal(story, command).reasons
    assert (reason.rule, reason.field, bool(reason.hint)) == ("owner.named", field, True)
    if getattr(command, field) == "ghost":
        assert all(person.id in reason.hint for person in PEOPLE)


def test_whoever_has_as_much_as_they_can_take_may_still_be_asked() -> None:
    """A handover to somebody who is full is allowed, because they may say no, and warned about; nobody knows is no reason."""
    people = tuple(evolve(person, capacity=3) for person in ROUTED.people)
    for command in (OFFER, MoveCase(by="cleo", to="ana", reason="Ben is ill.")):
        story = routed(people=people)
        story.context = Context(loads={"ana": Load(open_cases=3)})
        decision = story.do(command)
        assert [(reason.rule, reason.message) for reason in decision.warnings] == [
            ("owner.named", "ana has 3 open cases and looks after 3 at most.")
        ]
        free = routed(people=people)
        assert not free.do(command).warnings


def test_where_no_people_are_listed_nobody_is_unknown() -> None:
    """A desk that lists no people can hand a case to any name."""
    story = Story.begins(policy=evolve(POLICY, people=()))
    assert named(story.do(OfferHandover(by="ana", to="zoe", briefing="Dark display.")))[0] == "HandoverOffered"


# ---------------------------------------------------------------- owner.handover


def test_a_handover_takes_effect_when_it_is_accepted() -> None:
    """Until the new owner accepts, the old one keeps the case; the new one hears of the offer with its briefing."""
    story = routed()
    decision = story.do(OFFER)
    assert (story.told.owner, letters(decision)) == ("ben", [("handover_offered", "ana")])
    assert decision.messages[0].sayings[0].values["briefing"] == OFFER.briefing
    step = step_of(story, "owner.handover")
    assert (step.whom, step.due_at) == ("ana", MONDAY.add(days=1))
    story.do(AcceptHandover(by="ana"))
    assert (story.told.owner, story.told.ownership.offer) == ("ana", None)
    assert no_step(story, "owner.handover")


def test_a_handover_without_a_briefing_is_refused() -> None:
    """The customer does not begin again with a new owner: a handover needs a briefing."""
    assert broken(routed(), evolve(OFFER, briefing=" ")) == {("owner.handover", "briefing")}


def test_a_declined_handover_stays_where_it_was() -> None:
    """Whoever turns a case down says why; the old owner keeps it and hears so."""
    story = routed()
    story.do(OFFER)
    decision = story.do(DeclineHandover(by="ana", reason="I know the customer."))
    assert (story.told.owner, story.told.ownership.offer) == ("ben", None)
    assert letters(decision) == [("handover_off", "ben")]


def test_a_handover_nobody_answers_lapses_after_a_working_day() -> None:
    """A lapse falls back to the old owner, who hears so; a late yes is refused."""
    story = routed()
    story.do(OFFER)
    story.now = MONDAY.add(days=1)
    decision = story.wake()
    assert "HandoverLapsed" in named(decision)
    assert ("handover_off", "ben") in letters(decision)
    assert story.told.owner == "ben"
    assert broken(story, AcceptHandover(by="ana")) == {("owner.handover", None)}


def test_only_whoever_was_asked_answers_an_offer() -> None:
    """Nobody takes or turns down a case that was offered to somebody else, or that is not on offer."""
    story = routed()
    assert broken(story, AcceptHandover(by="ana")) == {("owner.handover", None)}
    story.do(OFFER)
    assert broken(story, AcceptHandover(by="cleo")) == {("owner.handover", "by")}
    assert broken(story, DeclineHandover(by="cleo", reason="no")) == {("owner.handover", "by")}


def test_a_supervisor_moves_a_case_at_once() -> None:
    """The owner's supervisor, or the fallback owner, moves a case at once with a reason; the new owner hears of it."""
    for by in ("cleo", "fay"):
        story = routed()
        story.do(OFFER)
        decision = story.do(MoveCase(by=by, to="ana", reason="Ben is ill."))
        assert (story.told.owner, story.told.ownership.offer) == ("ana", None)
        assert letters(decision) == [("assigned", "ana"), ("case_moved", "ben")]


def test_nobody_else_moves_a_case() -> None:
    """A move by anybody else, or without a reason, is refused with the names of those who may."""
    story = routed()
    refused = refusal(story, MoveCase(by="ana", to="cleo"))
    assert {(reason.rule, reason.field) for reason in refused.reasons} == {("owner.handover", "by"), ("owner.handover", "reason")}
    assert "cleo or fay" in refused.hint


@pytest.mark.parametrize("command", [Inform(by="cleo", word=by_mail()), SetTask(by="cleo", what="ring")])
def test_nothing_else_changes_the_owner(command: Inform | SetTask) -> None:
    """Whoever else writes to the customer or sets a step, the case stays with its owner."""
    story = routed()
    story.do(command)
    assert story.told.owner == "ben"


# ---------------------------------------------------------------- reopening


def reopens(story: Story) -> Story:
    """Let the customer say that it is not solved."""
    story.do(RecordFollowUpAnswer(by="ana", solved=False, said=said("Dark again.")))
    assert story.told.stage is Stage.INVESTIGATING
    return story


def test_a_reopened_case_keeps_its_owner() -> None:
    """Reopening keeps the owner who knows the case."""
    assert reopens(at_stage(Stage.RESOLVED, ROUTED)).told.owner == "ben"


def test_a_reopened_case_goes_elsewhere_when_its_owner_is_away() -> None:
    """Reopening passes over an owner who is away, and escalates when nobody is there."""
    story = at_stage(Stage.RESOLVED, ROUTED)
    story.context = Context(away=frozenset({"ben"}))
    assert reopens(story).told.owner == "ana"
    story = at_stage(Stage.RESOLVED, ROUTED)
    story.context = Context(away=EVERYBODY)
    assert reopens(story).told.owner == "fay"
    assert step_of(story, "owner.named").wake_at == story.now


def test_a_reopened_case_does_not_go_back_to_whom_the_customer_did_not_want() -> None:
    """A customer who asked for another person does not find the same one again after reopening."""
    story = at_stage(Stage.RESOLVED, ROUTED)
    wish = Wish(kind=WishKind.ANOTHER_PERSON)
    story.do(RecordWish(by="ana", wish=wish, said=said("Somebody else, please.")))
    assert reopens(story).told.owner == "cleo"


def test_an_owner_who_left_the_desk_is_passed_over() -> None:
    """A reopened case whose owner is not among the people any more is routed anew."""
    story = at_stage(Stage.RESOLVED, ROUTED)
    people = (Person(id="ana", supervisor="cleo"), Person(id="cleo"))
    story.policy = evolve(ROUTED, people=people, units=(), routes=(Route(owner="ana"),))
    assert reopens(story).told.owner == "ana"
