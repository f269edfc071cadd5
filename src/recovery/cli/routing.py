"""Where a contact would go, and why; and what whoever takes a case over must know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import attrs
import pendulum
from rich.text import Text

from recovery import Channel, Contact, Context, Customer, Desk, MemoryStore, Policy, Routing, Severity, explain_route
from recovery.cli.console import screen
from recovery.cli.opening import database_of, find_case, open_view, policy_file_of, policy_of
from recovery.cli.reporting import heading, print_json
from recovery.codec import to_dict
from recovery.core.errors import StoreUnusable
from recovery.desk.knowing import context_for
from recovery.stores.named import is_postgres

__all__ = ["briefed", "routed"]

Place = tuple[str | None, str | None, str | None]


def routed(given: Mapping[str, str | None], away: Sequence[str], *, place: Place, explained: bool, as_json: bool) -> int:
    """Tell who would look after a contact with these traits, and, if wanted, why."""
    policy, context = _world(place)
    if away:
        context = attrs.evolve(context, away=frozenset(away))
    found = explain_route(_contact(given), policy, context)
    if as_json:
        print_json({"route": to_dict(found) if explained else {"owner": found.owner, "procedure": found.procedure}})
        return 0
    screen().print(Text(_told(found, policy, explained=explained)), soft_wrap=True)
    return 0


def _told(found: Routing, policy: Policy, *, explained: bool) -> str:
    name = policy.terms.name(found.owner)
    who = found.owner if name == found.owner else f"{found.owner} ({name})"
    if explained:
        return f"{who} would look after it.\n\n{found}"
    return "\n".join(line for line in (who, found.procedure) if line)


def _world(place: Place) -> tuple[Policy, Context]:
    """Return the policy, and how much everybody has to do by the database, where there is one; a policy alone is enough."""
    try:
        desk = open_view(*place).desk
    except StoreUnusable:
        if place[0] is not None and (is_postgres(place[0]) or Path(place[0]).exists()):
            raise
        desk = Desk(store=MemoryStore(), policy=policy_of(_policy_file(place)))
        return desk.policy, Context()
    return desk.policy, context_for(desk, None, ())


def _policy_file(place: Place) -> str:
    """Return the policy file in this folder. Raises ``StoreUnusable`` where there is neither a policy nor a database."""
    found = policy_file_of(place[0] or "recovery.db", place[1])
    if found is None:
        database_of(place[0])
    return str(found)


def _contact(given: Mapping[str, str | None]) -> Contact:
    severity = given["severity"]
    return Contact(
        channel=Channel(given["channel"]),
        received_at=pendulum.now("UTC"),
        sender=Customer(id=given["customer_id"], language=given["language"]),
        category=given["category"],
        region=given["region"],
        brand=given["brand"],
        severity=None if severity is None else Severity(severity),
    )


def briefed(name: str, *, place: Place, as_json: bool) -> int:
    """Show what whoever takes a case over must know."""
    view = open_view(*place)
    told = view.desk.briefing(find_case(view, name).id)
    if as_json:
        print_json({"briefing": to_dict(told)})
        return 0
    console = screen()
    console.print(heading(view), soft_wrap=True)
    console.print(Text(str(told)))
    return 0
