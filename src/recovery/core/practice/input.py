"""What no rule of the practice needs to say: whatever a command names exists on the case, and a mail has an address."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.rule import Moment, Problem, rule
from recovery.core.vocabulary.common import Command, Report, Speaking
from recovery.core.vocabulary.keeping_in_touch import Inform, KeepPromise, MovePromise, RecordAnswer, WaiveAnswer
from recovery.core.vocabulary.receiving import CompleteTask
from recovery.core.vocabulary.resolving import CheckArrival, ConfirmArrival, MoveDelivery, RecordDispatch

HEADING = "input"


@rule("input.address", heading=HEADING, source="H", on=(Speaking,), fixed=True, blocks=False)
def has_address(case: Case, command: Speaking, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a message that goes nowhere."""
    if command.word.said_at is not None:
        return
    known = {address.channel for address in case.receiving.customer.addresses}
    for channel in sorted(command.word.via - known, key=lambda channel: channel.value):
        if channel in moment.terms.machine_channels:
            hint = "Put the address on file (Correct), or use another channel."
            yield Problem(f"the customer has no address for {channel.value}", field="word.via", hint=hint)


@rule(
    "input.reference",
    heading=HEADING,
    source="H",
    on=(
        WaiveAnswer,
        RecordAnswer,
        MovePromise,
        KeepPromise,
        MoveDelivery,
        RecordDispatch,
        CheckArrival,
        ConfirmArrival,
        Inform,
        CompleteTask,
    ),
    fixed=True,
    blocks=False,
)
def refers_to_something(case: Case, command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from an act, or a tick on a list, about something that is not on their case."""
    field, wanted, known = _named(case, command)
    if wanted is not None and wanted not in known:
        there = ", ".join(known) or "none"
        yield Problem(f"there is no {wanted} on this case", field=field, hint=f"There are: {there}.", params={field: wanted})


@rule(
    "input.future",
    heading=HEADING,
    source="H",
    on=(Report, Speaking),
    strength=Strength.SHOULD,
    fixed=True,
    blocks=False,
)
def not_in_the_future(_case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from clocks met by something that has not happened yet: it is taken to happen now."""
    reported = command.reported_at
    if reported is not None and reported > moment.now:
        hint = "It is taken to have happened now; report it when it has happened."
        yield Problem("what is reported lies in the future", field="at", hint=hint, params={"at": reported})


def _named(case: Case, command: Command) -> tuple[str, str | None, tuple[str, ...]]:
    match command:
        case WaiveAnswer(contact=contact):
            return "contact", str(contact), tuple(str(note.seq) for note in case.receiving.contacts)
        case RecordAnswer(question_id=question_id):
            return "question_id", question_id, tuple(question.id for question in case.keeping.questions)
        case MovePromise(promise_id=promise_id) | KeepPromise(promise_id=promise_id):
            return "promise_id", promise_id, tuple(promise.id for promise in case.keeping.promises)
        case (
            MoveDelivery(delivery_id=delivery_id)
            | RecordDispatch(delivery_id=delivery_id)
            | ConfirmArrival(delivery_id=delivery_id)
        ):
            return "delivery_id", delivery_id, tuple(d.id for d in case.resolving.deliveries if d.arrived_at is None)
        case CheckArrival(delivery_id=delivery_id):
            return "delivery_id", delivery_id, tuple(delivery.id for delivery in case.resolving.deliveries)
        case CompleteTask(task_id=task_id):
            return "task_id", task_id, tuple(task.id for task in case.receiving.tasks)
        case Inform(repeats=int(repeats)):
            said = {part.about for out in case.receiving.outgoing for part in out.parts if part.about is not None}
            return "repeats", str(repeats), tuple(str(seq) for seq in sorted(said))
        case _:
            return "", None, ()


CHECKS = (has_address, refers_to_something, not_in_the_future)
