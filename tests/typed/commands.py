"""Values and commands, as somebody writes them who has a type checker. Never run: mypy and pyright read it.

What is marked as an error here is one: both checkers complain about a mark that they do not need.
"""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from datetime import UTC, datetime
from typing import assert_type

from pendulum import DateTime

from recovery import (
    Acknowledge,
    Address,
    Channel,
    Close,
    CloseReason,
    Command,
    Contact,
    Customer,
    FollowUp,
    Option,
    Propose,
    RecordAcceptance,
    RecordFollowUpAnswer,
    Said,
    Topic,
    Word,
)

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def values() -> None:
    """Instants of the standard library go in and instants of pendulum come out; sets become frozen."""
    bo = Customer(name="Bo", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),))
    assert_type(bo.name, str | None)
    assert_type(bo.addresses, tuple[Address, ...])
    assert_type(bo.address(Channel.EMAIL), Address | None)

    word = Word(via={Channel.EMAIL}, text="I am on it.", said_at=NOW)
    assert_type(word.via, frozenset[Channel])
    assert_type(word.said_at, DateTime | None)

    contact = Contact(channel=Channel.EMAIL, sender=bo, text="It broke.", received_at=NOW)
    assert_type(contact.sender, Customer)
    assert_type(contact.received_at, DateTime)


def commands() -> None:
    """Each command is a Command, takes what it needs by name, and tells whether it is a report."""
    word = Word(via=[Channel.EMAIL], text="I am on it.")
    given: list[Command] = [
        Acknowledge(by="ana", word=word, next_word_at=NOW),
        Propose(by="ana", word=word, options=(Option(id="a", text="A new one.", delivers="the new one", by=NOW),)),
        RecordAcceptance(by="ana", option="a", said=Said(channel=Channel.PHONE, words="Yes.", at=NOW)),
        FollowUp(by="ana", word=word, topics={Topic.SOLVED}, override={"follow-up.says": "agreed on the phone"}),
        RecordFollowUpAnswer(by="ana", said=Said(channel=Channel.PHONE, contact=3), solved=True),
        Close(by="ana", reason=CloseReason.WITHDRAWN, said=Said(channel=Channel.PHONE, words="Leave it.")),
    ]
    for command in given:
        assert_type(command.by, str)
        assert_type(command.is_report, bool)
        assert_type(command.reported_at, DateTime | None)


def wrong() -> None:
    """What could only fail when it runs is found before."""
    word = Word(via={Channel.EMAIL}, text="I am on it.")
    Word(via={"email"}, text="I am on it.")  # type: ignore[arg-type]
    Word({Channel.EMAIL}, "I am on it.")  # type: ignore[call-arg]
    Address(channel="email", value="bo@boat.example")  # type: ignore[arg-type]
    Acknowledge(word=word)  # type: ignore[call-arg]
    Acknowledge(by="ana", text="I am on it.")  # type: ignore[call-arg]
    Acknowledge(by="ana", word=word, next_word_at="tomorrow")  # type: ignore[arg-type]
    RecordFollowUpAnswer(by="ana", said="It works.", solved=True)  # type: ignore[arg-type]
    Close(by="ana", reason="withdrawn")  # type: ignore[arg-type]
    word.text = "Something else."  # type: ignore[misc]
    Propose(by="ana", word=word).options.append(word)  # type: ignore[attr-defined]
