"""Values to rows and back."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from pendulum import DateTime

from recovery.codec import Data, Undecodable, event_from_data, event_to_texts, instant_from_text, instant_to_text, loads
from recovery.codec.versions import version_of
from recovery.core.case import Case
from recovery.core.values import instant
from recovery.core.vocabulary.common import Recorded, kind_of
from recovery.ports.values import OutboxMessage
from recovery.stores import texts

__all__ = ["at_of", "case_of", "case_row", "event_of", "event_row", "instant_of", "message_row", "personal_words", "snapshot_in"]

Row = tuple[object, ...]
EventRow = tuple[int, "str | datetime", str, int, str, "str | None"]

# ---------------------------------------------------------------- instants


def instant_of(found: str | datetime) -> DateTime:
    """Return an instant as SQLite keeps it, a text, or as PostgreSQL does."""
    return instant(found) if isinstance(found, datetime) else instant_from_text(found)


def at_of(found: str | datetime | None) -> DateTime | None:
    """Return an instant where there is one."""
    return None if found is None else instant_of(found)


# ---------------------------------------------------------------- cases


def case_row(case: Case) -> Row:
    """Return the columns of ``recovery_cases`` that change with a case; the snapshot, two texts, comes last."""
    return (
        case.version,
        case.stage.value,
        texts.encodable(case.owner),
        texts.instant_text(case.ownership.since),
        texts.encodable(case.receiving.category),
        case.policy_id,
        instant_to_text(case.opened_at),
        case.ended,
        case.in_tray,
        *texts.case_texts(case),
    )


def snapshot_in(row: Row) -> tuple[str, str | None]:
    """Return the two texts of the snapshot in a row that :func:`case_row` made."""
    return cast("tuple[str, str | None]", row[-2:])


def case_of(case_id: str, version: int, public: str, personal: str | None) -> Case:
    """Return the case of a snapshot. Raises ``Undecodable``, also where it is not of this version."""
    case = texts.case_of(case_id, public, personal)
    if case.version != version:
        raise Undecodable("snapshot", "is of another version", "It is a cache: rebuild it from the events.", case_id=case_id)
    return case


# ---------------------------------------------------------------- events


def event_row(case_id: str, recorded: Recorded) -> Row:
    """Return the columns of ``events``."""
    kind = kind_of(type(recorded.event))
    envelope = recorded.seq, instant_to_text(recorded.recorded_at), kind, version_of(kind)
    return case_id, *envelope, *event_to_texts(recorded)


def event_of(case_id: str, row: EventRow) -> Recorded:
    """Return the entry of a history that a row holds. Raises ``Undecodable``."""
    seq, recorded_at, kind, version, public, personal = row
    data = texts.data_of(public, kind, case_id, seq)
    at = instant_to_text(recorded_at) if isinstance(recorded_at, datetime) else recorded_at
    envelope: Data = {"v": version, "kind": kind, "seq": seq, "recorded_at": at, "data": data}
    return event_from_data(envelope, texts.personal_of(personal, kind, case_id, seq), case_id=case_id)


# ---------------------------------------------------------------- messages


def message_row(message: OutboxMessage) -> Row:
    """Return the columns of ``outbox`` with which a message begins."""
    head = (message.id, message.case_id, message.seq, message.channel.value, message.person or "")
    return *head, instant_to_text(message.created_at), *texts.message_texts(message)


# ---------------------------------------------------------------- finding


def personal_words(personal: str | None) -> tuple[str, ...]:
    """Return the words in a column ``personal``; none where it is empty or cannot be read."""
    try:
        held = cast("dict[str, dict[str, str]]", loads(personal or ""))["texts"]
        return tuple(held.values())
    except (ValueError, TypeError, LookupError, AttributeError):
        return ()
