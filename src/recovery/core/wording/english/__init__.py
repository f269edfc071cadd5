"""English: what does not belong in a text to a customer, and the signs of a good one."""

from __future__ import annotations

from recovery.core.wording.english.blame import BLAME
from recovery.core.wording.english.manners import ASKING, EXCUSES, INQUEST, PASSING_ON, POLICY
from recovery.core.wording.english.signs import SIGNS
from recovery.core.wording.english.words import LISTS
from recovery.core.wording.language import Language

__all__ = ["ENGLISH"]

ENGLISH = Language(rules=(*BLAME, *PASSING_ON, *POLICY, *ASKING, *EXCUSES, *INQUEST), lists=LISTS, signs=SIGNS)
"""English in full."""
