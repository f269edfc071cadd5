"""What holds the messages that have been written and not yet left."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from pendulum import DateTime

from recovery.ports.values import Queued

__all__ = ["LAPSED", "Outbox"]

LAPSED = "its lease ran out before anybody said what became of it"
"""The error of a message that somebody claimed and never settled, nor put off."""


class Outbox(Protocol):
    """Hands out messages until they are settled. Rows come in, and are closed, by ``CaseStore.save``.

    1. A message that is queued is handed out sooner or later, whatever was handed out before: rows are found by their state and
       their time, never by a number higher than the last.
    2. Per case and recipient (the customer, or a colleague) the order is kept: a message waits until the earlier one is settled.
       So one claim holds at most one message per case and recipient; claim again after settling.
    3. A settled message is never handed out again.
    """

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Claim up to ``limit`` messages that are due.

        1. They come in the order of the instant they are due (``created_at``, until they are put off) and their id, word for word
           as they were saved, with the number of failed tries.
        2. Nobody else is given a claimed message until it is put off or the lease is over (``now + lease`` has come); then it is
           given out again, and has failed once more (:data:`LAPSED`): whoever had it hung, or died of it.
        3. One whose row cannot be read stops no other: it is left out and logged, or handed out with its ``fault``, so that the
           desk gives it up and its case has a step.
        4. Of those whose lease ran out only the first comes with a claim, so that what kills a worker takes no other with it again
           and again.
        """
        ...

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Put a queued message off until ``at``, count one more failed try, and end the claim.

        Settled and unknown ones are left in peace.
        """
        ...
