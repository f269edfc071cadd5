"""The README tells the truth: its code runs in order, prints what it shows, and its two commands are the ones that CI types.

How a page is read stands in ``pages.py``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from pages import read
from recovery.cli.diagram import diagram

README = Path(__file__).parent.parent / "README.md"
COMMANDS = (
    'python -m pip install ".[cli]" && recovery demo',
    'python -m pip install -e ".[test]" && python -m pytest',
)


def test_code_runs_and_prints_what_it_shows(tmp_path: Path) -> None:
    """Whoever copies the code of the README from top to bottom gets what the README shows."""
    assert read(README, tmp_path) > 0


@pytest.mark.parametrize("command", COMMANDS)
def test_command_stands_on_a_line_of_its_own(command: str) -> None:
    """The two commands stand there once each, at the start of a line, so that they can be copied whole."""
    assert README.read_text(encoding="utf-8").splitlines().count(command) == 1


def test_the_picture_of_the_stages_is_the_generated_one() -> None:
    """The picture cannot fall behind the table: it is what `recovery diagram` prints."""
    assert f"```mermaid\n{diagram()}\n```" in README.read_text(encoding="utf-8")
