"""One complaint through all stages, told to a desk over any store: what a host's users do, rather than what a store is asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from random import Random

from pendulum import DateTime

from recovery.core.calendar import office_hours
from recovery.core.reference import Identity
from recovery.core.values import later
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Address, Channel, Customer, Said, Word
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.proposing import Investigate, Option, Propose
from recovery.core.vocabulary.receiving import Contact
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival, RecordAcceptance
from recovery.desk import Desk
from recovery.notifiers.recording import RecordingNotifier
from recovery.policies import default
from recovery.ports.store import Store
from recovery.ports.values import OutboxMessage
from recovery.testing.contracts.samples import NASTY, NOW

__all__ = ["told"]

_CUSTOMER = Customer(
    name="Bo Lind",
    addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"), Address(channel=Channel.PHONE, value="+49 30 1234")),
)
_MAIL, _PHONE = frozenset({Channel.EMAIL}), frozenset({Channel.PHONE})


class _Stage:
    """A desk over ``store`` with a clock that moves when it is told to, and a mail server that fails every third time."""

    def __init__(self, store: Store) -> None:
        self.now = NOW
        numbers = count(1)
        sending = count(1)

        def failing(message: OutboxMessage) -> Exception | None:
            return ConnectionError("down") if next(sending) % 3 == 0 else None

        self.notifier = RecordingNotifier(now=self.tell, failing=failing)
        self.store = store
        self.desk = Desk(
            store=store,
            policy=default(fallback_owner="ana", calendar=office_hours("Europe/Berlin")),
            notifier=self.notifier,
            now=self.tell,
            identities=lambda: Identity(case_id=f"case-{(number := next(numbers))}", reference=f"REF-{number}"),
            chance=Random(7),
        )

    def tell(self) -> DateTime:
        return self.now

    def wait(self, **length: float) -> None:
        """Let time pass, and the desk work."""
        self.now = later(self.now, timedelta(**length))
        self.desk.work()

    def seen(self, case_id: str) -> object:
        """Return what can be told of the case and of the desk now."""
        work = self.store.backlog(self.now), self.desk.doctor(), list(self.notifier.sent)
        return self.desk.load(case_id), self.store.history(case_id), self.desk.agenda(), work

    def contact(self, text: str, number: int) -> Contact:
        name = f"<{number}@boat.example>"
        return Contact(channel=Channel.EMAIL, sender=_CUSTOMER, text=text, received_at=self.now, message_id=name, ticket="T-7")


def told(store: Store) -> Iterator[object]:
    """Play the story and yield what the desk tells after every scene."""
    stage = _Stage(store)
    desk, first = stage.desk, stage.contact(f"The display went dark. {NASTY}", 1)
    case_id = desk.receive(first, key="first").case.id
    desk.receive(first, key="first")
    desk.receive(first)
    yield stage.seen(case_id)
    stage.wait(minutes=25)
    sorry = Word(via=_MAIL, text="I am sorry. I am looking into it today.")
    desk.handle(case_id, Acknowledge(by="ana", word=sorry, next_word_at=later(stage.now, timedelta(days=1))), Investigate(by="ana"))
    stage.wait(hours=1)
    desk.receive(stage.contact("Any news?", 2))
    yield stage.seen(case_id)
    stage.wait(hours=20)
    new = Option(id="new", text="You get a new display.", delivers="the new display")
    proposal = Propose(by="ana", word=Word(via=_MAIL, text="We can do this:"), options=(new,))
    yield [desk.handle(case_id, proposal, key="proposal").repeated for _ in range(2)]
    stage.wait(hours=2)
    desk.handle(case_id, RecordAcceptance(by="ana", option="new", said=Said(channel=Channel.EMAIL, words="Yes, please!")))
    yield stage.seen(case_id)
    stage.wait(days=2)
    arrived = desk.load(case_id).resolving.deliveries[0]
    desk.handle(case_id, ConfirmArrival(by="ana", delivery_id=arrived.id, source=ArrivalSource.CARRIER))
    for days in (4, 18):
        stage.wait(days=days)
        call = Word(via=_PHONE, text="Is it really solved, and were you treated well?", said_at=stage.now)
        said = Said(channel=Channel.PHONE, words="It shines.")
        answer = RecordFollowUpAnswer(by="ana", said=said, solved=True, treated_well=True)
        desk.handle(case_id, FollowUp(by="ana", word=call), answer)
        yield stage.seen(case_id)
    stage.wait(days=40)
    yield stage.seen(case_id)
