"""Adopting: what holds for running tickets of another system, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.practice.receiving.leads_to import first_words
from recovery.core.routing import choose, route_for, traits_of
from recovery.core.rule import Context, Moment, Problem, Terms, rule
from recovery.core.stages import OPEN, Stage
from recovery.core.vocabulary.common import Event
from recovery.core.vocabulary.receiving import AdoptCase, CaseAdopted, Ticket

AT_ONCE = 10
"""How many adopted cases begin their clocks at one instant: so many alarms a person can read before the next ones come."""
APART = timedelta(minutes=10)
"""How much working time lies between these groups."""
OFFERED = "What we offered you."
"""What stands for a proposal whose words the other system does not tell."""

_FOLLOWED_UP = ("follow-up.weeks", "follow-up.days")

# ---------------------------------------------------------------- rules


@rule("input.ticket", heading="receiving", source="H", on=(AdoptCase,), fixed=True)
def ticket_still_runs(_case: Case, command: AdoptCase, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from clocks that count from dates that cannot be, and from a case opened again that was over."""
    ticket, now = command.ticket, moment.now
    received_at = ticket.contact.received_at
    dates = [("received_at", received_at), *((f"reached.{told.stage.value}", told.at) for told in ticket.reached)]
    dates += [] if ticket.asked_at is None else [("asked_at", ticket.asked_at)]
    for field, at in dates:
        if at > now:
            yield Problem("the date lies in the future", field=field, hint="Mend it, or adopt later.", params={"at": at})
        elif at < received_at:
            hint = "Mend one of the two dates."
            yield Problem("the date lies before the ticket was received", field=field, hint=hint, params={"at": at})
    if stage_to_adopt(ticket, moment.terms, now) is None:
        hint = "What is over stays where it is; a new word of the customer opens a case."
        yield Problem(f"the ticket is over ({ticket.stage.value}), and no follow-up is due any more", field="stage", hint=hint)


def stage_to_adopt(ticket: Ticket, terms: Terms, now: DateTime) -> Stage | None:
    """Return the stage at which ``ticket`` becomes a case at ``now``, or ``None`` where it is over.

    A closed ticket that was resolved is adopted as resolved while the second follow-up, counted from then, still lies ahead:
    nearly all problems that come back do so until then, and nobody has asked yet whether it is really solved.
    """
    if ticket.stage in OPEN:
        return ticket.stage
    resolved_at = ticket.when(Stage.RESOLVED)
    clock = next((terms.timing.by_id[name] for name in _FOLLOWED_UP if name in terms.timing.by_id), None)
    if ticket.stage is not Stage.CLOSED or resolved_at is None or clock is None:
        return None
    return Stage.RESOLVED if clock.reckon(resolved_at, terms.calendar) > now else None


# ---------------------------------------------------------------- what a command leads to


def adopt_case(_case: Case, command: AdoptCase, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The ticket is a case, with the owner it had, if that is somebody here. Who is away today keeps it: alarms find the stand-in.

    Nothing is said to anybody, and no step is set: what lacks comes up when somebody works on the case.
    """
    ticket, terms = command.ticket, moment.terms
    contact = attrs.evolve(ticket.contact, ticket=ticket.number)
    stage = stage_to_adopt(ticket, terms, moment.now) or ticket.stage
    waits = stage in (Stage.RECEIVED, Stage.ACKNOWLEDGED, Stage.INVESTIGATING)
    yield CaseAdopted(
        at=moment.now,
        by=command.by,
        case_id=command.case_id,
        reference=command.reference,
        policy_id=terms.timing.id,
        owner=owner_of(ticket, terms, command.turn),
        contact=contact,
        key=f"ticket:{ticket.number}",
        stage=stage,
        received_at=contact.received_at,
        clocks_from=clocks_from(moment.now, command.turn, terms),
        reached=tuple(sorted(ticket.reached, key=lambda told: (told.at, told.stage.value))),
        issue=first_words(contact),
        asked_at=ticket.asked_at if waits else None,
        question=ticket.question if waits else "",
        offer=(ticket.offer.strip() or OFFERED) if stage is Stage.RESOLUTION_PROPOSED else "",
        claims=ticket.claims,
        system=ticket.system,
        procedure="" if (route := route_for(terms, traits_of(contact))) is None else route.procedure,
    )


def owner_of(ticket: Ticket, terms: Terms, turn: int = 0) -> str:
    """Return who looks after an adopted ticket: the owner it had, where the policy knows them, else whoever the routes name."""
    if ticket.owner is not None and terms.knows(ticket.owner):
        return ticket.owner
    return choose(terms, Context(), traits_of(ticket.contact), turn=turn).owner


def clocks_from(now: DateTime, turn: int, terms: Terms) -> DateTime:
    """Return when the service clocks of the ``turn``-th adopted ticket begin: after the grace, a few at a time.

    Every ten minutes of working time ten more begin, so that nobody is rung for thousands of cases in one second. After the
    policy's spread it goes on from the beginning, a minute later each time, so that nobody waits longer than that.
    """
    start = terms.adoption_grace.after(now, terms.calendar)
    room = _room(start, terms)
    if room < APART:
        return start
    whole = turn // AT_ONCE * APART
    rounds, within = divmod(whole, room)
    shift = (within + rounds * timedelta(minutes=1)) % room
    return terms.calendar.add(start, shift) if shift else start


def _room(start: DateTime, terms: Terms) -> timedelta:
    """Return how much working time the policy's spread holds, from ``start`` on."""
    return terms.calendar.between(start, terms.adoption_spread.after(start, terms.calendar))
