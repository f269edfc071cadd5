"""Cases at any stage, policies that can work, and histories of cases that were told on by whatever came."""

from __future__ import annotations

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from recovery.core.calendar import BusinessCalendar, office_hours
from recovery.core.case import Case
from recovery.core.clock import Clock, Length, Unit
from recovery.core.errors import Refused, Strength
from recovery.core.policy import Policy
from recovery.core.practice import CHECKS
from recovery.core.stages import Stage
from recovery.core.vocabulary.closing import CloseReason
from recovery.core.vocabulary.common import Channel, Recorded
from recovery.core.vocabulary.ownership import Choice, Route, Team
from recovery.core.vocabulary.receiving import Wake
from recovery.core.vocabulary.resolving import Resolution
from recovery.testing.cases import WAY, Given
from recovery.testing.content import a_policy
from recovery.testing.story import CASE_ID, Story
from recovery.testing.strategies.commands import batches, contexts
from recovery.testing.strategies.words import openings, waits

__all__ = ["cases", "givens", "histories", "policies"]

_ENDS = tuple(reason for reason in CloseReason if reason is not CloseReason.NOT_AFFECTED)
"""Why a complaint can be closed; only the case of an incident ends as not affected."""


@st.composite
def givens(draw: st.DrawFn, stage: Stage | None = None) -> Given:
    """Draw how a case came to ``stage``, or to any: how it was settled, what is owed, why it was closed."""
    settled = draw(st.sampled_from(Resolution))
    delivers = None if settled is Resolution.NOT_AGREED else draw(st.sampled_from((None, "the refund", "a part")))
    return Given(
        stage=draw(st.sampled_from(Stage)) if stage is None else stage,
        channel=draw(st.sampled_from((Channel.EMAIL, Channel.PHONE, Channel.LETTER, Channel.WEB_FORM))),
        settled=settled,
        delivers=delivers,
        arrived=draw(st.booleans()),
        closed=draw(st.sampled_from(_ENDS)),
        closed_from=draw(st.sampled_from(WAY[:-1])),
    )


def cases(stage: Stage | None = None, *, policy: Policy | None = None) -> SearchStrategy[Case]:
    """Draw a case at ``stage``, or at any, made by real commands under ``policy`` (``a_policy()`` unless given)."""
    return givens(stage).map(lambda given: given.story(policy).told)


_MOVABLE = tuple(check.id for check in CHECKS if not check.fixed)
_LENGTHS = {
    "acknowledge.immediately": (Unit.BUSINESS_HOURS, 1, 8),
    "contact.answer-owed": (Unit.BUSINESS_DAYS, 1, 5),
    "contact.keep-informed": (Unit.BUSINESS_DAYS, 1, 10),
    "propose.in-time": (Unit.BUSINESS_DAYS, 1, 20),
    "resolve.delivered": (Unit.BUSINESS_DAYS, 1, 15),
    "resolve.whole-case": (Unit.CALENDAR_DAYS, 10, 90),
    "follow-up.days": (Unit.CALENDAR_DAYS, 1, 10),
    "follow-up.weeks": (Unit.CALENDAR_DAYS, 17, 60),
}
"""Which clocks are drawn with other lengths, and between which: what the rules of the practice leave open."""


def _calendars() -> SearchStrategy[BusinessCalendar]:
    zones = st.sampled_from(("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"))
    return st.builds(office_hours, zones, opens=st.sampled_from(("08:00", "09:30")))


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Draw a policy that can work: the people of :func:`a_policy`, perhaps as a team, other hours, other lengths and strengths."""
    policy = a_policy(draw(_calendars()))
    choose = draw(st.one_of(st.none(), st.sampled_from(Choice)))
    policy = policy if choose is None else _as_team(policy, choose, draw(st.integers(1, 4)))
    strengths = draw(st.dictionaries(st.sampled_from(_MOVABLE), st.sampled_from(Strength), max_size=3))
    clocks = tuple([draw(_clocks(clock)) for clock in policy.clocks])
    return attrs.evolve(policy, clocks=clocks, strengths=strengths)


def _as_team(policy: Policy, choose: Choice, most: int) -> Policy:
    """Return the policy with its people as a team, each of whom can take a few cases."""
    return attrs.evolve(
        policy,
        people=tuple(attrs.evolve(person, capacity=most) for person in policy.people),
        teams=(Team(id="all", members=("ben", "ana", "cleo"), choose=choose),),
        routes=(Route(team="all", stand_ins=("fay",), procedure="Ring first."),),
    )


@st.composite
def _clocks(draw: st.DrawFn, clock: Clock) -> Clock:
    if clock.id not in _LENGTHS:
        return clock
    unit, least, most = _LENGTHS[clock.id]
    return attrs.evolve(clock, length=Length(draw(st.integers(least, most)), unit))


@st.composite
def histories(draw: st.DrawFn, *, policy: Policy | None = None, steps: int = 12) -> tuple[Recorded, ...]:
    """Draw the history of a case: it is opened, and up to ``steps`` times something comes, or the clocks are looked at.

    What the rules refuse leaves no trace, as ever. ``recovery.fold`` makes the case of it.
    """
    story = Story(policy=a_policy() if policy is None else policy)
    story.do(draw(openings(CASE_ID, story.now)))
    for number in range(draw(st.integers(0, steps))):
        story.now += draw(waits)
        story.context = draw(contexts(number))
        _try(story, draw(st.one_of(batches(story.told, story.now), st.just((Wake(),)))))
    return tuple(story.events)


def _try(story: Story, commands: tuple[object, ...]) -> None:
    try:
        story.do(*commands)  # type: ignore[arg-type]
    except Refused:
        return
