"""Stores, desks and notifiers with a bug in them, each a small slip that somebody could make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import attrs
from pendulum import DateTime

from recovery import MemoryStore
from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.values import later
from recovery.core.vocabulary.common import Recorded
from recovery.ports.values import Change, KeyRecord, Queued
from recovery.stores.memory import _Row


class Planted(MemoryStore):
    """A store with the bug :meth:`slip` in every ``every``-th save."""

    every = 7

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Save, with the slip now and then."""
        self.count += 1
        if self.count % self.every:
            super().save(changes, key=key, timing=timing)
        else:
            self.slip(changes, key, timing)

    def slip(self, changes: Sequence[Change], key: KeyRecord | None, timing: Timing | None) -> None:
        """Do it wrong."""
        raise NotImplementedError


class ForgetsAMessage(Planted):
    """Forgets the outbox rows of a save."""

    every = 1

    def slip(self, changes: Sequence[Change], key: KeyRecord | None, timing: Timing | None) -> None:
        """Save all but the last message."""
        MemoryStore.save(self, [attrs.evolve(one, messages=one.messages[:-1]) for one in changes], key=key, timing=timing)


class ForgetsToLook(Planted):
    """Forgets when a case wants to be looked at again."""

    def slip(self, changes: Sequence[Change], key: KeyRecord | None, timing: Timing | None) -> None:
        """Save the case without its wake instant."""
        MemoryStore.save(self, [attrs.evolve(one, wake_at=None) for one in changes], key=key, timing=timing)


class LooksTooLate(Planted):
    """Looks at a case again a month too late."""

    def slip(self, changes: Sequence[Change], key: KeyRecord | None, timing: Timing | None) -> None:
        """Save the case with a wake instant that is a month too late."""
        month = timedelta(days=30)
        late = [attrs.evolve(one, wake_at=None if one.wake_at is None else later(one.wake_at, month)) for one in changes]
        MemoryStore.save(self, late, key=key, timing=timing)


class ForgetsAKey(Planted):
    """Forgets idempotency keys."""

    every = 1

    def slip(self, changes: Sequence[Change], key: KeyRecord | None, timing: Timing | None) -> None:
        """Save without the key."""
        MemoryStore.save(self, changes, timing=timing)


class LosesAnUpdate(MemoryStore):
    """Does not look at the version of a case: of two changes at once, the later one wins."""

    def _check(self, changes: Sequence[Change], key: KeyRecord | None) -> None:
        """Look at nothing."""

    def _store(self, change: Change) -> None:
        kept = self._cases.get(change.case.id)
        if kept is not None:
            kept.events = kept.events[: change.base_version]
        super()._store(change)


class SavesHalf(MemoryStore):
    """Saves the first change of several, and forgets the others: a case is merged, and the one that takes it in does not know."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Save one change."""
        super().save(changes[:1], key=key, timing=timing)


class ForgetsAClaim(MemoryStore):
    """Settles no message: what has left is handed out again when its lease is over."""

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        """Save without closing outbox rows."""
        super().save([attrs.evolve(one, settled=()) for one in changes], key=key, timing=timing)


class ChangesAnId(MemoryStore):
    """Hands a message out under another id when it is tried again."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Claim, and number the tries in the id."""
        return tuple(self._renamed(queued) for queued in super().claim(now, limit, lease))

    def _renamed(self, queued: Queued) -> Queued:
        if not queued.tries:
            return queued
        return attrs.evolve(queued, message=attrs.evolve(queued.message, id=f"{queued.message.id}:{queued.tries}"))


class ChangesItsWords(MemoryStore):
    """Says something else when a message is tried again."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Claim, with the number of the claim in the body."""
        self.claims = getattr(self, "claims", 0) + 1
        found = super().claim(now, limit, lease)
        said = [(one, attrs.evolve(one.message, body=f"{one.message.body} {self.claims}")) for one in found]
        return tuple(attrs.evolve(one, message=message) for one, message in said)


class DropsAnEntry(MemoryStore):
    """Drops an entry of a long history."""

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        """Return the history without its fifth entry."""
        history = super().history(case_id)
        return history if len(history) < 9 else (*history[:4], *history[5:])


class RemembersAnOldCase(MemoryStore):
    """Caches cases and forgets to look whether they have changed."""

    def __init__(self) -> None:
        super().__init__()
        self.cache: dict[str, Case] = {}

    def load(self, case_id: str) -> Case | None:
        """Return the case as it was once loaded, every other time."""
        found = super().load(case_id)
        if found is not None and found.version % 5 == 0:
            return self.cache.setdefault(case_id, found)
        return found


class NeverGivesBack(MemoryStore):
    """Does not give back what a killed worker had claimed."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Claim for a year."""
        return super().claim(now, limit, timedelta(days=365))


class MixesUpLetters(MemoryStore):
    """Hands out the messages to one reader in any order."""

    def _first_in_line(self) -> list[_Row]:
        return list(self._waiting.values())[::-1]


class ClaimsForNobody(MemoryStore):
    """Hands out messages that another worker has in hand."""

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        """Claim, and keep no claim."""
        found = super().claim(now, limit, lease)
        for row in self._waiting.values():
            row.claimed_until = None
        return found


class LetsTwoLook(MemoryStore):
    """Hands out cases that another worker looks at."""

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        """Claim, and keep no claim."""
        found = super().claim_due(now, limit, lease)
        for case_id in found:
            self._cases[case_id].claimed_until = None
        return found


class TriesAgainAtOnce(MemoryStore):
    """Does not wait before a message is tried again."""

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        """Count the try, and put nothing off."""
        super().retry(message_id, at, error)
        if message_id in self._outbox:
            self._outbox[message_id].next_at = self._outbox[message_id].message.created_at


PLANTED: dict[type[MemoryStore], int] = {
    ForgetsAMessage: 2,
    ForgetsToLook: 6,
    LooksTooLate: 10,
    ForgetsAKey: 4,
    LosesAnUpdate: 4,
    SavesHalf: 28,
    ForgetsAClaim: 2,
    ChangesAnId: 2,
    ChangesItsWords: 2,
    DropsAnEntry: 2,
    RemembersAnOldCase: 2,
    NeverGivesBack: 2,
    MixesUpLetters: 2,
    ClaimsForNobody: 2,
    LetsTwoLook: 26,
    TriesAgainAtOnce: 2,
}
"""Each bug, and within how many stories it has to be found: twice the most it took from one of the seeds 0, 1000 and 2000 on."""
