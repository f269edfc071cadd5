"""Suggesting on the command line: what may be offered, why, how to type it; exceptions, and what a policy allows."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.running import done, run

GUIDELINES = """
[guidelines.displays]
goodwill = "20 EUR"
[guidelines.displays.remedies.refund]
text = "You get your money back."
ceiling = "80 EUR"
delivers = "the refund"
takes = "5 bd"
[guidelines.displays.remedies.repair]
text = "We repair it."

[[authorities]]
person = "ben"
up_to = "200 EUR"
guidelines = ["displays"]

[[budgets]]
limit = "300 EUR"
period = "quarter"
"""
ON_IT = ("acknowledge", "--via", "email", "--text", "Thank you for telling us. I am on it; if there is more to tell, just answer.")


@pytest.fixture
def guided(bo: str) -> str:
    """The reference of a case in a shop that has a guideline."""
    file = Path("recovery.toml")
    file.write_text(file.read_text(encoding="utf-8") + GUIDELINES, encoding="utf-8")
    return bo


def squeezed(out: str) -> str:
    """Return what was printed on one line."""
    return " ".join(out.split())


def test_it_says_what_may_be_offered_why_and_how(guided: str) -> None:
    """Each remedy with its reasons, the band and the date, and the command that proposes the first."""
    code, out, err = run("suggest", guided)
    told = squeezed(out)
    assert (code, err) == (0, "")
    assert "1. refund: You get your money back. - the guideline displays has it, up to 80.00 EUR" in told
    assert "- up to 20.00 EUR of goodwill may go on top - it can be there by" in told
    assert "2. repair: We repair it." in told
    assert f"recovery do {guided} propose --via email" in told


def test_what_it_types_can_be_typed(guided: str) -> None:
    """The command it shows proposes what it suggests, with the words and the worth filled in."""
    done("do", guided, *ON_IT, "--next-word-at", "2 bd", "+", "investigate")
    typed = squeezed(run("suggest", guided)[1]).rpartition(f"recovery do {guided} ")[2]
    words = shlex.split(typed.replace("--text ...", "--text 'I put this right within the week:'"))
    option = words.pop()
    told = done("do", guided, *words, f"{option},value=70 EUR,beyond=And the postage is on us.")
    (offered,) = told["case"]["proposing"]["proposal"]["options"]
    assert (offered["id"], offered["value"], offered["delivers"]) == ("refund", "70.00 EUR", "the refund")


def test_the_wish_comes_first_and_an_exception_is_decided(guided: str) -> None:
    """What the customer said and what was asked for stand with the case, and change what is suggested."""
    done("do", guided, *ON_IT, "--next-word-at", "2 bd", "+", "investigate")
    done("do", guided, "record-remedy-sought", "--said", "Repair it.", "--said-via", "phone", "--remedy", "repair")
    assert "1. repair: We repair it. - it is what the customer wishes" in squeezed(run("suggest", guided)[1])
    done("do", guided, "request-exception", "--remedy", "new", "--value", "150 EUR", "--reason", "It failed twice.")
    assert "new, 150.00 EUR: ben decides (grant-exception, deny-exception)" in squeezed(run("show", guided)[1])
    done("do", guided, "grant-exception", "--by", "ben", "--until", "5 bd")
    assert "new, 150.00 EUR: granted by ben until" in squeezed(run("show", guided)[1])
    done("do", guided, "request-exception", "--remedy", "gold", "--value", "1 EUR", "--reason", "It would be kind.")
    done("do", guided, "deny-exception", "--by", "ben", "--reason", "A repair will do.")
    shown = squeezed(run("show", guided)[1])
    assert "gold, 1.00 EUR: turned down by ben: A repair will do." in shown
    assert "Repair it. (repair)" in shown


def test_as_json_it_is_plain_data(guided: str) -> None:
    """A program gets every suggestion with its option, ready to be completed and proposed."""
    found = done("suggest", guided)["suggestions"]
    assert [one["option"]["id"] for one in found] == ["refund", "repair"]
    assert found[0]["goodwill"] == "20.00 EUR"


def test_without_a_guideline_it_says_so(bo: str) -> None:
    """Nothing to suggest is said in words, with the way out."""
    assert "There is no guideline for this kind of problem, and no similar case to learn from." in squeezed(run("suggest", bo)[1])


def test_for_the_tray_it_says_what_comes_first(shop: Callable[[str], Path]) -> None:
    """Whose it is has to be found out first."""
    case = done("receive", "--channel", "web_form", "--text", "It broke.")["case"]
    assert "Identify it first." in squeezed(run("suggest", case["reference"])[1])


def test_a_policy_shows_its_guidelines(guided: str) -> None:
    """Remedies with their ceilings, who may grant more, and the budgets: for people on our side."""
    out = squeezed(run("policy", "show")[1])
    assert "displays for everything; goodwill up to 20.00 EUR" in out
    assert "refund You get your money back., up to 80.00 EUR" in out
    assert "ben up to 200.00 EUR, for displays" in out
    assert "everybody 300.00 EUR a quarter" in out
    assert done("policy", "show")["policy"]["guidelines"][0]["remedies"][0]["ceiling"] == "80.00 EUR"
