"""Stored shapes: an event, a snapshot of a case, a message, the clocks and calendar of a policy."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TypeVar, cast

from cattrs.errors import CattrsError

from recovery.codec.plain import Data, instant_from_text, instant_to_text, strict
from recovery.codec.privacy import fill, take
from recovery.codec.reading import structured
from recovery.codec.text import dumps
from recovery.codec.versions import EVENTS, FIRST, MESSAGE, SNAPSHOT, TIMING, UPCASTERS, version_of
from recovery.codec.writing import texts
from recovery.core.case import Case
from recovery.core.clock import Timing
from recovery.core.errors import RecoveryError
from recovery.core.vocabulary.common import Recorded, kind_of
from recovery.ports.values import OutboxMessage

__all__ = [
    "Texts",
    "Undecodable",
    "case_from_data",
    "case_to_data",
    "case_to_texts",
    "event_from_data",
    "event_to_data",
    "event_to_texts",
    "message_from_data",
    "message_to_data",
    "message_to_texts",
    "timing_from_data",
    "timing_to_data",
]

T = TypeVar("T")
Texts = tuple[str, "str | None"]
"""The public text of a value, and the personal one."""

_FAULTS = (ValueError, TypeError, LookupError, AttributeError, CattrsError, RecoveryError)


class Undecodable(RecoveryError):
    """Something stored that cannot be read: which piece (``kind``, and ``seq`` of an event) of which case, why, and the way out."""

    def __init__(self, kind: str, why: str, way_out: str, *, case_id: str = "", seq: int | None = None) -> None:
        self.case_id = case_id
        self.seq = seq
        self.kind = kind
        self.why = why
        self._way_out = way_out
        number = "" if seq is None else f"event {seq}, "
        whose = f" of case {case_id!r}" if case_id else ""
        super().__init__(f"What is stored{whose} cannot be read: {number}{kind} {why}. {way_out}")

    @property
    def hint(self) -> str:
        """What to do about it."""
        return self._way_out


_NEWER = "Upgrade customer-recovery: a newer version has written this."
_BROKEN = "Restore this row from a backup; the other cases are not touched."


# ---------------------------------------------------------------- two pieces


def _split(value: object, salt: str | None) -> tuple[Data, Data | None]:
    # The salt keeps texts that can be guessed from being told by a digest of the personal piece.
    public = cast(Data, strict.unstructure(value))
    texts = take(public, type(value))
    return public, {"salt": salt or secrets.token_hex(8), "texts": texts} if texts else None


def _whole(public: Mapping[str, object], personal: Mapping[str, object] | None) -> Data:
    whole = cast(Data, public)
    if personal is not None:
        fill(whole, cast("Mapping[str, str]", personal["texts"]))
    return whole


def _fault(error: BaseException) -> str:
    # No error that is raised here quotes a personal text: these are put where any text is right.
    return f"{type(error).__name__}: {error}".splitlines()[0][:200]


# ---------------------------------------------------------------- events


def event_to_data(recorded: Recorded, *, salt: str | None = None) -> tuple[Data, Data | None]:
    """Return one entry of a history as its public data and its personal texts, ``None`` where it has none.

    The ``salt`` goes with the personal texts; left out, it is drawn.
    """
    data, personal = _split(recorded.event, salt)
    kind = kind_of(type(recorded.event))
    at = instant_to_text(recorded.recorded_at)
    return {"v": version_of(kind), "kind": kind, "seq": recorded.seq, "recorded_at": at, "data": data}, personal


def event_from_data(public: Mapping[str, object], personal: Mapping[str, object] | None, *, case_id: str = "") -> Recorded:
    """Return the entry that :func:`event_to_data` wrote, redacted where ``personal`` is ``None``. ``public`` is used up.

    Raises :class:`Undecodable` for an unknown kind, a newer version or another shape.
    """
    kind, seq, version = str(public.get("kind")), cast(int, public.get("seq")), cast(int, public.get("v"))
    known = EVENTS.get(kind)
    if known is None:
        raise Undecodable(kind, "is not known here", _NEWER, case_id=case_id, seq=seq)
    try:
        if version > version_of(kind):
            why = f"has version {version}, and this library reads up to {version_of(kind)}"
            raise Undecodable(kind, why, _NEWER, case_id=case_id, seq=seq)
        data = _upcast(kind, version, _whole(cast(Data, public["data"]), personal))
        return Recorded(seq=seq, recorded_at=instant_from_text(public["recorded_at"]), event=structured(data, known))
    except Undecodable:
        raise
    except _FAULTS as error:
        raise Undecodable(kind, f"has another shape ({_fault(error)})", _BROKEN, case_id=case_id, seq=seq) from error


def _upcast(kind: str, version: int, data: Data) -> Data:
    for old in range(max(version, FIRST), version_of(kind)):
        data = UPCASTERS[kind, old](data)
    return data


# ---------------------------------------------------------------- cases, clocks, messages


def case_to_data(case: Case, *, salt: str | None = None) -> tuple[Data, Data | None]:
    """Return a snapshot of a case as its public data and its personal texts."""
    data, personal = _split(case, salt)
    return {"v": SNAPSHOT, "data": data}, personal


def case_from_data(public: Mapping[str, object], personal: Mapping[str, object] | None, *, case_id: str = "") -> Case:
    """Return the case that :func:`case_to_data` wrote. ``public`` is used up.

    Raises :class:`Undecodable` for any other version or shape: a snapshot is a cache, and is rebuilt from the events.
    """
    way_out = "It is a cache: rebuild it from the events."
    try:
        if public["v"] != SNAPSHOT:
            raise Undecodable("snapshot", f"has version {public['v']}, not {SNAPSHOT}", way_out, case_id=case_id)
        return structured(_whole(cast(Data, public["data"]), personal), Case)
    except Undecodable:
        raise
    except _FAULTS as error:
        raise Undecodable("snapshot", f"has another shape ({_fault(error)})", way_out, case_id=case_id) from error


def case_to_texts(case: Case, *, salt: str | None = None) -> Texts:
    """Return what :func:`case_to_data` does, as texts, several times as fast."""
    return _enveloped(texts(case, salt=salt), SNAPSHOT) or _dumped(*case_to_data(case, salt=salt))


def event_to_texts(recorded: Recorded, *, salt: str | None = None) -> Texts:
    """Return the ``data`` of :func:`event_to_data` and the personal texts, as texts, several times as fast."""
    return texts(recorded.event, salt=salt) or _dumped(*_split(recorded.event, salt))


def message_to_texts(message: OutboxMessage, *, salt: str | None = None) -> Texts:
    """Return what :func:`message_to_data` does, as texts, several times as fast."""
    return _enveloped(texts(message, salt=salt), MESSAGE) or _dumped(*message_to_data(message, salt=salt))


def _enveloped(found: Texts | None, version: int) -> Texts | None:
    return None if found is None else (f'{{"data":{found[0]},"v":{version}}}', found[1])


def _dumped(public: Data, personal: Data | None) -> Texts:
    return dumps(public), None if personal is None else dumps(personal)


def timing_to_data(timing: Timing) -> Data:
    """Return the clocks and the calendar of a policy as plain data."""
    return {"v": TIMING, "data": cast(Data, strict.unstructure(timing))}


def timing_from_data(data: Mapping[str, object], *, policy_id: str = "") -> Timing:
    """Return the clocks and the calendar that :func:`timing_to_data` wrote.

    Raises :class:`Undecodable`, which names the policy where its id is given.
    """
    return _versioned(Timing, data, None, TIMING, f"timing of policy {policy_id}" if policy_id else "timing")


def message_to_data(message: OutboxMessage, *, salt: str | None = None) -> tuple[Data, Data | None]:
    """Return a message of the outbox as its public data and its personal texts."""
    data, personal = _split(message, salt)
    return {"v": MESSAGE, "data": data}, personal


def message_from_data(public: Mapping[str, object], personal: Mapping[str, object] | None) -> OutboxMessage:
    """Return the message that :func:`message_to_data` wrote. ``public`` is used up. Raises :class:`Undecodable`."""
    return _versioned(OutboxMessage, public, personal, MESSAGE)


def _versioned(
    kind: type[T], public: Mapping[str, object], personal: Mapping[str, object] | None, newest: int, what: str = ""
) -> T:
    name = what or kind_of(kind)
    try:
        version = cast(int, public["v"])
        if version > newest:
            raise Undecodable(name, f"has version {version}, and this library reads up to {newest}", _NEWER)
        return structured(_whole(cast(Data, public["data"]), personal), kind)
    except Undecodable:
        raise
    except _FAULTS as error:
        raise Undecodable(name, f"has another shape ({_fault(error)})", _BROKEN) from error
