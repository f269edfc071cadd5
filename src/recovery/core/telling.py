"""What an event says, in a sentence that can be read aloud. Words of people are not repeated here; they are in the event."""

from __future__ import annotations

from recovery.core.vocabulary.closing import CaseClosed
from recovery.core.vocabulary.common import Event, Word
from recovery.core.vocabulary.following_up import FollowUpAnswered, FollowUpMade, FollowUpPassed
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed
from recovery.core.vocabulary.ownership import CaseMoved, HandoverOffered
from recovery.core.vocabulary.proposing import Proposed
from recovery.core.vocabulary.receiving import (
    AlarmRung,
    CaseOpened,
    ContactJoined,
    Corrected,
    DeliveryReported,
    MessagePrepared,
    MessageWithheld,
    ReportNoted,
    TaskSet,
    Warned,
    WishRecorded,
)
from recovery.core.vocabulary.resolving import ArrivalConfirmed, CaseResolved, ProposalAccepted

__all__ = ["tell"]


def tell(event: Event) -> str:
    """Return what happened, in one plain sentence without personal data."""
    return _told(event) or (type(event).__doc__ or "").strip().splitlines()[0]


def _told(event: Event) -> str:
    match event:
        case CaseOpened() | ContactJoined():
            return _receiving(event)
        case MessagePrepared() | MessageWithheld() | DeliveryReported() | AlarmRung():
            return _sending(event)
        case TaskSet() | Warned() | ReportNoted() | WishRecorded() | Corrected():
            return _minding(event)
        case Proposed() | ProposalAccepted() | CaseResolved() | ArrivalConfirmed() | CaseClosed():
            return _resolving(event)
        case FollowUpMade() | FollowUpAnswered() | FollowUpPassed():
            return _following_up(event)
        case CustomerInformed(word=word):
            return f"The customer was given a word, {_how(word)}."
        case _:
            return _owning(event)


def _receiving(event: CaseOpened | ContactJoined) -> str:
    by = f"by {_plain(event.contact.channel.value)}"
    if isinstance(event, CaseOpened):
        return (
            f"A contact {by} waits in the tray: {'; '.join(event.tray)}."
            if event.tray
            else f"A contact {by} became a case, owned by {event.owner}."
        )
    if event.contact.automatic:
        return f"A machine's note came {by}; it answers nothing."
    return f"The customer wrote again, {by}."


def _owning(event: Event) -> str:
    match event:
        case CaseMoved(owner=owner):
            return f"A supervisor moved the case to {owner}."
        case HandoverOffered(to=to):
            return f"The case is on offer to {to}."
        case _:
            return ""


def _plain(text: str) -> str:
    return text.replace("_", " ")


def _how(word: Word) -> str:
    via = " and ".join(sorted(_plain(channel.value) for channel in word.via))
    return f"by {via}" if word.reached else f"by {via}, but nobody was reached"


def _sending(event: Event) -> str:
    match event:
        case MessagePrepared(manual=True):
            return f"The owner is to get in touch by {_plain(event.channel.value)}: {_templates(event)}."
        case MessagePrepared(person=person):
            return f"Written to {person or 'the customer'} by {_plain(event.channel.value)}: {_templates(event)}."
        case MessageWithheld(message_id=message_id, rule=rule):
            return f"{_message(message_id)} was held back ({rule})."
        case DeliveryReported(message_id=message_id, delivery=delivery):
            return f"{_message(message_id)}: {_plain(delivery.value)}."
        case AlarmRung(whom=whom, person=person, rule=rule):
            return f"{rule} rang for {'the library itself' if whom == 'nobody' else person or 'the ' + whom}."
        case _:
            return ""


def _message(message_id: str) -> str:
    _, number, channel = message_id.rsplit(":", 2)
    return f"Message {number} ({_plain(channel)})"


def _templates(event: MessagePrepared) -> str:
    return ", ".join(_plain(part.template) for part in event.parts)


def _minding(event: Event) -> str:
    match event:
        case TaskSet(rule=rule, owner=owner):
            return f"A dated step for {owner or 'the owner'} ({rule})."
        case Warned(reasons=reasons):
            return f"Warned: {'; '.join(reason.rule for reason in reasons)}."
        case ReportNoted(report=report):
            return f"Reported and kept, moving nothing: {_plain(report)}."
        case WishRecorded(wish=wish):
            return f"The customer's wish is on file: {_plain(wish.kind.value)}."
        case Corrected():
            return "A mistake was mended."
        case _:
            return ""


def _resolving(event: Event) -> str:
    match event:
        case Proposed(options=options, word=word):
            what = f"{len(options)} option{'' if len(options) == 1 else 's'}" if options else "no, with the reasons"
            return f"The customer was offered {what}, {_how(word)}." if options else f"The customer was told {what}, {_how(word)}."
        case ProposalAccepted(option=option, delivers=delivers):
            return f"The customer accepted {option!r}{f'; on its way: {delivers}' if delivers else ''}."
        case CaseResolved(outcome=outcome, word=word):
            return f"Resolved ({_plain(outcome.value)}), {_how(word)}."
        case ArrivalConfirmed(source=source):
            return f"It has arrived, says the {source.value}."
        case CaseClosed(reason=reason, survivor=survivor):
            return f"Closed: {_plain(reason.value)}{f', lives on as {survivor}' if survivor else ''}."
        case _:
            return ""


def _following_up(event: Event) -> str:
    match event:
        case FollowUpMade(which=which, word=word):
            return f"The customer was asked whether it is solved, after {which.value}, {_how(word)}."
        case FollowUpAnswered(solved=solved):
            return f"The customer says that it is {'solved' if solved else 'not solved'}."
        case FollowUpPassed(which=which, outcome=outcome):
            return f"The follow-up after {which.value} has ended: {outcome.value}."
        case _:
            return ""
