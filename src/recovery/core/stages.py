"""The stages of a case: one literal table, and the law above it.

The law: every open stage has a way on and a way out; nothing leaves ``received`` but towards the customer; the only way back is
``reopen`` or ``decline``, and both lead to ``investigating``. No guard lives here: the rules of :mod:`recovery.core.practice` are
the only guards. ``transitions`` holds the chart; a step *reads* it, and a test drives the real engine over every stage and trigger.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from transitions import Machine

from recovery.core.errors import BadDefinition

__all__ = ["ENDED", "OPEN", "SETTLED", "TABLE", "Stage", "Trigger", "faults", "machine", "next_stage"]


class Stage(Enum):
    """Where a case stands with its customer."""

    __hash__ = object.__hash__  # members are what they are: Enum's own hash of the name is many times slower

    RECEIVED = "received"
    ACKNOWLEDGED = "acknowledged"
    INVESTIGATING = "investigating"
    RESOLUTION_PROPOSED = "resolution_proposed"
    RESOLVED = "resolved"
    FOLLOWED_UP_DAYS = "followed_up_days"
    FOLLOWED_UP_WEEKS = "followed_up_weeks"
    CLOSED = "closed"


class Trigger(Enum):
    """What moves a case from one stage to the next."""

    __hash__ = object.__hash__  # members are what they are: Enum's own hash of the name is many times slower

    ACKNOWLEDGE = "acknowledge"
    INVESTIGATE = "investigate"
    PROPOSE = "propose"
    DECLINE = "decline"
    RESOLVE = "resolve"
    FOLLOW_UP = "follow_up"
    REOPEN = "reopen"
    CLOSE = "close"


TABLE: Mapping[tuple[Stage, Trigger], Stage] = {
    (Stage.RECEIVED, Trigger.ACKNOWLEDGE): Stage.ACKNOWLEDGED,
    (Stage.ACKNOWLEDGED, Trigger.INVESTIGATE): Stage.INVESTIGATING,
    (Stage.INVESTIGATING, Trigger.PROPOSE): Stage.RESOLUTION_PROPOSED,
    (Stage.RESOLUTION_PROPOSED, Trigger.DECLINE): Stage.INVESTIGATING,
    (Stage.RESOLUTION_PROPOSED, Trigger.RESOLVE): Stage.RESOLVED,
    (Stage.INVESTIGATING, Trigger.RESOLVE): Stage.RESOLVED,
    (Stage.RESOLVED, Trigger.FOLLOW_UP): Stage.FOLLOWED_UP_DAYS,
    (Stage.FOLLOWED_UP_DAYS, Trigger.FOLLOW_UP): Stage.FOLLOWED_UP_WEEKS,
    (Stage.RESOLVED, Trigger.REOPEN): Stage.INVESTIGATING,
    (Stage.FOLLOWED_UP_DAYS, Trigger.REOPEN): Stage.INVESTIGATING,
    (Stage.FOLLOWED_UP_WEEKS, Trigger.REOPEN): Stage.INVESTIGATING,
    (Stage.CLOSED, Trigger.REOPEN): Stage.INVESTIGATING,
    (Stage.RECEIVED, Trigger.CLOSE): Stage.CLOSED,
    (Stage.ACKNOWLEDGED, Trigger.CLOSE): Stage.CLOSED,
    (Stage.INVESTIGATING, Trigger.CLOSE): Stage.CLOSED,
    (Stage.RESOLUTION_PROPOSED, Trigger.CLOSE): Stage.CLOSED,
    (Stage.RESOLVED, Trigger.CLOSE): Stage.CLOSED,
    (Stage.FOLLOWED_UP_DAYS, Trigger.CLOSE): Stage.CLOSED,
}

ENDED: frozenset[Stage] = frozenset({Stage.FOLLOWED_UP_WEEKS, Stage.CLOSED})
OPEN: frozenset[Stage] = frozenset(Stage) - ENDED
SETTLED: frozenset[Stage] = frozenset({Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS})


def faults(edges: Iterable[tuple[Stage, Trigger, Stage]], *, start: Stage = Stage.RECEIVED) -> tuple[str, ...]:
    """Return everything ``transitions`` accepts in silence: duplicates, unreachable stages, stages with no way to an end."""
    listed = list(edges)
    ways: dict[Stage, set[Stage]] = {stage: set() for stage in Stage}
    for source, _, target in listed:
        ways[source].add(target)
    pairs = [(source, trigger) for source, trigger, _ in listed]
    found = [
        f"{source.value} --{trigger.value}--> is there twice"
        for source, trigger in sorted({pair for pair in pairs if pairs.count(pair) > 1}, key=str)
    ]
    reached = _reachable(ways, start)
    found += [f"{stage.value} cannot be reached from {start.value}" for stage in Stage if stage not in reached]
    found += [f"{stage.value} has no way to an end" for stage in Stage if not _reachable(ways, stage) & ENDED]
    return tuple(found)


def _reachable(ways: Mapping[Stage, set[Stage]], start: Stage) -> set[Stage]:
    seen, ahead = {start}, [start]
    while ahead:
        fresh = ways[ahead.pop()] - seen
        seen |= fresh
        ahead.extend(fresh)
    return seen


def _build(table: Mapping[tuple[Stage, Trigger], Stage]) -> Machine:
    edges = [(source, trigger, target) for (source, trigger), target in table.items()]
    if wrong := faults(edges):
        raise BadDefinition("the table of stages", wrong)
    return Machine(
        model=None,
        states=[stage.value for stage in Stage],
        initial=Stage.RECEIVED.value,
        transitions=[{"trigger": trigger.value, "source": source.value, "dest": target.value} for source, trigger, target in edges],
        auto_transitions=False,
    )


machine: Machine = _build(TABLE)
"""The chart, held by ``transitions``. Read it, draw it, drive it with a model of your own; it is never changed."""

_TARGETS: dict[Trigger, dict[Stage, Stage]] = {
    trigger: {Stage(source): Stage(moves[0].dest) for source, moves in machine.events[trigger.value].transitions.items() if moves}
    for trigger in Trigger
}


def next_stage(stage: Stage, trigger: Trigger) -> Stage | None:
    """Return the stage that ``trigger`` leads to from ``stage``, or ``None`` where the chart has no such step."""
    return _TARGETS[trigger].get(stage)
