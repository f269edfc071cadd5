"""A rehearsal: a script is played on a desk in memory, and what came of it reads as a table."""

from __future__ import annotations

import pytest

from recovery import Acknowledge, Channel, Desk, InvalidValue, Investigate, MemoryStore, Stage
from recovery.testing import Wrote, a_case, a_contact, a_desk, a_policy, a_word, refuses, simulate, until, wait
from recovery.testing.moments import MONDAY

HOLLOW = {"command": "acknowledge", "by": "ben", "word": {"via": ["email"], "text": "We have your message."}}


def test_a_script_is_played_and_told() -> None:
    """What happened, what was refused, what went out and what is next: all of it in one table, in the order it came."""
    told = simulate([a_contact(), wait("90 min"), HOLLOW, {**HOLLOW, "next_word_at": "+1 bd"}])
    lines = str(told).splitlines()
    assert [line for line in lines if "rang for" in line or "REFUSED" in line or "The customer was told" in line] == [
        "Mon 2026-03-02 11:00  case-1  recovery  acknowledge.immediately rang for ben.",
        "Mon 2026-03-02 11:30  case-1  ben       REFUSED acknowledge: acknowledge.says, it does not say when",
        "Mon 2026-03-02 11:30  case-1  ben       The customer was told who looks after them and when they",
    ]
    assert [(message.person or "customer", message.subject.split(" [")[0].split(":")[0]) for message in told.messages] == [
        ("ben", "Yours"),
        ("customer", "We have your message"),
        ("ben", "Due soon"),
        ("customer", "I am looking after your case"),
    ]
    assert "promise.tracked.next-word" in str(told)
    assert told.cases[0].stage is Stage.ACKNOWLEDGED


def test_everything_can_be_asked_for() -> None:
    """The value holds the timeline, the refusals with their reasons, and the agenda after each step."""
    told = simulate([a_contact(), HOLLOW, wait("1 bd")])
    assert told.kinds[0] == "case_opened"
    assert [one.reasons for one in told.refusals] == [refuses("acknowledge.says")]
    assert [look.at for look in told.looks] == [MONDAY, MONDAY, MONDAY.add(days=1)]
    assert told.looks[0].agenda[0].rule == "acknowledge.immediately"
    assert told.agenda == told.desk.agenda()
    assert len(told.timeline) + len(told.refusals) == len(told.happened)


def test_a_script_without_a_contact_begins_with_a_complaint() -> None:
    """Whoever rehearses a ladder need not write the letter."""
    told = simulate([wait("1 bd")])
    assert told.kinds.count("alarm_rung") == 3
    first = simulate([{"came_in": {"channel": "phone", "text": "It broke."}, "owner": "ana"}])
    assert [case.in_tray for case in first.cases] == [True]
    assert first.cases[0].owner == "ana"


def test_nobody_works_where_the_script_says_so() -> None:
    """An outage rings nothing; the worker who comes back tells everybody once."""
    told = simulate([a_contact(), until("2026-03-06 10:00", worked=False), wait("0 h")])
    rung = [entry.recorded_at for entry in told.timeline if entry.kind == "alarm_rung"]
    assert rung
    assert set(rung) == {MONDAY.add(days=4)}


def test_a_case_that_is_there_goes_on() -> None:
    """A script may begin where a case stands; what was before is not told again."""
    desk = a_desk()
    case = a_case(Stage.ACKNOWLEDGED, desk=desk)
    told = simulate([Investigate(by="ben"), Wrote("And?")], desk=desk, case=case.id)
    assert told.kinds[:2] == ("investigation_started", "contact_joined")
    assert told.desk is desk


def test_several_cases_are_told_together() -> None:
    """Each contact of somebody else opens a case, and the table says which case a line is about."""
    other = a_contact("The pump leaks.", MONDAY, channel=Channel.PHONE, message_id="m-2")
    told = simulate([a_contact(), other, wait("1 h")], policy=a_policy())
    assert {entry.case_id for entry in told.timeline} == {case.id for case in told.cases}


def test_a_batch_is_one_step() -> None:
    """Several commands stand or fall together, as on a desk."""
    good = Acknowledge(by="ben", word=a_word(), next_word_at=MONDAY.add(days=1))
    assert simulate([a_contact(), (good, Investigate(by="ben"))]).cases[0].stage is Stage.INVESTIGATING
    assert simulate([a_contact(), (good, good)]).cases[0].stage is Stage.RECEIVED


def test_a_desk_whose_time_runs_is_refused() -> None:
    """Time that cannot be moved cannot be rehearsed, and a desk without a case needs a contact."""
    with pytest.raises(InvalidValue, match="runs by itself"):
        simulate([wait("1 h")], desk=Desk(store=MemoryStore(), policy=a_policy()))
    with pytest.raises(InvalidValue, match="is of type int"):
        simulate([7])
