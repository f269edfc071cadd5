"""Values as the two texts they are stored as, written straight away: what the data of :mod:`recovery.codec.stored` would give.

For each class a function is made once: the text of its fields by name, and in it what fills the gap of each. What is out of the
ordinary goes the long way, through plain data; either way the texts are the same to the letter.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from functools import cache, lru_cache
from json.encoder import encode_basestring_ascii
from types import NoneType, UnionType
from typing import Union, cast, get_args, get_origin

import attrs
from pendulum import DateTime

from recovery.codec.plain import OWN_WAYS, instant_to_text, strict
from recovery.codec.privacy import Found, Place, places, take_at
from recovery.codec.text import dumps, dumps_plain, is_plain
from recovery.core.values import ERASED

__all__ = ["member_of", "texts", "without_none"]

Writer = Callable[[object], str]
Deep = Callable[[object, str, Found], str]
"""Writes what may hold personal texts: it is told the path it stands at, and puts them where it is told to."""

_NAMES: Mapping[str, object] = {"dumps_plain": dumps_plain, "encoded": encode_basestring_ascii}
"""What every function that is made may call by name."""

_ERASED = encode_basestring_ascii(ERASED)


def texts(value: object, *, salt: str | None = None) -> tuple[str, str | None] | None:
    """Return the public text of a value and its personal one, if it has any; ``None`` where it has to go the long way.

    The ``salt`` keeps texts that can be guessed from being told by a digest of the personal piece; left out, it is drawn.
    """
    found: Found = {}
    kind: type = type(value)
    try:
        public = _deep(kind)(value, "", found)
        personal = _personal(found, salt or os.urandom(8).hex()) if found else None
    except (TypeError, ValueError, AttributeError, KeyError):
        return None  # a field that does not hold what it says
    return (public, personal) if is_plain(public) else None


def _personal(found: Found, salt: str) -> str:
    told = ",".join([f"{encode_basestring_ascii(path)}:{encode_basestring_ascii(found[path])}" for path in sorted(found)])
    text = f'{{"salt":{encode_basestring_ascii(salt)},"texts":{{{told}}}}}'
    return text if is_plain(text) else dumps({"salt": salt, "texts": found})


# ---------------------------------------------------------------- a class


@cache
def _plain(kind: type) -> Writer:
    """Return what writes values of a class without personal texts: a function made for it, as attrs and cattrs make theirs."""
    return cast(Writer, _made(kind, "value", {}))


@cache
def _deep(kind: type) -> Deep:
    """Return what writes values of a class that may hold personal texts."""
    return cast(Deep, _made(kind, "value, path, found", {place.name: place for place in places(kind)}))


def _made(kind: type, arguments: str, named: Mapping[str, Place]) -> object:
    fields = cast("tuple[attrs.Attribute[object], ...]", attrs.fields(attrs.resolve_types(cast("type[attrs.AttrsInstance]", kind))))
    stored = sorted((field for field in fields if field.init), key=lambda field: field.name)
    known: dict[str, object] = dict(_NAMES)
    gaps = ",".join(f'"{field.name}":{{{_gap(field.name, field.type, named.get(field.name), known)}}}' for field in stored)
    source = f"def write({arguments}):\n    return f'''{{{{{gaps}}}}}'''"
    exec(compile(source, f"<what writes {kind.__name__}>", "exec"), known)
    return known["write"]


def _gap(name: str, kind: object, place: Place | None, known: dict[str, object]) -> str:
    """Return the expression that fills the gap of a field; what it calls by name is put among the ``known``."""
    held, bare = f"value.{name}", without_none(kind)
    told = _plain_gap(name, held, bare, known) if place is None else _deep_gap(name, held, kind, place, known)
    return f"({told})" if bare is kind else f'("null" if {held} is None else {told})'


# ---------------------------------------------------------------- a field with personal texts


def _deep_gap(name: str, held: str, kind: object, place: Place, known: dict[str, object]) -> str:
    bare, path = without_none(kind), f'path + "{name}'
    member = member_of(bare)
    if place.inner and isinstance(bare, type) and attrs.has(bare):
        known[f"write_{name}"] = _deep(bare)
        return f'write_{name}({held}, {path}/", found)'
    if place.inner and isinstance(member, type) and attrs.has(member):
        known[f"write_{name}"] = _many(_deep(member))
        return f'("[]" if {held} == () else write_{name}({held}, {path}/", found))'
    if bare is str and not place.inner:
        known[f"write_{name}"] = _personal_text
        return f'(write_{name}({held}, {path}", found) if {held} else encoded({held}))'
    known[f"write_{name}"] = _long_way(kind, place)
    return f'write_{name}({held}, {path}", found)'


def _personal_text(value: str, path: str, found: Found) -> str:
    found[path] = value
    return _ERASED


def _many(each: Deep) -> Deep:
    def write(value: object, path: str, found: Found) -> str:
        members = enumerate(cast("tuple[object, ...]", value))
        return "[" + ",".join([each(one, f"{path}{index}/", found) for index, one in members]) + "]"

    return write


def _long_way(kind: object, place: Place) -> Deep:
    to_data = strict.get_unstructure_hook(kind)

    def write(value: object, path: str, found: Found) -> str:
        data: dict[str, object] = {place.name: to_data(value)}
        take_at(data, place, path.removesuffix(place.name), found)
        return dumps_plain(data[place.name])

    return write


# ---------------------------------------------------------------- a field without


def _plain_gap(name: str, held: str, bare: object, known: dict[str, object]) -> str:
    if bare is bool:
        return f'"true" if {held} else "false"'
    if bare is int:
        return f"{held} if type({held}) is int else dumps_plain({held})"
    if isinstance(bare, type) and issubclass(bare, Enum):
        known[f"names_{name}"] = {member.value: dumps_plain(member.value) for member in bare}
        return f"names_{name}[{held}._value_]"
    member = member_of(bare)  # pyright: ignore[reportUnknownArgumentType]
    if member is not None and without_none(member) is member:
        known[f"write_{name}"] = _writer(member)
        return f'("[]" if {held} == () else "[" + ",".join(map(write_{name}, {held})) + "]")'
    known[f"write_{name}"] = _writer(bare)  # pyright: ignore[reportUnknownArgumentType]
    return f"write_{name}({held})"


@cache
def _writer(kind: Hashable) -> Writer:
    """Return what writes values that are never ``None``."""
    if kind is str:
        return cast(Writer, encode_basestring_ascii)
    if kind is DateTime:
        return cast(Writer, _instant)
    if isinstance(kind, type) and attrs.has(kind) and kind not in OWN_WAYS:
        return _plain(kind)
    if (member := member_of(kind)) is not None and without_none(member) is member:
        each = _writer(member)
        return lambda values: "[" + ",".join(map(each, cast("tuple[object, ...]", values))) + "]" if values else "[]"
    args = cast("tuple[Hashable, ...]", get_args(kind))
    if get_origin(kind) is tuple and all(without_none(one) is one for one in args):
        return _pair(tuple(map(_writer, args)))
    if get_origin(kind) is frozenset and isinstance(args[0], type) and issubclass(args[0], Enum):
        return _choice({member.value: dumps_plain(member.value) for member in args[0]})
    to_data = strict.get_unstructure_hook(kind)
    return lambda value: "{}" if value == {} else dumps_plain(to_data(value))


def _pair(each: tuple[Writer, ...]) -> Writer:
    def write(value: object) -> str:
        members = zip(each, cast("tuple[object, ...]", value), strict=True)
        return "[" + ",".join([write_one(one) for write_one, one in members]) + "]"

    return write


def _choice(names: Mapping[object, str]) -> Writer:
    def write(value: object) -> str:
        chosen = sorted([one.value for one in cast("frozenset[Enum]", value)])
        return "[" + ",".join([names[one] for one in chosen]) + "]"

    return write


@lru_cache(maxsize=4096)
def _instant(value: DateTime) -> str:
    # One instant stands in many places of a case.
    return f'"{instant_to_text(value)}"'


# ---------------------------------------------------------------- annotations


def without_none(kind: object) -> object:
    """Return ``T`` of ``T | None``; any other annotation as it is."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    args = [one for one in cast("tuple[object, ...]", get_args(kind)) if one is not NoneType]
    return args[0] if len(args) == 1 else kind


def member_of(kind: object) -> object | None:
    """Return ``T`` of ``tuple[T, ...]``."""
    args = cast("tuple[object, ...]", get_args(kind))
    return args[0] if get_origin(kind) is tuple and len(args) == 2 and args[1] is Ellipsis else None
