"""Which commands and events there are, in which version their shape is stored, and how older shapes are brought up to date.

A stored shape never changes in silence: the golden files in ``tests/golden`` hold each one. To change the shape of an event,

1. raise its number in :data:`VERSIONS` (a kind that is not named there is at version 1),
2. add an upcaster from the version before: ``UPCASTERS["case_opened", 1] = function``. It is given the data of the event, personal
   texts included where they have not been erased, and returns the data in the next version's shape,
3. keep the old golden file and let the test write a new one.

A message of the outbox has no upcaster either: versions 2 and 3 added fields that have defaults, and older ones are read with
these.
A snapshot has no upcaster: it is a cache, and one of another version is rebuilt from the events. Raise :data:`SNAPSHOT` for it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import TypeVar, cast

from recovery.core import vocabulary
from recovery.core.vocabulary import common
from recovery.core.vocabulary.common import Command, Event, kind_of

__all__ = ["COMMANDS", "EVENTS", "FIRST", "MESSAGE", "SNAPSHOT", "TIMING", "UPCASTERS", "VERSIONS", "Upcaster", "version_of"]

T = TypeVar("T")
Upcaster = Callable[[dict[str, object]], dict[str, object]]

FIRST = 1
MESSAGE = 3
SNAPSHOT = 2
TIMING = 1

SPOKEN = (
    "acknowledged",
    "arrival_checked",
    "case_resolved",
    "customer_informed",
    "delivery_moved",
    "follow_up_made",
    "promise_moved",
    "proposed",
    "question_asked",
)
"""The kinds of events that hold a word of ours to the customer."""

VERSIONS: dict[str, int] = {
    "case_adopted": 2,
    "case_merged_in": 2,
    "case_moved": 2,
    "case_opened": 3,
    "case_reopened": 2,
    "case_resolved": 2,
    "contact_joined": 3,
    "corrected": 2,
    "handover_accepted": 2,
    "handover_declined": 2,
    "handover_lapsed": 2,
    "handover_offered": 2,
    "identified": 2,
    **dict.fromkeys(SPOKEN, 2),
    "question_answered": 2,
}
"""The version in which an event of each kind is written now, where it is not the first."""


def _mail_set_apart(data: dict[str, object]) -> dict[str, object]:
    """A contact learned to tell what it quotes, its signature and what bounced from its own words; before, all was its text."""
    contact = cast("dict[str, object]", data["contact"])
    return {**data, "contact": {**contact, "quoted": "", "signature": "", "bounce": None}}


def _judged(data: dict[str, object]) -> dict[str, object]:
    """A contact learned to say how serious it is and how the customer feels, and who of ours accepted them; before, nobody did."""
    contact = cast("dict[str, object]", data["contact"])
    judged = {**contact, "sender": _accepted(cast("dict[str, object]", contact["sender"])), "severity": None, "mood": None}
    return {**data, "contact": judged}


def _accepted(customer: dict[str, object]) -> dict[str, object]:
    return {**customer, "accepted_by": None}


def _customer_accepted(data: dict[str, object]) -> dict[str, object]:
    customer = cast("dict[str, object] | None", data["customer"])
    return {**data, "customer": None if customer is None else _accepted(customer)}


def _learned(before: Upcaster | None = None, /, **fields: object) -> Upcaster:
    """Return what adds ``fields`` that a kind has learned to tell, as they stand where nobody told them, after ``before``."""
    return lambda data: {**(data if before is None else before(data)), **fields}


_ROUTED: dict[str, object] = {"procedure": "", "passed_over": []}
"""Before, a case did not tell which procedure its route names, nor whom routing passed over."""


_UNPRICED: dict[str, object] = {"remedy": None, "value": None, "goodwill": None, "exception": None}
"""Before, nobody wrote down what it was worth that was simply done."""


def _searched(data: dict[str, object]) -> dict[str, object]:
    """A no learned to list what was tried and who looked as well; before, nobody wrote that down."""
    return {**data, "tried": [], "second_person": None}


def _worth(data: dict[str, object]) -> dict[str, object]:
    """A proposal learned what its options are worth, by which guideline, and what it says to a counter-offer."""
    fresh = {"remedy": None, "value": None, "goodwill": None, "beyond": "", "exception": None}
    options = [{**option, **fresh} for option in cast("list[dict[str, object]]", data["options"])]
    told: dict[str, object] = {"counter_answer": "", "cites": [], "citing": None, "guideline": ""}
    return {**_searched(data), **told, "options": options}


def _word_claims(data: dict[str, object]) -> dict[str, object]:
    """A word learned to say what it claims to have happened; before, it claimed nothing."""
    return {**data, "word": {**cast("dict[str, object]", data["word"]), "claims": []}}


UPCASTERS: dict[tuple[str, int], Upcaster] = {
    ("case_opened", 1): _mail_set_apart,
    ("contact_joined", 1): _mail_set_apart,
    ("case_opened", 2): _learned(_judged, **_ROUTED, quiet=False, facts=[], earlier=[], twins=[]),
    ("contact_joined", 2): _judged,
    ("case_adopted", 1): _learned(_judged, procedure=""),
    ("corrected", 1): _learned(_customer_accepted, earlier=None),
    ("identified", 1): _learned(_customer_accepted, **_ROUTED, earlier=[], twins=[]),
    ("case_reopened", 1): _learned(**_ROUTED),
    ("case_moved", 1): _learned(former=None, offered_to=None),
    ("handover_accepted", 1): _learned(former=None, offered_by=None),
    ("handover_declined", 1): _learned(offered_by=None),
    ("handover_lapsed", 1): _learned(offered_to=None, offered_by=None),
    ("handover_offered", 1): _learned(instead_of=None),
    **{(kind, 1): _word_claims for kind in SPOKEN},
    ("case_resolved", 1): _learned(lambda data: _searched(_word_claims(data)), history=None, **_UNPRICED),
    ("proposed", 1): _learned(lambda data: _worth(_word_claims(data)), history=None),
    ("question_asked", 1): _learned(_word_claims, fact=None, again=None, confirms=False, on_file=""),
    ("question_answered", 1): _learned(value=""),
    ("case_merged_in", 1): _learned(reference="", facts=[]),
}
"""What brings the data of a kind from the given version to the next."""


def version_of(kind: str) -> int:
    """Return the version in which events of ``kind`` are written now."""
    return VERSIONS.get(kind, FIRST)


def _headings() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(vocabulary.__path__, f"{vocabulary.__name__}."):
        module = importlib.import_module(found.name)
        if module is not common:
            yield module


def _by_kind(base: type[T]) -> Mapping[str, type[T]]:
    # What the headings share (Report, Speaking, Spoken, Heard) is a base and nothing that can be said by itself.
    return {
        kind_of(one): one
        for module in _headings()
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, base) and one.__module__ == module.__name__
    }


COMMANDS: Mapping[str, type[Command]] = _by_kind(Command)
"""Every command by its public name."""

EVENTS: Mapping[str, type[Event]] = _by_kind(Event)
"""Every event by its public name."""
