"""A language: its rules, its lists of words, and the signs of a good text; made ready once, and then used for any text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import evolve, field, frozen

from recovery.core.wording.finder import Finder, Found, checked_lists
from recovery.core.wording.pattern import Lists, plan, words_of
from recovery.core.wording.values import Sign, TextKind, WordingFinding, WordingRule, merged
from recovery.core.wording.words import Token, sentences

__all__ = ["Language"]

PLEASANTRIES = "pleasantries"
NEGATIONS = "negations"
"""Lists with a meaning of their own: what begins a sentence that is still no opening, and the words that no gap reaches over."""


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

    def findings(self, text: str, kind: TextKind, *, next_step: bool = False) -> tuple[WordingFinding, ...]:
        """Return what is wrong with ``text``, in its order. ``next_step`` says that one is known from elsewhere."""
        found: list[WordingFinding] = []
        opening = True
        for sentence in sentences(text):
            tokens = sentence.tokens
            hits = list(self._finder.find(tokens))
            found += self._judged(text, kind, tokens, hits, opening=opening)
            next_step = next_step or any(self._sign_of.get(hit.phrase) is Sign.NEXT_STEP for hit in hits)
            opening = opening and self._is_pleasant(tokens)
        redeemed = {rule.id for rule in self.rules if rule.redeemed} if next_step else set[str]()
        return tuple(merged([one for one in found if one.id not in redeemed]))

    def signs_in(self, text: str) -> frozenset[Sign]:
        """Return the signs that ``text`` holds."""
        hits = (hit for sentence in sentences(text) for hit in self._finder.find(sentence.tokens))
        return frozenset(self._sign_of[hit.phrase] for hit in hits if hit.phrase in self._sign_of)

    def _judged(
        self, text: str, kind: TextKind, tokens: Sequence[Token], hits: Iterable[Found], *, opening: bool
    ) -> Iterator[WordingFinding]:
        hits = list(hits)
        excused = {self._excuses[hit.phrase] for hit in hits if hit.phrase in self._excuses}
        for hit in hits:
            rule = self._rule_of.get(hit.phrase)
            if rule is None or rule.id in excused or not rule.looks_at(kind) or (rule.opening and not opening):
                continue
            start, end = tokens[hit.first].start, tokens[hit.last].end
            yield WordingFinding(
                rule=rule.rule,
                id=rule.id,
                start=start,
                end=end,
                found=text[start:end],
                reason=rule.reason,
                better=rule.better,
                source=rule.source,
                strength=rule.strength,
            )

    def _is_pleasant(self, tokens: Sequence[Token]) -> bool:
        return not tokens or any(tokens[0].word == word for word in self.lists.get(PLEASANTRIES, ()))

    @cached_property
    def _phrases(self) -> tuple[tuple[str, WordingRule | Sign, bool], ...]:
        """Every phrase, what it belongs to, and whether it is an excuse from a rule."""
        wrong = [(phrase, rule, False) for rule in self.rules for phrase in rule.phrases]
        right = [(phrase, rule, True) for rule in self.rules for phrase in rule.unless]
        good = [(phrase, sign, False) for sign, phrases in self.signs.items() for phrase in phrases]
        return (*wrong, *right, *good)

    @cached_property
    def _rule_of(self) -> Mapping[int, WordingRule]:
        return {at: what for at, (_, what, excuse) in enumerate(self._phrases) if isinstance(what, WordingRule) and not excuse}

    @cached_property
    def _excuses(self) -> Mapping[int, str]:
        return {at: what.id for at, (_, what, excuse) in enumerate(self._phrases) if isinstance(what, WordingRule) and excuse}

    @cached_property
    def _sign_of(self) -> Mapping[int, Sign]:
        return {at: what for at, (_, what, _) in enumerate(self._phrases) if isinstance(what, Sign)}

    @cached_property
    def _finder(self) -> Finder:
        phrases = [phrase for phrase, _, _ in self._phrases]
        return Finder(phrases, self.lists, frozenset(self.lists.get(NEGATIONS, ())))
