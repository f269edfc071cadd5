"""Scenarios from plain data: a mapping, a TOML or a JSON file. Every fault is named with its path."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from os import PathLike
from pathlib import Path
from typing import TypeVar, cast

import attrs

from recovery.codec import from_dict, instant_to_text
from recovery.core.agenda import Outcome
from recovery.core.errors import InvalidValue, Reason
from recovery.core.stages import Stage
from recovery.core.values import invalid
from recovery.core.vocabulary.known import Priority
from recovery.testing.cases import Given
from recovery.testing.moments import MONDAY
from recovery.testing.scenario import Scenario
from recovery.testing.steps import as_steps
from recovery.testing.then import Then

__all__ = ["load_scenarios", "scenario_from_dict"]

Data = Mapping[str, object]
E = TypeVar("E", bound=Enum)
T = TypeVar("T")


def scenario_from_dict(data: Data) -> Scenario:
    """Return the scenario that ``data`` describes.

        {"given": {"stage": "resolved", "delivers": "the refund"},
         "when": [{"wait": "3 cd"}, {"command": "follow_up", "by": "ben", "word": {"via": ["phone"], "text": "Does it work?"}}],
         "then": {"refused": ["follow-up.after-delivery"]}}

    ``given`` is what :class:`Given` holds, a stage alone, or ``"nothing"`` for no case yet. The steps are those of
    :mod:`recovery.testing.steps`. Raises :class:`InvalidValue` with a reason per fault; its ``field`` is the dotted path. A fault
    inside a command is found when the scenario is run.
    """
    _known(data, Scenario, "scenario")
    plain = {key: data[key] for key in ("name", "rule", "clock", "kept", "at") if key in data}
    made: dict[str, object] = {**plain, "given": _given(data.get("given", {})), "then": _then(data.get("then", {}))}
    made |= {key: as_steps(data[key]) for key in ("before", "when") if key in data}
    return Scenario(**made)  # type: ignore[arg-type]


def load_scenarios(path: str | PathLike[str]) -> tuple[Scenario, ...]:
    """Read the scenarios of a file: TOML with ``[[scenario]]`` tables, or JSON with a list of objects.

    Raises :class:`InvalidValue` naming the file, the scenario and the field, and ``OSError`` where the file cannot be read.
    """
    file = Path(path)
    text = file.read_text(encoding="utf-8")
    try:
        found = json.loads(text) if file.suffix == ".json" else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidValue(str(file), [invalid("file", "cannot be read", f"{error}.")]) from None
    listed = cast(Data, found).get("scenario", ()) if isinstance(found, Mapping) else found
    return tuple(_numbered(file, number, one) for number, one in enumerate(cast("Iterable[Data]", listed)))


def _numbered(file: Path, number: int, data: Data) -> Scenario:
    try:
        return scenario_from_dict(data)
    except InvalidValue as error:
        where = f"{file.name}, scenario {number + 1}"
        raise InvalidValue(where, error.reasons) from None


def _given(data: object) -> Given:
    if data == "nothing":
        return Given(stage=None)
    if isinstance(data, str):
        return Given(stage=_member(Stage, data, "given"))
    if not isinstance(data, Mapping):
        raise InvalidValue("the scenario", [invalid("given", "is no object", 'Give {"stage": ...}, a stage, or "nothing".')])
    told = dict(cast(Data, data))
    if told.get("stage") == "nothing":
        told["stage"] = None
    if isinstance(contact := told.get("contact"), Mapping):
        told["contact"] = {"received_at": instant_to_text(MONDAY), **cast(Data, contact)}
    return _at("given", lambda: from_dict(Given, told))


def _then(data: object) -> Then:
    if not isinstance(data, Mapping):
        raise InvalidValue("the scenario", [invalid("then", "is no object", 'Give {"refused": [...]}, or {} for nothing refused.')])
    told = dict(cast(Data, data))
    _known(told, Then, "then")
    if "stage" in told:
        told["stage"] = _member(Stage, told["stage"], "then.stage")
    if "priority" in told:
        told["priority"] = _member(Priority, told["priority"], "then.priority")
    for clock, how in cast("Mapping[str, object]", told.get("clocks", {})).items():
        _member(Outcome, how, f"then.clocks.{clock}")
    return _at("then", lambda: Then(**told))  # type: ignore[arg-type]


def _at(path: str, make: Callable[[], T]) -> T:
    """Make a value; name its faults by where it stands in the scenario."""
    try:
        return make()
    except InvalidValue as error:
        named = (attrs.evolve(reason, field=f"{path}.{reason.field}" if reason.field else path) for reason in error.reasons)
        raise InvalidValue("the scenario", named) from None


def _member(kind: type[E], told: object, path: str) -> E:
    try:
        return kind(told)
    except ValueError:
        hint = f"Use one of {', '.join(str(member.value) for member in kind)}."
        raise InvalidValue("the scenario", [invalid(path, f"{told!r} is unknown", hint)]) from None


def _known(data: Data, kind: type[attrs.AttrsInstance], path: str) -> None:
    known = [field.name for field in attrs.fields(kind)]
    faults = [_unknown(f"{path}.{key}", key, known) for key in data if key not in known]
    if faults:
        raise InvalidValue("the scenario", faults)


def _unknown(path: str, key: str, known: list[str]) -> Reason:
    near = difflib.get_close_matches(key, known, n=1)
    return invalid(path, "is no such field", f"Did you mean {near[0]}?" if near else f"Use one of {', '.join(known)}.", "key")
