"""The texts there are: the built-in ones, those of other languages, and those that take their place, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from string import Template
from typing import cast

from attrs import field, frozen

from recovery.templates.drafting import DRAFT_VALUES
from recovery.templates.english import COLLEAGUE, CUSTOMER, ENGLISH
from recovery.templates.german import GERMAN
from recovery.templates.language import Language, Sheet, faults_of_language
from recovery.templates.text import Text, faults_of

__all__ = ["Library"]

Paragraphs = tuple[str, ...]


@frozen(kw_only=True, slots=False)
class Library:
    """Texts by language and name. ``own`` is the desk's language; ``replace`` and ``drafts`` are keyed ``name`` or ``name.tag``."""

    own: str
    languages: tuple[Language, ...] = ()
    replace: Mapping[str, Text] = field(factory=dict[str, Text])
    drafts: Mapping[str, Paragraphs] = field(factory=dict[str, Paragraphs])

    @cached_property
    def known(self) -> Mapping[str, Language]:
        """The languages, by their tags."""
        return {_tag(one.code): one for one in (ENGLISH, GERMAN, *self.languages) if isinstance(cast(object, one), Language)}

    @cached_property
    def _texts(self) -> Mapping[str, Mapping[str, Text]]:
        found = {tag: dict(language.texts) for tag, language in self.known.items()}
        for key, text in self.replace.items():
            name, tag = self._named(key)
            found.setdefault(tag, {})[name] = text
        return found

    @cached_property
    def _drafts(self) -> Mapping[str, Mapping[str, Paragraphs]]:
        found = {tag: dict(language.drafts) for tag, language in self.known.items()}
        for key, paragraphs in self.drafts.items():
            name, tag = self._named(key)
            found.setdefault(tag, {})[name] = paragraphs
        return found

    def _named(self, key: str) -> tuple[str, str]:
        """Return the name and the language that a key means: ``receipt`` is in the desk's own, ``receipt.de`` in German."""
        name, _, tag = key.partition(".")
        return name, _tag(tag or self.own)

    # ------------------------------------------------------------ looking up

    @property
    def sheet(self) -> Sheet:
        """What stands around a call, for whoever makes it: in the desk's own language, or in English."""
        found = self.known[_tag(self.own)].sheet or ENGLISH.sheet
        assert found is not None
        return found

    def language(self, wanted: str, names: Iterable[str], *, customer: bool) -> Language:
        """Return the first language that has a text for every name, so that no message mixes two; at last English."""
        readers = CUSTOMER if customer else COLLEAGUE
        needed = [name for name in names if name in readers]
        fits = (tag for tag in self._tags(wanted) if all(name in self._texts[tag] for name in needed))
        return self.known[next(fits, "en")]

    def text(self, language: Language, name: str, *, customer: bool) -> Text:
        """Return the text of that name; a policy may name one that nobody wrote, and something must be said all the same."""
        readers, general = (CUSTOMER, "customer_informed") if customer else (COLLEAGUE, "reminder")
        texts = self._texts[_tag(language.code)]
        found = texts.get(name) if name in readers else None
        return found or texts.get(general) or ENGLISH.texts[general]

    def draft(self, wanted: str, name: str) -> tuple[Language, Paragraphs]:
        """Return the paragraphs of a draft in the first language that has it, and that language. Raises ``LookupError``."""
        for tag in (*self._tags(wanted), "en"):
            if name in self._drafts.get(tag, {}):
                return self.known[tag], self._drafts[tag][name]
        raise LookupError(f"there is no draft {name!r}; there are {', '.join(sorted(ENGLISH.drafts))}")

    def _tags(self, wanted: str) -> Iterator[str]:
        return (tag for tag in (*_with_region(wanted), _tag(self.own)) if tag in self.known)

    # ------------------------------------------------------------ what cannot work

    def faults(self) -> Iterator[str]:
        """Yield everything that could not work, or would say to a customer what is not for them."""
        for language in self.languages:
            yield from faults_of_language(language)
        if _tag(self.own) not in self.known:
            yield f"language: there are no texts in {self.own!r}; there are {self._codes}"
        brought = [language for language in self.languages if isinstance(cast(object, language), Language)]
        yield from self._text_faults((f"{name}.{one.code}", text) for one in brought for name, text in one.texts.items())
        yield from self._text_faults(self.replace.items())
        yield from self._draft_faults((f"{name}.{one.code}", lines) for one in brought for name, lines in one.drafts.items())
        yield from self._draft_faults(self.drafts.items())

    @property
    def _codes(self) -> str:
        return ", ".join(sorted(self.known))

    def _text_faults(self, texts: Iterable[tuple[str, object]]) -> Iterator[str]:
        for label, text in texts:
            name, tag = self._named(label)
            if name not in CUSTOMER and name not in COLLEAGUE:
                yield f"{label}: no message uses it; there are {', '.join(sorted({**CUSTOMER, **COLLEAGUE}))}"
            yield from self._tag_faults(label, tag)
            yield from faults_of(label, text, to_customer=name in CUSTOMER)

    def _draft_faults(self, drafts: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
        for label, paragraphs in drafts:
            name, tag = self._named(label)
            if name not in ENGLISH.drafts:
                yield f"drafts: {label}: nothing is drafted by that name; there are {', '.join(sorted(ENGLISH.drafts))}"
            yield from (f"drafts: {fault}" for fault in self._tag_faults(label, tag))
            for line in (paragraphs,) if isinstance(paragraphs, str) else paragraphs:
                yield from _paragraph_faults(label, line)

    def _tag_faults(self, label: str, tag: str) -> Iterator[str]:
        if tag not in self.known:
            yield f"{label}: there is no language {tag!r}; there are {self._codes}, and languages= adds one"


def _paragraph_faults(label: str, line: str) -> Iterator[str]:
    template = Template(line)
    if not template.is_valid():
        yield f"drafts: {label}: {line!r} is no template; a dollar sign is written $$"
    elif unknown := sorted(set(template.get_identifiers()) - DRAFT_VALUES):
        yield f"drafts: {label}: no draft has a value ${unknown[0]}; there are {', '.join(sorted(DRAFT_VALUES))}"


@lru_cache(maxsize=256)
def _tag(code: str) -> str:
    return code.strip().replace("_", "-").casefold()


@lru_cache(maxsize=256)
def _with_region(code: str) -> tuple[str, ...]:
    """Return a tag, and the shorter ones it narrows: ``de-at``, ``de``."""
    parts = _tag(code).split("-")
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1))
