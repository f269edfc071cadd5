"""The desk: loads, decides, saves, and only then sends. All that it knows of the rules is where to ask.

desk = Desk(store=MemoryStore(), policy=policies.default(fallback_owner="ana", calendar=office_hours("Europe/Berlin")))
outcome = desk.receive(Contact(...))                  # opens, joins, reopens or links a case, or keeps it in the tray
outcome = desk.handle(outcome.case.id, Acknowledge(...))
work = desk.work()                                    # looks at the clocks that are due, and delivers what is in the outbox
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from recovery.desk.desk import Desk
from recovery.desk.ending import Ending
from recovery.desk.values import (
    Adoption,
    Drafted,
    Entry,
    Health,
    IncidentStanding,
    IncidentWork,
    LeftOut,
    News,
    NotTold,
    Outcome,
    Preview,
    PreviewKind,
    Retries,
    Round,
    Work,
    new_identity,
)

if TYPE_CHECKING:
    from recovery.desk import acting, adopting, examining, incidents, knowing, learning, looking, previewing, rounds, working
    from recovery.desk.asynchronous import AsyncDesk

__all__ = [
    "Adoption",
    "AsyncDesk",
    "Desk",
    "Drafted",
    "Ending",
    "Entry",
    "Health",
    "IncidentStanding",
    "IncidentWork",
    "LeftOut",
    "News",
    "NotTold",
    "Outcome",
    "Preview",
    "PreviewKind",
    "Retries",
    "Round",
    "Work",
    "acting",
    "adopting",
    "examining",
    "incidents",
    "knowing",
    "learning",
    "looking",
    "new_identity",
    "previewing",
    "rounds",
    "working",
]


_INSIDE = frozenset(
    ("acting", "adopting", "examining", "incidents", "knowing", "learning", "looking", "previewing", "rounds", "working")
)


def __getattr__(name: str) -> object:
    # Whoever only names a desk does not pay for the whole practice: what does the work is loaded when it is first used.
    if name in _INSIDE:
        return import_module(f"{__name__}.{name}")
    if name == "AsyncDesk":  # nor for an event loop
        return import_module(f"{__name__}.asynchronous").AsyncDesk
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
