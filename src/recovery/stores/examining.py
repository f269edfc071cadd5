"""Examining one stored case for the doctor: what is wrong with it, by which rule, and the way out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pendulum import DateTime

from recovery.codec import Undecodable
from recovery.core.case import Case
from recovery.core.fold import fold
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.values import Finding, Wrong
from recovery.stores.common import owes

__all__ = ["check_case", "check_history", "examine", "folded", "no_clocks", "unreadable"]


def examine(
    case_id: str,
    load: Callable[[], Case | None],
    history: Callable[[], tuple[Recorded, ...]],
    *,
    wake_at: DateTime | None,
    queued: Iterable[str],
    has_timing: Callable[[str], bool],
) -> Iterator[Finding]:
    """Find everything that is wrong with one stored case; ``queued`` are the messages that wait in its outbox."""
    case = events = None
    try:
        events = history()
        case = load()
    except Undecodable as error:
        yield unreadable(case_id, error)
    if events is not None:
        yield from check_history(case_id, events, case)
    if case is not None:
        yield from check_case(case, wake_at, queued)
        yield from _check_clocks(case, has_timing)


def _check_clocks(case: Case, has_timing: Callable[[str], bool]) -> Iterator[Finding]:
    try:
        if not has_timing(case.policy_id):
            yield no_clocks(case.id, case.policy_id)
    except Undecodable as error:
        yield unreadable(case.id, error)


def unreadable(case_id: str, error: Undecodable, what: str = "") -> Finding:
    """Return what is to be said of a row that cannot be read; ``what`` names it where the error does not."""
    return Finding(case_id=case_id, what=f"{what}{error}", way_out=error.hint, rule=Wrong.UNREADABLE)


def no_clocks(case_id: str, policy_id: str) -> Finding:
    """Return what is to be said of a case whose clocks are lost."""
    way_out = "Save a case of that policy once more with its timing, or move this one with MovePolicy."
    return Finding(case_id=case_id, what=f"the clocks of policy {policy_id} are not stored", way_out=way_out, rule=Wrong.NO_CLOCKS)


def folded(events: tuple[Recorded, ...]) -> Case | None:
    """Return the case that a history makes, if it makes one."""
    try:
        return fold(events)
    except ValueError:
        return None


def check_history(case_id: str, events: tuple[Recorded, ...], case: Case | None) -> Iterator[Finding]:
    """Find a gap, and the case that is not what its events make of it."""
    if [recorded.seq for recorded in events] != list(range(1, len(events) + 1)):
        yield Finding(case_id=case_id, what="its history has a gap", way_out="Restore its events from a backup.", rule=Wrong.GAP)
    elif case is not None and case != folded(events):
        what, way_out = "what is stored of it differs from its events", "Trust the events: the snapshot is a cache. Have it mended."
        yield Finding(case_id=case_id, what=what, way_out=way_out, rule=Wrong.SNAPSHOT)


def check_case(case: Case, wake_at: DateTime | None, queued: Iterable[str]) -> Iterator[Finding]:
    """Find the case that would be forgotten, and messages that are lost or left over."""
    if wake_at is None and (not case.ended or owes(case)):
        what, way_out = "it will never be looked at again", "Handle a Wake command for it, or have it mended."
        yield Finding(case_id=case.id, what=what, way_out=way_out, rule=Wrong.FORGOTTEN)
    if not case.owner:
        yield Finding(case_id=case.id, what="it has no owner", way_out="Give it to somebody with MoveCase.", rule=Wrong.NO_OWNER)
    yield from _check_outbox(case, frozenset(queued))


def _check_outbox(case: Case, queued: frozenset[str]) -> Iterator[Finding]:
    waiting = {out.id for out in case.receiving.outgoing if out.state is Delivery.QUEUED}
    for message_id in sorted(waiting - queued):
        what, way_out = (
            f"message {message_id} waits, but not in the outbox",
            "Report it as GIVEN_UP with ReportDelivery, and say it again.",
        )
        yield Finding(case_id=case.id, what=what, way_out=way_out, rule=Wrong.NOT_IN_OUTBOX)
    for message_id in sorted(queued - waiting):
        what = f"message {message_id} is in the outbox, but the case does not wait for it"
        way_out = "Report what became of it with ReportDelivery, which closes the row."
        yield Finding(case_id=case.id, what=what, way_out=way_out, rule=Wrong.NOT_WAITED_FOR)
