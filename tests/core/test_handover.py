"""The briefing that goes with a handover, and who hears how it ends."""

from __future__ import annotations

import pytest
from attrs import evolve

from recovery.core.briefing import Briefing
from recovery.core.decide import Decision, briefing, decide
from recovery.core.stages import Stage
from recovery.core.telling import tell
from recovery.core.values import redact
from recovery.core.vocabulary.closing import Reopen
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.keeping_in_touch import Ask, RecordPromise
from recovery.core.vocabulary.known import Fact
from recovery.core.vocabulary.ownership import (
    AcceptHandover,
    CaseMoved,
    DeclineHandover,
    HandoverAccepted,
    HandoverDeclined,
    HandoverLapsed,
    HandoverOffered,
    MoveCase,
    OfferHandover,
    RecordFact,
)
from recovery.core.vocabulary.proposing import Exceptional, RecordDecline, RecordRemedySought
from recovery.core.vocabulary.receiving import (
    AdoptCase,
    Delivery,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    Ticket,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival, RecordAcceptance, Resolve
from recovery.core.vocabulary.responsibility import CauseKind, RecordCause
from support import BERLIN, MONDAY, REFUND, REPAIR, ROUTED, Story, a_contact, at_stage, broken, by_mail, letters, proposed, said

OFFER = OfferHandover(by="ben", to="ana", briefing="He likes to be rung before eight.")


ASKED = Exceptional(id="5", remedy="new_display", value=None, reason="He sails on Friday.", asked_by="ben", approver="cleo")


def a_long_story() -> Story:
    """Return a case with something of everything on it."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    story.do(Receive(contact=a_contact("Any news?", at=story.now, message_id="<2@boat.example>")))
    story.do(Ask(by="ben", word=by_mail("Which number is on it?"), question="Which serial number is on the display?"))
    story.do(RecordPromise(by="ben", what="ring the yard", due_at=BERLIN.add_days(story.now, 2)))
    story.do(SetTask(by="ben", what="look for a spare display", due_at=BERLIN.add_days(story.now, 3)))
    story.do(RecordWish(by="ben", wish=Wish(kind=WishKind.NOT_ON_CHANNEL, channel=Channel.SMS), said=said("No texts.")))
    story.deliver()
    proposed(story, REPAIR)
    story.do(RecordDecline(by="ben", said=said("I sail on Friday."), counter_offer="my money back"))
    return story.wait(minutes=5)


def lines(story: Story, part: str) -> tuple[str, ...]:
    """Return one list of the briefing."""
    found: tuple[str, ...] = getattr(briefing(story.told, story.policy), part)
    return found


# ---------------------------------------------------------------- the briefing


def test_what_the_customer_has_told_goes_along() -> None:
    """Whoever takes the case over reads the facts on file: the customer is not asked for them again."""
    story = a_long_story()
    story.do(RecordFact(by="ben", key="serial number", value="4711-B", said=said("It is 4711-B.")))
    assert lines(story, "facts") == ("serial number: 4711-B",)
    assert "The customer has told us:\n- serial number: 4711-B" in str(briefing(story.told, story.policy))


def test_the_briefing_is_put_together_from_the_case() -> None:
    """What it is about, what was promised and tried, what the customer waits for and wishes: nobody has to write it down again."""
    story = a_long_story()
    told = briefing(story.told, story.policy, "He likes to be rung before eight.")
    assert (told.reference, told.owner, told.customer, told.stage) == ("R1", "Ben Otto", "Bo Lind", "investigating")
    assert told.issue == story.told.receiving.issue
    assert told.procedure == ROUTED.routes[-1].procedure
    assert told.wishes == ("no contact by sms", "as the outcome: I want it to work.", "as the outcome: my money back")
    assert told.promises == ("ring the yard (by Wed 4 Mar 10:10)",)
    assert told.asked == ("Which serial number is on the display? (asked Mon 2 Mar 10:10)",)
    assert told.steps == ("look for a spare display (by Thu 5 Mar 10:10)",)
    assert told.tried == (
        "the customer got in touch 2 times, last by email Mon 2 Mar 10:10",
        "acknowledged Mon 2 Mar 10:10",
        "the customer has declined once",
    )
    assert "a proposal, or word when there will be one" in told.waits_for


def test_the_briefing_reads_as_a_page() -> None:
    """It says whose case it is and where it stands, then each list that has something in it, and no empty heading."""
    page = str(briefing(a_long_story().told, ROUTED, "He likes to be rung before eight.")).splitlines()
    assert page[0] == "Case R1 of Bo Lind is investigating, looked after by Ben Otto."
    assert page[1].startswith("About: ")
    assert page[3] == "A word with it: He likes to be rung before eight."
    headings = [line for line in page if line.endswith(":")]
    assert headings == [
        "The customer wishes:",
        "The customer waits for:",
        "Promised:",
        "What was done so far:",
        "We wait for the customer's answer to:",
        "Steps of our own:",
    ]
    bare = str(briefing(Story.begins(policy=ROUTED).told, ROUTED)).splitlines()
    assert [line for line in bare if line.endswith(":")] == ["The customer waits for:", "What was done so far:"]


@pytest.mark.parametrize(
    ("stage", "line"),
    [
        (Stage.RECEIVED, "a first word of ours (by Mon 2 Mar 11:00)"),
        (Stage.RESOLVED, "the refund"),
    ],
)
def test_what_the_customer_waits_for_changes_with_the_stage(stage: Stage, line: str) -> None:
    """At first it is a word of ours, at the end what is on its way to them."""
    story = at_stage(Stage.RECEIVED if stage is Stage.RECEIVED else Stage.INVESTIGATING, ROUTED)
    if stage is Stage.RESOLVED:
        proposed(story, REFUND)
        story.do(RecordAcceptance(by="ben", option="refund", said=said()))
    assert any(told.startswith(line) for told in lines(story, "waits_for"))


def test_a_call_in_vain_and_a_proposal_on_the_table_are_told() -> None:
    """The new owner does not ring as if nobody had, and knows what the customer is thinking about."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    story.do(Ask(by="ben", word=evolve(by_mail("Please ring me."), via=frozenset({Channel.PHONE})), question="When?"))
    (owed,) = [out for out in story.told.receiving.outgoing if out.state is Delivery.OWED]
    story.wait(minutes=20)
    story.do(ReportDelivery(by="ben", message_id=owed.id, delivery=Delivery.NOT_REACHED))
    proposed(story, REPAIR, REFUND)
    assert "tried by phone Mon 2 Mar 10:30, nobody was reached" in lines(story, "tried")
    assert "proposed Mon 2 Mar 10:30: We repair it while you wait.; We send your money back." in lines(story, "tried")


def test_what_came_of_it_is_told_after_the_end() -> None:
    """Whoever takes a case over that was resolved and came back knows how it was resolved, and what the customer said since."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS, ROUTED)
    told = lines(story, "tried")
    assert any(line.startswith("resolved Mon 2 Mar") and line.endswith(": accepted") for line in told)
    assert "asked after days whether it is solved: solved" in told


def test_what_the_customer_wishes_and_who_was_asked_for_it_are_told() -> None:
    """Nobody proposes again what the customer has said they do not want, or asks twice for the same exception."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    story.do(RecordRemedySought(by="ben", said=said("A new display, before Friday.")))
    assert "as the outcome: A new display, before Friday." in lines(story, "wishes")


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        (Wish(kind=WishKind.DO_NOT_CONTACT), "no contact at all"),
        (Wish(kind=WishKind.NOT_BEFORE, until=MONDAY.add(days=2)), "no contact before Wed 4 Mar 10:00"),
        (Wish(kind=WishKind.ANOTHER_PERSON), "another person than before"),
    ],
)
def test_how_the_customer_wishes_to_be_contacted_is_told(wish: Wish, line: str) -> None:
    """The new owner does not begin by doing what the customer asked the old one not to do."""
    story = Story.begins(policy=ROUTED)
    story.do(RecordWish(by="ben", wish=wish, said=said("Please.")))
    assert lines(story, "wishes") == (line,)


def test_what_has_arrived_and_come_back_is_told() -> None:
    """A refund that has arrived is no longer waited for, and a case that came back says how often."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    proposed(story, REFUND)
    story.do(RecordAcceptance(by="ben", option="refund", said=said()))
    (delivery,) = story.told.resolving.deliveries
    story.do(ConfirmArrival(by="ben", delivery_id=delivery.id, source=ArrivalSource.BANK))
    assert "the refund arrived Mon 2 Mar 10:10" in lines(story, "tried")
    assert not any(line.startswith("the refund") for line in lines(story, "waits_for"))
    for times in ("once", "2 times"):
        story.do(Reopen(by="ben", reason="The bank took it back."))
        assert f"reopened {times}" in lines(story, "tried")
        story.do(Resolve(by="ben", word=by_mail("It is done now."), done="We paid it again."))


def test_what_the_customer_has_told_is_not_asked_again() -> None:
    """Every fact on file goes with the case, in the customer's words or by the number of the message it stands in."""
    story = Story.begins(policy=ROUTED)
    story.do(RecordFact(by="ben", key="serial number", value="4711", said=said("It says 4711.")))
    assert lines(story, "facts") == ("serial number: 4711",)
    assert "The customer has told us:\n- serial number: 4711" in str(briefing(story.told, ROUTED))
    assert "4711" not in str(redact(briefing(story.told, ROUTED)))
    photo = Fact(key="photo", value="", told_at=MONDAY, contact=1)
    shown = evolve(story.told, ownership=evolve(story.told.ownership, facts=(photo,)))
    assert briefing(shown, ROUTED).facts == ("photo: see message 1",)


def test_why_it_happened_is_told_as_far_as_it_is_known() -> None:
    """The new owner does not look for a cause that has been found, and knows by when one is to be found."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    assert briefing(story.told, ROUTED).cause == ""
    story.do(RecordCause(by="ben", find_out_by=BERLIN.add_days(story.now, 2)))
    assert briefing(story.told, ROUTED).cause == "not known yet, to be found out by Wed 4 Mar 10:10"
    story.do(RecordCause(by="ben", kind=CauseKind.SKILL, text="The seal was put in the wrong way round."))
    told = briefing(evolve(story.told, responsibility=evolve(story.told.responsibility, accountable="workshop")), ROUTED)
    assert told.cause == "The seal was put in the wrong way round. (skill); workshop answers for it"
    assert f"Why it happened: {told.cause}" in str(told)


def test_an_exception_that_was_asked_for_is_told() -> None:
    """Whoever takes the case over knows whom to ask what became of it."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    told = briefing(evolve(story.told, proposing=evolve(story.told.proposing, exceptions=(ASKED,))), ROUTED)
    assert "an exception (new display), of cleo: asked" in told.tried


def test_a_ticket_of_another_system_is_briefed_too() -> None:
    """An adopted case that nobody has acknowledged here says no more than is known."""
    ticket = Ticket(number="T-1", contact=a_contact(), stage=Stage.INVESTIGATING)
    command = AdoptCase(case_id="case-1", reference="R1", ticket=ticket)
    case = decide(None, command, policy=ROUTED, now=MONDAY).case
    assert briefing(case, ROUTED).tried == ("the customer got in touch once, last by email Mon 2 Mar 10:00",)
    silent = evolve(case, receiving=evolve(case.receiving, contacts=()))
    assert briefing(silent, ROUTED).tried == ()


def test_the_word_of_a_standing_offer_is_part_of_it() -> None:
    """Whoever looks the briefing up while the case is on offer reads the old owner's word as well."""
    story = at_stage(Stage.ACKNOWLEDGED, ROUTED)
    assert briefing(story.told, ROUTED).word == ""
    story.do(OFFER)
    assert briefing(story.told, ROUTED).word == OFFER.briefing


def test_what_is_personal_in_a_briefing_can_be_erased() -> None:
    """A briefing holds the customer's words; redacted, it holds none of them."""
    told = redact(briefing(a_long_story().told, ROUTED, "He likes to be rung before eight."))
    assert isinstance(told, Briefing)
    assert not any(word in str(told) for word in ("Bo Lind", "display", "my money", "eight", "yard"))


# ---------------------------------------------------------------- who hears of it


def the_briefing_in(decision: Decision, person: str) -> str:
    """Return the briefing in what somebody is written."""
    (said_to,) = [saying for out in decision.messages if out.person == person for saying in out.sayings]
    return said_to.values.get("case_briefing", "")


def test_whoever_is_asked_to_take_a_case_reads_the_briefing() -> None:
    """The offer carries the whole briefing and the old owner's word, so that a yes is an informed one."""
    decision = a_long_story().do(OFFER)
    page = the_briefing_in(decision, "ana")
    assert "A word with it: He likes to be rung before eight." in page
    assert "- ring the yard (by Wed 4 Mar 10:10)" in page


def test_whoever_is_given_a_case_at_once_reads_the_briefing_too() -> None:
    """A case that a supervisor moves comes with its briefing, and the old owner hears where it went, and why."""
    decision = a_long_story().do(MoveCase(by="cleo", to="ana", reason="Ben is ill."))
    assert letters(decision) == [("assigned", "ana"), ("case_moved", "ben")]
    assert "- ring the yard (by Wed 4 Mar 10:10)" in the_briefing_in(decision, "ana")
    assert the_briefing_in(decision, "ben") == ""
    assert [out.sayings[0].values["reason"] for out in decision.messages] == ["Ben is ill.", "Ben is ill."]


def test_everybody_concerned_hears_that_it_was_taken() -> None:
    """The old owner knows that the customer is looked after, and so does a supervisor who had offered the case."""
    story = at_stage(Stage.ACKNOWLEDGED, ROUTED)
    story.do(OFFER)
    assert letters(story.do(AcceptHandover(by="ana"))) == [("handover_taken", "ben")]
    story = at_stage(Stage.ACKNOWLEDGED, ROUTED)
    story.do(evolve(OFFER, by="cleo"))
    assert letters(story.do(AcceptHandover(by="ana"))) == [("handover_taken", "ben"), ("handover_taken", "cleo")]


def test_everybody_concerned_hears_that_it_was_declined() -> None:
    """The old owner keeps the case and reads why, and so does whoever offered it for them."""
    story = at_stage(Stage.ACKNOWLEDGED, ROUTED)
    story.do(evolve(OFFER, by="cleo"))
    decision = story.do(DeclineHandover(by="ana", reason="I am leaving tonight."))
    assert letters(decision) == [("handover_off", "ben"), ("handover_off", "cleo")]
    assert {out.sayings[0].values["reason"] for out in decision.messages} == {"I am leaving tonight."}


def test_everybody_concerned_hears_that_it_lapsed() -> None:
    """Whoever did not answer in time hears that they need not any more; the old owner hears that the case stays."""
    story = at_stage(Stage.ACKNOWLEDGED, ROUTED)
    story.do(OFFER)
    story.now = BERLIN.add_days(story.now, 1)
    told = letters(story.wake())
    assert ("handover_off", "ben") in told
    assert ("handover_over", "ana") in told


def test_a_second_offer_tells_the_first_that_theirs_is_off() -> None:
    """Nobody sits over a briefing for a case that somebody else has been asked to take; asked twice, one is asked again."""
    story = at_stage(Stage.ACKNOWLEDGED, ROUTED)
    story.do(OFFER)
    assert letters(story.do(OFFER)) == [("handover_offered", "ana")]
    assert letters(story.do(evolve(OFFER, to="cleo"))) == [("handover_offered", "cleo"), ("handover_over", "ana")]


def test_a_move_takes_a_standing_offer_back() -> None:
    """Whoever was asked hears that the case has gone elsewhere; whoever gets it anyway does not hear two things."""
    for to, told in (("cleo", [("handover_over", "ana")]), ("ana", [])):
        story = at_stage(Stage.ACKNOWLEDGED, ROUTED)
        story.do(OFFER)
        moved = letters(story.do(MoveCase(by="fay", to=to, reason="Ben is ill.")))
        assert moved == [("assigned", to), ("case_moved", "ben"), *told]


def test_nobody_is_told_what_they_have_done_themselves() -> None:
    """A supervisor who moves a case of her own is not written that it was moved."""
    story = Story.begins(policy=evolve(ROUTED, routes=()))
    assert story.told.owner == "fay"
    assert letters(story.do(MoveCase(by="fay", to="ana", reason="I am away."))) == [("assigned", "ana")]


def test_the_history_names_everybody() -> None:
    """Whoever reads the history later knows from whom to whom the case went, and at whose word."""
    story = at_stage(Stage.ACKNOWLEDGED, ROUTED)
    for command in (OFFER, AcceptHandover(by="ana"), evolve(OFFER, by="ana", to="ben"), DeclineHandover(by="ben", reason="No.")):
        story.do(command)
    story.do(evolve(OFFER, by="ana", to="cleo"))
    story.now = BERLIN.add_days(story.now, 1)
    story.wake()
    story.do(MoveCase(by="cleo", to="ben", reason="Ana is ill."))
    kinds = (HandoverOffered, HandoverAccepted, HandoverDeclined, HandoverLapsed, CaseMoved)
    assert [tell(recorded.event) for recorded in story.events if isinstance(recorded.event, kinds)] == [
        "The case is on offer to ana.",
        "ana has taken the case over from ben.",
        "The case is on offer to ben.",
        "ben does not take the case; it stays where it was.",
        "The case is on offer to cleo.",
        "cleo did not answer in time; the case stays where it was.",
        "A supervisor moved the case from ana to ben.",
    ]


@pytest.mark.parametrize(
    "gives", [OfferHandover(by="ana", to="ben", briefing="Back."), MoveCase(by="cleo", to="ben", reason="Back.")]
)
def test_a_case_does_not_go_back_to_somebody_the_customer_asked_not_to_have(gives: OfferHandover | MoveCase) -> None:
    """They could not say a word to the customer, so they cannot look after the case either."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    story.do(RecordWish(by="ben", wish=Wish(kind=WishKind.ANOTHER_PERSON), said=said("Not him again.")))
    story.do(MoveCase(by="cleo", to="ana", reason="Bo asked for somebody else."))
    assert broken(story, gives) == {("owner.named", "to")}
