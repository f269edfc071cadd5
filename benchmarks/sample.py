"""The case that everything is measured with: a mail about the dark display of a boat, and the first answer to it."""

from __future__ import annotations

from datetime import date

import pendulum

from recovery import (
    Acknowledge,
    Address,
    Case,
    Channel,
    Contact,
    Customer,
    Desk,
    MemoryStore,
    Policy,
    Word,
    policies,
)

__all__ = ["COMMAND", "FREE", "HOURS", "MAIL", "NOW", "POLICY", "letter", "received"]

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin").in_timezone("UTC")
FREE = frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1)})
HOURS = policies.office_hours("Europe/Berlin", holidays=FREE)
POLICY: Policy = policies.default(fallback_owner="ana", calendar=HOURS)
MAIL = Word(via={Channel.EMAIL}, text="I have your message, I am sorry for the trouble, and I am on it.")
COMMAND = Acknowledge(by="ana", word=MAIL, next_word_at=NOW.add(days=1))


def letter(number: int, customer: int | None = None) -> Contact:
    """Return a mail, of a customer of its own unless one is named."""
    address = f"bo{number if customer is None else customer}@boat.example"
    sender = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value=address),))
    text = "The display of my boat went dark."
    return Contact(channel=Channel.EMAIL, sender=sender, text=text, received_at=NOW, message_id=f"{number}@boat.example")


def received() -> Case:
    """Return a case that has just come in."""
    return Desk(store=MemoryStore(), policy=POLICY, now=lambda: NOW).receive(letter(0)).case
