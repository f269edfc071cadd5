"""The clocks: a table of the default ones, and how they ran on one case over six weeks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pendulum
from pendulum import DateTime

from docpages import svg
from docpages.rules import anchor
from recovery import (
    Acknowledge,
    Address,
    ArrivalSource,
    Case,
    CauseKind,
    Channel,
    Clock,
    Command,
    ConfirmArrival,
    Contact,
    Customer,
    FollowUp,
    Inform,
    Investigate,
    OpenCase,
    Option,
    Policy,
    Propose,
    Reading,
    RecordAcceptance,
    RecordCause,
    RecordFollowUpAnswer,
    Rung,
    Said,
    Wake,
    Word,
    clocks,
    decide,
    policies,
)
from recovery.cli.rules import length_in_words, rung_in_words
from recovery.core.practice import CLOCKS

__all__ = ["picture", "story", "table"]

ZONE = "Europe/Berlin"
WEEKS = 6
LEFT, DAY, ROW, TOP = 190, 12, 22, 58


# ---------------------------------------------------------------- the table


def table() -> str:
    """Return every default clock: how long, from which mark to which, whether it pauses, whom it tells, and on what ground."""
    rows = ["| clock | due | runs | ladder | ground |", "| --- | --- | --- | --- | --- |"]
    rows += [f"| {' | '.join(_cells(clock))} |" for clock in CLOCKS]
    return "\n".join(rows)


def _cells(clock: Clock) -> Iterator[str]:
    length = clock.length
    due = "at once" if length.n == 0 else length_in_words(length.n, length.unit)
    runs = f"from {_plain(clock.starts)} to {_plain(clock.stops)}"
    yield f"[`{clock.id}`](rules.md#{anchor(clock.rule)})"
    yield f"{due}{'; pauses' if clock.may_pause else ''}"
    yield runs
    yield ", ".join(_rung(rung) for rung in clock.ladder)
    yield clock.citation.replace("|", "\\|")


def _rung(rung: Rung) -> str:
    whom = {"fallback": "fallback owner", "nobody": "passed on"}.get(rung.whom.value, rung.whom.value)
    when = rung_in_words(rung).partition(":")[0].removesuffix(" the due date").removesuffix(" the rung before")
    return f"**{whom}** {when}"


def _plain(marks: tuple[str, ...]) -> str:
    return " or ".join(f"*{mark.replace('_', ' ')}*" for mark in marks)


# ---------------------------------------------------------------- one case over six weeks


def _at(day: int, hour: int, minute: int = 0, month: int = 3) -> DateTime:
    return pendulum.datetime(2026, month, day, hour, minute, tz=ZONE)


def story() -> tuple[Case, Policy]:
    """Return a case that went the whole way in six weeks, and its policy."""
    mail, phone = frozenset({Channel.EMAIL}), frozenset({Channel.PHONE})
    policy = policies.default(fallback_owner="ana", calendar=policies.office_hours(ZONE), company="desk@shop.example")
    refund = Option(id="refund", text="We send your money back.", delivers="the refund")
    customer = Customer(
        name="Bo",
        addresses=(Address(channel=Channel.EMAIL, value="bo@boat.example"), Address(channel=Channel.PHONE, value="1234")),
    )
    contact = Contact(channel=Channel.EMAIL, sender=customer, text="The display went dark.", received_at=_at(2, 10))

    def wrote(text: str, at: DateTime) -> Word:
        return Word(via=mail, text=text, said_at=at)

    def solved(at: DateTime) -> tuple[Command, ...]:
        call = Word(via=phone, text="Is it solved?", said_at=at)
        said = Said(channel=Channel.PHONE, words="Yes.")
        return FollowUp(by="ana", word=call), RecordFollowUpAnswer(by="ana", said=said, solved=True)

    told: list[tuple[DateTime, tuple[Command, ...]]] = [
        (_at(2, 10), (OpenCase(case_id="c", reference="R", contact=contact),)),
        (_at(2, 10, 40), (Acknowledge(by="ana", word=wrote("I am on it.", _at(2, 10, 40)), next_word_at=_at(5, 12)),)),
        (_at(3, 9), (Investigate(by="ana"),)),
        (_at(5, 9, 30), (Propose(by="ana", word=wrote("We can do this:", _at(5, 9, 30)), options=(refund,)),)),
        (_at(6, 11), (RecordAcceptance(by="ana", option="refund", said=Said(channel=Channel.EMAIL, words="Please.")),)),
        (_at(9, 14), (Inform(by="ana", word=wrote("The bank has it.", _at(9, 14))),)),
    ]
    case: Case | None = None
    for now, commands in told:
        case = decide(case, *commands, policy=policy, now=now).case
    assert case is not None
    delivery = case.resolving.deliveries[0].id
    arrived = ConfirmArrival(by="ana", delivery_id=delivery, source=ArrivalSource.BANK)
    for now, commands in (
        (_at(11, 10), (arrived,)),
        (_at(13, 11), solved(_at(13, 11))),
        (_at(15, 11), (Wake(),)),
        (_at(16, 9), (RecordCause(by="ana", kind=CauseKind.SYSTEM, text="The card was charged twice."),)),
        (_at(31, 14), solved(_at(31, 14))),
    ):
        case = decide(case, *commands, policy=policy, now=now).case
    return case, policy


def picture() -> str:
    """Return how the clocks ran on that case: a bar for each run, a thin line up to its due instant."""
    case, policy = story()
    order = [clock.id for clock in CLOCKS]
    found = sorted(clocks(case, policy, _at(13, 9, month=4)), key=lambda reading: order.index(reading.clock))
    rows = [(name, list(runs)) for name, runs in groupby(found, key=lambda reading: reading.clock)]
    rows.sort(key=lambda row: row[1][0].started_at)
    height = TOP + ROW * len(rows) + 8
    shapes = [*_weeks(height), *_stages(case)]
    for number, (name, runs) in enumerate(rows):
        shapes += _row(TOP + ROW * number, name, runs)
    title = "How the default clocks ran on one case over six weeks"
    return svg.on_page(LEFT + DAY * 7 * WEEKS + 12, height, shapes, title=title)


def _x(at: DateTime) -> float:
    return LEFT + DAY * (at - _at(2, 0)).total_seconds() / 86400


def _weeks(height: float) -> Iterator[str]:
    for week in range(WEEKS + 1):
        monday = _at(2, 0).add(weeks=week)
        yield svg.line([(_x(monday), 24), (_x(monday), height)], dashed=True, look="soft")
        if week < WEEKS:
            yield svg.text(_x(monday) + 3, 14, monday.format("D MMM"), size=11, look="soft")


def _stages(case: Case) -> Iterator[str]:
    for name, label, side in (
        ("acknowledged", "ack.", "start"),
        ("proposed", "proposed", "start"),
        ("settled", "settled", "middle"),
        ("followed_up_days", "asked", "start"),
        ("followed_up_weeks", "asked again", "start"),
    ):
        mark = next(mark for mark in case.marks if mark.name == name)
        at = mark.at.in_timezone(ZONE)
        yield svg.dot(_x(at), 44, 3, look="accent")
        yield svg.text(_x(at) + (3 if side == "start" else 0), 37, label, size=10, anchor=side, look="accent")


def _row(y: float, name: str, runs: list[Reading]) -> Iterator[str]:
    yield svg.text(LEFT - 8, y + 13, name, size=11, anchor="end")
    for run in runs:
        start = _x(run.started_at)
        end = start + 3 if run.at is None else max(start + 3, _x(run.at))
        if run.due_at is not None:
            due = _x(run.due_at)
            yield svg.line([(start, y + 9), (due, y + 9)], look="soft")
            yield svg.line([(due, y + 3), (due, y + 15)], look="soft")
        yield svg.box(start, y + 5, end - start, 8, fill=0.55, stroke=0.8, look="accent")
