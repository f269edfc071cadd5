"""The public names: there, loaded when used, and known to type checkers."""

from __future__ import annotations

import ast
import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import recovery

STUB = Path(recovery.__path__[0]) / "__init__.pyi"


def test_the_stub_and_the_package_name_the_same() -> None:
    """A type checker sees just the names that are there, from the modules they are loaded from."""
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    imported = {
        str(alias.asname): str(node.module) for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    listed = next(ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign))
    assert sorted(imported) == listed == recovery.__all__ == dir(recovery)
    for name, module in imported.items():
        if name != "policies":
            assert getattr(recovery, name) is getattr(sys.modules[module], name)


def test_an_unknown_name_is_named() -> None:
    """A mistyped name is an AttributeError that says which."""
    with pytest.raises(AttributeError, match="Dekc"):
        recovery.Dekc  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue]


def test_the_story_of_the_package_is_true() -> None:
    """The docstring a reader meets first runs as it stands."""
    result = doctest.testmod(recovery)
    assert result.attempted > 8
    assert not result.failed


def test_importing_the_package_loads_nothing_else() -> None:
    """Extras, databases and drawing are loaded by those who use them."""
    heavy = ["sqlite3", "smtplib", "transitions.extensions", "rich", "cyclopts", "holidays", "cattrs"]
    code = f"import recovery, sys; recovery.decide; recovery.Policy; print([name for name in {heavy} if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


@pytest.mark.parametrize("name", recovery.__all__)
def test_a_public_name_says_what_it_is(name: str) -> None:
    """Whoever asks for help on a public name is told something, in the docstring of the thing itself."""
    found = getattr(recovery, name)
    told = vars(found).get("__doc__") if isinstance(found, type) else found.__doc__
    assert told
    assert told.strip()[0].isupper()


@pytest.mark.parametrize("name", recovery.__all__)
def test_a_public_name_lives_in_a_module_that_lists_it(name: str) -> None:
    """What is public at the top is public where it is written, under the same name."""
    found = getattr(recovery, name)
    home = sys.modules[found.__name__ if name == "policies" else found.__module__]
    assert name == "policies" or name in getattr(home, "__all__", [name])
