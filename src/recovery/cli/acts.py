"""What somebody asks to be done with a case, read from a command line: options, JSON, or a pipe; one command or several."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

import attrs
from attrs import frozen

from recovery import Case, Command, InvalidValue, Reason, Refused
from recovery.cli.filling import Ground, When, filled, open_ids
from recovery.cli.flat import commands, flag_of, flags_of
from recovery.cli.flat_app import read
from recovery.cli.opening import View, find_case
from recovery.codec import command_from_dict, dumps, to_dict

__all__ = ["Asked", "as_json", "asked", "name_alone", "told_by_option", "warnings_by_option"]

AND = "+"
"""What stands between two commands of one batch."""


@frozen(kw_only=True)
class Asked:
    """Commands that shall be carried out together, and whether they came as options."""

    commands: tuple[Command, ...]
    by_option: bool


def asked(words: Sequence[str], view: View, case: Case, *, quiet: bool = False) -> Asked:
    """Return the commands that ``words`` ask for. Raises ``InvalidValue`` with every fault, or ``CycloptsError`` for a slip.

    ``-`` reads JSON from standard input; a word in curly or square brackets is JSON; anything else is a command's name with its
    options, several of them with ``+`` between them.
    """
    if _is_json(words):
        return Asked(commands=tuple(_from_json(words)), by_option=False)
    ground = Ground(
        case=case,
        when=When(calendar=view.calendar, now=view.now),
        case_id_of=lambda name: find_case(view, name).id,
        people=view.people,
    )
    return Asked(commands=tuple(_from_options(words, ground, quiet=quiet)), by_option=True)


def name_alone(words: Sequence[str]) -> str | None:
    """Return the name of a command that stands there without anything else, if it does."""
    name = words[0].replace("-", "_") if len(words) == 1 else ""
    return name if name in commands() else None


def warnings_by_option(warnings: Iterable[Reason], what: Asked, case: Case) -> tuple[Reason, ...]:
    """Return warnings in the words of the command line, where the commands came as options."""
    kinds: list[type[Command]] = [type(command) for command in what.commands]
    if not what.by_option:
        return tuple(warnings)
    return tuple(_by_option(reason, _kind_with(reason.field, kinds), case) for reason in warnings)


def _kind_with(field: str | None, kinds: Sequence[type[Command]]) -> type[Command]:
    """Return the first of several commands that has such a field; a warning does not say which it is about."""
    return next((kind for kind in kinds if flag_of(field, kind) is not None), kinds[0])


def told_by_option(refusal: Refused, what: Asked, case: Case) -> Refused:
    """Return a refusal in the words of the command line: fields by their options, where the commands came as options."""
    if not what.by_option:
        return refusal
    kinds: list[type[Command]] = [type(command) for command in what.commands]
    kind = kinds[refusal.index]
    told = [_by_option(reason, kind, case) for reason in refusal.reasons]
    return Refused(refusal.command, told, case_id=refusal.case_id, index=refusal.index)


# ---------------------------------------------------------------- from options


def _from_options(words: Sequence[str], ground: Ground, *, quiet: bool) -> list[Command]:
    said = [read(part, quiet=quiet) for part in _parts(words)]
    found: list[Command] = []
    faults: list[Reason] = []
    by: object = os.environ.get("RECOVERY_BY") or None
    named: dict[object, None] = {}
    for name, given in said:
        by = given.get("by", by)
        named |= {} if by is None else {by: None}
        kind = commands()[name]
        try:
            data = filled(kind, given if by is None else {**given, "by": by}, ground)
            found.append(command_from_dict({"command": name, **data}))
        except InvalidValue as error:
            faults += (_by_option(reason, kind, ground.case) for reason in error.reasons)
    faults += (fault for author in named for fault in _strangers(author, ground))
    if faults:
        raise InvalidValue(f"the command {said[0][0]}" if len(said) == 1 else "one of the commands", faults)
    return found


def _strangers(author: object, ground: Ground) -> Iterator[Reason]:
    """Yield a fault for a person whom the policy does not know, if it lists people: what is recorded cannot be taken back."""
    if ground.people and author not in ground.people:
        hint = f"There are: {', '.join(ground.people)}."
        yield Reason(rule="input.value", field="--by", message=f"nobody is called {author!r}.", hint=hint)


def _parts(words: Sequence[str]) -> Iterator[Sequence[str]]:
    part: list[str] = []
    for word in (*words, AND):
        if word != AND:
            part.append(word)
            continue
        if not part:
            hint = "Write: recovery do CASE investigate --by ana + propose --via email ..."
            told = Reason(rule="input.command", field="command", message=f"a command is missing beside {AND!r}.", hint=hint)
            raise InvalidValue("the command", [told])
        yield part
        part = []


def _by_option(reason: Reason, kind: type[Command], case: Case) -> Reason:
    """Return a reason that names the option instead of the field, and shows what may be named where an id is missing."""
    if (reason.field or "").startswith("--"):
        return reason  # it was found while the options were read, and speaks of them already
    told = attrs.evolve(reason, hint=_hint(reason.hint, kind))
    flag = flag_of(reason.field, kind)
    if flag is None or reason.field is None:
        return told
    message = told.message.replace(reason.field, flag.name, 1)
    ids = open_ids(case).get(flag.path[0])
    hint = flag.help if reason.rule == "input.missing" else told.hint
    if ids:
        hint = f"Open are: {', '.join(ids)}."
    elif ids is not None and reason.rule == "input.missing":
        hint = f"There is none on this case now: recovery show {case.reference}"
    return attrs.evolve(told, field=flag.name, message=message, hint=hint)


def _hint(hint: str, kind: type[Command]) -> str:
    """Return a hint that was written for programmers as one for people who type options."""
    every = {flag.path[-1]: flag.name for flag in flags_of(kind) or ()}
    names = {name: option for name, option in every.items() if "_" in name}
    shell = {one.__name__: name.replace("_", "-") for name, one in commands().items()}
    plain = _CODE.sub(lambda found: found[1].lower(), hint)
    plain = re.sub(r"(?<=\()[A-Z]\w+|\b[A-Z][a-z]+[A-Z]\w+", lambda found: shell.get(found[0], found[0]), plain)
    plain = re.sub(r"\b([a-z_]+)='([^']*)'", lambda found: f"--{found[1].replace('_', '-')} {found[2]}", plain)
    plain = re.sub(r"\b([a-z_]+)=(?=[\s,.]|$)", lambda found: every.get(found[1], found[0]), plain)
    return re.sub(r"\b[a-z]+_[a-z_]+\b", lambda found: names.get(found[0], found[0]), plain)


_CODE = re.compile(r"\{?\b[A-Z][A-Za-z]+\.([A-Z_]+)\b\}?")
"""What a hint shows to programmers, such as ``{Channel.EMAIL}``; on the command line it is ``email``."""


# ---------------------------------------------------------------- from JSON


def _is_json(words: Sequence[str]) -> bool:
    return all(word == "-" or word.lstrip().startswith(("{", "[")) for word in words)


def _from_json(words: Sequence[str]) -> list[Command]:
    data = [one for word in words for one in _listed(_parsed(sys.stdin.read() if word == "-" else word))]
    found: list[Command] = []
    faults: list[Reason] = []
    for number, one in enumerate(data):
        try:
            found.append(command_from_dict(cast("Mapping[str, object]", one)))
        except InvalidValue as error:
            place = "" if len(data) == 1 else f"{number}."
            faults += (attrs.evolve(reason, field=f"{place}{reason.field}") for reason in error.reasons)
    if faults:
        raise InvalidValue("the command" if len(data) == 1 else "one of the commands", faults)
    return found


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        hint = 'Write it as {"command": "follow_up", "by": "ana", ...}, in single quotes for the shell, or give - and pipe it in.'
        raise InvalidValue("the command", [Reason(rule="input.json", field="command", message=str(error), hint=hint)]) from None


def _listed(data: object) -> list[object]:
    return cast("list[object]", data) if isinstance(data, list) else [data]


def as_json(command: Command) -> str:
    """Return a command as short JSON that reads back as the same command: what is as it is by default is left out."""
    whole = to_dict(command)
    short = {name: value for name, value in whole.items() if value not in (None, "", {}, [])}
    word = short.get("word")
    if isinstance(word, dict):
        given = cast("dict[str, object]", word)
        short["word"] = {name: value for name, value in given.items() if value not in (None, "", True)}
    text = dumps(short)
    return text if command_from_dict(cast("Mapping[str, object]", json.loads(text))) == command else dumps(whole)
