"""Closing and reopening: over means over, for a reason that holds, and any word of the customer brings it back."""

from __future__ import annotations

from collections.abc import Iterator

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import Clock
from recovery.core.practice.common import (
    ATTACHMENT,
    REACH,
    Draft,
    accountable_of,
    fresh_identity,
    happened,
    linked,
    over,
    reviewer_of,
    told_here,
    told_to_us,
    withheld,
)
from recovery.core.routing import choose_again
from recovery.core.rule import Moment, Problem, rule
from recovery.core.values import altered
from recovery.core.vocabulary.closing import (
    CaseClosed,
    CaseReopened,
    Close,
    CloseReason,
    ClosingPart,
    MergeUndone,
    Reopen,
    UndoMerge,
)
from recovery.core.vocabulary.common import MACHINE, Channel, Command, Event, Recorded
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer, RecordSurveyAnswers
from recovery.core.vocabulary.losing import OpenWinBack
from recovery.core.vocabulary.ownership import OwnerAway
from recovery.core.vocabulary.receiving import LIVE, Delivery, LinkedCaseOpened, MergeIn, MergeOut, Outgoing, Part, Receive

HEADING = "closing"
CHASES = 2
"""How often a customer is chased before a case may end for want of an answer (practice: ``close.reasons``)."""

# ---------------------------------------------------------------- rules


@rule("close.reasons", heading=HEADING, source="H, D, G", on=(Close,))
def close_reasons(case: Case, command: Close, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a case that is closed to be rid of it: each reason brings its own proof."""
    match command.reason:
        case CloseReason.WITHDRAWN if command.said is None:
            yield Problem("only the customer can withdraw", field="said", hint="Give their words, or the message they came in.")
        case CloseReason.DUPLICATE if command.survivor is None:
            yield Problem("a duplicate names the case that lives on", field="survivor", hint="Give its id.")
        case CloseReason.NOT_A_CASE:
            yield from _not_a_case(command, moment)
        case CloseReason.NO_ANSWER:
            yield from _not_chased(case)
        case CloseReason.LOST:
            yield from _not_lost(case, command, moment)
        case CloseReason.NOT_AFFECTED:
            yield from _affected(case, command)
        case _:
            pass
    if case.in_tray and command.reason in (CloseReason.WITHDRAWN, CloseReason.NO_ANSWER, CloseReason.LOST):
        hint = "Identify it, merge it into its case, or have a second person say that it is none."
        yield Problem("nobody knows yet whose it is", field="reason", hint=hint)
    yield from _answer_owed(case, command)


def _affected(case: Case, command: Close) -> Iterator[Problem]:
    affected = case.responsibility.affected
    if affected is None or affected.complained:
        why = "no incident opened it" if affected is None else "the customer complained, whatever else turns out"
        yield Problem(f"only the case of an incident ends so, and {why}", field="reason", hint="Name another reason.")
    elif not command.explanation.strip():
        hint = "Say in a sentence how it was found out."
        yield Problem("it is not said how we know that they are not affected", field="explanation", hint=hint)


def _not_a_case(command: Close, moment: Moment) -> Iterator[Problem]:
    if command.kind is None:
        yield Problem("only spam, misdirected mail or a test is no case", field="kind", hint="Say which of them it is.")
    if not command.explanation.strip():
        yield Problem("it is not said why this is no case", field="explanation", hint="Give the reason in a sentence.")
    if command.second_person is None or command.second_person == command.by:
        yield Problem("a second person must have looked", field="second_person", hint="Name somebody other than yourself.")
    elif not moment.terms.knows(command.second_person):
        yield Problem(f"nobody is called {command.second_person!r}", field="second_person", hint="Name somebody who looked.")


def _not_chased(case: Case) -> Iterator[Problem]:
    asked = case.since("asked", "replied")
    if asked is None:
        yield Problem("the customer has not been asked anything", field="reason", hint="Ask, and wait for the answer.")
        return
    chases = [out for out in case.receiving.outgoing if out.seq > asked.seq and out.person is None and _is_chase(out.parts)]
    # A voicemail is no contact, but it is a chase: the customer was asked again.
    made = [out for out in chases if out.state in LIVE or out.tried_at is not None]
    if len(made) < CHASES:
        message, hint = f"the customer was chased {len(made)} of {CHASES} times", "Wait for the chases, or ask again (Ask)."
        yield Problem(message, field="reason", hint=hint, params={"chases": len(made), "wanted": CHASES})
    channels = {address.channel for address in case.reachable(a.channel for a in case.receiving.customer.addresses)}
    if len(made) >= CHASES and len(channels) > 1 and len({out.channel for out in made}) < 2:
        yield Problem("both chases went by the same channel", field="reason", hint="Chase on another channel first.")


def _not_lost(case: Case, command: Close, moment: Moment) -> Iterator[Problem]:
    if command.said is None and not command.explanation.strip():
        hint = "Give the customer's words (said), or say how we know (explanation)."
        yield Problem("it is not said how we know that the customer left", field="said", hint=hint)
    if case.losing.lost_case is not None and case.losing.review is None:
        yield Problem("the loss has not been reviewed", field="reason", hint="Review it first (ReviewLoss).")
    if command.reviewer is not None and not moment.terms.knows(command.reviewer):
        yield Problem(f"nobody is called {command.reviewer!r}", field="reviewer", hint="Name somebody of ours.")
    elif command.reviewer is not None and moment.context.is_away(command.reviewer):
        yield Problem(f"{command.reviewer} is away", field="reviewer", hint="Choose somebody who is there.")


def _is_chase(parts: tuple[Part, ...]) -> bool:
    return any(part.template in ("chase", "chase_again") for part in parts)


def _answer_owed(case: Case, command: Close) -> Iterator[Problem]:
    if command.reason in (CloseReason.NOT_A_CASE, CloseReason.DUPLICATE, CloseReason.LOST):
        return
    answered = case.last("answered")
    since = -1 if answered is None else answered.seq
    cited = None if command.said is None else command.said.contact
    owed = [m.seq for m in case.marks if m.name == "wrote" and m.seq > since and m.seq != cited]
    if owed:
        hint = "Answer it (Inform), or mark it as needing no answer (WaiveAnswer)."
        yield Problem("the customer is owed an answer", field="reason", hint=hint, params={"contact": owed[0]})


@rule("reopen.window", heading=HEADING, source="H", on=(Receive, Reopen, RecordFollowUpAnswer, RecordSurveyAnswers))
def reopen_window(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from having to prove that it is the same problem: for a while any word reopens, later it is linked."""
    ended_at = case.ended_at
    if ended_at is None or (isinstance(command, RecordFollowUpAnswer) and command.solved):
        return
    asked = case.following_up.survey
    if isinstance(command, RecordSurveyAnswers) and not (asked is not None and asked.says_unsolved(command.answers)):
        return
    until = moment.terms.reopen_window.after(ended_at, moment.terms.calendar)
    if happened(command, moment) > until:
        hint = "A linked case is opened instead."
        yield Problem("the time in which the case reopens is over", hint=hint, params={"until": until})


# ---------------------------------------------------------------- clocks

CLOCKS: tuple[Clock, ...] = ()
PROTECTS: dict[str, str] = {}
SOURCES: dict[str, str] = {}
FIXED_CLOCKS: frozenset[str] = frozenset()

# ---------------------------------------------------------------- what a command leads to


def close(case: Case, command: Close, moment: Moment, _defects: frozenset[str]) -> Iterator[Event | Command]:
    """The case ends; a duplicate lives on in another, which hears what nobody has acknowledged yet."""
    yield CaseClosed(
        at=moment.now,
        by=command.by,
        reason=command.reason,
        said=command.said,
        survivor=command.survivor,
        kind=command.kind,
        explanation=command.explanation,
        second_person=command.second_person,
    )
    yield from withheld((out for out in case.receiving.outgoing if _waits_to_chase(out)), "close.reasons", moment.now)
    if command.reason is CloseReason.NOT_A_CASE:
        # Nobody looks for the address of a sender of spam.
        yield from over((task for task in case.receiving.tasks if task.about in (REACH, ATTACHMENT)), moment.now)
    if command.reason is CloseReason.DUPLICATE:
        since = case.opened_at if case.adopted is None else case.adopted.at
        unheard = case.last("acknowledged") is None
        wrote_at = since if unheard else None
        yield MergeIn(by=command.by, merged_id=case.id, wrote_at=wrote_at, reference=case.reference, facts=told_here(case))
    if command.reason is CloseReason.LOST:
        yield from withheld((out for out in case.receiving.outgoing if _rung_for_customer(out)), "close.reasons", moment.now)
        yield from over((task for task in case.receiving.tasks if task.about == REACH), moment.now)
        if case.losing.lost_case is None:
            yield from _win_back(case, command, moment)


def _rung_for_customer(out: Outgoing) -> bool:
    """Whether something that nobody of ours wrote is on its way to the customer, or a call to them is owed."""
    if out.person is not None or _is_chase(out.parts):
        return False
    by_itself = any(part.about is None for part in out.parts)
    return out.state is Delivery.OWED or (by_itself and out.state is Delivery.QUEUED)


def _win_back(case: Case, command: Close, moment: Moment) -> Iterator[Event | Command]:
    """The loss is reviewed on a case of its own, by somebody outside the unit that is accountable for it."""
    fresh, known, said = fresh_identity(case, moment), case.receiving, command.said
    yield LinkedCaseOpened(at=moment.now, by=command.by, case_id=fresh.case_id)
    yield OpenWinBack(
        by=command.by,
        case_id=fresh.case_id,
        reference=fresh.reference,
        lost_case=case.id,
        lost_at=moment.now,
        reviewer=reviewer_of(case, command.reviewer, moment),
        accountable=accountable_of(case),
        customer=known.customer,
        channel=Channel.IN_PERSON if said is None else said.channel,
        words=command.explanation if said is None else said.words or command.explanation,
        issue=known.issue,
        category=known.category,
        region=known.region,
        brand=known.brand,
    )


def _waits_to_chase(out: Outgoing) -> bool:
    """Whether a chase has not left yet, or a call to chase the customer is owed: nobody is chased about a case that is over."""
    return _is_chase(out.parts) and out.state in (Delivery.QUEUED, Delivery.OWED)


def reopen(case: Case, command: Reopen, moment: Moment, defects: frozenset[str]) -> Iterator[Event | Command]:
    """Back to investigating; long after the end, a linked case is opened instead."""
    at = happened(command, moment)
    if "reopen.window" not in defects:
        chosen = choose_again(case, moment.terms, moment.context)
        yield CaseReopened(
            at=at,
            by=command.by,
            owner=chosen.owner,
            reason=command.reason,
            procedure=chosen.procedure,
            passed_over=chosen.passed_over,
        )
        if chosen.nobody_there:
            yield OwnerAway(at=moment.now, by=MACHINE, owner=chosen.owner)
        return
    yield from linked(case, told_to_us(case, command.channel, command.reason, at), command, moment)


def undo_merge(case: Case, command: UndoMerge, moment: Moment, _defects: frozenset[str]) -> Iterator[Event | Command]:
    """The duplicate is a case of its own again, with what is owed; the case it was merged into hears of it."""
    survivor, chosen = case.closing.survivor, choose_again(case, moment.terms, moment.context)
    if survivor is None:
        return
    yield MergeUndone(
        at=moment.now,
        by=command.by,
        owner=chosen.owner,
        survivor=survivor,
        reason=command.reason,
        wrote_at=None if case.in_tray else _unanswered(case, moment.context.survivor),
        procedure=chosen.procedure,
        passed_over=chosen.passed_over,
    )
    if chosen.nobody_there:
        yield OwnerAway(at=moment.now, by=MACHINE, owner=chosen.owner)
    yield MergeOut(by=command.by, merged_id=case.id, reference=case.reference)


def _unanswered(case: Case, survivor: Case | None) -> DateTime | None:
    """Return when the customer of the duplicate wrote, where neither here nor there anybody has answered it."""
    if survivor is None:
        return None
    merged = next((merge.seq for merge in survivor.receiving.merges if merge.case_id == case.id), None)
    answered = survivor.last("answered")
    since = -1 if answered is None else answered.seq
    return next((m.at for m in survivor.marks if m.name == "wrote" and m.seq == merged and m.seq > since), None)


# ---------------------------------------------------------------- how an event folds in


def closed(part: ClosingPart, case: Case, recorded: Recorded, event: CaseClosed) -> ClosingPart:
    """Remember why, when, and where it lives on."""
    return altered(part, reason=event.reason, at=event.at, survivor=event.survivor)


def reopened(part: ClosingPart, case: Case, recorded: Recorded, event: CaseReopened) -> ClosingPart:
    """Not over after all."""
    return ClosingPart(reopened=part.reopened + 1)


def not_merged(part: ClosingPart, case: Case, recorded: Recorded, event: MergeUndone) -> ClosingPart:
    """Never over: it had only been taken for another."""
    return ClosingPart(reopened=part.reopened)


# ---------------------------------------------------------------- which messages it makes


def notice(case: Case, recorded: Recorded, event: CaseClosed, moment: Moment) -> Iterator[Draft]:
    """Who never answered hears that we stop asking, and that any word reopens."""
    if event.reason is CloseReason.NO_ANSWER:
        yield Draft(part=Part(template="no_answer_notice", about=recorded.seq), channel=Channel.EMAIL)


CHECKS = (close_reasons, reopen_window)
HANDLERS = {Close: close, Reopen: reopen, UndoMerge: undo_merge}
FOLDS = {CaseClosed: closed, CaseReopened: reopened, MergeUndone: not_merged}
MESSAGES = {CaseClosed: notice}
