"""A scenario in words: Markdown that says what is given, what happens and what comes of it, quoting the reasons it really meets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import cast

import attrs
from pendulum import DateTime

from recovery.core.agenda import Outcome
from recovery.core.calendar import BusinessCalendar
from recovery.core.clock import Unit
from recovery.core.errors import Reason
from recovery.core.policy import Policy
from recovery.core.stages import Stage
from recovery.core.values import Value
from recovery.core.vocabulary.common import MACHINE, Command, Said, Word, kind_of
from recovery.core.vocabulary.proposing import Option
from recovery.core.vocabulary.receiving import Contact, OpenCase, Receive, Wish
from recovery.core.vocabulary.resolving import Resolution
from recovery.testing.cases import Given
from recovery.testing.moments import length_of
from recovery.testing.played import Deed, Played
from recovery.testing.scenario import Scenario

__all__ = ["command_in_words", "told"]

UNITS = {
    Unit.MINUTES: "minute",
    Unit.HOURS: "hour",
    Unit.BUSINESS_HOURS: "working hour",
    Unit.CALENDAR_DAYS: "day",
    Unit.BUSINESS_DAYS: "working day",
}
SETTLED = {
    Resolution.ACCEPTED: "the customer accepted",
    Resolution.DONE: "what was asked for was done",
    Resolution.NOT_AGREED: "a final no",
}
HOW = {
    Outcome.MET: "is met",
    Outcome.MISSED: "is missed",
    Outcome.OPEN: "is running",
    Outcome.PAUSED: "waits for the customer",
    Outcome.ENDED: "ended with its case",
}


def told(scenario: Scenario, policy: Policy | None = None) -> str:
    """Return a scenario in words, as Markdown: *Given*, *When* and *Then*, a paragraph each. It is run, so what it quotes is true.

    ``policy`` is that of :meth:`Scenario.run`. Raises what running it raises; whether it holds is not looked at.
    """
    played = scenario.run(policy).played
    calendar = played.policy.calendar
    given = "; ".join((_given(scenario.given), *(_deed(deed, calendar) for deed in played.led_up)))
    when = "; ".join(_deed(deed, calendar) for deed in played.deeds) or "nothing happens"
    then = "; ".join(_then(scenario, played))
    return f"**Given** {_ended(given)}\n\n**When** {_ended(when)}\n\n**Then** {_ended(then)}"


def _ended(sentence: str) -> str:
    """End a sentence with a full stop, unless somebody's words in it end it already."""
    return sentence if sentence.rstrip("”")[-1:] in (".", "?", "!") else f"{sentence}."


def _plain(text: str) -> str:
    return text.replace("_", " ")


# ---------------------------------------------------------------- given


def _given(given: Given) -> str:
    if given.stage is None:
        return "no case yet" + _away(given)
    another = ", and another case, case-2" if given.another else ""
    contact = "" if given.contact is None else f" from a contact by {_plain(given.contact.channel.value)}"
    return f"a case that is {_plain(given.stage.value)}{_how(given)}{contact}{_away(given)}{another}"


def _how(given: Given) -> str:
    if given.stage is Stage.CLOSED:
        return f" ({_plain(given.closed.value)})"
    if given.stage not in (Stage.RESOLVED, Stage.FOLLOWED_UP_DAYS, Stage.FOLLOWED_UP_WEEKS):
        return ""
    if given.delivers is None:
        return f" ({SETTLED[given.settled]})"
    there = given.arrived or given.stage is not Stage.RESOLVED
    return f" ({SETTLED[given.settled]}), and {given.delivers} {'has arrived' if there else 'is on its way'}"


def _away(given: Given) -> str:
    return f", while {' and '.join(given.away)} {'is' if len(given.away) == 1 else 'are'} away" if given.away else ""


# ---------------------------------------------------------------- when


def _deed(deed: Deed, calendar: BusinessCalendar) -> str:
    if deed.until is None:
        return ", and ".join(command_in_words(command, deed.at, calendar) for command in deed.commands)
    meanwhile = "" if deed.worked else " while nobody looks at the clocks"
    if not deed.length:
        return f"time passes until {_day(deed.until, calendar)}{meanwhile}"
    length = length_of(deed.length)
    return f"{length.n} {UNITS[length.unit]}{'' if length.n == 1 else 's'} pass{'es' if length.n == 1 else ''}{meanwhile}"


def command_in_words(command: Command, now: DateTime, calendar: BusinessCalendar) -> str:
    """Return a command to read aloud: who, what, by which channel, in which words, and everything else that was said."""
    if isinstance(command, (OpenCase, Receive)):
        return f"{_came(command.contact)}{_rest(command, ('contact', 'case_id', 'reference'), calendar)}"
    what = f"{'' if command.by == MACHINE else f'{command.by}: '}*{_plain(kind_of(type(command)))}*"
    word = getattr(command, "word", None)
    said = getattr(command, "said", None)
    spoken = "" if word is None else _word(word, now, calendar)
    heard = "" if said is None else _said(said)
    return f"{what}{spoken}{heard}{_rest(command, ('word', 'said'), calendar)}"


def _came(contact: Contact) -> str:
    who = "a machine" if contact.automatic else contact.sender.name or "somebody"
    words = f", “{contact.text}”" if contact.text.strip() else ", without a word"
    return f"{who} writes by {_plain(contact.channel.value)}{words}"


def _word(word: Word, now: DateTime, calendar: BusinessCalendar) -> str:
    via = " and ".join(sorted(_plain(channel.value) for channel in word.via))
    when = "" if word.said_at is None or word.said_at == now else f" on {_day(word.said_at, calendar)}"
    reached = "" if word.reached else ", reaching nobody"
    return f" by {via}{when}{reached}{f', “{word.text}”' if word.text.strip() else ''}"


def _said(said: Said) -> str:
    words = f"“{said.words}”" if said.words.strip() else f"in message {said.contact}"
    return f", the customer says by {_plain(said.channel.value)} {words}"


def _rest(command: Command, but: tuple[str, ...], calendar: BusinessCalendar) -> str:
    """Return the other fields that were given, each by its name."""
    fields = (f for f in attrs.fields(type(command)) if f.name not in ("by", *but))
    found = [(f.name, getattr(command, f.name)) for f in fields if getattr(command, f.name) != _default(f)]
    return "".join(f", {_plain(name)}: {_value(value, calendar)}" for name, value in found)


def _default(field: attrs.Attribute[object]) -> object:
    default: object = field.default
    factory = getattr(default, "factory", None)
    return default if factory is None else factory()


def _value(value: object, calendar: BusinessCalendar) -> str:
    if isinstance(value, DateTime):
        return _day(value, calendar)
    if isinstance(value, Enum):
        return _plain(str(value.value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (Option, Wish)):
        return _parts(value, calendar)
    if isinstance(value, dict):
        return ", ".join(f"{key} ({text})" for key, text in cast("dict[str, str]", value).items())
    if isinstance(value, (tuple, frozenset)):
        return " or ".join(sorted(_value(member, calendar) for member in cast("Iterable[object]", value))) or "none"
    return _customer(value) if isinstance(value, Value) else f"“{value}”" if " " in str(value) else str(value) or "“”"


def _parts(value: Option | Wish, calendar: BusinessCalendar) -> str:
    if isinstance(value, Option):
        return f"{value.id} (“{value.text}”)"
    extra = value.channel or value.until
    return _plain(value.kind.value) if extra is None else f"{_plain(value.kind.value)}, {_value(extra, calendar)}"


def _customer(value: Value) -> str:
    return str(getattr(value, "name", None) or type(value).__name__)


def _day(at: DateTime, calendar: BusinessCalendar) -> str:
    return at.in_timezone(calendar.timezone).format("ddd D MMM YYYY HH:mm")


# ---------------------------------------------------------------- then


def _then(scenario: Scenario, played: Played) -> Iterator[str]:
    if played.refusal is not None:
        yield "it is refused: " + " ".join(_reason(reason) for reason in played.reasons).rstrip(".")
        return
    if scenario.then.clocks or scenario.then.told:
        yield from _on_time(scenario, played)
    elif played.warnings:
        yield "it is done, with a warning: " + " ".join(_reason(reason) for reason in played.warnings).rstrip(".")
    else:
        yield "it is done"
    yield from _state(scenario, played)


def _reason(reason: Reason) -> str:
    return f"`{reason.rule}`, {reason.message}{f' {reason.hint}' if reason.hint else ''}"


def _on_time(scenario: Scenario, played: Played) -> Iterator[str]:
    for clock in scenario.then.clocks:
        runs = [reading for reading in played.clocks if reading.clock == clock]
        if runs:
            due = "" if runs[-1].due_at is None else f" (due {_day(runs[-1].due_at, played.policy.calendar)})"
            yield f"the clock `{clock}` {HOW[runs[-1].outcome]}{due}"
    for rule in scenario.then.told:
        people = [_person(person, played) for person in played.told.get(rule, ())]
        yield f"it told {', then '.join(people)}" if people else "nobody had to be told"


def _person(name: str, played: Played) -> str:
    return "the customer" if name == "customer" else played.policy.terms.name(name)


def _state(scenario: Scenario, played: Played) -> Iterator[str]:
    then, case = scenario.then, played.case
    if then.in_tray and case is not None:
        yield f"it waits in the tray, owned by {played.policy.terms.name(case.owner)}"
    elif then.stage is not None and case is not None:
        yield f"the case is {_plain(case.stage.value)}"
    if then.owner is not None and case is not None:
        yield f"the owner is {played.policy.terms.name(case.owner)}"
    if then.opens:
        yield "a linked case is opened"
    for name in then.agenda:
        for step in (step for step in played.agenda if name in (step.rule, step.clock)):
            due = "" if step.due_at is None else f" until {_day(step.due_at, played.policy.calendar)}"
            yield f"on the agenda of {played.policy.terms.name(step.whom)}{due}: {step.what}"
