"""Outboxes that lose, repeat or mix up messages. Each has one fault."""

from __future__ import annotations

from datetime import timedelta

import attrs
from pendulum import DateTime

from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.values import Change, OutboxMessage, Queued
from recovery.stores.memory import MemoryStore
from testing.contracts.breaking import breaks


@breaks("messages-wait-until-they-are-due")
class SendsAtOnce(MemoryStore):
    """Gives messages out before they are due."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        for row in self._outbox.values():
            row.next_at = min(row.next_at, now)
        return super().claim(now, limit, lease)


class ChangesQueued(MemoryStore):
    """Changes what it hands out."""

    def queued(self, queued: Queued) -> Queued:
        """Return what is handed out."""
        return queued

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        return tuple(self.queued(queued) for queued in super().claim(now, limit, lease))


@breaks("a-message-is-as-it-was-written", "a-desk-works-on-it")
class CutsMessages(ChangesQueued):
    """Keeps the first 200 characters of a message."""

    def queued(self, queued: Queued) -> Queued:
        """Do as the class says."""
        return attrs.evolve(queued, message=attrs.evolve(queued.message, body=queued.message.body[:200]))


@breaks("a-message-that-nobody-finished-is-counted", "what-kills-a-worker-takes-no-other-along")
class ForgetsWhoHadIt(MemoryStore):
    """Takes a message whose lease ran out for a fresh one."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        for row in self._outbox.values():
            row.claimed_until = None if row.claimed_until is None or row.claimed_until <= now else row.claimed_until
        return super().claim(now, limit, lease)


@breaks("a-message-put-off-waits-and-is-counted", "a-message-that-nobody-finished-is-counted")
class CountsNoTries(ChangesQueued):
    """Forgets how often a message has failed."""

    def queued(self, queued: Queued) -> Queued:
        """Do as the class says."""
        return attrs.evolve(queued, tries=0)


@breaks("a-message-put-off-waits-and-is-counted", "one-reader-gets-messages-in-order")
class PutsNothingOff(MemoryStore):
    """Counts the try and tries again at once."""

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Do as the class says."""
        row = self._outbox.get(message_id)
        super().retry(message_id, at if row is None else row.next_at, error)


@breaks("a-message-put-off-is-no-longer-claimed")
class KeepsTheClaimOfAMessage(MemoryStore):
    """Lets a message that was put off wait for the end of its lease."""

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Do as the class says."""
        until = self._outbox[message_id].claimed_until if message_id in self._outbox else None
        super().retry(message_id, at, error)
        if message_id in self._outbox:
            self._outbox[message_id].claimed_until = until


@breaks("putting-off-what-is-not-there-is-left-in-peace")
class PutsOffEverything(MemoryStore):
    """Puts all messages off where it does not know the one."""

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Do as the class says."""
        for each in [message_id] if message_id in self._outbox else list(self._outbox):
            super().retry(each, at, error)


@breaks("no-message-is-passed-over")
class LooksAboveTheLast(MemoryStore):
    """Looks only for messages with a greater id than the last it has given out."""

    last = ""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        claimed = tuple(queued for queued in super().claim(now, limit, lease) if queued.message.id > self.last)
        self.last = max((self.last, *(queued.message.id for queued in claimed)))
        return claimed


@breaks("who-waits-takes-nobodys-place")
class CutsBeforeItLooks(MemoryStore):
    """Takes the first few rows, and then leaves out those that have to wait."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        rows = [row for row in self._outbox.values() if row.state is Delivery.QUEUED and row.next_at <= now]
        first = {row.message.id for row in sorted(rows, key=lambda row: (row.next_at, row.message.id))[:limit]}
        return tuple(queued for queued in super().claim(now, limit, lease) if queued.message.id in first)


@breaks("one-reader-gets-messages-in-order", "the-number-of-the-event-orders", "who-waits-takes-nobodys-place")
class KnowsNoOrder(MemoryStore):
    """Gives out every message by itself."""

    def _store(self, change: Change) -> None:
        super()._store(change)
        for row in self._outbox.values():
            row.message = OwnLine.of(row.message)

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        claimed = super().claim(now, limit, lease)
        return tuple(attrs.evolve(queued, message=OwnLine.back(queued.message)) for queued in claimed)


class OwnLine:
    """Gives a message a reader of its own, and takes it away again."""

    @staticmethod
    def of(message: OutboxMessage) -> OutboxMessage:
        """Return the message in a line of its own."""
        person = message.person or ""
        return message if "/" in person else attrs.evolve(message, person=f"{person}/{message.seq}")

    @staticmethod
    def back(message: OutboxMessage) -> OutboxMessage:
        """Return the message as it was."""
        return attrs.evolve(message, person=(message.person or "").split("/")[0] or None)


@breaks("the-number-of-the-event-orders")
class OrdersById(MemoryStore):
    """Puts c-1:10:email before c-1:9:email."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        rows = sorted(self._outbox.values(), key=lambda row: row.message.id)
        kept, numbers = self._outbox, {row.message.id: row.message for row in rows}
        try:
            for number, row in enumerate(rows):
                row.message = attrs.evolve(row.message, seq=number)
            claimed = super().claim(now, limit, lease)
        finally:
            for row in kept.values():
                row.message = numbers[row.message.id]
        return tuple(attrs.evolve(queued, message=numbers[queued.message.id]) for queued in claimed)


@breaks("readers-do-not-wait-for-each-other")
class OneLineForAll(MemoryStore):
    """Hands out one message of a case at a time, whoever it is for."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Do as the class says."""
        claimed: dict[str, Queued] = {}
        for queued in super().claim(now, limit, lease):
            claimed.setdefault(queued.message.case_id, queued)
        return tuple(claimed.values())


@breaks(
    "a-settled-message-never-comes-out-again",
    "a-message-may-be-settled-as-it-is-written",
    "one-reader-gets-messages-in-order",
    "the-doctor-finds-nothing-where-all-is-well",
)
class SettlesNothing(MemoryStore):
    """Forgets what became of a message."""

    def _store(self, change: Change) -> None:
        super()._store(attrs.evolve(change, settled=()))


@breaks("a-settled-message-never-comes-out-again")
class RetriesWhatIsSettled(MemoryStore):
    """Queues a settled message again when it is put off."""

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Do as the class says."""
        if message_id in self._outbox:
            self._outbox[message_id].state = Delivery.QUEUED
            self._waiting[message_id] = self._outbox[message_id]
        super().retry(message_id, at, error)


@breaks("a-message-may-be-settled-as-it-is-written")
class SettlesFirst(MemoryStore):
    """Settles before it stores the messages of the same change."""

    def _store(self, change: Change) -> None:
        super()._store(attrs.evolve(change, settled=tuple(each for each in change.settled if each[0] in self._outbox)))


@breaks("settling-what-has-no-row-is-left-in-peace")
class SettlesTheWholeCase(MemoryStore):
    """Settles every message of the case when one of them is settled."""

    def _store(self, change: Change) -> None:
        super()._store(change)
        for row in self._outbox.values():
            if change.settled and row.message.case_id == change.case.id:
                row.state = change.settled[0][1]
                self._waiting.pop(row.message.id, None)
