"""Writes to the log that a message went out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime

from attrs import field, frozen

from recovery.core.values import instant
from recovery.core.vocabulary.common import Channel
from recovery.ports.values import OutboxMessage, Receipt

__all__ = ["LogNotifier"]


def _now() -> datetime:
    return datetime.now(UTC)


@frozen(kw_only=True)
class LogNotifier:
    """Logs each message at ``level`` to the logger called ``logger``, and sends nothing: for a start, or a rehearsal.

    A line says which message of which case goes to whom on which channel, and what it is made of: ids, never words or addresses.
    The same stands in the record as ``message_id``, ``case_id``, ``channel``, ``person`` and ``templates``. With ``show_words``
    the words stand below, and the address: for development, where no log is kept. ``now`` dates the receipts.
    """

    logger: str = "recovery.notifiers"
    level: int = logging.INFO
    show_words: bool = False
    channels: frozenset[Channel] = frozenset(Channel)
    now: Callable[[], datetime] = field(default=_now, repr=False)

    def send(self, message: OutboxMessage) -> Receipt:
        """Log the message."""
        facts = {
            "message_id": message.id,
            "case_id": message.case_id,
            "channel": message.channel.value,
            "person": message.person or "the customer",
            "templates": ", ".join(message.templates),
        }
        line = "message %(message_id)s of case %(case_id)s to %(person)s by %(channel)s: %(templates)s"
        if self.show_words:
            line += "\n%(to)s\n%(subject)s\n%(body)s"
        words = {"to": "" if message.to is None else message.to.value, "subject": message.subject, "body": message.body}
        logging.getLogger(self.logger).log(self.level, line, facts | words if self.show_words else facts, extra=facts)
        return Receipt(at=instant(self.now()), provider_id=message.id)
