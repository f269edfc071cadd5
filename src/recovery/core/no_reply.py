"""Addresses that say of themselves that nobody reads what is sent to them (practice: ``contact.way-back``)."""

from __future__ import annotations

import re

__all__ = ["is_no_reply", "no_reply_in"]

_NOBODY = re.compile(
    r"(no|do|don|never|kein|keine|nicht|ne)?[-_.']?(t|not|pas)?[-_.]?(reply|replies|antwort|antworten|repondre|responder)"
)
_MACHINES = frozenset({"mailer-daemon", "bounce", "bounces", "devnull", "null", "nobody", "no.answer", "no-answer", "noanswer"})


def is_no_reply(local: str) -> bool:
    """Whether the part of an e-mail address before the @ says that nobody reads what is sent there."""
    name = local.casefold().partition("+")[0]
    found = _NOBODY.fullmatch(name)
    return name in _MACHINES or (found is not None and bool(found[1] or found[2]))


def no_reply_in(text: str) -> str | None:
    """Return the first address in ``text`` that nobody reads, if there is one."""
    if "@" not in text:
        return None
    addresses = (word.strip("<>()[]\"',;:.") for word in text.split() if "@" in word)
    return next((address for address in addresses if is_no_reply(address.partition("@")[0])), None)
