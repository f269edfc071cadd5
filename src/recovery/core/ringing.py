"""Ringing: when a rung is reached, somebody is told, the customer is asked again, or what has lapsed is passed on."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen
from pendulum import DateTime

from recovery.core.agenda import Reckoning, Step, soonest
from recovery.core.case import Case
from recovery.core.clock import Whom
from recovery.core.practice import LAPSES
from recovery.core.practice.common import Draft
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import MACHINE, Channel, Command, Event
from recovery.core.vocabulary.receiving import AlarmRung, Part

__all__ = ["Rang", "due_step", "ring"]


@frozen(kw_only=True)
class Rang:
    """What one rung leads to: its entry in the history, what follows by itself, and who must be told."""

    alarm: AlarmRung
    follows: tuple[Event | Command, ...] = ()
    drafts: tuple[Draft, ...] = ()


def due_step(reckoning: Reckoning, now: DateTime) -> Step | None:
    """Return the step whose next rung has been reached for the longest time, if there is one."""
    step = soonest(reckoning)
    return None if step is None or step.wake_at is None or step.wake_at > now else step


def ring(case: Case, step: Step, moment: Moment) -> Rang:
    """Return what follows when the next rung of ``step`` rings now."""
    lapse = LAPSES.get(step.clock)
    silenced = lapse is not None and case.silenced and moment.terms.timing.by_id[step.clock].contacts
    whom = Whom.NOBODY if silenced else Whom.OWNER if step.rung is None else step.rung.whom
    person = _person(whom, step, moment)
    alarm = AlarmRung(
        at=moment.now,
        by=MACHINE,
        clock=step.clock,
        rule=step.rule,
        run=step.run,
        rung=step.index,
        whom=whom.value,
        person=person,
    )
    if whom is Whom.NOBODY:
        return Rang(alarm=alarm, follows=() if lapse is None else tuple(lapse(case, step.key, moment)))
    part = Part(template="reminder" if step.rung is None else step.rung.says, values=_values(case, step))
    if whom is Whom.CUSTOMER:
        return Rang(alarm=alarm, drafts=(Draft(part=part, avoid=_last_channel(case, step)),))
    return Rang(alarm=alarm, drafts=(Draft(part=part, person=person),))


def _person(whom: Whom, step: Step, moment: Moment) -> str | None:
    terms, context = moment.terms, moment.context
    if whom in (Whom.CUSTOMER, Whom.NOBODY):
        return None
    ladder = {Whom.OWNER: step.whom, Whom.SUPERVISOR: terms.supervisor(step.whom)}
    asked = ladder.get(whom, terms.fallback_owner)
    if context.is_away(asked):
        above = terms.supervisor(asked)
        return terms.fallback_owner if context.is_away(above) else above
    return asked


def _values(case: Case, step: Step) -> tuple[tuple[str, str], ...]:
    due = "" if step.due_at is None else step.due_at.isoformat()
    return (("rule", step.rule), ("key", step.key), ("due_at", due), ("what", _public(case, step)))


def _public(case: Case, step: Step) -> str:
    """Return what the step is, unless somebody wrote it: people's words are looked up when the message is put together."""
    return "" if any(task.id == step.key for task in case.receiving.tasks) else step.what


def _last_channel(case: Case, step: Step) -> Channel | None:
    chases = (out for out in reversed(case.receiving.outgoing) if out.person is None and _about(out.parts, step.key))
    return next((out.channel for out in chases), None)


def _about(parts: Iterable[Part], key: str) -> bool:
    return any(("key", key) in part.values and part.template.startswith("chase") for part in parts)
