"""Wording: what does not belong in a text to a customer is found, with its place; plain facts, notes and good words pass."""

from __future__ import annotations

from itertools import pairwise

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.core.errors import BadDefinition, InvalidValue, Strength
from recovery.core.outgoing import passages
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Customer
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform, MakePromise, WaiveAnswer
from recovery.core.vocabulary.proposing import Option, Propose
from recovery.core.vocabulary.receiving import RuleOverridden, SetTask
from recovery.core.vocabulary.resolving import Resolution, Resolve
from recovery.core.wording import STANDARD, Language, Sign, TextKind, Wording, WordingFinding, WordingRule, check_wording
from recovery.core.wording.words import sentences
from support import EMAIL, POLICY, Story, a_contact, at_stage, broken, by_mail, called, warned, why

LOST = "Leider hat der Paketdienst Ihr Paket verloren."
BLAME = "Unfortunately our courier lost it. You hear from me on Friday."


def musts(text: str, kind: TextKind = TextKind.PROPOSAL, language: str | None = "en") -> set[str]:
    """Return the rules that a text breaks."""
    return {one.rule for one in check_wording(text, kind, language=language) if one.strength is Strength.MUST}


# ---------------------------------------------------------------- what is found, and what is not


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, the courier lost it.",
        "SORRY, THE COURIER LOST IT.",
        "Sorry, the courier\nlost it.",
        "Sorry, the courier hasn\u2019t delivered.",
        "The storm is to blame.",
        "You should have read the manual.",
        "That is not our fault.",
        "Due to circumstances beyond our control we are late.",
    ],
)
def test_blame_is_found_however_it_is_written(text: str) -> None:
    """Capitals, line breaks and short forms hide nothing."""
    assert "own.no-blame" in musts(text)


@pytest.mark.parametrize(
    "text",
    [
        "The carrier comes on Tuesday.",
        "It is not our policy to frustrate customers.",
        "The make of the tyre is Rondo.",
        "The courier is not to blame.",
        "It is not your fault.",
        "You should have been told, and I am sorry.",
        "We lost it, and we are sorry.",
        "I have asked the manufacturer for a new one.",
        "You need not contact the manufacturer.",
        "The refund reaches your account within three days.",
        "",
        "   \n ",
        "???",
        "If you noticed anything else about it, a noise or a smell, please tell me.",
        "No number is needed if you come by: any day until six I look at it myself.",
    ],
)
def test_naming_is_not_blaming(text: str) -> None:
    """A plain fact, an apology and a denial of blame pass."""
    assert musts(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "Dank unseres Technikers läuft es wieder.",
        "Der Techniker kommt am Dienstag und tauscht das beschädigte Teil.",
        "Unser Fahrer holt das falsch gelieferte Gerät am Montag ab.",
        "Sie haben nichts vergessen, der Fehler liegt bei uns.",
    ],
)
def test_naming_is_not_blaming_in_german_either(text: str) -> None:
    """Thanks to one of ours, and one who comes to put it right, pass."""
    assert musts(text, language="de") == set()


@pytest.mark.parametrize(
    "text",
    [
        "Is that OK?",
        "Would a voucher be acceptable to you?",
        "You get 10 euros, if that is all right.",
        "Are you happy with 10 euros?",
    ],
)
def test_a_proposal_does_not_ask_whether_it_will_do(text: str) -> None:
    """What we can do is said, not asked; asking which of two it shall be is no such question."""
    assert [one.rule for one in check_wording(text, TextKind.PROPOSAL, language="en")] == ["propose.we-can-do-this"]
    assert check_wording("Shall I bring it on Friday or on Saturday?", TextKind.PROPOSAL, language="en") == ()


def test_a_finding_knows_its_place() -> None:
    """A finding says where it stands, why it does not belong there, and what to write instead."""
    text = "Sorry. Our courier lost it, and I am sorry."
    (found,) = check_wording(text, language="en")
    assert (found.rule, text[found.start : found.end], found.found) == ("own.no-blame", "courier lost", "courier lost")
    assert found.reason
    assert found.better
    assert "courier" not in repr(found)


def test_findings_come_in_the_order_of_the_text() -> None:
    """What overlaps is told once, and everything in the order in which it is read."""
    found = check_wording("Please contact the dealer. The courier lost it. You broke it.", language="en")
    assert [one.rule for one in found] == ["own.no-passing-on", "own.no-blame", "own.no-blame"]
    assert all(one.end <= then.start for one, then in pairwise(found))


def test_a_policy_is_cited_only_at_the_beginning_of_a_proposal() -> None:
    """A proposal must not begin with the policy, also after a greeting or thanks; further down, or elsewhere, it may be named."""
    first = "Dear Ms Lind,\n\nThank you for your letter. Our policy says that fees stay."
    later = "We give you half of it back. Our policy says that fees stay."
    assert musts(first) == {"propose.no-policy-first"}
    assert musts(later) == set()
    assert musts(first, TextKind.MESSAGE) == set()


def test_outside_bodies_are_named_with_a_final_no() -> None:
    """The ombudsman belongs to a final no, and to nothing before it."""
    text = "You can also turn to the ombudsman."
    assert musts(text, TextKind.MESSAGE) == {"own.no-passing-on"}
    assert musts(text, TextKind.FINAL_NO) == set()


def test_a_next_step_redeems_an_explanation() -> None:
    """To be busy is an excuse, unless the text says who does what by when."""
    excuse = "We are very busy."
    assert [one.rule for one in check_wording(excuse, language="en")] == ["own.solutions-not-excuses"]
    assert check_wording(f"{excuse} I call you on Friday.", language="en") == ()
    assert STANDARD.check(excuse, language="en", next_step=True) == ()


@pytest.mark.parametrize("kind", [*TextKind, *(kind.value for kind in TextKind)])
def test_a_kind_may_be_given_by_its_name(kind: TextKind | str) -> None:
    """A kind of text is given as itself, or by its name."""
    assert check_wording("The courier lost it.", kind, language="en")


def test_an_unknown_kind_is_an_error() -> None:
    """A kind that does not exist is not taken for another."""
    with pytest.raises(ValueError, match="novel"):
        check_wording("The courier lost it.", "novel")


# ---------------------------------------------------------------- bounded work


def steps(text: str, wording: Wording = STANDARD) -> int:
    """Return how many steps the English finder takes for ``text``."""
    language = attrs.evolve(wording.languages["en"])
    language.findings(text, TextKind.MESSAGE)
    return language._finder.steps


HARD = [
    "the courier ",
    "due to the courier the ",
    "because of because of ",
    "you have you had ",
    "a" * 50,
    "please contact the ",
    "not ",
]


@pytest.mark.parametrize("piece", HARD)
def test_the_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    """Twice the text is twice the steps, whatever the text repeats."""
    short, long = (steps(piece * n) for n in (200, 400))
    assert long <= 2 * short + 2000


EVIL = ("(a | a ..9 a) ..9 (a? ..9 a? ..9 a) ..9 b", "a ..99 a ..99 a ..99 b", "(a a | a)? (a a | a)? (a a | a)? (a a | a) b")


@pytest.mark.parametrize("phrase", EVIL)
def test_no_phrase_can_make_it_slow(phrase: str) -> None:
    """A phrase that would bring a backtracking search to a halt costs a bounded number of steps for each word."""
    rule = WordingRule(id="evil", rule="own.no-blame", phrases=(phrase,), reason="it is evil", better="Be kind.")
    wording = Wording(languages={"en": Language(rules=(rule,))})
    assert steps("a " * 200, wording) < 200 * 400 * 400
    assert steps("a " * 400, wording) <= 2 * steps("a " * 200, wording) + 200_000


def test_a_megabyte_is_looked_through() -> None:
    """A text of a megabyte takes at most a hundred steps for each word, and its last sentence is still read."""
    text = "We have looked into it and will call you, the parcel is with the carrier. " * 14_000 + "The courier lost it."
    assert len(text) > 1_000_000
    language = attrs.evolve(STANDARD.languages["en"])
    assert language.findings(text, TextKind.MESSAGE)[-1].found == "courier lost"
    assert language._finder.steps < 100 * len(text.split())


SOME = ("our", "the", "courier", "has", "not", "lost", "it", ",", "because of", "you", "should have", "read", "to", "contact")


def test_a_text_without_the_words_of_a_phrase_costs_no_steps() -> None:
    """What every phrase cannot do without is looked for first; a good message ends there."""
    assert steps("I have ordered the part. It arrives on Thursday morning, and I fit it the same day.") == 0


@given(st.lists(st.sampled_from(SOME)))
def test_no_phrase_is_overlooked(words: list[str]) -> None:
    """Whatever stands in a text is among the phrases that are likely to stand there."""
    finder = STANDARD.languages["en"]._finder
    for sentence in sentences(" ".join(words)):
        told = sentence.words()
        assert set(finder.find(told, finder.likely(sentence.spelled))) == set(finder.find(told))


@given(st.text(alphabet=st.sampled_from("courier lost it. you? due to,\n'\u2019-;: ABC\u0130\u00df"), max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    """No text breaks it, and every finding lies inside the text that it quotes."""
    for found in check_wording(text):
        assert 0 <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.found


# ---------------------------------------------------------------- one's own wording


def test_a_host_names_its_own_parties() -> None:
    """The names of one's own suppliers are added to a list, and all rules know them."""
    ours = STANDARD.extended(lists={"party": ("Nordwind",), "outsider": ("Nordwind",)})
    assert check_wording("Nordwind lost it.", language="en") == ()
    assert [one.found for one in check_wording("Nordwind lost it.", language="en", wording=ours)] == ["Nordwind lost"]
    assert {one.rule for one in ours.check("Please contact Nordwind.", language="en")} == {"own.no-passing-on"}


def test_a_rule_is_added_replaced_and_left_out() -> None:
    """A rule of one's own joins the others, one of the same id takes its place, and any can be left out."""
    mine = WordingRule(id="mine", rule="own.no-blame", phrases=("teething",), reason="it belittles", better="Say what you do.")
    wider = STANDARD.extended(rules=(mine,))
    assert [one.id for one in wider.check("Just teething troubles, fixed by Friday.", language="en")] == ["mine"]
    softer = wider.extended(rules=(attrs.evolve(mine, strength=Strength.SHOULD),))
    assert [one.strength for one in softer.check("Teething.", language="en")] == [Strength.SHOULD]
    assert softer.without("mine").check("Teething.", language="en") == ()


def test_a_language_of_one_s_own() -> None:
    """A language that does not come with the library is a few phrases away."""
    rule = WordingRule(
        id="fr.blame",
        rule="own.no-blame",
        phrases=("la faute du <party>",),
        reason="cela accuse",
        better="Dites ce que vous faites.",
    )
    french = STANDARD.extended(language="fr", rules=(rule,), lists={"party": ("transporteur",)})
    assert [one.id for one in french.check("C'est la faute du transporteur.", language="fr-CA")] == ["fr.blame"]
    assert french.check("C'est la faute du transporteur.", language="en") == ()


@pytest.mark.parametrize("tag", ["en", "de"])
def test_what_comes_with_the_library_can_work(tag: str) -> None:
    """No phrase or list of a shipped language has a fault: nobody looks for one when it is used as it is."""
    assert list(STANDARD.languages[tag].faults()) == []


@pytest.mark.parametrize(
    ("phrase", "fault"),
    [
        ("(courier", "a bracket is not closed"),
        ("courier)", "too many"),
        ("courier?", "found everywhere"),
        ("? courier", "stands where a word is wanted"),
        ("the <ghosts> lost", "names a list 'ghosts' that is not there"),
        ("lost % of it", "is no part of a phrase"),
        ("a ..500 b", "more than 400 positions"),
        ("..3 lost", "begin or end with a gap"),
    ],
)
def test_a_phrase_that_cannot_work_is_refused(phrase: str, fault: str) -> None:
    """A phrase nobody can read is refused when the wording is built, with the rule and what is wrong."""
    rule = WordingRule(id="mine", rule="own.no-blame", phrases=(phrase,), reason="x", better="y")
    with pytest.raises(BadDefinition, match=rf"en\.rules\.mine: .*{fault}"):
        Wording(languages={"en": Language(rules=(rule,))})


def test_a_wording_that_cannot_work_lists_every_fault() -> None:
    """An id twice, an entry that is none, a sign with a broken phrase: all are told at once."""
    rule = WordingRule(id="mine", rule="own.no-blame", phrases=("x",), reason="x", better="y", unless=("(",))
    with pytest.raises(BadDefinition) as caught:
        Wording(languages={"en": Language(rules=(rule, rule), lists={"party": ("a*b", " ")}, signs={Sign.THANKS: ("(",)})})
    assert [fault.partition(":")[0] for fault in caught.value.faults] == [
        "en.rules.mine",
        "en.rules.mine",
        "en.rules.mine",
        "en.signs.thanks",
        "en.lists.party",
        "en.lists.party",
    ]
    with pytest.raises(BadDefinition, match=r"there is no rule .ghost."):
        STANDARD.without("ghost")


def test_a_rule_without_a_phrase_is_none() -> None:
    """A rule that looks for nothing is a slip."""
    with pytest.raises(InvalidValue, match="phrases are missing"):
        WordingRule(id="mine", rule="own.no-blame", phrases=(), reason="x", better="y")


# ---------------------------------------------------------------- on a case


def investigating(policy: Policy = POLICY) -> Story:
    """Return a case that is being looked into."""
    return at_stage(Stage.INVESTIGATING, policy)


def test_flagged_words_are_not_sent() -> None:
    """An act whose words blame somebody is refused, with the field, the place and the way out."""
    reasons = why(investigating(), Inform(by="ana", word=by_mail(BLAME)))
    assert [(reason.rule, reason.field) for reason in reasons] == [("own.no-blame", "word.text")]
    assert (reasons[0].params["start"], reasons[0].params["end"]) == (18, 30)
    assert reasons[0].hint
    assert BLAME[18:30] not in str(reasons[0])


def test_every_text_the_customer_reads_is_checked() -> None:
    """Not only the word itself: options, the question, the reasons are read too, and the field of each is told."""
    offer = Propose(
        by="ana",
        word=by_mail("Here is what we can do today."),
        options=(Option(id="repair", text="We repair it."), Option(id="refund", text="Please contact the dealer.")),
        explanation="The courier lost it.",
    )
    found = {(rule, field) for rule, field in broken(investigating(), offer) if rule.startswith("own.")}
    assert found == {("own.no-passing-on", "options.1.text"), ("own.no-blame", "explanation")}
    question = Ask(by="ana", word=by_mail("One question."), question="Did you know that the courier lost it?")
    assert broken(investigating(), question) == {("own.no-blame", "question")}
    promise = MakePromise(by="ana", what="call", due_at=investigating().now.add(days=1), word=by_mail(BLAME))
    assert ("own.no-blame", "word.text") in broken(investigating(), promise)
    assert [passage.field for passage in passages(offer)][:1] == ["word.text"]


def test_internal_notes_are_never_checked() -> None:
    """What customers do not read may say what it likes."""
    story = investigating()
    assert why(story, SetTask(by="ana", what=BLAME)) == ()
    assert why(story, MakePromise(by="ana", what=BLAME, due_at=story.now.add(days=1))) == ()
    assert why(story, WaiveAnswer(by="ana", contact=1, reason=BLAME)) == ()


def test_the_author_goes_past_with_a_reason() -> None:
    """Flagged words may be sent after all, and the reason is on record."""
    story = investigating()
    decision = story.do(Inform(by="ana", word=by_mail(BLAME), override={"own.no-blame": "The customer asked who had it last."}))
    (past,) = [entry.event for entry in decision.events if isinstance(entry.event, RuleOverridden)]
    assert (past.rule, past.reason) == ("own.no-blame", "The customer asked who had it last.")
    assert warned(decision) == set()


def test_a_report_is_kept_and_warned_about() -> None:
    """Blame that has been uttered on the phone is on file, with a warning; it counts as the word it was."""
    story = investigating()
    decision = story.do(Inform(by="ana", word=called(story.now, BLAME)))
    assert warned(decision) == {"own.no-blame"}
    assert decision.events[0].event.at == story.now


def test_a_rule_of_wording_can_be_softened() -> None:
    """A policy that makes the rule a should warns and sends."""
    story = investigating(attrs.evolve(POLICY, strengths={"own.no-blame": Strength.SHOULD}))
    assert warned(story.do(Inform(by="ana", word=by_mail(BLAME)))) == {"own.no-blame"}


def test_a_desk_brings_its_own_wording() -> None:
    """The wording of the policy is the one that holds."""
    ours = STANDARD.extended(lists={"party": ("Ace",)})
    story = investigating(attrs.evolve(POLICY, wording=ours))
    assert broken(story, Inform(by="ana", word=by_mail("Ace lost it. I call you on Friday."))) == {("own.no-blame", "word.text")}


def test_the_customers_language_decides() -> None:
    """German words to a German customer are held against the German rules, and thanked for in German."""
    bo = Customer(name="Bo", addresses=(EMAIL,), language="de")
    story = Story.begins(a_contact(sender=bo)).deliver()
    blame = Acknowledge(by="ana", word=by_mail(LOST), next_word_at=story.now.add(days=1))
    assert ("own.no-blame", "word.text") in broken(story, blame)
    good = "Vielen Dank für Ihre Nachricht. Es tut mir leid, und ich kümmere mich darum. Erzählen Sie mir gern mehr."
    assert warned(story.do(attrs.evolve(blame, word=by_mail(good)))) == set()


def test_in_a_language_nobody_knows_nothing_is_missed() -> None:
    """Thanks are not asked for in a language whose thanks nobody has told; blame is still looked for in every one that is known."""
    bo = Customer(name="Bo", addresses=(EMAIL,), language="fi")
    story = Story.begins(a_contact(sender=bo)).deliver()
    finnish = Acknowledge(by="ana", word=by_mail("Hoidan asian."), next_word_at=story.now.add(days=1))
    assert ("own.no-blame", "word.text") in broken(story, attrs.evolve(finnish, word=by_mail(BLAME)))
    assert warned(story.do(finnish)) == set()


def test_a_date_in_a_field_is_a_next_step() -> None:
    """Who does what by when may be said in a field instead of in the words."""
    story = investigating()
    busy = Inform(by="ana", word=by_mail("We are very busy."))
    assert warned(story.do(attrs.evolve(busy, next_word_at=story.now.add(days=1)))) == set()
    assert [reason.rule for reason in story.do(busy).warnings] == ["own.solutions-not-excuses"] * 2


@pytest.mark.parametrize(
    "command",
    [
        Ask(by="ana", word=by_mail("One question."), question="Which model?"),
        Resolve(by="ana", word=by_mail("It is done."), done="The display was changed."),
    ],
    ids=["a question", "it is done"],
)
def test_where_nothing_is_left_to_do_no_date_is_asked_for(command: Ask | Resolve) -> None:
    """A question and word that all is done need no next step."""
    assert "own.solutions-not-excuses" not in warned(investigating().do(command))


def test_elsewhere_belongs_to_a_final_no() -> None:
    """Where else to turn is told with the final no, and not with anything that was done."""
    done = Resolve(by="ana", word=by_mail("It is done."), done="Changed.", elsewhere="the ombudsman", outcome=Resolution.DONE)
    assert broken(investigating(), done) == {("own.no-passing-on", "elsewhere")}


def test_an_inquest_is_pointed_out() -> None:
    """To look for the guilty first is no way to take it on."""
    story = Story.begins().deliver()
    text = "Thank you for telling us, and I am sorry. We have to find out who is responsible. Tell me more."
    decision = story.do(Acknowledge(by="ana", word=by_mail(text), next_word_at=story.now.add(days=1)))
    assert warned(decision) == {"own.takes-it-on"}


def test_a_finding_is_a_value() -> None:
    """Two looks at one text find the same."""
    assert check_wording(BLAME) == check_wording(BLAME)
    assert all(isinstance(found, WordingFinding) for found in check_wording(BLAME))


def test_whoever_has_paid_too_much_is_not_blamed() -> None:
    """Giving back what was paid too much names our own slip, so nobody is accused by it."""
    assert check_wording("We pay back what you paid too much.") == ()
