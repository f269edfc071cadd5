"""An independent reading of what is stored, and of what processes said they had done: nothing of the library is used here.

The tables are read as they are, row by row; the journals are what processes wrote down before they asked, after they were answered,
and when a message left. So a fault of the library's own fold, codec or doctor cannot hide itself.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from attrs import define, field, frozen

__all__ = ["Checked", "Connection", "Journal", "check", "journals"]

Row = tuple[Any, ...]


class Connection(Protocol):
    """What is needed of a connection: that of sqlite3, or of psycopg."""

    def execute(self, sql: str, /) -> Any:
        """Run a statement."""
        ...


@frozen(kw_only=True)
class Asked:
    """A command: its ``token`` is its key, and stands in the text of the entry it makes, if it makes one."""

    token: str
    by: str
    asked: int
    answered: int | None = None
    case_id: str = ""
    seqs: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    repeated: bool = False


@define
class Journal:
    """All that processes have written down: commands by token, and every message that left: id, and a digest of its words."""

    asked: dict[str, Asked] = field(factory=dict[str, Asked])
    sent: list[tuple[str, str]] = field(factory=list["tuple[str, str]"])
    retried: set[str] = field(factory=set[str])


def journals(folder: Path) -> Journal:
    """Read the journals in a folder. The last line of one whose process was killed may be torn, and is left out."""
    found = Journal()
    for path in sorted(folder.glob("*.journal")):
        for line in _lines(path):
            told = json.loads(line)
            if "sent" in told:
                found.sent.append((told["sent"], told["words"]))
            elif "asked" in told:
                first = found.asked.get(told["asked"])
                if first is not None:
                    found.retried.add(first.token)
                else:
                    found.asked[told["asked"]] = Asked(token=told["asked"], by=path.stem, asked=told["at"])
            else:
                before = found.asked[told["answered"]]
                found.asked[before.token] = Asked(
                    token=before.token,
                    by=before.by,
                    asked=before.asked,
                    answered=told["at"],
                    case_id=told["case"],
                    seqs=tuple(told["seqs"]),
                    kinds=tuple(told["kinds"]),
                    repeated=told["repeated"],
                )
    return found


def _lines(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            yield line


@frozen(kw_only=True)
class Checked:
    """What was found: how much there was, how often each fault, and ``faults`` in words; with none of them it is as it should be.

    ``stored_unacknowledged`` are commands that were done although nobody was told; ``sent_again`` are messages that left more than
    once, under one id. ``fewest`` is how many commands were answered of the person with the fewest, ``slowest`` the most seconds
    that one took.
    """

    cases: int
    entries: int
    acknowledged: int
    stored_unacknowledged: int
    lost: int
    doubled: int
    torn: int
    out_of_order: int
    forgotten: int
    messages: int
    unsent: int
    unfounded: int
    sent_again: int
    fewest: int
    slowest: float
    faults: tuple[str, ...]

    def __str__(self) -> str:
        counted = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in self.numbers().items())
        return "\n".join((counted, *self.faults[:20]))

    def numbers(self) -> dict[str, float]:
        """Return every number under its name."""
        names = [name for name in self.__annotations__ if name != "faults"]
        return {name: getattr(self, name) for name in names}


@define
class _Tables:
    """The rows, as they are."""

    cases: dict[str, tuple[int, bool, bool, str]]
    wakes: dict[str, object]
    events: dict[str, list[tuple[int, str, str]]]
    outbox: dict[str, tuple[str, int, str]]
    keys: dict[str, tuple[str, int]]

    @classmethod
    def read(cls, connection: Connection) -> _Tables:
        events: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for case_id, seq, kind, public, personal in _rows(
            connection, "SELECT case_id, seq, kind, public, personal FROM recovery_events ORDER BY case_id, seq"
        ):
            events[case_id].append((seq, kind, f"{public} {personal}"))
        cases = _rows(connection, "SELECT case_id, version, ended, in_tray, owner FROM recovery_cases")
        outbox = _rows(connection, "SELECT message_id, case_id, seq, state FROM recovery_outbox")
        return cls(
            cases={case_id: (version, bool(ended), bool(tray), owner) for case_id, version, ended, tray, owner in cases},
            wakes=dict(_rows(connection, "SELECT case_id, wake_at FROM recovery_wakes")),
            events=dict(events),
            outbox={message_id: (case_id, seq, state) for message_id, case_id, seq, state in outbox},
            keys={
                key: (case_id, version)
                for key, case_id, version in _rows(connection, "SELECT key, case_id, version FROM recovery_keys")
            },
        )


def _rows(connection: Connection, sql: str) -> Sequence[Row]:
    rows: Sequence[Row] = connection.execute(sql).fetchall()
    return rows


@define
class _Checking:
    tables: _Tables
    journal: Journal
    faults: list[str] = field(factory=list[str])
    numbers: Counter[str] = field(factory=Counter[str])
    where: dict[str, list[tuple[str, int]]] = field(factory=lambda: defaultdict(list))

    def bad(self, what: str, found: Iterable[str]) -> None:
        """Count faults of one sort, and say each."""
        told = list(found)
        self.numbers[what] += len(told)
        self.faults += [f"{what.replace('_', ' ')}: {one}" for one in told]

    def run(self) -> Checked:
        for case_id, entries in self.tables.events.items():
            for seq, kind, text in entries:
                for token in set(_TOKEN.findall(text) if kind in _BEARING else ()):
                    self.where[token].append((case_id, seq))
        self.bad("torn", self.torn())
        self.bad("lost", self.lost())
        self.bad("doubled", self.doubled())
        self.bad("out_of_order", self.out_of_order())
        self.bad("forgotten", self.forgotten())
        self.bad("unsent", self.unsent())
        self.bad("unfounded", self.unfounded())
        answered = [one for one in self.journal.asked.values() if one.answered is not None]
        again = Counter(message_id for message_id, _ in self.journal.sent)
        return Checked(
            cases=len(self.tables.cases),
            entries=sum(map(len, self.tables.events.values())),
            acknowledged=len(answered),
            stored_unacknowledged=sum(one.repeated for one in answered)
            + sum(one.token in self.where for one in self.journal.asked.values() if one.answered is None),
            messages=len(again),
            sent_again=sum(many > 1 for many in again.values()),
            fewest=min(Counter(one.by for one in answered).values(), default=0),
            slowest=round(max((one.answered - one.asked for one in answered if one.answered is not None), default=0) / 1e9, 3),
            faults=(*self.faults,),
            **{name: self.numbers[name] for name in _FAULTS},
        )

    # ------------------------------------------------------------ histories

    def torn(self) -> Iterator[str]:
        """Every case has a history without a gap, as long as its version says, with its wake row, its messages and its keys."""
        for case_id, (version, *_) in self.tables.cases.items():
            numbers = [seq for seq, _, _ in self.tables.events.get(case_id, [])]
            if numbers != list(range(1, version + 1)):
                yield f"case {case_id} is at version {version}, and has the entries {numbers}"
            if case_id not in self.tables.wakes:
                yield f"case {case_id} has no row that says when it is looked at"
        for case_id in self.tables.events.keys() - self.tables.cases.keys():
            yield f"there are entries of a case {case_id} that is not there"
        for key, (case_id, version) in self.tables.keys.items():
            if version > self.tables.cases.get(case_id, (0,))[0]:
                yield f"key {key} led to version {version} of {case_id}, which is not there"
        for message_id in self._prepared() ^ self.tables.outbox.keys():
            yield f"message {message_id} has an entry and no row in the outbox, or a row and no entry"

    def _prepared(self) -> set[str]:
        """The messages that a machine is to send, by their entries."""
        return {
            told["message_id"]
            for entries in self.tables.events.values()
            for _, kind, text in entries
            if kind == "message_prepared" and not (told := json.JSONDecoder().raw_decode(text)[0])["manual"]
        }

    def lost(self) -> Iterator[str]:
        """What somebody was told was done is there: its key, every entry they were told of, and its token in one of them."""
        for one in self.journal.asked.values():
            if one.answered is None:
                continue
            if one.token not in self.tables.keys:
                yield f"{one.token} was acknowledged on {one.case_id}, and its key is not there"
            if one.token not in self.where and _BEARING.intersection(one.kinds):
                yield f"{one.token} was acknowledged on {one.case_id}, and is in no history"
            there = {seq: kind for seq, kind, _ in self.tables.events.get(one.case_id, [])}
            if [there.get(seq) for seq in one.seqs] != list(one.kinds):
                yield f"{one.token} was acknowledged as {one.seqs} of {one.case_id}, and there is something else"

    def doubled(self) -> Iterator[str]:
        """What was asked for once is there once, however often it was repeated."""
        for token, places in self.where.items():
            if len(places) > 1:
                yield f"{token} is in the histories {len(places)} times: {places}"

    def out_of_order(self) -> Iterator[str]:
        """The order of each history is one in which somebody could have done one thing after the other.

        Who was answered before another asked comes before it; so an order that equals the serial one exists, and this is it.
        """
        done: dict[str, list[tuple[int, Asked]]] = defaultdict(list)
        for one in self.journal.asked.values():
            for case_id, seq in self.where.get(one.token, []):
                done[case_id].append((seq, one))
        for case_id, entries in done.items():
            latest = 0
            for seq, one in sorted(entries, key=lambda entry: entry[0]):
                if one.answered is not None and one.answered < latest:
                    yield f"entry {seq} of {case_id} ({one.token}) was answered before an earlier entry was asked for"
                latest = max(latest, one.asked)
        for case_id, entries in done.items():
            for (first, _), (second, _) in pairwise(sorted(entries, key=lambda entry: entry[0])):
                if first == second:
                    yield f"entry {first} of {case_id} is that of two commands"

    # ------------------------------------------------------------ what is next, and what was said

    def forgotten(self) -> Iterator[str]:
        """Every case that has not ended has an owner and is looked at again."""
        for case_id, (_, ended, _, owner) in self.tables.cases.items():
            if not ended and self.tables.wakes.get(case_id) is None:
                yield f"case {case_id} is open, and nobody will look at it again"
            if not owner:
                yield f"case {case_id} has no owner"

    def unsent(self) -> Iterator[str]:
        """Every message has left at least once, or it is on record that it will not."""
        left = {message_id for message_id, _ in self.journal.sent}
        for message_id, (_, _, state) in self.tables.outbox.items():
            if state == "queued" or (state == "sent" and message_id not in left):
                yield f"message {message_id} is {state}, and has left {'before' if message_id in left else 'never'}"

    def unfounded(self) -> Iterator[str]:
        """Every message that left has its entry, and said the same whenever it left."""
        words: dict[str, str] = {}
        prepared = self._prepared()
        for message_id, told in self.journal.sent:
            if message_id not in prepared:
                yield f"message {message_id} left, and is in no history"
            if words.setdefault(message_id, told) != told:
                yield f"message {message_id} left in other words than before"


_TOKEN = re.compile(r"op-[0-9a-z-]+-\d+")
_BEARING = frozenset({"case_opened", "contact_joined", "task_set", "task_done"})
"""The kinds of entries that a command with a token makes, one each. Others may quote it: a follow-up restates what was written."""

_FAULTS = ("lost", "doubled", "torn", "out_of_order", "forgotten", "unsent", "unfounded")


def check(connection: Connection, journal: Journal) -> Checked:
    """Hold what is stored against what processes wrote down."""
    return _Checking(_Tables.read(connection), journal).run()
