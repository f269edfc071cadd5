"""What the players of the demo share: the desk, the time, everybody's plan, and a few things worth showing afterwards."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from attrs import define, field, frozen
from pendulum import DateTime

from recovery import Case, Channel, Command, Contact, Customer, Desk, Outcome, Reason, Refused, Said, Word
from recovery.cli.demo.time import Time
from recovery.cli.demo.world import Plan, World

__all__ = ["HeldBack", "Play"]


@frozen(kw_only=True)
class HeldBack:
    """An act that was refused, when, and why."""

    case_id: str
    command: Command
    at: DateTime
    reasons: tuple[Reason, ...]


@define(kw_only=True)
class Play:
    """The stage on which owners and customers meet. Everything goes through the desk."""

    desk: Desk
    time: Time
    world: World
    plans: dict[str, Plan] = field(factory=dict[str, Plan])
    held_back: list[HeldBack] = field(factory=list[HeldBack])
    surprises: list[HeldBack] = field(factory=list[HeldBack])
    reactions: dict[str, Callable[[Play, str], None]] = field(factory=dict[str, "Callable[[Play, str], None]"])
    mornings: list[tuple[DateTime, int]] = field(factory=list[tuple[DateTime, int]])

    def case(self, case_id: str) -> Case:
        """Return a case as it is now; a merged one as the case it lives on in."""
        case = self.desk.load(case_id)
        return case if case.closing.survivor is None else self.case(case.closing.survivor)

    def plan(self, case_id: str) -> Plan:
        """Return the plan of the customer whose case it is."""
        return self.plans[case_id]

    def chance(self, case_id: str) -> Random:
        """Return the chance of that customer."""
        return self.plans[case_id].chance

    def owner(self, case: Case) -> str:
        """Return who acts for a case now: its owner, or whoever stands above an owner who is away."""
        away = self.world.away(self.time.now)
        supervisor = self.desk.policy.terms.supervisor(case.owner)
        return next(person for person in (case.owner, supervisor) if person not in away)

    def receive(self, contact: Contact, plan: Plan, *, key: str | None = None) -> Outcome:
        """Hand a contact to the desk; every case that comes of it belongs to that customer's plan."""
        outcome = self.desk.receive(contact, key=key)
        self._remember(outcome, plan)
        self.desk.deliver()
        return outcome

    def do(self, case_id: str, *commands: Command) -> Outcome | None:
        """Let a person do something; what is refused is remembered, and nothing has happened."""
        try:
            outcome = self.desk.handle(case_id, *commands)
        except Refused as refused:
            told = HeldBack(case_id=case_id, command=commands[refused.index], at=self.time.now, reasons=refused.reasons)
            self.surprises.append(told)
            return None
        self._remember(outcome, self.plan(case_id))
        self.desk.deliver()
        return outcome

    def _remember(self, outcome: Outcome, plan: Plan) -> None:
        for case in (outcome.case, *outcome.opened):
            self.plans.setdefault(case.id, plan)

    def did(self, case: Case, *commands: Command) -> bool:
        """Do as :meth:`do`, and say whether it was done."""
        return self.do(case.id, *commands) is not None

    def hears(self, what: str, case_id: str) -> None:
        """Let the customer react to what they have just heard."""
        self.reactions[what](self, case_id)

    def writes(self, case_id: str, words: str) -> int:
        """Let the customer write about their case; return the number of the message on it."""
        plan, case = self.plan(case_id), self.case(case_id)
        channel = Channel.EMAIL if plan.customer.address(Channel.EMAIL) else plan.channel
        contact = Contact(
            channel=channel,
            received_at=self.time.now,
            sender=Customer(name=plan.customer.name, id=plan.customer.id, addresses=plan.customer.addresses),
            text=words,
            reference=case.reference,
        )
        return self.receive(contact, plan).case.receiving.contacts[-1].seq

    def files(self, case_id: str, minutes: float, filing: Callable[[], None]) -> None:
        """Let the owner read what the customer wrote, and put it on record after some minutes of working time."""
        plan = self.plan(case_id)
        plan.being_read += 1

        def read() -> None:
            plan.being_read -= 1
            filing()

        self.time.at_work(minutes, read)

    def word(self, case: Case, text: str) -> Word:
        """Return a word to the customer on the best way there is: a mail to send, a call just made, a letter to post."""
        ways = [address.channel for address in case.reachable((Channel.EMAIL, Channel.PHONE, Channel.LETTER))]
        if ways and ways[0] is Channel.PHONE:
            return Word(via=frozenset({Channel.PHONE}), text=text, said_at=self.time.now)
        return Word(via=frozenset(ways[:1] or [Channel.EMAIL]), text=text)

    def said(self, words: str) -> Said:
        """Return what the customer has just said on the phone."""
        return Said(channel=Channel.PHONE, words=words, at=self.time.now)
