"""What the screen is for: a bar for whoever waits, and the desk of a shop beside the demo."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from cli.running import run
from recovery.cli import patience
from recovery.cli.patience import busy


class TestWaiting:
    def test_whoever_waits_sees_that_something_goes_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """After a while, on a terminal, and it is gone when it is done."""
        shown = io.StringIO()
        monkeypatch.setattr(patience, "errors", lambda: Console(file=shown, force_terminal=True, width=60))
        monkeypatch.setattr(patience, "PATIENCE", 0.01)
        with busy("Reading cases"):
            time.sleep(0.3)
        assert "Reading cases" in shown.getvalue()

    def test_what_is_quick_shows_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not a flicker."""
        shown = io.StringIO()
        monkeypatch.setattr(patience, "errors", lambda: Console(file=shown, force_terminal=True, width=60))
        with busy("Reading cases"):
            pass
        assert "Reading cases" not in shown.getvalue()

    def test_off_a_terminal_there_is_no_bar(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """However long it takes."""
        shown = io.StringIO()
        monkeypatch.setattr(patience, "errors", lambda: Console(file=shown, force_terminal=False))
        monkeypatch.setattr(patience, "PATIENCE", 0.01)
        with busy("Reading cases"):
            time.sleep(0.05)
        assert shown.getvalue() == ""

    def test_what_goes_wrong_is_passed_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """And the bar is gone."""
        monkeypatch.setattr(patience, "errors", lambda: Console(file=io.StringIO(), force_terminal=True))
        with pytest.raises(ZeroDivisionError), busy("Reading cases"):
            raise ZeroDivisionError


class TestTheDemoBesideADesk:
    def test_its_commands_name_its_database(self, shop: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
        """Where a desk of one's own would be taken otherwise."""
        monkeypatch.delenv("RECOVERY_NOW")
        out = run("demo", "--cases", "2")[1]
        assert "recovery show --db recovery-demo.db" in out

    def test_alone_it_need_not_be_named(self, here: Callable[[str], Path]) -> None:
        """It is what is found."""
        out = run("demo", "--cases", "2")[1]
        assert "--db" not in out
        assert run("show")[0] == 0
