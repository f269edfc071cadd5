"""The moves of a case, each by real commands: what people do, with the waits that the practice asks for.

A move takes a :class:`~recovery.testing.story.Teller` and tells it on. The owner of the case acts, unless ``by`` names somebody
else. Nothing here goes round a rule: where a policy refuses a move, :class:`recovery.Refused` is raised.
"""

from __future__ import annotations

from datetime import timedelta

import attrs
from pendulum import DateTime

from recovery.core.agenda import Step
from recovery.core.decide import agenda
from recovery.core.errors import InvalidValue
from recovery.core.stages import Stage
from recovery.core.values import invalid, later
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, NotACase, Reopen
from recovery.core.vocabulary.common import Channel, Speaking, Word
from recovery.core.vocabulary.following_up import FollowUp, PassFollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Ask
from recovery.core.vocabulary.ownership import ConsultHistory
from recovery.core.vocabulary.proposing import Investigate, Option, Propose, RecordDecline, RecordRemedySought
from recovery.core.vocabulary.receiving import Delivery, Receive, ReportDelivery, Wake
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival, RecordAcceptance, Resolution, Resolve
from recovery.core.vocabulary.responsibility import CauseKind, RecordCause
from recovery.testing.content import REPAIR, TRIED, a_contact, called, said
from recovery.testing.story import Teller, work_until

__all__ = [
    "accept",
    "acknowledge",
    "arrive",
    "close_duplicate",
    "close_lost",
    "close_no_answer",
    "close_not_a_case",
    "close_withdrawn",
    "consult",
    "decline",
    "follow_up",
    "investigate",
    "not_solved",
    "pass_follow_up",
    "propose",
    "record_cause",
    "reopen",
    "settle",
    "write_again",
]


def _actor(teller: Teller, by: str | None) -> str:
    return teller.told.owner if by is None else by


def _reach(teller: Teller, actor: str) -> str:
    """Return a way back for the customer, where the policy has no address of whoever speaks."""
    terms = teller.policy.terms
    return "" if terms.reach(actor) or terms.way_back else "the number on our letters"


def _somebody_else(teller: Teller, actor: str) -> str:
    """Return the id of another person, whom the policy knows if it lists people."""
    known = (teller.policy.fallback_owner, *(person.id for person in teller.policy.people), "somebody else")
    return next(person for person in known if person != actor)


def written(teller: Teller, text: str) -> Word:
    """Return a word by a channel that software can send on and the customer can be reached by; else by the first that is on file.

    A customer without any address hears it in person, at once.
    """
    case, machine = teller.told, teller.policy.machine_channels
    known = [address.channel for address in case.receiving.customer.addresses if address.channel not in case.unwelcome]
    sent = [channel for channel in (*machine, *known) if channel in known]
    if not sent:
        return Word(via=frozenset({Channel.IN_PERSON}), text=text, said_at=teller.now)
    return Word(via=frozenset({sent[0]}), text=text)


def _say(teller: Teller, command: Speaking) -> None:
    teller.do(command)
    teller.deliver()


# ---------------------------------------------------------------- the way through


def acknowledge(teller: Teller, by: str | None = None) -> None:
    """Acknowledge, and name the day of the next word."""
    word = written(
        teller, "Thank you for telling us. I am sorry, and I look into it myself. If there is more to tell, just answer."
    )
    next_word = teller.policy.calendar.add_days(teller.now, 1)
    actor = _actor(teller, by)
    _say(teller, Acknowledge(by=actor, word=word, next_word_at=next_word, reach=_reach(teller, actor)))


def investigate(teller: Teller, by: str | None = None) -> None:
    """Begin to look for the resolution."""
    teller.do(Investigate(by=_actor(teller, by)))


def consult(teller: Teller, by: str | None = None) -> None:
    """Look at the customer's earlier cases, where there are any that nobody has looked at, or nobody can tell."""
    unseen = teller.unseen()
    if unseen is None or unseen:
        teller.do(ConsultHistory(by=_actor(teller, by), cases=unseen or ()))


def propose(teller: Teller, *options: Option, by: str | None = None) -> None:
    """Propose, by default what is settled with the customer's yes, once it is on file what the customer wishes."""
    consult(teller, by)
    actor, part = _actor(teller, by), teller.told.proposing
    if not part.sought:
        teller.do(RecordRemedySought(by=actor, said=said("I want it to work.", Channel.PHONE)))
    word = written(teller, "Here is what we can do right away.")
    answer = "What you ask for instead we have looked at, and this is how far we can go." if part.counter_offer else ""
    _say(teller, Propose(by=actor, word=word, options=options or (REPAIR,), counter_answer=answer))


def accept(teller: Teller, by: str | None = None) -> None:
    """Record the customer's yes to the first option on the table. Raises :class:`InvalidValue` where there is none."""
    proposal = teller.told.proposing.proposal
    if proposal is None or not proposal.options:
        raise InvalidValue("the move", [invalid("option", "was not proposed", "Propose one first.")])
    teller.do(RecordAcceptance(by=_actor(teller, by), option=proposal.options[0].id, said=said()))


def decline(teller: Teller, by: str | None = None) -> None:
    """Record that the customer says no to the proposal."""
    words = said("No. I want my money back, as you promised.")
    teller.do(RecordDecline(by=_actor(teller, by), said=words, counter_offer="the money back"))


def settle(teller: Teller, outcome: Resolution = Resolution.DONE, *, delivers: str | None = None, by: str | None = None) -> None:
    """Resolve without a yes to a proposal: what was asked for is done, or the customer hears the final no."""
    consult(teller, by)
    actor = _actor(teller, by)
    if outcome is Resolution.NOT_AGREED:
        word = written(teller, "We have looked at it twice, and the answer stays no. Here is why, and where you can turn.")
        reasons, elsewhere = "The charge is in the contract that you signed.", "the ombudsman"
        second = _somebody_else(teller, actor)
        final = Resolve(by=actor, word=word, outcome=outcome, reasons=reasons, elsewhere=elsewhere)
        _say(teller, attrs.evolve(final, tried=TRIED, second_person=second))
        return
    word = written(teller, "It is done as you asked." if delivers is None else "It is done, and with you within five working days.")
    _say(teller, Resolve(by=actor, word=word, outcome=outcome, done="the bills go to the right address", delivers=delivers))


def arrive(teller: Teller, by: str | None = None) -> None:
    """Have the bank confirm that everything on its way has arrived."""
    for delivery in teller.told.resolving.deliveries:
        if delivery.arrived_at is None and not delivery.unconfirmed:
            teller.do(ConfirmArrival(by=_actor(teller, by), delivery_id=delivery.id, source=ArrivalSource.BANK))


# ---------------------------------------------------------------- following up


def when_to_follow_up(teller: Teller) -> DateTime:
    """Return when the next follow-up is due; where the policy has no such clock, three days or 18 days from now."""
    due = [step.due_at for step in agenda(teller.told, teller.policy) if step.clock in ("follow-up.days", "follow-up.weeks")]
    if found := [at for at in due if at is not None]:
        return max(teller.now, min(found))
    return later(teller.now, timedelta(days=3 if teller.told.following_up.days_at is None else 18))


def record_cause(teller: Teller, by: str | None = None) -> None:
    """Put on record why it happened, once the first follow-up is done and unless it is there already."""
    known = teller.told.responsibility
    if teller.told.stage is Stage.FOLLOWED_UP_DAYS and known.cause is None and known.find_out_by is None:
        why = "We never said on which day the new address would hold."
        teller.do(RecordCause(by=_actor(teller, by), kind=CauseKind.EXPECTATION, text=why))


def follow_up(teller: Teller, by: str | None = None) -> None:
    """Wait until the follow-up is due, call the customer, and record that it is solved; after the first, why it happened."""
    due = when_to_follow_up(teller)
    _survey(teller, due)
    teller.reach(due)
    record_cause(teller, by)
    actor = _actor(teller, by)
    answer = RecordFollowUpAnswer(by=actor, solved=True, said=said("It works.", Channel.PHONE))
    call = FollowUp(by=actor, word=called(teller.now, "Does it work?"), reach=_reach(teller, actor))
    teller.do(call, answer)
    record_cause(teller, by)


def _survey(teller: Teller, until: DateTime) -> None:
    """Let the survey go out, where one is due before then."""
    due = [step.wake_at for step in agenda(teller.told, teller.policy) if step.clock == "survey.short"]
    for at in due:
        if at is not None and at <= until:
            teller.reach(at)
            teller.do(Wake())
            teller.deliver()


def pass_follow_up(teller: Teller, by: str | None = None) -> None:
    """Wait until the follow-up is due, try as often as the policy asks, on every channel there is, and pass it as unanswered."""
    teller.reach(when_to_follow_up(teller))
    record_cause(teller, by)
    actor, policy = _actor(teller, by), teller.policy
    for number in range(policy.attempts):
        channel = (Channel.PHONE, Channel.EMAIL)[number % 2]
        word = Word(via=frozenset({channel}), text="Does it work?", said_at=teller.now, reached=False)
        teller.do(FollowUp(by=actor, word=word))
        teller.reach(policy.between_attempts.after(teller.now, policy.calendar))
    teller.do(PassFollowUp(by=actor))
    record_cause(teller, by)


def not_solved(teller: Teller, by: str | None = None) -> None:
    """Record that the customer says it is not solved, whatever we had thought."""
    words = said("It is worse than before.", Channel.PHONE)
    teller.do(RecordFollowUpAnswer(by=_actor(teller, by), solved=False, said=words))


# ---------------------------------------------------------------- ways out, and back


def close_withdrawn(teller: Teller, by: str | None = None) -> None:
    """Close because the customer says so."""
    teller.do(Close(by=_actor(teller, by), reason=CloseReason.WITHDRAWN, said=said("Never mind, it has turned up.")))


def close_duplicate(teller: Teller, by: str | None = None) -> None:
    """Close because it lives on in another case."""
    teller.do(Close(by=_actor(teller, by), reason=CloseReason.DUPLICATE, survivor=teller.another()))


def close_not_a_case(teller: Teller, by: str | None = None) -> None:
    """Close because two people say that it was sent to us by mistake."""
    why = "It is meant for the shop next door."
    actor = _actor(teller, by)
    closing = Close(
        by=actor,
        reason=CloseReason.NOT_A_CASE,
        kind=NotACase.MISDIRECTED,
        explanation=why,
        second_person=_somebody_else(teller, actor),
    )
    teller.do(closing)


def close_no_answer(teller: Teller, by: str | None = None) -> None:
    """Ask, let the customer be chased as the policy says, make the calls that are owed for it, and close for want of an answer."""
    actor = _actor(teller, by)
    _say(teller, Ask(by=actor, word=written(teller, "Which address should it be?"), question="Which address?"))
    while (step := _chase(teller)) is not None and step.wake_at is not None:
        work_until(teller, step.wake_at)
        _call(teller)
    teller.do(Close(by=actor, reason=CloseReason.NO_ANSWER))


def close_lost(teller: Teller, by: str | None = None) -> None:
    """Close because the customer says that they leave; the loss is reviewed on a case of its own."""
    words = said("I have had enough. From today on I buy elsewhere.", Channel.PHONE)
    teller.do(Close(by=_actor(teller, by), reason=CloseReason.LOST, said=words))


def _chase(teller: Teller) -> Step | None:
    """Return the step that chases the customer next, if the ladder still has one for it."""
    steps = (step for step in agenda(teller.told, teller.policy) if step.clock == "customer.chased")
    return next((step for step in steps if step.rung is not None and step.rung.whom.value == "customer"), None)


def _call(teller: Teller) -> None:
    """Make every call that is owed."""
    for out in teller.told.receiving.outgoing:
        if out.state is Delivery.OWED:
            teller.do(ReportDelivery(by=teller.told.owner, message_id=out.id, delivery=Delivery.SENT))


def reopen(teller: Teller, by: str | None = None) -> None:
    """Say that it is not over."""
    teller.do(Reopen(by=_actor(teller, by), reason="The same bill came again."))


def write_again(teller: Teller, text: str = "It has happened again.", channel: Channel = Channel.EMAIL) -> None:
    """Let the customer write again, about the case."""
    sender = teller.told.receiving.customer
    teller.do(Receive(contact=a_contact(text, teller.now, channel=channel, sender=sender)))
    teller.deliver()
