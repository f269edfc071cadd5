"""Precedents with one fault each, and the checks that have to catch them."""

from __future__ import annotations

import time
from collections.abc import Callable

import pendulum
from attrs import define
from pendulum import DateTime

from recovery.core.money import Money
from recovery.core.precedent import GoodwillGiven, Precedent, Similar
from recovery.core.vocabulary.common import Severity
from recovery.ports import Precedents
from recovery.testing import contracts
from recovery.testing.contracts import Check

AT = pendulum.datetime(2026, 3, 2, 9)
TEN = Money.parse("10 EUR")
ONE = Precedent(case_id="c-1", reference="R1", at=AT, remedy="refund", category="boats", worth=TEN)
OTHER = Precedent(case_id="c-2", reference="R2", at=AT, remedy="refund", category="cars", worth=TEN)
BOATS = Similar(category="boats", severity=Severity.NORMAL, since=AT, but="c-9")
GIFT = GoodwillGiven(case_id="c-1", at=AT, by="ana", value=TEN)


@define
class Known:
    """Precedents that work."""

    def similar(self, wanted: Similar) -> tuple[Precedent, ...]:
        """Return what fits."""
        return tuple(one for one in (ONE, OTHER) if wanted.fits(one))

    def goodwill(self, since: DateTime) -> tuple[GoodwillGiven, ...]:
        """Return what was given."""
        return (GIFT,) if since <= AT else ()


class ReadsAThousandCases(Known):
    """Looks everything up anew."""

    def similar(self, wanted: Similar) -> tuple[Precedent, ...]:
        """Do as the class says."""
        time.sleep(0.05)
        return super().similar(wanted)


class TakesAllKinds(Known):
    """Does not look at the category."""

    def similar(self, wanted: Similar) -> tuple[Precedent, ...]:
        """Do as the class says."""
        return (ONE, OTHER)


class CountsForEver(Known):
    """Does not look at the date."""

    def goodwill(self, since: DateTime) -> tuple[GoodwillGiven, ...]:
        """Do as the class says."""
        return (GIFT,)


class Raises(Known):
    """Raises where it does not know."""

    def similar(self, wanted: Similar) -> tuple[Precedent, ...]:
        """Do as the class says."""
        raise ConnectionError("the warehouse is closed")

    def goodwill(self, since: DateTime) -> tuple[GoodwillGiven, ...]:
        """Do as the class says."""
        raise ConnectionError("the warehouse is closed")


class SaysNothing(Raises):
    """Takes not knowing for nothing."""

    def goodwill(self, since: DateTime) -> tuple[GoodwillGiven, ...]:
        """Do as the class says."""
        return ()


def checks(make: Callable[[], Precedents], unknowing: Callable[[], Precedents] = Raises) -> tuple[Check, ...]:
    """Return the checks on such precedents."""
    given = ((AT, (GIFT,)), (AT.add(days=1), ()))
    return contracts.precedents_checks(make, known=((BOATS, (ONE,)),), given=given, unknowing=unknowing, patience=0.02)


def precedents(make: Callable[[], Precedents], name: str, unknowing: Callable[[], Precedents] = Raises) -> Check:
    """Return the check of that name on broken precedents."""
    return next(check for check in checks(make, unknowing) if check.id.endswith(f"/{name}"))


PRECEDENTS = (
    precedents(ReadsAThousandCases, "it-answers-quickly"),
    precedents(TakesAllKinds, "it-knows-what-similar-cases-got"),
    precedents(CountsForEver, "it-counts-goodwill"),
    precedents(Known, "not-knowing-is-an-error", SaysNothing),
    precedents(Known, "not-knowing-is-an-error", Known),
)
