"""Asking why something cannot be done: the command as JSON, or only its name."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import cast

from rich.console import Group, RenderableType
from rich.text import Text

from recovery import Case, Command, InvalidValue, Reason
from recovery.cli.opening import View
from recovery.cli.output import whole
from recovery.cli.tables import reason_list
from recovery.codec import command_from_dict, dumps, to_dict
from recovery.core.vocabulary.common import kind_of

__all__ = ["answer", "as_json"]


def answer(view: View, case: Case, asked: str) -> tuple[RenderableType, bool]:
    """Return why a command on a case would be refused at that instant, and whether it would be."""
    text = sys.stdin.read() if asked == "-" else asked
    if not text.lstrip().startswith(("{", "[")):
        return _by_name(view, case, text.strip())
    command = command_from_dict(_object(text))
    reasons = view.desk.why_not(case.id, command)
    return _told(view, case, kind_of(type(command)), reasons), bool(reasons)


def _object(text: str) -> Mapping[str, object]:
    try:
        return cast("Mapping[str, object]", json.loads(text))
    except json.JSONDecodeError as error:
        hint = 'Write it as {"command": "follow_up", "by": "ana", ...}, in single quotes for the shell, or give - and pipe it in.'
        raise InvalidValue("the command", [Reason(rule="input.json", field="command", message=str(error), hint=hint)]) from None


def _told(view: View, case: Case, name: str, reasons: tuple[Reason, ...]) -> RenderableType:
    what = f"{name} on case {case.reference}, {whole(view.now, view.calendar)}"
    if not reasons:
        return Text(f"{what}: nothing stands in the way.")
    return Group(Text(f"{what}: refused, for {_count(len(reasons))}.\n", style="bold"), reason_list(reasons))


def _count(number: int) -> str:
    return "this reason" if number == 1 else f"these {number} reasons"


def _by_name(view: View, case: Case, name: str) -> tuple[RenderableType, bool]:
    """Judge a bare name: what rules it out whatever it says."""
    reasons = view.desk.permitted(case.id).get(name)
    if reasons is None:
        reasons = view.desk.why_not(case.id, command_from_dict({"command": name}))
    if reasons:
        return _told(view, case, name, reasons), True
    say = f"{name} on case {case.reference}: nothing rules it out beforehand."
    return Text(f"{say} Give it as JSON, and its content is judged as well."), False


def as_json(command: Command) -> str:
    """Return a command as short JSON that reads back as the same command: what is as it is by default is left out."""
    whole = {"command": kind_of(type(command)), **to_dict(command)}
    short = {name: value for name, value in whole.items() if value not in (None, "", {}, [])}
    word = short.get("word")
    if isinstance(word, dict):
        given = cast("dict[str, object]", word)
        short["word"] = {name: value for name, value in given.items() if value not in (None, "", True)}
    text = dumps(short)
    return text if command_from_dict(cast("Mapping[str, object]", json.loads(text))) == command else dumps(whole)
