"""A mail in HTML: the same words as in plain text, with nobody's words taken for markup."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.core.vocabulary.common import Channel
from recovery.templates import PlainTexts
from recovery.templates.english import COLLEAGUE, CUSTOMER
from templates.saying import a_message, every_value

BREAKS = {"p", "h2", "ul", "li", "br", "title"}
OURS = {"html", "head", "meta", "title", "body", "p", "h2", "br", "ul", "li"}


class Read(HTMLParser):
    """Reads HTML as a mail program shows it: the words, one line for each, and the tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""
        self.in_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag, which may begin a line."""
        self.tags.add(tag)
        self.in_title = tag == "title"
        self.words += "\n" if tag in BREAKS else ""

    def handle_endtag(self, tag: str) -> None:
        """Take the end of a tag, which may end a line."""
        self.in_title = False
        self.words += "\n" if tag in BREAKS else ""

    def handle_data(self, data: str) -> None:
        """Take words, unless they are the title's, which no mail program shows."""
        self.words += "" if self.in_title else data


def said(text: str) -> list[str]:
    """Return the words of a text, without the hyphens that begin the lines of a list in plain text."""
    lines = (line.removeprefix("- ") for line in text.split("\n"))
    return " ".join(lines).replace("\xa0", " ").split()


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", sorted({**CUSTOMER, **COLLEAGUE}))
def test_the_html_says_what_the_plain_text_says(name: str, language: str) -> None:
    """Word for word the two say the same: whichever a mail program shows, nothing is missing."""
    values = every_value() | {"options": "- We pay <all> of it.\n- We repair it & bring it."}
    rendered = PlainTexts().render(a_message(name, text="I am\n\n  sorry <b>.", values=values, language=language))
    assert said(Read(rendered.html).words) == said(rendered.body)


@given(text=st.text(max_size=60), value=st.text(max_size=40))
def test_whatever_is_written_is_text(text: str, value: str) -> None:
    """No words of anybody make an element of their own, and none of them end the page."""
    message = a_message("question_asked", text=text, values={"question": value, "name": value}, customer=value)
    read = Read(PlainTexts().render(message).html)
    assert read.tags <= OURS


def test_an_attack_is_shown_and_not_run() -> None:
    """A script in a customer's name or in a person's words is shown as it was written."""
    attack = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    message = a_message("acknowledged", text=attack, values={"name": attack}, customer=attack)
    read = Read(PlainTexts().render(message).html)
    assert read.words.count("<script>alert('x')</script><img src=x onerror=alert(1)>") == 3
    assert not {"script", "img"} & read.tags


def test_options_are_a_list_and_paragraphs_stay_paragraphs() -> None:
    """What stands line by line in plain text is a list in HTML, and the breaks that a person made are kept."""
    html = PlainTexts().render(a_message("proposed", text="One.\nTwo.", values={"options": "- First.\n- Second."})).html
    assert '<li dir="auto">First.</li>\n<li dir="auto">Second.</li>' in html
    assert '<p dir="auto">One.<br>\nTwo.</p>' in html


def test_the_page_says_its_language_and_loads_nothing() -> None:
    """A page names its language for those who have it read to them, and holds no picture, link, script or style from elsewhere."""
    html = PlainTexts().render(a_message("receipt", language="de")).html
    assert html.startswith('<!DOCTYPE html>\n<html lang="de">')
    assert "http" not in html
    assert "src=" not in html


def test_html_can_be_left_out() -> None:
    """Who wants plain mails gets them."""
    assert not PlainTexts(html=False).render(a_message("receipt")).html
    assert PlainTexts().render(a_message("receipt", channel=Channel.SMS)).html == ""
