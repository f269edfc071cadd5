"""Finds many phrases in a text at once, in one pass: every word is looked at once, against the positions that are open just then.

The work grows with the length of the text and with nothing else: for each word at most one step for each pair of positions that may
follow each other. :attr:`Finder.steps` counts them, so that a test can hold this.

Most sentences hold no phrase, and most phrases need words that a sentence does not have. So :meth:`Finder.likely` first looks, in
whatever order, for the words that each phrase cannot do without, all phrases at once: a bit for each, in whole numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import frozen

from recovery.core.wording.pattern import Atom, Lists, Plan, plan, words_of
from recovery.core.wording.words import LONGEST, REMEMBERED, parts

__all__ = ["Finder", "Found"]

NONE: frozenset[int] = frozenset()
NEEDS = 4
"""How many of its needs a phrase is asked for before it is looked for."""


@frozen
class Found:
    """Where the phrase of that number stands: the places of its first and its last word."""

    phrase: int
    first: int
    last: int


class Finder:
    """Finds ``phrases`` in the words of a sentence. ``negations`` are the words that no gap reaches over."""

    def __init__(self, phrases: Sequence[str], lists: Lists, negations: frozenset[str] = frozenset()) -> None:
        self.steps = 0
        self._negations = negations | {","}
        self._words: dict[str, set[int]] = {}
        self._stems: dict[str, set[int]] = {}
        self._in_gaps: set[int] = set()
        self._follow: list[tuple[int, ...]] = []
        self._begins: dict[int, bool] = {}
        self._ends: dict[int, int] = {}
        self._longer: dict[str, list[tuple[str, ...]]] = {}
        self._known: dict[str, _Word] = {}
        self._opening: dict[int, frozenset[int]] = {}
        self._needed: dict[str, int] = {}
        self._needed_stems: dict[str, int] = {}
        self._spelled: dict[str, int] = {}
        self._size = len(phrases)
        self._free = 0
        for number, phrase in enumerate(phrases):
            made = plan(phrase)
            self._add(number, made, lists)
            self._need(number, made, lists)
        self._longest = max((len(stem) for stem in self._stems), default=0)
        self._gaps = frozenset(self._in_gaps)
        self._plain = _Word(NONE, NONE, NONE, (), self._gaps)
        self._barrier = _Word(NONE, NONE, NONE, (), NONE)
        self._gather({name for phrase in phrases for name in words_of(phrase)}, lists)

    def _add(self, number: int, made: Plan, lists: Lists) -> None:
        base = len(self._follow)
        for at, atom in enumerate(made.atoms, start=base):
            if atom.kind == "any":
                self._in_gaps.add(at)
                continue
            for text in _entries(atom, lists):
                self._take(text, at)
        self._follow += [tuple(base + then for then in after) for after in made.follow]
        self._begins |= {base + at: made.opens for at in made.first}
        self._opening[number] = frozenset(base + at for at in made.first)
        self._ends |= {base + at: number for at in made.last}

    def _need(self, number: int, made: Plan, lists: Lists) -> None:
        """Give each need of a phrase a bit; of an entry of several words the longest stands for all."""
        told = [[max(text.split(), key=len) for atom in need for text in _entries(atom, lists)] for need in made.needs]
        told.sort(key=lambda words: -min(map(len, words), default=0))
        for row in range(NEEDS):
            bit = 1 << (row * self._size + number)
            if row >= len(told):
                self._free |= bit
                continue
            for word in told[row]:
                wanted, key = (self._needed_stems, word[:-1]) if word.endswith("*") else (self._needed, word)
                wanted[key] = wanted.get(key, 0) | bit

    def _take(self, text: str, at: int) -> None:
        if text.endswith("*"):
            self._stems.setdefault(text[:-1], set()).add(at)
        else:
            self._words.setdefault(" ".join(text.split()), set()).add(at)

    def _gather(self, names: set[str], lists: Lists) -> None:
        """Remember the entries of several words, the longest first."""
        several = {tuple(entry.casefold().split()) for name in names for entry in lists.get(name, ()) if " " in entry.strip()}
        for entry in sorted(several, key=len, reverse=True):
            self._longer.setdefault(entry[0], []).append(entry)

    def likely(self, spelled: Iterable[str]) -> int:
        """Return which phrases may stand among these words, in any order: the bit of each phrase, by its number."""
        told, known = self._free, self._spelled
        for word in spelled:
            bits = known.get(word)
            if bits is None:
                bits = self._wanted(word)
            if bits:
                told |= bits
        for _ in range(NEEDS - 1):
            told &= told >> self._size
        return told & ((1 << self._size) - 1)

    def _wanted(self, spelled: str) -> int:
        """Return the needs that a spelled word meets, and remember them."""
        bits = 0
        for word in parts(spelled):
            bits |= self._needed.get(word, 0)
            for stem, wanted in self._needed_stems.items():
                bits |= wanted if word.startswith(stem) else 0
        if len(spelled) <= LONGEST and len(self._spelled) < REMEMBERED:
            self._spelled[spelled] = bits
        return bits

    def find(self, words: Sequence[str], phrases: int = -1) -> Iterator[Found]:
        """Yield those of ``phrases`` (a bit for each) that stand in the words of a sentence, once for each of their ends."""
        begins = NONE.union(*[self._opening[number] for number in bits_of(phrases & ((1 << self._size) - 1))])
        reached: dict[int, dict[int, int]] = {}
        known, ends = self._known, self._ends
        for place, text in enumerate(words):
            open_at = reached.pop(place, None) if reached else None
            word = known.get(text) or self._read(text)
            if not open_at and not word.longer and place + 1 not in reached and begins.isdisjoint(word.starts):
                continue
            then = reached.setdefault(place + 1, {})
            self._go(word, place, open_at, then, begins, gaps=word.gaps)
            for entry in word.longer:
                self.steps += 1
                if tuple(words[place : place + len(entry)]) == entry:
                    several = self._read(" ".join(entry))
                    self._go(several, place, open_at, reached.setdefault(place + len(entry), {}), begins, gaps=NONE)
            for at, begun in then.items():
                if at in ends:
                    yield Found(ends[at], begun, place)

    def _go(
        self,
        word: _Word,
        place: int,
        open_at: dict[int, int] | None,
        reached: dict[int, int],
        begins: frozenset[int],
        *,
        gaps: frozenset[int],
    ) -> None:
        """Take ``word`` at every position that is open, and at those of ``begins``; the earliest beginning stays."""
        takes = word.takes
        if open_at:
            for at, begun in open_at.items():
                after = self._follow[at]
                self.steps += len(after)
                for then in after:
                    if (then in takes or then in gaps) and begun < reached.get(then, place):
                        reached[then] = begun
        starts = word.starts if place == 0 else word.later_starts
        if not begins.isdisjoint(starts):
            for at in begins & starts:
                if at not in reached:
                    reached[at] = place

    def _read(self, text: str) -> _Word:
        """Return what is known of a word (or of several that make one entry), and remember it."""
        known = self._known.get(text)
        if known is None:
            takes = set(self._words.get(text, ()))
            for size in range(1, min(len(text), self._longest) + 1):
                takes |= self._stems.get(text[:size], NONE)
            longer = tuple(self._longer.get(text, ()))
            if not takes and not longer:
                known = self._barrier if text in self._negations else self._plain
                if len(text) <= LONGEST and len(self._known) < REMEMBERED:
                    self._known[text] = known
                return known
            starts = frozenset(at for at in takes if at in self._begins)
            later = frozenset(at for at in starts if not self._begins[at])
            gaps = NONE if text in self._negations else self._gaps
            known = self._known[text] = _Word(frozenset(takes), starts, later, longer, gaps)
        return known


@frozen
class _Word:
    """What a word is good for: the positions that take it, where it may begin a phrase (at all, or not first), longer entries."""

    takes: frozenset[int]
    starts: frozenset[int]
    later_starts: frozenset[int]
    longer: tuple[tuple[str, ...], ...]
    gaps: frozenset[int]


def bits_of(number: int) -> Iterator[int]:
    """Yield the places of the bits that are set."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest


def _entries(atom: Atom, lists: Lists) -> tuple[str, ...]:
    """Return what an atom takes, a star at the end of what is only the beginning of a word."""
    if atom.kind == "list":
        return tuple(text.casefold() for text in lists.get(atom.text, ()))
    return (atom.text + "*" if atom.kind == "stem" else atom.text,)


def checked_lists(lists: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield what is wrong with lists of words: empty entries, and a star anywhere but at the end of a single word."""
    for name, entries in lists.items():
        for entry in entries:
            plain = entry.strip()
            if not plain or "*" in plain[:-1] or (plain.endswith("*") and (" " in plain or len(plain) < 3)):
                yield f"{name}: {entry!r} is no entry; write a word, several words, or a beginning of a word such as strik*"
