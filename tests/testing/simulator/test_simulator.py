"""Simulated stories: they hold on our stores, they find what somebody could get wrong, and a seed is the same story everywhere."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from recovery import MemoryStore, Undeliverable
from recovery.notifiers import RecordingNotifier
from recovery.ports.store import Store
from recovery.stores.postgres import PostgresStore
from recovery.stores.sqlite import SQLiteStore
from recovery.testing import FrozenNow, Simulator, a_policy
from recovery.testing.contracts.samples import NOW, opening, saying
from recovery.testing.simulator import Call, FaultyNotifier, LawBroken, Mishaps, StoryFailed, watched
from recovery.testing.simulator.__main__ import main
from recovery.testing.simulator.turns import Turns
from servers import Server
from testing.simulator.planted import PLANTED, ForgetsAKey

STORIES = int(os.environ.get("RECOVERY_STORIES", "40"))
"""How many stories are played in memory; an eighth of them on files, a thirteenth on PostgreSQL. Set it for a longer look:
RECOVERY_STORIES=20000."""


class TestOurStores:
    def test_the_laws_hold_in_memory(self) -> None:
        """Whatever fails, is killed, hangs or jumps: on the store in memory every law holds after every step."""
        told = Simulator().run(STORIES)
        assert told.stories == STORIES
        assert told.mishaps > STORIES
        assert f"{STORIES} stories held" in str(told)

    def test_the_laws_hold_on_a_file(self, tmp_path: Path) -> None:
        """On a SQLite file every law holds after every step."""
        numbers = iter(range(10_000))
        simulator = Simulator(store=lambda: SQLiteStore(tmp_path / f"{next(numbers)}.db"))
        assert simulator.run(STORIES // 8, seed=500).mishaps > 0

    def test_the_laws_hold_on_postgres(self, one_server: Server) -> None:
        """On PostgreSQL every law holds after every step, with a connection for each of those who act."""

        @contextmanager
        def fresh() -> Generator[Store, None, None]:
            with one_server.database("made", _make) as database, PostgresStore(database.conninfo) as store:
                yield store

        assert Simulator(store=fresh).run(STORIES // 13, seed=700).mishaps > 0


def _make(conninfo: str) -> None:
    PostgresStore(conninfo).close()


@pytest.mark.parametrize(("store", "within"), PLANTED.items(), ids=lambda found: getattr(found, "__name__", None))
def test_a_planted_bug_is_found(store: type[MemoryStore], within: int) -> None:
    """A slip that somebody could make in a store is found within a few stories: the simulator can fail."""
    with pytest.raises(StoryFailed):
        Simulator(store=store).run(within, seed=1000)


class TestSeeds:
    def test_a_failure_names_its_seed_and_fails_again(self) -> None:
        """What a failure prints is enough to see it again: seed, law, the last steps."""
        with pytest.raises(StoryFailed, match="what comes twice is done once") as first:
            Simulator(store=ForgetsAKey, again="run {seed}").run(5, seed=10)
        seed = first.value.seed
        assert f"the story with the seed {seed} failed" in str(first.value)
        assert str(first.value).endswith(f"run it again: run {seed}")
        with pytest.raises(StoryFailed) as second:
            Simulator(store=ForgetsAKey).story(seed)
        assert second.value.steps == first.value.steps != ()

    def test_a_seed_is_the_same_story_in_every_process(self) -> None:
        """The order in which a process happens to keep its sets decides nothing."""
        command = [sys.executable, "-m", "recovery.testing.simulator", "--stories", "3", "--seed", "40", "--steps"]
        told = {_ran(command, PYTHONHASHSEED=seed, TZ=zone) for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))}
        assert len(told) == 1
        assert "seed 42" in told.pop()

    def test_nothing_goes_wrong_where_nothing_may(self) -> None:
        """With every likelihood at zero a story has no mishap."""
        calm = Mishaps(refused=0, lost=0, killed=0, fails=0, hangs=0, forgets=0, unknown=0, jumps=0)
        assert Simulator(mishaps=calm).run(3).mishaps == 0


def _ran(command: list[str], **settings: str) -> str:
    path = os.pathsep.join(sys.path)
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path, **settings})
    return done.stdout


class TestTheCommand:
    def test_stories_are_counted(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The command says how many stories held, and how fast they were."""
        assert main(["--stories", "2", "--store", "sqlite"]) == 0
        assert capsys.readouterr().out.startswith("2 stories held: ")

    def test_several_processes_share_the_stories(self, capsys: pytest.CaptureFixture[str]) -> None:
        """In two processes the same stories are played, and a failure in one of them is told as ever."""
        assert main(["--stories", "9", "--jobs", "2"]) == 0
        assert capsys.readouterr().out.startswith("9 stories held: ")
        assert main(["--stories", "9", "--seed", "10", "--jobs=2", "--store", "testing.simulator.planted:ForgetsAKey"]) == 1
        assert "ForgetsAKey --stories 1 --seed 1" in capsys.readouterr().out

    def test_a_failure_tells_how_to_run_it_again(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The last line of a failure is the command that shows it again, and nothing else."""
        assert main(["--stories=9", "--store", "testing.simulator.planted:ForgetsAKey", "--seed", "10"]) == 1
        again = capsys.readouterr().out.splitlines()[-1].partition("run it again: ")[2]
        assert again.startswith(
            "python -m recovery.testing.simulator --store testing.simulator.planted:ForgetsAKey --stories 1 --seed 1"
        )
        assert main(again.split()[3:]) == 1

    def test_a_policy_and_a_notifier_of_ones_own(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Whatever is named by module and name is used; what is not there is named."""
        assert main(["--stories", "1", "--policy", f"{__name__}:SHORT", "--notifier", f"{__name__}:recording"]) == 0
        assert RECORDED.sent
        with pytest.raises(SystemExit):
            main(["--store", "recovery:Nothing"])
        assert "'recovery:Nothing' is not module:name" in capsys.readouterr().err

    @pytest.mark.parametrize("wrong", [("--stories", "0"), ("--stories", "-3"), ("--jobs", "0"), ("--jobs", "x")])
    def test_less_than_one_is_refused(self, wrong: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        """No story at all, in no process at all, is a slip: it is told with its option and the way out, and exits with 2."""
        with pytest.raises(SystemExit) as ended:
            main(["--jobs", "2", *wrong])
        assert ended.value.code == 2
        assert f"argument {wrong[0]}: {wrong[1]!r} is none: write 1 or more" in capsys.readouterr().err


SHORT = a_policy()
RECORDED = RecordingNotifier(now=FrozenNow())


def recording() -> RecordingNotifier:
    """Return the notifier that keeps what it sends."""
    return RECORDED


class TestWatched:
    def test_a_call_is_told_before_and_after(self) -> None:
        """Whoever watches sees every call with what was given and what came of it, and the store does its work."""
        before: list[Call] = []
        after: list[Call] = []
        store = watched(MemoryStore(), before=before.append, after=after.append)
        store.save([opening()])
        assert store.load("c-1") is not None
        assert [str(call) for call in before] == [str(call) for call in after] == ["save", "load"]
        assert before[1].arguments == ("c-1",)
        assert after[1].result == store.load("c-1")

    def test_what_before_raises_is_not_done_and_what_after_raises_is(self) -> None:
        """Failing before the work leaves no trace; failing after it loses the answer alone."""
        inner = MemoryStore()
        with pytest.raises(OSError, match="down"):
            watched(inner, before=_fails).save([opening()])
        assert inner.load("c-1") is None
        with pytest.raises(OSError, match="down"):
            watched(inner, after=_fails).save([opening()])
        assert inner.load("c-1") is not None


def _fails(call: Call) -> None:
    raise OSError("down")


class TestTurns:
    def test_one_acts_at_a_time_in_the_order_of_the_seed(self) -> None:
        """The same chance gives the same order; other chance gives others; everybody comes to the end."""
        assert _order(1) == _order(1) != _order(2)
        assert sorted(_order(3)) == ["a"] * 5 + ["b"] * 5

    def test_what_one_raises_ends_all(self) -> None:
        """The first error ends every actor where it stands, and is raised to who waits."""
        turns = Turns(Random(1))
        seen: list[str] = []

        def broken() -> None:
            raise LawBroken("a law", "something")

        def endless() -> None:
            while True:
                seen.append("still here")
                turns.pause()

        with pytest.raises(LawBroken):
            turns.play([("endless", endless), ("broken", broken)])
        assert len(seen) < 1000


def _order(seed: int) -> list[str]:
    turns, told = Turns(Random(seed)), list[str]()

    def act() -> None:
        for _ in range(5):
            told.append(turns.acting)
            turns.pause()

    turns.play([("a", act), ("b", act)])
    return told


class TestFaultyNotifier:
    @pytest.mark.parametrize(
        ("whim", "raises", "left"),
        [
            ("", None, 1),
            ("fails", ConnectionError, 0),
            ("knows nobody there", Undeliverable, 0),
            ("loses the answer", TimeoutError, 1),
            ("hangs", None, 1),
            ("hangs and fails", TimeoutError, 0),
        ],
    )
    def test_a_whim_is_what_it_says(self, whim: str, raises: type[Exception] | None, left: int) -> None:
        """Each whim raises what a real mail server would, and the message has left, or has not."""
        message = saying(opening().case).messages[0]
        inner, told, now = RecordingNotifier(now=lambda: NOW), list[str](), FrozenNow()
        notifier = FaultyNotifier(
            now=now,
            sending=lambda one: told.append(one.id),
            left=lambda one: told.append(f"{one.id} left"),
            whim=lambda one: whim,
            hangs=timedelta(hours=1),
            meanwhile=lambda: told.append("meanwhile"),
            notifier=inner,
        )
        begun = now()
        with _raised(raises):
            notifier.send(message)
        assert inner.sent == [message] * left
        assert told == (["meanwhile"] if "hangs" in whim else []) + [message.id, f"{message.id} left"] * left
        assert now() - begun == timedelta(hours="hangs" in whim)


@contextmanager
def _raised(error: type[Exception] | None) -> Generator[None, None, None]:
    if error is None:
        yield
    else:
        with pytest.raises(error):
            yield
