"""Ownership: an open case has exactly one owner, a named person, and changes hands with a briefing or by a supervisor's word."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.clock import Base, Clock, Length, Rung, Unit, Whom
from recovery.core.errors import Strength
from recovery.core.practice.common import Draft
from recovery.core.practice.ownership import knowing
from recovery.core.routing import full, route_for, traits_of, traits_of_case
from recovery.core.rule import Moment, Problem, rule
from recovery.core.values import altered
from recovery.core.vocabulary.closing import CaseReopened, MergeUndone
from recovery.core.vocabulary.common import MACHINE, Command, Event, Mark, Recorded
from recovery.core.vocabulary.ownership import (
    AcceptHandover,
    CaseMoved,
    DeclineHandover,
    HandoverAccepted,
    HandoverDeclined,
    HandoverLapsed,
    HandoverOffered,
    MoveCase,
    Offer,
    OfferHandover,
    OwnershipPart,
)
from recovery.core.vocabulary.receiving import (
    CaseAdopted,
    CaseOpened,
    Identified,
    Identify,
    OpenCase,
    Part,
    SetTask,
    WishKind,
    WishRecorded,
)
from recovery.core.vocabulary.responsibility import AffectedCaseOpened, OpenAffected

HEADING = "ownership"

# ---------------------------------------------------------------- rules


@rule(
    "owner.named",
    heading=HEADING,
    source="E, L",
    on=(OpenCase, OpenAffected, OfferHandover, MoveCase, SetTask),
    fixed=True,
    blocks=False,
)
def owner_named(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a case that belongs to nobody: whoever is to have it exists, and is there."""
    field = "owner" if isinstance(command, (OpenCase, OpenAffected, SetTask)) else "to"
    person: str | None = getattr(command, field)
    if person is None:
        return
    if not moment.terms.knows(person):
        known = ", ".join(sorted({moment.terms.fallback_owner, *(known.id for known in moment.terms.people)}))
        yield Problem(f"nobody is called {person!r}", field=field, hint=f"There are: {known}.", params={"person": person})
    elif moment.context.is_away(person):
        yield Problem(f"{person} is away", field=field, hint="Choose somebody who is there.", params={"person": person})
    elif isinstance(command, (OfferHandover, MoveCase)) and person == case.owner:
        yield Problem(f"{person} has the case already", field=field, hint="Name somebody else.", params={"person": person})
    elif isinstance(command, (OfferHandover, MoveCase)) and person == case.ownership.unwanted:
        message = f"the customer asked for another person than {person}"
        yield Problem(message, field=field, hint="Name somebody else.", params={"person": person})
    elif busy := full(person, moment.terms, moment.context):
        hint = "They may still say yes; or choose somebody with fewer."
        yield Problem(f"{person} {busy}", field=field, hint=hint, params={"person": person}, strength=Strength.SHOULD)


@rule("owner.procedure", heading=HEADING, source="E", on=(OpenCase, Identify), strength=Strength.SHOULD, blocks=False)
def owner_procedure(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from an owner who must first find out how such a case is handled: the route says it."""
    if isinstance(command, OpenCase):
        waits = any(moment.problems(check, case, command) for check in ("contact.logged", "contact.automatic-mail"))
        traits = None if waits else traits_of(command.contact)
    else:
        traits = traits_of_case(case, command.customer) if isinstance(command, Identify) and case.in_tray else None
    route = None if traits is None else route_for(moment.terms, traits)
    if route is not None and not route.procedure.strip():
        number = moment.terms.routes.index(route) + 1
        hint = f"Write on route {number} of the policy what is to be done (procedure)."
        yield Problem("nobody has said how such a case is handled", hint=hint, params={"route": number})


@rule("owner.handover", heading=HEADING, source="L, G", on=(OfferHandover, AcceptHandover, DeclineHandover, MoveCase))
def owner_handover(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from having to begin again: a new owner is briefed and has said yes, or a supervisor decided it."""
    match command:
        case OfferHandover(briefing=briefing) if not briefing.strip():
            yield Problem(
                "a handover needs a briefing", field="briefing", hint="Say what happened, what was promised, what is open."
            )
        case AcceptHandover() | DeclineHandover():
            yield from _not_on_offer(case, command)
        case MoveCase():
            yield from _not_to_be_moved(case, command, moment)
        case _:
            return


def _not_on_offer(case: Case, command: Command) -> Iterator[Problem]:
    offer = case.ownership.offer
    if offer is None:
        yield Problem("the case is not on offer", hint="The owner offers it first (OfferHandover).")
    elif offer.to != command.by:
        yield Problem(f"the case is on offer to {offer.to}", field="by", hint=f"{offer.to} answers the offer.")


def _not_to_be_moved(case: Case, command: MoveCase, moment: Moment) -> Iterator[Problem]:
    allowed = {moment.terms.supervisor(case.owner), moment.terms.fallback_owner}
    if command.by not in allowed:
        names = " or ".join(sorted(allowed))
        yield Problem("only a supervisor moves a case at once", field="by", hint=f"Ask {names}, or offer a handover.")
    if not command.reason.strip():
        yield Problem("a move needs a reason", field="reason", hint="Say why it cannot wait for a handover.")


# ---------------------------------------------------------------- clocks

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="owner.handover",
        rule="owner.handover",
        what="accept or decline the case on offer",
        starts=("handover_offered",),
        stops=("handover_settled",),
        ends=("closed", "reopened", "received"),
        length=Length(1, Unit.BUSINESS_DAYS),
        ladder=(Rung(when=Length(0, Unit.HOURS), whom=Whom.NOBODY),),
        citation="L, G; an offer lapses after one working day",
    ),
    Clock(
        id="owner.named",
        rule="owner.named",
        what="find somebody who is there to look after the case",
        starts=("owner_away",),
        stops=("owner_changed", "spoke"),
        length=Length(0, Unit.HOURS),
        ladder=(
            Rung(when=Length(0, Unit.HOURS), base=Base.START, whom=Whom.SUPERVISOR, says="escalation"),
            Rung(when=Length(1, Unit.BUSINESS_DAYS), whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="E, L; escalated at once",
    ),
)

PROTECTS: dict[str, str] = {}
SOURCES: dict[str, str] = {}
FIXED_CLOCKS = frozenset({"owner.named"})

# ---------------------------------------------------------------- what a command leads to


def offer_handover(case: Case, command: OfferHandover, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The case is on offer, and stays where it is."""
    before = _offered_to(case)
    yield HandoverOffered(
        at=moment.now,
        by=command.by,
        to=command.to,
        briefing=command.briefing,
        instead_of=None if before == command.to else before,
    )


def _offered_to(case: Case) -> str | None:
    return None if case.ownership.offer is None else case.ownership.offer.to


def _offered_by(case: Case) -> str | None:
    return None if case.ownership.offer is None else case.ownership.offer.by


def accept_handover(case: Case, command: AcceptHandover, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The case changes hands."""
    yield HandoverAccepted(at=moment.now, by=command.by, owner=command.by, former=case.owner, offered_by=_offered_by(case))


def decline_handover(case: Case, command: DeclineHandover, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The case stays where it is."""
    yield HandoverDeclined(at=moment.now, by=command.by, reason=command.reason, offered_by=_offered_by(case))


def move_case(case: Case, command: MoveCase, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The case changes hands at once."""
    yield CaseMoved(
        at=moment.now,
        by=command.by,
        owner=command.to,
        reason=command.reason,
        former=case.owner,
        offered_to=_offered_to(case),
    )


def handover_lapses(case: Case, _key: str, moment: Moment) -> Iterator[Event]:
    """Nobody took it in time: the offer is off, and the old owner keeps the case."""
    yield HandoverLapsed(at=moment.now, by=MACHINE, offered_to=_offered_to(case), offered_by=_offered_by(case))


LAPSES = {"owner.handover": handover_lapses}

# ---------------------------------------------------------------- how an event folds in


Named = CaseAdopted | AffectedCaseOpened | Identified | CaseReopened | MergeUndone


def owned(part: OwnershipPart, case: Case, recorded: Recorded, event: Named) -> OwnershipPart:
    """Opening, adopting and reopening name the owner and the procedure; an offer does not outlive them."""
    return altered(
        part,
        owner=event.owner,
        offer=None,
        since=part.since if event.owner == part.owner else recorded.recorded_at,
        procedure=("" if isinstance(event, AffectedCaseOpened) else event.procedure) or part.procedure,
    )


def opened(part: OwnershipPart, case: Case, recorded: Recorded, event: CaseOpened) -> OwnershipPart:
    """A new case has an owner, a procedure, and what was told on the case it grew out of."""
    return OwnershipPart(owner=event.owner, since=recorded.recorded_at, procedure=event.procedure, facts=event.facts)


def changes(case: Case, recorded: Recorded, event: Identified | CaseReopened | MergeUndone) -> Iterator[Mark]:
    """Whoever had the case before may have been away, or not wanted."""
    if event.owner != case.owner:
        yield Mark(name="owner_changed", at=event.at, seq=recorded.seq)


def offered(part: OwnershipPart, case: Case, recorded: Recorded, event: HandoverOffered) -> OwnershipPart:
    """Remember the offer."""
    offer = Offer(to=event.to, by=event.by, briefing=event.briefing, at=event.at, seq=recorded.seq)
    return altered(part, offer=offer)


def changed(part: OwnershipPart, case: Case, recorded: Recorded, event: HandoverAccepted | CaseMoved) -> OwnershipPart:
    """The case has a new owner; the procedure goes with it."""
    return altered(part, owner=event.owner, offer=None, since=recorded.recorded_at)


def settled(part: OwnershipPart, case: Case, recorded: Recorded, event: Event) -> OwnershipPart:
    """The offer is off."""
    return altered(part, offer=None)


def unwanted(part: OwnershipPart, case: Case, recorded: Recorded, event: WishRecorded) -> OwnershipPart:
    """Remember whom the customer does not want."""
    return altered(part, unwanted=part.owner) if event.wish.kind is WishKind.ANOTHER_PERSON else part


# ---------------------------------------------------------------- which messages it makes


def offer_to_person(case: Case, recorded: Recorded, event: HandoverOffered, moment: Moment) -> Iterator[Draft]:
    """Whoever is to take the case hears of it, with the briefing; whoever was asked before, that they need not answer any more."""
    yield Draft(part=Part(template="handover_offered", about=recorded.seq), person=event.to)
    yield from _told(recorded, event.instead_of, template="handover_over")


def taken_to_people(case: Case, recorded: Recorded, event: HandoverAccepted, moment: Moment) -> Iterator[Draft]:
    """Whoever had the case, and whoever offered it, hear that it is looked after."""
    yield from _told(recorded, event.former, event.offered_by, template="handover_taken")


def settled_to_people(case: Case, recorded: Recorded, event: HandoverDeclined | HandoverLapsed, moment: Moment) -> Iterator[Draft]:
    """Whoever keeps the case, and whoever offered it, hear that it stays; whoever let it lapse, that it is off."""
    yield from _told(recorded, case.owner, event.offered_by, template="handover_off")
    if isinstance(event, HandoverLapsed):
        yield from _told(recorded, event.offered_to, template="handover_over")


def moved_to_people(case: Case, recorded: Recorded, event: CaseMoved, moment: Moment) -> Iterator[Draft]:
    """The new owner hears that the case is theirs, the old one that it is not, and whoever it was on offer to, that it is off."""
    yield Draft(part=Part(template="assigned", about=recorded.seq), person=event.owner)
    yield from _told(recorded, event.former, template="case_moved")
    if event.offered_to != event.owner:
        yield from _told(recorded, event.offered_to, template="handover_over")


def _told(recorded: Recorded, *people: str | None, template: str) -> Iterator[Draft]:
    """Yield a letter to each of ``people`` once; whoever did it knows."""
    for person in dict.fromkeys(people):
        if person is not None and person != recorded.event.by:
            yield Draft(part=Part(template=template, about=recorded.seq), person=person)


CHECKS = (owner_named, owner_procedure, owner_handover, *knowing.CHECKS)
HANDLERS = {
    OfferHandover: offer_handover,
    AcceptHandover: accept_handover,
    DeclineHandover: decline_handover,
    MoveCase: move_case,
    **knowing.HANDLERS,
}
FOLDS = {
    CaseOpened: opened,
    CaseAdopted: owned,
    AffectedCaseOpened: owned,
    Identified: owned,
    CaseReopened: owned,
    MergeUndone: owned,
    HandoverOffered: offered,
    HandoverAccepted: changed,
    CaseMoved: changed,
    HandoverDeclined: settled,
    HandoverLapsed: settled,
    WishRecorded: unwanted,
    **knowing.FOLDS,
}
MARKS = {Identified: changes, CaseReopened: changes, MergeUndone: changes}
MESSAGES = {
    HandoverOffered: offer_to_person,
    HandoverAccepted: taken_to_people,
    HandoverDeclined: settled_to_people,
    HandoverLapsed: settled_to_people,
    CaseMoved: moved_to_people,
}
