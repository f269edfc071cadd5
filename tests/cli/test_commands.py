"""The commands that look at a database: by id or reference, now or as it was, and plain words where something is wrong."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import recovery.__main__
from cli.running import Played, run
from recovery import Case, Channel, Desk, FollowUp, SQLiteStore, Stage, Word, clocks
from recovery.cli.acts import as_json
from recovery.cli.app import app
from recovery.cli.instants import instant_of
from recovery.cli.opening import as_of, policy_of
from recovery.cli.output import typed
from recovery.codec import command_from_dict
from recovery.core.errors import InvalidValue

POLICY = policy_of(None)
NAMES = [name for name in app if not name.startswith("-")]


def some_case(store: SQLiteStore, stage: Stage = Stage.FOLLOWED_UP_WEEKS) -> Case:
    """Return a case of the demo at ``stage``."""
    return next(case for case in Desk(store=store, policy=POLICY).find() if case.stage is stage)


class TestShow:
    def test_a_case_is_found_by_its_id_and_by_its_reference_however_typed(self, played: Played, store: SQLiteStore) -> None:
        """Hyphens and case do not matter to whoever reads a reference out."""
        case = some_case(store)
        names = (case.id, case.reference, case.reference.lower(), case.reference.replace("-", " "), case.reference.replace("-", ""))
        pages = {run("show", name, "--db", played.db) for name in names}
        assert len(pages) == 1
        assert case.reference in pages.pop()[1]

    def test_the_timeline_tells_everything_that_was_recorded(self, played: Played, store: SQLiteStore) -> None:
        """With --every each entry of the history is a line; without it, what only carries another entry is left out and counted."""
        case = some_case(store)
        entries = Desk(store=store, policy=POLICY).timeline(case.id)
        _, every, _ = run("show", case.id, "--every", "--full", "--db", played.db)
        flat = " ".join(every.split())
        assert all(" ".join(entry.told.split()) in flat for entry in entries)
        _, brief, _ = run("show", case.id, "--db", played.db)
        assert "are left out" in brief
        assert len(brief) < len(every)

    def test_all_words_are_there_when_wanted(self, played: Played, store: SQLiteStore) -> None:
        """--full shows the whole complaint, not only its beginning."""
        case = max(Desk(store=store, policy=POLICY).find(), key=lambda case: len(store.history(case.id)[0].event.contact.text))  # type: ignore[attr-defined]
        words = "".join(store.history(case.id)[0].event.contact.text.split())  # type: ignore[attr-defined]
        assert words in "".join(run("show", case.id, "--full", "--db", played.db)[1].split())
        assert words not in "".join(run("show", case.id, "--db", played.db)[1].split())

    def test_a_case_can_be_seen_as_it_was(self, played: Played, store: SQLiteStore) -> None:
        """--at folds what had been recorded until then, and nothing after it."""
        case = some_case(store)
        history = store.history(case.id)
        at = typed(history[5].recorded_at, POLICY.calendar)
        code, out, _ = run("show", case.id, "--every", "--at", at, "--db", played.db)
        assert code == 0
        assert "as recorded until then" in out
        assert "followed up weeks" not in out
        code, _, err = run("show", case.id, "--at", "2026-03-01", "--db", played.db)
        assert code == 2
        assert case.id in err

    def test_without_a_case_all_are_listed(self, played: Played, store: SQLiteStore) -> None:
        """One line each, the oldest first."""
        _, out, _ = run("show", "--db", played.db)
        cases = sorted(Desk(store=store, policy=POLICY).find(), key=lambda case: (case.opened_at, case.id))
        places = [out.index(case.reference) for case in cases]
        assert places == sorted(places)
        assert "Where the cases stand" in out

    def test_an_unknown_case_is_said_to_be_unknown(self, played: Played) -> None:
        """With the way out, and no traceback."""
        code, _, err = run("show", "NO-SUCH", "--db", played.db)
        assert code == 2
        assert "There is no case 'NO-SUCH'" in err


class TestAgenda:
    def test_it_shows_the_steps_of_the_desk(self, played: Played, store: SQLiteStore) -> None:
        """As many as the desk has, of one person if so wanted, and up to an instant."""
        desk = Desk(store=store, policy=POLICY)
        everybody = desk.agenda()
        assert everybody
        _, out, _ = run("agenda", "--db", played.db)
        assert f"{len(everybody)} step" in out
        for owner in {step.whom for step in everybody}:
            _, out, _ = run("agenda", "--owner", owner, "--db", played.db)
            assert f"{len(desk.agenda(owner=owner))} step" in out
        _, out, _ = run("agenda", "--owner", "nobody", "--db", played.db)
        assert "Nothing is due." in out

    def test_an_earlier_morning_can_be_seen_again(self, played: Played, store: SQLiteStore) -> None:
        """--at takes that instant as now; --until ends with the evening of a day."""
        at, until = "2026-03-12T09:00", "2026-03-13"
        then = Desk(store=as_of(store, instant_of("--at", at, POLICY.calendar)), policy=POLICY)
        steps = then.agenda(until=instant_of("--until", until, POLICY.calendar))
        _, out, _ = run("agenda", "--at", at, "--until", until, "--db", played.db)
        assert len(steps) > 1
        assert f"{len(steps)} steps" in out


class TestClocks:
    def test_one_case_shows_every_run(self, played: Played, store: SQLiteStore) -> None:
        """Each running of each clock is a line."""
        case = some_case(store)
        found = clocks(case, POLICY, case.recorded_at)
        _, out, _ = run("clocks", case.reference, "--db", played.db)
        assert sum(line.strip().startswith(tuple({reading.clock for reading in found})) for line in out.splitlines()) == len(found)

    def test_an_open_clock_says_how_much_is_left(self, played: Played, store: SQLiteStore) -> None:
        """Hours and minutes."""
        case = some_case(store)
        at = typed(case.opened_at.add(minutes=20), POLICY.calendar)
        _, out, _ = run("clocks", case.id, "--at", at, "--db", played.db)
        assert " h left" in out


FOLLOW_UP = '{"command": "follow_up", "by": "ana", "word": {"via": ["email"], "text": "Well?"}, "topics": ["solved"]}'


class TestWhyNot:
    def test_every_reason_is_given_with_its_rule_and_the_way_out(self, played: Played, store: SQLiteStore) -> None:
        """The very reasons the desk would refuse with; exit code 2."""
        case = some_case(store)
        command = command_from_dict(json.loads(FOLLOW_UP))
        reasons = Desk(store=store, policy=POLICY, now=lambda: case.recorded_at).why_not(case.id, command)
        code, out, _ = run("why-not", case.id, FOLLOW_UP, "--db", played.db)
        assert code == 2
        assert reasons
        for reason in reasons:
            assert reason.rule in out
            assert " ".join(reason.message.split()) in " ".join(out.split())

    def test_an_act_nothing_stands_in_the_way_of_says_so(self, played: Played, store: SQLiteStore) -> None:
        """Exit code 0."""
        case = some_case(store)
        asked = '{"command": "set_task", "by": "ana", "what": "look once more"}'
        code, out, _ = run("why-not", case.id, asked, "--db", played.db)
        assert (code, "nothing stands in the way" in out) == (0, True)

    def test_a_bare_name_is_judged_whatever_it_would_say(self, played: Played, store: SQLiteStore) -> None:
        """Ruled out beforehand, or not; what nobody files by hand is no command here."""
        case = some_case(store)
        code, out, _ = run("why-not", case.id, "propose", "--db", played.db)
        assert (code, "stage.propose" in out) == (2, True)
        at = typed(case.opened_at, POLICY.calendar)
        code, out, _ = run("why-not", case.id, "acknowledge", "--at", at, "--db", played.db)
        assert (code, "nothing rules it out beforehand" in out) == (0, True)
        code, _, err = run("why-not", case.id, "open_case", "--db", played.db)
        assert (code, 'Unknown command "open-case"' in err) == (2, True)

    @pytest.mark.parametrize(
        ("asked", "said"),
        [
            ("folow_up", 'Did you mean "follow-up"?'),
            ("{broken", "Expecting"),
            ('["follow_up"]', "not an object"),
            ('{"command": "follow_up"}', "word is missing"),
            ('{"command": "inform", "by": "ana", "word": {"via": ["pigeon"]}}', "letter, email"),
        ],
    )
    def test_what_is_no_command_is_explained(self, played: Played, store: SQLiteStore, asked: str, said: str) -> None:
        """Each fault with the way out, exit code 2."""
        code, _, err = run("why-not", some_case(store).id, asked, "--db", played.db)
        assert code == 2
        assert said in err

    def test_a_command_can_be_piped_in(self, played: Played, store: SQLiteStore, monkeypatch: pytest.MonkeyPatch) -> None:
        """A hyphen reads it from standard input, where no shell eats its quotes."""
        monkeypatch.setattr(sys, "stdin", io.StringIO(FOLLOW_UP))
        assert run("why-not", some_case(store).id, "-", "--db", played.db)[0] == 2

    def test_short_json_reads_back_as_the_same_command(self) -> None:
        """What is left out is what is so by default."""
        plain = FollowUp(by="ana", word=Word(via={Channel.EMAIL}, text="Well?"))
        missed = FollowUp(
            by="ana", word=Word(via={Channel.PHONE}, said_at=instant_of("", "2026-03-12", POLICY.calendar), reached=False)
        )
        for command in (plain, missed):
            assert command_from_dict(json.loads(as_json(command))) == command


class TestDoctor:
    def test_it_finds_nothing(self, played: Played) -> None:
        """As it should be."""
        code, out, _ = run("doctor", "--db", played.db)
        assert (code, "finds nothing" in out) == (0, True)

    def test_it_names_what_it_finds(self, here: Callable[[str], Path]) -> None:
        """Each fault with its case and the way out, and exit code 1."""
        run("demo", "--cases", "2", "--db", "demo.db")
        with SQLiteStore("demo.db") as store:
            case_id = next(Desk(store=store, policy=POLICY).find()).id
            with store._file.writing() as session:  # a fault that no command can make
                session.run("DELETE FROM recovery_events WHERE case_id = ? AND seq = 2", (case_id,))
        code, out, _ = run("doctor", "--db", "demo.db")
        assert code == 1
        assert case_id in out
        assert "fault" in out


class TestWhereItLooks:
    def test_the_database_can_come_from_the_environment(self, played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
        """RECOVERY_DB names it once for all commands."""
        monkeypatch.setenv("RECOVERY_DB", played.db)
        assert run("show") == run("show", "--db", played.db)

    def test_a_file_that_is_not_there_is_not_made(self, here: Callable[[str], Path]) -> None:
        """Looking never creates anything."""
        code, _, err = run("agenda", "--db", "none.db")
        assert (code, "no such file" in err) == (2, True)
        assert not here("none.db").exists()

    def test_a_file_of_another_program_is_left_alone(self, here: Callable[[str], Path]) -> None:
        """It says what the file is."""
        here("text.db").write_text("This is no database at all.\n" * 40)
        code, _, err = run("show", "--db", "text.db")
        assert (code, "not an SQLite database" in err) == (2, True)

    def test_a_policy_of_your_own_serves(self, played: Played, here: Callable[[str], Path]) -> None:
        """Cases keep the clocks they are pinned to; people and zone are those of the file."""
        here("mine.toml").write_text(
            'fallback_owner = "zoe"\n[calendar]\ntimezone = "Europe/Berlin"\nweek = { monday = [["09:00", "17:00"]] }\n'
        )
        code, out, _ = run("agenda", "--policy", "mine.toml", "--db", played.db)
        assert (code, "Europe/Berlin" in out) == (0, True)

    def test_a_policy_that_cannot_work_names_every_fault(self, played: Played, here: Callable[[str], Path]) -> None:
        """With its path in the file."""
        here("mine.toml").write_text("fallback = 1\n")
        code, _, err = run("doctor", "--policy", "mine.toml", "--db", played.db)
        assert code == 2
        assert "fallback: there is no such key" in err

    @pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-03-19T25:00"])
    def test_what_is_no_instant_is_refused_with_an_example(self, played: Played, text: str) -> None:
        """The hint can be copied."""
        code, _, err = run("show", "--at", text, "--db", played.db)
        assert (code, "2026-03-19T10:30" in err) == (2, True)

    def test_instants_are_read_as_people_mean_them(self) -> None:
        """Local to the working hours without an offset; a date alone is its evening; an offset holds."""
        read = [
            instant_of("", text, POLICY.calendar).isoformat()
            for text in ("2026-03-19T10:30", "2026-03-19T10:30+01:00", "2026-03-08")
        ]
        assert read == ["2026-03-19T14:30:00+00:00", "2026-03-19T09:30:00+00:00", "2026-03-09T03:59:59.999999+00:00"]
        with pytest.raises(InvalidValue):
            instant_of("--at", "soon", POLICY.calendar)

    def test_narrow_windows_are_kept_to(self, played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
        """COLUMNS is as wide as it gets."""
        monkeypatch.setenv("COLUMNS", "80")
        for command in ("show", "agenda", "clocks"):
            lines = run(command, "--db", played.db)[1].splitlines()[2:]
            assert max(map(len, lines)) <= 80, command


class TestTheCommandItself:
    @pytest.mark.parametrize("arguments", [("frob",), ("show", "--frob"), ("demo", "--seed", "x")])
    def test_what_is_no_command_line_is_answered_with_2(self, arguments: tuple[str, ...]) -> None:
        """And with what is wrong with it."""
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert "Error" in err

    @pytest.mark.parametrize("name", NAMES)
    def test_every_command_explains_itself(self, name: str) -> None:
        """What it does, an example or more, and what comes next."""
        assert name in run("--help")[1]
        code, out, _ = run(name, "--help")
        assert (code, f"Usage: recovery {name}" in out) == (0, True)
        assert "For example:" in out
        assert "Next: " in out
        assert ("--json" in out) is (name not in ("demo", "diagram"))

    @pytest.mark.parametrize("name", NAMES)
    def test_every_example_can_be_typed(self, name: str) -> None:
        """Each line of the help that shows a command line is one that is understood, on as narrow a page as 80 columns."""
        shown = [line for line in (app[name].help or "").splitlines() if line.startswith("    ")]
        typed = re.findall(r"^ +(?:\*/5 .*&& )?recovery ((?:.*\\\n)*.*)$", "\n".join(shown), re.MULTILINE)
        assert typed
        for line in typed:
            words = shlex.split(re.split(r" \||  +\(| >", line.replace("\\\n", " "))[0])
            app.parse_args(words, exit_on_error=False, print_error=False)
        assert max(map(len, shown)) <= 80

    def test_help_imports_nothing_it_does_not_print(self) -> None:
        """The library itself is not loaded for it, so that help is there at once."""
        heavy = ["pendulum", "cattrs", "transitions", "sqlite3", "recovery.core.decide", "recovery.desk"]
        code = f"import sys; from recovery.cli.app import run; run(['--help']); print({{*{heavy}}} & {{*sys.modules}})"
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert told.stdout.splitlines()[-1] == "set()"

    def test_the_example_in_the_list_of_commands_can_be_typed(self) -> None:
        """It is the first thing that a newcomer types."""
        for line in re.findall(r"^    recovery (.*?)   ", run("--help")[1], re.MULTILINE):
            assert shlex.split(line)[0] in NAMES

    def test_it_is_a_module_too_and_minds_no_closed_pipe(self) -> None:
        """``python -m recovery rules | head`` ends in peace."""
        command = [sys.executable, "-m", "recovery", "rules"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            told = process.stderr.read()
        assert told == b""
        assert process.returncode == 0

    def test_ctrl_c_is_quiet(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """No traceback; exit code 130, as shells know it."""

        def interrupted(*arguments: object, **options: object) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr("recovery.cli.practice.rules.__code__", interrupted.__code__)
        assert run("rules") == (130, "", "")

    def test_names_from_everywhere_are_written_whatever_the_locale(self, here: Callable[[str], Path]) -> None:
        """Into a pipe or a file it is UTF-8."""
        plain = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONIOENCODING": "ascii",
            "PYTHONUTF8": "0",
            "LC_ALL": "C",
        }
        command = [sys.executable, "-m", "recovery", "init", "--person", "zoe=Zoë Ångström", "--zone", "UTC"]
        told = subprocess.run(command, capture_output=True, env=plain, check=False)
        assert (told.returncode, told.stderr) == (0, b"")
        assert "Zoë Ångström looks after" in told.stdout.decode("utf-8")

    def test_its_version_is_that_of_the_distribution(self) -> None:
        """Or it says that it is not installed."""
        code, out, _ = run("--version")
        assert code == 0
        assert out.strip()

    def test_without_the_extra_it_says_how_to_get_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One line and exit code 1 instead of a traceback."""
        monkeypatch.setattr(recovery.__main__, "find_spec", lambda package: None)
        code, out, err = run("demo")
        assert (code, out) == (1, "")
        assert "customer-recovery[cli]" in err
