"""Words and sentences of a text, each with its place in it. Short forms are written out, so that *didn't* and *did not* are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from attrs import frozen

__all__ = ["Sentence", "Token", "sentences"]

_WORD = r"[^\W_]+(?:['\u2019][^\W_]+)*['\u2019]?"
_PIECE = re.compile(
    rf"(?P<word>{_WORD})|(?P<blank>\n[ \t\r]*\n|\n[ \t]*[-*\u2022])|(?P<end>[.!?;:\u2026])|(?P<comma>[,()\u2013\u2014])"
)
"""One piece after the other: each alternative begins with another kind of character, so nothing is ever tried twice."""

_WHOLE = {
    "cannot": ("can", "not"), "can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"),
    "ain't": ("is", "not"), "i'm": ("i", "am"), "let's": ("let", "us"),
}  # fmt: skip
_ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_IS_BEFORE_S = frozenset({"it", "that", "he", "she", "there", "what", "who", "here", "this", "where", "how"})
_ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "prof", "no", "nr", "e", "g", "i", "approx", "z", "b", "d", "h", "bzw", "ca"}
)


class Token(NamedTuple):
    """A word in small letters, or a comma, and where it stands."""

    word: str
    start: int
    end: int


@frozen
class Sentence:
    """The words of a sentence, or of the part of one before a colon or a semicolon. ``greets`` is the comma after a greeting."""

    tokens: tuple[Token, ...]


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of ``text``, in one pass over it."""
    gathered: list[Token] = []
    for found in _PIECE.finditer(text):
        kind, start = found.lastgroup, found.start()
        if kind == "word":
            word, end = found.group(), found.end()
            if word.isalnum():
                word = word.casefold()
                gathered += [Token(part, start, end) for part in _WHOLE.get(word, (word,))]
            else:
                gathered += [Token(part, start, end) for part in _parts(word.replace("\u2019", "'").casefold().rstrip("'"))]
        elif kind == "comma":
            gathered.append(Token(",", start, found.end()))
        elif gathered and _ends(text, found.end(), found.group(), gathered[-1].word):
            yield Sentence(tuple(gathered))
            gathered = []
    if gathered:
        yield Sentence(tuple(gathered))


def _ends(text: str, after: int, mark: str, before: str) -> bool:
    """Whether a mark ends a sentence: not the stop of an abbreviation or a date, and not one inside an address or a time."""
    if mark[0] == "\n":
        return True
    nearby = text[after : after + 1]
    if nearby and not nearby.isspace() and nearby not in "\"'\u201d\u201c\u2019)":
        return False
    return mark != "." or not (
        before in _ABBREVIATIONS or (before.isdigit() and text[after + 1 : after + 2].isalpha() and len(before) < 3)
    )


def _parts(word: str) -> tuple[str, ...]:
    if "'" not in word:
        return _WHOLE.get(word, (word,))
    if word in _WHOLE:
        return _WHOLE[word]
    if word.endswith("n't"):
        return (word[:-3], "not")
    stem, mark, ending = word.rpartition("'")
    if mark + ending in _ENDINGS:
        return (stem, _ENDINGS[mark + ending])
    if ending == "s":
        return (stem, "is") if stem in _IS_BEFORE_S else (stem, "'s")
    return (word,)
