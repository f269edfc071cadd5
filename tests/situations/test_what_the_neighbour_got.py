"""The customer who wants what the neighbour got."""

from __future__ import annotations

from docpages.situations import played
from recovery.core.vocabulary.following_up import FollowUpOutcome
from recovery.core.vocabulary.proposing import ExceptionState
from telling import Kind, euros, local

STORY = "what_the_neighbour_got"


def test_less_than_the_neighbours_is_held_against_what_they_got() -> None:
    """An offer below nine in ten of similar cases is stopped, with the percentiles and the cases behind them."""
    told = played(STORY)
    (reason,) = next(line for line in told.lines if line.kind is Kind.REFUSED).reasons
    assert reason.rule == "propose.consistent"
    assert [reason.params[name] for name in ("worth", "p10", "p50", "p90")] == ["15.00 EUR", "40.00 EUR", "50.00 EUR", "60.00 EUR"]
    assert "FEB-00" in str(reason.params["cases"])


def test_more_than_the_neighbours_is_refused_as_well() -> None:
    """Whoever is loud gets no more: the offer lies above the ceiling of the guideline, and above what others got."""
    assert played(STORY).refused[1:] == ("propose.within-guideline", "propose.consistent")


def test_an_exception_is_decided_by_somebody_else() -> None:
    """Tom asks, Ben decides, and a no has its reason."""
    (case,) = played(STORY).cases()
    (exception,) = case.proposing.exceptions
    assert (exception.asked_by, exception.decided_by, exception.state) == ("tom", "ben", ExceptionState.DENIED)
    assert "Whoever asks quietly" in exception.note


def test_the_counter_offer_is_answered_and_the_guideline_cited_only_then() -> None:
    """The first proposal cites nothing; the second answers what she asked for and brings the public text of the guideline."""
    told = played(STORY)
    first, second = [line for line in told.mails("Selin Yilmaz") if line.subject.startswith("What we can do")]
    assert "What we go by" not in first.text
    assert "You asked for what your neighbour got" in second.text
    assert "up to 25 euros for each day" in second.text


def test_nobody_talks_about_the_neighbour() -> None:
    """What others got, the ceiling and who may approve what stay in the house; the customer reads her own amount and no other."""
    read = "\n".join(line.text for line in played(STORY).mails("Selin Yilmaz"))
    for inside in ("FEB-", "nine in ten", "EUR", "ceiling", "ben", "similar cases"):
        assert inside not in read


def test_like_cases_got_like_remedies() -> None:
    """What she accepted at last is what the others got at most, and it was solved."""
    told = played(STORY)
    (case,) = told.cases()
    assert case.proposing.given[-1].option.worth == euros("60")
    assert case.proposing.declines == 1
    assert (case.following_up.days, case.following_up.weeks) == (FollowUpOutcome.SOLVED, FollowUpOutcome.SOLVED)
    assert told.desk.clocks(case.id)[0].started_at == local("2026-03-02 09:15")
