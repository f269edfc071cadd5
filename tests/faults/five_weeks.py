"""The five weeks of Bo and Ida, scene by scene: the one story on which every fault is tried, and how it ends.

Every scene can be played again from its beginning, as a host does after a crash: what people do goes under a key, contacts have
message ids, and the workers look again. So a story that broke off ends as one that did not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

from attrs import define, field, frozen
from pendulum import DateTime

from recovery.codec import dumps, event_to_data
from recovery.core.errors import KeyReused, RecoveryError
from recovery.core.reference import Identity, reference
from recovery.core.values import instant
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Address, Channel, Command, Customer, Recorded, kind_of
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Inform
from recovery.core.vocabulary.proposing import Investigate, Propose, RecordDecline, RecordRemedySought
from recovery.core.vocabulary.receiving import Contact, Delivery, ReportDelivery, SetTask
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival, RecordAcceptance, Resolve
from recovery.core.vocabulary.responsibility import CauseKind, RecordCause
from recovery.desk import Desk, Outcome, Retries
from recovery.ports.notifier import Notifier
from recovery.ports.store import Store
from recovery.testing import FrozenNow, a_policy, a_word, called, said
from recovery.testing.content import CUSTOMER as BO
from recovery.testing.content import NARRATIVES, REFUND, REPAIR
from recovery.testing.desks import Away

POLICY = a_policy()
IDA = Customer(name="Ida Berg", addresses=(Address(channel=Channel.EMAIL, value="ida@customer.example"),))
LEASE = timedelta(seconds=1)
"""So short that a scene is finished within its minute, whatever a worker who is gone had claimed."""


class _Still(Random):
    """Draws no waits."""

    def random(self) -> float:
        return 0.0


@define(kw_only=True)
class Stage:
    """Where the story is played: a store, a notifier and a clock; ``twice`` sends everything a second time under its key."""

    store: Store
    notifier: Notifier
    now: FrozenNow
    twice: bool = False
    scene: Scene = field(init=False)
    keys: int = field(init=False, default=0)

    @property
    def desk(self) -> Desk:
        """A desk as a fresh process would make it."""
        number = SCENES.index(self.scene) + 1
        return Desk(
            store=self.store,
            policy=POLICY,
            notifier=self.notifier,
            directory=Away(),
            now=self.now,
            identities=lambda: Identity(case_id=self.scene.name, reference=reference(number)),
            retries=Retries(first=timedelta(seconds=1), factor=1.0, tries=50),
            lease=LEASE,
            chance=_Still(),
        )

    @property
    def at(self) -> DateTime:
        """When the scene is set: what people say names this instant, also when they say it again."""
        return self.scene.begins

    def play(self, scene: Scene) -> None:
        """Play one scene, from its beginning to where nothing is left to do."""
        self.scene, self.keys = scene, 0
        if instant(self.now()) < scene.begins:
            self.now.to(scene.begins)
        scene.act(self)
        self.work()

    def receive(self, sender: Customer, text: str, channel: Channel = Channel.EMAIL, about: str | None = None) -> str:
        """A contact comes in, about the case ``about`` or about something new; return the id of the case it is on."""
        contact = Contact(
            channel=channel,
            sender=sender,
            text=text,
            received_at=self.at,
            message_id=f"m-{self.scene.name}",
            reference=None if about is None else self.desk.load(about).reference,
        )
        outcome = self.desk.receive(contact)
        if self.twice:
            assert self.desk.receive(contact).repeated
        return outcome.case.id

    def act(self, case_id: str, *commands: Command) -> Outcome:
        """Somebody acts, under a key of the scene."""
        self.keys += 1
        key = f"{self.scene.name} {self.keys}"
        outcome = self.desk.handle(case_id, *commands, key=key)
        if self.twice:
            again = self.desk.handle(case_id, *commands, key=key)
            assert again.repeated
            assert again.case == self.desk.load(case_id)
            try:
                self.desk.handle(case_id, SetTask(by="ben", what="something else"), key=key)
            except KeyReused:
                return outcome
            raise AssertionError(f"{key} was used for something else, and that was done")
        return outcome

    def work(self) -> None:
        """Look at the clocks and deliver until nothing is left; what a worker who is gone had claimed comes back meanwhile."""
        for _ in range(30):
            self.desk.work()
            backlog = self.desk.backlog()
            if not backlog.due and not backlog.unsent and not self.desk.troubles():
                return
            self.now.move(LEASE * 2)
        raise AssertionError(f"{self.scene.name}: work does not come to rest")


@frozen
class Scene:
    """What happens at one time: when, local to the desk, its name, and what is done."""

    when: str
    name: str
    act: Callable[[Stage], object]

    @property
    def begins(self) -> DateTime:
        """The instant, in UTC."""
        return FrozenNow(self.when, calendar=POLICY.calendar)()


# ---------------------------------------------------------------- what happens

CASE = "bo-writes"
"""The id of Bo's case: an id is the name of the scene that opened the case."""

IDAS, TWIN = "ida-rings", "bo-writes-elsewhere"


def _acknowledge(case_id: str) -> Callable[[Stage], object]:
    def act(stage: Stage) -> object:
        word = a_word("Thank you for telling us. I am sorry. I look into it; if there is more to tell, just answer.")
        tomorrow = POLICY.calendar.add_days(stage.at, 1)
        return stage.act(case_id, Acknowledge(by="ben", word=word, next_word_at=tomorrow))

    return act


def _investigate(stage: Stage) -> None:
    next_word = POLICY.calendar.add_days(stage.at, 2)
    stage.act(CASE, Investigate(by="ben"))
    stage.act(CASE, Inform(by="ben", word=a_word("We have found the bill; it went to the old house."), next_word_at=next_word))


def _merge(stage: Stage) -> None:
    stage.receive(Customer(name="Bo", addresses=(Address(channel=Channel.EMAIL, value="bo@work.example"),)), NARRATIVES[0].words)
    stage.act(TWIN, Close(by="ben", reason=CloseReason.DUPLICATE, survivor=CASE))


def _propose(stage: Stage) -> None:
    if stage.scene.name == "we-propose":
        stage.act(CASE, RecordRemedySought(by="ben", said=said("I want my money back.", Channel.PHONE)))
        stage.act(CASE, Propose(by="ben", word=a_word("Here is what we can do right away."), options=(REPAIR,)))
    else:
        answer = "You get the money back, as you asked."
        word = a_word("Here is what we can do instead.")
        stage.act(CASE, Propose(by="ben", word=word, options=(REFUND,), counter_answer=answer))


def _bounce(stage: Stage) -> None:
    """The mail of the second proposal comes back; its case asks for another way, and Bo is called."""
    last = [out for out in stage.desk.load(CASE).receiving.outgoing if out.person is None and out.state is not Delivery.OWED][-1]
    stage.act(CASE, ReportDelivery(by="ben", message_id=last.id, delivery=Delivery.BOUNCED, note="mailbox full", at=stage.at))
    stage.act(CASE, Inform(by="ben", word=called(stage.at, "We send the money back, if you agree.")))


def _follow_up(stage: Stage) -> None:
    answer = RecordFollowUpAnswer(by="ben", solved=True, treated_well=True, said=said("It is, thank you.", Channel.PHONE))
    stage.act(CASE, FollowUp(by="ben", word=called(stage.at, "Is it really solved, and were you treated well?")), answer)


def _arrive(stage: Stage) -> None:
    delivery = stage.desk.load(CASE).resolving.deliveries[0]
    stage.act(CASE, ConfirmArrival(by="ben", delivery_id=delivery.id, source=ArrivalSource.BANK))


def _settle_idas(stage: Stage) -> None:
    word = a_word("It is put right: the bill goes to the new address from today on.")
    stage.act(IDAS, Investigate(by="ben"))
    stage.act(IDAS, Resolve(by="ben", word=word, done="the bills go to the right address"))


def _nothing(stage: Stage) -> None:
    """Nobody does anything; the workers look at the clocks."""


# Each scene stands at later minutes of its hour than all before it, so that what is due some hours or days after a scene is due or
# not due at another whether it was played at once or a few seconds late.
SCENES: tuple[Scene, ...] = (
    Scene("2026-03-09 10:00", CASE, lambda stage: stage.receive(BO, NARRATIVES[0].words)),
    Scene("2026-03-09 10:02", "ben-acknowledges", _acknowledge(CASE)),
    Scene("2026-03-09 12:04", IDAS, lambda stage: stage.receive(IDA, NARRATIVES[1].words, Channel.PHONE)),
    Scene("2026-03-09 14:06", "bo-writes-again", lambda stage: stage.receive(BO, "And the fee?", about=CASE)),
    Scene("2026-03-10 09:08", "a-clock-rings", _nothing),
    Scene("2026-03-10 10:10", "ben-investigates", _investigate),
    Scene("2026-03-10 11:12", "ida-is-acknowledged", _acknowledge(IDAS)),
    Scene("2026-03-10 15:14", TWIN, _merge),
    Scene("2026-03-12 10:16", "we-propose", _propose),
    Scene("2026-03-13 11:18", "bo-declines", lambda stage: stage.act(
        CASE, RecordDecline(by="ben", said=said("No. I want my money back."), counter_offer="the money back")
    )),
    Scene("2026-03-13 16:20", "ida-is-settled", _settle_idas),
    Scene("2026-03-16 10:22", "we-propose-again", _propose),
    Scene("2026-03-16 12:24", "a-mail-comes-back", _bounce),
    Scene("2026-03-17 10:26", "bo-accepts", lambda stage: stage.act(
        CASE, RecordAcceptance(by="ben", option="refund", said=said("Yes, please.", Channel.PHONE))
    )),
    Scene("2026-03-19 10:28", "ida-withdraws", lambda stage: stage.act(
        IDAS, Close(by="ben", reason=CloseReason.WITHDRAWN, said=said("Never mind, it is fine.", Channel.PHONE))
    )),
    Scene("2026-03-20 10:30", "the-money-arrives", _arrive),
    Scene("2026-03-25 11:32", "the-first-follow-up", _follow_up),
    Scene("2026-03-25 12:34", "why-it-happened", lambda stage: stage.act(
        CASE, RecordCause(by="ben", kind=CauseKind.EXPECTATION, text="We never said when the new address would hold.")
    )),
    Scene("2026-03-30 09:36", "the-clocks-were-changed", _nothing),
    Scene("2026-04-14 11:38", "the-second-follow-up", _follow_up),
    Scene("2026-04-20 10:40", "nothing-is-owed", _nothing),
)  # fmt: skip


# ---------------------------------------------------------------- how it stands

Ending = dict[str, tuple[str, Counter[str]]]
_SECONDS = re.compile(r"(T\d\d:\d\d):\d\d(\.\d+)?")
_NUMBER = re.compile(r'("message_id":"[a-z-]+):\d+:')


def standing(store: Store) -> Ending:
    """Return how the story stands: the stage of each case, and everything in its history, each entry to the minute.

    What came in one minute may stand in another order, and seconds later, where something had to be done again, so a message is
    known here by all it says and not by the number in its id; nothing else may differ.
    """
    found: Ending = {}
    for case_id in (scene.name for scene in SCENES):
        case = store.load(case_id)
        if case is not None:
            found[case_id] = case.stage.value, Counter(_told(recorded) for recorded in store.history(case_id))
    return found


def _told(recorded: Recorded) -> str:
    public, personal = event_to_data(recorded)
    told = _SECONDS.sub(r"\1", dumps([public["recorded_at"], public["data"], personal and personal["texts"]]))
    return f"{kind_of(type(recorded.event))} " + _NUMBER.sub(r"\1:", told)


def played(stage: Stage, *, upto: int = len(SCENES), since: int = 0) -> None:
    """Play the scenes with the numbers from ``since`` to before ``upto``."""
    for scene in SCENES[since:upto]:
        stage.play(scene)


def insisting(stage: Stage, scene: Scene, broke_off: Callable[[], object], killed: type[BaseException] = OSError) -> None:
    """Play a scene until it comes to its end, as a host does that starts again after a crash; tell whenever it broke off."""
    for _ in range(10):
        try:
            stage.play(scene)
        except (RecoveryError, OSError, killed):
            broke_off()
            stage.now.move(LEASE * 2)
        else:
            return
    raise AssertionError(f"{scene.name} cannot be played to its end")


FINAL = {CASE: ("followed_up_weeks", 77), IDAS: ("closed", 39), TWIN: ("closed", 6)}
"""How every case ends, and how long its history is then."""

MESSAGES = 32
"""How many messages leave in the whole story."""
