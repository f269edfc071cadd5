"""Hypothesis strategies for any value of the library, made from the classes themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, timedelta
from enum import Enum
from types import NoneType
from typing import TypeVar, cast, get_args, get_origin

import attrs
from hypothesis import strategies as st
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar, office_hours
from recovery.core.clock import Length, Unit
from recovery.core.errors import InvalidValue
from recovery.core.money import Money
from recovery.core.values import Value, instant
from recovery.core.vocabulary.common import Customer, Recorded
from recovery.core.vocabulary.following_up import SURVEY
from recovery.core.vocabulary.losing import Range
from recovery.core.vocabulary.receiving import Delivery

T = TypeVar("T")
Strategy = st.SearchStrategy[object]

NASTY = ("\0", "\ud800", "\udfff", "\u202eabc\u202c", "👩‍🚒", "ẞ", "é", "\r\n", '"\\', "שלום", "\u2028", "(erased)")

texts = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=4)), max_size=3).map("".join)
some_texts = texts.map(lambda text: f"{text}x")
ids = st.text(st.characters(min_codepoint=33, max_codepoint=0x17E, categories=("L", "N", "P")), min_size=1, max_size=9)
instants = st.datetimes(timezones=st.just(UTC)).map(instant)
params = st.one_of(texts, st.integers(), st.booleans(), st.none(), instants, st.floats(allow_nan=False))


def values(kind: type[T], words: Strategy = some_texts) -> st.SearchStrategy[T]:
    """Return a strategy for an attrs class; every personal text comes from ``words``."""
    fields = attrs.fields(attrs.resolve_types(cast("type[attrs.AttrsInstance]", kind)))
    drawn = st.fixed_dictionaries({field.name: _field(kind, field, words) for field in fields})
    return drawn.map(lambda given: _built(kind, given)).filter(lambda built: built is not None).map(lambda built: cast(T, built))


def _built(kind: type[T], given: Mapping[str, object]) -> T | None:
    try:
        return kind(**given)
    except InvalidValue:
        return None


def _field(kind: type, field: attrs.Attribute[object], words: Strategy) -> Strategy:
    made = SPECIAL.get((kind.__name__, field.name))
    if made is not None:
        return made(words)
    if field.metadata.get("personal"):
        return _of(field.type, words, words)
    return _of(field.type, words, ids if issubclass(kind, Value) else texts)


def _of(annotation: object, words: Strategy, plain: Strategy) -> Strategy:
    """Return a strategy for an annotation: ``plain`` for its texts, ``words`` for the personal texts further down."""
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation is str:
        return plain
    if annotation in PLAIN:
        return PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    if isinstance(origin, type) and issubclass(origin, (tuple, frozenset, Mapping)):
        return _collection(origin, args, words, plain)
    if origin is not None:
        inner = st.one_of(*(_of(part, words, plain) for part in args if part is not NoneType))
        return st.none() | inner if NoneType in args else inner
    return st.deferred(lambda: values(cast("type[object]", annotation), words))


def _collection(origin: type, args: tuple[object, ...], words: Strategy, plain: Strategy) -> Strategy:
    if issubclass(origin, Mapping):
        return st.dictionaries(texts, _of(args[1], words, some_texts), max_size=2)
    if issubclass(origin, frozenset):
        return st.frozensets(_of(args[0], words, plain), min_size=1)
    if args[-1] is Ellipsis:
        return st.lists(_of(args[0], words, plain), max_size=2).map(tuple)
    return st.tuples(*(_of(part, words, plain) for part in args))


PLAIN: Mapping[object, Strategy] = {
    int: st.integers(min_value=0, max_value=2**53),
    bool: st.booleans(),
    float: st.floats(0, 1),
    DateTime: instants,
    timedelta: st.timedeltas(timedelta(days=-9999), timedelta(days=9999)),
    Money: st.builds(Money, amount=st.decimals(0, 10**9, places=2), currency=st.sampled_from(("EUR", "USD"))),
    Length: st.builds(Length, st.integers(-99, 99), st.sampled_from(Unit)),
    BusinessCalendar: st.sampled_from([office_hours("Europe/Berlin"), office_hours("Asia/Tokyo", holidays=["2026-05-04"])]),
}

# What the checks of a class would refuse too often.
SPECIAL: Mapping[tuple[str, str], Callable[[Strategy], Strategy]] = {
    ("Estimate", "years"): lambda _: st.none() | st.integers(0, 100).map(Range),
    ("Finding", "unknown_because"): lambda _: st.just(""),
    ("Finding", "text"): lambda words: words,
    ("Survey", "questions"): lambda _: st.just(SURVEY.questions),
    ("SurveyAnswer", "score"): lambda _: st.none(),
    ("SurveyAnswer", "yes"): lambda _: st.none(),
    ("Word", "reached"): lambda _: st.just(True),
    ("Reason", "params"): lambda _: st.dictionaries(texts, params, max_size=3),
    ("Correct", "customer"): lambda words: values(Customer, words),
    ("Correct", "outcome"): lambda _: st.sampled_from([None, "accepted", "done", "not_agreed"]),
    ("ReportDelivery", "delivery"): lambda _: st.sampled_from([Delivery.SENT, Delivery.GIVEN_UP, Delivery.NOT_NEEDED]),
}


def histories(kind: type, words: Strategy = some_texts) -> st.SearchStrategy[Recorded]:
    """Return a strategy for entries of a history that hold an event of class ``kind``."""
    return st.builds(Recorded, seq=st.integers(1, 10_000), recorded_at=instants, event=values(kind, words))
