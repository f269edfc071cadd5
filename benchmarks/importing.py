"""What an import costs, in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.pairing import Pair, Prepare, Side, both

__all__ = ["DEPENDENCIES", "OURS", "PAIRS"]

OURS = "from recovery import Desk, Contact, Acknowledge"
FIRST = f"{OURS}; import recovery.desk; recovery.desk.acting; from recovery import MemoryStore, policies"
DEPENDENCIES = "import transitions, attrs, pendulum, cattrs"


def _import(statement: str) -> Side:
    code = f"import time; begun = time.perf_counter()\n{statement}\nprint(time.perf_counter() - begun)"

    def side() -> float:
        told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        return float(told.stdout)

    return side


def importing(statement: str) -> Prepare:
    """Compare importing the library with importing the four libraries it stands on."""
    return lambda _: both(_import(statement), _import(DEPENDENCIES))


PAIRS = (
    Pair(
        name="import",
        ours="`from recovery import Desk, Contact, Acknowledge`",
        theirs="importing transitions, attrs, pendulum and cattrs",
        prepare=importing(OURS),
        at_most=2.0,
    ),
    Pair(
        name="first use",
        ours="the same, and everything a desk in memory needs for its first contact",
        theirs="importing transitions, attrs, pendulum and cattrs",
        prepare=importing(FIRST),
    ),
)
