"""The fold: a case is what its events say, in the order of their numbers, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import cast

from pendulum import DateTime

from recovery.core.case import Case, Rang
from recovery.core.practice import folds_of, marks_of
from recovery.core.stages import OPEN, Stage, Trigger, next_stage
from recovery.core.values import altered
from recovery.core.vocabulary.common import Mark, Recorded, Spoken
from recovery.core.vocabulary.receiving import (
    LIVE,
    AlarmRung,
    CaseAdopted,
    CaseOpened,
    Delivery,
    DeliveryReported,
    MessagePrepared,
    MessageWithheld,
    Outgoing,
    PolicyMoved,
    ReceivingPart,
)
from recovery.core.vocabulary.responsibility import AffectedCaseOpened

__all__ = ["apply", "begin", "fold"]


def fold(events: Iterable[Recorded]) -> Case:
    """Return the case that ``events`` make; the first of them opens it. Raises ``ValueError`` where it does not, or a gap is."""
    case: Case | None = None
    for recorded in events:
        if case is None:
            case = begin(recorded)
        elif recorded.seq != case.version + 1:
            raise ValueError(f"event {recorded.seq} does not follow event {case.version} of case {case.id}")
        else:
            case = apply(case, recorded)
    if case is None:
        raise ValueError("there are no events, so there is no case")
    return case


def begin(recorded: Recorded) -> Case:
    """Return the case that its first event opens."""
    event = recorded.event
    if not isinstance(event, (CaseOpened, CaseAdopted, AffectedCaseOpened)):
        raise ValueError(f"a case begins with CaseOpened, CaseAdopted or AffectedCaseOpened, not with {type(event).__name__}")
    stage, opened_at = _beginning(event)
    empty = Case(
        id=event.case_id,
        reference=event.reference,
        policy_id=event.policy_id,
        version=0,
        stage=stage,
        opened_at=opened_at,
        recorded_at=recorded.recorded_at,
    )
    return apply(empty, recorded)


def _beginning(event: CaseOpened | CaseAdopted | AffectedCaseOpened) -> tuple[Stage, DateTime]:
    if not isinstance(event, CaseAdopted):
        return Stage.RECEIVED, event.at
    if event.stage not in OPEN:
        raise ValueError(f"no case is adopted as {event.stage.value}: this history was not decided here")
    return event.stage, event.received_at


def apply(case: Case, recorded: Recorded) -> Case:
    """Return the case with one more event."""
    event = recorded.event
    changed: dict[str, object] = {"version": recorded.seq, "recorded_at": recorded.recorded_at}
    for name, function in folds_of(type(event)):
        changed[name] = function(getattr(case, name), case, recorded, event)
    changed["marks"] = _marks(case, recorded, changed)
    if event.trigger is not None:
        changed["stage"] = _stage(case, event.trigger)
    if isinstance(event, AlarmRung):
        changed["rungs"] = {**case.rungs, event.run: Rang(rung=event.rung, at=event.at)}
    elif isinstance(event, PolicyMoved):
        changed["policy_id"] = event.policy_id
    return altered(case, **changed)  # type: ignore[arg-type]


def _stage(case: Case, trigger: Trigger) -> Stage:
    target = next_stage(case.stage, trigger)
    if target is None:
        raise ValueError(f"case {case.id} cannot {trigger.value} from {case.stage.value}: this history was not decided here")
    return target


def _marks(case: Case, recorded: Recorded, parts: Mapping[str, object]) -> tuple[Mark, ...]:
    event = recorded.event
    marks = case.marks
    if event.waives is not None:
        # What has been answered stays as it was: only what is still owed can need no answer.
        answered = case.last("answered")
        since = -1 if answered is None else answered.seq
        marks = tuple(m for m in marks if not (m.name == "wrote" and m.seq == event.waives and m.seq > since))
    marks += event.leaves(recorded.seq)
    if isinstance(event, Spoken) and event.word.said_at is not None and event.word.reached:
        marks += event.says(recorded.seq)
    for hook in marks_of(type(event)):
        marks = (*marks, *hook(case, recorded, event))
    if isinstance(event, (MessagePrepared, DeliveryReported, MessageWithheld)):
        return _heard(marks, cast(ReceivingPart, parts["receiving"]).outgoing, event, recorded.seq)
    return marks


def _heard(
    marks: tuple[Mark, ...],
    outgoing: tuple[Outgoing, ...],
    event: MessagePrepared | DeliveryReported | MessageWithheld,
    seq: int,
) -> tuple[Mark, ...]:
    """Let what a message says count while it is on its way or has arrived, and no longer when it has not."""
    changed = next((out for out in reversed(outgoing) if out.id == event.message_id), None)
    told = [] if changed is None else [part for part in changed.parts if part.marks]
    if changed is None or not told:
        return marks
    for part in told:
        key = _word(changed, part.about)
        alive = [out for out in outgoing if out.seq >= key and _says(out, key) and out.state in LIVE]
        there = key in [mark.word for mark in marks]
        if alive and not there:
            number = seq if changed.manual else part.marks[0].seq
            marks = (*marks, *[altered(mark, word=key, at=event.at, seq=number) for mark in part.marks])
        elif there and not alive:
            marks = tuple(mark for mark in marks if mark.word != key)
        elif there:
            at = min(out.at for out in _gone(alive))
            marks = tuple(altered(mark, at=at) if mark.word == key else mark for mark in marks)
    return tuple(sorted(marks, key=attrgetter("seq")))


def _says(out: Outgoing, key: int) -> bool:
    return key in [_word(out, part.about) for part in out.parts if part.marks]


def _word(out: Outgoing, about: int | None) -> int:
    """Return the number of what was said: of the word, or of the message itself where it is the library's own."""
    return out.seq if about is None else about


def _gone(alive: list[Outgoing]) -> list[Outgoing]:
    """Return the messages that were sent, or all while none was: a word counts from the first of its messages that left."""
    return [out for out in alive if out.state is Delivery.SENT] or alive
