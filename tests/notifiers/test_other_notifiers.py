"""The log notifier and the router by channel."""

from __future__ import annotations

import logging
import subprocess
import sys

import pendulum
import pytest

from notifiers.postoffice import a_message
from recovery.core.errors import BadDefinition, Undeliverable
from recovery.core.vocabulary.common import Channel
from recovery.notifiers import ByChannel, ConsoleNotifier, LogNotifier, RecordingNotifier

NOW = pendulum.datetime(2026, 3, 2, 9)


def recording(*channels: Channel) -> RecordingNotifier:
    """Return a notifier that sends on ``channels``."""
    return RecordingNotifier(now=lambda: NOW, channels=frozenset(channels))


def test_notifiers_load_nothing_that_is_not_used() -> None:
    """Whoever prints or records does not pay for mail and encryption; whoever sends mail pays with the first one."""
    heavy = ["smtplib", "ssl", "email.message", "urllib.request", "sqlite3"]
    code = f"import recovery, sys; recovery.SMTPNotifier; recovery.LogNotifier; print([n for n in {heavy} if n in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


class TestLog:
    """The notifier that writes to the log."""

    def test_a_line_says_which_message_went_out(self, caplog: pytest.LogCaptureFixture) -> None:
        """Ids, the channel, for whom and what it is made of: enough to find it, and nothing personal."""
        caplog.set_level(logging.INFO, "recovery.notifiers")
        notifier = LogNotifier(now=lambda: NOW)
        receipt = notifier.send(a_message(templates=("receipt", "acknowledged")))
        notifier.send(a_message(id="c1:6:email", person="ben", templates=("reminder",)))
        assert [record.getMessage() for record in caplog.records] == [
            "message c1:5:email of case c1 to the customer by email: receipt, acknowledged",
            "message c1:6:email of case c1 to ben by email: reminder",
        ]
        assert caplog.records[0].__dict__["case_id"] == "c1"
        assert (receipt.at, receipt.provider_id) == (NOW, "c1:5:email")
        told = " ".join(str(record.__dict__) for record in caplog.records)
        assert not any(word in told for word in ("boat.example", "I am on it", "News about", "Bo Lind"))

    def test_the_words_are_there_for_those_who_ask(self, caplog: pytest.LogCaptureFixture) -> None:
        """While a program is being written it helps to read what would have gone out."""
        LogNotifier(logger="mine", level=logging.WARNING, show_words=True).send(a_message())
        LogNotifier(logger="mine", level=logging.WARNING, show_words=True).send(a_message(to=None))
        first, second = (record.getMessage() for record in caplog.records)
        assert first.endswith("bo@boat.example\nNews about your case\nI am on it.")
        assert second.endswith("\n\nNews about your case\nI am on it.")
        assert {record.name for record in caplog.records} == {"mine"}

    def test_it_dates_by_the_clock_if_nobody_says_otherwise(self) -> None:
        """The receipt is of now."""
        before = pendulum.now("UTC")
        assert before <= LogNotifier().send(a_message()).at <= pendulum.now("UTC")


class TestByChannel:
    """The router by channel."""

    def test_each_message_goes_to_the_notifier_of_its_channel(self) -> None:
        """And to no other; together they send on all of their channels."""
        mail, chat = recording(*Channel), recording(Channel.SMS, Channel.CHAT)
        notifier = ByChannel({Channel.EMAIL: mail, (Channel.SMS, Channel.CHAT): chat}, needs=[Channel.EMAIL, Channel.CHAT])
        for channel in (Channel.CHAT, Channel.EMAIL, Channel.SMS):
            notifier.send(a_message(channel=channel))
        assert [[one.channel for one in each.sent] for each in (mail, chat)] == [[Channel.EMAIL], [Channel.CHAT, Channel.SMS]]
        assert notifier.channels == {Channel.EMAIL, Channel.SMS, Channel.CHAT}
        with pytest.raises(Undeliverable, match="nothing here sends on letter"):
            notifier.send(a_message(channel=Channel.LETTER))

    def test_every_fault_is_told_at_once(self) -> None:
        """A channel named twice, one its notifier does not serve, one that is needed and missing."""
        with pytest.raises(BadDefinition) as found:
            ByChannel(
                {Channel.SMS: recording(Channel.EMAIL), (Channel.SMS, Channel.CHAT): ConsoleNotifier()},
                needs=(Channel.EMAIL, Channel.CHAT),
            )
        assert found.value.faults == (
            "sms is named twice. Give it to one notifier.",
            "sms goes to RecordingNotifier, which sends on email.",
            "email has no notifier, and is needed. Give it one, or take it out of machine_channels.",
        )

    def test_none_at_all_is_refused(self) -> None:
        """A router without routes would lose every message."""
        with pytest.raises(BadDefinition, match="there is no notifier"):
            ByChannel({})
        with pytest.raises(BadDefinition, match="which sends on nothing"):
            ByChannel({Channel.EMAIL: recording()})
