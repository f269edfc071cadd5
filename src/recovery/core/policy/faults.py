"""What can be wrong with a policy as a whole: people, units, routes, rules, clocks, each fault with its path and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from recovery.core.clock import MARKS, Base, Clock, Kind, Unit, Whom
from recovery.core.errors import Strength
from recovery.core.guideline import guideline_faults
from recovery.core.no_reply import no_reply_in
from recovery.core.practice import ABILITIES, CHECKS, CLOCKS, FIXED, LAPSES
from recovery.core.rule import Ability, Check
from recovery.core.vocabulary.common import ANSWERABLE

if TYPE_CHECKING:
    from recovery.core.policy.policy import Policy

__all__ = ["NEVER_PAUSED", "faults"]

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


def faults(policy: Policy) -> Iterator[str]:
    """Yield everything that is wrong with a policy as a whole, each with its path and the way out."""
    if not policy.fallback_owner.strip():
        yield "fallback_owner: there is none, so a case could end up with nobody. Name a person."
    yield from _people_faults(policy)
    yield from _unit_faults(policy)
    yield from _route_faults(policy)
    yield from _way_back_faults(policy)
    yield from _guideline_faults(policy)
    yield from _twice("segments", [segment.id for segment in policy.segments])
    yield from _rule_faults(policy)
    for clock in policy.clocks:
        yield from _clock_faults(clock)
    yield from _clocks_faults(policy)
    yield from _follow_up_faults(policy)
    for name in ("reopen_window", "undated_promise", "between_attempts", "adoption_grace", "adoption_spread"):
        if getattr(policy, name).n < 0:
            yield f"{name}: {getattr(policy, name)} is negative"


def _people_faults(policy: Policy) -> Iterator[str]:
    known = [person.id for person in policy.people]
    yield from _twice("people", known)
    if not known:
        return
    there = {*known, policy.fallback_owner}
    for person in policy.people:
        if person.supervisor is not None and person.supervisor not in there:
            yield f"people.{person.id}.supervisor: nobody is called {person.supervisor!r}"


def _route_faults(policy: Policy) -> Iterator[str]:
    teams = [team.id for team in policy.teams]
    yield from _twice("teams", teams)
    for team in policy.teams:
        yield from _strangers(policy, f"teams.{team.id}.members", team.members)
    for number, route in enumerate(policy.routes):
        yield from _strangers(policy, f"routes[{number}]", (*filter(None, (route.owner,)), *route.stand_ins))
        if route.team is not None and route.team not in teams:
            yield f"routes[{number}].team: there is no team {route.team!r}; there are {', '.join(teams) or 'none'}"


def _strangers(policy: Policy, path: str, names: Iterable[str]) -> Iterator[str]:
    there = {policy.fallback_owner, *(person.id for person in policy.people)}
    yield from (f"{path}: nobody is called {name!r}" for name in names if policy.people and name not in there)


def _way_back_faults(policy: Policy) -> Iterator[str]:
    """Every message has a way back that reaches the owner: an address where it cannot simply be answered, and none of no-reply."""
    check = next((check for check in policy.rules if check.id == "contact.way-back" and isinstance(check, Check)), None)
    if check is None or policy.strength(check) is not Strength.MUST:
        return
    if nobody := no_reply_in(policy.way_back):
        yield f"way_back: {nobody} is read by nobody, and every message has a way back (contact.way-back). Give one that is"
    for person in policy.people:
        for address in person.addresses:
            if nobody := no_reply_in(address.value):
                yield f"people.{person.id}: {nobody} is read by nobody, and customers are told to write there (contact.way-back)"
    mute = [channel.value for channel in policy.machine_channels if channel not in ANSWERABLE]
    silent = sorted(name for name in owners(policy) if not policy.terms.reach(name))
    if mute and silent and not policy.way_back.strip():
        yield (
            f"way_back: is empty, so a message by {', '.join(mute)} would have no way back to {', '.join(silent)}"
            " (contact.way-back). Give an address that reaches them"
        )


def owners(policy: Policy) -> frozenset[str]:
    """Return everybody who may come to own a case."""
    named = (name for route in policy.routes for name in (route.owner, *route.stand_ins) if name is not None)
    members = (name for team in policy.teams for name in team.members)
    return frozenset((policy.fallback_owner, *named, *members, *(person.id for person in policy.people)))


def _guideline_faults(policy: Policy) -> Iterator[str]:
    known = frozenset(person.id for person in policy.people)
    people = known | {policy.fallback_owner} if known else known
    yield from guideline_faults(policy.guidelines, policy.authorities, policy.budgets, people)
    units = [unit.id for unit in policy.units]
    for number, budget in enumerate(policy.budgets):
        if budget.unit is not None and budget.unit not in units:
            yield f"budgets[{number}].unit: there is no unit {budget.unit!r}"


def _unit_faults(policy: Policy) -> Iterator[str]:
    known = [unit.id for unit in policy.units]
    yield from _twice("units", known)
    for person in policy.people:
        if person.unit is not None and known and person.unit not in known:
            yield f"people.{person.id}.unit: there is no unit {person.unit!r}; there are {', '.join(known)}"
    there = {policy.fallback_owner, *(person.id for person in policy.people)}
    for unit in policy.units:
        if policy.people and unit.head not in there:
            yield f"units.{unit.id}.head: nobody is called {unit.head!r}"


def _twice(path: str, names: Iterable[str]) -> Iterator[str]:
    listed = list(names)
    for name in sorted({name for name in listed if listed.count(name) > 1}):
        yield f"{path}.{name}: is there twice"


def _rule_faults(policy: Policy) -> Iterator[str]:
    ids = [check.id for check in policy.rules]
    clock_rules = {clock.rule for clock in policy.clocks}
    fixed = {c.id for c in policy.rules if isinstance(c, Check) and c.fixed} | {c.rule for c in CLOCKS if c.id in FIXED}
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"rules: {twice} is there twice"
    abilities = {ability.id for ability in (*ABILITIES, *policy.rules) if isinstance(ability, Ability)} - clock_rules
    for name in policy.strengths:
        if name in abilities:
            yield f"rules.{name}: is an ability, so there is nothing to refuse or to warn of"
        elif name not in ids and name not in clock_rules:
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
    yield from _twice("clocks", ids)
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
    if policy.attempts < 1:
        yield "attempts: at least one try is needed before a follow-up is passed as unanswered"


def _hours(clocks: Iterable[Clock], name: str) -> float | None:
    found = next((clock for clock in clocks if clock.id == name), None)
    return None if found is None else found.length.n * _IN_HOURS[found.length.unit]
