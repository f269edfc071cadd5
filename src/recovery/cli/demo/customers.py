"""What the customers of the demo do: they complain, answer, decline, ask for news, fall silent, and come back."""

from __future__ import annotations

from functools import partial

from pendulum import DateTime

from recovery import Case, Channel, Contact, Customer, Delivery, ReportDelivery, Stage
from recovery.cli.demo import filing, words
from recovery.cli.demo.owners import reads
from recovery.cli.demo.play import Play
from recovery.cli.demo.world import NEVER_ANSWER, Plan, Twist

__all__ = ["arrives", "mails_come_back"]


def arrives(play: Play, plan: Plan) -> None:
    """A complaint comes in, in the customer's own words."""
    first = not play.plans
    contact = _complaint(plan, play.time.now, "first")
    case = play.receive(contact, plan, key="recovery demo" if first else None).case
    plan.worked_from = play.time.now
    minutes = plan.chance.randint(90, 400) if plan.careless else plan.chance.randint(4, 45)
    play.time.at_work(minutes, partial(reads, play, case.id))
    _goes_on(play, plan, case.id)


def _complaint(plan: Plan, at: DateTime, which: str) -> Contact:
    complaint = plan.complaint
    number = f"<{plan.name}-{which}@example.org>"
    tray = plan.twist is Twist.TRAY and which == "first"
    return Contact(
        channel=plan.channel if which == "first" else Channel.WEB_FORM,
        received_at=at,
        sender=Customer() if tray else plan.customer,
        subject=complaint.issue,
        text=complaint.words,
        message_id=number,
        category=complaint.category,
        region=complaint.state,
    )


def _goes_on(play: Play, plan: Plan, case_id: str) -> None:
    """Arrange what this customer will do by themselves."""
    day = 24 * 60
    match plan.twist:
        case Twist.DUPLICATE:
            play.time.after(plan.chance.randint(200, 1500), partial(_complains_again, play, case_id))
        case Twist.WITHDRAWN | Twist.COMES_BACK:
            play.time.after(plan.chance.randint(day, 2 * day), partial(_withdraws, play, case_id))
        case Twist.OTHER_PERSON:
            play.time.after(plan.chance.randint(day, 2 * day), partial(_wants_another, play, case_id))
        case Twist.STAR:
            play.time.after(2, partial(_delivered_twice, play, plan))
        case Twist.DONE:
            play.time.after(6, partial(_out_of_office, play, case_id))
        case _ if plan.news_wanted:
            play.time.after(plan.chance.randint(day, 5 * day), partial(_wants_news, play, case_id))
        case _:
            pass


def _delivered_twice(play: Play, plan: Plan) -> None:
    """The mail gateway hands the same message on a second time; the desk takes it once."""
    play.receive(_complaint(plan, plan.arrives_at, "first"), plan)


def _out_of_office(play: Play, case_id: str) -> None:
    """A machine answers the receipt."""
    plan, case = play.plan(case_id), play.case(case_id)
    play.receive(
        Contact(
            channel=Channel.EMAIL,
            received_at=play.time.now,
            sender=plan.customer,
            subject="Out of office",
            text="I am away and will read your message later.",
            reference=case.reference,
            automatic=True,
        ),
        plan,
    )


def _complains_again(play: Play, case_id: str) -> None:
    """The same words once more, by the web form and without the reference."""
    plan = play.plan(case_id)
    twin = play.receive(_complaint(plan, play.time.now, "again"), plan).case
    play.time.at_work(plan.chance.randint(8, 40), partial(filing.merges, play, twin.id, case_id))


def _withdraws(play: Play, case_id: str) -> None:
    case = play.case(case_id)
    if case.stage not in (Stage.ACKNOWLEDGED, Stage.INVESTIGATING):
        return
    number = play.writes(case_id, "Please let it rest. I withdraw my complaint.")
    play.files(case_id, play.chance(case_id).randint(30, 120), partial(filing.closes_withdrawn, play, case_id, number))
    if play.plan(case_id).twist is Twist.COMES_BACK:
        play.time.after(play.chance(case_id).randint(4 * 1440, 5 * 1440), partial(_comes_back, play, case_id))


def _comes_back(play: Play, case_id: str) -> None:
    play.plan(case_id).worked_from = play.time.now
    play.writes(case_id, "I was too quick: it has happened again. Please take it up once more.")


def _wants_another(play: Play, case_id: str) -> None:
    if play.case(case_id).ended:
        return
    number = play.writes(case_id, "Please let somebody else look after this. I would rather not deal with the same person.")
    play.files(case_id, play.chance(case_id).randint(20, 90), partial(filing.files_other_person, play, case_id, number))


def _wants_news(play: Play, case_id: str) -> None:
    if play.case(case_id).stage in (Stage.ACKNOWLEDGED, Stage.INVESTIGATING):
        play.writes(case_id, play.chance(case_id).choice(words.NEWS))


# ---------------------------------------------------------------- answers


def is_proposed_to(play: Play, case_id: str) -> None:
    """The customer thinks about a proposal, and answers or does not."""
    plan = play.plan(case_id)
    if not plan.silent:
        hours = 20 if plan.twist is Twist.STAR else 40
        play.time.after(plan.chance.randint(3 * 60, hours * 60), partial(_answers_proposal, play, case_id))


def _answers_proposal(play: Play, case_id: str) -> None:
    case, plan = play.case(case_id), play.plan(case_id)
    if case.stage is not Stage.RESOLUTION_PROPOSED:
        return
    declines = plan.declined < plan.declines
    by_mail = _writes_mail(case) and plan.chance.random() < 0.5
    text = plan.chance.choice(words.DECLINES if declines else words.YES)
    if by_mail or not play.time.calendar.is_open(play.time.now):
        number = play.writes(case_id, text) if by_mail else None
        play.files(case_id, plan.chance.randint(15, 120), partial(filing.files_answer, play, case_id, text, number, declines))
    else:
        filing.files_answer(play, case_id, text, None, declines)


def _writes_mail(case: Case) -> bool:
    return case.receiving.customer.address(Channel.EMAIL) is not None


def is_asked(play: Play, case_id: str) -> None:
    """The customer thinks about a question."""
    plan = play.plan(case_id)
    if not plan.silent:
        play.time.after(plan.chance.randint(5 * 60, 60 * 60), partial(_answers_question, play, case_id))


def _answers_question(play: Play, case_id: str) -> None:
    case = play.case(case_id)
    if case.keeping.questions and not case.ended:
        text = "It was on the second of the month. I have the statement and send you a copy."
        if _writes_mail(case):
            play.writes(case_id, text)
        else:
            play.time.at_work(10, partial(filing.files_question_answer, play, case_id, text))


def is_followed_up(play: Play, case_id: str) -> None:
    """The customer reads a follow-up mail."""
    plan = play.plan(case_id)
    if plan.twist not in NEVER_ANSWER and plan.chance.random() < 0.85:
        play.time.after(plan.chance.randint(2 * 60, 36 * 60), partial(_answers_follow_up, play, case_id))


def _answers_follow_up(play: Play, case_id: str) -> None:
    case = play.case(case_id)
    if case.stage not in (Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS):
        return
    text = filing.verdict(play, case_id)
    number = play.writes(case_id, text)
    play.files(case_id, play.chance(case_id).randint(15, 150), partial(filing.files_follow_up, play, case_id, text, number))


def wants_no_contact(play: Play, case_id: str) -> None:
    """Some time after accepting, the customer asks us never to get in touch again."""
    number = play.writes(case_id, "It is fine now. Please do not contact me again, I want to forget about it.")
    play.files(case_id, play.chance(case_id).randint(20, 90), partial(filing.files_no_contact, play, case_id, number))


def mails_come_back(play: Play, case_id: str, message_id: str) -> None:
    """A mail to an address that does not exist comes back."""
    play.do(case_id, ReportDelivery(message_id=message_id, delivery=Delivery.BOUNCED, at=play.time.now, note="no such mailbox"))
