"""What holds for every one of the twelve situations, whatever it tells."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from docpages import situations
from recovery import Reading, Strength
from recovery.cli.rules import entries
from telling import Kind, Situation, play

ROOT = Path(__file__).parent.parent.parent
STORIES = ROOT / "examples" / "situations"


def readings(told: Situation) -> list[Reading]:
    """Return how every clock of every case of a story stands at its end."""
    return list(chain.from_iterable(told.desk.clocks(case.id) for case in told.cases()))


def test_every_situation_has_its_story_its_test_and_its_page() -> None:
    """The list, the files, the tests and the pages are the same twelve."""
    wanted = set(situations.ORDER)
    assert {path.stem for path in STORIES.glob("*.py")} - {"telling"} == wanted
    assert {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")} - {"every_situation"} == wanted
    assert {path.stem for path in (ROOT / "docs" / "situations").glob("*.md")} - {"index"} == wanted


@pytest.mark.parametrize("name", situations.ORDER)
def test_nothing_is_left_undone(name: str) -> None:
    """Every case of a story comes to an end, owes nobody anything, and the doctor finds nothing."""
    told = situations.played(name)
    assert told.cases()
    assert [case.id for case in told.cases() if case.ended_at is None] == []
    assert told.desk.agenda() == ()
    assert told.desk.doctor() == ()


@pytest.mark.parametrize("name", situations.ORDER)
def test_what_goes_wrong_is_shown_on_purpose(name: str) -> None:
    """Whatever is refused, warned of or missed belongs to the rules the story shows; nothing else goes wrong beside it."""
    told = situations.played(name)
    missed = {reading.rule for reading in readings(told) if reading.outcome.value == "missed"}
    assert {*told.refused, *told.warned, *missed} <= set(situations.story(name).SHOWS)


def movable() -> list[tuple[str, str]]:
    """Return each story with each rule it shows that a policy may move."""
    known = {entry.id: entry for entry in entries()}
    shown = [(name, rule) for name in situations.ORDER for rule in situations.story(name).SHOWS]
    return [(name, rule) for name, rule in shown if "fixed" not in known[rule].strength and known[rule].ability is None]


@pytest.mark.parametrize(("name", "rule"), movable())
def test_a_story_reads_otherwise_without_a_rule_it_shows(name: str, rule: str) -> None:
    """A rule that is said to show itself does: with the rule off, the story comes out otherwise, or cannot be told at all."""
    try:
        after = play(situations.story(name), {rule: Strength.OFF}).lines
    except Exception:  # noqa: BLE001  (the story leans on the rule, and breaks without it)
        return
    assert after != situations.played(name).lines


@pytest.mark.parametrize("name", situations.ORDER)
def test_a_story_is_told_the_same_way_twice(name: str) -> None:
    """Nothing in a story comes from chance or from the time of day."""
    assert play(situations.story(name)).lines == situations.played(name).lines


@pytest.mark.parametrize("name", situations.ORDER)
def test_a_story_can_be_run_and_read(name: str) -> None:
    """Whoever runs the file reads the story to its end, on any machine, and nothing else."""
    there = {**os.environ, "PYTHONIOENCODING": "utf-8", "TZ": "Asia/Kolkata", "LC_ALL": "C", "COLUMNS": "37"}
    ran = subprocess.run(
        [sys.executable, str(STORIES / f"{name}.py")], capture_output=True, text=True, encoding="utf-8", check=False, env=there
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.endswith("doctor: nothing to report\n")
    assert all(line.text.split()[0] in ran.stdout for line in situations.played(name).lines if line.kind is Kind.HEARD)


@pytest.mark.parametrize("name", situations.ORDER)
def test_a_page_shows_every_word_and_every_reason(name: str) -> None:
    """Nothing that was said, sent or refused is missing on the page, and nothing that is not a story's stands there."""
    page = situations.page_of(name)()
    told = situations.played(name)
    for line in told.lines:
        for part in line.text.splitlines() if line.kind in (Kind.TOLD, Kind.HEARD, Kind.SAID, Kind.DRAFT, Kind.WRITTEN) else ():
            assert situations.plain(part.removeprefix("- ")) in page
        assert all(f"{{rule}}`{reason.rule}`" in page for reason in line.reasons)
    assert page.startswith(f"# {situations.title(name)}\n")
    assert re.findall(r"^% generated: (\S+)$", (ROOT / "docs" / "situations" / f"{name}.md").read_text("utf-8"), re.M) == [
        f"situations.{name}"
    ]


def test_customers_are_never_called_by_an_empty_name() -> None:
    """A message greets its reader by name and is signed by a person or the company, in every story."""
    for name in situations.ORDER:
        for line in situations.played(name).lines:
            if line.kind is Kind.WRITTEN:
                assert line.who
                assert line.text.startswith(f"Dear {line.who},")
                assert situations.story(name).SETTING.company in line.text.splitlines()[-1]
