"""What no software can send: the script of a call, and the sheet of a letter, from the same texts as the mail."""

from __future__ import annotations

import pytest

from recovery.core.vocabulary.common import Channel
from recovery.templates import PlainTexts
from recovery.templates.english import CUSTOMER
from templates.saying import a_message, every_value

ASKS = {"asks_solved": "yes", "asks_treatment": "yes"}


def test_a_follow_up_call_as_it_lies_on_the_desk() -> None:
    """The script says whom to call, what to say, leaves room for each answer, and says what to do afterwards."""
    message = a_message(
        "follow_up_made_days", text="I wanted to hear how you are.", values=ASKS, channel=Channel.PHONE, to="+49 30 1234"
    )
    rendered = PlainTexts().render(message)
    assert rendered.subject == "Call Bo Lind: Is it really solved? [R1]"
    assert rendered.body == (
        "Call Bo Lind\n+49 30 1234\nCase R1: the display went dark\n\n"
        "Say\n\n"
        "Good day, my name is Ana Sola.\nI am with Boats & Co.\nAm I speaking with Bo Lind?\n\n"
        "I wanted to hear how you are.\n\n"
        "It was about this: the display went dark\n"
        "Is it solved, as you see it?\nAnswer: ______________________________\n"
        "And were you treated the way you expected?\nAnswer: ______________________________\n"
        "Is there anything else I can do for you?\nAnswer: ______________________________\n"
        "To reach me directly: ana@desk.example\n\n"
        "Afterwards\n\n"
        "Put on record what the customer said, in their words.\n"
        "A voicemail or an unanswered ring is an attempt: try again, or write."
    )
    assert "<h2" in rendered.html


def test_a_call_in_german_is_said_in_german_and_directed_in_the_desks_language() -> None:
    """What the customer hears is in their language; the headings are for whoever calls."""
    body = PlainTexts().render(a_message("chase", language="de", channel=Channel.PHONE, values={"question": "Welche Farbe?"})).body
    assert body.startswith("Call Bo Lind\n")
    assert "\n\nGuten Tag, mein Name ist Ana Sola.\nIch rufe für Boats & Co an.\nSpreche ich mit Bo Lind?\n\n" in body
    assert "Unsere Frage war: Welche Farbe?\nAnswer: ____" in body
    at_home = PlainTexts(language="de").render(a_message("chase", channel=Channel.IN_PERSON)).body
    assert at_home.startswith("Persönlich zu Bo Lind\n")


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", sorted(CUSTOMER))
def test_what_is_said_aloud_can_be_said_aloud(name: str, language: str) -> None:
    """On the telephone nobody is asked to answer a message."""
    if name == "receipt":
        return  # a receipt is a machine's, and never a call
    body = PlainTexts().render(a_message(name, values=every_value(), channel=Channel.PHONE, language=language)).body.lower()
    assert "this message" not in body
    assert "diese nachricht" not in body
    assert "$" not in body


def test_a_letter_as_it_is_printed() -> None:
    """A letter has a head, the day, a subject line, the words of the mail, and room below for nothing but the name."""
    message = a_message("customer_informed", text="It is repaired.", channel=Channel.LETTER, to="Kai 1\n10115 Berlin")
    rendered = PlainTexts().render(message)
    assert rendered.body == (
        "Boats & Co\nAna Sola\nana@desk.example\n\nBo Lind\nKai 1\n10115 Berlin\n\n2 March 2026\n\nNews about your case [R1]\n\n"
        "Dear Bo Lind,\n\nIt is repaired.\n\nKind regards,\nAna Sola\nBoats & Co"
    )
    german = PlainTexts().render(a_message("customer_informed", text="Fertig.", channel=Channel.FAX, language="de")).body
    assert "\n\n2. März 2026\n\nNeues zu Ihrem Anliegen [R1]\n\nGuten Tag Bo Lind," in german


def test_a_call_to_somebody_of_whom_little_is_known_is_a_script_all_the_same() -> None:
    """Without a name, an address or a company the script still says what to say."""
    rendered = PlainTexts().render(
        a_message("customer_informed", text="News.", channel=Channel.PHONE, to="?", customer="", company="", issue="")
    )
    assert rendered.subject
    assert "Good day, my name is Ana Sola.\n\nNews." in rendered.body
