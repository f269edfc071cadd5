"""Actors who take turns: each runs in a thread of its own, only one at a time, and chance alone says who goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from random import Random

__all__ = ["Stopped", "Turns"]


class Stopped(BaseException):
    """Ends an actor, because another one has found something that must not be."""


STAYS = 0.5
"""How often whoever acts simply goes on: more, and operations would seldom overlap; less, and threads would change for nothing."""


class Turns:
    """Lets actors run one at a time; wherever one calls :meth:`pause`, ``chance`` says who goes on.

    Threads only hold the places of the actors: the order is drawn, so the same chance gives the same order every time. It may
    be any order at all, also one in which operations of several actors overlap in parts.
    """

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.acting = ""
        self._gates: dict[str, threading.Lock] = {}
        self._over = threading.Lock()
        self._error: BaseException | None = None

    def play(self, actors: Sequence[tuple[str, Callable[[], None]]]) -> None:
        """Run all ``actors``, each with a name of its own, until they return; what the first of them raises is raised here."""
        self._error = None
        self._gates = {name: _locked() for name, _ in actors}
        self._over.acquire()
        threads = [threading.Thread(target=self._run, args=actor, daemon=True) for actor in actors]
        for thread in threads:
            thread.start()
        self._go_on()
        self._over.acquire()
        self._over.release()
        for thread in threads:
            thread.join()
        self.acting = ""
        if self._error is not None:
            raise self._error

    def pause(self) -> None:
        """Let chance say who goes on. Raises :class:`Stopped` when all must end; outside of :meth:`play` it does nothing."""
        if not self._gates:
            return
        me = self.acting
        chosen = me if self.chance.random() < STAYS else self.chance.choice([*self._gates])
        if chosen != me:
            self._wake(chosen)
            self._gates[me].acquire()
        if self._error is not None:
            raise Stopped

    def _run(self, name: str, act: Callable[[], None]) -> None:
        self._gates[name].acquire()
        try:
            if self._error is None:
                act()
        except Stopped:
            pass
        except BaseException as error:  # noqa: BLE001  (it is raised in the thread that plays)
            self._error = self._error or error
        del self._gates[name]
        self._go_on()

    def _go_on(self) -> None:
        if self._gates:
            self._wake(self.chance.choice([*self._gates]))
        else:
            self._over.release()

    def _wake(self, name: str) -> None:
        self.acting = name
        self._gates[name].release()


def _locked() -> threading.Lock:
    lock = threading.Lock()
    lock.acquire()
    return lock
