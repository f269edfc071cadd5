"""What must hold after a scenario, and every difference from what happened."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from attrs import field, frozen

from recovery.core.agenda import Outcome, Step
from recovery.core.errors import InvalidValue, Reason
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.values import Value, checked, either, every, invalid, is_id, maybe
from recovery.core.vocabulary.known import Priority
from recovery.testing.moments import Told, instant_of
from recovery.testing.played import Played
from recovery.testing.tables import agenda_table, clock_table, local, reason_table, table

__all__ = ["Difference", "Then", "differences"]


def _names(given: object) -> object:
    """Take one name, or several."""
    if isinstance(given, str):
        return frozenset({given})
    return frozenset(cast("Iterable[str]", given)) if isinstance(given, (set, frozenset, list, tuple)) else given


def _in_order(given: object) -> object:
    if isinstance(given, str):
        return (given,)
    return tuple(cast("Iterable[str]", given)) if isinstance(given, (list, tuple)) else given


def refused_names(given: Iterable[str] | str) -> frozenset[str]:
    """Return one rule, or several, as a set."""
    return cast("frozenset[str]", _names(given))


def warned_names(given: Iterable[str] | str | None) -> frozenset[str] | None:
    """Return one rule, or several, as a set; ``None`` stays."""
    return None if given is None else cast("frozenset[str]", _names(given))


def kinds_in_order(given: Sequence[str] | str) -> tuple[str, ...]:
    """Return one kind, or several, in order."""
    return cast("tuple[str, ...]", _in_order(given))


def maybe_in_order(given: Sequence[str] | str | None) -> tuple[str, ...] | None:
    """Return one name, or several, in order; ``None`` stays."""
    return None if given is None else kinds_in_order(given)


def people_in_order(given: Mapping[str, Sequence[str] | str]) -> Mapping[str, tuple[str, ...]]:
    """Return the people of each rule in order."""
    return {rule: kinds_in_order(people) for rule, people in given.items()}


def outcomes_of(given: Mapping[str, Outcome | str]) -> Mapping[str, Outcome]:
    """Return the outcome of each clock; raises ``ValueError`` for an unknown one."""
    return {clock: Outcome(how) for clock, how in given.items()}


@frozen(kw_only=True)
class Then(Value):
    """What must hold afterwards. What is not mentioned is not looked at, except that nothing may be refused that is not named.

    ``refused`` are the rules of the refusal, exactly; ``warned`` the rules of all warnings, exactly. ``agenda`` names rules or
    clocks that have a step, each with the instant it is due (a length counts from the beginning of ``when``), or ``True`` for any;
    ``no_agenda`` those that have none. ``messages`` are templates that were used, ``events`` kinds of events that came, in this
    order, others between them. ``clocks`` says how the latest run of a clock stands, ``told`` whom the clocks of a rule told
    meanwhile, in order (``"customer"`` for the customer; nobody is ``[]``). ``opens`` counts other cases that were opened.
    ``suggested`` are the remedies that the library suggests at the end, the best first, exactly. ``signals`` are those by which
    the customer is named as the next to leave, exactly (none: they are not named); ``charged`` says how many losses each unit is
    charged with, ``training`` how many causes of each point at skill.
    """

    refused: frozenset[str] = field(default=frozenset[str](), converter=refused_names, metadata=checked(every(is_id)))
    warned: frozenset[str] | None = field(default=None, converter=warned_names, metadata=checked(maybe(every(is_id))))
    stage: Stage | None = field(default=None, metadata=checked(maybe(either(Stage))))
    owner: str | None = field(default=None, metadata=checked(maybe(is_id)))
    priority: Priority | None = field(default=None, metadata=checked(maybe(either(Priority))))
    in_tray: bool | None = field(default=None, metadata=checked(maybe(either(bool))))
    agenda: Mapping[str, Told | bool] = field(factory=dict[str, "Told | bool"], hash=False)
    no_agenda: frozenset[str] = field(default=frozenset[str](), converter=refused_names, metadata=checked(every(is_id)))
    messages: frozenset[str] = field(default=frozenset[str](), converter=refused_names, metadata=checked(every(is_id)))
    events: tuple[str, ...] = field(default=(), converter=kinds_in_order, metadata=checked(every(is_id)))
    clocks: Mapping[str, Outcome] = field(factory=dict[str, Outcome], converter=outcomes_of, hash=False)
    told: Mapping[str, tuple[str, ...]] = field(factory=dict[str, "tuple[str, ...]"], converter=people_in_order, hash=False)
    opens: int | None = field(default=None, metadata=checked(maybe(either(int))))
    suggested: tuple[str, ...] | None = field(default=None, converter=maybe_in_order, metadata=checked(maybe(every(is_id))))
    signals: frozenset[str] | None = field(default=None, converter=warned_names, metadata=checked(maybe(every(is_id))))
    charged: Mapping[str, int] | None = field(default=None, hash=False)
    training: Mapping[str, int] | None = field(default=None, hash=False)


@frozen(kw_only=True)
class Difference:
    """One part of what must hold that does not: what was wanted, what was found, and the table that shows more."""

    part: str
    wanted: str
    found: str
    shown: str = ""

    def __str__(self) -> str:
        shown = f"\n{self.shown}" if self.shown else ""
        return f"{self.part}: wanted {self.wanted}, found {self.found}{shown}"


def differences(then: Then, played: Played) -> tuple[Difference, ...]:
    """Return everything in which ``played`` is not as ``then`` wants it.

    Raises :class:`InvalidValue` where ``then`` names a rule or a clock that the policy does not have.
    """
    if unknown := list(_unknown(then, played.policy)):
        raise InvalidValue("the scenario", unknown)
    return tuple(
        found for part in (_refused, _warned, _state, _agenda, _made, _clocks, _told, _learned) for found in part(then, played)
    )


def names_of(policy: Policy) -> frozenset[str]:
    """Return the ids of all rules and clocks of a policy, those it has switched off included."""
    clocks = (name for clock in policy.clocks for name in (clock.id, clock.rule))
    return frozenset((*(rule.id for rule in policy.rules), *clocks))


def no_such(name: str, policy: Policy) -> str:
    """Return why a rule or a clock cannot be meant, with the one that may be; empty where the policy has it."""
    known = names_of(policy)
    if name in known:
        return ""
    near = difflib.get_close_matches(name, sorted(known), n=1)
    return f"Did you mean {near[0]}?" if near else f"There are: {', '.join(sorted(known))}."


def _unknown(then: Then, policy: Policy) -> Iterator[Reason]:
    for part in ("refused", "warned", "agenda", "no_agenda", "clocks", "told"):
        for name in sorted(getattr(then, part) or ()):
            # The table of stages and what a value cannot be refuse and warn as well, under names that no policy lists.
            family = part in ("refused", "warned") and name.startswith(("stage.", "input."))
            if not family and (hint := no_such(name, policy)):
                yield invalid(f"then.{part}", f"names {name!r}, which is no rule or clock here", hint)


def listed(names: Iterable[str]) -> str:
    """Return names to read, sorted; ``nothing`` where there are none."""
    return ", ".join(sorted(names)) or "nothing"


def _refused(then: Then, played: Played) -> Iterator[Difference]:
    found = frozenset(reason.rule for reason in played.reasons)
    if found == then.refused:
        return
    what = listed(found)
    if played.refusal is not None:
        yield Difference(part="refused", wanted=listed(then.refused), found=what, shown=reason_table(played.reasons))
    else:
        yield Difference(
            part="refused", wanted=listed(then.refused), found=what, shown=f"  what happened: {', '.join(played.kinds)}"
        )


def _warned(then: Then, played: Played) -> Iterator[Difference]:
    found = frozenset(reason.rule for reason in played.warnings)
    if then.warned is not None and found != then.warned:
        yield Difference(part="warned", wanted=listed(then.warned), found=listed(found), shown=reason_table(played.warnings))


def _state(then: Then, played: Played) -> Iterator[Difference]:
    case = played.case
    priority = None if case is None else case.priority
    stage, owner, in_tray = (None, None, None) if case is None else (case.stage.value, case.owner, case.in_tray)
    if then.stage is not None and then.stage.value != stage:
        yield Difference(part="stage", wanted=then.stage.value, found=str(stage))
    if then.owner is not None and then.owner != owner:
        yield Difference(part="owner", wanted=then.owner, found=str(owner))
    if then.priority is not None and then.priority is not priority:
        yield Difference(part="priority", wanted=then.priority.value, found="none" if priority is None else priority.value)
    if then.in_tray is not None and then.in_tray is not in_tray:
        yield Difference(part="in the tray", wanted=str(then.in_tray), found=str(in_tray))
    if then.opens is not None and then.opens != len(played.opened):
        yield Difference(part="other cases opened", wanted=str(then.opens), found=str(len(played.opened)))


def _agenda(then: Then, played: Played) -> Iterator[Difference]:
    calendar = played.policy.calendar
    shown = agenda_table(played.agenda, calendar)
    for name, told in then.agenda.items():
        steps = _steps(played.agenda, name)
        due = "" if isinstance(told, bool) else local(instant_of(told, played.began, calendar), calendar)
        at = [local(step.due_at, calendar) for step in steps]
        if not steps or (due and due not in at):
            found = " and ".join(at) if steps else "nothing of it"
            yield Difference(part=f"agenda, {name}", wanted=due or "a step", found=found, shown=shown)
    for name in sorted(then.no_agenda):
        if at := [local(step.due_at, calendar) for step in _steps(played.agenda, name)]:
            yield Difference(part=f"agenda, {name}", wanted="no step", found=" and ".join(at), shown=shown)


def _steps(agenda: Iterable[Step], name: str) -> list[Step]:
    return [step for step in agenda if name in (step.rule, step.clock)]


def _made(then: Then, played: Played) -> Iterator[Difference]:
    used = {template for template, _ in played.templates}
    if not then.messages <= used:
        shown = table(("template", "to"), played.templates, indent="  ")
        yield Difference(part="messages", wanted=listed(then.messages), found=listed(used), shown=shown)
    suggested = tuple(one.option.named for one in played.suggestions)
    if then.suggested is not None and then.suggested != suggested:
        wanted, found = (", then ".join(names) or "nothing" for names in (then.suggested, suggested))
        yield Difference(part="suggested", wanted=wanted, found=found)
    ahead = iter(played.kinds)
    if missing := [kind for kind in then.events if kind not in ahead]:
        came = ", ".join(played.kinds) or "nothing"
        yield Difference(part="events", wanted=", then ".join(then.events), found=f"{came} (no {missing[0]} in its place)")


def _learned(then: Then, played: Played) -> Iterator[Difference]:
    signals = frozenset(each.signal.value for customer in played.at_risk for each in customer.contributions)
    if then.signals is not None and then.signals != signals:
        yield Difference(part="signals", wanted=listed(then.signals), found=listed(signals))
    for part, wanted in (("charged", then.charged), ("training", then.training)):
        counts = {(unit.unit or "nobody"): len(unit.losses) if part == "charged" else unit.training for unit in played.units}
        found = {unit: number for unit, number in counts.items() if number}
        if wanted is not None and wanted != found:
            yield Difference(part=part, wanted=_counted(wanted), found=_counted(found))


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} for {unit}" for unit, number in sorted(counts.items())) or "none"


def _clocks(then: Then, played: Played) -> Iterator[Difference]:
    for clock, wanted in then.clocks.items():
        runs = [reading for reading in played.clocks if reading.clock == clock]
        found = runs[-1].outcome if runs else None
        if found is not wanted:
            how = "never started" if found is None else found.value
            shown = clock_table(played.clocks, played.policy.calendar)
            yield Difference(part=f"clock {clock}", wanted=wanted.value, found=how, shown=shown)


def _told(then: Then, played: Played) -> Iterator[Difference]:
    for rule, people in then.told.items():
        found = played.told.get(rule, ())
        if found != people:
            wanted, heard = (", then ".join(who) or "nobody" for who in (people, found))
            yield Difference(part=f"told by {rule}", wanted=wanted, found=heard)
