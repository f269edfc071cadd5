"""The pure core and rules of one's own, without a desk. Never run: mypy and pyright read it."""
# pyright: strict, reportUnnecessaryTypeIgnoreComment=true

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import assert_type

from pendulum import DateTime

from recovery import (
    BusinessCalendar,
    Case,
    Check,
    Clock,
    Command,
    Decision,
    FollowUp,
    Investigate,
    Length,
    Message,
    Moment,
    Policy,
    Problem,
    Propose,
    Reading,
    Reason,
    Recorded,
    Rung,
    Step,
    Strength,
    Unit,
    Whom,
    agenda,
    clocks,
    decide,
    fold,
    policies,
    redact,
    rule,
    why_not,
)
from recovery.core.messages import Public, public_values

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def telling_the_customer(told: dict[str, Public], internal: dict[str, str], decision: Decision) -> None:
    """A text for colleagues cannot stand where one for customers is wanted; what a customer may read is made of events."""
    readable: Mapping[str, Public] = told
    readable = internal  # type: ignore[assignment]
    readable = public_values(decision.events[0].event)
    assert_type(readable, dict[str, Public])


def deciding(case: Case, command: Investigate, policy: Policy) -> None:
    """A case, commands, a policy and an instant lead to a decision."""
    decision = decide(case, command, policy=policy, now=NOW)
    assert_type(decision, Decision)
    assert_type(decision.case, Case)
    assert_type(decision.events, tuple[Recorded, ...])
    assert_type(decision.messages, tuple[Message, ...])
    assert_type(decision.wake_at, DateTime | None)
    assert_type(why_not(None, command, policy=policy, now=NOW), tuple[Reason, ...])
    assert_type(agenda(case, policy), tuple[Step, ...])
    assert_type(clocks(case, policy, NOW), tuple[Reading, ...])
    assert_type(fold(decision.events), Case)
    assert_type(redact(case), Case)


@rule("shop.two-options", heading="proposing", source="the shop", on=(Propose,), strength=Strength.SHOULD)
def two_options(_case: Case, command: Propose, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a choice that is none."""
    if len(command.options) < 2:
        yield Problem("it offers one thing only", field="options", hint="Offer a second one.")


@rule("shop.said", heading="proposing", source="the shop", on=(Propose, FollowUp))
def not_shouting(_case: Case, command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being shouted at."""
    if isinstance(command, Propose | FollowUp) and command.word.text.isupper():
        yield Problem("it shouts", field="word.text")


def a_policy() -> Policy:
    """A rule of one's own is a value beside the practice's, and a clock is data."""
    assert_type(two_options, Check)
    calendar = BusinessCalendar(
        timezone="Europe/Berlin",
        week={"monday": (("09:00", "17:00"),), "tuesday": [("10:00", "12:00")]},
        holidays={date(2026, 4, 6)},
    )
    assert_type(calendar.add(NOW, timedelta(hours=4)), DateTime)
    assert_type(calendar.between(NOW, NOW), timedelta)
    assert_type(calendar.at_local_time(date(2026, 4, 7), time(9)), DateTime)
    own = Clock(
        id="shop.call",
        rule="shop.call",
        what="call the customer",
        starts=("received",),
        stops=("spoke",),
        length=Length(2, Unit.BUSINESS_HOURS),
        ladder=(Rung(when=Length(0, Unit.HOURS), whom=Whom.SUPERVISOR),),
    )
    return policies.default(
        fallback_owner="ana",
        calendar=calendar,
        rules=[two_options, not_shouting],
        clocks=[own],
        strengths={"propose.options-or-no": Strength.MUST},
    )


def about_propose(_case: Case, command: Propose, _moment: Moment) -> Iterator[Problem]:
    """Yield nothing: it is here for what is wrong with using it below."""
    yield from ()


def wrong(case: Case, policy: Policy, calendar: BusinessCalendar) -> None:
    """What could only fail when it runs is found before."""
    decide(case, Investigate(by="ana"), policy=policy)  # type: ignore[call-arg]
    decide(case, Investigate(by="ana"), policy, NOW)  # type: ignore[call-arg, arg-type]
    clocks(case, policy)  # type: ignore[call-arg]
    rule("shop.x", heading="proposing", source="the shop", on=(FollowUp,))(about_propose)  # type: ignore[arg-type]
    rule("shop.x", heading="proposing", on=(Propose,))(about_propose)  # type: ignore[call-arg]
    two_options.strength = Strength.MUST  # type: ignore[misc]
    Length("2", Unit.HOURS)  # type: ignore[arg-type]
    Rung(when="2 bd", whom=Whom.OWNER)  # type: ignore[arg-type]
    calendar.add(NOW, 4)  # type: ignore[arg-type]
    calendar.add_days(NOW, timedelta(days=1))  # type: ignore[arg-type]
    policies.default(fallback_owner="ana", calendar="Europe/Berlin")  # type: ignore[arg-type]
