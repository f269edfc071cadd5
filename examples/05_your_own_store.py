"""Your own store: a helpdesk keeps its ticket table, and recovery keeps its cases in the same database, in the same transaction.

The table `tickets` belongs to the helpdesk, whose screen reads it. The store writes stage, owner and next step into its columns
`status`, `assignee` and `due_at`, and leaves all the others alone. What recovery needs besides stands in tables of its own. The
store is the part between the two rulers, a hundred lines of plain SQL: change the columns, and move it onto yours.

Run it with `python examples/05_your_own_store.py`. What it prints is compared with the end of this file by the tests.
"""

import sqlite3
import tempfile
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import attrs
import pendulum
from pendulum import DateTime

from recovery import (
    Acknowledge,
    Address,
    Case,
    Channel,
    ConflictingChange,
    Contact,
    Customer,
    Desk,
    FollowUp,
    Identity,
    Inform,
    Investigate,
    Recorded,
    Refused,
    Timing,
    Word,
    policies,
)
from recovery.core.place import Lookup
from recovery.ports import Backlog, Change, KeyRecord, OutboxMessage, Queued
from recovery.stores import (
    Scanning,
    case_or_fold,
    columns_of,
    digest,
    encodable,
    event_of,
    instant_of,
    instant_text,
    message_of,
    message_or_none,
    timing_of,
    timing_text,
    unusable_on,
)
from recovery.testing import contracts

# What the helpdesk has: its table, as its screen knows it.
HELPDESK = """
CREATE TABLE tickets (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    requester_email TEXT,
    assignee TEXT,
    status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'open', 'pending', 'solved', 'closed')),
    priority TEXT NOT NULL DEFAULT 'normal',
    due_at TEXT,
    internal_note TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
"""

# ================================================================================================================ the store

TABLES = """
CREATE TABLE recovery_cases (case_id TEXT PRIMARY KEY, ticket_id INTEGER UNIQUE REFERENCES tickets (id), version INTEGER,
    ended INTEGER, in_tray INTEGER, public TEXT, personal TEXT, wake_at TEXT, claimed_until TEXT);
CREATE TABLE recovery_events (case_id TEXT, seq INTEGER, public TEXT, personal TEXT, PRIMARY KEY (case_id, seq));
CREATE TABLE recovery_lookups (kind TEXT, digest BLOB, case_id TEXT, PRIMARY KEY (kind, digest, case_id));
CREATE UNIQUE INDEX recovery_once ON recovery_lookups (kind, digest) WHERE kind IN ('contact', 'reference');
CREATE INDEX recovery_by_case ON recovery_lookups (case_id); CREATE INDEX recovery_due ON recovery_cases (wake_at);
CREATE TABLE recovery_outbox (message_id TEXT PRIMARY KEY, case_id TEXT, person TEXT, seq INTEGER, public TEXT, personal TEXT,
    due_at TEXT, state TEXT, tries INTEGER, error TEXT, claimed_until TEXT);
CREATE INDEX recovery_line ON recovery_outbox (state, case_id, person, seq);
CREATE TABLE recovery_keys (key TEXT PRIMARY KEY, fingerprint TEXT, case_id TEXT, version INTEGER);
CREATE TABLE recovery_timings (id TEXT PRIMARY KEY, timing TEXT)"""
STATUS = {"received": "new", "resolution_proposed": "pending", "resolved": "solved", "followed_up_days": "solved"}
CASE = "INSERT INTO recovery_cases VALUES (:case_id, :ticket_id, :version, :ended, :in_tray, :public, :personal, :wake_at, NULL)"
SHOW = "UPDATE tickets SET status = :status, assignee = :owner, due_at = :wake_at, updated_at = :recorded_at WHERE id = :ticket_id"
FREE = "SELECT id FROM tickets WHERE number = :ticket AND id NOT IN (SELECT ticket_id FROM recovery_cases)"
NEW = """INSERT INTO tickets (number, subject, requester_email, created_at, updated_at)
    VALUES (:reference, :subject, :email, :opened_at, :recorded_at) RETURNING id"""
DUE = """UPDATE recovery_cases SET claimed_until = :until WHERE case_id IN (SELECT case_id FROM recovery_cases WHERE wake_at <= :now
    AND coalesce(claimed_until, '') <= :now ORDER BY wake_at, case_id LIMIT :limit) RETURNING wake_at, case_id"""
TO_SEND = """WITH found AS (SELECT *, due_at || message_id AS place FROM recovery_outbox AS this WHERE state = 'queued'
    AND due_at <= :now AND claimed_until <= :now AND NOT EXISTS (SELECT 1 FROM recovery_outbox AS earlier WHERE state = 'queued' AND
    case_id = this.case_id AND person = this.person AND seq < this.seq) ORDER BY place LIMIT :limit) UPDATE recovery_outbox SET
    claimed_until = :until, tries = tries + (claimed_until > '') WHERE message_id IN (SELECT message_id FROM found WHERE claimed_until
    = '' OR place = (SELECT min(place) FROM found WHERE claimed_until > '')) RETURNING due_at, message_id, public, personal, tries"""
COUNTS = """SELECT count(*) FILTER (WHERE NOT ended AND NOT in_tray), count(*) FILTER (WHERE in_tray AND NOT ended),
    count(*) FILTER (WHERE wake_at <= :now), min(wake_at) FILTER (WHERE wake_at <= :now),
    (SELECT count(*) FROM recovery_outbox WHERE state = 'queued'), (SELECT count(*) FROM recovery_outbox
    JOIN recovery_cases USING (case_id) WHERE state = 'given_up' AND NOT ended) FROM recovery_cases"""


class TicketStore(Scanning):
    """Cases, events, outbox and keys beside the tickets of a helpdesk, over one connection of the helpdesk's own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection, self.lock = connection, threading.Lock()

    @contextmanager
    def transaction(self, begin: str = "BEGIN IMMEDIATE") -> Generator[sqlite3.Connection, None, None]:
        """All statements go through here: one thread at a time, all of them or none, and errors say the way out."""
        with unusable_on(sqlite3.Error, where="the tickets"), self.lock, self.connection as db:
            db.execute(begin)
            yield db

    def run(self, sql: str, *values: str | int | bytes | None, **named: str | int | None) -> list[tuple[Any, ...]]:
        with self.transaction("BEGIN") as db:
            return db.execute(sql, named or [encodable(value) for value in values]).fetchall()

    # ---------------------------------------------------------------- CaseStore

    def load(self, case_id: str) -> Case | None:
        found = self.run("SELECT public, personal FROM recovery_cases WHERE case_id = ?", case_id)
        return case_or_fold(case_id, lambda: self.history(case_id), *found[0]) if found else None

    def history(self, case_id: str) -> tuple[Recorded, ...]:
        found = self.run("SELECT public, personal FROM recovery_events WHERE case_id = ? ORDER BY seq", case_id)
        return tuple(event_of(case_id, *row) for row in found)

    def save(self, changes: Sequence[Change], *, key: KeyRecord | None = None, timing: Timing | None = None) -> None:
        with self.transaction() as db:
            for change in changes:
                self.write(db, change)
            if key and not db.execute("INSERT OR IGNORE INTO recovery_keys VALUES (?, ?, ?, ?)", attrs.astuple(key)).rowcount:
                raise ConflictingChange(key.case_id, key.version)
            timings = [(timing.id, timing_text(timing))] if timing else []
            db.executemany("INSERT OR IGNORE INTO recovery_timings VALUES (?, ?)", timings)

    def write(self, db: sqlite3.Connection, change: Change) -> None:
        row, case = columns_of(change), change.case
        held = db.execute("SELECT version, ticket_id FROM recovery_cases WHERE case_id = ?", (case.id,)).fetchone() or (None, None)
        db.execute("DELETE FROM recovery_lookups WHERE case_id = ?", (case.id,))
        new = db.executemany("INSERT INTO recovery_lookups VALUES (:kind, :digest, :case_id) ON CONFLICT DO NOTHING", row.lookups)
        if (held[0] or 0) != change.base_version or new.rowcount < len(row.lookups):
            raise ConflictingChange(case.id, change.base_version, held[0])
        ticket = held[1] or (db.execute(FREE, row.case).fetchone() or db.execute(NEW, row.case).fetchone())[0]
        shown = {**row.case, "ticket_id": ticket, "status": STATUS.get(case.stage.value, "closed" if case.ended else "open")}
        db.execute("DELETE FROM recovery_cases WHERE case_id = ?", (case.id,))
        db.execute(CASE, shown)
        db.execute(SHOW, shown)
        db.executemany("INSERT INTO recovery_events VALUES (:case_id, :seq, :public, :personal)", row.events)
        db.executemany("""INSERT INTO recovery_outbox VALUES (:message_id, :case_id, :person, :seq, :public, :personal, :due_at,
            'queued', 0, '', '')""", row.messages)  # fmt: skip
        db.executemany("UPDATE recovery_outbox SET state = :state WHERE message_id = :message_id", row.settled)

    def key(self, key: str) -> KeyRecord | None:
        found = self.run("SELECT fingerprint, case_id, version FROM recovery_keys WHERE key = ?", key)
        return KeyRecord(key=key, fingerprint=found[0][0], case_id=found[0][1], version=found[0][2]) if found else None

    def timing(self, policy_id: str) -> Timing | None:
        found = self.run("SELECT timing FROM recovery_timings WHERE id = ?", policy_id)
        return timing_of(found[0][0], policy_id) if found else None

    def claimed(self, sql: str, now: DateTime, limit: int, lease: timedelta) -> list[tuple[Any, ...]]:
        return sorted(self.run(sql, now=instant_text(now), until=instant_text(now + lease), limit=limit))

    def claim_due(self, now: DateTime, limit: int, lease: timedelta) -> tuple[str, ...]:
        return tuple(case_id for _, case_id in self.claimed(DUE, now, limit, lease))

    def release(self, case_id: str) -> None:
        self.run("UPDATE recovery_cases SET claimed_until = NULL WHERE case_id = ?", case_id)

    def backlog(self, now: DateTime) -> Backlog:
        cases, tray, due, oldest, unsent, lost = self.run(COUNTS, now=instant_text(now))[0]
        return Backlog(open_cases=cases, tray=tray, due=due, unsent=unsent, given_up=lost, oldest_due_at=instant_of(oldest))

    # ---------------------------------------------------------------- Outbox

    def claim(self, now: DateTime, limit: int, lease: timedelta) -> tuple[Queued, ...]:
        read = [(message_or_none(*texts), tries) for _, *texts, tries in self.claimed(TO_SEND, now, limit, lease)]
        return tuple(Queued(message=message, tries=tries) for message, tries in read if message)

    def retry(self, message_id: str, at: DateTime, error: str) -> None:
        put_off = "UPDATE recovery_outbox SET due_at = ?, error = ?, tries = tries + 1, claimed_until = ''"
        self.run(f"{put_off} WHERE message_id = ? AND state = 'queued'", instant_text(at), error, message_id)

    # ---------------------------------------------------------------- what Scanning asks for the finder and the doctor

    def case_ids(self, after: str, limit: int) -> list[str]:
        return [row[0] for row in self.run("SELECT case_id FROM recovery_cases WHERE case_id > ? ORDER BY 1 LIMIT ?", after, limit)]

    def found_by(self, lookup: Lookup) -> list[str]:
        return [row[0] for row in self.run("SELECT case_id FROM recovery_lookups WHERE (kind, digest) = (?, ?)", *digest(lookup))]

    def wake_at(self, case_id: str) -> DateTime | None:
        return instant_of(self.run("SELECT wake_at FROM recovery_cases WHERE case_id = ?", case_id)[0][0])

    def queued(self, case_id: str) -> list[OutboxMessage]:
        sql = "SELECT message_id, public, personal FROM recovery_outbox WHERE case_id = ? AND state = 'queued'"
        return [message_of(*row) for row in self.run(sql, case_id)]


# ================================================================================================================ the store


class InsideStore(TicketStore):
    """The same store in a transaction that the helpdesk has begun: nothing is committed here, the helpdesk does that."""

    @contextmanager
    def transaction(self, begin: str = "") -> Generator[sqlite3.Connection, None, None]:
        """What fails is undone up to here, and the helpdesk's transaction stays usable."""
        with unusable_on(sqlite3.Error, where="the tickets"), self.lock:
            self.connection.execute("SAVEPOINT recovery")
            try:
                yield self.connection
            except BaseException:
                self.connection.execute("ROLLBACK TO recovery")
                raise
            finally:
                self.connection.execute("RELEASE recovery")


# A complaint that somebody made to the US Consumer Financial Protection Bureau (number 2010655, public domain), word for word.
COMPLAINT = (
    "I monitor my credit report, more frequently now as we 're attempting to buy our first house. A collection notice was filed "
    "for the amount of {$3900.00}. We have received no notification of this debt, no verification of this debt, and consequently "
    "no notice of right to dispute this debt."
)
NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="America/New_York")
NOTE = "SELECT internal_note FROM tickets WHERE number = 'T-1041'"
COLUMNS = "number, subject, requester_email, assignee, status, priority, due_at, internal_note"


def connect(path: str) -> sqlite3.Connection:
    """Open the helpdesk's database for a store: any thread may use it, and a lock is waited for."""
    return sqlite3.connect(path, timeout=30, check_same_thread=False)


def make_helpdesk(path: str) -> None:
    """Do once what the helpdesk's migrations do: its own table is there, and recovery's tables come beside it."""
    with closing(connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(f"BEGIN; {HELPDESK} {TABLES}; COMMIT")


@contextmanager
def opened(path: str) -> Generator[TicketStore, None, None]:
    with closing(connect(path)) as db:
        yield TicketStore(db)


def show(db: sqlite3.Connection, told: str) -> None:
    """Print the tickets as the helpdesk's screen reads them."""
    print(told)
    for row in db.execute(f"SELECT {COLUMNS} FROM tickets ORDER BY id"):
        print("   ", " | ".join("-" if value is None else str(value)[:40] for value in row))


def story(path: str) -> None:
    make_helpdesk(path)
    with closing(connect(path)) as screen, opened(path) as store:
        screen.execute("""INSERT INTO tickets (number, subject, requester_email, priority, internal_note, created_at, updated_at)
            VALUES ('T-1041', 'Collection notice', 'pat@example.org', 'high', 'buys a house', '2026-03-02', '2026-03-02')""")
        screen.commit()
        show(screen, "What the helpdesk had:")

        numbers = count(1)
        desk = Desk(
            store=store,
            policy=policies.default(fallback_owner="ana", calendar=policies.office_hours("America/New_York")),
            now=lambda: NOW,
            identities=lambda: Identity(case_id=f"case-{(number := next(numbers))}", reference=f"K7M3-9QT{number}"),
        )
        pat = Customer(name="Pat Doe", addresses=(Address(channel=Channel.EMAIL, value="pat@example.org"),))
        case = desk.receive(Contact(channel=Channel.EMAIL, sender=pat, text=COMPLAINT, received_at=NOW, ticket="T-1041")).case
        word = Word(via={Channel.EMAIL}, text="Thank you for telling us. I am looking into it today; tell me if there is more.")
        desk.handle(case.id, Acknowledge(by="ana", word=word, next_word_at=NOW.add(days=1)), Investigate(by="ana"))
        screen.execute("UPDATE tickets SET priority = 'urgent' WHERE number = 'T-1041'")
        screen.commit()
        desk.receive(Contact(channel=Channel.LETTER, sender=pat, text="And my card was charged twice.", received_at=NOW))
        show(screen, "What its screen shows now:")

        try:
            desk.handle(case.id, FollowUp(by="ana", word=Word(via={Channel.EMAIL}, text="Is everything fine again?")))
        except Refused as refusal:
            print(refusal)
        for step in desk.agenda():
            due = "" if step.due_at is None else step.due_at.in_timezone("America/New_York").format("ddd D MMM HH:mm")
            print(due, step.case_id, step.rule, "-", step.what)
        print("doctor:", desk.doctor() or "nothing to report")

        # The helpdesk writes a note and a command of the desk in one transaction of its own, and then thinks better of it.
        with closing(connect(path)) as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("UPDATE tickets SET internal_note = 'wants a refund' WHERE number = 'T-1041'")
            version = desk.load(case.id).version
            inside = attrs.evolve(desk, store=InsideStore(db))
            inside.handle(
                case.id,
                Inform(by="ana", word=Word(via={Channel.EMAIL}, text="There is news, and you hear it today.")),
                expected_version=version,
            )
            print("inside the transaction: version", inside.load(case.id).version, "outside:", desk.load(case.id).version)
            db.rollback()
        print("rolled back: version", desk.load(case.id).version, "and", screen.execute(NOTE).fetchone()[0])


# ---------------------------------------------------------------- the contract, and what its checks may do to a store


@contextmanager
def fresh(faults: contracts.Faults | None = None) -> Generator[TicketStore, None, None]:
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "helpdesk.db")
        make_helpdesk(path)
        with closing(connect(path)) as db:
            yield TicketStore(faults.wrap(db, sqlite3.OperationalError) if faults else db)


def reopen(store: TicketStore) -> Callable[[], AbstractContextManager[TicketStore]]:
    [(_, _, path)] = store.run("PRAGMA database_list")
    return partial(opened, path)


def lose_event(store: TicketStore, case_id: str, seq: int) -> None:
    store.run("DELETE FROM recovery_events WHERE case_id = ? AND seq = ?", case_id, seq)


def garble(store: TicketStore, case_id: str) -> None:
    store.run("UPDATE recovery_events SET public = '?' WHERE case_id = ?", case_id)
    store.run("UPDATE recovery_outbox SET public = '?' WHERE case_id = ?", case_id)


def spoil(store: TicketStore) -> None:
    store.connection.close()


def contract() -> contracts.Report:
    return contracts.check_store(
        fresh, reopen=reopen, processes=True, fragile=fresh, spoil=spoil, lose_event=lose_event, garble=garble
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        story(str(Path(folder) / "helpdesk.db"))
    print(contract())

# > What the helpdesk had:
# >     T-1041 | Collection notice | pat@example.org | - | new | high | - | buys a house
# > What its screen shows now:
# >     T-1041 | Collection notice | pat@example.org | ana | open | urgent | 2026-03-03T03:00:00.000000Z | buys a house
# >     K7M3-9QT2 | And my card was charged twice. | pat@example.org | ana | new | normal | 2026-03-02T16:00:00.000000Z | -
# > follow_up is refused:
# >   - [stage.follow_up] a case that is investigating has no step follow_up. From there it can: close, propose, resolve.
# > Mon 2 Mar 11:00 case-2 acknowledge.immediately - contact the customer: who works on it, and when they hear next
# > Tue 3 Mar 10:00 case-1 promise.tracked - give the word that was promised for this date
# > Thu 5 Mar 10:00 case-2 contact.keep-informed - give the customer a word, news or no news
# > Thu 5 Mar 10:00 case-1 contact.keep-informed - give the customer a word, news or no news
# > Mon 9 Mar 10:00 case-1 propose.in-time - propose a resolution, or say that there is none yet and when
# > Mon 9 Mar 10:00 case-2 propose.in-time - propose a resolution, or say that there is none yet and when
# > Wed 1 Apr 10:00 case-1 resolve.whole-case - resolve the case, or give the final no
# > Wed 1 Apr 10:00 case-2 resolve.whole-case - resolve the case, or give the final no
# > doctor: nothing to report
# > inside the transaction: version 8 outside: 6
# > rolled back: version 6 and buys a house
# > Store: 45 obligations hold in 87 checks. Not looked at: 23 (not filled: Feed, Mending, Troubles, Upcoming).
