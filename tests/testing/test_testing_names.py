"""The names of recovery.testing: there, loaded when used, known to type checkers; and what their docstrings show is true."""

from __future__ import annotations

import ast
import doctest
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import recovery
from recovery import testing

MODULES = (
    "recovery.testing",
    *(f"recovery.testing.{name}" for name in ("cases", "coverage", "moments", "scenario", "simulation", "simulator")),
    *(f"recovery.testing.simulator.{name}" for name in ("simulator", "watching")),
)
SHOWN = "Channel CloseReason Contact FollowUp Resolution Stage"


def test_a_type_checker_sees_what_is_there() -> None:
    """The imports for type checkers and the list of homes name the same things from the same places."""
    tree = ast.parse(Path(str(testing.__file__)).read_text(encoding="utf-8"))
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
    typed = {alias.name: node.module for node in imports if str(node.module).startswith("recovery.") for alias in node.names}
    assert sorted(typed) == testing.__all__ == dir(testing)
    for name, module in typed.items():
        assert getattr(testing, name) is getattr(import_module(str(module)), name)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """A slip is told as Python tells it."""
    with pytest.raises(AttributeError, match="no attribute 'a_kase'"):
        _ = testing.a_kase


@pytest.mark.parametrize("name", MODULES)
def test_the_docstrings_tell_the_truth(name: str) -> None:
    """What a docstring shows runs and prints just that, with the names of the library at hand."""
    module: ModuleType = import_module(name)
    ours = {shown: getattr(recovery, shown) for shown in SHOWN.split()}
    at_hand = {shown: getattr(testing, shown) for shown in dir(testing)}
    result = doctest.testmod(module, globs={**ours, **at_hand, **vars(module)})
    assert result.attempted
    assert not result.failed
