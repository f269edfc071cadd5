"""The catalogue: for every rule of the practice a short scenario in which it is kept and one in which it is broken.

A file per heading. A check is kept where the act is done and broken where it is refused, or, if it warns, where it warns; a clock
is kept where it is met in time and broken where it is missed and somebody is told. People, cases and words are invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from attrs import frozen

from recovery.core.policy import Policy
from recovery.core.rule import Ability
from recovery.testing.content import a_policy
from recovery.testing.reading import load_scenarios
from recovery.testing.scenario import Scenario

__all__ = ["Examples", "Lacking", "examples", "examples_of", "lacking"]

FILES = (
    "receiving.toml",
    "ownership.toml",
    "acknowledging.toml",
    "responsibility.toml",
    "keeping_in_touch.toml",
    "proposing.toml",
    "resolving.toml",
    "following_up.toml",
    "closing.toml",
    "losing.toml",
    "input.toml",
)


class Examples(NamedTuple):
    """The examples of a rule: those in which it is kept, and those in which it is broken."""

    kept: tuple[Scenario, ...]
    broken: tuple[Scenario, ...]


@frozen(kw_only=True)
class Lacking:
    """A check, an ability, or a clock (``clock`` is empty for the others) of which one example is lacking: kept, or broken."""

    rule: str
    clock: str = ""
    kept: bool

    def __str__(self) -> str:
        what = f"the clock {self.clock} of {self.rule}" if self.clock else f"the rule {self.rule}"
        return f"{what} has no example in which it is {'kept' if self.kept else 'broken'}"


@cache
def examples() -> tuple[Scenario, ...]:
    """Return every example of the catalogue, heading by heading."""
    folder = Path(__file__).parent
    return tuple(scenario for name in FILES for scenario in load_scenarios(folder / name))


def examples_of(rule_id: str, among: Iterable[Scenario] | None = None) -> Examples:
    """Return the examples of a rule, ``kept, broken``; both are empty for a rule that has none.

    A rule that is a check and a clock has examples of both, the check's first. ``among`` are your own scenarios; else they are
    those of the catalogue.
    """
    found = [scenario for scenario in (examples() if among is None else among) if scenario.rule == rule_id]
    found.sort(key=lambda scenario: bool(scenario.clock))
    kept, broken = ([one for one in found if one.kept is wanted] for wanted in (True, False))
    return Examples(tuple(kept), tuple(broken))


def lacking(policy: Policy | None = None, among: Iterable[Scenario] | None = None) -> tuple[Lacking, ...]:
    """Return every check, every ability and every clock of ``policy`` that no scenario shows kept, or none shows broken.

    ``policy`` is :func:`a_policy` unless given; give yours, and ``among=(*examples(), *my_examples)``, to see that every rule you
    have added has its examples. What the policy has switched off needs none.
    """
    there = {(one.rule, one.clock, one.kept) for one in (examples() if among is None else among)}
    wanted = _wanted(a_policy() if policy is None else policy)
    each = ((rule, clock, kept) for rule, clock in wanted for kept in (True, False))
    return tuple(Lacking(rule=rule, clock=clock, kept=kept) for rule, clock, kept in each if (rule, clock, kept) not in there)


def _wanted(policy: Policy) -> Iterator[tuple[str, str]]:
    yield from ((name, "") for name in policy.checks)
    yield from ((rule.id, "") for rule in policy.rules if isinstance(rule, Ability))
    yield from ((clock.rule, clock.id) for clock in policy.timing.clocks)
