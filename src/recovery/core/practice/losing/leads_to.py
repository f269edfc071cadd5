"""What a command about losing leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recovery.core.case import Case
from recovery.core.practice.common import happened, over
from recovery.core.practice.losing.rules import completed
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import Event
from recovery.core.vocabulary.losing import (
    AskLostCustomer,
    LossReviewed,
    LostCustomerAsked,
    MakeUpPlanned,
    OpenWinBack,
    PlanMakeUp,
    PlannedStep,
    ReviewLoss,
    WinBackOpened,
)
from recovery.core.vocabulary.receiving import CaseOpened, Contact, Receipting, TaskSet


def open_win_back(_case: Case, command: OpenWinBack, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The win-back case begins quietly: no receipt, no clock that faces the customer, but the review and the plan."""
    contact = Contact(
        channel=command.channel,
        received_at=command.lost_at,
        sender=command.customer,
        text=command.words,
        message_id=f"lost@{command.case_id}"[:200],
        category=command.category,
        region=command.region,
        brand=command.brand,
    )
    yield CaseOpened(
        at=moment.now,
        by=command.by,
        case_id=command.case_id,
        reference=command.reference,
        policy_id=moment.terms.timing.id,
        owner=command.reviewer,
        contact=contact,
        key=contact.key,
        issue=command.issue,
        links=(command.lost_case,),
        receipt=Receipting.NOT_DUE,
        quiet=True,
    )
    yield WinBackOpened(
        at=moment.now,
        by=command.by,
        lost_case=command.lost_case,
        lost_at=command.lost_at,
        accountable=command.accountable,
    )


def ask_lost_customer(_case: Case, command: AskLostCustomer, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The customer has been asked, or will be."""
    yield LostCustomerAsked(at=happened(command, moment), by=command.by, word=command.word)


def review_loss(case: Case, command: ReviewLoss, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The review is on file, and the steps of its decision are on somebody's agenda; those of an earlier one are off it."""
    estimate = completed(command, moment)
    yield from over((task for task in case.receiving.tasks if task.rule == "loss.win-back"), moment.now)
    yield LossReviewed(
        at=moment.now,
        by=command.by,
        should_have_taken=command.should_have_taken,
        turned=command.turned,
        needed=command.needed,
        estimate=estimate,
        worth=None if estimate.missing else estimate.worth(),
        segment=command.segment,
        decision=command.decision,
        reason=command.reason,
    )
    yield from _planned("loss.win-back", command.steps, command.by, moment)


def plan_make_up(case: Case, command: PlanMakeUp, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The plan is on file, and its steps are on somebody's agenda: of the unit's head, unless they name somebody."""
    yield MakeUpPlanned(at=moment.now, by=command.by, plan=command.plan)
    unit = case.losing.accountable
    head = moment.terms.fallback_owner if unit is None else moment.terms.head_of(unit)
    yield from _planned("loss.made-up", command.steps, command.by, moment, owner=head)


def _planned(rule_id: str, steps: Iterable[PlannedStep], by: str, moment: Moment, *, owner: str | None = None) -> Iterator[TaskSet]:
    for step in steps:
        yield TaskSet(at=moment.now, by=by, rule=rule_id, what=step.what, owner=step.owner or owner, due_at=step.due_at)
