"""The clock of a machine is wrong, at times by an hour or a day: nothing rings twice, nothing is skipped, and the story ends."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from faults.five_weeks import CASE, FINAL, POLICY, SCENES, Stage
from recovery.core.values import instant, later
from recovery.core.vocabulary.receiving.events import AlarmRung
from recovery.notifiers import RecordingNotifier
from recovery.stores.memory import MemoryStore
from recovery.testing import FrozenNow
from recovery.testing.simulator import Witness, watched


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=1), timedelta(days=-1)], ids=str)
@pytest.mark.parametrize("every", [1, 3])
def test_a_clock_that_jumps_rings_nothing_twice(jump: timedelta, every: int) -> None:
    """After a scene the clock jumps, the workers look, and it jumps back: each alarm rings once, and the cases end as ever."""
    store, now = MemoryStore(), FrozenNow(SCENES[0].when)
    witness, notifier = Witness(store=store), RecordingNotifier(now=now)
    stage = Stage(store=watched(store, after=witness.saw), notifier=notifier, now=now)
    for number, scene in enumerate(SCENES):
        stage.play(scene)
        if number % every == 0:
            told = instant(now())
            now.back(later(told, jump))
            stage.desk.work()
            now.back(later(told, timedelta(seconds=2)))
            stage.work()
    witness.check_all()
    for case_id, (ending, _) in FINAL.items():
        rung = Counter((r.event.run, r.event.rung) for r in store.history(case_id) if isinstance(r.event, AlarmRung))
        repeated = {alarm: many for alarm, many in rung.items() if many > 1 and alarm not in _endless(store, case_id)}
        assert repeated == {}
        assert stage.desk.load(case_id).stage.value == ending
    sent = Counter(message.id for message in notifier.sent)
    assert sent.most_common(1)[0][1] == 1


def _endless(store: MemoryStore, case_id: str) -> set[tuple[str, int]]:
    """The last rung of a ladder, which repeats every working day until somebody acts; it rings once a day, and no more."""
    days = Counter(
        (r.event.run, r.event.rung, POLICY.calendar.local_text(r.event.at)[:10])
        for r in store.history(case_id)
        if isinstance(r.event, AlarmRung)
    )
    assert max(days.values(), default=1) == 1
    return {(run, rung) for run, rung, _ in days}


def test_hours_and_days_are_those_of_the_desk_across_a_change_of_the_clocks() -> None:
    """What is due some days after an instant in winter time is due at the same local hour in summer time."""
    store, now = MemoryStore(), FrozenNow(SCENES[0].when)
    stage = Stage(store=store, notifier=RecordingNotifier(now=now), now=now)
    for scene in SCENES[:18]:
        stage.play(scene)
    arrived = stage.desk.load(CASE).resolving.deliveries[0].arrived_at
    due = next(step.due_at for step in stage.desk.agenda(case_id=CASE) if step.clock == "follow-up.weeks")
    assert arrived is not None
    assert due is not None
    winter, summer = POLICY.calendar.local_text(arrived), POLICY.calendar.local_text(due)
    assert (winter[11:16], winter[-6:]) == ("10:30", "+01:00")
    assert (summer[11:16], summer[-6:]) == ("10:30", "+02:00")
