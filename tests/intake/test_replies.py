"""What somebody wrote, and what stands below it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.intake.markup import text_of_markup
from recovery.intake.replies import Written, flowed, split

ABOVE = "It is broken."
ATTRIBUTIONS = (
    "On Mon, 2 Mar 2026 at 10:00, Shop <help@shop.example> wrote:",
    "On Mon, 2 Mar 2026 at 10:00, Shop\n<help@shop.example> wrote:",
    "Am 02.03.26 um 10:00 schrieb Shop:",
    "Le lun. 2 mars 2026 à 10:00, Shop <help@shop.example> a écrit :",
    "El lun, 2 mar 2026 a las 10:00, Shop (<help@shop.example>) escribió:",
    "Il giorno lun 2 mar 2026 alle ore 10:00 Shop <help@shop.example> ha scritto:",
    "Op ma 2 mrt 2026 om 10:00 schreef Shop <help@shop.example>:",
    "Em seg., 2 de mar. de 2026 às 10:00, Shop <help@shop.example> escreveu:",
    "W dniu 2.03.2026 o 10:00, Shop pisze:",
    "пн, 2 мар. 2026 г. в 10:00, Shop <help@shop.example>:",
    "2 марта 2026 г., 10:00, Shop пишет:",
    "Den mån 2 mars 2026 kl 10:00 skrev Shop <help@shop.example>:",
    "在 2026-03-02 10:00:00，Shop 写道：",
    "2026年3月2日(月) 10:00 Shop <help@shop.example>:",
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Message d'origine --------",
    "From: Shop <help@shop.example>\nSent: Monday, March 2, 2026 10:00\nTo: Bo\nSubject: Hello\n",
    "________________________________\nVon: Shop <help@shop.example>\nGesendet: Montag, 2. März 2026\nAn: Bo\nBetreff: Hallo\n",
)


def squeezed(*texts: str) -> Counter[str]:
    """Return every sign in some texts that is not white space, and how often it is there."""
    return Counter("".join("".join(texts).split()))


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@pytest.mark.parametrize("below", ["> Is it fine again?\n> Ana", "Is it fine again?\n\nAna"])
def test_what_follows_an_attribution_is_quoted(attribution: str, below: str) -> None:
    """In any of these languages, whether the quoted lines are marked or not."""
    written = split(f"{ABOVE}\n\n{attribution}\n{below}")
    assert written.text == ABOVE
    assert "Is it fine again?" in written.quoted


@pytest.mark.parametrize(
    "signature", ["-- \nBo Lind\nHarbour 1", "Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "--\nBo"]
)
def test_a_signature_is_set_apart(signature: str) -> None:
    """Two hyphens begin a signature, and telephones sign by themselves."""
    written = split(f"{ABOVE}\n\n{signature}")
    assert (written.text, written.signature.split()) == (ABOVE, signature.split())


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I wrote:\nplease call me.",
        "> Which one?\nThe red one.\n> Since when?\nMay.",
        "Look:\n---------- Forwarded message ---------\nFrom: a@b.example\nDate: Monday\nSubject: x\nTo: y\n\nWe refuse.",
        "> only a quotation",
        "--\nonly a signature",
        "From: Hamburg\nTo: Bremen",
        "Read this:\nFrom: daev <a@b.example>\nSubject: The case\n\nA story.",
        "Read this:\n--- begin forwarded text\nFrom: a@b.example\nDate: Monday 3\nSubject: x\n\nWe refuse.",
        "This is what they told me: no.",
        "Hello,\n\nOn Monday your Mr Smith wrote:\nyou will get your money.\n\nI got nothing!",
        "Hello,\n\nVon: Berlin\nAn: Hamburg\nDatum: 2.3.\n\nIt never arrived.",
        "Read this:\n\n> Begin forwarded message:\n>\n> From: a@b.example\n>\n> We refuse.",
        "",
    ],
)
def test_what_is_not_a_tail_stays(text: str) -> None:
    """Answers between quoted lines, what is passed on, and what would leave nothing to read."""
    assert split(text) == Written(text=text)


def test_an_answer_below_the_quotation_is_the_text() -> None:
    """Those who write below what they answer are read as well."""
    written = split("On 2 Mar 2026, Shop wrote:\n> Fine again?\n\nNo.")
    assert (written.text, written.quoted) == ("No.", "On 2 Mar 2026, Shop wrote:\n> Fine again?")


@pytest.mark.parametrize("below", ["No.", "No.\n\n-- \nBo", "No.\n\nSent from my iPhone"])
def test_a_greeting_above_and_an_answer_below_are_the_text(below: str) -> None:
    """Who greets above the quotation and answers below it is read to the end."""
    written = split(f"Hello Ana,\n\nOn 2 Mar 2026, Shop wrote:\n> Fine again?\n\n{below}")
    assert (written.text, written.quoted) == ("Hello Ana,\n\nNo.", "On 2 Mar 2026, Shop wrote:\n> Fine again?")


def test_words_right_above_an_attribution_are_the_writers() -> None:
    """A line that begins like one is not taken for the beginning of the next."""
    written = split("On Monday it broke.\nOn 2 Mar 2026, Shop <help@shop.example> wrote:\n> Fine?")
    assert written.text == "On Monday it broke."


@pytest.mark.parametrize(
    "attribution",
    [
        "* Shop <help@shop.example> [2026-03-02 10:00]:",
        "Citat od Shop <help@shop.example>:",
        "2. 3. 2026 v 10:00, Shop:",
        "2/3 2026 10:00 Shop:",
    ],
)
def test_what_stands_above_quoted_lines_says_whose_they_are(attribution: str) -> None:
    """In a language that nobody told of, an address or a time right above ``>`` lines is enough."""
    written = split(f"{ABOVE}\n\n{attribution}\n> Fine?")
    assert (written.text, written.quoted) == (ABOVE, f"{attribution}\n> Fine?")
    own = split(f"{ABOVE}\n\nhere is your mail of 2.3.2026:\n\n> Fine?")
    assert own.text == f"{ABOVE}\n\nhere is your mail of 2.3.2026:"


@pytest.mark.parametrize(
    "signature",
    [
        "Sent with Proton Mail secure email.",
        "Outlook für Android herunterladen",
        "Skaffa Outlook för iOS<https://aka.ms/o0ukef>",
        "iPhone'umdan gönderildi",
        "나의 iPhone에서 보냄",
        "Lähetetty iPhonesta",
    ],
)
def test_programs_praise_themselves_in_any_language(signature: str) -> None:
    """A last paragraph that names a program and says that it sent is no word of the writer."""
    assert split(f"{ABOVE}\n\n{signature}") == Written(text=ABOVE, signature=signature)


@pytest.mark.parametrize(
    "last",
    [
        "Get me a new Galaxy phone by Friday please",
        "Sent the lamp back with my Samsung box yesterday",
        "The old one is from Samsung",
        "Did you get my mail from Outlook?",
    ],
)
def test_what_people_say_of_their_telephones_stays(last: str) -> None:
    """A last paragraph about a thing is the writer's."""
    assert split(f"{ABOVE}\n\n{last}") == Written(text=f"{ABOVE}\n\n{last}")


@given(
    st.lists(
        st.sampled_from((*ATTRIBUTIONS, "> a b", "words here", "", "-- ", "Sent from my iPhone", "|", "From: x@y.example")),
        max_size=14,
    )
)
def test_no_word_is_lost(pieces: list[str]) -> None:
    """Whatever is set apart, all signs are in the text, the quotation or the signature, and there is something to read."""
    whole = "\n".join(pieces)
    written = split(whole)
    assert squeezed(written.text, written.quoted, written.signature) == squeezed(whole)
    assert written.text.strip() or not whole.strip()


@given(st.text(st.sampled_from("ab1 \n>-_:<@.|\t")))
def test_no_sign_is_lost_in_any_text(whole: str) -> None:
    """The same for texts that nobody would write."""
    written = split(whole)
    assert squeezed(written.text, written.quoted, written.signature) == squeezed(whole)


def test_flowed_lines_are_put_together() -> None:
    """A line that ends in a space goes on, within one depth of quotation; the line of a signature does not."""
    assert flowed("It is \nbroken.\n> It \n> was\n fine.\n-- \nBo") == "It is broken.\n> It was\nfine.\n-- \nBo"
    assert flowed("壊れ \nた", delsp=True) == "壊れた"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<div>a<div>b</div>c</div>", "a\nb\nc"),
        ("<ul><li>x<li>y</ul>", "- x\n- y"),
        ("<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>", "1 2\n3"),
        ("<a href='https://x.example/y'>here</a>", "here <https://x.example/y>"),
        ("<a href='https://x.example/'>https://x.example</a>", "https://x.example"),
        ("<a href='mailto:a@b.example?subject=x'>write</a>", "write <a@b.example>"),
        ("<a href='javascript:x()'>go</a>", "go"),
        ("<a href='#top'>up</a>", "up"),
        ("<script>if (a<b) x</script>a<style>p{}</style>", "a"),
        ("<!-- hidden -->seen<!-- never ends", "seen never ends"),
        ("<![CDATA[x]]>y<?php z ?>", "y"),
        ("&lt;b&gt; &amp; &euro; &#8364; &nonsense;", "<b> & € € &nonsense;"),
        ("<pre>a\n  b</pre>c", "a\n  b\n\nc"),
        ("<blockquote>q<blockquote>r</blockquote></blockquote>s", "> q\n>\n> > r\n> >\ns"),
        ("<img alt='the display'><img src=x>", "[the display]"),
        ("a &nbsp; b\n\n c", "a b c"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("<b>bold", "bold"),
        ("", ""),
    ],
)
def test_markup_becomes_text(markup: str, text: str) -> None:
    """Blocks are lines, links are readable, what is quoted is marked, and what browsers hide is gone."""
    assert text_of_markup(markup) == text
