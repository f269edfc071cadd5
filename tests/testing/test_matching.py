"""Matchers: they hold or they tell, with ``==``, as a context manager, in pytest and in unittest."""

from __future__ import annotations

import unittest
from datetime import UTC, datetime

import pytest

from recovery import (
    Acknowledge,
    Channel,
    Desk,
    FollowUp,
    Inform,
    InvalidValue,
    Reason,
    RecordFollowUpAnswer,
    Refused,
    Stage,
    Word,
)
from recovery.core.agenda import Step
from recovery.testing import a_case, a_desk, a_story, a_word, agenda_has, refuses, said, warns
from recovery.testing.matching import Matcher
from recovery.testing.moments import MONDAY

AT_ONCE = FollowUp(by="ben", word=a_word("Does it work?"))


def on_its_way() -> tuple[Desk, str]:
    """Return a desk, and a case on it whose refund has not arrived."""
    desk = a_desk()
    return desk, a_case(Stage.RESOLVED, delivers="the refund", desk=desk).id


def test_a_refusal_is_expected_where_it_comes() -> None:
    """The block ends with the refusal, which can then be looked at."""
    desk, case_id = on_its_way()
    with refuses("follow-up.after-delivery") as refused:
        desk.handle(case_id, AT_ONCE)
    assert [reason.rule for reason in refused.reasons] == [
        "follow-up.not-too-soon",
        "follow-up.after-delivery",
        "follow-up.other-channel",
    ]


def test_several_rules_may_be_named_and_nothing_else() -> None:
    """All that are named must be there; with only, nothing else may be."""
    desk, case_id = on_its_way()
    found = desk.why_not(case_id, AT_ONCE)
    assert found == refuses("follow-up.after-delivery", "follow-up.other-channel")
    assert found == refuses("follow-up.after-delivery", "follow-up.other-channel", "follow-up.not-too-soon", only=True)
    assert found != refuses("follow-up.after-delivery", only=True)
    assert found != refuses("contact.wishes")
    assert refuses("contact.wishes") != found


def test_what_is_not_refused_fails() -> None:
    """A block in which nothing is refused fails, and so does one that is refused for other reasons: with all of them."""
    desk, case_id = on_its_way()
    with pytest.raises(AssertionError) as failed, refuses("contact.wishes", "follow-up.says"):
        desk.handle(case_id, Inform(by="ben", word=a_word()))
    assert str(failed.value) == "wanted a refusal by contact.wishes and follow-up.says, but nothing was refused"
    with pytest.raises(AssertionError) as failed, refuses("contact.wishes"):
        desk.handle(case_id, AT_ONCE)
    assert str(failed.value).splitlines() == [
        "follow_up: wanted a refusal by contact.wishes, but it is refused by:",
        "  rule                      field     why",
        "  follow-up.not-too-soon              it is too soon to ask. The first possible instant is",
        "                                      2026-03-03T12:10:00+01:00.",
        "  follow-up.after-delivery            the refund has not arrived yet. Check the arrival first",
        "                                      (CheckArrival), or confirm it (ConfirmArrival,",
        "                                      delivery_id='14').",
        "  follow-up.other-channel   word.via  the case was settled by email, and nothing else was tried.",
        "                                      Add one of: phone.",
    ]
    assert isinstance(failed.value.__cause__, Refused)


def test_another_error_is_not_taken_for_a_refusal() -> None:
    """A slip in the test itself comes through as it is."""
    with pytest.raises(InvalidValue, match="names no channel"), refuses("acknowledge.says"):
        Acknowledge(by="ben", word=Word(via=set(), text="Hello."))


def test_a_warning_is_found_on_an_outcome_and_on_a_decision() -> None:
    """What was done with a warning says so, on a desk and without one."""
    answer = RecordFollowUpAnswer(by="ben", solved=True, said=said(), something_else="a new card")
    desk = a_desk()
    case = a_case(Stage.RESOLVED, desk=desk)
    desk.now.to("+3 cd")
    outcome = desk.handle(case.id, answer)
    assert outcome == warns("follow-up.something-else", only=True)
    assert outcome.warnings == warns("follow-up.something-else")
    assert a_story(Stage.RESOLVED).wait(days=3).do(answer) == warns("follow-up.something-else")
    with pytest.raises(AssertionError) as failed:
        warns("contact.wishes").check(outcome)
    assert str(failed.value).splitlines()[:2] == [
        "wanted a warning by contact.wishes, but the warnings are:",
        "  rule                      field  why",
    ]
    with pytest.raises(AssertionError, match="nothing is warned about"):
        warns("contact.wishes").check(())


THERE = datetime(2026, 3, 5, 11, 10, tzinfo=UTC)


@pytest.mark.parametrize("at", [None, "2026-03-05 12:10", "2026-03-05T11:10:00Z", "+3 cd", THERE])
def test_a_step_is_on_the_agenda(at: str | datetime | None) -> None:
    """A step is found by its rule, at its instant however that is written, and with the person whose step it is."""
    desk = a_desk()
    a_case(Stage.RESOLVED, desk=desk)
    assert desk == agenda_has("follow-up.days", at=at, whom="ben")
    assert a_story(Stage.RESOLVED) == agenda_has("follow-up.days", at=at)
    assert desk != agenda_has("follow-up.days", at=at, whom="ana")
    assert desk != agenda_has("follow-up.weeks", at=at)


def test_an_agenda_without_the_step_is_shown() -> None:
    """Who looks for a step that is not there sees what is there, in local time."""
    with pytest.raises(AssertionError) as failed:
        agenda_has("follow-up.days", at="2026-03-06 09:00", whom="ben").check(a_story(Stage.RESOLVED))
    assert str(failed.value).splitlines() == [
        "wanted follow-up.days at Fri 2026-03-06 09:00 for ben on the agenda, but there is:",
        "  due                   rule            whose  what",
        "  Thu 2026-03-05 12:10  follow-up.days  ben    ask the customer whether it is really solved",
    ]


def test_steps_alone_are_compared_with_aware_instants() -> None:
    """A tuple of steps has no zone: there a local time would be a guess, and is refused."""
    desk = a_desk()
    a_case(desk=desk)
    steps: tuple[Step, ...] = desk.agenda()
    assert steps == agenda_has("acknowledge.immediately", at=MONDAY.add(hours=1))
    assert list(steps) != agenda_has("promise.tracked")
    with pytest.raises(TypeError, match="steps alone have no zone"):
        agenda_has("acknowledge.immediately", at="2026-03-02 11:00").check(steps)


@pytest.mark.parametrize(
    ("matcher", "value"),
    [
        (refuses("x"), 7),
        (warns("x"), [7]),
        (agenda_has("x"), "soon"),
        (agenda_has("x"), [Reason(rule="x", message="")]),
    ],
)
def test_a_value_it_cannot_look_at_is_no_mismatch(matcher: Matcher, value: object) -> None:
    """A test that compares the wrong thing is wrong itself, and must not pass with != either."""
    with pytest.raises(TypeError, match="give "):
        matcher.check(value)


def test_a_rule_that_is_not_there_is_named() -> None:
    """A slip in the id would make != hold for ever."""
    with pytest.raises(InvalidValue, match=r"Did you mean follow-up\.days"):
        agenda_has("follow-up.dayz").check(a_desk())


def test_a_matcher_needs_a_rule() -> None:
    """A matcher without a rule would hold for everything."""
    with pytest.raises(TypeError, match=r"refuses\(\) needs the id of a rule"):
        refuses()


def test_they_say_what_they_are() -> None:
    """In a message of another test runner a matcher reads as it was written."""
    assert repr(refuses("a", "b", only=True)) == "refuses('a', 'b', only=True)"
    assert repr(warns("a")) == "warns('a')"
    assert repr(agenda_has("a", at="+1 bd", whom="ben")) == "agenda_has('a', at='+1 bd', whom='ben')"


class InUnittest(unittest.TestCase):
    """The same without pytest."""

    def test_they_work_in_unittest(self) -> None:
        """Matchers are equal to what fits them, which is all that assertEqual asks."""
        desk, case_id = on_its_way()
        self.assertEqual(desk.why_not(case_id, AT_ONCE), refuses("follow-up.after-delivery"))  # noqa: PT009
        self.assertEqual(desk, agenda_has("resolve.delivered"))  # noqa: PT009
        with self.assertRaises(AssertionError) as failed:  # noqa: PT027
            self.assertEqual(desk, agenda_has("follow-up.days"))  # noqa: PT009
        self.assertIn("agenda_has('follow-up.days')", str(failed.exception))  # noqa: PT009
        with refuses("follow-up.other-channel"):
            desk.handle(case_id, FollowUp(by="ben", word=a_word("?", Channel.EMAIL)))
