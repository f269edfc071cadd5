"""The owner who falls ill."""

from __future__ import annotations

from docpages.situations import played
from recovery import Channel, Contact
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import Kind, local

STORY = "the_owner_who_falls_ill"


def test_what_would_remind_her_reaches_the_one_above_her() -> None:
    """The reminder of the promised word does not wait in an empty office: it goes to the supervisor while the owner is away."""
    told = played(STORY)
    first = told.mails("Ben Ferro")[0]
    assert (first.at, "the word that was promised" in first.text) == (local("2026-03-03 11:00"), True)
    assert [line.subject for line in told.mails("Ana Sola") if local("2026-03-03 00:00") < line.at] == [
        f"Moved: {told.cases()[0].reference}"
    ]


def test_a_case_is_not_offered_to_somebody_who_is_away() -> None:
    """Dora is on a course: offering her the case is refused, and the case stays where it is until somebody is there."""
    told = played(STORY)
    assert told.refused[0] == "owner.named"
    assert not [entry for entry in told.desk.timeline("case-1") if entry.kind == "handover_offered"]


def test_the_new_owner_is_briefed_from_the_case() -> None:
    """With the case come the issue, the procedure, the customer's wish, what was done and the date that was promised."""
    told = played(STORY)
    briefing = next(line.text for line in told.mails("Carla Weiss") if line.subject.startswith("Yours"))
    for part in (
        "the new glasses with which the road swims",
        "measure again before anything is sent back",
        "no contact by phone",
        "Wed 4 Mar 11:00",
        "acknowledged Mon 2 Mar 10:40",
        "Ana is ill, and a word is promised",
    ):
        assert part in briefing


def test_the_promise_of_the_old_owner_is_kept_by_the_new_one() -> None:
    """The word for Wednesday at eleven comes before eleven, from another person, and no promise is broken."""
    told = played(STORY)
    runs = [found for found in told.desk.clocks("case-1") if found.clock == "promise.tracked.next-word"]
    assert {found.outcome.value for found in runs} == {"met"}
    proposed = next(line for line in told.mails("Nadia Kern") if line.subject.startswith("What we can do"))
    assert proposed.at == local("2026-03-04 10:30")
    assert "Carla Weiss" in proposed.text


def test_the_customer_learns_whom_she_has_before_anything_else() -> None:
    """The first word after the move names the new owner, and the wish not to be called holds for her too."""
    told = played(STORY)
    first = next(line for line in told.mails("Nadia Kern") if local("2026-03-03 11:30") < line.at)
    assert "My name is Carla Weiss" in first.text
    assert "contact.wishes" in told.refused
    assert not [line for line in told.lines if line.kind is Kind.SAID]


def test_new_customers_go_past_whoever_is_away() -> None:
    """While Ana and Dora are away, the route comes to Carla; with Ana back it is hers again."""
    told = played(STORY)
    assert any("would come to Carla Weiss" in line.text for line in told.lines)
    contact = Contact(channel=Channel.EMAIL, text="A screw is loose.", received_at=told.now)
    assert told.desk.explain_route(contact).owner == "ana"


def test_nobody_moves_the_case_back_and_forth() -> None:
    """The owner changed once; both follow-ups were made by the one who solved it, on the only channel the customer wants."""
    told = played(STORY)
    (case,) = told.cases()
    assert case.owner == "carla"
    assert [entry.kind for entry in told.desk.timeline("case-1") if "case_moved" in entry.kind or "handover" in entry.kind] == [
        "case_moved"
    ]
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)
