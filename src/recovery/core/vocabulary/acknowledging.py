"""Acknowledging: the owner says that we have it, who works on it, and when the customer hears next."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.stages import Trigger
from recovery.core.values import checked, is_instant, is_text, maybe, maybe_instant
from recovery.core.vocabulary.common import Mark, Speaking, Spoken


@frozen(kw_only=True)
class AcknowledgingPart:
    """When the customer was acknowledged, the name and way back they were given, and how a person has spoken to them since.

    ``wrote`` and ``called`` when a person has, ``rings`` how often a call reached nobody.
    """

    at: DateTime | None = None
    name: str = ""
    reach: str = field(default="", repr=False, metadata={"personal": True})
    wrote: bool = False
    called: bool = False
    rings: int = 0


@frozen(kw_only=True)
class Acknowledge(Speaking):
    """Tell the customer: we have it, we care, I am working on it, who I am, how to reach me, when you hear next.

    ``name`` and ``reach`` default to the name and address of ``by`` in the policy's people. ``next_word_at`` becomes a promise.
    """

    next_word_at: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant), public=True))
    name: str = field(default="", metadata=checked(is_text, public=True))
    reach: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))


@frozen(kw_only=True)
class Acknowledged(Spoken):
    """The customer was told who looks after them and when they hear next."""

    next_word_at: DateTime | None = field(metadata={"public": True})
    name: str = field(metadata={"public": True})
    reach: str = field(repr=False, metadata={"personal": True, "public": True})

    trigger: ClassVar[Trigger | None] = Trigger.ACKNOWLEDGE

    def says(self, seq: int) -> tuple[Mark, ...]:
        """The acknowledgement is a word, and names the date of the next."""
        marks = (Mark(name="acknowledged", at=self.at, seq=seq), *super().says(seq))
        if self.next_word_at is None:
            return marks
        return (*marks, Mark(name="word_promised", at=self.at, seq=seq, until=self.next_word_at))
