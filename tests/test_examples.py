"""The examples tell the truth: each runs by itself and prints what its last lines show."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("[0-9]*.py"))
SHOWN = "# > "


def test_there_are_examples() -> None:
    """The folder is found, so that the next test cannot pass by looking at nothing."""
    assert [path.name[:3] for path in EXAMPLES] == [f"{number:02}_" for number in range(1, len(EXAMPLES) + 1)]
    assert EXAMPLES


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_shows(path: Path) -> None:
    """What an example prints is what its reader was promised at the end of the file."""
    told = [line[len(SHOWN) :] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(SHOWN)]
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, encoding="utf-8", check=True, env=environment)
    assert told
    assert [line.rstrip() for line in ran.stdout.splitlines()] == [line.rstrip() for line in told]
