"""A command on SQLite, on the disk."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from benchmarks.pairing import Pair, Scale, Side
from benchmarks.sample import COMMAND, NOW, POLICY, letter
from recovery import Desk, SQLiteStore

__all__ = ["PAIRS"]


@contextmanager
def command_and_rows(scale: Scale) -> Iterator[tuple[Side, Side]]:
    """Compare one command on SQLite with bare ``sqlite3`` reading the case and writing the same rows, ready made, as durably."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("ours.db", "theirs.db")]
        with SQLiteStore(paths[0]) as store, SQLiteStore(paths[1]):
            floor = sqlite3.connect(paths[1], isolation_level=None)
            floor.execute("PRAGMA synchronous = FULL")
            numbers = count()
            desk = Desk(store=store, policy=POLICY, now=lambda: NOW)
            rows = _rows(paths[0], desk)
            many = scale.of(2, 20)
            yield lambda: _commands(desk, numbers, many), lambda: _by_hand(floor, rows, numbers, many)
            floor.close()


def _commands(desk: Desk, numbers: Iterator[int], many: int) -> float:
    ids = [desk.receive(letter(next(numbers))).case.id for _ in range(many)]
    begun = time.perf_counter()
    for case_id in ids:
        desk.handle(case_id, COMMAND)
    return (time.perf_counter() - begun) / many


Rows = Sequence[tuple[object, ...]]


def _rows(path: Path, desk: Desk) -> tuple[Rows, Rows, Rows]:
    """Let the library write one case, and return its rows: of the case, of the command's events, of its messages."""
    case = desk.receive(letter(-1)).case
    desk.handle(case.id, COMMAND)
    reading = sqlite3.connect(path)
    tables = ("cases", "events", "outbox")
    found = [reading.execute(f"SELECT * FROM {table} WHERE case_id = ?", (case.id,)).fetchall() for table in tables]
    reading.close()
    return found[0], [row for row in found[1] if row[1] > case.version], [row for row in found[2] if row[2] > case.version]


def _by_hand(floor: sqlite3.Connection, rows: tuple[Rows, Rows, Rows], numbers: Iterator[int], many: int) -> float:
    (case,), events, messages = rows
    names = [f"by-hand-{next(numbers)}" for _ in range(many)]
    for name in names:
        floor.execute(f"INSERT INTO cases VALUES ({_marks(case)})", (name, name, *case[2:]))
    begun = time.perf_counter()
    for name in names:
        public = floor.execute("SELECT public FROM cases WHERE case_id = ?", (name,)).fetchone()[0]
        json.loads(public)
        floor.execute("BEGIN IMMEDIATE")
        update = "UPDATE cases SET version = version + 1, stage = ?, wake_at = ?, public = ?, personal = ? WHERE case_id = ?"
        floor.execute(update, (case[3], case[10], case[12], case[13], name))
        floor.executemany(f"INSERT INTO events VALUES ({_marks(events[0])})", [(name, *row[1:]) for row in events])
        said = [(f"{name}/{row[2]}", name, *row[2:]) for row in messages]
        floor.executemany(f"INSERT INTO outbox VALUES ({_marks(messages[0])})", said)
        floor.execute("COMMIT")
    return (time.perf_counter() - begun) / many


def _marks(row: tuple[object, ...]) -> str:
    return ", ".join("?" * len(row))


PAIRS = (
    Pair(
        name="handle on SQLite",
        ours="`desk.handle` with an acknowledgement: load, decide, save, on the disk",
        theirs="bare sqlite3 reading the case and writing the same rows, ready made, on the disk",
        prepare=command_and_rows,
    ),
)
