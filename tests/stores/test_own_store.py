"""The store of the example keeps the contract, on its own table and on another, and leaves the host's columns alone."""

from __future__ import annotations

import importlib.util
import io
import sqlite3
import sys
import tokenize
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from recovery.core.errors import ConflictingChange, StoreUnusable
from recovery.core.vocabulary.receiving import Delivery
from recovery.testing import contracts
from recovery.testing.contracts import Check
from recovery.testing.contracts.samples import LEASE, NOW, TIMING, closed, contact, following, moved, opening, reported, saying

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "05_your_own_store.py"
RULER = f"# {'=' * 112} the store"
MOVED = {
    "tickets": "inquiry",
    "number": "inquiry_no",
    "requester_email": "sender",
    "assignee": "handled_by",
    "status": "phase",
    "due_at = :wake_at": "remind_on = :wake_at",
    "'new'": "'fresh'",
    '"new"': '"fresh"',
    "'pending'": "'waiting'",
    '"pending"': '"waiting"',
}
"""How a host with another table would change the store: its names, its words, and a column of another name."""


def load(name: str, source: str) -> ModuleType:
    """Return the example as a module."""
    spec = importlib.util.spec_from_loader(name, loader=None)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(source, str(EXAMPLE), "exec"), vars(module))
    return module


def moved_source() -> str:
    """Return the example over another table."""
    source = EXAMPLE.read_text(encoding="utf-8").replace("    due_at TEXT,\n", "    remind_on TEXT,\n")
    for old, new in MOVED.items():
        source = source.replace(old, new)
    return source


OWN = load("example_own_store", EXAMPLE.read_text(encoding="utf-8"))
OTHER = load("example_other_store", moved_source())


def checks(module: ModuleType) -> tuple[Check, ...]:
    """Return every check but those that need processes: those the example makes when it runs."""
    return contracts.store_checks(
        module.fresh,
        reopen=module.reopen,
        fragile=module.fresh,
        spoil=module.spoil,
        lose_event=module.lose_event,
        garble=module.garble,
    )


@pytest.mark.parametrize("check", checks(OWN), ids=lambda check: check.id)
def test_the_store_of_the_example_keeps(check: Check) -> None:
    """The hundred lines fill the ports completely."""
    check()


@pytest.mark.parametrize("check", checks(OTHER), ids=lambda check: check.id)
def test_moved_onto_another_table_it_keeps(check: Check) -> None:
    """Whoever changes names, words and columns has a store of their own."""
    check()


def test_another_table_is_another_table() -> None:
    """The moved store knows nothing of the table of the example."""
    told = OTHER.HELPDESK + OTHER.TABLES + OTHER.SHOW + OTHER.FREE + OTHER.NEW
    assert "inquiry" in told
    assert not any(word in told for word in ("tickets", "assignee", "requester_email", "'new'"))


def test_it_is_a_hundred_lines() -> None:
    """A store is short enough to be read in one go: code lines, SQL included, without comments, docstrings and blank lines."""
    part = EXAMPLE.read_text(encoding="utf-8").split(RULER)[1]
    lines: set[int] = set()
    silent = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    before = tokenize.INDENT
    for token in tokenize.generate_tokens(io.StringIO(part).readline):
        docstring = token.type == tokenize.STRING and before in {tokenize.INDENT, tokenize.NEWLINE}
        if token.type not in silent and not docstring:
            lines |= set(range(token.start[0], token.end[0] + 1))
        before = token.type
    assert 60 < len(lines) <= 100


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Return the path of a helpdesk with a ticket."""
    path = str(tmp_path / "helpdesk.db")
    OWN.make_helpdesk(path)
    run(path, "INSERT INTO tickets VALUES (7, 'T-7', 'Kettle', 'a@x', 'eve', 'open', 'high', NULL, 'kind', '2026', '2026')")
    return path


@pytest.fixture
def store(path: str) -> Iterator[Any]:
    """Yield a store over that helpdesk."""
    with OWN.opened(path) as store:
        yield store


def run(path: str, sql: str) -> list[tuple[object, ...]]:
    """Run a statement as the helpdesk does."""
    with closing(sqlite3.connect(path)) as db, db:
        return db.execute(sql).fetchall()


def test_the_ticket_follows_the_case(store: Any, path: str) -> None:
    """Stage, owner and next step stand in the ticket, at every step; what belongs to the helpdesk stays as it was."""
    shown = (
        "SELECT status, assignee, due_at IS NOT NULL, id, number, subject, requester_email, priority, internal_note FROM tickets"
    )
    theirs = (7, "T-7", "Kettle", "a@x", "high", "kind")
    change = opening(of=contact(ticket="T-7"))
    store.save([change])
    assert run(path, shown) == [("new", "ana", 1, *theirs)]
    change = following(change.case, moved("ben"))
    store.save([change])
    assert run(path, shown) == [("new", "ben", 1, *theirs)]
    store.save([following(change.case, closed(), wake_at=None)])
    assert run(path, shown) == [("closed", "ben", 0, *theirs)]


def test_what_has_no_ticket_gets_one(store: Any, path: str) -> None:
    """A contact without a ticket, with an unknown one, or with one that has a case already, appears on the screen as a new one."""
    tickets = (None, "T-8", "T-7", "T-7")
    for number, ticket in enumerate(tickets):
        store.save([opening(f"c-{number}", of=contact(f"Letter {number}", ticket=ticket))])
    found = run(path, "SELECT number, subject, requester_email FROM tickets WHERE id <> 7 ORDER BY id")
    assert found == [(f"REF-c-{number}", f"Letter {number}", "Ann@Example.org") for number in (0, 1, 3)]


def test_a_host_that_locks_for_long_is_named(store: Any, path: str) -> None:
    """Whoever waits in vain for the helpdesk to finish is told so, nothing is half saved, and it can be done again."""
    store.run("PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(path, isolation_level=None)) as host:
        host.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnusable, match="locked"):
            store.save([opening()])
        assert store.load("c-1") is None
        host.execute("ROLLBACK")
    store.save([opening()], timing=TIMING)
    assert store.doctor() == ()


def test_personal_data_can_be_emptied(store: Any) -> None:
    """With the personal columns emptied the store goes on, and the words are gone."""
    change = saying(opening(of=contact("Zwiebelkuchen")).case)
    store.save([opening(of=contact("Zwiebelkuchen")), change], timing=TIMING)
    for table in ("recovery_cases", "recovery_events", "recovery_outbox"):
        store.run(f"UPDATE {table} SET personal = NULL")
    case = store.load("c-1")
    assert "Zwiebelkuchen" not in str(case) + str(store.history("c-1"))
    assert [queued.message.body for queued in store.claim(NOW, 9, LEASE)] == ["(erased)"]
    store.save([following(case, reported(change.messages[0].id, Delivery.SENT))])
    assert store.doctor() == ()


def test_inside_a_transaction_of_the_host(path: str) -> None:
    """What is saved inside is the host's to commit; what is refused there leaves the host's transaction as it was."""
    with OWN.opened(path) as store, closing(OWN.connect(path)) as host:
        store.save([opening("c-1")], timing=TIMING)
        inside = OWN.InsideStore(host)
        host.execute("BEGIN IMMEDIATE")
        host.execute("UPDATE tickets SET internal_note = 'mine' WHERE id = 7")
        inside.save([opening("c-2")])
        with pytest.raises(ConflictingChange):
            inside.save([opening("c-3"), opening("c-1")])
        assert [inside.load(name) is not None for name in ("c-1", "c-2", "c-3")] == [True, True, False]
        assert store.load("c-2") is None
        host.commit()
        assert [store.load(name) is not None for name in ("c-1", "c-2", "c-3")] == [True, True, False]
        assert run(path, "SELECT internal_note FROM tickets WHERE id = 7") == [("mine",)]
        host.execute("BEGIN IMMEDIATE")
        inside.save([following(opening("c-1").case, moved("ben"))])
        host.rollback()
        assert store.load("c-1") == opening("c-1").case
        assert store.doctor() == ()
