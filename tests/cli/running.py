"""Running the command line in this process."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from typing import Any, cast

from attrs import frozen

from recovery.__main__ import main

__all__ = ["Document", "Played", "done", "refused", "run"]


Document = dict[str, Any]
"""What a command prints with --json."""


@frozen(kw_only=True)
class Played:
    """What a demo printed, and the database it left."""

    out: str
    db: str


def run(*arguments: str) -> tuple[int, str, str]:
    """Return the exit code of a command line, what it printed, and what it complained about."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue(), err.getvalue()


def done(*arguments: str) -> Document:
    """Return what a command that is carried out prints as JSON."""
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (0, ""), out
    return cast(Document, json.loads(out))


def refused(*arguments: str) -> Document:
    """Return the fault that a command which exits with 2 prints as JSON."""
    code, out, err = run(*arguments, "--json")
    assert (code, err) == (2, ""), out
    return cast(Document, json.loads(out))
