"""Measure, and print the figures as a Markdown table: ``python -m benchmarks [NAME...] [--rounds N] [--write]``.

With ``--write`` the table goes between the two marks of ``docs/explanation/performance.md``.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.progress import Progress

from benchmarks.pairing import Figures, Pair, measure
from benchmarks.pairs import PAIRS

PAGE = Path(__file__).parent.parent / "docs" / "explanation" / "performance.md"
BEGIN, END = "<!-- figures: written by python -m benchmarks --write -->", "<!-- end of the figures -->"
HEAD = ("| what | beside | what takes | beside takes | ratio (quartiles) | bar |", "|---|---|---:|---:|---:|---:|")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what was asked for; exit code 1 where a bar is exceeded."""
    asked = _asked(arguments)
    pairs = [pair for pair in PAIRS if not asked.names or pair.name in asked.names]
    figures = _measured(pairs, asked.rounds)
    page = "\n".join(_table(figures))
    print(page)
    if asked.write:
        _write(page)
    return 1 if any(f.pair.bar is not None and f.ratio > f.pair.bar for f in figures) else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Paired measurements, told as ratios.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which: {', '.join(pair.name for pair in PAIRS)}; default: all")
    parser.add_argument("--rounds", type=int, default=21, help="how many rounds of each pair (default: 21)")
    parser.add_argument("--write", action="store_true", help="put the table into the page about performance")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - {pair.name for pair in PAIRS}:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return asked


def _measured(pairs: Sequence[Pair], rounds: int) -> list[Figures]:
    with Progress(disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("measuring", total=len(pairs) * rounds)
        return [measure(pair, rounds, lambda: progress.advance(task)) for pair in pairs]


def _table(figures: Iterable[Figures]) -> Iterable[str]:
    yield from HEAD
    for f in figures:
        ratio = f"{f.ratio:.2f} ({f.lower:.2f} to {f.upper:.2f})"
        bar = "" if f.pair.bar is None else f"{f.pair.bar:.1f}"
        yield f"| {f.pair.ours} | {f.pair.theirs} | {_told(f.ours)} | {_told(f.theirs)} | {ratio} | {bar} |"
    yield ""
    rounds = max((f.rounds for f in figures), default=0)
    yield f"Medians of {rounds} paired rounds; Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}."


def _told(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _write(table: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
