"""Precedents: percentiles by nearest rank, offers held against like cases, and remedies suggested from the first facts on."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from recovery.core.clock import Length, Unit
from recovery.core.decide import Decision
from recovery.core.guideline import Guideline, Remedy
from recovery.core.money import Money
from recovery.core.policy import Policy
from recovery.core.precedent import Precedent, goodwill_of, nearest_rank, precedent_of, similar_to, spread_of
from recovery.core.stages import Stage
from recovery.core.suggesting import Suggestion, suggest
from recovery.core.vocabulary.common import Channel, Severity
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer
from recovery.core.vocabulary.proposing import Option, Propose, RecordDecline, RecordRemedySought
from recovery.core.vocabulary.receiving import Contact
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival, RecordAcceptance
from support import BERLIN, MONDAY, POLICY, ROUTED, Story, at_stage, by_mail, followed_up, said, warned

OUTCOMES = Path(__file__).parents[2] / "examples" / "data" / "outcomes.csv.gz"
EUROS = Money.parse


def told_of(decision: Decision) -> set[str]:
    """Return which rules of proposing a decision warns of; how it is worded is looked at elsewhere."""
    return {rule for rule in warned(decision) if rule.startswith("propose.")}


def like(number: int, worth: str | None = "40 EUR", **fields: object) -> Precedent:
    """Return what a similar case got."""
    amount = None if worth is None else EUROS(worth)
    told = {"case_id": f"old-{number}", "reference": f"R{number}", "at": MONDAY, "remedy": "refund", "worth": amount, **fields}
    return Precedent(**told)  # type: ignore[arg-type]


def offered(worth: str, known: Sequence[Precedent] | None, policy: Policy = ROUTED) -> set[str]:
    """Return what is warned about when something of that worth is proposed."""
    story = at_stage(Stage.INVESTIGATING, policy)
    story.context = evolve(story.context, precedents=None if known is None else tuple(known))
    option = Option(id="refund", text="Your money.", value=EUROS(worth), beyond="Keep it.")
    wish = RecordRemedySought(by="ben", said=said("My money."))
    return told_of(story.do(wish, Propose(by="ben", word=by_mail(), options=(option,))))


# ---------------------------------------------------------------- percentiles


@pytest.mark.parametrize(
    ("values", "percent", "wanted"),
    [
        ([15, 20, 35, 40, 50], 5, 15),
        ([15, 20, 35, 40, 50], 30, 20),
        ([15, 20, 35, 40, 50], 40, 20),
        ([15, 20, 35, 40, 50], 50, 35),
        ([15, 20, 35, 40, 50], 100, 50),
        ([3, 6, 7, 8, 8, 9, 10, 13, 15, 16, 20], 25, 7),
        (list(range(1, 11)), 90, 9),
        (list(range(1, 11)), 10, 1),
        ([7], 50, 7),
    ],
)
def test_percentiles_are_by_nearest_rank(values: list[int], percent: int, wanted: int) -> None:
    """A percentile is one of the values: the smallest that at least so many of a hundred do not exceed."""
    assert nearest_rank([Decimal(value) for value in values], percent) == wanted


@given(st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=40), st.integers(1, 100))
def test_a_percentile_does_what_it_says(values: list[Decimal], percent: int) -> None:
    """At least so many of a hundred values are not above it, and it is the smallest value of which that is true."""
    found = nearest_rank(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert all(sum(other <= value for other in values) * 100 < percent * len(values) for value in values if value < found)


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([Decimal(1)], 0), ([Decimal(1)], 101)])
def test_what_has_no_percentile_is_refused(values: list[Decimal], percent: int) -> None:
    """Of nothing, and beyond a hundred, there is none."""
    with pytest.raises(ValueError, match="percentile"):
        nearest_rank(values, percent)


# ---------------------------------------------------------------- consistency


TEN = tuple(like(number, f"{number * 10} EUR") for number in range(1, 11))
"""Ten cases that got 10, 20 and so on to 100 euros: nine in ten got at most 90, one in ten at most 10."""


@pytest.mark.parametrize(
    ("worth", "told"),
    [("10 EUR", False), ("9.99 EUR", True), ("90 EUR", False), ("110 EUR", False), ("110.01 EUR", True)],
)
def test_an_offer_is_held_against_like_cases(worth: str, told: bool) -> None:
    """Below the lowest tenth, or above the highest by more than the goodwill band (20 euros), is told."""
    assert offered(worth, TEN) == ({"propose.consistent"} if told else set())


def test_without_a_band_the_highest_tenth_is_the_limit() -> None:
    """Where the guideline has no band, nothing is added to what nine in ten got."""
    bandless = evolve(ROUTED, guidelines=(evolve(ROUTED.guidelines[0], goodwill=None),))
    assert offered("90.01 EUR", TEN, bandless) == {"propose.consistent"}


def test_the_warning_names_the_percentiles_and_the_cases() -> None:
    """Whoever is warned can look at the cases behind it, and so can whoever reads the history."""
    story = at_stage(Stage.INVESTIGATING, ROUTED)
    story.context = evolve(story.context, precedents=TEN)
    option = Option(id="refund", text="Your money.", value=EUROS("500 EUR"), beyond="Keep it.")
    decision = story.do(Propose(by="ben", word=by_mail(), options=(option,)))
    (reason,) = [reason for reason in decision.warnings if reason.rule == "propose.consistent"]
    assert (reason.field, reason.params["p10"], reason.params["p90"]) == ("options.0.value", "10.00 EUR", "90.00 EUR")
    assert reason.params["cases"] == ", ".join(f"R{number}" for number in range(1, 11))
    assert reason in next(recorded.event for recorded in story.events if reason in getattr(recorded.event, "reasons", ())).reasons  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "known",
    [
        None,
        (),
        tuple(like(number) for number in range(4)),
        tuple(like(number, None) for number in range(9)),
        tuple(like(number, category="cars") for number in range(9)),
        tuple(like(number, severity=Severity.CRITICAL) for number in range(9)),
        tuple(like(number, at=MONDAY.subtract(months=12, days=1)) for number in range(9)),
        tuple(like(number, case_id="case-1") for number in range(9)),
    ],
)
def test_too_few_or_unlike_cases_say_nothing(known: tuple[Precedent, ...] | None) -> None:
    """Fewer than five, of another kind or severity, more than a year old, this very case, or unknown: nothing is compared."""
    assert offered("900 EUR", known) == set()


def test_the_spread_counts_one_currency() -> None:
    """Of mixed precedents only those in the currency asked for count, the cases in the order of what they got."""
    mixed = (*TEN[:5], *(like(number, "9 USD") for number in range(20, 30)))
    spread = spread_of(mixed, "EUR")
    assert spread is not None
    assert (str(spread.low), str(spread.middle), str(spread.high)) == ("10.00 EUR", "30.00 EUR", "50.00 EUR")
    assert spread.cases == ("R1", "R2", "R3", "R4", "R5")


# ---------------------------------------------------------------- what a case teaches


def resolved(policy: Policy = POLICY, declines: int = 0) -> Story:
    """Return a case whose customer accepted a refund, after declining so often."""
    story = at_stage(Stage.INVESTIGATING, policy)
    option = Option(id="refund", text="Your money.", value=EUROS("40 EUR"), goodwill=EUROS("5 EUR"))
    for _ in range(declines):
        story.do(Propose(by="ana", word=by_mail(), options=(option,)))
        story.do(RecordDecline(by="ana", said=said("No.")))
    story.do(Propose(by="ana", word=by_mail(), options=(option,)))
    return story


def test_a_case_teaches_what_was_accepted_and_how_it_ended() -> None:
    """Nothing before a yes; then the remedy, its worth, how often it was declined, and, once the customer says so, if it solved."""
    story = resolved(declines=1)
    assert precedent_of(story.told) is None
    (table,) = goodwill_of(story.told)
    assert (table.value, table.by) == (EUROS("5 EUR"), "ana")
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    learnt = precedent_of(story.told)
    assert learnt is not None
    assert (learnt.remedy, learnt.worth, learnt.declines, learnt.at_once, learnt.solved) == (
        "refund",
        EUROS("45 EUR"),
        1,
        False,
        None,
    )
    assert [one.value for one in goodwill_of(story.told)] == [EUROS("5 EUR")]
    story.do(ConfirmArrival(by="ana", delivery_id=story.told.resolving.deliveries[0].id, source=ArrivalSource.BANK))
    followed_up(story.deliver().wait(days=3))
    solved = precedent_of(story.told)
    assert solved is not None
    assert solved.solved is True


def test_what_did_not_solve_it_is_a_lesson_too() -> None:
    """A case that came back says that its remedy did not solve it."""
    story = resolved()
    story.do(RecordAcceptance(by="ana", option="refund", said=said()))
    story.deliver().wait(days=3).do(RecordFollowUpAnswer(by="ana", solved=False, said=said("Dark again.", Channel.PHONE)))
    learnt = precedent_of(story.told)
    assert learnt is not None
    assert learnt.solved is False


def test_what_another_system_offered_teaches_nothing() -> None:
    """Of an adopted offer nobody knows which remedy it was."""
    given = at_stage(Stage.RESOLVED).told
    adopted = evolve(given.proposing.given[0], option=Option(id="adopted", text="Something."))
    case = evolve(given, proposing=evolve(given.proposing, given=(adopted,)))
    assert precedent_of(given) is not None
    assert precedent_of(case) is None


# ---------------------------------------------------------------- suggestions


DESK = evolve(
    ROUTED,
    guidelines=(
        Guideline(
            id="usual",
            remedies=(
                Remedy(id="repair", text="We repair it.", takes=Length(2, Unit.BUSINESS_DAYS)),
                Remedy(id="refund", text="Your money back.", ceiling=EUROS("80 EUR"), delivers="the refund"),
            ),
            goodwill=EUROS("20 EUR"),
        ),
    ),
)


def names(found: Sequence[Suggestion]) -> list[str]:
    """Return the remedies in their order."""
    return [one.option.named for one in found]


def test_the_guideline_suggests_from_the_first_facts_on() -> None:
    """As soon as there is a case, its guideline's remedies are there in their order, ready to be proposed, with the reason."""
    case = Story.begins(policy=DESK).told
    repair, refund = suggest(case, DESK, now=MONDAY)
    assert (repair.option.text, repair.option.by, repair.goodwill) == ("We repair it.", BERLIN.add_days(MONDAY, 2), EUROS("20 EUR"))
    assert (refund.option.delivers, refund.option.value) == ("the refund", None)
    assert refund.reasons == ("the guideline usual has it, up to 80.00 EUR",)


def test_what_ended_well_comes_first() -> None:
    """A remedy that was taken at once and solved the problem comes before one that was not, with its numbers and its cases."""
    good = [like(number, f"{number * 20} EUR", solved=True) for number in range(1, 6)]
    bad = [like(number, None, remedy="repair", declines=1, solved=False) for number in range(6, 11)]
    first, second = suggest(Story.begins(policy=DESK).told, DESK, [*good, *bad], now=MONDAY)
    assert names((first, second)) == ["refund", "repair"]
    assert (first.taken, first.at_once, first.solved, first.unsolved) == (5, 5, 5, 0)
    assert first.option.value == EUROS("60 EUR")
    assert first.cases == ("R1", "R2", "R3", "R4", "R5")
    assert "5 similar cases took it, 5 of them at once" in first.reasons
    assert "0 of 5 said afterwards that it was solved" in second.reasons
    assert first.score > 0.5 > second.score


def test_one_lucky_case_does_not_outrank_twenty_good_ones() -> None:
    """The share of good ends is weighed by how many there are."""
    lucky = [like(0, remedy="repair", solved=True)]
    solid = [like(number, solved=True) for number in range(1, 21)]
    assert names(suggest(Story.begins(policy=DESK).told, DESK, [*lucky, *solid], now=MONDAY)) == ["refund", "repair"]


def test_the_customers_wish_comes_first_and_what_they_declined_last() -> None:
    """Whatever the numbers say, the wish leads; what was declined is still there, at the end, and says so."""
    solid = [like(number, solved=True) for number in range(1, 21)]
    story = at_stage(Stage.INVESTIGATING, DESK)
    story.do(RecordRemedySought(by="ben", said=said("Repair it."), remedy="repair"))
    found = suggest(story.told, DESK, solid, now=story.now)
    assert (names(found), found[0].reasons[0]) == (["repair", "refund"], "it is what the customer wishes")
    story.do(Propose(by="ben", word=by_mail(), options=(found[0].option,)))
    story.do(RecordDecline(by="ben", said=said("No.")))
    again = suggest(story.told, DESK, solid, now=story.now)
    assert (names(again), "the customer has declined it before" in again[1].reasons) == (["refund", "repair"], True)


def test_the_middle_is_never_above_the_ceiling() -> None:
    """What others got is suggested only as far as everybody may offer it; what no guideline has needs an exception."""
    dear = [like(number, "500 EUR") for number in range(5)]
    boat = [like(number, "900 EUR", remedy="new-boat", at=MONDAY.subtract(days=number)) for number in range(10, 15)]
    found = {one.option.named: one for one in suggest(Story.begins(policy=DESK).told, DESK, [*dear, *boat], now=MONDAY)}
    assert found["refund"].option.value == EUROS("80 EUR")
    assert (found["new-boat"].needs_exception, found["new-boat"].option.value) == (True, EUROS("900 EUR"))
    assert list(found)[-1] == "new-boat"


def test_other_currencies_and_unlike_cases_are_left_out() -> None:
    """A suggestion is in the guideline's currency, and from cases of this kind alone."""
    known = [like(number, "7 USD") for number in range(5)] + [like(number, category="cars") for number in range(5, 9)]
    found = {one.option.named: one for one in suggest(Story.begins(policy=DESK).told, DESK, known, now=MONDAY)}
    assert (found["refund"].option.value, found["refund"].taken) == (None, 5)


def test_without_a_guideline_precedents_suggest_alone() -> None:
    """Where nobody has written a guideline, what similar cases got is suggested without an exception, in the currency they had."""
    bare = evolve(ROUTED, guidelines=())
    (one,) = suggest(Story.begins(policy=bare).told, bare, [like(1)], now=MONDAY)
    assert (one.option.value, one.needs_exception, one.reasons[0]) == (
        EUROS("40 EUR"),
        False,
        "there is no guideline for this kind of problem",
    )
    assert suggest(Story.begins(policy=bare).told, bare, now=MONDAY) == ()


def test_nothing_is_suggested_for_what_waits_in_the_tray() -> None:
    """Nobody knows yet whose it is."""
    tray = Story.begins(Contact(channel=Channel.WEB_FORM, text="It broke.", received_at=MONDAY), policy=DESK)
    assert suggest(tray.told, DESK, [like(1)], now=MONDAY) == ()


@given(st.permutations(TEN), st.permutations([like(number, None, remedy="repair") for number in range(20, 24)]))
def test_the_order_of_what_is_known_does_not_matter(refunds: list[Precedent], repairs: list[Precedent]) -> None:
    """The same precedents in any order suggest the same."""
    case = Story.begins(policy=DESK).told
    assert suggest(case, DESK, [*refunds, *repairs], now=MONDAY) == suggest(case, DESK, (*repairs, *TEN), now=MONDAY)


def test_similar_means_the_same_kind_and_severity_within_a_year() -> None:
    """What counts as similar is said in one place."""
    case = Story.begins().told
    wanted = similar_to(case, MONDAY)
    assert (wanted.category, wanted.severity, wanted.but) == (None, Severity.NORMAL, "case-1")
    assert wanted.since == MONDAY.subtract(years=1)


def test_real_outcomes_put_the_remedy_that_was_disputed_least_first() -> None:
    """Of 3,129 real answers, relief in money was disputed least and explanations alone most: suggestions say so in that order."""
    with gzip.open(OUTCOMES, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = [
        like(
            number,
            None,
            remedy=row["response"],
            declines=int(row["disputed"] == "yes"),
            at=datetime.strptime(row["date_received"], "%m/%d/%Y").replace(tzinfo=MONDAY.tzinfo, year=2026, month=1, day=2),
        )
        for number, row in enumerate(rows)
    ]
    bare = evolve(ROUTED, guidelines=())
    found = suggest(Story.begins(policy=bare).told, bare, known, now=MONDAY)
    assert Counter({one.option.named: one.taken for one in found}) == Counter(row["response"] for row in rows)
    assert names(found) == [
        "Closed with monetary relief",
        "Closed with non-monetary relief",
        "Closed",
        "Closed with explanation",
    ]
    assert [round(1 - one.at_once / one.taken, 3) for one in found] == [0.074, 0.108, 0.197, 0.213]
