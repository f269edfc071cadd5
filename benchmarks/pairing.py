"""Measuring two things side by side: in turns, so that a busy minute of the machine slows both, and told as a ratio."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import Enum
from statistics import median, quantiles

from attrs import frozen

from benchmarks.needs import Need

__all__ = ["Fact", "Figures", "Group", "Pair", "Prepare", "Scale", "Seen", "Side", "both", "measure", "repeated", "simple"]

Side = Callable[[], float]
"""Does its work once and returns how many seconds one piece of it took."""


class Scale(Enum):
    """How much is done: ``QUICK`` shows that it runs, ``FULL`` measures, ``LARGE`` takes the sizes that take many minutes."""

    QUICK = "quick"
    FULL = "full"
    LARGE = "large"

    def of(self, quick: int, full: int, large: int | None = None) -> int:
        """Return the number that belongs to this scale; ``large`` is ``full`` where nothing more is to be learnt."""
        if self is Scale.QUICK:
            return quick
        return full if self is Scale.FULL or large is None else large


Prepare = Callable[[Scale], AbstractContextManager[tuple[Side, Side]]]
"""Makes both sides, and cleans up behind them."""


@frozen(kw_only=True)
class Pair:
    """Two sides that do comparable work.

    Without ``rate`` the ratio is time by time: 2 is twice as slow. With ``rate`` it is rate by rate, "x of the floor": 0.5 is half
    as many a second. ``at_most`` and ``at_least`` are the bars of the ratio, where one has been set; ``needs`` is what must be
    there to measure it; ``rounds``, where given, are enough for a pair whose rounds are long. ``large`` is measured at the large
    scale alone, and tried at the quick one.
    """

    name: str
    ours: str
    theirs: str
    prepare: Prepare
    rate: bool = False
    at_most: float | None = None
    at_least: float | None = None
    needs: tuple[Need, ...] = ()
    rounds: int | None = None
    large: bool = False

    def keeps(self, ratio: float) -> bool:
        """Return whether ``ratio`` keeps the bars."""
        return (self.at_most is None or ratio <= self.at_most) and (self.at_least is None or ratio >= self.at_least)

    @property
    def bar(self) -> str:
        """The bars in words."""
        bars = (("at most", self.at_most), ("at least", self.at_least))
        return ", ".join(f"{word} {bar:.2f}" for word, bar in bars if bar is not None)


@frozen(kw_only=True)
class Seen:
    """What was found out, in words, and whether it is what it must be."""

    told: str
    kept: bool = True


@frozen(kw_only=True)
class Fact:
    """A figure that stands alone: a size, a count. ``bar`` says in words what it must be, where it must be something."""

    name: str
    what: str
    look: Callable[[Scale], Seen]
    bar: str = ""
    needs: tuple[Need, ...] = ()
    large: bool = False


@frozen(kw_only=True)
class Group:
    """What is measured together and stands under one heading."""

    name: str
    title: str
    pairs: tuple[Pair, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What can be asked for: the whole group, or one of it."""
        return (self.name, *(pair.name for pair in self.pairs), *(fact.name for fact in self.facts))


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


def measure(pair: Pair, rounds: int, told: Callable[[], object] = lambda: None, scale: Scale = Scale.FULL) -> Figures:
    """Return the figures of ``rounds`` rounds; who begins changes from round to round. ``told`` is called after each."""
    with pair.prepare(scale) as (ours, theirs):
        taken = list(_rounds(ours, theirs, rounds, told))
    ratios = [other / mine if pair.rate else mine / other for mine, other in taken]
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


def simple(ours: Callable[[], Callable[[], object]], theirs: Callable[[], Callable[[], object]], times: tuple[int, int]) -> Prepare:
    """Return how to prepare two pieces of work that are made once and done so many times a round, each side as often as given."""

    def prepare(scale: Scale) -> AbstractContextManager[tuple[Side, Side]]:
        mine, other = (scale.of(max(1, number // 50), number) for number in times)
        return both(repeated(ours(), mine), repeated(theirs(), other))

    return prepare
