"""What is measured of the core: one step through the table of stages, one decision, receiving, and several commands at once.

The state machines beside the table are told the same two steps: a decline and a new proposal, there and back, each with a guard.
They come with the extra ``benchmarks``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from attrs import frozen
from pendulum import DateTime

from benchmarks.needs import Need, library
from benchmarks.pairing import Pair, Prepare, Scale, Side, both, repeated
from benchmarks.sample import COMMAND, NOW, POLICY, acknowledged, letter, received
from recovery import (
    Case,
    Channel,
    Command,
    Inform,
    Investigate,
    OpenCase,
    Receive,
    Stage,
    Trigger,
    Word,
    decide,
)
from recovery.core.stages import next_stage

__all__ = ["PAIRS", "PEERS"]

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


def step_and_copy(scale: Scale) -> AbstractContextManager[tuple[Side, Side]]:
    """Compare a step through the table, and the row it makes, with making the row alone."""
    return both(a_step(_stepped, scale.of(20, 5_000)), a_step(_copied_twice, scale.of(20, 5_000)))


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
        """Two stages, and a guard between them."""

        resolution_proposed = State(initial=True)
        investigating = State()
        decline = resolution_proposed.to(investigating, cond="may")
        propose = investigating.to(resolution_proposed, cond="may")

        def may(self) -> bool:
            """Let the step happen."""
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


def may(_row: object) -> bool:
    """Let the step happen."""
    return True


def by_django_fsm() -> TwoSteps:
    """Return a Django model with the field of django-fsm-2; it is never saved."""
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    if not settings.configured:
        settings.configure(INSTALLED_APPS=[])
        django.setup()
    from django.db import models  # noqa: PLC0415
    from django_fsm import FSMField, transition  # noqa: PLC0415

    class Row(models.Model):  # type: ignore[misc]
        """A row with a stage."""

        stage = FSMField(default="resolution_proposed")

        class Meta:
            """Where Django finds it."""

            app_label = "benchmarks"

        @transition(stage, source="resolution_proposed", target="investigating", conditions=[may])
        def decline(self) -> None:
            """Go back to investigating."""

        @transition(stage, source="investigating", target="resolution_proposed", conditions=[may])
        def propose(self) -> None:
            """Go on to the proposal."""

    made: TwoSteps = Row()
    return made


PEERS: Mapping[str, Callable[[], TwoSteps]] = {
    "transitions": by_transitions,
    "python-statemachine": by_statemachine,
    "automat": by_automat,
    "django-fsm-2": by_django_fsm,
}
"""Who else takes such steps. All but the first come with the extra ``benchmarks``."""

MODULES = {"python-statemachine": "statemachine", "django-fsm-2": "django_fsm"}
"""By what they are imported, where that is not their name."""


def peer(name: str) -> Need:
    """Return the need of a peer."""
    return library(MODULES.get(name, name))


def taken(name: str, times: int) -> Side:
    """Return a side that lets a peer go there and back."""
    machine = PEERS[name]()

    def there_and_back() -> None:
        machine.decline()
        machine.propose()

    return a_step(there_and_back, times)


def step_and_peer(name: str) -> Prepare:
    """Compare a step through the table, and the row it makes, with one guarded step of a peer."""
    return lambda scale: both(a_step(_stepped, scale.of(20, 2_000)), taken(name, scale.of(2, 200)))


# ---------------------------------------------------------------- a decision


def deciding(case: Case | None, *commands: Command, times: int) -> Side:
    """Return a side that decides the same again and again."""
    return repeated(lambda: decide(case, *commands, policy=POLICY, now=NOW), times)


def decided_and_peer(command: Command, case: Callable[[], Case | None] = received) -> Prepare:
    """Compare a whole decision with one guarded trigger of ``transitions``."""

    def prepare(scale: Scale) -> AbstractContextManager[tuple[Side, Side]]:
        return both(deciding(case(), command, times=scale.of(4, 200)), taken("transitions", scale.of(40, 2_000)))

    return prepare


def opening() -> OpenCase:
    """Return the command that opens a case."""
    return OpenCase(case_id="1", reference="R-1", contact=letter(1))


def batch() -> tuple[Command, ...]:
    """Return what settles the first hour of a case in one go: four commands, and one mail."""
    more = Inform(by="ana", word=Word(via={Channel.EMAIL}, text="I have found the part, and I am sorry that it took a while."))
    return COMMAND, Investigate(by="ana"), more, Receive(contact=letter(2, customer=0))


def batch_and_single(scale: Scale) -> AbstractContextManager[tuple[Side, Side]]:
    """Compare a decision about four commands with four decisions about one."""
    case, commands = received(), batch()

    def one_by_one() -> None:
        now = case
        for command in commands:
            now = decide(now, command, policy=POLICY, now=NOW).case

    return both(deciding(case, *commands, times=scale.of(2, 100)), repeated(one_by_one, scale.of(2, 100)))


TRIGGER = "one guarded trigger of transitions"

PAIRS: tuple[Pair, ...] = (
    Pair(
        name="table step",
        ours="a step through the table of stages, and the row of ten fields it makes",
        theirs="making the row of ten fields alone",
        prepare=step_and_copy,
        at_most=1.3,
    ),
    *(
        Pair(
            name=f"table step, {name}",
            ours="a step through the table of stages, and the row of ten fields it makes",
            theirs=f"one guarded step of {name}",
            prepare=step_and_peer(name),
            needs=(peer(name),),
        )
        for name in PEERS
    ),
    Pair(
        name="decide, one event",
        ours="`decide` with the start of the investigation: every rule, one event, agenda",
        theirs=TRIGGER,
        prepare=decided_and_peer(Investigate(by="ana"), acknowledged),
        needs=(peer("transitions"),),
        at_most=3.0,
    ),
    Pair(
        name="decide",
        ours="`decide` with an acknowledgement: every rule, two events, agenda, a mail",
        theirs=TRIGGER,
        prepare=decided_and_peer(COMMAND),
        needs=(peer("transitions"),),
        at_most=3.0,
    ),
    Pair(
        name="decide, open",
        ours="`decide` that opens a case: routing, receipt, agenda",
        theirs=TRIGGER,
        prepare=decided_and_peer(opening(), lambda: None),
        needs=(peer("transitions"),),
    ),
    Pair(
        name="decide, join",
        ours="`decide` with one more mail of the customer, which joins the case",
        theirs=TRIGGER,
        prepare=decided_and_peer(Receive(contact=letter(2, customer=0))),
        needs=(peer("transitions"),),
    ),
    Pair(
        name="decide, batch",
        ours="`decide` with four commands at once, which make one mail",
        theirs="the four decided one by one",
        prepare=batch_and_single,
        at_most=1.0,
    ),
)
