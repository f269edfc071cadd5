"""A desk in an event loop beside the desk itself: what the threads cost one task, and what they bring four."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.pairing import Pair, Scale, Side
from benchmarks.sample import COMMAND, NOW, POLICY, letter
from recovery import AsyncDesk, Desk, SQLiteStore

__all__ = ["PAIRS"]

QUICK, FULL = 8, 40
"""How many commands make one round, shared among the tasks."""


@contextmanager
def _prepared(tasks: int, scale: Scale) -> Iterator[tuple[Side, Side]]:
    many, numbers = scale.of(QUICK, FULL), count()
    with tempfile.TemporaryDirectory() as folder, SQLiteStore(Path(folder) / "desk.db") as store:
        desk = Desk(store=store, policy=POLICY, now=lambda: NOW)

        def cases() -> list[str]:
            return [desk.receive(letter(next(numbers))).case.id for _ in range(many)]

        with asyncio.Runner() as loop:
            ours = AsyncDesk(desk=desk, threads=tasks)
            yield partial(_shared, loop, ours, tasks, cases), partial(_one_by_one, desk, cases)
            loop.run(ours.aclose())


def _one_by_one(desk: Desk, cases: Callable[[], list[str]]) -> float:
    ids = cases()
    begun = time.perf_counter()
    for case_id in ids:
        desk.handle(case_id, COMMAND)
    return (time.perf_counter() - begun) / len(ids)


def _shared(loop: asyncio.Runner, desk: AsyncDesk, tasks: int, cases: Callable[[], list[str]]) -> float:
    ids = cases()

    async def some(part: list[str]) -> None:
        for case_id in part:
            await desk.handle(case_id, COMMAND)

    async def all_of_them() -> None:
        await asyncio.gather(*(some(ids[task::tasks]) for task in range(tasks)))

    begun = time.perf_counter()
    loop.run(all_of_them())
    return (time.perf_counter() - begun) / len(ids)


def _pair(name: str, tasks: int, told: str) -> Pair:
    return Pair(
        name=name,
        ours=f"`AsyncDesk.handle`, {told}, SQLite",
        theirs="`Desk.handle`, one after the other, SQLite",
        prepare=partial(_prepared, tasks),
        rate=True,
    )


PAIRS = (_pair("async-one-task", 1, "one task"), _pair("async-four-tasks", 4, "four tasks"))
