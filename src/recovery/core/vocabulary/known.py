"""What is known of a customer beyond one contact: the facts they told, their earlier cases, and cases that may be the same one."""

from __future__ import annotations

import re
from enum import Enum

from attrs import field, frozen
from pendulum import DateTime

from recovery.core.stages import Stage
from recovery.core.values import Value, checked, either, instant, is_id, is_instant, is_text, maybe

__all__ = ["Again", "Earlier", "Fact", "Priority", "Twin", "fact_key"]

_WORDS = re.compile(r"\w+")


def fact_key(given: str) -> str:
    """Return the key of a fact as it is filed, so that ``Order number`` and ``order-number`` are one; other things stay."""
    words = "_".join(_WORDS.findall(given.casefold().replace("_", " "))) if isinstance(given, str) else given  # pyright: ignore[reportUnnecessaryIsInstance]
    return words or given


def maybe_fact_key(given: str | None) -> str | None:
    """Do as :func:`fact_key`, and let ``None`` pass."""
    return None if given is None else fact_key(given)


class Again(Enum):
    """Why a customer is asked for what they have told already, or why what they tell now differs from it."""

    VERIFY = "verify"
    CHANGED = "changed"
    CONTRADICTORY = "contradictory"
    UNREADABLE = "unreadable"


@frozen(kw_only=True)
class Fact(Value):
    """Something the customer told, on file under a ``key`` of the host's choice. ``told_at`` is when they said it.

    ``contact`` is the number of the message it stood in, if it stood in one; then ``value`` may be empty, and the message says it.
    ``source`` is the id of the case it was told on, where that is another one.
    """

    key: str = field(converter=fact_key, metadata=checked(is_id))
    value: str = field(repr=False, metadata=checked(is_text, personal=True))
    told_at: DateTime = field(converter=instant, metadata=checked(is_instant))
    contact: int | None = field(default=None, metadata=checked(maybe(either(int))))
    source: str | None = field(default=None, metadata=checked(maybe(is_id)))


@frozen(kw_only=True)
class Earlier(Value):
    """Another case of the same customer, opened before: what a person looks at before they propose.

    ``outcome`` says in a word how it ended (``accepted``, ``done``, ``not_agreed``, or the reason of its closing), ``None`` while
    it has not. ``reopened`` is how often it came back.
    """

    case_id: str = field(metadata=checked(is_id))
    reference: str = field(metadata=checked(is_id))
    stage: Stage = field(metadata=checked(either(Stage)))
    opened_at: DateTime = field(converter=instant, metadata=checked(is_instant))
    category: str | None = field(default=None, metadata=checked(maybe(is_id)))
    outcome: str | None = field(default=None, metadata=checked(maybe(is_id)))
    reopened: int = field(default=0, metadata=checked(either(int)))


@frozen(kw_only=True)
class Twin(Value):
    """A case of the same customer that is likely the same problem: ``likeness`` in percent, 100 where the words are the same."""

    case_id: str = field(metadata=checked(is_id))
    reference: str = field(metadata=checked(is_id))
    likeness: int = field(metadata=checked(either(int)))


class Priority(Enum):
    """How soon a case wants to be looked at, beside its dates; read off the case, never set."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"
