"""The rules of receiving."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.no_reply import no_reply_in
from recovery.core.practice.common import happened, heard_from_customer, reach_of
from recovery.core.rule import Moment, Problem, rule
from recovery.core.vocabulary.closing import Close, UndoMerge
from recovery.core.vocabulary.common import ANSWERABLE, Channel, Command, Report, Speaking, Word
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer
from recovery.core.vocabulary.keeping_in_touch import MakePromise, RecordAnswer, RecordDeferral
from recovery.core.vocabulary.ownership import RecordFact
from recovery.core.vocabulary.proposing import RecordDecline, RecordRemedySought
from recovery.core.vocabulary.receiving import (
    Identify,
    OpenCase,
    Receive,
    RecordWish,
)
from recovery.core.vocabulary.resolving import ConfirmArrival, RecordAcceptance

HEADING = "receiving"


@rule("contact.logged", heading=HEADING, source="E", on=(OpenCase,), fixed=True)
def contact_logged(_case: Case, command: OpenCase, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being dropped: what cannot become a case yet waits, byte for byte, with an owner and a date."""
    contact, sender = command.contact, command.contact.sender
    if not (told(sender.name) or sender.id or sender.addresses or told(contact.reference) or contact.ticket):
        yield Problem("it says neither who wrote it, nor how to reach them, nor which case it belongs to", field="contact.sender")
    if not (told(contact.text) or told(contact.subject) or contact.attachments):
        yield Problem("there is nothing in it: no words, no subject, no attachment", field="contact.text")


def told(text: str | None) -> bool:
    """Whether there is anything to read in ``text``."""
    return any(sign.isprintable() and not sign.isspace() for sign in text or "")


_CUSTOMERS_WORDS = (
    RecordAcceptance,
    RecordDecline,
    RecordAnswer,
    RecordDeferral,
    RecordFact,
    RecordFollowUpAnswer,
    RecordRemedySought,
    RecordWish,
)


@rule(
    "contact.automatic-mail",
    heading=HEADING,
    source="H",
    on=(OpenCase, Receive, Close, ConfirmArrival, *_CUSTOMERS_WORDS),
    fixed=True,
)
def automatic_mail(case: Case, command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a machine's note being taken for their word: it stops no clock and is never answered."""
    if isinstance(command, (OpenCase, Receive)):
        if command.contact.automatic:
            yield Problem("a machine wrote it: a bounce, an out-of-office note or list mail", field="contact.automatic")
    else:
        yield from heard_from_customer(case, getattr(command, "said", None))


@rule("contact.wishes", heading=HEADING, source="L, H", on=(Speaking, MakePromise), fixed=True, blocks=False, of_case=True)
def wishes(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being contacted against their wish: not at all, not so, not yet, not by this person."""
    if isinstance(command, MakePromise) and command.word is None:
        return
    if case.silenced:
        yield Problem("the customer wishes not to be contacted", hint="Wait until the customer gets in touch.")
    word: Word | None = getattr(command, "word", None)
    if word is not None and (unwelcome := sorted(channel.value for channel in word.via & case.unwelcome)):
        names = ", ".join(unwelcome)
        yield Problem(f"the customer does not want to be contacted by {names}", field="word.via", hint="Use another channel.")
    if case.not_before is not None and happened(command, moment) < case.not_before:
        until = case.not_before.to_iso8601_string()
        yield Problem(f"the customer wants no contact before {until}", hint="Wait until then.", params={"until": case.not_before})
    if case.ownership.unwanted == command.by:
        hint = "A supervisor moves the case to somebody else (MoveCase)."
        yield Problem("the customer asked for another person", field="by", hint=hint, params={"by": command.by})


_SPOKEN = frozenset({Channel.PHONE, Channel.IN_PERSON})
"""Where the customer can answer at once, to a person: such a word is its own way back."""


@rule("contact.way-back", heading=HEADING, source="L", on=(Speaking, MakePromise), blocks=False)
def has_way_back(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a message that cannot be answered: every one has a way back that reaches their owner."""
    word: Word | None = getattr(command, "word", None)
    if word is None or word.said_at is not None:
        return
    given: str = getattr(command, "reach", "")
    if nobody := no_reply_in(given):
        yield Problem(f"nobody reads what is sent to {nobody}", field="reach", hint="Give an address that reaches you.")
    mute = [channel for channel in word.via - ANSWERABLE - _SPOKEN if not (given.strip() or reach_of(case, moment.terms, channel))]
    if mute:
        names = " and ".join(sorted(channel.value for channel in mute))
        message = f"a word by {names} cannot simply be answered, and there is no address that reaches {case.owner}"
        hint = f"Give {case.owner} an address, or way_back, in the policy."
        yield Problem(message.replace("_", " "), field="word.via", hint=hint, params={"owner": case.owner})


@rule("case.one-thread", heading=HEADING, source="H", on=(Close, UndoMerge))
def one_thread(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer's reply from running in a circle between merged cases, and from a merge that was a mistake."""
    survivor = moment.context.survivor
    if isinstance(command, UndoMerge):
        yield from _not_to_be_undone(case, survivor)
        return
    if not isinstance(command, Close) or command.survivor is None:
        return
    if command.survivor == case.id:
        yield Problem("a case cannot be merged into itself", field="survivor", hint="Name the case that lives on.")
    elif survivor is None:
        yield Problem(f"there is no case {command.survivor!r} to live on", field="survivor", hint="Look it up with find().")
    elif survivor.id != command.survivor:
        hint = "Close the case by itself, after whatever else is done with it."
        params = {"survivor": command.survivor}
        yield Problem(f"the case {command.survivor} is not at hand", field="survivor", hint=hint, params=params)
    elif case.id in (survivor.closing.survivor, *moment.context.lineage):
        hint = "Name another case that lives on, or first make that one a case of its own again (UndoMerge)."
        yield Problem("that case was merged into this one, so they would form a circle", field="survivor", hint=hint)
    elif survivor.in_tray:
        hint = "Identify it first (Identify), or merge it into this one."
        yield Problem("that one waits in the tray: nobody knows yet whose it is", field="survivor", hint=hint)


def _not_to_be_undone(case: Case, survivor: Case | None) -> Iterator[Problem]:
    merged_into = case.closing.survivor
    if merged_into is None:
        yield Problem("the case was not merged into another", hint="A merge is taken back on the duplicate.")
    elif survivor is None or survivor.id != merged_into:
        hint = "Take the merge back by itself, before anything else is done with the case."
        yield Problem(f"the case it was merged into, {merged_into}, is not at hand", hint=hint, params={"survivor": merged_into})


@rule(
    "case.repeat-visible",
    heading=HEADING,
    source="L, H",
    on=(OpenCase, Identify),
    strength=Strength.SHOULD,
    blocks=False,
)
def repeat_visible(case: Case, command: Report, moment: Moment) -> Iterator[Problem]:
    """Protects the customer who has been let down before from being treated as if it were the first time."""
    earlier = moment.context.earlier
    if not earlier:
        return
    category = command.contact.category if isinstance(command, OpenCase) else case.receiving.category
    same = [one for one in earlier if category is not None and one.category == category]
    names, kind = ", ".join(one.reference for one in same or earlier), " of the same kind" if same else ""
    cases = "a case" if len(same or earlier) == 1 else f"{len(same or earlier)} cases"
    yield Problem(
        f"this customer has had {cases}{kind} before: {names}",
        hint="Look at what happened then, before you speak to them (ConsultHistory): recovery does not work twice.",
        params={"cases": ", ".join(one.case_id for one in earlier), "same_kind": len(same)},
    )
