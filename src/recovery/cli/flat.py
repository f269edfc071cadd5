"""Commands as options of a command line, generated from their classes: one generator, and no command has a line of its own here.

What is nested in a command lies flat on the command line: a ``Word`` is ``--via``, ``--text``, ``--said-at``, what the customer
``Said`` is ``--said``, ``--said-via`` and so on. The options are collected into the plain data that
:func:`recovery.codec.command_from_dict` reads, which names every fault at once; here a fault is named by its option.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from types import UnionType
from typing import Union, get_args, get_origin

import attrs
from attrs import frozen
from pendulum import DateTime

from recovery import (
    Channel,
    Command,
    Customer,
    Estimate,
    Finding,
    Money,
    Option,
    PlannedStep,
    Said,
    SurveyAnswer,
    Tried,
    Wish,
    Word,
)
from recovery.cli.flat_help import HELP
from recovery.codec import COMMANDS
from recovery.core.practice import HANDLERS
from recovery.core.vocabulary.common import kind_of
from recovery.core.vocabulary.losing import FIGURES

__all__ = ["Flag", "Form", "about", "commands", "customer_flags", "flag_of", "flags_of"]


class Form(Enum):
    """How the value of an option is written."""

    TEXT = "text"
    NUMBER = "number"
    YES = "yes"
    NO = "no"
    EITHER = "yes or no"
    CHOICE = "choice"
    CHOICES = "choices"
    AHEAD = "instant ahead"
    BEHIND = "instant behind"
    TEXTS = "texts"
    PAIRS = "pairs"
    TRIED = "tried"
    OPTIONS = "options"
    ADDRESSES = "addresses"
    RANGE = "range"
    STEPS = "steps"
    ANSWERS = "answers"


@frozen(kw_only=True)
class Flag:
    """One option of a command: its name, the path of the field it fills, how it is written, and what may be chosen."""

    name: str
    path: tuple[str, ...]
    form: Form
    choices: tuple[str, ...] = ()
    help: str = ""

    @property
    def many(self) -> bool:
        """Whether it may be given several times."""
        return self.form in _MANY

    @property
    def parameter(self) -> str:
        """Its name as a parameter of a function."""
        return self.name.removeprefix("--").replace("-", "_")


# ---------------------------------------------------------------- which commands, with which options


@cache
def commands() -> Mapping[str, type[Command]]:
    """Return every command that has a flat form, by its name, in the order of the practice.

    What carries a whole contact comes in by ``recovery receive``, what a machine files is not filed by hand.
    """
    order = {kind: number for number, kind in enumerate(HANDLERS)}
    known = sorted(COMMANDS.values(), key=lambda kind: order.get(kind, len(order)))
    return {kind_of(kind): kind for kind in known if kind in HANDLERS and _fits(kind)}


def _fits(kind: type[Command]) -> bool:
    return kind_of(kind) not in ("merge_in", "merge_out", "open_win_back", "wake") and flags_of(kind) is not None


_FLAGS: dict[type[Command], tuple[Flag, ...] | None] = {}


def flags_of(kind: type[Command]) -> tuple[Flag, ...] | None:
    """Return the options of a command, its own first; ``None`` where a field of it cannot be written flat."""
    if kind not in _FLAGS:
        _FLAGS[kind] = _flags_of(kind)
    return _FLAGS[kind]


def _flags_of(kind: type[Command]) -> tuple[Flag, ...] | None:
    attrs.resolve_types(kind)
    fields = sorted(attrs.fields(kind), key=lambda one: (one.name == "override", one.name in ("at", "by")))
    found: list[Flag] = []
    for one in fields:
        flags = _flags((one.name,), one.type, default=one.default)
        if flags is None:
            return None
        found += flags
    return tuple(attrs.evolve(flag, help=_help(kind, flag)) for flag in found)


def _help(kind: type[Command], flag: Flag) -> str:
    named = (f"{kind_of(kind)} {flag.name}", f"{flag.path[0]} {flag.name}", flag.name)
    return next((HELP[name] for name in named if name in HELP), "")


def _flags(path: tuple[str, ...], kind: object, *, default: object) -> list[Flag] | None:
    kind = _bare(kind)
    nested = _NESTED.get(kind)
    if nested is not None:
        return list(nested(path[0]))
    form = _form(path[-1], kind, default)
    return (
        None if form is None else [Flag(name=_NAMES.get(path[-1], _dashed(path[-1])), path=path, form=form, choices=_choices(kind))]
    )


def _bare(kind: object) -> object:
    """Return a type without ``| None``."""
    if get_origin(kind) not in (Union, UnionType):
        return kind
    inner = [part for part in get_args(kind) if part is not type(None)]
    return inner[0] if len(inner) == 1 else kind


def _form(name: str, kind: object, default: object) -> Form | None:
    if kind is bool:
        return {False: Form.YES, True: Form.NO}.get(default, Form.EITHER) if isinstance(default, bool) else Form.EITHER
    if kind is DateTime:
        return Form.BEHIND if name in _BEHIND else Form.AHEAD
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Form.CHOICE
    if get_origin(kind) is frozenset:
        return Form.CHOICES
    if kind in _LISTS:
        return _LISTS[kind]
    if get_origin(kind) is Mapping:
        return Form.PAIRS
    if kind in (str, Money):
        return Form.TEXT
    return Form.NUMBER if kind is int else None


def _choices(kind: object) -> tuple[str, ...]:
    inner = get_args(kind)[0] if get_origin(kind) is frozenset else kind
    return tuple(str(member.value) for member in inner) if isinstance(inner, type) and issubclass(inner, Enum) else ()


def _dashed(name: str) -> str:
    return f"--{name.replace('_', '-')}"


_MANY = frozenset({Form.CHOICES, Form.TEXTS, Form.PAIRS, Form.TRIED, Form.OPTIONS, Form.ADDRESSES, Form.STEPS, Form.ANSWERS})
_LISTS: Mapping[object, Form] = {
    tuple[Option, ...]: Form.OPTIONS,
    tuple[PlannedStep, ...]: Form.STEPS,
    tuple[SurveyAnswer, ...]: Form.ANSWERS,
    tuple[Tried, ...]: Form.TRIED,
    tuple[str, ...]: Form.TEXTS,
}
_NAMES: Mapping[str, str] = {
    "at": "--happened-at",
    "options": "--option",
    "cites": "--cite",
    "steps": "--step",
    "answers": "--answer",
    "cases": "--case",
}
_BEHIND = frozenset({"at", "said_at", "wrote_at"})


# ---------------------------------------------------------------- what is nested


def _word(at: str) -> Iterator[Flag]:
    yield Flag(name="--via", path=(at, "via"), form=Form.CHOICES, choices=_choices(Channel))
    yield Flag(name="--text", path=(at, "text"), form=Form.TEXT)
    yield Flag(name="--said-at", path=(at, "said_at"), form=Form.BEHIND)
    yield Flag(name="--no-reached", path=(at, "reached"), form=Form.NO)
    yield Flag(name="--no-answers", path=(at, "answers"), form=Form.NO)


def _said(at: str) -> Iterator[Flag]:
    yield Flag(name="--said", path=(at, "words"), form=Form.TEXT)
    yield Flag(name="--said-via", path=(at, "channel"), form=Form.CHOICE, choices=_choices(Channel))
    yield Flag(name="--said-at", path=(at, "at"), form=Form.BEHIND)
    yield Flag(name="--said-contact", path=(at, "contact"), form=Form.NUMBER)


def customer_flags(at: str) -> Iterator[Flag]:
    """Yield the options that say who a customer is, for the field ``at``."""
    yield Flag(name="--name", path=(at, "name"), form=Form.TEXT)
    yield Flag(name="--customer-id", path=(at, "id"), form=Form.TEXT)
    yield Flag(name="--email", path=(at, "addresses", "email"), form=Form.TEXT)
    yield Flag(name="--phone", path=(at, "addresses", "phone"), form=Form.TEXT)
    yield Flag(name="--address", path=(at, "addresses", ""), form=Form.ADDRESSES)
    yield Flag(name="--language", path=(at, "language"), form=Form.TEXT)
    yield Flag(name="--timezone", path=(at, "timezone"), form=Form.TEXT)


def _wish(at: str) -> Iterator[Flag]:
    yield Flag(name="--wish", path=(at, "kind"), form=Form.CHOICE, choices=_choices(_wish_kind()))
    yield Flag(name="--wish-channel", path=(at, "channel"), form=Form.CHOICE, choices=_choices(Channel))
    yield Flag(name="--wish-until", path=(at, "until"), form=Form.AHEAD)


def _wish_kind() -> object:
    attrs.resolve_types(Wish)
    return attrs.fields(Wish).kind.type


def _finding(at: str) -> Iterator[Flag]:
    yield Flag(name=_dashed(at), path=(at, "text"), form=Form.TEXT)
    yield Flag(name=f"{_dashed(at)}-unknown", path=(at, "unknown_because"), form=Form.TEXT)


def _estimate(at: str) -> Iterator[Flag]:
    for figure in FIGURES:
        yield Flag(name=_dashed(figure), path=(at, figure), form=Form.RANGE)
    yield Flag(name="--currency", path=(at, "currency"), form=Form.TEXT)


_NESTED: Mapping[object, Callable[[str], Iterator[Flag]]] = {
    Word: _word,
    Said: _said,
    Customer: customer_flags,
    Wish: _wish,
    Finding: _finding,
    Estimate: _estimate,
}


# ---------------------------------------------------------------- in words


def about(kind: type[Command]) -> str:
    """Return what the class of a command says of itself, with options in the place of fields."""
    flags = flags_of(kind) or ()
    said = inspect.cleandoc(kind.__doc__ or "")
    said = _CALL.sub(lambda found: _as_options(found[1], flags), said)
    names = {flag.path[0]: flag.name for flag in reversed(flags)} | {flag.path[-1]: flag.name for flag in flags}
    return _QUOTED.sub(lambda found: names.get(found[1], found[1]), said)


_CALL = re.compile(r"``[A-Z]\w+\((.*?)\)``")
_QUOTED = re.compile(r"``(\w+)(?:=[^`]*)?``")


def _as_options(arguments: str, flags: Sequence[Flag]) -> str:
    named = re.findall(r"(\w+)=", arguments)
    return " ".join(flag.name for name in named for flag in flags if flag.path[-1] == name)


# ---------------------------------------------------------------- back from a field to its option


def flag_of(field: str | None, kind: type[Command]) -> Flag | None:
    """Return the option that fills a field, given by its dotted path, or the first that fills a part of it."""
    path = () if field is None else tuple(field.split("."))
    flags = flags_of(kind) or ()
    within = (flag for flag in flags if path[: len(flag.path)] == flag.path)
    return next(within, next((flag for flag in flags if path and flag.path[: len(path)] == path), None))
