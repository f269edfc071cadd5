"""The rules of following up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from pendulum import DateTime

from recovery.core.case import Case
from recovery.core.practice.common import happened, way_back
from recovery.core.rule import Moment, Problem, rule
from recovery.core.stages import Stage
from recovery.core.values import later
from recovery.core.vocabulary.common import Channel, Command
from recovery.core.vocabulary.following_up import Attempt, FollowUp, PassFollowUp, RecordFollowUpAnswer, Topic, Which

HEADING = "following_up"
APART = timedelta(days=7)
"""How long the second follow-up waits after the first was done (practice: ``follow-up.not-too-soon``)."""


def which_of(case: Case) -> Which:
    """Return the follow-up that comes next in the present stage."""
    return Which.WEEKS if case.stage in (Stage.FOLLOWED_UP_DAYS, Stage.FOLLOWED_UP_WEEKS) else Which.DAYS


def _claims_solved(command: Command) -> bool:
    return not isinstance(command, RecordFollowUpAnswer) or command.solved


@rule("follow-up.not-too-soon", heading=HEADING, source="D", on=(FollowUp, RecordFollowUpAnswer), of_case=True)
def not_too_soon(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being asked before they can know: a day after it was settled, a week after the first time."""
    if not _claims_solved(command):
        return
    at, soonest = happened(command, moment), _soonest(case, moment)
    if soonest is not None and at < soonest:
        when = moment.terms.calendar.local_text(soonest)
        yield Problem("it is too soon to ask", hint=f"The first possible instant is {when}.", params={"from": soonest})


def _soonest(case: Case, moment: Moment) -> DateTime | None:
    if case.stage is Stage.FOLLOWED_UP_DAYS and case.following_up.days_at is not None:
        return later(case.following_up.days_at, APART)
    settled = case.resolving.settled_at or case.resolving.at
    return None if settled is None else moment.terms.too_soon.after(settled, moment.terms.calendar)


@rule("follow-up.after-delivery", heading=HEADING, source="D", on=(FollowUp, RecordFollowUpAnswer), of_case=True)
def after_delivery(case: Case, command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being asked how they like what has not arrived."""
    if not _claims_solved(command):
        return
    for delivery in case.resolving.deliveries:
        if delivery.arrived_at is None and not delivery.unconfirmed:
            hint = f"Check the arrival first (CheckArrival), or confirm it (ConfirmArrival, delivery_id={delivery.id!r})."
            yield Problem(f"{delivery.what} has not arrived yet", hint=hint, params={"delivery": delivery.id})


@rule("follow-up.other-channel", heading=HEADING, source="D", on=(FollowUp,))
def other_channel(case: Case, command: FollowUp, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being asked only where the case was settled, which they may have stopped reading."""
    settled = case.resolving.settled_via
    others = [channel for channel in _channels(case) if channel not in settled]
    tried = command.word.via.union(*(attempt.via for attempt in _attempts(case)))
    if others and not tried - settled:
        names = ", ".join(sorted(channel.value for channel in others))
        was = ", ".join(sorted(channel.value for channel in settled))
        yield Problem(f"the case was settled by {was}, and nothing else was tried", field="word.via", hint=f"Add one of: {names}.")


def _channels(case: Case) -> tuple[Channel, ...]:
    known = dict.fromkeys(address.channel for address in case.receiving.customer.addresses)
    return tuple(address.channel for address in case.reachable(known))


def _attempts(case: Case) -> tuple[Attempt, ...]:
    which = which_of(case)
    return tuple(attempt for attempt in case.following_up.attempts if attempt.which is which)


@rule("follow-up.says", heading=HEADING, source="D", on=(FollowUp,))
def follow_up_says(case: Case, command: FollowUp, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a survey in disguise: it restates the issue, asks both questions, and has a direct way back."""
    if not command.word.reached:
        return
    if not (command.issue.strip() or case.receiving.issue):
        yield Problem("it does not restate the issue", field="issue", hint="Say in a sentence what it was about.")
    for topic in sorted(Topic, key=lambda topic: topic.value):
        if topic not in command.topics:
            asks = {Topic.SOLVED: "whether it is really solved", Topic.TREATMENT: "whether the contact was as expected"}
            yield Problem(f"it does not ask {asks[topic]}", field="topics", hint=f"Add Topic.{topic.name}.")
    if not way_back(command.reach, command, moment):
        yield Problem(
            "it gives no direct way back", field="reach", hint="Give reach=, or an address for this person in the policy."
        )


@rule("follow-up.solved", heading=HEADING, source="D", on=(RecordFollowUpAnswer,))
def follow_up_solved(case: Case, command: RecordFollowUpAnswer, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from their yes to a proposal being counted as "it works": accepted is not solved."""
    contact = None if command.said.contact is None else case.contact(command.said.contact)
    said_at = command.said.at if contact is None else contact.at
    resolved_at = case.resolving.at
    if command.solved and said_at is not None and resolved_at is not None and said_at <= resolved_at:
        hint = "Ask now, and record what the customer says now."
        yield Problem("the customer said that before the case was resolved", field="said", hint=hint)


@rule("follow-up.something-else", heading=HEADING, source="E", on=(RecordFollowUpAnswer,))
def something_else(_case: Case, command: RecordFollowUpAnswer, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer's afterthought from being lost: it becomes a linked case or a dated step in the same breath."""
    if command.something_else.strip() and command.then is None:
        hint = "Say Then.LINKED_CASE or Then.STEP; meanwhile it is a step of the owner."
        yield Problem("nothing was decided about what else the customer needs", field="then", hint=hint)


@rule("follow-up.unreachable", heading=HEADING, source="D", on=(PassFollowUp,), of_case=True)
def unreachable(case: Case, _command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being given up after one ring: three tries, two channels, a working day apart."""
    wanted, tries = moment.terms.attempts, _spaced(_attempts(case), moment)
    if len(tries) < wanted:
        message = f"{len(tries)} of {wanted} tries a working day apart have been made"
        yield Problem(message, hint="Try again, on another channel.", params={"tries": len(tries), "wanted": wanted})
    used = frozenset[Channel]().union(*(attempt.via for attempt in _attempts(case)))
    if len(_channels(case)) > 1 and len(used) < 2:
        names = ", ".join(channel.value for channel in _channels(case) if channel not in used)
        yield Problem("only one channel has been tried", hint=f"Try one of: {names}.")


def _spaced(attempts: Iterable[Attempt], moment: Moment) -> list[Attempt]:
    counted: list[Attempt] = []
    for attempt in attempts:
        gap = moment.terms.between_attempts
        if not counted or attempt.at >= gap.after(counted[-1].at, moment.terms.calendar):
            counted.append(attempt)
    return counted
