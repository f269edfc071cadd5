"""What proposing speaks of: options, what was tried, exceptions, and what the case remembers of them."""

from __future__ import annotations

from enum import Enum

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.money import Money
from recovery.core.values import Value, checked, either, invalid, is_id, is_instant, is_some_text, is_text, maybe, maybe_instant

ADOPTED = "adopted"
"""The id of the one option of a proposal that another system tells of."""


@frozen(kw_only=True)
class Option(Value):
    """One thing we can do. ``delivers`` names what must arrive with the customer (a refund, a part), ``by`` the date for it.

    ``remedy`` is the remedy of the guideline it is an instance of (default: the one of the same ``id``) and ``value`` what that is
    worth. ``beyond`` says in words what the customer gets beyond what was owed, and ``goodwill`` what that costs us. Where both lie
    outside the guideline, ``exception`` is the id of the one that was granted.
    """

    id: str = field(metadata=checked(is_id))
    text: str = field(repr=False, metadata=checked(is_some_text, personal=True, public=True))
    delivers: str | None = field(default=None, metadata=checked(maybe(is_some_text), public=True))
    by: DateTime | None = field(default=None, converter=maybe_instant, metadata=checked(maybe(is_instant), public=True))
    remedy: str | None = field(default=None, metadata=checked(maybe(is_id)))
    value: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    goodwill: Money | None = field(default=None, metadata=checked(maybe(either(Money))))
    beyond: str = field(default="", repr=False, metadata=checked(is_text, personal=True, public=True))
    exception: str | None = field(default=None, metadata=checked(maybe(is_id)))

    def faults(self) -> list[Reason]:
        """What it is worth is counted in one currency."""
        if self.value is not None and self.goodwill is not None and self.value.currency != self.goodwill.currency:
            return [invalid("goodwill", f"is in {self.goodwill.currency}, the value in {self.value.currency}", "Give both in one.")]
        return []

    @property
    def named(self) -> str:
        """The id of the remedy it stands for."""
        return self.remedy or self.id

    @property
    def worth(self) -> Money | None:
        """What the customer gets in all: the value and the goodwill."""
        return self.goodwill if self.value is None else self.value.plus(self.goodwill)


class Citing(Enum):
    """Why a guideline is cited before anything is disputed: the customer ``ASKED`` for it, or the ``LAW`` wants it told."""

    ASKED = "asked"
    LAW = "law"


@frozen(kw_only=True)
class Proposal:
    """What the customer has been offered and has not answered yet. Without options it is a no, and explained."""

    seq: int
    at: DateTime
    options: tuple[Option, ...] = field(metadata={"public": True})
    explanation: str = field(default="", repr=False, metadata={"personal": True, "public": True})
    by: str = ""


class ExceptionState(Enum):
    """What became of a request to go beyond the guideline."""

    ASKED = "asked"
    GRANTED = "granted"
    DENIED = "denied"


@frozen(kw_only=True)
class Exceptional:
    """An exception to the guideline: who asked whom for what, why, and what became of it.

    Once granted, ``value`` is what was granted, ``decided_by`` who did, and ``until`` when that ends.
    """

    id: str
    remedy: str
    value: Money | None
    reason: str = field(repr=False, metadata={"personal": True})
    asked_by: str
    approver: str
    state: ExceptionState = ExceptionState.ASKED
    decided_by: str | None = None
    decided_at: DateTime | None = None
    until: DateTime | None = None
    note: str = field(default="", repr=False, metadata={"personal": True})


@frozen(kw_only=True)
class Sought:
    """What the customer wishes as the outcome: in whose words (or in which message), and the remedy it comes to, if one does."""

    seq: int
    at: DateTime
    words: str = field(repr=False, metadata={"personal": True})
    contact: int | None = None
    remedy: str | None = None


@frozen(kw_only=True)
class Given:
    """What the customer accepted: when, and who of ours had offered it. ``came_back`` once the case was reopened after it."""

    option: Option
    at: DateTime
    by: str
    came_back: bool = False


@frozen(kw_only=True)
class ProposingPart:
    """The proposal on the table, how often the customer declined, what they wish, what they accepted, and the exceptions.

    ``declined`` are the remedies that were on the table when they did.
    """

    proposal: Proposal | None = None
    declines: int = 0
    declined: tuple[str, ...] = ()
    counter_offer: str = field(default="", repr=False, metadata={"personal": True})
    sought: tuple[Sought, ...] = ()
    exceptions: tuple[Exceptional, ...] = ()
    given: tuple[Given, ...] = ()

    def exception(self, exception_id: str) -> Exceptional | None:
        """Return the exception of that id, if there is one."""
        return next((one for one in self.exceptions if one.id == exception_id), None)
