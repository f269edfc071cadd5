"""Wording: what does not belong in a text to a customer, as data for each language, and the one pass that finds it.

    check_wording("Sorry, the courier lost it.")      -> (WordingFinding(rule="own.no-blame", start=7, end=26, better=..., ...),)

A policy holds a :class:`Wording`; change it with :meth:`Wording.extended` and :meth:`Wording.without`, or bring your own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import evolve, field, frozen

from recovery.core.errors import BadDefinition
from recovery.core.wording.english import ENGLISH
from recovery.core.wording.german import GERMAN
from recovery.core.wording.language import Language
from recovery.core.wording.look import Look
from recovery.core.wording.values import Sign, TextKind, WordingFinding, WordingRule, merged
from recovery.core.wording.words import sentences

__all__ = ["STANDARD", "Language", "Sign", "TextKind", "Wording", "WordingFinding", "WordingRule", "check_wording"]


@frozen(kw_only=True, slots=False)
class Wording:
    """The wording of a desk, by language (``en``, ``de``). Raises :class:`BadDefinition` with every fault when it cannot work.

    A text in a language that is here is held against that language. Where the language is not known, or not here, it is held
    against all of them: blame is found in whichever it was written, and nothing is asked for that nobody could have looked for.
    """

    languages: Mapping[str, Language] = field(factory=dict[str, Language], hash=False)

    def __attrs_post_init__(self) -> None:
        # The languages that come with the library are held by its tests: looking costs a tenth of the first import.
        others = [(tag, one) for tag, one in self.languages.items() if one is not ENGLISH and one is not GERMAN]
        told = ((tag, fault) for tag, language in others for fault in language.faults())
        if faults := [f"{tag}.{fault}" for tag, fault in told]:
            raise BadDefinition("the wording", faults)

    def extended(
        self,
        *,
        language: str = "en",
        rules: Iterable[WordingRule] = (),
        lists: Mapping[str, tuple[str, ...]] | None = None,
        signs: Mapping[Sign, tuple[str, ...]] | None = None,
    ) -> Wording:
        """Return this wording with more in one language: your suppliers' names, say, as ``lists={"party": ("Ace Couriers",)}``."""
        more = self.languages.get(language, Language()).extended(rules, lists or {}, signs or {})
        return evolve(self, languages={**self.languages, language: more})

    def without(self, *ids: str) -> Wording:
        """Return this wording without the rules of those ids. Raises :class:`BadDefinition` where there is no such rule."""
        known = {rule.id for language in self.languages.values() for rule in language.rules}
        if unknown := [
            f"off: there is no rule {name!r}; there are {', '.join(sorted(known))}" for name in ids if name not in known
        ]:
            raise BadDefinition("the wording", unknown)
        kept = {
            tag: evolve(language, rules=tuple(rule for rule in language.rules if rule.id not in ids))
            for tag, language in self.languages.items()
        }
        return evolve(self, languages=kept)

    def check(
        self, text: str, kind: TextKind | str = TextKind.MESSAGE, *, language: str | None = None, next_step: bool = False
    ) -> tuple[WordingFinding, ...]:
        """Return what is wrong with ``text``, in its order; ``next_step`` says that its next step is known from elsewhere."""
        return self.read(text, language).findings(TextKind(kind), next_step=next_step)

    def lacks(self, text: str, *wanted: Sign, language: str | None = None) -> frozenset[Sign]:
        """Return which of the wanted signs ``text`` lacks; none where nobody has said how they look in its language."""
        return self.read(text, language).lacks(*wanted)

    def read(self, text: str, language: str | None = None) -> Reading:
        """Return ``text`` as read once, in its language: ask it for its findings and for what it lacks."""
        told = tuple(sentences(text))
        return Reading(tuple(one.look(told) for one in self._spoken(language)), known=self.knows(language))

    def knows(self, language: str | None) -> bool:
        """Whether texts in ``language`` can be looked at for what they lack; an unknown one is taken to be one of ours."""
        return language is None or self._tag(language) is not None

    def _tag(self, language: str) -> str | None:
        tags = (language.lower().replace("_", "-"), language.lower().replace("_", "-").partition("-")[0])
        return next((tag for tag in tags if tag in self.languages), None)

    def _spoken(self, language: str | None) -> tuple[Language, ...]:
        tag = None if language is None else self._tag(language)
        return tuple(self.languages.values()) if tag is None else (self.languages[tag],)


class Reading:
    """One text as the languages it may be in see it, read once for whatever is asked of it."""

    def __init__(self, looks: tuple[Look, ...], *, known: bool) -> None:
        self._looks = looks
        self._known = known

    def findings(self, kind: TextKind, *, next_step: bool = False) -> tuple[WordingFinding, ...]:
        """Return what is wrong with it, as :meth:`Wording.check` does."""
        found = [one for look in self._looks for one in look.findings(kind, next_step=next_step)]
        return tuple(merged(found)) if found else ()

    def lacks(self, *wanted: Sign) -> frozenset[Sign]:
        """Return what it lacks, as :meth:`Wording.lacks` does."""
        if not self._known:
            return frozenset()
        return frozenset([sign for sign in wanted if not any(look.bears(sign) for look in self._looks)])


STANDARD = Wording(languages={"en": ENGLISH, "de": GERMAN})
"""The wording that comes with the library: English in full; German for what is a must, and for thanks and next steps."""


def check_wording(
    text: str, kind: TextKind | str = TextKind.MESSAGE, *, language: str | None = None, wording: Wording = STANDARD
) -> tuple[WordingFinding, ...]:
    """Return what does not belong in ``text``: each finding with its place, the reason and a better wording.

    ``kind`` is what the text is for; a :class:`TextKind` or its value (another raises :class:`ValueError`). ``language`` is a tag
    such as ``en`` or ``de-AT``; left out, the text is held against every language there is. The work grows with the length of the
    text and with nothing else.
    """
    return wording.check(text, kind, language=language)
