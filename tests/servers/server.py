"""A PostgreSQL server that lasts as long as its block, and databases on it that last as long as theirs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import Lock
from urllib.parse import urlencode

import psycopg
from attrs import define, field, frozen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from servers.finding import WAY_OUT, Installation, NoServer, installations

__all__ = ["Database", "Server", "running"]

_KEEPER = Path(__file__).with_name("keeper.py")
_PATIENCE = 120.0
"""Seconds the keeper may take to end a server: more than it gives the server."""


@frozen(kw_only=True)
class Database:
    """One database on a server. ``conninfo`` goes over its socket, ``tcp`` over 127.0.0.1 with a password."""

    server: Server
    name: str

    @property
    def conninfo(self) -> str:
        """How psycopg reaches it, over the socket: the quicker way, for the same user on the same machine."""
        return self.server.conninfo(self.name)

    @property
    def tcp(self) -> str:
        """How psycopg reaches it over the network interface of the machine itself."""
        return self.server.conninfo(self.name, tcp=True)

    @property
    def address(self) -> str:
        """How people write down where it is: an address, over the socket."""
        told = {key: value for key, value in conninfo_to_dict(self.conninfo).items() if value is not None and key != "dbname"}
        return f"postgresql:///{self.name}?{urlencode(told)}"

    def connect(self) -> psycopg.Connection:
        """Return a new connection, to be closed by whoever asked."""
        return psycopg.connect(self.conninfo)


@define(kw_only=True)
class Server:
    """A running server. ``kill`` and ``start`` again is a crash and what comes after; the databases stay where they are."""

    installation: Installation
    _keeper: subprocess.Popen[str] = field(alias="keeper")
    _owner: int = field(factory=os.getpid)
    _lock: Lock = field(factory=Lock)
    _names: Iterator[int] = field(factory=lambda: count(1))
    _templates: dict[str, str] = field(factory=dict)
    folder: Path = Path()
    pid: int = 0
    _port: int = 0
    _password: str = ""

    @property
    def version(self) -> int:
        """The major version, such as 15."""
        return self.installation.version

    def start(self) -> None:
        """Start the server, and return when it takes connections."""
        told = self._order("start")
        self.folder, self.pid = Path(str(told["folder"])), int(str(told["pid"]))
        self._port, self._password = int(str(told["port"])), str(told["password"])

    def stop(self) -> None:
        """Stop the server in good order: what is running is broken off."""
        self._order("stop")

    def kill(self) -> None:
        """Kill the server and every process of it at the same moment, with SIGKILL."""
        self._order("kill")

    def close(self) -> None:
        """End the server and remove what it wrote. A process that was forked from the owner has nothing to end."""
        if os.getpid() == self._owner:
            self._keeper.communicate(timeout=_PATIENCE)

    def conninfo(self, database: str = "postgres", *, tcp: bool = False) -> str:
        """Return how psycopg reaches a database here: over the socket, or over 127.0.0.1 with a password."""
        where = {"host": "127.0.0.1", "password": self._password} if tcp else {"host": str(self.folder)}
        return make_conninfo("", user="postgres", dbname=database, port=self._port, **where)

    @contextmanager
    def database(self, template: str = "", prepare: Callable[[str], None] = lambda conninfo: None) -> Iterator[Database]:
        """Lend a new database, which is dropped at the end of the block whoever is connected.

        With ``template`` it is a copy of what ``prepare`` made of an empty one when that name was first asked for.
        """
        name = f"test_{next(self._names)}"
        self._create(name, self._template(template, prepare) if template else "template1")
        try:
            yield Database(server=self, name=name)
        finally:
            self._drop(name)

    # ------------------------------------------------------------------------------------------------ how it is done

    def _order(self, order: str) -> dict[str, object]:
        assert self._keeper.stdin is not None
        assert self._keeper.stdout is not None
        with self._lock:
            self._keeper.stdin.write(order + "\n")
            self._keeper.stdin.flush()
            answer = self._keeper.stdout.readline()
        told: dict[str, object] = json.loads(answer) if answer else {"failed": "the process that keeps the server is gone"}
        if "failed" in told:
            raise NoServer(f"{self.installation.binaries}: {told['failed']}")
        return told

    def _template(self, name: str, prepare: Callable[[str], None]) -> str:
        with self._lock:
            if name not in self._templates:
                made = f"template_{len(self._templates) + 1}"
                self._create(made, "template1")
                prepare(self.conninfo(made))
                self._templates[name] = made
            return self._templates[name]

    def _create(self, name: str, template: str) -> None:
        with psycopg.connect(self.conninfo(), autocommit=True) as admin:
            admin.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))

    def _drop(self, name: str) -> None:
        with psycopg.connect(self.conninfo(), autocommit=True) as admin:
            admin.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def running(installation: Installation | None = None) -> Iterator[Server]:
    """Run a server for the length of the block: the newest there is, unless told otherwise.

    Raises ``NoServer`` with the way out where none is to be had.
    """
    found = installations()
    if installation is None and not found:
        raise NoServer(WAY_OUT)
    chosen = installation or found[-1]
    asked: list[str | Path] = [sys.executable, "-I", _KEEPER, str(os.getpid()), chosen.binaries, *chosen.trees]
    # In a session of its own, so that Ctrl-C ends the tests first and the server after them.
    keeper = subprocess.Popen(asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
    with keeper:
        server = Server(installation=chosen, keeper=keeper)
        try:
            server.start()
            yield server
        finally:
            server.close()
