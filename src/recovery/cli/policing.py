"""The policy of a desk: what holds, and what of it differs from the practice as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import attrs
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recovery import Check, Choice, Clock, Person, Policy, Route, Team, policies
from recovery.cli.console import screen
from recovery.cli.mail import MailSettings, settings_in
from recovery.cli.opening import database_of, policy_file_of, policy_of
from recovery.cli.reporting import print_json
from recovery.cli.rules import length_in_words
from recovery.codec import to_dict
from recovery.core.calendar import DAYS
from recovery.core.errors import BadDefinition, StoreUnusable
from recovery.core.practice import CLOCKS

__all__ = ["checked", "differences", "shown"]

Pair = tuple[str, str]


def shown(file: str | None, db: str | None, *, as_json: bool) -> int:
    """Show the policy of a file, or of the desk in this folder, or that of the demo."""
    path = _file(file, db)
    policy = policy_of(path)
    if as_json:
        print_json({"file": path, "policy": _document(policy)})
    else:
        screen().print(_page(policy, path))
    return 0


def checked(file: str | None, db: str | None, *, as_json: bool) -> int:
    """Check a policy file, its mail settings too, and say what differs from the practice as it stands."""
    path = _file(file, db)
    policy, mail = _both(path)
    found = list(differences(policy))
    if as_json:
        print_json({"file": path, "differences": dict(found), "mail": mail is not None})
        return 0
    name = path or "The demo's policy"
    console = screen()
    people = f"{len(policy.people)} {'person' if len(policy.people) == 1 else 'people'}"
    routes = f"{len(policy.routes)} {'route' if len(policy.routes) == 1 else 'routes'}"
    console.print(Text(f"{name} can work: {people}, {routes}."), soft_wrap=True)
    console.print(Text("".join(f"Look at this: {line}\n" for line in _oddities(policy)), style="bold"), soft_wrap=True, end="")
    console.print(
        Text("Mail goes out by " + mail.host + "." if mail else "No [mail]: recovery work sends nothing."), soft_wrap=True
    )
    console.print(
        Text("It is the practice as it stands." if not found else "\nWhat differs from the practice as it stands", style="bold")
    )
    console.print(_pairs(found))
    return 0


def _oddities(policy: Policy) -> Iterator[str]:
    """Yield what is allowed in a policy and rarely meant: an owner on no list, and people whom customers cannot reach."""
    listed = [person.id for person in policy.people]
    if listed and policy.fallback_owner not in listed:
        yield f"fallback_owner: {policy.fallback_owner!r} is not among the people ({', '.join(listed)}), and gets no mail."
    for number, route in enumerate(policy.routes):
        if not route.procedure.strip():
            yield f"routes[{number}] names no procedure: whoever gets such a case is not told how it is handled (owner.procedure)."
        if (before := _in_the_way(policy, number)) is not None:
            yield f"routes[{number}] is never reached: whatever fits it fits routes[{before}] first."
    silent = sorted(person.id for person in policy.people if not person.addresses)
    if silent and not policy.way_back:
        yield f"way_back is empty and {', '.join(silent)} has no address: customers are not told how to reach anybody."


_TRAITS = ("channel", "category", "region", "brand", "language", "severity", "customer")


def _in_the_way(policy: Policy, number: int) -> int | None:
    """Return the number of an earlier route that fits whatever the route with this number fits."""
    wanted = policy.routes[number]
    return next((place for place, route in enumerate(policy.routes[:number]) if _covers(route, wanted)), None)


def _covers(route: Route, other: Route) -> bool:
    return all(getattr(route, name) in (None, getattr(other, name)) for name in _TRAITS)


def _both(path: str | None) -> tuple[Policy, MailSettings | None]:
    """Return the policy and the mail settings of a file. Raises ``BadDefinition`` with the faults of both."""
    faults: list[str] = []
    policy = None
    try:
        policy = policy_of(path)
    except BadDefinition as error:
        faults += error.faults
    faults += _mail_faults(path)
    if faults or policy is None:
        raise BadDefinition(f"the policy file {path!r}", faults)
    return policy, settings_in(path)


def _mail_faults(path: str | None) -> list[str]:
    try:
        settings_in(path)
    except BadDefinition as error:
        return [f"mail.{fault}" for fault in error.faults]
    except (OSError, ValueError):
        return []  # the file as a whole cannot be read, and that is told already
    return []


def _file(file: str | None, db: str | None) -> str | None:
    """Return the policy file that is meant; ``None`` is the demo's."""
    if file is not None:
        return file
    try:
        return policy_file_of(database_of(db), None)
    except StoreUnusable:
        return policy_file_of("recovery.db", None)


# ---------------------------------------------------------------- what differs


def differences(policy: Policy) -> Iterator[Pair]:
    """Yield what a policy changes about the practice, and to what: clocks, strengths, lengths, rules of its own."""
    usual = {clock.id: clock for clock in CLOCKS}
    for clock in policy.clocks:
        if clock.id not in usual:
            yield f"clocks.{clock.id}", f"a clock of your own: {_length(clock)}"
        elif clock != usual[clock.id]:
            yield from _clock_differences(clock, usual[clock.id])
    for rule, strength in sorted(policy.strengths.items()):
        yield f"rules.{rule}", strength.value
    for rule in sorted(policy.overridable):
        yield f"overridable.{rule}", "people may go past it with a reason"
    plain = policies.default(fallback_owner=policy.fallback_owner, calendar=policy.calendar)
    known = {rule.id for rule in plain.rules}
    yield from ((f"rules.{rule.id}", "a rule of your own") for rule in policy.rules if rule.id not in known)
    for name in ("machine_channels", "reopen_window", "undated_promise", "between_attempts", "attempts", "too_soon"):
        if getattr(policy, name) != getattr(plain, name):
            yield name, f"{_value(getattr(policy, name))} (usually {_value(getattr(plain, name))})"


def _clock_differences(clock: Clock, usual: Clock) -> Iterator[Pair]:
    for one in attrs.fields(Clock):
        now, before = getattr(clock, one.name), getattr(usual, one.name)
        if now != before:
            yield f"clocks.{clock.id}.{one.name}", f"{_value(now)} (usually {_value(before)})"


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_value, cast("tuple[object, ...]", value))) or "nothing"
    return str(getattr(value, "value", value))


def _length(clock: Clock) -> str:
    return "at once" if clock.length.n == 0 else length_in_words(clock.length.n, clock.length.unit)


# ---------------------------------------------------------------- for people


def _page(policy: Policy, path: str | None) -> RenderableType:
    changed = {name for name, _ in differences(policy)}
    return Group(
        Text(path or "The demo's policy", style="bold"),
        _pairs(_terms(policy)),
        _title("Hours"),
        _pairs(_hours(policy)),
        _title("People"),
        _pairs((person.id, _person(person)) for person in policy.people),
        *((_title("Teams"), _pairs((team.id, _team(team)) for team in policy.teams)) if policy.teams else ()),
        _title("Routes, the first that fits"),
        _pairs(_routes(policy)),
        *((_title("Guidelines: what everybody may offer"), _pairs(_guidelines(policy))) if policy.guidelines else ()),
        *((_title("Who may grant exceptions"), _pairs(_authorities(policy))) if policy.guidelines or policy.authorities else ()),
        *((_title("Goodwill budgets"), _pairs(_budgets(policy))) if policy.budgets else ()),
        _title("Clocks (* differs from the practice as it stands)"),
        _pairs((_marked(clock.id, f"clocks.{clock.id}", changed), f"{_length(clock)}: {clock.what}") for clock in policy.clocks),
        _title("Rules: must refuses, should warns"),
        _pairs((_marked(c.id, f"rules.{c.id}", changed), _strength(policy, c)) for c in policy.rules if isinstance(c, Check)),
    )


def _title(text: str) -> Text:
    return Text(f"\n{text}", style="bold")


def _pairs(found: Iterable[Pair]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(overflow="fold", max_width=36)
    table.add_column(overflow="fold")
    for left, right in found:
        table.add_row(f"  {left}", right)
    return table


def _marked(name: str, path: str, changed: set[str]) -> str:
    return f"{name} *" if any(one == path or one.startswith(f"{path}.") for one in changed) else name


def _terms(policy: Policy) -> Iterator[Pair]:
    yield "company", policy.company or "-"
    yield "fallback owner", policy.fallback_owner
    yield "way back", policy.way_back or "-"
    yield "software writes by", ", ".join(channel.value for channel in policy.machine_channels)
    yield "a customer may come back within", length_in_words(policy.reopen_window.n, policy.reopen_window.unit)
    yield "an undated promise is due in", length_in_words(policy.undated_promise.n, policy.undated_promise.unit)
    yield "tries at a follow-up", str(policy.attempts)
    yield "clocks are pinned as", policy.id


def _hours(policy: Policy) -> Iterator[Pair]:
    yield "zone", policy.calendar.timezone
    for day, hours in zip(DAYS, policy.calendar.week, strict=True):
        yield day, ", ".join(f"{start}-{end}" for start, end in hours) or "closed"
    yield "holidays", f"{len(policy.calendar.holidays)} dates"
    if policy.calendar.overrides:
        yield "other days", ", ".join(day.isoformat() for day, _ in policy.calendar.overrides)


def _person(person: Person) -> str:
    told = [person.name or "-", *(f"{address.channel.value} {address.value}" for address in person.addresses)]
    told += [f"supervisor {person.supervisor}"] if person.supervisor else []
    return ", ".join([*told, *([f"{person.capacity} open cases at most"] if person.capacity is not None else [])])


def _routes(policy: Policy) -> Iterator[Pair]:
    for route in policy.routes:
        named = (route.channel.value if route.channel else None, route.category, route.region, route.brand, route.language)
        traits = (*named, route.severity.value if route.severity else None, route.customer and f"customer {route.customer}")
        stand_ins = f", then {', '.join(route.stand_ins)}" if route.stand_ins else ""
        how = f": {route.procedure}" if route.procedure else ""
        who = route.owner or f"one of {route.team}"
        yield " ".join(trait for trait in traits if trait) or "everything", f"{who}{stand_ins}{how}"
    yield "everything else", policy.fallback_owner


def _guidelines(policy: Policy) -> Iterator[Pair]:
    for guideline in policy.guidelines:
        traits = (guideline.category, guideline.severity and guideline.severity.value, guideline.region, guideline.brand)
        band = f"; goodwill up to {guideline.goodwill}" if guideline.goodwill is not None else ""
        yield guideline.id, f"for {' '.join(trait for trait in traits if trait) or 'everything'}{band}"
        for remedy in guideline.remedies:
            limit = f", up to {remedy.ceiling}" if remedy.ceiling is not None else ""
            yield f"  {remedy.id}", f"{remedy.text}{limit}"


def _authorities(policy: Policy) -> Iterator[Pair]:
    for one in policy.authorities:
        limit = "without a limit" if one.up_to is None else f"up to {one.up_to}"
        kinds = f", for {', '.join(one.guidelines)}" if one.guidelines else ""
        yield one.person, f"{limit}{kinds}"
    if all(one.person != policy.fallback_owner for one in policy.authorities):
        yield policy.fallback_owner, "without a limit (the fallback owner)"


def _budgets(policy: Policy) -> Iterator[Pair]:
    yield from ((budget.unit or "everybody", f"{budget.limit} a {budget.period.value}") for budget in policy.budgets)


def _team(team: Team) -> str:
    how = {Choice.NAMED: "in this order", Choice.ROUND_ROBIN: "in turn", Choice.LEAST_LOADED: "whoever has the fewest open cases"}
    return f"{', '.join(team.members)} ({how[team.choose]})"


def _strength(policy: Policy, check: Check) -> str:
    notes = [policy.strength(check).value]
    notes += ["fixed"] if check.fixed else []
    notes += ["may be gone past with a reason"] if policy.may_override(check) else []
    return ", ".join(notes)


# ---------------------------------------------------------------- for programs


def _document(policy: Policy) -> dict[str, object]:
    return {
        "id": policy.id,
        "company": policy.company,
        "fallback_owner": policy.fallback_owner,
        "way_back": policy.way_back,
        "machine_channels": [channel.value for channel in policy.machine_channels],
        "reopen_window": str(policy.reopen_window),
        "undated_promise": str(policy.undated_promise),
        "between_attempts": str(policy.between_attempts),
        "attempts": policy.attempts,
        "too_soon": str(policy.too_soon),
        "calendar": policy.calendar.to_data(),
        "people": [to_dict(person) for person in policy.people],
        "teams": [to_dict(team) for team in policy.teams],
        "routes": [to_dict(route) for route in policy.routes],
        "guidelines": [to_dict(guideline) for guideline in policy.guidelines],
        "authorities": [to_dict(authority) for authority in policy.authorities],
        "budgets": [to_dict(budget) for budget in policy.budgets],
        "clocks": [to_dict(clock) for clock in policy.clocks],
        "rules": [
            {
                "id": check.id,
                "strength": policy.strength(check).value,
                "fixed": check.fixed,
                "overridable": policy.may_override(check),
            }
            for check in policy.rules
            if isinstance(check, Check)
        ],
        "differences": dict(differences(policy)),
    }
