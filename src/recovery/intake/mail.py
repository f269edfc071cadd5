"""A mail as a contact: any bytes become one, whatever is broken about them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection
from datetime import datetime

from attrs import field, frozen

from recovery.core.errors import InvalidValue
from recovery.core.values import instant, invalid, is_instant
from recovery.core.vocabulary.common import Address, Channel, Customer
from recovery.core.vocabulary.receiving import Attachment, Contact
from recovery.intake.addresses import senders
from recovery.intake.automatic import signs
from recovery.intake.bounces import Report, read_report
from recovery.intake.charsets import readable, text_of
from recovery.intake.instants import NEVER_SAID, came_in
from recovery.intake.markup import LONGEST as LONGEST_MARKUP
from recovery.intake.markup import is_markup, text_of_markup
from recovery.intake.mime import Part, every_part, payload, take_apart
from recovery.intake.replies import Written, flowed, split
from recovery.intake.threads import answered, id_of, reference_in

__all__ = ["Keep", "from_email", "read_mail", "why_automatic"]

Keep = Callable[[Attachment, bytes], None]
"""What is given the bytes of each attachment. It may be called again with the same bytes: ``digest`` says so."""

LONGEST_TEXT = 100_000
"""How long the text of a contact may be, in characters; a longer one is cut, and kept whole as an attachment."""
LONGEST_NOTICE = 300
"""How long a plain part may be, in signs, to be no more than a notice that a mail program cannot show the other one."""
LONGEST_SUBJECT = 1_000
"""How long a subject may be, in characters; the rest goes on top of the text."""

_BODIES = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext"})
_NAMES = {
    "message/rfc822": "message.eml",
    "message/global": "message.eml",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "message/feedback-report": "feedback-report.txt",
    "text/rfc822-headers": "headers.txt",
    "text/calendar": "invite.ics",
    "text/plain": "text.txt",
    "text/html": "text.html",
    "text/csv": "table.csv",
    "image/jpeg": "image.jpg",
    "image/png": "image.png",
    "image/gif": "image.gif",
    "image/heic": "image.heic",
    "application/pdf": "document.pdf",
    "application/zip": "archive.zip",
    "application/pgp-signature": "signature.asc",
    "application/pgp-encrypted": "encrypted.asc",
    "application/pgp-keys": "key.asc",
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/ms-tnef": "winmail.dat",
    "application/json": "data.json",
}
_TRACES = re.compile(
    r"received|return-path|delivered-to|envelope-to|authentication-results|status|dkim-.*|arc-.*|received-spf|lines|content-length|x-.*"
)
_NO_TEXT = bytes((*range(9), *range(14, 27), *range(28, 32)))
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,100}")


@frozen(kw_only=True)
class _Body:
    """What a mail holds: its words in their order, and everything else with its bytes."""

    texts: list[str] = field(factory=list[str])
    attached: list[tuple[Attachment, bytes]] = field(factory=list[tuple[Attachment, bytes]])


def from_email(
    raw: bytes,
    *,
    keep: Keep | None = None,
    now: datetime | None = None,
    received_at: datetime | None = None,
    ours: Collection[str] = (),
) -> Contact:
    """Return the mail in ``raw`` as a contact. Any bytes become one; what names nobody or holds nothing waits in the tray later.

    ``keep`` is given each attachment with its bytes, before the contact is returned; what it raises is passed on. ``received_at``
    is when the mail came in, if the caller knows; else the mail's own headers say, never later than ``now``. Without any of them
    it is 1 January 1970: no clock is read here. ``ours`` are the addresses that we write from, or whole domains as
    ``@shop.example``: what they sent is automatic, and they are no customer's.

    Raises :class:`~recovery.core.errors.InvalidValue` for a ``now`` or ``received_at`` without a time zone.
    """
    latest, given = _aware("now", now), _aware("received_at", received_at)
    try:
        contact, attached = read_mail(raw, latest, given, tuple(ours))
    except Exception:  # noqa: BLE001  (a fault of this library must not drop a customer's mail: it waits in the tray, byte for byte)
        contact, attached = _unread(raw, latest, given)
    for attachment, data in attached if keep is not None else ():
        assert keep is not None
        keep(attachment, data)
    return contact


Attached = list[tuple[Attachment, bytes]]


def read_mail(raw: bytes, latest: datetime | None, given: datetime | None, ours: tuple[str, ...]) -> tuple[Contact, Attached]:
    """Return the mail in ``raw`` as a contact, and its attachments with their bytes."""
    mail = take_apart(raw)
    body = _body(mail, raw)
    whole = "\n\n".join(text.strip("\n") for text in body.texts if text.strip()).strip()
    at = given if given is not None else came_in(mail.headers, mail.envelope, latest)
    at = at if latest is None else min(at, latest)
    contact = _contact(mail, raw, whole, tuple(attachment for attachment, _ in body.attached), at, ours)
    return contact, body.attached


def _unread(raw: bytes, latest: datetime | None, given: datetime | None) -> tuple[Contact, Attached]:
    attached = [_attachment("mail.eml", "message/rfc822", raw)]
    return Contact(
        channel=Channel.EMAIL,
        received_at=given or latest or NEVER_SAID,
        message_id=f"sha256:{hashlib.sha256(raw).hexdigest()}",
        attachments=(attached[0][0],),
    ), attached


def why_automatic(raw: bytes, *, ours: Collection[str] = ()) -> tuple[str, ...]:
    """Return what says that a machine wrote the mail in ``raw``, such as ``Precedence: bulk``; nothing where a person did."""
    mail = take_apart(raw)
    return signs(mail, "\n\n".join(_body(mail, raw).texts)[:LONGEST_TEXT], tuple(ours))


def _aware(name: str, at: datetime | None) -> datetime | None:
    told = None if at is None else instant(at)
    if told is not None and (fault := is_instant(told)):
        raise InvalidValue("from_email", [invalid(name, *fault)])
    return told


def _contact(
    mail: Part, raw: bytes, whole: str, attachments: tuple[Attachment, ...], at: datetime, ours: tuple[str, ...]
) -> Contact:
    subject = mail.headers.words("subject")
    cut = whole[:LONGEST_TEXT]
    automatic = bool(signs(mail, cut, ours))
    report = read_report(mail, cut, raw) if automatic else None
    written = Written(text=cut) if report is not None else split(cut, subject)
    rest = subject[LONGEST_SUBJECT:]
    about = () if report is None else report.about
    return Contact(
        channel=Channel.EMAIL,
        received_at=at,
        sender=_sender(mail, ours),
        subject=subject[:LONGEST_SUBJECT],
        text=f"{rest}\n\n{written.text}" if rest else written.text,
        quoted=written.quoted,
        signature=written.signature,
        message_id=id_of(mail.headers) or _made_id(mail, raw),
        replies_to=tuple(dict.fromkeys([*about, *answered(mail.headers)])),
        reference=_reference(subject, written, report),
        attachments=attachments,
        automatic=automatic,
        bounce=None if report is None else report.bounce,
    )


def _sender(mail: Part, ours: tuple[str, ...]) -> Customer:
    found = senders(mail.headers, ours)
    name = next((box.name for box in found if box.name), None)
    return Customer(name=name, addresses=tuple(Address(channel=Channel.EMAIL, value=box.address) for box in found if box.address))


def _reference(subject: str, written: Written, report: Report | None) -> str | None:
    subjects = (subject, *(() if report is None else report.subjects))
    return reference_in(subjects) or reference_in([written.text], strict=True)


def _made_id(mail: Part, raw: bytes) -> str:
    """Return an id for a mail without one: the same for the same mail, whatever way it came and in whatever file it lies."""
    dated = "date" in mail.headers
    kept = [(name, value) for name, value in mail.headers.pairs if not (dated and _TRACES.fullmatch(name))]
    digest = hashlib.sha256()
    for name, value in kept:
        digest.update(name.encode() + b":" + b" ".join(value.split()) + b"\n")
    digest.update(mail.body.replace(b"\r\n", b"\n").strip() if mail.headers.pairs else raw)
    return f"sha256:{digest.hexdigest()}"


# ---------------------------------------------------------------- the body


def _body(mail: Part, raw: bytes) -> _Body:
    body = _Body()
    if not mail.is_mail:
        _take_other(mail, raw, body)
    else:
        _take(mail, body)
        _take_rest(mail, body)
    whole = "\n\n".join(body.texts)
    if len(whole) > LONGEST_TEXT:
        body.attached.append(_attachment("message.txt", "text/plain", whole.encode("utf-8")))
    elif mail.is_mail and not mail.headers.first("from", "reply-to", "sender"):
        body.attached.append(_attachment("mail.eml", "message/rfc822", raw))
    return body


def _take_other(mail: Part, raw: bytes, body: _Body) -> None:
    """Take bytes that are no mail: their words, if they are text, and the bytes themselves."""
    if not raw.strip():
        return
    if (len(raw) - len(raw.translate(None, _NO_TEXT))) * 100 <= len(raw):
        body.texts.append(readable(text_of(raw[: LONGEST_TEXT * 4], None)))
    body.attached.append(_attachment("original.bin", "application/octet-stream", raw))


def _take(part: Part, body: _Body) -> None:
    if part.kind == "multipart/alternative":
        _take_best(part, body)
    elif part.kind == "multipart/related":
        for number, inner in enumerate(part.parts):
            _take(inner, body) if number == 0 or inner.parts else _attach(inner, body)
    elif part.parts:
        for inner in part.parts:
            _take(inner, body)
    elif part.kind in _BODIES and not _is_attached(part):
        body.texts.append(_words(part))
        if part.kind != "text/plain" and len(part.body) > LONGEST_MARKUP:
            _attach(part, body)  # what is too long to be read is kept
    else:
        _attach(part, body)


def _take_best(part: Part, body: _Body) -> None:
    """Take one of several forms of the same words: the plain one, unless it holds next to nothing of what the others do."""
    forms: list[_Body] = []
    for inner in part.parts:
        form = _Body()
        _take(inner, form)
        forms.append(form)
    worded = [form for form in forms if any(text.strip() for text in form.texts)]
    fullest = max(worded, key=_length, default=_Body())
    chosen = next((form for form in worded if not _is_stub(form, fullest)), None)
    body.texts.extend(chosen.texts if chosen is not None else ())
    for form in forms:
        body.attached.extend(form.attached)


def _is_stub(form: _Body, fullest: _Body) -> bool:
    """Whether a form holds next to nothing of what another does, or but a notice that a mail program cannot show that one."""
    length = _length(form)
    if length * 8 < _length(fullest) - 200:
        return True
    told = _runs("".join(form.texts))
    return length <= LONGEST_NOTICE and len(told & _runs("".join(fullest.texts))) * 4 < len(told)


def _runs(text: str) -> set[str]:
    """Return every run of four letters or digits of the beginning of a text."""
    signs = "".join(sign for sign in text[:20_000] if sign.isalnum()).casefold()[:2_000]
    return {signs[at : at + 4] for at in range(len(signs) - 3)}


def _length(form: _Body) -> int:
    return sum(len("".join(text.split())) for text in form.texts)


def _take_rest(mail: Part, body: _Body) -> None:
    """Take texts that are shown as files, and what stands outside of all parts, where there is nothing else to read."""
    shown = (part for part in every_part(mail) if part.kind in _BODIES and not part.parts)
    for part in () if any(text.strip() for text in body.texts) else shown:
        if part.headers.content("content-disposition", "")[0] != "attachment":
            body.texts.append(_words(part))
    if mail.rest.strip() and not any(text.strip() for text in body.texts):
        body.texts.append(readable(text_of(mail.rest[: LONGEST_TEXT * 4], mail.parameters.get("charset"), mail.headers.hint)))


def _is_attached(part: Part) -> bool:
    disposition, _ = part.headers.content("content-disposition", "")
    return disposition == "attachment" or (disposition != "" and _file_name(part) != "")


def _words(part: Part) -> str:
    told = readable(text_of(payload(part), part.parameters.get("charset"), part.headers.hint))
    if part.kind != "text/plain" or is_markup(told):
        return text_of_markup(told)
    if part.parameters.get("format", "").lower() == "flowed":
        return flowed(told, delsp=part.parameters.get("delsp", "").lower() == "yes")
    return told


# ---------------------------------------------------------------- attachments


def _attach(part: Part, body: _Body) -> None:
    data = part.body if part.kind == "application/octet-stream" and "content-type" not in part.headers else payload(part)
    name = _file_name(part)
    if data.strip() or name:
        body.attached.append(_attachment(name or _default_name(part, data), part.kind, data))


def _file_name(part: Part) -> str:
    _, disposition = part.headers.content("content-disposition", "")
    told = disposition.get("filename") or part.parameters.get("name") or ""
    last = " ".join(told.replace("\\", "/").rpartition("/")[2].split())
    return "".join(sign for sign in last if sign.isprintable())[:200].strip(". ")


def _default_name(part: Part, data: bytes) -> str:
    if part.kind == "message/rfc822":
        subject = take_apart(data[:100_000]).headers.words("subject")
        told = "".join(sign for sign in subject if sign.isalnum() or sign in " -_.,")[:80].strip(" .")
        return f"{told or 'message'}.eml"
    return _NAMES.get(part.kind, "attachment.bin")


def _attachment(name: str, kind: str, data: bytes) -> tuple[Attachment, bytes]:
    media_type = kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream"
    digest = hashlib.sha256(data).hexdigest()
    return Attachment(name=name, media_type=media_type, size=len(data), digest=digest), data
