"""Which messages an event of losing makes."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.practice.common import Draft
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.losing import WinBackOpened
from recovery.core.vocabulary.receiving import Part


def to_review(case: Case, recorded: Recorded, event: WinBackOpened, moment: Moment) -> Iterator[Draft]:
    """Whoever reviews the loss hears of it, and so does the head of the unit that is accountable."""
    unit = event.accountable
    head = moment.terms.fallback_owner if unit is None else moment.terms.head_of(unit)
    yield Draft(part=Part(template="loss_to_review", about=recorded.seq), person=case.owner)
    yield Draft(part=Part(template="loss_to_make_up", about=recorded.seq), person=head)
