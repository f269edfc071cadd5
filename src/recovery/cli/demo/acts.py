"""What an owner does about a step on the agenda. Each function takes the step and says whether it did something."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from pendulum import DateTime

from recovery import (
    Acknowledge,
    Ask,
    Case,
    CauseKind,
    Channel,
    Close,
    CloseReason,
    CompleteTask,
    ConsultHistory,
    Delivery,
    FollowUp,
    Identify,
    Inform,
    Investigate,
    MoveCase,
    PassFollowUp,
    Propose,
    RecordCause,
    RecordRemedySought,
    ReportDelivery,
    Resolution,
    Resolve,
    Said,
    Stage,
    Step,
    Word,
)
from recovery.cli.demo import words
from recovery.cli.demo.filing import LATE, follow_up_answer, verdict
from recovery.cli.demo.lost import reaches_otherwise
from recovery.cli.demo.play import Play
from recovery.cli.demo.world import Plan, Twist

__all__ = ["ACTS", "next_noon", "stand_in"]

Act = Callable[[Play, Case, Step], bool]


def _is_due(play: Play, step: Step, hours: float = 8) -> bool:
    return step.due_at is not None and step.due_at <= play.time.now + timedelta(hours=hours)


def stand_in(play: Play, person: str) -> str:
    """Return who stands in for a person: the first stand-in of their routes who is there."""
    away = play.world.away(play.time.now) | {person}
    routes = [route for route in play.desk.policy.routes if route.owner == person]
    named = [name for route in routes for name in route.stand_ins if name not in away]
    return next(iter(named), play.desk.policy.terms.supervisor(person))


# ---------------------------------------------------------------- at the beginning


def acknowledges(play: Play, case: Case, _step: Step) -> bool:
    """The customer hears who looks after them, and when they hear next."""
    if case.stage is not Stage.RECEIVED:
        return False
    word = play.word(case, play.chance(case.id).choice(words.ACKNOWLEDGE))
    return play.did(case, Acknowledge(by=case.owner, word=word, next_word_at=_in_days(play, 2)))


def _in_days(play: Play, days: int) -> DateTime:
    return play.time.calendar.next_opening(play.time.calendar.add_days(play.time.now, days))


def identifies(play: Play, case: Case, step: Step) -> bool:
    """Somebody has found out who wrote the message in the tray."""
    if not case.in_tray or not _is_due(play, step):
        return False
    return play.did(case, Identify(by=play.owner(case), customer=play.plan(case.id).customer))


def moves_as_wished(play: Play, case: Case, step: Step) -> bool:
    """The supervisor gives the case to another person, as the customer asked."""
    move = MoveCase(by=step.whom, to=stand_in(play, case.owner), reason="the customer asked for another person")
    return play.did(case, move)


# ---------------------------------------------------------------- looking for the resolution


def works_on(play: Play, case: Case, step: Step) -> bool:
    """Investigate, ask what is missing, propose; and where it takes longer, say so in time."""
    plan = play.plan(case.id)
    if case.stage is Stage.ACKNOWLEDGED:
        return play.did(case, Investigate(by=case.owner))
    if case.stage is not Stage.INVESTIGATING or case.keeping.questions:
        return False
    if play.time.now < play.time.calendar.add_days(plan.worked_from or case.opened_at, plan.pace):
        soon = step.due_at is not None and play.time.now < step.due_at <= next_noon(play)
        return soon and not plan.careless and _says_when(play, case)
    if plan.twist in (Twist.ASKED, Twist.SILENT) and not plan.asked:
        return _asks(play, case, plan)
    if plan.twist is Twist.DONE:
        return _does_it(play, case)
    if plan.twist is Twist.FINAL_NO and plan.declined:
        return _says_final_no(play, case)
    return _proposes(play, case, plan)


def _says_when(play: Play, case: Case) -> bool:
    word = play.word(case, "There is no proposal yet: the records came late. I give you my word for the date below.")
    return play.did(case, Inform(by=case.owner, word=word, no_proposal_yet=True, next_word_at=_in_days(play, 2)))


def _asks(play: Play, case: Case, plan: Plan) -> bool:
    plan.asked = True
    word = play.word(case, words.ASK[0])
    if not play.did(case, Ask(by=case.owner, word=word, question=words.QUESTION[0])):
        return False
    play.hears("asked", case.id)
    return True


def _proposes(play: Play, case: Case, plan: Plan) -> bool:
    """Propose; a refund for whom money was taken."""
    complaint = plan.complaint
    refund = plan.twist in LATE or (complaint.about_money and complaint.category not in ("credit-reporting", "debt-collection"))
    offered = words.options(complaint, case.proposing.declines, _in_days(play, 4), refund=refund)
    word = play.word(case, "We can put this right, and this is how.")
    answer = words.COUNTER_ANSWER if case.proposing.counter_offer else ""
    offer = Propose(by=case.owner, word=word, options=offered, counter_answer=answer)
    if not play.did(case, *_looks_back(play, case), *_wish(case, offered[0].named), offer):
        return False
    play.hears("proposed", case.id)
    return True


def _looks_back(play: Play, case: Case) -> Iterator[ConsultHistory]:
    """Say that the customer's earlier cases were looked at, where there are any that nobody has looked at."""
    earlier = play.desk.earlier(case.id)
    if earlier is None and case.ownership.consulted_at is None:
        yield ConsultHistory(by=case.owner, note="nothing in the files of before")
    elif unseen := tuple(one.case_id for one in earlier or () if one.case_id not in case.ownership.consulted):
        yield ConsultHistory(by=case.owner, cases=unseen)


def _wish(case: Case, remedy: str) -> Iterator[RecordRemedySought]:
    """Put on file, once, what the customer wishes: it stands in the message they began with."""
    first = next((note for note in case.receiving.contacts if not note.automatic), None)
    if first is not None and not case.proposing.sought:
        said = Said(channel=first.channel, contact=first.seq)
        yield RecordRemedySought(by=case.owner, said=said, remedy=remedy)


def _does_it(play: Play, case: Case) -> bool:
    text = "I have done what you asked for."
    done = "The entry is gone, and nobody will call you about it again."
    return play.did(case, *_looks_back(play, case), Resolve(by=case.owner, word=play.word(case, text), done=done))


def _says_final_no(play: Play, case: Case) -> bool:
    return play.did(
        case,
        *_looks_back(play, case),
        Resolve(
            by=case.owner,
            word=play.word(case, "I have to tell you plainly that we cannot go further than this."),
            outcome=Resolution.NOT_AGREED,
            reasons="What you ask for would undo a contract that a third person has signed and keeps to.",
            elsewhere="the Consumer Financial Protection Bureau, consumerfinance.gov",
            tried=words.TRIED,
            second_person=stand_in(play, case.owner),
        ),
    )


# ---------------------------------------------------------------- keeping in touch


def informs(play: Play, case: Case, step: Step) -> bool:
    """Give a word before the customer has waited too long, news or no news."""
    if case.silenced or case.stage is Stage.RECEIVED or step.due_at is None or step.due_at > next_noon(play):
        return False
    word = play.word(case, play.chance(case.id).choice(_news(case)))
    return play.did(case, Inform(by=case.owner, word=word))


def _news(case: Case) -> tuple[str, ...]:
    changed, spoke = case.last("owner_changed"), case.last("spoke")
    if case.ended:
        return words.OVER
    if changed is not None and (spoke is None or changed.seq > spoke.seq):
        return words.NEW_PERSON
    if case.resolving.settled_at is not None:
        return words.SETTLED
    return words.ON_ITS_WAY if case.stage is Stage.RESOLVED else words.NO_NEWS


def answers(play: Play, case: Case, _step: Step) -> bool:
    """Answer what the customer wrote."""
    if case.silenced:
        return False
    news = _news(case)
    said = words.ANSWERS if news is words.NO_NEWS else news
    return play.did(case, Inform(by=case.owner, word=play.word(case, play.chance(case.id).choice(said))))


def gives_up_waiting(play: Play, case: Case, step: Step) -> bool:
    """Close a case whose customer was asked, chased twice, and never answered; where a chase was lost, ask once more."""
    if case.ended or step.index < 3 or not case.rungs:
        return False
    command = Close(by=case.owner, reason=CloseReason.NO_ANSWER)
    if play.desk.why_not(case.id, command):
        return len(case.keeping.questions) == 1 and _asks(play, case, play.plan(case.id))
    return play.did(case, command)


# ---------------------------------------------------------------- following up


def follows_up(play: Play, case: Case, step: Step) -> bool:
    """Ask whether it is really solved: a call where it was settled by mail, a mail where it was settled by phone."""
    plan = play.plan(case.id)
    if case.stage not in (Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS) or case.silenced:
        return False
    if step.due_at is None or step.due_at > next_noon(play) or play.desk.permitted(case.id)["follow_up"]:
        return False
    passing = PassFollowUp(by=case.owner)
    if step.clock == "follow-up.unreachable" and not play.desk.why_not(case.id, passing):
        return play.did(case, passing)
    which = "days" if case.stage is Stage.RESOLVED else "weeks"
    tries = sum(attempt.which.value == which for attempt in case.following_up.attempts)
    phone = case.receiving.customer.address(Channel.PHONE) is not None
    mail = case.receiving.customer.address(Channel.EMAIL) is not None
    by_phone = phone and (not mail or (Channel.PHONE not in case.resolving.settled_via) ^ bool(tries % 2))
    return _calls(play, case, plan) if by_phone else _mails(play, case)


CAUSES = (
    (CauseKind.EXPECTATION, "It was never said plainly what the customer could count on."),
    (CauseKind.INFORMATION, "What one of us knew did not reach the next one."),
    (CauseKind.PROCEDURE, "Nobody was told to look at it."),
    (CauseKind.SKILL, "We did not know how this is done."),
)
"""Why it happened, as people put it on record."""


def finds_cause(play: Play, case: Case, _step: Step) -> bool:
    """Put on record why it happened, before anybody asks the second time."""
    kind, text = play.chance(case.id).choice(CAUSES)
    return play.did(case, RecordCause(by=case.owner, kind=kind, text=text))


def next_noon(play: Play) -> DateTime:
    """Until then it can wait for nobody: whatever falls due before the next working day is under way is done today."""
    tomorrow = play.time.calendar.add_days(play.time.now, 1)
    return tomorrow.in_timezone(play.time.calendar.timezone).replace(hour=12, minute=0)


def _calls(play: Play, case: Case, plan: Plan) -> bool:
    reached = plan.at_phone
    text = play.chance(case.id).choice(words.FOLLOW_UP)
    word = Word(via=frozenset({Channel.PHONE}), text=text if reached else "", said_at=play.time.now, reached=reached)
    call = FollowUp(by=case.owner, word=word)
    if not reached or play.desk.why_not(case.id, call):
        return play.did(case, call)
    return play.did(case, call, follow_up_answer(play, case, verdict(play, case.id), None))


def _mails(play: Play, case: Case) -> bool:
    text = play.chance(case.id).choice(words.FOLLOW_UP)
    if not play.did(case, FollowUp(by=case.owner, word=Word(via=frozenset({Channel.EMAIL}), text=text))):
        return False
    play.hears("followed_up", case.id)
    return True


# ---------------------------------------------------------------- steps the library or a colleague has put there


def takes_step(play: Play, case: Case, step: Step) -> bool:
    """Make the call that is owed, post the letter, or take the step that stands on the agenda."""
    owed = next((out for out in case.receiving.outgoing if out.id == step.key and out.state is Delivery.OWED), None)
    if owed is not None:
        return play.did(case, ReportDelivery(by=case.owner, message_id=owed.id, delivery=Delivery.SENT, at=play.time.now))
    task = next((task for task in case.receiving.tasks if task.id == step.key), None)
    if task is None:
        return False
    if task.about is not None and task.about.startswith("undelivered:"):
        return reaches_otherwise(play, case, task.id, task.about)
    return play.did(case, CompleteTask(by=step.whom, task_id=task.id, at=play.time.now, note="done"))


ACTS: dict[str, Act] = {
    "contact.logged": identifies,
    "contact.wishes": moves_as_wished,
    "case.never-forgotten": takes_step,
    "acknowledge.immediately": acknowledges,
    "contact.answer-owed": answers,
    "customer.chased": gives_up_waiting,
    "propose.in-time": works_on,
    "own.cause": finds_cause,
    "promise.tracked.next-word": informs,
    "contact.keep-informed": informs,
    "follow-up.days": follows_up,
    "follow-up.weeks": follows_up,
    "follow-up.unreachable": follows_up,
}
"""What is done about the steps of each clock."""
