"""The clocks of taking responsibility."""

from __future__ import annotations

from recovery.core.clock import Clock, Extension, Length, Unit

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="own.cause",
        rule="own.cause",
        what="find out why it happened, and put it on record",
        starts=("cause_owed", "cause_sought"),
        stops=("cause_recorded",),
        ends=("cause_waived",),
        length=Length(5, Unit.BUSINESS_DAYS),
        extends=(Extension(mark="cause_sought", late=True),),
        citation="G; from the first follow-up on, or until the date that was named, so that it is known by the second",
    ),
    Clock(
        id="own.reach-out-first",
        rule="own.reach-out-first",
        what="make good what the incident did to this person, or find that they are not affected",
        starts=("reached_out",),
        stops=("resolved",),
        length=Length(30, Unit.CALENDAR_DAYS),
        citation="O; as long as a case may take that somebody complained about, counted from our first word",
    ),
)

PROTECTS: dict[str, str] = {
    "own.reach-out-first": "Protects the customer from finding our fault out by themselves: whoever it affects hears of it first.",
}
SOURCES: dict[str, str] = {"own.reach-out-first": "O"}
FIXED_CLOCKS: frozenset[str] = frozenset()
