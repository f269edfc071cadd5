"""Stored data as the values it was written from, read straight away: what cattrs would make of it, in half the time.

For each class a function is made once, which reads every field by name. Whatever is out of the ordinary, what an older version has
written or what is broken, goes the long way, which knows the defaults and says what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import Enum
from functools import cache
from sys import intern
from typing import TypeVar, cast

import attrs
from pendulum import DateTime

from recovery.codec.plain import OWN_WAYS, SHORT, instant_from_text, strict
from recovery.codec.writing import member_of, without_none
from recovery.core.errors import RecoveryError

__all__ = ["structured"]

T = TypeVar("T")
Reader = Callable[[object], object]


def structured(data: object, kind: type[T]) -> T:
    """Return the value of a class that is written as ``data``. Raises what cattrs raises where there is none."""
    try:
        return cast(T, _reader(cast(Hashable, kind))(data))
    except (TypeError, ValueError, LookupError, AttributeError, RecoveryError):
        return strict.structure(data, kind)


# ---------------------------------------------------------------- a class


@cache
def _reader(kind: Hashable) -> Reader:
    """Return what reads values of a class: a function made for it, as attrs and cattrs make theirs."""
    told = attrs.resolve_types(cast("type[attrs.AttrsInstance]", kind))
    fields = cast("tuple[attrs.Attribute[object], ...]", attrs.fields(told))
    stored = [field for field in fields if field.init]
    known: dict[str, object] = {"kind": kind, "intern": intern, "text": _text, "odd": _odd}
    lines = [
        "def read(data):",
        f"    if len(data) != {len(stored)}: odd(data)",
        *(f'    held_{field.name} = data["{field.name}"]' for field in stored),
        f"    return kind({', '.join(f'{field.alias}={_gap(field.name, field.type, known)}' for field in stored)})",
    ]
    exec(compile("\n".join(lines), f"<what reads {told.__name__}>", "exec"), known)
    return cast(Reader, known["read"])


def _gap(name: str, kind: object, known: dict[str, object]) -> str:
    """Return the expression that makes the value of a field; what it calls by name is put among the ``known``."""
    held, bare = f"held_{name}", without_none(kind)
    told = _read(name, held, bare, known)
    return told if bare is kind else f"None if {held} is None else {told}"


def _read(name: str, held: str, bare: object, known: dict[str, object]) -> str:
    if bare is str:
        return f"intern({held}) if type({held}) is str and len({held}) <= {SHORT} else text({held})"
    if bare is bool or bare is int:
        return f"{held} if type({held}) is {bare.__name__} else odd({held})"
    if isinstance(bare, type) and issubclass(bare, Enum):
        known[f"names_{name}"] = {member.value: member for member in bare}
        return f"names_{name}[{held}]"
    member = member_of(bare)  # pyright: ignore[reportUnknownArgumentType]
    if member is not None and without_none(member) is member:
        known[f"read_{name}"] = _one(member)
        return f"() if {held} == [] else tuple([read_{name}(one) for one in {held}])"
    known[f"read_{name}"] = _one(bare)  # pyright: ignore[reportUnknownArgumentType]
    return f"read_{name}({held})"


# ---------------------------------------------------------------- a value


@cache
def _one(kind: Hashable) -> Reader:
    """Return what reads values of a type that are never ``None``."""
    if kind is str:
        return cast(Reader, _text)
    if kind is DateTime:
        return instant_from_text
    if isinstance(kind, type) and attrs.has(kind) and kind not in OWN_WAYS:
        return _reader(kind)
    read = strict.get_structure_hook(kind)
    return lambda value: read(value, kind)


def _text(value: object) -> str:
    if type(value) is str:
        return intern(value) if len(value) <= SHORT else value
    return _odd(value)


def _odd(value: object) -> str:
    raise TypeError(f"{type(value).__name__} is out of the ordinary")
