"""One change as plain columns by name: what a store of your own writes, whatever its tables look like."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from recovery.core.place import lookups_of
from recovery.core.vocabulary.common import Channel, kind_of
from recovery.ports.values import Change, OutboxMessage
from recovery.stores.texts import Texts, case_texts, digest, encodable, event_texts, instant_text, message_texts

__all__ = ["Column", "Columns", "columns_of"]

Column = str | int | bytes | None
"""What a column holds; truth values are numbers to a database."""

SUBJECT = 80
"""How many characters of what a case is about make its subject."""


@frozen(kw_only=True)
class Columns:
    """What one change writes, as plain values by name, ready for ``execute`` and ``executemany``; see :func:`columns_of`."""

    case: Mapping[str, Column]
    events: tuple[Mapping[str, Column], ...]
    messages: tuple[Mapping[str, Column], ...]
    settled: tuple[Mapping[str, Column], ...]
    lookups: tuple[Mapping[str, Column], ...]


def columns_of(change: Change) -> Columns:
    """Return what ``change`` writes, as texts, numbers, truth values, bytes and ``None``.

    ``case``: ``case_id reference base_version version stage owner category policy_id opened_at recorded_at ended in_tray wake_at``,
    its snapshot ``public personal``, and for tables that people read ``ticket`` (the number that the first contact came with),
    ``subject`` (how what it is about begins, personal), ``customer`` (the host's number) and ``email`` (personal).
    ``events``: ``case_id seq recorded_at kind public personal``.
    ``messages``: ``message_id case_id seq channel person due_at public personal``; ``person`` is empty for the customer, so that
    it can be compared in SQL.
    ``settled``: ``message_id state``. ``lookups``: ``kind digest case_id``, all that the case is found by now.
    """
    case, case_id = change.case, change.case.id
    return Columns(
        case=_case_columns(change),
        events=tuple(
            {
                "case_id": case_id,
                "seq": recorded.seq,
                "recorded_at": instant_text(recorded.recorded_at),
                "kind": kind_of(type(recorded.event)),
                **_texts_by_name(event_texts(recorded)),
            }
            for recorded in change.events
        ),
        messages=tuple(map(_message_columns, change.messages)),
        settled=tuple({"message_id": message_id, "state": became.value} for message_id, became in change.settled),
        lookups=tuple({"kind": kind, "digest": found, "case_id": case_id} for kind, found in sorted(map(digest, lookups_of(case)))),
    )


def _case_columns(change: Change) -> dict[str, Column]:
    case, address = change.case, change.case.receiving.customer.address(Channel.EMAIL)
    return {
        "case_id": case.id,
        "reference": case.reference,
        "base_version": change.base_version,
        "version": case.version,
        "stage": case.stage.value,
        "owner": case.owner,
        "category": case.receiving.category,
        "policy_id": case.policy_id,
        "opened_at": instant_text(case.opened_at),
        "recorded_at": instant_text(case.recorded_at),
        "ended": case.ended,
        "in_tray": case.in_tray,
        "wake_at": instant_text(change.wake_at),
        **_texts_by_name(case_texts(case)),
        "ticket": next((contact.ticket for contact in case.receiving.contacts if contact.ticket), None),
        "subject": encodable(" ".join(case.receiving.issue.split())[:SUBJECT]),
        "customer": case.receiving.customer.id,
        "email": None if address is None else encodable(address.value),
    }


def _message_columns(message: OutboxMessage) -> dict[str, Column]:
    return {
        "message_id": message.id,
        "case_id": message.case_id,
        "seq": message.seq,
        "channel": message.channel.value,
        "person": message.person or "",
        "due_at": instant_text(message.created_at),
        **_texts_by_name(message_texts(message)),
    }


def _texts_by_name(texts: Texts) -> dict[str, str | None]:
    return {"public": texts[0], "personal": texts[1]}
