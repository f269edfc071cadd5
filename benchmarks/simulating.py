"""Five weeks of a desk in memory: every case from its letter to the second follow-up, the clocks and the mail at work."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count

from attrs import define, field
from pendulum import DateTime

from benchmarks.pairing import Fact, Scale, Seen
from benchmarks.sample import HOURS, NOW
from recovery import (
    Acknowledge,
    Address,
    ArrivalSource,
    CauseKind,
    Channel,
    CompleteTask,
    ConfirmArrival,
    Contact,
    Customer,
    Desk,
    FollowUp,
    Guideline,
    Investigate,
    MemoryStore,
    Option,
    Person,
    Propose,
    RecordAcceptance,
    RecordAccountable,
    RecordCause,
    RecordFollowUpAnswer,
    RecordingNotifier,
    RecordRemedySought,
    Remedy,
    Said,
    Stage,
    Word,
    policies,
)

__all__ = ["FACTS"]

WEEKS = timedelta(weeks=5)
ARRIVE = timedelta(days=10)
"""In which the cases come in, so that all of them end within the five weeks."""
MAIL = {Channel.EMAIL}
PHONE = {Channel.PHONE}
ANA = Person(id="ana", name="Ana Sola", addresses=(Address(channel=Channel.EMAIL, value="ana@desk.example"),))
DISPLAYS = Guideline(id="displays", remedies=(Remedy(id="new", text="A new display.", delivers="the new display"),))
NEW = Option(id="new", text="You get a new display, sent today.", delivers="the new display", beyond="And a cover for it.")
SORRY = Word(via=MAIL, text="Thank you for telling us, and I am sorry about the display. I am looking into it today.")


@define(kw_only=True)
class World:
    """The desk, and the time that it is there."""

    now: DateTime = NOW
    desk: Desk = field(init=False)

    def __attrs_post_init__(self) -> None:
        policy = policies.default(fallback_owner="ana", calendar=HOURS, people=[ANA], guidelines=(DISPLAYS,))
        notifier = RecordingNotifier(now=lambda: self.now)
        self.desk = Desk(store=MemoryStore(), policy=policy, notifier=notifier, now=lambda: self.now)

    def opened(self, number: int) -> str:
        """Let a letter come in; return the id of its case."""
        sender = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value=f"bo{number}@boat.example"),))
        letter = Contact(channel=Channel.LETTER, sender=sender, text="The display of my boat went dark.", received_at=self.now)
        return self.desk.receive(letter).case.id

    def acknowledge(self, case_id: str) -> None:
        """Write within the hour."""
        word = Acknowledge(by="ana", word=SORRY, next_word_at=HOURS.add_days(self.now, 1))
        self.desk.handle(case_id, word, Investigate(by="ana"))

    def propose(self, case_id: str) -> None:
        """Propose what the letter asks for."""
        sought = RecordRemedySought(by="ana", said=Said(channel=Channel.LETTER, contact=1), remedy="new")
        self.desk.handle(case_id, sought, Propose(by="ana", word=Word(via=MAIL, text="We can do this right away:"), options=(NEW,)))

    def accept(self, case_id: str) -> None:
        """Let the customer say yes, and somebody answer for it."""
        accountable = RecordAccountable(by="ana", unit="workshop", task="Send the display, and look at the others.")
        said = Said(channel=Channel.EMAIL, words="Yes, please!")
        self.desk.handle(case_id, accountable, RecordAcceptance(by="ana", option="new", said=said))

    def arrive(self, case_id: str) -> None:
        """Let it arrive, and put on record why it happened."""
        case = self.desk.load(case_id)
        cause = RecordCause(by="ana", kind=CauseKind.PRODUCT, text="The seal lets salt water in.")
        delivery, task = case.resolving.deliveries[0].id, case.receiving.tasks[0].id
        arrived = ConfirmArrival(by="ana", delivery_id=delivery, source=ArrivalSource.CARRIER)
        self.desk.handle(case_id, cause, arrived, CompleteTask(by="ana", task_id=task, note="All seals are new."))

    def follow_up(self, case_id: str) -> None:
        """Ring the customer, who is content."""
        call = Word(via=PHONE, text="Is it really solved, and were you treated well?", said_at=self.now)
        said = Said(channel=Channel.PHONE, words="It shines.")
        answer = RecordFollowUpAnswer(by="ana", said=said, solved=True, treated_well=True)
        self.desk.handle(case_id, FollowUp(by="ana", word=call), answer)


Step = Callable[[World, str], None]
STORY: tuple[tuple[timedelta, Step], ...] = (
    (timedelta(minutes=25), World.acknowledge),
    (timedelta(hours=23), World.propose),
    (timedelta(hours=26), World.accept),
    (timedelta(days=3), World.arrive),
    (timedelta(days=7), World.follow_up),
    (timedelta(days=24), World.follow_up),
)
"""What people do with a case, and how long after it came in."""


def simulate(many: int) -> World:
    """Tell ``many`` cases, with the desk at work every hour of the five weeks."""
    world, order = World(), count()
    # In this order it is a heap already.
    coming: list[tuple[DateTime, int, Step | None, str]] = [
        (NOW + ARRIVE * number / many, next(order), None, str(number)) for number in range(many)
    ]
    for hour in _hours():
        while coming and coming[0][0] <= hour:
            world.now, _, step, told = heappop(coming)
            if step is not None:
                step(world, told)
                continue
            case_id = world.opened(int(told))
            for after, each in STORY:
                heappush(coming, (world.now + after, next(order), each, case_id))
        world.now = hour
        while (work := world.desk.work(limit=10_000)).ticked or work.sent:
            pass
    return world


def _hours() -> Iterator[DateTime]:
    hours = int(WEEKS / timedelta(hours=1))
    return (NOW + timedelta(hours=number) for number in range(1, hours + 1))


def _look(scale: Scale) -> Seen:
    many = scale.of(3, 500, 100_000)
    begun = time.perf_counter()
    world = simulate(many)
    taken = time.perf_counter() - begun
    ended = sum(case.stage is Stage.FOLLOWED_UP_WEEKS for case in world.desk.find())
    rest = "" if many >= 100_000 else f"; 100,000 at that rate: {100_000 * taken / many / 60:,.0f} minutes"
    told = f"{many / taken:,.0f} cases/s ({many:,} cases{rest}), followed up to the end: {ended:,}"
    return Seen(told=told, kept=ended == many and not world.desk.doctor())


FACTS = (
    Fact(
        name="five weeks in memory",
        what="five weeks of a desk in memory, every case from its letter to the second follow-up, the clocks and the mail at work",
        look=_look,
        bar="every case followed up, the doctor finds nothing",
    ),
)
