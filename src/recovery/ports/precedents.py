"""What similar cases got, and what goodwill has been given."""

from __future__ import annotations

from typing import Protocol

from pendulum import DateTime

from recovery.core.precedent import GoodwillGiven, Precedent, Similar

__all__ = ["Precedents"]


class Precedents(Protocol):
    """Knows what customers with similar problems got: what suggestions, consistency and goodwill budgets are counted from.

    Every desk does, for its own cases (:class:`recovery.stores.CasePrecedents`), by reading those of a category. Give it another
    where there are so many that reading them takes too long, or where others than this desk give remedies as well.

    1. It answers quickly; it is asked before a proposal, with the customer waiting.
    2. Not knowing is an error, never an empty answer: then nothing is compared, and nothing is said to be in order.
    """

    def similar(self, wanted: Similar) -> tuple[Precedent, ...]:
        """Return the precedents that ``wanted`` fits, or a fair sample of them.

        1. None of them is of another category or severity, older than ``wanted.since``, or of the case ``wanted.but``.
        """
        ...

    def goodwill(self, since: DateTime) -> tuple[GoodwillGiven, ...]:
        """Return the goodwill that customers have accepted, or been offered and not answered, since an instant.

        1. What was taken back (declined, or the case closed before an answer) is not counted.
        """
        ...
