"""Checks of ``Store``: side by side with the store in memory through a long walk drawn at random, and under a desk at work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import attrs
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import ConflictingChange
from recovery.core.place import Lookup, lookups_of
from recovery.core.vocabulary.common import Event
from recovery.core.vocabulary.receiving import Delivery
from recovery.ports.store import Store
from recovery.ports.values import Change, KeyRecord, Query
from recovery.stores.memory import MemoryStore
from recovery.testing.contracts.checking import Duties, same
from recovery.testing.contracts.samples import (
    LEASE,
    TIMING,
    after,
    closed,
    contact,
    corrected,
    following,
    joined,
    moved,
    opening,
    reported,
    saying,
    task,
)
from recovery.testing.contracts.stores.bench import StoreBench
from recovery.testing.contracts.stores.story import told

__all__ = ["walking"]

walking = Duties[StoreBench](Store)

SEEDS = (1, 2, 3)
STEPS = 120
_MODEL = "Read the walk from the top: the last step is where the store answered otherwise than recovery.stores.memory.MemoryStore."

Act = tuple[str, Callable[[Store], object]]


@walking("", 1, _MODEL)
def any_order_of_calls_gives_what_memory_gives(bench: StoreBench) -> None:
    """Whatever is called in whatever order, the store answers as the one in memory does."""
    for seed in SEEDS:
        with bench.fresh() as store:
            model, walk = MemoryStore(), _Walk(Random(seed))
            steps: list[str] = []
            for _ in range(STEPS):
                name, act = walk.step(model)
                steps.append(name)
                wanted = _answer(act, model)
                same(_answer(act, store), wanted, f"walk {seed}, step {len(steps)} ({' / '.join(steps[-6:])}): the answer")
            same(_whole(store), _whole(model), f"walk {seed} ({len(steps)} steps): all that is stored in the end")


@walking("", 1, "Play the story in a debugger: recovery.testing.contracts.stores.story.")
def a_desk_works_on_it(bench: StoreBench) -> None:
    """A complaint that travels through all stages leaves the same histories, messages and agenda as in memory."""
    with bench.fresh() as store:
        wanted = told(MemoryStore())
        found = told(store)
        for here, there in zip(found, wanted, strict=True):
            same(here, there, "what the desk tells at one point of the story")


def _answer(act: Callable[[Store], object], store: Store) -> object:
    # What else a conflict tells has checks of its own; where several things are in conflict, any of them may be told.
    try:
        return act(store)
    except ConflictingChange:
        return "a conflict"


def _whole(store: Store) -> object:
    cases = store.find(Query(limit=1000))
    return cases, [store.history(case.id) for case in cases], store.backlog(after(10_000)), _sick(store)


def _sick(store: Store) -> list[str]:
    return sorted({found.case_id for found in store.doctor()})


class _Walk:
    """Draws one call after the other. What it draws depends on the store in memory alone, so both are asked the same."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.time = 0.0
        self.messages: list[str] = []
        self.stale: list[Case] = []

    def step(self, model: Store) -> Act:
        """Return one call: its name, and what to do with a store."""
        self.time += self.chance.choice((0, 0, 0.5, 3))
        draw = self.chance.choice((self.saving,) * 6 + (self.claiming,) * 3 + (self.reading,) * 4)
        return draw(model)

    # ---------------------------------------------------------------- saving

    def saving(self, model: Store) -> Act:
        """Return a save of one or two changes, sometimes with a key, sometimes one that comes too late."""
        changes = [self.change(model)]
        if self.chance.random() < 0.2:
            changes.append(self.change(model))
        number = self.chance.randrange(40)
        key = None if self.chance.random() < 0.7 else KeyRecord(key=f"k-{number}", fingerprint="f", case_id="c-1", version=number)
        timing = None if self.chance.random() < 0.5 else TIMING
        name = "save " + " + ".join(f"{change.case.id} from {change.base_version}" for change in changes)
        return name, lambda store: store.save(changes, key=key, timing=timing)

    def change(self, model: Store) -> Change:
        """Return a change that opens a case or carries one on, from where it is or from where it was."""
        case_id = f"c-{self.chance.randrange(6)}"
        case = model.load(case_id)
        if case is None or self.chance.random() < 0.05:
            reference = None if self.chance.random() < 0.8 else f"ref-c-{self.chance.randrange(6)}"
            tray = () if self.chance.random() < 0.8 else ("nobody is named",)
            return attrs.evolve(opening(case_id, reference=reference, at=after(self.time), tray=tray), wake_at=self.wake(case_id))
        if self.stale and self.chance.random() < 0.1:
            case = self.chance.choice(self.stale)
        self.stale.append(case)
        if self.chance.random() < 0.35:
            change = saying(case, person=self.chance.choice((None, "ben")), due=after(self.time + self.chance.randrange(5)))
            self.messages.append(change.messages[0].id)
            return attrs.evolve(change, wake_at=self.wake(case.id))
        return following(case, *self.events(case), wake_at=self.wake(case.id))

    def events(self, case: Case) -> list[Event]:
        """Return one thing that may happen to a case, or nothing."""
        waiting = [out.id for out in case.receiving.outgoing if out.state is Delivery.QUEUED]
        if waiting and self.chance.random() < 0.6:
            return [reported(self.chance.choice(waiting), self.chance.choice((Delivery.SENT, Delivery.GIVEN_UP)))]
        number = self.chance.randrange(30)
        more = joined(contact(message_id=f"<j-{number}@example.org>"))
        owner = self.chance.choice(("ana", "ben"))
        some: list[Event] = [task(f"Step {number}."), moved(owner), corrected(f"a{number}@x.example"), more]
        ends: list[Event] = [] if case.ended else [closed(self.chance.choice((None, "c-1", "c-2")))]
        return self.chance.choice([[event] for event in (*some, *some, *ends)] + [[]])

    def wake(self, case_id: str) -> DateTime | None:
        """Return when to look at a case again: no two cases at one instant, as their order would be anybody's."""
        if self.chance.random() < 0.1:
            return None
        return after(self.time + self.chance.randrange(20) + int(case_id[2:]) / 100)

    # ---------------------------------------------------------------- claiming

    def claiming(self, model: Store) -> Act:
        """Return a claim of cases or messages, a release, or a retry."""
        now, limit, case_id = after(self.time), self.chance.choice((1, 2, 9)), f"c-{self.chance.randrange(7)}"
        message_id = self.chance.choice([*self.messages, "nothing"])
        acts: list[Act] = [
            (f"claim_due at {self.time}", lambda store: store.claim_due(now, limit, LEASE)),
            (f"claim at {self.time}", lambda store: store.claim(now, limit, LEASE)),
            (f"release {case_id}", lambda store: store.release(case_id)),
            (f"retry {message_id}", lambda store: store.retry(message_id, now + timedelta(minutes=4), "down")),
        ]
        return self.chance.choice((*acts, acts[1]))

    # ---------------------------------------------------------------- reading

    def reading(self, model: Store) -> Act:
        """Return a question."""
        now, case_id = after(self.time), f"c-{self.chance.randrange(7)}"
        lookups = self.lookups(model)
        query = self.chance.choice(
            (
                Query(owner="ben"),
                Query(open_only=True, limit=2),
                Query(text="step 1"),
                Query(in_tray=True),
                Query(after=case_id, limit=3),
                Query(address="a7@x.example"),
                Query(reference=f"REF-{case_id}"),
            )
        )
        acts: list[Act] = [
            (f"load {case_id}", lambda store: store.load(case_id)),
            (f"history {case_id}", lambda store: store.history(case_id)),
            (f"candidates {lookups}", lambda store: store.candidates(lookups)),
            (f"find {query}", lambda store: store.find(query)),
            (f"backlog at {self.time}", lambda store: store.backlog(now)),
            ("doctor", _sick),
            (f"key k-{case_id[2:]}", lambda store: store.key(f"k-{case_id[2:]}")),
        ]
        return self.chance.choice(acts)

    def lookups(self, model: Store) -> list[Lookup]:
        """Return up to two of the lookups of a case that is there, and one that finds nothing."""
        cases = model.find(Query())
        known = sorted(lookups_of(self.chance.choice(cases)), key=lambda each: (each.kind, each.value)) if cases else []
        return [*self.chance.sample(known, min(2, len(known))), Lookup("ticket", "nobody")]
