"""Claims with a lease: of cases that are due, and of messages that wait. Two workers are never given the same one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from attrs import define, frozen
from pendulum import DateTime

from recovery.codec import Undecodable, instant_to_text
from recovery.core.values import later
from recovery.core.vocabulary.common import Channel
from recovery.ports.outbox import LAPSED
from recovery.ports.values import OutboxMessage, Queued
from recovery.stores.sql.dialect import Dialect
from recovery.stores.sql.rows import instant_of
from recovery.stores.sql.session import Raced, Row, Session, Source
from recovery.stores.texts import message_of

__all__ = [
    "DUE",
    "NEXT_DUE",
    "OUTBOX",
    "OUTBOX_SWEEP",
    "PUT_OFF",
    "RELEASE",
    "RETRY",
    "TROUBLES",
    "Claim",
    "LowWater",
    "claim",
    "queued_of",
    "undisturbed",
]

_log = logging.getLogger("recovery.stores")
T = TypeVar("T")
_CHANNELS = {channel.value for channel in Channel}

FULL_IN_A_ROW = 8
"""After how many full claims in a row there is a backlog, in which the worker looks from where it was last."""

SWEEP = 200
"""Every how many claims of a backlog of due cases the worker looks from the beginning again."""

OUTBOX_SWEEP = 20
"""The same for messages: what waited for an earlier letter to the same reader may be claimed now, and is older than the rest."""

TRIES = 5
"""How often to run a statement about claims where somebody else was at it: a deadlock, or a needlessly strict isolation level."""

_DUE = """WITH found AS (
    SELECT case_id FROM recovery_wakes
    WHERE wake_at <= ? AND wake_at >= ? AND (claimed_until IS NULL OR claimed_until <= ?)
    ORDER BY wake_at, case_id LIMIT ? {skip_locked}
) UPDATE recovery_wakes SET claimed_until = ? WHERE case_id IN (SELECT case_id FROM found) RETURNING wake_at, case_id"""

_OUTBOX = """WITH found AS (
    SELECT message_id, next_at, claimed_until FROM recovery_outbox AS o
    WHERE state = 'queued' AND next_at <= ? AND next_at >= ? AND (claimed_until IS NULL OR claimed_until <= ?) AND NOT EXISTS (
        SELECT 1 FROM recovery_outbox AS earlier
        WHERE earlier.state = 'queued' AND earlier.case_id = o.case_id AND earlier.person = o.person
            AND (earlier.seq, earlier.message_id) < (o.seq, o.message_id)
    )
    ORDER BY next_at, message_id LIMIT ? {skip_locked}
), taken AS (
    SELECT message_id FROM found WHERE claimed_until IS NULL
        OR message_id = (SELECT message_id FROM found WHERE claimed_until IS NOT NULL ORDER BY next_at, message_id LIMIT 1)
) UPDATE recovery_outbox SET claimed_until = ?, tries = tries + CASE WHEN claimed_until IS NULL THEN 0 ELSE 1 END,
        last_error = CASE WHEN claimed_until IS NULL THEN last_error ELSE '{lapsed}' END
    WHERE message_id IN (SELECT message_id FROM taken)
    RETURNING next_at, message_id, public, personal, tries, case_id, seq, channel, person"""

RELEASE = "UPDATE recovery_wakes SET claimed_until = NULL, tries = 0, last_error = NULL WHERE case_id = ?"
PUT_OFF = """UPDATE recovery_wakes SET claimed_until = ?, tries = tries + 1, last_error = ?
    WHERE case_id = ? AND claimed_until IS NOT NULL"""
TROUBLES = """SELECT w.case_id, c.owner, w.last_error, w.tries, coalesce(w.claimed_until, w.wake_at) AS again_at, '' AS message_id
        FROM recovery_wakes AS w JOIN recovery_cases AS c ON c.case_id = w.case_id WHERE w.tries > 0
    UNION ALL SELECT o.case_id, c.owner, o.last_error, o.tries, o.next_at, o.message_id
        FROM recovery_outbox AS o JOIN recovery_cases AS c ON c.case_id = o.case_id WHERE o.state = 'queued' AND o.tries > 0
            AND substr(coalesce(o.last_error, ''), 1, ?) = ?
    ORDER BY 5, 1, 6"""
NEXT_DUE = """SELECT
    (SELECT wake_at FROM recovery_wakes WHERE wake_at IS NOT NULL AND (claimed_until IS NULL OR claimed_until <= ?)
        ORDER BY wake_at, case_id LIMIT 1),
    (SELECT next_at FROM recovery_outbox WHERE state = 'queued' AND (claimed_until IS NULL OR claimed_until <= ?)
        ORDER BY next_at, message_id LIMIT 1)"""
RETRY = """UPDATE recovery_outbox SET next_at = ?, tries = tries + 1, claimed_until = NULL, last_error = ?
    WHERE message_id = ? AND state = 'queued'"""


@frozen
class Claim:
    """A statement that claims, for each dialect."""

    sqlite: str
    postgres: str


DUE = Claim(_DUE.format(skip_locked=""), _DUE.format(skip_locked="FOR UPDATE SKIP LOCKED"))
OUTBOX = Claim(
    _OUTBOX.format(lapsed=LAPSED, skip_locked=""), _OUTBOX.format(lapsed=LAPSED, skip_locked="FOR UPDATE OF o SKIP LOCKED")
)


@define
class LowWater:
    """From which instant on a worker looks for what is due.

    Mostly from the beginning. In a backlog PostgreSQL would walk, with every claim, past all that was claimed before, as long as
    some old transaction may still want to see it (measured: ten times slower after 1,500 claims). So after
    :data:`FULL_IN_A_ROW` full claims a worker looks from its last one on, and from the beginning every ``sweep`` claims, as well as
    when a claim is not full.
    """

    dialect: Dialect
    sweep: int = SWEEP
    full: int = 0
    last: str = ""

    @property
    def since(self) -> str:
        """The instant to look from."""
        return self.last if self.last and self.full >= FULL_IN_A_ROW and self.full % self.sweep else self.dialect.earliest

    def note(self, found: Sequence[Row], limit: int) -> bool:
        """Take note of what a claim found; return whether it has to be made again from the beginning."""
        low = self.since != self.dialect.earliest
        if limit and len(found) >= limit:
            self.full += 1
            latest = max(row[0] for row in found)
            self.last = instant_to_text(latest) if isinstance(latest, datetime) else latest
            return False
        self.full, self.last = 0, ""
        return low


def claim(source: Source, what: Claim, low: LowWater, now: DateTime, limit: int, lease: timedelta) -> list[Row]:
    """Claim what is due, and return it in the order in which it was due; each row begins with that instant and an id."""
    limit = max(limit, 0)
    found = _claimed(source, what, low.since, now, limit, lease)
    if low.note(found, limit):
        found += _claimed(source, what, low.since, now, limit - len(found), lease)
    return sorted(found, key=lambda row: (row[0], row[1]))


def _claimed(source: Source, what: Claim, since: str, now: DateTime, limit: int, lease: timedelta) -> list[Row]:
    told, until = instant_to_text(now), instant_to_text(later(now, lease))
    sql = what.sqlite if source.dialect.name == "sqlite" else what.postgres
    return list(undisturbed(source, lambda session: session.all(sql, (told, since, told, limit, until))))


def undisturbed(source: Source, act: Callable[[Session], T]) -> T:
    """Run a single statement about claims, again where somebody else was at it."""
    for _ in range(TRIES - 1):
        with suppress(Raced), source.claiming() as session:
            return act(session)
    with source.claiming() as session:
        return act(session)


def queued_of(message_id: str, public: str, personal: str | None, tries: int, *rest: object) -> Queued:
    """Return a claimed message; of a row that cannot be read what it is about, and why."""
    try:
        return Queued(message=message_of(message_id, public, personal), tries=tries)
    except Undecodable as error:
        _log.error("a message cannot be read", extra={"message_id": message_id, "why": str(error)})
        return Queued(message=_stub(message_id, *rest), tries=tries, fault=str(error))


def _stub(message_id: str, *rest: object) -> OutboxMessage:
    case_id, seq, channel, person = rest
    return OutboxMessage(
        id=message_id,
        case_id=str(case_id),
        seq=int(str(seq)),
        channel=Channel(channel) if channel in _CHANNELS else Channel.EMAIL,  # it is not sent: a newer version may know more ways
        person=str(person) or None,
        body="",
        created_at=instant_of("1970-01-01T00:00:00.000000Z"),
    )
