"""A crowd on a few hot cases: processes, in each several people and a worker, all at once; and what must be true afterwards.

Each process writes down what it asked for and what it was answered, so that the histories can be held against it.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Any

import pendulum
from attrs import define, field, frozen

from recovery import Channel, ConflictingChange, Delivery, Desk, OutboxMessage, Receipt, SetTask
from recovery.core.vocabulary.keeping_in_touch import Inform
from recovery.core.vocabulary.receiving import TaskSet
from recovery.stores.named import open_store
from support import POLICY, a_contact, by_mail

__all__ = ["Crowd", "Told"]

PATIENCE = 300
"""After so many seconds a crowd that has not gone is stuck."""

PEOPLE = 3
"""How many people are at work in each process."""


@frozen(kw_only=True)
class Told:
    """One command: who gave it, on which case, how it ended (``done`` or ``conflict``), in how many seconds.

    ``pinned`` is the version it was pinned to, ``seqs`` are the numbers of the events it was told, ``at`` is when.
    """

    token: str
    by: str
    case_id: str
    ended: str
    seconds: float
    at: float
    pinned: int | None
    seqs: tuple[int, ...]


@frozen
class Noting:
    """Sends nothing, and writes down what it was given."""

    path: Path
    channels: frozenset[Channel] = frozenset(Channel)

    def send(self, message: OutboxMessage) -> Receipt:
        """Write down the id."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(message.id) + "\n")
        return Receipt(at=pendulum.now("UTC"))


def a_desk(name: str, folder: Path, number: int) -> tuple[AbstractContextManager[Any], Desk]:
    """Return the store of that name and a desk on it, which notes what it sends."""
    store = open_store(name)
    noting = Noting(folder / f"{number}.sent")
    return store, Desk(store=store, policy=POLICY, notifier=noting, lease=timedelta(seconds=3))


@define
class Crowd:
    """So many processes on the database of that name; everybody in them gives so many commands, and writes into ``folder``."""

    name: str
    folder: Path
    processes: int = 2
    cases: int = 2
    commands: int = 8
    ids: list[str] = field(factory=list[str])

    def run(self) -> list[Told]:
        """Let the crowd in, wait until all have gone, do what is left, and return what they were told."""
        store, desk = a_desk(self.name, self.folder, 0)
        with store:
            now = pendulum.now("UTC")
            self.ids = [desk.receive(a_contact(str(n), at=now, message_id=f"<{n}@x>")).case.id for n in range(self.cases)]
            context = get_context("spawn")
            gate = context.Barrier(self.processes)
            arguments = [(self.name, self.folder, self.ids, number, self.commands, gate) for number in range(1, self.processes + 1)]
            crowd = [context.Process(target=_come, args=each) for each in arguments]
            for process in crowd:
                process.start()
            for process in crowd:
                process.join(PATIENCE)
            assert [process.exitcode for process in crowd] == [0] * self.processes
            for _ in range(100):  # what a worker had claimed when it was told to stop comes back after the lease
                desk.catch_up()
                if not desk.backlog().unsent:
                    break
                time.sleep(0.1)
        return [each for path in sorted(self.folder.glob("*.told")) for each in _read(path)]

    def faults(self, told: Sequence[Told]) -> list[str]:
        """Return everything that is not as it should be."""
        store, desk = a_desk(self.name, self.folder, 0)
        with store:
            found = [finding.what for finding in desk.doctor()]
            found += [f"{trouble.case_id}: {trouble.error}" for trouble in desk.troubles()]
            for case_id in self.ids:
                found += _faults_of(desk, case_id, [each for each in told if each.case_id == case_id])
            found += [f"{desk.backlog().unsent} unsent"] if desk.backlog().unsent else []
            outgoing = [out for case_id in self.ids for out in desk.load(case_id).receiving.outgoing]
        sent = {json.loads(line) for path in self.folder.glob("*.sent") for line in path.read_text("utf-8").splitlines()}
        missing = {out.id for out in outgoing if out.state is Delivery.SENT} - sent
        return [*found, *(f"{message_id} was never sent" for message_id in missing)]

    def behind(self, told: Sequence[Told]) -> int:
        """Return how many answers the slowest person had got when the first had got all of theirs."""
        last = {each.by: each.at for each in told}
        first = min(last.values())
        heard = Counter(each.by for each in told if each.at <= first)
        return min(heard[by] for by in last)


def _faults_of(desk: Desk, case_id: str, told: Sequence[Told]) -> list[str]:
    history = desk.store.history(case_id)
    numbers = [recorded.seq for recorded in history]
    found = [] if numbers == list(range(1, len(numbers) + 1)) else [f"{case_id} has a gap: {numbers}"]
    stands: dict[str, list[int]] = {}
    for recorded in history:
        if isinstance(recorded.event, TaskSet):
            stands.setdefault(recorded.event.what, []).append(recorded.seq)
    for each in told:
        wanted = [each.seqs[0]] if each.ended == "done" else []
        if stands.get(each.token, []) != wanted:
            found.append(f"{each.token} ended as {each.ended} with {each.seqs}, and stands at {stands.get(each.token)}")
        if each.ended == "done" and each.pinned is not None and each.seqs[0] != each.pinned + 1:
            found.append(f"{each.token} was pinned to {each.pinned}, and stands at {each.seqs}")
    order = sorted((stands[each.token][0], each.token) for each in told if each.ended == "done" and each.token in stands)
    for person in {each.by for each in told}:
        mine = [token for _, token in order if token.startswith(f"{person}-")]
        if mine != sorted(mine):
            found.append(f"{person} was heard in another order than they spoke")
    return found


def _read(path: Path) -> list[Told]:
    told = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return [Told(**{**each, "seqs": tuple(each["seqs"])}) for each in told]


# ---------------------------------------------------------------- in the processes


def _come(name: str, folder: Path, ids: list[str], number: int, commands: int, gate: Any) -> None:
    store, desk = a_desk(name, folder, number)
    with store:
        gate.wait(60)
        stop = threading.Event()
        worker = threading.Thread(target=desk.keep_working, kwargs={"stop": stop, "every": timedelta(seconds=0.05)}, daemon=True)
        people = [
            threading.Thread(target=_speak, args=(desk, f"p{number}{n}", ids, folder, commands), daemon=True) for n in range(PEOPLE)
        ]
        for thread in (worker, *people):
            thread.start()
        for person in people:
            person.join()
        stop.set()
        worker.join()


def _speak(desk: Desk, by: str, ids: list[str], folder: Path, commands: int) -> None:
    chance = Random(by)
    with (folder / f"{by}.told").open("w", encoding="utf-8") as journal:
        for number in range(commands):
            case_id, token = chance.choice(ids), f"{by}-{number:05}"
            pinned = desk.load(case_id).version if chance.random() < 0.3 else None
            begun = time.monotonic()
            ended, seqs = _said(desk, case_id, token, pinned, aloud=chance.random() < 0.2)
            told = {"token": token, "by": by, "case_id": case_id, "ended": ended, "pinned": pinned, "seqs": seqs}
            journal.write(json.dumps({**told, "seconds": time.monotonic() - begun, "at": time.monotonic()}) + "\n")


def _said(desk: Desk, case_id: str, token: str, pinned: int | None, *, aloud: bool) -> tuple[str, list[int]]:
    commands = (SetTask(by="ana", what=token), *((Inform(by="ana", word=by_mail("There is news.")),) if aloud else ()))
    try:
        outcome = desk.handle(case_id, *commands, key=token, expected_version=pinned)
    except ConflictingChange:
        return "conflict", []
    again = desk.handle(case_id, *commands, key=token, expected_version=pinned)
    assert again.repeated
    return "done", [recorded.seq for recorded in outcome.events]
