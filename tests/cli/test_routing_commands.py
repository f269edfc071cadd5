"""``recovery route`` and ``recovery briefing``: who gets what and why, and what goes with a case that changes hands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.running import Played, run
from recovery import SQLiteStore

POLICY = """
fallback_owner = "fay"
way_back = "help@quay.example"
[calendar]
timezone = "Europe/Berlin"
[calendar.week]
monday = [["09:00", "17:00"]]
[people.ana]
name = "Ana Sola"
capacity = 1
[people.ben]
[people.fay]
[teams.displays]
members = ["ana", "ben"]
choose = "round_robin"
[[routes]]
severity = "critical"
language = "de"
owner = "fay"
procedure = "Ring within ten minutes."
[[routes]]
category = "display"
team = "displays"
procedure = "Ask for the serial number once."
[[routes]]
category = "display"
region = "north"
owner = "ben"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a policy and no database."""
    (tmp_path / "recovery.toml").write_text(POLICY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestRoute:
    def test_who_and_by_which_procedure(self, folder: Path) -> None:
        """Without more it is two lines, for a script or a hurry."""
        assert (folder / "recovery.toml").is_file()
        assert run("route", "--category", "display") == (0, "ana (Ana Sola)\nAsk for the serial number once.\n", "")
        assert run("route", "--category", "other") == (0, "fay\n", "")

    def test_why(self, folder: Path) -> None:
        """Every route that was looked at, everybody who is asked; what is asked of no store is not claimed."""
        assert (folder / "recovery.toml").is_file()
        code, out, _ = run("route", "--category", "display", "--away", "ana", "--language", "de", "--explain")
        assert code == 0
        assert out.splitlines() == [
            "ben would look after it.",
            "",
            "route 1 (language de, severity critical) does not fit: severity is unknown, not critical",
            "route 2 (category display) fits",
            "  ana (team displays) is away",
            "  ben (team displays) takes it",
            "  fay (fallback owner) would be next",
            "procedure: Ask for the serial number once.",
        ]

    def test_every_trait_can_be_given(self, folder: Path) -> None:
        """Channel, region, brand, language, severity and customer are options; a slip is refused."""
        assert (folder / "recovery.toml").is_file()
        code, out, _ = run("route", "--severity", "critical", "--language", "de-AT", "--json", "--explain")
        assert code == 0
        told = json.loads(out)["route"]
        assert (told["owner"], told["procedure"], told["nobody_there"]) == ("fay", "Ring within ten minutes.", False)
        assert told["considered"][0]["misfits"] == []
        code, out, _ = run("route", "--channel", "letter", "--region", "north", "--brand", "acme", "--customer-id", "c-7", "--json")
        assert json.loads(out) == {"route": {"owner": "fay", "procedure": ""}}
        assert run("route", "--severity", "huge")[0] == 2

    def test_beside_a_database_what_everybody_has_to_do_counts(self, folder: Path) -> None:
        """Ana takes one case at a time, and she has one."""
        SQLiteStore(folder / "recovery.db").close()
        contact = ("--channel", "email", "--email", "bo@boat.example", "--text", "It is dark.", "--category", "display")
        assert run("receive", *contact)[0] == 0
        _, out, _ = run("route", "--category", "display", "--explain")
        assert "  ben (team displays) takes it, with 0 open cases so far" in out
        _, out, _ = run("route", "--category", "display", "--away", "ben", "--explain")
        assert "  ana (team displays) has 1 open case and looks after 1 at most" in out

    def test_without_a_policy_and_a_database_it_says_what_to_do(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """An empty folder is no desk."""
        monkeypatch.chdir(tmp_path)
        code, _, err = run("route")
        assert code == 2
        assert "recovery init" in err

    def test_a_policy_is_checked_for_routes_that_are_rarely_meant(self, folder: Path) -> None:
        """A route without a procedure, and one that is never reached, are pointed out with their numbers."""
        assert (folder / "recovery.toml").is_file()
        _, out, _ = run("policy", "check")
        assert "routes[2] names no procedure" in out
        assert "routes[2] is never reached: whatever fits it fits routes[1] first." in out
        assert "routes[1] " not in out.replace("fits routes[1] first", "")

    def test_the_policy_shows_teams_capacities_and_procedures(self, folder: Path) -> None:
        """Whoever reads the policy sees who takes turns, how much somebody can take, and how cases are handled."""
        assert (folder / "recovery.toml").is_file()
        _, out, _ = run("policy")
        for line in ("ana, ben (in turn)", "1 open cases at most", "critical", "one of displays: Ask for the serial number once."):
            assert line in out


class TestBriefing:
    def test_a_case_briefs_whoever_takes_it_over(self, played: Played) -> None:
        """On one page: what it is about, what the customer waits for, what was done."""
        _, out, _ = run("show", "--db", played.db, "--json")
        case = json.loads(out)["cases"][0]
        code, out, _ = run("briefing", case["reference"], "--db", played.db)
        assert code == 0
        assert f"Case {case['reference']} of " in out
        assert "How such cases are handled: " in out
        assert "What was done so far:" in out
        code, out, _ = run("briefing", case["reference"], "--db", played.db, "--json")
        told = json.loads(out)["briefing"]
        assert told["reference"] == case["reference"]
        assert told["tried"]

    def test_an_unknown_case_is_told(self, played: Played) -> None:
        """Nothing of that name is no page."""
        code, _, err = run("briefing", "nothing", "--db", played.db)
        assert code == 2
        assert "There is no case" in err
