"""What a command of proposing leads to."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.guideline import covering
from recovery.core.practice.common import happened, history_of, over, step_for_owner
from recovery.core.practice.proposing.budgets import steps_about
from recovery.core.practice.proposing.common import asked_for, guideline_of
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import Event
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed
from recovery.core.vocabulary.proposing import (
    DenyException,
    ExceptionDenied,
    ExceptionGranted,
    ExceptionRequested,
    GrantException,
    Investigate,
    InvestigationStarted,
    Option,
    ProposalDeclined,
    Propose,
    Proposed,
    RecordDecline,
    RecordRemedySought,
    RemedySought,
    RequestException,
)
from recovery.core.vocabulary.receiving import ReportNoted, TaskSet


def investigate(_case: Case, command: Investigate, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """Somebody is looking for the resolution."""
    yield InvestigationStarted(at=moment.now, by=command.by)


def record_remedy_sought(_case: Case, command: RecordRemedySought, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """What the customer wishes is on file; what only a machine is said to have wished is noted."""
    at = happened(command, moment)
    if defects:
        yield ReportNoted(at=at, by=command.by, report="record_remedy_sought", said=command.said)
        yield step_for_owner("propose.asked-wish", "find out what the customer wishes", moment.now)
    else:
        yield RemedySought(at=at, by=command.by, said=command.said, remedy=command.remedy)


def propose(case: Case, command: Propose, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The customer has an offer; a report of one that offered nothing is a word, no more.

    What the guideline says must be delivered is awaited, whether or not the option says so. What was offered already beyond the
    guideline stays offered: a step for whoever stands above sees to it.
    """
    at = happened(command, moment)
    if defects:
        yield CustomerInformed(at=at, by=command.by, word=command.word)
        return
    yield Proposed(
        at=at,
        by=command.by,
        word=command.word,
        options=tuple(_with_delivery(case, option, at, moment) for option in command.options),
        explanation=command.explanation,
        tried=command.tried,
        second_person=command.second_person,
        counter_answer=command.counter_answer,
        cites=command.cites,
        citing=command.citing,
        guideline="\n".join(_public(command.cites, moment)),
        history=history_of(case, moment),
    )
    yield from steps_about(case, command, moment)
    if command.is_report and _beyond(case, command, moment):
        what = "something was offered beyond the guideline; it stays offered, see whether others need it too"
        above = moment.terms.supervisor(command.by)
        rule = "propose.within-guideline"
        yield TaskSet(at=moment.now, by=command.by, rule=rule, what=what, owner=above)


def _with_delivery(case: Case, option: Option, at: DateTime, moment: Moment) -> Option:
    guideline = guideline_of(case, moment)
    remedy = None if guideline is None else guideline.remedy(option.named)
    if option.delivers is not None or remedy is None or remedy.delivers is None:
        return option
    calendar = moment.terms.calendar
    by = None if remedy.takes is None else calendar.next_opening(remedy.takes.after(at, calendar))
    return attrs.evolve(option, delivers=remedy.delivers, by=option.by or by)


def _public(cites: tuple[str, ...], moment: Moment) -> Iterator[str]:
    by_id = {guideline.id: guideline for guideline in moment.terms.guidelines}
    yield from (by_id[name].public.strip() for name in cites if name in by_id)


def _beyond(case: Case, command: Propose, moment: Moment) -> bool:
    found = moment.problems("propose.within-guideline", case, command)
    return any(problem.strength is not Strength.SHOULD for problem in found)


def record_decline(_case: Case, command: RecordDecline, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The customer declined: back to investigating, with what they asked for instead."""
    at = happened(command, moment)
    if defects:
        yield ReportNoted(at=at, by=command.by, report="record_decline", said=command.said)
        yield step_for_owner("propose.options-or-no", "find out what the customer says to the proposal", moment.now)
    else:
        yield ProposalDeclined(at=at, by=command.by, said=command.said, counter_offer=command.counter_offer)


# ---------------------------------------------------------------- exceptions


def request_exception(case: Case, command: RequestException, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """Somebody with authority has it on their agenda: whoever was named, else the one with the least authority that covers it."""
    terms, guideline = moment.terms, guideline_of(case, moment)
    can = covering(terms.authorities, command.value, guideline, last=terms.fallback_owner, but=command.by)
    there = [person for person in can if not moment.context.is_away(person)]
    approver = command.approver or next(iter(there or can), terms.fallback_owner)
    what = f"decide on an exception: {command.remedy}{'' if command.value is None else f', {command.value}'}: {command.reason}"
    yield ExceptionRequested(
        at=moment.now, by=command.by, remedy=command.remedy, value=command.value, reason=command.reason, approver=approver
    )
    about = asked_for(str(case.version + 1))
    yield TaskSet(at=moment.now, by=command.by, rule="propose.within-guideline", what=what, owner=approver, about=about)


def grant_exception(case: Case, command: GrantException, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """It may be offered, until the date; the step to decide is done."""
    found = case.proposing.exception(command.exception_id)
    value = command.value or (None if found is None else found.value)
    yield ExceptionGranted(
        at=moment.now,
        by=command.by,
        exception_id=command.exception_id,
        value=value,
        until=command.until,
        note=command.note,
    )
    yield from _decided(case, command.exception_id, moment)


def deny_exception(case: Case, command: DenyException, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """It may not be offered; the step to decide is done."""
    yield ExceptionDenied(at=moment.now, by=command.by, exception_id=command.exception_id, reason=command.reason)
    yield from _decided(case, command.exception_id, moment)


def _decided(case: Case, exception_id: str, moment: Moment) -> Iterator[Event]:
    about = asked_for(exception_id)
    yield from over((task for task in case.receiving.tasks if task.about == about), moment.now)
