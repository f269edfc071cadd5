"""``recovery rules`` and ``recovery diagram``: the practice and the stages, from where they are defined."""

from __future__ import annotations

import pytest

from cli.running import run
from recovery.cli.diagram import diagram
from recovery.cli.rules import entries
from recovery.core.practice import CLOCKS, HEADINGS, RULES
from recovery.core.stages import ENDED, TABLE


class TestRules:
    def test_every_check_and_every_clock_has_its_entry(self) -> None:
        """One entry per rule id: what a check and a clock share is one rule."""
        found = entries()
        assert [entry.id for entry in found] == list(dict.fromkeys(entry.id for entry in found))
        assert {entry.id for entry in found} == {rule.id for rule in RULES} | {clock.rule for clock in CLOCKS}
        assert sum(len(entry.clocks) for entry in found) == len(CLOCKS)

    def test_every_entry_says_what_it_protects_the_customer_from(self) -> None:
        """And where it comes from."""
        for entry in entries():
            assert entry.protects.startswith("Protects"), entry.id
            assert entry.source, entry.id
            assert entry.heading in (*HEADINGS, "input")
            assert entry.kind

    def test_the_list_names_them_all(self) -> None:
        """In the order of the practice."""
        code, out, _ = run("rules")
        assert code == 0
        assert all(entry.id in out for entry in entries())

    @pytest.mark.parametrize("rule_id", [entry.id for entry in entries()])
    def test_each_has_a_page(self, rule_id: str) -> None:
        """With its clocks in words: how long, from what, and the whole ladder."""
        code, out, _ = run("rules", rule_id)
        entry = next(entry for entry in entries() if entry.id == rule_id)
        assert code == 0
        assert entry.strength in out
        for clock in entry.clocks:
            assert clock.id in out
            assert out.count("is reminded") + out.count("is told") + out.count("is asked") + out.count("passes on") >= len(
                clock.ladder
            )

    def test_a_slip_is_answered_with_what_was_meant(self) -> None:
        """Exit code 2."""
        code, _, err = run("rules", "follow-up.dais")
        assert code == 2
        assert "Did you mean follow-up.days?" in err


class TestDiagram:
    def test_every_step_of_the_table_is_drawn(self) -> None:
        """No more and no less, with the beginning and both ends."""
        drawn = diagram()
        for (source, trigger), target in TABLE.items():
            assert f"    {source.value} --> {target.value} : {trigger.value}\n" in drawn + "\n"
        assert drawn.count(" --> ") == len(TABLE) + 1 + len(ENDED)
        assert drawn.startswith("---\ntitle:")

    def test_the_command_prints_both_forms(self) -> None:
        """Mermaid text, or a Markdown page with it and the table of steps."""
        assert run("diagram") == (0, diagram() + "\n", "")
        code, out, _ = run("diagram", "--format", "markdown")
        assert code == 0
        assert f"```mermaid\n{diagram()}\n```" in out
        assert out.count("| ") >= len(TABLE)
