"""Texts in Jinja: whole mails of one's own, looked through when they are loaded, and unable to do harm."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery import Acknowledge
from recovery.core.errors import BadDefinition
from recovery.core.vocabulary.common import Channel
from recovery.templates import JinjaText, JinjaTexts, Language, PlainTexts, sandbox
from recovery.templates.sandbox import TemplateTooLong, compiled
from recovery.testing import a_contact, a_desk, contracts
from support import MONDAY
from templates.saying import a_message
from templates.test_html import OURS, Read

RECEIPT = JinjaText(
    "Thank you, {{ customer }}",
    "We have it.\n{% if next_word_at %}You hear from us by {{ next_word_at }}.\n{% endif %}{{ owner_name }} looks after it.",
    "<h1>We have it, {{ customer }}</h1>",
)
LAYOUT = JinjaText(
    "-",
    "{{ greeting }}\n\n{{ body }}\n\n{{ closing }}\n-- \n{{ company }}",
    "<main lang='{{ language }}'>{{ greeting }}{{ body }}</main>",
)


def test_a_template_takes_the_place_of_a_built_in_text() -> None:
    """Subject, body and HTML are the template's, what is not there is the built-in text's, and nobody's words become markup."""
    texts = JinjaTexts(templates={"receipt": RECEIPT})
    rendered = texts.render(a_message("receipt", values={"next_word_at": MONDAY.isoformat()}, customer="Bo <Lind>"))
    assert rendered.subject == "Thank you, Bo <Lind> [R1]"
    assert rendered.body == (
        "Dear Bo <Lind>,\n\nWe have it.\nYou hear from us by Monday 2 March 2026, 10:00.\nAna Sola looks after it.\n\n"
        "Kind regards,\nAna Sola\nBoats & Co"
    )
    assert "<h1>We have it, Bo &lt;Lind&gt;</h1>" in rendered.html
    assert "You hear from us" not in texts.render(a_message("receipt")).body
    other = a_message("question_asked", text="One thing.", values={"question": "Which?"})
    assert texts.render(other) == PlainTexts().render(other)


def test_without_html_the_body_makes_it() -> None:
    """A template that has no HTML of its own gets its paragraphs and lists from the body, escaped."""
    text = JinjaText("What we can do", "{{ text }}\n{{ options }}")
    html = JinjaTexts(templates={"proposed": text}).render(a_message("proposed", text="A <b>.", values={"options": "- One."})).html
    assert '<p dir="auto">A &lt;b&gt;.</p>\n<ul>\n<li dir="auto">One.</li>\n</ul>' in html


def test_a_layout_stands_around_every_mail() -> None:
    """One layout makes all mails look like the company's, with greeting, body and closing where it wants them."""
    texts = JinjaTexts(layout=LAYOUT)
    rendered = texts.render(a_message("promise_moved", text="Sorry <i>.", values={"due_at": MONDAY.isoformat()}, language="de"))
    assert rendered.body.endswith("Freundliche Grüße\nAna Sola\nBoats & Co\n-- \nBoats & Co")
    assert rendered.html.startswith("<main lang='de'><p dir=\"auto\">Guten Tag Bo Lind,</p>")
    assert "Sorry &lt;i&gt;." in rendered.html
    assert not texts.render(a_message("receipt", channel=Channel.SMS)).html


def test_a_language_of_its_own_counts_for_the_choice() -> None:
    """A template in another language is chosen for its readers, and a message it cannot say whole is in the desk's."""
    dutch = Language(code="nl", greeting="Beste $name,", hello="Hallo,", closing=("$owner_name",))
    texts = JinjaTexts(templates={"receipt.nl": JinjaText("Bedankt", "Wij hebben het.")}, texts=PlainTexts(languages=(dutch,)))
    assert texts.render(a_message("receipt", language="nl")).body == "Beste Bo Lind,\n\nWij hebben het.\n\nAna Sola"
    assert "Beste" not in texts.render(a_message("receipt", "question_asked", language="nl")).body
    assert "Your message has reached us" in texts.render(a_message("receipt")).body


def test_calls_and_letters_stay_what_they_are() -> None:
    """A script or a sheet is made from the built-in texts: a layout for mails has no place on it."""
    texts = JinjaTexts(templates={"receipt": RECEIPT}, layout=LAYOUT)
    for channel in (Channel.PHONE, Channel.LETTER):
        message = a_message("customer_informed", text="News.", channel=channel)
        assert texts.render(message) == PlainTexts().render(message)


CODE = {
    "{{ owner_name.__class__ }}": "an attribute is code",
    "{{ owner_name['x'] }}": "an index is code",
    "{{ owner_name.upper() }}": "a call is code",
    "{{ range(10) }}": "a call is code",
    "{{ 'a' * 1000000000 }}": "a product is code",
    "{% set x = 1 %}": "an assignment is code",
    "{% include 'x' %}": "'include' is code",
    "{% import 'x' as y %}": "'import' is code",
    "{% extends 'x' %}": "'extends' is code",
    "{% macro x() %}{% endmacro %}": "'macro' is code",
    "{% block x %}{% endblock %}": "'block' is code",
    "{{ [1, 2] }}": "'list' is code",
    "{{ 1 + 1 }}": "'add' is code",
    "{{ text|safe }}": "there is no filter 'safe'",
    "{{ text|attr('x') }}": "there is no filter 'attr'",
    "{{ text|replace('a', 'b') }}": "there is no filter 'replace'",
    "{{ text|upper|lower|upper|lower|upper|lower }}": "6 filters in a row",
    "{% for x in text %}{% endfor %}": "for goes over the lines of a value",
    "{% for x in text|lines %}{% for y in text|lines %}{% endfor %}{% endfor %}": "a for inside a for",
    "{% if 'a' in text %}{% endif %}": "the comparison 'in'",
    "{{ nmae }}": "no message has a value 'nmae'",
    "{{ rule }}": "no message has a value 'rule'",
    "{{ briefing }}": "no message has a value 'briefing'",
    "{% if %}": "line 1: Expected an expression",
    "{{ text": "line 1: unexpected end of template",
    "{{ text|nope }}": "there is no filter 'nope'",
    "{{ text is nope }}": "No test named 'nope'",
    "x" * 50_001: "has 50001 characters",
    "{{ " + "(" * 20_000 + "text" + ")" * 20_000 + " }}": "is nested too deeply",
}


@pytest.mark.parametrize("source", CODE, ids=lambda source: source[:30])
def test_a_template_with_code_is_refused_when_it_is_loaded(source: str) -> None:
    """Whatever could reach into Python, grow, or go wrong while a customer waits is refused with the name, the field, and why."""
    for field in ("subject", "body", "html"):
        text = attrs.evolve(JinjaText("Hi", "Hi", "Hi"), **{field: source})
        with pytest.raises(BadDefinition) as caught:
            JinjaTexts(templates={"receipt": text})
        assert any(fault.startswith(f"receipt: {field}: ") and CODE[source] in fault for fault in caught.value.faults)


def test_what_cannot_be_is_refused_with_every_fault() -> None:
    """A text for no message, an empty one, a language that nobody brought, a layout with a value that is none."""
    wrong = {"recept": RECEIPT, "receipt.nl": RECEIPT, "chase": JinjaText("a\nb", " "), "wrote": "no text"}
    with pytest.raises(BadDefinition) as caught:
        JinjaTexts(templates=wrong, layout=JinjaText("-", "{{ question }}"))  # type: ignore[arg-type]
    for part in (
        "recept: no message uses it",
        "receipt.nl: there is no language 'nl'",
        "chase: subject: is one line",
        "chase: body: is empty",
        "wrote: is of type str",
        "layout: body: no message has a value 'question'",
    ):
        assert any(fault.startswith(part) for fault in caught.value.faults), part


def test_a_colleagues_template_may_name_what_colleagues_read() -> None:
    """A reminder names its rule; a customer's text cannot."""
    texts = JinjaTexts(templates={"reminder": JinjaText("Due: {{ reference }}", "{{ what }} ({{ rule }})")})
    assert "call (x.y)" in texts.render(a_message("reminder", values={"what": "call", "rule": "x.y"})).body


@given(text=st.text(max_size=60), value=st.text(max_size=40))
def test_whatever_is_written_is_text_and_no_template(text: str, value: str) -> None:
    """Words of people and values are put in as they are: braces in them mean nothing, and none becomes markup."""
    shown = JinjaText("Q", "{{ text }}|{{ question }}", "{{ text|paragraphs }}<p>{{ question }}</p>")
    message = a_message("question_asked", text=text + "{{ 7 }}", values={"question": value}, customer=value)
    rendered = JinjaTexts(templates={"question_asked": shown}).render(message)
    assert text + "{{ 7 }}" in rendered.body or text.strip("\n") != text
    assert Read(rendered.html).tags <= OURS


def test_what_becomes_too_long_fails_and_the_built_in_text_goes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loop over a huge value ends at the limit, and the customer gets the built-in text in its place."""
    source = "{% for line in text|lines %}" + "x" * 2000 + "{% endfor %}"
    with pytest.raises(TemplateTooLong):
        compiled(source, html=False).fill({"text": "\n" * 600})
    assert len(compiled(source, html=False).fill({"text": "\n" * 100})) == 200_000
    monkeypatch.setattr(sandbox, "MOST", 10)
    desk = attrs.evolve(a_desk(), renderer=JinjaTexts(templates={"receipt": RECEIPT}))
    case = desk.open(a_contact()).case
    desk.deliver()
    assert case.id
    assert any("Your message has reached us" in message.body for message in desk.notifier.sent)


def test_a_loop_looks_at_a_thousand_lines() -> None:
    """However many lines a value has, a template goes over the first thousand."""
    filled = compiled("{% for line in text|lines %}x{% endfor %}", html=False).fill({"text": "a\n" * 5000})
    assert len(filled) == 1000


def test_templates_are_read_from_a_folder(tmp_path: Path) -> None:
    """A file is a template by its name, with the language behind it; HTML stands beside the text, and the layout around all."""
    for name, words in {
        "receipt.txt": "Subject: Thanks, {{ customer }}\n\nWe have it.\n",
        "receipt.html": "<p>We <b>have</b> it.</p>",
        "receipt.de.txt": "subject: Danke\nIst da.",
        "layout.html": "<main>{{ body }}</main>",
        "notes.md": "not a template",
    }.items():
        (tmp_path / name).write_text(words, "utf-8")
    texts = JinjaTexts.from_folder(tmp_path)
    english, german = (texts.render(a_message("receipt", language=tag)) for tag in ("en", "de"))
    assert (english.subject, english.html) == ("Thanks, Bo Lind [R1]", "<main><p>We <b>have</b> it.</p></main>")
    assert "\n\nWe have it.\n\n" in english.body
    assert (german.subject, "Ist da." in german.body) == ("Danke [R1]", True)


def test_a_folder_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """No folder, no subject, no UTF-8: each file is named."""
    with pytest.raises(BadDefinition, match="nowhere is no folder"):
        JinjaTexts.from_folder(tmp_path / "nowhere")
    (tmp_path / "receipt.txt").write_text("We have it.", "utf-8")
    (tmp_path / "chase.txt").write_bytes(b"Subject: caf\xe9")
    with pytest.raises(BadDefinition) as caught:
        JinjaTexts.from_folder(tmp_path)
    assert set(caught.value.faults) == {"receipt.txt: begins with a line that says: Subject: ...", "chase.txt: is not UTF-8"}


def test_drafts_are_those_of_the_texts_behind() -> None:
    """A desk with Jinja texts drafts with the texts that it falls back on."""
    texts = JinjaTexts(layout=LAYOUT, texts=PlainTexts(drafts={"acknowledge": ("We have it.",)}))
    desk = attrs.evolve(a_desk(), renderer=texts)
    assert desk.draft(desk.open(a_contact()).case.id, Acknowledge).text == "We have it."


@pytest.mark.parametrize(
    "check",
    contracts.renderer_checks(
        lambda: JinjaTexts(templates={"receipt": RECEIPT}, layout=LAYOUT),
        broken=[lambda: JinjaTexts(templates={"receipt": JinjaText("Hi", "{{ nobody }}")})],
    ),
    ids=lambda check: check.id,
)
def test_jinja_texts_keep_the_contract(check: contracts.Check) -> None:
    """Every obligation of a renderer holds for texts in Jinja."""
    check()
