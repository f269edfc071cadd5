"""A query as SQL."""

from __future__ import annotations

from recovery.core.stages import Stage
from recovery.ports.values import Query
from recovery.stores.common import lookups_in
from recovery.stores.texts import digest, encodable

__all__ = ["page_of"]

# As a list of ids, so that SQLite begins with what is found and does not walk over every case.
_FOUND_BY = "case_id IN (SELECT l.case_id FROM recovery_lookups AS l WHERE l.kind = ? AND l.digest = ?)"
_PAGE = "SELECT case_id, version, public, personal FROM recovery_cases WHERE {where} ORDER BY case_id LIMIT ?"


def page_of(query: Query) -> tuple[str, list[object]]:
    """Return the statement that finds one page of ``query``, and its values; the words that are looked for are left out."""
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
    where = " AND ".join(part for part, _ in parts) or "1 = 1"
    values = [value for _, found in parts for value in found]
    return _PAGE.format(where=where), [*values, max(query.limit, 0)]
