"""What the commands about risk and learning show: as tables for people, or as one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recovery import AtRisk, Learning, Loss, Per, SurveyReport, UnitReport
from recovery.cli import output
from recovery.cli.console import screen
from recovery.cli.instants import Alone, instant_of
from recovery.cli.opening import View, open_view
from recovery.cli.patience import busy
from recovery.cli.reporting import heading, print_json
from recovery.codec import instant_to_text, to_dict
from recovery.core.vocabulary.losing import SIGNALS

__all__ = ["show_learning", "show_risk"]

Place = tuple[str | None, str | None, str | None]


def show_risk(*, place: Place, as_json: bool) -> int:
    """Show who may leave next."""
    with busy("Looking for signals"):
        view = open_view(*place)
        found = view.desk.risk()
        references = {case.id: case.reference for case in view.desk.find()}
    if as_json:
        return _printed(view, {"customers": [_risk_as_data(each, references) for each in found]})
    if not found:
        alert = f"{view.desk.policy.risk.alert:g}"
        return _shown(view, Text(f"Nobody shows signals that come to {alert} points or more."))
    return _shown(view, _risk_table(found, references))


def _risk_as_data(each: AtRisk, references: Mapping[str, str]) -> dict[str, object]:
    added = [{**to_dict(one), "points": one.points, "says": SIGNALS[one.signal]} for one in each.contributions]
    told = {**to_dict(each), "contributions": added}
    return {**told, "references": [references[case_id] for case_id in each.cases]}


def _risk_table(found: Iterable[AtRisk], references: Mapping[str, str]) -> RenderableType:
    table = _table(("score", "number"), ("customer", "word"), ("owner", "word"), ("cases", "word"), ("the customer ...", "text"))
    for each in found:
        why = "\n".join(_why(one.points, one.seen, SIGNALS[one.signal]) for one in each.contributions)
        cases = "\n".join(references[case_id] for case_id in each.cases)
        table.add_row(f"{each.score:g}", each.name or each.customer_id or "-", each.owner, cases, why)
    note = (
        "The score is a sum of signals, each times its weight in the policy: it orders customers for a look, and is no probability."
    )
    return _titled("Who may leave next", table, Text(note, style="dim"))


def _why(points: float, seen: int, says: str) -> str:
    return f"+{points:g}  {says}{f' ({seen} times)' if seen > 1 else ''}"


def show_learning(*, since: str | None, until: str | None, per: str, place: Place, as_json: bool) -> int:
    """Show what there is to learn, period by period."""
    with busy("Reading cases"):
        view = open_view(*place)
        start = None if since is None else instant_of("--since", since, view.calendar, alone=Alone.MORNING, now=view.now)
        end = None if until is None else instant_of("--until", until, view.calendar, now=view.now)
        found = view.desk.learn(since=start, until=end, per=Per(per))
        references = {case.id: case.reference for case in view.desk.find()}
    if as_json:
        return _printed(view, {"periods": [to_dict(each) for each in found]})
    if not found:
        return _shown(view, Text("There is no case yet, so there is nothing to learn."))
    return _shown(view, *(_period(view, each, references) for each in found))


def _period(view: View, told: Learning, references: Mapping[str, str]) -> RenderableType:
    title = f"From {output.day(told.since, view.calendar)} to {output.whole(told.until, view.calendar)}"
    counts = (
        f"{told.opened} cases opened; of those resolved then, {told.solved} are solved and {told.not_agreed} ended with a no.\n"
    )
    parts: list[RenderableType] = [Text(counts), _units(told.units)]
    if losses := [(unit, loss) for unit in told.units for loss in unit.losses]:
        parts.append(_losses(view, losses, references))
    if told.survey.sent or told.survey.answered:
        parts.append(_survey(told.survey))
    return _titled(title, *parts, Text(""))


def _units(units: Iterable[UnitReport]) -> RenderableType:
    kept = ("kept", "moved in time", "broken")
    table = _table(
        ("accountable", "word"), ("cases", "number"), ("causes", "text"), ("to train", "number"), ("lost", "number"),
        *((f"promises {name}", "number") for name in kept),
    )  # fmt: skip
    for unit in units:
        causes = ", ".join(f"{kind} {number}" for kind, number in unit.causes.items()) or "-"
        told = (unit.promises.kept, unit.promises.moved, unit.promises.broken)
        numbers = (str(number or "-") for number in told)
        table.add_row(unit.name, str(unit.cases), causes, str(unit.training or "-"), str(len(unit.losses) or "-"), *numbers)
    return table


def _losses(view: View, losses: Iterable[tuple[UnitReport, Loss]], references: Mapping[str, str]) -> RenderableType:
    table = _table(
        ("lost", "word"), ("charged to", "word"), ("case", "word"), ("win-back", "word"), ("stands", "word"), ("worth", "text"),
        ("plan", "word"),
    )  # fmt: skip
    for unit, loss in losses:
        worth = "-" if loss.value is None else loss.value.in_money(loss.currency)
        names = (references.get(case_id, case_id) for case_id in (loss.lost_case, loss.win_back_case))
        stands, plan = loss.outcome.value.replace("_", " "), "made" if loss.planned else "owed"
        table.add_row(output.brief(loss.at, view.calendar), unit.name, *names, stands, worth, plan)
    return _titled("Customers who left", table)


def _survey(survey: SurveyReport) -> RenderableType:
    counts = f"{survey.sent} sent, {survey.answered} answered ({survey.late} late), {survey.unhappy} of them unhappy"
    table = _table(("question", "text"), ("answers", "text"))
    for question in survey.questions:
        answers = ", ".join(f"{answer}: {number}" for answer, number in question.counts.items() if number)
        mean = "" if question.mean is None else f" (mean {question.mean:.1f})"
        table.add_row(question.text, f"{answers}{mean}" if question.counts else "\n".join(_words(question.words)) or "-")
    return _titled(f"The survey: {counts}", table)


def _words(words: Iterable[tuple[str, str]]) -> Iterator[str]:
    for reference, text in words:
        yield f'{reference}: "{" ".join(text.split())}"'


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for name, kind in columns:
        number, fold = kind == "number", kind == "text"
        table.add_column(name, justify="right" if number else "left", overflow="fold", no_wrap=not fold, ratio=1 if fold else None)
    return table


def _titled(title: str, *below: RenderableType) -> RenderableType:
    return Group(Text(title, style="bold"), *below)


def _shown(view: View, *parts: RenderableType) -> int:
    console = screen()
    console.print(heading(view), soft_wrap=True)
    for part in parts:
        console.print(part)
    return 0


def _printed(view: View, document: Mapping[str, object]) -> int:
    print_json({"now": instant_to_text(view.now), **document})
    return 0
