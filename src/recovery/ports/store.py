"""What keeps the cases, and what finds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.place import Lookup
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.ownership import Load
from recovery.ports.outbox import Outbox
from recovery.ports.values import Backlog, Change, Finding, KeyRecord, Query

__all__ = ["CaseFinder", "CaseStore", "Store"]


class CaseStore(Protocol):
    """Keeps cases, their histories, and when each wants to be looked at.

    1. What :meth:`save` has returned from is kept, through a crash as well; what it has raised from has left no trace.
    2. Nothing is overwritten: of two changes on one version of a case, one is stored and the other raises ``ConflictingChange``.
    3. The case that :meth:`load` returns is the fold of the history that :meth:`history` returns.
    4. Histories are gapless and never change; what is read equals what was saved, every character of it.
    5. Every method may be called from several threads at once, and on a store that is shared, from several processes.
    6. What cannot work raises ``StoreUnusable`` with the way out.
    """

    def load(self, case_id: str) -> Case | None:
        """Return the case as last saved, or ``None`` where there is none."""
        ...

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Return every event of the case in the order of their numbers, and nothing for an unknown case."""
        ...

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Store all changes or none. They are stored in the order given: one save may carry a case on twice.

        1. Before anything else the version of every change is checked: where a case is not at ``base_version``, or is there
           already although that is 0, or a new case's reference is taken (compare ``normal_reference``), or one of its contacts is
           on another case (a lookup of the kind ``contact``), ``ConflictingChange`` is raised. Its ``found`` is the version of the
           case that is there, ``None`` where there is none. So one message, taken by two processes at once, is one case.
        2. Then events, case, ``wake_at``, outbox messages and settled messages are stored in one transaction.
        3. ``key`` is stored with them; where it is there already, ``ConflictingChange`` is raised, so that the caller looks again.
        4. ``timing`` is stored under its id, unless it is there.
        5. A claim on the case ends.
        """
        ...

    def key(self, key: str) -> KeyRecord | None:
        """Return what is on record for an idempotency key."""
        ...

    def timing(self, policy_id: str) -> Timing | None:
        """Return the clocks and the calendar that were stored under that id."""
        ...

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Claim up to ``limit`` cases whose ``wake_at`` has come, and return their ids.

        1. The longest overdue come first, however long ago they were due; what is not due yet does not come.
        2. Nobody else is given a claimed case until it is saved, released, or the lease is over (``now + lease`` has come); then it
           is given out again.
        """
        ...

    def release(self, case_id: str) -> None:
        """End the claim on a case that needs no change; unknown and unclaimed cases are left in peace."""
        ...

    def doctor(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with what is stored; nothing is changed.

        What it must find:

        1. Nobody is forgotten: an open case, or one in the tray, without a wake instant or an owner; an ended case that still
           owes something, without a wake instant.
        2. A gap in a history, and a case that differs from the fold of its history.
        3. A queued message without its outbox row, and the other way round.
        4. A policy id without stored timing.
        5. A row that cannot be read.
        6. Nothing, where nothing is wrong.
        """
        ...

    def backlog(self, now: DateTime) -> Backlog:
        """Return how much there is to do at ``now``."""
        ...


class CaseFinder(Protocol):
    """Finds cases.

    1. A case is found by what it holds now, from the moment it was saved, and no longer by what it held before.
    """

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Return the cases that ``lookups`` find.

        1. Every case that one of ``lookups`` finds (see ``recovery.core.place.lookups_of``) comes, once, the oldest first.
        2. With a case that was closed as a duplicate comes the case that survived it, and so on along the chain.
        3. Where one of them cannot be read, ``Undecodable`` is raised: nobody shall take it for absent. The desk then asks which
           there are (:meth:`found_by`), and reads each alone.
        """
        ...

    def found_by(self, lookup: Lookup) -> Iterable[str]:
        """Return the ids of the cases that hold ``lookup`` now.

        1. Every such case comes, once, in any order; those that were merged into others among them, without their survivors.
        2. No case is read for it: one that cannot be read comes as well.
        """
        ...

    def find(self, query: Query) -> tuple[Case, ...]:
        """Return one page of the cases that fit ``query``.

        1. Everything that is given in ``query`` must hold (see :class:`~recovery.ports.values.Query`).
        2. The cases come by id, compared character by character: at most ``query.limit``, and only those after ``query.after``.
        3. One that cannot be read is left out and logged; those behind it come.
        """
        ...

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Return how much each of ``people`` has to look after, as it is now.

        1. Everybody asked about is in it, also who has nothing: ``open_cases`` counts the cases that are theirs, those that have
           ended and those in the tray left out.
        2. ``assigned_at`` is the latest ``case.ownership.since`` of all cases that are theirs, ended ones and those in the tray
           included; ``None`` where they were never given one.
        """
        ...


class Store(CaseStore, CaseFinder, Outbox, Protocol):
    """All that a desk needs: cases, finder and outbox over the same transactions.

    1. All methods see one and the same state: what one of them has changed, every other sees at once, whatever came before.
    """
