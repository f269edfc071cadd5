"""A rehearsal: commands and passing time on a desk in memory, and everything that came of it as a value that prints as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.agenda import Step as Due
from recovery.core.calendar import BusinessCalendar
from recovery.core.case import Case
from recovery.core.errors import Reason, Refused
from recovery.core.policy import Policy
from recovery.core.values import instant
from recovery.core.vocabulary.common import Command
from recovery.core.vocabulary.receiving import Contact, OpenCase
from recovery.desk import Desk, Entry
from recovery.ports.values import OutboxMessage
from recovery.testing.content import a_contact
from recovery.testing.desks import a_desk, clock_of, sent_by
from recovery.testing.steps import Act, Step, Wait, Wrote, as_step, commands_at
from recovery.testing.tables import agenda_table, local, table

__all__ = ["Look", "Refusal", "Simulation", "simulate"]


@frozen(kw_only=True)
class Refusal:
    """A step of the script that was refused: when, which command, and every reason."""

    at: DateTime
    case_id: str
    by: str
    command: str
    reasons: tuple[Reason, ...]


@frozen(kw_only=True)
class Look:
    """The agenda of the whole desk as it stood after a step of the script, at ``at``."""

    at: DateTime
    agenda: tuple[Due, ...]


@frozen(kw_only=True)
class Simulation:
    """What came of a script: the timeline of every case, the messages that went out, the refusals, and the agenda over time.

    ``desk`` is as the script left it. Printed, it is a table that can be read: one line for everything that happened.
    """

    desk: Desk
    happened: tuple[Entry | Refusal, ...]
    messages: tuple[OutboxMessage, ...]
    looks: tuple[Look, ...]

    @property
    def timeline(self) -> tuple[Entry, ...]:
        """Everything that is in a history, in order, over all cases."""
        return tuple(one for one in self.happened if isinstance(one, Entry))

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Everything that was refused, in order."""
        return tuple(one for one in self.happened if isinstance(one, Refusal))

    @property
    def cases(self) -> tuple[Case, ...]:
        """Every case on the desk, in the order of their ids."""
        return tuple(self.desk.find())

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of everything that happened, in order."""
        return tuple(entry.kind for entry in self.timeline)

    @property
    def agenda(self) -> tuple[Due, ...]:
        """The agenda as it stands at the end."""
        return self.desk.agenda()

    def __str__(self) -> str:
        calendar = self.desk.policy.calendar
        happened = table(("when", "case", "by", "what"), [_row(one, calendar) for one in self.happened])
        sent = table(("when", "to", "channel", "subject"), [_message(one, calendar) for one in self.messages])
        return f"{happened}\n\nmessages\n{sent}\n\nagenda\n{agenda_table(self.agenda, calendar, indent='')}"


def _in_time(entry: Entry) -> tuple[DateTime, str, int]:
    return entry.recorded_at, entry.case_id, entry.seq


def _row(one: Entry | Refusal, calendar: BusinessCalendar) -> tuple[str, ...]:
    if isinstance(one, Entry):
        return local(one.recorded_at, calendar), one.case_id, one.by, one.told
    why = "; ".join(f"{reason.rule}, {reason.message}" for reason in one.reasons)
    return local(one.at, calendar), one.case_id, one.by, f"REFUSED {one.command}: {why}"


def _message(message: OutboxMessage, calendar: BusinessCalendar) -> tuple[str, ...]:
    return local(message.created_at, calendar), message.person or "customer", message.channel.value, message.subject


@frozen
class _Rehearsal:
    """A script being played: the desk, the case the steps are about, and what has been noted so far."""

    desk: Desk
    happened: list[Entry | Refusal] = field(factory=list[Entry | Refusal])
    looks: list[Look] = field(factory=list[Look])
    cases: list[str] = field(factory=list[str])
    known: set[tuple[str, int]] = field(factory=set[tuple[str, int]])

    def begin(self, case_id: str) -> None:
        """Go on with a case that is there already: what happened before is not told again."""
        self.cases.append(case_id)
        self._note()
        self.happened.clear()

    def play(self, step: Step | Contact) -> None:
        self._take(step)
        self.desk.deliver()
        self._note()
        self.looks.append(Look(at=self.now, agenda=self.desk.agenda()))

    def _note(self) -> None:
        """Put on the list what is new in any history."""
        entries = (entry for one in self.desk.find() for entry in self.desk.timeline(one.id))
        fresh = [entry for entry in entries if (entry.case_id, entry.seq) not in self.known]
        self.known.update((entry.case_id, entry.seq) for entry in fresh)
        fresh.sort(key=_in_time)
        self.happened.extend(fresh)

    @property
    def now(self) -> DateTime:
        return instant(self.desk.now())

    def _take(self, step: Step | Contact) -> None:
        if isinstance(step, Contact):
            self.cases.append(self.desk.receive(step).case.id)
        elif isinstance(step, Wait):
            self._pass_time(step)
        else:
            self._act(step)

    def _act(self, step: Act | Wrote | Sequence[Act]) -> None:
        case = self.desk.load(self.cases[-1]) if self.cases else None
        commands = commands_at(step, case, self.desk.policy, self.now)
        if isinstance(commands[0], OpenCase):
            self.cases.append(self.desk.open(commands[0].contact, owner=commands[0].owner).case.id)
        elif case is not None:
            self._hand_in(case, commands)

    def _hand_in(self, case: Case, commands: tuple[Command, ...]) -> None:
        try:
            self.desk.handle(case.id, *commands)
        except Refused as no:
            by = commands[no.index].by
            self.happened.append(Refusal(at=self.now, case_id=case.id, by=by, command=no.command, reasons=no.reasons))

    def _pass_time(self, step: Wait) -> None:
        """Let time pass with a worker who comes whenever a case wakes, or with none."""
        end, clock = step.end(self.now, self.desk.policy), clock_of(self.desk)
        while step.worked and (due := self._next()) is not None and due <= end:
            clock.to(max(due, self.now))
            if not self.desk.work().ticked:
                break
        clock.to(max(end, self.now))

    def _next(self) -> DateTime | None:
        wakes = [step.wake_at for step in self.desk.agenda() if step.wake_at is not None]
        return min(wakes, default=None)


def simulate(
    script: Iterable[object], *, desk: Desk | None = None, policy: Policy | None = None, case: str | None = None
) -> Simulation:
    """Play a script on a desk in memory and return what happened; what is refused is noted and the script goes on.

    >>> told = simulate([a_contact(), wait("1 bd")])
    >>> [entry.kind for entry in told.timeline if entry.kind == "alarm_rung"]
    ['alarm_rung', 'alarm_rung', 'alarm_rung']

    The script holds contacts (each opens a case, or joins, as the desk decides), and the steps of
    :mod:`recovery.testing.steps`: commands, as values or as data, :class:`Wrote`, and time that passes. Steps are about the latest
    case; ``case`` names the one to begin with. While time passes a worker looks at every clock in time, unless the step says
    otherwise. ``desk`` is :func:`a_desk` under ``policy`` unless given; its time must be frozen. A script without a contact and
    without ``case`` begins with a real complaint. Raises :class:`InvalidValue` for a step that cannot be.
    """
    held = a_desk(policy) if desk is None else desk
    clock_of(held)
    steps = [one if isinstance(one, Contact) else as_step(one) for one in script]
    rehearsal = _Rehearsal(held)
    if case is not None:
        rehearsal.begin(case)
    elif not any(_opens(step) for step in steps[:1]):
        rehearsal.play(a_contact(at=rehearsal.now))
    for step in steps:
        rehearsal.play(step)
    return Simulation(
        desk=held,
        happened=tuple(rehearsal.happened),
        messages=tuple(sent_by(held).sent),
        looks=tuple(rehearsal.looks),
    )


def _opens(step: object) -> bool:
    return isinstance(step, (Contact, OpenCase)) or (isinstance(step, dict) and "came_in" in step)
