"""The command line: which commands there are, where each one lives, and how what goes wrong is told.

A command is registered by the name of the function behind it and imported when it is called, so each line here costs nothing.
The modules that hold them (``starting``, ``doing``, ``looking``, ``practice`` and more) are light as well, for their docstrings are
the help: they import what they need inside their functions.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError, Group

from recovery.cli.console import errors, print_into_nothing, screen
from recovery.cli.failing import tell
from recovery.core.errors import RecoveryError

__all__ = ["app", "run"]


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  (a quarter of the time that help takes)

    try:
        return version("customer-recovery")
    except PackageNotFoundError:
        return "not installed"


app = App(
    name="recovery",
    version=_version,
    help="""Customer recovery: no customer with a problem is ever forgotten.

    For example:

        recovery demo              look around first
        recovery init              a desk of your own, here
        recovery receive --help    take what a customer says
        recovery agenda --today    see what has to be done
        recovery do K7M3-9QTG      see what can be done, or why not
        recovery work --watch      so that nothing is forgotten
    """,
    help_format="plaintext",
    suppress_keyboard_interrupt=False,
)

BEGIN = Group("To begin", sort_key=1)
WORK = Group("To work at the desk", sort_key=2)
LOOK = Group("To look at it", sort_key=3)
KEEP = Group("To keep its database", sort_key=4)
PRACTICE = Group("The practice behind it", sort_key=5)

app.command("recovery.cli.starting:init", name="init", group=BEGIN)
app.command("recovery.cli.starting:demo", name="demo", group=BEGIN)
app.command("recovery.cli.adopt:adopt", name="adopt", group=BEGIN)
app.command("recovery.cli.intake:intake", name="intake", group=WORK)
app.command("recovery.cli.doing:receive", name="receive", group=WORK)
app.command("recovery.cli.doing:do", name="do", group=WORK, help_flags=())
app.command("recovery.cli.doing:permitted", name="permitted", group=WORK)
app.command("recovery.cli.doing:why_not", name="why-not", group=WORK, help_flags=())
app.command("recovery.cli.doing:work", name="work", group=WORK)
app.command("recovery.cli.serving:worker", name="worker", group=WORK)
app.command("recovery.cli.looking:agenda", name="agenda", group=LOOK)
app.command("recovery.cli.looking:show", name="show", group=LOOK)
app.command("recovery.cli.looking:preview", name="preview", group=LOOK)
app.command("recovery.cli.looking:suggest", name="suggest", group=LOOK)
app.command("recovery.cli.looking:find", name="find", group=LOOK)
app.command("recovery.cli.looking:briefing", name="briefing", group=LOOK)
app.command("recovery.cli.looking:clocks", name="clocks", group=LOOK)
app.command("recovery.cli.looking:outbox", name="outbox", group=LOOK)
app.command("recovery.cli.serving:health", name="health", group=LOOK)
app.command("recovery.cli.learning:risk", name="risk", group=LOOK)
app.command("recovery.cli.learning:learn", name="learn", group=LOOK)
app.command("recovery.cli.looking:doctor", name="doctor", group=LOOK)
app.command("recovery.cli.keeping:feed", name="feed", group=KEEP)
app.command("recovery.cli.keeping:schema", name="schema", group=KEEP)
app.command("recovery.cli.practice:rules", name="rules", group=PRACTICE)
app.command("recovery.cli.practice:policy", name="policy", group=PRACTICE)
app.command("recovery.cli.practice:route", name="route", group=PRACTICE)
app.command("recovery.cli.practice:check_text", name="check-text", group=PRACTICE)
app.command("recovery.cli.practice:diagram", name="diagram", group=PRACTICE)


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code.

    0 is done; 1 is what the doctor or a monitor found; 2 is refused, or cannot be read, with every reason; 130 is ended by Ctrl-C.
    """
    given = [_readable(word) for word in (sys.argv[1:] if arguments is None else arguments)]
    as_json = "--json" in given
    _speak_utf8()
    if given[:1] in ([], ["--help"], ["-h"]):
        _import_all()
    try:
        code = _carried_out(given, quiet=as_json)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads the output has had enough of it (``| head``). What is still in the buffer goes nowhere.
        print_into_nothing()
        return 0
    except KeyboardInterrupt:
        return 130
    except (RecoveryError, CycloptsError, OSError) as error:
        told = isinstance(error, CycloptsError) and not as_json
        return 2 if told else tell(error, as_json=as_json)
    return code


def _carried_out(arguments: Sequence[str], *, quiet: bool) -> int:
    code = app(
        arguments,
        console=screen(),
        error_console=errors(),
        exit_on_error=False,
        print_error=not quiet,
        result_action="return_value",
    )
    return code if isinstance(code, int) else 0


def _import_all() -> None:
    """Import what every command is, so that the list of commands says what each does."""
    for name in app:
        app[name]


def _readable(word: str) -> str:
    """Return a word of the command line as UTF-8, whatever the locale took it for; bytes that are none are marked."""
    return word if word.isprintable() else word.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _speak_utf8() -> None:
    """Write UTF-8 into files and pipes, whatever the locale; on a terminal show what it cannot show as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            terminal = stream.isatty()
            stream.reconfigure(encoding=None if terminal else "utf-8", errors="backslashreplace" if terminal else None)
