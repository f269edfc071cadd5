"""Inside the guideline, or by an exception that somebody else with authority has granted."""

from __future__ import annotations

from collections.abc import Iterator

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.guideline import Guideline, covering
from recovery.core.money import Money
from recovery.core.practice.common import happened
from recovery.core.practice.proposing.common import HEADING, asked_for, guideline_of, offered
from recovery.core.rule import Moment, Problem, rule
from recovery.core.values import altered
from recovery.core.vocabulary.common import Command
from recovery.core.vocabulary.proposing import (
    DenyException,
    Exceptional,
    ExceptionState,
    GrantException,
    Option,
    Propose,
    RequestException,
)
from recovery.core.vocabulary.receiving import CompleteTask
from recovery.core.vocabulary.resolving import Resolve

DONE_BEYOND = "something was done beyond the guideline; see with whoever stands above whether others need it too"
"""What the owner has to do about what the customer has already."""


@rule(
    "propose.within-guideline",
    heading=HEADING,
    source="D",
    on=(Propose, Resolve, RequestException, GrantException, DenyException, CompleteTask),
    blocks=False,
)
def within_guideline(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from getting what the mood of the day gives: offers follow one guideline, or two people agreed."""
    match command:
        case Propose():
            yield from _offered(case, command, moment)
        case Resolve():
            for problem in _offered(case, command, moment):
                yield problem if problem.strength is Strength.SHOULD else altered(problem, step=DONE_BEYOND)
        case RequestException():
            yield from _requested(case, command, moment)
        case GrantException():
            yield from _granted(case, command, moment)
        case DenyException():
            yield from _denied(case, command, moment)
        case CompleteTask(task_id=task_id):
            yield from _ticked(case, task_id)
        case _:
            return


# ---------------------------------------------------------------- options


def _offered(case: Case, command: Propose | Resolve, moment: Moment) -> Iterator[Problem]:
    guideline, at, options = guideline_of(case, moment), happened(command, moment), tuple(offered(command))
    if guideline is None and any(option.exception is None for _, option in options):
        kind = case.receiving.category or "this kind of problem"
        hint = "Write one into the policy (guidelines), so that everybody offers the same."
        field = "options" if isinstance(command, Propose) else "remedy"
        yield Problem(f"there is no guideline for {kind}", field=field, hint=hint, strength=Strength.SHOULD)
    for path, option in options:
        if option.exception is not None:
            yield from _excepted(case, option, path, moment, at)
        elif guideline is not None:
            yield from _inside(option, path, guideline)


def _inside(option: Option, path: str, guideline: Guideline) -> Iterator[Problem]:
    remedy = guideline.remedy(option.named)
    if remedy is None:
        names = ", ".join(known.id for known in guideline.remedies)
        hint = f"Its remedies are: {names}. For anything else ask for an exception (RequestException)."
        message = f"the guideline {guideline.id} has no remedy {option.named!r}"
        yield Problem(message, field=f"{path}remedy", hint=hint, params={"guideline": guideline.id, "remedy": option.named})
    elif remedy.ceiling is not None:
        yield from _below(option.value, remedy.ceiling, f"{path}value", f"the ceiling for {remedy.id}")
    elif option.value is not None and guideline.currency not in (None, option.value.currency):
        yield _other_currency(option.value, str(guideline.currency), f"{path}value")
    if option.goodwill is not None:
        yield from _goodwill(option.goodwill, guideline, path)


def _goodwill(given: Money, guideline: Guideline, path: str) -> Iterator[Problem]:
    if guideline.goodwill is not None:
        yield from _below(given, guideline.goodwill, f"{path}goodwill", "the goodwill band")
    elif given.amount > 0:
        hint = "Say something kind without a price (beyond), or ask for an exception (RequestException)."
        yield Problem(f"the guideline {guideline.id} has no goodwill band", field=f"{path}goodwill", hint=hint)


def _below(given: Money | None, limit: Money, field: str, what: str) -> Iterator[Problem]:
    if given is None:
        hint = f"Give what it is worth, in {limit.currency}: without it nobody can hold it against the guideline."
        yield Problem("it does not say what it is worth", field=field, hint=hint)
    elif given.currency != limit.currency:
        yield _other_currency(given, limit.currency, field)
    elif given.amount > limit.amount:
        hint = "Offer less, or ask for an exception (RequestException)."
        params = {"given": str(given), "limit": str(limit)}
        yield Problem(f"{given} is above {what}, {limit}", field=field, hint=hint, params=params)


def _other_currency(given: Money, wanted: str, field: str) -> Problem:
    hint = f"Give it in {wanted}: amounts of different currencies are never compared."
    return Problem(f"{given} is not in the currency of the guideline, {wanted}", field=field, hint=hint)


def _excepted(case: Case, option: Option, path: str, moment: Moment, at: DateTime) -> Iterator[Problem]:
    field = f"{path}exception"
    found = case.proposing.exception(option.exception or "")
    if found is None:
        names = ", ".join(one.id for one in case.proposing.exceptions) or "none"
        yield Problem(f"there is no exception {option.exception!r}", field=field, hint=f"On this case there are: {names}.")
    elif found.state is not ExceptionState.GRANTED:
        how = "has not been decided yet" if found.state is ExceptionState.ASKED else "was turned down"
        yield Problem(f"the exception {found.id} {how}", field=field, hint=f"It was asked of {found.approver}.")
    elif found.until is not None and at >= found.until:
        hint = "Ask for it again (RequestException)."
        yield Problem(f"the exception {found.id} has expired", field=field, hint=hint, params={"until": found.until})
    elif found.remedy != option.named:
        hint = "Offer what was granted, or ask for this as well (RequestException)."
        yield Problem(f"the exception {found.id} is for {found.remedy!r}, not for {option.named!r}", field=field, hint=hint)
    elif found.value is not None:
        yield from _below(option.worth, found.value, f"{path}value", f"what the exception {found.id} grants")
    elif option.worth is not None:
        yield from _unpriced(case, option.worth, found, f"{path}value", moment)


def _unpriced(case: Case, worth: Money, found: Exceptional, field: str, moment: Moment) -> Iterator[Problem]:
    """An exception that names no value reaches as far as the authority of whoever granted it."""
    guideline = guideline_of(case, moment)
    if guideline is not None and guideline.currency not in (None, worth.currency):
        yield _other_currency(worth, str(guideline.currency), field)
    elif found.decided_by not in _who_can(worth, guideline, found.asked_by, moment):
        hint = "Ask for it again, and say what it comes to (RequestException)."
        message = f"the exception {found.id} names no value, and the authority of {found.decided_by!r} does not cover {worth}"
        yield Problem(message, field=field, hint=hint, params=_about(worth))


# ---------------------------------------------------------------- exceptions


def _requested(case: Case, command: RequestException, moment: Moment) -> Iterator[Problem]:
    guideline = guideline_of(case, moment)
    yield from _priced(command.remedy, command.value, guideline)
    can = _who_can(command.value, guideline, command.by, moment)
    if command.approver == command.by:
        yield Problem("nobody decides on their own exception", field="approver", hint=f"It can be asked of: {_listed(can)}.")
    elif not can:
        hint = "Have somebody else ask: whoever asks cannot grant it. Or name others who may, in the policy (authorities)."
        yield Problem("nobody else has the authority to grant it", field="by", hint=hint)
    elif command.approver is not None and command.approver not in can:
        hint = f"It can be asked of: {_listed(can)}."
        yield Problem(f"the authority of {command.approver!r} does not cover it", field="approver", hint=hint)


def _priced(remedy_id: str, value: Money | None, guideline: Guideline | None) -> Iterator[Problem]:
    """An exception says what it comes to where the guideline counts in money, and in the same currency."""
    if guideline is None or guideline.currency is None:
        return
    remedy = guideline.remedy(remedy_id)
    if value is not None and value.currency != guideline.currency:
        yield _other_currency(value, guideline.currency, "value")
    elif value is None and remedy is not None and remedy.ceiling is not None:
        yield Problem("it does not say what it would come to", field="value", hint=f"Give it in {guideline.currency}.")


def _granted(case: Case, command: GrantException, moment: Moment) -> Iterator[Problem]:
    found = case.proposing.exception(command.exception_id)
    if found is None or found.state is not ExceptionState.ASKED:
        yield _not_open(case, command.exception_id)
        return
    value, guideline = command.value or found.value, guideline_of(case, moment)
    if command.by == found.asked_by:
        hint = f"Somebody else decides; it was asked of {found.approver}."
        yield Problem("whoever asked for an exception cannot grant it", field="by", hint=hint)
    elif command.by not in (can := _who_can(value, guideline, found.asked_by, moment)):
        hint = f"It can be granted by: {_listed(can)}."
        yield Problem(f"the authority of {command.by!r} does not cover it", field="by", hint=hint, params=_about(value))
    if command.until <= moment.now:
        yield Problem("it would be over before it began", field="until", hint="Name a date ahead.", params={"until": command.until})
    yield from _priced(found.remedy, value, guideline)


def _denied(case: Case, command: DenyException, moment: Moment) -> Iterator[Problem]:
    found = case.proposing.exception(command.exception_id)
    if found is None or found.state is not ExceptionState.ASKED:
        yield _not_open(case, command.exception_id)
        return
    can = _who_can(found.value, guideline_of(case, moment), found.asked_by, moment)
    if command.by not in (*can, found.approver, found.asked_by):
        hint = f"It can be turned down by: {_listed(can)}; and whoever asked may take it back."
        yield Problem(f"{command.by!r} has no say in it", field="by", hint=hint)


def _ticked(case: Case, task_id: str) -> Iterator[Problem]:
    about = next((task.about for task in case.receiving.tasks if task.id == task_id), None)
    for one in case.proposing.exceptions:
        if one.state is ExceptionState.ASKED and about == asked_for(one.id):
            hint = "Decide on it: GrantException, or DenyException. Until then the step stays."
            yield Problem(f"the exception {one.id} has not been decided", field="task_id", hint=hint)


def _not_open(case: Case, exception_id: str) -> Problem:
    waiting: list[Exceptional] = [one for one in case.proposing.exceptions if one.state is ExceptionState.ASKED]
    hint = f"Open are: {_listed(one.id for one in waiting)}."
    return Problem(f"no exception {exception_id!r} waits for a decision", field="exception_id", hint=hint)


def _who_can(value: Money | None, guideline: Guideline | None, asker: str, moment: Moment) -> tuple[str, ...]:
    terms = moment.terms
    return covering(terms.authorities, value, guideline, last=terms.fallback_owner, but=asker)


def _listed(names: Iterator[str] | tuple[str, ...]) -> str:
    return ", ".join(names) or "nobody"


def _about(value: Money | None) -> dict[str, str]:
    return {} if value is None else {"value": str(value)}
