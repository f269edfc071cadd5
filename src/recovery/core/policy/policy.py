"""A policy: clocks and calendar, people and routes, rules and their strengths, validated as a whole.

Clocks and calendar are pinned to a case by ``timing.id``, a digest of both; everything else is always current. A policy is plain
data too: :meth:`Policy.from_dict` reads what a TOML file holds and names every wrong key and value with its path.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property

import attrs
from attrs import field, frozen
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar
from recovery.core.clock import Clock, Length, Timing, Unit
from recovery.core.errors import BadDefinition, Strength
from recovery.core.guideline import Authority, Budget, Guideline
from recovery.core.policy.faults import faults
from recovery.core.practice import CLOCKS, RULES
from recovery.core.rule import Ability, Check, Context, Moment, Problem, Terms
from recovery.core.vocabulary.common import Channel, Command
from recovery.core.vocabulary.following_up import SURVEY, Survey
from recovery.core.vocabulary.losing import Risk, Segment
from recovery.core.vocabulary.ownership import BusinessUnit, Person, Route, Team
from recovery.core.wording import STANDARD, Wording

__all__ = ["Policy"]


@frozen(kw_only=True, slots=False)
class Policy:
    """How one desk looks after its customers. Raises :class:`BadDefinition` with every fault when it cannot work.

    ``fallback_owner`` looks after what nobody else does. ``strengths`` moves rules between off, should and must, except the fixed
    ones; ``overridable`` names the rules an author may go past with a reason. ``machine_channels`` are those software can write on.
    ``guidelines`` say what may be offered for a kind of problem, ``authorities`` who may grant more, ``budgets`` how much goodwill
    a unit may give; all of them are internal but for the texts that are for customers.
    The service clocks of tickets adopted from another system begin after ``adoption_grace``: a working day, in which people look
    through what they were given before anything rings; of many tickets a few at a time, over at most ``adoption_spread``.
    ``survey`` goes out after a follow-up that was answered "solved", ``None`` means that there is none. ``segments`` are kinds of
    customers with their figures, for the review of a loss; ``risk`` weighs the signals that somebody may leave next.
    """

    fallback_owner: str
    calendar: BusinessCalendar
    clocks: tuple[Clock, ...] = field(default=CLOCKS, repr=False)  # dozens of them: nobody reads that in a traceback
    rules: tuple[Check | Ability, ...] = field(default=RULES, repr=False)
    people: tuple[Person, ...] = ()
    units: tuple[BusinessUnit, ...] = ()
    teams: tuple[Team, ...] = ()
    routes: tuple[Route, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    authorities: tuple[Authority, ...] = ()
    budgets: tuple[Budget, ...] = ()
    strengths: Mapping[str, Strength] = field(factory=dict[str, Strength], hash=False)
    overridable: frozenset[str] = frozenset()
    machine_channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS, Channel.CHAT)
    reopen_window: Length = field(default=Length(7, Unit.CALENDAR_DAYS))
    undated_promise: Length = field(default=Length(2, Unit.BUSINESS_DAYS))
    between_attempts: Length = field(default=Length(1, Unit.BUSINESS_DAYS))
    attempts: int = 3
    too_soon: Length = field(default=Length(24, Unit.HOURS))
    adoption_grace: Length = field(default=Length(1, Unit.BUSINESS_DAYS))
    adoption_spread: Length = field(default=Length(5, Unit.BUSINESS_DAYS))
    way_back: str = ""
    company: str = ""
    survey: Survey | None = SURVEY
    segments: tuple[Segment, ...] = ()
    risk: Risk = field(factory=Risk)
    wording: Wording = STANDARD
    pinned_to: Timing | None = None

    def __attrs_post_init__(self) -> None:
        if wrong := tuple(faults(self)):
            raise BadDefinition("the policy", wrong)

    @property
    def id(self) -> str:
        """The digest of clocks and calendar that cases are pinned to."""
        return self.timing.id

    @cached_property
    def timing(self) -> Timing:
        """The clocks and the calendar, under their digest."""
        if self.pinned_to is not None:
            return self.pinned_to
        clocks = tuple(clock for clock in self.clocks if self.strengths.get(clock.rule) is not Strength.OFF)
        plain = json.dumps([attrs.asdict(clock) for clock in clocks], default=str, sort_keys=True)
        told = json.dumps(self.calendar.to_data(), default=str, sort_keys=True)
        return Timing(id=hashlib.sha256(f"{plain}\n{told}".encode()).hexdigest()[:16], calendar=self.calendar, clocks=clocks)

    @cached_property
    def terms(self) -> Terms:
        """What checks and handlers may look at."""
        return Terms(
            timing=self.timing,
            fallback_owner=self.fallback_owner,
            people=self.people,
            units=self.units,
            teams=self.teams,
            routes=self.routes,
            guidelines=self.guidelines,
            authorities=self.authorities,
            budgets=self.budgets,
            machine_channels=self.machine_channels,
            reopen_window=self.reopen_window,
            undated_promise=self.undated_promise,
            between_attempts=self.between_attempts,
            attempts=self.attempts,
            too_soon=self.too_soon,
            adoption_grace=self.adoption_grace,
            adoption_spread=self.adoption_spread,
            way_back=self.way_back,
            company=self.company,
            survey=self.survey,
            segments=self.segments,
            wording=self.wording,
        )

    @cached_property
    def checks(self) -> Mapping[str, Check]:
        """The checks that hold at all, by their ids."""
        return {c.id: c for c in self.rules if isinstance(c, Check) and self.strength(c) is not Strength.OFF}

    @cached_property
    def _on(self) -> dict[type[Command], tuple[Check, ...]]:
        return {}

    def checks_on(self, kind: type[Command]) -> tuple[Check, ...]:
        """Return the checks that look at commands of ``kind``."""
        found = self._on.get(kind)
        if found is None:
            found = self._on[kind] = tuple(check for check in self.checks.values() if issubclass(kind, check.on))
        return found

    def strength(self, check: Check) -> Strength:
        """Return how hard ``check`` holds here."""
        return self.strengths.get(check.id, check.strength)

    def weight(self, check: Check, problem: Problem) -> Strength:
        """Return how hard one problem that ``check`` found weighs: as it says itself, else as the check holds here."""
        return problem.strength or self.strength(check)

    def may_override(self, check: Check) -> bool:
        """Whether an author may go past ``check`` with a recorded reason."""
        return not check.fixed and (check.overridable or check.id in self.overridable)

    def moment(self, now: DateTime, context: Context) -> Moment:
        """Return what checks and handlers look at, at ``now``."""
        return Moment(now=now, terms=self.terms, context=context, checks=self.checks)

    def pinned(self, timing: Timing) -> Policy:
        """Return this policy with the clocks and the calendar that a case is pinned to; people, rules and wording stay current."""
        return self if timing.id == self.timing.id else attrs.evolve(self, pinned_to=timing)

    @classmethod
    def from_dict(cls, data: Mapping[str, object], *, rules: Iterable[Check | Ability] = ()) -> Policy:
        """Read a policy from plain data, as a TOML file holds it. Raises :class:`BadDefinition` naming each fault with its path.

        ``rules`` are those of your own, beside the practice's; the data may move them like any other.
        """
        from recovery.core.policy_data import read  # noqa: PLC0415  (cattrs is loaded only for those who bring data)

        return cls(**read(data), rules=(*RULES, *rules))
