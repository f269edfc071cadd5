"""A demo of a few cases, played once for all tests of the commands, and the command line in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.running import Played, run
from recovery import SQLiteStore


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A demo of ten cases."""
    patch = pytest.MonkeyPatch()
    patch.delenv("COLUMNS", raising=False)
    patch.delenv("RECOVERY_DB", raising=False)
    db = str(tmp_path_factory.mktemp("demo") / "ten.db")
    code, out, err = run("demo", "--cases", "10", "--db", db)
    assert (code, err) == (0, "")
    yield Played(out=out, db=db)
    patch.undo()


@pytest.fixture
def store(played: Played) -> Iterator[SQLiteStore]:
    """The store the demo left."""
    with SQLiteStore(played.db) as opened:
        yield opened


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """A fresh current folder, and paths in it."""
    monkeypatch.chdir(tmp_path)
    return lambda name: tmp_path / name
