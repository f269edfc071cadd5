"""The twelve situations: each story is played, and its page is what came of it: a picture, every word day by day, and the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from inspect import getdoc
from itertools import groupby
from types import ModuleType

import pendulum

from docpages import svg
from recovery import Reason
from telling import Kind, Line, Situation, gist, play, spoken

__all__ = ["ORDER", "index", "page_of", "picture", "played", "story"]

ORDER = (
    "the_boat_display_whose_letter_nobody_answered",
    "the_dealers_not_available_end_of_story",
    "the_tyre_recall",
    "the_line_promised_in_four_weeks",
    "the_phone_maze",
    "the_irate_letter",
    "the_refund_under_way",
    "accepted_but_not_solved",
    "what_the_neighbour_got",
    "the_owner_who_falls_ill",
    "the_customer_who_left",
    "the_customer_who_never_answers_again",
)
"""The stories, in the order in which they are listed."""

LANES = ("the customer", "people of ours", "by machine", "refused, warned", "told inside")
LEFT, WIDTH, ROW, TOP = 118, 560, 26, 40
_MARKUP = re.compile(r"([\\`*_\[\]<>#$|{}~])")


def story(name: str) -> ModuleType:
    """Return the file of a story."""
    return import_module(name)


@cache
def played(name: str) -> Situation:
    """Return a story as it comes out."""
    return play(story(name))


def title(name: str) -> str:
    """Return the title of a story: the first half of its first line."""
    return (getdoc(story(name)) or "").splitlines()[0].partition(":")[0].rstrip(".")


def lesson(name: str) -> str:
    """Return what a story teaches: the second half of its first line."""
    return (getdoc(story(name)) or "").splitlines()[0].partition(":")[2].strip()


def index() -> str:
    """Return the list of the stories: what each is about, what it teaches, and the rules that show themselves in it."""
    rows = ["| situation | what it comes to | rules that show themselves |", "| --- | --- | --- |"]
    rows += [f"| [{title(name)}]({name}.md) | {lesson(name)} | {_links(story(name).SHOWS)} |" for name in ORDER]
    return "\n".join(rows)


def page_of(name: str) -> Callable[[], str]:
    """Return what writes the page of a story."""
    return lambda: "\n".join(_page(name))


def _page(name: str) -> Iterator[str]:
    told = played(name)
    yield f"# {title(name)}\n"
    yield f"*{_capital(lesson(name))}*\n"
    yield "\n".join((getdoc(story(name)) or "").splitlines()[1:]) + "\n"
    yield picture(name) + "\n"
    yield f"Rules that show themselves here: {_links(story(name).SHOWS)}.\n"
    several = len(told.cases()) > 1
    for day, lines in groupby(told.lines, key=lambda line: line.at.format("dddd D MMMM")):
        yield f"## {day}\n"
        for line in lines:
            yield from _line(line, told, several=several)
    yield "## How it ended\n"
    yield from _ends(told)
    yield f"\n## The story as code\n\nRun it with `python examples/situations/{name}.py`.\n"
    yield f"```{{literalinclude}} ../../examples/situations/{name}.py\n:language: python\n```"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _links(rules: tuple[str, ...]) -> str:
    return ", ".join(f"{{rule}}`{rule}`" for rule in rules)


def _line(line: Line, told: Situation, *, several: bool) -> Iterator[str]:
    about = f" ({told.desk.load(line.case_id).reference})" if several and line.case_id else ""
    match line.kind:
        case Kind.TOLD:
            yield f"**{line.at:HH:mm}** {plain(line.text)}\n"
        case Kind.HEARD | Kind.SAID:
            yield f"{_quoted(line.text)}\n>\n> — *{plain(line.who)}, {line.how}*\n"
        case Kind.DRAFT:
            yield f"{_quoted(line.text)}\n>\n> — *not sent*\n"
        case Kind.WRITTEN:
            yield from _boxed(f"{line.at:HH:mm}, to {line.who}, {line.how}: {line.subject}", "mail", _verse(line.text))
        case Kind.NOTED if "\n- " in line.text:
            yield from _boxed(f"{line.at:HH:mm}, inside the house, to {line.who}: {line.subject}", "inside", _verse(line.text))
        case Kind.NOTED:
            yield f"*{line.at:HH:mm}, to {plain(line.who)}, inside the house: {plain(line.subject)}.* {plain(gist(line))}\n"
        case Kind.STEP:
            due = f", {line.how}" if line.how else ""
            yield f"- on the agenda of {plain(line.who)}{about}: {plain(line.text)}{due}\n"
        case _:
            title, look = ("Refused", "broken") if line.kind is Kind.REFUSED else ("Warned", "warned")
            yield from _boxed(title, look, "\n".join(_reason(reason) for reason in line.reasons))


def _boxed(title: str, look: str, body: str) -> Iterator[str]:
    yield f":::{{admonition}} {plain(title)}\n:class: {look}\n\n{body}\n:::\n"


def _reason(reason: Reason) -> str:
    return f"- {{rule}}`{reason.rule}`: {plain(reason.message)} {plain(reason.hint)}"


def _ends(told: Situation) -> Iterator[str]:
    for case in told.cases():
        reopened = f", after it had come back {case.closing.reopened} time(s)" if case.closing.reopened else ""
        ended = "" if case.ended_at is None else f" on {spoken(case.ended_at)}"
        outcome = " and ".join(
            f"{name}: {found.value}"
            for name, found in (("after days", case.following_up.days), ("after weeks", case.following_up.weeks))
            if found is not None
        )
        whose = plain(case.receiving.customer.name or "")
        yield f"- {whose}, {case.reference}: *{case.stage.value.replace('_', ' ')}*{ended}{reopened}. {_capital(outcome)}"


def plain(text: str) -> str:
    """Return a text so that a page shows it as it is."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _quoted(text: str) -> str:
    return "\n>\n".join(f"> {plain(part)}" for part in text.splitlines() if part.strip())


def _verse(text: str) -> str:
    """Return a message with its lines kept."""
    paragraphs = ("\\\n".join(plain(part) for part in block.splitlines()) for block in text.split("\n\n"))
    return "\n\n".join(part.replace("\\\n- ", "\n- ") for part in paragraphs)


# ---------------------------------------------------------------- the picture


def picture(name: str) -> str:
    """Return the story as a timeline: who spoke on which day, what was refused, and who was told inside."""
    told = played(name)
    first, last = told.lines[0].at.start_of("day"), told.lines[-1].at.end_of("day")
    span = (last - first).total_seconds()

    def at(instant: pendulum.DateTime) -> float:
        return LEFT + WIDTH * (instant - first).total_seconds() / span

    height = TOP + ROW * len(LANES)
    shapes: list[str] = []
    monday = first if first.day_of_week is pendulum.MONDAY else first.next(pendulum.MONDAY)
    while monday <= last:
        shapes.append(svg.line([(at(monday), 22), (at(monday), height)], dashed=True, look="soft"))
        shapes.append(svg.text(at(monday) + 3, 14, monday.format("D MMM"), size=11, look="soft"))
        monday = monday.add(weeks=max(1, round(span / 86400 / 7 / 8)))
    for number, lane in enumerate(LANES):
        y = TOP + ROW * number
        shapes += [svg.text(LEFT - 10, y + 4, lane, size=11, anchor="end"), svg.line([(LEFT, y), (LEFT + WIDTH, y)], look="soft")]
    for line in told.lines:
        if (lane_of := _lane(line)) is not None:
            look = "accent" if lane_of < 2 else ""
            shapes.append(svg.dot(at(line.at), TOP + ROW * lane_of, 4.5, fill=0.0 if lane_of == 3 else 0.6, look=look))
    return svg.on_page(LEFT + WIDTH + 12, height, shapes, title=f"{title(name)}: who spoke when, and what was refused")


def _lane(line: Line) -> int | None:
    if line.kind is Kind.WRITTEN:
        return 2 if line.machine else 1
    lanes = {Kind.HEARD: 0, Kind.SAID: 1, Kind.REFUSED: 3, Kind.WARNED: 3, Kind.NOTED: 4}
    return lanes.get(line.kind)
