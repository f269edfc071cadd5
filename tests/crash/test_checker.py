"""The checker finds what it looks for: rows are taken, doubled and exchanged by hand, and each fault is named."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from crash.campaign import opener
from crash.checker import Checked, check, journals
from crash.roles import Person, Setting, at_rest
from recovery.stores.sqlite import SQLiteStore

EVENT = "(SELECT min(position) FROM recovery_events WHERE kind = 'task_set' AND personal LIKE '%(op-%')"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a file on which one person has acted, in peace, and the journals."""
    folder = tmp_path_factory.mktemp("played")
    setting = Setting(opens=opener(f"sqlite:{folder / 'recovery.db'}"), folder=folder, begun=time.monotonic())
    Person(setting, "person-0", chance=Random(1)).run(many=8)
    store = at_rest(setting)
    assert isinstance(store, SQLiteStore)
    store.close()
    return folder


def checked(folder: Path, *statements: str) -> Checked:
    """Check what is left after statements were run behind the back of everybody; they are taken back afterwards."""
    with closing(sqlite3.connect(folder / "recovery.db", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement
        found = check(connection, journals(folder))
        connection.execute("ROLLBACK")
    return found


def test_nothing_is_found_where_nothing_is_wrong(played: Path) -> None:
    """What was done in peace has no fault, and all of it was seen."""
    found = checked(played)
    assert found.faults == ()
    assert found.acknowledged == 8
    assert found.messages > 5
    assert found.entries > 30


@pytest.mark.parametrize(
    ("fault", "statements"),
    [
        ("lost", (f"DELETE FROM recovery_events WHERE position = {EVENT}",)),
        ("lost", (f"UPDATE recovery_events SET kind = 'warned' WHERE position = {EVENT}",)),
        ("lost", ("DELETE FROM recovery_keys",)),
        ("torn", (f"DELETE FROM recovery_events WHERE position = {EVENT}",)),
        ("torn", ("UPDATE recovery_cases SET version = version + 1",)),
        ("torn", ("DELETE FROM recovery_wakes",)),
        ("torn", ("DELETE FROM recovery_outbox WHERE message_id = (SELECT max(message_id) FROM recovery_outbox)",)),
        ("torn", ("DELETE FROM recovery_events WHERE kind = 'message_prepared'",)),
        ("torn", ("UPDATE recovery_keys SET version = 9999",)),
        (
            "doubled",
            (
                "INSERT INTO recovery_events (case_id, seq, recorded_at, kind, schema, public, personal) SELECT case_id, 9999, "
                f"recorded_at, kind, schema, public, personal FROM recovery_events WHERE position = {EVENT}",
            ),
        ),
        ("forgotten", ("UPDATE recovery_wakes SET wake_at = NULL",)),
        ("forgotten", ("UPDATE recovery_cases SET owner = ''",)),
        ("unsent", ("UPDATE recovery_outbox SET state = 'queued'",)),
        ("unfounded", ("DELETE FROM recovery_events WHERE kind = 'message_prepared'",)),
    ],
)
def test_a_fault_in_the_tables_is_found(played: Path, fault: str, statements: tuple[str, ...]) -> None:
    """A row that is missing, doubled or wrong is found, under its name."""
    found = checked(played, *statements)
    assert found.numbers()[fault] > 0
    assert any(told.startswith(fault) for told in found.faults)


def test_two_entries_that_changed_places_are_found(played: Path) -> None:
    """A history in which an earlier answer stands behind a later question equals no serial order."""
    with closing(sqlite3.connect(played / "recovery.db")) as connection:
        case_id, later = connection.execute(
            "SELECT case_id, max(seq) FROM recovery_events WHERE kind = 'task_set' AND personal LIKE '%(op-%'"
        ).fetchone()
        (first, second) = (
            connection.execute(
                f"SELECT quote(personal) FROM recovery_events WHERE case_id = '{case_id}' AND seq = {seq}"
            ).fetchone()[0]
            for seq in (1, later)
        )
    put = f"UPDATE recovery_events SET personal = {{}} WHERE case_id = '{case_id}' AND seq = {{}}"
    found = checked(played, put.format(second, 1), put.format(first, later))
    assert found.out_of_order > 0


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        ("lost", {"answered": "op-x-1", "case": "c", "seqs": [1], "kinds": ["task_set"], "repeated": False, "at": 2}),
        ("unfounded", {"sent": "c:1:email", "words": "other", "at": 2}),
    ],
)
def test_a_line_that_nothing_stands_for_is_found(played: Path, fault: str, line: dict[str, object]) -> None:
    """What somebody was told, or sent, and is nowhere stored is found; a torn last line is not read."""
    lines = [json.dumps({"asked": "op-x-1", "what": {}, "at": 1}), json.dumps(line), '{"sent": "tor']
    journal = played / "another.journal"
    journal.write_text("\n".join(lines), encoding="utf-8")
    try:
        assert checked(played).numbers()[fault] > 0
    finally:
        journal.unlink()


def test_other_words_under_one_id_are_found(played: Path) -> None:
    """A message that left twice in different words is found."""
    first = next(line for path in played.glob("*.journal") for line in path.read_text().splitlines() if '"sent"' in line)
    journal = played / "another.journal"
    journal.write_text(json.dumps({**json.loads(first), "words": "others"}) + "\n", encoding="utf-8")
    try:
        found = checked(played)
        assert found.unfounded == 1
        assert found.sent_again == 1
    finally:
        journal.unlink()
