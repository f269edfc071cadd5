"""How alike two texts are, whoever copied and changed them: with the extra ``dedupe``."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import cast

from recovery.core.errors import MissingExtra
from recovery.core.repeats import Likeness, normal_words

__all__ = ["LONGEST", "alike"]

LONGEST = 20_000
"""How much of a text is compared, in characters: the work grows with the product of both lengths."""


def alike() -> Likeness:
    """Return a measure for ``Desk(likeness=alike())``: the share of the letters that two texts have in common, in order.

    Case, punctuation and white space make no difference. Raises :class:`~recovery.MissingExtra` without the extra ``dedupe``.
    """
    try:
        found = import_module("rapidfuzz.fuzz")
    except ImportError:
        raise MissingExtra("rapidfuzz", "dedupe") from None
    ratio = cast("Callable[[str, str], float]", found.ratio)

    def measure(one: str, other: str) -> float:
        words, others = normal_words(one[:LONGEST]), normal_words(other[:LONGEST])
        return ratio(words, others) / 100 if words and others else 0.0

    return measure
