"""Thousands of simulated stories on your store, policy and notifier; the first that breaks a law names its seed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from attrs import field, frozen

from recovery.core.policy import Policy
from recovery.ports.notifier import Notifier
from recovery.ports.store import Store
from recovery.stores.memory import MemoryStore
from recovery.testing.content import a_policy
from recovery.testing.contracts.checking import opened
from recovery.testing.simulator.story import Mishaps, Played, Playing
from recovery.testing.simulator.witness import LawBroken

__all__ = ["Simulated", "Simulator", "StoryFailed"]

SHOWN = 40
"""How many of the last steps a failure shows."""


class StoryFailed(AssertionError):
    """A story broke a law or raised what nobody may see: its ``seed``, the ``steps`` up to there, and how to run it again."""

    def __init__(self, seed: int, found: BaseException, steps: tuple[str, ...], again: str) -> None:
        self.seed, self.found, self.steps = seed, found, steps
        told = str(found) if isinstance(found, LawBroken) else f"{type(found).__name__}: {found}"
        shown = "\n".join(f"  {step}" for step in steps[-SHOWN:])
        left = f" (the last {SHOWN} of {len(steps)})" if len(steps) > SHOWN else ""
        self._again = again
        super().__init__(f"the story with the seed {seed} failed: {told}\n\nits steps{left}:\n{shown}\n\nrun it again: {again}")

    def __reduce__(self) -> tuple[type[StoryFailed], tuple[int, BaseException, tuple[str, ...], str]]:
        return StoryFailed, (self.seed, self.found, self.steps, self._again)


@frozen(kw_only=True)
class Simulated:
    """What so many stories came to: cases, entries in histories, messages that left, mishaps on the way, and seconds it took."""

    stories: int
    cases: int
    entries: int
    messages: int
    mishaps: int
    seconds: float

    @property
    def per_minute(self) -> float:
        """How many stories a minute that is."""
        return 60 * self.stories / self.seconds if self.seconds else 0.0

    def __str__(self) -> str:
        return (
            f"{self.stories} stories held: {self.cases} cases, {self.entries} entries, {self.messages} messages, "
            f"{self.mishaps} mishaps ({self.per_minute:.0f} stories a minute)"
        )


@frozen(kw_only=True)
class Simulator:
    """Plays seeded stories on a desk over your store, and holds the laws against what is stored after every step.

    >>> from recovery.testing import Simulator
    >>> Simulator().run(stories=20).stories
    20

    In a story two people of ours act on a few cases of three customers, two workers look at clocks and deliver, and time passes,
    an hour back and a day ahead at times, over weekends and changes of the clocks. They take turns at every call of the store and
    of the notifier, in an order that the seed draws, so that operations overlap as those of many processes do. The store raises
    before or after it has done its work, processes are killed, and the mail server has its moods (:class:`Mishaps`).

    ``store`` makes a fresh, empty store for each story; one that is a context manager is left at the end of it. ``policy`` is
    :func:`a_policy` unless given, ``notifier`` makes a notifier of yours, which then really sends. ``again`` is what a failure
    names to run it again. Chance comes from the seed alone: the same seed is the same story on every machine.
    """

    store: Callable[[], Store | AbstractContextManager[Store]] = MemoryStore
    policy: Policy = field(factory=a_policy)
    notifier: Callable[[], Notifier] | None = None
    mishaps: Mishaps = field(factory=Mishaps)
    again: str = "Simulator(...).story({seed})"

    def story(self, seed: int) -> Played:
        """Play one story. Raises :class:`StoryFailed` at the first step after which a law does not hold."""
        with opened(self.store()) as store:
            notifier = None if self.notifier is None else self.notifier()
            playing = Playing(seed=seed, store=store, policy=self.policy, notifier=notifier, mishaps=self.mishaps)
            try:
                return playing.play()
            except (Exception, LawBroken) as found:
                raise StoryFailed(seed, found, (*playing.trace,), self.again.format(seed=seed)) from found

    def stories(self, many: int, *, seed: int = 0) -> Iterator[Played]:
        """Play so many stories, with the seeds from ``seed`` on. Raises :class:`StoryFailed` at the first that fails."""
        for number in range(many):
            yield self.story(seed + number)

    def run(self, stories: int = 1000, *, seed: int = 0) -> Simulated:
        """Play so many stories and return what they came to. Raises :class:`StoryFailed` at the first that fails."""
        begun = time.perf_counter()
        told = [(one.cases, one.entries, one.messages, one.mishaps) for one in self.stories(stories, seed=seed)]
        cases, entries, messages, mishaps = (sum(column) for column in zip(*told, strict=True)) if told else (0, 0, 0, 0)
        seconds = time.perf_counter() - begun
        return Simulated(stories=len(told), cases=cases, entries=entries, messages=messages, mishaps=mishaps, seconds=seconds)
