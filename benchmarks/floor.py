"""The floor: a command written by hand as four plain statements in one transaction, ready made, on a connection of anybody's.

It knows beforehand what to write: an event, the case as it stands now (only where its version is the one that was read), a message
for the outbox, and when to look at the case again. Each row is as long as what the library writes for the sample command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from attrs import frozen

from benchmarks.sample import COMMAND, NOW, POLICY, letter
from recovery import Desk, MemoryStore, decide
from recovery.codec import case_to_data, dumps, event_to_data, instant_to_text, message_to_data
from recovery.desk.acting import change_of

__all__ = ["TABLES", "Payload", "batch_by_hand", "by_hand", "opened", "payload"]

TABLES = (
    "CREATE TABLE floor_cases (case_id TEXT PRIMARY KEY, version INTEGER NOT NULL, data TEXT NOT NULL)",
    "CREATE TABLE floor_events (case_id TEXT NOT NULL, seq INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (case_id, seq))",
    "CREATE TABLE floor_outbox (message_id TEXT PRIMARY KEY, state TEXT NOT NULL, data TEXT NOT NULL)",
    "CREATE TABLE floor_timers (case_id TEXT PRIMARY KEY, due_at TEXT NOT NULL)",
    "CREATE INDEX floor_due ON floor_timers (due_at)",
)
CASE = "INSERT INTO floor_cases VALUES (?, 1, ?)"
EVENT = "INSERT INTO floor_events VALUES (?, ?, ?)"
SNAPSHOT = "UPDATE floor_cases SET version = version + 1, data = ? WHERE case_id = ? AND version = ?"
MESSAGE = "INSERT INTO floor_outbox VALUES (?, 'queued', ?)"
TIMER = "INSERT INTO floor_timers VALUES (?, ?) ON CONFLICT (case_id) DO UPDATE SET due_at = excluded.due_at"

Execute = Callable[[str, Sequence[object]], object]
"""Runs one statement with its values."""

Many = Callable[[str, Sequence[Sequence[object]]], object]
"""Runs one statement once for each row of values."""


@frozen(kw_only=True)
class Payload:
    """What the sample command leads to, as text: the case before and after it, its events, its message, the next look."""

    before: str
    after: str
    events: str
    message: str
    due_at: str


@cache
def payload() -> Payload:
    """Return the rows of the sample command."""
    desk = Desk(store=MemoryStore(), policy=POLICY, now=lambda: NOW)
    case = desk.receive(letter(0)).case
    change = change_of(desk, decide(case, COMMAND, policy=POLICY, now=NOW))
    if change.wake_at is None or not change.messages:
        raise ValueError("the sample command says nothing, or leaves the case without a next look")
    return Payload(
        before=dumps(case_to_data(case)),
        after=dumps(case_to_data(change.case)),
        events=dumps([event_to_data(recorded) for recorded in change.events]),
        message=dumps([message_to_data(message) for message in change.messages]),
        due_at=instant_to_text(change.wake_at),
    )


def opened(execute: Execute, names: Iterable[str]) -> None:
    """Write the cases that the commands will be about."""
    for name in names:
        execute(CASE, (name, payload().before))
        execute(TIMER, (name, payload().due_at))


def batch_by_hand(many: Many, names: Sequence[str]) -> None:
    """Write as many commands as there are names, one kind of row after the other; the transaction is the caller's."""
    rows = payload()
    many(SNAPSHOT, [(rows.after, name, 1) for name in names])
    many(EVENT, [(name, 2, rows.events) for name in names])
    many(MESSAGE, [(name, rows.message) for name in names])
    many(TIMER, [(name, rows.due_at) for name in names])


def by_hand(execute: Execute, name: str) -> None:
    """Write one command; the transaction is the caller's."""
    rows = payload()
    execute(SNAPSHOT, (rows.after, name, 1))
    execute(EVENT, (name, 2, rows.events))
    execute(MESSAGE, (name, rows.message))
    execute(TIMER, (name, rows.due_at))
