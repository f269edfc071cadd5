"""The stages as a diagram, made from the one table there is."""

from __future__ import annotations

from collections.abc import Iterator

from recovery.core.stages import ENDED, TABLE, Stage

__all__ = ["FORMATS", "diagram"]

FORMATS = ("mermaid", "markdown", "dot")


def diagram(form: str = "mermaid") -> str:
    """Return the stages as Mermaid text, as a Markdown page with that and the table of steps, or as text for Graphviz."""
    if form == "mermaid":
        return _mermaid()
    if form == "dot":
        return _dot()
    return f"# The stages of a case\n\n```mermaid\n{_mermaid()}\n```\n\n" + "\n".join(_rows())


def _mermaid() -> str:
    lines = ["---", "title: The stages of a case", "---", "stateDiagram-v2", "    direction LR"]
    lines += [f"    {stage.value} : {stage.value.replace('_', ' ')}" for stage in Stage]
    lines.append(f"    [*] --> {Stage.RECEIVED.value}")
    lines += [f"    {source.value} --> {target.value} : {trigger.value}" for (source, trigger), target in TABLE.items()]
    lines += [f"    {stage.value} --> [*]" for stage in Stage if stage in ENDED]
    return "\n".join(lines)


def _dot() -> str:
    lines = ["digraph stages {", "    rankdir=LR;", '    node [shape=box, style=rounded, fontname="sans-serif"];']
    lines += ['    edge [fontname="sans-serif", fontsize=10];', "    start [shape=point];", f"    start -> {Stage.RECEIVED.value};"]
    for stage in Stage:
        ending = ", peripheries=2" if stage in ENDED else ""
        lines.append(f'    {stage.value} [label="{stage.value.replace("_", " ")}"{ending}];')
    lines += [f'    {source.value} -> {target.value} [label="{trigger.value}"];' for (source, trigger), target in TABLE.items()]
    return "\n".join([*lines, "}"])


def _rows() -> Iterator[str]:
    yield "| stage | step | leads to |"
    yield "| --- | --- | --- |"
    for (source, trigger), target in TABLE.items():
        yield f"| {source.value} | {trigger.value} | {target.value} |"
