"""Working at a desk from the shell: taking a contact, acting on a case, asking what can be done, and being told why not."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.running import done, refused, run
from recovery import SQLiteStore

ACKNOWLEDGE = ("acknowledge", "--via", "email", "--text", "I am on it.", "--next-word-at", "2 bd")
SAID_NOW = ("--via", "phone", "--said-at", "now", "--text", "I am on it.")
TWICE = 2


class TestReceive:
    def test_what_a_customer_says_opens_a_case(self, shop: Callable[[str], Path]) -> None:
        """It says the reference, the owner, the stage, what goes out, and what comes next."""
        words = ("--channel", "email", "--name", "Bo", "--email", "bo@boat.example", "--text", "It went dark.")
        code, out, err = run("receive", *words)
        assert (code, err) == (0, "")
        for told in ("received, owner ana", "receipt", "bo@boat.example", "Next, by Mon 2 Mar 10:40", "recovery work"):
            assert told in out

    def test_a_second_word_joins_the_case_it_names(self, bo: str) -> None:
        """By the reference, or by the address."""
        told = done("receive", "--channel", "email", "--email", "bo@boat.example", "--reference", bo, "--text", "Any news?")
        assert told["case"]["reference"] == bo
        assert len(told["case"]["receiving"]["contacts"]) == TWICE

    def test_the_same_contact_twice_is_taken_once(self, shop: Callable[[str], Path]) -> None:
        """Whoever types it again is told."""
        words = ("receive", "--channel", "phone", "--name", "Bo", "--text", "Hello.", "--received-at", "09:00")
        first, second = done(*words), done(*words)
        assert (first["repeated"], second["repeated"]) == (False, True)
        assert first["case"]["id"] == second["case"]["id"]
        assert "nothing was done again" in run(*words)[1]

    def test_a_contact_may_come_as_json(self, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """From a file, or from a pipe."""
        contact = {"channel": "web_form", "received_at": "2026-03-02T09:00:00+01:00", "text": "Help.", "sender": {"name": "Zoe"}}
        shop("contact.json").write_text(json.dumps(contact), encoding="utf-8")
        assert done("receive", "--contact", "contact.json")["case"]["receiving"]["customer"]["name"] == "Zoe"
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({**contact, "text": "More."})))
        assert done("receive", "--contact", "-")["repeated"] is False

    def test_what_is_no_contact_is_explained(self, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """Each fault with its option or its path."""
        assert refused("receive", "--text", "Hello.")["reasons"][0]["field"] == "--channel"
        monkeypatch.setattr(sys, "stdin", io.StringIO("{broken"))
        assert refused("receive", "--contact", "-")["reasons"][0]["rule"] == "input.json"
        monkeypatch.setattr(sys, "stdin", io.StringIO('{"channel": "pigeon"}'))
        assert {reason["field"] for reason in refused("receive", "--contact", "-")["reasons"]} == {"channel", "received_at"}
        gone = "The file 'none.json' cannot be used: no such file or directory."
        assert refused("receive", "--contact", "none.json")["message"] == gone
        assert run("receive", "--contact", "none.json")[2] == f"{gone}\n"
        slips = {"--address": "Quay 1", "--received-at": "25:00"}
        for name, value in slips.items():
            assert refused("receive", "--channel", "phone", name, value)["reasons"][0]["field"] == name
        assert "Did you mean --text?" in refused("receive", "--txt", "Hello.")["message"]

    def test_nobody_without_a_name_becomes_a_case(self, shop: Callable[[str], Path]) -> None:
        """It waits in the tray, and only what can be done about that is offered."""
        told = done("receive", "--channel", "phone", "--text", "A voice.")
        assert told["case"]["receiving"]["tray"]
        out = run("do", told["case"]["reference"])[1]
        assert out.index("What moves it on") < out.index("  identify") < out.index("What else can be done")
        named = done("do", told["case"]["reference"], "identify", "--name", "Zoe", "--phone", "040 111")
        assert named["case"]["receiving"]["tray"] == []

    def test_further_addresses_are_kept(self, shop: Callable[[str], Path]) -> None:
        """A letter needs one."""
        words = ("receive", "--channel", "letter", "--name", "Bo", "--address", "letter=Quay 1, 20459 Hamburg", "--text", "Hello.")
        (address,) = done(*words)["case"]["receiving"]["customer"]["addresses"]
        assert address == {"channel": "letter", "value": "Quay 1, 20459 Hamburg"}


class TestDo:
    def test_a_command_is_carried_out(self, bo: str) -> None:
        """Where the case stands, what was recorded, what goes out and what is next."""
        code, out, err = run("do", bo, *ACKNOWLEDGE)
        assert (code, err) == (0, "")
        assert "acknowledged (was received)" in out
        assert "email to bo@boat.example, in the outbox" in out
        assert "Next, by Wed 4 Mar 09:40" in out

    def test_several_commands_are_done_together(self, bo: str) -> None:
        """With + between them; who says so need be said but once."""
        told = done("do", bo, *ACKNOWLEDGE, "--by", "ben", "+", "investigate")
        assert told["case"]["stage"] == "investigating"
        assert {one["event"]["by"] for one in told["events"] if one["event"]["event"] != "message_prepared"} == {"ben"}

    def test_several_commands_are_done_together_or_not_at_all(self, bo: str) -> None:
        """The first that is refused says which it was."""
        told = refused("do", bo, *ACKNOWLEDGE, "+", "follow-up", "--via", "email", "--text", "Well?")
        assert (told["error"], told["command"], told["index"]) == ("Refused", "follow_up", 1)
        assert done("show", bo)["case"]["stage"] == "received"

    def test_commands_may_come_as_json(self, bo: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """One, a list of them, or from a pipe."""
        wish = {"command": "set_task", "by": "ana", "what": "look"}
        assert len(done("do", bo, json.dumps(wish))["case"]["receiving"]["tasks"]) == 1
        assert len(done("do", bo, json.dumps([wish, wish]))["case"]["receiving"]["tasks"]) == 1 + TWICE
        monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(wish)))
        assert len(done("do", bo, "-")["case"]["receiving"]["tasks"]) == 2 * TWICE

    def test_faults_of_json_are_told_by_their_place(self, bo: str) -> None:
        """Also in the second command of a list."""
        told = refused("do", bo, '[{"command": "investigate", "by": "ana"}, {"command": "inform", "by": "ana"}]')
        assert [reason["field"] for reason in told["reasons"]] == ["1.word"]

    def test_every_fault_is_told_at_once_by_its_option(self, bo: str) -> None:
        """And in words of the command line, with no word of programmers."""
        told = refused("do", bo, "acknowledge", "+", "propose", "+", "set-task")
        assert [reason["field"] for reason in told["reasons"]] == ["--via", "--text", "--via", "--text", "--what"]
        hints = " ".join(reason["hint"] for reason in told["reasons"])
        assert "for example email" in hints
        assert "said_at" not in hints

    def test_what_is_refused_says_every_reason(self, bo: str) -> None:
        """The rule, the option, the way out; exit code 2, and nothing has changed."""
        before = done("show", bo)["case"]["version"]
        code, out, err = run("do", bo, "acknowledge", "--via", "email", "--text", "I am on it.")
        assert code == 2
        assert "acknowledge.says" in err
        assert "(--next-word-at)" in err
        assert "Give the date of the next word." in err
        assert "acknowledge.says" not in out
        assert done("show", bo)["case"]["version"] == before

    def test_hints_name_commands_as_they_are_typed(self, bo: str) -> None:
        """``CheckArrival`` is ``check-arrival`` here."""
        option = "id=new,text=A new one.,delivers=a display"
        done("do", bo, *ACKNOWLEDGE, "+", "investigate", "+", "propose", "--via", "email", "--text", "This.", "--option", option)
        done("do", bo, "record-acceptance", "--said", "Yes.", "--said-via", "phone")
        _, _, err = run("do", bo, "follow-up", "--via", "email", "--text", "Well?")
        assert "follow-up.after-delivery" in err
        assert "check-arrival" in err
        assert "CheckArrival" not in err

    def test_hints_about_options_are_left_as_they_are(self, bo: str) -> None:
        """What a fault of an option shows as an example can be typed as it stands."""
        done("do", bo, *ACKNOWLEDGE, "+", "investigate")
        told = refused("do", bo, "propose", "--via", "email", "--text", "This.", "--option", "refund")
        assert told["reasons"][0]["hint"] == ("Write --option id=refund,text='We send your money back.',delivers='the refund'.")

    def test_hints_name_fields_by_their_options(self, shop: Callable[[str], Path]) -> None:
        """``reach=`` is ``--reach`` here."""
        policy = shop("recovery.toml")
        bare = policy.read_text(encoding="utf-8").replace(' = "ana@boats.example"', ' = ""')
        policy.write_text(bare.replace('email = ""', ""), encoding="utf-8")
        told = done("receive", "--channel", "phone", "--name", "Bo", "--phone", "040 111", "--text", "Dark.")
        reference = told["case"]["reference"]
        words = ("--via", "phone", "--text", "I am on it.", "--next-word-at", "2 bd")
        (reason,) = refused("do", reference, "acknowledge", *words)["reasons"]
        assert reason["hint"] == "Give --reach, or an address for this person, or way_back, in the policy."

    def test_only_people_of_the_policy_can_act(self, bo: str) -> None:
        """A slip in a name would stand in the history for good; the fault says who there is."""
        for by in ("karl", "Ana"):
            (reason,) = refused("do", bo, "set-task", "--by", by, "--what", "order the part")["reasons"]
            assert (reason["field"], reason["message"]) == ("--by", f"nobody is called {by!r}.")
            assert reason["hint"] == "There are: ana, ben."

    def test_the_library_itself_is_no_stranger(self, bo: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where nobody says who says so, and none need be named."""
        monkeypatch.delenv("RECOVERY_BY")
        done("do", bo, "inform", "--by", "ana", "--via", "letter", "--text", "News.", "--now", "2026-03-02T10:00")
        assert done("do", bo, "report-delivery", "--delivery", "sent", "--now", "2026-03-02T10:30")["events"]

    def test_without_a_list_of_people_everybody_can_act(self, bo: str, here: Callable[[str], Path]) -> None:
        """The policy says nothing about who there is."""
        policy = here("recovery.toml")
        text = policy.read_text(encoding="utf-8")
        policy.write_text(text[: text.index('[people."ana"]')], encoding="utf-8")
        assert done("do", bo, "set-task", "--by", "karl", "--what", "order the part")["events"]

    def test_where_nothing_is_open_it_says_so(self, bo: str) -> None:
        """Instead of explaining how to name what is not there."""
        told = refused("do", bo, "complete-task")
        assert told["reasons"][0]["hint"] == f"There is none on this case now: recovery show {bo}"

    def test_a_step_that_is_late_already_is_called_late(self, bo: str) -> None:
        """What comes next has been due since then."""
        out = run("do", bo, "set-task", "--what", "order the part", "--now", "2026-03-02T12:00")[1]
        assert "Next, late since Mon 2 Mar 10:40: contact the customer" in out

    def test_a_step_that_nothing_else_ends_says_how_it_ends(self, bo: str) -> None:
        """A task is taken off by hand, and only a task."""
        assert "complete-task" not in run("do", bo, *ACKNOWLEDGE)[1]
        out = run("do", bo, "set-task", "--what", "order the part", "--due-at", "10:00")[1]
        (told,) = (line for line in out.splitlines() if line.startswith("When that is done: "))
        words = told.removeprefix("When that is done: recovery do ").split()
        assert done("do", *words)["events"]

    def test_a_date_far_away_has_its_year(self, bo: str) -> None:
        """A slip in the year shows, and the day of another year is not taken for one of this."""
        out = run("do", bo, "acknowledge", *SAID_NOW, "--next-word-at", "2020-01-01")[1]
        assert "Wed 1 Jan 2020 17:00: give the word that was promised" in out

    def test_warnings_are_shown_by_their_option(self, bo: str) -> None:
        """What was reported is on record all the same, and it is told that the case has not moved."""
        words = ("--said-at", "now", "--text", "I am on it.", "--next-word-at", "2 bd")
        code, out, _ = run("do", bo, "acknowledge", "--via", "phone", "--no-reached", *words)
        assert code == 0
        assert "still received" in out
        assert "Recorded, with" in out

    def test_without_a_command_it_says_what_can_be_done(self, bo: str) -> None:
        """What moves the case on first; what is ruled out, with the reasons; not what is about nothing that is there."""
        code, out, _ = run("do", bo)
        assert code == 0
        moving, ruled_out = out.index("What moves it on"), out.index("What is ruled out")
        assert moving < out.index("  acknowledge") < ruled_out < out.index("  propose")
        assert "record-answer" not in out
        assert done("do", bo)["permitted"]["acknowledge"] == []

    def test_a_key_makes_it_once(self, bo: str) -> None:
        """Whoever is not sure whether it went through types it again."""
        words = ("do", bo, "set-task", "--what", "look", "--key", "k1")
        assert [done(*words)["repeated"] for _ in range(TWICE)] == [False, True]
        assert refused("do", bo, "set-task", "--what", "another", "--key", "k1")["error"] == "KeyReused"

    def test_a_version_holds_others_off(self, bo: str) -> None:
        """What was seen is what is changed."""
        version = done("show", bo)["case"]["version"]
        assert done("do", bo, "set-task", "--what", "look", "--expected-version", str(version))["case"]["version"] > version
        told = refused("do", bo, "set-task", "--what", "look", "--expected-version", str(version))
        assert told["error"] == "ConflictingChange"

    def test_mending_an_address_leaves_the_name(self, bo: str) -> None:
        """What is not given stays as it is on file."""
        told = done("do", bo, "correct", "--email", "bo@new.example", "--phone", "040", "--reason", "a slip")
        customer = told["case"]["receiving"]["customer"]
        assert customer["name"] == "Bo Lind"
        assert {one["channel"]: one["value"] for one in customer["addresses"]} == {"email": "bo@new.example", "phone": "040"}

    def test_a_message_that_says_it_is_named_by_its_number(self, bo: str) -> None:
        """How they said it is how that message came."""
        ask = ("ask", "--via", "email", "--text", "One thing.", "--question", "Which?")
        done("do", bo, *ACKNOWLEDGE, "+", "investigate", "+", *ask)
        done("receive", "--channel", "email", "--email", "bo@boat.example", "--reference", bo, "--text", "The 300.")
        contact = done("show", bo)["case"]["receiving"]["contacts"][-1]["seq"]
        told = refused("do", bo, "record-answer", "--said-contact", "99")
        assert {reason["field"] for reason in told["reasons"]} >= {"--said-via"}
        told = done("do", bo, "record-wish", "--wish", "another_person", "--said-contact", str(contact))
        assert told["events"][0]["event"]["said"]["channel"] == "email"
        told = done("do", bo, "waive-answer", "--contact", str(contact), "--reason", "answered on the phone")
        assert told["events"][0]["event"]["contact"] == contact

    def test_where_several_are_open_they_are_named(self, bo: str) -> None:
        """The fault says which there are."""
        for what in ("look", "ask"):
            done("do", bo, "set-task", "--what", what)
        told = refused("do", bo, "complete-task")
        ids = [task["id"] for task in done("show", bo)["case"]["receiving"]["tasks"]]
        assert told["reasons"][0]["hint"] == f"Open are: {', '.join(ids)}."
        assert all(f"task {name}" in run("show", bo)[1] for name in ids)

    def test_a_slip_is_answered_with_what_was_meant(self, bo: str) -> None:
        """In a command, in an option, in a value, between two commands."""
        for words, meant in (
            (("acknowlege",), 'Did you mean "acknowledge"?'),
            (("acknowledge", "--tex", "x"), "Did you mean --text?"),
            (("acknowledge", "--via", "emial"), 'Did you mean "email"?'),
            (("investigate", "+"), "a command is missing"),
        ):
            code, _, err = run("do", bo, *words)
            assert code == 2
            assert meant in " ".join(err.replace("│", " ").split())
        assert refused("do", bo, "acknowlege")["error"] == "UnknownCommandError"

    def test_an_unknown_case_is_answered_with_those_near_it(self, bo: str) -> None:
        """Or with where to look; the beginning of a reference is enough."""
        assert done("show", bo[:4])["case"]["reference"] == bo
        slip = bo[:-1] + ("2" if bo[-1] != "2" else "3")
        told = refused("do", slip)
        assert told["message"] == f"There is no case {slip!r}. Did you mean {bo}?"
        assert "recovery find" in refused("show", "nothing")["message"]

    def test_a_case_or_a_command_must_be_named(self, shop: Callable[[str], Path]) -> None:
        """With where they are listed."""
        assert "recovery show" in run("do")[2]
        assert "recovery do --help" in run("why-not", "K7M3")[2]

    def test_its_help_lists_all_commands(self) -> None:
        """And that of why-not too; the name of a command leads to its own page."""
        for command in ("do", "why-not"):
            code, out, _ = run(command, "--help")
            assert code == 0
            assert f"Usage: recovery {command}" in out
            assert "record-follow-up-answer" in out
        assert "--next-word-at" in run("do", "acknowledge", "--help")[1]


class TestPermittedAndWhyNot:
    def test_it_looks_back(self, bo: str, shop: Callable[[str], Path]) -> None:
        """What could be done before it was acknowledged."""
        done("do", bo, *ACKNOWLEDGE, "--now", "2026-03-02T10:00")
        assert done("permitted", bo, "--at", "2026-03-02T09:50")["permitted"]["acknowledge"] == []
        assert done("permitted", bo, "--at", "2026-03-02T10:00")["permitted"]["acknowledge"][0]["rule"] == "stage.acknowledge"
        assert "What moves it on" in run("permitted", bo)[1]

    def test_it_takes_commands_as_do_does(self, bo: str) -> None:
        """The same options, the same reasons, and nothing is stored."""
        told = refused("why-not", bo, "acknowledge", "--via", "email", "--text", "Hello.")
        assert [(reason["rule"], reason["field"]) for reason in told["reasons"]] == [("acknowledge.says", "--next-word-at")]
        assert done("why-not", bo, *ACKNOWLEDGE)["reasons"] == []
        assert done("show", bo)["case"]["stage"] == "received"

    def test_several_are_judged_together(self, bo: str) -> None:
        """As they would be done."""
        assert done("why-not", bo, *ACKNOWLEDGE, "+", "investigate")["command"] == "acknowledge + investigate"


class TestRehearsing:
    def test_it_cannot_go_back(self, bo: str) -> None:
        """What has been recorded stays first."""
        told = refused("do", bo, "investigate", "--now", "2026-03-02T08:00")
        assert told["reasons"][0]["field"] == "--now"
        assert "copy of the folder" in told["reasons"][0]["hint"]

    def test_a_date_alone_is_the_morning_of_that_day(self, bo: str) -> None:
        """When the doors open."""
        told = done("do", bo, "set-task", "--what", "look", "--now", "2026-03-03")
        assert told["case"]["recorded_at"] == "2026-03-03T08:00:00.000000Z"
        assert "a rehearsal" in run("do", bo, "set-task", "--what", "look", "--now", "2026-03-03")[1]

    def test_a_clock_that_lags_behind_is_told(self, bo: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """After a rehearsal in the future the last entry counts as now."""
        done("do", bo, "set-task", "--what", "look", "--now", "2126-03-04T10:00")
        monkeypatch.delenv("RECOVERY_NOW")
        assert "lies ahead of the clock" in run("agenda")[1]
        assert done("do", bo, "set-task", "--what", "again")["case"]["recorded_at"] == "2126-03-04T09:00:00.000000Z"

    def test_without_one_the_clock_holds(self, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """An empty variable is no instant either."""
        monkeypatch.setenv("RECOVERY_NOW", "")
        assert "(now)" in run("agenda")[1]
        assert "(now)" in run("receive", "--channel", "phone", "--name", "Bo", "--text", "Hello.")[1]


class TestWhereTheDeskIs:
    def test_a_folder_without_one_says_how_to_make_one(self, here: Callable[[str], Path]) -> None:
        """And where to look around first."""
        err = run("show")[2]
        assert "recovery init" in err
        assert "recovery demo" in err

    def test_its_own_desk_goes_before_the_demo(self, shop: Callable[[str], Path]) -> None:
        """The demo's database has the demo's policy, wherever it lies."""
        run("demo", "--cases", "2")
        assert "recovery.db with recovery.toml" in run("show")[1]
        out = run("show", "--db", "recovery-demo.db")[1]
        assert "recovery-demo.db with its own policy" in out
        assert "America/New_York" in out

    def test_the_policy_lies_beside_the_database(self, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """From any folder, with RECOVERY_DB."""
        monkeypatch.setenv("RECOVERY_DB", str(shop("recovery.db")))
        monkeypatch.chdir("/")
        assert f"with {shop('recovery.toml')}" in run("agenda")[1]

    def test_a_database_without_a_policy_can_be_looked_at(self, here: Callable[[str], Path]) -> None:
        """But nothing is done there by rules that nobody chose."""
        SQLiteStore(here("other.db")).close()
        assert "the bare practice (no policy file)" in run("show", "--db", "other.db")[1]
        told = refused("receive", "--db", "other.db", "--channel", "phone", "--text", "Hello.")
        assert "recovery init" in told["reasons"][0]["hint"]

    def test_a_broken_policy_is_told_as_json_too(self, shop: Callable[[str], Path]) -> None:
        """Every fault of it."""
        shop("recovery.toml").write_text("fallback = 1\n", encoding="utf-8")
        assert len(refused("agenda")["faults"]) == TWICE
