"""Measure, and print the figures as Markdown: ``python -m benchmarks [NAME...] [--rounds N] [--write]``.

With ``--write`` the tables go between the two marks of ``docs/explanation/performance.md``, those of whole groups only.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from attrs import evolve

from benchmarks import page
from benchmarks.collected import GROUPS
from benchmarks.page import Taken
from benchmarks.pairing import Group, Scale
from benchmarks.running import ROUNDS, run


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; exit code 1 where a bar is broken, which one quick round cannot tell."""
    asked = _asked(arguments)
    groups = [group for group in (_chosen(group, asked.names) for group in GROUPS) if group.pairs or group.facts]
    taken = run(groups, asked.rounds, asked.scale)
    blocks = {each.group.title: page.block(each) for each in taken}
    print("\n\n".join(blocks.values()))
    for each in taken:
        _tell(each, bars=asked.scale is not Scale.QUICK)
    if asked.write:
        page.PAGE.write_text(page.placed(page.PAGE.read_text(encoding="utf-8"), GROUPS, blocks), encoding="utf-8")
    return 1 if asked.scale is not Scale.QUICK and any(each.broken for each in taken) else 0


def _tell(taken: Taken, *, bars: bool) -> None:
    for name, what in taken.missing.items():
        print(f"not measured: {name}: needs {what}", file=sys.stderr)
    for name in taken.broken if bars else ():
        print(f"bar broken: {name}", file=sys.stderr)


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    names = [name for group in GROUPS for name in group.names]
    groups = {group.name for group in GROUPS}
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Paired measurements, told as ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"a group or one of it, default all: {', '.join(names)}")
    parser.add_argument("--rounds", type=int, help=f"how many rounds of each pair (default: {ROUNDS}, or fewer long ones)")
    parser.add_argument("--write", action="store_true", help="put the tables of whole groups into the page about performance")
    sizes = parser.add_mutually_exclusive_group()
    sizes.add_argument("--quick", dest="scale", action="store_const", const=Scale.QUICK, help="small, to see that it runs")
    sizes.add_argument("--large", dest="scale", action="store_const", const=Scale.LARGE, help="also what takes many minutes")
    parser.set_defaults(scale=Scale.FULL)
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(names):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    if asked.write and (asked.scale is Scale.QUICK or set(asked.names) - groups):
        parser.error("only whole groups at full size go on the page")
    return asked


def _chosen(group: Group, names: Sequence[str]) -> Group:
    """Return the group with what was asked of it."""
    if not names or group.name in names:
        return group
    pairs = tuple(pair for pair in group.pairs if pair.name in names)
    return evolve(group, pairs=pairs, facts=tuple(fact for fact in group.facts if fact.name in names))


if __name__ == "__main__":
    sys.exit(main())
