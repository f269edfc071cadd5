"""Where things are printed: results on one console, progress and what went wrong on the other."""

from __future__ import annotations

import os
import sys

from rich.console import Console

__all__ = ["WIDTH", "errors", "print_into_nothing", "screen"]


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # the command line ends in peace where rich would leave with 1


WIDTH = 100
"""How wide tables are where there is no terminal to fit them into."""


def screen() -> Console:
    """Return the console for results: without colours, and of one width, where nobody watches."""
    return _console(stderr=False)


def errors() -> Console:
    """Return the console for what is not a result: progress, and what went wrong."""
    return _console(stderr=True)


def print_into_nothing() -> None:
    """Let what is still to be printed go nowhere, for nobody reads it any more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _console(*, stderr: bool) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    fixed = None if stream.isatty() or os.environ.get("COLUMNS", "").isdigit() else WIDTH
    return _Console(stderr=stderr, width=fixed, highlight=False, emoji=False, markup=False)
