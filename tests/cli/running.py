"""Running the command line in this process."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout

from attrs import frozen

from recovery.__main__ import main

__all__ = ["Played", "run"]


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
