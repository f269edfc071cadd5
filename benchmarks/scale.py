"""Many open cases: what a desk does all day among few of them and among many, taking over a million, and what a worker holds."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from itertools import count
from pathlib import Path

from benchmarks.claiming import FEW, sized
from benchmarks.grounds import LASTING, POSTGRES, SQLITE, Kind
from benchmarks.pairing import Fact, Pair, Prepare, Scale, Seen, Side, both, repeated
from benchmarks.sample import COMMAND, letter
from benchmarks.storing import desk_on
from benchmarks.tables import filled, fresh, owner
from recovery import Desk, Stage, Ticket
from recovery.ports.values import Query

__all__ = ["FACTS", "PAIRS"]

Work = Callable[[Desk, int], object]
"""Something a desk does, by the number of the time it is done."""


def tickets(first: int, many: int) -> Iterator[Ticket]:
    """Yield running tickets of another system."""
    return (Ticket(number=f"T-{number}", contact=letter(number), stage=Stage.ACKNOWLEDGED) for number in range(first, first + many))


@cache
def _desk(kind: Kind, many: int) -> Desk:
    return desk_on(LASTING.enter_context(filled(kind, many, "whole").store()))


NUMBERS = count(1)


def among(kind: Kind, many: int, work: Work, times: int) -> Prepare:
    """Compare what a desk does among ``many`` whole cases with the same among few."""

    @contextmanager
    def prepare(scale: Scale) -> Iterator[tuple[Side, Side]]:
        desks = [_desk(kind, sized(scale, each)) for each in (many, FEW)]
        sides = [repeated(partial(_next, work, desk), scale.of(1, times)) for desk in desks]
        with both(sides[0], sides[1]) as warmed:
            yield warmed

    return prepare


def _next(work: Work, desk: Desk) -> None:
    work(desk, next(NUMBERS))


def opens_and_answers(desk: Desk, number: int) -> None:
    """Take a customer's mail, which opens a case, and acknowledge it."""
    desk.handle(desk.receive(letter(number)).case.id, COMMAND)


def finds(desk: Desk, number: int) -> None:
    """Find a page of the open cases of one owner."""
    if not desk.store.find(Query(owner=owner(number), open_only=True, limit=10)):
        raise ValueError("an owner has no case")


def counts(desk: Desk, number: int) -> None:
    """Ask how much ten people have to do."""
    desk.store.loads([owner(number + each) for each in range(10)])


def tells_the_backlog(desk: Desk, _: int) -> None:
    """Ask how much there is to do."""
    desk.backlog()


DONE: tuple[tuple[str, str, Work, int, float | None], ...] = (
    ("open and answer", "a mail that opens a case, and its acknowledgement", opens_and_answers, 10, 2.0),
    ("find a page", "a page of ten open cases of one owner", finds, 50, 2.0),
    ("loads", "how much each of ten people has to do", counts, 50, 2.0),
    ("backlog", "`desk.backlog`: how much there is to do in all", tells_the_backlog, 3, None),
)
"""What a desk does all day: a name, words for it, the work, how often a round does it, and the bar."""


def _pairs(kind: Kind) -> Iterator[Pair]:
    for many, told in ((100_000, "100,000"), (1_000_000, "1,000,000")):
        for name, words, work, times, bar in DONE:
            yield Pair(
                name=f"{name} among {told} on {kind.name}",
                ours=f"{words}, among {told} open cases, on {kind.name}",
                theirs=f"the same among {FEW:,}",
                prepare=among(kind, many, work, times),
                at_most=bar,
                needs=kind.needs,
                rounds=11,
                large=many > 100_000,
            )


# ---------------------------------------------------------------- taking over a million


def adopts(kind: Kind) -> Callable[[Scale], Seen]:
    """Return the look at taking over the running tickets of another system; a million at the large scale."""

    def look(scale: Scale) -> Seen:
        many = scale.of(20, 5_000, 1_000_000)
        with fresh(kind, 2, whole=True) as made, made.store() as store:
            begun = time.perf_counter()
            adopted = desk_on(store).adopt(tickets(1, many)).adopted
            taken = time.perf_counter() - begun
        whole = "" if scale is Scale.LARGE else f"; a million at that rate: {1_000_000 * taken / many / 60:,.0f} minutes"
        return Seen(told=f"{adopted / taken:,.0f}/s ({adopted:,} tickets){whole}", kept=adopted == many)

    return look


# ---------------------------------------------------------------- what a worker holds

WORKER = """
import json, resource, sys
from benchmarks.claiming import store_of
from benchmarks.storing import desk_on
with store_of(sys.argv[1], sys.argv[2]) as store:
    desk = desk_on(store)
    looked = [desk.run_due(100) for _ in range(int(sys.argv[3]))]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"ticked": sum(done for done, _ in looked), "failed": sum(failed for _, failed in looked), "peak": peak}))
"""


def holds(kind: Kind, many: int) -> Callable[[Scale], Seen]:
    """Return the look at what a worker among ``many`` open cases needs of memory, beside one among few."""

    def look(scale: Scale) -> Seen:
        times = scale.of(2, 15)
        big, small = (_worker(kind, filled(kind, sized(scale, each)).where, times) for each in (many, FEW))
        ticked, failed = big["ticked"], big["failed"]
        told = f"{big['peak']:.0f} MB at most, {small['peak']:.0f} MB among {FEW:,}; {ticked:,.0f} cases looked at"
        return Seen(told=told, kept=ticked == times * 100 and not failed and big["peak"] < small["peak"] + MORE)

    return look


MORE = 16
"""How many megabytes a worker among many cases may need more than one among few."""


def _worker(kind: Kind, where: str, times: int) -> dict[str, float]:
    asked = [sys.executable, "-c", WORKER, kind.name, where, str(times)]
    told = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=Path(__file__).parent.parent)
    found: dict[str, float] = json.loads(told.stdout)
    return found


# ---------------------------------------------------------------- the doctor


def examines(kind: Kind) -> Callable[[Scale], Seen]:
    """Return the look at the doctor, who reads every event of every case."""

    def look(scale: Scale) -> Seen:
        many = scale.of(50, 5_000, 100_000)
        with fresh(kind, many, whole=True) as made, made.store() as store:
            begun = time.perf_counter()
            found = desk_on(store).doctor()
            taken = time.perf_counter() - begun
        told = f"{many / taken:,.0f} cases/s; a million at that rate: {1_000_000 * taken / many / 60:,.0f} minutes"
        return Seen(told=f"{told}; found: {len(found)}", kept=not found)

    return look


def _facts(kind: Kind) -> Iterator[Fact]:
    yield Fact(
        name=f"adopt on {kind.name}",
        what=f"`desk.adopt` of running tickets, which opens a case for each, on {kind.name}",
        look=adopts(kind),
        needs=kind.needs,
    )
    yield Fact(
        name=f"memory on {kind.name}",
        what=f"memory of a worker among 1,000,000 open cases, on {kind.name}",
        look=holds(kind, 1_000_000),
        bar=f"at most {MORE} MB more than among {FEW:,}",
        needs=kind.needs,
    )
    yield Fact(
        name=f"doctor on {kind.name}",
        what=f"`desk.doctor`, who folds every history anew, on {kind.name}",
        look=examines(kind),
        bar="found: 0",
        needs=kind.needs,
    )


KINDS = (SQLITE, POSTGRES)
PAIRS = tuple(pair for kind in KINDS for pair in _pairs(kind))
FACTS = tuple(fact for kind in KINDS for fact in _facts(kind))
