"""Which mail came back, and whether for good: read from delivery reports (RFC 3464), and from the words of those who write none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from attrs import frozen

from recovery.core.vocabulary.receiving import Bounce
from recovery.intake import phrases
from recovery.intake.addresses import mailboxes, normal_address
from recovery.intake.charsets import readable, text_of
from recovery.intake.headers import Headers
from recovery.intake.mime import Part, every_part, payload, take_apart
from recovery.intake.threads import ids_in

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["Report", "read_report"]

LONGEST = 200_000
"""How much of the words of a notice is read, in characters."""
LONGEST_FOR_EXTRA = 300_000
"""How long a mail may be, in bytes, for the extra ``inbound`` to look at it."""

_FIELD = re.compile(
    r"^(action|status|final-recipient|original-recipient|diagnostic-code|original-message-id)[ \t]*:[ \t]*(.{0,500})$", re.I | re.M
)
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_CODE = re.compile(r"(?<![\d.:-])([45])\d\d[ -](?=[^\d])")
_QUOTED_ID = re.compile(r"^[>\s]{0,10}Message-ID:\s{0,20}(<[^<>\s]{3,300}>)", re.IGNORECASE | re.MULTILINE)
_ID_FIELD = re.compile(r"[>\s]{0,10}(?:message-id|in-reply-to|references):", re.IGNORECASE)
_QUOTED_SUBJECT = re.compile(r"^[>\s]{0,10}Subject:[ \t]{0,20}(.{1,500})$", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[\w.+%=~&'/-]{1,64}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_ROUTE = re.compile(r"^smtp[=:]", re.IGNORECASE)
_FINAL = re.compile(phrases.FINAL, re.IGNORECASE)
_DELAY = re.compile(phrases.DELAY, re.IGNORECASE)
_NOTICE_SUBJECT = re.compile(phrases.NOTICE_SUBJECT, re.IGNORECASE)
_COPY = re.compile(rf"^[-\s]{{0,80}}(?:{phrases.COPY})", re.IGNORECASE | re.MULTILINE)
_NOT_FAILED = frozenset(("delayed", "delivered", "relayed", "expanded"))


@frozen(kw_only=True)
class Report:
    """What a notice about a mail of ours says: the mail it is about, and what bounced where that is final."""

    about: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    bounce: Bounce | None = None


@frozen(kw_only=True)
class _Told:
    action: str = ""
    status: str = ""
    address: str | None = None
    why: str = ""

    @property
    def failed(self) -> bool:
        return self.action in ("failed", "failure") or (self.action not in _NOT_FAILED and self.status.startswith("5"))


def read_report(mail: Part, text: str, raw: bytes) -> Report | None:
    """Return what a notice about a mail of ours says; ``None`` where a mail is none: automatic it may be all the same."""
    parts = tuple(every_part(mail))
    statuses = [part for part in parts if part.kind in ("message/delivery-status", "message/global-delivery-status")]
    originals = tuple(_originals(parts))
    words = f"{text}\n{_shown(parts)}"[:LONGEST]
    told = [found for part in statuses for found in _recipients(_text(part)[:LONGEST])]
    if told:
        return _report(originals, words, [one for one in told if one.failed], failed=any(one.failed for one in told))
    if _is_other_report(mail, parts):
        told_of = "\n".join(_text(part)[:LONGEST] for part in parts if part.kind.startswith("message/"))
        return _report(originals, told_of, [], failed=_REJECTED.search(told_of) is not None and "reject" in words.lower())
    inner = next((_inner_report(part) for part in parts[1:] if part.kind == "message/rfc822"), None)
    if inner is not None:
        return inner
    return _of_words(mail, words, originals, raw) if _is_notice(mail) else None


def _inner_report(part: Part) -> Report | None:
    """Return what a report says that a gateway has wrapped into a mail of its own."""
    data = payload(part)[: LONGEST * 2]
    inner = take_apart(data)
    return (
        read_report(inner, "", data) if inner.kind == "multipart/report" and inner.parts and part.kind == "message/rfc822" else None
    )


def _report(originals: Sequence[Headers], words: str, told: Sequence[_Told], *, failed: bool) -> Report:
    about = tuple(
        dict.fromkeys([*(name for head in originals for name in ids_in(head.first("message-id"))), *_ids_in_words(words)])
    )
    subjects = tuple([*(head.words("subject") for head in originals), *_QUOTED_SUBJECT.findall(words)][:10])
    if not failed:
        return Report(about=about, subjects=subjects)
    addresses = tuple(dict.fromkeys(one.address for one in told if one.address))
    status = next((one.status for one in told if one.status), None)
    why = next((one.why for one in told if one.why), "")
    return Report(about=about, subjects=subjects, bounce=Bounce(messages=about, addresses=addresses, status=status, why=why))


# ---------------------------------------------------------------- standard reports


def _text(part: Part) -> str:
    return readable(text_of(payload(part)[: LONGEST * 2], part.parameters.get("charset"), part.headers.hint))


def _recipients(text: str) -> Iterator[_Told]:
    """Yield what a delivery report says of each recipient: blocks of fields, parted by empty lines; the first is about the mail."""
    for block in re.split(r"\n[ \t]*\n", re.sub(r"\n[ \t]+(?=\S)", " ", text))[:200]:
        fields = dict[str, str]()
        for name, value in _FIELD.findall(block):
            fields.setdefault(name.lower(), value.strip())
        if "action" in fields or "status" in fields:
            named = fields.get("original-recipient") or fields.get("final-recipient", "")
            why = fields.get("diagnostic-code", "")
            found = _STATUS.search(fields.get("status", "")) or _STATUS.search(why)
            yield _Told(
                action=fields.get("action", "").lower().split(" ")[0],
                status=found.group() if found else "",
                address=normal_address(named.rpartition(";")[2]),
                why=why.partition(";")[2].strip() or why,
            )


def _originals(parts: Sequence[Part]) -> Iterator[Headers]:
    """Yield the headers of the mails that a notice brings back, whole or in part."""
    for part in parts[1:]:
        if part.kind in (
            "message/rfc822",
            "text/rfc822-headers",
            "message/rfc822-headers",
            "text/rfc822",
            "message/global",
            "message/global-headers",
        ):
            inner = take_apart(payload(part)[:LONGEST])
            yield inner.headers


def _shown(parts: Sequence[Part]) -> str:
    return "\n".join(_text(part)[:LONGEST] for part in parts[1:] if part.kind == "text/plain")


def _is_other_report(mail: Part, parts: Sequence[Part]) -> bool:
    """Whether this is a read receipt or a complaint report: a machine's, and no bounce."""
    kinds = ("message/disposition-notification", "message/feedback-report", "message/global-disposition-notification")
    return any(part.kind in kinds for part in parts) or mail.parameters.get("report-type", "") in (
        "disposition-notification",
        "feedback-report",
    )


# ---------------------------------------------------------------- notices in words


_REJECTED = re.compile(r"^disposition:[ \t]*automatic-action/.{0,60}deleted", re.IGNORECASE | re.MULTILINE)
_DAEMON = re.compile(
    r"mail(?:er)?[-_. ]?daemon|mdaemon|postmaster|mail delivery (?:sub)?system|system administrator|mail administrator|"
    r"microsoftexchange[0-9a-f]+",
    re.IGNORECASE,
)


def _is_notice(mail: Part) -> bool:
    """Whether an automatic mail looks like a notice of a mail system: its sender, its subject or its own header says so."""
    headers = mail.headers
    known = any(name in headers for name in ("x-failed-recipients", "x-ms-exchange-message-is-ndr"))
    named = _DAEMON.search(headers.words("from")[:500]) or _NOTICE_SUBJECT.search(headers.words("subject")[:500])
    return known or named is not None or mail.parameters.get("report-type", "") == "delivery-status"


def _of_words(mail: Part, words: str, originals: Sequence[Headers], raw: bytes) -> Report:
    own, _, _ = _before_copy(words)
    status, code = _STATUS.search(own), _CODE.search(own)
    final, delayed = _FINAL.search(own) is not None, _DELAY.search(own) is not None
    subject = mail.headers.words("subject").lower()
    failed = "x-failed-recipients" in mail.headers or "x-ms-exchange-message-is-ndr" in mail.headers
    if not failed:
        permanent = (status is not None and status.group(1) == "5") or (code is not None and code.group(1) == "5")
        failed = (permanent or final) and not delayed and "delay" not in subject
    named = mail.headers.first("x-failed-recipients") or ""
    addresses = [normal_address(name) for name in named.split(",")] if named else []
    found = [address for address in addresses if address] or (_failed_by_extra(raw) if failed else []) or _in_words(mail, own)
    number = status.group() if status and status.group(1) == "5" else ""
    why = next((line.strip() for line in own.split("\n") if _CODE.search(line) or _STATUS.search(line)), "")[:500]
    told = [_Told(status=number, address=address, why=why) for address in found] or [_Told(status=number, why=why)]
    return _report(originals, words, told, failed=failed)


def _before_copy(words: str) -> tuple[str, str, str]:
    found = _COPY.search(words)
    return (words[: found.start()], found.group(), words[found.end() :]) if found else (words, "", "")


def _ids_in_words(words: str) -> list[str]:
    found = [*_QUOTED_ID.findall(words), *(value for name, value in _FIELD.findall(words) if name.lower() == "original-message-id")]
    return [name for value in found[:20] for name in ids_in(value)]


def _in_words(mail: Part, own: str) -> list[str]:
    """Return the addresses a notice names, those on a line of their own first; neither its sender's nor ours, who get it."""
    lines = [line.strip()[:300] for line in own.split("\n")[:400] if not _ID_FIELD.match(line)]
    alone = [line for line in lines if line.startswith("<") or _ADDRESS.match(line)]
    heads = {box.address for name in ("from", "sender", "reply-to", "to") for box in mailboxes(mail.headers.first(name))}
    for some in (alone, lines):
        named = [normal_address(_ROUTE.sub("", text)) for line in some for text in _ADDRESS.findall(line)]
        found = [address for address in named if address and address not in heads and not _DAEMON.search(address)]
        if found:
            return list(dict.fromkeys(found))[:5]
    return []


class _Detector(Protocol):
    def all_failures(self, msg: Message) -> tuple[frozenset[bytes], frozenset[bytes]]: ...


def _failed_by_extra(raw: bytes) -> list[str]:
    """Return the addresses that failed for good according to the extra ``inbound``, where it is installed."""
    if len(raw) > LONGEST_FOR_EXTRA:
        return []
    try:
        from email import message_from_bytes  # noqa: PLC0415  (only for the extra)

        detector = cast("_Detector", import_module("flufl.bounce"))
        _, permanent = detector.all_failures(message_from_bytes(raw))
        found = (normal_address(one.decode("utf-8", "replace")) for one in permanent)
        return sorted({address for address in found if address})
    except Exception:  # noqa: BLE001  (it raises on many a mail; it has no more than a say)
        return []
