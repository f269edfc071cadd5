"""How an event of receiving folds into its part of the case."""

from __future__ import annotations

from collections.abc import Iterator

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.stages import Stage
from recovery.core.values import altered
from recovery.core.vocabulary.closing import MergeUndone
from recovery.core.vocabulary.common import Mark, Recorded, Severity
from recovery.core.vocabulary.receiving import (
    Assessed,
    CaseAdopted,
    CaseMergedIn,
    CaseMergedOut,
    CaseOpened,
    ContactJoined,
    ContactNote,
    Corrected,
    Delivery,
    DeliveryReported,
    Identified,
    LinkedCaseOpened,
    Merge,
    MessagePrepared,
    MessageWithheld,
    Outgoing,
    ReceivingPart,
    Task,
    TaskDone,
    TaskSet,
    WishRecorded,
)
from recovery.core.vocabulary.responsibility import AffectedCaseOpened


def opened(part: ReceivingPart, case: Case, recorded: Recorded, event: CaseOpened) -> ReceivingPart:
    """Begin with what the first contact tells."""
    contact = event.contact
    return ReceivingPart(
        customer=contact.sender,
        contacts=(_note(event, recorded.seq),),
        issue=event.issue,
        category=contact.category,
        region=contact.region,
        brand=contact.brand,
        tray=event.tray,
        links=event.links,
        severity=contact.severity or Severity.NORMAL,
        mood=contact.mood,
        earlier=event.earlier,
        twins=event.twins,
    )


def adopted(part: ReceivingPart, case: Case, recorded: Recorded, event: CaseAdopted) -> ReceivingPart:
    """Begin with what the other system tells of the first contact."""
    contact = event.contact
    return ReceivingPart(
        customer=contact.sender,
        contacts=(_note(event, recorded.seq),),
        issue=event.issue,
        category=contact.category,
        region=contact.region,
        brand=contact.brand,
        severity=contact.severity or Severity.NORMAL,
        mood=contact.mood,
    )


def affected(part: ReceivingPart, case: Case, recorded: Recorded, event: AffectedCaseOpened) -> ReceivingPart:
    """Begin with what we know of somebody who has not said a word: there is no contact yet."""
    return ReceivingPart(
        customer=event.customer,
        issue=event.what,
        category=event.category,
        region=event.region,
        brand=event.brand,
        severity=event.severity,
    )


def _note(event: CaseOpened | CaseAdopted | ContactJoined, seq: int) -> ContactNote:
    contact = event.contact
    return ContactNote(
        seq=seq,
        at=event.received_at if isinstance(event, CaseAdopted) else event.at,
        channel=contact.channel,
        key=event.key,
        automatic=contact.automatic,
        message_id=contact.message_id,
        ticket=contact.ticket,
    )


def joined(part: ReceivingPart, case: Case, recorded: Recorded, event: ContactJoined) -> ReceivingPart:
    """Add the contact, and an address it came from that was not on file."""
    contact = event.contact
    known = {address.channel for address in part.customer.addresses}
    fresh = () if contact.automatic else tuple(a for a in contact.sender.addresses if a.channel not in known)
    customer = altered(part.customer, addresses=(*part.customer.addresses, *fresh)) if fresh else part.customer
    return altered(
        part,
        contacts=(*part.contacts, _note(event, recorded.seq)),
        customer=customer,
        severity=contact.severity or part.severity,
        mood=contact.mood or part.mood,
    )


def identified(part: ReceivingPart, case: Case, recorded: Recorded, event: Identified) -> ReceivingPart:
    """Out of the tray."""
    return altered(part, customer=event.customer, issue=event.issue, tray=(), earlier=event.earlier, twins=event.twins)


def wished(part: ReceivingPart, case: Case, recorded: Recorded, event: WishRecorded) -> ReceivingPart:
    """Keep the wish."""
    return altered(part, wishes=(*part.wishes, event.wish))


def prepared(part: ReceivingPart, case: Case, recorded: Recorded, event: MessagePrepared) -> ReceivingPart:
    """Remember what is on its way, and when the customer was last told that we have it."""
    out = Outgoing(
        id=event.message_id,
        seq=recorded.seq,
        channel=event.channel,
        person=event.person,
        parts=event.parts,
        manual=event.manual,
        state=Delivery.OWED if event.manual else Delivery.QUEUED,
        at=event.at,
    )
    if "receipt" in [piece.template for piece in event.parts]:
        return altered(part, outgoing=(*part.outgoing, out), receipted_at=event.at)
    return altered(part, outgoing=(*part.outgoing, out))


def delivered(part: ReceivingPart, case: Case, recorded: Recorded, event: DeliveryReported) -> ReceivingPart:
    """Keep what became of it; a call that reached nobody is still owed."""
    if event.delivery is not Delivery.NOT_REACHED:
        return _changed(part, event.message_id, state=event.delivery, at=event.at)
    return _changed(part, event.message_id, state=Delivery.OWED, at=event.at, tried_at=event.at)


def held_back(part: ReceivingPart, case: Case, recorded: Recorded, event: MessageWithheld) -> ReceivingPart:
    """It does not leave."""
    return _changed(part, event.message_id, state=Delivery.WITHHELD, at=event.at)


def _changed(
    part: ReceivingPart, message_id: str, *, state: Delivery, at: DateTime, tried_at: DateTime | None = None
) -> ReceivingPart:
    changed = tuple(altered(out, state=state, at=at, tried_at=tried_at) if out.id == message_id else out for out in part.outgoing)
    return altered(part, outgoing=changed)


def task_set(part: ReceivingPart, case: Case, recorded: Recorded, event: TaskSet) -> ReceivingPart:
    """Put the step on the list."""
    task = Task(
        id=str(recorded.seq),
        rule=event.rule,
        what=event.what,
        set_at=event.at,
        owner=event.owner,
        due_at=event.due_at,
        about=event.about,
    )
    return altered(part, tasks=(*part.tasks, task))


def task_done(part: ReceivingPart, case: Case, recorded: Recorded, event: TaskDone) -> ReceivingPart:
    """Take the step off the list."""
    return altered(part, tasks=tuple(task for task in part.tasks if task.id != event.task_id))


def assessed(part: ReceivingPart, case: Case, recorded: Recorded, event: Assessed) -> ReceivingPart:
    """The latest judgement of a person counts."""
    return altered(
        part,
        severity=event.severity or part.severity,
        mood=event.mood or part.mood,
        category=event.category or part.category,
    )


def corrected(part: ReceivingPart, case: Case, recorded: Recorded, event: Corrected) -> ReceivingPart:
    """Replace what was given."""
    return altered(
        part,
        customer=part.customer if event.customer is None else event.customer,
        issue=part.issue if event.issue is None else event.issue,
        category=part.category if event.category is None else event.category,
        region=part.region if event.region is None else event.region,
        brand=part.brand if event.brand is None else event.brand,
        earlier=part.earlier if event.earlier is None else event.earlier,
    )


def linked_to(part: ReceivingPart, case: Case, recorded: Recorded, event: LinkedCaseOpened) -> ReceivingPart:
    """Remember what grew out of this case."""
    return altered(part, links=(*part.links, event.case_id))


def merged_in(part: ReceivingPart, case: Case, recorded: Recorded, event: CaseMergedIn) -> ReceivingPart:
    """Remember whose history belongs here."""
    return altered(part, merges=(*part.merges, Merge(case_id=event.merged_id, seq=recorded.seq)))


def merged_out(part: ReceivingPart, case: Case, recorded: Recorded, event: CaseMergedOut) -> ReceivingPart:
    """Its history does not belong here after all."""
    return altered(part, merges=tuple(merge for merge in part.merges if merge.case_id != event.merged_id))


# ---------------------------------------------------------------- which marks it leaves beside its own


def held_again(case: Case, recorded: Recorded, event: MergeUndone) -> Iterator[Mark]:
    """A contact that was merged from the tray waits in it again: still nobody knows whose it is."""
    if case.in_tray:
        yield Mark(name="held", at=event.at, seq=recorded.seq)


def gone_on(case: Case, recorded: Recorded, event: Identified) -> Iterator[Mark]:
    """A contact that comes out of the tray for the second time is past its acknowledgement: an answer is owed instead."""
    if case.stage is not Stage.RECEIVED:
        yield Mark(name="reopened", at=event.at, seq=recorded.seq)
        yield Mark(name="wrote", at=event.received_at, seq=recorded.seq)
