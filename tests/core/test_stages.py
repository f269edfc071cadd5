"""The stages: the literal table against the real engine, and the faults that the engine accepts in silence."""

from __future__ import annotations

import pytest
from transitions import Machine, MachineError

from recovery.core.errors import BadDefinition
from recovery.core.stages import ENDED, OPEN, SETTLED, TABLE, Stage, Trigger, _build, faults, machine, next_stage

EDGES = [(source, trigger, target) for (source, trigger), target in TABLE.items()]


class Throwaway:
    """A model the engine may write its state on."""

    state: str


def driven(stage: Stage, trigger: Trigger) -> Stage | None:
    """Return where the real engine goes from ``stage`` by ``trigger``, if it goes anywhere."""
    model = Throwaway()
    machine.add_model(model, initial=stage.value)
    try:
        getattr(model, trigger.value)()
        return Stage(model.state)
    except MachineError:
        return None
    finally:
        machine.remove_model(model)


@pytest.mark.parametrize("trigger", list(Trigger))
@pytest.mark.parametrize("stage", list(Stage))
def test_the_engine_agrees_with_every_reading(stage: Stage, trigger: Trigger) -> None:
    """For every stage and trigger the engine, driven, goes where the table says, or refuses where it says nothing."""
    assert next_stage(stage, trigger) is driven(stage, trigger) is TABLE.get((stage, trigger))


def test_reading_adds_nothing_to_the_engine() -> None:
    """A read of the chart leaves the engine's own tables as they are, whatever is asked."""
    before = {name: {state: list(moves) for state, moves in event.transitions.items()} for name, event in machine.events.items()}
    for stage in Stage:
        for trigger in Trigger:
            next_stage(stage, trigger)
    after = {name: {state: list(moves) for state, moves in event.transitions.items()} for name, event in machine.events.items()}
    assert after == before
    assert machine.models == []


def test_there_is_no_way_round_the_rules() -> None:
    """The engine has the triggers of the table and no others: no jump to a stage of one's choice."""
    assert set(machine.events) == {trigger.value for trigger in Trigger}
    assert set(machine.states) == {stage.value for stage in Stage}
    assert isinstance(machine, Machine)


def test_the_law_above_the_table() -> None:
    """Every open stage has a way out, received leads only to the customer or out, and every way back leads to investigating."""
    assert set(Stage) == OPEN | ENDED
    assert SETTLED < OPEN
    assert all((stage, Trigger.CLOSE) in TABLE for stage in OPEN)
    assert {target for (source, _), target in TABLE.items() if source is Stage.RECEIVED} == {Stage.ACKNOWLEDGED, Stage.CLOSED}
    back = {target for (_, trigger), target in TABLE.items() if trigger in (Trigger.REOPEN, Trigger.DECLINE)}
    assert back == {Stage.INVESTIGATING}
    assert all(TABLE[(stage, Trigger.REOPEN)] is Stage.INVESTIGATING for stage in SETTLED | ENDED)


def test_the_way_through_visits_all_seven_stages() -> None:
    """The usual way goes from receipt to the second follow-up, stage by stage."""
    way = [Trigger.ACKNOWLEDGE, Trigger.INVESTIGATE, Trigger.PROPOSE, Trigger.RESOLVE, Trigger.FOLLOW_UP, Trigger.FOLLOW_UP]
    stage: Stage | None = Stage.RECEIVED
    seen: list[Stage | None] = [stage]
    for trigger in way:
        assert stage is not None
        stage = next_stage(stage, trigger)
        seen.append(stage)
    assert seen == [stage for stage in Stage if stage is not Stage.CLOSED]


def test_the_table_has_no_faults() -> None:
    """The table as it is has no duplicate, no unreachable stage and no dead end."""
    assert faults(EDGES) == ()


def test_a_duplicate_is_a_fault() -> None:
    """One stage and trigger with two targets is a fault, named once."""
    twice = [*EDGES, (Stage.RECEIVED, Trigger.ACKNOWLEDGE, Stage.CLOSED), (Stage.RECEIVED, Trigger.ACKNOWLEDGE, Stage.CLOSED)]
    assert faults(twice) == ("received --acknowledge--> is there twice",)


def test_an_unreachable_stage_is_a_fault() -> None:
    """A stage that no way leads to is a fault."""
    without = [edge for edge in EDGES if edge[1] is not Trigger.ACKNOWLEDGE]
    assert "acknowledged cannot be reached from received" in faults(without)
    assert faults(EDGES, start=Stage.INVESTIGATING) == (
        "received cannot be reached from investigating",
        "acknowledged cannot be reached from investigating",
    )


def test_a_dead_end_is_a_fault() -> None:
    """A stage from which no way leads to an end is a fault."""
    without = [edge for edge in EDGES if edge[0] is not Stage.FOLLOWED_UP_DAYS]
    assert faults(without) == ("followed_up_weeks cannot be reached from received", "followed_up_days has no way to an end")


def test_all_faults_come_in_one_error() -> None:
    """A table with several faults is refused once, with every one of them."""
    broken = {key: target for key, target in TABLE.items() if key[0] is not Stage.RESOLVED}
    with pytest.raises(BadDefinition) as caught:
        _build(broken)
    assert caught.value.what == "the table of stages"
    assert caught.value.faults == (
        "followed_up_days cannot be reached from received",
        "followed_up_weeks cannot be reached from received",
        "resolved has no way to an end",
    )
    assert all(fault in str(caught.value) for fault in caught.value.faults)
