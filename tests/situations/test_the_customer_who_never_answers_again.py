"""The customer who never answers again."""

from __future__ import annotations

from docpages.situations import played
from recovery import Channel, CloseReason, Stage
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import Kind, local

STORY = "the_customer_who_never_answers_again"
TARIK, LOTTE = (case.id for case in played(STORY).cases())


def test_who_owes_us_an_answer_is_asked_again_and_then_on_another_channel() -> None:
    """After 48 hours by mail, five working days later by text message: by the library, with the question in it."""
    chases = [line for line in played(STORY).mails("Tarik Aydin") if line.machine and "My question" not in line.text][1:3]
    assert [(line.at, line.how) for line in chases] == [
        (local("2026-03-04 10:00"), "by e-mail"),
        (local("2026-03-11 10:00"), "by text message"),
    ]
    assert all("What is the frame number?" in line.text for line in chases)


def test_no_answer_is_no_reason_to_close_before_he_was_asked_twice() -> None:
    """After one chase closing is refused; after two, on two channels, it is not."""
    told = played(STORY)
    first = next(line for line in told.lines if line.kind is Kind.REFUSED)
    assert [(reason.rule, reason.params["chases"], reason.params["wanted"]) for reason in first.reasons] == [
        ("close.reasons", 1, 2)
    ]
    assert told.desk.at(TARIK, local("2026-03-06 10:00")).closing.reason is None
    case = told.desk.load(TARIK)
    assert (case.stage, case.closing.reason, case.closing.at) == (Stage.CLOSED, CloseReason.NO_ANSWER, local("2026-03-13 15:00"))


def test_the_last_word_says_that_the_door_stays_open() -> None:
    """Whoever is given up hears so, and that any word of theirs brings the case back."""
    last = played(STORY).mails("Tarik Aydin")[-1]
    assert last.at == local("2026-03-13 15:00")
    assert "any word from you opens it again" in last.text


def test_while_we_wait_for_him_our_own_clocks_do_not_all_stand_still() -> None:
    """The proposal waits for his answer; news from us does not, and Tarik heard from Ana at least every three working days."""
    told = played(STORY)
    proposal, _ = [found for found in told.desk.clocks(TARIK) if found.rule in ("propose.in-time", "customer.chased")]
    assert proposal.outcome.value == "ended"
    assert told.desk.at(TARIK, local("2026-03-12 10:00")).keeping.questions
    news = [found.outcome.value for found in told.desk.clocks(TARIK) if found.clock == "contact.keep-informed"]
    assert news == ["met"] * (len(news) - 1) + ["ended"]


def test_a_follow_up_is_passed_only_after_three_tries_on_two_channels() -> None:
    """One morning's two tries count once; after three, a working day apart, each stage is passed by the library itself."""
    told = played(STORY)
    assert told.refused[-1] == "follow-up.unreachable"
    case = told.desk.load(LOTTE)
    assert {channel for attempt in case.following_up.attempts for channel in attempt.via} == {Channel.PHONE, Channel.EMAIL}
    passed = [entry for entry in told.desk.timeline(LOTTE) if entry.kind == "follow_up_passed"]
    assert [(entry.by, entry.at) for entry in passed] == [
        ("recovery", local("2026-03-27 16:00")),
        ("recovery", local("2026-04-16 15:00")),
    ]


def test_silence_is_never_counted_as_satisfied() -> None:
    """Both follow-ups ended unanswered, and the second was made although the first was."""
    case = played(STORY).desk.load(LOTTE)
    assert case.stage is Stage.FOLLOWED_UP_WEEKS
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.UNANSWERED, FollowUpOutcome.UNANSWERED)
    assert case.following_up.treated_well is None
