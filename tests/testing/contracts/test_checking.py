"""How checks tell what they found: reports that people can read, obligations read from the docstrings, and faults on demand."""

from __future__ import annotations

import sqlite3
import unittest
from collections.abc import Generator
from contextlib import closing, contextmanager
from typing import Protocol

import pytest

from recovery.ports import CaseStore
from recovery.stores.memory import MemoryStore
from recovery.testing import contracts
from recovery.testing.contracts import ContractBroken, Faults, Obligation, examine, obligations
from testing.contracts.broken_keeping import ForgetsToLook
from testing.contracts.broken_watching import ReleasesNothing


class Port(Protocol):
    """A port.

    1. It keeps :class:`~recovery.core.case.Case`
       over two lines.
    2. It says ``None``.

    Not this.
    """

    def ask(self) -> None:
        """Ask something.

        Whatever it is.
        """

    def tell(self) -> None:
        """Tell something.

        1. In order.
        """

    @property
    def name(self) -> str:
        """Its name."""
        return ""

    def _hidden(self) -> None:
        """Nobody's business."""


def test_obligations_are_read_from_the_docstrings() -> None:
    """Numbered entries of the port and of its methods, and the whole docstring of a method without numbers."""
    assert obligations(Port) == (
        Obligation("Port", "", 1, "It keeps Case over two lines."),
        Obligation("Port", "", 2, "It says None."),
        Obligation("Port", "ask", 1, "Ask something. Whatever it is."),
        Obligation("Port", "tell", 1, "In order."),
        Obligation("Port", "name", 1, "Its name."),
    )
    assert [each.id for each in obligations(Port)] == ["Port 1", "Port 2", "Port.ask 1", "Port.tell 1", "Port.name 1"]


def test_the_contract_of_a_store_in_one_line() -> None:
    """A store that keeps all of it gets one line, which says what nobody has looked at."""
    report = contracts.check_store(MemoryStore)
    assert report.ok
    options = "fragile, garble, lose_event, reopen, spoil"
    assert str(report).startswith("Store: ")
    assert str(report).endswith(f" Not looked at: {len(report.left_out)} (give {options}).".replace("processes, ", ""))
    assert [contracts.check_case_store(MemoryStore).what, contracts.check_case_finder(MemoryStore).what] == [
        "CaseStore",
        "CaseFinder",
    ]
    assert contracts.check_outbox(MemoryStore).what == "Outbox"


def test_a_store_that_fills_less_is_told_what_was_not_looked_at() -> None:
    """Troubles, Upcoming, Feed and Mending may be left unfilled; the report names them, and nothing is held against the store."""

    class Plain(MemoryStore):
        put_off = troubles = next_due = feed = rebuild = None  # type: ignore[assignment]

    report = contracts.check_store(Plain)
    assert str(report).endswith("; not filled: Feed, Mending, Troubles, Upcoming).")
    assert {left.port for left in report.left_out} == {"", "Feed", "Mending", "Troubles", "Upcoming"}
    assert not any(check.obligation.port in ("Feed", "Mending", "Troubles", "Upcoming") for check in report.held)


def test_the_parts_make_the_whole() -> None:
    """The checks of the three ports and of the store as a whole are those of one call."""
    parts = (
        *contracts.case_store_checks(MemoryStore),
        *contracts.case_finder_checks(MemoryStore),
        *contracts.outbox_checks(MemoryStore),
    )
    whole = [check.id for check in contracts.store_checks(MemoryStore)]
    left = ("Store-", "Troubles", "Upcoming", "Feed", "Mending")
    assert [check.id for check in parts] == [name for name in whole if not name.startswith(left)]
    assert len(set(whole)) == len(whole)


def test_a_broken_store_is_told_obligation_by_obligation() -> None:
    """The error names each obligation by port and number, its text, the check, what was found, and the way out."""
    with pytest.raises(ContractBroken) as caught:
        contracts.check_case_store(ReleasesNothing)
    [broken, *_] = caught.value.report.broken
    text = next(each.text for each in obligations(CaseStore) if each.id == "CaseStore.release 1")
    assert str(caught.value).splitlines()[2:] == [
        f"CaseStore.release 1: {text}",
        f"    check    CaseStore.release-1/a-claim-can-be-given-back: {broken.check.says}",
        "    found    what is due after the release is (), and should be ('c-1',)",
        "    way out  Empty the claim, leave wake_at as it is, and let unknown ids through.",
    ]
    assert not caught.value.report.ok
    assert str(caught.value).startswith("CaseStore: broken in 1 of ")


def test_the_report_can_be_had_without_an_error() -> None:
    """``examine`` runs all checks, whatever fails, and raises nothing."""
    report = examine(contracts.store_checks(ForgetsToLook))
    assert len(report.broken) > 5
    assert len(report.held) + len(report.broken) == len(contracts.store_checks(ForgetsToLook))
    assert report.what == "CaseStore, CaseFinder, Outbox, Store, Troubles, Upcoming, Feed, Mending"


def test_what_an_implementation_raises_is_a_finding() -> None:
    """A store that raises where it should not is told as broken, with the error it came from."""

    class Raises(MemoryStore):
        def release(self, case_id: str) -> None:
            raise RuntimeError("no such table " + "x" * 1000)

    check = next(check for check in contracts.case_store_checks(Raises) if "given-back" in check.id)
    with pytest.raises(ContractBroken, match=r"it raised RuntimeError: no such table x+ \.\.\. x+") as caught:
        check()
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_a_maker_may_be_a_context_manager() -> None:
    """Every check gets a fresh store, and gives it back in the end, also where it fails."""
    open_now: list[object] = []

    @contextmanager
    def make() -> Generator[MemoryStore, None, None]:
        store = ReleasesNothing()
        open_now.append(store)
        yield store
        open_now.append("ended properly")

    check = next(check for check in contracts.case_store_checks(make) if check.id.endswith("what-was-saved-is-loaded"))
    check()
    assert open_now[1:] == ["ended properly"]


class TestUnittest(unittest.TestCase):
    def test_the_checks_run_in_unittest(self) -> None:
        """Nothing of it needs pytest: a check is a callable that raises an AssertionError."""
        for check in contracts.outbox_checks(MemoryStore):
            with self.subTest(check.id):
                check()


class TestFaults:
    def test_the_nth_operation_fails_once(self) -> None:
        """As many operations as were allowed go through, one fails, and then all go through again."""
        faults = Faults()
        with closing(sqlite3.connect(":memory:")) as inner:
            db = faults.wrap(inner, sqlite3.OperationalError)
            faults.after = 2
            db.execute("CREATE TABLE t (a)")
            db.cursor().execute("INSERT INTO t VALUES (1)")
            with pytest.raises(sqlite3.OperationalError, match=r"made by recovery\.testing"):
                db.executemany("INSERT INTO t VALUES (?)", [(2,)])
            assert db.execute("SELECT a FROM t").fetchall() == [(1,)]

    def test_rolling_back_always_works(self) -> None:
        """What fails can be undone, or nobody could tell what a store makes of it."""
        faults = Faults()
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as inner:
            db = faults.wrap(inner)
            db.execute("BEGIN")
            faults.after = 0
            db.execute("ROLLBACK")
            with pytest.raises(OSError, match="disk I/O error"):
                db.commit()

    def test_a_connection_as_context_manager_may_fail_when_it_commits(self) -> None:
        """The commit at the end of the block counts as well, and what it would have committed is undone."""
        faults = Faults()
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as inner:
            inner.execute("CREATE TABLE t (a)")
            db = faults.wrap(inner, sqlite3.OperationalError)

            def insert() -> None:
                with db:
                    db.execute("BEGIN")
                    db.execute("INSERT INTO t VALUES (1)")
                    faults.after = 0

            with pytest.raises(sqlite3.OperationalError, match="disk I/O error"):
                insert()
            assert inner.execute("SELECT count(*) FROM t").fetchone() == (0,)
            with pytest.raises(ValueError, match="mine"), db:
                raise ValueError("mine")

    def test_a_wrapped_connection_is_used_as_the_connection(self) -> None:
        """Attributes are read and set through it, and rows are read from its cursors."""
        with closing(sqlite3.connect(":memory:")) as inner:
            db = Faults().wrap(inner)
            db.row_factory = sqlite3.Row
            assert inner.row_factory is sqlite3.Row
            cursor = db.cursor()
            cursor.execute("SELECT 1 AS one UNION SELECT 2")
            assert [row["one"] for row in cursor] == [1, 2]
            assert db.in_transaction is False

    def test_what_is_no_connection_asks_by_itself(self) -> None:
        """Any store calls ``hit`` wherever something could fail."""
        faults = Faults()
        faults.hit("write")
        faults.after = 0
        with pytest.raises(TimeoutError):
            faults.hit("write", TimeoutError)
