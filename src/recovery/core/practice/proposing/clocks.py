"""The clocks of proposing."""

from __future__ import annotations

from recovery.core.clock import Base, Clock, Extension, Length, Rung, Unit, Whom

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="propose.in-time",
        rule="propose.in-time",
        what="propose a resolution, or say that there is none yet and when",
        starts=("received", "declined", "reopened", "first_word"),
        stops=("proposed", "resolved"),
        ends=("reopened", "closed"),
        length=Length(5, Unit.BUSINESS_DAYS),
        may_pause=True,
        contacts=True,
        extends=(Extension(mark="no_proposal_yet"),),
        citation="E, H; early-exit windows of regulators lie at three to five working days",
    ),
    Clock(
        id="propose.rounds",
        rule="propose.rounds",
        what="look at it with the owner: the customer has declined three times",
        starts=("declined_thrice",),
        stops=("proposed", "resolved"),
        ends=("reopened", "closed"),
        length=Length(1, Unit.BUSINESS_DAYS),
        ladder=(
            Rung(when=Length(0, Unit.HOURS), base=Base.START, whom=Whom.SUPERVISOR),
            Rung(when=Length(0, Unit.HOURS), whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="D; the third round goes up the ladder at once, and one rung more after a working day",
    ),
)

PROTECTS = {
    "propose.in-time": "Protects the customer from an investigation that never turns into an answer.",
    "propose.rounds": "Protects the customer from haggling with one person for ever: after three declines somebody else looks.",
}
SOURCES = {"propose.in-time": "E, H", "propose.rounds": "D"}
FIXED_CLOCKS: frozenset[str] = frozenset()
