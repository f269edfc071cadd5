"""Precedents: what similar cases got, how those ended, and what goodwill has been given; percentiles by nearest rank."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.money import Money
from recovery.core.values import Value, checked, either, instant, is_id, is_instant, is_text, maybe
from recovery.core.vocabulary.common import Severity
from recovery.core.vocabulary.following_up import FollowUpOutcome
from recovery.core.vocabulary.proposing import ADOPTED, Option

__all__ = [
    "ENOUGH",
    "GoodwillGiven",
    "Precedent",
    "Similar",
    "Spread",
    "goodwill_of",
    "most_goodwill",
    "nearest_rank",
    "precedent_of",
    "similar_to",
    "spread_of",
]

ENOUGH = 5
"""How many precedents it takes before a new offer is compared with them (practice: ``propose.consistent``)."""

MONTHS = 12
"""How many months back precedents reach."""


@frozen(kw_only=True)
class Precedent(Value):
    """What one customer got. ``worth`` is what it came to, goodwill included; ``declines`` how often they had said no before.

    ``solved`` is what the customer said at the last follow-up: ``None`` while nobody knows.
    """

    case_id: str = field(metadata=checked(is_id))
    reference: str = field(metadata=checked(is_text))
    at: DateTime = field(converter=instant, metadata=checked(is_instant))
    remedy: str = field(metadata=checked(is_id))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    severity: Severity = field(default=Severity.NORMAL, metadata=checked(either(Severity)))
    worth: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    declines: int = field(default=0, metadata=checked(either(int)))
    solved: bool | None = field(default=None, metadata=checked(maybe(either(bool))))

    @property
    def at_once(self) -> bool:
        """Whether the customer accepted the first proposal."""
        return self.declines == 0


@frozen(kw_only=True)
class GoodwillGiven(Value):
    """Goodwill that one case has accepted, or has on the table: when it was offered or accepted, and by whom."""

    case_id: str = field(metadata=checked(is_id))
    at: DateTime = field(converter=instant, metadata=checked(is_instant))
    by: str = field(metadata=checked(is_id))
    value: Money = field(metadata=checked(either(Money)))


@frozen(kw_only=True)
class Similar:
    """Which precedents are wanted: the same kind of problem and severity, not older than ``since``, and not the case itself."""

    category: str | None
    severity: Severity
    since: DateTime
    but: str

    def fits(self, precedent: Precedent) -> bool:
        """Whether a precedent is one of those."""
        kind = (precedent.category, precedent.severity) == (self.category, self.severity)
        return kind and precedent.at >= self.since and precedent.case_id != self.but


@frozen(kw_only=True)
class Spread:
    """How much similar cases got, in one currency: the lowest and highest tenth, the middle, and the cases behind it."""

    low: Money
    middle: Money
    high: Money
    cases: tuple[str, ...]


def similar_to(case: Case, now: DateTime) -> Similar:
    """Return which precedents a case has: a year of the same kind and severity (practice: ``propose.consistent``)."""
    known = case.receiving
    return Similar(category=known.category, severity=known.severity, since=now.subtract(months=MONTHS), but=case.id)


def precedent_of(case: Case) -> Precedent | None:
    """Return what a case teaches: which option its customer accepted; ``None`` where nothing is accepted (any more)."""
    part, known = case.proposing, case.receiving
    given = part.given[-1] if part.given else None
    if given is None or given.option.id == ADOPTED:
        return None
    told = case.following_up.weeks or case.following_up.days
    return Precedent(
        case_id=case.id,
        reference=case.reference,
        at=given.at,
        remedy=given.option.named,
        category=known.category,
        severity=known.severity,
        worth=given.option.worth,
        declines=part.declines,
        solved=False if given.came_back else True if told is FollowUpOutcome.SOLVED else None,
    )


def goodwill_of(case: Case) -> tuple[GoodwillGiven, ...]:
    """Return the goodwill that the customer of a case has accepted, and the most that is on the table."""
    part = case.proposing
    offered = None if case.ended else part.proposal
    found = [(given.option.goodwill, given.at, given.by) for given in part.given]
    if offered is not None:
        found.append((most_goodwill(offered.options), offered.at, offered.by))
    return tuple(
        GoodwillGiven(case_id=case.id, at=at, by=by or case.owner, value=value)
        for value, at, by in found
        if value is not None and value.amount > 0
    )


def most_goodwill(options: Iterable[Option]) -> Money | None:
    """Return the most goodwill that one of several options holds: the customer takes one of them."""
    held = (option.goodwill for option in options if option.goodwill is not None)
    return max(held, key=lambda money: money.amount, default=None)


def nearest_rank(values: Sequence[Decimal], percent: int) -> Decimal:
    """Return the percentile by nearest rank: the smallest of ``values`` that at least ``percent`` of a hundred do not exceed.

    Raises ``ValueError`` where there are no values, or for a percentage outside 1 to 100.
    """
    if not values or not 0 < percent <= 100:
        raise ValueError("a percentile needs values, and a percentage from 1 to 100")
    return sorted(values)[-(-percent * len(values) // 100) - 1]


def spread_of(precedents: Iterable[Precedent], currency: str) -> Spread | None:
    """Return what precedents got in ``currency``; ``None`` where fewer than :data:`ENOUGH` got anything in it."""
    counted = sorted(
        (
            (one.worth.amount, one.at, one.reference)
            for one in precedents
            if one.worth is not None and one.worth.currency == currency
        ),
    )
    if len(counted) < ENOUGH:
        return None
    amounts = [amount for amount, _, _ in counted]
    low, middle, high = (Money(amount=nearest_rank(amounts, percent), currency=currency) for percent in (10, 50, 90))
    return Spread(low=low, middle=middle, high=high, cases=tuple(reference for _, _, reference in counted))
