"""Ownership: one named owner, handed over with a briefing; the people, the routes and the fallback."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.values import Value, checked, either, every, invalid, is_id, is_some_text, is_text, maybe
from recovery.core.vocabulary.common import Address, Channel, Command, Event, Need, Severity
from recovery.core.vocabulary.known import Fact
from recovery.core.vocabulary.ownership.knowing import ConsultHistory, FactRecorded, HistoryConsulted, RecordFact

__all__ = [
    "AcceptHandover",
    "BusinessUnit",
    "CaseMoved",
    "Choice",
    "ConsultHistory",
    "DeclineHandover",
    "FactRecorded",
    "HandoverAccepted",
    "HandoverDeclined",
    "HandoverLapsed",
    "HandoverOffered",
    "HistoryConsulted",
    "Load",
    "MoveCase",
    "Offer",
    "OfferHandover",
    "OwnerAway",
    "OwnershipPart",
    "Person",
    "RecordFact",
    "Route",
    "Team",
]


@frozen(kw_only=True)
class Person(Value):
    """Somebody on our side. ``name`` is what customers read (a work name will do); ``supervisor`` and ``unit`` are ids.

    ``capacity`` is how many open cases they can look after at a time; routing passes over whoever has as many. ``None``: no limit.
    """

    id: str = field(metadata=checked(is_id))
    name: str = field(default="", metadata=checked(is_text))
    supervisor: str | None = field(default=None, metadata=checked(maybe(is_id)))
    addresses: tuple[Address, ...] = field(default=(), metadata=checked(every(either(Address))))
    unit: str | None = field(default=None, metadata=checked(maybe(is_id)))
    capacity: int | None = field(default=None, metadata=checked(maybe(either(int))))

    def faults(self) -> list[Reason]:
        """Whoever can look after no case at all is no owner."""
        if self.capacity is not None and self.capacity < 1:
            return [invalid("capacity", f"is {self.capacity}", "Give at least 1, or leave it out for no limit.")]
        return []


@frozen(kw_only=True)
class BusinessUnit(Value):
    """One of our units (sales, a branch, a workshop), and ``head``, the person who answers for it: losses are charged to units."""

    id: str = field(metadata=checked(is_id))
    name: str = field(default="", metadata=checked(is_text))
    head: str = field(metadata=checked(is_id))


class Choice(Enum):
    """How one of a team is chosen: the first who is there, each in turn, or whoever has the fewest open cases."""

    NAMED = "named"
    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"


@frozen(kw_only=True)
class Team(Value):
    """People who look after the same kind of case, and how one of them is chosen; they still own it one at a time.

    ``members`` are ids, in the order that decides where all else is equal. Round robin goes by who was given a case longest ago,
    least loaded by open cases; where nobody can tell (no store was asked), the order of the members decides.
    """

    id: str = field(metadata=checked(is_id))
    members: tuple[str, ...] = field(metadata=checked(every(is_id)))
    choose: Choice = field(default=Choice.NAMED, metadata=checked(either(Choice)))

    def faults(self) -> list[Reason]:
        """A team has somebody in it, and everybody once."""
        if not self.members:
            return [invalid("members", "is empty", "Name at least one person.")]
        if twice := sorted({name for name in self.members if self.members.count(name) > 1}):
            return [invalid("members", f"names {', '.join(twice)} twice", "Name everybody once.")]
        return []


@frozen(kw_only=True)
class Load:
    """How much one person has to look after: open cases that are theirs, and when they were last given one."""

    open_cases: int = 0
    assigned_at: DateTime | None = None


@frozen(kw_only=True)
class Route(Value):
    """Who looks after what, and how: the first route that fits names an owner or a ``team``, stand-ins and the procedure to follow.

    A route fits where everything it names is so: the ``channel`` the problem came in by, its ``category``, ``region``, ``brand``
    and ``severity``, the customer's number (``customer``) and ``language`` (``"de"`` fits ``"de-AT"`` as well). What is not known
    of a contact fits no route that names it.
    """

    owner: str | None = field(default=None, metadata=checked(maybe(is_id)))
    team: str | None = field(default=None, metadata=checked(maybe(is_id)))
    stand_ins: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    procedure: str = field(default="", metadata=checked(is_text))
    channel: Channel | None = field(default=None, metadata=checked(maybe(either(Channel))))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    region: str | None = field(default=None, metadata=checked(maybe(is_id)))
    brand: str | None = field(default=None, metadata=checked(maybe(is_id)))
    language: str | None = field(default=None, metadata=checked(maybe(is_id)))
    severity: Severity | None = field(default=None, metadata=checked(maybe(either(Severity))))
    customer: str | None = field(default=None, metadata=checked(maybe(is_id)))

    def faults(self) -> list[Reason]:
        """A route leads to a person or to a team: not to nobody, and not to both."""
        if self.owner is None and self.team is None:
            return [invalid("owner", "is missing, and so is team: the route leads to nobody", "Name a person, or a team.")]
        if self.owner is not None and self.team is not None:
            return [invalid("team", "does not go with owner", "Name the one or the other; stand_ins come after either.")]
        return []


@frozen(kw_only=True)
class Offer:
    """A handover on offer: to whom, by whom, with which briefing. The old owner keeps the case until it is accepted."""

    to: str
    by: str
    briefing: str = field(repr=False, metadata={"personal": True})
    at: DateTime
    seq: int


@frozen(kw_only=True)
class OwnershipPart:
    """Who owns the case, since when, by which procedure, and to whom it is on offer.

    ``unwanted`` is an owner the customer asked not to have. ``facts`` is what the customer has told; whoever has the case has them.
    ``consulted`` are the ids of earlier cases that a person has looked at, the last time at ``consulted_at``.
    """

    owner: str = ""
    offer: Offer | None = None
    unwanted: str | None = None
    since: DateTime | None = None
    procedure: str = ""
    facts: tuple[Fact, ...] = ()
    consulted: tuple[str, ...] = ()
    consulted_at: DateTime | None = None


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class OfferHandover(Command):
    """Offer the case to somebody else, with a briefing so that the customer need not begin again.

    What the case tells, the library adds (:func:`recovery.briefing`); ``briefing`` is the word of whoever offers it: what the case
    does not tell.
    """

    to: str = field(metadata=checked(is_id))
    briefing: str = field(default="", repr=False, metadata=checked(is_text, personal=True))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.LOADS})


@frozen(kw_only=True)
class AcceptHandover(Command):
    """Take the case that was offered; from now on ``by`` owns it."""


@frozen(kw_only=True)
class DeclineHandover(Command):
    """Turn the offered case down, with a reason; the old owner keeps it."""

    reason: str = field(repr=False, metadata=checked(is_some_text, personal=True))


@frozen(kw_only=True)
class MoveCase(Command):
    """A supervisor gives the case to somebody else at once, with a reason."""

    to: str = field(metadata=checked(is_id))
    reason: str = field(default="", repr=False, metadata=checked(is_text, personal=True))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.LOADS})


# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class OwnerAway(Event):
    """Nobody on the route is there, not even the fallback owner, who owns the case all the same."""

    owner: str
    marks: ClassVar[tuple[str, ...]] = ("owner_away",)


@frozen(kw_only=True)
class HandoverOffered(Event):
    """The case is on offer; nothing has changed hands yet.

    A second offer takes the place of the first, which was made to ``instead_of``.
    """

    to: str
    briefing: str = field(repr=False, metadata={"personal": True})
    instead_of: str | None = None
    marks: ClassVar[tuple[str, ...]] = ("handover_settled", "handover_offered")


@frozen(kw_only=True)
class HandoverAccepted(Event):
    """The case has a new owner.

    ``former`` had it before, ``offered_by`` offered it.
    """

    owner: str
    former: str | None = None
    offered_by: str | None = None
    marks: ClassVar[tuple[str, ...]] = ("handover_settled", "owner_changed")


@frozen(kw_only=True)
class HandoverDeclined(Event):
    """The case stays where it was.

    ``offered_by`` had offered it.
    """

    reason: str = field(repr=False, metadata={"personal": True})
    offered_by: str | None = None
    marks: ClassVar[tuple[str, ...]] = ("handover_settled",)


@frozen(kw_only=True)
class HandoverLapsed(Event):
    """Nobody took the case in time; it stays where it was.

    It had been offered to ``offered_to``, by ``offered_by``.
    """

    offered_to: str | None = None
    offered_by: str | None = None
    marks: ClassVar[tuple[str, ...]] = ("handover_settled",)


@frozen(kw_only=True)
class CaseMoved(Event):
    """A supervisor moved the case.

    ``former`` had it before; if it was on offer to somebody (``offered_to``), that is off.
    """

    owner: str
    reason: str = field(repr=False, metadata={"personal": True})
    former: str | None = None
    offered_to: str | None = None
    marks: ClassVar[tuple[str, ...]] = ("handover_settled", "owner_changed")
