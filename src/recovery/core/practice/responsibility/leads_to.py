"""What a command about responsibility leads to."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.clock import Length, Unit
from recovery.core.practice.common import happened, over, step_for_owner
from recovery.core.practice.responsibility.rules import accountable_unit
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import MACHINE, Event
from recovery.core.vocabulary.receiving import ReportNoted, TaskSet
from recovery.core.vocabulary.responsibility import (
    AccountableRecorded,
    CauseRecorded,
    CauseSought,
    RecordAccountable,
    RecordCause,
)

ACCOUNTABLE = "accountable"
"""What the task of the accountable unit is about."""
FOR_THE_TASK = Length(5, Unit.BUSINESS_DAYS)
"""How long the accountable unit has for its part of the solution, unless a date is given: as long as a delivery may take."""


def record_cause(case: Case, command: RecordCause, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """Why it happened is on record, or by when it will be known; a date that is past says neither."""
    at = happened(command, moment)
    if moment.problems("own.cause", case, command):
        yield ReportNoted(at=at, by=command.by, report="record_cause")
        yield step_for_owner("own.cause", "say by when it will be known why it happened", moment.now)
    elif command.kind is not None:
        yield CauseRecorded(at=at, by=command.by, kind=command.kind, text=command.text, external=command.external)
    elif command.find_out_by is not None:
        yield CauseSought(at=at, by=command.by, find_out_by=command.find_out_by)


def record_accountable(case: Case, command: RecordAccountable, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The unit is on record, and its head has its part of the solution on the agenda; an earlier unit's task is off it."""
    unit = accountable_unit(case, command)
    if unit is None:
        yield step_for_owner("own.accountable", "find out which unit is accountable", moment.now, about=ACCOUNTABLE)
        return
    head = moment.terms.head_of(unit)
    yield from over((task for task in case.receiving.tasks if task.about == ACCOUNTABLE), moment.now)
    yield AccountableRecorded(at=moment.now, by=command.by, unit=unit, head=head, by_default=command.unit is None)
    yield TaskSet(
        at=moment.now,
        by=MACHINE,
        rule="own.accountable",
        what=command.task.strip() or f"do the part of {unit} in the solution, and see that it does not happen again",
        owner=head,
        due_at=command.due_at or FOR_THE_TASK.after(moment.now, moment.terms.calendar),
        about=ACCOUNTABLE,
    )
