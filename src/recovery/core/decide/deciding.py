"""One decision: what each command leads to, then the messages, once for all of them, and when to look at the case again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs
from attrs import frozen
from pendulum import DateTime

from recovery.core.agenda import Reckoning, wakes_at
from recovery.core.case import Case
from recovery.core.decide.gates import bad_overrides, checked_now, details_of, misplaced, missed, problems_of, refused
from recovery.core.errors import InvalidValue, Reason, Strength
from recovery.core.fold import apply, begin
from recovery.core.messages import Message, compose, drafts_for_word, prepare
from recovery.core.policy import Policy
from recovery.core.practice import HANDLERS, RELIEVED, messages_of
from recovery.core.practice.common import Draft, happened, over, step_for_owner
from recovery.core.repeats import as_earlier
from recovery.core.ringing import due_step, ring
from recovery.core.rule import UNKNOWN, Context, Moment, reason_of
from recovery.core.values import invalid, maker
from recovery.core.vocabulary.common import Command, Event, Recorded, Speaking, kind_of
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed
from recovery.core.vocabulary.receiving import (
    Contact,
    Delivery,
    DeliveryReported,
    MergeIn,
    MergeOut,
    MessagePrepared,
    MessageWithheld,
    OpenCase,
    Receive,
    ReportNoted,
    RuleOverridden,
    Wake,
    Warned,
)

__all__ = ["Decision", "decide"]


@frozen(kw_only=True)
class Decision:
    """What a decision comes to. Nothing has happened yet: a shell saves it first, and only then sends ``messages``.

    ``opens`` are decisions about other cases that stand or fall with this one: linked cases, and the survivor of a merge.
    ``settled`` says which earlier messages ended, and how. ``wake_at`` is when to look at the case again.
    """

    before: Case | None
    case: Case
    events: tuple[Recorded, ...]
    messages: tuple[Message, ...] = ()
    opens: tuple[Decision, ...] = ()
    settled: tuple[tuple[str, Delivery], ...] = ()
    warnings: tuple[Reason, ...] = ()
    wake_at: DateTime | None = None


_recorded = maker(Recorded)


def decide(case: Case | None, *commands: Command, policy: Policy, now: datetime, context: Context | None = None) -> Decision:
    """Return what ``commands`` lead to at ``now``, all of them or none.

    ``case`` is ``None`` for :class:`OpenCase` and :class:`AdoptCase`. Raises :class:`Refused` with all reasons of the gate that
    failed and the index of the command; a report is never refused. ``case`` is not changed.
    """
    if case is None and not commands:
        raise InvalidValue("commands", [invalid("commands", "are missing", "A case begins with OpenCase.")])
    at = checked_now(case, now)
    deciding = _Deciding(case, policy, policy.moment(at, UNKNOWN if context is None else context))
    for index, command in enumerate(commands):
        deciding.take(command, index)
    return deciding.decision()


class _Deciding:
    """One decision in the making: the case as it changes, the events so far, and what must be said."""

    def __init__(self, case: Case | None, policy: Policy, moment: Moment) -> None:
        self.before = case
        self.case = case
        self.policy = policy
        self.moment = moment
        self.events: list[Recorded] = []
        self.drafts: list[Draft] = []
        self.opens: list[Decision] = []
        self.warnings: list[Reason] = []
        self.logged = set(moment.context.repeats)

    def take(self, command: Command, index: int) -> None:
        if type(command) not in HANDLERS and not isinstance(command, Wake):
            hint = "Give one of the commands of recovery, such as Acknowledge."
            raise InvalidValue("command", [invalid("command", f"is of type {type(command).__name__}", hint, "command")])
        if self.case is not None and isinstance(command, Receive) and self._repeats(command.contact):
            return
        astray = misplaced(self.case, command)
        if astray is not None and not (command.is_report and self.case is not None):
            raise refused(self.case, command, [astray], index)
        if astray is not None:
            self._note(command, astray)
            return
        defects, warnings, steps_owed = self._judge(command, index)
        before = len(self.events)
        if isinstance(command, Speaking) and missed(command):
            self._not_reached(command)
        elif isinstance(command, Wake):
            self._wake()
        else:
            for item in HANDLERS[type(command)](self._case(), command, self.moment, defects):
                self._follow(item)
        if len(self.events) > before:
            self._warn(warnings, command.by)
            self._owe(steps_owed)

    def _repeats(self, contact: Contact) -> bool:
        """Whether the contact is on another case already, or came twice in one batch: nothing is logged twice."""
        repeated = contact.key in self.logged
        self.logged.add(contact.key)
        return repeated

    def _judge(self, command: Command, index: int) -> tuple[frozenset[str], list[Reason], dict[str, str]]:
        """Return the defects of a report, all warnings, and by rule the step somebody has to take; raise what refuses an act."""
        found = problems_of(self.policy, self._case(), command, self.moment)
        if not found and not command.override:
            return frozenset(), [], {}
        hard = [(check, problem) for check, problem in found if self.policy.weight(check, problem) is Strength.MUST]
        if not hard and not command.override:
            owed = {check.id: problem.step for check, problem in reversed(found) if problem.step}
            return frozenset(), [reason_of(check.id, problem, Strength.SHOULD) for check, problem in found], owed
        bad = [*bad_overrides(self.policy, command)]
        passed = {check.id for check, _ in hard if check.id in command.override and self.policy.may_override(check)}
        wrong = [*bad, *(reason_of(check.id, problem, Strength.MUST) for check, problem in hard if check.id not in passed)]
        if wrong and not command.is_report:
            raise refused(self.case, command, wrong, index)
        for name in sorted(passed):
            self.record(RuleOverridden(at=self.moment.now, by=command.by, rule=name, reason=command.override[name]))
        defects = frozenset(check.id for check, _ in hard if check.blocks and check.id not in passed)
        soft = [reason_of(check.id, problem, Strength.SHOULD) for check, problem in found if check.id not in passed]
        owed = {check.id: problem.step for check, problem in reversed(found) if problem.step and check.id not in passed}
        return defects, [*(attrs.evolve(reason, strength=Strength.SHOULD) for reason in bad), *soft], owed

    def _case(self) -> Case:
        # Checks and handlers of what a case begins with never look at the case: there is none yet.
        return self.case  # type: ignore[return-value]

    def _follow(self, item: Event | Command) -> None:
        if isinstance(item, Event):
            self.record(item)
            return
        context, policy = self.moment.context, self.policy
        other = context.survivor if isinstance(item, (MergeIn, MergeOut)) else None
        if isinstance(item, OpenCase):
            # What grows out of this case has it among its earlier ones, whatever else is known; and it is no twin of it.
            context = attrs.evolve(context, earlier=(*(context.earlier or ()), as_earlier(self._case())), twins=())
        if other is not None and context.survivor_timing is not None:
            policy = policy.pinned(context.survivor_timing)
        self.opens.append(decide(other, item, policy=policy, now=self.moment.now, context=context))
        if other is not None:
            # What a later command of the batch does to that case, it does to it as it is by then.
            known = attrs.evolve(self.moment.context, survivor=self.opens[-1].case)
            self.moment = attrs.evolve(self.moment, context=known)

    def record(self, event: Event) -> None:
        seq = 1 if self.case is None else self.case.version + 1
        recorded = _recorded(seq=seq, recorded_at=self.moment.now, event=event)
        self.case = begin(recorded) if self.case is None else apply(self.case, recorded)
        self.events.append(recorded)

    def _warn(self, reasons: list[Reason], by: str) -> None:
        if reasons:
            self.warnings += reasons
            self.record(Warned(at=self.moment.now, by=by, reasons=tuple(reasons)))

    def _owe(self, steps_owed: Mapping[str, str]) -> None:
        """Put on the owner's agenda what a rule wants done about an act that went ahead; not twice while it is there."""
        for rule_id, what in steps_owed.items():
            if all(task.about != rule_id for task in self._case().receiving.tasks):
                self.record(step_for_owner(rule_id, what, self.moment.now, about=rule_id))

    def _relieve(self) -> None:
        """Take off the agenda what a rule wanted done and has come about meanwhile."""
        case = self._case()
        reasons = [(task, RELIEVED.get(task.about or "")) for task in case.receiving.tasks]
        for event in over([task for task, is_gone in reasons if is_gone is not None and is_gone(case)], self.moment.now):
            self.record(event)

    def _note(self, command: Command, misplaced: Reason) -> None:
        """Keep a report that has no step in the present stage: it moves nothing and becomes a dated step of the owner."""
        at = happened(command, self.moment)
        if isinstance(command, Speaking):
            self.record(CustomerInformed(at=at, by=command.by, word=command.word))
        said = getattr(command, "said", None)
        report = kind_of(type(command))
        self.record(ReportNoted(at=at, by=command.by, report=report, said=said, details=details_of(command)))
        what = f"see what to make of it: {kind_of(type(command))} was reported while the case is {self._case().stage.value}"
        self.record(step_for_owner(misplaced.rule, what, self.moment.now))
        self._warn([attrs.evolve(misplaced, strength=Strength.SHOULD)], command.by)

    def _not_reached(self, command: Speaking) -> None:
        self.record(CustomerInformed(at=happened(command, self.moment), by=command.by, word=command.word))
        reason = Reason(
            rule="input.reached",
            field="word.reached",
            message="nobody was reached, so it is an attempt and no more.",
            hint="Try again, or write.",
            strength=Strength.SHOULD,
        )
        self._warn([reason], command.by)

    def _wake(self) -> None:
        terms, now = self.moment.terms, self.moment.now
        reckoning = Reckoning(self._case(), terms)
        while (step := due_step(reckoning, now)) is not None:
            rang = ring(self._case(), step, self.moment)
            self.record(rang.alarm)
            for item in rang.follows:
                self._follow(item)
            self.drafts += rang.drafts
            reckoning = Reckoning(self._case(), terms, reckoning)

    def decision(self) -> Decision:
        so_far = tuple(self.events)
        self._speak(so_far)
        if self._case().receiving.tasks:
            self._relieve()
        case = self._case()
        return Decision(
            before=self.before,
            case=case,
            events=tuple(self.events),
            messages=self._messages(so_far),
            opens=tuple(self.opens),
            settled=tuple([ended for recorded in self.events if (ended := _settled(recorded.event)) is not None]),
            warnings=tuple(self.warnings),
            wake_at=wakes_at(case, self.moment.terms),
        )

    def _speak(self, so_far: tuple[Recorded, ...]) -> None:
        """Prepare the messages that follow from what has happened."""
        case = self._case()
        for recorded in so_far:
            self.drafts += drafts_for_word(case, recorded)
            for hook in messages_of(type(recorded.event)):
                self.drafts += hook(case, recorded, recorded.event, self.moment)
        if self.drafts:
            for event in prepare(case, _once(self.drafts), self.moment):
                self.record(event)

    def _messages(self, so_far: tuple[Recorded, ...]) -> tuple[Message, ...]:
        """Return what goes out: the prepared messages that software of ours can send."""
        sent = [one for one in self.events if isinstance(one.event, MessagePrepared) and not one.event.manual]
        if not sent:
            return ()
        case, terms = self._case(), self.moment.terms
        spoken = {recorded.seq: recorded.event for recorded in so_far}
        return tuple([compose(case, recorded, spoken, terms) for recorded in sent])


def _once(drafts: Iterable[Draft]) -> list[Draft]:
    """Return the drafts with what would tell one person the same thing twice left out; the last, most urgent one stays."""
    found: dict[object, Draft] = {}
    for number, draft in enumerate(drafts):
        values = dict(draft.part.values) if draft.person else {}
        key = values.get("key")
        same = number if key is None else (draft.person, key, values.get("rule"))
        found.pop(same, None)
        found[same] = draft
    return list(found.values())


def _settled(event: Event) -> tuple[str, Delivery] | None:
    """Return which message has ended by an event, and how, if one has."""
    if isinstance(event, DeliveryReported) and event.delivery is not Delivery.NOT_REACHED:
        return event.message_id, event.delivery
    return (event.message_id, Delivery.WITHHELD) if isinstance(event, MessageWithheld) else None
