"""The parameters that several commands share, and the names of a desk's files. Light on purpose: help is printed from here."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

from cyclopts import Parameter

__all__ = [
    "DEMO_DB",
    "DESK_DB",
    "DESK_POLICY",
    "At",
    "CaseName",
    "ChannelName",
    "Database",
    "Json",
    "Limit",
    "Now",
    "PolicyFile",
    "command",
]

Function = TypeVar("Function", bound=Callable[..., int])

DESK_DB = "recovery.db"
"""The database of a desk, in its folder, as ``recovery init`` makes it."""

DESK_POLICY = "recovery.toml"
"""The policy of a desk, beside its database."""

DEMO_DB = "recovery-demo.db"
"""Where the demo puts its cases."""

Database = Annotated[
    str | None,
    Parameter(
        name="--db",
        env_var="RECOVERY_DB",
        help=f"The database: an SQLite file, or postgresql://user@host/name. Default: {DESK_DB} in this folder, else {DEMO_DB}.",
    ),
]
PolicyFile = Annotated[
    str | None,
    Parameter(
        name="--policy",
        env_var="RECOVERY_POLICY",
        help=f"The policy, a TOML file: people, routes, working hours. Default: {DESK_POLICY} beside the database (of "
        "PostgreSQL: in this folder); the demo's database has a policy of its own.",
    ),
]
At = Annotated[
    str | None,
    Parameter(
        name="--at",
        env_var="RECOVERY_NOW",
        help="Look back: show what had been recorded until then, and take it as now. Written 2026-03-19 (its evening), "
        "2026-03-19T10:30 or with an offset. Default: now; in the demo, the last entry.",
    ),
]
Now = Annotated[
    str | None,
    Parameter(
        name="--now",
        env_var="RECOVERY_NOW",
        help="Rehearse: take this instant as now, and record it so. It cannot lie before the last entry of the database. "
        "Written 2026-03-19T10:30 or with an offset.",
    ),
]
Json = Annotated[
    bool,
    Parameter(name="--json", negative="", show_default=False, help="Print one JSON document, faults included, and nothing else."),
]
Limit = Annotated[int | None, Parameter(name="--limit", help="At most so many.")]
CaseName = Annotated[str, Parameter(help="A case: its reference (hyphens and capitals do not matter), or its id.")]
ChannelName = Literal["letter", "email", "phone", "fax", "web_form", "chat", "sms", "social", "in_person"]
"""The channels by name; a test holds them equal to ``recovery.Channel``."""


def command(function: Function) -> Function:
    """Make a function a command: its docstring is the help, so its paragraphs are put on one line each, to be folded as needed."""
    paragraphs = inspect.cleandoc(function.__doc__ or "").split("\n\n")
    function.__doc__ = "\n\n".join(text if text.startswith(" ") else " ".join(text.splitlines()) for text in paragraphs)
    return function
