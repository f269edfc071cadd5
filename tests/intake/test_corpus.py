"""More than a hundred mails as programs write them: what each becomes, and that the desk takes every one of them, once."""

from __future__ import annotations

import sys
from collections import Counter

import pendulum
import pytest

from intake.seen import MAILS, NAMES, OURS, expected, raw, seen
from recovery import Desk, MemoryStore, policies
from recovery.intake import from_email, why_automatic

NOON = pendulum.datetime(2026, 3, 4, 12, 0, tz="Europe/Berlin")
PEOPLE_WROTE = frozenset((MAILS / "people.txt").read_text(encoding="utf-8").split())
"""Which mails a machine did not write, set down by hand."""


def a_desk() -> Desk:
    """Return a desk that has seen nothing yet."""
    policy = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
    return Desk(store=MemoryStore(), policy=policy, now=lambda: NOON)


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_becomes_what_it_says(name: str) -> None:
    """Sender, words, quotation, signature, thread, attachments, bounce: each of them as the file beside the mails says."""
    assert seen(from_email(raw(name), ours=OURS)) == expected()[name]


@pytest.mark.parametrize("name", NAMES)
def test_without_the_extra_it_becomes_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra has a say where our own rule sees nothing; none of these mails needs it."""
    for module in ("mailparser_reply.parser", "mailparser_reply.constants", "flufl.bounce"):
        monkeypatch.setitem(sys.modules, module, None)
    assert seen(from_email(raw(name), ours=OURS)) == expected()[name]


@pytest.mark.parametrize("name", NAMES)
def test_a_machine_is_told_from_a_person(name: str) -> None:
    """Every mail of a machine is known as one, with what says so, and no mail of a person is taken for one."""
    contact = from_email(raw(name), ours=OURS)
    assert contact.automatic is (name not in PEOPLE_WROTE)
    assert bool(why_automatic(raw(name), ours=OURS)) is contact.automatic


def test_the_desk_takes_every_mail_once() -> None:
    """All mails open, join or wait in the tray; the second time none is taken; the doctor finds nothing."""
    desk = a_desk()
    for repeated in (False, True):
        outcomes = [desk.receive(from_email(raw(name), now=NOON, ours=OURS)) for name in NAMES]
        assert Counter(outcome.repeated for outcome in outcomes) == {repeated: len(NAMES)}
    assert not desk.doctor()


def test_what_a_machine_wrote_is_never_answered() -> None:
    """No automatic mail makes a message to a customer; each waits with its owner."""
    desk = a_desk()
    for name in sorted(set(NAMES) - PEOPLE_WROTE):
        case = desk.receive(from_email(raw(name), now=NOON, ours=OURS)).case
        assert case.in_tray
        assert all(out.person is not None for out in case.receiving.outgoing)
