"""What is measured of deciding runs on both sides; a peer that is not installed says which extra it comes with."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest
from benchmarks.deciding import PAIRS, PEERS, taken
from benchmarks.pairing import Pair, measure

MODULES = {"transitions": "transitions", "python-statemachine": "statemachine", "automat": "automat", "django-fsm-2": "django_fsm"}


@pytest.mark.parametrize("pair", [pair for pair in PAIRS if not pair.name.startswith("table step, ")], ids=lambda pair: pair.name)
def test_every_pair_of_deciding_runs(pair: Pair) -> None:
    """Both sides of every pair that needs nothing but the library do their work, and each takes some time."""
    figures = measure(pair, rounds=1)
    assert figures.ours > 0
    assert figures.theirs > 0


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_runs_or_names_its_extra(name: str) -> None:
    """Whoever measures against a peer gets a figure, or the name of the extra that brings the peer."""
    # In a process of its own: Django can be set up once only, and this suite has other uses for it.
    code = f"from benchmarks.deciding import taken; assert taken({name!r}, 1)() > 0"
    told = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    if find_spec(MODULES[name]) is None:
        assert f"{name} is not installed: pip install customer-recovery[benchmarks]" in told.stderr
    else:
        assert told.returncode == 0, told.stderr


def test_a_missing_peer_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to guess what to install."""
    monkeypatch.setitem(sys.modules, "automat", None)
    with pytest.raises(ModuleNotFoundError, match=r"automat is not installed: pip install customer-recovery\[benchmarks\]"):
        taken("automat", 1)
