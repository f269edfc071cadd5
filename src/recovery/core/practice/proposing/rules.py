"""What holds when something is proposed, or refused."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.case import Case
from recovery.core.errors import Param, Strength
from recovery.core.money import Money
from recovery.core.practice.common import ISSUE_WORDS
from recovery.core.practice.proposing.budgets import exceeded
from recovery.core.practice.proposing.common import HEADING, guideline_of, offered
from recovery.core.precedent import Spread, similar_to, spread_of
from recovery.core.rule import Moment, Problem, rule
from recovery.core.vocabulary.common import MACHINE, Command
from recovery.core.vocabulary.proposing import Option, Propose
from recovery.core.vocabulary.resolving import Resolution, Resolve


@rule("propose.options-or-no", heading=HEADING, source="E", on=(Propose,))
def options_or_no(_case: Case, command: Propose, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a proposal that proposes nothing: there is an option, or a no with its explanation."""
    if not command.options and not command.explanation.strip():
        hint = "Give at least one Option, or say no and why (explanation)."
        yield Problem("it has no option, and is no explained no either", field="options", hint=hint)


SEARCH = "try alternatives, and have a second person look: the customer was told no without it"
"""What the owner has to do about a no that was told already, without a search."""


@rule("propose.no-only-after-search", heading=HEADING, source="E", on=(Propose, Resolve))
def no_only_after_search(_case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from "not available, end of story": before a no, alternatives were tried, and two people looked."""
    if not isinstance(command, (Propose, Resolve)) or not _is_no(command):
        return
    if not command.tried:
        hint = "List what was tried and why each failed (Tried). If nothing was: try something."
        yield Problem("a no needs at least one alternative that was tried", field="tried", hint=hint, step=SEARCH)
    second = command.second_person
    if second is None or second in (command.by, MACHINE):
        hint = "Have somebody other than yourself look, and name them."
        yield Problem("a second person must have looked before a no", field="second_person", hint=hint, step=SEARCH)
    elif not moment.terms.knows(second):
        yield Problem(f"nobody is called {second!r}", field="second_person", hint="Name the person who looked.")


def _is_no(command: Propose | Resolve) -> bool:
    if isinstance(command, Resolve):
        return command.outcome is Resolution.NOT_AGREED
    return not command.options and bool(command.explanation.strip())


@rule("propose.asked-wish", heading=HEADING, source="L, D", on=(Propose,), strength=Strength.SHOULD)
def asked_wish(case: Case, command: Propose, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from an answer to a question they never asked: we know their wish, and answer their counter-offer."""
    if not case.proposing.sought:
        hint = "Ask what would put it right, and put the answer on file (RecordRemedySought)."
        yield Problem("what the customer wishes is not on file", hint=hint)
    if case.proposing.counter_offer and not command.counter_answer.strip():
        hint = "Say what becomes of it: yes, no and why, or how far we can go."
        yield Problem("it does not answer what the customer asked for instead", field="counter_answer", hint=hint)


@rule("propose.restates-issue", heading=HEADING, source="D", on=(Propose,), of_case=True, blocks=False)
def restates_issue(case: Case, _command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from a proposal for another problem than theirs: it says in a few words what it is about."""
    words = len(case.receiving.issue.split())
    if not words:
        hint = "State it in a sentence (Correct, issue=...); the library puts it into the proposal, with a word of empathy."
        yield Problem("nobody has said what the issue is", field="issue", hint=hint)
    elif words > ISSUE_WORDS:
        hint = f"Restate it in at most {ISSUE_WORDS} words (Correct, issue=...)."
        yield Problem(
            f"the issue on file has {words} words", field="issue", hint=hint, params={"words": words, "most": ISSUE_WORDS}
        )


@rule("propose.policy-when-disputed", heading=HEADING, source="D", on=(Propose,), strength=Strength.SHOULD, blocks=False)
def policy_when_disputed(case: Case, command: Propose, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being met with rules before anything is disputed; then only a guideline's public text goes out."""
    known = {guideline.id: guideline for guideline in moment.terms.guidelines}
    for name in command.cites:
        if name not in known:
            hint = f"There are: {', '.join(known) or 'none'}."
            yield Problem(f"there is no guideline {name!r}", field="cites", hint=hint, strength=Strength.MUST)
        elif not known[name].public.strip():
            hint = "Write one into the policy (public); nothing else of a guideline is ever sent."
            yield Problem(f"the guideline {name} has no public text", field="cites", hint=hint, strength=Strength.MUST)
    disputed = case.proposing.declines > 0 or not command.options
    if command.cites and not disputed and command.citing is None:
        hint = "Leave it out; or say why (citing): the customer asked for it, or the law wants it told."
        yield Problem("a guideline is cited although nothing is disputed yet", field="cites", hint=hint)


@rule("propose.over-deliver", heading=HEADING, source="L", on=(Propose, Resolve), strength=Strength.SHOULD)
def over_deliver(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being made whole and no more: there is something beyond what was owed."""
    if isinstance(command, Propose) and command.options and not any(_goes_beyond(option) for option in command.options):
        hint = "Add something kind (beyond), or some goodwill inside the band."
        yield Problem("nothing in it goes beyond what was owed", field="options", hint=hint)
    for over in exceeded(case, command, moment):
        hint = "Nothing changes for the customer. Whoever answers for the budget hears of it."
        params: dict[str, Param] = {"limit": str(over.budget.limit), "comes_to": str(over.comes_to), "since": over.since}
        field, step = (
            ("options", "")
            if isinstance(command, Propose)
            else ("goodwill", f"say to whoever answers for it: {over.told} is exceeded")
        )
        message = f"{over.told} is exceeded: it comes to {over.comes_to}"
        yield Problem(message, field=field, hint=hint, params=params, step=step)


def _goes_beyond(option: Option) -> bool:
    return bool(option.beyond.strip()) or (option.goodwill is not None and option.goodwill.amount > 0)


@rule("propose.consistent", heading=HEADING, source="D", on=(Propose, Resolve), strength=Strength.SHOULD)
def consistent(case: Case, command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer who asks politely from getting less than the neighbour who shouted: like cases get like remedies."""
    if moment.context.precedents is None:
        return
    wanted = similar_to(case, moment.now)
    similar = [precedent for precedent in moment.context.precedents if wanted.fits(precedent)]
    guideline = guideline_of(case, moment)
    band = None if guideline is None else guideline.goodwill
    for path, option in offered(command):
        worth = option.worth
        spread = None if worth is None else spread_of(similar, worth.currency)
        if worth is not None and spread is not None:
            yield from _unlike(worth, spread, band, f"{path}value")


def _unlike(worth: Money, spread: Spread, band: Money | None, field: str) -> Iterator[Problem]:
    most = spread.high if band is None or band.currency != worth.currency else spread.high.plus(band)
    if not spread.low.above(worth) and not worth.above(most):
        return
    how = "less than nine in ten" if spread.low.above(worth) else "more than nine in ten"
    cases = ", ".join(spread.cases)
    yield Problem(
        f"{worth} is {how} of {len(spread.cases)} similar cases got ({spread.low} to {spread.high}, the middle {spread.middle})",
        field=field,
        hint=f"Look at them, and say why this one differs: {cases}.",
        params={
            "worth": str(worth),
            "p10": str(spread.low),
            "p50": str(spread.middle),
            "p90": str(spread.high),
            "cases": cases,
        },
    )
