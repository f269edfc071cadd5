"""What the rules and steps of proposing share."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.guideline import Guideline, guideline_for
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import Command
from recovery.core.vocabulary.proposing import Option, Propose
from recovery.core.vocabulary.resolving import CaseResolved, Resolve

HEADING = "proposing"

ROUNDS = 3
"""The decline that goes up the ladder (practice: ``propose.rounds``)."""

BUDGET = "goodwill-budget"
"""What the step about a budget that is used up is about."""


def guideline_of(case: Case, moment: Moment) -> Guideline | None:
    """Return the guideline that fits a case most closely, as the policy stands now."""
    return guideline_for(case, moment.terms.guidelines)


def offered(command: Command) -> Iterator[tuple[str, Option]]:
    """Yield each option that a command offers, or has simply done, and what its fields are called before their name."""
    if isinstance(command, Propose):
        yield from ((f"options.{number}.", option) for number, option in enumerate(command.options))
    elif isinstance(command, Resolve):
        yield from (("", option) for option in simply_done(command))


def simply_done(what: Resolve | CaseResolved) -> Iterator[Option]:
    """Yield the remedy that was simply done, as an option, where it is named."""
    if what.remedy is not None:
        yield Option(id=what.remedy, text=what.done, value=what.value, goodwill=what.goodwill, exception=what.exception)


def asked_for(exception_id: str) -> str:
    """Return what the step to decide on an exception is about."""
    return f"exception:{exception_id}"
