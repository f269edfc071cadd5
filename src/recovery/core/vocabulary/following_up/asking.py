"""Following up: after days and after weeks, on another channel, whether it is solved and how we treated the customer."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import ClassVar, cast

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.stages import Trigger
from recovery.core.values import checked, either, every, invalid, is_instant, is_text, maybe, maybe_instant, unique
from recovery.core.vocabulary.common import Channel, Command, Event, Heard, Mark, Need, Report, Said, Speaking, Spoken
from recovery.core.vocabulary.following_up.survey import Surveying


class Which(Enum):
    """The first follow-up, or the second."""

    DAYS = "days"
    WEEKS = "weeks"


class FollowUpOutcome(Enum):
    """How a follow-up ended. Only the customer can say ``SOLVED``."""

    SOLVED = "solved"
    UNANSWERED = "unanswered"
    DECLINED = "declined"


class Topic(Enum):
    """What a follow-up asks."""

    SOLVED = "solved"
    TREATMENT = "treatment"


class Then(Enum):
    """What becomes of something else the customer needs."""

    LINKED_CASE = "linked_case"
    STEP = "step"


def topics(given: Iterable[Topic]) -> frozenset[Topic]:
    """Return the topics as a set; what is no collection is left for the field's check."""
    return cast("frozenset[Topic]", unique(given))


@frozen(kw_only=True)
class Attempt:
    """One try at a follow-up, on which channels, and when."""

    which: Which
    at: DateTime
    via: frozenset[Channel]
    seq: int


@frozen(kw_only=True)
class FollowingUpPart:
    """The tries at the follow-ups, how each ended, and how far the survey has come."""

    attempts: tuple[Attempt, ...] = ()
    days: FollowUpOutcome | None = None
    days_at: DateTime | None = None
    weeks: FollowUpOutcome | None = None
    weeks_at: DateTime | None = None
    treated_well: bool | None = None
    survey: Surveying | None = None


# ---------------------------------------------------------------- commands


@frozen(kw_only=True)
class FollowUp(Speaking):
    """Ask the customer whether it is really solved, and whether the contact was as expected.

    ``issue`` restates the problem (default: the issue on file); ``reach`` is the direct way back (default: the address of ``by``).
    A call that reached nobody is reported with ``Word(said_at=..., reached=False)`` and counts as an attempt.
    """

    topics: frozenset[Topic] = field(
        default=frozenset(Topic),
        converter=topics,
        metadata=checked(every(either(Topic))),
    )
    issue: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))
    reach: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))


@frozen(kw_only=True)
class RecordFollowUpAnswer(Report):
    """Put the customer's answer to a follow-up on file, in their words: solved or not, how we treated them, anything else.

    ``something_else`` names what else they need; ``then`` says whether it becomes a linked case or a dated step.
    """

    said: Said = field(metadata=checked(either(Said)))
    solved: bool = field(metadata=checked(either(bool)))
    treated_well: bool | None = field(default=None, metadata=checked(maybe(either(bool))))
    something_else: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    then: Then | None = field(default=None, metadata=checked(maybe(either(Then))))
    step_due_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY, Need.LOADS, Need.NEW_CASE})

    def faults(self) -> list[Reason]:
        """Something can only become a case or a step when it is said what it is."""
        if self.then is not None and not self.something_else.strip():
            return [invalid("something_else", "is empty", "Say what else the customer needs, or leave then out.")]
        return []


@frozen(kw_only=True)
class PassFollowUp(Command):
    """Pass the follow-up as unanswered, after enough tries. It never counts as satisfied."""


# ---------------------------------------------------------------- events


@frozen(kw_only=True)
class FollowUpMade(Spoken):
    """The customer was asked, or a try was made."""

    which: Which
    topics: frozenset[Topic]
    issue: str = field(repr=False, metadata={"personal": True, "public": True})
    reach: str = field(repr=False, metadata={"personal": True, "public": True})
    counts: bool = True

    def says(self, seq: int) -> tuple[Mark, ...]:
        """Once it arrives, the follow-up has been asked, if it asked what it must on a channel that counts."""
        spoke = super().says(seq)
        return (*spoke, Mark(name=f"follow_up_asked_{self.which.value}", at=self.at, seq=seq)) if self.counts else spoke


@frozen(kw_only=True)
class FollowUpAnswered(Heard):
    """The customer said whether it is solved."""

    which: Which
    solved: bool
    treated_well: bool | None = None
    something_else: str = field(default="", repr=False, metadata={"personal": True})
    marks: ClassVar[tuple[str, ...]] = ("follow_up_answered",)


@frozen(kw_only=True)
class FollowUpPassed(Event):
    """A follow-up has ended: solved, unanswered or declined."""

    which: Which
    outcome: FollowUpOutcome

    trigger: ClassVar[Trigger | None] = Trigger.FOLLOW_UP

    def leaves(self, seq: int) -> tuple[Mark, ...]:
        """The stage is passed."""
        return (Mark(name=f"followed_up_{self.which.value}", at=self.at, seq=seq),)
