"""How a case looks to a person of ours: how serious it is, how the customer feels, and what kind of problem it is."""

from __future__ import annotations

import pytest

from recovery.core.errors import InvalidValue, Strength
from recovery.core.rule import Problem
from recovery.core.vocabulary.common import MACHINE, Customer, Mood, Severity
from recovery.core.vocabulary.receiving import Assess, Receive
from support import BO, POLICY, Story, a_contact


def judged(story: Story) -> tuple[Severity, Mood | None, str | None]:
    """Return how the case of a story looks."""
    known = story.told.receiving
    return known.severity, known.mood, known.category


def test_a_contact_of_which_nobody_said_anything_is_normal_and_no_mood_is_guessed() -> None:
    """What nobody has judged counts as normal, and nobody's mood is made up."""
    assert judged(Story.begins()) == (Severity.NORMAL, None, None)


def test_intake_may_say_how_serious_it_is_and_how_the_customer_feels() -> None:
    """Whoever takes a contact in can see at once what the owner should know."""
    story = Story.begins(a_contact(severity=Severity.CRITICAL, mood=Mood.ANGRY, category="display"))
    assert judged(story) == (Severity.CRITICAL, Mood.ANGRY, "display")


def test_a_person_assesses_and_what_they_leave_out_stays() -> None:
    """Each judgement changes what it names and nothing else."""
    story = Story.begins(a_contact(severity=Severity.MINOR, mood=Mood.CALM, category="display"))
    story.do(Assess(by="ana", severity=Severity.SERIOUS))
    story.do(Assess(by="ana", mood=Mood.UPSET))
    assert judged(story) == (Severity.SERIOUS, Mood.UPSET, "display")
    story.do(Assess(by="ana", category="cable"))
    assert judged(story) == (Severity.SERIOUS, Mood.UPSET, "cable")


def test_a_later_contact_may_change_it() -> None:
    """A second letter that is taken in as angry makes the case an angry one; one that says nothing leaves it."""
    story = Story.begins(a_contact(mood=Mood.CALM))
    story.do(Receive(contact=a_contact("Still dark!", at=story.now, mood=Mood.ANGRY, severity=Severity.SERIOUS)))
    story.do(Receive(contact=a_contact("Hello?", at=story.now)))
    assert judged(story) == (Severity.SERIOUS, Mood.ANGRY, None)


@pytest.mark.parametrize(
    ("by", "fields", "field"),
    [("ana", {}, "severity"), (MACHINE, {"mood": Mood.ANGRY}, "by"), ("ana", {"mood": "angry"}, "mood")],
    ids=["nothing", "machine", "text"],
)
def test_an_assessment_says_something_and_comes_from_a_person(by: str, fields: dict[str, object], field: str) -> None:
    """No machine judges how a customer feels, and an empty judgement is none."""
    with pytest.raises(InvalidValue) as caught:
        Assess(by=by, **fields)  # type: ignore[arg-type]
    assert [reason.field for reason in caught.value.reasons] == [field]


def test_who_accepted_the_customer_is_on_file() -> None:
    """The unit that took the customer over from sales stays with the case."""
    sender = Customer(name=BO.name, addresses=BO.addresses, accepted_by="north")
    assert Story.begins(a_contact(sender=sender)).told.receiving.customer.accepted_by == "north"


@pytest.mark.parametrize(
    ("own", "held"), [(None, Strength.MUST), (Strength.SHOULD, Strength.SHOULD), (Strength.MUST, Strength.MUST)]
)
def test_a_problem_may_weigh_less_or_more_than_its_check(own: Strength | None, held: Strength) -> None:
    """A problem that says how hard it is counts as it says, any other as its check holds."""
    check = POLICY.checks["close.reasons"]
    assert POLICY.weight(check, Problem("it is so", strength=own)) is held
