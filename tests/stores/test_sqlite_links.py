"""Connections to a file: forks, threads that are at work when it is closed, signal handlers that raise, other folders."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from recovery.core.errors import StoreUnusable
from recovery.ports.values import Query
from recovery.stores.sqlite import SQLiteStore, file
from recovery.testing.contracts.samples import TIMING, opening

ENV = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent.parent), *sys.path])}
WORK = str(Path(file.__file__).parent)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a store may be made."""
    return tmp_path / "recovery.db"


@pytest.fixture
def store(path: Path) -> Iterator[SQLiteStore]:
    """Yield a store on that path."""
    with SQLiteStore(path) as store:
        yield store


def ran(program: str, path: Path) -> tuple[int, str]:
    """Run a program in a process of its own; return how it ended, and what it said."""
    whole = PRELUDE.format(path=str(path)) + program
    # Newer Pythons warn of every fork beside threads, which is what is tried here.
    command = [sys.executable, "-W", "error", "-W", "ignore::DeprecationWarning", "-c", whole]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=ENV)
    return done.returncode, done.stderr + done.stdout


def found(path: Path) -> list[str]:
    """Return the cases in a file, which nothing is wrong with."""
    with SQLiteStore(path) as store:
        assert store.doctor() == ()
        return [case.id for case in store.find(Query(limit=10_000))]


PRELUDE = """
import atexit, ctypes, os, sys, threading, time

last = []
atexit.register(lambda: [each() for each in last])  # what is registered first is called last

from recovery.core.errors import StoreUnusable
from recovery.stores.sqlite import SQLiteStore, links
from recovery.testing.contracts.samples import TIMING, opening

path = {path!r}
store = SQLiteStore(path)

def save(*names, into=store):
    for name in names:
        into.save([opening(name)], timing=TIMING)

def refused(ask):
    try:
        ask()
    except StoreUnusable as error:
        return "forked in the middle" in str(error)
    return False

def ended(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
"""

CLOSING = """
save("c-1")
there, go = os.pipe(), os.pipe()

def fork(name, open_mine):
    child = os.fork()
    if child == 0:
        mine = open_mine()
        save(f"{name}-1", into=mine)
        os.write(there[1], b".")
        os.read(go[0], 1)
        save(f"{name}-2", into=mine)
        os._exit(0 if os.path.exists(path + "-wal") else 1)
    return child

children = [fork("d", lambda: store), fork("e", lambda: SQLiteStore(path))]
for child in children:
    os.read(there[0], 1)
store.close()
os.write(go[1], b"..")
sys.exit(max(map(ended, children)))
"""

BESIDE = """
begun, over = threading.Event(), threading.Event()

def work():
    with store._file.writing():
        begun.set()
        over.wait(0.2)

thread = threading.Thread(target=work)
thread.start()
begun.wait()
child = os.fork()
if child == 0:
    save("c-1")
    os._exit(0)
thread.join()
save("c-2")
sys.exit(ended(child))
"""

CROWD = """
over = threading.Event()

def work(number):
    done = 0
    while not over.is_set() or done < 2:
        save(f"c-{number}-{done}")
        done += 1
    said.append(done)

said = []
threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
for thread in threads:
    thread.start()
children = []
for number in range(3):
    child = os.fork()
    if child == 0:
        save(*(f"d-{number}-{turn}" for turn in range(5)))
        store.close()
        os._exit(0)
    children.append(child)
status = max(map(ended, children))
over.set()
for thread in threads:
    thread.join()
store.close()
print(sum(said))
sys.exit(status)
"""

INSIDE = """
waiting = threading.Thread(target=save, args=("c-2",))
with store._file.writing():
    waiting.start()
    time.sleep(0.1)
    since = time.monotonic()
    child = os.fork()
    if child == 0:
        os._exit(0 if refused(lambda: store.load("c-1")) and refused(lambda: SQLiteStore(path)) else 1)
    took = time.monotonic() - since
waiting.join()
save("c-1")
print("at once" if took < 10 else f"after {took} s")
sys.exit(ended(child))
"""

TOO_LONG = """
links.PATIENCE = 0.1
begun, over = threading.Event(), threading.Event()

def work():
    with store._file.reading():
        begun.set()
        over.wait()

thread = threading.Thread(target=work)
thread.start()
begun.wait()
child = os.fork()
if child == 0:
    os._exit(0 if refused(lambda: store.load("c-1")) else 1)
save("c-1")
over.set()
thread.join()
sys.exit(ended(child))
"""

UNHEARD = """
save("c-1")
child = ctypes.PyDLL(None).fork()
if child == 0:
    sys.exit(0 if refused(lambda: store.load("c-1")) and refused(lambda: SQLiteStore(path)) else 1)
save("c-2")
sys.exit(ended(child))
"""

AT_WORK = """
begun, ending, done = threading.Event(), threading.Event(), threading.Event()

def work():
    with store._file.reading() as session:
        begun.set()
        ending.wait()
        print(session.all("SELECT 'whole'"))
    done.set()
    threading.Event().wait()

def end():
    ending.set()
    done.wait()
    store.close()

threading.Thread(target=work, daemon=True).start()
save("c-1")
begun.wait()
last.append(end)
"""

SAID = "forked in the middle of work on a file, which the child is refused\n"


@pytest.mark.skipif(not hasattr(os, "register_at_fork"), reason="there is no fork here")
class TestForks:
    def test_what_a_child_has_saved_outlasts_the_parents_store(self, path: Path) -> None:
        """A parent that closes its store takes no log away from under its children, on its store or on one of their own."""
        assert ran(CLOSING, path) == (0, "")
        assert found(path) == ["c-1", "d-1", "d-2", "e-1", "e-2"]

    def test_a_fork_waits_for_threads_that_are_at_work(self, path: Path) -> None:
        """What another thread of the parent is in the middle of locks no child out."""
        assert ran(BESIDE, path) == (0, "")
        assert found(path) == ["c-1", "c-2"]

    def test_a_crowd_may_fork(self, path: Path) -> None:
        """Threads that save all the time and children that are forked meanwhile lose nothing that was acknowledged."""
        status, said = ran(CROWD, path)
        assert status == 0, said
        assert len(found(path)) == int(said) + 15

    def test_a_child_of_a_transaction_is_refused_the_file(self, path: Path) -> None:
        """Who forks in the middle of a transaction finds that in the log, waits for nobody, and saves on; the child may not."""
        assert ran(INSIDE, path) == (0, f"{SAID}at once\n")
        assert found(path) == ["c-1", "c-2"]

    def test_a_fork_does_not_wait_for_ever(self, path: Path) -> None:
        """Where a thread does not come to an end, the child is refused the file, and the parent's log says so."""
        assert ran(TOO_LONG, path) == (0, SAID)
        assert found(path) == ["c-1"]

    def test_a_fork_that_python_does_not_hear_of_is_refused(self, path: Path) -> None:
        """A server that forks without Python's help closes nothing before, so its children may not use what was open."""
        assert ran(UNHEARD, path) == (0, "")
        assert found(path) == ["c-1", "c-2"]


class TestClosing:
    def test_work_in_hand_is_finished(self, store: SQLiteStore, path: Path) -> None:
        """A store that is closed while another thread saves lets it finish, refuses it any more, and closes its connection then."""
        begun, closed = threading.Event(), threading.Event()
        told: list[str] = []

        def work() -> None:
            with store._file.writing() as session:
                begun.set()
                closed.wait(10)
                session.run("INSERT INTO recovery_timings (policy_id, data) VALUES ('p', '[]')")
            told.append(refusal(store))

        thread = threading.Thread(target=work)
        thread.start()
        begun.wait(10)
        store.close()
        closed.set()
        thread.join()
        assert told == ["it has been closed"]
        assert not Path(f"{path}-wal").exists()  # the last connection that is closed takes it away
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT policy_id FROM recovery_timings").fetchall() == [("p",)]

    def test_a_process_may_end_while_a_thread_is_at_work(self, path: Path) -> None:
        """No connection is closed under a daemon thread that is at work when the process ends, which would bring it down."""
        assert ran(AT_WORK, path) == (0, "[('whole',)]\n")
        assert found(path) == ["c-1"]

    def test_a_process_that_closes_nothing_leaves_no_log_behind(self, path: Path) -> None:
        """What nobody is at work on is closed at the end of the process."""
        assert ran("save('c-1')", path) == (0, "")
        assert not Path(f"{path}-wal").exists()
        assert found(path) == ["c-1"]


def refusal(store: SQLiteStore) -> str:
    """Return why a store refuses to work."""
    with pytest.raises(StoreUnusable) as caught:
        store.find(Query())
    return "it has been closed" if "it has been closed" in str(caught.value) else str(caught.value)


class SoftTimeLimit(Exception):
    """A handler of a signal says that it has taken too long."""


def over(*_: object) -> None:
    """Do as a task queue does when the time is up."""
    raise SoftTimeLimit


def free(path: Path) -> bool:
    """Return whether somebody else can write to the file at once."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def interrupting(after: int) -> Callable[[FrameType, str, Any], None]:
    """Return a profiler that raises at the given moment among those at which Python lets a handler of a signal run here."""
    left = [after]

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        if event in ("call", "c_return") and frame.f_code.co_filename.startswith(WORK):
            left[0] -= 1
            if left[0] < 0:
                sys.setprofile(None)
                raise SoftTimeLimit

    return profile


class TestInterrupted:
    @pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers here")
    def test_a_time_limit_while_waiting_for_the_file_leaves_it_free(self, store: SQLiteStore, path: Path) -> None:
        """A handler that raises as soon as a transaction has begun leaves no transaction behind, here or for others."""
        before = signal.signal(signal.SIGALRM, over)
        with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            release = threading.Timer(0.3, other.execute, ("COMMIT",))
            release.start()
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            try:
                with pytest.raises(SoftTimeLimit):
                    store.save([opening("c-1")], timing=TIMING)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
                signal.signal(signal.SIGALRM, before)
                release.join()
        assert free(path)
        store.save([opening("c-1")], timing=TIMING)
        assert store.doctor() == ()

    def test_whenever_a_handler_raises_the_thread_goes_on(self, store: SQLiteStore, path: Path) -> None:
        """Interrupted at any moment of a save, it is stored or it is not, and the next command of the thread frees the file."""
        moments, stored = 0, 0
        while True:
            sys.setprofile(interrupting(moments))
            try:
                store.save([opening(f"c-{moments}")], timing=TIMING)
            except SoftTimeLimit:
                pass
            else:
                break
            finally:
                sys.setprofile(None)
            stored += store.load(f"c-{moments}") is not None
            assert free(path)
            moments += 1
        assert moments > 10
        assert 0 < stored < moments  # some moments are after the commit
        assert len(store.find(Query())) == stored + 1
        assert store.doctor() == ()

    def test_a_handler_that_uses_the_store_itself_breaks_off_what_it_interrupts(self, store: SQLiteStore, path: Path) -> None:
        """What it breaks into cannot be told from what was left behind: the handler is served, and the command stores nothing."""

        def command() -> None:
            with store._file.writing() as session:
                session.run("INSERT INTO recovery_timings (policy_id, data) VALUES ('p', '[]')")
                signal.raise_signal(signal.SIGINT)
                session.run("INSERT INTO recovery_timings (policy_id, data) VALUES ('q', '[]')")

        before = signal.signal(signal.SIGINT, lambda *_: store.save([opening("c-1")], timing=TIMING))
        try:
            with pytest.raises(StoreUnusable, match="by the same thread"):
                command()
        finally:
            signal.signal(signal.SIGINT, before)
        assert free(path)
        assert found(path) == ["c-1"]
        assert [store.timing(policy_id) for policy_id in ("p", "q")] == [None, None]


class TestFolders:
    def test_a_path_means_the_folder_in_which_the_store_was_made(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A program that goes to another folder (a daemon) works on in the same file, in all threads; the path is told as given."""
        here, there = tmp_path / "here", tmp_path / "there"
        here.mkdir()
        there.mkdir()
        monkeypatch.chdir(here)
        with SQLiteStore("desk.db") as store:
            monkeypatch.chdir(there)
            thread = threading.Thread(target=lambda: store.save([opening("c-1")], timing=TIMING))
            thread.start()
            thread.join()
            assert (store.path, store.load("c-1") is not None) == ("desk.db", True)
        assert list(there.iterdir()) == []
        assert found(here / "desk.db") == ["c-1"]
