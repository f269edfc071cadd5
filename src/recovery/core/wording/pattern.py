"""The little language in which phrases are written, and what it is made into: positions, and which may follow which.

    word          that word, in small letters            word*         every word that begins so
    <party>       any entry of a list of the language    (a b | c)     one of several
    x?            may be missing                         ..3           up to three words, none of them a negation
    ^             at the beginning of a sentence

There is no repetition without an end and nothing is looked at twice, so any phrase, also a stranger's, is found in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attrs import define, field, frozen

__all__ = ["ANY", "Atom", "Plan", "plan", "words_of"]

ANY = ".."
"""The atom for a word in a gap."""
MOST = 400
"""How many positions a phrase may have; more is a slip, or somebody's joke."""

_PIECE = re.compile(r"\s*(?:(?P<gap>\.\.\d+)|(?P<list><[\w-]+>)|(?P<mark>[()|?^])|(?P<word>(?:[^\W_]|['])+\*?|,))")


@frozen
class Atom:
    """What one position takes: a word, the beginning of one (``stem``), an entry of a list, or any word."""

    kind: str
    text: str


@frozen
class Plan:
    """A phrase as positions: what each takes, where it may begin and end, what may follow, and whether it opens a sentence.

    ``needs`` are sets of atoms; wherever the phrase stands, at least one atom of each set takes a word.
    """

    atoms: tuple[Atom, ...]
    first: tuple[int, ...]
    last: frozenset[int]
    follow: tuple[tuple[int, ...], ...]
    opens: bool
    needs: tuple[frozenset[Atom], ...]


@frozen
class _Part:
    first: tuple[int, ...]
    last: tuple[int, ...]
    empty: bool
    needs: tuple[frozenset[Atom], ...] = ()


NOTHING = _Part((), (), empty=True)


def plan(phrase: str) -> Plan:
    """Return the plan of a phrase. Raises :class:`ValueError` that says what is wrong with it."""
    pieces = tuple(_pieces(phrase))
    opens = pieces[:1] == (("mark", "^"),)
    reader = _Reader(pieces[1:] if opens else pieces, opens)
    whole = reader.choice()
    if reader.rest:
        raise ValueError(f"there is a {reader.rest[0][1]!r} too many in {phrase!r}")
    if whole.empty or not reader.atoms:
        raise ValueError(f"{phrase!r} would be found everywhere: nothing in it has to be there")
    if any(reader.atoms[at].kind == "any" for at in (*whole.first, *whole.last)):
        raise ValueError(f"{phrase!r} must not begin or end with a gap")
    follow = tuple(tuple(sorted(after)) for after in reader.follow)
    return Plan(tuple(reader.atoms), whole.first, frozenset(whole.last), follow, reader.opens, whole.needs)


def words_of(phrase: str) -> frozenset[str]:
    """Return the lists a phrase names."""
    return frozenset(text[1:-1] for kind, text in _pieces(phrase) if kind == "list")


def _pieces(phrase: str) -> Iterator[tuple[str, str]]:
    at = 0
    while phrase[at:].strip():
        found = _PIECE.match(phrase, at)
        if found is None:
            raise ValueError(f"{phrase[at:].strip()[:20]!r} in {phrase!r} is no part of a phrase")
        yield str(found.lastgroup), found.group().strip()
        at = found.end()


@define
class _Reader:
    """Reads a phrase from left to right and gathers positions as it goes."""

    rest: tuple[tuple[str, str], ...]
    opens: bool
    atoms: list[Atom] = field(factory=list[Atom])
    follow: list[set[int]] = field(factory=list[set[int]])

    def choice(self) -> _Part:
        parts = [self.sequence()]
        while self.rest and self.rest[0][1] == "|":
            self.rest = self.rest[1:]
            parts.append(self.sequence())
        first = tuple(at for part in parts for at in part.first)
        last = tuple(at for part in parts for at in part.last)
        return _Part(first, last, any(part.empty for part in parts), _either(parts))

    def sequence(self) -> _Part:
        whole = NOTHING
        while self.rest and self.rest[0][1] not in ("|", ")"):
            whole = self.joined(whole, self.one())
        return whole

    def one(self) -> _Part:
        (kind, text), self.rest = self.rest[0], self.rest[1:]
        if text == "(":
            part = self.group()
        elif kind == "gap":
            return self.gap(int(text[2:]))
        elif kind == "mark":
            raise ValueError(f"{text!r} stands where a word is wanted")
        else:
            part = self.atom(_atom(kind, text))
        if self.rest and self.rest[0][1] == "?":
            self.rest = self.rest[1:]
            return _Part(part.first, part.last, empty=True)
        return part

    def group(self) -> _Part:
        part = self.choice()
        if not self.rest or self.rest[0][1] != ")":
            raise ValueError("a bracket is not closed")
        self.rest = self.rest[1:]
        return part

    def gap(self, most: int) -> _Part:
        whole = NOTHING
        for _ in range(most):
            one = self.atom(Atom("any", ANY))
            whole = self.joined(whole, _Part(one.first, one.last, empty=True))
        return whole

    def atom(self, atom: Atom) -> _Part:
        if len(self.atoms) == MOST:
            raise ValueError(f"it has more than {MOST} positions")
        self.atoms.append(atom)
        self.follow.append(set())
        at = len(self.atoms) - 1
        needs = () if atom.kind == "any" else (frozenset({atom}),)
        return _Part((at,), (at,), empty=False, needs=needs)

    def joined(self, one: _Part, then: _Part) -> _Part:
        for at in one.last:
            self.follow[at].update(then.first)
        first = one.first + then.first if one.empty else one.first
        last = one.last + then.last if then.empty else then.last
        return _Part(first, last, one.empty and then.empty, one.needs + then.needs)


def _either(parts: list[_Part]) -> tuple[frozenset[Atom], ...]:
    """Return what a choice needs: one atom of each alternative's first need, of its second, as far as all of them have one."""
    return tuple(
        frozenset[Atom]().union(*together) for together in zip(*(_longest_first(part.needs) for part in parts), strict=False)
    )


def _longest_first(needs: tuple[frozenset[Atom], ...]) -> list[frozenset[Atom]]:
    """Long words are rare ones, so they tell most."""
    return sorted(needs, key=lambda need: -min(len(atom.text) for atom in need))


def _atom(kind: str, text: str) -> Atom:
    if kind == "list":
        return Atom("list", text[1:-1])
    return Atom("stem", text[:-1].casefold()) if text.endswith("*") else Atom("word", text.casefold())


Lists = Mapping[str, tuple[str, ...]]
