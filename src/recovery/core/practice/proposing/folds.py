"""How an event of proposing folds into its part of the case."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from recovery.core.case import Case
from recovery.core.practice.proposing.common import ROUNDS, simply_done
from recovery.core.values import altered
from recovery.core.vocabulary.closing import CaseReopened, MergeUndone
from recovery.core.vocabulary.common import Mark, Recorded
from recovery.core.vocabulary.proposing import (
    ADOPTED,
    Exceptional,
    ExceptionDenied,
    ExceptionGranted,
    ExceptionRequested,
    ExceptionState,
    Given,
    Option,
    Proposal,
    ProposalDeclined,
    Proposed,
    ProposingPart,
    RemedySought,
    Sought,
)
from recovery.core.vocabulary.receiving import CaseAdopted
from recovery.core.vocabulary.resolving import CaseResolved, ProposalAccepted


def adopted(part: ProposingPart, case: Case, recorded: Recorded, event: CaseAdopted) -> ProposingPart:
    """The other system says that something was offered, in one piece: what becomes of it is for the customer to say."""
    if not event.offer:
        return part
    options = (Option(id=ADOPTED, text=event.offer),)
    return altered(part, proposal=Proposal(seq=recorded.seq, at=event.came_to(event.stage), options=options))


def sought(part: ProposingPart, case: Case, recorded: Recorded, event: RemedySought) -> ProposingPart:
    """Remember what the customer wishes, and in whose words."""
    said = event.said
    wish = Sought(seq=recorded.seq, at=event.at, words=said.words, contact=said.contact, remedy=event.remedy)
    return altered(part, sought=(*part.sought, wish))


def proposed(part: ProposingPart, case: Case, recorded: Recorded, event: Proposed) -> ProposingPart:
    """The proposal is on the table, and takes the place of an earlier counter-offer."""
    proposal = Proposal(seq=recorded.seq, at=event.at, options=event.options, explanation=event.explanation, by=event.by)
    return altered(part, proposal=proposal, counter_offer="")


def declined(part: ProposingPart, case: Case, recorded: Recorded, event: ProposalDeclined) -> ProposingPart:
    """Off the table, counted, with what the customer asked for instead: that is a wish as well."""
    wish = Sought(seq=recorded.seq, at=event.at, words=event.counter_offer)
    offered = () if part.proposal is None else part.proposal.options
    return altered(
        part,
        proposal=None,
        declines=part.declines + 1,
        declined=tuple(dict.fromkeys((*part.declined, *(option.named for option in offered)))),
        counter_offer=event.counter_offer,
        sought=(*part.sought, wish) if event.counter_offer else part.sought,
    )


def third_round(case: Case, recorded: Recorded, event: ProposalDeclined) -> Iterator[Mark]:
    """From the third decline on, each goes up the ladder."""
    if case.proposing.declines + 1 >= ROUNDS:
        yield Mark(name="declined_thrice", at=event.at, seq=recorded.seq)


def accepted(part: ProposingPart, case: Case, recorded: Recorded, event: ProposalAccepted) -> ProposingPart:
    """Answered: what the customer accepted is kept, so that the next case can learn from it."""
    offered = part.proposal
    options = () if offered is None else offered.options
    by = event.by if offered is None else offered.by or event.by
    given = tuple(Given(option=option, at=event.at, by=by) for option in options if option.id == event.option)
    return altered(part, proposal=None, given=(*part.given, *given))


def off_the_table(part: ProposingPart, case: Case, recorded: Recorded, event: CaseResolved) -> ProposingPart:
    """Overtaken; what was simply done is kept, so that the next case can learn from it."""
    done = tuple(Given(option=option, at=event.at, by=event.by) for option in simply_done(event))
    return altered(part, proposal=None, given=(*part.given, *done))


def came_back(part: ProposingPart, case: Case, recorded: Recorded, event: CaseReopened | MergeUndone) -> ProposingPart:
    """What was given last has not put it right."""
    back = tuple(altered(given, came_back=True) for given in part.given[-1:])
    return altered(part, proposal=None, given=(*part.given[:-1], *back))


# ---------------------------------------------------------------- exceptions


def requested(part: ProposingPart, case: Case, recorded: Recorded, event: ExceptionRequested) -> ProposingPart:
    """An exception has been asked for; its number is its id."""
    asked = Exceptional(
        id=str(recorded.seq),
        remedy=event.remedy,
        value=event.value,
        reason=event.reason,
        asked_by=event.by,
        approver=event.approver,
    )
    return altered(part, exceptions=(*part.exceptions, asked))


def granted(part: ProposingPart, case: Case, recorded: Recorded, event: ExceptionGranted) -> ProposingPart:
    """It may be offered, up to what was granted, until the date."""

    def decided(one: Exceptional) -> Exceptional:
        return altered(
            one,
            state=ExceptionState.GRANTED,
            value=event.value,
            until=event.until,
            note=event.note,
            decided_by=event.by,
            decided_at=event.at,
        )

    return _with(part, event.exception_id, decided)


def denied(part: ProposingPart, case: Case, recorded: Recorded, event: ExceptionDenied) -> ProposingPart:
    """It may not be offered."""

    def decided(one: Exceptional) -> Exceptional:
        return altered(one, state=ExceptionState.DENIED, decided_by=event.by, decided_at=event.at, note=event.reason)

    return _with(part, event.exception_id, decided)


def _with(part: ProposingPart, exception_id: str, decided: Callable[[Exceptional], Exceptional]) -> ProposingPart:
    changed = (decided(one) if one.id == exception_id else one for one in part.exceptions)
    return altered(part, exceptions=tuple(changed))
