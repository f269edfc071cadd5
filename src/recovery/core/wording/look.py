"""Looking at a text: a language made ready once, and what it sees in the sentences of one text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from recovery.core.wording.finder import Finder
from recovery.core.wording.pattern import Lists
from recovery.core.wording.values import Sign, TextKind, WordingFinding, WordingRule, merged
from recovery.core.wording.words import Sentence, parts

__all__ = ["Look", "Ready"]

PLEASANTRIES = "pleasantries"
NEGATIONS = "negations"
"""Lists with a meaning of their own: what begins a sentence that is still no opening, and the words that no gap reaches over."""


class Ready:
    """The rules and signs of a language as one finder of all their phrases, and for each thing asked a bit for each phrase."""

    def __init__(self, rules: Sequence[WordingRule], lists: Lists, signs: Mapping[Sign, tuple[str, ...]]) -> None:
        wrong = [(phrase, rule) for rule in rules for phrase in rule.phrases]
        right = [(phrase, rule) for rule in rules for phrase in rule.unless]
        good = [(phrase, sign) for sign, phrases in signs.items() for phrase in phrases]
        phrases = [phrase for phrase, _ in (*wrong, *right, *good)]
        self.finder = Finder(phrases, lists, frozenset(lists.get(NEGATIONS, ())))
        self.rule_of = {at: rule for at, (_, rule) in enumerate(wrong)}
        self.excused_by = {at: rule.id for at, (_, rule) in enumerate(right, start=len(wrong))}
        self.sign_of = {at: sign for at, (_, sign) in enumerate(good, start=len(wrong) + len(right))}
        self.by_kind = {kind: _bits(at for at, rule in self.rule_of.items() if rule.looks_at(kind)) for kind in TextKind}
        self.by_sign = {sign: _bits(at for at, one in self.sign_of.items() if one is sign) for sign in Sign}
        self.only_opening = _bits(at for at, rule in self.rule_of.items() if rule.opening)
        self.excusing = _bits(self.excused_by)
        self.redeemed = frozenset(rule.id for rule in rules if rule.redeemed)
        self.pleasantries = frozenset(lists.get(PLEASANTRIES, ()))


def _bits(phrases: Iterable[int]) -> int:
    """Return a bit for each phrase, by its number."""
    return sum(1 << at for at in phrases)


class Look:
    """What one language sees in the sentences of a text. Which phrases may stand where is found once, for whatever is asked."""

    def __init__(self, language: Ready, text: Sequence[Sentence]) -> None:
        self._language = language
        self._finder = language.finder
        self._likely = [(sentence, self._finder.likely(sentence.spelled)) for sentence in text]

    def findings(self, kind: TextKind, *, next_step: bool = False) -> tuple[WordingFinding, ...]:
        """Return what is wrong with the text, in its order. ``next_step`` says that one is known from elsewhere."""
        language, opening = self._language, True
        found: list[WordingFinding] = []
        wrong = language.by_kind[kind]
        for sentence, likely in self._likely:
            wanted = likely & (wrong if opening else wrong & ~language.only_opening)
            if wanted:
                found += self._judged(sentence, wanted, likely & language.excusing)
            opening = opening and parts(sentence.spelled[0])[0] in language.pleasantries
        if found and any(one.id in language.redeemed for one in found) and (next_step or self.bears(Sign.NEXT_STEP)):
            found = [one for one in found if one.id not in language.redeemed]
        return tuple(merged(found)) if found else ()

    def bears(self, sign: Sign) -> bool:
        """Whether the text bears a sign."""
        bits = self._language.by_sign[sign]
        for sentence, likely in self._likely:
            if (phrases := likely & bits) and next(self._finder.find(sentence.words(), phrases), None) is not None:
                return True
        return False

    def _judged(self, sentence: Sentence, wanted: int, excusing: int) -> Iterator[WordingFinding]:
        language, words = self._language, sentence.words()
        hits = list(self._finder.find(words, wanted))
        if not hits:
            return
        excused = {language.excused_by[hit.phrase] for hit in self._finder.find(words, excusing)}
        tokens = sentence.tokens()
        for hit in hits:
            rule = language.rule_of[hit.phrase]
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
