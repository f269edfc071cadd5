"""The laws of the design, as random walks of one case: whatever happens to it, these hold after every step."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, timedelta, timezone
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pendulum import DateTime

from recovery.core.calendar import office_hours
from recovery.core.case import Case
from recovery.core.clock import MARKS
from recovery.core.decide import Decision, agenda, clocks, decide, permitted, why_not
from recovery.core.errors import Reason, Refused, Strength
from recovery.core.fold import fold
from recovery.core.policy import Policy
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.values import ERASED, later, redact
from recovery.core.vocabulary.common import Command, Customer, Recorded
from recovery.core.vocabulary.receiving import MovePolicy, OpenCase, Receive, ReportDelivery, Wake, Warned
from strategies import PERSONAL, adoptions, batches, commands, contexts, openings, waits
from support import MONDAY, POLICY, Story, a_contact, at_stage

STEPS = 20


OURS = attrs.evolve(POLICY, overridable=frozenset({"acknowledge.says"}))
LONGER = attrs.evolve(OURS, calendar=office_hours("Europe/Berlin", closes="20:00"))
"""The clocks a case is moved to, and back from."""


@cache
def _told(stage: Stage) -> Story:
    return at_stage(stage, OURS)


@attrs.define
class Walk:
    """One case on its way: its events, the present instant, and whatever it opened."""

    policy: Policy
    now: DateTime
    context: Context
    case: Case
    events: list[Recorded]

    @classmethod
    def begins(cls, data: st.DataObject) -> Walk:
        """Return a walk whose case has just been opened or adopted, or has come to some stage the usual way."""
        context = data.draw(contexts(0))
        stage = data.draw(st.sampled_from((None, None, *Stage)))
        if stage is not None:
            told = _told(stage)
            return cls(OURS, told.now, context, told.told, list(told.events))
        now = later(MONDAY, data.draw(waits))
        opening = data.draw(st.one_of(openings("case-1", now), adoptions("case-1", now)))
        decision = decide(None, opening, policy=OURS, now=now, context=context)
        return cls(OURS, now, context, decision.case, list(decision.events))

    def attempt(self, *commands: Command) -> Decision | Refused:
        """Decide, and take the step if it is not refused."""
        try:
            decision = self.peek(*commands)
        except Refused as refused:
            return refused
        self.policy = self.under(commands)
        self.case = decision.case
        self.events += decision.events
        return decision

    def peek(self, *commands: Command, case: Case | None = None) -> Decision:
        """Decide, and take no step."""
        return decide(case or self.case, *commands, policy=self.under(commands), now=self.now, context=self.context)

    def under(self, commands: Iterable[Command]) -> Policy:
        """Return the policy to decide under: that of the case, unless it is moved to another."""
        moved = any(isinstance(command, MovePolicy) for command in commands)
        return (LONGER if self.policy is OURS else OURS) if moved else self.policy

    def walk(self, data: st.DataObject, steps: int = STEPS) -> Iterable[tuple[tuple[Command, ...], Decision | Refused]]:
        """Yield step after step: what was tried, and what came of it."""
        for number in range(data.draw(st.integers(1, steps))):
            self.now = later(self.now, data.draw(waits))
            self.context = data.draw(contexts(number + 1))
            tried = data.draw(batches(self.case, self.now))
            yield tried, self.attempt(*tried)


EXAMPLES = settings().max_examples
HEALTH = (HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow)
walks = settings(suppress_health_check=HEALTH, max_examples=EXAMPLES // 2)


@walks
@given(data=st.data())
def test_a_case_is_always_the_fold_of_its_events(data: st.DataObject) -> None:
    """After every step the case is what its events say, numbered from one without a gap, and time of record never runs back."""
    walk = Walk.begins(data)
    for _ in walk.walk(data):
        assert fold(walk.events) == walk.case
        assert [recorded.seq for recorded in walk.events] == list(range(1, walk.case.version + 1))
        assert all(before.recorded_at <= after.recorded_at for before, after in pairwise(walk.events))


@walks
@given(data=st.data())
def test_a_refusal_changes_nothing_and_is_foretold(data: st.DataObject) -> None:
    """What is refused leaves the case as it was, and ``why_not`` says beforehand exactly what the refusal says."""
    walk = Walk.begins(data)
    for _ in range(data.draw(st.integers(1, STEPS))):
        walk.now = later(walk.now, data.draw(waits))
        tried = data.draw(batches(walk.case, walk.now))
        told = why_not(walk.case, *tried, policy=walk.under(tried), now=walk.now, context=walk.context)
        before, count = walk.case, len(walk.events)
        copied = fold(walk.events)
        came = walk.attempt(*tried)
        if isinstance(came, Refused):
            assert told == came.reasons != ()
            assert all(reason.strength is Strength.MUST and reason.message for reason in told)
            assert walk.case is before == copied
            assert len(walk.events) == count
        else:
            assert told == ()


@walks
@given(data=st.data())
def test_a_report_is_never_refused(data: st.DataObject) -> None:
    """Whatever is reported, at whatever stage, is kept: it is never refused, and never without an entry unless it was there."""
    walk = Walk.begins(data)
    for tried, came in walk.walk(data):
        if all(command.is_report for command in tried):
            assert not isinstance(came, Refused), (tried, came)
        if isinstance(came, Refused):
            assert not tried[came.index].is_report


@walks
@given(data=st.data())
def test_no_case_is_ever_forgotten(data: st.DataObject) -> None:
    """Every open case, every contact in the tray and every ended case that owes something has an owner, a step and a next look."""
    walk = Walk.begins(data)
    for _, came in walk.walk(data):
        steps = agenda(walk.case, walk.policy)
        if isinstance(came, Decision):
            assert came.wake_at == next((step.wake_at for step in steps), None)
        if walk.case.stage not in (Stage.CLOSED, Stage.FOLLOWED_UP_WEEKS) or steps:
            assert walk.case.owner
            assert steps[0].wake_at is not None
            assert all(step.whom and step.what and step.rule for step in steps)
            assert [step for step in steps if step.due_at is None and step.left is None] == []
        assert {task.id for task in walk.case.receiving.tasks} <= {step.key for step in steps}


@walks
@given(data=st.data())
def test_looking_twice_at_one_instant_changes_nothing_the_second_time(data: st.DataObject) -> None:
    """The worker's second look at an instant finds nothing to ring, and the next look lies ahead."""
    walk = Walk.begins(data)
    for _ in walk.walk(data):
        first = walk.attempt(Wake())
        assert isinstance(first, Decision)
        assert first.wake_at is None or first.wake_at > max(walk.now, walk.case.recorded_at)
        second = walk.peek(Wake())
        assert second.events == ()
        assert second.messages == ()
        assert second.case == walk.case


@walks
@given(data=st.data())
def test_what_comes_twice_is_entered_once(data: st.DataObject) -> None:
    """The same contact and the same delivery report, taken a second time, leave no entry; the case does not change."""
    walk = Walk.begins(data)
    for tried, came in walk.walk(data):
        last = tried[-1]
        if isinstance(came, Refused) or not isinstance(last, (Receive, ReportDelivery)):
            continue
        known = isinstance(last, Receive) or any(out.id == last.message_id for out in walk.case.receiving.outgoing)
        joined = isinstance(last, ReportDelivery) or not any(
            type(entry.event).__name__ == "LinkedCaseOpened" for entry in came.events
        )
        if known and joined:
            again = walk.peek(last)
            assert again.events == ()
            assert again.case == walk.case


@walks
@given(data=st.data())
def test_erasing_commutes_with_folding_and_changes_no_answer(data: st.DataObject) -> None:
    """A case folded from erased events is the erased case; on it every rule answers as before, and the agenda is the same."""
    walk = Walk.begins(data)
    for _ in walk.walk(data):
        pass
    erased = redact(walk.case)
    assert fold(tuple(redact(recorded) for recorded in walk.events)) == erased
    assert not any(PERSONAL in text for text in _texts(erased))
    walk.now = later(walk.now, data.draw(waits))
    assert _dated(agenda(erased, walk.policy)) == _dated(agenda(walk.case, walk.policy))
    assert clocks(erased, walk.policy, walk.now) == clocks(walk.case, walk.policy, walk.now)
    assert _rules(permitted(erased, policy=walk.policy, now=walk.now)) == _rules(
        permitted(walk.case, policy=walk.policy, now=walk.now)
    )
    tried = data.draw(batches(walk.case, walk.now))
    assert _answer(walk, walk.case, tried) == _answer(walk, erased, tried)


def _answer(walk: Walk, case: Case, tried: tuple[Command, ...]) -> object:
    """Return what rules say to ``tried``: the reasons of the refusal, or the kinds of entries and the warnings."""
    try:
        decision = walk.peek(*tried, case=case)
    except Refused as refused:
        return [(reason.rule, reason.field, reason.message) for reason in refused.reasons]
    warned = [
        (reason.rule, reason.field)
        for entry in decision.events
        if isinstance(entry.event, Warned)
        for reason in entry.event.reasons
    ]
    return [type(entry.event).__name__ for entry in decision.events], warned, decision.wake_at, decision.case.stage


def _rules(found: Mapping[str, tuple[Reason, ...]]) -> list[tuple[str, list[str]]]:
    return [(kind, [reason.rule for reason in reasons]) for kind, reasons in found.items()]


def _dated(steps: Iterable[object]) -> list[object]:
    return [attrs.evolve(step, what="") for step in steps]  # type: ignore[misc]


def _fields(value: object) -> list[str]:
    return [f.name for f in attrs.fields(cast(type[attrs.AttrsInstance], type(value)))]


def _texts(value: object) -> Iterable[str]:
    """Yield every text in ``value``, however deep."""
    if isinstance(value, str):
        yield value
    elif attrs.has(type(value)):
        for name in _fields(value):
            yield from _texts(getattr(value, name))
    elif isinstance(value, dict):
        yield from _texts(tuple(value.items()))
    elif isinstance(value, (tuple, frozenset, list)):
        for member in value:
            yield from _texts(member)


@walks
@given(data=st.data())
def test_nothing_personal_shows_in_a_repr(data: st.DataObject) -> None:
    """No command, event, decision, message, refusal or case shows a word of a person when it is printed."""
    walk = Walk.begins(data)
    for tried, came in walk.walk(data):
        shown = [repr(tried), repr(came), str(came), repr(walk.case), repr(agenda(walk.case, walk.policy))]
        shown += [repr(recorded) for recorded in walk.events]
        assert not any(PERSONAL in text for text in shown)


@walks
@given(data=st.data())
def test_events_leave_only_marks_that_a_policy_may_name(data: st.DataObject) -> None:
    """Every mark on a case is one of the marks that clocks may start and stop on, and marks stand in the order of their numbers."""
    walk = Walk.begins(data)
    for _ in walk.walk(data):
        assert {mark.name for mark in walk.case.marks} <= MARKS
        numbers = [mark.seq for mark in walk.case.marks]
        assert numbers == sorted(numbers)


@walks
@given(data=st.data())
def test_no_alarm_rings_twice_and_nobody_is_told_twice(data: st.DataObject) -> None:
    """One look tells one person one thing at most once, in one message, and writes to the customer at most once on a channel."""
    walk = Walk.begins(data)
    for _ in walk.walk(data):
        came = walk.attempt(Wake())
        assert isinstance(came, Decision)
        readers = [(message.person, message.channel) for message in came.messages]
        assert len(set(readers)) == len(readers)
        for message in came.messages:
            said = [
                (saying.values.get("rule"), saying.values.get("key")) for saying in message.sayings if saying.values.get("rule")
            ]
            assert len(set(said)) == len(said)


# ---------------------------------------------------------------- law 7: time


ZONES = (UTC, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/St_Johns"), timezone(timedelta(hours=-11)))


def _in_zone(value: object, zone: timezone | ZoneInfo) -> object:
    """Return ``value`` with every instant in it told in another zone, as plain datetimes."""
    if isinstance(value, DateTime):
        return value.astimezone(zone)
    if isinstance(value, tuple):
        return tuple(_in_zone(member, zone) for member in value)
    if attrs.has(type(value)):
        return type(value)(**{name: _in_zone(getattr(value, name), zone) for name in _fields(value)})
    return value


@walks
@given(data=st.data(), zone=st.sampled_from(ZONES))
def test_the_zone_an_instant_is_told_in_does_not_matter(data: st.DataObject, zone: timezone | ZoneInfo) -> None:
    """The same instants, told in any zone, lead to the same case, the same agenda and the same readings."""
    walk = Walk.begins(data)
    for _ in range(data.draw(st.integers(1, STEPS))):
        walk.now = later(walk.now, data.draw(waits))
        command = data.draw(commands(walk.case, walk.now))
        told = _in_zone(command, zone)
        assert isinstance(told, Command)
        assert told == command
        before = walk.case
        came = walk.attempt(command)
        if isinstance(came, Decision):
            elsewhere = decide(before, told, policy=walk.policy, now=walk.now.astimezone(zone), context=walk.context)
            assert elsewhere == came
    assert agenda(walk.case, walk.policy) == agenda(fold(walk.events), walk.policy)


@walks
@given(data=st.data())
def test_reading_order_does_not_matter(data: st.DataObject) -> None:
    """Looking at agenda and clocks, in any order and any number of times, changes neither of them nor the next decision."""
    walk = Walk.begins(data)
    for _ in walk.walk(data):
        pass
    walk.now = later(walk.now, data.draw(waits))
    looks: list[Callable[[], object]] = [
        lambda: agenda(walk.case, walk.policy),
        lambda: clocks(walk.case, walk.policy, walk.now),
        lambda: walk.peek(Wake()),
    ]
    order = data.draw(st.permutations(range(3)))
    first = {place: looks[place]() for place in order}
    assert [looks[place]() for place in range(3)] == [first[place] for place in range(3)]


STORY = """
from support import POLICY, at_stage
from recovery.core.decide import agenda, clocks
from recovery.core.stages import Stage
for stage in Stage:
    story = at_stage(stage).wait(days=9)
    story.wake()
    print([(step.run, str(step.due_at), str(step.wake_at)) for step in agenda(story.told, POLICY)])
    print([(read.clock, read.outcome, str(read.due_at), str(read.left)) for read in clocks(story.told, POLICY, story.now)])
"""


def test_the_zone_of_the_process_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process in another zone computes the same due instants, wake instants and readings, to the second."""
    here = Path(__file__).parents[1]
    path = os.pathsep.join([str(here), str(here.parent / "src"), *sys.path])
    told = set()
    for zone in ("UTC", "Pacific/Kiritimati", "America/New_York"):
        monkeypatch.setenv("TZ", zone)
        monkeypatch.setenv("PYTHONPATH", path)
        done = subprocess.run([sys.executable, "-c", STORY], capture_output=True, text=True, check=True)
        assert "contact.keep-informed" in done.stdout
        told.add(done.stdout)
    assert len(told) == 1


def test_the_zone_of_the_process_may_even_change_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is moved to another zone between two decisions computes the same agenda."""
    walk: list[object] = []
    for zone in ("UTC", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        decision = decide(None, OpenCase(case_id="case-1", reference="R1", contact=a_contact()), policy=POLICY, now=MONDAY)
        walk.append(agenda(decision.case, POLICY))
    monkeypatch.undo()
    time.tzset()
    assert walk[0] == walk[1] != ()


def test_erased_text_keeps_its_presence() -> None:
    """Erasing leaves a marker where there was text, and nothing where there was none."""
    assert redact(Customer(name="Bo Lind")).name == ERASED
    assert redact(Customer(name="")).name == ""
    assert redact(Customer()).name is None
