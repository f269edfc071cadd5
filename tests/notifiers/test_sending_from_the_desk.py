"""From a contact to the customer's mailbox and back: the desk, an outbox, a mail server, and a reply that finds its case."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pendulum
import pytest
from attrs import define, evolve
from pendulum import DateTime

from notifiers.postoffice import Office, notifier, office
from recovery.core.messages import THREAD, Origin
from recovery.core.policy import Policy
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Address, Channel, Customer, Word
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform
from recovery.core.vocabulary.ownership import Person
from recovery.core.vocabulary.receiving import Contact, Delivery
from recovery.desk import Desk, Retries
from recovery.notifiers import RecordingNotifier
from recovery.policies import default, office_hours
from recovery.ports.message_id import outbox_id_of
from recovery.ports.notifier import Notifier
from recovery.ports.values import OutboxMessage, Receipt
from recovery.stores.memory import MemoryStore

BO = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),))
ANA = Person(id="ana", name="Ana Sola", addresses=(Address(channel=Channel.EMAIL, value="ana@shop.example"),))
MAIL = frozenset({Channel.EMAIL})
NOW = pendulum.datetime(2026, 3, 2, 9)


@define
class Clock:
    """The time of a test."""

    now: DateTime = NOW

    def __call__(self) -> DateTime:
        return self.now

    def wait(self, **length: float) -> None:
        """Let time go by."""
        self.now = self.now.add(**length)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def a_policy(*people: Person) -> Policy:
    """Return a policy with people."""
    return default(fallback_owner="ana", calendar=office_hours("Europe/Berlin"), people=people)


def a_desk(clock: Clock, sends: Notifier | None, *people: Person) -> Desk:
    """Return a desk that sends."""
    return Desk(store=MemoryStore(), policy=a_policy(*people or (ANA,)), notifier=sends, now=clock, chance=Random(7))


def a_mail(clock: Clock, number: int = 1, text: str = "My display went dark.", **changes: Any) -> Contact:
    """Return a mail of the customer."""
    told = Contact(
        channel=Channel.EMAIL, sender=BO, subject="Display", text=text, received_at=clock(), message_id=f"{number}@boat.example"
    )
    return evolve(told, **changes)


def to_customer(desk: Office) -> list[int]:
    """Return the numbers of the mails that went to the customer."""
    return [number for number, (_, readers) in enumerate(desk.envelopes) if readers == ["bo@boat.example"]]


def test_a_reply_finds_its_case_by_its_headers_alone() -> None:
    """What the customer answers to, an answer's In-Reply-To names, and it leads to the case without a reference in sight."""
    clock = Clock()
    with office() as server, notifier(server) as mail:
        desk = a_desk(clock, mail)
        case = desk.receive(a_mail(clock)).case
        desk.work()
        receipt = server.mail(to_customer(server)[0])
        assert (receipt["Auto-Submitted"], receipt["In-Reply-To"]) == ("auto-replied", "<1@boat.example>")
        answered = outbox_id_of(receipt["Message-ID"])
        reply = a_mail(clock, 2, "Thanks!", subject="(no subject)", replies_to=(str(answered),))
        assert desk.receive(reply).case.id == case.id


def test_a_persons_word_stands_in_the_thread_and_looks_like_one() -> None:
    """It names the customer's mail and our receipt, in the order they were written, and no machine takes it for a machine's."""
    clock = Clock()
    with office() as server, notifier(server) as mail:
        desk = a_desk(clock, mail)
        case = desk.receive(a_mail(clock)).case
        desk.handle(case.id, Acknowledge(by="ana", word=Word(via=MAIL, text="I am on it."), next_word_at=clock().add(days=1)))
        desk.work()
        first, second = (server.mail(number) for number in to_customer(server))
    assert str(second["References"]).split() == ["<1@boat.example>", first["Message-ID"]]
    assert second["Auto-Submitted"] is None
    assert case.reference in first["Subject"]
    assert case.reference in second["Subject"]
    assert second["To"] == "Bo Lind <bo@boat.example>"


def sent_by(desk: Desk) -> list[OutboxMessage]:
    """Deliver everything and return what a recording notifier got."""
    desk.work()
    assert isinstance(desk.notifier, RecordingNotifier)
    return desk.notifier.sent


def test_a_message_says_who_speaks() -> None:
    """A receipt is a reply, what goes to colleagues and what chases is a machine's, and a word is a person's."""
    clock = Clock()
    desk = a_desk(clock, RecordingNotifier(now=clock))
    case = desk.receive(a_mail(clock)).case
    question = Ask(by="ana", word=Word(via=MAIL, text="Tell me:"), question="Which display?")
    desk.handle(case.id, Acknowledge(by="ana", word=Word(via=MAIL, text="Hello."), next_word_at=clock().add(days=1)), question)
    sent_by(desk)
    clock.wait(days=3)
    found = {template: message.origin for message in sent_by(desk) for template in message.templates}
    assert found["receipt"] is Origin.REPLY
    assert found["acknowledged"] is found["question_asked"] is Origin.PERSON
    assert found["assigned"] is found["chase"] is Origin.MACHINE
    names = {message.name for message in sent_by(desk) if message.person is None}, {m.name for m in sent_by(desk) if m.person}
    assert names == ({"Bo Lind"}, {"Ana Sola"})


def test_a_thread_is_of_two_people_on_one_channel() -> None:
    """A colleague's mails do not stand in the customer's thread, nor does what never arrived or what was told on the phone."""
    clock = Clock()
    failing = RecordingNotifier(now=clock, failing=lambda message: ValueError() if "receipt" in message.templates else None)
    desk = a_desk(clock, failing)
    desk = evolve(desk, retries=Retries(tries=1))
    case = desk.receive(a_mail(clock)).case
    sent_by(desk)
    desk.receive(a_mail(clock, 2, channel=Channel.CHAT, reference=case.reference))
    desk.receive(a_mail(clock, 3, replies_to=("1@boat.example",)))
    sent_by(desk)
    desk.handle(case.id, Inform(by="ana", word=Word(via=MAIL, text="News.")))
    last = sent_by(desk)[-1]
    assert (last.templates, last.replies_to) == (("customer_informed",), ("1@boat.example", "3@boat.example"))
    to_ana = [message for message in sent_by(desk) if message.person == "ana"]
    assert to_ana[0].replies_to == ()
    assert to_ana[1].replies_to == (to_ana[0].id,)


def test_a_long_thread_keeps_its_first_and_its_latest() -> None:
    """A thread is known by its first mail; a hundred more would make a header that nobody takes."""
    clock = Clock()
    desk = a_desk(clock, RecordingNotifier(now=clock))
    case = desk.receive(a_mail(clock)).case
    for number in range(2, 40):
        desk.receive(a_mail(clock, number, reference=case.reference))
    desk.handle(case.id, Inform(by="ana", word=Word(via=MAIL, text="News.")))
    last = desk.store.claim(clock(), 100, timedelta(minutes=1))
    assert last
    told = next(m for m in _drained(desk, clock) if "customer_informed" in m.templates)
    assert len(told.replies_to) == THREAD
    assert told.replies_to[0] == "1@boat.example"
    assert told.replies_to[-1] == "39@boat.example"


def _drained(desk: Desk, clock: Clock) -> list[OutboxMessage]:
    clock.wait(hours=1)
    return sent_by(desk)


def test_what_a_person_took_down_is_no_mail_to_answer() -> None:
    """A case opened for something else the customer told has no mail of theirs, and its messages name none."""
    clock = Clock()
    desk = a_desk(clock, RecordingNotifier(now=clock))
    first = desk.receive(a_mail(clock)).case
    told = a_mail(clock, message_id=f"5@{first.id}")
    second = desk.open(told, links=(first.id,)).case
    receipt = next(message for message in sent_by(desk) if message.case_id == second.id and message.person is None)
    assert receipt.replies_to == ()


def test_a_server_that_is_down_is_asked_with_growing_waits_and_then_a_person_acts() -> None:
    """Each wait is longer than the one before; in the end there is a dated step of the owner."""
    clock = Clock()
    with office(answers={"MAIL": "451 4.3.0 no time now"}) as server, notifier(server) as mail:
        desk = evolve(a_desk(clock, mail), retries=Retries(tries=4))
        case = desk.receive(a_mail(clock)).case
        tried: list[DateTime] = []
        for _ in range(60):
            if desk.deliver()[1]:
                tried.append(clock.now)
            clock.wait(minutes=1)
        waits = [(later - earlier).total_seconds() for earlier, later in pairwise(tried)]
        assert waits == sorted(waits)
        assert len(tried) == 4
        assert waits[-1] > 2 * waits[0]
        states = {out.person: out.state for out in desk.load(case.id).receiving.outgoing}
        assert states == {None: Delivery.GIVEN_UP, "ana": Delivery.GIVEN_UP}
        steps = [step for step in desk.agenda() if step.rule == "case.never-forgotten" and "reach the customer" in step.what]
        assert len(steps) == 1
        assert steps[0].due_at is not None
        assert server.mails == []
        server.answers.clear()
        assert desk.deliver() == (0, 0)


def test_a_server_that_comes_back_in_time_loses_nothing() -> None:
    """What could not leave at nine has left a little later, once, and the case knows when."""
    clock = Clock()
    with office(cut="mid") as server, notifier(server) as mail:
        desk = a_desk(clock, mail)
        case = desk.receive(a_mail(clock)).case
        assert desk.deliver() == (0, 2)
        server.cut = ""
        clock.wait(minutes=2)
        assert desk.deliver() == (2, 0)
        clock.wait(hours=1)
        assert desk.deliver() == (0, 0)
    assert len(server.mails) == 2
    assert {out.state for out in desk.load(case.id).receiving.outgoing} == {Delivery.SENT}
    assert desk.doctor() == ()


def test_an_address_that_does_not_exist_becomes_a_step_at_once() -> None:
    """A no for good is not asked again; the owner has a dated step, and the note of the server stands in the history."""
    clock = Clock()
    with office(answers={"RCPT bo@boat.example": "550 5.1.1 no such user"}) as server, notifier(server) as mail:
        desk = a_desk(clock, mail)
        case = desk.receive(a_mail(clock)).case
        assert desk.deliver() == (1, 1)
        clock.wait(days=1)
        assert all(readers != ["bo@boat.example"] for _, readers in server.envelopes)
    assert any("reach the customer another way" in step.what for step in desk.agenda())
    notes = [getattr(entry.event, "note", "") for entry in desk.timeline(case.id)]
    assert "the mail server refuses the recipient: 550 5.1.1 no such user" in notes


def test_a_colleague_without_an_address_is_a_step_and_no_endless_try() -> None:
    """What can never reach them is on the agenda at once, with a date, and nothing is tried again; nobody is left unaware."""
    clock = Clock()
    with office() as server, notifier(server) as mail:
        desk = a_desk(clock, mail, Person(id="ana", name="Ana"))
        case = desk.receive(a_mail(clock)).case
        assert desk.deliver() == (1, 1)
        assert desk.deliver() == (0, 0)
    assert [step.what for step in desk.agenda() if "reach ana" in step.what]
    notes = [getattr(entry.event, "note", "") for entry in desk.timeline(case.id)]
    assert any(note.startswith("no e-mail address is known of ana. Give addresses") for note in notes)
    assert desk.doctor() == ()


@define
class Slow:
    """A notifier that takes its time with each message, while another worker goes on."""

    clock: Clock
    minutes: int
    others: list[Desk]
    sent: list[str]
    channels: frozenset[Channel] = MAIL

    def send(self, message: OutboxMessage) -> Receipt:
        """Take the time."""
        self.clock.wait(minutes=self.minutes)
        self.sent.append(message.id)
        for desk in self.others:
            desk.deliver()
        return Receipt(at=self.clock.now)


@pytest.mark.parametrize("minutes", [1, 2, 3])
def test_two_workers_send_nothing_twice_however_slow_the_server_is(minutes: int) -> None:
    """Once half the lease has gone by, the rest of what was claimed is left alone, for whoever is given it next."""
    clock = Clock()
    slow = Slow(clock=clock, minutes=minutes, others=[], sent=[])
    desk = a_desk(clock, slow)
    other = evolve(desk, notifier=RecordingNotifier(now=clock))
    for number in range(10):
        desk.receive(a_mail(clock, number, reference=f"no such case {number}"))
    slow.others.append(other)
    while desk.store.backlog(clock.now).unsent:
        desk.deliver()
        clock.wait(minutes=5)
    told = [*slow.sent, *(message.id for message in sent_by(other))]
    assert len(told) == len(set(told)) >= 20
    assert len(slow.sent) > 1
