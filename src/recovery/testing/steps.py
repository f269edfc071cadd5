"""The steps of a scenario: commands, as values or as data, the customer writing again, and time that passes.

Commands as data are what :func:`recovery.codec.command_from_dict` reads, with three conveniences for people who write tests:

- an instant may be local to the desk (``2026-03-05T10:00:00``), or a length from now: ``"+3 bd"``, ``"-2 h"``;
- ``"$delivery"``, ``"$promise"``, ``"$question"``, ``"$task"``, ``"$contact"``, ``"$exception"`` and ``"$message"`` stand for the
  latest such thing on the case, ``"$owner"``, ``"$supervisor"`` and ``"$fallback"`` for people;
- the customer's next message is ``{"wrote": "..."}``, the first one ``{"came_in": {...}}``, and time is ``{"wait": "3 cd"}``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import cast

import attrs
from attrs import field, frozen
from pendulum import DateTime

from recovery.codec import COMMANDS, command_from_dict, contact_from_dict, instant_to_text
from recovery.core.case import Case
from recovery.core.errors import InvalidValue, Reason
from recovery.core.policy import Policy
from recovery.core.values import Value, checked, either, invalid, is_some_text
from recovery.core.vocabulary.common import Channel, Command, Said, Word
from recovery.core.vocabulary.proposing import Option
from recovery.core.vocabulary.receiving import Contact, OpenCase, Receive, Wish
from recovery.testing.moments import Told, instant_of, is_relative, length_of
from recovery.testing.story import CASE_ID, REFERENCE

__all__ = ["Act", "Step", "Wait", "Wrote", "as_step", "as_steps", "commands_at", "until", "wait"]

Data = Mapping[str, object]
Act = Command | Data | Callable[[Case], Command]
"""One thing to do: a command, a command as data, or a function that makes one of the case as it stands."""


@frozen
class Wait:
    """Time that passes, by ``length`` (``"3 cd"``) or until an instant.

    Unless ``worked`` is false a worker looks at every clock in time meanwhile; else nobody does, as in an outage.
    """

    length: str = ""
    at: Told | None = None
    worked: bool = field(default=True, kw_only=True)

    def end(self, now: DateTime, policy: Policy) -> DateTime:
        """Return when the waiting is over. Raises :class:`InvalidValue` where that would lead back."""
        named = self.at if self.at is not None else length_of(self.length)
        found = named.after(now, policy.calendar) if not isinstance(named, (str, date)) else instant_of(named, now, policy.calendar)
        if found < now:
            raise InvalidValue("the scenario", [invalid("wait", "would lead back", "Time only passes.")])
        return found


@frozen
class Wrote(Value):
    """The customer writes (again), about the case: it joins, reopens, or opens a linked one, as the case stands."""

    text: str = field(metadata=checked(is_some_text))
    channel: Channel = field(default=Channel.EMAIL, kw_only=True, metadata=checked(either(Channel)))
    automatic: bool = field(default=False, kw_only=True, metadata=checked(either(bool)))

    def command(self, case: Case, now: DateTime) -> Receive:
        """Return the command that puts it on the case."""
        sender = case.receiving.customer
        contact = Contact(channel=self.channel, sender=sender, text=self.text, received_at=now, automatic=self.automatic)
        return Receive(contact=contact)


Step = Act | Wait | Wrote | Sequence[Act]
"""One step: an act, several carried out all or none, the customer writing, or time that passes."""


def wait(length: str, *, worked: bool = True) -> Wait:
    """Let time pass: ``wait("3 cd")`` days, ``"2 bd"`` working days, ``"4 bh"`` open hours, ``"48 h"``, ``"90 min"``."""
    return Wait(length, worked=worked)


def until(at: Told, *, worked: bool = True) -> Wait:
    """Let time pass until an instant, local to the desk where it has no zone: ``until("2026-03-05 10:00")``."""
    return Wait(at=at, worked=worked)


def as_steps(given: object) -> tuple[Step, ...]:
    """Return one step, or several, as a tuple."""
    if isinstance(given, (list, tuple)):
        return tuple(as_step(step) for step in cast("Iterable[object]", given))
    return (as_step(given),)


def as_step(given: object) -> Step:
    """Return what ``given`` means as a step; data says ``wait``, ``until``, ``wrote``, ``came_in`` or ``command``."""
    if isinstance(given, Mapping):
        return _from_data(cast(Data, given))
    if isinstance(given, (list, tuple)):
        return tuple(cast("Iterable[Act]", given))
    if isinstance(given, (Wait, Wrote, Command)) or callable(given):
        return cast(Step, given)
    hint = 'Give a command, {"command": ...}, {"wait": "3 cd"}, or several of these.'
    raise InvalidValue("the scenario", [invalid("step", f"is of type {type(given).__name__}", hint)])


_SHORT = {"wait": {"worked"}, "until": {"worked"}, "wrote": {"channel", "automatic"}, "came_in": {"owner"}}


def _from_data(data: Data) -> Step:
    # A command may have a field of such a name, as a deferral has: it is a command all the same.
    kind = None if "command" in data else next((name for name in _SHORT if name in data), None)
    if kind is None:
        return data
    if extra := sorted(set(data) - {kind} - _SHORT[kind]):
        hint = f"Beside {kind!r} there may be: {', '.join(sorted(_SHORT[kind]))}."
        raise InvalidValue("the scenario", [invalid(extra[0], f"does not go with {kind!r}", hint)])
    worked = bool(data.get("worked", True))
    match kind:
        case "wait":
            return Wait(str(data["wait"]), worked=worked)
        case "until":
            return Wait(at=cast(Told, data["until"]), worked=worked)
        case "wrote":
            channel = Channel(data.get("channel", "email"))
            return Wrote(str(data["wrote"]), channel=channel, automatic=bool(data.get("automatic", False)))
        case _:
            return data


# ---------------------------------------------------------------- data to commands


def commands_at(step: Act | Wrote | Sequence[Act], case: Case | None, policy: Policy, now: DateTime) -> tuple[Command, ...]:
    """Return the commands of a step as they are at ``now``. Raises :class:`InvalidValue` naming the field that cannot be."""
    if isinstance(step, Wrote):
        return (step.command(_there(case), now),)
    if isinstance(step, (list, tuple)):
        return tuple(_command(act, case, policy, now) for act in cast("Iterable[Act]", step))
    return (_command(cast(Act, step), case, policy, now),)


def _command(act: Act, case: Case | None, policy: Policy, now: DateTime) -> Command:
    if isinstance(act, Command):
        return act
    return act(_there(case)) if callable(act) else _read(act, case, policy, now)


def _read(data: Data, case: Case | None, policy: Policy, now: DateTime) -> Command:
    meant = _Meaning(case, policy, now)
    if "came_in" in data:
        contact = contact_from_dict({"received_at": instant_to_text(now), **cast(Data, meant.of("", data["came_in"]))})
        return OpenCase(case_id=CASE_ID, reference=REFERENCE, contact=contact, owner=cast("str | None", data.get("owner")))
    return command_from_dict(cast(Data, meant.of("", data)))


def _there(case: Case | None) -> Case:
    if case is None:
        raise InvalidValue(
            "the scenario", [invalid("step", "needs a case, and there is none yet", 'Begin with {"came_in": {...}}.')]
        )
    return case


@cache
def _instants() -> frozenset[str]:
    """Return the names of all fields that hold an instant; but ``by``, which is one in an option, names people elsewhere."""
    kinds = (*COMMANDS.values(), Word, Said, Contact, Wish, Option)
    return frozenset(f.name for kind in kinds for f in attrs.fields(kind) if "DateTime" in str(f.type)) - {"by"}


@frozen
class _Meaning:
    """What the conveniences in a piece of data mean for one case at one instant."""

    case: Case | None
    policy: Policy
    now: DateTime

    def of(self, key: str, value: object) -> object:
        if isinstance(value, Mapping):
            return {name: self.of(name, inner) for name, inner in cast(Data, value).items()}
        if isinstance(value, (list, tuple)):
            return [self.of(key, inner) for inner in cast("Iterable[object]", value)]
        if isinstance(value, str) and value.startswith("$") and value[1:] in _STANDS_FOR:
            return self._named(value[1:])
        if isinstance(value, date) or (isinstance(value, str) and (key in _instants() or (key == "by" and is_relative(value)))):
            return instant_to_text(instant_of(value, self.now, self.policy.calendar))
        return value

    def _named(self, name: str) -> object:
        found = _STANDS_FOR[name](_there(self.case), self.policy)
        if found is None:
            hint = "Say when= so that there is one, or name it by its id."
            raise InvalidValue("the scenario", [_missing(name, hint)])
        return found


def _missing(name: str, hint: str) -> Reason:
    return invalid(f"${name}", "stands for nothing: the case has none", hint)


def _last(found: Iterable[object]) -> object:
    return next(reversed(list(found)), None)


_STANDS_FOR: Mapping[str, Callable[[Case, Policy], object]] = {
    "delivery": lambda case, _: _last(d.id for d in case.resolving.deliveries if d.arrived_at is None),
    "promise": lambda case, _: _last(promise.id for promise in case.keeping.promises),
    "question": lambda case, _: _last(question.id for question in case.keeping.questions),
    "task": lambda case, _: _last(task.id for task in case.receiving.tasks),
    "contact": lambda case, _: _last(note.seq for note in case.receiving.contacts),
    "exception": lambda case, _: _last(one.id for one in case.proposing.exceptions),
    "message": lambda case, _: _last(out.id for out in case.receiving.outgoing if out.person is None),
    "owner": lambda case, _: case.owner,
    "supervisor": lambda case, policy: policy.terms.supervisor(case.owner),
    "fallback": lambda _, policy: policy.fallback_owner,
}
