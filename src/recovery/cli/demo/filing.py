"""What owners put on record when a customer has spoken: yes, no, solved or not, a wish, a withdrawal, the same complaint twice."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from pendulum import DateTime

from recovery import (
    ArrivalSource,
    Case,
    Channel,
    Close,
    CloseReason,
    ConfirmArrival,
    FollowUp,
    MoveDelivery,
    RecordAcceptance,
    RecordAnswer,
    RecordDecline,
    RecordFollowUpAnswer,
    RecordWish,
    Said,
    Stage,
    Then,
    Topic,
    Wish,
    WishKind,
    Word,
)
from recovery.cli.demo import words
from recovery.cli.demo.play import HeldBack, Play
from recovery.cli.demo.world import Plan, Twist

__all__ = [
    "closes_withdrawn", "files_answer", "files_follow_up", "files_no_contact", "files_other_person", "files_question_answer",
    "follow_up_answer", "merges", "verdict",
]  # fmt: skip

LATE = frozenset({Twist.STAR, Twist.LATE_REFUND})


def _said(play: Play, text: str, number: int | None) -> Said:
    """The customer's message, or what they have just said on the phone."""
    return play.said(text) if number is None else Said(channel=Channel.EMAIL, contact=number)


def _said_at(play: Play, case: Case, number: int | None) -> DateTime:
    """When the customer said it: when their message came in, or just now."""
    message = None if number is None else case.contact(number)
    return play.time.now if message is None else message.at


# ---------------------------------------------------------------- a proposal is answered


def files_answer(play: Play, case_id: str, text: str, number: int | None, declines: bool) -> None:
    """Put a yes or a no to the proposal on file."""
    case, plan = play.case(case_id), play.plan(case_id)
    if case.stage is not Stage.RESOLUTION_PROPOSED or case.proposing.proposal is None:
        return
    owner, said, at = play.owner(case), _said(play, text, number), _said_at(play, case, number)
    if declines:
        plan.declined += 1
        plan.worked_from = play.time.now
        play.do(case.id, RecordDecline(by=owner, at=at, said=said, counter_offer=plan.chance.choice(words.COUNTER)))
        return
    option = case.proposing.proposal.options[-1].id
    if play.do(case.id, RecordAcceptance(by=owner, at=at, option=option, said=said)):
        _accepted(play, play.case(case_id), plan)


def _accepted(play: Play, case: Case, plan: Plan) -> None:
    """What was promised gets on its way; some of it is late."""
    on_its_way = [delivery for delivery in case.resolving.deliveries if delivery.arrived_at is None]
    calendar = play.time.calendar
    if plan.twist is Twist.NO_CONTACT and not case.silenced:
        play.time.after(plan.chance.randint(300, 1400), partial(play.hears, "peace", case.id))
    if not on_its_way or on_its_way[-1].by is None:
        return
    due = on_its_way[-1].by
    late = plan.twist in LATE
    days = 2 if plan.twist is Twist.STAR else plan.chance.randint(3, 5)
    arrives_at = calendar.add_days(due, days) if late else due - timedelta(hours=plan.chance.randint(2, 60))
    play.time.at(calendar.next_opening(arrives_at), partial(_arrives, play, case.id, on_its_way[-1].id))
    if late and not plan.refused:
        asked_at = calendar.next_opening(max(due, play.time.now + timedelta(days=3)).add(hours=1))
        play.time.at(asked_at, partial(_asks_too_early, play, case.id))
        play.time.at(calendar.add_days(due, 1).add(hours=3), partial(_is_not_there, play, case.id))


def _asks_too_early(play: Play, case_id: str) -> None:
    """An eager owner wants to follow up on what has not arrived, only by mail, and asks but half: the desk holds it back."""
    case, plan = play.case(case_id), play.plan(case_id)
    if plan.refused or case.stage is not Stage.RESOLVED or case.resolving.settled_at is not None:
        return
    word = Word(via=case.resolving.settled_via, text="All is well now, is it not?")
    command = FollowUp(by=play.owner(case), word=word, topics=frozenset({Topic.SOLVED}))
    reasons = play.desk.why_not(case.id, command)
    plan.refused = True
    play.held_back.append(HeldBack(case_id=case.id, command=command, at=play.time.now, reasons=reasons))


def _is_not_there(play: Play, case_id: str) -> None:
    """Asked whether it has arrived, the customer says no; the owner names a new date."""
    case, plan = play.case(case_id), play.plan(case_id)
    if case.stage is Stage.RESOLVED and case.resolving.settled_at is None and not case.silenced:
        play.writes(case.id, "No, it is not here yet. When will it come?")
        play.files(case.id, plan.chance.randint(20, 120), partial(_names_new_date, play, case.id))


def _names_new_date(play: Play, case_id: str) -> None:
    case = play.case(case_id)
    waiting = [delivery for delivery in case.resolving.deliveries if delivery.arrived_at is None]
    if waiting:
        word = play.word(case, f"I am sorry: {waiting[-1].what} is late. I have sent it off again and watch it myself.")
        date = play.time.calendar.add_days(play.time.now, 3)
        play.do(case.id, MoveDelivery(by=play.owner(case), word=word, delivery_id=waiting[-1].id, by_date=date))


def _arrives(play: Play, case_id: str, delivery_id: str) -> None:
    case = play.case(case_id)
    what = next(delivery.what for delivery in case.resolving.deliveries if delivery.id == delivery_id)
    source = ArrivalSource.BANK if "refund" in what else ArrivalSource.CARRIER
    play.do(case.id, ConfirmArrival(by=play.owner(case), at=play.time.now, delivery_id=delivery_id, source=source))


# ---------------------------------------------------------------- questions and follow-ups are answered


def files_question_answer(play: Play, case_id: str, text: str) -> None:
    """Put the answer to a question on file, as it was said on the phone."""
    case = play.case(case_id)
    for question in case.keeping.questions:
        play.do(case.id, RecordAnswer(by=play.owner(case), question_id=question.id, said=play.said(text)))


def verdict(play: Play, case_id: str) -> str:
    """Return what the customer says about the solution."""
    plan = play.plan(case_id)
    if plan.not_solved:
        return plan.chance.choice(words.NOT_SOLVED)
    return plan.chance.choice(words.SOLVED)


def follow_up_answer(play: Play, case: Case, text: str, number: int | None) -> RecordFollowUpAnswer:
    """Return the customer's answer to a follow-up as a report, and remember that it has been given."""
    plan, solved = play.plan(case.id), text in words.SOLVED
    if not solved:
        plan.not_solved, plan.worked_from = False, play.time.now
    more = solved and plan.something_else
    plan.something_else = plan.something_else and not more
    return RecordFollowUpAnswer(
        by=play.owner(case),
        at=_said_at(play, case, number),
        said=_said(play, text, number),
        solved=solved,
        treated_well=plan.chance.random() < 0.8,
        something_else="They also need a new card; the old one was blocked meanwhile." if more else "",
        then=Then.LINKED_CASE if more else None,
    )


def files_follow_up(play: Play, case_id: str, text: str, number: int) -> None:
    """Put a mailed answer to a follow-up on file."""
    case = play.case(case_id)
    if case.stage in (Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS):
        play.do(case.id, follow_up_answer(play, case, text, number))


# ---------------------------------------------------------------- wishes and ways out


def files_no_contact(play: Play, case_id: str, number: int) -> None:
    """The customer wants to be left in peace."""
    case = play.case(case_id)
    wish = Wish(kind=WishKind.DO_NOT_CONTACT)
    play.do(case.id, RecordWish(by=play.owner(case), wish=wish, said=_said(play, "", number)))


def files_other_person(play: Play, case_id: str, number: int) -> None:
    """The customer wants somebody else."""
    case = play.case(case_id)
    wish = Wish(kind=WishKind.ANOTHER_PERSON)
    play.do(case.id, RecordWish(by=play.owner(case), wish=wish, said=_said(play, "", number)))


def closes_withdrawn(play: Play, case_id: str, number: int) -> None:
    """The customer has withdrawn: the case ends with their words."""
    case = play.case(case_id)
    if not case.ended:
        play.do(case.id, Close(by=play.owner(case), reason=CloseReason.WITHDRAWN, said=_said(play, "", number)))


def merges(play: Play, twin_id: str, case_id: str) -> None:
    """The owner sees that it is the same complaint: the second case lives on in the first."""
    twin = play.desk.load(twin_id)
    play.do(twin_id, Close(by=play.owner(twin), reason=CloseReason.DUPLICATE, survivor=case_id))
