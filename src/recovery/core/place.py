"""Where a contact belongs: a case of its own, a case it joins or reopens, a linked case, the tray, or nowhere twice."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from attrs import frozen

from recovery.core.case import Case
from recovery.core.reference import normal_reference
from recovery.core.vocabulary.common import Customer
from recovery.core.vocabulary.receiving import Contact

__all__ = ["Lookup", "Place", "Placement", "Unreadable", "lookups_by", "lookups_changed", "lookups_for", "lookups_of", "place"]


class Place(Enum):
    """What becomes of a contact."""

    OPEN = "open"
    JOIN = "join"
    REPEAT = "repeat"


@frozen
class Lookup:
    """Something by which a case can be found: ``kind`` is contact, thread, reference, ticket, customer or address."""

    kind: str
    value: str


@frozen(kw_only=True)
class Placement:
    """Where a contact belongs, and why there. Whether a case is joined, reopened or linked is for the case to decide.

    ``links`` are the cases that it names and that cannot be read: the case that is opened for it is linked with them.
    """

    place: Place
    case_id: str | None = None
    because: str = ""
    links: tuple[str, ...] = ()


@frozen(kw_only=True)
class Unreadable:
    """A case that is there and cannot be read: which of the lookups that were asked for find it, and why, with the way out."""

    case_id: str
    lookups: frozenset[Lookup]
    why: str


def normal(text: str) -> str:
    """Return ``text`` as people mean it when they repeat it: without case and white space around it."""
    return " ".join(text.split()).casefold()


def lookups_for(contact: Contact) -> tuple[Lookup, ...]:
    """Return what to look for when ``contact`` comes in, the strongest first."""
    found = [Lookup("contact", contact.key)]
    if contact.reference:
        found.append(Lookup("reference", normal_reference(contact.reference)))
    found += [Lookup("thread", message_id) for message_id in contact.replies_to]
    if contact.ticket:
        found.append(Lookup("ticket", contact.ticket))
    return tuple(found)


def lookups_by(customer: Customer) -> tuple[Lookup, ...]:
    """Return what finds the other cases of ``customer``: the customer number and the addresses; nothing where neither is known."""
    by_id = (Lookup("customer", customer.id),) if customer.id else ()
    return (*by_id, *(Lookup("address", normal(address.value)) for address in customer.addresses))


def lookups_of(case: Case) -> frozenset[Lookup]:
    """Return everything by which ``case`` can be found; a store keeps them beside it."""
    receiving = case.receiving
    found = {Lookup("reference", normal_reference(case.reference))}
    for contact in receiving.contacts:
        found.add(Lookup("contact", contact.key))
        if contact.message_id:
            found.add(Lookup("thread", contact.message_id))
            # An adopted case is known by its ticket; the message it began with is known by its own id as well.
            found.add(Lookup("contact", f"{contact.channel.value}:{contact.message_id}"))
        if contact.ticket:
            found.add(Lookup("ticket", contact.ticket))
    found |= {Lookup("thread", one) for one in _threads_of_ours(case)}
    affected = case.responsibility.affected
    if affected is not None:
        found.add(Lookup("incident", affected.incident))
        found |= {Lookup("contact", affected.key)} if affected.key else set()
    return frozenset(found.union(lookups_by(receiving.customer)))


def lookups_changed(before: Case, after: Case) -> tuple[frozenset[Lookup], frozenset[Lookup]]:
    """Return what a case is no longer found by, and what it is found by anew; most commands bring a message of ours and no more."""
    if not _same_but_for_ours(before, after):
        old, now = lookups_of(before), lookups_of(after)
        return old - now, now - old
    was, are = (_threads_of_ours(case) for case in (before, after))
    if was == are:
        return frozenset(), frozenset()
    theirs = {contact.message_id for contact in after.receiving.contacts}
    return (
        frozenset(Lookup("thread", one) for one in was - are - theirs),
        frozenset(Lookup("thread", one) for one in are - was - theirs),
    )


def _same_but_for_ours(before: Case, after: Case) -> bool:
    """Whether the very same things are known of a case, our own messages apart."""
    old, new = before.receiving, after.receiving
    return (
        old.contacts is new.contacts
        and old.customer is new.customer
        and before.responsibility.affected is after.responsibility.affected
        and before.reference == after.reference
    )


def _threads_of_ours(case: Case) -> set[str]:
    return {out.id for out in case.receiving.outgoing if out.person is None}


def place(contact: Contact, candidates: Sequence[Case], unreadable: Sequence[Unreadable] = ()) -> Placement:
    """Decide where ``contact`` belongs among ``candidates``: the cases found by its lookups, and the survivors of merged ones.

    The same message again is a repeat. The same reference, thread or ticket joins; the reference first, because a person wrote it.
    The same sender alone opens a case.

    Some of the cases found may be ``unreadable``. The same message again is a repeat all the same, for it is kept there. Whatever
    else names one of them, and none that can be read, opens a case of its own, linked with it: nobody waits for a row to be mended.
    """
    lost = {lookup: each.case_id for each in unreadable for lookup in each.lookups}
    by_id = {case.id: case for case in candidates}
    known = [(case, lookups_of(case)) for case in candidates]
    for wanted in lookups_for(contact):
        for case, lookups in known:
            if wanted in lookups:
                kind = Place.REPEAT if wanted.kind == "contact" else Place.JOIN
                return Placement(place=kind, case_id=_survivor(case, by_id).id, because=wanted.kind)
        if wanted.kind == "contact" and wanted in lost:
            return Placement(place=Place.REPEAT, case_id=lost[wanted], because=wanted.kind)
    named = dict.fromkeys(lost[wanted] for wanted in lookups_for(contact) if wanted in lost)
    return Placement(place=Place.OPEN, links=tuple(named))


def _survivor(case: Case, by_id: dict[str, Case]) -> Case:
    seen = {case.id}
    while case.closing.survivor is not None and case.closing.survivor not in seen:
        after = by_id.get(case.closing.survivor)
        if after is None:
            return case
        seen.add(after.id)
        case = after
    return case
