"""The benchmarks run, on both sides, and what an import costs is kept low by what it does not load."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from benchmarks import __main__ as command
from benchmarks import page, running
from benchmarks.collected import GROUPS
from benchmarks.importing import DEPENDENCIES, OURS
from benchmarks.importing import PAIRS as IMPORTS
from benchmarks.machine import machine
from benchmarks.needs import Need, library, missing, versions
from benchmarks.pairing import Fact, Group, Pair, Scale, Seen, both, measure

EVERY_PAIR = [pair for group in GROUPS for pair in group.pairs]
TRIED = [pair for pair in EVERY_PAIR if not pair.large]  # a large one differs from another in its size alone
EVERY_FACT = [fact for group in GROUPS for fact in group.facts]
NOWHERE = Need(name="a cathedral", lacking=lambda: "build one", version=lambda: "")


def pair(
    mine: float = 1.0, other: float = 1.0, *, rate: bool = False, at_most: float | None = None, at_least: float | None = None
) -> Pair:
    """A pair named x whose sides take what is given."""
    prepared = lambda _: both(lambda: mine, lambda: other)  # noqa: E731
    return Pair(name="x", ours="x", theirs="y", prepare=prepared, rate=rate, at_most=at_most, at_least=at_least)


def only(monkeypatch: pytest.MonkeyPatch, *pairs: Pair, facts: tuple[Fact, ...] = ()) -> None:
    """Let there be nothing to measure but this, on a machine that need not be looked at."""
    monkeypatch.setattr(running, "machine", lambda: "a machine")
    monkeypatch.setattr(command, "GROUPS", (Group(name="group", title="Title", pairs=pairs, facts=facts),))


@pytest.mark.parametrize("each", TRIED, ids=lambda each: each.name)
def test_every_pair_runs(each: Pair) -> None:
    """Both sides of every pair do their work, and each takes some time."""
    if what := missing(each.needs):
        pytest.skip(f"needs {what}")
    if any(need.name.startswith("django") for need in each.needs):
        # In a process of its own: Django can be set up once only, and this suite has other uses for it.
        subprocess.run([sys.executable, "-m", "benchmarks", each.name, "--quick"], check=True, capture_output=True)
        return
    figures = measure(each, rounds=1, scale=Scale.QUICK)
    assert figures.ours > 0
    assert figures.theirs > 0
    assert figures.lower == figures.ratio == figures.upper


@pytest.mark.parametrize("each", EVERY_FACT, ids=lambda each: each.name)
def test_every_fact_can_be_looked_at(each: Fact) -> None:
    """A figure that stands alone is found at a small size, too, and is told."""
    if what := missing(each.needs):
        pytest.skip(f"needs {what}")
    assert each.look(Scale.QUICK).told


def test_what_is_there_is_named_with_its_version() -> None:
    """Figures are told with what they were measured beside."""
    assert versions((library("attrs"), library("attrs"), library("no_such_library"))) == (f"attrs {version('attrs')}",)


def test_figures_name_their_machine() -> None:
    """A figure without its machine is none: cores, the disk, and the versions of Python and SQLite."""
    assert re.search(r"\d+ cores, .+, [\d,]+ fsync/s; Python 3\.\d+\.\d+, SQLite 3\.", machine())


def test_names_tell_apart() -> None:
    """What is asked for by name is one thing."""
    names = [name for group in GROUPS for name in group.names]
    assert sorted(set(names)) == sorted(names)


def test_a_ratio_is_the_middle_of_the_rounds() -> None:
    """One slow round does not change what is told."""
    mine = iter([1.0, 2.0, 2.0, 90.0])
    steady = Pair(name="x", ours="x", theirs="y", prepare=lambda _: both(lambda: next(mine), lambda: 1.0))
    assert measure(steady, rounds=3).ratio == 2.0


def test_a_rate_is_told_as_a_part_of_the_other() -> None:
    """Twice the time is half the rate."""
    assert measure(pair(2.0, 1.0, rate=True), rounds=2).ratio == 0.5
    assert measure(pair(2.0, 1.0), rounds=2).ratio == 2.0


def test_a_broken_bar_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code says whether a bar was broken, the table says by how much, and the last line which."""
    only(monkeypatch, pair(3.0, 2e-6, at_most=2.0))
    assert command.main(["x", "--rounds", "2"]) == 1
    told = capsys.readouterr()
    assert "| x | y | 3 s | 2 µs | 1500000.00 (1500000.00 to 1500000.00) | at most 2.00 |" in told.out
    assert told.err == "bar broken: x\n"


@pytest.mark.parametrize(("seconds", "code"), [(1.6, 0), (1.7, 1)])
def test_a_rate_below_its_bar_is_a_failure(monkeypatch: pytest.MonkeyPatch, seconds: float, code: int) -> None:
    """A rate has to reach its bar, and may be as high as it likes."""
    only(monkeypatch, pair(seconds, 1.0, rate=True, at_least=0.6))
    assert command.main(["--rounds", "2"]) == code


def test_a_kept_bar_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no bar is broken the exit code is 0."""
    only(monkeypatch, pair(at_most=2.0))
    assert command.main([]) == 0


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is left out in silence: the row is there, and says what it would have needed and how to get it."""
    without = Pair(name="x", ours="x", theirs="y", prepare=lambda _: both(lambda: 1.0, lambda: 1.0), needs=(NOWHERE,))
    fact = Fact(name="f", what="how high", look=lambda _: Seen(told="1"), needs=(NOWHERE,), bar="0")
    only(monkeypatch, without, facts=(fact,))
    assert command.main([]) == 0
    told = capsys.readouterr()
    assert "| x | y | | | not measured: needs a cathedral (build one) |  |" in told.out
    assert "| how high | not measured: needs a cathedral (build one) | 0 |" in told.out
    assert told.err.splitlines() == [f"not measured: {name}: needs a cathedral (build one)" for name in ("x", "f")]


def test_a_fact_that_must_not_be_is_a_failure(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A count that must be nothing, and is not, breaks its bar like a ratio does."""
    only(monkeypatch, facts=(Fact(name="f", what="claimed twice", look=lambda _: Seen(told="3", kept=False), bar="0"),))
    assert command.main([]) == 1
    told = capsys.readouterr()
    assert "| claimed twice | 3 | 0 |" in told.out
    assert told.err == "bar broken: f\n"


def test_the_page_keeps_its_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Writing the figures of a group changes its block between the two marks, and nothing else."""
    first, second = (f"### {title}\n\nold {title}" for title in ("First", "Second"))
    written = tmp_path / "page.md"
    written.write_text(f"before\n{page.BEGIN}\n\n{first}\n\n{second}\n\n{page.END}\nafter\n")
    monkeypatch.setattr(page, "PAGE", written)
    groups = tuple(Group(name=title.casefold(), title=title, pairs=(pair(),)) for title in ("First", "Second"))
    only(monkeypatch)
    monkeypatch.setattr(command, "GROUPS", groups)
    command.main(["second", "--write"])
    text = written.read_text()
    assert text.startswith(f"before\n{page.BEGIN}\n\n{first}\n\n### Second\n\n| what")
    assert "| x | y | 1 s | 1 s | 1.00 (1.00 to 1.00) |  |" in text
    assert text.endswith(f"\n\n{page.END}\nafter\n")
    assert "old Second" not in text


@pytest.mark.parametrize("asked", [["x", "--write"], ["--quick", "--write"]])
def test_half_a_group_is_not_written(monkeypatch: pytest.MonkeyPatch, asked: list[str]) -> None:
    """The page has whole tables, measured at full size."""
    only(monkeypatch, pair())
    with pytest.raises(SystemExit):
        command.main(asked)


def test_figures_are_on_the_page() -> None:
    """The page about performance has a figure for everything that is measured."""
    text = page.PAGE.read_text(encoding="utf-8")
    pairs = [each.name for each in EVERY_PAIR if f"| {each.ours} | {each.theirs} |" not in text]
    assert pairs + [each.name for each in EVERY_FACT if f"| {each.what} |" not in text] == []


def test_an_import_loads_only_what_it_names() -> None:
    """Naming a desk, a contact and a command loads no store, no mail, no screen, no drawing, and not the practice."""
    code = f"{OURS}\nimport sys\nprint('\\n'.join(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(told.stdout.split())
    heavy = {
        "sqlite3",
        "smtplib",
        "email",
        "cattrs",
        "cyclopts",
        "rich",
        "holidays",
        "hypothesis",
        "pytest",
        "transitions.extensions",
    }
    assert loaded & heavy == set()
    assert {name for name in loaded if name.startswith(("recovery.core.practice", "recovery.codec", "recovery.stores"))} == set()
    assert "recovery.desk.desk" in loaded


def test_the_bar_of_the_import_is_measured_against_its_dependencies() -> None:
    """What the import is compared with is exactly what the package says it depends on."""
    assert DEPENDENCIES == "import transitions, attrs, pendulum, cattrs"
    assert next(each for each in IMPORTS if each.name == "import").at_most == 2.0


def test_figures_tell_seconds_in_the_unit_that_fits(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody counts zeros: seconds, thousandths, millionths or thousand-millionths; and how many a second where that is told."""
    only(monkeypatch, pair(2.5e-3, 4e-8))
    command.main([])
    assert "| 2.5 ms | 40 ns | 62500.00 (62500.00 to 62500.00) |" in capsys.readouterr().out
    only(monkeypatch, pair(1.23e-4, 1.0))
    command.main([])
    assert "| 0.00012 (0.00012 to 0.00012) |" in capsys.readouterr().out
    only(monkeypatch, pair(2.5e-3, 5e-4, rate=True))
    command.main([])
    assert "| 400/s | 2,000/s | x0.20 (0.20 to 0.20) |" in capsys.readouterr().out
