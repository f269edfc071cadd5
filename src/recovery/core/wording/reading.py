"""Wording as plain data: what a policy file says of it, and the wording that comes of it.

    [wording]
    off = ["en.excuse.busy"]

    [wording.languages.en.lists]
    party = ["Nordwind"]

    [wording.languages.en.rules."ours.teething"]
    rule = "own.no-blame"
    phrases = ["teething (troubles | problems)"]
    reason = "it belittles what happened"
    better = "Say what happened, and what you do by when."

What is given is added to the wording that comes with the library; with ``standard = false`` it stands alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from attrs import frozen

from recovery.core.errors import BadDefinition, InvalidValue, Strength
from recovery.core.wording import STANDARD, Sign, TextKind, Wording, WordingRule

__all__ = ["LanguageData", "WordingData", "WordingRuleData", "wording_of"]


@frozen(kw_only=True)
class WordingRuleData:
    """A rule of wording; its id is the key it stands under."""

    rule: str
    phrases: tuple[str, ...]
    reason: str
    better: str
    source: str = ""
    strength: Strength = Strength.MUST
    unless: tuple[str, ...] = ()
    kinds: frozenset[TextKind] = frozenset()
    opening: bool = False
    redeemed: bool = False


@frozen(kw_only=True)
class LanguageData:
    """What is added to a language, or makes a new one."""

    lists: dict[str, tuple[str, ...]] = attrs.field(factory=dict[str, "tuple[str, ...]"])
    rules: dict[str, WordingRuleData] = attrs.field(factory=dict[str, WordingRuleData])
    signs: dict[Sign, tuple[str, ...]] = attrs.field(factory=dict[Sign, "tuple[str, ...]"])


@frozen(kw_only=True)
class WordingData:
    """The wording of a policy file."""

    standard: bool = True
    off: tuple[str, ...] = ()
    languages: dict[str, LanguageData] = attrs.field(factory=dict[str, LanguageData])


def wording_of(told: WordingData) -> Wording:
    """Return the wording. Raises :class:`BadDefinition` that lists every fault with its path."""
    faults = [fault for tag, language in told.languages.items() for fault in _unbuildable(tag, language)]
    if faults:
        raise BadDefinition("the wording", faults)
    try:
        made = STANDARD if told.standard else Wording()
        for tag, language in told.languages.items():
            rules = [WordingRule(id=name, **_given(rule)) for name, rule in language.rules.items()]  # type: ignore[arg-type]
            made = made.extended(language=tag, rules=rules, lists=language.lists, signs=language.signs)
    except BadDefinition as error:
        raise BadDefinition("the wording", [f"wording.languages.{fault}" for fault in error.faults]) from error
    try:
        return made.without(*told.off)
    except BadDefinition as error:
        raise BadDefinition("the wording", [f"wording.off: {fault}" for fault in error.faults]) from error


def _given(rule: WordingRuleData) -> dict[str, object]:
    return {f.name: getattr(rule, f.name) for f in attrs.fields(WordingRuleData)}


def _unbuildable(tag: str, language: LanguageData) -> Iterator[str]:
    for name, rule in language.rules.items():
        try:
            WordingRule(id=name, **_given(rule))  # type: ignore[arg-type]
        except InvalidValue as error:
            for reason in error.reasons:
                yield f"wording.languages.{tag}.rules.{name}.{reason.message} {reason.hint}"
