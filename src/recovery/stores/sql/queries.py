"""A query as SQL."""

from __future__ import annotations

import re

from recovery.core.stages import Stage
from recovery.ports.values import Query
from recovery.stores.common import lookups_in
from recovery.stores.texts import digest, encodable

__all__ = ["FOLDED", "page_of"]

# As a list of ids, so that SQLite begins with what is found and does not walk over every case.
_FOUND_BY = "case_id IN (SELECT l.case_id FROM recovery_lookups AS l WHERE l.kind = ? AND l.digest = ?)"
# What is looked for stands, as JSON in pure ASCII, in the personal texts of some event. The database leaves out what cannot hold
# it: where neither its longest stretch of plain ASCII stands, nor a letter that becomes ASCII when case is disregarded.
FOLDED = "ßİŉſǰẖẗẘẙẚẞ\u212aﬀﬁﬂﬃﬄﬅﬆ"
_ESCAPED = tuple(f"{ord(letter):04x}" for letter in FOLDED)
_PLAIN = re.compile(r"[ !#-\[\]-~]+")
_EACH = " OR ".join(f"instr(e.personal, '\\u{code}') > 0" for code in _ESCAPED)
_MAY_HOLD = {
    "sqlite": f"instr(lower(e.personal), ?) > 0 OR (instr(e.personal, '\\u') > 0 AND ({_EACH}))",
    "postgres": f"""strpos(lower(e.personal COLLATE "C"), ?) > 0 OR e.personal ~ '\\\\u({"|".join(_ESCAPED)})'""",
}
_HELD = "EXISTS (SELECT 1 FROM recovery_events AS e WHERE e.case_id = recovery_cases.case_id AND ({}))"
_PAGE = "SELECT case_id, version, public, personal FROM recovery_cases WHERE {where} ORDER BY case_id LIMIT ?"


def page_of(query: Query, dialect: str) -> tuple[str, list[object]]:
    """Return the statement that finds one page of ``query``, and its values.

    Where words are looked for, it finds every case that may hold them, and others.
    """
    parts: list[tuple[str, tuple[object, ...]]] = [
        (f"{column} = ?", (value.value if isinstance(value, Stage) else encodable(value),))
        for column, value in (("owner", query.owner), ("stage", query.stage), ("category", query.category))
        if value is not None
    ]
    if query.after is not None:
        parts.append(("case_id > ?", (encodable(query.after),)))
    if query.open_only:
        parts.append(("NOT ended", ()))
    if query.in_tray is not None:
        parts.append(("in_tray" if query.in_tray else "NOT in_tray", ()))
    parts += [(_FOUND_BY, digest(lookup)) for lookup in lookups_in(query)]
    stretch = "" if query.text is None else max(_PLAIN.findall(query.text.casefold()), key=len, default="")
    if stretch:
        parts.append((_HELD.format(_MAY_HOLD[dialect]), (stretch,)))
    where = " AND ".join(part for part, _ in parts) or "1 = 1"
    values = [value for _, found in parts for value in found]
    return _PAGE.format(where=where), [*values, max(query.limit, 0)]
