"""What the headings share: who must be told what, tasks, and the evidence of the customer's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs
from attrs import frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.reference import Identity
from recovery.core.rule import Moment, Problem, Terms
from recovery.core.vocabulary.common import ANSWERABLE, MACHINE, Channel, Command, Customer, Event, Said, Speaking
from recovery.core.vocabulary.known import Fact
from recovery.core.vocabulary.receiving import (
    Contact,
    LinkedCaseOpened,
    MessageWithheld,
    OpenCase,
    Outgoing,
    Part,
    Task,
    TaskDone,
    TaskSet,
)

__all__ = [
    "ATTACHMENT",
    "ISSUE_WORDS",
    "JUST_ANSWER",
    "REACH",
    "Draft",
    "accountable_of",
    "fresh_identity",
    "happened",
    "heard_from_customer",
    "history_of",
    "linked",
    "over",
    "reach_of",
    "reachable_now",
    "reviewer_of",
    "step_for_owner",
    "told_here",
    "told_to_us",
    "unreachable",
    "way_back",
    "withheld",
]

REACH = "reach"
"""What the step to find a way to the customer is about."""
ATTACHMENT = "attachment"
"""What the step to read an attachment without words is about."""


ISSUE_WORDS = 60
"""In how many words an issue is restated; so many of the first message stand for it until somebody states it."""
JUST_ANSWER = "just answer this message"
"""The way back where nobody gave another and a message can be answered; texts put it into the reader's language."""


@frozen(kw_only=True)
class Draft:
    """Something to be said: to a person on our side, or to the customer.

    With ``exact`` it goes on ``channel``, as its author wants; else ``channel`` is preferred and ``avoid`` is taken last.
    """

    part: Part
    person: str | None = None
    channel: Channel | None = None
    avoid: Channel | None = None
    exact: bool = False


def happened(command: Command, moment: Moment) -> DateTime:
    """Return when a command happened: now for an act, its own instant for a report, and never later than now."""
    reported = command.reported_at
    return moment.now if reported is None else min(reported, moment.now)


def heard_from_customer(case: Case, said: Said | None) -> Iterable[Problem]:
    """Yield what is wrong with evidence: only the customer can supply it, in words or in a message that is on the case."""
    if said is None or said.contact is None:
        return
    contact = case.contact(said.contact)
    if contact is None:
        numbers = ", ".join(str(note.seq) for note in case.receiving.contacts)
        yield Problem(
            f"no message of the customer has the number {said.contact} on this case",
            field="said",
            hint=f"The messages on it are: {numbers}.",
            params={"contact": said.contact},
        )
    elif contact.automatic:
        yield Problem(
            "a machine wrote that message, so it cannot speak for the customer",
            field="said",
            hint="Cite a message of the customer, or their words.",
            params={"contact": said.contact},
        )


def step_for_owner(rule: str, what: str, at: DateTime, *, about: str | None = None, due_at: DateTime | None = None) -> TaskSet:
    """Return a dated step that the library puts on the owner's agenda."""
    return TaskSet(at=at, by=MACHINE, rule=rule, what=what, about=about, due_at=due_at)


def unreachable(at: DateTime) -> TaskSet:
    """Return the step to find a way to a customer who gave none."""
    return step_for_owner("contact.logged", "find out how the customer can be reached", at, about=REACH)


def reachable_now(case: Case, customer: Customer | None, at: DateTime) -> Iterator[TaskDone]:
    """Yield the end of that step once there is a way."""
    if customer is not None and customer.addresses:
        yield from over((task for task in case.receiving.tasks if task.about == REACH), at)


def over(tasks: Iterable[Task], at: DateTime) -> Iterator[TaskDone]:
    """Yield the end of steps that the library has set and that have lost their reason."""
    for task in tasks:
        yield TaskDone(at=at, by=MACHINE, task_id=task.id)


def reach_of(case: Case, terms: Terms, channel: Channel) -> str:
    """Return how the customer reaches the owner from ``channel``: as they were told, else by what is on file, or in the policy."""
    told = case.acknowledging.reach
    useless = told == JUST_ANSWER and channel not in ANSWERABLE
    return (told if not useless else "") or terms.reach(case.owner) or terms.way_back


def way_back(given: str, command: Speaking, moment: Moment) -> str:
    """Return how the customer reaches the speaker: as given, else by the address on file, else by answering the message."""
    on_file = given.strip() or moment.terms.reach(command.by) or moment.terms.way_back
    return on_file or (JUST_ANSWER if command.word.via & ANSWERABLE else "")


def withheld(outgoing: Iterable[Outgoing], rule: str, at: DateTime) -> Iterable[MessageWithheld]:
    """Yield the withholding of each message that has not left yet."""
    for message in outgoing:
        yield MessageWithheld(at=at, by=MACHINE, message_id=message.id, rule=rule)


def fresh_identity(case: Case, moment: Moment) -> Identity:
    """Return the identity that the context brought for a case that grows out of this one, or else one made from its own."""
    number = case.version + 1
    made = Identity(case_id=f"{case.id}+{number}", reference=f"{case.reference}-{number}")
    brought = moment.context.new_case
    return made if brought is None or brought.case_id in case.receiving.links else brought


def linked(case: Case, contact: Contact, command: Command, moment: Moment) -> Iterator[Event | Command]:
    """Yield what opens a case linked to ``case``, under the identity the context brought, or else under one made from its own."""
    fresh = fresh_identity(case, moment)
    yield LinkedCaseOpened(at=moment.now, by=command.by, case_id=fresh.case_id)
    yield OpenCase(
        by=command.by, case_id=fresh.case_id, reference=fresh.reference, contact=contact, links=(case.id,), facts=told_here(case)
    )


def told_here(case: Case) -> tuple[Fact, ...]:
    """Return what the customer has told on ``case``, to go with them to another, where the numbers of its messages mean nothing."""
    where = f"of case {case.reference}"
    return tuple(
        attrs.evolve(fact, value=fact.value or f"see message {fact.contact} {where}", contact=None, source=fact.source or case.id)
        for fact in case.facts
    )


def history_of(case: Case, moment: Moment) -> tuple[str, ...] | None:
    """Return the ids of the earlier cases that were looked at; ``None`` where nobody knows of any, and nobody has looked."""
    unknown = moment.context.earlier is None and case.ownership.consulted_at is None
    return None if unknown else case.ownership.consulted


def accountable_of(case: Case) -> str | None:
    """Return the unit that answers for the case, whose loss it is: the one on record, else the one that accepted the customer."""
    return case.responsibility.accountable or case.receiving.customer.accepted_by


def reviewer_of(case: Case, wanted: str | None, moment: Moment) -> str:
    """Return who reviews the loss of this customer: ``wanted``, else somebody above the owner, there and from another unit."""
    terms = moment.terms
    if wanted is not None:
        return wanted
    unit = accountable_of(case)
    above = (terms.supervisor(case.owner), terms.fallback_owner, *(person.id for person in terms.people), case.owner)
    there = [person for person in above if not moment.context.is_away(person)]
    outside = (person for person in there if unit is None or terms.unit_of(person) != unit)
    return next(outside, terms.fallback_owner)


def told_to_us(case: Case, channel: Channel, text: str, at: DateTime) -> Contact:
    """Return what the customer told a person of ours as a contact of its own, so that it can open a case."""
    known = case.receiving
    return Contact(
        channel=channel,
        received_at=at,
        sender=known.customer,
        text=text,
        message_id=f"{case.version + 1}@{case.id}"[:200],
        category=known.category,
        region=known.region,
        brand=known.brand,
    )
