"""How each kind of value looks as plain data: what cattrs does not know by itself.

Instants are UTC text of one width, so that text compares as time does; enums their values; sets sorted lists;
lengths of time seconds; lengths of a policy and money what people write (``"5 bd"``, ``"49.50 EUR"``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from sys import intern
from types import NoneType, UnionType
from typing import TypeVar, Union, cast, get_args, get_origin

import attrs
import cattrs
from cattrs.fns import identity
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar
from recovery.core.case import Case
from recovery.core.clock import Length
from recovery.core.errors import Param
from recovery.core.money import Money
from recovery.core.stages import Stage
from recovery.core.values import UTC, instant
from recovery.core.vocabulary.common import Command, Event, kind_of

__all__ = ["OWN_WAYS", "SHORT", "Data", "converter", "instant_from_text", "instant_to_text", "strict", "to_dict"]

T = TypeVar("T")
Data = dict[str, object]
"""Plain data: what JSON and TOML hold, by name."""


def instant_to_text(value: datetime) -> str:
    """Return an aware ``value`` as UTC text of fixed width: ``2026-11-22T09:00:00.000000Z``."""
    moment = instant(value)
    if moment.tzinfo is not UTC:
        raise ValueError("an instant without a time zone cannot be written down")
    return _utc_text(moment)


@lru_cache(maxsize=4096)
def _utc_text(moment: DateTime) -> str:
    # One instant stands in many places of what a command writes. A third of the cost of isoformat(), which asks the zone.
    day = (moment.year, moment.month, moment.day)
    return "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ" % (*day, moment.hour, moment.minute, moment.second, moment.microsecond)  # noqa: UP031


def instant_from_text(text: object) -> DateTime:
    """Return the instant that an ISO 8601 text with a zone or offset names. Raises ``ValueError`` on anything else."""
    if not isinstance(text, str):
        raise TypeError(f"{type(text).__name__} is no instant")
    return _instant(text)


@lru_cache(maxsize=4096)
def _instant(text: str) -> DateTime:
    # One instant stands in many places of a case; read as one value, it is kept once.
    if len(text) == 27 and text[26] == "Z":
        plain = datetime.fromisoformat(text[:26])
        if plain.tzinfo is None:
            return DateTime(
                plain.year, plain.month, plain.day, plain.hour, plain.minute, plain.second, plain.microsecond, tzinfo=UTC
            )
    moment = instant(datetime.fromisoformat(text))
    if moment.tzinfo is not UTC:
        raise ValueError(f"{text!r} has no time zone")
    return moment


# A parameter of a reason may be an instant or a text, so the instant says that it is one.
def _param_to_data(value: Param) -> object:
    return {"instant": instant_to_text(value)} if isinstance(value, datetime) else value


def _param_from_data(value: object, _: object) -> Param:
    if isinstance(value, Mapping):
        return instant_from_text(cast("Mapping[str, object]", value)["instant"])
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{type(value).__name__} is no parameter")


def _exactly(kind: type[T]) -> Callable[[object, object], T]:
    """Take only what is of that type: ``"yes"`` is no bool, and 7 is no text."""

    def take(value: object, _: object) -> T:
        if isinstance(value, kind) and type(value) is kind:
            return value
        raise TypeError(f"{type(value).__name__} is not {kind.__name__}")

    return take


SHORT = 24
"""Texts of so many characters are kept once however many values hold them: the names of marks and templates, ids, owners."""


def _text(value: object, _: object) -> str:
    if type(value) is str:
        return intern(value) if len(value) <= SHORT else value
    raise TypeError(f"{type(value).__name__} is not str")


def _number(value: object, _: object) -> float:
    if type(value) in (int, float):
        return float(cast(float, value))
    raise TypeError(f"{type(value).__name__} is not a number")


def _length_of_time(value: object, _: object) -> timedelta:
    return timedelta(seconds=_number(value, _))


def _length(value: object, _: object) -> Length:
    if isinstance(value, str):
        return Length.parse(value)
    raise TypeError(f"{type(value).__name__} is no length of time")


def _money(value: object, _: object) -> Money:
    if isinstance(value, str):
        return Money.parse(value)
    raise TypeError(f"{type(value).__name__} is no amount of money")


def _calendar(value: object, _: object) -> BusinessCalendar:
    return BusinessCalendar.from_data(cast("Mapping[str, object]", value))


def _event_to_data(event: Event) -> Data:
    return {"event": kind_of(type(event)), **strict.unstructure(event)}


def _as_it_is(kind: object) -> bool:
    """Whether a field holds nothing but plain values, or ``None``."""
    return get_origin(kind) in (Union, UnionType) and set(get_args(kind)) <= {str, int, bool, float, NoneType}


def _is_tuple(kind: object) -> bool:
    args = get_args(kind)
    return get_origin(kind) is tuple and len(args) == 2 and args[1] is Ellipsis


def _list_of(kind: type, made: cattrs.Converter) -> Callable[[Iterable[object]], list[object]]:
    member: Callable[[object], object] = made.get_unstructure_hook(get_args(kind)[0])
    return list if member is identity else lambda values: [member(value) for value in values]


OWN_WAYS: frozenset[type] = frozenset({BusinessCalendar, DateTime, Event, Length, Money, timedelta})
"""What is not written field by field, but as people write it."""


def converter(*, told: bool) -> cattrs.Converter:
    """Return a converter for the values of the library; one that is ``told`` names every fault with its path, and is slower."""
    made = cattrs.Converter(
        forbid_extra_keys=True, detailed_validation=told, unstruct_collection_overrides={tuple: list, frozenset: sorted}
    )
    made.register_unstructure_hook(DateTime, instant_to_text)
    made.register_structure_hook(DateTime, lambda value, _: instant_from_text(value))
    made.register_unstructure_hook(timedelta, timedelta.total_seconds)
    made.register_structure_hook(timedelta, _length_of_time)
    made.register_unstructure_hook(Length, str)
    made.register_structure_hook(Length, _length)
    made.register_unstructure_hook(Money, str)
    made.register_structure_hook(Money, _money)
    made.register_unstructure_hook(BusinessCalendar, BusinessCalendar.to_data)
    made.register_structure_hook(BusinessCalendar, _calendar)
    made.register_unstructure_hook_func(_is_param, _param_to_data)
    made.register_structure_hook_func(_is_param, _param_from_data)
    # What cattrs would do as well, in a fraction of the time.
    made.register_unstructure_hook_func(_as_it_is, identity)
    made.register_unstructure_hook_factory(_is_tuple)(_list_of)
    # By function and not by class: a field that may hold any event would otherwise be written with the fields of the base alone.
    made.register_unstructure_hook_func(lambda kind: kind is Event, _event_to_data)
    made.register_structure_hook(str, _text)
    for kind in (bool, int):
        made.register_structure_hook(kind, _exactly(kind))
    made.register_structure_hook(float, _number)
    if not told:
        _read_fast(made)
    return made


def _read_fast(made: cattrs.Converter) -> None:
    """Read as cattrs would, with what reads a member found once for each type and not once for each value."""
    made.register_structure_hook_factory(_is_optional)(_optional_from_data)
    made.register_structure_hook_factory(_is_tuple)(_tuple_from_data)
    made.register_structure_hook_factory(_is_enum)(_enum_from_data)


def _is_optional(kind: object) -> bool:
    return get_origin(kind) in (Union, UnionType) and len(get_args(kind)) == 2 and NoneType in get_args(kind)


def _optional_from_data(kind: type, made: cattrs.Converter) -> Callable[[object, object], object]:
    (held,) = (one for one in cast("tuple[type, ...]", get_args(kind)) if one is not NoneType)
    read = made.get_structure_hook(held)
    return lambda value, _: None if value is None else read(value, held)


def _tuple_from_data(kind: type, made: cattrs.Converter) -> Callable[[Iterable[object], object], tuple[object, ...]]:
    member: type = get_args(kind)[0]
    read = made.get_structure_hook(member)
    return lambda values, _: tuple([read(value, member) for value in values])


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _enum_from_data(kind: type[Enum], _: cattrs.Converter) -> Callable[[object, object], Enum]:
    known = {member.value: member for member in kind}
    return lambda value, _: known.get(value) or kind(value)


def _is_param(kind: object) -> bool:
    return kind == Param


strict: cattrs.Converter = converter(told=False)
"""For what the library itself has written."""


def to_dict(value: object) -> Data:
    """Return any value of the library as plain data for JSON, the same for equal values.

    A command says its name under ``command``, so that :func:`command_from_dict` reads it back, an event its own under ``event``.
    """
    if isinstance(value, Command):
        return {"command": kind_of(type(value)), **strict.unstructure(value)}
    if isinstance(value, Event):
        return _event_to_data(value)
    if not attrs.has(type(value)):
        raise TypeError(f"{type(value).__name__} is not a value of this library")
    # The desk's answers name a case and its stages without loading what these are made of; who holds one has them.
    attrs.resolve_types(cast("type[attrs.AttrsInstance]", type(value)), localns={"Case": Case, "Stage": Stage})
    return cast(Data, strict.unstructure(value))
