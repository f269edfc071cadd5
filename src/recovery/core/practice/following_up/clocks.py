"""The clocks of following up."""

from __future__ import annotations

from recovery.core.clock import LADDER, Clock, Ends, Extension, Length, Rung, Unit, Whom

_PASSING = (
    Rung(when=Length(-1, Unit.BUSINESS_DAYS), whom=Whom.OWNER),
    Rung(when=Length(0, Unit.HOURS), whom=Whom.NOBODY),
    *LADDER[1:],
)

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="follow-up.days",
        rule="follow-up.days",
        what="ask the customer whether it is really solved",
        starts=("settled",),
        stops=("follow_up_asked_days", "followed_up_days"),
        ends=("reopened", "closed"),
        length=Length(3, Unit.CALENDAR_DAYS),
        day_ends=Ends.WORKING_TIME,
        may_pause=True,
        contacts=True,
        ladder=_PASSING,
        citation="E, L, D; most returns come within three days",
    ),
    Clock(
        id="follow-up.weeks",
        rule="follow-up.weeks",
        what="ask the customer again, whatever they said the first time",
        starts=("settled",),
        stops=("follow_up_asked_weeks", "followed_up_weeks"),
        ends=("reopened", "closed"),
        after=("followed_up_days",),
        length=Length(21, Unit.CALENDAR_DAYS),
        day_ends=Ends.WORKING_TIME,
        may_pause=True,
        contacts=True,
        extends=(Extension(mark="followed_up_days", by=Length(7, Unit.CALENDAR_DAYS), late=True),),
        ladder=_PASSING,
        citation="E; nearly all returns come within 21 days",
    ),
    Clock(
        id="follow-up.unreachable",
        rule="follow-up.unreachable",
        what="no answer to the follow-up yet: try again, on another channel",
        starts=("follow_up_attempted",),
        stops=("follow_up_attempted", "followed_up_days", "followed_up_weeks"),
        ends=("reopened", "closed"),
        length=Length(2, Unit.BUSINESS_DAYS),
        contacts=True,
        ladder=(
            Rung(when=Length(0, Unit.HOURS), whom=Whom.NOBODY),
            Rung(when=Length(0, Unit.HOURS), whom=Whom.OWNER),
            Rung(when=Length(1, Unit.BUSINESS_DAYS), whom=Whom.SUPERVISOR, says="escalation"),
            Rung(when=Length(2, Unit.BUSINESS_DAYS), whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="D; tries are a working day apart",
    ),
)

PROTECTS = {
    "follow-up.days": "Protects the customer from a resolution that was agreed and does not work.",
    "follow-up.weeks": "Protects the customer from a problem that comes back when nobody asks any more.",
}
SOURCES = {"follow-up.days": "E, L, D", "follow-up.weeks": "E"}
FIXED_CLOCKS: frozenset[str] = frozenset()
