"""The dealer's "not available, end of story"."""

from __future__ import annotations

from docpages.situations import played
from recovery.core.vocabulary.following_up import FollowUpOutcome
from telling import Kind, local

STORY = "the_dealers_not_available_end_of_story"


def reasons(rule: str) -> list[tuple[str | None, str]]:
    """Return the field and the message of each refusal by a rule, in order."""
    lines = [line for line in played(STORY).lines if line.kind is Kind.REFUSED]
    return [(reason.field, reason.message) for line in lines for reason in line.reasons if reason.rule == rule]


def test_a_no_without_a_search_does_not_leave_the_house() -> None:
    """An explained no is refused while nothing was tried and nobody else has looked; the refusal asks for both."""
    assert [field for field, _ in reasons("propose.no-only-after-search")] == ["tried", "second_person"]


def test_silence_is_no_answer_either() -> None:
    """A proposal without an option and without an explained no is refused."""
    assert [field for field, _ in reasons("propose.options-or-no")] == ["options"]


def test_the_customer_is_not_sent_to_the_maker() -> None:
    """An option that makes her pursue the manufacturer is refused, in the text and in the option itself."""
    assert [field for field, _ in reasons("own.no-passing-on")] == ["word.text", "options.0.text"]
    told = played(STORY)
    assert not any("manufacturer" in line.text for line in told.mails("Paula Stein"))


def test_the_proposal_comes_before_the_date_that_was_named() -> None:
    """Two hours before the word she promised Ana proposes the part the customer asked for, and the case is solved twice over."""
    told = played(STORY)
    proposed = next(line for line in told.mails("Paula Stein") if line.subject.startswith("What we can do"))
    assert proposed.at == local("2026-03-04 10:00")
    (case,) = told.cases()
    assert [sought.remedy for sought in case.proposing.sought] == ["part"]
    assert case.proposing.given[-1].option.id == "part"
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)
