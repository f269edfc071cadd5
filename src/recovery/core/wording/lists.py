"""How lists of words are written down."""

from __future__ import annotations

__all__ = ["words"]


def words(single: str, several: str = "") -> tuple[str, ...]:
    """Return the entries of a list: single words between blanks, entries of several words between commas."""
    return (*single.split(), *(" ".join(entry.split()) for entry in several.split(",") if entry.strip()))
