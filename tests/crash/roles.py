"""What processes do until they are killed: open cases and act on them, look at the clocks, deliver; and write down all of it."""

from __future__ import annotations

import hashlib
import json
import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from attrs import define, field, frozen
from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import RecoveryError, Refused, StoreUnusable
from recovery.core.values import instant, later
from recovery.core.vocabulary.common import Channel, Command, kind_of
from recovery.core.vocabulary.receiving import CompleteTask, Contact, SetTask
from recovery.desk import Desk, Outcome
from recovery.ports.store import Store
from recovery.ports.values import OutboxMessage, Query, Receipt
from recovery.testing import a_policy
from recovery.testing.content import NARRATIVES
from recovery.testing.moments import MONDAY
from recovery.testing.simulator.acts import CUSTOMERS, Acting

__all__ = ["Person", "Setting", "Worker", "Writing", "at_rest", "opened"]

POLICY = a_policy()
HOT = 4
"""On how many cases everybody acts at once."""


@frozen(kw_only=True)
class Setting:
    """Where processes work: what opens the store, the folder of the journals, and how fast time passes, from ``begun`` on.

    ``begun`` is a reading of ``time.monotonic()``, which all processes of a machine share; in a second ``speed`` seconds pass.
    """

    opens: Callable[[], Store]
    folder: Path
    begun: float
    speed: float = 20_000
    lease: timedelta = timedelta(hours=2)

    def now(self) -> DateTime:
        """Return the present instant of the story."""
        return later(MONDAY, timedelta(seconds=(time.monotonic() - self.begun) * self.speed))


class Writing:
    """A journal: a line is written whole, at once, and stays when the process is killed."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def __call__(self, **told: object) -> None:
        """Write a line."""
        os.write(self._file, (json.dumps({**told, "at": time.monotonic_ns()}) + "\n").encode())


@frozen
class Noting:
    """A notifier that writes down what leaves; it takes a while, so that processes are killed in the middle of it."""

    journal: Writing
    now: Callable[[], DateTime]
    channels: frozenset[Channel] = frozenset(Channel)

    def send(self, message: OutboxMessage) -> Receipt:
        """Note the message, a moment after it was asked for and a moment before it is answered."""
        time.sleep(random.random() * 0.002)
        words = hashlib.sha256(f"{message.subject}\n{message.body}\n{message.to}".encode()).hexdigest()[:16]
        self.journal(sent=message.id, words=words)
        time.sleep(random.random() * 0.002)
        return Receipt(at=self.now())


@define
class Person:
    """Opens cases and acts on a few hot ones, each time under a key. Started again, it first repeats what it had no answer to."""

    setting: Setting
    name: str
    chance: Random = field(factory=Random)
    count: int = 0

    def run(self, many: int | None = None) -> None:
        """Act until killed, or so many times."""
        journal = Writing(self.setting.folder / f"{self.name}.journal")
        store = opened(self.setting)
        desk = Desk(store=store, policy=POLICY, now=self.setting.now)
        for told in self._unanswered():
            self._insist(journal, desk, told)
        acting = Acting(self.chance, POLICY)
        while many is None or self.count < many:
            self.count += 1
            token = f"op-{self.name}-{self._number()}"
            self._insist(journal, desk, self._idea(store, token))
            self._onward(desk, store, acting)

    def _number(self) -> int:
        return time.monotonic_ns()

    def _unanswered(self) -> Iterator[dict[str, str]]:
        """Yield what was asked for and not answered, as it was written down."""
        path = self.setting.folder / f"{self.name}.journal"
        lines = [json.loads(line) for line in path.read_text().splitlines() if line.endswith("}")] if path.exists() else []
        answered = {line["answered"] for line in lines if "answered" in line}
        yield from (line["what"] for line in lines if "asked" in line and line["asked"] not in answered)

    def _idea(self, store: Store, token: str) -> dict[str, str]:
        cases = _hot(store)
        if len(cases) < HOT or self.chance.random() < 0.03:
            return {"token": token, "do": "open", "customer": str(self.chance.randrange(len(CUSTOMERS)))}
        case = self.chance.choice(cases)
        tasks = [task.id for task in case.receiving.tasks]
        if len(tasks) > 3:
            return {"token": token, "do": "complete", "case": case.id, "task": self.chance.choice(tasks)}
        return {"token": token, "do": "set", "case": case.id}

    def _insist(self, journal: Writing, desk: Desk, what: dict[str, str]) -> None:
        """Ask until there is an answer, as one does who does not know whether it was done."""
        token = what["token"]
        while True:
            journal(asked=token, what=what)
            try:
                outcome = _done(desk, what)
            except StoreUnusable:
                time.sleep(0.02)
                continue
            except Refused:
                return
            kinds = [kind_of(type(one.event)) for one in outcome.events]
            seqs = [one.seq for one in outcome.events]
            journal(answered=token, case=outcome.case.id, seqs=seqs, kinds=kinds, repeated=outcome.repeated)
            return

    def _onward(self, desk: Desk, store: Store, acting: Acting) -> None:
        """Do what comes next about a case, so that stages change and messages are written; nobody asks again for this."""
        cases = _hot(store)
        if not cases:
            return
        case = self.chance.choice(cases)
        try:
            desk.handle(case.id, *acting.commands(case, (), instant(desk.now())))
        except RecoveryError:
            return


def _hot(store: Store) -> tuple[Case, ...]:
    """Return the few cases that everybody acts on."""
    try:
        return tuple(case for case in store.find(Query(open_only=True, in_tray=False, limit=HOT)))
    except StoreUnusable:
        return ()


def _done(desk: Desk, what: dict[str, str]) -> Outcome:
    token = what["token"]
    if what["do"] == "open":
        customer = CUSTOMERS[int(what["customer"])]
        text = f"{NARRATIVES[0].words} {token}"
        contact = Contact(channel=Channel.EMAIL, sender=customer, text=text, received_at=MONDAY, message_id=token)
        return desk.receive(contact, key=token)
    command: Command = SetTask(by="ben", what=f"ring the workshop ({token})")
    if what["do"] == "complete":
        command = CompleteTask(by="ben", task_id=what["task"], note=f"they ring back ({token})")
    return desk.handle(what["case"], command, key=token)


@define
class Worker:
    """Looks at the clocks and delivers, until killed."""

    setting: Setting
    name: str

    def run(self) -> None:
        """Work until killed."""
        desk = _working(self.setting, self.name)
        while True:
            try:
                done = desk.work(limit=20)
            except StoreUnusable:
                time.sleep(0.02)
                continue
            if not (done.ticked or done.sent or done.failed):
                time.sleep(0.005)


def _working(setting: Setting, name: str) -> Desk:
    journal = Writing(setting.folder / f"{name}.journal")
    return Desk(store=opened(setting), policy=POLICY, notifier=Noting(journal, setting.now), now=setting.now, lease=setting.lease)


def opened(setting: Setting) -> Store:
    """Open the store, as soon as that is possible."""
    until = time.monotonic() + 60
    while True:
        try:
            return setting.opens()
        except StoreUnusable:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)


def at_rest(setting: Setting) -> Store:
    """Work, calmly, until everything that was claimed by those who were killed has come back, and nothing is left to do."""
    last = later(setting.now(), timedelta(days=2))
    desk = _working(setting, "at-rest")
    for number in range(3000):
        ahead = later(last, timedelta(hours=number // 3))
        calm = Desk(store=desk.store, policy=POLICY, notifier=desk.notifier, now=lambda: ahead, lease=setting.lease)  # noqa: B023
        done = calm.work(limit=100)
        backlog = calm.backlog()
        if not (done.ticked or done.sent or done.failed or backlog.due or backlog.unsent):
            return desk.store
    raise AssertionError("work does not come to rest")
