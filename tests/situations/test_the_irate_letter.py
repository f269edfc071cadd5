"""The irate letter from a customer who is wrong."""

from __future__ import annotations

from docpages.situations import played
from recovery import CauseKind, Mood
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import Kind, local

STORY = "the_irate_letter"


def ours() -> str:
    """Return all that a customer hears or reads of ours in the story."""
    lines = [line for line in played(STORY).lines if line.kind in (Kind.SAID, Kind.WRITTEN)]
    return "\n".join(line.text for line in lines)


def test_nobody_proves_anything_to_him() -> None:
    """The answer that is true and blames him is refused, and what he hears never says that he was wrong."""
    told = played(STORY)
    assert told.refused.count("own.no-blame") == 2
    for word in ("21", "fault", "mistake", "your order"):
        assert word not in ours()


def test_he_is_thanked_and_asked_to_tell() -> None:
    """The first word thanks him for the complaint and invites the whole story, although he is wrong."""
    told = played(STORY)
    first = next(line for line in told.lines if line.kind is Kind.SAID)
    assert "I thank you for it" in first.text
    assert "Tell me everything, from the beginning" in first.text
    assert not {"acknowledge.thanks", "own.takes-it-on"} & set(told.warned)


def test_an_angry_letter_gets_a_call_and_a_letter_on_the_same_day() -> None:
    """He wrote and he is angry: he is called at once, and answered in writing before the day is over."""
    told = played(STORY)
    (case,) = told.cases()
    assert case.receiving.mood is Mood.ANGRY
    said = [(line.how, line.at) for line in told.lines if line.kind is Kind.SAID][:2]
    assert told.warned == ("acknowledge.letter-and-call",)
    assert said == [("on the phone", local("2026-03-02 09:00")), ("by letter", local("2026-03-02 09:00"))]


def test_the_terms_are_not_where_a_proposal_begins() -> None:
    """A proposal that begins with our policy is refused; the one he accepts begins with what we can do."""
    assert "propose.no-policy-first" in played(STORY).refused
    assert "policy" not in ours()


def test_what_he_expected_is_on_record_as_the_cause_and_in_no_message() -> None:
    """A mismatch of expectations is a cause: it stays inside, a unit has a task in it, and the task was done."""
    told = played(STORY)
    (case,) = told.cases()
    cause = case.responsibility.cause
    assert cause is not None
    assert (cause.kind, case.responsibility.accountable) == (CauseKind.EXPECTATION, "cards")
    assert cause.text not in ours()
    assert [entry.by for entry in told.desk.timeline(case.id) if entry.kind == "task_done"] == ["recovery", "ben"]


def test_it_ends_well() -> None:
    """Settled face to face, followed up by letter, and solved twice over."""
    (case,) = played(STORY).cases()
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)
