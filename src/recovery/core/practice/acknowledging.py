"""Acknowledging: the owner contacts the customer at once, and says what, who, how and when."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.clock import Base, Clock, Length, Rung, Unit, Whom
from recovery.core.errors import Strength
from recovery.core.outgoing import lacking, words_of
from recovery.core.practice.common import happened, way_back
from recovery.core.rule import Moment, Problem, rule
from recovery.core.values import altered
from recovery.core.vocabulary.acknowledging import Acknowledge, Acknowledged, AcknowledgingPart
from recovery.core.vocabulary.closing import CaseReopened, MergeUndone
from recovery.core.vocabulary.common import Channel, Command, Event, Mood, Recorded, Spoken, Word
from recovery.core.vocabulary.following_up import FollowUpMade
from recovery.core.vocabulary.keeping_in_touch import CustomerInformed, PromiseMoved, QuestionAsked
from recovery.core.vocabulary.ownership import CaseMoved, HandoverAccepted
from recovery.core.vocabulary.proposing import Investigate, Propose, Proposed
from recovery.core.vocabulary.receiving import Delivery, DeliveryReported
from recovery.core.vocabulary.resolving import ArrivalChecked, CaseResolved, DeliveryMoved, Resolve
from recovery.core.wording import Sign

HEADING = "acknowledging"

# ---------------------------------------------------------------- rules


@rule("acknowledge.says", heading=HEADING, source="E, L; name and date H", on=(Acknowledge,))
def acknowledge_says(case: Case, command: Acknowledge, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a hollow acknowledgement: it says who works on it, how to reach them, and when they hear next."""
    if not command.word.text.strip():
        yield Problem("it says nothing", field="word.text", hint="Say that we have it, that we care, and who works on it.")
    if command.next_word_at is None:
        yield Problem("it does not say when the customer hears next", field="next_word_at", hint="Give the date of the next word.")
    if not (command.name.strip() or moment.terms.name(command.by).strip()):
        yield Problem("it does not say who works on it", field="name", hint="Give a name; a work name will do.")
    if not way_back(command.reach, command, moment):
        hint = "Give reach=, or an address for this person, or way_back, in the policy."
        yield Problem("it does not say how to reach the one who works on it", field="reach", hint=hint)
    if not command.word.reached:
        yield Problem("a voicemail is an attempt, not contact", field="word.reached", hint="Try again, or write.")


@rule("acknowledge.thanks", heading=HEADING, source="G", on=(Acknowledge,), strength=Strength.SHOULD, blocks=False)
def acknowledge_thanks(case: Case, command: Acknowledge, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from feeling a nuisance: right or wrong, the complaint is a favour, and the whole story is welcome."""
    affected = case.responsibility.affected
    complained = affected is None or affected.complained  # nobody is thanked for what they have not said
    looks = complained and command.word.reached and words_of(case, command, moment).prose
    lacks = lacking(case, command, moment, Sign.THANKS, Sign.INVITES) if looks else ()
    if Sign.THANKS in lacks:
        yield Problem("it does not thank the customer", field="word.text", hint="Say: thank you for telling us.")
    if Sign.INVITES in lacks:
        hint = "Say: if there is more to tell, just answer."
        yield Problem("it does not invite the customer to tell the story", field="word.text", hint=hint)


ALOUD = frozenset({Channel.PHONE, Channel.IN_PERSON})
"""The channels on which people talk to each other; all others are written."""
RINGS = 2
"""How often an angry customer is called in vain before the call counts as made (practice: ``acknowledge.letter-and-call``)."""


@rule(
    "acknowledge.letter-and-call",
    heading=HEADING,
    source="G",
    on=(Investigate, Propose, Resolve),
    strength=Strength.SHOULD,
    blocks=False,
)
def letter_and_call(case: Case, command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer who wrote in anger from a form letter: they get an answer and a call, reached or tried twice."""
    word: Word | None = getattr(command, "word", None)
    for missing, step in _lacking_of_both(case, frozenset() if word is None else word.via):
        hint = "The angry letter gets both: an answer in writing, and a call."
        yield Problem(f"the customer is angry and wrote, and has had no {missing}", hint=hint, step=step)


def _lacking_of_both(case: Case, now: frozenset[Channel] = frozenset()) -> Iterator[tuple[str, str]]:
    """Yield what an angry customer who wrote has not had yet, and the step it takes; nothing they do not want."""
    if case.receiving.mood is not Mood.ANGRY or case.silenced:
        return
    part, complaint = case.acknowledging, (note for note in case.receiving.contacts if not note.automatic)
    if not any(note.channel not in ALOUD for note in complaint):
        return
    known = {address.channel for address in case.receiving.customer.addresses}
    if not part.wrote and not now - ALOUD and (not known - ALOUD or known - ALOUD - case.unwelcome):
        yield "written answer", "write to the customer, who is angry and wrote to us"
    if not part.called and part.rings < RINGS and not now & ALOUD and Channel.PHONE not in case.unwelcome:
        way = "call" if Channel.PHONE in known else "find a number for, and call,"
        yield "call", f"{way} the customer, who is angry and wrote to us"


# ---------------------------------------------------------------- clocks

CLOCKS: tuple[Clock, ...] = (
    Clock(
        id="acknowledge.immediately",
        rule="acknowledge.immediately",
        what="contact the customer: who works on it, and when they hear next",
        starts=("received",),
        stops=("acknowledged",),
        ends=("closed", "reopened"),
        length=Length(1, Unit.BUSINESS_HOURS),
        contacts=True,
        ladder=(
            Rung(when=Length(0, Unit.HOURS), whom=Whom.OWNER),
            Rung(when=Length(4, Unit.BUSINESS_HOURS), base=Base.START, whom=Whom.SUPERVISOR, says="escalation"),
            Rung(when=Length(1, Unit.BUSINESS_DAYS), base=Base.START, whom=Whom.FALLBACK, says="escalation"),
        ),
        citation="E: 'and I mean immediately'; the strictest regulator asks 24 hours or one working day",
    ),
)

PROTECTS = {
    "acknowledge.immediately": "Protects the customer from waiting in silence: their owner gets in touch at once, in person.",
}
SOURCES = {"acknowledge.immediately": "E, L"}
FIXED_CLOCKS: frozenset[str] = frozenset()

# ---------------------------------------------------------------- what a command leads to


def acknowledge(_case: Case, command: Acknowledge, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The customer is acknowledged; a report that lacks what it must say is a word to the customer, no more."""
    at = happened(command, moment)
    if defects:
        yield CustomerInformed(at=at, by=command.by, word=command.word, next_word_at=command.next_word_at)
        return
    yield Acknowledged(
        at=at,
        by=command.by,
        word=command.word,
        next_word_at=command.next_word_at,
        name=command.name.strip() or moment.terms.name(command.by),
        reach=way_back(command.reach, command, moment),
    )


# ---------------------------------------------------------------- how an event folds in


def acknowledged(part: AcknowledgingPart, case: Case, recorded: Recorded, event: Acknowledged) -> AcknowledgingPart:
    """Remember the name and the way back that the customer was given."""
    wrote, called, rings = _ways(part, event.word)
    return altered(part, at=event.at, name=event.name, reach=event.reach, wrote=wrote, called=called, rings=rings)


def spoke(part: AcknowledgingPart, case: Case, recorded: Recorded, event: Spoken) -> AcknowledgingPart:
    """A person wrote, or called."""
    wrote, called, rings = ways = _ways(part, event.word)
    return part if ways == (part.wrote, part.called, part.rings) else altered(part, wrote=wrote, called=called, rings=rings)


def _ways(part: AcknowledgingPart, word: Word) -> tuple[bool, bool, int]:
    """Return whether a person wrote, and called, and how often it rang in vain: a call that is only owed counts when it is made."""
    aloud = word.said_at is not None and not ALOUD.isdisjoint(word.via)
    wrote = part.wrote or (word.reached and bool(word.via - ALOUD))
    return wrote, part.called or (aloud and word.reached), part.rings + (aloud and not word.reached)


def ended(part: AcknowledgingPart, case: Case, recorded: Recorded, event: DeliveryReported) -> AcknowledgingPart:
    """A call that was owed is made, or rang in vain; a mail that came back is no answer in writing."""
    out = next((out for out in case.receiving.outgoing if out.id == event.message_id), None)
    if out is None or out.person is not None or not any(mark.name == "spoke" for piece in out.parts for mark in piece.marks):
        return part
    match event.delivery:
        case Delivery.SENT if out.channel in ALOUD:
            return altered(part, called=True)
        case Delivery.NOT_REACHED if out.channel in ALOUD:
            return altered(part, rings=part.rings + 1)
        case Delivery.BOUNCED | Delivery.GIVEN_UP if out.channel not in ALOUD:
            return altered(part, wrote=False)
        case _:
            return part


def handed_on(
    part: AcknowledgingPart, case: Case, recorded: Recorded, event: HandoverAccepted | CaseMoved | CaseReopened | MergeUndone
) -> AcknowledgingPart:
    """The way back that the customer was given led to the old owner; from now on it is the new one's."""
    return part if event.owner == case.owner else altered(part, reach="")


def both_were_done(case: Case) -> bool:
    """Whether an angry letter has had its answer in writing and its call: then the step for them has lost its reason."""
    return not any(True for _ in _lacking_of_both(case))


CHECKS = (acknowledge_says, acknowledge_thanks, letter_and_call)
RELIEVED = {"acknowledge.letter-and-call": both_were_done}
HANDLERS = {Acknowledge: acknowledge}
_SPOKEN = (CustomerInformed, QuestionAsked, Proposed, CaseResolved, PromiseMoved, DeliveryMoved, ArrivalChecked, FollowUpMade)
FOLDS = {
    Acknowledged: acknowledged,
    **dict.fromkeys(_SPOKEN, spoke),
    DeliveryReported: ended,
    HandoverAccepted: handed_on,
    CaseMoved: handed_on,
    CaseReopened: handed_on,
    MergeUndone: handed_on,
}
