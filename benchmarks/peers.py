"""Other libraries that keep what happened, doing what they are made for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from typing import Any

from benchmarks.grounds import Ground
from benchmarks.pairing import Side
from benchmarks.sample import MAIL

__all__ = ["by_eventsourcing"]

HISTORY = 7
"""How many events an aggregate has before the command."""


def by_eventsourcing(ground: Ground, numbers: Iterator[int], many: int) -> Side:
    """Load an aggregate, let one more event happen, and save it."""
    ticket = _ticket()
    application = _application(ground)

    def side() -> float:
        ids = []
        for _ in range(many):
            aggregate = ticket(number=next(numbers))
            for _ in range(HISTORY - 1):
                aggregate.say(MAIL.text)
            application.save(aggregate)
            ids.append(aggregate.id)
        begun = time.perf_counter()
        for known in ids:
            aggregate = application.repository.get(known)
            aggregate.say(MAIL.text)
            application.save(aggregate)
        return (time.perf_counter() - begun) / many

    return side


@cache
def _ticket() -> Any:
    from eventsourcing.domain import Aggregate, event  # noqa: PLC0415

    class Ticket(Aggregate):
        @event("Opened")
        def __init__(self, number: int) -> None:
            self.number = number
            self.said: list[str] = []

        @event("Said")
        def say(self, text: str) -> None:
            self.said.append(text)

    return Ticket


def _application(ground: Ground) -> Any:
    from eventsourcing.application import Application  # noqa: PLC0415

    return Application(env=dict(ground.peer))
