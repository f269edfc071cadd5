"""The clocks of losing."""

from __future__ import annotations

from recovery.core.clock import Clock, Length, Unit

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="loss.reviewed",
        rule="loss.reviewed",
        what="review the loss: why did the customer leave, and is winning them back worth it",
        starts=("loss_opened",),
        stops=("loss_reviewed",),
        length=Length(10, Unit.BUSINESS_DAYS),
        citation="G; ten working days, while people still remember",
    ),
    Clock(
        id="loss.made-up",
        rule="loss.made-up",
        what="plan how the unit makes up for the loss",
        starts=("loss_opened",),
        stops=("loss_planned",),
        ends=(),
        length=Length(20, Unit.BUSINESS_DAYS),
        citation="G; ten working days after the review is due",
    ),
)

PROTECTS = {
    "loss.reviewed": "Protects the customers who stay from what drove this one away: nobody leaves without our asking why.",
}
SOURCES = {"loss.reviewed": "G", "loss.made-up": "G"}
FIXED_CLOCKS: frozenset[str] = frozenset()
