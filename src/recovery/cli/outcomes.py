"""What came of a contact or of commands: where the case stands now, what was recorded, what warns, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from recovery import Case, Outcome, Step
from recovery.cli.failing import reason_list
from recovery.cli.opening import View
from recovery.cli.output import moment
from recovery.codec import to_dict
from recovery.core.decide import agenda
from recovery.core.telling import tell
from recovery.core.vocabulary.common import Event
from recovery.core.vocabulary.receiving import Delivery, MessagePrepared, Warned

__all__ = ["as_document", "in_words", "next_step"]


def as_document(outcome: Outcome, view: View) -> dict[str, object]:
    """Return an outcome as plain data, with the dated steps of the case, the soonest first."""
    steps = [to_dict(step) for step in agenda(outcome.case, view.desk.policy_for(outcome.case))]
    return {**to_dict(outcome), "steps": steps}


def in_words(outcome: Outcome, view: View, before: Case | None = None) -> RenderableType:
    """Return an outcome for people. ``before`` is the case as it was, if there was one."""
    parts: list[RenderableType] = [_standing(outcome, before)]
    if outcome.repeated:
        parts.append(Text("That had been done already; nothing was done again."))
    parts += _recorded(outcome)
    if outcome.warnings:
        parts += [Text("\nRecorded, with a warning:" if len(outcome.warnings) == 1 else "\nRecorded, with warnings:", style="bold")]
        parts.append(Padding(reason_list(outcome.warnings), (0, 0, 0, 2)))
    parts += (Text(f"Opened or changed as well: case {other.reference}, {_plain(other.stage.value)}.") for other in outcome.opened)
    parts.append(_ahead(outcome.case, view))
    return Group(*parts)


def _standing(outcome: Outcome, before: Case | None) -> Text:
    case = outcome.case
    stage = "in the tray" if case.in_tray else _plain(case.stage.value)
    moved = before is None or before.stage is not case.stage
    was = f" (was {_plain(before.stage.value)})" if moved and before is not None else ""
    still = "still " if outcome.warnings and not moved else ""
    return Text.assemble((f"Case {case.reference}", "bold"), f": {still}{stage}{was}, owner {case.owner}")


def _recorded(outcome: Outcome) -> Iterator[RenderableType]:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(justify="right", no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for recorded in outcome.events:
        if not isinstance(recorded.event, Warned):
            table.add_row(f"{recorded.seq:>4}", _told(recorded.event))
    if outcome.events:
        yield table


def _told(event: Event) -> str:
    if not isinstance(event, MessagePrepared) or event.manual:
        return tell(event)
    where = event.person or (event.to.value if event.to is not None else "the customer")
    return f"{tell(event).rstrip('.')}: {event.channel.value} to {where}, in the outbox."


def next_step(case: Case, view: View) -> Step | None:
    """Return the step of a case that is due first."""
    steps = [step for step in agenda(case, view.desk.policy_for(case)) if step.due_at is not None]
    return min(steps, key=lambda step: (step.due_at, step.run), default=None)


def _ahead(case: Case, view: View) -> RenderableType:
    """Say what is due first, how the rest is looked at, and that mail leaves by ``recovery work``."""
    step = next_step(case, view)
    lines: list[str] = []
    if step is not None:
        by = "late since" if step.due_at is not None and step.due_at < view.now else "by"
        lines.append(f"Next, {by} {moment(step.due_at, view.calendar, view.now)}: {step.what} ({step.rule}), {step.whom}")
        if any(task.id == step.key and task.rule == step.rule for task in case.receiving.tasks):
            lines.append(f"When that is done: recovery do {case.reference} complete-task --task-id {step.key}")
    waiting = any(out.state is Delivery.QUEUED for out in case.receiving.outgoing)
    if waiting:
        lines.append("What waits in the outbox leaves with: recovery work")
    lines.append(f"What can be done now: recovery do {case.reference}")
    return Text("\n" + "\n".join(lines))


def _plain(text: str) -> str:
    return text.replace("_", " ")
