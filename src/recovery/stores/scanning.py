"""The finder and the doctor for a store of your own: they come from five small questions to what you keep."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from pendulum import DateTime

from recovery.codec import Undecodable
from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.place import Lookup
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.ownership import Load
from recovery.ports.values import Finding, OutboxMessage, Query
from recovery.stores.common import fits, loads_of, lookups_in, with_survivors
from recovery.stores.examining import examine, unreadable

__all__ = ["Scanning"]

_log = logging.getLogger("recovery.stores")

PAGE = 200
"""How many ids are asked for at a time."""

LOOKS = 5
"""How often a case is looked at again while others change it, before what was found is believed."""


class Scanning(ABC):
    """A base for stores: it brings :meth:`candidates`, :meth:`find`, :meth:`loads` and :meth:`doctor`, so that yours need not.

    You write ``load``, ``history`` and ``timing``, which ``CaseStore`` demands anyhow, and four questions: :meth:`case_ids`,
    :meth:`found_by`, :meth:`wake_at` and :meth:`queued`. Contacts find their cases by lookups, quickly, however many there are. A
    search for an owner, a stage or a word reads case by case; override :meth:`find` when that becomes too slow for your screens.
    """

    @abstractmethod
    def load(self, case_id: str) -> Case | None:
        """Return the case as last saved, or ``None`` where there is none."""

    @abstractmethod
    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Return every event of the case in the order of their numbers."""

    @abstractmethod
    def timing(self, policy_id: str) -> Timing | None:
        """Return the clocks and the calendar that were stored under that id."""

    # ---------------------------------------------------------------- what you are asked

    @abstractmethod
    def case_ids(self, after: str, limit: int) -> Sequence[str]:
        """Return up to ``limit`` ids of cases that are greater than ``after``, in their order, compared character by character."""

    @abstractmethod
    def found_by(self, lookup: Lookup) -> Iterable[str]:
        """Return the ids of the cases that hold ``lookup`` now (see ``recovery.core.place.lookups_of``)."""

    @abstractmethod
    def wake_at(self, case_id: str) -> DateTime | None:
        """Return when the case wants to be looked at again."""

    @abstractmethod
    def queued(self, case_id: str) -> Iterable[OutboxMessage]:
        """Return the messages of the case that wait in the outbox. May raise :class:`~recovery.codec.Undecodable`."""

    # ---------------------------------------------------------------- what you get

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Return every case that one of ``lookups`` finds, and the survivors of merged ones, the oldest first.

        Raises :class:`~recovery.codec.Undecodable` where one of them cannot be read.
        """
        ids = {case_id for lookup in lookups for case_id in self.found_by(lookup)}
        return with_survivors((case for case in map(self.load, sorted(ids)) if case is not None), self.load)

    def find(self, query: Query) -> tuple[Case, ...]:
        """Return one page of the cases that fit ``query``, by id. One that cannot be read is left out, and logged."""
        found = (case for case in map(self._readable, self._ids(query)) if case is not None)
        fitting = (case for case in found if self._fits(case, query))
        return tuple(islice(fitting, max(query.limit, 0)))

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Return how many open cases each of ``people`` has, and when they were last given one: counted case by case.

        It is asked only where a team takes turns or somebody has a capacity; override it when it becomes too slow.
        """
        return loads_of(people, (case for case in map(self._readable, self._ids(Query())) if case is not None))

    def doctor(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with what is stored."""
        return tuple(finding for case_id in self._ids(Query()) for finding in self._examined(case_id))

    # ---------------------------------------------------------------- inside

    def _ids(self, query: Query) -> Iterator[str]:
        after, lookups = query.after or "", lookups_in(query)
        if lookups:
            first, *others = (frozenset(self.found_by(lookup)) for lookup in lookups)
            yield from sorted(case_id for case_id in first.intersection(*others) if case_id > after)
            return
        while page := self.case_ids(after, PAGE):
            yield from page
            after = page[-1]

    def _fits(self, case: Case, query: Query) -> bool:
        try:
            return fits(case, query, self._told(case.id))
        except Undecodable as error:
            _unread(case.id, error)
            return False

    def _told(self, case_id: str) -> Iterator[Recorded]:
        # Read only when somebody looks for words.
        yield from self.history(case_id)

    def _readable(self, case_id: str) -> Case | None:
        try:
            return self.load(case_id)
        except Undecodable as error:
            _unread(case_id, error)
            return None

    def _examined(self, case_id: str) -> tuple[Finding, ...]:
        """Return what is wrong with a case that nobody changed meanwhile: somebody may save it between two questions."""
        found = self._looked_at(case_id)
        for _ in range(LOOKS if found else 0):
            before, found = self._stands(case_id), self._looked_at(case_id)
            if not found or before == self._stands(case_id):
                break
        return found

    def _stands(self, case_id: str) -> tuple[int | None, DateTime | None]:
        case = self._readable(case_id)
        return None if case is None else case.version, self.wake_at(case_id)

    def _looked_at(self, case_id: str) -> tuple[Finding, ...]:
        broken: tuple[Finding, ...] = ()
        queued: list[str] = []
        try:
            queued = [message.id for message in self.queued(case_id)]
        except Undecodable as error:
            broken = (unreadable(case_id, error),)
        found = examine(
            case_id,
            lambda: self.load(case_id),
            lambda: self.history(case_id),
            wake_at=self.wake_at(case_id),
            queued=queued,
            has_timing=lambda policy_id: self.timing(policy_id) is not None,
        )
        return broken or tuple(found)


def _unread(case_id: str, error: Undecodable) -> None:
    _log.error("a case cannot be read", extra={"case_id": case_id, "why": str(error)})
