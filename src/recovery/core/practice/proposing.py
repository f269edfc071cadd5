"""Proposing: in time, with at least one option, or with a no that is explained."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from recovery.core.case import Case
from recovery.core.clock import Clock, Extension, Length, Unit
from recovery.core.practice.common import happened, step_for_owner
from recovery.core.rule import Moment, Problem, rule
from recovery.core.vocabulary.closing import CaseReopened
from recovery.core.vocabulary.common import Event, Recorded
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed
from recovery.core.vocabulary.proposing import (
    Investigate,
    InvestigationStarted,
    Option,
    Proposal,
    ProposalDeclined,
    Propose,
    Proposed,
    ProposingPart,
    RecordDecline,
)
from recovery.core.vocabulary.receiving import CaseAdopted, ReportNoted
from recovery.core.vocabulary.resolving import CaseResolved, ProposalAccepted

HEADING = "proposing"
ADOPTED = "adopted"
"""The id of the one option of a proposal that another system tells of."""

# ---------------------------------------------------------------- rules


@rule("propose.options-or-no", heading=HEADING, source="E", on=(Propose,))
def options_or_no(_case: Case, command: Propose, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a proposal that proposes nothing: there is an option, or a no with its explanation."""
    if not command.options and not command.explanation.strip():
        hint = "Give at least one Option, or say no and why (explanation)."
        yield Problem("it has no option, and is no explained no either", field="options", hint=hint)


# ---------------------------------------------------------------- clocks

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="propose.in-time",
        rule="propose.in-time",
        what="propose a resolution, or say that there is none yet and when",
        starts=("received", "declined", "reopened"),
        stops=("proposed", "resolved"),
        ends=("reopened", "closed"),
        length=Length(5, Unit.BUSINESS_DAYS),
        may_pause=True,
        contacts=True,
        extends=(Extension(mark="no_proposal_yet"),),
        citation="E, H; early-exit windows of regulators lie at three to five working days",
    ),
)

PROTECTS = {"propose.in-time": "Protects the customer from an investigation that never turns into an answer."}
SOURCES = {"propose.in-time": "E, H"}
FIXED_CLOCKS: frozenset[str] = frozenset()

# ---------------------------------------------------------------- what a command leads to


def investigate(_case: Case, command: Investigate, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """Somebody is looking for the resolution."""
    yield InvestigationStarted(at=moment.now, by=command.by)


def propose(_case: Case, command: Propose, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The customer has an offer; a report of one that offered nothing is a word, no more."""
    at = happened(command, moment)
    if defects:
        yield CustomerInformed(at=at, by=command.by, word=command.word)
    else:
        yield Proposed(at=at, by=command.by, word=command.word, options=command.options, explanation=command.explanation)


def record_decline(_case: Case, command: RecordDecline, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The customer declined: back to investigating, with what they asked for instead."""
    at = happened(command, moment)
    if defects:
        yield ReportNoted(at=at, by=command.by, report="record_decline", said=command.said)
        yield step_for_owner("propose.options-or-no", "find out what the customer says to the proposal", moment.now)
    else:
        yield ProposalDeclined(at=at, by=command.by, said=command.said, counter_offer=command.counter_offer)


# ---------------------------------------------------------------- how an event folds in


def adopted(part: ProposingPart, case: Case, recorded: Recorded, event: CaseAdopted) -> ProposingPart:
    """The other system says that something was offered, in one piece: what becomes of it is for the customer to say."""
    if not event.offer:
        return part
    options = (Option(id=ADOPTED, text=event.offer),)
    return attrs.evolve(part, proposal=Proposal(seq=recorded.seq, at=event.came_to(event.stage), options=options))


def proposed(part: ProposingPart, case: Case, recorded: Recorded, event: Proposed) -> ProposingPart:
    """The proposal is on the table, and answers an earlier counter-offer."""
    proposal = Proposal(seq=recorded.seq, at=event.at, options=event.options, explanation=event.explanation)
    return attrs.evolve(part, proposal=proposal, counter_offer="")


def declined(part: ProposingPart, case: Case, recorded: Recorded, event: ProposalDeclined) -> ProposingPart:
    """Off the table, counted, with what the customer asked for instead."""
    return attrs.evolve(part, proposal=None, declines=part.declines + 1, counter_offer=event.counter_offer)


def off_the_table(
    part: ProposingPart, case: Case, recorded: Recorded, event: ProposalAccepted | CaseResolved | CaseReopened
) -> ProposingPart:
    """Answered, or overtaken."""
    return attrs.evolve(part, proposal=None)


CHECKS = (options_or_no,)
HANDLERS = {Investigate: investigate, Propose: propose, RecordDecline: record_decline}
FOLDS = {
    CaseAdopted: adopted,
    Proposed: proposed,
    ProposalDeclined: declined,
    ProposalAccepted: off_the_table,
    CaseResolved: off_the_table,
    CaseReopened: off_the_table,
}
