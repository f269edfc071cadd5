"""Resolving: accepted by the customer, simply done, or a final no; and delivered."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.clock import Base, Clock, Kind, Length, Rung, Unit, Whom
from recovery.core.practice.common import happened, history_of, step_for_owner
from recovery.core.rule import Moment, Problem, rule
from recovery.core.stages import SETTLED, Stage
from recovery.core.values import altered
from recovery.core.vocabulary.closing import CaseReopened, MergeUndone
from recovery.core.vocabulary.common import MACHINE, Command, Event, Recorded
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed
from recovery.core.vocabulary.proposing import Option
from recovery.core.vocabulary.receiving import CaseAdopted, Corrected, ReportNoted
from recovery.core.vocabulary.resolving import (
    ArrivalChecked,
    ArrivalConfirmed,
    ArrivalUnconfirmed,
    CaseResolved,
    CheckArrival,
    ConfirmArrival,
    Delivering,
    DeliveryDispatched,
    DeliveryMoved,
    MoveDelivery,
    ProposalAccepted,
    RecordAcceptance,
    RecordDispatch,
    Resolution,
    Resolve,
    ResolvingPart,
)

HEADING = "resolving"

# ---------------------------------------------------------------- rules


@rule("resolve.accepted", heading=HEADING, source="D", on=(RecordAcceptance, Resolve))
def resolve_accepted(case: Case, command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a case called resolved by us alone: they accepted, it was done, or they heard a final no."""
    match command:
        case RecordAcceptance(option=option) if _option(case, option) is None:
            offered = () if case.proposing.proposal is None else case.proposing.proposal.options
            names = ", ".join(known.id for known in offered) or "none"
            yield Problem(f"nothing called {option!r} was proposed", field="option", hint=f"The options are: {names}.")
        case Resolve(outcome=Resolution.ACCEPTED):
            hint = "Record the customer's words (RecordAcceptance)."
            yield Problem("only the customer can accept", field="outcome", hint=hint)
        case Resolve(outcome=Resolution.DONE, done=done) if not done.strip():
            yield Problem("it does not say what was done", field="done", hint="Say what the customer asked for and now has.")
        case Resolve(outcome=Resolution.NOT_AGREED):
            yield from _final_no(command)
        case _:
            return


def _final_no(command: Resolve) -> Iterator[Problem]:
    if not command.reasons.strip():
        yield Problem("a final no gives its reasons", field="reasons", hint="Explain why, plainly.")
    if not command.elsewhere.strip():
        yield Problem("a final no says where else to turn", field="elsewhere", hint="Name the ombudsman or another body.")


def _option(case: Case, option_id: str) -> Option | None:
    proposal = case.proposing.proposal
    return None if proposal is None else next((option for option in proposal.options if option.id == option_id), None)


# ---------------------------------------------------------------- clocks

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="resolve.delivered",
        rule="resolve.delivered",
        what="see that it arrives, and have the arrival confirmed",
        starts=("delivery_due",),
        stops=("delivered", "delivery_moved"),
        ends=("lost",),
        length=Length(5, Unit.BUSINESS_DAYS),
        may_pause=True,
        ladder=(
            Rung(when=Length(-1, Unit.BUSINESS_DAYS), whom=Whom.OWNER),
            Rung(when=Length(1, Unit.BUSINESS_DAYS), whom=Whom.CUSTOMER, says="arrival_check"),
            Rung(when=Length(2, Unit.BUSINESS_DAYS), base=Base.PREVIOUS, whom=Whom.CUSTOMER, says="arrival_check"),
            Rung(when=Length(2, Unit.BUSINESS_DAYS), base=Base.PREVIOUS, whom=Whom.CUSTOMER, says="arrival_check"),
            Rung(when=Length(2, Unit.BUSINESS_DAYS), base=Base.PREVIOUS, whom=Whom.NOBODY),
        ),
        citation="D; the Australian telecommunications complaints standard asks five working days",
    ),
    Clock(
        id="resolve.whole-case",
        rule="resolve.whole-case",
        what="resolve the case, or give the final no",
        kind=Kind.STATUTORY,
        starts=("received", "first_word"),
        stops=("resolved",),
        continues=("reopened",),
        length=Length(30, Unit.CALENDAR_DAYS),
        citation="H; most statutory limits are longer",
    ),
)

PROTECTS = {
    "resolve.delivered": "Protects the customer from a refund that was promised, booked and never arrived.",
    "resolve.whole-case": "Protects the customer from a case that is worked on for ever.",
}
SOURCES = {"resolve.delivered": "D, E", "resolve.whole-case": "H"}
FIXED_CLOCKS: frozenset[str] = frozenset()

# ---------------------------------------------------------------- what a command leads to


def record_acceptance(case: Case, command: RecordAcceptance, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The customer accepted; what must arrive is on its way. Accepting what was not proposed is only noted."""
    at, option = happened(command, moment), _option(case, command.option)
    if defects or option is None:
        yield ReportNoted(at=at, by=command.by, report="record_acceptance", said=command.said)
        yield step_for_owner("resolve.accepted", "find out what the customer accepts", moment.now)
        return
    yield ProposalAccepted(
        at=at,
        by=command.by,
        said=command.said,
        option=option.id,
        delivers=option.delivers,
        deliver_by=option.by,
        settles=option.delivers is None and not _on_its_way(case),
    )


def resolve(case: Case, command: Resolve, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """What was asked for is done, or the customer has heard a final no; a report that lacks its contents is a word, no more."""
    at = happened(command, moment)
    if defects:
        yield CustomerInformed(at=at, by=command.by, word=command.word)
        return
    yield CaseResolved(
        at=at,
        by=command.by,
        word=command.word,
        outcome=command.outcome,
        done=command.done,
        reasons=command.reasons,
        elsewhere=command.elsewhere,
        delivers=command.delivers,
        deliver_by=command.deliver_by,
        tried=command.tried,
        second_person=command.second_person,
        settles=command.delivers is None and not _on_its_way(case),
        history=history_of(case, moment),
        remedy=command.remedy,
        value=command.value,
        goodwill=command.goodwill,
        exception=command.exception,
    )


def _on_its_way(case: Case, *, but: str = "") -> bool:
    return any(d.arrived_at is None and not d.unconfirmed and d.id != but for d in case.resolving.deliveries)


def move_delivery(case: Case, command: MoveDelivery, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The customer hears the new date; one for nothing that is on its way is a word, no more."""
    at = happened(command, moment)
    if not _awaited(case, command.delivery_id):
        yield CustomerInformed(at=at, by=command.by, word=command.word)
        return
    yield DeliveryMoved(
        at=at,
        by=command.by,
        word=command.word,
        delivery_id=command.delivery_id,
        by_date=command.by_date,
    )


def record_dispatch(case: Case, command: RecordDispatch, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """It has left us; what is on nobody's way is only noted. The same report twice is one entry."""
    at = happened(command, moment)
    found = next((d for d in case.resolving.deliveries if d.id == command.delivery_id and d.arrived_at is None), None)
    if found is None:
        yield ReportNoted(at=at, by=command.by, report=f"record_dispatch {command.delivery_id}")
    elif (found.sent_at, found.sent_as, found.carrier) != (at, command.sent_as, command.carrier):
        yield DeliveryDispatched(
            at=at,
            by=command.by,
            delivery_id=found.id,
            sent_as=command.sent_as,
            carrier=command.carrier,
            tracking=command.tracking,
        )


def check_arrival(_case: Case, command: CheckArrival, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The customer is asked whether it has arrived."""
    yield ArrivalChecked(at=happened(command, moment), by=command.by, word=command.word, delivery_id=command.delivery_id)


def confirm_arrival(case: Case, command: ConfirmArrival, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """It has arrived; a confirmation of nothing that is under way, or by a machine's note, is only noted."""
    at = happened(command, moment)
    if defects or not _awaited(case, command.delivery_id):
        yield ReportNoted(at=at, by=command.by, report=f"confirm_arrival {command.delivery_id}", said=command.said)
        return
    yield ArrivalConfirmed(
        at=at,
        by=command.by,
        delivery_id=command.delivery_id,
        source=command.source,
        said=command.said,
        settles=_settles(case, command.delivery_id),
    )


def _awaited(case: Case, delivery_id: str) -> bool:
    return any(d.id == delivery_id and d.arrived_at is None for d in case.resolving.deliveries)


def _settles(case: Case, delivery_id: str) -> bool:
    return case.stage in SETTLED and case.resolving.settled_at is None and not _on_its_way(case, but=delivery_id)


def arrival_unconfirmed(case: Case, key: str, moment: Moment) -> Iterator[Event]:
    """Nobody said that it arrived, after the last check: the case goes on, with that on record."""
    yield ArrivalUnconfirmed(at=moment.now, by=MACHINE, delivery_id=key, settles=_settles(case, key))


LAPSES = {"resolve.delivered": arrival_unconfirmed}

# ---------------------------------------------------------------- how an event folds in


def adopted(part: ResolvingPart, case: Case, recorded: Recorded, event: CaseAdopted) -> ResolvingPart:
    """The other system says when it was resolved; how it was resolved, nobody here has heard, so that stays open."""
    if event.stage not in SETTLED:
        return part
    at = event.came_to(Stage.RESOLVED)
    return altered(part, at=at, settled_at=at)


def accepted(part: ResolvingPart, case: Case, recorded: Recorded, event: ProposalAccepted) -> ResolvingPart:
    """Resolved by the customer's yes, on the channel it came by."""
    return altered(
        part,
        resolution=Resolution.ACCEPTED,
        at=event.at,
        option=event.option,
        settled_via=frozenset({event.said.channel}),
        deliveries=_with_delivery(part, recorded, event.delivers, event),
        settled_at=event.at if event.settles else None,
    )


def resolved(part: ResolvingPart, case: Case, recorded: Recorded, event: CaseResolved) -> ResolvingPart:
    """Resolved by doing it, or by a final no, on the channels of the word."""
    return altered(
        part,
        resolution=event.outcome,
        at=event.at,
        option=None,
        settled_via=event.word.via,
        deliveries=_with_delivery(part, recorded, event.delivers, event),
        settled_at=event.at if event.settles else None,
    )


def _with_delivery(
    part: ResolvingPart, recorded: Recorded, what: str | None, event: ProposalAccepted | CaseResolved
) -> tuple[Delivering, ...]:
    if what is None:
        return part.deliveries
    return (*part.deliveries, Delivering(id=str(recorded.seq), what=what, by=event.deliver_by))


def moved(part: ResolvingPart, case: Case, recorded: Recorded, event: DeliveryMoved) -> ResolvingPart:
    """The delivery has a new date."""
    changed = (altered(d, by=event.by_date) if d.id == event.delivery_id else d for d in part.deliveries)
    return altered(part, deliveries=tuple(changed))


def dispatched(part: ResolvingPart, case: Case, recorded: Recorded, event: DeliveryDispatched) -> ResolvingPart:
    """It has left us, and it is known how."""
    how = {"sent_at": event.at, "sent_as": event.sent_as, "carrier": event.carrier, "tracking": event.tracking}
    changed = (altered(d, **how) if d.id == event.delivery_id else d for d in part.deliveries)  # type: ignore[arg-type]
    return altered(part, deliveries=tuple(changed))


def arrived(part: ResolvingPart, case: Case, recorded: Recorded, event: ArrivalConfirmed | ArrivalUnconfirmed) -> ResolvingPart:
    """It is there, or passed on as unconfirmed; with the last one the case is settled."""
    how = {"arrived_at": event.at} if isinstance(event, ArrivalConfirmed) else {"unconfirmed": True}
    changed = (altered(d, **how) if d.id == event.delivery_id else d for d in part.deliveries)
    return altered(part, deliveries=tuple(changed), settled_at=event.at if event.settles else part.settled_at)


def reopened(part: ResolvingPart, case: Case, recorded: Recorded, event: CaseReopened | MergeUndone) -> ResolvingPart:
    """Not resolved after all; what is on its way stays on its way."""
    return ResolvingPart(deliveries=part.deliveries)


def corrected(part: ResolvingPart, case: Case, recorded: Recorded, event: Corrected) -> ResolvingPart:
    """A mistaken outcome is mended; where nothing was resolved there is none to mend."""
    if event.outcome is None or part.resolution is None:
        return part
    return altered(part, resolution=Resolution(event.outcome))


CHECKS = (resolve_accepted,)
HANDLERS = {
    RecordAcceptance: record_acceptance,
    Resolve: resolve,
    MoveDelivery: move_delivery,
    RecordDispatch: record_dispatch,
    CheckArrival: check_arrival,
    ConfirmArrival: confirm_arrival,
}
FOLDS = {
    CaseAdopted: adopted,
    ProposalAccepted: accepted,
    CaseResolved: resolved,
    DeliveryMoved: moved,
    DeliveryDispatched: dispatched,
    ArrivalConfirmed: arrived,
    ArrivalUnconfirmed: arrived,
    CaseReopened: reopened,
    MergeUndone: reopened,
    Corrected: corrected,
}
