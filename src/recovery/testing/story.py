"""A case told command by command, by the real decide: no store, no shell; after each step it is the fold of its events."""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol, Self

import attrs
from attrs import define, field
from pendulum import DateTime

from recovery.core.agenda import Step
from recovery.core.case import Case
from recovery.core.decide import Decision, agenda, decide
from recovery.core.errors import InvalidValue
from recovery.core.fold import fold
from recovery.core.policy import Policy
from recovery.core.reference import Identity
from recovery.core.rule import Context
from recovery.core.values import invalid, later
from recovery.core.vocabulary.common import Command, Recorded, kind_of
from recovery.core.vocabulary.known import Earlier
from recovery.core.vocabulary.receiving import Contact, Delivery, OpenCase, ReportDelivery, Wake
from recovery.testing.content import NARRATIVES, a_contact, a_policy
from recovery.testing.moments import MONDAY
from recovery.testing.played import Deed

__all__ = ["CASE_ID", "REFERENCE", "Story", "Teller", "unseen_on", "work_until"]

CASE_ID, REFERENCE = "case-1", "R1"
"""The id and the reference of the case a story tells."""

OTHER = Identity(case_id="case-2", reference="R2")
"""Under which a case is opened that grows out of it."""


class Teller(Protocol):
    """Whoever can tell a case on: a story without a shell, or one on a desk."""

    @property
    def policy(self) -> Policy:
        """The policy by which it is decided."""
        ...

    @property
    def now(self) -> DateTime:
        """The present instant of the story."""
        ...

    @property
    def told(self) -> Case:
        """The case as it stands."""
        ...

    def do(self, *commands: Command) -> object:
        """Carry out commands, all or none; raises :class:`recovery.Refused`."""
        ...

    def deliver(self) -> object:
        """Let every message that is on its way arrive."""
        ...

    def reach(self, at: DateTime) -> object:
        """Let it be ``at``, unless that is past; no worker looks at the clocks."""
        ...

    def another(self) -> str:
        """Return the id of another case, in which a duplicate can live on."""
        ...

    def unseen(self) -> tuple[str, ...] | None:
        """Return the ids of the earlier cases that nobody has looked at; ``None`` where nobody can tell, and nobody has looked."""
        ...


@define
class Story:
    """A case told command by command. ``now`` moves with :meth:`wait` and :meth:`work_until`.

    ``context`` is what the core is told of the world: who is away, which case a duplicate lives on in, and that the
    customer has had no case before, unless told otherwise. ``deeds``, ``decisions``
    and ``events`` hold everything so far: what was done and when, what it came to, and what is in the history.
    """

    policy: Policy = field(factory=a_policy)
    now: DateTime = MONDAY
    case: Case | None = None
    events: list[Recorded] = field(factory=list[Recorded])
    decisions: list[Decision] = field(factory=list[Decision])
    deeds: list[Deed] = field(factory=list[Deed])
    context: Context = field(default=Context(new_case=OTHER, earlier=(), twins=()))

    @classmethod
    def begins(
        cls,
        contact: Contact | None = None,
        *,
        policy: Policy | None = None,
        now: DateTime = MONDAY,
        context: Context | None = None,
    ) -> Self:
        """Return a story whose case has just been opened, from a real complaint unless ``contact`` says otherwise."""
        story = cls(policy=a_policy() if policy is None else policy, now=now)
        story.context = story.context if context is None else context
        story.open(a_contact(at=story.now) if contact is None else contact)
        return story

    @property
    def told(self) -> Case:
        """The case. Raises :class:`InvalidValue` before it is opened."""
        if self.case is None:
            raise InvalidValue("the story", [invalid("case", "is not there yet", "A story begins with open().")])
        return self.case

    @property
    def agenda(self) -> tuple[Step, ...]:
        """Every dated step of the case, the soonest first."""
        return agenda(self.told, self.policy)

    def open(self, contact: Contact, owner: str | None = None) -> Decision:
        """Open the case from a contact."""
        return self.do(OpenCase(case_id=CASE_ID, reference=REFERENCE, contact=contact, owner=owner))

    def wait(self, **length: float) -> Self:
        """Let time pass, without anybody looking at the clocks: ``wait(days=3)``. Returns the story."""
        self.now = later(self.now, timedelta(**length))
        return self

    def reach(self, at: DateTime) -> Self:
        """Let it be ``at``, unless that is past, without anybody looking at the clocks. Returns the story."""
        self.now = max(self.now, at)
        return self

    def work_until(self, at: DateTime) -> Self:
        """Let time pass until ``at``, with a worker who looks at every clock in time and messages that arrive."""
        work_until(self, at)
        return self

    def do(self, *commands: Command) -> Decision:
        """Decide, and check that the case is the fold of its events. Raises :class:`recovery.Refused`, and then nothing changed."""
        decision = decide(self.case, *commands, policy=self.policy, now=self.now, context=self.context)
        events = [*self.events, *decision.events]
        if fold(events) != decision.case:
            raise AssertionError(f"after {[kind_of(type(c)) for c in commands]} the case is not the fold of its events")
        self.events, self.case = events, decision.case
        self.decisions.append(decision)
        self.deeds.append(Deed(at=self.now, commands=commands))
        return decision

    def go_on_with(self, opened: Decision) -> Self:
        """Go on with a case that a decision opened: the win-back case of a customer who left. Returns the story."""
        self.events, self.case = list(opened.events), opened.case
        self.decisions.append(opened)
        return self

    def wake(self) -> Decision:
        """Let the clocks be looked at."""
        return self.do(Wake())

    def deliver(self, delivery: Delivery = Delivery.SENT) -> Self:
        """Report the same end for every message that is on its way. Returns the story."""
        for out in self.told.receiving.outgoing:
            if out.state is Delivery.QUEUED:
                self.do(ReportDelivery(message_id=out.id, delivery=delivery))
        return self

    def away(self, *people: str) -> Self:
        """Say who is away from now on; nobody, if nobody is named. Returns the story."""
        self.context = attrs.evolve(self.context, away=frozenset(people))
        return self

    def another(self) -> str:
        """Let the core know of another case, in which this one can live on, and return its id."""
        opening = OpenCase(case_id=OTHER.case_id, reference=OTHER.reference, contact=a_contact(NARRATIVES[1].words, self.now))
        survivor = decide(None, opening, policy=self.policy, now=self.now).case
        self.context = attrs.evolve(self.context, survivor=survivor)
        return survivor.id

    def unseen(self) -> tuple[str, ...] | None:
        """Return the ids of the earlier cases that nobody has looked at; ``None`` where nobody can tell, and nobody has looked."""
        return unseen_on(self.told, self.context.earlier)

    def kinds(self) -> list[str]:
        """Return the names of all events so far, as classes: ``CaseOpened``."""
        return [type(recorded.event).__name__ for recorded in self.events]


def unseen_on(case: Case, earlier: tuple[Earlier, ...] | None) -> tuple[str, ...] | None:
    """Return the ids of those of ``earlier`` that nobody has looked at on ``case``."""
    seen = case.ownership.consulted
    if earlier is None:
        return None if case.ownership.consulted_at is None else ()
    return tuple(one.case_id for one in earlier if one.case_id not in seen)


def work_until(teller: Teller, at: DateTime) -> None:
    """Let time pass until ``at``: at each instant a clock wakes it is looked at, and what is then written arrives."""
    while (due := _next_wake(teller)) is not None and due <= at:
        teller.reach(due)
        teller.do(Wake())
        teller.deliver()
        if _next_wake(teller) == due:
            break  # nothing was due after all: it must not be looked at for ever
    teller.reach(at)


def _next_wake(teller: Teller) -> DateTime | None:
    soonest = next(iter(agenda(teller.told, teller.policy)), None)
    return None if soonest is None else soonest.wake_at
