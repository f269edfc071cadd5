"""The agenda: every dated step, the soonest first, with somebody for each of them; computed and never kept."""

from __future__ import annotations

from itertools import pairwise

import attrs
import pytest

from recovery.core.agenda import Outcome, pauses, runs
from recovery.core.clock import IDLE, Clock, Length, Rung, Unit, Whom
from recovery.core.decide import agenda, clocks
from recovery.core.errors import InvalidValue
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Address, Channel, Command, Mark, Word
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Ask, MakePromise, RecordDeferral
from recovery.core.vocabulary.receiving import AlarmRung, Delivery, RecordWish, ReportDelivery, SetTask, Wish, WishKind
from support import BO, EMAIL, MONDAY, POLICY, Story, a_contact, at_stage, by_mail, said, step_of, tasks


def mark(name: str, seq: int, key: str = "", **fields: object) -> Mark:
    """Return a mark as old as its number in minutes."""
    return Mark(**{"name": name, "at": MONDAY.add(minutes=seq), "seq": seq, "key": key, **fields})  # type: ignore[arg-type]


PLAIN = Clock(id="c", rule="r", what="do it", starts=("asked",), stops=("replied",), length=Length(1, Unit.HOURS))


@pytest.mark.parametrize("stage", list(Stage))
def test_steps_come_soonest_first(stage: Stage) -> None:
    """The step that wakes soonest stands first; steps that wake at no known instant stand last."""
    story = at_stage(stage)
    story.do(SetTask(by="ana", what="write it down"))
    wakes = [step.wake_at for step in agenda(story.told, POLICY)]
    dated = [at for at in wakes if at is not None]
    assert wakes[: len(dated)] == dated
    assert all(before <= after for before, after in pairwise(dated))


def test_paused_steps_stand_last_and_still_say_what_is_left() -> None:
    """A step that waits for the customer is shown, behind every dated one, with what is left of it."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(Ask(by="ana", word=by_mail(), question="Which engine?"))
    last = agenda(story.told, POLICY)[-1]
    assert (last.clock, last.due_at, last.wake_at) == ("propose.in-time", None, None)
    assert last.left is not None


def test_a_step_says_whose_it_is_and_what_to_do() -> None:
    """Each step names its case, its rule, the person and what to do; a task and an owed call say it in their own words."""
    story = at_stage(Stage.ACKNOWLEDGED)
    story.do(SetTask(by="ana", what="order the part", owner="ben", due_at=MONDAY.add(days=2)))
    story.do(Ask(by="ana", word=Word(via=frozenset({Channel.PHONE}), text="I will call."), question="Which engine?"))
    steps = agenda(story.told, POLICY)
    assert {step.case_id for step in steps} == {"case-1"}
    found = {(step.what, step.whom) for step in steps if step.clock == IDLE}
    assert found == {("order the part", "ben"), ("get in touch by phone: question asked", "ana")}
    assert ("give the customer a word, news or no news", "ana") in {(step.what, step.whom) for step in steps}


def test_where_no_clock_runs_the_case_itself_wakes() -> None:
    """An open case on which nothing runs is looked at one business day after its last entry, again and again, by its owner."""
    story = Story.begins(policy=attrs.evolve(POLICY, clocks=tuple(_without_clocks())))
    story.deliver()
    (step,) = agenda(story.told, story.policy)
    assert (step.clock, step.rule, step.whom, step.what) == (IDLE, IDLE, "ana", "decide what happens next")
    assert step.due_at == step.wake_at == MONDAY.add(days=1)
    story.wait(days=1)
    decision = story.wake()
    assert [type(entry.event) for entry in decision.events[:1]] == [AlarmRung]
    assert [message.person for message in decision.messages] == ["ana"]
    assert "decide what happens next" in decision.messages[0].sayings[0].values["what"]
    assert step_of(story, IDLE).wake_at == MONDAY.add(days=2)


def _without_clocks() -> list[Clock]:
    return [
        clock for clock in POLICY.clocks if clock.id in (IDLE, "owner.named", "owner.handover", "contact.logged", "contact.wishes")
    ]


def test_a_case_whose_clocks_all_stand_still_wakes_all_the_same() -> None:
    """Where every clock waits for the customer, somebody looks at the case one business day after its last entry."""
    keep = [*_without_clocks(), *(clock for clock in POLICY.clocks if clock.id == "propose.in-time")]
    story = Story.begins(policy=attrs.evolve(POLICY, clocks=tuple(keep))).deliver()
    story.do(Ask(by="ana", word=by_mail(), question="Which engine?"))
    assert [step.clock for step in agenda(story.told, story.policy)] == [IDLE, "propose.in-time"]


def test_a_silenced_case_still_wakes() -> None:
    """A customer who wants no contact silences the clocks about contact; the case still has a step and a date."""
    story = at_stage(Stage.ACKNOWLEDGED)
    story.do(RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Leave me alone.")))
    steps = agenda(story.told, POLICY)
    assert "contact.keep-informed" not in {step.clock for step in steps}
    assert steps[0].wake_at is not None


def test_an_ended_case_keeps_what_it_owes_and_nothing_else() -> None:
    """On a case that is over only promises, tasks and owed answers stay on the agenda; without them it is empty."""
    story = at_stage(Stage.INVESTIGATING)
    story.do(MakePromise(by="ana", what="We send the bill.", due_at=MONDAY.add(days=2)), SetTask(by="ana", what="send the bill"))
    story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert {step.clock for step in agenda(story.told, POLICY)} == {"promise.tracked", IDLE}
    assert all(step.whom == "ana" and step.wake_at for step in agenda(story.told, POLICY))
    assert agenda(at_stage(Stage.CLOSED).told, POLICY) == ()


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSED and stage is not Stage.FOLLOWED_UP_WEEKS])
def test_every_open_stage_has_a_next_step(stage: Stage) -> None:
    """At every open stage there is a step with an owner, a date and an instant to look again."""
    steps = agenda(at_stage(stage).told, POLICY)
    assert steps[0].wake_at is not None
    assert all(step.whom for step in steps)


def test_a_decision_says_when_to_look_again() -> None:
    """``wake_at`` of a decision is that of the first step, and nothing where nothing is owed."""
    story = Story.begins()
    decision = story.wake()
    assert decision.wake_at == agenda(story.told, POLICY)[0].wake_at
    assert at_stage(Stage.CLOSED).wake().wake_at is None


def test_two_ticks_at_one_instant_ring_once() -> None:
    """A second tick at the same instant finds nothing due; one a minute before the rung finds nothing either."""
    story = Story.begins().deliver()
    story.wait(minutes=59)
    assert story.wake().events == ()
    story.wait(minutes=1)
    assert [type(entry.event).__name__ for entry in story.wake().events] == ["AlarmRung", "MessagePrepared"]
    assert story.wake().events == ()


def test_one_tick_tells_one_person_everything_in_one_message() -> None:
    """Rungs of several clocks that tell one person at one instant make one message, with the most urgent word on each matter."""
    story = Story.begins().deliver().wait(days=35)
    decision = story.wake()
    readers = [message.person for message in decision.messages]
    assert sorted(readers, key=str) == ["ana", "cleo"]
    ana = next(message for message in decision.messages if message.person == "ana")
    assert {saying.values["rule"]: saying.template for saying in ana.sayings} == {
        "acknowledge.immediately": "escalation",
        "contact.keep-informed": "escalation",
        "propose.in-time": "escalation",
        "resolve.whole-case": "escalation",
    }


# ---------------------------------------------------------------- runs


def test_runs_of_one_clock_are_told_apart_by_their_keys() -> None:
    """Two questions are two runs: an answer stops its own, an answer without a key stops all."""
    marks = [mark("asked", 1, "a"), mark("asked", 2, "b"), mark("replied", 3, "a")]
    first, second = runs(PLAIN, marks)
    assert (first.stopped, second.stopped) == (marks[2], None)
    assert (first.id, second.id) == ("c/1/a", "c/2/b")
    assert all(run.over for run in runs(PLAIN, [*marks, mark("replied", 4)]))


def test_a_clock_that_runs_is_not_started_again() -> None:
    """A second start while a run is open is no run of its own; after the stop it is."""
    assert [run.started.seq for run in runs(PLAIN, [mark("asked", 1), mark("asked", 2)])] == [1]
    assert [run.started.seq for run in runs(PLAIN, [mark("asked", 1), mark("replied", 2), mark("asked", 3)])] == [1, 3]


def test_a_repeating_clock_begins_again_at_each_stop_and_not_at_its_end() -> None:
    """A pace is kept by beginning anew at each word; what ends the clock begins nothing."""
    pace = attrs.evolve(PLAIN, repeats=True)
    assert [run.started.seq for run in runs(pace, [mark("asked", 1), mark("replied", 2), mark("replied", 5)])] == [1, 2, 5]
    assert [run.started.seq for run in runs(pace, [mark("asked", 1), mark("closed", 2), mark("replied", 5)])] == [1]


def test_a_clock_goes_on_after_each_stop_only_if_it_says_so() -> None:
    """A clock that continues has one run with gaps; a gap never runs backwards."""
    whole = attrs.evolve(PLAIN, continues=("reopened",))
    (run,) = runs(whole, [mark("asked", 1), mark("replied", 20), mark("reopened", 30), mark("replied", 40), mark("reopened", 35)])
    assert run.gaps == (
        (MONDAY.add(minutes=20), MONDAY.add(minutes=30)),
        (MONDAY.add(minutes=40), MONDAY.add(minutes=40)),
    )
    assert not run.over
    assert runs(whole, [mark("reopened", 3)]) == []
    (ended,) = runs(whole, [mark("asked", 1), mark("closed", 20), mark("reopened", 30)])
    assert (ended.gaps, ended.ended) == (((MONDAY.add(minutes=20), MONDAY.add(minutes=30)),), None)


def test_a_clock_may_wait_for_a_mark_before_it_shows() -> None:
    """A clock that comes after something is armed only once that has come since its start."""
    armed = attrs.evolve(PLAIN, after=("resolved",))
    assert [run.armed for run in runs(armed, [mark("resolved", 1), mark("asked", 2)])] == [False]
    assert [run.armed for run in runs(armed, [mark("asked", 2), mark("resolved", 3)])] == [True]


def test_waits_for_the_customer_merge() -> None:
    """Waits that overlap are one; one that is open swallows every later one; an answer nobody asked for is none."""
    story = at_stage(Stage.INVESTIGATING)
    base = story.told

    def waits(*marks: Mark) -> list[tuple[float, float | None]]:
        found = pauses(attrs.evolve(base, marks=marks))
        return [((start - MONDAY).total_minutes(), None if end is None else (end - MONDAY).total_minutes()) for start, end in found]

    def until(minutes: int) -> object:
        return MONDAY.add(minutes=minutes)

    assert waits() == []
    assert waits(mark("replied", 3, "a")) == []
    assert waits(mark("asked", 1, "a"), mark("asked", 2, "b"), mark("replied", 3, "a"), mark("replied", 9, "b")) == [(1, 9)]
    assert waits(mark("asked", 1, "a"), mark("replied", 3, "a"), mark("asked", 5, "a"), mark("replied", 9, "a")) == [(1, 3), (5, 9)]
    assert waits(mark("asked", 1, "a"), mark("deferred", 2, until=until(5))) == [(1, None)]
    assert waits(mark("deferred", 2, until=until(50)), mark("asked", 5, "a")) == [(2, None)]
    assert waits(mark("deferred", 2, until=until(50)), mark("deferred", 3, until=until(9))) == [(2, 50)]
    assert waits(mark("asked", 1, "a"), mark("closed", 4)) == [(1, 4)]


# ---------------------------------------------------------------- readings


def test_readings_come_in_the_order_the_clocks_started() -> None:
    """Every run of every clock is read, earlier rounds included, in the order they started."""
    story = at_stage(Stage.FOLLOWED_UP_WEEKS)
    found = clocks(story.told, POLICY, story.now)
    assert [reading.clock for reading in found if reading.outcome is Outcome.MISSED] == []
    assert {reading.clock for reading in found} >= {
        "contact.receipt",
        "acknowledge.immediately",
        "follow-up.days",
        "follow-up.weeks",
    }
    seqs = [reading.started_at for reading in found if reading.clock == "contact.keep-informed"]
    assert seqs == sorted(seqs)


def test_readings_need_an_instant_with_a_zone() -> None:
    """An instant without a zone is refused with the way out, for readings as for decisions."""
    with pytest.raises(InvalidValue, match="no time zone"):
        clocks(at_stage(Stage.RECEIVED).told, POLICY, MONDAY.naive())


def test_what_is_left_counts_opening_hours_for_clocks_in_business_time() -> None:
    """Of a clock in business time the opening hours are left, of any other the elapsed time, and after it is due nothing."""
    story = Story.begins().deliver()
    left = {reading.clock: reading.left for reading in clocks(story.told, POLICY, story.now) if reading.outcome is Outcome.OPEN}
    assert left["acknowledge.immediately"] is not None
    assert left["acknowledge.immediately"].total_seconds() == 3600
    assert left["contact.keep-informed"] is not None
    assert left["contact.keep-informed"].total_seconds() == 3 * 8 * 3600
    whole = left["resolve.whole-case"]
    assert whole is not None
    assert whole.total_seconds() == 30 * 24 * 3600 - 3600  # the clocks go forward on 29 March


def test_a_deferral_of_the_customer_lengthens_only_what_may_pause() -> None:
    """A date the customer named moves the proposal and leaves the next word where it was."""
    story = at_stage(Stage.INVESTIGATING)
    before = {step.clock: step.due_at for step in agenda(story.told, POLICY)}
    story.do(RecordDeferral(by="ana", until=story.now.add(days=7), said=said("Next week.")))
    after = {step.clock: step.due_at for step in agenda(story.told, POLICY)}
    assert {clock for clock in before if before[clock] != after[clock]} == {"propose.in-time"}


def test_a_step_does_not_show_the_words_of_people_in_logs() -> None:
    """The words of a task are on the step and not in its repr."""
    story = at_stage(Stage.ACKNOWLEDGED)
    story.do(SetTask(by="ana", what="ring Mrs Lind's mother"))
    step = step_of(story, IDLE)
    assert step.what == "ring Mrs Lind's mother"
    assert "Lind" not in repr(step)


# ---------------------------------------------------------------- ringing


def test_a_rung_of_the_library_itself_without_a_lapse_passes_nothing_on() -> None:
    """A follow-up that falls due for a customer who may be contacted rings for the library first and passes nothing on."""
    story = at_stage(Stage.RESOLVED).wait(days=3)
    story.wake()
    assert story.told.stage is Stage.RESOLVED
    assert step_of(story, "follow-up.days").index == 3


def test_a_clock_of_ones_own_may_ring_for_nobody_in_between() -> None:
    """A rung for nobody on a clock that passes nothing on is only an entry in the history."""
    ladder = (Rung(when=Length(0, Unit.HOURS), whom=Whom.NOBODY), Rung(when=Length(1, Unit.HOURS), whom=Whom.OWNER))
    mine = attrs.evolve(PLAIN, id="mine", rule="mine", starts=("received",), stops=("resolved",), ladder=ladder)
    story = Story.begins(policy=attrs.evolve(POLICY, clocks=(*_without_clocks(), mine))).deliver().wait(hours=1)
    decision = story.wake()
    assert [type(entry.event).__name__ for entry in decision.events] == ["AlarmRung"]
    assert step_of(story, "mine").wake_at == MONDAY.add(hours=2)


def test_a_lapse_that_has_nothing_to_pass_on_changes_nothing() -> None:
    """After too few tries the library passes nothing: the follow-up stays open, and people are told to try again."""
    story = at_stage(Stage.RESOLVED).wait(days=3)
    story.do(_try(story))
    story.wait(days=5)
    story.wake()
    assert story.told.stage is Stage.RESOLVED
    assert story.told.following_up.days is None


def _try(story: Story) -> Command:
    return FollowUp(by="ana", word=Word(via=frozenset({Channel.PHONE}), said_at=story.now, reached=False))


def test_a_ladder_that_ends_with_the_library_and_passes_nothing_leaves_the_step_in_sight() -> None:
    """Where the last rung is the library's own and passes nothing on, the step stays, undated, and the case still wakes."""
    ladder = (Rung(when=Length(0, Unit.HOURS), whom=Whom.NOBODY),)
    changed = tuple(attrs.evolve(clock, ladder=ladder) if clock.id == "follow-up.unreachable" else clock for clock in POLICY.clocks)
    story = at_stage(Stage.RESOLVED, attrs.evolve(POLICY, clocks=changed)).wait(days=3)
    story.do(_try(story))
    story.wait(days=5).wake()
    step = step_of(story, "follow-up.unreachable")
    assert (step.wake_at, step.due_at is None) == (None, False)
    assert agenda(story.told, story.policy)[0].wake_at is not None


def test_a_follow_up_tried_after_it_was_passed_starts_no_wait() -> None:
    """A call that is tried after its follow-up is over is on record, starts no clock and cannot break a tick."""
    story = at_stage(Stage.FOLLOWED_UP_DAYS).wait(days=18)
    story.do(_follow_up_by_phone())
    call = story.told.receiving.outgoing[-1]
    story.do(_solved())
    assert story.told.stage is Stage.FOLLOWED_UP_WEEKS
    for _ in range(4):
        story.wait(days=2).do(ReportDelivery(message_id=call.id, delivery=Delivery.NOT_REACHED))
    assert all(step.clock != "follow-up.unreachable" for step in agenda(story.told, POLICY))
    story.wait(days=30)
    story.wake()
    assert story.told.stage is Stage.FOLLOWED_UP_WEEKS


def _follow_up_by_phone() -> Command:
    return FollowUp(by="ana", word=Word(via=frozenset({Channel.PHONE}), text="I call."))


def _solved() -> Command:
    return RecordFollowUpAnswer(by="ana", solved=True, said=said("It works."))


def test_a_chase_prefers_another_channel_than_the_last() -> None:
    """The second chase goes by another channel, where the customer has one that software can write to."""
    customer = attrs.evolve(BO, addresses=(EMAIL, Address(channel=Channel.SMS, value="+49 170 1")))
    story = Story.begins(a_contact(sender=customer)).deliver()
    story.do(Acknowledge(by="ana", word=by_mail(), next_word_at=MONDAY.add(days=60)))
    story.do(Ask(by="ana", word=by_mail(), question="Which engine?"))
    story.deliver()
    channels = []
    for _ in range(60):
        decision = story.wake()
        channels += [(s.template, m.channel) for m in decision.messages for s in m.sayings if s.template.startswith("chase")]
        assert decision.wake_at is not None
        story.now = decision.wake_at
    assert channels == [("chase", Channel.EMAIL), ("chase_again", Channel.SMS)]


def test_tasks_of_the_library_name_the_rule_they_serve() -> None:
    """A step the library sets carries the rule it serves, and that is the rule of the step on the agenda."""
    story = Story.begins(a_contact(sender=attrs.evolve(a_contact().sender, addresses=())))
    assert tasks(story) == [("contact.logged", "find out how the customer can be reached")]
    assert step_of(story, IDLE).rule == "contact.logged"
