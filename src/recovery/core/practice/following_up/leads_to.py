"""What a command about following up leads to."""

from __future__ import annotations

from collections.abc import Iterator

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.practice.common import happened, linked, step_for_owner, told_to_us, way_back, withheld
from recovery.core.practice.following_up.rules import which_of
from recovery.core.practice.following_up.survey import planned
from recovery.core.routing import choose_again
from recovery.core.rule import Moment
from recovery.core.vocabulary.closing import CaseReopened
from recovery.core.vocabulary.common import MACHINE, Command, Event
from recovery.core.vocabulary.following_up import (
    FollowUp,
    FollowUpAnswered,
    FollowUpMade,
    FollowUpOutcome,
    FollowUpPassed,
    PassFollowUp,
    RecordFollowUpAnswer,
    Then,
)
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed
from recovery.core.vocabulary.ownership import OwnerAway
from recovery.core.vocabulary.receiving import Delivery, Outgoing, ReportNoted


def follow_up(case: Case, command: FollowUp, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The customer is asked, or a try is on record; a call that could not count as a follow-up is a word, no more."""
    at = happened(command, moment)
    if defects - {"follow-up.other-channel"}:
        yield CustomerInformed(at=at, by=command.by, word=command.word)
        return
    yield FollowUpMade(
        at=at,
        by=command.by,
        word=command.word,
        which=which_of(case),
        topics=command.topics,
        issue=command.issue.strip() or case.receiving.issue,
        reach=way_back(command.reach, command, moment),
        counts=not defects,
    )


def record_answer(case: Case, command: RecordFollowUpAnswer, moment: Moment, defects: frozenset[str]) -> Iterator[Event | Command]:
    """Solved passes the stage; not solved reopens; something else becomes a case or a step, all in the same breath."""
    at = happened(command, moment)
    if defects - {"follow-up.something-else", "reopen.window"}:
        yield ReportNoted(at=at, by=command.by, report="record_follow_up_answer", said=command.said)
    elif not command.solved and "reopen.window" in defects:
        told = (command.said.words or "not solved", command.something_else)
        yield from _linked_case(case, command, "\n".join(text for text in told if text), moment)
        return
    else:
        yield from _answered(case, command, moment, at)
    if command.something_else.strip():
        yield from _something_else(case, command, moment)


def _answered(case: Case, command: RecordFollowUpAnswer, moment: Moment, at: DateTime) -> Iterator[Event]:
    which = which_of(case)
    yield FollowUpAnswered(
        at=at,
        by=command.by,
        said=command.said,
        which=which,
        solved=command.solved,
        treated_well=command.treated_well,
        something_else=command.something_else,
    )
    yield from _calls_off(case, "follow-up.other-channel", moment)
    if command.solved:
        yield FollowUpPassed(at=at, by=command.by, which=which, outcome=FollowUpOutcome.SOLVED)
        yield from planned(case, at, moment)
        return
    chosen = choose_again(case, moment.terms, moment.context)
    yield CaseReopened(
        at=at,
        by=command.by,
        owner=chosen.owner,
        reason="the customer says that it is not solved",
        procedure=chosen.procedure,
        passed_over=chosen.passed_over,
    )
    if chosen.nobody_there:
        yield OwnerAway(at=moment.now, by=MACHINE, owner=chosen.owner)


def _calls_off(case: Case, rule: str, moment: Moment) -> Iterator[Event]:
    """Nobody owes the customer a call any more about a follow-up that has been answered or passed."""
    yield from withheld((out for out in case.receiving.outgoing if _owed_call(out)), rule, moment.now)


def _owed_call(out: Outgoing) -> bool:
    return out.state is Delivery.OWED and any(part.template.startswith("follow_up_made") for part in out.parts)


def _something_else(case: Case, command: RecordFollowUpAnswer, moment: Moment) -> Iterator[Event | Command]:
    if command.then is Then.LINKED_CASE:
        yield from _linked_case(case, command, command.something_else, moment)
    else:
        what = f"the customer needs something else: {command.something_else}"
        yield step_for_owner("follow-up.something-else", what, moment.now, due_at=command.step_due_at)


def _linked_case(case: Case, command: RecordFollowUpAnswer, text: str, moment: Moment) -> Iterator[Event | Command]:
    contact = told_to_us(case, command.said.channel, text, happened(command, moment))
    yield from linked(case, contact, command, moment)


def pass_follow_up(case: Case, command: PassFollowUp, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """Enough was tried: the stage is passed as unanswered."""
    yield from _calls_off(case, "follow-up.unreachable", moment)
    yield _passed(case, command.by, moment, FollowUpOutcome.UNANSWERED)


def _passed(case: Case, by: str, moment: Moment, outcome: FollowUpOutcome) -> FollowUpPassed:
    return FollowUpPassed(at=moment.now, by=by, which=which_of(case), outcome=outcome)


def passes_by_wish(case: Case, _key: str, moment: Moment) -> Iterator[Event]:
    """A customer who wants no contact is not asked: the follow-up is passed as declined when it falls due."""
    if case.silenced:
        yield _passed(case, MACHINE, moment, FollowUpOutcome.DECLINED)


def passes_unanswered(case: Case, key: str, moment: Moment) -> Iterator[Event]:
    """After the last try without an answer, the follow-up is passed as unanswered."""
    if case.silenced:
        yield from passes_by_wish(case, key, moment)
    elif not moment.problems("follow-up.unreachable", case, PassFollowUp(by=MACHINE)):
        yield from _calls_off(case, "follow-up.unreachable", moment)
        yield _passed(case, MACHINE, moment, FollowUpOutcome.UNANSWERED)


LAPSES = {
    "follow-up.days": passes_by_wish,
    "follow-up.weeks": passes_by_wish,
    "follow-up.unreachable": passes_unanswered,
}
