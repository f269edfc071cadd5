"""The gates a command has to pass: the table of stages, and the rules that look at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import InvalidValue, Reason, Refused
from recovery.core.policy import Policy
from recovery.core.practice import trigger_of
from recovery.core.rule import Check, Moment, Problem
from recovery.core.stages import TABLE, Trigger, next_stage
from recovery.core.values import instant, invalid, is_instant
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, UndoMerge
from recovery.core.vocabulary.common import Command, Speaking, kind_of
from recovery.core.vocabulary.following_up import FollowUp
from recovery.core.vocabulary.keeping_in_touch import Ask, MakePromise
from recovery.core.vocabulary.losing import OpenWinBack
from recovery.core.vocabulary.ownership import AcceptHandover, DeclineHandover, MoveCase, OfferHandover
from recovery.core.vocabulary.proposing import RequestException
from recovery.core.vocabulary.receiving import (
    BEGINNINGS,
    CompleteTask,
    Correct,
    Identify,
    MovePolicy,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    Wake,
)
from recovery.core.vocabulary.responsibility import OpenAffected

__all__ = [
    "BEGINS",
    "IN_TRAY",
    "NEEDS_OPEN",
    "bad_overrides",
    "checked_now",
    "details_of",
    "in_tray",
    "misplaced",
    "missed",
    "no_step",
    "problems_of",
    "refused",
]

BEGINS = (*BEGINNINGS, OpenWinBack, OpenAffected)
"""What a case begins with; the last two are filed by the closing of another, and by the desk for an incident."""

IN_TRAY: frozenset[type[Command]] = frozenset(
    {
        AcceptHandover,
        Close,
        CompleteTask,
        Correct,
        DeclineHandover,
        Identify,
        MoveCase,
        MovePolicy,
        OfferHandover,
        Receive,
        RecordWish,
        ReportDelivery,
        SetTask,
        UndoMerge,
        Wake,
    }
)
"""What can be done about a contact that waits in the tray."""

NEEDS_OPEN: frozenset[type[Command]] = frozenset({Ask, MakePromise, RequestException})
"""Acts that would begin something new, on a case that is over."""


def checked_now(case: Case | None, now: datetime) -> DateTime:
    """Return ``now`` in UTC, and never before the last entry of the case. Raises :class:`InvalidValue` where it has no zone."""
    at = instant(now)
    if fault := is_instant(at):
        raise InvalidValue("now", [invalid("now", *fault)])
    return at if case is None else max(at, case.recorded_at)


def misplaced(case: Case | None, command: Command) -> Reason | None:
    """Return why the table of stages has no place for ``command``, if it has none."""
    if (case is None) is not isinstance(command, BEGINS):
        message = "there is no case yet." if case is None else "the case is open already."
        return Reason(rule="stage.open", message=message, hint="A case begins with OpenCase, once.")
    if case is None:
        return None
    if case.in_tray and type(command) not in IN_TRAY:
        return in_tray(type(command))
    trigger = trigger_of(command)
    lacking = trigger is not None and next_stage(case.stage, trigger) is None
    return no_step(case, type(command), trigger) if lacking or (case.ended and type(command) in NEEDS_OPEN) else None


def in_tray(kind: type[Command]) -> Reason:
    """Return why nothing of the kind is done about a contact that waits in the tray."""
    message, hint = "nobody knows yet whose contact this is.", "Identify it first (Identify), or close it."
    return Reason(rule="stage.tray", message=message, hint=hint, params={"command": kind_of(kind)})


def no_step(case: Case, kind: type[Command], trigger: Trigger | None) -> Reason:
    """Return why there is no such step from the stage the case is in, and which steps there are."""
    name, ways = kind_of(kind), sorted(way.value for stage, way in TABLE if stage is case.stage)
    return Reason(
        rule=f"stage.{name if trigger is None else trigger.value}",
        message=f"a case that is {case.stage.value} has no step {name}.",
        hint=f"From there it can: {', '.join(ways) or 'nothing'}.",
        params={"stage": case.stage.value, "command": name},
    )


def problems_of(policy: Policy, case: Case, command: Command, moment: Moment) -> list[tuple[Check, Problem]]:
    """Return everything that the checks of the policy find wrong with a command."""
    return [(check, problem) for check in policy.checks_on(type(command)) for problem in check.test(case, command, moment)]


def bad_overrides(policy: Policy, command: Command) -> Iterable[Reason]:
    """Yield what is wrong with the rules a command wants to go past: unknown ones, and those nobody may go past."""
    for name in command.override:
        check = policy.checks.get(name)
        if check is None:
            hint = f"The rules are: {', '.join(policy.checks)}."
            yield Reason(rule="input.override", field="override", message=f"there is no rule {name!r} here.", hint=hint)
        elif not policy.may_override(check):
            hint = "A policy names the rules people may go past (overridable)."
            yield Reason(rule="input.override", field="override", message=f"nobody may go past {name}.", hint=hint)


def refused(case: Case | None, command: Command, reasons: list[Reason], index: int) -> Refused:
    """Return the refusal of a command, with every reason of the gate that failed."""
    return Refused(kind_of(type(command)), reasons, case_id=None if case is None else case.id, index=index)


def missed(command: Speaking) -> bool:
    """Whether a word is reported that reached nobody; acknowledgements and follow-ups judge that by rules of their own."""
    return not command.word.reached and not isinstance(command, (Acknowledge, FollowUp))


def details_of(command: Command) -> tuple[tuple[str, str], ...]:
    """Return the words of a report that has no place of its own, so that none of them is lost."""
    told = ((f.name, getattr(command, f.name)) for f in attrs.fields(type(command)) if f.name != "by")
    return tuple((name, value) for name, value in told if isinstance(value, str) and value)
