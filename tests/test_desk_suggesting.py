"""What a desk knows of precedents: from its own cases, or from whoever knows better; and what it does where nobody knows."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from attrs import evolve, frozen
from pendulum import DateTime

from recovery import (
    Address,
    Assess,
    Budget,
    Case,
    CaseNotFound,
    Close,
    CloseReason,
    Customer,
    Desk,
    MemoryStore,
    Money,
    Option,
    Propose,
    RecordAcceptance,
    Said,
    SQLiteStore,
    Stage,
)
from recovery.core.precedent import GoodwillGiven, Precedent, Similar, similar_to
from recovery.core.values import instant
from recovery.core.vocabulary.common import Channel
from recovery.ports import Precedents
from recovery.stores import CasePrecedents
from recovery.testing import FrozenNow, a_case, a_contact, a_policy, a_word
from recovery.testing.moments import MONDAY

YES = Said(channel=Channel.PHONE, words="Yes, please.")


@pytest.fixture(params=["memory", "sqlite"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """A desk with a budget, over each store."""
    policy = evolve(a_policy(), budgets=(Budget(limit=Money.parse("100 EUR")),))
    store = MemoryStore() if request.param == "memory" else SQLiteStore(tmp_path / "cases.db")
    return Desk(store=store, policy=policy, now=FrozenNow(MONDAY))


def offer(worth: str, goodwill: str = "0 EUR") -> Propose:
    """Return a proposal of a refund."""
    refund = Option(id="refund", text="Your money.", value=Money.parse(worth), goodwill=Money.parse(goodwill), beyond="Keep it.")
    return Propose(by="ben", word=a_word("Here is what we can do."), options=(refund,))


def somebody(desk: Desk, stage: Stage) -> Case:
    """Make the case of a customer who has had none before, and return it at that stage."""
    number = sum(1 for _ in desk.find()) + 1
    sender = Customer(addresses=(Address(channel=Channel.EMAIL, value=f"customer-{number}@customer.example"),))
    return a_case(
        stage, desk=desk, contact=a_contact(at=instant(desk.now()), sender=sender, message_id=f"{number}@customer.example")
    )


def given(desk: Desk, worth: str, goodwill: str = "0 EUR", category: str = "boats") -> str:
    """Make a case in which that was offered, and return its id."""
    case = somebody(desk, Stage.INVESTIGATING)
    desk.handle(case.id, Assess(by="ben", category=category), offer(worth, goodwill))
    return case.id


def taken(desk: Desk, worth: str, goodwill: str = "0 EUR", category: str = "boats") -> str:
    """Make a case in which that was accepted, and return its id."""
    case_id = given(desk, worth, goodwill, category)
    desk.handle(case_id, RecordAcceptance(by="ben", option="refund", said=YES))
    return case_id


def test_a_desk_suggests_what_its_own_cases_teach(desk: Desk) -> None:
    """What customers of the same kind accepted is suggested with the middle of what they got; others are left out."""
    for number in range(1, 6):
        taken(desk, f"{number * 10} EUR")
    taken(desk, "999 EUR", category="cars")
    fresh = somebody(desk, Stage.RECEIVED)
    desk.handle(fresh.id, Assess(by="ben", category="boats"))
    first = desk.suggest(fresh.id)[0]
    assert (first.option.id, first.option.value, first.taken, first.at_once) == ("refund", Money.parse("30 EUR"), 5, 5)
    with pytest.raises(CaseNotFound):
        desk.suggest("nothing")


def test_a_desk_warns_of_an_offer_unlike_its_others(desk: Desk) -> None:
    """Five cases got forty euros; a sixth that shall get four hundred is told, with the five behind it."""
    known = [desk.load(taken(desk, "40 EUR")).reference for _ in range(5)]
    case = somebody(desk, Stage.INVESTIGATING)
    desk.handle(case.id, Assess(by="ben", category="boats"))
    (reason,) = [one for one in desk.handle(case.id, offer("400 EUR")).warnings if one.rule == "propose.consistent"]
    assert sorted(str(reason.params["cases"]).split(", ")) == sorted(known)


def test_a_desk_counts_its_goodwill(desk: Desk) -> None:
    """What was accepted and what is on the table count; what was offered on a case that is over does not."""
    taken(desk, "40 EUR", "20 EUR")
    given(desk, "40 EUR", "20 EUR")
    gone = given(desk, "40 EUR", "20 EUR")
    desk.handle(gone, Close(by="ben", reason=CloseReason.WITHDRAWN, said=YES))
    told = CasePrecedents(desk.store).goodwill(MONDAY)
    assert [str(one.value) for one in told] == ["20.00 EUR", "20.00 EUR"]
    assert CasePrecedents(desk.store).goodwill(MONDAY.add(days=1)) == ()
    case = somebody(desk, Stage.INVESTIGATING)
    tight = attrs.evolve(desk, policy=evolve(desk.policy, budgets=(Budget(limit=Money.parse("50 EUR")),)))
    assert "propose.over-deliver" in {one.rule for one in tight.handle(case.id, offer("40 EUR", "15 EUR")).warnings}


def test_a_desk_reads_no_more_than_it_needs() -> None:
    """Once enough precedents fit, no further case is read; and a page after a page is."""
    desk = Desk(store=MemoryStore(), policy=a_policy(), now=FrozenNow(MONDAY))
    ids = [taken(desk, "40 EUR") for _ in range(7)]
    wanted = attrs.evolve(similar_to(desk.load(ids[0]), MONDAY), but="")
    assert len(CasePrecedents(desk.store, enough=3).similar(wanted)) == 3
    assert len(CasePrecedents(desk.store).similar(wanted)) == 7


@frozen
class Elsewhere:
    """Precedents that somebody else keeps: these, or an error."""

    known: tuple[Precedent, ...] | None

    def similar(self, wanted: Similar) -> tuple[Precedent, ...]:
        """Return what fits."""
        if self.known is None:
            raise ConnectionError("the warehouse is closed")
        return tuple(one for one in self.known if wanted.fits(one))

    def goodwill(self, since: DateTime) -> tuple[GoodwillGiven, ...]:
        """Nobody has been given anything."""
        if self.known is None:
            raise ConnectionError("the warehouse is closed")
        return ()


def test_precedents_may_come_from_elsewhere(desk: Desk) -> None:
    """A desk asks whoever it was given, and nobody else."""
    one = Precedent(case_id="x", reference="X", at=MONDAY, remedy="refund", worth=Money.parse("77 EUR"))
    port: Precedents = Elsewhere((one,))
    elsewhere = attrs.evolve(desk, precedents=port)
    taken(elsewhere, "40 EUR")
    case = a_case(Stage.RECEIVED, desk=elsewhere)
    found = {one.option.id: one for one in elsewhere.suggest(case.id)}
    assert (found["refund"].option.value, found["refund"].cases) == (Money.parse("77 EUR"), ("X",))


def test_a_proposal_does_not_wait_for_statistics(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    """Where nobody can say what others got, the offer is made all the same, compared with nothing, and it is logged."""
    broken = attrs.evolve(desk, precedents=Elsewhere(None))
    case = a_case(Stage.INVESTIGATING, desk=broken)
    outcome = broken.handle(case.id, offer("400 EUR", "15 EUR"))
    assert outcome.case.stage is Stage.RESOLUTION_PROPOSED
    assert {"propose.consistent", "propose.over-deliver"}.isdisjoint(reason.rule for reason in outcome.warnings)
    assert [one.option.id for one in broken.suggest(case.id)] == ["refund", "repair"]
    assert {record.message for record in caplog.records} == {
        "nobody can say what similar cases got",
        "nobody can say how much goodwill has been given",
    }
