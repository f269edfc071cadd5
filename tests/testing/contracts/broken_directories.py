"""Directories with one fault each, and the checks that have to catch them."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import count

import pendulum
from attrs import define
from pendulum import DateTime

from recovery.ports import Directory
from recovery.testing import contracts
from recovery.testing.contracts import Check

AT = pendulum.datetime(2026, 3, 2, 9)


@define
class People:
    """A directory that works."""

    absent: frozenset[str] | None = frozenset({"ana"})

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Return who is away."""
        return self.absent


class AsksAServer(People):
    """Asks somebody far away."""

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Do as the class says."""
        time.sleep(0.05)
        return super().away(now)


class AnswersWithAList(People):
    """Answers with whatever it has."""

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Do as the class says."""
        return ["ana"]  # type: ignore[return-value]


class AnswersWithNames(People):
    """Answers with something that is no id."""

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Do as the class says."""
        return frozenset({"Ana\nSola"})


class ChangesItsMind(People):
    """Answers otherwise every time."""

    numbers = count(1)

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Do as the class says."""
        return frozenset({f"p-{next(self.numbers)}"})


class Raises(People):
    """Raises where it does not know."""

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Do as the class says."""
        raise ConnectionError("the calendar is down")


def everybody_there() -> People:
    """Return a directory that takes not knowing for nobody."""
    return People(frozenset())


def directory(make: Callable[[], Directory], name: str, unknowing: Callable[[], Directory] = Raises) -> Check:
    """Return the check of that name on a broken directory."""
    checks = contracts.directory_checks(make, known=((AT, {"ana"}),), unknowing=unknowing, patience=0.02)
    return next(check for check in checks if check.id.endswith(f"/{name}"))


DIRECTORIES = (
    directory(AsksAServer, "it-answers-quickly"),
    directory(AnswersWithAList, "it-answers-with-ids-or-none"),
    directory(AnswersWithNames, "it-answers-with-ids-or-none"),
    directory(ChangesItsMind, "it-answers-with-ids-or-none"),
    directory(everybody_there, "it-knows-who-is-away"),
    directory(People, "not-knowing-is-none", Raises),
    directory(People, "not-knowing-is-none", everybody_there),
)
