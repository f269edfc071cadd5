"""What was set aside: the step that stands on the agenda for a case that cannot be looked at, so that a person does."""

from __future__ import annotations

from pendulum import DateTime

from recovery.core.agenda import Step
from recovery.core.clock import IDLE
from recovery.core.rule import Terms

__all__ = ["step_aside"]


def step_aside(case_id: str, owner: str, error: str, terms: Terms, now: DateTime, *, message_id: str | None = None) -> Step:
    """Return the step of whoever looks after a case that is in trouble, or else of the policy's fallback owner; it is due now."""
    what = "this case cannot be looked at" if message_id is None else "nothing can be put on record of a message"
    return Step(
        case_id=case_id,
        rule=IDLE,
        clock=IDLE,
        run=f"{IDLE}/aside/{message_id or case_id}",
        what=f"find out why {what}: {error}",
        whom=owner if owner and terms.knows(owner) else terms.fallback_owner,
        due_at=now,
        wake_at=None,
        key=message_id or "",
    )
