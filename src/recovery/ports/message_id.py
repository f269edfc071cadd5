"""The Message-ID of a mail of ours: made from the id in the outbox, so that a reply finds its case, and read back from replies.

``case:number:channel`` becomes ``<recovery.case.number.channel@domain>``: a form that every mail system lets through unchanged.
Letters, digits, hyphens and underscores stand for themselves, a colon is written as a point, and anything else as ``=`` and two
hexadecimal digits for each byte.
"""

from __future__ import annotations

import re

__all__ = ["message_id_of", "outbox_id_of"]

_MARK = "recovery."
_OURS = re.compile(r"\s*<?\s*recovery\.((?:[A-Za-z0-9_.-]|=[0-9a-f]{2})+)@[^@<>\s]+\s*>?\s*")
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def message_id_of(outbox_id: str, domain: str) -> str:
    """Return the Message-ID, angle brackets included, of the mail that stands in the outbox under ``outbox_id``."""
    return f"<{_MARK}{''.join(map(_written, outbox_id.encode('utf-8', 'surrogatepass')))}@{domain}>"


def outbox_id_of(message_id: str) -> str | None:
    """Return the id in the outbox of the mail that ``message_id`` names, with or without angle brackets; ``None``: not ours.

    The domain is not looked at, so replies to what was sent before a move to another domain are found as well.
    """
    found = _OURS.fullmatch(message_id)
    if found is None:
        return None
    try:
        return _read(found.group(1))
    except UnicodeDecodeError:
        return None


def _written(byte: int) -> str:
    if byte in _PLAIN:
        return chr(byte)
    return "." if byte == ord(":") else f"={byte:02x}"


def _read(text: str) -> str:
    pieces = re.split(r"=([0-9a-f]{2})", text.replace(".", ":"))
    told = b"".join(bytes.fromhex(piece) if number % 2 else piece.encode("ascii") for number, piece in enumerate(pieces))
    return told.decode("utf-8", "surrogatepass")
