"""What winning a customer back is worth: an estimate in ranges, and what it comes to.

The formula is the practice's: expected profit = chance * sum over the years of purchases * margin / (1 + discount)^year - cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import product
from typing import cast

import attrs
from attrs import field, frozen

from recovery.core.errors import InvalidValue, Reason
from recovery.core.values import Value, checked, either, invalid, is_id, maybe

__all__ = ["FIGURES", "Estimate", "Range", "Segment", "Worth"]

MOST_YEARS = 100
"""No estimate looks further ahead."""


def is_number(value: object) -> tuple[str, str] | None:
    """Hold for a number that can be reckoned with: no text, no truth value, not infinite."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return None
    return "is no number", "Give a finite number, such as 0.3 or 1200."


def plain_number(value: object) -> float:
    """Return a number as a float; anything else is left for the field's check."""
    return float(cast(float, value)) if is_number(value) is None else cast(float, value)


@frozen
class Range(Value):
    """A number that is known only roughly, from ``low`` to ``high``; ``Range(3)`` is known exactly."""

    low: float = field(converter=plain_number, metadata=checked(is_number))
    high: float = field(
        default=attrs.Factory(lambda self: self.low, takes_self=True), converter=plain_number, metadata=checked(is_number)
    )

    def faults(self) -> list[Reason]:
        """It runs upwards."""
        if self.low > self.high:
            return [invalid("low", f"is above high ({self.low:g} > {self.high:g})", "Give the smaller number first.")]
        return []

    @property
    def ends(self) -> tuple[float, float]:
        """Both ends."""
        return self.low, self.high

    def in_money(self, currency: str | None = None) -> str:
        """Return it as money, to the cent: ``-252.94 to 257.51 EUR``."""
        unit = f" {currency}" if currency else ""
        alone = f"{self.low:,.2f}"
        return f"{alone}{unit}" if self.low == self.high else f"{alone} to {self.high:,.2f}{unit}"

    def __str__(self) -> str:
        return f"{self.low:,.12g}" if self.low == self.high else f"{self.low:,.12g} to {self.high:,.12g}"


def maybe_range(value: object) -> Range | None:
    """Take a number, or a pair of them, for a range; anything else is left for the field's check."""
    if is_number(value) is None:
        return Range(cast(float, value))
    if isinstance(value, (list, tuple)) and len(cast("list[object]", value)) == 2:
        low, high = cast("list[float]", value)
        return Range(low, high)
    return cast("Range | None", value)


_FIGURE = checked(maybe(either(Range)))

_BOUNDS: tuple[tuple[str, float, float, str], ...] = (
    ("cost", 0, math.inf, "What winning the customer back costs is 0 or more."),
    ("chance", 0, 1, "A chance lies between 0 and 1: three in ten is 0.3."),
    ("years", 0, MOST_YEARS, f"Give whole years, from 0 to {MOST_YEARS}."),
    ("purchases", 0, math.inf, "What the customer buys in a year is 0 or more."),
    ("discount", 0, math.inf, "Give the yearly rate as a share: five per cent is 0.05."),
)


@frozen(kw_only=True)
class Estimate(Value):
    """What winning a customer back would cost and bring; each figure is a number, a pair ``(low, high)``, or ``None``: unknown.

    ``cost`` is what the attempt costs; ``chance`` (0 to 1) that it succeeds; ``years`` (whole, up to 100) that the customer would
    then stay; ``purchases`` in a year, and ``margin``, what is left of each: money and a share of it (1,200 and 0.4), or a number
    of purchases and money (12 and 40). ``discount`` is the yearly rate (0.05) by which later money is worth less. Money is in one
    currency, which ``currency`` may name. Raises :class:`InvalidValue` for a figure that cannot be, such as a negative chance.
    """

    cost: Range | None = field(default=None, converter=maybe_range, metadata=_FIGURE)
    chance: Range | None = field(default=None, converter=maybe_range, metadata=_FIGURE)
    years: Range | None = field(default=None, converter=maybe_range, metadata=_FIGURE)
    purchases: Range | None = field(default=None, converter=maybe_range, metadata=_FIGURE)
    margin: Range | None = field(default=None, converter=maybe_range, metadata=_FIGURE)
    discount: Range | None = field(default=None, converter=maybe_range, metadata=_FIGURE)
    currency: str | None = field(default=None, metadata=checked(maybe(is_id)))

    def faults(self) -> list[Reason]:
        """Each figure lies where it can lie."""
        found: list[Reason] = []
        for name, least, most, hint in _BOUNDS:
            figure = cast("Range | None", getattr(self, name))
            if figure is not None and not (least <= figure.low and figure.high <= most):
                found.append(invalid(name, f"cannot be {figure}", hint))
        if self.years is not None and not all(end.is_integer() for end in self.years.ends):
            found.append(invalid("years", f"cannot be {self.years}", f"Give whole years, from 0 to {MOST_YEARS}."))
        return found

    @property
    def missing(self) -> tuple[str, ...]:
        """The figures that are unknown."""
        return tuple(name for name in FIGURES if getattr(self, name) is None)

    def filled(self, defaults: Estimate) -> Estimate:
        """Return this estimate with what is unknown taken from ``defaults``."""
        names = (*self.missing, *(("currency",) if self.currency is None else ()))
        return attrs.evolve(self, **{name: getattr(defaults, name) for name in names})

    def worth(self) -> Worth:
        """Return what it comes to. Raises :class:`InvalidValue` that names every figure that is unknown."""
        if unknown := self.missing:
            raise InvalidValue("the estimate", [invalid(name, "is unknown", "Estimate it, as a range.") for name in unknown])
        cost, chance, years, purchases, margin, discount = (cast(Range, getattr(self, name)) for name in FIGURES)
        # Each figure moves the worth one way only while the others stand still, so the extremes lie at the ends of the ranges.
        values = [
            sold * left * _annuity(int(n), rate)
            for sold, left, n, rate in product(purchases.ends, margin.ends, years.ends, discount.ends)
        ]
        profits = [each * value - spent for each, value, spent in product(chance.ends, values, cost.ends)]
        return Worth(
            profit=_around(profits),
            value=_around(values),
            break_even_at_best=_break_even(cost.low, max(values)),
            break_even_at_worst=_break_even(cost.high, min(values)),
            currency=self.currency,
        )


FIGURES = ("cost", "chance", "years", "purchases", "margin", "discount")
"""What an estimate needs before it comes to anything."""


def _annuity(years: int, rate: float) -> float:
    """Return what one a year, paid at the end of each of ``years``, is worth today."""
    return sum((1 + rate) ** -year for year in range(1, years + 1))


def _around(numbers: Iterable[float]) -> Range:
    found = [round(number, 6) + 0.0 for number in numbers]
    return Range(min(found), max(found))


def _break_even(cost: float, value: float) -> float | None:
    if cost == 0:
        return 0.0 if value >= 0 else None
    return cost / value if value >= cost else None


@frozen(kw_only=True)
class Worth(Value):
    """What winning a customer back comes to, in the money of the estimate.

    ``profit`` is the profit to expect, ``value`` what a customer who is won back is worth today. ``break_even_at_best`` is the
    chance from which the attempt pays if all else turns out well, ``break_even_at_worst`` if all else turns out badly; ``None``
    means that no chance is high enough.
    """

    profit: Range = field(metadata=checked(either(Range)))
    value: Range = field(metadata=checked(either(Range)))
    break_even_at_best: float | None = field(default=None, metadata=checked(maybe(is_number)))
    break_even_at_worst: float | None = field(default=None, metadata=checked(maybe(is_number)))
    currency: str | None = field(default=None, metadata=checked(maybe(is_id)))


@frozen(kw_only=True)
class Segment(Value):
    """A kind of customer in the policy, with the figures that hold for it where a review knows nothing better."""

    id: str = field(metadata=checked(is_id))
    defaults: Estimate = field(factory=Estimate, metadata=checked(either(Estimate)))
