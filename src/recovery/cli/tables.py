"""The tables of the commands: cases by stage, the agenda, the clocks, reasons, findings. Each is made from the database alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from textwrap import shorten

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recovery import Case, Priority, Reading, Resolution, Stage, Step, clocks
from recovery.cli.console import screen
from recovery.cli.opening import View
from recovery.cli.output import brief, moment
from recovery.cli.rules import entries
from recovery.codec import Undecodable
from recovery.core.stages import SETTLED
from recovery.ports.values import Finding

__all__ = [
    "agenda_table",
    "case_list",
    "clock_counts",
    "clock_table",
    "clocks_if_readable",
    "findings_list",
    "headline",
    "nothing",
    "outcome_of",
]

SHORT = 40
"""How many signs of what the customer said stand in a line of the list of cases."""

ROOMY = 80
"""So many signs wide is a screen on which the list of cases tells who each is from and what it is about."""

OUTCOMES = ("met", "missed", "open", "paused", "ended")


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for name, kind in columns:
        number, fold = kind == "number", kind == "text"
        table.add_column(name, justify="right" if number else "left", overflow="fold", no_wrap=not fold, ratio=1 if fold else None)
    return table


def _titled(title: str, *below: RenderableType) -> RenderableType:
    return Group(Text(title, style="bold"), *below)


def _plain(text: str) -> str:
    return text.replace("_", " ")


# ---------------------------------------------------------------- cases


def outcome_of(case: Case) -> str:
    """Return in a few words how far a case has come within its stage."""
    if case.in_tray:
        return "in the tray"
    if case.closing.reason is not None:
        return _plain(case.closing.reason.value)
    final_no = case.resolving.resolution is Resolution.NOT_AGREED
    passed = {Stage.FOLLOWED_UP_WEEKS: case.following_up.weeks, Stage.FOLLOWED_UP_DAYS: case.following_up.days}.get(case.stage)
    if passed is not None:
        return f"{'final no, ' if final_no else ''}{_plain(passed.value)}"
    if case.adopted is not None and case.stage in SETTLED and case.resolving.resolution is None:
        return "adopted, not confirmed"
    if case.stage is Stage.RESOLVED and case.resolving.resolution is not None:
        return _plain(case.resolving.resolution.value)
    return "after reopening" if case.closing.reopened else ""


def headline(cases: Sequence[Case]) -> RenderableType:
    """Return how many cases there are, by stage and by how they got there."""
    table = _table(("stage", "word"), ("how", "word"), ("cases", "number"))
    counted = Counter((case.stage, outcome_of(case)) for case in cases)
    order = list(Stage)
    for (stage, how), number in sorted(counted.items(), key=lambda item: (order.index(item[0][0]), item[0][1])):
        table.add_row(_plain(stage.value), how, str(number))
    table.add_section()
    table.add_row("all", "", str(len(cases)), style="bold")
    return _titled("Where the cases stand", table, Text(_asides(cases)))


def _asides(cases: Sequence[Case]) -> str:
    counts = (
        (sum(not case.ended for case in cases), "still open"),
        (sum(case.proposing.declines > 0 for case in cases), "had a proposal declined"),
        (sum(case.closing.reopened > 0 for case in cases), "reopened"),
        (sum(bool(case.receiving.merged) for case in cases), "with a duplicate merged in"),
        (sum(bool(case.receiving.links) for case in cases), "linked to another case"),
    )
    return "Among them: " + ", ".join(f"{number} {what}" for number, what in counts) + "."


def case_list(view: View, cases: Iterable[Case], title: str = "Cases") -> RenderableType:
    """Return one line for each case, the oldest first."""
    wide = screen().width >= ROOMY
    texts = ("customer", "about", "stands") if wide else ("stands",)
    table = _table(*((name, "word") for name in ("reference", "received", "owner")), *((name, "text") for name in texts))
    for case in sorted(cases, key=lambda case: (case.opened_at, case.id)):
        stands = ": ".join(filter(None, (_plain(case.stage.value), outcome_of(case))))
        stands += "" if case.priority is Priority.NORMAL or case.ended else f", {case.priority.value}"
        received = brief(case.opened_at, view.calendar)
        who = (case.receiving.customer.name or "-", _about(case)) if wide else ()
        table.add_row(case.reference, received, case.owner, *who, stands)
    return _titled(title, table)


def _about(case: Case) -> str:
    """Return what a case is about, in a line: its category, or else the first words of what the customer said."""
    return case.receiving.category or shorten(" ".join(case.receiving.issue.split()), SHORT, placeholder=" ...") or "-"


def nothing(text: str) -> RenderableType:
    """Return what stands where a table would have no lines."""
    return Text(text)


# ---------------------------------------------------------------- the agenda


def agenda_table(view: View, steps: Sequence[Step], title: str) -> RenderableType:
    """Return dated steps, the soonest due first; what is overdue is marked."""
    references = {case.id: case.reference for case in view.desk.find()}
    if not steps:
        return _titled(title, Text("Nothing is due."))
    table = _table(("due", "word"), ("", "word"), ("who", "word"), ("case", "word"), ("what", "text"))
    for step in steps:
        late, pressing = _is_late(view, step), "" if step.priority is Priority.NORMAL else f" {step.priority.value}"
        due = moment(step.due_at, view.calendar, view.now) if step.due_at else f"paused, {_left(step.left)} left"
        table.add_row(
            due,
            late,
            step.whom,
            Text.assemble(references.get(step.case_id, step.case_id), (pressing, "bold")),
            Text.assemble(step.what, (f" ({step.rule})", "dim")),
        )
    late_steps = sum(_is_late(view, step) == "late" for step in steps)
    return _titled(title, table, Text(f"{_count(len(steps), 'step')}, {late_steps} of them late."))


def _is_late(view: View, step: Step) -> str:
    """Say whether a step is late; a customer who has not answered is waited for, which is another thing."""
    if step.due_at is None or step.due_at >= view.now:
        return ""
    return "chased" if step.clock == "customer.chased" else "late"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _left(left: timedelta | None) -> str:
    if left is None:
        return "-"
    hours, minutes = divmod(int(abs(left).total_seconds()) // 60, 60)
    return f"{hours}:{minutes:02d} h"


# ---------------------------------------------------------------- clocks


def clock_counts(view: View) -> RenderableType:
    """Return for every rule that has a clock how often it was met, missed, is open, paused, or ended with its case."""
    counted: Counter[tuple[str, str]] = Counter()
    left_out = 0
    for case in view.desk.find():
        readings = clocks_if_readable(view, case)
        counted.update((reading.rule, reading.outcome.value) for reading in readings or ())
        left_out += readings is None
    table = _table(("rule", "text"), *((name, "number") for name in OUTCOMES))
    known = [entry.id for entry in entries() if any((entry.id, name) in counted for name in OUTCOMES)]
    others = sorted({rule for rule, _ in counted} - set(known))
    for rule in (*known, *others):
        table.add_row(rule, *(str(counted[rule, name] or "-") for name in OUTCOMES))
    table.add_section()
    totals = [sum(number for (_, name), number in counted.items() if name == wanted) for wanted in OUTCOMES]
    table.add_row("all", *map(str, totals), style="bold")
    if not left_out:
        return _titled("Clocks", table)
    whose = "1 case is" if left_out == 1 else f"{left_out} cases are"
    return _titled("Clocks", table, Text(f"{whose} left out: their clocks cannot be read. recovery doctor names them."))


def clocks_if_readable(view: View, case: Case) -> tuple[Reading, ...] | None:
    """Return every run of every clock of a case; ``None`` where what is stored of them cannot be read."""
    try:
        return _readings(view, case)
    except Undecodable:
        return None


def _readings(view: View, case: Case) -> tuple[Reading, ...]:
    return clocks(case, view.desk.policy_for(case), view.now)


def clock_table(view: View, case: Case) -> RenderableType:
    """Return every run of every clock of one case, in the order they started."""
    names = ("how", "started", "due", "when")
    table = _table(("clock", "text"), *((name, "word") for name in names))
    for reading in _readings(view, case):
        started, due = (brief(at, view.calendar) for at in (reading.started_at, reading.due_at))
        table.add_row(reading.clock, reading.outcome.value, started, due, _when(view, reading))
    return _titled(f"Clocks of case {case.reference}", table)


def _when(view: View, reading: Reading) -> str:
    """Say when a clock stopped, or how much of it is left."""
    if reading.left is not None:
        return f"{_left(reading.left)} left"
    return brief(reading.at, view.calendar) if reading.outcome.value in ("met", "ended") else ""


# ---------------------------------------------------------------- findings


def findings_list(findings: Sequence[Finding], *, quick: bool = False) -> RenderableType:
    """Return what the doctor found: nothing, as it should be, or each finding with the way out, or that it was mended."""
    if not findings:
        return Text(
            "At a glance there is nothing wrong; each case has not been read (recovery doctor does that)."
            if quick
            else "The doctor finds nothing: every open case has an owner and a dated next step, "
            "and every case is the fold of its history."
        )
    table = _table(("case", "word"), ("what", "text"), ("way out", "text"))
    for finding in findings:
        table.add_row(finding.case_id or "-", finding.what, "Mended." if finding.mended else finding.way_out)
    mended = sum(finding.mended for finding in findings)
    told = f", and has mended {mended} of them" if mended else ""
    return _titled(f"The doctor finds {_count(len(findings), 'fault')}{told}", table)
