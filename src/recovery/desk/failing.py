"""What may be told of an error that somebody else raised: enough to mend it, and nothing that a customer said."""

from __future__ import annotations

import traceback
from pathlib import Path

from recovery.core.errors import RecoveryError

__all__ = ["UNRECORDED", "told_of"]

UNRECORDED = "nothing can be put on record of it: "
"""How the error of a message begins that waits because its case cannot take a report."""

LONGEST = 500
"""So many signs of an error are kept."""


def told_of(error: BaseException) -> str:
    """Return what may be told of an error: ours in full, of any other its kind and the line of code, never its words."""
    if isinstance(error, RecoveryError):
        return str(error)[:LONGEST]
    place = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" in {Path(frame.filename).name}, line {frame.lineno}" for frame in place)
    return f"{type(error).__name__}{where}"
