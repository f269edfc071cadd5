"""A desk at work: contacts, acts, lost mails, jumps of the clock and restarts, beside a plain model of what must be there.

The model is a dictionary: for each case the entries seen so far. Histories only grow, a case is the fold of its history, what is
repeated changes nothing, nothing is sent that was not saved, and the doctor finds nothing, after every step.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import attrs
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.decide import agenda
from recovery.core.errors import ConflictingChange, KeyReused, Refused, Undeliverable
from recovery.core.fold import fold
from recovery.core.reference import Identity, reference
from recovery.core.values import later
from recovery.core.vocabulary.closing import Close, CloseReason
from recovery.core.vocabulary.common import Command, Recorded
from recovery.core.vocabulary.receiving import Contact, MessagePrepared
from recovery.desk import Desk, Outcome, Retries, Work
from recovery.notifiers import RecordingNotifier
from recovery.ports.store import Store
from recovery.ports.values import OutboxMessage
from recovery.stores.memory import MemoryStore
from recovery.stores.sqlite import SQLiteStore
from strategies import batches, contacts, waits
from support import MONDAY, POLICY, a_contact

Known = tuple[str, tuple[Command, ...]]
"""What a key was used for: the case and the commands."""


@attrs.define
class Post:
    """A mail server that is up, or down for a while, or knows that an address does not exist."""

    weather: str = "fine"

    def failing(self, message: OutboxMessage) -> Exception | None:
        """Return what sending raises today."""
        if self.weather == "fine" or (self.weather == "customers only" and message.person is not None):
            return None
        return Undeliverable("no such address") if self.weather == "nobody there" else ConnectionError("down")


@attrs.define
class People:
    """A directory that tells who is away, if anybody can tell."""

    absent: frozenset[str] | None = None

    def away(self, now: DateTime) -> frozenset[str] | None:
        """Return who is away."""
        return self.absent


class DeskWalk(RuleBasedStateMachine):
    """Walks a desk over one store, and checks it against the model after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.now = MONDAY
        self.people = People()
        self.post = Post()
        self.notifier = RecordingNotifier(now=self.tell, failing=self.post.failing)
        self.numbers = iter(range(1, 10_000))
        self.desk = self.a_desk(self.a_store())
        self.model: dict[str, tuple[Recorded, ...]] = {}
        self.contacts: list[Contact] = []
        self.keys: dict[str, Known] = {}

    def a_store(self) -> Store:
        """Return the store to walk on."""
        return MemoryStore()

    def reopened(self, store: Store) -> Store:
        """Return the store as it is after a restart."""
        return store

    def a_desk(self, store: Store) -> Desk:
        """Return a desk as a fresh process would make it."""
        return Desk(
            store=store,
            policy=POLICY,
            notifier=self.notifier,
            directory=self.people,
            now=self.tell,
            identities=self.identity,
            retries=Retries(tries=3),
            chance=Random(1),
        )

    def tell(self) -> DateTime:
        """Return the present instant."""
        return self.now

    def identity(self) -> Identity:
        """Return the next id and reference."""
        number = next(self.numbers)
        return Identity(case_id=f"case-{number:04}", reference=reference(number))

    # ------------------------------------------------------------ the model

    def case(self, data: st.DataObject) -> Case:
        """Draw one of the cases."""
        return self.desk.load(data.draw(st.sampled_from(sorted(self.model)), label="case"))

    def took(self, outcome: Outcome) -> None:
        """Hold an outcome against the model: its entries are the newest of its case, and no other case has changed unseen."""
        name = outcome.case.id
        seen = self.model.get(name, ())
        assert self.desk.store.history(name) == (*seen, *outcome.events)
        assert self.desk.load(name) == outcome.case
        assert not (outcome.repeated and outcome.events)
        self.model[name] = (*seen, *outcome.events)
        for other in outcome.opened:
            self.grew(other.id)
            assert self.desk.load(other.id) == other

    def grew(self, name: str) -> None:
        """Take what was added to the history of a case into the model; what was there is there still."""
        seen, there = self.model.get(name, ()), self.desk.store.history(name)
        assert there[: len(seen)] == seen
        self.model[name] = there

    def unchanged(self) -> None:
        """Hold every history against the model: nothing was added."""
        assert {name: self.desk.store.history(name) for name in self.model} == self.model

    # ------------------------------------------------------------ what happens

    @initialize()
    def begin(self) -> None:
        """A first complaint comes in."""
        self.contacts.append(a_contact(message_id="m-0"))
        self.took(self.desk.receive(self.contacts[0]))

    @rule(data=st.data())
    def somebody_writes(self, data: st.DataObject) -> None:
        """A contact comes in: a new matter, an answer to a message of ours, or one that names a reference or a ticket."""
        contact = data.draw(contacts(self.now), label="contact")
        about = data.draw(st.sampled_from((None, None, "reference", "thread", "ticket")), label="about")
        case = self.case(data)
        if about == "reference":
            contact = attrs.evolve(contact, reference=f" {case.reference.lower()} ")
        elif about == "thread":
            ours = [out.id for out in case.receiving.outgoing if out.person is None]
            contact = attrs.evolve(contact, replies_to=tuple(ours[:1]))
        elif about == "ticket":
            contact = attrs.evolve(contact, ticket="T-1")
        self.contacts.append(contact)
        self.took(self.desk.receive(contact))

    @rule(data=st.data())
    def somebody_writes_the_same_again(self, data: st.DataObject) -> None:
        """A contact that was taken before comes again: nothing is added anywhere."""
        contact = data.draw(st.sampled_from(self.contacts), label="again")
        outcome = self.desk.receive(contact)
        assert outcome.repeated
        assert outcome.events == ()
        self.unchanged()

    @rule(data=st.data(), pin=st.sampled_from((None, None, 0, -1)))
    def somebody_acts(self, data: st.DataObject, pin: int | None) -> None:
        """Commands are carried out, all or none; a refusal says what ``why_not`` says, a stale version is a conflict."""
        case = self.case(data)
        tried = data.draw(batches(case, self.now), label="commands")
        told = self.desk.why_not(case.id, *tried)
        version = None if pin is None else case.version + pin
        came = self.attempt(case, tried, version)
        if isinstance(came, Outcome):
            assert told == ()
            assert pin != -1
            self.took(came)
            return
        self.unchanged()
        if isinstance(came, Refused):
            assert came.reasons == told != ()
        assert isinstance(came, ConflictingChange) is (pin == -1)

    def attempt(self, case: Case, tried: tuple[Command, ...], version: int | None) -> Outcome | Refused | ConflictingChange:
        """Carry ``tried`` out; return what came of it."""
        try:
            return self.desk.handle(case.id, *tried, expected_version=version)
        except (Refused, ConflictingChange) as error:
            return error

    @rule(data=st.data(), key=st.sampled_from(("k1", "k2", "k3")))
    def somebody_acts_under_a_key(self, data: st.DataObject, key: str) -> None:
        """Under a key commands are carried out once: the same again is a repeat, anything else is refused; both change nothing."""
        case = self.case(data)
        tried: tuple[Command, ...] = data.draw(batches(case, self.now), label="commands")
        known = self.keys.get(key)
        if known is None:
            try:
                outcome = self.desk.handle(case.id, *tried, key=key)
            except Refused:
                self.unchanged()
                assert self.desk.store.key(key) is None
                return
            self.took(outcome)
            self.keys[key] = (case.id, tried)
        elif known == (case.id, tried):
            assert self.desk.handle(case.id, *tried, key=key).repeated
            self.unchanged()
        else:
            try:
                self.desk.handle(case.id, *tried, key=key)
            except KeyReused:
                self.unchanged()
            else:
                raise AssertionError("a key was used twice with other content")

    @precondition(lambda self: self.keys)
    @rule(data=st.data())
    def a_call_is_repeated_under_its_key(self, data: st.DataObject) -> None:
        """The very same call under its key gives the present case, marked as repeated."""
        key = data.draw(st.sampled_from(sorted(self.keys)), label="key")
        case_id, tried = self.keys[key]
        outcome = self.desk.handle(case_id, *tried, key=key)
        assert outcome.repeated
        assert outcome.case == self.desk.load(case_id)
        self.unchanged()

    @precondition(lambda self: len(self.model) > 1)
    @rule(data=st.data())
    def two_cases_are_found_to_be_one(self, data: st.DataObject) -> None:
        """A case is closed as a duplicate of another, which takes it in with all its history."""
        first, second = self.case(data), self.case(data)
        command = Close(by="ana", reason=CloseReason.DUPLICATE, survivor=second.id)
        if self.desk.why_not(first.id, command):
            return
        self.took(self.desk.handle(first.id, command))
        assert first.id in self.desk.load(second.id).receiving.merged
        told = {(entry.case_id, entry.seq) for entry in self.desk.timeline(second.id)}
        assert {(first.id, recorded.seq) for recorded in self.model[first.id]} <= told
        reply = a_contact(
            "It is about the old one.", at=self.now, reference=first.reference, message_id=f"m-{len(self.contacts)}-reply"
        )
        self.contacts.append(reply)
        outcome = self.desk.receive(reply)
        self.took(outcome)
        assert outcome.case.id != first.id

    @rule(length=waits)
    def time_passes(self, length: object) -> None:
        """Minutes or weeks go by."""
        self.now = later(self.now, length)  # type: ignore[arg-type]

    @rule(weather=st.sampled_from(("fine", "fine", "down", "customers only", "nobody there")))
    def the_post_changes(self, weather: str) -> None:
        """The mail server goes down, comes back, or learns that nobody is there."""
        self.post.weather = weather

    @rule(away=st.sampled_from((None, frozenset[str](), frozenset({"ana"}), frozenset({"ana", "ben", "cleo"}))))
    def people_come_and_go(self, away: frozenset[str] | None) -> None:
        """Somebody goes on leave, or nobody can tell."""
        self.people.absent = away

    @rule()
    def the_process_is_restarted(self) -> None:
        """A new desk over the same store knows everything the old one knew."""
        before = {name: self.desk.load(name) for name in self.model}
        self.desk = self.a_desk(self.reopened(self.desk.store))
        assert {name: self.desk.load(name) for name in self.model} == before

    @rule()
    def the_desk_works(self) -> None:
        """Work comes to rest: after a few rounds at one instant there is nothing left to do, and one more changes nothing."""
        for _ in range(12):
            if self.desk.work(limit=50) == Work():
                break
            for name in tuple(self.model):
                self.grew(name)
        else:
            raise AssertionError("work does not come to rest")
        backlog = self.desk.store.backlog(self.now)
        assert backlog.due == 0
        assert self.desk.work() == Work()
        self.unchanged()

    # ------------------------------------------------------------ what always holds

    @invariant()
    def every_case_is_the_fold_of_its_history(self) -> None:
        """What is loaded is what the history says, entry for entry as it was decided."""
        for name, events in self.model.items():
            assert self.desk.store.history(name) == events
            assert fold(events) == self.desk.load(name)

    @invariant()
    def the_doctor_finds_nothing(self) -> None:
        """Nothing that must not be is stored."""
        assert self.desk.doctor() == ()

    @invariant()
    def no_case_is_hidden(self) -> None:
        """Every case is found, and every step of every case is on the agenda of the desk, with somebody for it."""
        found = list(self.desk.find())
        assert {case.id for case in found} == set(self.model)
        steps = [step for case in found for step in agenda(case, POLICY)]
        shown = self.desk.agenda()
        assert sorted(shown, key=repr) == sorted(steps, key=repr)
        assert all(step.whom for step in shown)

    @invariant()
    def nothing_was_said_that_was_not_saved(self) -> None:
        """Every message that left is an entry of its case, left once, and went where the entry says."""
        prepared = {
            recorded.event.message_id: recorded.event
            for events in self.model.values()
            for recorded in events
            if isinstance(recorded.event, MessagePrepared)
        }
        ids = [message.id for message in self.notifier.sent]
        assert len(set(ids)) == len(ids)
        for message in self.notifier.sent:
            event = prepared[message.id]
            assert (message.channel, message.to, message.person) == (event.channel, event.to, event.person)
            assert "\n" not in message.subject


class FileWalk(DeskWalk):
    """The same walk over a SQLite file, which each restart opens anew."""

    def a_store(self) -> Store:
        """Return a store on a new file."""
        self.folder = tempfile.TemporaryDirectory()
        return SQLiteStore(Path(self.folder.name) / "cases.db")

    def reopened(self, store: Store) -> Store:
        """Close the file and open it again."""
        assert isinstance(store, SQLiteStore)
        store.close()
        return SQLiteStore(Path(self.folder.name) / "cases.db")

    def teardown(self) -> None:
        """Leave nothing behind."""
        assert isinstance(self.desk.store, SQLiteStore)
        self.desk.store.close()
        self.folder.cleanup()


_EXAMPLES = settings().max_examples
_HEALTH = (HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.too_slow)

TestDeskInMemory = DeskWalk.TestCase
TestDeskInMemory.settings = settings(max_examples=_EXAMPLES // 2, stateful_step_count=25, suppress_health_check=_HEALTH)
TestDeskOnAFile = FileWalk.TestCase
TestDeskOnAFile.settings = settings(max_examples=_EXAMPLES // 5, stateful_step_count=20, suppress_health_check=_HEALTH)
