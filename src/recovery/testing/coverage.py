"""Which edges of the chart, which rules' yes and no, and which clocks' met and missed a test run has exercised.

While :func:`watching`, every decision of the process is looked at: in a desk or without one, in your tests or in ours. Nothing is
changed but two names that the core looks up when it decides; they are put back at the end.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import cast
from unittest.mock import patch

import attrs
from attrs import define, field, frozen

from recovery.core.agenda import Outcome, readings
from recovery.core.case import Case
from recovery.core.decide import Decision, deciding
from recovery.core.policy import Policy
from recovery.core.rule import Check, Moment, Problem
from recovery.core.stages import TABLE, Stage, Trigger
from recovery.core.vocabulary.closing import CaseClosed, CloseReason
from recovery.core.vocabulary.common import Command
from recovery.testing.tables import table

__all__ = ["Coverage", "Edge", "Exercised", "Report", "watching"]

Edge = tuple[Stage, Trigger]


@frozen(kw_only=True)
class Exercised:
    """How often a check found nothing (kept) and something (broken), or a clock was met (kept) and missed (broken)."""

    id: str
    kept: int
    broken: int


@frozen(kw_only=True)
class Report:
    """What was exercised, and what was not: edges of the chart, reasons to close, checks and clocks. Prints as a table."""

    edges: Mapping[Edge, int]
    reasons: Mapping[CloseReason, int]
    checks: tuple[Exercised, ...]
    clocks: tuple[Exercised, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that was not exercised, each in words."""
        return (*self._edges(), *self._reasons(), *_lacking("check", self.checks), *_lacking("clock", self.clocks))

    @property
    def complete(self) -> bool:
        """Whether there is nothing that was not exercised."""
        return not self.missing

    def _edges(self) -> Iterator[str]:
        for (stage, trigger), times in self.edges.items():
            if not times:
                yield f"edge {stage.value} --{trigger.value}-->: not taken"

    def _reasons(self) -> Iterator[str]:
        yield from (f"closing as {reason.value}: not done" for reason, times in self.reasons.items() if not times)

    def __str__(self) -> str:
        rows = [(f"edge {stage.value} --{trigger.value}-->", str(times), "") for (stage, trigger), times in self.edges.items()]
        rows += [(f"close as {reason.value}", str(times), "") for reason, times in self.reasons.items()]
        rows += [(f"check {one.id}", str(one.kept), str(one.broken)) for one in self.checks]
        rows += [(f"clock {one.id}", str(one.kept), str(one.broken)) for one in self.clocks]
        return "\n".join((table(("what", "kept", "broken"), rows), "", self.summary))

    @property
    def summary(self) -> str:
        """How much was exercised, in one line, and everything that was not, a line each."""
        answers = [*self.checks, *self.clocks]
        both = sum(1 for one in answers if one.kept and one.broken)
        taken = sum(1 for times in self.edges.values() if times)
        head = f"{taken} of {len(self.edges)} edges taken; {both} of {len(answers)} checks and clocks seen kept and broken"
        return "\n".join((head, *(f"  {line}" for line in self.missing)))


def _lacking(kind: str, found: Iterable[Exercised]) -> Iterator[str]:
    kept, broken = ("kept", "broken") if kind == "check" else ("met", "missed")
    for one in found:
        lacks = [name for name, times in ((kept, one.kept), (broken, one.broken)) if not times]
        if lacks:
            yield f"{kind} {one.id}: never {' and never '.join(lacks)}"


@define
class Coverage:
    """What has been seen so far. ``checks`` and ``clocks`` are the ids of all that the policies seen hold."""

    edges: Counter[Edge] = field(factory=Counter[Edge])
    reasons: Counter[CloseReason] = field(factory=Counter[CloseReason])
    kept: Counter[str] = field(factory=Counter[str])
    broken: Counter[str] = field(factory=Counter[str])
    met: Counter[str] = field(factory=Counter[str])
    missed: Counter[str] = field(factory=Counter[str])
    checks: dict[str, None] = field(factory=dict[str, None])
    clocks: dict[str, None] = field(factory=dict[str, None])
    policy: Policy | None = None

    def report(self, policy: Policy | None = None) -> Report:
        """Return what was exercised of the rules of ``policy``, else of every policy that was seen."""
        checks = self.checks if policy is None else policy.checks
        clocks = self.clocks if policy is None else policy.timing.by_id
        return Report(
            edges={edge: self.edges[edge] for edge in TABLE},
            reasons={reason: self.reasons[reason] for reason in CloseReason},
            checks=tuple(Exercised(id=name, kept=self.kept[name], broken=self.broken[name]) for name in checks),
            clocks=tuple(Exercised(id=name, kept=self.met[name], broken=self.missed[name]) for name in clocks),
        )

    # ------------------------------------------------------------ several processes

    def to_data(self) -> dict[str, dict[str, int]]:
        """Return what was seen as plain data, for another process to :meth:`add`."""
        return {
            "edges": {f"{stage.value} {trigger.value}": times for (stage, trigger), times in self.edges.items()},
            "reasons": {reason.value: times for reason, times in self.reasons.items()},
            **{name: dict(getattr(self, name)) for name in _COUNTED},
            "checks": dict.fromkeys(self.checks, 0),
            "clocks": dict.fromkeys(self.clocks, 0),
        }

    def add(self, data: Mapping[str, Mapping[str, int]]) -> None:
        """Add what another process has seen."""
        for names, times in data["edges"].items():
            stage, trigger = names.split()
            self.edges[Stage(stage), Trigger(trigger)] += times
        for reason, times in data["reasons"].items():
            self.reasons[CloseReason(reason)] += times
        for name in _COUNTED:
            getattr(self, name).update(data[name])
        self.checks |= dict.fromkeys(data["checks"])
        self.clocks |= dict.fromkeys(data["clocks"])

    # ------------------------------------------------------------ what is seen

    def saw_policy(self, policy: Policy) -> None:
        """Remember the policy that decides now, and what it holds."""
        if self.policy is not policy:
            self.policy = policy
            self.checks |= dict.fromkeys(policy.checks)
            self.clocks |= dict.fromkeys(policy.timing.by_id)

    def saw_check(self, check: Check, found: bool) -> None:
        """Count that a check found something, or nothing."""
        (self.broken if found else self.kept)[check.id] += 1

    def saw_decision(self, decision: Decision) -> None:
        """Count the edges that a decision takes, and how the clocks stand after it."""
        stage = Stage.RECEIVED if decision.before is None else decision.before.stage
        for recorded in decision.events:
            event = recorded.event
            if isinstance(event, CaseClosed):
                self.reasons[event.reason] += 1
            if event.trigger is not None and (stage, event.trigger) in TABLE:
                self.edges[stage, event.trigger] += 1
                stage = TABLE[stage, event.trigger]
        self._saw_clocks(decision.case)

    def _saw_clocks(self, case: Case) -> None:
        if self.policy is None:
            return
        for reading in readings(case, self.policy.terms, case.recorded_at):
            if reading.outcome is Outcome.MET:
                self.met[reading.clock] += 1
            elif reading.outcome is Outcome.MISSED:
                self.missed[reading.clock] += 1


_COUNTED = ("kept", "broken", "met", "missed")


@contextmanager
def watching(seen: Coverage | None = None) -> Generator[Coverage]:
    """Look at every decision meanwhile, and keep what was exercised; ``seen`` goes on from an earlier time.

    >>> with watching() as seen:
    ...     case = a_case(Stage.RESOLVED)
    >>> seen.report().missing[0]
    'edge resolution_proposed --decline-->: not taken'

    It sees the whole process, threads included. Inside another one both see what happens.
    """
    seen = Coverage() if seen is None else seen
    with patch.object(Policy, "checks_on", _observed(seen)), patch.object(deciding, "Decision", _counted(seen)):
        yield seen


def _observed(seen: Coverage) -> object:
    plain = Policy.checks_on

    def checks_on(policy: Policy, kind: type[Command]) -> tuple[Check, ...]:
        seen.saw_policy(policy)
        return tuple(_wrapped(check, seen) for check in plain(policy, kind))

    return checks_on


def _wrapped(check: Check, seen: Coverage) -> Check:
    def test(case: Case, command: Command, moment: Moment) -> tuple[Problem, ...]:
        found = tuple(check.test(case, command, moment))
        seen.saw_check(check, bool(found))
        return found

    return attrs.evolve(check, test=test)


def _counted(seen: Coverage) -> object:
    plain = cast("Callable[..., Decision]", deciding.Decision)

    def decision(**fields: object) -> Decision:
        made = plain(**fields)
        seen.saw_decision(made)
        return made

    return decision
