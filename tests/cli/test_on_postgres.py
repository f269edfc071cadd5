"""The command line on a PostgreSQL database: named by its address, looked at and worked at as a file is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.running import done, refused, run
from recovery.stores.sql import schema
from servers import Database

PEOPLE = ("--person", "ana=Ana Brook <ana@boats.example>", "--zone", "Europe/Berlin")


@pytest.fixture
def db(here: Callable[[str], Path], one_database: Database, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database, on the morning of Monday 2 March 2026, with Ana at the keyboard in an empty folder."""
    monkeypatch.setenv("RECOVERY_NOW", "2026-03-02T09:40")
    monkeypatch.setenv("RECOVERY_BY", "ana")
    assert not here("recovery.db").exists()
    return one_database.address


class TestADay:
    def test_a_desk_is_set_up_and_worked_at(self, db: str, here: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """Init makes the tables and the policy in this folder; from then on RECOVERY_DB is all that differs from a file."""
        code, out, err = run("init", *PEOPLE, "--db", db)
        assert (code, err) == (0, "")
        assert "RECOVERY_DB" in out
        assert not here("recovery.db").exists()
        monkeypatch.setenv("RECOVERY_DB", db)
        told = done("receive", "--channel", "phone", "--name", "Bo Lind", "--email", "bo@boat.example", "--text", "It went dark.")
        case = told["case"]["reference"]
        done("do", case, "acknowledge", "--text", "We are on it, Bo.", "--via", "email", "--next-word-at", "2026-03-03")
        assert [one["reference"] for one in done("find", "DARK")["cases"]] == [case]
        assert done("show", case)["case"]["stage"] == "acknowledged"
        assert "We are on it, Bo." in run("work", "--print")[1]
        assert done("outbox")["messages"] == []
        assert done("doctor")["findings"] == []

    def test_every_command_says_which_database_it_took_and_never_a_password(self, db: str) -> None:
        """The first line names the database, without whatever lets one in."""
        run("init", *PEOPLE, "--db", db)
        code, out, _ = run("agenda", "--db", f"{db}&password=secret")
        assert (code, "secret" in out) == (0, False)
        assert out.startswith("test_")

    def test_a_database_without_tables_is_left_alone(self, db: str) -> None:
        """A mistyped name makes no tables; the way out is told."""
        for command in ("show", "agenda", "doctor"):
            assert "recovery schema upgrade" in refused(command, "--db", db)["hint"]

    def test_a_policy_is_needed_to_work(self, db: str) -> None:
        """Nobody works at a desk whose rules nobody wrote; it is looked for in this folder."""
        run("schema", "upgrade", "--db", db)
        told = refused("receive", "--channel", "phone", "--text", "It went dark.", "--db", db)
        assert told["reasons"][0]["message"] == "there is no policy in this folder."


class TestInit:
    def test_what_is_no_address_is_refused(self, here: Callable[[str], Path]) -> None:
        """A file is made in a folder; nothing is written where the database is none."""
        assert refused("init", *PEOPLE, "--db", "desk.db")["reasons"][0]["field"] == "--db"
        assert not here("recovery.toml").exists()

    def test_a_database_that_cannot_be_reached_leaves_no_policy_behind(self, here: Callable[[str], Path]) -> None:
        """So that the next try does not find a file in its way."""
        assert refused("init", *PEOPLE, "--db", "postgresql://127.0.0.1:1/shop")["error"] == "StoreUnusable"
        assert not here("recovery.toml").exists()


def test_the_demo_keeps_to_a_file() -> None:
    """Nobody's database is filled with invented customers."""
    code, _, err = run("demo", "--db", "postgresql://db/shop")
    assert (code, "file of its own" in err) == (2, True)


class TestSchema:
    def test_it_is_checked_made_and_checked_again(self, db: str) -> None:
        """Check changes nothing and exits with 2 where something is to be done; upgrade does it, once."""
        assert refused("schema", "check", "--db", db)["error"] == "StoreUnusable"
        assert done("schema", "upgrade", "--db", db)["found"] == 0
        assert done("schema", "upgrade", "--db", db)["found"] == schema.VERSION
        assert done("schema", "check", "--db", db)["version"] == schema.VERSION

    def test_it_says_what_it_did(self, db: str) -> None:
        """In a sentence, with the version."""
        made = f"version {schema.VERSION} of the tables was made; there was none before."
        assert made in run("schema", "upgrade", "--db", db)[1]
        assert "is what was there." in run("schema", "upgrade", "--db", db)[1]
        assert "is what this program needs." in run("schema", "--db", db)[1]

    @pytest.mark.parametrize("dialect", ["sqlite", "postgres"])
    def test_the_sql_is_printed_ready_to_run(self, dialect: str, here: Callable[[str], Path]) -> None:
        """Nothing but SQL is printed; no database is needed for it."""
        assert run("schema", "sql", dialect) == (0, schema.script(dialect), "")
        assert done("schema", "sql", dialect)["sql"] == schema.script(dialect)

    def test_the_dialect_is_that_of_the_database(self, shop: Callable[[str], Path]) -> None:
        """Who names no dialect means their own database."""
        assert done("schema", "sql")["dialect"] == "sqlite"
        assert done("schema", "sql", "--db", "postgresql://db/shop")["dialect"] == "postgres"

    def test_a_file_is_checked_as_well(self, shop: Callable[[str], Path]) -> None:
        """A file of SQLite has the same tables."""
        assert done("schema", "check") == {"db": "recovery.db", "found": schema.VERSION, "version": schema.VERSION}
