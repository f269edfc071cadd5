"""Policies: the default one, and policies read from TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from os import PathLike
from pathlib import Path

from recovery.core.calendar import BusinessCalendar, office_hours
from recovery.core.errors import BadDefinition
from recovery.core.policy import Policy
from recovery.core.vocabulary.ownership import Person, Route

__all__ = ["default", "load", "office_hours"]


def default(
    *,
    fallback_owner: str,
    calendar: BusinessCalendar,
    people: Iterable[Person] = (),
    routes: Iterable[Route] = (),
    company: str = "",
) -> Policy:
    """Return the practice as it stands, with your people and your working hours. Raises :class:`BadDefinition` with every fault."""
    return Policy(fallback_owner=fallback_owner, calendar=calendar, people=tuple(people), routes=tuple(routes), company=company)


def load(path: str | PathLike[str]) -> Policy:
    """Read a policy from a TOML file. Raises :class:`BadDefinition` that names every wrong key and value with its path."""
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadDefinition(f"the policy file {str(path)!r}", [str(error)]) from error
    return Policy.from_dict(data)
