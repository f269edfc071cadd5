"""What hands messages on to the world."""

from __future__ import annotations

from typing import Protocol

from recovery.core.vocabulary.common import Channel
from recovery.ports.values import OutboxMessage, Receipt

__all__ = ["AsyncNotifier", "Notifier"]


class Notifier(Protocol):
    """Sends messages on the channels it names.

    1. A message may come twice, after a crash or a lost answer; its ``id`` is the same then. Where the provider can tell repeats by
       an id, hand it on.
    2. Sending blocks only for a while: set timeouts well below the lease of the outbox.
    3. Nothing personal is logged: no words, no subject, no address, whatever goes wrong.
    4. It may be used from several threads at once: two workers may share one desk.
    """

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels it can send on."""
        ...

    def send(self, message: OutboxMessage) -> Receipt:
        """Hand the message on, and return the receipt.

        1. What arrives says what the message says, subject and body, and the receipt says when it was handed on.
        2. Raises :class:`~recovery.core.errors.Undeliverable` when it can never be delivered, and only then.
        3. Anything else raised is tried again: raise it where another try may help, and return a receipt only for what was taken.
        """
        ...


class AsyncNotifier(Protocol):
    """Sends as a :class:`Notifier` does, with ``async def send``: for an :class:`recovery.AsyncDesk`. It owes the same.

    Cancelled in the middle, the message is tried again.
    """

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels it can send on."""
        ...

    async def send(self, message: OutboxMessage) -> Receipt:
        """Hand the message on, and return the receipt; see :meth:`Notifier.send`."""
        ...
