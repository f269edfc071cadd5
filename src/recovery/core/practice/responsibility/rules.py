"""The rules of taking responsibility that look at what is on the case: what is claimed is true, and causes are on record."""

from __future__ import annotations

from collections.abc import Iterator

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.practice.common import accountable_of
from recovery.core.rule import Moment, Problem, rule
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Claim, ClaimKind, Command, Speaking, Word
from recovery.core.vocabulary.following_up import FollowUp, PassFollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import MakePromise
from recovery.core.vocabulary.proposing import ExceptionState
from recovery.core.vocabulary.resolving import Delivering, RecordAcceptance, Resolve, Sending
from recovery.core.vocabulary.responsibility import RecordAccountable, RecordCause

HEADING = "responsibility"

# ---------------------------------------------------------------- what is claimed


@rule("own.true", heading=HEADING, source="L", on=(Speaking, MakePromise), blocks=False)
def own_true(case: Case, command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from "it is on its way" when it is not: what a message claims to have happened is on the case."""
    word: Word | None = getattr(command, "word", None)
    for claim in () if word is None else word.claims:
        if fault := _untrue(case, claim):
            message, hint = fault
            step = f"set right what the customer was told: {message}"
            yield Problem(message, field="word.claims", hint=hint, params={"claim": claim.kind.value}, step=step)


def _untrue(case: Case, claim: Claim) -> tuple[str, str] | None:
    match claim.kind:
        case ClaimKind.SENT | ClaimKind.REFUNDED:
            return _not_sent(case, claim)
        case ClaimKind.DECIDED:
            if decided_at(case) is not None:
                return None
            return "nothing has been decided yet", "Propose or resolve first; then say that it is decided."
        case _:
            if excepted(case, claim.about):
                return None
            return "no exception has been granted", "Have it granted first; then say so."


def _not_sent(case: Case, claim: Claim) -> tuple[str, str] | None:
    if sent(case, claim) is not None:
        return None
    done = "sent" if claim.kind is ClaimKind.SENT else "refunded"
    what = "nothing" if claim.about is None else f"delivery {claim.about}"
    named = "nothing has been" if claim.about is None else f"{what} has not been"
    way = "" if claim.kind is ClaimKind.SENT else ", sent_as=Sending.MONEY"
    return f"{named} {done} yet", f"Record it when it has left us (RecordDispatch{way}); until then say when it will."


def sent(case: Case, claim: Claim) -> Delivering | None:
    """Return the delivery that has left us, as goods or money, of which a claim speaks: the latest, unless it names one."""
    wanted = (Sending.MONEY,) if claim.kind is ClaimKind.REFUNDED else (Sending.MONEY, Sending.GOODS)
    found = (d for d in reversed(case.resolving.deliveries) if d.sent_at is not None and d.sent_as in wanted)
    return next((d for d in found if claim.about in (None, d.id)), None)


def decided_at(case: Case) -> DateTime | None:
    """Return when that was decided which the customer can be told of: the resolution, else the proposal on the table."""
    proposal = case.proposing.proposal
    return case.resolving.at or (None if proposal is None else proposal.at)


def excepted(case: Case, about: str | None) -> bool:
    """Whether an exception has been granted on the case (the one that is named, if one is)."""
    granted = [one.id for one in case.proposing.exceptions if one.state is ExceptionState.GRANTED]
    return bool(granted) if about is None else about in granted


# ---------------------------------------------------------------- why it happened, and who answers for it


@rule(
    "own.cause",
    heading=HEADING,
    source="G",
    on=(FollowUp, RecordFollowUpAnswer, PassFollowUp, RecordCause),
    of_case=True,
    blocks=False,
)
def own_cause(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from the same thing happening again: by the second follow-up it is on record why it happened."""
    if isinstance(command, RecordCause):
        if command.find_out_by is not None and command.find_out_by <= moment.now:
            hint = "Say by when it will be known."
            yield Problem("the date by which it is to be found out is not in the future", field="find_out_by", hint=hint)
        return
    if case.stage is not Stage.FOLLOWED_UP_DAYS or (isinstance(command, RecordFollowUpAnswer) and not command.solved):
        return
    if case.responsibility.cause is None and case.responsibility.find_out_by is None:
        hint = "Record the cause (RecordCause), or by when you will know it (find_out_by)."
        yield Problem("it is not on record why it happened", hint=hint)


@rule(
    "own.accountable",
    heading=HEADING,
    source="G",
    on=(RecordAccountable, Resolve, RecordAcceptance, Close),
    strength=Strength.SHOULD,
    blocks=False,
)
def own_accountable(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a solution nobody answers for: the unit accountable is on record, and has its part in it."""
    if isinstance(command, RecordAccountable):
        yield from _no_such_unit(case, command, moment)
    elif isinstance(command, Close):
        if command.reason is CloseReason.LOST and accountable_of(case) is None:
            hint = "Say which unit it is (RecordAccountable), or which one accepted the customer (accepted_by)."
            yield Problem("nobody knows which unit lost the customer", field="reason", hint=hint, strength=Strength.MUST)
    elif case.responsibility.accountable is None and _resolves(case, command, moment):
        default = case.receiving.customer.accepted_by
        named = "RecordAccountable" if default is None else f"RecordAccountable; left out, the unit is {default}"
        yield Problem("no unit is accountable for it, and none has a task in the solution", hint=f"Say which ({named}).")


def _resolves(case: Case, command: Command, moment: Moment) -> bool:
    """Whether a command resolves the case: what reached nobody, or lacks its contents, is a word and no more."""
    reached = command.word.reached if isinstance(command, Resolve) else True
    return reached and not moment.problems("resolve.accepted", case, command)


def _no_such_unit(case: Case, command: RecordAccountable, moment: Moment) -> Iterator[Problem]:
    unit, terms = accountable_unit(case, command), moment.terms
    if unit is None:
        hint = "Give unit=, or put on file which unit accepted the customer (accepted_by)."
        yield Problem("nobody knows which unit accepted the customer", field="unit", hint=hint, strength=Strength.MUST)
    elif terms.units and terms.unit(unit) is None:
        hint = f"There are: {', '.join(sorted(known.id for known in terms.units))}."
        yield Problem(f"there is no unit {unit!r}", field="unit", hint=hint, params={"unit": unit}, strength=Strength.MUST)
    if command.due_at is not None and command.due_at <= moment.now:
        hint = "Give a date on which it can still be done."
        yield Problem("the date of the task is not in the future", field="due_at", hint=hint, strength=Strength.MUST)


def accountable_unit(case: Case, command: RecordAccountable) -> str | None:
    """Return the unit that is named, else the one that accepted the customer at hand-off from sales."""
    return command.unit or case.receiving.customer.accepted_by


TRUE_AND_ON_RECORD = (own_true, own_cause, own_accountable)
