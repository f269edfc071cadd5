"""Merging: two histories, one thread, no circle, and the way back when it was a mistake."""

from __future__ import annotations

import attrs
import pytest

from recovery.core.case import Case
from recovery.core.decide import Decision, decide
from recovery.core.errors import InvalidValue, Refused
from recovery.core.fold import fold
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.telling import tell
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, MergeUndone, UndoMerge
from recovery.core.vocabulary.common import Channel, Customer
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform
from recovery.core.vocabulary.ownership import MoveCase, RecordFact
from recovery.core.vocabulary.receiving import CaseMergedOut, Contact, Identify, MergeIn, MergeOut, OpenCase, Receive, Wake
from recovery.testing import a_contact as complaint
from recovery.testing import a_desk
from recovery.testing.content import NARRATIVES
from support import (
    BO,
    EMAIL,
    MONDAY,
    Story,
    a_contact,
    acknowledged,
    broken,
    by_mail,
    letters,
    named,
    no_step,
    said,
    step_of,
    tasks,
    warned,
)

NOBODY = Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=MONDAY)


def survivor(text: str = "My boat is dark, part two.") -> Story:
    """Return the story of another case of the same customer, which has been acknowledged."""
    story = Story()
    story.do(OpenCase(case_id="case-9", reference="R9", contact=a_contact(text)))
    return acknowledged(story.deliver())


def knows(story: Story, other: Story) -> None:
    """Tell the core of the other case."""
    story.context = attrs.evolve(story.context, survivor=other.told, survivor_timing=other.policy.timing)


def merge(story: Story, other: Story, by: str = "ana") -> Decision:
    """Close the case as a duplicate of the other one, whose story goes on with it."""
    knows(story, other)
    decision = story.do(Close(by=by, reason=CloseReason.DUPLICATE, survivor="case-9"))
    return follow(other, decision)


def undo(story: Story, other: Story, by: str = "ana") -> Decision:
    """Take the merge back, and let the other story go on with it."""
    knows(story, other)
    return follow(other, story.do(UndoMerge(by=by, reason="It is about another boat.")))


def follow(other: Story, decision: Decision) -> Decision:
    """Let the other story go on with what was decided about its case, and return that; it is the fold of its events."""
    (told,) = [opened for opened in decision.opens if opened.case.id == "case-9"]
    other.events += told.events
    other.case = told.case
    assert fold(other.events) == told.case
    return told


def owed(story: Story) -> list[str]:
    """Return which messages of the customer are owed an answer, by when they were written."""
    answered = story.told.last("answered")
    since = -1 if answered is None else answered.seq
    return [mark.at.to_iso8601_string() for mark in story.told.marks if mark.name == "wrote" and mark.seq > since]


# ---------------------------------------------------------------- the way back


def test_a_merge_can_be_undone() -> None:
    """The duplicate is a case of its own again, looked into, with its owner, its whole history, and no survivor."""
    story, other = Story.begins(), survivor()
    before = len(story.events)
    merge(story, other)
    undo(story, other)
    case = story.told
    assert (case.stage, case.owner, case.closing.survivor, case.closing.reopened) == (Stage.INVESTIGATING, "ana", None, 0)
    assert type(story.events[before].event).__name__ == "CaseClosed"
    assert other.told.receiving.merged == ()
    undone = next(recorded.event for recorded in story.events if isinstance(recorded.event, MergeUndone))
    assert undone.survivor == "case-9"


def test_what_was_owed_is_owed_there_again() -> None:
    """A word that nobody has answered is owed an answer where it belongs, from when it was written, and no longer in both."""
    story, other = Story.begins(), survivor()
    other.wait(hours=1)
    story.wait(hours=1)
    merge(story, other)
    assert (owed(story), owed(other)) == ([], [MONDAY.to_iso8601_string()])
    undo(story, other)
    assert (owed(story), owed(other)) == ([MONDAY.to_iso8601_string()], [])
    assert step_of(story, "contact.answer-owed").due_at == MONDAY.add(days=1)
    assert no_step(other, "contact.answer-owed")


def test_what_was_answered_meanwhile_is_owed_nowhere() -> None:
    """The owner of the surviving case has answered the customer, so nobody has to answer again."""
    story, other = Story.begins(), survivor()
    merge(story, other)
    other.do(Inform(by="ana", word=by_mail("Both of your messages are with me.")))
    undo(story, other)
    assert (owed(story), owed(other)) == ([], [])


def test_what_needs_no_answer_is_owed_nowhere() -> None:
    """A message that was marked as needing no answer does not come back as one that does."""
    story, other = Story.begins(), survivor()
    merge(story, other)
    number = other.told.receiving.merges[0].seq
    other.case = attrs.evolve(
        other.told, marks=tuple(mark for mark in other.told.marks if not (mark.name == "wrote" and mark.seq == number))
    )
    knows(story, other)
    story.do(UndoMerge(by="ana", reason="another boat"))
    assert owed(story) == []


def test_another_answer_stays_owed_on_the_survivor() -> None:
    """What the survivor's own customer wrote is not touched by the way back."""
    story, other = Story.begins(), survivor()
    other.do(Receive(contact=a_contact("Hello?", at=other.now.add(minutes=5))))
    merge(story, other)
    undo(story, other)
    assert len(owed(other)) == 1
    assert step_of(other, "contact.answer-owed").due_at is not None


def test_an_acknowledged_duplicate_owes_nothing_new() -> None:
    """What had been acknowledged before the merge is not owed an answer after it."""
    story, other = acknowledged(Story.begins().deliver()), survivor()
    merge(story, other)
    undo(story, other)
    assert owed(story) == owed(other) == []
    assert step_of(story, "propose.in-time").due_at is not None


def test_the_owner_of_the_survivor_hears_of_both() -> None:
    """Whoever has the surviving case is told that a duplicate came, and that it has gone, unless they did it themselves."""
    story, other = Story.begins(), survivor()
    assert letters(merge(story, other, by="ben")) == [("merged_in", "ana")]
    assert letters(undo(story, other, by="ben")) == [("merged_out", "ana")]
    assert letters(merge(story, other)) == []


def test_what_the_customer_wrote_meanwhile_is_looked_at() -> None:
    """A reply that came after the merge may belong to either case: it stays where it is, and somebody looks."""
    story, other = Story.begins(), survivor()
    merge(story, other)
    other.do(Receive(contact=a_contact("And the pump?", at=other.now.add(minutes=5))))
    undo(story, other)
    assert tasks(other) == [("case.one-thread", "see which of the customer's later messages belong to R1")]
    story, other = Story.begins(), survivor()
    merge(story, other)
    undo(story, other)
    assert tasks(other) == []


def test_facts_go_with_the_case() -> None:
    """What was told on the duplicate is known where it lives on, not asked again there, and goes back with it."""
    story, other = Story.begins(), survivor()
    story.do(RecordFact(by="ana", key="model", value="Blue 7", said=said("A Blue 7.")))
    story.do(RecordFact(by="ana", key="year", value="2019", said=said("Of 2019.")))
    other.do(RecordFact(by="ana", key="year", value="2020", said=said("Of 2020.")))
    merge(story, other)
    assert {fact.key: fact.value for fact in other.told.facts} == {"year": "2020", "model": "Blue 7"}
    asks = Ask(by="ana", word=by_mail(), question="Which model?", fact="model")
    assert broken(other, asks) == {("facts.ask-once", "fact")}
    undo(story, other)
    assert {fact.key: fact.value for fact in other.told.facts} == {"year": "2020"}
    assert {fact.key for fact in story.told.facts} == {"model", "year"}


def test_it_can_be_merged_again() -> None:
    """After the way back both are cases like any other; merging once more is no circle."""
    story, other = Story.begins(), survivor()
    merge(story, other)
    undo(story, other)
    merge(story, other)
    assert (story.told.closing.survivor, other.told.receiving.merged) == ("case-9", ("case-1",))
    undo(story, other)
    other.context = Context(survivor=story.told)
    other.do(Close(by="ana", reason=CloseReason.DUPLICATE, survivor="case-1"))
    assert other.told.closing.survivor == "case-1"


def test_whoever_is_there_gets_the_case_back() -> None:
    """The owner keeps it; where the owner is away, somebody who is there gets it."""
    story, other = Story.begins(), survivor()
    story.do(MoveCase(by="ana", to="ben", reason="Ana is ill."))
    merge(story, other)
    story.away("ben")
    undo(story, other)
    assert story.told.owner == "ana"


# ---------------------------------------------------------------- from the tray


def test_a_contact_that_was_merged_from_the_tray_waits_there_again() -> None:
    """Nobody knows whose it is after all: it is in the tray with an owner and a dated step, and can be identified."""
    story, other = Story.begins(NOBODY), survivor()
    merge(story, other)
    assert len(owed(other)) == 1
    undo(story, other)
    assert (story.told.in_tray, owed(other), owed(story)) == (True, [], [])
    assert step_of(story, "contact.logged").due_at is not None
    story.do(Identify(by="ana", customer=BO))
    assert not story.told.in_tray
    assert no_step(story, "acknowledge.immediately")
    assert step_of(story, "contact.answer-owed").due_at is not None
    assert step_of(story, "resolve.whole-case").due_at is not None


# ---------------------------------------------------------------- what cannot be undone


def test_only_a_merge_can_be_undone() -> None:
    """A case that was closed otherwise, or lives, was not merged; the refusal says so."""
    story = Story.begins()
    undoing = UndoMerge(by="ana", reason="a mistake")
    assert broken(story, undoing) == {("stage.reopen", None)}
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert broken(story, undoing) == {("case.one-thread", None)}


@pytest.mark.parametrize("context", [Context(), Context(survivor=survivor("Another thing.").told)])
def test_the_survivor_has_to_be_at_hand(context: Context) -> None:
    """Without the case it lives on in, or with another one, nothing is undone: that one would not hear of it."""
    story, other = Story.begins(), survivor()
    merge(story, other)
    wrong = None if context.survivor is None else attrs.evolve(context.survivor, id="case-5")
    story.context = attrs.evolve(context, survivor=wrong)
    assert broken(story, UndoMerge(by="ana", reason="a mistake")) == {("case.one-thread", None)}


def test_a_reason_is_needed() -> None:
    """An undoing without a reason is an error that names the field."""
    with pytest.raises(InvalidValue) as error:
        UndoMerge(by="ana", reason=" ")
    assert [reason.field for reason in error.value.reasons] == ["reason"]


def test_what_is_not_merged_in_is_only_noted() -> None:
    """A report that a case has gone which had never come is kept, and changes nothing."""
    other = survivor()
    before = other.told
    decision = other.do(MergeOut(by="ana", merged_id="case-5"))
    assert named(decision) == ["ReportNoted"]
    assert other.told.marks == before.marks


def test_the_way_back_is_told_in_a_sentence() -> None:
    """Both histories say what happened, with the reference of the other case."""
    story, other = Story.begins(), survivor()
    into = merge(story, other).events[0].event
    out = undo(story, other).events[0].event
    assert isinstance(out, CaseMergedOut)
    assert tell(into).startswith("Case R1 was closed as a duplicate")
    assert tell(out).startswith("Case R1 is no duplicate")


# ---------------------------------------------------------------- over any way


@pytest.mark.parametrize("steps", ["mu", "mumu", "mwu", "mau", "umu", "kmu", "mumwau"])
def test_no_case_is_forgotten_on_the_way(steps: str) -> None:
    """Merge, undo, write, answer, acknowledge, in any order: both cases are the fold of their events and wake again."""
    story, other = Story.begins().deliver(), survivor()
    for step in steps:
        match step:
            case "m":
                merge(story, other)
            case "u" if story.told.closing.survivor is not None:
                undo(story, other)
            case "w":
                other.do(Receive(contact=a_contact("Hello?", at=other.now.add(minutes=1))))
            case "a":
                other.do(Inform(by="ana", word=by_mail("Here I am.")))
            case "k":
                story.do(Acknowledge(by="ana", word=by_mail(), next_word_at=story.policy.calendar.add_days(story.now, 1)))
            case _:
                assert broken(story, UndoMerge(by="ana", reason="none"))
        assert fold(story.events) == story.told
        for case in (story.told, other.told):
            assert case.ended or decide(case, Wake(), policy=story.policy, now=story.now).wake_at is not None


def test_a_customer_without_an_address_can_be_merged_and_parted() -> None:
    """What nobody can be reached by keeps its step to find a way."""
    story, other = Story.begins(a_contact(sender=Customer(name="Bo"))), survivor()
    merge(story, other)
    undo(story, other)
    assert ("contact.logged", "find out how the customer can be reached") in tasks(story)
    assert EMAIL not in story.told.receiving.customer.addresses
    assert warned(story.decisions[0]) == set()


def test_the_survivor_keeps_its_own_people() -> None:
    """The way back changes neither the owner nor the stage of the case it was merged into."""
    story, other = Story.begins(), survivor()
    before: Case = other.told
    merge(story, other)
    undo(story, other)
    assert (other.told.owner, other.told.stage) == (before.owner, before.stage)


def test_merging_by_hand_takes_no_facts_along() -> None:
    """A merge that was only reported says nothing of facts; what is known here stays."""
    other = survivor()
    other.do(RecordFact(by="ana", key="model", value="Blue 7", said=said("A Blue 7.")))
    other.do(MergeIn(by="ana", merged_id="case-5"))
    assert [fact.key for fact in other.told.facts] == ["model"]


def test_a_merge_that_is_taken_back_and_made_again_at_once_is_one_history() -> None:
    """Two commands of a batch that change the same other case change it one after the other; a desk stores both."""
    desk = a_desk()
    case, survivor = desk.receive(complaint()).case, desk.open(complaint(NARRATIVES[1].words)).case
    again = Close(by="ben", reason=CloseReason.DUPLICATE, survivor=survivor.id)
    desk.handle(case.id, again)
    before = desk.load(survivor.id)
    outcome = desk.handle(case.id, UndoMerge(by="ben", reason="They are two."), again)
    assert [other.id for other in outcome.opened] == [survivor.id, survivor.id]
    kinds = [entry.kind for entry in desk.timeline(survivor.id) if entry.case_id == survivor.id and entry.seq > before.version]
    assert [kind for kind in kinds if kind.startswith("case_merged")] == ["case_merged_out", "case_merged_in"]
    assert desk.load(survivor.id).receiving.merged == (case.id,)
    assert desk.doctor() == ()


def test_a_merge_into_another_case_than_it_is_taken_back_from_is_done_by_itself() -> None:
    """A batch knows one other case: to part from one and to merge into another are two calls, or the wrong one would be told."""
    desk = a_desk()
    first = desk.receive(complaint()).case
    second, third = (desk.open(complaint(narrative.words)).case for narrative in NARRATIVES[1:3])
    desk.handle(first.id, Close(by="ben", reason=CloseReason.DUPLICATE, survivor=second.id))
    parting = UndoMerge(by="ben", reason="It is another.")
    merging = Close(by="ben", reason=CloseReason.DUPLICATE, survivor=third.id)
    with pytest.raises(Refused) as refused:
        desk.handle(first.id, parting, merging)
    assert [reason.rule for reason in refused.value.reasons] == ["case.one-thread"]
    desk.handle(first.id, parting)
    desk.handle(first.id, merging)
    assert desk.load(third.id).receiving.merged == (first.id,)
