"""Stores that do not keep what they are given. Each has one fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.errors import ConflictingChange
from recovery.core.place import Lookup
from recovery.core.vocabulary.common import Recorded
from recovery.ports.values import Change, KeyRecord
from recovery.stores.memory import MemoryStore
from testing.contracts.breaking import breaks

# ---------------------------------------------------------------- keeping


@breaks("what-was-saved-is-loaded", "the-case-is-the-fold-of-its-history", "any-order-of-calls-gives-what-memory-gives")
class LoadsTheFirstVersion(MemoryStore):
    """Gives every case as it was when it was opened."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        super().save(changes, key=key, timing=timing)
        for change in changes:
            self.first = {change.case.id: change.case, **getattr(self, "first", {})}

    def load(self, case_id: str) -> Case | None:
        """Do as the class says."""
        return getattr(self, "first", {}).get(case_id)


@breaks("an-unknown-case-is-none")
class FindsIdsInAnyCase(MemoryStore):
    """Takes C-1 for c-1, as a database with the wrong collation does."""

    def load(self, case_id: str) -> Case | None:
        """Do as the class says."""
        return super().load(case_id.lower())


@breaks("what-was-saved-is-in-the-history", "a-desk-works-on-it")
class SortsHistoriesAsText(MemoryStore):
    """Puts event 10 before event 2."""

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Do as the class says."""
        return tuple(sorted(super().history(case_id), key=lambda recorded: str(recorded.seq)))


@breaks("histories-grow-and-do-not-change")
class KeepsTheLastTwoEvents(MemoryStore):
    """Lets old events go."""

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Do as the class says."""
        return super().history(case_id)[-2:]


@breaks("the-case-is-the-fold-of-its-history")
class SavesHalf(MemoryStore):
    """Saves the case and forgets the events that follow the first."""

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Do as the class says."""
        return super().history(case_id)[:1]


def changed(change: Change, words: Callable[[str], str]) -> Change:
    """Return the change with the words in what its case is about put otherwise."""
    receiving = attrs.evolve(change.case.receiving, issue=words(change.case.receiving.issue))
    return attrs.evolve(change, case=attrs.evolve(change.case, receiving=receiving))


class ChangesWords(MemoryStore):
    """Changes what is said a little."""

    @staticmethod
    def words(text: str) -> str:
        """Return the text as it comes out."""
        return text

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        super().save([changed(change, self.words) for change in changes], key=key, timing=timing)


@breaks("every-character-survives", "a-desk-works-on-it")
class DropsNul(ChangesWords):
    """Cannot keep NUL."""

    @staticmethod
    def words(text: str) -> str:
        """Do as the class says."""
        return text.replace("\0", "")


@breaks("every-character-survives")
class TrimsWords(ChangesWords):
    """Cuts the white space off at both ends."""

    @staticmethod
    def words(text: str) -> str:
        """Do as the class says."""
        return text.strip()


@breaks("every-character-survives", "what-was-saved-is-loaded")
class ShoutsWords(ChangesWords):
    """Changes the case of the letters."""

    @staticmethod
    def words(text: str) -> str:
        """Do as the class says."""
        return text.upper()


def cut(at: DateTime) -> DateTime:
    """Return the instant without its microseconds."""
    return at.replace(microsecond=0)


@breaks("every-microsecond-survives", "due-instants-are-exact")
class KeepsSeconds(MemoryStore):
    """Keeps instants to the second."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        kept = [attrs.evolve(change, wake_at=change.wake_at and cut(change.wake_at)) for change in changes]
        super().save(kept, key=key, timing=timing)

    def load(self, case_id: str) -> Case | None:
        """Do as the class says."""
        case = super().load(case_id)
        return None if case is None else attrs.evolve(case, opened_at=cut(case.opened_at))


# ---------------------------------------------------------------- versions


@breaks(
    "a-stale-change-is-refused",
    "a-worker-back-from-the-dead-overwrites-nothing",
    "a-change-ahead-of-its-case-is-refused",
    "a-case-is-opened-once",
    "two-cases-of-one-save-share-no-reference",
    "all-changes-or-none",
    "nobody-sees-half-a-save",
    "a-key-is-used-once",
)
class ForgetsToLook(MemoryStore):
    """Saves whatever comes."""

    def _check(self, changes: Sequence[Change], key: KeyRecord | None) -> None:
        return


@breaks("a-stale-change-is-refused", "a-case-is-opened-once")
class TellsNoVersion(MemoryStore):
    """Refuses what is stale, and does not say what is there."""

    def _check(self, changes: Sequence[Change], key: KeyRecord | None) -> None:
        try:
            super()._check(changes, key)
        except ConflictingChange as error:
            raise ConflictingChange(error.case_id, error.expected) from None


@breaks("a-reference-is-given-once")
class ComparesReferencesExactly(MemoryStore):
    """Takes ab-12 for another reference than AB-12."""

    def _check(self, changes: Sequence[Change], key: KeyRecord | None) -> None:
        known = {kept.case.reference for kept in self._cases.values()}
        for change in changes:
            if change.base_version == 0 and change.case.reference in known:
                raise ConflictingChange(change.case.id, 0)


@breaks("a-contact-is-on-one-case", "a-contact-joins-one-case")
class TakesAMessageTwice(MemoryStore):
    """Does not look whether a contact is on another case."""

    def _elsewhere(self, lookup: Lookup, case_id: str) -> bool:
        return False


@breaks("all-changes-or-none", "nobody-sees-half-a-save", "a-key-is-used-once")
class SavesOneByOne(MemoryStore):
    """Saves the changes one by one, and the key at last."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        for change in changes:
            super().save([change])
        super().save([], key=key, timing=timing)


@breaks("one-save-may-carry-a-case-on-twice")
class LooksAtWhatIsStoredAlone(MemoryStore):
    """Compares every change of a save with what was there before the save."""

    def _check(self, changes: Sequence[Change], key: KeyRecord | None) -> None:
        for change in changes:
            super()._check([change], key)


@breaks("a-change-without-events-moves-only-the-alarm", "the-last-wake-instant-counts")
class SetsTheAlarmOnce(MemoryStore):
    """Keeps the wake instant that came with the first change."""

    def _store(self, change: Change) -> None:
        before = self._cases.get(change.case.id)
        super()._store(change if before is None else attrs.evolve(change, wake_at=before.wake_at))


@breaks("saving-nothing-is-allowed")
class NeedsAChange(MemoryStore):
    """Thinks that there is nothing to do where there is no change."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        if changes:
            super().save(changes, key=key, timing=timing)


@breaks("a-key-is-kept-with-what-it-led-to", "a-key-is-used-once", "saving-nothing-is-allowed", "a-desk-works-on-it")
class LosesTheKey(MemoryStore):
    """Takes a key and forgets it."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        super().save(changes, timing=timing)


@breaks("timing-is-read-as-it-was-stored", "timing-is-stored-once")
class LosesTheClocks(MemoryStore):
    """Keeps of the timing its id alone."""

    def timing(self, policy_id: str) -> Timing | None:
        """Do as the class says."""
        found = super().timing(policy_id)
        return None if found is None else attrs.evolve(found, clocks=())


@breaks("timing-is-stored-once")
class OverwritesTheClocks(MemoryStore):
    """Keeps the timing that came last."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Do as the class says."""
        super().save(changes, key=key, timing=timing)
        if timing is not None:
            self._timings[timing.id] = timing


@breaks("every-microsecond-survives")
class ReadsLocalTime(MemoryStore):
    """Gives instants in the zone of the desk: the same moments, but no arithmetic of the library expects them so."""

    def load(self, case_id: str) -> Case | None:
        """Do as the class says."""
        case = super().load(case_id)
        return None if case is None else attrs.evolve(case, opened_at=case.opened_at.in_timezone("Europe/Berlin"))
