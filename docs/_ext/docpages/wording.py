"""How good the wording rules are, worked out from the labelled sentences; and a table of the rules themselves."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from recovery import Strength, TextKind, check_wording
from recovery.core.wording import STANDARD

__all__ = ["figures", "rules"]

SENTENCES = Path(__file__).parents[3] / "examples" / "data" / "sentences.csv"
PARTS = ("tuned", "held", "later", "review", "fresh")


def figures() -> str:
    """Return the table of precision and recall on each part of the sentences."""
    head = "| part | sentences | to find | rightly found | wrongly found | precision | recall |"
    return "\n".join((head, "| --- | --- | --- | --- | --- | --- | --- |", *(_row(part) for part in PARTS)))


def _row(part: str) -> str:
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["part"] == part]
    right = found = wanted = 0
    for label, told in map(_judged, rows):
        right, found, wanted = right + len(told & label), found + len(told), wanted + len(label)
    return f"| {part} | {len(rows)} | {wanted} | {right} | {found - right} | {right / found:.3f} | {right / wanted:.3f} |"


def _judged(row: Mapping[str, str]) -> tuple[set[str], set[str]]:
    found = check_wording(row["sentence"], TextKind.PROPOSAL, language="en")
    return {row["rule"]} - {""}, {one.rule for one in found if one.strength is Strength.MUST}


def rules() -> str:
    """Return the table of all rules of wording that come with the library."""
    return "\n".join(("| id | serves | strength | phrases | why |\n| --- | --- | --- | --- | --- |", *_rules()))


def _rules() -> Iterator[str]:
    for language in STANDARD.languages.values():
        for one in language.rules:
            yield f"| `{one.id}` | {{rule}}`{one.rule}` | {one.strength.value} | {len(one.phrases)} | {one.reason} |"
