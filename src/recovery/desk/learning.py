"""What the desk can tell about all of its cases: who may leave next, and what there is to learn."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from recovery.codec import Undecodable
from recovery.core import risk
from recovery.core.case import Case
from recovery.core.learning import Learning, Per, learn, periods
from recovery.core.risk import AtRisk
from recovery.core.rule import Terms
from recovery.core.values import later
from recovery.desk.knowing import aware, now_of, policy_for
from recovery.desk.looking import find

if TYPE_CHECKING:
    from recovery.desk.desk import Desk

__all__ = ["at_risk", "learned"]

log = logging.getLogger("recovery")


def at_risk(desk: Desk) -> tuple[AtRisk, ...]:
    """Return the customers who may leave next, the highest score first."""
    return risk.customers_at_risk(find(desk, None), desk.policy.risk, now_of(desk), lambda case: _terms(desk, case))


def learned(desk: Desk, since: datetime | None, until: datetime | None, per: Per | None) -> tuple[Learning, ...]:
    """Return what there is to learn, period by period, the oldest first."""
    cases, now = list(find(desk, None)), now_of(desk)
    # What happened at this very instant belongs to what has been until now.
    end = later(now, timedelta(microseconds=1)) if until is None else aware("until", until)
    start = min((case.opened_at for case in cases), default=end) if since is None else aware("since", since)
    cut = periods(start, end, per or Per.WHOLE, desk.policy.calendar)
    return tuple(learn(cases, *each, now, desk.policy.terms, lambda case: _terms(desk, case)) for each in cut)


def _terms(desk: Desk, case: Case) -> Terms:
    """Return what a case is measured by; where nobody can read its clocks, the present ones, as where they are not stored."""
    try:
        return policy_for(desk, case).terms
    except Undecodable as error:
        log.error("the clocks of a case cannot be read; the present ones serve", extra={"case_id": case.id, "why": str(error)})
        return desk.policy.terms
