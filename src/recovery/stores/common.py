"""What every store does alike: following merged cases, fitting a query, counting what is owed, telling what failed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager

from pendulum import DateTime

from recovery.codec import personal_texts
from recovery.core.case import Case
from recovery.core.errors import StoreUnusable
from recovery.core.place import Lookup, lookups_of, normal
from recovery.core.reference import normal_reference
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.ownership import Load
from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.values import Query

__all__ = [
    "fits",
    "loads_of",
    "lookups_in",
    "mentions",
    "oldest_first",
    "owes",
    "unusable_on",
    "with_survivors",
]


def with_survivors(found: Iterable[Case], load: Callable[[str], Case | None]) -> tuple[Case, ...]:
    """Return the cases and, for each that was merged into another, the one that survived it; the oldest first."""
    cases = {case.id: case for case in found}
    ahead = list(cases.values())
    while ahead:
        survivor = ahead.pop().closing.survivor
        after = load(survivor) if survivor is not None and survivor not in cases else None
        if after is not None:
            cases[after.id] = after
            ahead.append(after)
    return tuple(sorted(cases.values(), key=oldest_first))


def oldest_first(case: Case) -> tuple[DateTime, str]:
    """Sort cases by when they were opened."""
    return case.opened_at, case.id


def lookups_in(query: Query) -> tuple[Lookup, ...]:
    """Return what in ``query`` a case is found by."""
    given = (
        ("customer", query.customer),
        ("address", None if query.address is None else normal(query.address)),
        ("incident", query.incident),
        ("ticket", query.ticket),
        ("reference", None if query.reference is None else normal_reference(query.reference)),
    )
    return tuple(Lookup(kind, value) for kind, value in given if value is not None)


def fits(case: Case, query: Query, history: Iterable[Recorded]) -> bool:
    """Whether ``case`` is one that ``query`` asks for, its page apart."""
    wanted = ((query.owner, case.owner), (query.stage, case.stage), (query.category, case.receiving.category))
    return (
        all(value is None or value == held for value, held in wanted)
        and (query.in_tray is None or query.in_tray == case.in_tray)
        and not (query.open_only and case.ended)
        and lookups_of(case).issuperset(lookups_in(query))
        and (query.text is None or any(mentions(personal_texts(r.event), query.text) for r in history))
    )


def mentions(texts: Iterable[str], wanted: str) -> bool:
    """Whether ``wanted`` occurs in one of ``texts``, without regard to case."""
    needle = wanted.casefold()
    return any(needle in text.casefold() for text in texts)


def owes(case: Case) -> bool:
    """Whether something is still to be done on the case, even where it has ended: a dated step, or a call that is owed."""
    return bool(case.receiving.tasks) or any(out.state is Delivery.OWED for out in case.receiving.outgoing)


def loads_of(people: Iterable[str], cases: Iterable[Case]) -> dict[str, Load]:
    """Return how much each of ``people`` has to look after, as ``CaseFinder.loads`` wants it, counted over all ``cases``."""
    found = {person: Load() for person in people}
    for case in cases:
        load = found.get(case.owner)
        if load is not None:
            given = [at for at in (load.assigned_at, case.ownership.since) if at is not None]
            more = not (case.ended or case.in_tray)
            found[case.owner] = Load(open_cases=load.open_cases + more, assigned_at=max(given, default=None))
    return found


@contextmanager
def unusable_on(error: type[Exception] | tuple[type[Exception], ...], where: str) -> Generator[None, None, None]:
    """Turn the errors of a driver into ``StoreUnusable``; ``where`` names it: ``unusable_on(sqlite3.Error, "tickets")``."""
    try:
        yield
    except error as failed:
        way_out = "Nothing was half saved. See that the database can be reached and written to, and do it again."
        raise StoreUnusable(where, f"{type(failed).__name__}: {failed}", way_out) from failed
