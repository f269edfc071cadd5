"""Which messages taking responsibility makes."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.practice.common import Draft
from recovery.core.practice.responsibility.leads_to import ACCOUNTABLE
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.receiving import Part
from recovery.core.vocabulary.responsibility import AccountableRecorded


def told_to_head(case: Case, recorded: Recorded, event: AccountableRecorded, moment: Moment) -> Iterator[Draft]:
    """The head of the accountable unit hears what the unit has to do, and by when."""
    task = next((task for task in case.receiving.tasks if task.about == ACCOUNTABLE), None)
    if task is not None:
        due_at = "" if task.due_at is None else task.due_at.isoformat()
        values = (("key", task.id), ("due_at", due_at))
        yield Draft(part=Part(template="accountable", about=recorded.seq, values=values), person=event.head)
