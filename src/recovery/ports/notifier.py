"""What hands messages on to the world."""

from __future__ import annotations

from typing import Protocol

from recovery.core.vocabulary.common import Channel
from recovery.ports.values import OutboxMessage, Receipt

__all__ = ["Notifier"]


class Notifier(Protocol):
    """Sends messages on the channels it names.

    1. A message may come twice, after a crash or a lost answer; its ``id`` is the same then. Where the provider can tell repeats by
       an id, hand it on.
    2. Sending blocks only for a while: set timeouts well below the lease of the outbox.
    3. Nothing personal is logged.
    """

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels it can send on."""
        ...

    def send(self, message: OutboxMessage) -> Receipt:
        """Hand the message on and return the receipt.

        Raises :class:`~recovery.core.errors.Undeliverable` when it can never be delivered; anything else raised is tried again.
        """
        ...
