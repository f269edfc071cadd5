"""Who may leave next, and what there is to learn, from the command line: as tables, and as data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.running import done, refused, run

LOST = ("--reason", "lost", "--said", "I buy elsewhere from today on.", "--said-via", "phone")
REVIEW = (
    "--should-have-taken", "Yes.", "--turned", "In May.", "--needed-unknown", "He does not say.", "--cost", "200..400",
    "--chance", "0.2..0.4", "--years", "3", "--purchases", "900..1400", "--margin", "0.3", "--discount", "0.05",
    "--currency", "EUR", "--decision", "try", "--reason", "It was the calls.",
    "--step", "what=Call him,owner=ben,due_at=2 bd", "--step", "Send the part.",
)  # fmt: skip


@pytest.fixture
def gone(shop: Callable[[str], Path]) -> tuple[str, str]:
    """The reference of the case of a customer whom sales had accepted and who left, and the id of their win-back case."""
    policy = shop("recovery.toml")
    units = '\n[units]\nsales = { name = "Sales", head = "ben" }\n'
    policy.write_text(policy.read_text(encoding="utf-8") + units, encoding="utf-8")
    told = done("receive", "--channel", "phone", "--name", "Bo Lind", "--email", "bo@boat.example", "--text", "It went dark.")
    reference = str(told["case"]["reference"])
    done("do", reference, "record-accountable", "--unit", "sales")
    return reference, str(done("do", reference, "close", *LOST)["opened"][0]["id"])


def test_nobody_shows_signals_on_an_empty_desk(shop: Callable[[str], Path]) -> None:
    """An empty table would say less."""
    assert "Nobody shows signals that come to 3 points or more." in run("risk")[1]
    assert "There is no case yet, so there is nothing to learn." in run("learn")[1]


def test_every_signal_is_shown_with_what_it_adds(bo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was angry and was kept waiting is named with both, and the points add up to the score."""
    done("do", bo, "assess", "--mood", "angry", "--severity", "critical")
    monkeypatch.setenv("RECOVERY_NOW", "2026-03-16T09:40")
    out = run("risk")[1]
    for line in ("Bo Lind", "+2  was angry", "+1  had a problem that was serious or critical", "waited longer", bo):
        assert line in out
    (customer,) = done("risk")["customers"]
    assert customer["score"] == sum(one["points"] for one in customer["contributions"])
    assert (customer["references"], customer["name"]) == ([bo], "Bo Lind")


def test_a_loss_is_reviewed_by_options_and_charged(gone: tuple[str, str]) -> None:
    """The whole review fits on a command line; the table says whose loss it is, what it is worth, and that the plan is owed."""
    reference, win_back = gone
    told = done("do", win_back, "review-loss", *REVIEW)
    assert [told["case"]["losing"]["review"]["decision"], len(told["case"]["receiving"]["tasks"])] == ["try", 2]
    out = run("learn")[1]
    for words in ("Sales", reference, "trying", "735.28 to 1,143.76 EUR", "owed"):
        assert words in out
    (period,) = done("learn")["periods"]
    (sales,) = [unit for unit in period["units"] if unit["unit"] == "sales"]
    assert [loss["outcome"] for loss in sales["losses"]] == ["trying"]


def test_learning_is_cut_into_months(gone: tuple[str, str]) -> None:
    """Each month is told by itself; a day alone begins with its morning."""
    told = done("learn", "--since", "2026-02-01", "--until", "2026-03-31", "--per", "month")["periods"]
    assert [period["since"][:10] for period in told] == ["2026-01-31", "2026-02-28"]
    assert [period["opened"] for period in told] == [0, 1]


@pytest.mark.parametrize("words", [("--cost", "much"), ("--chance", "-0.1"), ("--years", "1..2..3")])
def test_a_figure_that_cannot_be_is_told_by_its_option(gone: tuple[str, str], words: tuple[str, str]) -> None:
    """A negative chance is refused by the option it came in."""
    place = REVIEW.index(words[0])
    told = refused("do", gone[1], "review-loss", *REVIEW[:place], *words, *REVIEW[place + 2 :])
    assert [reason["field"] for reason in told["reasons"]] == [words[0]]


def test_survey_answers_are_typed(bo: str) -> None:
    """A number, a yes and words, each as question=answer; to a survey that was never sent they are kept, with a warning."""
    told = done("do", bo, "record-survey-answers", "--answer", "treated=4", "--answer", "solved=yes", "--answer", "better=Call me.")
    assert [warning["rule"] for warning in told["warnings"]] == ["survey.short"]
