"""How an event of following up folds into its part of the case."""

from __future__ import annotations

from collections.abc import Iterable

from recovery.core.case import Case
from recovery.core.practice.following_up.rules import which_of
from recovery.core.stages import SETTLED, Stage
from recovery.core.values import altered
from recovery.core.vocabulary.closing import CaseReopened, MergeUndone
from recovery.core.vocabulary.common import Channel, Mark, Recorded
from recovery.core.vocabulary.following_up import Attempt, FollowingUpPart, FollowUpAnswered, FollowUpMade, FollowUpPassed, Which
from recovery.core.vocabulary.receiving import CaseAdopted, Delivery, DeliveryReported, MessagePrepared, Part


def adopted(part: FollowingUpPart, case: Case, recorded: Recorded, event: CaseAdopted) -> FollowingUpPart:
    """The other system says when it asked the first time; what the customer said then, nobody here has heard."""
    if event.stage is not Stage.FOLLOWED_UP_DAYS:
        return part
    return altered(part, days_at=event.came_to(event.stage))


def tried(
    part: FollowingUpPart,
    case: Case,
    recorded: Recorded,
    event: FollowUpMade | MessagePrepared | DeliveryReported,
) -> FollowingUpPart:
    """Count a try when it is made: a call when it was made, a mail when it was written."""
    attempt = _attempt(case, recorded, event)
    return part if attempt is None else altered(part, attempts=(*part.attempts, attempt))


def try_mark(case: Case, recorded: Recorded, event: FollowUpMade | MessagePrepared | DeliveryReported) -> Iterable[Mark]:
    """A try starts the wait for the next one, unless its follow-up is done already."""
    attempt = _attempt(case, recorded, event)
    if attempt is not None and case.stage in SETTLED and attempt.which is which_of(case):
        yield Mark(name="follow_up_attempted", at=event.at, seq=recorded.seq)


def _attempt(case: Case, recorded: Recorded, event: FollowUpMade | MessagePrepared | DeliveryReported) -> Attempt | None:
    which: Which | None = None
    via: frozenset[Channel] = frozenset()
    match event:
        case FollowUpMade(word=word) if word.said_at is not None:
            which, via = event.which, word.via
        case MessagePrepared():
            which, via = None if event.manual else _asked_in(event.parts), frozenset({event.channel})
        case DeliveryReported(delivery=Delivery.SENT | Delivery.NOT_REACHED):
            for out in case.receiving.outgoing:
                if out.id == event.message_id and out.manual:
                    which, via = _asked_in(out.parts), frozenset({out.channel})
        case _:
            pass
    return None if which is None else Attempt(which=which, at=event.at, via=via, seq=recorded.seq)


_ASKING = {f"follow_up_made_{which.value}": which for which in Which}
"""The templates that ask how it went."""


def _asked_in(parts: tuple[Part, ...]) -> Which | None:
    told = [part.template for part in parts if part.template in _ASKING]
    return next((which for template, which in _ASKING.items() if template in told), None) if told else None


def answered(part: FollowingUpPart, case: Case, recorded: Recorded, event: FollowUpAnswered) -> FollowingUpPart:
    """Keep how the customer felt treated; where they do not say it again, what they said before still holds."""
    return part if event.treated_well is None else altered(part, treated_well=event.treated_well)


def passed(part: FollowingUpPart, case: Case, recorded: Recorded, event: FollowUpPassed) -> FollowingUpPart:
    """One follow-up is done."""
    if event.which is Which.DAYS:
        return altered(part, days=event.outcome, days_at=event.at)
    return altered(part, weeks=event.outcome, weeks_at=event.at)


def again(part: FollowingUpPart, case: Case, recorded: Recorded, event: CaseReopened | MergeUndone) -> FollowingUpPart:
    """A reopened case is followed up anew; it is not surveyed again, and how the customer felt treated is not forgotten."""
    return FollowingUpPart(survey=part.survey, treated_well=part.treated_well)
