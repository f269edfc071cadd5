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
)

PROTECTS: dict[str, str] = {}
SOURCES: dict[str, str] = {}
FIXED_CLOCKS: frozenset[str] = frozenset()
