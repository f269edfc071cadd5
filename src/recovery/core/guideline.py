"""Guidelines as data: for a kind of problem the remedies, what each may come to, and who may go beyond.

The ``public`` text of a guideline, and the ``text`` of its remedies, are for customers. Ceilings, bands, authorities and budgets
are internal: nothing of them ever reaches a message to a customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time
from enum import Enum

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar
from recovery.core.case import Case
from recovery.core.clock import Length
from recovery.core.errors import Reason
from recovery.core.money import Money
from recovery.core.values import Value, checked, either, every, invalid, is_id, is_some_text, is_text, maybe
from recovery.core.vocabulary.common import Severity

__all__ = ["Authority", "Budget", "Guideline", "Period", "Remedy", "covering", "guideline_faults", "guideline_for", "period_start"]


@frozen(kw_only=True)
class Remedy(Value):
    """Something a guideline lets everybody offer.

    ``text`` is what customers read. ``ceiling`` is the most it may be worth, goodwill apart; without one no value is asked for.
    ``delivers`` names what must arrive with the customer, ``takes`` how long that takes from the proposal on.
    """

    id: str = field(metadata=checked(is_id))
    text: str = field(metadata=checked(is_some_text))
    ceiling: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    delivers: str | None = field(default=None, metadata=checked(maybe(is_some_text)))
    takes: Length | None = field(default=None, metadata=checked(maybe(either(Length))))


@frozen(kw_only=True)
class Guideline(Value):
    """What we do about one kind of problem. What is left out (category, severity, region, brand) fits every case.

    ``goodwill`` is the band: the most that may be given beyond what was owed. ``public`` is the text that customers may be sent.
    """

    id: str = field(metadata=checked(is_id))
    remedies: tuple[Remedy, ...] = field(metadata=checked(every(either(Remedy))))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    severity: Severity | None = field(default=None, metadata=checked(maybe(either(Severity))))
    region: str | None = field(default=None, metadata=checked(maybe(is_id)))
    brand: str | None = field(default=None, metadata=checked(maybe(is_id)))
    goodwill: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    public: str = field(default="", metadata=checked(is_text))

    def faults(self) -> list[Reason]:
        """There is a remedy, none twice, and all amounts are in one currency."""
        found: list[Reason] = []
        ids = [remedy.id for remedy in self.remedies]
        if not ids:
            found.append(invalid("remedies", "are missing", "Name at least one thing that can be done."))
        if len(set(ids)) < len(ids):
            found.append(invalid("remedies", "hold one id twice", "Give each remedy an id of its own."))
        if len(currencies := sorted({money.currency for money in self._amounts()})) > 1:
            found.append(invalid("remedies", f"are in several currencies: {', '.join(currencies)}", "Write one for each currency."))
        return found

    def _amounts(self) -> Iterator[Money]:
        yield from (remedy.ceiling for remedy in self.remedies if remedy.ceiling is not None)
        if self.goodwill is not None:
            yield self.goodwill

    @property
    def currency(self) -> str | None:
        """The currency of its amounts, if it names any."""
        return next((money.currency for money in self._amounts()), None)

    def remedy(self, remedy_id: str) -> Remedy | None:
        """Return the remedy of that id, if there is one."""
        return next((remedy for remedy in self.remedies if remedy.id == remedy_id), None)

    def fits(self, case: Case) -> int | None:
        """Return how closely it fits a case, as the number of traits it names; ``None`` where it does not fit."""
        known = case.receiving
        pairs = (
            (self.category, known.category),
            (self.severity, known.severity),
            (self.region, known.region),
            (self.brand, known.brand),
        )
        named = [(wanted, held) for wanted, held in pairs if wanted is not None]
        return len(named) if all(wanted == held for wanted, held in named) else None


@frozen(kw_only=True)
class Authority(Value):
    """Who may grant exceptions, up to what each may come to in all. Without ``up_to`` there is no limit.

    ``guidelines`` are the ids of those it is for; empty, it is for all, and for cases without a guideline.
    """

    person: str = field(metadata=checked(is_id))
    up_to: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    guidelines: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))

    def covers(self, value: Money | None, guideline: Guideline | None) -> bool:
        """Whether it reaches that far; without a value in money the guideline alone counts; another currency is not covered."""
        if self.guidelines and (guideline is None or guideline.id not in self.guidelines):
            return False
        if self.up_to is None or value is None:
            return True
        return value.currency == self.up_to.currency and value.amount <= self.up_to.amount


class Period(Enum):
    """How long a budget lasts, by the local calendar."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@frozen(kw_only=True)
class Budget(Value):
    """How much goodwill a unit may give in a period (``unit=None``: everybody together).

    Going beyond it changes nothing for the customer: the head of the unit hears of it, and it is on the agenda.
    """

    limit: Money = field(metadata=checked(either(Money)))
    period: Period = field(default=Period.MONTH, metadata=checked(either(Period)))
    unit: str | None = field(default=None, metadata=checked(maybe(is_id)))


def guideline_for(case: Case, guidelines: Iterable[Guideline]) -> Guideline | None:
    """Return the guideline that fits a case most closely, the first of equals; ``None`` where none does."""
    fitting = [(fit, guideline) for guideline in guidelines if (fit := guideline.fits(case)) is not None]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def covering(
    authorities: Iterable[Authority], value: Money | None, guideline: Guideline | None, *, last: str, but: str
) -> tuple[str, ...]:
    """Return who may grant an exception, those with the least authority first; never ``but``, who asks.

    ``last`` is the fallback owner, whose authority has no limit unless one is named for them.
    """
    named = tuple(authorities)
    if all(authority.person != last for authority in named):
        named = (*named, Authority(person=last))
    fitting = [one for one in named if one.person != but and one.covers(value, guideline)]
    ranked = sorted(fitting, key=lambda one: (one.up_to is None, 0 if one.up_to is None else one.up_to.amount))
    return tuple(dict.fromkeys(one.person for one in ranked))


def period_start(period: Period, at: DateTime, calendar: BusinessCalendar) -> DateTime:
    """Return the local midnight at which the period that ``at`` lies in began."""
    day = calendar.local_date(at)
    month = {Period.MONTH: day.month, Period.QUARTER: day.month - (day.month - 1) % 3, Period.YEAR: 1}[period]
    return calendar.at_local_time(date(day.year, month, 1), time(0))


def guideline_faults(
    guidelines: tuple[Guideline, ...], authorities: tuple[Authority, ...], budgets: tuple[Budget, ...], people: frozenset[str]
) -> Iterator[str]:
    """Yield what is wrong between the guidelines of a policy: twice the same, unknown names, an authority in another currency."""
    ids = [guideline.id for guideline in guidelines]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"guidelines.{twice}: is there twice"
    by_id = {guideline.id: guideline for guideline in guidelines}
    for number, authority in enumerate(authorities):
        path = f"authorities[{number}]"
        if people and authority.person not in people:
            yield f"{path}.person: nobody is called {authority.person!r}"
        for name in authority.guidelines:
            held = by_id.get(name)
            if held is None:
                yield f"{path}.guidelines: there is no guideline {name!r}"
            elif authority.up_to is not None and held.currency not in (None, authority.up_to.currency):
                yield f"{path}.up_to: is in {authority.up_to.currency}, the guideline {name!r} in {held.currency}"
    told = [(budget.unit, budget.period, budget.limit.currency) for budget in budgets]
    for number, one in enumerate(told):
        if one in told[:number]:
            yield f"budgets[{number}]: the same unit has a budget for the same period already"
