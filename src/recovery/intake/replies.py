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
WRAPPED = 40
"""From how many characters on a line may have been broken by a program."""
NEAR = 4
"""Over how many lines a mail program may break ``On ... wrote:``."""


@frozen(kw_only=True)
class Written:
    """A text and what was set apart from it."""

    text: str
    quoted: str = ""
    signature: str = ""


_ATTRIBUTION = re.compile(phrases.WROTE, re.IGNORECASE)
_ADDRESS = re.compile(r"[^<>\s]{1,100}@[^<>\s]{1,100}")
_BY_ADDRESS = re.compile(r"\d.{0,300}<[^<>\s]{1,100}@[^<>\s]{1,100}>\s?[:：]$")
_DATED = re.compile(r"[\d@]")
_STAMPED = re.compile(r"\d{4}|\d{1,2}[:.]\d{2}")
_TIMED = re.compile(r"\d{1,4}[^\d]{1,20}\d{1,4}.{0,30}?\d{1,2}[:.]\d{2}(?![.\d])")
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""What says in which direction a text runs, which programs put around names and addresses."""
_BEGINS = re.compile(rf"^(?:{phrases.BEGINNINGS}|[^<>\n]{{1,80}}<[^<>\s]+@[^<>\s]+>)", re.IGNORECASE)
_ORIGINAL = re.compile(rf"^[\s>*]*[-_—=]{{2,}}\s*(?:{phrases.ORIGINAL})\s*[-_—=]{{2,}}\s*$", re.IGNORECASE)
_FORWARDED = re.compile(rf"^[\s>*]*(?:[-_]{{2,}}\s*(?:{phrases.FORWARDED})|{phrases.FORWARDED_BARE})", re.IGNORECASE)
_FORWARD_SUBJECT = re.compile(
    r"\s*(?:fwd?|fs|wg|tr|rv|i|enc|doorst|pd|vb|vs|vl|i̇lt|ilt|вперед|转发|轉寄|転送|전달)\s*[:：]", re.IGNORECASE
)
_FINNISH_REPLY = re.compile(r"\s*vs\s*:(?s:.*)^[\s*]*lähettäjä\s*\*?:", re.IGNORECASE | re.MULTILINE)
"""``VS:`` passes a mail on in Danish and Norwegian, and answers one in Finnish."""
_FIELD = re.compile(rf"^[\s*]*({phrases.FIELDS})\s*\*?\s*[:：]\*?(?:\s|$)", re.IGNORECASE)
_FROM = re.compile(phrases.FROM, re.IGNORECASE)
_RULE = re.compile(r"^\s*[_-]{10,}\s*$")
_DELIMITER = re.compile(r"^(?:-- ?|—\s?|__ ?)$")
_SENT_FROM = re.compile(rf"^(?:{phrases.SENT_FROM})", re.IGNORECASE)
_SENT_BY = re.compile(
    rf"(?:{phrases.SENT})(?![a-z]).{{0,30}}?(?:{phrases.DEVICES})[^?!]{{0,50}}"
    rf"|(?:{phrases.GET}) .{{0,12}}(?:outlook|yahoo|proton|gmx|aol)[^?!]{{0,60}}"
    rf"|(?:von mein\S*|ios|android|outlook|iphone|ipad|galaxy|나의|내).{{0,60}}?(?:{phrases.SENT_LAST})[.。]?",
    re.IGNORECASE,
)
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
    forwards = _FORWARD_SUBJECT.match(subject) is not None and not _FINNISH_REPLY.match(f"{subject}\n{text[:LONGEST]}")
    begin, end = _quotation(_Lines(lines), forwards=forwards)
    if begin == end and not forwards:
        begin, end = _second_opinion(lines), len(lines)
    own = [*lines[:begin], *lines[end:]]
    if not any(map(_is_told, own)):
        return Written(text=_joined(lines))
    signed = _begin_of_signature(own)
    return Written(text=_joined(own[:signed]), quoted=_joined(lines[begin:end]), signature=_joined(own[signed:]))


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _is_told(line: str) -> bool:
    return any(sign.isalnum() or (sign > "\u2000" and not sign.isspace()) for sign in line)


def _quotation(text: _Lines, *, forwards: bool) -> tuple[int, int]:
    """Return from where to where a text is a quotation: to its end, or to where the answer below it begins."""
    forwarded = next((number for number, line in enumerate(text.lines) if _FORWARDED.match(line[:LONGEST_LINE])), len(text))
    for number in range(forwarded):
        end = _end_of(text, number, forwards=forwards)
        if end is not None:
            return (number, end) if end < len(text) or text.first_told < number else (0, 0)
    return 0, 0


def _end_of(text: _Lines, number: int, *, forwards: bool) -> int | None:
    """Return where the quotation ends that begins in a line; ``None`` where none does."""
    line = text.lines[number]
    if len(line) > LONGEST_LINE or not text.filled[number]:
        return None
    if _ORIGINAL.match(line):
        return None if forwards else _end_of_unmarked(text, number)
    if text.quoted[number]:
        return _end_of_marked(text, number) if text.first_told >= number or text.only_quoted(number) else None
    after = _after_attribution(text, number)
    if after is not None and text.last_quoted >= after:
        return _end_of_marked(text, after)
    if after is not None:
        return len(text) if text.last_filled >= after else None
    return _end_of_unmarked(text, number) if not forwards and _is_header_block(text.lines, number) else None


def _end_of_marked(text: _Lines, number: int) -> int | None:
    return len(text) if text.only_quoted(number) else text.end_of_quotation(number)


def _end_of_unmarked(text: _Lines, number: int) -> int | None:
    """Return where what follows the header of a mail ends: below its ``>`` lines where it is above everything, else nowhere."""
    return len(text) if text.first_told < number else text.end_of_quotation(number)


def _after_attribution(text: _Lines, number: int) -> int | None:
    """Return the number of the line after ``On ... wrote:``, which may be broken over a few lines."""
    lines = [_MARKS.sub("", line).strip() for line in text.lines[number : number + NEAR]]
    if not _BEGINS.match(lines[0]):
        return _after_paragraph(text, number, lines)
    told = ""
    for last, line in enumerate(lines):
        whole = f"{told} {line}".strip()
        if len(whole) > LONGEST_LINE or not line or text.quoted[number + last]:
            return None
        if whole.endswith((":", "：")) and (_is_attribution(whole) or _names_what_follows(text, line, number + last + 1)):
            return None if told and not _DATED.search(told) and _STAMPED.search(line) else number + last + 1
        told = whole
    return None


def _after_paragraph(text: _Lines, number: int, lines: Sequence[str]) -> int | None:
    """Return the number of the line after one that says, in whatever language, whose the quoted lines right below it are.

    It stands by itself; only a long one that has told the time already goes on in the next line.
    """
    if number and text.filled[number - 1]:
        return None
    broken = len(lines) > 1 and len(lines[0]) >= WRAPPED and not lines[0].endswith(":") and _STAMPED.search(lines[0]) is not None
    told = f"{lines[0]} {lines[1]}" if broken else lines[0]
    after = number + (2 if broken else 1)
    return after if told.endswith((":", "：")) and _names_what_follows(text, told, after) else None


def _is_attribution(told: str) -> bool:
    return _BY_ADDRESS.search(told) is not None or (bool(_DATED.search(told)) and bool(_ATTRIBUTION.search(told[-120:])))


def _names_what_follows(text: _Lines, told: str, after: int) -> bool:
    """Whether what names an address or a time stands right above quoted lines: in any language, it says whose they are."""
    near = text.next_quoted[min(after, len(text))] - after
    return near <= 1 and not any(text.filled[after : after + near]) and (_ADDRESS.search(told) or _TIMED.search(told)) is not None


def _is_header_block(lines: Sequence[str], number: int) -> bool:
    """Whether an Outlook header (From, Sent, To, Subject) begins here, perhaps below a ruled line."""
    first = number
    if _RULE.match(lines[number]):
        first = next((n for n in range(number + 1, min(number + 3, len(lines))) if lines[n].strip()), number)
    found = [_FIELD.match(_MARKS.sub("", line[:LONGEST_LINE])) for line in lines[first : first + 8]]
    fields = {field.group(1).casefold(): field.string for field in found if field is not None}
    sender = next((told for name, told in fields.items() if _FROM.fullmatch(name)), None)
    if found[0] is None or sender is None:
        return False
    rest = [told for told in fields.values() if told is not sender]
    if "@" in sender:
        return any(sign.isdigit() for told in rest for sign in told) or len(fields) >= 3
    stamped = any(_STAMPED.search(told) for told in rest)
    return _FROM.fullmatch(found[0].group(1)) is not None and stamped and (len(fields) >= 4 or any("@" in told for told in rest))


def _begin_of_signature(lines: Sequence[str]) -> int:
    """Return the number of the line at which the signature begins; how many lines there are where there is none."""
    first_told = next((number for number, line in enumerate(lines) if _is_told(line)), len(lines))
    last_filled = max((number for number, line in enumerate(lines) if line.strip()), default=-1)
    for number in range(first_told + 1, len(lines)):
        line = lines[number][:LONGEST_LINE]
        if (_DELIMITER.match(line) and len(lines) - number <= LINES_OF_A_SIGNATURE + 1) or _PGP.match(line):
            return number
        if last_filled <= number + 1 and _is_of_a_telephone(line.strip(), above=lines[number - 1].strip()):
            return number
    return len(lines)


def _is_of_a_telephone(line: str, *, above: str) -> bool:
    return _SENT_FROM.match(line) is not None or (not above and _SENT_BY.fullmatch(line) is not None)


# ---------------------------------------------------------------- a second opinion


def _second_opinion(lines: Sequence[str]) -> int:
    """Return where the extra ``inbound`` sees a quotation begin that our own rule has not seen; without it, nowhere."""
    whole = "\n".join(lines)
    unfit = len(whole) > LONGEST or any(len(line) > LONGEST_LINE for line in lines)
    if unfit or any(_FORWARDED.match(line) for line in lines) or any(line.lstrip(" ").startswith((">", "|")) for line in lines):
        return len(lines)
    first = _first_reply(whole)
    end = len(lines) if first is None else _line_after(lines, first)
    begins = [line for line in lines[end:] if line.strip()][:NEAR]
    if not begins or _FIELD.match(begins[0]) or not _DATED.search(" ".join(begins)):
        return len(lines)  # what looks like a header is for our own rule to judge, and people say "he wrote:" as well
    return end


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
