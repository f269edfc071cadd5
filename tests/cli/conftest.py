"""A demo of a few cases, played once for all tests of the commands, and the command line in this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cli.running import Played, done, run
from recovery import SQLiteStore


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """A demo of ten cases."""
    patch = pytest.MonkeyPatch()
    patch.delenv("COLUMNS", raising=False)
    for name in ("RECOVERY_DB", "RECOVERY_POLICY", "RECOVERY_NOW", "RECOVERY_BY"):
        patch.delenv(name, raising=False)
    db = str(tmp_path_factory.mktemp("demo") / "ten.db")
    code, out, err = run("demo", "--cases", "10", "--db", db)
    assert (code, err) == (0, "")
    yield Played(out=out, db=db)
    patch.undo()


@pytest.fixture(autouse=True)
def plain_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """The width of the terminal in which the tests are run is not that of the screens they look at."""
    monkeypatch.delenv("COLUMNS", raising=False)


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


PEOPLE = ("--person", "ana=Ana Brook <ana@boats.example>", "--person", "ben=Ben Castell <ben@boats.example>")


@pytest.fixture
def shop(here: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """The desk of a small shop in the current folder, on the morning of Monday 2 March 2026, with Ana at the keyboard."""
    code, _, err = run("init", *PEOPLE, "--company", "Boat Displays", "--zone", "Europe/Berlin")
    assert (code, err) == (0, "")
    monkeypatch.setenv("RECOVERY_NOW", "2026-03-02T09:40")
    monkeypatch.setenv("RECOVERY_BY", "ana")
    return here


@pytest.fixture
def bo(shop: Callable[[str], Path]) -> str:
    """The reference of the first case of the shop: Bo Lind, on the telephone."""
    told = done("receive", "--channel", "phone", "--name", "Bo Lind", "--email", "bo@boat.example", "--text", "It went dark.")
    return str(told["case"]["reference"])
