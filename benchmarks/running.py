"""The run: what is missing is set aside, the rest is measured, one after the other, with a bar of progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from rich.progress import Progress

from benchmarks.machine import machine
from benchmarks.needs import missing, versions
from benchmarks.page import Taken
from benchmarks.pairing import Fact, Figures, Group, Pair, Scale, Seen, measure

__all__ = ["ROUNDS", "run"]

ROUNDS = 21
"""How many rounds of each pair, where the pair does not ask for fewer; one at the quick scale."""


def run(groups: Sequence[Group], rounds: int | None, scale: Scale) -> list[Taken]:
    """Measure ``groups``, each pair in so many rounds."""
    each = {pair.name: _rounds(pair, rounds, scale) for group in groups for pair in group.pairs}
    on = machine()
    with Progress(disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("measuring", total=sum(each.values()) + sum(len(group.facts) for group in groups))

        def look(what: Pair | Fact) -> Figures | Seen:
            progress.update(task, description=what.name)
            if isinstance(what, Pair):
                return measure(what, each[what.name], lambda: progress.advance(task), scale)
            found = what.look(scale)
            progress.advance(task)
            return found

        return [_taken(group, look, on, scale) for group in groups]


def _rounds(pair: Pair, asked: int | None, scale: Scale) -> int:
    return asked or (1 if scale is Scale.QUICK else pair.rounds or ROUNDS)


def _taken(group: Group, look: Callable[[Pair | Fact], Figures | Seen], on: str, scale: Scale) -> Taken:
    every: tuple[Pair | Fact, ...] = (*group.pairs, *group.facts)
    lacking = {each.name: what for each in every if (what := _lacking(each, scale))}
    found = {each.name: look(each) for each in every if each.name not in lacking}
    return Taken(
        group=group,
        figures={name: each for name, each in found.items() if isinstance(each, Figures)},
        seen={name: each for name, each in found.items() if isinstance(each, Seen)},
        missing=lacking,
        on=", ".join([on, *versions(need for each in every for need in each.needs)]),
    )


def _lacking(what: Pair | Fact, scale: Scale) -> str:
    return "--large" if what.large and scale is Scale.FULL else missing(what.needs)
