"""From rows to tickets: one row each, or the last of many updates; what cannot be read is kept apart with every reason."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from os import PathLike
from pathlib import Path

from attrs import define, field, frozen
from pendulum import DateTime

from recovery.core.errors import BadDefinition, InvalidValue, Reason
from recovery.core.stages import OPEN, Stage
from recovery.core.vocabulary.receiving import Reached, Ticket
from recovery.intake.tickets.bad import write_bad
from recovery.intake.tickets.cells import Cells, Reading, row_reason
from recovery.intake.tickets.mapping import Means, Names, RowsPer, TicketMap, Updates, Which, plain
from recovery.intake.tickets.source import REASON, Row, Source

__all__ = ["BadTicket", "TicketReader"]

_ROUNDED = re.compile(r"\d[.,]\d+[Ee]\+\d+")


@frozen(kw_only=True)
class BadTicket:
    """A ticket, or a row that names none, that was left out: its number, the numbers of its rows, and every reason."""

    number: str
    rows: tuple[int, ...]
    reasons: tuple[Reason, ...]


@define
class _Update:
    """One update of a ticket: where it stands in the order, when it was made, the state it tells, and the number of its row."""

    order: float
    at: DateTime
    state: str
    row: int

    def place(self, newest_first: bool) -> tuple[float, DateTime, int]:
        """Return what updates are sorted by; the file's own order decides where nothing else does."""
        return (self.order, self.at, -self.row if newest_first else self.row)


@frozen(kw_only=True)
class _Standing:
    """Where a ticket stands: received when, at which stage, since when, and since when it waits for the customer."""

    opened: DateTime | None
    stage: Stage | None
    reached: Mapping[Stage, DateTime]
    asked_at: DateTime | None


@define
class _Log:
    """What the updates of one ticket tell so far; of the cells only those of the last one are kept.

    Which is the last may depend on whether the file is newest first, and that is known at its end: ``lasts`` holds both.
    """

    rows: list[int] = field(factory=list[int])
    updates: list[_Update] = field(factory=list[_Update])
    lasts: dict[bool, tuple[_Update, Mapping[str, str]]] = field(factory=dict[bool, tuple[_Update, Mapping[str, str]]])
    faults: list[Reason] = field(factory=list[Reason])

    def add(self, update: _Update, cells: Mapping[str, str]) -> None:
        """Take one more update, with its cells."""
        self.updates.append(update)
        for newest_first in (False, True):
            last = self.lasts.get(newest_first)
            if last is None or update.place(newest_first) > last[0].place(newest_first):
                self.lasts[newest_first] = (update, cells)


class TicketReader:
    """Reads the tickets in a file. ``zone`` is where dates without offset are local, unless the map names another.

    ``as_of`` is the instant to read a file of updates at: ``unread`` counts the updates that are later, and ``later`` the tickets
    of which nothing is known yet. While it reads, ``done`` of ``total`` rows (of updates: tickets) were looked at; ``total`` is
    0 while it is not known. Raises :class:`BadDefinition` where the file cannot be read, or has not the columns the map names.
    """

    def __init__(self, path: str | PathLike[str], ticket_map: TicketMap, *, zone: str, as_of: DateTime) -> None:
        self.map = ticket_map
        self.as_of = as_of
        self.source = Source(path, ticket_map.file)
        self.reading = Reading(ticket_map, zone)
        self.bad: list[BadTicket] = []
        self.skipped = 0
        self.later = 0
        self.unread = 0
        self.done = 0
        self.total = 0
        self._rows: dict[str, tuple[int, ...]] = {}
        self._first: dict[str, tuple[int, int]] = {}
        self._upwards = 0  # how many updates of a ticket stand below a later one, less those that stand above it
        self._check_columns()

    def tickets(self) -> Iterator[Ticket]:
        """Yield every ticket that can be read; what cannot is in ``bad`` afterwards, and ``skipped`` counts what the map skips."""
        updates = self.map.updates if self.map.one_row_per is RowsPer.UPDATE else None
        yield from self._whole() if updates is None else self._from_updates(updates)

    def reject(self, left_out: Iterable[tuple[str, Sequence[Reason]]]) -> None:
        """Put tickets that the desk refused beside those that could not be read."""
        told = Cells(self.reading, {}).told
        for number, reasons in left_out:
            self.bad.append(BadTicket(number=number, rows=self._rows[number], reasons=tuple(map(told, reasons))))

    def forgive(self, known: Collection[str]) -> int:
        """Take tickets off the bad ones that have been adopted from another, mended file; return how many.

        A second row of a ticket that this file tells twice stays bad.
        """
        before = len(self.bad)
        self.bad = [bad for bad in self.bad if bad.number not in known or bad.number in self._rows]
        return before - len(self.bad)

    def write_bad(self) -> Path | None:
        """Write the rows of all bad tickets, with their reasons, beside the file; return where, ``None`` where there are none."""
        why = {row: bad.reasons for bad in self.bad for row in bad.rows}
        return write_bad(self.source, why) if why else None

    def _check_columns(self) -> None:
        from difflib import get_close_matches  # noqa: PLC0415  (only for a slip)

        there = self.source.header
        named = [*self.map.columns.all(), *(("keep", name) for name in self.map.keep if name != "*")]
        updates = self.map.updates
        named += [] if updates is None else [("updates", name) for name in (*updates.at, *updates.order)]
        faults: list[str] = []
        for key, name in named:
            if name not in there:
                near = get_close_matches(name, there, n=1)
                if self.source.is_json and not near and key not in ("ticket", "state", "opened", "updates"):
                    continue  # an object leaves out what it has nothing for
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(there)}"
                faults.append(f"{key if key in ('keep', 'updates') else f'columns.{key}'}: there is no column {name!r}; {hint}")
        if faults:
            raise BadDefinition(f"the map for {str(self.source.path)!r}", faults)

    # ---------------------------------------------------------------- one row a ticket

    def _whole(self) -> Iterator[Ticket]:
        self.total = sum(1 for _ in self.source.rows())
        for row in self.source.rows():
            self.done += 1
            cells = Cells(self.reading, row.cells)
            number = self._number(cells, row)
            if number is None or self._twice(number, row, cells):
                self._left(number or self._likely(cells), (row.number,), cells.faults)
                continue
            since = cells.date(self.map.columns.since)
            means = cells.means() if self.map.columns.state else None
            reached = self._reached(cells)
            stage = self._stage(means, reached, cells)
            if means is Means.SKIP:
                self.skipped += 1
                continue
            if stage is not None and since is not None:
                reached = {**reached, stage: since}
            waits = stage is not None and stage in OPEN and plain(cells.state) in self.reading.waiting
            opened = cells.date(self.map.columns.opened, needed=True)
            asked = (since or opened) if waits else None
            standing = _Standing(opened=opened, stage=stage, reached=reached, asked_at=asked)
            yield from self._made(number, (row.number,), cells, standing)

    def _number(self, cells: Cells, row: Row) -> str | None:
        if row.fault:
            cells.faults.append(row_reason("", f"row {row.number}: {row.fault}."))
            return None
        number = cells.text(self.map.columns.ticket)
        if not number:
            cells.fault(self.map.columns.ticket, "the ticket has no number.", "Put it in: it tells one ticket from another.")
        elif _ROUNDED.fullmatch(number):
            hint = "Export it again, with the column as text: the digits that are gone tell one ticket from another."
            cells.fault(self.map.columns.ticket, f"{number!r} is a number that a spreadsheet has rounded.", hint)
            return None
        return number or None

    def _likely(self, cells: Cells) -> str:
        """Return the number in a row of a wrong length, where nothing before it can have moved it."""
        first = next((name for name in self.source.header if name != REASON), "")
        return cells.text(self.map.columns.ticket) if self.map.columns.ticket == (first,) else ""

    def _twice(self, number: str, row: Row, cells: Cells) -> bool:
        """Whether the same ticket came before with other cells; the very same row again is no fault, and is adopted once."""
        told = hash(tuple(row.cells.items()))
        first, before = self._first.setdefault(number, (row.number, told))
        if before != told:
            hint = "Leave one of the two, or read the file as one row per update."
            cells.fault(self.map.columns.ticket, f"ticket {number} stands in row {first} already, with other cells.", hint)
        return before != told

    def _reached(self, cells: Cells) -> dict[Stage, DateTime]:
        dates = ((Stage(key), cells.date(names)) for key, names in self.map.columns.reached.items())
        return {stage: at for stage, at in dates if at is not None}

    def _stage(self, means: Means | None, reached: Mapping[Stage, DateTime], cells: Cells) -> Stage | None:
        """Return the stage that the state means; without a column for it, the last stage that has a date."""
        if not self.map.columns.state:
            return next((stage for stage in reversed(Stage) if stage in reached), Stage.RECEIVED)
        if means is Means.SAME:
            cells.fault(self.map.columns.state, "the state says nothing of where the ticket stands.", "Give it a stage.")
        return None if means is None else means.stage

    # ---------------------------------------------------------------- many updates a ticket

    def _from_updates(self, updates: Updates) -> Iterator[Ticket]:
        logs: dict[str, _Log] = {}
        for row in self.source.rows():
            self._add(logs, row, updates)
        self.total = len(logs)
        for number, log in logs.items():
            self.done += 1
            if log.faults:
                self._left(number, tuple(log.rows), log.faults)
            elif not log.updates:
                self.later += 1
            else:
                yield from self._latest(number, log, updates, newest_first=self._upwards > 0)

    def _add(self, logs: dict[str, _Log], row: Row, updates: Updates) -> None:
        cells = Cells(self.reading, row.cells)
        number = self._number(cells, row) or cells.text(self.map.columns.ticket)
        if not number:
            self._left("", (row.number,), cells.faults)
            return
        log = logs.setdefault(number, _Log())
        log.rows.append(row.number)
        if row.fault:
            log.faults += cells.faults
            return
        at = cells.date(updates.at, needed=True)
        order = self._order(cells, updates.order)
        log.faults += cells.faults
        if at is None or cells.faults:
            return
        if at > self.as_of:
            self.unread += 1
            return
        if log.updates and log.updates[-1].at != at:
            self._upwards += 1 if at < log.updates[-1].at else -1
        log.add(_Update(order, at, plain(cells.state), row.number), row.cells)

    def _order(self, cells: Cells, names: Names) -> float:
        told = cells.text(names)
        if not told:
            return 0.0
        try:
            return float(told)
        except ValueError:
            at = cells.date(names)
            return 0.0 if at is None else at.timestamp()

    def _latest(self, number: str, log: _Log, updates: Updates, *, newest_first: bool) -> Iterator[Ticket]:
        last, row = log.lasts[newest_first]
        cells = Cells(self.reading, row)
        log.updates.sort(key=lambda update: update.place(newest_first))
        told = [update for update in log.updates if not self._is_note(update)] or log.updates
        state = told[-1].state
        means = self._meant(cells, told, last)
        if means is Means.SKIP:
            self.skipped += 1
            return
        stage = None if means is None else means.stage
        reached = {s: at for s, at in self._reached(cells).items() if at <= self.as_of} | self._dated(told, updates.stage_dated_by)
        opened = cells.date(self.map.columns.opened) or log.updates[0].at
        waits = stage is not None and stage in OPEN and state in self.reading.waiting
        asked = _since(told, self.reading.waiting) if waits else None
        standing = _Standing(opened=opened, stage=stage, reached=reached, asked_at=asked)
        yield from self._made(number, tuple(log.rows), cells, standing)

    def _is_note(self, update: _Update) -> bool:
        """Whether an update tells no state: by the map, or since nothing stands there."""
        means = self.reading.means(update.state)
        return means is Means.SAME or (means is None and not update.state)

    def _meant(self, cells: Cells, told: Sequence[_Update], last: _Update) -> Means | None:
        """Return what the last state that counts means; it may stand in an earlier row than the cells do."""
        if told[-1] is last:
            means = cells.means()
            if means is Means.SAME:
                return Means.RECEIVED  # nothing but notes so far
            return means
        found = self.reading.means(told[-1].state)
        if found is None:
            cells.fault(
                self.map.columns.state, f"the state {told[-1].state!r} is not in the map.", "Give it a line under [states]."
            )
        return found

    def _dated(self, told: Sequence[_Update], which: Which) -> dict[Stage, DateTime]:
        """Return when the ticket came to each stage, by the updates that tell a stage."""
        found: dict[Stage, DateTime] = {}
        before: Stage | None = None
        for update in told:
            means = self.reading.means(update.state)
            stage = None if means is None else means.stage
            if stage is not None and stage is not before and (which is Which.LAST or stage not in found):
                found[stage] = update.at
            before = stage or before
        return found

    # ---------------------------------------------------------------- what comes of it

    def _made(self, number: str, rows: tuple[int, ...], cells: Cells, standing: _Standing) -> Iterator[Ticket]:
        ticket = self._ticket(number, cells, standing)
        if ticket is None or cells.faults:
            self._left(number, rows, cells.faults)
            return
        self._rows[number] = rows
        yield ticket

    def _ticket(self, number: str, cells: Cells, standing: _Standing) -> Ticket | None:
        # Every fault of the row at once: the contact is read also where the stage or the date is not known.
        contact = cells.contact(number, standing.opened or self.as_of)
        if contact is None or standing.stage is None or standing.opened is None:
            return None
        columns, defaults = self.map.columns, self.map.defaults
        waits = standing.asked_at is not None
        try:
            return Ticket(
                number=number,
                contact=contact,
                stage=standing.stage,
                reached=tuple(Reached(stage=stage, at=at) for stage, at in standing.reached.items()),
                asked_at=standing.asked_at,
                question=(cells.text(columns.question) or defaults.question) if waits else "",
                offer=cells.text(columns.offer) or defaults.offer,
                owner=cells.owner(),
                claims=cells.claims(),
                system=self.map.system,
            )
        except InvalidValue as error:
            cells.refuse(error.reasons)
            return None

    def _left(self, number: str, rows: tuple[int, ...], reasons: Iterable[Reason]) -> None:
        self.bad.append(BadTicket(number=number, rows=rows, reasons=tuple(dict.fromkeys(reasons))))


def _since(told: Sequence[_Update], states: Collection[str]) -> DateTime:
    """Return when the last unbroken stretch of updates in one of ``states`` began."""
    stretch = takewhile(lambda update: update.state in states, reversed(told))
    return [update.at for update in stretch][-1]
