"""Messages as data: a template by name and plain values for each thing it says. The words themselves are put in by a renderer.

What a customer's message holds is a white list: fields marked ``public``, and the few values named in :data:`TO_CUSTOMER`. Such a
value is a :data:`Public`, and nothing but the functions here makes one. A colleague's message may hold anything of the case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NewType, cast

import attrs
from attrs import field, frozen
from pendulum import DateTime

from recovery.core.briefing import assemble
from recovery.core.case import Case
from recovery.core.clock import IDLE
from recovery.core.practice.common import Draft, reach_of, step_for_owner
from recovery.core.practice.responsibility.rules import decided_at, sent
from recovery.core.rule import Moment, Terms
from recovery.core.values import UTC, public_fields
from recovery.core.vocabulary.acknowledging import Acknowledged
from recovery.core.vocabulary.common import MACHINE, Address, Channel, Claim, ClaimKind, Event, Recorded, Spoken, kind_of
from recovery.core.vocabulary.following_up import FollowUpMade, SurveySent, Topic
from recovery.core.vocabulary.ownership import CaseMoved, HandoverOffered
from recovery.core.vocabulary.proposing import Option
from recovery.core.vocabulary.receiving import LIVE, MessagePrepared, Part
from recovery.core.vocabulary.resolving import ArrivalChecked, DeliveryMoved

__all__ = [
    "READABLE",
    "THREAD",
    "TO_CUSTOMER",
    "Message",
    "Origin",
    "Public",
    "Saying",
    "compose",
    "drafts_for_word",
    "prepare",
    "public_values",
]

Public = NewType("Public", str)
"""A text that a customer may read."""

TO_CUSTOMER: frozenset[str] = frozenset({"next_word_at", "due_at", "sent_at", "carrier", "decided_at"})
"""What a message to a customer may take of the values that its draft brought along. The clock's id, its rule, the words of a step
and whatever else is meant for colleagues stay behind."""

THREAD = 20
"""How many earlier messages a message names: the first, by which a thread is known, and the latest."""


class Origin(Enum):
    """How a message came about, as mail systems tell people from machines (RFC 3834).

    A ``person`` of ours says something in it; it is a machine's ``reply`` to a message (a receipt); or it comes from a ``machine``
    without having been asked for (a chase, a reminder, an escalation, a notice).
    """

    PERSON = "person"
    REPLY = "reply"
    MACHINE = "machine"


@frozen(kw_only=True)
class Saying:
    """One thing a message says: the template and its values. ``text`` is what a person wrote, if a person did."""

    template: str
    values: Mapping[str, str] = field(factory=dict[str, str], hash=False, repr=False)
    text: str = field(default="", repr=False)


@frozen(kw_only=True)
class Message:
    """A message to the customer (``to``) or to somebody on our side (``person``), before it is put into words.

    ``id`` is stable: ``case:number:channel``. ``values`` hold what every template may use: names, the reference, the way back.
    ``replies_to`` names what was written before between the same two on the same channel, the oldest first: the reader's messages
    by the ids they came with, ours by the id above.
    """

    id: str
    case_id: str
    reference: str
    seq: int
    channel: Channel
    to: Address | None
    person: str | None
    sayings: tuple[Saying, ...]
    values: Mapping[str, str] = field(factory=dict[str, str], hash=False, repr=False)
    at: DateTime = field(default=DateTime(1970, 1, 1, tzinfo=UTC))
    origin: Origin = Origin.PERSON
    replies_to: tuple[str, ...] = ()


def prepare(case: Case, drafts: Iterable[Draft], moment: Moment) -> list[Event]:
    """Put drafts for the same person or the same channel together: one message says everything that is due to one reader.

    What is meant for a customer whom nothing reaches, or who wants no contact yet, becomes a step of the owner; where the customer
    wants no contact at all it is dropped.
    """
    grouped: dict[tuple[str | None, Channel], list[Part]] = {}
    unsent: list[Event] = []
    for draft in drafts:
        channel = Channel.EMAIL if draft.person is not None else _channel(case, draft, moment)
        if channel is not None:
            grouped.setdefault((draft.person, channel), []).append(draft.part)
        elif not case.silenced:
            unsent.append(_left_to_owner(case, draft, moment.now))
    prepared = [
        _prepared(case, number, person, channel, tuple(parts), moment)
        for number, ((person, channel), parts) in enumerate(grouped.items(), start=case.version + 1)
    ]
    return [*prepared, *unsent]


def _left_to_owner(case: Case, draft: Draft, now: DateTime) -> Event:
    early = case.not_before if _is_too_early(case, draft, now) else None
    why = "nothing reaches the customer" if early is None else "the customer wants no contact before this date"
    return step_for_owner(IDLE, f"{why}; find a way to say: {draft.part.template}", now, due_at=early)


def _is_too_early(case: Case, draft: Draft, now: DateTime) -> bool:
    """Whether the library would speak before the customer wants it; what a person says is judged by a rule."""
    return case.not_before is not None and now < case.not_before and not draft.exact


def _prepared(
    case: Case, seq: int, person: str | None, channel: Channel, parts: tuple[Part, ...], moment: Moment
) -> MessagePrepared:
    terms = moment.terms
    to = _person_address(person, terms) if person is not None else case.receiving.customer.address(channel)
    return MessagePrepared(
        at=moment.now,
        by=MACHINE,
        message_id=f"{case.id}:{seq}:{channel.value}",
        channel=channel,
        to=to,
        person=person,
        parts=parts,
        manual=person is None and channel not in terms.machine_channels,
    )


def _person_address(person: str, terms: Terms) -> Address | None:
    known = terms.person(person)
    return None if known is None else next((a for a in known.addresses if a.channel is Channel.EMAIL), None)


def _channel(case: Case, draft: Draft, moment: Moment) -> Channel | None:
    """Return where a draft for the customer goes: as a person said, else the best way software or the owner has."""
    if draft.exact:
        return draft.channel
    if _is_too_early(case, draft, moment.now):
        return None
    customer, terms = case.receiving.customer, moment.terms
    preferred = [draft.channel] if draft.channel is not None and draft.channel in terms.machine_channels else []
    known = [address.channel for address in customer.addresses]
    ways = list(dict.fromkeys(a.channel for a in case.reachable([*preferred, *terms.machine_channels, *known])))
    others = [channel for channel in ways if channel is not draft.avoid]
    return next(iter(others or ways), None)


def drafts_for_word(case: Case, recorded: Recorded) -> list[Draft]:
    """Return drafts for each channel on which a person is about to speak; what has been said needs no message.

    What the word claims to have happened follows it, a part for each claim, so that the library says it from the event.
    """
    event = recorded.event
    if not isinstance(event, Spoken) or event.word.said_at is not None:
        return []
    part = Part(template=word_template(event, case), about=recorded.seq, marks=event.says(recorded.seq))
    parts = [part, *[_claimed(case, claim) for claim in event.word.claims]]
    via = event.word.via
    channels = sorted(via, key=lambda channel: channel.value) if len(via) > 1 else via
    return [Draft(part=part, channel=channel, exact=True) for channel in channels for part in parts]


def _claimed(case: Case, claim: Claim) -> Part:
    """Return what says one claim; what is personal in it is looked up when the message is put together."""
    values: list[tuple[str, str]] = []
    delivery = sent(case, claim)
    if claim.kind in (ClaimKind.SENT, ClaimKind.REFUNDED) and delivery is not None and delivery.sent_at is not None:
        values = [("key", delivery.id), ("sent_at", delivery.sent_at.isoformat()), ("carrier", delivery.carrier)]
    elif claim.kind is ClaimKind.DECIDED and (at := decided_at(case)) is not None:
        values = [("decided_at", at.isoformat())]
    return Part(template=f"claim_{claim.kind.value}", values=tuple(values))


def word_template(event: Event, case: Case | None = None) -> str:
    """Return the template a spoken event is put into; to somebody who has not complained the acknowledgement is another text."""
    affected = None if case is None else case.responsibility.affected
    if isinstance(event, Acknowledged) and affected is not None and not affected.complained:
        return "incident_outreach"
    if isinstance(event, FollowUpMade):
        return f"follow_up_made_{event.which.value}"
    return kind_of(type(event))


def compose(case: Case, prepared: Recorded, spoken: Mapping[int, Event], terms: Terms) -> Message:
    """Return the message a :class:`MessagePrepared` event stands for. ``spoken`` holds the events its parts are about."""
    event = prepared.event
    if not isinstance(event, MessagePrepared):
        raise TypeError(f"{type(event).__name__} is no message")
    return Message(
        id=event.message_id,
        case_id=case.id,
        reference=case.reference,
        seq=prepared.seq,
        channel=event.channel,
        to=event.to,
        person=event.person,
        sayings=tuple([_saying(case, part, spoken, None if event.person is None else terms) for part in event.parts]),
        values={**_values(case, event, terms), **_signed(event, spoken, terms)},
        at=event.at,
        origin=_origin(event, spoken),
        replies_to=_thread(case, event, prepared.seq),
    )


def _signed(event: MessagePrepared, spoken: Mapping[int, Event], terms: Terms) -> dict[str, Public]:
    """Whoever wrote a word signs it, though somebody else may own the case: a stand-in, a head, whoever reviews a loss."""
    if event.person is not None:
        return {}
    for part in event.parts:
        word = spoken.get(part.about or 0)
        if isinstance(word, Spoken):
            name = (word.name if isinstance(word, Acknowledged) else "") or terms.name(word.by)
            if name:
                return {"owner_name": Public(name)}
    return {}


def _origin(event: MessagePrepared, spoken: Mapping[int, Event]) -> Origin:
    for part in event.parts:
        if isinstance(spoken.get(part.about or 0), Spoken):
            return Origin.PERSON
    return Origin.REPLY if "receipt" in [part.template for part in event.parts] else Origin.MACHINE


def _thread(case: Case, event: MessagePrepared, seq: int) -> tuple[str, ...]:
    """Return the ids of the messages before this one, between the same two people, on the same channel."""
    channel, receiving = event.channel, case.receiving
    written = [
        (out.seq, out.id)
        for out in receiving.outgoing
        if out.channel is channel and out.person == event.person and out.state in LIVE and out.seq < seq
    ]
    if event.person is None:
        # What a person of ours took down as a contact was given an id by the case it was told on: nobody's message id.
        made = tuple([f"@{case_id}" for case_id in receiving.links])
        written += [
            (note.seq, note.message_id)
            for note in receiving.contacts
            if note.channel is channel and note.message_id and not note.message_id.endswith(made)
        ]
    known = [message_id for _, message_id in sorted(written)]
    return tuple(known[:1] + known[1:][1 - THREAD :])


def _saying(case: Case, part: Part, spoken: Mapping[int, Event], terms: Terms | None) -> Saying:
    """Return one thing a message says; ``terms`` are there for a colleague's alone."""
    event = None if part.about is None else spoken.get(part.about)
    text = event.word.text if isinstance(event, Spoken) else ""
    if terms is None:
        return Saying(template=part.template, values=_for_customer(case, part, event), text=text)
    return Saying(template=part.template, values=_for_colleague(case, part, event, terms), text=text)


# ---------------------------------------------------------------- what a customer may read


def _for_customer(case: Case, part: Part, event: Event | None) -> dict[str, Public]:
    """Return the values of one thing that is said to the customer: nothing internal, whatever a template may name."""
    told = {} if event is None else public_values(event)
    key = event.delivery_id if isinstance(event, (ArrivalChecked, DeliveryMoved)) else dict(part.values).get("key", "")
    brought = {name: Public(value) for name, value in part.values if name in TO_CUSTOMER}
    return {**told, **brought, **_about(case, key)} if key or brought else told


def public_values(event: Event) -> dict[str, Public]:
    """Return what the customer may read of ``event``, as text: the fields marked ``public``, options as a list, topics as flags."""
    told: dict[str, Public] = {}
    for name in public_fields(type(event)):
        if (text := _as_text(getattr(event, name))) is not None:
            told[name] = Public(text)
    if isinstance(event, FollowUpMade):
        told |= {f"asks_{topic.value}": Public("yes") for topic in event.topics}
    return told


def _as_text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, DateTime):
        return value.isoformat()
    if isinstance(value, tuple):
        return _listed(option for option in cast("tuple[object, ...]", value) if isinstance(option, Option))
    return None


def _about(case: Case, key: str) -> dict[str, Public]:
    """Return in words what the customer is chased for: the question, the proposal, the delivery."""
    found: dict[str, Public] = {}
    for question in case.keeping.questions:
        if question.id == key:
            found["question"] = Public(question.text)
    if key == "proposal" and case.proposing.proposal is not None:
        offered = case.proposing.proposal
        found["proposal"] = Public(_listed(offered.options) or offered.explanation)
    for delivery in case.resolving.deliveries:
        if delivery.id == key:
            found |= {"delivery": Public(delivery.what), "tracking": Public(delivery.tracking)}
    return found


def _listed(options: Iterable[Option]) -> str:
    return "\n".join(f"- {' '.join((option.text, option.beyond.strip())).strip()}" for option in options)


def _common(case: Case, terms: Terms, channel: Channel) -> dict[str, Public]:
    """Return what every message may name: names, the reference, the way back, the issue as the customer knows it."""
    receiving = case.receiving
    customer = receiving.customer
    common = {
        "reference": case.reference,
        "customer": customer.name or "",
        "owner_name": terms.name(case.owner),
        "reach": reach_of(case, terms, channel),
        "issue": receiving.issue,
        "company": terms.company,
        "timezone": customer.timezone or "",
        "desk_timezone": terms.calendar.timezone,
        "language": customer.language or "",
        "asks_survey": "yes" if _is_to_be_surveyed(case, terms) else "",
    }
    return cast("dict[str, Public]", common)


def _is_to_be_surveyed(case: Case, terms: Terms) -> bool:
    """Whether a survey will go out to this customer, so that a follow-up announces it."""
    told = case.following_up.survey
    return terms.survey is not None and (told is None or told.sent_at is None)


def _readable() -> frozenset[str]:
    """Return every name that a text for customers may use; ``text`` is what a person of ours wrote."""
    kinds, told = list[type[Event]]((Spoken, SurveySent)), set[str]()
    while kinds:
        kinds += (kind := kinds.pop()).__subclasses__()
        told |= {*public_fields(kind)}
    flags = {f"asks_{topic.value}" for topic in Topic}
    about = {"question", "proposal", "delivery", "tracking", "text"}
    common = {"reference", "customer", "owner_name", "reach", "issue", "company", "asks_survey"}
    return frozenset((told - {"word"}) | flags | about | common | TO_CUSTOMER)


READABLE: frozenset[str] = _readable()
"""What a text for customers may name. A date is named with ``_at`` at its end: ``by_date`` is ``$by_date_at``."""

# ---------------------------------------------------------------- what a colleague may read


def _for_colleague(case: Case, part: Part, event: Event | None, terms: Terms) -> dict[str, str]:
    values = dict(part.values)
    told = {**_plain(event), **values, **_about(case, values.get("key", "")), **_step(case, values)}
    return told if event is None else {**told, "by_name": terms.name(event.by), **_briefed(case, part, event, terms)}


def _briefed(case: Case, part: Part, event: Event, terms: Terms) -> dict[str, str]:
    """Return the briefing for whoever is to take a case over, or has been given it."""
    word = event.briefing if isinstance(event, HandoverOffered) else ""
    if part.template == "handover_offered" or (part.template == "assigned" and isinstance(event, CaseMoved)):
        return {"case_briefing": str(assemble(case, terms, word))}
    return {}


def _step(case: Case, values: Mapping[str, str]) -> dict[str, str]:
    """Return in words which step a clock that rang is about: a task or a promise."""
    key = values.get("key", "")
    found: dict[str, str] = {}
    for task in case.receiving.tasks:
        if task.id == key:
            found["what"] = task.what
    for promise in case.keeping.promises:
        if promise.id == key:
            found["what"] = f"{values.get('what', '')}: {promise.what}"
    return found


def _plain(event: Event | None) -> dict[str, str]:
    """Return the fields of an event, as text."""
    if event is None:
        return {}
    told = {f.name: value for f in attrs.fields(type(event)) if (value := getattr(event, f.name))}
    return {name: text for name, value in told.items() if (text := _as_text(value))}


def _values(case: Case, event: MessagePrepared, terms: Terms) -> Mapping[str, str]:
    common = _common(case, terms, event.channel)
    if event.person is None:
        return common
    return {**common, "owner": case.owner, "person": terms.name(event.person), "timezone": "", "language": ""}
