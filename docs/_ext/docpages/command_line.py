"""The command line: the help of every command, as it is printed."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

from recovery.cli.app import app, run
from recovery.cli.flat import about, commands

__all__ = ["acts", "commands_page", "names", "overview"]

COLUMNS = "96"
"""How wide help is printed on the page."""


def names() -> list[str]:
    """Return the names of all commands, in the order of the list that ``recovery --help`` prints."""
    return [name for name in app if not name.startswith("-")]


def overview() -> str:
    """Return what ``recovery --help`` prints."""
    return _block("--help")


def commands_page() -> str:
    """Return the help of every command."""
    return "\n".join(f"## recovery {name}\n\n{_block(name, '--help')}\n" for name in names())


def acts() -> str:
    """Return the help of every command that ``recovery do`` takes."""
    return "\n".join(
        f"### {name.replace('_', '-')}\n\n{about(kind).splitlines()[0]}\n\n{_block('do', 'CASE', name, '--help')}\n"
        for name, kind in commands().items()
    )


def _block(*arguments: str) -> str:
    printed = io.StringIO()
    with _wide(), redirect_stdout(printed):
        run(arguments)
    told = "\n".join(line.rstrip() for line in printed.getvalue().rstrip().splitlines())
    return f"```text\n{told}\n```"


@contextmanager
def _wide() -> Iterator[None]:
    before = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = COLUMNS
    try:
        yield
    finally:
        os.environ.pop("COLUMNS") if before is None else os.environ.update(COLUMNS=before)
