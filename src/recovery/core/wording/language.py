"""A language: its rules, its lists of words, and the signs of a good text; made ready once, and then used for any text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from attrs import evolve, field, frozen

from recovery.core.wording.finder import Finder, checked_lists
from recovery.core.wording.pattern import Lists, plan, words_of
from recovery.core.wording.values import Sign, TextKind, WordingFinding, WordingRule, merged
from recovery.core.wording.words import Sentence, parts, sentences

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
        wrong = self._by_kind[kind]
        opening = True
        for sentence in sentences(text):
            found += self._judged(sentence, wrong if opening else wrong & ~self._only_opening)
            opening = opening and parts(sentence.spelled[0])[0] in self._pleasantries
        if any(one.id in self._redeemed for one in found) and (next_step or self.signs_in(text, Sign.NEXT_STEP)):
            found = [one for one in found if one.id not in self._redeemed]
        return tuple(merged(found))

    def signs_in(self, text: str, *wanted: Sign) -> frozenset[Sign]:
        """Return the signs that ``text`` holds; only those of ``wanted``, where any are."""
        missing = {sign: self._by_sign[sign] for sign in wanted or Sign}
        for sentence in sentences(text):
            likely = self._finder.likely(sentence.spelled)
            if phrases := sum(likely & bits for bits in missing.values()):
                for hit in self._finder.find(sentence.tokens(), phrases):
                    missing.pop(self._sign_of[hit.phrase], None)
        return frozenset(wanted or Sign) - frozenset(missing)

    def _judged(self, sentence: Sentence, wrong: int) -> Iterator[WordingFinding]:
        likely = self._finder.likely(sentence.spelled)
        if not likely & wrong:
            return
        tokens = sentence.tokens()
        hits = list(self._finder.find(tokens, likely & wrong))
        excuses = self._finder.find(tokens, likely & self._excusing) if hits else ()
        excused = {self._excuses[hit.phrase] for hit in excuses}
        for hit in hits:
            rule = self._rule_of[hit.phrase]
            if rule.id in excused:
                continue
            start, end = tokens[hit.first].start, tokens[hit.last].end
            yield WordingFinding(
                rule=rule.rule,
                id=rule.id,
                start=start,
                end=end,
                found=sentence.text[start:end],
                reason=rule.reason,
                better=rule.better,
                source=rule.source,
                strength=rule.strength,
            )

    # ---------------------------------------------------------------- made ready once

    def _bits(self, chosen: Iterable[bool]) -> int:
        """Return a bit for each phrase that is chosen."""
        return sum(1 << at for at, one in enumerate(chosen) if one)

    @cached_property
    def _by_kind(self) -> Mapping[TextKind, int]:
        rules = [self._rule_of.get(at) for at in range(len(self._phrases))]
        return {kind: self._bits(rule is not None and rule.looks_at(kind) for rule in rules) for kind in TextKind}

    @cached_property
    def _by_sign(self) -> Mapping[Sign, int]:
        return {sign: self._bits(what is sign for _, what, _ in self._phrases) for sign in Sign}

    @cached_property
    def _only_opening(self) -> int:
        return self._bits(at in self._rule_of and self._rule_of[at].opening for at in range(len(self._phrases)))

    @cached_property
    def _excusing(self) -> int:
        return self._bits(at in self._excuses for at in range(len(self._phrases)))

    @cached_property
    def _redeemed(self) -> frozenset[str]:
        return frozenset(rule.id for rule in self.rules if rule.redeemed)

    @cached_property
    def _pleasantries(self) -> frozenset[str]:
        return frozenset(self.lists.get(PLEASANTRIES, ()))

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
