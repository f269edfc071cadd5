"""The contracts of ``CaseStore``, ``CaseFinder``, ``Outbox``, ``Store``, and of those a store may fill, ready to call."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypedDict, TypeVar, Unpack, cast

from recovery.ports.store import CaseStore, Store
from recovery.testing.contracts.checking import Check, Duties, Report, examine, require
from recovery.testing.contracts.faults import Faults
from recovery.testing.contracts.stores.bench import StoreBench
from recovery.testing.contracts.stores.coming import coming
from recovery.testing.contracts.stores.failing import failing
from recovery.testing.contracts.stores.feeding import feeding
from recovery.testing.contracts.stores.finding import finding
from recovery.testing.contracts.stores.keeping import keeping
from recovery.testing.contracts.stores.mending import mending
from recovery.testing.contracts.stores.sending import sending
from recovery.testing.contracts.stores.sharing import sharing
from recovery.testing.contracts.stores.walking import walking
from recovery.testing.contracts.stores.watching import watching

__all__ = [
    "StoreOptions",
    "case_finder_checks",
    "case_store_checks",
    "check_case_finder",
    "check_case_store",
    "check_outbox",
    "check_store",
    "outbox_checks",
    "store_checks",
]

S = TypeVar("S", bound=CaseStore)
Maker = Callable[[], "S | AbstractContextManager[S]"]


class StoreOptions(TypedDict, total=False):
    """What a maker of stores can be asked to do besides making one. ``S`` stands for your store.

    ``reopen(store)`` returns a callable that opens the data of ``store`` once more, while that is open: it shows that saved means
    saved. With ``processes=True`` that callable can be pickled (a function or ``functools.partial``), and processes share the data.
    ``fragile(faults)`` makes a store whose connections went through ``faults.wrap()``. ``spoil(store)`` makes it unusable: closes
    it, or takes its file away. ``lose_event(store, case_id, seq)`` deletes one event, ``garble(store, case_id)`` makes what is
    stored of one case unreadable, both behind the store's back.
    """

    reopen: Callable[..., Callable[[], object]]
    processes: bool
    fragile: Callable[[Faults], object]
    spoil: Callable[..., object]
    lose_event: Callable[..., object]
    garble: Callable[..., object]


_CASE_STORE = (keeping, watching, sharing)
_FINDER = (finding,)
_OUTBOX = (sending,)
_ALL = (*_CASE_STORE, *_FINDER, *_OUTBOX, walking, failing, coming, feeding, mending)


def _bench(make: Callable[[], object], options: StoreOptions) -> StoreBench:
    # The options of a user speak of the user's own type of store; the checks need no more of it than the port.
    return StoreBench(make=cast("Callable[[], Store]", make), **cast("dict[str, bool]", options))  # type: ignore[arg-type]


def _checks(duties: tuple[Duties[StoreBench], ...], make: Callable[[], object], options: StoreOptions) -> tuple[Check, ...]:
    bench = _bench(make, options)
    return tuple(check for each in duties for check in each.checks(bench))


def _report(what: str, duties: tuple[Duties[StoreBench], ...], make: Callable[[], object], options: StoreOptions) -> Report:
    bench = _bench(make, options)
    left_out = tuple(left for each in duties for left in each.left_out(bench))
    return require(examine(_checks(duties, make, options), what=what, left_out=left_out))


def check_store(make: Maker[S], **options: Unpack[StoreOptions]) -> Report:
    """Hold a store against all that a desk needs of it: ``CaseStore``, ``CaseFinder``, ``Outbox`` and ``Store``.

    ``Troubles``, ``Upcoming``, ``Feed`` and ``Mending`` are looked at where the store fills them; where it does not, the report
    says so. ``make`` returns a fresh, empty store, or a context manager that gives one. For the options see :class:`StoreOptions`.
    Raises :class:`ContractBroken` where an obligation is not kept.
    """
    return _report("Store", _ALL, make, options)


def store_checks(make: Maker[S], **options: Unpack[StoreOptions]) -> tuple[Check, ...]:
    """Return the checks that :func:`check_store` makes, one by one."""
    return _checks(_ALL, make, options)


def check_case_store(make: Maker[S], **options: Unpack[StoreOptions]) -> Report:
    """Hold a store against ``CaseStore`` alone. Its checks look into the outbox as well where a save writes to it."""
    return _report("CaseStore", _CASE_STORE, make, options)


def case_store_checks(make: Maker[S], **options: Unpack[StoreOptions]) -> tuple[Check, ...]:
    """Return the checks that :func:`check_case_store` makes, one by one."""
    return _checks(_CASE_STORE, make, options)


def check_case_finder(make: Maker[S]) -> Report:
    """Hold a store against ``CaseFinder`` alone; its cases come in by ``save``."""
    return _report("CaseFinder", _FINDER, make, {})


def case_finder_checks(make: Maker[S]) -> tuple[Check, ...]:
    """Return the checks that :func:`check_case_finder` makes, one by one."""
    return _checks(_FINDER, make, {})


def check_outbox(make: Maker[S]) -> Report:
    """Hold a store against ``Outbox`` alone; its rows come in, and are closed, by ``save``."""
    return _report("Outbox", _OUTBOX, make, {})


def outbox_checks(make: Maker[S]) -> tuple[Check, ...]:
    """Return the checks that :func:`check_outbox` makes, one by one."""
    return _checks(_OUTBOX, make, {})
