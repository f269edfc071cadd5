"""How much everybody has to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from recovery.core.vocabulary.ownership import Load

__all__ = ["Workloads"]


class Workloads(Protocol):
    """Knows how much people have to look after: what a team that takes turns, and whoever has a capacity, is routed by.

    Every store does, for its own cases. Give a desk another where people have other work as well, the tickets of a helpdesk.

    1. It answers quickly; it is asked before a decision, with the customer waiting.
    2. Not knowing is an error, never nothing to do: then the order of the team decides.
    """

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Return how much each of ``people`` has to look after; who is not in it has nothing."""
        ...
