"""Messages to put into words, for the tests of the texts."""

from __future__ import annotations

from recovery.core.messages import Message, Origin, Saying
from recovery.core.vocabulary.common import Address, Channel
from recovery.templates.english import CUSTOMER
from recovery.templates.text import VALUES
from support import MONDAY

__all__ = ["BO", "a_message", "every_value"]

BO = {
    "reference": "R1",
    "customer": "Bo Lind",
    "owner": "ana",
    "owner_name": "Ana Sola",
    "reach": "ana@desk.example",
    "issue": "the display went dark",
    "company": "Boats & Co",
    "person": "Ana Sola",
    "timezone": "Europe/Berlin",
    "desk_timezone": "Europe/Berlin",
}


def every_value() -> dict[str, str]:
    """Return a value for everything a text may name."""
    told = {name: f"<{name}>" for name in VALUES if not name.endswith("_at")}
    return told | {
        name: MONDAY.isoformat() for name in ("due_at", "next_word_at", "by_date", "deliver_by", "sent_at", "decided_at")
    }


def a_message(
    *templates: str,
    text: str = "",
    values: dict[str, str] | None = None,
    channel: Channel = Channel.EMAIL,
    to: str = "bo@boat.example",
    origin: Origin = Origin.PERSON,
    **more: str,
) -> Message:
    """Return a message that says ``templates`` to Bo, or to Ana where colleagues read such a text."""
    return Message(
        id=f"case-1:3:{channel.value}",
        case_id="case-1",
        reference="R1",
        seq=3,
        channel=channel,
        to=Address(channel=channel, value=to),
        person=None if templates[0] in CUSTOMER else "ana",
        sayings=tuple(Saying(template=template, text=text, values=values or {}) for template in templates),
        values={**BO, **more},
        at=MONDAY,
        origin=origin,
    )
