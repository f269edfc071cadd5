"""Ownership: one named owner, handed over with a briefing; the people, the routes and the fallback."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.values import Value, checked, either, every, is_id, is_some_text, is_text, maybe
from recovery.core.vocabulary.common import Address, Channel, Command, Event, Need


@frozen(kw_only=True)
class Person(Value):
    """Somebody on our side. ``name`` is what customers read (a work name will do); ``supervisor`` and ``unit`` are ids."""

    id: str = field(metadata=checked(is_id))
    name: str = field(default="", metadata=checked(is_text))
    supervisor: str | None = field(default=None, metadata=checked(maybe(is_id)))
    addresses: tuple[Address, ...] = field(default=(), metadata=checked(every(either(Address))))
    unit: str | None = field(default=None, metadata=checked(maybe(is_id)))


@frozen(kw_only=True)
class BusinessUnit(Value):
    """One of our units (sales, a branch, a workshop), and ``head``, the person who answers for it: losses are charged to units."""

    id: str = field(metadata=checked(is_id))
    name: str = field(default="", metadata=checked(is_text))
    head: str = field(metadata=checked(is_id))


@frozen(kw_only=True)
class Route(Value):
    """Who looks after what: the first route that fits a contact names its owner, stand-ins and the procedure to follow."""

    owner: str = field(metadata=checked(is_id))
    stand_ins: tuple[str, ...] = field(default=(), metadata=checked(every(is_id)))
    procedure: str = field(default="", metadata=checked(is_text))
    channel: Channel | None = field(default=None, metadata=checked(maybe(either(Channel))))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    region: str | None = field(default=None, metadata=checked(maybe(is_id)))
    brand: str | None = field(default=None, metadata=checked(maybe(is_id)))


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
    """Who owns the case, and to whom it is on offer. ``unwanted`` is an owner the customer asked not to have."""

    owner: str = ""
    offer: Offer | None = None
    unwanted: str | None = None


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class OfferHandover(Command):
    """Offer the case to somebody else, with a briefing so that the customer need not begin again."""

    to: str = field(metadata=checked(is_id))
    briefing: str = field(default="", repr=False, metadata=checked(is_text, personal=True))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY})


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

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY})


# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class OwnerAway(Event):
    """Nobody on the route is there, not even the fallback owner, who owns the case all the same."""

    owner: str
    marks: ClassVar[tuple[str, ...]] = ("owner_away",)


@frozen(kw_only=True)
class HandoverOffered(Event):
    """The case is on offer; nothing has changed hands yet. A second offer takes the place of the first."""

    to: str
    briefing: str = field(repr=False, metadata={"personal": True})
    marks: ClassVar[tuple[str, ...]] = ("handover_settled", "handover_offered")


@frozen(kw_only=True)
class HandoverAccepted(Event):
    """The case has a new owner."""

    owner: str
    marks: ClassVar[tuple[str, ...]] = ("handover_settled", "owner_changed")


@frozen(kw_only=True)
class HandoverDeclined(Event):
    """The case stays where it was."""

    reason: str = field(repr=False, metadata={"personal": True})
    marks: ClassVar[tuple[str, ...]] = ("handover_settled",)


@frozen(kw_only=True)
class HandoverLapsed(Event):
    """Nobody took the case in time; it stays where it was."""

    marks: ClassVar[tuple[str, ...]] = ("handover_settled",)


@frozen(kw_only=True)
class CaseMoved(Event):
    """A supervisor moved the case."""

    owner: str
    reason: str = field(repr=False, metadata={"personal": True})
    marks: ClassVar[tuple[str, ...]] = ("handover_settled", "owner_changed")
