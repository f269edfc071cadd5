"""What many tests need: a policy, a customer, and a story that is told command by command; most of it is ``recovery.testing``."""

from __future__ import annotations

from copy import deepcopy

import attrs
from attrs import define
from pendulum import DateTime

from recovery.core.agenda import Outcome, Step
from recovery.core.decide import Decision, agenda, clocks, why_not
from recovery.core.errors import Reason, Refused, Strength
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Channel, Command, Word
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.losing import Estimate, Finding, PlannedStep, ReviewLoss, WinBack
from recovery.core.vocabulary.proposing import Option, Propose, RecordRemedySought
from recovery.core.vocabulary.receiving import Contact
from recovery.testing import content, moves
from recovery.testing import story as telling
from recovery.testing.cases import Given
from recovery.testing.content import CUSTOMER as BO
from recovery.testing.content import REFUND, REPAIR, TRIED, called, said
from recovery.testing.moments import BERLIN, MONDAY

__all__ = [
    "BERLIN",
    "BO",
    "EMAIL",
    "ESTIMATE",
    "FAY",
    "MONDAY",
    "PEOPLE",
    "PHONE",
    "POLICY",
    "REFUND",
    "REPAIR",
    "ROUTED",
    "THANKS",
    "TRIED",
    "Story",
    "a_contact",
    "a_review",
    "acknowledged",
    "agenda_of",
    "at_stage",
    "broken",
    "by_mail",
    "called",
    "followed_up",
    "letters",
    "lost",
    "named",
    "no_step",
    "outcomes",
    "proposed",
    "refusal",
    "rung",
    "said",
    "step_of",
    "tasks",
    "warned",
    "why",
]

PEOPLE, FAY = content.PEOPLE[:3], content.PEOPLE[3]
POLICY = Policy(fallback_owner="ana", calendar=BERLIN, people=PEOPLE, guidelines=(content.GUIDELINE,))
ROUTED = content.a_policy()
"""Ben owns the case, Cleo stands above him, Fay is the fallback: three people, so that a ladder shows whom it tells."""

EMAIL, PHONE = BO.addresses
DARK = "The display of my boat went dark."


def a_contact(text: str = DARK, at: DateTime = MONDAY, **fields: object) -> Contact:
    """Return a contact by e-mail from Bo, unless told otherwise."""
    return Contact(**{"channel": Channel.EMAIL, "sender": BO, "text": text, "received_at": at, **fields})  # type: ignore[arg-type]


THANKS = "Thank you for telling us. I am sorry, and I look into it; if there is more to tell, just answer."
"""The words of an acknowledgement that says what it should."""


def by_mail(text: str = "We are on it.") -> Word:
    """Return a word that is about to be mailed."""
    return content.a_word(text)


@define
class Story(telling.Story):
    """A case told command by command, under the policy in which Ana does everything and about a boat unless told otherwise."""

    policy: Policy = POLICY

    @classmethod
    def begins(cls, contact: Contact | None = None, **fields: object) -> Story:
        """Return a story whose case has just been opened."""
        story = cls(**fields)  # type: ignore[arg-type]
        story.open(contact or a_contact(at=story.now))
        return story


def acknowledged(story: Story) -> Story:
    """Acknowledge, by mail."""
    story.do(Acknowledge(by="ana", word=by_mail(), next_word_at=story.policy.calendar.add_days(story.now, 1)))
    return story.deliver()


def proposed(story: Story, *options: Option) -> Story:
    """Propose, by mail, once it is on file what the customer wishes."""
    if not story.told.proposing.sought:
        story.do(RecordRemedySought(by="ana", said=said("I want it to work.", Channel.PHONE)))
    story.do(Propose(by="ana", word=by_mail("Here is what we can do right away."), options=options or (REPAIR,)))
    return story.deliver()


def followed_up(story: Story) -> Story:
    """Call the customer, who says that it is solved."""
    moves.record_cause(story, "ana")
    call = FollowUp(by="ana", word=called(story.now, "Does it work?"))
    story.do(call, RecordFollowUpAnswer(by="ana", solved=True, said=said("It works.", Channel.PHONE)))
    moves.record_cause(story, "ana")
    return story


def at_stage(stage: Stage, policy: Policy = POLICY) -> Story:
    """Return a story that has come to ``stage`` the usual way."""
    given = Given(stage=stage, by="ana", contact=a_contact())
    told = given.story(policy)
    return Story(**attrs.asdict(told, recurse=False))


def lost(policy: Policy = ROUTED, contact: Contact | None = None) -> Story:
    """Return the story of a win-back case: Bo, whom sales had accepted, left on Monday; Cleo is to review it."""
    told = Given(stage=Stage.RECEIVED, win_back=True, contact=contact or a_contact()).story(policy)
    return Story(**attrs.asdict(told, recurse=False))


ESTIMATE = Estimate(cost=(200, 400), chance=(0.2, 0.4), years=3, purchases=(900, 1400), margin=0.3, discount=0.05)
"""What winning Bo back would cost and bring."""


def a_review(**fields: object) -> ReviewLoss:
    """Return a review that says all it must, and decides to try it."""
    told: dict[str, object] = {
        "by": "cleo",
        "should_have_taken": Finding(text="Yes; he has bought for six years."),
        "turned": Finding(text="In May, when three calls were not returned."),
        "needed": Finding(unknown_because="He does not wish to say."),
        "estimate": ESTIMATE,
        "decision": WinBack.TRY,
        "reason": "He left over calls, and calls are what we can mend.",
        "steps": (PlannedStep(what="Call him, and ask what would have kept him."),),
    }
    return ReviewLoss(**{**told, **fields})  # type: ignore[arg-type]


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
