"""What an event says, in a sentence that can be read aloud. Words of people are not repeated here; they are in the event."""

from __future__ import annotations

from functools import singledispatch

from recovery.core.vocabulary.closing import CaseClosed, MergeUndone
from recovery.core.vocabulary.common import Event, Word
from recovery.core.vocabulary.following_up import (
    FollowUpAnswered,
    FollowUpMade,
    FollowUpPassed,
    SurveyAnswered,
    SurveySent,
    SurveySkipped,
)
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed, QuestionAsked
from recovery.core.vocabulary.losing import LossReviewed, LostCustomerAsked, MakeUpPlanned, WinBack, WinBackOpened
from recovery.core.vocabulary.ownership import (
    CaseMoved,
    FactRecorded,
    HandoverAccepted,
    HandoverDeclined,
    HandoverLapsed,
    HandoverOffered,
    HistoryConsulted,
)
from recovery.core.vocabulary.proposing import ExceptionDenied, ExceptionGranted, ExceptionRequested, Proposed, RemedySought
from recovery.core.vocabulary.receiving import (
    AlarmRung,
    Assessed,
    CaseAdopted,
    CaseMergedIn,
    CaseMergedOut,
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
from recovery.core.vocabulary.resolving import ArrivalConfirmed, CaseResolved, DeliveryDispatched, ProposalAccepted
from recovery.core.vocabulary.responsibility import (
    AccountableRecorded,
    AffectedCaseOpened,
    AffectedNamedAgain,
    CauseRecorded,
    IncidentJoined,
)

__all__ = ["tell"]


@singledispatch
def tell(event: Event) -> str:
    """Return what happened, in one plain sentence without personal data: the event's own, where nothing here says it better."""
    return (type(event).__doc__ or "").strip().splitlines()[0]


def _plain(text: str) -> str:
    return text.replace("_", " ")


def _how(word: Word) -> str:
    via = " and ".join(sorted(_plain(channel.value) for channel in word.via))
    return f"by {via}" if word.reached else f"by {via}, but nobody was reached"


def _message(message_id: str) -> str:
    _, number, channel = message_id.rsplit(":", 2)
    return f"Message {number} ({_plain(channel)})"


@tell.register
def _(event: CaseOpened) -> str:
    by = _plain(event.contact.channel.value)
    if event.tray:
        return f"A contact by {by} waits in the tray: {'; '.join(event.tray)}."
    if event.quiet:
        return f"A case was opened from our side, owned by {event.owner}."
    why = f" ({'; '.join(event.passed_over)})" if event.passed_over else ""
    return f"A contact by {by} became a case, owned by {event.owner}{why}."


@tell.register
def _(event: CaseAdopted) -> str:
    waits = " and waiting for the customer" if event.asked_at is not None else ""
    told = f"{_plain(event.stage.value)}{waits}, as that system says and nobody has confirmed"
    return f"Adopted from {event.system}: {told}; owned by {event.owner}."


@tell.register
def _(event: ContactJoined) -> str:
    by = _plain(event.contact.channel.value)
    return (
        f"A machine's note came by {by}; it answers nothing." if event.contact.automatic else f"The customer wrote again, by {by}."
    )


@tell.register
def _(event: MessagePrepared) -> str:
    by, what = _plain(event.channel.value), ", ".join(_plain(part.template) for part in event.parts)
    if event.manual:
        return f"The owner is to get in touch by {by}: {what}."
    return f"Written to {event.person or 'the customer'} by {by}: {what}."


@tell.register
def _(event: MessageWithheld) -> str:
    return f"{_message(event.message_id)} was held back ({event.rule})."


@tell.register
def _(event: DeliveryReported) -> str:
    return f"{_message(event.message_id)}: {_plain(event.delivery.value)}."


@tell.register
def _(event: AlarmRung) -> str:
    whom = "the library itself" if event.whom == "nobody" else event.person or f"the {event.whom}"
    return f"{event.rule} rang for {whom}."


@tell.register
def _(event: TaskSet) -> str:
    return f"A dated step for {event.owner or 'the owner'} ({event.rule})."


@tell.register
def _(event: Warned) -> str:
    return f"Warned: {'; '.join(reason.rule for reason in event.reasons)}."


@tell.register
def _(event: ReportNoted) -> str:
    return f"Reported and kept, moving nothing: {_plain(event.report)}."


@tell.register
def _(event: WishRecorded) -> str:
    return f"The customer's wish is on file: {_plain(event.wish.kind.value)}."


@tell.register
def _(event: Assessed) -> str:
    told = [event.severity and event.severity.value, event.mood and f"the customer is {event.mood.value}", event.category]
    return f"Assessed: {', '.join(piece for piece in told if piece)}."


@tell.register
def _(_event: Corrected) -> str:
    return "A mistake was mended."


@tell.register
def _(event: CustomerInformed) -> str:
    return f"The customer was given a word, {_how(event.word)}."


@tell.register
def _(event: CaseMoved) -> str:
    return f"A supervisor moved the case {f'from {event.former} ' if event.former else ''}to {event.owner}."


@tell.register
def _(event: FactRecorded) -> str:
    again = "" if event.again is None else f" ({_plain(event.again.value)})"
    return f"What the customer told is on file: {_plain(event.key)}{again}."


@tell.register
def _(event: HistoryConsulted) -> str:
    number = len(event.cases)
    what = f"looked at {number} of them" if number > 1 else "looked at it" if number else "found none"
    return f"{event.by} looked for the customer's earlier cases, and {what}."


@tell.register
def _(event: QuestionAsked) -> str:
    about = "something" if event.fact is None else f"for the {_plain(event.fact)}"
    what = f"whether the {_plain(event.fact or 'file')} on file is right" if event.confirms else about
    again = "" if event.again is None else f", again ({_plain(event.again.value)})"
    return f"The customer was asked {what}{again}, {_how(event.word)}."


@tell.register
def _(event: CaseMergedIn) -> str:
    return f"Case {event.reference or event.merged_id} was closed as a duplicate of this one; its history belongs here now."


@tell.register
def _(event: CaseMergedOut) -> str:
    return f"Case {event.reference or event.merged_id} is no duplicate of this one after all; it goes its own way again."


@tell.register
def _(event: MergeUndone) -> str:
    return f"No duplicate after all: a case of its own again, owned by {event.owner}."


@tell.register
def _(event: HandoverOffered) -> str:
    return f"The case is on offer to {event.to}{f', and no longer to {event.instead_of}' if event.instead_of else ''}."


@tell.register
def _(event: HandoverAccepted) -> str:
    return f"{event.owner} has taken the case over{f' from {event.former}' if event.former else ''}."


@tell.register
def _(event: HandoverDeclined) -> str:
    return f"{event.by} does not take the case; it stays where it was."


@tell.register
def _(event: HandoverLapsed) -> str:
    return f"{event.offered_to or 'Nobody'} did not answer in time; the case stays where it was."


@tell.register
def _(event: RemedySought) -> str:
    return f"The customer said what would put it right{f': {event.remedy}' if event.remedy else ''}."


@tell.register
def _(event: ExceptionRequested) -> str:
    worth = "" if event.value is None else f", {event.value}"
    return f"An exception was asked for: {event.remedy}{worth}; {event.approver} decides."


@tell.register
def _(event: ExceptionGranted) -> str:
    return f"The exception {event.exception_id} was granted{'' if event.value is None else f', up to {event.value}'}."


@tell.register
def _(event: ExceptionDenied) -> str:
    return f"The exception {event.exception_id} was turned down."


@tell.register
def _(event: Proposed) -> str:
    number = len(event.options)
    if not number:
        return f"The customer was told no, with the reasons, {_how(event.word)}."
    return f"The customer was offered {number} option{'' if number == 1 else 's'}, {_how(event.word)}."


@tell.register
def _(event: ProposalAccepted) -> str:
    return f"The customer accepted {event.option!r}{f'; on its way: {event.delivers}' if event.delivers else ''}."


@tell.register
def _(event: CaseResolved) -> str:
    return f"Resolved ({_plain(event.outcome.value)}), {_how(event.word)}."


@tell.register
def _(event: ArrivalConfirmed) -> str:
    return f"It has arrived, says the {event.source.value}."


@tell.register
def _(event: CaseClosed) -> str:
    return f"Closed: {_plain(event.reason.value)}{f', lives on as {event.survivor}' if event.survivor else ''}."


@tell.register
def _(event: SurveySent) -> str:
    number = len(event.survey.questions)
    return f"The survey goes to the customer: {number} question{'' if number == 1 else 's'}."


@tell.register
def _(event: SurveySkipped) -> str:
    return f"The survey was not sent: {event.why}."


@tell.register
def _(event: SurveyAnswered) -> str:
    number = len(event.answers)
    late, unhappy = " after its time" if event.late else "", "; the customer is unhappy" if event.unhappy else ""
    return f"The customer answered {number} question{'' if number == 1 else 's'} of the survey{late}{unhappy}."


@tell.register
def _(event: WinBackOpened) -> str:
    whose = f"; the loss is charged to {event.accountable}" if event.accountable else ""
    return f"A customer left (case {event.lost_case}); it is to be reviewed{whose}."


@tell.register
def _(event: LostCustomerAsked) -> str:
    return f"The customer was asked what made them leave, {_how(event.word)}."


@tell.register
def _(event: LossReviewed) -> str:
    decided = {WinBack.TRY: "we try to win the customer back", WinBack.LET_GO: "we let the customer go"}[event.decision]
    if event.worth is None:
        return f"The loss was reviewed: {decided}."
    return f"The loss was reviewed: {decided}; profit to expect: {event.worth.profit.in_money(event.worth.currency)}."


@tell.register
def _(_event: MakeUpPlanned) -> str:
    return "The accountable unit planned how to make up for the loss."


@tell.register
def _(event: FollowUpMade) -> str:
    return f"The customer was asked whether it is solved, after {event.which.value}, {_how(event.word)}."


@tell.register
def _(event: FollowUpAnswered) -> str:
    return f"The customer says that it is {'solved' if event.solved else 'not solved'}."


@tell.register
def _(event: FollowUpPassed) -> str:
    return f"The follow-up after {event.which.value} has ended: {event.outcome.value}."


@tell.register
def _(event: DeliveryDispatched) -> str:
    return f"{event.sent_as.value.capitalize()} left us{f', with {event.carrier}' if event.carrier else ''}."


@tell.register
def _(event: CauseRecorded) -> str:
    where = ", outside the company" if event.external else ""
    return f"Why it happened is on record: {event.kind.value}{where}."


@tell.register
def _(event: AccountableRecorded) -> str:
    why = ", which accepted the customer" if event.by_default else ""
    return f"Accountable for it: {event.unit}{why}; {event.head} has a task."


@tell.register
def _(event: AffectedCaseOpened) -> str:
    return f"The incident {event.incident} affects this customer, who has not complained; we reach out first. Owner: {event.owner}."


@tell.register
def _(event: IncidentJoined) -> str:
    return f"What the customer complained about belongs to the incident {event.incident}."


@tell.register
def _(event: AffectedNamedAgain) -> str:
    return f"The incident {event.incident} named this customer once more; one case is enough."
