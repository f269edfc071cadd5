"""The boat display whose letter nobody answered."""

from __future__ import annotations

from docpages.situations import played
from recovery import Stage
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import Kind, local

STORY = "the_boat_display_whose_letter_nobody_answered"


def rang(clock: str) -> list[tuple[str, str]]:
    """Return whom a clock told, and when, in the order it rang."""
    entries = played(STORY).desk.timeline("case-1")
    alarms = [entry for entry in entries if entry.kind == "alarm_rung" and getattr(entry.event, "clock", "") == clock]
    return [(getattr(alarm.event, "person", ""), alarm.at.in_timezone("Europe/Berlin").format("MM-DD HH:mm")) for alarm in alarms]


def test_the_letter_is_a_case_with_all_that_came_with_it() -> None:
    """A letter with a photo, the bill and the proof of delivery becomes a case at once, with a named owner."""
    told = played(STORY)
    (case,) = told.cases()
    opened = told.desk.timeline(case.id)[0]
    contact = getattr(opened.event, "contact", None)
    assert contact is not None
    assert len(contact.attachments) == 3
    assert (getattr(opened.event, "owner", ""), case.opened_at) == ("ana", local("2026-03-02 10:20"))


def test_where_no_machine_reaches_the_customer_the_receipt_is_a_step_of_the_owner() -> None:
    """Nothing is sent into the void: the receipt stands on Ana's agenda, for at once, beside the first word in person."""
    told = played(STORY)
    assert told.mails("Henrik Lind") == []
    first = [(line.who, line.how) for line in told.lines if line.kind is Kind.STEP][:2]
    assert first == [("Ana Sola", "by Monday 2 March, 10:20"), ("Ana Sola", "by Monday 2 March, 11:20")]


def test_silence_climbs_the_ladder_on_the_same_day() -> None:
    """Ana is reminded when a word is due; four working hours after the letter the one above her hears of it by name."""
    assert rang("acknowledge.immediately") == [("ana", "03-02 11:20"), ("ben", "03-02 14:20")]
    assert rang("contact.receipt.by-hand") == [("ana", "03-02 10:20"), ("ben", "03-02 11:20")]


def test_a_voicemail_is_an_attempt_and_no_first_contact() -> None:
    """The call that got a machine is kept with a warning, and the acknowledgement is still owed until somebody was reached."""
    told = played(STORY)
    assert set(told.warned) == {"acknowledge.says"}
    assert told.desk.at("case-1", local("2026-03-02 14:45")).stage is Stage.RECEIVED
    after = told.desk.at("case-1", local("2026-03-02 15:30"))
    assert (after.stage, after.owner, after.acknowledging.name) == (Stage.INVESTIGATING, "ben", "Ben Ferro")
    assert after.acknowledging.reach == "+49 431 5550121"


def test_what_was_settled_on_the_phone_is_followed_up_by_letter() -> None:
    """Asking by phone alone is refused, since it was settled there; both follow-ups are letters, and both were answered."""
    told = played(STORY)
    assert told.refused == ("follow-up.other-channel",)
    (case,) = told.cases()
    assert [sorted(channel.value for channel in attempt.via) for attempt in case.following_up.attempts] == [["letter"], ["letter"]]
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)
