"""What people do in a simulated story: customers write, and whoever looks after a case does what comes next, or something else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.values import later
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason, Reopen, UndoMerge
from recovery.core.vocabulary.common import Address, Channel, Command, Customer, Said, Word
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform, KeepPromise, MakePromise, RecordAnswer, RecordDeferral
from recovery.core.vocabulary.ownership import AcceptHandover, ConsultHistory, MoveCase, OfferHandover
from recovery.core.vocabulary.proposing import Investigate, Propose, RecordDecline, RecordRemedySought
from recovery.core.vocabulary.receiving import CompleteTask, Contact, Delivery, Identify, ReportDelivery, SetTask
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival, RecordAcceptance, Resolve
from recovery.core.vocabulary.responsibility import CauseKind, RecordCause
from recovery.testing.content import NARRATIVES, REFUND, REPAIR, said

__all__ = ["Acting"]

CUSTOMERS = tuple(
    Customer(
        name=name,
        id=number,
        addresses=(Address(channel=Channel.EMAIL, value=f"{name}@customer.example"), Address(channel=Channel.PHONE, value=number)),
    )
    for name, number in (("bo", "10"), ("ida", "20"), ("max", "30"))
)
CHANNELS = (Channel.EMAIL, Channel.EMAIL, Channel.EMAIL, Channel.PHONE, Channel.LETTER, Channel.WEB_FORM)
Making = Callable[[], Command]


@attrs.frozen
class Acting:
    """Draws, by ``chance`` alone, what somebody does at ``now`` under ``policy``."""

    chance: Random
    policy: Policy

    # ------------------------------------------------------------ customers

    def contact(self, number: int, known: tuple[Case, ...], now: DateTime) -> Contact:
        """Return what a customer writes: about something new, about a case of theirs, or about nobody knows what."""
        chance = self.chance
        about = chance.choice(known) if known and chance.random() < 0.5 else None
        nobody = chance.random() < 0.08
        sender = Customer() if nobody else chance.choice(CUSTOMERS) if about is None else about.receiving.customer
        ours = () if about is None else tuple(out.id for out in about.receiving.outgoing if out.person is None)
        return Contact(
            channel=chance.choice(CHANNELS),
            sender=sender,
            text=chance.choice(NARRATIVES).words,
            received_at=now,
            message_id=f"m-{number}",
            reference=about.reference if about is not None and chance.random() < 0.6 else None,
            replies_to=ours[-1:] if chance.random() < 0.3 else (),
            automatic=chance.random() < 0.05,
        )

    # ------------------------------------------------------------ people of ours

    def commands(self, case: Case, others: tuple[Case, ...], now: DateTime) -> tuple[Command, ...]:
        """Return what is done about a case: mostly what comes next; at times two things at once."""
        chance = self.chance
        one = self._onward(case, now) if chance.random() < 0.6 else self._aside(case, others, now)
        return (one, self._aside(case, others, now)) if chance.random() < 0.15 else (one,)

    def _word(self, text: str = "I am sorry. I look into it today, and tell you what I find.") -> Word:
        return Word(via=frozenset({self.chance.choice((Channel.EMAIL, Channel.EMAIL, Channel.PHONE))}), text=text)

    def _someone(self) -> str:
        return self.chance.choice([self.policy.fallback_owner, *(person.id for person in self.policy.people)])

    def _ahead(self, now: DateTime) -> DateTime:
        return self.policy.calendar.add_days(later(now, timedelta(minutes=1)), self.chance.choice((1, 2, 5)))

    def _onward(self, case: Case, now: DateTime) -> Command:
        by, chance = case.owner, self.chance
        if case.in_tray:
            return Identify(by=by, customer=chance.choice(CUSTOMERS))
        match case.stage:
            case Stage.RECEIVED:
                return Acknowledge(by=by, word=self._word(), next_word_at=self._ahead(now), reach="+49 30 5000")
            case Stage.ACKNOWLEDGED:
                return Investigate(by=by)
            case Stage.INVESTIGATING:
                return self._settling(case)
            case Stage.RESOLUTION_PROPOSED:
                offered = () if case.proposing.proposal is None else case.proposing.proposal.options
                if offered and chance.random() < 0.75:
                    return RecordAcceptance(by=by, option=chance.choice(offered).id, said=said())
                return RecordDecline(by=by, said=said("No."), counter_offer="the money back")
            case Stage.RESOLVED | Stage.FOLLOWED_UP_DAYS:
                return self._following_up(case, now)
            case _:
                return Reopen(by=by, reason="It has come back.")

    def _settling(self, case: Case) -> Command:
        by, part, chance = case.owner, case.proposing, self.chance
        if case.ownership.consulted_at is None and chance.random() < 0.4:
            return ConsultHistory(by=by)
        if not part.sought:
            return RecordRemedySought(by=by, said=said("I want it to work.", Channel.PHONE))
        word = self._word("Here is what we can do.")
        if chance.random() < 0.3:
            return Resolve(by=by, word=word, done="the bill is put right", delivers=chance.choice((None, "the refund")))
        answer = "We have looked at what you ask for." if part.counter_offer else ""
        return Propose(by=by, word=word, options=chance.choice(((REPAIR,), (REFUND, REPAIR))), counter_answer=answer)

    def _following_up(self, case: Case, now: DateTime) -> Command:
        by, chance = case.owner, self.chance
        under_way = [one.id for one in case.resolving.deliveries if one.arrived_at is None and not one.unconfirmed]
        if under_way:
            return ConfirmArrival(by=by, delivery_id=under_way[0], source=ArrivalSource.BANK)
        if case.stage is Stage.FOLLOWED_UP_DAYS and case.responsibility.cause is None and chance.random() < 0.5:
            return RecordCause(by=by, kind=CauseKind.EXPECTATION, text="We never said when.")
        if chance.random() < 0.5:
            reached = chance.random() < 0.8
            called = Word(via=frozenset({Channel.PHONE}), text="Does it work?", said_at=now, reached=reached)
            return FollowUp(by=by, word=called, reach="+49 30 5000")
        return RecordFollowUpAnswer(by=by, solved=chance.random() < 0.8, said=said("It works.", Channel.PHONE))

    def _aside(self, case: Case, others: tuple[Case, ...], now: DateTime) -> Command:
        return self.chance.choice(self._apt(case, others, now))()

    def _apt(self, case: Case, others: tuple[Case, ...], now: DateTime) -> list[Making]:
        by, ahead, told = case.owner, self._ahead(now), said("Wait until Friday.", Channel.PHONE)
        found: list[Making] = [
            lambda: SetTask(by=by, what="Ring the workshop.", due_at=ahead),
            lambda: Inform(by=by, word=self._word("No news yet."), next_word_at=ahead),
            lambda: Ask(by=by, word=self._word("Which one is it?"), question="Which one is it?"),
            lambda: MakePromise(by=by, what="a call", due_at=ahead, word=self._word("I ring you.")),
            lambda: RecordDeferral(by=by, until=ahead, said=told),
            lambda: OfferHandover(by=by, to=self._someone(), briefing="Bo is patient."),
            lambda: MoveCase(by=self._someone(), to=self._someone(), reason="She is away."),
            lambda: Close(by=by, reason=CloseReason.WITHDRAWN, said=Said(channel=Channel.PHONE, words="Never mind.")),
        ]
        found += [_done(by, task.id) for task in case.receiving.tasks]
        found += [_answered(by, question.id) for question in case.keeping.questions]
        found += [_kept(by, promise.id) for promise in case.keeping.promises]
        found += [_reported(by, out.id, Delivery.SENT) for out in case.receiving.outgoing if out.state is Delivery.OWED]
        found += [_reported(by, out.id, Delivery.BOUNCED) for out in case.receiving.outgoing[-2:] if out.state is Delivery.SENT]
        if case.ownership.offer is not None:
            found.append(_taken_over(case.ownership.offer.to))
        if case.closing.survivor is not None:
            found += [lambda: UndoMerge(by=by, reason="They are two after all.")] * 4
        if others:
            other = self.chance.choice(others)
            found += [lambda: Close(by=by, reason=CloseReason.DUPLICATE, survivor=other.id)] * 3
        return found


def _done(by: str, task_id: str) -> Making:
    return lambda: CompleteTask(by=by, task_id=task_id)


def _answered(by: str, question_id: str) -> Making:
    return lambda: RecordAnswer(by=by, question_id=question_id, said=said("The red one."))


def _kept(by: str, promise_id: str) -> Making:
    return lambda: KeepPromise(by=by, promise_id=promise_id)


def _reported(by: str, message_id: str, delivery: Delivery) -> Making:
    return lambda: ReportDelivery(by=by, message_id=message_id, delivery=delivery)


def _taken_over(by: str) -> Making:
    return lambda: AcceptHandover(by=by)
