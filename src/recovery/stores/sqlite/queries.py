"""A query as SQL."""

from __future__ import annotations

from recovery.core.stages import Stage
from recovery.ports.values import Query
from recovery.stores.common import lookups_in
from recovery.stores.texts import digest, encodable

__all__ = ["MENTIONS", "page_of"]

MENTIONS = "recovery_mentions"
"""The function that looks for words in a column ``personal``."""

_FOUND_BY = "EXISTS (SELECT 1 FROM lookups WHERE kind = ? AND digest = ? AND lookups.case_id = cases.case_id)"
_MENTIONED = f"EXISTS (SELECT 1 FROM events WHERE events.case_id = cases.case_id AND {MENTIONS}(events.personal, ?))"


def page_of(query: Query) -> tuple[str, list[object]]:
    """Return the statement that finds one page of ``query``, and its values."""
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
        parts.append(("in_tray = ?", (query.in_tray,)))
    parts += [(_FOUND_BY, digest(lookup)) for lookup in lookups_in(query)]
    if query.text is not None:
        parts.append((_MENTIONED, (query.text.encode("utf-8", "surrogatepass"),)))
    where = " AND ".join(["TRUE", *(part for part, _ in parts)])
    values = [value for _, found in parts for value in found]
    sql = f"SELECT case_id, version, public, personal FROM cases WHERE {where} ORDER BY case_id LIMIT ?"
    return sql, [*values, max(query.limit, 0)]
