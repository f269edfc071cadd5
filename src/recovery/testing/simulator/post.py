"""A mail server with whims: it fails, hangs until somebody else has the message, loses its answer, or knows nobody there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from attrs import frozen

from recovery.core.errors import Undeliverable
from recovery.core.values import instant
from recovery.core.vocabulary.common import Channel
from recovery.ports.notifier import Notifier
from recovery.ports.values import OutboxMessage, Receipt
from recovery.testing.moments import FrozenNow

__all__ = ["WHIMS", "FaultyNotifier"]

WHIMS = ("fails", "hangs", "hangs and fails", "loses the answer", "knows nobody there")
"""What can go wrong with a send."""


@frozen(kw_only=True)
class FaultyNotifier:
    """Sends by ``notifier``, or keeps the message to itself where there is none, unless ``whim`` has another idea.

    ``whim``, asked with each message, answers ``"fails"``, ``"hangs"``, ``"hangs and fails"``, ``"loses the answer"`` (it is sent
    all the same), ``"knows nobody there"``, or ``""``: then nothing goes wrong. ``sending`` is told of every message before it
    leaves, and ``left`` when it has. A send that hangs moves the clock ``now`` on by ``hangs``: longer than the lease of the
    desk, so that another worker is given the message meanwhile; ``meanwhile`` is called then.
    """

    now: FrozenNow
    sending: Callable[[OutboxMessage], None]
    left: Callable[[OutboxMessage], None]
    whim: Callable[[OutboxMessage], str]
    hangs: timedelta
    meanwhile: Callable[[], None]
    notifier: Notifier | None = None

    @property
    def channels(self) -> frozenset[Channel]:
        """Those of the notifier; all where there is none."""
        return frozenset(Channel) if self.notifier is None else self.notifier.channels

    def send(self, message: OutboxMessage) -> Receipt:
        """Send the message, unless there is a whim."""
        whim = self.whim(message)
        if whim == "fails":
            raise ConnectionError("the mail server does not answer")
        if whim == "knows nobody there":
            raise Undeliverable("no such address")
        if whim.startswith("hangs"):
            self.now.move(self.hangs)
            self.meanwhile()
        if whim == "hangs and fails":
            raise TimeoutError("the mail server has not answered")
        self.sending(message)
        receipt = Receipt(at=instant(self.now())) if self.notifier is None else self.notifier.send(message)
        self.left(message)
        if whim == "loses the answer":
            raise TimeoutError("the mail server took it, and its answer was lost")
        return receipt
