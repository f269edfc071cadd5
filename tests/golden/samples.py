"""One value of each stored kind, every field filled in, always the same: made from the classes themselves, so none is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import Enum
from types import NoneType
from typing import TypeVar, cast, get_args, get_origin

import attrs
import pendulum
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar, office_hours
from recovery.core.clock import Length, Unit
from recovery.core.money import Money
from recovery.core.vocabulary.common import Recorded
from recovery.core.vocabulary.following_up import SURVEY
from recovery.core.vocabulary.losing import Range

T = TypeVar("T")

NOON = pendulum.datetime(2026, 3, 2, 12, 30, 15, 123456)
TEXT = "Grüße, 你好\n\0\ud800"


def sample(kind: type[T]) -> T:
    """Return the sample of an attrs class."""
    fields = attrs.fields(attrs.resolve_types(cast("type[attrs.AttrsInstance]", kind)))
    return kind(**{field.name: _field(kind, field) for field in fields})


def _field(kind: type, field: attrs.Attribute[object]) -> object:
    made = SPECIAL.get((kind.__name__, field.name))
    name = f"{field.name}: {TEXT}" if field.metadata.get("personal") else field.name
    return made() if made is not None else _of(field.type, name)


def _of(annotation: object, name: str) -> object:
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation in PLAIN:
        return PLAIN[annotation](name)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    if origin is tuple:
        return tuple(_of(part, f"{name}-{index}") for index, part in enumerate(args) if part is not Ellipsis)
    if origin is frozenset:
        return frozenset(args[0])
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {f"{name}-key": _of(args[1], name)}
    if origin is not None:
        return _of(next(part for part in args if part is not NoneType), name)
    return sample(cast("type[object]", annotation))


PLAIN: Mapping[object, Callable[[str], object]] = {
    str: lambda name: f"the-{name}",
    int: lambda _: 7,
    bool: lambda _: True,
    float: lambda _: 0.5,
    DateTime: lambda _: NOON,
    timedelta: lambda _: timedelta(hours=1),
    Money: lambda _: Money.parse("49.50 EUR"),
    Length: lambda _: Length(5, Unit.BUSINESS_DAYS),
    BusinessCalendar: lambda _: office_hours("Europe/Berlin", holidays=[pendulum.date(2026, 12, 25)]),
}

SPECIAL: Mapping[tuple[str, str], Callable[[], object]] = {
    ("Estimate", "years"): lambda: Range(3, 5),
    ("Finding", "unknown_because"): lambda: "",
    ("Survey", "questions"): lambda: SURVEY.questions,
    ("SurveyAnswer", "score"): lambda: None,
    ("SurveyAnswer", "yes"): lambda: None,
    ("Reason", "params"): lambda: {"at": NOON, "days": 5, "left": 1.5, "of": None, "paused": False, "who": "ana"},
}


def recorded(kind: type) -> Recorded:
    """Return an entry of a history with the sample of an event."""
    return Recorded(seq=7, recorded_at=NOON, event=sample(kind))
