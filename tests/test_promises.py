"""What is promised stands on a page, and each promise names the tests that earn it: they are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "explanation" / "promises.md").read_text(encoding="utf-8")
PROMISES = dict(re.findall(r"^## (\d+\. .*?)\n(.*?)(?=^## )", PAGE, re.MULTILINE | re.DOTALL))
NAMED = sorted(set(re.findall(r"`(tests/\S+?\.py(?:::\w+)+)`", PAGE)))


@cache
def names_in(file: str) -> frozenset[str]:
    """Return the names of all tests in a file, those in a class behind its name."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
        found |= {f"{kind.name}::{node.name}" for node in kind.body if isinstance(node, ast.FunctionDef)}
    return frozenset(found)


@pytest.mark.parametrize("named", NAMED)
def test_a_test_that_a_promise_names_is_there(named: str) -> None:
    """A test that was renamed or dropped does not leave a promise behind that nothing earns."""
    file, _, name = named.partition("::")
    assert name in names_in(file)
    assert name.rpartition("::")[2].startswith("test_")


def test_each_of_the_nine_promises_is_earned() -> None:
    """There are nine, and each names at least two tests."""
    assert [title.partition(".")[0] for title in PROMISES] == [str(number) for number in range(1, 10)]
    assert {title: len(re.findall(r"`tests/", text)) > 1 for title, text in PROMISES.items()} == dict.fromkeys(PROMISES, True)
