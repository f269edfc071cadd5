"""The library keeps its own rules: no text and no draft of ours blames, passes on, excuses, or hides behind a policy."""

from __future__ import annotations

from string import Template

import attrs
import pytest

from recovery import Acknowledge, FollowUp, Inform, Propose, Reason, Stage
from recovery.core.vocabulary.common import Command
from recovery.core.wording import STANDARD, Sign, TextKind
from recovery.templates import Language
from recovery.templates.english import CUSTOMER, ENGLISH
from recovery.templates.german import GERMAN
from recovery.testing import a_case, a_contact, a_desk, content

KINDS = {
    "acknowledge": TextKind.ACKNOWLEDGEMENT,
    "acknowledged": TextKind.ACKNOWLEDGEMENT,
    "case_resolved": TextKind.FINAL_NO,
    "final_no": TextKind.FINAL_NO,
    "no": TextKind.PROPOSAL,
    "propose": TextKind.PROPOSAL,
    "propose_again": TextKind.PROPOSAL,
    "proposed": TextKind.PROPOSAL,
}
NEUTRAL = {"options": "\n- We repair it.", "delivery": "a new display", "elsewhere": "the ombudsman", "customer": "Bo Lind"}
LANGUAGES = pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=lambda language: language.code)
WORDS = ("own.", "acknowledge.", "follow-up.says", "propose.we", "propose.no-policy", "propose.restates")


def written(lines: tuple[str, ...]) -> str:
    """Return lines with something harmless in the place of each value."""
    text = "\n".join(lines)
    values = {name: NEUTRAL.get(name, "this") for name in Template(text).get_identifiers()}
    return Template(text).substitute(values | {name: "" for name in values if name.startswith("asks_")})


@LANGUAGES
@pytest.mark.parametrize("name", sorted(CUSTOMER))
def test_a_shipped_text_passes_the_wording_rules(name: str, language: Language) -> None:
    """In writing and aloud, in every language, what the library says by itself breaks none of the rules for words."""
    text = language.texts[name]
    for lines in ((text.subject, *text.lines), text.spoken):
        found = STANDARD.check(written(lines), KINDS.get(name, TextKind.MESSAGE), language=language.code)
        assert [(one.rule, written(lines)[one.start : one.end]) for one in found] == []


@LANGUAGES
@pytest.mark.parametrize("name", sorted(ENGLISH.drafts))
def test_a_draft_passes_the_wording_rules(name: str, language: Language) -> None:
    """What the library drafts for people would not be refused, nor warned of, for its words."""
    text = written(language.drafts[name])
    found = STANDARD.check(text, KINDS.get(name, TextKind.MESSAGE), language=language.code)
    assert [(one.rule, text[one.start : one.end]) for one in found] == []


@LANGUAGES
def test_the_drafts_thank_invite_and_take_it_on(language: Language) -> None:
    """The first word thanks, invites the story and takes it on; a proposal takes it on too."""
    first = written(language.drafts["acknowledge"])
    assert STANDARD.lacks(first, Sign.THANKS, Sign.INVITES, Sign.TAKES_ON, language=language.code) == frozenset()
    assert STANDARD.lacks(written(language.drafts["propose"]), Sign.TAKES_ON, language=language.code) == frozenset()


@pytest.mark.parametrize("tag", ["en", "de"])
@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        (Stage.RECEIVED, Acknowledge),
        (Stage.ACKNOWLEDGED, Inform),
        (Stage.INVESTIGATING, Inform),
        (Stage.INVESTIGATING, Propose),
        (Stage.RESOLUTION_PROPOSED, Inform),
        (Stage.RESOLVED, Inform),
        (Stage.RESOLVED, FollowUp),
        (Stage.FOLLOWED_UP_DAYS, FollowUp),
    ],
)
def test_a_draft_says_what_it_must(stage: Stage, kind: type[Command], tag: str) -> None:
    """Handed to the desk as it was drafted, at every stage and in both languages, a draft meets what is asked of words."""
    desk = a_desk()
    contact = a_contact(sender=attrs.evolve(content.CUSTOMER, language=tag))
    case = a_case(stage, desk=desk, contact=contact)
    if kind is FollowUp:
        desk.now.move(days=4 if stage is Stage.RESOLVED else 20)
    drafted = desk.draft(case.id, kind)
    assert of_words(drafted.reasons) == []
    outcome = desk.handle(case.id, drafted.command)
    assert of_words(outcome.warnings) == []


def of_words(reasons: tuple[Reason, ...]) -> list[str]:
    """Return the reasons that are about what is said."""
    return [str(reason) for reason in reasons if reason.rule.startswith(WORDS)]
