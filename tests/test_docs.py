"""The documentation tells the truth: every page runs from top to bottom as its reader would run it."""

from __future__ import annotations

import io
import re
from code import InteractiveConsole
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

import recovery
from docpages import PARTS, api, clocks, filled, rules, stages
from pages import fences, read
from recovery.cli.rules import entries
from recovery.codec import COMMANDS, EVENTS
from recovery.core.practice import CLOCKS
from recovery.core.stages import TABLE, Stage, Trigger
from recovery.testing import examples_of

DOCS = Path(__file__).parent.parent / "docs"
PAGES = [
    path
    for path in sorted(DOCS.rglob("*.md"))
    if any("python" in f["info"] or "console" in f["info"] for f in fences(path.read_text("utf-8")))
]


def test_there_are_pages() -> None:
    """The folder is found, so that the next test cannot pass by looking at nothing."""
    assert {path.stem for path in PAGES} >= {"index", "tutorial"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.relative_to(DOCS).with_suffix("").as_posix())
def test_a_page_runs_and_prints_what_it_shows(page: Path, tmp_path: Path) -> None:
    """Whoever types a page from top to bottom gets what the page shows."""
    assert read(page, tmp_path) > 0


@pytest.mark.parametrize("page", ["index.md", "tutorial.md", "../README.md"])
def test_a_page_can_be_typed_line_by_line(page: str) -> None:
    """A session of Python takes each line as it comes: an indented block ends with an empty line, as it does at the prompt."""
    session = InteractiveConsole()
    complaints, out = io.StringIO(), io.StringIO()
    for found in fences((DOCS / page).read_text(encoding="utf-8")):
        if found["info"] == "python":
            with redirect_stderr(complaints), redirect_stdout(out):
                waiting = [session.push(line) for line in [*found["body"].splitlines(), ""]]
            assert not waiting[-1]
    assert not complaints.getvalue()
    assert out.getvalue()


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        ("```python\nprint(1)\n```\n\n```text\n2\n```\n", "shown:\n2"),
        ("```python\nprint(1)\n```\n", "no text block"),
        ("```python\nprint(1)\n```\n\nIt prints:\n\n```text\n1\n```\n", "no text block"),
        ("```python\nprint(1)\n```\n\n```python\nprint(2)\n```\n\n```text\n2\n```\n", "no text block"),
        ("- a list\n\n  ```python\n  print(1)\n  ```\n", "start of a line"),
        ("```console\n$ echo one\ntwo\n```\n", "shown:\ntwo"),
        ("```console\n$ echo one\n```\n", "printed:\none"),
        ("```console\n$ (exit 3)\n```\n", "ended with 3"),
        ("```console\n$ echo ab\na...c\n```\n", "printed:\nab"),
        ("```console\n$ exit 1\n```\n", "the shell ended"),
    ],
)
def test_a_page_that_does_not_tell_the_truth_is_refused(page: str, complaint: str, tmp_path: Path) -> None:
    """A wrong, a missing and a misplaced output are noticed, and so is a command that fails in silence."""
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    with pytest.raises(AssertionError, match=complaint):
        read(tmp_path / "page.md", tmp_path)


@pytest.mark.parametrize(
    ("page", "blocks"),
    [
        ("```text\na --> b\n```\n\n```python\nx = 1\n```\n\n```python\nprint(x)\n```\n\n```text\n1\n```\n", 2),
        ("```console\n$ CASE=7\n$ echo $CASE\n7\n```\n\n```console\n$ echo $CASE\n7\n```\n", 2),
        ("```console\n$ cat <<END\n> one\n> END\none\n$ (exit 3)\n$ echo $?\n3\n```\n", 1),
        ("```console\n$ echo a long line\na ... line\n$ cat\n```\n", 1),
        ("```{code-block} toml\n:caption: shop/a.toml\n\nx = 1\n```\n\n```console\n$ cat shop/a.toml\nx = 1\n```\n", 1),
        ("```sh\nfalse\n```\n\n```toml\nx = [\n```\n\n```python\n```\n", 1),
    ],
)
def test_a_page_that_tells_the_truth_is_read(page: str, blocks: int, tmp_path: Path) -> None:
    """Names, variables and files carry over from block to block, and what is only shown is not run."""
    (tmp_path / "page.md").write_text(page, encoding="utf-8")
    assert read(tmp_path / "page.md", tmp_path) == blocks


# ---------------------------------------------------------------- what is made from the code


def test_every_generated_part_is_on_a_page_and_every_page_gets_its_parts() -> None:
    """Nothing is generated for nobody, and no page asks for what there is not."""
    pages = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    assert set(re.findall(r"^% generated: (\S+)$", pages, re.MULTILINE)) == set(PARTS)


def test_a_part_takes_the_place_of_the_line_that_asks_for_it() -> None:
    """A page stays as it is around what is generated, and a slip in the name of a part is an error."""
    assert filled("before\n\n% generated: stages.table\n\nafter") == f"before\n\n{stages.table()}\n\nafter"
    with pytest.raises(KeyError, match=r"stages\.chart"):
        filled("% generated: stages.chart\n")


def test_every_public_name_is_in_the_reference() -> None:
    """Each public name has a page, and its entry stands there."""
    documented = {path for page in api.documented().values() for path in page.values()}
    assert {f"recovery.{name}" for name in recovery.__all__ if name != "policies"} <= documented
    for page, found in api.documented().items():
        text = PARTS[f"api.{page}"]()
        assert found
        assert all(re.search(rf"^\.\. (auto\w+|py:data):: {re.escape(path)}$", text, re.MULTILINE) for path in found.values())


def test_every_command_and_every_event_is_in_the_reference() -> None:
    """What can be asked of a case and what can be in its history is described, each kind of it."""
    assert {kind.__name__ for kind in COMMANDS.values()} - set(api.documented()["commands"]) <= {
        "MergeIn",
        "MergeOut",
        "NameAgain",
        "OpenAffected",
        "OpenWinBack",
    }
    assert all(f"| `{kind}` |" in api.events() for kind in EVENTS)


def test_every_rule_has_an_entry_with_what_keeps_it_and_what_breaks_it() -> None:
    """Whoever is refused finds the rule under its id, with its clocks, and sees one example of each kind."""
    text = rules.entries_page()
    parts = dict(re.findall(r"^### (\S+)\n(.*?)(?=^\(rule-|\Z)", text, re.MULTILINE | re.DOTALL))
    assert list(parts) == [entry.id for entry in entries()]
    for entry in entries():
        kept, broken = examples_of(entry.id)
        assert f"({rules.anchor(entry.id)})=" in text
        assert all(f"Clock `{clock.id}`" in parts[entry.id] for clock in entry.clocks)
        assert all(f"Kept: {scenario.name}\n" in parts[entry.id] for scenario in kept)
        assert all(f"Broken: {scenario.name}\n" in parts[entry.id] for scenario in broken)
        assert kept
        assert broken


def test_the_picture_of_the_stages_has_every_stage_and_every_step() -> None:
    """An edge of the table is an arrow of the picture, and there is one more: the way in."""
    picture = stages.picture()
    assert picture.count('marker-end="url(#head)"') == len(TABLE) + 1
    assert all(f">{stages.said(name.value)}</text>" in picture for name in (*Stage, *Trigger))


def test_the_table_of_the_stages_has_every_step() -> None:
    """A row for each stage, a column for each trigger, and as many cells that lead on as the table has steps."""
    table = stages.table()
    assert len(table.splitlines()) == len(Stage) + 2
    assert table.count("→") == len(TABLE)


def test_every_default_clock_is_in_the_table() -> None:
    """The dates that people will ask about stand in one place, each with its ladder."""
    table = clocks.table()
    assert all(f"[`{clock.id}`](rules.md#{rules.anchor(clock.rule)})" in table for clock in CLOCKS)
    assert len(table.splitlines()) == len(CLOCKS) + 2


def test_the_case_of_the_timeline_goes_the_whole_way_and_misses_nothing() -> None:
    """The picture of the clocks is that of a case that was looked after well, not one made up for the page."""
    case, policy = clocks.story()
    found = recovery.clocks(case, policy, case.recorded_at)
    assert case.stage is Stage.FOLLOWED_UP_WEEKS
    assert {reading.outcome.value for reading in found} == {"met", "ended"}
    assert all(f">{reading.clock}</text>" in clocks.picture() for reading in found)


def test_the_glossary_is_in_order() -> None:
    """A word is found where one looks for it."""
    text = (DOCS / "glossary.md").read_text(encoding="utf-8").partition("```{glossary}\n")[2]
    terms = [line for line in text.splitlines() if line and not line.startswith((" ", "`"))]
    assert terms == sorted(terms, key=str.lower)
    assert len(terms) > 50
