"""A preview: every message that a case would send next, as it would go out, without sending any of them."""

from __future__ import annotations

import attrs
import pytest

from recovery import Acknowledge, CaseNotFound, Inform, Preview, PreviewKind, Stage, Word
from recovery.core.vocabulary.common import Channel
from recovery.testing import a_case, a_contact, a_desk
from recovery.testing.desks import MemoryDesk


def previews(desk: MemoryDesk, case_id: str, kind: PreviewKind) -> list[Preview]:
    """Return what is previewed of that kind."""
    return [one for one in desk.preview(case_id) if one.kind is kind]


def test_what_a_clock_would_say_is_what_it_says_then() -> None:
    """Word for word and to the instant: what the preview shows by itself is what the desk sends if nothing else happens."""
    desk = a_desk()
    case = a_case(Stage.RESOLUTION_PROPOSED, desk=desk)
    shown = {(one.at, one.person, one.body) for one in previews(desk, case.id, PreviewKind.BY_ITSELF)}
    assert {one[1] for one in shown} >= {None, "ben", "fay"}
    before = len(desk.notifier.sent)
    while (wake := desk.agenda(case_id=case.id)[0].wake_at) is not None and wake < case.opened_at.add(days=20):
        desk.now.to(min(step.wake_at for step in desk.agenda(case_id=case.id) if step.wake_at is not None))
        desk.work()
    sent = {(one.created_at, one.person, one.body) for one in desk.notifier.sent[before:]}
    first = {one for one in shown if one[0] < case.opened_at.add(days=9)}
    assert len(first) > 3
    assert first - sent == set()


def test_a_chase_by_telephone_is_shown_as_the_script_it_will_be() -> None:
    """The second chase takes another channel, and where that is the telephone the preview is what to say."""
    desk = a_desk()
    case = a_case(Stage.RESOLUTION_PROPOSED, desk=desk)
    chases = [
        one for one in previews(desk, case.id, PreviewKind.BY_ITSELF) if one.because == "customer.chased" and one.person is None
    ]
    assert [(one.channel, one.templates) for one in chases] == [(Channel.EMAIL, ("chase",)), (Channel.PHONE, ("chase_again",))]
    assert chases[1].body.startswith("Call Bo Lind\n+49 30 1234\n")


def test_what_waits_and_what_is_owed_by_hand_are_shown() -> None:
    """A mail that has not left is shown, and of a call that somebody owes the script."""
    desk = a_desk()
    case = a_case(Stage.INVESTIGATING, desk=desk)
    word = Word(via={Channel.EMAIL, Channel.PHONE}, text="It is repaired.")
    desk.handle(case.id, Inform(by="ben", word=word))
    (mail,), (call,) = previews(desk, case.id, PreviewKind.WAITS), previews(desk, case.id, PreviewKind.BY_HAND)
    assert ("It is repaired." in mail.body, mail.to) == (True, "bo@customer.example")
    assert call.body.startswith("Call Bo Lind\n")
    assert "It is repaired." in call.body
    desk.deliver()
    assert previews(desk, case.id, PreviewKind.WAITS) == []


def test_the_receipt_of_the_next_message_is_shown_where_one_is_due() -> None:
    """At most one receipt a day: right after one there is none to show, the next day there is."""
    desk = a_desk()
    case = a_case(Stage.ACKNOWLEDGED, desk=desk)
    assert previews(desk, case.id, PreviewKind.RECEIPT) == []
    desk.now.move(days=1)
    (receipt,) = previews(desk, case.id, PreviewKind.RECEIPT)
    assert receipt.subject == f"We have your message [{case.reference}]"


@pytest.mark.parametrize(
    ("stage", "drafts"),
    [
        (Stage.RECEIVED, ["acknowledge"]),
        (Stage.ACKNOWLEDGED, ["inform"]),
        (Stage.INVESTIGATING, ["inform", "propose"]),
        (Stage.RESOLUTION_PROPOSED, ["inform"]),
        (Stage.RESOLVED, ["inform", "follow_up", "follow_up"]),
        (Stage.FOLLOWED_UP_DAYS, ["follow_up", "follow_up"]),
        (Stage.FOLLOWED_UP_WEEKS, []),
    ],
)
def test_drafts_follow_the_stage(stage: Stage, drafts: list[str]) -> None:
    """What a person might say next is there at every stage, and nothing once the case is over."""
    desk = a_desk()
    case = a_case(stage, desk=desk)
    found = [one for one in previews(desk, case.id, PreviewKind.DRAFT) if one.because != "move_promise"]
    assert [one.because for one in found] == drafts


def test_a_follow_up_is_shown_for_the_day_it_is_due() -> None:
    """Too soon today, it is shown with the date on which it may be asked."""
    desk = a_desk()
    case = a_case(Stage.RESOLVED, desk=desk)
    (mail, _) = [one for one in previews(desk, case.id, PreviewKind.DRAFT) if one.because == "follow_up"]
    assert mail.at == desk.now().add(days=3)


def test_a_preview_of_no_case_is_told() -> None:
    """Asking for a case that is not there says so."""
    desk = a_desk()
    with pytest.raises(CaseNotFound):
        desk.preview("case-9")
    with pytest.raises(CaseNotFound):
        desk.draft("case-9", Acknowledge)


def test_a_contact_in_the_tray_has_reminders_and_nothing_for_the_customer() -> None:
    """Whoever is not known yet gets no draft and no receipt; the person who looks after the tray is reminded."""
    desk = a_desk()
    case = desk.receive(a_contact("", sender=attrs.evolve(a_contact().sender, name=None, addresses=()))).case
    assert case.in_tray
    found = desk.preview(case.id)
    assert {one.kind for one in found} == {PreviewKind.WAITS, PreviewKind.BY_ITSELF}
    assert all(one.person is not None for one in found)
