"""Saving what was decided, and telling those who listen, once it is committed and never before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from recovery.core.clock import Timing
from recovery.desk.values import News
from recovery.ports.announcing import Announcing
from recovery.ports.values import Change, KeyRecord

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["save"]

log = logging.getLogger("recovery")


def save(desk: Desk, changes: Sequence[Change], timing: Timing, key: KeyRecord | None = None) -> None:
    """Store all changes or none. Whoever listens is told after the commit: now, or when the host makes its own."""
    desk.store.save(changes, key=key, timing=timing)
    news = tuple(News(case=change.case, events=change.events) for change in changes if change.events)
    if not desk.listeners or not news:
        return
    tell = partial(_tell, desk.listeners, news)
    if isinstance(desk.store, Announcing):
        desk.store.after_commit(tell)
    else:
        tell()


def _tell(listeners: Sequence[Callable[[News], object]], news: Sequence[News]) -> None:
    """Tell everybody everything. What a listener raises harms nobody: what it was told of is committed."""
    for one in news:
        for listener in listeners:
            try:
                listener(one)
            except Exception:
                log.exception("a listener failed", extra={"case_id": one.case.id, "version": one.case.version})
