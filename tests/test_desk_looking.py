"""What a desk can be asked about one case and about all of them together."""

from __future__ import annotations

import attrs
import pendulum
import pytest
from pendulum import DateTime

from recovery import Case, CaseNotFound, Channel, Contact, Customer, Desk, MemoryStore, clocks, policies
from recovery.core.agenda import wakes_at
from recovery.core.errors import StoreUnusable
from recovery.core.rule import Terms
from recovery.desk import examining
from recovery.ports import Wrong

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin")
DESK = Desk(
    store=MemoryStore(),
    policy=policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin")),
    now=lambda: NOW,
)


def opened(words: str) -> str:
    """Open a case and return its id."""
    return DESK.receive(Contact(channel=Channel.PHONE, sender=Customer(name="Bo"), text=words, received_at=NOW)).case.id


def test_the_agenda_of_one_case_holds_its_steps_alone() -> None:
    """A page about one case need not go through all the others."""
    first, second = opened("one"), opened("two")
    assert {step.case_id for step in DESK.agenda()} == {first, second}
    assert DESK.agenda(case_id=first) == tuple(step for step in DESK.agenda() if step.case_id == first)
    assert DESK.agenda(case_id=first, until=NOW.subtract(days=1)) == ()
    with pytest.raises(CaseNotFound):
        DESK.agenda(case_id="nobody's")


def test_the_clocks_of_a_case_are_read_at_the_time_of_the_desk() -> None:
    """The page of a case shows what is met, missed and left without being handed policy and time."""
    case_id = opened("three")
    case = DESK.load(case_id)
    assert DESK.clocks(case_id) == clocks(case, policy=DESK.policy_for(case), now=NOW) != ()
    with pytest.raises(CaseNotFound):
        DESK.clocks("nobody's")


def test_the_backlog_is_that_of_the_store_now() -> None:
    """Whoever watches a desk asks it how much there is, not when it is."""
    assert DESK.backlog() == DESK.store.backlog(NOW)
    assert DESK.backlog().open_cases == len(list(DESK.find(open_only=True)))


def test_the_doctor_goes_on_beside_a_case_whose_clocks_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    """It names the case, the policy and the line that raises, never its words, and looks at, and mends, all the others."""
    store = MemoryStore()
    desk = attrs.evolve(DESK, store=store)
    bad, good = (
        desk.receive(Contact(channel=Channel.PHONE, sender=Customer(name="Bo"), text=text, received_at=NOW)).case
        for text in ("one", "two")
    )

    def fails(case: Case, terms: Terms) -> DateTime | None:
        if case.id == bad.id:
            raise ZeroDivisionError("bo@customer.example")
        return wakes_at(case, terms)

    monkeypatch.setattr(examining, "wakes_at", fails)
    for case in (bad, good):
        store._cases[case.id].case = attrs.evolve(case, version=9)
    for mended in (False, True):
        found = {(finding.case_id, finding.rule): finding for finding in desk.doctor(mend=mended)}
        told = found[bad.id, Wrong.CLOCKS_FAIL]
        assert f"by policy {bad.policy_id}: ZeroDivisionError in test_desk_looking.py, line " in told.what
        assert "customer.example" not in told.what
        assert {key: finding.mended for key, finding in found.items()} == {
            (bad.id, Wrong.SNAPSHOT): False,
            (bad.id, Wrong.CLOCKS_FAIL): False,
            (good.id, Wrong.SNAPSHOT): mended,
        }
    assert {finding.case_id for finding in desk.doctor()} == {bad.id}


def test_the_doctor_stops_where_nothing_can_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is gone is no fault of one case."""
    desk = attrs.evolve(DESK, store=MemoryStore())
    desk.receive(Contact(channel=Channel.PHONE, sender=Customer(name="Bo"), text="one", received_at=NOW))

    def gone(*_: object) -> None:
        raise StoreUnusable("cases", "it is gone", "See where it is.")

    monkeypatch.setattr(examining, "policy_for", gone)
    with pytest.raises(StoreUnusable):
        desk.doctor()


def test_a_store_that_cannot_mend_is_examined_all_the_same() -> None:
    """The clocks of the desk's own policy are stored again on any store; all else stays named."""

    class Plain(MemoryStore):
        rebuild = None  # type: ignore[assignment]

    store = Plain()
    desk = attrs.evolve(DESK, store=store)
    desk.receive(Contact(channel=Channel.PHONE, sender=Customer(name="Bo"), text="one", received_at=NOW))
    store._timings.clear()
    [finding] = desk.doctor()
    assert finding.rule is Wrong.NO_CLOCKS
    assert desk.doctor(mend=True) == (attrs.evolve(finding, mended=True),)
    assert desk.doctor() == ()
