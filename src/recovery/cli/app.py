"""The commands: ``recovery demo`` and those that look at what it, or any other desk, has stored."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.text import Text

from recovery.cli.opening import View, find_case, instant_of, open_view, policy_of
from recovery.cli.output import errors, screen, whole
from recovery.core.errors import InvalidValue, Reason, RecoveryError

__all__ = ["run"]

DB = "recovery-demo.db"

Database = Annotated[str, Parameter(name="--db", env_var="RECOVERY_DB", help="The SQLite file to look at.")]
PolicyFile = Annotated[
    str | None,
    Parameter(name="--policy", help="A policy as a TOML file: people, routes, working hours. Default: that of the demo."),
]
At = Annotated[
    str | None,
    Parameter(
        name="--at",
        help="Look at what had been recorded until then, and take it as now: 2026-03-19, 2026-03-19T10:30, or with an offset. "
        "Default: the last entry in the database.",
    ),
]
CaseName = Annotated[str, Parameter(help="A case: its id, or its reference (hyphens and case do not matter).")]


def _version() -> str:
    try:
        return version("customer-recovery")
    except PackageNotFoundError:
        return "not installed"


app = App(
    name="recovery",
    version=_version,
    help="Customer recovery: no customer with a problem is ever forgotten. Begin with: recovery demo",
    help_format="plaintext",
)


def run(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line and return its exit code: 0, or 2 for what is refused or cannot be read."""
    try:
        code = app(
            arguments, console=screen(), error_console=errors(), exit_on_error=False, print_error=True, result_action="return_value"
        )
    except CycloptsError:
        return 2
    except BrokenPipeError:
        # Whoever reads the output has had enough of it (``| head``). What is still in the buffer goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except RecoveryError as error:
        errors().print(Text(str(error)), soft_wrap=True)
        return 2
    return code if isinstance(code, int) else 0


# ---------------------------------------------------------------- the demo


@app.command
def demo(
    *,
    seed: Annotated[int, Parameter(help="What decides who does what. The same seed gives the same output.")] = 1,
    cases: Annotated[int, Parameter(help="How many complaints, at most 42.")] = 40,
    db: Annotated[
        str, Parameter(help="Where the cases go. The database of an earlier demo is replaced, no other file ever is.")
    ] = DB,
) -> int:
    """Play six weeks of a recovery desk on real complaints, and show what came of them.

    The complaints are real, from a public register; the people, the dates and what happens afterwards are invented from the seed.
    """
    from recovery.cli.demo.command import play_demo  # noqa: PLC0415  (only the demo needs its world)

    return play_demo(seed=seed, cases=cases, db=db)


# ---------------------------------------------------------------- looking at cases


@app.command
def show(
    case: Annotated[str | None, Parameter(help="A case: its id, or its reference. Without one, all cases.")] = None,
    *,
    at: At = None,
    every: Annotated[bool, Parameter(negative="", help="Delivery reports and mails to colleagues as well.")] = False,
    full: Annotated[bool, Parameter(negative="", help="All that was said, not only its beginning.")] = False,
    db: Database = DB,
    policy: PolicyFile = None,
) -> int:
    """Show a case's timeline, or how all cases stand."""
    from recovery.cli.tables import case_list, headline  # noqa: PLC0415  (rich's tables, where they are needed)
    from recovery.cli.timeline import page  # noqa: PLC0415

    console, view = _begin(db, policy, at)
    if case is not None:
        console.print(page(view, find_case(view, case), every=every, full=full))
        return 0
    cases = list(view.desk.find())
    console.print(headline(cases))
    console.print(case_list(view, cases))
    return 0


@app.command
def agenda(
    *,
    owner: Annotated[str | None, Parameter(help="Only the steps of this person.")] = None,
    until: Annotated[str | None, Parameter(help="Only what is due until then; a date alone means its evening.")] = None,
    at: At = None,
    db: Database = DB,
    policy: PolicyFile = None,
) -> int:
    """Show every dated step, the soonest due first: what has to be done, by whom, and by which rule."""
    from recovery.cli.tables import agenda_table  # noqa: PLC0415

    console, view = _begin(db, policy, at)
    limit = None if until is None else instant_of("--until", until, view.calendar)
    whose = "Agenda" if owner is None else f"Agenda of {owner}"
    title = whose if limit is None else f"{whose}, due until {whole(limit, view.calendar)}"
    console.print(agenda_table(view, view.desk.agenda(owner=owner, until=limit), title))
    return 0


@app.command
def clocks(
    case: Annotated[str | None, Parameter(help="A case. Without one, the counts over all cases.")] = None,
    *,
    at: At = None,
    db: Database = DB,
    policy: PolicyFile = None,
) -> int:
    """Show how the clocks stand: met, missed, open, paused, or ended with their case."""
    from recovery.cli.tables import clock_counts, clock_table  # noqa: PLC0415

    console, view = _begin(db, policy, at)
    console.print(clock_counts(view) if case is None else clock_table(view, find_case(view, case)))
    return 0


@app.command
def why_not(
    case: CaseName,
    command: Annotated[
        str, Parameter(help='The act as JSON, {"command": "follow_up", ...}, or only its name; - reads it from a pipe.')
    ],
    *,
    at: At = None,
    db: Database = DB,
    policy: PolicyFile = None,
) -> int:
    """Say why an act would be refused: every reason, with the id of its rule and the way out.

    Exits with 2 if it would be refused. Nothing is done and nothing is stored.
    """
    from recovery.cli.asking import answer  # noqa: PLC0415

    console, view = _begin(db, policy, at)
    told, refused = answer(view, find_case(view, case), command)
    console.print(told)
    return 2 if refused else 0


@app.command
def doctor(*, db: Database = DB, policy: PolicyFile = None) -> int:
    """Look for everything that must not be: a case without a next step, a gap in a history, a message that is lost.

    Exits with 1 if there is anything.
    """
    from recovery.cli.tables import findings_list  # noqa: PLC0415

    console, view = _begin(db, policy, None)
    findings = view.desk.doctor()
    console.print(findings_list(findings))
    return 1 if findings else 0


def _begin(db: str, policy: str | None, at: str | None) -> tuple[Console, View]:
    console = screen()
    view = open_view(db, policy_of(policy), at)
    since = "as recorded until then" if view.asked else "the last entry in the database"
    console.print(Text(f"{db}, {whole(view.now, view.calendar)} {view.calendar.timezone} ({since})\n", style="dim"), soft_wrap=True)
    return console, view


# ---------------------------------------------------------------- the practice


@app.command
def rules(rule: Annotated[str | None, Parameter(help="The id of one rule, to read all about it.")] = None) -> int:
    """Show the rules of the practice: what each protects the customer from, and how hard it holds."""
    from recovery.cli.rules import entries, entry_page, rule_table  # noqa: PLC0415

    found = [entry for entry in entries() if rule in (None, entry.id)]
    if not found:
        raise InvalidValue("the rule", [_no_such_rule(str(rule), [entry.id for entry in entries()])])
    screen().print(rule_table(found) if rule is None else entry_page(found[0]))
    return 0


def _no_such_rule(asked: str, known: Sequence[str]) -> Reason:
    from difflib import get_close_matches  # noqa: PLC0415  (only for a slip)

    near = get_close_matches(asked, known, n=1)
    hint = f"Did you mean {near[0]}?" if near else "All rules: recovery rules"
    return Reason(rule="input.rule", field="rule", message=f"there is no rule {asked!r}.", hint=hint)


@app.command
def diagram(*, format: Literal["mermaid", "markdown"] = "mermaid") -> int:
    """Print the stages of a case as a Mermaid diagram, or as a Markdown page with it."""
    from recovery.cli.diagram import diagram as draw  # noqa: PLC0415

    print(draw(format))
    return 0
