"""What knows when there is something to do again, so that a worker need not ask every second."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from pendulum import DateTime

__all__ = ["Upcoming"]


@runtime_checkable
class Upcoming(Protocol):
    """Says when to work again. The stores of the library fill it; on one that does not, a worker looks once in every pause."""

    def next_due(self, now: DateTime) -> DateTime | None:
        """Return the soonest instant at which there is something to do; messages that wait for an earlier one may count or not.

        1. That is the wake instant of a case, or the instant a message is due, whichever is first; it lies before ``now`` where
           something is due already, and is ``None`` where nothing waits.
        2. What is claimed at ``now``, or put off beyond it, does not count.
        """
        ...

    def oldest_due(self, now: DateTime) -> DateTime | None:
        """Return the wake instant of the case that has been due longest, and not count the others for it.

        1. It is what ``backlog(now).oldest_due_at`` says.
        """
        ...
