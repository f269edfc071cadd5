"""The rules of losing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.practice.common import accountable_of, reviewer_of
from recovery.core.rule import Moment, Problem, rule
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Command, Speaking
from recovery.core.vocabulary.losing import Estimate, PlanMakeUp, PlannedStep, ReviewLoss, WinBack

HEADING = "losing"


@rule("loss.win-back", heading=HEADING, source="G", on=(ReviewLoss,))
def loss_win_back(case: Case, command: ReviewLoss, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being written off by a feeling, or courted for one: there is an estimate, a decision, a reason."""
    if case.losing.lost_case is None:
        yield Problem("nobody was lost on this case", hint="A case that is closed as lost opens the one to review it on.")
        return
    if command.segment is not None and moment.terms.segment(command.segment) is None:
        known = ", ".join(segment.id for segment in moment.terms.segments) or "none"
        yield Problem(f"there is no segment {command.segment!r}", field="segment", hint=f"The policy has: {known}.")
    estimate = completed(command, moment)
    for name in estimate.missing:
        hint = "Estimate it, as a range, or name a segment whose defaults hold it."
        yield Problem(f"the estimate lacks {name}", field=f"estimate.{name}", hint=hint)
    if not command.reason.strip():
        yield Problem("the decision has no reason", field="reason", hint="Say in a sentence why.")
    if command.decision is WinBack.TRY and not command.steps:
        yield Problem("it is to be tried, but nobody is to do anything", field="steps", hint="Plan the first step.")
    yield from _steps(command.steps, moment)
    if not estimate.missing:
        yield from _at_odds(command, estimate)


def completed(command: ReviewLoss, moment: Moment) -> Estimate:
    """Return the estimate of a review with the segment's defaults where it is silent."""
    segment = None if command.segment is None else moment.terms.segment(command.segment)
    return command.estimate if segment is None else command.estimate.filled(segment.defaults)


def _at_odds(command: ReviewLoss, estimate: Estimate) -> Iterator[Problem]:
    profit = estimate.worth().profit
    if command.decision is WinBack.TRY and profit.high < 0:
        message = "even at best it costs more than it brings"
    elif command.decision is WinBack.LET_GO and profit.low > 0:
        message = "even at worst it brings more than it costs"
    else:
        return
    params = {"low": profit.low, "high": profit.high}
    hint = "It may be right all the same; the reason should say why."
    yield Problem(message, field="decision", hint=hint, params=params, strength=Strength.SHOULD)


def _steps(steps: Iterable[PlannedStep], moment: Moment) -> Iterator[Problem]:
    for number, step in enumerate(steps):
        if step.owner is not None and not moment.terms.knows(step.owner):
            yield Problem(f"nobody is called {step.owner!r}", field=f"steps.{number}.owner", hint="Name somebody of ours.")
        if step.due_at is not None and step.due_at <= moment.now:
            yield Problem("the date of a step is not in the future", field=f"steps.{number}.due_at", hint="Give a date ahead.")


@rule("loss.independent", heading=HEADING, source="G", on=(Close, Speaking, ReviewLoss), strength=Strength.SHOULD)
def loss_independent(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer who left from being asked why by those they left: to somebody else one can say it."""
    field, unit = "by", case.losing.accountable
    person = command.by
    if isinstance(command, Close):
        if command.reason is not CloseReason.LOST or case.losing.lost_case is not None:
            return
        field, unit, person = "reviewer", accountable_of(case), reviewer_of(case, command.reviewer, moment)
    if unit is not None and moment.terms.unit_of(person) == unit:
        hint = "Let somebody from another unit do it."
        params = {"person": person, "unit": unit}
        yield Problem(f"{person} belongs to {unit}, which is accountable for the loss", field=field, hint=hint, params=params)


@rule("loss.made-up", heading=HEADING, source="G", on=(PlanMakeUp,))
def loss_made_up(case: Case, command: PlanMakeUp, moment: Moment) -> Iterator[Problem]:
    """Protects the customers who stay from the same loss: the unit that is accountable says itself how it makes up for it."""
    if case.losing.lost_case is None:
        yield Problem("nobody was lost on this case", hint="The plan belongs to the win-back case.")
        return
    unit = case.losing.accountable
    if unit is not None and moment.terms.unit(unit) is not None and command.by not in _of(unit, moment):
        hint = f"{moment.terms.head_of(unit)} answers for it, and whoever works there."
        yield Problem(f"{command.by} does not belong to {unit}", field="by", hint=hint, params={"unit": unit})
    yield from _steps(command.steps, moment)


def _of(unit: str, moment: Moment) -> frozenset[str]:
    there = (person.id for person in moment.terms.people if person.unit == unit)
    return frozenset((moment.terms.head_of(unit), *there))
