"""Checks of ``CaseStore``: what is due is given out, once and in time, and the doctor sees what would be forgotten."""

from __future__ import annotations

from datetime import timedelta

import attrs

from recovery.core.stages import Stage
from recovery.core.values import later
from recovery.core.vocabulary.common import Event
from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.store import CaseStore, Store
from recovery.ports.values import Backlog
from recovery.testing.contracts.checking import Duties, expect, same
from recovery.testing.contracts.samples import (
    LEASE,
    NOW,
    TIMING,
    after,
    closed,
    following,
    moved,
    opening,
    reported,
    saying,
    task,
)
from recovery.testing.contracts.stores.bench import StoreBench, on_one, saved, state

__all__ = ["watching"]

watching = Duties[StoreBench](CaseStore)

_EXAMINE = "recovery.stores.Scanning brings a doctor; recovery.stores.examine looks at one case."


# ---------------------------------------------------------------- what is due


@watching("claim_due", 1, "Select by wake_at <= now, order by wake_at, then cut at the limit.")
@on_one
def due_cases_come_longest_overdue_first(store: Store) -> None:
    """Only cases whose instant has come are given out, the longest overdue first, as many as were asked for."""
    for case_id, minutes in (("c-3", 1), ("c-1", 3), ("c-2", 2), ("c-4", 9)):
        saved(store, opening(case_id, wake_at=after(minutes)))
    saved(store, opening("c-5", wake_at=None))
    same(store.claim_due(after(0), 9, LEASE), (), "what is due before the first instant")
    same(store.claim_due(after(3), 0, LEASE), (), "what comes with a limit of 0")
    same(store.claim_due(after(3), 2, LEASE), ("c-3", "c-2"), "what comes first with a limit of 2")
    same(store.claim_due(after(3), 2, LEASE), ("c-1",), "what comes next")


@watching("claim_due", 1, "Compare instants to the microsecond; text that compares as time does needs a fixed width.")
@on_one
def due_instants_are_exact(store: Store) -> None:
    """A case is due at its very microsecond and not one before."""
    tick = timedelta(microseconds=1)
    for number, at in enumerate((NOW, later(NOW, tick), later(NOW, tick * 2))):
        saved(store, opening(f"c-{number}", wake_at=at))
    same(store.claim_due(later(NOW, -tick), 9, LEASE), (), "what is due one microsecond too early")
    same(store.claim_due(later(NOW, tick), 9, LEASE), ("c-0", "c-1"), "what is due one microsecond later")


@watching("claim_due", 1, "Set no limit to how long ago a case was due.")
@on_one
def a_month_of_silence_loses_nothing(store: Store) -> None:
    """However late the worker comes, every case is given out."""
    for number in range(20):
        saved(store, opening(f"c-{number:02}", wake_at=after(number)))
    same(len(store.claim_due(later(NOW, timedelta(days=30)), 100, LEASE)), 20, "how many come after a month")


@watching("claim_due", 1, "Write wake_at with every change.")
@on_one
def the_last_wake_instant_counts(store: Store) -> None:
    """A case whose instant was moved is due at the new one alone, earlier or later."""
    case = saved(store, opening("c-1", wake_at=after(5)))
    other = saved(store, opening("c-2", wake_at=after(5)))
    saved(store, following(case, task(), wake_at=after(9)))
    saved(store, following(other, task(), wake_at=after(1)))
    same(store.claim_due(after(5), 9, LEASE), ("c-2",), "what is due after both instants were moved")
    same(store.claim_due(after(9), 9, LEASE), ("c-1",), "what is due at the later instant")


@watching("claim_due", 2, "Keep now + lease with the claim, and give a case out where that is empty or <= now.")
@on_one
def a_claim_ends_with_its_lease(store: Store) -> None:
    """A claimed case is given to nobody else until the lease is over; then it is given out again, and claimed again."""
    saved(store, opening())
    same(store.claim_due(after(0), 9, LEASE), ("c-1",), "what is due")
    same(store.claim_due(after(4.9), 9, LEASE), (), "what is due while it is claimed")
    same(store.claim_due(after(5), 9, LEASE), ("c-1",), "what is due when the lease is over")
    same(store.claim_due(after(9.9), 9, LEASE), (), "what is due while it is claimed again")


@watching("release", 1, "Empty the claim, leave wake_at as it is, and let unknown ids through.")
@on_one
def a_claim_can_be_given_back(store: Store) -> None:
    """A released case can be claimed at once, and no other is released; what is not claimed or not there is left in peace."""
    saved(store, opening("c-1"))
    saved(store, opening("c-2"))
    same(len(store.claim_due(NOW, 9, LEASE)), 2, "how many are due")
    for case_id in ("c-1", "c-1", "c-3", "\ud800"):
        store.release(case_id)
    same(store.claim_due(NOW, 9, LEASE), ("c-1",), "what is due after the release")


# ---------------------------------------------------------------- how it stands


@watching("backlog", 1, "Count what is stored; see Backlog for what each number means.")
@on_one
def the_backlog_counts(store: Store) -> None:
    """Open cases, due cases, the tray, messages unsent and, of cases that go on, given up are counted; claims change nothing."""
    same(store.backlog(NOW), Backlog(open_cases=0, due=0, unsent=0, given_up=0, tray=0), "the backlog of an empty store")
    saved(store, opening("c-1", wake_at=after(1)))
    case = saved(store, opening("c-2", wake_at=after(2)))
    saved(store, opening("c-3", wake_at=after(9)))
    saved(store, opening("c-4", wake_at=after(3), tray=("nobody is named",)))
    saved(store, following(saved(store, opening("c-5")), closed(), wake_at=None))
    saved(store, following(saved(store, opening("c-6", tray=("nobody is named",))), closed(), wake_at=None))
    case = saved(store, saying(case))
    case = saved(store, saying(case))
    saved(store, following(case, reported("c-2:2:email", Delivery.GIVEN_UP), wake_at=after(2)))
    over = saved(store, following(saved(store, saying(saved(store, opening("c-7")))), reported("c-7:2:email", Delivery.GIVEN_UP)))
    saved(store, following(over, closed(), wake_at=None))
    wanted = Backlog(open_cases=3, due=3, unsent=1, given_up=1, tray=1, oldest_due_at=after(1))
    same(store.backlog(after(3)), wanted, "the backlog")
    store.claim_due(after(3), 1, LEASE)
    store.claim(after(3), 1, LEASE)
    same(store.backlog(after(3)), wanted, "the backlog while a case and a message are claimed")


@watching("doctor", 6, _EXAMINE)
@on_one
def the_doctor_finds_nothing_where_all_is_well(store: Store) -> None:
    """A store that was used as it should be has nothing wrong with it."""
    same(store.doctor(), (), "doctor() on an empty store")
    case = saved(store, saying(saved(store, opening("c-1"))))
    saved(store, following(case, reported("c-1:2:email"), closed(), wake_at=None))
    saved(store, opening("c-2", tray=("nobody is named",)))
    saved(store, saying(saved(store, opening("c-3"))))
    same(store.doctor(), (), "doctor()")


@watching("doctor", 1, _EXAMINE)
def the_doctor_finds_who_would_be_forgotten(bench: StoreBench) -> None:
    """A case that is open, or ended and owes something, must have an instant to be looked at again; so must the tray."""
    whys: tuple[tuple[tuple[str, ...], tuple[Event, ...]], ...] = (
        ((), ()),
        ((), (task(), closed())),
        ((), (closed(), task())),
        (("nobody is named",), ()),
    )
    for tray, events in whys:
        with bench.fresh() as store:
            saved(store, following(saved(store, opening(tray=tray)), *events, wake_at=None))
            _found_one(store, "no instant to be looked at again")


@watching("doctor", 1, _EXAMINE)
@on_one
def the_doctor_finds_who_has_no_owner(store: Store) -> None:
    """Somebody owns every case."""
    saved(store, opening(owner=""))
    _found_one(store, "no owner")


@watching("doctor", 2, _EXAMINE)
@on_one
def the_doctor_finds_a_case_that_is_not_its_history(store: Store) -> None:
    """The stored case is the fold of the stored events."""
    change = opening()
    saved(store, attrs.evolve(change, case=attrs.evolve(change.case, stage=Stage.INVESTIGATING)))
    _found_one(store, "a stage that its events do not give")


@watching("doctor", 2, _EXAMINE, needs=("lose_event",))
def the_doctor_finds_a_gap(bench: StoreBench) -> None:
    """A history from which an event got lost is found, wherever it stood."""
    for seq in (1, 2, 3):
        with bench.fresh() as store:
            saved(store, opening("c-0"))
            saved(store, following(saved(store, opening("c-1")), task(), moved("ben")))
            if bench.lose_event is not None:
                bench.lose_event(store, "c-1", seq)
            _found_one(store, f"no event {seq} any more")


@watching("doctor", 3, _EXAMINE)
@on_one
def the_doctor_finds_messages_that_got_lost(store: Store) -> None:
    """A message that a case waits for is in the outbox."""
    saved(store, attrs.evolve(saying(saved(store, opening())), messages=()))
    _found_one(store, "a message that is not in the outbox")


@watching("doctor", 3, _EXAMINE)
@on_one
def the_doctor_finds_messages_nobody_waits_for(store: Store) -> None:
    """A message in the outbox is one that its case waits for."""
    case = saved(store, saying(saved(store, opening())))
    saved(store, attrs.evolve(following(case, reported("c-1:2:email")), settled=()))
    _found_one(store, "a message in the outbox that it has had a report on")


@watching("doctor", 4, _EXAMINE)
@on_one
def the_doctor_finds_clocks_that_are_not_stored(store: Store) -> None:
    """The clocks of every policy that a case is pinned to can be read back."""
    saved(store, opening(policy_id="policy-2"))
    _found_one(store, "a policy whose clocks are not stored")


@watching("doctor", 5, f"Turn what cannot be read into a finding of its case. {_EXAMINE}", needs=("garble",))
def the_doctor_finds_what_cannot_be_read(bench: StoreBench) -> None:
    """A case whose rows cannot be read is found, stops no other, and raises nothing."""
    with bench.fresh() as store:
        saved(store, opening("c-0"), opening("c-1"))
        if bench.garble is not None:
            bench.garble(store, "c-1")
        _found_one(store, "rows that cannot be read")
        same(store.load("c-0"), opening("c-0").case, "the case beside the one that cannot be read")


@watching("doctor", 6, "Only read.")
@on_one
def the_doctor_changes_nothing(store: Store) -> None:
    """Whoever asks the doctor finds everything as it was, claims included."""
    saved(store, saying(saved(store, opening("c-1", wake_at=NOW)), due=after(1)))
    saved(store, attrs.evolve(saying(saved(store, opening("c-2", wake_at=NOW))), messages=()))
    store.claim_due(NOW, 1, LEASE)
    before = state(store, ["c-1", "c-2"])
    expect(bool(store.doctor()), "doctor() found nothing, though a message is missing")
    same(state(store, ["c-1", "c-2"]), before, "the store after doctor()")
    same(len(store.claim_due(NOW, 9, LEASE)), 1, "how many cases are unclaimed after doctor()")
    same(store.timing(TIMING.id), TIMING, "timing() after doctor()")


def _found_one(store: Store, wrong: str) -> None:
    """The doctor finds something about ``c-1`` and about no other case, and names a way out."""
    found = store.doctor()
    same(sorted({finding.case_id for finding in found}), ["c-1"], f"what doctor() names where c-1 has {wrong}")
    expect(all(finding.what and finding.way_out for finding in found), f"a finding says too little: {found}")
