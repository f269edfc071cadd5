"""``recovery feed``: the committed events of all cases, a line each, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache, partial
from itertools import islice

from rich.text import Text

from recovery.cli.amounts import some
from recovery.cli.console import screen
from recovery.cli.opening import View, open_view
from recovery.cli.output import moment
from recovery.cli.reporting import heading
from recovery.codec import Data, Undecodable, dumps, instant_to_text, to_dict
from recovery.codec.versions import version_of
from recovery.core.telling import tell
from recovery.core.vocabulary.common import kind_of
from recovery.ports.values import Committed

__all__ = ["told"]

PAGE = 500
"""How many events are asked for at a time."""


def told(after: str, limit: int | None, *, place: tuple[str | None, str | None, str | None], as_json: bool) -> int:
    """Print the events behind a position, none of them held longer than its page. Raises ``InvalidValue`` for a position."""
    most = None if limit is None else some("--limit", limit)
    view = open_view(*place)
    found = islice(_following(view, after), most)
    if as_json:
        for each in found:
            print(dumps(_envelope(each)))
        return 0
    console = screen()
    console.print(heading(view), soft_wrap=True)
    named = lru_cache(1000)(partial(_reference, view))
    for each in found:
        recorded = each.recorded
        when = moment(recorded.recorded_at, view.calendar, view.now)
        console.print(Text(f"{each.position:>8}  {when}  {named(each.case_id)}  {tell(recorded.event)}"), soft_wrap=True)
    return 0


def _reference(view: View, case_id: str) -> str:
    """Return what other commands take for a case; a case that cannot be read has its id."""
    try:
        return view.desk.load(case_id).reference
    except Undecodable:
        return case_id


def _following(view: View, after: str) -> Iterator[Committed]:
    while page := view.desk.feed(after, PAGE):
        yield from page
        after = page[-1].position


def _envelope(each: Committed) -> Data:
    """Return an event as it is kept, the personal texts in their places, with its case and its position."""
    recorded, kind = each.recorded, kind_of(type(each.recorded.event))
    return {
        "position": each.position,
        "case_id": each.case_id,
        "v": version_of(kind),
        "kind": kind,
        "seq": recorded.seq,
        "recorded_at": instant_to_text(recorded.recorded_at),
        "data": to_dict(recorded.event),
    }
