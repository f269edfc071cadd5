"""Finders that find too much or too little. Each has one fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from recovery.codec import Undecodable
from recovery.core.case import Case
from recovery.core.place import Lookup, lookups_of
from recovery.core.vocabulary.ownership import Load
from recovery.ports.values import Query
from recovery.stores.common import loads_of
from recovery.stores.memory import MemoryStore
from testing.contracts.breaking import breaks


@breaks("what-a-case-is-found-by-follows-the-case", "any-order-of-calls-gives-what-memory-gives")
class RemembersOldLookups(MemoryStore):
    """Finds a case by what it held once."""

    def _index(self, case: Case, before: object) -> None:
        for lookup in lookups_of(case):
            self._found_by.setdefault(lookup, set()).add(case.id)


@breaks("candidates-are-found-by-each-of-their-lookups", "a-desk-works-on-it")
class KnowsReferencesAlone(MemoryStore):
    """Finds cases by their reference and by nothing else."""

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Do as the class says."""
        return super().candidates([lookup for lookup in lookups if lookup.kind == "reference"])


@breaks("candidates-of-nothing-are-none")
class IgnoresTheKind(MemoryStore):
    """Compares the value of a lookup and not its kind."""

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Do as the class says."""
        wanted = {lookup.value for lookup in lookups}
        return super().candidates([lookup for lookup in self._found_by if lookup.value in wanted])


@breaks("candidates-come-once-and-oldest-first")
class OrdersCandidatesById(MemoryStore):
    """Sorts candidates by their id."""

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Do as the class says."""
        return tuple(sorted(super().candidates(lookups), key=lambda case: case.id))


@breaks("candidates-come-once-and-oldest-first")
class RepeatsCandidates(MemoryStore):
    """Gives a case once for every lookup that finds it."""

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Do as the class says."""
        return tuple(case for lookup in lookups for case in super(RepeatsCandidates, self).candidates([lookup]))


@breaks("candidates-follow-what-they-were-merged-into")
class MissesSurvivors(MemoryStore):
    """Gives the duplicate and not the case that survived it."""

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Do as the class says."""
        return tuple(case for case in super().candidates(lookups) if lookups_of(case) & set(lookups))


class Spoilt(MemoryStore):
    """Keeps cases of which some cannot be read."""

    def __init__(self) -> None:
        super().__init__()
        self.spoiled = set[str]()

    def load(self, case_id: str) -> Case | None:
        """Do as the class says."""
        if case_id in self.spoiled:
            raise Undecodable("history", "is no JSON object", "Restore it.", case_id=case_id)
        return super().load(case_id)

    def garble(self, case_id: str) -> None:
        """Make one unreadable."""
        self.spoiled.add(case_id)


@breaks("what-cannot-be-read-is-not-taken-for-absent", garble=Spoilt.garble)
class PassesOverWhatItCannotRead(Spoilt):
    """Answers with the candidates it can read, as if there were no others."""

    def candidates(self, lookups: Sequence[Lookup]) -> tuple[Case, ...]:
        """Do as the class says."""
        return tuple(case for case in super().candidates(lookups) if case.id not in self.spoiled)


@breaks("what-cannot-be-read-can-be-named", garble=Spoilt.garble)
class NamesWhatItCanRead(Spoilt):
    """Reads each case before it tells its id."""

    def found_by(self, lookup: Lookup) -> tuple[str, ...]:
        """Do as the class says."""
        return tuple(case_id for case_id in super().found_by(lookup) if case_id not in self.spoiled)


@breaks("a-search-goes-on-beside-what-cannot-be-read", garble=Spoilt.garble)
class SearchStopsAtWhatItCannotRead(Spoilt):
    """Raises where one case that a query finds cannot be read."""

    def find(self, query: Query) -> tuple[Case, ...]:
        """Do as the class says."""
        found = super().find(query)
        return tuple(case for case in found if self.load(case.id) is not None)


@breaks("the-ids-of-who-holds-a-lookup-are-told")
class NamesSurvivors(MemoryStore):
    """Tells the id of the survivor beside that of the duplicate."""

    def found_by(self, lookup: Lookup) -> tuple[str, ...]:
        """Do as the class says."""
        return tuple(case.id for case in self.candidates([lookup]))


@breaks("who-has-how-much-is-counted")
class CountsWhatIsOver(MemoryStore):
    """Counts every case somebody ever had."""

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Do as the class says."""
        kept = [kept.case for kept in self._cases.values()]
        many = {name: sum(case.owner == name for case in kept) for name in people}
        return {name: attrs.evolve(load, open_cases=many[name]) for name, load in super().loads(people).items()}


@breaks("who-has-how-much-is-counted")
class LeavesOutWhoHasNothing(MemoryStore):
    """Says nothing of people who have nothing to do."""

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Do as the class says."""
        return {name: load for name, load in super().loads(people).items() if load.open_cases}


@breaks("who-was-last-given-a-case-is-known")
class ForgetsWhatIsOver(MemoryStore):
    """Takes whoever has ended their case for somebody who was never given one."""

    def loads(self, people: Sequence[str]) -> Mapping[str, Load]:
        """Do as the class says."""
        return loads_of(people, (kept.case for kept in self._cases.values() if not kept.case.ended))


@breaks("cases-are-found-by-all-that-is-asked")
class MindsTheCaseOfLetters(MemoryStore):
    """Looks for words exactly as they are written."""

    def find(self, query: Query) -> tuple[Case, ...]:
        """Do as the class says."""
        found = super().find(query)
        return tuple(case for case in found if query.text is None or query.text in str(self.history(case.id)))


@breaks("pages-go-by-id")
class PagesOverlap(MemoryStore):
    """Begins a page with the last case of the page before."""

    def find(self, query: Query) -> tuple[Case, ...]:
        """Do as the class says."""
        before = [each for each in sorted(self._cases) if query.after is not None and each < query.after]
        return super().find(attrs.evolve(query, after=before[-1] if before else None))


@breaks("ids-are-compared-by-character")
class SortsLikeADictionary(MemoryStore):
    """Sorts ids as a dictionary does, small and capital letters together."""

    def find(self, query: Query) -> tuple[Case, ...]:
        """Do as the class says."""
        cases = sorted(super().find(attrs.evolve(query, limit=10_000, after=None)), key=lambda case: case.id.casefold())
        after = (query.after or "").casefold()
        return tuple([case for case in cases if case.id.casefold() > after][: query.limit])
