"""How a command reports: the line it begins with, and the one JSON document it prints for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from textwrap import indent

from rich.text import Text

from recovery.cli.opening import View
from recovery.cli.output import whole

__all__ = ["heading", "print_all", "print_json"]


def heading(view: View) -> Text:
    """Return the line a command begins with: which database, which policy, and which instant it takes as now."""
    policy = "its own policy" if view.demo else view.policy_file or "the bare practice (no policy file)"
    when = f"{whole(view.now, view.calendar)} {view.calendar.timezone} ({view.since})"
    return Text(f"{view.db} with {policy}, {when}\n", style="dim")


def print_json(document: Mapping[str, object]) -> None:
    """Print a document of plain data as the only thing on standard output."""
    print(_dumped(document))


def print_all(head: Mapping[str, object], name: str, rows: Iterable[Mapping[str, object]]) -> None:
    """Print the document ``{**head, name: [*rows]}`` row by row, so that it takes no more room than one of them."""
    told = _dumped(head).removesuffix("\n}")
    print(f'{told},\n  "{name}": [', end="")
    between, end = "\n", ""
    for row in rows:
        print(between, indent(_dumped(row), "    "), sep="", end="")
        between, end = ",\n", "\n  "
    print(f"{end}]\n}}")


def _dumped(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
