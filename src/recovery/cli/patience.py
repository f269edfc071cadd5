"""A bar for whoever waits: shown on a terminal, beside the result, once something takes longer than two seconds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from recovery.cli.console import errors

__all__ = ["busy"]

PATIENCE = 2.0
"""How many seconds nobody minds."""


@contextmanager
def busy(what: str) -> Generator[Callable[[int], None], None, None]:
    """Show that something goes on, and for how long already; what is given can be told how many cases are behind it.

    Print nothing meanwhile: the bar is on standard error.
    """
    console = errors()
    if not console.is_terminal:
        yield lambda _: None
        return
    parts = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = Progress(*parts, console=console, transient=True, redirect_stdout=False, redirect_stderr=False)
    task = bar.add_task(what, total=None)
    timer = threading.Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda done: bar.update(task, description=f"{what}, {done:,} cases so far")
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
