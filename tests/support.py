"""What many tests need: a policy, a customer, and a story that is told command by command."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

import pendulum
from attrs import define, field
from pendulum import DateTime

from recovery.core.agenda import Outcome, Step
from recovery.core.calendar import office_hours
from recovery.core.case import Case
from recovery.core.decide import Decision, agenda, clocks, decide, why_not
from recovery.core.errors import Reason, Refused, Strength
from recovery.core.fold import fold
from recovery.core.policy import Policy
from recovery.core.rule import Context, Identity
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Address, Channel, Command, Customer, Recorded, Said, Word
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.ownership import Person, Route
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
FAY = Person(id="fay", name="Fay Adams", addresses=(Address(channel=Channel.EMAIL, value="fay@desk.example"),))
ROUTED = Policy(fallback_owner="fay", calendar=BERLIN, people=(*PEOPLE, FAY), routes=(Route(owner="ben", stand_ins=("ana",)),))
"""Ben owns the case, Cleo stands above him, Fay is the fallback: three people, so that a ladder shows whom it tells."""

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
    context: Context = field(default=Context(new_case=Identity(case_id="case-2", reference="R2")))

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
    steps: list[tuple[Stage, Callable[[], object]]] = [
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


# ---------------------------------------------------------------- what tests ask of a story


def refusal(story: Story, *commands: Command) -> Refused:
    """Return the refusal that ``commands`` meet. A refusal changes nothing, and ``why_not`` says the same."""
    before, count = deepcopy(story.case), len(story.events)
    refused: Refused | None = None
    try:
        story.do(*commands)
    except Refused as refusal:
        refused = refusal
    assert refused is not None, f"{[type(command).__name__ for command in commands]} should have been refused"
    assert (story.case, len(story.events)) == (before, count)
    assert why_not(story.case, *commands, policy=story.policy, now=story.now, context=story.context) == refused.reasons
    return refused


def broken(story: Story, *commands: Command) -> set[tuple[str, str | None]]:
    """Return the rules, each with the field it names, for which ``commands`` are refused; every reason has words."""
    reasons = refusal(story, *commands).reasons
    assert all(reason.message and reason.strength is Strength.MUST for reason in reasons)
    return {(reason.rule, reason.field) for reason in reasons}


def warned(decision: Decision) -> set[str]:
    """Return the rules a decision warns about."""
    assert all(reason.strength is Strength.SHOULD for reason in decision.warnings)
    return {reason.rule for reason in decision.warnings}


def named(decision: Decision) -> list[str]:
    """Return the names of the events of a decision."""
    return [type(recorded.event).__name__ for recorded in decision.events]


def step_of(story: Story, clock: str) -> Step:
    """Return the one step on the agenda that ``clock`` has put there."""
    found = [step for step in agenda(story.told, story.policy) if step.clock == clock]
    assert len(found) == 1, f"{clock}: {found}"
    return found[0]


def no_step(story: Story, clock: str) -> bool:
    """Whether ``clock`` has put nothing on the agenda."""
    return all(step.clock != clock for step in agenda(story.told, story.policy))


def outcomes(story: Story, clock: str) -> list[Outcome]:
    """Return how every run of ``clock`` stands, the oldest first."""
    return [reading.outcome for reading in clocks(story.told, story.policy, story.now) if reading.clock == clock]


def tasks(story: Story) -> list[tuple[str, str]]:
    """Return the dated steps that are on the case as tasks: the rule and what is to be done; each is on the agenda with a date."""
    dated = {step.key for step in agenda(story.told, story.policy) if step.due_at is not None and step.wake_at is not None}
    assert {task.id for task in story.told.receiving.tasks} <= dated
    return [(task.rule, task.what) for task in story.told.receiving.tasks]


def letters(decision: Decision) -> list[tuple[str, str]]:
    """Return what a decision says to whom: the template, and the person or the channel to the customer."""
    return [(said.template, out.person or out.channel.value) for out in decision.messages for said in out.sayings]


def rung(story: Story, whom: str, rule: str) -> bool:
    """Wake at this instant; return whether ``whom`` hears about ``rule`` now."""
    return any(out.person == whom and said.values.get("rule") == rule for out in story.wake().messages for said in out.sayings)


def agenda_of(story: Story, clock: str) -> Step | None:
    """Return the first step that ``clock`` has put on the agenda, if there is one."""
    return next((step for step in agenda(story.told, story.policy) if step.clock == clock), None)


def why(story: Story, *commands: Command) -> tuple[Reason, ...]:
    """Return why ``commands`` would be refused."""
    return why_not(story.case, *commands, policy=story.policy, now=story.now, context=story.context)
