"""The process that keeps one PostgreSQL: it starts, stops and kills the server as it is told, and never outlives its owner.

It runs with nothing but the standard library, takes one order a line (``start``, ``stop``, ``kill``) and answers each with one
line of JSON. When its owner is gone, however that came about, it ends the server and removes everything it wrote.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

PATIENCE = 60.0
"""Seconds a server may take to start or to stop: a second here, more on a machine that has too much to do."""
LOOK = 0.3
"""Seconds between two looks whether the owner is still there; a closed pipe is seen at once."""
LONGEST = 100
"""Bytes of the path of a socket that every system takes."""
SUPERUSER = "postgres"
UNPRIVILEGED = "nobody"
"""Who runs the server when root runs the tests: PostgreSQL refuses to be root, and so it should."""


class Failed(Exception):
    """The server did not do what was asked; the words say why, and what to do."""


class Keeper:
    """One server in one folder of its own. ``binaries`` is where its programs are, ``trees`` are what may be copied."""

    def __init__(self, binaries: Path, trees: tuple[Path, ...] = ()) -> None:
        self.user = UNPRIVILEGED if os.geteuid() == 0 else None
        self.folder = _folder()
        self.password = secrets.token_hex(16)
        self.port = 0
        self.server: subprocess.Popen[bytes] | None = None
        try:
            self.binaries = self._readable(binaries, trees)
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def start(self) -> dict[str, object]:
        """Start the server, in a database cluster that is made at the first start; return where it is to be reached."""
        if not (self.folder / "data" / "PG_VERSION").exists():
            self._initialise()
        for free in [self.port] if self.port else [_free_port() for _ in range(5)]:
            self.server = self._run(free)
            if self._ready():
                self.port = free
                return {"folder": str(self.folder), "port": free, "password": self.password, "pid": self.server.pid}
            self.server = None
        raise Failed(f"PostgreSQL did not start:\n{self._log()}")

    def stop(self) -> dict[str, object]:
        """Stop the server as its administrator does: what is running is broken off, and everything is on the disk."""
        self._end(signal.SIGINT)
        return {}

    def kill(self) -> dict[str, object]:
        """Kill the server and all of its processes at once, as a machine that loses its power does."""
        server = self.server
        if server is not None and server.poll() is None:
            server.send_signal(signal.SIGSTOP)  # so that it neither tells its processes nor starts another
            for pid in [*_children(server.pid), server.pid]:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            server.wait(PATIENCE)
        self.server = None
        return {}

    def close(self) -> None:
        """End the server at once and remove all that it wrote: nobody needs it any more."""
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    # ------------------------------------------------------------------------------------------------ how it is done

    def _readable(self, binaries: Path, trees: tuple[Path, ...]) -> Path:
        if self.user is None or _runs(binaries, self.user):
            return binaries
        if not trees:
            raise Failed(
                f"the user {self.user} cannot run {binaries}/postgres, and root must not: open the folders above it "
                f"(chmod o+x), or run the tests as somebody else than root."
            )
        copy, home = self.folder / "installation", trees[0].parent
        for tree in trees:
            ignored = shutil.ignore_patterns("include", "*.a", "__pycache__")
            shutil.copytree(tree, copy / tree.relative_to(home), symlinks=True, ignore=ignored)
        return copy / binaries.relative_to(home)

    def _initialise(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        self._give(secret)
        asked: list[str | Path] = ["initdb", "-D", self.folder / "data", "-U", SUPERUSER, "-E", "UTF8", "--locale=C", "--no-sync"]
        asked += ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"]
        # Names are sorted as in a language where the server can, because no host sorts them by their bytes.
        for sorting in (["--locale-provider=icu", "--icu-locale=en-US"], []):
            with self._begun([*asked, *sorting], subprocess.PIPE) as begun:
                said = begun.communicate()[0].decode(errors="replace")
            if begun.returncode == 0:
                secret.unlink()
                return
        raise Failed(f"initdb failed:\n{said}")

    def _run(self, port: int) -> subprocess.Popen[bytes]:
        asked: list[str | Path] = ["postgres", "-D", self.folder / "data", "-k", self.folder, "-p", str(port)]
        asked += ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_permissions=0700"]
        asked += ["-c", "dynamic_shared_memory_type=mmap"]  # in the folder, so that it goes with it
        with (self.folder / "log").open("ab") as log:
            return self._begun(asked, log)

    def _begun(self, asked: list[str | Path], output: int | BinaryIO) -> subprocess.Popen[bytes]:
        """Begin one of the programs, as the unprivileged user, with none of the settings that were meant for others."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
        return subprocess.Popen(
            [self.binaries / asked[0], *asked[1:]],
            user=self.user,
            group=_group(self.user),
            extra_groups=[] if self.user else None,
            cwd=self.folder,
            env=clean | {"LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )

    def _give(self, path: Path) -> None:
        path.chmod(0o600)
        if self.user:
            shutil.chown(path, self.user, _group(self.user))

    def _ready(self) -> bool:
        """Wait until the server says in its own file that it takes connections; ``False`` when it ended instead."""
        until = time.monotonic() + PATIENCE
        mine, status = self.server, self.folder / "data" / "postmaster.pid"
        assert mine is not None
        while mine.poll() is None:
            with suppress(OSError):
                lines = status.read_text().splitlines()
                if len(lines) > 7 and lines[0] == str(mine.pid) and lines[7].strip() == "ready":
                    return True
            if time.monotonic() > until:
                self._end(signal.SIGQUIT)
                raise Failed(f"PostgreSQL did not take connections within {PATIENCE:.0f} s:\n{self._log()}")
            time.sleep(0.005)
        return False

    def _end(self, how: signal.Signals) -> None:
        server, self.server = self.server, None
        if server is None or server.poll() is not None:
            return
        server.send_signal(how)
        try:
            server.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.server = server
            self.kill()

    def _log(self) -> str:
        log = self.folder / "log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-30:]) if log.exists() else "(it said nothing)"


def _folder() -> Path:
    """Return a new folder of the server's own, at a path that is short enough for a socket and open to who runs it."""
    for parent in (tempfile.gettempdir(), "/tmp"):
        folder = Path(tempfile.mkdtemp(prefix="recovery-pg-", dir=parent)).resolve()
        if len(str(folder / ".s.PGSQL.65535")) > LONGEST or (os.geteuid() == 0 and not _open(folder.parent)):
            folder.rmdir()
            continue
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED, _group(UNPRIVILEGED))
        return folder
    raise Failed("no folder for a server: set TMPDIR to one with a short path that everybody may enter.")


def _open(folder: Path) -> bool:
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents))


def _group(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd  # noqa: PLC0415  (not on every system)

    return pwd.getpwnam(user).pw_gid


def _runs(binaries: Path, user: str) -> bool:
    try:
        done = subprocess.run(
            [binaries / "postgres", "--version"], user=user, group=_group(user), cwd="/", capture_output=True, check=False
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    """Return the ids of the processes that ``pid`` started."""
    if Path("/proc/self/stat").exists():
        return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _parent(entry) == pid]
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(mine) for mine, parent in (line.split() for line in listed.splitlines()) if int(parent) == pid]


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None  # it ended meanwhile


def _orders(owner: int) -> Iterator[str]:
    """Yield what the owner asks for, as long as it is there."""
    while os.getppid() == owner:  # a child that the owner forked holds the pipe open, so the pipe alone does not tell
        if select.select([sys.stdin], [], [], LOOK)[0]:
            line = sys.stdin.readline()
            if not line:
                return
            yield line.strip()


def main() -> None:
    """Keep the server that the arguments describe."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    owner, binaries, *trees = sys.argv[1:]
    try:
        keeper = Keeper(Path(binaries), tuple(Path(tree) for tree in trees))
    except Failed as failure:
        print(json.dumps({"failed": str(failure)}), flush=True)
        return
    try:
        for order in _orders(int(owner)):
            try:
                answer = {"start": keeper.start, "stop": keeper.stop, "kill": keeper.kill}[order]()
            except Failed as failure:
                answer = {"failed": str(failure)}
            print(json.dumps(answer), flush=True)
    finally:
        keeper.close()


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
