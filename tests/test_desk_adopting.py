"""The desk takes over tickets: batch by batch, each once, whoever else is at it, and without a word to anybody."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pendulum
import pytest
from attrs import define, evolve, field

from recovery import (
    Adoption,
    Channel,
    Contact,
    Customer,
    Desk,
    Identity,
    InvalidValue,
    MemoryStore,
    Person,
    PostgresStore,
    RecordingNotifier,
    SQLiteStore,
    Stage,
    Ticket,
    Timing,
    policies,
)
from recovery.core.errors import ConflictingChange
from recovery.desk import adopting
from recovery.desk.adopting import BATCH
from recovery.desk.values import new_identity
from recovery.ports.values import Change, KeyRecord
from recovery.stores.sql.store import SQLStore
from servers import Database

NOW = pendulum.datetime(2026, 3, 2, 9, 0, tz="UTC")
POLICY = policies.default(
    fallback_owner="fay", calendar=policies.office_hours("Europe/Berlin"), people=[Person(id="ana"), Person(id="fay")]
)


def tickets(number: int, first: int = 0) -> Iterator[Ticket]:
    """Yield so many tickets, at every open stage in turn."""
    stages = [stage for stage in Stage if stage not in (Stage.CLOSED, Stage.FOLLOWED_UP_WEEKS)]
    for place in range(first, first + number):
        sender = Customer(id=f"c-{place}")
        contact = Contact(channel=Channel.PHONE, sender=sender, text="It is dark.", received_at=NOW - timedelta(days=9))
        yield Ticket(number=f"T-{place}", contact=contact, stage=stages[place % len(stages)], owner="ana")


def desk_on(store: MemoryStore | SQLStore, **fields: object) -> Desk:
    """Return a desk on Monday morning."""
    return Desk(store=store, policy=POLICY, now=lambda: NOW, **fields)  # type: ignore[arg-type]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MemoryStore | SQLStore]:
    """Each of the stores."""
    if request.param == "memory":
        yield MemoryStore()
        return
    if request.param == "postgresql":
        database: Database = request.getfixturevalue("one_database")
        with PostgresStore(database.conninfo) as made:
            yield made
        return
    with SQLiteStore(tmp_path / "desk.db") as opened:
        yield opened


def test_more_tickets_than_a_batch_are_all_adopted_once(store: MemoryStore | SQLStore) -> None:
    """Every ticket becomes one case with an owner and a step, nothing is sent, and the doctor finds nothing."""
    mail = RecordingNotifier(now=lambda: NOW)
    desk, seen = desk_on(store, notifier=mail), list[int]()
    adoption = desk.adopt(tickets(2 * BATCH + 30), progress=seen.append)
    assert seen == [BATCH, 2 * BATCH, 2 * BATCH + 30]
    assert (adoption.adopted, adoption.known, adoption.ended, adoption.left_out) == (2 * BATCH + 30, 0, 0, ())
    assert sum(adoption.stages.values()) == adoption.adopted
    assert list(adoption.stages) == [stage for stage in Stage if stage in adoption.stages]
    assert desk.work().sent == 0
    assert (store.backlog(NOW).due, store.backlog(NOW).unsent, desk.doctor()) == (0, 0, ())
    again = desk.adopt(tickets(2 * BATCH + 31))
    assert (again.adopted, again.known) == (1, 2 * BATCH + 30)


def test_clocks_of_later_batches_begin_later(store: MemoryStore | SQLStore) -> None:
    """The turn goes on from batch to batch, so that the spread holds for all tickets that are adopted together."""
    desk = desk_on(store)
    desk.adopt(tickets(2 * BATCH))
    begun = [case.adopted.at for case in desk.find() if case.adopted is not None]
    assert len(begun) == 2 * BATCH
    assert max(begun.count(at) for at in set(begun)) == 10


def test_a_ticket_that_comes_twice_is_adopted_once(store: MemoryStore | SQLStore) -> None:
    """The number is its identity: within a batch, across batches, in a dry run, and where a contact has named it before."""
    desk = desk_on(store)
    desk.receive(Contact(channel=Channel.PHONE, sender=Customer(name="Bo"), text="Hello.", received_at=NOW, ticket="T-3"))
    twice = [*tickets(5), *tickets(5), *tickets(BATCH, 5), *tickets(2)]
    dry = desk.adopt(twice, dry_run=True)
    assert len(list(desk.find())) == 1
    wet = desk.adopt(twice)
    assert dry == wet
    assert (wet.adopted, wet.known) == (BATCH + 4, 8)
    assert len(list(desk.find())) == BATCH + 5


def test_a_message_that_was_taken_in_already_is_known(store: MemoryStore | SQLStore) -> None:
    """Where the desk has the mail that a ticket began with, or two tickets began with one, the others are adopted all the same."""
    desk = desk_on(store)
    one, two, three, four = (evolve(each, contact=evolve(each.contact, message_id=f"{each.number}@shop")) for each in tickets(4))
    desk.receive(evolve(two.contact, ticket=None))
    twin = evolve(four, contact=evolve(four.contact, message_id=one.contact.message_id))
    dry = desk.adopt([one, two, three, twin], dry_run=True)
    adoption = desk.adopt([one, two, three, twin])
    assert dry == adoption
    assert (adoption.adopted, adoption.known) == (2, 2)
    assert len(list(desk.find())) == 3


def test_what_is_over_or_cannot_be_is_told_apart(store: MemoryStore | SQLStore) -> None:
    """Ended tickets are counted, impossible ones are named with every reason, and the others of the batch are adopted."""
    one, two, three, four = tickets(4)
    ahead = evolve(two, contact=evolve(two.contact, received_at=NOW + timedelta(days=1)))
    adoption = desk_on(store).adopt([evolve(one, stage=Stage.CLOSED), ahead, evolve(three, owner="nobody"), four])
    assert (adoption.adopted, adoption.ended, adoption.rerouted) == (2, 1, 1)
    assert [(left.number, [reason.field for reason in left.reasons]) for left in adoption.left_out] == [("T-1", ["received_at"])]


def test_what_is_no_ticket_is_refused_and_its_batch_with_it(store: MemoryStore | SQLStore) -> None:
    """A mistake of the program is an error that names the place."""
    with pytest.raises(InvalidValue) as caught:
        desk_on(store).adopt([*tickets(2), {"number": "T-9"}])  # type: ignore[list-item]
    assert [reason.field for reason in caught.value.reasons] == ["tickets[2]"]
    assert store.backlog(NOW).open_cases == 0


def test_tickets_are_taken_as_they_come(store: MemoryStore | SQLStore) -> None:
    """A source without an end is read a batch at a time, and what was saved before it breaks stays saved."""

    def endless() -> Iterator[Ticket]:
        yield from tickets(BATCH + 10)
        raise OSError("the other system is gone")

    with pytest.raises(OSError, match="gone"):
        desk_on(store).adopt(endless())
    assert store.backlog(NOW).open_cases == BATCH
    assert desk_on(store).adopt(tickets(BATCH + 10)).adopted == 10


def test_nothing_at_all_is_adopted_from_nothing(store: MemoryStore | SQLStore) -> None:
    """No tickets are no error."""
    assert desk_on(store).adopt([]) == Adoption(stages={})


# ---------------------------------------------------------------- whoever else is at it


@define
class Raced(MemoryStore):
    """A store in which somebody else is faster, the first ``times`` times."""

    times: int = 1
    rivals: list[Desk] = field(factory=list)

    def __attrs_pre_init__(self) -> None:
        MemoryStore.__init__(self)

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Let the rival adopt two of the tickets just before."""
        if self.rivals and self.times > 0:
            self.times -= 1
            rival = self.rivals.pop()
            rival.adopt(tickets(2))
        super().save(changes, key=key, timing=timing)


def test_what_somebody_else_adopted_meanwhile_is_not_adopted_again() -> None:
    """A batch that comes too late is decided anew: two are here already, the others are adopted."""
    store = Raced()
    store.rivals.append(desk_on(store))
    adoption = desk_on(store).adopt(tickets(6))
    assert (adoption.adopted, adoption.known) == (4, 2)
    assert store.backlog(NOW).open_cases == 6


def test_a_reference_that_is_taken_is_drawn_again(store: MemoryStore | SQLStore) -> None:
    """Of some thousand million references two may be the same; the batch is decided anew with fresh ones."""
    drawn = itertools.chain([Identity(case_id="one", reference="SAME"), Identity(case_id="two", reference="SAME")])
    desk = desk_on(store, identities=lambda: next(drawn, None) or new_identity())
    assert desk.adopt(tickets(2)).adopted == 2
    assert store.backlog(NOW).open_cases == 2


def test_a_conflict_that_does_not_end_is_passed_on(store: MemoryStore | SQLStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever makes the same identity again and again hears of it instead of waiting for ever, and nothing was saved."""
    monkeypatch.setattr(adopting, "TRIES", 20)
    desk = desk_on(store, identities=lambda: Identity(case_id="one", reference="SAME"))
    with pytest.raises(ConflictingChange):
        desk.adopt(tickets(2))
    assert store.backlog(NOW).open_cases == 0


def test_four_at_once_adopt_each_ticket_once(tmp_path: Path) -> None:
    """Four threads with the same file, in any order: every ticket is one case, and the counts add up."""
    path, total = tmp_path / "desk.db", 400
    with SQLiteStore(path):
        pass
    results: list[Adoption] = []

    def one_of_them(turn: int) -> None:
        with SQLiteStore(path) as own:
            mine = list(tickets(total))
            results.append(desk_on(own).adopt(mine if turn % 2 else reversed(mine)))

    threads = [threading.Thread(target=one_of_them, args=(turn,), daemon=True) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert sum(result.adopted for result in results) == total
    assert all(result.adopted + result.known == total for result in results)
    with SQLiteStore(path) as store:
        assert store.backlog(NOW).open_cases == total
        assert desk_on(store).doctor() == ()
