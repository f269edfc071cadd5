"""Small cases to hold a store against: each is the fold of its events, as a desk would save it."""

from __future__ import annotations

from datetime import timedelta

import pendulum
from pendulum import DateTime

from recovery.core.calendar import office_hours
from recovery.core.case import Case
from recovery.core.clock import Clock, Length, Timing, Unit
from recovery.core.fold import apply, fold
from recovery.core.values import later
from recovery.core.vocabulary.closing import CaseClosed, CloseReason
from recovery.core.vocabulary.common import Address, Channel, Customer, Event, Recorded
from recovery.core.vocabulary.ownership import CaseMoved
from recovery.core.vocabulary.receiving import (
    CaseOpened,
    Contact,
    ContactJoined,
    Corrected,
    Delivery,
    DeliveryReported,
    MessagePrepared,
    Part,
    TaskDone,
    TaskSet,
)
from recovery.ports.values import Change, KeyRecord, OutboxMessage

__all__ = [
    "KEY",
    "LEASE",
    "NASTY",
    "NOW",
    "TIMING",
    "after",
    "closed",
    "contact",
    "corrected",
    "following",
    "joined",
    "moved",
    "opening",
    "reported",
    "saying",
    "task",
    "task_done",
]

NOW = pendulum.datetime(2026, 3, 2, 9)
LEASE = timedelta(minutes=5)
KEY = KeyRecord(key="k-1", fingerprint="f-1", case_id="c-1", version=1)
NASTY = '\0 \ud800\udfff \u202eright to left\u202c 👩‍🚒 ẞ \r\n "quoted" \\ שלום \' %_ \u2028 \uffff'
"""Text that has broken stores before."""

TIMING = Timing(
    id="policy-1",
    calendar=office_hours("Europe/Berlin"),
    clocks=(Clock(id="c.one", rule="c.one", what="do it", starts=("received",), stops=("spoke",), length=Length(1, Unit.HOURS)),),
)


def after(minutes: float) -> DateTime:
    """Return the instant so many minutes after the start."""
    return later(NOW, timedelta(minutes=minutes))


def contact(text: str = "The kettle leaks.", **more: object) -> Contact:
    """Return what a customer wrote."""
    sender = Customer(name="Ann Example", id="k-7", addresses=(Address(channel=Channel.EMAIL, value="Ann@Example.org"),))
    return Contact(**{"channel": Channel.EMAIL, "received_at": NOW, "sender": sender, "text": text, **more})  # type: ignore[arg-type]


def opening(
    case_id: str = "c-1",
    *,
    reference: str | None = None,
    of: Contact | None = None,
    wake_at: DateTime | None = NOW,
    at: DateTime = NOW,
    owner: str = "ana",
    tray: tuple[str, ...] = (),
    policy_id: str = TIMING.id,
) -> Change:
    """Return the change that opens a case."""
    given = contact(message_id=f"<{case_id}@example.org>") if of is None else of
    event = CaseOpened(
        at=at,
        by="recovery",
        case_id=case_id,
        reference=reference or f"REF-{case_id}",
        policy_id=policy_id,
        owner=owner,
        contact=given,
        key=given.key,
        issue=given.text,
        tray=tray,
    )
    events = (Recorded(seq=1, recorded_at=at, event=event),)
    return Change(case=fold(events), base_version=0, events=events, wake_at=wake_at)


def following(case: Case, *events: Event, wake_at: DateTime | None = NOW, messages: tuple[OutboxMessage, ...] = ()) -> Change:
    """Return the change that carries a case on by ``events``, and settles the messages they report on."""
    entries = tuple(Recorded(seq=case.version + n, recorded_at=NOW, event=event) for n, event in enumerate(events, start=1))
    after_all = case
    for entry in entries:
        after_all = apply(after_all, entry)
    settled = tuple((event.message_id, event.delivery) for event in events if isinstance(event, DeliveryReported))
    return Change(case=after_all, base_version=case.version, events=entries, wake_at=wake_at, messages=messages, settled=settled)


def task(what: str = "Call the plumber.") -> TaskSet:
    """Return a dated step."""
    return TaskSet(at=NOW, by="ana", rule="case.never-forgotten", what=what, owner="ana")


def task_done(task_id: str) -> TaskDone:
    """Return the end of a dated step."""
    return TaskDone(at=NOW, by="ana", task_id=task_id)


def moved(owner: str) -> CaseMoved:
    """Return a new owner."""
    return CaseMoved(at=NOW, by="ana", owner=owner, reason="holiday")


def corrected(value: str) -> Corrected:
    """Return the address of the customer, put right."""
    address = Address(channel=Channel.EMAIL, value=value)
    return Corrected(at=NOW, by="ana", reason="a slip", customer=Customer(name="Ann Example", id="k-7", addresses=(address,)))


def joined(of: Contact) -> ContactJoined:
    """Return one more contact of the customer."""
    return ContactJoined(at=NOW, by="recovery", contact=of, key=of.key)


def closed(survivor: str | None = None) -> CaseClosed:
    """Return the end of a case."""
    reason = CloseReason.WITHDRAWN if survivor is None else CloseReason.DUPLICATE
    return CaseClosed(at=NOW, by="ana", reason=reason, survivor=survivor)


def saying(case: Case, *, person: str | None = None, due: DateTime = NOW, body: str = "We are on it.", ordinal: int = 1) -> Change:
    """Return the change that puts one message into the outbox; its id is ``case:number:email``."""
    seq = case.version + ordinal
    message_id = f"{case.id}:{seq}:email"
    to = Address(channel=Channel.EMAIL, value="Ann@Example.org")
    prepared = MessagePrepared(
        at=NOW, by="recovery", message_id=message_id, channel=Channel.EMAIL, to=to, person=person, parts=(Part(template="t"),)
    )
    message = OutboxMessage(
        id=message_id,
        case_id=case.id,
        seq=seq,
        channel=Channel.EMAIL,
        to=to,
        person=person,
        subject="Your kettle",
        body=body,
        created_at=due,
    )
    return following(case, prepared, messages=(message,))


def reported(message_id: str, delivery: Delivery = Delivery.SENT) -> DeliveryReported:
    """Return what became of a message."""
    return DeliveryReported(at=NOW, by="recovery", message_id=message_id, delivery=delivery)
