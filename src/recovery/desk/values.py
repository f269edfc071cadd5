"""What the desk answers, and how it waits before it tries again."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, TypedDict

from attrs import frozen
from pendulum import DateTime

from recovery.core.errors import Reason
from recovery.core.reference import SPACE, Identity, reference
from recovery.core.vocabulary.common import Event, Recorded

if TYPE_CHECKING:
    from recovery.core.case import Case
    from recovery.core.stages import Stage

__all__ = ["Adoption", "Criteria", "Entry", "LeftOut", "Outcome", "Retries", "Work", "new_identity"]


class Criteria(TypedDict, total=False):
    """What cases can be found by; see :class:`recovery.ports.values.Query`."""

    owner: str | None
    stage: Stage | None
    category: str | None
    customer: str | None
    address: str | None
    reference: str | None
    text: str | None
    open_only: bool
    in_tray: bool | None


@frozen(kw_only=True)
class Outcome:
    """What came of a contact or of commands. ``repeated`` says that it had been done before, and nothing was done again.

    ``opened`` are the other cases that were opened or changed with this one.
    """

    case: Case
    events: tuple[Recorded, ...] = ()
    warnings: tuple[Reason, ...] = ()
    opened: tuple[Case, ...] = ()
    repeated: bool = False


@frozen(kw_only=True)
class LeftOut:
    """A ticket of another system that was not adopted, and every reason."""

    number: str
    reasons: tuple[Reason, ...]


@frozen(kw_only=True)
class Adoption:
    """What came of the tickets of another system: how many became cases at each stage, and of the others, why not.

    ``ended`` were over long ago, ``known`` are on a case already or came twice, ``left_out`` cannot be adopted as they are.
    ``rerouted`` of the adopted ones had an owner whom nobody here knows, and got one by the policy's routes.
    """

    stages: Mapping[Stage, int]
    ended: int = 0
    known: int = 0
    rerouted: int = 0
    left_out: tuple[LeftOut, ...] = ()

    @property
    def adopted(self) -> int:
        """How many became cases."""
        return sum(self.stages.values())


@frozen(kw_only=True)
class Work:
    """What a round of work did: cases looked at, messages sent, what failed, and how far behind the oldest due case was."""

    ticked: int = 0
    sent: int = 0
    failed: int = 0
    lag: timedelta = timedelta()


@frozen(kw_only=True)
class Entry:
    """One line of a case's timeline. ``told`` says in a sentence what such an event means; the words are in ``event``."""

    case_id: str
    seq: int
    at: DateTime
    recorded_at: DateTime
    by: str
    kind: str
    told: str
    event: Event


@frozen(kw_only=True)
class Retries:
    """How long to wait before a message is tried again: from ``first``, by ``factor``, up to ``most``; given up after ``tries``.

    Each wait is stretched by up to a quarter at random, so that a thousand messages do not come back at the same second.
    """

    first: timedelta = timedelta(minutes=1)
    factor: float = 2.0
    most: timedelta = timedelta(hours=4)
    tries: int = 10

    def wait(self, tried: int, chance: Random) -> timedelta:
        """Return how long to wait after the ``tried``-th failure, counted from 1."""
        wait = min(self.first * self.factor ** (tried - 1), self.most)
        return wait * (1 + chance.random() / 4)


def new_identity() -> Identity:
    """Return a fresh id and a fresh reference, at random."""
    return Identity(case_id=uuid.uuid4().hex, reference=reference(secrets.randbelow(SPACE)))
