"""What the rules and steps of proposing share."""

from __future__ import annotations

from recovery.core.case import Case
from recovery.core.guideline import Guideline, guideline_for
from recovery.core.rule import Moment

HEADING = "proposing"

ROUNDS = 3
"""The decline that goes up the ladder (practice: ``propose.rounds``)."""

BUDGET = "goodwill-budget"
"""What the step about a budget that is used up is about."""


def guideline_of(case: Case, moment: Moment) -> Guideline | None:
    """Return the guideline that fits a case most closely, as the policy stands now."""
    return guideline_for(case, moment.terms.guidelines)


def asked_for(exception_id: str) -> str:
    """Return what the step to decide on an exception is about."""
    return f"exception:{exception_id}"
