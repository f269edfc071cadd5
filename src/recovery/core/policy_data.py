"""Policies as plain data: dicts and TOML in, a policy's parts out, every wrong key and value named with its path."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any, cast

import attrs
import cattrs
from attrs import frozen
from cattrs.errors import BaseValidationError
from pendulum import DateTime

from recovery.core.calendar import BusinessCalendar
from recovery.core.clock import Clock, Ends, Extension, Kind, Length, Rung
from recovery.core.errors import BadDefinition, InvalidValue, Reason, Strength
from recovery.core.guideline import Authority, Budget, Guideline, Remedy
from recovery.core.money import Money
from recovery.core.practice import CLOCKS
from recovery.core.values import instant, is_instant
from recovery.core.vocabulary.common import Address, Channel, Severity
from recovery.core.vocabulary.following_up import SURVEY, Survey, SurveyQuestion
from recovery.core.vocabulary.losing import Estimate, Range, Risk, Segment
from recovery.core.vocabulary.ownership import BusinessUnit, Choice, Person, Route, Team
from recovery.core.wording.reading import WordingData, wording_of

__all__ = ["read"]


@frozen(kw_only=True)
class PersonData:
    """Somebody on our side; ``email`` and ``phone`` are short for an address."""

    name: str = ""
    supervisor: str | None = None
    email: str | None = None
    phone: str | None = None
    unit: str | None = None
    capacity: int | None = None


@frozen(kw_only=True)
class UnitData:
    """One of our units: who answers for it."""

    name: str = ""
    head: str


@frozen(kw_only=True)
class TeamData:
    """People who look after the same kind of case, and how one of them is chosen."""

    members: tuple[str, ...]
    choose: Choice = Choice.NAMED


@frozen(kw_only=True)
class RemedyData:
    """Something a guideline lets everybody offer."""

    text: str
    ceiling: Money | None = None
    delivers: str | None = None
    takes: Length | None = None


@frozen(kw_only=True)
class GuidelineData:
    """What is done about one kind of problem; the keys below ``remedies`` are their ids."""

    remedies: dict[str, RemedyData] = attrs.field(factory=dict[str, RemedyData])
    category: str | None = None
    severity: Severity | None = None
    region: str | None = None
    brand: str | None = None
    goodwill: Money | None = None
    public: str = ""


@frozen(kw_only=True)
class ClockData:
    """What a policy changes about a default clock, or says of one of its own."""

    rule: str | None = None
    what: str | None = None
    starts: tuple[str, ...] | None = None
    stops: tuple[str, ...] | None = None
    ends: tuple[str, ...] | None = None
    length: Length | None = None
    kind: Kind | None = None
    may_pause: bool | None = None
    contacts: bool | None = None
    first_day_counts: bool | None = None
    day_ends: Ends | None = None
    extends: tuple[Extension, ...] | None = None
    ladder: tuple[Rung, ...] | None = None
    continues: tuple[str, ...] | None = None
    repeats: bool | None = None
    after: tuple[str, ...] | None = None
    holds: tuple[str, ...] | None = None
    when: dict[str, str] | None = None
    citation: str | None = None
    valid_from: DateTime | None = None
    valid_until: DateTime | None = None


@frozen(kw_only=True)
class SurveyData:
    """The survey; without questions of its own it has those of the practice, and with ``send = false`` there is none."""

    send: bool = True
    questions: tuple[SurveyQuestion, ...] | None = None
    open_days: int | None = None
    link: str | None = None


@frozen(kw_only=True)
class SegmentData:
    """The figures that hold for a kind of customer: each a number, or ``[low, high]``."""

    cost: Range | None = None
    chance: Range | None = None
    years: Range | None = None
    purchases: Range | None = None
    margin: Range | None = None
    discount: Range | None = None
    currency: str | None = None


@frozen(kw_only=True)
class RiskData:
    """How the risk that a customer leaves is scored."""

    weights: dict[str, float] = attrs.field(factory=dict[str, float])
    most: int | None = None
    days: int | None = None
    alert: float | None = None


@frozen(kw_only=True)
class PolicyData:
    """The keys of a policy file."""

    fallback_owner: str = ""
    calendar: BusinessCalendar
    people: dict[str, PersonData] = attrs.field(factory=dict[str, PersonData])
    units: dict[str, UnitData] = attrs.field(factory=dict[str, UnitData])
    teams: dict[str, TeamData] = attrs.field(factory=dict[str, TeamData])
    routes: tuple[Route, ...] = ()
    guidelines: dict[str, GuidelineData] = attrs.field(factory=dict[str, GuidelineData])
    authorities: tuple[Authority, ...] = ()
    budgets: tuple[Budget, ...] = ()
    rules: dict[str, Strength] = attrs.field(factory=dict[str, Strength])
    overridable: frozenset[str] = frozenset()
    clocks: dict[str, ClockData] = attrs.field(factory=dict[str, ClockData])
    machine_channels: tuple[Channel, ...] | None = None
    reopen_window: Length | None = None
    undated_promise: Length | None = None
    between_attempts: Length | None = None
    attempts: int | None = None
    too_soon: Length | None = None
    adoption_grace: Length | None = None
    adoption_spread: Length | None = None
    way_back: str = ""
    company: str = ""
    survey: SurveyData | None = None
    segments: dict[str, SegmentData] = attrs.field(factory=dict[str, SegmentData])
    risk: RiskData | None = None
    wording: WordingData | None = None


def _converter() -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True, detailed_validation=True)
    converter.register_structure_hook(Length, lambda value, _: Length.parse(str(_as(str, value))))
    converter.register_structure_hook(Money, lambda value, _: Money.parse(str(_as(str, value))))
    converter.register_structure_hook(
        BusinessCalendar, lambda value, _: BusinessCalendar.from_data(cast("Mapping[str, object]", _as(dict, value)))
    )
    converter.register_structure_hook(DateTime, lambda value, _: _instant(value))
    converter.register_structure_hook_func(_is_enum, _choice)
    converter.register_structure_hook(Range, lambda value, _: _range(value))
    converter.register_structure_hook(float, lambda value, _: _number(value))
    converter.register_structure_hook_func(lambda kind: kind == tuple[str, ...], lambda value, _: _texts(value))
    for plain in (str, bool, int):
        converter.register_structure_hook(plain, lambda value, kind: _as(kind, value))
    return converter


def _texts(value: object) -> tuple[str, ...]:
    """Take a list of texts; one text alone would be taken apart into its letters."""
    return tuple(str(_as(str, one)) for one in cast("list[object]", _as(list, value)))


def _is_enum(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _choice(value: object, kind: type[Enum]) -> Enum:
    try:
        return kind(value)
    except ValueError:
        choices = ", ".join(str(member.value) for member in kind)
        raise ValueError(f"{value!r} is none of {choices}") from None


def _as(kind: type, value: object) -> object:
    if type(value) is not kind:
        raise TypeError(f"{value!r} is of type {type(value).__name__}, not {kind.__name__}")
    return value


def _number(value: object) -> float:
    if type(value) not in (int, float):
        raise TypeError(f"{value!r} is of type {type(value).__name__}, which is no number")
    return float(cast(float, value))


def _range(value: object) -> Range:
    """Take a number, or a list of two: the lowest and the highest."""
    ends = cast("list[object]", value) if isinstance(value, list) else [value]
    if not 1 <= len(ends) <= 2:
        raise ValueError(f"{value!r} is no range: give a number, or [low, high]")
    return Range(*(_number(end) for end in ends))


def _instant(value: object) -> DateTime:
    """Take what TOML reads as an instant, or the ISO 8601 text of one."""
    given = datetime.fromisoformat(value) if isinstance(value, str) else value
    told = instant(cast(datetime, given))
    if fault := is_instant(told):
        raise ValueError(f"{fault[0]}; write it with its offset, such as 2026-07-01T00:00:00+02:00")
    return told


def read(data: Mapping[str, object]) -> dict[str, Any]:
    """Return the arguments of a policy. Raises :class:`BadDefinition` that lists every wrong key and value with its path."""
    try:
        told = _converter().structure(dict(data), PolicyData)
    except BaseValidationError as error:
        raise BadDefinition("the policy", _told(error, "")) from error
    known = {clock.id: clock for clock in CLOCKS}
    if wrong := [fault for name, clock in told.clocks.items() if name not in known for fault in _incomplete(name, clock)]:
        raise BadDefinition("the policy", wrong)
    found: dict[str, Any] = {
        "fallback_owner": told.fallback_owner,
        "calendar": told.calendar,
        **_named(told),
        "routes": told.routes,
        "authorities": told.authorities,
        "budgets": told.budgets,
        "strengths": told.rules,
        "overridable": told.overridable,
        "clocks": tuple(_clock(name, known.get(name), told.clocks.get(name)) for name in {**known, **told.clocks}),
        "way_back": told.way_back,
        "company": told.company,
    }
    found |= _losing(told)
    if told.wording is not None:
        found["wording"] = wording_of(told.wording)
    lengths = ("reopen_window", "undated_promise", "between_attempts", "too_soon", "adoption_grace", "adoption_spread")
    optional = ("machine_channels", "attempts", *lengths)
    return found | {name: value for name in optional if (value := getattr(told, name)) is not None}


def _named(told: PolicyData) -> dict[str, Any]:
    """Return what stands under a name. Raises :class:`BadDefinition` with the path of each that cannot be."""
    makers: dict[str, Callable[[str, Any], object]] = {
        "people": _person,
        "units": _unit,
        "teams": _team,
        "guidelines": _guideline,
    }
    faults: list[str] = []
    found: dict[str, list[object]] = {part: [] for part in makers}
    for part, make in makers.items():
        for name, data in getattr(told, part).items():
            try:
                found[part].append(make(name, data))
            except InvalidValue as error:
                faults += [_unbuildable(f"{part}.{name}", reason) for reason in error.reasons]
    if faults:
        raise BadDefinition("the policy", faults)
    return {part: tuple(values) for part, values in found.items()}


def _unit(name: str, told: UnitData) -> BusinessUnit:
    return BusinessUnit(id=name, name=told.name, head=told.head)


def _team(name: str, told: TeamData) -> Team:
    return Team(id=name, members=told.members, choose=told.choose)


def _guideline(name: str, told: GuidelineData) -> Guideline:
    given = _fields(told)
    given["remedies"] = tuple(Remedy(id=remedy, **_fields(data)) for remedy, data in told.remedies.items())
    return Guideline(id=name, **given)


def _fields(told: RemedyData | GuidelineData) -> dict[str, Any]:
    return {f.name: getattr(told, f.name) for f in attrs.fields(type(told))}


def _losing(told: PolicyData) -> dict[str, Any]:
    """Return the survey, the segments and the weights of the risk, as far as they are given."""
    faults: list[str] = []
    found: dict[str, Any] = {}
    if told.survey is not None:
        given = told.survey
        questions = SURVEY.questions if given.questions is None else given.questions
        own = {"questions": questions, "link": given.link, "open_days": given.open_days}
        found["survey"] = _built("survey", lambda: Survey(**_known(own)), faults) if given.send else None
    if told.risk is not None:
        risk = told.risk
        found["risk"] = _built("risk", lambda: Risk(**_known(attrs.asdict(risk, recurse=False))), faults)
    segments = [_built(f"segments.{name}", partial(_segment, name, figures), faults) for name, figures in told.segments.items()]
    if faults:
        raise BadDefinition("the policy", faults)
    return found | ({"segments": tuple(segments)} if segments else {})


def _segment(name: str, figures: SegmentData) -> Segment:
    return Segment(id=name, defaults=Estimate(**attrs.asdict(figures, recurse=False)))


def _known(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _built(path: str, make: Callable[[], object], faults: list[str]) -> object:
    """Return what ``make`` makes, or put what is wrong with it among the faults."""
    try:
        return make()
    except InvalidValue as error:
        faults += [f"{path}.{reason.field}: {reason.message} {reason.hint}" for reason in error.reasons]
        return None


def _person(name: str, told: PersonData) -> Person:
    ways = ((Channel.EMAIL, told.email), (Channel.PHONE, told.phone))
    addresses = tuple(Address(channel=channel, value=value) for channel, value in ways if value)
    return Person(id=name, name=told.name, supervisor=told.supervisor, addresses=addresses, unit=told.unit, capacity=told.capacity)


def _incomplete(name: str, told: ClockData) -> list[str]:
    wanted = ("rule", "what", "starts", "stops", "length")
    near = difflib.get_close_matches(name, [clock.id for clock in CLOCKS], n=1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return [f"clocks.{name}.{key}: is missing{meant}" for key in wanted if getattr(told, key) is None]


def _clock(name: str, default: Clock | None, told: ClockData | None) -> Clock:
    given = {} if told is None else _given(told)
    return Clock(id=name, **given) if default is None else attrs.evolve(default, **given)


def _given(told: ClockData) -> dict[str, Any]:
    return {f.name: value for f in attrs.fields(ClockData) if (value := getattr(told, f.name)) is not None}


def _told(error: BaseException, path: str) -> list[str]:
    """Return each fault of a nested validation error, behind its path."""
    if isinstance(error, cattrs.errors.ForbiddenExtraKeysError):
        known = [f.name for f in attrs.fields(error.cl)]
        return [f"{_join(path, key)}: there is no such key{_near(key, known)}" for key in sorted(error.extra_fields)]
    if not isinstance(error, BaseExceptionGroup):
        said = [str(error)] if not isinstance(error, BadDefinition) else list(error.faults)
        if isinstance(error, InvalidValue):
            return [_unbuildable(path, reason) for reason in error.reasons]
        if isinstance(error, KeyError):
            said = ["is missing"]
        if isinstance(error, AttributeError):
            # What is no mapping has no items: a list of tables, [[people]], where each table has a name of its own.
            said = [f"is no table of names; write [{path}.NAME]"]
        return [f"{path}: {line}" if path else line for line in said]
    faults: list[str] = []
    for inner in cast("BaseExceptionGroup[BaseException]", error).exceptions:
        faults += _told(inner, _join(path, _where(inner)))
    return faults


def _unbuildable(path: str, reason: Reason) -> str:
    """Return why a value cannot be built, behind the path of its field."""
    field = reason.field or ""
    return f"{_join(path, field)}: {reason.message.removeprefix(field).strip()} {reason.hint}".strip()


def _where(error: BaseException) -> str:
    places = (getattr(note, "name", getattr(note, "index", None)) for note in getattr(error, "__notes__", ()))
    place = next((place for place in places if place is not None), "")
    return f"[{place}]" if isinstance(place, int) else str(place)


def _join(path: str, name: str) -> str:
    return f"{path}{name}" if name.startswith("[") or not path or not name else f"{path}.{name}"


def _near(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
