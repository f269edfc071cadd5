"""Who looks after a case: the first route that fits, its stand-ins, and at last the fallback owner. It never dead-ends."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from recovery.core.case import Case
from recovery.core.rule import Context, Terms
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.ownership import Route

__all__ = ["Chosen", "choose", "choose_again"]


@frozen(kw_only=True)
class Chosen:
    """Who was chosen; ``nobody_there`` when even the fallback owner is away and the case has to be escalated at once."""

    owner: str
    nobody_there: bool = False


def choose(
    terms: Terms, context: Context, *, channel: Channel, category: str | None, region: str | None, brand: str | None
) -> Chosen:
    """Return the owner for a new case with these traits."""
    traits = {"channel": channel, "category": category, "region": region, "brand": brand}
    route = next((route for route in terms.routes if _fits(route, traits)), None)
    return _first_present((route.owner, *route.stand_ins) if route is not None else (), terms, context)


def choose_again(case: Case, terms: Terms, context: Context) -> Chosen:
    """Return the owner for a case that is reopened: the same, unless away or unwanted by the customer."""
    receiving = case.receiving
    channel = receiving.contacts[0].channel
    if case.owner != case.ownership.unwanted and terms.knows(case.owner) and not context.is_away(case.owner):
        return Chosen(owner=case.owner)
    fresh = choose(terms, context, channel=channel, category=receiving.category, region=receiving.region, brand=receiving.brand)
    if fresh.owner != case.ownership.unwanted:
        return fresh
    return _first_present((terms.supervisor(case.owner),), terms, context)


def _fits(route: Route, traits: Mapping[str, object]) -> bool:
    return all(getattr(route, name) in (None, value) for name, value in traits.items())


def _first_present(people: tuple[str, ...], terms: Terms, context: Context) -> Chosen:
    fallback = terms.fallback_owner
    present = (person for person in (*people, fallback) if terms.knows(person) and not context.is_away(person))
    owner = next(present, None)
    return Chosen(owner=fallback, nobody_there=True) if owner is None else Chosen(owner=owner)
