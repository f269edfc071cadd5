"""The base of every value: instants in UTC, fields that check themselves, personal data marked and redacted.

A field says what it may hold in its metadata, so that one error can list every fault of a value instead of the first:

    at: DateTime = field(converter=instant, metadata=checked(is_instant))
    text: str = field(repr=False, metadata=checked(is_text, personal=True, public=True))

What is not marked ``public`` is internal: no message to a customer can hold it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC as PLAIN_UTC
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar, cast

import attrs
import pendulum
from pendulum import DateTime

from recovery.core.errors import InvalidValue, Reason

__all__ = [
    "ERASED",
    "Value",
    "altered",
    "checked",
    "either",
    "every",
    "instant",
    "is_id",
    "is_instant",
    "is_some_text",
    "is_text",
    "maker",
    "maybe",
    "maybe_instant",
    "personal_fields",
    "public_fields",
    "redact",
    "unique",
]

T = TypeVar("T")
Fault = tuple[str, str]
Checker = Callable[[object], "Fault | None"]

ERASED = "(erased)"
"""What stands where personal data has been: it keeps presence, so no rule changes its answer."""

UTC = pendulum.UTC


def instant(value: datetime) -> DateTime:
    """Return an aware ``value`` as a UTC ``pendulum.DateTime``; anything else is left as it is for the field's check."""
    if type(value) is DateTime and value.tzinfo is UTC:
        return value
    if not _is_aware(value):
        return cast(DateTime, value)
    plain = value.astimezone(PLAIN_UTC)
    return DateTime(plain.year, plain.month, plain.day, plain.hour, plain.minute, plain.second, plain.microsecond, tzinfo=UTC)


def _is_aware(value: object) -> bool:
    # Anything may arrive here: the check of the field says what is wrong with it.
    return isinstance(value, datetime) and value.utcoffset() is not None


def maybe_instant(value: datetime | None) -> DateTime | None:
    """Do as :func:`instant`, and let ``None`` pass."""
    return None if value is None else instant(value)


def later(moment: DateTime, by: timedelta) -> DateTime:
    """Return ``moment`` plus elapsed time, at the cost of plain ``datetime`` arithmetic (pendulum's own is 20 times slower)."""
    return datetime.__add__(moment, by)  # pyright: ignore[reportReturnType]


def apart(start: DateTime, end: DateTime) -> timedelta:
    """Return the elapsed time from ``start`` to ``end`` as a plain ``timedelta``."""
    return datetime.__sub__(end, start)


def unique(values: object) -> object:
    """Turn any collection of hashable values into a frozenset; anything else is left for the field's check."""
    return frozenset(cast("Iterable[object]", values)) if isinstance(values, (set, frozenset, list, tuple)) else values


def is_instant(value: object) -> Fault | None:
    """Hold when ``value`` is an instant in UTC."""
    if isinstance(value, DateTime) and value.tzinfo is not None:
        return None
    if isinstance(value, datetime):
        return "has no time zone", "Give an aware datetime, for example pendulum.now('UTC')."
    return f"is {_kind(value)}, not an instant", "Give an aware datetime, for example pendulum.now('UTC')."


def is_text(value: object) -> Fault | None:
    """Hold when ``value`` is text, even empty."""
    return None if isinstance(value, str) else (f"is {_kind(value)}, not text", "Give a str.")


def is_some_text(value: object) -> Fault | None:
    """Hold when ``value`` is text with something to read in it."""
    return is_text(value) or (None if str(value).strip() else ("is empty", "Say it in words."))


def is_id(value: object) -> Fault | None:
    """Hold when ``value`` is a short name on one line that a file, a log and a database can all keep."""
    if not isinstance(value, str):
        return f"is {_kind(value)}, not an id", "Give a str."
    if not value.strip() or len(value) > 200 or not value.isprintable():
        return "is not an id", "Give 1 to 200 printable characters."
    return None


def either(*kinds: type) -> Checker:
    """Return a check that holds for instances of ``kinds``."""
    names = " or ".join(kind.__name__ for kind in kinds)

    def check(value: object) -> Fault | None:
        return None if isinstance(value, kinds) else (f"is {_kind(value)}, not {names}", f"Give a {names}.")

    return check


def maybe(check: Checker) -> Checker:
    """Return ``check`` with ``None`` allowed."""

    def optional(value: object) -> Fault | None:
        return None if value is None else check(value)

    return optional


def every(check: Checker) -> Checker:
    """Return a check that holds for a collection each member of which passes ``check``."""

    def members(value: object) -> Fault | None:
        if not isinstance(value, (tuple, frozenset)):
            return f"is {_kind(value)}, not a tuple", "Give a tuple: (one, another), or (one,)."
        return next((fault for fault in map(check, cast("Iterable[object]", value)) if fault), None)

    return members


def checked(check: Checker | None = None, *, personal: bool = False, public: bool = False) -> Mapping[str, object]:
    """Return field metadata: the check of the field, whether it holds personal data, and whether the customer will read it."""
    return {"check": check, "personal": personal, "public": public}


class Value:
    """A value that checks all of its fields at once when it is built, and raises one error that lists every fault."""

    __slots__ = ()

    def __attrs_post_init__(self) -> None:
        found = [reason for reason in map(self._fault, _checked_fields(type(self))) if reason] or self.faults()
        if found:
            raise InvalidValue(type(self).__name__, found)

    def faults(self) -> list[Reason]:
        """Return what is wrong between fields that are each right; overridden where two fields must fit together."""
        return []

    def _fault(self, named: tuple[str, Checker]) -> Reason | None:
        name, check = named
        fault = check(getattr(self, name))
        return None if fault is None else invalid(name, *fault)


_COPIERS: dict[type, Callable[[object, Mapping[str, object]], object]] = {}


def _copier(kind: type) -> Callable[[object, Mapping[str, object]], object]:
    """Make what copies values of ``kind``, a function as attrs makes its own: field by field, then the changes over them."""
    names = [f.name for f in cast("tuple[attrs.Attribute[object], ...]", attrs.fields(kind))]
    writes: dict[str, object] = {name: getattr(kind, name).__set__ for name in names}
    known: dict[str, object] = {"fresh": partial(object.__new__, kind), "writes": writes}
    known |= {f"write_{name}": write for name, write in writes.items()}
    lines = ["def copy(old, changes):", " new = fresh()"]
    lines += [f" write_{name}(new, old.{name})" for name in names]
    lines += [" for name, held in changes.items():", "  writes[name](new, held)", " return new"]
    exec(compile("\n".join(lines), f"<what copies {kind.__name__}>", "exec"), known)
    return _COPIERS.setdefault(kind, cast("Callable[[object, Mapping[str, object]], object]", known["copy"]))


if TYPE_CHECKING:
    from attrs import evolve as altered  # so that type checkers hold each change against its field
else:

    def altered(value: T, /, **changes: object) -> T:
        """Return a copy of a frozen value with some of its fields changed, at less than half of the cost of ``attrs.evolve``.

        For what is known to be right, as parts of a case are: nothing is converted, and nothing is checked again.
        """
        kind = type(value)
        return (_COPIERS.get(kind) or _copier(kind))(value, changes)


def maker(kind: type[T]) -> type[T]:
    """Return what makes values of ``kind`` as their class does, at half of the cost, for what the core makes all the time.

    It is for what is known to be right: nothing is converted, and nothing is checked. A default that is made anew does not hold.
    """
    fields = cast("tuple[attrs.Attribute[object], ...]", attrs.fields(cast("type[attrs.AttrsInstance]", kind)))
    known: dict[str, object] = {"fresh": partial(object.__new__, kind)}
    known |= {f"write_{f.name}": getattr(kind, f.name).__set__ for f in fields}
    known |= {f"default_{f.name}": f.default for f in fields}
    given = [f.name if f.default is attrs.NOTHING else f"{f.name}=default_{f.name}" for f in fields]
    lines = [
        f"def make(*, {', '.join(given)}):",
        " new = fresh()",
        *[f" write_{f.name}(new, {f.name})" for f in fields],
        " return new",
    ]
    exec(compile("\n".join(lines), f"<what makes {kind.__name__}>", "exec"), known)
    return cast("type[T]", known["make"])  # so that type checkers hold each argument against its field


def invalid(field: str, message: str, hint: str, kind: str = "value") -> Reason:
    """Return a reason of the family ``input.*``: ``field`` cannot be so."""
    return Reason(rule=f"input.{kind}", field=field, message=f"{field} {message}.", hint=hint)


_FIELDS: dict[type, tuple[tuple[str, Checker], ...]] = {}
_PUBLIC: dict[type, tuple[str, ...]] = {}


def _checked_fields(kind: type) -> tuple[tuple[str, Checker], ...]:
    found = _FIELDS.get(kind)
    if found is None:
        fields = cast("tuple[attrs.Attribute[object], ...]", attrs.fields(kind))
        found = _FIELDS[kind] = tuple((f.name, f.metadata["check"]) for f in fields if f.metadata.get("check"))
    return found


def _kind(value: object) -> str:
    return "missing" if value is None else f"of type {type(value).__name__}"


def personal_fields(kind: type) -> frozenset[str]:
    """Return the names of the fields of ``kind`` that hold personal data."""
    return frozenset(f.name for f in attrs.fields(kind) if f.metadata.get("personal"))


def public_fields(kind: type) -> tuple[str, ...]:
    """Return the names of the fields of ``kind`` that the customer may read; a field that does not say so is internal."""
    found = _PUBLIC.get(kind)
    if found is None:
        fields = cast("tuple[attrs.Attribute[object], ...]", attrs.fields(kind) if attrs.has(kind) else ())
        found = _PUBLIC[kind] = tuple(f.name for f in fields if f.metadata.get("public"))
    return found


def redact(value: T) -> T:
    """Return ``value`` with every personal text in it replaced by :data:`ERASED`; absence stays absence.

    It reaches through values, tuples and mappings, so it works on a contact, an event, a whole case alike.
    """
    return cast(T, _redacted(value, personal=False))


def _redacted(value: object, *, personal: bool) -> object:
    if isinstance(value, str) and personal:
        return ERASED if value else value
    if isinstance(value, tuple):
        return tuple(_redacted(member, personal=personal) for member in cast("tuple[object, ...]", value))
    if isinstance(value, dict):
        return {key: _redacted(member, personal=personal) for key, member in cast("dict[object, object]", value).items()}
    if attrs.has(type(value)):
        return _redacted_value(cast(attrs.AttrsInstance, value))
    return value


def _redacted_value(value: attrs.AttrsInstance) -> object:
    changed: dict[str, object] = {}
    for f in attrs.fields(type(value)):
        old = getattr(value, f.name)
        new = _redacted(old, personal=bool(f.metadata.get("personal")))
        if new is not old and new != old:
            changed[f.alias] = new
    return (
        type(value)(**{f.alias: changed.get(f.alias, getattr(value, f.name)) for f in attrs.fields(type(value))})
        if changed
        else value
    )
