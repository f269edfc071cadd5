"""How an event about responsibility folds into its part of the case, and the marks it leaves."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.stages import Stage
from recovery.core.values import altered
from recovery.core.vocabulary.closing import CaseClosed
from recovery.core.vocabulary.common import Mark, Recorded
from recovery.core.vocabulary.following_up import FollowUpPassed, Which
from recovery.core.vocabulary.receiving import CaseAdopted
from recovery.core.vocabulary.responsibility import (
    AccountableRecorded,
    Cause,
    CauseRecorded,
    CauseSought,
    ResponsibilityPart,
)


def known(part: ResponsibilityPart, case: Case, recorded: Recorded, event: CauseRecorded) -> ResponsibilityPart:
    """Why it happened is on record; the latest record counts."""
    cause = Cause(kind=event.kind, text=event.text, external=event.external, at=event.at)
    return altered(part, cause=cause, find_out_by=None)


def sought(part: ResponsibilityPart, case: Case, recorded: Recorded, event: CauseSought) -> ResponsibilityPart:
    """Somebody will find out by that date."""
    return altered(part, find_out_by=event.find_out_by)


def answers_for_it(part: ResponsibilityPart, case: Case, recorded: Recorded, event: AccountableRecorded) -> ResponsibilityPart:
    """The unit is on record."""
    return altered(part, accountable=event.unit)


def cause_owed(case: Case, recorded: Recorded, event: FollowUpPassed | CaseAdopted) -> Iterator[Mark]:
    """With the first follow-up done, it has to be found out why it happened, unless that is known or somebody is at it."""
    first = event.which is Which.DAYS if isinstance(event, FollowUpPassed) else event.stage is Stage.FOLLOWED_UP_DAYS
    if first and case.responsibility.cause is None and case.responsibility.find_out_by is None:
        yield Mark(name="cause_owed", at=event.at, seq=recorded.seq)


def cause_waived(case: Case, recorded: Recorded, event: CaseClosed) -> Iterator[Mark]:
    """Whoever closes a case need not look for its cause any more, unless a date was named for it: a dated step is kept."""
    if case.responsibility.find_out_by is None:
        yield Mark(name="cause_waived", at=event.at, seq=recorded.seq)
