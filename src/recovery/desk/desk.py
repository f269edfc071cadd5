"""The desk itself: all that it knows of the rules is where to ask."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Unpack

import attrs
import pendulum
from attrs import field, frozen
from pendulum import DateTime

from recovery.codec import dumps, to_dict
from recovery.core.agenda import Step
from recovery.core.case import Case
from recovery.core.decide import Decision, agenda, decide, permitted, why_not
from recovery.core.errors import CaseNotFound, ConflictingChange, InvalidValue, KeyReused, Reason, Undeliverable
from recovery.core.fold import fold
from recovery.core.messages import Message
from recovery.core.place import Place, lookups_for, place
from recovery.core.policy import Policy
from recovery.core.rule import Context, Identity
from recovery.core.values import instant, invalid, is_instant
from recovery.core.vocabulary.closing import Close
from recovery.core.vocabulary.common import Command, Need, kind_of
from recovery.core.vocabulary.receiving import Contact, Delivery, MovePolicy, OpenCase, Receive, ReportDelivery, Wake
from recovery.desk.values import Criteria, Entry, Outcome, Retries, Work, entry_of, new_identity
from recovery.ports.directory import Directory
from recovery.ports.notifier import Notifier
from recovery.ports.renderer import Renderer
from recovery.ports.store import Store
from recovery.ports.values import Change, Finding, KeyRecord, OutboxMessage, Query, Queued
from recovery.templates import PlainTexts

__all__ = ["Desk"]

log = logging.getLogger("recovery")
log.addHandler(logging.NullHandler())

TRIES = 20
"""How often a decision is made anew when somebody else was faster, before the conflict is passed on."""


@frozen(kw_only=True)
class Desk:
    """A recovery desk over a store. ``now`` tells the time, ``identities`` makes ids and references, ``chance`` spreads retries.

    Without a ``notifier`` messages stay in the outbox. ``lease`` is how long a worker may take for one case or one message.
    """

    store: Store
    policy: Policy
    notifier: Notifier | None = None
    directory: Directory | None = None
    renderer: Renderer = field(factory=PlainTexts)
    now: Callable[[], datetime] = field(default=partial(pendulum.now, "UTC"))
    identities: Callable[[], Identity] = new_identity
    retries: Retries = field(factory=Retries)
    lease: timedelta = timedelta(minutes=5)
    chance: Random = field(factory=Random, repr=False)
    _pinned: dict[str, Policy] = field(factory=dict[str, Policy], init=False, repr=False)

    # ------------------------------------------------------------ what comes in

    def receive(self, contact: Contact, *, key: str | None = None) -> Outcome:
        """Take a contact: it opens a case, joins, reopens or links one, or waits in the tray. The same one twice is taken once."""
        return self._again(partial(self._received, contact), key, _fingerprint("receive", Receive(contact=contact)))

    def open(self, contact: Contact, *, owner: str | None = None, links: tuple[str, ...] = (), key: str | None = None) -> Outcome:
        """Open a case of its own for a contact, whatever else it refers to. The same one twice is taken once."""
        attempt = partial(self._opened_once, contact, owner, links)
        return self._again(attempt, key, _fingerprint("open", Receive(contact=contact)))

    def handle(self, case_id: str, *commands: Command, key: str | None = None, expected_version: int | None = None) -> Outcome:
        """Carry out ``commands`` on a case, all or none.

        Raises :class:`Refused` with every reason, :class:`CaseNotFound`, :class:`KeyReused`, and, where the caller pinned the case
        with ``expected_version``, :class:`ConflictingChange`; otherwise a lost race is decided anew.
        """
        attempt = partial(self._handled, case_id, commands, expected_version)
        return self._again(attempt, key, _fingerprint(case_id, *commands), pinned=expected_version is not None)

    # ------------------------------------------------------------ what can be asked

    def why_not(self, case_id: str, *commands: Command) -> tuple[Reason, ...]:
        """Return exactly the reasons :meth:`handle` would raise; none where it would not."""
        case = self.load(case_id)
        return why_not(case, *commands, policy=self._policy_for(case), now=self._now(), context=self._context(case, commands))

    def permitted(self, case_id: str) -> Mapping[str, tuple[Reason, ...]]:
        """Return for each kind of act why it is ruled out, whatever it says; empty where nothing rules it out."""
        case = self.load(case_id)
        return permitted(case, policy=self._policy_for(case), now=self._now())

    def load(self, case_id: str) -> Case:
        """Return a case. Raises :class:`CaseNotFound`."""
        case = self.store.load(case_id)
        if case is None:
            raise CaseNotFound(case_id)
        return case

    def find(self, query: Query | None = None, **criteria: Unpack[Criteria]) -> Iterator[Case]:
        """Yield every case that fits, page by page, in the order of their ids: ``desk.find(owner="ana", open_only=True)``."""
        page = attrs.evolve(Query() if query is None else query, **criteria)
        while cases := self.store.find(page):
            yield from cases
            page = attrs.evolve(page, after=cases[-1].id)

    def agenda(self, *, owner: str | None = None, until: datetime | None = None) -> tuple[Step, ...]:
        """Return every dated step, the soonest due first: of one person, or until an instant, if so wanted."""
        limit = None if until is None else _aware("until", until)
        found = (step for case in self.find() for step in agenda(case, self._policy_for(case)))
        wanted = (step for step in found if owner in (None, step.whom) and (limit is None or _shown(step, limit)))
        return tuple(sorted(wanted, key=lambda step: (step.due_at is None, step.due_at or step.wake_at or _NEVER, step.run)))

    def timeline(self, case_id: str, *, until: datetime | None = None) -> tuple[Entry, ...]:
        """Return what happened, in the order it was recorded, the histories of merged cases included; up to ``until``."""
        limit = None if until is None else _aware("until", until)
        told = self.load(case_id)
        pairs = [(name, recorded) for name in (told.id, *told.receiving.merged) for recorded in self.store.history(name)]
        kept = (pair for pair in pairs if limit is None or pair[1].recorded_at <= limit)
        return tuple(entry_of(*pair) for pair in sorted(kept, key=lambda pair: (pair[1].recorded_at, pair[0], pair[1].seq)))

    def at(self, case_id: str, at: datetime) -> Case:
        """Return the case as it was recorded at an earlier instant. Raises :class:`CaseNotFound` where it was not there yet."""
        limit = _aware("at", at)
        events = [recorded for recorded in self.store.history(case_id) if recorded.recorded_at <= limit]
        if not events:
            raise CaseNotFound(case_id)
        return fold(events)

    def policy_for(self, case: Case) -> Policy:
        """Return the policy with the clocks and the calendar that ``case`` is pinned to."""
        return self._policy_for(case)

    def doctor(self) -> tuple[Finding, ...]:
        """Return everything that must not be; nothing is what it should return."""
        return self.store.doctor()

    # ------------------------------------------------------------ what happens by itself

    def work(self, limit: int = 100) -> Work:
        """Look at up to ``limit`` due cases and deliver up to ``limit`` messages. Call it as often as you like, from anywhere."""
        oldest = self.store.backlog(self._now()).oldest_due_at
        ticked, stuck = self.run_due(limit)
        sent, failed = self.deliver(limit)
        lag = timedelta() if oldest is None else max(timedelta(), self._now() - oldest)
        return Work(ticked=ticked, sent=sent, failed=failed + stuck, lag=timedelta(seconds=lag.total_seconds()))

    def run_due(self, limit: int = 100) -> tuple[int, int]:
        """Look at up to ``limit`` cases whose clocks are due; return how many, and how many could not be looked at."""
        ids = self.store.claim_due(self._now(), limit, self.lease)
        looked = [self._ticked(case_id) for case_id in ids]
        return sum(looked), len(looked) - sum(looked)

    def deliver(self, limit: int = 100) -> tuple[int, int]:
        """Send up to ``limit`` messages and put on record what became of them; return how many were sent, and how many not."""
        sent = failed = 0
        while self.notifier is not None and sent + failed < limit:
            claimed = self.store.claim(self._now(), limit - sent - failed, self.lease)
            if not claimed:
                break
            results = [self._sent(queued, self.notifier) for queued in claimed]
            sent, failed = sent + sum(results), failed + len(results) - sum(results)
        return sent, failed

    # ------------------------------------------------------------ inside

    def _again(
        self,
        attempt: Callable[[KeyRecord | None], Outcome],
        key: str | None,
        fingerprint: str,
        *,
        pinned: bool = False,
    ) -> Outcome:
        """Try until nobody else was faster; what is repeated under a key is not done again."""
        for left in reversed(range(TRIES)):
            known = None if key is None else self.store.key(key)
            if known is not None and known.fingerprint != fingerprint:
                raise KeyReused(known.key)
            if known is not None:
                return Outcome(case=self.load(known.case_id), repeated=True)
            record = None if key is None else KeyRecord(key=key, fingerprint=fingerprint, case_id="?", version=0)
            try:
                return attempt(record)
            except ConflictingChange:
                if pinned or not left:
                    raise
                # Whoever lost waits a little, longer each time and never quite as long as the others, so that nobody starves.
                time.sleep(self.chance.random() * min(0.001 * 2 ** (TRIES - left), 0.05))
        raise AssertionError  # pragma: no cover  (the last try returns or raises)

    def _received(self, contact: Contact, key: KeyRecord | None) -> Outcome:
        placement = place(contact, self.store.candidates(lookups_for(contact)))
        if placement.place is Place.REPEAT and placement.case_id is not None:
            return Outcome(case=self.load(placement.case_id), repeated=True)
        if placement.case_id is not None:
            return self._handled(placement.case_id, (Receive(contact=contact),), None, key)
        return self._opened(contact, None, (), key)

    def _opened_once(self, contact: Contact, owner: str | None, links: tuple[str, ...], key: KeyRecord | None) -> Outcome:
        placement = place(contact, self.store.candidates(lookups_for(contact)))
        if placement.place is Place.REPEAT and placement.case_id is not None:
            return Outcome(case=self.load(placement.case_id), repeated=True)
        return self._opened(contact, owner, links, key)

    def _opened(self, contact: Contact, owner: str | None, links: tuple[str, ...], key: KeyRecord | None) -> Outcome:
        fresh = self.identities()
        command = OpenCase(case_id=fresh.case_id, reference=fresh.reference, contact=contact, owner=owner, links=links)
        return self._carry_out(None, (command,), key)

    def _handled(self, case_id: str, commands: tuple[Command, ...], expected_version: int | None, key: KeyRecord | None) -> Outcome:
        case = self.load(case_id)
        if expected_version is not None and case.version != expected_version:
            raise ConflictingChange(case_id, expected_version, case.version)
        return self._carry_out(case, commands, key)

    def _carry_out(self, case: Case | None, commands: tuple[Command, ...], key: KeyRecord | None) -> Outcome:
        moves = case is None or any(isinstance(command, MovePolicy) for command in commands)
        policy = self.policy if case is None or moves else self._policy_for(case)
        context = self._context(case, commands)
        decision = decide(case, *commands, policy=policy, now=self._now(), context=context)
        self._save(decision, policy, key)
        opened = tuple(other.case for other in decision.opens)
        return Outcome(case=decision.case, events=decision.events, warnings=decision.warnings, opened=opened)

    def _save(self, decision: Decision, policy: Policy, key: KeyRecord | None) -> None:
        changes = [self._change(each) for each in _with_opened(decision)]
        if not any(change.events for change in changes) and key is None:
            return
        case = decision.case
        record = None if key is None else attrs.evolve(key, case_id=case.id, version=case.version)
        self.store.save(changes, key=record, timing=policy.timing)
        for each in _with_opened(decision):
            _log(each)

    def _change(self, decision: Decision) -> Change:
        return Change(
            case=decision.case,
            base_version=0 if decision.before is None else decision.before.version,
            events=decision.events,
            wake_at=decision.wake_at,
            messages=tuple(self._rendered(message) for message in decision.messages),
            settled=decision.settled,
        )

    def _rendered(self, message: Message) -> OutboxMessage:
        try:
            subject, body = self.renderer.render(message)
        except Exception:  # noqa: BLE001  (whatever fails in a host's texts, the customer still hears from us)
            log.warning(
                "rendering failed, the built-in text goes out", extra={"case_id": message.case_id, "message_id": message.id}
            )
            subject, body = PlainTexts().render(message)
        return OutboxMessage(
            id=message.id,
            case_id=message.case_id,
            seq=message.seq,
            channel=message.channel,
            to=message.to,
            person=message.person,
            subject=subject,
            body=body,
            created_at=message.at,
        )

    def _ticked(self, case_id: str) -> bool:
        try:
            outcome = self.handle(case_id, Wake())
        except Exception:
            log.exception("a case could not be looked at; it comes back when its lease is over", extra={"case_id": case_id})
            return False
        if not outcome.events:
            self.store.release(case_id)
        return True

    def _sent(self, queued: Queued, notifier: Notifier) -> bool:
        try:
            return self._send(queued, notifier)
        except Exception:
            told = {"case_id": queued.message.case_id, "message_id": queued.message.id}
            log.exception("a message could not be put on record; it comes back when its lease is over", extra=told)
            return False

    def _send(self, queued: Queued, notifier: Notifier) -> bool:
        message = queued.message
        try:
            if message.channel not in notifier.channels:
                raise Undeliverable(f"nothing here sends on {message.channel.value}")
            receipt = notifier.send(message)
        except Undeliverable as error:
            self._delivered(message, Delivery.GIVEN_UP, self._now(), str(error))
            return False
        except Exception as error:  # noqa: BLE001  (a notifier may raise anything; the message is tried again)
            self._failed(queued, error)
            return False
        self._delivered(message, Delivery.SENT, receipt.at, "")
        return True

    def _failed(self, queued: Queued, error: Exception) -> None:
        message, tried = queued.message, queued.tries + 1
        told = type(error).__name__
        log.warning("sending failed", extra={"case_id": message.case_id, "message_id": message.id, "tried": tried, "error": told})
        if tried >= self.retries.tries:
            self._delivered(message, Delivery.GIVEN_UP, self._now(), told)
        else:
            self.store.retry(message.id, self._now() + self.retries.wait(tried, self.chance), told)

    def _delivered(self, message: OutboxMessage, delivery: Delivery, at: DateTime, note: str) -> None:
        self.handle(message.case_id, ReportDelivery(message_id=message.id, delivery=delivery, at=at, note=note))

    def _policy_for(self, case: Case) -> Policy:
        if case.policy_id == self.policy.id:
            return self.policy
        known = self._pinned.get(case.policy_id)
        if known is None:
            timing = self.store.timing(case.policy_id)
            if timing is None:
                log.error("the clocks of a case are not stored; the present ones serve", extra={"case_id": case.id})
                return self.policy
            known = self._pinned[case.policy_id] = self.policy.pinned(timing)
        return known

    def _context(self, case: Case | None, commands: Sequence[Command]) -> Context:
        """Fetch just what the commands say they need to know of the world."""
        needs = frozenset[Need]().union(OpenCase.needs if case is None else (), *(command.needs for command in commands))
        context = Context(
            away=self.directory.away(self._now()) if Need.AWAY in needs and self.directory is not None else None,
            new_case=self.identities() if Need.NEW_CASE in needs else None,
        )
        survivor_id = next((c.survivor for c in commands if isinstance(c, Close) and c.survivor is not None), None)
        survivor = None if survivor_id is None else self.store.load(survivor_id)
        if survivor is None:
            return context
        timing, lineage = self._policy_for(survivor).timing, tuple(self._lineage(survivor))
        return attrs.evolve(context, survivor=survivor, survivor_timing=timing, lineage=lineage)

    def _lineage(self, case: Case) -> Iterator[str]:
        seen = {case.id}
        after = case.closing.survivor
        while after is not None and after not in seen:
            yield after
            seen.add(after)
            found = self.store.load(after)
            after = None if found is None else found.closing.survivor

    def _now(self) -> DateTime:
        return _aware("now", self.now())


_NEVER = DateTime.max.replace(tzinfo=pendulum.UTC)


def _aware(name: str, at: datetime) -> DateTime:
    told = instant(at)
    if fault := is_instant(told):
        raise InvalidValue(name, [invalid(name, *fault)])
    return told


def _shown(step: Step, until: DateTime) -> bool:
    return step.due_at is not None and step.due_at <= until


def _with_opened(decision: Decision) -> Iterator[Decision]:
    yield decision
    for other in decision.opens:
        yield from _with_opened(other)


def _fingerprint(about: str, *commands: Command) -> str:
    told = dumps([about, *({"command": kind_of(type(command)), **to_dict(command)} for command in commands)])
    return hashlib.sha256(told.encode()).hexdigest()


def _log(decision: Decision) -> None:
    kinds = [kind_of(type(recorded.event)) for recorded in decision.events]
    rules = [reason.rule for reason in decision.warnings]
    log.info("saved", extra={"case_id": decision.case.id, "version": decision.case.version, "events": kinds, "rules": rules})
