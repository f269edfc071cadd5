"""The desk: loads, decides, saves, and only then sends."""

from __future__ import annotations

import logging
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pendulum
import pytest
from attrs import define, evolve
from pendulum import DateTime

from recovery import (
    Acknowledge,
    CaseNotFound,
    Channel,
    Close,
    CloseReason,
    ConflictingChange,
    Delivery,
    Desk,
    FollowUp,
    Inform,
    InvalidValue,
    Investigate,
    KeyReused,
    Length,
    MemoryStore,
    MovePolicy,
    Policy,
    PostgresStore,
    Propose,
    Query,
    Receive,
    RecordAcceptance,
    RecordFollowUpAnswer,
    RecordingNotifier,
    Refused,
    SQLiteStore,
    Stage,
    Then,
    Undeliverable,
    Unit,
    Word,
    decide,
)
from recovery.core.clock import Timing
from recovery.core.messages import Message
from recovery.core.vocabulary.common import Command
from recovery.core.vocabulary.ownership import Choice, Load, Route, Team
from recovery.desk import Retries, new_identity
from recovery.notifiers import LoginRefused
from recovery.ports.store import Store
from recovery.ports.values import Change, KeyRecord, OutboxMessage
from servers import Database
from support import BO, MONDAY, PEOPLE, POLICY, REFUND, a_contact, by_mail, called, said


@define
class World:
    """A desk whose time and post the test decides about."""

    desk: Desk
    post: RecordingNotifier
    time: list[DateTime]

    def wait(self, **length: float) -> None:
        """Let time pass."""
        self.time[0] = self.time[0] + timedelta(**length)

    def opened(self) -> str:
        """Return the id of a case that a contact opened."""
        return self.desk.receive(a_contact(at=self.time[0], message_id="<1@boat.example>")).case.id

    def acknowledge(self) -> Acknowledge:
        """Return an acknowledgement by mail."""
        return Acknowledge(by="ana", word=by_mail("I am on it."), next_word_at=self.desk.policy.calendar.add_days(self.time[0], 1))


def a_world(store: Store | None = None, **fields: object) -> World:
    """Return a world on Monday morning."""
    time = [MONDAY]
    post = RecordingNotifier(now=lambda: time[0])
    settings = {"policy": POLICY, "notifier": post, "chance": Random(1), **fields}
    return World(Desk(store=store or MemoryStore(), now=lambda: time[0], **settings), post, time)  # type: ignore[arg-type]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A desk on each of the stores."""
    if request.param == "memory":
        yield a_world()
        return
    if request.param == "postgresql":
        database: Database = request.getfixturevalue("one_database")
        with PostgresStore(database.conninfo) as store:
            yield a_world(store)
        return
    with SQLiteStore(tmp_path / "desk.db") as store:
        yield a_world(store)


def test_a_contact_opens_a_case_and_is_receipted_at_once(world: World) -> None:
    """Whoever writes has a case, an owner and a receipt, without anybody doing anything."""
    outcome = world.desk.receive(a_contact())
    world.desk.work()
    assert outcome.case.stage is Stage.RECEIVED
    assert outcome.case.owner == "ana"
    assert [m.to.value for m in world.post.sent if m.person is None and m.to is not None] == ["bo@customer.example"]
    assert outcome.case.reference in world.post.sent[-1].body


def test_the_same_contact_twice_is_one_case_and_one_receipt(world: World) -> None:
    """A mail that is fetched twice is taken once."""
    first = world.desk.receive(a_contact(message_id="<1@x>"))
    second = world.desk.receive(a_contact(message_id="<1@x>"))
    world.desk.work()
    assert second.repeated
    assert not second.events
    assert second.case.id == first.case.id
    assert len([message for message in world.post.sent if message.person is None]) == 1


def test_a_reply_joins_by_thread_reference_and_ticket(world: World) -> None:
    """The reference in a customer's hand, the thread of a mail and the host's ticket all lead to the case."""
    case = world.desk.receive(a_contact(message_id="<1@x>", ticket="T-1")).case
    world.desk.work()
    receipt = next(message for message in world.post.sent if message.person is None)
    ways: list[dict[str, Any]] = [{"reference": f" {case.reference.lower()} "}, {"replies_to": (receipt.id,)}, {"ticket": "T-1"}]
    for number, how in enumerate(ways):
        joined = world.desk.receive(a_contact("And another thing.", message_id=f"<2{number}@x>", **how))
        assert joined.case.id == case.id
    assert len(world.desk.load(case.id).receiving.contacts) == 4


def test_a_contact_is_not_logged_on_a_second_case(world: World) -> None:
    """A letter that one case has already leaves no entry on another, whoever puts it there."""
    first, letter = world.opened(), a_contact("The pump leaks.", message_id="<2@x>")
    second = world.desk.receive(letter).case
    again = world.desk.handle(first, Receive(contact=letter))
    assert (again.events, world.desk.load(first).version) == ((), again.case.version)
    assert world.desk.load(second.id) == second
    assert world.desk.why_not(first, Receive(contact=letter)) == ()


def test_the_same_sender_alone_opens_a_case(world: World) -> None:
    """Two problems of one customer are two cases."""
    one, two = world.desk.receive(a_contact("one")), world.desk.receive(a_contact("two"))
    assert one.case.id != two.case.id


def test_nothing_is_sent_before_it_is_saved(world: World) -> None:
    """What a store refuses to keep is never said."""

    class Full(MemoryStore):
        def save(self, changes: object, *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
            raise OSError("the disk is full")

    broken = a_world(Full())
    with pytest.raises(OSError, match="disk is full"):
        broken.desk.receive(a_contact())
    broken.desk.work()
    assert broken.post.sent == []


def test_a_refusal_leaves_no_trace(world: World) -> None:
    """After a refusal the case, its history and the outbox are what they were, and why_not had said so."""
    case_id = world.opened()
    world.desk.work()
    before, history, sent = world.desk.load(case_id), world.desk.timeline(case_id), len(world.post.sent)
    hollow = Acknowledge(by="ana", word=by_mail())
    reasons = world.desk.why_not(case_id, hollow)
    with pytest.raises(Refused) as refusal:
        world.desk.handle(case_id, hollow)
    world.desk.work()
    assert refusal.value.reasons == reasons
    assert (world.desk.load(case_id), world.desk.timeline(case_id), len(world.post.sent)) == (before, history, sent)


def test_a_command_repeated_under_its_key_is_done_once(world: World) -> None:
    """A caller who does not know whether it worked says it again, and nothing happens twice."""
    case_id = world.opened()
    first = world.desk.handle(case_id, world.acknowledge(), key="ack-1")
    second = world.desk.handle(case_id, world.acknowledge(), key="ack-1")
    assert not first.repeated
    assert second.repeated
    assert second.case.version == first.case.version


def test_a_key_used_with_other_content_is_refused(world: World) -> None:
    """A key stands for one intention: other words, or another case, need another key."""
    case_id, other = world.opened(), world.desk.receive(a_contact("something else")).case.id
    world.desk.handle(case_id, world.acknowledge(), key="k")
    with pytest.raises(KeyReused):
        world.desk.handle(case_id, Investigate(by="ana"), key="k")
    with pytest.raises(KeyReused):
        world.desk.handle(other, world.acknowledge(), key="k")


def test_a_refused_command_does_not_use_up_its_key(world: World) -> None:
    """What was refused can be said again, mended, under the same key."""
    case_id = world.opened()
    with pytest.raises(Refused):
        world.desk.handle(case_id, Acknowledge(by="ana", word=by_mail()), key="k")
    assert not world.desk.handle(case_id, world.acknowledge(), key="k").repeated


def test_receiving_under_a_key_is_done_once(world: World) -> None:
    """A form that is submitted twice under one key is one case."""
    first = world.desk.receive(a_contact(), key="form-1")
    assert world.desk.receive(a_contact(), key="form-1").case.id == first.case.id
    with pytest.raises(KeyReused):
        world.desk.receive(a_contact("other words"), key="form-1")


def test_a_pinned_case_is_not_decided_anew(world: World) -> None:
    """Who decided on what they saw is told when it has changed since."""
    case_id = world.opened()
    seen = world.desk.load(case_id).version
    world.desk.handle(case_id, Inform(by="ana", word=by_mail("News.")))
    with pytest.raises(ConflictingChange) as conflict:
        world.desk.handle(case_id, world.acknowledge(), expected_version=seen)
    assert (conflict.value.expected, conflict.value.found) == (seen, world.desk.load(case_id).version)
    assert world.desk.handle(case_id, world.acknowledge(), expected_version=conflict.value.found).case.stage is Stage.ACKNOWLEDGED


def losing(times: int, rival: Callable[[], object]) -> type[MemoryStore]:
    """Return a store before whose first saves a rival is faster."""

    class Raced(MemoryStore):
        left = times

        def save(self, changes: object, *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
            if type(self).left:
                type(self).left -= 1
                rival()
            super().save(changes, key=key, timing=timing)  # type: ignore[arg-type]

    return Raced


def test_a_lost_race_is_decided_anew() -> None:
    """Two people click at once: both words are kept, one after the other."""
    calls: list[Callable[[], object]] = []
    raced = losing(2, lambda: calls.pop()() if calls else None)
    world = a_world(raced())
    case_id = world.opened()
    calls.append(lambda: world.desk.handle(case_id, Inform(by="ben", word=by_mail("From Ben."))))
    outcome = world.desk.handle(case_id, Inform(by="ana", word=by_mail("From Ana.")))
    told = [entry.by for entry in world.desk.timeline(case_id) if entry.kind == "customer_informed"]
    assert told == ["ben", "ana"]
    assert outcome.case == world.desk.load(case_id)


def test_a_contact_that_two_workers_fetch_at_once_is_one_case() -> None:
    """Two workers read the same mailbox in the same second: one case, one receipt."""
    calls: list[Callable[[], object]] = []
    world = a_world(losing(1, lambda: calls.pop()() if calls else None)())
    calls.append(lambda: world.desk.receive(a_contact(message_id="<1@x>")))
    outcome = world.desk.receive(a_contact(message_id="<1@x>"))
    assert outcome.repeated
    assert [case.id for case in world.desk.find()] == [outcome.case.id]


def test_opening_a_case_for_the_same_contact_twice_is_done_once(world: World) -> None:
    """A case of its own does not mean a second one for the same message."""
    first = world.desk.open(a_contact(), owner="ben")
    assert first.case.owner == "ben"
    assert world.desk.open(a_contact(), owner="ana").repeated


def test_a_race_that_is_lost_for_ever_is_passed_on() -> None:
    """A desk does not spin for ever."""

    class Hopeless(MemoryStore):
        def save(self, changes: object, *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
            raise ConflictingChange("x", 1, 2)

    with pytest.raises(ConflictingChange):
        a_world(Hopeless()).desk.receive(a_contact())


def test_many_commanders_on_one_hot_case_lose_nothing(tmp_path: Path) -> None:
    """Four people talk to one customer at once: every word is kept, in one gapless history, and nobody is turned away."""
    with SQLiteStore(tmp_path / "hot.db") as store:
        world = a_world(store)
        case_id = world.opened()

        def talk(who: str) -> list[object]:
            word = Word(via=frozenset({Channel.PHONE}), text="Still on it.", said_at=MONDAY)
            return [world.desk.handle(case_id, Inform(by=who, word=word)) for _ in range(15)]

        with ThreadPoolExecutor(4) as pool:
            outcomes = [outcome for told in pool.map(talk, ["ana", "ben", "cleo", "fay"]) for outcome in told]
        timeline = world.desk.timeline(case_id)
        assert len(outcomes) == 60
        assert [entry.seq for entry in timeline] == list(range(1, len(timeline) + 1))
        assert Counter(entry.by for entry in timeline if entry.kind == "customer_informed") == dict.fromkeys(
            ["ana", "ben", "cleo", "fay"], 15
        )
        assert world.desk.doctor() == ()


def test_a_reference_that_is_taken_is_drawn_again() -> None:
    """Two cases never share a reference, however the dice fall."""
    drawn = iter([("a", "R1"), ("b", "R1"), ("c", "R3")])
    from recovery import Identity  # noqa: PLC0415

    def identities() -> Identity:
        case_id, reference = next(drawn)
        return Identity(case_id=case_id, reference=reference)

    world = a_world(identities=identities)
    assert world.desk.receive(a_contact("one")).case.reference == "R1"
    assert world.desk.receive(a_contact("two")).case.reference == "R3"


def test_a_mail_server_that_is_down_is_tried_again_and_then_given_up(world: World) -> None:
    """Failing is retried with growing waits; giving up becomes a step of the owner, and the clock it had met runs again."""
    case_id = world.opened()
    world.desk.work()
    world.desk.handle(case_id, world.acknowledge())
    world.post.failing = lambda message: TimeoutError("no answer from the server at 10.0.0.1")
    tries = 0
    for _ in range(2000):
        tries += world.desk.deliver()[1]
        world.wait(minutes=5)
        if any(out.state is Delivery.GIVEN_UP for out in world.desk.load(case_id).receiving.outgoing):
            break
    rules = {step.clock: step for step in world.desk.agenda()}
    assert tries == Retries().tries
    assert rules["case.never-forgotten"].what.startswith("reach the customer another way")
    assert "acknowledge.immediately" in rules
    assert world.desk.load(case_id).stage is Stage.ACKNOWLEDGED
    assert world.desk.store.backlog(world.time[0]).given_up == 1


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (LoginRefused("It does not know the user.", "Look at user.", setting="user"), "It does not know the user. Look at user."),
        (OSError("bo@customer.example is unknown"), "OSError"),
    ],
)
def test_why_a_message_still_waits_is_on_record(trouble: Exception, told: str, tmp_path: Path) -> None:
    """Our own errors say what to do; of others only the kind is kept, because they may quote anything."""
    with SQLiteStore(tmp_path / "desk.db") as store:
        world = a_world(store)
        world.opened()
        world.post.failing = lambda _: trouble
        world.desk.deliver()
        assert {waiting.error for waiting in store.waiting()} == {told}


def test_what_can_never_be_delivered_is_not_tried_again(world: World) -> None:
    """An address that does not exist is given up at once."""
    case_id = world.opened()
    world.post.failing = lambda message: Undeliverable("no such mailbox") if message.person is None else None
    assert world.desk.deliver() == (1, 1)
    assert world.desk.deliver() == (0, 0)
    assert [out.state for out in world.desk.load(case_id).receiving.outgoing] == [Delivery.SENT, Delivery.GIVEN_UP]


def test_a_channel_nobody_sends_on_becomes_a_step_of_the_owner(world: World) -> None:
    """A message for which there is no way out does not wait in the outbox for ever."""
    case_id = world.opened()
    world.post.channels = frozenset({Channel.SMS})
    world.desk.work()
    assert any(step.clock == "case.never-forgotten" for step in world.desk.agenda())
    assert world.desk.load(case_id).receiving.tasks


def test_without_a_notifier_messages_wait_in_the_outbox() -> None:
    """A host that sends by itself finds every message in the outbox."""
    world = a_world(notifier=None)
    world.opened()
    assert world.desk.deliver() == (0, 0)
    assert world.desk.store.backlog(MONDAY).unsent == 2


def test_retries_grow_up_to_a_limit_and_are_spread() -> None:
    """Waits double, stop growing at a limit, and no two messages come back at exactly the same time."""
    retries, chance = Retries(), Random(7)
    waits = [retries.wait(tried, chance) for tried in range(1, 12)]
    for tried, wait in enumerate(waits, start=1):
        plain = min(timedelta(minutes=2 ** (tried - 1)), timedelta(hours=4))
        assert plain <= wait <= plain * 1.25
    assert retries.wait(1, chance) != retries.wait(1, chance)
    assert timedelta(hours=4) <= retries.wait(10_000, chance) <= timedelta(hours=5)


def test_work_says_what_it_did_and_how_far_behind_it_was(world: World) -> None:
    """A worker's round is a value: looked at, sent, failed, and the lag of the longest overdue case."""
    world.opened()
    assert (world.desk.work().sent, world.desk.work().sent) == (2, 0)
    world.wait(hours=3)
    late = world.desk.work()
    assert (late.ticked, late.sent, late.failed) == (1, 1, 0)
    assert late.lag == timedelta(hours=2)
    assert world.desk.work() == type(late)()


def test_one_broken_case_does_not_stop_the_others(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A case that cannot be looked at is logged and left; the others are looked at all the same."""
    broken, whole = world.opened(), world.desk.receive(a_contact("another")).case.id
    store, load = world.desk.store, world.desk.store.load

    def loading(case_id: str) -> object:
        if case_id == broken:
            raise RuntimeError("this row is broken")
        return load(case_id)

    world.wait(hours=3)
    object.__setattr__(store, "load", loading) if hasattr(store, "__dict__") else pytest.fail("a store one cannot patch")
    assert world.desk.run_due() == (1, 1)
    assert [record.case_id for record in caplog.records if record.levelno == logging.ERROR] == [broken]  # type: ignore[attr-defined]
    assert any(event.kind == "alarm_rung" for event in world.desk.timeline(whole))


def test_a_directory_that_fails_keeps_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    """Where nobody can say who is away, the contact becomes a case all the same, and the log says why."""

    class Down:
        def away(self, now: DateTime) -> frozenset[str] | None:
            raise OSError("no route to the calendar")

    outcome = a_world(directory=Down()).desk.receive(a_contact())
    assert outcome.case.owner == "ana"
    assert "nobody can say who is away" in caplog.text


def test_who_has_how_much_to_do_may_be_said_by_others(caplog: pytest.LogCaptureFixture) -> None:
    """A host whose people have other work says so; where it cannot, the order of the team decides and the log says why."""

    class Elsewhere:
        def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
            if down:
                raise OSError("no route to the helpdesk")
            return {name: Load(open_cases=9 if name == "ana" else 1) for name in people}

    team = Team(id="all", members=("ana", "ben"), choose=Choice.LEAST_LOADED)
    policy = evolve(POLICY, teams=(team,), routes=(Route(team="all", procedure="Ring first."),))
    for down, wanted in ((False, "ben"), (True, "ana")):
        caplog.clear()
        assert a_world(policy=policy, workloads=Elsewhere()).desk.receive(a_contact()).case.owner == wanted
        assert ("nobody can say how much there is to do" in caplog.text) is down


def test_a_text_that_cannot_be_rendered_does_not_silence_us(caplog: pytest.LogCaptureFixture) -> None:
    """Where a host's template fails, the customer still gets the built-in text."""

    class Broken:
        def render(self, message: Message) -> tuple[str, str]:
            raise KeyError("nmae")

    world = a_world(renderer=Broken())
    world.opened()
    world.desk.work()
    assert "Your reference is" in world.post.sent[-1].body
    assert "the built-in text goes out" in caplog.text


def test_a_merged_case_answers_as_its_survivor(world: World) -> None:
    """A reply to a duplicate reaches the case that lives on, with the whole history."""
    lives = world.opened()
    double = world.desk.receive(a_contact("The display again.", message_id="<2@x>")).case
    merged = world.desk.handle(double.id, Close(by="ana", reason=CloseReason.DUPLICATE, survivor=lives))
    reply = world.desk.receive(a_contact("Any news?", message_id="<3@x>", replies_to=("<2@x>",)))
    assert [case.id for case in merged.opened] == [lives]
    assert reply.case.id == lives
    assert double.id in {entry.case_id for entry in world.desk.timeline(lives)}
    assert world.desk.doctor() == ()


def test_a_circle_of_merges_is_refused(world: World) -> None:
    """However long the chain, it does not lead back to where it began."""
    first, second = world.opened(), world.desk.receive(a_contact("b", message_id="<2@x>")).case.id
    world.desk.handle(second, Close(by="ana", reason=CloseReason.DUPLICATE, survivor=first))
    reasons = world.desk.why_not(first, Close(by="ana", reason=CloseReason.DUPLICATE, survivor=second))
    assert {reason.rule for reason in reasons} == {"case.one-thread"}


def test_something_else_opens_a_linked_case_in_the_same_breath(world: World) -> None:
    """An afterthought of the customer is a case of its own, saved with the answer or not at all."""
    case_id = world.opened()
    settle(world, case_id)
    world.wait(days=4)
    answer = RecordFollowUpAnswer(
        by="ana", said=said("Fine, but my invoice is wrong."), solved=True, something_else="The invoice.", then=Then.LINKED_CASE
    )
    outcome = world.desk.handle(case_id, FollowUp(by="ana", word=called(world.time[0])), answer)
    assert [case.receiving.issue for case in outcome.opened] == ["The invoice."]
    assert outcome.opened[0].receiving.links == (case_id,)
    assert world.desk.load(outcome.opened[0].id) == outcome.opened[0]


def settle(world: World, case_id: str) -> None:
    """Bring a case to its resolution, with nothing left to deliver."""
    option = evolve(REFUND, delivers=None)
    world.desk.handle(
        case_id,
        world.acknowledge(),
        Investigate(by="ana"),
        Propose(by="ana", word=by_mail("We can do this."), options=(option,)),
        RecordAcceptance(by="ana", option="refund", said=said()),
    )
    world.desk.work()


def test_a_case_keeps_the_clocks_it_began_with(world: World) -> None:
    """A new policy does not move the dates of running cases, until somebody moves them with a reason."""
    case_id = world.opened()
    due = {step.clock: step.due_at for step in world.desk.agenda()}
    slower = tuple(
        evolve(clock, length=Length(9, Unit.BUSINESS_DAYS)) if clock.id == "propose.in-time" else clock for clock in POLICY.clocks
    )
    later = evolve(world.desk, policy=Policy(fallback_owner="cleo", calendar=POLICY.calendar, people=PEOPLE, clocks=slower))
    assert {step.clock: step.due_at for step in later.agenda()} == due
    later.handle(case_id, Inform(by="ana", word=by_mail("News.")))
    assert later.load(case_id).policy_id == POLICY.id
    later.handle(case_id, MovePolicy(by="cleo", reason="the new times hold for everybody"))
    moved = {step.clock: step.due_at for step in later.agenda()}
    assert moved["propose.in-time"] == POLICY.calendar.add_days(MONDAY, 9)
    assert later.doctor() == ()


def test_the_case_can_be_seen_as_it_was(world: World) -> None:
    """What was recorded until an instant is the case at that instant."""
    case_id = world.opened()
    before = world.desk.load(case_id)
    world.wait(minutes=20)
    world.desk.handle(case_id, world.acknowledge())
    assert world.desk.at(case_id, MONDAY) == before
    assert {entry.recorded_at for entry in world.desk.timeline(case_id, until=MONDAY)} == {MONDAY}
    with pytest.raises(CaseNotFound):
        world.desk.at(case_id, MONDAY.subtract(days=1))


def test_an_unknown_case_is_named(world: World) -> None:
    """Whoever mistypes an id hears which."""
    for ask in (world.desk.load, world.desk.timeline, world.desk.permitted):
        with pytest.raises(CaseNotFound, match="nowhere"):
            ask("nowhere")


def test_a_naive_instant_is_refused_with_the_way_out(world: World) -> None:
    """A time without a zone is nobody's time."""
    naive = pendulum.naive(2026, 3, 2)
    with pytest.raises(InvalidValue, match="until") as error:
        world.desk.agenda(until=naive)
    assert "pendulum.now('UTC')" in error.value.hint
    lost = evolve(world.desk, now=lambda: naive)
    with pytest.raises(InvalidValue, match="now"):
        lost.receive(a_contact())


def test_the_agenda_is_by_person_and_by_date(world: World) -> None:
    """Everybody sees their own day, the soonest first."""
    world.opened()
    everything = world.desk.agenda()
    assert [step.due_at for step in everything] == sorted(step.due_at for step in everything if step.due_at)
    assert world.desk.agenda(owner="ben") == ()
    assert world.desk.agenda(owner="ana", until=MONDAY.add(hours=2)) == everything[:1]


def test_cases_are_found_by_what_is_known_of_them(world: World) -> None:
    """Owner, stage, address and words all lead to the case."""
    case_id = world.opened()
    desk = world.desk
    for found in (
        desk.find(owner="ana"),
        desk.find(stage=Stage.RECEIVED),
        desk.find(address=" BO@customer.example"),
        desk.find(text="display"),
        desk.find(Query(open_only=True), in_tray=False),
    ):
        assert [case.id for case in found] == [case_id]
    assert list(desk.find(owner="ben")) == []


def test_pages_are_put_together(world: World) -> None:
    """However many cases there are, none is left out and none comes twice."""
    ids = {world.desk.receive(a_contact(str(number))).case.id for number in range(7)}
    found = [case.id for case in world.desk.find(Query(limit=3))]
    assert len(found) == 7
    assert set(found) == ids


def test_logs_and_reprs_hold_nothing_personal(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A log can be given to anybody: ids and rule ids, no names, no words, no addresses."""
    caplog.set_level(logging.DEBUG)
    outcome = world.desk.receive(a_contact("MY-SECRET-WORDS", subject="MY-SECRET-SUBJECT"))
    world.desk.handle(outcome.case.id, world.acknowledge())
    world.post.failing = lambda message: Undeliverable("MY-SECRET-ADDRESS is full")
    world.desk.work()
    told = caplog.text + repr([vars(record) for record in caplog.records]) + repr(outcome) + repr(world.desk.load(outcome.case.id))
    for secret in ("MY-SECRET", BO.name or "", "bo@customer.example", "I am on it"):
        assert secret not in told
    assert outcome.case.id in repr([vars(record) for record in caplog.records])


def test_the_desk_saves_what_decide_decides(world: World) -> None:
    """The shell adds nothing: what it stores is what the pure function returns."""
    case_id = world.opened()
    command: Command = world.acknowledge()
    pure = decide(world.desk.load(case_id), command, policy=POLICY, now=world.time[0])
    assert world.desk.handle(case_id, command).case == pure.case


def test_a_message_that_cannot_be_put_on_record_does_not_stop_the_others(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """When saving fails after sending, the message comes back later; the rest of the post goes out."""
    world.opened()

    def fail(message: OutboxMessage) -> Exception | None:
        if message.person == "ana":
            object.__setattr__(world.desk.store, "save", lambda *_, **__: (_ for _ in ()).throw(OSError("gone")))
        return None

    world.post.failing = fail
    sent, failed = world.desk.deliver(limit=2)
    assert (sent, failed) == (0, 2)
    assert "could not be put on record" in caplog.text


def test_a_change_must_lead_from_one_version_to_the_next() -> None:
    """A store is never given a history with a hole."""
    opened = a_world().desk.receive(a_contact())
    with pytest.raises(ValueError, match="do not lead"):
        Change(case=opened.case, base_version=1, events=opened.events, wake_at=None)


def test_ids_are_told_apart_and_come_in_the_order_of_time() -> None:
    """A fresh id is a UUID of version 7, none is drawn twice, and a later one is greater as soon as a millisecond has gone by."""
    began = time.time_ns() // 1_000_000
    ids = [new_identity().case_id for _ in range(2000)]
    drawn = [uuid.UUID(one) for one in ids]
    assert {(one.version, one.variant) for one in drawn} == {(7, uuid.RFC_4122)}
    assert len(set(ids)) == len(ids) == len({one[13:] for one in ids})
    stamps = [int(one[:12], 16) for one in ids]
    assert stamps == sorted(stamps)
    assert began <= stamps[0] <= stamps[-1] <= time.time_ns() // 1_000_000
