"""Scenarios as data: given a case, when this happens, then that holds. They run on the real decide and tell every difference."""

from __future__ import annotations

from attrs import field, frozen

from recovery.core.errors import Refused
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.values import Value, checked, either, is_text, maybe
from recovery.testing.cases import Given
from recovery.testing.moments import MONDAY, Told
from recovery.testing.played import Deed, Played
from recovery.testing.steps import Step, Wait, as_steps, commands_at
from recovery.testing.story import Story
from recovery.testing.then import Difference, Then, differences

__all__ = ["Scenario", "ScenarioFailed", "check"]


def given_of(told: Given | Stage | None) -> Given:
    """Take a stage for a case at that stage."""
    return Given(stage=told) if told is None or isinstance(told, Stage) else told


@frozen(kw_only=True)
class Scenario(Value):
    """Given a case, and what led up to it, when this happens, then that holds.

    >>> Scenario(
    ...     given=Given(stage=Stage.RESOLVED, delivers="the refund"),
    ...     when=[wait("3 cd"), FollowUp(by="ben", word=a_word("Does it work?", Channel.PHONE))],
    ...     then=Then(refused="follow-up.after-delivery"),
    ... ).run().differences
    ()

    ``given`` is a :class:`Given`, or just the stage, or ``None`` for no case yet. ``before`` are steps that lead up to it and must
    not be refused; ``when`` is judged, up to the first refusal. ``name`` says in a sentence what it shows. An example of a rule
    names the ``rule``, the ``clock`` where it is about one, and whether the rule is ``kept``.
    """

    given: Given = field(factory=Given, converter=given_of, metadata=checked(either(Given)))
    before: tuple[Step, ...] = field(default=(), converter=as_steps)
    when: tuple[Step, ...] = field(default=(), converter=as_steps)
    then: Then = field(factory=Then, metadata=checked(either(Then)))
    name: str = field(default="", metadata=checked(is_text))
    rule: str = field(default="", metadata=checked(is_text))
    clock: str = field(default="", metadata=checked(is_text))
    kept: bool | None = field(default=None, metadata=checked(maybe(either(bool))))
    at: Told = MONDAY

    def run(self, policy: Policy | None = None) -> Ran:
        """Play it by the real decide, under ``policy`` (:func:`a_policy` unless given), and return what happened.

        Raises :class:`recovery.Refused` where what leads up to it is refused, and :class:`InvalidValue` for a step that cannot be.
        """
        story = self.given.story(policy, self.at)
        led_up: list[Deed] = []
        for step in self.before:
            carry_out(story, step, led_up)
        before, began, known = story.case, story.now, len(story.decisions)
        deeds: list[Deed] = []
        refusal = _judged(story, self.when, deeds)
        played = Played(
            policy=story.policy,
            before=before,
            began=began,
            case=story.case,
            ended=story.now,
            decisions=tuple(story.decisions[known:]),
            led_up=tuple(led_up),
            deeds=tuple(deeds),
            refusal=refusal,
            precedents=story.context.precedents or (),
        )
        return Ran(scenario=self, played=played, differences=differences(self.then, played))


@frozen(kw_only=True)
class Ran:
    """A scenario that was run: what was ``played``, and every difference from what it wants."""

    scenario: Scenario
    played: Played
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Whether everything is as the scenario wants it."""
        return not self.differences

    def __str__(self) -> str:
        name = self.scenario.name or "the scenario"
        if self.holds:
            return f"{name}: holds"
        return "\n".join((f"{name}: does not hold", *(_indented(str(difference)) for difference in self.differences)))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


class ScenarioFailed(AssertionError):
    """A scenario that does not hold: the text tells every difference, ``ran`` holds all of it."""

    def __init__(self, ran: Ran) -> None:
        self.ran = ran
        super().__init__(str(ran))


def check(scenario: Scenario, policy: Policy | None = None) -> Played:
    """Run a scenario and return what happened. Raises :class:`ScenarioFailed`, which tells every difference."""
    ran = scenario.run(policy)
    if not ran.holds:
        raise ScenarioFailed(ran)
    return ran.played


def _judged(story: Story, steps: tuple[Step, ...], deeds: list[Deed]) -> Refused | None:
    """Play until something is refused; return that refusal."""
    try:
        for step in steps:
            carry_out(story, step, deeds)
    except Refused as refusal:
        return refusal
    return None


def carry_out(story: Story, step: Step, deeds: list[Deed]) -> None:
    """Take one step, and put it on the list first. What is written meanwhile arrives. Raises :class:`recovery.Refused`."""
    if isinstance(step, Wait):
        deed = Deed(at=story.now, until=step.end(story.now, story.policy), worked=step.worked, length=step.length)
        deeds.append(deed)
        _pass_time(story, deed)
        return
    commands = commands_at(step, story.case, story.policy, story.now)
    deeds.append(Deed(at=story.now, commands=commands))
    story.do(*commands)
    story.deliver()


def _pass_time(story: Story, deed: Deed) -> None:
    end = story.now if deed.until is None else deed.until
    if deed.worked and story.case is not None:
        story.work_until(end)
    else:
        story.reach(end)
