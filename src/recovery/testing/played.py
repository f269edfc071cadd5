"""What happened when steps were played: decisions, refusals, whom the clocks told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property

from attrs import frozen
from pendulum import DateTime

from recovery.core.agenda import Reading, Step
from recovery.core.case import Case
from recovery.core.clock import Whom
from recovery.core.decide import Decision, agenda, clocks
from recovery.core.errors import Reason, Refused
from recovery.core.learning import UnitReport, learn
from recovery.core.policy import Policy
from recovery.core.precedent import Precedent
from recovery.core.risk import AtRisk, customers_at_risk
from recovery.core.suggesting import Suggestion, suggest
from recovery.core.values import later
from recovery.core.vocabulary.common import Command, Recorded, kind_of
from recovery.core.vocabulary.receiving import AlarmRung

__all__ = ["Deed", "Played"]


@frozen(kw_only=True)
class Deed:
    """What was done at an instant: commands that were carried out (or refused), or time that was let pass, until ``until``."""

    at: DateTime
    commands: tuple[Command, ...] = ()
    until: DateTime | None = None
    worked: bool = True
    length: str = ""


@frozen(kw_only=True, slots=False)
class Played:
    """What came of the steps of a scenario: from ``before`` at ``began`` to ``case`` at ``ended``.

    ``deeds`` are the steps as they were taken, ``led_up`` those before; ``refusal`` is the one at which it stopped, if it did;
    ``decisions`` are those of the steps alone.
    """

    policy: Policy
    before: Case | None
    began: DateTime
    case: Case | None
    ended: DateTime
    decisions: tuple[Decision, ...]
    led_up: tuple[Deed, ...] = ()
    deeds: tuple[Deed, ...] = ()
    refusal: Refused | None = None
    precedents: tuple[Precedent, ...] = ()

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason of the refusal; none where nothing was refused."""
        return () if self.refusal is None else self.refusal.reasons

    @property
    def warnings(self) -> tuple[Reason, ...]:
        """Every warning, in order."""
        return tuple(reason for decision in self.decisions for reason in decision.warnings)

    @property
    def events(self) -> tuple[Recorded, ...]:
        """Every event, in order."""
        return tuple(recorded for decision in self.decisions for recorded in decision.events)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the events, in order: ``case_resolved``."""
        return tuple(kind_of(type(recorded.event)) for recorded in self.events)

    @property
    def templates(self) -> tuple[tuple[str, str], ...]:
        """What was written, and to whom: the template and the person, or ``customer``."""
        messages = (message for decision in self.decisions for message in decision.messages)
        return tuple((saying.template, message.person or "customer") for message in messages for saying in message.sayings)

    @property
    def opened(self) -> tuple[Case, ...]:
        """The other cases that were opened or changed."""
        return tuple(other.case for decision in self.decisions for other in decision.opens)

    @property
    def told(self) -> Mapping[str, tuple[str, ...]]:
        """Whom the clocks told, by rule, each once, in the order they were first told."""
        found: dict[str, dict[str, None]] = {}
        for recorded in self.events:
            event = recorded.event
            if isinstance(event, AlarmRung) and event.whom != Whom.NOBODY.value:
                found.setdefault(event.rule, {})[event.person or event.whom] = None
        return {rule: tuple(people) for rule, people in found.items()}

    @cached_property
    def agenda(self) -> tuple[Step, ...]:
        """Every dated step of the case, the soonest first."""
        return () if self.case is None else agenda(self.case, self.policy)

    @cached_property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """What the library suggests at the end, best first."""
        return () if self.case is None else suggest(self.case, self.policy, self.precedents, now=self.ended)

    @property
    def cases(self) -> tuple[Case, ...]:
        """The case at the end, and the other cases that were opened."""
        return self.opened if self.case is None else (self.case, *self.opened)

    @cached_property
    def at_risk(self) -> tuple[AtRisk, ...]:
        """Who may leave next, as the cases stand at the end."""
        return customers_at_risk(self.cases, self.policy.risk, self.ended, lambda _: self.policy.terms)

    @cached_property
    def units(self) -> tuple[UnitReport, ...]:
        """What there is to learn from the cases, unit by unit."""
        since, until = later(self.began, -timedelta(days=365)), later(self.ended, timedelta(seconds=1))
        return learn(self.cases, since, until, self.ended, self.policy.terms, lambda _: self.policy.terms).units

    @cached_property
    def clocks(self) -> tuple[Reading, ...]:
        """How every clock of the case stands at the end, in the order they started."""
        return () if self.case is None else clocks(self.case, self.policy, self.ended)
