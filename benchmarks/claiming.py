"""Claims of a hundred due cases: among few open cases and among many, beside a forgotten snapshot, and by several workers at once.

Claims go round: what was claimed is looked at (by hand, outside of the time that is measured) and comes due again last of all, so
that any number of claims can be made, and each finds its hundred where the queue begins.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from itertools import count
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier

from attrs import define, field

from benchmarks.grounds import LASTING, POSTGRES, SQLITE, Closing, Kind
from benchmarks.pairing import Fact, Pair, Prepare, Scale, Seen, Side
from benchmarks.sample import NOW
from benchmarks.tables import Filled, filled, fresh
from recovery import SQLiteStore
from recovery.codec import instant_to_text
from recovery.ports.store import Store

__all__ = ["FACTS", "FEW", "PAIRS", "sized", "store_of"]

LEASE = timedelta(minutes=5)
CLAIM = 100
"""How many cases a claim asks for."""
FEW = 10_000
"""The desk that the others are held against."""


def sized(scale: Scale, many: int) -> int:
    """Return how many cases stand for ``many``; at the quick scale a thousandth, but enough to claim some."""
    return scale.of(max(1_000, many // 1_000), many)


@define(kw_only=True)
class Round:
    """Claims that go round on one database."""

    made: Filled
    store: Store
    seconds: Iterator[int] = field(factory=count)

    def claim(self, times: int) -> float:
        """Claim a hundred cases so many times; return how long one claim took."""
        taken = 0.0
        for _ in range(times):
            now = NOW.add(seconds=next(self.seconds))
            begun = time.perf_counter()
            ids = self.store.claim_due(now, CLAIM, LEASE)
            taken += time.perf_counter() - begun
            if len(ids) < CLAIM:
                raise ValueError(f"{len(ids)} cases were due, and not {CLAIM}")
            self._looked_at(ids, instant_to_text(now))
        return taken / times

    def _looked_at(self, ids: Sequence[str], at: str) -> None:
        marks = ", ".join("?" * len(ids))
        self.made.rows(f"UPDATE recovery_wakes SET wake_at = ?, claimed_until = NULL WHERE case_id IN ({marks})", (at, *ids))


@cache
def _round(kind: Kind, many: int) -> Round:
    """Return the claims on a table: one after the other in time, whoever makes them."""
    made = filled(kind, many)
    return Round(made=made, store=LASTING.enter_context(made.store()))


def among(kind: Kind, many: int) -> Prepare:
    """Compare claims among ``many`` open cases with claims among few."""

    @contextmanager
    def prepare(scale: Scale) -> Iterator[tuple[Side, Side]]:
        sides = [_round(kind, sized(scale, each)) for each in (many, FEW)]
        times = scale.of(1, 10)
        for each in sides:
            each.claim(times)
        yield lambda: sides[0].claim(times), lambda: sides[1].claim(times)

    return prepare


def beside_snapshot(kind: Kind, many: int, claims: int) -> Prepare:
    """Compare claims beside a snapshot that was forgotten ``claims`` claims ago with claims where nobody has forgotten one."""

    @contextmanager
    def prepare(scale: Scale) -> Iterator[tuple[Side, Side]]:
        size, times = sized(scale, many), scale.of(1, 10)
        free = _round(kind, size)
        with fresh(kind, size) as made, made.store() as store, made.snapshot():
            held = Round(made=made, store=store)
            held.claim(scale.of(2, claims))
            free.claim(times)
            yield lambda: held.claim(times), lambda: free.claim(times)

    return prepare


# ---------------------------------------------------------------- several at once

LATER = NOW.add(days=1)
"""When the claimers look: by then everything that went round is due."""
CLAIMERS = (1, 2, 4)


_ready: list[Barrier] = []
"""Where the processes wait for each other, so that none begins before all have opened their store."""


def _together_with(ready: Barrier) -> None:
    _ready.append(ready)


def _claimer(kind: str, where: str, seconds: float) -> tuple[float, list[str]]:
    """Claim as one process of several, until the time is over or nothing is due; a claim is never given back."""
    with store_of(kind, where) as store:
        store.claim_due(NOW.subtract(years=1), CLAIM, LEASE)
        claimed: list[str] = []
        _ready[0].wait()
        begun = time.perf_counter()
        while time.perf_counter() - begun < seconds and (ids := store.claim_due(LATER, CLAIM, LEASE)):
            claimed += ids
        return time.perf_counter() - begun, claimed


def store_of(kind: str, where: str) -> Closing:
    """Open a store of a kind of database, by its name."""
    if kind == SQLITE.name:
        return SQLiteStore(where)
    from recovery.stores.postgres import PostgresStore  # noqa: PLC0415

    return PostgresStore(where)


def _together(kind: Kind, made: Filled, many: int, seconds: float) -> tuple[float, list[str]]:
    """Let so many processes claim at once; return how many cases a second they claimed between them, and which."""
    spawning = get_context("spawn")
    with spawning.Pool(many, initializer=_together_with, initargs=(spawning.Barrier(many),)) as pool:
        found = pool.starmap(_claimer, [(kind.name, made.where, seconds)] * many, chunksize=1)
    claimed = [case_id for _, ids in found for case_id in ids]
    return len(claimed) / max(taken for taken, _ in found), claimed


def several(kind: Kind, many: int) -> Callable[[Scale], Seen]:
    """Return the look at one, two and four processes that claim from ``many`` open cases."""

    def look(scale: Scale) -> Seen:
        made = filled(kind, sized(scale, many))
        rates, total, twice = list[str](), 0, 0
        for claimers in CLAIMERS if scale is not Scale.QUICK else (2,):
            made.rows("UPDATE recovery_wakes SET claimed_until = NULL WHERE claimed_until IS NOT NULL", ())
            rate, claimed = _together(kind, made, claimers, scale.of(1, 3) / 2)
            rates.append(f"{claimers}: {rate:,.0f}/s")
            total, twice = total + len(claimed), twice + len(claimed) - len(set(claimed))
        return Seen(told=f"{', '.join(rates)}; claimed twice: {twice} of {total:,}", kept=not twice)

    return look


def _pairs(kind: Kind) -> Iterator[Pair]:
    for many, told in ((100_000, "100,000"), (1_000_000, "1,000,000"), (10_000_000, "10,000,000")):
        yield Pair(
            name=f"claim among {told} on {kind.name}",
            ours=f"a claim of {CLAIM} due cases among {told} open ones, on {kind.name}",
            theirs=f"the same among {FEW:,}",
            prepare=among(kind, many),
            at_most=3.0,
            needs=kind.needs,
            large=many > 1_000_000,
        )
    yield Pair(
        name=f"claim beside a snapshot on {kind.name}",
        ours=f"a claim of {CLAIM} due cases beside a snapshot that was forgotten 1,500 claims ago, on {kind.name}",
        theirs="the same where nobody has forgotten one",
        prepare=beside_snapshot(kind, 100_000, 1_500),
        at_most=2.0 if kind is POSTGRES else None,
        needs=kind.needs,
    )


KINDS = (SQLITE, POSTGRES)
PAIRS = tuple(pair for kind in KINDS for pair in _pairs(kind))
FACTS = tuple(
    Fact(
        name=f"claimers on {kind.name}",
        what=f"cases claimed a second by one, two and four processes from 1,000,000 open ones, on {kind.name}",
        look=several(kind, 1_000_000),
        bar="claimed twice: 0",
        needs=kind.needs,
    )
    for kind in KINDS
)
