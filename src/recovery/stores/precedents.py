"""Precedents out of the cases of a store."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Protocol

import attrs
from attrs import frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.precedent import GoodwillGiven, Precedent, Similar, goodwill_of, precedent_of
from recovery.ports.values import Query

__all__ = ["CasePrecedents"]


class Finds(Protocol):
    """What is needed of a store."""

    def find(self, query: Query) -> tuple[Case, ...]:
        """Return one page of the cases that fit ``query``, by id."""
        ...


@frozen
class CasePrecedents:
    """What the cases of a store teach: :class:`recovery.ports.Precedents` for a desk that brings none of its own.

    It reads the cases of the category until ``enough`` of them fit, in the order of their ids, which are drawn at random unless the
    host makes its own: so many are a fair sample. For budgets it reads every case there is.
    ``docs/how-to/offer-by-guideline.md`` says how long that takes, and what to do about it.
    """

    store: Finds
    enough: int = 500

    def similar(self, wanted: Similar) -> tuple[Precedent, ...]:
        """Return what similar cases got."""
        found = (precedent_of(case) for case in self._cases(Query(category=wanted.category)))
        return tuple(islice((one for one in found if one is not None and wanted.fits(one)), self.enough))

    def goodwill(self, since: DateTime) -> tuple[GoodwillGiven, ...]:
        """Return the goodwill that customers have accepted, or have on the table, since an instant."""
        found = (given for case in self._cases(Query()) for given in goodwill_of(case))
        return tuple(given for given in found if given.at >= since)

    def _cases(self, query: Query) -> Iterator[Case]:
        page = attrs.evolve(query, in_tray=False, limit=200)
        while cases := self.store.find(page):
            yield from cases
            page = attrs.evolve(page, after=cases[-1].id)
