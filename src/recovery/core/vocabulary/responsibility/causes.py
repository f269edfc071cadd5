"""Why it happened, and which unit of ours answers for it. Both are for us: no message to a customer says them."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.values import checked, either, invalid, is_id, is_instant, is_text, maybe, maybe_instant
from recovery.core.vocabulary.common import Command, Event, Mark, Report
from recovery.core.vocabulary.responsibility.incidents import Affected


class CauseKind(Enum):
    """What kind of thing went wrong: ``EXPECTATION`` is a mismatch of what was expected and what was meant.

    ``SKILL`` points at training, ``PROCEDURE`` at how we work, ``CAPACITY`` at too few hands or hours, ``INFORMATION`` at what was
    not passed on, ``PRODUCT`` at what we sell, ``SYSTEM`` at our machines and programs, ``SUPPLY`` at what others deliver to us.
    """

    EXPECTATION = "expectation"
    SKILL = "skill"
    PROCEDURE = "procedure"
    CAPACITY = "capacity"
    INFORMATION = "information"
    PRODUCT = "product"
    SYSTEM = "system"
    SUPPLY = "supply"
    OTHER = "other"


@frozen(kw_only=True)
class Cause:
    """Why it happened. ``external`` when it lies outside the company: that stays our own record, and excuses nothing."""

    kind: CauseKind
    text: str = field(repr=False, metadata={"personal": True})
    external: bool
    at: DateTime


@frozen(kw_only=True)
class ResponsibilityPart:
    """Why it happened, or by when that is to be known; which unit is accountable; how the case belongs to an incident."""

    cause: Cause | None = None
    find_out_by: DateTime | None = None
    accountable: str | None = None
    affected: Affected | None = None


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class RecordCause(Report):
    """Put on file why it happened (``kind`` and ``text``), or, while nobody knows, by when it is to be found out (``find_out_by``).

    A mismatch of expectations is a cause too. ``external`` says that it lies outside the company; it stays our own record, as all
    of this does: no message to the customer can quote it. The latest record counts.
    """

    kind: CauseKind | None = field(default=None, metadata=checked(maybe(either(CauseKind))))
    text: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    external: bool = field(default=False, metadata=checked(either(bool)))
    find_out_by: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))

    def faults(self) -> list[Reason]:
        """It is known, in words, or it is not known yet and dated; not both, and not neither."""
        if self.kind is None and self.find_out_by is None:
            return [invalid("kind", "is missing", "Say what kind of cause it is, or by when it will be known (find_out_by).")]
        if self.kind is not None and self.find_out_by is not None:
            return [invalid("find_out_by", "does not go with a cause that is known", "Give one of the two.")]
        if self.kind is not None and not self.text.strip():
            return [invalid("text", "is empty", "Say in a sentence why it happened.")]
        return []


@frozen(kw_only=True)
class RecordAccountable(Command):
    """Say which unit of ours answers for it, and put its part of the solution on the agenda of the unit's head.

    Without ``unit`` it is the unit that accepted the customer at hand-off from sales (``accepted_by``). ``task`` says what
    the unit has to do, ``due_at`` by when: five working days, unless given. A second record takes the place of the first.
    """

    unit: str | None = field(default=None, metadata=checked(maybe(is_id)))
    task: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    due_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))


# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class CauseRecorded(Event):
    """Why it happened is on record."""

    kind: CauseKind
    text: str = field(repr=False, metadata={"personal": True})
    external: bool = False

    marks: ClassVar[tuple[str, ...]] = ("cause_recorded",)


@frozen(kw_only=True)
class CauseSought(Event):
    """Nobody knows yet why it happened; somebody will find out by a date."""

    find_out_by: DateTime

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """Finding out is a dated step until it is known."""
        return (Mark(name="cause_sought", at=self.at, seq=seq, until=self.find_out_by),)


@frozen(kw_only=True)
class AccountableRecorded(Event):
    """The unit that answers for it is on record, and its head has a task.

    ``by_default`` when it is the unit that accepted the customer, and nobody named another.
    """

    unit: str
    head: str
    by_default: bool = False
