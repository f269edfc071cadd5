"""JSON Schemas (draft 2020-12) of commands and contacts, made from the classes themselves.

They say what :func:`recovery.command_from_dict` and :func:`recovery.contact_from_dict` take, for forms, editors and other
languages. What compares two instants, or looks for an id that is there twice, no schema can say: that stays with the reader.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from types import NoneType
from typing import cast, get_args, get_origin

import attrs
from pendulum import DateTime

from recovery.codec.inputs import CHANNELS, FRIENDLY
from recovery.codec.plain import Data
from recovery.codec.versions import COMMANDS
from recovery.core.money import Money
from recovery.core.values import Checker
from recovery.core.vocabulary.common import MACHINE, Command, Customer, Said, Speaking, Word
from recovery.core.vocabulary.following_up import RecordFollowUpAnswer
from recovery.core.vocabulary.receiving import Contact, Correct, Delivery, Identify, ReportDelivery, Wish, WishKind
from recovery.core.vocabulary.resolving import ArrivalSource, ConfirmArrival

__all__ = ["command_schema", "contact_schema"]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

SOME_TEXT: Data = {"type": "string", "pattern": r"\S"}
ID: Data = {
    "description": "A short name on one line: 1 to 200 printable characters.",
    "type": "string",
    "maxLength": 200,
    "pattern": r"\S",
    "not": {"pattern": "[\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]"},
}
INSTANT: Data = {
    "description": "An instant with its offset: 2026-11-22T09:00:00Z.",
    "type": "string",
    "format": "date-time",
    "pattern": r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*(Z|[+-]\d{2}(:?\d{2})?)$",
}
MONEY: Data = {
    "description": "An exact amount and its currency (ISO 4217): 49.50 EUR.",
    "type": "string",
    "pattern": r"^\s*\d+(\.\d+)?\s+[A-Z]{3}\s*$",
}
NOTHING: Data = {"description": "What forms send where nobody filled anything in.", "type": ["string", "null"], "pattern": r"^\s*$"}
PLAIN: Mapping[object, Data] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
}
_NAMED: Mapping[object, str] = {DateTime: "Instant", Money: "Money"}
SHARED: Mapping[str, Data] = {"Id": ID, "Instant": INSTANT, "Money": MONEY, "Nothing": NOTHING, "SomeText": SOME_TEXT}


def command_schema() -> Data:
    """Return the JSON Schema of every command, as a new value: an object with its name under ``command`` and its fields."""
    found = dict[str, Data]()
    for name, kind in sorted(COMMANDS.items()):
        _define(kind, found, name)
    return {
        "$schema": DRAFT,
        "$id": "urn:recovery:commands",
        "title": "Commands of recovery",
        "description": "What recovery.command_from_dict takes.",
        "type": "object",
        "properties": {"command": {"enum": sorted(COMMANDS)}},
        "required": ["command"],
        "oneOf": [_ref(name) for name in sorted(COMMANDS)],
        "$defs": _sorted({**SHARED, **found}),
    }


def contact_schema() -> Data:
    """Return the JSON Schema of a contact, as a new value."""
    found = dict[str, Data]()
    _define(Contact, found, Contact.__name__)
    head: Data = {"$schema": DRAFT, "$id": "urn:recovery:contact", "title": "A contact of recovery"}
    return {**head, **found.pop(Contact.__name__), "$defs": _sorted({**SHARED, **found})}


def _sorted(found: Mapping[str, Data]) -> Data:
    return {name: found[name] for name in sorted(found)}


def _ref(name: str) -> Data:
    return {"$ref": f"#/$defs/{name}"}


# ---------------------------------------------------------------- classes


def _define(kind: type, found: dict[str, Data], name: str) -> Data:
    """Put the schema of a class among those that were ``found``, and return a reference to it."""
    if name in found:
        return _ref(name)
    found[name] = {}
    found[name] = _object(kind, found, name) if attrs.has(kind) else _values(cast("type[Enum]", kind))
    return _ref(name)


def _values(kind: type[Enum]) -> Data:
    return {"description": _told(kind), "enum": [member.value for member in kind]}


def _object(kind: type, found: dict[str, Data], name: str) -> Data:
    fields = attrs.fields(attrs.resolve_types(cast("type[attrs.AttrsInstance]", kind)))
    properties = {field.name: _field(kind, field, found) for field in fields}
    required = [field.name for field in fields if field.default is attrs.NOTHING]
    if _is_command(kind):
        properties, required = {"command": {"const": name}, **properties}, ["command", *required]
    if kind == Customer:
        properties |= {channel: _either(_ref("SomeText"), _ref("Nothing")) for channel in sorted(CHANNELS)}
    return {
        "description": _told(kind),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
        **_between(kind),
    }


def _is_command(kind: type) -> bool:
    return issubclass(kind, Command)


def _told(kind: type) -> str:
    """Return the first paragraph of a docstring, without its marks."""
    first = (inspect.getdoc(kind) or "").partition("\n\n")[0]
    return re.sub(r":\w+:`~?(?:[\w.]+\.)?(\w+)`", r"\1", " ".join(first.split())).replace("``", "")


def _field(kind: type, field: attrs.Attribute[object], found: dict[str, Data]) -> Data:
    check = cast("Checker | None", field.metadata.get("check"))
    told = _of(field.type, check, lambda text: text, found)
    if field.name == "override":
        told["additionalProperties"] = _ref("SomeText")
    if kind in FRIENDLY and field.default is not attrs.NOTHING:
        return _either(told, _ref("Nothing"))
    return told


def _either(*schemas: Data) -> Data:
    """Return what one of ``schemas`` allows, without nesting and without saying anything twice."""
    parts = [part for schema in schemas for part in cast("list[Data]", schema.get("anyOf", [schema]))]
    nothing = _ref("Nothing") in parts
    return {"anyOf": [part for part in parts if not (nothing and part == PLAIN[NoneType])]}


Wrap = Callable[[str], object]


def _of(annotation: object, check: Checker | None, wrap: Wrap, found: dict[str, Data]) -> Data:
    """Return the schema of an annotation. What a text may be is asked of the field's check, in the shape the field has."""
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation is str:
        return _text(check, wrap)
    if annotation in PLAIN:
        return dict(PLAIN[annotation])
    if annotation in _NAMED:
        return _ref(_NAMED[annotation])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(args[1], None, wrap, found)}
    if origin is tuple and args[-1] is not Ellipsis:
        parts = [_of(part, None, wrap, found) for part in args]
        return {"type": "array", "prefixItems": parts, "items": False, "minItems": len(parts)}
    if isinstance(origin, type) and issubclass(origin, (tuple, frozenset)):
        return {"type": "array", "items": _of(args[0], check, lambda text: (wrap(text),), found)}
    if origin is not None:
        return _either(*(_of(part, check, wrap, found) for part in args))
    return _define(cast(type, annotation), found, cast(type, annotation).__name__)


def _text(check: Checker | None, wrap: Wrap) -> Data:
    if check is None or check(wrap("")) is None:
        return {"type": "string"}
    return _ref("SomeText" if check(wrap("x" * 201)) is None else "Id")


# ---------------------------------------------------------------- what fields say together


def _not_given(*names: str) -> Data:
    return {"properties": dict.fromkeys(names, PLAIN[NoneType])}


def _given(name: str, schema: Data | None = None) -> Data:
    return {"properties": {name: schema or {"not": PLAIN[NoneType]}}, "required": [name]}


def _says(field: str, value: Enum | bool) -> Data:
    return _given(field, {"const": value.value if isinstance(value, Enum) else value})


def _when(condition: Data, then: Data) -> Data:
    return {"if": condition, "then": then}


MENDED = ("brand", "category", "customer", "issue", "outcome", "region")

_BETWEEN: Mapping[type, Iterable[Data]] = {
    Word: (
        {"properties": {"via": {"minItems": 1}}},
        _when(_not_given("said_at"), _given("text", SOME_TEXT)),
        _when(_not_given("said_at"), {"properties": {"reached": {"const": True}}}),
    ),
    Said: (_when(_not_given("contact"), _given("words", SOME_TEXT)),),
    Wish: (
        _when(_says("kind", WishKind.NOT_ON_CHANNEL), _given("channel")),
        _when(_says("kind", WishKind.NOT_BEFORE), _given("until")),
    ),
    Speaking: ({"properties": {"by": {"not": {"const": MACHINE}}}},),
    Contact: (_when(_given("bounce", {"type": "object"}), _says("automatic", True)),),
    Identify: (
        {
            "properties": {
                "customer": {
                    "anyOf": [
                        _given("name", {"type": "string", "minLength": 1}),
                        _given("addresses", {"type": "array", "minItems": 1}),
                        *(_given(name, SOME_TEXT) for name in ("id", *sorted(CHANNELS))),
                    ]
                }
            }
        },
    ),
    ReportDelivery: (
        {"properties": {"delivery": {"not": {"enum": [d.value for d in (Delivery.QUEUED, Delivery.OWED, Delivery.WITHHELD)]}}}},
    ),
    Correct: (
        {"anyOf": [_given(name) for name in MENDED]},
        {"properties": {"outcome": {"enum": ["accepted", "done", "not_agreed", None]}}},
    ),
    ConfirmArrival: (_when(_says("source", ArrivalSource.CUSTOMER), _given("said")),),
    RecordFollowUpAnswer: (_when(_given("then"), _given("something_else", SOME_TEXT)),),
}
"""What ``faults()`` of a class says about its fields together, as far as a schema can say it."""


def _between(kind: type) -> Data:
    told = [part for base, parts in _BETWEEN.items() if issubclass(kind, base) for part in parts]
    return {"allOf": told} if told else {}
