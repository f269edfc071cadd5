"""Notifiers with one fault each, and the checks that have to catch them."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from itertools import count

import attrs
import pendulum
from attrs import define, field

from recovery.core.errors import Undeliverable
from recovery.core.vocabulary.common import Channel
from recovery.ports import Notifier
from recovery.ports.values import OutboxMessage, Receipt
from recovery.testing import contracts
from recovery.testing.contracts import Check

AT = pendulum.datetime(2026, 3, 2, 9)


@define
class Post:
    """A notifier that works: what it has sent stands in ``texts``, and ``error`` is what its provider says."""

    error: Exception | None = None
    texts: list[str] = field(factory=list[str])
    channels: frozenset[Channel] = frozenset({Channel.EMAIL, Channel.SMS})

    def send(self, message: OutboxMessage) -> Receipt:
        """Send a message."""
        if self.error is not None:
            raise self.error
        self.put(message)
        return Receipt(at=AT)

    def put(self, message: OutboxMessage) -> None:
        """Let a message arrive."""
        self.texts.append(f"Id: {message.id}\nSubject: {message.subject}\n\n{message.body}")


def down() -> Post:
    """Return a notifier whose provider is down."""
    return Post(ConnectionError("try later"))


def final() -> Post:
    """Return a notifier whose provider knows nobody."""
    return Post(Undeliverable("nobody there"))


def arrived(post: Post) -> list[str]:
    """Return what has arrived."""
    return post.texts


class NamesNoChannel(Post):
    """Does not know what it can send on."""

    def __init__(self) -> None:
        super().__init__(channels=[Channel.EMAIL])  # type: ignore[arg-type]


class ReturnsNothing(Post):
    """Sends, and returns no receipt."""

    def send(self, message: OutboxMessage) -> Receipt:
        """Do as the class says."""
        super().send(message)
        return None  # type: ignore[return-value]


class SpeaksAscii(Post):
    """Knows no alphabet but one."""

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        super().put(attrs.evolve(message, body=message.body.encode("ascii", "ignore").decode()))


class StopsAtADot(Post):
    """Takes a line with nothing but a dot for the end."""

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        super().put(attrs.evolve(message, body=message.body.split("\n.\n", maxsplit=1)[0]))


class ChokesOnHalfACharacter(Post):
    """Encodes without looking."""

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        message.body.encode()
        super().put(message)


class RefusesRepeats(Post):
    """Takes an id that it has seen before for a mistake."""

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        if any(f"Id: {message.id}\n" in text for text in self.texts):
            raise ValueError("this was sent before")
        super().put(message)


class DrawsAnId(Post):
    """Gives each sending an id of its own."""

    numbers = count(1)

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        super().put(attrs.evolve(message, id=f"drawn-{next(self.numbers)}"))


class WaitsForEver(Post):
    """Sets no timeout: here, it waits longer than it may."""

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        time.sleep(0.3)
        raise TimeoutError("nobody answers")


class Chatters(Post):
    """Logs whom it writes to."""

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        logging.getLogger("chatters").debug("sending", extra={"to": message.to and message.to.value})
        super().put(message)


class TellsTheError(Post):
    """Logs what a provider said, which quotes what was sent."""

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        logging.getLogger("chatters").warning("refused: %s", ValueError(f"not taken: {message.subject}"))
        super().put(message)


class SharesADraft(Post):
    """Writes in two steps at one place that all threads share."""

    def put(self, message: OutboxMessage) -> None:
        """Do as the class says."""
        self.__dict__["draft"] = message
        threading.Event().wait(0.002)
        super().put(self.__dict__["draft"])


def gives_up_soon() -> Post:
    """Return a notifier that takes every failure for a final one."""
    return Post(Undeliverable("timed out"))


def pretends() -> Post:
    """Return a notifier that says it has sent what nobody took."""
    return Post()


def notifier(make: Callable[[], Notifier], name: str) -> Check:
    """Return the check of that name on a broken notifier."""
    checks = contracts.notifier_checks(make, arrived=arrived)
    return next(check for check in checks if check.id.endswith(f"/{name}"))


def provider(name: str, **makers: Callable[[], Notifier]) -> Check:
    """Return the check of that name on a notifier that meets a provider in trouble."""
    checks = contracts.notifier_checks(Post, patience=0.1, **makers)  # type: ignore[arg-type]
    return next(check for check in checks if check.id.endswith(f"/{name}"))


NOTIFIERS = (
    notifier(NamesNoChannel, "it-says-what-it-sends-on"),
    notifier(ReturnsNothing, "a-message-is-taken-on-every-channel"),
    notifier(SpeaksAscii, "what-arrives-is-what-was-written"),
    notifier(StopsAtADot, "what-arrives-is-what-was-written"),
    notifier(ChokesOnHalfACharacter, "strange-characters-stop-no-message"),
    notifier(RefusesRepeats, "a-repeat-is-taken"),
    notifier(DrawsAnId, "a-repeat-can-be-told"),
    notifier(Chatters, "nothing-personal-is-logged"),
    notifier(TellsTheError, "nothing-personal-is-logged"),
    notifier(SharesADraft, "threads-may-send-at-once"),
    provider("who-never-answers-is-given-up", stuck=WaitsForEver),
    provider("who-never-answers-is-given-up", stuck=gives_up_soon),
    provider("what-can-never-be-delivered-is-undeliverable", final=down),
    provider("what-may-work-later-is-tried-again", down=gives_up_soon),
    provider("what-may-work-later-is-tried-again", down=pretends),
)
