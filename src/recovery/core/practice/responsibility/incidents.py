"""Incidents: what opens the case of somebody affected, joins one that complained, and marks the person's own first word."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.practice.common import happened, step_for_owner, unreachable
from recovery.core.rule import Ability, Moment
from recovery.core.stages import SETTLED
from recovery.core.values import altered
from recovery.core.vocabulary.common import Event, Mark, Recorded
from recovery.core.vocabulary.receiving import ContactJoined
from recovery.core.vocabulary.responsibility import (
    Affected,
    AffectedCaseOpened,
    AffectedNamedAgain,
    IncidentJoined,
    JoinIncident,
    NameAgain,
    OpenAffected,
    ResponsibilityPart,
)

ABILITIES = (
    Ability(
        id="own.reach-out-first",
        heading="responsibility",
        source="O",
        how="`desk.open_incident(incident, affected)` opens one case for each affected person, each once, with our word to them; "
        "`desk.update_incident` gives all of them one word, `desk.close_incident` makes it good for all.",
        protects="Protects the customer from finding our fault out by themselves: whoever it affects hears of it from us first.",
    ),
)

# ---------------------------------------------------------------- what a command leads to


def open_affected(_case: Case, command: OpenAffected, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The person has a case; where nothing reaches them, or they had asked for silence, how they hear of it is a step."""
    incident, customer = command.incident, command.customer
    yield AffectedCaseOpened(
        at=moment.now,
        by=command.by,
        case_id=command.case_id,
        reference=command.reference,
        policy_id=moment.terms.timing.id,
        owner=incident.owner,
        incident=incident.id,
        what=incident.what,
        key=command.key,
        customer=customer,
        category=incident.category,
        region=incident.region,
        brand=incident.brand,
        severity=incident.severity,
        silent=command.silent,
    )
    if not customer.addresses:
        yield unreachable(moment.now)
    if command.silent:
        what = "decide how this customer is told of the fault: on another case they asked not to be contacted"
        yield step_for_owner("contact.wishes", what, moment.now, about="silent")


def join_incident(case: Case, command: JoinIncident, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """The complaint is part of the incident from now on; joined once, it stays joined."""
    affected = case.responsibility.affected
    if affected is None or affected.incident != command.incident:
        yield IncidentJoined(at=moment.now, by=command.by, incident=command.incident, what=command.what, key=command.key)


def name_again(case: Case, command: NameAgain, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """Named once more: a note, and once only."""
    affected = case.responsibility.affected
    if affected is None or command.key not in affected.also:
        at = happened(command, moment)
        yield AffectedNamedAgain(at=at, by=command.by, incident=command.incident, key=command.key, told=command.told)


# ---------------------------------------------------------------- how an event folds in


def opened(part: ResponsibilityPart, case: Case, recorded: Recorded, event: AffectedCaseOpened) -> ResponsibilityPart:
    """The case belongs to the incident from its first entry on."""
    affected = Affected(incident=event.incident, what=event.what, key=event.key, silent=event.silent)
    return altered(part, affected=affected)


def joined(part: ResponsibilityPart, case: Case, recorded: Recorded, event: IncidentJoined) -> ResponsibilityPart:
    """A complaint that was there before belongs to the incident now."""
    affected = Affected(incident=event.incident, what=event.what, key=event.key, complained=True)
    return altered(part, affected=affected)


def named_again(part: ResponsibilityPart, case: Case, recorded: Recorded, event: AffectedNamedAgain) -> ResponsibilityPart:
    """Remember the line of the list, so that it is noted once."""
    if part.affected is None:
        return part
    return altered(part, affected=altered(part.affected, also=(*part.affected.also, event.key)))


def spoke(part: ResponsibilityPart, case: Case, recorded: Recorded, event: Event) -> ResponsibilityPart:
    """The person has said a word of their own."""
    if part.affected is None or part.affected.spoke or not _is_word(event):
        return part
    return altered(part, affected=altered(part.affected, spoke=True))


def first_word(case: Case, recorded: Recorded, event: Event) -> Iterator[Mark]:
    """The clocks of being in touch start with the person's own first word, while there is something to wait for.

    A complaint had started them before; who first speaks when asked whether it is solved starts none of them.
    """
    affected = case.responsibility.affected
    if case.stage in SETTLED or case.ended:
        return
    if affected is not None and not affected.complained and not affected.spoke and _is_word(event):
        yield Mark(name="first_word", at=event.at, seq=recorded.seq)


def _is_word(event: Event) -> bool:
    return not isinstance(event, ContactJoined) or event.owes_answer
