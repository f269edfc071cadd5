"""The catalogue: every rule has an example in which it is kept and one in which it is broken, and every one of them is true."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from recovery import Acknowledge, Case, Moment, Policy, Problem, Strength, rule
from recovery.core.agenda import Outcome
from recovery.core.practice import ABILITIES, CHECKS, CLOCKS, RULES
from recovery.testing import Lacking, Scenario, a_policy, check, examples, examples_of, lacking, scenario_from_dict, told
from recovery.testing.coverage import watching
from recovery.testing.tables import reason_table


@rule("shop.signed", heading="acknowledging", source="the shop", on=(Acknowledge,))
def signed(_case: Case, command: Acknowledge, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a letter that nobody has signed."""
    if command.by not in command.word.text:
        yield Problem("it is not signed")


MINE: Policy = attrs.evolve(a_policy(), rules=(*CHECKS, signed))


def name_of(scenario: Scenario) -> str:
    """Return what a scenario is an example of."""
    return f"{scenario.clock or scenario.rule} {'kept' if scenario.kept else 'broken'}"


@pytest.mark.parametrize("scenario", examples(), ids=name_of)
def test_an_example_holds(scenario: Scenario) -> None:
    """What the documentation shows about a rule is what the rule does."""
    assert scenario.name.endswith(".")
    check(scenario)


ABLE = frozenset(ability.id for ability in ABILITIES)


@pytest.mark.parametrize("scenario", [one for one in examples() if not one.clock and one.rule not in ABLE], ids=name_of)
def test_an_example_of_a_check_is_about_that_check(scenario: Scenario) -> None:
    """Kept means that the check was asked and found nothing; broken, that it refused, or warned."""
    with watching() as seen:
        ran = scenario.run()
    check_ = next(one for one in CHECKS if one.id == scenario.rule)
    commands = [command for deed in ran.played.deeds for command in deed.commands]
    assert any(isinstance(command, check_.on) for command in commands), "nothing in it is looked at by this check"
    assert (seen.broken[scenario.rule] > 0) is not scenario.kept
    said = {reason.rule for reason in (*ran.played.reasons, *ran.played.warnings)}
    assert (scenario.rule in said) is not scenario.kept


@pytest.mark.parametrize("scenario", [one for one in examples() if one.rule == "propose.ready-early"], ids=name_of)
def test_an_example_of_suggesting_is_about_suggestions(scenario: Scenario) -> None:
    """Kept means that something was suggested; broken, that nothing was."""
    assert bool(scenario.run().played.suggestions) is scenario.kept


@pytest.mark.parametrize("scenario", [one for one in examples() if one.clock], ids=name_of)
def test_an_example_of_a_clock_is_about_that_clock(scenario: Scenario) -> None:
    """Kept means that the clock was met in time; broken, that it was missed and somebody was told."""
    played = check(scenario)
    outcomes = {reading.outcome for reading in played.clocks if reading.clock == scenario.clock}
    assert (Outcome.MET if scenario.kept else Outcome.MISSED) in outcomes
    assert (Outcome.MISSED in outcomes) is not scenario.kept
    assert scenario.kept or played.told.get(scenario.rule) or {"handover_lapsed", "survey_sent"} & set(played.kinds)


def test_no_rule_is_without_examples() -> None:
    """The list is that of the rules themselves: a rule that is added without examples fails here."""
    assert not lacking(), [str(one) for one in lacking()]
    for name in (*(one.id for one in CHECKS), *(clock.rule for clock in CLOCKS)):
        kept, broken = examples_of(name)
        assert kept
        assert broken


def test_no_example_is_of_nothing() -> None:
    """An example of a rule or a clock that is not there any more fails here."""
    known = {*((one.id, "") for one in RULES), *((clock.rule, clock.id) for clock in CLOCKS)}
    assert {(one.rule, one.clock) for one in examples()} == known


def test_a_rule_of_your_own_needs_examples_too() -> None:
    """Whoever adds a rule is told which examples are lacking, and that they are there once they are written."""
    assert [str(one) for one in lacking(MINE)] == [
        "the rule shop.signed has no example in which it is kept",
        "the rule shop.signed has no example in which it is broken",
    ]
    kept = scenario_from_dict({"rule": "shop.signed", "kept": True})
    assert lacking(MINE, (*examples(), kept)) == (Lacking(rule="shop.signed", kept=False),)
    assert examples_of("shop.signed", [kept]) == ((kept,), ())


def test_what_is_switched_off_needs_no_example() -> None:
    """Only what holds must be shown."""
    silent = attrs.evolve(a_policy(), strengths={"promise.realistic": Strength.OFF, "promise.tracked": Strength.OFF})
    there = [one for one in examples() if one.rule not in ("promise.realistic", "promise.tracked")]
    assert not lacking(silent, there)
    assert {one.rule for one in lacking(a_policy(), there)} == {"promise.realistic", "promise.tracked"}
    clock = next(one for one in lacking(a_policy(), there) if one.clock)
    assert str(clock).startswith("the clock promise.tracked of promise.tracked has no example")


# ---------------------------------------------------------------- in words


@pytest.mark.parametrize("scenario", examples(), ids=name_of)
def test_every_example_can_be_told(scenario: Scenario) -> None:
    """Three paragraphs: given, when, then; no class or field of the code shows through."""
    words = told(scenario)
    assert [part.split(" ", 1)[0] for part in words.split("\n\n")] == ["**Given**", "**When**", "**Then**"]
    assert not any(sign in words for sign in ("DateTime", "frozenset", "attrs", "<", "None", "()"))


def test_a_broken_rule_is_told_with_its_reason() -> None:
    """The reason in the words is the one the rule really gives."""
    (_, (broken,)) = examples_of("follow-up.after-delivery")
    assert told(broken) == (
        "**Given** a case that is resolved (the customer accepted), and the refund is on its way.\n\n"
        "**When** 3 days pass; ben: *follow up* by phone, “Is everything right now?”\n\n"
        "**Then** it is refused: `follow-up.after-delivery`, the refund has not arrived yet. Check the arrival first "
        "(CheckArrival), or confirm it (ConfirmArrival, delivery_id='14')."
    )


def test_a_missed_clock_is_told_with_whom_it_told() -> None:
    """Whoever reads about a clock sees its ladder at work, by name."""
    (_, (broken,)) = examples_of("acknowledge.immediately")
    assert told(broken) == (
        "**Given** a case that is received.\n\n"
        "**When** 1 working day passes.\n\n"
        "**Then** the clock `acknowledge.immediately` is missed (due Mon 2 Mar 2026 11:00); "
        "it told Ben Otto, then Cleo Prins, then Fay Adams."
    )


def test_time_and_outages_are_told() -> None:
    """Whoever reads it knows until when, and that nobody looked at the clocks."""
    outage = scenario_from_dict({"given": "received", "when": {"until": "2026-03-05 10:00", "worked": False}})
    assert "**When** time passes until Thu 5 Mar 2026 10:00 while nobody looks at the clocks." in told(outage)
    assert "**When** nothing happens.\n\n**Then** it is done." in told(Scenario())


def test_a_command_is_told_with_everything_that_was_said() -> None:
    """A call some days ago, a rule gone past, a message cited: nothing of it is lost."""
    word = {"via": ["phone"], "text": "", "said_at": "-1 cd", "reached": False}
    call = {"command": "inform", "by": "ben", "word": word, "override": {"contact.wishes": "they asked for it"}}
    said = {"channel": "email", "contact": "$contact"}
    heard = {"command": "record_wish", "by": "ben", "wish": {"kind": "do_not_contact"}, "said": said}
    words = told(scenario_from_dict({"given": "acknowledged", "when": [call, heard]}))
    assert "ben: *inform* by phone on Sun 1 Mar 2026 10:10, reaching nobody, override: contact.wishes (they asked for it);" in words
    assert "ben: *record wish*, the customer says by email in message 1, wish: do not contact." in words


def test_nothing_to_show_is_said() -> None:
    """A table without rows says so."""
    assert reason_table(()) == "  (none)"
