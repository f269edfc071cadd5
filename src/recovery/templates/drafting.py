"""Drafts: what a person might say next, in the customer's language, with every field filled in that the case can fill.

The library does not speak in a person's name. It drafts: whoever looks after the case reads it, changes it, and says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs
from attrs import field, frozen
from pendulum import DateTime

from recovery.core.agenda import steps
from recovery.core.case import Case
from recovery.core.policy import Policy
from recovery.core.stages import SETTLED, Stage
from recovery.core.suggesting import suggest
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Channel, Claim, ClaimKind, Recorded, Speaking, Word
from recovery.core.vocabulary.following_up import FollowUp
from recovery.core.vocabulary.keeping_in_touch import Ask, Inform, MovePromise
from recovery.core.vocabulary.losing import AskLostCustomer
from recovery.core.vocabulary.proposing import Propose, Proposed
from recovery.core.vocabulary.resolving import CheckArrival, Delivering, MoveDelivery, Resolution, Resolve, Sending

__all__ = ["DRAFTED", "DRAFT_VALUES", "Sketch", "fitting", "sketch", "word_for"]

DRAFT_VALUES: frozenset[str] = frozenset(
    {"company", "counter_offer", "customer", "deliver_by_at", "delivery", "issue", "option", "owner_name", "promise", "reference"}
)
"""What a draft may name: what the customer told us, and what the customer was told."""


OFFERED = 2
"""How many options a drafted proposal holds: a choice, and no catalogue."""


@frozen(kw_only=True)
class Sketch:
    """A draft before it is put into words: its name, the command with its fields, and the values that its paragraphs name.

    ``claims`` are what its word says has happened: the library adds the sentence, from the event on the case.
    """

    name: str
    kind: type[Speaking]
    fields: Mapping[str, object] = field(factory=dict[str, object], hash=False)
    values: Mapping[str, str] = field(factory=dict[str, str], hash=False, repr=False)
    claims: tuple[Claim, ...] = ()


@frozen(kw_only=True)
class Asked:
    """What a sketch is made from."""

    case: Case
    policy: Policy
    now: DateTime
    name: str | None
    history: tuple[Recorded, ...]

    @property
    def tomorrow(self) -> DateTime:
        """The next working day, at this time of day."""
        return self.policy.calendar.add_days(self.now, 1)

    @property
    def soon(self) -> DateTime:
        """Two working days from now: well inside the pace at which a customer is kept informed."""
        return self.policy.calendar.add_days(self.now, 2)


def fitting(case: Case, policy: Policy, now: DateTime) -> tuple[type[Speaking], ...]:
    """Return what a person would say next on a case as it stands, the most urgent first."""
    if case.ended or case.in_tray:
        return ()
    if case.losing.lost_case is not None:
        return (AskLostCustomer,) if case.losing.asked_at is None else ()
    if case.stage is Stage.RECEIVED:
        return (Acknowledge,)
    tomorrow = policy.calendar.add_days(now, 1)
    found = [MovePromise] if any(p.due_at is not None and p.due_at <= tomorrow for p in case.keeping.promises) else []
    if case.stage not in SETTLED:
        return (*found, Inform, Propose) if case.stage is Stage.INVESTIGATING else (*found, Inform)
    return (*found, *_once_settled(case, policy, now, tomorrow))


def _once_settled(case: Case, policy: Policy, now: DateTime, tomorrow: DateTime) -> Iterator[type[Speaking]]:
    """Yield what is said after the resolution: what was agreed, where the parcel is, and at last whether it is solved."""
    delivery = _on_its_way(case)
    if _answer_owed(case) or _unconfirmed(case) or _on_the_road(case) is not None:
        yield Inform
    if delivery is None:
        yield FollowUp
    elif (due := _due(case, policy)) is not None and due <= tomorrow:
        yield CheckArrival if due <= now else MoveDelivery


def _unconfirmed(case: Case) -> bool:
    """Whether the customer said yes, and nobody has said since what was agreed."""
    resolved, spoke = case.last("resolved"), case.last("spoke")
    if case.resolving.resolution is not Resolution.ACCEPTED or case.stage is not Stage.RESOLVED or resolved is None:
        return False
    return spoke is None or spoke.seq < resolved.seq


def _due(case: Case, policy: Policy) -> DateTime | None:
    """Return by when what is on its way should be there: the date that was named, else the clock's."""
    delivery = _on_its_way(case)
    if delivery is None or delivery.by is not None:
        return None if delivery is None else delivery.by
    dates = (step.due_at for step in steps(case, policy.terms) if step.clock == "resolve.delivered" and step.key == delivery.id)
    return next(dates, None)


def sketch(
    case: Case,
    kind: type[Speaking],
    *,
    policy: Policy,
    now: DateTime,
    name: str | None = None,
    history: Iterable[Recorded] = (),
) -> Sketch:
    """Return the draft of a command of ``kind`` for a case as it stands; ``name`` takes another draft than the one that fits.

    Raises ``LookupError`` where nothing is drafted for such a command.
    """
    if kind not in DRAFTED:
        raise LookupError(f"nothing is drafted for {kind.__name__}; there are {', '.join(sorted(k.__name__ for k in DRAFTED))}")
    asked = Asked(case=case, policy=policy, now=now, name=name, history=tuple(history))
    made = DRAFTED[kind](asked)
    common = {
        "company": policy.company,
        "customer": case.receiving.customer.name or "",
        "issue": case.receiving.issue,
        "owner_name": policy.terms.name(case.owner),
        "reference": case.reference,
    }
    return attrs.evolve(made, name=name or made.name, values={**common, **made.values})


def _acknowledge(asked: Asked) -> Sketch:
    return Sketch(name="acknowledge", kind=Acknowledge, fields={"next_word_at": asked.tomorrow})


def _inform(asked: Asked) -> Sketch:
    case, fields = asked.case, {"next_word_at": asked.soon}
    told = _on_the_road(case) or _agreed(asked)
    if told is not None:
        return told
    if _answer_owed(case):
        return Sketch(name="answer", kind=Inform, fields=fields)
    if case.proposing.declines and case.proposing.proposal is None and case.stage is Stage.INVESTIGATING:
        values = {"counter_offer": case.proposing.counter_offer}
        return Sketch(name="answer_to_decline", kind=Inform, fields=fields, values=values)
    if case.proposing.proposal is not None:
        return Sketch(name="proposal_open", kind=Inform, fields=fields)
    if asked.name == "not_yet" or _proposal_is_due(asked):
        return Sketch(name="not_yet", kind=Inform, fields={**fields, "no_proposal_yet": True})
    return Sketch(name="progress", kind=Inform, fields=fields)


def _on_the_road(case: Case) -> Sketch | None:
    """Return the word that says that it has left us, while nobody has said anything since it has."""
    spoke, delivery = case.last("spoke"), _on_its_way(case)
    if delivery is None or delivery.sent_at is None or (spoke is not None and spoke.at > delivery.sent_at):
        return None
    kind = ClaimKind.REFUNDED if delivery.sent_as is Sending.MONEY else ClaimKind.SENT
    return Sketch(name="on_its_way", kind=Inform, claims=(Claim(kind=kind, about=delivery.id),))


def _agreed(asked: Asked) -> Sketch | None:
    """Return the word that says what was agreed, while nobody has said anything since the customer's yes."""
    case = asked.case
    if not _unconfirmed(case):
        return None
    delivery = _on_its_way(case)
    option = _option(asked) or ("" if delivery is None else delivery.what)
    if delivery is None:
        return Sketch(name="agreed_and_done", kind=Inform, values={"option": option})
    due = _due(case, asked.policy)
    by = "" if due is None else due.isoformat()
    return Sketch(name="agreed", kind=Inform, values={"option": option, "deliver_by_at": by, "delivery": delivery.what})


def _option(asked: Asked) -> str:
    """Return the words of the option that was accepted: the case keeps its id, the history its words."""
    options = (
        option.text
        for recorded in reversed(asked.history)
        if isinstance(recorded.event, Proposed)
        for option in recorded.event.options
        if option.id == asked.case.resolving.option
    )
    return next(options, "")


def _proposal_is_due(asked: Asked) -> bool:
    if asked.case.stage is not Stage.INVESTIGATING:
        return False
    due = [step.due_at for step in steps(asked.case, asked.policy.terms) if step.rule == "propose.in-time"]
    return any(at is not None and at <= asked.tomorrow for at in due)


def _answer_owed(case: Case) -> bool:
    wrote, answered = case.last("wrote"), case.last("answered")
    return wrote is not None and (answered is None or answered.seq < wrote.seq)


def _ask(_asked: Asked) -> Sketch:
    return Sketch(name="ask", kind=Ask, fields={"question": ""})


def _propose(asked: Asked) -> Sketch:
    again = asked.case.proposing.declines > 0
    values = {"counter_offer": asked.case.proposing.counter_offer}
    # What the guideline allows, best first; what needs an exception is for a person to ask for.
    allowed = [one.option for one in suggest(asked.case, asked.policy, now=asked.now) if not one.needs_exception]
    fields: dict[str, object] = {"options": tuple(allowed[:OFFERED])} if allowed else {}
    return Sketch(name="propose_again" if again else "propose", kind=Propose, fields=fields, values=values)


def _lost(_asked: Asked) -> Sketch:
    return Sketch(name="lost", kind=AskLostCustomer)


def _resolve(asked: Asked) -> Sketch:
    final_no = asked.name == "final_no"
    outcome = Resolution.NOT_AGREED if final_no else Resolution.DONE
    return Sketch(name="final_no" if final_no else "done", kind=Resolve, fields={"outcome": outcome})


def _move_promise(asked: Asked) -> Sketch:
    promise = min(asked.case.keeping.promises, key=lambda one: (one.due_at is None, one.due_at or asked.now), default=None)
    made = {} if promise is None else {"promise": promise.what}
    fields = {"promise_id": "-" if promise is None else promise.id, "due_at": asked.soon}
    return Sketch(name="move_promise", kind=MovePromise, fields=fields, values=made)


def _on_its_way(case: Case) -> Delivering | None:
    return next((one for one in case.resolving.deliveries if one.arrived_at is None and not one.unconfirmed), None)


def _move_delivery(asked: Asked) -> Sketch:
    fields, values = _delivery(asked)
    return Sketch(name="move_delivery", kind=MoveDelivery, fields={**fields, "by_date": asked.soon}, values=values)


def _check_arrival(asked: Asked) -> Sketch:
    fields, values = _delivery(asked)
    return Sketch(name="check_arrival", kind=CheckArrival, fields=fields, values=values)


def _delivery(asked: Asked) -> tuple[dict[str, object], dict[str, str]]:
    found = _on_its_way(asked.case)
    return ({"delivery_id": "-"}, {}) if found is None else ({"delivery_id": found.id}, {"delivery": found.what})


def _follow_up(asked: Asked) -> Sketch:
    if asked.case.resolving.resolution is Resolution.NOT_AGREED:
        return Sketch(name="follow_up_no", kind=FollowUp)
    weeks = asked.case.stage in (Stage.FOLLOWED_UP_DAYS, Stage.FOLLOWED_UP_WEEKS)
    return Sketch(name="follow_up_weeks" if weeks else "follow_up_days", kind=FollowUp)


DRAFTED: Mapping[type[Speaking], Callable[[Asked], Sketch]] = {
    Acknowledge: _acknowledge,
    Inform: _inform,
    Ask: _ask,
    Propose: _propose,
    Resolve: _resolve,
    AskLostCustomer: _lost,
    MovePromise: _move_promise,
    MoveDelivery: _move_delivery,
    CheckArrival: _check_arrival,
    FollowUp: _follow_up,
}
"""What the library drafts, by the command that says it."""


# ---------------------------------------------------------------- by which channel


def word_for(case: Case, made: Sketch, policy: Policy, text: str, via: Iterable[Channel] = ()) -> Word:
    """Return the word of a draft: by the channels given, else by the one the customer wrote on last, where we may and can answer.

    A follow-up takes a channel on which the case was not settled as well, where the customer has and allows one.
    """
    given = frozenset(via)
    return Word(via=given or _ways(case, made.kind, policy), text=text, claims=made.claims)


def _ways(case: Case, kind: type[Speaking], policy: Policy) -> frozenset[Channel]:
    known = tuple(dict.fromkeys(address.channel for address in case.receiving.customer.addresses))
    machine = policy.machine_channels
    wanted = [channel for channel in (*_last_channels(case, machine), *machine, *known) if channel in known]
    ways = [address.channel for address in case.reachable(dict.fromkeys(wanted))]
    if not ways:
        return frozenset({Channel.IN_PERSON})
    if kind is not FollowUp:
        return frozenset(ways[:1])
    settled = case.resolving.settled_via
    others = [channel for channel in ways if channel not in settled]
    return frozenset(ways[:1]) | frozenset(others[:1])


def _last_channels(case: Case, machine: Iterable[Channel]) -> list[Channel]:
    return [note.channel for note in reversed(case.receiving.contacts) if not note.automatic and note.channel in machine]
