"""The doctor: going through everything that is stored, saying what must not be, and mending what the histories can tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import attrs
from attrs import frozen
from pendulum import DateTime

from recovery.codec import Undecodable
from recovery.core.agenda import wakes_at
from recovery.core.case import Case
from recovery.core.errors import ConflictingChange, StoreUnusable
from recovery.desk.failing import told_of
from recovery.desk.knowing import policy_for
from recovery.desk.looking import troubles
from recovery.ports.mending import Mending
from recovery.ports.values import MENDABLE, Examined, Finding, Trouble, Wrong
from recovery.stores.examining import unreadable

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["Wanted", "examine"]

_ENDS_THE_ROUND = (StoreUnusable, ConflictingChange)
"""What is no fault of one case. Any other error is a finding of its own case, and the doctor goes on."""

PAGE = 100
"""How many cases are looked at between two words about how far it has come."""


@frozen(kw_only=True)
class Wanted:
    """What is wanted of the doctor: to mend as well, only to glance, and whom to tell how many cases were looked at."""

    mend: bool = False
    quick: bool = False
    progress: Callable[[int], None] | None = None


def examine(desk: Desk, wanted: Wanted) -> Iterator[Finding]:
    """Yield everything that must not be: what is stored wrongly, and what was set aside."""
    store = desk.store
    if isinstance(store, Mending):
        for finding in store.contradictions(beside=not wanted.quick):
            yield from _glanced(desk, store, finding) if wanted.mend else (finding,)
        if not wanted.quick:
            yield from _looked_through(desk, store, wanted)
    else:
        yield from _told_by(desk, mend=wanted.mend)
    yield from map(_finding, troubles(desk))


def _told_by(desk: Desk, *, mend: bool) -> tuple[Finding, ...]:
    """Return what a store finds that looks at everything at once; of that only the clocks of the desk's policy can be mended."""
    found = desk.store.doctor()
    _keep_clocks(desk, found if mend else ())
    left = desk.store.doctor() if mend else found
    return tuple(attrs.evolve(each, mended=each not in left) for each in found)


def _looked_through(desk: Desk, store: Mending, wanted: Wanted) -> Iterator[Finding]:
    after, seen = "", 0
    while page := store.look_through(after, PAGE):
        for each in page:
            found = _all_of(desk, each)
            yield from _mended(desk, store, each.case_id, found) if wanted.mend else found
        after, seen = page[-1].case_id, seen + len(page)
        if wanted.progress is not None:
            wanted.progress(seen)


def _all_of(desk: Desk, found: Examined) -> tuple[Finding, ...]:
    """Return what the store finds of a case, and what only its clocks can tell: that it would be looked at too late."""
    try:
        due = None if found.case is None else _wakes_at(desk, found.case)
    except _ENDS_THE_ROUND:
        raise
    except Exception as error:  # noqa: BLE001  (whatever fails of one case is told, and the others are looked at)
        return _and(found.findings, _failed(found, error))
    if due is None or found.wake_at is None or found.wake_at <= due:
        return found.findings
    what = f"it is looked at next on {found.wake_at}, and its clocks want it on {due}"
    late = Finding(case_id=found.case_id, what=what, way_out="Handle a Wake command for it, or have it mended.", rule=Wrong.LATE)
    return (*found.findings, late)


def _wakes_at(desk: Desk, case: Case) -> DateTime | None:
    return wakes_at(case, policy_for(desk, case).terms)


def _failed(found: Examined, error: Exception) -> Finding:
    """Return that the clocks of a case fail, and by which policy they go."""
    if isinstance(error, Undecodable):
        return unreadable(found.case_id, error)
    by = "" if found.case is None else f", by policy {found.case.policy_id}"
    what = f"nobody can say when it has to be looked at{by}: {told_of(error)}"
    way_out = "Mend what raises: a rule or a clock of yours, or what is stored of its policy. The other cases are not touched."
    return Finding(case_id=found.case_id, what=what, way_out=way_out, rule=Wrong.CLOCKS_FAIL)


def _and(found: tuple[Finding, ...], more: Finding) -> tuple[Finding, ...]:
    return found if more in found else (*found, more)  # a store that reads the clocks itself has found them already


# ---------------------------------------------------------------- mending


def _glanced(desk: Desk, store: Mending, finding: Finding) -> tuple[Finding, ...]:
    """Mend what a glance has shown of a case, as far as can be."""
    return _mended(desk, store, finding.case_id, (finding,))


def _mended(desk: Desk, store: Mending, case_id: str, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Mend a case, look at it again, and return what was wrong, marked as mended where it no longer is."""
    if not any(finding.rule in MENDABLE for finding in found):
        return found
    _rebuild(desk, store, case_id)
    _keep_clocks(desk, found)
    again = store.look_at(case_id)
    left = () if again is None else _all_of(desk, again)
    gone = again is not None
    rules = {finding.rule for finding in left}
    return tuple(attrs.evolve(each, mended=gone and each.rule in MENDABLE and each.rule not in rules) for each in found)


def _rebuild(desk: Desk, store: Mending, case_id: str) -> None:
    """Write a case anew; where its clocks fail nothing is written, and looking at it again says so."""
    try:
        store.rebuild(case_id, partial(_wakes_at, desk))
    except _ENDS_THE_ROUND:
        raise
    except Exception:  # noqa: BLE001  (see above)
        return


def _keep_clocks(desk: Desk, found: tuple[Finding, ...]) -> None:
    """Store the clocks of the desk's own policy where those of some policy are missing."""
    if any(finding.rule is Wrong.NO_CLOCKS for finding in found):
        desk.store.save([], timing=desk.policy.timing)


# ---------------------------------------------------------------- what was set aside


def _finding(trouble: Trouble) -> Finding:
    what = "it cannot be looked at" if trouble.message_id is None else f"message {trouble.message_id} cannot be put on record"
    tried = f"tried {trouble.tries} times, again at {trouble.next_at.isoformat()}"
    way_out = "Mend what the error names: it is tried again by itself."
    return Finding(case_id=trouble.case_id, what=f"{what} ({tried}): {trouble.error}", way_out=way_out, rule=Wrong.SET_ASIDE)
