"""Six weeks of a recovery desk, played through the public API: the seed decides, the desk does the rest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from random import Random

from attrs import define, field

from recovery import Desk, Identity, Policy, RecordingNotifier, Retries
from recovery.cli.demo import customers, owners
from recovery.cli.demo.play import Play
from recovery.cli.demo.time import Time
from recovery.cli.demo.world import MISSPELT, World, build
from recovery.core.reference import SPACE, reference
from recovery.ports.store import Store
from recovery.ports.values import OutboxMessage

__all__ = ["play_through"]

PULSE = timedelta(minutes=30)
BOUNCES_AFTER = 12

Passed = Callable[[float], None]
Reaction = Callable[[Play, str], None]


def play_through(store: Store, policy: Policy, *, seed: int, count: int, passed: Passed) -> Play:
    """Play the world of ``seed`` on ``store``; ``passed`` hears which share of the time has gone by."""
    world = build(seed, count, policy.calendar)
    time = Time(now=world.starts_at, calendar=policy.calendar)
    notifier = RecordingNotifier(now=lambda: time.now, failing=partial(_failing, world, time))
    desk = Desk(
        store=store,
        policy=policy,
        notifier=notifier,
        directory=world,
        now=lambda: time.now,
        identities=_Identities(Random(f"recovery demo {seed}, identities")),
        chance=Random(f"recovery demo {seed}, retries"),
        retries=Retries(first=timedelta(minutes=30), tries=4),
    )
    play = Play(desk=desk, time=time, world=world, reactions=REACTIONS)
    _arrange(play, notifier)
    span = world.ends_at - world.starts_at
    time.run(world.ends_at, lambda now: passed((now - world.starts_at) / span))
    return play


REACTIONS: dict[str, Reaction] = {
    "asked": customers.is_asked,
    "proposed": customers.is_proposed_to,
    "followed_up": customers.is_followed_up,
    "peace": customers.wants_no_contact,
}


@define
class _Identities:
    """Ids that tell a demo case, and references as a real desk makes them."""

    chance: Random
    made: int = 0
    used: set[str] = field(factory=set[str])

    def __call__(self) -> Identity:
        self.made += 1
        fresh = reference(self.chance.randrange(SPACE))
        if fresh in self.used:
            return self()
        self.used.add(fresh)
        return Identity(case_id=f"demo-{self.made:03d}", reference=fresh)


def _failing(world: World, time: Time, _message: OutboxMessage) -> Exception | None:
    return ConnectionError("the mail server does not answer") if world.mail_is_down(time.now) else None


def _arrange(play: Play, notifier: RecordingNotifier) -> None:
    """Put on the heap what happens whatever people do: complaints, rounds, the leave, and the worker's pulse."""
    time, world = play.time, play.world
    for plan in sorted(world.plans, key=lambda plan: (plan.arrives_at, plan.name)):
        time.at(plan.arrives_at, partial(customers.arrives, play, plan))
    day = world.starts_at
    while day < world.ends_at:
        time.at(day + timedelta(hours=1, minutes=10), partial(owners.looks_at_agenda, play, True))
        time.at(day + timedelta(hours=5, minutes=30), partial(owners.looks_at_agenda, play, False))
        day = day.in_timezone(time.calendar.timezone).add(days=1).in_timezone("UTC")
    time.at(time.calendar.add_days(world.leave[0], -1).add(hours=2), partial(owners.hands_over, play))
    time.at(world.leave[0] + timedelta(minutes=2), partial(owners.begins_leave, play))
    _pulse(play, notifier, 0)


def _pulse(play: Play, notifier: RecordingNotifier, seen: int) -> None:
    """The worker looks at the clocks and delivers; it does so again and again, more often while people work."""
    play.desk.work(limit=200)
    for message in notifier.sent[seen:]:
        if message.to is not None and message.to.value.startswith(MISSPELT):
            play.time.after(BOUNCES_AFTER, partial(customers.mails_come_back, play, message.case_id, message.id))
    wait = PULSE if play.time.calendar.is_open(play.time.now) else 2 * PULSE
    play.time.at(play.time.now + wait, partial(_pulse, play, notifier, len(notifier.sent)))
