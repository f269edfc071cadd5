"""Which messages receiving makes."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.agenda import due_by_rule
from recovery.core.case import Case
from recovery.core.practice.common import Draft
from recovery.core.rule import Moment
from recovery.core.vocabulary.common import Channel, Mark, Recorded
from recovery.core.vocabulary.known import Priority
from recovery.core.vocabulary.receiving import (
    CaseMergedIn,
    CaseMergedOut,
    CaseOpened,
    ContactJoined,
    Identified,
    Part,
    Receipting,
)


def receipt_for_opening(case: Case, recorded: Recorded, event: CaseOpened, moment: Moment) -> Iterator[Draft]:
    """The customer gets a receipt at once; the owner hears that the case is theirs. What began quietly says so in its own words."""
    if event.quiet:
        return
    about = () if event.tray else _about_customer(case)
    yield Draft(part=Part(template="tray" if event.tray else "assigned", about=recorded.seq, values=about), person=event.owner)
    yield from _receipt(case, event.receipt, recorded, event.contact.channel, moment)


def receipt_for_contact(case: Case, recorded: Recorded, event: ContactJoined, moment: Moment) -> Iterator[Draft]:
    """The customer gets a receipt, at most one a day; the owner hears that an answer is owed."""
    if event.owes_answer:
        yield Draft(part=Part(template="wrote", about=recorded.seq), person=case.owner)
    yield from _receipt(case, event.receipt, recorded, event.contact.channel, moment)


def receipt_for_identified(case: Case, recorded: Recorded, event: Identified, moment: Moment) -> Iterator[Draft]:
    """Out of the tray, the customer gets the receipt."""
    yield Draft(part=Part(template="assigned", about=recorded.seq, values=_about_customer(case)), person=event.owner)
    yield from _receipt(case, event.receipt, recorded, case.receiving.contacts[0].channel, moment)


def merge_for_owner(case: Case, recorded: Recorded, event: CaseMergedIn | CaseMergedOut, moment: Moment) -> Iterator[Draft]:
    """Whoever has the case that lives on hears that a duplicate has come, or has gone, unless they did it themselves."""
    if event.by == case.owner:
        return
    values = (("what", event.reference or event.merged_id),)
    if isinstance(event, CaseMergedIn):
        yield Draft(part=Part(template="merged_in", about=recorded.seq, values=values), person=case.owner)
    else:
        yield Draft(part=Part(template="merged_out", about=recorded.seq, values=values), person=case.owner)


def _about_customer(case: Case) -> tuple[tuple[str, str], ...]:
    """Return what the owner should know before the first word: earlier cases, likely twins, and how soon it wants a look."""
    priority = case.priority
    told = (
        ("repeats", ", ".join([_named(one.reference, one.category) for one in case.receiving.earlier])),
        ("twins", ", ".join([one.reference for one in case.receiving.twins])),
        ("priority", "" if priority is Priority.NORMAL else priority.value),
    )
    return tuple((name, text) for name, text in told if text)


def _named(reference: str, category: str | None) -> str:
    return reference if category is None else f"{reference} ({category})"


def _receipt(case: Case, receipt: Receipting, recorded: Recorded, channel: Channel, moment: Moment) -> Iterator[Draft]:
    if receipt is not Receipting.MACHINE or "contact.receipt" not in moment.terms.timing.by_id:
        return
    mark = Mark(name="receipted", at=recorded.event.at, seq=recorded.seq, key=str(recorded.seq))
    part = Part(template="receipt", about=recorded.seq, values=_next_word(case, moment), marks=(mark,))
    yield Draft(part=part, channel=channel)


def _next_word(case: Case, moment: Moment) -> tuple[tuple[str, str], ...]:
    """Return when the customer hears next: by when the acknowledgement or the answer is due, if that lies ahead."""
    due = due_by_rule(case, moment.terms, "acknowledge.immediately", "contact.answer-owed")
    return () if due is None or due <= moment.now else (("next_word_at", due.isoformat()),)
