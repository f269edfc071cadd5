"""What may be offered on a case, best first, each with its reasons and what it takes to propose it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from recovery import Case, Suggestion
from recovery.cli.console import screen
from recovery.cli.opening import View, find_case, open_view
from recovery.cli.output import moment
from recovery.cli.reporting import heading, print_json
from recovery.codec import instant_to_text, to_dict

__all__ = ["show_suggestions"]

Place = tuple[str | None, str | None, str | None]


def show_suggestions(name: str, *, place: Place, as_json: bool) -> int:
    """Show what may be offered on one case."""
    view = open_view(*place)
    case = find_case(view, name)
    found = view.desk.suggest(case.id)
    if as_json:
        print_json({"now": instant_to_text(view.now), "case_id": case.id, "suggestions": [to_dict(one) for one in found]})
        return 0
    console = screen()
    console.print(heading(view), soft_wrap=True)
    console.print(_page(view, case, found))
    return 0


def _page(view: View, case: Case, found: tuple[Suggestion, ...]) -> RenderableType:
    if not found:
        return Text(_why_none(case), style="dim")
    parts: list[RenderableType] = [Text(f"What may be offered on {case.reference}, best first", style="bold")]
    for number, one in enumerate(found, start=1):
        parts += [Text(f"\n{number}. {_title(one)}"), *(Padding(Text(line), (0, 0, 0, 3)) for line in _lines(view, one))]
    parts.append(Text(f"\nTo propose the first: recovery do {case.reference} {_typed(found[0])}", style="dim"))
    return Group(*parts)


def _why_none(case: Case) -> str:
    if case.in_tray:
        return "Nobody knows yet whose this is, so nothing is suggested. Identify it first."
    return "There is no guideline for this kind of problem, and no similar case to learn from. Write one: recovery policy --help"


def _title(one: Suggestion) -> str:
    option = one.option
    value = "" if option.value is None else f", {option.value}"
    text = "" if option.text == option.id else f": {option.text}"
    return f"{option.id}{value}{text}"


def _lines(view: View, one: Suggestion) -> Iterator[str]:
    yield from (f"- {reason}" for reason in one.reasons)
    if one.goodwill is not None and not one.needs_exception:
        yield f"- up to {one.goodwill} of goodwill may go on top"
    if one.option.by is not None:
        yield f"- it can be there by {moment(one.option.by, view.calendar, view.now)}"
    if one.cases:
        yield f"- those cases: {', '.join(one.cases)}"


def _typed(one: Suggestion) -> str:
    """Return the command that proposes it, or that asks for the exception it needs."""
    option = one.option
    if one.needs_exception:
        value = "" if option.value is None else f" --value {shlex.quote(str(option.value))}"
        return f"request-exception --remedy {option.id}{value} --reason ..."
    told = [f"id={option.id}", f"text={option.text}"]
    told += [] if option.delivers is None else [f"delivers={option.delivers}"]
    told += [] if option.value is None else [f"value={option.value}"]
    return f"propose --via email --text ... --option {shlex.quote(','.join(told))}"
