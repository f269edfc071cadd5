"""A command that lasts: load the case, decide with every rule, save what follows, and return when the disk has it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from benchmarks.floor import batch_by_hand, by_hand, opened
from benchmarks.grounds import POSTGRES, SQLITE, Ground, Kind
from benchmarks.needs import library
from benchmarks.pairing import Pair, Prepare, Scale, Side, both
from benchmarks.peers import by_eventsourcing
from benchmarks.sample import COMMAND, NOW, POLICY, letter
from recovery import Desk
from recovery.ports.store import Store

__all__ = ["PAIRS"]

QUICK, FULL = 2, 20
"""How many commands make one round."""

Other = Callable[[Ground, Iterator[int], int], Side]
"""What the library is put beside: on which database, numbers for names, and how many commands make a round."""


def desk_on(store: Store) -> Desk:
    """Return a desk on a store."""
    return Desk(store=store, policy=POLICY, now=lambda: NOW)


def handled(store: Store, ids: list[str]) -> float:
    """Carry out the sample command on each case, and return how long one took."""
    desk = desk_on(store)
    begun = time.perf_counter()
    for case_id in ids:
        desk.handle(case_id, COMMAND)
    return (time.perf_counter() - begun) / len(ids)


def received(store: Store, numbers: Iterator[int], many: int) -> list[str]:
    """Open so many cases, and return their ids."""
    desk = desk_on(store)
    return [desk.receive(letter(next(numbers))).case.id for _ in range(many)]


def _floor(ground: Ground, numbers: Iterator[int], many: int) -> Side:
    def side() -> float:
        names = [f"by-hand-{next(numbers)}" for _ in range(many)]
        ground.begin()
        opened(ground.execute, names)
        ground.commit()
        begun = time.perf_counter()
        for name in names:
            ground.begin()
            by_hand(ground.execute, name)
            ground.commit()
        return (time.perf_counter() - begun) / many

    return side


def command(kind: Kind, other: Other = _floor, *, cold: bool = False) -> Prepare:
    """Compare commands with another way on the same database; ``cold`` opens the store anew, so that it remembers no case."""

    @contextmanager
    def prepare(scale: Scale) -> Iterator[tuple[Side, Side]]:
        with kind.made() as ground:
            numbers, many, store = count(), scale.of(QUICK, FULL), ground.store()

            def side() -> float:
                ids = received(store, numbers, many)
                if not cold:
                    return handled(store, ids)
                fresh = ground.store()
                taken = handled(fresh, ids)
                fresh.close()
                return taken

            theirs = other(ground, numbers, many)
            with both(side, theirs) as sides:
                yield sides
            store.close()

    return prepare


BATCH = 100
"""How many commands are committed together."""


def batch(kind: Kind) -> Prepare:
    """Compare commands that are committed together, in a transaction of the host's, with rows written by hand in batches."""

    @contextmanager
    def prepare(scale: Scale) -> Iterator[tuple[Side, Side]]:
        with kind.made() as ground, ground.store():
            numbers, many = count(), scale.of(QUICK, BATCH)

            def ours() -> float:
                with ground.joined() as joined:
                    ids = received(joined, numbers, many)
                begun = time.perf_counter()
                with ground.joined() as joined:
                    handled(joined, ids)
                return (time.perf_counter() - begun) / many

            def theirs() -> float:
                names = [f"by-hand-{next(numbers)}" for _ in range(many)]
                ground.begin()
                opened(ground.execute, names)
                ground.commit()
                begun = time.perf_counter()
                ground.begin()
                batch_by_hand(ground.many, names)
                ground.commit()
                return (time.perf_counter() - begun) / many

            with both(ours, theirs) as sides:
                yield sides

    return prepare


def _pairs(kind: Kind, least: float) -> Iterator[Pair]:
    by_hand_there = f"four statements by hand on {kind.name}, the rows ready made, as durable"
    yield Pair(
        name=f"handle on {kind.name}",
        ours="`desk.handle` of an acknowledgement: load, decide with every rule, save",
        theirs=by_hand_there,
        prepare=command(kind),
        rate=True,
        at_least=least,
        needs=kind.needs,
    )
    yield Pair(
        name=f"handle on {kind.name}, cold",
        ours="the same by a process that has not seen the cases before",
        theirs=by_hand_there,
        prepare=command(kind, cold=True),
        rate=True,
        needs=kind.needs,
    )
    yield Pair(
        name=f"handle on {kind.name}, eventsourcing",
        ours="`desk.handle` of an acknowledgement: load, decide with every rule, save",
        theirs=f"eventsourcing on {kind.name}: an aggregate of seven events is loaded, and one more is saved",
        prepare=command(kind, by_eventsourcing),
        rate=True,
        needs=(*kind.needs, library("eventsourcing")),
    )
    yield Pair(
        name=f"batch on {kind.name}",
        ours=f"one of {BATCH} commands that are committed together, on a connection of the host's",
        theirs=f"the same rows by hand on {kind.name}, ready made, each statement for all {BATCH} at once (`executemany`)",
        prepare=batch(kind),
        at_most=2.0,
        needs=kind.needs,
    )


PAIRS = (*_pairs(SQLITE, 0.6), *_pairs(POSTGRES, 1.2))
