"""Checks of ``Upcoming``: a worker that sleeps until the instant it was told oversleeps nothing."""

from __future__ import annotations

from typing import Protocol, cast

import attrs

from recovery.ports.store import Store
from recovery.ports.upcoming import Upcoming
from recovery.testing.contracts.checking import Duties, same
from recovery.testing.contracts.samples import LEASE, NOW, after, closed, following, opening, reported, saying
from recovery.testing.contracts.stores.bench import StoreBench, loaded, on_one, saved

__all__ = ["coming"]

coming = Duties[StoreBench](Upcoming, optional=True)


class _Both(Store, Upcoming, Protocol):
    """A store that fills both ports."""


def _both(store: Store) -> _Both:
    # The checks are made only where the store fills the port.
    return cast(_Both, store)


@coming("next_due", 1, "Return the smaller of the first wake_at and the first instant of a queued message, past ones as well.")
@on_one
def the_soonest_of_all_that_waits_is_told(store: Store) -> None:
    """Cases and messages are looked at together, what is overdue included; where nothing waits, there is no instant."""
    same(_both(store).next_due(NOW), None, "next_due() of an empty store")
    case = saved(store, opening("c-1", wake_at=after(9)))
    saved(store, opening("c-2", wake_at=after(20)))
    same(_both(store).next_due(NOW), after(9), "the soonest instant")
    saved(store, attrs.evolve(saying(case, due=after(5)), wake_at=after(9)))
    same(_both(store).next_due(NOW), after(5), "the soonest instant beside a message")
    same(_both(store).next_due(after(60)), after(5), "the soonest instant when it is long past")
    case = saved(store, following(loaded(store, "c-1"), reported("c-1:2:email"), wake_at=after(30)))
    same(_both(store).next_due(NOW), after(20), "the soonest instant after the message was settled and the case moved")
    for each in (case, loaded(store, "c-2")):
        saved(store, following(each, closed(), wake_at=None))
    same(_both(store).next_due(NOW), None, "next_due() where every case is over")


@coming("next_due", 2, "Leave out what has a claim that is not over; the instant a case was put off to is kept in the claim.")
@on_one
def what_is_claimed_or_put_off_is_not_told(store: Store) -> None:
    """A worker does not stay awake for what others are at; when they have died, it is told."""
    saved(store, saying(saved(store, opening("c-1")), due=after(1)))
    saved(store, opening("c-2", wake_at=after(60)))
    same(store.claim_due(NOW, 9, LEASE), ("c-1",), "what is due")
    same(_both(store).next_due(NOW), after(1), "the soonest instant while the case is claimed")
    same(len(store.claim(after(1), 9, LEASE)), 1, "how many messages are due")
    same(_both(store).next_due(after(1)), after(60), "the soonest instant while both are claimed")
    same(_both(store).next_due(after(5)), NOW, "the soonest instant when the lease on the case is over")


@coming("oldest_due", 1, "Take the first wake_at that has come, and leave out what was put off; a claim makes no difference.")
@on_one
def the_case_that_is_due_longest_is_told(store: Store) -> None:
    """Whoever asks how far behind the work is gets the answer of the backlog, whatever is claimed, put off or to be sent."""
    same(_both(store).oldest_due(NOW), None, "oldest_due() of an empty store")
    saved(store, attrs.evolve(saying(saved(store, opening("c-1")), due=after(1)), wake_at=after(3)))
    saved(store, opening("c-2", wake_at=after(2)))
    for minutes in (0, 2, 3, 9):
        wanted = store.backlog(after(minutes)).oldest_due_at
        same(_both(store).oldest_due(after(minutes)), wanted, f"oldest_due() after {minutes} minutes")
    same(_both(store).oldest_due(after(3)), after(2), "the case that is due longest")
    same(len(store.claim_due(after(3), 9, LEASE)), 2, "how many cases are due")
    same(_both(store).oldest_due(after(3)), after(2), "the case that is due longest while both are claimed")
