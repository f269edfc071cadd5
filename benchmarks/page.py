"""The figures as Markdown: a heading and its tables for each group, and where they stand in the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen

from benchmarks.pairing import Fact, Figures, Group, Pair, Seen

__all__ = ["BEGIN", "END", "PAGE", "Taken", "block", "placed"]

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- figures: written by python -m benchmarks --write -->", "<!-- end of the figures -->"
PAIRED = ("| what | beside | what takes | beside takes | ratio (quartiles) | bar |", "|---|---|---:|---:|---:|---|")
ALONE = ("| what | figure | bar |", "|---|---|---|")


@frozen(kw_only=True)
class Taken:
    """What was measured of a group; ``missing`` says for each name what it would have needed."""

    group: Group
    figures: Mapping[str, Figures]
    seen: Mapping[str, Seen]
    missing: Mapping[str, str]
    on: str

    @property
    def broken(self) -> tuple[str, ...]:
        """The names of those that do not keep their bar."""
        pairs = tuple(name for name, f in self.figures.items() if not f.pair.keeps(f.ratio))
        return pairs + tuple(name for name, seen in self.seen.items() if not seen.kept)


def block(taken: Taken) -> str:
    """Return heading, tables and machine of one group."""
    tables = [table for table in (_paired(taken), _alone(taken)) if table]
    rounds = max((f.rounds for f in taken.figures.values()), default=0)
    told = f"Medians of {rounds} paired rounds. " if rounds else ""
    return "\n\n".join([f"### {taken.group.title}", *tables, f"{told}{taken.on}."])


def _paired(taken: Taken) -> str:
    rows = [row for pair in taken.group.pairs for row in _pair(pair, taken.figures, taken.missing)]
    return "\n".join([*PAIRED, *rows]) if rows else ""


def _pair(pair: Pair, measured: Mapping[str, Figures], missing: Mapping[str, str]) -> Iterator[str]:
    if f := measured.get(pair.name):
        ratio = f"{'x' if pair.rate else ''}{_ratio(f.ratio)} ({_ratio(f.lower)} to {_ratio(f.upper)})"
        tell = _rate if pair.rate else _duration
        yield f"| {pair.ours} | {pair.theirs} | {tell(f.ours)} | {tell(f.theirs)} | {ratio} | {pair.bar} |"
    elif what := missing.get(pair.name):
        yield f"| {pair.ours} | {pair.theirs} | | | not measured: needs {what} | {pair.bar} |"


def _alone(taken: Taken) -> str:
    rows = [row for fact in taken.group.facts for row in _fact(fact, taken.seen, taken.missing)]
    return "\n".join([*ALONE, *rows]) if rows else ""


def _fact(fact: Fact, seen: Mapping[str, Seen], missing: Mapping[str, str]) -> Iterator[str]:
    if found := seen.get(fact.name):
        yield f"| {fact.what} | {found.told} | {fact.bar} |"
    elif what := missing.get(fact.name):
        yield f"| {fact.what} | not measured: needs {what} | {fact.bar} |"


def _ratio(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 0.095 else f"{float(f'{ratio:.2g}'):f}".rstrip("0")


def _rate(seconds: float) -> str:
    return f"{1 / seconds:,.0f}/s" if seconds < 0.1 else f"{1 / seconds:.3g}/s"


def _duration(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def placed(page: str, groups: Iterable[Group], blocks: Mapping[str, str]) -> str:
    """Return ``page`` with the block of each group by its title in ``blocks``; a group that is not in it keeps what stood there."""
    before, rest = page.split(BEGIN)
    within, after = rest.split(END)
    there = {
        found.splitlines()[0].removeprefix("### "): found.strip() for found in re.split(r"(?m)^(?=### )", within) if found.strip()
    }
    kept = [found for group in groups if (found := blocks.get(group.title, there.get(group.title, "")))]
    return f"{before}{BEGIN}\n\n" + "\n\n".join(kept) + f"\n\n{END}{after}"
