"""What a decision must know: the time, the policy its case is pinned to, and just what its commands ask about the world."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import InvalidValue
from recovery.core.place import Lookup, lookups_by, lookups_of
from recovery.core.policy import Policy
from recovery.core.practice.proposing import compared, counted_since
from recovery.core.precedent import GoodwillGiven, Precedent, similar_to
from recovery.core.repeats import CaseWords, earlier_cases, likely_twins, same_words
from recovery.core.routing import weighed
from recovery.core.rule import Context
from recovery.core.values import instant, invalid, is_instant
from recovery.core.vocabulary.closing import Close, UndoMerge
from recovery.core.vocabulary.common import Command, Need, Recorded
from recovery.core.vocabulary.known import Earlier, Twin
from recovery.core.vocabulary.ownership import Load
from recovery.core.vocabulary.receiving import CaseAdopted, CaseOpened, ContactJoined, Identify, OpenCase, Receive
from recovery.desk.finding import ReadingApart, found
from recovery.stores.precedents import CasePrecedents

if TYPE_CHECKING:
    from recovery.desk.desk import Desk
    from recovery.ports.precedents import Precedents

__all__ = ["LATEST", "aware", "context_for", "earlier_of", "now_of", "policy_for", "precedents_for", "twins_of"]

log = logging.getLogger("recovery")

LATEST = 20
"""Among how many of a customer's latest cases a twin is looked for: an opening must not read a long customer's whole life."""


def now_of(desk: Desk) -> DateTime:
    """Return what the desk's clock says, in UTC. Raises :class:`InvalidValue` where it has no zone."""
    return aware("now", desk.now())


def aware(name: str, at: datetime) -> DateTime:
    """Return an instant somebody gave, in UTC. Raises :class:`InvalidValue` where it has no zone."""
    told = instant(at)
    if fault := is_instant(told):
        raise InvalidValue(name, [invalid(name, *fault)])
    return told


def policy_for(desk: Desk, case: Case) -> Policy:
    """Return the desk's policy with the clocks and the calendar that the case is pinned to."""
    if case.policy_id == desk.policy.id:
        return desk.policy
    known = desk.pinned.get(case.policy_id)
    if known is None:
        timing = desk.store.timing(case.policy_id)
        if timing is None:
            log.error("the clocks of a case are not stored; the present ones serve", extra={"case_id": case.id})
            return desk.policy
        known = desk.pinned[case.policy_id] = desk.policy.pinned(timing)
    return known


def context_for(desk: Desk, case: Case | None, commands: Sequence[Command]) -> Context:
    """Fetch just what the commands say they need to know of the world."""
    needs = frozenset[Need]().union(OpenCase.needs if case is None else (), *[command.needs for command in commands])
    if not needs:
        return Context()
    others = _others(desk, case, commands) if needs & {Need.EARLIER, Need.TWINS} else None
    context = Context(
        away=_away(desk) if Need.AWAY in needs else None,
        loads=_loads(desk) if Need.LOADS in needs else None,
        new_case=desk.identities() if Need.NEW_CASE in needs else None,
        precedents=_precedents(desk, case, commands) if Need.PRECEDENTS in needs else None,
        goodwill=_goodwill(desk, commands) if Need.PRECEDENTS in needs else None,
        repeats=_repeats(desk, case, commands) if Need.REPEATS in needs and case is not None else frozenset(),
        earlier=None if others is None else earlier_cases(others, case),
        twins=_twins(desk, case, commands, others) if Need.TWINS in needs and others is not None else None,
    )
    survivor_id = next((c.survivor for c in commands if isinstance(c, Close) and c.survivor is not None), None)
    if case is not None and any(isinstance(c, UndoMerge) for c in commands):
        survivor_id = case.closing.survivor
    survivor = None if survivor_id is None else desk.store.load(survivor_id)
    if survivor is None:
        return context
    timing, lineage = policy_for(desk, survivor).timing, tuple(_lineage(desk, survivor))
    return attrs.evolve(context, survivor=survivor, survivor_timing=timing, lineage=lineage)


def earlier_of(desk: Desk, case: Case) -> tuple[Earlier, ...] | None:
    """Return the customer's earlier cases; ``None`` where neither number nor address is known by which they could be found."""
    others = _others(desk, case, ())
    return None if others is None else earlier_cases(others, case)


def twins_of(desk: Desk, case: Case) -> tuple[Twin, ...]:
    """Return the customer's other cases, earlier and later ones, in which much the same was written."""
    return _twins(desk, case, (), _others(desk, case, ()) or ())


def _others(desk: Desk, case: Case | None, commands: Sequence[Command]) -> tuple[Case, ...] | None:
    """Return the other cases of the customer that the commands are about; ``None`` where there is nothing to find them by."""
    named = [command.contact.sender for command in commands if isinstance(command, OpenCase)]
    named += [command.customer for command in commands if isinstance(command, Identify)]
    known = [] if case is None else [case.receiving.customer]
    lookups = list(dict.fromkeys(lookup for customer in (*named, *known) for lookup in lookups_by(customer)))
    if not lookups:
        return None
    there, wanted = found(desk, lookups).cases, frozenset(lookups)
    # A finder brings survivors of merged cases as well, and those may be of another customer.
    return tuple(other for other in there if (case is None or other.id != case.id) and wanted & lookups_of(other))


def _twins(desk: Desk, case: Case | None, commands: Sequence[Command], others: Sequence[Case]) -> tuple[Twin, ...]:
    words = [command.contact.text for command in commands if isinstance(command, OpenCase)]
    words += [] if case is None else _written(desk.store.history(case.id))
    latest = sorted(others, key=lambda other: other.opened_at)[-LATEST:]
    beside = ReadingApart(desk.store)  # their histories stop them, and not this case
    told = (CaseWords(case=other, words=tuple(_written(beside.history(other.id)))) for other in latest)
    return likely_twins(words, told, likeness=same_words if desk.likeness is None else desk.likeness)


def _written(history: Iterable[Recorded]) -> list[str]:
    """Return what the customer wrote on a case, in their own words."""
    events = (recorded.event for recorded in history)
    contacts = (event.contact for event in events if isinstance(event, (CaseOpened, CaseAdopted, ContactJoined)))
    return [contact.text for contact in contacts if not contact.automatic and contact.text.strip()]


def _away(desk: Desk) -> frozenset[str] | None:
    if desk.directory is None:
        return None
    try:
        return desk.directory.away(now_of(desk))
    except Exception:
        # A calendar server that is down must not keep a customer's mail from becoming a case.
        log.exception("nobody can say who is away")
        return None


def _loads(desk: Desk) -> Mapping[str, Load] | None:
    """Return how much everybody has to do of whom routing wants to know it; mostly that is nobody, and nothing is asked."""
    counted = sorted(weighed(desk.policy.terms))
    if not counted:
        return None
    try:
        return (desk.store if desk.workloads is None else desk.workloads).loads(counted)
    except Exception:
        # The helpdesk that counts the tickets may be down; the case is routed all the same, in the order of the team.
        log.exception("nobody can say how much there is to do")
        return None


def _precedents(desk: Desk, case: Case | None, commands: Sequence[Command]) -> tuple[Precedent, ...] | None:
    return None if case is None or not compared(commands) else precedents_for(desk, case, now_of(desk))


def precedents_for(desk: Desk, case: Case, now: DateTime) -> tuple[Precedent, ...] | None:
    """Return what similar cases got, ``None`` where nobody knows."""
    try:
        return _known(desk).similar(similar_to(case, now))
    except Exception:
        # A proposal does not wait for statistics: it is made all the same, compared with nothing.
        log.exception("nobody can say what similar cases got", extra={"case_id": case.id})
        return None


def _goodwill(desk: Desk, commands: Sequence[Command]) -> tuple[GoodwillGiven, ...] | None:
    since = counted_since(commands, desk.policy.terms, now_of(desk))
    if since is None:
        return None
    try:
        return _known(desk).goodwill(since)
    except Exception:
        log.exception("nobody can say how much goodwill has been given")
        return None


def _known(desk: Desk) -> Precedents:
    return CasePrecedents(desk.store) if desk.precedents is None else desk.precedents


def _repeats(desk: Desk, case: Case, commands: Sequence[Command]) -> frozenset[str]:
    keys = [command.contact.key for command in commands if isinstance(command, Receive)]
    return frozenset(key for key in keys if any(name != case.id for name in desk.store.found_by(Lookup("contact", key))))


def _lineage(desk: Desk, case: Case) -> Iterator[str]:
    seen = {case.id}
    after = case.closing.survivor
    while after is not None and after not in seen:
        yield after
        seen.add(after)
        found = desk.store.load(after)
        after = None if found is None else found.closing.survivor
