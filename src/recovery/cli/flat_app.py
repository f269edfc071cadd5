"""The command line after ``recovery do CASE``: one command for each command of the library, with its options and its help."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Annotated, Literal, cast

from cyclopts import App, Group, Parameter

from recovery import Command
from recovery.cli.console import errors, screen
from recovery.cli.flat import Flag, Form, about, commands, flags_of
from recovery.cli.flat_help import EXAMPLES
from recovery.core.practice import HEADINGS

__all__ = ["print_commands", "print_help", "read"]

Given = Mapping[str, object]

OWN = Group("What it says", sort_key=1)
COMMON = Group("Who says so, and when", sort_key=2)


def read(words: Sequence[str], *, quiet: bool) -> tuple[str, Given]:
    """Return the name of a command and what its options say.

    Raises ``cyclopts.CycloptsError`` for a slip, told already unless ``quiet``.
    """
    name, *options = words
    told = _app()(
        [name.replace("_", "-"), *options],
        console=screen(),
        error_console=errors(),
        exit_on_error=False,
        print_error=not quiet,
        result_action="return_value",
    )
    return cast("tuple[str, Given]", told)


def print_help(name: str) -> None:
    """Print the help of one command. Raises ``cyclopts.CycloptsError`` where there is none of that name."""
    read([name, "--help"], quiet=False)


def print_commands() -> None:
    """Print the list of all commands, each with a line about it."""
    _app().help_print([], console=screen())


@cache
def _app() -> App:
    app = App(
        name="recovery do CASE",
        help_format="plaintext",
        version_flags=(),
        help="The commands, in the order of the practice. What tells that something has happened (record, report, confirm, reopen, "
        "correct) is never refused.",
    )
    app["--help"].show = False
    for number, (heading, module) in enumerate(HEADINGS.items()):
        group = Group(heading.replace("_", " ").capitalize(), sort_key=number)
        for place, (name, kind) in enumerate(commands().items()):
            if kind in module.HANDLERS:
                app.command(_function(name, kind), name=name.replace("_", "-"), group=group, sort_key=place)
    return app


def _function(name: str, kind: type[Command]) -> Callable[..., tuple[str, Given]]:
    """Return a function with the options of a command as its parameters, which returns what they say."""

    def act(**given: object) -> tuple[str, Given]:
        return name, {key: value for key, value in given.items() if value is not None}

    flags = flags_of(kind) or ()
    made = [
        inspect.Parameter(flag.parameter, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_annotation(flag))
        for flag in flags
    ]
    # cyclopts reads a signature, as it does that of a function somebody wrote.
    act.__signature__ = inspect.Signature(made)  # type: ignore[attr-defined]
    act.__annotations__ = {parameter.name: parameter.annotation for parameter in made}
    act.__doc__ = _help(name, kind)
    return act


def _annotation(flag: Flag) -> object:
    kind: object = {Form.NUMBER: int, Form.YES: bool, Form.NO: bool, Form.EITHER: bool}.get(flag.form, str)
    if flag.choices:
        kind = Literal[flag.choices]
    if flag.many:
        kind = list[kind]  # type: ignore[valid-type]
    common = flag.path[0] in ("by", "at", "override")
    told = Parameter(
        name=flag.name,
        help=flag.help,
        negative=None if flag.form is Form.EITHER else "",
        allow_leading_hyphen=flag.form in (Form.TEXT, Form.NUMBER),
        show_default=False,
        metavar="WHEN" if flag.form in (Form.AHEAD, Form.BEHIND) else None,
        group=COMMON if common else OWN,
    )
    return Annotated[kind | None, told]  # type: ignore[operator]


def _help(name: str, kind: type[Command]) -> str:
    """Return what the class says of itself, and how it is typed."""
    if name not in EXAMPLES:  # a test says so; but no command may be out of reach because another lacks an example
        return f"{about(kind)}\n\nNext: recovery show CASE."
    typed = f"recovery do CASE {name.replace('_', '-')} {EXAMPLES[name]}"
    return f"{about(kind)}\n\nFor example:\n\n    {_folded(typed)}\n\nNext: recovery show CASE."


def _folded(typed: str) -> str:
    """Return a command line on as many lines as it needs, in a form that can be pasted."""
    lines = [""]
    for piece in re.split(r"(?= --)", " ".join(typed.split())):
        if lines[-1] and len(lines[-1]) + len(piece) > WIDEST:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.strip()
    return " \\\n        ".join(lines)


WIDEST = 64
"""How many signs of a command line are put on one line of help."""
