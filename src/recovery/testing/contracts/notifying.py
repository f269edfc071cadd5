"""The contract of ``Notifier``: what is handed on arrives, what fails is told as what it is, and nothing personal is logged."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TypedDict, TypeVar, Unpack, cast

from attrs import frozen
from pendulum import DateTime

from recovery.core.errors import Undeliverable
from recovery.core.vocabulary.common import Address, Channel
from recovery.ports.notifier import Notifier
from recovery.ports.values import OutboxMessage, Receipt
from recovery.testing.contracts.checking import Check, Duties, Report, examine, expect, opened, refused, require, same
from recovery.testing.contracts.samples import NASTY, NOW
from recovery.testing.contracts.stores.bench import at_once

__all__ = ["NotifierOptions", "check_notifier", "notifier_checks"]

N = TypeVar("N", bound=Notifier)
Given = Notifier | AbstractContextManager[Notifier]

WORDS = "Zwiebelkuchen für Ödön"
BODY = f"Dear Ann,\n\n{WORDS} 🥧 costs 5 € (100 %).\n.\n.hidden\nFrom here on: {'long ' * 400}\nDone."
_PERSONAL = ("Zwiebelkuchen", "Apfelstrudel", "ann.example", "Dear Ann")
_PRIVATE = "Log the id of the message and the class of the error; never str(error) of a provider, which may quote what was sent."


def _address(channel: Channel) -> Address:
    mail = channel is Channel.EMAIL
    return Address(channel=channel, value="ann.example@example.org" if mail else "+49 30 1234567 ann.example")


class NotifierOptions(TypedDict, total=False):
    """What a maker of notifiers can show besides one that works.

    ``arrived(notifier)`` returns what has arrived at the other end, one text a message, with its headers if it has any. ``down``
    makes a notifier whose provider refuses for the moment, ``final`` one whose provider refuses for ever, ``stuck`` one whose
    provider never answers: it has to give up within ``patience`` seconds. ``to(channel)`` returns where test messages may go.
    """

    arrived: Callable[..., Sequence[str]]
    down: Callable[[], object]
    final: Callable[[], object]
    stuck: Callable[[], object]
    patience: float
    to: Callable[[Channel], Address]


@frozen(kw_only=True)
class _Bench:
    make: Callable[[], Given]
    arrived: Callable[[Notifier], Sequence[str]] | None = None
    down: Callable[[], Given] | None = None
    final: Callable[[], Given] | None = None
    stuck: Callable[[], Given] | None = None
    patience: float = 30.0
    to: Callable[[Channel], Address] = _address

    @contextmanager
    def fresh(self, make: Callable[[], Given] | None = None) -> Generator[Notifier, None, None]:
        with opened((make or self.make)()) as notifier:
            yield notifier

    def message(self, notifier: Notifier, number: int = 1, body: str = BODY) -> OutboxMessage:
        """Return a message on the first channel of ``notifier``."""
        return self.on(min(notifier.channels, key=lambda channel: channel.value), number, body)

    def on(self, channel: Channel, number: int = 1, body: str = BODY) -> OutboxMessage:
        return OutboxMessage(
            id=f"case-7:{number}:{channel.value}",
            case_id="case-7",
            seq=number,
            channel=channel,
            to=self.to(channel),
            subject="Your Apfelstrudel, K7M3-9QTG",
            body=body,
            created_at=NOW,
        )

    def texts(self, notifier: Notifier) -> list[str]:
        """Return what has arrived."""
        return [] if self.arrived is None else list(self.arrived(notifier))


notifying = Duties[_Bench](Notifier)


@notifying("channels", 1, "Return a frozenset of recovery.Channel, and always the same one.")
def it_says_what_it_sends_on(bench: _Bench) -> None:
    """A notifier names at least one channel, and the same ones every time."""
    with bench.fresh() as notifier:
        channels = cast(object, notifier.channels)
        fits = channels.__class__ is frozenset and channels != frozenset()
        expect(fits, f"channels is {channels!r}, and should be a filled frozenset")
        others = [each for each in cast("frozenset[object]", channels) if not isinstance(each, Channel)]
        same(others, [], "what in channels is no Channel")
        same(notifier.channels, channels, "channels, asked again")


@notifying("send", 1, "Return Receipt(at=...) with the instant, aware, at which the provider has taken the message.")
def a_message_is_taken_on_every_channel(bench: _Bench) -> None:
    """On each of its channels it takes a message, to the customer or to a colleague, and returns a receipt."""
    with bench.fresh() as notifier:
        for number, channel in enumerate(sorted(notifier.channels, key=lambda channel: channel.value), start=1):
            receipt = cast(object, notifier.send(bench.on(channel, number)))
            expect(isinstance(receipt, Receipt), f"send() on {channel.value} returned {receipt!r}, and should return a Receipt")
            at = cast(object, receipt.at) if isinstance(receipt, Receipt) else None
            expect(isinstance(at, DateTime) and at.tzinfo is not None, f"the receipt says {at!r}, and should say an aware instant")


@notifying("send", 1, "Hand on subject and body as they are, in UTF-8, long lines and lines with dots too.", needs=("arrived",))
def what_arrives_is_what_was_written(bench: _Bench) -> None:
    """Every line of the body and the subject arrive, in whatever alphabet, however long, whatever they begin with."""
    with bench.fresh() as notifier:
        notifier.send(bench.message(notifier))
        arrived = bench.texts(notifier)
        same(len(arrived), 1, "how many messages have arrived")
        wanted = ["Your Apfelstrudel, K7M3-9QTG", *(line.strip() for line in BODY.splitlines() if line.strip())]
        same([line[:60] for line in wanted if line not in arrived[0]], [], "what is missing from what arrived")


@notifying("send", 1, "Replace what your provider cannot take (NUL, lone surrogates); do not leave the customer without a word.")
def strange_characters_stop_no_message(bench: _Bench) -> None:
    """A message whose words hold NUL or half a character is sent all the same."""
    with bench.fresh() as notifier:
        notifier.send(bench.message(notifier, body=f"{BODY}\n{NASTY}"))
        expect(bench.arrived is None or len(bench.texts(notifier)) == 1, "the message has not arrived")


@notifying("", 1, "Take a message whose id you have seen before as any other.")
def a_repeat_is_taken(bench: _Bench) -> None:
    """The same message again, after a lost answer, is no error."""
    with bench.fresh() as notifier:
        for _ in range(2):
            receipt = cast(object, notifier.send(bench.message(notifier)))
            expect(isinstance(receipt, Receipt), f"send() of the same message returned {receipt!r}, and should return a Receipt")


@notifying("", 1, "Hand message.id on, or what is made of it alone, as the id that your provider knows.", needs=("arrived",))
def a_repeat_can_be_told(bench: _Bench) -> None:
    """What arrives twice can be told from what is new: something made of the message's id goes with it."""
    with bench.fresh() as notifier:
        for number in (1, 1, 2):
            notifier.send(bench.message(notifier, number))
        words = [set(re.findall(r"\S+", text)) for text in bench.texts(notifier)]
        # A provider that can tell repeats by the id may have swallowed the second.
        if len(words) == 3:
            expect(bool((words[0] & words[1]) - words[2]), "nothing tells the same message from another with the same words")
        else:
            same(len(words), 2, "how many messages have arrived of one that was sent twice, and another")


@notifying("", 2, "Set a timeout for connecting, writing and reading, well below the desk's lease (5 minutes).", needs=("stuck",))
def who_never_answers_is_given_up(bench: _Bench) -> None:
    """A provider that never answers holds nobody up for longer than a while, and is no reason to give the message up."""
    with bench.fresh(bench.stuck) as notifier:
        message, began = bench.message(notifier), time.monotonic()
        at_once(1, lambda _: _tried_again(notifier, message))
        took = time.monotonic() - began
        expect(took <= bench.patience, f"send() came back after {took:.1f} s, and should after {bench.patience:g} s at most")


@notifying("", 3, _PRIVATE)
def nothing_personal_is_logged(bench: _Bench) -> None:
    """No words, subject or address stand in any record of any logger, at whatever level, also where sending fails."""
    with _listening() as records:
        for make in (bench.make, bench.down, bench.final):
            if make is not None:
                with bench.fresh(make) as notifier:
                    _attempt(notifier, bench.message(notifier))
    logged = [(record.name, word) for record in records for word in _PERSONAL if word in _all_of(record)]
    same(logged, [], "what was logged (logger, word)")


@notifying("", 4, "Give each thread a connection of its own, or put a lock around one.")
def threads_may_send_at_once(bench: _Bench) -> None:
    """Four threads that send at once lose nothing and mix nothing up."""
    with bench.fresh() as notifier:
        bodies = {f"{WORDS} number {worker}/{step}." for worker in range(4) for step in range(4)}

        def send(worker: int) -> None:
            for step in range(4):
                body = f"{WORDS} number {worker}/{step}."
                notifier.send(bench.message(notifier, worker * 10 + step, body))

        at_once(4, send)
        if bench.arrived is not None:
            arrived = bench.texts(notifier)
            found = sorted(body for body in bodies if sum(body in text for text in arrived) == 1)
            same(found, sorted(bodies), "what has arrived, just once each")


@notifying("send", 2, "Raise Undeliverable where the provider says that this address will never do.", needs=("final",))
def what_can_never_be_delivered_is_undeliverable(bench: _Bench) -> None:
    """A final refusal is told as one, so that a person can find another way to the customer."""
    with bench.fresh(bench.final) as notifier:
        refused(Undeliverable, lambda: notifier.send(bench.message(notifier)), "send() to a provider that refuses for ever")


@notifying("send", 3, "Raise the error of the connection, or one of your own; Undeliverable is for ever.", needs=("down",))
def what_may_work_later_is_tried_again(bench: _Bench) -> None:
    """A refusal for the moment raises something, and not Undeliverable."""
    with bench.fresh(bench.down) as notifier:
        _tried_again(notifier, bench.message(notifier))


def _tried_again(notifier: Notifier, message: OutboxMessage) -> None:
    error = refused(Exception, lambda: notifier.send(message), "send() to a provider that cannot take it now")
    expect(not isinstance(error, Undeliverable), "send() raised Undeliverable, though another try may help")


def _attempt(notifier: Notifier, message: OutboxMessage) -> None:
    # What it logs is looked at, not what it raises.
    with suppress(Exception):
        notifier.send(message)


def _all_of(record: logging.LogRecord) -> str:
    formatter = logging.Formatter()
    return " ".join((formatter.format(record), str(record.args), *(str(value) for value in vars(record).values())))


@contextmanager
def _listening() -> Generator[list[logging.LogRecord], None, None]:
    """Yield the records of all loggers, whatever their level."""
    records: list[logging.LogRecord] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(record)

    names = [name for name, each in logging.root.manager.loggerDict.items() if isinstance(each, logging.Logger)]
    loggers = [logging.root, *map(logging.getLogger, names)]
    before = [(logger, logger.level, logger.disabled) for logger in loggers]
    ear = Ear(level=1)
    logging.root.addHandler(ear)
    try:
        for logger in loggers:
            logger.setLevel(1)
            logger.disabled = False
        yield records
    finally:
        logging.root.removeHandler(ear)
        for logger, level, disabled in before:
            logger.setLevel(level)
            logger.disabled = disabled


def _bench(make: Callable[[], object], options: NotifierOptions) -> _Bench:
    # The options of a user speak of the user's own type of notifier; the checks need no more of it than the port.
    return _Bench(make=cast("Callable[[], Given]", make), **options)  # type: ignore[arg-type]


def check_notifier(make: Callable[[], N | AbstractContextManager[N]], **options: Unpack[NotifierOptions]) -> Report:
    """Hold a notifier against its port.

    ``make`` returns a fresh notifier that works, or a context manager that gives one. For the options see
    :class:`NotifierOptions`. Raises :class:`ContractBroken` where an obligation is not kept.
    """
    bench = _bench(make, options)
    return require(examine(notifying.checks(bench), what="Notifier", left_out=notifying.left_out(bench)))


def notifier_checks(make: Callable[[], N | AbstractContextManager[N]], **options: Unpack[NotifierOptions]) -> tuple[Check, ...]:
    """Return the checks that :func:`check_notifier` makes, one by one."""
    return notifying.checks(_bench(make, options))
