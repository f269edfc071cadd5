"""Taking over the running tickets of another system: a batch is read, decided and saved as one, and nothing is said to anybody."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from attrs import define, field

from recovery.core.decide import Decision, decide
from recovery.core.errors import ConflictingChange, InvalidValue, Refused
from recovery.core.place import Lookup, lookups_of
from recovery.core.practice.receiving.adopting import owner_of, stage_to_adopt
from recovery.core.stages import Stage
from recovery.core.values import either, invalid
from recovery.core.vocabulary.receiving import AdoptCase, Ticket
from recovery.desk.acting import TRIES, change_of
from recovery.desk.finding import found
from recovery.desk.knowing import now_of
from recovery.desk.saving import save
from recovery.desk.values import Adoption, LeftOut

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["BATCH", "adopt", "adopted_of"]

log = logging.getLogger("recovery")

BATCH = 250
"""How many tickets are saved in one transaction: few enough that other workers get their turn."""


@define(kw_only=True)
class _Tally:
    """What has come of the tickets so far."""

    stages: Counter[Stage] = field(factory=Counter[Stage])
    ended: int = 0
    known: int = 0
    rerouted: int = 0
    left_out: list[LeftOut] = field(factory=list[LeftOut])
    numbers: set[str] = field(factory=set[str])

    @property
    def adopted(self) -> int:
        return sum(self.stages.values())

    def add(self, other: _Tally) -> None:
        self.stages += other.stages
        self.ended += other.ended
        self.known += other.known
        self.rerouted += other.rerouted
        self.left_out += other.left_out
        self.numbers |= other.numbers


def adopt(desk: Desk, tickets: Iterable[Ticket], progress: Callable[[int], None] | None, dry_run: bool) -> Adoption:
    """Adopt ``tickets``, batch by batch; see :meth:`recovery.desk.Desk.adopt`."""
    so_far, looked_at = _Tally(), 0
    for batch in _batches(tickets):
        so_far.add(_taken_over(desk, batch, so_far, dry_run=dry_run))
        looked_at += len(batch)
        if progress is not None:
            progress(looked_at)
    return Adoption(
        stages={stage: so_far.stages[stage] for stage in Stage if so_far.stages[stage]},
        ended=so_far.ended,
        known=so_far.known,
        rerouted=so_far.rerouted,
        left_out=tuple(so_far.left_out),
    )


def _batches(tickets: Iterable[Ticket]) -> Iterator[list[Ticket]]:
    ahead = iter(tickets)
    while batch := list(islice(ahead, BATCH)):
        yield batch


def _taken_over(desk: Desk, batch: Sequence[Ticket], so_far: _Tally, *, dry_run: bool) -> _Tally:
    """Decide and save one batch, anew where somebody else has adopted one of its tickets meanwhile, or a reference is taken."""
    for left in reversed(range(TRIES)):
        tally, decisions = _decided(desk, batch, so_far)
        if dry_run or not decisions:
            return tally
        try:
            save(desk, [change_of(desk, decision) for decision in decisions], desk.policy.timing)
        except ConflictingChange as lost:
            if lost.final or not left:
                raise
            time.sleep(desk.chance.random() * 0.05)
            continue
        log.info("adopted", extra={"cases": len(decisions)})
        return tally
    raise AssertionError  # pragma: no cover  (the last try returns or raises)


def _decided(desk: Desk, batch: Sequence[Ticket], so_far: _Tally) -> tuple[_Tally, list[Decision]]:
    known, tally, decisions = so_far.numbers | _there(desk, batch), _Tally(), list[Decision]()
    now, terms = now_of(desk), desk.policy.terms
    for ticket in batch:
        names = _names_of(ticket)
        if not names.isdisjoint(known) or not names.isdisjoint(tally.numbers):
            tally.known += 1
        elif stage_to_adopt(ticket, terms, now) is None:
            tally.ended += 1
        else:
            fresh, turn = desk.identities(), so_far.adopted + tally.adopted
            command = AdoptCase(case_id=fresh.case_id, reference=fresh.reference, ticket=ticket, turn=turn)
            try:
                decision = decide(None, command, policy=desk.policy, now=now)
            except Refused as refusal:
                tally.left_out.append(LeftOut(number=ticket.number, reasons=refusal.reasons))
                continue
            tally.numbers |= names
            tally.stages[decision.case.stage] += 1
            tally.rerouted += ticket.owner is not None and owner_of(ticket, terms) != ticket.owner
            decisions.append(decision)
    return tally, decisions


def adopted_of(desk: Desk, numbers: Iterable[str]) -> frozenset[str]:
    """Return those of ``numbers`` that are tickets on a case already."""
    return _kept(desk, [Lookup("ticket", number) for number in sorted(frozenset(numbers))])


def _kept(desk: Desk, lookups: Sequence[Lookup]) -> frozenset[str]:
    """Return the values of those ``lookups`` that are on a case, also on one that cannot be read."""
    there = found(desk, lookups)
    held = frozenset[Lookup]().union(*map(lookups_of, there.cases), *(each.lookups for each in there.unreadable))
    return frozenset(lookup.value for lookup in lookups if lookup in held)


def _there(desk: Desk, batch: Sequence[Ticket]) -> frozenset[str]:
    """Return the names (see :func:`_names_of`) that are on a case already: adopted, named by a contact, or taken in."""
    check = either(Ticket)
    for place, ticket in enumerate(batch):
        if fault := check(ticket):
            raise InvalidValue("the tickets", [invalid(f"tickets[{place}]", *fault)])
    messages = [Lookup("contact", name) for ticket in batch for name in sorted(_names_of(ticket) - {ticket.number})]
    return adopted_of(desk, [ticket.number for ticket in batch]) | _kept(desk, messages)


def _names_of(ticket: Ticket) -> frozenset[str]:
    """Return what tells a ticket from others: its number, and the message it began with, which is on one case alone."""
    contact = ticket.contact
    message = (f"{contact.channel.value}:{contact.message_id}",) if contact.message_id else ()
    return frozenset((ticket.number, *message))
