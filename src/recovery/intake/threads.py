"""What a mail belongs to: the ids it names, in the form in which a case knows them, and the case reference in its words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from recovery.core.reference import is_reference
from recovery.intake.headers import Headers
from recovery.ports.message_id import outbox_id_of

__all__ = ["answered", "id_of", "ids_in", "reference_in"]

MOST = 100
"""How many earlier mails are kept, the newest first."""

_ID = re.compile(r"<([^<>]{1,2000})>")
_BARE = re.compile(r"[^\s<>,;()\"]{1,900}@[^\s<>,;()\"]{1,900}")
_SPACE = re.compile(r"\s+")
_REFERENCE = re.compile(r"(?<![\w-])([2-9A-Za-z]{4})([-\u2010-\u2015 ]?)([2-9A-Za-z]{4})(?![\w-])")
_LABEL = re.compile(
    r"(?:case|ref(?:erence)?|ticket|fall|vorgang|dossier|caso|zaak|sprawa|дело|#|\[)[\s.:#№nr°o-]{0,6}$", re.IGNORECASE
)


def ids_in(value: str) -> tuple[str, ...]:
    """Return the ids of mails in a header, without brackets; a mail of ours by its id in the outbox."""
    bracketed = [_SPACE.sub("", told) for told in _ID.findall(value)]
    found = bracketed or _BARE.findall(value)
    return tuple(dict.fromkeys(_known(told) for told in found if told))


def _known(told: str) -> str:
    ours = outbox_id_of(told)
    name = told if ours is None else ours
    if len(name) <= 200 and name.isprintable() and name.strip():
        return name
    return f"sha256:{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}"


def id_of(headers: Headers) -> str | None:
    """Return the id of a mail itself, ``None`` where it has none."""
    return next((name for value in headers.every("message-id") for name in ids_in(value)), None)


def answered(headers: Headers) -> tuple[str, ...]:
    """Return the ids of the mails that a mail answers, the newest first."""
    replied = [name for value in headers.every("in-reply-to") for name in ids_in(value)]
    earlier = [name for value in headers.every("references") for name in ids_in(value)]
    return tuple(dict.fromkeys([*replied, *reversed(earlier)]))[:MOST]


def reference_in(texts: Iterable[str], *, strict: bool = False) -> str | None:
    """Return the first of our case references in ``texts``: its check character fits, and it does not look like a plain word.

    With ``strict`` only capitals with a hyphen count, and only where all the texts name one and the same.
    """
    found = [_written(told) for text in texts for told in _REFERENCE.finditer(text[:50_000]) if _is_ours(told, strict=strict)]
    return None if not found or (strict and len(set(found)) > 1) else found[0]


def _written(found: re.Match[str]) -> str:
    return f"{found.group(1)}-{found.group(3)}".upper()


def _is_ours(found: re.Match[str], *, strict: bool) -> bool:
    told = found.group(1) + found.group(3)
    if not is_reference(told):
        return False
    hyphen, mixed = found.group(2) not in ("", " "), any(sign.isdigit() for sign in told) and any(sign.isalpha() for sign in told)
    if strict or (hyphen and told.isupper()):
        return hyphen and told.isupper()
    labelled = _LABEL.search(found.string[max(0, found.start() - 20) : found.start()]) is not None
    return labelled or (mixed and (hyphen or told.isupper()))
