"""How an event of losing folds into its part of the case."""

from __future__ import annotations

from recovery.core.case import Case
from recovery.core.values import altered
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.losing import (
    LosingPart,
    LossReviewed,
    LostCustomerAsked,
    MakeUpPlanned,
    Review,
    WinBackOpened,
)


def opened(part: LosingPart, case: Case, recorded: Recorded, event: WinBackOpened) -> LosingPart:
    """This is the case to win the customer back, or to understand why not."""
    return LosingPart(lost_case=event.lost_case, lost_at=event.lost_at, accountable=event.accountable)


def asked(part: LosingPart, case: Case, recorded: Recorded, event: LostCustomerAsked) -> LosingPart:
    """The customer was asked why they left."""
    return altered(part, asked_at=event.at)


def reviewed(part: LosingPart, case: Case, recorded: Recorded, event: LossReviewed) -> LosingPart:
    """The latest review counts."""
    review = Review(
        at=event.at,
        by=event.by,
        should_have_taken=event.should_have_taken,
        turned=event.turned,
        needed=event.needed,
        estimate=event.estimate,
        segment=event.segment,
        decision=event.decision,
        reason=event.reason,
    )
    return altered(part, review=review)


def planned(part: LosingPart, case: Case, recorded: Recorded, event: MakeUpPlanned) -> LosingPart:
    """The unit has said how it makes up for the loss."""
    return altered(part, planned_at=event.at, plan=event.plan)
