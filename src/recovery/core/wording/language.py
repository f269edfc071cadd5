"""A language: its rules, its lists of words, and the signs of a good text; made ready once, and then used for any text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import evolve, field, frozen

from recovery.core.wording.finder import Finder, checked_lists
from recovery.core.wording.look import Look, Ready
from recovery.core.wording.pattern import Lists, plan, words_of
from recovery.core.wording.values import Sign, TextKind, WordingFinding, WordingRule
from recovery.core.wording.words import Sentence, sentences

__all__ = ["Language"]


@frozen(kw_only=True, slots=False)
class Language:
    """The wording of one language. ``lists`` are the words that phrases name in angle brackets; ``signs`` phrases that do good.

    The list ``negations`` holds what no gap reaches over; ``pleasantries`` how greetings, thanks and regrets begin, so that what
    comes after them is still the beginning of a text.
    """

    rules: tuple[WordingRule, ...] = ()
    lists: Mapping[str, tuple[str, ...]] = field(factory=dict[str, tuple[str, ...]], hash=False)
    signs: Mapping[Sign, tuple[str, ...]] = field(factory=dict[Sign, tuple[str, ...]], hash=False)

    def extended(self, rules: Iterable[WordingRule], lists: Lists, signs: Mapping[Sign, tuple[str, ...]]) -> Language:
        """Return the language with more: a rule of an id that is there takes its place, entries and phrases are added."""
        kept = {rule.id: rule for rule in self.rules} | {rule.id: rule for rule in rules}
        words = {name: (*self.lists.get(name, ()), *lists.get(name, ())) for name in (*self.lists, *lists)}
        good = {sign: (*self.signs.get(sign, ()), *signs.get(sign, ())) for sign in (*self.signs, *signs)}
        return evolve(self, rules=tuple(kept.values()), lists=words, signs=good)

    def faults(self) -> Iterator[str]:
        """Yield what cannot work: a phrase nobody can read, a list that is not there, an id that is there twice."""
        ids = [rule.id for rule in self.rules]
        for twice in sorted({name for name in ids if ids.count(name) > 1}):
            yield f"rules.{twice}: is there twice"
        for rule in self.rules:
            for phrase in (*rule.phrases, *rule.unless):
                yield from (f"rules.{rule.id}: {fault}" for fault in self._phrase_faults(phrase))
        for sign, phrases in self.signs.items():
            yield from (f"signs.{sign.value}: {fault}" for phrase in phrases for fault in self._phrase_faults(phrase))
        yield from (f"lists.{fault}" for fault in checked_lists(self.lists))

    def _phrase_faults(self, phrase: str) -> Iterator[str]:
        try:
            plan(phrase)
        except ValueError as fault:
            yield str(fault)
            return
        for name in sorted(words_of(phrase) - set(self.lists)):
            yield f"{phrase!r} names a list {name!r} that is not there; there are {', '.join(sorted(self.lists)) or 'none'}"

    # ---------------------------------------------------------------- looking

    def look(self, text: Sequence[Sentence]) -> Look:
        """Return a look at the sentences of a text, which answers whatever is asked of it."""
        return Look(self._ready, text)

    def findings(self, text: str, kind: TextKind, *, next_step: bool = False) -> tuple[WordingFinding, ...]:
        """Return what is wrong with ``text``, in its order. ``next_step`` says that one is known from elsewhere."""
        return self.look(tuple(sentences(text))).findings(kind, next_step=next_step)

    @cached_property
    def _ready(self) -> Ready:
        return Ready(self.rules, self.lists, self.signs)

    @property
    def _finder(self) -> Finder:
        return self._ready.finder
