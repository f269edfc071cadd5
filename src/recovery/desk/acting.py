"""Taking contacts and carrying out commands: load, decide, save, and once more where somebody else was faster."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache, partial
from typing import TYPE_CHECKING

import attrs
from pendulum import DateTime

from recovery.codec import dumps, to_dict
from recovery.core.case import Case
from recovery.core.decide import Decision, decide
from recovery.core.errors import CaseNotFound, ConflictingChange, KeyReused, RecoveryError
from recovery.core.messages import Message
from recovery.core.place import Place, Placement, lookups_for, place
from recovery.core.policy import Policy
from recovery.core.vocabulary.common import Command, kind_of
from recovery.core.vocabulary.receiving import Contact, Delivery, MovePolicy, OpenCase, Receive, ReportDelivery, Wake
from recovery.desk.finding import found
from recovery.desk.knowing import context_for, now_of, policy_for
from recovery.desk.saving import save
from recovery.desk.turns import pause, turn
from recovery.desk.values import Outcome
from recovery.ports.renderer import Rendered
from recovery.ports.values import Change, KeyRecord, OutboxMessage
from recovery.templates import PlainTexts

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["TRIES", "change_of", "handle", "load", "look", "open_own", "receive", "rehearse", "words_of"]

log = logging.getLogger("recovery")
log.addHandler(logging.NullHandler())

TRIES = 200
"""How often a decision is made anew when somebody else was faster, before the conflict is passed on."""

Attempt = Callable[[KeyRecord | None], Outcome]


def load(desk: Desk, case_id: str) -> Case:
    """Return a case. Raises :class:`CaseNotFound`."""
    case = desk.store.load(case_id)
    if case is None:
        raise CaseNotFound(case_id)
    return case


def receive(desk: Desk, contact: Contact, key: str | None) -> Outcome:
    """Take a contact where it belongs."""
    return _again(desk, contact.key, partial(_received, desk, contact), key, _fingerprint(key, "receive", Receive(contact=contact)))


def open_own(desk: Desk, contact: Contact, owner: str | None, links: tuple[str, ...], key: str | None) -> Outcome:
    """Open a case of its own for a contact."""
    attempt = partial(_opened_once, desk, contact, owner, links)
    return _again(desk, contact.key, attempt, key, _fingerprint(key, "open", Receive(contact=contact)))


def handle(desk: Desk, case_id: str, commands: tuple[Command, ...], key: str | None, expected_version: int | None) -> Outcome:
    """Carry out commands on a case, all or none."""
    attempt = partial(_handled, desk, case_id, commands, expected_version)
    return _again(desk, case_id, attempt, key, _fingerprint(key, case_id, *commands), pinned=expected_version is not None)


def look(desk: Desk, case_id: str) -> None:
    """Look at a case whose clocks may be due, and store when to look again, also where nothing has happened.

    Raises :class:`NothingFollows` where the case would be due again at once.
    """
    _again(desk, case_id, partial(_looked, desk, case_id), None, "")


def _looked(desk: Desk, case_id: str, _key: KeyRecord | None) -> Outcome:
    case = load(desk, case_id)
    decision, policy = _decided(desk, case, (Wake(),))
    if not decision.events and decision.wake_at is not None and decision.wake_at <= now_of(desk):
        raise NothingFollows(case_id, decision.wake_at)
    return _saved(desk, decision, policy, None)


class NothingFollows(RecoveryError):
    """A case is due and nothing follows from it: it would be looked at for ever."""

    def __init__(self, case_id: str, due_at: DateTime) -> None:
        super().__init__(f"Case {case_id!r} is due since {due_at} and nothing follows from it. Look at the clocks of its policy.")


def _again(desk: Desk, about: str, attempt: Attempt, key: str | None, fingerprint: str, *, pinned: bool = False) -> Outcome:
    """Try until nobody else was faster; what is repeated under a key is not done again. ``about`` is what is raced for."""
    for lost in range(1, TRIES + 1):
        known = None if key is None else desk.store.key(key)
        if known is not None and known.fingerprint != fingerprint:
            raise KeyReused(known.key)
        if known is not None:
            return Outcome(case=load(desk, known.case_id), repeated=True)
        record = None if key is None else KeyRecord(key=key, fingerprint=fingerprint, case_id="?", version=0)
        begun = 0.0
        try:
            with turn(about) if lost > 1 else nullcontext():
                begun = time.monotonic()
                return attempt(record)
        except ConflictingChange as conflict:
            if pinned or conflict.final or lost == TRIES:
                raise
            time.sleep(pause(lost, time.monotonic() - begun, desk.chance))
    raise AssertionError  # pragma: no cover  (the last try returns or raises)


def _received(desk: Desk, contact: Contact, key: KeyRecord | None) -> Outcome:
    placement = _placed(desk, contact)
    if placement.place is Place.REPEAT and placement.case_id is not None:
        return Outcome(case=load(desk, placement.case_id), repeated=True)
    if placement.case_id is not None:
        return _handled(desk, placement.case_id, (Receive(contact=contact),), None, key)
    return _opened(desk, contact, None, placement.links, key)


def _placed(desk: Desk, contact: Contact) -> Placement:
    there = found(desk, lookups_for(contact))
    return place(contact, there.cases, there.unreadable)


def _opened_once(desk: Desk, contact: Contact, owner: str | None, links: tuple[str, ...], key: KeyRecord | None) -> Outcome:
    placement = _placed(desk, contact)
    if placement.place is Place.REPEAT and placement.case_id is not None:
        return Outcome(case=load(desk, placement.case_id), repeated=True)
    return _opened(desk, contact, owner, links, key)


def _opened(desk: Desk, contact: Contact, owner: str | None, links: tuple[str, ...], key: KeyRecord | None) -> Outcome:
    fresh = desk.identities()
    command = OpenCase(case_id=fresh.case_id, reference=fresh.reference, contact=contact, owner=owner, links=links)
    return _carry_out(desk, None, (command,), key)


def _handled(
    desk: Desk, case_id: str, commands: tuple[Command, ...], expected_version: int | None, key: KeyRecord | None
) -> Outcome:
    case = load(desk, case_id)
    if expected_version is not None and case.version != expected_version:
        raise ConflictingChange(case_id, expected_version, case.version)
    return _carry_out(desk, case, commands, key)


def _carry_out(desk: Desk, case: Case | None, commands: tuple[Command, ...], key: KeyRecord | None) -> Outcome:
    decision, policy = _decided(desk, case, commands)
    if key is None and not any(each.events for each in _with_opened(decision)):
        return _outcome(decision)
    return _saved(desk, decision, policy, key)


def _decided(desk: Desk, case: Case | None, commands: tuple[Command, ...]) -> tuple[Decision, Policy]:
    moves = case is None or any(isinstance(command, MovePolicy) for command in commands)
    policy = desk.policy if case is None or moves else policy_for(desk, case)
    return decide(case, *commands, policy=policy, now=now_of(desk), context=context_for(desk, case, commands)), policy


def _saved(desk: Desk, decision: Decision, policy: Policy, key: KeyRecord | None) -> Outcome:
    changes = [change_of(desk, each) for each in _with_opened(decision)]
    record = None if key is None else attrs.evolve(key, case_id=decision.case.id, version=decision.case.version)
    save(desk, changes, policy.timing, record)
    for each in _with_opened(decision):
        _log(each)
    return _outcome(decision)


def _outcome(decision: Decision) -> Outcome:
    opened = tuple(other.case for other in decision.opens)
    return Outcome(case=decision.case, events=decision.events, warnings=decision.warnings, opened=opened)


def rehearse(desk: Desk, message: OutboxMessage) -> None:
    """Raise whatever would stop it from being put on record that ``message`` was sent; nothing is stored.

    What could not be filed would be sent again and again. Raises :class:`NobodyWaits` where its case knows nothing of it.
    """
    sent = ReportDelivery(message_id=message.id, delivery=Delivery.SENT, at=now_of(desk))
    decision, _ = _decided(desk, load(desk, message.case_id), (sent,))
    if message.id not in dict(decision.settled):
        raise NobodyWaits(message.id)


class NobodyWaits(RecoveryError):
    """A message waits in the outbox, and its case does not wait for it."""

    def __init__(self, message_id: str) -> None:
        super().__init__(f"Message {message_id!r} is in the outbox, and its case does not wait for it. Ask the doctor.")


def change_of(desk: Desk, decision: Decision) -> Change:
    """Return what a decision about one case stores, its messages put into words."""
    return Change(
        case=decision.case,
        base_version=0 if decision.before is None else decision.before.version,
        events=decision.events,
        wake_at=decision.wake_at,
        messages=tuple(_rendered(desk, message) for message in decision.messages),
        settled=decision.settled,
        before=decision.before,
    )


def _rendered(desk: Desk, message: Message) -> OutboxMessage:
    words = words_of(desk, message)
    return OutboxMessage(
        id=message.id,
        case_id=message.case_id,
        seq=message.seq,
        channel=message.channel,
        to=message.to,
        person=message.person,
        subject=words.subject,
        body=words.body,
        html=words.html,
        created_at=min(message.at, now_of(desk)),  # where a clock was ahead for a while, nobody waits until it has come there
        name=message.values.get("customer" if message.person is None else "person", ""),
        reference=message.reference,
        templates=tuple(saying.template for saying in message.sayings),
        origin=message.origin,
        replies_to=message.replies_to,
    )


def words_of(desk: Desk, message: Message) -> Rendered:
    """Return the words of a message: the desk's, or where these fail the built-in ones."""
    try:
        found = (desk.renderer or _built_in()).render(message)
        return found if isinstance(found, Rendered) else _without_html(*found)
    except Exception:  # noqa: BLE001  (whatever fails in a host's texts, the customer still hears from us)
        told = {"case_id": message.case_id, "message_id": message.id}
        log.warning("rendering failed, the built-in text goes out", extra=told)
        return _built_in().render(message)


@cache
def _built_in() -> PlainTexts:
    return PlainTexts()


def _without_html(subject: str, body: str) -> Rendered:
    return Rendered(subject=subject, body=body)


def _with_opened(decision: Decision) -> Iterator[Decision]:
    yield decision
    for other in decision.opens:
        yield from _with_opened(other)


def _fingerprint(key: str | None, about: str, *commands: Command) -> str:
    """Return by which a call under a key is known again; where there is no key nobody asks."""
    if key is None:
        return ""
    told = dumps([about, *({"command": kind_of(type(command)), **to_dict(command)} for command in commands)])
    return hashlib.sha256(told.encode()).hexdigest()


def _log(decision: Decision) -> None:
    if not log.isEnabledFor(logging.INFO):
        return
    kinds = [kind_of(type(recorded.event)) for recorded in decision.events]
    rules = [reason.rule for reason in decision.warnings]
    log.info("saved", extra={"case_id": decision.case.id, "version": decision.case.version, "events": kinds, "rules": rules})
