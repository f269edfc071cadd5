"""What the agenda tells: the dated steps of a case, and how its clocks stand."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.clock import Rung
from recovery.core.vocabulary.known import Priority

__all__ = ["Outcome", "Reading", "Step"]


class Outcome(Enum):
    """How a clock stands: met or missed, open or paused, or ended with its case before it was due."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    PAUSED = "paused"
    ENDED = "ended"


@frozen(kw_only=True)
class Step:
    """One dated step of a case. ``due_at`` is shown, ``wake_at`` is when the library looks again; paused, only ``left`` is known.

    ``whom`` is the person whose step it is, and ``priority`` that of the case. ``left`` is measured in opening hours for
    clocks that run in business time.
    """

    case_id: str
    rule: str
    clock: str
    run: str
    what: str = field(repr=False)
    whom: str
    due_at: DateTime | None
    wake_at: DateTime | None
    key: str = ""
    left: timedelta | None = None
    rung: Rung | None = None
    index: int = 0
    priority: Priority = Priority.NORMAL


@frozen(kw_only=True)
class Reading:
    """How one run of a clock stands, or ended: met (when), missed (since when), open or paused (what is left), or ended.

    ``by`` is the mark that stopped or ended it, so that a promise kept (``promise_kept``) and one moved in time
    (``promise_moved``) can be told apart.
    """

    rule: str
    clock: str
    key: str
    outcome: Outcome
    started_at: DateTime
    due_at: DateTime | None
    at: DateTime | None
    left: timedelta | None = None
    by: str | None = None
