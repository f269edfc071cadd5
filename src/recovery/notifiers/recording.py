"""Keeps messages in memory, for tests and rehearsals, and fails on demand."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field
from pendulum import DateTime

from recovery.core.vocabulary.common import Channel
from recovery.ports.values import OutboxMessage, Receipt

__all__ = ["RecordingNotifier"]


@define(kw_only=True)
class RecordingNotifier:
    """Keeps every message it was asked to send in ``sent``. ``now`` says when.

    ``failing``, asked with each message, returns the exception to raise instead of sending, or ``None``.
    """

    now: Callable[[], DateTime]
    channels: frozenset[Channel] = frozenset(Channel)
    failing: Callable[[OutboxMessage], Exception | None] | None = None
    sent: list[OutboxMessage] = field(factory=list[OutboxMessage])

    def send(self, message: OutboxMessage) -> Receipt:
        """Keep the message."""
        error = None if self.failing is None else self.failing(message)
        if error is not None:
            raise error
        self.sent.append(message)
        return Receipt(at=self.now(), provider_id=message.id)
