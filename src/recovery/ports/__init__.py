"""Ports: what the desk needs of the world, as protocols, and the values that pass through them.

Each docstring lists the obligations of whoever fills the port. A store of your own fills
:class:`~recovery.ports.store.CaseStore` and :class:`~recovery.ports.outbox.Outbox`; :mod:`recovery.testing.contracts` holds
your implementation against every obligation.
"""

from recovery.ports.announcing import Announcing
from recovery.ports.directory import Directory
from recovery.ports.feed import Feed
from recovery.ports.mending import Mending
from recovery.ports.notifier import AsyncNotifier, Notifier
from recovery.ports.outbox import LAPSED, Outbox
from recovery.ports.precedents import Precedents
from recovery.ports.renderer import Rendered, Renderer
from recovery.ports.store import CaseFinder, CaseStore, Store
from recovery.ports.troubles import Troubles
from recovery.ports.upcoming import Upcoming
from recovery.ports.values import (
    Backlog,
    Change,
    Committed,
    Examined,
    Finding,
    KeyRecord,
    OutboxMessage,
    Query,
    Queued,
    Receipt,
    Trouble,
    Wrong,
)
from recovery.ports.workloads import Workloads

__all__ = [
    "LAPSED",
    "Announcing",
    "AsyncNotifier",
    "Backlog",
    "CaseFinder",
    "CaseStore",
    "Change",
    "Committed",
    "Directory",
    "Examined",
    "Feed",
    "Finding",
    "KeyRecord",
    "Mending",
    "Notifier",
    "Outbox",
    "OutboxMessage",
    "Precedents",
    "Query",
    "Queued",
    "Receipt",
    "Rendered",
    "Renderer",
    "Store",
    "Trouble",
    "Troubles",
    "Upcoming",
    "Workloads",
    "Wrong",
]
