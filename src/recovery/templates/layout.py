"""How what is said is laid out: one list of passages becomes plain text or HTML, so that the two can never say different things."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from attrs import frozen

__all__ = ["Passage", "as_html", "as_markup", "as_text"]

_ITEM = "- "
_BREAK = re.compile(r"\r\n|\r|\n")
_STYLE = "font-family:Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1b1b1b;max-width:38em;margin:1.5em;"
_UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What no HTML may hold, not even escaped: control characters, lone surrogates, what is no character at all."""
_TOLD = re.compile(f"[&<>\"'{_UNSEEN.pattern[1:]}")
"""What is written otherwise in HTML."""
_ODD = re.compile(f"{_TOLD.pattern}|\r|^ |^- ", re.MULTILINE)
"""What makes more of lines than a paragraph with breaks in it."""


@frozen(kw_only=True)
class Passage:
    """Lines that belong together. ``words`` are a person's, kept as they are; a ``heading`` parts a sheet for our own people."""

    lines: tuple[str, ...]
    words: bool = False
    heading: bool = False


def as_text(passages: Iterable[Passage]) -> str:
    """Return passages as plain text, a blank line between them; nobody's words are trimmed or wrapped."""
    return "\n\n".join(["\n".join(passage.lines) for passage in passages])


def as_html(passages: Iterable[Passage], *, language: str, title: str, inside: str = "") -> str:
    """Return passages as a small HTML page without scripts, pictures or links. Whatever they hold is text in it, never markup.

    ``inside`` is HTML that stands below them as it is.
    """
    body = "\n".join(filter(None, (as_markup(passages), inside)))
    head = f'<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>{_safe(title)}</title>'
    page = f'<html lang="{_safe(language)}">\n<head>\n{head}\n</head>\n<body style="{_STYLE}">\n{body}\n</body>\n</html>'
    return f"<!DOCTYPE html>\n{page}\n"


def as_markup(passages: Iterable[Passage]) -> str:
    """Return passages as HTML without a page around them."""
    return "\n".join([piece for passage in passages for piece in _pieces(passage)])


def _pieces(passage: Passage) -> Iterable[str]:
    text = "\n".join(passage.lines)
    if passage.heading or not text or _ODD.search(text) is not None:
        return _odd_pieces(passage)
    broken = text.replace("\n", "<br>\n")
    return (f'<p dir="auto">{broken}</p>',)


def _odd_pieces(passage: Passage) -> Iterator[str]:
    if passage.heading:
        yield f'<h2 style="font-size:1em;" dir="auto">{_broken(passage.lines)}</h2>'
    elif passage.words:
        yield f'<p dir="auto">{_broken(passage.lines)}</p>'
    else:
        lines = _split(passage.lines)
        for is_list, group in groupby(lines, key=lambda line: line.startswith(_ITEM)):
            told = tuple(group)
            yield _listed(told) if is_list else f'<p dir="auto">{_broken(told)}</p>'


def _listed(lines: Iterable[str]) -> str:
    items = "\n".join(f'<li dir="auto">{_safe(line.removeprefix(_ITEM))}</li>' for line in lines)
    return f"<ul>\n{items}\n</ul>"


def _broken(lines: Iterable[str]) -> str:
    """Return lines with their breaks, and with the spaces they begin with, which HTML would swallow."""
    return "<br>\n".join([_indented(part) for part in _split(lines)])


def _split(lines: Iterable[str]) -> list[str]:
    """Return lines without breaks in them; most have none."""
    return [part for line in lines for part in (_BREAK.split(line) if "\n" in line or "\r" in line else (line,))]


def _indented(line: str) -> str:
    if not line.startswith(" "):
        return _safe(line)
    bare = line.lstrip(" ")
    return "&nbsp;" * (len(line) - len(bare)) + _safe(bare)


def _safe(text: str) -> str:
    # Most lines hold nothing that would have to be changed, and one look tells so.
    return text if _TOLD.search(text) is None else escape(_UNSEEN.sub("\ufffd", text))
