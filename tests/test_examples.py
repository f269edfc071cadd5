"""The examples tell the truth: each runs by itself and prints what its last lines show, whatever the zone, locale and terminal."""

from __future__ import annotations

import ast
import csv
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "examples"
EXAMPLES = sorted(FOLDER.glob("[0-9]*.py"))
SHOWN = "# >"
LIBRARIES = {"09": ("fastapi", "httpx"), "10": ("django",), "17": ("sqlalchemy",), "18": ("django",)}
"""What an example needs beside the library itself; all of it is in the extra ``test``."""

ODD = {
    "PYTHONIOENCODING": "utf-8",
    "TZ": "Asia/Kolkata",
    "LC_ALL": "C",
    "COLUMNS": "37",
    "TERM": "dumb",
    "PYTHONHASHSEED": "random",
}
"""A machine on which nothing is as it was where the examples were written."""

MEMORY = Path("/dev/shm")
"""Where there is one, temporary files are kept there: what is tested is what an example prints, and not the disk."""


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run Python on that machine."""
    there = {**os.environ, **ODD, **({"TMPDIR": str(MEMORY)} if os.access(MEMORY, os.W_OK) else {})}
    return subprocess.run([sys.executable, *command], capture_output=True, text=True, encoding="utf-8", check=False, env=there)


def docstring(path: Path) -> str:
    """Return what a file says of itself."""
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""


def shown(path: Path) -> list[str]:
    """Return what a file promises to print."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line[len(SHOWN) + 1 :].rstrip() for line in lines if line == SHOWN or line.startswith(f"{SHOWN} ")]


def test_there_are_examples() -> None:
    """The folder is found and counted through, so that the next test cannot pass by looking at nothing."""
    assert [path.name[:3] for path in EXAMPLES] == [f"{number:02}_" for number in range(1, len(EXAMPLES) + 1)]
    assert EXAMPLES


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_prints_what_it_shows(path: Path) -> None:
    """What an example prints is what its reader was promised at the end of the file, and it complains about nothing."""
    if missing := [name for name in LIBRARIES.get(path.name[:2], ()) if find_spec(name) is None]:
        pytest.skip(f"{path.name} needs {', '.join(missing)}, which the extra test brings")
    ran = run(str(path))
    assert (ran.returncode, ran.stderr) == (0, "")
    assert shown(path)
    assert [line.rstrip() for line in ran.stdout.rstrip("\n").splitlines()] == shown(path)


@pytest.mark.parametrize(("number", "library"), [(number, library) for number in LIBRARIES for library in LIBRARIES[number]])
def test_an_example_names_the_library_that_is_missing(number: str, library: str) -> None:
    """Whoever has not installed a framework reads what to install, and no traceback."""
    (path,) = FOLDER.glob(f"{number}_*.py")
    ran = run("-c", f"import runpy, sys; sys.modules[{library!r}] = None; runpy.run_path({str(path)!r}, run_name='__main__')")
    assert ran.returncode == 1
    assert "python -m pip install" in ran.stderr
    assert library in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_list_of_examples_is_whole() -> None:
    """The list names every example once, in order, with its idea in the words of the file, and says what one sees."""
    rows = re.findall(r"^\| \[(\d\d)\]\((\S+)\) \| (.+) \| (.+) \|$", (FOLDER / "README.md").read_text(encoding="utf-8"), re.M)
    assert [(number, name) for number, name, _, _ in rows] == [(path.name[:2], path.name) for path in EXAMPLES]
    ideas = [docstring(path).splitlines()[0].removesuffix(".") for path in EXAMPLES]
    assert [idea for _, _, idea, _ in rows] == ideas
    assert all(seen.strip() for _, _, _, seen in rows)


def test_the_narratives_are_carried_with_their_provenance() -> None:
    """Real words of real people come with source, licence and what was changed, and without the company's name in a column."""
    with (FOLDER / "data" / "narratives.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    told = (FOLDER / "data" / "NARRATIVES.md").read_text(encoding="utf-8")
    assert len({row["complaint_id"] for row in rows}) == len(rows) == 500
    assert all(row["words"].strip() for row in rows)
    assert all(f"`{column}`" in told for column in rows[0])
    assert "company" not in {column.lower() for column in rows[0]}
    assert "public domain" in told
