"""Every rule of the practice as one entry: what is checked, what is timed, what the library can do, and what it protects from."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from attrs import frozen
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recovery import Ability, Check, Clock, InvalidValue, Reason, Rung, Unit
from recovery.codec import to_dict
from recovery.core.practice import ABILITIES, CHECKS, CLOCKS, FIXED, HEADINGS, PROTECTS, RULES, SOURCES
from recovery.core.vocabulary.common import kind_of

__all__ = ["RuleEntry", "as_document", "entries", "entry_page", "found", "rule_table"]

SOURCE_NAMES = {
    "E": "eight steps, by a boat owner whose overnight letter was never answered",
    "O": "own the mistake: tyre recall letters that blamed nobody",
    "L": "laws of customer service",
    "G": "Andi Gray: what an irate letter and a lost customer teach",
    "D": "Daniel L. Dashnier: executing the resolution, and following up",
    "H": "what users of helpdesk systems ask for most",
}
UNITS = {
    Unit.MINUTES: "minute",
    Unit.HOURS: "hour",
    Unit.BUSINESS_HOURS: "working hour",
    Unit.CALENDAR_DAYS: "day",
    Unit.BUSINESS_DAYS: "working day",
}


@frozen(kw_only=True)
class RuleEntry:
    """One rule of the practice: its check, if it refuses or warns, its clocks, if it is dated, or the ability it is."""

    id: str
    heading: str
    source: str
    protects: str
    check: Check | None
    clocks: tuple[Clock, ...]
    ability: Ability | None = None

    @property
    def kind(self) -> str:
        """Whether it is a check, a clock, an ability, or several of these."""
        parts = {"check": self.check, "clock": self.clocks, "ability": self.ability}
        return " + ".join(name for name, there in parts.items() if there)

    @property
    def strength(self) -> str:
        """How hard it holds, and whether a policy may move it."""
        fixed = (self.check is not None and self.check.fixed) or any(clock.id in FIXED for clock in self.clocks)
        strength = self.check.strength.value if self.check else "clock" if self.clocks else "ability"
        return f"{strength} (fixed)" if fixed else strength


def entries() -> tuple[RuleEntry, ...]:
    """Return every rule of the practice, in its order: what a check and a clock share is one entry."""
    order = [*HEADINGS, "input"]
    ids = dict.fromkeys([*(clock.rule for clock in CLOCKS), *(rule.id for rule in RULES)])
    found = [_entry(rule_id) for rule_id in ids]
    return tuple(sorted(found, key=lambda entry: (order.index(entry.heading), entry.id)))


def found(rule: str | None) -> tuple[RuleEntry, ...]:
    """Return the rule of that id, or all of them. Raises ``InvalidValue`` with the one that may be meant."""
    known = entries()
    wanted = tuple(entry for entry in known if rule in (None, entry.id))
    if wanted:
        return wanted
    near = difflib.get_close_matches(str(rule), [entry.id for entry in known], n=1)
    hint = f"Did you mean {near[0]}?" if near else "All rules: recovery rules"
    raise InvalidValue("the rule", [Reason(rule="input.rule", field="rule", message=f"there is no rule {rule!r}.", hint=hint)])


def _entry(rule_id: str) -> RuleEntry:
    check = next((check for check in CHECKS if check.id == rule_id), None)
    ability = next((ability for ability in ABILITIES if ability.id == rule_id), None)
    clocks = tuple(clock for clock in CLOCKS if clock.rule == rule_id)
    told = check or ability
    return RuleEntry(
        id=rule_id,
        heading=told.heading if told else _heading(clocks[0]),
        source=told.source if told else SOURCES.get(rule_id, ""),
        protects=told.protects if told else PROTECTS.get(rule_id, ""),
        check=check,
        clocks=clocks,
        ability=ability,
    )


def _heading(clock: Clock) -> str:
    return next(name for name, module in HEADINGS.items() if clock in module.CLOCKS)


def as_document(entry: RuleEntry) -> dict[str, object]:
    """Return a rule as plain data."""
    return {
        "id": entry.id,
        "heading": entry.heading,
        "kind": entry.kind,
        "strength": entry.strength,
        "source": entry.source,
        "protects": " ".join(entry.protects.split()),
        "how": None if entry.ability is None else entry.ability.how,
        "clocks": [to_dict(clock) for clock in entry.clocks],
    }


# ---------------------------------------------------------------- in words


def length_in_words(n: int, unit: Unit) -> str:
    """Return a length of time in words: ``3 working days``."""
    return f"{n} {UNITS[unit]}{'' if n == 1 else 's'}"


def rung_in_words(rung: Rung) -> str:
    """Return one rung of a ladder in words: when it rings, and for whom."""
    base = {"start": "the start", "due": "the due date", "previous": "the rung before"}[rung.base.value]
    if rung.when.n == 0:
        when = {"start": "at the start", "due": "when due"}.get(rung.base.value, "at once")
    else:
        when = f"{length_in_words(abs(rung.when.n), rung.when.unit)} {'before' if rung.when.n < 0 else 'after'} {base}"
    whom = {
        "owner": "whoever has to do it is reminded",
        "supervisor": "their supervisor is told",
        "fallback": "the fallback owner is told",
        "customer": "the customer is asked",
        "nobody": "the library passes on what has lapsed",
    }
    return f"{when}: {whom[rung.whom.value]}"


def rule_table(shown: Iterable[RuleEntry]) -> RenderableType:
    """Return all rules: for each its kind, its strength and its source, and what it protects the customer from."""
    table = Table.grid(padding=(0, 2, 0, 0), expand=True)
    table.add_column(no_wrap=True, min_width=28)
    table.add_column(ratio=1, overflow="fold")
    heading = ""
    for entry in shown:
        if entry.heading != heading:
            heading = entry.heading
            table.add_row(Text(f"\n{heading.replace('_', ' ')}", style="bold"))
        held = f"{entry.kind}, {entry.strength}" if entry.check else entry.strength
        about = Text(f"{held}, from {entry.source}\n", style="dim")
        table.add_row(f"  {entry.id}", about.append(entry.protects.splitlines()[0], style="not dim"))
    letters = ", ".join(f"{letter} {name}" for letter, name in SOURCE_NAMES.items())
    return Group(table, Text(f"\nFrom: {letters}.\nAll about one of them: recovery rules ID", style="dim"))


def entry_page(entry: RuleEntry) -> RenderableType:
    """Return one rule as a page: everything there is to know about it."""
    text = Text.assemble((entry.id, "bold"), f"\n{' '.join(entry.protects.split())}\n\n")
    text.append(f"heading    {entry.heading.replace('_', ' ')}\nkind       {entry.kind}\nstrength   {entry.strength}\n")
    text.append(f"from       {entry.source}\n")
    for letter in (part.strip()[:1] for part in entry.source.replace(";", ",").split(",")):
        if letter in SOURCE_NAMES:
            text.append(f"           {letter}: {SOURCE_NAMES[letter]}\n")
    if entry.check is not None:
        text.append(f"looks at   {', '.join(sorted(kind_of(kind) for kind in entry.check.on))}\n")
    if entry.ability is not None:
        text.append(f"asked by   {entry.ability.how}\n")
    return Group(text, *(_clock_page(clock) for clock in entry.clocks))


def _clock_page(clock: Clock) -> Text:
    due = "at once" if clock.length.n == 0 else f"after {length_in_words(clock.length.n, clock.length.unit)}"
    text = Text.assemble(("clock ", "dim"), (clock.id, "bold"), f": {clock.what}\n")
    text.append(f"  due        {due}, from {', '.join(_plain(clock.starts))} until {', '.join(_plain(clock.stops))}\n")
    pauses = "pauses while we wait for the customer" if clock.may_pause else "never pauses"
    text.append(f"  kind       {clock.kind.value}, {pauses}\n")
    for number, rung in enumerate(clock.ladder):
        text.append(f"  {'ladder' if number == 0 else '':10} {rung_in_words(rung)}\n")
    text.append(f"  ground     {clock.citation}\n")
    return text


def _plain(marks: Iterable[str]) -> list[str]:
    return [mark.replace("_", " ") for mark in marks]
