"""Many workers and many people on a few hot cases: the histories are those of some order, and everybody gets through.

``RECOVERY_CROWD_COMMANDS=200`` lets everybody say more, ``RECOVERY_CROWD_PROCESSES=6`` brings more of them.
"""

from __future__ import annotations

import os
from pathlib import Path

import attrs

from crowd import PEOPLE, Crowd
from servers import Database

COMMANDS = int(os.environ.get("RECOVERY_CROWD_COMMANDS", "8"))
PROCESSES = int(os.environ.get("RECOVERY_CROWD_PROCESSES", "2"))


def let_in(name: str, folder: Path) -> None:
    """Let a crowd at a database, and hold what is stored against what everybody was told."""
    crowd = Crowd(name, folder, processes=PROCESSES, commands=COMMANDS)
    told = crowd.run()
    assert crowd.faults(told) == []
    slowest, conflicts = max(each.seconds for each in told), sum(each.ended == "conflict" for each in told)
    print(
        f"{len(told)} commands, {conflicts} conflicts, the slowest {slowest:.2f} s, the last at {crowd.behind(told)} of {COMMANDS}"
    )
    assert len(told) == PROCESSES * PEOPLE * COMMANDS
    assert all(each.pinned is not None for each in told if each.ended == "conflict")


def test_a_crowd_on_one_file(tmp_path: Path) -> None:
    """SQLite: every command that was acknowledged is there once, where it was said to be; who was refused left no trace."""
    let_in(str(tmp_path / "desk.db"), tmp_path)


def test_a_crowd_on_postgresql(one_database: Database, tmp_path: Path) -> None:
    """PostgreSQL: the same."""
    let_in(one_database.address, tmp_path)


def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    """A command that was acknowledged and is not there, one that was refused and is, and one at another place are all found."""
    crowd = Crowd(str(tmp_path / "desk.db"), tmp_path, processes=1, commands=4)
    told = crowd.run()
    done = [each for each in told if each.ended == "done"]
    assert crowd.faults(told) == []
    first = done[0]
    for wrong in (
        attrs.evolve(first, token="p10-99999"),
        attrs.evolve(first, ended="conflict"),
        attrs.evolve(first, seqs=(first.seqs[0] + 1,)),
        attrs.evolve(first, pinned=first.seqs[0]),
    ):
        assert len(crowd.faults([wrong])) == 1
