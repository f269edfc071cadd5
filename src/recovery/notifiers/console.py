"""Prints messages, for trying things out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from attrs import frozen

from recovery.core.values import instant
from recovery.core.vocabulary.common import Channel
from recovery.ports.values import OutboxMessage, Receipt

__all__ = ["ConsoleNotifier"]


def _print(text: str) -> None:
    print(text)  # noqa: T201  (printing is what it is for)


@frozen(kw_only=True)
class ConsoleNotifier:
    """Writes each message to ``write`` (default: standard output). What it prints is personal: use it at your own desk only."""

    write: Callable[[str], object] = _print
    channels: frozenset[Channel] = frozenset(Channel)

    def send(self, message: OutboxMessage) -> Receipt:
        """Print the message."""
        whom = message.person or (message.to.value if message.to is not None else "?")
        self.write(f"--- {message.channel.value} to {whom}: {message.subject}\n{message.body}\n")
        return Receipt(at=instant(datetime.now(UTC)))
