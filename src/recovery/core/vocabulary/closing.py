"""Closing and reopening: the ways out that are not the way through, and the way back."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.stages import Trigger
from recovery.core.values import checked, either, is_id, is_some_text, is_text, maybe
from recovery.core.vocabulary.common import Channel, Command, Event, Mark, Need, Report, Said


class CloseReason(Enum):
    """Why a case ends without having gone the whole way."""

    WITHDRAWN = "withdrawn"
    DUPLICATE = "duplicate"
    NOT_A_CASE = "not_a_case"
    NO_ANSWER = "no_answer"
    LOST = "lost"
    NOT_AFFECTED = "not_affected"


class NotACase(Enum):
    """The only things that are not a case."""

    SPAM = "spam"
    MISDIRECTED = "misdirected"
    TEST = "test"


@frozen(kw_only=True)
class ClosingPart:
    """Why and when the case was closed, into which other case, and how often it has come back."""

    reason: CloseReason | None = None
    at: DateTime | None = None
    survivor: str | None = None
    reopened: int = 0


@frozen(kw_only=True)
class Close(Command):
    """Close the case: withdrawn (``said``), duplicate (``survivor``), not a case (``kind``, ``second_person``), no answer, or lost.

    For a duplicate, ``survivor`` is the id of the case that lives on; later words of the customer reach it. A customer who is lost
    said so (``said``), or ``explanation`` says how we know; a linked win-back case is opened, on which ``reviewer`` (else somebody
    above the owner) reviews the loss. Lost on a win-back case means that the customer was let go; that needs the review.
    """

    reason: CloseReason = field(metadata=checked(either(CloseReason)))
    said: Said | None = field(default=None, metadata=checked(maybe(either(Said))))
    survivor: str | None = field(default=None, metadata=checked(maybe(is_id)))
    kind: NotACase | None = field(default=None, metadata=checked(maybe(either(NotACase))))
    explanation: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    second_person: str | None = field(default=None, metadata=checked(maybe(is_id)))
    reviewer: str | None = field(default=None, metadata=checked(maybe(is_id)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.SURVIVOR, Need.AWAY, Need.NEW_CASE})


@frozen(kw_only=True)
class Reopen(Report):
    """Say that the case is not over: it goes back to investigating; long after its end a linked case is opened instead."""

    reason: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    channel: Channel = field(default=Channel.IN_PERSON, metadata=checked(either(Channel)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.LOADS, Need.NEW_CASE})


@frozen(kw_only=True)
class UndoMerge(Command):
    """Take back that this case is a duplicate, with the ``reason``: it is a case of its own again, and is looked into.

    The case it was merged into hears of it. What was owed stays owed: here again, unless it has been answered there meanwhile.
    """

    reason: str = field(repr=False, metadata=checked(is_some_text, personal=True))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.LOADS, Need.SURVIVOR})


@frozen(kw_only=True)
class CaseClosed(Event):
    """The case was closed, and why."""

    reason: CloseReason
    said: Said | None = None
    survivor: str | None = None
    kind: NotACase | None = None
    explanation: str = field(default="", repr=False, metadata={"personal": True})
    second_person: str | None = None

    trigger: ClassVar[Trigger | None] = Trigger.CLOSE

    @property
    def waives(self) -> int | None:
        """Words of withdrawal owe no answer."""
        return None if self.said is None else self.said.contact

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The case is over; a customer who left is owed nothing any more, and hears nothing by itself."""
        names = ("closed", "lost") if self.reason is CloseReason.LOST else ("closed",)
        return tuple(Mark(name=name, at=self.at, seq=seq) for name in names)


@frozen(kw_only=True)
class CaseReopened(Event):
    """The case is being looked into again.

    ``contact`` is the number of the message that reopened it, if one did; ``procedure`` is that of the route as it is now, and
    ``passed_over`` tells whom routing passed over, and why.
    """

    owner: str
    reason: str = field(repr=False, metadata={"personal": True})
    contact: int | None = None
    procedure: str = ""
    passed_over: tuple[str, ...] = ()

    trigger: ClassVar[Trigger | None] = Trigger.REOPEN
    marks: ClassVar[tuple[str, ...]] = ("reopened",)


@frozen(kw_only=True)
class MergeUndone(Event):
    """The case was no duplicate after all: it is a case of its own again, with an owner.

    ``survivor`` is the case it had been merged into; ``wrote_at`` when its customer wrote, where no answer has been given since.
    """

    owner: str
    survivor: str
    reason: str = field(repr=False, metadata={"personal": True})
    wrote_at: DateTime | None = None
    procedure: str = ""
    passed_over: tuple[str, ...] = ()

    trigger: ClassVar[Trigger | None] = Trigger.REOPEN
    marks: ClassVar[tuple[str, ...]] = ("reopened",)

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """It is looked into again, and what nobody has answered is owed an answer here."""
        owed = () if self.wrote_at is None else (Mark(name="wrote", at=self.wrote_at, seq=seq),)
        return (*super().leaves(seq), *owed)
