"""What the demo shows when the six weeks are over. All of it is read back from the database it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from attrs import frozen
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from recovery import Case, Policy
from recovery.cli.acts import as_json
from recovery.cli.asking import answer, in_words
from recovery.cli.demo.play import HeldBack, Play
from recovery.cli.demo.world import Twist
from recovery.cli.opening import find_case, open_view
from recovery.cli.output import typed
from recovery.cli.parameters import DEMO_DB, DESK_DB
from recovery.cli.tables import agenda_table, clock_counts, findings_list, headline
from recovery.cli.timeline import page

__all__ = ["Shown", "begin", "shown_of", "tell"]


@frozen(kw_only=True)
class Shown:
    """Which case, which refusal and which morning are worth showing. The rest is in the database."""

    star: str
    held: HeldBack | None
    held_reference: str
    busy_at: str
    busy_until: str
    seed: int
    count: int


def shown_of(play: Play) -> Shown:
    """Choose what to show of a play: the star, the follow-up held back on it, and the busiest morning in the middle."""
    star = _star(play)
    held = next((held for held in play.held_back if held.case_id == star.id), next(iter(play.held_back), None))
    calendar = play.desk.policy.calendar
    middle = play.world.starts_at + timedelta(days=9), play.world.starts_at + timedelta(days=30)
    mornings = [(number, at) for at, number in play.mornings if middle[0] <= at <= middle[1]]
    _, busy = max(mornings, key=lambda morning: (morning[0], -morning[1].timestamp()))
    return Shown(
        star=star.reference,
        held=held,
        held_reference="" if held is None else play.desk.load(held.case_id).reference,
        busy_at=typed(busy, calendar),
        busy_until=typed(calendar.closing_of_day(busy), calendar),
        seed=play.world.seed,
        count=len(play.world.plans),
    )


def _star(play: Play) -> Case:
    return next(play.case(case_id) for case_id, plan in play.plans.items() if plan.twist is Twist.STAR)


def begin(console: Console, seed: int, count: int) -> None:
    """Say what is real here and what is not."""
    console.print(Text(f"{count} complaints, six weeks, seed {seed}", style="bold"))
    console.print(
        "Real: what the customers complain about, word for word, from the public register of the US Consumer Financial "
        "Protection Bureau (names and numbers are XXXX there).\n"
        "Invented from the seed: everybody's name, address and channel (invented-.., example.org), the owners, the dates in "
        "March and April 2026, and all that happens and is said after the complaint.\n"
    )


def tell(console: Console, shown: Shown, db: str, policy: Policy) -> None:
    """Show what came of it, from the database alone."""
    view = open_view(db, policy)
    console.print(headline(list(view.desk.find())))
    _section(console, "One case, from its receipt to the weeks-later follow-up", f"recovery show {shown.star}", db)
    console.print(page(view, find_case(view, shown.star)))
    _tell_refusal(console, shown, db, policy)
    busy = open_view(db, policy, shown.busy_at)
    command = f"recovery agenda --at {shown.busy_at} --until {shown.busy_until}"
    _section(console, "The agenda of a busy morning", command, db)
    steps = busy.desk.agenda(until=view.desk.policy.calendar.closing_of_day(busy.now))
    console.print(agenda_table(busy, steps, "Due until the evening"))
    _section(console, "How the clocks stand", "recovery clocks", db)
    console.print(clock_counts(view))
    _section(console, "What must not be", "recovery doctor", db)
    console.print(findings_list(view.desk.doctor()))
    _next(console, shown, db)


def _tell_refusal(console: Console, shown: Shown, db: str, policy: Policy) -> None:
    if shown.held is None:
        return
    at = typed(shown.held.at, policy.calendar)
    asked = as_json(shown.held.command)
    _section(console, "A follow-up that was held back", f"recovery why-not {shown.held_reference} '{asked}' --at {at}", db)
    view = open_view(db, policy, at)
    console.print(in_words(answer(view, find_case(view, shown.held_reference), [asked]), view))


def _section(console: Console, title: str, command: str, db: str) -> None:
    console.print()
    console.print(Rule(Text(title, style="bold"), align="left", characters="-"))
    console.print(Text(f"$ {command}{_db(db)}\n", style="green"), soft_wrap=True)


def _db(db: str) -> str:
    return "" if db == DEMO_DB and not Path(DESK_DB).is_file() else f" --db {db}"


def _next(console: Console, shown: Shown, db: str) -> None:
    console.print()
    console.print(Rule(Text("What to type next", style="bold"), align="left", characters="-"))
    for command, why in _commands(shown, db):
        console.print(Text.assemble((f"  {command}", "green"), f"\n      {why}"), soft_wrap=True)
    console.print(f"\nEverything above was read back from {db}; the same seed gives the same to the letter.")


def _commands(shown: Shown, db: str) -> Iterator[tuple[str, str]]:
    yield f"recovery show{_db(db)}", "every case, one line each"
    yield f"recovery show {shown.star} --full{_db(db)}", "the case above with every word that was said"
    yield f"recovery show {shown.star} --at {shown.busy_at[:10]}{_db(db)}", "the same case as it was recorded until that evening"
    yield f"recovery agenda --owner ana{_db(db)}", "what one person has to do"
    yield f"recovery clocks {shown.star}{_db(db)}", "every clock of one case"
    yield f"recovery why-not {shown.star} follow_up{_db(db)}", "what rules an act out, whatever it says"
    yield "recovery rules follow-up.after-delivery", "one rule: what it protects the customer from; without an id, all of them"
    yield "recovery diagram --format markdown", "the stages, as a picture that Markdown pages show"
    yield f"recovery demo --seed {shown.seed + 1}{_db(db)}", "another six weeks"
