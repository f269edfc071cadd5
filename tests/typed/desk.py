"""A desk, as a host embeds it: what goes in, what comes out, and what is caught. Never run: mypy and pyright read it."""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import assert_type

from pendulum import DateTime

from recovery import (
    Acknowledge,
    AsyncDesk,
    Case,
    Channel,
    ConsoleNotifier,
    Contact,
    Customer,
    Desk,
    Entry,
    InvalidValue,
    Investigate,
    MemoryStore,
    Outcome,
    Policy,
    Reason,
    Recorded,
    Refused,
    SQLiteStore,
    Stage,
    Step,
    Strength,
    Word,
    Work,
    policies,
)
from recovery.ports import Finding, Query


def a_desk() -> Desk:
    """Any aware clock tells the time; a store and a policy are all that a desk needs."""
    policy = policies.default(fallback_owner="ana", calendar=policies.office_hours("Europe/Berlin"))
    assert_type(policy, Policy)
    Desk(store=SQLiteStore("recovery.db"), policy=policy, notifier=ConsoleNotifier())
    return Desk(store=MemoryStore(), policy=policy, now=lambda: datetime.now(UTC))


def what_comes_out(desk: Desk, contact: Contact, command: Acknowledge) -> None:
    """Everything that a desk answers has a type of its own."""
    outcome = desk.receive(contact, key="mail-17")
    assert_type(outcome, Outcome)
    assert_type(outcome.case, Case)
    assert_type(outcome.case.stage, Stage)
    assert_type(outcome.events, tuple[Recorded, ...])
    assert_type(outcome.warnings, tuple[Reason, ...])
    assert_type(desk.handle("c-1", command, Investigate(by="ana"), key="k", expected_version=3), Outcome)
    assert_type(desk.why_not("c-1", command), tuple[Reason, ...])
    assert_type(desk.permitted("c-1"), Mapping[str, tuple[Reason, ...]])
    assert_type(desk.load("c-1"), Case)
    assert_type(desk.at("c-1", datetime.now(UTC)), Case)
    assert_type(desk.timeline("c-1"), tuple[Entry, ...])
    assert_type(desk.doctor(), tuple[Finding, ...])


def what_is_asked(desk: Desk) -> None:
    """Criteria are checked by name and by type, whether as words or as a query."""
    assert_type(desk.find(owner="ana", stage=Stage.RECEIVED, open_only=True), Iterator[Case])
    assert_type(desk.find(Query(owner="ana")), Iterator[Case])
    for step in desk.agenda(owner="ana", until=datetime.now(UTC)):
        assert_type(step, Step)
        assert_type(step.due_at, DateTime | None)
        assert_type(step.left, timedelta | None)


def what_happens_by_itself(desk: Desk) -> None:
    """A round of work tells what it did."""
    work = desk.work(limit=10)
    assert_type(work, Work)
    assert_type(work.sent, int)
    assert_type(work.lag, timedelta)


async def in_an_event_loop(desk: AsyncDesk) -> None:
    """The same parameters and answers, awaited."""
    assert_type(await desk.load("c-1"), Case)
    assert_type(await desk.handle("c-1", Investigate(by="ana"), key="k-1"), Outcome)
    assert_type(await desk.agenda(owner="ana"), tuple[Step, ...])
    assert_type(await desk.work(limit=10), Work)
    async for case in desk.find(owner="ana", open_only=True):
        assert_type(case, Case)
    await desk.receive("It broke.")  # type: ignore[arg-type]
    await desk.agenda(oner="ana")  # type: ignore[call-arg]
    await desk.keep_working(every=30)  # type: ignore[arg-type]


def what_is_caught(desk: Desk, command: Acknowledge) -> tuple[Reason, ...]:
    """A refusal and an impossible value both carry reasons, and a reason its parts."""
    try:
        desk.handle("c-1", command)
    except (Refused, InvalidValue) as error:
        for reason in error.reasons:
            assert_type(reason.rule, str)
            assert_type(reason.field, str | None)
            assert_type(reason.strength, Strength)
        return error.reasons
    return ()


def wrong(desk: Desk, policy: Policy) -> None:
    """What could only fail when it runs is found before."""
    word = Word(via={Channel.EMAIL}, text="I am on it.")
    Desk(policy=policy)  # type: ignore[call-arg]
    Desk(store=MemoryStore(), policy=policy, now=datetime.now(UTC))  # type: ignore[arg-type]
    Desk(store="recovery.db", policy=policy)  # type: ignore[arg-type]
    desk.handle("c-1", word)  # type: ignore[arg-type]
    desk.handle("c-1", Investigate)  # type: ignore[arg-type]
    desk.receive("It broke.")  # type: ignore[arg-type]
    desk.receive(Customer(name="Bo"))  # type: ignore[arg-type]
    desk.find(oner="ana")  # type: ignore[call-arg]
    desk.find(stage="received")  # type: ignore[arg-type]
    desk.policy = policy  # type: ignore[misc]
    desk.load("c-1").stage = Stage.CLOSED  # type: ignore[misc]
    policies.default(fallback_owner="ana")  # type: ignore[call-arg]
