"""What is open on a case, each with the number by which a command names it."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recovery import Case, Delivery
from recovery.cli.opening import View
from recovery.cli.output import moment
from recovery.core.decide import agenda
from recovery.core.vocabulary.proposing import Exceptional, ExceptionState, Sought
from recovery.core.vocabulary.receiving import Outgoing

__all__ = ["open_matters"]

Row = tuple[str, str]


def open_matters(view: View, case: Case) -> RenderableType:
    """Return the dated steps of a case and what is open on it: questions, promises, deliveries, calls, messages of the customer.

    Nothing, where the case is over and owes nothing.
    """
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    steps = list(_steps(view, case))
    if case.ended and not steps:
        return Group()
    for left, right in (*steps, *_matters(view, case)):
        table.add_row(left, right)
    after = Text(f"\nWhat can be done now: recovery do {case.reference}", style="dim")
    return Group(Text("\nWhat is open", style="bold"), table, after)


def _steps(view: View, case: Case) -> Iterator[Row]:
    for step in agenda(case, view.desk.policy_for(case)):
        due = "paused" if step.due_at is None else moment(step.due_at, view.calendar, view.now)
        late = " (late)" if step.due_at is not None and step.due_at < view.now else ""
        yield f"{due}{late}", f"{step.what} ({step.rule}), {step.whom}"


def _matters(view: View, case: Case) -> Iterator[Row]:
    yield from ((f"fact {fact.key}", case.on_file(fact.key) or "") for fact in case.facts)
    yield from ((f"question {question.id}", question.text) for question in case.keeping.questions)
    yield from (
        (f"promise {one.id}", f"{one.what}, by {moment(one.due_at, view.calendar, view.now)}") for one in case.keeping.promises
    )
    if case.proposing.proposal is not None:
        yield from ((f"option {option.id}", option.text) for option in case.proposing.proposal.options)
    yield from ((f"wish {wish.seq}", _wished(wish)) for wish in case.proposing.sought)
    if case.proposing.counter_offer:
        yield "counter-offer", case.proposing.counter_offer
    yield from ((f"exception {one.id}", _exceptional(view, one)) for one in case.proposing.exceptions)
    yield from ((f"delivery {one.id}", one.what) for one in case.resolving.deliveries if one.arrived_at is None)
    yield from ((f"task {task.id}", f"{task.what} (when it is done: complete-task)") for task in case.receiving.tasks)
    yield from ((f"by hand {out.id}", _told(out)) for out in case.receiving.outgoing if out.state is Delivery.OWED)
    if case.ownership.procedure:
        yield "procedure", case.ownership.procedure
    if case.ownership.offer is not None:
        yield "handover", f"on offer to {case.ownership.offer.to}"
    numbers = ", ".join(str(contact.seq) for contact in case.receiving.contacts)
    yield "messages", f"of the customer, by their numbers: {numbers}"


def _wished(wish: Sought) -> str:
    remedy = "" if wish.remedy is None else f" ({wish.remedy})"
    return f"{wish.words or f'in message {wish.contact}'}{remedy}"


def _exceptional(view: View, one: Exceptional) -> str:
    what = one.remedy if one.value is None else f"{one.remedy}, {one.value}"
    match one.state:
        case ExceptionState.ASKED:
            return f"{what}: {one.approver} decides (grant-exception, deny-exception)"
        case ExceptionState.GRANTED:
            until = "" if one.until is None else f" until {moment(one.until, view.calendar, view.now)}"
            return f"{what}: granted by {one.decided_by}{until}"
        case ExceptionState.DENIED:
            return f"{what}: turned down by {one.decided_by}: {one.note}"


def _told(out: Outgoing) -> str:
    return f"{out.channel.value}: {', '.join(part.template for part in out.parts)}".replace("_", " ")
