"""Whatever a store asks often it finds by an index, so that a desk with a million cases is as quick as one with ten."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from pendulum import DateTime

from recovery import Acknowledge, Channel, Contact, Desk, PostgresStore, SQLiteStore, Stage, Word
from recovery.ports.values import Query
from recovery.stores.sql.session import Session
from recovery.stores.sql.store import SQLStore
from servers import Database
from support import BO, MONDAY, POLICY

Asked = dict[str, tuple[object, ...]]
LEASE = timedelta(minutes=5)
OF_ITS_OWN = ("SCAN CONSTANT ROW", "SCAN found")
"""What a plan walks over that is no table: values given with the statement, and what a part of it has found."""

QUERIES: tuple[Query, ...] = (
    Query(owner="ana"),
    Query(owner="ana", open_only=True),
    Query(owner="ana", after="0"),
    Query(stage=Stage.RECEIVED),
    Query(category="boats"),
    Query(customer="4711"),
    Query(address="bo@boat.example"),
    Query(reference="K7M3-9QTG"),
    Query(incident="outage"),
    Query(ticket="order-7"),
    Query(in_tray=True),
    Query(in_tray=True, open_only=True),
    Query(open_only=True),
    Query(open_only=True, in_tray=False, after="0"),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Every statement about our tables that a session has run, with the values it was first run with."""
    found: Asked = {}

    def noted(plain: Callable[..., object], values_of: Callable[[Sequence[object]], Sequence[object]]) -> Callable[..., object]:
        def run(self: Session, sql: str, values: Sequence[object] = ()) -> object:
            if "recovery_" in sql and "recovery_schema" not in sql and (values or "?" not in sql):
                found.setdefault(sql, tuple(values_of(values)))
            return plain(self, sql, values)

        return run

    for name in ("all", "one", "run"):
        monkeypatch.setattr(Session, name, noted(getattr(Session, name), lambda values: values))
    monkeypatch.setattr(Session, "run_many", noted(Session.run_many, lambda rows: tuple(rows[0])))  # type: ignore[arg-type]
    return found


def letter(at: DateTime, number: int) -> Contact:
    """A mail of Bo's."""
    return Contact(
        channel=Channel.EMAIL, sender=BO, text="The display is dark.", received_at=at, message_id=f"{number}@boat.example"
    )


def do_everything(store: SQLStore) -> None:
    """Do once whatever a desk, a worker and a person who looks do all day."""
    now = MONDAY
    desk = Desk(store=store, policy=POLICY, now=lambda: now)
    case = desk.receive(letter(now, 1)).case
    desk.receive(letter(now, 2))
    word = Word(via={Channel.EMAIL}, text="I have your message, I am sorry for the trouble, and I am on it.")
    for _ in range(2):
        desk.handle(case.id, Acknowledge(by="ana", word=word, next_word_at=now.add(days=1)), key="once")
    for query in QUERIES:
        store.find(query)
    later = now.add(days=9)
    store.claim_due(later, 10, LEASE)
    store.put_off(case.id, later.add(hours=1), "no luck")
    store.release(case.id)
    (first, *_) = store.claim(later, 10, LEASE)
    store.retry(first.message.id, later, "no luck")
    store.feed(store.feed(limit=1)[0].position)
    for look in (store.troubles, store.waiting, lambda: store.history(case.id), lambda: store.loads(["ana"])):
        look()
    for look_at in (store.backlog, store.next_due, store.oldest_due):
        look_at(later)


def told(plans: Mapping[str, Sequence[str]]) -> str:
    """The statements with their plans, for whoever has to mend one."""
    return "\n".join(f"{sql}\n  {'; '.join(plan)}" for sql, plan in plans.items())


def test_sqlite_walks_over_no_table(asked: Asked, tmp_path: Path) -> None:
    """A statement begins with an index, or walks over a partial one, which holds what is waited for and nothing else."""
    path = tmp_path / "cases.db"
    with SQLiteStore(path) as store:
        do_everything(store)
    with sqlite3.connect(path) as bare:
        plans = {sql: [row[3] for row in bare.execute(f"EXPLAIN QUERY PLAN {sql}", values)] for sql, values in asked.items()}
        indexes = bare.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'")
        partial = {name for (name,) in indexes}
    bare.close()

    def walks(line: str) -> bool:
        used = re.search(r" INDEX (\w+)", line)
        return line.startswith("SCAN ") and line not in OF_ITS_OWN and (used is None or used[1] not in partial)

    slow = {sql: plan for sql, plan in plans.items() if any(map(walks, plan))}
    assert len(plans) > 30
    assert not slow, told(slow)


def test_postgresql_can_find_everything_by_an_index(asked: Asked, one_database: Database) -> None:
    """No statement leaves the planner of a big table without a choice: kept from walking over tables, it never has to."""
    with PostgresStore(one_database.conninfo) as store:
        do_everything(store)
    with psycopg.connect(one_database.conninfo) as bare:
        bare.execute("SET enable_seqscan = off")
        plans = {sql: [str(row[0]) for row in bare.execute(marked(f"EXPLAIN {sql}"), values)] for sql, values in asked.items()}
    slow = {sql: plan for sql, plan in plans.items() if any("Seq Scan on recovery_" in line for line in plan)}
    assert len(plans) > 25
    assert not slow, told(slow)


def marked(sql: str) -> bytes:
    """The statement with psycopg's marks."""
    return sql.replace("?", "%s").encode()
