"""``recovery demo``: real words, one seed one output, and nothing shown that is not in the database."""

from __future__ import annotations

import csv
import re
import sqlite3
from collections import Counter
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from cli.running import Played, run
from recovery import Case, Channel, Contact, Desk, Query, SQLiteStore, Stage, clocks, policies
from recovery.cli.demo.complaints import complaints
from recovery.cli.demo.story import play_through
from recovery.cli.demo.world import Twist
from recovery.cli.opening import policy_of
from recovery.core.vocabulary.receiving import CaseOpened
from recovery.stores.memory import MemoryStore

POLICY = policy_of(None)


def cases_of(store: SQLiteStore) -> list[Case]:
    """Return every case of a store."""
    return list(Desk(store=store, policy=POLICY).find())


class TestOneSeedOneOutput:
    def test_the_same_seed_prints_the_same_to_the_letter(self, here: Callable[[str], Path]) -> None:
        """Whoever types the same seed twice reads the same twice, whatever was there before."""
        first = run("demo", "--cases", "3", "--seed", "7", "--db", "demo.db")
        second = run("demo", "--cases", "3", "--seed", "7", "--db", "demo.db")
        assert first[0] == second[0] == 0
        assert second[1] == first[1]
        assert (first[2], "replaces it" in second[2]) == ("", True)

    def test_another_seed_prints_something_else(self, here: Callable[[str], Path]) -> None:
        """The seed decides."""
        first = run("demo", "--cases", "2", "--seed", "1", "--db", "demo.db")
        other = run("demo", "--cases", "2", "--seed", "2", "--db", "demo.db")
        assert first[1] != other[1]

    def test_there_is_no_colour_where_nobody_watches(self, played: Played) -> None:
        """A file or a pipe gets plain text, at most 100 signs wide but for the commands to copy."""
        assert "\x1b" not in played.out
        assert all(len(line) <= 100 for line in played.out.splitlines() if "recovery " not in line and ".db" not in line)


class TestRealWords:
    def test_the_words_of_the_file_arrive_untouched(self, played: Played, store: SQLiteStore) -> None:
        """What a customer wrote stands in the history as it stands in the register, byte for byte."""
        text = files("recovery.cli").joinpath("complaints.csv").read_bytes().decode()
        carried = {row[-1] for row in csv.reader(text.splitlines(keepends=True))}
        opened = [recorded.event for case in Desk(store=store, policy=POLICY).find() for recorded in store.history(case.id)]
        told = [event.contact.text for event in opened if isinstance(event, CaseOpened) and not event.links]
        assert len(told) >= 10
        assert set(told) <= carried

    def test_the_package_carries_some_forty_complaints_with_their_provenance(self) -> None:
        """Long ones and short ones, from many states; the file beside them says where they are from and under which licence."""
        found = complaints()
        lengths = [len(complaint.words) for complaint in found]
        assert len(found) == 42
        assert min(lengths) < 80
        assert max(lengths) > 3000
        assert len({complaint.state for complaint in found}) > 15
        told = files("recovery.cli").joinpath("COMPLAINTS.md").read_text(encoding="utf-8")
        for needed in ("Consumer Financial", "ZiyuYan9/consumer_complaints", "ecece4d9", "public domain", "untouched", "invents"):
            assert needed in told

    def test_no_column_names_a_company(self) -> None:
        """Nothing here is about one named company."""
        header = files("recovery.cli").joinpath("complaints.csv").read_text(encoding="utf-8").splitlines()[0]
        assert header == "complaint_id,received,product,issue,state,tags,words"

    def test_invented_people_are_marked(self, played: Played, store: SQLiteStore) -> None:
        """Nobody can take an invented customer for a real one: the number and the mail address say it."""
        for case in Desk(store=store, policy=POLICY).find():
            customer = case.receiving.customer
            assert str(customer.id).startswith("invented-")
            assert all(way.value.endswith("@example.org") for way in customer.addresses if way.channel is Channel.EMAIL)
        assert "Invented from the seed" in played.out


class TestOnlyWhatIsThere:
    def test_the_headline_counts_the_cases_of_the_database(self, played: Played, store: SQLiteStore) -> None:
        """Every number of the headline is a number of cases in the store."""
        desk = Desk(store=store, policy=POLICY)
        counted = Counter(case.stage.value.replace("_", " ") for case in desk.find())
        table = played.out.split("Where the cases stand")[1].split("Among them")[0]
        shown: Counter[str] = Counter()
        for stage in (stage.value.replace("_", " ") for stage in Stage):
            shown[stage] = sum(int(n) for n in re.findall(rf"^ {stage} .*?(\d+) *$", table, re.MULTILINE))
        assert +shown == counted
        assert int(re.findall(r"^ all +(\d+) *$", table, re.MULTILINE)[0]) == counted.total()
        still_open = sum(not case.ended for case in desk.find())
        assert f"{still_open} still open" in played.out

    def test_the_clocks_are_those_of_the_cases(self, played: Played, store: SQLiteStore) -> None:
        """The table of clocks counts the readings of every case at the last entry."""
        desk = Desk(store=store, policy=POLICY)
        cases = list(desk.find())
        now = max(case.recorded_at for case in cases)
        counted = Counter(reading.outcome.value for case in cases for reading in clocks(case, desk.policy_for(case), now))
        line = re.findall(r"^ all +([\d ]+)$", played.out.split("How the clocks stand")[1], re.MULTILINE)[0].split()
        assert [int(number) for number in line] == [counted[name] for name in ("met", "missed", "open", "paused", "ended")]

    @pytest.mark.parametrize("number", range(5))
    def test_each_section_is_what_its_command_prints(self, played: Played, number: int) -> None:
        """Whatever the demo shows under a command, that command prints again from the database."""
        commands = re.findall(r"^\$ recovery (.*)$", played.out, re.MULTILINE)
        assert len(commands) == 5
        words = re.findall(r"'[^']*'|\S+", commands[number])
        code, out, err = run(*(word.strip("'") for word in words))
        body = [line.rstrip() for line in out.splitlines()[2:] if line.strip()]
        shown = played.out.split(f"$ recovery {commands[number]}")[1]
        assert (code, err) == (2 if words[0] == "why-not" else 0, "")
        same = body[1:] if words[0] == "agenda" else body
        assert [line.rstrip() for line in shown.splitlines() if line.strip()][len(body) - len(same) : len(body)] == same

    def test_the_star_declines_once_and_is_solved_late(self, store: SQLiteStore) -> None:
        """One case has it all: declined, accepted, late, held back, solved after days and after weeks."""
        desk = Desk(store=store, policy=POLICY)
        kinds = [Counter(entry.kind for entry in desk.timeline(case.id)) for case in desk.find() if case.proposing.declines]
        wanted = {"proposal_declined": 1, "proposed": 2, "proposal_accepted": 1, "delivery_moved": 1, "follow_up_passed": 2}
        assert any(all(found[kind] == number for kind, number in wanted.items()) for found in kinds)


class TestWhatHappens:
    def test_a_demo_of_all_leaves_nothing_undone(self) -> None:
        """Whatever the seed decides, the doctor finds nothing, every open case has a step, and nobody is refused by surprise."""
        store = MemoryStore()
        play = play_through(store, POLICY, seed=3, count=24, passed=lambda share: None)
        stepped = {step.case_id for step in play.desk.agenda() if step.wake_at is not None}
        assert play.desk.doctor() == ()
        assert {case.id for case in play.desk.find(Query(open_only=True))} <= stepped
        assert play.surprises == []

    def test_everything_that_can_happen_does(self) -> None:
        """Declined, reopened, silent, late, moved, merged, withdrawn, unwanted, in the tray, unreachable, undelivered."""
        play = play_through(MemoryStore(), POLICY, seed=1, count=40, passed=lambda share: None)
        desk = play.desk
        kinds = Counter(entry.kind for case in desk.find() for entry in desk.timeline(case.id))
        for kind in (
            "proposal_declined", "case_reopened", "case_moved", "handover_offered", "handover_accepted", "case_merged_in",
            "identified",
            "wish_recorded", "linked_case_opened", "question_asked", "delivery_moved", "corrected", "task_done", "case_closed",
        ):  # fmt: skip
            assert kinds[kind], kind
        told = [entry.told for case in desk.find() for entry in desk.timeline(case.id)]
        for words in ("given up", "bounced", "nobody was reached", "withdrawn", "no answer", "duplicate", "declined", "unanswered"):
            assert any(words in sentence for sentence in told), words
        assert {rule for held in play.held_back for rule in (reason.rule for reason in held.reasons)} >= {
            "follow-up.after-delivery",
            "follow-up.says",
        }
        assert {plan.twist for plan in play.plans.values()} == set(Twist)

    def test_a_demo_of_one_is_the_star(self, here: Callable[[str], Path]) -> None:
        """The smallest demo still tells the whole story."""
        code, out, _ = run("demo", "--cases", "1", "--db", "one.db")
        assert code == 0
        assert "A follow-up that was held back" in out


class TestTheDatabase:
    @pytest.mark.parametrize("count", ["0", "43", "-1"])
    def test_more_complaints_than_there_are_is_refused(self, count: str, here: Callable[[str], Path]) -> None:
        """The way out is named, and no file is made."""
        code, out, err = run("demo", "--cases", count, "--db", "demo.db")
        assert (code, out) == (2, "")
        assert "from 1 to 42" in err
        assert not here("demo.db").exists()

    def test_a_file_of_somebody_else_is_never_replaced(self, here: Callable[[str], Path]) -> None:
        """Neither a text, nor the database of another program, nor a real desk's."""
        here("notes.txt").write_text("My notes, which are much longer than an SQLite header.\n" * 9)
        with sqlite3.connect("other.db") as other:
            other.execute("CREATE TABLE t (a)")
        other.close()
        with SQLiteStore("desk.db") as store:
            desk = Desk(store=store, policy=policies.default(fallback_owner="ana", calendar=POLICY.calendar))
            desk.receive(Contact(channel=Channel.LETTER, text="Help.", reference="order 7", received_at=desk.now()))
        before = {name: here(name).read_bytes() for name in ("notes.txt", "other.db")}
        for name in ("notes.txt", "other.db", "desk.db"):
            code, out, err = run("demo", "--cases", "1", "--db", name)
            assert (code, out) == (2, ""), name
            assert name in err
        assert {name: here(name).read_bytes() for name in before} == before
        with SQLiteStore("desk.db") as store:
            assert len(cases_of(store)) == 1

    def test_a_folder_that_is_not_there_is_named(self, here: Callable[[str], Path]) -> None:
        """The demo says what is missing instead of a traceback."""
        code, _, err = run("demo", "--cases", "1", "--db", "nowhere/demo.db")
        assert code == 2
        assert "folder" in err
