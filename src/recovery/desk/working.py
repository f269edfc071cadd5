"""What happens by itself: clocks ring, messages leave, and what became of them is put on record."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from pendulum import DateTime

from recovery.core.errors import RecoveryError, Undeliverable
from recovery.core.vocabulary.receiving import Delivery, ReportDelivery, Wake
from recovery.desk.acting import handle
from recovery.desk.knowing import now_of
from recovery.desk.values import Work
from recovery.ports.notifier import Notifier
from recovery.ports.values import OutboxMessage, Queued

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["deliver", "run_due", "work"]

log = logging.getLogger("recovery")


def work(desk: Desk, limit: int) -> Work:
    """Ring what is due, then deliver what waits."""
    oldest = desk.store.backlog(now_of(desk)).oldest_due_at
    ticked, stuck = run_due(desk, limit)
    sent, failed = deliver(desk, limit)
    lag = timedelta() if oldest is None else max(timedelta(), now_of(desk) - oldest)
    return Work(ticked=ticked, sent=sent, failed=failed + stuck, lag=timedelta(seconds=lag.total_seconds()))


def run_due(desk: Desk, limit: int) -> tuple[int, int]:
    """Look at the cases whose clocks are due."""
    ids = desk.store.claim_due(now_of(desk), limit, desk.lease)
    looked = [_ticked(desk, case_id) for case_id in ids]
    return sum(looked), len(looked) - sum(looked)


def _ticked(desk: Desk, case_id: str) -> bool:
    try:
        outcome = handle(desk, case_id, (Wake(),), None, None)
    except Exception:
        log.exception("a case could not be looked at; it comes back when its lease is over", extra={"case_id": case_id})
        return False
    if not outcome.events:
        desk.store.release(case_id)
    return True


def deliver(desk: Desk, limit: int) -> tuple[int, int]:
    """Send what waits in the outbox."""
    results: list[bool] = []
    while desk.notifier is not None and len(results) < limit:
        claimed_at = now_of(desk)
        claimed = desk.store.claim(claimed_at, limit - len(results), desk.lease)
        for queued in claimed:
            # Whoever is slow leaves the rest alone before another worker is given it: it comes back when the lease is over.
            if now_of(desk) - claimed_at >= desk.lease / 2:
                return sum(results), len(results) - sum(results)
            results.append(_sent(desk, queued, desk.notifier))
        if not claimed:
            break
    return sum(results), len(results) - sum(results)


def _sent(desk: Desk, queued: Queued, notifier: Notifier) -> bool:
    try:
        return _send(desk, queued, notifier)
    except Exception:
        told = {"case_id": queued.message.case_id, "message_id": queued.message.id}
        log.exception("a message could not be put on record; it comes back when its lease is over", extra=told)
        return False


def _send(desk: Desk, queued: Queued, notifier: Notifier) -> bool:
    message = queued.message
    if queued.fault:
        # What cannot be read cannot be said: its case gets a step, and the owner tells the customer in their own words.
        _delivered(desk, message, Delivery.GIVEN_UP, now_of(desk), queued.fault)
        return False
    try:
        if message.channel not in notifier.channels:
            raise Undeliverable(f"nothing here sends on {message.channel.value}")
        receipt = notifier.send(message)
    except Undeliverable as error:
        _delivered(desk, message, Delivery.GIVEN_UP, now_of(desk), str(error))
        return False
    except Exception as error:  # noqa: BLE001  (a notifier may raise anything; the message is tried again)
        _failed(desk, queued, error)
        return False
    _delivered(desk, message, Delivery.SENT, receipt.at, "")
    return True


def _failed(desk: Desk, queued: Queued, error: Exception) -> None:
    message, tried = queued.message, queued.tries + 1
    kind = type(error).__name__
    log.warning("sending failed", extra={"case_id": message.case_id, "message_id": message.id, "tried": tried, "error": kind})
    # Our own errors say why and what to do; what others say may be anything, so their kind has to be enough.
    told = str(error) if isinstance(error, RecoveryError) else kind
    if tried >= desk.retries.tries:
        _delivered(desk, message, Delivery.GIVEN_UP, now_of(desk), told)
    else:
        desk.store.retry(message.id, now_of(desk) + desk.retries.wait(tried, desk.chance), told)


def _delivered(desk: Desk, message: OutboxMessage, delivery: Delivery, at: DateTime, note: str) -> None:
    report = ReportDelivery(message_id=message.id, delivery=delivery, at=at, note=note)
    handle(desk, message.case_id, (report,), None, None)
