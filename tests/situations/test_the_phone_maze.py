"""The phone maze that asks for everything twice."""

from __future__ import annotations

import pytest

from docpages.situations import played
from recovery import BadDefinition, policies
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import ZONE, Kind, local

STORY = "the_phone_maze"


def test_what_she_told_is_asked_for_once() -> None:
    """The meter number is on file under one key, however it is spelt; asking for it again is refused, confirming is free."""
    told = played(STORY)
    case = told.cases()[1]
    assert [(fact.key, fact.value) for fact in case.ownership.facts] == [("meter_number", "1EMH-5540")]
    assert told.refused[0] == "facts.ask-once"
    (question,) = [line for line in told.mails("Vera Sommer") if line.subject.startswith("A question")]
    assert "What we have on file is: 1EMH-5540" in question.text


def test_the_file_goes_with_the_case() -> None:
    """Carla took the case over, and the number was there before she said a word."""
    told = played(STORY)
    case = told.desk.at(told.cases()[1].id, local("2026-03-02 16:00"))
    assert (case.owner, case.on_file("meter_number") is not None) == ("carla", True)
    briefing = next(line.text for line in told.mails("Carla Weiss"))
    assert "1EMH-5540" in briefing


def test_two_calls_are_one_case() -> None:
    """The second call was put together with the first; both stand in one history, and the survivor is owed nothing twice."""
    told = played(STORY)
    _, case, second = told.cases()
    assert second.closing.survivor == case.id
    assert case.receiving.merged == (second.id,)
    assert {entry.case_id for entry in told.desk.timeline(case.id)} == {case.id, second.id}


def test_nothing_is_proposed_before_somebody_has_looked_back() -> None:
    """Her case of January is named when she comes again, and a proposal is refused until a person has looked at it."""
    told = played(STORY)
    january, case, _ = told.cases()
    assert "case.repeat-visible" in told.warned
    assert told.refused[1] == "history.consulted"
    assert january.id in case.ownership.consulted


def test_every_message_leads_back_to_a_person() -> None:
    """A desk whose messages nobody could answer does not open, and the old sender of the bills is named in the fault."""
    with pytest.raises(BadDefinition, match=r"contact\.way-back"):
        policies.default(fallback_owner="ben", calendar=policies.office_hours(ZONE), way_back="no-reply@strom.example")
    assert any("no-reply@strom.example" in line.text for line in played(STORY).lines if line.kind is Kind.TOLD)


def test_it_ends_well() -> None:
    """She was called back from a number that can be called, and it was solved twice over."""
    case = played(STORY).cases()[1]
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)
