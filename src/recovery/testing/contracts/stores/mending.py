"""Checks of ``Mending``: a doctor goes through all cases, and what their histories can tell is rebuilt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

import attrs

from recovery.core.place import Lookup
from recovery.core.reference import normal_reference
from recovery.core.stages import Stage
from recovery.ports.mending import Mending
from recovery.ports.store import Store
from recovery.ports.values import Examined
from recovery.testing.contracts.checking import Duties, expect, same
from recovery.testing.contracts.samples import LEASE, NOW, TIMING, after, following, moved, opening, saying, task
from recovery.testing.contracts.stores.bench import StoreBench, loaded, on_one, saved, state

__all__ = ["mending"]

mending = Duties[StoreBench](Mending, optional=True)

_EXAMINE = "recovery.stores.examine looks at one case; fold(history) is what it should be."


class _Both(Store, Mending, Protocol):
    """A store that fills both ports."""


def _both(store: Store) -> _Both:
    # The checks are made only where the store fills the port.
    return cast(_Both, store)


def _about(found: Iterable[Examined]) -> list[tuple[object, ...]]:
    return [(each.case_id, each.case, each.wake_at, each.findings) for each in found]


@mending("contradictions", 1, "Find at a glance only what is wrong when it is looked at as well.")
@on_one
def a_glance_sees_no_ghosts(store: Store) -> None:
    """Where all is well a glance finds nothing, and where something is wrong it names nobody else."""
    saved(store, saying(saved(store, opening("c-1"))))
    for beside in (False, True):
        same(list(_both(store).contradictions(beside=beside)), [], f"contradictions(beside={beside})")
    saved(store, opening("c-2", owner="", wake_at=None))
    found = {finding.case_id for finding in _both(store).contradictions()}
    expect(found <= {"c-2"}, f"contradictions() names {sorted(found)}, where something is wrong with c-2 alone")


@mending("look_through", 1, f"Select the ids that are greater than after, in their order, and look at each. {_EXAMINE}")
@on_one
def every_case_is_looked_at_once_and_in_order(store: Store) -> None:
    """Page by page every case comes, as its history makes it; what is wrong with one is said of that one, as the doctor says it."""
    same(_both(store).look_through(), (), "look_through() of an empty store")
    for case_id, minutes in (("c-2", 2), ("c-1", 1), ("c-3", 3)):
        saved(store, opening(case_id, wake_at=after(minutes)))
    whole = opening("c-4")
    saved(store, attrs.evolve(whole, case=attrs.evolve(whole.case, stage=Stage.INVESTIGATING)))
    first, second = _both(store).look_through(limit=2), _both(store).look_through("c-2", 9)
    wanted = [(case_id, loaded(store, case_id), after(minutes), ()) for case_id, minutes in (("c-1", 1), ("c-2", 2))]
    same(_about(first), wanted, "the first page")
    same([each.case_id for each in second], ["c-3", "c-4"], "the ids on the page behind c-2")
    same(second[-1].case, whole.case, "the case that its history makes, whatever is stored of it")
    same(second[-1].findings, store.doctor(), "what is found wrong, beside what doctor() says")
    expect(bool(second[-1].findings), "nothing is found wrong with a case that differs from its history")


@mending("look_through", 2, "Only read.")
@on_one
def looking_changes_nothing(store: Store) -> None:
    """Whoever looks finds everything as it was."""
    saved(store, attrs.evolve(saying(saved(store, opening("c-1", wake_at=NOW))), messages=()))
    saved(store, opening("c-2", wake_at=None))
    before = state(store, ["c-1", "c-2"])
    for _ in range(2):
        same(len(_both(store).look_through()), 2, "how many cases are on the page")
    same(state(store, ["c-1", "c-2"]), before, "the store after look_through()")


@mending("look_at", 1, "Look at one case as at one on a page.")
@on_one
def one_case_is_looked_at_as_in_a_page(store: Store) -> None:
    """One case is the same on a page and alone, whether something is wrong with it or not; an unknown one is nothing."""
    saved(store, opening("c-1"), opening("c-2", wake_at=None))
    for each in _both(store).look_through():
        same(_both(store).look_at(each.case_id), each, f"look_at({each.case_id!r})")
    for unknown in ("c-3", "\ud800", ""):
        same(_both(store).look_at(unknown), None, f"look_at({unknown!r})")


@mending("rebuild", 1, "Fold the history, and write all that a save writes beside it; keep the claim.")
@on_one
def what_the_history_tells_is_rebuilt(store: Store) -> None:
    """A case that differs from its history, and that nobody would look at again, is as it should be; no other is touched."""
    change = opening("c-1", wake_at=NOW)
    wrong = attrs.evolve(change.case, stage=Stage.INVESTIGATING)
    saved(store, attrs.evolve(change, case=wrong, wake_at=None))
    other = saved(store, saying(saved(store, opening("c-2", wake_at=NOW))))
    same(store.claim_due(NOW, 9, LEASE), ("c-2",), "what is due before")
    for case_id in ("c-1", "c-2"):
        _both(store).rebuild(case_id, lambda _: NOW)
    same(store.load("c-1"), change.case, "the case after it was rebuilt")
    same(store.history("c-1"), change.events, "the history after the case was rebuilt")
    found = _both(store).look_through()
    same([(each.wake_at, each.findings) for each in found], [(NOW, ()), (NOW, ())], "the wake instants, and what is wrong")
    same(
        [case.id for case in store.candidates([Lookup("reference", normal_reference(change.case.reference))])],
        ["c-1"],
        "who is found",
    )
    same(store.claim_due(NOW, 9, LEASE), ("c-1",), "what is due while the claim on the other holds")
    same(store.load("c-2"), other, "the other case")
    saved(store, following(other, task()), following(change.case, moved("cem")))


@mending("rebuild", 2, "Write nothing where the history makes no case.", needs=("lose_event",))
def what_cannot_be_rebuilt_stays(bench: StoreBench) -> None:
    """A case whose history has a gap is not made worse, and an unknown one is not made up."""
    with bench.fresh() as store:
        case = saved(store, following(saved(store, opening("c-1")), task(), moved("ben")))
        if bench.lose_event is not None:
            bench.lose_event(store, "c-1", 2)
        for case_id in ("c-1", "c-2"):
            _both(store).rebuild(case_id, lambda _: NOW)
        same(store.load("c-1"), case, "the case after it could not be rebuilt")
        same(store.load("c-2"), None, "the case that nobody knows")
        expect(bool(store.doctor()), "doctor() no longer finds the gap")
        same(store.timing(TIMING.id), TIMING, "timing() afterwards")
