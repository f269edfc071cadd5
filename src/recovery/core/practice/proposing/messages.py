"""Which messages proposing makes: colleagues hear what they have to decide, and what was decided."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.practice.common import Draft
from recovery.core.practice.proposing.common import BUDGET
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.proposing import ExceptionDenied, ExceptionGranted, ExceptionRequested
from recovery.core.vocabulary.receiving import Part, TaskSet


def to_the_approver(case: Case, recorded: Recorded, event: ExceptionRequested, moment: Moment) -> Iterator[Draft]:
    """Whoever is asked for an exception hears for what, and why."""
    values = (("value", "" if event.value is None else str(event.value)),)
    yield Draft(part=Part(template="exception_requested", about=recorded.seq, values=values), person=event.approver)


def to_the_asker(case: Case, recorded: Recorded, event: ExceptionGranted | ExceptionDenied, moment: Moment) -> Iterator[Draft]:
    """Whoever asked hears what was decided, and so does the owner."""
    found = case.proposing.exception(event.exception_id)
    granted = isinstance(event, ExceptionGranted)
    values = (("value", str(event.value) if isinstance(event, ExceptionGranted) and event.value is not None else ""),)
    part = Part(template="exception_granted" if granted else "exception_denied", about=recorded.seq, values=values)
    asker = case.owner if found is None else found.asked_by
    for person in dict.fromkeys((asker, case.owner)):
        if person != event.by:
            yield Draft(part=part, person=person)


def to_the_head(case: Case, recorded: Recorded, event: TaskSet, moment: Moment) -> Iterator[Draft]:
    """Whoever answers for a budget hears at once that it is used up."""
    if event.owner is not None and (event.about or "").startswith(BUDGET):
        yield Draft(part=Part(template="goodwill_budget", about=recorded.seq), person=event.owner)
