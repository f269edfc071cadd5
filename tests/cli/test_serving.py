"""``recovery worker`` and ``recovery health``: one process or several, ended in peace, killed without loss, and watched."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from email import message_from_bytes
from email.policy import default
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote_plus

import pendulum
import pytest
from pendulum import DateTime
from psycopg.conninfo import conninfo_to_dict

from cli.running import done, refused, run
from notifiers.postoffice import office
from recovery import Delivery, Desk, RecordingNotifier, Round, StoreUnusable, Work, policies
from recovery.cli import workers
from recovery.cli.ending import Over
from recovery.ports.message_id import outbox_id_of
from recovery.stores.named import open_store
from servers import Database
from support import a_contact


@pytest.fixture
def real(bo: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case of the shop, with the clock of the machine."""
    monkeypatch.delenv("RECOVERY_NOW")
    return bo


def with_mail(shop: Callable[[str], Path], port: int) -> None:
    """Say in the policy file that mail goes out by a server on this machine."""
    path = shop("recovery.toml")
    mail = f'[mail]\nhost = "localhost"\nport = {port}\nsecurity = "plain"\nsender = "Boats <help@boats.example>"\n'
    path.write_text(path.read_text(encoding="utf-8") + mail, encoding="utf-8")


class TestWorker:
    def test_once_does_all_there_is_and_ends(self, real: str, shop: Callable[[str], Path]) -> None:
        """From a timer: what is due is rung, what waits leaves, and the figures are told."""
        with office() as post:
            with_mail(shop, post.port)
            told = done("worker", "--once")
            assert ("help@boats.example", ["bo@boat.example"]) in post.envelopes
        assert told["work"]["sent"] >= 2
        assert (told["health"]["unsent"], told["health"]["due"], told["health"]["open_cases"]) == (0, 0, 1)
        assert "0 cases looked at, 0 sent." in run("worker", "--once")[1]

    def test_what_fails_exits_with_1(self, real: str, shop: Callable[[str], Path]) -> None:
        """A timer's log shows it; it is tried again later."""
        with office() as post:
            with_mail(shop, post.port)
        code, out, _ = run("worker", "--once")
        assert code == 1
        assert "failed" in out

    def test_it_tells_each_round_and_trouble_once(self, real: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """On standard output what was done, on standard error that the database cannot be used, and that it can again."""

        def keep_working(desk: Desk, *, stop: object, tell: Callable[[Round], object], **_: object) -> None:
            tell(Round(work=Work(ticked=3, sent=1)))
            tell(Round(trouble=StoreUnusable("recovery.db", "it is locked", "Wait.")))
            tell(Round(works_again=True))

        monkeypatch.setattr(Desk, "keep_working", keep_working)
        code, out, err = run("worker")
        assert code == 0
        assert "1 process; Ctrl-C or SIGTERM ends it." in out
        assert "3 cases looked at, 1 sent." in out
        assert out.endswith("Ended.\n")
        assert [line.split("  ")[1] for line in err.splitlines()] == [
            "The store 'recovery.db' cannot be used: it is locked. Wait. It is tried again until it works.",
            "It works again.",
        ]
        (line,) = run("worker", "--json")[1].splitlines()
        assert json.loads(line)["work"]["ticked"] == 3

    @pytest.mark.parametrize("wrong", [("--processes", "0"), ("--every", "soon"), ("--limit", "-1")])
    def test_what_cannot_be_is_told_before_anything_is_done(self, real: str, wrong: tuple[str, str]) -> None:
        """With the option that is wrong."""
        assert refused("worker", *wrong)["reasons"][0]["field"] == wrong[0]

    def test_it_ends_after_the_round_in_hand(self, real: str) -> None:
        """SIGTERM, as a service manager sends it: what is due is done, and the exit code is 0."""
        with worker("--every", "30s") as process:
            assert "1 case looked at" in line_with(process, "looked at")
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "Ended.\n", "")

    @pytest.mark.parametrize("processes", ["1", "2"])
    def test_it_ends_where_nobody_reads_what_it_tells(self, real: str, processes: str) -> None:
        """A reader that goes away is no store that is down: it does not go on more and more slowly, it ends, and all with it."""
        opened("recovery.db", 20, days_ago=3)
        with worker("--json", "--limit", "1", "--processes", processes) as process:
            assert process.stdout is not None
            assert json.loads(process.stdout.readline())["work"]["lag"] > 3600
            process.stdout.close()
            assert process.wait(timeout=30) == 0
            assert process.stderr is not None
            assert process.stderr.read() == ""
        with open_store("recovery.db") as store:
            assert store.backlog(pendulum.now("UTC")).due > 10


class TestStarting:
    """A worker and the database start in any order, as at the start of a machine."""

    def test_it_waits_for_a_server_that_is_not_up_yet(
        self, shop: Callable[[str], Path], one_database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It says so once, and works as soon as the server is there."""
        monkeypatch.delenv("RECOVERY_NOW")
        opened(one_database.address, 1, days_ago=3)
        there = str(conninfo_to_dict(one_database.conninfo)["host"])
        later = shop("later")  # the folder of the server's socket
        monkeypatch.setenv("RECOVERY_DB", one_database.address.replace(quote_plus(there), quote_plus(str(later))))
        with worker() as process:
            assert process.stderr is not None
            assert "It is tried again until it works." in process.stderr.readline()
            later.symlink_to(there)
            assert process.stderr.readline() == "It works again.\n"
            assert "1 case looked at" in line_with(process, "looked at")
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "Ended.\n", "")

    def test_it_ends_in_peace_while_it_waits(self, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """A machine that is shut down before its database was up is not held up."""
        monkeypatch.setenv("RECOVERY_DB", NOWHERE)
        with worker() as process:
            assert process.stderr is not None
            assert "It is tried again until it works." in process.stderr.readline()
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "Ended.\n", "")

    def test_a_timer_is_told_at_once(self, shop: Callable[[str], Path]) -> None:
        """The next wake tries again; nothing piles up."""
        assert "is tried again" not in refused("worker", "--once", "--db", NOWHERE)["message"]

    def test_what_does_not_pass_by_itself_ends_it_at_once(
        self, shop: Callable[[str], Path], one_database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No such file, no such database, tables that are not there: somebody has to mend it, and is told what."""
        nobody = one_database.address.replace(f"/{one_database.name}?", "/nothing_of_that_name?")
        for name, hint in (
            ("nothing.db", "recovery init"),
            (nobody, "createdb"),
            (one_database.address, "recovery schema upgrade"),
        ):
            assert hint in refused("worker", "--db", name)["hint"]


NOWHERE = "postgresql://localhost:1/desk"
"""Nobody listens there."""


@pytest.mark.skipif(sys.platform != "linux", reason="the processes are looked up with ps, as Linux has it")
class TestSeveralProcesses:
    def test_a_signal_to_all_of_them_breaks_no_message_off(self, real: str, shop: Callable[[str], Path]) -> None:
        """So a service manager sends it, and the first of them says it again: what is in hand is sent once, and on record."""
        with office() as post:
            post.slow = 0.6
            with_mail(shop, post.port)
            with worker("--processes", "2", start_new_session=True) as process:
                waited_for(lambda: list(range(len(post.mails))), 1)
                os.killpg(process.pid, signal.SIGTERM)
                _, err = process.communicate(timeout=30)
            assert (process.returncode, err) == (0, "")
            sent = {outbox_id_of(str(message_from_bytes(mail, policy=default)["Message-ID"])) for mail in post.mails}
        with open_store("recovery.db") as store:
            desk = Desk(store=store, policy=policies.load("recovery.toml"))
            states = {out.id: out.state for case in desk.find() for out in case.receiving.outgoing}
        assert {states[str(message)] for message in sent} == {Delivery.SENT}

    def test_ctrl_c_while_they_start_ends_them_without_a_traceback(self, real: str) -> None:
        """It goes to all of them, also to those that cannot hear it yet; the first tells them."""
        with worker("--processes", "2", start_new_session=True) as process:
            waited_for(lambda: children(process), 2)
            os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=30)
        assert (process.returncode, err) == (0, "")
        assert out.endswith("Ended.\n")

    def test_one_that_is_killed_is_replaced_and_all_end_together(self, real: str) -> None:
        """Nothing is lost with it, that is said, and SIGTERM ends all of them."""
        with worker("--processes", "2") as process:
            line_with(process, "looked at")
            first = waited_for(lambda: children(process), 2)
            os.kill(first[0], signal.SIGKILL)
            later = waited_for(lambda: [child for child in children(process) if child not in first[:1]], 2)
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=30)
        assert (process.returncode, out.endswith("Ended.\n")) == (0, True)
        assert err.startswith("A worker ended with -9; another takes its place in ")
        assert not any(alive(child) for child in later)

    @pytest.mark.parametrize("kind", ["sqlite", "postgres"])
    def test_nothing_is_lost_when_all_of_them_are_killed(
        self, kind: str, shop: Callable[[str], Path], one_database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two are killed as they send, then the one that started them; the others end, and the next worker does the rest."""
        name = "recovery.db" if kind == "sqlite" else one_database.address
        monkeypatch.setenv("RECOVERY_DB", name)
        monkeypatch.delenv("RECOVERY_NOW")
        with office() as post:
            post.slow = 0.2
            with_mail(shop, post.port)
            ids = opened(name, 20)
            with worker("--processes", "4") as process:
                several = waited_for(lambda: children(process), 4)
                waited_for(lambda: list(range(len(post.mails))), 4)
                for child in several[:2]:
                    os.kill(child, signal.SIGKILL)
                process.kill()
                process.wait(timeout=10)
                waited_for(lambda: [child for child in several if not alive(child)], 4)
            mails = {outbox_id_of(str(message_from_bytes(mail, policy=default)["Message-ID"])) for mail in post.mails}
        recording = RecordingNotifier(now=in_ten_minutes)
        with open_store(name) as store:
            desk = Desk(store=store, policy=policies.load("recovery.toml"), now=in_ten_minutes, notifier=recording)
            rest = desk.catch_up()
            outgoing = [out for case_id in ids for out in desk.load(case_id).receiving.outgoing]
            assert (desk.doctor(), desk.backlog().unsent) == ((), 0)
        assert 0 < rest.sent < 40
        assert {out.state for out in outgoing} == {Delivery.SENT}
        assert {out.id for out in outgoing} - mails - {message.id for message in recording.sent} == set()


def in_ten_minutes() -> DateTime:
    """Return an instant at which whatever was claimed is free again."""
    return pendulum.now("UTC").add(minutes=10)


def opened(name: str, many: int, *, days_ago: int = 0) -> list[str]:
    """Open so many cases on a database, each with two messages that wait; return their ids."""
    with open_store(name) as store:
        at = pendulum.now("UTC").subtract(days=days_ago)
        desk = Desk(store=store, policy=policies.load("recovery.toml"), now=lambda: at)
        contacts = [a_contact(str(n), at=at, message_id=f"<{n}@x>") for n in range(many)]
        return [desk.receive(contact).case.id for contact in contacts]


@contextlib.contextmanager
def worker(*options: str, start_new_session: bool = False) -> Generator[subprocess.Popen[str], None, None]:
    """Run a worker in a process of its own."""
    command = [sys.executable, "-u", "-m", "recovery", "worker", *options]
    out, new = subprocess.PIPE, start_new_session
    with subprocess.Popen(command, stdout=out, stderr=out, text=True, start_new_session=new) as process:
        patience = threading.Timer(60, process.kill)  # no test waits for ever for a line that does not come
        patience.start()
        try:
            yield process
        finally:
            patience.cancel()
            process.kill()


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """Return the next line a worker prints that has ``words`` in it."""
    assert process.stdout is not None
    return next(line for line in process.stdout if words in line)


def children(process: subprocess.Popen[str]) -> list[int]:
    """Return the ids of the worker processes that a process has started."""
    found = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True, check=False)
    return [int(line.split()[0]) for line in found.stdout.splitlines() if "spawn_main" in line]


def alive(pid: int) -> bool:
    """Whether a process is running."""
    found = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(found) and not found.startswith("Z")


def waited_for(found: Callable[[], list[int]], many: int) -> list[int]:
    """Return what is found as soon as there are so many."""
    for _ in range(200):
        if len(now := found()) >= many:
            return now
        time.sleep(0.1)
    raise AssertionError(f"there are not {many} after 20 seconds")


class TestHealth:
    def test_it_counts_what_a_monitor_watches(self, real: str) -> None:
        """Late, due, unsent, given up, set aside, in the tray, open: in words, or as JSON."""
        told = done("health")["health"]
        assert set(told) == {"lag_seconds", "due", "unsent", "given_up", "set_aside", "tray", "open_cases"}
        assert told["lag_seconds"] > 3600  # the case was opened in March
        assert (told["due"], told["unsent"], told["open_cases"]) == (1, 2, 1)
        out = run("health")[1]
        assert [line.split()[:2] for line in out.splitlines()[3:5]] == [["due", "1"], ["unsent", "2"]]

    def test_beyond_a_limit_it_exits_with_1_and_says_which(self, real: str) -> None:
        """So that a monitor needs no parser."""
        code, out, _ = run("health", "--json", "--max-lag", "10min", "--max-unsent", "1", "--max-due", "1")
        assert (code, json.loads(out)["beyond"]) == (1, ["lag_seconds", "unsent"])
        assert run("health", "--max-unsent", "2", "--max-given-up", "0", "--max-tray", "0", "--max-set-aside", "0")[0] == 0
        assert "beyond the limit" in run("health", "--max-unsent", "0")[1]

    def test_a_limit_is_a_length_of_time(self, real: str) -> None:
        """With the option that is wrong."""
        assert refused("health", "--max-lag", "long")["reasons"][0]["field"] == "--max-lag"

    def test_a_database_that_is_not_there_exits_with_2(self, here: Callable[[str], Path]) -> None:
        """A monitor that watches nothing says so."""
        assert run("health")[0] == 2


def test_a_process_that_dies_young_is_replaced_more_and_more_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that cannot live does not use up the machine; one that has lived is replaced quickly again."""
    now = [0.0]
    started: list[float] = []

    class Dead:
        exitcode = 1

        def is_alive(self) -> bool:
            return False

        def start(self) -> None:
            started.append(now[0])

    class Context:
        def Process(self, **_: object) -> Dead:  # noqa: N802  (as multiprocessing has it)
            return Dead()

    monkeypatch.setattr("recovery.cli.workers.time.monotonic", lambda: now[0])
    monkeypatch.setattr("recovery.cli.workers.multiprocessing.get_context", lambda _: Context())
    asked = workers.Asked(place=(None, None, None), every=1.0, limit=1, printing=False, as_json=False)
    place = workers._Place(asked, Over())
    while len(started) < 8:
        now[0] += max(place.fill(), 0.01)
    waits = [later - sooner for sooner, later in pairwise(started)]
    assert waits[:4] == sorted(waits[:4])
    assert 1 <= waits[0] <= 3
    assert 24 <= waits[-1] <= 32


def test_whoever_insists_ends_all_processes_the_hard_way() -> None:
    """Ctrl-C a second time, while one of them takes too long: none of them stays behind."""
    done: list[str] = []

    class Place(workers._Place):
        def empty(self) -> None:
            done.append("told")

        def clear(self) -> None:
            raise KeyboardInterrupt

        def kill(self) -> None:
            done.append("killed")

    asked = workers.Asked(place=(None, None, None), every=1.0, limit=1, printing=False, as_json=False)
    with pytest.raises(KeyboardInterrupt):
        workers._clear([Place(asked, Over()) for _ in range(2)])
    assert done == ["told", "told", "killed", "killed"]
