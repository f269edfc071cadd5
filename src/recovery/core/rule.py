"""Rules as values: a check on a command, a clock, or an ability, each with its id, heading, source and strength.

There is no registry: a policy is given its rules, ``Policy(rules=(*DEFAULT, mine))``. A check is made from a function:

    @rule("follow-up.after-delivery", heading="following_up", source="D", on=(FollowUp,), of_case=True)
    def after_delivery(case, command, moment):
        '''Protects the customer from being asked how they like what has not arrived.'''
        ...
        yield Problem("the replacement has not arrived", hint="Check the arrival first.")
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TypeVar, cast

import attrs
from attrs import field, frozen
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar
from recovery.core.case import Case
from recovery.core.clock import Length, Timing
from recovery.core.errors import Param, Reason, Strength
from recovery.core.guideline import Authority, Budget, Guideline
from recovery.core.precedent import GoodwillGiven, Precedent
from recovery.core.reference import Identity
from recovery.core.vocabulary.common import Channel, Command, Event
from recovery.core.vocabulary.following_up import Survey
from recovery.core.vocabulary.known import Earlier, Twin
from recovery.core.vocabulary.losing import Segment
from recovery.core.vocabulary.ownership import BusinessUnit, Load, Person, Route, Team
from recovery.core.wording import STANDARD, Wording

__all__ = ["UNKNOWN", "Ability", "Check", "Context", "Handler", "Lapse", "Moment", "Problem", "Terms", "rule"]

C = TypeVar("C", bound=Command)


def _no_params() -> dict[str, Param]:
    return {}


def _blank() -> dict[int, object]:
    return {}


@frozen
class Problem:
    """What a check finds wrong: the message, the field it lies in, the way out, and what the message is made of.

    ``strength`` is given where this one problem is softer or harder than its check: no guideline to hold an offer against is a
    warning, whatever an offer beyond the guideline is. ``step`` says what somebody has to do about it where the act goes ahead all
    the same, warned about or reported: it becomes a dated step of the owner, once.
    """

    message: str
    field: str | None = None
    hint: str = ""
    params: Mapping[str, Param] = attrs.field(factory=_no_params, hash=False)
    strength: Strength | None = None
    step: str = ""


@frozen(kw_only=True)
class Context:
    """What the core must know of the world. ``None`` means unknown, and unknown never means no.

    ``away`` are the ids of people who are not there; ``survivor`` is the case a duplicate is merged into, ``survivor_timing`` what
    that one is pinned to, and ``lineage`` the ids of
    the cases that one was merged into in turn; ``new_case`` serves a decision that opens a linked case; ``repeats`` are the keys of
    contacts that another case has already; ``loads`` tell of each person who counts for routing how much they have to look after
    (who is not in it has nothing). ``precedents`` are what similar cases got, ``goodwill`` what has been given beyond what
    was owed in the periods of the policy's budgets. ``earlier`` are the customer's other cases that were opened before, ``twins``
    those that are likely the same problem.
    """

    away: frozenset[str] | None = None
    survivor: Case | None = None
    survivor_timing: Timing | None = None
    lineage: tuple[str, ...] = ()
    new_case: Identity | None = None
    repeats: frozenset[str] = frozenset()
    loads: Mapping[str, Load] | None = attrs.field(default=None, hash=False)
    precedents: tuple[Precedent, ...] | None = None
    goodwill: tuple[GoodwillGiven, ...] | None = None
    earlier: tuple[Earlier, ...] | None = None
    twins: tuple[Twin, ...] | None = None

    def is_away(self, person: str) -> bool:
        """Whether ``person`` is known to be away."""
        return self.away is not None and person in self.away


UNKNOWN = Context()
"""Nothing is known of the world."""


@frozen(kw_only=True)
class Terms:
    """What a policy settles besides its rules: timing, people and routes, channels, and a few lengths of time."""

    timing: Timing
    fallback_owner: str
    people: tuple[Person, ...] = ()
    units: tuple[BusinessUnit, ...] = ()
    teams: tuple[Team, ...] = ()
    routes: tuple[Route, ...] = ()
    guidelines: tuple[Guideline, ...] = ()
    authorities: tuple[Authority, ...] = ()
    budgets: tuple[Budget, ...] = ()
    machine_channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS, Channel.CHAT)
    reopen_window: Length
    undated_promise: Length
    between_attempts: Length
    attempts: int
    too_soon: Length
    adoption_grace: Length
    adoption_spread: Length
    way_back: str = ""
    company: str = ""
    survey: Survey | None = None
    segments: tuple[Segment, ...] = ()
    wording: Wording = STANDARD

    @property
    def calendar(self) -> BusinessCalendar:
        """The working hours of the people who look after customers."""
        return self.timing.calendar

    def person(self, person_id: str) -> Person | None:
        """Return what is known of somebody on our side."""
        return self._people.get(person_id)

    @cached_property
    def _people(self) -> Mapping[str, Person]:
        return {person.id: person for person in reversed(self.people)}

    def unit(self, unit_id: str) -> BusinessUnit | None:
        """Return what is known of one of our units."""
        return next((unit for unit in self.units if unit.id == unit_id), None)

    def unit_of(self, person_id: str) -> str | None:
        """Return the id of the unit somebody works in, if that is on file."""
        person = self.person(person_id)
        return None if person is None else person.unit

    def segment(self, segment_id: str) -> Segment | None:
        """Return a kind of customer, with the figures that hold for it."""
        return next((segment for segment in self.segments if segment.id == segment_id), None)

    def head_of(self, unit_id: str) -> str:
        """Return who answers for a unit: its head, else the fallback owner."""
        unit = self.unit(unit_id)
        return self.fallback_owner if unit is None else unit.head

    def team(self, team_id: str) -> Team | None:
        """Return one of our teams."""
        return next((team for team in self.teams if team.id == team_id), None)

    def knows(self, person_id: str) -> bool:
        """Whether somebody of that id exists; where no people are listed, nobody can be unknown."""
        return not self.people or person_id == self.fallback_owner or self.person(person_id) is not None

    def name(self, person_id: str) -> str:
        """Return the name customers read, or the id where there is none."""
        person = self.person(person_id)
        return person.name if person is not None and person.name else person_id

    def supervisor(self, person_id: str) -> str:
        """Return who stands above somebody: the supervisor on file, else the fallback owner."""
        person = self.person(person_id)
        return person.supervisor if person is not None and person.supervisor else self.fallback_owner

    def reach(self, person_id: str) -> str:
        """Return the first address of somebody, as customers read it."""
        person = self.person(person_id)
        return person.addresses[0].value if person is not None and person.addresses else ""


@frozen(kw_only=True)
class Moment:
    """What a check or a handler may look at besides case and command: the instant, the terms, the world, and the checks.

    ``memo`` is what one decision has found in the words of its commands, so that several rules look at them once.
    """

    now: DateTime
    terms: Terms
    context: Context
    checks: Mapping[str, Check]
    memo: dict[int, object] = attrs.field(factory=_blank, init=False, repr=False, eq=False)

    def problems(self, rule_id: str, case: Case, command: Command) -> tuple[Problem, ...]:
        """Return what the check ``rule_id`` of the policy finds wrong; nothing where the policy has switched it off."""
        check = self.checks.get(rule_id)
        return () if check is None else tuple(check.test(case, command, self))


Test = Callable[[Case, Command, Moment], Iterable[Problem]]
Handler = Callable[[Case, Command, Moment, frozenset[str]], Iterable["Event | Command"]]
Lapse = Callable[[Case, str, Moment], Iterable["Event | Command"]]


@frozen(kw_only=True)
class Check:
    """A rule that looks at a command. ``protects`` says what the customer is protected from.

    ``of_case`` checks look only at the case and the moment, so they can say beforehand what is not permitted. ``fixed`` rules
    cannot be moved by a policy; ``overridable`` ones may be gone past with a recorded reason. A report that breaks a rule is kept;
    it moves nothing if the rule ``blocks``.
    """

    id: str
    heading: str
    source: str
    on: tuple[type[Command], ...]
    test: Test = field(eq=False)
    protects: str
    strength: Strength = Strength.MUST
    fixed: bool = False
    overridable: bool = False
    of_case: bool = False
    blocks: bool = True


@frozen(kw_only=True)
class Ability:
    """A rule that is something the library can do, and ``how`` it is asked to: the call, and the command, in a sentence."""

    id: str
    heading: str
    source: str
    how: str = field(repr=False)
    protects: str = field(repr=False)


def rule(  # noqa: PLR0913  (one argument for each field of a check)
    rule_id: str,
    *,
    heading: str,
    source: str,
    on: tuple[type[C], ...],
    strength: Strength = Strength.MUST,
    fixed: bool = False,
    overridable: bool = False,
    of_case: bool = False,
    blocks: bool = True,
) -> Callable[[Callable[[Case, C, Moment], Iterable[Problem]]], Check]:
    """Make a :class:`Check` of a function that yields a :class:`Problem` for each thing that is wrong."""

    def make(test: Callable[[Case, C, Moment], Iterable[Problem]]) -> Check:
        return Check(
            id=rule_id,
            heading=heading,
            source=source,
            on=on,
            test=cast(Test, test),
            protects=(test.__doc__ or "").strip(),
            strength=strength,
            fixed=fixed,
            overridable=overridable,
            of_case=of_case,
            blocks=blocks,
        )

    return make


def reason_of(check_id: str, problem: Problem, strength: Strength) -> Reason:
    """Return the reason that a refusal or a warning carries for ``problem``."""
    return Reason(
        rule=check_id,
        message=f"{problem.message}.",
        field=problem.field,
        hint=problem.hint,
        params=problem.params,
        strength=strength,
    )
