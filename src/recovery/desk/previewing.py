"""What would be said next: drafts for people, and every message a case would send. Nothing is stored, and nothing leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, cast

import attrs
from attrs import field, frozen
from pendulum import DateTime

from recovery.core import decide as deciding
from recovery.core.agenda import steps
from recovery.core.case import Case
from recovery.core.clock import Whom
from recovery.core.decide import Decision, decide
from recovery.core.errors import InvalidValue, Refused, Strength
from recovery.core.messages import Message, compose
from recovery.core.policy import Policy
from recovery.core.values import invalid
from recovery.core.vocabulary.common import Channel, Command, Event, Recorded, Speaking, kind_of
from recovery.core.vocabulary.following_up import FollowUp
from recovery.core.vocabulary.receiving import AlarmRung, Contact, Delivery, MessagePrepared, Receive, Wake
from recovery.desk.acting import load, words_of
from recovery.desk.knowing import context_for, now_of, policy_for
from recovery.desk.values import Drafted, Preview, PreviewKind
from recovery.templates import PlainTexts
from recovery.templates.drafting import DRAFTED, Sketch, fitting, sketch, word_for

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["WAKES", "Wanted", "draft", "preview"]

WAKES = 40
"""How many rungs ahead a preview looks: enough for every clock of a case to have said what it says."""

NEXT_WORDS = "..."
"""What stands for the customer's next message, of which only the receipt is shown."""


# ---------------------------------------------------------------- drafts


@frozen(kw_only=True)
class Wanted:
    """Which draft somebody wants, and what they give for it; see :meth:`recovery.desk.Desk.draft`."""

    kind: type[Command]
    by: str | None = None
    via: tuple[Channel, ...] = ()
    name: str | None = None
    fields: Mapping[str, object] = field(factory=dict[str, object], hash=False)


def draft(desk: Desk, case_id: str, wanted: Wanted) -> Drafted:
    """Draft what a person might say on a case."""
    case, history = load(desk, case_id), desk.store.history(case_id)
    policy, now = policy_for(desk, case), now_of(desk)
    made = _sketched(case, wanted, policy, now, history)
    return _drafted(desk, case, _command(desk, case, policy, made, wanted), policy, now)


def _sketched(case: Case, wanted: Wanted, policy: Policy, now: DateTime, history: Iterable[Recorded]) -> Sketch:
    kind = wanted.kind
    if kind not in DRAFTED:
        known = ", ".join(sorted(one.__name__ for one in DRAFTED))
        raise InvalidValue("the draft", [invalid("kind", f"is {kind.__name__}, which is not drafted", f"There are: {known}.")])
    return sketch(case, cast("type[Speaking]", kind), policy=policy, now=now, name=wanted.name, history=history)


def _command(desk: Desk, case: Case, policy: Policy, made: Sketch, wanted: Wanted) -> Speaking:
    customer = case.receiving.customer
    values = {**made.values, "timezone": customer.timezone or "", "desk_timezone": policy.calendar.timezone}
    try:
        text = _drafts_of(desk).draft(made.name, values, language=customer.language or "")
        word = word_for(case, made, policy, text, wanted.via)
        given = {"by": wanted.by or case.owner, "word": word, **made.fields, **wanted.fields}
        command: Speaking = made.kind(**given)  # type: ignore[arg-type]
    except LookupError as error:
        raise InvalidValue("the draft", [invalid("name", "is unknown", f"{error}.")]) from None
    except TypeError:
        known = ", ".join(sorted(f.name for f in attrs.fields(made.kind)))
        raise InvalidValue("the draft", [invalid("fields", "do not fit", f"{made.kind.__name__} has: {known}.")]) from None
    return command


def _drafts_of(desk: Desk) -> PlainTexts:
    """Return what puts drafts into words: the desk's own texts, where they have drafts."""
    known = getattr(desk.renderer, "texts", desk.renderer)
    return known if isinstance(known, PlainTexts) else PlainTexts()


def _drafted(desk: Desk, case: Case, command: Speaking, policy: Policy, now: DateTime) -> Drafted:
    context = context_for(desk, case, (command,))
    reasons = deciding.why_not(case, command, policy=policy, now=now, context=context)
    return Drafted(
        command=command,
        text=command.word.text,
        messages=tuple(_would_say(desk, case, command, policy, now)),
        reasons=reasons,
    )


def _would_say(desk: Desk, case: Case, command: Speaking, policy: Policy, now: DateTime) -> Iterator[Preview]:
    """Yield what the customer would get, also where a rule still stands in the way: a draft is shown so that it can be mended."""
    decision = _tried(desk, case, command, policy, now) or _tried(desk, case, command, _lenient(policy), now)
    if decision is not None:
        because = kind_of(type(command))
        yield from (
            _shown(desk, message, PreviewKind.DRAFT, because) for message in _said(decision, policy) if message.person is None
        )


def _lenient(policy: Policy) -> Policy:
    """Return the policy without its movable rules, on the same clocks: only to see what a message would look like."""
    movable = {check.id: Strength.OFF for check in policy.checks.values() if not check.fixed}
    return attrs.evolve(policy, strengths=movable, pinned_to=policy.timing)


def _tried(desk: Desk, case: Case, command: Command, policy: Policy, now: DateTime) -> Decision | None:
    try:
        return decide(case, command, policy=policy, now=now, context=context_for(desk, case, (command,)))
    except Refused:
        return None


def _said(decision: Decision, policy: Policy) -> Iterator[Message]:
    """Yield the messages of a decision, calls and letters included."""
    spoken = {recorded.seq: recorded.event for recorded in decision.events}
    for recorded in decision.events:
        if isinstance(recorded.event, MessagePrepared):
            yield compose(decision.case, recorded, spoken, policy.terms)


# ---------------------------------------------------------------- everything that would be said


def preview(desk: Desk, case_id: str) -> tuple[Preview, ...]:
    """Return every message the case would send next."""
    case, history = load(desk, case_id), tuple(desk.store.history(case_id))
    policy, now = policy_for(desk, case), now_of(desk)
    return (
        *_waiting(desk, case, history, policy),
        *_drafts(desk, case, history, policy, now),
        *_receipt(desk, case, policy, now),
        *_by_themselves(desk, case, policy, now),
    )


def _waiting(desk: Desk, case: Case, history: Iterable[Recorded], policy: Policy) -> Iterator[Preview]:
    """Yield what has been written and has not left: what software sends, and what is to be done by hand."""
    spoken: dict[int, Event] = {recorded.seq: recorded.event for recorded in history}
    kinds = {Delivery.QUEUED: PreviewKind.WAITS, Delivery.OWED: PreviewKind.BY_HAND}
    for out in case.receiving.outgoing:
        event = spoken.get(out.seq)
        if out.state in kinds and isinstance(event, MessagePrepared):
            message = compose(case, Recorded(seq=out.seq, recorded_at=event.at, event=event), spoken, policy.terms)
            yield _shown(desk, message, kinds[out.state], message.sayings[0].template)


def _drafts(desk: Desk, case: Case, history: Iterable[Recorded], policy: Policy, now: DateTime) -> Iterator[Preview]:
    for kind in fitting(case, policy, now):
        at = _when(case, kind, policy, now)
        wanted = Wanted(kind=kind)
        command = _command(desk, case, policy, _sketched(case, wanted, policy, at, history), wanted)
        yield from _would_say(desk, case, command, policy, at)


def _when(case: Case, kind: type[Speaking], policy: Policy, now: DateTime) -> DateTime:
    """Return when a draft would be said: now, but a follow-up when it is due."""
    due = [step.due_at for step in steps(case, policy.terms) if step.clock in ("follow-up.days", "follow-up.weeks")]
    dates = [at for at in due if at is not None]
    return max(now, min(dates)) if kind is FollowUp and dates else now


def _receipt(desk: Desk, case: Case, policy: Policy, now: DateTime) -> Iterator[Preview]:
    """Yield the receipt that the customer's next message would get, where one is due."""
    if case.ended or case.in_tray:
        return
    channel = case.receiving.contacts[-1].channel
    contact = Contact(channel=channel, received_at=now, sender=case.receiving.customer, text=NEXT_WORDS)
    decision = _tried(desk, case, Receive(contact=contact), policy, now)
    for message in () if decision is None else _said(decision, policy):
        if any(saying.template == "receipt" for saying in message.sayings):
            yield _shown(desk, message, PreviewKind.RECEIPT, "contact.receipt")


def _by_themselves(desk: Desk, case: Case, policy: Policy, now: DateTime) -> Iterator[Preview]:
    """Yield what the clocks would send if nobody did anything: each thing once for each reader, when it would first be said."""
    seen: set[tuple[object, ...]] = set()
    for _ in range(WAKES):
        wake_at = next((step.wake_at for step in steps(case, policy.terms)), None)
        decision = None if wake_at is None else _tried(desk, case, Wake(), policy, max(now, wake_at))
        if decision is None or not decision.events:
            return
        case = decision.case
        for message in _said(decision, policy):
            told = {(message.person, saying.template, saying.values.get("rule")) for saying in message.sayings}
            if told - seen:
                seen |= told
                yield _shown(desk, message, PreviewKind.BY_ITSELF, _rules(decision, message))


def _rules(decision: Decision, message: Message) -> str:
    """Return the rules behind a message: a colleague's names them, and of a customer's the alarms tell."""
    told = [saying.values.get("rule", "") for saying in message.sayings]
    if message.person is None:
        alarms = (recorded.event for recorded in decision.events if isinstance(recorded.event, AlarmRung))
        told = [alarm.rule for alarm in alarms if alarm.whom == Whom.CUSTOMER.value]
    return ", ".join(dict.fromkeys(filter(None, told)))


def _shown(desk: Desk, message: Message, kind: PreviewKind, because: str) -> Preview:
    words = words_of(desk, message)
    return Preview(
        kind=kind,
        because=because,
        at=message.at,
        channel=message.channel,
        person=message.person,
        to="" if message.to is None else message.to.value,
        templates=tuple(saying.template for saying in message.sayings),
        subject=words.subject,
        body=words.body,
        html=words.html,
    )
