"""The commands of losing."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.values import checked, either, every, instant, is_id, is_instant, is_some_text, is_text, maybe
from recovery.core.vocabulary.common import MACHINE, Channel, Command, Customer, Need, Speaking
from recovery.core.vocabulary.losing.estimate import Estimate
from recovery.core.vocabulary.losing.values import Finding, PlannedStep, WinBack


@frozen(kw_only=True)
class OpenWinBack(Command):
    """Open the win-back case of a customer who left. Filed by the closing (``CloseReason.LOST``), not by hand.

    ``words`` is how we know that they left. Nothing on the case faces the customer until they or a person of ours say a word.
    """

    by: str = field(default=MACHINE, metadata=checked(is_id))
    case_id: str = field(metadata=checked(is_id))
    reference: str = field(metadata=checked(is_id))
    lost_case: str = field(metadata=checked(is_id))
    lost_at: DateTime = field(converter=instant, metadata=checked(is_instant))
    reviewer: str = field(metadata=checked(is_id))
    accountable: str | None = field(default=None, metadata=checked(maybe(is_id)))
    customer: Customer = field(factory=Customer, metadata=checked(either(Customer)))
    channel: Channel = field(default=Channel.IN_PERSON, metadata=checked(either(Channel)))
    words: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    issue: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    region: str | None = field(default=None, metadata=checked(maybe(is_id)))
    brand: str | None = field(default=None, metadata=checked(maybe(is_id)))

    needs: ClassVar[frozenset[Need]] = frozenset({Need.AWAY})


@frozen(kw_only=True)
class AskLostCustomer(Speaking):
    """Ask a customer who left what made them go, and thank them. It is no question that is chased: they owe us nothing."""


@frozen(kw_only=True)
class ReviewLoss(Command):
    """Review the loss: the three findings, what winning back is worth, and the decision with its reason and its steps.

    ``should_have_taken``: should we have taken the customer on; ``turned``: when and why did it turn; ``needed``: what did they
    need that we could supply in future at a profit. Whether winning back is worth it is the ``estimate``, completed by the defaults
    of the ``segment`` in the policy. A second review takes the place of the first, with its steps.
    """

    should_have_taken: Finding = field(metadata=checked(either(Finding)))
    turned: Finding = field(metadata=checked(either(Finding)))
    needed: Finding = field(metadata=checked(either(Finding)))
    estimate: Estimate = field(factory=Estimate, metadata=checked(either(Estimate)))
    segment: str | None = field(default=None, metadata=checked(maybe(is_id)))
    decision: WinBack = field(metadata=checked(either(WinBack)))
    reason: str = field(default="", repr=False, metadata=checked(is_text, personal=True))
    steps: tuple[PlannedStep, ...] = field(default=(), metadata=checked(every(either(PlannedStep))))


@frozen(kw_only=True)
class PlanMakeUp(Command):
    """Say how the accountable unit makes up for the loss, and the steps of it."""

    plan: str = field(repr=False, metadata=checked(is_some_text, personal=True))
    steps: tuple[PlannedStep, ...] = field(default=(), metadata=checked(every(either(PlannedStep))))
