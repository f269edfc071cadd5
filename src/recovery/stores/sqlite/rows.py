"""Values to rows and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import cast

from pendulum import DateTime

from recovery.codec import (
    Data,
    Undecodable,
    case_from_data,
    case_to_data,
    dumps,
    event_from_data,
    event_to_data,
    instant_to_text,
    loads,
    message_from_data,
    message_to_data,
)
from recovery.core.case import Case
from recovery.core.place import Lookup
from recovery.core.vocabulary.common import Recorded
from recovery.ports.values import OutboxMessage
from recovery.stores.common import mentions

__all__ = [
    "case_of",
    "case_row",
    "data_of",
    "digest",
    "encodable",
    "event_of",
    "event_row",
    "json_mentions",
    "message_of",
    "message_row",
    "snapshot_in",
    "text_of",
]

Row = tuple[object, ...]
EventRow = tuple[int, str, str, int, str, "str | None"]


def text_of(at: DateTime | None) -> str | None:
    """Return the text of an instant, if there is one."""
    return None if at is None else instant_to_text(at)


def _texts(public: object, personal: object) -> tuple[str, str | None]:
    return dumps(public), None if personal is None else dumps(personal)


def data_of(text: str, what: str, case_id: str = "", seq: int | None = None) -> Data:
    """Return the data in a column. Raises ``Undecodable``."""
    try:
        found = loads(text)
    except (ValueError, TypeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        # Without the cause: its text would quote what stands there.
        way_out = "Restore this row from a backup; the other cases are not touched."
        raise Undecodable(what, "is no JSON object", way_out, case_id=case_id, seq=seq)
    return cast(Data, found)


def _personal(text: str | None, what: str, case_id: str, seq: int | None = None) -> Data | None:
    return None if text is None else data_of(text, what, case_id, seq)


# ---------------------------------------------------------------- cases


def case_row(case: Case, wake_at: DateTime | None) -> Row:
    """Return the columns of ``cases`` that change with a case, its id and reference left out."""
    return (
        case.version,
        case.stage.value,
        case.owner,
        case.receiving.category,
        case.policy_id,
        instant_to_text(case.opened_at),
        case.ended,
        case.in_tray,
        text_of(wake_at),
        *_texts(*case_to_data(case)),
    )


def snapshot_in(row: Row) -> tuple[str, str | None]:
    """Return the two texts of the snapshot in a row that :func:`case_row` made."""
    return cast("tuple[str, str | None]", row[-2:])


def case_of(case_id: str, version: int, public: str, personal: str | None) -> Case:
    """Return the case of a snapshot. Raises ``Undecodable``, also where it is not of this version."""
    found = data_of(public, "snapshot", case_id)
    case = case_from_data(found, _personal(personal, "snapshot", case_id), case_id=case_id)
    if case.version != version:
        raise Undecodable("snapshot", "is of another version", "It is a cache: rebuild it from the events.", case_id=case_id)
    return case


# ---------------------------------------------------------------- events


def event_row(case_id: str, recorded: Recorded) -> Row:
    """Return the columns of ``events``."""
    public, personal = event_to_data(recorded)
    envelope = (public["seq"], public["recorded_at"], public["kind"], public["v"])
    return case_id, *envelope, *_texts(public["data"], personal)


def event_of(case_id: str, row: EventRow) -> Recorded:
    """Return the entry of a history that a row holds. Raises ``Undecodable``."""
    seq, recorded_at, kind, version, public, personal = row
    data = data_of(public, kind, case_id, seq)
    envelope: Data = {"v": version, "kind": kind, "seq": seq, "recorded_at": recorded_at, "data": data}
    return event_from_data(envelope, _personal(personal, kind, case_id, seq), case_id=case_id)


# ---------------------------------------------------------------- messages


def message_row(message: OutboxMessage) -> Row:
    """Return the columns of ``outbox`` with which a message begins."""
    head = (message.id, message.case_id, message.seq, message.channel.value, message.person)
    return *head, instant_to_text(message.created_at), *_texts(*message_to_data(message))


def message_of(message_id: str, public: str, personal: str | None) -> OutboxMessage:
    """Return the message that a row holds. Raises ``Undecodable``."""
    what = f"message {message_id}"
    return message_from_data(data_of(public, what), _personal(personal, what, ""))


# ---------------------------------------------------------------- finding


def digest(lookup: Lookup) -> tuple[str, bytes]:
    """Return what a lookup is kept under: addresses do not stand in the clear beside the personal columns."""
    return lookup.kind, hashlib.blake2b(lookup.value.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def encodable(text: str) -> str:
    """Return a text to compare with as SQLite takes it. No id holds a lone surrogate, so one that does finds nothing."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def json_mentions(personal: str | None, wanted: bytes) -> bool:
    """Whether a column ``personal`` holds the words ``wanted``."""
    try:
        texts = cast("dict[str, dict[str, str]]", loads(personal or ""))["texts"].values()
    except (ValueError, TypeError, LookupError, AttributeError):
        return False
    return mentions(cast("Iterable[str]", texts), wanted.decode("utf-8", "surrogatepass"))
