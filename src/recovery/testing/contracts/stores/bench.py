"""What the checks of stores work on: fresh stores, and what their maker lets be done to them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, wraps
from typing import TypeVar

from attrs import frozen

from recovery.core.case import Case
from recovery.ports.feed import Feed
from recovery.ports.mending import Mending
from recovery.ports.store import Store
from recovery.ports.troubles import Troubles
from recovery.ports.upcoming import Upcoming
from recovery.ports.values import Change
from recovery.testing.contracts.checking import expect, opened
from recovery.testing.contracts.faults import Faults
from recovery.testing.contracts.samples import KEY, TIMING, after

__all__ = ["Given", "StoreBench", "at_once", "loaded", "on_one", "saved", "state"]

T = TypeVar("T")
Given = Store | AbstractContextManager[Store]
"""A store, or a context manager that gives one."""

PATIENCE = 120.0
"""How many seconds threads and processes are waited for before a check calls them stuck."""


@frozen(kw_only=True)
class StoreBench:
    """A maker of stores and its options; see :func:`recovery.testing.contracts.check_store`."""

    make: Callable[[], Given]
    reopen: Callable[[Store], Callable[[], Given]] | None = None
    processes: bool = False
    fragile: Callable[[Faults], Given] | None = None
    spoil: Callable[[Store], object] | None = None
    lose_event: Callable[[Store, str, int], object] | None = None
    garble: Callable[[Store, str], object] | None = None

    @contextmanager
    def fresh(self) -> Generator[Store, None, None]:
        """Yield a fresh, empty store."""
        with opened(self.make()) as store:
            yield store

    @contextmanager
    def twice(self) -> Generator[tuple[Store, Store], None, None]:
        """Yield two stores on the same, still empty data."""
        with self.fresh() as store, opened(self.opener(store)()) as other:
            yield store, other

    @cached_property
    def fills(self) -> frozenset[str]:
        """The names of the ports it fills of those that a store may leave."""
        with self.fresh() as store:
            return frozenset(port.__name__ for port in (Troubles, Upcoming, Feed, Mending) if isinstance(store, port))

    def opener(self, store: Store) -> Callable[[], Given]:
        """Return what opens the data of ``store`` once more."""
        if self.reopen is None:
            raise ValueError("reopen was not given")
        return self.reopen(store)


def on_one(run: Callable[[Store], None]) -> Callable[[StoreBench], None]:
    """Make a check of one fresh store a check of the bench."""

    @wraps(run)
    def check(bench: StoreBench) -> None:
        with bench.fresh() as store:
            run(store)

    return check


def saved(store: Store, *changes: Change) -> Case:
    """Save the changes and return the case of the last."""
    store.save(changes, timing=TIMING)
    return changes[-1].case


def loaded(store: Store, case_id: str) -> Case:
    """Return a case that must be there."""
    case = store.load(case_id)
    if case is None:
        expect(False, f"load({case_id!r}) returned None, though the case was saved")
        raise AssertionError
    return case


def state(store: Store, ids: Sequence[str]) -> object:
    """Return all that can be seen of these cases, of the key and the timing of the samples, and of the backlog."""
    cases = [(store.load(case_id), store.history(case_id)) for case_id in ids]
    return cases, store.key(KEY.key), store.timing(TIMING.id), store.backlog(after(60))


@contextmanager
def _restless() -> Generator[None, None, None]:
    """Let threads take turns so often that they meet where they should not."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def at_once(workers: int, work: Callable[[int], T]) -> list[T]:
    """Run ``work`` in so many threads from the same moment on, and return what each of them returns; what one raises is raised."""
    gate = threading.Barrier(workers)
    found: dict[int, T] = {}
    errors: list[Exception] = []

    def begin(worker: int) -> None:
        gate.wait()
        try:
            found[worker] = work(worker)
        except Exception as error:  # noqa: BLE001  (it is raised again in the thread that waits)
            errors.append(error)

    threads = [threading.Thread(target=begin, args=(worker,), daemon=True) for worker in range(workers)]
    with _restless():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
    if errors:
        raise errors[0]
    expect(not any(thread.is_alive() for thread in threads), f"threads still wait for each other after {PATIENCE:g} s")
    return [found[worker] for worker in range(workers)]
