"""Values to rows and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from pendulum import DateTime

from recovery.codec import Data, Undecodable, event_from_data, event_to_data, instant_to_text, loads
from recovery.core.case import Case
from recovery.core.vocabulary.common import Recorded
from recovery.ports.values import OutboxMessage
from recovery.stores import texts
from recovery.stores.common import mentions

__all__ = ["case_of", "case_row", "event_of", "event_row", "json_mentions", "message_row", "snapshot_in"]

Row = tuple[object, ...]
EventRow = tuple[int, str, str, int, str, "str | None"]


# ---------------------------------------------------------------- cases


def case_row(case: Case, wake_at: DateTime | None) -> Row:
    """Return the columns of ``cases`` that change with a case, its id and reference left out."""
    return (
        case.version,
        case.stage.value,
        case.owner,
        texts.instant_text(case.ownership.since),
        case.receiving.category,
        case.policy_id,
        instant_to_text(case.opened_at),
        case.ended,
        case.in_tray,
        texts.instant_text(wake_at),
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
    public, personal = event_to_data(recorded)
    envelope = (public["seq"], public["recorded_at"], public["kind"], public["v"])
    return case_id, *envelope, *texts.texts_of(public["data"], personal)


def event_of(case_id: str, row: EventRow) -> Recorded:
    """Return the entry of a history that a row holds. Raises ``Undecodable``."""
    seq, recorded_at, kind, version, public, personal = row
    data = texts.data_of(public, kind, case_id, seq)
    envelope: Data = {"v": version, "kind": kind, "seq": seq, "recorded_at": recorded_at, "data": data}
    return event_from_data(envelope, texts.personal_of(personal, kind, case_id, seq), case_id=case_id)


# ---------------------------------------------------------------- messages


def message_row(message: OutboxMessage) -> Row:
    """Return the columns of ``outbox`` with which a message begins."""
    head = (message.id, message.case_id, message.seq, message.channel.value, message.person)
    return *head, instant_to_text(message.created_at), *texts.message_texts(message)


# ---------------------------------------------------------------- finding


def json_mentions(personal: str | None, wanted: bytes) -> bool:
    """Whether a column ``personal`` holds the words ``wanted``."""
    try:
        held = cast("dict[str, dict[str, str]]", loads(personal or ""))["texts"].values()
    except (ValueError, TypeError, LookupError, AttributeError):
        return False
    return mentions(cast("Iterable[str]", held), wanted.decode("utf-8", "surrogatepass"))
