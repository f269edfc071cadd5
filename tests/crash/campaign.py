"""Many processes on one database, killed at random moments and started again; in the end all that is left is checked."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

from attrs import define, field

from crash.checker import Checked, check, journals
from crash.roles import Person, Setting, Worker, at_rest, opened
from recovery.ports.store import Store
from servers import Server

__all__ = ["Campaign", "opener"]

_SERVER = 0.2
"""How often, between two kills of processes, the server is killed as long as it is to be."""


def opener(told: str) -> Callable[[], Store]:
    """Return what opens the store of a campaign: ``sqlite:PATH``, or ``postgres:CONNINFO``."""
    kind, _, where = told.partition(":")
    if kind == "sqlite":
        from recovery.stores.sqlite import SQLiteStore  # noqa: PLC0415  (only what is asked for is loaded)

        return lambda: SQLiteStore(where)
    from recovery.stores.postgres import PostgresStore  # noqa: PLC0415

    return lambda: PostgresStore(where, connections=2)


def connection(told: str) -> Any:
    """Return a bare connection to the database of a campaign, for whoever reads the tables."""
    kind, _, where = told.partition(":")
    if kind == "sqlite":
        return sqlite3.connect(where)
    import psycopg  # noqa: PLC0415

    return psycopg.connect(where)


@define
class Campaign:
    """People and workers, each a process, on the database that ``told`` names; journals go into ``folder``.

    They are killed at moments up to ``pause`` seconds apart; ``kills`` counts them. ``server`` is one that may be killed as well.
    """

    told: str
    folder: Path
    people: int = 2
    workers: int = 2
    pause: float = 0.3
    speed: float = 20_000
    kills: int = 0
    server: Server | None = None
    server_kills: int = 0
    processes: dict[str, int] = field(factory=dict[str, int])

    def setting(self) -> Setting:
        """Return where everybody works."""
        return Setting(opens=opener(self.told), folder=self.folder, begun=time.monotonic(), speed=self.speed)

    def run(self, kills: int, server_kills: int, goes_on: Callable[[], bool], begun: Callable[[], object]) -> Checked:
        """Kill so many processes and servers, and while it ``goes_on``; then bring all to rest, and check it."""
        setting = self.setting()
        opened(setting).close()  # type: ignore[attr-defined]
        roles: dict[str, Callable[[], None]] = {
            f"person-{number}": Person(setting, f"person-{number}").run for number in range(self.people)
        }
        roles |= {f"worker-{number}": Worker(setting, f"worker-{number}").run for number in range(self.workers)}
        try:
            for name, role in roles.items():
                self._start(name, role)
            begun()
            while self.kills < kills or self.server_kills < server_kills or goes_on():
                time.sleep(random.random() * self.pause)
                if self.server is not None and self.server_kills < server_kills and random.random() < _SERVER:
                    self._strike(self.server)
                if self.kills < kills:
                    name = random.choice([*roles])
                    self._kill(name)
                    self._start(name, roles[name])
        finally:
            for name in [*self.processes]:
                self._kill(name, counted=False)
        return self._checked(setting)

    def _checked(self, setting: Setting) -> Checked:
        for name in (f"person-{number}" for number in range(self.people)):
            Person(setting, name).run(many=0)  # what nobody was answered is asked for once more
        store = at_rest(setting)
        findings = store.doctor()
        store.close()  # type: ignore[attr-defined]
        with closing(connection(self.told)) as reading:
            found = check(reading, journals(self.folder))
        if findings:
            raise AssertionError(f"doctor() finds {findings[:5]}; the checker says {found}")
        return found

    def _strike(self, server: Server) -> None:
        """Kill the server with all of its processes, and start it again."""
        server.kill()
        self.server_kills += 1
        time.sleep(random.random() * self.pause)
        server.start()

    def _start(self, name: str, role: Callable[[], None]) -> None:
        pid = os.fork()
        if pid == 0:
            _be(role)
        self.processes[name] = pid

    def _kill(self, name: str, *, counted: bool = True) -> None:
        pid = self.processes.pop(name)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSIGNALED(status):
            raise AssertionError(f"{name} had ended by itself: what it raised stands on the standard error output")
        self.kills += counted


def _be(role: Callable[[], None]) -> NoReturn:
    """Be one of the processes: never come back."""
    random.seed()
    try:
        role()
    except BaseException:  # noqa: BLE001  (whatever it is, it is told, and the process ends)
        import traceback  # noqa: PLC0415

        traceback.print_exc()
    finally:
        os._exit(1)
