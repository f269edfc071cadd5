"""The mails of the corpus, and a contact as plain data, so that what is expected of each can stand in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from recovery import Channel, Contact

MAILS = Path(__file__).parent / "mails"
NAMES = tuple(sorted(path.stem for path in MAILS.glob("*.eml")))
OURS = ("help@shop.example",)


def raw(name: str) -> bytes:
    """Return a mail of the corpus."""
    return (MAILS / f"{name}.eml").read_bytes()


def expected() -> dict[str, dict[str, Any]]:
    """Return what each mail of the corpus is to become."""
    return cast("dict[str, dict[str, Any]]", json.loads((MAILS / "expected.json").read_text(encoding="utf-8")))


def seen(contact: Contact) -> dict[str, object]:
    """Return what a contact says, without what is empty."""
    bounce = contact.bounce
    told: dict[str, object] = {
        "name": contact.sender.name,
        "addresses": [address.value for address in contact.sender.addresses if address.channel is Channel.EMAIL],
        "subject": contact.subject,
        "text": contact.text,
        "quoted": contact.quoted,
        "signature": contact.signature,
        "message_id": contact.message_id,
        "replies_to": list(contact.replies_to),
        "reference": contact.reference,
        "received_at": contact.received_at.isoformat(),
        "automatic": contact.automatic,
        "bounced": None if bounce is None else [list(bounce.messages), list(bounce.addresses), bounce.status or ""],
        "attachments": [f"{each.name} ({each.media_type}, {each.size})" for each in contact.attachments],
    }
    return {name: value for name, value in told.items() if value not in (None, "", [], False)}
