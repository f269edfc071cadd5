"""Values as texts that any database keeps, and back: what a store of your own puts into its columns.

A case, an event and a message become two texts each: the public one, and the personal one, ``None`` where nothing is personal.
Keep them in two columns: whoever empties the personal one has erased the customer's data, and everything goes on. All texts are
pure ASCII, whatever the customer wrote; instants are UTC text of fixed width, so that text compares as time does.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from typing import TypeVar, cast

from pendulum import DateTime

from recovery.codec import (
    Data,
    Undecodable,
    case_from_data,
    case_to_texts,
    dumps,
    event_from_data,
    event_to_data,
    instant_from_text,
    instant_to_text,
    loads,
    message_from_data,
    message_to_texts,
    timing_from_data,
    timing_to_data,
)
from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.fold import fold
from recovery.core.place import Lookup
from recovery.core.vocabulary.common import Recorded
from recovery.ports.values import OutboxMessage

__all__ = [
    "Texts",
    "case_of",
    "case_or_fold",
    "case_texts",
    "data_of",
    "digest",
    "encodable",
    "event_of",
    "event_texts",
    "instant_of",
    "instant_text",
    "message_of",
    "message_or_none",
    "message_texts",
    "personal_of",
    "rebuilt",
    "texts_of",
    "timing_of",
    "timing_text",
]

V = TypeVar("V")

_log = logging.getLogger("recovery.stores")

Texts = tuple[str, "str | None"]
"""The public text of a value, and the personal one."""


# ---------------------------------------------------------------- instants, lookups, ids


def instant_text(at: DateTime | None) -> str | None:
    """Return the text of an instant, if there is one: UTC, to the microsecond, of fixed width."""
    return None if at is None else instant_to_text(at)


def instant_of(text: str | None) -> DateTime | None:
    """Return the instant that :func:`instant_text` wrote, if there is one."""
    return None if text is None else instant_from_text(text)


def digest(lookup: Lookup) -> tuple[str, bytes]:
    """Return what a lookup is kept under: addresses do not stand in the clear beside the personal columns."""
    return lookup.kind, hashlib.blake2b(lookup.value.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def encodable(value: V) -> V:
    """Return a text as any database takes it, with lone surrogates and NUL written out; anything else as it is.

    No id holds one of them, so who asks for one finds nothing.
    """
    if not isinstance(value, str) or (value.isascii() and "\0" not in value):
        return value
    return cast(V, value.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8"))


# ---------------------------------------------------------------- values


def texts_of(public: object, personal: object) -> Texts:
    """Return plain data in two pieces, as the codec gives it, as texts."""
    return dumps(public), None if personal is None else dumps(personal)


def data_of(text: str, what: str, case_id: str = "", seq: int | None = None) -> Data:
    """Return the data in a column. Raises :class:`~recovery.codec.Undecodable`."""
    try:
        found = loads(text)
    except (ValueError, TypeError, RecursionError):
        found = None
    if not isinstance(found, dict):
        # Without the cause: its text would quote what stands there.
        way_out = "Restore this row from a backup; the other cases are not touched."
        raise Undecodable(what, "is no JSON object", way_out, case_id=case_id, seq=seq)
    return cast(Data, found)


def personal_of(text: str | None, what: str, case_id: str = "", seq: int | None = None) -> Data | None:
    """Return the data in a personal column, if it has not been emptied. Raises :class:`~recovery.codec.Undecodable`."""
    return None if text is None else data_of(text, what, case_id, seq)


def case_texts(case: Case) -> Texts:
    """Return a snapshot of a case. It is a cache of the events: see :func:`case_or_fold`."""
    return case_to_texts(case)


def case_of(case_id: str, public: str, personal: str | None) -> Case:
    """Return the case of a snapshot. Raises :class:`~recovery.codec.Undecodable`."""
    return case_from_data(data_of(public, "snapshot", case_id), personal_of(personal, "snapshot", case_id), case_id=case_id)


def case_or_fold(case_id: str, history: Callable[[], tuple[Recorded, ...]], public: str, personal: str | None) -> Case:
    """Return the case of a snapshot; one that cannot be read, as an older version may have written it, is rebuilt from the events.

    Raises :class:`~recovery.codec.Undecodable` where the events cannot be read either.
    """
    try:
        return case_of(case_id, public, personal)
    except Undecodable as error:
        return rebuilt(case_id, history, error)


def rebuilt(case_id: str, history: Callable[[], tuple[Recorded, ...]], why: Undecodable) -> Case:
    """Return the case that its events make, and log ``why`` its snapshot did not do.

    Raises :class:`~recovery.codec.Undecodable` where the events cannot be read, or make no case.
    """
    _log.warning("a snapshot was rebuilt from its events", extra={"case_id": case_id, "why": str(why)})
    try:
        return fold(history())
    except ValueError as error:
        way_out = "Restore its events from a backup; the other cases are not touched."
        raise Undecodable("history", "makes no case", way_out, case_id=case_id) from error


def event_texts(recorded: Recorded) -> Texts:
    """Return one entry of a history, its number and kind included."""
    return texts_of(*event_to_data(recorded))


def event_of(case_id: str, public: str, personal: str | None) -> Recorded:
    """Return the entry that :func:`event_texts` wrote. Raises :class:`~recovery.codec.Undecodable`."""
    return event_from_data(data_of(public, "event", case_id), personal_of(personal, "event", case_id), case_id=case_id)


def message_texts(message: OutboxMessage) -> Texts:
    """Return a message of the outbox."""
    return message_to_texts(message)


def message_of(message_id: str, public: str, personal: str | None) -> OutboxMessage:
    """Return the message that :func:`message_texts` wrote. Raises :class:`~recovery.codec.Undecodable`."""
    what = f"message {message_id}"
    return message_from_data(data_of(public, what), personal_of(personal, what))


def message_or_none(message_id: str, public: str, personal: str | None) -> OutboxMessage | None:
    """Return the message, or ``None``, and log it, where it cannot be read: one broken row must not stop the others."""
    try:
        return message_of(message_id, public, personal)
    except Undecodable as error:
        _log.error("a message cannot be read", extra={"message_id": message_id, "why": str(error)})
        return None


def timing_text(timing: Timing) -> str:
    """Return the clocks and the calendar of a policy."""
    return dumps(timing_to_data(timing))


def timing_of(text: str, policy_id: str = "") -> Timing:
    """Return the clocks and the calendar that :func:`timing_text` wrote.

    Raises :class:`~recovery.codec.Undecodable`, which names the policy where its id is given.
    """
    what = f"timing of policy {policy_id}" if policy_id else "timing"
    return timing_from_data(data_of(text, what), policy_id=policy_id)
