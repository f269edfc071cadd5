"""Looking at a desk: finding cases, what is open on one, what has not arrived, the agenda of a day, and the policy that holds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from cli.running import done, refused, run
from recovery import SQLiteStore
from recovery.cli.diagram import FORMATS, diagram
from recovery.cli.opening import policy_of
from recovery.cli.policing import differences
from recovery.core.practice import CLOCKS
from recovery.core.stages import ENDED, TABLE, Stage

ASK = ("ask", "--via", "email", "--text", "One thing.", "--question", "Which model?")
ACKNOWLEDGE = ("acknowledge", "--via", "email", "--text", "I am on it.", "--next-word-at", "2 bd")


class TestShow:
    def test_it_says_what_is_open_with_its_number(self, bo: str) -> None:
        """Steps, questions, promises, tasks, options, deliveries, handovers and the customer's messages, as commands name them."""
        done("do", bo, *ACKNOWLEDGE, "+", "investigate", "+", *ASK, "+", "set-task", "--what", "order the part")
        done("do", bo, "offer-handover", "--to", "ben", "--briefing", "It is dark.")
        done("do", bo, "make-promise", "--what", "a call", "--due-at", "tomorrow")
        out = run("show", bo)[1]
        open_now = out[out.index("What is open") :]
        case = done("show", bo)["case"]
        for told in (
            f"question {case['keeping']['questions'][0]['id']}",
            f"promise {case['keeping']['promises'][-1]['id']}",
            f"task {case['receiving']['tasks'][0]['id']}",
            "on offer to ben",
            "of the customer, by their numbers: 1",
            "(promise.tracked)",
        ):
            assert told in open_now
        done("do", bo, "propose", "--via", "email", "--text", "This.", "--option", "id=new,text=A new one.,delivers=a display")
        assert "option new" in run("show", bo)[1]
        done("do", bo, "record-acceptance", "--said", "Yes.", "--said-via", "phone")
        assert "a display" in run("show", bo)[1]

    def test_a_case_that_owes_nothing_has_nothing_open(self, bo: str) -> None:
        """And says nothing of it."""
        done("do", bo, "close", "--reason", "withdrawn", "--said", "Forget it.", "--said-via", "phone")
        assert "What is open" not in run("show", bo)[1]

    def test_an_empty_desk_says_how_to_begin(self, shop: Callable[[str], Path]) -> None:
        """No empty tables."""
        out = run("show")[1]
        assert "There is no case yet. Take the first: recovery receive --help" in out
        assert "stage" not in out

    def test_what_is_left_out_is_counted_in_words(self, bo: str) -> None:
        """One is, several are."""
        assert "1 delivery report or mail to a colleague is left out" in run("show", bo)[1]
        run("work", "--print")
        assert "3 delivery reports and mails to colleagues are left out" in run("show", bo)[1]

    def test_an_agenda_of_nobody_says_who_there_is(self, bo: str) -> None:
        """A slip in a name is not taken for a free day."""
        assert "Nobody is called 'karl'. There are: ana, ben." in run("agenda", "--owner", "karl")[1]
        assert "Nobody" not in run("agenda", "--owner", "ben")[1]

    def test_it_can_be_read_by_programs(self, bo: str) -> None:
        """The case, its dated steps and its history."""
        told = done("show", bo)
        assert told["case"]["reference"] == bo
        assert told["steps"][0]["rule"] == "acknowledge.immediately"
        assert told["entries"][0]["event"]["event"] == "case_opened"
        assert [case["reference"] for case in done("show")["cases"]] == [bo]


class TestFind:
    def test_words_people_and_stages_find_cases(self, bo: str) -> None:
        """All that is given must hold."""
        done("receive", "--channel", "email", "--name", "Zoe", "--email", "zoe@x.example", "--text", "Where is it?")
        found = {
            words: [case["receiving"]["customer"]["name"] for case in done("find", *words)["cases"]]
            for words in (
                ("dark",),
                ("--address", "ZOE@x.example"),
                ("--owner", "ana", "--stage", "received", "dark"),
                ("--stage", "closed"),
                ("--owner", "ben"),
                ("--tray",),
                ("lind",),
            )
        }
        assert list(found.values()) == [["Bo Lind"], ["Zoe"], ["Bo Lind"], [], [], [], ["Bo Lind"]]
        assert len(done("find", "--open")["cases"]) == 2
        assert len(done("find", "--limit", "1")["cases"]) == 1
        assert refused("find", "--limit", "-1")["reasons"][0]["field"] == "--limit"

    def test_each_is_shown_with_who_it_is_from_and_what_it_is_about(self, bo: str) -> None:
        """A reference alone tells people nothing; where there is little room it stands alone all the same."""
        (line,) = (line for line in run("find", "dark")[1].splitlines() if bo in line)
        assert " ".join(line.split()).endswith("ana Bo Lind It went dark. received")

    def test_a_narrow_screen_leaves_that_out(self, bo: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """Rather than to break every word."""
        monkeypatch.setenv("COLUMNS", "60")
        out = run("find", "dark")[1]
        assert bo in out
        assert "Bo Lind" not in out

    def test_finding_nothing_says_where_all_are(self, shop: Callable[[str], Path]) -> None:
        """No empty table."""
        code, out, _ = run("find", "anything")
        assert (code, "No case fits. All of them: recovery show" in out) == (0, True)

    def test_a_slip_in_a_stage_is_answered(self, shop: Callable[[str], Path]) -> None:
        """With the one that was meant."""
        code, _, err = run("find", "--stage", "investigatng")
        assert (code, 'Did you mean "investigating"' in " ".join(err.replace("│", " ").split())) == (2, True)


class TestOutbox:
    def test_what_waits_and_what_is_owed_by_hand_are_listed(self, bo: str) -> None:
        """With what to do about each."""
        zoe = done("receive", "--channel", "phone", "--name", "Zoe", "--phone", "040 111", "--text", "Call me.")
        words = ("--via", "phone", "--text", "I am on it.", "--next-word-at", "2 bd")
        done("do", zoe["case"]["reference"], "acknowledge", *words)
        out = run("outbox")[1]
        assert "waits for: recovery work" in out
        assert "to be done by hand (what to say: recovery preview" in out
        messages = done("outbox")["messages"]
        assert {one["state"] for one in messages} == {"queued", "owed"}
        (owed,) = done("outbox", "--channel", "phone")["messages"]
        done("do", owed["reference"], "report-delivery", "--delivery", "sent", "--happened-at", "now")
        assert done("outbox", "--channel", "phone")["messages"] == []

    def test_what_came_back_is_told(self, bo: str) -> None:
        """The address is wrong, and somebody must see to it."""
        run("work", "--print")
        message = next(one for one in done("show", bo)["case"]["receiving"]["outgoing"] if one["person"] is None)
        done("do", bo, "report-delivery", "--message-id", message["id"], "--delivery", "bounced")
        assert "it came back" in run("outbox")[1]

    def test_the_store_tells_how_often_and_why(self, bo: str, shop: Callable[[str], Path]) -> None:
        """Nothing is claimed by looking."""
        with SQLiteStore("recovery.db") as store:
            waiting = store.waiting()
            store.retry(waiting[0].message_id, waiting[0].next_at.add(minutes=1), "ConnectionError")
            again = next(one for one in store.waiting() if one.message_id == waiting[0].message_id)
        assert (again.tries, again.error) == (1, "ConnectionError")
        assert len(waiting) == 2

    def test_nothing_waits_is_said(self, shop: Callable[[str], Path]) -> None:
        """As it should be."""
        assert "Nothing waits" in run("outbox", "--at", "2026-03-02T10:00")[1]


class TestAgenda:
    def test_today_is_what_is_late_or_due_until_the_evening(self, bo: str) -> None:
        """Not what comes later."""
        assert len(done("agenda", "--today")["steps"]) == 1
        done("do", bo, *ACKNOWLEDGE)
        assert done("agenda", "--today")["steps"] == []
        assert len(done("agenda")["steps"]) > 1
        assert "late" in run("agenda", "--at", "2026-03-20")[1]

    def test_clocks_and_the_doctor_can_be_read_by_programs(self, bo: str) -> None:
        """Each with its own list."""
        told = done("clocks", bo)
        assert {one["clock"] for one in next(iter(told["clocks"].values()))} >= {"acknowledge.immediately"}
        assert done("clocks")["clocks"] == told["clocks"]
        assert done("doctor")["findings"] == []


class TestDoctor:
    def test_what_can_be_mended_is_mended_and_told(self, bo: str) -> None:
        """Without --mend nothing is changed; with it each finding says whether it was mended; what is left is the code."""
        with closing(sqlite3.connect("recovery.db")) as connection, connection:
            connection.execute("UPDATE recovery_wakes SET wake_at = NULL")
        for arguments in (("doctor",), ("doctor", "--quick")):
            code, out, _ = run(*arguments, "--json")
            assert (code, [one["rule"] for one in json.loads(out)["findings"]]) == (1, ["case.never-looked-at"])
        code, out, _ = run("doctor", "--mend")
        assert (code, "has mended 1 of them" in out, "Mended." in out) == (0, True, True)
        assert "At a glance there is nothing wrong" in run("doctor", "--quick")[1]
        assert run("doctor")[0] == 0

    def test_what_cannot_be_mended_stays_named(self, bo: str) -> None:
        """A gap in a history is nobody's to guess; for programs each finding has its rule."""
        with closing(sqlite3.connect("recovery.db")) as connection, connection:
            connection.execute("DELETE FROM recovery_events WHERE seq = 2")
        code, out, _ = run("doctor", "--mend", "--json")
        found = {one["rule"]: one["mended"] for one in json.loads(out)["findings"]}
        assert (code, found["history.gap"]) == (1, False)

    def test_whoever_mends_needs_the_policy(self, bo: str, here: Callable[[str], Path]) -> None:
        """It says when a case is looked at next; nobody guesses it."""
        here("recovery.toml").unlink()
        assert refused("doctor", "--mend")["error"] == "InvalidValue"


class TestPolicy:
    def test_all_that_holds_is_shown(self, shop: Callable[[str], Path]) -> None:
        """Hours, people, routes, clocks with their lengths, rules with their strengths."""
        out = run("policy")[1]
        for clock in CLOCKS:
            assert clock.id in out
        for told in ("Boat Displays", "Ana Brook", "supervisor ana", "09:00-17:00", "closed", "everything else", "must, fixed"):
            assert told in out

    def test_what_differs_is_marked_and_listed(self, shop: Callable[[str], Path]) -> None:
        """Clocks, strengths, what may be gone past, lengths, clocks of one's own."""
        more = """
overridable = ["acknowledge.says"]
attempts = 2
[rules]
"follow-up.other-channel" = "must"
[clocks."propose.in-time"]
length = "3 bd"
[clocks."our.own"]
rule = "our.own"
what = "look at it"
starts = ["received"]
stops = ["closed"]
length = "9 cd"
"""
        path = shop("recovery.toml")
        head, rest = path.read_text(encoding="utf-8").split("[calendar]", 1)
        tables = more.split("[rules]")
        path.write_text(f"{head}{tables[0]}[calendar]{rest}[rules]{tables[1]}", encoding="utf-8")
        found = dict(differences(policy_of("recovery.toml")))
        assert found["clocks.propose.in-time.length"] == "3 bd (usually 5 bd)"
        assert found["clocks.our.own"] == "a clock of your own: 9 days"
        assert found["rules.follow-up.other-channel"] == "must"
        assert found["attempts"] == "2 (usually 3)"
        assert "overridable.acknowledge.says" in found
        out = run("policy")[1]
        assert "propose.in-time *" in out
        assert "our.own *" in out
        assert "may be gone past" in out
        assert done("policy", "check")["differences"] == found
        assert done("policy")["policy"]["differences"] == found

    def test_the_practice_as_it_stands_differs_in_nothing(self, here: Callable[[str], Path]) -> None:
        """The demo's policy, where there is no other."""
        assert dict(differences(policy_of(None))) == {}
        assert "The demo's policy" in run("policy")[1]
        assert "It is the practice as it stands." in run("policy", "check")[1]

    def test_what_is_rarely_meant_is_pointed_out(self, shop: Callable[[str], Path]) -> None:
        """A fallback owner who is on no list, and people whom customers cannot reach; a sound file has neither."""
        assert "Look at this" not in run("policy", "check")[1]
        path = shop("recovery.toml")
        text = path.read_text(encoding="utf-8").replace('fallback_owner = "ana"', 'fallback_owner = "anna"')
        path.write_text(text, encoding="utf-8")
        assert (
            "Look at this: fallback_owner: 'anna' is not among the people (ana, ben), and gets no mail."
            in run("policy", "check")[1]
        )
        bare = text.replace('"ana@boats.example"', '""').replace('email = ""', "")
        path.write_text(bare, encoding="utf-8")
        assert "Look at this: way_back is empty and ana has no address" in run("policy", "check")[1]

    def test_every_fault_of_a_file_is_told(self, here: Callable[[str], Path]) -> None:
        """Those of the policy and those of the mail settings, each with its path; exit code 2."""
        here("new.toml").write_text('fallback = 1\n[mail]\nhost = 3\nsender = "x"\n', encoding="utf-8")
        faults = refused("policy", "check", "new.toml")["faults"]
        assert any(fault.startswith("fallback: there is no such key") for fault in faults)
        assert any(fault.startswith("mail.host") for fault in faults)
        here("new.toml").write_text("= no\n", encoding="utf-8")
        assert len(refused("policy", "check", "new.toml")["faults"]) == 1
        assert refused("policy", "check", "none.toml")["error"] == "BadDefinition"

    def test_a_file_can_be_shown_before_it_is_used(self, shop: Callable[[str], Path]) -> None:
        """By its name."""
        here = shop("new.toml")
        here.write_text(shop("recovery.toml").read_text(encoding="utf-8").replace("Boat Displays", "Deck Shoes"), encoding="utf-8")
        assert "Deck Shoes" in run("policy", "show", "new.toml")[1]
        assert "Boat Displays" in run("policy", "show")[1]


class TestPractice:
    def test_rules_can_be_read_by_programs(self) -> None:
        """One or all of them."""
        (rule,) = done("rules", "follow-up.days")["rules"]
        assert rule["clocks"][0]["length"] == "3 cd"
        assert len(done("rules")["rules"]) > 30
        assert refused("rules", "folow-up.days")["reasons"][0]["hint"].startswith("Did you mean")

    def test_the_diagram_for_graphviz_has_every_step(self) -> None:
        """No more and no less, with the beginning, and the ends marked."""
        drawn = diagram("dot")
        assert drawn.count(" -> ") == len(TABLE) + 1
        assert drawn.count("peripheries=2") == len(ENDED)
        for stage in Stage:
            assert f"    {stage.value} [label=" in drawn
        assert run("diagram", "--format", "dot") == (0, drawn + "\n", "")
        assert FORMATS == ("mermaid", "markdown", "dot")


class TestOneDocument:
    @pytest.mark.parametrize(
        "words",
        [("show",), ("agenda",), ("clocks",), ("find",), ("outbox",), ("doctor",), ("policy",), ("rules",), ("work",)],
    )
    def test_standard_output_is_one_document_and_nothing_else(self, bo: str, words: tuple[str, ...]) -> None:
        """Also where there are names from all over the world."""
        code, out, err = run(*words, "--json")
        assert (code, err) == (0, "")
        assert isinstance(json.loads(out), dict)
        assert "\\u" not in out


class TestPreview:
    def test_it_shows_the_words_that_would_go_out(self, bo: str) -> None:
        """The draft of the first word, the reminders to come in a line each, and in full where that is wanted."""
        code, out, err = run("preview", bo)
        assert (code, err) == (0, "")
        assert "a draft: what a person might say (acknowledge)" in out
        assert "Thank you for telling us." in out
        assert "by email to the customer, bo@boat.example" in out
        assert "Due soon" in out
        assert "It is due by" not in out
        assert "It is due by" in run("preview", bo, "--every")[1]

    def test_programs_get_every_message_whole(self, bo: str) -> None:
        """As JSON each message has its kind, its reason, its reader, and its words in both forms."""
        messages = done("preview", bo)["messages"]
        draft = next(one for one in messages if one["kind"] == "draft")
        assert draft["because"] == "acknowledge"
        assert draft["html"].startswith("<!DOCTYPE html>")
        assert {one["kind"] for one in messages} == {"waits", "draft", "by_itself"}

    def test_a_case_that_is_over_says_so(self, bo: str) -> None:
        """Nothing to come is told in words."""
        done("do", bo, "close", "--reason", "withdrawn", "--said", "Forget it.", "--said-via", "phone")
        run("work", "--print")
        assert "It would say nothing" in run("preview", bo)[1]
