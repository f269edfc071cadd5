"""Adopting tickets: the bar, what came of them as a table or as JSON, and where the bad rows are."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import attrs
from rich import box
from rich.console import Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from recovery import Adoption, InvalidValue, Reason
from recovery.cli.console import errors, screen
from recovery.cli.instants import instant_of
from recovery.cli.opening import View, open_desk
from recovery.cli.output import whole
from recovery.desk.adopting import adopted_of
from recovery.intake.tickets import BadTicket, TicketReader, load_map, suggest

__all__ = ["adopted", "first_map"]

_SHOWN = 20
"""How many kinds of reasons are listed; the file of bad rows has them all."""

_EACH = 5
"""How many reasons of one kind are listed one by one."""

_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|\d+")


def first_map(file: str) -> int:
    """Print a first map for a file."""
    print(suggest(file), end="")
    return 0


def adopted(
    file: str,
    map_file: str | None,
    *,
    as_of: str | None,
    dry_run: bool,
    place: tuple[str | None, str | None, str | None],
    as_json: bool,
) -> int:
    """Adopt the tickets in ``file``, tell what came of it, and return 1 where some could not be adopted."""
    if map_file is None:
        hint = f"Make a first one: recovery adopt {file} --suggest > map.toml"
        told = Reason(rule="input.map", field="--map", message="there is no map that says how to read the file.", hint=hint)
        raise InvalidValue("the command", [told])
    view = open_desk(*place)
    at = view.now if as_of is None else instant_of("--as-of", as_of, view.calendar)
    reader = TicketReader(file, load_map(map_file), zone=view.calendar.timezone, as_of=min(at, view.now))
    adoption = _with_bar(view, reader, dry_run=dry_run)
    reader.reject((left.number, left.reasons) for left in adoption.left_out)
    mended = reader.forgive(adopted_of(view.desk, (bad.number for bad in reader.bad if bad.number)))
    adoption = attrs.evolve(adoption, known=adoption.known + mended)
    path = None if dry_run else reader.write_bad()
    if as_json:
        print(json.dumps(_document(adoption, reader, path), ensure_ascii=False, indent=2))
    else:
        screen().print(_summary(view, adoption, reader, path, dry_run=dry_run))
    return 1 if reader.bad else 0


def _with_bar(view: View, reader: TicketReader, *, dry_run: bool) -> Adoption:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = errors()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Adopting", total=None)

        def show(_: int) -> None:
            bar.update(task, completed=reader.done, total=reader.total or None)

        return view.desk.adopt(reader.tickets(), progress=show, dry_run=dry_run)


def _document(adoption: Adoption, reader: TicketReader, path: Path | None) -> dict[str, object]:
    from recovery.codec import to_dict  # noqa: PLC0415  (only for those who want JSON)

    return {
        "adopted": {stage.value: number for stage, number in adoption.stages.items()},
        "ended": adoption.ended,
        "known": adoption.known,
        "rerouted": adoption.rerouted,
        "skipped": reader.skipped,
        "later": reader.later,
        "unread": reader.unread,
        "bad": [{"ticket": bad.number, "rows": bad.rows, "reasons": [to_dict(why) for why in bad.reasons]} for bad in reader.bad],
        "bad_file": None if path is None else str(path),
    }


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name, justify="right" if name == "tickets" else "left", overflow="fold")
    return table


def _summary(view: View, adoption: Adoption, reader: TicketReader, path: Path | None, *, dry_run: bool) -> RenderableType:
    table = _table("what came of them", "tickets")
    for stage, number in adoption.stages.items():
        table.add_row(f"adopted as {stage.value.replace('_', ' ')}, not confirmed", str(number))
    table.add_row("adopted in all", str(adoption.adopted), style="bold", end_section=True)
    table.add_row("ended there, too long ago for a follow-up", str(adoption.ended))
    table.add_row("here already", str(adoption.known))
    table.add_row("skipped by the map", str(reader.skipped))
    if reader.later:
        table.add_row("not there yet at that instant", str(reader.later))
    table.add_row("bad, kept apart", str(len(reader.bad)))
    notes = [Text(note) for note in _notes(view, adoption, reader, path, dry_run=dry_run)]
    return Group(table, *([_reasons(reader.bad)] if reader.bad else []), *notes)


def _reasons(bad: Iterable[BadTicket]) -> Table:
    """Return why tickets are bad, the commonest first; of many that differ only in what is quoted one stands for all."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for reason in (reason for ticket in bad for reason in ticket.reasons):
        kind = (reason.field or "-", _PARTICULAR.sub("...", reason.message))
        found.setdefault(kind, Counter())[reason.message] += 1
    rows: list[tuple[str, str, int]] = []
    for (column, _), counts in found.items():
        if len(counts) > _EACH:
            rows.append((column, f"such as: {counts.most_common(1)[0][0]}", counts.total()))
        else:
            rows += [(column, message, number) for message, number in counts.items()]
    table = _table("column", "why", "tickets")
    for column, why, number in sorted(rows, key=lambda row: -row[2])[:_SHOWN]:
        table.add_row(column, why, str(number))
    return table


def _notes(view: View, adoption: Adoption, reader: TicketReader, path: Path | None, *, dry_run: bool) -> Iterable[str]:
    if reader.unread:
        yield f"{reader.unread} updates are later than {whole(reader.as_of, view.calendar)}, and have not been read."
    if adoption.rerouted:
        by_routes = "whom nobody here knows; the routes of the policy name theirs. See [owners] in the map."
        yield f"{adoption.rerouted} had an owner {by_routes}"
    if adoption.adopted:
        grace = view.desk.policy.adoption_grace.after(view.now, view.calendar)
        yield f"Nothing rings before {whole(grace, view.calendar)}. What is due, past due included: recovery agenda"
    if path is not None:
        yield f"Mend {path} and adopt it with the same map. Is the map wrong? Mend it, and adopt {reader.source.path} again."
    if dry_run:
        yield "Nothing has been saved."
