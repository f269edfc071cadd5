"""Who is away."""

from __future__ import annotations

from typing import Protocol

from pendulum import DateTime

__all__ = ["Directory"]


class Directory(Protocol):
    """Knows which of our people are away.

    1. It answers quickly, from what it knows already; it is asked before a decision, with the customer waiting.
    2. Not knowing is ``None``, never an empty set and never an error: unknown does not mean that everybody is there.
    """

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Return the ids of the people who are away at ``now``, or ``None`` where nobody can tell."""
        ...
