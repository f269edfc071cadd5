"""What is measured: import, one stage step, one decision, one command on SQLite, the words of a text, business time."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import pendulum
from transitions import Machine

from benchmarks.pairing import Pair, Side, both, repeated
from recovery import (
    Acknowledge,
    Address,
    Case,
    Channel,
    Contact,
    Customer,
    Desk,
    MemoryStore,
    Policy,
    SQLiteStore,
    Stage,
    Trigger,
    Word,
    check_wording,
    decide,
    policies,
)
from recovery.core.stages import TABLE, next_stage

__all__ = ["PAIRS"]

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
HOURS = policies.office_hours("Europe/Berlin", holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1)}))
POLICY: Policy = policies.default(fallback_owner="ana", calendar=HOURS)
MAIL = Word(via={Channel.EMAIL}, text="I have your message, I am sorry for the trouble, and I am on it.")
COMMAND = Acknowledge(by="ana", word=MAIL, next_word_at=NOW.add(days=1))

# ---------------------------------------------------------------- import

OURS = "from recovery import Desk, Contact, Acknowledge"
FIRST = f"{OURS}; import recovery.desk; recovery.desk.acting; from recovery import MemoryStore, policies"
DEPENDENCIES = "import transitions, attrs, pendulum, cattrs"


def _import(statement: str) -> Side:
    code = f"import time; begun = time.perf_counter()\n{statement}\nprint(time.perf_counter() - begun)"

    def side() -> float:
        told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        return float(told.stdout)

    return side


def importing(statement: str) -> AbstractContextManager[tuple[Side, Side]]:
    """Compare importing the library, in a fresh interpreter, with importing the four libraries it stands on."""
    return both(_import(statement), _import(DEPENDENCIES))


# ---------------------------------------------------------------- a stage step


class Model:
    """What ``transitions`` needs for a guarded step."""

    state: str

    def may(self) -> bool:
        """Let the step happen."""
        return True


def _engine(guard: str | None) -> Side:
    model = Model()
    edges = [
        {"trigger": trigger.value, "source": source.value, "dest": target.value, "conditions": guard}
        for (source, trigger), target in TABLE.items()
    ]
    Machine(model, states=[stage.value for stage in Stage], initial="received", transitions=edges, auto_transitions=False)

    def step() -> None:
        model.state = "received"
        model.acknowledge()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]

    return repeated(step, 2_000)


def step_and_dict() -> AbstractContextManager[tuple[Side, Side]]:
    """Compare reading the chart with looking up a dictionary."""
    table = dict(TABLE)
    ours = repeated(lambda: next_stage(Stage.RECEIVED, Trigger.ACKNOWLEDGE), 50_000)
    return both(ours, repeated(lambda: table.get((Stage.RECEIVED, Trigger.ACKNOWLEDGE)), 50_000))


def step_and_engine() -> AbstractContextManager[tuple[Side, Side]]:
    """Compare reading the chart with running the engine of ``transitions``."""
    return both(repeated(lambda: next_stage(Stage.RECEIVED, Trigger.ACKNOWLEDGE), 50_000), _engine(None))


# ---------------------------------------------------------------- a decision


def letter(number: int) -> Contact:
    """Return a customer's mail."""
    sender = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value=f"bo{number}@boat.example"),))
    text = "The display of my boat went dark."
    return Contact(channel=Channel.EMAIL, sender=sender, text=text, received_at=NOW, message_id=f"{number}@boat.example")


def received() -> Case:
    """Return a case that has just come in."""
    return Desk(store=MemoryStore(), policy=POLICY, now=lambda: NOW).receive(letter(0)).case


def decision_and_trigger() -> AbstractContextManager[tuple[Side, Side]]:
    """Compare a whole decision (every rule, events, fold, agenda, a mail) with one guarded trigger of ``transitions``."""
    case = received()
    return both(repeated(lambda: decide(case, COMMAND, policy=POLICY, now=NOW), 500), _engine("may"))


# ---------------------------------------------------------------- a command on SQLite

AT_ONCE = 20
"""How many commands make one round."""


@contextmanager
def command_and_rows() -> Iterator[tuple[Side, Side]]:
    """Compare one command on SQLite with bare ``sqlite3`` reading the case and writing the same rows, ready made, as durably."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("ours.db", "theirs.db")]
        with SQLiteStore(paths[0]) as store, SQLiteStore(paths[1]):
            floor = sqlite3.connect(paths[1], isolation_level=None)
            floor.execute("PRAGMA synchronous = FULL")
            numbers = count()
            desk = Desk(store=store, policy=POLICY, now=lambda: NOW)
            rows = _rows(paths[0], desk)
            yield lambda: _commands(desk, numbers), lambda: _by_hand(floor, rows, numbers)
            floor.close()


def _commands(desk: Desk, numbers: Iterator[int]) -> float:
    ids = [desk.receive(letter(next(numbers))).case.id for _ in range(AT_ONCE)]
    begun = time.perf_counter()
    for case_id in ids:
        desk.handle(case_id, COMMAND)
    return (time.perf_counter() - begun) / AT_ONCE


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


def _by_hand(floor: sqlite3.Connection, rows: tuple[Rows, Rows, Rows], numbers: Iterator[int]) -> float:
    (case,), events, messages = rows
    names = [f"by-hand-{next(numbers)}" for _ in range(AT_ONCE)]
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
    return (time.perf_counter() - begun) / AT_ONCE


def _marks(row: tuple[object, ...]) -> str:
    return ", ".join("?" * len(row))


# ---------------------------------------------------------------- the words of a text

LETTER = (
    "Thank you for telling us about the boiler, and I am sorry that you have been without warm water since Monday. "
    "I have ordered the part, and it arrives on Thursday morning. Our engineer fits it the same day between nine and eleven. "
    "Until then you can use the shower of the flat next door; the key is at the reception. I will ring you."
)
"""A message as it should be: 65 words in which nothing is to be found."""


def wording_and_split() -> AbstractContextManager[tuple[Side, Side]]:
    """Compare holding a message against every English rule of wording with splitting it into words, in small letters."""
    ours = repeated(lambda: check_wording(LETTER, language="en"), 1_000)
    return both(ours, repeated(lambda: re.findall(r"\w+", LETTER.casefold()), 1_000))


# ---------------------------------------------------------------- business time


def add_and_pendulum() -> AbstractContextManager[tuple[Side, Side]]:
    """Compare adding 20 opening hours with pendulum adding 20 plain hours."""
    start, hours = NOW.in_timezone("UTC"), timedelta(hours=20)
    return both(repeated(lambda: HOURS.add(start, hours), 20_000), repeated(lambda: start.add(hours=20), 20_000))


def days_and_loop() -> AbstractContextManager[tuple[Side, Side]]:
    """Compare adding ten working days with the loop that people write by hand."""
    start = NOW.in_timezone("UTC")
    free = frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1)})
    return both(repeated(lambda: HOURS.add_days(start, 10), 20_000), repeated(lambda: _loop(start, 10, free), 20_000))


def _loop(at: datetime, days: int, free: frozenset[date]) -> datetime:
    while days:
        at += timedelta(days=1)
        if at.weekday() < 5 and at.date() not in free:
            days -= 1
    return at


PAIRS: tuple[Pair, ...] = (
    Pair(
        name="import",
        ours="`from recovery import Desk, Contact, Acknowledge`",
        theirs="importing transitions, attrs, pendulum and cattrs",
        prepare=lambda: importing(OURS),
        bar=2.0,
    ),
    Pair(
        name="first use",
        ours="the same, and everything a desk in memory needs for its first contact",
        theirs="importing transitions, attrs, pendulum and cattrs",
        prepare=lambda: importing(FIRST),
    ),
    Pair(
        name="stage step",
        ours="where a trigger leads from a stage",
        theirs="one look into a dictionary",
        prepare=step_and_dict,
    ),
    Pair(
        name="stage step, engine",
        ours="where a trigger leads from a stage",
        theirs="one trigger of the engine of transitions",
        prepare=step_and_engine,
    ),
    Pair(
        name="decide",
        ours="`decide` with an acknowledgement: every rule, events, agenda, a mail",
        theirs="one guarded trigger of transitions",
        prepare=decision_and_trigger,
    ),
    Pair(
        name="handle on SQLite",
        ours="`desk.handle` with an acknowledgement: load, decide, save, on the disk",
        theirs="bare sqlite3 reading the case and writing the same rows, ready made, on the disk",
        prepare=command_and_rows,
    ),
    Pair(
        name="wording",
        ours="`check_wording` of a message of 65 words: every English rule",
        theirs="one regular expression that splits it into words",
        prepare=wording_and_split,
    ),
    Pair(
        name="opening hours",
        ours="`calendar.add` of 20 opening hours",
        theirs="pendulum adding 20 plain hours",
        prepare=add_and_pendulum,
    ),
    Pair(
        name="working days",
        ours="`calendar.add_days` of ten working days",
        theirs="a loop over ten days that skips weekends and holidays, blind to hours and summer time",
        prepare=days_and_loop,
    ),
)
