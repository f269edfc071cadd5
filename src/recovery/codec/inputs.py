"""Commands and contacts from plain data that somebody else wrote: every fault at once, each named with its path."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import TypeVar, cast, get_args, get_origin

import attrs
import cattrs
from cattrs.errors import (
    AttributeValidationNote,
    CattrsError,
    ClassValidationError,
    ForbiddenExtraKeysError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn
from pendulum import DateTime

from recovery.codec.plain import converter
from recovery.codec.versions import COMMANDS
from recovery.core.errors import InvalidValue, Reason, RecoveryError
from recovery.core.vocabulary.common import Command
from recovery.core.vocabulary.receiving import Contact

__all__ = ["command_from_dict", "contact_from_dict", "from_dict"]

T = TypeVar("T")
Hook = Callable[[object, object], object]

_FAULTS = (ValueError, TypeError, LookupError, AttributeError, CattrsError, RecoveryError)


def command_from_dict(data: Mapping[str, object]) -> Command:
    """Return the command that ``data`` describes, for example ``{"command": "acknowledge", "by": "ana", "word": {...}}``.

    Raises :class:`~recovery.core.errors.InvalidValue` with a reason per fault; its ``field`` is the dotted path.
    """
    if not isinstance(cast(object, data), Mapping):
        raise InvalidValue("the command", [_reason("value", "command", "is not an object", 'Give {"command": ..., "by": ...}.')])
    name = data.get("command")
    kind = COMMANDS.get(name) if isinstance(name, str) else None
    if kind is None:
        what = "is missing" if name is None else f"{name!r} is unknown"
        raise InvalidValue("the command", [_reason("command", "command", what, _near(str(name), COMMANDS))])
    return from_dict(kind, {key: value for key, value in data.items() if key != "command"})


def contact_from_dict(data: Mapping[str, object]) -> Contact:
    """Return the contact that ``data`` describes. Raises :class:`~recovery.core.errors.InvalidValue` as above."""
    return from_dict(Contact, data)


def from_dict(kind: type[T], data: Mapping[str, object]) -> T:
    """Return the value of class ``kind`` that ``data`` describes; :func:`~recovery.codec.to_dict` is the way back.

    Raises :class:`~recovery.core.errors.InvalidValue` with a reason per fault; its ``field`` is the dotted path.
    """
    try:
        return _TOLD.structure(data, kind)
    except _FAULTS as error:
        raise InvalidValue(kind.__name__, _reasons(error, (), kind)) from None


# ---------------------------------------------------------------- hooks that do not guess


def _object_hook(kind: type, made: cattrs.Converter) -> Hook:
    build = cast(Hook, make_dict_structure_fn(kind, made, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True))

    def structure(given: object, _: object) -> object:
        if not isinstance(given, Mapping):
            raise TypeError("an object")
        return build(cast("Mapping[str, object]", given), kind)

    return structure


def _list_hook(kind: type, made: cattrs.Converter) -> Hook:
    """Take a list for a tuple or a set; a text would otherwise be taken apart into its letters."""
    member, collection = get_args(kind)[0], cast("type[tuple[object, ...]]", get_origin(kind))
    hook = made.get_structure_hook(member)

    def structure(given: object, _: object) -> object:
        if not isinstance(given, (list, tuple, set, frozenset)):
            raise TypeError("a list")
        found: list[object] = []
        faults: list[Exception] = []
        for index, one in enumerate(cast("Iterable[object]", given)):
            try:
                found.append(hook(one, member))
            except _FAULTS as error:
                note = IterableValidationNote("", index, member)  # pyright: ignore[reportCallIssue]
                error.__notes__ = [*getattr(error, "__notes__", ()), note]
                faults.append(error)
        if faults:
            raise IterableValidationError("members", faults, kind)  # pyright: ignore[reportCallIssue]
        return collection(found)

    return structure


def _is_list(kind: object) -> bool:
    args = get_args(kind)
    return get_origin(kind) is frozenset or (get_origin(kind) is tuple and len(args) == 2 and args[1] is Ellipsis)


def _told() -> cattrs.Converter:
    made = converter(told=True)
    made.register_structure_hook_factory(attrs.has)(_object_hook)
    made.register_structure_hook_factory(_is_list)(_list_hook)
    return made


# ---------------------------------------------------------------- faults as reasons


def _reasons(error: BaseException, path: tuple[str, ...], kind: object) -> Iterator[Reason]:
    where = ".".join(path) or "value"
    if isinstance(error, (ClassValidationError, IterableValidationError)):
        for inner in error.exceptions:
            yield from _inner(inner, path, error.cl)
    elif isinstance(error, InvalidValue):
        for reason in error.reasons:
            inside = ".".join((*path, reason.field)) if reason.field else where
            message = reason.message.replace(reason.field, inside, 1) if reason.field else reason.message
            yield attrs.evolve(reason, field=inside, message=message)
    elif isinstance(error, ForbiddenExtraKeysError):
        known = [field.name for field in attrs.fields(cast("type[attrs.AttrsInstance]", error.cl))]
        for key in sorted(error.extra_fields):
            yield _reason("key", ".".join((*path, key)), "is no such field", _near(key, known))
    elif isinstance(error, KeyError):
        yield _reason("missing", where, "is missing", f"Give {_wanted(kind)}.")
    else:
        yield _reason("value", where, "has another form than it needs", f"Give {_wanted(kind)}.")


def _inner(error: BaseException, path: tuple[str, ...], kind: object) -> Iterator[Reason]:
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return _reasons(error, (*path, note.name), note.type)
        if isinstance(note, IterableValidationNote):
            return _reasons(error, (*path, str(note.index)), note.type)
    return _reasons(error, path, kind)


_NAMES: Mapping[object, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    DateTime: "an instant with its offset, such as 2026-11-22T09:00:00Z",
}


def _wanted(kind: object) -> str:
    """Say in words what a field takes."""
    if kind in _NAMES:
        return _NAMES[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return f"one of {', '.join(str(member.value) for member in kind)}"
    if isinstance(kind, type) and attrs.has(kind):
        return f"an object with {', '.join(field.name for field in attrs.fields(kind))}"
    if _is_list(kind):
        return f"a list, each member {_wanted(get_args(kind)[0])}"
    if get_origin(kind) is not None and issubclass(cast(type, get_origin(kind)), Mapping):
        return "an object of texts"
    found = [_wanted(part) for part in get_args(kind) if part is not type(None)]
    return " or ".join(found) or "something else"


def _near(given: str, known: Iterable[str]) -> str:
    listed = sorted(known)
    near = difflib.get_close_matches(given, listed, n=1)
    return f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(listed)}."


def _reason(family: str, field: str, message: str, hint: str) -> Reason:
    return Reason(rule=f"input.{family}", field=field, message=f"{field} {message}.", hint=hint)


_TOLD = _told()
