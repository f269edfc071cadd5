"""The headers of a mail or of a part of it: unfolded, encoded words decoded, parameters read, whatever is broken about them."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import cast

from attrs import frozen

from recovery.intake.charsets import codec_of, readable, text_of

__all__ = ["Headers", "decoded", "parameters"]

LONGEST = 20_000
"""How much of one header is read, in characters."""

_FOLD = re.compile(rb"\r?\n[ \t]*")
_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?([bBqQ])\?([^?]*)\?=")
_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
_PIECE = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")
_TOKEN = re.compile(r"[\w.+-]{1,80}/[\w.+-]{1,100}|[\w.+-]{1,80}")


@frozen
class Headers:
    """The headers in their order: names in small letters, values as the bytes that came."""

    pairs: tuple[tuple[str, bytes], ...] = ()
    hint: str | None = None

    def __contains__(self, name: str) -> bool:
        return any(known == name for known, _ in self.pairs)

    def raw(self, name: str) -> Iterator[bytes]:
        """Yield every header ``name`` as it came, unfolded."""
        return (_FOLD.sub(b" ", value[:LONGEST]).strip() for known, value in self.pairs if known == name)

    def every(self, name: str) -> Iterator[str]:
        """Yield every header ``name`` as text, encoded words as they are."""
        return (" ".join(readable(text_of(value, None, self.hint)).split("\n")).strip() for value in self.raw(name))

    def first(self, *names: str) -> str:
        """Return the first header that is there and not empty, as text with its encoded words as they are."""
        return next((value for name in names for value in self.every(name) if value), "")

    def words(self, name: str) -> str:
        """Return the first header ``name`` decoded; empty where there is none."""
        return " ".join(decoded(self.first(name), self.hint).split())

    def content(self, name: str, default: str) -> tuple[str, dict[str, str]]:
        """Return the value of a structured header in small letters and its parameters."""
        value = self.first(name)
        found = _TOKEN.match(value.lstrip("\"' "))
        kind = found.group().lower() if found else default
        return (default if kind == "text" else kind), parameters(value, self.hint)  # "text" stood for plain text before MIME


# ---------------------------------------------------------------- encoded words


def decoded(text: str, hint: str | None = None) -> str:
    """Return ``text`` with its encoded words (RFC 2047) decoded. A character torn over two of them is put together again."""
    out: list[str] = []
    pending, charset, position = b"", "", 0
    for found in _WORD.finditer(text):
        between = text[position : found.start()]
        if (between and not between.isspace()) or found.group(1).lower() != charset or not pending:
            out += [text_of(pending, charset, hint), "" if pending and between.isspace() else between]
            pending, charset = b"", found.group(1).lower()
        pending += _word_bytes(found.group(2), found.group(3))
        position = found.end()
    out += [text_of(pending, charset, hint), text[position:]]
    return readable("".join(out))


def charset_in(text: str) -> str | None:
    """Return the charset of the first encoded word in ``text`` that anybody knows."""
    return next((found.group(1) for found in _WORD.finditer(text) if codec_of(found.group(1))), None)


def _word_bytes(encoding: str, told: str) -> bytes:
    data = told.encode("utf-8", "replace")
    if encoding in "bB":
        return from_base64(data)
    return _ESCAPE.sub(lambda found: bytes.fromhex(found.group(1).decode()), data.replace(b"_", b" "))


_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))


def from_base64(data: bytes) -> bytes:
    """Return what ``data`` stands for: padding may be missing or stand in the middle, and what is no base64 is passed over."""
    pieces = (piece for piece in data.translate(None, _NOT_BASE64).split(b"=") if piece)
    return b"".join(binascii.a2b_base64(_padded(piece)) for piece in pieces)


def _padded(piece: bytes) -> bytes:
    whole = piece[:-1] if len(piece) % 4 == 1 else piece
    return whole + b"=" * (-len(whole) % 4)


# ---------------------------------------------------------------- parameters


def parameters(value: str, hint: str | None = None) -> dict[str, str]:
    """Return the parameters of a header such as Content-Type: names in small letters, RFC 2231 pieces joined and decoded."""
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, raw in cast("list[tuple[str, str]]", _PARAMETER.findall(value)):
        found = _PIECE.fullmatch(name.lower())
        if found is not None:
            number, starred = int(found.group(2) or 0), bool(found.group(3))
            pieces.setdefault(found.group(1), {}).setdefault(number, (_unquoted(raw), starred))
    return {name: _joined([told[number] for number in sorted(told)], hint) for name, told in pieces.items()}


def _unquoted(raw: str) -> str:
    told = raw.strip()
    if not told.startswith('"'):
        return told
    inner = told[1:-1] if len(told) > 1 and told.endswith('"') else told[1:]
    return re.sub(r"\\(.)", r"\1", inner)


def _joined(pieces: list[tuple[str, bool]], hint: str | None) -> str:
    if not any(starred for _, starred in pieces):
        return decoded("".join(told for told, _ in pieces), hint).strip()
    charset, quote, rest = pieces[0][0].partition("'")
    first = rest.partition("'")[2] if quote and pieces[0][1] else pieces[0][0]
    told = [(first, pieces[0][1]), *pieces[1:]]
    data = b"".join(_unpercented(text) if starred else text.encode("utf-8", "replace") for text, starred in told)
    return readable(text_of(data, charset if quote else None, hint)).strip()


def _unpercented(text: str) -> bytes:
    return _PERCENT.sub(lambda found: bytes.fromhex(found.group(1).decode()), text.encode("utf-8", "replace"))
