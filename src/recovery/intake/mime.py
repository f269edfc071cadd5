"""A mail taken apart: headers, parts, bytes. Linear in its length, bounded in depth, and never at a loss for broken input.

It does not use ``email.parser``: that one nests a generator per level, so a thousand levels break it, and it keeps every line of a
large attachment as an object of its own.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from attrs import frozen

from recovery.intake.headers import LONGEST, Headers, charset_in, from_base64

__all__ = ["Part", "every_part", "payload", "take_apart"]

DEEPEST = 25
"""How many levels of parts are opened; what lies deeper is kept whole, as an attachment."""
MOST_PARTS = 400
"""How many parts of one level are told apart; what follows them is kept whole."""
LONGEST_HEAD = 500_000
"""How many bytes of headers are read; what follows them is taken for the body."""

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_BARE_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200}?)[ \t]*\r?\n[Cc]ontent-[A-Za-z-]{1,50}:", re.MULTILINE)
_BOUNDARY_END = re.compile(rb"(--)?[ \t]*\r?(?:\n|\Z)")
_BASE64_LINE = re.compile(rb"[ \t]*[A-Za-z0-9+/]*={0,2}[ \t]*\r?\n?")
_LINE = re.compile(rb"[^\n]*\n?")
_KNOWN = frozenset(
    (
        "from",
        "to",
        "cc",
        "subject",
        "date",
        "received",
        "message-id",
        "mime-version",
        "content-type",
        "return-path",
        "reply-to",
        "sender",
        "delivered-to",
        "in-reply-to",
        "references",
        "x-mailer",
        "content-transfer-encoding",
        "auto-submitted",
        "resent-from",
        "envelope-to",
        "x-original-to",
    )
)


@frozen(kw_only=True)
class Part:
    """A mail, or a part of one. ``body`` is as it came, in its transfer encoding; ``parts`` are those of a multipart."""

    headers: Headers
    body: bytes
    kind: str
    parameters: dict[str, str]
    parts: tuple[Part, ...] = ()
    envelope: str = ""
    rest: bytes = b""

    @property
    def is_mail(self) -> bool:
        """Whether it has any header by which a mail is known."""
        return any(name in _KNOWN for name, _ in self.headers.pairs)


def every_part(part: Part) -> Iterator[Part]:
    """Yield a mail and every part of it that was opened."""
    yield part
    for inner in part.parts:
        yield from every_part(inner)


def take_apart(raw: bytes) -> Part:
    """Return the mail that ``raw`` holds. Any bytes will do."""
    plain = raw.decode("utf-16", "replace").encode() if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else raw
    plain = plain if b"\n" in plain else plain.replace(b"\r", b"\n")
    plain = plain[3:] if plain.startswith(b"\xef\xbb\xbf") else plain
    return _part(plain.lstrip(b"\r\n"), "text/plain", 0)


def _part(raw: bytes, default: str, depth: int) -> Part:
    pairs, body, envelope = _head(raw)
    headers = Headers(pairs)
    hint = charset_in(" ".join(headers.first(name) for name in ("subject", "from", "to")))
    headers = Headers(pairs, hint)
    kind, parameters = headers.content("content-type", default)
    if not kind.startswith("multipart/") or depth >= DEEPEST:
        kind = "application/octet-stream" if kind.startswith("multipart/") else kind
        return Part(headers=headers, body=body, kind=kind, parameters=parameters, envelope=envelope)
    pieces, rest = _pieces(body, parameters.get("boundary", ""))
    if not pieces:
        return Part(headers=headers, body=body, kind="text/plain", parameters=parameters, envelope=envelope)
    inside = "message/rfc822" if kind == "multipart/digest" else "text/plain"
    parts = tuple(_part(piece, inside, depth + 1) for piece in pieces)
    return Part(headers=headers, body=body, kind=kind, parameters=parameters, parts=parts, envelope=envelope, rest=rest)


# ---------------------------------------------------------------- headers


def _head(raw: bytes) -> tuple[tuple[tuple[str, bytes], ...], bytes, str]:
    """Return the headers, the body, and the line that a mailbox file puts before a mail."""
    pairs: list[tuple[str, bytes]] = []
    envelope, position, end = "", 0, min(len(raw), LONGEST_HEAD)
    while position < end:
        after = raw.find(b"\n", position) + 1 or len(raw)
        line = raw[position:after]
        found = _HEADER.match(line)
        if not line.strip(b"\r\n"):
            position = after
            break
        if found is not None:
            pairs.append((found.group(1).decode("ascii").lower(), line[found.end() :]))
        elif pairs and line[:1] in b" \t":
            _fold_in(pairs, raw[position:after])
        elif not pairs and line.startswith((b"From ", b">From ")):
            envelope = line.decode("latin-1").strip()
        elif not (pairs and _goes_on(raw, after)):
            break
        position = after
    return tuple((name, value) for name, value in pairs), raw[position:], envelope


def _fold_in(pairs: list[tuple[str, bytes]], line: bytes) -> None:
    name, value = pairs[-1]
    if len(value) < LONGEST:
        pairs[-1] = (name, value + line)


def _goes_on(raw: bytes, position: int) -> bool:
    """Whether a line that is no header stands among headers: a slip of some program, which is passed over."""
    following = raw[position : position + 300]
    return _HEADER.match(following) is not None


# ---------------------------------------------------------------- parts


def _pieces(body: bytes, boundary: str) -> tuple[list[bytes], bytes]:
    """Return the parts between the boundary lines, and what stands before and after them."""
    found = _between(body, boundary.encode("latin-1", "replace")) if boundary else None
    bare = None if found and found[0] else _BARE_BOUNDARY.search(body[:20_000])
    if bare is not None:
        return _between(body, bare.group(1))
    return ([], b"") if found is None else found


def _between(body: bytes, boundary: bytes) -> tuple[list[bytes], bytes]:
    pieces: list[bytes] = []
    begin, rest, inside = 0, b"", False
    for start, end, closes in _boundary_lines(body, b"--" + boundary):
        piece = body[begin : _before_line_end(body, begin, start)]
        if inside:
            pieces.append(piece)
        else:
            rest += piece
        begin, inside = end, not closes
        if len(pieces) >= MOST_PARTS:
            break
    last = body[begin:]
    if inside and last.strip():
        return [*pieces, last], rest
    return pieces, rest + last


def _boundary_lines(body: bytes, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where each line that is a boundary begins and ends, and whether it is the last one."""
    position = 0 if body.startswith(mark) else body.find(b"\n" + mark) + 1
    while position or body.startswith(mark):
        found = _BOUNDARY_END.match(body, position + len(mark))
        if found is not None:
            yield position, found.end(), bool(found.group(1))
        position = body.find(b"\n" + mark, position) + 1
        if not position:
            return


def _before_line_end(body: bytes, begin: int, end: int) -> int:
    """Return where a part ends: the line end above a boundary belongs to the boundary."""
    bare = end - 1 if body[end - 1 : end] == b"\n" else end
    return max(begin, bare - 1 if body[bare - 1 : bare] == b"\r" and bare < end else bare)


# ---------------------------------------------------------------- transfer encodings


def payload(part: Part) -> bytes:
    """Return the bytes of a part, out of their transfer encoding; where they are not in it, as they came."""
    encoding = part.headers.first("content-transfer-encoding").lower().strip("\"'; ").split(";")[0].strip()
    if encoding in ("base64", "b"):
        return _from_base64(part.body, text=part.kind.startswith("text/"))
    if encoding in ("quoted-printable", "quopri", "q", "quoted_printable"):
        return binascii.a2b_qp(part.body)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _from_uu(part.body)
    return part.body


def _from_base64(body: bytes, *, text: bool) -> bytes:
    if not text:
        return from_base64(body)
    end = _end_of_base64(body)
    rest = body[end:].strip(b"\r\n")
    return from_base64(body[:end]) + (b"\n" + rest if rest else b"")


def _end_of_base64(body: bytes) -> int:
    """Return where plain words begin: mailing lists put their footer below a text that is in base64, and some texts never were."""
    position = 0
    while position < len(body):
        found = _BASE64_LINE.match(body, position)
        if found is None or found.end() == position or body[found.end() - 1 : found.end()] != b"\n":
            return len(body) if found is not None and found.end() == len(body) else position
        position = found.end()
    return position


def _from_uu(body: bytes) -> bytes:
    out: list[bytes] = []
    lines = [found.group() for found in _LINE.finditer(body)]
    begin = next((number for number, line in enumerate(lines) if line.startswith(b"begin ")), -1) + 1
    for line in lines[begin:]:
        if line.strip() in (b"end", b"`"):
            break
        try:
            out.append(binascii.a2b_uu(line.rstrip(b"\r\n")))
        except binascii.Error:
            continue
    return b"".join(out)
