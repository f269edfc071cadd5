"""Incidents at the desk: everybody affected hears of it, each once, through crashes and lists that name people twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from recovery import (
    Acknowledge,
    Address,
    Channel,
    Contact,
    Correct,
    Customer,
    Incident,
    InvalidValue,
    RecordingNotifier,
    Refused,
    SQLiteStore,
    Stage,
)
from recovery.core import decide as deciding
from recovery.core.case import Case
from recovery.core.errors import ConflictingChange, StoreUnusable
from recovery.core.vocabulary.common import Command
from recovery.core.vocabulary.receiving import RecordWish, Wish, WishKind
from recovery.core.vocabulary.responsibility import OpenAffected
from recovery.desk import Desk, acting, incidents
from recovery.ports.store import Store
from recovery.stores.memory import MemoryStore
from recovery.stores.postgres import PostgresStore
from recovery.testing import FrozenNow
from servers import Database
from support import BERLIN, MONDAY, POLICY, by_mail, said

TYRES = Incident(
    id="tyres-1",
    what="The tyres we fitted in March may lose their tread.",
    owner="ana",
    text="I am sorry: please do not drive on them. We change them at your door this week, at no cost to you.",
    next_word_at=BERLIN.add_days(MONDAY, 2),
    category="tyres",
)


def desk_of(store: Store | None = None) -> Desk:
    """Return a desk at which it is Monday morning."""
    now = FrozenNow(MONDAY)
    kept = MemoryStore() if store is None else store
    return Desk(store=kept, policy=POLICY, now=now, notifier=RecordingNotifier(now=now))


def owner_of(number: int) -> Customer:
    """Return one of the people who drive on these tyres."""
    return Customer(id=f"c-{number}", name=f"Driver {number}", addresses=(_mail(f"d{number}@drivers.example"),))


def _mail(value: str) -> Address:
    return Address(channel=Channel.EMAIL, value=value)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """Lend a desk over each kind of store."""
    if request.param == "memory":
        yield desk_of(MemoryStore())
        return
    if request.param == "sqlite":
        with SQLiteStore(tmp_path / "r.db") as file:
            yield desk_of(file)
        return
    database: Database = request.getfixturevalue("one_database")
    with PostgresStore(database.conninfo) as store:
        yield desk_of(store)


def test_each_affected_person_has_one_case_and_one_mail(desk: Desk) -> None:
    """Ten people, ten cases, ten mails in the name of the owner; the same list again does nothing again."""
    people = [owner_of(number) for number in range(10)]
    done = desk.open_incident(TYRES, people)
    assert (done.opened, done.told, done.left_out) == (10, 10, ())
    assert desk.deliver() == (10, 0)
    again = desk.open_incident(TYRES, people)
    assert (again.opened, again.known, again.told) == (0, 10, 0)
    assert {case.stage for case in desk.find(incident="tyres-1")} == {Stage.ACKNOWLEDGED}
    assert desk.incident("tyres-1").cases == 10
    assert desk.doctor() == ()


def test_a_run_that_was_cut_short_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever had a case before the crash is known by it; the others get theirs, and nobody has two."""
    monkeypatch.setattr(incidents, "BATCH", 4)
    desk = desk_of()

    def until_the_crash() -> Iterator[Customer]:
        yield from (owner_of(number) for number in range(9))
        raise RuntimeError("the power went")

    looked: list[int] = []
    with pytest.raises(RuntimeError, match="the power went"):
        desk.open_incident(TYRES, until_the_crash(), progress=looked.append)
    assert looked == [4, 8]
    done = desk.open_incident(TYRES, [owner_of(number) for number in range(12)])
    assert (done.known, done.opened) == (8, 4)
    assert desk.incident("tyres-1").cases == 12


def test_somebody_named_twice_is_kept_once_and_it_is_said_so(desk: Desk) -> None:
    """The same line twice, and another spelling with the same address, are one case with two notes; a second run adds none."""
    twice = [owner_of(1), owner_of(1), Customer(name="D. One", addresses=(_mail("D1@drivers.example"),))]
    done = desk.open_incident(TYRES, twice)
    assert (done.opened, done.named_again) == (1, 2)
    again = desk.open_incident(TYRES, twice)
    assert (again.opened, again.named_again, again.known) == (0, 0, 3)
    (case,) = desk.find(incident="tyres-1")
    assert [entry.kind for entry in desk.timeline(case.id)].count("affected_named_again") == 2


def test_two_of_one_household_have_a_case_each(desk: Desk) -> None:
    """They share an address, but whoever has a customer number of their own is a customer of their own."""
    both = [Customer(id=number, name=number, addresses=(_mail("home@drivers.example"),)) for number in ("c-1", "c-2")]
    tyres = Contact(channel=Channel.EMAIL, sender=both[1], text="My tyre is thin.", received_at=MONDAY, category="tyres")
    complaint = desk.receive(tyres).case.id
    done = desk.open_incident(TYRES, both)
    assert (done.opened, done.joined, done.named_again) == (1, 1, 0)
    assert [case.id for case in desk.find(incident="tyres-1", customer="c-2")] == [complaint]


def test_who_is_told_by_letter_is_told_by_a_person() -> None:
    """No software posts a letter: it is a step of the owner, and counted as one."""
    street = Address(channel=Channel.LETTER, value="Quay 1, Kiel")
    done = desk_of().open_incident(TYRES, [Customer(name="Eva Sand", addresses=(street,))])
    assert (done.opened, done.told, done.by_hand) == (1, 0, 1)


def test_whoever_had_complained_about_it_joins(desk: Desk) -> None:
    """A complaint of the same kind is joined and hears the same word as its acknowledgement; another stays alone."""
    mine, other = owner_of(1), owner_of(2)
    tyres = Contact(channel=Channel.EMAIL, sender=mine, text="My tyre is thin.", received_at=MONDAY, category="tyres")
    bill = Contact(channel=Channel.EMAIL, sender=other, text="My bill is wrong.", received_at=MONDAY, category="bills")
    complaint, about_the_bill = desk.receive(tyres).case, desk.receive(bill).case
    done = desk.open_incident(TYRES, [mine, other])
    assert (done.joined, done.opened, done.told) == (1, 1, 2)
    assert desk.load(complaint.id).stage is Stage.ACKNOWLEDGED
    assert desk.load(about_the_bill.id).responsibility.affected is None
    standing = desk.incident("tyres-1")
    assert (standing.cases, standing.complained) == (2, 1)


def test_who_wants_silence_is_told_by_a_person() -> None:
    """Somebody who asked on another case not to be contacted gets no mail from a list: a person decides, on a dated step."""
    desk, quiet = desk_of(), owner_of(1)
    known = desk.receive(
        Contact(channel=Channel.EMAIL, sender=quiet, text="My bill is wrong.", received_at=MONDAY, category="bills")
    )
    desk.handle(known.case.id, RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Leave me alone.")))
    done = desk.open_incident(TYRES, [quiet, Customer(name="Eva Sand")])
    assert (done.opened, done.by_hand, done.told) == (2, 2, 0)
    assert {step.rule for step in desk.agenda() if step.clock == "case.never-forgotten"} == {"contact.wishes", "contact.logged"}
    assert desk.update_incident("tyres-1", by="ana", text="We begin on Tuesday.").told == 0


def test_one_word_to_all_leaves_their_own_questions_open() -> None:
    """Everybody hears it once; whoever had asked something is still owed an answer."""
    desk = desk_of()
    desk.open_incident(TYRES, [owner_of(1), owner_of(2)])
    desk.receive(
        Contact(channel=Channel.EMAIL, sender=owner_of(1), text="When?", received_at=MONDAY, reference=_reference(desk, "c-1"))
    )
    word = "We begin on Tuesday and call each of you before we come."
    assert desk.update_incident("tyres-1", by="ana", text=word).told == 2
    assert desk.update_incident("tyres-1", by="ana", text=word).repeated == 2
    assert desk.update_incident("tyres-1", by="ana", text=word, key="once more").told == 2
    assert [step.rule for step in desk.agenda() if step.rule == "contact.answer-owed"] == ["contact.answer-owed"]
    assert desk.incident("tyres-1").spoke == 1


def test_whoever_was_acknowledged_already_joins_with_one_more_word(desk: Desk) -> None:
    """A complaint that somebody has taken on joins where it stands, and hears the word of the incident as news."""
    tyres = Contact(channel=Channel.EMAIL, sender=owner_of(1), text="My tyre is thin.", received_at=MONDAY, category="tyres")
    complaint = desk.receive(tyres).case.id
    word = by_mail("Thank you for telling us; I am sorry, and I look after it. If there is more to tell, just answer.")
    desk.handle(complaint, Acknowledge(by="ana", word=word, next_word_at=BERLIN.add_days(MONDAY, 1)))
    done = desk.open_incident(TYRES, [owner_of(1)])
    assert (done.joined, done.told) == (1, 1)
    assert [entry.kind for entry in desk.timeline(complaint)].count("customer_informed") == 1
    assert desk.load(complaint).stage is Stage.ACKNOWLEDGED


def test_a_complaint_whose_customer_wants_silence_joins_without_a_word(desk: Desk) -> None:
    """Whoever complained about it and asked not to be contacted is in the incident, and no list writes to them."""
    tyres = Contact(channel=Channel.EMAIL, sender=owner_of(1), text="My tyre is thin.", received_at=MONDAY, category="tyres")
    complaint = desk.receive(tyres).case.id
    desk.handle(complaint, RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Leave me alone.")))
    done = desk.open_incident(TYRES, [owner_of(1)])
    assert (done.joined, done.told) == (1, 0)
    assert desk.load(complaint).responsibility.affected is not None


def test_who_could_not_be_reached_at_first_is_acknowledged_by_the_next_word(desk: Desk) -> None:
    """Once there is an address, the next word to all is the first that this person hears, and it acknowledges them."""
    desk.open_incident(TYRES, [Customer(id="c-9", name="Eva Sand")])
    (case,) = desk.find(incident="tyres-1")
    eva = Customer(id="c-9", name="Eva Sand", addresses=(_mail("eva@drivers.example"),))
    desk.handle(case.id, Correct(by="ana", reason="she gave us her address", customer=eva))
    done = desk.update_incident("tyres-1", by="ana", text="We begin on Tuesday.", next_word_at=TYRES.next_word_at)
    assert done.told == 1
    assert desk.load(case.id).stage is Stage.ACKNOWLEDGED


def test_the_end_of_an_incident_is_not_written_to_who_wants_silence(desk: Desk) -> None:
    """Their case stays open for a person to end; the others are resolved."""
    desk.open_incident(TYRES, [owner_of(1), owner_of(2), Customer(id="c-9", name="Eva Sand")])
    quiet = next(case.id for case in desk.find(customer="c-1"))
    desk.handle(quiet, RecordWish(by="ana", wish=Wish(kind=WishKind.DO_NOT_CONTACT), said=said("Leave me alone.")))
    done = desk.close_incident("tyres-1", by="ana", text="Your new tyres are fitted.", done="Four new tyres are fitted.")
    assert done.told == 1
    assert desk.load(quiet).stage is Stage.ACKNOWLEDGED
    assert desk.incident("tyres-1").stages == {Stage.ACKNOWLEDGED: 1, Stage.RECEIVED: 1, Stage.RESOLVED: 1}


def _fails_for(monkeypatch: pytest.MonkeyPatch, customer: str, error: Exception) -> None:
    """Let a rule of the host raise for one customer."""

    def decide(case: Case | None, *commands: Command, **given: object) -> deciding.Decision:
        named = [command.customer.id for command in commands if isinstance(command, OpenAffected)]
        if customer in (*named, None if case is None else case.receiving.customer.id):
            raise error
        return deciding.decide(case, *commands, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(acting, "decide", decide)
    monkeypatch.setattr(incidents, "decide", decide)


def test_a_rule_that_raises_for_one_leaves_out_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """All others hear the first word, the next and the last; the one is named with the line that raises, never its words."""
    desk = desk_of()
    people = [owner_of(number) for number in range(6)]
    word = "We begin on Tuesday."
    with monkeypatch.context() as patch:
        _fails_for(patch, "c-2", KeyError("d2@drivers.example"))
        done = desk.open_incident(TYRES, people)
        assert (done.opened, done.told, [(left.case_id, left.customer) for left in done.left_out]) == (5, 5, [("", "c-2")])
        assert "KeyError in test_incidents.py, line " in done.left_out[0].reasons[0].message
        assert "drivers.example" not in str(done.left_out)
    assert desk.open_incident(TYRES, people).told == 1
    with monkeypatch.context() as patch:
        _fails_for(patch, "c-2", KeyError("d2@drivers.example"))
        for told in (5, 0):
            done = desk.update_incident("tyres-1", by="ana", text=word)
            assert (done.told, [left.customer for left in done.left_out]) == (told, ["c-2"])
        assert desk.close_incident("tyres-1", by="ana", text="They are fitted.", done="Four new tyres are fitted.").told == 5
    assert desk.update_incident("tyres-1", by="ana", text=word).told == 1


@pytest.mark.parametrize("error", [StoreUnusable("cases", "it is gone", "See where it is."), KeyboardInterrupt()])
def test_what_is_no_fault_of_one_case_ends_the_run(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Where nothing can be stored, or somebody ends the process, nobody is counted as left out: the same call goes on later."""
    desk = desk_of()
    desk.open_incident(TYRES, [owner_of(1), owner_of(2)])
    _fails_for(monkeypatch, "c-2", error)
    with pytest.raises(type(error)):
        desk.update_incident("tyres-1", by="ana", text="We begin on Tuesday.")
    with pytest.raises(type(error)):
        desk.open_incident(attrs.evolve(TYRES, id="tyres-2"), [owner_of(2)])


def test_people_are_counted_once_where_a_batch_is_decided_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody was faster: the same people come once more, and none of them was named twice."""
    desk, save = desk_of(), MemoryStore.save
    lost = [ConflictingChange("c", 0)]

    def loses_once(store: MemoryStore, *given: object, **more: object) -> None:
        if lost:
            raise lost.pop()
        save(store, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(MemoryStore, "save", loses_once)
    monkeypatch.setattr(incidents, "BATCH", 3)
    done = desk.open_incident(TYRES, [*map(owner_of, range(4)), owner_of(0)])
    assert (lost, done.opened, done.named_again) == ([], 4, 1)


def test_the_id_of_an_incident_is_short() -> None:
    """It becomes part of other ids, which have to stay ids."""
    with pytest.raises(InvalidValue, match="longer than 100 characters"):
        Incident(id="x" * 101, what=TYRES.what, owner="ana", text=TYRES.text, next_word_at=TYRES.next_word_at)


def _reference(desk: Desk, customer: str) -> str:
    return next(case.reference for case in desk.find(customer=customer))


def test_the_cases_end_together_and_are_followed_up() -> None:
    """Made good for all, with one word; each case goes on to its follow-ups, and the end twice is done once."""
    desk = desk_of()
    desk.open_incident(TYRES, [owner_of(1), owner_of(2)])
    text, fitted = "Your new tyres are fitted. I call you on Friday.", "Four new tyres are fitted."
    done = desk.close_incident("tyres-1", by="ana", text=text, done=fitted)
    assert (done.told, done.left_out) == (2, ())
    assert desk.incident("tyres-1").stages == {Stage.RESOLVED: 2}
    assert {step.clock for step in desk.agenda()} >= {"follow-up.days"}
    assert desk.close_incident("tyres-1", by="ana", text=text, done=fitted).told == 0


@pytest.mark.parametrize("affected", [[], [Customer()], ["Bo"]])
def test_an_incident_affects_somebody(affected: list[Customer]) -> None:
    """A list of nobody, of a line that names nobody, or of something else is refused, and nothing is saved."""
    desk = desk_of()
    with pytest.raises(InvalidValue) as caught:
        desk.open_incident(TYRES, affected)
    assert [str(reason.field)[:8] for reason in caught.value.reasons] == ["affected"]
    assert list(desk.find()) == []


def test_what_would_be_refused_for_everybody_is_refused_before_anybody_is_told() -> None:
    """An owner whom nobody knows, and a date on which nobody works, stop the incident; nothing is saved."""
    desk = desk_of()
    for wrong, rule in (({"owner": "zoe"}, "owner.named"), ({"next_word_at": MONDAY.add(days=6)}, "promise.realistic")):
        told = {name: getattr(TYRES, name) for name in ("id", "what", "owner", "text", "next_word_at")}
        with pytest.raises(Refused) as refused:
            desk.open_incident(Incident(**{**told, **wrong}), [owner_of(1)])
        assert rule in {reason.rule for reason in refused.value.reasons}
    assert list(desk.find()) == []


def test_an_unknown_incident_is_named() -> None:
    """A word to all of nobody is a slip, and is said to be one."""
    with pytest.raises(InvalidValue, match="has no cases"):
        desk_of().update_incident("nothing", by="ana", text="Hello.")
