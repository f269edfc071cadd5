"""Commands and contacts from plain data that somebody else wrote: every fault at once, each named with its path."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from functools import partial
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

from recovery.codec.plain import converter, instant_from_text
from recovery.codec.versions import COMMANDS
from recovery.core.errors import InvalidValue, Reason, RecoveryError
from recovery.core.money import Money
from recovery.core.values import Checker, instant
from recovery.core.vocabulary.common import Address, Channel, Command, Customer
from recovery.core.vocabulary.receiving import Attachment, Contact

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
    """Return the contact that ``data`` describes: what a web form, a call sheet or a chat has at hand.

    ``{"channel": "web_form", "received_at": "2026-03-02T09:00:00+01:00", "sender": {"name": "Bo", "email": "bo@boat.example"}}``.
    A customer may give addresses by their channels, as here, and ``received_at`` may be an aware ``datetime``. What a form sends
    for a field that nobody filled in (``None``, or nothing but white space where that cannot be meant) is taken as left out.

    Raises :class:`~recovery.core.errors.InvalidValue` with a reason per fault; its ``field`` is the dotted path.
    """
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
    omits = _left_out(kind) if kind in FRIENDLY else {}

    def structure(given: object, _: object) -> object:
        if not isinstance(given, Mapping):
            raise TypeError("an object")
        told = cast("Mapping[str, object]", given)
        return build({name: one for name, one in told.items() if not (name in omits and omits[name](one))}, kind)

    return _with_addresses(structure, made.get_structure_hook(Address)) if kind is Customer else structure


def _left_out(kind: type) -> dict[str, Callable[[object], bool]]:
    """Return, for each field that has a default, whether what was given for it is what forms send when nobody filled it in."""
    found: dict[str, Callable[[object], bool]] = {}
    for field in attrs.fields(cast("type[attrs.AttrsInstance]", kind)):
        check = cast("Checker | None", field.metadata.get("check"))
        if field.default is not attrs.NOTHING and check is not None:
            found[field.name] = partial(_is_left_out, check)
    return found


def _is_left_out(check: Checker, given: object) -> bool:
    return _is_nothing(given) and check(given) is not None


FRIENDLY: frozenset[type] = frozenset({Contact, Customer, Attachment})
"""What forms, calls and letters fill in: a field of these that nobody filled in is left out."""

CHANNELS = frozenset(channel.value for channel in Channel)
"""The fields by which a customer may give addresses: the names of the channels."""


def _with_addresses(structure: Hook, address: Hook) -> Hook:
    """Take a customer whose addresses are given by their channels: ``{"name": "Bo", "email": "bo@boat.example"}``."""

    def customer(given: object, kind: object) -> object:
        if not isinstance(given, Mapping):
            return structure(given, kind)
        told = cast("Mapping[str, object]", given)
        by_channel = {name: one for name, one in told.items() if name in CHANNELS and not _is_nothing(one)}
        found: list[Address] = []
        faults: list[Exception] = []
        for name, one in by_channel.items():
            try:
                found.append(cast(Address, address({"channel": name, "value": one}, Address)))
            except _FAULTS as error:
                fault = next(iter(getattr(error, "exceptions", ())), error)
                fault.__notes__ = [AttributeValidationNote("", name, str)]  # pyright: ignore[reportCallIssue]
                faults.append(fault)
        try:
            made = cast(Customer, structure({name: one for name, one in told.items() if name not in CHANNELS}, kind))
            if not faults:
                return attrs.evolve(made, addresses=(*made.addresses, *found))
        except ClassValidationError as error:
            faults = [*error.exceptions, *faults]
        raise ClassValidationError("a customer", faults, Customer)  # pyright: ignore[reportCallIssue]

    return customer


def _is_nothing(given: object) -> bool:
    return given is None or (isinstance(given, str) and not given.strip())


def _instant(given: object, _: object) -> DateTime:
    """Take an aware ``datetime`` as well as text: programs have the one at hand, and files the other."""
    if not isinstance(given, datetime):
        return instant_from_text(given)
    if given.utcoffset() is None:
        raise ValueError("without a time zone nobody knows which instant is meant")
    return instant(given)


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
    made.register_structure_hook(DateTime, _instant)
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
        for key in sorted(error.extra_fields):
            yield _reason("key", ".".join((*path, key)), "is no such field", _place_of(key, error.cl))
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
    Money: "an amount and a currency, such as '49.50 EUR'",
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


_WORDS = frozenset({"body", "comment", "content", "description", "message", "words"})
"""What other people call the words of a contact."""


def _place_of(key: str, kind: type) -> str:
    """Say where a field that is not there might belong."""
    senders = {field.name for field in attrs.fields(Customer)} | CHANNELS
    if kind is Contact and key in senders:
        return f'It belongs to the sender: {{"sender": {{"{key}": ...}}}}.'
    if kind is Contact and key in _WORDS:
        return "Did you mean text?"
    known = [field.name for field in attrs.fields(cast("type[attrs.AttrsInstance]", kind))]
    return _near(key, known)


def _near(given: str, known: Iterable[str]) -> str:
    listed = sorted(known)
    near = difflib.get_close_matches(given, listed, n=1)
    return f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(listed)}."


def _reason(family: str, field: str, message: str, hint: str) -> Reason:
    return Reason(rule=f"input.{family}", field=field, message=f"{field} {message}.", hint=hint)


_TOLD = _told()
