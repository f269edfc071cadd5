"""What a command about receiving leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import IDLE
from recovery.core.practice.common import (
    ATTACHMENT,
    ISSUE_WORDS,
    happened,
    linked,
    reachable_now,
    step_for_owner,
    unreachable,
    withheld,
)
from recovery.core.practice.receiving.rules import told
from recovery.core.routing import choose, choose_again, traits_of, traits_of_case
from recovery.core.rule import Moment
from recovery.core.values import apart
from recovery.core.vocabulary.closing import CaseReopened
from recovery.core.vocabulary.common import MACHINE, Channel, Command, Customer, Event
from recovery.core.vocabulary.known import Earlier
from recovery.core.vocabulary.ownership import OwnerAway
from recovery.core.vocabulary.receiving import (
    Assess,
    Assessed,
    Bounce,
    CaseMergedIn,
    CaseMergedOut,
    CaseOpened,
    CompleteTask,
    Contact,
    ContactJoined,
    Correct,
    Corrected,
    Delivery,
    DeliveryReported,
    Identified,
    Identify,
    MergeIn,
    MergeOut,
    MovePolicy,
    OpenCase,
    Outgoing,
    PolicyMoved,
    Receipting,
    Receive,
    RecordWish,
    ReportDelivery,
    ReportNoted,
    SetTask,
    TaskDone,
    TaskSet,
    WishKind,
    WishRecorded,
)

LETTERS_OF_AN_ISSUE = 600
"""The same in letters, for a message that is one endless word."""


def open_case(case: Case, command: OpenCase, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """A contact becomes a case with an owner and the first dated steps, or waits in the tray."""
    contact, at = command.contact, happened(command, moment)
    chosen = choose(moment.terms, moment.context, traits_of(contact))
    wanted = None if moment.problems("owner.named", case, command) else command.owner
    tray = tuple(
        problem.message
        for check in ("contact.logged", "contact.automatic-mail")
        if check in defects
        for problem in moment.problems(check, case, command)
    )
    yield CaseOpened(
        at=at,
        by=command.by,
        case_id=command.case_id,
        reference=command.reference,
        policy_id=moment.terms.timing.id,
        owner=wanted or chosen.owner,
        contact=contact,
        key=contact.key,
        issue=first_words(contact),
        tray=tray,
        links=command.links,
        facts=command.facts,
        earlier=_earlier(moment),
        twins=moment.context.twins or (),
        receipt=Receipting.NOT_DUE if tray else _receipting(contact.sender, (), moment),
        procedure=chosen.procedure,
        passed_over=() if wanted else chosen.passed_over,
    )
    if chosen.nobody_there and wanted is None:
        yield OwnerAway(at=moment.now, by=MACHINE, owner=chosen.owner)
    if not tray:
        yield from _open_points(contact, moment.now)


def _earlier(moment: Moment) -> tuple[Earlier, ...]:
    """Return the customer's earlier cases that the case shall show, unless the policy has switched that off."""
    return (moment.context.earlier or ()) if "case.repeat-visible" in moment.checks else ()


def _open_points(contact: Contact, now: DateTime) -> Iterator[TaskSet]:
    if not contact.sender.addresses:
        yield unreachable(now)
    if not (told(contact.text) or told(contact.subject)):
        yield step_for_owner("contact.logged", "read the attachment: there are no words with it", now, about=ATTACHMENT)


def first_words(contact: Contact) -> str:
    """Return the words that stand for the issue until somebody states it."""
    words = (contact.subject.strip() or contact.text).split()
    return " ".join(words[:ISSUE_WORDS])[:LETTERS_OF_AN_ISSUE]


def _receipting(customer: Customer, unwelcome: Iterable[Channel], moment: Moment) -> Receipting:
    reachable = {address.channel for address in customer.addresses} - set(unwelcome)
    return Receipting.MACHINE if reachable & set(moment.terms.machine_channels) else Receipting.BY_HAND


def receive(case: Case, command: Receive, moment: Moment, defects: frozenset[str]) -> Iterator[Event | Command]:
    """A contact joins the case, reopens it, or long after its end opens a linked one; a repeat leaves no entry."""
    if any(note.key == command.contact.key for note in case.receiving.contacts):
        return
    automatic = "contact.automatic-mail" in defects
    if case.ended and not automatic and "reopen.window" in defects:
        yield from linked(case, command.contact, command, moment)
        return
    at = happened(command, moment)
    answerable = not automatic and not case.in_tray
    receipt = _receipt_again(case, moment) if answerable else Receipting.NOT_DUE
    contact = command.contact
    yield ContactJoined(at=at, by=command.by, contact=contact, key=contact.key, owes_answer=answerable, receipt=receipt)
    if answerable:
        yield from reachable_now(case, contact.sender, at)
    if contact.bounce is not None:
        yield from _came_back(case, contact.bounce, at, moment.now)
    if case.ended and answerable:
        yield from _reopened(case, command, moment)


def _came_back(case: Case, bounce: Bounce, at: DateTime, now: DateTime) -> Iterator[Event]:
    """What bounced counts no longer, and the owner has a step; so too where nobody can tell which message it was."""
    found, unknown = _bounced(case, bounce), "undelivered:unknown"
    if not found and all(task.about != unknown for task in case.receiving.tasks):
        yield step_for_owner("contact.automatic-mail", "find out which message of ours came back", now, about=unknown)
    for out in found:
        if out.state is not Delivery.BOUNCED:
            yield DeliveryReported(at=at, by=MACHINE, message_id=out.id, delivery=Delivery.BOUNCED, note=bounce.why)
            yield from _undelivered(case, out, Delivery.BOUNCED, now)


def _bounced(case: Case, bounce: Bounce) -> list[Outgoing]:
    """Return the messages a bounce names; where it names none, the last mail that was sent to the address that failed."""
    named = [out for out in case.receiving.outgoing if out.id in bounce.messages]
    address = case.receiving.customer.address(Channel.EMAIL)
    failed = {address.casefold() for address in bounce.addresses}
    if named or address is None or address.value.casefold() not in failed:
        return named
    sent = (out for out in case.receiving.outgoing if out.channel is Channel.EMAIL and out.person is None)
    return [out for out in sent if out.state in (Delivery.SENT, Delivery.BOUNCED)][-1:]


def _reopened(case: Case, command: Receive, moment: Moment) -> Iterator[Event]:
    chosen = choose_again(case, moment.terms, moment.context)
    why = "the customer wrote again"
    yield CaseReopened(
        at=moment.now,
        by=command.by,
        owner=chosen.owner,
        reason=why,
        contact=case.version + 1,
        procedure=chosen.procedure,
        passed_over=chosen.passed_over,
    )
    if chosen.nobody_there:
        yield OwnerAway(at=moment.now, by=MACHINE, owner=chosen.owner)


def _receipt_again(case: Case, moment: Moment) -> Receipting:
    last = case.receiving.receipted_at
    if case.silenced or (case.not_before is not None and moment.now < case.not_before):
        return Receipting.NOT_DUE
    if last is not None and apart(last, moment.now) < timedelta(days=1):
        return Receipting.NOT_DUE
    return _receipting(case.receiving.customer, case.unwelcome, moment)


def identify(case: Case, command: Identify, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """A contact leaves the tray and becomes a case, with the clocks counting from its receipt; elsewhere it is a correction."""
    if not case.in_tray:
        at, issue = happened(command, moment), command.issue or None
        yield Corrected(at=at, by=command.by, reason="identified", customer=command.customer, issue=issue, earlier=_earlier(moment))
        yield from reachable_now(case, command.customer, at)
        return
    customer = command.customer
    receiving = case.receiving
    chosen = choose(moment.terms, moment.context, traits_of_case(case, customer))
    yield Identified(
        at=happened(command, moment),
        by=command.by,
        customer=customer,
        owner=chosen.owner,
        issue=command.issue or receiving.issue,
        received_at=case.opened_at,
        receipt=_receipting(customer, (), moment),
        procedure=chosen.procedure,
        passed_over=chosen.passed_over,
        earlier=_earlier(moment),
        twins=moment.context.twins or (),
    )
    if chosen.nobody_there:
        yield OwnerAway(at=moment.now, by=MACHINE, owner=chosen.owner)
    if not customer.addresses:
        yield unreachable(moment.now)


def record_wish(case: Case, command: RecordWish, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The wish is on file, and what has not left yet is held back where the wish forbids it."""
    at, wish = happened(command, moment), command.wish
    if defects:
        yield ReportNoted(at=at, by=command.by, report="record_wish", said=command.said)
        yield step_for_owner("contact.wishes", "ask the customer what they wish", moment.now)
        return
    yield WishRecorded(at=at, by=command.by, wish=wish, said=command.said)
    if wish.kind is not WishKind.ANOTHER_PERSON:
        waiting = (out for out in case.receiving.outgoing if _has_not_left(out) and wish.channel in (None, out.channel))
        yield from withheld(waiting, "contact.wishes", moment.now)


def _has_not_left(out: Outgoing) -> bool:
    return out.person is None and out.state in (Delivery.QUEUED, Delivery.OWED)


_FAILED = frozenset({Delivery.GIVEN_UP, Delivery.BOUNCED})


def report_delivery(case: Case, command: ReportDelivery, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """What became of a message is on file; what did not arrive is a step of the owner. The same report twice is one entry."""
    at = happened(command, moment)
    out = next((out for out in case.receiving.outgoing if out.id == command.message_id), None)
    if out is None:
        yield ReportNoted(at=at, by=command.by, report=f"report_delivery of {command.message_id}", details=_note(command))
        yield step_for_owner("case.never-forgotten", "find out which message this delivery report is about", moment.now)
        return
    ended = command.delivery if out.manual or command.delivery is not Delivery.NOT_REACHED else Delivery.GIVEN_UP
    if _is_known(out, ended, at):
        return
    yield DeliveryReported(at=at, by=command.by, message_id=out.id, delivery=ended, note=command.note)
    if ended in _FAILED:
        yield from _undelivered(case, out, ended, moment.now)


def _is_known(out: Outgoing, ended: Delivery, at: DateTime) -> bool:
    """Whether a report says nothing new: what bounced had been sent, and a call is tried once at one instant."""
    if ended is Delivery.NOT_REACHED:
        return out.tried_at == at
    return ended is out.state or (ended is Delivery.SENT and out.state is Delivery.BOUNCED)


def _undelivered(case: Case, out: Outgoing, ended: Delivery, now: DateTime) -> Iterator[TaskSet]:
    about = f"undelivered:{out.person or out.channel.value}"
    if any(task.about == about for task in case.receiving.tasks):
        return
    whom = "the customer" if out.person is None else out.person
    bounced = ended is Delivery.BOUNCED
    rule_id = "contact.automatic-mail" if bounced else "case.never-forgotten"
    how = "bounced" if bounced else "could not be delivered"
    yield step_for_owner(rule_id, f"reach {whom} another way: a message by {out.channel.value} {how}", now, about=about)


def set_task(_case: Case, command: SetTask, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The step is on the agenda."""
    yield TaskSet(at=moment.now, by=command.by, rule=IDLE, what=command.what, owner=command.owner, due_at=command.due_at)


def complete_task(case: Case, command: CompleteTask, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The step is off the agenda; one that is not on it, or that a tick alone cannot take, is only noted."""
    at = happened(command, moment)
    undecided = moment.problems("propose.within-guideline", case, command)
    if not undecided and any(task.id == command.task_id for task in case.receiving.tasks):
        yield TaskDone(at=at, by=command.by, task_id=command.task_id, note=command.note)
    else:
        yield ReportNoted(at=at, by=command.by, report=f"complete_task {command.task_id}", details=_note(command))


def _note(command: CompleteTask | ReportDelivery) -> tuple[tuple[str, str], ...]:
    """Return what was noted with a report about something that is not there: it is kept with the report."""
    return (("note", command.note),) if command.note else ()


def assess(_case: Case, command: Assess, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """How the case looks to a person of ours is on file."""
    at = happened(command, moment)
    yield Assessed(at=at, by=command.by, severity=command.severity, mood=command.mood, category=command.category)


def correct(case: Case, command: Correct, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """What was wrong on file is replaced; the history keeps both. Where it brings an address, nobody has to look for one."""
    at = happened(command, moment)
    yield Corrected(
        at=at,
        by=command.by,
        reason=command.reason,
        customer=command.customer,
        issue=command.issue,
        category=command.category,
        region=command.region,
        brand=command.brand,
        outcome=command.outcome,
    )
    yield from reachable_now(case, command.customer, at)


def merge_in(_case: Case, command: MergeIn, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The history of a duplicate belongs here now, and so does a word that nobody has acknowledged there."""
    at = happened(command, moment)
    yield CaseMergedIn(
        at=at,
        by=command.by,
        merged_id=command.merged_id,
        wrote_at=command.wrote_at,
        reference=command.reference,
        facts=command.facts,
    )


def merge_out(case: Case, command: MergeOut, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The duplicate is a case of its own again; what the customer wrote meanwhile may belong to it, and somebody looks."""
    at, name = happened(command, moment), command.reference or command.merged_id
    merge = next((merge for merge in case.receiving.merges if merge.case_id == command.merged_id), None)
    if merge is None:
        yield ReportNoted(at=at, by=command.by, report=f"merge_out of {command.merged_id}")
        return
    yield CaseMergedOut(at=at, by=command.by, merged_id=merge.case_id, reference=command.reference, merged_at=merge.seq)
    if any(note.seq > merge.seq and not note.automatic for note in case.receiving.contacts):
        yield step_for_owner("case.one-thread", f"see which of the customer's later messages belong to {name}", moment.now)


def move_policy(case: Case, command: MovePolicy, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The case runs on the present clocks from now on; where it does already, nothing changes."""
    if case.policy_id != moment.terms.timing.id:
        yield PolicyMoved(at=moment.now, by=command.by, policy_id=moment.terms.timing.id, reason=command.reason)
