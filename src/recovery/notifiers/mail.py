"""A message of the outbox as an e-mail, written out to the last byte: the same message is the same bytes, whenever it is sent.

Nothing that comes from outside can add a header: what is put into one is cleaned of everything that could end its line, and
written in a form that no reader takes apart again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Iterator

from attrs import frozen
from pendulum import DateTime

from recovery.core.messages import Origin
from recovery.core.vocabulary.common import Channel
from recovery.ports.message_id import message_id_of
from recovery.ports.values import OutboxMessage

__all__ = ["Mailbox", "mail_of", "mailbox"]

_LOCAL = r"[^\s@<>(),:;\[\]\\\"]+|\"(?:[^\"\\]|\\.)+\""
_DOMAIN = r"[^\s@<>(),:;\[\]\\\"]+|\[[0-9A-Za-z:.]+\]"
_ADDRESS = re.compile(rf"({_LOCAL})@({_DOMAIN})")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NAMED = re.compile(r"\s*(?:(?P<name>[^<>@,;]*)<(?P<inner>[^<>]*)>|(?P<bare>[^<>]*))\s*")
_THEIRS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")
_OURS = re.compile(rf".+:[1-9]\d*:(?:{'|'.join(channel.value for channel in Channel)})")

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LINE = 76
"""The longest line of a header that is written as it is; RFC 5322 asks for at most 78 and forbids more than 998."""
_NAME = 200
"""The most letters of a name that are written into a header."""
_BODY_LINE = 900
"""The longest line of a text that is sent as it is; SMTP forbids more than 998."""
_ENCODED = 45
"""The bytes of one encoded word: written in base64, with what goes around it, it fits into a line."""


@frozen(kw_only=True)
class Mailbox:
    """An e-mail address, and the name that goes with it. ``domain`` is in ASCII: what is not, is written as ``xn--...``."""

    local: str
    domain: str
    name: str = ""

    @property
    def address(self) -> str:
        """The address as it is used: ``bo@boat.example``."""
        return f"{self.local}@{self.domain}"


def mailbox(text: str, name: str = "") -> Mailbox | None:
    """Return the mailbox that ``text`` names, as ``bo@boat.example`` or ``Bo Lind <bo@boat.example>``; ``None``: it is no address.

    Nothing is repaired: an address that has to be guessed would send somebody's words to somebody else.
    """
    found = _NAMED.fullmatch(text)
    if found is None or len(text) > 1000:
        return None
    address = _ADDRESS.fullmatch(str(found["bare"] if found["inner"] is None else found["inner"]).strip())
    domain = None if address is None else _ascii_domain(address[2])
    clean = _is_clean(text.strip())
    if address is None or domain is None or not clean or len(address[1].encode()) > 64:
        return None
    return Mailbox(local=address[1], domain=domain, name=name or (found["name"] or "").strip().strip('"'))


def _is_clean(text: str) -> bool:
    return all(unicodedata.category(sign) not in _ENDING for sign in text)


def _ascii_domain(domain: str) -> str | None:
    """Return a domain as mail servers know it. The standard library would send mail for ``straße`` to ``strasse``."""
    if domain.startswith("["):
        return domain
    labels = unicodedata.normalize("NFKC", domain.lower()).replace("\u3002", ".").split(".")
    written = [label if label.isascii() else f"xn--{label.encode('punycode').decode('ascii')}" for label in labels]
    known = all(_LABEL.fullmatch(label) for label in written)
    return ".".join(written) if known and len(".".join(written)) <= 253 else None


def mail_of(message: OutboxMessage, *, sender: Mailbox, to: Mailbox, reply_to: Mailbox | None, domain: str) -> bytes:
    """Return ``message`` as an e-mail, lines ended as SMTP wants them. ``domain`` goes into the Message-ID.

    It is ASCII, but for an address that has other letters before the ``@``: then the headers are in UTF-8 (SMTPUTF8).
    """
    described, body = _content(message)
    headers = [
        f"From: {_written_mailbox(sender)}",
        f"To: {_written_mailbox(to)}",
        *([] if reply_to is None else [f"Reply-To: {_written_mailbox(reply_to)}"]),
        f"Subject: {_words(_subject(message), len('Subject: '))}",
        f"Date: {_date(message.created_at)}",
        f"Message-ID: {message_id_of(message.id, domain)}",
        *_thread(message, domain),
        *_automatic(message.origin),
        "MIME-Version: 1.0",
        *described,
    ]
    return "\r\n".join((*headers, "", body)).encode()


def _content(message: OutboxMessage) -> tuple[list[str], str]:
    """Return the headers that say what the content is, and the content: plain text, or plain text and HTML to choose from."""
    if not message.html:
        return _part(message.body, "plain")
    pieces = [_part(message.body, "plain"), _part(message.html, "html")]  # the last is the one a reader prefers (RFC 2046)
    told = ["\r\n".join((*headers, "", body)) for headers, body in pieces]
    # No text holds its own digest, so no line of a part can be taken for the end of it; and the same message is the same bytes.
    boundary = hashlib.sha256("".join((message.id, *told)).encode()).hexdigest()[:40]
    content = "".join(f"--{boundary}\r\n{piece}\r\n" for piece in told)
    return [f'Content-Type: multipart/alternative; boundary="{boundary}"'], f"{content}--{boundary}--\r\n"


def _part(text: str, kind: str) -> tuple[list[str], str]:
    encoding, body = _body(text)
    return [f"Content-Type: text/{kind}; charset=utf-8", f"Content-Transfer-Encoding: {encoding}"], body


def _subject(message: OutboxMessage) -> str:
    """Return the subject, and the case's reference in it: a reply may have lost everything else that tells where it belongs."""
    subject = _one_line(message.subject)
    reference = _one_line(message.reference)
    return subject if reference in subject else f"{subject} [{reference}]".strip()


def _automatic(origin: Origin) -> Iterator[str]:
    """Yield what tells other machines that a machine speaks: they must not answer it (RFC 3834, and Exchange's own header).

    Exchange is asked for no absence notes and no automatic answers; what bounces we do want to hear of.
    """
    if origin is not Origin.PERSON:
        yield f"Auto-Submitted: {'auto-replied' if origin is Origin.REPLY else 'auto-generated'}"
        yield "X-Auto-Response-Suppress: OOF, AutoReply"


def _date(at: DateTime) -> str:
    # Neither the library's formats nor strftime: a header speaks English, whatever this system speaks.
    return f"{_DAYS[at.weekday()]}, {at.day:02} {_MONTHS[at.month - 1]} {at.year:04} {at:%H:%M:%S} +0000"


def _thread(message: OutboxMessage, domain: str) -> Iterator[str]:
    known = [told for one in message.replies_to if (told := _told(one, domain)) is not None]
    if known:
        yield f"In-Reply-To: {known[-1]}"
        yield "References: " + "\r\n ".join(known)


def _told(known: str, domain: str) -> str | None:
    """Return an id as a header has it; what could not have come in a header is left out."""
    if _OURS.fullmatch(known):
        return message_id_of(known, domain)
    plain = known.strip().removeprefix("<").removesuffix(">")
    return f"<{plain}>" if _THEIRS.fullmatch(plain) and len(plain) < _BODY_LINE else None


# ---------------------------------------------------------------- text that harms nobody

_ENDING = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Kinds of characters that end a line, or that no mail may hold: control characters, lone surrogates, line separators."""
_UNSENDABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def _one_line(text: str) -> str:
    return " ".join("".join(" " if unicodedata.category(sign) in _ENDING else sign for sign in text).split())


def _words(text: str, used: int) -> str:
    """Return one line of text as it stands in a header, ``used`` characters of which are taken already."""
    if text.isascii() and "=?" not in text and used + len(text) <= _LINE:
        return text
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(piece).decode('ascii')}?=" for piece in _pieces(text))


def _pieces(text: str) -> Iterator[bytes]:
    """Yield the text in UTF-8, in pieces that are whole by themselves."""
    piece = b""
    for sign in text:
        told = sign.encode()
        if len(piece) + len(told) > _ENCODED:
            yield piece
            piece = b""
        piece += told
    yield piece


def _written_mailbox(box: Mailbox) -> str:
    name = _one_line(box.name)[:_NAME]
    if not name:
        return f"<{box.address}>"
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    # Encoded where it has to be: inside quotation marks an encoded word would be read letter by letter.
    return f"{quoted if _words(quoted, 10) == quoted else _words(name, _LINE)}\r\n <{box.address}>"


def _body(text: str) -> tuple[str, str]:
    """Return how a text is encoded, and the text so encoded: as it is, or else in the shorter of two ways."""
    plain = _UNSENDABLE.sub("\ufffd", "\n".join(re.split(r"\r\n|\r|\n", text)))
    whole = plain if plain.endswith("\n") else f"{plain}\n"
    data = whole.encode()
    if whole.isascii() and all(len(line) <= _BODY_LINE for line in whole.split("\n")):
        return "7bit", whole.replace("\n", "\r\n")
    quoted, packed = binascii.b2a_qp(data), base64.encodebytes(data.replace(b"\n", b"\r\n"))
    encoding, body = ("quoted-printable", quoted) if len(quoted) <= len(packed) else ("base64", packed)
    return encoding, body.decode("ascii").replace("\r\n", "\n").replace("\n", "\r\n")
