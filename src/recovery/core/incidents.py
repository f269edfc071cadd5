"""Who is who in an incident, and what is said to whom: the person on a list and the cases that are there, in; commands, out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from enum import Enum

import attrs
from attrs import frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.place import Lookup, normal
from recovery.core.reference import Identity
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Channel, Command, Customer, Word
from recovery.core.vocabulary.keeping_in_touch import Inform
from recovery.core.vocabulary.proposing import Investigate
from recovery.core.vocabulary.receiving import WishKind
from recovery.core.vocabulary.resolving import Resolve
from recovery.core.vocabulary.responsibility import Incident, JoinIncident, NameAgain, OpenAffected

__all__ = [
    "Named",
    "Naming",
    "again",
    "closing",
    "key_of",
    "lookups_for_affected",
    "outreach",
    "place_affected",
    "update",
    "welcome",
]


class Named(Enum):
    """What somebody on a list of affected people is to us."""

    NEW = "new"
    COMPLAINED = "complained"
    KNOWN = "known"
    AGAIN = "again"


@frozen(kw_only=True)
class Naming:
    """Somebody on the list: what they are to us, and their case, if there is one.

    ``silent`` when they asked on any case not to be contacted, ``unwelcome`` the channels on which they do not want to be.
    """

    named: Named
    case: Case | None = None
    silent: bool = False
    unwelcome: frozenset[Channel] = frozenset()


def key_of(incident: str, customer: Customer) -> str:
    """Return what names a line of a list within an incident: the same for the same customer number, name and addresses."""
    told = [customer.id or "", normal(customer.name or "")]
    told += sorted(f"{address.channel.value}={normal(address.value)}" for address in customer.addresses)
    digest = hashlib.sha256("\x1f".join(told).encode("utf-8", "surrogatepass")).hexdigest()
    return f"incident:{incident}:{digest[:32]}"


def lookups_for_affected(incident: str, customer: Customer) -> tuple[Lookup, ...]:
    """Return what to look for when ``customer`` is on a list: the line itself, their number, their addresses."""
    found = [Lookup("contact", key_of(incident, customer))]
    if customer.id:
        found.append(Lookup("customer", customer.id))
    return (*found, *(Lookup("address", normal(address.value)) for address in customer.addresses))


def place_affected(incident: Incident, customer: Customer, candidates: Sequence[Case], *, seen: bool) -> Naming:
    """Say what somebody on a list is to us, among the cases their lookups find. ``seen`` says that this very line came before."""
    theirs = [case for case in candidates if not case.in_tray]
    key = key_of(incident.id, customer)
    same = [case for case in theirs if _may_be(case, customer)]
    there = next((case for case in same if _belongs(case, incident.id)), None)
    if there is not None and there.responsibility.affected is not None:
        first = there.responsibility.affected.key == key and not seen
        return Naming(named=Named.KNOWN if first or key in there.responsibility.affected.also else Named.AGAIN, case=there)
    wishes = [wish for case in theirs for wish in case.receiving.wishes]
    silent = any(wish.kind is WishKind.DO_NOT_CONTACT for wish in wishes)
    unwelcome = frozenset(wish.channel for wish in wishes if wish.channel is not None)
    complained = next((case for case in same if _complains(case, incident)), None)
    named = Named.NEW if complained is None else Named.COMPLAINED
    return Naming(named=named, case=complained, silent=silent, unwelcome=unwelcome)


def _may_be(case: Case, customer: Customer) -> bool:
    """Whether a case may be this customer's: two of one household share an address, but never a customer number."""
    return customer.id is None or case.receiving.customer.id in (None, customer.id)


def _belongs(case: Case, incident: str) -> bool:
    return case.responsibility.affected is not None and case.responsibility.affected.incident == incident


def _complains(case: Case, incident: Incident) -> bool:
    about_it = incident.category is None or case.receiving.category == incident.category
    return about_it and not case.ended and case.responsibility.affected is None


# ---------------------------------------------------------------- what is said


def outreach(
    incident: Incident, customer: Customer, identity: Identity, naming: Naming, machine: Iterable[Channel]
) -> tuple[Command, ...]:
    """Return what opens the case of somebody who has not complained, and our first word to them where one can reach them."""
    opening = OpenAffected(
        by=incident.owner,
        case_id=identity.case_id,
        reference=identity.reference,
        incident=incident,
        customer=customer,
        key=key_of(incident.id, customer),
        silent=naming.silent,
    )
    way = None if naming.silent else _way(customer, naming.unwelcome, machine)
    return (opening,) if way is None else (opening, _first_word(incident, way))


def welcome(incident: Incident, customer: Customer, case: Case, machine: Iterable[Channel]) -> tuple[Command, ...]:
    """Return what joins a case that had complained, and the same word to them; not yet acknowledged, that is what it does."""
    key = key_of(incident.id, customer)
    joining = JoinIncident(by=incident.owner, incident=incident.id, what=incident.what, key=key)
    way = None if case.silenced else _way(case.receiving.customer, case.unwelcome, machine)
    if way is None:
        return (joining,)
    if case.stage is Stage.RECEIVED:
        return (joining, _first_word(incident, way))
    word = Word(via=frozenset({way}), text=incident.text, answers=False)
    return (joining, Inform(by=incident.owner, word=word, next_word_at=incident.next_word_at))


def again(incident: Incident, customer: Customer) -> NameAgain:
    """Return the note that somebody was named once more, with what that line of the list said."""
    told = [customer.id or "", customer.name or "", *(f"{a.channel.value}: {a.value}" for a in customer.addresses)]
    key = key_of(incident.id, customer)
    return NameAgain(by=incident.owner, incident=incident.id, key=key, told=", ".join(text for text in told if text))


def update(case: Case, by: str, text: str, next_word_at: DateTime | None, machine: Iterable[Channel]) -> tuple[Command, ...]:
    """Return the word that everybody in an incident hears, for one of the cases; what the person asked stays owed an answer."""
    affected = case.responsibility.affected
    if case.ended or case.silenced or affected is None or affected.silent:
        return ()
    way = _way(case.receiving.customer, case.unwelcome, machine)
    if way is None:
        return ()
    word = Word(via=frozenset({way}), text=text, answers=False)
    if case.stage is Stage.RECEIVED:
        return (Acknowledge(by=by, word=attrs.evolve(word, answers=True), next_word_at=next_word_at),)
    return (Inform(by=by, word=word, next_word_at=next_word_at),)


def closing(case: Case, by: str, text: str, done: str, machine: Iterable[Channel]) -> tuple[Command, ...]:
    """Return what makes it good for one of the cases: it is resolved, with one word to all, and then followed up like any other."""
    affected = case.responsibility.affected
    if affected is None or case.stage not in (Stage.ACKNOWLEDGED, Stage.INVESTIGATING, Stage.RESOLUTION_PROPOSED):
        return ()
    way = None if affected.silent or case.silenced else _way(case.receiving.customer, case.unwelcome, machine)
    if way is None:
        return ()
    resolve = Resolve(by=by, word=Word(via=frozenset({way}), text=text, answers=False), done=done)
    return (Investigate(by=by), resolve) if case.stage is Stage.ACKNOWLEDGED else (resolve,)


def _first_word(incident: Incident, way: Channel) -> Acknowledge:
    word = Word(via=frozenset({way}), text=incident.text)
    return Acknowledge(by=incident.owner, word=word, next_word_at=incident.next_word_at)


def _way(customer: Customer, unwelcome: frozenset[Channel], machine: Iterable[Channel]) -> Channel | None:
    """Return how somebody is reached: by what software can send, else by the first address on file; never as they do not want."""
    known = [address.channel for address in customer.addresses]
    ways = [channel for channel in (*(c for c in machine if c in known), *known) if channel not in unwelcome]
    return next(iter(ways), None)
