"""The rules of taking responsibility that look at the words of a text: only at what the customer will read, never at a note."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.outgoing import ill_worded, lacking, words_of
from recovery.core.rule import Moment, Problem, rule
from recovery.core.vocabulary.acknowledging import Acknowledge
from recovery.core.vocabulary.common import Command, Speaking
from recovery.core.vocabulary.keeping_in_touch import Inform, MakePromise, MovePromise
from recovery.core.vocabulary.proposing import Propose
from recovery.core.vocabulary.resolving import MoveDelivery, Resolution, Resolve
from recovery.core.wording import Sign

HEADING = "responsibility"


@rule("own.takes-it-on", heading=HEADING, source="O", on=(Acknowledge, Propose), strength=Strength.SHOULD, blocks=False)
def takes_it_on(case: Case, command: Speaking, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from an inquest: we take it on, or say sorry, and find out later whose fault it was."""
    yield from ill_worded("own.takes-it-on", case, command, moment)
    if not words_of(case, command, moment).prose or not command.word.reached:
        return
    if Sign.TAKES_ON in lacking(case, command, moment, Sign.TAKES_ON):
        hint = "Say that you look after it, or that you are sorry."
        yield Problem("it does not say that we take it on", field="word.text", hint=hint)


@rule("own.no-blame", heading=HEADING, source="O", on=(Speaking, MakePromise), overridable=True, blocks=False)
def no_blame(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from hearing who else is to blame: a supplier, a carrier, a colleague, the weather, or themselves."""
    yield from ill_worded("own.no-blame", case, command, moment)


@rule("own.no-passing-on", heading=HEADING, source="O", on=(Speaking, MakePromise), overridable=True, blocks=False)
def no_passing_on(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from having to pursue our supplier or dealer; outside bodies are named with the final no only."""
    yield from ill_worded("own.no-passing-on", case, command, moment)
    if isinstance(command, Resolve) and command.outcome is not Resolution.NOT_AGREED and command.elsewhere.strip():
        hint = "Leave it out; it belongs to a final no."
        yield Problem("it says where else to turn, and it is no final no", field="elsewhere", hint=hint)


@rule(
    "own.solutions-not-excuses",
    heading=HEADING,
    source="O",
    on=(Speaking, MakePromise),
    strength=Strength.SHOULD,
    blocks=False,
)
def solutions_not_excuses(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from explanations in place of help: every message says who will do what by when."""
    yield from ill_worded("own.solutions-not-excuses", case, command, moment)
    words = words_of(case, command, moment)
    if words.dated or not words.passages or not _is_about_what_comes(command):
        return
    if Sign.NEXT_STEP in lacking(case, command, moment, Sign.NEXT_STEP):
        hint = "Say who does what, and give the date: in the words, or in a field such as next_word_at."
        yield Problem("it does not say who will do what by when", field="word.text", hint=hint)


def _is_about_what_comes(command: Command) -> bool:
    """Whether it is about what is still to be done: not a question, a repeat, a no, or word that all is done."""
    match command:
        case Acknowledge() | Inform(repeats=None) | MovePromise() | MoveDelivery() | MakePromise():
            return True
        case Propose(options=options):
            return bool(options)
        case Resolve(outcome=outcome, delivers=delivers):
            return outcome is not Resolution.NOT_AGREED and delivers is not None
        case _:
            return False


WORDING = (takes_it_on, no_blame, no_passing_on, solutions_not_excuses)
