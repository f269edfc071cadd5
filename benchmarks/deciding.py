"""What is measured of the core: one step through the table of stages, one decision, receiving, and several commands at once.

The state machines beside the table are told the same two steps: a decline and a new proposal, there and back, each with a guard.
They come with the extra ``benchmarks``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Protocol

import pendulum
from attrs import frozen
from pendulum import DateTime

from benchmarks.pairing import Pair, Side, both, repeated
from recovery import (
    Acknowledge,
    Address,
    Case,
    Channel,
    Command,
    Contact,
    Customer,
    Desk,
    Inform,
    Investigate,
    MemoryStore,
    OpenCase,
    Policy,
    Receive,
    Stage,
    Trigger,
    Word,
    decide,
    policies,
)
from recovery.core.stages import next_stage

__all__ = ["PAIRS", "PEERS"]

NOW = pendulum.datetime(2026, 3, 2, 10, 0, tz="Europe/Berlin").in_timezone("UTC")
HOURS = policies.office_hours("Europe/Berlin", holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1)}))
POLICY: Policy = policies.default(fallback_owner="ana", calendar=HOURS)

# ---------------------------------------------------------------- a step through the table


@frozen(kw_only=True)
class Row:
    """A case as small as people write it: ten fields, nothing checked."""

    id: str
    reference: str
    version: int
    stage: Stage
    owner: str
    category: str
    opened_at: DateTime
    changed_at: DateTime
    customer: str
    text: str


ROW = Row(
    id="1",
    reference="R-1",
    version=4,
    stage=Stage.RESOLUTION_PROPOSED,
    owner="ana",
    category="delivery",
    opened_at=NOW,
    changed_at=NOW,
    customer="Bo Lind",
    text="The display of my boat went dark.",
)
TRIGGERS = (Trigger.DECLINE, Trigger.PROPOSE)
"""There and back again: no machine has to be put back by hand."""


def copied(row: Row, stage: Stage) -> Row:
    """Return the row in another stage, made by the constructor of all ten fields."""
    return Row(
        id=row.id,
        reference=row.reference,
        version=row.version + 1,
        stage=stage,
        owner=row.owner,
        category=row.category,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        customer=row.customer,
        text=row.text,
    )


def _stepped() -> None:
    row = ROW
    for trigger in TRIGGERS:
        stage = next_stage(row.stage, trigger)
        assert stage is not None
        row = copied(row, stage)


def _copied_twice() -> None:
    row = ROW
    for stage in (Stage.INVESTIGATING, Stage.RESOLUTION_PROPOSED):
        row = copied(row, stage)


def a_step(work: Callable[[], object], times: int) -> Side:
    """Return a side that goes there and back so many times, and tells what one of its two steps took."""
    side = repeated(work, times)
    return lambda: side() / 2


def step_and_copy() -> AbstractContextManager[tuple[Side, Side]]:
    """Compare a step through the table, and the row it makes, with making the row alone."""
    return both(a_step(_stepped, 5_000), a_step(_copied_twice, 5_000))


# ---------------------------------------------------------------- the same steps elsewhere


class TwoSteps(Protocol):
    """What every state machine is asked for: a decline, and a new proposal."""

    def decline(self) -> object:
        """Go back to investigating."""

    def propose(self) -> object:
        """Go on to the proposal."""


class Guard:
    """The guard of both steps."""

    def may(self) -> bool:
        """Let the step happen."""
        return True


def by_transitions() -> TwoSteps:
    """Return the machine of ``transitions``."""
    from transitions import Machine  # noqa: PLC0415

    model: Any = Guard()
    edges: list[Any] = [
        {"trigger": "decline", "source": "resolution_proposed", "dest": "investigating", "conditions": "may"},
        {"trigger": "propose", "source": "investigating", "dest": "resolution_proposed", "conditions": "may"},
    ]
    states = ["resolution_proposed", "investigating"]
    Machine(model, states=states, initial="resolution_proposed", transitions=edges, auto_transitions=False)
    made: TwoSteps = model
    return made


def by_statemachine() -> TwoSteps:
    """Return the machine of python-statemachine."""
    from statemachine import State, StateMachine  # noqa: PLC0415

    class Stages(StateMachine):
        resolution_proposed = State(initial=True)
        investigating = State()
        decline = resolution_proposed.to(investigating, cond="may")
        propose = investigating.to(resolution_proposed, cond="may")

        def may(self) -> bool:
            return True

    made: Any = Stages()
    steps: TwoSteps = made
    return steps


def by_automat() -> TwoSteps:
    """Return the machine of automat, which has no guards: each step asks its own."""
    from automat import TypeMachineBuilder  # noqa: PLC0415

    builder: Any = TypeMachineBuilder(TwoSteps, Guard)
    proposed, investigating = builder.state("resolution_proposed"), builder.state("investigating")

    def asks(_machine: TwoSteps, guard: Guard) -> None:
        guard.may()

    proposed.upon(TwoSteps.decline).to(investigating)(asks)
    investigating.upon(TwoSteps.propose).to(proposed)(asks)
    made: TwoSteps = builder.build()(Guard())
    return made


def by_django_fsm() -> TwoSteps:
    """Return a Django model with the field of django-fsm-2; it is never saved."""
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    if not settings.configured:
        settings.configure(INSTALLED_APPS=[])
        django.setup()
    from django.db import models  # noqa: PLC0415
    from django_fsm import FSMField, transition  # noqa: PLC0415

    class Row(models.Model, Guard):  # type: ignore[misc]
        stage = FSMField(default="resolution_proposed")

        class Meta:
            app_label = "benchmarks"

        @transition(stage, source="resolution_proposed", target="investigating", conditions=[Guard.may])
        def decline(self) -> None:
            pass

        @transition(stage, source="investigating", target="resolution_proposed", conditions=[Guard.may])
        def propose(self) -> None:
            pass

    made: TwoSteps = Row()
    return made


PEERS: Mapping[str, Callable[[], TwoSteps]] = {
    "transitions": by_transitions,
    "python-statemachine": by_statemachine,
    "automat": by_automat,
    "django-fsm-2": by_django_fsm,
}
"""Who else takes such steps. All but the first come with the extra ``benchmarks``."""


def taken(name: str, times: int) -> Side:
    """Return a side that lets a peer go there and back. Raises ``ModuleNotFoundError`` that names the extra it comes with."""
    try:
        machine = PEERS[name]()
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"{name} is not installed: pip install customer-recovery[benchmarks]") from error

    def there_and_back() -> None:
        machine.decline()
        machine.propose()

    return a_step(there_and_back, times)


def step_and_peer(name: str) -> AbstractContextManager[tuple[Side, Side]]:
    """Compare a step through the table, and the row it makes, with one guarded step of a peer."""
    return both(a_step(_stepped, 2_000), taken(name, 200))


# ---------------------------------------------------------------- a decision

MAIL = Word(via={Channel.EMAIL}, text="I have your message, I am sorry for the trouble, and I am on it.")
COMMAND = Acknowledge(by="ana", word=MAIL, next_word_at=NOW.add(days=1))


def letter(number: int) -> Contact:
    """Return a customer's mail."""
    sender = Customer(name="Bo Lind", addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"),))
    text = "The display of my boat went dark."
    return Contact(channel=Channel.EMAIL, sender=sender, text=text, received_at=NOW, message_id=f"{number}@boat.example")


def received() -> Case:
    """Return a case that has just come in."""
    return Desk(store=MemoryStore(), policy=POLICY, now=lambda: NOW).receive(letter(0)).case


def deciding(case: Case | None, *commands: Command, times: int = 200) -> Side:
    """Return a side that decides the same again and again."""
    return repeated(lambda: decide(case, *commands, policy=POLICY, now=NOW), times)


def decided_and_peer(*commands: Command, opened: bool = True) -> AbstractContextManager[tuple[Side, Side]]:
    """Compare a whole decision with one guarded trigger of ``transitions``."""
    return both(deciding(received() if opened else None, *commands), taken("transitions", 2_000))


def opening() -> OpenCase:
    """Return the command that opens a case."""
    return OpenCase(case_id="1", reference="R-1", contact=letter(1))


def batch() -> tuple[Command, ...]:
    """Return what settles the first hour of a case in one go: four commands, and one mail."""
    more = Inform(by="ana", word=Word(via={Channel.EMAIL}, text="I have found the part, and I am sorry that it took a while."))
    return COMMAND, Investigate(by="ana"), more, Receive(contact=letter(2))


def batch_and_single() -> AbstractContextManager[tuple[Side, Side]]:
    """Compare a decision about four commands with four decisions about one."""
    case, commands = received(), batch()

    def one_by_one() -> None:
        now = case
        for command in commands:
            now = decide(now, command, policy=POLICY, now=NOW).case

    return both(deciding(case, *commands, times=100), repeated(one_by_one, 100))


TRIGGER = "one guarded trigger of transitions"

PAIRS: tuple[Pair, ...] = (
    Pair(
        name="table step",
        ours="a step through the table of stages, and the row of ten fields it makes",
        theirs="making the row of ten fields alone",
        prepare=step_and_copy,
        bar=1.3,
    ),
    *(
        Pair(
            name=f"table step, {name}",
            ours="a step through the table of stages, and the row of ten fields it makes",
            theirs=f"one guarded step of {name}",
            prepare=lambda name=name: step_and_peer(name),  # type: ignore[misc]
        )
        for name in PEERS
    ),
    Pair(
        name="decide",
        ours="`decide` with an acknowledgement: every rule, events, agenda, a mail",
        theirs=TRIGGER,
        prepare=lambda: decided_and_peer(COMMAND),
        bar=3.0,
    ),
    Pair(
        name="decide, open",
        ours="`decide` that opens a case: routing, receipt, agenda",
        theirs=TRIGGER,
        prepare=lambda: decided_and_peer(opening(), opened=False),
    ),
    Pair(
        name="decide, join",
        ours="`decide` with one more mail of the customer, which joins the case",
        theirs=TRIGGER,
        prepare=lambda: decided_and_peer(Receive(contact=letter(2))),
    ),
    Pair(
        name="decide, batch",
        ours="`decide` with four commands at once, which make one mail",
        theirs="the four decided one by one",
        prepare=batch_and_single,
        bar=1.0,
    ),
)
