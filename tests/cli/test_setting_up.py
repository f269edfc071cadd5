"""``recovery init``: a desk of one's own, with a policy to read and change, and nothing written over."""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.running import refused, run
from recovery import SQLiteStore, policies
from recovery.cli import setting_up
from recovery.cli.mail import settings_in


class Typing(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


class TestInit:
    def test_it_makes_both_files_and_says_what_is_next(self, here: Callable[[str], Path]) -> None:
        """The policy can be loaded, the database is empty and sound."""
        code, out, err = run("init", "--person", "ana=Ana Brook <ana@boats.example>", "--person", "ben", "--zone", "Europe/Berlin")
        assert (code, err) == (0, "")
        assert "recovery receive" in out
        policy = policies.load(here("recovery.toml"))
        assert policy.fallback_owner == "ana"
        assert [(person.id, person.name, person.supervisor) for person in policy.people] == [
            ("ana", "Ana Brook", None),
            ("ben", "Ben", "ana"),
        ]
        assert policy.way_back == "ana@boats.example"
        with SQLiteStore(here("recovery.db")) as store:
            assert store.last_entry_at() is None
        assert run("doctor")[0] == 0

    def test_nothing_is_written_over(self, here: Callable[[str], Path]) -> None:
        """Neither file; and where one is in the way, the other is not made."""
        here("recovery.db").write_text("mine", encoding="utf-8")
        code, _, err = run("init", "--person", "ana")
        assert (code, "no file is written over" in err) == (2, True)
        assert here("recovery.db").read_text(encoding="utf-8") == "mine"
        assert not here("recovery.toml").exists()

    def test_a_folder_that_cannot_be_written_to_is_told(self, here: Callable[[str], Path]) -> None:
        """With the way out, and in words."""
        here("desk").write_text("mine", encoding="utf-8")
        told = refused("init", "desk", "--person", "ana")
        assert told["error"] == "StoreUnusable"
        assert "Name a folder that you may write to" in told["hint"]

    def test_two_people_of_one_name_are_a_fault(self, here: Callable[[str], Path]) -> None:
        """Nothing is written; and what cannot be read is told once."""
        (reason,) = refused("init", "--person", "ana=Ana Brook", "--person", "ana=Anna")["reasons"]
        assert (reason["field"], reason["message"]) == ("--person", "'ana' is there twice.")
        assert len(refused("init", "--person", "a b", "--person", "c d")["reasons"]) == 2
        assert not here("recovery.toml").exists()

    def test_it_says_what_is_missing_before_anybody_can_be_reached(self, here: Callable[[str], Path]) -> None:
        """Without any address nothing could tell customers how to reach you; and what is printed counts as sent."""
        out = run("init", "bare", "--person", "ana")[1]
        assert "fill in way_back" in out
        assert "counts it as sent" in out
        assert "fill in way_back" not in run("init", "full", "--person", "ana=Ana <ana@boats.example>")[1]

    def test_another_folder_is_made(self, here: Callable[[str], Path]) -> None:
        """With what it needs in between."""
        code, out, _ = run("init", "desks/boats", "--person", "ana")
        assert code == 0
        assert "Next, in desks/boats:" in out
        assert here("desks/boats/recovery.toml").is_file()

    def test_hours_and_days_are_read_as_people_write_them(self, here: Callable[[str], Path]) -> None:
        """A break, single days, a week that begins on Saturday."""
        run("init", "a", "--person", "ana", "--hours", "09:00-12:30,14:00-18:00", "--days", "mon,tue,thu")
        week = tomllib.loads(here("a/recovery.toml").read_text(encoding="utf-8"))["calendar"]["week"]
        assert week == {day: [["09:00", "12:30"], ["14:00", "18:00"]] for day in ("monday", "tuesday", "thursday")}
        run("init", "b", "--person", "ana", "--days", "sat-mon")
        week = tomllib.loads(here("b/recovery.toml").read_text(encoding="utf-8"))["calendar"]["week"]
        assert list(week) == ["monday", "saturday", "sunday"]

    def test_mail_settings_are_written_with_no_password(self, here: Callable[[str], Path]) -> None:
        """The table is there, and the variable is named."""
        code, out, _ = run(
            "init", "--person", "ana", "--mail-host", "mail.x.example", "--mail-user", "u", "--sender", "Boats <help@x.example>"
        )
        assert (code, "No mail goes out yet" in out) == (0, False)
        settings = settings_in("recovery.toml")
        assert settings is not None
        assert (settings.host, settings.sender, settings.password_env) == (
            "mail.x.example",
            "Boats <help@x.example>",
            "RECOVERY_MAIL_PASSWORD",
        )
        assert policies.load(here("recovery.toml")).way_back == "help@x.example"

    def test_what_is_in_comments_can_be_uncommented(self, here: Callable[[str], Path]) -> None:
        """Every example in the file is one that works."""
        run("init", "--person", "ana", "--person", "ben")
        text = here("recovery.toml").read_text(encoding="utf-8")
        for line in ("[[routes]]", 'category = "delivery"', 'owner = "ben"', 'stand_ins = ["ana"]', "procedure =", "[rules]"):
            text = text.replace(f"# {line}", line)
        for line in ('"acknowledge.immediately" =', '[clocks."propose.in-time"]', 'length = "3 bd"'):
            text = text.replace(f"# {line}", line)
        for line in ("[mail]", "host =", "sender ="):
            text = text.replace(f"# {line}", line)
        here("recovery.toml").write_text(text, encoding="utf-8")
        code, out, err = run("policy", "check")
        assert (code, err) == (0, "")
        assert "3 bd (usually 5 bd)" in out
        assert "Mail goes out by mail.shop.example." in out

    def test_every_fault_is_told_at_once(self, here: Callable[[str], Path]) -> None:
        """By its option, and nothing is made."""
        told = refused("init", "d", "--person", "a b", "--hours", "9-5", "--days", "someday")
        assert [reason["field"] for reason in told["reasons"]] == ["--person", "--days", "--hours"]
        assert not here("d").exists()

    def test_a_zone_that_is_none_is_refused(self, here: Callable[[str], Path]) -> None:
        """Before anything is made."""
        code, _, err = run("init", "--person", "ana", "--zone", "Mars/Olympus")
        assert (code, "Mars/Olympus" in err) == (2, True)
        assert not here("recovery.toml").exists()


class TestHolidays:
    def test_public_holidays_are_written_with_their_names(self, here: Callable[[str], Path]) -> None:
        """Of a country or a part of it, this year and the next two."""
        pytest.importorskip("holidays")
        assert run("init", "--person", "ana", "--holidays", "de-hh")[0] == 0
        text = here("recovery.toml").read_text(encoding="utf-8")
        assert "Good Friday" in text or "Karfreitag" in text
        years = {day.year for day in policies.load(here("recovery.toml")).calendar.holidays}
        assert len(years) == setting_up.YEARS_AHEAD

    def test_an_unknown_region_is_refused(self, here: Callable[[str], Path]) -> None:
        """With how they are written."""
        pytest.importorskip("holidays")
        assert "DE-HH" in run("init", "--person", "ana", "--holidays", "Mars")[2]

    def test_without_the_extra_it_says_how_to_get_it(self, here: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """And makes nothing."""
        monkeypatch.setattr(setting_up, "find_spec", lambda name: None)
        code, _, err = run("init", "--person", "ana", "--holidays", "DE")
        assert (code, "customer-recovery[calendar]" in err) == (2, True)
        assert not here("recovery.toml").exists()


class TestAsking:
    def test_on_a_terminal_it_asks_for_what_is_missing(self, here: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """Enter takes what stands in brackets."""
        answers = ["ana=Ana Brook <ana@x.example>", "ben", "", "Boats", "Europe/Berlin", "10:00-16:00", ""]
        monkeypatch.setattr(sys, "stdin", Typing("\n".join(answers) + "\n"))
        code, _, err = run("init")
        assert code == 0
        assert "Enter takes what stands in brackets" in err
        policy = policies.load(here("recovery.toml"))
        assert (policy.company, policy.calendar.timezone, len(policy.people)) == ("Boats", "Europe/Berlin", 2)
        assert policy.calendar.week[0] == (("10:00", "16:00"),)

    def test_without_a_terminal_it_says_what_is_missing(self, here: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """It never waits for an answer that cannot come."""
        monkeypatch.setattr(sys, "stdin", io.StringIO(""))
        assert refused("init")["reasons"][0]["field"] == "--person"
