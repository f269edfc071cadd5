"""What has been written and has not arrived: what waits in the outbox, what is owed by hand, what was given up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen
from pendulum import DateTime
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from recovery import Case, Channel, Delivery
from recovery.cli.opening import View
from recovery.cli.output import brief
from recovery.core.vocabulary.receiving import Outgoing
from recovery.stores.sql import SQLStore, Waiting

__all__ = ["Post", "outbox_table", "posts"]

ARRIVED = frozenset({Delivery.SENT, Delivery.WITHHELD, Delivery.NOT_NEEDED})

STANDS: Mapping[Delivery, str] = {
    Delivery.QUEUED: "waits for: recovery work",
    Delivery.GIVEN_UP: "given up: see to it in another way",
    Delivery.BOUNCED: "it came back: the address is wrong",
}


@frozen(kw_only=True)
class Post:
    """A message, call or letter that has not arrived: where it goes, how it stands, and, while it waits, until when and why."""

    id: str
    case_id: str
    reference: str
    channel: Channel
    person: str | None
    what: str
    state: Delivery
    since: DateTime
    tries: int = 0
    next_at: DateTime | None = None
    error: str = ""


def posts(view: View) -> list[Post]:
    """Return everything that has not arrived, the oldest first."""
    waiting = {one.message_id: one for one in view.store.waiting()} if isinstance(view.store, SQLStore) else {}
    found = [post for case in view.desk.find() for post in _of_case(case, waiting)]
    return sorted(found, key=lambda post: (post.since, post.id))


def _of_case(case: Case, waiting: dict[str, Waiting]) -> Iterator[Post]:
    for out in case.receiving.outgoing:
        if out.state in ARRIVED:
            continue
        row = waiting.get(out.id)
        yield Post(
            id=out.id,
            case_id=case.id,
            reference=case.reference,
            channel=out.channel,
            person=out.person,
            what=_what(out),
            state=out.state,
            since=out.at,
            tries=0 if row is None else row.tries,
            next_at=None if row is None else row.next_at,
            error="" if row is None else row.error,
        )


def _what(out: Outgoing) -> str:
    return ", ".join(part.template.replace("_", " ") for part in out.parts)


def outbox_table(view: View, waiting: Sequence[Post]) -> RenderableType:
    """Return what has not arrived, the oldest first, each with what is to be done about it."""
    if not waiting:
        return Text("Nothing waits: all that was written has left.")
    table = Table.grid(padding=(0, 2, 0, 0))
    for name in ("since", "case", "by", "to"):
        table.add_column(name, no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for post in waiting:
        told = Text(post.what)
        told.append(f"\n{_stands(post, view)}", style="dim")
        table.add_row(
            brief(post.since, view.calendar), post.reference, post.channel.value.replace("_", " "), post.person or "customer", told
        )
    return Group(Text("What has not arrived", style="bold"), table)


def _stands(post: Post, view: View) -> str:
    if post.state is Delivery.QUEUED and post.tries:
        tried = "once" if post.tries == 1 else f"{post.tries} times"
        return f"tried {tried}, again at {brief(post.next_at, view.calendar)}: {post.error}"
    if post.state is Delivery.OWED:
        done = f"recovery do {post.reference} report-delivery --message-id {post.id} --delivery sent"
        return f"to be done by hand (what to say: recovery preview {post.reference}); then: {done}"
    return STANDS.get(post.state, post.state.value.replace("_", " "))
