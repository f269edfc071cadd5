"""Which signals say that a customer may leave next, and how much each weighs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import cast

from attrs import field, frozen

from recovery.core.errors import Reason
from recovery.core.values import Value, checked, either, invalid

__all__ = ["SIGNALS", "WEIGHTS", "Contribution", "Risk", "Signal"]


class Signal(Enum):
    """Something on a customer's cases that says that they may leave."""

    NOT_AGREED = "not_agreed"
    BROKEN_PROMISE = "broken_promise"
    REOPENED = "reopened"
    REPEATED = "repeated"
    UNHAPPY = "unhappy"
    ANGRY = "angry"
    DECLINED = "declined"
    KEPT_WAITING = "kept_waiting"
    SERIOUS = "serious"
    UNANSWERED = "unanswered"
    HANDED_OVER = "handed_over"


SIGNALS: Mapping[Signal, str] = {
    Signal.NOT_AGREED: "was told a final no",
    Signal.BROKEN_PROMISE: "was promised something that was not kept in time",
    Signal.REOPENED: "had to come back with a case that we took for solved",
    Signal.REPEATED: "had the same kind of problem again",
    Signal.UNHAPPY: "says in the survey or at the follow-up that we did not treat them well",
    Signal.ANGRY: "was angry",
    Signal.DECLINED: "declined what we proposed",
    Signal.KEPT_WAITING: "waited longer for a word of ours than we set ourselves",
    Signal.SERIOUS: "had a problem that was serious or critical for them",
    Signal.UNANSWERED: "stopped answering us",
    Signal.HANDED_OVER: "was handed from one of us to another",
}
"""What each signal says, in words that go on after "the customer"."""

WEIGHTS: Mapping[Signal, float] = {
    Signal.NOT_AGREED: 3,
    Signal.BROKEN_PROMISE: 3,
    Signal.REOPENED: 3,
    Signal.REPEATED: 2,
    Signal.UNHAPPY: 3,
    Signal.ANGRY: 2,
    Signal.DECLINED: 1,
    Signal.KEPT_WAITING: 1,
    Signal.SERIOUS: 1,
    Signal.UNANSWERED: 2,
    Signal.HANDED_OVER: 0.5,
}
"""What each signal weighs unless a policy says otherwise: our judgement, in the order of the practice, and no measurement."""


def weights_of(given: Mapping[Signal, float] | Mapping[str, float]) -> Mapping[Signal, float]:
    """Return the weights by signal, those that are not given as they are by default; an unknown name is left for the check."""
    if not isinstance(cast(object, given), Mapping):
        return cast("Mapping[Signal, float]", given)
    names = {signal.value: signal for signal in Signal}
    told = {names.get(key, key) if isinstance(key, str) else key: weight for key, weight in given.items()}
    return cast("Mapping[Signal, float]", {**WEIGHTS, **told})


@frozen(kw_only=True)
class Contribution:
    """What one signal adds to a score: how often it was seen, how often it counts, its weight, and on which cases it was seen."""

    signal: Signal
    seen: int
    counted: int
    weight: float
    cases: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """What it adds."""
        return self.weight * self.counted


@frozen(kw_only=True)
class Risk(Value):
    """How the risk that a customer leaves is scored: the sum of the signals, each its weight times how often it was seen.

    A signal counts at most ``most`` times, and only on cases of the last ``days``. ``weights`` may name some of the signals; the
    others keep theirs. From ``alert`` points on a customer is named. Raises :class:`InvalidValue` for a weight that is no number.
    """

    weights: Mapping[Signal, float] = field(factory=lambda: WEIGHTS, converter=weights_of, hash=False)
    most: int = field(default=3, metadata=checked(either(int)))
    days: int = field(default=365, metadata=checked(either(int)))
    alert: float = field(default=3, metadata=checked(either(int, float)))

    def faults(self) -> list[Reason]:
        """Each weight is a finite number of a signal that exists."""
        if not isinstance(cast(object, self.weights), Mapping):
            return [invalid("weights", "is no mapping of signals to numbers", "Give {'reopened': 3, ...}.")]
        found: list[Reason] = []
        for signal, weight in self.weights.items():
            name = signal.value if isinstance(cast(object, signal), Signal) else str(signal)
            if not isinstance(cast(object, signal), Signal):
                known = ", ".join(each.value for each in Signal)
                found.append(invalid(f"weights.{name}", "is no signal", f"There are: {known}."))
            if not _is_number(weight):
                found.append(invalid(f"weights.{name}", f"is {weight!r}, which is no number", "Give a number, such as 2.5."))
        for name, least in (("most", 1), ("days", 1), ("alert", 0)):
            value = cast(float, getattr(self, name))
            if not _is_number(value) or value < least:
                found.append(invalid(name, f"is {value}, which is too little", f"Give {least} or more."))
        return found

    def contributions(
        self, seen: Mapping[Signal, int], where: Mapping[Signal, Sequence[str]] | None = None
    ) -> tuple[Contribution, ...]:
        """Return what each signal that was ``seen`` adds to the score, the most first; ``where`` names the cases it was seen on."""
        places: Mapping[Signal, Sequence[str]] = {} if where is None else where
        counted = ((signal, number, min(number, self.most)) for signal, number in seen.items() if number > 0)
        found = [
            Contribution(
                signal=signal, seen=number, counted=counts, weight=self.weights[signal], cases=tuple(places.get(signal, ()))
            )
            for signal, number, counts in counted
            if self.weights[signal]
        ]
        order = tuple(Signal)
        return tuple(sorted(found, key=lambda each: (-each.points, order.index(each.signal))))

    def score(self, seen: Mapping[Signal, int]) -> float:
        """Return the score for signals that were seen so often."""
        return sum(each.points for each in self.contributions(seen))


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
