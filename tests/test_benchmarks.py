"""The benchmarks run, on both sides, and what an import costs is kept low by what it does not load."""

from __future__ import annotations

import subprocess
import sys

import pytest
from benchmarks import __main__ as command
from benchmarks.pairing import Figures, Pair, both, measure
from benchmarks.pairs import DEPENDENCIES, OURS, PAIRS


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_every_pair_runs(pair: Pair) -> None:
    """Both sides of every pair do their work, and each takes some time."""
    figures = measure(pair, rounds=1)
    assert figures.ours > 0
    assert figures.theirs > 0
    assert figures.lower == figures.ratio == figures.upper


def test_a_ratio_is_the_middle_of_the_rounds() -> None:
    """One slow round does not change what is told."""
    mine = iter([1.0, 2.0, 2.0, 90.0])
    pair = Pair(name="x", ours="x", theirs="y", prepare=lambda: both(lambda: next(mine), lambda: 1.0))
    assert measure(pair, rounds=3).ratio == 2.0


def test_a_broken_bar_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code says whether a bar was exceeded, and the table says by how much."""
    pair = Pair(name="x", ours="x", theirs="y", prepare=lambda: both(lambda: 3.0, lambda: 2e-6), bar=2.0)
    monkeypatch.setattr(command, "PAIRS", (pair,))
    assert command.main(["x", "--rounds", "2"]) == 1
    assert "| x | y | 3 s | 2 µs | 1500000.00 (1500000.00 to 1500000.00) | 2.0 |" in capsys.readouterr().out


def test_a_kept_bar_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no bar is exceeded the exit code is 0."""
    pair = Pair(name="x", ours="x", theirs="y", prepare=lambda: both(lambda: 1.0, lambda: 1.0), bar=2.0)
    monkeypatch.setattr(command, "PAIRS", (pair,))
    assert command.main([]) == 0


def test_the_page_keeps_its_words(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    """Writing the figures changes what stands between the two marks, and nothing else."""
    page = command.PAGE.read_text(encoding="utf-8")
    before, after = page.split(command.BEGIN)[0], page.split(command.END)[1]
    written: list[str] = []
    monkeypatch.setattr(type(command.PAGE), "write_text", lambda _, text, encoding: written.append(text))
    pair = Pair(name="x", ours="x", theirs="y", prepare=lambda: both(lambda: 1.0, lambda: 1.0))
    monkeypatch.setattr(command, "PAIRS", (pair,))
    command.main(["--write"])
    assert written[0].startswith(before)
    assert written[0].endswith(after)
    assert "| x | y | 1 s | 1 s |" in written[0]


def test_figures_are_on_the_page() -> None:
    """The page about performance has a figure for every pair."""
    page = command.PAGE.read_text(encoding="utf-8")
    assert [pair.name for pair in PAIRS if f"| {pair.ours} | {pair.theirs} |" not in page] == []


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
    assert next(pair for pair in PAIRS if pair.name == "import").bar == 2.0


def test_figures_tell_seconds_in_the_unit_that_fits() -> None:
    """Nobody counts zeros: seconds, thousandths, millionths or thousand-millionths."""
    pair = Pair(name="x", ours="x", theirs="y", prepare=lambda: both(lambda: 1.0, lambda: 1.0))
    figures = Figures(pair=pair, rounds=1, ours=2.5e-3, theirs=4e-8, ratio=1.0, lower=1.0, upper=1.0)
    assert "| 2.5 ms | 40 ns |" in "\n".join(command._table([figures]))
