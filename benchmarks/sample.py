"""The case that everything is measured with: a mail about the dark display of a boat, and a first answer without a fault."""

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
    decide,
    policies,
)

__all__ = ["COMMAND", "FREE", "HOURS", "MAIL", "NOW", "POLICY", "acknowledged", "letter", "received"]

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin").in_timezone("UTC")
FREE = frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1)})
HOURS = policies.office_hours("Europe/Berlin", holidays=FREE)
POLICY: Policy = policies.default(fallback_owner="ana", calendar=HOURS)
MAIL = Word(
    via={Channel.EMAIL},
    text="Thank you for telling us. I am sorry that the display went dark; I look after it myself, and you hear from me tomorrow. "
    "If there is more to tell, just answer.",
)
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


def acknowledged() -> Case:
    """Return that case after the first answer."""
    return decide(received(), COMMAND, policy=POLICY, now=NOW).case
