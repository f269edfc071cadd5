"""Answering what can be asked of a desk; nothing is changed here."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Unpack

import attrs
import pendulum
from pendulum import DateTime

from recovery.core import decide, suggesting
from recovery.core.agenda import Reading, Step
from recovery.core.aside import step_aside
from recovery.core.briefing import Briefing
from recovery.core.case import Case
from recovery.core.errors import CaseNotFound, InvalidValue, Reason
from recovery.core.fold import fold
from recovery.core.routing import Routing
from recovery.core.rule import Context
from recovery.core.suggesting import Suggestion
from recovery.core.telling import tell
from recovery.core.values import apart, invalid
from recovery.core.vocabulary.common import Command, Recorded, kind_of
from recovery.core.vocabulary.receiving import Contact
from recovery.desk.acting import load
from recovery.desk.failing import UNRECORDED, told_of
from recovery.desk.finding import ReadingApart
from recovery.desk.knowing import aware, context_for, earlier_of, now_of, policy_for, precedents_for
from recovery.desk.values import Criteria, Entry, Health
from recovery.ports.feed import Feed
from recovery.ports.troubles import Troubles
from recovery.ports.values import Backlog, Committed, Query, Trouble

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = [
    "agenda",
    "at",
    "backlog",
    "briefing",
    "clocks",
    "explain_route",
    "feed",
    "find",
    "health",
    "permitted",
    "suggest",
    "timeline",
    "troubles",
    "why_not",
]

log = logging.getLogger("recovery")


def why_not(desk: Desk, case_id: str, commands: tuple[Command, ...]) -> tuple[Reason, ...]:
    """Return exactly the reasons that carrying the commands out would raise."""
    case = load(desk, case_id)
    context = context_for(desk, case, commands)
    return decide.why_not(case, *commands, policy=policy_for(desk, case), now=now_of(desk), context=context)


def permitted(desk: Desk, case_id: str) -> Mapping[str, tuple[Reason, ...]]:
    """Return for each kind of act why it is ruled out, whatever it says."""
    case = load(desk, case_id)
    context = Context(earlier=earlier_of(desk, case))
    return decide.permitted(case, policy=policy_for(desk, case), now=now_of(desk), context=context)


def suggest(desk: Desk, case_id: str) -> tuple[Suggestion, ...]:
    """Return what may be offered on a case, best first."""
    case, now = load(desk, case_id), now_of(desk)
    return suggesting.suggest(case, policy_for(desk, case), precedents_for(desk, case, now) or (), now=now)


def find(desk: Desk, query: Query | None, **criteria: Unpack[Criteria]) -> Iterator[Case]:
    """Yield every case that fits, page by page."""
    page = attrs.evolve(Query() if query is None else query, **criteria)
    while cases := desk.store.find(page):
        yield from cases
        page = attrs.evolve(page, after=cases[-1].id)


def agenda(desk: Desk, owner: str | None, until: datetime | None, case_id: str | None) -> tuple[Step, ...]:
    """Return every dated step, the soonest due first."""
    limit = None if until is None else aware("until", until)
    cases = find(desk, None) if case_id is None else (load(desk, case_id),)
    aside = {step.run: step for step in _set_aside(desk) if case_id in (None, step.case_id)}
    dated = (step for case in cases for step in _steps(desk, case) if step.run not in aside)
    found = (*aside.values(), *dated)
    wanted = (step for step in found if owner in (None, step.whom) and (limit is None or _shown(step, limit)))
    return tuple(sorted(wanted, key=lambda step: (step.due_at is None, step.due_at or step.wake_at or _NEVER, step.run)))


def _steps(desk: Desk, case: Case) -> tuple[Step, ...]:
    """Return the steps of one case; where nobody can say which they are, that is its step, and the others are not touched."""
    try:
        return decide.agenda(case, policy_for(desk, case))
    except Exception as error:
        log.exception("nobody can say what has to be done on a case", extra={"case_id": case.id})
        return (step_aside(case.id, case.owner, told_of(error), desk.policy.terms, now_of(desk)),)


def _set_aside(desk: Desk) -> Iterator[Step]:
    terms, now = desk.policy.terms, now_of(desk)
    for each in troubles(desk):
        yield step_aside(each.case_id, each.owner, each.error, terms, now, message_id=each.message_id)


def clocks(desk: Desk, case_id: str) -> tuple[Reading, ...]:
    """Return how every clock of a case stands now."""
    case = load(desk, case_id)
    return decide.clocks(case, policy=policy_for(desk, case), now=now_of(desk))


def explain_route(desk: Desk, contact: Contact) -> Routing:
    """Return who would look after a contact now, by which procedure, and why."""
    return decide.explain_route(contact, desk.policy, context_for(desk, None, ()))


def briefing(desk: Desk, case_id: str, word: str) -> Briefing:
    """Return what whoever takes the case over must know."""
    case = load(desk, case_id)
    return decide.briefing(case, policy_for(desk, case), word)


def feed(desk: Desk, after: str, limit: int) -> tuple[Committed, ...]:
    """Return the next committed events after a position."""
    if not isinstance(desk.store, Feed):
        hint = "Fill recovery.ports.Feed, or listen: Desk(listeners=...)."
        raise InvalidValue("the feed", [invalid("store", "keeps none", hint)])
    return desk.store.feed(after, limit)


def backlog(desk: Desk) -> Backlog:
    """Return how much there is to do now."""
    return attrs.evolve(desk.store.backlog(now_of(desk)), set_aside=len(troubles(desk)))


def health(desk: Desk) -> Health:
    """Return how the desk stands, for a monitor."""
    found, now = backlog(desk), now_of(desk)
    lag = 0.0 if found.oldest_due_at is None else max(apart(found.oldest_due_at, now).total_seconds(), 0.0)
    return Health(
        lag_seconds=lag,
        due=found.due,
        unsent=found.unsent,
        given_up=found.given_up,
        set_aside=found.set_aside,
        tray=found.tray,
        open_cases=found.open_cases,
    )


def troubles(desk: Desk) -> tuple[Trouble, ...]:
    """Return what could not be looked at or put on record; a mail server that is down for an hour is not yet anybody's trouble."""
    return desk.store.troubles(UNRECORDED) if isinstance(desk.store, Troubles) else ()


def _shown(step: Step, until: DateTime) -> bool:
    return step.due_at is not None and step.due_at <= until


_NEVER = DateTime.max.replace(tzinfo=pendulum.UTC)


def timeline(desk: Desk, case_id: str, until: datetime | None) -> tuple[Entry, ...]:
    """Return what happened, in the order it was recorded, the histories of merged cases included.

    A merged one that cannot be read is left out, and logged; where it is the case itself, ``Undecodable`` is raised.
    """
    limit = None if until is None else aware("until", until)
    beside = ReadingApart(desk.store)
    pairs = [(case_id, recorded) for recorded in desk.store.history(case_id)]
    pairs += [(name, recorded) for name in _merged(desk, case_id, beside) for recorded in beside.history(name)]
    kept = (pair for pair in pairs if limit is None or pair[1].recorded_at <= limit)
    return tuple(_entry(*pair) for pair in sorted(kept, key=lambda pair: (pair[1].recorded_at, pair[0], pair[1].seq)))


def _merged(desk: Desk, case_id: str, beside: ReadingApart) -> tuple[str, ...]:
    """Return the ids of all that were merged into a case, through however many hands."""
    found, ahead = [case_id], list(load(desk, case_id).receiving.merged)
    while ahead:
        name = ahead.pop(0)
        merged = None if name in found else beside.load(name)
        if merged is not None:
            found.append(name)
            ahead += merged.receiving.merged
    return tuple(found[1:])


def _entry(case_id: str, recorded: Recorded) -> Entry:
    event = recorded.event
    return Entry(
        case_id=case_id,
        seq=recorded.seq,
        at=event.at,
        recorded_at=recorded.recorded_at,
        by=event.by,
        kind=kind_of(type(event)),
        told=tell(event),
        event=event,
    )


def at(desk: Desk, case_id: str, at: datetime) -> Case:
    """Return the case as it was recorded at an earlier instant. Raises :class:`CaseNotFound` where it was not there yet."""
    limit = aware("at", at)
    events = [recorded for recorded in desk.store.history(case_id) if recorded.recorded_at <= limit]
    if not events:
        raise CaseNotFound(case_id)
    return fold(events)
