"""The contract of ``Precedents``: what is similar, what goodwill was given, at once, or an error."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from attrs import frozen
from pendulum import DateTime

from recovery.core.precedent import GoodwillGiven, Precedent, Similar
from recovery.core.vocabulary.common import Severity
from recovery.ports.precedents import Precedents
from recovery.testing.contracts.checking import Check, Duties, Report, Violation, examine, expect, opened, require, same
from recovery.testing.contracts.samples import NOW

__all__ = ["check_precedents", "precedents_checks"]

P = TypeVar("P", bound=Precedents)
Made = Callable[[], "P | AbstractContextManager[P]"]
Known = Sequence[tuple[Similar, Sequence[Precedent]]]
Given = Sequence[tuple[DateTime, Sequence[GoodwillGiven]]]


@frozen(kw_only=True)
class _Bench:
    make: Callable[[], Precedents | AbstractContextManager[Precedents]]
    known: Known = ()
    given: Given = ()
    unknowing: Callable[[], Precedents | AbstractContextManager[Precedents]] | None = None
    patience: float = 1.0

    @contextmanager
    def fresh(self) -> Generator[Precedents, None, None]:
        with opened(self.make()) as precedents:
            yield precedents


precedents_of = Duties[_Bench](Precedents)


@precedents_of("", 1, "Keep an index by kind and date; read no thousand cases while somebody waits.")
def it_answers_quickly(bench: _Bench) -> None:
    """No answer takes longer than the patience of who asks, not even the first."""
    with bench.fresh() as precedents:
        for wanted, _ in bench.known:
            began = time.monotonic()
            precedents.similar(wanted)
            _in_time("similar()", began, bench.patience)
        began = time.monotonic()
        precedents.goodwill(NOW)
        _in_time("goodwill()", began, bench.patience)


def _in_time(what: str, began: float, patience: float) -> None:
    took = time.monotonic() - began
    expect(took <= patience, f"{what} took {took:.2f} s, and should take {patience:g} s at most")


@precedents_of("similar", 1, "Compare category, severity and date, and leave out the case that asks.", needs=("known",))
def it_knows_what_similar_cases_got(bench: _Bench) -> None:
    """What fits is named, and nothing else."""
    with bench.fresh() as precedents:
        for wanted, fitting in bench.known:
            found = {(one.case_id, one.remedy, one.worth) for one in precedents.similar(wanted)}
            same(found, {(one.case_id, one.remedy, one.worth) for one in fitting}, f"what fits {wanted}")


@precedents_of("goodwill", 1, "Count what was accepted and what is on the table, by the instant it was.", needs=("given",))
def it_counts_goodwill(bench: _Bench) -> None:
    """What was given since an instant is named, each with the instant, the person and the amount, and nothing else."""
    with bench.fresh() as precedents:
        for since, given in bench.given:
            same(set(precedents.goodwill(since)), set(given), f"the goodwill given since {since}")


@precedents_of("", 2, "Raise where the source cannot be reached; an empty answer says that there is nothing.", needs=("unknowing",))
def not_knowing_is_an_error(bench: _Bench) -> None:
    """A source that cannot be reached raises: nothing found is an answer, and would be a wrong one."""
    if bench.unknowing is None:
        return
    with opened(bench.unknowing()) as precedents:
        wanted = Similar(category=None, severity=Severity.NORMAL, since=NOW, but="")
        for what, ask in (("similar()", lambda: precedents.similar(wanted)), ("goodwill()", lambda: precedents.goodwill(NOW))):
            try:
                answer = ask()
            except Exception:  # noqa: BLE001  (any error says that nobody knows)
                continue
            raise Violation(f"{what} returned {answer!r}, and should raise")


def check_precedents(
    make: Made[P], *, known: Known = (), given: Given = (), unknowing: Made[P] | None = None, patience: float = 1.0
) -> Report:
    """Hold precedents against their port.

    ``known`` are questions with the precedents that fit, ``given`` instants with the goodwill given since; ``unknowing`` makes one
    whose source is gone; no answer may take longer than ``patience`` seconds. Raises :class:`ContractBroken` where an obligation is
    not kept.
    """
    bench = _Bench(make=make, known=tuple(known), given=tuple(given), unknowing=unknowing, patience=patience)
    return require(examine(precedents_of.checks(bench), what="Precedents", left_out=precedents_of.left_out(bench)))


def precedents_checks(
    make: Made[P], *, known: Known = (), given: Given = (), unknowing: Made[P] | None = None, patience: float = 1.0
) -> tuple[Check, ...]:
    """Return the checks that :func:`check_precedents` makes, one by one."""
    return precedents_of.checks(_Bench(make=make, known=tuple(known), given=tuple(given), unknowing=unknowing, patience=patience))
