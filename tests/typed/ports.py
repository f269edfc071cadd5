"""Ports filled by somebody else's classes, and values as plain data. Never run: mypy and pyright read it."""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from pendulum import DateTime

from recovery import Channel, Command, Contact, Customer, Desk, MemoryStore, Policy, SQLiteStore, Undeliverable
from recovery.codec import command_from_dict, to_dict
from recovery.intake import from_email
from recovery.ports import CaseFinder, CaseStore, Directory, Notifier, Outbox, OutboxMessage, Receipt, Store


class Chat:
    """A notifier of one's own: the right methods are all it needs."""

    @property
    def channels(self) -> frozenset[Channel]:
        """Return where it can say something."""
        return frozenset({Channel.CHAT})

    def send(self, message: OutboxMessage) -> Receipt:
        """Say it in the chat."""
        if message.to is None:
            raise Undeliverable("nobody to say it to")
        return Receipt(at=message.created_at)


class Pigeons:
    """No notifier: it does not say what became of the message."""

    @property
    def channels(self) -> frozenset[Channel]:
        """Return where it flies."""
        return frozenset({Channel.LETTER})

    def send(self, message: OutboxMessage) -> None:
        """Let it fly."""


class Rota:
    """A directory of one's own."""

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Return who is not there."""
        return frozenset({"ben"}) if now.hour < 12 else None


def fitting(policy: Policy) -> None:
    """What has the right methods fits the port; the stores of the library fit all of theirs."""
    chat: Notifier = Chat()
    rota: Directory = Rota()
    Desk(store=MemoryStore(), policy=policy, notifier=chat, directory=rota)
    sqlite, memory = SQLiteStore("recovery.db"), MemoryStore()
    stores: list[Store] = [sqlite, memory]
    parts: tuple[CaseStore, CaseFinder, Outbox] = (sqlite, sqlite, memory)
    assert len(stores) < len(parts)


def plain(data: Mapping[str, object], mail: bytes) -> None:
    """Plain data and raw mail become values of their own types."""
    assert_type(command_from_dict(data), Command)
    assert_type(from_email(mail), Contact)
    assert_type(to_dict(Customer(name="Bo")), dict[str, object])


def wrong(policy: Policy) -> None:
    """What does not fit a port is found before it runs."""
    Desk(store=MemoryStore(), policy=policy, notifier=Pigeons())  # type: ignore[arg-type]
    Desk(store=MemoryStore(), policy=policy, directory=Chat())  # type: ignore[arg-type]
    Desk(store=Rota(), policy=policy)  # type: ignore[arg-type]
    from_email("From: bo@boat.example")  # type: ignore[arg-type]
    Receipt(at="now")  # type: ignore[arg-type]
