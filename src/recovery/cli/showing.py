"""What the commands that look at a desk show, one function each: as tables for people, or as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from rich.console import RenderableType

from recovery import Case, Query, Stage
from recovery.cli import output, tables
from recovery.cli.amounts import some
from recovery.cli.console import screen
from recovery.cli.instants import instant_of
from recovery.cli.matters import open_matters
from recovery.cli.opening import View, find_case, open_view
from recovery.cli.patience import busy
from recovery.cli.posting import outbox_table, posts
from recovery.cli.reporting import heading, print_all, print_json
from recovery.cli.timeline import page
from recovery.codec import instant_to_text, to_dict

__all__ = ["found", "show_agenda", "show_all", "show_case", "show_clocks", "show_outbox"]

Place = tuple[str | None, str | None, str | None]
Document = Mapping[str, object]


def show_all(*, place: Place, as_json: bool) -> int:
    """Show how all cases stand, and each of them on a line."""
    view = open_view(*place)
    if as_json:
        return _streamed(view, view.desk.find())
    with busy("Reading cases"):
        cases = list(view.desk.find())
    if not cases:
        return _shown(view, tables.nothing("There is no case yet. Take the first: recovery receive --help"))
    return _shown(view, tables.headline(cases), tables.case_list(view, cases, "\nCases"))


def show_case(name: str, *, place: Place, every: bool, full: bool, as_json: bool) -> int:
    """Show one case: what is open on it, and its life day by day."""
    view = open_view(*place)
    case = find_case(view, name)
    if as_json:
        entries = [to_dict(entry) for entry in view.desk.timeline(case.id)]
        steps = [to_dict(step) for step in view.desk.agenda() if step.case_id == case.id]
        earlier, twins = view.desk.earlier(case.id), [to_dict(twin) for twin in view.desk.twins(case.id)]
        known = {
            "priority": case.priority.value,
            "earlier": None if earlier is None else [to_dict(one) for one in earlier],
            "twins": twins,
        }
        return _printed(view, {"case": to_dict(case), **known, "steps": steps, "entries": entries})
    return _shown(view, page(view, case, every=every, full=full), open_matters(view, case))


def found(criteria: Mapping[str, object], *, limit: int | None, place: Place, as_json: bool) -> int:
    """Show the cases that fit all criteria."""
    most = None if limit is None else some("--limit", limit)
    stage = criteria["stage"]
    query = Query(**{**criteria, "stage": None if stage is None else Stage(stage)})  # type: ignore[arg-type]
    view = open_view(*place)
    if as_json:
        return _streamed(view, islice(view.desk.find(query), most))
    with busy("Looking for cases"):
        cases = list(islice(view.desk.find(query), most))
    return _shown(view, tables.case_list(view, cases) if cases else tables.nothing("No case fits. All of them: recovery show"))


def show_agenda(*, owner: str | None, until: str | None, place: Place, as_json: bool) -> int:
    """Show dated steps, of one person or until an instant, if so wanted."""
    with busy("Reading the agenda"):
        view = open_view(*place)
        limit = None if until is None else instant_of("--until", until, view.calendar, now=view.now)
        steps = view.desk.agenda(owner=owner, until=limit)
    if as_json:
        return _printed(view, {"steps": [to_dict(step) for step in steps]})
    whose = "Agenda" if owner is None else f"Agenda of {owner}"
    title = whose if limit is None else f"{whose}, due until {output.whole(limit, view.calendar)}"
    return _shown(view, tables.agenda_table(view, steps, title), *_stranger(view, owner))


def _stranger(view: View, owner: str | None) -> tuple[RenderableType, ...]:
    """Return a word about an owner whom the policy does not know, so that an empty agenda is not taken for a free day."""
    if owner is None or not view.people or owner in view.people:
        return ()
    return (tables.nothing(f"Nobody is called {owner!r}. There are: {', '.join(view.people)}."),)


def show_clocks(name: str | None, *, place: Place, as_json: bool) -> int:
    """Show every run of the clocks of a case, or the counts over all cases."""
    with busy("Reading the clocks"):
        view = open_view(*place)
        cases = list(view.desk.find()) if name is None else [find_case(view, name)]
    if as_json:
        read = {case.id: tables.clocks_if_readable(view, case) for case in cases}
        told = {case_id: None if found is None else [to_dict(one) for one in found] for case_id, found in read.items()}
        return _printed(view, {"clocks": told})
    return _shown(view, tables.clock_counts(view) if name is None else tables.clock_table(view, cases[0]))


def show_outbox(channel: str | None, *, place: Place, as_json: bool) -> int:
    """Show what has been written and has not arrived."""
    with busy("Reading the outbox"):
        view = open_view(*place)
        waiting = [post for post in posts(view) if channel in (None, post.channel.value)]
    if as_json:
        return _printed(view, {"messages": [to_dict(post) for post in waiting]})
    return _shown(view, outbox_table(view, waiting))


def _shown(view: View, *parts: RenderableType) -> int:
    console = screen()
    console.print(heading(view), soft_wrap=True)
    for part in parts:
        console.print(part)
    return 0


def _streamed(view: View, cases: Iterable[Case]) -> int:
    """Print cases as they come: a database holds more of them than a process."""
    print_all({"now": instant_to_text(view.now)}, "cases", map(to_dict, cases))
    return 0


def _printed(view: View, document: Document) -> int:
    print_json({"now": instant_to_text(view.now), **document})
    return 0
