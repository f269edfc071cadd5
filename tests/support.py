"""What many tests need: a policy, a customer, and a story that is told command by command."""

from __future__ import annotations

from datetime import timedelta

import pendulum
from attrs import define, field
from pendulum import DateTime

from recovery.core.calendar import office_hours
from recovery.core.case import Case
from recovery.core.decide import Decision, decide
from recovery.core.fold import fold
from recovery.core.policy import Policy
from recovery.core.rule import Context, Identity
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Address, Channel, Command, Customer, Recorded, Said, Word
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.ownership import Person
from recovery.core.vocabulary.proposing import Investigate, Option, Propose
from recovery.core.vocabulary.receiving import Contact, Delivery, OpenCase, ReportDelivery, Wake
from recovery.core.vocabulary.resolving import RecordAcceptance

BERLIN = office_hours("Europe/Berlin")
MONDAY = pendulum.datetime(2026, 3, 2, 9, 0, tz="UTC")
"""Monday 2 March 2026, 10:00 in Berlin: in working time."""

PEOPLE = (
    Person(id="ana", name="Ana Sola", supervisor="cleo", addresses=(Address(channel=Channel.EMAIL, value="ana@desk.example"),)),
    Person(id="ben", name="Ben Otto", supervisor="cleo", addresses=(Address(channel=Channel.EMAIL, value="ben@desk.example"),)),
    Person(id="cleo", name="Cleo Prins", addresses=(Address(channel=Channel.EMAIL, value="cleo@desk.example"),)),
)
POLICY = Policy(fallback_owner="ana", calendar=BERLIN, people=PEOPLE)

EMAIL = Address(channel=Channel.EMAIL, value="bo@customer.example")
PHONE = Address(channel=Channel.PHONE, value="+49 30 1234")
BO = Customer(name="Bo Lind", addresses=(EMAIL, PHONE))


def a_contact(text: str = "The display of my boat went dark.", at: DateTime = MONDAY, **fields: object) -> Contact:
    """Return a contact by e-mail from Bo, unless told otherwise."""
    return Contact(**{"channel": Channel.EMAIL, "sender": BO, "text": text, "received_at": at, **fields})  # type: ignore[arg-type]


def by_mail(text: str = "We are on it.") -> Word:
    """Return a word that is about to be mailed."""
    return Word(via=frozenset({Channel.EMAIL}), text=text)


def called(at: DateTime, text: str = "", *, reached: bool = True) -> Word:
    """Return a word that was said by phone."""
    return Word(via=frozenset({Channel.PHONE}), text=text, said_at=at, reached=reached)


def said(words: str = "Yes, that is fine.", channel: Channel = Channel.EMAIL, **fields: object) -> Said:
    """Return the customer's words."""
    return Said(channel=channel, words=words, **fields)  # type: ignore[arg-type]


REFUND = Option(id="refund", text="We send your money back.", delivers="the refund")
REPAIR = Option(id="repair", text="We repair it while you wait.")


@define
class Story:
    """A case told command by command; after each the case is the fold of its events."""

    policy: Policy = POLICY
    now: DateTime = MONDAY
    case: Case | None = None
    events: list[Recorded] = field(factory=list)
    decisions: list[Decision] = field(factory=list)
    context: Context = Context(new_case=Identity(case_id="case-2", reference="R2"))

    @classmethod
    def begins(cls, contact: Contact | None = None, **fields: object) -> Story:
        """Return a story whose case has just been opened."""
        story = cls(**fields)  # type: ignore[arg-type]
        story.do(OpenCase(case_id="case-1", reference="R1", contact=contact or a_contact(at=story.now)))
        return story

    @property
    def told(self) -> Case:
        """The case, which is there."""
        assert self.case is not None
        return self.case

    def wait(self, **length: float) -> Story:
        """Let time pass."""
        self.now = self.now + timedelta(**length)
        return self

    def do(self, *commands: Command) -> Decision:
        """Decide, and check that the case is the fold of its events."""
        decision = decide(self.case, *commands, policy=self.policy, now=self.now, context=self.context)
        self.events += decision.events
        self.decisions.append(decision)
        self.case = decision.case
        assert fold(self.events) == self.case
        return decision

    def wake(self) -> Decision:
        """Let the clocks be looked at."""
        return self.do(Wake())

    def deliver(self, delivery: Delivery = Delivery.SENT) -> Story:
        """Report the same end for every message that is on its way."""
        for out in self.told.receiving.outgoing:
            if out.state is Delivery.QUEUED:
                self.do(ReportDelivery(message_id=out.id, delivery=delivery))
        return self

    def kinds(self) -> list[str]:
        """Return the names of all events so far."""
        return [type(recorded.event).__name__ for recorded in self.events]


def acknowledged(story: Story) -> Story:
    """Acknowledge, by mail."""
    story.do(Acknowledge(by="ana", word=by_mail(), next_word_at=story.policy.calendar.add_days(story.now, 1)))
    return story.deliver()


def proposed(story: Story, *options: Option) -> Story:
    """Propose, by mail."""
    story.do(Propose(by="ana", word=by_mail("Here is what we can do."), options=options or (REPAIR,)))
    return story.deliver()


def followed_up(story: Story) -> Story:
    """Call the customer, who says that it is solved."""
    call = FollowUp(by="ana", word=called(story.now, "Does it work?"))
    story.do(call, RecordFollowUpAnswer(by="ana", solved=True, said=said("It works.", Channel.PHONE)))
    return story


def at_stage(stage: Stage, policy: Policy = POLICY) -> Story:
    """Return a story that has come to ``stage`` the usual way."""
    story = Story.begins(policy=policy).deliver()
    if stage is Stage.CLOSED:
        story.do(Close(by="ana", reason=CloseReason.WITHDRAWN, said=said("Never mind.")))
        return story
    steps = [
        (Stage.RECEIVED, lambda: None),
        (Stage.ACKNOWLEDGED, lambda: acknowledged(story.wait(minutes=10))),
        (Stage.INVESTIGATING, lambda: story.do(Investigate(by="ana"))),
        (Stage.RESOLUTION_PROPOSED, lambda: proposed(story.wait(hours=2))),
        (Stage.RESOLVED, lambda: story.do(RecordAcceptance(by="ana", option="repair", said=said()))),
        (Stage.FOLLOWED_UP_DAYS, lambda: followed_up(story.wait(days=3))),
        (Stage.FOLLOWED_UP_WEEKS, lambda: followed_up(story.wait(days=18))),
    ]
    for reached, step in steps:
        step()
        assert story.told.stage is reached
        if reached is stage:
            break
    return story
