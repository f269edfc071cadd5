"""Every fault in every place of a five-week story: the first, second, third ... call, statement and send fails, until none does.

After each the laws hold, and the story, taken up again where it broke off, goes on to the same end. In memory every call is tried;
kills, and calls and statements on files, in each thirteenth place, and with ``RECOVERY_FAULTS=all`` every one.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from itertools import count

import pytest

from faults.five_weeks import FINAL, LEASE, MESSAGES, SCENES, Stage, insisting, standing
from faults.grounds import Files, Ground, Memory
from recovery.desk import Desk
from recovery.notifiers import RecordingNotifier
from recovery.stores.memory import MemoryStore
from recovery.stores.sqlite import file
from recovery.testing import FrozenNow
from recovery.testing.contracts import Faults
from recovery.testing.simulator import Call, FaultyNotifier, Witness, watched

EVERY = 1 if os.environ.get("RECOVERY_FAULTS") == "all" else 13
"""Which kills, and which calls and statements on files, are tried: each thirteenth, beginning elsewhere in each scene."""

NUMBERS = range(len(SCENES))
Hook = Callable[[Call], object]


class Killed(BaseException):
    """The process is killed."""


@pytest.fixture(scope="module")
def memory() -> Memory:
    """Return the stores in memory as they stood before each scene."""
    return Memory()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Return the files as they stood before each scene."""
    return Files(tmp_path_factory.mktemp("five-weeks"))


@pytest.fixture(autouse=True)
def _silence() -> Iterator[None]:
    """Keep a thousand reports of faults that are meant out of the log."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


# ---------------------------------------------------------------- the story as it is told


@pytest.mark.parametrize("twice", [False, True])
def test_the_story_ends_as_it_is_told(twice: bool) -> None:
    """With no fault the story ends so, also where everything is sent a second time under its key, and something else as well."""
    store, now = MemoryStore(), FrozenNow(SCENES[0].when)
    notifier = RecordingNotifier(now=now)
    witness = Witness(store=store)
    stage = Stage(store=watched(store, after=witness.saw), notifier=_told(notifier, now, witness, ()), now=now, twice=twice)
    for scene in SCENES:
        stage.play(scene)
    witness.at_rest(stage.desk)
    assert {name: (stage, entries.total()) for name, (stage, entries) in standing(store).items()} == FINAL
    assert len(notifier.sent) == len({message.id for message in notifier.sent}) == MESSAGES


def test_the_story_is_the_same_on_every_store(memory: Memory, files: Files) -> None:
    """After each scene a file says what memory says."""
    assert files.endings == memory.endings


# ---------------------------------------------------------------- one fault


def _told(inner: RecordingNotifier, now: FrozenNow, witness: Witness, whims: Sequence[str]) -> FaultyNotifier:
    left = iter(whims)
    return FaultyNotifier(
        now=now,
        sending=witness.sending,
        left=witness.left,
        whim=lambda message: next(left, ""),
        hangs=LEASE * 2,
        meanwhile=_nothing,
        notifier=inner,
    )


def play(ground: Ground, number: int, faults: Faults, before: Hook = bool, after: Hook = bool, whims: Sequence[str] = ()) -> Desk:
    """Play a scene with a fault, and again where it breaks off, and hold all that is stored against the laws after each."""
    place, faults.after = faults.after, None
    with ground.before(number) as store:
        witness, now = Witness(store=store).knows(), FrozenNow(SCENES[number].when)

        def saw(call: Call) -> None:
            with _quiet(faults):
                witness.saw(call)
            after(call)

        def broke_off() -> None:
            with _quiet(faults):
                witness.check_all()

        notifier = _told(RecordingNotifier(now=now), now, witness, whims)
        stage = Stage(store=watched(store, before=lambda call: _nothing(before(call)), after=saw), notifier=notifier, now=now)
        faults.after = place
        insisting(stage, SCENES[number], broke_off, Killed)
        place, faults.after = faults.after, None
        broke_off()
        if "knows nobody there" not in whims:
            assert standing(store) == ground.endings[number]
        faults.after = place
        return stage.desk


def _nothing(made: object = None) -> None:
    """Do nothing."""


@contextmanager
def _quiet(faults: Faults) -> Generator[None, None, None]:
    """Let nothing fail, and nothing be counted, while somebody looks."""
    place, faults.after = faults.after, None
    yield
    faults.after = place


def each(ground: Ground, number: int, hook: str, error: Callable[[str], BaseException], every: int = 1) -> int:
    """Let the first, second, third ... call of a scene fail, before it is done or after; return how many there are."""
    for place in count(number % every, every):
        faults = Faults()
        faults.after = place
        failing: Hook = lambda call: faults.hit(call.name, error)  # type: ignore[arg-type]  # noqa: B023, E731
        play(ground, number, faults, **{hook: failing})  # type: ignore[arg-type]
        if faults.after is not None:
            return place
    raise AssertionError  # pragma: no cover  (it ends when no fault is left)


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: SCENES[number].name)
class TestInMemory:
    def test_whichever_call_fails_the_story_goes_on(self, memory: Memory, number: int) -> None:
        """A call of the store raises and has done nothing: the laws hold, and the scene ends as ever once it is played again."""
        assert each(memory, number, "before", OSError) >= 8

    def test_whichever_answer_is_lost_the_story_goes_on(self, memory: Memory, number: int) -> None:
        """A call of the store is done and raises: nothing is done twice, and the scene ends as ever."""
        assert each(memory, number, "after", OSError) >= 8

    def test_wherever_the_process_is_killed_the_story_goes_on(self, memory: Memory, number: int) -> None:
        """Killed after any call of the store: a new process takes the scene up, and it ends as ever."""
        assert each(memory, number, "after", Killed, every=EVERY) >= 1

    @pytest.mark.parametrize("whim", ["fails", "loses the answer", "hangs", "knows nobody there"])
    def test_whichever_send_goes_wrong_the_story_goes_on(self, memory: Memory, number: int, whim: str) -> None:
        """The first, second, third ... send goes wrong; the scene ends as ever, and where nobody is there somebody is told."""
        for place in range(3):
            desk = play(memory, number, Faults(), whims=(*[""] * place, whim))
            assert desk.backlog().unsent == 0


class TestOnFiles:
    @pytest.mark.parametrize("number", NUMBERS, ids=lambda number: SCENES[number].name)
    def test_whichever_statement_fails_the_story_goes_on(self, files: Files, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
        """A statement of SQL raises as on a disk that reports an error: nothing is half done, and the scene ends as ever."""
        connect, faults = file._connect, Faults()
        monkeypatch.setattr(file, "_connect", lambda path: faults.wrap(connect(path), sqlite3.OperationalError))
        place = 0
        for place in count(number % EVERY, EVERY):
            faults.after = place
            play(files, number, faults)
            if faults.after is not None:
                break
        assert place >= 10

    @pytest.mark.parametrize("number", NUMBERS, ids=lambda number: SCENES[number].name)
    def test_whichever_answer_is_lost_the_story_goes_on(self, files: Files, number: int) -> None:
        """A call of the store is committed and raises: nothing is done twice, and the scene ends as ever."""
        assert each(files, number, "after", OSError, every=EVERY) >= 1


@pytest.mark.parametrize("number", NUMBERS[:: 1 if EVERY == 1 else 3], ids=lambda number: SCENES[number].name)
def test_a_story_that_broke_off_ends_like_any_other(memory: Memory, number: int) -> None:
    """After a fault in a scene the rest of the five weeks is played to the very end, and it is the same end."""
    with memory.before(number) as store:
        witness, now, faults = Witness(store=store).knows(), FrozenNow(SCENES[number].when), Faults()
        notifier = RecordingNotifier(now=now)

        def after(call: Call) -> None:
            witness.saw(call)
            faults.hit(call.name)

        stage = Stage(store=watched(store, after=after), notifier=notifier, now=now, twice=True)
        faults.after = 5
        insisting(stage, SCENES[number], witness.check_all)
        assert faults.after is None
        for scene in SCENES[number + 1 :]:
            stage.play(scene)
        assert standing(store) == memory.endings[-1]
        assert store.doctor() == ()
