"""The reader's language: chosen by what is on file, whole for each message, with the desk's own and English to fall back on."""

from __future__ import annotations

import locale
from string import Template
from typing import Any

import attrs
import pytest

from recovery.core.errors import BadDefinition
from recovery.core.messages import Origin
from recovery.core.practice.common import JUST_ANSWER
from recovery.templates import Language, PlainTexts, Text, language
from recovery.templates.english import CUSTOMER, ENGLISH
from recovery.templates.german import GERMAN
from support import MONDAY, Story, a_contact
from templates.saying import BO, a_message, every_value

FRENCH = Language(
    code="fr",
    greeting="Bonjour $name,",
    hello="Bonjour,",
    closing=("Cordialement", "$owner_name"),
    texts={"promise_moved": Text("Une nouvelle date", ("$text", "La nouvelle date est le $due_at."))},
)


def in_words(*args: str, texts: PlainTexts | None = None, **more: Any) -> str:
    """Return the subject and the body of a message with the values of a new date."""
    values = {"due_at": MONDAY.isoformat(), "next_word_at": MONDAY.isoformat()}
    rendered = (texts or PlainTexts()).render(a_message(*args, text="OK.", values=values, **more))
    return f"{rendered.subject}\n{rendered.body}"


@pytest.mark.parametrize("tag", ["de", "DE", "de-AT", "de_CH", "de-Latn-DE"])
def test_a_customer_reads_german_where_german_is_on_file(tag: str) -> None:
    """Whatever way the tag is written, and whatever region it names, who reads German gets German."""
    assert in_words("promise_moved", language=tag) == (
        "Ein neuer Termin [R1]\nGuten Tag Bo Lind,\n\nOK.\n\nDer neue Termin ist Montag, 2. März 2026, 10:00 Uhr.\n\n"
        "Freundliche Grüße\nAna Sola\nBoats & Co"
    )


@pytest.mark.parametrize("tag", ["", "en", "en-GB", "tlh", "not a tag", "dee"])
def test_everybody_else_reads_the_desks_language(tag: str) -> None:
    """A customer without a language, or with one that nobody wrote texts in, is written to in the desk's own."""
    assert "The new date is Monday 2 March 2026, 10:00." in in_words("promise_moved", language=tag)
    assert "Der neue Termin ist" in in_words("promise_moved", language="" if tag.startswith("en") else tag, texts=DESK_DE)
    assert "The new date is" in in_words("promise_moved", language="en", texts=DESK_DE)


DESK_DE = PlainTexts(language="de")


def test_the_language_on_file_reaches_the_text() -> None:
    """The language of the customer on the case decides, from the first receipt on; colleagues read the desk's."""
    story = Story.begins(a_contact(sender=attrs.evolve(a_contact().sender, language="de")))
    told = {message.person: PlainTexts().render(message).subject for message in story.decisions[0].messages}
    assert told == {"ana": "Yours: case R1", None: "Ihre Nachricht ist bei uns [R1]"}


def test_german_has_every_text_that_customers_read() -> None:
    """No customer who reads German gets half of what they hear in English."""
    assert set(GERMAN.texts) == set(CUSTOMER)


@pytest.mark.parametrize("name", sorted(GERMAN.texts))
def test_a_german_text_says_what_the_english_one_says(name: str) -> None:
    """The two name the same values, in writing and aloud, so that no date, way back or question is lost in translation."""
    assert named(GERMAN.texts[name].lines) == named(CUSTOMER[name].lines)
    assert named(GERMAN.texts[name].spoken) == named(CUSTOMER[name].spoken)


def named(lines: tuple[str, ...]) -> set[str]:
    """Return what lines name."""
    return {name for line in lines for name in Template(line).get_identifiers()}


@pytest.mark.parametrize("name", sorted(GERMAN.texts))
def test_a_german_text_is_short_and_formal(name: str) -> None:
    """No text shouts, none says du, and each can be read in one breath or two."""
    text = GERMAN.texts[name]
    words = " ".join((text.subject, *text.lines, *text.spoken)).split()
    assert len(text.subject) <= 60
    assert sum(len(line.split()) for line in text.lines) <= 60
    assert not {"du", "dich", "dir", "dein", "deine", "euch"} & {word.strip(".,?:").lower() for word in words}
    assert not any("!" in word for word in words)


def test_a_message_never_mixes_two_languages() -> None:
    """Where one of the things a message says has no text in the reader's language, all of it is in the next one that has all."""
    texts = PlainTexts(languages=(FRENCH,))
    assert "La nouvelle date" in in_words("promise_moved", language="fr", texts=texts)
    both = in_words("promise_moved", "customer_informed", language="fr", texts=texts)
    assert "The new date is" in both
    assert "Bonjour" not in both
    assert "Cordialement" not in both


def test_dates_in_a_language_without_names_of_months_are_told_by_babel() -> None:
    """A language that brings no names of months is helped out by Babel, in the reader's zone."""
    told = in_words("promise_moved", language="fr-CA", texts=PlainTexts(languages=(FRENCH,)), timezone="Asia/Kolkata")
    assert "La nouvelle date est le lundi 2 mars 2026, 14:30." in told


def test_a_language_without_names_of_months_is_refused_without_babel(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would fail when a customer waits fails when it is loaded, and names the extra to install."""
    monkeypatch.setattr(language, "find_spec", lambda name: None)
    with pytest.raises(BadDefinition, match=r"languages: fr: .* install customer-recovery\[i18n\]"):
        PlainTexts(languages=(FRENCH,))
    assert "Der neue Termin" in in_words("promise_moved", language="de")


def test_dates_do_not_depend_on_the_language_of_the_process() -> None:
    """English names of days stay English on a machine that speaks something else."""
    known = locale.setlocale(locale.LC_TIME)
    try:
        for name in ("de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8", "C"):
            try:
                locale.setlocale(locale.LC_TIME, name)
            except locale.Error:
                continue
            assert "Monday 2 March 2026" in in_words("promise_moved")
    finally:
        locale.setlocale(locale.LC_TIME, known)


def test_a_text_is_replaced_by_name_and_language() -> None:
    """A name alone is a text in the desk's own language, a name and a tag one in another; the others stay as they were."""
    mine, ours = Text("Verschoben", ("Neu: $due_at",)), Text("Moved", ("New: $due_at",))
    texts = PlainTexts(replace={"promise_moved.DE": mine, "promise_moved": ours})
    assert "Neu: Montag, 2. März 2026" in in_words("promise_moved", language="de", texts=texts)
    assert "New: Monday 2 March 2026" in in_words("promise_moved", texts=texts)
    at_home = PlainTexts(replace={"promise_moved": mine}, language="de")
    assert "Neu: Montag" in in_words("promise_moved", texts=at_home)
    assert "The new date is" in in_words("promise_moved", language="en", texts=at_home)
    assert "Neues zu Ihrem Anliegen" in in_words("customer_informed", texts=at_home)


def test_the_way_back_by_answering_is_told_in_the_readers_language() -> None:
    """Where answering the message is the way back, a German mail says so in German."""
    told = PlainTexts().render(a_message("acknowledged", values={"name": "Ana", "reach": JUST_ANSWER}, language="de")).body
    assert "So erreichen Sie mich: Antworten Sie einfach auf diese Nachricht." in told


def test_a_machine_does_not_sign_as_a_person() -> None:
    """A receipt or a chase is signed by the company, for it was not the owner who wrote it; without a company, somebody has to."""
    receipt = a_message("receipt", origin=Origin.REPLY)
    assert PlainTexts().render(receipt).body.endswith("\n\nKind regards,\nBoats & Co")
    nameless = attrs.evolve(receipt, values={**BO, "company": ""})
    assert PlainTexts().render(nameless).body.endswith("\n\nKind regards,\nAna Sola")


def broken() -> dict[str, dict[str, object]]:
    """Return what cannot work, by what the error says of it."""
    half = attrs.evolve(FRENCH, months=ENGLISH.months)
    odd = attrs.evolve(GERMAN, code="de", date="{weekday} {week}")
    attributes = attrs.evolve(GERMAN, code="de", day="{day.__class__} {month}")
    text = Text("Hallo", ("Hallo",))
    return {
        "language: there are no texts in 'nl'; there are de, en": {"language": "nl"},
        "receipt.nl: there is no language 'nl'": {"replace": {"receipt.nl": text}},
        "recept.de: no message uses it": {"replace": {"recept.de": text}},
        "languages: fr: give twelve months": {"languages": (half,)},
        "languages: de: date may hold {weekday}": {"languages": (odd,)},
        "languages: de: day may hold {weekday}": {"languages": (attributes,)},
        "languages: is of type str": {"languages": ("fr",)},
        "languages: zz-zz: Babel knows no such language": {"languages": (attrs.evolve(FRENCH, code="zz-zz"),)},
        "promise_moved.fr: no message has a value $nmae": {
            "languages": (attrs.evolve(FRENCH, texts={"promise_moved": Text("Date", ("$nmae",))}),)
        },
        "receipt: customers do not read the internal value $rule": {"replace": {"receipt": Text("Hi", ("$rule",))}},
        "receipt: it has no lines": {"replace": {"receipt": Text("Hi", ("",))}},
        "chase.de: 'Das sind 5 $.' is no template": {"replace": {"chase.de": Text("Hi", ("Das sind 5 $.",))}},
        "chase: no message has a value $nmae": {"replace": {"chase": Text("Hi", ("Hi",), spoken=("$nmae",))}},
    }


@pytest.mark.parametrize("told", broken())
def test_what_cannot_work_is_refused_when_it_is_loaded(told: str) -> None:
    """A language or a text that would fail, or say what is not for its reader, is refused at once, with its name and the fault."""
    with pytest.raises(BadDefinition) as caught:
        PlainTexts(**broken()[told])  # type: ignore[arg-type]
    assert any(fault.startswith(told) for fault in caught.value.faults), caught.value.faults


@pytest.mark.parametrize("name", sorted(CUSTOMER))
def test_a_german_mail_reads_whole_with_everything_and_with_nothing_known(name: str) -> None:
    """No placeholder and no half sentence is left, whatever is known."""
    for values in (every_value(), dict[str, str]()):
        rendered = PlainTexts().render(a_message(name, text="Ein Wort." if values else "", values=values, language="de"))
        assert "$" not in rendered.subject + rendered.body
        assert ": \n" not in rendered.body
        assert rendered.body.startswith("Guten Tag Bo Lind,\n\n")
