"""Checks of ``CaseStore`` and ``Store``: several threads, several stores on the same data, several processes, and a kill."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from functools import partial

import attrs

from recovery.core.errors import ConflictingChange, StoreUnusable
from recovery.core.fold import fold
from recovery.ports.store import CaseStore, Store
from recovery.testing.contracts.checking import Duties, expect, opened, refused, same
from recovery.testing.contracts.faults import Faults
from recovery.testing.contracts.samples import KEY, LEASE, NOW, TIMING, after, following, moved, opening, reported, saying, task
from recovery.testing.contracts.stores.bench import StoreBench, at_once, loaded, on_one, saved
from recovery.testing.contracts.stores.processes import claims_of, kept_after_a_kill, who_saved

__all__ = ["sharing"]

sharing = Duties[StoreBench](CaseStore)

_LOCK = "Claim in one statement or transaction that no other can come between (a lock, BEGIN IMMEDIATE, FOR UPDATE SKIP LOCKED)."
_DISK = "Return from save only when the transaction is committed, and the commit is on the disk."
_FRESH = "Read what is stored with every call; keep nothing of a case in the object that another process could have changed."


def _each_once(claimed: list[list[str]], wanted: set[str]) -> None:
    """What was claimed is all there was, and nothing twice."""
    times = Counter(each for worker in claimed for each in worker)
    same(sorted(name for name, count in times.items() if count > 1), [], "what was claimed more than once")
    same(sorted(wanted - set(times)), [], "what nobody was given")


# ---------------------------------------------------------------- several threads


@sharing("", 5, _LOCK)
@on_one
def threads_claim_no_case_twice(store: Store) -> None:
    """However many workers ask at once, each due case goes to one of them, and every one goes to somebody."""
    ids = {f"c-{number}" for number in range(60)}
    saved(store, *(opening(case_id) for case_id in sorted(ids)))
    _each_once(at_once(4, lambda _: [case_id for _ in range(20) for case_id in store.claim_due(NOW, 1, LEASE)]), ids)


@sharing("", 5, _LOCK)
@on_one
def threads_claim_no_message_twice(store: Store) -> None:
    """However many workers ask at once, each message goes to one of them, and every one goes to somebody."""
    changes = [saying(opening(f"c-{number}").case) for number in range(40)]
    saved(store, *(opening(change.case.id) for change in changes), *changes)
    claimed = at_once(4, lambda _: [queued.message.id for _ in range(20) for queued in store.claim(NOW, 1, LEASE)])
    _each_once(claimed, {change.messages[0].id for change in changes})


@sharing("", 5, "Check the version in the transaction that writes; give each thread its own connection, or put a lock around one.")
@on_one
def threads_that_change_one_case_lose_nothing(store: Store) -> None:
    """Of several who save one version at once exactly one succeeds; after as many tries as needed all are in, without a gap."""
    saved(store, opening())
    at_once(4, lambda worker: _add(store, f"{worker}", 5))
    same([entry.seq for entry in store.history("c-1")], list(range(1, 22)), "the numbers in the history")
    same(fold(store.history("c-1")), store.load("c-1"), "the fold of the history")


def _add(store: Store, name: str, times: int) -> None:
    """Add steps to a case, each until it is in."""
    for step in range(times):
        for _ in range(10_000):
            try:
                store.save([following(loaded(store, "c-1"), task(f"{name}/{step}"))])
                break
            except ConflictingChange:
                continue
        else:
            expect(False, "a thread lost every one of 10,000 races on one case")


@sharing("", 5, "Let nobody read what is not committed: threads that share a connection share what it has not committed yet.")
@on_one
def nobody_sees_half_a_save(store: Store) -> None:
    """Who reads while another thread saves sees all of it or nothing, and nothing of what is refused in the end."""
    stale = saved(store, opening("c-0"))
    saved(store, following(stale, task()))

    done = threading.Event()

    def write() -> set[str]:
        try:
            for number in range(40):
                changes = [opening(f"n-{number}"), saying(opening(f"n-{number}").case), following(stale, moved("ben"))]
                refused(ConflictingChange, partial(store.save, changes), "a save with one stale change")
        finally:
            done.set()
        return set()

    def read() -> set[str]:
        seen: set[str] = set()
        for _ in range(10_000):
            last = done.is_set()
            seen.update(f"n-{number}" for number in range(40) if store.load(f"n-{number}") or store.history(f"n-{number}"))
            if last:
                break
        return seen

    seen = at_once(3, lambda worker: write() if worker == 0 else read())
    same(sorted(set[str]().union(*seen)), [], "what other threads saw of saves that were refused")


# ---------------------------------------------------------------- several stores on the same data


@sharing("", 1, _DISK, needs=("reopen",))
def everything_is_there_for_whoever_opens_it_next(bench: StoreBench) -> None:
    """Cases, histories, keys, timings, claims and messages with their tries are there for another store on the same data."""
    with bench.fresh() as store:
        first, second = opening(), saying(opening().case)
        store.save([first, second], key=KEY, timing=TIMING)
        same(store.claim_due(NOW, 9, LEASE), ("c-1",), "what is due")
        store.retry("c-1:2:email", after(1), "down")
        with opened(bench.opener(store)()) as other:
            same(other.load("c-1"), second.case, "the case, read by the next store")
            same(other.history("c-1"), (*first.events, *second.events), "the history, read by the next store")
            same((other.key("k-1"), other.timing(TIMING.id)), (KEY, TIMING), "the key and the timing, read by the next store")
            same(other.claim_due(NOW, 9, LEASE), (), "what the next store is given while it is claimed")
            same(other.claim_due(after(5), 9, LEASE), ("c-1",), "what the next store is given when the lease is over")
            claimed = [(queued.message, queued.tries) for queued in other.claim(after(1), 9, LEASE)]
            same(claimed, [(second.messages[0], 1)], "the message and its tries, read by the next store")
            same(other.doctor(), (), "doctor() of the next store")


@sharing("", 5, _FRESH, needs=("reopen",))
def stores_on_the_same_data_see_each_other(bench: StoreBench) -> None:
    """What one store has saved another reads at once, whatever it has read before."""
    with bench.twice() as (one, other):
        case = saved(one, opening())
        same(other.load("c-1"), case, "what the other store loads")
        case = saved(other, saying(case))
        same(one.load("c-1"), case, "what the first store loads after the other has saved")
        same(len(one.history("c-1")), 2, "the length of the history that the first store reads")
        same(len(one.claim(NOW, 9, LEASE)), 1, "how many messages the first store is given")
        same(len(other.claim(NOW, 9, LEASE)), 0, "how many messages the other store is given while the first has them")
        saved(one, following(case, reported("c-1:2:email")))
        same(other.backlog(NOW).unsent, 0, "what is unsent, says the other store")
        refused(ConflictingChange, lambda: other.save([following(case, moved("cid"))]), "a stale change by the other store")


@sharing("", 2, "Check the version where the data is, not in the memory of one store.", needs=("reopen",))
def stores_on_the_same_data_lose_nothing(bench: StoreBench) -> None:
    """Two stores that change one case at once, each from two threads, lose nothing."""
    with bench.twice() as stores:
        saved(stores[0], opening())
        at_once(4, lambda worker: _add(stores[worker % 2], f"{worker}", 5))
        same([entry.seq for entry in stores[1].history("c-1")], list(range(1, 22)), "the numbers in the history")
        same(stores[0].load("c-1"), fold(stores[1].history("c-1")), "the case that the first store loads")


# ---------------------------------------------------------------- several processes


@sharing("", 2, "Check the version where the data is, in the transaction that writes.", needs=("reopen", "processes"))
def of_two_processes_one_wins(bench: StoreBench) -> None:
    """Of two processes that save one version at once one saves, and the other is told of the conflict."""
    with bench.fresh() as store:
        saved(store, opening())
        same(sorted(who_saved(bench.opener(store), ("ben", "cid"))), ["conflict", "saved"], "how two processes fared")
        same([entry.seq for entry in store.history("c-1")], [1, 2], "the numbers in the history")


@sharing("", 5, _LOCK, needs=("reopen", "processes"))
def processes_claim_no_case_twice(bench: StoreBench) -> None:
    """Each due case goes to one process, and every one goes to somebody."""
    ids = {f"c-{number:02}" for number in range(60)}
    with bench.fresh() as store:
        saved(store, *(opening(case_id) for case_id in sorted(ids)))
        _each_once(claims_of(bench.opener(store), 3), ids)


@sharing("", 1, _DISK, needs=("reopen", "processes"))
def what_was_acknowledged_survives_a_kill(bench: StoreBench) -> None:
    """A process that is killed while it saves has lost nothing it had acknowledged, and left nothing half saved."""
    for _ in range(2):
        with bench.fresh() as store:
            acknowledged = kept_after_a_kill(bench.opener(store), 20)
            expect(len(acknowledged) >= 20, f"the process acknowledged {len(acknowledged)} saves before it was killed, not 20")
            same([name for name in acknowledged if store.load(name) is None], [], "what was acknowledged and is gone")
            same(store.doctor(), (), "doctor() after the kill")


# ---------------------------------------------------------------- when something fails


@sharing("", 1, "Put everything that save writes into one transaction, and roll it back on any exception.", needs=("fragile",))
def whichever_operation_fails_nothing_is_half_saved(bench: StoreBench) -> None:
    """The first, second, third ... operation of a save fails, until none does: each time all is as it was before."""
    for _, error, unchanged, again in _failing(bench):
        expect(unchanged, f"something of a save that raised {type(error).__name__} was stored all the same")
        expect(again, f"after {type(error).__name__} in the middle of a save the store could not be read any more")


@sharing("", 6, "Catch the errors of the driver and raise StoreUnusable(where, why, way_out) from them.", needs=("fragile",))
def a_failing_operation_is_told_with_the_way_out(bench: StoreBench) -> None:
    """Whatever operation fails, the error is StoreUnusable, and says what to do."""
    for number, error, _, _ in _failing(bench):
        told = f"when operation {number} failed, save raised {type(error).__name__}: {error}"
        expect(isinstance(error, StoreUnusable), f"{told}, and should raise StoreUnusable")
        expect(isinstance(error, StoreUnusable) and bool(error.hint), f"{told}, without a hint")


def _failing(bench: StoreBench) -> list[tuple[int, Exception, bool, bool]]:
    """Fail each operation of a save in turn; return its number, the error, whether nothing changed, whether it can be read."""
    if bench.fragile is None:
        raise ValueError("fragile was not given")
    faults = Faults()
    found: list[tuple[int, Exception, bool, bool]] = []
    with opened(bench.fragile(faults)) as store:
        saved(store, opening("c-0"), opening("c-1"), saying(opening("c-1").case))
        before = _seen(store)
        while True:
            faults.after = len(found)
            error = _attempt(store)
            faults.after = None
            if error is None:
                break
            seen = _seen_or_none(store)
            found.append((len(found) + 1, error, seen == before, seen is not None))
            expect(len(found) < 1000, "no save came through although 1000 different operations have failed")
        expect(len(found) > 1, f"only {len(found)} operations of a save could be made to fail: does all go through faults.wrap()?")
        same([entry.seq for entry in store.history("c-1")], [1, 2, 3, 4], "the history after the save that came through")
        same(store.doctor(), (), "doctor() after the save that came through")
    return found


def _attempt(store: Store) -> Exception | None:
    case = saying(opening("c-1").case).case
    batch = [following(case, reported("c-1:2:email"), task()), opening("c-2"), saying(opening("c-2").case)]
    try:
        store.save(batch, key=KEY, timing=attrs.evolve(TIMING, id="policy-2"))
    except Exception as error:  # noqa: BLE001  (what it raises is looked at)
        return error
    return None


def _seen(store: Store) -> object:
    cases = [(store.load(name), store.history(name)) for name in ("c-0", "c-1", "c-2")]
    return cases, store.key("k-1"), store.timing("policy-2"), store.backlog(after(60)), store.doctor()


def _seen_or_none(store: Store) -> object:
    try:
        return _seen(store)
    except Exception:  # noqa: BLE001  (a store that cannot be read any more is a finding)
        return None


@sharing("", 6, "Catch the errors of the driver in every method; raise StoreUnusable(where, why, way_out).", needs=("spoil",))
def a_store_that_cannot_work_says_so(bench: StoreBench) -> None:
    """Whatever is asked of a store that cannot work, it answers with StoreUnusable and the way out."""
    with bench.fresh() as store:
        saved(store, opening())
        if bench.spoil is not None:
            bench.spoil(store)
        asked: tuple[tuple[str, Callable[[], object]], ...] = (
            ("load", lambda: store.load("c-1")),
            ("history", lambda: store.history("c-1")),
            ("save", lambda: store.save([following(opening().case, task())])),
            ("key", lambda: store.key("k-1")),
            ("claim_due", lambda: store.claim_due(NOW, 9, LEASE)),
            ("release", lambda: store.release("c-1")),
            ("doctor", store.doctor),
            ("backlog", lambda: store.backlog(NOW)),
        )
        for name, ask in asked:
            expect(bool(refused(StoreUnusable, ask, f"{name}() of a store that cannot work").hint), f"{name}() gave no hint")
