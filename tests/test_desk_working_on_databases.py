"""What is broken in a database blocks nobody: rows that cannot be read, on SQLite and on PostgreSQL, and what is told of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
from attrs import define

from cli.running import run
from recovery import Address, Case, Channel, Close, CloseReason, Customer, Delivery, Incident, Receive, Stage, Ticket, policies
from recovery.codec import Undecodable
from recovery.desk import IncidentWork
from recovery.ports import Wrong
from recovery.stores.named import open_store
from recovery.stores.sql.store import SQLStore
from servers import Database
from support import BERLIN, MONDAY, POLICY, a_contact
from test_desk import World, a_world

Execute = Callable[..., object]


@define
class Ground:
    """A world on a database, whatever stands behind it, and a way to change its rows behind its back."""

    name: str
    world: World
    execute: Execute

    def garble(self, case_id: str) -> None:
        """Make unreadable what is stored of a case, but for its messages."""
        self.execute("UPDATE recovery_events SET public = '?' WHERE case_id = '{}'", case_id)
        self.execute("UPDATE recovery_cases SET public = '?' WHERE case_id = '{}'", case_id)

    def keep(self, case_id: str) -> None:
        """Put a copy of the history of a case aside."""
        self.execute("CREATE TABLE kept AS SELECT * FROM recovery_events WHERE case_id = '{}'", case_id)

    def restore(self, case_id: str) -> None:
        """Bring its history back from the copy."""
        kept = "SELECT public FROM kept WHERE kept.seq = recovery_events.seq"
        self.execute(f"UPDATE recovery_events SET public = ({kept}) WHERE case_id = '{{}}'", case_id)


def _on_file(path: str) -> Execute:
    def execute(sql: str, *names: str) -> None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(sql.format(*names))

    return execute


def _on_server(database: Database) -> Execute:
    def execute(sql: str, *names: str) -> None:
        with database.connect() as connection:
            connection.execute(sql.format(*names).encode())

    return execute


@pytest.fixture(params=["sqlite", "postgres"])
def ground(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ground]:
    """A world on each database."""
    if request.param == "sqlite":
        name = str(tmp_path / "recovery.db")
        execute = _on_file(name)
    else:
        database: Database = request.getfixturevalue("one_database")
        name, execute = database.address, _on_server(database)
    with open_store(name) as store:
        yield Ground(name, a_world(store), execute)


def test_a_case_that_cannot_be_read_blocks_nobody_and_comes_back(ground: Ground) -> None:
    """The others are looked at, its owner is told, and when its rows are mended it goes on as if nothing had been."""
    world = ground.world
    bad, good = world.opened(), world.desk.receive(a_contact("another")).case.id
    assert world.desk.deliver() == (4, 0)
    before = world.desk.load(bad)
    ground.keep(bad)
    ground.garble(bad)
    world.wait(hours=1)
    assert world.desk.run_due() == (1, 1)
    assert [entry.kind for entry in world.desk.timeline(good)].count("alarm_rung") == 1
    assert [(each.case_id, each.owner, each.tries) for each in world.desk.troubles()] == [(bad, "ana", 1)]
    assert [step.case_id for step in world.desk.agenda(owner="ana") if "cannot be looked at" in step.what] == [bad]
    assert (world.desk.backlog().set_aside, world.desk.health().set_aside) == (1, 1)
    assert {finding.case_id for finding in world.desk.doctor()} == {bad}
    ground.restore(bad)
    world.wait(minutes=2)
    assert world.desk.run_due() == (1, 0)
    assert world.desk.troubles() == ()
    assert world.desk.load(bad).version > before.version
    assert [entry.kind for entry in world.desk.timeline(bad)].count("alarm_rung") == 1


def test_a_message_whose_row_cannot_be_read_is_a_step_of_the_owner(ground: Ground) -> None:
    """It is given up on record, and every other message leaves."""
    world = ground.world
    case_id = world.opened()
    ground.execute("UPDATE recovery_outbox SET public = '?' WHERE case_id = '{}' AND person = ''", case_id)
    assert world.desk.deliver() == (1, 1)
    assert [message.person for message in world.post.sent] == ["ana"]
    states = {out.person: out.state for out in world.desk.load(case_id).receiving.outgoing}
    assert states == {None: Delivery.GIVEN_UP, "ana": Delivery.SENT}
    assert "reach the customer another way: a message by email could not be delivered" in {s.what for s in world.desk.agenda()}


def test_messages_of_a_case_that_cannot_be_read_wait_and_are_told(ground: Ground) -> None:
    """They are not sent, for nobody could put it on record; the post of the others leaves."""
    world = ground.world
    bad = world.opened()
    world.desk.receive(a_contact("another"))
    ground.garble(bad)
    assert world.desk.deliver() == (2, 2)
    assert {message.case_id for message in world.post.sent} == {case.id for case in world.desk.find()}
    assert {(each.case_id, each.message_id is not None) for each in world.desk.troubles()} == {(bad, True)}


# ---------------------------------------------------------------- what comes in beside a case that cannot be read


def test_a_customer_with_a_case_that_cannot_be_read_is_received(ground: Ground) -> None:
    """New mail of theirs, a twin of what is broken, is a case with an owner and a receipt; mended, the old case is known."""
    desk = ground.world.desk
    bad, old = ground.world.opened(), desk.receive(a_contact("The pump drips.", message_id="<2@boat.example>")).case.id
    ground.keep(bad)
    ground.garble(bad)
    new = desk.receive(a_contact(message_id="<3@boat.example>"))
    assert (new.case.owner, new.case.stage, new.case.receiving.links) == ("ana", Stage.RECEIVED, ())
    assert [one.case_id for one in new.case.receiving.earlier] == [old]
    assert desk.doctor()[-1].case_id == bad
    ground.restore(bad)
    assert [one.case_id for one in desk.earlier(new.case.id) or ()] == [bad, old]


def test_a_history_that_cannot_be_read_is_no_twin_and_stops_nobody(ground: Ground) -> None:
    """Where a case can be read and its history cannot, whoever wrote it is received all the same."""
    desk = ground.world.desk
    bad = ground.world.opened()
    ground.execute("UPDATE recovery_events SET public = '?' WHERE case_id = '{}'", bad)
    new = desk.receive(a_contact(message_id="<3@boat.example>")).case
    assert [one.case_id for one in new.receiving.earlier] == [bad]
    assert new.receiving.twins == ()


NAMES: dict[str, Callable[[Case], dict[str, Any]]] = {
    "their own mail": lambda _: {"replies_to": ("<1@boat.example>",)},
    "our mail": lambda case: {"replies_to": tuple(out.id for out in case.receiving.outgoing if out.person is None)},
    "the reference": lambda case: {"reference": case.reference.lower()},
    "the ticket": lambda _: {"ticket": "T-1"},
    "all of it": lambda case: {"reference": case.reference, "replies_to": ("<1@boat.example>",), "ticket": "T-1"},
}


@pytest.mark.parametrize("names", NAMES.values(), ids=list(NAMES))
def test_a_reply_to_a_case_that_cannot_be_read_has_a_case_of_its_own(
    ground: Ground, names: Callable[[Case], dict[str, Any]]
) -> None:
    """It is in front of a person today, linked with the case that it names; mended, the next reply joins that."""
    desk = ground.world.desk
    broken = desk.receive(a_contact(message_id="<1@boat.example>", ticket="T-1")).case
    ground.keep(broken.id)
    ground.garble(broken.id)
    reply = desk.receive(a_contact("Any news?", message_id="<2@boat.example>", **names(broken)))
    assert (reply.case.id != broken.id, reply.case.owner, reply.repeated) == (True, "ana", False)
    assert reply.case.receiving.links == (broken.id,)
    assert desk.receive(a_contact("Any news?", message_id="<2@boat.example>", **names(broken))).case.id == reply.case.id
    ground.restore(broken.id)
    assert desk.receive(a_contact("Hello?", message_id="<3@boat.example>", **names(broken))).case.id == broken.id


def test_a_reply_that_names_another_case_as_well_joins_that(ground: Ground) -> None:
    """What can be read is joined before a new case is opened."""
    desk = ground.world.desk
    bad, good = ground.world.opened(), desk.receive(a_contact("The pump drips.", message_id="<2@boat.example>")).case.id
    ground.garble(bad)
    reply = a_contact("Any news?", message_id="<3@boat.example>", replies_to=("<1@boat.example>", "<2@boat.example>"))
    assert desk.receive(reply).case.id == good


def test_a_repeat_of_what_is_kept_where_nobody_can_read_it_is_refused_at_once(ground: Ground) -> None:
    """It opens no second case: the error names the case and the way out, and mended, it is a repeat like any other."""
    desk = ground.world.desk
    bad = ground.world.opened()
    there = len(list(desk.find()))
    ground.keep(bad)
    ground.garble(bad)
    again = a_contact(at=ground.world.time[0], message_id="<1@boat.example>")
    for takes in (desk.receive, desk.open):
        with pytest.raises(Undecodable, match="Restore this row from a backup") as caught:
            takes(again)
        assert caught.value.case_id == bad
    assert len(list(desk.find())) == there - 1
    ground.restore(bad)
    assert (desk.receive(again).case.id, desk.receive(again).repeated) == (bad, True)


def test_what_is_kept_where_nobody_can_read_it_is_not_put_on_another_case(ground: Ground) -> None:
    """Told once more on another case it is no news, as it would be if the case that has it could be read."""
    desk = ground.world.desk
    bad, good = ground.world.opened(), desk.receive(a_contact("The pump drips.")).case.id
    ground.garble(bad)
    assert desk.handle(good, Receive(contact=a_contact(message_id="<1@boat.example>"))).events == ()


def test_a_ticket_on_a_case_that_cannot_be_read_is_known(ground: Ground) -> None:
    """It is not taken over a second time, and the tickets beside it are taken over."""
    desk = ground.world.desk
    tickets = [
        Ticket(number=f"T-{n}", contact=a_contact(f"{n} is dark.", message_id=f"<{n}@x>"), stage=Stage.RECEIVED, owner="ana")
        for n in range(3)
    ]
    assert desk.adopt(tickets[:2]).adopted == 2
    ground.garble(next(desk.find(ticket="T-1")).id)
    done = desk.adopt(tickets)
    assert (done.adopted, done.known, done.left_out) == (1, 2, ())


def _merged(ground: Ground) -> tuple[str, str]:
    """Return the ids of a duplicate and of the case that it was merged into."""
    desk = ground.world.desk
    first, second = ground.world.opened(), desk.receive(a_contact("The pump drips.", message_id="<2@boat.example>")).case.id
    desk.handle(first, Close(by="ana", reason=CloseReason.DUPLICATE, survivor=second, explanation="the same display"))
    return first, second


def test_a_duplicate_that_cannot_be_read_stops_no_timeline_but_its_own(ground: Ground) -> None:
    """What happened on the case that survived it is told without it."""
    desk = ground.world.desk
    duplicate, survivor = _merged(ground)
    assert {entry.case_id for entry in desk.timeline(survivor)} == {duplicate, survivor}
    for spoils in ("recovery_events", "recovery_cases"):
        ground.execute(f"UPDATE {spoils} SET public = '?' WHERE case_id = '{{}}'", duplicate)
        assert {entry.case_id for entry in desk.timeline(survivor)} == {survivor}
        with pytest.raises(Undecodable):
            desk.timeline(duplicate)


def test_a_reply_to_a_duplicate_whose_survivor_cannot_be_read_is_on_the_duplicate(ground: Ground) -> None:
    """It is where a person sees it: the duplicate is open again."""
    desk = ground.world.desk
    duplicate, survivor = _merged(ground)
    ground.garble(survivor)
    reply = desk.receive(a_contact("Any news?", message_id="<3@boat.example>", replies_to=("<1@boat.example>",)))
    assert (reply.case.id, reply.case.ended) == (duplicate, False)


# ---------------------------------------------------------------- incidents


def _driver(number: int) -> Customer:
    mail = Address(channel=Channel.EMAIL, value=f"d{number}@drivers.example")
    return Customer(id=f"c-{number}", name=f"Driver {number}", addresses=(mail,))


RECALL = Incident(
    id="tyres-1",
    what="The tyres we fitted in March may lose their tread.",
    owner="ana",
    text="I am sorry: please do not drive on them. We change them at your door this week, at no cost to you.",
    next_word_at=BERLIN.add_days(MONDAY, 2),
)


def test_an_incident_tells_everybody_beside_a_customer_whose_case_cannot_be_read(ground: Ground) -> None:
    """One person is left out, with their case and the way out; mended, the same call tells them, and nobody twice."""
    desk, drivers = ground.world.desk, [_driver(number) for number in range(6)]
    bad = desk.receive(a_contact("My bill is wrong.", sender=drivers[3])).case.id
    ground.keep(bad)
    ground.garble(bad)
    done = desk.open_incident(RECALL, drivers)
    assert (done.opened, done.told) == (5, 5)
    [left] = done.left_out
    assert (left.case_id, left.customer) == (bad, "c-3")
    assert "Restore this row from a backup" in str(left.reasons[0])
    ground.restore(bad)
    done = desk.open_incident(RECALL, drivers)
    assert (done.joined, done.told, done.known, done.left_out) == (1, 1, 5, ())


@pytest.mark.parametrize("step", ["update", "close"])
def test_a_word_to_all_names_whose_case_cannot_be_read(ground: Ground, step: str) -> None:
    """The others hear it, that case is left out by name, and how the incident stands counts it."""
    desk = ground.world.desk
    desk.open_incident(RECALL, [_driver(number) for number in range(4)])
    bad = next(desk.find(customer="c-2")).id
    ground.keep(bad)
    ground.garble(bad)

    def say() -> IncidentWork:
        if step == "update":
            return desk.update_incident("tyres-1", by="ana", text="We begin on Tuesday.")
        return desk.close_incident("tyres-1", by="ana", text="Your new tyres are fitted.", done="Four new tyres are fitted.")

    done = say()
    assert (done.told, [left.case_id for left in done.left_out]) == (3, [bad])
    assert f"case '{bad}' cannot be read" in done.left_out[0].reasons[0].message
    assert (desk.incident("tyres-1").unreadable, desk.incident("tyres-1").cases) == (1, 4)
    ground.restore(bad)
    assert (say().told, desk.incident("tyres-1").unreadable) == (1, 0)


def test_an_incident_of_which_no_case_can_be_read_is_still_known(ground: Ground) -> None:
    """It is not taken for one that nobody has opened."""
    desk = ground.world.desk
    desk.open_incident(RECALL, [_driver(1)])
    ground.garble(next(desk.find()).id)
    assert len(desk.update_incident("tyres-1", by="ana", text="We begin on Tuesday.").left_out) == 1


# ---------------------------------------------------------------- clocks that cannot be read

LONGER = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin", closes="18:00"))


@pytest.mark.parametrize("data", ["{", '{"v": 99, "data": {}}'], ids=["damaged", "of a newer version"])
def test_clocks_that_cannot_be_read_are_found_case_by_case(ground: Ground, data: str) -> None:
    """The doctor names case and policy and goes on, mending what it can; whoever counts and plans over all cases goes on too."""
    bad = ground.world.opened()
    desk = attrs.evolve(ground.world.desk, policy=LONGER)
    good = desk.receive(a_contact("another")).case.id
    ground.execute(
        f"UPDATE recovery_timings SET data = '{data.replace('{', '{{').replace('}', '}}')}' WHERE policy_id = '{{}}'", POLICY.id
    )
    ground.execute("UPDATE recovery_cases SET public = '?' WHERE case_id = '{}'", good)
    with open_store(ground.name) as store:
        desk = attrs.evolve(desk, store=store)
        for doctor, mended in ((store.doctor, False), (desk.doctor, False), (partial(desk.doctor, mend=True), True)):
            told = {finding.case_id: finding for finding in doctor()}
            assert f"timing of policy {POLICY.id}" in told[bad].what
            assert (told[bad].rule, told[bad].mended, told[good].mended) == (Wrong.UNREADABLE, False, mended)
        assert [finding.case_id for finding in desk.doctor()] == [bad]
        assert {step.case_id for step in desk.agenda()} == {bad, good}
        assert desk.learn()[0].opened == 2
        assert desk.risk() == ()


def test_the_shell_shows_what_was_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Agenda, doctor and health tell of it, by its id where even its reference cannot be read; a monitor gets exit code 1."""
    monkeypatch.chdir(tmp_path)
    for name in ("RECOVERY_NOW", "RECOVERY_DB", "RECOVERY_POLICY"):
        monkeypatch.delenv(name, raising=False)
    run("init", "--person", "ana=Ana Brook <ana@boats.example>", "--company", "Boat Displays", "--zone", "Europe/Berlin")
    told = run("receive", "--channel", "phone", "--name", "Bo", "--email", "bo@boat.example", "--text", "Dark.", "--json", "--now",
               "2026-03-02T09:40")[1]  # fmt: skip
    case_id = json.loads(told)["case"]["id"]
    execute = _on_file("recovery.db")
    for table in ("recovery_events", "recovery_cases"):
        execute("UPDATE {} SET public = '?'", table)
    code, out, _ = run("worker", "--once")
    assert (code, "1 failed" in out) == (1, True)
    agenda = " ".join(run("agenda", "--owner", "ana")[1].split())
    assert "find out why this case cannot be looked at" in agenda
    assert case_id in agenda
    assert run("doctor")[0] == 1
    code, out, _ = run("health", "--max-set-aside", "0")
    assert (code, "set aside 1 what fails and is tried again" in " ".join(out.split())) == (1, True)


def test_the_shell_counts_clocks_beside_those_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts the others and says that one is left out; a program gets null for it; asked for alone, it says why."""
    monkeypatch.chdir(tmp_path)
    for name in ("RECOVERY_NOW", "RECOVERY_DB", "RECOVERY_POLICY"):
        monkeypatch.delenv(name, raising=False)
    run("init", "--person", "ana=Ana Brook <ana@boats.example>", "--company", "Boat Displays", "--zone", "Europe/Berlin")
    ids: list[str] = []
    for name in ("Bo", "Cy"):
        told = run("receive", "--channel", "phone", "--name", name, "--text", "Dark.", "--json", "--now", "2026-03-02T09:40")[1]
        ids.append(json.loads(told)["case"]["id"])
        policy = Path("recovery.toml")
        policy.write_text(policy.read_text().replace('"17:00"', '"18:00"'))
    _on_file("recovery.db")(
        "UPDATE recovery_timings SET data = '?' WHERE policy_id IN (SELECT policy_id FROM recovery_cases WHERE case_id = '{}')",
        ids[0],
    )
    code, out, _ = run("clocks")
    assert (code, "1 case is left out: their clocks cannot be read" in " ".join(out.split())) == (0, True)
    told = json.loads(run("clocks", "--json")[1])["clocks"]
    assert (told[ids[0]], bool(told[ids[1]])) == (None, True)
    code, _, complaint = run("clocks", ids[0])
    assert (code, "cannot be read: timing of policy" in " ".join(complaint.split())) == (2, True)


def test_every_shipped_database_keeps_troubles() -> None:
    """What is told above is no matter of luck: the stores over SQL fill the ports for it."""
    assert all(hasattr(SQLStore, name) for name in ("put_off", "troubles", "next_due", "feed"))
