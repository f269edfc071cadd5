"""Matchers: what was refused, what was warned about, what is on an agenda; each fails with a table of what there is instead.

They work with ``==`` in any test runner (the pytest plugin shows their tables), or by themselves:

    with refuses("follow-up.after-delivery"):
        desk.handle(case.id, FollowUp(...))
    assert desk.why_not(case.id, FollowUp(...)) == refuses("follow-up.after-delivery")
    assert desk == agenda_has("follow-up.days", at="2026-03-05 10:00", whom="ben")
    warns("contact.wishes").check(outcome)
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime
from types import TracebackType
from typing import Self, cast

from pendulum import DateTime

from recovery.core.agenda import Step
from recovery.core.calendar import BusinessCalendar
from recovery.core.decide import Decision
from recovery.core.errors import InvalidValue, Reason, Refused
from recovery.core.policy import Policy
from recovery.core.values import instant, invalid
from recovery.desk import Desk, Outcome
from recovery.testing.moments import MONDAY, Told, instant_of
from recovery.testing.played import Played
from recovery.testing.story import Story
from recovery.testing.tables import agenda_table, local, reason_table
from recovery.testing.then import no_such

__all__ = ["Matcher", "agenda_has", "refuses", "warns"]


class Matcher(ABC):
    """What a value must be. Equal to every value that is so; :meth:`check` raises where it is not, and says why."""

    @abstractmethod
    def explain(self, value: object) -> str:
        """Return what is not so about ``value``; empty where all is well. Raises ``TypeError`` for a value it cannot look at."""

    def check(self, value: object) -> None:
        """Raise ``AssertionError``, telling what there is instead, unless ``value`` is so."""
        if wrong := self.explain(value):
            raise AssertionError(wrong)

    def __eq__(self, value: object) -> bool:
        return not self.explain(value)

    __hash__ = None  # type: ignore[assignment]


class _ByRules(Matcher):
    """A matcher that looks for rules among reasons."""

    def __init__(self, *rules: str, only: bool = False) -> None:
        if not rules:
            raise TypeError(f"{type(self).__name__}() needs the id of a rule, such as 'follow-up.after-delivery'")
        self.rules = rules
        self.only = only

    def __repr__(self) -> str:
        only = ", only=True" if self.only else ""
        return f"{type(self).__name__}({', '.join(map(repr, self.rules))}{only})"

    def fits(self, reasons: Iterable[Reason]) -> bool:
        """Whether all rules are among the reasons, and with ``only`` no others."""
        found, wanted = {reason.rule for reason in reasons}, set(self.rules)
        return found == wanted if self.only else wanted <= found

    @property
    def named(self) -> str:
        """The rules to read."""
        return " and ".join(self.rules) + (" alone" if self.only else "")


class refuses(_ByRules):  # noqa: N801  (it reads as a word of the sentence: with refuses("..."))
    """Refused because of these rules; other reasons may stand beside them, unless ``only``.

    As a context manager it fails where nothing is refused, or for other reasons; ``reasons`` then holds what the refusal said.
    Compared with reasons (of ``why_not``), a :class:`Refused`, or a list of either, it holds where they name the rules.
    """

    def __init__(self, *rules: str, only: bool = False) -> None:
        super().__init__(*rules, only=only)
        self.reasons: tuple[Reason, ...] = ()

    def explain(self, value: object) -> str:
        """Return what is not so about reasons, or a refusal."""
        reasons = _reasons(value)
        if self.fits(reasons):
            return ""
        if not reasons:
            return f"wanted a refusal by {self.named}, but nothing is refused"
        return f"wanted a refusal by {self.named}, but it is refused by:\n{reason_table(reasons)}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        if error is None:
            raise AssertionError(f"wanted a refusal by {self.named}, but nothing was refused")
        if not isinstance(error, Refused):
            return False
        self.reasons = error.reasons
        if wrong := self.explain(error):
            raise AssertionError(f"{error.command}: {wrong}") from error
        return True


class warns(_ByRules):  # noqa: N801  (see above)
    """Done, with a warning by these rules; others may stand beside them, unless ``only``.

    Compared with an outcome of a desk, a decision, or reasons.
    """

    def explain(self, value: object) -> str:
        """Return what is not so about the warnings of an outcome or a decision."""
        reasons = value.warnings if isinstance(value, (Outcome, Decision, Played)) else _reasons(value)
        if self.fits(reasons):
            return ""
        if not reasons:
            return f"wanted a warning by {self.named}, but nothing is warned about"
        return f"wanted a warning by {self.named}, but the warnings are:\n{reason_table(reasons)}"


class agenda_has(Matcher):  # noqa: N801  (see above)
    """A dated step of ``rule`` (or of a clock with that id) on an agenda: due ``at`` that instant, a step of ``whom``, if given.

    ``at`` is aware, or local to the desk where it has no zone; ``"+3 bd"`` counts from the desk's now. Compared with a desk, a
    story, a played scenario, or a tuple of steps, which has no zone of its own: there ``at`` is aware.
    """

    def __init__(self, rule: str, *, at: Told | None = None, whom: str | None = None) -> None:
        self.rule = rule
        self.at = at
        self.whom = whom

    def __repr__(self) -> str:
        given = (("at", self.at), ("whom", self.whom))
        parts = [repr(self.rule), *(f"{name}={value!r}" for name, value in given if value is not None)]
        return f"agenda_has({', '.join(parts)})"

    def explain(self, value: object) -> str:
        """Return what is not so about an agenda."""
        if (policy := _policy(value)) is not None and (hint := no_such(self.rule, policy)):
            raise InvalidValue("the matcher", [invalid("rule", f"{self.rule!r} is no rule or clock here", hint)])
        steps, calendar, now = _agenda(value)
        due = None if self.at is None else self._due(calendar, now)
        if any(self._is(step) and due in (None, step.due_at) for step in steps):
            return ""
        when = "" if due is None else f" at {local(due, calendar)}"
        whom = "" if self.whom is None else f" for {self.whom}"
        return f"wanted {self.rule}{when}{whom} on the agenda, but there is:\n{agenda_table(steps, calendar)}"

    def _due(self, calendar: BusinessCalendar | None, now: DateTime) -> DateTime:
        if calendar is not None:
            return instant_of(cast(Told, self.at), now, calendar)
        if isinstance(self.at, datetime) and self.at.tzinfo is not None:
            return instant(self.at)
        raise TypeError(f"steps alone have no zone and no now: give an aware instant, or compare the desk itself, not {self.at!r}")

    def _is(self, step: Step) -> bool:
        return self.rule in (step.rule, step.clock) and self.whom in (None, step.whom)


def _policy(value: object) -> Policy | None:
    return value.policy if isinstance(value, (Desk, Story, Played)) else None


def _agenda(value: object) -> tuple[tuple[Step, ...], BusinessCalendar | None, DateTime]:
    """Return the steps of a desk, a story or a list, with the calendar they are read by, if one is known."""
    kind = type(value).__name__
    if isinstance(value, Desk):
        return value.agenda(), value.policy.calendar, instant(value.now())
    if isinstance(value, Story):
        return value.agenda, value.policy.calendar, value.now
    if isinstance(value, Played):
        return value.agenda, value.policy.calendar, value.ended
    if isinstance(value, (tuple, list)):
        members = tuple(cast("tuple[object, ...]", value))
        steps = [one for one in members if isinstance(one, Step)]
        if len(steps) == len(members):
            return tuple(steps), None, MONDAY
    raise TypeError(f"{kind} has no agenda: give a desk, a story, or the steps of agenda()")


def _reasons(value: object) -> tuple[Reason, ...]:
    """Return the reasons of a refusal, or reasons themselves."""
    kind = type(value).__name__
    if isinstance(value, (Refused, Played)):
        return value.reasons
    if isinstance(value, (tuple, list, set, frozenset)):
        members = list(cast("Iterable[object]", value))
        reasons = [one for one in members if isinstance(one, Reason)]
        if len(reasons) == len(members):
            return tuple(reasons)
    raise TypeError(f"{kind} holds no reasons: give those of why_not(), a Refused, an Outcome or a Decision")
