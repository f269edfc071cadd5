"""HTML into text that people can read: blocks become lines, links stay readable, what was quoted is quoted with ``>``."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["LONGEST", "is_markup", "text_of_markup"]

LONGEST = 1_000_000
"""How much HTML is read, in characters."""

_DROPPED = ("script", "style", "title", "template", "svg")
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "tr",
        "table",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "section",
        "article",
        "header",
        "footer",
        "blockquote",
        "hr",
        "form",
        "center",
        "address",
    )
)
_APART = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "table", "pre", "hr"))
_SPACE = re.compile(r"[ \t\n\f\v\xa0\u2007\u202f]+")
_NO_TAG = re.compile(r"<(?![A-Za-z/])")
_BLANKS = re.compile(r"\n{3,}")
_MARKUP = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|div|p|table|meta|span|font)\b[^<>]{0,2000}>", re.IGNORECASE)
_DEEPEST = 20


def is_markup(text: str) -> bool:
    """Whether a text is HTML although nobody said so."""
    return _MARKUP.match(text[:4000]) is not None and "</" in text


def text_of_markup(markup: str) -> str:
    """Return the words of an HTML text. It never fails, and takes time in proportion to the length."""
    reader = _Reader()
    reader.feed(_without_traps(markup[:LONGEST]))
    reader.close()
    return reader.told()


def _without_traps(markup: str) -> str:
    """Take out what browsers do not show and what makes a parser look for an end that is not there, again and again."""
    told = _cut_out(markup, "<!--", "-->")
    told = _cut_out(_cut_out(told, "<![CDATA[", "]]>"), "<?", ">")
    for name in _DROPPED:
        told = _cut_out(told, f"<{name}", f"</{name}")
    last = told.rfind(">")
    return _NO_TAG.sub("&lt;", told[: last + 1].replace("<!", "<x-")) + told[last + 1 :].replace("<", "&lt;")


def _cut_out(markup: str, begin: str, end: str) -> str:
    """Cut out everything from ``begin`` to ``end``; one that never ends is left, without its beginning."""
    small = markup.lower() if begin.isascii() and begin != begin.upper() else markup
    if len(small) != len(markup):  # some letters have a small form of another length
        small = "".join(sign.lower() if sign.isascii() else sign for sign in markup)
    out: list[str] = []
    position = 0
    while (found := small.find(begin, position)) >= 0:
        out.append(markup[position:found])
        after = small.find(end, found + len(begin))
        if after < 0:
            return "".join(out) + markup[found + len(begin) :].replace(begin, "")
        position = after + (len(end) if end.endswith(">") else 0)
    return "".join(out) + markup[position:]


class _Reader(HTMLParser):
    """Collects lines. It counts levels and never calls itself, so depth costs nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self.line = ""
        self.quotes = 0
        self.kept_space = 0
        self.links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a quotation, a link."""
        if tag == "br":
            self._end_line()
        elif tag in _BLOCKS:
            self._block(tag)
            self.quotes += tag == "blockquote"
            self.kept_space += tag == "pre"
            self.line += "- " if tag == "li" else ""
        elif tag in ("td", "th") and self.line.strip():
            self.line = f"{self.line.rstrip()} "
        elif tag == "a":
            self.links.append((dict(attrs).get("href") or "", len(self.line)))
        elif tag == "img":
            self._image(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun; what was not is passed over."""
        if tag in _BLOCKS:
            self._block(tag)
            self.quotes = max(0, self.quotes - (tag == "blockquote"))
            self.kept_space = max(0, self.kept_space - (tag == "pre"))
        elif tag == "a" and self.links:
            self._link(*self.links.pop())

    def handle_data(self, data: str) -> None:
        """Add words."""
        if self.kept_space:
            first, *more = data.replace("\r\n", "\n").split("\n")
            self.line += first
            for line in more:
                self._end_line()
                self.line = line
            return
        told = _SPACE.sub(" ", data.replace("\r", " "))
        self.line += told.lstrip(" ") if not self.line or self.line.endswith(" ") else told

    def _image(self, alt: str) -> None:
        told = " ".join(alt.split())
        if told:
            self.line += f"[{told}]" if any(sign.isalnum() for sign in told) else told

    def _link(self, target: str, begin: int) -> None:
        told = target.strip()
        shown = self.line[begin:] if begin <= len(self.line) else self.line
        bare = told.removeprefix("mailto:").partition("?")[0] if told.startswith("mailto:") else told
        wanted = told.startswith(("http://", "https://", "mailto:", "tel:"))
        if wanted and bare.rstrip("/") not in shown and shown.strip() not in ("", bare):
            self.line += f" <{bare}>"

    def _block(self, tag: str) -> None:
        if self.line.strip():
            self._end_line()
        if tag in _APART and self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * min(self.quotes, _DEEPEST))

    def _end_line(self) -> None:
        self.lines.append("> " * min(self.quotes, _DEEPEST) + self.line.strip(" ") if not self.kept_space else self.line)
        self.line = ""

    def told(self) -> str:
        """Return what was collected."""
        if self.line.strip():
            self._end_line()
        return _BLANKS.sub("\n\n", "\n".join(line.rstrip() for line in self.lines)).strip("\n")
