"""The stages: the chart as a picture, the table of stages and triggers, and which command moves a case."""

from __future__ import annotations

from collections.abc import Iterator

from docpages import svg
from recovery.cli.diagram import diagram
from recovery.core.practice import TRIGGERS
from recovery.core.stages import ENDED, TABLE, Stage, Trigger

__all__ = ["commands", "mermaid", "picture", "table"]

WAY: tuple[Stage, ...] = tuple(stage for stage in Stage if stage is not Stage.CLOSED)
"""The stages of the way through, from top to bottom; closing stands beside it."""

WIDTH, BOX, HEIGHT, STEP, LEFT, TOP = 700, 190, 36, 84, 270, 44
RIGHT = LEFT + BOX
CLOSED = (20, TOP + 6 * STEP, 120)  # left edge, top, width
SHUT, BACK = 110, 50  # where the lines to and from `closed` run
AGAIN = 620  # where the line back from the settled stages runs


def said(value: str) -> str:
    """Return a stage or a trigger as people write it."""
    return value.replace("_", " ")


def _top(stage: Stage) -> float:
    return TOP + WAY.index(stage) * STEP


def _middle(stage: Stage) -> float:
    return _top(stage) + HEIGHT / 2


def picture() -> str:
    """Return the chart: the way through from top to bottom, the way back on the right, the way out on the left."""
    shapes = [*_boxes(), *_start(), *(shape for edge in _edges() for shape in _edge(*edge))]
    return svg.on_page(WIDTH, TOP + 6 * STEP + HEIGHT + 24, shapes, title="The stages of a case")


def _edges() -> Iterator[tuple[Stage, Trigger, Stage]]:
    for (source, trigger), target in TABLE.items():
        yield source, trigger, target


def _boxes() -> Iterator[str]:
    for stage in WAY:
        yield svg.box(LEFT, _top(stage), BOX, HEIGHT, fill=0.1, stroke=2.5 if stage in ENDED else 1.2)
        yield svg.text(LEFT + BOX / 2, _middle(stage) + 5, said(stage.value), size=14, anchor="middle", weight="bold")
    x, y, width = CLOSED
    yield svg.box(x, y, width, HEIGHT, fill=0.1, stroke=2.5)
    yield svg.text(x + width / 2, y + HEIGHT / 2 + 5, said(Stage.CLOSED.value), size=14, anchor="middle", weight="bold")


def _start() -> Iterator[str]:
    yield svg.dot(LEFT + BOX / 2, 12, 6)
    yield svg.arrow((LEFT + BOX / 2, 18), (LEFT + BOX / 2, TOP - 1))


def _edge(source: Stage, trigger: Trigger, target: Stage) -> Iterator[str]:
    if target is Stage.CLOSED:
        yield from _out(source, trigger)
    elif source is Stage.CLOSED:
        yield from _back_in(trigger, target)
    elif WAY.index(target) == WAY.index(source) + 1:
        yield from _down(source, trigger, target)
    elif trigger is Trigger.REOPEN:
        yield from _again(source, target, trigger)
    else:
        yield from _beside(source, trigger, target)


def _down(source: Stage, trigger: Trigger, target: Stage) -> Iterator[str]:
    x = LEFT + BOX / 2
    yield svg.arrow((x, _top(source) + HEIGHT), (x, _top(target) - 1))
    yield svg.text(x + 8, (_top(source) + HEIGHT + _top(target)) / 2 + 4, said(trigger.value))


def _beside(source: Stage, trigger: Trigger, target: Stage) -> Iterator[str]:
    """A step back by one stage, or one that leaves a stage out, runs close by on the right."""
    back = WAY.index(target) < WAY.index(source)
    out = RIGHT + (24 if back else 96)
    start, end = _middle(source) + (-8 if back else 4), _middle(target) + (12 if back else -8)
    yield svg.arrow((RIGHT, start), (out, start), (out, end), (RIGHT + 2, end))
    yield svg.text(out + 6, (start + end) / 2 + 4, said(trigger.value))


def _again(source: Stage, target: Stage, trigger: Trigger) -> Iterator[str]:
    y, end = _middle(source) + 4, _middle(target) - 4
    yield svg.arrow((RIGHT, y), (AGAIN, y), (AGAIN, end), (RIGHT + 2, end), look="accent")
    if source is Stage.FOLLOWED_UP_WEEKS:
        yield svg.text(AGAIN + 6, (y + end) / 2, said(trigger.value), look="accent")


def _out(source: Stage, trigger: Trigger) -> Iterator[str]:
    yield svg.arrow((LEFT, _middle(source) + 6), (SHUT, _middle(source) + 6), (SHUT, CLOSED[1] - 1), look="soft")
    if source is Stage.RECEIVED:
        yield svg.text(SHUT + 8, _middle(source) + 1, said(trigger.value), look="soft")


def _back_in(trigger: Trigger, target: Stage) -> Iterator[str]:
    y = _middle(target) - 8
    yield svg.arrow((BACK, CLOSED[1]), (BACK, y), (LEFT - 1, y), look="accent")
    yield svg.text(BACK + 8, y - 5, said(trigger.value), look="accent")


def mermaid() -> str:
    """Return the text of the chart that ``recovery diagram`` prints."""
    return f"```text\n{diagram()}\n```"


def table() -> str:
    """Return every stage and trigger, and the number of the stage each pair leads to."""
    numbers = {stage: number for number, stage in enumerate(Stage, start=1)}
    rows = [["stage", *(f"*{said(trigger.value)}*" for trigger in Trigger)], ["---", *[":-:"] * len(Trigger)]]
    for stage, number in numbers.items():
        cells = (TABLE.get((stage, trigger)) for trigger in Trigger)
        rows.append([f"{number} **{said(stage.value)}**", *("" if cell is None else f"→ {numbers[cell]}" for cell in cells)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def commands() -> str:
    """Return which command moves a case by which trigger, and from which stages."""
    rows = ["| command | trigger | from |", "| --- | --- | --- |"]
    for kind, trigger in TRIGGERS.items():
        sources = ", ".join(said(source.value) for (source, moved), _ in TABLE.items() if moved is trigger)
        rows.append(f"| {{py:class}}`~recovery.{kind.__name__}` | {said(trigger.value)} | {sources} |")
    return "\n".join(rows)
