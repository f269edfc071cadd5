"""The words of a text."""

from __future__ import annotations

import re

from benchmarks.pairing import Pair, simple
from recovery import check_wording

__all__ = ["PAIRS"]

LETTER = (
    "Thank you for telling us about the boiler, and I am sorry that you have been without warm water since Monday. "
    "I have ordered the part, and it arrives on Thursday morning. Our engineer fits it the same day between nine and eleven. "
    "Until then you can use the shower of the flat next door; the key is at the reception. I will ring you."
)
"""A message as it should be: 65 words in which nothing is to be found."""

PAIRS = (
    Pair(
        name="words",
        ours="`check_wording` of a message of 65 words: every English rule",
        theirs="one regular expression that splits it into words",
        prepare=simple(
            lambda: lambda: check_wording(LETTER, language="en"),
            lambda: lambda: re.findall(r"\w+", LETTER.casefold()),
            (1_000, 1_000),
        ),
    ),
)
