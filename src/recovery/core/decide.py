"""Decide: commands in, events out. Three gates, then what each command leads to, then the messages, once for all of them.

decide(case, command, policy=policy, now=now)     -> Decision, or Refused with every reason of the gate that failed
why_not(case, command, policy=policy, now=now)    -> the reasons decide would raise
permitted(case, policy=policy, now=now)           -> for each kind of command, why it is ruled out, if it is
agenda(case, policy)                              -> every dated step, the soonest first
briefing(case, policy)                            -> what whoever takes the case over must know
explain_route(contact, policy)                    -> who would look after it, by which procedure, and why
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import attrs
from attrs import field, frozen
from pendulum import DateTime

from recovery.core.agenda import Reading, Step, readings, steps, wakes_at
from recovery.core.briefing import Briefing, assemble
from recovery.core.case import Case
from recovery.core.errors import InvalidValue, Reason, Refused, Strength
from recovery.core.fold import apply, begin
from recovery.core.messages import Message, compose, drafts_for_word, prepare
from recovery.core.policy import Policy
from recovery.core.practice import HANDLERS, RELIEVED, TRIGGERS, messages_of, trigger_of
from recovery.core.practice.common import Draft, happened, over, step_for_owner
from recovery.core.repeats import as_earlier
from recovery.core.ringing import due_step, ring
from recovery.core.routing import Routing, explain, traits_of
from recovery.core.rule import Check, Context, Moment, Problem, reason_of
from recovery.core.stages import TABLE, Trigger, next_stage
from recovery.core.values import instant, invalid, is_instant
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.closing import Close, UndoMerge
from recovery.core.vocabulary.common import MACHINE, Command, Event, Recorded, Report, Speaking, kind_of
from recovery.core.vocabulary.following_up import FollowUp, RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import Ask, CustomerInformed, MakePromise
from recovery.core.vocabulary.losing import OpenWinBack
from recovery.core.vocabulary.ownership import AcceptHandover, DeclineHandover, MoveCase, OfferHandover
from recovery.core.vocabulary.proposing import RequestException
from recovery.core.vocabulary.receiving import (
    BEGINNINGS,
    CompleteTask,
    Contact,
    Correct,
    Delivery,
    DeliveryReported,
    Identify,
    MergeIn,
    MergeOut,
    MessagePrepared,
    MessageWithheld,
    MovePolicy,
    OpenCase,
    Receive,
    RecordWish,
    ReportDelivery,
    ReportNoted,
    RuleOverridden,
    SetTask,
    Wake,
    Warned,
)
from recovery.core.vocabulary.responsibility import OpenAffected

__all__ = ["Decision", "agenda", "briefing", "clocks", "decide", "explain_route", "permitted", "why_not"]

BEGINS = (*BEGINNINGS, OpenWinBack, OpenAffected)
"""What a case begins with; the last two are filed by the closing of another, and by the desk for an incident."""

IN_TRAY: frozenset[type[Command]] = frozenset(
    {
        AcceptHandover,
        Close,
        CompleteTask,
        Correct,
        DeclineHandover,
        Identify,
        MoveCase,
        MovePolicy,
        OfferHandover,
        Receive,
        RecordWish,
        ReportDelivery,
        SetTask,
        UndoMerge,
        Wake,
    }
)
"""What can be done about a contact that waits in the tray."""

NEEDS_OPEN: frozenset[type[Command]] = frozenset({Ask, MakePromise, RequestException})
"""Acts that would begin something new, on a case that is over."""


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


def decide(case: Case | None, *commands: Command, policy: Policy, now: datetime, context: Context | None = None) -> Decision:
    """Return what ``commands`` lead to at ``now``, all of them or none.

    ``case`` is ``None`` for :class:`OpenCase` and :class:`AdoptCase`. Raises :class:`Refused` with all reasons of the gate that
    failed and the index of the command; a report is never refused. ``case`` is not changed.
    """
    if case is None and not commands:
        raise InvalidValue("commands", [invalid("commands", "are missing", "A case begins with OpenCase.")])
    at = _checked_now(case, now)
    deciding = _Deciding(case, policy, policy.moment(at, Context() if context is None else context))
    for index, command in enumerate(commands):
        deciding.take(command, index)
    return deciding.decision()


def _checked_now(case: Case | None, now: datetime) -> DateTime:
    at = instant(now)
    if fault := is_instant(at):
        raise InvalidValue("now", [invalid("now", *fault)])
    return at if case is None else max(at, case.recorded_at)


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
        misplaced = _misplaced(self.case, command)
        if misplaced is not None and not (command.is_report and self.case is not None):
            raise _refused(self.case, command, [misplaced], index)
        if misplaced is not None:
            self._note(command, misplaced)
            return
        defects, warnings, steps_owed = self._judge(command, index)
        before = len(self.events)
        if isinstance(command, Speaking) and _missed(command):
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
        found = _problems(self.policy, self._case(), command, self.moment)
        bad = [*_bad_overrides(self.policy, command)]
        hard = [(check, problem) for check, problem in found if self.policy.weight(check, problem) is Strength.MUST]
        passed = {check.id for check, _ in hard if check.id in command.override and self.policy.may_override(check)}
        wrong = [*bad, *(reason_of(check.id, problem, Strength.MUST) for check, problem in hard if check.id not in passed)]
        if wrong and not command.is_report:
            raise _refused(self.case, command, wrong, index)
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

    def record(self, event: Event) -> None:
        seq = 1 if self.case is None else self.case.version + 1
        recorded = Recorded(seq=seq, recorded_at=self.moment.now, event=event)
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
        gone = {about for about, is_gone in RELIEVED.items() if is_gone(case)} if case.receiving.tasks else ()
        for event in over([task for task in case.receiving.tasks if task.about in gone], self.moment.now):
            self.record(event)

    def _note(self, command: Command, misplaced: Reason) -> None:
        """Keep a report that has no step in the present stage: it moves nothing and becomes a dated step of the owner."""
        at = happened(command, self.moment)
        if isinstance(command, Speaking):
            self.record(CustomerInformed(at=at, by=command.by, word=command.word))
        said = getattr(command, "said", None)
        report = kind_of(type(command))
        self.record(ReportNoted(at=at, by=command.by, report=report, said=said, details=_details(command)))
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
        while (step := due_step(self._case(), self.moment)) is not None:
            rang = ring(self._case(), step, self.moment)
            self.record(rang.alarm)
            for item in rang.follows:
                self._follow(item)
            self.drafts += rang.drafts

    def decision(self) -> Decision:
        case = self._case()
        spoken = {recorded.seq: recorded.event for recorded in self.events}
        for recorded in tuple(self.events):
            self.drafts += drafts_for_word(case, recorded)
            for hook in messages_of(type(recorded.event)):
                self.drafts += hook(case, recorded, recorded.event, self.moment)
        for event in prepare(case, _once(self.drafts), self.moment):
            self.record(event)
        self._relieve()
        case = self._case()
        return Decision(
            before=self.before,
            case=case,
            events=tuple(self.events),
            messages=tuple(_messages(case, self.events, spoken, self.moment)),
            opens=tuple(self.opens),
            settled=tuple(_settled(self.events)),
            warnings=tuple(self.warnings),
            wake_at=wakes_at(case, self.moment.terms),
        )


def _once(drafts: Iterable[Draft]) -> list[Draft]:
    """Return the drafts with what would tell one person the same thing twice left out; the last, most urgent one stays."""
    found: dict[object, Draft] = {}
    for number, draft in enumerate(drafts):
        key = dict(draft.part.values).get("key")
        same = (draft.person, key, dict(draft.part.values).get("rule")) if draft.person and key is not None else number
        found.pop(same, None)
        found[same] = draft
    return list(found.values())


def _messages(case: Case, events: Iterable[Recorded], spoken: Mapping[int, Event], moment: Moment) -> Iterable[Message]:
    for recorded in events:
        if isinstance(recorded.event, MessagePrepared) and not recorded.event.manual:
            yield compose(case, recorded, spoken, moment.terms)


def _settled(events: Iterable[Recorded]) -> Iterable[tuple[str, Delivery]]:
    for recorded in events:
        event = recorded.event
        if isinstance(event, DeliveryReported) and event.delivery is not Delivery.NOT_REACHED:
            yield event.message_id, event.delivery
        elif isinstance(event, MessageWithheld):
            yield event.message_id, Delivery.WITHHELD


def _misplaced(case: Case | None, command: Command) -> Reason | None:
    """Return why the table of stages has no place for ``command``, if it has none."""
    if (case is None) is not isinstance(command, BEGINS):
        message = "there is no case yet." if case is None else "the case is open already."
        return Reason(rule="stage.open", message=message, hint="A case begins with OpenCase, once.")
    if case is None:
        return None
    if case.in_tray and type(command) not in IN_TRAY:
        return _in_tray(type(command))
    trigger = trigger_of(command)
    lacking = trigger is not None and next_stage(case.stage, trigger) is None
    return _no_step(case, type(command), trigger) if lacking or (case.ended and type(command) in NEEDS_OPEN) else None


def _in_tray(kind: type[Command]) -> Reason:
    message, hint = "nobody knows yet whose contact this is.", "Identify it first (Identify), or close it."
    return Reason(rule="stage.tray", message=message, hint=hint, params={"command": kind_of(kind)})


def _no_step(case: Case, kind: type[Command], trigger: Trigger | None) -> Reason:
    name, ways = kind_of(kind), sorted(way.value for stage, way in TABLE if stage is case.stage)
    return Reason(
        rule=f"stage.{name if trigger is None else trigger.value}",
        message=f"a case that is {case.stage.value} has no step {name}.",
        hint=f"From there it can: {', '.join(ways) or 'nothing'}.",
        params={"stage": case.stage.value, "command": name},
    )


def _problems(policy: Policy, case: Case, command: Command, moment: Moment) -> list[tuple[Check, Problem]]:
    return [(check, problem) for check in policy.checks_on(type(command)) for problem in check.test(case, command, moment)]


def _bad_overrides(policy: Policy, command: Command) -> Iterable[Reason]:
    for name in command.override:
        check = policy.checks.get(name)
        if check is None:
            hint = f"The rules are: {', '.join(policy.checks)}."
            yield Reason(rule="input.override", field="override", message=f"there is no rule {name!r} here.", hint=hint)
        elif not policy.may_override(check):
            hint = "A policy names the rules people may go past (overridable)."
            yield Reason(rule="input.override", field="override", message=f"nobody may go past {name}.", hint=hint)


def _refused(case: Case | None, command: Command, reasons: list[Reason], index: int) -> Refused:
    return Refused(kind_of(type(command)), reasons, case_id=None if case is None else case.id, index=index)


def _missed(command: Speaking) -> bool:
    """Whether a word is reported that reached nobody; acknowledgements and follow-ups judge that by rules of their own."""
    return not command.word.reached and not isinstance(command, (Acknowledge, FollowUp))


def _details(command: Command) -> tuple[tuple[str, str], ...]:
    """Return the words of a report that has no place of its own, so that none of them is lost."""
    told = ((f.name, getattr(command, f.name)) for f in attrs.fields(type(command)) if f.name != "by")
    return tuple((name, value) for name, value in told if isinstance(value, str) and value)


def why_not(
    case: Case | None, *commands: Command, policy: Policy, now: datetime, context: Context | None = None
) -> tuple[Reason, ...]:
    """Return exactly the reasons that :func:`decide` would raise; none where it would not."""
    try:
        decide(case, *commands, policy=policy, now=now, context=context)
    except Refused as refusal:
        return refusal.reasons
    return ()


@frozen(kw_only=True)
class _Asking(Command):
    by: str = field(default=MACHINE)


def permitted(case: Case, *, policy: Policy, now: datetime, context: Context | None = None) -> Mapping[str, tuple[Reason, ...]]:
    """Return for each kind of command why it is ruled out whatever it says; empty where nothing rules it out.

    A report is kept all the same: what rules it out here is why it would move nothing.
    """
    moment = policy.moment(_checked_now(case, now), Context() if context is None else context)
    kinds = (kind for kind in HANDLERS if kind not in (*BEGINS, MergeIn, MergeOut))
    return {kind_of(kind): _ruled_out(case, kind, policy, moment) for kind in kinds}


def _ruled_out(case: Case, kind: type[Command], policy: Policy, moment: Moment) -> tuple[Reason, ...]:
    trigger = TRIGGERS.get(kind)
    if case.in_tray and kind not in IN_TRAY:
        return (_in_tray(kind),)
    if kind is RecordFollowUpAnswer and next_stage(case.stage, Trigger.REOPEN) is not None:
        return ()  # "not solved" is heard at any time
    if (trigger is not None and next_stage(case.stage, trigger) is None) or (case.ended and kind in NEEDS_OPEN):
        return (_no_step(case, kind, trigger),)
    report = issubclass(kind, Report)  # which moves the case all the same, unless a check blocks it
    checks = (check for check in policy.checks_on(kind) if check.of_case and (check.blocks or not report))
    found = ((check, problem) for check in checks for problem in check.test(case, _Asking(), moment))
    return tuple(reason_of(check.id, problem, policy.weight(check, problem)) for check, problem in found)


def agenda(case: Case, policy: Policy) -> tuple[Step, ...]:
    """Return every dated step of the case, the soonest to wake first."""
    return steps(case, policy.terms)


def briefing(case: Case, policy: Policy, word: str = "") -> Briefing:
    """Return what whoever takes the case over must know, put together from the case.

    ``word`` is what the old owner adds; without one, it is the word that came with the standing offer, if there is one.
    """
    offer = case.ownership.offer
    return assemble(case, policy.terms, word or ("" if offer is None else offer.briefing))


def explain_route(contact: Contact, policy: Policy, context: Context | None = None) -> Routing:
    """Return where a contact would go under ``policy``, by which procedure, and why; nothing is decided by asking.

    ``context`` says who is away and how much everybody has to do; what it does not say counts against nobody.
    """
    return explain(policy.terms, Context() if context is None else context, traits_of(contact))


def clocks(case: Case, policy: Policy, now: datetime) -> tuple[Reading, ...]:
    """Return how every clock of the case stands at ``now``: met, missed, open, paused or ended."""
    return readings(case, policy.terms, _checked_now(None, now))
