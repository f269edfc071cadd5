"""The clocks of receiving."""

from __future__ import annotations

from recovery.core.clock import IDLE, Base, Clock, Length, Rung, Unit, Whom

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="contact.receipt",
        rule="contact.receipt",
        what="send the receipt",
        starts=("contact",),
        stops=("receipted", "acknowledged"),
        length=Length(0, Unit.HOURS),
        contacts=True,
        ladder=(
            Rung(when=Length(1, Unit.HOURS), base=Base.START, whom=Whom.OWNER),
            Rung(when=Length(1, Unit.BUSINESS_DAYS), whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="E: 'immediately'; a machine can, day and night",
    ),
    Clock(
        id="contact.receipt.by-hand",
        rule="contact.receipt",
        what="tell the customer that we have it; no software of ours reaches them",
        starts=("contact_by_hand",),
        stops=("receipted", "acknowledged", "spoke"),
        length=Length(0, Unit.BUSINESS_DAYS),
        contacts=True,
        ladder=(
            Rung(when=Length(0, Unit.HOURS), whom=Whom.OWNER),
            Rung(when=Length(1, Unit.BUSINESS_HOURS), whom=Whom.SUPERVISOR, says="escalation"),
            Rung(when=Length(1, Unit.BUSINESS_DAYS), whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="E; due at the next opening",
    ),
    Clock(
        id="contact.logged",
        rule="contact.logged",
        what="find out who wrote this, or what it is about",
        starts=("held",),
        stops=("identified",),
        length=Length(1, Unit.BUSINESS_DAYS),
        citation="E; the tray has an owner and a dated step",
    ),
    Clock(
        id="contact.wishes",
        rule="contact.wishes",
        what="give the case to another person, as the customer asked",
        starts=("other_person_wished",),
        stops=("owner_changed",),
        length=Length(0, Unit.HOURS),
        ladder=(
            Rung(when=Length(0, Unit.HOURS), whom=Whom.OWNER, says="escalation"),
            Rung(when=Length(1, Unit.BUSINESS_DAYS), whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="L, H; on the agenda of the supervisor at once",
    ),
    Clock(
        id=IDLE,
        rule=IDLE,
        what="take the step",
        starts=("task_set", "call_owed"),
        stops=("task_done", "call_settled"),
        ends=(),
        length=Length(1, Unit.BUSINESS_DAYS),
        citation="E; every open case has a dated next step",
    ),
)

PROTECTS = {
    "contact.receipt": "Protects the customer from not knowing whether it arrived, who has it and when they hear next.",
    "contact.logged": "Protects the customer from being dropped because a message named nobody.",
    IDLE: "Protects the customer from a state in which nothing will happen by itself.",
}
SOURCES = {"contact.receipt": "E, H", IDLE: "E"}
FIXED_CLOCKS = frozenset({IDLE, "contact.logged", "contact.wishes"})
