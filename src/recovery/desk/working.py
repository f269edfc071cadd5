"""What happens by itself: clocks ring, messages leave, and that is put on record. What fails waits, and blocks nobody."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.errors import RecoveryError, Undeliverable
from recovery.core.values import apart, later
from recovery.core.vocabulary.receiving import Delivery, ReportDelivery
from recovery.desk.acting import handle, look, rehearse
from recovery.desk.ending import Ending
from recovery.desk.failing import UNRECORDED, told_of
from recovery.desk.knowing import now_of
from recovery.desk.values import Work
from recovery.ports.notifier import Notifier
from recovery.ports.troubles import Troubles
from recovery.ports.upcoming import Upcoming
from recovery.ports.values import OutboxMessage, Queued

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["deliver", "lag_of", "run_due", "work"]

log = logging.getLogger("recovery")

_ERASED = "its words have been erased"


def work(desk: Desk, limit: int, stop: Ending | None = None) -> Work:
    """Ring what is due, then deliver what waits."""
    lag = lag_of(desk)
    ticked, stuck = run_due(desk, limit, stop)
    sent, failed = deliver(desk, limit, stop)
    return Work(ticked=ticked, sent=sent, failed=failed + stuck, lag=lag)


def lag_of(desk: Desk) -> timedelta:
    """Return how long the case that is due longest has waited; a store that knows what comes next need not count for that."""
    store, now = desk.store, now_of(desk)
    oldest = store.oldest_due(now) if isinstance(store, Upcoming) else store.backlog(now).oldest_due_at
    return timedelta() if oldest is None else apart(oldest, now)


def _is_over(stop: Ending | None) -> bool:
    return stop is not None and stop.is_set()


@frozen
class Lease:
    """How long what was claimed is ours: whoever comes after that leaves it alone, for another worker has it by now."""

    desk: Desk
    since: DateTime

    def running_out(self) -> bool:
        """Whether half of it is over: whoever is slow leaves the rest alone before another worker is given it."""
        return now_of(self.desk) >= later(self.since, self.desk.lease / 2)

    def over(self) -> bool:
        """Whether it is over."""
        return now_of(self.desk) >= later(self.since, self.desk.lease)


# ---------------------------------------------------------------- clocks


def run_due(desk: Desk, limit: int, stop: Ending | None = None) -> tuple[int, int]:
    """Look at the cases whose clocks are due, until that is to stop; what was claimed and not looked at is given back."""
    lease, failures = Lease(desk, now_of(desk)), _Failures(desk)
    ids = desk.store.claim_due(lease.since, limit, desk.lease)
    looked: list[bool] = []
    for case_id in ids:
        if lease.running_out():
            break
        if _is_over(stop):
            _give_back(desk, ids[len(looked) :], failures)
            break
        looked.append(_looked_at(desk, case_id, failures))
    return sum(looked), len(looked) - sum(looked)


def _looked_at(desk: Desk, case_id: str, failures: _Failures) -> bool:
    try:
        look(desk, case_id)
    except Exception as error:
        told, tried = told_of(error), failures.before(case_id) + 1
        log.exception("a case could not be looked at; it is set aside", extra={"case_id": case_id, "tried": tried})
        # Where this raises as well, it is not the case: nothing can be stored, and whoever calls waits until it can.
        failures.put_off(case_id, tried, told)
        return False
    return True


def _give_back(desk: Desk, ids: tuple[str, ...], failures: _Failures) -> None:
    for case_id in ids:
        if not failures.before(case_id):
            desk.store.release(case_id)


@frozen
class _Failures:
    """How often cases have failed before; the store is asked once, and only where one has failed."""

    desk: Desk
    found: dict[str, int] = field(factory=dict[str, int])
    asked: list[bool] = field(factory=list[bool])

    def before(self, case_id: str) -> int:
        """Return how often a case has failed since it last worked."""
        if not self.asked and isinstance(self.desk.store, Troubles):
            found = self.desk.store.troubles(UNRECORDED)
            self.found.update({each.case_id: each.tries for each in found if each.message_id is None})
        self.asked.append(True)
        return self.found.get(case_id, 0)

    def put_off(self, case_id: str, tried: int, told: str) -> None:
        """Set a case aside; where the store cannot, it comes back when its lease is over."""
        if isinstance(self.desk.store, Troubles):
            self.desk.store.put_off(case_id, _next_try(self.desk, tried), told)


# ---------------------------------------------------------------- messages


def deliver(desk: Desk, limit: int, stop: Ending | None = None) -> tuple[int, int]:
    """Send what waits in the outbox, until that is to stop."""
    results: list[bool] = []
    while desk.notifier is not None and len(results) < limit and not _is_over(stop):
        lease = Lease(desk, now_of(desk))
        claimed = desk.store.claim(lease.since, limit - len(results), desk.lease)
        # What was tried before comes last: if it is that which hangs, or takes the worker with it, the others have left.
        for queued in sorted(claimed, key=lambda queued: queued.tries):
            if lease.running_out() or _is_over(stop):
                return sum(results), len(results) - sum(results)
            results.append(_sent(desk, queued, desk.notifier, lease))
        if not claimed:
            break
    return sum(results), len(results) - sum(results)


def _sent(desk: Desk, queued: Queued, notifier: Notifier, lease: Lease) -> bool:
    try:
        return _send(desk, queued, notifier, lease)
    except Exception as error:
        message, tried = queued.message, queued.tries + 1
        told = {"case_id": message.case_id, "message_id": message.id, "tried": tried}
        log.exception("a message could not be put on record; it comes back later", extra=told)
        if not lease.over():
            # Where this raises as well, nothing can be stored, and whoever calls waits until it can.
            desk.store.retry(message.id, _next_try(desk, tried), f"{UNRECORDED}{told_of(error)}")
        return False


def _send(desk: Desk, queued: Queued, notifier: Notifier, lease: Lease) -> bool:
    message = queued.message
    hopeless = queued.fault or (_ERASED if message.erased else "") or _worn_out(desk, queued)
    if hopeless:
        # What cannot be read cannot be said, and what may have been said ten times is enough: its case gets a step.
        _delivered(desk, message, Delivery.GIVEN_UP, now_of(desk), hopeless)
        return False
    rehearse(desk, message)
    try:
        if message.channel not in notifier.channels:
            raise Undeliverable(f"nothing here sends on {message.channel.value}")
        receipt = notifier.send(message)
    except (KeyboardInterrupt, SystemExit):
        raise  # somebody ends the process: the message comes back when its lease is over
    except BaseException as error:  # noqa: BLE001  (a notifier may raise anything; the message is tried again)
        if not lease.over():  # after that it is somebody else's, and the claim has counted this try
            _failed(desk, queued, error)
        return False
    _delivered(desk, message, Delivery.SENT, receipt.at, "")
    return True


def _worn_out(desk: Desk, queued: Queued) -> str:
    return "" if queued.tries < desk.retries.tries else f"it was tried {queued.tries} times"


def _failed(desk: Desk, queued: Queued, error: BaseException) -> None:
    message, tried = queued.message, queued.tries + 1
    kind = type(error).__name__
    log.warning("sending failed", extra={"case_id": message.case_id, "message_id": message.id, "tried": tried, "error": kind})
    # Our own errors say why and what to do; what others say may be anything, so their kind has to be enough.
    told = str(error) if isinstance(error, RecoveryError) else kind
    if isinstance(error, Undeliverable) or tried >= desk.retries.tries:
        _delivered(desk, message, Delivery.GIVEN_UP, now_of(desk), told)
    else:
        desk.store.retry(message.id, _next_try(desk, tried), told)


def _delivered(desk: Desk, message: OutboxMessage, delivery: Delivery, at: DateTime, note: str) -> None:
    report = ReportDelivery(message_id=message.id, delivery=delivery, at=at, note=note)
    handle(desk, message.case_id, (report,), None, None)


def _next_try(desk: Desk, tried: int) -> DateTime:
    return later(now_of(desk), desk.retries.wait(tried, desk.chance))
