"""The case: its parts, one per heading of the practice. It is the fold of its events and holds anchors, never due dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.stages import ENDED, Stage
from recovery.core.vocabulary.acknowledging import AcknowledgingPart
from recovery.core.vocabulary.closing import ClosingPart
from recovery.core.vocabulary.common import Address, Channel, Mark, Mood, Severity
from recovery.core.vocabulary.following_up import FollowingUpPart
from recovery.core.vocabulary.keeping_in_touch import KeepingPart
from recovery.core.vocabulary.known import Earlier, Fact, Priority, fact_key
from recovery.core.vocabulary.losing import LosingPart
from recovery.core.vocabulary.ownership import OwnershipPart
from recovery.core.vocabulary.proposing import ProposingPart
from recovery.core.vocabulary.receiving import ContactNote, ReceivingPart, WishKind
from recovery.core.vocabulary.resolving import ResolvingPart
from recovery.core.vocabulary.responsibility import ResponsibilityPart

__all__ = ["Case", "Rang"]


_ORDER, _SERIOUS = tuple(Priority), tuple(Severity)


@frozen(kw_only=True)
class Rang:
    """How far the ladder of one running clock has been climbed: the last rung and when it rang."""

    rung: int
    at: DateTime


@frozen(kw_only=True)
class Case:
    """One customer's problem, from receipt to the second follow-up. ``version`` is the number of its last event."""

    id: str
    reference: str
    policy_id: str
    version: int
    stage: Stage
    opened_at: DateTime
    recorded_at: DateTime
    receiving: ReceivingPart = field(default=ReceivingPart())
    ownership: OwnershipPart = field(default=OwnershipPart())
    acknowledging: AcknowledgingPart = field(default=AcknowledgingPart())
    responsibility: ResponsibilityPart = field(default=ResponsibilityPart())
    keeping: KeepingPart = field(default=KeepingPart())
    proposing: ProposingPart = field(default=ProposingPart())
    resolving: ResolvingPart = field(default=ResolvingPart())
    following_up: FollowingUpPart = field(default=FollowingUpPart())
    closing: ClosingPart = field(default=ClosingPart())
    losing: LosingPart = field(default=LosingPart())
    marks: tuple[Mark, ...] = ()
    rungs: Mapping[str, Rang] = field(factory=dict[str, Rang], hash=False)

    @property
    def owner(self) -> str:
        """The id of the one person who looks after this case."""
        return self.ownership.owner

    @property
    def in_tray(self) -> bool:
        """Whether this is a contact that cannot become a case yet."""
        return bool(self.receiving.tray)

    @property
    def adopted(self) -> Mark | None:
        """The mark of a case that was adopted from another system: where it stood then is that system's word, not confirmed.

        Its instant is when the service clocks begin.
        """
        first = self.marks[0] if self.marks else None
        return first if first is not None and first.name == "adopted" else None

    @property
    def ended(self) -> bool:
        """Whether the case has gone the whole way or was closed."""
        return self.stage in ENDED

    @property
    def ended_at(self) -> DateTime | None:
        """When it ended: the second follow-up, or the closing."""
        if self.stage is Stage.CLOSED:
            return self.closing.at
        return self.following_up.weeks_at if self.stage is Stage.FOLLOWED_UP_WEEKS else None

    @property
    def silenced(self) -> bool:
        """Whether the customer asked not to be contacted at all."""
        wishes = self.receiving.wishes
        return bool(wishes) and any(wish.kind is WishKind.DO_NOT_CONTACT for wish in wishes)

    @property
    def not_before(self) -> DateTime | None:
        """The instant before which the customer wants no contact, the latest if several were named."""
        wishes = self.receiving.wishes
        if not wishes:
            return None
        return max((w.until for w in wishes if w.kind is WishKind.NOT_BEFORE and w.until is not None), default=None)

    @property
    def unwelcome(self) -> frozenset[Channel]:
        """The channels on which the customer does not want to be contacted."""
        wishes = self.receiving.wishes
        if not wishes:
            return frozenset()
        return frozenset(w.channel for w in wishes if w.kind is WishKind.NOT_ON_CHANNEL and w.channel is not None)

    def contact(self, seq: int) -> ContactNote | None:
        """Return the contact with number ``seq``, if there is one."""
        return next((contact for contact in self.receiving.contacts if contact.seq == seq), None)

    @property
    def repeats(self) -> tuple[Earlier, ...]:
        """The customer's earlier cases, as they were known when this one was opened: it is not the first time."""
        return self.receiving.earlier

    @property
    def repeats_of_kind(self) -> tuple[Earlier, ...]:
        """Those of the earlier cases that were about the same kind of problem."""
        category = self.receiving.category
        return tuple(one for one in self.repeats if category is not None and one.category == category)

    @property
    def priority(self) -> Priority:
        """How soon it wants to be looked at, beside its dates.

        It is as high as the problem is serious. An angry customer raises it by one; so does an earlier failure, and one of the same
        kind, or a case that came back, by two: recovery does not work twice.
        """
        repeated = 2 if self.repeats_of_kind or self.closing.reopened else 1 if self.repeats else 0
        angry = self.receiving.mood is Mood.ANGRY
        return _ORDER[min(_SERIOUS.index(self.receiving.severity) + angry + repeated, len(_ORDER) - 1)]

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the customer has told, each once, whoever it was told to."""
        return self.ownership.facts

    def on_file(self, key: str) -> str | None:
        """Return what the customer told under ``key``, or, for ``name``, ``customer_number`` or a channel, what is known of them.

        ``None`` where nothing is on file; where it stands in a message, the text says in which.
        """
        wanted, customer = fact_key(key), self.receiving.customer
        told = next((fact for fact in self.facts if fact.key == wanted), None)
        if told is not None:
            return told.value or f"see message {told.contact}"
        known = {address.channel.value: address.value for address in reversed(customer.addresses)}
        return {**known, "name": customer.name, "customer_number": customer.id}.get(wanted)

    def reachable(self, channels: Iterable[Channel]) -> tuple[Address, ...]:
        """Return the customer's addresses on ``channels``, in that order, leaving out what the customer does not want."""
        if self.silenced:
            return ()
        unwelcome = self.unwelcome
        found = (self.receiving.customer.address(channel) for channel in channels if channel not in unwelcome)
        return tuple(address for address in found if address is not None)

    def last(self, *names: str) -> Mark | None:
        """Return the latest recorded mark with one of ``names``."""
        for mark in reversed(self.marks):
            if mark.name in names:
                return mark
        return None

    def since(self, name: str, *ends: str) -> Mark | None:
        """Return the first mark ``name`` that no later mark of ``ends`` has ended."""
        last = self.last(*ends)
        after = -1 if last is None else last.seq
        return next((mark for mark in self.marks if mark.name == name and mark.seq > after), None)
