"""``recovery preview``: every message that a case would send next, in words, with the scripts of calls and letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from recovery import Preview, PreviewKind
from recovery.cli.console import screen
from recovery.cli.opening import View, find_case, open_view
from recovery.cli.output import moment
from recovery.cli.patience import busy
from recovery.cli.reporting import heading, print_json
from recovery.codec import instant_to_text, to_dict

__all__ = ["show_preview"]

HOW = {
    PreviewKind.WAITS: "waits to be sent",
    PreviewKind.BY_HAND: "to be done by hand",
    PreviewKind.DRAFT: "a draft: what a person might say",
    PreviewKind.RECEIPT: "the receipt of the customer's next message",
    PreviewKind.BY_ITSELF: "by itself, if nothing happens before",
}


def show_preview(name: str, *, place: tuple[str | None, str | None, str | None], every: bool, as_json: bool) -> int:
    """Show what a case would say next."""
    with busy("Looking ahead"):
        view = open_view(*place)
        case = find_case(view, name)
        found = view.desk.preview(case.id)
    if as_json:
        told = {"now": instant_to_text(view.now), "case": case.id, "messages": [to_dict(one) for one in found]}
        print_json(told)
        return 0
    console = screen()
    console.print(heading(view), soft_wrap=True)
    for part in _page(view, found, every=every):
        console.print(part)
    return 0


def _page(view: View, found: Sequence[Preview], *, every: bool) -> Iterator[RenderableType]:
    to_customer = [one for one in found if one.person is None or every]
    ours = [one for one in found if one.person is not None]
    if not found:
        yield Text("It would say nothing: nothing waits, and no clock is running.")
    for one in to_customer:
        yield from _message(view, one)
    if ours and not every:
        yield from _colleagues(view, ours)


def _message(view: View, one: Preview) -> Iterator[RenderableType]:
    yield Rule(align="left", style="dim")
    yield Text(f"{HOW[one.kind]} ({one.because.replace('_', ' ')})", style="bold")
    yield Text(f"{moment(one.at, view.calendar, view.now)}  by {one.channel.value.replace('_', ' ')} to {_whom(one)}", style="dim")
    yield Text(f"\n{one.subject}\n", style="bold")
    yield Text(f"{one.body}\n")


def _whom(one: Preview) -> str:
    return ", ".join(filter(None, (one.person or "the customer", one.to)))


def _colleagues(view: View, ours: Sequence[Preview]) -> Iterator[RenderableType]:
    yield Rule(align="left", style="dim")
    yield Text("To colleagues (in full with --every)", style="bold")
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(2):
        table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for one in ours:
        what = Text(one.subject).append(f" ({one.because.replace('_', ' ')})", style="dim")
        table.add_row(moment(one.at, view.calendar, view.now), one.person or "", what)
    yield table
