"""Next to leave: which customers show signals that they may leave, each signal shown with what it adds.

The score is a sum that anybody can check: each signal counts as often as it was seen (up to a limit), times its weight in the
policy. It orders the customers for a look; it is no probability.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.agenda import Outcome, readings
from recovery.core.case import Case
from recovery.core.place import normal
from recovery.core.rule import Terms
from recovery.core.values import later
from recovery.core.vocabulary.closing import CloseReason
from recovery.core.vocabulary.common import Mood, Severity
from recovery.core.vocabulary.following_up import FollowUpOutcome
from recovery.core.vocabulary.losing import Contribution, Risk, Signal
from recovery.core.vocabulary.resolving import Resolution

__all__ = ["AtRisk", "customers_at_risk", "of_one_customer", "signals_of"]

TermsOf = Callable[[Case], Terms]

WAITED = frozenset(
    {"acknowledge.immediately", "contact.answer-owed", "contact.keep-informed", "propose.in-time", "resolve.whole-case"}
)
"""The rules whose missed clocks mean that the customer waited for us."""

_NO_SIGNAL = frozenset({CloseReason.NOT_A_CASE, CloseReason.DUPLICATE})


@frozen(kw_only=True)
class AtRisk:
    """A customer who may leave: the score, and every signal that adds to it. ``cases`` are the ids of the cases looked at."""

    customer_id: str | None
    name: str = field(repr=False, metadata={"personal": True})
    score: float
    contributions: tuple[Contribution, ...]
    cases: tuple[str, ...]
    open_cases: tuple[str, ...]
    owner: str


def signals_of(case: Case, terms: Terms, now: DateTime) -> Mapping[Signal, int]:
    """Return how often each signal is seen on one case; ``REPEATED`` needs several, and is counted over all of them."""
    following, survey = case.following_up, case.following_up.survey
    found = Counter(dict(_clock_signals(case, terms, now)))
    found[Signal.NOT_AGREED] = int(case.resolving.resolution is Resolution.NOT_AGREED)
    found[Signal.REOPENED] = case.closing.reopened
    found[Signal.UNHAPPY] = int(following.treated_well is False) + int(survey is not None and survey.unhappy)
    found[Signal.ANGRY] = int(case.receiving.mood is Mood.ANGRY)
    found[Signal.DECLINED] = case.proposing.declines
    found[Signal.SERIOUS] = int(case.receiving.severity in (Severity.SERIOUS, Severity.CRITICAL))
    silent = FollowUpOutcome.UNANSWERED in (following.days, following.weeks)
    found[Signal.UNANSWERED] = int(silent or case.closing.reason is CloseReason.NO_ANSWER)
    found[Signal.HANDED_OVER] = sum(mark.name == "owner_changed" for mark in case.marks)
    return {signal: number for signal, number in found.items() if number}


def _clock_signals(case: Case, terms: Terms, now: DateTime) -> Iterator[tuple[Signal, int]]:
    missed = Counter(reading.rule for reading in readings(case, terms, now) if reading.outcome is Outcome.MISSED)
    yield Signal.BROKEN_PROMISE, missed["promise.tracked"]
    yield Signal.KEPT_WAITING, sum(number for rule, number in missed.items() if rule in WAITED)


def customers_at_risk(cases: Iterable[Case], risk: Risk, now: DateTime, terms_of: TermsOf) -> tuple[AtRisk, ...]:
    """Return the customers whose score reaches ``risk.alert``, the highest first. Whoever has left already is not named.

    Cases count that were opened within ``risk.days`` before ``now``, or are open. Cases belong to one customer where they share the
    host's customer number or an address.
    """
    since = later(now, -timedelta(days=risk.days))
    counted = [case for case in cases if _counts(case, since)]
    found = (_at_risk(group, risk, now, terms_of) for group in of_one_customer(counted) if not _left(group))
    named = [each for each in found if each.score >= risk.alert and each.contributions]
    return tuple(sorted(named, key=lambda each: (-each.score, each.cases)))


def _counts(case: Case, since: DateTime) -> bool:
    ours = case.losing.lost_case is not None or case.in_tray or case.closing.reason in _NO_SIGNAL
    return not ours and (case.opened_at >= since or not case.ended)


def _left(group: Iterable[Case]) -> bool:
    return max(group, key=lambda case: (case.opened_at, case.id)).closing.reason is CloseReason.LOST


def _at_risk(group: list[Case], risk: Risk, now: DateTime, terms_of: TermsOf) -> AtRisk:
    seen, where = Counter[Signal](), dict[Signal, list[str]]()
    for case in group:
        for signal, number in signals_of(case, terms_of(case), now).items():
            seen[signal] += number
            where.setdefault(signal, []).append(case.id)
    for again in _repeated(group):
        seen[Signal.REPEATED] += 1
        where.setdefault(Signal.REPEATED, []).append(again.id)
    added = risk.contributions(seen, where)
    latest = group[-1]
    return AtRisk(
        customer_id=next((case.receiving.customer.id for case in reversed(group) if case.receiving.customer.id), None),
        name=next((case.receiving.customer.name for case in reversed(group) if case.receiving.customer.name), ""),
        score=sum(each.points for each in added),
        contributions=added,
        cases=tuple(case.id for case in group),
        open_cases=tuple(case.id for case in group if not case.ended),
        owner=next((case.owner for case in reversed(group) if not case.ended), latest.owner),
    )


def _repeated(group: Iterable[Case]) -> Iterator[Case]:
    """Yield each case whose kind of problem the customer had before."""
    kinds = set[str]()
    for case in group:
        kind = case.receiving.category
        if kind is not None and kind in kinds:
            yield case
        kinds |= {kind} if kind is not None else set()


def of_one_customer(cases: Iterable[Case]) -> list[list[Case]]:
    """Return the cases in groups, one per customer, each the oldest first: joined by customer number or by an address."""
    ordered = sorted(cases, key=lambda case: (case.opened_at, case.id))
    above, first = list(range(len(ordered))), dict[tuple[str, str], int]()
    for number, case in enumerate(ordered):
        for key in _keys(case):
            one, other = _top(above, first.setdefault(key, number)), _top(above, number)
            above[max(one, other)] = min(one, other)
    groups: dict[int, list[Case]] = {}
    for number, case in enumerate(ordered):
        groups.setdefault(_top(above, number), []).append(case)
    return list(groups.values())


def _top(above: list[int], number: int) -> int:
    """Return the first case of the customer whose case this is, and shorten the way to it for the next who asks."""
    while above[number] != number:
        above[number] = above[above[number]]
        number = above[number]
    return number


def _keys(case: Case) -> Iterator[tuple[str, str]]:
    customer = case.receiving.customer
    if customer.id:
        yield "customer", customer.id
    for address in customer.addresses:
        yield address.channel.value, normal(address.value)
