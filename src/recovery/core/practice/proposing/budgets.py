"""Goodwill budgets: counted by period and unit. One that is used up is told, and changes nothing for the customer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.guideline import Budget, period_start
from recovery.core.money import Money
from recovery.core.practice.proposing.common import BUDGET, offered
from recovery.core.precedent import GoodwillGiven, goodwill_of, most_goodwill
from recovery.core.rule import Moment, Terms
from recovery.core.vocabulary.common import MACHINE, Command
from recovery.core.vocabulary.proposing import Propose
from recovery.core.vocabulary.receiving import TaskSet


@frozen(kw_only=True)
class Exceeded:
    """A budget that would be exceeded: what all goodwill of its unit since the beginning of its period comes to."""

    budget: Budget
    since: DateTime
    comes_to: Money
    told: str


def exceeded(case: Case, command: Command, moment: Moment) -> Iterator[Exceeded]:
    """Yield each budget that the goodwill of an offer, or of what was done, would exceed; nothing while that is unknown."""
    fresh = most_goodwill(option for _, option in offered(command))
    if fresh is None or fresh.amount == 0 or moment.context.goodwill is None:
        return
    unit = moment.terms.unit_of(command.by)
    given = [*goodwill_of(case), *(one for one in moment.context.goodwill if one.case_id != case.id)]
    for budget in moment.terms.budgets:
        if budget.unit in (None, unit) and budget.limit.currency == fresh.currency:
            since = period_start(budget.period, moment.now, moment.terms.calendar)
            comes_to = _sum(fresh, given, budget, since, moment.terms)
            if comes_to.above(budget.limit):
                yield Exceeded(budget=budget, since=since, comes_to=comes_to, told=_told(budget, moment.terms))


def _sum(fresh: Money, given: Iterable[GoodwillGiven], budget: Budget, since: DateTime, terms: Terms) -> Money:
    total = fresh
    for one in given:
        counts = budget.unit is None or terms.unit_of(one.by) == budget.unit
        if counts and one.at >= since and one.value.currency == fresh.currency:
            total = total.plus(one.value)
    return total


def _told(budget: Budget, terms: Terms) -> str:
    unit = None if budget.unit is None else terms.unit(budget.unit)
    whose = "all units" if budget.unit is None else (unit.name if unit is not None and unit.name else budget.unit)
    return f"the goodwill budget of {whose} for this {budget.period.value}, {budget.limit},"


def compared(commands: Iterable[Command]) -> bool:
    """Whether what similar cases got is worth knowing: something that is worth something is proposed, or done."""
    return any(option.worth is not None for command in commands for _, option in offered(command))


def counted_since(commands: Iterable[Command], terms: Terms, now: DateTime) -> DateTime | None:
    """Return since when goodwill counts for the budgets of the policy; ``None`` where none is proposed, or there is no budget."""
    options = (option for command in commands for _, option in offered(command))
    given = any(option.goodwill is not None and option.goodwill.amount > 0 for option in options)
    starts = (period_start(budget.period, now, terms.calendar) for budget in terms.budgets)
    return min(starts, default=None) if given else None


def steps_about(case: Case, command: Propose, moment: Moment) -> Iterator[TaskSet]:
    """Yield a dated step for whoever answers for each budget that is used up, once for each case, budget and period."""
    for over in exceeded(case, command, moment):
        about = f"{BUDGET}:{over.budget.unit or 'all'}:{over.since.isoformat()}"
        if any(task.about == about for task in case.receiving.tasks):
            continue
        head = moment.terms.fallback_owner if over.budget.unit is None else moment.terms.head_of(over.budget.unit)
        what = (
            f"{over.told} is exceeded: it comes to {over.comes_to}. The customer keeps what was offered; decide what to do about it"
        )
        yield TaskSet(at=moment.now, by=MACHINE, rule="propose.over-deliver", what=what, about=about, owner=head)
