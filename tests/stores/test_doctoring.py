"""What the doctor finds in the tables of either dialect, by which rule, and what can be mended of it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from recovery import Acknowledge, Address, Channel, Contact, Customer, Desk, PostgresStore, SetTask, SQLiteStore, Word
from recovery.ports.values import Finding, Wrong
from recovery.stores.sql.store import SQLStore
from support import MONDAY, POLICY

Break = Callable[..., None]


@pytest.fixture(params=["sqlite", "postgres"])
def name(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, by its name."""
    if request.param == "sqlite":
        return str(tmp_path / "recovery.db")
    conninfo: str = request.getfixturevalue("one_emptied")()
    return conninfo


@pytest.fixture
def store(name: str) -> Iterator[SQLStore]:
    """A store on it."""
    with PostgresStore(name) if "host=" in name else SQLiteStore(name) as opened:
        yield opened


@pytest.fixture
def desk(store: SQLStore) -> Desk:
    """A desk with three cases, of which one has been told something, with a message that waits."""
    made = Desk(store=store, policy=POLICY, now=lambda: MONDAY)
    for number in range(3):
        sender = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value=f"bo{number}@boat.example"),))
        made.receive(Contact(channel=Channel.EMAIL, sender=sender, text="It went dark.", received_at=MONDAY))
    word = Word(via={Channel.EMAIL}, text="We are on it, Bo, and call you tomorrow.")
    made.handle(first(made), Acknowledge(by="ana", word=word, next_word_at=MONDAY.add(days=1)))
    assert made.doctor() == made.doctor(quick=True) == ()
    return made


@pytest.fixture
def run(name: str, store: SQLStore) -> Break:
    """What runs statements behind the back of the store, with all that the database itself would object to switched off."""

    def behind_its_back(*statements: str) -> None:
        if isinstance(store, SQLiteStore):
            with closing(sqlite3.connect(name)) as connection, connection:
                for statement in statements:
                    connection.execute(statement)
        else:
            with psycopg.connect(name) as server:
                server.execute("SET session_replication_role = replica")
                for statement in statements:
                    server.execute(statement.encode())

    return behind_its_back


def first(desk: Desk) -> str:
    """Return the id of the first case."""
    return next(iter(desk.find())).id


def rules(found: tuple[Finding, ...]) -> set[Wrong | None]:
    """Return what was found."""
    return {finding.rule for finding in found}


FAULTS: dict[str, tuple[Wrong, tuple[str, ...], bool]] = {
    "no wake instant": (Wrong.FORGOTTEN, ("UPDATE recovery_wakes SET wake_at = NULL WHERE case_id = '{}'",), True),
    "no row to wake by": (Wrong.FORGOTTEN, ("DELETE FROM recovery_wakes WHERE case_id = '{}'",), True),
    "no lookups": (Wrong.LOOKUPS, ("DELETE FROM recovery_lookups WHERE case_id = '{}'",), True),
    "another version": (Wrong.COLUMNS, ("UPDATE recovery_cases SET version = 99 WHERE case_id = '{}'",), True),
    "a gap": (Wrong.GAP, ("DELETE FROM recovery_events WHERE case_id = '{}' AND seq = 2",), True),
    "no clocks": (Wrong.NO_CLOCKS, ("DELETE FROM recovery_timings",), True),
    "a case that is gone": (Wrong.NO_CASE, ("DELETE FROM recovery_cases WHERE case_id = '{}'",), True),
    "a message of no event": (Wrong.NO_EVENT, ("UPDATE recovery_outbox SET seq = 99 WHERE case_id = '{}'",), True),
    "another stage": (Wrong.COLUMNS, ("UPDATE recovery_cases SET stage = 'closed' WHERE case_id = '{}'",), False),
    "another owner": (Wrong.COLUMNS, ("UPDATE recovery_cases SET owner = 'zoe' WHERE case_id = '{}'",), False),
    "the instant of another day": (Wrong.LATE, ("UPDATE recovery_wakes SET wake_at = '2027-01-01T00:00:00.000000Z'",), False),
    "a lookup too many": (
        Wrong.LOOKUPS,
        ("INSERT INTO recovery_lookups SELECT 'ticket', digest, case_id FROM recovery_lookups WHERE kind = 'reference'",),
        False,
    ),
    "a snapshot that is empty": (Wrong.UNREADABLE, ("UPDATE recovery_cases SET public = '' WHERE case_id = '{}'",), False),
    "a message that is gone": (Wrong.NOT_IN_OUTBOX, ("DELETE FROM recovery_outbox WHERE case_id = '{}'",), False),
    "a message too many": (
        Wrong.NOT_WAITED_FOR,
        (
            """INSERT INTO recovery_outbox (message_id, case_id, seq, channel, person, state, next_at, public, personal)
            SELECT 'again:' || message_id, case_id, seq, channel, person, state, next_at, public, personal FROM recovery_outbox
            WHERE case_id = '{}'""",
        ),
        False,
    ),
}
NEVER_MENDED = {Wrong.GAP, Wrong.NO_EVENT, Wrong.NOT_IN_OUTBOX, Wrong.NOT_WAITED_FOR}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_is_wrong_is_found_and_mended_where_the_history_tells(fault: str, desk: Desk, run: Break) -> None:
    """Every fault has its rule and a way out; a glance sees those that take no reading; what is mended is right afterwards."""
    rule, statements, glance = FAULTS[fault]
    case_id, before = first(desk), tuple(desk.find())
    run(*(statement.format(case_id) for statement in statements))
    found = desk.doctor()
    assert rule in rules(found)
    assert all(finding.what and finding.way_out and not finding.mended for finding in found)
    assert (rule in rules(desk.doctor(quick=True))) is glance
    mended = desk.doctor(mend=True)
    assert {finding.mended for finding in mended if finding.rule is rule} == {rule not in NEVER_MENDED}
    if rule in NEVER_MENDED:
        assert rule in rules(desk.doctor())
    else:
        assert desk.doctor() == ()
        assert tuple(desk.find()) == before


def test_everything_wrong_at_once_is_found_case_by_case(desk: Desk, store: SQLStore, run: Break) -> None:
    """One broken case hides no other, and a page goes on behind it."""
    run("UPDATE recovery_cases SET public = 'nonsense'", "UPDATE recovery_wakes SET wake_at = NULL", "DELETE FROM recovery_lookups")
    seen: list[int] = []
    found = desk.doctor(progress=seen.append)
    assert {(finding.case_id, finding.rule) for finding in found} == {
        (case_id, rule)
        for case_id in (each.case_id for each in store.look_through())
        for rule in (Wrong.UNREADABLE, Wrong.FORGOTTEN, Wrong.LOOKUPS)
    }
    assert seen == [3]
    assert all(finding.mended for finding in desk.doctor(mend=True))
    assert desk.doctor() == ()


def test_others_who_work_meanwhile_are_no_fault(desk: Desk, store: SQLStore) -> None:
    """Whoever saves, claims and sends while the doctor looks makes no finding, and a mend loses nothing of theirs."""
    over, failed = threading.Event(), list[BaseException]()

    def work() -> None:
        try:
            for number in range(20):
                for case in tuple(desk.find()):
                    desk.handle(case.id, SetTask(what=f"task {number}", by="ana"))
        except BaseException as error:  # noqa: BLE001  (the test tells what it was)
            failed.append(error)
        finally:
            over.set()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    found: list[Finding] = []
    while not over.is_set():
        found += desk.doctor()
        found += desk.doctor(quick=True)
        for case in desk.find():
            store.rebuild(case.id, lambda case: case.recorded_at)
    worker.join()
    assert (found, failed) == ([], [])
    assert {sum(task.what.startswith("task ") for task in case.receiving.tasks) for case in desk.find()} == {20}
