"""Every notifier of the library keeps the contract of its port."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pendulum
import pytest
from attrs import define

from notifiers.postoffice import Office, notifier, office
from recovery.core.vocabulary.common import Channel
from recovery.notifiers import ByChannel, ConsoleNotifier, LogNotifier, RecordingNotifier, SMTPNotifier
from recovery.ports.notifier import Notifier
from recovery.testing.contracts import Check, notifier_checks

NOW = pendulum.datetime(2026, 3, 2, 9)


@define
class Mailing:
    """Makes SMTP notifiers, each with a server of its own, and knows what arrived there."""

    offices: dict[SMTPNotifier, Office]

    def maker(self, **told: Any) -> Callable[[], Any]:
        """Return a maker of notifiers whose server does what it is told."""

        @contextmanager
        def make() -> Iterator[SMTPNotifier]:
            with office(**told) as desk, notifier(desk, timeout=timedelta(seconds=2)) as mail:
                self.offices[mail] = desk
                yield mail

        return make

    def arrived(self, mail: SMTPNotifier) -> Sequence[str]:
        """Return the mails that arrived, headers and words."""
        desk = self.offices[mail]
        told = [desk.mail(number) for number in range(len(desk.mails))]
        heads = ["\n".join(f"{name}: {value}" for name, value in mail.items()) for mail in told]
        return [f"{head}\n\n{desk.text(number)}" for number, head in enumerate(heads)]


MAIL = Mailing(offices={})
TOLD: list[str] = []


def console() -> ConsoleNotifier:
    """Return a console notifier that writes to a list, empty at the start."""
    TOLD.clear()
    return ConsoleNotifier(write=TOLD.append)


def by_channel() -> ByChannel:
    """Return a router over two."""
    mail = RecordingNotifier(now=lambda: NOW, channels=frozenset({Channel.EMAIL}))
    return ByChannel({Channel.EMAIL: mail, (Channel.SMS, Channel.CHAT): console()})


def recorded(notifier: Notifier) -> Sequence[str]:
    """Return what a recording notifier was given."""
    assert isinstance(notifier, RecordingNotifier)
    return [f"{one.id}\n{one.subject}\n{one.body}" for one in notifier.sent]


CHECKS: dict[str, tuple[Check, ...]] = {
    "smtp": notifier_checks(
        MAIL.maker(),
        arrived=MAIL.arrived,
        down=MAIL.maker(answers={"RCPT": "451 4.7.1 later"}),
        final=MAIL.maker(answers={"RCPT": "550 5.1.1 ann.example@example.org is unknown"}),
        stuck=MAIL.maker(mute="RCPT"),
        patience=10.0,
    ),
    "log": notifier_checks(LogNotifier),
    "console": notifier_checks(console),
    "recording": notifier_checks(lambda: RecordingNotifier(now=lambda: NOW), arrived=recorded),
    "by_channel": notifier_checks(by_channel),
}


@pytest.mark.parametrize(
    "check", [pytest.param(check, id=f"{name}: {check.id}") for name, checks in CHECKS.items() for check in checks]
)
def test_it_keeps_the_contract(check: Check) -> None:
    """One obligation of the port after the other."""
    check()
