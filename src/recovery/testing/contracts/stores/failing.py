"""Checks of ``Troubles``: what could not be looked at waits, blocks nobody, is told, and comes back."""

from __future__ import annotations

from typing import Protocol, cast

from recovery.ports.store import Store
from recovery.ports.troubles import Troubles
from recovery.ports.values import Trouble
from recovery.testing.contracts.checking import Duties, same
from recovery.testing.contracts.samples import LEASE, NASTY, NOW, after, following, opening, reported, saying, task
from recovery.testing.contracts.stores.bench import StoreBench, loaded, on_one, saved

__all__ = ["failing"]

failing = Duties[StoreBench](Troubles, optional=True)


class _Both(Store, Troubles, Protocol):
    """A store that fills both ports."""


def _both(store: Store) -> _Both:
    # The checks are made only where the store fills the port.
    return cast(_Both, store)


@failing("put_off", 1, "Keep the instant where the claim is kept, and give the case out where that is empty or <= now.")
@on_one
def a_case_put_off_waits_for_its_instant(store: Store) -> None:
    """A case that was put off is given to nobody before its instant, from then on it is, and the others come meanwhile."""
    trouble = _both(store)
    for case_id in ("c-1", "c-2"):
        saved(store, opening(case_id))
    same(store.claim_due(NOW, 1, LEASE), ("c-1",), "what is due")
    trouble.put_off("c-1", after(60), f"it broke {NASTY}")
    same(store.claim_due(after(54), 9, LEASE), ("c-2",), "what is due beside the one that was put off")
    same(store.claim_due(after(59.9), 9, LEASE), ("c-2",), "what is due before the instant c-1 was put off to")
    saved(store, following(loaded(store, "c-2"), task()))
    same(store.claim_due(after(60), 9, LEASE), ("c-1", "c-2"), "what is due at the instant c-1 was put off to")


@failing("put_off", 1, "Put the claim to the new instant, also where that is before the lease is over.")
@on_one
def a_case_put_off_is_no_longer_claimed(store: Store) -> None:
    """A case that is tried again soon does not wait for its lease to end."""
    saved(store, opening())
    same(store.claim_due(NOW, 9, LEASE), ("c-1",), "what is due")
    _both(store).put_off("c-1", after(1), "it broke")
    same(store.claim_due(after(1), 9, LEASE), ("c-1",), "what is due a minute later, within the lease")


@failing("put_off", 1, "Leave out of due and oldest_due_at what has failed and waits for its instant.")
@on_one
def a_case_put_off_is_not_counted_as_due(store: Store) -> None:
    """How far behind the worker is, is not told by what nobody can look at."""
    saved(store, opening("c-1"))
    saved(store, opening("c-2", wake_at=after(2)))
    store.claim_due(NOW, 9, LEASE)
    _both(store).put_off("c-1", after(60), "it broke")
    found = [(store.backlog(after(at)).due, store.backlog(after(at)).oldest_due_at) for at in (1, 2, 60)]
    same(found, [(0, None), (1, after(2)), (2, NOW)], "what backlog() counts as due, and the oldest")


@failing("put_off", 2, "Change the row only where a claim stands in it, and let unknown ids through.")
@on_one
def who_was_too_slow_puts_nothing_off(store: Store) -> None:
    """A case that another worker has saved or released since is not put off, nor is one that nobody claimed."""
    trouble = _both(store)
    case = saved(store, opening("c-1"))
    for case_id in ("c-2", "c-3", "c-4"):
        saved(store, opening(case_id, wake_at=after(1) if case_id == "c-3" else NOW))
    same(store.claim_due(NOW, 9, LEASE), ("c-1", "c-2", "c-4"), "what is due")
    saved(store, following(case, task(), wake_at=after(1)))
    store.release("c-2")
    for case_id in ("c-1", "c-2", "c-3", "c-9", "\ud800"):
        trouble.put_off(case_id, after(60), "too late")
    same(trouble.troubles(), (), "what is in trouble")
    same(store.claim_due(after(1), 9, LEASE), ("c-2", "c-1", "c-3"), "what is due")


@failing("troubles", 1, "Return cases with failed looks and queued messages with failed tries, ordered by the next one.")
@on_one
def what_is_in_trouble_is_told(store: Store) -> None:
    """Cases and messages that failed are told with owner, error, failed tries, and when they are tried again."""
    trouble = _both(store)
    same(trouble.troubles(), (), "troubles() of an empty store")
    for case_id, owner in (("c-1", "ana"), ("c-2", "ben"), ("c-3", "cid")):
        saved(store, saying(saved(store, opening(case_id, owner=owner))))
    for minutes in (0, 10):
        store.claim_due(after(minutes), 9, LEASE)
        trouble.put_off("c-2", after(minutes + 10), f"look {minutes}")
    trouble.put_off("c-1", after(30), "first look")
    store.claim(NOW, 9, LEASE)
    store.retry("c-1:2:email", after(15), "mail server is down")
    wanted = (
        Trouble(case_id="c-1", owner="ana", error="mail server is down", tries=1, next_at=after(15), message_id="c-1:2:email"),
        Trouble(case_id="c-2", owner="ben", error="look 10", tries=2, next_at=after(20)),
        Trouble(case_id="c-1", owner="ana", error="first look", tries=1, next_at=after(30)),
    )
    same(trouble.troubles(), wanted, "what is in trouble")
    same(trouble.troubles(), wanted, "what is in trouble when asked again")


@failing("troubles", 3, "Leave out messages whose error begins otherwise, in the database and not afterwards.")
@on_one
def what_is_asked_for_is_told_alone(store: Store) -> None:
    """Of messages only those come whose error begins as was asked; every case that was put off comes."""
    trouble = _both(store)
    for case_id, error in (("c-1", "no answer"), ("c-2", "no room, no answer"), ("c-3", "100% full")):
        saved(store, saying(saved(store, opening(case_id))))
        store.claim(NOW, 9, LEASE)
        store.retry(f"{case_id}:2:email", after(15), error)
    store.claim_due(NOW, 9, LEASE)
    trouble.put_off("c-3", after(30), "it broke")
    for saying_so, wanted in (
        ("no ", ["c-1", "c-2", "c-3"]),
        ("no answer", ["c-1", "c-3"]),
        ("%", ["c-3"]),
        ("100%", ["c-3", "c-3"]),
    ):
        found = [each.case_id for each in trouble.troubles(saying_so)]
        same(found, wanted, f"what is in trouble, saying {saying_so!r}")


@failing("troubles", 2, "Empty error and tries where a case is saved or released, and leave settled messages out.")
@on_one
def what_works_again_is_in_trouble_no_more(store: Store) -> None:
    """Whoever could be looked at, or has been sent, is not told any more, and counts its failures from the start again."""
    trouble = _both(store)
    for case_id in ("c-1", "c-2", "c-3"):
        saved(store, saying(saved(store, opening(case_id))))
    store.claim_due(NOW, 9, LEASE)
    store.claim(NOW, 9, LEASE)
    for case_id in ("c-1", "c-2", "c-3"):
        trouble.put_off(case_id, after(1), "it broke")
    store.retry("c-3:2:email", after(1), "mail server is down")
    store.release("c-1")
    saved(store, following(loaded(store, "c-2"), task()))
    saved(store, following(loaded(store, "c-3"), reported("c-3:2:email")))
    same(trouble.troubles(), (), "what is in trouble")
    same(store.claim_due(after(1), 9, LEASE), ("c-1", "c-2", "c-3"), "what is due")
    trouble.put_off("c-1", after(2), "again")
    same([each.tries for each in trouble.troubles()], [1], "how often c-1 has failed since it was released")
