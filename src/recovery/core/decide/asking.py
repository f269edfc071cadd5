"""What can be asked without deciding anything: what would be refused, what is permitted, what is due, what is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from recovery.core.agenda import Reading, Step, readings, steps
from recovery.core.briefing import Briefing, assemble
from recovery.core.case import Case
from recovery.core.decide.deciding import decide
from recovery.core.decide.gates import BEGINS, IN_TRAY, NEEDS_OPEN, checked_now, in_tray, no_step
from recovery.core.errors import Reason, Refused
from recovery.core.policy import Policy
from recovery.core.practice import HANDLERS, TRIGGERS
from recovery.core.routing import Routing, explain, traits_of
from recovery.core.rule import UNKNOWN, Context, Moment, reason_of
from recovery.core.stages import Trigger, next_stage
from recovery.core.vocabulary.common import MACHINE, Command, Report, kind_of
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer
from recovery.core.vocabulary.receiving import (
    Contact,
    MergeIn,
    MergeOut,
)

__all__ = ["agenda", "briefing", "clocks", "explain_route", "permitted", "why_not"]


def why_not(
    case: Case | None, *commands: Command, policy: Policy, now: datetime, context: Context | None = None
) -> tuple[Reason, ...]:
    """Return exactly the reasons that :func:`decide` would raise; none where it would not."""
    try:
        decide(case, *commands, policy=policy, now=now, context=context)
    except Refused as refusal:
        return refusal.reasons
    return ()


@frozen(kw_only=True)
class _Asking(Command):
    by: str = field(default=MACHINE)


def permitted(case: Case, *, policy: Policy, now: datetime, context: Context | None = None) -> Mapping[str, tuple[Reason, ...]]:
    """Return for each kind of command why it is ruled out whatever it says; empty where nothing rules it out.

    A report is kept all the same: what rules it out here is why it would move nothing.
    """
    moment = policy.moment(checked_now(case, now), UNKNOWN if context is None else context)
    kinds = (kind for kind in HANDLERS if kind not in (*BEGINS, MergeIn, MergeOut))
    return {kind_of(kind): _ruled_out(case, kind, policy, moment) for kind in kinds}


def _ruled_out(case: Case, kind: type[Command], policy: Policy, moment: Moment) -> tuple[Reason, ...]:
    trigger = TRIGGERS.get(kind)
    if case.in_tray and kind not in IN_TRAY:
        return (in_tray(kind),)
    if kind is RecordFollowUpAnswer and next_stage(case.stage, Trigger.REOPEN) is not None:
        return ()  # "not solved" is heard at any time
    if (trigger is not None and next_stage(case.stage, trigger) is None) or (case.ended and kind in NEEDS_OPEN):
        return (no_step(case, kind, trigger),)
    report = issubclass(kind, Report)  # which moves the case all the same, unless a check blocks it
    checks = (check for check in policy.checks_on(kind) if check.of_case and (check.blocks or not report))
    found = ((check, problem) for check in checks for problem in check.test(case, _Asking(), moment))
    return tuple(reason_of(check.id, problem, policy.weight(check, problem)) for check, problem in found)


def agenda(case: Case, policy: Policy) -> tuple[Step, ...]:
    """Return every dated step of the case, the soonest to wake first."""
    return steps(case, policy.terms)


def briefing(case: Case, policy: Policy, word: str = "") -> Briefing:
    """Return what whoever takes the case over must know, put together from the case.

    ``word`` is what the old owner adds; without one, it is the word that came with the standing offer, if there is one.
    """
    offer = case.ownership.offer
    return assemble(case, policy.terms, word or ("" if offer is None else offer.briefing))


def explain_route(contact: Contact, policy: Policy, context: Context | None = None) -> Routing:
    """Return where a contact would go under ``policy``, by which procedure, and why; nothing is decided by asking.

    ``context`` says who is away and how much everybody has to do; what it does not say counts against nobody.
    """
    return explain(policy.terms, UNKNOWN if context is None else context, traits_of(contact))


def clocks(case: Case, policy: Policy, now: datetime) -> tuple[Reading, ...]:
    """Return how every clock of the case stands at ``now``: met, missed, open, paused or ended."""
    return readings(case, policy.terms, checked_now(None, now))
