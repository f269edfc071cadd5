"""The briefing: what whoever takes a case over must know, so that the customer need not begin again; put together from the case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.agenda import Step, steps
from recovery.core.calendar import BusinessCalendar
from recovery.core.case import Case
from recovery.core.clock import IDLE
from recovery.core.rule import Terms
from recovery.core.vocabulary.proposing import Sought
from recovery.core.vocabulary.receiving import Delivery, Wish, WishKind

__all__ = ["Briefing", "assemble"]

_PERSONAL = {"personal": True}

WAITS_FOR = {
    "acknowledge.immediately": "a first word of ours",
    "contact.answer-owed": "an answer to what they wrote",
    "propose.in-time": "a proposal, or word when there will be one",
    "promise.tracked.next-word": "the word that was promised for then",
    "resolve.whole-case": "the end of it",
}
"""What the customer waits for while one of these clocks runs; promises and deliveries are named one by one."""


@frozen(kw_only=True)
class Briefing:
    """What the next owner must know of a case, in lines to read; instants are local to the desk.

    ``word`` is what the old owner adds, ``cause`` why it happened, as far as that is on record. ``earlier`` are the references of
    the customer's earlier cases, as they were known when this one was opened. ``facts`` the customer has told already,
    ``promises`` are open, ``tried`` is what was done so far and came of it, ``waits_for`` what the customer waits for, ``asked``
    what we wait for from them, ``steps`` the dated steps of our own. ``str()`` puts all of it on one page. It is about a customer,
    and for people on our side alone.
    """

    reference: str
    owner: str
    stage: str
    customer: str = field(repr=False, metadata=_PERSONAL)
    word: str = field(default="", repr=False, metadata=_PERSONAL)
    issue: str = field(default="", repr=False, metadata=_PERSONAL)
    procedure: str = ""
    cause: str = field(default="", repr=False, metadata=_PERSONAL)
    earlier: tuple[str, ...] = ()
    facts: tuple[str, ...] = field(default=(), repr=False, metadata=_PERSONAL)
    wishes: tuple[str, ...] = field(default=(), repr=False, metadata=_PERSONAL)
    promises: tuple[str, ...] = field(default=(), repr=False, metadata=_PERSONAL)
    tried: tuple[str, ...] = field(default=(), repr=False, metadata=_PERSONAL)
    waits_for: tuple[str, ...] = field(default=(), repr=False, metadata=_PERSONAL)
    asked: tuple[str, ...] = field(default=(), repr=False, metadata=_PERSONAL)
    steps: tuple[str, ...] = field(default=(), repr=False, metadata=_PERSONAL)

    def __str__(self) -> str:
        return "\n".join(_page(self))


def assemble(case: Case, terms: Terms, word: str = "") -> Briefing:
    """Return what whoever takes ``case`` over must know; ``word`` is what the old owner adds."""
    calendar, dated = terms.calendar, steps(case, terms)
    return Briefing(
        reference=case.reference,
        owner=terms.name(case.owner),
        stage=case.stage.value.replace("_", " "),
        customer=case.receiving.customer.name or "",
        word=word.strip(),
        issue=case.receiving.issue,
        procedure=case.ownership.procedure,
        cause=_cause(case, calendar),
        earlier=tuple(one.reference for one in case.repeats),
        facts=tuple(f"{fact.key.replace('_', ' ')}: {case.on_file(fact.key)}" for fact in case.facts),
        wishes=(*(_wish(wish, terms) for wish in case.receiving.wishes), *(_sought(one) for one in case.proposing.sought)),
        promises=tuple(_dated(promise.what, _due(dated, promise.id), calendar) for promise in case.keeping.promises),
        tried=tuple(_tried(case, calendar)),
        waits_for=tuple(_waits_for(case, dated, calendar)),
        asked=tuple(f"{question.text} (asked {_when(question.asked_at, calendar)})" for question in case.keeping.questions),
        steps=tuple(_dated(step.what, step.due_at, calendar) for step in dated if step.clock == IDLE),
    )


def _cause(case: Case, calendar: BusinessCalendar) -> str:
    """Return why it happened, or by when that is to be known, and which unit answers for it, as far as that is on record."""
    known, told = case.responsibility, list[str]()
    if known.cause is not None:
        told.append(f"{known.cause.text} ({_plain(known.cause.kind.value)})")
    elif known.find_out_by is not None:
        told.append(f"not known yet, to be found out by {_when(known.find_out_by, calendar)}")
    if known.accountable is not None:
        told.append(f"{known.accountable} answers for it")
    return "; ".join(told)


def _wish(wish: Wish, terms: Terms) -> str:
    match wish.kind:
        case WishKind.DO_NOT_CONTACT:
            return "no contact at all"
        case WishKind.NOT_ON_CHANNEL:
            return f"no contact by {'' if wish.channel is None else wish.channel.value.replace('_', ' ')}"
        case WishKind.NOT_BEFORE:
            return "no contact yet" if wish.until is None else f"no contact before {_when(wish.until, terms.calendar)}"
        case _:
            return "another person than before"


def _sought(one: Sought) -> str:
    return f"as the outcome: {one.words}" if one.words else f"as the outcome: what message {one.contact} says"


def _tried(case: Case, calendar: BusinessCalendar) -> Iterator[str]:
    wrote = [contact for contact in case.receiving.contacts if not contact.automatic]
    if wrote:
        times = "once" if len(wrote) == 1 else f"{len(wrote)} times"
        yield f"the customer got in touch {times}, last by {_plain(wrote[-1].channel.value)} {_when(wrote[-1].at, calendar)}"
    if case.acknowledging.at is not None:
        yield f"acknowledged {_when(case.acknowledging.at, calendar)}"
    for out in case.receiving.outgoing:
        if out.person is None and out.tried_at is not None and out.state is Delivery.OWED:
            yield f"tried by {_plain(out.channel.value)} {_when(out.tried_at, calendar)}, nobody was reached"
    yield from _offered(case, calendar)
    yield from _ended(case, calendar)


def _offered(case: Case, calendar: BusinessCalendar) -> Iterator[str]:
    proposing = case.proposing
    if proposing.declines:
        yield f"the customer has declined {'once' if proposing.declines == 1 else f'{proposing.declines} times'}"
    for asked in proposing.exceptions:
        yield f"an exception ({_plain(asked.remedy)}), of {asked.approver}: {_plain(asked.state.value)}"
    if proposing.proposal is not None:
        what = "; ".join(option.text for option in proposing.proposal.options) or f"no: {proposing.proposal.explanation}"
        yield f"proposed {_when(proposing.proposal.at, calendar)}: {what}"


def _ended(case: Case, calendar: BusinessCalendar) -> Iterator[str]:
    resolving, following = case.resolving, case.following_up
    if resolving.resolution is not None and resolving.at is not None:
        yield f"resolved {_when(resolving.at, calendar)}: {_plain(resolving.resolution.value)}"
    for delivery in resolving.deliveries:
        if delivery.arrived_at is not None:
            yield f"{delivery.what} arrived {_when(delivery.arrived_at, calendar)}"
    for name, outcome in (("days", following.days), ("weeks", following.weeks)):
        if outcome is not None:
            yield f"asked after {name} whether it is solved: {outcome.value}"
    if case.closing.reopened:
        yield f"reopened {'once' if case.closing.reopened == 1 else f'{case.closing.reopened} times'}"


def _waits_for(case: Case, dated: Iterable[Step], calendar: BusinessCalendar) -> Iterator[str]:
    for step in dated:
        if step.clock in WAITS_FOR:
            yield _dated(WAITS_FOR[step.clock], step.due_at, calendar)
    for delivery in case.resolving.deliveries:
        if delivery.arrived_at is None and not delivery.unconfirmed:
            yield _dated(delivery.what, delivery.by, calendar)


def _due(dated: Iterable[Step], key: str) -> DateTime | None:
    return next((step.due_at for step in dated if step.key == key and step.clock == "promise.tracked"), None)


def _dated(what: str, due_at: DateTime | None, calendar: BusinessCalendar) -> str:
    return what if due_at is None else f"{what} (by {_when(due_at, calendar)})"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _when(at: DateTime, calendar: BusinessCalendar) -> str:
    local = datetime.fromisoformat(calendar.local_text(at))
    # Not by strftime, which speaks the language of whatever process it runs in.
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.hour:02}:{local.minute:02}"


def _plain(text: str) -> str:
    return text.replace("_", " ")


def _page(told: Briefing) -> Iterator[str]:
    whose = f" of {told.customer}" if told.customer else ""
    yield f"Case {told.reference}{whose} is {told.stage}, looked after by {told.owner}."
    single = (
        ("About", told.issue),
        ("How such cases are handled", told.procedure),
        ("Why it happened", told.cause),
        ("It is not the first time; look at", ", ".join(told.earlier)),
        ("A word with it", told.word),
    )
    for name, line in single:
        if line:
            yield f"{name}: {line}"
    lists = (
        ("The customer has told us", told.facts),
        ("The customer wishes", told.wishes),
        ("The customer waits for", told.waits_for),
        ("Promised", told.promises),
        ("What was done so far", told.tried),
        ("We wait for the customer's answer to", told.asked),
        ("Steps of our own", told.steps),
    )
    for name, lines in lists:
        if lines:
            yield f"{name}:"
            yield from (f"- {line}" for line in lines)
