"""A policy: clocks and calendar, people and routes, rules and their strengths, validated as a whole.

Clocks and calendar are pinned to a case by ``timing.id``, a digest of both; everything else is always current. A policy is plain
data too: :meth:`Policy.from_dict` reads what a TOML file holds and names every wrong key and value with its path.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

import attrs
from attrs import field, frozen
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar
from recovery.core.clock import MARKS, Base, Clock, Kind, Length, Timing, Unit, Whom
from recovery.core.errors import BadDefinition, Strength
from recovery.core.practice import CHECKS, CLOCKS, FIXED, LAPSES
from recovery.core.rule import Ability, Check, Context, Moment, Terms
from recovery.core.vocabulary.common import Channel, Command
from recovery.core.vocabulary.ownership import Person, Route

__all__ = ["NEVER_PAUSED", "Policy"]

NEVER_PAUSED = frozenset(
    {"contact.receipt", "promise.tracked", "contact.answer-owed", "contact.keep-informed", "resolve.whole-case"}
)
"""The rules whose clocks no policy may let pause (practice: ``pause.only-for-customer``)."""

_IN_HOURS = {
    Unit.MINUTES: 1 / 60,
    Unit.HOURS: 1.0,
    Unit.BUSINESS_HOURS: 1.0,
    Unit.CALENDAR_DAYS: 24.0,
    Unit.BUSINESS_DAYS: 24.0,
}


@frozen(kw_only=True, slots=False)
class Policy:
    """How one desk looks after its customers. Raises :class:`BadDefinition` with every fault when it cannot work.

    ``fallback_owner`` looks after what nobody else does. ``strengths`` moves rules between off, should and must, except the fixed
    ones; ``overridable`` names the rules an author may go past with a reason. ``machine_channels`` are those software can write on.
    The service clocks of tickets adopted from another system begin after ``adoption_grace``: a working day, in which people look
    through what they were given before anything rings; of many tickets a few at a time, over at most ``adoption_spread``.
    """

    fallback_owner: str
    calendar: BusinessCalendar
    clocks: tuple[Clock, ...] = CLOCKS
    rules: tuple[Check | Ability, ...] = CHECKS
    people: tuple[Person, ...] = ()
    routes: tuple[Route, ...] = ()
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
    pinned_to: Timing | None = None

    def __attrs_post_init__(self) -> None:
        if wrong := tuple(_faults(self)):
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
            routes=self.routes,
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

        return cls(**read(data), rules=(*CHECKS, *rules))


def _faults(policy: Policy) -> Iterator[str]:
    if not policy.fallback_owner.strip():
        yield "fallback_owner: there is none, so a case could end up with nobody. Name a person."
    yield from _people_faults(policy)
    yield from _rule_faults(policy)
    for clock in policy.clocks:
        yield from _clock_faults(clock)
    yield from _clocks_faults(policy)
    yield from _follow_up_faults(policy)


def _people_faults(policy: Policy) -> Iterator[str]:
    known = [person.id for person in policy.people]
    for twice in sorted({name for name in known if known.count(name) > 1}):
        yield f"people.{twice}: is there twice"
    if not known:
        return
    there = {*known, policy.fallback_owner}
    for person in policy.people:
        if person.supervisor is not None and person.supervisor not in there:
            yield f"people.{person.id}.supervisor: nobody is called {person.supervisor!r}"
    for number, route in enumerate(policy.routes):
        for name in (route.owner, *route.stand_ins):
            if name not in there:
                yield f"routes[{number}]: nobody is called {name!r}"


def _rule_faults(policy: Policy) -> Iterator[str]:
    ids = [check.id for check in policy.rules]
    clock_rules = {clock.rule for clock in policy.clocks}
    fixed = {c.id for c in policy.rules if isinstance(c, Check) and c.fixed} | {c.rule for c in CLOCKS if c.id in FIXED}
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"rules: {twice} is there twice"
    for name in policy.strengths:
        if name not in ids and name not in clock_rules:
            yield f"rules.{name}: there is no such rule"
        elif name in fixed:
            yield f"rules.{name}: this rule is fixed and cannot be moved"
    for name in sorted(policy.overridable):
        if name not in ids:
            yield f"overridable: there is no rule {name!r}"
        elif name in fixed:
            yield f"overridable: {name} is fixed, so nobody may go past it"
    if missing := [check.id for check in CHECKS if check.fixed and check.id not in ids]:
        yield f"rules: {', '.join(missing)} cannot be left out"


def _clock_faults(clock: Clock) -> Iterator[str]:
    path = f"clocks.{clock.id}"
    parts = {part: getattr(clock, part) for part in ("starts", "stops", "ends", "continues", "after", "holds")}
    for part, marks in {**parts, "extends": [extension.mark for extension in clock.extends]}.items():
        for mark in marks:
            if mark not in MARKS:
                yield f"{path}.{part}: no event leaves a mark {mark!r}; there are {', '.join(sorted(MARKS))}"
    if not clock.starts:
        yield f"{path}.starts: nothing starts it"
    if not clock.stops:
        yield f"{path}.stops: nothing stops it, so it could never end"
    if clock.length.n < 0:
        yield f"{path}.length: {clock.length} is negative"
    if clock.may_pause and clock.kind is Kind.STATUTORY:
        yield f"{path}.may_pause: a statutory clock never pauses"
    if clock.may_pause and clock.rule in NEVER_PAUSED:
        yield f"{path}.may_pause: {clock.rule} never pauses"
    yield from _ladder_faults(clock, path)


def _ladder_faults(clock: Clock, path: str) -> Iterator[str]:
    if not clock.ladder:
        yield f"{path}.ladder: it has no rungs, so nobody would ever be told"
        return
    last = clock.ladder[-1].whom
    if last is Whom.CUSTOMER or (last is Whom.NOBODY and clock.id not in LAPSES):
        yield f"{path}.ladder: its last rung must tell a person (owner, supervisor or fallback)"
    for number, rung in enumerate(clock.ladder):
        if rung.base is Base.PREVIOUS and rung.when.n <= 0:
            yield f"{path}.ladder[{number}].when: must lie after the rung before it"
        if rung.base is Base.START and rung.when.n < 0:
            yield f"{path}.ladder[{number}].when: cannot lie before the start"


def _clocks_faults(policy: Policy) -> Iterator[str]:
    ids = [clock.id for clock in policy.clocks]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"clocks.{twice}: is there twice"
    for name in sorted(FIXED - set(ids)):
        yield f"clocks.{name}: cannot be left out"


def _follow_up_faults(policy: Policy) -> Iterator[str]:
    days, weeks = (_hours(policy.clocks, name) for name in ("follow-up.days", "follow-up.weeks"))
    if days is not None and days < 24:
        yield "clocks.follow-up.days.length: no follow-up earlier than 24 hours after the resolution"
    if days is not None and weeks is not None and weeks < days + 7 * 24:
        yield "clocks.follow-up.weeks.length: the second follow-up comes at least 7 days after the first"
    if policy.too_soon.n * _IN_HOURS[policy.too_soon.unit] < 24:
        yield "too_soon: no follow-up earlier than 24 hours after the resolution"
    for name in ("adoption_grace", "adoption_spread"):
        if getattr(policy, name).n < 0:
            yield f"{name}: {getattr(policy, name)} is negative"
    if policy.attempts < 1:
        yield "attempts: at least one try is needed before a follow-up is passed as unanswered"


def _hours(clocks: Iterable[Clock], name: str) -> float | None:
    found = next((clock for clock in clocks if clock.id == name), None)
    return None if found is None else found.length.n * _IN_HOURS[found.length.unit]
