"""The parts of the documentation that are made from the code: nothing here can fall behind it.

A page asks for one of them with a line of its own, ``% generated: stages.table``. Nothing in this package needs Sphinx.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from docpages import api, calendar, clocks, command_line, rules, situations, stages, tables, wording

__all__ = ["PARTS", "filled"]

PARTS: Mapping[str, Callable[[], str]] = {
    "api.names": api.names,
    **{f"api.{group}": api.page_of(group) for group in api.GROUPS},
    **{f"api.{module}": api.module_page(module) for module in api.MODULES},
    "api.events": api.events,
    "calendar.picture": calendar.picture,
    "clocks.picture": clocks.picture,
    "clocks.table": clocks.table,
    "command_line.acts": command_line.acts,
    "command_line.commands": command_line.commands_page,
    "command_line.overview": command_line.overview,
    "rules.entries": rules.entries_page,
    "rules.table": rules.table,
    "situations.index": situations.index,
    **{f"situations.{name}": situations.page_of(name) for name in situations.ORDER},
    "stages.commands": stages.commands,
    "stages.mermaid": stages.mermaid,
    "stages.picture": stages.picture,
    "stages.table": stages.table,
    "tables.page": tables.page,
    "wording.figures": wording.figures,
    "wording.rules": wording.rules,
}
_ASKED = re.compile(r"^% generated: (\S+)$", re.MULTILINE)


def filled(page: str) -> str:
    """Return a page with every generated part in its place. Raises ``KeyError`` where a page asks for one there is not."""
    return _ASKED.sub(lambda found: PARTS[found[1]](), page)
