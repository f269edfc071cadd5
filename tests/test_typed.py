"""What a type checker says about the public API is tested by files that are read and never run: ``typed/*.py``.

They hold what is right (``assert_type``) and what is wrong (``type: ignore[code]``). CI runs both checkers over them, and each
complains about an ignored error that is none: here stands that it cannot fail to.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "tests" / "typed").glob("*.py"))
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]


def test_there_are_files() -> None:
    """The folder is found, so that the tests below cannot pass by looking at nothing."""
    assert [path.stem for path in FILES] == ["commands", "core", "desk", "ports"]


def test_both_checkers_read_them() -> None:
    """Mypy and pyright are given the folder of the tests and told to leave nothing out."""
    assert "tests" in SETTINGS["mypy"]["files"]
    assert "tests" in SETTINGS["pyright"]["include"]
    assert "exclude" not in SETTINGS["mypy"]
    assert not {"exclude", "ignore", "enableTypeIgnoreComments"} & set(SETTINGS["pyright"])


def test_mypy_complains_of_an_error_that_is_none() -> None:
    """``strict`` warns of each ``type: ignore`` that is not needed; nothing takes that back, and each has to name its code."""
    assert SETTINGS["mypy"]["strict"] is True
    assert "warn_unused_ignores" not in SETTINGS["mypy"]
    assert "ignore-without-code" in SETTINGS["mypy"]["enable_error_code"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_file_says_what_is_right_and_what_is_wrong(path: Path) -> None:
    """Pyright is told in each file to complain of unneeded marks; each has right uses, and wrong ones with their code."""
    text = path.read_text(encoding="utf-8")
    assert "# pyright: strict, reportUnnecessaryTypeIgnoreComment=true" in text.splitlines()
    assert text.count("assert_type(") > 2
    marks = re.findall(r"# type: ignore(\[[\w, -]+\])?", text)
    assert len(marks) > 3
    assert all(marks)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_none_is_run(path: Path) -> None:
    """Pytest does not collect them and no test imports them: what they do would fail."""
    assert not path.name.startswith("test_")
    users = [other for other in (ROOT / "tests").rglob("*.py") if f"typed.{path.stem}" in other.read_text(encoding="utf-8")]
    assert users in ([], [Path(__file__)])
