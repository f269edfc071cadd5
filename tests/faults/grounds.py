"""Stores as they stood before each scene of the five weeks, as often as one wants them."""

from __future__ import annotations

import copy
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Generator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Protocol

from faults.five_weeks import SCENES, Ending, Stage, standing
from recovery.notifiers import RecordingNotifier
from recovery.ports.store import Store
from recovery.stores.memory import MemoryStore
from recovery.stores.sqlite import SQLiteStore
from recovery.testing import FrozenNow

__all__ = ["Files", "Ground", "Memory"]


class Ground(Protocol):
    """Gives the store as it stood before a scene; ``endings`` says how the story stands after each."""

    endings: list[Ending]

    def before(self, number: int) -> AbstractContextManager[Store]:
        """Give the store as it stood before the scene with that number, a copy of its own."""
        ...


def _on(store: Store) -> Stage:
    now = FrozenNow(SCENES[0].when)
    return Stage(store=store, notifier=RecordingNotifier(now=now), now=now)


class Memory:
    """Stores in memory."""

    def __init__(self) -> None:
        store = MemoryStore()
        stage = _on(store)
        self.endings: list[Ending] = []
        self._kept: list[MemoryStore] = []
        for scene in SCENES:
            self._kept.append(_copied(store))
            stage.play(scene)
            self.endings.append(standing(store))

    @contextmanager
    def before(self, number: int) -> Generator[Store, None, None]:
        """Give a copy of the store as it stood before a scene."""
        yield _copied(self._kept[number])


def _copied(store: MemoryStore) -> MemoryStore:
    """Return a store that holds the same. Values are frozen and shared; what holds them is copied."""
    copied = MemoryStore()
    lock = type(threading.RLock())
    for name, held in vars(store).items():
        if not isinstance(held, lock):
            setattr(copied, name, _loose(held))
    return copied


def _loose(held: object) -> object:
    if isinstance(held, dict):
        return {key: _loose(value) for key, value in held.items()}
    if isinstance(held, (set, list)):
        return copy.copy(held)
    return copy.copy(held) if type(held).__module__ == MemoryStore.__module__ else held


class Files:
    """Stores on SQLite files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.endings: list[Ending] = []
        path = folder / "played.db"
        with SQLiteStore(path) as store:
            stage = _on(store)
            for number, scene in enumerate(SCENES):
                with closing(sqlite3.connect(path)) as here, closing(sqlite3.connect(folder / f"{number}.db")) as there:
                    here.backup(there)
                stage.play(scene)
                self.endings.append(standing(store))

    @contextmanager
    def before(self, number: int) -> Generator[Store, None, None]:
        """Give a store on a copy of the file as it was before a scene."""
        with tempfile.TemporaryDirectory(dir=self._folder) as folder:
            path = Path(folder) / "recovery.db"
            shutil.copyfile(self._folder / f"{number}.db", path)
            with SQLiteStore(path) as store:
                yield store
