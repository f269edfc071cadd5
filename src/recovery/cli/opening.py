"""Opening what a desk has stored, to look at it: as it is, or as it was recorded until an earlier instant."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from attrs import frozen
from pendulum import DateTime

from recovery import (
    BusinessCalendar,
    Case,
    CaseNotFound,
    Desk,
    InvalidValue,
    MemoryStore,
    Policy,
    Query,
    Reason,
    SQLiteStore,
    StoreUnusable,
    fold,
    policies,
)
from recovery.ports.store import Store
from recovery.ports.values import Change

__all__ = ["DEMO_KEY", "View", "as_of", "find_case", "instant_of", "open_view", "policy_of"]

DEMO_KEY = "recovery demo"
"""The key under which the demo's first complaint is received: a database that knows it is a demo's."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@frozen(kw_only=True)
class View:
    """A desk to look at, the store behind it, and the instant that counts as now; ``asked`` says that somebody chose it."""

    desk: Desk
    store: Store
    now: DateTime
    asked: bool
    calendar: BusinessCalendar


def policy_of(path: str | None) -> Policy:
    """Return the policy in a TOML file; without one, that of the demo."""
    return policies.load(str(files("recovery.cli").joinpath("demo_policy.toml")) if path is None else path)


def open_view(db: str, policy: Policy, at: str | None = None) -> View:
    """Open a database to look at it. Raises ``StoreUnusable``, or ``InvalidValue`` for an instant that is none."""
    if not Path(db).is_file():
        raise StoreUnusable(db, "there is no such file", "Make one with: recovery demo --db FILE, or name another with --db.")
    store = SQLiteStore(db)
    when = None if at is None else instant_of("--at", at, policy.calendar)
    kept: Store = store if when is None else as_of(store, when)
    now = when or _last_entry(store)
    desk = Desk(store=kept, policy=policy, now=lambda: now)
    return View(desk=desk, store=kept, now=now, asked=when is not None, calendar=policy.calendar)


def _last_entry(store: Store) -> DateTime:
    cases = _every_case(store)
    return max((case.recorded_at for case in cases), default=DateTime(1970, 1, 1).in_timezone("UTC"))


def _every_case(store: Store) -> list[Case]:
    found: list[Case] = []
    while page := store.find(Query(after=found[-1].id if found else None)):
        found += page
    return found


def as_of(store: Store, at: datetime) -> MemoryStore:
    """Return a store that holds what had been recorded until ``at``: every case as the fold of its history so far."""
    past = MemoryStore()
    for case in _every_case(store):
        events = tuple(recorded for recorded in store.history(case.id) if recorded.recorded_at <= at)
        if events:
            then = fold(events)
            change = Change(case=then, base_version=0, events=events, wake_at=None)
            past.save([change], timing=store.timing(then.policy_id))
    return past


def instant_of(field: str, text: str, calendar: BusinessCalendar) -> DateTime:
    """Read an instant as people type it.

    Without an offset it is local to the working hours; a date alone means the end of that day.
    """
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        hint = "Write 2026-03-19, 2026-03-19T10:30 or 2026-03-19T10:30:00-04:00."
        reason = Reason(rule="input.instant", field=field, message=f"{text!r} is no instant.", hint=hint)
        raise InvalidValue("the instant", [reason]) from None
    if told.tzinfo is None:
        whole_day = timedelta(days=1) if _DAY.fullmatch(text) else timedelta()
        at = DateTime.instance(told + whole_day, tz=calendar.timezone)
        return at.in_timezone("UTC") - (timedelta(microseconds=1) if whole_day else timedelta())
    return DateTime.instance(told).in_timezone("UTC")


def find_case(view: View, name: str) -> Case:
    """Return the case with this id or reference, however it is typed. Raises ``CaseNotFound``."""
    case = view.store.load(name)
    if case is not None:
        return case
    found = view.store.find(Query(reference=name, limit=1))
    if not found:
        raise CaseNotFound(name)
    return found[0]
