"""What the library brings for stores of one's own: texts and columns, the finder and the doctor, and errors with a way out."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing

import attrs
import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import DateTime

from recovery import stores
from recovery.codec import Undecodable
from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.errors import StoreUnusable
from recovery.core.place import Lookup, lookups_of
from recovery.core.values import redact
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.values import Change, OutboxMessage, Query
from recovery.stores import Scanning, columns_of, unusable_on
from recovery.stores.columns import SUBJECT
from recovery.stores.memory import MemoryStore
from recovery.stores.scanning import LOOKS, PAGE
from recovery.testing.contracts.samples import NASTY, NOW, TIMING, contact, following, moved, opening, reported, saying, task

CHANGE = following(opening(of=contact(NASTY)).case, task(NASTY), moved("ben"))


class TestTexts:
    def test_everything_comes_back(self) -> None:
        """A case, its events, a message and the clocks are read from their texts as they were."""
        message = saying(opening().case, body=NASTY).messages[0]
        assert stores.case_of("c-1", *stores.case_texts(CHANGE.case)) == CHANGE.case
        assert tuple(stores.event_of("c-1", *stores.event_texts(recorded)) for recorded in CHANGE.events) == CHANGE.events
        assert stores.message_of(message.id, *stores.message_texts(message)) == message
        assert stores.timing_of(stores.timing_text(TIMING)) == TIMING

    def test_texts_are_ascii_and_personal_words_stand_apart(self) -> None:
        """Any database keeps them, and emptying the personal text erases."""
        public, personal = stores.case_texts(CHANGE.case)
        assert personal is not None
        assert (public + personal).isascii()
        assert "\0" not in public + personal
        assert "right to left" not in public
        assert stores.case_of("c-1", public, None) == redact(CHANGE.case)

    def test_a_snapshot_that_cannot_be_read_is_rebuilt(self, caplog: pytest.LogCaptureFixture) -> None:
        """What an older version wrote is no loss as long as the events are there; without them the error names the case."""
        events = (*opening().events, *following(opening().case, task()).events)
        case = following(opening().case, task()).case
        assert stores.case_or_fold("c-1", lambda: (), *stores.case_texts(case)) == case
        with caplog.at_level(logging.WARNING):
            assert stores.case_or_fold("c-1", lambda: events, "{", None) == case
        assert [vars(record)["case_id"] for record in caplog.records] == ["c-1"]
        with pytest.raises(Undecodable, match="history makes no case") as caught:
            stores.case_or_fold("c-1", lambda: (), "{", None)
        assert caught.value.hint

    def test_a_message_that_cannot_be_read_is_none(self, caplog: pytest.LogCaptureFixture) -> None:
        """It is logged by its id, and nothing that stands in the row is."""
        with caplog.at_level(logging.ERROR):
            assert stores.message_or_none("c-1:2:email", '{"secret": 1}', None) is None
        assert [vars(record)["message_id"] for record in caplog.records] == ["c-1:2:email"]
        assert "secret" not in str(vars(caplog.records[0]))

    @given(st.lists(st.datetimes(timezones=st.just(pendulum.UTC)), min_size=2, max_size=2))
    def test_instants_compare_as_text(self, instants: list[DateTime]) -> None:
        """The text of an earlier instant is the smaller one, and comes back to the microsecond."""
        first, second = (pendulum.instance(at) for at in instants)
        told = [str(stores.instant_text(at)) for at in (first, second)]
        assert (told[0] < told[1]) == (first < second)
        assert [stores.instant_of(text) for text in told] == [first, second]
        assert len({len(text) for text in told}) == 1

    def test_no_instant_is_no_text(self) -> None:
        """What has no instant has an empty column."""
        assert (stores.instant_text(None), stores.instant_of(None)) == (None, None)

    @given(st.one_of(st.text(), st.integers(), st.none(), st.binary()))
    def test_a_database_takes_what_is_encodable(self, value: object) -> None:
        """A text can be encoded afterwards, and stays as it is where it could be before; anything else is not touched."""
        found = stores.encodable(value)
        assert not isinstance(found, str) or found.encode("utf-8") is not None
        assert not isinstance(found, str) or "\0" not in found
        if not isinstance(value, str) or not any(letter == "\0" or 0xD800 <= ord(letter) <= 0xDFFF for letter in value):
            assert found == value

    def test_lookups_are_kept_as_digests(self) -> None:
        """An address does not stand in the clear, and no two lookups share a digest by accident."""
        kind, digest = stores.digest(Lookup("address", "ann@example.org"))
        assert (kind, len(digest)) == ("address", 16)
        assert b"ann" not in digest
        assert stores.digest(Lookup("address", "\ud800")) != stores.digest(Lookup("address", ""))


class TestColumns:
    def test_a_change_in_columns(self) -> None:
        """Every part of a change is there by name, as a plain value, and the words of people only where they may be."""
        first = opening(of=contact("The  kettle\nleaks. " * 20, ticket="T-7", category="kettles"), tray=("nobody is named",))
        change = attrs.evolve(saying(first.case, person="ben"), settled=(("c-1:2:email", Delivery.SENT),))
        found = columns_of(change)
        assert {name: found.case[name] for name in ("case_id", "base_version", "version", "stage", "owner", "category")} == {
            "case_id": "c-1",
            "base_version": 1,
            "version": 2,
            "stage": "received",
            "owner": "ana",
            "category": "kettles",
        }
        assert (found.case["ended"], found.case["in_tray"], found.case["wake_at"]) == (False, True, stores.instant_text(NOW))
        assert (found.case["ticket"], found.case["customer"], found.case["email"]) == ("T-7", "k-7", "Ann@Example.org")
        assert found.case["subject"] == ("The kettle leaks. " * 20)[:SUBJECT]
        assert [(event["seq"], event["kind"], event["case_id"]) for event in found.events] == [(2, "message_prepared", "c-1")]
        assert [(each["message_id"], each["person"], each["due_at"]) for each in found.messages] == [
            ("c-1:2:email", "ben", stores.instant_text(NOW))
        ]
        assert found.settled == ({"message_id": "c-1:2:email", "state": "sent"},)
        assert [(each["kind"], each["digest"]) for each in found.lookups] == sorted(map(stores.digest, lookups_of(change.case)))

    def test_what_is_missing_is_none(self) -> None:
        """A message to the customer has an empty reader, so that SQL can compare it; a customer nobody knows has no columns."""
        nobody = opening(of=contact(sender=attrs.evolve(contact().sender, id=None, addresses=())), wake_at=None)
        assert [columns_of(nobody).case[name] for name in ("ticket", "customer", "email", "wake_at")] == [None] * 4
        assert [each["person"] for each in columns_of(saying(nobody.case)).messages] == [""]

    def test_a_driver_takes_every_column(self) -> None:
        """Whatever a customer writes, the columns can be bound."""
        change = saying(opening(of=contact(NASTY, subject=NASTY)).case, body=NASTY)
        found = columns_of(change)
        with sqlite3.connect(":memory:") as db:
            for row in (found.case, *found.events, *found.messages, *found.lookups):
                values = list(row.values())
                assert list(db.execute(f"SELECT {', '.join('?' * len(values))}", values).fetchone()) == values
        db.close()


class Kept(Scanning):
    """A scanning store over the one in memory, which counts what it is asked and changes a case while the doctor looks."""

    def __init__(self) -> None:
        self.inner = MemoryStore()
        self.asked: list[str] = []
        self.broken: set[str] = set()
        self.busy = 0

    def load(self, case_id: str) -> Case | None:
        """Return a case, unless it is broken."""
        self.asked.append(case_id)
        if case_id in self.broken:
            raise Undecodable("snapshot", "is no JSON object", "Restore it.", case_id=case_id)
        return self.inner.load(case_id)

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Return the history; while somebody is busy with the case, it has grown when it is loaded next."""
        found = self.inner.history(case_id)
        if self.busy:
            self.busy -= 1
            case = self.inner.load(case_id)
            assert case is not None
            self.inner.save([following(case, task())])
        return found

    def timing(self, policy_id: str) -> Timing | None:
        """Return the timing."""
        return self.inner.timing(policy_id)

    def case_ids(self, after: str, limit: int) -> Sequence[str]:
        """Return a page of ids."""
        return [case.id for case in self.inner.find(Query(after=after, limit=limit))]

    def found_by(self, lookup: Lookup) -> Iterable[str]:
        """Return the ids of the cases that hold the lookup."""
        return [case.id for case in self.inner.find(Query(limit=10_000)) if lookup in lookups_of(case)]

    def wake_at(self, case_id: str) -> DateTime | None:
        """Return when to look again."""
        return self.inner._cases[case_id].wake_at

    def queued(self, case_id: str) -> Iterable[OutboxMessage]:
        """Return what waits."""
        return [
            row.message for row in self.inner._outbox.values() if row.message.case_id == case_id and row.state is Delivery.QUEUED
        ]


@pytest.fixture
def kept() -> Kept:
    """Return a store with more cases than one page of ids holds."""
    store = Kept()
    store.inner.save([opening(f"c-{number:03}") for number in range(PAGE + 50)], timing=TIMING)
    return store


class TestScanning:
    def test_a_page_reads_no_more_than_it_needs(self, kept: Kept) -> None:
        """Who asks for the first cases does not have all of them read, and who asks by a lookup has only those read."""
        assert len(kept.find(Query(limit=3))) == 3
        assert len(kept.asked) == 3
        kept.asked.clear()
        assert [case.id for case in kept.find(Query(reference="REF-c-007", owner="ana"))] == ["c-007"]
        assert kept.asked == ["c-007"]

    def test_all_cases_are_found_across_pages(self, kept: Kept) -> None:
        """Pages of ids follow each other to the end, and the doctor sees all of them."""
        assert len(kept.find(Query(limit=10_000))) == PAGE + 50
        assert kept.find(Query(limit=-1)) == ()
        kept.inner.save([following(opening(f"c-{PAGE + 49:03}").case, wake_at=None)])
        assert [finding.case_id for finding in kept.doctor()] == [f"c-{PAGE + 49:03}"]

    def test_both_lookups_of_a_query_must_hold(self, kept: Kept) -> None:
        """A customer and a reference together find the one case that has both."""
        assert [case.id for case in kept.find(Query(reference="REF-c-007", customer="k-7"))] == ["c-007"]
        assert kept.find(Query(reference="REF-c-007", customer="k-8")) == ()
        assert kept.find(Query(reference="REF-c-007", after="c-007")) == ()

    def test_what_cannot_be_read_is_left_out_and_found_by_the_doctor(self, kept: Kept, caplog: pytest.LogCaptureFixture) -> None:
        """One broken case stops no search; it is logged, and the doctor names it."""
        kept.broken.add("c-001")
        with caplog.at_level(logging.ERROR):
            assert [case.id for case in kept.find(Query(limit=2))] == ["c-000", "c-002"]
        assert {vars(record)["case_id"] for record in caplog.records} == {"c-001"}
        assert [finding.case_id for finding in kept.doctor()] == ["c-001"]

    def test_a_message_that_cannot_be_read_is_found_by_the_doctor(self, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
        """The doctor names the case whose message cannot be read, once."""

        def broken(case_id: str) -> list[OutboxMessage]:
            if case_id == "c-001":
                raise Undecodable("message", "is no JSON object", "Restore it.")
            return []

        monkeypatch.setattr(kept, "queued", broken)
        assert [(finding.case_id, finding.way_out) for finding in kept.doctor()] == [("c-001", "Restore it.")]

    @pytest.mark.parametrize("busy", [1, 2])
    def test_the_doctor_takes_nothing_for_wrong_that_is_just_changing(self, busy: int) -> None:
        """A case that is saved between two questions of the doctor is looked at again."""
        kept = Kept()
        kept.inner.save([opening()], timing=TIMING)
        kept.busy = busy
        assert kept.doctor() == ()

    def test_the_doctor_does_not_wait_for_ever(self) -> None:
        """A case that changes all the time is looked at a few times, and then what was seen is told."""
        kept = Kept()
        kept.inner.save([opening()], timing=TIMING)
        kept.busy = 10 * LOOKS
        kept.doctor()
        assert kept.busy == 10 * LOOKS - 1 - LOOKS

    def test_candidates_bring_their_survivors(self, kept: Kept) -> None:
        """A case that is not there any more is left out, and lookups find what they find."""
        assert kept.candidates([]) == ()
        message = saying(opening("c-009").case)
        kept.inner.save([message])
        assert [case.id for case in kept.candidates([Lookup("thread", message.messages[0].id)])] == ["c-009"]
        kept.inner.save([following(message.case, reported(message.messages[0].id))])
        assert kept.doctor() == ()


def ask(sql: str) -> None:
    """Ask a database, and tell its errors with the way out."""
    with closing(sqlite3.connect(":memory:")) as db, unusable_on(sqlite3.Error, "tickets"):
        db.execute(sql)


def test_errors_of_a_driver_become_unusable() -> None:
    """The error names the database, what the driver said and the way out; other errors pass as they are."""
    with pytest.raises(StoreUnusable, match="The store 'tickets' cannot be used: OperationalError: no such table") as caught:
        ask("SELECT * FROM x")
    assert caught.value.hint
    with pytest.raises(KeyError), unusable_on((sqlite3.Error, OSError), "tickets"):
        raise KeyError("mine")


def test_the_kit_names_what_it_brings() -> None:
    """Everything in the list is there, and a change is one of the things it works on."""
    assert all(hasattr(stores, name) for name in stores.__all__)
    assert stores.__all__ == sorted(stores.__all__)
    assert isinstance(CHANGE, Change)
