"""Prove it on your store: seeded stories in which everything that can go wrong does, and the laws hold after every step.

    >>> from recovery.testing.simulator import Simulator
    >>> told = Simulator().story(7)
    >>> told.seed, told.mishaps > 0
    (7, True)

In a test, one line: ``Simulator(store=MyStore).run(500)``. From the shell:
``python -m recovery.testing.simulator --store mypackage.stores:MyStore --stories 5000``.
"""

from __future__ import annotations

from recovery.testing.simulator.post import FaultyNotifier
from recovery.testing.simulator.simulator import Simulated, Simulator, StoryFailed
from recovery.testing.simulator.story import Mishaps, Played
from recovery.testing.simulator.watching import Call, watched
from recovery.testing.simulator.witness import LawBroken, Witness

__all__ = [
    "Call",
    "FaultyNotifier",
    "LawBroken",
    "Mishaps",
    "Played",
    "Simulated",
    "Simulator",
    "StoryFailed",
    "Witness",
    "watched",
]
