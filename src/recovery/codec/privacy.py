"""Personal texts out of plain data and back in: which places of a value may hold them is read off its class once.

A place is named by its path, ``contact/sender/addresses/0/value``. Absence and empty text stay where they are: erasing takes words
away, never the fact that there were some.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import cast, get_args, get_origin

import attrs
from attrs import frozen

from recovery.core.values import ERASED

__all__ = ["Found", "Place", "fill", "personal_texts", "places", "take", "take_at"]

Found = dict[str, str]
"""Personal texts by their paths."""


@frozen
class Place:
    """A field that is personal, or (``inner``) whose value may hold personal fields, perhaps in a collection."""

    name: str
    inner: tuple[Place, ...] = ()


@cache
def places(kind: type) -> tuple[Place, ...]:
    """Return the places of an attrs class that may hold personal text."""
    found: list[Place] = []
    for field in attrs.fields(attrs.resolve_types(kind)):
        personal = bool(field.metadata.get("personal"))
        inner = () if personal else tuple(place for part in _classes(field.type) for place in places(part))
        if (personal or inner) and _is_mapping(field.type):
            raise TypeError(f"{kind.__name__}.{field.name}: inside a mapping no path can name a personal text")
        if personal or inner:
            found.append(Place(field.name, inner))
    return tuple(found)


def _classes(annotation: object) -> Iterator[type]:
    """Yield the attrs classes in an annotation such as ``tuple[Option, ...] | None``."""
    if isinstance(annotation, type) and attrs.has(annotation):
        yield annotation
    for part in cast("tuple[object, ...]", get_args(annotation)):
        yield from _classes(part)


def _is_mapping(annotation: object) -> bool:
    origin: object = get_origin(annotation)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def take(data: dict[str, object], kind: type) -> Found:
    """Take every personal text out of ``data`` (of an object of ``kind``), leave :data:`ERASED` there, and return the texts."""
    found: Found = {}
    for place in places(kind):
        take_at(data, place, "", found)
    return found


def take_at(data: dict[str, object], place: Place, path: str, found: Found) -> None:
    """Do as :func:`take` for one place of ``data``, which stands at ``path``."""
    value = data[place.name]
    if not value:
        return
    here = path + place.name
    if not place.inner:
        data[place.name] = _veil(value, here, found)
        return
    for step, member in _members(value):
        for inner in place.inner:
            take_at(member, inner, f"{here}/{step}", found)


def _members(value: object) -> Iterator[tuple[str, dict[str, object]]]:
    if isinstance(value, list):
        for index, member in enumerate(cast("list[dict[str, object]]", value)):
            yield f"{index}/", member
    else:
        yield "", cast("dict[str, object]", value)


def _veil(value: object, path: str, found: Found) -> object:
    if isinstance(value, str):
        found[path] = value
        return ERASED if value else value
    if isinstance(value, list):
        return [_veil(member, f"{path}/{index}", found) for index, member in enumerate(cast("list[object]", value))]
    return value


def fill(data: dict[str, object], texts: Mapping[str, str]) -> None:
    """Put personal texts back to where they were taken from. Raises ``LookupError`` where ``data`` has no such place."""
    for path, text in texts.items():
        *steps, last = path.split("/")
        place: object = data
        for step in steps:
            place = _step(place, step)
        if isinstance(place, list):
            cast("list[object]", place)[int(last)] = text
        elif isinstance(place, dict) and last in place:
            place[last] = text
        else:
            raise LookupError(f"there is no place {path!r}")


def _step(place: object, step: str) -> object:
    if isinstance(place, list):
        return cast("list[object]", place)[int(step)]
    if isinstance(place, dict):
        return cast("dict[str, object]", place)[step]
    raise LookupError(f"there is nothing below {step!r}")


def personal_texts(value: object) -> Iterator[str]:
    """Yield every personal text in a value of the library: what people search for, and what must never get out."""
    if isinstance(value, tuple):
        for member in cast("tuple[object, ...]", value):
            yield from personal_texts(member)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(cast(attrs.AttrsInstance, value))):
            held: object = getattr(value, field.name)
            yield from _texts(held) if field.metadata.get("personal") else personal_texts(held)


def _texts(held: object) -> Iterator[str]:
    if isinstance(held, str) and held:
        yield held
    elif isinstance(held, tuple):
        for member in cast("tuple[object, ...]", held):
            yield from _texts(member)
