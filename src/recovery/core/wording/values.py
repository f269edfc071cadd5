"""What wording is made of: a rule about a phrase, the kind of a text, a finding with its place, and the signs of a good text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import cast

from attrs import field, frozen

from recovery.core.errors import Reason, Strength
from recovery.core.values import Value, checked, either, every, invalid, is_id, is_some_text, is_text, unique

__all__ = ["Sign", "TextKind", "WordingFinding", "WordingRule"]


class TextKind(Enum):
    """What a text is for. A final no may name outside bodies; only a proposal is held to how proposals are put."""

    __hash__ = object.__hash__  # members are what they are: Enum's own hash of the name is many times slower

    MESSAGE = "message"
    ACKNOWLEDGEMENT = "acknowledgement"
    PROPOSAL = "proposal"
    FINAL_NO = "final_no"


class Sign(Enum):
    """What the practice wants a text to hold: thanks, an invitation to tell, that we take it on, a next step with its time."""

    __hash__ = object.__hash__  # members are what they are: Enum's own hash of the name is many times slower

    THANKS = "thanks"
    INVITES = "invites"
    TAKES_ON = "takes_on"
    NEXT_STEP = "next_step"


def kinds(given: Iterable[TextKind]) -> frozenset[TextKind]:
    """Return the kinds of text as a set; what is no collection is left for the field's check."""
    return cast("frozenset[TextKind]", unique(given))


@frozen(kw_only=True)
class WordingRule(Value):
    """A phrase that does not belong in a text to a customer: why, what to write instead, and where that is from.

    ``rule`` is the id of the practice rule it serves. ``phrases`` are in the language of :mod:`recovery.core.wording.pattern`;
    where one of ``unless`` stands in the same sentence, nothing is found. ``strength`` *should* only warns. ``kinds`` are the
    texts it looks at (all, unless given), ``opening`` that it looks only at how the text begins, ``redeemed`` that a next step in
    the same text makes it good.
    """

    id: str = field(metadata=checked(is_id))
    rule: str = field(metadata=checked(is_id))
    phrases: tuple[str, ...] = field(metadata=checked(every(is_some_text)))
    reason: str = field(metadata=checked(is_some_text))
    better: str = field(metadata=checked(is_some_text))
    source: str = field(default="", metadata=checked(is_text))
    strength: Strength = field(default=Strength.MUST, metadata=checked(either(Strength)))
    unless: tuple[str, ...] = field(default=(), metadata=checked(every(is_some_text)))
    kinds: frozenset[TextKind] = field(default=frozenset(), converter=kinds, metadata=checked(every(either(TextKind))))
    opening: bool = field(default=False, metadata=checked(either(bool)))
    redeemed: bool = field(default=False, metadata=checked(either(bool)))

    def faults(self) -> list[Reason]:
        """There is a phrase to look for."""
        return [] if self.phrases else [invalid("phrases", "are missing", "Give at least one, such as 'blame ..2 <party>'.")]

    def looks_at(self, kind: TextKind) -> bool:
        """Whether the rule looks at texts of ``kind``."""
        return not self.kinds or kind in self.kinds


@frozen(kw_only=True)
class WordingFinding:
    """A phrase found: its rule, its place in the text (``start`` to ``end``, in characters), why not, and what to write instead."""

    rule: str
    id: str
    start: int
    end: int
    found: str = field(repr=False, metadata={"personal": True})
    reason: str
    better: str
    source: str = ""
    strength: Strength = Strength.MUST


def merged(findings: list[WordingFinding]) -> Iterator[WordingFinding]:
    """Yield the findings in the order of the text; of those of one rule that overlap, the widest."""
    taken: dict[str, int] = {}
    for one in sorted(findings, key=lambda one: (one.start, -one.end, one.id)):
        if one.start >= taken.get(one.rule, 0):
            taken[one.rule] = one.end
            yield one
