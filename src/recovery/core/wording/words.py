"""Words and sentences of a text, each with its place in it. Short forms are written out, so that *didn't* and *did not* are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

from attrs import frozen

__all__ = ["Sentence", "Token", "parts", "sentences"]

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*['\u2019]?|[,()\u2013\u2014]")
_MARK = re.compile(r"\n[ \t\r]*\n|\n[ \t]*[-*\u2022]|[.!?;:\u2026]")
"""A word or a comma, and what may end a sentence: each alternative begins with another kind of character, so nothing is ever
tried twice, and no mark is part of a word."""
COMMAS = frozenset(",()\u2013\u2014")

_WHOLE = {
    "cannot": ("can", "not"), "can't": ("can", "not"), "won't": ("will", "not"), "shan't": ("shall", "not"),
    "ain't": ("is", "not"), "i'm": ("i", "am"), "let's": ("let", "us"),
}  # fmt: skip
_ENDINGS = {"n't": "not", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_IS_BEFORE_S = frozenset({"it", "that", "he", "she", "there", "what", "who", "here", "this", "where", "how"})
_ABBREVIATIONS = frozenset(
    {"mr", "mrs", "ms", "dr", "st", "prof", "no", "nr", "e", "g", "i", "approx", "z", "b", "d", "h", "bzw", "ca"}
)


REMEMBERED, LONGEST = 20_000, 30
"""How many words of everyday texts are remembered as they are taken apart, and how long they may be."""


class Token(NamedTuple):
    """A word in small letters, or a comma, and where it stands."""

    word: str
    start: int
    end: int


@frozen
class Sentence:
    """A sentence, or the part of one before a colon or a semicolon: where it stands, and its words and commas as spelled."""

    text: str
    start: int
    end: int
    spelled: tuple[str, ...]

    def words(self) -> tuple[str, ...]:
        """Return its words and commas in small letters."""
        return self._words

    @cached_property
    def _words(self) -> tuple[str, ...]:
        words: list[str] = []
        for one in self.spelled:
            words += parts(one)
        return tuple(words)

    def tokens(self) -> tuple[Token, ...]:
        """Return its words with their places; made only where something was found."""
        found = _WORD.finditer(self.text, self.start, self.end)
        return tuple(Token(part, one.start(), one.end()) for one in found for part in parts(one.group()))


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of ``text``, in one pass over it."""
    spelled: list[str] = []
    start = seen = 0
    for mark in _MARK.finditer(text):
        spelled += _spelled(text[seen : mark.start()])
        seen = mark.end()
        if spelled and _ends(text, seen, mark.group(), spelled[-1]):
            yield Sentence(text, start, mark.start(), tuple(spelled))
            spelled, start = [], seen
    spelled += _spelled(text[seen:])
    if spelled:
        yield Sentence(text, start, len(text), tuple(spelled))


def _spelled(text: str) -> list[str]:
    """Return the words and commas of ``text``. No word holds a space, and most have been met before."""
    words: list[str] = []
    for piece in text.split():
        words += _met(piece) if len(piece) <= LONGEST else _WORD.findall(piece)
    return words


@lru_cache(maxsize=REMEMBERED)
def _met(piece: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(piece))


def _ends(text: str, after: int, mark: str, before: str) -> bool:
    """Whether a mark ends a sentence: not the stop of an abbreviation or a date, and not one inside an address or a time."""
    if mark[0] == "\n":
        return True
    nearby = text[after : after + 1]
    if nearby and not nearby.isspace() and nearby not in "\"'\u201d\u201c\u2019)":
        return False
    if mark != ".":
        return True
    before = parts(before)[-1]
    return not (before in _ABBREVIATIONS or (before.isdigit() and text[after + 1 : after + 2].isalpha() and len(before) < 3))


def parts(spelled: str) -> tuple[str, ...]:
    """Return the words that one spelled word is: *didn't* is *did* and *not*, any comma or dash is a comma."""
    return _known_parts(spelled) if len(spelled) <= LONGEST else _parts_of(spelled)


def _parts_of(spelled: str) -> tuple[str, ...]:
    if spelled in COMMAS:
        return (",",)
    word = spelled.casefold() if spelled.isalnum() else spelled.replace("\u2019", "'").casefold().rstrip("'")
    return _parts(word)


_known_parts = lru_cache(maxsize=REMEMBERED)(_parts_of)


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
