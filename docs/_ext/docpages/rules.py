"""The rules: a table of all of them, and one entry each with what it protects from, its clocks, and its examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import recovery
from recovery import Clock
from recovery.cli.rules import SOURCE_NAMES, RuleEntry, entries, length_in_words, rung_in_words
from recovery.core.vocabulary.common import Command, Report, Speaking
from recovery.testing import Scenario, examples_of, told

__all__ = ["anchor", "clock_lines", "entries_page", "table"]


def anchor(rule: str) -> str:
    """Return the name under which other pages link to a rule."""
    return f"rule-{rule.replace('.', '-')}"


def protects(entry: RuleEntry) -> str:
    """Return what a rule protects the customer from, on one line."""
    return " ".join(entry.protects.split())


def _heading(name: str) -> str:
    return name.replace("_", " ").capitalize()


def table() -> str:
    """Return all rules, heading by heading, each with a link to its entry."""
    rows: list[str] = []
    for heading, found in groupby(entries(), key=lambda entry: entry.heading):
        rows += [f"**{_heading(heading)}**", "", "| rule | holds as | what it protects the customer from |", "| --- | --- | --- |"]
        rows += [
            f"| {{rule}}`{entry.id}` | {_holds(entry)} | {protects(entry).removeprefix('Protects the customer from ')} |"
            for entry in found
        ]
        rows.append("")
    return "\n".join(rows)


def _holds(entry: RuleEntry) -> str:
    return f"{entry.kind}, {entry.strength}" if entry.check else entry.strength


def entries_page() -> str:
    """Return the entry of every rule, heading by heading."""
    rows: list[str] = []
    for heading, found in groupby(entries(), key=lambda entry: entry.heading):
        rows += [f"## {_heading(heading)}", ""]
        for entry in found:
            rows += [*_entry(entry), ""]
    return "\n".join(rows)


def _entry(entry: RuleEntry) -> Iterator[str]:
    yield f"({anchor(entry.id)})=\n\n### {entry.id}\n\n{protects(entry)}\n"
    yield f"Holds as\n: {_holds(entry)}\n"
    yield f"From\n: {_source(entry.source)}\n"
    if entry.check is not None:
        yield f"Looks at\n: {', '.join(_looked_at(kind) for kind in sorted(entry.check.on, key=lambda kind: kind.__name__))}\n"
    if entry.ability is not None:
        yield f"Asked by\n: {entry.ability.how}\n"
    for clock in entry.clocks:
        lines = "\n  ".join(clock_lines(clock))
        yield f"Clock `{clock.id}`\n: {lines}\n"
    kept, broken = examples_of(entry.id)
    yield from _examples("Kept", kept)
    yield from _examples("Broken", broken)


def _looked_at(kind: type[Command]) -> str:
    families = {Command: "every command", Report: "every report", Speaking: "every command that speaks to the customer"}
    public = f"{{py:class}}`~recovery.{kind.__name__}`" if kind.__name__ in recovery.__all__ else f"`{kind.__name__}`"
    return families.get(kind, public)


def _source(source: str) -> str:
    letters = [part.strip() for part in source.replace(";", ",").split(",")]
    named = [SOURCE_NAMES[letter[-1:]] for letter in letters if letter[-1:] in SOURCE_NAMES]
    return f"{source} ({'; '.join(named)})" if named else source


def _plain(marks: Iterable[str]) -> str:
    return " or ".join(f"*{mark.replace('_', ' ')}*" for mark in marks)


def clock_lines(clock: Clock) -> Iterator[str]:
    """Yield how a clock runs, as the lines of a list."""
    length = clock.length
    due = "at once" if length.n == 0 else f"{length_in_words(length.n, length.unit)} after it starts"
    yield f"- {clock.what}"
    yield f"- due {due}; it {'pauses while we wait for the customer' if clock.may_pause else 'never pauses'}"
    yield f"- starts on {_plain(clock.starts)}, is met by {_plain(clock.stops)}"
    yield from (f"- {rung_in_words(rung)}" for rung in clock.ladder)
    if clock.citation:
        yield f"- ground: {clock.citation}"


def _examples(title: str, scenarios: Iterable[Scenario]) -> Iterator[str]:
    for scenario in scenarios:
        yield f":::{{admonition}} {title}: {scenario.name}\n:class: {title.lower()}\n\n{told(scenario)}\n:::\n"
