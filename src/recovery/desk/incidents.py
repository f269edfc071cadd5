"""Incidents: everybody affected hears of it, each once, batch by batch; one word to all; and the end, together.

What somebody is to us and what is said to them is decided in :mod:`recovery.core.incidents`; here it is loaded, saved, counted.
A run that was cut short is simply run again: whoever has a case is known by it, and whoever heard a word by the key of that word.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import islice
from typing import TYPE_CHECKING

import attrs
from attrs import define, field

from recovery.codec import Undecodable
from recovery.core import incidents as who
from recovery.core.case import Case
from recovery.core.decide import Decision, decide
from recovery.core.errors import ConflictingChange, InvalidValue, Reason, Refused, StoreUnusable
from recovery.core.incidents import Named, Naming
from recovery.core.place import Lookup, Unreadable, lookups_of
from recovery.core.reference import Identity
from recovery.core.stages import Stage
from recovery.core.values import either, instant, invalid
from recovery.core.vocabulary.closing import CloseReason
from recovery.core.vocabulary.common import Address, Channel, Command, Customer
from recovery.core.vocabulary.responsibility import Incident
from recovery.desk import acting, looking
from recovery.desk.failing import told_of
from recovery.desk.finding import found
from recovery.desk.knowing import context_for, now_of, policy_for
from recovery.desk.saving import save
from recovery.desk.values import IncidentStanding, IncidentWork, NotTold

if TYPE_CHECKING:
    from datetime import datetime

    from recovery.desk.desk import Desk

__all__ = ["BATCH", "close_incident", "incident", "open_incident", "update_incident"]

log = logging.getLogger("recovery")

BATCH = 250
"""How many people are looked at and saved in one transaction: few enough that other workers get their turn."""

Progress = Callable[[int], None] | None

_ENDS_THE_RUN = (StoreUnusable, ConflictingChange)
"""What is no fault of one person's case: nothing can be stored, or somebody was faster. Any other error leaves out one person."""


@define
class _Batch:
    """What is decided for some people at once: the cases they may have, what becomes of them, and the count.

    ``seen`` are the lines of the list that came before these people, ``named`` those that come with them.
    """

    desk: Desk
    incident: Incident
    seen: Set[str]
    named: set[str] = field(factory=set[str])
    unreadable: dict[Lookup, Unreadable] = field(factory=dict[Lookup, Unreadable])
    by_lookup: dict[Lookup, dict[str, Case]] = field(factory=dict[Lookup, dict[str, Case]])
    decisions: list[Decision] = field(factory=list[Decision])
    counts: Counter[str] = field(factory=Counter[str])
    left_out: list[NotTold] = field(factory=list[NotTold])

    def load(self, people: Sequence[Customer]) -> None:
        lookups = {lookup for person in people for lookup in who.lookups_for_affected(self.incident.id, person)}
        there = found(self.desk, sorted(lookups, key=lambda lookup: (lookup.kind, lookup.value)))
        for case in there.cases:
            self._remember(case)
        self.unreadable |= {lookup: each for each in there.unreadable for lookup in each.lookups}

    def _remember(self, case: Case) -> None:
        for lookup in lookups_of(case):
            self.by_lookup.setdefault(lookup, {})[case.id] = case

    def take(self, person: Customer) -> None:
        """Decide about one person on the list."""
        lookups = who.lookups_for_affected(self.incident.id, person)
        lost = next((self.unreadable[lookup] for lookup in lookups if lookup in self.unreadable), None)
        if lost is not None:
            # Who they are to us, and whether they want silence, stands where nobody can read it.
            self.left_out.append(_not_told(lost.case_id, person, lost.why))
            return
        key, theirs = who.key_of(self.incident.id, person), dict[str, Case]()
        for lookup in lookups:
            theirs |= self.by_lookup.get(lookup, {})
        seen = key in self.seen or key in self.named
        naming = who.place_affected(self.incident, person, tuple(theirs.values()), seen=seen)
        self.named.add(key)
        match naming.named:
            case Named.KNOWN:
                self.counts["known"] += 1
            case Named.AGAIN:
                self._go(person, naming, (who.again(self.incident, person),), "named_again")
            case Named.COMPLAINED:
                self._join(person, naming)
            case _:
                fresh = self.desk.identities()
                commands = who.outreach(self.incident, person, fresh, naming, self.desk.policy.machine_channels)
                self._go(person, attrs.evolve(naming, case=None), commands, "opened")

    def _join(self, person: Customer, naming: Naming) -> None:
        if naming.case is None:  # pragma: no cover  (whoever complained has a case)
            return
        commands = who.welcome(self.incident, person, naming.case, self.desk.policy.machine_channels)
        self._go(person, naming, commands, "joined")

    def _go(self, person: Customer, naming: Naming, commands: tuple[Command, ...], counted: str) -> None:
        """Decide; where the word is refused for this one person, they are counted all the same, and a person tells them.

        Where deciding fails they are left out with what failed, and the others are told.
        """
        case_id = "" if naming.case is None else naming.case.id
        try:
            decision = self._decided(naming.case, commands)
        except Refused as refusal:
            self.left_out.append(NotTold(case_id=case_id, customer=person.id or "", reasons=refusal.reasons))
            if refusal.index:
                self._go(person, naming, commands[: refusal.index], counted)
            return
        except _ENDS_THE_RUN:
            raise
        except Exception as error:
            log.exception("somebody in an incident could not be told", extra={"incident": self.incident.id, "case_id": case_id})
            self.left_out.append(_not_told(case_id, person, told_of(error)))
            return
        self.decisions.append(decision)
        self._remember(decision.case)
        self.counts[counted] += 1
        told = any(message.person is None for message in decision.messages)
        self.counts["told"] += told
        self.counts["by_hand"] += counted == "opened" and not told

    def _decided(self, case: Case | None, commands: tuple[Command, ...]) -> Decision:
        desk = self.desk
        policy = desk.policy if case is None else policy_for(desk, case)
        return decide(case, *commands, policy=policy, now=now_of(desk), context=context_for(desk, case, commands))


def _not_told(case_id: str, customer: Customer, why: str) -> NotTold:
    """Return that somebody was not told because their case fails: ``why`` says what to mend."""
    hint = "Mend it and do the same again: whoever has been told is not told twice. Until then tell them yourself."
    reason = Reason(rule="own.reach-out-first", message=f"their case cannot be worked on: {why}", hint=hint)
    return NotTold(case_id=case_id, customer=customer.id or "", reasons=(reason,))


def open_incident(desk: Desk, incident: Incident, affected: Iterable[Customer], progress: Progress) -> IncidentWork:
    """Open, or go on opening, an incident; see :meth:`recovery.desk.Desk.open_incident`."""
    _vet(desk, incident)
    counts, left_out, seen, looked_at = Counter[str](), list[NotTold](), set[str](), 0
    for people in _batches(affected):
        batch = _saved(desk, incident, people, seen)
        counts += batch.counts
        left_out += batch.left_out
        seen |= batch.named
        looked_at += len(people)
        if progress is not None:
            progress(looked_at)
    if not looked_at:
        hint = "Give the people whom it affects; for a single customer, open a case."
        raise InvalidValue("the incident", [invalid("affected", "names nobody", hint)])
    return IncidentWork(**counts, left_out=tuple(left_out))


def _vet(desk: Desk, incident: Incident) -> None:
    """Refuse what would be refused for everybody, before anything is saved: an unknown owner, a date nobody can keep, the words."""
    addresses = tuple(Address(channel=channel, value="somebody") for channel in Channel)
    somebody = Customer(name="Somebody", addresses=addresses)
    commands = who.outreach(
        incident, somebody, Identity(case_id="vetted", reference="V"), Naming(named=Named.NEW), desk.policy.machine_channels
    )
    decide(None, *commands, policy=desk.policy, now=now_of(desk), context=context_for(desk, None, commands))


def _batches(affected: Iterable[Customer]) -> Iterator[list[Customer]]:
    ahead, check, number = iter(affected), either(Customer), 0
    while people := list(islice(ahead, BATCH)):
        for place, person in enumerate(people, start=number):
            if fault := check(person):
                raise InvalidValue("the incident", [invalid(f"affected[{place}]", *fault)])
            if not (person.id or person.name or person.addresses):
                raise InvalidValue(
                    "the incident", [invalid(f"affected[{place}]", "names nobody", "Give an id, a name or an address.")]
                )
        number += len(people)
        yield people


def _saved(desk: Desk, incident: Incident, people: Sequence[Customer], seen: Set[str]) -> _Batch:
    """Decide and save one batch, anew where somebody else has changed one of its cases meanwhile, or a reference is taken."""
    for left in reversed(range(acting.TRIES)):
        batch = _Batch(desk, incident, seen)
        batch.load(people)
        for person in people:
            batch.take(person)
        try:
            if batch.decisions:
                save(desk, [acting.change_of(desk, one) for one in batch.decisions], desk.policy.timing)
        except ConflictingChange as lost:
            if lost.final or not left:
                raise
            time.sleep(desk.chance.random() * 0.05)
            continue
        log.info("incident", extra={"incident": incident.id, **batch.counts})
        return batch
    raise AssertionError  # pragma: no cover  (the last try returns or raises)


# ---------------------------------------------------------------- one word to all, and the end


def update_incident(  # noqa: PLR0917  (the desk's method names them)
    desk: Desk, incident: str, by: str, text: str, next_word_at: datetime | None, key: str | None, progress: Progress
) -> IncidentWork:
    """Give everybody in an incident one word; see :meth:`recovery.desk.Desk.update_incident`."""
    when = None if next_word_at is None else instant(next_word_at)
    machine = desk.policy.machine_channels
    told = key or _digest("update", by, text, "" if when is None else when.isoformat())
    return _each(desk, incident, told, lambda case: who.update(case, by, text, when, machine), progress)


def close_incident(  # noqa: PLR0917  (the desk's method names them)
    desk: Desk, incident: str, by: str, text: str, done: str, key: str | None, progress: Progress
) -> IncidentWork:
    """Resolve the cases of an incident together; see :meth:`recovery.desk.Desk.close_incident`."""
    machine = desk.policy.machine_channels
    told = key or _digest("close", by, text, done)
    return _each(desk, incident, told, lambda case: who.closing(case, by, text, done, machine), progress)


def _digest(*told: str) -> str:
    return hashlib.sha256("\x1f".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _each(desk: Desk, incident: str, key: str, make: Callable[[Case], tuple[Command, ...]], progress: Progress) -> IncidentWork:
    counts, left_out = Counter[str](), list[NotTold]()
    unseen = set(desk.store.found_by(Lookup("incident", incident)))
    if not unseen:
        raise InvalidValue("the incident", [invalid("incident", f"{incident!r} has no cases", "Open it first (open_incident).")])
    for number, case in enumerate(_open_ones(desk, incident, unseen), start=1):
        outcome = _one(desk, incident, key, make, case)
        if isinstance(outcome, NotTold):
            left_out.append(outcome)
        else:
            counts[outcome] += 1
        if progress is not None:
            progress(number)
    left_out += _unreadable(desk, unseen)
    return IncidentWork(told=counts["told"], repeated=counts["repeated"], left_out=tuple(left_out))


def _open_ones(desk: Desk, incident: str, unseen: set[str]) -> Iterator[Case]:
    """Yield the open cases of an incident; ``unseen``, all of its ids, is left with those that no search showed."""
    for case in looking.find(desk, None, incident=incident):
        unseen.discard(case.id)
        if not case.ended:
            yield case


def _unreadable(desk: Desk, unseen: Iterable[str]) -> Iterator[NotTold]:
    """Yield those of the cases that no search showed, where it is true that they cannot be read."""
    for case_id in sorted(unseen):
        try:
            desk.store.load(case_id)
        except Undecodable as error:
            yield _not_told(case_id, Customer(), str(error))


def _one(desk: Desk, incident: str, key: str, make: Callable[[Case], tuple[Command, ...]], case: Case) -> str | NotTold:
    """Carry out what is made for one case, once under the key; return how it is counted, or why it was not done."""
    record = f"{incident[:60]}:{key}:{case.id}"
    if desk.store.key(record) is not None:
        return "repeated"
    commands = make(case)
    customer = case.receiving.customer.id or ""
    if not commands:
        why = "nothing reaches this customer, they wish for silence, or their case has come further."
        reason = Reason(rule="own.reach-out-first", message=why, hint="Look at the case, and tell them yourself.")
        return NotTold(case_id=case.id, customer=customer, reasons=(reason,))
    try:
        outcome = acting.handle(desk, case.id, commands, record, None)
    except Refused as refusal:
        return NotTold(case_id=case.id, customer=customer, reasons=refusal.reasons)
    except _ENDS_THE_RUN:
        raise
    except Exception as error:
        log.exception("somebody in an incident could not be told", extra={"incident": incident, "case_id": case.id})
        return _not_told(case.id, case.receiving.customer, told_of(error))
    return "repeated" if outcome.repeated else "told"


def incident(desk: Desk, incident: str) -> IncidentStanding:
    """Say how an incident stands; see :meth:`recovery.desk.Desk.incident`."""
    stages, counts = Counter[Stage](), Counter[str]()
    unseen = set(desk.store.found_by(Lookup("incident", incident)))
    for case in looking.find(desk, None, incident=incident):
        unseen.discard(case.id)
        affected = case.responsibility.affected
        stages[case.stage] += 1
        counts["complained"] += affected is not None and affected.complained
        counts["spoke"] += affected is not None and affected.spoke
        counts["not_affected"] += case.closing.reason is CloseReason.NOT_AFFECTED
        counts["untold"] += case.stage is Stage.RECEIVED
    counts["unreadable"] = len(unseen)
    return IncidentStanding(id=incident, stages={stage: stages[stage] for stage in Stage if stages[stage]}, **counts)
