"""Knowing the customer: what they told is not asked again, and their earlier cases are looked at before anything is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from recovery.core.case import Case
from recovery.core.errors import Strength
from recovery.core.practice.common import happened, step_for_owner
from recovery.core.reference import normal_reference
from recovery.core.rule import Moment, Problem, rule
from recovery.core.values import ERASED, altered
from recovery.core.vocabulary.common import Command, Event, Recorded
from recovery.core.vocabulary.keeping_in_touch import Ask, QuestionAnswered
from recovery.core.vocabulary.known import Fact
from recovery.core.vocabulary.ownership import (
    ConsultHistory,
    FactRecorded,
    HistoryConsulted,
    OwnershipPart,
    RecordFact,
)
from recovery.core.vocabulary.proposing import Propose
from recovery.core.vocabulary.receiving import CaseMergedIn, CaseMergedOut, ReportNoted
from recovery.core.vocabulary.resolving import Resolve

HEADING = "ownership"

# ---------------------------------------------------------------- rules


@rule("facts.ask-once", heading=HEADING, source="L", on=(Ask, RecordFact), blocks=False)
def ask_once(case: Case, command: Command, _moment: Moment) -> Iterator[Problem]:
    """Protects the customer from telling everything twice: what is on file is not asked for again without a reason."""
    if isinstance(command, RecordFact):
        yield from _contradicts(case, command)
    elif isinstance(command, Ask) and command.fact is not None:
        yield from _asks_again(case, command, command.fact)


def _asks_again(case: Case, command: Ask, key: str) -> Iterator[Problem]:
    known, params = case.on_file(key), {"fact": key}
    if command.confirms:
        if known is None:
            hint = "Ask for it (without confirms)."
            yield Problem(f"there is no {key} on file that could be confirmed", field="confirms", hint=hint, params=params)
    elif known is not None and command.again is None:
        hint = "Look at the file. Confirming is free (confirms=True); to ask again, say why (again=verify, changed, ...)."
        yield Problem(f"the customer has told us the {key} already", field="fact", hint=hint, params=params)
    elif any(question.fact == key for question in case.keeping.questions):
        hint = "The chase asks for the answer by itself."
        said = f"the customer has been asked for the {key} and has not answered yet"
        yield Problem(said, field="fact", hint=hint, params=params, strength=Strength.SHOULD)


def _contradicts(case: Case, command: RecordFact) -> Iterator[Problem]:
    known = next((fact for fact in case.ownership.facts if fact.key == command.key), None)
    if known is None or command.again is not None or not _differ(known.value, command.value):
        return
    hint = "Find out which holds; where it has changed, say so (again=changed)."
    yield Problem(f"the file says otherwise about {command.key}", field="value", hint=hint, strength=Strength.SHOULD)


def _differ(one: str, other: str) -> bool:
    """Whether two values on file say different things; what has been erased says nothing any more."""
    plain = {" ".join(text.split()).casefold() for text in (one, other)}
    return len(plain) > 1 and "" not in plain and ERASED not in plain


@rule("history.consulted", heading=HEADING, source="G", on=(Propose, Resolve), of_case=True, blocks=False)
def history_consulted(case: Case, _command: Command, moment: Moment) -> Iterator[Problem]:
    """Protects the customer from being treated as a stranger: a person has looked at every earlier case before they propose."""
    earlier = moment.context.earlier
    if earlier is None:
        if case.ownership.consulted_at is None:
            hint = "Look for earlier cases, and say what you found (ConsultHistory), even if it is nothing."
            yield Problem("nobody can tell whether this customer has had cases before, and nobody has looked", hint=hint)
        return
    missing = [one for one in earlier if one.case_id not in case.ownership.consulted]
    if missing:
        names = ", ".join(one.reference for one in missing)
        many = "s" if len(missing) > 1 else ""
        yield Problem(
            f"nobody has looked at the customer's earlier case{many} {names}",
            hint=f"Look at {'them' if many else 'it'}, and say so (ConsultHistory).",
            params={"cases": ", ".join(one.case_id for one in missing)},
        )


# ---------------------------------------------------------------- what a command leads to


def record_fact(case: Case, command: RecordFact, moment: Moment, defects: frozenset[str]) -> Iterator[Event]:
    """The fact is on file; the same once more is no entry, and where two contradict each other somebody finds out which holds."""
    at = happened(command, moment)
    if defects:
        details = (("key", command.key), ("value", command.value))
        yield ReportNoted(at=at, by=command.by, report="record_fact", said=command.said, details=details)
        yield step_for_owner("facts.ask-once", f"find out who says so about {command.key}", moment.now)
        return
    known = next((fact for fact in case.ownership.facts if fact.key == command.key), None)
    if known is not None and known.value and not _differ(known.value, command.value):
        return
    yield FactRecorded(at=at, by=command.by, key=command.key, value=command.value, said=command.said, again=command.again)
    if moment.problems("facts.ask-once", case, command):
        yield step_for_owner("facts.ask-once", f"find out which {command.key} holds: two are on file", moment.now)


def consult_history(_case: Case, command: ConsultHistory, moment: Moment, _defects: frozenset[str]) -> Iterator[Event]:
    """It is on record who looked at what; an earlier case may be named by its reference."""
    by_name = {normal_reference(one.reference): one for one in moment.context.earlier or ()}
    by_name |= {normal_reference(one.case_id): one for one in moment.context.earlier or ()}
    found = {name: by_name.get(normal_reference(name)) for name in command.cases}
    yield HistoryConsulted(
        at=happened(command, moment),
        by=command.by,
        cases=tuple(dict.fromkeys(name if one is None else one.case_id for name, one in found.items())),
        earlier=tuple(dict.fromkeys(one for one in found.values() if one is not None)),
        note=command.note,
    )


# ---------------------------------------------------------------- how an event folds in


def filed(part: OwnershipPart, case: Case, recorded: Recorded, event: FactRecorded) -> OwnershipPart:
    """The fact is on file, in place of what was there."""
    fact = Fact(key=event.key, value=event.value, told_at=event.at, contact=event.said.contact)
    return altered(part, facts=_with(part.facts, [fact]))


def answered(part: OwnershipPart, case: Case, recorded: Recorded, event: QuestionAnswered) -> OwnershipPart:
    """The answer to a question about a fact is filed by itself; a yes to what is on file changes nothing."""
    question = next((question for question in case.keeping.questions if question.id == event.question_id), None)
    if question is None or question.fact is None or (question.confirms and not event.value):
        return part
    value = event.value or event.said.words
    fact = Fact(key=question.fact, value=value, told_at=event.at, contact=event.said.contact)
    return altered(part, facts=_with(part.facts, [fact]))


def consulted(part: OwnershipPart, case: Case, recorded: Recorded, event: HistoryConsulted) -> OwnershipPart:
    """Remember what was looked at, and when."""
    known = tuple(dict.fromkeys((*part.consulted, *event.cases)))
    return altered(part, consulted=known, consulted_at=event.at)


def brought(part: OwnershipPart, case: Case, recorded: Recorded, event: CaseMergedIn) -> OwnershipPart:
    """What was told on the duplicate is known here, unless this case knows better."""
    here = {fact.key for fact in part.facts}
    return altered(part, facts=(*part.facts, *(fact for fact in event.facts if fact.key not in here)))


def taken_along(part: OwnershipPart, case: Case, recorded: Recorded, event: CaseMergedOut) -> OwnershipPart:
    """What was told on a case of its own is known there."""
    return altered(part, facts=tuple(fact for fact in part.facts if fact.source != event.merged_id))


def _with(facts: tuple[Fact, ...], fresh: Iterable[Fact]) -> tuple[Fact, ...]:
    """Return the facts with ``fresh`` ones in place of those under the same keys."""
    return tuple(({fact.key: fact for fact in facts} | {fact.key: fact for fact in fresh}).values())


CHECKS = (ask_once, history_consulted)
HANDLERS = {RecordFact: record_fact, ConsultHistory: consult_history}
FOLDS = {
    FactRecorded: filed,
    QuestionAnswered: answered,
    HistoryConsulted: consulted,
    CaseMergedIn: brought,
    CaseMergedOut: taken_along,
}
