"""Policies: the default one, and policies read from TOML files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import TypedDict, Unpack

from recovery.core.calendar import BusinessCalendar, office_hours
from recovery.core.clock import Clock, Length
from recovery.core.errors import BadDefinition, Strength
from recovery.core.guideline import Authority, Budget, Guideline
from recovery.core.policy import Policy
from recovery.core.practice import CLOCKS, RULES
from recovery.core.rule import Ability, Check
from recovery.core.vocabulary.common import Channel
from recovery.core.vocabulary.following_up import Survey
from recovery.core.vocabulary.losing import Risk, Segment
from recovery.core.vocabulary.ownership import BusinessUnit, Person, Route, Team

__all__ = ["default", "load", "office_hours"]


class Settings(TypedDict, total=False):
    """The settings of a policy that :func:`default` passes on as they are; see :class:`recovery.Policy`."""

    units: tuple[BusinessUnit, ...]
    teams: tuple[Team, ...]
    guidelines: tuple[Guideline, ...]
    authorities: tuple[Authority, ...]
    budgets: tuple[Budget, ...]
    overridable: frozenset[str]
    machine_channels: tuple[Channel, ...]
    reopen_window: Length
    undated_promise: Length
    between_attempts: Length
    attempts: int
    too_soon: Length
    survey: Survey | None
    segments: tuple[Segment, ...]
    risk: Risk
    adoption_grace: Length
    adoption_spread: Length
    way_back: str


def default(
    *,
    fallback_owner: str,
    calendar: BusinessCalendar,
    people: Iterable[Person] = (),
    routes: Iterable[Route] = (),
    company: str = "",
    rules: Iterable[Check | Ability] = (),
    clocks: Iterable[Clock] = (),
    strengths: Mapping[str, Strength] | None = None,
    **more: Unpack[Settings],
) -> Policy:
    """Return the practice as it stands, with your people and your working hours. Raises :class:`BadDefinition` with every fault.

    ``rules`` and ``clocks`` are your own, beside the practice's; a clock with the id of one of them takes its place. ``strengths``
    moves rules between off, should and must. ``more`` are any other settings of :class:`recovery.Policy`.
    """
    own = {clock.id: clock for clock in clocks}
    known = {clock.id: clock for clock in CLOCKS}
    return Policy(
        fallback_owner=fallback_owner,
        calendar=calendar,
        people=tuple(people),
        routes=tuple(routes),
        company=company,
        rules=(*RULES, *rules),
        clocks=tuple({**known, **own}.values()),
        strengths=dict(strengths or {}),
        **more,
    )


def load(path: str | PathLike[str], *, rules: Iterable[Check | Ability] = ()) -> Policy:
    """Read a policy from a TOML file, with ``rules`` of your own beside the practice's.

    A table ``[mail]`` in it is the command line's, which sends by it, and no part of the policy. Raises :class:`BadDefinition` that
    names every wrong key and value with its path.
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise BadDefinition(f"the policy file {str(path)!r}", [why]) from error
    return Policy.from_dict({key: value for key, value in data.items() if key != "mail"}, rules=rules)
