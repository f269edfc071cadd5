"""Looking at a text as a customer will read it: what does not belong in it is underlined, and what to write instead is said."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.text import Text

from recovery import InvalidValue, Policy, Reason, Sign, Strength, TextKind, Wording, WordingFinding
from recovery.cli.console import screen
from recovery.cli.opening import policy_file_of, policy_of
from recovery.cli.reporting import print_json
from recovery.codec import to_dict
from recovery.core.wording import STANDARD

__all__ = ["looked_at"]

STYLES = {Strength.MUST: "bold red", Strength.SHOULD: "yellow"}
WANTED = {
    TextKind.ACKNOWLEDGEMENT: (Sign.THANKS, Sign.INVITES, Sign.TAKES_ON, Sign.NEXT_STEP),
    TextKind.PROPOSAL: (Sign.TAKES_ON, Sign.NEXT_STEP),
    TextKind.MESSAGE: (Sign.NEXT_STEP,),
    TextKind.FINAL_NO: (),
}
"""What a text of each kind should hold; on a case, a date in a field counts as well."""
LACKING = {
    Sign.THANKS: ("acknowledge.thanks", "it does not thank the customer"),
    Sign.INVITES: ("acknowledge.thanks", "it does not invite the customer to tell the story"),
    Sign.TAKES_ON: ("own.takes-it-on", "it does not say that we take it on"),
    Sign.NEXT_STEP: ("own.solutions-not-excuses", "it does not say who will do what by when"),
}


def looked_at(file: str, kind: str, language: str | None, *, place: tuple[str | None, str | None], as_json: bool) -> int:
    """Tell what does not belong in the text of a file; return 1 where something must not be sent."""
    name, text = _read(file)
    wording, wanted = _wording(place), TextKind(kind)
    found = wording.check(text, wanted, language=language)
    lacks = wording.lacks(text, *WANTED[wanted], language=language) if text.strip() else frozenset[Sign]()
    told = {one.rule for one in found}
    lacking = [LACKING[sign] for sign in Sign if sign in lacks and LACKING[sign][0] not in told]
    if as_json:
        print_json(
            {"file": name, "kind": wanted.value, "findings": [_document(text, one) for one in found], "lacks": _lacks(lacking)}
        )
    else:
        _show(name, text, found, lacking)
    return 1 if any(one.strength is Strength.MUST for one in found) else 0


def _read(file: str) -> tuple[str, str]:
    if file == "-":
        return "standard input", sys.stdin.read()
    try:
        return file, Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8."
        reason = Reason(rule="input.file", field="file", message=f"{file} is no text in UTF-8 (byte {error.start + 1}).", hint=hint)
        raise InvalidValue("the file", [reason]) from error


def _wording(place: tuple[str | None, str | None]) -> Wording:
    """Return the wording of the policy in this folder, else the one that comes with the library."""
    db, policy = place
    path = policy_file_of(db or "recovery.db", policy)
    return STANDARD if path is None else _of(policy_of(path))


def _of(policy: Policy) -> Wording:
    return policy.wording


def _document(text: str, found: WordingFinding) -> dict[str, object]:
    line, column = _place(text, found.start)
    return {**to_dict(found), "line": line, "column": column}


def _lacks(lacking: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"rule": rule, "reason": reason} for rule, reason in lacking]


def _place(text: str, at: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a place in the text."""
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def _show(name: str, text: str, found: Sequence[WordingFinding], lacking: Sequence[tuple[str, str]]) -> None:
    console = screen()
    for one in found:
        line, column = _place(text, one.start)
        console.print(Text(f"{name}:{line}:{column}  {one.rule} ({one.strength.value})", style="bold"), soft_wrap=True)
        for shown in _underlined(text, one):
            console.print(shown, soft_wrap=True)
        console.print(Text(f"  {one.reason}. {one.better}\n"), soft_wrap=True)
    for rule, reason in lacking:
        console.print(Text(f"{name}  {rule} (should)\n  {reason}.\n"), soft_wrap=True)
    console.print(Text(_summary(found, lacking)))


def _underlined(text: str, found: WordingFinding) -> Iterator[Text]:
    """Yield each line a finding touches, with a line of marks below the words that are meant."""
    at = text.rfind("\n", 0, found.start) + 1
    while at < found.end:
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        line = text[at:end].replace("\t", " ").rstrip("\r")
        first, last = max(found.start - at, 0), min(found.end - at, len(line))
        if first < last:
            yield Text(f"  {line}")
            marks = " " * _width(line[:first]) + "^" * max(_width(line[first:last]), 1)
            yield Text(f"  {marks}", style=STYLES[found.strength])
        at = end + 1


def _width(text: str) -> int:
    """Return how many columns a text takes on a screen."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _summary(found: Sequence[WordingFinding], lacking: Sequence[tuple[str, str]]) -> str:
    musts = sum(one.strength is Strength.MUST for one in found)
    shoulds = len(found) - musts + len(lacking)
    if not musts and not shoulds:
        return "Nothing to change."
    told = [f"{musts} that must not be sent"] if musts else []
    return ", ".join([*told, *([f"{shoulds} to think about"] if shoulds else [])]) + "."
