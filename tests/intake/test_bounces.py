"""A mail that comes back, from the raw notice to the step of the owner."""

from __future__ import annotations

from datetime import timedelta

import pendulum
import pytest
from attrs import define

from intake.seen import raw
from recovery import (
    Acknowledge,
    Case,
    Channel,
    Delivery,
    Desk,
    MemoryStore,
    Outcome,
    RecordingNotifier,
    Stage,
    Word,
    agenda,
    policies,
)
from recovery.core.vocabulary.receiving import Outgoing
from recovery.intake import from_email
from recovery.ports.message_id import message_id_of

MONDAY = pendulum.datetime(2026, 3, 2, 9, 30, tz="Europe/Berlin")
COMPLAINT = (
    b"From: Bo Lind <bo@boat.example>\nDate: Mon, 2 Mar 2026 09:29:00 +0100\nSubject: Display\n"
    b"Message-ID: <c1@boat.example>\n\nDark.\n"
)

FAILED = (
    "bounce-postfix",
    "bounce-postfix-headers-only",
    "bounce-expired",
    "bounce-gmail",
    "bounce-office365",
    "bounce-exchange-de",
    "bounce-exim",
    "bounce-qmail",
    "bounce-sendmail",
    "bounce-yahoo",
    "bounce-russian",
)
HARMLESS = ("delay-postfix", "delivered-dsn", "read-receipt", "oof-exchange-en", "abuse-report", "gmail-vacation")


@define
class Told:
    """A case whose customer has been written to, and the desk it is on."""

    desk: Desk
    case_id: str

    @property
    def case(self) -> Case:
        """The case as it is now."""
        return self.desk.load(self.case_id)

    @property
    def word(self) -> Outgoing:
        """The acknowledgement, which is the last mail to the customer."""
        return next(out for out in reversed(self.case.receiving.outgoing) if out.person is None)

    def take(self, mail: bytes) -> Outcome:
        """Take a mail whose names of the corpus have been put in place of those of this case."""
        ours = message_id_of(self.word.id, "shop.example").encode()
        mended = mail.replace(b"<recovery.0af31c.7.email@shop.example>", ours).replace(b"HSW4-HKJY", self.case.reference.encode())
        return self.desk.receive(from_email(mended, now=self.desk.now()))

    def rules(self) -> list[str]:
        """The rules of the steps on the agenda."""
        return [step.rule for step in agenda(self.case, self.desk.policy)]


@pytest.fixture
def told() -> Told:
    """A case that has been acknowledged by mail, and the mail has left."""
    now = [MONDAY]
    policy = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
    desk = Desk(store=MemoryStore(), policy=policy, now=lambda: now[0], notifier=RecordingNotifier(now=lambda: now[0]))
    case = desk.receive(from_email(COMPLAINT, now=MONDAY)).case
    word = Word(via=frozenset({Channel.EMAIL}), text="I am on it.")
    desk.handle(case.id, Acknowledge(by="ana", word=word, next_word_at=MONDAY + timedelta(days=1), reach="+49 40 1234"))
    desk.work()
    now[0] = MONDAY.add(minutes=50)
    return Told(desk, case.id)


def test_before_anything_comes_back_the_word_counts(told: Told) -> None:
    """The acknowledgement was sent, so its clock is met: what the other tests see is the doing of the bounce."""
    assert told.case.stage is Stage.ACKNOWLEDGED
    assert told.word.state is Delivery.SENT
    assert "acknowledge.immediately" not in told.rules()


@pytest.mark.parametrize("name", FAILED)
def test_a_final_failure_voids_the_word_and_gives_the_owner_a_step(told: Told, name: str) -> None:
    """Whoever reports it in whatever form: the mail counts as not said, its clock runs again, and the owner has to find a way."""
    outcome = told.take(raw(name))
    assert outcome.case.id == told.case_id
    assert told.word.state is Delivery.BOUNCED
    assert "acknowledge.immediately" in told.rules()
    assert [task.rule for task in told.case.receiving.tasks] == ["contact.automatic-mail"]
    assert told.case.receiving.contacts[-1].automatic
    assert not told.desk.doctor()


@pytest.mark.parametrize("name", HARMLESS)
def test_a_delay_a_success_and_an_absence_void_nothing(told: Told, name: str) -> None:
    """A warning of delay, a report of success, a read receipt, an absence: attached to their case, and no word is void."""
    outcome = told.take(raw(name))
    assert outcome.case.id == told.case_id
    assert told.case.receiving.contacts[-1].automatic
    assert told.word.state is Delivery.SENT
    assert not told.case.receiving.tasks
    assert "acknowledge.immediately" not in told.rules()


@pytest.mark.parametrize("name", ["delay-exim", "delay-sendmail"])
def test_a_warning_in_words_is_no_bounce(name: str) -> None:
    """Exim and sendmail warn in words alone: nothing has come back yet."""
    contact = from_email(raw(name))
    assert contact.automatic
    assert contact.bounce is None


def test_a_bounce_that_names_no_mail_voids_the_last_one_to_its_address(told: Told) -> None:
    """The old Exchange brings back neither mail nor id: the reference in the subject finds the case, the address the mail."""
    assert told.take(raw("bounce-old-exchange")).case.id == told.case_id
    assert told.word.state is Delivery.BOUNCED
    assert [task.about for task in told.case.receiving.tasks] == ["undelivered:email"]


def test_a_bounce_of_a_mail_nobody_can_name_is_a_step_all_the_same(told: Told) -> None:
    """Where neither the mail nor its address is one of the case, nothing is void, and somebody has to find out."""
    told.take(raw("bounce-old-exchange").replace(b"bo@boat.example", b"someone@else.example"))
    assert told.word.state is Delivery.SENT
    assert [task.about for task in told.case.receiving.tasks] == ["undelivered:unknown"]


def test_the_same_bounce_twice_is_one_entry(told: Told) -> None:
    """Another notice about the same mail is attached, and changes nothing more."""
    told.take(raw("bounce-postfix"))
    before = told.case.receiving.tasks
    assert told.take(raw("bounce-postfix")).repeated
    told.take(raw("bounce-exim"))
    assert told.case.receiving.tasks == before


def test_a_bounce_of_nothing_we_know_waits_in_the_tray(told: Told) -> None:
    """A bounce that names neither a mail nor a case of ours is looked at by a person, and answered by nobody."""
    outcome = told.take(raw("bounce-without-original"))
    assert outcome.case.in_tray
    assert told.word.state is Delivery.SENT


def test_a_reply_to_our_mail_finds_its_case(told: Told) -> None:
    """The Message-ID under which a mail of ours leaves is the thread by which the answer joins."""
    reply = COMPLAINT.replace(b"<c1@", b"<c2@").replace(b"Dark.", b"Thanks.")
    answer = b"In-Reply-To: " + message_id_of(told.word.id, "elsewhere.example").encode() + b"\n" + reply
    outcome = told.desk.receive(from_email(answer, now=told.desk.now()))
    assert outcome.case.id == told.case_id
    assert len(outcome.case.receiving.contacts) == 2
