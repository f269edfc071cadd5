"""What somebody wrote, set apart from what the mail quotes of earlier ones and from the signature. No word is lost.

A quotation is set apart where it is a tail (or, with the answer below it, a head) of the text. Answers written between quoted lines
stay as they are, since neither makes sense without the other, and so does what somebody forwards: it may be the complaint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

from attrs import frozen

from recovery.intake import phrases

__all__ = ["Written", "flowed", "split"]

LONGEST = 20_000
"""How long a text may be, in characters, for the extra ``inbound`` to look at it: its patterns are not linear."""
LONGEST_LINE = 400
LINES_OF_A_SIGNATURE = 20
NEAR = 4
"""Over how many lines a mail program may break ``On ... wrote:``."""


@frozen(kw_only=True)
class Written:
    """A text and what was set apart from it."""

    text: str
    quoted: str = ""
    signature: str = ""


_ATTRIBUTION = re.compile(phrases.WROTE, re.IGNORECASE)
_BY_ADDRESS = re.compile(r"\d.{0,300}<[^<>\s]{1,100}@[^<>\s]{1,100}>\s?[:：]$")
_DATED = re.compile(r"[\d@]")
_BEGINS = re.compile(rf"^(?:{phrases.BEGINNINGS}|[^<>\n]{{1,80}}<[^<>\s]+@[^<>\s]+>)", re.IGNORECASE)
_ORIGINAL = re.compile(rf"^[\s>*]*[-_—=]{{2,}}\s*(?:{phrases.ORIGINAL})\s*[-_—=]{{2,}}\s*$", re.IGNORECASE)
_FORWARDED = re.compile(rf"^[\s*]*(?:[-_]{{2,}}\s*(?:{phrases.FORWARDED})|{phrases.FORWARDED_BARE})", re.IGNORECASE)
_FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|wg|tr|rv|i|enc|doorst|pd|вперед|转发|轉寄|転送)\s*[:：]", re.IGNORECASE)
_FIELD = re.compile(rf"^[\s*]*({phrases.FIELDS})\s*\*?\s*[:：]\*?(?:\s|$)", re.IGNORECASE)
_FROM = frozenset(("from", "von", "de", "da", "van", "od", "от", "от кого", "发件人", "寄件者", "差出人", "من"))
_RULE = re.compile(r"^\s*[_-]{10,}\s*$")
_DELIMITER = re.compile(r"^(?:-- ?|—\s?|__ ?)$")
_SENT_FROM = re.compile(rf"^(?:{phrases.SENT_FROM})", re.IGNORECASE)
_PGP = re.compile(r"^-----BEGIN PGP SIGNATURE-----")


# ---------------------------------------------------------------- format=flowed


def flowed(text: str, *, delsp: bool = False) -> str:
    """Return a text of ``format=flowed`` (RFC 3676) with its lines put together again."""
    out: list[str] = []
    depth_before, open_line = -1, False
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")
        if open_line and depth == depth_before and bare != "-- ":
            out[-1] += bare
        else:
            out.append(f"{'>' * depth} {bare}" if depth else bare)
        open_line, depth_before = bare.endswith(" ") and bare != "-- ", depth
        if open_line and delsp:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


# ---------------------------------------------------------------- splitting


class _Lines:
    """The lines of a text with what is asked about them again and again, so that no question costs more than one look."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self.quoted = [line.lstrip(" ").startswith((">", "|")) for line in lines]
        self.filled = [bool(line.strip()) for line in lines]
        self.first_told = next((number for number, line in enumerate(lines) if _is_told(line)), len(lines))
        self.last_quoted = max((number for number, quoted in enumerate(self.quoted) if quoted), default=-1)
        self.last_filled = max((number for number, filled in enumerate(self.filled) if filled), default=-1)
        self.next_plain = self._nexts([filled and not quoted for filled, quoted in zip(self.filled, self.quoted, strict=True)])
        self.next_quoted = self._nexts(self.quoted)

    def __len__(self) -> int:
        return len(self.lines)

    @staticmethod
    def _nexts(flags: Sequence[bool]) -> list[int]:
        """Return for each number the first one from there on whose flag is set, or how many there are."""
        found = [len(flags)] * (len(flags) + 1)
        for number in range(len(flags) - 1, -1, -1):
            found[number] = number if flags[number] else found[number + 1]
        return found

    def only_quoted(self, number: int) -> bool:
        """Whether nothing but quoted lines follows; a signature below them belongs to them."""
        plain = self.next_plain[number]
        return plain == len(self) or bool(_DELIMITER.match(self.lines[plain]) or _RULE.match(self.lines[plain][:LONGEST_LINE]))

    def end_of_quotation(self, number: int) -> int | None:
        """Return where a quotation ends, if everything below it is somebody's answer; ``None`` where they take turns."""
        begin = self.next_quoted[number]
        end = self.next_plain[min(begin, len(self))]
        return None if begin - number > NEAR or end == len(self) or self.last_quoted > end else end


def split(text: str, subject: str = "") -> Written:
    """Return ``text`` with what it quotes and its signature set apart.

    Every word is in one of the three. Where nothing would be left to read, everything stays in the text.
    """
    lines = text.strip("\n").split("\n")
    begin, end = _own(_Lines(lines), forwards=_FORWARD_SUBJECT.match(subject) is not None)
    if (begin, end) == (0, len(lines)):
        end = _second_opinion(lines, subject)
    own = lines[begin:end]
    if not any(map(_is_told, own)):
        return Written(text=_joined(lines))
    signed = _begin_of_signature(own)
    quoted = [*lines[:begin], *lines[end:]]
    return Written(text=_joined(own[:signed]), quoted=_joined(quoted), signature=_joined(own[signed:]))


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _is_told(line: str) -> bool:
    return any(sign.isalnum() or (sign > "\u2000" and not sign.isspace()) for sign in line)


def _own(text: _Lines, *, forwards: bool) -> tuple[int, int]:
    """Return from where to where a text is its writer's own."""
    whole = (0, len(text))
    forwarded = next((number for number, line in enumerate(text.lines) if _FORWARDED.match(line[:LONGEST_LINE])), len(text))
    mark = next((number for number in range(forwarded) if _begins_quotation(text, number, forwards=forwards)), None)
    if mark is None:
        return whole
    if text.first_told < mark:
        return 0, mark
    end = text.end_of_quotation(mark)
    return whole if end is None else (end, len(text))


def _begins_quotation(text: _Lines, number: int, *, forwards: bool) -> bool:
    line = text.lines[number]
    if len(line) > LONGEST_LINE or not text.filled[number]:
        return False
    if _ORIGINAL.match(line):
        return not forwards
    if text.quoted[number]:
        return text.only_quoted(number) or (text.first_told >= number and text.end_of_quotation(number) is not None)
    after = _after_attribution(text.lines, number)
    if after is not None:
        return _nothing_below(text, after)
    return not forwards and _is_header_block(text.lines, number)


def _after_attribution(lines: Sequence[str], number: int) -> int | None:
    """Return the number of the line after ``On ... wrote:``, which may be broken over a few lines."""
    if not _BEGINS.match(lines[number].strip()):
        return None
    told = ""
    for last in range(number, min(number + NEAR, len(lines))):
        told = f"{told} {lines[last].strip()}".strip()
        if len(told) > LONGEST_LINE or not lines[last].strip():
            return None
        if told.endswith((":", "：")) and _is_attribution(told):
            return last + 1
    return None


def _is_attribution(told: str) -> bool:
    return _BY_ADDRESS.search(told) is not None or (bool(_DATED.search(told)) and bool(_ATTRIBUTION.search(told[-120:])))


def _nothing_below(text: _Lines, after: int) -> bool:
    """Whether what follows ``On ... wrote:`` is a quotation and no more: all of it is marked with ``>``, or none of it."""
    if text.last_quoted < after:
        return text.last_filled >= after
    return text.only_quoted(after) or text.end_of_quotation(after) is not None


def _is_header_block(lines: Sequence[str], number: int) -> bool:
    """Whether an Outlook header (From, Sent, To, Subject) begins here, perhaps below a ruled line."""
    first = number
    if _RULE.match(lines[number]):
        first = next((n for n in range(number + 1, min(number + 3, len(lines))) if lines[n].strip()), number)
    found = [_FIELD.match(line[:LONGEST_LINE]) for line in lines[first : first + 8]]
    fields = {field.group(1).casefold(): field.string for field in found if field is not None}
    sender = next((told for name, told in fields.items() if name in _FROM), None)
    if found[0] is None or sender is None:
        return False
    dated = any(sign.isdigit() for told in fields.values() if told is not sender for sign in told)
    return (len(fields) >= 3 and found[0].group(1).casefold() in _FROM) or (dated and "@" in sender)


def _begin_of_signature(lines: Sequence[str]) -> int:
    """Return the number of the line at which the signature begins; how many lines there are where there is none."""
    first_told = next((number for number, line in enumerate(lines) if _is_told(line)), len(lines))
    last_filled = max((number for number, line in enumerate(lines) if line.strip()), default=-1)
    for number in range(first_told + 1, len(lines)):
        line = lines[number][:LONGEST_LINE]
        if (_DELIMITER.match(line) and len(lines) - number <= LINES_OF_A_SIGNATURE + 1) or _PGP.match(line):
            return number
        if last_filled <= number + 1 and _SENT_FROM.match(line.strip()):
            return number
    return len(lines)


# ---------------------------------------------------------------- a second opinion


def _second_opinion(lines: Sequence[str], subject: str) -> int:
    """Return where the extra ``inbound`` sees a quotation begin that our own rule has not seen; without it, nowhere."""
    whole = "\n".join(lines)
    unfit = len(whole) > LONGEST or any(len(line) > LONGEST_LINE for line in lines) or _FORWARD_SUBJECT.match(subject)
    if unfit or any(_FORWARDED.match(line) for line in lines) or any(line.lstrip(" ").startswith((">", "|")) for line in lines):
        return len(lines)
    first = _first_reply(whole)
    end = len(lines) if first is None else _line_after(lines, first)
    begins = next((line for line in lines[end:] if line.strip()), "")
    return len(lines) if _FIELD.match(begins) else end  # what looks like a header is for our own rule to judge


class _Reply(Protocol):
    content: str


class _Replies(Protocol):
    replies: Sequence[_Reply]

    def read(self) -> _Replies: ...


class _Parser(Protocol):
    def EmailMessage(self, *, text: str, languages: list[str]) -> _Replies: ...  # noqa: N802  (its name there)


class _Languages(Protocol):
    MAIL_LANGUAGES: Mapping[str, object]


def _first_reply(text: str) -> str | None:
    try:
        parser = cast("_Parser", import_module("mailparser_reply.parser"))
        languages = cast("_Languages", import_module("mailparser_reply.constants")).MAIL_LANGUAGES
        replies = parser.EmailMessage(text=text, languages=list(languages)).read().replies
        return replies[0].content if len(replies) > 1 else None
    except Exception:  # noqa: BLE001  (it may fail on any text; it has no more than a say)
        return None


def _line_after(lines: Sequence[str], first: str) -> int:
    """Return the number of the line at which ``first`` is over, compared without white space; all lines where it does not fit."""
    wanted = "".join(first.split())
    if not wanted or not "".join("".join(lines).split()).startswith(wanted):
        return len(lines)
    told = 0
    for number, line in enumerate(lines):
        if told >= len(wanted):
            return number if told == len(wanted) else len(lines)
        told += len("".join(line.split()))
    return len(lines)
