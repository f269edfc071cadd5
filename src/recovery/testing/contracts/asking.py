"""The contract of ``Directory``: who is away is told at once, or told as unknown."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence, Set
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from typing import TypeVar, cast

from attrs import frozen

from recovery.core.values import instant, is_id, later
from recovery.ports.directory import Directory
from recovery.testing.contracts.checking import Check, Duties, Report, examine, expect, opened, require, same
from recovery.testing.contracts.samples import NOW

__all__ = ["check_directory", "directory_checks"]

D = TypeVar("D", bound=Directory)
Made = Callable[[], "D | AbstractContextManager[D]"]
Known = Sequence[tuple[datetime, Set[str]]]

_DAYS = tuple(later(NOW, timedelta(days=days, hours=days % 24)) for days in range(0, 400, 20))


@frozen(kw_only=True)
class _Bench:
    make: Callable[[], Directory | AbstractContextManager[Directory]]
    known: Known = ()
    unknowing: Callable[[], Directory | AbstractContextManager[Directory]] | None = None
    patience: float = 1.0

    @contextmanager
    def fresh(self) -> Generator[Directory, None, None]:
        with opened(self.make()) as directory:
            yield directory


directories = Duties[_Bench](Directory)


@directories("", 1, "Keep the answer at hand and renew it elsewhere; ask no server while somebody waits.")
def it_answers_quickly(bench: _Bench) -> None:
    """No answer takes longer than the patience of who asks, not even the first."""
    with bench.fresh() as directory:
        for at in _DAYS:
            began = time.monotonic()
            directory.away(at)
            took = time.monotonic() - began
            expect(took <= bench.patience, f"away() took {took:.2f} s, and should take {bench.patience:g} s at most")


@directories("away", 1, "Return a frozenset of the ids that people have in the policy, or None.")
def it_answers_with_ids_or_none(bench: _Bench) -> None:
    """An answer is a frozenset of ids, or None; asked again about the same instant it is the same."""
    with bench.fresh() as directory:
        for at in _DAYS:
            answer = cast(object, directory.away(at))
            expect(
                answer is None or answer.__class__ is frozenset,
                f"away() returned {answer!r}, and should return a frozenset or None",
            )
            ids = cast("frozenset[object]", answer or frozenset())
            same([each for each in ids if is_id(each)], [], "what in the answer is no id")
            same(directory.away(at), answer, "the answer to the same question")


@directories("away", 1, "Compare the instant in the zone in which the days of absence were meant.", needs=("known",))
def it_knows_who_is_away(bench: _Bench) -> None:
    """Whoever is known to be away at an instant is named, and nobody else."""
    with bench.fresh() as directory:
        for at, wanted in bench.known:
            same(directory.away(instant(at)), frozenset(wanted), f"who is away at {at}")


@directories("", 2, "Return None where the source cannot be reached or has never been read.", needs=("unknowing",))
def not_knowing_is_none(bench: _Bench) -> None:
    """A directory that cannot know says so: it neither raises nor says that everybody is there."""
    if bench.unknowing is not None:
        with opened(bench.unknowing()) as directory:
            same(directory.away(NOW), None, "the answer of a directory that cannot know")


def check_directory(make: Made[D], *, known: Known = (), unknowing: Made[D] | None = None, patience: float = 1.0) -> Report:
    """Hold a directory against its port.

    ``known`` are instants with the ids of those who are away then; ``unknowing`` makes a directory whose source is gone; no answer
    may take longer than ``patience`` seconds. Raises :class:`ContractBroken` where an obligation is not kept.
    """
    bench = _Bench(make=make, known=tuple(known), unknowing=unknowing, patience=patience)
    return require(examine(directories.checks(bench), what="Directory", left_out=directories.left_out(bench)))


def directory_checks(
    make: Made[D], *, known: Known = (), unknowing: Made[D] | None = None, patience: float = 1.0
) -> tuple[Check, ...]:
    """Return the checks that :func:`check_directory` makes, one by one."""
    return directories.checks(_Bench(make=make, known=tuple(known), unknowing=unknowing, patience=patience))
