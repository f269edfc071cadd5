"""What holds: the rules of the practice, a file for each heading, each in the same order inside.

Rules, clocks, what a command leads to, how an event folds in, which messages it makes. This page puts the headings together and
holds the second small literal of the machine: which command moves a case by which trigger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import cast

from recovery.core.case import Case
from recovery.core.clock import Clock
from recovery.core.practice import (
    acknowledging,
    closing,
    following_up,
    input,
    keeping_in_touch,
    losing,
    ownership,
    proposing,
    receiving,
    resolving,
    responsibility,
)
from recovery.core.practice.common import Draft
from recovery.core.rule import Ability, Check, Handler, Lapse, Moment
from recovery.core.stages import Trigger
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, Reopen, UndoMerge
from recovery.core.vocabulary.common import Command, Event, Mark, Recorded
from recovery.core.vocabulary.following_up import FollowUp, PassFollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.proposing import Investigate, Propose, RecordDecline
from recovery.core.vocabulary.resolving import RecordAcceptance, Resolve

__all__ = [
    "ABILITIES",
    "CHECKS",
    "CLOCKS",
    "FIXED",
    "HANDLERS",
    "HEADINGS",
    "LAPSES",
    "RELIEVED",
    "RULES",
    "folds_of",
    "marks_of",
    "messages_of",
    "trigger_of",
]

HEADINGS: Mapping[str, ModuleType] = {
    "receiving": receiving,
    "ownership": ownership,
    "acknowledging": acknowledging,
    "responsibility": responsibility,
    "keeping_in_touch": keeping_in_touch,
    "proposing": proposing,
    "resolving": resolving,
    "following_up": following_up,
    "closing": closing,
    "losing": losing,
}
"""The headings of the practice, in its order; each folds the part of the case in ``PARTS``."""

PARTS: Mapping[str, str] = {name: {"keeping_in_touch": "keeping"}.get(name, name) for name in HEADINGS}

TRIGGERS: Mapping[type[Command], Trigger] = {
    Acknowledge: Trigger.ACKNOWLEDGE,
    Investigate: Trigger.INVESTIGATE,
    Propose: Trigger.PROPOSE,
    RecordDecline: Trigger.DECLINE,
    RecordAcceptance: Trigger.RESOLVE,
    Resolve: Trigger.RESOLVE,
    FollowUp: Trigger.FOLLOW_UP,
    RecordFollowUpAnswer: Trigger.FOLLOW_UP,
    PassFollowUp: Trigger.FOLLOW_UP,
    Reopen: Trigger.REOPEN,
    UndoMerge: Trigger.REOPEN,
    Close: Trigger.CLOSE,
}


def trigger_of(command: Command) -> Trigger | None:
    """Return the trigger by which ``command`` moves a case, if it moves one: a follow-up answered "not solved" reopens."""
    if isinstance(command, RecordFollowUpAnswer) and not command.solved:
        return Trigger.REOPEN
    return TRIGGERS.get(type(command))


Fold = Callable[[object, Case, Recorded, Event], object]
MarkHook = Callable[[Case, Recorded, Event], Iterable[Mark]]
MessageHook = Callable[[Case, Recorded, Event, Moment], Iterable[Draft]]


def _by_event(name: str) -> Mapping[type[Event], tuple[tuple[str, object], ...]]:
    found: dict[type[Event], tuple[tuple[str, object], ...]] = {}
    for heading, module in HEADINGS.items():
        for kind, function in getattr(module, name, {}).items():
            found[kind] = (*found.get(kind, ()), (PARTS[heading], function))
    return found


CHECKS: tuple[Check, ...] = (*input.CHECKS, *(check for module in HEADINGS.values() for check in module.CHECKS))
ABILITIES: tuple[Ability, ...] = tuple(able for module in HEADINGS.values() for able in getattr(module, "ABILITIES", ()))
RULES: tuple[Check | Ability, ...] = (*CHECKS, *ABILITIES)
CLOCKS: tuple[Clock, ...] = tuple(clock for module in HEADINGS.values() for clock in module.CLOCKS)
FIXED: frozenset[str] = frozenset(name for module in HEADINGS.values() for name in module.FIXED_CLOCKS)
PROTECTS: Mapping[str, str] = {key: text for module in HEADINGS.values() for key, text in module.PROTECTS.items()}
SOURCES: Mapping[str, str] = {key: text for module in HEADINGS.values() for key, text in module.SOURCES.items()}
HANDLERS: Mapping[type[Command], Handler] = {
    kind: cast(Handler, handler) for module in HEADINGS.values() for kind, handler in module.HANDLERS.items()
}
LAPSES: Mapping[str, Lapse] = {
    clock: lapse for module in HEADINGS.values() for clock, lapse in getattr(module, "LAPSES", {}).items()
}
RELIEVED: Mapping[str, Callable[[Case], bool]] = {
    rule_id: gone for module in HEADINGS.values() for rule_id, gone in getattr(module, "RELIEVED", {}).items()
}
"""For steps that a rule puts on the agenda (``Problem.step``): whether they have lost their reason."""

_FOLDS = cast("Mapping[type[Event], tuple[tuple[str, Fold], ...]]", _by_event("FOLDS"))
_MARKS = {kind: tuple(cast(MarkHook, hook) for _, hook in found) for kind, found in _by_event("MARKS").items()}
_MESSAGES = {kind: tuple(cast(MessageHook, hook) for _, hook in found) for kind, found in _by_event("MESSAGES").items()}


def folds_of(kind: type[Event]) -> Iterable[tuple[str, Fold]]:
    """Return the parts of the case that an event of ``kind`` changes, each with the function that does it."""
    return _FOLDS.get(kind, ())


def marks_of(kind: type[Event]) -> Iterable[MarkHook]:
    """Return the functions that tell which further marks an event of ``kind`` leaves, given the case before it."""
    return _MARKS.get(kind, ())


def messages_of(kind: type[Event]) -> Iterable[MessageHook]:
    """Return the functions that tell which messages follow from an event of ``kind``."""
    return _MESSAGES.get(kind, ())
