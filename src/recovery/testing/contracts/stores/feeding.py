"""Checks of ``Feed``: every event comes to whoever asks, once, in order, however late it was saved."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Protocol, cast

from recovery.codec import Undecodable
from recovery.core.errors import ConflictingChange, InvalidValue
from recovery.ports.feed import Feed
from recovery.ports.store import Store
from recovery.ports.values import Committed
from recovery.testing.contracts.checking import Duties, expect, refused, same
from recovery.testing.contracts.samples import NASTY, following, opening, saying, task
from recovery.testing.contracts.stores.bench import StoreBench, at_once, on_one, saved

__all__ = ["feeding"]

feeding = Duties[StoreBench](Feed, optional=True)

WRITERS, CASES = 3, 8
"""How many threads write while another reads, and how many cases each of them."""


class _Both(Store, Feed, Protocol):
    """A store that fills both ports."""


def _both(store: Store) -> _Both:
    # The checks are made only where the store fills the port.
    return cast(_Both, store)


def _read(store: Store, after: str = "", limit: int = 3) -> list[Committed]:
    """Return everything behind a position, page by page."""
    found: list[Committed] = []
    for _ in range(1000):
        page = _both(store).feed(after, limit)
        expect(len(page) <= limit, f"feed() returned {len(page)} events where {limit} were asked for")
        if not page:
            return found
        found += page
        after = page[-1].position
    expect(False, "feed() goes on for ever")
    return found


def _told(found: Sequence[Committed]) -> list[tuple[str, int]]:
    return [(each.case_id, each.recorded.seq) for each in found]


@feeding("feed", 1, "Give each event a position when it is saved, and select by position > after, in that order.")
@on_one
def every_event_comes_once_and_in_order(store: Store) -> None:
    """All events come as they were saved, page by page, those of one save in the order of its changes."""
    same(_both(store).feed(), (), "the feed of an empty store")
    first = saved(store, opening("c-2"))
    case = saved(store, opening("c-1"), following(opening("c-1").case, task(NASTY), task()))
    saved(store, following(first, task()))
    saved(store, saying(case))
    wanted = [("c-2", 1), ("c-1", 1), ("c-1", 2), ("c-1", 3), ("c-2", 2), ("c-1", 4)]
    same(_told(_read(store)), wanted, "what comes, three at a time")
    same(_told(_read(store, limit=1)), wanted, "what comes, one at a time")
    same(_both(store).feed(limit=0), (), "what comes with a limit of 0")
    histories = {case_id: store.history(case_id) for case_id in ("c-1", "c-2")}
    same([each.recorded for each in _read(store)], [histories[case_id][seq - 1] for case_id, seq in wanted], "the events")


@feeding("feed", 1, "Store an event and its position in one transaction.")
@on_one
def what_was_not_saved_does_not_come(store: Store) -> None:
    """A change that lost its race leaves nothing in the feed, and a repeated save nothing twice."""
    case = saved(store, opening())
    change = following(case, task())
    saved(store, change)
    for late in (change, opening()):
        refused(ConflictingChange, lambda late=late: saved(store, opening("c-2"), late), "a save that came too late")  # type: ignore[misc]
    same(_told(_read(store)), [("c-1", 1), ("c-1", 2)], "what comes after two saves that were too late")


@feeding("feed", 2, "Never give a position to what can still be overtaken: mind numbers that are drawn before the commit.")
@on_one
def what_is_saved_late_is_not_passed_over(store: Store) -> None:
    """Whoever reads along while several threads write is given every event, once, and each case in order."""
    found: list[Committed] = []
    numbers, over = count(), [0]

    def write(worker: int) -> None:
        for number in range(CASES):
            case = saved(store, opening(f"c-{worker}-{number}"))
            saved(store, following(case, task(), task()))
        over[0] += 1

    def read(worker: int) -> None:
        while over[0] < WRITERS and next(numbers) < 100_000:
            found.extend(_both(store).feed(found[-1].position if found else "", 5))

    at_once(WRITERS + 1, lambda worker: write(worker) if worker else read(worker))
    found.extend(_read(store, found[-1].position if found else ""))
    told = _told(found)
    wanted = {(f"c-{worker}-{number}", seq) for worker in range(1, WRITERS + 1) for number in range(CASES) for seq in (1, 2, 3)}
    same((len(told), set(told)), (len(wanted), wanted), "how many came, and which")
    for case_id in {case_id for case_id, _ in told}:
        same([seq for other, seq in told if other == case_id], [1, 2, 3], f"the order in which the events of {case_id} came")


@feeding("feed", 3, "Let the position of an event never change.")
@on_one
def a_position_stays_where_it_is(store: Store) -> None:
    """The same position gives the same again, and what was saved since comes behind it."""
    case = saved(store, following(saved(store, opening()), task()))
    before = _both(store).feed()
    same(_both(store).feed(), before, "the feed when asked again")
    saved(store, following(case, task()))
    same(_both(store).feed()[: len(before)], before, "the beginning of the feed after another save")
    same(_told(_both(store).feed(before[-1].position)), [("c-1", 3)], "what comes after the last position")
    same(_told(_both(store).feed(before[0].position)), [("c-1", 2), ("c-1", 3)], "what comes after the first position")


@feeding("feed", 3, "Keep the position with the event, not in the process.", needs=("reopen",))
def a_position_holds_for_everybody(bench: StoreBench) -> None:
    """A position that one opened store gave is understood by another over the same data."""
    with bench.twice() as (store, other):
        saved(store, following(saved(store, opening()), task()))
        same(_both(other).feed(), _both(store).feed(), "the feed of another opened store")
        position = _both(store).feed()[0].position
        same(_told(_both(other).feed(position)), [("c-1", 2)], "what comes there after a position from here")


@feeding("feed", 4, "Give out what comes before it, and raise Undecodable for whoever asks for it first.", needs=("garble",))
def an_entry_that_cannot_be_read_is_not_passed_over(bench: StoreBench) -> None:
    """Who follows along comes as far as the entry that cannot be read, and is told, instead of never hearing of it."""
    with bench.fresh() as store:
        saved(store, opening("c-0"))
        case = saved(store, opening("c-1"))
        saved(store, following(case, task(), task(), task(), task()))
        saved(store, opening("c-2"))
        if bench.garble is not None:
            bench.garble(store, "c-1")
        found = _both(store).feed()
        same(_told(found), [("c-0", 1)], "what comes before events that cannot be read")
        refused(Undecodable, lambda: _both(store).feed(found[-1].position), "feed() behind it")


@feeding("feed", 5, "Raise InvalidValue for what is no position.")
@on_one
def a_position_of_elsewhere_is_refused(store: Store) -> None:
    """What no feed gave is no position; the error names the field."""
    saved(store, opening())
    [last] = _both(store).feed()
    same(_both(store).feed(last.position), (), "what comes after the last position")
    beyond = f"{last.position[:-1]}9"
    for wrong in (
        "nonsense",
        "-1",
        "1.5",
        "\ud800",
        "²",
        *([beyond] if last.position.isascii() and last.position[-1:].isdigit() else ()),
    ):
        error = refused(InvalidValue, lambda wrong=wrong: _both(store).feed(wrong), f"feed({wrong!r})")  # type: ignore[misc]
        same([reason.field for reason in error.reasons], ["after"], "the field that the error names")
