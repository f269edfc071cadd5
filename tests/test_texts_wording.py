"""Every text that comes with the library keeps to the rules of wording that it asks of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from recovery.core.wording import STANDARD, Sign, TextKind, check_wording
from recovery.templates import Text, drafts_english, drafts_german, english, german

LANGUAGES: Mapping[str, tuple[Mapping[str, Text], Mapping[str, tuple[str, ...]]]] = {
    "en": (english.CUSTOMER, drafts_english.DRAFTS),
    "de": (german.CUSTOMER, drafts_german.DRAFTS),
}


def _shipped() -> Iterator[tuple[str, str, str]]:
    for language, (texts, drafts) in LANGUAGES.items():
        for name, text in texts.items():
            yield language, name, "\n\n".join((text.subject, *text.lines))
        for name, lines in drafts.items():
            yield language, f"draft_{name}", "\n\n".join(lines)


def _kind(name: str) -> TextKind:
    """Return what a text is for; the outcome of a case may be a final no."""
    final = {"case_resolved": TextKind.FINAL_NO, "draft_final_no": TextKind.FINAL_NO}
    return final.get(name, TextKind.PROPOSAL if "propose" in name else TextKind.MESSAGE)


@pytest.mark.parametrize(("language", "name", "text"), tuple(_shipped()), ids=lambda value: str(value)[:20])
def test_no_shipped_text_breaks_a_rule_of_wording(language: str, name: str, text: str) -> None:
    """No text of ours blames, passes on, excuses or asks whether it will do."""
    assert check_wording(text, _kind(name), language=language) == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_draft_of_an_acknowledgement_thanks_and_takes_it_on(language: str) -> None:
    """Whoever sends the drafted acknowledgement as it stands has thanked, asked for the story and taken it on."""
    draft = LANGUAGES[language][1]["acknowledge"]
    lacks = STANDARD.lacks("\n\n".join(draft), Sign.THANKS, Sign.INVITES, Sign.TAKES_ON, language=language)
    assert lacks == frozenset()
