"""Every clock of the default policy: when it warns, is due, escalates and to whom, is met, missed, paused and begun anew.

The instants are worked out by hand, in the local time of Berlin; Monday is 2 March 2026, the clocks change on 29 March.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from pendulum import DateTime

from recovery.core.agenda import Outcome, Reading
from recovery.core.calendar import office_hours
from recovery.core.clock import MARKS, Base, Clock, Ends, Extension, Kind, Length, Rung, Timing, Unit, Whom
from recovery.core.decide import agenda, clocks
from recovery.core.policy import NEVER_PAUSED, Policy
from recovery.core.practice import CLOCKS
from recovery.core.reference import Identity
from recovery.core.rule import Context
from recovery.core.stages import Stage
from recovery.core.values import instant
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, Reopen
from recovery.core.vocabulary.common import Address, Channel, Customer, Word
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import (
    Ask,
    Inform,
    KeepPromise,
    MakePromise,
    MovePromise,
    RecordAnswer,
    RecordDeferral,
    RecordPromise,
    WaiveAnswer,
)
from recovery.core.vocabulary.losing import PlanMakeUp
from recovery.core.vocabulary.ownership import AcceptHandover, MoveCase, OfferHandover, Route
from recovery.core.vocabulary.proposing import Investigate, Option, Propose, RecordDecline
from recovery.core.vocabulary.receiving import (
    AlarmRung,
    CompleteTask,
    Delivery,
    Identify,
    OpenCase,
    Receive,
    RecordWish,
    ReportDelivery,
    SetTask,
    Wake,
    Wish,
    WishKind,
)
from recovery.core.vocabulary.resolving import (
    ArrivalSource,
    CheckArrival,
    ConfirmArrival,
    MoveDelivery,
    RecordAcceptance,
    Resolve,
)
from recovery.core.vocabulary.responsibility import CauseKind, Incident, OpenAffected, RecordCause
from support import (
    BERLIN,
    BO,
    EMAIL,
    MONDAY,
    PEOPLE,
    PHONE,
    REFUND,
    REPAIR,
    Story,
    a_contact,
    a_review,
    by_mail,
    called,
    lost,
    outcomes,
    said,
    step_of,
)

ZONE = ZoneInfo("Europe/Berlin")
DESK = Policy(fallback_owner="ana", calendar=BERLIN, people=PEOPLE, routes=(Route(owner="ben", procedure="Ring first."),))
"""Ben looks after every case, Cleo is above him, and Ana is the fallback owner: each rung tells another person."""


def local(text: str) -> DateTime:
    """Return the instant at which a clock in Berlin shows ``text``, as in "03-02 10:00", in the year 2026."""
    return instant(datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE))


def shown(at: DateTime) -> str:
    """Return ``at`` as :func:`local` reads it."""
    return f"{at.astimezone(ZONE):%m-%d %H:%M}"


def received(policy: Policy = DESK, **fields: object) -> Story:
    """Return a case of Ben's, received on Monday at ten."""
    return Story.begins(a_contact(**fields), policy=policy)  # type: ignore[arg-type]


def at(story: Story, text: str) -> Story:
    """Let it be ``text``, local time."""
    story.now = local(text)
    return story


def in_hand(policy: Policy = DESK) -> Story:
    """Return a case that Ben has acknowledged and looks into, with a next word promised for the next day."""
    story = received(policy).deliver()
    story.do(Acknowledge(by="ben", word=by_mail(), next_word_at=local("03-03 10:00")), Investigate(by="ben"))
    return story.deliver()


def offered(*options: object) -> Story:
    """Return a case with a proposal that has been sent."""
    story = in_hand()
    story.do(Propose(by="ben", word=by_mail("Here is what we can do."), options=options or (REPAIR,)))  # type: ignore[arg-type]
    return story.deliver()


def declined_thrice() -> Story:
    """Return a case whose customer has declined three proposals, the last on Monday at ten."""
    story = in_hand()
    for _ in range(3):
        sent(story, Propose(by="ben", word=by_mail(), options=(REPAIR,)))
        story.do(RecordDecline(by="ben", said=said("No.")))
    return story


def settled() -> Story:
    """Return a case settled on Monday at ten, by e-mail."""
    story = offered()
    story.do(RecordAcceptance(by="ben", option="repair", said=said()))
    return story


def refund_due() -> Story:
    """Return a case accepted on Monday at ten, with a refund on its way."""
    story = offered(REFUND)
    story.do(RecordAcceptance(by="ben", option="refund", said=said()))
    return story


def receipt_lost() -> Story:
    """Return a case whose receipt could not be delivered."""
    story = received()
    lost = next(out for out in story.told.receiving.outgoing if out.person is None)
    story.do(ReportDelivery(message_id=lost.id, delivery=Delivery.GIVEN_UP))
    return story


def by_phone_only() -> Story:
    """Return a case of somebody whom no software reaches."""
    return received(sender=Customer(name="Bo Lind", addresses=(PHONE,)), channel=Channel.PHONE)


def wrote_again() -> Story:
    """Return a case in which the customer wrote once more, on Tuesday at ten."""
    story = at(in_hand(), "03-03 10:00")
    story.do(Receive(contact=a_contact("Any news?", at=story.now)))
    return story


def promised() -> Story:
    """Return a case in which a call was promised for Thursday at three."""
    story = in_hand()
    story.do(MakePromise(by="ben", what="We call you.", due_at=local("03-05 15:00")))
    return story


def asked() -> Story:
    """Return a case in which the customer was asked something, by mail."""
    story = in_hand()
    story.do(Ask(by="ben", word=by_mail(), question="Which engine is it?"))
    return story.deliver()


def first_done() -> Story:
    """Return a case whose first follow-up was answered on Thursday at ten."""
    story = at(settled(), "03-05 10:00")
    story.do(FollowUp(by="ben", word=called(story.now, "Does it work?")), RecordFollowUpAnswer(by="ben", solved=True, said=said()))
    return story


def tried_in_vain() -> Story:
    """Return a case whose first follow-up was tried on Thursday at ten, and nobody answered."""
    story = at(settled(), "03-05 10:00")
    story.do(FollowUp(by="ben", word=called(story.now, reached=False)))
    return story


def on_offer() -> Story:
    """Return a case that was offered to Cleo."""
    story = in_hand()
    story.do(OfferHandover(by="ben", to="cleo", briefing="The display is dark; a fitter is on the way."))
    return story


def nobody_there() -> Story:
    """Return a case that came in while everybody was away."""
    away = Context(away=frozenset({"ana", "ben", "cleo"}), new_case=Identity(case_id="case-2", reference="R2"))
    return Story.begins(policy=DESK, context=away)


def in_tray() -> Story:
    """Return a contact that says neither who wrote it nor how to reach them."""
    return received(sender=Customer())


def not_ben() -> Story:
    """Return a case whose customer wants another person."""
    story = in_hand()
    story.do(RecordWish(by="ben", wish=Wish(kind=WishKind.ANOTHER_PERSON), said=said("Somebody else, please.")))
    return story


def with_task() -> Story:
    """Return a case with a dated step on Ben's agenda."""
    story = in_hand()
    story.do(SetTask(by="ben", what="order the part"))
    return story


def reached_first() -> Story:
    """Return the case of somebody whom we told of our fault before they complained."""
    story = Story(policy=DESK)
    fault = Incident(id="x", what="The tyres are thin.", owner="ben", text="We change them.", next_word_at=local("03-04 10:00"))
    opening = OpenAffected(by="ben", case_id="case-1", reference="R1", incident=fault, customer=BO, key="k")
    story.do(opening, Acknowledge(by="ben", word=by_mail("We change them."), next_word_at=local("03-04 10:00")))
    return story.deliver()


Begin = Callable[[], Story]

SCHEDULE: dict[str, tuple[Begin, str, tuple[str, ...]]] = {
    "contact.receipt": (
        receipt_lost,
        "03-02 10:00",
        ("03-02 11:00 ben", "03-03 10:00 ana", "03-04 10:00 ana", "03-05 10:00 ana"),
    ),
    "contact.receipt.by-hand": (
        by_phone_only,
        "03-02 10:00",
        ("03-02 10:00 ben", "03-02 11:00 cleo", "03-03 10:00 ana", "03-04 10:00 ana"),
    ),
    "contact.logged": (in_tray, "03-03 10:00", ("03-02 22:00 ben", "03-03 10:00 cleo", "03-04 10:00 ana", "03-05 10:00 ana")),
    "contact.wishes": (not_ben, "03-02 10:00", ("03-02 10:00 cleo", "03-03 10:00 ana", "03-04 10:00 ana")),
    "case.never-forgotten": (
        with_task,
        "03-03 10:00",
        ("03-02 22:00 ben", "03-03 10:00 cleo", "03-04 10:00 ana", "03-05 10:00 ana", "03-06 10:00 ana", "03-09 10:00 ana"),
    ),
    "owner.named": (nobody_there, "03-02 10:00", ("03-02 10:00 ana", "03-03 10:00 ana", "03-04 10:00 ana")),
    "owner.handover": (on_offer, "03-03 10:00", ("03-03 10:00 nobody",)),
    "acknowledge.immediately": (
        received,
        "03-02 11:00",
        ("03-02 11:00 ben", "03-02 14:00 cleo", "03-03 10:00 ana", "03-04 10:00 ana"),
    ),
    "own.reach-out-first": (
        reached_first,
        "04-01 10:00",
        ("03-31 10:00 ben", "04-01 10:00 cleo", "04-02 10:00 ana", "04-03 10:00 ana"),
    ),
    "own.cause": (
        first_done,
        "03-12 10:00",
        ("03-11 10:00 ben", "03-12 10:00 cleo", "03-13 10:00 ana", "03-16 10:00 ana"),
    ),
    "contact.keep-informed": (
        in_hand,
        "03-05 10:00",
        ("03-04 10:00 ben", "03-09 10:00 cleo", "03-10 10:00 ana", "03-11 10:00 ana", "03-12 10:00 ana"),
    ),
    "contact.answer-owed": (
        wrote_again,
        "03-04 10:00",
        ("03-03 22:00 ben", "03-04 10:00 cleo", "03-05 10:00 ana", "03-06 10:00 ana", "03-09 10:00 ana"),
    ),
    "promise.tracked": (
        promised,
        "03-05 15:00",
        ("03-04 15:00 ben", "03-05 15:00 cleo", "03-06 15:00 ana", "03-09 15:00 ana"),
    ),
    "promise.tracked.next-word": (
        in_hand,
        "03-03 10:00",
        ("03-02 22:00 ben", "03-03 10:00 cleo", "03-04 10:00 ana", "03-05 10:00 ana"),
    ),
    "customer.chased": (
        asked,
        "03-04 10:00",
        ("03-04 10:00 customer", "03-11 10:00 customer", "03-18 10:00 ben", "03-19 10:00 ana", "03-20 10:00 ana"),
    ),
    "propose.in-time": (
        in_hand,
        "03-09 10:00",
        ("03-06 10:00 ben", "03-09 10:00 cleo", "03-10 10:00 ana", "03-11 10:00 ana"),
    ),
    "propose.rounds": (declined_thrice, "03-03 10:00", ("03-02 10:00 cleo", "03-03 10:00 ana", "03-04 10:00 ana")),
    "resolve.delivered": (
        refund_due,
        "03-09 10:00",
        ("03-06 10:00 ben", "03-10 10:00 customer", "03-12 10:00 customer", "03-16 10:00 customer", "03-18 10:00 nobody"),
    ),
    "resolve.whole-case": (
        in_hand,
        "04-01 10:00",
        ("03-31 10:00 ben", "04-01 10:00 cleo", "04-02 10:00 ana", "04-03 10:00 ana", "04-06 10:00 ana"),
    ),
    "follow-up.days": (
        settled,
        "03-05 10:00",
        ("03-04 10:00 ben", "03-05 10:00 nobody", "03-05 10:00 cleo", "03-06 10:00 ana", "03-09 10:00 ana"),
    ),
    "follow-up.weeks": (
        first_done,
        "03-23 10:00",
        ("03-20 10:00 ben", "03-23 10:00 nobody", "03-23 10:00 cleo", "03-24 10:00 ana", "03-25 10:00 ana"),
    ),
    "follow-up.unreachable": (
        tried_in_vain,
        "03-09 10:00",
        ("03-09 10:00 nobody", "03-09 10:00 ben", "03-10 10:00 cleo", "03-11 10:00 ana", "03-12 10:00 ana"),
    ),
    "survey.short": (first_done, "03-07 10:00", ("03-07 10:00 nobody",)),
    "loss.reviewed": (lost, "03-16 10:00", ("03-13 10:00 cleo", "03-16 10:00 fay", "03-17 10:00 fay", "03-18 10:00 fay")),
    "loss.made-up": (lost, "03-30 10:00", ("03-27 10:00 dora", "03-30 10:00 fay", "03-31 10:00 fay", "04-01 10:00 fay")),
}
"""For each default clock: a case on which it runs, when it is due, and each rung with whom it tells."""

every_clock = pytest.mark.parametrize("clock", sorted(SCHEDULE))


def rings(story: Story, clock: str, count: int) -> list[str]:
    """Let a worker wake the case whenever it is to be woken; return the first ``count`` rings of ``clock``, with whom they tell."""
    heard: list[str] = []
    for _ in range(200):
        if len(heard) >= count:
            break
        decision = story.wake()
        heard += [
            f"{shown(entry.event.at)} {entry.event.person or entry.event.whom}"
            for entry in decision.events
            if isinstance(entry.event, AlarmRung) and entry.event.clock == clock
        ]
        assert decision.wake_at is not None
        story.now = decision.wake_at
    return heard[:count]


def reading(story: Story, clock: str) -> Reading:
    """Return the latest reading of ``clock``."""
    return readings_of(story, clock)[-1]


def readings_of(story: Story, clock: str) -> list[Reading]:
    """Return every reading of ``clock``, the oldest first."""
    return [found for found in clocks(story.told, story.policy, story.now) if found.clock == clock]


def test_every_default_clock_has_a_schedule_here() -> None:
    """No default clock is without a schedule worked out by hand."""
    assert set(SCHEDULE) == {clock.id for clock in CLOCKS}


@every_clock
def test_a_clock_falls_due_when_the_table_says(clock: str) -> None:
    """Each clock is due at the instant the table of the design gives it, and while it is open it says what is left."""
    begin, due, _ = SCHEDULE[clock]
    story = begin()
    assert shown(step_of(story, clock).due_at or MONDAY) == due
    found = reading(story, clock)
    assert found.outcome is Outcome.OPEN
    assert found.due_at == local(due)
    assert found.left is not None
    assert found.left >= timedelta()


@every_clock
def test_a_clock_climbs_its_ladder_to_the_right_people(clock: str) -> None:
    """Each rung rings at its instant and tells its person, in order; the last one rings again every business day."""
    begin, _, ladder = SCHEDULE[clock]
    assert rings(begin(), clock, len(ladder)) == list(ladder)


@every_clock
def test_a_month_without_a_worker_tells_nobody_twice_in_one_tick(clock: str) -> None:
    """After a month's outage one tick tells one person of one matter once, and writes one chase to the customer at most."""
    begin, _, _ = SCHEDULE[clock]
    story = begin().wait(days=35)
    decision = story.wake()
    readers = [(message.person, message.channel) for message in decision.messages]
    assert len(set(readers)) == len(readers)
    matters = [
        (message.person, saying.values["rule"], saying.values["key"])
        for message in decision.messages
        for saying in message.sayings
        if saying.values.get("rule")
    ]
    assert len(set(matters)) == len(matters)
    chases = [s for m in decision.messages for s in m.sayings if s.template in ("chase", "chase_again", "arrival_check")]
    assert len(chases) <= 1
    assert story.wake().events == ()


# ---------------------------------------------------------------- met, missed, open


def sent(story: Story, *commands: object) -> Story:
    """Do it, and let what it says be sent."""
    story.do(*commands)  # type: ignore[arg-type]
    return story.deliver()


def told(story: Story) -> Story:
    """Give the customer a word, by mail."""
    return sent(story, Inform(by="ben", word=by_mail("It is under way.")))


def acknowledge(story: Story) -> Story:
    """Acknowledge, by mail."""
    return sent(story, Acknowledge(by="ben", word=by_mail(), next_word_at=local("06-01 10:00")))


def follow_up(story: Story) -> Story:
    """Reach the customer for a follow-up, by phone."""
    return sent(story, FollowUp(by="ben", word=called(story.now, "Does it work?")))


MET_BY: dict[str, Callable[[Story], Story]] = {
    "contact.receipt": acknowledge,
    "contact.receipt.by-hand": lambda story: sent(story, Inform(by="ben", word=called(story.now))),
    "contact.logged": lambda story: sent(story, Identify(by="ben", customer=BO)),
    "contact.wishes": lambda story: sent(story, MoveCase(by="cleo", to="ana", reason="as the customer asked")),
    "case.never-forgotten": lambda story: sent(story, CompleteTask(by="ben", task_id=story.told.receiving.tasks[0].id)),
    "owner.named": lambda story: sent(story, Inform(by="ana", word=called(story.now))),
    "owner.handover": lambda story: sent(story, AcceptHandover(by="cleo")),
    "acknowledge.immediately": acknowledge,
    "own.reach-out-first": lambda story: sent(
        story, Investigate(by="ben"), Resolve(by="ben", word=by_mail("They are changed."), done="four new tyres")
    ),
    "own.cause": lambda story: sent(story, RecordCause(by="ben", kind=CauseKind.SYSTEM, text="The old stock was mixed up.")),
    "contact.keep-informed": told,
    "contact.answer-owed": told,
    "promise.tracked": lambda story: sent(story, KeepPromise(by="ben", promise_id=story.told.keeping.promises[0].id)),
    "promise.tracked.next-word": told,
    "customer.chased": lambda story: sent(
        story, RecordAnswer(by="ben", question_id=story.told.keeping.questions[0].id, said=said("The old one."))
    ),
    "propose.in-time": lambda story: sent(story, Propose(by="ben", word=by_mail(), options=(REPAIR,))),
    "propose.rounds": lambda story: sent(story, Propose(by="ben", word=by_mail(), options=(REFUND,))),
    "resolve.delivered": lambda story: sent(
        story, ConfirmArrival(by="ben", delivery_id=story.told.resolving.deliveries[0].id, source=ArrivalSource.BANK)
    ),
    "resolve.whole-case": lambda story: sent(story, Resolve(by="ben", word=by_mail(), done="It is repaired.")),
    "follow-up.days": follow_up,
    "follow-up.weeks": follow_up,
    "follow-up.unreachable": follow_up,
    "survey.short": lambda story: sent(story, Wake()),
    "loss.reviewed": lambda story: sent(story, a_review()),
    "loss.made-up": lambda story: sent(story, PlanMakeUp(by="dora", plan="Two yards by the summer.")),
}
"""For each default clock what meets it."""

SHORT_OF_DUE = {"contact.receipt", "contact.receipt.by-hand", "contact.wishes", "owner.named"}
"""Clocks that are due as soon as they start."""


@every_clock
def test_a_clock_kept_in_time_is_met(clock: str) -> None:
    """What stops a clock by its due instant meets it, at the instant it happened, and takes the step off the agenda."""
    begin, due, _ = SCHEDULE[clock]
    story = begin()
    run, number = step_of(story, clock).run, len(readings_of(story, clock)) - 1
    story.now = local(due)
    MET_BY[clock](story)
    assert run not in {step.run for step in agenda(story.told, story.policy)}
    stopped = readings_of(story, clock)[number]
    assert (stopped.outcome, stopped.at, stopped.left) == (Outcome.MET, story.now, None)


@every_clock
def test_a_clock_kept_too_late_is_missed(clock: str) -> None:
    """What comes a minute after the due instant takes the step off the agenda, but the clock was missed, since its due instant."""
    begin, due, _ = SCHEDULE[clock]
    story = begin()
    run, number = step_of(story, clock).run, len(readings_of(story, clock)) - 1
    story.now = local(due).add(minutes=1)
    late = reading(story, clock)
    assert (late.outcome, late.at, late.left) == (Outcome.MISSED, local(due), None)
    MET_BY[clock](story)
    assert run not in {step.run for step in agenda(story.told, story.policy)}
    stopped = readings_of(story, clock)[number]
    assert (stopped.outcome, stopped.at) == (Outcome.MISSED, local(due))


TOLD_BY_WORD = (
    "acknowledge.immediately",
    "contact.keep-informed",
    "contact.answer-owed",
    "promise.tracked.next-word",
    "propose.in-time",
)


@pytest.mark.parametrize("how", [Delivery.GIVEN_UP, Delivery.BOUNCED])
@pytest.mark.parametrize("clock", TOLD_BY_WORD)
def test_a_word_that_did_not_arrive_meets_nothing(clock: str, how: Delivery) -> None:
    """When the word that met a clock is given up or bounces, the clock runs again from where it was, and the owner has a step."""
    begin, due, _ = SCHEDULE[clock]
    story = begin()
    run = step_of(story, clock).run
    MET_BY[clock](story)
    assert run not in {step.run for step in agenda(story.told, story.policy)}
    word = [out for out in story.told.receiving.outgoing if out.person is None][-1]
    story.do(ReportDelivery(message_id=word.id, delivery=how))
    again = next(step for step in agenda(story.told, story.policy) if step.run == run)
    assert again.due_at == local(due)
    assert any(task.about == "undelivered:email" for task in story.told.receiving.tasks)


@pytest.mark.parametrize("clock", TOLD_BY_WORD)
def test_a_word_counts_from_the_instant_it_was_sent(clock: str) -> None:
    """A mail that lies in the outbox over the due instant has met nothing in time: what counts is when it left."""
    begin, due, _ = SCHEDULE[clock]
    story = begin()
    story.now = local(due).subtract(minutes=5)
    if clock == "acknowledge.immediately":
        story.do(Acknowledge(by="ben", word=by_mail(), next_word_at=local("06-01 10:00")))
    elif clock == "propose.in-time":
        story.do(Propose(by="ben", word=by_mail(), options=(REPAIR,)))
    else:
        story.do(Inform(by="ben", word=by_mail()))
    story.wait(minutes=10).deliver()
    assert Outcome.MISSED in outcomes(story, clock)


def test_a_word_on_two_channels_counts_from_the_first_that_left() -> None:
    """A word by mail and text message is met when the first of them was sent, and by the second when the first bounces."""
    story = received(sender=attrs.evolve(BO, addresses=(EMAIL, Address(channel=Channel.SMS, value="+49 170 1")))).deliver()
    word = Word(via=frozenset({Channel.EMAIL, Channel.SMS}), text="I am on it.")
    story.wait(minutes=5).do(Acknowledge(by="ben", word=word, next_word_at=local("03-03 10:00")))
    mail, text = (out for out in story.told.receiving.outgoing[-2:])
    story.wait(minutes=10).do(ReportDelivery(message_id=mail.id, delivery=Delivery.SENT))
    assert reading(story, "acknowledge.immediately").at == local("03-02 10:15")
    story.wait(minutes=10).do(ReportDelivery(message_id=text.id, delivery=Delivery.SENT))
    assert reading(story, "acknowledge.immediately").at == local("03-02 10:15")
    story.do(ReportDelivery(message_id=mail.id, delivery=Delivery.BOUNCED))
    assert reading(story, "acknowledge.immediately").at == local("03-02 10:25")
    story.do(ReportDelivery(message_id=text.id, delivery=Delivery.BOUNCED))
    assert reading(story, "acknowledge.immediately").outcome is Outcome.OPEN


def test_a_call_is_met_when_it_is_reported_done() -> None:
    """A call that is owed meets nothing: a voicemail leaves it owed, and the report that it was made meets the clock."""
    story = received().deliver()
    call = Word(via=frozenset({Channel.PHONE}), text="I will call.")
    story.do(Acknowledge(by="ben", word=call, next_word_at=local("03-03 10:00")))
    owed = story.told.receiving.outgoing[-1]
    assert (owed.manual, owed.state) == (True, Delivery.OWED)
    assert reading(story, "acknowledge.immediately").outcome is Outcome.OPEN
    assert "phone" in step_of(story, "case.never-forgotten").what
    story.wait(minutes=20).do(ReportDelivery(by="ben", message_id=owed.id, delivery=Delivery.NOT_REACHED))
    assert reading(story, "acknowledge.immediately").outcome is Outcome.OPEN
    story.wait(minutes=20).do(ReportDelivery(by="ben", message_id=owed.id, delivery=Delivery.SENT))
    assert (reading(story, "acknowledge.immediately").outcome, reading(story, "acknowledge.immediately").at) == (
        Outcome.MET,
        story.now,
    )
    assert all(step.clock != "case.never-forgotten" for step in agenda(story.told, story.policy))


def test_what_was_done_in_time_and_logged_late_is_in_time() -> None:
    """A call made in time and reported a day later met the clock when it was made; the alarm that rang stays in history."""
    story = received().deliver()
    story.wait(hours=24).wake()
    story.do(Acknowledge(by="ben", word=called(local("03-02 10:30"), "It is Ben."), next_word_at=local("03-05 10:00")))
    found = reading(story, "acknowledge.immediately")
    assert (found.outcome, found.at) == (Outcome.MET, local("03-02 10:30"))
    assert "AlarmRung" in story.kinds()


def test_a_call_reported_after_the_customers_word_answers_it() -> None:
    """What a word answers is told by the order of the entries, not by the instants: the later entry answers the earlier ones."""
    story = wrote_again()
    story.now = local("03-03 12:00")
    story.do(Inform(by="ben", word=called(local("03-03 09:00"))))
    assert outcomes(story, "contact.answer-owed") == [Outcome.MET]


def test_a_mail_written_before_the_customers_word_does_not_answer_it() -> None:
    """A word covers messages with lower numbers only: a mail that was waiting to be sent answers nothing that came after it."""
    story = in_hand()
    story.do(Inform(by="ben", word=by_mail()))
    story.wait(minutes=1).do(Receive(contact=a_contact("Hello?", at=story.now)))
    story.wait(minutes=1).deliver()
    assert outcomes(story, "contact.answer-owed") == [Outcome.OPEN]


def test_a_waived_message_is_owed_no_answer_and_the_next_one_is() -> None:
    """Of two messages the older starts the clock; when it is waived the clock runs from the younger."""
    story = wrote_again()
    first = story.told.receiving.contacts[-1]
    story.wait(hours=3).do(Receive(contact=a_contact("Really, any news?", at=story.now)))
    assert shown(step_of(story, "contact.answer-owed").due_at or MONDAY) == "03-04 10:00"
    story.do(WaiveAnswer(by="ben", contact=first.seq, reason="a greeting only"))
    assert shown(step_of(story, "contact.answer-owed").due_at or MONDAY) == "03-04 13:00"


# ---------------------------------------------------------------- paused, resumed


def test_only_clocks_that_wait_for_the_customer_may_pause() -> None:
    """Receipt, promises, answers, the pace and the whole case never pause; what may pause is named here, one by one."""
    pausing = {clock.id for clock in CLOCKS if clock.may_pause}
    assert pausing == {"propose.in-time", "resolve.delivered", "follow-up.days", "follow-up.weeks"}
    assert not {clock.rule for clock in CLOCKS if clock.may_pause} & NEVER_PAUSED


PAUSING = {
    "propose.in-time": (timedelta(hours=36), "03-16 10:00"),
    "resolve.delivered": (timedelta(hours=36), "03-16 10:00"),
    "follow-up.days": (timedelta(days=2, hours=20), "03-12 10:00"),
    "follow-up.weeks": (timedelta(days=17, hours=20), "03-30 11:00"),
}
"""For each clock that may pause: what is left of it after a question asked half a business day later, and when it is due after a
week's wait for the answer."""


@pytest.mark.parametrize("clock", sorted(PAUSING))
def test_a_clock_pauses_while_the_customer_is_asked_and_goes_on_after(clock: str) -> None:
    """While a question is open a clock has no due instant, only what is left; after the answer it is due as much later."""
    begin, _, _ = SCHEDULE[clock]
    story = begin()
    story.wait(hours=4)
    sent(story, Ask(by="ben", word=by_mail(), question="When are you at home?"))
    step = step_of(story, clock)
    assert (step.due_at, step.wake_at, reading(story, clock).outcome) == (None, None, Outcome.PAUSED)
    left = step.left
    assert reading(story, clock).left == left
    assert left == PAUSING[clock][0]
    story.wait(days=7)
    assert step_of(story, clock).left == left
    question = story.told.keeping.questions[0]
    story.do(RecordAnswer(by="ben", question_id=question.id, said=said("In the evening.")))
    assert (reading(story, clock).outcome, shown(step_of(story, clock).due_at or MONDAY)) == (Outcome.OPEN, PAUSING[clock][1])


def test_a_date_the_customer_named_pauses_until_then() -> None:
    """Until a date the customer named a clock stands still, and the due instant is known beforehand."""
    story = in_hand()
    story.do(RecordDeferral(by="ben", until=local("03-09 10:00"), said=said("I am away until Monday.")))
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-16 10:00"


def test_a_question_asked_after_a_clock_has_stopped_does_not_move_its_date() -> None:
    """What is over waits for nobody: the date it was due on stays what it was, however long the customer is asked afterwards."""
    story = in_hand()
    before = reading(story, "propose.in-time").due_at
    sent(story, Propose(by="ben", word=by_mail(), options=(Option(id="new", text="We bring you a new one."),)))
    story.wait(days=2)
    story.do(RecordDecline(by="ben", said=said("Not that one.")))
    first = next(found for found in clocks(story.told, story.policy, story.now) if found.clock == "propose.in-time")
    assert (first.outcome, first.due_at) == (Outcome.MET, before)


def test_two_questions_at_once_pause_once() -> None:
    """Overlapping waits count once: the clock goes on when the last question is answered."""
    story = in_hand()
    sent(story, Ask(by="ben", word=by_mail(), question="Which engine?"))
    sent(story.wait(days=1), Ask(by="ben", word=by_mail(), question="Which year?"))
    first, second = story.told.keeping.questions
    story.wait(days=1).do(RecordAnswer(by="ben", question_id=first.id, said=said("The old one.")))
    assert reading(story, "propose.in-time").outcome is Outcome.PAUSED
    story.wait(days=1).do(RecordAnswer(by="ben", question_id=second.id, said=said("2011.")))
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-12 10:00"
    story.do(RecordDeferral(by="ben", at=local("03-04 10:00"), until=local("03-06 10:00"), said=said("Not before Friday.")))
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-13 10:00"


def test_whatever_never_pauses_runs_on_while_the_customer_is_asked() -> None:
    """An open question stops neither the pace, nor a promise, nor the limit of the whole case."""
    story = promised()
    before = {step.clock: step.due_at for step in agenda(story.told, story.policy)}
    sent(story, Ask(by="ben", word=called(story.now), question="Which engine?"))
    after = {step.clock: step.due_at for step in agenda(story.told, story.policy)}
    assert after["promise.tracked"] == before["promise.tracked"]
    assert after["resolve.whole-case"] == before["resolve.whole-case"]
    assert after["contact.keep-informed"] is not None


def test_a_question_that_bounced_pauses_nothing() -> None:
    """A question the customer never got is not open: the clock is due as if it had not been asked."""
    story = asked()
    assert step_of(story, "propose.in-time").due_at is None
    story.do(ReportDelivery(message_id=story.told.receiving.outgoing[-1].id, delivery=Delivery.BOUNCED))
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-09 10:00"


def test_an_ended_case_does_not_wait_for_an_answer() -> None:
    """Closing ends the waiting: what an ended case still owes is due, and somebody will be woken for it."""
    story = refund_due()
    sent(story, Ask(by="ben", word=by_mail(), question="Which account?"))
    assert step_of(story, "resolve.delivered").due_at is None
    story.wait(days=1).do(Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Forget it.")))
    assert shown(step_of(story, "resolve.delivered").wake_at or MONDAY) == "03-09 10:00"


# ---------------------------------------------------------------- reopened, ended


def test_reopening_starts_service_clocks_anew_and_goes_on_with_the_whole_case() -> None:
    """Reopened, a case owes a proposal and a word anew, no receipt nor acknowledgement; its limit goes on from where it stopped."""
    story = settled()
    story.wait(days=2).do(Reopen(by="ben", reason="It leaks again."))
    due = {step.clock: shown(step.due_at) for step in agenda(story.told, story.policy) if step.due_at is not None}
    assert due["propose.in-time"] == "03-11 10:00"
    assert due["contact.keep-informed"] == "03-09 10:00"
    assert due["resolve.whole-case"] == "04-03 10:00"
    assert not set(due) & {"contact.receipt", "acknowledge.immediately", "follow-up.days"}


def test_a_whole_case_that_was_too_late_stays_missed_when_reopened() -> None:
    """Time used up before is not given back: a case reopened after its limit is overdue at once."""
    story = in_hand()
    story.wait(days=40)
    sent(story, Resolve(by="ben", word=by_mail(), done="It is repaired."))
    assert outcomes(story, "resolve.whole-case") == [Outcome.MISSED]
    story.wait(days=1).do(Reopen(by="ben", reason="It leaks again."))
    assert (outcomes(story, "resolve.whole-case"), shown(step_of(story, "resolve.whole-case").due_at or MONDAY)) == (
        [Outcome.MISSED],
        "04-01 10:00",
    )


def test_a_second_decline_owes_a_second_proposal() -> None:
    """Each decline starts the clock of the proposal anew, and each round is read by itself."""
    story = offered()
    story.wait(days=1).do(RecordDecline(by="ben", said=said("No.")))
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-10 10:00"
    sent(story.wait(days=1), Propose(by="ben", word=by_mail(), options=(REFUND,)))
    story.wait(days=1).do(RecordDecline(by="ben", said=said("No.")))
    assert outcomes(story, "propose.in-time") == [Outcome.MET, Outcome.MET, Outcome.OPEN]
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-12 10:00"


@pytest.mark.parametrize(
    ("clock", "ends"), [("contact.keep-informed", "ended"), ("propose.in-time", "ended"), ("promise.tracked", "open")]
)
def test_closing_ends_what_faces_the_customer_and_keeps_what_is_owed(clock: str, ends: str) -> None:
    """Over means over, but a promise, a step or an answer still owed keeps its owner and its date."""
    story = promised()
    story.wait(hours=1).do(Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    assert reading(story, clock).outcome.value == ends
    assert any(step.clock == clock for step in agenda(story.told, story.policy)) is (ends == "open")


def test_a_clock_that_ended_too_late_was_missed() -> None:
    """Closing a case after a clock was due does not make good for it: it was missed, since its due instant."""
    story = in_hand()
    story.wait(days=30).do(Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    found = reading(story, "propose.in-time")
    assert (found.outcome, found.at) == (Outcome.MISSED, local("03-09 10:00"))


def test_a_clock_that_ended_in_time_says_when() -> None:
    """Closing a case before a clock was due ends it, neither met nor missed."""
    story = in_hand()
    story.wait(days=1).do(Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    found = reading(story, "propose.in-time")
    assert (found.outcome, found.at, found.left) == (Outcome.ENDED, story.now, None)


# ---------------------------------------------------------------- extended, wished


def test_a_notice_before_the_limit_puts_off_the_proposal() -> None:
    """Word that there is no proposal yet, and when, puts the proposal off to that date."""
    story = at(in_hand(), "03-09 09:30")
    notice = Inform(by="ben", word=by_mail(), no_proposal_yet=True, next_word_at=local("03-12 10:00"))
    sent(story, notice)
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-12 10:00"


def test_a_notice_after_the_limit_puts_off_nothing() -> None:
    """Word that comes a minute too late does not make the proposal any less late."""
    story = at(in_hand(), "03-09 10:01")
    notice = Inform(by="ben", word=by_mail(), no_proposal_yet=True, next_word_at=local("03-12 10:00"))
    sent(story, notice)
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-09 10:00"


def test_a_notice_with_an_earlier_date_shortens_nothing() -> None:
    """A date before the limit is a promise of its own, and leaves the limit where it was."""
    story = in_hand()
    sent(story, Inform(by="ben", word=by_mail(), no_proposal_yet=True, next_word_at=local("03-04 10:00")))
    assert shown(step_of(story, "propose.in-time").due_at or MONDAY) == "03-09 10:00"
    assert shown(step_of(story, "promise.tracked.next-word").due_at or MONDAY) == "03-04 10:00"


def test_a_late_first_follow_up_pushes_the_second() -> None:
    """The second follow-up comes at least seven days after the first, however late that one was."""
    story = at(settled(), "03-19 10:00")
    story.do(FollowUp(by="ben", word=called(story.now)), RecordFollowUpAnswer(by="ben", solved=True, said=said()))
    assert shown(step_of(story, "follow-up.weeks").due_at or MONDAY) == "03-26 10:00"


def test_the_second_follow_up_waits_until_the_first_is_done() -> None:
    """Before the first follow-up is done the second is not on the agenda, and is no open clock either."""
    assert all(step.clock != "follow-up.weeks" for step in agenda(settled().told, DESK))
    assert outcomes(settled(), "follow-up.weeks") == []


def test_no_contact_before_the_date_the_customer_wants() -> None:
    """Clocks that ask for a word to the customer wait for the date they named, and so does the library's own check."""
    story = refund_due()
    wish = Wish(kind=WishKind.NOT_BEFORE, until=local("03-25 10:00"))
    story.do(RecordWish(by="ben", wish=wish, said=said("Not before the 25th, please.")))
    informed = step_of(story, "contact.keep-informed")
    assert (shown(informed.due_at or MONDAY), shown(informed.wake_at or MONDAY)) == ("03-25 10:00", "03-25 10:00")
    heard = rings(story, "resolve.delivered", 2)
    assert heard == ["03-06 10:00 ben", "03-25 10:00 customer"]


def test_a_customer_who_wants_no_contact_is_followed_up_by_nobody() -> None:
    """Do not contact: both follow-ups are passed as declined when they fall due, and nothing else about the customer rings."""
    story = settled()
    story.do(RecordCause(by="ben", kind=CauseKind.PRODUCT, text="The display lets water in."))
    story.do(RecordWish(by="ben", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Leave me alone.")))
    assert {step.clock for step in agenda(story.told, story.policy)} == {"follow-up.days"}
    for _ in range(20):
        decision = story.wake()
        assert all(message.person is not None for message in decision.messages)
        if decision.wake_at is None:
            break
        story.now = decision.wake_at
    part = story.told.following_up
    assert story.told.stage is Stage.FOLLOWED_UP_WEEKS
    assert (part.days, part.weeks) == (part.weeks, part.days)
    assert (part.days is not None and part.days.value, shown(part.days_at or MONDAY), shown(part.weeks_at or MONDAY)) == (
        "declined",
        "03-05 10:00",
        "03-23 10:00",
    )
    assert agenda(story.told, story.policy) == ()


def test_promises_move_and_warn_at_half_a_short_span() -> None:
    """A promise for the same day warns at half its span; moved in time it is met, and its new date runs."""
    story = in_hand()
    story.do(MakePromise(by="ben", what="We call you.", due_at=local("03-02 14:00")))
    assert shown(step_of(story, "promise.tracked").wake_at or MONDAY) == "03-02 12:00"
    promise = story.told.keeping.promises[0]
    sent(story.wait(hours=1), MovePromise(by="ben", word=by_mail(), promise_id=promise.id, due_at=local("03-04 15:00")))
    assert outcomes(story, "promise.tracked") == [Outcome.MET, Outcome.OPEN]
    assert shown(step_of(story, "promise.tracked").due_at or MONDAY) == "03-04 15:00"


def test_a_promise_logged_after_its_date_is_overdue_at_once() -> None:
    """A promise given elsewhere whose date has passed is missed from the start, and rings at the next look."""
    story = in_hand()
    story.do(RecordPromise(by="ben", what="A call.", due_at=local("02-27 10:00")))
    assert reading(story, "promise.tracked").outcome is Outcome.MISSED
    assert rings(story, "promise.tracked", 3) == ["03-02 10:00 ben", "03-02 10:00 cleo", "03-02 10:00 ana"]


def test_an_undated_promise_gets_the_policys_date() -> None:
    """An undated "I will call back" is due in two business days."""
    story = in_hand()
    story.do(RecordPromise(by="ben", what="A call."))
    assert shown(step_of(story, "promise.tracked").due_at or MONDAY) == "03-04 10:00"


def test_a_delivery_has_the_date_that_was_promised() -> None:
    """A dated delivery is due on its date, moved with word to the customer, and each check is a business day apart at least."""
    dated = attrs.evolve(REFUND, by=local("03-13 12:00"))
    story = offered(dated)
    story.do(RecordAcceptance(by="ben", option="refund", said=said()))
    assert shown(step_of(story, "resolve.delivered").due_at or MONDAY) == "03-13 12:00"
    delivery = story.told.resolving.deliveries[0]
    sent(story, MoveDelivery(by="ben", word=by_mail(), delivery_id=delivery.id, by_date=local("03-18 12:00")))
    assert shown(step_of(story, "resolve.delivered").due_at or MONDAY) == "03-18 12:00"
    assert rings(story, "resolve.delivered", 2) == ["03-17 12:00 ben", "03-19 12:00 customer"]


def test_a_check_of_ours_is_no_follow_up_and_keeps_the_checks_of_the_library() -> None:
    """A person may ask any time whether it has arrived; the library's own checks come all the same."""
    story = at(refund_due(), "03-06 12:00")
    sent(story, CheckArrival(by="ben", word=by_mail("Is it there?"), delivery_id=story.told.resolving.deliveries[0].id))
    assert story.told.following_up.attempts == ()
    assert rings(story, "resolve.delivered", 2) == ["03-06 12:00 ben", "03-10 10:00 customer"]


def test_a_chase_waits_while_an_answer_is_owed() -> None:
    """Nobody is chased while we owe them an answer ourselves."""
    story = wrote_again()
    word = Word(via=frozenset({Channel.EMAIL}), text="One question first.", answers=False)
    sent(story, Ask(by="ben", word=word, question="Which engine?"))
    assert step_of(story, "customer.chased").wake_at is None
    sent(story.wait(hours=1), Inform(by="ben", word=by_mail("Here is the answer.")))
    assert shown(step_of(story, "customer.chased").wake_at or MONDAY) == "03-05 11:00"


def test_two_chases_are_five_business_days_apart_however_late_the_first_was() -> None:
    """A chase is counted from the one before it as it was sent, so that an outage does not send two at once."""
    story = asked().wait(days=30)
    first = story.wake()
    assert [s.template for m in first.messages if m.person is None for s in m.sayings] == ["chase"]
    assert shown(step_of(story, "customer.chased").wake_at or MONDAY) == "04-08 11:00"  # after the change to summer time


# ---------------------------------------------------------------- the whole ladder tells somebody


def test_a_stand_in_hears_for_somebody_who_is_away() -> None:
    """Whom a rung would tell while they are away, their supervisor hears instead, and the fallback owner for both."""
    story = received().deliver()
    story.context = attrs.evolve(story.context, away=frozenset({"ben"}))
    assert rings(story, "acknowledge.immediately", 1) == ["03-02 11:00 cleo"]
    story = received().deliver()
    story.context = attrs.evolve(story.context, away=frozenset({"ben", "cleo"}))
    assert rings(story, "acknowledge.immediately", 2) == ["03-02 11:00 ana", "03-02 14:00 ana"]


def test_the_offer_of_a_handover_is_the_step_of_whoever_may_take_it() -> None:
    """An offer is on the agenda of the person it was made to, a wish for another person on that of the supervisor."""
    assert step_of(on_offer(), "owner.handover").whom == "cleo"
    assert step_of(not_ben(), "contact.wishes").whom == "cleo"
    assert step_of(with_task(), "case.never-forgotten").whom == "ben"


def test_a_second_offer_has_a_clock_of_its_own() -> None:
    """An offer that takes the place of another does not lapse with it."""
    story = on_offer()
    story.wait(hours=5).do(OfferHandover(by="ben", to="ana", briefing="Cleo has no time."))
    assert shown(step_of(story, "owner.handover").due_at or MONDAY) == "03-03 15:00"
    assert rings(story, "owner.handover", 1) == ["03-03 15:00 nobody"]
    assert story.told.ownership.offer is None


def test_reopening_drops_an_offer_with_its_clock() -> None:
    """An offer does not outlive a reopening, and neither does its step."""
    story = settled()
    story.do(OfferHandover(by="ben", to="cleo", briefing="All is said."))
    story.do(Reopen(by="ben", reason="It leaks again."))
    assert all(step.clock != "owner.handover" for step in agenda(story.told, story.policy))


def test_a_new_owner_ends_the_search_for_one() -> None:
    """When a case is reopened with an owner who is there, nobody need be found any more."""
    story = nobody_there().deliver()
    story.do(Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
    story.do(Receive(contact=a_contact("On second thoughts: no.", at=story.now)))
    assert step_of(story, "owner.named").whom == "ana"
    story.do(Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Never mind.", contact=story.told.receiving.contacts[-1].seq)))
    story.context = attrs.evolve(story.context, away=frozenset({"ana"}))
    story.wait(minutes=1).do(Receive(contact=a_contact("Once more.", at=story.now)))
    assert story.told.owner == "ben"
    assert all(step.clock != "owner.named" for step in agenda(story.told, story.policy))


# ---------------------------------------------------------------- definitions


def one_clock(**parts: object) -> Policy:
    """Return a policy with one clock of its own, begun at receipt and stopped by the acknowledgement."""
    given = {"id": "mine", "rule": "mine", "what": "do it", "starts": ("received",), "stops": ("acknowledged",), **parts}
    return attrs.evolve(DESK, clocks=(*CLOCKS, Clock(**given)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("length", "parts", "due"),
    [
        (Length(90, Unit.MINUTES), {}, "03-02 11:30"),
        (Length(48, Unit.HOURS), {}, "03-04 10:00"),
        (Length(9, Unit.BUSINESS_HOURS), {}, "03-03 11:00"),
        (Length(3, Unit.BUSINESS_DAYS), {}, "03-05 10:00"),
        (Length(3, Unit.CALENDAR_DAYS), {}, "03-05 10:00"),
        (Length(6, Unit.CALENDAR_DAYS), {}, "03-08 10:00"),
        (Length(3, Unit.BUSINESS_DAYS), {"first_day_counts": True}, "03-04 10:00"),
        (Length(3, Unit.CALENDAR_DAYS), {"first_day_counts": True}, "03-04 10:00"),
        (Length(48, Unit.HOURS), {"first_day_counts": True}, "03-04 10:00"),
        (Length(3, Unit.BUSINESS_DAYS), {"day_ends": Ends.CLOSE_OF_BUSINESS}, "03-05 17:00"),
        (Length(3, Unit.CALENDAR_DAYS), {"day_ends": Ends.END_OF_DAY}, "03-06 00:00"),
        (Length(6, Unit.CALENDAR_DAYS), {"day_ends": Ends.CLOSE_OF_BUSINESS}, "03-09 17:00"),
        (Length(6, Unit.CALENDAR_DAYS), {"day_ends": Ends.WORKING_TIME}, "03-09 09:00"),
        (Length(30, Unit.CALENDAR_DAYS), {"first_day_counts": True, "day_ends": Ends.END_OF_DAY}, "04-01 00:00"),
    ],
)
def test_length_first_day_and_end_of_day_give_the_due_instant(length: Length, parts: dict[str, object], due: str) -> None:
    """A clock is due its length after the start; the first day may count, and the last may end with business or at midnight."""
    policy = one_clock(length=length, **parts)
    assert shown(step_of(received(policy), "mine").due_at or MONDAY) == due


@pytest.mark.parametrize(
    ("opened", "length", "due"),
    [
        ("03-28 10:00", Length(1, Unit.CALENDAR_DAYS), "03-29 10:00"),
        ("03-28 10:00", Length(24, Unit.HOURS), "03-29 11:00"),
        ("03-28 02:30", Length(1, Unit.CALENDAR_DAYS), "03-29 03:30"),
        ("03-27 16:30", Length(1, Unit.BUSINESS_HOURS), "03-30 09:30"),
        ("03-27 10:00", Length(1, Unit.BUSINESS_DAYS), "03-30 10:00"),
        ("10-24 10:00", Length(1, Unit.CALENDAR_DAYS), "10-25 10:00"),
        ("10-24 10:00", Length(24, Unit.HOURS), "10-25 09:00"),
        ("10-23 16:30", Length(1, Unit.BUSINESS_HOURS), "10-26 09:30"),
    ],
)
def test_days_keep_the_local_time_when_the_clocks_change(opened: str, length: Length, due: str) -> None:
    """Over the change to and from summer time days are local days and hours are elapsed time; a skipped time moves forward."""
    story = Story(policy=one_clock(length=length), now=local(opened))
    story.do(OpenCase(case_id="case-1", reference="R1", contact=a_contact(at=story.now)))
    assert shown(step_of(story, "mine").due_at or MONDAY) == due


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        ({}, True),
        ({"channel": "email"}, True),
        ({"channel": "letter"}, False),
        ({"category": "boats"}, True),
        ({"category": "cars"}, False),
        ({"category": "boats", "brand": "Zephyr", "region": "north"}, True),
        ({"category": "boats", "brand": "Other"}, False),
        ({"region": "south"}, False),
    ],
)
def test_a_clock_may_be_for_some_cases_only(when: dict[str, str], applies: bool) -> None:
    """A clock for a category, channel, brand or region runs on such cases and on no others."""
    policy = one_clock(length=Length(1, Unit.BUSINESS_DAYS), when=when)
    story = received(policy, category="boats", brand="Zephyr", region="north")
    assert any(step.clock == "mine" for step in agenda(story.told, policy)) is applies
    assert bool(outcomes(story, "mine")) is applies


@pytest.mark.parametrize(
    ("parts", "applies"),
    [
        ({"valid_from": "03-02 10:00"}, True),
        ({"valid_from": "03-02 10:01"}, False),
        ({"valid_until": "03-02 10:00"}, False),
        ({"valid_until": "03-02 10:01"}, True),
    ],
)
def test_a_clock_holds_for_cases_received_in_its_time(parts: dict[str, str], applies: bool) -> None:
    """A clock with a first or a last day runs on cases received between them: the first instant included, the last not."""
    policy = one_clock(length=Length(1, Unit.BUSINESS_DAYS), **{name: local(text) for name, text in parts.items()})
    assert any(step.clock == "mine" for step in agenda(received(policy).told, policy)) is applies


def test_an_extension_may_be_a_length_after_the_notice() -> None:
    """An extension without a date of its own puts the clock off by a length after the notice, or by the clock's own length."""
    by = Extension(mark="spoke", by=Length(2, Unit.BUSINESS_DAYS))
    own = Extension(mark="spoke")
    for extension, due in ((by, "03-06 09:00"), (own, "03-05 09:00")):
        policy = one_clock(length=Length(1, Unit.BUSINESS_DAYS), extends=(extension,), stops=("resolved",), day_ends=Ends.SAME_TIME)
        story = at(received(policy).deliver(), "03-03 09:00")
        sent(story, Inform(by="ben", word=by_mail()))
        assert shown(step_of(story, "mine").due_at or MONDAY) == ("03-05 09:00" if extension is by else "03-04 09:00"), due


def test_a_statutory_clock_tells_its_kind_and_its_source() -> None:
    """The limit of the whole case is statutory; every clock says whom it answers to, and names a rule of the practice."""
    by_id = {clock.id: clock for clock in CLOCKS}
    assert {clock.id for clock in CLOCKS if clock.kind is Kind.STATUTORY} == {"resolve.whole-case"}
    assert all(clock.citation and clock.what for clock in CLOCKS)
    assert by_id["promise.tracked.next-word"].rule == "promise.tracked"


def test_clocks_are_found_by_their_ids() -> None:
    """Timing finds each clock by its id, and every clock lives by marks that events leave."""
    timing = Timing(id="t", calendar=BERLIN, clocks=CLOCKS)
    assert set(timing.by_id) == {clock.id for clock in CLOCKS}
    for clock in CLOCKS:
        assert set(clock.starts + clock.stops + clock.ends + clock.continues + clock.after + clock.holds) <= MARKS


@pytest.mark.parametrize("text", ["90 min", "48 h", "4 bh", "30 cd", "5 bd", "-1 bd"])
def test_a_length_is_written_as_it_is_read(text: str) -> None:
    """A length is a number and a unit, and reads back what it writes."""
    assert str(Length.parse(text)) == text
    assert Length.parse(f" {text} ") == Length.parse(text)


@pytest.mark.parametrize("text", ["", "5", "bd", "5 days", "1.5 h", "5 bd 3 h"])
def test_what_is_no_length_is_refused_with_an_example(text: str) -> None:
    """Anything but a number and a unit is refused, and the message shows how a length is written."""
    with pytest.raises(ValueError, match="such as '5 bd'"):
        Length.parse(text)


def test_rungs_count_from_start_from_due_or_from_the_rung_before() -> None:
    """A rung may be counted from the start, from the due instant, or from the rung before it as it rang."""
    ladder = (
        Rung(when=Length(1, Unit.HOURS), base=Base.START, whom=Whom.OWNER),
        Rung(when=Length(1, Unit.HOURS), base=Base.DUE, whom=Whom.SUPERVISOR),
        Rung(when=Length(3, Unit.HOURS), base=Base.PREVIOUS, whom=Whom.FALLBACK),
    )
    policy = one_clock(length=Length(4, Unit.HOURS), ladder=ladder)
    assert rings(received(policy).deliver(), "mine", 4) == [
        "03-02 11:00 ben",
        "03-02 15:00 cleo",
        "03-02 18:00 ana",
        "03-04 09:00 ana",
    ]


def test_a_first_rung_counted_from_the_one_before_counts_from_the_due_instant() -> None:
    """A ladder that begins with a rung after the rung before begins after the due instant."""
    ladder = (Rung(when=Length(2, Unit.HOURS), base=Base.PREVIOUS, whom=Whom.OWNER),)
    policy = one_clock(length=Length(1, Unit.HOURS), ladder=ladder)
    assert rings(received(policy).deliver(), "mine", 1) == ["03-02 13:00 ben"]


def test_a_rung_from_the_start_of_a_paused_clock_waits_too() -> None:
    """While a clock stands still, so do the rungs counted from its start; afterwards they come as much later."""
    ladder = (Rung(when=Length(2, Unit.BUSINESS_DAYS), base=Base.START, whom=Whom.OWNER),)
    policy = one_clock(length=Length(5, Unit.BUSINESS_DAYS), may_pause=True, stops=("resolved",), ladder=ladder)
    story = in_hand(policy)
    assert shown(step_of(story, "mine").wake_at or MONDAY) == "03-04 10:00"
    story.do(RecordDeferral(by="ben", until=local("03-09 10:00"), said=said("I am away until Monday.")))
    assert shown(step_of(story, "mine").wake_at or MONDAY) == "03-11 10:00"


def test_an_open_ended_wait_from_before_the_due_instant_hides_every_rung() -> None:
    """A paused clock rings for nobody; the case is woken by its other clocks."""
    story = asked()
    step = step_of(story, "propose.in-time")
    assert (step.wake_at, step.index) == (None, len(DESK.timing.by_id["propose.in-time"].ladder))
    assert step.rung is None


def test_the_calendar_tells_local_time_with_its_offset() -> None:
    """Hints name instants as people there read them: local time with its offset."""
    assert BERLIN.local_text(MONDAY) == "2026-03-02T10:00:00+01:00"
    assert office_hours("Asia/Kolkata").local_text(MONDAY) == "2026-03-02T14:30:00+05:30"
