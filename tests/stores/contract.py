"""What every store owes, one test per obligation of the ports.

A store of your own subclasses :class:`StoreContract`:

class TestMyStore(StoreContract):
    @pytest.fixture
    def store(self): ...
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import attrs
import pytest

from recovery.core.case import Case
from recovery.core.errors import ConflictingChange
from recovery.core.place import Lookup, lookups_of
from recovery.core.stages import Stage
from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.store import Store
from recovery.ports.values import Backlog, Change, KeyRecord, Query
from stores.cases import (
    LEASE,
    NOW,
    TIMING,
    after,
    closed,
    contact,
    corrected,
    following,
    moved,
    opening,
    reported,
    saying,
    task,
    task_done,
)

T = TypeVar("T")

KEY = KeyRecord(key="k-1", fingerprint="f-1", case_id="c-1", version=1)
NASTY = '\0 \ud800\udfff \u202eright to left\u202c 👩‍🚒 ẞ \r\n "quoted" \\ שלום \' %_ \u2028 \uffff'


def state(store: Store) -> object:
    """Return all that can be seen of a small store from outside."""
    cases = store.find(Query(limit=1000))
    return cases, [store.history(case.id) for case in cases], store.key("k-1"), store.timing(TIMING.id), store.backlog(after(60))


def saved(store: Store, *changes: Change) -> Case:
    """Save the changes and return the case of the last."""
    store.save(changes, timing=TIMING)
    return changes[-1].case


class StoreContract:
    """The contract. ``store`` is a fixture of the subclass and gives an empty store."""

    # ---------------------------------------------------------------- load, history, save

    def test_what_was_saved_is_there(self, store: Store) -> None:
        """A saved case loads as it was saved, with its history."""
        change = opening()
        store.save([change])
        assert store.load("c-1") == change.case
        assert store.history("c-1") == change.events

    @pytest.mark.parametrize("case_id", ["c-2", "", "C-1", "\ud800", "\0", "x" * 10_000])
    def test_what_is_not_there_is_none(self, store: Store, case_id: str) -> None:
        """An unknown id, whatever it looks like, is no error."""
        saved(store, opening())
        assert store.load(case_id) is None
        assert store.history(case_id) == ()
        assert store.key(case_id) is None
        assert store.timing(case_id) is None

    def test_histories_grow_and_do_not_change(self, store: Store) -> None:
        """Later changes are added to a history, in the order of their numbers."""
        first = opening()
        second = following(first.case, task(), moved("ben"))
        third = following(second.case, task_done("2"))
        for change in (first, second, third):
            store.save([change])
        assert store.history("c-1") == (*first.events, *second.events, *third.events)
        assert store.load("c-1") == third.case

    def test_every_character_survives(self, store: Store) -> None:
        """NUL, lone surrogates, any alphabet and a megabyte of words are read as they were saved."""
        said = contact(NASTY, subject=NASTY, reference=NASTY, sender=attrs.evolve(contact().sender, name=NASTY))
        change = opening(of=said)
        long = following(change.case, task("é" * 1_000_000), task(NASTY))
        saying_it = saying(long.case, body=NASTY)
        store.save([change, long, saying_it])
        assert store.load("c-1") == saying_it.case
        assert store.history("c-1") == (*change.events, *long.events, *saying_it.events)
        assert [queued.message for queued in store.claim(NOW, 9, LEASE)] == list(saying_it.messages)

    def test_a_stale_change_is_refused(self, store: Store) -> None:
        """Of two changes on one version of a case one is stored, and the other is told what it finds."""
        case = saved(store, opening())
        saved(store, following(case, moved("ben"), task()))
        before = state(store)
        with pytest.raises(ConflictingChange) as caught:
            store.save([following(case, moved("cid"))], key=KEY)
        assert (caught.value.case_id, caught.value.expected, caught.value.found) == ("c-1", 1, 3)
        assert state(store) == before

    def test_a_change_ahead_of_its_case_is_refused(self, store: Store) -> None:
        """A change on a version that is not stored is no less a conflict, and one on a case that is not there too."""
        case = saved(store, opening())
        skipped = following(case, task()).case
        with pytest.raises(ConflictingChange):
            store.save([following(skipped, task())])
        with pytest.raises(ConflictingChange) as caught:
            store.save([following(opening("c-2").case, task())])
        assert caught.value.found is None

    def test_a_case_is_opened_once(self, store: Store) -> None:
        """Opening a case under an id that is taken is a conflict that names the version found."""
        saved(store, opening())
        before = state(store)
        with pytest.raises(ConflictingChange) as caught:
            store.save([opening(reference="ANOTHER")])
        assert (caught.value.expected, caught.value.found) == (0, 1)
        assert state(store) == before

    @pytest.mark.parametrize("reference", ["AB-12", "ab-12", " Ab-12 "])
    def test_a_reference_is_given_once(self, store: Store, reference: str) -> None:
        """A reference that another case has, in any writing, is a conflict that finds no case, so that another is drawn."""
        saved(store, opening("c-1", reference="AB-12"))
        with pytest.raises(ConflictingChange) as caught:
            store.save([opening("c-2", reference=reference)])
        assert (caught.value.case_id, caught.value.expected, caught.value.found) == ("c-2", 0, None)
        assert store.load("c-2") is None

    def test_two_cases_of_one_save_cannot_share_a_reference(self, store: Store) -> None:
        """Changes of one save are checked against each other as well."""
        with pytest.raises(ConflictingChange):
            store.save([opening("c-1", reference="AB-12"), opening("c-2", reference="AB-12")])
        assert store.load("c-1") is None

    def test_a_contact_is_on_one_case(self, store: Store) -> None:
        """A message that two processes take at once becomes one case: the slower one meets a conflict that finds no case."""
        saved(store, opening("c-1", of=contact(message_id="<1@example.org>")))
        before = state(store)
        with pytest.raises(ConflictingChange) as caught:
            store.save([opening("c-2", of=contact(message_id="<1@example.org>"))])
        assert (caught.value.case_id, caught.value.expected, caught.value.found) == ("c-2", 0, None)
        assert state(store) == before

    @pytest.mark.parametrize("bad", [0, 1, 2])
    def test_all_changes_or_none(self, store: Store, bad: int) -> None:
        """Where one change of several comes too late, none leaves a trace, wherever it stands."""
        stale = saved(store, opening("c-0"))
        saved(store, following(stale, task()))
        before = state(store)
        good = [saying(opening(f"c-{n}").case) for n in (1, 2)]
        changes = [opening("c-1"), good[0], opening("c-2"), good[1]]
        changes.insert(bad * 2, following(stale, moved("ben")))
        with pytest.raises(ConflictingChange):
            store.save(changes, key=KEY, timing=attrs.evolve(TIMING, id="policy-2"))
        assert state(store) == before
        assert store.claim(after(60), 9, LEASE) == ()
        assert store.timing("policy-2") is None

    def test_one_save_may_carry_a_case_on_twice(self, store: Store) -> None:
        """Several changes of one case in one save follow each other."""
        first = opening()
        second = following(first.case, task())
        store.save([first, second, following(second.case, moved("ben"))])
        assert [entry.seq for entry in store.history("c-1")] == [1, 2, 3]

    def test_a_change_without_events_moves_only_the_alarm(self, store: Store) -> None:
        """The wake instant can be set anew without anything having happened."""
        case = saved(store, opening(wake_at=None))
        store.save([following(case, wake_at=after(5))])
        assert store.history("c-1") == opening().events
        assert store.claim_due(after(5), 9, LEASE) == ("c-1",)

    def test_saving_nothing_is_allowed(self, store: Store) -> None:
        """No change is stored as easily as one."""
        store.save([])
        assert store.find(Query()) == ()

    # ---------------------------------------------------------------- keys and timings

    def test_a_key_is_kept_with_what_it_led_to(self, store: Store) -> None:
        """A key can be asked for from the moment its change is stored."""
        assert store.key("k-1") is None
        store.save([opening()], key=KEY)
        assert store.key("k-1") == KEY

    def test_a_key_is_used_once(self, store: Store) -> None:
        """A save under a key that is there already is a conflict and stores nothing, even if the content is the same."""
        store.save([opening()], key=KEY)
        before = state(store)
        with pytest.raises(ConflictingChange):
            store.save([opening("c-2")], key=KEY)
        assert state(store) == before

    def test_timing_is_stored_once(self, store: Store) -> None:
        """Clocks and calendar are kept under their id, and the first ones stay."""
        store.save([opening("c-1")], timing=TIMING)
        store.save([opening("c-2")], timing=attrs.evolve(TIMING, clocks=()))
        assert store.timing(TIMING.id) == TIMING

    # ---------------------------------------------------------------- what is due

    def test_due_cases_come_longest_overdue_first(self, store: Store) -> None:
        """Only cases whose instant has come are given out, the longest overdue first, as many as were asked for."""
        for case_id, minutes in (("c-3", 1), ("c-1", 3), ("c-2", 2), ("c-4", 9)):
            saved(store, opening(case_id, wake_at=after(minutes)))
        saved(store, opening("c-5", wake_at=None))
        assert store.claim_due(after(0), 9, LEASE) == ()
        assert store.claim_due(after(3), 2, LEASE) == ("c-3", "c-2")
        assert store.claim_due(after(3), 2, LEASE) == ("c-1",)
        assert store.claim_due(after(3), 0, LEASE) == ()

    def test_a_month_of_silence_loses_nothing(self, store: Store) -> None:
        """However late the worker comes, every case is given out."""
        for number in range(20):
            saved(store, opening(f"c-{number:02}", wake_at=after(number)))
        assert len(store.claim_due(NOW.add(months=1), 100, LEASE)) == 20

    def test_a_claim_ends_with_its_lease(self, store: Store) -> None:
        """A claimed case is given to nobody else until the lease is over; then it is given out again."""
        saved(store, opening())
        assert store.claim_due(after(0), 9, LEASE) == ("c-1",)
        assert store.claim_due(after(4.9), 9, LEASE) == ()
        assert store.claim_due(after(5), 9, LEASE) == ("c-1",)

    def test_a_claim_ends_with_a_save(self, store: Store) -> None:
        """A case that was saved is due when its new instant comes, whatever is left of the lease."""
        case = saved(store, opening())
        store.claim_due(NOW, 9, LEASE)
        saved(store, following(case, task(), wake_at=after(1)))
        assert store.claim_due(after(0), 9, LEASE) == ()
        assert store.claim_due(after(1), 9, LEASE) == ("c-1",)

    def test_a_claim_can_be_given_back(self, store: Store) -> None:
        """A released case can be claimed at once; releasing what is not claimed or not there does nothing."""
        saved(store, opening())
        store.claim_due(NOW, 9, LEASE)
        for case_id in ("c-1", "c-1", "c-2", "\ud800"):
            store.release(case_id)
        assert store.claim_due(NOW, 9, LEASE) == ("c-1",)

    def test_a_worker_back_from_the_dead_overwrites_nothing(self, store: Store) -> None:
        """Whoever saves after the lease has run out and somebody else has saved is told so."""
        case = saved(store, opening())
        store.claim_due(NOW, 9, LEASE)
        store.claim_due(after(5), 9, LEASE)
        saved(store, following(case, moved("ben")))
        with pytest.raises(ConflictingChange):
            store.save([following(case, moved("cid"))])

    # ---------------------------------------------------------------- outbox

    def test_messages_wait_until_they_are_due(self, store: Store) -> None:
        """A message comes out once it is due, in the order of instant and id, as many as were asked for."""
        for case_id, minutes in (("c-3", 1), ("c-1", 3), ("c-2", 2), ("c-4", 1), ("c-5", 9)):
            case = saved(store, opening(case_id))
            saved(store, saying(case, due=after(minutes)))
        assert store.claim(after(0), 9, LEASE) == ()
        assert [queued.message.case_id for queued in store.claim(after(3), 3, LEASE)] == ["c-3", "c-4", "c-2"]
        assert [queued.message.case_id for queued in store.claim(after(3), 3, LEASE)] == ["c-1"]

    def test_a_message_is_as_it_was_written(self, store: Store) -> None:
        """What comes out is word for word what went in."""
        change = saying(saved(store, opening()))
        saved(store, change)
        [queued] = store.claim(NOW, 9, LEASE)
        assert (queued.message, queued.tries) == (change.messages[0], 0)

    def test_a_claimed_message_is_given_out_again_after_the_lease(self, store: Store) -> None:
        """A worker that died while it sent loses no message."""
        saved(store, saying(saved(store, opening())))
        assert len(store.claim(after(0), 9, LEASE)) == 1
        assert store.claim(after(4.9), 9, LEASE) == ()
        assert len(store.claim(after(5), 9, LEASE)) == 1

    def test_a_message_put_off_waits_and_is_counted(self, store: Store) -> None:
        """After a failed try a message comes out at its new instant and not before, with one more try."""
        change = saying(saved(store, opening()))
        saved(store, change)
        for tries in range(3):
            [queued] = store.claim(after(tries * 10), 9, LEASE)
            assert queued.tries == tries
            store.retry(queued.message.id, after(tries * 10 + 10), "mail server is down \ud800")
            assert store.claim(after(tries * 10 + 9), 9, LEASE) == ()

    @pytest.mark.parametrize("became", [Delivery.SENT, Delivery.GIVEN_UP, Delivery.BOUNCED, Delivery.WITHHELD, Delivery.NOT_NEEDED])
    def test_a_settled_message_never_comes_out_again(self, store: Store, became: Delivery) -> None:
        """What was settled stays settled: no lease and no retry brings it back."""
        case = saved(store, saying(saved(store, opening())))
        [queued] = store.claim(NOW, 9, LEASE)
        settling = attrs.evolve(following(case, task()), settled=((queued.message.id, became),))
        saved(store, settling)
        store.retry(queued.message.id, NOW, "too late")
        assert store.claim(after(60), 9, LEASE) == ()

    def test_a_message_may_be_settled_as_it_is_written(self, store: Store) -> None:
        """A message that is withheld in the change that prepared it never comes out."""
        change = saying(saved(store, opening()))
        saved(store, attrs.evolve(change, settled=((change.messages[0].id, Delivery.WITHHELD),)))
        assert store.claim(after(60), 9, LEASE) == ()

    def test_settling_what_has_no_row_is_left_in_peace(self, store: Store) -> None:
        """A call that was never in the outbox can be settled, and a retry of an unknown message does nothing."""
        case = saved(store, opening())
        saved(store, attrs.evolve(following(case, task()), settled=(("c-1:9:phone", Delivery.SENT),)))
        store.retry("c-1:9:phone", NOW, "unknown")
        assert store.claim(after(60), 9, LEASE) == ()

    def test_one_reader_gets_messages_in_order(self, store: Store) -> None:
        """A later message to the same reader waits until the earlier one is settled, even while that one is put off."""
        case = saved(store, saying(saved(store, opening())))
        saved(store, saying(case, due=NOW.subtract(minutes=1)))
        [first] = store.claim(NOW, 9, LEASE)
        assert first.message.seq == 2
        store.retry(first.message.id, after(60), "down")
        assert store.claim(after(30), 9, LEASE) == ()
        loaded = store.load("c-1")
        assert loaded is not None
        saved(store, following(loaded, reported(first.message.id)))
        assert [queued.message.seq for queued in store.claim(after(30), 9, LEASE)] == [3]

    def test_readers_do_not_wait_for_each_other(self, store: Store) -> None:
        """The customer, each colleague and other cases have lines of their own."""
        case = saved(store, opening())
        for person in (None, "ben", "cid"):
            case = saved(store, saying(case, person=person))
        saved(store, saying(saved(store, opening("c-2"))))
        assert [(q.message.case_id, q.message.person) for q in store.claim(NOW, 9, LEASE)] == [
            ("c-1", None),
            ("c-1", "ben"),
            ("c-1", "cid"),
            ("c-2", None),
        ]

    def test_no_message_is_passed_over(self, store: Store) -> None:
        """A message with an earlier instant and a smaller id than one that has left already still comes out."""
        case = saved(store, saying(saved(store, opening("c-9"))))
        [sent] = store.claim(NOW, 9, LEASE)
        saved(store, following(case, reported(sent.message.id)))
        saved(store, saying(saved(store, opening("c-1")), due=NOW.subtract(days=1)))
        assert [queued.message.case_id for queued in store.claim(NOW, 9, LEASE)] == ["c-1"]

    # ---------------------------------------------------------------- finding

    def test_candidates_are_found_by_each_of_their_lookups(self, store: Store) -> None:
        """Contact, thread, reference, ticket, customer and address each find the case; other cases stay where they are."""
        case = saved(store, opening(of=contact(message_id="<m-1@x>", ticket="T 1")))
        case = saved(store, saying(case))
        saved(store, opening("c-2", of=contact("Another", sender=attrs.evolve(contact().sender, id="k-8", addresses=()))))
        assert {lookup.kind for lookup in lookups_of(case)} == {"contact", "thread", "reference", "ticket", "customer", "address"}
        for lookup in lookups_of(case):
            assert [found.id for found in store.candidates([lookup])] == ["c-1"], lookup

    @pytest.mark.parametrize("value", ["nobody", "", NASTY])
    def test_candidates_of_nothing_are_none(self, store: Store, value: str) -> None:
        """What nobody has finds nobody, whatever it looks like."""
        saved(store, opening())
        assert store.candidates([Lookup("reference", value)]) == ()
        assert store.candidates([]) == ()

    def test_candidates_come_once_and_oldest_first(self, store: Store) -> None:
        """A case that several lookups find comes once; the order does not depend on ids or on who asks."""
        for case_id, minutes in (("c-1", 2), ("c-2", 1), ("c-3", 3)):
            saved(store, opening(case_id, at=after(minutes)))
        lookups = [Lookup("customer", "k-7"), Lookup("address", "ann@example.org")]
        assert [case.id for case in store.candidates(lookups)] == ["c-2", "c-1", "c-3"]

    def test_candidates_follow_what_they_were_merged_into(self, store: Store) -> None:
        """With a duplicate comes its survivor, and the survivor of that, even in a circle or where it is missing."""
        merged = {"c-1": "c-2", "c-2": "c-3", "c-3": None, "c-4": "c-5", "c-5": "c-4", "c-6": "gone"}
        for case_id, survivor in merged.items():
            case = saved(store, opening(case_id, of=contact(ticket=f"T-{case_id}")))
            if survivor is not None:
                saved(store, following(case, closed(survivor)))

        def found(case_id: str) -> list[str]:
            return sorted(case.id for case in store.candidates([Lookup("ticket", f"T-{case_id}")]))

        assert [found(case_id) for case_id in merged] == [
            ["c-1", "c-2", "c-3"],
            ["c-2", "c-3"],
            ["c-3"],
            ["c-4", "c-5"],
            ["c-4", "c-5"],
            ["c-6"],
        ]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (Query(), ["c-1", "c-2", "c-3", "c-4"]),
            (Query(owner="ana"), ["c-1", "c-3", "c-4"]),
            (Query(owner="\ud800"), []),
            (Query(stage=Stage.CLOSED), ["c-3"]),
            (Query(stage=Stage.RECEIVED, owner="ana"), ["c-1", "c-4"]),
            (Query(category="kettles"), ["c-2"]),
            (Query(customer="k-7"), ["c-1", "c-3", "c-4"]),
            (Query(address=" ann@EXAMPLE.org"), ["c-1", "c-3", "c-4"]),
            (Query(reference="ref-c-2 "), ["c-2"]),
            (Query(open_only=True), ["c-1", "c-2", "c-4"]),
            (Query(in_tray=True), ["c-4"]),
            (Query(in_tray=False), ["c-1", "c-2", "c-3"]),
            (Query(in_tray=False, open_only=True, owner="ana"), ["c-1"]),
            (Query(text="STRASSE"), ["c-2"]),
            (Query(text="plumber"), ["c-1"]),
            (Query(text="ann example"), ["c-1", "c-3", "c-4"]),
            (Query(text="\udfff \u202eRIGHT"), ["c-2"]),
            (Query(text="ref-c-2"), []),
            (Query(text="kettle", owner="ana", open_only=True), ["c-1", "c-4"]),
            (Query(owner="nobody"), []),
            (Query(limit=2), ["c-1", "c-2"]),
            (Query(limit=0), []),
            (Query(limit=2, after="c-2"), ["c-3", "c-4"]),
            (Query(after="c-4"), []),
            (Query(owner="ana", limit=1, after="c-1"), ["c-3"]),
        ],
    )
    def test_cases_are_found_by_all_that_is_asked(self, store: Store, query: Query, found: list[str]) -> None:
        """Everything in a query must hold; pages go by id."""
        case = saved(store, opening("c-1"))
        saved(store, following(case, task()))
        sender = attrs.evolve(contact().sender, name="Bo", id="k-8", addresses=())
        said = contact(f"Straße {NASTY}", category="kettles", sender=sender)
        saved(store, opening("c-2", of=said, owner="ben"))
        saved(store, following(saved(store, opening("c-3")), closed()))
        saved(store, opening("c-4", tray=("nobody is named",)))
        assert [case.id for case in store.find(query)] == found

    def test_what_a_case_is_found_by_follows_the_case(self, store: Store) -> None:
        """A case is found by what it holds now, at once, and no longer by what it held: a new owner, a corrected address."""
        case = saved(store, opening())
        saved(store, following(case, moved("ben"), corrected("ann@other.example")))
        for old in (Query(owner="ana"), Query(address="ann@example.org")):
            assert store.find(old) == ()
        for new in (Query(owner="ben"), Query(address="ann@other.example")):
            assert len(store.find(new)) == 1
        assert store.candidates([Lookup("address", "ann@example.org")]) == ()
        assert len(store.candidates([Lookup("address", "ann@other.example")])) == 1

    # ---------------------------------------------------------------- how it stands

    def test_the_backlog_counts(self, store: Store) -> None:
        """Open cases, due cases, the tray, unsent and given up messages are counted apart."""
        assert store.backlog(NOW) == Backlog(open_cases=0, due=0, unsent=0, given_up=0, tray=0)
        saved(store, opening("c-1", wake_at=after(1)))
        case = saved(store, opening("c-2", wake_at=after(2)))
        saved(store, opening("c-3", wake_at=after(9)))
        saved(store, opening("c-4", wake_at=after(3), tray=("nobody is named",)))
        saved(store, following(saved(store, opening("c-5")), closed(), wake_at=None))
        case = saved(store, saying(case))
        case = saved(store, saying(case))
        saved(store, following(case, reported("c-2:2:email", Delivery.GIVEN_UP), wake_at=after(2)))
        assert store.backlog(after(3)) == Backlog(open_cases=3, due=3, unsent=1, given_up=1, tray=1, oldest_due_at=after(1))

    def test_the_doctor_finds_nothing_where_all_is_well(self, store: Store) -> None:
        """A store that was used as it should be has nothing wrong with it."""
        case = saved(store, saying(saved(store, opening("c-1"))))
        case = saved(store, following(case, reported("c-1:2:email"), closed(), wake_at=None))
        saved(store, opening("c-2", tray=("nobody is named",)))
        saved(store, saying(saved(store, opening("c-3"))))
        assert store.doctor() == ()

    @pytest.mark.parametrize("events", [(), (task(), closed()), (closed(), task())])
    def test_the_doctor_finds_who_would_be_forgotten(self, store: Store, events: tuple[object, ...]) -> None:
        """A case that is open, or ended and owes something, must have an instant to be looked at again."""
        case = saved(store, opening())
        saved(store, following(case, *events, wake_at=None))  # type: ignore[arg-type]
        [finding] = store.doctor()
        assert (finding.case_id, finding.what) == ("c-1", "it will never be looked at again")
        assert finding.way_out

    def test_the_doctor_finds_who_has_no_owner(self, store: Store) -> None:
        """Somebody owns every case."""
        saved(store, opening(owner=""))
        assert [finding.what for finding in store.doctor()] == ["it has no owner"]

    def test_the_doctor_finds_a_case_that_is_not_its_history(self, store: Store) -> None:
        """The stored case is the fold of the stored events."""
        change = opening()
        saved(store, attrs.evolve(change, case=attrs.evolve(change.case, stage=Stage.INVESTIGATING)))
        assert [finding.what for finding in store.doctor()] == ["what is stored of it differs from its events"]

    def test_the_doctor_finds_messages_that_got_lost(self, store: Store) -> None:
        """A message the case waits for is in the outbox."""
        saved(store, attrs.evolve(saying(saved(store, opening())), messages=()))
        assert [finding.what for finding in store.doctor()] == ["message c-1:2:email waits, but not in the outbox"]

    def test_the_doctor_finds_messages_nobody_waits_for(self, store: Store) -> None:
        """A message in the outbox is one the case waits for."""
        case = saved(store, saying(saved(store, opening())))
        saved(store, attrs.evolve(following(case, reported("c-1:2:email")), settled=()))
        [finding] = store.doctor()
        assert finding.what == "message c-1:2:email is in the outbox, but the case does not wait for it"

    def test_the_doctor_finds_clocks_that_are_not_stored(self, store: Store) -> None:
        """Every policy that a case is pinned to can be read back."""
        saved(store, opening(policy_id="policy-2"))
        assert [finding.what for finding in store.doctor()] == ["the clocks of policy policy-2 are not stored"]

    # ---------------------------------------------------------------- several at once

    def test_threads_claim_no_case_twice(self, store: Store) -> None:
        """However many workers ask at once, each due case goes to one of them, and every one goes to somebody."""
        for number in range(60):
            saved(store, opening(f"c-{number}"))
        taken = at_once(4, lambda _: [claimed for _ in range(20) for claimed in store.claim_due(NOW, 1, LEASE)])
        assert Counter(case_id for claimed in taken for case_id in claimed) == {f"c-{number}": 1 for number in range(60)}

    def test_threads_claim_no_message_twice(self, store: Store) -> None:
        """However many workers ask at once, each message goes to one of them."""
        for number in range(40):
            saved(store, saying(saved(store, opening(f"c-{number}"))))
        taken = at_once(4, lambda _: [queued for _ in range(20) for queued in store.claim(NOW, 1, LEASE)])
        ids = Counter(queued.message.id for claimed in taken for queued in claimed)
        assert (len(ids), set(ids.values())) == (40, {1})

    def test_threads_that_change_one_case_lose_nothing(self, store: Store) -> None:
        """Of several who save one version at once exactly one succeeds; after as many tries as needed all are in, without a gap."""
        saved(store, opening())

        def add(worker: int) -> int:
            lost = 0
            for step in range(5):
                while True:
                    case = store.load("c-1")
                    assert case is not None
                    try:
                        store.save([following(case, task(f"{worker}/{step}"))])
                        break
                    except ConflictingChange:
                        lost += 1
            return lost

        at_once(4, add)
        assert [entry.seq for entry in store.history("c-1")] == list(range(1, 22))
        assert store.doctor() == ()


def at_once(workers: int, work: Callable[[int], T]) -> list[T]:
    """Run ``work`` in so many threads from the same moment on, and return what each of them returns."""
    gate = threading.Barrier(workers)

    def begin(worker: int) -> T:
        gate.wait()
        return work(worker)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(begin, range(workers)))
