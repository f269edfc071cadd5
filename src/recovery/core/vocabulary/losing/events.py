"""The events of losing."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.values import instant
from recovery.core.vocabulary.common import Event, Spoken
from recovery.core.vocabulary.losing.estimate import Estimate, Worth
from recovery.core.vocabulary.losing.values import Finding, WinBack


@frozen(kw_only=True)
class WinBackOpened(Event):
    """A customer left: the review is due, and so is the plan of the unit that is accountable."""

    lost_case: str
    lost_at: DateTime = field(converter=instant)
    accountable: str | None = None

    marks: ClassVar[tuple[str, ...]] = ("loss_opened",)


@frozen(kw_only=True)
class LostCustomerAsked(Spoken):
    """A customer who left was asked what made them go."""


@frozen(kw_only=True)
class LossReviewed(Event):
    """The loss was reviewed.

    ``estimate`` holds the figures of the segment where the review had none; ``worth`` is what it comes to, ``None`` where something
    is lacking.
    """

    should_have_taken: Finding
    turned: Finding
    needed: Finding
    estimate: Estimate
    worth: Worth | None = None
    segment: str | None = None
    decision: WinBack
    reason: str = field(repr=False, metadata={"personal": True})

    marks: ClassVar[tuple[str, ...]] = ("loss_reviewed",)


@frozen(kw_only=True)
class MakeUpPlanned(Event):
    """The accountable unit said how it makes up for the loss."""

    plan: str = field(repr=False, metadata={"personal": True})

    marks: ClassVar[tuple[str, ...]] = ("loss_planned",)
