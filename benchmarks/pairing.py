"""Measuring two things side by side: in turns, so that a busy minute of the machine slows both, and told as a ratio."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from statistics import median, quantiles

from attrs import frozen

__all__ = ["Figures", "Pair", "Side", "measure", "repeated"]

Side = Callable[[], float]
"""Does its work once and returns how many seconds one piece of it took."""


@frozen(kw_only=True)
class Pair:
    """Two sides that do comparable work. ``prepare`` makes both, and cleans up behind them.

    ``bar`` is the ratio that must not be exceeded, where one has been set.
    """

    name: str
    ours: str
    theirs: str
    prepare: Callable[[], AbstractContextManager[tuple[Side, Side]]]
    bar: float | None = None


@frozen(kw_only=True)
class Figures:
    """What was measured: the middle of each side in seconds, and of the ratios of the rounds with their quartiles."""

    pair: Pair
    rounds: int
    ours: float
    theirs: float
    ratio: float
    lower: float
    upper: float


def measure(pair: Pair, rounds: int, told: Callable[[], object] = lambda: None) -> Figures:
    """Return the figures of ``rounds`` rounds; who begins changes from round to round. ``told`` is called after each."""
    with pair.prepare() as (ours, theirs):
        taken = list(_rounds(ours, theirs, rounds, told))
    ratios = [mine / other for mine, other in taken]
    lower, _, upper = quantiles(ratios, n=4) if rounds > 1 else (ratios[0],) * 3
    return Figures(
        pair=pair,
        rounds=rounds,
        ours=median(mine for mine, _ in taken),
        theirs=median(other for _, other in taken),
        ratio=median(ratios),
        lower=lower,
        upper=upper,
    )


def _rounds(ours: Side, theirs: Side, rounds: int, told: Callable[[], object]) -> Iterator[tuple[float, float]]:
    for number in range(rounds):
        if number % 2:
            other, mine = theirs(), ours()
        else:
            mine, other = ours(), theirs()
        yield mine, other
        told()


def repeated(work: Callable[[], object], times: int) -> Side:
    """Return a side that does ``work`` so many times and tells what one of them took."""

    def side() -> float:
        begun = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - begun) / times

    return side


@contextmanager
def both(ours: Side, theirs: Side) -> Iterator[tuple[Side, Side]]:
    """Yield two sides that need no preparation, each warmed once."""
    ours()
    theirs()
    yield ours, theirs
