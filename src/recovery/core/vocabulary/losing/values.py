"""The values of losing: what a review finds, decides and plans, and the part of the case."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.values import Value, checked, invalid, is_id, is_instant, is_some_text, is_text, maybe, maybe_instant
from recovery.core.vocabulary.losing.estimate import Estimate


class WinBack(Enum):
    """What a review decides: try to win the customer back, or let them go."""

    TRY = "try"
    LET_GO = "let_go"


@frozen(kw_only=True)
class Finding(Value):
    """What a review has found out about one of its questions. That nobody knows is an answer too, with the reason."""

    text: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    unknown_because: str = field(default="", repr=False, metadata=checked(is_text, personal=True))

    def faults(self) -> list[Reason]:
        """It is known, or it is said why it is not; never both."""
        if bool(self.text.strip()) is bool(self.unknown_because.strip()):
            return [invalid("text", "and unknown_because are both given, or both empty", "Give the finding, or why nobody knows.")]
        return []


@frozen(kw_only=True)
class PlannedStep(Value):
    """One step of a plan: what, by whom (else the owner of the case), and until when (else the policy's length holds)."""

    what: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    owner: str | None = field(default=None, metadata=checked(maybe(is_id)))
    due_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))


@frozen(kw_only=True)
class Review:
    """How a loss was reviewed: by whom and when, what was found, what winning back is worth, and what was decided."""

    at: DateTime
    by: str
    should_have_taken: Finding
    turned: Finding
    needed: Finding
    estimate: Estimate
    segment: str | None
    decision: WinBack
    reason: str = field(repr=False, metadata={"personal": True})


@frozen(kw_only=True)
class LosingPart:
    """On a win-back case: which case the customer left, when, whose loss it is, and how far the review and the plan have come."""

    lost_case: str | None = None
    lost_at: DateTime | None = None
    accountable: str | None = None
    asked_at: DateTime | None = None
    review: Review | None = None
    planned_at: DateTime | None = None
    plan: str = field(default="", repr=False, metadata={"personal": True})
