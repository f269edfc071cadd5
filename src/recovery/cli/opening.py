"""Opening a desk: to look at what it has stored, as it is or as it was, or to work at it.

Where it is: ``--db``, else ``RECOVERY_DB``, else ``recovery.db`` in this folder, else the demo's database there. The policy is
``--policy``, else ``RECOVERY_POLICY``, else that of the demo for a database the demo made, else ``recovery.toml`` beside the
database; for a PostgreSQL database, in this folder. Every command says in its first line which it took, and never a password.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from random import Random

import attrs
import pendulum
from attrs import frozen
from pendulum import DateTime

from recovery import (
    BusinessCalendar,
    Case,
    CaseNotFound,
    Desk,
    InvalidValue,
    MemoryStore,
    MissingExtra,
    Policy,
    Query,
    Reason,
    StoreUnusable,
    fold,
    policies,
)
from recovery.cli.instants import Alone, instant_of
from recovery.cli.parameters import DEMO_DB, DESK_DB, DESK_POLICY
from recovery.core.reference import SPACE, Identity, normal_reference, reference
from recovery.core.repeats import Likeness
from recovery.desk.values import new_identity
from recovery.intake import alike
from recovery.ports.store import Store
from recovery.ports.values import Change
from recovery.stores.named import is_postgres, open_store
from recovery.stores.sql import SQLStore

__all__ = [
    "DEMO_KEY",
    "NoSuchCase",
    "View",
    "as_of",
    "database_of",
    "find_case",
    "is_demo",
    "open_desk",
    "open_view",
    "policy_file_of",
    "policy_of",
]

DEMO_KEY = "recovery demo"
"""The key under which the demo's first complaint is received: a database that knows it is a demo's."""

SHORTEST = 3
"""How many signs of a reference are enough to name a case by, where no other begins so."""


@frozen(kw_only=True)
class View:
    """A desk, the store behind it, the instant that counts as now, and where all of it comes from.

    ``asked`` says that somebody chose the instant, and ``since`` in words where it comes from. ``db`` is the database's file, or
    which PostgreSQL database it is, ``policy_file`` that of the policy, ``None`` where none was found; with ``demo`` both are the
    demo's. ``attachments`` is where the files of incoming mail go.
    """

    desk: Desk
    store: Store
    now: DateTime
    asked: bool
    calendar: BusinessCalendar
    db: str
    policy_file: str | None = None
    demo: bool = False
    since: str = "now"
    attachments: str = ""

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of everybody who looks after cases here; none where the policy lists no people, and every id is taken."""
        known = tuple(person.id for person in self.desk.policy.people)
        return tuple(dict.fromkeys((*known, self.desk.policy.fallback_owner))) if known else ()


# ---------------------------------------------------------------- which files


def database_of(db: str | None) -> str:
    """Return the database to open: the one named, or the one in this folder. Raises ``StoreUnusable`` where there is none."""
    if db and is_postgres(db):
        return db
    path = db or next((name for name in (DESK_DB, DEMO_DB) if Path(name).is_file()), DESK_DB)
    if not Path(path).is_file():
        way_out = "Set up a desk here: recovery init. Or name its database: --db DATABASE. To try it all out: recovery demo."
        raise StoreUnusable(path, "there is no such file", way_out)
    return path


def policy_file_of(db: str, policy: str | None) -> str | None:
    """Return the policy file that goes with a database: the one named, or the one beside it, if there is one."""
    path = Path(DESK_DB if is_postgres(db) else db)
    beside = path.absolute().parent / DESK_POLICY
    found = str(beside) if path.is_absolute() else os.path.relpath(beside)
    return policy or (found if beside.is_file() else None)


def is_demo(store: SQLStore) -> bool:
    """Whether a database was made by the demo."""
    return store.key(DEMO_KEY) is not None


def policy_of(path: str | None) -> Policy:
    """Return the policy in a TOML file; without one, that of the demo."""
    return policies.load(str(files("recovery.cli").joinpath("demo_policy.toml")) if path is None else path)


def _policy_for(db: str, store: SQLStore, named: str | None, *, writing: bool) -> tuple[Policy, str | None]:
    """Return the policy of a database and its file; to look at a database the bare practice serves as well."""
    if named is None and is_demo(store):
        return policy_of(None), None
    path = policy_file_of(db, named)
    if path is not None:
        return policy_of(path), path
    if writing:
        hint = "Make one: recovery init. Or name it: --policy FILE."
        where = "in this folder" if is_postgres(db) else f"beside {db}"
        told = Reason(rule="input.policy", field="--policy", message=f"there is no policy {where}.", hint=hint)
        raise InvalidValue("the policy", [told])
    return policies.default(fallback_owner="nobody", calendar=policies.office_hours("UTC")), None


# ---------------------------------------------------------------- opening


def open_view(db: str | None, policy: Policy | str | None = None, at: str | None = None) -> View:
    """Open a database to look at it. Raises ``StoreUnusable``, ``BadDefinition``, or ``InvalidValue`` for an instant that is none.

    ``at`` is the instant to look back to, as people type it; without it everything is shown, as of now.
    """
    path = database_of(db)
    store, told = _opened(path)
    found, file = (policy, None) if isinstance(policy, Policy) else _policy_for(path, store, policy, writing=False)
    when = None if not at else instant_of("--at", at, found.calendar)
    now, since = _present(store) if when is None else (when, "as recorded until then")
    kept: Store = store if when is None else as_of(store, when)
    desk = Desk(store=kept, policy=found, now=lambda: now, likeness=_likeness())
    view = View(desk=desk, store=kept, now=now, asked=when is not None, calendar=found.calendar, db=told)
    return attrs.evolve(view, policy_file=file, demo=file is None and is_demo(store), since=since)


def open_desk(db: str | None, policy: str | None = None, now: str | None = None) -> View:
    """Open a desk to work at it: what is done through ``view.desk`` is stored.

    Without ``now`` the clock of this machine holds, or the last entry where that lies ahead of it (a rehearsal has been there).
    Raises ``StoreUnusable``, ``BadDefinition``, or ``InvalidValue``: for a database without a policy, and for a rehearsal that
    would begin before the last entry. A rehearsal makes the same references for everybody who types the same.
    """
    path = database_of(db)
    store, told = _opened(path)
    found, file = _policy_for(path, store, policy, writing=True)
    last = store.last_entry_at()
    clock, since = _rehearsal(now, last, found.calendar) if now else _clock(last)
    identities = _identities(store, clock()) if now else new_identity
    desk = Desk(store=store, policy=found, now=clock, identities=identities, likeness=_likeness())
    view = View(desk=desk, store=store, now=clock(), asked=bool(now), calendar=found.calendar, db=told)
    return attrs.evolve(view, policy_file=file, demo=file is None, since=since, attachments=_attachments(path))


def _opened(db: str) -> tuple[SQLStore, str]:
    """Open a database, and say which it is. On PostgreSQL a mistyped name makes no tables: ``recovery schema upgrade`` does."""
    store = open_store(db, upgrade=not is_postgres(db))
    return store, store.where


def _attachments(db: str) -> str:
    return f"{DESK_DB if is_postgres(db) else db}.attachments"


def _likeness() -> Likeness | None:
    """Return what sees that two texts are alike, where the extra for it is installed; else the words must be the same."""
    try:
        return alike()
    except MissingExtra:
        return None


Clock = Callable[[], DateTime]


def _present(store: SQLStore) -> tuple[DateTime, str]:
    """Return what counts as now: the clock, or the last entry where that lies ahead of it; in the demo always the last entry."""
    last = store.last_entry_at()
    if last is not None and is_demo(store):
        return last, "the last entry in the database"
    clock, since = _clock(last)
    return clock(), since


def _clock(last: DateTime | None) -> tuple[Clock, str]:
    if last is not None and last > pendulum.now("UTC"):
        return lambda: max(last, pendulum.now("UTC")), "the last entry, which lies ahead of the clock"
    return lambda: pendulum.now("UTC"), "now"


def _rehearsal(text: str, last: DateTime | None, calendar: BusinessCalendar) -> tuple[Clock, str]:
    at = instant_of("--now", text, calendar, alone=Alone.OPENING)
    if last is not None and at < last:
        message = f"{calendar.local_text(at)} lies before the last entry of the database, {calendar.local_text(last)}."
        hint = "What has been recorded stays first: rehearse later than that, or in a copy of the folder."
        raise InvalidValue("the instant", [Reason(rule="input.instant", field="--now", message=message, hint=hint)])
    return lambda: at, "a rehearsal"


def _identities(store: SQLStore, now: DateTime) -> Callable[[], Identity]:
    """Return what makes ids and references in a rehearsal: the same for everybody who types the same."""
    backlog = store.backlog(now)
    drawn = Random(f"{now.isoformat()} {backlog.open_cases} {backlog.tray} {store.last_entry_at()}")
    return lambda: Identity(case_id=f"{drawn.getrandbits(128):032x}", reference=reference(drawn.randrange(SPACE)))


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


def find_case(view: View, name: str) -> Case:
    """Return the case with this id or reference, however it is typed, or the one reference that begins so.

    Raises ``CaseNotFound``, with the references that may be meant.
    """
    case = view.store.load(name)
    if case is not None:
        return case
    found = view.store.find(Query(reference=name, limit=1))
    if found:
        return found[0]
    cases = {normal_reference(case.reference): case for case in _every_case(view.store)}
    wanted = normal_reference(name)
    starting = [case for name, case in cases.items() if len(wanted) >= SHORTEST and name.startswith(wanted)]
    if len(starting) == 1:
        return starting[0]
    near = starting or [cases[close] for close in difflib.get_close_matches(wanted, cases, n=3)]
    raise NoSuchCase(name, [case.reference for case in near[:3]])


class NoSuchCase(CaseNotFound):
    """No case has this id or reference, nor is there one alone that begins so; ``near`` are those that may be meant."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        super().__init__(name)
        self.near = tuple(near)
        meant = (
            f"Did you mean {' or '.join(near)}?"
            if near
            else "recovery show lists all cases, recovery find looks for words and names."
        )
        self.args = (f"There is no case {name!r}. {meant}",)
