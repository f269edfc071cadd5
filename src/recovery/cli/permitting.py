"""What can be done about a case now, and what cannot, with every reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recovery import Case, Reason
from recovery.cli.filling import open_ids
from recovery.cli.flat import about, commands, flags_of
from recovery.core.practice import TRIGGERS

__all__ = ["permitted_table"]

OUT_OF_THE_TRAY = "identify"
ON_OFFER = frozenset({"accept_handover", "decline_handover"})


def permitted_table(case: Case, found: Mapping[str, tuple[Reason, ...]]) -> RenderableType:
    """Return the commands that nothing rules out beforehand, and the others with their reasons, in the order of the practice."""
    stage = "in the tray" if case.in_tray else case.stage.value.replace("_", " ")
    free = [name for name in commands() if not found.get(name, ()) and _has_something(name, case)]
    moving = [name for name in free if commands()[name] in TRIGGERS or name == OUT_OF_THE_TRAY]
    first = (moving or free or ["correct"])[0]
    parts: list[RenderableType] = [Text.assemble((f"Case {case.reference}", "bold"), f": {stage}, owner {case.owner}")]
    if moving:
        parts += [_title("What moves it on"), _allowed(moving)]
    parts += [_title("What else can be done"), _allowed(name for name in free if name not in moving)]
    if refused := {name: found[name] for name in commands() if found.get(name)}:
        parts += [_title("What is ruled out now, whatever it says (a report is kept all the same, and moves nothing)")]
        parts += [_ruled_out(refused)]
    parts.append(Text(f"\nWhat one of them takes: recovery do {case.reference} {_shell(first)} --help", style="dim"))
    return Group(*parts)


def _has_something(name: str, case: Case) -> bool:
    """Whether there is something on the case that a command could be about: a question to answer, a handover to accept."""
    if name in ON_OFFER:
        return case.ownership.offer is not None
    if name == OUT_OF_THE_TRAY:
        return case.in_tray
    known = open_ids(case)
    named = [flag.path[0] for flag in flags_of(commands()[name]) or () if flag.path[0] in known]
    return all(known[one] for one in named)


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _allowed(names: Iterable[str]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", style="dim")
    for name in names:
        table.add_row(f"  {_shell(name)}", about(commands()[name]).splitlines()[0])
    return table


def _ruled_out(found: Mapping[str, tuple[Reason, ...]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, reasons in found.items():
        table.add_row(f"  {_shell(name)}", Text("\n".join(f"{reason.rule}: {reason.message}" for reason in reasons)))
    return table


def _shell(name: str) -> str:
    return name.replace("_", "-")
